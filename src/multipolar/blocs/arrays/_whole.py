"""The division as a whole programme for HiGHS: a variable for each node and camp, and one for each tie.

The model is that of Aref, Mason & Wilson (2020, Networks 75: 95-110, doi:10.1002/net.21907) with any number of camps, held
against cycles that are known to need an unsatisfied tie, and asked only for camps better than the best so far.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack, vstack

from multipolar.blocs.arrays._cover import TRUST, Cycles
from multipolar.blocs.arrays._division import Found
from multipolar.blocs.arrays.signed import Floats


def divided(cycles: Cycles, weights: Floats, most: int, found: Found, step: float, deadline: float) -> Found:
    """Search all divisions into at most `most` camps for better ones, until there is none or time is up.

    Parameters
    ----------
    cycles : Cycles
        Of the network, by which the programme is tightened.
    weights : array, shape (n, n)
    most : int
        2 or more.
    found : Found
    step : float
        As `Found.above`.
    deadline : float
        By `perf_counter`.
    """
    n, m = len(weights), len(cycles.weight)
    nodes = n * most
    scale = float(cycles.weight.mean())
    price = np.concatenate([np.zeros(nodes), cycles.weight / scale])
    better = LinearConstraint(csr_array(price[None, :]), -np.inf, found.lower(step) / scale)
    one_each = LinearConstraint(csr_array(np.kron(np.eye(n), np.ones(most)) @ np.eye(nodes, nodes + m)), 1, 1)
    solved = milp(
        price,
        integrality=np.concatenate([np.ones(nodes), np.zeros(m)]),
        bounds=Bounds(0, np.concatenate([_first_come(cycles, n, most), np.ones(m)])),
        constraints=[_ties(cycles, nodes, most), one_each, better],
        options={"time_limit": max(0.05, deadline - perf_counter()), "mip_rel_gap": 0.0},
    )
    if solved.status == 2:  # no division is better
        return found.above(found.lower(step), step)
    if solved.x is not None:
        found = found.better(solved.x[:nodes].reshape(n, most).argmax(axis=1), weights)
    bound = solved.mip_dual_bound
    return found if bound is None or not np.isfinite(bound) else found.above(bound * scale * TRUST, step)


def _ties(cycles: Cycles, nodes: int, most: int) -> LinearConstraint:
    """A tie is unsatisfied if positive and one end is in a camp without the other, or negative and both are in it."""
    m = len(cycles.weight)
    camp = np.arange(most)
    one, two = ((most * cycles.ends[:, side, None] + camp).ravel() for side in (0, 1))
    tie = np.repeat(nodes + np.arange(m), most)
    bad = np.repeat(cycles.bad == 1, most)
    row = np.arange(m * most)
    blocks = [
        csr_array(
            (np.concatenate([np.ones(row.size), np.where(bad, -1.0, first), np.where(bad, -1.0, -first)]),
             (np.tile(row, 3), np.concatenate([tie, one, two]))), shape=(row.size, nodes + m)
        )
        for first in (1.0, -1.0)
    ]  # fmt: skip
    least = np.where(bad, -1.0, 0.0)
    meets = hstack([csr_array((len(cycles.rows), nodes)), cycles.matrix()])
    return LinearConstraint(vstack([*blocks, meets]), np.concatenate([least, least, np.ones(len(cycles.rows))]), np.inf)


def _first_come(cycles: Cycles, n: int, most: int) -> Floats:
    """Upper bounds that leave only one of the ways to number camps: the r-th node by ties is in one of the first r."""
    order = np.argsort(-np.bincount(cycles.ends.ravel(), minlength=n), kind="stable")
    allowed = np.ones((n, most))
    for rank, node in enumerate(order[: most - 1]):
        allowed[node, rank + 1 :] = 0.0
    return allowed.ravel()
