"""The frustration index against trying all camps, and its bounds by each way alone."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from signed_networks import balance, highland, least, left, networks, windows

from multipolar.blocs.arrays import _cover, _semidefinite, _whole
from multipolar.blocs.arrays._division import Found, step_of
from multipolar.blocs.arrays.frustration import cost, frustration, violated
from multipolar.blocs.arrays.signed import from_edges
from multipolar.errors import UsageError


def soon(seconds=20.0):
    return perf_counter() + seconds


@given(networks(largest=10))
def test_the_index_is_that_of_trying_all_camps(weights):
    made = frustration(weights)
    assert made.proven
    assert made.index == pytest.approx(least(weights, 2), abs=1e-9)
    assert made.index == pytest.approx(left(weights, made.camps), abs=1e-9)
    assert made.bound <= made.index <= made.bound + 1e-6 * made.index
    assert made.index == pytest.approx(sum(abs(weights[i, j]) for i, j in made.violated), abs=1e-9)


@given(networks(largest=12, whole=True))
@settings(max_examples=40)
def test_the_bound_of_whole_weights_meets_the_index(weights):
    made = frustration(weights)
    assert made.bound == made.index == round(made.index)


@given(networks(largest=9), st.integers(0, 2**9 - 1))
@settings(max_examples=40)
def test_turning_nodes_round_changes_nothing(weights, turned):
    signs = np.where([(turned >> node) & 1 for node in range(len(weights))], -1.0, 1.0)
    assert frustration(weights * np.outer(signs, signs)).index == pytest.approx(frustration(weights).index, abs=1e-9)


@given(networks(largest=9))
@settings(max_examples=40)
def test_every_way_to_a_bound_stays_below_the_index(weights):
    """From one camp for all, which is no good start: what holds must hold from anywhere."""
    index, start = least(weights, 2), np.zeros(len(weights), dtype=np.int64)
    if not index:
        return
    cycles = _cover.Cycles(weights, odd=True)
    assert 0 < _cover.relaxed(cycles, cost(weights, start), soon()).bound <= index * (1 + 1e-7)
    reached = _semidefinite.two_camps(weights, start, cost(weights, start), np.inf, soon(1.0), seed=0)
    assert reached <= index * (1 + 1e-7)
    # None better than these is better than the best, and the whole programme finds it without help.
    found = Found(start, cost(weights, start), 0.0)
    made = _whole.divided(_cover.Cycles(weights, odd=True), weights, 2, found, step_of(weights), soon())
    assert made.proven and made.index == pytest.approx(index, abs=1e-9)


def test_an_odd_clique_of_enemies_needs_more_than_cycles():
    """Five enemies: cycles alone say 10/3, whole ties 4."""
    enemies = np.eye(5) - 1.0
    assert _cover.relaxed(_cover.Cycles(enemies, odd=True), 4.0, soon()).bound == pytest.approx(10 / 3)
    made = frustration(0.5 * enemies + 0.0)
    assert (made.index, made.proven) == (2.0, True)


def test_a_balanced_network_has_no_frustration():
    made = frustration(balance(30, 2, 0.0, seed=3))
    assert (made.index, made.bound, made.proven, made.share) == (0.0, 0.0, True, 0.0)
    assert len(made.violated) == 0


def test_friends_only_are_one_camp():
    made = frustration(np.ones((6, 6)) - np.eye(6))
    assert made.index == 0 and made.camps.tolist() == [0] * 6


@pytest.mark.parametrize("n", [0, 1, 4])
def test_without_ties_there_is_nothing_to_violate(n):
    made = frustration(np.zeros((n, n)))
    assert (made.index, made.bound, made.proven) == (0.0, 0.0, True)
    assert np.isnan(made.share) and made.component.tolist() == list(range(n))


def test_components_are_apart_and_their_first_nodes_in_camp_0():
    made = frustration(from_edges(7, [0, 2, 4, 4, 5], [1, 3, 5, 6, 6], [-1, 1, -1, -1, -1]))
    assert made.component.tolist() == [0, 0, 1, 1, 2, 2, 2]
    assert made.index == 1 and made.camps[[0, 2, 4]].tolist() == [0, 0, 0] and made.camps[:4].tolist() == [0, 1, 0, 0]


def test_the_same_seed_gives_the_same_camps():
    weights = balance(40, 3, 0.3, seed=5)
    first, again = (frustration(weights, time_limit=20, seed=9) for _ in range(2))
    assert (first.camps == again.camps).all() and first.index == again.index


def test_when_time_is_up_both_ends_are_given():
    made = np.random.default_rng(2)
    weights = np.triu(made.normal(size=(120, 120)), 1)
    found = frustration(weights + weights.T, time_limit=0.3)
    assert not found.proven and 0 < found.bound < found.index


@pytest.mark.parametrize("limit", [0.0, -1.0, float("nan")])
def test_a_time_limit_is_above_zero(limit):
    with pytest.raises(UsageError, match="a time limit above 0 seconds"):
        frustration(np.zeros((2, 2)), time_limit=limit)


@pytest.mark.parametrize(("groups", "noise"), [(2, 0.2), (2, 0.35)])
def test_a_dense_network_of_193_is_proven(groups, noise):
    made = frustration(balance(193, groups, noise, seed=1), time_limit=30)
    assert made.proven and made.index == len(made.violated)


def test_triangles_raise_the_bound_of_three_blocks():
    weights = balance(60, 3, 0.1, seed=4)
    made = frustration(weights, time_limit=20)
    plain = _semidefinite.Relaxation(weights, made.camps, 0).bound(500, 1e-9)
    assert plain < made.index - 10 and made.bound > plain + 0.5 * (made.index - plain)


def test_violated_are_of_any_number_of_camps():
    weights = from_edges(4, [0, 1, 2], [1, 2, 3], [-1, -1, 1])
    assert violated(weights, np.array([0, 1, 2, 3])).tolist() == [[2, 3]]
    assert cost(weights, np.zeros(4, dtype=np.int64)) == 2.0


@pytest.mark.data
def test_highland_tribes(shared):
    made = frustration(highland(shared))
    assert (made.index, made.bound, made.proven) == (7.0, 7.0, True)


@pytest.mark.data
def test_all_windows_of_the_correlates_of_war_are_proven(shared):
    found = {year: frustration(weights) for year, weights in windows(shared)}
    assert len(found) == 51 and all(made.proven and made.bound == made.index for made in found.values())
    # What HiGHS says of its own model (benchmarks/blocs_frustration.py), for the first, the highest and the last.
    assert [found[year].index for year in (1946, 1976, 1996)] == [17, 50, 45]
