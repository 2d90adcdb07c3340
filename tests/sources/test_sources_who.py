"""Codes and names to actors as of a year: an actor, a counted row, or a refused file."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from multipolar.errors import DataError
from multipolar.sources import who
from multipolar.sources.files import ROW


def coded(rows: list[tuple[str, str, int]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["a", "b", "year"], orient="row").with_row_index(ROW, offset=2)


@pytest.mark.parametrize(
    ("code", "year", "actor"),
    [
        ("260", 1970, "DEU"), ("255", 1910, "DEU"), ("255", 2000, "DEU"), ("265", 1970, "DDR"),
        ("345", 1900, "SRB"), ("345", 1970, "YUG"), ("345", 2000, "YUG"), ("345", 2010, "SRB"),
        ("365", 1970, "RUS"), ("365", 1900, "RUS"), ("315", 1970, "CSK"), ("316", 2000, "CZE"),
        ("678", 1970, "YEM"), ("679", 2000, "YEM"), ("680", 1970, "YMD"),
        ("732", 1970, "KOR"), ("731", 1970, "PRK"), ("730", 1900, "KOR730"),
        ("816", 1970, "VNM"), ("817", 1970, "RVN"), ("713", 1970, "TWN"), ("710", 1970, "CHN"),
    ],
)  # fmt: skip
def test_cow_codes_by_year(code, year, actor):
    frame, left = who.name_codes(coded([(code, "2", year)]), Path("x"), ("a", "b"), who.cow)
    assert frame.select("a", "b", "code_a").row(0) == (actor, "USA", code)
    assert left == ()


@pytest.mark.parametrize(
    ("code", "year", "actor"),
    [
        ("260", 1970, "DEU"), ("260", 2000, "DEU"), ("255", 1910, "DEU"), ("265", 1970, "DDR"),
        ("340", 1900, "SRB"), ("345", 1970, "YUG"), ("345", 2000, "YUG"), ("340", 2010, "SRB"),
        ("678", 1970, "YEM"), ("678.0", 2015, "YEM"), ("680", 1970, "YMD"), ("711", 1930, "TBT"),
        ("816", 1970, "VNM"), ("816", 2000, "VNM"), ("817", 1970, "RVN"), ("341", 2010, "MNE"),
    ],
)  # fmt: skip
def test_gleditsch_ward_codes_by_year(code, year, actor):
    frame, left = who.name_codes(coded([(code, "2", year)]), Path("x"), ("a", "b"), who.gw)
    assert (frame["a"].to_list(), left) == ([actor], ())


@pytest.mark.parametrize(("file", "code", "find"), [("gw_states", "gwcode", who.gw), ("cow_states", "ccode", who.cow)])
def test_every_published_code_is_some_actor(shared_data, file, code, find):
    """Each state of the publisher's list is found in the middle of its life."""
    states = pl.read_csv(shared_data / "cow_state_system" / f"{file}.csv.gz")
    begin, end = ("startdate", "enddate") if code == "gwcode" else ("styear", "endyear")
    for number, first, last in states.select(code, begin, end).rows():
        middle = (int(float(str(first)[:4])) + int(float(str(last)[:4])) + 1) // 2
        frame, left = who.name_codes(coded([(str(number), "2", middle)]).head(1), Path("x"), ("a",), find)
        assert (frame.height, left) == (1, ()), (number, middle)


def test_a_state_that_did_not_exist_is_left_out_and_counted():
    rows = [("2", "343", 1970), ("2", "343", 1971), ("2", "200", 1970)]  # 343 is North Macedonia
    frame, left = who.name_codes(coded(rows), Path("x"), ("a", "b"), who.cow)
    assert frame["b"].to_list() == ["GBR"]
    assert [(item.rows, item.examples) for item in left] == [(2, ("343 1970-1971",))]
    assert str(left[0]) == "2 rows left out: the state did not exist in that year (such as 343 1970-1971)"


def test_an_unknown_code_refuses_the_file_naming_the_row():
    with pytest.raises(DataError, match=r"f.csv:3:b: expected a code or name of a state, got '998'"):
        who.name_codes(coded([("2", "200", 1970), ("2", "998", 1970)]), Path("f.csv"), ("a", "b"), who.cow)


def test_an_actor_paired_with_itself_is_left_out_and_counted():
    frame, left = who.name_codes(coded([("255", "260", 1990)]), Path("x"), ("a", "b"), who.cow)
    assert frame.is_empty()
    assert [(item.reason, item.rows) for item in left] == [(who.SAME, 1)]


def test_folded_columns_go_to_the_state_of_the_year():
    find = who.iso3({"SRB": ("YUG",)})
    frame = pl.DataFrame({"b": ["SRB"] * 3, "year": [1980, 2000, 2010], ROW: [2, 3, 4]})
    assert who.name_codes(frame, Path("x"), ("b",), find)[0]["b"].to_list() == ["YUG", "YUG", "SRB"]


def test_names_of_other_times_are_found():
    find = who.names({"Serbia": ("SRB", "YUG")})
    assert find("Soviet Union") == ("RUS",)
    assert find("Germany")[0] == "DEU"
    assert find("Serbia") == ("SRB", "YUG")
    assert find("Atlantis") == ()
    assert find("NATO") == ()


def test_seats_in_the_united_nations():
    held = who.holders(who.seats(["SRB", "UKR", "IND", "SYR", "RUS"], Path("x"), who.iso3({"SRB": ("YUG",)})), "UN")
    spans = {seat: held.filter(pl.col("seat") == seat).sort("since").drop("seat").rows() for seat in held["seat"]}
    assert spans["UKR"] == [("UKR", date(1945, 10, 24), date.max)]
    assert spans["IND"] == [("IND", date(1945, 10, 30), date.max)]
    assert [row[0] for row in spans["SRB"]] == ["YUG", "YUG", "SRB"]
    assert spans["SRB"][1][1:] == (date(2000, 11, 1), date(2006, 6, 4))
    assert [row[0] for row in spans["SYR"]] == ["SYR", "SYR"]
    for rows in spans.values():
        assert all(first[2] < second[1] for first, second in pairwise(rows)), "spans overlap"


def test_an_unknown_seat_is_refused():
    with pytest.raises(DataError, match=r"also QQQ"):
        who.seats(["USA", "QQQ"], Path("x"), who.iso3({}))
