"""Compiled sweeps of the sampler in `bsv`. Private: nothing here checks its arguments."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from multipolar.votes.arrays._compiled import (
    below,
    between,
    jit,
    next_key,
    quantile,
    truncated,
    uniform,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.integer]

#: Cutpoints stay within these bounds, latent utilities within those.
CUT_END, UTILITY_END = 7.0, 9.0


@jit
def items_sweep(
    first: int,
    last: int,
    key: np.uint64,
    start: Ints,
    cell: Ints,
    choice: Ints,
    theta: Floats,
    beta: Floats,
    cuts: Floats,
    step: float,
    table: Floats,
    score: Floats,
    info: Floats,
    mean: Floats,
    ratio_top: Floats,
    ratio_low: Floats,
) -> None:
    """Draw cutpoints, utilities and discriminations of items first..last-1; add what they say of each cell.

    `score` gets sum beta z and `info` sum beta^2 of every cell, with the new betas and utilities.
    """
    score[:] = 0.0
    info[:] = 0.0
    for v in range(first, last):
        state = key + np.uint64(v + 1) * np.uint64(0xD1342543DE82EF95)
        state = np.uint64(state ^ (state >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
        b, c1, c2, s = beta[v], cuts[v, 0], cuts[v, 1], step
        state = next_key(state)
        new1 = c1 + s * truncated(uniform(state), (-CUT_END - c1) / s, (c2 - c1) / s, table)
        state = next_key(state)
        new2 = c2 + s * truncated(uniform(state), (new1 - c2) / s, (CUT_END - c2) / s, table)
        ratio = 1.0
        n = start[v + 1] - start[v]
        for j in range(n):
            i = start[v] + j
            m = b * theta[cell[i]]
            mean[j] = m
            y = choice[i]
            if y == 1:
                new, old = below(new1 - m, table), below(c1 - m, table)
            elif y == 3:
                new, old = below(m - new2, table), below(m - c2, table)
            else:
                new, old = between(new1 - m, new2 - m, table), between(c1 - m, c2 - m, table)
            ratio_top[j], ratio_low[j] = new, old
            if old > 0.0:
                ratio *= new / old
        ratio *= below((c2 - new1) / s, table) / max(below((new2 - c1) / s, table), 1e-300)
        state = next_key(state)
        take = uniform(state) < ratio
        if take:
            c1, c2 = new1, new2
        square, cross = 1.0, 0.0
        for j in range(n):
            i = start[v] + j
            y, m = choice[i], mean[j]
            state = next_key(state)
            u = uniform(state)
            p = ratio_top[j] if take else ratio_low[j]
            if y == 1:
                z = m + quantile(max(u * p, 1e-300))
            elif y == 3:
                z = m - quantile(max(u * p, 1e-300))
            else:
                z = m + truncated(u, c1 - m, c2 - m, table)
            z = min(max(z, -UTILITY_END), UTILITY_END)
            t = theta[cell[i]]
            square += t * t
            cross += t * z
            mean[j] = z
        state = next_key(state)
        b = cross / square + quantile(uniform(state)) / np.sqrt(square)
        beta[v] = b
        cuts[v, 0], cuts[v, 1] = c1, c2
        for j in range(n):
            i = start[v] + j
            score[cell[i]] += b * mean[j]
            info[cell[i]] += b * b
