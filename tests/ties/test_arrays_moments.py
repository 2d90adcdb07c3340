"""What the estimation rests on: expected moments, the regression on them, the prior, and ranges of pairs."""

from __future__ import annotations

import numpy as np
import pytest
from arrays_oracle import joint, simulate, some_params

from multipolar.ties.arrays import Parameters, Prior, default_prior, loglik, observations, smooth
from multipolar.ties.arrays.em import _log_prior, _maximise, _moved, _Problem, _standard
from multipolar.ties.arrays.kalman import in_blocks, powers

MONTHS, M = 25, 3
PARAMS = _standard(some_params(4))


@pytest.fixture(scope="module")
def obs():
    return simulate(np.random.default_rng(4), PARAMS, 6, MONTHS, 0.25, repeat=2)[0]


@pytest.fixture(scope="module")
def prior(obs):
    return default_prior(obs, M)


def problem(obs, prior) -> _Problem:
    return _Problem(obs, prior, np.full(M, 1e-12), 1)


def expected_complete(obs, params: Parameters, at: Parameters, m: int) -> float:
    """Expected log density of indicator m's observations under `params`, ties as the joint normal at `at` has them."""
    total = 0.0
    for d in range(obs.n_pairs):
        pair = obs.pair(d)
        exact = joint(pair, at, MONTHS)
        mine = pair.indicator == m
        mean, var = exact.mean[pair.month[mine]], np.diag(exact.cov)[pair.month[mine]]
        noise = params.noise[m] / pair.weight[mine]
        square = (pair.value[mine] - params.intercept[m] - params.loading[m] * mean) ** 2 + params.loading[m] ** 2 * var
        total += float((-0.5 * np.log(2 * np.pi * noise) - square / (2 * noise)).sum())
    return total


def test_moments_are_those_of_the_joint_normal(obs, prior):
    expected = np.zeros((M, 6))
    for d in range(obs.n_pairs):
        pair = obs.pair(d)
        exact = joint(pair, PARAMS, MONTHS)
        a, v = exact.mean[pair.month], np.diag(exact.cov)[pair.month]
        r = pair.value - PARAMS.intercept[pair.indicator]
        terms = pair.weight * np.array([np.ones_like(a), a, a * a + v, r, r * a, r * r])
        for m in range(M):
            expected[m] += terms[:, pair.indicator == m].sum(axis=1)
    np.testing.assert_allclose(problem(obs, prior).moments(PARAMS), expected, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("strength", [0.0, 4.0, 100.0])
def test_the_regression_maximises_the_expected_density(obs, strength):
    """No small move of any coordinate of any indicator is better."""
    prior = default_prior(obs, M, strength=strength)
    best = _maximise(problem(obs, prior), PARAMS)

    def value(params: Parameters) -> float:
        return sum(expected_complete(obs, params, PARAMS, m) for m in range(M)) + _log_prior(params, prior)

    top = value(best)
    for name in ("intercept", "loading", "noise"):
        for m in range(M):
            for step in (-1e-3, 1e-3):
                array = getattr(best, name).copy()
                array[m] += step
                assert value(best._replace(**{name: array})) < top


def test_moments_give_the_slope_of_the_likelihood(obs, prior):
    """Fisher's identity: the expected score is the score; compared with finite differences of the log likelihood."""
    n, a, aa, r, ra, rr = problem(obs, prior).moments(PARAMS).T
    lam, noise = PARAMS.loading, PARAMS.noise
    seen = np.bincount(obs.indicator, minlength=M)
    score = {
        "intercept": (r - lam * a) / noise,
        "loading": (ra - lam * aa) / noise,
        "noise": -seen / (2 * noise) + (rr - 2 * lam * ra + lam**2 * aa) / (2 * noise**2),
    }
    assert (n > 0).all()
    for name, slopes in score.items():
        for m in range(M):
            h = 1e-5
            up, down = (getattr(PARAMS, name).copy() for _ in range(2))
            up[m] += h
            down[m] -= h
            ends = [loglik(obs, PARAMS._replace(**{name: array})).sum() for array in (up, down)]
            assert (ends[0] - ends[1]) / (2 * h) == pytest.approx(slopes[m], rel=1e-5, abs=1e-5)


def test_the_mode_of_the_prior_is_where_it_says(prior):
    at = PARAMS._replace(intercept=prior.intercept, loading=prior.loading, noise=prior.noise)
    top = _log_prior(at, prior)
    for name in ("intercept", "loading", "noise"):
        for factor in (0.99, 1.01):
            assert _log_prior(at._replace(**{name: getattr(at, name) * factor}), prior) < top


def test_default_prior_by_hand():
    """Values 1, 3 of weight 1 and 5 of weight 2: mean 3.5; the other indicator was never seen."""
    obs = observations([0, 0, 0], [0, 1, 2], [0, 0, 0], [1.0, 3.0, 5.0], [1.0, 1.0, 2.0])
    prior = default_prior(obs, 2, sign=[-1, 0], strength=2)
    var = ((1 - 3.5) ** 2 + (3 - 3.5) ** 2 + (5 - 3.5) ** 2) / 3
    assert isinstance(prior, Prior)
    assert prior.intercept.tolist() == [3.5, 0.0]
    np.testing.assert_allclose(prior.loading, [-0.5 * np.sqrt(var), 0.0])
    np.testing.assert_allclose(prior.noise, [0.75 * var * 3 / 2.5, 0.75])


@pytest.mark.parametrize("axis", range(4))
@pytest.mark.parametrize("by", [-12.0, -0.3, 0.3, 12.0])
def test_a_step_of_the_search_stays_inside_the_model(axis, by):
    moved = _moved(PARAMS, axis, by).validate()
    assert moved.tau2 + moved.stationary_var == pytest.approx(1.0, abs=1e-9)


def test_standard_scale_is_the_same_model(obs):
    elsewhere = some_params(4)
    np.testing.assert_allclose(loglik(obs, _standard(elsewhere)), loglik(obs, elsewhere), atol=1e-10)


def test_gaps_compose():
    """A gap of s then one of t is a gap of s + t."""
    table = powers(PARAMS, 12)
    for s in range(1, 6):
        for t in range(1, 6):
            decay, added = table[s + t]
            assert decay == pytest.approx(table[s, 0] * table[t, 0], rel=1e-13)
            assert added == pytest.approx(table[t, 0] ** 2 * table[s, 1] + table[t, 1], rel=1e-13)


@pytest.mark.parametrize("n_pairs", [0, 1, 31, 32, 33, 500])
@pytest.mark.parametrize("threads", [1, 2])
def test_blocks_cover_every_pair_once(n_pairs, threads):
    rng = np.random.default_rng(n_pairs)
    pair = rng.integers(0, n_pairs, 40) if n_pairs else np.array([], dtype=int)
    obs = observations(pair, np.zeros(pair.size, int), np.zeros(pair.size, int), np.zeros(pair.size), 1.0, n_pairs)
    ranges = in_blocks(obs, 10_000, threads, lambda _kernels, start, stop: (start, stop))
    assert [d for start, stop in ranges for d in range(start, stop)] == list(range(n_pairs))


def test_kernels_compile_where_nothing_can_be_kept(monkeypatch):
    """A read-only installation without a home: compiled in the process, same numbers."""
    import numba

    from multipolar.ties.arrays import _kernels

    real = numba.njit

    def without_folder(*args, cache=False, **options):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return real(*args, **options)

    monkeypatch.setattr(numba, "njit", without_folder)
    level = _kernels._jit(_kernels.level.py_func)
    assert level(0.5, 2.0, 3.0) == pytest.approx(_kernels.level(0.5, 2.0, 3.0))


def test_more_data_never_adds_doubt(obs):
    few = obs.where(np.arange(len(obs)) % 2 == 0)
    assert (smooth(obs, PARAMS, MONTHS).var <= smooth(few, PARAMS, MONTHS).var + 1e-12).all()
