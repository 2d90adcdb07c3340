"""Militarised disputes: months where told, the highest level, both projects."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from datetime import date

import polars as pl
import pytest

from multipolar.errors import DataError
from multipolar.sources.publishers import mid

GML = "dispnum,ccode1,ccode2,year,midongoing,midonset,hostlev1,hostlev2,stmon,endmon,version"
COW = "dispnum,ccode1,ccode2,year,dispongoing,disponset,hostlev1,hostlev2"


def gml(write, *rows):
    return mid.parse(write("gml.csv", [GML, *rows]))


def pair(dispute, a, b, years, levels=(4, 1), months=(5, 8)):
    first, second = levels
    rows = []
    for year in years:
        tail = f"{months[0]},{months[1]},gml-2.2.1"
        rows += [f"{dispute},{a},{b},{year},1,1,{first},{second},{tail}"]
        rows += [f"{dispute},{b},{a},{year},1,1,{second},{first},{tail}"]
    return rows


def dates(parsed):
    return parsed.frame("tie").select("valid_from", "valid_to", "known_from").rows()


def test_a_dispute_is_one_statement_with_its_highest_level_and_months(write):
    parsed = gml(write, *pair(61, 2, 40, [1962], (3, 4), (8, 12)))
    assert dates(parsed) == [(date(1962, 8, 1), date(1962, 12, 31), date(1962, 12, 31))]
    tie = parsed.frame("tie").to_dicts()[0]
    assert (tie["a"], tie["b"], tie["value"], tie["ref"]) == ("CUB", "USA", 4.0, "MID 61")
    assert tie["original"] == "highest hostlev 4"
    assert parsed.coverage[0].last == date(2010, 12, 31)
    assert parsed.coverage[0].absence == "zero"


def test_a_dispute_over_years_ends_in_its_month_and_is_known_from_the_first_year(write):
    parsed = gml(write, *pair(7, 2, 40, [1980, 1981, 1982], months=(11, 2)))
    assert dates(parsed) == [(date(1980, 11, 1), date(1982, 2, 28), date(1980, 12, 31))]


def test_a_party_that_joined_later_or_left_earlier_gets_whole_years(write):
    rows = [*pair(7, 2, 40, [1980, 1981, 1982], months=(11, 2)), *pair(7, 20, 40, [1981], months=(11, 2))]
    spans = {
        tie["a"] + tie["b"]: (tie["valid_from"], tie["valid_to"]) for tie in gml(write, *rows).frame("tie").to_dicts()
    }
    assert spans["CANCUB"] == (date(1981, 1, 1), date(1981, 12, 31))


def test_two_disputes_of_a_pair_stay_two_and_a_gap_splits_one(write):
    rows = [*pair(1, 2, 40, [1980]), *pair(2, 2, 40, [1980]), *pair(3, 2, 40, [1985, 1987], months=(1, 12))]
    assert gml(write, *rows).frame("tie").height == 4


def test_a_month_that_is_none_is_not_known_and_said_so(write):
    parsed = gml(write, *pair(7, 2, 40, [1980], months=(13, 19)))
    assert dates(parsed) == [(date(1980, 1, 1), date(1980, 12, 31), date(1980, 12, 31))]
    assert parsed.remarks == ("4 cells of stmon or endmon are no month (1 to 12) and were taken as not known",)


def test_a_missing_level_is_no_value(write):
    ties = gml(write, *pair(7, 2, 40, [1980], (-9, -9))).frame("tie")
    assert ties["value"].to_list() == [None]
    assert ties["original"].to_list() == ["highest hostlev -9"]


def test_cow_rows_without_months_stand_for_years(write):
    path = write("cow.csv.gz", [COW, "257,2,255,1941,1,1,5.0,5.0", "257,255,2,1941,1,1,5.0,5.0"])
    parsed = mid.parse(path)
    assert parsed.layout == "cow"
    assert dates(parsed) == [(date(1941, 1, 1), date(1941, 12, 31), date(1941, 12, 31))]
    assert parsed.frame("tie")["source"].to_list() == ["cow-mid:5.0"]
    assert parsed.coverage[0].last == date(2014, 12, 31)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("7,2,40,2015,1,1,4,1,5,8,v", "gml.csv:2:year: expected a whole number from 1816 to 2010"),
        ("7,2,40,1980,1,1,6,1,5,8,v", ":2:level_a: expected a whole number from 1 to 5, got '6'"),
        ("7,2,40,1980,1,1,4,war,5,8,v", ":2:level_b"),
        ("7,2,4x,1980,1,1,4,1,5,8,v", ":2:b: expected a whole number"),
        ("7,2,998,1980,1,1,4,1,5,8,v", ":2:b: expected a code or name of a state"),
        (",2,40,1980,1,1,4,1,5,8,v", ":2:dispute"),
    ],
)
def test_bad_cells_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        gml(write, row)


def test_wrong_files_are_refused(write):
    with pytest.raises(DataError, match=r"directed dyad-years of GML"):
        mid.parse(write("x.csv", ["dispnum,styear,stmon", "2,1902,7"]))
    with pytest.raises(DataError, match=r"expected 10,276 rows"):
        mid.SOURCE_GML.read(write("gml.csv", [GML, *pair(61, 2, 40, [1962])]))
    with pytest.raises(DataError, match=r"expected 11,390 rows"):
        mid.SOURCE_COW.read(write("gml.csv", [GML, *pair(61, 2, 40, [1962])]))
    with pytest.raises(DataError, match=r"a text file, got a binary one"):
        mid.parse(write("x.parquet", ["PAR1\0\r\0\n"]))


@pytest.mark.parametrize(
    ("name", "file", "rows"), [("mid-gml", "gml_dirdisp", 10_276), ("mid-cow", "cow_mid_dirdisps", 11_390)]
)
def test_real_levels_are_those_of_the_file(real, shared_data, name, file, rows):
    """Highest level and years of every dispute of a few pairs, recounted with the csv module."""
    parsed = real(name)
    assert (parsed.rows, parsed.used) == (rows, rows)
    ids = {"2": "USA", "40": "CUB", "365": "RUS", "710": "CHN", "640": "TUR", "350": "GRC", "740": "JPN", "220": "FRA"}
    years, levels = defaultdict(set), defaultdict(float)
    with gzip.open(shared_data / "conflicts_mid_ucdp" / f"{file}.csv.gz", "rt") as handle:
        for row in csv.DictReader(handle):
            codes = [row[name].removesuffix(".0") for name in ("ccode1", "ccode2")]
            if all(code in ids for code in codes):
                key = (*sorted(ids[code] for code in codes), int(float(row["dispnum"])))
                years[key].add(int(float(row["year"])))
                levels[key] = max(levels[key], float(row["hostlev1"]), float(row["hostlev2"]))
    known = parsed.frame("tie").filter(pl.col("a").is_in(list(ids.values())), pl.col("b").is_in(list(ids.values())))
    got_years, got_levels = defaultdict(set), {}
    for tie in known.to_dicts():
        key = (tie["a"], tie["b"], int(tie["ref"].removeprefix("MID ")))
        got_years[key] |= set(range(tie["valid_from"].year, tie["valid_to"].year + 1))
        got_levels[key] = tie["value"]
    assert len(years) > 100
    assert got_years == years
    assert got_levels == levels


def test_real_gml_months(real):
    crisis = real("mid-gml").frame("tie").filter(pl.col("ref") == "MID 61", pl.col("a") == "CUB")
    assert crisis.select("valid_from", "valid_to").rows() == [(date(1962, 8, 1), date(1962, 12, 31))]
    assert (real("mid-gml").frame("tie")["valid_from"] <= real("mid-gml").frame("tie")["valid_to"]).all()
