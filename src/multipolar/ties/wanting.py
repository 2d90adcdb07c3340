"""What would change a tie most: the reading that would tell most, if there were one; and each source, if it were not there.

A further reading of an indicator in a month would move the estimate by ``k (y - E[y])``, with k known before y is: the expected
size of the move is that of a normal variable of variance ``cov(a, y)^2 / var(y)``, which is also the variance that it would take
away (Durbin & Koopman 2012, ch. 4). Nothing is assumed of what it would say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl

from multipolar.indicators import Panel
from multipolar.ties import arrays
from multipolar.ties.arrays.kalman import covariances
from multipolar.ties.model import ENOUGH, Ties, estimate
from multipolar.ties.reading import ORDER


def wanting(ties: Ties, a: str, b: str, month: date) -> pl.DataFrame:
    """For each indicator, what one more reading of it in a month would do to the tie of that month.

    Parameters
    ----------
    ties : Ties
    a, b : str
        Actor ids, in either order.
    month : date
        Any day of the month.

    Returns
    -------
    DataFrame
        Columns indicator, last (month of its last reading up to then, null if none), expected (the reading that would
        surprise nobody), move (mean size of the change of the tie), sd_now, sd_then (standard deviation of the tie before and
        after); the most telling first. A reading counts as much as that indicator's usually do.

    Raises
    ------
    Refusal
        If nothing is observed of the pair.
    """
    row, column = ties.pair_index(a, b), ties.month_index(month)
    mine, count = ties.pair_observations(row), len(ORDER)
    channel = int(ties.era[column]) * count + np.arange(count)
    weight = np.array([_usual(ties, int(code)) for code in channel])
    one_more = arrays.observations(np.zeros(count, int), np.full(count, column), channel, np.zeros(count), weight)
    told = arrays.predictive(mine, ties.params, len(ties.grid), one_more)
    path, offset = covariances(mine, ties.params, len(ties.grid), column)
    with_tie = ties.params.loading[channel] * path[column] + offset[channel]
    gained = with_tie**2 / told.var
    now = float(ties.var[row, column])
    seen = [mine.month[(mine.indicator % count == code) & (mine.month <= column)] for code in range(count)]
    return pl.DataFrame(
        {
            "indicator": ORDER,
            "last": [ties.months[int(months[-1])] if months.size else None for months in seen],
            "expected": told.mean,
            "move": np.sqrt(2 / np.pi * gained),
            "sd_now": np.full(count, np.sqrt(now)),
            "sd_then": np.sqrt(np.maximum(now - gained, 0.0)),
        },
        schema_overrides={"last": pl.Date},
    ).sort("move", descending=True)


def leave_out(ties: Ties, at: tuple[int, int], panels: Mapping[str, Panel]) -> pl.DataFrame:
    """The tie of one pair and month without each source in turn, with the same parameters.

    Parameters
    ----------
    ties : Ties
    at : (int, int)
        Row of the pair and column of the month.
    panels : mapping of str to Panel
        For each source, the pair's panel as if it had never been read.

    Returns
    -------
    DataFrame
        Columns source, mean, sd, change (from the tie with all sources), indicators; the largest change first. Null where fewer
        than `ENOUGH` indicators are left.
    """
    row, column = at
    rows = []
    for source, panel in panels.items():
        left: dict[str, object] = {"source": source, "mean": None, "sd": None, "change": None, "indicators": 0}
        if panel.cells.height:
            alone = estimate(Panel(ties.panel.scope, panel.cells), ties)
            kinds = int(alone.kinds_of(0)[column])
            left["indicators"] = kinds
            if kinds >= ENOUGH:
                mean, sd = float(alone.mean[0, column]), float(np.sqrt(alone.var[0, column]))
                left |= {"mean": mean, "sd": sd, "change": mean - float(ties.mean[row, column])}
        rows.append(left)
    schema = {"source": pl.String, "mean": pl.Float64, "sd": pl.Float64, "change": pl.Float64, "indicators": pl.Int64}
    return pl.DataFrame(rows, schema=schema).sort(
        pl.col("change").abs(), "source", descending=[True, False], nulls_last=False
    )


def _usual(ties: Ties, channel: int) -> float:
    """The effective count that a reading of a channel usually has, 1 where there is none."""
    weights = ties.observations.weight[ties.observations.indicator == channel]
    return float(np.median(weights)) if weights.size else 1.0
