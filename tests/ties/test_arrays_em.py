"""Estimation: the objective never falls, known parameters come back, intervals hold what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from arrays_oracle import simulate, some_params
from scipy.optimize import minimize

from multipolar.errors import UsageError
from multipolar.ties.arrays import (
    Observations,
    Parameters,
    Prior,
    default_prior,
    fit,
    leave_one_out,
    loglik,
    normal_quantile,
    observations,
    predictive,
    rescale,
    smooth,
)
from multipolar.ties.arrays.em import _log_prior

MONTHS = 120
TRUE = Parameters(
    np.array([0.5, -1.0, 0.0, 2.0]), np.array([1.0, 0.6, -0.8, 0.3]), np.array([0.5, 1.0, 2.0, 0.3]), 0.95,
    0.6 * (1 - 0.95**2), 0.4,
)  # fmt: skip
SIGN = np.array([1, 1, -1, 1])


OWN = TRUE._replace(offset=np.array([0.8, 0.1, 1.5, 0.3]))


@pytest.fixture(scope="module", params=[TRUE, OWN], ids=["plain", "offsets"])
def truth(request):
    """A model without offsets, fitted without them, and one with them, fitted with them."""
    return request.param


@pytest.fixture(scope="module")
def offsets(truth):
    return truth is OWN


@pytest.fixture(scope="module")
def simulated(truth):
    return simulate(np.random.default_rng(11), truth, 400, MONTHS, 0.12)


@pytest.fixture(scope="module")
def fitted(simulated, offsets):
    return fit(simulated[0], MONTHS, n_indicators=4, sign=SIGN, offsets=offsets)


def test_the_objective_never_falls_and_the_fit_converges(fitted):
    assert (np.diff(fitted.objective_path) >= 0).all()
    assert fitted.converged


def test_without_a_prior_the_likelihood_never_falls(simulated, offsets):
    obs, _ = simulated
    prior = default_prior(obs, 4, sign=SIGN, strength=0.0)
    result = fit(obs, MONTHS, sign=SIGN, prior=prior, iterations=25, offsets=offsets)
    assert (np.diff(result.loglik_path) >= 0).all()
    np.testing.assert_array_equal(result.loglik_path, result.objective_path)
    assert result.loglik_path[-1] == pytest.approx(loglik(obs, result.params).sum(), abs=1e-6)


def test_known_parameters_come_back(truth, fitted):
    found = fitted.params
    np.testing.assert_allclose(found.intercept, truth.intercept, atol=0.15)
    np.testing.assert_allclose(found.loading, truth.loading, atol=0.08)
    np.testing.assert_allclose(found.noise, truth.noise, rtol=0.08)
    np.testing.assert_allclose(found.offset, truth.offset_var, rtol=0.2)
    assert found.phi == pytest.approx(TRUE.phi, abs=0.015)
    assert found.tau2 == pytest.approx(TRUE.tau2, abs=0.12)


def test_the_scale_is_fixed(fitted):
    assert fitted.params.mu0 == 0
    assert fitted.params.tau2 + fitted.params.stationary_var == pytest.approx(1, abs=1e-12)


def test_no_likelihood_is_left_on_the_table(simulated, fitted, offsets):
    """A general optimiser, started at the fit, gains next to nothing."""
    obs, _ = simulated
    found, prior = fitted.params, fitted.prior

    def loss(z: np.ndarray) -> float:
        share, phi = 1 / (1 + np.exp(-z[12])), 1 / (1 + np.exp(-z[13]))
        own = np.exp(z[14:]) if offsets else None
        params = Parameters(z[:4], z[4:8], np.exp(z[8:12]), phi, (1 - share) * (1 - phi**2), share, 0.0, own)
        return -float(loglik(obs, params, threads=1).sum()) - _log_prior(params, prior)

    start = np.concatenate([
        found.intercept, found.loading, np.log(found.noise),
        [np.log(found.tau2 / (1 - found.tau2)), np.log(found.phi / (1 - found.phi))],
        np.log(found.offset) if offsets else [],
    ])  # fmt: skip
    best = minimize(loss, start, method="L-BFGS-B", options={"maxiter": 15})
    assert loss(start) == pytest.approx(-fitted.objective_path[-1], abs=1e-6)
    assert loss(start) - best.fun < 0.3
    assert prior.strength == 4


def test_intervals_hold_the_true_tie_and_held_out_observations(simulated, offsets):
    obs, path = simulated
    out = np.random.default_rng(12).random(len(obs)) < 0.2
    seen, held = obs.where(~out), obs.where(out)
    params = fit(seen, MONTHS, sign=SIGN, offsets=offsets).params
    result = smooth(seen, params, MONTHS)
    inside = np.abs(path - result.mean) < normal_quantile(0.9) * np.sqrt(result.var)
    assert 0.87 < inside.mean() < 0.93
    assert 0.88 < predictive(seen, params, MONTHS, held).covered(held.value, 0.9) < 0.92
    assert 0.46 < predictive(seen, params, MONTHS, held).covered(held.value, 0.5) < 0.54
    assert 0.88 < leave_one_out(obs, params, MONTHS).covered(obs.value, 0.9) < 0.92


def test_deterministic_whatever_the_threads(simulated, offsets):
    obs = simulated[0]
    one, two = (fit(obs, MONTHS, sign=SIGN, iterations=4, threads=n, offsets=offsets) for n in (1, 2))
    for a, b in zip(one.params, two.params, strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(one.objective_path, two.objective_path)


def test_start_on_another_scale_is_brought_to_that_of_the_fit(simulated, fitted, offsets):
    obs = simulated[0]
    elsewhere = rescale(fitted.params, shift=0.4, scale=2.5)
    again = fit(obs, MONTHS, sign=SIGN, start=elsewhere, iterations=3, offsets=offsets)
    assert again.objective_path[0] == pytest.approx(fitted.objective_path[-1], abs=1e-6)
    assert again.params.tau2 + again.params.stationary_var == pytest.approx(1, abs=1e-12)


def test_units_of_an_indicator_do_not_matter(simulated, offsets):
    """Values ten times as large: loadings and intercepts ten times, ties the same."""
    obs = simulated[0]
    a = fit(obs, MONTHS, sign=SIGN, iterations=10, offsets=offsets).params
    b = fit(obs.replace_values(obs.value * 10), MONTHS, sign=SIGN, iterations=10, offsets=offsets).params
    np.testing.assert_allclose(b.loading, 10 * a.loading, rtol=1e-6)
    np.testing.assert_allclose(b.noise, 100 * a.noise, rtol=1e-6)
    np.testing.assert_allclose(b.offset, 100 * a.offset, rtol=1e-6)
    assert b.phi == pytest.approx(a.phi, abs=1e-8)


def test_signs_orient_the_scale(simulated, offsets):
    """All signs the other way round: the same ties with the other sign."""
    obs = simulated[0]
    params = fit(obs, MONTHS, sign=-SIGN, iterations=30, offsets=offsets).params
    np.testing.assert_array_equal(np.sign(params.loading), -SIGN)


def test_a_start_with_the_wrong_sign_is_turned(simulated, fitted):
    wrong = fitted.params._replace(loading=-fitted.params.loading)
    prior = default_prior(simulated[0], 4, sign=SIGN, strength=0.0)
    params = fit(simulated[0], MONTHS, sign=SIGN, start=wrong, prior=prior, iterations=2).params
    np.testing.assert_array_equal(np.sign(params.loading), SIGN)


def test_an_unsigned_indicator_finds_its_own(simulated):
    found = fit(simulated[0], MONTHS, sign=[1, 1, 0, 1], iterations=60).params
    assert found.loading[2] == pytest.approx(TRUE.loading[2], abs=0.1)


def test_rare_indicators_keep_their_prior(simulated):
    """One of six is never observed, one twice."""
    obs = simulated[0]
    pair = np.repeat(np.arange(obs.n_pairs), np.diff(obs.indptr))
    more = observations(
        np.append(pair, [0, 1]), np.append(obs.month, [5, 9]), np.append(obs.indicator, [4, 4]),
        np.append(obs.value, [3.0, 3.2]), np.append(obs.weight, [1, 1]), obs.n_pairs,
    )  # fmt: skip
    result = fit(more, MONTHS, n_indicators=6, sign=[1, 1, -1, 1, 1, -1], iterations=40)
    params, prior = result.params, result.prior
    for found, expected in zip((*params[:3], params.offset), (*prior[:3], prior.offset), strict=True):
        assert found[5] == pytest.approx(expected[5], abs=0.02)
    assert abs(params.loading[4]) < 0.5
    assert 0 < params.offset[4] < 1
    assert np.isfinite(np.concatenate(params[:3])).all()
    assert (np.diff(result.objective_path) >= 0).all()


def test_a_constant_indicator_does_no_harm():
    """Nothing but zeros in one indicator: noise has a floor, ties stay finite."""
    obs, _ = simulate(np.random.default_rng(3), TRUE, 60, MONTHS, 0.1)
    flat = obs.replace_values(np.where(obs.indicator == 3, 0.0, obs.value))
    result = fit(flat, MONTHS, sign=SIGN, iterations=30)
    assert (result.params.noise > 0).all()
    assert (np.diff(result.objective_path) >= 0).all()
    assert np.isfinite(smooth(flat, result.params, MONTHS).mean).all()


def test_bad_arguments(simulated):
    obs = simulated[0]
    none = obs.where(np.zeros(len(obs), dtype=bool))
    with pytest.raises(UsageError, match="at least one observation"):
        fit(none, MONTHS)
    with pytest.raises(UsageError, match="4 signs"):
        fit(obs, MONTHS, sign=[1, 1])
    with pytest.raises(UsageError, match="strength"):
        default_prior(obs, 4, strength=-1)
    with pytest.raises(UsageError, match="months 0 to 9"):
        fit(obs, 10)
    short = Prior(np.zeros(2), np.ones(2), np.ones(2), 1.0)
    with pytest.raises(UsageError, match="prior of 4 indicators"):
        fit(obs, MONTHS, prior=short)


def test_offsets_are_found_to_be_small_where_there_are_none():
    obs, _ = simulate(np.random.default_rng(11), TRUE, 400, MONTHS, 0.12)
    with_them, without = (fit(obs, MONTHS, sign=SIGN, offsets=offsets) for offsets in (True, False))
    assert (with_them.params.offset < 0.05 * np.array([2.0, 1.6, 3.0, 0.5])).all()
    assert not without.params.offset.any()
    a, b = (smooth(obs, found.params, MONTHS) for found in (with_them, without))
    assert np.sqrt(np.mean((a.mean - b.mean) ** 2)) < 0.1


def test_a_model_without_offsets_is_too_sure_of_itself_where_there_are_some():
    obs, path = simulate(np.random.default_rng(11), OWN, 400, MONTHS, 0.12)
    inside = {}
    for offsets in (True, False):
        result = smooth(obs, fit(obs, MONTHS, sign=SIGN, offsets=offsets).params, MONTHS)
        inside[offsets] = (np.abs(path - result.mean) < normal_quantile(0.9) * np.sqrt(result.var)).mean()
    assert 0.87 < inside[True] < 0.93
    assert inside[False] < 0.8


def test_the_tie_is_what_indicators_share():
    """Votes every month, with habits of their own; two rarer indicators. A pair votes alike and, by both others, is hostile."""
    model = Parameters(
        np.zeros(3), np.ones(3), np.array([0.5, 1.0, 1.0]), 0.98, 0.5 * (1 - 0.98**2), 0.5, 0.0, np.array([2.0, 0.1, 0.1])
    )  # fmt: skip
    rng = np.random.default_rng(7)
    obs, path = simulate(rng, model, 300, MONTHS, 0.9)
    rare = (obs.indicator == 0) | (rng.random(len(obs)) < 0.05)
    said = np.where(obs.indicator == 0, 2.0, -1.5)
    first = np.arange(len(obs)) < obs.indptr[1]
    obs = obs.replace_values(np.where(first, said, obs.value)).where(rare)
    error, odd = {}, {}
    for offsets in (True, False):
        result = smooth(obs, fit(obs, MONTHS, sign=[1, 1, 1], offsets=offsets).params, MONTHS)
        error[offsets] = np.sqrt(np.mean((result.mean - path)[1:] ** 2))
        odd[offsets] = result.mean[0]
    assert obs.pair(0).indicator.tolist().count(0) > 10 * np.count_nonzero(obs.pair(0).indicator)
    assert (odd[True] < -0.5).all()
    assert (odd[False] > 0.5).all()
    assert error[True] < 0.6 * error[False]


def test_a_prior_or_a_start_that_says_nothing_of_offsets_is_completed():
    obs, _ = simulate(np.random.default_rng(3), OWN, 60, MONTHS, 0.1)
    prior = default_prior(obs, 4, sign=SIGN)
    shorter = fit(obs, MONTHS, sign=SIGN, prior=prior._replace(offset=None), start=TRUE, iterations=2)
    np.testing.assert_array_equal(shorter.prior.offset, prior.offset)
    start = fit(obs, MONTHS, sign=SIGN, prior=prior, start=TRUE._replace(offset=prior.offset), iterations=2)
    np.testing.assert_array_equal(shorter.objective_path, start.objective_path)
    none = fit(obs, MONTHS, sign=SIGN, start=OWN, iterations=2, offsets=False)
    assert not none.params.offset.any()


def test_a_single_pair_is_enough_to_run():
    params = some_params(2, mu0=0.0)
    obs: Observations = simulate(np.random.default_rng(2), params, 1, 60, 0.3)[0]
    result = fit(obs, 60, iterations=20)
    assert (np.diff(result.objective_path) >= 0).all()
    assert 0 <= result.params.phi < 1
