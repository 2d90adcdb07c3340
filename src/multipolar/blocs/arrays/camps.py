r"""The line index of a division into k camps: the least weight of ties that no k camps can satisfy.

A division satisfies a positive tie within a camp and a negative one between camps (Davis 1967, Human Relations 20: 181-187;
Doreian & Mrvar 1996, Social Networks 18: 149-168; with any number of camps, correlation clustering: Bansal, Blum & Chawla 2004,
Machine Learning 56: 89-113). With two camps it is the frustration index.

Any number of camps leave a tie unsatisfied in every cycle with exactly one negative tie: linear and whole programmes over
such cycles (`_cover`) bound the index for every k, and are exact where the number is free. Where k camps are fewer than the
best division has, a whole programme with a variable for each node and camp decides (`_whole`). Of networks too large for
either, triangles give the bound (`_packing`).
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike

from multipolar.blocs.arrays._division import Found, cost, deadline_of, share, step_of, violated
from multipolar.blocs.arrays._search import best_camps, numbered
from multipolar.blocs.arrays.frustration import two_camps
from multipolar.blocs.arrays.signed import Floats, Ints, components, one_network
from multipolar.errors import UsageError

#: Ties, and ties by camps, above which programmes are not tried.
_MANY, _MANY_BY_CAMPS = 4000, 20000
_RUNS = 20


@dataclass(frozen=True, slots=True)
class Camps:
    """The line index of a number of camps, or what it lies between.

    Parameters
    ----------
    index : float
        Weight of the ties that the camps leave unsatisfied.
    bound : float
        No camps of the number allowed leave less; never above `index`.
    proven : bool
        Whether the two are the same (to a millionth of the index).
    camps : array of int, shape (n,)
        Numbered from 0 in order of their first nodes. Where several divisions leave as little, one of them.
    component : array of int, shape (n,)
        Camps of two nodes can be compared only within one: between components, nothing says whether two camps are one.
    violated : array of int, shape (v, 2)
        The unsatisfied ties, i < j.
    share : float
        `index` as a share of the weight of all ties; NaN without ties.
    count : int
        Camps that have a node.
    """

    index: float
    bound: float
    proven: bool
    camps: Ints
    component: Ints
    violated: Ints
    share: float
    count: int


def camps(weights: ArrayLike, k: int | None = None, *, time_limit: float = 60.0, seed: int = 0) -> Camps:
    """Best division of a signed network into at most k camps, with a proof or a bound.

    Parameters
    ----------
    weights : array, shape (n, n)
        Signed weight of each tie, 0 for none; symmetric.
    k : int, optional
        Most camps allowed, 1 or more; any number by default.
    time_limit : float
        Seconds after which no further step begins, above 0.
    seed : int
        Of the search for good camps.

    Returns
    -------
    Camps

    Raises
    ------
    UsageError
        If it is no network, k is below 1, or the time limit is not above 0.
    """
    net = one_network(weights)
    if k is not None and k < 1:
        raise UsageError(f"expected 1 camp or more, got {k}", hint="Leave k out for any number of camps.")
    most = len(net) if k is None else min(k, len(net))
    deadline = deadline_of(time_limit)
    found = two_camps(net, deadline, seed) if most == 2 else _divided(net, most, deadline, seed)
    made = numbered(found.camps)
    return Camps(
        found.index, found.bound, found.proven, made, components(net), violated(net, made), share(net, found.index),
        int(made.max(initial=-1)) + 1,
    )  # fmt: skip


def _divided(weights: Floats, most: int, deadline: float, seed: int) -> Found:
    if most < 2:
        one = np.zeros(len(weights), dtype=np.int64)
        return Found(one, cost(weights, one), cost(weights, one))
    free = _any_number(weights, deadline, seed)
    if most == len(weights) or free.camps.max() < most:
        return free
    made = best_camps(weights, most, runs=_RUNS, seed=seed)
    found = Found(made, cost(weights, made), free.bound)
    if found.proven or perf_counter() >= deadline or np.count_nonzero(weights) // 2 * most > _MANY_BY_CAMPS:
        return found
    from multipolar.blocs.arrays import _cover, _whole

    step = step_of(weights)
    cycles = _cover.Cycles(weights, odd=False)
    _cover.relaxed(cycles, found.enough(step), deadline)
    return _whole.divided(cycles, weights, most, found, step, deadline)


def _any_number(weights: Floats, deadline: float, seed: int) -> Found:
    step = step_of(weights)
    made = best_camps(weights, len(weights), runs=_RUNS, seed=seed)
    found = Found(made, cost(weights, made), 0.0)
    if found.proven:
        return found
    if np.count_nonzero(weights) // 2 > _MANY:
        from multipolar.blocs.arrays import _packing

        return found.above(_packing.triangles(weights, found.camps), step)
    from multipolar.blocs.arrays import _cover

    cycles = _cover.Cycles(weights, odd=False)
    cover = _cover.relaxed(cycles, found.enough(step), deadline)
    found = found.better(cycles.camps(cover.chosen), weights).above(cover.bound, step)
    return found if found.proven else _cover.whole(cycles, found, weights, step, deadline)
