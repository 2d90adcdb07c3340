"""Months between observed ones: where nothing was observed, the smoothed tie follows from its two neighbours. Private.

Given the tie at an observed month before and one after, and the level mu, the tie in between is a bridge of the AR(1)::

    a_s = A a_before + B a_after + (1 - A - B) mu + e        B = f2 v1 / v        A = f1 v2 / v        var e = v1 v2 / v

with f1, v1 what is left of a deviation and the variance added from the month before to s, f2, v2 the same from s to the month
after, and ``v = f2^2 v1 + v2``. An empty month so costs a few operations, however many offsets its pair has.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from multipolar.ties.arrays._kernels import Clock, Floats, Ints, _jit, steps_common, steps_grid
from multipolar.ties.arrays._offsets import nodes_observed, smoothed, squares, workspace


@_jit
def dot(K: int, one: Floats, other: Floats) -> float:
    """Sum of products of the first K elements."""
    total = 0.0
    for j in range(K):
        total += one[j] * other[j]
    return total


@_jit
def outside(
    start: int, stop: int, step: int, jump: Floats, innov: Floats, node: Floats, level: Floats, along: float,
    mu0: float, mean: Floats, var: Floats,
) -> None:  # fmt: skip
    """Months from `start` to before `stop` on one side of all observed ones. `node`: mean and variance of the nearest."""
    f, v = 1.0, 0.0
    for t in range(start, stop, step):
        into = t if step > 0 else t + 1
        v = jump[into] * jump[into] * v + innov[into]
        f *= jump[into]
        mean[t] = mu0 + f * node[0] + (1.0 - f) * level[0]
        var[t] = f * f * node[1] + (1.0 - f) * ((1.0 - f) * level[1] + 2.0 * f * along) + v


@_jit
def between(
    first: int, last: int, jump: Floats, innov: Floats, ahead: Floats, added: Floats, before: Floats, after: Floats,
    both: float, level: Floats, along: Floats, mu0: float, mean: Floats, var: Floats,
) -> None:  # fmt: skip
    """Months after `first` and before `last`, which are observed. `both`: covariance of the two; `along`: with the level."""
    f, v = 1.0, 0.0
    for t in range(last - 1, first, -1):
        v += f * f * innov[t + 1]
        f *= jump[t + 1]
        ahead[t], added[t] = f, v
    f, v = 1.0, 0.0
    for t in range(first + 1, last):
        v = jump[t] * jump[t] * v + innov[t]
        f *= jump[t]
        total = ahead[t] * ahead[t] * v + added[t]
        B, A = ahead[t] * v / total, f * added[t] / total
        D = 1.0 - A - B
        mean[t] = mu0 + A * before[0] + B * after[0] + D * level[0]
        var[t] = (
            A * A * before[1] + B * B * after[1] + 2.0 * A * B * both + v * added[t] / total
            + D * (D * level[1] + 2.0 * (A * along[0] + B * along[1]))
        )  # fmt: skip


@_jit
def smooth_block(
    start: int, stop: int, indptr: Ints, month: Ints, indicator: Ints, value: Floats, weight: Floats, clock: Clock,
    table: Floats, scalars: Floats, longest: int, out_mean: Floats, out_var: Floats, out_loglik: Floats,
) -> None:  # fmt: skip
    """Smoothed mean and variance of pairs start..stop-1 in every month."""
    n, w, size = out_mean.shape[1], table.shape[0] + 1, min(longest, out_mean.shape[1])
    rate, tau2, mu0, still = scalars[0], scalars[1], scalars[2], scalars[3]
    jump, innov, ahead, added = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    leap, gained, ends = np.empty(size), np.empty(size), np.empty(size, np.int64)
    mean, var, gain, slope, room = np.empty(size), np.empty(size), np.empty(size), np.empty((size, w)), workspace(w)
    here, there, level, along = np.empty(2), np.empty(2), np.empty(2), np.empty(2)
    inverse, half, own = room[3], room[6], np.empty(w)
    steps_common(clock, rate, still, jump, innov)
    for d in range(start, stop):
        steps_grid(d, clock, rate, still, jump, innov)
        first, last = indptr[d], indptr[d + 1]
        if first == last:
            out_mean[d, :] = mu0
            out_var[d, :] = tau2 + still
            out_loglik[d] = 0.0
            continue
        count = nodes_observed(d, first, last, month, clock, rate, still, ends, leap, gained)
        K, out_loglik[d] = smoothed(first, last, count, ends, leap, gained, indicator, value, weight, table, scalars, room,
                                    mean, var, slope, gain)  # fmt: skip
        for j in range(K):
            own[j] = sqrt(tau2) * inverse[0, j]
        level[0], level[1] = dot(K, own, half), squares(K, own)
        before = -1
        for k in range(count):
            t = month[ends[k] - 1]
            there[0], there[1], along[1] = mean[k], var[k] + squares(K, slope[k]), dot(K, own, slope[k])
            out_mean[d, t], out_var[d, t] = mu0 + there[0], there[1]
            if before < 0:
                outside(t - 1, -1, -1, jump, innov, there, level, along[1], mu0, out_mean[d], out_var[d])
            elif t > before + 1:
                both = gain[k - 1] * var[k] + dot(K, slope[k - 1], slope[k])
                between(
                    before, t, jump, innov, ahead, added, here, there, both, level, along, mu0, out_mean[d], out_var[d]
                )
            before = t
            here[0], here[1], along[0] = there[0], there[1], along[1]
        outside(before + 1, n, 1, jump, innov, here, level, along[0], mu0, out_mean[d], out_var[d])
