"""Days as people write them: a day, a month or a year, never one that has not come."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime

from multipolar.errors import UsageError

_WRITTEN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def parse_day(value: date | str, *, end: bool = False, where: str = "") -> date:
    """Read a day, a month or a year as one day.

    Parameters
    ----------
    value : date or str
        A date, or text written ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``. The time of a `datetime` is dropped.
    end : bool
        Take the last day of the month or year, not the first.
    where : str
        What the day is for (an argument, a file and line): it stands before the message of an error.

    Returns
    -------
    date
        The day.

    Raises
    ------
    UsageError
        If it is no such text, or no day of the calendar.

    Examples
    --------
    >>> parse_day("2024-02", end=True)
    datetime.date(2024, 2, 29)
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    written = _WRITTEN.fullmatch(value.strip()) if isinstance(value, str) else None
    if written is None:
        raise UsageError.bad_date(value, where=where)
    year, month, day = (int(part) if part else 0 for part in written.groups())
    try:
        month = month or (12 if end else 1) if written[2] is None else month
        last = monthrange(year, month)[1] if end else 1
        return date(year, month, day if written[3] else last)
    except (ValueError, IndexError):  # month 13, day 31 of June, year 0000
        raise UsageError.bad_date(value, where=where) from None


def check_not_future(day: date, *, where: str = "") -> date:
    """Return `day` if it is today or earlier.

    Raises
    ------
    UsageError
        If it lies after today: nothing is known of it.
    """
    today = date.today()
    if day > today:
        raise UsageError.future_date(day, today, where=where)
    return day


def day_asked(on: date | str | None, *, where: str = "on") -> date:
    """Read the day that a question is about: today where None is given, never a day to come.

    Raises
    ------
    UsageError
        If it is no day, or lies after today.
    """
    return date.today() if on is None else check_not_future(parse_day(on, where=where), where=where)
