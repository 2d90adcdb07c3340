"""Two vintages of all ties: what became known in between, pair by pair."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from multipolar.indicators import Panel
from multipolar.ties.model import Ties, estimate
from multipolar.ties.news import PairNews, pair_news


@dataclass(frozen=True)
class Vintages:
    """Ties as they are known, beside what was known of them on an earlier day, read with the same parameters.

    Attributes
    ----------
    earlier, later : Ties
    month : date
        Month of the ties that are compared.
    moved : DataFrame
        Columns a, b, before, after, change: pairs that enough was known of on both days, the largest change first.
    """

    earlier: Ties
    later: Ties
    month: date
    moved: pl.DataFrame

    def news(self, a: str, b: str) -> PairNews:
        """What moved one of these pairs, cell by cell (see `pair_news`)."""
        return pair_news(self.later, self.earlier.panel, a, b, self.month)


def compare(ties: Ties, earlier: Panel, month: date) -> Vintages:
    """Compare ties with an earlier vintage of the same panel.

    Parameters
    ----------
    ties : Ties
        The later vintage; its parameters are used for both.
    earlier : Panel
        The panel of the earlier vintage, with the same actors and months.
    month : date
        Any day of the month of the ties.

    Returns
    -------
    Vintages

    Raises
    ------
    Refusal
        If nothing was observed in the earlier one.
    UsageError
        If the month lies outside.
    """
    before = estimate(Panel(ties.panel.scope, earlier.cells), ties)
    then = before.at(month).select("a", "b", before="mean")
    now = ties.at(month).select("a", "b", after="mean")
    moved = now.join(then, on=["a", "b"]).with_columns(change=pl.col("after") - pl.col("before"))
    return Vintages(before, ties, month, moved.sort(pl.col("change").abs(), "a", "b", descending=[True, False, False]))
