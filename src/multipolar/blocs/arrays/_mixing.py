"""Compiled steps of the semidefinite bound: unit vectors turned one at a time, and triangles that they break."""

from __future__ import annotations

import numpy as np

from multipolar.blocs.arrays._compiled import jit
from multipolar.blocs.arrays.signed import Floats, Ints


@jit
def mix(weights: Floats, vectors: Floats, sweeps: int, close: float) -> Floats:
    """Turn each vector to the weighted sum of the others, in place, until that gains little; the lengths of the sums, (n,).

    The coordinate ascent of Wang, Chang & Kolter 2018 ("The mixing method", arXiv:1706.00476).
    """
    n, rank = vectors.shape
    lengths = np.zeros(n)
    total = np.zeros(rank)
    for _ in range(sweeps):
        gained, scale = 0.0, 0.0
        for i in range(n):
            total[:] = 0.0
            for j in range(n):
                w = weights[i, j]
                if w != 0.0:
                    for k in range(rank):
                        total[k] += w * vectors[j, k]
            length, along = 0.0, 0.0
            for k in range(rank):
                length += total[k] * total[k]
                along += total[k] * vectors[i, k]
            length = np.sqrt(length)
            lengths[i] = length
            if length > 0.0:
                for k in range(rank):
                    vectors[i, k] = total[k] / length
            gained += length - along
            scale += length
        if gained <= close * scale:
            break
    return lengths


@jit
def broken(angles: Floats, least: float, most: int) -> tuple[Ints, Floats]:
    """Triangles whose inequality some cosines break: corners and pattern, (found, 4), and by how much, (found,).

    Of the four patterns of signs with an odd number of minus ones, number 0 has all three, number q > 0 only the q-th of
    (ij, ik, jk); the sum of the signed cosines is at most 1 for camps.
    """
    n = len(angles)
    found = np.zeros((most, 4), np.int64)
    excess = np.zeros(most)
    count, lowest = 0, 0
    for i in range(n):
        for j in range(i + 1, n):
            a = angles[i, j]
            for k in range(j + 1, n):
                b, c = angles[i, k], angles[j, k]
                for pattern in range(4):
                    if pattern == 0:
                        over = -a - b - c - 1.0
                    elif pattern == 1:
                        over = -a + b + c - 1.0
                    elif pattern == 2:
                        over = a - b + c - 1.0
                    else:
                        over = a + b - c - 1.0
                    if over <= least:
                        continue
                    if count < most:
                        at = count
                        count += 1
                    elif over > excess[lowest]:
                        at = lowest
                    else:
                        continue
                    found[at, 0], found[at, 1], found[at, 2], found[at, 3] = i, j, k, pattern
                    excess[at] = over
                    if count == most:
                        lowest = int(np.argmin(excess))
    return found[:count], excess[:count]
