"""Hedging: positive ties with several powers at once, and what ends it."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multipolar.errors import UsageError

Floats = NDArray[np.float64]

#: The band in which a state counts as hedging between two powers: 45 to 55 on the scale from 0 (aligned with one) to 100
#: (with the other) of the Anatomy of Choice Alignment Index (Khong & Liow 2025, Lee Kuan Yew School of Public Policy). Of
#: ties a and b with a + b = 100 that is a weakest tie of at least 45/55 of the strongest.
BAND: Final = 45 / 55


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


class Pressure(NamedTuple):
    """How far one tie must move until a state no longer hedges."""

    inside: NDArray[np.bool_]
    fall: Floats
    rise: Floats


def pressure(ties: ArrayLike, which: int, band: float) -> Pressure:
    """How far the tie with one power must fall, or rise, for the index of `hedging` to leave a band at the top.

    Parameters
    ----------
    ties : array, shape (..., powers)
        Ties of a state with two or more powers.
    which : int
        The power whose tie moves; the others stay as they are.
    band : float
        Least index inside the band, 0 or more and below 1. With 0 the band is left when a tie is no longer positive.

    Returns
    -------
    Pressure
        inside: whether all ties are positive and the index is at least `band`, shape (...). fall, rise: by how much the
        tie must fall or rise, in the units of the tie, to leave it; 0 where the state is not inside. A rise never ends
        hedging in a band of 0: it is infinite there.

    Raises
    ------
    UsageError
        With fewer than two powers, NaN, no such power, or a band outside 0..1.

    Notes
    -----
    With the other ties between ``m`` and ``M``, the index is ``min(x, m) / max(x, M)`` in the moving tie ``x``: inside the
    band it leaves it downwards at ``x = band * M`` and upwards at ``x = m / band``.
    """
    a = np.asarray(ties, dtype=float)
    inside = (hedging(a) >= band) & (a > 0).all(axis=-1)
    if not -a.shape[-1] <= which < a.shape[-1]:
        raise UsageError(f"expected the place of one of {a.shape[-1]} powers, got {which}")
    if not 0 <= band < 1:
        raise UsageError(f"expected a band from 0 to below 1, got {band}", hint=f"45 to 55 of 100 is {BAND:.2f}.")
    moving, others = a[..., which], np.delete(a, which, axis=-1)
    weakest, strongest = others.min(axis=-1), others.max(axis=-1)
    fall = np.where(inside, moving - band * strongest, 0.0)
    highest = weakest / band if band > 0 else np.full_like(weakest, np.inf)
    rise = np.where(inside, highest - moving, 0.0)
    return Pressure(inside, np.asarray(fall, dtype=float), np.asarray(rise, dtype=float))
