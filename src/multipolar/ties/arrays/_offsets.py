"""Compiled loops of the tie model where indicators have offsets (see `model`). Private, like `_kernels`, its fast path.

Kernels of both modules have the same names and take the same arguments, but `table` has a fourth column here, the
standard deviation ``omega`` of each indicator's offset.

Unknown for a pair are its level and an offset for each indicator it was observed through. In units of their prior
deviations they are ``z ~ N(0, I)`` of K elements: element 0 the level, the others offsets in the order in which their
indicators first appear. Given z everything is a scalar AR(1) again, so ``E[a | z, y] = mean + slope . z`` with one slope
an element (de Jong 1991, Annals of Statistics 19:1073). Observations come in one by one (Koopman & Durbin 2000, Journal
of Time Series Analysis 21:281), as those of one month differ in what they say of z; each adds b b' / F to the matrix
`S` and b v / F to the vector `s`, with v its innovation at z = 0, b how z moves that, and F its variance. With L L' = I + S
and ``half = L^-1 s``, the posterior is ``z = L^-T (half + eps)``, eps ~ N(0, I): slopes are turned to ``L^-1 slope``, after
which means are dot products with `half` and variances sums of squares. No variance is a difference of two others.
"""

from __future__ import annotations

from math import log, sqrt

import numpy as np

from multipolar.ties.arrays._kernels import (
    _HUGE,
    _LOG_2PI,
    _TINY,
    Clock,
    Floats,
    Ints,
    _jit,
    fade,
    steps_common,
    steps_grid,
)

Room = tuple[Ints, Floats, Floats, Floats, Floats, Floats, Floats, Floats]


@_jit
def workspace(w: int) -> Room:
    """Scratch of one block: element of each indicator; S, L, inverse; s, b, half; state (see `reset`)."""
    square, row = (w, w), (w,)
    return (
        np.empty(row, np.int64), np.empty(square), np.empty(square), np.empty(square),
        np.empty(row), np.empty(row), np.empty(row), np.empty(5),
    )  # fmt: skip


@_jit
def elements(first: int, last: int, indicator: Ints, table: Floats, column: Ints) -> int:
    """Number K of elements of z; `column` becomes the element of each indicator's offset, -1 if it has none."""
    column[:] = -1
    K = 1
    for i in range(first, last):
        m = indicator[i]
        if column[m] < 0 and table[m, 3] > 0.0:
            column[m] = K
            K += 1
    return K


@_jit
def nodes_grid(first: int, last: int, month: Ints, ends: Ints) -> None:
    """Every month a node; `ends` is the end of each one's observations."""
    i = first
    for t in range(ends.size):
        while i < last and month[i] == t:
            i += 1
        ends[t] = i


@_jit
def nodes_observed(
    d: int, first: int, last: int, month: Ints, clock: Clock, rate: float, still: float, ends: Ints, jump: Floats,
    innov: Floats,
) -> int:  # fmt: skip
    """Only observed months are nodes; returns their number."""
    elapsed, ptr, node, extra = clock
    k, before, at = -1, -1, ptr[d]
    for i in range(first, last):
        t = month[i]
        if t != before:
            k += 1
            gap = elapsed[t] - elapsed[max(before, 0)]
            while at < ptr[d + 1] and node[at] <= t:
                if node[at] > before:
                    gap += extra[at]
                at += 1
            if k > 0:
                jump[k], innov[k] = fade(rate, still, gap)
            before = t
        ends[k] = i + 1
    return k + 1


@_jit
def reset(K: int, still: float, root: float, S: Floats, s: Floats, slope: Floats, state: Floats) -> None:
    """Nothing observed yet. `state`: mean and variance of the tie given z, quadratic form, log precisions, product."""
    for j in range(K):
        s[j], slope[j] = 0.0, 0.0
        for i in range(K):
            S[j, i] = 0.0
    slope[0] = root
    state[0], state[1], state[2], state[3], state[4] = 0.0, still, 0.0, 0.0, 1.0


@_jit
def advance(f: float, q: float, root: float, K: int, before: Floats, row: Floats, state: Floats) -> None:
    """From one node to the next: `before` and `row` are their slopes (may be the same), `root` the level's deviation."""
    state[0] *= f
    state[1] = f * f * state[1] + q
    for j in range(K):
        row[j] = f * before[j]
    row[0] += (1.0 - f) * root


@_jit
def absorb(
    first: int, last: int, indicator: Ints, value: Floats, weight: Floats, table: Floats, column: Ints, K: int,
    slope: Floats, b: Floats, S: Floats, s: Floats, state: Floats,
) -> None:  # fmt: skip
    """Take in observations first..last-1, all of one month."""
    a, P, quad, logs, product = state[0], state[1], state[2], state[3], state[4]
    for i in range(first, last):
        m = indicator[i]
        lam = table[m, 1]
        p = weight[i] * table[m, 2]
        lp = lam * p
        shrink = 1.0 / (1.0 + lp * lam * P)
        precision = p * shrink
        v = value[i] - table[m, 0] - lam * a
        for j in range(K):
            b[j] = lam * slope[j]
        if column[m] >= 0:
            b[column[m]] += table[m, 3]
        gain = P * lp * shrink
        for j in range(K):
            scaled = precision * b[j]
            s[j] += scaled * v
            slope[j] -= gain * b[j]
            for k in range(j + 1):
                S[j, k] += scaled * b[k]
        a += gain * v
        P *= shrink
        quad += precision * v * v
        product *= precision
        if product > _HUGE or product < _TINY:
            logs += log(product)
            product = 1.0
    state[0], state[1], state[2], state[3], state[4] = a, P, quad, logs, product


@_jit
def close(K: int, S: Floats, s: Floats, L: Floats, inverse: Floats, half: Floats) -> float:
    """L, ``half = L^-1 s`` and the transpose of L^-1; returns the elements' share of -2 log likelihood."""
    part, product = 0.0, 1.0
    for j in range(K):
        for i in range(j, K):
            total = S[i, j]
            for k in range(j):
                total -= L[i, k] * L[j, k]
            # I + S is never below I, so no pivot is below 1, whatever rounding makes of it.
            L[i, j] = sqrt(max(1.0 + total, 1.0)) if i == j else total / L[j, j]
        product *= L[j, j]
        if product > _HUGE:
            part += 2.0 * log(product)
            product = 1.0
        total = s[j]
        for k in range(j):
            total -= L[j, k] * half[k]
        half[j] = total / L[j, j]
        part -= half[j] * half[j]
    for k in range(K):
        inverse[k, k] = 1.0 / L[k, k]
        for j in range(k + 1, K):
            total = 0.0
            for i in range(k, j):
                total -= L[j, i] * inverse[k, i]
            inverse[k, j] = total / L[j, j]
    return part + 2.0 * log(product)


@_jit
def turn(K: int, inverse: Floats, row: Floats, b: Floats) -> None:
    """``row <- L^-1 row``."""
    for j in range(K):
        b[j] = 0.0
    for k in range(K):
        x = row[k]
        for j in range(k, K):
            b[j] += x * inverse[k, j]
    for j in range(K):
        row[j] = b[j]


@_jit
def turn_all(
    first: int, n: int, ends: Ints, jump: Floats, root: float, K: int, inverse: Floats, half: Floats, b: Floats,
    mean: Floats, slope: Floats,
) -> float:  # fmt: skip
    """Turn the slopes of all nodes and put z's mean into theirs; returns the posterior mean of the level."""
    level, before = 0.0, first
    for j in range(K):
        level += root * inverse[0, j] * half[j]
    for k in range(n):
        row = slope[k]
        if k > 0 and ends[k] == before:  # nothing new: the turned slopes only fade
            f, earlier = jump[k], slope[k - 1]
            drift = (1.0 - f) * root
            for j in range(K):
                row[j] = f * earlier[j] + drift * inverse[0, j]
            mean[k] = f * mean[k - 1] + (1.0 - f) * level
        else:
            turn(K, inverse, row, b)
            for j in range(K):
                mean[k] += row[j] * half[j]
        before = ends[k]
    return level


@_jit
def backward(
    n: int, jump: Floats, innov: Floats, root: float, K: int, inverse: Floats, level: float,
    mean: Floats, var: Floats, slope: Floats, gain: Floats,
) -> None:  # fmt: skip
    """Rauch-Tung-Striebel pass over turned slopes, in place; `var` stays that given z, `gain` becomes that of each node."""
    for k in range(n - 2, -1, -1):
        f, P, q = jump[k + 1], var[k], innov[k + 1]
        scaled = P / (f * f * P + q)
        g = f * scaled
        rest, drift = 1.0 - g * f, g * (1.0 - f) * root
        row, later = slope[k], slope[k + 1]
        for j in range(K):
            row[j] = rest * row[j] + g * later[j] - drift * inverse[0, j]
        mean[k] = rest * mean[k] + g * (mean[k + 1] - (1.0 - f) * level)
        var[k] = q * scaled + g * g * var[k + 1]
        gain[k] = g


@_jit
def filtered(
    first: int, last: int, n: int, ends: Ints, jump: Floats, innov: Floats, indicator: Ints, value: Floats,
    weight: Floats, table: Floats, scalars: Floats, room: Room, mean: Floats, var: Floats, slope: Floats,
) -> tuple[int, float, float]:  # fmt: skip
    """Forward over n nodes, then z, slopes turned; returns K, the posterior mean of the level and the log likelihood."""
    column, S, L, inverse, s, b, half, state = room
    K, root, i = elements(first, last, indicator, table, column), sqrt(scalars[1]), first
    reset(K, scalars[3], root, S, s, slope[0], state)
    for k in range(n):
        if k > 0:
            advance(jump[k], innov[k], root, K, slope[k - 1], slope[k], state)
        if ends[k] > i:
            absorb(i, ends[k], indicator, value, weight, table, column, K, slope[k], b, S, s, state)
            i = ends[k]
        mean[k], var[k] = state[0], state[1]
    part = close(K, S, s, L, inverse, half)
    level = turn_all(first, n, ends, jump, root, K, inverse, half, b, mean, slope)
    return K, level, likelihood(last - first, state, part)


@_jit
def smoothed(
    first: int, last: int, n: int, ends: Ints, jump: Floats, innov: Floats, indicator: Ints, value: Floats,
    weight: Floats, table: Floats, scalars: Floats, room: Room, mean: Floats, var: Floats, slope: Floats, gain: Floats,
) -> tuple[int, float]:  # fmt: skip
    """All passes over n nodes; returns K and the log likelihood. `mean` is final, `var` given z, `slope` turned."""
    K, level, density = filtered(first, last, n, ends, jump, innov, indicator, value, weight, table, scalars, room,
                                 mean, var, slope)  # fmt: skip
    backward(n, jump, innov, sqrt(scalars[1]), K, room[3], level, mean, var, slope, gain)
    return K, density


@_jit
def squares(K: int, row: Floats) -> float:
    """Sum of squares of the first K elements."""
    total = 0.0
    for j in range(K):
        total += row[j] * row[j]
    return total


@_jit
def likelihood(count: int, state: Floats, part: float) -> float:
    """Log density of `count` observations."""
    return float(-0.5 * (count * _LOG_2PI + state[2] - state[3] - log(state[4]) + part))


@_jit
def filter_block(
    start: int, stop: int, indptr: Ints, month: Ints, indicator: Ints, value: Floats, weight: Floats, clock: Clock,
    table: Floats, scalars: Floats, ahead: Floats, out_mean: Floats, out_var: Floats, out_loglik: Floats,
) -> None:  # fmt: skip
    """What was known at each month of the tie some months later; `ahead` (T, 2): what is left by then, variance added."""
    n, w = out_mean.shape[1], table.shape[0] + 1
    rate, root, mu0, still = scalars[0], sqrt(scalars[1]), scalars[2], scalars[3]
    row, turned, ends = np.empty(w), np.empty(w), np.empty(n, np.int64)
    jump, innov = np.empty(n), np.empty(n)
    column, S, L, inverse, s, b, half, state = workspace(w)
    steps_common(clock, rate, still, jump, innov)
    for d in range(start, stop):
        steps_grid(d, clock, rate, still, jump, innov)
        first, last = indptr[d], indptr[d + 1]
        K = elements(first, last, indicator, table, column)
        nodes_grid(first, last, month, ends)
        reset(K, still, root, S, s, row, state)
        part = close(K, S, s, L, inverse, half)
        i = first
        turned[:K] = row[:K]
        for t in range(n):
            if t > 0:
                advance(jump[t], innov[t], root, K, row, row, state)
                drift = (1.0 - jump[t]) * root
                for j in range(K):
                    turned[j] = jump[t] * turned[j] + drift * inverse[0, j]
            if ends[t] > i:
                absorb(i, ends[t], indicator, value, weight, table, column, K, row, b, S, s, state)
                i = ends[t]
                part = close(K, S, s, L, inverse, half)
                turned[:K] = row[:K]
                turn(K, inverse, turned, b)
            f = ahead[t, 0]
            further = (1.0 - f) * root
            centre, spread = f * state[0], f * f * state[1] + ahead[t, 1]
            for j in range(K):
                g = f * turned[j] + further * inverse[0, j]
                centre += g * half[j]
                spread += g * g
            out_mean[d, t] = mu0 + centre
            out_var[d, t] = spread
        out_loglik[d] = likelihood(last - first, state, part)


@_jit
def points_block(
    start: int, stop: int, indptr: Ints, month: Ints, indicator: Ints, value: Floats, weight: Floats, clock: Clock,
    table: Floats, scalars: Floats, n: int, point_ptr: Ints, point_month: Ints, point_indicator: Ints, out_mean: Floats,
    out_var: Floats,
) -> None:  # fmt: skip
    """Smoothed mean and variance of ``lambda (a - mu0) + u`` at given months and indicators of each pair."""
    w, rate, still = table.shape[0] + 1, scalars[0], scalars[3]
    jump, innov, ends = np.empty(n), np.empty(n), np.empty(n, np.int64)
    mean, var, gain, slope = np.empty(n), np.empty(n), np.empty(n), np.empty((n, w))
    room = workspace(w)
    column, inverse, b, half = room[0], room[3], room[5], room[6]
    steps_common(clock, rate, still, jump, innov)
    for d in range(start, stop):
        steps_grid(d, clock, rate, still, jump, innov)
        if point_ptr[d] == point_ptr[d + 1]:
            continue
        first, last = indptr[d], indptr[d + 1]
        nodes_grid(first, last, month, ends)
        K, _ = smoothed(first, last, n, ends, jump, innov, indicator, value, weight, table, scalars, room,
                        mean, var, slope, gain)  # fmt: skip
        for i in range(point_ptr[d], point_ptr[d + 1]):
            t, m = point_month[i], point_indicator[i]
            lam, omega, c = table[m, 1], table[m, 3], column[m]
            for j in range(K):
                b[j] = lam * slope[t, j]
            out_mean[i], out_var[i] = lam * mean[t], lam * lam * var[t]
            if c < 0:
                out_var[i] += omega * omega
            else:
                for j in range(c, K):
                    b[j] += omega * inverse[c, j]
                    out_mean[i] += omega * inverse[c, j] * half[j]
            out_var[i] += squares(K, b)


@_jit
def loglik_block(
    start: int, stop: int, indptr: Ints, month: Ints, indicator: Ints, value: Floats, weight: Floats, clock: Clock,
    table: Floats, scalars: Floats, longest: int, out_loglik: Floats, out_level: Floats,
) -> None:  # fmt: skip
    """Log likelihood and level (mean, variance) of each pair: cost grows with the observations, not with the months."""
    w, rate, root, still = table.shape[0] + 1, scalars[0], sqrt(scalars[1]), scalars[3]
    row, ends, jump, innov = np.empty(w), np.empty(longest, np.int64), np.empty(longest), np.empty(longest)
    column, S, L, inverse, s, b, half, state = workspace(w)
    for d in range(start, stop):
        first, last = indptr[d], indptr[d + 1]
        out_loglik[d], out_level[d, 0], out_level[d, 1] = 0.0, 0.0, scalars[1]
        if first == last:
            continue
        K = elements(first, last, indicator, table, column)
        reset(K, still, root, S, s, row, state)
        i = first
        for k in range(nodes_observed(d, first, last, month, clock, rate, still, ends, jump, innov)):
            if k > 0:
                advance(jump[k], innov[k], root, K, row, row, state)
            absorb(i, ends[k], indicator, value, weight, table, column, K, row, b, S, s, state)
            i = ends[k]
        out_loglik[d] = likelihood(last - first, state, close(K, S, s, L, inverse, half))
        out_level[d, 1] = 0.0
        for j in range(K):
            out_level[d, 0] += root * inverse[0, j] * half[j]
            out_level[d, 1] += (root * inverse[0, j]) ** 2


@_jit
def moments_block(
    start: int, stop: int, indptr: Ints, month: Ints, indicator: Ints, value: Floats, weight: Floats, clock: Clock,
    table: Floats, scalars: Floats, longest: int, levels: Floats, stats: Floats,
) -> float:  # fmt: skip
    """As in `_kernels`, with r less the offset for r; then pairs, E[u] and E[u^2] summed over the pairs of each."""
    w, rate, still = table.shape[0] + 1, scalars[0], scalars[3]
    jump, innov, ends = np.empty(longest), np.empty(longest), np.empty(longest, np.int64)
    mean, var, gain, slope = np.empty(longest), np.empty(longest), np.empty(longest), np.empty((longest, w))
    room = workspace(w)
    column, inverse, half = room[0], room[3], room[6]
    centre, spread = np.empty(w), np.empty(w)
    total = 0.0
    for d in range(start, stop):
        first, last = indptr[d], indptr[d + 1]
        if first == last:
            continue
        n = nodes_observed(d, first, last, month, clock, rate, still, ends, jump, innov)
        K, density = smoothed(first, last, n, ends, jump, innov, indicator, value, weight, table, scalars, room,
                              mean, var, slope, gain)  # fmt: skip
        total += density
        for m in range(w - 1):
            c = column[m]
            centre[m], spread[m] = 0.0, 0.0
            if c < 0:
                continue
            for j in range(c, K):
                centre[m] += table[m, 3] * inverse[c, j] * half[j]
            spread[m] = table[m, 3] ** 2 * squares(K - c, inverse[c, c:])
            stats[m, 6] += 1.0
            stats[m, 7] += centre[m]
            stats[m, 8] += centre[m] ** 2 + spread[m]
        i = first
        for k in range(n):
            a = levels[d] + mean[k]
            square = a * a + var[k] + squares(K, slope[k])
            while i < ends[k]:
                m, p = indicator[i], weight[i]
                r = value[i] - table[m, 0] + table[m, 1] * levels[d] - centre[m]
                both, c = 0.0, column[m]
                if c >= 0:
                    for j in range(c, K):
                        both += table[m, 3] * inverse[c, j] * slope[k, j]
                stats[m, 0] += p
                stats[m, 1] += p * a
                stats[m, 2] += p * square
                stats[m, 3] += p * r
                stats[m, 4] += p * (r * a - both)
                stats[m, 5] += p * (r * r + spread[m])
                i += 1
    return total


@_jit
def posterior_path(
    month: Ints, indicator: Ints, value: Floats, weight: Floats, clock: Clock, table: Floats, scalars: Floats, n: int
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """One pair: rows as in `_kernels`, the filtered mean with z's in it and no slopes; then turned slopes.

    These are the filtered (n, K) and the smoothed (n, K) ones, those of the level and of all offsets (1 + M, K), and
    ``half`` (K,).
    """
    w, count = table.shape[0] + 1, month.size
    rate, root, still = scalars[0], sqrt(scalars[1]), scalars[3]
    path, earlier, unknown, room = np.zeros((8, n)), np.empty((n, w)), np.zeros((w, w)), workspace(w)
    jump, innov, ends = path[6], path[7], np.empty(n, np.int64)
    column, inverse, half = room[0], room[3], room[6]
    steps_common(clock, rate, still, jump, innov)
    steps_grid(0, clock, rate, still, jump, innov)
    nodes_grid(0, count, month, ends)
    K, level, _ = filtered(0, count, n, ends, jump, innov, indicator, value, weight, table, scalars, room,
                           path[0], path[1], earlier)  # fmt: skip
    mean, later = path[0].copy(), earlier.copy()
    path[3] = path[1]
    backward(n, jump, innov, root, K, inverse, level, mean, path[3], later, path[5])
    for j in range(K):
        unknown[0, j] = root * inverse[0, j]
    for m in range(w - 1):
        for j in range(column[m], K):
            if column[m] >= 0:
                unknown[m + 1, j] = table[m, 3] * inverse[column[m], j]
    return path, earlier[:, :K], later[:, :K], unknown[:, :K], half[:K]
