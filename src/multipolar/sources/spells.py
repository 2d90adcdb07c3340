"""From rows of single years to spells: consecutive years that say the same become one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from multipolar.sources.files import ROW

FIRST_DAY: Final = pl.date(pl.col("first"), 1, 1)
LAST_DAY: Final = pl.date(pl.col("last"), 12, 31)


def spells(frame: pl.DataFrame, same: Sequence[str], keep: Sequence[str] = ()) -> pl.DataFrame:
    """Runs of consecutive years in which all of `same` stay equal.

    Parameters
    ----------
    frame : DataFrame
        One row a combination of `same` and ``year``, with the line of the file in `ROW`.
    same : sequence of str
        Columns that must not change within a spell.
    keep : sequence of str
        Columns of which the spell's first year is kept.

    Returns
    -------
    DataFrame
        `same`, ``first`` and ``last`` (years), ``row`` (line of the first year) and `keep`, sorted by `same` and year.
    """
    ordered = frame.sort(*same, "year")
    breaks = (pl.col("year").diff().over(same) != 1).fill_null(True)
    numbered = ordered.with_columns(_spell=breaks.cum_sum())
    return (
        numbered.group_by([*same, "_spell"], maintain_order=True)
        .agg(
            pl.col("year").first().alias("first"),
            pl.col("year").last().alias("last"),
            pl.col(ROW).first().alias("row"),
            pl.col(*keep).first() if keep else [],
        )
        .drop("_spell")
    )


def open_ended(last_year: int) -> pl.Expr:
    """Last day of a spell, or null where it still ran when the source's coverage ended."""
    return pl.when(pl.col("last") < last_year).then(LAST_DAY)


def period(first: pl.Expr, last: pl.Expr) -> pl.Expr:
    """``1949-2018``, or ``1990`` for a single year."""
    return pl.when(first == last).then(first.cast(pl.String)).otherwise(pl.format("{}-{}", first, last))
