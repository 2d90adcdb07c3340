"""A figure of pairs over time: a tie month by month, or a distance between positions year by year; its means over windows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.backtests.arrays import episodes as arrays
from multipolar.backtests.arrays.scores import Floats
from multipolar.backtests.episodes_list import Episode, Pair
from multipolar.ties import ENOUGH, Ties
from multipolar.votes import Ballots, ideal_points
from multipolar.votes.ballots import BEFORE

Ints = NDArray[np.int64]
#: First and last month of a window, since the year 0.
Months = tuple[int, int]


def windows(episode: Episode, earlier: int = 0) -> tuple[Months, Months]:
    """Both windows of an episode, moved so many months back."""
    (first, last), (then, end) = episode.before, episode.after
    return (first * 12 - earlier, last * 12 + 11 - earlier), (then * 12 - earlier, end * 12 + 11 - earlier)


@dataclass(frozen=True, eq=False)
class Course:
    """Values of pairs over time.

    Attributes
    ----------
    pairs : tuple of (str, str)
        Each a < b.
    number : array of int, shape (nodes,)
        Month of each node, since the year 0.
    value, var : array, shape (pairs, nodes)
    known : array of bool, shape (pairs, nodes)
        Whether enough is observed to say.
    """

    pairs: tuple[Pair, ...]
    number: Ints
    value: Floats
    var: Floats
    known: NDArray[np.bool_]

    @cached_property
    def row(self) -> dict[Pair, int]:
        """Row of each pair."""
        return {pair: row for row, pair in enumerate(self.pairs)}

    def mean(self, window: Months) -> Floats:
        """Mean over a window; NaN for a pair that is not known at its end."""
        return arrays.over(self.value, self.known, self._nodes(window))

    def change(self, before: Months, after: Months) -> Floats:
        """Mean after less mean before, shape (pairs,)."""
        return np.asarray(self.mean(after) - self.mean(before))

    def sd(self, before: Months, after: Months) -> Floats:
        """Standard deviation of the change: within a window doubt is shared by all months, between the two by none."""
        first, then = (arrays.over(self.var, self.known, self._nodes(window)) for window in (before, after))
        return np.asarray(np.sqrt(first + then))

    def only(self, pairs: Iterable[Pair]) -> Course:
        """The same of some pairs; those that are not there are left out."""
        kept = [pair for pair in pairs if pair in self.row]
        rows = np.array([self.row[pair] for pair in kept], dtype=np.intp)
        return Course(tuple(kept), self.number, self.value[rows], self.var[rows], self.known[rows])

    def of(self, values: Floats, pairs: Iterable[Pair]) -> Floats:
        """Values of some pairs in their order, from one of each row; NaN for a pair that is not there."""
        return np.array([values[self.row[pair]] if pair in self.row else np.nan for pair in pairs], dtype=np.float64)

    def matrix(self, values: Floats, actors: tuple[str, ...]) -> Floats:
        """Values of pairs as a symmetric matrix of states; NaN where nothing is known."""
        place = {actor: number for number, actor in enumerate(actors)}
        made = np.full((len(actors), len(actors)), np.nan)
        for (a, b), value in zip(self.pairs, values, strict=True):
            if a in place and b in place:
                made[place[a], place[b]] = made[place[b], place[a]] = value
        return made

    def _nodes(self, window: Months) -> NDArray[np.intp]:
        return np.flatnonzero((self.number >= window[0]) & (self.number <= window[1]))


def of_ties(ties: Ties) -> Course:
    """Ties as a course; known where two kinds of evidence stand in the three years up to a month."""
    pairs = tuple(ties.pairs.select("a", "b").iter_rows())
    known = np.stack([ties.kinds_of(row) >= ENOUGH for row in range(len(pairs))])
    return Course(pairs, ties.grid.numbers, ties.mean, ties.var, known)


def positions(cast: Ballots) -> pl.DataFrame:
    """Positions of states at the end of each year, from votes up to then: columns actor, year, theta, sd.

    Filtered, and without what a session votes after the year in which it opened.
    """
    year = cast.rollcalls["date"].dt.year().to_numpy()
    return ideal_points(cast.where(year == cast.sessions + BEFORE), smooth=False).frame.select(
        "actor", "year", "theta", "sd"
    )


def of_positions(frame: pl.DataFrame, states: Iterable[str]) -> Course:
    """Distances between positions as a course, by the December of each year."""
    kept = sorted(set(states) & set(frame["actor"].unique()))
    pairs = tuple(combinations(kept, 2))
    told = frame["year"].to_numpy()
    years = np.arange(told.min(), told.max() + 1, dtype=np.int64)
    theta, sd = (np.full((len(kept), len(years)), np.nan) for _ in range(2))
    mine = frame.filter(pl.col("actor").is_in(kept))
    rows = mine["actor"].replace_strict({state: row for row, state in enumerate(kept)}, return_dtype=pl.Int64)
    at = (rows.to_numpy(), mine["year"].to_numpy() - years[0])
    theta[at], sd[at] = mine["theta"].to_numpy(), mine["sd"].to_numpy()
    a, b = (np.array([kept.index(pair[side]) for pair in pairs], dtype=np.intp) for side in (0, 1))
    apart = np.abs(theta[a] - theta[b])
    return Course(pairs, years * 12 + 11, apart, sd[a] ** 2 + sd[b] ** 2, np.isfinite(apart))
