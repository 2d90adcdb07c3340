"""Alliances and wars of the whole system of states: how many, how lasting, how often (Jackson & Nei 2015)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multipolar.errors import UsageError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def partners_per_state(standing: ArrayLike, states: ArrayLike) -> Floats:
    """Mean number of partners of a state in each year: twice the pairs over the states.

    Parameters
    ----------
    standing : array of bool, shape (years, pairs)
        Whether each pair stands in each year.
    states : array of int, shape (years,)
        Number of states.

    Returns
    -------
    array, shape (years,)

    Raises
    ------
    UsageError
        If shapes differ, or there is a year without states.
    """
    pairs, count = _years(standing), np.asarray(states, dtype=np.float64)
    if count.shape != (pairs.shape[0],) or not (count > 0).all():
        raise UsageError(f"expected states for each of {pairs.shape[0]} years, got {count.shape}")
    return np.asarray(2.0 * pairs.sum(axis=1) / count, dtype=np.float64)


def persistence(standing: ArrayLike, lag: int) -> Floats:
    """Share of the pairs standing in a year that stand `lag` years later too; years without a pair are NaN.

    Parameters
    ----------
    standing : array of bool, shape (years, pairs)
    lag : int
        Years.

    Returns
    -------
    array, shape (years - lag,)

    Raises
    ------
    UsageError
        If `lag` is not from 1 to fewer than the years.
    """
    pairs = _years(standing)
    if not 1 <= lag < pairs.shape[0]:
        raise UsageError(f"expected a lag from 1 to {pairs.shape[0] - 1} years, got {lag}")
    now, later = pairs[:-lag], pairs[lag:]
    count = now.sum(axis=1)
    kept = (now & later).sum(axis=1)
    return np.where(count > 0, kept / np.maximum(count, 1), np.nan)


def onset_rate(onsets: int, states: ArrayLike) -> float:
    """Onsets for each pair of states and year.

    Parameters
    ----------
    onsets : int
    states : array of int, shape (years,)
        Number of states in each year.

    Raises
    ------
    UsageError
        If there are never two states.
    """
    count = np.asarray(states, dtype=np.float64)
    exposed = float((count * (count - 1) / 2).sum())
    if not exposed > 0:
        raise UsageError("expected a year with two states or more, got none")
    return onsets / exposed


def _years(standing: ArrayLike) -> Bools:
    pairs = np.asarray(standing, dtype=bool)
    if pairs.ndim != 2:
        raise UsageError(f"expected an array of years and pairs, got shape {pairs.shape}")
    return pairs
