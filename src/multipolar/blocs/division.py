"""How many camps, who is in which, and how sure that is: proven for the network of means, estimated over draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from time import monotonic
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.blocs.arrays import landscape
from multipolar.blocs.arrays.camps import Camps, camps
from multipolar.blocs.arrays.descent import descend
from multipolar.blocs.arrays.frustration import cost, frustration
from multipolar.blocs.arrays.signed import components
from multipolar.errors import UsageError

#: Numbers of camps that are compared: at most so many. The last is any number.
COMPARED: Final = (1, 2, 3, 4, 5, None)
#: More camps are taken only if they satisfy more than this share of the weight of all ties (ours).
CLOSE: Final = 0.01
#: Descents per draw: one from the camps of the means, the others from camps drawn at random.
STARTS: Final = 8
SEED: Final = 20240619
#: Seconds that each number of camps gets at least.
LEAST_TIME: Final = 0.5

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Division:
    """Camps of the network of means, and of draws of it.

    Attributes
    ----------
    camp : array of int, shape (n,)
        Camp of each state, from 0: those of most size first.
    count : int
        Number of camps.
    table : DataFrame
        As `Blocs.camps`.
    component : array of int, shape (n,)
        States of different ones cannot be compared.
    drawn : array of int, shape (draws, n)
        Camps of each draw.
    exact : bool
        Whether those of the draws are known to be the best.
    """

    camp: Ints
    count: int
    table: pl.DataFrame
    component: Ints
    drawn: Ints
    exact: bool

    @property
    def together(self) -> Floats:
        """Probability that two states share a camp, shape (n, n): NaN where they cannot be compared."""
        shared = np.mean([row[:, None] == row for row in self.drawn], axis=0)
        shared[self.component[:, None] != self.component] = np.nan
        return np.asarray(shared, dtype=float)

    def sure(self, size: Floats) -> Floats:
        """Mean probability to share a camp with the others of one's camp, by their size, shape (n,): NaN if there are none."""
        shared = self.together
        mine = (self.camp[:, None] == self.camp) & ~np.isnan(shared) & ~np.eye(len(self.camp), dtype=bool)
        weight = mine * (size if size.any() else np.ones(len(size)))
        weight = np.where(weight.sum(axis=1, keepdims=True) > 0, weight, mine)  # where none of the others has a size
        total, number = (np.where(mine, shared, 0.0) * weight).sum(axis=1), weight.sum(axis=1)
        found: Floats = np.divide(total, number, out=np.full(len(total), np.nan), where=number > 0)
        return found


def divide(mean: Floats, draws: Floats, size: Floats, most: int | None, time_limit: float) -> Division:
    """Divide the network of means into camps, and each draw of it into as many.

    Parameters
    ----------
    mean : array, shape (n, n)
        Signed network.
    draws : array, shape (draws, n, n)
        Draws of it.
    size : array, shape (n,)
        By which camps are ordered; if all are 0, by their number of states.
    most : int, optional
        At most so many camps; by default the fewest that come near to the best (`CLOSE`).
    time_limit : float
        Seconds for all proofs together.
    """
    if most is not None and most < 1:
        raise UsageError(f"expected at least one camp, got {most}", where="camps")
    asked: tuple[int | None, ...] = COMPARED if most in COMPARED else (*COMPARED[:-1], most, None)
    found = _tightened(_timed(mean, asked, time_limit))
    table = pl.DataFrame([_row(number, one) for number, one in found.items()], schema=_TABLE, orient="row")
    chosen = found[most if most is not None else _fewest(found)]
    camp = _ordered(chosen.camps, size)
    count = int(camp.max()) + 1
    drawn, exact = over_draws(draws, camp, max(count, 2))
    return Division(camp, count, table, components(mean), drawn, exact)


_TABLE: Final = {
    "most": pl.Int64(), "used": pl.Int64(), "index": pl.Float64(), "bound": pl.Float64(), "proven": pl.Boolean(),
    "share": pl.Float64(),
}  # fmt: skip


def _timed(mean: Floats, asked: Sequence[int | None], time_limit: float) -> dict[int | None, Camps]:
    """Camps of each number: two camps get half of the time, the others equal shares of what is left."""
    found: dict[int | None, Camps] = {}
    stop = monotonic() + time_limit
    for place, most in enumerate(asked):
        left = max(stop - monotonic(), LEAST_TIME)
        found[most] = _camps(mean, most, left / 2 if most == 2 else left / (len(asked) - place))
    return found


def _tightened(found: dict[int | None, Camps]) -> dict[int | None, Camps]:
    """The same, where more camps are never worse than fewer, and what bounds more camps bounds fewer."""
    order = list(found)
    for fewer, more in pairwise(order):
        if found[more].index > found[fewer].index:
            found[more] = replace(found[fewer], bound=found[more].bound, proven=found[more].proven)
    for fewer, more in reversed(list(pairwise(order))):
        one, bound = found[fewer], max(found[fewer].bound, found[more].bound)
        found[fewer] = replace(one, bound=min(bound, one.index), proven=one.proven or bound >= one.index)
    return found


def _camps(mean: Floats, most: int | None, time_limit: float) -> Camps:
    if most == 1:
        alone = np.zeros(len(mean), dtype=np.int64)
        left = cost(mean, alone)
        total = float(np.abs(np.triu(mean)).sum())
        return Camps(left, left, True, alone, components(mean), np.zeros((0, 2), dtype=np.int64), left / total, 1)
    if most == 2:
        two = frustration(mean, time_limit=time_limit)
        used = int(np.unique(two.camps).size)
        return Camps(two.index, two.bound, two.proven, two.camps, two.component, two.violated, two.share, used)
    return camps(mean, most, time_limit=time_limit)


def _row(most: int | None, one: Camps) -> tuple[int | None, int, float, float, bool, float]:
    return most, one.count, one.index, one.bound, one.proven, one.share


def _fewest(found: dict[int | None, Camps]) -> int | None:
    best = min(one.share for one in found.values())
    return next(number for number, one in found.items() if one.share <= best + CLOSE)


def _ordered(camp: Ints, size: Floats) -> Ints:
    """Camps numbered from 0: those of most size first, then those of most states, then as they were."""
    names, label = np.unique(camp, return_inverse=True)
    weight = np.round([size[label == number].sum() for number in range(names.size)], 12)
    order = np.lexsort((np.arange(names.size), -np.bincount(label), -weight))
    return np.asarray(np.argsort(order)[label], dtype=np.int64)


def over_draws(draws: Floats, camp: Ints, count: int) -> tuple[Ints, bool]:
    """Camps of each draw, shape (draws, n), and whether they are known to be the best.

    Two camps of few states are; all else is the best of `STARTS` descents, the first of them from `camp`.
    """
    n = draws.shape[-1]
    if count == 2 and n <= landscape.MOST:
        return np.stack([landscape.sides_of(int(landscape.energies(one).argmin()), n) for one in draws]), True
    starts = np.random.default_rng(SEED).integers(0, count, (STARTS, n))
    starts[0] = camp
    return np.stack([_best(one, descend(one, starts, count)) for one in draws]), False


def _best(one: Floats, ended: Ints) -> Ints:
    """The camps that satisfy most: those with the greatest sum of ties inside."""
    inside = [float((one * (camp[:, None] == camp)).sum()) for camp in ended]
    return np.asarray(ended[int(np.argmax(inside))], dtype=np.int64)
