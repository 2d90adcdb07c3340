"""Where nothing told means none: the pairs and periods that a source says it lists completely.

A row of coverage whose absence means zero, with no list of actors, is about every state *that its source counts*. The
lists of Correlates of War count the members of its system (China from 1860), so outside it their silence stays
silence. Which list a source goes by is read from its key or its note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from multipolar.panels.model import Asked, Column, Ints, System
from multipolar.panels.rows import in_system
from multipolar.panels.told import NOBODY, ranks
from multipolar.record import Coverage

#: How notes and keys of sources tell whose list of states they go by.
_COW: Final = re.compile(r"Correlates of War|\bCOW\b|^atop\b|^cow-|^gml-mid\b")
_GW: Final = re.compile(r"Gleditsch|^ucdp|^gw-", re.IGNORECASE)


@dataclass(frozen=True)
class Zeros:
    """For each row of a panel, who says that there was none.

    Attributes
    ----------
    rank : array of int
        Rank of the best source that says so; `told.NOBODY` where none does.
    source : array of int
        Place in `sources`, -1 where none.
    sources : tuple of str
        Keys.
    """

    rank: NDArray[np.int32]
    source: NDArray[np.int16]
    sources: tuple[str, ...]


def complete(asked: Asked, column: Column, kind: str) -> list[Coverage]:
    """Coverage of one kind inside which nothing told means none, joined where one stretch follows another."""
    names = {"", kind, f"{kind}:{column.mode}"} if column.mode else {"", kind}
    rows = [row for row in asked.view.coverage() if row.form == column.form and row.absence == "zero"]
    return _joined(row for row in rows if row.kind in names and column.takes(row.source))


def _joined(rows: Iterable[Coverage]) -> list[Coverage]:
    """Stretches of one source that touch or overlap, as one."""
    groups: dict[tuple[object, ...], list[Coverage]] = {}
    for row in sorted(rows, key=lambda row: (row.first, row.last)):
        mine = groups.setdefault((row.source, row.actors, row.role, row.note), [])
        if mine and row.first <= mine[-1].last + timedelta(days=1):
            mine[-1] = _spanning(mine[-1], max(mine[-1].last, row.last))
        else:
            mine.append(row)
    return [row for mine in groups.values() for row in mine]


def _spanning(row: Coverage, last: date) -> Coverage:
    return Coverage(row.source, row.form, row.kind, row.actors, row.role, row.first, last, row.absence, row.note)


def zeros(asked: Asked, column: Column, s: Ints, t: Ints) -> Zeros:
    """Who says of each row that there was none; of a column of several kinds, that there was none of each.

    Parameters
    ----------
    asked, column
        What is asked for.
    s, t : array of int
        For each row of the grid, the state that it runs from and to (or the two in either order).
    """
    made = [_of_kind(asked, column, kind, s, t) for kind in column.kinds]
    if len(made) == 1:
        return made[0]
    sources = tuple(dict.fromkeys(key for each in made for key in each.sources))
    rank, source = made[0].rank.copy(), _renumbered(made[0], sources)
    for each in made[1:]:
        worse = each.rank > rank
        rank[worse], source[worse] = each.rank[worse], _renumbered(each, sources)[worse]
    return Zeros(rank, source, sources)


def _renumbered(zeros_: Zeros, sources: tuple[str, ...]) -> NDArray[np.int16]:
    places = np.array([*(sources.index(key) for key in zeros_.sources), -1], dtype=np.int16)
    return places[zeros_.source]


def _of_kind(asked: Asked, column: Column, kind: str, s: Ints, t: Ints) -> Zeros:
    found = complete(asked, column, kind)
    sources = tuple(sorted({row.source for row in found}))
    rank_of = ranks(column, asked.sources)
    rank = np.full(s.shape, NOBODY, dtype=np.int32)
    source = np.full(s.shape, -1, dtype=np.int16)
    for row in found:
        better = covers(asked, column, row, s, t) & (rank > rank_of[row.source])
        rank[better], source[better] = rank_of[row.source], sources.index(row.source)
    return Zeros(rank, source, sources)


def covers(asked: Asked, column: Column, row: Coverage, s: Ints, t: Ints) -> NDArray[np.bool_]:
    """The rows of the grid of which a row of coverage speaks: the whole period, and the states."""
    grid = asked.grid
    whole = whole_periods(asked, row)
    if column.sides == "timeless":
        inside = np.ones(s.shape, dtype=bool)
    elif not whole:
        return np.zeros(s.shape, dtype=bool)
    else:
        inside = (grid.period >= whole[0]) & (grid.period <= whole[-1])
    return np.asarray(inside & _states(asked, column, row, s, t), dtype=bool)


def whole_periods(asked: Asked, row: Coverage) -> list[int]:
    """The periods of the panel that lie inside a row of coverage."""
    clock = asked.grid.clock
    periods = range(clock.first, clock.last + 1)
    return [period for period in periods if row.first <= clock.begins(period) and clock.ends(period) <= row.last]


def _states(asked: Asked, column: Column, row: Coverage, s: Ints, t: Ints) -> NDArray[np.bool_]:
    if row.actors:
        member = np.zeros(len(asked.grid.actors), dtype=bool)
        member[[asked.grid.index[name] for name in row.actors if name in asked.grid.index]] = True
        one, other = member[s], member[t]
        if row.role == "both":
            return np.asarray(one & other)
        if column.sides == "directed" and row.role != "any":
            return np.asarray(one if row.role == "a" else other)
        return np.asarray(one | other)
    system = listed(row)
    if system == "all":
        return np.ones(s.shape, dtype=bool)
    return np.asarray(in_system(asked.grid, system, s) & in_system(asked.grid, system, t))


def listed(row: Coverage) -> System:
    """Whose list of states a row of coverage without actors is about."""
    if _COW.search(row.note) or _COW.search(row.source):
        return "cow"
    return "gw" if _GW.search(row.note) or _GW.search(row.source) else "all"
