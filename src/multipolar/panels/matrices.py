"""Columns made by matrix products, period by period: UN votes and joint memberships."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.indicators.rollcalls import told_twice
from multipolar.panels.covered import covers
from multipolar.panels.model import JOINT, Asked, Column, Filled, Floats, Grid, Ints, Output
from multipolar.panels.told import by_period, with_reach
from multipolar.votes.alliances import LEVELS, in_force, levels_between, listed, measured
from multipolar.votes.arrays.similarity import every_pair

#: Columns made from votes, and the measure that each is.
VOTES: Final = {
    "votes_agreement": "agreement",
    "votes_joint": "joint",
    "votes_s": "s",
    "votes_s_squared": "s_squared",
    "votes_kappa": "kappa",
    "votes_pi": "pi",
    "votes_tau_b": "tau_b",
}
#: The same of alliances.
ALLIANCES: Final = {
    "alliances_s": "s",
    "alliances_s_squared": "s_squared",
    "alliances_kappa": "kappa",
    "alliances_pi": "pi",
    "alliances_tau_b": "tau_b",
}


@lru_cache(maxsize=2)
def roll_calls(asked: Asked) -> pl.DataFrame:
    """One row a choice of the General Assembly: id, source, s (place of the voter), rollcall, value, period.

    Where a choice is told twice, the version known last stands; a roll call told under the ids of two publishers counts
    once (`indicators.rollcalls.told_twice`). A month in which a roll call fell is that of its first day.
    """
    frame = asked.view.statements("vote", kinds=("UNGA",), since=asked.since, until=asked.until).drop_nulls("value")
    frame = frame.sort("known_from", "id").unique(["rollcall", "a"], keep="last", maintain_order=True)
    frame = frame.with_columns(month=pl.col("valid_from").dt.truncate("1mo"))
    frame = frame.filter(~pl.col("rollcall").is_in(told_twice(frame)))
    index, clock = asked.grid.index, asked.grid.clock
    place = pl.col("a").replace_strict(list(index), list(index.values()), default=None, return_dtype=pl.Int32)
    placed = frame.with_columns(s=place, period=clock.expr("valid_from")).drop_nulls("s")
    inside = placed.filter(pl.col("period").is_between(clock.first, clock.last))
    return inside.select("id", "source", "s", "rollcall", "value", "period")


def votes(asked: Asked, output: Output) -> Filled:
    """A measure of how alike two voted (see `VOTES`), over roll calls in which both did; missing where there is none."""
    told = roll_calls(asked)
    sources = tuple(told["source"].unique().sort())
    values, source = _similarity(asked)
    return Filled(output, values[output.column.name], source, sources)


@lru_cache(maxsize=1)
def _similarity(asked: Asked) -> tuple[dict[str, Floats], NDArray[np.int16]]:
    """All of `VOTES` for every row, and the place of the source with most of a period's votes (-1: no joint vote)."""
    told, grid = roll_calls(asked), asked.grid
    place = {key: number for number, key in enumerate(told["source"].unique().sort())}
    _, source = _empty(grid)
    values = {name: np.full(grid.a.shape, np.nan) for name in VOTES}
    for (period,), frame in told.group_by("period"):
        rows = _rows(grid, int(str(period)))
        joint, measured = every_pair(_choices(frame, len(grid.actors)))
        measured["joint"] = np.where(joint > 0, joint, np.nan)
        pair = _pair(grid.low[rows], grid.high[rows], len(grid.actors))
        for name, measure in VOTES.items():
            values[name][rows] = measured[measure][pair]
        most = frame["source"].value_counts().sort("count", "source", descending=[True, False])["source"][0]
        source[rows] = np.where(joint[pair] > 0, place[str(most)], -1)
    return values, source


def _pair(low: Ints, high: Ints, states: int) -> Ints:
    """Place of each two states among all pairs."""
    return np.asarray(low * (2 * states - low - 1) // 2 + high - low - 1, dtype=np.int64)


def _choices(votes_: pl.DataFrame, states: int) -> NDArray[np.int8]:
    """Choices by roll call and state, as `votes.arrays.similarity` takes them; a state pairs with others only."""
    rolls = votes_["rollcall"].unique().sort()
    matrix = np.zeros((rolls.len(), states), dtype=np.int8)
    code = 2 - votes_["value"].to_numpy()  # yes 1, abstain 2, no 3
    matrix[rolls.search_sorted(votes_["rollcall"]).to_numpy(), votes_["s"].to_numpy()] = code
    return matrix


def alliances(asked: Asked, output: Output) -> Filled:
    """A measure of how alike the alliances of two are (see `ALLIANCES`), in periods of which a source lists them all."""
    values, source, sources = _portfolios(asked)
    return Filled(output, values[output.column.name], source, sources)


@lru_cache(maxsize=1)
def _portfolios(asked: Asked) -> tuple[dict[str, Floats], NDArray[np.int16], tuple[str, ...]]:
    """All of `ALLIANCES` for every row, and which sources fill it together."""
    grid, clock = asked.grid, asked.grid.clock
    values = {name: np.full(grid.a.shape, np.nan) for name in ALLIANCES}
    _, source = _empty(grid)
    told: dict[str, int] = {}
    ties = asked.view.statements("tie", kinds=LEVELS, since=asked.since, until=asked.until)
    for period in range(clock.first, clock.last + 1):
        span = clock.begins(period), clock.ends(period)
        keys = listed(asked.view, *span)
        if not keys:
            continue
        members, levels = levels_between(ties, *span)
        place = np.array([members.index(name) if name in members else -1 for name in grid.actors])
        rows = _rows(grid, period)
        rows = rows[(place[grid.low[rows]] >= 0) & (place[grid.high[rows]] >= 0)]
        pair = _pair(place[grid.low[rows]], place[grid.high[rows]], len(members))
        for name, value in zip(ALLIANCES, measured(levels, ALLIANCES.values()).values(), strict=True):
            values[name][rows] = value[pair]
        source[rows] = told.setdefault(JOINT.join(keys), len(told))
    return values, source, tuple(told)


def obligations(asked: Asked, row: int) -> tuple[str, ...]:
    """Ids of the obligations of either state of a row, with whomever, in force in its period."""
    grid = asked.grid
    period = int(grid.period[row])
    who = [grid.actors[grid.a[row]], grid.actors[grid.b[row]]]
    ties = asked.view.statements("tie", kinds=LEVELS, actors=who)
    return tuple(in_force(ties, grid.clock.begins(period), grid.clock.ends(period)).sort("valid_from", "id")["id"])


def joint_memberships(asked: Asked, output: Output) -> Filled:
    """Organisations of which both are full members, by a source in `Column.prefer`, in the periods of which it tells.

    Only such a source sets out to list all organisations; those of others would be a count of what was looked up.
    """
    column, grid = output.column, asked.grid
    told = memberships(asked, column)
    value, source = _empty(grid)
    sources = tuple(key for start in column.prefer for key in asked.sources if key.startswith(start))
    for place, key in enumerate(sources):
        counted = _counted(asked, column, key)
        for (period,), frame in told.filter(pl.col("source") == key).group_by("period"):
            rows = _rows(grid, int(str(period)))
            rows = rows[counted[rows] & (source[rows] < 0)]
            value[rows] = _together(frame, grid)[grid.a[rows], grid.b[rows]]
            source[rows] = place
    return Filled(output, value, source, sources)


def _counted(asked: Asked, column: Column, key: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """The rows of which a source speaks: both states are in its list of states, inside its coverage."""
    grid = asked.grid
    found = np.zeros(grid.a.size, dtype=bool)
    for row in asked.view.coverage():
        if (row.source, row.form) == (key, "tie") and row.kind in ("", "membership") and not row.actors:
            found |= covers(asked, column, row, grid.low, grid.high)
    return found


def memberships(asked: Asked, column: Column) -> pl.DataFrame:
    """Full memberships by period: id, source, s, ref (the organisation), period."""
    index, clock = asked.grid.index, asked.grid.clock
    told = statements_of_members(asked, column)
    place = pl.col("a").replace_strict(list(index), list(index.values()), default=None, return_dtype=pl.Int32)
    placed = told.with_columns(s=place, begin="valid_from", ref="b").drop_nulls("s")
    spread = by_period(asked, column, placed.select("id", "source", "s", "begin", "until", "ref"))
    return spread.unique(["source", "s", "ref", "period"], keep="first", maintain_order=True).filter(
        pl.col("period").is_between(clock.first, clock.last)
    )


def statements_of_members(asked: Asked, column: Column) -> pl.DataFrame:
    """Statements of full membership with the day up to which each stands."""
    told = asked.view.statements("tie", kinds=column.kinds, since=asked.since, until=asked.until)
    return with_reach(asked.view, "tie", told.filter(pl.col("value") >= (column.least or 0.0)))


def _together(members: pl.DataFrame, grid: Grid) -> Floats:
    bodies = members["ref"].unique().sort()
    matrix = np.zeros((bodies.len(), len(grid.actors)), dtype=np.float32)
    matrix[bodies.search_sorted(members["ref"]).to_numpy(), members["s"].to_numpy()] = 1.0
    return np.asarray(matrix.T @ matrix, dtype=float)


def _rows(grid: Grid, period: int) -> Ints:
    order, bounds = grid.by_period
    place = period - grid.clock.first
    return order[bounds[place] : bounds[place + 1]]


def _empty(grid: Grid) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.int16]]]:
    return np.full(grid.a.shape, np.nan), np.full(grid.a.shape, -1, dtype=np.int16)
