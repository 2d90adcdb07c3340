"""The recursions against statsmodels: the same model with the state (x, mu, offsets), observed through the
cells of a month."""

from __future__ import annotations

import numpy as np
import pytest
from arrays_oracle import OFFSETS, simulate, some_params
from statsmodels.tsa.statespace.mlemodel import MLEModel
from statsmodels.tsa.statespace.tools import compute_smoothed_state_weights

from multipolar.ties.arrays import covariance, filtered, news, smooth, weights

MONTHS, M = 40, 3
CLOSE = 1e-10


def results_of(obs, params):
    """Filtered and smoothed results; the last series is never observed and is the tie itself."""
    endog = np.full((MONTHS, M + 1), np.nan)
    endog[obs.month, obs.indicator] = obs.value
    noise = np.ones((MONTHS, M + 1))
    noise[:, :M] = params.noise
    noise[obs.month, obs.indicator] = params.noise[obs.indicator] / obs.weight
    model = MLEModel(endog, k_states=2 + M)
    loading = np.append(params.loading, 1.0)
    model["obs_intercept"] = np.append(params.intercept, 0.0)
    model["design"] = np.column_stack([loading, loading, np.eye(M + 1, M)])
    model["obs_cov"] = np.stack([np.diag(row) for row in noise], axis=2)
    model["transition"] = np.diag([params.phi, *np.ones(1 + M)])
    model["selection"] = np.eye(2 + M)
    model["state_cov"] = np.diag([params.q, *np.zeros(1 + M)])
    start = np.diag([params.stationary_var, params.tau2, *params.offset_var])
    model.ssm.initialize_known(np.array([0.0, params.mu0, *np.zeros(M)]), start)
    return model.smooth([])


@pytest.fixture(scope="module", params=OFFSETS)
def params(request):
    return some_params(8, offsets=request.param)


@pytest.fixture(scope="module")
def obs(params):
    return simulate(np.random.default_rng(9), params, 3, MONTHS, 0.35)[0]


def test_smoothed_and_filtered_states(obs, params):
    ours, then = smooth(obs, params, MONTHS), filtered(obs, params, MONTHS)
    for d in range(obs.n_pairs):
        theirs = results_of(obs.pair(d), params)
        np.testing.assert_allclose(ours.mean[d], theirs.smoothed_state[:2].sum(axis=0), atol=CLOSE)
        np.testing.assert_allclose(ours.var[d], theirs.smoothed_state_cov[:2, :2].sum(axis=(0, 1)), atol=CLOSE)
        np.testing.assert_allclose(then.mean[d], theirs.filtered_state[:2].sum(axis=0), atol=CLOSE)
        np.testing.assert_allclose(then.var[d], theirs.filtered_state_cov[:2, :2].sum(axis=(0, 1)), atol=CLOSE)
        assert ours.loglik[d] == pytest.approx(theirs.llf, abs=1e-9)


def test_autocovariance_of_neighbouring_months(obs, params):
    theirs = results_of(obs.pair(0), params).smoother_results
    for t in (1, 12, MONTHS - 1):
        lagged = theirs.smoothed_state_autocovariance(1, t=t)[:2, :2].sum()
        assert covariance(obs.pair(0), params, MONTHS, t)[t - 1] == pytest.approx(lagged, abs=CLOSE)


def test_observation_weights(obs, params):
    pair = obs.pair(1)
    theirs = compute_smoothed_state_weights(results_of(pair, params))[0]
    for t in (0, 17, MONTHS - 1):
        expected = theirs[t, pair.month, :2, pair.indicator].sum(axis=-1)
        np.testing.assert_allclose(weights(pair, params, MONTHS, t).weights, expected, atol=CLOSE)


def test_news_and_revisions(obs, params):
    """A vintage with a fifth of the cells not yet there and a fifth of the others with another value."""
    new = obs.pair(2)
    rng = np.random.default_rng(10)
    late = rng.random(len(new)) < 0.2
    first = np.where(rng.random(len(new)) < 0.2, new.value + rng.normal(size=len(new)), new.value)
    old = new.replace_values(first).where(~late)
    before, after = results_of(old, params), results_of(new, params)
    # statsmodels wants one representation: the noise of cells that are missing in the old vintage does not matter to it.
    before.model["obs_cov"] = after.model["obs_cov"]
    before = before.model.smooth([])
    for t in (5, MONTHS - 1):
        ours = news(old, new, params, MONTHS, t)
        theirs = after.smoother_results.news(before.smoother_results, t=t)
        assert ours.revisions == pytest.approx(float(np.squeeze(theirs.revision_impacts)[-1]), abs=1e-9)
        assert ours.contributions.sum() == pytest.approx(float(np.squeeze(theirs.update_impacts)[-1]), abs=1e-9)
        cells = [(int(new.month[i]), int(new.indicator[i])) for i in ours.added]
        place = [cells.index((int(month), int(series))) for month, series in theirs.updates_ix]
        np.testing.assert_allclose(ours.surprise[place], theirs.news, atol=1e-9)
        np.testing.assert_allclose(ours.weight[place], np.squeeze(theirs.gain)[-1], atol=1e-9)
