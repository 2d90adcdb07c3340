"""The recursions against the joint normal distribution, written out in full."""

from __future__ import annotations

import numpy as np
import pytest
from arrays_oracle import OFFSETS, held_out, joint, simulate, some_params, uneven

from multipolar.errors import UsageError
from multipolar.ties.arrays import (
    Parameters,
    by_indicator,
    change,
    covariance,
    filtered,
    leave_one_out,
    loglik,
    observations,
    predictive,
    sample,
    smooth,
    weights,
)

MONTHS = 30
CLOSE = 1e-11


@pytest.fixture(scope="module", params=[(offsets, clocks) for offsets in OFFSETS for clocks in ("even", "uneven")])
def made(request):
    """Five pairs, several observations of an indicator in a month, two months in three of each indicator empty."""
    offsets, clocks = request.param
    params = some_params(offsets=offsets)
    obs = simulate(np.random.default_rng(1), params, 5, MONTHS, 0.2, repeat=2)[0]
    return (obs, params) if clocks == "even" else uneven(np.random.default_rng(3), obs, params, MONTHS)


@pytest.fixture(scope="module")
def params(made):
    return made[1]


@pytest.fixture(scope="module")
def obs(made):
    return made[0]


def test_smoothed_moments_and_likelihood(obs, params):
    result = smooth(obs, params, MONTHS)
    for d in range(obs.n_pairs):
        exact = joint(obs.pair(d), params, MONTHS)
        np.testing.assert_allclose(result.mean[d], exact.mean, atol=CLOSE)
        np.testing.assert_allclose(result.var[d], np.diag(exact.cov), atol=CLOSE)
        assert result.loglik[d] == pytest.approx(exact.loglik, abs=1e-10)


def test_likelihood_across_empty_months_in_one_step(params):
    """Months 0..399 with seven observed: the short way gives the long way's number."""
    rng = np.random.default_rng(5)
    obs = observations(np.zeros(7, int), [3, 3, 40, 41, 200, 399, 399], rng.integers(0, 3, 7), rng.normal(size=7), 2.0)
    assert loglik(obs, params)[0] == pytest.approx(joint(obs, params, 400).loglik, abs=1e-10)
    assert loglik(obs, params)[0] == pytest.approx(smooth(obs, params, 500).loglik[0], abs=1e-10)


@pytest.mark.parametrize("extreme", [
    {"phi": 0.0}, {"phi": 0.9999, "q": 1e-6}, {"tau2": 0.0}, {"tau2": 1e6}, {"noise": np.full(3, 1e-4)},
    {"noise": np.full(3, 1e5)}, {"loading": np.zeros(3)}, {"mu0": 50.0}, {"offset": np.full(3, 1e-12)},
    {"offset": np.array([1e4, 1.0, 0.0])},
])  # fmt: skip
def test_extremes(params, extreme):
    edge = params._replace(**extreme)
    obs, _ = simulate(np.random.default_rng(2), edge, 2, MONTHS, 0.3)
    result = smooth(obs, edge, MONTHS)
    for d in range(2):
        exact = joint(obs.pair(d), edge, MONTHS)
        np.testing.assert_allclose(result.mean[d], exact.mean, rtol=1e-8, atol=1e-7)
        np.testing.assert_allclose(result.var[d], np.diag(exact.cov), rtol=1e-7, atol=1e-8)
        assert result.loglik[d] == pytest.approx(exact.loglik, rel=1e-9, abs=1e-7)
    assert (result.var > 0).all()


def test_filtered_is_the_joint_normal_of_the_past(obs, params):
    result = filtered(obs, params, MONTHS)
    for d in range(obs.n_pairs):
        for t in (0, 7, MONTHS - 1):
            exact = joint(obs.pair(d).until(t), params, MONTHS)
            assert result.mean[d, t] == pytest.approx(exact.mean[t], abs=CLOSE)
            assert result.var[d, t] == pytest.approx(exact.cov[t, t], abs=CLOSE)
        assert result.loglik[d] == pytest.approx(joint(obs.pair(d), params, MONTHS).loglik, abs=1e-10)


def test_forecast_is_the_joint_normal_of_the_past(obs, params):
    result = filtered(obs, params, MONTHS, horizon=6)
    for d in range(obs.n_pairs):
        exact = joint(obs.pair(d).until(11), params, MONTHS)
        assert result.mean[d, 11] == pytest.approx(exact.mean[17], abs=CLOSE)
        assert result.var[d, 11] == pytest.approx(exact.cov[17, 17], abs=CLOSE)
    with pytest.raises(UsageError, match="horizon"):
        filtered(obs, params, MONTHS, horizon=-1)


@pytest.mark.parametrize("target", [0, 13, MONTHS - 1])
def test_covariance_of_a_month_with_every_month(obs, params, target):
    exact = joint(obs.pair(2), params, MONTHS)
    np.testing.assert_allclose(covariance(obs.pair(2), params, MONTHS, target), exact.cov[target], atol=CLOSE)


def test_covariance_of_any_functional(obs, params):
    u = np.random.default_rng(3).normal(size=MONTHS)
    exact = joint(obs.pair(1), params, MONTHS)
    np.testing.assert_allclose(covariance(obs.pair(1), params, MONTHS, u), exact.cov @ u, atol=CLOSE)


def test_weights_are_the_gain_of_the_joint_normal(obs, params):
    for d in range(obs.n_pairs):
        pair = obs.pair(d)
        exact = joint(pair, params, MONTHS)
        np.testing.assert_allclose(weights(pair, params, MONTHS, 9).weights, exact.gain[9], atol=CLOSE)
        moved = weights(pair, params, MONTHS, change(MONTHS, 4, 21))
        np.testing.assert_allclose(moved.weights, exact.gain[21] - exact.gain[4], atol=CLOSE)
        assert moved.baseline == 0.0


def test_attribution_identity(obs, params):
    """Baseline plus weights times data is the smoother's own estimate, of every month and every change."""
    result = smooth(obs, params, MONTHS)
    for d in range(obs.n_pairs):
        pair = obs.pair(d)
        for t in range(MONTHS):
            level = weights(pair, params, MONTHS, t)
            assert abs(level.estimate - result.mean[d, t]) < 1e-12
            moved = weights(pair, params, MONTHS, change(MONTHS, 0, t))
            assert abs(moved.estimate - (result.mean[d, t] - result.mean[d, 0])) < 1e-12
        per_indicator = by_indicator(level.contributions, pair, 3)
        assert level.baseline + per_indicator.sum() == pytest.approx(level.estimate, abs=1e-12)


def test_attribution_as_known_then(obs, params):
    then = filtered(obs, params, MONTHS)
    for t in (0, 10, MONTHS - 1):
        assert abs(weights(obs.pair(0).until(t), params, MONTHS, t).estimate - then.mean[0, t]) < 1e-12


def test_predictive_of_held_out_observations(obs, params):
    rng = np.random.default_rng(4)
    out = rng.random(len(obs)) < 0.3
    seen, held = obs.where(~out), obs.where(out)
    result = predictive(seen, params, MONTHS, held)
    for d in range(obs.n_pairs):
        rows = slice(held.indptr[d], held.indptr[d + 1])
        mean, var = held_out(seen.pair(d), held.pair(d), params)
        np.testing.assert_allclose(result.mean[rows], mean, atol=CLOSE)
        np.testing.assert_allclose(result.var[rows], var, atol=CLOSE)
    z = (held.value - result.mean) / np.sqrt(result.var)
    assert result.covered(held.value, 0.9) == np.mean(np.abs(z) < 1.6448536)
    np.testing.assert_allclose(
        result.log_score(held.value), -0.5 * np.log(2 * np.pi * result.var) - z**2 / 2, atol=CLOSE
    )
    with pytest.raises(UsageError, match="5 pairs"):
        predictive(seen, params, MONTHS, held.pair(0))


def test_predictive_of_an_indicator_that_the_pair_does_not_have(params):
    """Its offset is as uncertain as before."""
    seen, held = observations([0, 0], [1, 4], [0, 0], [1.0, 2.0]), observations([0], [3], [2], [0.5], 2.0)
    result, (mean, var) = predictive(seen, params, MONTHS, held), held_out(seen, held, params)
    np.testing.assert_allclose(result.mean, mean, atol=CLOSE)
    np.testing.assert_allclose(result.var, var, atol=CLOSE)


def test_leave_one_out_is_what_leaving_one_out_gives(obs, params):
    result = leave_one_out(obs, params, MONTHS)
    for i in range(0, len(obs), 17):
        one = np.arange(len(obs)) == i
        alone = predictive(obs.where(~one), params, MONTHS, obs.where(one))
        assert result.mean[i] == pytest.approx(alone.mean[0], abs=1e-11)
        assert result.var[i] == pytest.approx(alone.var[0], abs=1e-11)


def test_draws_have_the_posterior_moments(obs, params):
    pair, size = obs.pair(0), 40_000
    exact = joint(pair, params, MONTHS)
    paths = sample(pair, params, MONTHS, size, np.random.default_rng(6))
    assert paths.shape == (size, MONTHS)
    error = np.sqrt(np.diag(exact.cov) / size)
    assert (np.abs(paths.mean(axis=0) - exact.mean) < 5 * error).all()
    assert np.abs(np.cov(paths.T) - exact.cov).max() < 0.03 * np.diag(exact.cov).max()


def test_one_month_one_observation_by_hand(params):
    """A level of variance 1 seen through y = a + e, e ~ N(0, 1): half of the deviation, half of the variance."""
    simple = Parameters(np.array([2.0]), np.array([1.0]), np.array([1.0]), 0.0, 0.5, 0.5)
    result = smooth(observations([0], [0], [0], [5.0]), simple, 1)
    assert result.mean[0, 0] == pytest.approx(1.5, abs=1e-15)
    assert result.var[0, 0] == pytest.approx(0.5, abs=1e-15)


def test_what_happens_after_the_last_month_is_not_heard_of():
    """Months that last longer beyond the grid neither count nor are written to."""
    params = some_params(offsets="all")
    obs = simulate(np.random.default_rng(6), params, 40, MONTHS, 0.2)[0]
    obs, params = uneven(np.random.default_rng(7), obs, params, 50 * MONTHS)
    known = obs.until(MONTHS - 1)
    for ask in (smooth, filtered):
        np.testing.assert_array_equal(ask(obs, params, MONTHS).mean, ask(known, params, MONTHS).mean)
