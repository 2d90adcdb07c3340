r"""Signed communities: groups with more friendly and fewer hostile ties than chance gives nodes with as many of each.

.. math:: Q = \frac{1}{2(w^+ + w^-)} \sum_{ij} \left[ w_{ij}
          - \gamma \left( \frac{w_i^+ w_j^+}{2 w^+} - \frac{w_i^- w_j^-}{2 w^-} \right) \right] \delta(c_i, c_j)

with :math:`w_i^\pm` the positive and negative weight of node i, :math:`2 w^\pm` their sums (Gómez, Jensen & Arenas 2009,
Physical Review E 80: 016114, doi:10.1103/PhysRevE.80.016114; with one γ for both signs of Traag & Bruggeman 2009, Physical
Review E 80: 036115, doi:10.1103/PhysRevE.80.036115). Without negative ties it is Newman & Girvan's modularity. Groups are found
by moving nodes, then whole groups, then single nodes again, also for the worse, from several starts: the modularity is the
best found, with no proof that it is the highest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from multipolar.blocs.arrays._search import best_camps, numbered
from multipolar.blocs.arrays.signed import Floats, Ints, one_network
from multipolar.errors import UsageError


@dataclass(frozen=True, slots=True)
class Communities:
    """Communities and their modularity.

    Parameters
    ----------
    modularity : float
        The best found, -1 to 1; NaN without ties.
    communities : array of int, shape (n,)
        Numbered from 0 in order of their first nodes; a node without ties is one of its own.
    count : int
        How many.
    """

    modularity: float
    communities: Ints
    count: int


def modularity(weights: ArrayLike, communities: ArrayLike, *, resolution: float = 1.0) -> float:
    """Signed modularity of some communities; NaN without ties.

    Parameters
    ----------
    weights : array, shape (n, n)
        Signed weight of each tie, 0 for none; symmetric.
    communities : array of int, shape (n,)
    resolution : float
        γ, above 0: the higher, the smaller communities pay.
    """
    net, groups = one_network(weights), np.asarray(communities)
    if groups.shape != (len(net),):
        raise UsageError(f"expected a community for each of {len(net)} nodes, got shape {groups.shape}")
    gains, total = _gains(net, resolution), float(np.abs(net).sum())
    return float(gains[groups[:, None] == groups[None, :]].sum() / total) if total else float("nan")


def communities(weights: ArrayLike, *, resolution: float = 1.0, seed: int = 0, runs: int = 8) -> Communities:
    """Communities of high signed modularity, the same for the same seed.

    Parameters
    ----------
    weights : array, shape (n, n)
        Signed weight of each tie, 0 for none; symmetric.
    resolution : float
        γ, above 0: the higher, the smaller communities pay.
    seed : int
        Of the random numbers.
    runs : int
        Starts.

    Returns
    -------
    Communities
    """
    net = one_network(weights)
    if runs < 1:
        raise UsageError(f"expected 1 run or more, got {runs}")
    gains = _gains(net, resolution)
    np.fill_diagonal(gains, 0.0)
    made = best_camps(gains, len(net), runs=runs, seed=seed)
    alone = ~net.any(axis=1)
    made[alone] = len(net) + np.arange(alone.sum())
    made = numbered(made)
    return Communities(modularity(net, made, resolution=resolution), made, int(made.max(initial=-1)) + 1)


def _gains(net: Floats, resolution: float) -> Floats:
    if not resolution > 0:
        raise UsageError(f"expected a resolution above 0, got {resolution}")
    return np.asarray(net - resolution * (_expected(np.maximum(net, 0.0)) - _expected(np.maximum(-net, 0.0))))


def _expected(part: Floats) -> Floats:
    """What chance gives each pair, with the strengths as they are."""
    strength = part.sum(axis=1)
    total = strength.sum()
    return np.outer(strength, strength) / total if total else np.zeros_like(part)
