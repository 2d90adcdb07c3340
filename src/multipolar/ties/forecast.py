"""The tie in months to come, from what is known in the last month and nothing later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from multipolar.errors import Refusal, UsageError
from multipolar.ties import arrays
from multipolar.ties.grid import Grid
from multipolar.ties.model import ENOUGH, Z50, Z90, Ties
from multipolar.ties.reading import ORDER

#: Furthest ahead.
MOST: Final = 120


def forecast(ties: Ties, a: str, b: str, months: int = 12) -> pl.DataFrame:
    """How two states will stand, month by month, if what moves ties goes on as it did.

    The estimate of the last month fades towards the pair's level, and its interval widens: the same model as the tie,
    carried over months without observations. No treaty or rupture to come is assumed, nor excluded: those of the past are in
    the variance of the shocks.

    Parameters
    ----------
    ties : Ties
        As known at the time of the forecast.
    a, b : str
        Actor ids, in either order.
    months : int
        How far ahead, from the month after the last of `ties`.

    Returns
    -------
    DataFrame
        Columns month, ahead, mean, sd, lo50, hi50, lo90, hi90, persistence (the tie of the last month).

    Raises
    ------
    UsageError
        If `months` is not from 1 to `MOST`.
    Refusal
        If nothing is observed of the pair, or too little in the three years up to the last month.
    """
    if not 1 <= months <= MOST:
        raise UsageError(f"expected a number of months from 1 to {MOST}, got {months}", where="forecast")
    row, last = ties.pair_index(a, b), len(ties.grid)
    if ties.kinds_of(row)[-1] < ENOUGH:
        raise Refusal(
            f"too little is observed of {a} and {b} in the three years to {ties.months[-1]:%Y-%m}: "
            f"{lacking(ties, row, last - 1)}",
            hint="Ingest a source that covers the pair up to the month from which the forecast is made.",
        )
    longer = arrays.smooth(ties.pair_observations(row), ties.params, last + months)
    mean, sd = longer.mean[0, last:], np.sqrt(longer.var[0, last:])
    return pl.DataFrame(
        {"month": _after(ties.grid, months), "ahead": np.arange(1, months + 1), "mean": mean, "sd": sd}
    ).with_columns(
        *(
            (pl.col("mean") + way * z * pl.col("sd")).alias(f"{name}{level}")
            for level, z in ((50, Z50), (90, Z90))
            for name, way in (("lo", -1), ("hi", 1))
        ),
        persistence=pl.lit(float(ties.mean[row, -1])),
    )


def _after(grid: Grid, months: int) -> list[date]:
    number = int(grid.numbers[-1]) + 1
    return [date(later // 12, later % 12 + 1, 1) for later in range(number, number + months)]


def as_known_then(ties: Ties, ahead: int = 0) -> Ties:
    """The same ties as each month could know them: what came later is not used. With `ahead`, forecasts by so many months.

    Parameters are those of `ties`. To keep the future out of them too, estimate from a panel that ends earlier.
    """
    known = arrays.filtered(ties.observations, ties.params, len(ties.grid), horizon=ahead)
    return replace(ties, mean=known.mean, var=known.var)


def lacking(ties: Ties, row: int, column: int | None = None) -> str:
    """What is and what is not observed of a pair, in words: in the window up to a month, or at any time."""
    observations = ties.pair_observations(row)
    inside = np.ones(len(observations), dtype=bool)
    if column is not None:
        inside = (observations.month <= column) & (observations.month >= ties.grid.opens[column])
    seen = {ORDER[code] for code in np.unique(observations.indicator[inside] % len(ORDER))}
    have = ", ".join(name for name in ORDER if name in seen) or "nothing"
    return f"observed: {have}; missing: {', '.join(name for name in ORDER if name not in seen)}"
