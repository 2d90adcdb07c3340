"""Compiled loops of the dynamic model in `dynamic`. Private: nothing here checks its arguments.

Positions have two coordinates throughout; with one dimension the second is held at 0 by priors of almost no
variance. Symmetric 2 x 2 matrices are kept as (11, 12, 22).
"""

from __future__ import annotations

from math import exp

import numpy as np
from numpy.typing import NDArray

from multipolar.votes.arrays._compiled import jit

Floats = NDArray[np.float64]
Ints = NDArray[np.integer]

#: Largest move of one coefficient of an item in one sweep.
LEAP = 1.0


@jit
def vote(choice: int, eta: float, c1: float, c2: float) -> tuple[float, float, float, float]:
    """Slopes of one vote's log likelihood in c1 and c2, and minus its second derivatives.

    What depends on the gap between the cuts alone is left to `item_slopes`; the slope in eta is minus the sum of the two.
    """
    g1 = g2 = h1 = h2 = 0.0
    if choice < 3:
        e = exp(-abs(c1 - eta))
        s = 1.0 / (1.0 + e) if c1 > eta else e / (1.0 + e)
        g1 = 1.0 - s if choice == 1 else -s
        h1 = s * (1.0 - s)
    if choice > 1:
        e = exp(-abs(c2 - eta))
        s = 1.0 / (1.0 + e) if c2 > eta else e / (1.0 + e)
        g2 = -s if choice == 3 else 1.0 - s
        h2 = s * (1.0 - s)
    return g1, g2, h1, h2


@jit
def item_slopes(
    v: int,
    start: Ints,
    cell: Ints,
    choice: Ints,
    mean: Floats,
    var: Floats,
    item: Floats,
    grad: Floats,
    curv: Floats,
) -> None:
    """Slope (4,) and curvature (4, 4) of an item's expected log likelihood in (b1, b2, c1, log gap)."""
    b1, b2, c1, gap = item[v, 0], item[v, 1], item[v, 2], exp(item[v, 3])
    c2 = c1 + gap
    grad[:] = 0.0
    curv[:, :] = 0.0
    abstained = 0
    high = 0.0
    for i in range(start[v], start[v + 1]):
        t = cell[i]
        x1, x2 = mean[t, 0], mean[t, 1]
        v11, v12, v22 = var[t, 0], var[t, 1], var[t, 2]
        g1, g2, h1, h2 = vote(choice[i], b1 * x1 + b2 * x2, c1, c2)
        abstained += choice[i] == 2
        g, h = g1 + g2, h1 + h2
        grad[0] -= g * x1 + h * (v11 * b1 + v12 * b2)
        grad[1] -= g * x2 + h * (v12 * b1 + v22 * b2)
        grad[2] += g
        high += g2
        curv[0, 0] += h * (x1 * x1 + v11)
        curv[0, 1] += h * (x1 * x2 + v12)
        curv[1, 1] += h * (x2 * x2 + v22)
        curv[0, 2] -= h * x1
        curv[1, 2] -= h * x2
        curv[2, 2] += h
        curv[0, 3] -= h2 * x1
        curv[1, 3] -= h2 * x2
        curv[2, 3] += h2
        curv[3, 3] += h2
    small = exp(-gap)
    apart = abstained * small / (1.0 - small)
    high += apart
    grad[3] = gap * high
    curv[0, 3] *= gap
    curv[1, 3] *= gap
    curv[2, 3] *= gap
    curv[3, 3] = gap * gap * (curv[3, 3] + apart / (1.0 - small)) + max(0.0, -gap * high)
    for row in range(4):
        for column in range(row):
            curv[row, column] = curv[column, row]


@jit
def invert(matrix: Floats, out: Floats) -> None:
    """Inverse of a positive definite (4, 4) matrix by Gauss-Jordan elimination."""
    n = 4
    out[:, :] = 0.0
    for i in range(n):
        out[i, i] = 1.0
    for i in range(n):
        pivot = 1.0 / matrix[i, i]
        for j in range(n):
            matrix[i, j] *= pivot
            out[i, j] *= pivot
        for row in range(n):
            if row != i:
                factor = matrix[row, i]
                for j in range(n):
                    matrix[row, j] -= factor * matrix[i, j]
                    out[row, j] -= factor * out[i, j]


@jit
def items(
    order: Ints,
    start: Ints,
    cell: Ints,
    choice: Ints,
    mean: Floats,
    var: Floats,
    item: Floats,
    centre: Floats,
    precision: Floats,
    spread: Floats,
    move: bool,
) -> None:
    """One Newton step for the items in `order` under normal priors (4,); `spread` gets their covariances (items, 4, 4)."""
    grad, curv = np.empty(4), np.empty((4, 4))
    for v in order:
        item_slopes(v, start, cell, choice, mean, var, item, grad, curv)
        for k in range(4):
            grad[k] -= precision[k] * (item[v, k] - centre[k])
            curv[k, k] += precision[k]
        invert(curv, spread[v])
        if move:
            for k in range(4):
                step = 0.0
                for j in range(4):
                    step += spread[v, k, j] * grad[j]
                item[v, k] += min(max(step, -LEAP), LEAP)


@jit
def cells(
    order: Ints,
    start: Ints,
    cell: Ints,
    choice: Ints,
    mean: Floats,
    var: Floats,
    item: Floats,
    spread: Floats,
    score: Floats,
    info: Floats,
) -> None:
    """Add to `score` (cells, 2) and `info` (cells, 3) what votes on the items in `order` say of each cell at its mean.

    Expected over what is not known of the items: the variance of c - b theta, as a function of theta, pulls the cell to
    where the item is known best.
    """
    for v in order:
        b1, b2, c1, gap = item[v, 0], item[v, 1], item[v, 2], exp(item[v, 3])
        c2 = c1 + gap
        s11, s12, s22 = spread[v, 0, 0], spread[v, 0, 1], spread[v, 1, 1]
        low1, low2 = spread[v, 0, 2], spread[v, 1, 2]
        high1, high2 = low1 + gap * spread[v, 0, 3], low2 + gap * spread[v, 1, 3]
        for i in range(start[v], start[v + 1]):
            t = cell[i]
            x1, x2 = mean[t, 0], mean[t, 1]
            g1, g2, h1, h2 = vote(choice[i], b1 * x1 + b2 * x2, c1, c2)
            g, h = g1 + g2, h1 + h2
            score[t, 0] -= g * b1 + h * (s11 * x1 + s12 * x2) - h1 * low1 - h2 * high1
            score[t, 1] -= g * b2 + h * (s12 * x1 + s22 * x2) - h1 * low2 - h2 * high2
            info[t, 0] += h * (b1 * b1 + s11)
            info[t, 1] += h * (b1 * b2 + s12)
            info[t, 2] += h * (b2 * b2 + s22)


@jit
def inverse2(a: float, b: float, c: float) -> tuple[float, float, float]:
    """Inverse of a symmetric (2, 2) matrix."""
    one = 1.0 / (a * c - b * b)
    return c * one, -b * one, a * one


@jit
def smooth(
    state: Ints,
    session: Ints,
    linear: Floats,
    info: Floats,
    begin: Floats,
    walk: Floats,
    mean: Floats,
    var: Floats,
    moved: Floats,
    ahead: Floats,
    work: Floats,
) -> None:
    """Random-walk smoother of every state, with what the votes say as `linear` (cells, 2) and `info` (cells, 3).

    `begin` (cells, 4): mean and variances of a state's first cell, by coordinate; `walk` (cells, 2): variance of the move
    into a cell. `mean`, `var` get the smoothed moments, `moved` (cells, 2) E(move)^2 by coordinate, 0 for first cells;
    `ahead` (cells, 5) the predicted mean and covariance of each cell, `work` (cells, 5) the filtered ones.
    """
    n = len(state)
    for t in range(n):
        if t == 0 or state[t] != state[t - 1]:
            p1, p2 = begin[t, 0], begin[t, 1]
            q11, q12, q22 = begin[t, 2], 0.0, begin[t, 3]
        else:
            p1, p2 = work[t - 1, 0], work[t - 1, 1]
            q11, q12, q22 = work[t - 1, 2] + walk[t, 0], work[t - 1, 3], work[t - 1, 4] + walk[t, 1]
        ahead[t, 0], ahead[t, 1], ahead[t, 2], ahead[t, 3], ahead[t, 4] = p1, p2, q11, q12, q22
        i11, i12, i22 = inverse2(q11, q12, q22)
        f11, f12, f22 = inverse2(i11 + info[t, 0], i12 + info[t, 1], i22 + info[t, 2])
        r1, r2 = linear[t, 0] + i11 * p1 + i12 * p2, linear[t, 1] + i12 * p1 + i22 * p2
        work[t, 0], work[t, 1] = f11 * r1 + f12 * r2, f12 * r1 + f22 * r2
        work[t, 2], work[t, 3], work[t, 4] = f11, f12, f22
    for t in range(n - 1, -1, -1):
        f11, f12, f22 = work[t, 2], work[t, 3], work[t, 4]
        mean[t, 0], mean[t, 1] = work[t, 0], work[t, 1]
        var[t, 0], var[t, 1], var[t, 2] = f11, f12, f22
        moved[t, 0] = moved[t, 1] = 0.0
        if t == n - 1 or state[t + 1] != state[t]:
            continue
        u = t + 1
        i11, i12, i22 = inverse2(ahead[u, 2], ahead[u, 3], ahead[u, 4])
        g11, g12 = f11 * i11 + f12 * i12, f11 * i12 + f12 * i22
        g21, g22 = f12 * i11 + f22 * i12, f12 * i12 + f22 * i22
        d1, d2 = mean[u, 0] - ahead[u, 0], mean[u, 1] - ahead[u, 1]
        mean[t, 0] += g11 * d1 + g12 * d2
        mean[t, 1] += g21 * d1 + g22 * d2
        e11, e12, e22 = var[u, 0] - ahead[u, 2], var[u, 1] - ahead[u, 3], var[u, 2] - ahead[u, 4]
        a1, a2 = g11 * e11 + g12 * e12, g11 * e12 + g12 * e22
        b1, b2 = g21 * e11 + g22 * e12, g21 * e12 + g22 * e22
        var[t, 0] += a1 * g11 + a2 * g12
        var[t, 1] += a1 * g21 + a2 * g22
        var[t, 2] += b1 * g21 + b2 * g22
        # covariance of neighbours: G times the variance of the later one
        c11 = g11 * var[u, 0] + g12 * var[u, 1]
        c22 = g21 * var[u, 1] + g22 * var[u, 2]
        moved[u, 0] = (mean[u, 0] - mean[t, 0]) ** 2 + var[u, 0] + var[t, 0] - 2.0 * c11
        moved[u, 1] = (mean[u, 1] - mean[t, 1]) ** 2 + var[u, 2] + var[t, 2] - 2.0 * c22
