"""A bound from triangles alone, where there are too many ties for linear programmes."""

from __future__ import annotations

import numpy as np

from multipolar.blocs.arrays._compiled import jit
from multipolar.blocs.arrays.signed import Floats, Ints


@jit
def triangles(weights: Floats, camps: Ints) -> float:
    """Weight that no camps, however many, can satisfy: sum of a packing of triangles with exactly one negative tie.

    A triangle takes the same weight from each of its ties, which carry no more than their own. In the best packing each has
    one tie that the best camps leave unsatisfied: such triangles come first, then any.

    Parameters
    ----------
    weights : array, shape (n, n)
    camps : array of int, shape (n,)
        Good ones.
    """
    n = len(weights)
    left = np.abs(weights)
    total = 0.0
    for most in (1, 3):
        for i in range(n):
            for j in range(i + 1, n):
                if weights[i, j] >= 0.0:
                    continue
                inside = camps[i] == camps[j]
                for k in range(n):
                    if left[i, j] <= 0.0:
                        break
                    if weights[i, k] > 0.0 and weights[j, k] > 0.0:
                        against = inside + (camps[i] != camps[k]) + (camps[j] != camps[k])
                        take = min(left[i, j], left[i, k], left[j, k])
                        if against <= most and take > 0.0:
                            total += take
                            left[i, j] -= take
                            left[i, k] -= take
                            left[j, k] -= take
                            left[j, i], left[k, i], left[k, j] = left[i, j], left[i, k], left[j, k]
    return total
