r"""Least weight of ties that meets every cycle no camps can satisfy: bounds by linear programmes, the optimum by whole ones.

Two camps satisfy a cycle if the number of its negative ties is even (Cartwright & Harary 1956), any number of camps if it
is not one (Davis 1967). Leaving ties unsatisfied is choosing a set that meets every other cycle C, so that

.. math:: \min \sum_e |w_e| y_e \quad\text{subject to}\quad \sum_{e \in C} y_e \ge 1, \; y \ge 0

bounds the index from below, and equals it where y is whole. There are far too many cycles to write down: they are added
where the last y breaks them, found by shortest paths (Barahona & Mahjoub 1986, Mathematical Programming 36: 157-173,
doi:10.1007/BF02592023; Grötschel & Wakabayashi 1989, doi:10.1007/BF01589097). What the solver says of a linear programme is
not taken on trust: its multipliers, made feasible, are a packing of such cycles into the weights, whose sum is the bound.
"""

from __future__ import annotations

from time import perf_counter
from typing import Final, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from multipolar.blocs.arrays import _walks
from multipolar.blocs.arrays._division import Found
from multipolar.blocs.arrays.signed import Floats, Ints, edges

_LONGEST = 64
#: Passes of one round, between which ties of found cycles are made longer so that the next cycles are others.
_PASSES, _LONGER = 8, 0.15
#: Least rise of the bound in a round for another one, as a share of what is missing.
_LEAST = 0.02
#: Share of a whole programme's bound that is taken on trust, its rows being kept to within a millionth.
TRUST: Final = 1.0 - 1e-7


class Cover(NamedTuple):
    """A bound, and the last y.

    Parameters
    ----------
    bound : float
        Nothing that meets every cycle weighs less.
    chosen : array, shape (m,)
        y of each tie, in the order of `edges`.
    """

    bound: float
    chosen: Floats


class Cycles:
    """The cycles of a network that are known so far to need an unsatisfied tie.

    Parameters
    ----------
    weights : array, shape (n, n)
    odd : bool
        Whether cycles with an odd number of negative ties are meant (two camps), or with exactly one (any number).
    """

    def __init__(self, weights: Floats, *, odd: bool) -> None:
        self.odd = odd
        ties = edges(weights)
        self.weight = np.abs(ties.weight)
        self.bad = (ties.weight < 0).astype(np.int64)
        self.ends = np.column_stack([ties.i, ties.j])
        side = np.concatenate([ties.i, ties.j])
        order = np.argsort(side, kind="stable")
        self.other = np.concatenate([ties.j, ties.i])[order]
        self.tie = np.tile(np.arange(len(ties.i)), 2)[order]
        self.first = np.concatenate([[0], np.cumsum(np.bincount(side, minlength=len(weights)))])
        self.rows: list[Ints] = []
        self._known: set[bytes] = set()

    def add_broken(self, chosen: Floats, deadline: float = np.inf) -> int:
        """Add cycles that `chosen` does not meet, shape (m,); how many were new."""
        length, new = chosen.copy(), 0
        for _ in range(_PASSES):
            which = np.flatnonzero((self.bad == 1) & (length < 1.0))
            found, sizes = _walks.shortest(
                self.first, self.other, self.tie, self.bad, self.ends, length, self.odd, which, _LONGEST
            )
            added = 0
            for row, size in zip(found, sizes, strict=True):
                cycle = np.sort(row[:size])
                if (np.diff(cycle) == 0).any() or cycle.tobytes() in self._known:
                    continue
                self._known.add(cycle.tobytes())
                self.rows.append(cycle)
                length[cycle] += _LONGER
                added += 1
            new += added
            if not added or perf_counter() > deadline:
                break
        return new

    def camps(self, chosen: Floats) -> Ints:
        """Nodes that are held together by positive ties not chosen, shape (n,): camps if `chosen` meets every cycle."""
        kept = self.ends[(self.bad == 0) & (chosen < 0.5)]
        n = len(self.first) - 1
        held = csr_array((np.ones(len(kept)), (kept[:, 0], kept[:, 1])), shape=(n, n))
        return np.asarray(connected_components(held, directed=False)[1], dtype=np.int64)

    def matrix(self) -> csr_array:
        """Which tie is in which cycle, shape (cycles, m)."""
        sizes = [len(row) for row in self.rows]
        columns = np.concatenate([np.zeros(0, dtype=np.int64), *self.rows])
        return csr_array((np.ones(len(columns)), columns, np.cumsum([0, *sizes])), shape=(len(sizes), len(self.weight)))


def relaxed(cycles: Cycles, enough: float, deadline: float) -> Cover:
    """Bound by linear programmes with more and more cycles, until it is `enough`, rises too little or time is up.

    Parameters
    ----------
    cycles : Cycles
    enough : float
        From which bound on to stop; the nearer the bound is, the smaller a rise is worth another round.
    deadline : float
        By `perf_counter`.
    """
    chosen = np.zeros(len(cycles.weight))
    scale = cycles.weight.mean()
    bound, rise = 0.0, np.inf
    while bound < enough and rise > _LEAST * (enough - bound) and cycles.add_broken(chosen, deadline):
        meets = cycles.matrix()
        left = max(0.05, deadline - perf_counter())
        solved = linprog(
            cycles.weight / scale, A_ub=-meets, b_ub=-np.ones(meets.shape[0]), bounds=(0, None), method="highs-ds",
            options={"time_limit": left},
        )  # fmt: skip
        if solved.status != 0:
            break
        chosen = solved.x
        reached = _packed(meets, -solved.ineqlin.marginals * scale, cycles.weight)
        bound, rise = max(bound, reached), reached - bound
    return Cover(bound, chosen)


def _packed(meets: csr_array, multipliers: Floats, weight: Floats) -> float:
    """Sum of the multipliers, made small enough for no tie to carry more than its weight."""
    kept = np.maximum(multipliers, 0.0)
    return float(kept.sum() / max(1.0, float((meets.T @ kept / weight).max(initial=0.0))))


def whole(cycles: Cycles, found: Found, weights: Floats, step: float, deadline: float) -> Found:
    """Search all divisions into any number of camps for better ones: whole y, with cycles added while they are broken."""
    scale = cycles.weight.mean()
    while perf_counter() < deadline:
        better = LinearConstraint(csr_array(cycles.weight[None, :] / scale), -np.inf, found.lower(step) / scale)
        solved = milp(
            cycles.weight / scale, integrality=np.ones(len(cycles.weight)), bounds=Bounds(0, 1),
            constraints=[LinearConstraint(cycles.matrix(), 1, np.inf), better],
            options={"time_limit": max(0.05, deadline - perf_counter()), "mip_rel_gap": 0.0},
        )  # fmt: skip
        if solved.status == 2:  # no division is better
            return found.above(found.lower(step), step)
        if solved.mip_dual_bound is not None and np.isfinite(solved.mip_dual_bound):
            found = found.above(solved.mip_dual_bound * scale * TRUST, step)
        if solved.x is None:
            break
        found = found.better(cycles.camps(solved.x), weights)
        if found.proven or not cycles.add_broken(np.round(solved.x)):
            break
    return found
