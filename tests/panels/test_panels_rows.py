"""Rows of a panel: who exists when, by whose list, in which order, with which codes."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import record

from multipolar.actors import states
from multipolar.errors import UsageError
from multipolar.panels import build
from multipolar.panels.periods import Clock
from multipolar.panels.rows import alive

VIEW = record().view()


def existed(year: int, code: str | None = None) -> set[str]:
    """Ids of the states that existed on some day of a year, the slow way."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return {
        actor.id
        for actor in states()
        for spell in actor.spells
        if spell.start <= last and (spell.end is None or spell.end >= first)
        if code is None or getattr(spell.codes, code) is not None
    }


@pytest.mark.parametrize(("system", "code"), [("all", None), ("cow", "cow"), ("gw", "gw")])
@pytest.mark.parametrize("year", [1816, 1871, 1918, 1938, 1945, 1990, 1991, 2006, 2011, 2023])
def test_a_state_counts_in_a_year_when_it_existed_on_any_day_of_it(system, code, year):
    frame = build(VIEW, unit="state-year", since=year, until=year, columns=[], system=system).frame
    assert set(frame["state"]) == existed(year, code)
    assert frame.height == len(existed(year, code))


def test_pairs_of_a_year_are_all_of_them_once_or_in_both_directions():
    here = existed(1990)
    once = build(VIEW, since=1990, until=1990, columns=[]).frame
    both = build(VIEW, since=1990, until=1990, columns=[], directed=True).frame
    assert set(once.select("a", "b").iter_rows()) == {(a, b) for a in here for b in here if a < b}
    assert set(both.select("a", "b").iter_rows()) == {(a, b) for a in here for b in here if a != b}
    assert {"DDR", "DEU", "YMD", "YEM"} <= here


@pytest.mark.parametrize(
    ("state", "year", "code"), [("JPN", 1945, 740), ("BEL", 1940, 211), ("POL", 1939, 290), ("AUT", 1938, 305)]
)
def test_a_code_that_lapsed_within_the_year_is_still_that_of_its_row(state, year, code):
    frame = build(VIEW, unit="state-year", since=year, until=year + 1, columns=[], codes=["cow"], actors=[state]).frame
    assert frame.filter(pl.col("year") == year)["cow"].to_list() == [code]
    assert frame.filter(pl.col("year") == year + 1)["cow"].to_list() == [None]


def test_rows_are_sorted_by_pair_and_then_by_period():
    frame = build(VIEW, since=1989, until=1992, columns=[]).frame
    assert frame.equals(frame.sort("a", "b", "year"))


def test_all_years_of_all_pairs_are_about_a_million():
    rows = build(VIEW, until=2023, columns=[]).asked.grid.a.size
    yearly = sum(n * (n - 1) // 2 for n in (len(existed(year)) for year in range(1816, 2024, 23)))
    assert 1_000_000 < rows < 1_500_000
    assert rows > yearly


def test_a_month_has_who_existed_in_it():
    frame = build(VIEW, unit="dyad-month", since="1990-09", until="1990-11", columns=[], actors=["DDR", "DEU"]).frame
    assert frame.rows() == [("DDR", "DEU", 1990, 9), ("DDR", "DEU", 1990, 10)]


def test_codes_are_those_of_the_last_day_in_the_period():
    frame = build(
        VIEW, unit="state-year", since=1989, until=1991, columns=[], actors=["DEU"], codes=("cow", "gw", "iso3", "name")
    ).frame
    assert frame["cow"].to_list() == [260, 255, 255]
    assert frame["iso3"].to_list() == ["DEU"] * 3


def test_codes_of_pairs_stand_for_each_side():
    frame = build(VIEW, since=2000, until=2000, columns=[], actors=["USA", "RUS"], codes=("cow",)).frame
    assert frame.rows() == [("RUS", "USA", 2000, 365, 2)]


def test_by_default_the_last_period_is_the_last_whole_one():
    view = record().view(date(2020, 6, 15))
    assert build(view, columns=[], since=2018).frame["year"].max() == 2019
    months = build(view, columns=[], since="2020-01", unit="dyad-month", actors=["USA", "RUS"]).frame
    assert months["month"].to_list() == [1, 2, 3, 4, 5]
    assert build(record().view(date(2019, 12, 31)), columns=[], since=2018).frame["year"].max() == 2019


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"since": 2010, "until": 2005}, "first day before the last"),
        ({"until": 2999}, "not after today"),
        ({"until": 2020}, "not after today (2019-06-01)"),
        ({"since": "20x0"}, "expected a date"),
        ({"since": 1700}, "from 1816 on"),
        ({"unit": "dyad-week"}, "unit of a panel"),
        ({"system": "un"}, "list of states"),
        ({"codes": ("fips",)}, "code of a state"),
        ({"columns": ["defense"]}, "column of a panel"),
        ({"columns": ["defence"], "unit": "state-year"}, "about one state"),
        ({"columns": ["indicator_votes"]}, "column of years"),
        ({"actors": ["Atlantis"]}, "actor"),
        ({"unit": "state-year", "directed": True}, "expected pairs"),
    ],
)
def test_what_cannot_be_is_refused(asked, says):
    with pytest.raises(UsageError) as error:
        build(record().view(date(2019, 6, 1)), **asked)
    assert says in str(error.value)


def test_an_unknown_column_is_answered_with_close_ones():
    with pytest.raises(UsageError, match="Did you mean defence"):
        build(VIEW, columns=["defense"])


@given(st.integers(1816, 2030), st.integers(1, 12), st.integers(0, 40))
def test_periods_are_numbered_in_a_row(year, month, more):
    clock = Clock(True, year * 12 + month - 1, year * 12 + month - 1 + more)
    first = clock.begins(clock.first)
    assert (first.year, first.month, first.day) == (year, month, 1)
    assert clock.of(first) == clock.of(clock.ends(clock.first)) == clock.first
    assert (clock.begins(clock.first + 1) - clock.ends(clock.first)).days == 1
    assert clock.read(clock.text(clock.last)) == clock.last
    assert clock.count == more + 1


def test_a_state_that_came_back_is_away_in_between():
    years = alive(Clock(False, 1930, 2000), "all", ["EST"])["period"].to_list()
    assert 1940 in years
    assert 1950 not in years
    assert 1991 in years
