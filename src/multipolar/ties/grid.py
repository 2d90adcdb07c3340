"""The months of an estimate: months from 1946 on, and years before, for which little is known by the month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.errors import UsageError

#: Before this year a node of the grid is a whole year, named by its January.
MONTHLY_FROM: Final = 1946
#: A tie is given for a month only from what was observed in so many months up to it.
WINDOW: Final = 36

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Grid:
    """Nodes from a first to a last day.

    Parameters
    ----------
    first, last : date
        Any days of the first and the last node.
    """

    first: date
    last: date

    @cached_property
    def numbers(self) -> Ints:
        """Months since the year 0 of the first month of each node, shape (T,)."""
        start, stop = _number(self.first), _number(self.last)
        years = range(self.first.year * 12, min(stop + 1, MONTHLY_FROM * 12), 12) if start < MONTHLY_FROM * 12 else ()
        months = range(max(start, MONTHLY_FROM * 12), stop + 1)
        return np.array([*years, *months], dtype=np.int64)

    @cached_property
    def days(self) -> list[date]:
        """First day of each node."""
        return [date(number // 12, number % 12 + 1, 1) for number in self.numbers.tolist()]

    @cached_property
    def pace(self) -> NDArray[np.float64]:
        """How long the step into each node lasts, in months, shape (T,)."""
        return np.concatenate(([1.0], np.diff(self.numbers).astype(np.float64)))

    @cached_property
    def opens(self) -> Ints:
        """First node inside the `WINDOW` months up to each node, shape (T,)."""
        return np.searchsorted(self.numbers, self.numbers - WINDOW, side="right")

    def __len__(self) -> int:
        return int(self.numbers.size)

    def index(self, day: date) -> int:
        """Node of a day.

        Raises
        ------
        UsageError
            If it lies outside.
        """
        if not self.days[0] <= day.replace(day=1) <= self.last:
            hint = "An earlier window needs `since=` (`--since`); after its last month the record knows nothing yet."
            raise UsageError(
                f"expected a month from {self.days[0]:%Y-%m} to {self.last:%Y-%m}, got {day:%Y-%m}", hint=hint
            )
        return int(np.searchsorted(self.numbers, _number(day), side="right")) - 1

    def of(self, months: pl.Series) -> Ints:
        """Node of each date of a column, which must lie inside."""
        number = months.dt.year().cast(pl.Int64) * 12 + months.dt.month().cast(pl.Int64) - 1
        return np.searchsorted(self.numbers, number.to_numpy(), side="right") - 1


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1
