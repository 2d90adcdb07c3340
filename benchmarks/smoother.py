"""How fast the batched smoother is, beside statsmodels' on the same model and data.

``python benchmarks/smoother.py`` prints one line of JSON. Seconds are of filter + smoother + likelihood over all
pairs, after one warm-up call, without building the data; ``smoother_s`` is the best of the runs (other load on the
machine only ever adds), ``smoother_median_s`` their median. ``smoother_ratio`` is statsmodels' seconds a pair over ours
(on two threads), where statsmodels is asked for smoothed states and their covariances only, and its model is built
outside the timing. ``smoother_offsets_s`` is the same problem where every pair has an offset for every indicator.
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable
from statistics import median

import numpy as np

from multipolar.ties.arrays import Observations, Parameters, change, smooth, weights

PAIRS, MONTHS, INDICATORS, SEEN = 20_000, 900, 12, 0.1
THREADS = 2


def parameters() -> Parameters:
    """Twelve indicators of different strength, a half-life of two years."""
    rng = np.random.default_rng(1)
    loading, noise = rng.uniform(0.2, 1.0, INDICATORS), rng.uniform(0.5, 3.0, INDICATORS)
    return Parameters(rng.normal(size=INDICATORS), loading, noise, 0.97, 0.5 * (1 - 0.97**2), 0.5)


def data(params: Parameters, n_pairs: int, *, seed: int = 0, block: int = 250) -> Observations:
    """Simulated observations, nine of ten missing, with effective counts of 1 to 9."""
    rng = np.random.default_rng(seed)
    indptr, columns = [np.zeros(1, dtype=np.int64)], []
    for start in range(0, n_pairs, block):
        size = min(block, n_pairs - start)
        seen = rng.random((size, MONTHS, INDICATORS), dtype=np.float32) < SEEN
        pair, month, indicator = (axis.astype(np.int32) for axis in np.nonzero(seen))
        tie = paths(rng, params, size)[pair, month]
        weight = rng.integers(1, 10, pair.size).astype(np.float64)
        error = rng.standard_normal(pair.size) * np.sqrt(params.noise[indicator] / weight)
        value = params.intercept[indicator] + params.loading[indicator] * tie + error
        indptr.append(indptr[-1][-1] + np.cumsum(np.bincount(pair, minlength=size), dtype=np.int64))
        columns.append((month, indicator.astype(np.int16), value, weight))
    month, indicator, value, weight = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    return Observations(np.concatenate(indptr), month, indicator, value, weight)


def paths(rng: np.random.Generator, params: Parameters, size: int) -> np.ndarray:
    """Simulated ties, shape (size, MONTHS)."""
    out = np.empty((size, MONTHS))
    x = np.sqrt(params.stationary_var) * rng.standard_normal(size)
    level = params.mu0 + np.sqrt(params.tau2) * rng.standard_normal(size)
    for t in range(MONTHS):
        x = x if t == 0 else params.phi * x + np.sqrt(params.q) * rng.standard_normal(size)
        out[:, t] = level + x
    return out


def seconds(call: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def statsmodels_smoother(obs: Observations, params: Parameters):
    """The same model of one pair in statsmodels: state (x, mu), twelve observed series, NaN where nothing was seen."""
    from statsmodels.tsa.statespace.kalman_smoother import SMOOTHER_STATE, SMOOTHER_STATE_COV, KalmanSmoother

    endog = np.full((MONTHS, INDICATORS), np.nan)
    noise = np.ones((INDICATORS, MONTHS)) * params.noise[:, None]
    endog[obs.month, obs.indicator] = obs.value
    noise[obs.indicator, obs.month] /= obs.weight
    model = KalmanSmoother(k_endog=INDICATORS, k_states=2, smoother_output=SMOOTHER_STATE | SMOOTHER_STATE_COV)
    model.bind(endog)
    model["obs_intercept"] = params.intercept
    model["design"] = np.column_stack([params.loading, params.loading])
    model["obs_cov"] = np.stack([np.diag(noise[:, t]) for t in range(MONTHS)], axis=2)
    model["transition"] = np.diag([params.phi, 1.0])
    model["selection"] = np.eye(2)
    model["state_cov"] = np.diag([params.q, 0.0])
    model.initialize_known(np.array([0.0, params.mu0]), np.diag([params.stationary_var, params.tau2]))
    return model


def with_offsets(params: Parameters) -> Parameters:
    """The same with offsets that vary as much between pairs as the tie makes an indicator vary."""
    return params._replace(offset=params.loading**2)


def run(*, n_pairs: int = PAIRS, rounds: int = 12, others: int = 4, offsets: int = 3) -> dict[str, float]:
    """All figures; about twenty seconds, most of it to simulate the data. `offsets`: rounds with offsets, 0 for none."""
    params = parameters()
    smooth(data(params, min(n_pairs, 300)), params, MONTHS, threads=THREADS)  # compiles, or loads what was compiled
    obs = data(params, n_pairs)
    models = [statsmodels_smoother(obs.pair(d), params) for d in range(others)]
    models[0].smooth()
    ours, alone, theirs = [], [], []
    for _ in range(rounds):  # in turn, so that other load on the machine meets all of them
        ours.append(seconds(lambda: smooth(obs, params, MONTHS, threads=THREADS)))
        theirs.append(median(seconds(model.smooth) for model in models))
        alone.append(seconds(lambda: smooth(obs, params, MONTHS, threads=1)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        **(offset_figures(obs, with_offsets(params), offsets) if offsets else {}),
        "smoother_s": round(min(ours), 3),
        "smoother_median_s": round(median(ours), 3),
        "smoother_one_thread_s": round(min(alone), 3),
        "smoother_ratio": round(min(theirs) / (min(ours) / n_pairs)),
        "smoother_ratio_of_medians": round(median(theirs) / (median(ours) / n_pairs)),
        "statsmodels_s_per_pair": round(min(theirs), 5),
        "smoother_observations": len(obs),
        "smoother_mb": round(peak),
        **accuracy(obs, params),
    }


def offset_figures(obs: Observations, params: Parameters, rounds: int) -> dict[str, float]:
    """Seconds with offsets, and largest absolute differences of means and variances from the joint normal."""
    smooth(obs.pair(0), params, MONTHS)
    took = min(seconds(lambda: smooth(obs, params, MONTHS, threads=THREADS)) for _ in range(rounds))
    ours, (mean, var) = smooth(obs.pair(0), params, MONTHS), joint_normal(obs.pair(0), params)
    error = max(np.abs(ours.mean[0] - mean).max(), np.abs(ours.var[0] - var).max())
    return {"smoother_offsets_s": round(took, 3), "smoother_offsets_error": float(error)}


def accuracy(obs: Observations, params: Parameters, *, pairs: int = 3) -> dict[str, float]:
    """Largest absolute differences, over means and variances of all months of some pairs.

    ``smoother_error`` from the joint normal of path and observations, ``statsmodels_error`` from statsmodels,
    ``attribution_error`` of baseline + weights x data from the estimate (levels, and changes since the first month).
    """
    joint_error = statsmodels_error = attribution_error = 0.0
    for d in range(pairs):
        pair = obs.pair(d)
        ours, theirs = smooth(pair, params, MONTHS), statsmodels_smoother(pair, params).smooth()
        mean, var = joint_normal(pair, params)
        joint_error = max(joint_error, np.abs(ours.mean[0] - mean).max(), np.abs(ours.var[0] - var).max())
        apart = np.abs(ours.mean[0] - theirs.smoothed_state.sum(axis=0)).max()
        statsmodels_error = max(statsmodels_error, apart)
        statsmodels_error = max(statsmodels_error, np.abs(ours.var[0] - theirs.smoothed_state_cov.sum((0, 1))).max())
        for t in range(0, MONTHS, 50):
            level, moved = weights(pair, params, MONTHS, t), weights(pair, params, MONTHS, change(MONTHS, 0, t))
            estimate = ours.mean[0, t], ours.mean[0, t] - ours.mean[0, 0]
            errors = abs(level.estimate - estimate[0]), abs(moved.estimate - estimate[1])
            attribution_error = max(attribution_error, *errors)
    return {
        "smoother_error": float(joint_error),
        "statsmodels_error": float(statsmodels_error),
        "attribution_error": float(attribution_error),
    }


def joint_normal(obs: Observations, params: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of one pair's path by conditioning one dense normal distribution: no recursion."""
    t = np.arange(MONTHS)
    prior = params.tau2 + params.stationary_var * params.phi ** np.abs(t[:, None] - t[None, :])
    loading = params.loading[obs.indicator]
    cross = prior[:, obs.month] * loading
    total = loading[:, None] * cross[obs.month] + np.diag(params.noise[obs.indicator] / obs.weight)
    total += (obs.indicator[:, None] == obs.indicator) * params.offset_var[obs.indicator]
    gain = np.linalg.solve(total, cross.T).T
    mean = params.mu0 + gain @ (obs.value - params.intercept[obs.indicator] - loading * params.mu0)
    return mean, np.diag(prior) - (gain * cross).sum(axis=1)


if __name__ == "__main__":
    print(json.dumps(run()))
