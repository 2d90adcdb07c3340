"""Rivalries and arms races: years, types, ends, and states that gave way."""

from __future__ import annotations

import csv
import gzip
from datetime import date

import polars as pl
import pytest

from multipolar import sources
from multipolar.errors import DataError
from multipolar.record import Record
from multipolar.sources.publishers import rivalries

TSS = "tssr_id,rivalry,ccode1,ccode2,start,end,positional,spatial,ideological,interventionary,principal,aprin"
TD = "rivalryno,rivalryname,ccode1,ccode2,styear,endyear,region,type1,type2,type3"
RACE = "race_id,ccode1,ccode2,styear,endyear"


def tss(write, *rows):
    return rivalries.parse_tss(write("tss.csv", [TSS, *rows]))


def spans(parsed):
    return parsed.frame("tie").select("a", "b", "valid_from", "valid_to", "known_from").rows()


def test_a_rivalry_is_one_statement_with_its_types(write):
    parsed = tss(write, "7,India-China,710.0,750.0,1948.0,1990,1.0,1.0,NA,,,1.0")
    assert spans(parsed) == [("CHN", "IND", date(1948, 1, 1), date(1990, 12, 31), date(1948, 12, 31))]
    tie = parsed.frame("tie").to_dicts()[0]
    assert tie["text"] == "strategic rivalry India-China (positional, spatial; among the principal rivalries)"
    assert (tie["value"], tie["ref"], tie["original"]) == (
        1.0, "rivalries-tss:2021 7", "1948-1990: positional, spatial",
    )  # fmt: skip
    assert parsed.coverage[0].absence == "zero"
    assert parsed.coverage[0].last == date(2020, 12, 31)


def test_what_still_ran_has_no_end(write):
    parsed = tss(write, "1,Russia-Ukraine,365,369,2014,2020,,1,,1,,")
    assert spans(parsed) == [("RUS", "UKR", date(2014, 1, 1), None, date(2014, 12, 31))]


def test_a_rivalry_with_an_older_beginning_begins_with_the_table_of_states(write):
    parsed = tss(write, "1,Britain-France 2,200,220,1731,1904,1,,,,,", "2,Britain-France 1,200,220,1494,1716,1,,,,,")
    assert spans(parsed) == [("FRA", "GBR", date(1816, 1, 1), date(1904, 12, 31), date(1816, 12, 31))]
    assert parsed.frame("tie")["original"].to_list() == ["1731-1904: positional"]
    assert (parsed.rows, parsed.used) == (2, 1)
    assert "ended before 1816" in str(parsed.left_out[0])
    assert "Britain-France 1 1494-1716" in str(parsed.left_out[0])


def test_a_rivalry_is_cut_where_a_state_was_not_there(write):
    parsed = tss(write, "20,France-Germany,220,255,1933,1955,1,,,,,")
    assert [row[2:4] for row in spans(parsed)] == [
        (date(1933, 1, 1), date(1945, 5, 8)),
        (date(1949, 9, 21), date(1955, 12, 31)),
    ]
    # of the two, the second is known later
    assert [row[4] for row in spans(parsed)] == [date(1933, 12, 31), date(1949, 12, 31)]


def test_states_that_never_met_are_left_out(write):
    parsed = tss(write, "3,Austria-Prussia,255,305,1816,1870,1,,,,,")
    assert parsed.used == 0
    assert parsed.left_out[0].reason == "no state of the system in that period"


def test_the_older_list_has_types_in_order(write):
    path = write("td.csv.gz", [TD, "193,Eritrea-Ethiopia,530,531,1998,2010,East Africa,spatial,ideological,"])
    parsed = rivalries.parse_td(path)
    assert spans(parsed) == [("ERI", "ETH", date(1998, 1, 1), None, date(1998, 12, 31))]
    assert parsed.frame("tie")["text"].to_list() == ["strategic rivalry Eritrea-Ethiopia (spatial, ideological)"]
    assert parsed.frame("tie")["source"].to_list() == ["rivalries-td:2012"]


def test_an_arms_race_ends_even_in_the_last_year(write):
    parsed = rivalries.parse_races(write("races.csv", [RACE, "71,2,365,1976,1984", "1,200,365,1854,1856"]))
    ties = parsed.frame("tie")
    assert ties["kind"].unique().to_list() == ["arms_race"]
    assert ties["valid_to"].to_list() == [date(1984, 12, 31), date(1856, 12, 31)]
    assert parsed.coverage[0].absence == "missing"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("1,x,365,369,20x4,2020,,1,,1,,", ":2:begin: expected a whole number from 1494 to 2020, got '20x4'"),
        ("1,x,365,369,2014,2021,,1,,1,,", ":2:end: expected a whole number"),
        ("1,x,365,369,2014,2013,,1,,1,,", ":2:end: expected a year not before the first"),
        ("1,x,365,998,2014,2015,,1,,1,,", ":2:b: expected a code of a state, got 998"),
        ("1,x,365,,2014,2015,,1,,1,,", ":2:b: expected a whole number from 1 to 999"),
    ],
)
def test_bad_cells_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        tss(write, row)


def test_wrong_files_are_refused(write):
    with pytest.raises(DataError, match=r"columns tssr_id"):
        rivalries.parse_tss(write("td.csv", [TD]))
    with pytest.raises(DataError, match=r"a web page"):
        rivalries.parse_td(write("x.csv", ["<!DOCTYPE html>"]))
    with pytest.raises(DataError, match=r"a git-lfs pointer"):
        rivalries.parse_races(write("x.csv", ["version https://git-lfs.github.com/spec/v1"]))
    with pytest.raises(DataError, match=r"damaged or truncated"):
        rivalries.parse_races(write("x.csv.gz", [RACE, "1,200,365,1854,1856"], cut=6))
    with pytest.raises(DataError, match=r"one row for each number"):
        tss(write, *["1,x,365,369,2014,2015,,1,,1,,"] * 2)
    with pytest.raises(DataError, match=r"expected 264 rows"):
        rivalries.SOURCE_TSS.read(write("tss.csv", [TSS, "1,x,365,369,2014,2015,,1,,1,,"]))


@pytest.mark.parametrize(
    ("name", "rows", "used", "ties"),
    [("rivalries", 264, 248, 257), ("rivalries-2012", 197, 182, 190), ("arms-races", 71, 71, 72)],
)
def test_real_lists(real, name, rows, used, ties):
    parsed = real(name)
    assert (parsed.rows, parsed.used, parsed.frame("tie").height) == (rows, used, ties)
    assert (parsed.frame("tie")["a"] < parsed.frame("tie")["b"]).all()


def test_real_rivalries_are_those_of_the_file(real, shared_data):
    """Years of the rivalries of a few states that were there throughout, recounted with the csv module."""
    ids = {"2": "USA", "365": "RUS", "710": "CHN", "750": "IND", "770": "PAK", "200": "GBR", "220": "FRA", "740": "JPN"}
    known = set()
    with gzip.open(shared_data / "conflicts_mid_ucdp" / "tss_rivalries.csv.gz", "rt") as handle:
        for row in csv.DictReader(handle):
            a, b = (ids.get(row[name].removesuffix(".0")) for name in ("ccode1", "ccode2"))
            first, last = int(float(row["start"])), int(float(row["end"]))
            if a and b and last >= 1816:
                known.add((*sorted((a, b)), max(first, 1816), None if last == 2020 else last))
    ties = (
        real("rivalries")
        .frame("tie")
        .filter(pl.col("a").is_in(list(ids.values())), pl.col("b").is_in(list(ids.values())))
    )
    found = {
        (a, b, f.year, t.year if t else None) for a, b, f, t in ties.select("a", "b", "valid_from", "valid_to").rows()
    }
    # Japan, France and China were no states of the system for some years: those rivalries have two statements
    assert len(known) > 8
    assert ("IND", "PAK", 1947, None) in found & known
    assert len(known - found) <= 3


def test_two_editions_may_stand_in_one_record(write):
    record = Record.memory()
    path = write("tss_rivalries.csv", [TSS, "1,Russia-Ukraine,365,369,2014,2020,,1,,1,,"])
    sources.ingest("rivalries", record, path, strict=False)
    path = write("td_rivalries.csv", [TD, "197,Russia-United States 2,2,365,2007,2010,Multiple,positional,,"])
    sources.ingest("rivalries-2012", record, path, strict=False)
    assert record.view().counts()["tie"] == 2
