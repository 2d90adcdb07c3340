"""Cohesion of a set of states: how alike they vote, how close and how even their ties are, how many join in a sanction."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multipolar.errors import UsageError

Floats = NDArray[np.float64]


class VoteCohesion(NamedTuple):
    """Three indices of how alike a set votes, roll call by roll call; NaN where one is not defined.

    Attributes
    ----------
    alike, joint : array
        Pairs of members that cast alike, and pairs that both cast; agreement is the sum of the one over that of the other.
    agreement : array
        Agreement index, 0 to 1.
    rice : array
        Rice index, 0 to 1.
    """

    alike: Floats
    joint: Floats
    agreement: Floats
    rice: Floats


def vote_cohesion(counts: ArrayLike) -> VoteCohesion:
    """How alike the members of a set cast their votes in each roll call.

    Parameters
    ----------
    counts : array, shape (..., 3)
        Members who voted yes, abstained and voted no.

    Returns
    -------
    VoteCohesion
        Each shape (...).

    Raises
    ------
    UsageError
        If there are not three counts, or one is negative or not finite.

    Notes
    -----
    Of ``n`` votes the largest choice having ``m``: agreement index ``(m - (n - m) / 2) / n``, 1 if all chose the same and
    0 if a third each (Hix, Noury & Roland 2005, British Journal of Political Science 35:209,
    doi:10.1017/S0007123405000128). Rice index ``|yes - no| / (yes + no)`` (Rice 1928, Quantitative Methods in Politics).
    Both are given where two members or more cast a vote that counts.
    """
    c = np.asarray(counts, dtype=float)
    if c.shape[-1:] != (3,) or not (np.isfinite(c).all() and (c >= 0).all()):
        raise UsageError(f"expected counts of yes, abstain and no of 0 or more, got shape {c.shape}")
    n, most, sided = c.sum(axis=-1), c.max(axis=-1), c[..., 0] + c[..., 2]
    alike, joint = (c * (c - 1)).sum(axis=-1) / 2, n * (n - 1) / 2
    index = _where(n >= 2, most - (n - most) / 2, n)
    rice = _where(sided >= 2, np.abs(c[..., 0] - c[..., 2]), sided)
    return VoteCohesion(alike, joint, index, rice)


class Dispersion(NamedTuple):
    """Mean of the ties inside a set, and their standard deviation over pairs."""

    mean: Floats
    spread: Floats


def dispersion(ties: ArrayLike) -> Dispersion:
    """How close the ties inside a set are on average, and how uneven.

    Parameters
    ----------
    ties : array, shape (..., pairs)
        Ties of the pairs of a set.

    Returns
    -------
    Dispersion
        Each shape (...), in the units of the tie; the spread of a single pair is 0.

    Raises
    ------
    UsageError
        Without a pair, or with NaN.
    """
    a = np.asarray(ties, dtype=float)
    if a.ndim == 0 or a.shape[-1] == 0 or np.isnan(a).any():
        raise UsageError("expected ties of one pair or more, without NaN")
    return Dispersion(a.mean(axis=-1), a.std(axis=-1))


class Joined(NamedTuple):
    """Share of a set that joined, and its bounds."""

    value: Floats
    low: Floats
    high: Floats


def joined(imposes: ArrayLike, told: ArrayLike, could: ArrayLike) -> Joined:
    """Which share of a set imposes each of the sanctions that one of its members imposes.

    Parameters
    ----------
    imposes : array of bool, shape (..., members)
        Members that are known to impose it.
    told : array of bool, shape (..., members)
        Members of whom all sanctions are known: those that are not known to impose it do not.
    could : array of bool, shape (..., members)
        Members that could: not the target itself.

    Returns
    -------
    Joined
        Each shape (...), 0 to 1; NaN where no member could. low, high: if of the members that are not told none imposes
        it but those known to, or all do. value: the share among the told, or what of the bounds is nearest to it. (Those
        that are not told but known to impose it would make the share too high: of their like only who joined is known.)
        Where nobody is told it is the middle of the bounds.

    Raises
    ------
    UsageError
        If shapes differ.
    """
    i, t, c = (np.asarray(x, dtype=bool) for x in (imposes, told, could))
    if not i.shape == t.shape == c.shape:
        raise UsageError(f"expected arrays of one shape, got {i.shape}, {t.shape} and {c.shape}")
    every, counted = c.sum(axis=-1), (t & c).sum(axis=-1)
    low = _where(every > 0, (i & c).sum(axis=-1), every)
    high = _where(every > 0, ((i | ~t) & c).sum(axis=-1), every)
    share = _where(counted > 0, (i & t & c).sum(axis=-1), counted)
    return Joined(np.where(np.isnan(share), (low + high) / 2, np.clip(share, low, high)), low, high)


def _where(defined: NDArray[np.bool_], above: ArrayLike, below: ArrayLike) -> Floats:
    """A ratio where it is defined, NaN elsewhere."""
    top, bottom = np.asarray(above, dtype=float), np.asarray(below, dtype=float)
    return np.asarray(np.divide(top, bottom, out=np.full(np.shape(bottom), np.nan), where=defined))
