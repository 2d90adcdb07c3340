"""The raster of GDELT's files: what a file's name says it covers, and the official addresses of a period."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from multipolar.errors import UsageError
from multipolar.sources.events.table import Span
from multipolar.sources.model import Download

QUARTER: Final = timedelta(minutes=15)
DAY: Final = timedelta(days=1)
#: First file of version 2.0.
SECOND: Final = datetime(2015, 2, 18, 23, tzinfo=UTC)
#: First day with a daily file of version 1.0; before it a file a month from 2006, and a file a year from 1979.
DAILY: Final = date(2013, 4, 1)
MONTHLY: Final = 2006
FIRST_YEAR: Final = 1979
BASE: Final = "https://data.gdeltproject.org"
#: Largest daily, monthly or yearly file that is taken (bytes, packed).
LARGE: Final = 512 << 20
SMALL: Final = 64 << 20

_NAME: Final = re.compile(r"^(\d{14}|\d{8}|\d{6}|\d{4})(\.translation)?(?:\.export)?(?:\.csv)?(?:\.zip|\.gz)?$", re.I)
_FORMATS: Final = {14: "%Y%m%d%H%M%S", 8: "%Y%m%d", 6: "%Y%m", 4: "%Y"}


@dataclass(frozen=True)
class Stamp:
    """What a file's name says.

    Parameters
    ----------
    span : (datetime, datetime)
        When the news came out that it reports on (for files before April 2013: when the events happened), UTC.
    translated : bool
        Whether it is of the second stream of 2.0, news that was translated first.
    """

    span: Span
    translated: bool = False


def stamp_of(name: str) -> Stamp | None:
    """The stamp in a file's name, or None if it has none."""
    found = _NAME.match(name)
    if found is None:
        return None
    text = found[1]
    try:
        start = datetime.strptime(text, _FORMATS[len(text)]).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Stamp((start, _end(start, len(text))), bool(found[2]))


def _end(start: datetime, digits: int) -> datetime:
    if digits == 14:
        return start + QUARTER
    if digits == 8:
        return start + DAY
    if digits == 6:
        return (start + timedelta(days=32)).replace(day=1)
    return start.replace(year=start.year + 1)


def downloads(first: date, last: date) -> tuple[Download, ...]:
    """The official files of a period: the newest version that there is of each day.

    Parameters
    ----------
    first, last : date
        First and last day, both included.

    Raises
    ------
    UsageError
        If the days are out of order, before 1979 or after today.
    """
    today = datetime.now(UTC)
    if last < first:
        raise UsageError.dates_out_of_order(first, last)
    if last > today.date():
        raise UsageError.future_date(last, today.date())
    if first.year < FIRST_YEAR:
        raise UsageError(f"expected days since {FIRST_YEAR}-01-01, got {first}", hint="GDELT begins in 1979.")
    return (*_old(first, last), *_daily(first, last), *_quarters(first, last, today))


def _old(first: date, last: date) -> Iterator[Download]:
    """Files of a year and of a month."""
    for year in range(first.year, min(last.year, DAILY.year) + 1):
        if year < MONTHLY:
            yield Download(f"{BASE}/events/{year}.zip", f"{year}.zip", most=LARGE)
            continue
        for month in range(1, 13):
            start = date(year, month, 1)
            if start < DAILY and (first.year, first.month) <= (year, month) and start <= last:
                yield Download(f"{BASE}/events/{year}{month:02}.zip", f"{year}{month:02}.zip", most=LARGE)


def _daily(first: date, last: date) -> Iterator[Download]:
    day = max(first, DAILY)
    while day <= min(last, SECOND.date()):
        name = f"{day:%Y%m%d}.export.CSV.zip"
        yield Download(f"{BASE}/events/{name}", name, most=SMALL)
        day += DAY


def _quarters(first: date, last: date, now: datetime) -> Iterator[Download]:
    """Files of 15 minutes; of the first evening the daily file has all."""
    time = max(datetime(first.year, first.month, first.day, tzinfo=UTC), SECOND + timedelta(hours=1))
    end = min(datetime(last.year, last.month, last.day, tzinfo=UTC) + DAY, now - QUARTER)
    while time < end:
        name = f"{time:%Y%m%d%H%M%S}.export.CSV.zip"
        yield Download(f"{BASE}/gdeltv2/{name}", name, most=SMALL)
        time += QUARTER
