"""The response of ties to a change of one: loops, closed forms, and what cannot be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from multipolar.backtests.arrays import episodes as arrays
from multipolar.backtests.arrays.episodes import Pull
from multipolar.backtests.episodes_scores import gain, signs

SHOCK = (0, 1)


def world(seed: int, states: int = 6) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    ties = rng.normal(0.0, 0.7, (states, states))
    return (ties + ties.T) / 2 * (1 - np.eye(states)), rng.dirichlet(np.ones(states))


def force(ties: np.ndarray, weights: np.ndarray, beta: float, theta: float, i: int, j: int) -> float:
    total = 0.0
    for k in range(len(ties)):
        if k in (i, j):
            continue
        one, other = ties[i, k], ties[j, k]
        if one > 0 and other > 0:
            total += beta * weights[k] * one * other
        elif one < 0 and other < 0:
            total += theta * weights[k] * one * other
        else:
            total -= beta * weights[k] * abs(one * other)
    return total


def loops(ties, weights, change, pull, years, iterated):
    told = np.zeros_like(ties)
    for year in range(1, years + 1):
        moved = ties + told if iterated else ties.copy()
        moved[SHOCK] = moved[SHOCK[::-1]] = ties[SHOCK] + change * year / years
        step = np.zeros_like(ties)
        for i in range(len(ties)):
            for j in range(len(ties)):
                if i != j and {i, j} != set(SHOCK):
                    step[i, j] = force(moved, weights, *pull, i, j) - force(ties, weights, *pull, i, j)
        told = told + step
    return told


@given(
    st.integers(0, 1000), st.floats(-2, 2), st.floats(-0.5, 0.5), st.floats(-0.5, 0.5), st.integers(1, 5), st.booleans()
)
def test_the_response_is_that_of_loops(seed, change, beta, theta, years, iterated):
    ties, weights = world(seed)
    told = arrays.response(ties, weights, SHOCK, change, Pull(beta, theta), years, iterated=iterated)
    assert told == pytest.approx(loops(ties, weights, change, (beta, theta), years, iterated), abs=1e-10)


@pytest.mark.parametrize("iterated", [False, True])
def test_without_pull_or_change_nothing_moves(iterated):
    ties, weights = world(3)
    assert not arrays.response(ties, weights, SHOCK, 1.5, Pull(0.0, 0.0), 9, iterated=iterated).any()
    assert not arrays.response(ties, weights, SHOCK, 0.0, Pull(0.2, 0.1), 9, iterated=iterated).any()


def test_friends_in_common_have_a_closed_form():
    """The tie of a state with one of the two moves by beta w a change (years + 1) / 2, w and a of the other of the two."""
    ties, weights = np.full((5, 5), 0.5), np.full(5, 0.2)
    told = arrays.response(ties, weights, SHOCK, 0.4, Pull(0.1, 0.3), 7, iterated=False)
    assert told[0, 3] == pytest.approx(0.1 * 0.2 * 0.5 * 0.4 * 4)
    assert told[3, 4] == 0.0  # neither is of the shock: only by iteration
    assert arrays.response(ties, weights, SHOCK, 0.4, Pull(0.1, 0.3), 7, iterated=True)[3, 4] > 0


@settings(max_examples=40)
@given(st.integers(0, 1000), st.floats(0.01, 0.3))
def test_a_known_pull_is_recovered_from_what_it_does(seed, beta):
    ties, weights = world(seed)
    came = loops(ties, weights, 1.0, (beta, 0.0), 4, iterated=False)
    unit = arrays.response(ties, weights, SHOCK, 1.0, Pull(1.0, 0.0), 4, iterated=False)
    assume(np.abs(unit).max() > 1e-6)  # enemies of all, to the end, are not moved without theta
    assert arrays.slope(came.ravel(), unit.ravel()) == pytest.approx(beta)


def test_a_force_that_runs_away_predicts_nothing():
    ties, weights = np.full((5, 5), 2.0), np.full(5, 1.0)
    assert np.isnan(arrays.response(ties, weights, SHOCK, 1.0, Pull(1.0, 1.0), 15, iterated=True)).all()
    assert np.isfinite(arrays.response(ties, weights, SHOCK, 1e-6, Pull(0.01, 0.01), 2, iterated=True)).all()


@given(st.integers(0, 1000))
def test_shuffles_keep_the_two_of_the_shock_and_what_is_told_of_them(seed):
    ties, weights = world(seed)
    told = arrays.response(ties, weights, SHOCK, 1.0, Pull(0.3, 0.1), 3, iterated=False)
    moved = arrays.relabelled(told, SHOCK, np.random.default_rng(seed))
    assert moved[SHOCK] == 0.0
    for one in SHOCK:
        assert np.sort(moved[one]) == pytest.approx(np.sort(told[one]))
    assert moved == pytest.approx(moved.T)


def test_shuffles_reach_every_place():
    told = np.arange(5.0)[:, None] + np.arange(5.0)
    rng = np.random.default_rng(0)
    seen = {float(arrays.relabelled(told, SHOCK, rng)[0, 2]) for _ in range(60)}
    assert seen == {2.0, 3.0, 4.0}


def test_a_window_is_the_mean_of_what_is_known_if_its_end_is():
    value = np.array([[1.0, 2.0, 4.0], [1.0, 2.0, 4.0], [1.0, 2.0, 4.0]])
    known = np.array([[True, True, True], [False, True, True], [True, True, False]])
    told = arrays.over(value, known, np.array([0, 1, 2]))
    assert told[:2] == pytest.approx([7 / 3, 3.0])
    assert np.isnan(told[2])
    assert np.isnan(arrays.over(value, known, np.array([], dtype=np.intp))).all()


def test_spread_and_slope_leave_out_what_is_not_known():
    assert arrays.spread(np.array([3.0, np.nan, -4.0])) == pytest.approx(np.sqrt(12.5))
    assert np.isnan(arrays.spread(np.array([np.nan])))
    assert arrays.slope(np.array([2.0, 4.0, np.nan]), np.array([1.0, 2.0, 7.0])) == pytest.approx(2.0)
    assert np.isnan(arrays.slope(np.array([1.0]), np.array([0.0])))


@settings(max_examples=15)
@given(st.floats(-2, 2), st.floats(-2, 2), st.floats(0.3, 2))
def test_the_gain_is_that_of_the_integral(came, told, sd):
    def crps(mean: float) -> float:
        def inside(x: float) -> float:
            return float((norm.cdf(x, mean, sd) - (x >= came)) ** 2)

        return quad(inside, -15, came)[0] + quad(inside, came, 15)[0]

    better = gain(np.array([came, np.nan]), np.array([told, 1.0]), sd)
    assert better == pytest.approx((crps(0.0) - crps(told)) / sd, abs=1e-5)


def test_no_gain_without_a_spread_or_a_target():
    assert np.isnan(gain(np.array([1.0]), np.array([1.0]), float("nan")))
    assert np.isnan(gain(np.array([np.nan]), np.array([1.0]), 1.0))
    assert gain(np.array([1.0, -2.0]), np.zeros(2), 1.0) == 0.0


def test_signs_count_clear_changes_alone():
    observed, sd = np.array([1.0, -1.0, 1.0, 0.1, np.nan, 1.0]), np.full(6, 0.5)
    told = np.array([0.2, 0.3, 0.0, -0.4, 0.1, np.nan])
    assert signs(observed, sd, told) == (1, 1, 1)
    assert signs(observed, sd, np.zeros(6)) == (0, 0, 4)  # no change has no sign
