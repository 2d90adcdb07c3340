"""Isolation: how much of the others' capability is on the other side."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multipolar.errors import UsageError

Floats = NDArray[np.float64]


def isolation(ties: ArrayLike, capability: ArrayLike) -> Floats:
    """Share of the others' capability that is held by states with which the tie is not positive.

    Parameters
    ----------
    ties : array, shape (..., partners)
        Ties of one state with each partner, in the units of the tie; positive is on the friendly side of zero.
    capability : array, shape (partners,)
        Non-negative weights in any unit.

    Returns
    -------
    array, shape (...)
        Between 0 (a positive tie with everybody) and 1 (with nobody).

    Raises
    ------
    UsageError
        If shapes differ, a weight is negative or not finite, a tie is NaN, or all weights are zero.

    Notes
    -----
    ``1 - sum_k w_k [a_k > 0] / sum_k w_k``: the complement of the capability-weighted share of positive ties.
    """
    a, w = np.asarray(ties, dtype=float), np.asarray(capability, dtype=float)
    if w.ndim != 1 or a.shape[-1:] != w.shape:
        raise UsageError(f"expected one weight for each of {a.shape[-1:]} partners, got weights of shape {w.shape}")
    if not (np.isfinite(w).all() and (w >= 0).all() and w.sum() > 0):
        raise UsageError("expected finite, non-negative weights that are not all zero")
    if np.isnan(a).any():
        raise UsageError(
            "expected ties without NaN", hint="Leave out partners whose tie is unknown; missing is not zero."
        )
    return np.asarray(1.0 - (a > 0) @ (w / w.sum()), dtype=float)


def isolation_normal(mean: ArrayLike, sd: ArrayLike, capability: ArrayLike, unit: ArrayLike) -> Floats:
    """`isolation` of ties that are normal and independent, draw by draw, without making the ties.

    Parameters
    ----------
    mean, sd : array, shape (partners,)
        Of each tie; standard deviations above 0.
    capability : array, shape (partners,)
        Non-negative weights in any unit.
    unit : array, shape (partners, draws)
        Standard normal draws.

    Returns
    -------
    array, shape (draws,)
        As ``isolation((mean[:, None] + sd[:, None] * unit).T, capability)``.

    Raises
    ------
    UsageError
        If a weight is negative or not finite, all are zero, a standard deviation is not above 0, or shapes differ.
    """
    m, s, w, z = (np.asarray(x, dtype=float) for x in (mean, sd, capability, unit))
    if not (np.isfinite(w).all() and (w >= 0).all() and w.sum() > 0):
        raise UsageError("expected finite, non-negative weights that are not all zero")
    if not (np.isfinite(m).all() and (s > 0).all()):
        raise UsageError("expected finite means, and standard deviations above 0")
    if not m.shape == s.shape == w.shape == z.shape[:1]:
        raise UsageError(f"expected one row of draws for each of {w.shape} partners, got shape {z.shape}")
    from multipolar.measures.arrays._compiled import weight_above

    return np.asarray(1.0 - weight_above(-m / s, w / w.sum(), z))


class Unvisited(NamedTuple):
    """A share without visits among what is told, and its bounds."""

    value: Floats
    low: Floats
    high: Floats


def unvisited(seen: ArrayLike, told: ArrayLike, whole: ArrayLike, weight: ArrayLike) -> Unvisited:
    """Share of weight without a visit, and what it can be at least and at most given what no list tells.

    Parameters
    ----------
    seen : array of bool
        Pairs with a visit in a complete list.
    told : array of bool
        Pairs of which a complete list tells at least one direction.
    whole : array of bool
        Pairs of which complete lists tell every direction that counts; a subset of `told`.
    weight : array
        Non-negative weights of the pairs, in any unit.

    Returns
    -------
    Unvisited
        value: share of the told weight that is not seen. low: every pair that is not told whole had a visit. high: no pair
        had one but those seen.

    Raises
    ------
    UsageError
        If shapes differ, a weight is negative or not finite, or nothing is told.

    Notes
    -----
    Worst-case bounds (Manski 2003): what is missing may have been anything.
    """
    s, t, f = (np.asarray(x, dtype=bool) for x in (seen, told, whole))
    w = np.asarray(weight, dtype=float)
    if not s.shape == t.shape == f.shape == w.shape:
        raise UsageError(f"expected arrays of one shape, got {s.shape}, {t.shape}, {f.shape} and {w.shape}")
    if not (np.isfinite(w).all() and (w >= 0).all() and w[t].sum() > 0):
        raise UsageError("expected finite, non-negative weights, and some of them told")
    total = w.sum()
    return Unvisited(
        np.asarray(w[t & ~s].sum() / w[t].sum()),
        np.asarray(w[f & ~s].sum() / total),
        np.asarray(w[~s].sum() / total),
    )
