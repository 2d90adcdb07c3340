"""Where silence means none: every role, list of states and stretch of coverage, against the sentence that defines it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import record, statement

from multipolar.panels import build
from multipolar.panels.catalogue import BY_NAME
from multipolar.panels.covered import complete, listed
from multipolar.record import Coverage

FOUR = ("CHN", "FRA", "RUS", "USA")
BEGIN = date(2000, 1, 1)


def row(kind="defence", *, form="tie", actors=(), role="both", first=BEGIN, last=date(2002, 12, 31), **more):
    return Coverage(
        more.pop("source", "paper"), form, kind, actors, role, first, last, more.pop("absence", "zero"), **more
    )


def zeros(column: str, *rows: Coverage, directed: bool = True, since: int = 2001, until: int = 2001, **asked):
    """Pairs for which a column is an observed zero."""
    made = build(
        record(rows).view(), since=since, until=until, actors=FOUR, columns=[column], directed=directed, **asked
    ).frame
    name = made.columns[-1]
    return set(made.filter(made[name] == 0.0).select("a", "b").iter_rows())


EVERY = set(permutations(FOUR, 2))
ROLES = {
    "a": lambda a, b, inside: a in inside,
    "b": lambda a, b, inside: b in inside,
    "any": lambda a, b, inside: a in inside or b in inside,
    "both": lambda a, b, inside: a in inside and b in inside,
}


@settings(max_examples=20)
@given(st.sampled_from(sorted(ROLES)), st.sets(st.sampled_from(FOUR), min_size=1))
def test_of_a_directed_kind_the_side_that_is_covered_counts(role, inside):
    found = zeros("sanctions", row("sanction", actors=tuple(sorted(inside)), role=role))
    assert found == {(a, b) for a, b in EVERY if ROLES[role](a, b, inside)}


@settings(max_examples=20)
@given(st.sampled_from(sorted(ROLES)), st.sets(st.sampled_from(FOUR), min_size=1))
def test_of_a_pair_one_that_is_covered_is_enough_unless_both_must_be(role, inside):
    found = zeros("dispute", row("dispute", actors=tuple(sorted(inside)), role=role))
    enough = 2 if role == "both" else 1
    assert found == {(a, b) for a, b in EVERY if (a in inside) + (b in inside) >= enough}


def test_a_list_without_actors_is_about_everybody():
    assert zeros("sanctions", row("sanction", role="a")) == EVERY
    assert zeros("dispute", row("dispute")) == EVERY


def test_missing_stays_missing():
    assert zeros("dispute", row("dispute", absence="missing")) == set()
    assert zeros("dispute", row("rivalry")) == set()
    assert zeros("dispute", row("dispute", first=date(2001, 1, 2))) == set()
    assert zeros("dispute", row("dispute", last=date(2001, 12, 30))) == set()


def test_actors_of_whom_the_panel_has_no_row_change_nothing():
    assert zeros("dispute", row("dispute", actors=("DEU", "EU"), role="any")) == set()


def test_a_mode_of_events_is_covered_by_its_own_row_or_by_that_of_the_kind():
    assert zeros("visits", row("CONSULT:visit", form="event", role="a")) == EVERY
    assert zeros("visits", row("CONSULT", form="event", role="a")) == EVERY
    assert zeros("visits", row("CONSULT:phone", form="event", role="a")) == set()


def test_of_several_kinds_each_must_be_covered_by_somebody():
    kinds = BY_NAME["alliance"].kinds
    assert zeros("alliance", *(row(kind) for kind in kinds)) == EVERY
    assert zeros("alliance", *(row(kind, source="other" if kind == "offence" else "paper") for kind in kinds)) == EVERY
    assert zeros("alliance", *(row(kind) for kind in kinds[1:])) == set()


STRETCHES = st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 900)), min_size=1, max_size=6)


@settings(max_examples=25)
@given(STRETCHES)
def test_stretches_that_touch_are_one_and_a_gap_is_a_gap(stretches):
    spans = [(BEGIN + timedelta(days=start), BEGIN + timedelta(days=start + length)) for start, length in stretches]
    rows = [row("dispute", first=first, last=last) for first, last in spans]
    made = build(record(rows).view(), since=2000, until=2013, actors=FOUR, columns=["dispute"])
    joined = complete(made.asked, BY_NAME["dispute"], "dispute")
    days = {first + timedelta(days=n) for first, last in spans for n in range((last - first).days + 1)}
    told = {one.first + timedelta(days=n) for one in joined for n in range((one.last - one.first).days + 1)}
    assert told == days
    assert all(later.first > before.last + timedelta(days=1) for before, later in pairwise(joined))
    for year in range(2000, 2014):
        whole = all(date(year, 1, 1) + timedelta(days=n) in days for n in range(365))
        whole &= date(year, 12, 31) in days
        (cell,) = set(made.frame.filter(made.frame["year"] == year)["dispute"])
        assert cell == (0.0 if whole else None)


@pytest.mark.parametrize(
    ("source", "note", "system"),
    [
        ("atop:5.1", "", "cow"),
        ("cow-igo:3", "", "cow"),
        ("gml-mid:2.2.1", "", "cow"),
        ("x:1", "all pairs of states in the Correlates of War system", "cow"),
        ("x:1", "states of the COW system", "cow"),
        ("x:1", "all states in the list of Gleditsch & Ward", "gw"),
        ("ucdp-acd:25.1", "", "gw"),
        ("sipri-deliveries:2026", "major conventional arms, states only", "all"),
        ("cowboys:1", "scowls", "all"),
    ],
)
def test_whose_list_a_source_goes_by(source, note, system):
    assert listed(row(source=source, note=note)) == system


def test_outside_the_list_of_its_source_a_zero_needs_another():
    note = "all pairs of states in the Correlates of War system"
    cow = row("dispute", first=date(1816, 1, 1), note=note)
    either = row("dispute", first=date(1840, 1, 1), last=date(1849, 12, 31), source="other")
    asked = {"since": 1830, "until": 1870, "actors": ("CHN", "FRA"), "columns": ["dispute"]}
    frame = build(record([cow, either]).view(), **asked).frame
    assert frame.filter(frame["dispute"] == 0.0)["year"].to_list() == [*range(1840, 1850), *range(1860, 1871)]


def test_a_list_of_the_panel_does_not_change_what_a_source_lists():
    note = "all pairs of states in the Correlates of War system"
    coverage = row("dispute", first=date(1816, 1, 1), note=note)
    frame = build(record([coverage]).view(), since=1985, until=1985, columns=["dispute"], system="gw").frame
    outside = (frame["a"] == "AND") | (frame["b"] == "AND")  # in the system of Correlates of War from 1993
    assert outside.sum() > 100
    assert frame.filter(outside)["dispute"].null_count() == outside.sum()
    assert frame.filter(~outside)["dispute"].null_count() < 0.3 * frame.height


def test_what_is_told_outside_the_list_is_told():
    note = "all pairs of states in the Correlates of War system"
    tie = statement("CHN", "FRA", "dispute", date(1840, 3, 1), valid_to=date(1841, 1, 1), value=5.0)
    coverage = row("dispute", first=date(1816, 1, 1), note=note)
    frame = build(
        record([coverage], tie=[tie]).view(), since=1839, until=1842, actors=["CHN", "FRA"], columns=["dispute"]
    ).frame
    assert frame["dispute"].to_list() == [None, 1.0, 1.0, None]
