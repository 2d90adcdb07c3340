"""Bad input: an exit status, a message with place and remedy, an empty stdout, nothing half written."""

from __future__ import annotations

import os
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

TOMORROW = (date.today() + timedelta(days=1)).isoformat()

#: words, exit status, what the message must say
BAD = {
    "no such command": (("tye", "RUS", "CHN"), 2, ["tye", "--help"]),
    "no such option": (("tie", "RUS", "CHN", "--sinse", "2001"), 2, ["--sinse", "--since"]),
    "missing word": (("tie", "RUS"), 2, ["B"]),
    "too many words": (("tie", "RUS", "CHN", "USA"), 2, ["USA"]),
    "number wanted": (("dependence", "PRK", "--on", "CHN", "--year", "soon"), 2, ["--year", "soon"]),
    "unknown actor": (("tie", "RUS", "Atlantis"), 3, ["Atlantis", "Hint"]),
    "ambiguous actor": (("resolve", "Korea", "--on", "1960-01-01"), 3, ["KOR", "PRK", "Hint"]),
    "actor of another day": (("resolve", "DDR", "--on", "2000-01-01"), 3, ["1990-10-02"]),
    "no such scheme": (("resolve", "RUS", "--scheme", "fips"), 2, ["fips", "cow"]),
    "not an organisation": (("members", "France"), 3, ["France"]),
    "an organisation for a state": (("tie", "RUS", "NATO"), 3, ["a state on", "is an organisation"]),
    "a state for an organisation": (("members", "RUS"), 3, ["an organisation on", "is a state"]),
    "one's own trade": (("dependence", "PRK", "--on", "North Korea"), 2, ["two different states"]),
    "no statements at all": (("statements", "tie", "--limit", "0"), 2, ["--limit", "from 1"]),
    "fewer than none": (("explain", "RUS", "CHN", "--top", "-3"), 2, ["--top", "0 (all)"]),
    "the same month twice": (
        ("explain", "RUS", "CHN", "--since", "2008-01", "--until", "2008-01"),
        2,
        ["two different"],
    ),
    "same state twice": (("tie", "RUS", "Russia"), 2, ["two different states"]),
    "no date": (("tie", "RUS", "CHN", "--since", "yesterday"), 2, ["--since", "yesterday", "2024-06"]),
    "no day of the calendar": (("tie", "RUS", "CHN", "--since", "2005-02-30"), 2, ["2005-02-30"]),
    "as of the future": (("tie", "RUS", "CHN", "--as-of", TOMORROW), 2, ["--as-of", TOMORROW, "Hint"]),
    "a future month": (("isolation", "RUS", "--month", "2999-01"), 2, ["--month", "2999"]),
    "until the future": (("statements", "tie", "--until", TOMORROW), 2, ["--until"]),
    "dates out of order": (("tie", "RUS", "CHN", "--since", "2009", "--until", "2008"), 2, ["--since", "Swap"]),
    "explained backwards": (("explain", "RUS", "CHN", "--since", "2008", "--until", "2007"), 2, ["2008", "2007"]),
    "news since today": (("news", "RUS", "CHN", "--since", date.today()), 2, ["since"]),
    "month outside": (("tie", "RUS", "CHN", "--since", "2020-01"), 2, ["1990-01", "2020-01"]),
    "no such capability": (("isolation", "RUS", "--capability", "charm"), 2, ["charm", "cinc"]),
    "one power": (("hedging", "CHN", "--between", "USA"), 2, ["two or more"]),
    "nothing known": (("tie", "RUS", "FRA"), 6, ["FRA", "Hint"]),
    "trade of no year": (("dependence", "USA", "--on", "CHN"), 6, ["USA", "Hint"]),
    "no such kind": (("statements", "tie", "--kind", "allience"), 2, ["allience"]),
    "no such source": (("statements", "tie", "--source", "papre"), 2, ["papre", "paper"]),
    "form and id": (("statements", "tie", "--id", "abcdef"), 2, ["form or --id"]),
    "neither": (("statements",), 2, ["form or --id"]),
    "no such id": (("statements", "--id", "0" * 32), 2, ["0" * 32]),
    "no such beginning": (("statements", "--id", "zzzzzz"), 2, ["zzzzzz"]),
    "short beginning": (("statements", "--id", "a"), 2, ["first 6"]),
    "no such claim": (("check", "--only", "Z9"), 2, ["Z9"]),
    "no such claims file": (("check", "nowhere.toml"), 4, ["nowhere.toml"]),
    "as-of of a whole record": (("record", "verify", "--as-of", "2005"), 2, ["--as-of"]),
    "unknown actor in a brief": (("brief", "Atlantis"), 3, ["Atlantis"]),
    "no actor in a brief": (("brief",), 2, ["state"]),
    "brief nowhere": (("brief", "RUS", "--out", "no/such/folder/p.html"), 5, ["no/such/folder", "--out"]),
    "brief on a folder": (("brief", "RUS", "--out", "."), 5, ["--out"]),
    "correct nothing": (("correct", "0" * 32, "--on", "2010", "--reason", "x", "--source", "paper"), 4, ["0" * 32]),
}


@pytest.mark.parametrize(("words", "status", "says"), BAD.values(), ids=BAD)
def test_bad_input(ask, words, status, says):
    found = ask(*words)
    assert found.status == status, found.err
    assert found.out == "" and found.err.startswith("multipolar: ") and "Traceback" not in found.err
    for part in says:
        assert part in found.err


def test_no_such_format(run):
    found = run("resolve", "RUS", "--format", "xml")
    assert (found.status, found.out) == (2, "") and "xml" in found.err and "json" in found.err


MALFORMED = {
    "no TOML": ("[[claim", 4, "TOML"),
    "no claims": ("", 4, "claim"),
    "a field too many": ('[[claim]]\nid="A"\nsays="b"\ncolour="red"\n[[claim.test]]\nmeasure="tie"', 4, "claim[0]"),
    "unknown measure": ("measure = 'love'", 2, "love"),
    "unknown actor": ("subject = 'Atlantis'", 3, "Atlantis"),
    "a date that is none": ("period = ['soon']", 2, "soon"),
    "out of order": ("period = ['2009-01', '2008-01']", 2, "2009"),
    "in the future": ("period = ['2009-01', '2999-01']", 2, "2999"),
    "no such direction": ("direction = 'sideways'", 2, "direction"),
}
GOOD = {
    "measure": "'tie'",
    "subject": "'RUS'",
    "object": "'CHN'",
    "direction": "'rises'",
    "period": "['2008-01', '2009-01']",
}


@pytest.mark.parametrize(("text", "status", "says"), MALFORMED.values(), ids=MALFORMED)
def test_malformed_claims(ask, tmp_path, text, status, says):
    path = tmp_path / "claims.toml"
    if " = " in text:
        name, value = text.split(" = ")
        fields = "\n".join(f"{key} = {given}" for key, given in {**GOOD, name: value}.items())
        text = f'[[claim]]\nid = "A1"\nsays = "b"\n[[claim.test]]\n{fields}\n'
    path.write_text(text)
    found = ask("check", path)
    assert found.status == status, found.err
    assert found.out == "" and "claims.toml" in found.err and says in found.err


@pytest.mark.parametrize(
    "words", [("tie", "RUS", "CHN"), ("record", "info"), ("record", "verify"), ("record", "reindex")]
)
@pytest.mark.parametrize("name", ["missing", "empty", "file"])
def test_not_a_record(run, tmp_path, words, name):
    path = tmp_path / name
    path.mkdir() if name == "empty" else path.write_text("") if name == "file" else None
    found = run(*words, "--record", path)
    assert (found.status, found.out) == (5, "") and str(path) in found.err and "ingest" in found.err


def test_commands_that_change_a_record_need_one(run):
    for words in (
        ("ingest", "dossier"),
        ("record", "reindex"),
        ("correct", "0" * 32, "--on", "2010", "--reason", "x", "--source", "s"),
    ):
        found = run(*words)
        assert (found.status, found.out) == (2, "") and "--record" in found.err


def test_damaged_record(run, folder, tmp_path):
    path = tmp_path / "record"
    shutil.copytree(folder, path)
    part = next((path / "statements" / "event").glob("*.parquet"))
    part.write_bytes(part.read_bytes()[:-10])
    found = run("record", "verify", "--record", path)
    assert (found.status, found.out) == (5, "") and part.name in found.err and "Hint" in found.err


def test_words_that_steer_a_terminal_are_not_repeated(run):
    found = run("resolve", "\x1b[2Jevil\u202e")
    assert found.status == 3 and "\x1b" not in found.err and "\u202e" not in found.err


def test_unexpected_errors_are_short_and_say_how_to_see_more(run, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr("multipolar.actors.resolve", broken)
    found = run("resolve", "RUS")
    assert (found.status, found.out) == (1, "")
    assert "ZeroDivisionError: by nought" in found.err and "MULTIPOLAR_TRACEBACK" in found.err
    assert "Traceback" not in found.err
    monkeypatch.setenv("MULTIPOLAR_TRACEBACK", "1")
    assert "Traceback" in run("resolve", "RUS").err


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), RuntimeError("Query interrupted")], ids=["Python's", "DuckDB's"]
)
def test_interrupted(run, monkeypatch, error):
    def stopped(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("multipolar.actors.resolve", stopped)
    found = run("resolve", "RUS")
    assert (found.status, found.out) == (130, "") and "interrupted" in found.err


@pytest.mark.skipif(os.name == "nt", reason="needs modes of folders")
def test_brief_into_a_folder_that_may_not_be_written(ask, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: False)  # root may write anywhere
    found = ask("brief", "RUS", "--out", tmp_path / "p.html")
    assert (found.status, found.out) == (5, "") and "written" in found.err and not list(tmp_path.iterdir())
