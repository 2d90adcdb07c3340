"""Why a tie stands where it does, and what moved it: exact sums over indicators and over single statements.

The estimate is linear in the cells (`arrays.weights`), and a cell is the sum of its parts, so a tie is

    baseline + sum over statements of  weight of the cell * (part of the statement - its share of what was expected)

to rounding error. What a cell was expected to be for an unremarkable pair (``c + lambda * mu0``) is shared equally by
its statements. The split is an account of the estimate, not of causes in the world.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.errors import UsageError
from multipolar.ties import arrays
from multipolar.ties.model import ENOUGH, Z90, Ties

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Explanation:
    """A level and a change of a tie, split exactly.

    Attributes
    ----------
    a, b : str
        The pair, in alphabetical order.
    since, until : date
        First days of the two months compared.
    level, level_sd : float
        The tie at `until` and its standard deviation.
    change, change_sd : float
        The tie at `until` less the tie at `since`, and its standard deviation.
    baseline : float
        What the tie of a pair is taken to be before anything is observed of it.
    known : bool
        Whether enough indicators are observed at both months for the figures to be given as a tie.
    split : callable
        Makes `statements`; called once, and only if they are asked for.
    """

    a: str
    b: str
    since: date
    until: date
    level: float
    level_sd: float
    change: float
    change_sd: float
    baseline: float
    known: bool
    split: Callable[[], pl.DataFrame] = field(repr=False, compare=False)

    @cached_property
    def statements(self) -> pl.DataFrame:
        """What each statement carries of the level (with the baseline it sums to it) and of the change (it sums to it).

        Columns id, indicator, month, level, change. An observed zero has the id ``coverage:SOURCE``.
        """
        return self.split()

    @property
    def indicators(self) -> pl.DataFrame:
        """The same sums by indicator: columns indicator, level, change, statements."""
        return (
            self.statements.group_by("indicator")
            .agg(pl.col("level").sum(), pl.col("change").sum(), statements=pl.col("id").n_unique())
            .sort("indicator")
        )

    def interval(self, of: str = "change") -> tuple[float, float]:
        """90 % interval of the ``level`` or the ``change``."""
        middle, sd = (self.level, self.level_sd) if of == "level" else (self.change, self.change_sd)
        return middle - Z90 * sd, middle + Z90 * sd


def explain(ties: Ties, a: str, b: str, *, since: date, until: date) -> Explanation:
    """Split a tie's level at `until`, and its change from `since`, into indicators and statements.

    Parameters
    ----------
    ties : Ties
    a, b : str
        Actor ids, in either order.
    since, until : date
        Any days of the two months.

    Returns
    -------
    Explanation

    Raises
    ------
    UsageError
        If `since` is not before `until`, or a month lies outside the grid.
    Refusal
        If nothing is observed of the pair.
    """
    row, start, stop = ties.pair_index(a, b), ties.month_index(since), ties.month_index(until)
    if start >= stop:
        raise UsageError.dates_out_of_order(since, until)
    observations, months = ties.pair_observations(row), len(ties.months)
    level = arrays.weights(observations, ties.params, months, stop)
    change = arrays.weights(observations, ties.params, months, arrays.change(months, start, stop))
    with_stop = arrays.covariance(observations, ties.params, months, stop)
    with_start = arrays.covariance(observations, ties.params, months, start)
    variance = with_stop[stop] + with_start[start] - 2.0 * with_stop[start]
    a, b = ties.pairs.row(row)[:2]
    return Explanation(
        a=a,
        b=b,
        since=ties.months[start],
        until=ties.months[stop],
        level=float(ties.mean[row, stop]),
        level_sd=float(np.sqrt(ties.var[row, stop])),
        change=float(ties.mean[row, stop] - ties.mean[row, start]),
        change_sd=float(np.sqrt(max(variance, 0.0))),
        baseline=float(level.baseline),
        known=bool(ties.kinds_of(row)[[start, stop]].min() >= ENOUGH),
        split=lambda: _by_statement(ties, row, level.weights, change.weights),
    )


def _by_statement(ties: Ties, row: int, level: Floats, change: Floats) -> pl.DataFrame:
    """Spread each cell's contribution over its statements."""
    cells = pair_cells(ties, row).with_columns(level_weight=level, change_weight=change)
    a, b = ties.pairs.row(row)[:2]
    parts = ties.panel.parts(a, b).join(cells, on=["month", "indicator"])
    surprise = pl.col("value") - pl.col("expected") / pl.len().over("month", "indicator")
    return parts.select(
        "id", "indicator", "month", level=pl.col("level_weight") * surprise, change=pl.col("change_weight") * surprise
    ).sort("month", "indicator", "id")


def pair_cells(ties: Ties, row: int) -> pl.DataFrame:
    """Month, indicator and prior expectation of one pair's observations, in their order."""
    observations, params = ties.pair_observations(row), ties.params
    expected = params.intercept + params.loading * (params.mu0 + observations.levels[0])
    return ties.cells_of(row).select("month", "indicator", expected=pl.Series(expected[observations.indicator]))
