"""Sanctions: runs of years with the same types."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.errors import DataError
from multipolar.sources.publishers import sanctions

HEAD = "sender,target,year,type"


def parse(write, *rows):
    return sanctions.parse(write("sanctions_long.csv", [HEAD, *rows]))


def spans(parsed):
    return parsed.frame("tie").select("a", "b", "valid_from", "valid_to", "value", "original").rows()


def test_years_with_the_same_types_are_one_statement(write):
    parsed = parse(
        write,
        "USA,CUB,1962,trade", "USA,CUB,1963,trade", "USA,CUB,1964,trade", "USA,CUB,1964,travel",
        "USA,CUB,1970,trade", "USA,CUB,2021,arms",
    )  # fmt: skip
    assert spans(parsed) == [
        ("USA", "CUB", date(2021, 1, 1), None, 1.0, "arms"),
        ("USA", "CUB", date(1962, 1, 1), date(1963, 12, 31), 1.0, "trade"),
        ("USA", "CUB", date(1970, 1, 1), date(1970, 12, 31), 1.0, "trade"),
        ("USA", "CUB", date(1964, 1, 1), date(1964, 12, 31), 2.0, "trade, travel"),
    ]
    assert parsed.frame("tie")["known_from"].max() == date(2021, 12, 31)
    cover = parsed.coverage[0]
    assert (cover.role, cover.absence, cover.first, cover.last) == ("a", "zero", date(1960, 1, 1), date(2021, 12, 31))
    assert "EU" in cover.actors
    assert "RUS" not in cover.actors


def test_targets_are_the_states_of_their_year(write):
    parsed = parse(
        write,
        "EU,SRB,1995,arms", "EU,SRB,2007,arms", "EU,RUS,1980,trade", "USA,MNE,1995,arms", "USA,HKG,2020,trade",
        "DEU,DEU,1990,trade",
    )  # fmt: skip
    assert [row[1] for row in spans(parsed)] == ["YUG", "SRB", "RUS"] or {row[1] for row in spans(parsed)} == {
        "YUG", "SRB", "RUS",
    }  # fmt: skip
    assert {item.reason: item.rows for item in parsed.left_out} == {
        "the state did not exist in that year": 1,
        "a territory of China, no state": 1,
        "both sides are the same actor": 1,
    }
    assert parsed.used == 3


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("RUS,USA,1990,trade", ":2:sender: expected one of CAN"),
        ("USA,RUS,1990,unfriendly", ":2:type: expected one of arms"),
        ("USA,RUS,1959,trade", ":2:year: expected a whole number from 1960 to 2021"),
        ("USA,QQQ,1990,trade", ":2:b: expected a code or name of a state, got 'QQQ'"),
        ("USA,,1990,trade", ":2:target: expected a value"),
        ("USA,RUS,1990,trade,x", ":2:row: expected 4 cells"),
    ],
)
def test_bad_cells_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        parse(write, row)


def test_wrong_files_are_refused(write):
    with pytest.raises(DataError, match=r"one row for each sender, target, year, type"):
        parse(write, "USA,RUS,1990,trade", "USA,RUS,1990,trade")
    with pytest.raises(DataError, match=r"none called sender"):
        sanctions.parse(write("x.csv", ["a,b", "1,2"]))
    with pytest.raises(DataError, match=r"expected 26,850 rows"):
        sanctions.SOURCE.read(write("x.csv", [HEAD, "USA,RUS,1990,trade"]))


CELLS = st.sets(st.tuples(st.integers(2000, 2021), st.sampled_from(sanctions.TYPES)), min_size=1)


@given(CELLS)
def test_statements_give_back_the_cells(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("sanctions") / "x.csv"
    path.write_text("\n".join([HEAD, *(f"USA,RUS,{year},{kind}" for year, kind in cells)]))
    got = {
        (year, kind)
        for row in sanctions.parse(path).frame("tie").to_dicts()
        for year in range(row["valid_from"].year, (row["valid_to"] or date(2021, 1, 1)).year + 1)
        for kind in row["original"].split(", ")
    }
    assert got == cells


def test_real_cells_are_those_of_the_file(real, shared_data):
    raw = pl.read_parquet(shared_data / "sanctions_g7_eu_1960_2021" / "sanctions_long_1960_2021.parquet")
    parsed = real("sanctions")
    assert parsed.rows == raw.height == 26_850
    assert parsed.used == 26_373
    ties = parsed.frame("tie")
    for sender, target in (("USA", "CUB"), ("EU", "RUS"), ("USA", "RUS"), ("GBR", "IRN"), ("JPN", "PRK")):
        rows = raw.filter(pl.col("sender") == sender, pl.col("target") == target)
        want = dict(rows.group_by("year").len().rows())
        got = {
            year: row["value"]
            for row in ties.filter(pl.col("a") == sender, pl.col("b") == target).to_dicts()
            for year in range(row["valid_from"].year, (row["valid_to"] or date(2021, 1, 1)).year + 1)
        }
        assert got == want, (sender, target)


CELLS_OF_PANEL = [f"{sender}_{kind.upper()}" for sender in sanctions.SENDERS for kind in sanctions.TYPES]


def panel(write, *rows):
    """Rows of the wide panel: (target, year, columns in force)."""
    lines = [
        ",".join([target, str(year), "9.5", *(str(int(name in force)) for name in CELLS_OF_PANEL)])
        for target, year, force in rows
    ]
    head = ",".join(["iso3st", "year", "gdppc_t", *CELLS_OF_PANEL])
    return sanctions.parse(write("panel_data_as_is.csv.gz", [head, *lines]))


def test_the_wide_panel_holds_the_same_cells(write):
    wide = panel(
        write, ("CUB", 1962, {"USA_TRADE"}), ("CUB", 1963, {"USA_TRADE", "USA_TRAVEL"}), ("RUS", 1963, set()),
        ("HKG", 1963, {"EU_ARMS"}), ("FRA", 1963, {"FRA_ARMS"}),
    )  # fmt: skip
    long = parse(write, "USA,CUB,1962,trade", "USA,CUB,1963,trade", "USA,CUB,1963,travel")
    assert sorted(spans(wide)) == sorted(spans(long))
    assert (wide.layout, wide.rows, wide.used) == ("wide", 5 * 40, 3)
    reasons = {item.reason: item.rows for item in wide.left_out}
    assert reasons[sanctions.NOT_IN_FORCE] == 195
    assert reasons["both sides are the same actor"] == 1


def test_bad_cells_of_the_wide_panel_are_named(write):
    with pytest.raises(DataError, match=r"one row for each target, year"):
        panel(write, ("CUB", 1962, set()), ("CUB", 1962, set()))
    with pytest.raises(DataError, match=r"none called .*USA_TRADE"):
        sanctions.parse(write("x.csv", ["iso3st,year", "CUB,1962"]))
    with pytest.raises(DataError, match=r":2:year: expected a whole number"):
        panel(write, ("CUB", "19x2", {"USA_TRADE"}))


def test_real_wide_panel_is_the_long_one(real, shared_data):
    wide = sanctions.SOURCE.read(shared_data / "sanctions_g7_eu_1960_2021" / "panel_data_as_is.csv.gz")
    assert (wide.rows, wide.used) == (520_800, 26_373)
    columns = ["a", "b", "valid_from", "valid_to", "original", "value"]
    told = real("sanctions").frame("tie").select(columns).sort(columns)
    assert wide.frame("tie").select(columns).sort(columns).equals(told)
