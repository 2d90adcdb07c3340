"""Statements -> pair-month panel: what was observed of which pair, when, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import polars as pl

from multipolar.errors import UsageError
from multipolar.indicators.catalogue import BY_NAME
from multipolar.indicators.model import CELL, PART, Indicator, Scope, sum_parts
from multipolar.record import FORMS, Form

_CELL_KEY = ["a", "b", "month", "indicator"]


@dataclass(frozen=True)
class Panel:
    """The cells of a scope.

    Attributes
    ----------
    scope : Scope
        What it was built from.
    cells : DataFrame
        Columns a, b, month, indicator, value, n; one row for each observed cell, sorted. Missing cells have no row.
    """

    scope: Scope
    cells: pl.DataFrame

    def parts(self, a: str, b: str) -> pl.DataFrame:
        """The statements behind every cell of one pair.

        Returns
        -------
        DataFrame
            Columns a, b, month, indicator, id, value; the values of a cell's rows add up to the cell.
        """
        first, second = sorted((a, b))
        if (first, second) not in self._parts:
            self._parts[first, second] = self._parts_of(first, second)
        return self._parts[first, second]

    @cached_property
    def _parts(self) -> dict[tuple[str, str], pl.DataFrame]:
        return {}

    def _parts_of(self, first: str, second: str) -> pl.DataFrame:
        here = self.cells.filter(pl.col("a") == first, pl.col("b") == second)
        scope = replace(self.scope, pair=(first, second))
        frames = [BY_NAME[name].parts(scope) for name in here["indicator"].unique().sort()]
        parts = pl.concat([pl.DataFrame(schema=PART), *frames])
        return parts.join(here.select(_CELL_KEY), on=_CELL_KEY, how="semi").sort("indicator", "month", "id")

    @cached_property
    def _told_by(self) -> frozenset[tuple[str, Form, str]]:
        """Sources with the forms and kinds of statement that they give or vouch for."""
        told = {(row.source, row.form, row.kind.partition(":")[0]) for row in self.scope.view.coverage()}
        for form in FORMS:
            kinds = self.scope.view.statements(form).select("source", "kind").unique()
            told |= {(source, form, kind) for source, kind in kinds.iter_rows()}
        return frozenset(told)

    def without(self, sources: Iterable[str], *, pair: tuple[str, str] | None = None, hub: str | None = None) -> Panel:
        """The same panel as if these sources had never been read; of one pair, or of one state's pairs, if given.

        Only the indicators that the sources have a part in are built again.
        """
        left_out = set(sources)
        scope = replace(self.scope, view=self.scope.view.without(left_out), pair=pair)
        gone = {(form, kind) for source, form, kind in self._told_by if source in left_out}
        touched = [name for name, indicator in BY_NAME.items() if indicator.uses & gone]
        kept = self.cells.filter(~pl.col("indicator").is_in(touched))
        if pair is not None:
            kept = kept.filter(pl.col("a") == pair[0], pl.col("b") == pair[1])
        cells = pl.concat([kept, pair_months(scope, touched).cells])
        if hub is not None:
            cells = cells.filter((pl.col("a") == hub) | (pl.col("b") == hub))
        return Panel(scope, cells.sort(_CELL_KEY))

    def coverage(self) -> pl.DataFrame:
        """For each indicator: cells, pairs, first and last month, and the share of all pairs that have any."""
        pairs = len(list(combinations(self.scope.actors, 2)))
        seen = self.cells.group_by("indicator").agg(
            cells=pl.len(),
            pairs=pl.struct("a", "b").n_unique(),
            first=pl.col("month").min(),
            last=pl.col("month").max(),
        )
        return seen.with_columns(share_of_pairs=pl.col("pairs") / max(pairs, 1)).sort("indicator")


def pair_months(scope: Scope, indicators: Iterable[str] | None = None) -> Panel:
    """Build the panel of a scope.

    Parameters
    ----------
    scope : Scope
        The record as of a day, the states and the months.
    indicators : iterable of str, optional
        Names of `INDICATORS`; all of them by default.

    Returns
    -------
    Panel

    Raises
    ------
    UsageError
        If an indicator is not known.
    """
    frames = [_cells(scope, _named(name)) for name in (BY_NAME if indicators is None else indicators)]
    cells = pl.concat(frames) if frames else pl.DataFrame(schema=CELL)
    inside = cells.filter(pl.col("month") >= scope.first.replace(day=1), pl.col("month") <= scope.last)
    return Panel(scope, inside.sort("a", "b", "month", "indicator"))


def _named(name: str) -> Indicator:
    if name not in BY_NAME:
        raise UsageError.unknown("indicator", name, BY_NAME)
    return BY_NAME[name]


def _cells(scope: Scope, indicator: Indicator) -> pl.DataFrame:
    made = indicator.cells(scope) if indicator.cells else sum_parts(indicator.parts(scope), averages=indicator.averages)
    return made.select(pl.col(name).cast(dtype) for name, dtype in CELL.items())
