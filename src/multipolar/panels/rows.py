"""Which rows a panel has: every state, or pair of states, and every period in which they existed.

A state counts in a period if it existed on any day of it, as in the state-years of Correlates of War and of
peacesciencer; both states of a pair must count, on the same day or not. ``system`` says whose list decides: the state
table of this package (``all``), or its days with a code of Correlates of War (``cow``) or Gleditsch and Ward (``gw``).

Rows are of our actors, and a code of theirs can pass from one to another within a year: 345 stands beside Serbia and
Yugoslavia in 1918 and 2006, and Germany and Yemen bear their later codes (255, 679) for all of 1990.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl

from multipolar.actors import fold, resolve, states
from multipolar.errors import ActorError
from multipolar.panels.model import Grid, Ints, System, Unit
from multipolar.panels.periods import Clock

#: Codes that a panel can carry beside our ids.
CODES: Final = ("cow", "gw", "iso2", "iso3", "name")
_BORNE: Final = ("cow", "gw", "iso2", "iso3")


@lru_cache(maxsize=1)
def _spells() -> pl.DataFrame:
    rows = [
        (
            actor.id,
            spell.start,
            spell.end,
            spell.name,
            spell.codes.cow,
            spell.codes.gw,
            spell.codes.iso2,
            spell.codes.iso3,
        )
        for actor in states()
        for spell in actor.spells
    ]
    schema = {
        "id": pl.String, "start": pl.Date, "end": pl.Date, "name": pl.String, "cow": pl.Int32, "gw": pl.Int32,
        "iso2": pl.String, "iso3": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def alive(clock: Clock, system: System = "all", actors: Iterable[str] | None = None) -> pl.DataFrame:
    """States by period, each with its name and codes on its last day there, or the last day on which it had one.

    A code that lapsed within the period (Japan's of Correlates of War in August 1945) is still that of its rows.

    Returns
    -------
    DataFrame
        Columns id, period, name, cow, gw, iso2, iso3; sorted by id and period.
    """
    spells = _spells() if system == "all" else _spells().filter(pl.col(system).is_not_null())
    if actors is not None:
        spells = spells.filter(pl.col("id").is_in(sorted(set(actors))))
    end = pl.col("end").fill_null(clock.ends(clock.last))
    first, last = clock.expr("start").clip(lower_bound=clock.first), clock.expr("end").clip(upper_bound=clock.last)
    dated = spells.with_columns(end=end).with_columns(period=pl.int_ranges(first, last + 1, dtype=pl.Int32))
    each = dated.filter(pl.col("period").list.len() > 0).explode("period", keep_nulls=False, empty_as_null=False)
    each = each.sort("id", "period", "start").with_columns(pl.col(_BORNE).forward_fill().over("id", "period"))
    kept = each.unique(["id", "period"], keep="last", maintain_order=True)
    return kept.select("id", "period", *(name for name in ("name", "cow", "gw", "iso2", "iso3")))


def rows(unit: Unit, directed: bool, clock: Clock, living: pl.DataFrame) -> Grid:
    """The rows of a panel, sorted by a, b and period.

    Parameters
    ----------
    unit, directed
        What a row is.
    clock : Clock
        The periods.
    living : DataFrame
        States by period (see `alive`).
    """
    ids = tuple(living["id"].unique().sort())
    here = living.select(
        pl.col("id").replace_strict(ids, range(len(ids)), return_dtype=pl.Int32).alias("a"), pl.col("period")
    ).sort("a", "period")
    if unit == "state-year":
        a, period = _array(here["a"]), _array(here["period"])
        return Grid(ids, clock, a, a, period)
    pairs = here.join(here.rename({"a": "b"}), on="period")
    pairs = pairs.filter(pl.col("a") != pl.col("b") if directed else pl.col("a") < pl.col("b")).sort("a", "b", "period")
    return Grid(ids, clock, *(_array(pairs[name]) for name in ("a", "b", "period")))


def _array(series: pl.Series) -> Ints:
    return series.cast(pl.Int64).to_numpy()


def subset(grid: Grid, keep: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Grid:
    """The rows of a grid for which `keep` is true."""
    return Grid(grid.actors, grid.clock, grid.a[keep], grid.b[keep], grid.period[keep])


def with_codes(frame: pl.DataFrame, living: pl.DataFrame, sides: Sequence[str], codes: Sequence[str]) -> pl.DataFrame:
    """Add the codes of each side's state in the row's period: ``cow_a``, ``cow_b``; or ``cow`` where rows are states.

    Parameters
    ----------
    frame : DataFrame
        Columns of `sides` (ids) and ``period``.
    living : DataFrame
        See `alive`.
    sides : sequence of str
        ``("a", "b")``, or ``("state",)``.
    codes : sequence of str
        Some of `CODES`.
    """
    for side in sides:
        names = {code: f"{code}_{side}" if len(sides) > 1 else code for code in codes}
        found = living.select("id", "period", *codes).rename({"id": side, **names})
        frame = frame.join(found, on=[side, "period"], how="left", maintain_order="left")
    return frame


def in_system(grid: Grid, system: System, side: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """For each row, whether the state on one side was in a list of states in that period."""
    return _listed(grid.actors, grid.clock, system)[side, grid.period - grid.clock.first]


@lru_cache(maxsize=4)
def _listed(actors: tuple[str, ...], clock: Clock, system: System) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """States by periods."""
    table = np.zeros((len(actors), clock.count), dtype=bool)
    place = {name: number for number, name in enumerate(actors)}
    for id, period in alive(clock, system, actors).select("id", "period").iter_rows():
        table[place[id], period - clock.first] = True
    return table


def state_id(name: str, on: date) -> str:
    """Id of a state by id, name or code on a day; a former state also by a name that only it ever had.

    Raises
    ------
    ActorError
        If nobody has it, or several.
    """
    every = states()
    if name in {actor.id for actor in every}:
        return name
    try:
        return resolve(name, on, kind="state").id
    except ActorError:
        bearers = {actor.id for actor in every if fold(name) in {fold(called.text) for called in actor.names}}
        if len(bearers) != 1:
            raise
        return bearers.pop()
