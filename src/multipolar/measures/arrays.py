"""The measures as functions of arrays: no labels, no I/O. Draws are joint posterior samples, one row a draw."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multipolar.errors import UsageError

Floats = NDArray[np.float64]

#: Trade elasticity: the median of the structural gravity estimates collected by Head & Mayer (2014, Handbook of
#: International Economics 4, table 3.5, doi:10.1016/B978-0-444-54314-1.00003-3), and a range round it.
ELASTICITY = 5.0
ELASTICITY_RANGE = (3.0, 8.0)


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


def dependence(share: ArrayLike, elasticity: ArrayLike = ELASTICITY) -> Floats:
    """What share of the gains from its trade a state would lose if one partner's trade stopped.

    Parameters
    ----------
    share : array
        The partner's share of the state's trade, 0 to 1.
    elasticity : array
        Trade elasticity (elasticity of substitution less one), above 1; broadcast against `share`.

    Returns
    -------
    array
        Between 0 and 1; zero at share 0, one at share 1, convex in between.

    Raises
    ------
    UsageError
        If a share lies outside 0..1 or an elasticity is not above 1.

    Notes
    -----
    ``1 - (1 - s) ** (1 / elasticity)``: the fall of a CES aggregate of traded goods when a share ``s`` of it is lost and
    the rest cannot be expanded (Arkolakis, Costinot & Rodríguez-Clare 2012, AER 102:94, doi:10.1257/aer.102.1.94;
    as a measure of power Clayton, Maggiori & Schreger 2023, NBER 31852; the idea is Hirschman's, 1945).
    """
    s, e = np.asarray(share, dtype=float), np.asarray(elasticity, dtype=float)
    if not ((s >= 0) & (s <= 1)).all():
        raise UsageError("expected shares between 0 and 1")
    if not (e > 1).all():
        raise UsageError("expected elasticities above 1")
    return np.asarray(1.0 - (1.0 - s) ** (1.0 / e), dtype=float)


def hedging(ties: ArrayLike) -> Floats:
    """How evenly a state keeps positive ties with several powers at once.

    Parameters
    ----------
    ties : array, shape (..., powers)
        Its ties with two or more powers.

    Returns
    -------
    array, shape (...)
        The weakest of the ties as a share of the strongest, 0 to 1; 0 as soon as one of them is not positive.

    Raises
    ------
    UsageError
        With fewer than two powers, or NaN.

    Notes
    -----
    A form of Kuik's (2008, Contemporary Southeast Asia 30:159) hedging as engagement with all sides and alignment with
    none; it speaks of ties, not of intentions.
    """
    a = np.asarray(ties, dtype=float)
    if a.ndim == 0 or a.shape[-1] < 2:
        raise UsageError("expected ties with at least two powers", hint="Hedging is between powers: name two or more.")
    if np.isnan(a).any():
        raise UsageError("expected ties without NaN")
    weakest, strongest = a.min(axis=-1), a.max(axis=-1)
    return np.asarray(np.where(weakest > 0, weakest, 0.0) / np.where(weakest > 0, strongest, 1.0), dtype=float)
