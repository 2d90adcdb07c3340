"""From a publisher's server to a record in three commands: fetch, ingest, and what `sources` says of both."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest
from publisher import serving

from multipolar import sources
from multipolar.record import Record
from multipolar.sources import fetch, registry
from multipolar.sources.fetch import transfer
from multipolar.sources.model import Download
from multipolar.sources.publishers import sanctions, ukraine

VOTES = b"resolution,country,vote\nA/RES/68/262,France,yes\nA/RES/68/262,Russia,no\nA/RES/ES-11/1,China,abstain\n"
TIES = b"sender,target,year,type\nUSA,CUB,1962,trade\nUSA,CUB,1963,trade\nUSA,HKG,2020,trade\n"
PERIOD = ("--since", "2024-06-01", "--until", "2024-06-03")


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("tls")) as publisher:
        yield publisher


@pytest.fixture
def server(tls, tmp_path, monkeypatch):
    """A publisher of three data sets: votes and sanctions, whole, and votes with a file a day; a fourth is by hand alone."""
    tls.things.clear()
    tls.asked.clear()
    votes, ties = tls.put("/ukraine_unga_votes.csv", VOTES), tls.put("/sanctions_long.csv", TIES)

    def dated(first: date, last: date) -> tuple[Download, ...]:
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return tuple(Download(tls.url(f"/{day}.csv"), f"{day}.csv") for day in days)

    known = (
        replace(ukraine.SOURCE, downloads=(Download(votes, "ukraine_unga_votes.csv"),), checks=()),
        replace(sanctions.SOURCE, downloads=(Download(ties, "sanctions_long.csv"),), checks=()),
        replace(ukraine.SOURCE, name="daily", dated=dated, checks=(), files=("20*.csv",), title="Votes of a day"),
        replace(sanctions.SOURCE, name="asked-for", by_hand="Fill in the form and choose all years."),
    )
    monkeypatch.setattr(registry, "SOURCES", known)
    monkeypatch.setattr(sources, "SOURCES", known)
    monkeypatch.setattr(fetch, "guard_of", lambda *_: tls.guard())
    monkeypatch.setenv("MULTIPOLAR_DATA", str(tmp_path / "data"))
    return tls


def test_from_the_publisher_to_a_record(run, server, tmp_path):
    got = run("fetch", "unga-ukraine", "sanctions", "--format", "json")
    assert got.status == 0, got.err
    assert [(row["source"], row["state"], row["size"]) for row in got.rows] == [
        ("unga-ukraine", "fetched", len(VOTES)),
        ("sanctions", "fetched", len(TIES)),
    ]
    assert (tmp_path / "data" / "sanctions" / "sanctions_long.csv").read_bytes() == TIES
    taken = run("ingest", "unga-ukraine", "sanctions", "--record", tmp_path / "r", "--format", "json")
    assert taken.status == 0, taken.err
    cells = [(row["source"], row["form"], row["added"], row["rows"], row["left_out"]) for row in taken.rows]
    assert cells == [("unga-ukraine", "vote", 3, 3, 0), ("sanctions", "tie", 1, 3, 1)]
    assert "1 rows left out: a territory of China" in taken.err, "the reasons are in the notes"
    rows = {row["name"]: row for row in run("sources", "--record", tmp_path / "r", "--format", "json").rows}
    assert (rows["sanctions"]["statements"], rows["sanctions"]["editions"]) == (1, [sanctions.KEY])
    assert rows["daily"]["statements"] == 0 and rows["daily"]["here"] == []
    here = rows["unga-ukraine"]["here"][0]
    assert (here["file"], here["size"], here["age_days"]) == ("ukraine_unga_votes.csv", len(VOTES), 0)
    assert [row["state"] for row in run("fetch", "sanctions", "--format", "json").rows] == ["here"]


def test_what_people_see(run, server, tmp_path):
    shown = run("fetch", "unga-ukraine", "--to", tmp_path / "own")
    assert shown.status == 0 and "1 fetched, 0 here already, 0 failed." in shown.out
    assert (tmp_path / "own" / "unga-ukraine" / "manifest.json").is_file()
    listed = run("sources", "--to", tmp_path / "own")
    assert "today" in listed.out and "by hand" in listed.out and "fetch, by period" in listed.out
    assert "in record" not in listed.out
    taken = run("ingest", "unga-ukraine", "--from", tmp_path / "own", "--record", tmp_path / "r")
    assert taken.status == 0 and "left out" in taken.out and "there already" in taken.out
    assert "in record" in run("sources", "--record", tmp_path / "r").out
    assert "3 (unga-ukraine:2022)" in run("sources", "unga-ukraine", "--record", tmp_path / "r").out


@pytest.mark.parametrize("format", ["table", "json", "csv"])
def test_everything_about_one(run, server, tmp_path, format):
    run("fetch", "unga-ukraine")
    shown = run("sources", "unga-ukraine", "--format", format)
    assert shown.status == 0, shown.err
    for word in (ukraine.SOURCE.citation.split(".")[0], ukraine.SOURCE.urls[0], "ukraine_unga_votes.csv"):
        assert word in shown.out.replace("\n", " ") or format == "table"
    if format == "json":
        row = shown.rows[0]
        assert row["decisions"] == ukraine.__doc__.strip() and row["downloads"][0]["url"].startswith("https://")
        assert [one["name"] for one in row["checks"]] == [] and row["citation"] == ukraine.SOURCE.citation


def test_the_real_registry_is_listed_in_every_format(run, tmp_path, monkeypatch):
    monkeypatch.setenv("MULTIPOLAR_DATA", str(tmp_path / "data"))
    rows = run("sources", "--format", "json").rows
    assert [row["name"] for row in rows] == [source.name for source in sources.SOURCES]
    assert all(row["here"] == [] and row["get"] in ("fetch", "fetch, by period", "by hand") for row in rows)
    assert len(run("sources", "--format", "csv").table) == len(rows)
    for source in sources.SOURCES:
        row = json.loads(run("sources", source.name, "--format", "json").out)
        assert len(row["decisions"]) > 100 and len(row["checks"]) == len(source.checks)
    assert not (tmp_path / "data").exists(), "looking makes nothing"


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        ((), 2, "the name of a source, got none"),
        (("ukraine",), 2, "Did you mean"),
        (("sanctions", "--since", "2024-06-01"), 2, "--since, --until"),
        (("daily",), 2, "--since 2024-06-01"),
        (("daily", "--since", "2024-06-03", "--until", "2024-06-01"), 2, "--since, --until"),
        (("daily", "--since", "2999"), 2, "future"),
        (("asked-for",), 4, "Fill in the form and choose all years."),
        (("sanctions", "--as-of", "2020"), 2, "--as-of"),
    ],
)
def test_what_cannot_be_fetched(run, server, tmp_path, words, status, says):
    found = run("fetch", *words)
    assert (found.status, found.out) == (status, ""), found.err
    assert says in found.err and "Hint" in found.err and not (tmp_path / "data").exists()


def test_a_file_that_fails_alone_is_the_error(run, server, tmp_path):
    server.put("/sanctions_long.csv", b"<html>Log in</html>")
    found = run("fetch", "sanctions")
    assert (found.status, found.out) == (4, "") and "a web page" in found.err and "Log in" in found.err
    del server.things["/sanctions_long.csv"]
    gone = run("fetch", "sanctions")
    assert gone.status == 4 and "404" in gone.err and sanctions.SOURCE.urls[0] in gone.err
    assert not list((tmp_path / "data").rglob("*.csv"))


def test_one_that_fails_stops_no_other(run, server):
    server.put("/sanctions_long.csv", b"<html>Log in</html>")
    found = run("fetch", "sanctions", "asked-for", "unga-ukraine", "--format", "json")
    assert found.status == 4 and "expected 3 files, got 1" in found.err
    assert [row["state"] for row in found.rows] == ["failed", "failed", "fetched"]
    assert "a web page" in found.rows[0]["error"] and "Fill in the form" in found.rows[1]["error"]
    assert "Not here" in run("fetch", "sanctions", "unga-ukraine").out


def test_a_missing_file_of_a_period_is_a_gap(run, server, tmp_path):
    server.put("/2024-06-01.csv", VOTES)
    server.put("/2024-06-03.csv", VOTES.replace(b"France", b"Brazil"))
    found = run("fetch", "daily", *PERIOD)
    assert found.status == 0, found.err
    assert "2 fetched, 0 here already, 1 missing at the publisher (gaps: nothing is known of their time)" in " ".join(
        found.out.split()
    )
    assert run("sources", "daily", "--format", "json").rows[0]["gaps"] == ["2024-06-02.csv"]
    assert "2 files, 1 missing" in run("sources", "daily").out
    server.put("/2024-06-02.csv", statuses=[403])
    assert run("fetch", "daily", *PERIOD).status == 4


def test_nothing_but_gaps_is_no_success(run, server):
    found = run("fetch", "daily", *PERIOD)
    assert found.status == 4 and "got none of 3" in found.err


def test_ctrl_c_leaves_no_file(run, server, tmp_path, monkeypatch):
    def interrupted(_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(transfer, "_next", interrupted)
    found = run("fetch", "sanctions")
    assert found.status == 130 and not list((tmp_path / "data").rglob("*.csv"))
    monkeypatch.undo()


def test_whether_the_publisher_has_another_by_now(run, server):
    run("fetch", "sanctions")
    assert run("sources", "sanctions", "--format", "json").rows[0]["newer"] is None
    checked = run("sources", "sanctions", "--check", "--format", "json")
    assert checked.rows[0]["newer"] is False and server.asked[-1][0] == "HEAD"
    server.put("/sanctions_long.csv", TIES, etag='"two"')
    assert run("sources", "--check", "--format", "json").rows[1]["newer"] is True
    assert "changed there since" in run("sources", "sanctions", "--check").out
    server.put("/sanctions_long.csv", TIES, etag="", modified="")
    assert "does not say whether sanctions_long.csv has changed" in run("sources", "--check").err
    del server.things["/sanctions_long.csv"]
    gone = run("sources", "--check", "--format", "json")
    assert gone.status == 0 and "404" in gone.err and gone.rows[1]["newer"] is None


def test_what_was_not_fetched_is_not_ingested(run, server, tmp_path):
    for name, says in (("sanctions", "multipolar fetch sanctions"), ("asked-for", "Fill in the form")):
        found = run("ingest", name, "--record", tmp_path / "r")
        assert (found.status, found.out) == (4, "") and says in found.err and "--from" in found.err
    assert not (tmp_path / "r").exists()


def test_all_that_is_there(run, server, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "ukraine_unga_votes.csv").write_bytes(VOTES)
    found = run("ingest", "all", "--from", tmp_path / "mine", "--record", tmp_path / "r", "--format", "json")
    assert found.status == 0 and [row["source"] for row in found.rows] == ["unga-ukraine"]
    assert "not there: sanctions, daily, asked-for" in found.err
    run("fetch", "unga-ukraine", "sanctions")
    again = run("ingest", "all", "--record", tmp_path / "r", "--format", "json").rows
    assert [(row["source"], row["added"], row["present"]) for row in again] == [
        ("unga-ukraine", 0, 3),
        ("sanctions", 1, 0),
    ]
    (tmp_path / "empty").mkdir()
    for words, status in (
        (("--from", tmp_path / "empty"), 4),
        (("--from", tmp_path / "mine/ukraine_unga_votes.csv"), 2),
    ):
        none = run("ingest", "all", *words, "--record", tmp_path / "s")
        assert (none.status, none.out) == (status, "") and "Hint" in none.err and not (tmp_path / "s").exists()


def test_one_that_is_refused_stops_no_other(run, server, tmp_path):
    (tmp_path / "ukraine_unga_votes.csv").write_bytes(VOTES[:50])
    (tmp_path / "sanctions_long.csv").write_bytes(TIES)
    words = ("ingest", "unga-ukraine", "sanctions", "--from", tmp_path, "--record", tmp_path / "r")
    found = run(*words, "--format", "json")
    assert found.status == 4 and "ukraine_unga_votes.csv:3" in found.err and "expected 2 data sets, got 1" in found.err
    refused, taken = found.rows
    assert refused["added"] == 0 and "Hint" in refused["error"] and (taken["added"], taken["error"]) == (1, None)
    assert Record.open(tmp_path / "r").view().counts()["vote"] == 0
    assert "refused" in run(*words).out
    (tmp_path / "sanctions_long.csv").write_bytes(TIES[:-3])
    both = run(*words[:-1], tmp_path / "s")
    assert (both.status, both.out) == (4, "") and "expected 2 data sets, got 0" in both.err
    assert not (tmp_path / "s").exists()


def test_two_vintages_in_a_folder_are_both_named(run, server, tmp_path):
    for name in ("sanctions_long_2021.csv", "sanctions_long_2023.csv"):
        (tmp_path / name).write_bytes(TIES)
    for name in ("sanctions", "all"):
        found = run("ingest", name, "--from", tmp_path, "--record", tmp_path / "r")
        assert (found.status, found.out) == (4, ""), found.out
        assert "sanctions_long_2021.csv, sanctions_long_2023.csv" in found.err and "name the one you mean" in found.err
    assert not (tmp_path / "r").exists()
    words = ("--from", tmp_path / "sanctions_long_2023.csv", "--record", tmp_path / "r")
    assert run("ingest", "sanctions", *words).status == 0


def test_a_file_is_of_one_source(run, server, tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(VOTES)
    found = run("ingest", "unga-ukraine", "sanctions", "--from", path, "--record", tmp_path / "r")
    assert (found.status, found.out) == (2, "") and "expected one source" in found.err
    none = run("ingest", "--from", path, "--record", tmp_path / "r")
    assert none.status == 2 and "the name of a source" in none.err


def test_data_sets_and_the_dossier_together(run, server, tmp_path):
    (tmp_path / "sanctions_long.csv").write_bytes(TIES)
    words = ("ingest", "sanctions", "dossier", "--dossier", "--from", tmp_path, "--record", tmp_path / "r")
    found = run(*words, "--format", "json")
    assert found.status == 0, found.err
    assert {row["source"] for row in found.rows} == {"sanctions", "dossier"}
    assert len(Record.open(tmp_path / "r").batches()) == 2


@pytest.mark.parametrize("command", ["fetch", "sources", "ingest"])
def test_help_is_light(command):
    code = f"from multipolar.cli import main\nassert main([{command!r}, '--help']) == 0\nimport sys\n"
    code += "assert not {'pooch', 'polars', 'requests', 'ssl'} & set(sys.modules), sorted(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
