"""From statements to cells: who comes first, how far a statement is carried, what a period holds of a flow."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import record, statement

from multipolar.indicators import Scope
from multipolar.indicators.blocs import with_reach as reach_of_indicators
from multipolar.panels import build
from multipolar.panels.catalogue import BY_NAME, COLUMNS
from multipolar.panels.told import ranks, with_reach
from multipolar.record import Coverage
from multipolar.sources import SOURCES

FOUR = ("CHN", "FRA", "RUS", "USA")


def test_pooled_sources_share_a_rank_and_others_never_do():
    keys = ["x:1", "gml-mid:2", "cow-mid:5", "a:1"]
    assert ranks(BY_NAME["dispute"], keys) == {"gml-mid:2": 0, "cow-mid:5": 1, "x:1": 2, "a:1": 2}
    flows = ranks(BY_NAME["exports"], ["x:1", "cow-trade:4", "imf-dots:2020", "a:1"])
    assert flows == {"imf-dots:2020": 0, "cow-trade:4": 1, "a:1": 2, "x:1": 3}


@given(st.lists(st.sampled_from(["imf:1", "imf:2", "baci:1", "b:1", "c:1", "cow-trade:4"]), unique=True))
def test_the_rank_of_a_source_never_depends_on_the_order_in_which_it_is_met(keys):
    assert ranks(BY_NAME["exports"], keys) == ranks(BY_NAME["exports"], keys[::-1])
    assert sorted(ranks(BY_NAME["exports"], keys).values()) == list(range(len(keys)))


def test_preferred_names_are_of_data_sets_that_can_be_read():
    known = {coverage.source for source in SOURCES for coverage in source.coverage} | {
        source.name for source in SOURCES
    }
    spelled = {column.prefer for column in COLUMNS}
    unknown = {start for starts in spelled for start in starts if not any(key.startswith(start) for key in known)}
    assert unknown <= {"cow-nmc"}, unknown


SPELL = st.tuples(st.sampled_from(["paper", "other"]), st.integers(2000, 2008), st.one_of(st.none(), st.integers(0, 4)))


@settings(max_examples=30)
@given(st.lists(SPELL, min_size=1, max_size=8, unique=True), st.booleans(), st.booleans())
def test_a_tie_reaches_as_far_as_indicators_carry_it(spells, named, whole):
    rows = []
    if named:
        rows.append(Coverage("paper", "tie", "defence", (), "both", date(2000, 1, 1), date(2010, 6, 30), "zero"))
    if whole:
        rows.append(Coverage("other", "tie", "rivalry", (), "both", date(2000, 1, 1), date(2011, 6, 30), "zero"))
    ties = [
        statement(
            "FRA", "USA", "defence", date(year, 1, 1), source=source, value=1.0, locator=f"p. {n}",
            valid_to=None if length is None else date(year + length, 12, 31),
        )
        for n, (source, year, length) in enumerate(spells)
    ]  # fmt: skip
    view = record(rows, tie=ties).view()
    scope = Scope(view, ("FRA", "USA"), date(2000, 1, 1), date(2020, 12, 31))
    frame = view.statements("tie")
    theirs = dict(reach_of_indicators(scope, frame).select("id", "until").iter_rows())
    assert dict(with_reach(view, "tie", frame).select("id", "until").iter_rows()) == theirs


def flow(a, b, first: date, last: date, value: float, **more):
    return statement(a, b, "exports", first, valid_to=last, known_from=date(2015, 1, 1), value=value, **more)


MONTH = st.tuples(st.sampled_from(list(permutations(FOUR, 2))), st.integers(0, 35), st.integers(1, 9))
MONTHS = st.lists(MONTH, max_size=30, unique_by=lambda told: told[:2])


@settings(max_examples=30)
@given(MONTHS, st.booleans())
def test_months_add_up_to_a_year_only_where_all_are_told_or_the_rest_is_none(told, complete):
    flows = []
    for (a, b), month, value in told:
        year, place = 2000 + month // 12, month % 12 + 1
        flows.append(flow(a, b, date(year, place, 1), date(year, place, monthrange(year, place)[1]), float(value)))
    rows = [Coverage("paper", "flow", "exports", (), "both", date(2000, 1, 1), date(2001, 12, 31), "zero")]
    made = build(
        record(rows if complete else [], flow=flows).view(), since=2000, until=2002, actors=FOUR, columns=["exports"],
        directed=True,
    ).frame  # fmt: skip
    for a, b, year, value in made.iter_rows():
        mine = {month: v for pair, month, v in told if pair == (a, b) and month // 12 == year - 2000}
        zero = complete and year < 2002
        assert value == (float(sum(mine.values())) if len(mine) == 12 or zero else None)


def test_months_are_figures_of_their_month():
    flows = [flow("FRA", "USA", date(2000, n, 1), date(2000, n, monthrange(2000, n)[1]), float(n)) for n in (1, 2, 12)]
    made = build(
        record(flow=flows).view(),
        unit="dyad-month",
        since=2000,
        until="2000-12",
        actors=["FRA", "USA"],
        columns=["exports"],
    ).frame
    assert made["exports_ab"].to_list() == [1.0, 2.0, *[None] * 9, 12.0]


def test_what_is_held_at_the_end_of_a_year_is_the_figure_of_december():
    held = {**flow("FRA", "USA", date(2000, 1, 1), date(2000, 12, 31), 7.0), "kind": "investment_stock"}
    asked = {"actors": ["FRA", "USA"], "columns": ["investment_stock"]}
    view = record(flow=[held]).view()
    months = build(view, unit="dyad-month", since=2000, until="2000-12", **asked).frame
    assert months["investment_stock_ab"].to_list() == [*[None] * 11, 7.0]
    assert build(view, since=2000, until=2000, **asked).frame["investment_stock_ab"].to_list() == [7.0]


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2000, 1, 31), date(2000, 3, 1), [1, 2, 3]),
        (date(1999, 5, 1), date(2000, 1, 1), [1]),
        (date(2000, 12, 31), date(2005, 1, 1), [12]),
        (date(2000, 6, 15), date(2000, 6, 15), [6]),
    ],
)
def test_a_tie_counts_in_every_month_that_it_touches(first, last, months):
    tie = statement("FRA", "USA", "defence", first, valid_to=last, value=1.0)
    made = build(
        record(tie=[tie]).view(),
        unit="dyad-month",
        since=2000,
        until="2000-12",
        actors=["FRA", "USA"],
        columns=["defence"],
    ).frame
    assert made.filter(made["defence"] == 1.0)["month"].to_list() == months


def test_a_withdrawn_statement_is_gone_and_a_past_day_still_has_it():
    from multipolar.record import Correction

    tie = statement("FRA", "USA", "defence", date(2001, 1, 1), valid_to=date(2001, 12, 31), value=1.0)
    made = record(tie=[tie])
    (key,) = made.view().statements("tie")["id"]
    made.correct([Correction(key, date(2010, 1, 1), "an error of the print", "other")])
    asked = {"since": 2001, "until": 2001, "actors": ["FRA", "USA"], "columns": ["defence"]}
    assert build(made.view(date(2009, 12, 31)), **asked).frame["defence"].to_list() == [1.0]
    assert build(made.view(), **asked).frame["defence"].to_list() == [None]


def test_statements_about_others_are_no_rows():
    ties = [
        statement("FRA", "EU", "defence", date(2001, 1, 1), valid_to=date(2001, 12, 31), value=1.0),
        statement("FRA", "DEU", "defence", date(2001, 1, 1), valid_to=date(2001, 12, 31), value=1.0),
    ]
    made = build(record(tie=ties).view(), since=2001, until=2001, actors=FOUR, columns=["defence"]).frame
    assert made["defence"].null_count() == made.height == 6
