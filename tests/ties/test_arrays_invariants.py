"""What must not change a tie, and what must not look ahead."""

from __future__ import annotations

import numpy as np
import pytest
from arrays_oracle import OFFSETS, simulate, some_params
from hypothesis import given, settings
from hypothesis import strategies as st

from multipolar.ties.arrays import Observations, filtered, loglik, observations, rescale, smooth, weights

MONTHS = 20
SEEDS = st.integers(0, 2**16)
PAIRS = 4


def problem(seed: int):
    """Models without offsets, with some and with all, in turn."""
    params = some_params(seed, offsets=OFFSETS[seed % 3])
    return params, simulate(np.random.default_rng(seed), params, PAIRS, MONTHS, 0.2, repeat=2)[0]


def pair_of(obs: Observations) -> np.ndarray:
    return np.repeat(np.arange(obs.n_pairs), np.diff(obs.indptr))


def rebuilt(obs: Observations, pair: np.ndarray, pick: np.ndarray | slice = slice(None), n_pairs: int = PAIRS):
    return observations(pair[pick], obs.month[pick], obs.indicator[pick], obs.value[pick], obs.weight[pick], n_pairs)


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.permutations(range(PAIRS)))
def test_order_of_pairs_and_rows_does_not_matter(seed, order):
    params, obs = problem(seed)
    rows = np.random.default_rng(seed).permutation(len(obs))
    moved = rebuilt(obs, np.asarray(order)[pair_of(obs)], rows)
    a, b = smooth(obs, params, MONTHS), smooth(moved, params, MONTHS)
    np.testing.assert_allclose(b.mean[np.asarray(order)], a.mean, atol=1e-12)
    np.testing.assert_allclose(b.var[np.asarray(order)], a.var, atol=1e-12)
    np.testing.assert_array_equal(moved.value, obs.value[rows][moved.order])


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_one_observation_counted_twice_is_two_of_half_the_count(seed):
    params, obs = problem(seed)
    half = observations(
        np.tile(pair_of(obs), 2), np.tile(obs.month, 2), np.tile(obs.indicator, 2), np.tile(obs.value, 2),
        np.tile(obs.weight / 2, 2), PAIRS,
    )  # fmt: skip
    a, b = smooth(obs, params, MONTHS), smooth(half, params, MONTHS)
    np.testing.assert_allclose(b.mean, a.mean, atol=1e-12)
    np.testing.assert_allclose(b.var, a.var, atol=1e-12)


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.integers(1, 5))
def test_pairs_without_observations_change_nothing_and_keep_the_prior(seed, extra):
    params, obs = problem(seed)
    wider = rebuilt(obs, pair_of(obs), n_pairs=PAIRS + extra)
    a, b = smooth(obs, params, MONTHS), smooth(wider, params, MONTHS)
    np.testing.assert_array_equal(b.mean[:PAIRS], a.mean)
    np.testing.assert_array_equal(b.loglik[:PAIRS], a.loglik)
    np.testing.assert_array_equal(b.mean[PAIRS:], params.mu0)
    np.testing.assert_allclose(b.var[PAIRS:], params.tau2 + params.stationary_var, rtol=1e-15)
    np.testing.assert_array_equal(b.loglik[PAIRS:], 0.0)
    np.testing.assert_allclose(filtered(wider, params, MONTHS).mean[PAIRS:], params.mu0)


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.integers(1, 30))
def test_empty_months_at_the_end_change_nothing(seed, more):
    params, obs = problem(seed)
    a, b = smooth(obs, params, MONTHS), smooth(obs, params, MONTHS + more)
    np.testing.assert_allclose(b.mean[:, :MONTHS], a.mean, atol=1e-13)
    np.testing.assert_allclose(b.loglik, a.loglik, atol=1e-11)
    apart = np.abs(b.var[:, MONTHS:] - (params.tau2 + params.stationary_var))
    assert (np.diff(b.var[:, MONTHS - 1 :], axis=1) > -1e-12).all() or (apart < 1).all()


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_filtered_equals_smoothed_in_the_last_month(seed):
    params, obs = problem(seed)
    a, b = smooth(obs, params, MONTHS), filtered(obs, params, MONTHS)
    np.testing.assert_allclose(b.mean[:, -1], a.mean[:, -1], atol=1e-12)
    np.testing.assert_allclose(b.var[:, -1], a.var[:, -1], atol=1e-12)
    np.testing.assert_allclose(b.loglik, a.loglik, atol=1e-11)
    np.testing.assert_allclose(loglik(obs, params), a.loglik, atol=1e-10)
    assert (a.var <= b.var + 1e-12).all()  # the future never adds doubt


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.integers(0, MONTHS - 1))
def test_filtered_ignores_the_future_to_the_bit(seed, month):
    params, obs = problem(seed)
    rng = np.random.default_rng(seed + 1)
    other = obs.replace_values(np.where(obs.month > month, rng.normal(size=len(obs)) * 100, obs.value))
    for future in (other, obs.until(month)):
        a, b = filtered(obs, params, MONTHS), filtered(future, params, MONTHS)
        np.testing.assert_array_equal(a.mean[:, : month + 1], b.mean[:, : month + 1])
        np.testing.assert_array_equal(a.var[:, : month + 1], b.var[:, : month + 1])


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.floats(-3, 3), st.floats(0.1, 10) | st.floats(-10, -0.1))
def test_another_scale_is_the_same_model(seed, shift, scale):
    params, obs = problem(seed)
    other = rescale(params, shift=shift, scale=scale)
    a, b = smooth(obs, params, MONTHS), smooth(obs, other, MONTHS)
    np.testing.assert_allclose(b.mean * scale + shift, a.mean, atol=1e-10)
    np.testing.assert_allclose(b.var * scale**2, a.var, rtol=1e-10)
    np.testing.assert_allclose(b.loglik, a.loglik, atol=1e-9)
    w, v = weights(obs.pair(0), params, MONTHS, 3), weights(obs.pair(0), other, MONTHS, 3)
    np.testing.assert_allclose(v.weights * scale, w.weights, atol=1e-11)


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_estimates_are_linear_in_the_data(seed):
    params, obs = problem(seed)
    rng = np.random.default_rng(seed)
    y, z = rng.normal(size=(2, len(obs)))
    mean = {
        name: smooth(obs.replace_values(values), params, MONTHS).mean
        for name, values in {"y": y, "z": z, "mix": 0.3 * y + 0.7 * z}.items()
    }
    np.testing.assert_allclose(mean["mix"], 0.3 * mean["y"] + 0.7 * mean["z"], atol=1e-12)


@pytest.mark.parametrize("offsets", ["none", "all"])
def test_threads_do_not_change_a_bit(offsets):
    params = some_params(1, offsets=offsets)
    obs, _ = simulate(np.random.default_rng(1), params, 3000, 80, 0.05)
    one, two, three = (smooth(obs, params, 80, threads=n) for n in (1, 2, 3))
    for other in (two, three):
        for a, b in zip(one, other, strict=True):
            np.testing.assert_array_equal(a, b)


def test_several_callers_at_once():
    """A dashboard answers several readers: compiled loops share nothing."""
    from concurrent.futures import ThreadPoolExecutor

    params = some_params(1)
    obs, _ = simulate(np.random.default_rng(1), params, 1500, 150, 0.05)
    alone = smooth(obs, params, 150)
    with ThreadPoolExecutor(4) as pool:
        for result in pool.map(lambda _: smooth(obs, params, 150, threads=2), range(8)):
            np.testing.assert_array_equal(result.mean, alone.mean)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_anchor_of_the_scale_can_turn_the_sign(seed):
    params, obs = problem(seed)
    turned = smooth(obs, rescale(params, scale=-1.0), MONTHS)
    np.testing.assert_allclose(turned.mean, -smooth(obs, params, MONTHS).mean, atol=1e-12)


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.floats(0, 100))
def test_more_offset_never_adds_certainty(seed, more):
    """The variance of a tie grows with the variance of any offset."""
    params, obs = problem(seed)
    offset = params.offset_var.copy()
    offset[seed % 3] += more
    wider = params._replace(offset=offset)
    assert (smooth(obs, wider, MONTHS).var >= smooth(obs, params, MONTHS).var - 1e-12).all()


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_a_vanishing_offset_is_none(seed):
    """The general path at offsets next to nothing gives the fast path's numbers; at nothing, its bits."""
    params, obs = some_params(seed), problem(seed)[1]
    for call in (smooth, filtered):
        fast = call(obs, params, MONTHS)
        for a, b in zip(call(obs, params._replace(offset=np.full(3, 1e-18)), MONTHS), fast, strict=True):
            np.testing.assert_allclose(a, b, atol=1e-10)
        for a, b in zip(call(obs, params._replace(offset=np.zeros(3)), MONTHS), fast, strict=True):
            np.testing.assert_array_equal(a, b)


def test_what_one_indicator_says_saturates():
    """However many readings: at most lambda^2 / omega2 of precision about the level, and more from a second indicator."""
    params = some_params(1, 2, offsets="all")._replace(phi=0.0, q=1e-12)
    gains = params.loading**2 / params.offset_var
    for indicators, limit in (([0], gains[0]), ([0, 1], gains.sum())):
        month, which = (grid.ravel() for grid in np.meshgrid(np.arange(2000), indicators))
        obs = observations(np.zeros_like(month), month, which, np.zeros(month.size), 20.0)
        precision = 1 / smooth(obs, params, 2000).var[0, 1000] - 1 / params.tau2
        assert precision == pytest.approx(limit, rel=1e-2)
        assert precision < limit
