"""The tie of every pair, month by month, estimated from a panel; the labelled layer over `multipolar.ties.arrays`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.errors import Refusal, UsageError
from multipolar.indicators import Panel
from multipolar.ties import arrays
from multipolar.ties.anchors import CLOSE, HOSTILE
from multipolar.ties.estimation import parameters
from multipolar.ties.grid import Grid
from multipolar.ties.reading import ORDER, era_index, eras_of, observations

#: A tie is given for a month only if this many different indicators were observed in the `WINDOW` months up to it.
ENOUGH: Final = 2
#: Half-widths of the intervals in standard deviations of a normal distribution.
Z50: Final = 0.6744897501960817
Z90: Final = 1.6448536269514722

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ties:
    """Latent ties of all pairs of a panel.

    Attributes
    ----------
    panel : Panel
        What they are estimated from.
    params : arrays.Parameters
        Loadings, noise and dynamics, on the anchored scale; by channel: the indicators of `ORDER`, era after era.
    pairs : DataFrame
        Columns a, b, index; pairs with at least one observation.
    mean, var : array, shape (pairs, months)
        Smoothed mean and variance.
    observations : arrays.Observations
        The cells as arrays, sorted by pair, month and indicator as `panel.cells`, with the pairs' prior levels.
    grid : Grid
        The months, shape (T,).
    eras : tuple of date
        First days of the eras, each read with parameters of its own.
    notes : tuple of str
        What a reader should know: where the scale comes from, whether the estimate converged.
    anchored : bool
        Whether +1 is the mean tie of the close anchor pairs; otherwise the scale is in standard deviations over pairs.
    """

    panel: Panel
    params: arrays.Parameters
    pairs: pl.DataFrame
    mean: Floats
    var: Floats
    observations: arrays.Observations
    grid: Grid
    eras: tuple[date, ...]
    notes: tuple[str, ...] = ()
    anchored: bool = False

    @property
    def months(self) -> list[date]:
        """First days of the months of the grid; before 1946 its years, each by its January."""
        return self.grid.days

    @cached_property
    def era(self) -> NDArray[np.int64]:
        """Era of each month, shape (T,)."""
        return era_index(self.grid, self.eras)

    def channel(self, indicator: str, month: int) -> int:
        """Place in `params` of an indicator as it is read in a month of the grid."""
        return int(self.era[month]) * len(ORDER) + ORDER.index(indicator)

    def readings(self) -> pl.DataFrame:
        """How each era reads each indicator: columns indicator, since, cells, intercept, loading, noise, offset (deviations)."""
        params, count = self.params, len(ORDER)
        cells = np.bincount(self.observations.indicator, minlength=params.loading.size)
        return pl.DataFrame(
            {
                "indicator": ORDER * len(self.eras),
                "since": [day for day in self.eras for _ in range(count)],
                "cells": cells,
                "intercept": params.intercept,
                "loading": params.loading,
                "noise": np.sqrt(params.noise),
                "offset": np.sqrt(params.offset_var),
            }
        ).filter(pl.col("cells") > 0)

    @cached_property
    def _index(self) -> dict[tuple[str, str], int]:
        return {(a, b): index for a, b, index in self.pairs.iter_rows()}

    def kinds_of(self, row: int) -> NDArray[np.int64]:
        """Number of different indicators of one pair in the `WINDOW` months up to each month, shape (months,)."""
        observations, months = self.observations.pair(row), len(self.grid)
        total = np.zeros(months, dtype=np.int64)
        indicator = observations.indicator % len(ORDER)
        for code in np.unique(indicator):
            seen = np.zeros(months + 1, dtype=np.int64)
            seen[np.unique(observations.month[indicator == code]) + 1] = 1
            running = np.cumsum(seen)
            total += running[1:] > running[self.grid.opens]
        return total

    def kinds_at(self, column: int) -> NDArray[np.int64]:
        """Number of different indicators of every pair in the `WINDOW` months up to one month, shape (pairs,)."""
        observations = self.observations
        inside = (observations.month <= column) & (observations.month >= self.grid.opens[column])
        seen = np.zeros((observations.n_pairs, len(ORDER)), dtype=bool)
        seen[observations.pair_of[inside], observations.indicator[inside] % len(ORDER)] = True
        count: NDArray[np.int64] = seen.sum(axis=1, dtype=np.int64)
        return count

    def pair_index(self, a: str, b: str) -> int:
        """Row of a pair, in either order.

        Raises
        ------
        UsageError
            If the two are the same.
        Refusal
            If nothing was ever observed of the pair.
        """
        if a == b:
            raise UsageError(f"expected two different states, got {a} twice", hint="A tie is between two states.")
        row = self.row_of(a, b)
        if row is None:
            raise Refusal(
                f"nothing is observed of {min(a, b)} and {max(a, b)} between {self.months[0]:%Y-%m} and "
                f"{self.months[-1]:%Y-%m}; missing: {', '.join(ORDER)}",
                hint="Ingest a source that covers the pair, or ask for one that the record covers.",
            )
        return row

    def row_of(self, a: str, b: str) -> int | None:
        """Row of a pair, in either order; None if nothing was ever observed of it."""
        return self._index.get((min(a, b), max(a, b)))

    def month_index(self, month: date) -> int:
        """Column of a month.

        Raises
        ------
        UsageError
            If the month lies outside the grid.
        """
        return self.grid.index(month)

    def series(self, a: str, b: str) -> pl.DataFrame:
        """How two states stood, month by month.

        Returns
        -------
        DataFrame
            Columns month, mean, sd, lo50, hi50, lo90, hi90, indicators. Months with fewer than `ENOUGH` indicators in the
            three years up to them are null: too little is known to say.
        """
        row = self.pair_index(a, b)
        return self._frame(self.mean[row], np.sqrt(self.var[row]), self.kinds_of(row))

    def _frame(self, mean: Floats, sd: Floats, indicators: NDArray[np.int64]) -> pl.DataFrame:
        frame = pl.DataFrame({"month": self.months, "mean": mean, "sd": sd, "indicators": indicators}).with_columns(
            lo50=pl.col("mean") - Z50 * pl.col("sd"),
            hi50=pl.col("mean") + Z50 * pl.col("sd"),
            lo90=pl.col("mean") - Z90 * pl.col("sd"),
            hi90=pl.col("mean") + Z90 * pl.col("sd"),
        )
        known = pl.col("indicators") >= ENOUGH
        numbers = ["mean", "sd", "lo50", "hi50", "lo90", "hi90"]
        return frame.select("month", *(pl.when(known).then(pl.col(name)).alias(name) for name in numbers), "indicators")

    def at(self, month: date, actor: str | None = None) -> pl.DataFrame:
        """All ties of a month, or those of one actor.

        Returns
        -------
        DataFrame
            Columns a, b, mean, sd, indicators; pairs of which too little is known are left out. With `actor`, it is
            always `a`.
        """
        column = self.month_index(month)
        frame = self.pairs.select("a", "b").with_columns(
            mean=self.mean[:, column], sd=np.sqrt(self.var[:, column]), indicators=self.kinds_at(column)
        )
        frame = frame.filter(pl.col("indicators") >= ENOUGH)
        if actor is None:
            return frame
        mine = frame.filter((pl.col("a") == actor) | (pl.col("b") == actor))
        return mine.with_columns(
            a=pl.lit(actor), b=pl.when(pl.col("a") == actor).then(pl.col("b")).otherwise(pl.col("a"))
        ).sort("b")

    def cells_of(self, row: int) -> pl.DataFrame:
        """The cells of one pair, in the order of its observations."""
        first, last = self.observations.indptr[row], self.observations.indptr[row + 1]
        return self.panel.cells.slice(int(first), int(last - first))

    def levels_of(self, pairs: pl.DataFrame) -> Floats:
        """Prior level of each of some pairs (columns a, b), shape (P,): 0 for one that these ties do not have."""
        known = self.pairs.select("a", "b", level=pl.Series(self.observations.levels))
        return pairs.join(known, on=["a", "b"], how="left", maintain_order="left")["level"].fill_null(0.0).to_numpy()

    def pair_observations(self, row: int) -> arrays.Observations:
        """The observations of one pair, as a set of its own."""
        return self.observations.pair(row)


def estimate(panel: Panel, like: Ties | None = None) -> Ties:
    """Fit the model to a panel by maximum likelihood, fix its scale by the anchor pairs, and smooth.

    Parameters
    ----------
    panel : Panel
        The cells.
    like : Ties, optional
        Use the parameters, prior levels, eras and scale of these instead of fitting.

    Returns
    -------
    Ties

    Raises
    ------
    Refusal
        If the panel has no cells.
    """
    if panel.cells.is_empty():
        raise Refusal(
            "nothing is observed between these states in this period", hint="Choose more states or an earlier day."
        )
    pairs = panel.cells.select("a", "b").unique().sort("a", "b").with_row_index("index").select("a", "b", "index")
    grid = Grid(panel.scope.first, panel.scope.last)
    if like is not None:
        read = replace(observations(panel, pairs, grid, like.eras), level=like.levels_of(pairs))
        smoothed = arrays.smooth(read, like.params, len(grid))
        return Ties(panel, like.params, pairs, smoothed.mean, smoothed.var, read, grid, like.eras)
    eras = eras_of(grid)
    found = parameters(observations(panel, pairs, grid, eras), pairs, grid, len(eras))
    smoothed = arrays.smooth(found.observations, found.params, len(grid))
    scale, note = _anchor(pairs, smoothed.mean)
    notes: tuple[str, ...] = (note,)
    if not found.converged:
        notes = (*notes, "The estimate of loadings and noise stopped before it had converged.")
    unit = 1.0 if scale is None else scale
    read = replace(found.observations, level=found.observations.levels / unit)
    on_scale = arrays.rescale(found.params, scale=unit)
    mean, var = smoothed.mean / unit, smoothed.var / unit**2
    return Ties(panel, on_scale, pairs, mean, var, read, grid, eras, notes, scale is not None)


def _anchor(pairs: pl.DataFrame, mean: Floats) -> tuple[float | None, str]:
    """The mean tie of the close anchor pairs, or None without anchors, and what to say of the scale.

    Dividing by it puts them at +1; zero stays at what a pair is taken to be before anything is observed of it.
    """
    index = {(a, b): row for a, b, row in pairs.iter_rows()}
    close = [index[pair] for pair in CLOSE if pair in index]
    hostile = [index[pair] for pair in HOSTILE if pair in index]
    if not close or not hostile:
        return None, "The scale is in standard deviations over pairs: the record has no anchor pairs of both signs."
    high, low = float(mean[close].mean()), float(mean[hostile].mean())
    if not high > 0.0 > low:
        return None, "The scale is in standard deviations over pairs: the anchor pairs are not told apart."
    return high, (
        f"+1 is the mean tie of {len(close)} close anchor pairs; 0 is a pair of which nothing is known yet; "
        f"{len(hostile)} hostile anchor pairs stand at {low / high:.2f} on average."
    )
