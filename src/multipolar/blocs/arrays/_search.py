"""Good camps quickly, with no promise: what bounds are then held against."""

from __future__ import annotations

import numpy as np

from multipolar.blocs.arrays.signed import Floats, Ints


def value(gains: Floats, camps: Ints) -> float:
    """Sum of the gains of the pairs in one camp."""
    return float(np.where(camps[:, None] == camps[None, :], gains, 0.0).sum() / 2)


def numbered(camps: Ints) -> Ints:
    """The same camps, numbered in order of their first nodes."""
    _, first, found = np.unique(camps, return_index=True, return_inverse=True)
    rank: Ints = np.argsort(np.argsort(first)).astype(np.int64)[found]
    return rank


def best_camps(gains: Floats, most: int, *, runs: int, seed: int, start: Ints | None = None) -> Ints:
    """Best camps over some runs of tabu search: from a start, from the best so far shaken, from groups or at random.

    Parameters
    ----------
    gains : array, shape (n, n)
        Symmetric, 0 on the diagonal.
    most : int
        Number of camps allowed.
    runs : int
        How often to start.
    seed : int
        Of the random numbers.
    start : array of int, shape (n,), optional
        Camps to start from; all in one by default.
    """
    from multipolar.blocs.arrays._moves import improve

    n = len(gains)
    most = max(1, min(most, n))
    made = np.random.default_rng(seed)
    patience = 50 + 4 * n
    best, top = improve(gains, np.zeros(n, np.int64) if start is None else start, most, patience, seed)
    for run in range(1, runs):
        begin = _shaken(best, most, made) if run % 2 == 0 else _fresh(gains, most, made)
        found, reached = improve(gains, begin, most, patience, seed + run)
        if reached > top + 1e-9 * max(1.0, abs(top)):
            best, top = found, reached
    return best


def _shaken(camps: Ints, most: int, made: np.random.Generator) -> Ints:
    begin = camps.copy()
    some = made.random(len(camps)) < 0.15
    begin[some] = made.integers(0, most, int(some.sum()))
    return begin


def _fresh(gains: Floats, most: int, made: np.random.Generator) -> Ints:
    """Groups that belong together, and camps of them found as if each were a node."""
    from multipolar.blocs.arrays._moves import improve

    groups = grouped(gains, made)
    count = int(groups.max(initial=-1)) + 1
    if count <= most:
        return groups
    start = made.integers(0, most, count)
    return improve(joined(gains, groups), start, most, 10 * count, int(made.integers(2**31)))[0][groups]


def joined(gains: Floats, groups: Ints) -> Floats:
    """The network of groups: sums of the gains between them."""
    member = (groups[:, None] == np.arange(groups.max() + 1)).astype(float)
    between: Floats = member.T @ gains @ member
    np.fill_diagonal(between, 0.0)
    return between


def grouped(gains: Floats, made: np.random.Generator) -> Ints:
    """Groups by moving nodes, then groups of them as if they were nodes, while that gains (Blondel et al. 2008)."""
    from multipolar.blocs.arrays._moves import settle

    n = len(gains)
    groups = np.arange(n)
    level = gains
    while True:
        found = np.arange(len(level))
        settle(level, found, made.permutation(len(level)))
        found = numbered(found)
        groups = found[groups]
        if found.max(initial=-1) + 1 == len(level):
            break
        level = joined(level, found)
    settle(gains, groups, made.permutation(n))
    return numbered(groups)
