"""What each state is, and what happens between two, against plain loops over statements."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import record, statement

from multipolar.panels import COLUMNS, build
from multipolar.record import Coverage

FOUR = ("CHN", "FRA", "RUS", "USA")
KNOWN = date(2016, 1, 1)
YEARS = range(2000, 2009)

SPELL = st.tuples(
    st.sampled_from(FOUR), st.integers(1998, 2009), st.integers(1, 12), st.integers(0, 4), st.integers(-9, 9)
)


def spells(told) -> list[dict]:
    return [
        statement(
            a, None, "polity", date(year, month, 1), valid_to=date(year + length, month, 28), known_from=KNOWN,
            value=float(value), locator=f"p. {n}",
        )
        for n, (a, year, month, length, value) in enumerate(told)
    ]  # fmt: skip


@settings(max_examples=30)
@given(st.lists(SPELL, max_size=12, unique_by=lambda told: told[:3]))
def test_a_trait_is_that_of_the_spell_that_began_last(told):
    view = record(trait=spells(told)).view()
    asked = {"since": 2000, "until": 2008, "actors": FOUR, "columns": ["polity"]}
    states = build(view, unit="state-year", **asked).frame
    found = {row[:2]: row[2] for row in states.iter_rows()}
    for a in FOUR:
        for year in YEARS:
            here = [
                (first, month, length, value)
                for one, first, month, length, value in told
                if one == a and first <= year <= first + length
            ]
            assert found[a, year] == (float(max(here)[-1]) if here else None)
    for a, b, year, value_a, value_b in build(view, **asked).frame.iter_rows():
        assert (value_a, value_b) == (found[a, year], found[b, year])


TRIP = st.tuples(st.sampled_from(FOUR), st.sampled_from(FOUR), st.dates(date(2000, 1, 1), date(2008, 12, 31)))


@settings(max_examples=30)
@given(st.lists(TRIP, max_size=20, unique=True), st.sets(st.sampled_from(FOUR)))
def test_visits_are_counted_for_each_direction(trips, complete):
    going = [trip for trip in trips if trip[0] != trip[1]]
    events = [statement(a, b, "CONSULT", on, mode="visit", value=1.0) for a, b, on in going]
    span = (date(2000, 1, 1), date(2005, 12, 31))
    rows = [Coverage("paper", "event", "CONSULT:visit", (name,), "a", *span, "zero") for name in sorted(complete)]
    made = build(
        record(rows, event=events).view(), since=2000, until=2008, actors=FOUR, columns=["visits"], directed=True
    )
    for a, b, year, count in made.frame.iter_rows():
        paid = sum(trip[:2] == (a, b) and trip[2].year == year for trip in going)
        zero = 0.0 if a in complete and year <= 2005 else None
        assert count == (float(paid) if paid else zero)


@pytest.mark.parametrize("name", [column.name for column in COLUMNS if column.form == "trait" and column.how == "last"])
def test_every_trait_of_a_state_can_be_a_column(name):
    (column,) = (one for one in COLUMNS if one.name == name)
    value = 1.0
    told = statement(
        "USA", None, column.kinds[0], date(2003, 1, 1), valid_to=date(2003, 12, 31), known_from=KNOWN, value=value
    )
    made = build(record(trait=[told]).view(), unit="state-year", since=2002, until=2004, actors=["USA"], columns=[name])
    assert made.frame[name].to_list() == [None, value, None]
    assert made.trace("USA", None, 2003, name).ids == tuple(made.asked.view.statements("trait")["id"])


@pytest.mark.parametrize(
    "name",
    [
        column.name
        for column in COLUMNS
        if column.form == "tie" and column.sides in ("pair", "directed") and not column.only and column.how != "special"
    ],
)
def test_every_tie_can_be_a_column(name):
    (column,) = (one for one in COLUMNS if one.name == name)
    tie = statement("FRA", "USA", column.kinds[0], date(2003, 1, 1), valid_to=date(2003, 12, 31), value=1.0)
    made = build(
        record(tie=[tie]).view(), since=2002, until=2004, actors=FOUR[1::2], columns=[name], directed=True
    ).frame
    forward = made.filter(made["a"] == "FRA")[name].to_list()
    back = made.filter(made["a"] == "USA")[name].to_list()
    assert forward == [None, 1.0, None]
    assert back == ([None] * 3 if column.sides == "directed" else forward)


@pytest.mark.parametrize("name", [column.name for column in COLUMNS if column.form == "flow"])
def test_every_flow_can_be_a_column(name):
    (column,) = (one for one in COLUMNS if one.name == name)
    told = statement(
        "FRA", "USA", column.kinds[0], date(2003, 1, 1), valid_to=date(2003, 12, 31), known_from=KNOWN, value=7.0
    )
    made = build(record(flow=[told]).view(), since=2002, until=2004, actors=["FRA", "USA"], columns=[name])
    first, *other = (made.frame[each.output.name].to_list() for each in made.filled)
    assert first == [None, 7.0, None]
    assert other == ([[None] * 3] if column.sides == "directed" else [])
    assert made.codebook.entries[0].unit == column.unit
