"""Every measure of every pair in one pass over the joint tables. Private: nothing here checks its arguments."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from multipolar.votes.arrays._compiled import jit


@jit
def measures(product: NDArray[Any], states: int, joint: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    """Fill `joint`, shape (pairs,), and `out`, shape (measures, pairs) in the order of `similarity.MEASURES`.

    `product`, shape (3 states, 3 states): row k states + i, column l states + j is the weight of the items on which i has
    level k and j level l. The formulas are those of `similarity`, which says where they come from.
    """
    n = np.empty((3, 3))
    row, column = np.empty(3), np.empty(3)
    pair = 0
    for i in range(states):
        for j in range(i + 1, states):
            total = 0.0
            for k in range(3):
                for level in range(3):
                    n[k, level] = product[k * states + i, level * states + j]
                    total += n[k, level]
            joint[pair] = total
            if total <= 0.0:
                for place in range(out.shape[0]):
                    out[place, pair] = np.nan
                pair += 1
                continue
            for k in range(3):
                row[k] = (n[k, 0] + n[k, 1] + n[k, 2]) / total
                column[k] = (n[0, k] + n[1, k] + n[2, k]) / total
            same = (n[0, 0] + n[1, 1] + n[2, 2]) / total
            far = (n[0, 2] + n[2, 0]) / total
            near = 1.0 - same - far
            out[0, pair] = same
            out[1, pair] = 1.0 - near - 2.0 * far
            out[2, pair] = 1.0 - near / 2.0 - 2.0 * far
            chance_same = row[0] * column[0] + row[1] * column[1] + row[2] * column[2]
            chance_far = row[0] * column[2] + row[2] * column[0]
            chance_near = 1.0 - chance_same - chance_far
            low, middle, high = (row[0] + column[0]) / 2, (row[1] + column[1]) / 2, (row[2] + column[2]) / 2
            pooled_same = low * low + middle * middle + high * high
            pooled_far = 2.0 * low * high
            pooled_near = 1.0 - pooled_same - pooled_far
            out[3, pair] = corrected(near + 4.0 * far, chance_near + 4.0 * chance_far)
            out[4, pair] = corrected(near + 4.0 * far, pooled_near + 4.0 * pooled_far)
            out[5, pair] = rank_correlation(n, row, column, total)
            out[6, pair] = (chance_near + 2.0 * chance_far) - (near + 2.0 * far)
            out[7, pair] = corrected(near + 2.0 * far, chance_near + 2.0 * chance_far)
            out[8, pair] = corrected(near + 2.0 * far, pooled_near + 2.0 * pooled_far)
            out[9, pair] = corrected(near + far, chance_near + chance_far)
            out[10, pair] = corrected(near + far, pooled_near + pooled_far)
            pair += 1


@jit
def corrected(observed: float, expected: float) -> float:
    """1 less observed over expected distance; NaN where none is expected."""
    return 1.0 - observed / expected if expected > 1e-12 else np.nan


@jit
def rank_correlation(
    n: NDArray[np.float64], row: NDArray[np.float64], column: NDArray[np.float64], total: float
) -> float:
    """Kendall's tau-b of a joint table with shares `row` and `column`."""
    spread = 1.0 - row[0] ** 2 - row[1] ** 2 - row[2] ** 2
    other = 1.0 - column[0] ** 2 - column[1] ** 2 - column[2] ** 2
    if spread <= 1e-12 or other <= 1e-12:
        return np.nan
    concordant = n[0, 0] * (n[1, 1] + n[1, 2] + n[2, 1] + n[2, 2]) + n[0, 1] * (n[1, 2] + n[2, 2])
    concordant += n[1, 0] * (n[2, 1] + n[2, 2]) + n[1, 1] * n[2, 2]
    discordant = n[0, 2] * (n[1, 0] + n[1, 1] + n[2, 0] + n[2, 1]) + n[0, 1] * (n[1, 0] + n[2, 0])
    discordant += n[1, 2] * (n[2, 0] + n[2, 1]) + n[1, 1] * n[2, 0]
    return float(2.0 * (concordant - discordant) / (total * total) / np.sqrt(spread * other))
