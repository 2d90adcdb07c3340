"""Breaks at changes of leaders: the change and its test against slow ways, and the labelled layer on a simulated world."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulated import STATES, simulated

import multipolar
from multipolar import Refusal, UsageError, World
from multipolar.measures import leader_break, leader_breaks, leader_changes
from multipolar.measures.arrays.breaks import against, apart, changes, clear
from multipolar.measures.breaks_dates import change_to
from multipolar.ties import Ties

WINDOW = 6


@given(st.integers(0, 10_000), st.integers(1, 5))
def test_changes_are_differences_of_means(seed: int, window: int) -> None:
    random = np.random.default_rng(seed)
    series, known = random.normal(size=(2, 24)), random.random((2, 24)) > 0.1
    found = changes(series, known, window)
    for row in range(2):
        for month in range(24):
            inside = month - window >= 0 and month + window <= 24 and known[row, month - window : month + window].all()
            if not inside:
                assert np.isnan(found[row, month])
            else:
                before, after = series[row, month - window : month], series[row, month : month + window]
                assert found[row, month] == pytest.approx(after.mean() - before.mean())


def test_a_series_shorter_than_its_windows_has_no_change() -> None:
    assert np.isnan(changes(np.zeros(5), np.ones(5, dtype=bool), 3)).all()


@given(st.lists(st.integers(-5, 40), max_size=4), st.integers(1, 6))
def test_a_clear_month_has_no_event_in_its_windows(events: list[int], window: int) -> None:
    free = clear(30, np.array(events, dtype=np.int64), window)
    for month in range(30):
        months = range(month - window, month + window)
        # an event in the first month of a window after counts as well: it is the change itself of that month
        assert free[month] == (not any(event in months for event in events))


@given(st.sets(st.integers(0, 60), max_size=12), st.integers(1, 5))
def test_windows_apart_are_the_most_that_do_not_overlap(months: set[int], window: int) -> None:
    ordered = sorted(months)
    best = [0] * (len(ordered) + 1)
    for i, month in enumerate(ordered):
        fits = [j for j in range(i) if month - ordered[j] >= 2 * window]
        best[i + 1] = max([1 + (best[j + 1]) for j in fits] or [1])
    assert apart(np.array(ordered, dtype=np.int64), window) == max(best)


def test_a_placebo_test_is_a_rank() -> None:
    placebo = np.array([-0.2, -0.1, 0.0, 0.1, 0.2])
    found = against(0.5, placebo, 100)
    assert found.effect == pytest.approx(0.5)
    assert found.p == pytest.approx(1 / 6)
    assert against(0.1, placebo, 100).p == pytest.approx(5 / 6)
    assert against(0.5, placebo, 3).p == pytest.approx(1 / 4), "no smaller than windows apart can show"
    assert found.lo90 < found.lo50 < found.effect < found.hi50 < found.hi90


def test_under_no_effect_p_is_not_small_too_often() -> None:
    random = np.random.default_rng(2)
    small = [against(float(d[0]), d[1:], 60).p <= 0.1 for d in random.normal(size=(2000, 61))]
    assert 0.08 < np.mean(small) < 0.12
    covered = [
        found.lo90 <= 0.0 <= found.hi90
        for found in (against(float(d[0]), d[1:], 60) for d in random.normal(size=(2000, 61)))
    ]
    assert 0.88 < np.mean(covered) < 0.92


def test_leaders_change_when_another_person_comes() -> None:
    days = {change.day: change.name for change in leader_changes("USA", ("head_of_state",))}
    assert days[date(2009, 1, 20)] == "Barack Obama"
    assert date(2013, 1, 20) not in days, "a second term is no change"
    assert {change.name for change in leader_changes("RUS", ("head_of_state",), date(2009, 1, 1))} >= {
        "Dmitry Medvedev"
    }
    with pytest.raises(UsageError, match="office of a leader"):
        leader_changes("USA", ("spokesperson",))


def test_a_leader_is_found_by_name_once() -> None:
    assert change_to(("RUS", "USA"), "obama").day == date(2009, 1, 20)
    assert change_to(("RUS", "USA"), "Dmitry Medvedev", ("head_of_state",)).day == date(2008, 5, 7)
    with pytest.raises(UsageError, match="several times"):
        change_to(("RUS", "USA"), "Putin")
    with pytest.raises(UsageError, match="leader of RUS or USA"):
        change_to(("RUS", "USA"), "Napoleon")


@pytest.fixture(scope="module")
def world() -> World:
    return multipolar.open(simulated(), since="2000-01", actors=STATES)


@pytest.fixture(scope="module")
def ties(world: World) -> Ties:
    """The simulated world's ties with others in their place: noise, and a break of the United States' in January 2009."""
    made = world.ties
    random = np.random.default_rng(6)
    mean = random.normal(0.0, 0.05, size=made.mean.shape)
    ours = ((made.pairs["a"] == "USA") | (made.pairs["b"] == "USA")).to_numpy()
    mean[np.ix_(ours, np.arange(made.month_index(date(2009, 1, 1)), len(made.months)))] += 1.0
    return replace(made, mean=mean)


def test_a_break_is_found_at_its_month(ties: Ties) -> None:
    found = leader_break(ties, "USA", "AUS", leader="Barack Obama", window=WINDOW, offices=("head_of_state",))
    assert (found.at, found.leader.name if found.leader else "") == (date(2009, 1, 1), "Barack Obama")
    row, place = ties.pair_index("AUS", "USA"), ties.month_index(found.at)
    series = ties.mean[row]
    assert found.within.change == pytest.approx(series[place : place + 6].mean() - series[place - 6 : place].mean())
    assert found.within.lo90 > 0.7
    assert found.within.p == pytest.approx(1 / (1 + found.within.apart))
    assert found.month == date(2009, 6, 1)
    assert found.pairs == (("AUS", "USA"),)
    assert any("not why" in note for note in found.notes)


def test_placebo_months_hold_no_change_and_not_the_break(ties: Ties) -> None:
    found = leader_break(ties, "USA", "AUS", at=date(2009, 1, 1), window=WINDOW, offices=("head_of_state",))
    index = [ties.month_index(month) for month in found.placebos["month"]]
    at = ties.month_index(date(2009, 1, 1))
    assert all(abs(month - at) >= WINDOW for month in index)
    days = [change.day for actor in ("USA", "AUS") for change in leader_changes(actor, ("head_of_state",))]
    for day in days:
        place = (day.year - 2000) * 12 + day.month - 1
        assert not any(month - WINDOW <= place < month + WINDOW for month in index)
    assert found.within.placebos == found.placebos.height


def test_no_break_no_finding(ties: Ties) -> None:
    found = leader_break(ties, "USA", "AUS", at=date(2006, 6, 1), window=WINDOW, offices=("head_of_state",))
    assert found.within.p > 0.1
    assert found.within.lo90 < 0 < found.within.hi90
    assert found.across is None, "too few other pairs"


def test_all_changes_of_a_state(ties: Ties) -> None:
    found = leader_breaks(ties, "USA", window=WINDOW, offices=("head_of_state",))
    detail = {row["leader"]: row for row in found.detail.to_dicts()}
    assert detail["Barack Obama"]["moved"] > 0.7
    assert detail["Barack Obama"]["ties"] == 6
    assert found.value == pytest.approx(np.mean([row["moved"] for row in detail.values() if row["used"]]))
    assert found.value > found.hi90 > found.placebo > found.lo90 > 0
    assert found.p == pytest.approx(1 / (1 + found.apart))
    assert all(row["source"] for row in detail.values())


def test_the_door_leads_there(world: World) -> None:
    found = world.leader_break("USA", "United Kingdom", leader="Obama", window=WINDOW, offices=("head_of_state",))
    assert len(world.view.by_id(world.evidence(found))) > 10
    assert world.leader_breaks("USA", window=WINDOW).actor == "USA"


def test_what_is_refused(ties: Ties) -> None:
    with pytest.raises(Refusal, match="too little is known of the tie of AUS and USA in the 6 months"):
        leader_break(ties, "USA", "AUS", at=date(2009, 11, 1), window=WINDOW)
    with pytest.raises(Refusal, match="placebo windows of 60 months are left"):
        leader_break(ties, "USA", "AUS", at=date(2005, 1, 1), window=30)
    with pytest.raises(Refusal, match="changes of leader of AUS"):
        leader_breaks(ties, "AUS", window=40)


def test_bad_input(ties: Ties) -> None:
    with pytest.raises(UsageError, match="a leader or a month"):
        leader_break(ties, "USA", "AUS")
    with pytest.raises(UsageError, match="two different states"):
        leader_break(ties, "USA", "USA", at=date(2005, 1, 1))
    with pytest.raises(UsageError, match="expected a month from 2000-01"):
        leader_break(ties, "USA", "AUS", at=date(1995, 1, 1))
    with pytest.raises(UsageError, match="at least 3 months"):
        leader_break(ties, "USA", "AUS", at=date(2005, 1, 1), window=2)
