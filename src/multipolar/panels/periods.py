"""Years and months as numbers in a row: year 1995 is 1995, January 1995 is 12 * 1995."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

import polars as pl

from multipolar.actors import parse_day
from multipolar.errors import UsageError


@dataclass(frozen=True)
class Clock:
    """The periods of a panel.

    Attributes
    ----------
    monthly : bool
        Months, or years.
    first, last : int
        Numbers of the first and last period.
    """

    monthly: bool
    first: int
    last: int

    @property
    def count(self) -> int:
        """How many periods there are."""
        return self.last - self.first + 1

    @classmethod
    def over(cls, since: date, until: date, *, monthly: bool) -> Clock:
        """The periods from the one that holds `since` to the one that holds `until`."""
        return cls(monthly, _number(since, monthly), _number(until, monthly))

    def of(self, day: date) -> int:
        """Number of the period that holds a day."""
        return _number(day, self.monthly)

    def expr(self, column: str) -> pl.Expr:
        """The same for a column of days."""
        year = pl.col(column).dt.year().cast(pl.Int32)
        return year * 12 + pl.col(column).dt.month().cast(pl.Int32) - 1 if self.monthly else year

    def begins(self, period: int) -> date:
        """First day of a period."""
        return date(period // 12, period % 12 + 1, 1) if self.monthly else date(period, 1, 1)

    def ends(self, period: int) -> date:
        """Last day of a period."""
        if not self.monthly:
            return date(period, 12, 31)
        year, month = period // 12, period % 12 + 1
        return date(year, month, monthrange(year, month)[1])

    def days(self, column: str) -> pl.Expr:
        """Days in each period of a column of numbers."""
        if not self.monthly:
            return pl.lit(365) + pl.date(pl.col(column), 1, 1).dt.is_leap_year().cast(pl.Int32)
        return pl.date(pl.col(column) // 12, pl.col(column) % 12 + 1, 1).dt.month_end().dt.day().cast(pl.Int32)

    def text(self, period: int) -> str:
        """``1995``, or ``1995-03``."""
        return f"{period // 12:04}-{period % 12 + 1:02}" if self.monthly else str(period)

    def read(self, when: int | str | date) -> int:
        """Number of the period that somebody names: 1995, ``1995-03`` or a day in it.

        Raises
        ------
        UsageError
            If it is no such text, or lies outside the panel.
        """
        day = parse_day(f"{when:04}" if isinstance(when, int) else when, where="period")
        period = self.of(day)
        if not self.first <= period <= self.last:
            here = f"{self.text(self.first)} to {self.text(self.last)}"
            raise UsageError(f"expected a period of the panel ({here}), got {when}", hint="Build it over more years.")
        return period


def _number(day: date, monthly: bool) -> int:
    return day.year * 12 + day.month - 1 if monthly else day.year
