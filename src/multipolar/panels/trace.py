"""From a cell back to what it rests on: statements, the coverage that says zero, or why it is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from multipolar.indicators import Scope
from multipolar.indicators.catalogue import BY_NAME as INDICATOR
from multipolar.panels import covered, matrices
from multipolar.panels.codebook import offered
from multipolar.panels.fill import sides
from multipolar.panels.model import Asked, Column, Grid, Output
from multipolar.panels.told import by_period, ranks, statements
from multipolar.record import Coverage


@dataclass(frozen=True)
class Trace:
    """What one cell rests on.

    Attributes
    ----------
    column, period : str
        Which cell.
    actors : tuple of str
        Whose.
    value : float or None
        None if missing.
    source : str
        Key of the source that filled it; empty where none did.
    ids : tuple of str
        Statements behind it.
    coverage : tuple of Coverage
        Rows of coverage that say that there was none.
    reason : str
        How the value came about, or why it is missing, in words.
    """

    column: str
    period: str
    actors: tuple[str, ...]
    value: float | None
    source: str
    ids: tuple[str, ...]
    coverage: tuple[Coverage, ...]
    reason: str


def trace(asked: Asked, output: Output, row: int, value: float, source: str) -> Trace:
    """Follow one cell of a panel back.

    Parameters
    ----------
    asked, output
        The panel and the column.
    row : int
        Place of the row.
    value : float
        The cell, NaN if missing.
    source : str
        The source that filled it.
    """
    small = one_row(asked, row)
    who = (asked.grid.actors[asked.grid.a[row]], asked.grid.actors[asked.grid.b[row]])
    actors = who[:1] if who[0] == who[1] else who
    ids = _behind(asked, small, output, row, source) if source else ()
    said = _zero_rows(small, output, source) if source and not ids else ()
    period = asked.grid.clock.text(int(asked.grid.period[row]))
    known = None if np.isnan(value) else float(value)
    reason = _reason(small, output, known, ids, said)
    return Trace(output.name, period, actors, known, source, ids, said, reason)


def one_row(asked: Asked, row: int) -> Asked:
    """The same question about one row."""
    grid = asked.grid
    a, b, period = (array[row : row + 1] for array in (grid.a, grid.b, grid.period))
    return replace(asked, grid=Grid(grid.actors, grid.clock, a, b, period))


def _behind(asked: Asked, small: Asked, output: Output, row: int, source: str) -> tuple[str, ...]:
    column = output.column
    if column.form == "vote" and column.how == "special":
        return _votes(asked, row)
    if column.name in matrices.ALLIANCES:
        return matrices.obligations(asked, row)
    if column.name == "joint_igos":
        return _memberships(asked, column, row, source)
    if column.name.startswith("indicator_"):
        return _parts(asked, column, row)
    return _plain(small, output, source)


def _plain(small: Asked, output: Output, source: str) -> tuple[str, ...]:
    """Statements of the cell's rank; of several that stand one after the other, the one that was taken."""
    column = output.column
    s, t = (int(side[0]) for side in sides(small.grid, output))
    told = statements(small, column).filter(pl.col("s") == s, pl.col("t") == t)
    period = small.grid.clock.first if column.sides == "timeless" else int(small.grid.period[0])
    here = by_period(small, column, told).filter(pl.col("period") == period)
    here = here.filter(pl.col("rank") == ranks(column, small.sources)[source])
    if column.how == "count" and column.form == "trait":
        clock = small.grid.clock
        began = here.filter(clock.expr("begin") == period)
        here = began if began.height else here
    if column.how == "last":
        here = here.sort("begin", "until", "known_from", "id").tail(1)
    if column.how in ("sum", "score"):
        here = here.sort("known_from", "id").unique(["begin", "until"], keep="last", maintain_order=True)
    return tuple(here.sort("begin", "id")["id"].unique(maintain_order=True))


def _votes(asked: Asked, row: int) -> tuple[str, ...]:
    grid = asked.grid
    told = matrices.roll_calls(asked).filter(
        pl.col("period") == int(grid.period[row]), pl.col("s").is_in([int(grid.a[row]), int(grid.b[row])])
    )
    both = told.filter(pl.len().over("rollcall") == 2)
    return tuple(both.sort("rollcall", "s")["id"])


def _memberships(asked: Asked, column: Column, row: int, source: str) -> tuple[str, ...]:
    grid = asked.grid
    told = matrices.memberships(asked, column).filter(
        pl.col("source") == source,
        pl.col("period") == int(grid.period[row]),
        pl.col("s").is_in([int(grid.a[row]), int(grid.b[row])]),
    )
    return tuple(told.filter(pl.len().over("ref") == 2).sort("ref", "s")["id"])


def _parts(asked: Asked, column: Column, row: int) -> tuple[str, ...]:
    grid = asked.grid
    pair = tuple(sorted((grid.actors[grid.a[row]], grid.actors[grid.b[row]])))
    scope = Scope(asked.view, grid.actors, asked.since, asked.until, (pair[0], pair[1]))
    parts = INDICATOR[column.name.removeprefix("indicator_")].parts(scope)
    here = parts.filter(pl.col("month") == grid.clock.begins(int(grid.period[row])))
    return tuple(name for name in here["id"].unique().sort() if not name.startswith("coverage:"))


def _zero_rows(small: Asked, output: Output, source: str) -> tuple[Coverage, ...]:
    """The coverage that says that there was none, a row for each kind."""
    column = output.column
    s, t = sides(small.grid, output)
    rows = [row for kind in column.kinds for row in covered.complete(small, column, kind)]
    there = [row for row in dict.fromkeys(rows) if covered.covers(small, column, row, s, t)[0]]
    return tuple(row for row in there if row.source == source or len(column.kinds) > 1)


def _reason(small: Asked, output: Output, value: float | None, ids: tuple[str, ...], said: tuple[Coverage, ...]) -> str:
    column = output.column
    if ids:
        lacking = "told of other days than this period; " if column.form == "flow" else "told without a number; "
        number = lacking if value is None else ""
        return f"{number}{len(ids)} statement{'s' if len(ids) != 1 else ''}: {column.meaning}"
    if said:
        lists = ", ".join(dict.fromkeys(f"{row.source} ({row.first} to {row.last})" for row in said))
        return f"none: {lists} lists all of the kind, and nothing here"
    if value is not None:
        return column.meaning
    return why_missing(small, output)


def why_missing(small: Asked, output: Output) -> str:
    """Why a cell has no value: what each source of its kinds says of its own reach."""
    column = output.column
    found: dict[str, list[Coverage]] = {}
    for row in small.view.coverage():
        if column.takes(row.source) and row.form == column.form and row.kind.partition(":")[0] in ("", *column.kinds):
            found.setdefault(row.source, []).append(row)
    if not found:
        return f"missing: nothing of the kind in this record; {offered(column)}"
    told: Mapping[str, str] = {key: _silence(small, output, rows) for key, rows in found.items()}
    shown = [f"{key} {why}" for key, why in told.items()]
    more = f"; and {len(shown) - 6} more sources" if len(shown) > 6 else ""
    return f"missing: {'; '.join(shown[:6])}{more}"


def _silence(small: Asked, output: Output, rows: list[Coverage]) -> str:
    clock, period = small.grid.clock, int(small.grid.period[0])
    first, last = min(row.first for row in rows), max(row.last for row in rows)
    if clock.ends(period) > last:
        return f"ends {last}"
    if clock.begins(period) < first:
        return f"begins {first}"
    s, t = sides(small.grid, output)
    inside = [row for row in rows if covered.covers(small, output.column, row, s, t)[0]]
    if not inside:
        return "does not cover these states then"
    if all(row.absence == "missing" for row in inside):
        return "tells nothing here, and its silence means nothing"
    return "does not list every kind of it"


def cited(asked: Asked, found: Trace) -> list[dict[str, Any]]:
    """The statements of a trace, each with its source and locator."""
    return asked.view.by_id(found.ids)
