"""Tension and the distance to tipping, against brute force and against the change of ties that they promise."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multipolar import UsageError
from multipolar.blocs.arrays import landscape, tension


@st.composite
def networks(draw: st.DrawFn, most: int = 6) -> np.ndarray:
    n = draw(st.integers(2, most))
    upper = np.triu_indices(n, 1)
    w = np.zeros((n, n))
    w[upper] = draw(st.lists(st.integers(-4, 4), min_size=upper[0].size, max_size=upper[0].size))
    w[0, 1] = w[0, 1] or 2
    return w + w.T


def cost_by_hand(w: np.ndarray, camps: np.ndarray) -> float:
    return sum(abs(w[i, j]) for i, j in combinations(range(len(w)), 2) if (camps[i] == camps[j]) != (w[i, j] > 0))


@given(networks(), st.lists(st.integers(0, 2), min_size=6, max_size=6))
def test_tension_is_the_share_of_weight_unsatisfied(w: np.ndarray, camps: list[int]) -> None:
    camp = np.array(camps[: len(w)])
    total = np.abs(np.triu(w)).sum()
    assert tension.tension(w, camp) == pytest.approx(cost_by_hand(w, camp) / total)
    own = tension.tension_at(w, camp)
    weight = np.abs(w).sum(axis=1)
    assert np.isnan(own[weight == 0]).all()
    assert np.nansum(own * weight) == pytest.approx(2 * cost_by_hand(w, camp))


def turned(w: np.ndarray, ties: np.ndarray) -> np.ndarray:
    made = w.copy()
    for i, j in ties:
        made[i, j] = made[j, i] = -w[i, j]
    return made


@settings(max_examples=60)
@given(networks(), st.booleans())
def test_the_distance_is_that_of_the_second_best_division(w: np.ndarray, minima: bool) -> None:
    every = landscape.sides_of(np.arange(2 ** (len(w) - 1)), len(w))
    costs = np.array([cost_by_hand(w, sides) for sides in every])
    if minima:
        ends = landscape.ends(landscape.energies(w), len(w))
        costs = costs[np.unique(ends)]
    found = tension.tipping(w, minima=minima)
    if costs.size == 1:
        assert found is None
        return
    assert found is not None
    assert found.distance == pytest.approx(np.sort(costs)[1] - np.sort(costs)[0])
    assert found.share == pytest.approx(found.distance / np.abs(np.triu(w)).sum())
    assert cost_by_hand(w, found.sides) - costs.min() == pytest.approx(found.distance)
    assert found.switch.size <= len(w) / 2


@settings(max_examples=60)
@given(networks())
def test_turning_the_ties_named_tips_it_and_one_fewer_does_not(w: np.ndarray) -> None:
    found = tension.tipping(w)
    assert found is not None
    before = landscape.landscape(w).sides[0] if found.distance else None
    after = turned(w, found.ties)
    if before is None:
        assert not len(found.ties)
        return
    assert cost_by_hand(after, found.sides) <= cost_by_hand(after, before)
    fewer = turned(w, found.ties[:-1])
    assert cost_by_hand(fewer, found.sides) > cost_by_hand(fewer, before)


@settings(max_examples=30)
@given(networks(5), st.integers(0, 10**6))
def test_no_smaller_change_of_ties_makes_another_division_as_good(w: np.ndarray, seed: int) -> None:
    found = tension.tipping(w)
    assert found is not None
    if not found.distance:
        return
    best = landscape.landscape(w).sides[0]
    change = np.triu(np.random.default_rng(seed).normal(size=w.shape), 1)
    change *= 0.999 * found.distance / np.abs(change).sum()
    after = w + change + change.T
    every = landscape.sides_of(np.arange(2 ** (len(w) - 1)), len(w))
    costs = [cost_by_hand(after, sides) for sides in every if not np.array_equal(sides, best)]
    assert cost_by_hand(after, best) < min(costs)


def test_two_camps_that_agree_are_far_from_tipping() -> None:
    camp = np.array([0, 0, 0, 1, 1, 1])
    w = np.where(camp[:, None] == camp, 1.0, -1.0) * (1 - np.eye(6))
    found = tension.tipping(w)
    assert tension.tension(w, camp) == 0.0
    assert found is not None
    assert (found.distance, found.switch.size, len(found.ties)) == (5.0, 1, 3)
    assert tension.tipping(w, minima=True) is None


def test_two_states_of_one_tie() -> None:
    w = np.array([[0.0, 3.0], [3.0, 0.0]])
    found = tension.tipping(w)
    assert found is not None
    assert found.distance == 3.0 and found.ties.tolist() == [[0, 1]] and found.share == 1.0
    assert tension.tipping(w, minima=True) is None


def test_without_ties_there_is_nothing_to_say() -> None:
    assert np.isnan(tension.tension(np.zeros((3, 3)), [0, 1, 1]))
    assert np.isnan(tension.tension_at(np.zeros((3, 3)), [0, 1, 1])).all()
    with pytest.raises(UsageError, match="ties"):
        tension.tipping(np.zeros((3, 3)))
