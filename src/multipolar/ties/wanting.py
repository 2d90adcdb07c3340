"""What would change a tie most: the reading that would tell most, if there were one.

A further reading of an indicator in a month would move the estimate by ``k (y - E[y])``, with k known before y is: the expected
size of the move is that of a normal variable of variance ``cov(a, y)^2 / var(y)``, which is also the variance that it would take
away (Durbin & Koopman 2012, ch. 4). Nothing is assumed of what it would say.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from multipolar.ties import arrays
from multipolar.ties.arrays.kalman import covariances
from multipolar.ties.model import Ties
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


def _usual(ties: Ties, channel: int) -> float:
    """The effective count that a reading of a channel usually has, 1 where there is none."""
    weights = ties.observations.weight[ties.observations.indicator == channel]
    return float(np.median(weights)) if weights.size else 1.0
