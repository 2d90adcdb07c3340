"""Disputes by month: runs of months, the highest level, abbreviations."""

from __future__ import annotations

import csv
import gzip
from datetime import date

import pytest

from multipolar import sources
from multipolar.actors import get
from multipolar.errors import DataError
from multipolar.record import Record
from multipolar.sources import who
from multipolar.sources.publishers import mid_months

HEADER = '"","DispNum3","stateA","stateB","year","month","conflict","fatalityA","fatalityB","hostlevA","hostlevB"'


def line(a, b, year, month, conflict=True, levels=(1, 4), dispute=3550):
    return f'"1",{dispute},"{a}","{b}",{year},{month},{str(conflict).upper()},0,0,{levels[0]},{levels[1]}'


def parse(write, *rows):
    return mid_months.parse(write("dyad_month_mid.csv", [HEADER, *rows]))


def spans(parsed):
    return parsed.frame("tie").select("a", "b", "value", "valid_from", "valid_to", "known_from").rows()


def test_consecutive_months_are_one_statement(write):
    parsed = parse(write, line("USA", "PER", 1992, 12), line("USA", "PER", 1993, 1), line("USA", "PER", 1993, 2))
    assert spans(parsed) == [("PER", "USA", 4.0, date(1992, 12, 1), date(1993, 2, 28), date(1992, 12, 31))]
    assert parsed.frame("tie")["ref"].to_list() == ["MID 3550"]
    assert parsed.coverage[0].absence == "missing"


def test_a_gap_splits_and_keeps_the_level_of_the_dispute(write):
    parsed = parse(write, line("USA", "PER", 1992, 4), line("USA", "PER", 1992, 6, levels=(1, 2)))
    assert [row[2:5] for row in spans(parsed)] == [
        (4.0, date(1992, 4, 1), date(1992, 4, 30)),
        (4.0, date(1992, 6, 1), date(1992, 6, 30)),
    ]


def test_months_without_conflict_are_left_out_and_counted(write):
    parsed = parse(write, line("USA", "PER", 1992, 3, False, ("NA", "NA")), line("USA", "PER", 1992, 4))
    assert (parsed.rows, parsed.used) == (2, 1)
    assert parsed.left_out[0].reason == "months without conflict"


def test_a_missing_level_is_no_value(write):
    assert spans(parse(write, line("USA", "PER", 1992, 4, levels=(-9, "NA"))))[0][2] is None


@pytest.mark.parametrize(
    ("text", "actor"), [("USR", "RUS"), ("VTM", "VNM"), ("RUM", "ROU"), ("ZAI", "COD"), ("YUG", "YUG")]
)
def test_older_abbreviations(write, text, actor):
    assert spans(parse(write, line(text, "USA", 1995, 4)))[0][:2] == tuple(sorted((actor, "USA")))


def test_every_abbreviation_is_that_of_the_published_list(shared_data):
    with gzip.open(shared_data / "cow_state_system" / "cow_states.csv.gz", "rt") as handle:
        published = {row["stateabb"]: row["ccode"].removesuffix(".0") for row in csv.DictReader(handle)}
    ours = {name: code for name, code in mid_months.CODES.items() if name not in ("RUM", "USR", "VTM", "ZAI")}
    assert ours.items() <= published.items()
    assert all(who.cow(code) and get(who.cow(code)[0]) for code in mid_months.CODES.values())


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (line("XXX", "PER", 1992, 4), ":2:a: expected a code or name of a state, got 'XXX'"),
        (line("USA", "PER", "19x2", 4), ":2:year"),
        (line("USA", "PER", 1992, 13), ":2:month: expected a whole number from 1 to 12"),
        (line("USA", "PER", 1992, 4, levels=(6, 1)), ":2:level_a"),
        (line("USA", "PER", 1992, 4).replace("TRUE", "maybe"), ":2:conflict: expected TRUE or FALSE, got 'maybe'"),
    ],
)
def test_bad_cells_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        parse(write, row)


def test_wrong_files_are_refused_and_a_good_one_enters_a_record(write):
    with pytest.raises(DataError, match=r"none called stateA"):
        mid_months.parse(write("x.csv", ["DispNum3,state1,stateB", "1,USA,PER"]))
    with pytest.raises(DataError, match=r"one row for each dispute, a, b, year, month"):
        parse(write, *[line("USA", "PER", 1992, 4)] * 2)
    with pytest.raises(DataError, match=r"66,552 rows"):
        mid_months.SOURCE.read(write("dyad_month_mid.csv", [HEADER, line("USA", "PER", 1992, 4)]))
    record = Record.memory()
    sources.ingest(
        "mid-months", record, write("dyad_month_mid.csv", [HEADER, line("USA", "PER", 1992, 4)]), strict=False
    )
    assert record.view().counts()["tie"] == 1


def test_real_months_are_those_of_the_file(real, shared_data):
    """Months in conflict of a few disputes, recounted with the csv module."""
    parsed = real("mid-months")
    assert (parsed.rows, parsed.used, parsed.frame("tie").height) == (66_552, 3_583, 908)
    path = shared_data / "mid_dyad_months_1990_2010" / "dyad_month_mid.csv.gz"
    with gzip.open(path, "rt") as handle:
        rows = [row for row in csv.DictReader(handle) if row["conflict"] == "TRUE"]
    assert len(rows) == parsed.used
    months = sum(
        (last.year - first.year) * 12 + last.month - first.month + 1
        for first, last in parsed.frame("tie").select("valid_from", "valid_to").rows()
    )
    assert months == len({(r["DispNum3"], *sorted((r["stateA"], r["stateB"])), r["year"], r["month"]) for r in rows})
