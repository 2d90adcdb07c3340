"""What an indicator is, and the scope in which it is built.

An indicator turns statements into **cells**: one value for an unordered pair of states in a month, with the number of
independent observations behind it. A cell is always the sum of **parts**, one part a statement, so that whatever is
said of a cell can be followed to single statements. Both are plain polars frames:

==========  ==============================================  =========================================
column      cells                                           parts
==========  ==============================================  =========================================
a, b        actor ids, ``a < b``                            the same
month       first day of the month                          the same
indicator   name of the indicator                           the same
value       value of the cell, in the indicator's unit      share of the value that this statement carries
n           effective number of observations                (not there)
id          (not there)                                     statement id, or ``coverage:SOURCE`` for an observed zero
==========  ==============================================  =========================================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.record import Form, View

#: Correlation of what is observed of a pair within one month: roll calls of a session, acts of one crisis.
WITHIN_MONTH: Final = 0.5

CELL: Final = {
    "a": pl.String(),
    "b": pl.String(),
    "month": pl.Date(),
    "indicator": pl.String(),
    "value": pl.Float64(),
    "n": pl.Float64(),
}
PART: Final = {
    "a": pl.String(),
    "b": pl.String(),
    "month": pl.Date(),
    "indicator": pl.String(),
    "id": pl.String(),
    "value": pl.Float64(),
}


@dataclass(frozen=True)
class Scope:
    """The states, the months and the record that a panel is built from.

    Parameters
    ----------
    view : View
        The record as of a day.
    actors : tuple of str
        Ids of the states to pair.
    first, last : date
        First day of the first month and last day of the last month.
    pair : tuple of str, optional
        Build parts of this pair only. Yardsticks that need everybody (what the average pair did) still use `actors`.
    """

    view: View
    actors: tuple[str, ...]
    first: date
    last: date
    pair: tuple[str, str] | None = None

    @property
    def paired(self) -> tuple[str, ...]:
        """The states whose pairs are built."""
        return self.pair or self.actors

    @cached_property
    def open_until(self) -> pl.DataFrame:
        """How far each source looked, by form and kind: an open tie is carried to that day and no further."""
        rows = [
            {"form": row.form, "source": row.source, "kind": row.kind or None, "carried": row.last}
            for row in self.view.coverage()
        ]
        schema = {"form": pl.String, "source": pl.String, "kind": pl.String, "carried": pl.Date}
        return pl.DataFrame(rows, schema=schema).group_by("form", "source", "kind").agg(pl.col("carried").max())

    def statements(self, form: Form, kinds: tuple[str, ...]) -> pl.DataFrame:
        """Statements of a form between states of this scope: the pair in order as `a`, `b`, and whose it is as `sender`."""
        frame = _between_states(self.view, form, kinds, self.actors, self.last)
        return frame if self.pair is None else frame.filter(pl.col("a") == self.pair[0], pl.col("b") == self.pair[1])


@lru_cache(maxsize=32)  # a panel asks once for all pairs, its explanations again and again for one
def _between_states(
    view: View, form: Form, kinds: tuple[str, ...], actors: tuple[str, ...], last: date
) -> pl.DataFrame:
    frame = view.statements(form, kinds=kinds, actors=actors, until=last)
    wanted = list(actors)
    return frame.filter(
        pl.col("a").is_in(wanted) & pl.col("b").is_in(wanted) & (pl.col("a") != pl.col("b"))
    ).with_columns(sender=pl.col("a"), a=pl.min_horizontal("a", "b"), b=pl.max_horizontal("a", "b"))


@dataclass(frozen=True)
class Indicator:
    """One thing that is observed of a pair of states.

    Attributes
    ----------
    name, title, unit : str
        Short name, name for readers, unit of a cell.
    form : Form
        The form of statement it is made from.
    kinds : tuple of str
        The kinds of that form.
    meaning : str
        What a cell is, in one sentence that a reader understands.
    sign : int
        +1 if a higher value goes with a closer tie, -1 if with a worse one, 0 if that is left to the estimate.
    parts : callable
        ``Scope -> parts``.
    cells : callable, optional
        ``Scope -> cells`` where adding up the parts would be wasteful, or does not tell the number of observations; the
        values must equal that sum (a test holds it).
    averages : bool
        Whether a cell is a mean over its statements, each then counting as one observation of it.
    also : tuple of (form, kind)
        Statements that it uses beside those: memberships of a bloc, totals to divide by.
    usual : float, optional
        What an ordinary pair would read, where those that are observed are no ordinary ones; else their mean.
    """

    name: str
    title: str
    unit: str
    form: Form
    kinds: tuple[str, ...]
    meaning: str
    sign: int
    parts: Callable[[Scope], pl.DataFrame]
    cells: Callable[[Scope], pl.DataFrame] | None = None
    averages: bool = False
    also: tuple[tuple[Form, str], ...] = ()
    usual: float | None = None

    @property
    def uses(self) -> frozenset[tuple[Form, str]]:
        """Every form and kind of statement that a cell can rest on."""
        return frozenset({(self.form, kind) for kind in self.kinds} | set(self.also))


def effective(count: NDArray[np.float64]) -> NDArray[np.float64]:
    """Independent observations that a month's `count` of them is worth: a design effect with correlation `WITHIN_MONTH`."""
    return np.asarray(count / (1.0 + WITHIN_MONTH * np.clip(count - 1.0, 0.0, None)), dtype=float)


def month_of(column: str) -> pl.Expr:
    """First day of the month of a date column."""
    return pl.col(column).dt.truncate("1mo")


def sum_parts(parts: pl.DataFrame, *, averages: bool = False) -> pl.DataFrame:
    """Cells from parts: values add up; a mean counts its statements as observations, anything else is one."""
    keys = ["a", "b", "month", "indicator"]
    count = (pl.len() if averages else pl.lit(1)).cast(pl.Float64).alias("n")
    return parts.group_by(keys).agg(pl.col("value").sum(), count).select(list(CELL))
