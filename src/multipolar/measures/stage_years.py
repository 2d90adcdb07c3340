"""Pairs by year: what ties between states say of every pair in every year, and where silence means none.

A pair counts in a year if both its states existed on some day of it. A source that says of a kind of tie that absence is
zero speaks, in the whole years that it covers, of the states that it names, or, if it names none, of the members of the
system of Correlates of War, whose list all such sources of ties go by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.actors import states
from multipolar.errors import UsageError
from multipolar.record import Coverage, View

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

#: First and last year that a table of years can have: the sources of disputes begin in 1816.
EARLIEST: Final = 1816
LATEST: Final = 2100


@dataclass(frozen=True)
class Grid:
    """States, and the years from `first` on.

    Attributes
    ----------
    actors : tuple of str
        Ids, sorted; pair number `pair(i, j)` is of the i-th and the j-th of them.
    first, last : int
        Years.
    """

    actors: tuple[str, ...]
    first: int
    last: int

    @property
    def years(self) -> int:
        """How many."""
        return self.last - self.first + 1

    @property
    def pairs(self) -> int:
        """How many."""
        return len(self.actors) * (len(self.actors) - 1) // 2

    @cached_property
    def sides(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Places of the two states of each pair, shape (pairs,)."""
        return np.triu_indices(len(self.actors), 1)

    @cached_property
    def place(self) -> dict[str, int]:
        """Place of each state."""
        return {actor: number for number, actor in enumerate(self.actors)}

    def pair(self, i: NDArray[np.int64], j: NDArray[np.int64]) -> NDArray[np.int64]:
        """Numbers of pairs, i before j."""
        size = len(self.actors)
        return np.asarray(i * (2 * size - i - 1) // 2 + j - i - 1)

    @cached_property
    def lives(self) -> Bools:
        """Whether a state existed in a year, shape (actors, years)."""
        return _spells(self, cow=False)

    @cached_property
    def in_cow(self) -> Bools:
        """Whether it was in the system of Correlates of War, shape (actors, years)."""
        return _spells(self, cow=True)

    @cached_property
    def exists(self) -> Bools:
        """Whether a pair counts, shape (pairs, years)."""
        i, j = self.sides
        return self.lives[i] & self.lives[j]


def grid(view: View, since: int, until: int | None = None, actors: Sequence[str] | None = None) -> Grid:
    """All states that existed in some year from `since` to `until` (by default the year of the view's day).

    Raises
    ------
    UsageError
        If the years are out of order or reach.
    """
    last = view.as_of.year if until is None else until
    if not EARLIEST <= since <= last <= LATEST:
        raise UsageError(
            f"expected a first year not after the last, from {EARLIEST} on, got {since} to {last}",
            hint="Write years in order, as 1946 and 2010.",
        )
    start, stop = date(since, 1, 1), date(last, 12, 31)
    alive = [
        actor.id
        for actor in states()
        if any(begun <= stop and (ended is None or ended >= start) for begun, ended in actor.existence())
    ]
    return Grid(tuple(sorted(set(alive) if actors is None else set(alive) & set(actors))), since, last)


@lru_cache(maxsize=16)
def _spells(of: Grid, *, cow: bool) -> Bools:
    table = np.zeros((len(of.actors), of.years), dtype=bool)
    for actor in states():
        if actor.id not in of.place:
            continue
        for spell in actor.spells:
            if not cow or spell.codes.cow is not None:
                end = of.last if spell.end is None else spell.end.year
                table[of.place[actor.id], max(spell.start.year - of.first, 0) : max(end - of.first + 1, 0)] = True
    return table


@dataclass(frozen=True)
class Told:
    """What is told of pairs by year.

    Attributes
    ----------
    value : array, shape (pairs, years)
        NaN where nobody says.
    source : array, shape (pairs, years)
        Place in `sources` of the group of sources that says so; -1 where nobody does.
    sources : tuple of str
        Prefixes of the preferred sources, then "" for all others, which are read together.
    complete : array, shape (pairs, years)
        Whether a source that lists all such ties speaks of the pair in that year.
    """

    value: Floats
    source: NDArray[np.int8]
    sources: tuple[str, ...]
    complete: Bools


def standing(view: View, kinds: Sequence[str], since: date | None = None, until: date | None = None) -> pl.DataFrame:
    """Ties of these kinds between two actors, with `until`, the last day on which each is known to stand.

    What has not ended is carried to the end of its source's coverage of its kind, and where the source states none, it is
    known of its first day only.
    """
    ties = view.statements("tie", kinds=kinds, since=since, until=until).filter(pl.col("a") != pl.col("b"))
    rows = [(row.source, row.kind or None, row.last) for row in view.coverage() if row.form == "tie"]
    reach = pl.DataFrame(rows, schema={"source": pl.String, "kind": pl.String, "reach": pl.Date}, orient="row")
    reach = reach.group_by("source", "kind").agg(pl.col("reach").max())
    whole = reach.filter(pl.col("kind").is_null()).select("source", any_reach="reach")
    joined = ties.join(reach, on=["source", "kind"], how="left").join(whole, on="source", how="left")
    last = pl.coalesce("valid_to", "reach", "any_reach", "valid_from")
    return joined.with_columns(until=pl.max_horizontal(last, "valid_from")).drop("reach", "any_reach")


def told(view: View, of: Grid, kinds: Sequence[str], *, prefer: Sequence[str], value: bool = True) -> Told:
    """The highest value of ties of some kinds by pair and year.

    Parameters
    ----------
    view : View
    of : Grid
    kinds : sequence of str
    prefer : sequence of str
        Beginnings of keys of sources, the one preferred most first. A pair's year is told by the first that says
        anything of it; all other sources are read together, last.
    value : bool
        Take the values of the ties; otherwise a tie that stands counts 1.
    """
    sources = (*prefer, "")
    ties = _placed(of, standing(view, kinds, date(of.first, 1, 1), date(of.last, 12, 31)), prefer)
    silent = [row for row in view.coverage() if row.form == "tie" and row.absence == "zero" and row.kind in kinds]
    best = np.full((of.pairs, of.years), np.nan, dtype=np.float32)
    from_ = np.full(best.shape, -1, dtype=np.int8)
    complete = np.zeros(best.shape, dtype=bool)
    for rank in range(len(sources)):
        cells = _spread(of, ties.filter(pl.col("rank") == rank), value)
        for row in silent:
            if _rank(row.source, prefer) == rank:
                _quiet(of, row, cells, complete)
        fresh = np.isnan(best) & np.isfinite(cells)
        best[fresh], from_[fresh] = cells[fresh], rank
    best[~of.exists], from_[~of.exists], complete[~of.exists] = np.nan, -1, False
    return Told(best, from_, sources, complete)


def _rank(source: str, prefer: Sequence[str]) -> int:
    return next((place for place, start in enumerate(prefer) if source.startswith(start)), len(prefer))


def _placed(of: Grid, ties: pl.DataFrame, prefer: Sequence[str]) -> pl.DataFrame:
    """Ties between states of the grid: number of the pair, first and last year (as places), value, rank of the source."""
    place = {name: pl.col(name).replace_strict(of.place, default=None, return_dtype=pl.Int64) for name in ("a", "b")}
    known = ties.with_columns(**place).drop_nulls(["a", "b"])
    ranks = {key: _rank(key, prefer) for key in known["source"].unique()}
    low, high = (known.select(fn("a", "b")).to_series().to_numpy() for fn in (pl.min_horizontal, pl.max_horizontal))
    return known.select(
        "id",
        "value",
        pair=pl.Series(of.pair(low, high), dtype=pl.Int64),
        begin=(pl.col("valid_from").dt.year() - of.first).clip(0, of.years - 1),
        end=(pl.col("until").dt.year() - of.first).clip(0, of.years - 1),
        rank=pl.col("source").replace_strict(ranks, default=None, return_dtype=pl.Int8),
    )


def _spread(of: Grid, ties: pl.DataFrame, value: bool) -> Floats:
    """The highest value of the ties of each pair and year; infinite where a tie stands whose value is not told; else NaN."""
    cells = np.full((of.pairs, of.years), np.nan, dtype=np.float32)
    each = ties.with_columns(year=pl.int_ranges("begin", pl.col("end") + 1)).explode("year")
    at = each["pair"].to_numpy() * of.years + each["year"].to_numpy()
    worth = each["value"].cast(pl.Float32).to_numpy() if value else np.ones(each.height, dtype=np.float32)
    flat = cells.ravel()
    flat[at] = np.inf
    known = np.isfinite(worth)
    flat[at[known]] = -np.inf
    np.maximum.at(flat, at[known], worth[known])
    return cells


def _quiet(of: Grid, row: Coverage, cells: Floats, complete: Bools) -> None:
    """Put zeros where a row of coverage says that there was none, and mark of what it speaks."""
    begin = row.first.year + (row.first > date(row.first.year, 1, 1)) - of.first
    end = row.last.year - (row.last < date(row.last.year, 12, 31)) - of.first
    window = slice(max(begin, 0), max(end + 1, 0))
    if row.actors:
        member = np.zeros((len(of.actors), 1), dtype=bool)
        member[[of.place[name] for name in row.actors if name in of.place]] = True
        listed: Bools = np.broadcast_to(member, of.lives.shape)
    else:
        listed = of.in_cow
    i, j = of.sides
    both = listed[i] & listed[j] if row.role == "both" or not row.actors else listed[i] | listed[j]
    part, spoken = cells[:, window], both[:, window]
    part[spoken & np.isnan(part)] = 0.0
    complete[:, window] |= spoken
