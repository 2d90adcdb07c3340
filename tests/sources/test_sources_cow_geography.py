"""COW contiguity and minimum distance: periods, months, spells, both directions once."""

from __future__ import annotations

import csv
import gzip
import zipfile
from datetime import date

import polars as pl
import pytest

from multipolar import sources
from multipolar.errors import DataError
from multipolar.record import Record
from multipolar.sources.publishers import cow_geography as geography

OURS = "ccode1,ccode2,conttype,stdate,enddate"
#: The project's own columns, version 3.2.
THEIRS = "dyad,statelno,statelab,statehno,statehab,conttype,begin,end,notes,version"
DISTANCE = "ccode1,ccode2,year,mindist"


def near(write, *rows, header=OURS):
    return geography.parse_contiguity(write("contdir.csv", [header, *rows]))


def far(write, *rows):
    return geography.parse_distance(write("mindist.csv", [DISTANCE, *rows]))


def spans(parsed):
    return parsed.frame("tie").select("a", "b", "value", "valid_from", "valid_to").rows()


def test_both_directions_of_a_period_are_one_statement(write):
    parsed = near(write, "2.0,40.0,4.0,1909-01-01,2016-12-01", "40.0,2.0,4.0,1909-01-01,2016-12-01")
    assert spans(parsed) == [("CUB", "USA", 4.0, date(1909, 1, 1), None)]
    tie = parsed.frame("tie").to_dicts()[0]
    assert (tie["known_from"], tie["text"]) == (date(1909, 1, 1), "neighbours across at most 150 miles of water")
    assert (parsed.rows, parsed.used) == (2, 2)


def test_the_projects_own_file_has_months(write):
    parsed = near(
        write, "2040,2,USA,40,CUB,4,190205,190609,,3.2", "2040,2,USA,40,CUB,4,190901,201612,,3.2", header=THEIRS
    )
    assert spans(parsed) == [
        ("CUB", "USA", 4.0, date(1902, 5, 20), date(1906, 9, 30)),  # Cuba's first day in the system; end of the month
        ("CUB", "USA", 4.0, date(1909, 1, 1), None),
    ]


def test_the_zip_is_read_as_it_is_released(tmp_path):
    path = tmp_path / "DirectContiguity320.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("DirectContiguity320/contdird.csv", "dyad,state1no,state2no,year,conttype\n")
        archive.writestr("DirectContiguity320/contdir.csv", f"{THEIRS}\n2040,2,USA,40,CUB,4,190901,201612,,3.2\n")
    assert spans(geography.parse_contiguity(path)) == [("CUB", "USA", 4.0, date(1909, 1, 1), None)]


def test_a_period_ends_before_the_next_begins(write):
    parsed = near(write, "2,40,1,1921-01-01,1939-04-01", "2,40,2,1939-04-01,1939-05-01")
    assert [row[2:] for row in spans(parsed)] == [
        (1.0, date(1921, 1, 1), date(1939, 3, 31)),
        (2.0, date(1939, 4, 1), date(1939, 5, 31)),
    ]


def test_a_code_that_two_states_bore_is_cut(write):
    parsed = near(write, "345,355,1,1878-07-01,2016-12-01")
    pieces = [row[1:2] + row[3:] for row in spans(parsed)]
    assert pieces[0][0] == "SRB"
    assert pieces[-1] == ("SRB", date(2006, 6, 5), None)
    assert ("YUG", date(1918, 12, 1)) in {piece[:2] for piece in pieces}
    assert all(row[0] == "BGR" for row in spans(parsed))


def test_no_contiguity_is_no_statement_but_counted(write):
    parsed = near(write, "2,365,0,1816-01-01,1958-12-01", "2,365,2,1959-01-01,2016-12-01")
    assert spans(parsed) == [("RUS", "USA", 2.0, date(1959, 1, 1), None)]
    assert (parsed.used, parsed.left_out[0].rows) == (1, 1)
    assert parsed.coverage[0].absence == "zero"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("2,40,6,1909-01-01,2016-12-01", ":2:type: expected a whole number from 0 to 5, got '6'"),
        ("2,40,4,1909-13-01,2016-12-01", r":2:first: expected a month \(201612 or 2016-12-01\)"),
        ("2,40,4,1909-01-01,", ":2:last: expected a month"),
        ("2,40,4,1909-02-01,1909-01-01", ":2:last: expected a month not before the first"),
        ("2,998,4,1909-01-01,2016-12-01", ":2:b: expected a code of a state"),
    ],
)
def test_bad_cells_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        near(write, row)


def test_years_of_equal_distance_are_one_statement(write):
    rows = [f"40,2,{year},233.5" for year in (1990, 1991)]
    parsed = far(write, *rows, "2,40,1992,240.25", "2,40,1994,240.25")
    assert spans(parsed) == [
        ("CUB", "USA", 233.5, date(1990, 1, 1), date(1991, 12, 31)),
        ("CUB", "USA", 240.25, date(1992, 1, 1), date(1992, 12, 31)),
        ("CUB", "USA", 240.25, date(1994, 1, 1), None),
    ]
    assert parsed.frame("tie")["ref"].unique().to_list() == ["mindist"]
    assert parsed.coverage[0].last == date(1994, 12, 31)
    assert parsed.coverage[0].absence == "missing"


def test_both_directions_of_a_distance_are_one(write):
    parsed = far(write, "2,40,1990,233.5", "40,2,1990,233.5")
    assert parsed.frame("tie").height == 1
    assert parsed.used == 2


def test_parquet_reads_as_text_does(write, tmp_path):
    path = tmp_path / "cow_mindist.parquet"
    pl.DataFrame({"ccode1": [2, 2], "ccode2": [40, 20], "year": [1990, 1990], "mindist": [233.5, 0.0]}).write_parquet(
        path
    )
    binary = geography.parse_distance(path).frame("tie").drop("locator")
    assert binary.equals(far(write, "2,40,1990,233.5", "2,20,1990,0.0").frame("tie").drop("locator"))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("2,40,19x0,233", ":2:year"),
        ("2,40,1990,-1", ":2:km: expected a number from 0 to 20100"),
        ("2,40,1990,far", ":2:km: expected a number"),
        ("2,998,1990,5", ":2:b: expected a code or name of a state"),
    ],
)
def test_bad_distances_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        far(write, row)


def test_wrong_files_are_refused(write, tmp_path):
    with pytest.raises(DataError, match=r"none called begin or stdate"):
        near(write, header="dyad,state1no,state2no,statelno,statehno,year,conttype")
    with pytest.raises(DataError, match=r"one row for each a, b, year"):
        far(write, "2,40,1990,1", "2,40,1990,2")
    with pytest.raises(DataError, match=r"952,244 rows"):
        geography.SOURCE_DISTANCE.read(write("cow_mindist.csv", [DISTANCE, "2,40,1990,1"]))
    torn = tmp_path / "cow_mindist.parquet"
    torn.write_bytes(b"PAR1 torn")
    with pytest.raises(DataError, match=r"whole Parquet file"):
        geography.parse_distance(torn)


def test_they_enter_a_record(write):
    record = Record.memory()
    path = write("cow_contdir.csv", [OURS, "2,365,2,1959-01-01,2016-12-01"])
    sources.ingest("cow-contiguity", record, path, strict=False)
    sources.ingest("cow-mindist", record, write("cow_mindist.csv", [DISTANCE, "2,365,1990,3.8"]), strict=False)
    assert record.view().counts()["tie"] == 2


def test_real_contiguity(real, shared_data):
    """On any one day a pair has one type, and the pairs by land are those of the file."""
    parsed = real("cow-contiguity")
    assert (parsed.rows, parsed.used, parsed.frame("tie").height) == (1_874, 1_694, 861)
    ties = parsed.frame("tie").sort("a", "b", "valid_from")
    overlap = pl.col("valid_from").shift(-1).over("a", "b") <= pl.col("valid_to").fill_null(date.max)
    assert ties.filter(overlap).is_empty()
    today = {
        tuple(sorted(pair))
        for pair in ties.filter(pl.col("valid_to").is_null(), pl.col("value") == 1).select("a", "b").rows()
    }
    with gzip.open(shared_data / "cow_state_system" / "cow_contdir.csv.gz", "rt") as handle:
        rows = list(csv.DictReader(handle))
    land = [row for row in rows if row["enddate"] == "2016-12-01" and row["conttype"] == "1.0"]
    assert len(today) == len(land) / 2
    assert {("CHN", "RUS"), ("CAN", "USA"), ("PRK", "RUS")} <= today


def test_real_distances(real):
    parsed = real("cow-mindist")
    assert (parsed.rows, parsed.used, parsed.frame("tie").height) == (952_244, 952_244, 26_717)
    ties = parsed.frame("tie")
    years = (ties["valid_to"].fill_null(date(2019, 12, 31)).dt.year() - ties["valid_from"].dt.year() + 1).sum()
    assert years == 952_244
    korea = ties.filter(pl.col("a") == "KOR", pl.col("b") == "PRK")
    assert korea["value"].to_list() == [0.0]
