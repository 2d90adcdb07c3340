"""Filter and smoother of the tie model over all pairs (see `model` for the equations, `_kernels` for the algebra).

Arrays in, arrays out: P pairs, T months, N observations, M indicators; a tie is on the scale of `Parameters`.
Results are float64 and do not depend on the number of threads. Sources: Kalman filter and fixed-interval smoother
as in Durbin & Koopman (2012), *Time Series Analysis by State Space Methods*, ch. 4; level and offsets as random
effects, de Jong (1991), Annals of Statistics 19:1073-1083; collapse of a month's observations, Jungbacker & Koopman
(2015), Econometrics Journal 18:C1-C21. Parameters without offsets (all ``omega2`` 0) take a faster path.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from math import inf, log
from statistics import NormalDist
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from multipolar.errors import UsageError
from multipolar.ties.arrays.model import Floats, Ints, Observations, Parameters, Quick

_BLOCKS = 32  # fixed, so that sums over blocks do not depend on the number of threads
_SMALL = 200_000  # pair-months below which starting threads costs more than it saves

Result = TypeVar("Result")


class Smoothed(NamedTuple):
    """Mean and variance of every tie.

    Attributes
    ----------
    mean, var : ndarray[float], shape (P, T)
        Of a_d(t), given the data.
    loglik : ndarray[float], shape (P,)
        Log density of each pair's observations (0 for a pair without any).
    """

    mean: Floats
    var: Floats
    loglik: Floats


class Predictive(NamedTuple):
    """Normal distribution of observations given other observations.

    Attributes
    ----------
    mean, var : ndarray[float], shape (N,)
        Predictive moments, the noise of the observation included.
    """

    mean: Floats
    var: Floats

    def z(self, value: npt.ArrayLike) -> Floats:
        """``(value - mean) / sqrt(var)``, shape (N,): standard normal if the model is calibrated."""
        return np.asarray((np.asarray(value) - self.mean) / np.sqrt(self.var))

    def covered(self, value: npt.ArrayLike, level: float = 0.9) -> float:
        """Share of values inside the central interval of that level (NaN if there are none)."""
        z = self.z(value)
        return float(np.mean(np.abs(z) <= normal_quantile(level))) if z.size else float("nan")

    def log_score(self, value: npt.ArrayLike) -> Floats:
        """Log density at each value, shape (N,)."""
        return np.asarray(-0.5 * (np.log(2 * np.pi * self.var) + self.z(value) ** 2))


def normal_quantile(level: float) -> float:
    """Half-width, in standard deviations, of the central normal interval that holds `level` (1.645 for 0.9).

    Raises
    ------
    UsageError
        If `level` is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise UsageError(f"expected a level between 0 and 1, got {level!r}", where="interval")
    return NormalDist().inv_cdf(0.5 + level / 2)


def smooth(obs: Observations, params: Parameters, n_months: int, *, threads: int | None = None) -> Smoothed:
    """Every tie in every month given all observations, past and future.

    Parameters
    ----------
    obs : Observations
    params : Parameters
    n_months : int
        T; observations must lie in months 0..T-1.
    threads : int, optional
        By default as many as the process may use; never changes the result.

    Raises
    ------
    UsageError
        If parameters are out of range, or an observation has no month or no indicator there.
    """
    params = check(obs, params, n_months)
    if not has_offsets(params):
        return _on_grid("smooth_block", obs, params, n_months, (), threads)
    from multipolar.ties.arrays import _bridge

    return _on_grid("smooth_block", obs, params, n_months, (longest(obs),), threads, kernels=_bridge)


def filtered(
    obs: Observations, params: Parameters, n_months: int, *, horizon: int = 0, threads: int | None = None
) -> Smoothed:
    """Every tie as it could be known in each month: column t uses observations of months 0..t only.

    With ``horizon=h`` column t holds the forecast of ``a(t + h)`` made in month t. ``loglik`` is the sum of
    one-step predictive log densities, and equals that of `smooth`.

    Raises
    ------
    UsageError
        As `smooth`, or if `horizon` is negative.
    """
    params = check(obs, params, n_months)
    if horizon < 0:
        raise UsageError(f"expected a horizon of 0 months or more, got {horizon}", where="filtered")
    elapsed = params.elapsed(n_months + horizon)
    gap = elapsed[horizon:] - elapsed[:n_months]
    ahead = np.column_stack([params.phi**gap, -params.stationary_var * np.expm1(2 * gap * _log(params.phi))])
    return _on_grid("filter_block", obs, params, n_months, (ahead,), threads)


def loglik(obs: Observations, params: Parameters, *, threads: int | None = None) -> Floats:
    """Log density of each pair's observations, shape (P,): the number `smooth` gives, without the months in between."""
    density: Floats = levels(obs, params, threads=threads)[0]
    return density


def levels(obs: Observations, params: Parameters, *, threads: int | None = None) -> tuple[Floats, Floats, Floats]:
    """`loglik`, and mean and variance of each pair's level given its observations, shape (P,) each."""
    params = check(obs, params, max(obs.n_months, 1))
    density, level = np.empty(obs.n_pairs), np.empty((obs.n_pairs, 2))
    given = (*inputs(obs, params, max(obs.n_months, 1)), *tables(params), longest(obs), density, level)
    in_blocks(obs, 1, threads, lambda k, start, stop: k.loglik_block(start, stop, *given), offsets=has_offsets(params))
    return density, params.mu0 + obs.levels + level[:, 0], level[:, 1]


def predictive(
    obs: Observations, params: Parameters, n_months: int, held: Observations, *, threads: int | None = None
) -> Predictive:
    """Distribution of `held` observations (of the same P pairs) given `obs`, which must not contain them.

    Raises
    ------
    UsageError
        As `smooth`, or if `held` has another number of pairs.
    """
    params = check(obs, params, n_months)
    check(held, params, n_months)
    if held.n_pairs != obs.n_pairs:
        raise UsageError(
            f"expected held-out observations of {obs.n_pairs} pairs, got {held.n_pairs}", where="predictive"
        )
    return _of_values(held, params, *_predictors(obs, params, n_months, held, threads))


def leave_one_out(obs: Observations, params: Parameters, n_months: int, *, threads: int | None = None) -> Predictive:
    """Distribution of each observation given all others of its pair, in one pass (parameters kept).

    Given everything, its linear predictor ``lambda a + u`` is N(m, V); taking out one Gaussian factor of precision ``p
    = n / sigma2`` leaves N(m - V p e / (1 - p V), V / (1 - p V)), where ``e`` is the residual at m.
    """
    params = check(obs, params, n_months)
    centre, var = _predictors(obs, params, n_months, obs, threads)
    precision = obs.weight / params.noise[obs.indicator]
    rest = 1 - precision * var
    residual = obs.value - params.intercept[obs.indicator] - centre
    return _of_values(obs, params, centre - var * precision * residual / rest, var / rest)


def covariance(obs: Observations, params: Parameters, n_months: int, target: int | npt.ArrayLike) -> Floats:
    """Posterior covariance of a functional of one pair's path with every month of it, shape (T,).

    Parameters
    ----------
    obs : Observations
        Of one pair (``Observations.pair``).
    target : int or array_like[float], shape (T,)
        A month, or the weights u of the functional ``sum_t u_t a(t)``.
    """
    return covariances(obs, params, n_months, target)[0]


def covariances(
    obs: Observations, params: Parameters, n_months: int, target: int | npt.ArrayLike
) -> tuple[Floats, Floats]:
    """`covariance`, and that of the functional with the pair's offsets, shape (M,)."""
    from multipolar.ties.arrays import _kernels

    params = check(one_pair(obs), params, n_months)
    functional = functional_of(target, n_months)
    path = _posterior(obs, params, n_months)
    along = functional @ path.smoothed
    chain = _kernels.posterior_times(path.chain, 0.0, functional)
    return chain + path.smoothed @ along, path.offset @ along


def sample(obs: Observations, params: Parameters, n_months: int, size: int, rng: np.random.Generator) -> Floats:
    """Draws of one pair's whole path given its observations, shape (size, T).

    Level and offsets are drawn first; given them the path is Markov and is drawn from the last month back (Carter &
    Kohn 1994, Biometrika 81:541-553).
    """
    params = check(one_pair(obs), params, n_months)
    path = _posterior(obs, params, n_months)
    mean, var, gain, left, added = path.chain[0], path.chain[1], path.chain[5], path.chain[6], path.chain[7]
    drawn = rng.standard_normal((size, path.level.size))
    level = path.level_mean + drawn @ path.level
    noise = rng.standard_normal((size, n_months))
    out = np.empty((size, n_months))
    out[:, -1] = mean[-1] + drawn @ path.filtered[-1] + np.sqrt(var[-1]) * noise[:, -1]
    for t in range(n_months - 2, -1, -1):
        centre = mean[t] + drawn @ path.filtered[t]
        phi, q = left[t + 1], added[t + 1]
        ahead = phi * centre + (1 - phi) * level
        spread = np.sqrt(var[t] * q / (phi * phi * var[t] + q))
        out[:, t] = centre + gain[t] * (out[:, t + 1] - ahead) + spread * noise[:, t]
    out += params.mu0 + obs.levels[0]
    return out


def check(obs: Observations, params: Parameters, n_months: int) -> Parameters:
    """Validated parameters, if the observations fit into them and into the months."""
    valid = params.validate()
    if n_months < 1 or obs.n_months > n_months:
        raise UsageError(
            f"expected observations in months 0 to {n_months - 1}, got month {obs.n_months - 1}", where="tie model"
        )
    if obs.n_indicators > valid.loading.size:
        raise UsageError(
            f"expected indicators 0 to {valid.loading.size - 1}, got {obs.n_indicators - 1}", where="tie model"
        )
    kinds = 0 if valid.quicken is None else valid.quicken.size
    happened = -1 if obs.quick is None else int(obs.quick.kind.max(initial=-1))
    if happened >= kinds:
        raise UsageError(f"expected {happened + 1} durations in `quicken`, got {kinds}", where="tie model")
    return valid


def one_pair(obs: Observations) -> Observations:
    """`obs` itself, if it is of one pair."""
    if obs.n_pairs != 1:
        raise UsageError(
            f"expected observations of one pair, got {obs.n_pairs} pairs", where="tie model", hint="Use `obs.pair(d)`."
        )
    return obs


def functional_of(target: int | npt.ArrayLike, n_months: int) -> Floats:
    """The weights over months, shape (T,), of a month or of a functional."""
    if isinstance(target, int | np.integer):
        if not 0 <= target < n_months:
            raise UsageError(f"expected a month from 0 to {n_months - 1}, got {target}", where="functional")
        out = np.zeros(n_months)
        out[int(target)] = 1.0
        return out
    out = np.ascontiguousarray(target, dtype=np.float64)
    if out.shape != (n_months,) or not np.isfinite(out).all():
        raise UsageError(f"expected {n_months} finite weights, got shape {out.shape}", where="functional")
    return out


def in_blocks(
    obs: Observations,
    months: int,
    threads: int | None,
    work: Callable[..., Result],
    blocks: int = _BLOCKS,
    *,
    offsets: bool = False,
) -> list[Result]:
    """``work(kernels, start, stop)`` for ranges of pairs that cost about the same; results in order of the ranges.

    Kernels hold no lock, so plain threads run side by side; unlike a compiled parallel loop this is safe to call
    from several threads, after a fork and with any threading layer, and stops at Ctrl-C after the blocks that
    run.
    """
    cost = obs.indptr + months * np.arange(obs.n_pairs + 1)
    cuts = np.searchsorted(cost, np.linspace(0, cost[-1], blocks + 1)) if obs.n_pairs else np.array([0])
    cuts[-1] = obs.n_pairs
    ranges = [(int(a), int(b)) for a, b in pairwise(cuts) if b > a]
    run = partial(work, _compiled(offsets))
    workers = min(threads or _cores(), len(ranges))
    if workers < 2 or cost[-1] < _SMALL:
        return [run(start, stop) for start, stop in ranges]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda bounds: run(*bounds), ranges))


def inputs(
    obs: Observations, params: Parameters, n_months: int
) -> tuple[Ints, Ints, Ints, Floats, Floats, tuple[Floats, Ints, Ints, Floats]]:
    """What every kernel takes first: observations, values less their prior level's part, and the clock."""
    quick = Quick(np.zeros(obs.n_pairs + 1, np.int64), *np.zeros((2, 0), np.int32)) if obs.quick is None else obs.quick
    extra = np.zeros(0) if params.quicken is None else params.quicken[quick.kind]
    clock = (params.elapsed(n_months), quick.indptr, quick.month, extra)
    value = obs.value
    if obs.level is not None:
        value = value - params.loading[obs.indicator] * obs.level[obs.pair_of]
    return obs.indptr, obs.month, obs.indicator, value, obs.weight, clock


def tables(params: Parameters) -> tuple[Floats, Floats]:
    """Parameters for the kernels: (M, 3) of centre, loading, 1 / noise; (4,) -log phi, tau2, mu0, stationary variance.

    If there are offsets, their standard deviations are the table's fourth column.
    """
    table = [params.intercept + params.loading * params.mu0, params.loading, 1 / params.noise]
    table += [np.sqrt(params.offset_var)] if has_offsets(params) else []
    return np.column_stack(table), np.array([-_log(params.phi), params.tau2, params.mu0, params.stationary_var])


def _log(phi: float) -> float:
    """Its logarithm, minus infinity for 0."""
    return log(phi) if phi > 0 else -inf


def has_offsets(params: Parameters) -> bool:
    """Whether any indicator has offsets."""
    return bool(params.offset_var.any())


def longest(obs: Observations) -> int:
    """Most observations of one pair: room enough for its observed months."""
    return int(np.diff(obs.indptr).max(initial=1))


def _on_grid(
    kernel: str,
    obs: Observations,
    params: Parameters,
    n_months: int,
    extra: tuple[Floats | int, ...],
    threads: int | None,
    kernels: Any = None,
) -> Smoothed:
    out = Smoothed(np.empty((obs.n_pairs, n_months)), np.empty((obs.n_pairs, n_months)), np.empty(obs.n_pairs))
    given = (*inputs(obs, params, n_months), *tables(params), *extra, *out)
    found = _compiled(has_offsets(params)) if kernels is None else kernels
    in_blocks(obs, n_months, threads, lambda _, start, stop: getattr(found, kernel)(start, stop, *given))
    if obs.level is not None:
        out.mean[:] += obs.level[:, None]
    return out


def _predictors(
    obs: Observations, params: Parameters, n_months: int, held: Observations, threads: int | None
) -> tuple[Floats, Floats]:
    """Posterior mean and variance of ``lambda a + u`` at the observations `held`, shape (N_held,) each."""
    mean, var = np.empty(len(held)), np.empty(len(held))
    lam, offsets = params.loading[held.indicator], has_offsets(params)
    where = (held.indptr, held.month, held.indicator) if offsets else (held.indptr, held.month)
    given = (*inputs(obs, params, n_months), *tables(params), n_months, *where, mean, var)
    in_blocks(obs, n_months, threads, lambda k, start, stop: k.points_block(start, stop, *given), offsets=offsets)
    level = 0.0 if obs.level is None else obs.level[held.pair_of]
    return (mean + lam * (params.mu0 + level), var) if offsets else (lam * (mean + level), lam**2 * var)


def _of_values(held: Observations, params: Parameters, predictor: Floats, var: Floats) -> Predictive:
    return Predictive(params.intercept[held.indicator] + predictor, var + params.noise[held.indicator] / held.weight)


class _Path(NamedTuple):
    """Posterior of one pair's path as ``chain + slopes @ eps``, eps ~ N(0, I) of K elements: level and offsets."""

    chain: Floats  # (8, T): rows of `_kernels.posterior_path`; the filtered mean is at eps = 0
    filtered: Floats  # (T, K)
    smoothed: Floats  # (T, K)
    level: Floats  # (K,): the level's deviation from its prior mean is level_mean + level @ eps
    level_mean: float
    offset: Floats  # (M, K); 0 for an offset of which the pair says nothing


def _posterior(obs: Observations, params: Parameters, n_months: int) -> _Path:
    given = (*inputs(obs, params, n_months)[1:], *tables(params), n_months)
    if has_offsets(params):
        chain, filtered, smoothed, unknown, half = _compiled(True).posterior_path(*given)
        return _Path(chain, filtered, smoothed, unknown[0], float(unknown[0] @ half), unknown[1:])
    chain, (centre, var) = _compiled(False).posterior_path(*given)
    spread = np.sqrt([var])
    chain[0] += chain[2] * centre
    nothing = np.zeros((params.loading.size, 1))
    return _Path(chain, chain[2, :, None] * spread, chain[4, :, None] * spread, spread, float(centre), nothing)


def _compiled(offsets: bool) -> Any:
    """The kernels, for models with offsets or without."""
    if offsets:
        from multipolar.ties.arrays import _offsets

        return _offsets
    from multipolar.ties.arrays import _kernels

    return _kernels


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
