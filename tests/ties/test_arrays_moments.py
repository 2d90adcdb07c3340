"""What the estimation rests on: expected moments, the regression on them, the prior, and ranges of pairs."""

from __future__ import annotations

import numpy as np
import pytest
from arrays_oracle import OFFSETS, joint, signal, simulate, some_params

from multipolar.ties.arrays import Parameters, Prior, default_prior, loglik, observations, smooth
from multipolar.ties.arrays.em import _axes, _log_prior, _maximise, _Problem, _regress, _standard
from multipolar.ties.arrays.em import _Point as Point
from multipolar.ties.arrays.kalman import in_blocks, tables

MONTHS, M = 25, 3
PARAMS = _standard(some_params(4))


@pytest.fixture(scope="module", params=OFFSETS)
def params(request):
    return _standard(some_params(4, offsets=request.param))


@pytest.fixture(scope="module")
def obs(params):
    return simulate(np.random.default_rng(4), params, 6, MONTHS, 0.25, repeat=2)[0]


@pytest.fixture(scope="module")
def prior(obs):
    return default_prior(obs, M)


def problem(obs, prior) -> _Problem:
    return _Problem(obs, prior, np.full(M, 1e-12), np.zeros(M), 1)


def unknowns(obs, at: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """One pair: posterior mean and covariance of the tie's deviation at each observation, then of all offsets."""
    n = len(obs)
    only_tie = signal(obs, obs, at._replace(offset=None, loading=np.ones(M)))
    prior = np.block([[only_tie, np.zeros((n, M))], [np.zeros((M, n)), np.diag(at.offset_var)]])
    load = np.column_stack([np.diag(at.loading[obs.indicator]), np.eye(M)[obs.indicator]])
    total = load @ prior @ load.T + np.diag(at.noise[obs.indicator] / obs.weight)
    gain = np.linalg.solve(total, load @ prior).T
    return gain @ (obs.value - at.intercept[obs.indicator]), prior - gain @ load @ prior


def expected_moments(obs, at: Parameters) -> np.ndarray:
    out = np.zeros((M, 9))
    for d in range(obs.n_pairs):
        pair = obs.pair(d)
        n, m = len(pair), pair.indicator
        mean, cov = unknowns(pair, at)
        a, u, i = mean[:n], mean[n + m], np.arange(n)
        vary, both, own = cov[i, i], cov[i, n + m], cov[n + m, n + m]
        r = pair.value - at.intercept[m] - u
        terms = np.array([np.ones(n), a, a * a + vary, r, r * a - both, r * r + own]) * pair.weight
        for k in range(M):
            out[k, :6] += terms[:, m == k].sum(axis=1)
            if (m == k).any() and at.offset_var[k] > 0:
                out[k, 6:] += 1, mean[n + k], mean[n + k] ** 2 + cov[n + k, n + k]
    return out


def expected_complete(obs, params: Parameters, at: Parameters, m: int) -> float:
    """Expected log density of m's observations and offsets under `params`, unknowns as the joint normal at `at` has them."""
    total = 0.0
    for d in range(obs.n_pairs):
        pair = obs.pair(d)
        mean, cov = unknowns(pair, at)
        for i in np.flatnonzero(pair.indicator == m):
            load = np.zeros(mean.size)
            load[i], load[len(pair) + m] = params.loading[m], 1.0
            noise = params.noise[m] / pair.weight[i]
            square = (pair.value[i] - params.intercept[m] - load @ mean) ** 2 + load @ cov @ load
            total += float(-0.5 * np.log(2 * np.pi * noise) - square / (2 * noise))
        if (pair.indicator == m).any() and at.offset_var[m] > 0:
            k, var = len(pair) + m, params.offset_var[m]
            total += float(-0.5 * np.log(2 * np.pi * var) - (mean[k] ** 2 + cov[k, k]) / (2 * var))
    return total


def test_unknowns_of_this_file_are_those_of_the_oracle(obs, params):
    pair = obs.pair(0)
    exact, (mean, cov) = joint(pair, params, MONTHS), unknowns(pair, params)
    np.testing.assert_allclose(mean[: len(pair)], exact.mean[pair.month], atol=1e-11)
    np.testing.assert_allclose(np.diag(cov)[: len(pair)], np.diag(exact.cov)[pair.month], atol=1e-11)


def test_moments_are_those_of_the_joint_normal(obs, prior, params):
    found = problem(obs, prior).moments(params)
    np.testing.assert_allclose(found, expected_moments(obs, params), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("strength", [0.0, 4.0, 100.0])
def test_the_regression_maximises_the_expected_density(strength):
    """No small move of any coordinate of any indicator is better."""
    obs = simulate(np.random.default_rng(4), PARAMS, 6, MONTHS, 0.25, repeat=2)[0]
    prior = default_prior(obs, M, strength=strength, offsets=False)
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
    assert not best.offset_var.any()


@pytest.mark.parametrize("strength", [0.0, 4.0, 100.0])
def test_with_offsets_it_maximises_that_of_the_expanded_model(obs, params, strength):
    """The same where offsets may have a mean: the density of offsets around it, and the intercept it goes into."""
    prior = default_prior(obs, M, strength=strength)
    free = expected_moments(obs, params)
    best = _maximise(problem(obs, prior), params)

    def value(found: Parameters, usual: np.ndarray) -> float:
        n, a, aa, r, ra, rr, pairs, u, uu = free.T
        c, lam, some = found.intercept - usual - params.intercept, found.loading, pairs > 0
        rest = rr - 2 * (c * r + lam * ra) + c * c * n + 2 * c * lam * a + lam * lam * aa
        seen = np.bincount(obs.indicator, minlength=M)
        total = (-0.5 * seen * np.log(found.noise) - rest / (2 * found.noise)).sum()
        square, var = uu - 2 * usual * u + pairs * usual**2, np.where(some, found.offset_var, 1.0)
        return float(total - 0.5 * (pairs * np.log(var) + square / var).sum()) + _log_prior(found, prior)

    # The best mean of the offsets for the intercept found: the density is quadratic in it, so three values give it.
    at_old, found = best._replace(noise=params.noise, offset=params.offset_var), np.zeros(M)
    for m in np.flatnonzero(params.offset_var):
        low, middle, high = (value(at_old, step * np.eye(M)[m]) for step in (-1.0, 0.0, 1.0))
        found[m] = (high - low) / (2 * (2 * middle - high - low))
    top = value(at_old, found)
    for name in ("intercept", "loading"):
        for m in range(M):
            for step in (-1e-3, 1e-3):
                array = getattr(best, name).copy()
                array[m] += step
                assert value(at_old._replace(**{name: array}), found) < top
    top = value(best, found)
    for name in ("noise", "offset"):
        for m in np.flatnonzero(best.offset_var > 0):
            for factor in (0.99, 1.01):
                array = getattr(best, name).copy()
                array[m] *= factor
                assert value(best._replace(**{name: array}), found) < top


def test_the_plain_step_alone_never_loses(obs, prior, params):
    point = Point(params, problem(obs, prior).objective(params))
    for _ in range(15):
        after, _ = _regress(problem(obs, prior), point, 1.0)
        assert after.objective > point.objective
        point = after


def test_moments_give_the_slope_of_the_likelihood(obs, prior, params):
    """Fisher's identity: the expected score is the score; compared with finite differences of the log likelihood."""
    n, a, aa, r, ra, rr, pairs, _, uu = problem(obs, prior).moments(params).T
    lam, noise, offset = params.loading, params.noise, params.offset_var
    seen, some = np.bincount(obs.indicator, minlength=M), offset > 0
    score = {
        "intercept": (r - lam * a) / noise,
        "loading": (ra - lam * aa) / noise,
        "noise": -seen / (2 * noise) + (rr - 2 * lam * ra + lam**2 * aa) / (2 * noise**2),
        "offset": np.where(some, -pairs / 2 + uu / (2 * np.where(some, offset, 1)), 0) / np.where(some, offset, 1),
    }
    assert (n > 0).all()
    for name, slopes in score.items():
        for m in np.flatnonzero(some) if name == "offset" else range(M):
            h = 1e-5
            up, down = (getattr(params, name).copy() for _ in range(2))
            up[m] += h
            down[m] -= h
            ends = [loglik(obs, params._replace(**{name: array})).sum() for array in (up, down)]
            assert (ends[0] - ends[1]) / (2 * h) == pytest.approx(slopes[m], rel=1e-5, abs=1e-5)


def test_the_mode_of_the_prior_is_where_it_says(prior):
    at = PARAMS._replace(intercept=prior.intercept, loading=prior.loading, noise=prior.noise, offset=prior.offset)
    top = _log_prior(at, prior)
    for name in ("intercept", "loading", "noise", "offset"):
        for factor in (0.99, 1.01):
            assert _log_prior(at._replace(**{name: getattr(at, name) * factor}), prior) < top


def test_default_prior_by_hand():
    """Values 1, 3 of weight 1 and 5 of weight 2: mean 3.5; the other indicator was never seen."""
    pair, value, weight = [0, 0, 1], [1.0, 3.0, 5.0], [1.0, 1.0, 2.0]
    obs = observations(pair, [0, 1, 2], [0, 0, 0], value, weight)
    var = ((1 - 3.5) ** 2 + (3 - 3.5) ** 2 + (5 - 3.5) ** 2) / 3
    without = default_prior(obs, 2, sign=[-1, 0], strength=2, offsets=False)
    assert isinstance(without, Prior)
    assert without.intercept.tolist() == [3.5, 0.0]
    np.testing.assert_allclose(without.loading, [-0.5 * np.sqrt(var), 0.0])
    np.testing.assert_allclose(without.noise, [0.75 * var * 3 / 2.5, 0.75])
    assert without.offset is None
    prior = default_prior(obs, 2, sign=[-1, 0], strength=2)
    np.testing.assert_allclose(prior.offset, [0.5 * 1.5**2, 0.25])  # pairs' means are 2 and 5
    np.testing.assert_allclose(prior.noise, [(0.75 * var - 0.5 * 1.5**2) * 3 / 2.5, 0.5])
    np.testing.assert_array_equal(np.stack(prior[:2]), np.stack(without[:2]))


@pytest.mark.parametrize("axis", range(5))
@pytest.mark.parametrize("by", [-12.0, -0.3, 0.3, 12.0])
def test_a_step_of_the_search_stays_inside_the_model(axis, by):
    move, _ = _axes(PARAMS._replace(offset=np.ones(M)), True)[axis]
    moved = move(PARAMS, by).validate()
    assert moved.tau2 + moved.stationary_var == pytest.approx(1.0, abs=1e-9)


def test_standard_scale_is_the_same_model(obs, params):
    elsewhere = some_params(4)._replace(offset=params.offset_var)
    np.testing.assert_allclose(loglik(obs, _standard(elsewhere)), loglik(obs, elsewhere), atol=1e-10)


def test_gaps_compose():
    """A gap of s then one of t is a gap of s + t."""
    from multipolar.ties.arrays._kernels import fade

    rate, _, _, still = tables(PARAMS)[1]
    for s in (0.5, 1, 2, 30):
        for t in (0.25, 1, 5):
            (decay, added), first, then = (fade(rate, still, gap) for gap in (s + t, s, t))
            assert decay == pytest.approx(first[0] * then[0], rel=1e-13)
            assert added == pytest.approx(then[0] ** 2 * first[1] + then[1], rel=1e-13)


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


def test_more_data_never_adds_doubt(obs, params):
    few = obs.where(np.arange(len(obs)) % 2 == 0)
    assert (smooth(obs, params, MONTHS).var <= smooth(few, params, MONTHS).var + 1e-12).all()
