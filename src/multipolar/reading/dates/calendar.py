"""Days and intervals of the calendar: what the words of a text are resolved to.

All intervals are pairs of a first and a last day, both included. What the calendar does not have (31 June, a day before
the year 1) is a `ValueError` or an `OverflowError`; `multipolar.reading.dates` turns it into an unknown date.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

#: A first and a last day, both included.
Span = tuple[date, date]

#: First month of each season, as on the northern half of the earth; winter begins in December and ends in the next year.
SEASONS: Final = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
#: How long a unit is: days, or months where days differ.
_DAYS: Final = {"day": 1, "week": 7, "fortnight": 14}
_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}


@dataclass(frozen=True, slots=True)
class Cycle:
    """A day or period that comes again: each June, each Wednesday.

    Attributes
    ----------
    at : callable
        The interval of a given number (a year, a week).
    number : callable
        The number in which a day lies.
    """

    at: Callable[[int], Span]
    number: Callable[[date], int]

    def _near(self, first: int, step: int) -> list[Span]:
        """Up to nine intervals from one on (29 February may be eight years away), without those that do not exist."""
        near: list[Span] = []
        for number in range(first, first + 9 * step, step):
            try:
                near.append(self.at(number))
            except (ValueError, OverflowError):
                continue
        return near

    def latest(self, day: date) -> Span:
        """The last one that begins on `day` or before.

        Raises
        ------
        ValueError
            If there is none: 31 June.
        """
        for span in self._near(self.number(day), -1):
            if span[0] <= day:
                return span
        raise ValueError("no such day")

    def coming(self, day: date) -> Span:
        """The first one that ends on `day` or after.

        Raises
        ------
        ValueError
            If there is none.
        """
        for span in self._near(self.number(day) - 1, 1):
            if span[1] >= day:
                return span
        raise ValueError("no such day")


def yearly(at: Callable[[int], Span]) -> Cycle:
    """What comes once a year, by its year."""
    return Cycle(at, lambda day: day.year)


def weekly(weekday: int) -> Cycle:
    """A day of the week, 0 for Monday."""

    def at(number: int) -> Span:
        day = date.fromordinal(number * 7 + weekday + 1)  # the first day of the calendar was a Monday
        return day, day

    return Cycle(at, lambda day: (day.toordinal() - weekday - 1) // 7)


def month(year: int, number: int) -> Span:
    """All days of a month."""
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def years(first: int, last: int) -> Span:
    """All days of some years."""
    return date(first, 1, 1), date(last, 12, 31)


def season(year: int, name: str) -> Span:
    """Three whole months; the winter of a year is the one that begins in it."""
    first = SEASONS[name]
    end_year, end_month = (year + 1, 2) if first == 12 else (year, first + 2)
    return date(year, first, 1), month(end_year, end_month)[1]


def unit_of(day: date, unit: str) -> Span:
    """The calendar's own week (from Monday), weekend, month, quarter, year, decade or century in which a day lies."""
    if unit == "day":
        return day, day
    if unit in ("week", "weekend"):
        monday = day - timedelta(days=day.weekday())
        return monday + timedelta(days=5 if unit == "weekend" else 0), monday + timedelta(days=6)
    if unit == "month":
        return month(day.year, day.month)
    if unit == "quarter":
        first = 3 * ((day.month - 1) // 3) + 1
        return date(day.year, first, 1), month(day.year, first + 2)[1]
    if unit == "year":
        return years(day.year, day.year)
    if unit == "decade":
        return years(day.year // 10 * 10, day.year // 10 * 10 + 9)
    first = (day.year - 1) // 100 * 100 + 1
    return years(first, first + 99)


def shift(day: date, unit: str, count: float) -> date:
    """A day so many units later, or earlier where `count` is negative; the end of a month stays within its month.

    Raises
    ------
    ValueError, OverflowError
        If the calendar ends before.
    """
    if unit == "hour":
        return day + timedelta(days=round(count / 24))
    if unit in _DAYS:
        return day + timedelta(days=round(count * _DAYS[unit]))
    month_number = day.year * 12 + day.month - 1 + round(count * _MONTHS[unit])
    year, index = divmod(month_number, 12)
    return date(year, index + 1, min(day.day, monthrange(year, index + 1)[1]))


def beside(day: date, unit: str, count: int) -> Span:
    """The calendar's unit so many after that of `day`: -1 is the last week, 1 the next one."""
    return unit_of(shift(unit_of(day, unit)[0], "week" if unit == "weekend" else unit, count), unit)


def _pieces(span: Span, count: int) -> tuple[list[date], date]:
    """The days on which a part of an interval may begin, and the day after it: by years, by months, else by days."""
    first, last = span
    after = last + timedelta(days=1) if last < date.max else last
    if (last.year - first.year) >= count:
        return [date(year, 1, 1) for year in range(first.year, last.year + 1)], after
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months >= count and first.day == 1:
        return [shift(first, "month", index) for index in range(months)], after
    return [first + timedelta(days=index) for index in range((last - first).days + 1)], after


def part(span: Span, number: int, of: int) -> Span:
    """One of several parts of an interval, as equal as whole years, months or days allow.

    The thirds of a year are January to April, May to August, September to December; those of a month its days 1-10,
    11-20 and the rest; those of the 1990s are 1990-93, 1994-96 and 1997-99.
    """
    starts, after = _pieces(span, of)
    count = len(starts)
    cuts = [index * count // of for index in range(of + 1)]
    if count in (10, 100) and of == 3:  # "mid-1990s" begins in 1994: the longer third of years comes first
        cuts = [0, -(-count // 3), count - count // 3, count]
    first, stop = cuts[number], max(cuts[number + 1], cuts[number] + 1)
    end = starts[stop] if stop < count else after
    return starts[first], end - timedelta(days=1) if end > starts[first] else end
