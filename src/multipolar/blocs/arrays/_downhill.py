"""Compiled walks downhill: over all configurations of two sides at once, and from given camps one move at a time.

A private module that imports numba; `landscape` and `descent` import it when they first walk.
"""

from __future__ import annotations

import numpy as np

from multipolar.blocs.arrays._compiled import jit
from multipolar.blocs.arrays.signed import Floats, Ints


@jit
def steps(found: Floats, n: int, least: float) -> Ints:
    """The configuration after the switch that lowers the energy most, shape (2^(n-1),); the same where none does."""
    everyone = found.size - 1
    after = np.empty(found.size, dtype=np.int64)
    for one in range(found.size):
        best, to = found[one] - least, one
        for state in range(n):
            there = one ^ (everyone if state == 0 else 1 << (state - 1))
            if found[there] < best:
                best, to = found[there] - least, there
        after[one] = to
    return after


@jit
def passes(found: Floats, label: Ints, n: int, basins: int) -> Floats:
    """Least energy, over switches out of each basin, of the higher of the two configurations; infinite if there is none."""
    everyone = found.size - 1
    lowest = np.full(basins, np.inf)
    for one in range(found.size):
        basin = label[one]
        if found[one] < lowest[basin]:
            for state in range(n):
                there = one ^ (everyone if state == 0 else 1 << (state - 1))
                if label[there] != basin:
                    lowest[basin] = min(lowest[basin], max(found[one], found[there]))
    return lowest


@jit
def walk(w: Floats, camps: Ints, count: int, least: float) -> None:
    """Move nodes of each start, shape (starts, n), as `descent.descend` says, in place."""
    n = len(w)
    for start in range(len(camps)):
        camp = camps[start]
        pull = np.zeros((n, count))
        for node in range(n):
            for other in range(n):
                pull[other, camp[node]] += w[other, node]
        while True:
            best, who, to = least, -1, -1
            for node in range(n):
                for there in range(count):
                    gain = pull[node, there] - pull[node, camp[node]]
                    if gain > best:
                        best, who, to = gain + least, node, there
            if who < 0:
                break
            for other in range(n):
                pull[other, camp[who]] -= w[other, who]
                pull[other, to] += w[other, who]
            camp[who] = to
