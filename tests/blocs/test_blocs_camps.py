"""The line index of k camps against trying all divisions."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from signed_networks import balance, highland, least, left, networks, windows

from multipolar.blocs.arrays import _cover, _packing
from multipolar.blocs.arrays._division import Found, cost, step_of
from multipolar.blocs.arrays.camps import camps
from multipolar.blocs.arrays.frustration import frustration
from multipolar.errors import UsageError


@given(networks(largest=7), st.sampled_from([1, 2, 3, 4, None]))
def test_the_index_is_that_of_trying_all_divisions(weights, k):
    made = camps(weights, k)
    assert made.proven
    assert made.index == pytest.approx(least(weights, k or len(weights)), abs=1e-9)
    assert made.index == pytest.approx(left(weights, made.camps), abs=1e-9)
    assert made.count == len(set(made.camps)) <= (k or len(weights))


@given(networks(largest=8))
@settings(max_examples=40)
def test_any_number_of_camps_is_found_and_bounded_from_a_bad_start(weights):
    index, start = least(weights, len(weights)), np.zeros(len(weights), dtype=np.int64)
    assert _packing.triangles(weights, start) <= index + 1e-9
    if not index:
        return
    deadline, cycles = perf_counter() + 20, _cover.Cycles(weights, odd=False)
    assert _cover.relaxed(cycles, cost(weights, start), deadline).bound <= index * (1 + 1e-7)
    found = Found(start, cost(weights, start), 0.0)
    made = _cover.whole(cycles, found, weights, step_of(weights), deadline)
    assert made.proven and made.index == pytest.approx(index, abs=1e-9)


@given(networks(largest=9, whole=True))
@settings(max_examples=40)
def test_more_camps_never_leave_more(weights):
    by_number = [camps(weights, k).index for k in (1, 2, 3, None)]
    assert by_number == sorted(by_number, reverse=True)
    assert by_number[1] == frustration(weights).index


def test_enemies_need_a_camp_each():
    """Six enemies in three camps: two in each, three unsatisfied ties; no cycle says so."""
    made = camps(np.eye(6) - 1.0, 3)
    assert (made.index, made.bound, made.proven, made.count) == (3.0, 3.0, True, 3)
    assert camps(np.eye(6) - 1.0).count == 6


def test_blocks_that_are_there_are_found():
    made = camps(balance(60, 3, 0.05, seed=2))
    assert made.count == 3 and made.proven


def test_many_ties_have_a_bound_all_the_same():
    made = camps(balance(110, 3, 0.1, seed=2), time_limit=20)
    assert made.count == 3 and 0.9 * made.index < made.bound <= made.index


def test_camps_are_numbered_by_their_first_nodes():
    made = camps(balance(20, 4, 0.0, seed=8))
    assert [int(camp) for camp in dict.fromkeys(made.camps.tolist())] == list(range(made.count))


@pytest.mark.parametrize("n", [0, 1, 3])
@pytest.mark.parametrize("k", [1, 2, 3, None])
def test_without_ties_nothing_is_unsatisfied(n, k):
    made = camps(np.zeros((n, n)), k)
    assert (made.index, made.proven, made.component.tolist()) == (0.0, True, list(range(n)))


def test_no_camp_is_no_question():
    with pytest.raises(UsageError, match="1 camp or more, got 0"):
        camps(np.zeros((2, 2)), 0)


@pytest.mark.data
def test_highland_tribes_in_three_camps(shared):
    made = camps(highland(shared), 3)
    assert (made.index, made.bound, made.proven, made.count) == (2.0, 2.0, True, 3)
    assert camps(highland(shared)).index == 2.0


@pytest.mark.data
def test_some_windows_in_three_and_in_any_number(shared):
    for year, weights in windows(shared):
        if year in (1946, 1970, 1994):
            two, three, free = (camps(weights, k) for k in (2, 3, None))
            assert two.proven and three.proven and free.proven
            assert two.index > three.index >= free.index
