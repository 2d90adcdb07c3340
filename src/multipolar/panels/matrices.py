"""Columns made by matrix products, period by period: UN votes and joint memberships."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import polars as pl

from multipolar.indicators.rollcalls import told_twice
from multipolar.panels.covered import covers
from multipolar.panels.model import Asked, Column, Filled, Floats, Grid, Ints, Output
from multipolar.panels.told import by_period, with_reach


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
    """How many roll calls both voted in, or the share of those in which they chose alike; missing where there is none."""
    told, grid = roll_calls(asked), asked.grid
    sources = tuple(told["source"].unique().sort())
    share = output.column.name == "votes_agreement"
    value, source = _empty(grid)
    place = {key: number for number, key in enumerate(sources)}
    for (period,), frame in told.group_by("period"):
        rows = _rows(grid, int(str(period)))
        agree, joint = agreement(_choices(frame, len(grid.actors)))
        both = joint[grid.a[rows], grid.b[rows]]
        with np.errstate(invalid="ignore", divide="ignore"):
            made = agree[grid.a[rows], grid.b[rows]] / both if share else both
        value[rows] = np.where(both > 0, made, np.nan)
        most = frame["source"].value_counts().sort("count", "source", descending=[True, False])["source"][0]
        source[rows] = np.where(both > 0, place[str(most)], -1)
    return Filled(output, value, source, sources)


def agreement(choices: Floats) -> tuple[Floats, Floats]:
    """Roll calls in which each two chose alike, and in which both voted.

    Parameters
    ----------
    choices : array, shape (rollcalls, states)
        1 yes, 0 abstain, -1 no, NaN absent.

    Returns
    -------
    agree, joint : array, shape (states, states)
    """
    given = [(choices == choice).astype(float) for choice in (1.0, 0.0, -1.0)]
    agree = sum((one.T @ one for one in given), np.zeros((choices.shape[1],) * 2))
    cast = given[0] + given[1] + given[2]
    return agree, cast.T @ cast


def _choices(votes_: pl.DataFrame, states: int) -> Floats:
    rolls = votes_["rollcall"].unique().sort()
    matrix = np.full((rolls.len(), states), np.nan)
    matrix[rolls.search_sorted(votes_["rollcall"]).to_numpy(), votes_["s"].to_numpy()] = votes_["value"].to_numpy()
    return matrix


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
