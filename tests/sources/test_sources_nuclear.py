"""Nuclear cooperation agreements and sites for enrichment and reprocessing."""

from __future__ import annotations

from collections import Counter
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.errors import DataError
from multipolar.record import Record
from multipolar.sources.publishers import nuclear

AGREEMENTS = "ccode1,ccode2,country1,country2,year,nca,nca_type"
SITES = "country_name,ccode,facility_name,enr_type,operation_start,operation_end,operation2_start,operation2_end"


def agreements(write, *rows):
    return nuclear.parse_agreements(write("nuclear_cooperation_agreements.csv.gz", [AGREEMENTS, *rows]))


def sites(write, *rows):
    return nuclear.parse_sites(write("nuclear_latency_sites.csv", [SITES, *rows]))


def counts(parsed, state):
    rows = parsed.frame("trait").filter(pl.col("a") == state).sort("valid_from").to_dicts()
    return [(row["valid_from"].year, row["valid_to"].year, row["value"]) for row in rows]


def test_an_agreement_listed_from_both_sides_is_one(write):
    parsed = agreements(
        write, "2.0,20.0,USA,Canada,1955.0,1.0,research", "20.0,2.0,Canada,USA,1955.0,1.0,research",
        "20.0,2.0,Canada,USA,1955.0,1.0,research", '2.0,20.0,USA,Canada,1955.0,1.0,"power, restricted"',
    )  # fmt: skip
    ties = parsed.frame("tie").sort("text").to_dicts()
    assert [(row["a"], row["b"], row["value"]) for row in ties] == [("CAN", "USA", 1.0), ("CAN", "USA", 2.0)]
    assert ties[1]["original"] == "research: 2 listed by CAN, 1 by USA"
    assert ties[1]["locator"] == "rows 2 3 4"
    assert (ties[0]["valid_from"], ties[0]["valid_to"], ties[0]["known_from"]) == (
        date(1955, 1, 1), None, date(1955, 12, 31),
    )  # fmt: skip
    assert parsed.used == parsed.rows == 4
    assert parsed.coverage[0].absence == "zero"
    assert Record.memory().ingest(parsed).added["tie"] == 2


def test_rows_that_are_no_agreement_are_counted(write):
    parsed = agreements(
        write, "2,20,USA,Canada,1955,0,research", "2,315,USA,Czechoslovakia,1994,1,research",
        "255,260,Germany,Germany,1995,1,research", "2,200,USA,UK,1958,1,military assistance",
    )  # fmt: skip
    assert {item.reason: item.rows for item in parsed.left_out} == {
        "the state did not exist in that year": 1,
        "both sides are the same actor": 1,
        "no agreement": 1,
    }
    assert parsed.frame("tie")["text"].to_list() == ["nuclear cooperation agreement: military assistance"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("2,20,USA,Canada,19x5,1,research", ":2:year: expected a whole number"),
        ("2,20,USA,Canada,1935,1,research", ":2:year: expected a whole number from 1945"),
        ("2,998,USA,Nowhere,1955,1,research", ":2:b: expected a code or name of a state"),
        ("2,20,USA,Canada,1955,2,research", ":2:nca: expected a whole number from 0 to 1"),
        ("2,20,USA,Canada,1955,1,", ":2:subject: expected a value"),
        ("2,20,USA,Canada,1955,1,research,x", ":2:row: expected 7 cells"),
    ],
)
def test_bad_agreements_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        agreements(write, row)


def test_sites_at_work_are_counted_by_year(write):
    parsed = sites(
        write, "Japan,740,One,laser,2000,2004,,", "Japan,740,Two,laser,2002,2003,2006,", "Japan,740,Three,laser,,,,",
        "Iraq,645,Four,laser,-99,1987,,", "Iran,630,Five,laser,2003,,,",
    )  # fmt: skip
    assert counts(parsed, "JPN") == [(2000, 2001, 1.0), (2002, 2003, 2.0), (2004, 2004, 1.0), (2006, 2012, 1.0)]
    assert counts(parsed, "IRN") == [(2003, 2012, 1.0)]
    assert counts(parsed, "IRQ") == []
    assert set(parsed.frame("trait")["known_from"]) == {date(2015, 12, 31)}
    assert {item.reason: item.rows for item in parsed.left_out} == {
        "it never worked": 1,
        "years of work not known": 1,
    }
    cover = parsed.coverage[0]
    assert cover.absence == "zero"
    assert "IRQ" not in cover.actors
    assert {"JPN", "FRA", "NZL"} <= set(cover.actors)
    assert Record.memory().ingest(parsed).added["trait"] == 5


def test_sites_of_a_state_that_did_not_exist(write):
    parsed = sites(write, "Czechoslovakia,315,One,laser,1990,1998,,", "Czechoslovakia,315,Two,laser,1995,1996,,")
    assert counts(parsed, "CSK") == [(1990, 1992, 1.0)]
    assert [item.reason for item in parsed.left_out] == ["the state did not exist in its years"]
    assert parsed.remarks[0].startswith("of the years of sites, ")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Japan,740,One,laser,20x0,2004,,", ":2:start: expected a whole number"),
        ("Japan,740,One,laser,1900,2004,,", ":2:start: expected a year from 1939, or -99"),
        ("Japan,740,One,laser,2004,2000,,", ":2:end: expected a year not before start"),
        ("Japan,999,One,laser,2000,2004,,", ":2:a: expected a code or name of a state"),
        ("Japan,740,,laser,2000,2004,,", ":2:site: expected a value"),
    ],
)
def test_bad_sites_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        sites(write, row)


def test_wrong_files_are_refused(write):
    with pytest.raises(DataError, match=r"one row for each a, site"):
        sites(write, "Japan,740,One,laser,2000,,,", "Japan,740,One,laser,2001,,,")
    with pytest.raises(DataError, match=r"none called ccode1"):
        nuclear.parse_agreements(write("x.csv", ["a,b", "1,2"]))
    with pytest.raises(DataError, match=r"damaged or truncated"):
        nuclear.parse_agreements(write("x.csv.gz", [AGREEMENTS, "2,20,USA,Canada,1955,1,research"] * 9, cut=9))
    with pytest.raises(DataError, match=r"expected 3,152 rows"):
        nuclear.SOURCE_AGREEMENTS.read(write("x.csv", [AGREEMENTS, "2,20,USA,Canada,1955,1,research"]))
    with pytest.raises(DataError, match=r"expected 253 rows"):
        nuclear.SOURCE_SITES.read(write("x.csv", [SITES, "Japan,740,One,laser,2000,,,"]))


SPANS = st.lists(st.tuples(st.integers(1990, 2000), st.integers(0, 8)), min_size=1, max_size=6)


@given(SPANS)
def test_counts_are_those_of_the_spans(tmp_path_factory, spans):
    path = tmp_path_factory.mktemp("nl") / "x.csv"
    rows = [f"Japan,740,Site {n},laser,{first},{first + years},," for n, (first, years) in enumerate(spans)]
    path.write_text("\n".join([SITES, *rows]))
    want = Counter(year for first, years in spans for year in range(first, first + years + 1))
    got = {
        year: value
        for first, last, value in counts(nuclear.parse_sites(path), "JPN")
        for year in range(first, last + 1)
    }
    assert got == want


def test_real_agreements(real, shared_data):
    parsed = real("nuclear-agreements")
    assert (parsed.rows, parsed.used) == (3_152, 3_150)
    ties = parsed.frame("tie")
    assert ties.height == 1_934
    raw = pl.read_csv(shared_data / "nuclear" / "nuclear_cooperation_agreements.csv.gz").filter(
        pl.col("ccode1") == 2, pl.col("ccode2") == 740
    )
    japan = ties.filter(pl.col("a") == "JPN", pl.col("b") == "USA")
    assert set(raw["year"]) <= set(japan["valid_from"].dt.year().to_list())


def test_real_sites(real):
    parsed = real("nuclear-latency")
    assert (parsed.rows, parsed.used) == (253, 232)
    assert counts(parsed, "USA")[0][0] == 1941
    assert max(value for _, _, value in counts(parsed, "ZAF")) >= 2
    assert counts(parsed, "KAZ") == []
    assert "IRQ" not in parsed.coverage[0].actors
    assert "KAZ" in parsed.coverage[0].actors
