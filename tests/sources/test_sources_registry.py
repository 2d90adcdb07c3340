"""The registry: what a source says of itself, where its file is found, and how it enters a record."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from multipolar import sources
from multipolar.errors import DataError, UsageError
from multipolar.record import FORMS, KINDS, Record
from multipolar.sources import Check, LeftOut, Parsed, catalogue
from multipolar.sources.model import mostly_used, rows_between
from multipolar.sources.publishers import atop, sanctions

DOCS = Path(__file__).parents[2] / "docs" / "sources.md"
NAMES = [source.name for source in sources.SOURCES]
#: Source and file of each row of the inventory that says which source reads it.
INVENTORY = Path(__file__).parents[2] / "benchmarks" / "inventory.tsv"
SHARED = [
    (name, row[0])
    for row in (line.split("\t") for line in INVENTORY.read_text(encoding="utf-8").splitlines()[1:])
    for name in row[1].split()
    if not row[2]
]
LONG = ["sender,target,year,type", "USA,CUB,1962,trade", "USA,HKG,2020,trade"]


def test_names_are_unique_and_found():
    assert len(set(NAMES)) == len(NAMES)
    assert sources.get("atop") is atop.SOURCE
    with pytest.raises(UsageError, match=r"known source, got 'attop'") as caught:
        sources.get("attop")
    assert "atop" in caught.value.hint


@pytest.mark.parametrize("name", NAMES)
def test_a_source_says_who_what_and_under_which_terms(name):
    source = sources.get(name)
    assert source.publisher
    assert source.title
    assert source.licence
    assert source.versions
    assert source.files
    assert source.checks
    assert re.search(r"\d{4}|SIPRI|Monetary Fund", source.citation)
    assert source.urls
    assert all(re.fullmatch(r"https://[a-z0-9.-]+/\S*", url) for url in source.urls)
    assert len({check.name for check in source.checks}) == len(source.checks)
    for row in source.coverage:
        assert row.form in FORMS
        assert row.kind in KINDS[row.form]
        assert row.first < row.last <= date.today()


def test_the_pages_are_up_to_date():
    text = DOCS.read_text(encoding="utf-8")
    assert catalogue.filled(text) == text, "run: python -m multipolar.sources.catalogue docs"
    assert (DOCS.parent / "publishers.md").read_text(encoding="utf-8") == catalogue.decisions()


@pytest.mark.parametrize("name", NAMES)
def test_a_source_tells_what_it_decides_and_how_it_is_got(name):
    source = sources.get(name)
    assert f"`{name}`" in catalogue.table()
    told = catalogue.decisions().split(f"`{name}`")[1].split("\n## ")[0]
    assert len(told) > 200, "the module's docstring says what becomes of a row"
    assert source.downloads or source.dated or source.by_hand
    for download in source.downloads:
        assert download.url.startswith("https://")
        assert not download.sha256 or re.fullmatch(r"[0-9a-f]{64}", download.sha256)


def test_files_are_found_by_name_in_folders(tmp_path):
    folder = tmp_path / "atop_alliances"
    folder.mkdir()
    file = folder / "atop5_1ddyr.csv"
    file.write_text("x")
    assert sources.locate("atop", file) == file
    assert sources.locate("atop", folder) == file
    assert sources.locate("atop", tmp_path) == file
    with pytest.raises(DataError, match=r"one of gml-ddy-disputes.*, gml_dirdisp.csv.gz, got no such file") as caught:
        sources.locate("mid-gml", tmp_path)
    assert "https://" in caught.value.hint
    with pytest.raises(DataError, match=r"a file or a folder, got neither"):
        sources.locate("atop", tmp_path / "none")
    with pytest.raises(UsageError, match=r"the file of 'atop', got none"):
        sources.locate("atop", None)


@pytest.mark.parametrize(("name", "path"), SHARED)
def test_a_source_knows_its_files_by_name(name, path):
    assert any(Path(path).match(pattern) for pattern in sources.get(name).files)


def test_a_file_enters_a_record_with_its_account(write):
    record, steps = Record.memory(), []
    path = write("long.csv", LONG)
    receipt = sources.ingest("sanctions", record, path, lambda *step: steps.append(step), strict=False)
    assert receipt.added["tie"] == 1
    assert steps[0][2] == "reading sanctions"
    assert "2 rows read, 1 used" in steps[1][2]
    source = record.view().sources()[sanctions.KEY]
    assert "1 rows left out: a territory of China" in source.note
    again = sources.ingest("sanctions", record, path, strict=False)
    assert (again.added["tie"], again.present["tie"]) == (0, 1)


@pytest.mark.parametrize(
    "lines", [LONG, ["sender,target,year,type", "USA,CUB,1962,trade", "USA,CUB,20x0,trade"], ["<html>"]]
)
def test_a_refused_file_leaves_the_record_as_it_was(write, lines):
    record = Record.memory()
    with pytest.raises(DataError):
        sources.ingest("sanctions", record, write("long.csv", lines))
    assert sum(record.view().counts().values()) == 0
    assert record.view().sources() == {}


def test_a_second_edition_is_refused(write, monkeypatch):
    record = Record.memory()
    path = write("long.csv", LONG)
    sources.ingest("sanctions", record, path, strict=False)
    monkeypatch.setattr(sanctions, "KEY", "sanctions-g7-eu:2022")
    with pytest.raises(UsageError, match=r"one edition of .* got sanctions-g7-eu:2022 beside sanctions-g7-eu:2021"):
        sources.ingest("sanctions", record, path, strict=False)


def test_the_account_in_words():
    left = (LeftOut("odd", 2, ("x 1990", "y 1991")), LeftOut("late", 1))
    parsed = Parsed({}, (), rows=10, left_out=left, remarks=("so",))
    assert parsed.used == 7
    assert parsed.notes[1:] == (
        "2 rows left out: odd (such as x 1990; y 1991)",
        "1 rows left out: late",
        "so",
    )


def test_checks_speak_by_name():
    parsed = Parsed({}, (), layout="long", rows=10, left_out=(LeftOut("odd", 5),))
    assert rows_between(1, 10).failure(parsed) is None
    assert rows_between(11, 20).failure(parsed) == "10"
    assert rows_between(11, 20, layout="wide").failure(parsed) is None
    assert mostly_used(0.5).failure(parsed) is None
    assert mostly_used(0.6).failure(parsed).startswith("50.0%")
    bad = Check("fact", "a known fact", lambda _: "another")
    source = replace(sanctions.SOURCE, parse=lambda _: parsed, checks=(bad,))
    with pytest.raises(DataError, match=r"x: expected a known fact \(check 'fact'\), got another"):
        source.read(Path("x"))
    assert source.read(Path("x"), strict=False).remarks == ("expected a known fact (check 'fact'), got another",)


def test_a_source_goes_by_its_name_in_whatever_case():
    assert sources.get("SIPRI") is sources.get("sipri")
    with pytest.raises(UsageError, match="got 'SIPPRI'"):
        sources.get("SIPPRI")
