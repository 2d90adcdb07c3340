"""Compiled search for good camps by moving one node at a time, and for communities by moving whole groups.

The aim is always the sum of `gains[i, j]` over the pairs in one camp. With signed weights as gains, that is the positive
weight of the network less the weight of its unsatisfied ties; with modularity's matrix as gains, it is the modularity.
"""

from __future__ import annotations

import numpy as np

from multipolar.blocs.arrays._compiled import jit
from multipolar.blocs.arrays.signed import Floats, Ints

#: Least rise that counts as one, as a share of the largest possible.
_LEAST = 1e-12
#: A node that moved stays for this many moves, and up to as many more by chance (Glover's tabu search, 1989).
_STAY = 6


@jit
def improve(gains: Floats, camps: Ints, most: int, patience: int, seed: int) -> tuple[Ints, float]:
    """Best camps met by tabu search from some camps: each move is the best one, also where it is for the worse.

    Parameters
    ----------
    gains : array, shape (n, n)
        Symmetric, 0 on the diagonal.
    camps : array of int, shape (n,)
        Where to start, 0 to most - 1.
    most : int
        Number of camps allowed.
    patience : int
        Moves without a new best after which it ends.
    seed : int
        Of how long a node stays.

    Returns
    -------
    camps : array of int, shape (n,)
    value : float
        Sum of the gains of the pairs in one camp.
    """
    n = len(gains)
    np.random.seed(seed)
    now = camps.copy()
    best = camps.copy()
    to = np.zeros((n, most))
    size = np.zeros(most, np.int64)
    least = 0.0
    for i in range(n):
        size[now[i]] += 1
        for j in range(n):
            to[i, now[j]] += gains[i, j]
            least += abs(gains[i, j])
    least *= _LEAST
    value = 0.0
    for i in range(n):
        value += to[i, now[i]] / 2.0
    top = value
    free_at = np.zeros(n, np.int64)
    open_camps = np.empty(most, np.int64)
    move, last = 0, 0
    while move - last < patience:
        move += 1
        count, empty = 0, False
        for c in range(most):
            if size[c] > 0 or not empty:
                open_camps[count] = c
                count += 1
                empty = empty or size[c] == 0
        node, camp, rise = -1, -1, -np.inf
        for i in range(n):
            own = to[i, now[i]]
            for place in range(count):
                c = open_camps[place]
                step = to[i, c] - own
                if step > rise and c != now[i] and (free_at[i] <= move or value + step > top + least):
                    node, camp, rise = i, c, step
        if node < 0:
            continue
        old = now[node]
        for j in range(n):
            to[j, old] -= gains[node, j]
            to[j, camp] += gains[node, j]
        size[old] -= 1
        size[camp] += 1
        now[node] = camp
        free_at[node] = move + _STAY + np.random.randint(_STAY + 1)
        value += rise
        if value > top + least:
            top, last = value, move
            best[:] = now
    return best, top


@jit
def settle(gains: Floats, camps: Ints, order: Ints) -> int:
    """Move each node in turn to the camp it gains most from, in place, until none gains; the number of moves."""
    n = len(gains)
    least = np.abs(gains).sum() * _LEAST
    to = np.zeros(n)
    total, moved = 0, 1
    while moved > 0:
        moved = 0
        for i in order:
            to[:] = 0.0
            for j in range(n):
                to[camps[j]] += gains[i, j]
            best = camps[i]
            for c in range(n):  # an empty one, gaining nothing, is always among them
                if to[c] > to[best] + least:
                    best = c
            if best != camps[i]:
                camps[i] = best
                moved += 1
        total += moved
    return total
