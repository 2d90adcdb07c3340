"""How the tie of two states moves those of others through third parties, over years.

The force is that of `multipolar.ties.arrays.third`, with ``theta = beta eta``. A response is what the moved ties are pulled by
less what they would have been pulled by anyway, so that without a change, or without a pull, it is 0.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from multipolar.backtests.arrays.scores import Floats
from multipolar.ties.arrays.third import components

Places = NDArray[np.intp]

#: A tie that is predicted to change by more than this has run away: ties that are observed stay within about 3 of zero.
RUNAWAY: Final = 10.0


class Pull(NamedTuple):
    """Change of a tie in a year, by unit of the parts of the force.

    Attributes
    ----------
    beta : float
        Of friends in common less a friend's enemies.
    theta : float
        Of enemies in common.
    """

    beta: float
    theta: float

    def on(self, ties: Floats, weights: Floats) -> Floats:
        """The pull on every pair, shape (states, states)."""
        parts = components(ties, weights)
        return np.asarray(self.beta * (parts.ff - parts.fe) + self.theta * parts.ee)


def response(
    ties: Floats, weights: Floats, shock: tuple[int, int], change: float, pull: Pull, years: int, *, iterated: bool
) -> Floats:
    """Predicted change of every tie when that of two states changes evenly over some years.

    Parameters
    ----------
    ties : array, shape (states, states)
        Symmetric; before the change.
    weights : array, shape (states,)
        Of third states.
    shock : (int, int)
        The two states whose tie changes.
    change : float
        By how much, in all.
    pull : Pull
    years : int
        In year y of `years` the tie has moved by y / `years` of the change.
    iterated : bool
        Whether what was predicted for the others up to a year counts in the next.

    Returns
    -------
    array, shape (states, states)
        Symmetric; 0 for the two states themselves, whose change is given. NaN if any tie runs away (`RUNAWAY`): a force that
        is quadratic in ties can grow without bound in a few years.
    """
    still, told = pull.on(ties, weights), np.zeros_like(ties)
    one, other = shock
    for year in range(1, years + 1):
        moved = ties + told if iterated else ties.copy()
        moved[one, other] = moved[other, one] = ties[one, other] + change * year / years
        told = told + pull.on(moved, weights) - still
        told[one, other] = told[other, one] = 0.0
        if np.abs(told).max() > RUNAWAY:
            return np.full_like(told, np.nan)
        told = (told + told.T) / 2.0  # rounding
    return told


def relabelled(told: Floats, shock: tuple[int, int], rng: np.random.Generator) -> Floats:
    """The same response with the states other than the two of the shock in each other's places at random."""
    order = np.arange(len(told))
    others = np.setdiff1d(order, shock)
    order[others] = rng.permutation(others)
    return told[np.ix_(order, order)]


def over(value: Floats, known: NDArray[np.bool_], nodes: Places) -> Floats:
    """Mean over a window of what is known; NaN for a pair that is not known at its end, shape (pairs,).

    Parameters
    ----------
    value : array, shape (pairs, nodes)
    known : array of bool, shape (pairs, nodes)
    nodes : array of int
        Nodes of the window, in order.
    """
    if not nodes.size:
        return np.full(len(value), np.nan)
    inside = known[:, nodes]
    total = np.where(inside, value[:, nodes], 0.0).sum(axis=1)
    return np.asarray(np.where(inside[:, -1], total / np.maximum(inside.sum(axis=1), 1), np.nan))


def spread(changes: Floats) -> float:
    """Root mean square of the changes that are known; NaN if none is."""
    told = changes[np.isfinite(changes)]
    return float(np.sqrt((told**2).mean())) if told.size else float("nan")


def slope(of: Floats, on: Floats) -> float:
    """Least squares slope through the origin, where both are known; NaN if they tell nothing."""
    both = np.isfinite(of) & np.isfinite(on)
    below = float((on[both] ** 2).sum())
    return float((of[both] * on[both]).sum() / below) if below > 0 else float("nan")
