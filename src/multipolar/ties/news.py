"""What new statements changed: news (surprise times weight) kept apart from revisions of what was known before.

Both vintages are read with the same parameters, so that the difference is what the data did and not what a new estimate
of the loadings did (Bańbura & Modugno 2014, doi:10.1002/jae.2306).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from multipolar.indicators import Panel
from multipolar.ties import arrays
from multipolar.ties.explain import pair_cells
from multipolar.ties.model import Ties
from multipolar.ties.reading import observations


@dataclass(frozen=True)
class PairNews:
    """How a pair's tie at one month was revised between two days.

    Attributes
    ----------
    a, b : str
        The pair.
    month : date
        Month of the tie.
    before, after : float
        The tie as known on the earlier and on the later day.
    revisions : float
        The part that comes from cells that changed or were withdrawn.
    news : DataFrame
        Columns month, indicator, value, expected, weight, contribution: one row for each new cell; the contributions
        and `revisions` add up to ``after - before``.
    """

    a: str
    b: str
    month: date
    before: float
    after: float
    revisions: float
    news: pl.DataFrame

    @property
    def update(self) -> float:
        """The whole revision of the tie."""
        return self.after - self.before

    @property
    def told(self) -> str:
        """In words: ``PRK-RUS +0.21: obligations +0.16, arms +0.05``; parts below half a hundredth are left out."""
        sums = (
            self.news.group_by("indicator")
            .agg(pl.col("contribution").sum())
            .sort(pl.col("contribution").abs(), descending=True)
        )
        parts = [*sums.iter_rows(), ("revisions", self.revisions)]
        told = ", ".join(f"{name} {size:+.2f}" for name, size in parts if abs(size) >= 0.005)
        return f"{self.a}-{self.b} {self.update:+.2f}" + (f": {told}" if told else "")


def pair_news(ties: Ties, earlier: Panel, a: str, b: str, month: date) -> PairNews:
    """What the statements that `ties` knows and `earlier` did not have changed about one month's tie.

    Parameters
    ----------
    ties : Ties
        The later vintage; its parameters are used for both.
    earlier : Panel
        The panel of the earlier vintage, with the same actors and months.
    a, b : str
        Actor ids, in either order.
    month : date
        Any day of the month.

    Returns
    -------
    PairNews
    """
    row, column, months = ties.pair_index(a, b), ties.month_index(month), len(ties.months)
    first, second = ties.pairs.row(row)[:2]
    new = ties.pair_observations(row)
    result = arrays.news(_of_pair(ties, earlier, first, second), new, ties.params, months, column)
    rows = pair_cells(ties, row).select("month", "indicator")[result.added]
    return PairNews(
        a=first,
        b=second,
        month=ties.months[column],
        before=result.before,
        after=result.after,
        revisions=result.revisions,
        news=rows.with_columns(
            value=pl.Series(new.value[result.added]),
            expected=pl.Series(new.value[result.added] - result.surprise),
            weight=pl.Series(result.weight),
            contribution=pl.Series(result.contributions),
        ),
    )


def _of_pair(ties: Ties, earlier: Panel, a: str, b: str) -> arrays.Observations:
    """The earlier vintage's cells of one pair on the grid of the later one."""
    cells = earlier.cells.filter(pl.col("a") == a, pl.col("b") == b)
    one = pl.DataFrame({"a": [a], "b": [b], "index": [0]}, schema={"a": pl.String, "b": pl.String, "index": pl.UInt32})
    read = observations(replace(earlier, scope=ties.panel.scope, cells=cells), one, ties.grid, ties.eras)
    return replace(read, level=ties.levels_of(one))
