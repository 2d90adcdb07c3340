"""Tension: what given camps leave unsatisfied; and how far a system is from tipping into other camps.

**Tension** is the share of the weight of all ties that camps leave unsatisfied: friendly ties between camps, hostile ones
inside. The best camps have the least of it; a proven bound says how low it could be.

**Distance to tipping** (ours). Let cost(X) be the weight that configuration X leaves unsatisfied. One unit of change in ties,
wherever it is made, changes cost(Y) - cost(X) by one unit at most, and does so on a tie that X satisfies and Y does not. So

    distance(X, Y) = cost(Y) - cost(X)

is exactly the least total change of ties after which Y is as good as X; a tie of strength w that turns from friendly to hostile
counts 2 w. The distance to tipping is the least over all other Y, that over all other minima is the distance to another
stable division. `ties` are those whose full turn does it, fewest of them: the strongest ones that part X from Y.

Morrison, Kutz & Gabbay (2023, *Network Science*, arXiv:2203.04451) ask which changes of ties bring a system to a sudden change
in a model with dynamics of its own; the distance here needs no dynamics and says nothing of the chance or time of a change.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multipolar.blocs.arrays import landscape
from multipolar.blocs.arrays.signed import edges, one_network
from multipolar.errors import UsageError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Tipping(NamedTuple):
    """What it takes until another division does as well as the deepest minimum.

    Parameters
    ----------
    distance : float
        Least total change of ties.
    share : float
        The same as a share of the weight of all ties.
    sides : array of int, shape (n,)
        The division that is as good then.
    switch : array of int
        States that are on the other side in it: the smaller of the two groups that part, by number.
    ties : array of int, shape (t, 2)
        Fewest ties whose full turn does it, strongest first, i < j.
    """

    distance: float
    share: float
    sides: Ints
    switch: Ints
    ties: Ints


def tension(weights: ArrayLike, camps: ArrayLike) -> float:
    """Share of the weight of ties that camps leave unsatisfied, 0 to 1; NaN without ties.

    Parameters
    ----------
    weights : array, shape (n, n)
        Signed network.
    camps : array of int, shape (n,)
    """
    i, j, weight = edges(one_network(weights))
    camp = np.asarray(camps)
    if not weight.size:
        return float("nan")
    return float(np.abs(weight)[(camp[i] == camp[j]) != (weight > 0)].sum() / np.abs(weight).sum())


def tension_at(weights: ArrayLike, camps: ArrayLike) -> Floats:
    """The same for the ties of each node, shape (n,): NaN without ties."""
    w, camp = one_network(weights), np.asarray(camps)
    wrong = np.abs(w) * ((camp[:, None] == camp) != (w > 0))
    total = np.abs(w).sum(axis=1)
    found: Floats = np.divide(wrong.sum(axis=1), total, out=np.full(len(w), np.nan), where=total > 0)
    return found


def tipping(weights: ArrayLike, *, minima: bool = False) -> Tipping | None:
    """Distance from the deepest minimum to the nearest other division.

    Parameters
    ----------
    weights : array, shape (n, n)
        Signed network of at most `landscape.MOST` nodes, with ties.
    minima : bool
        Only divisions that are minima.

    Returns
    -------
    Tipping or None
        None if there is no other division (or no other minimum).
    """
    w = one_network(weights)
    if not w.any():
        raise UsageError(
            "expected a network with ties, got none", hint="Without ties no division is better than another."
        )
    found = landscape.energies(w)
    others = np.unique(landscape.ends(found, len(w))) if minima else np.arange(found.size)
    best = int(found.argmin())
    others = others[others != best]
    if not others.size:
        return None
    nearest = int(others[found[others].argmin()])
    distance = max(float(found[nearest] - found[best]) / 2.0, 0.0)  # the energy counts each pair twice
    return _tipping(w, landscape.sides_of(best, len(w)), landscape.sides_of(nearest, len(w)), distance)


def _tipping(w: Floats, before: Ints, after: Ints, distance: float) -> Tipping:
    turned = np.flatnonzero(before != after)
    switch = turned if 2 * turned.size <= len(w) else np.flatnonzero(before == after)
    i, j, weight = edges(w)
    parted = np.isin(i, switch) != np.isin(j, switch)
    satisfied = (before[i] == before[j]) == (weight > 0)
    own = np.flatnonzero(parted & satisfied)
    own = own[np.argsort(-np.abs(weight[own]), kind="stable")]
    enough = int(np.searchsorted(2.0 * np.abs(weight[own]).cumsum(), distance * (1 - 1e-12))) + (distance > 0)
    ties = np.stack([i[own[:enough]], j[own[:enough]]], axis=1)
    return Tipping(distance, distance / float(np.abs(weight).sum()), after, switch, ties)
