"""Filling one column: a value, an observed zero, or missing, for every row of the panel."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl

from multipolar.indicators import BY_NAME as INDICATOR
from multipolar.indicators import Scope, pair_months
from multipolar.panels import matrices
from multipolar.panels.covered import Zeros, zeros
from multipolar.panels.model import JOINT, Asked, Column, Filled, Grid, Ints, Output
from multipolar.panels.told import Cells, cells
from multipolar.record import Form

_MADE_BY: Final[dict[str, Callable[[Asked, Output], Filled]]] = {
    **dict.fromkeys(matrices.VOTES, matrices.votes),
    **dict.fromkeys(matrices.ALLIANCES, matrices.alliances),
    "joint_igos": matrices.joint_memberships,
}


def fill(asked: Asked, output: Output) -> Filled:
    """The cells of one column of a panel.

    A cell is the value told by the preferred source; 0 where a source lists everything of the kind and tells nothing of
    these states in all of that period, unless a source that is preferred to it tells something; else missing.
    """
    column = output.column
    if column.how == "special":
        made = _MADE_BY.get(column.name, _indicator)
        return made(asked, output)
    s, t = sides(asked.grid, output)
    period = np.full_like(s, asked.grid.clock.first) if column.sides == "timeless" else asked.grid.period
    return _joined(output, _cells(asked, column), asked.grid.key(s, t, period), _zeros(asked, output, s, t))


def sides(grid: Grid, output: Output) -> tuple[Ints, Ints]:
    """For each row, the state that the column runs from and to; the same twice where it is of one state."""
    found = {
        "a": (grid.a, grid.a), "b": (grid.b, grid.b), "ab": (grid.a, grid.b), "ba": (grid.b, grid.a),
    }  # fmt: skip
    if output.side in found:
        return found[output.side]
    return (grid.low, grid.high) if output.column.dyadic else (grid.a, grid.a)


@lru_cache(maxsize=2)  # both sides of a column are read from the same cells
def _cells(asked: Asked, column: Column) -> Cells:
    return cells(asked, column)


def _zeros(asked: Asked, output: Output, s: Ints, t: Ints) -> Zeros:
    if output.column.form in ("attitude", "vote") or "distance" in output.column.kinds:
        none = np.full(s.shape, -1, dtype=np.int16)
        return Zeros(np.full(s.shape, np.iinfo(np.int32).max, dtype=np.int32), none, ())
    return zeros(asked, output.column, s, t)


def _joined(output: Output, told: Cells, keys: Ints, none: Zeros) -> Filled:
    place = told.find(keys)
    there = place >= 0
    sources = tuple(dict.fromkeys((*told.sources, *none.sources)))
    value, source = np.full(keys.shape, np.nan), np.full(keys.shape, -1, dtype=np.int16)
    renamed = np.array([*(sources.index(key) for key in told.sources), -1], dtype=np.int16)
    value[there], source[there] = told.value[place[there]], renamed[told.source[place[there]]]
    silent = there.copy()
    silent[there] = told.partial[place[there]] & (none.rank[there] != told.rank[place[there]])
    value[silent] = np.nan  # some days of the sum are told, and the source does not say that the others are zero
    beaten = none.source >= 0
    beaten[there] &= none.rank[there] < told.rank[place[there]]
    zero_named = np.array([*(sources.index(key) for key in none.sources), -1], dtype=np.int16)
    value[beaten], source[beaten] = 0.0, zero_named[none.source[beaten]]
    return Filled(output, value, source, sources)


def _told_by(asked: Asked, indicator: str) -> list[str]:
    """Keys of the sources whose statements an indicator reads."""
    kinds: dict[Form, set[str]] = {}
    for form, kind in INDICATOR[indicator].uses:
        kinds.setdefault(form, set()).add(kind)
    frames = [asked.view.statements(form, kinds=names, until=asked.until) for form, names in kinds.items()]
    return sorted({key for frame in frames for key in frame["source"].unique()})


def _indicator(asked: Asked, output: Output) -> Filled:
    """A pair-month indicator, cell by cell."""
    grid, name = asked.grid, output.column.name.removeprefix("indicator_")
    made = pair_months(Scope(asked.view, grid.actors, asked.since, asked.until), [name]).cells
    index = grid.index
    places = [
        made[side].replace_strict(list(index), list(index.values()), return_dtype=pl.Int64).to_numpy() for side in "ab"
    ]
    period = made.select(grid.clock.expr("month"))["month"].cast(pl.Int64).to_numpy()
    keys = grid.key(np.minimum(*places), np.maximum(*places), period)
    order = np.argsort(keys, kind="stable")
    zero = np.zeros(len(keys), dtype=np.int32)
    sources = (JOINT.join(_told_by(asked, name)),)
    values = made["value"].to_numpy()[order]
    told = Cells(keys[order], values, zero, zero.astype(np.int16), zero.astype(bool), sources)
    nobody = Zeros(
        np.full(grid.a.shape, np.iinfo(np.int32).max, dtype=np.int32), np.full(grid.a.shape, -1, np.int16), ()
    )
    return _joined(output, told, grid.key(grid.low, grid.high, grid.period), nobody)
