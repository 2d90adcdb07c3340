"""How far a record reaches, what changed in it, and what to cite."""

from __future__ import annotations

import io
import shutil

import pytest

from multipolar.cli.reach import BLOCKS, strip
from multipolar.record import Correction, Record


def test_coverage_has_a_row_for_each_source_kind_actor_and_year(ask, folder):
    found = ask("coverage", "PRK", "--kind", "exports", "cinc")
    assert found.status == 0, found.err
    assert {(row["kind"], row["actor"], row["year"], row["statements"]) for row in found.rows} == {
        ("cinc", "PRK", 2008, 1),
        ("exports", "PRK", 2008, 2),
    }
    table = ask("coverage", "PRK", format="table")
    assert "exports" in table.out and "█" in table.out and "not known" in table.out


def test_coverage_draws_a_chart(ask, tmp_path):
    for name in ("chart.svg", "chart.png"):
        found = ask("coverage", "PRK", "--out", tmp_path / name)
        assert found.status == 0, found.err
    assert (tmp_path / "chart.svg").read_text().startswith("<svg")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("--source", "nobody"), 2, "nobody"),
        (("--kind", "arm"), 2, "arms"),
        (("--out", "chart.pdf"), 2, ".svg or .png"),
        (("--since", "2020", "--until", "2010"), 2, "2020"),
        (("Atlantis",), 3, "Atlantis"),
        (("--out", "nowhere/at/all.svg"), 5, "nowhere"),
    ],
)
def test_coverage_refuses(ask, words, status, message):
    found = ask("coverage", *words)
    assert (found.status, found.out) == (status, "")
    assert message in found.err


def test_a_source_goes_by_the_name_of_its_data_set_too(run, tmp_path):
    from multipolar.record import Batch, Source
    from multipolar.sources import get

    atop = get("atop")
    record = Record.create(tmp_path / "record")
    key = Source("atop:5.1", atop.publisher, atop.title, None, atop.urls[0], atop.licence, atop.citation)
    record.ingest(Batch({}, (key,)))
    cited = run("cite", "--source", "atop", "--record", tmp_path / "record")
    assert cited.status == 0 and "[atop:5.1]" in cited.out
    assert run("coverage", "--source", "atop", "--record", tmp_path / "record").status == 0
    absent = run("cite", "--source", "sipri", "--record", tmp_path / "record")
    assert absent.status == 2 and "multipolar ingest sipri" in absent.err


def test_what_follows_on_is_told_as_one_stretch():
    from datetime import date

    from multipolar.cli.describing import joined
    from multipolar.record import Coverage

    years = [
        Coverage("x", "flow", "arms", (), "both", date(y, 1, 1), date(y, 12, 31), "zero") for y in (1950, 1951, 1953)
    ]
    assert joined(years) == [("flow arms", "1950-01-01 to 1951-12-31, 1953-01-01 to 1953-12-31")]


def test_a_strip_is_blank_only_for_none():
    assert strip([0, 1, 50, 100]) == BLOCKS[0] + BLOCKS[1] + BLOCKS[4] + BLOCKS[8]
    assert strip([]) == ""


def test_cite_a_pair(ask):
    found = ask("cite", "RUS", "CHN")
    assert found.status == 0, found.err
    assert found.rows and all(row["bibtex"].startswith("@") for row in found.rows)
    assert "loadings" in found.err
    table = ask("cite", "RUS", "CHN", format="table")
    assert table.out.startswith("Sources:") and "@misc{" in table.out


def test_cite_everything_one_source_or_a_statement(ask, folder):
    every = ask("cite").rows
    key = every[0]["source"]
    assert [row["source"] for row in ask("cite", "--source", key).rows] == [key]
    id = ask("statements", "trait", "--limit", 1).rows[0]["id"]
    assert [row["statements"] for row in ask("cite", "--id", id[:12]).rows] == [1]


def test_cite_the_rows_of_another_command(ask, tmp_path, monkeypatch):
    rows = ask("statements", "flow").out
    path = tmp_path / "rows.json"
    path.write_text(rows)
    found = ask("cite", "--from", path, "--out", tmp_path / "refs.bib")
    assert [(row["source"], row["statements"]) for row in found.rows] == [("paper", 2)]
    assert (tmp_path / "refs.bib").read_text().startswith("@misc{paper,")

    class Pipe:
        buffer = io.BytesIO(rows.encode())

    monkeypatch.setattr("multipolar.cli.citing.sys.stdin", Pipe)
    assert ask("cite", "--from", "-").rows == found.rows


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("RUS",), 2),
        (("RUS", "CHN", "--source", "paper"), 2),
        (("--source", "nobody"), 2),
        (("--from", "nothing.json"), 4),
        (("RUS", "Atlantis"), 3),
        (("--source", "paper", "--out", "nowhere/at/all.bib"), 5),
    ],
)
def test_cite_refuses(ask, words, status):
    found = ask("cite", *words)
    assert (found.status, found.out) == (status, "")
    assert found.err


def test_diff_tells_facts_and_corrections(run, folder, tmp_path):
    copy = tmp_path / "record"
    shutil.copytree(folder, copy)
    record = Record.open(copy)
    wrong = record.view().statements("flow")["id"][0]
    record.correct([Correction(wrong, record.today(), "typing error", "paper")])
    found = run("diff", "2009-05", "2009-06", "--record", copy, "--format", "json")
    assert found.status == 0, found.err
    assert {row["change"] for row in found.rows} >= {"fact"}
    assert {row["kind"] for row in found.rows if row["change"] == "fact"} >= {"cinc", "exports"}
    all_of_it = run("diff", "2009-06-30", "--record", copy, "--format", "json")
    assert [(row["id"], row["text"]) for row in all_of_it.rows if row["change"] == "corrected"] == [
        (wrong, "typing error")
    ]
    table = run("diff", "2009-05-31", "--actor", "PRK", "--record", copy)
    assert "New facts by source" in table.out and "Corrections" in table.out and "Taken into the record" in table.out


@pytest.mark.parametrize(
    "words",
    [("2010-01-01", "2009-01-01"), ("soon",), ("2009-01-01", "2999-01-01"), ("2009", "2010", "--as-of", "2010")],
)
def test_diff_refuses(run, folder, words):
    found = run("diff", *words, "--record", folder)
    assert (found.status, found.out) == (2, "")
