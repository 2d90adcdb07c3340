"""Major and regional powers: days, ends, and two lists that differ."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from multipolar import sources
from multipolar.errors import DataError
from multipolar.record import Record
from multipolar.sources.publishers import powers

MAJORS = "stateabb,ccode,styear,stmonth,stday,endyear,endmonth,endday,version"
MAOZ = "ccode,regstdate,regenddate,globstdate,globenddate"


def majors(write, *rows):
    return powers.parse_majors(write("majors2016.csv", [MAJORS, *rows]))


def maoz(write, *rows):
    return powers.parse_maoz(write("maoz_powers.csv", [MAOZ, *rows]))


def spans(parsed):
    return parsed.frame("trait").select("a", "kind", "valid_from", "valid_to").rows()


def test_a_power_has_its_days_and_no_end_where_the_list_ends(write):
    parsed = majors(write, "JPN,740,1895,4,1,1945,8,14,2016", "USA,2.0,1898.0,8.0,13.0,2016.0,12.0,31.0,2016")
    assert spans(parsed) == [
        ("JPN", "major_power", date(1895, 4, 1), date(1945, 8, 14)),
        ("USA", "major_power", date(1898, 8, 13), None),
    ]
    trait = parsed.frame("trait").to_dicts()[1]
    assert (trait["value"], trait["known_from"], trait["unit"]) == (1.0, date(1898, 12, 31), "major power (COW)")
    assert trait["original"] == "1898-08-13 to 2016-12-31"
    assert parsed.coverage[0].absence == "zero"


def test_a_row_of_maoz_can_hold_a_regional_and_a_global_power(write):
    parsed = maoz(write, "255,1816-01-01,1867-01-01,1867-01-01,1945-05-08", "750,1974-01-01,2019-12-31,NA,")
    assert spans(parsed) == [
        ("DEU", "major_power", date(1867, 1, 1), date(1945, 5, 8)),
        (
            "DEU",
            "regional_power",
            date(1816, 1, 1),
            date(1866, 12, 31),
        ),  # the global one begins on the day on which it ended
        ("IND", "regional_power", date(1974, 1, 1), None),
    ]
    assert (parsed.rows, parsed.used) == (2, 2)
    assert {row.kind for row in parsed.coverage} == {"major_power", "regional_power"}


def test_a_power_that_was_no_state_is_left_out(write):
    parsed = majors(write, "CZR,316,1900,1,1,1910,1,1,2016", "USA,2,1898,8,13,2016,12,31,2016")
    assert (parsed.rows, parsed.used) == (2, 1)
    assert parsed.left_out[0].examples == ("316",)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("JPN,740,18x5,4,1,1945,8,14,2016", ":2:styear: expected a whole number from 1816 to 2016, got '18x5'"),
        ("JPN,740,1895,2,30,1945,8,14,2016", ":2:first: expected a day"),
        ("JPN,740,1895,13,1,1945,8,14,2016", ":2:stmonth"),
        ("JPN,740,1945,4,1,1895,8,14,2016", ":2:last: expected a last day not before the first"),
        ("JPN,998,1895,4,1,1945,8,14,2016", ":2:a: expected a code of a state, got 998"),
    ],
)
def test_bad_cells_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        majors(write, row)


def test_wrong_files_are_refused(write):
    with pytest.raises(DataError, match=r"none called regstdate"):
        powers.parse_maoz(write("x.csv", [MAJORS]))
    with pytest.raises(DataError, match=r":2:regenddate: expected a day"):
        maoz(write, "750,1974-01-01,today,NA,NA")
    with pytest.raises(DataError, match=r"expected 14 rows"):
        powers.SOURCE_MAJORS.read(write("majors2016.csv", [MAJORS, "JPN,740,1895,4,1,1945,8,14,2016"]))
    with pytest.raises(DataError, match=r"an empty file"):
        powers.parse_majors(write("x.csv", []))


def test_both_enter_a_record(write):
    record = Record.memory()
    path = write("majors2016.csv", [MAJORS, "USA,2,1898,8,13,2016,12,31,2016"])
    sources.ingest("cow-majors", record, path, strict=False)
    path = write("maoz_powers.csv", [MAOZ, "2,1824-01-01,1898-12-31,1899-01-01,2019-12-31"])
    sources.ingest("maoz-powers", record, path, strict=False)
    assert record.view().counts()["trait"] == 3


def test_real_majors_of_some_years(real):
    """The great powers of 1914, 1938, 1960 and 2000 in the list of the Correlates of War."""
    traits = real("cow-majors").frame("trait")

    def on(day):
        there = (pl.col("valid_from") <= day) & (pl.col("valid_to").fill_null(date.max) >= day)
        return set(traits.filter(there)["a"])

    assert on(date(1914, 7, 1)) == {"USA", "GBR", "FRA", "DEU", "AUH", "ITA", "RUS", "JPN"}
    assert on(date(1938, 7, 1)) == {"USA", "GBR", "FRA", "DEU", "ITA", "RUS", "JPN"}
    assert on(date(1960, 7, 1)) == {"USA", "GBR", "FRA", "RUS", "CHN"}
    assert on(date(2000, 7, 1)) == {"USA", "GBR", "FRA", "RUS", "CHN", "DEU", "JPN"}


def test_real_lists_account_for_every_row(real):
    assert [(real(name).rows, real(name).used) for name in ("cow-majors", "maoz-powers")] == [(14, 14), (20, 20)]
    both = real("maoz-powers").frame("trait")
    assert both.group_by("a").agg(pl.col("valid_from").n_unique() == pl.len())["valid_from"].all()
    assert both.filter(pl.col("kind") == "major_power")["a"].to_list() == ["USA", "GBR", "FRA", "DEU", "RUS"]
