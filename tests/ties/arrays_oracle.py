"""The tie model as one joint Gaussian: dense matrices, no recursion. Slow, and plainly right."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from multipolar.ties.arrays import Observations, Parameters, Quick, observations


class Joint(NamedTuple):
    mean: np.ndarray  # (T,)
    cov: np.ndarray  # (T, T)
    loglik: float
    gain: np.ndarray  # (T, N): E[a | y] = mu0 + gain @ (y - c - lambda mu0)


def joint(obs: Observations, params: Parameters, n_months: int) -> Joint:
    """Posterior of one pair's path by conditioning the joint normal of path and observations."""
    t = clock(obs, params, n_months)
    still = params.q / (1 - params.phi**2)
    prior = params.tau2 + still * params.phi ** np.abs(t[:, None] - t[None, :])
    usual = params.mu0 + obs.levels[0]
    load = np.zeros((len(obs), n_months))
    load[np.arange(len(obs)), obs.month] = params.loading[obs.indicator]
    total = signal(obs, obs, params) + np.diag(params.noise[obs.indicator] / obs.weight)
    gain = np.linalg.solve(total, load @ prior).T
    deviation = obs.value - params.intercept[obs.indicator] - params.loading[obs.indicator] * usual
    sign, logdet = np.linalg.slogdet(total)
    assert sign > 0
    quadratic = deviation @ np.linalg.solve(total, deviation)
    return Joint(
        usual + gain @ deviation,
        prior - gain @ load @ prior,
        float(-0.5 * (len(obs) * np.log(2 * np.pi) + logdet + quadratic)),
        gain,
    )


def clock(obs: Observations, params: Parameters, n_months: int) -> np.ndarray:
    """Time on one pair's clock at each month, step by step."""
    now, times = 0.0, [0.0]
    for month in range(1, n_months):
        now += 1.0 if params.pace is None else params.pace[min(month, params.pace.size - 1)]
        if obs.quick is not None:
            now += sum(
                params.quicken[kind] for at, kind in zip(obs.quick.month, obs.quick.kind, strict=True) if at == month
            )
        times.append(now)
    return np.array(times)


def uneven(
    rng: np.random.Generator, obs: Observations, params: Parameters, n_months: int
) -> tuple[Observations, Parameters]:
    """The same observations of pairs with prior levels and clocks of their own."""
    many = rng.integers(0, 5, obs.n_pairs)
    month = np.concatenate([np.sort(rng.integers(0, n_months, n)) for n in many]).astype(np.int32)
    quick = Quick(np.concatenate(([0], np.cumsum(many))), month, rng.integers(0, 2, month.size).astype(np.int32))
    pace, quicken = rng.choice([0.5, 1.0, 12.0], n_months), np.array([0.0, 7.5])
    return replace(obs, level=rng.normal(size=obs.n_pairs), quick=quick), params._replace(pace=pace, quicken=quicken)


def signal(one: Observations, other: Observations, params: Parameters) -> np.ndarray:
    """Prior covariance of lambda a + u between observations of the same pair, shape (N_one, N_other)."""
    times = clock(one, params, max(one.n_months, other.n_months, 1))
    apart = np.abs(times[one.month][:, None] - times[other.month][None, :])
    tie = params.tau2 + params.q / (1 - params.phi**2) * params.phi**apart
    same = one.indicator[:, None] == other.indicator[None, :]
    lam = params.loading
    return np.outer(lam[one.indicator], lam[other.indicator]) * tie + same * params.offset_var[one.indicator][:, None]


def held_out(obs: Observations, held: Observations, params: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of one pair's `held` observations given its `obs`."""
    total = signal(obs, obs, params) + np.diag(params.noise[obs.indicator] / obs.weight)
    cross = signal(held, obs, params)
    usual = params.intercept + params.loading * (params.mu0 + obs.levels[0])
    mean = usual[held.indicator] + cross @ np.linalg.solve(total, obs.value - usual[obs.indicator])
    var = np.diag(signal(held, held, params)) - (cross * np.linalg.solve(total, cross.T).T).sum(axis=1)
    return mean, var + params.noise[held.indicator] / held.weight


def some_params(seed: int = 0, m: int = 3, *, mu0: float = 0.3, offsets: str = "none") -> Parameters:
    """Random parameters; `offsets` of "all" indicators, of "some" (all but the first) or "none"."""
    rng = np.random.default_rng(seed)
    params = Parameters(rng.normal(size=m), rng.normal(size=m), rng.uniform(0.2, 2, size=m), 0.9, 0.15, 0.6, mu0)
    if offsets == "none":
        return params
    return params._replace(offset=rng.uniform(0.1, 3, size=m) * ((np.arange(m) > 0) | (offsets == "all")))


OFFSETS = ("none", "some", "all")


def simulate(
    rng: np.random.Generator, params: Parameters, n_pairs: int, n_months: int, density: float, repeat: int = 1
) -> tuple[Observations, np.ndarray]:
    """Random paths and observations of them: `repeat` times an indicator a month, each seen with chance `density`."""
    m = params.loading.size
    path = np.empty((n_pairs, n_months))
    x = rng.normal(size=n_pairs) * np.sqrt(params.q / (1 - params.phi**2))
    level = params.mu0 + np.sqrt(params.tau2) * rng.normal(size=n_pairs)
    for t in range(n_months):
        if t:
            x = params.phi * x + np.sqrt(params.q) * rng.normal(size=n_pairs)
        path[:, t] = level + x
    pair, month, indicator, _ = np.nonzero(rng.random((n_pairs, n_months, m, repeat)) < density)
    weight = rng.integers(1, 6, size=pair.size).astype(float)
    error = rng.normal(size=pair.size) * np.sqrt(params.noise[indicator] / weight)
    value = params.intercept[indicator] + params.loading[indicator] * path[pair, month] + error
    if params.offset_var.any():
        value += (rng.normal(size=(n_pairs, m)) * np.sqrt(params.offset_var))[pair, indicator]
    return observations(pair, month, indicator, value, weight, n_pairs), path
