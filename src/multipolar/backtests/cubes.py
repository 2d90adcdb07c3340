"""Columns of a panel as arrays by year and pair, or by year and state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from multipolar.backtests.model import Singles
from multipolar.errors import Refusal
from multipolar.panels import Panel, build
from multipolar.panels.catalogue import BY_NAME
from multipolar.record import View


@dataclass(frozen=True, eq=False)
class Cubes:
    """What a record says of states year by year.

    Attributes
    ----------
    actors : tuple of str
    first, last : int
        Years.
    pairs : mapping of name to array, shape (years, states, states)
        Symmetric; NaN where missing.
    states : mapping of name to array, shape (years, states)
    """

    actors: tuple[str, ...]
    first: int
    last: int
    pairs: Mapping[str, Singles]
    states: Mapping[str, Singles]

    def pair(self, name: str, year: int) -> Singles:
        """A column of pairs in a year, shape (states, states)."""
        return np.asarray(self.pairs[name][year - self.first])

    def state(self, name: str, year: int) -> Singles:
        """A column of states in a year, shape (states,)."""
        return np.asarray(self.states[name][year - self.first])

    def reach(self, name: str) -> int:
        """Last year with any value of a column."""
        table = self.pairs[name] if name in self.pairs else self.states[name]
        told = np.flatnonzero(np.isfinite(table).any(axis=tuple(range(1, table.ndim))))
        return self.first + int(told[-1])


def cubes(view: View, since: int, columns: Mapping[str, str]) -> Cubes:
    """Columns of the panel of all pairs of states of the Correlates of War system, from a year on.

    Parameters
    ----------
    view : View
    since : int
        First year.
    columns : mapping of column to source
        Names of columns of a panel, and what to ingest for each.

    Raises
    ------
    Refusal
        If the record fills none of a column; names what to ingest.
    """
    _refuse([name for name in columns if not _tellable(view, name)], columns)
    panel = build(view, since=since, columns=columns, system="cow")
    told = {each.output.column.name for each in panel.filled if np.isfinite(each.value).any()}
    _refuse([name for name in columns if name not in told], columns)
    clock = panel.asked.grid.clock
    pairs, states = _pairs(panel), _states(panel)
    return Cubes(panel.asked.grid.actors, clock.first, clock.last, pairs, states)


def _tellable(view: View, name: str) -> bool:
    """Whether the record has any statement of the form, and any of the sources, that can fill a column."""
    column = BY_NAME[name]
    return view.counts()[column.form] > 0 and any(column.takes(key) for key in view.sources())


def _refuse(missing: Iterable[str], columns: Mapping[str, str]) -> None:
    lacking = list(missing)
    if lacking:
        needed = " ".join(dict.fromkeys(columns[name] for name in lacking))
        raise Refusal(
            f"this record does not tell {', '.join(lacking)}, without which there is nothing to forecast from",
            hint=f"Ingest {needed}: `multipolar sources` tells where each is published.",
        )


def _pairs(panel: Panel) -> dict[str, Singles]:
    grid = panel.asked.grid
    year, shape = grid.period - grid.clock.first, (grid.clock.count, len(grid.actors), len(grid.actors))
    made = {}
    for each in panel.filled:
        if each.output.column.dyadic:
            table = np.full(shape, np.nan, dtype=np.float32)
            table[year, grid.a, grid.b] = table[year, grid.b, grid.a] = each.value
            made[each.output.name] = table
    return made


def _states(panel: Panel) -> dict[str, Singles]:
    grid = panel.asked.grid
    year = grid.period - grid.clock.first
    made: dict[str, Singles] = {}
    for each in panel.filled:
        if not each.output.column.dyadic:
            name = each.output.column.name
            table = made.setdefault(name, np.full((grid.clock.count, len(grid.actors)), np.nan, dtype=np.float32))
            side = grid.a if each.output.side == "a" else grid.b
            told = np.isfinite(each.value)
            table[year[told], side[told]] = each.value[told]
    return made
