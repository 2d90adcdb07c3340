"""Compiled loops of the tie model. Private: nothing here checks its arguments; `kalman`, `em` and `attribution` do.

Written for one pair at a time, in deviations from ``mu0``. Conditional on the level ``delta = mu - mu0`` the tie
is a scalar AR(1) around ``delta``, so every conditional mean is affine in it: ``E[a | delta, y] = mean + slope *
delta``, while variances and gains do not depend on it. Two scalars (``info``, ``score``) gather what the
innovations say of ``delta``, and its posterior closes the estimate (de Jong 1991, Annals of Statistics 19:1073,
with a proper prior in place of the diffuse one). No 2 x 2 matrix is ever formed and no variance is a difference
of two others, so all of them stay positive.

Observations of one month enter as their precision ``J = sum lambda^2 n / sigma2`` and information ``h = sum
lambda (y - c - lambda mu0) n / sigma2``, which are sufficient for the tie of that month (Jungbacker & Koopman
2015, Econometrics Journal 18:C1, with a scalar state). A step is a move from one node (a month) to a later one:
``jump`` is phi^gap, ``innov`` the variance that the gap adds, and a gap is measured on the pair's clock (`model`). On the
grid every month is a node; for likelihood and moments only observed months are, and empty runs are crossed in one step.

Values come in less ``lambda`` times the pair's own prior level (`kalman.inputs`), so that here the level has mean 0.

All kernels release the interpreter lock, and take a range of pairs: `kalman.in_blocks` spreads the ranges over threads.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, expm1, log, pi
from typing import TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer]
#: Time elapsed on the common clock by each month (T,); then, pair after pair, months that last longer and by how much.
Clock = tuple[Floats, Ints, Ints, Floats]
F = TypeVar("F", bound=Callable[..., object])

_LOG_2PI = log(2 * pi)
_HUGE, _TINY = 1e150, 1e-150


def _jit(function: F) -> F:
    """Compile on first call, lock released. ``contract`` lets a*b+c round once; sums are never reordered."""
    try:
        return _compiled(function, keep=True)
    except RuntimeError:  # no folder where the compiled code could be kept: compile in each process
        return _compiled(function, keep=False)


def _compiled(function: F, *, keep: bool) -> F:
    return cast("F", numba.njit(cache=keep, nogil=True, error_model="numpy", fastmath={"contract"})(function))


@_jit
def fade(rate: float, still: float, gap: float) -> tuple[float, float]:
    """What is left of a deviation after a gap, and the variance that the gap adds."""
    return exp(-rate * gap), -still * expm1(-2.0 * rate * gap)


@_jit
def steps_grid(d: int, clock: Clock, rate: float, still: float, jump: Floats, innov: Floats) -> None:
    """The step into every month of pair d; months that last longer are put back by the next call."""
    elapsed, ptr, node, extra = clock
    if d > 0:
        for i in range(ptr[d - 1], ptr[d]):
            t = node[i]
            if 0 < t < jump.size:
                jump[t], innov[t] = fade(rate, still, elapsed[t] - elapsed[t - 1])
    for i in range(ptr[d], ptr[d + 1]):
        t = node[i]
        if 0 < t < jump.size:
            jump[t], innov[t] = fade(rate, still, elapsed[t] - elapsed[t - 1] + extra[i])


@_jit
def steps_common(clock: Clock, rate: float, still: float, jump: Floats, innov: Floats) -> None:
    """The step into every month on the common clock."""
    elapsed = clock[0]
    jump[0], innov[0] = 1.0, 0.0
    for t in range(1, jump.size):
        jump[t], innov[t] = fade(rate, still, elapsed[t] - elapsed[t - 1])


@_jit
def collapse_grid(
    first: int,
    last: int,
    month: Ints,
    indicator: Ints,
    value: Floats,
    weight: Floats,
    table: Floats,
    J: Floats,
    h: Floats,
) -> tuple[float, float]:
    """Gather observations first..last-1 into months; returns (sum p r^2, sum log p), p the precision of each."""
    quad, logs, product = 0.0, 0.0, 1.0
    J[:] = 0.0
    h[:] = 0.0
    for i in range(first, last):
        m, t = indicator[i], month[i]
        p = weight[i] * table[m, 2]
        r = value[i] - table[m, 0]
        lp = table[m, 1] * p
        J[t] += table[m, 1] * lp
        h[t] += lp * r
        quad += p * r * r
        product *= p
        if product > _HUGE or product < _TINY:
            logs += log(product)
            product = 1.0
    return quad, logs + log(product)


@_jit
def collapse_nodes(
    d: int, first: int, last: int, month: Ints, indicator: Ints, value: Floats, weight: Floats, table: Floats,
    clock: Clock, rate: float, still: float, J: Floats, h: Floats, jump: Floats, innov: Floats,
) -> tuple[int, float, float]:  # fmt: skip
    """Gather observations first..last-1 into observed months only; returns (number of nodes, sum p r^2, sum log p)."""
    quad, logs, product = 0.0, 0.0, 1.0
    elapsed, ptr, node, extra = clock
    k, before, at = -1, -1, ptr[d]
    for i in range(first, last):
        m, t = indicator[i], month[i]
        if t != before:
            k += 1
            J[k], h[k] = 0.0, 0.0
            gap = elapsed[t] - elapsed[max(before, 0)]
            while at < ptr[d + 1] and node[at] <= t:
                if node[at] > before:
                    gap += extra[at]
                at += 1
            if k > 0:
                jump[k], innov[k] = fade(rate, still, gap)
            before = t
        p = weight[i] * table[m, 2]
        r = value[i] - table[m, 0]
        lp = table[m, 1] * p
        J[k] += table[m, 1] * lp
        h[k] += lp * r
        quad += p * r * r
        product *= p
        if product > _HUGE or product < _TINY:
            logs += log(product)
            product = 1.0
    return k + 1, quad, logs + log(product)


@_jit
def forward(
    n: int, start_var: float, J: Floats, h: Floats, jump: Floats, innov: Floats,
    mean: Floats, var: Floats, slope: Floats, info: Floats, score: Floats,
) -> tuple[float, float]:  # fmt: skip
    """Filter n nodes given the level, of which nodes 0..k say `info` and `score`; returns (quadratic, log det)."""
    a, P, g, S, s = 0.0, start_var, 1.0, 0.0, 0.0
    quad, logs, product = 0.0, 0.0, 1.0
    j, grow = 0.0, 1.0
    for k in range(n):
        if k > 0:
            f, q = jump[k], innov[k]
            a = f * a
            # phi^2 P / (1 + P j) + q over one denominator: the division is all that one step waits for in another.
            P = (P * (f * f + q * j) + q) / grow
            g = f * g + (1.0 - f)
        j = J[k]
        grow = 1.0 + P * j
        shrink = 1.0 / grow
        d = h[k] - j * a
        S += g * g * j * shrink
        s += g * d * shrink
        quad -= a * (h[k] + d) + P * shrink * d * d
        product *= grow
        if product > _HUGE:
            logs += log(product)
            product = 1.0
        a = a + P * shrink * d
        g = g * shrink
        mean[k], var[k], slope[k], info[k], score[k] = a, P * shrink, g, S, s
    return quad, logs + log(product)


@_jit
def level(tau2: float, info: float, score: float) -> tuple[float, float, float]:
    """Posterior mean and variance of the level's deviation, and its share of -2 log likelihood."""
    shrink = 1.0 / (1.0 + tau2 * info)
    return tau2 * score * shrink, tau2 * shrink, log(1.0 + tau2 * info) - tau2 * score * score * shrink


@_jit
def backward(
    n: int, jump: Floats, innov: Floats, mean: Floats, var: Floats, slope: Floats,
    delta: float, delta_var: float, mu0: float, out_mean: Floats, out_var: Floats,
) -> None:  # fmt: skip
    """Rauch-Tung-Striebel pass; variances as sums of positive terms."""
    a, V, g = mean[n - 1], var[n - 1], slope[n - 1]
    out_mean[n - 1] = mu0 + a + g * delta
    out_var[n - 1] = V + g * g * delta_var
    for k in range(n - 2, -1, -1):
        f, P, q = jump[k + 1], var[k], innov[k + 1]
        scaled = P / (f * f * P + q)
        gain = f * scaled
        a = mean[k] + gain * (a - f * mean[k])
        g = slope[k] + gain * (g - (f * slope[k] + (1.0 - f)))
        V = q * scaled + gain * gain * V
        out_mean[k] = mu0 + a + g * delta
        out_var[k] = V + g * g * delta_var


@_jit
def likelihood(count: int, quads: float, log_precision: float, log_determinant: float, level_part: float) -> float:
    """Log density of `count` observations."""
    return -0.5 * (count * _LOG_2PI + quads - log_precision + log_determinant + level_part)


@_jit
def smooth_block(
    start: int, stop: int, indptr: Ints, month: Ints, indicator: Ints, value: Floats, weight: Floats, clock: Clock,
    table: Floats, scalars: Floats, out_mean: Floats, out_var: Floats, out_loglik: Floats,
) -> None:  # fmt: skip
    """Smoothed mean and variance of pairs start..stop-1 in every month. `table`, `scalars`: `kalman.tables`."""
    n = out_mean.shape[1]
    rate, tau2, mu0, still = scalars[0], scalars[1], scalars[2], scalars[3]
    jump, innov = np.empty(n), np.empty(n)
    steps_common(clock, rate, still, jump, innov)
    J, h, mean, var = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    slope, info, score = np.empty(n), np.empty(n), np.empty(n)
    for d in range(start, stop):
        steps_grid(d, clock, rate, still, jump, innov)
        first, last = indptr[d], indptr[d + 1]
        if first == last:
            out_mean[d, :] = mu0
            out_var[d, :] = tau2 + still
            out_loglik[d] = 0.0
            continue
        quad, logs = collapse_grid(first, last, month, indicator, value, weight, table, J, h)
        more, logdet = forward(n, still, J, h, jump, innov, mean, var, slope, info, score)
        delta, delta_var, part = level(tau2, info[n - 1], score[n - 1])
        backward(n, jump, innov, mean, var, slope, delta, delta_var, mu0, out_mean[d], out_var[d])
        out_loglik[d] = likelihood(last - first, quad + more, logs, logdet, part)


@_jit
def filter_block(
    start: int, stop: int, indptr: Ints, month: Ints, indicator: Ints, value: Floats, weight: Floats, clock: Clock,
    table: Floats, scalars: Floats, ahead: Floats, out_mean: Floats, out_var: Floats, out_loglik: Floats,
) -> None:  # fmt: skip
    """What was known at each month of the tie some months later; `ahead` (T, 2): what is left by then, variance added."""
    n = out_mean.shape[1]
    rate, tau2, mu0, still = scalars[0], scalars[1], scalars[2], scalars[3]
    jump, innov = np.empty(n), np.empty(n)
    steps_common(clock, rate, still, jump, innov)
    J, h, mean, var = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    slope, info, score = np.empty(n), np.empty(n), np.empty(n)
    for d in range(start, stop):
        steps_grid(d, clock, rate, still, jump, innov)
        first, last = indptr[d], indptr[d + 1]
        quad, logs = collapse_grid(first, last, month, indicator, value, weight, table, J, h)
        more, logdet = forward(n, still, J, h, jump, innov, mean, var, slope, info, score)
        part = 0.0
        for t in range(n):
            delta, delta_var, part = level(tau2, info[t], score[t])
            f, added = ahead[t, 0], ahead[t, 1]
            g = f * slope[t] + (1.0 - f)
            out_mean[d, t] = mu0 + f * mean[t] + g * delta
            out_var[d, t] = f * f * var[t] + added + g * g * delta_var
        out_loglik[d] = likelihood(last - first, quad + more, logs, logdet, part)


@_jit
def points_block(
    start: int, stop: int, indptr: Ints, month: Ints, indicator: Ints, value: Floats, weight: Floats, clock: Clock,
    table: Floats, scalars: Floats, n: int, point_ptr: Ints, point_month: Ints, out_mean: Floats, out_var: Floats,
) -> None:  # fmt: skip
    """Smoothed mean and variance at given months of each pair only: nothing of size pairs x months is kept."""
    rate, tau2, mu0, still = scalars[0], scalars[1], scalars[2], scalars[3]
    jump, innov = np.empty(n), np.empty(n)
    steps_common(clock, rate, still, jump, innov)
    J, h, mean, var = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    slope, info, score = np.empty(n), np.empty(n), np.empty(n)
    for d in range(start, stop):
        steps_grid(d, clock, rate, still, jump, innov)
        if point_ptr[d] == point_ptr[d + 1]:
            continue
        collapse_grid(indptr[d], indptr[d + 1], month, indicator, value, weight, table, J, h)
        forward(n, still, J, h, jump, innov, mean, var, slope, info, score)
        delta, delta_var, _ = level(tau2, info[n - 1], score[n - 1])
        backward(n, jump, innov, mean, var, slope, delta, delta_var, mu0, mean, var)
        for i in range(point_ptr[d], point_ptr[d + 1]):
            out_mean[i] = mean[point_month[i]]
            out_var[i] = var[point_month[i]]


@_jit
def loglik_block(
    start: int, stop: int, indptr: Ints, month: Ints, indicator: Ints, value: Floats, weight: Floats, clock: Clock,
    table: Floats, scalars: Floats, longest: int, out_loglik: Floats, out_level: Floats,
) -> None:  # fmt: skip
    """Log likelihood and level (mean, variance) of each pair: cost grows with the observations, not with the months."""
    rate, tau2, still = scalars[0], scalars[1], scalars[3]
    J, h, jump, innov = np.empty(longest), np.empty(longest), np.empty(longest), np.empty(longest)
    mean, var, slope = np.empty(longest), np.empty(longest), np.empty(longest)
    info, score = np.empty(longest), np.empty(longest)
    for d in range(start, stop):
        first, last = indptr[d], indptr[d + 1]
        out_loglik[d], out_level[d, 0], out_level[d, 1] = 0.0, 0.0, tau2
        if first == last:
            continue
        n, quad, logs = collapse_nodes(d, first, last, month, indicator, value, weight, table, clock, rate, still,
                                       J, h, jump, innov)  # fmt: skip
        more, logdet = forward(n, still, J, h, jump, innov, mean, var, slope, info, score)
        out_level[d, 0], out_level[d, 1], part = level(tau2, info[n - 1], score[n - 1])
        out_loglik[d] = likelihood(last - first, quad + more, logs, logdet, part)


@_jit
def moments_block(
    start: int, stop: int, indptr: Ints, month: Ints, indicator: Ints, value: Floats, weight: Floats, clock: Clock,
    table: Floats, scalars: Floats, longest: int, levels: Floats, stats: Floats,
) -> float:  # fmt: skip
    """Add to `stats` (M, 6) the expected weighted sums of 1, a, a^2, r, r a, r^2; returns the log likelihood.

    ``a`` is the tie's deviation from ``mu0`` and ``r`` the observation's from its centre ``c + lambda mu0``; `levels` (P,)
    are the prior levels less ``mu0``, which values come without.
    """
    rate, tau2, still = scalars[0], scalars[1], scalars[3]
    J, h, jump, innov = np.empty(longest), np.empty(longest), np.empty(longest), np.empty(longest)
    mean, var, slope = np.empty(longest), np.empty(longest), np.empty(longest)
    info, score = np.empty(longest), np.empty(longest)
    total = 0.0
    for d in range(start, stop):
        first, last = indptr[d], indptr[d + 1]
        if first == last:
            continue
        n, quad, logs = collapse_nodes(d, first, last, month, indicator, value, weight, table, clock, rate, still,
                                       J, h, jump, innov)  # fmt: skip
        more, logdet = forward(n, still, J, h, jump, innov, mean, var, slope, info, score)
        delta, delta_var, part = level(tau2, info[n - 1], score[n - 1])
        backward(n, jump, innov, mean, var, slope, delta, delta_var, 0.0, mean, var)
        total += likelihood(last - first, quad + more, logs, logdet, part)
        k, before = -1, -1
        for i in range(first, last):
            if month[i] != before:
                k += 1
                before = month[i]
            m, w, a = indicator[i], weight[i], levels[d] + mean[k]
            r = value[i] - table[m, 0] + table[m, 1] * levels[d]
            stats[m, 0] += w
            stats[m, 1] += w * a
            stats[m, 2] += w * (a * a + var[k])
            stats[m, 3] += w * r
            stats[m, 4] += w * r * a
            stats[m, 5] += w * r * r
    return total


@_jit
def posterior_path(
    month: Ints, indicator: Ints, value: Floats, weight: Floats, clock: Clock, table: Floats, scalars: Floats, n: int
) -> tuple[Floats, Floats]:
    """One pair: rows of filtered mean, var, slope, smoothed var, slope, gain, all given the level, and of the steps into
    each month (what is left, variance added); then the level's mean and variance.
    """
    rate, tau2, still = scalars[0], scalars[1], scalars[3]
    J, h, info, score = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    path = np.zeros((8, n))
    jump, innov = path[6], path[7]
    steps_common(clock, rate, still, jump, innov)
    steps_grid(0, clock, rate, still, jump, innov)
    collapse_grid(0, month.size, month, indicator, value, weight, table, J, h)
    forward(n, still, J, h, jump, innov, path[0], path[1], path[2], info, score)
    delta, delta_var, _ = level(tau2, info[n - 1], score[n - 1])
    path[3, n - 1], path[4, n - 1] = path[1, n - 1], path[2, n - 1]
    for k in range(n - 2, -1, -1):
        P, f, q = path[1, k], jump[k + 1], innov[k + 1]
        scaled = P / (f * f * P + q)
        gain = f * scaled
        path[5, k] = gain
        path[3, k] = q * scaled + gain * gain * path[3, k + 1]
        path[4, k] = path[2, k] + gain * (path[4, k + 1] - (f * path[2, k] + (1.0 - f)))
    return path, np.array([delta, delta_var])


@_jit
def posterior_times(path: Floats, delta_var: float, functional: Floats) -> Floats:
    """Posterior covariance of the path times a vector, in O(months).

    For t < s it is gain_t ... gain_(s-1) V_s + slope_t slope_s var(level).
    """
    n = functional.size
    out = np.empty(n)
    later, along = 0.0, 0.0
    for t in range(n - 1, -1, -1):
        later = path[3, t] * functional[t] + path[5, t] * later
        along += path[4, t] * functional[t]
        out[t] = later
    earlier = 0.0
    for t in range(n):
        if t > 0:
            earlier = path[5, t - 1] * (earlier + functional[t - 1])
        out[t] += path[3, t] * earlier + path[4, t] * delta_var * along
    return out
