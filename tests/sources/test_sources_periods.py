"""Codes with a period: cut where the state began, ended or gave way."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.errors import DataError
from multipolar.sources import periods, who
from multipolar.sources.files import ROW

CODES = ["2", "200", "255", "260", "265", "300", "345", "365", "678", "679", "710", "713"]


def spans(*rows):
    schema = {"a": pl.String, "b": pl.String, "first": pl.Date, "last": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row").with_row_index(ROW, offset=2)


def named(*rows, **options):
    return periods.name_periods(spans(*rows), Path("f.csv"), ("a", "b"), who.cow, **options)


def test_a_period_is_cut_where_one_state_gives_way_to_another():
    found = named(("345", "640", date(1910, 1, 1), date(2010, 12, 31)))
    pieces = found.select("a", "first", "last").rows()
    assert pieces[0] == ("SRB", date(1910, 1, 1), date(1918, 11, 30))
    assert pieces[-1] == ("SRB", date(2006, 6, 5), date(2010, 12, 31))
    assert {a for a, _, _ in pieces} == {"SRB", "YUG"}
    assert found["code_a"].unique().to_list() == ["345"]


def test_of_a_year_the_longest_piece_is_kept():
    found = named(("345", "2", date(1918, 1, 1), date(1918, 12, 31)), longest=True)
    assert found.select("a", "first", "last").rows() == [("SRB", date(1918, 1, 1), date(1918, 11, 30))]


def test_rows_without_a_state_are_gone_and_counted():
    rows = spans(("2", "300", date(1950, 1, 1), date(1951, 1, 1)), ("2", "365", date(1950, 1, 1), date(1951, 1, 1)))
    found = periods.name_periods(rows, Path("x"), ("a", "b"), who.cow)
    assert found["b"].to_list() == ["RUS"]
    left = periods.unused(rows, [found], periods.ABSENT, pl.format("{}-{}", "a", "b"))
    assert [(item.rows, item.examples) for item in left] == [(1, ("2-300",))]
    assert periods.unused(found, [found], "none", pl.col("a")) == ()


def test_a_code_of_one_actor_twice_makes_no_pair():
    assert named(("255", "260", date(1991, 1, 1), date(1991, 12, 31))).is_empty()


def test_an_unknown_code_is_named():
    with pytest.raises(DataError, match=r"f.csv:2:b: expected a code of a state, got '998'"):
        named(("2", "998", date(1950, 1, 1), date(1951, 1, 1)))


def test_years_are_cut_at_their_ends():
    cut = periods.yearly(spans(("2", "40", date(1961, 4, 15), date(1963, 2, 1))))
    assert cut.select("year", "first", "last").rows() == [
        (1961, date(1961, 4, 15), date(1961, 12, 31)),
        (1962, date(1962, 1, 1), date(1962, 12, 31)),
        (1963, date(1963, 1, 1), date(1963, 2, 1)),
    ]


DAYS = st.dates(date(1816, 1, 1), date(2020, 12, 31))


@given(st.sampled_from(CODES), st.sampled_from(CODES), DAYS, DAYS)
def test_pieces_lie_in_the_period_and_in_both_lives(a, b, one, other):
    first, last = min(one, other), max(one, other)
    found = named((a, b, first, last))
    days = 0
    for piece in found.to_dicts():
        assert first <= piece["first"] <= piece["last"] <= last
        assert piece["a"] != piece["b"]
        for actor, code in ((piece["a"], a), (piece["b"], b)):
            assert actor in who.cow(code)
            assert any(start <= piece["first"] and piece["last"] <= end for start, end in who.lives(actor))
        days += (piece["last"] - piece["first"]).days + 1
    assert days <= (last - first + timedelta(days=1)).days * len(who.cow(a)) * len(who.cow(b))


@given(DAYS, DAYS)
def test_years_together_are_the_period(one, other):
    first, last = min(one, other), max(one, other)
    cut = periods.yearly(spans(("2", "40", first, last)))
    assert (cut["first"].min(), cut["last"].max()) == (first, last)
    assert (cut["last"] - cut["first"]).dt.total_days().sum() + cut.height == (last - first).days + 1
    assert (cut["first"].dt.year() == cut["last"].dt.year()).all()
