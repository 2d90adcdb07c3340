"""Economic integration agreements: levels, directions, and every cell of the file given back."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.errors import DataError
from multipolar.record import Record
from multipolar.sources.publishers import eia

HEAD = "year,origin,destination,EconomicIntegrationAgreements"


def parse(write, *rows, head=HEAD):
    return eia.parse(write("eia.csv", [head, *rows]))


def both(a, b, years, level):
    return [f"{year},{x},{y},{level}" for year in years for x, y in ((a, b), (b, a))]


def spans(parsed):
    ties = parsed.frame("tie").sort("a", "b", "valid_from")
    return [
        (
            row["a"],
            row["b"],
            row["valid_from"].year,
            row["valid_to"] and row["valid_to"].year,
            row["value"],
            row["unit"],
        )
        for row in ties.to_dicts()
    ]


def test_a_level_of_both_directions_is_one_statement(write):
    parsed = parse(
        write, *both("FRA", "DEU", [1958, 1959], "Customs Union"), *both("FRA", "DEU", [1960], "Common Market"),
        *both("USA", "CAN", [1989, 1990], "Free Trade Agreement"),
    )  # fmt: skip
    assert spans(parsed) == [
        ("CAN", "USA", 1989, None, 3.0, "mutual"),
        ("DEU", "FRA", 1958, 1959, 4.0, "mutual"),
        ("DEU", "FRA", 1960, 1960, 5.0, "mutual"),
    ]
    row = parsed.frame("tie").filter(pl.col("a") == "CAN").to_dicts()[0]
    assert (row["known_from"], row["kind"]) == (date(1989, 12, 31), "integration")
    assert row["text"] == "free trade area"
    assert Record.memory().ingest(parsed).added["tie"] == 3


def test_one_way_preferences_run_from_the_origin_of_the_goods(write):
    parsed = parse(write, "1980,KEN,GBR,Non-Reciprocal PTA", "1981,KEN,GBR,1", "1981,GBR,KEN,2", "1990,KEN,GBR,2.0")
    assert spans(parsed) == [
        ("GBR", "KEN", 1981, 1981, 2.0, "one way"),
        ("KEN", "GBR", 1980, 1981, 1.0, "one way"),
        ("KEN", "GBR", 1990, None, 2.0, "one way"),
    ]


def test_nothing_listed_is_none_among_the_countries_of_the_file(write):
    parsed = parse(
        write, "1990,ROM,FRA,1", "1990,ABW,NLD,1", "1990,SVN,ITA,2", "1991,FRA,ITA,No Agreement", "1991,FRA,SVN,0",
        "1995,SRB,ITA,1",
    )  # fmt: skip
    assert {row[:2] for row in spans(parsed)} == {("ROU", "FRA"), ("YUG", "ITA")}
    assert {item.reason: item.rows for item in parsed.left_out} == {
        "a territory, no state": 1,
        "the state did not exist in that year": 1,
        "no agreement, or no country, in that year": 2,
    }
    cover = parsed.coverage[0]
    assert (cover.actors, cover.role, cover.absence) == (("FRA", "ITA", "ROU", "YUG"), "both", "zero")
    assert cover.last == date(1995, 12, 31)
    assert eia.coverage()[0].absence == "missing"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("19x0,FRA,DEU,1", ":2:year: expected a whole number from 1950"),
        ("1990,FRA,DEU,7", ":2:level: expected one of Non-Reciprocal PTA"),
        ("1990,FRA,QQQ,1", ":2:b: expected a code or name of a state, got 'QQQ'"),
        ("1990,,DEU,1", ":2:a: expected a value"),
        ("1990,FRA,DEU,1,1", ":2:row: expected 4 cells"),
    ],
)
def test_bad_cells_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        parse(write, row)


def test_wrong_files_are_refused(write):
    with pytest.raises(DataError, match=r"one row for each a, b, year"):
        parse(write, "1990,FRA,DEU,1", "1990,FRA,DEU,2")
    with pytest.raises(DataError, match=r"none called origin or exporter"):
        parse(write, "1,2,3,4", head="year,from,to,level")
    with pytest.raises(DataError, match=r"check 'rows'"):
        eia.SOURCE.read(write("x.csv", [HEAD, "1990,FRA,DEU,1"]))


CELLS = st.dictionaries(
    st.tuples(st.sampled_from([("FRA", "ITA"), ("ITA", "FRA")]), st.integers(1990, 1996)), st.integers(1, 6), min_size=1
)


@given(CELLS)
def test_statements_give_back_the_cells(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("eia") / "x.csv"
    path.write_text("\n".join([HEAD, *(f"{year},{a},{b},{level}" for ((a, b), year), level in cells.items())]))
    last = max(year for _, year in cells)
    got = {}
    for a, b, first, until, level, unit in spans(eia.parse(path)):
        for year in range(first, (until or last) + 1):
            got[(a, b), year] = level
            if unit == "mutual":
                got[(b, a), year] = level
    assert got == cells


def test_real_cells_are_those_of_the_file(real, shared_data):
    parsed = real("eia")
    assert (parsed.rows, parsed.used) == (231_372, 222_237)
    assert parsed.frame("tie").height == 9_851
    raw = pl.read_parquet(shared_data / "bilateral_fdi_eia" / "eia_1950_2012.parquet").with_columns(
        pl.col("origin", "destination", "EconomicIntegrationAgreements").cast(pl.String)
    )
    ties = spans(parsed)
    for a, b in (("USA", "CAN"), ("FRA", "DEU"), ("KEN", "GBR"), ("GBR", "KEN"), ("CHL", "CHN"), ("BRA", "ARG")):
        rows = raw.filter(pl.col("origin") == a, pl.col("destination") == b)
        want = {row["year"]: eia.LEVELS[row["EconomicIntegrationAgreements"]] for row in rows.to_dicts()}
        got = {
            year: level
            for x, y, first, until, level, unit in ties
            if (x, y) == (a, b) or (unit == "mutual" and (y, x) == (a, b))
            for year in range(first, (until or 2012) + 1)
        }
        assert got == want, (a, b)
