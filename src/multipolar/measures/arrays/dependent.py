"""Dependence: what a state loses without one partner, and whom else it has."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multipolar.errors import UsageError

Floats = NDArray[np.float64]

#: Trade elasticity: the median of the structural gravity estimates collected by Head & Mayer (2014, Handbook of
#: International Economics 4, table 3.5, doi:10.1016/B978-0-444-54314-1.00003-3), and a range round it.
ELASTICITY = 5.0
ELASTICITY_RANGE = (3.0, 8.0)


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


class Concentration(NamedTuple):
    """A Herfindahl-Hirschman index and what it is at least and at most."""

    value: Floats
    low: Floats
    high: Floats


def concentration(amounts: ArrayLike, untold: ArrayLike = 0.0) -> Concentration:
    """How much of a total few partners have: the Herfindahl-Hirschman index.

    Parameters
    ----------
    amounts : array, shape (..., partners)
        What each has, 0 or more, in any unit.
    untold : array, shape (...)
        What belongs to partners that nobody names, in the same unit.

    Returns
    -------
    Concentration
        Each shape (...), between 0 and 1: 1 for a single partner, 1/n for n equal ones. low: what is untold belongs to
        partners too small to count. high: it belongs to one. value: to partners as those told on average (of n, with
        untold over their mean more of that size).

    Raises
    ------
    UsageError
        If an amount is negative or not finite, or all are zero.

    Notes
    -----
    ``sum_k (x_k / X)^2`` with X all of it (Hirschman 1945, National Power and the Structure of Foreign Trade; 1964,
    American Economic Review 54:761).
    """
    x, rest = np.asarray(amounts, dtype=float), np.asarray(untold, dtype=float)
    if not (np.isfinite(x).all() and (x >= 0).all() and np.isfinite(rest).all() and (rest >= 0).all()):
        raise UsageError("expected finite amounts of 0 or more")
    told = x.sum(axis=-1)
    if not (told > 0).all():
        raise UsageError("expected an amount above zero")
    whole = told + rest
    squares, other = ((x / whole[..., None]) ** 2).sum(axis=-1), rest / whole
    mean = told / whole / np.maximum((x > 0).sum(axis=-1), 1)
    return Concentration(
        np.asarray(squares + np.minimum(other * mean, other**2)), np.asarray(squares), np.asarray(squares + other**2)
    )
