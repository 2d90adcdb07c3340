r"""The exact frustration index: the least weight of ties that no two camps can satisfy, with a proof.

A division into two camps satisfies a positive tie within a camp and a negative one between them. The index (Harary's line
index of balance, 1959, Behavioral Science 4: 316-323; Abelson & Rosenberg 1958) is the least weight left unsatisfied, 0 if
and only if the network is balanced (Cartwright & Harary 1956). Finding it is as hard as maximum cut.

Good camps come from a search (`_search`); that none are better is proven from below. Every cycle with an odd number of
negative ties has an unsatisfied one: a linear programme over such cycles (`_cover`) gives a bound, and where that leaves a gap a
whole programme closes it (`_whole`). Where most pairs have a tie, the bound comes from vectors in place of signs
(`_semidefinite`). When time is up before the two meet, both are given: the index then lies between them. (Aref, Mason & Wilson
2020, Networks 75: 95-110, doi:10.1002/net.21907, solve whole programmes; Hüffner, Betzler & Niedermeier 2010, Journal of
Combinatorial Optimization 19: 53-69, doi:10.1007/s10878-009-9272-x, reduce the network first.)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike

from multipolar.blocs.arrays._division import Found, cost, deadline_of, share, step_of, violated
from multipolar.blocs.arrays._search import best_camps
from multipolar.blocs.arrays.signed import Floats, Ints, components, one_network

__all__ = ["Frustration", "cost", "frustration", "violated"]

#: Share of the pairs with a tie above which vectors are tried before cycles, nodes up to which they are not (cycles are faster
#: there), and ties above which cycles are not tried at all.
_DENSE, _FEW, _MANY = 0.4, 25, 4000
#: Runs of the search at first, and once a bound has left a gap.
_RUNS, _MORE_RUNS = 10, 60


@dataclass(frozen=True, slots=True)
class Frustration:
    """The frustration index, or what it lies between.

    Parameters
    ----------
    index : float
        Weight of the ties that the camps leave unsatisfied.
    bound : float
        No two camps leave less; never above `index`.
    proven : bool
        Whether the two are the same (to a millionth of the index): then `index` is the frustration index.
    camps : array of int, shape (n,)
        0 or 1; the first node of each component is in camp 0. Where several divisions leave as little, one of them.
    component : array of int, shape (n,)
        Camps of two nodes can be compared only within one; a node without ties has its own.
    violated : array of int, shape (v, 2)
        The unsatisfied ties, i < j.
    share : float
        `index` as a share of the weight of all ties, 0 to 1/2; NaN without ties.
    """

    index: float
    bound: float
    proven: bool
    camps: Ints
    component: Ints
    violated: Ints
    share: float


def frustration(weights: ArrayLike, *, time_limit: float = 60.0, seed: int = 0) -> Frustration:
    """Frustration index of a signed network, with a proof or a bound.

    Parameters
    ----------
    weights : array, shape (n, n)
        Signed weight of each tie, 0 for none; symmetric. With signs, the index is a number of ties.
    time_limit : float
        Seconds after which no further step begins, above 0.
    seed : int
        Of the search for good camps.

    Returns
    -------
    Frustration

    Raises
    ------
    UsageError
        If it is no network (see `signed.network`), or the time limit is not above 0.
    """
    net = one_network(weights)
    found = two_camps(net, deadline_of(time_limit), seed)
    component = components(net)
    first = np.unique(component, return_index=True)[1]
    camps = (found.camps != found.camps[first][component]).astype(np.int64)
    return Frustration(
        found.index, found.bound, found.proven, camps, component, violated(net, camps), share(net, found.index)
    )


def two_camps(weights: Floats, deadline: float, seed: int) -> Found:
    """The best two camps, 0 and 1, and a bound on any."""
    step = step_of(weights)
    camps = best_camps(weights, 2, runs=_RUNS, seed=seed)
    found = Found(camps, cost(weights, camps), 0.0)
    n, ties = len(weights), int(np.count_nonzero(weights)) // 2
    if not found.proven and n > _FEW and ties > _DENSE * n * (n - 1) / 2:
        found = _by_vectors(weights, found, step, deadline, ties, seed)
    if not found.proven and ties <= _MANY:
        found = _by_cycles(weights, found, step, deadline, seed)
    return found


def _by_vectors(weights: Floats, found: Found, step: float, deadline: float, ties: int, seed: int) -> Found:
    from multipolar.blocs.arrays import _semidefinite

    now = perf_counter()
    until = now + (deadline - now) / 2 if ties <= _MANY else deadline
    bound = _semidefinite.two_camps(weights, found.camps, found.index, found.enough(step), until, seed)
    return _searched(weights, found.above(bound, step), seed)


def _searched(weights: Floats, found: Found, seed: int) -> Found:
    """With better camps, if there is a gap and a longer search finds some."""
    if found.proven:
        return found
    return found.better(best_camps(weights, 2, runs=_MORE_RUNS, seed=seed + 1, start=found.camps), weights)


def _by_cycles(weights: Floats, found: Found, step: float, deadline: float, seed: int) -> Found:
    """Cycles of the network in which the ties that the best camps satisfy count as positive, which has the same index."""
    from multipolar.blocs.arrays import _cover, _whole

    base = found.camps
    turned = weights * np.where(base[:, None] == base[None, :], 1.0, -1.0)
    cycles = _cover.Cycles(turned, odd=True)
    cover = _cover.relaxed(cycles, found.enough(step), deadline)
    found = _searched(weights, found.above(cover.bound, step), seed)
    if found.proven or perf_counter() >= deadline:
        return found
    made = _whole.divided(cycles, turned, 2, replace(found, camps=found.camps ^ base), step, deadline)
    return replace(made, camps=made.camps ^ base)
