"""What pairs of members say of the whole: how deep they are bound, and how many of them stand against each other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multipolar.errors import UsageError

Floats = NDArray[np.float64]


class Shares(NamedTuple):
    """Shares of pairs at each rung or deeper, each of shape (rungs,)."""

    told: Floats
    most: Floats


class Division(NamedTuple):
    """Shares of pairs that stand against each other, each of shape (draws,); `either` is the union."""

    negative: Floats
    dispute: Floats
    pact: Floats
    either: Floats


def rung_shares(depth: ArrayLike, complete: ArrayLike, rungs: int) -> Shares:
    """Shares of pairs that are at least as deep as each rung, as told, and the most they can be.

    Parameters
    ----------
    depth : array of int, shape (pairs,)
        Rung of what is told of each pair, 0 to ``rungs - 1``.
    complete : array of bool, shape (pairs, rungs)
        Whether it is known of each pair that nothing of a rung is there that is not told.
    rungs : int

    Returns
    -------
    Shares
        `told` counts the pairs that are told to be so deep. `most` counts besides those of which a rung so deep, or
        deeper, is not told and may be there: 1 minus it is the share of pairs that are known not to be so deep.

    Raises
    ------
    UsageError
        If shapes differ, there are no pairs, or a depth is no rung.
    """
    deep, known = np.asarray(depth, dtype=np.int64), np.asarray(complete, dtype=bool)
    if deep.ndim != 1 or not deep.size or known.shape != (deep.size, rungs):
        raise UsageError(f"expected {rungs} flags for each of one or more pairs, got {known.shape} for {deep.shape}")
    if deep.min() < 0 or deep.max() >= rungs:
        raise UsageError(f"expected depths from 0 to {rungs - 1}")
    rung = np.arange(rungs)
    at_least = deep[:, None] >= rung
    unknown = ~known & (rung > deep[:, None])
    may_be = np.flip(np.logical_or.accumulate(np.flip(unknown, axis=1), axis=1), axis=1)
    return Shares(at_least.mean(axis=0), (at_least | may_be).mean(axis=0))


def divided(ties: ArrayLike, dispute: ArrayLike, pact: ArrayLike) -> Division:
    """Shares of pairs with a negative tie, with a live dispute, with a pact against each other, and with any of them.

    Parameters
    ----------
    ties : array, shape (draws, pairs)
        In the units of the tie; below zero is worse than a pair of which nothing is known yet.
    dispute, pact : array of bool, shape (pairs,)

    Returns
    -------
    Division

    Raises
    ------
    UsageError
        If shapes differ, there are no pairs or a tie is NaN.
    """
    a = _ties(ties)
    fights, against = np.asarray(dispute, dtype=bool), np.asarray(pact, dtype=bool)
    if fights.shape != (a.shape[1],) or against.shape != (a.shape[1],):
        raise UsageError(f"expected a flag for each of {a.shape[1]} pairs, got {fights.shape} and {against.shape}")
    below = a < 0
    ones = np.ones(a.shape[0])
    either = (below | fights | against).mean(axis=1)
    return Division(below.mean(axis=1), ones * fights.mean(), ones * against.mean(), either)


def _ties(ties: ArrayLike) -> Floats:
    a = np.asarray(ties, dtype=np.float64)
    if a.ndim != 2 or not a.shape[1]:
        raise UsageError(f"expected draws of one or more pairs, got an array of shape {a.shape}")
    if np.isnan(a).any():
        raise UsageError("expected ties without NaN", hint="Leave out pairs whose tie is unknown; missing is not zero.")
    return a
