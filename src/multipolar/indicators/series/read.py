"""Series of pairs from an event archive, with what is covered: where no event may mean none, and where nobody knows.

A row is there for a pair and period with a report. A period in which no file of the publisher is there has no rows, whatever
later files tell of it. ``days_covered`` counts the days of the period (within `since` and `until`) of which all files are there,
and ``days`` its days. A pair without a row was not reported on in a fully covered period: `complete` writes these zeros out,
for the pairs that have a row anywhere, while both states existed. In any other period it is missing, and never zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

import narwhals as nw
import polars as pl

from multipolar.errors import RecordError, UsageError
from multipolar.indicators.series.daily import DailySums
from multipolar.indicators.series.engines import Engine, Name, Settings, opened
from multipolar.indicators.series.tally import BY, QUADS, By, Lazy, pair_series
from multipolar.record.model import Progress
from multipolar.sources.events.archive import EventArchive
from multipolar.sources.events.table import SCHEMA
from multipolar.sources.who import lives

_EVERY: Final = {"day": "1d", "month": "1mo", "quarter": "1q", "year": "1y"}
_COUNTS: Final = ("events", "cooperative", "hostile", *QUADS, "scored", "reports")
#: Gaps that are named in a note.
_NAMED: Final = 3


@dataclass(frozen=True)
class Asked:
    """What a series is about.

    Parameters
    ----------
    by : {"month", "day", "quarter", "year"}
    directed : bool
    since, until : date, optional
        Days of the events, both included.
    as_of : date, optional
        Only what was known on this day.
    actors : sequence of str
        Only pairs with one of these states; all pairs, if there is none.
    between : (str, str), optional
        Only this pair, in either order.
    complete : bool
        Write zeros out where they are known.
    """

    by: By = "month"
    directed: bool = False
    since: date | None = None
    until: date | None = None
    as_of: date | None = None
    actors: Sequence[str] = ()
    between: tuple[str, str] | None = None
    complete: bool = False


@dataclass(frozen=True)
class Series:
    """Series of pairs.

    Parameters
    ----------
    frame : DataFrame
        One row a pair and period, sorted: the columns of `pair_series`, ``days_covered`` and ``days`` (null where the
        archive cannot say what it covers).
    notes : tuple of str
        What to know about it.
    """

    frame: pl.DataFrame
    notes: tuple[str, ...] = field(default=())


def read_series(
    archive: EventArchive,
    asked: Asked | None = None,
    *,
    engine: Name = "duckdb",
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Series:
    """The series that is asked for, by any engine: the rows are the same.

    Parameters
    ----------
    archive : EventArchive
    asked : Asked, optional
        All pairs by month, by default.
    engine : {"duckdb", "polars", "spark"}
    settings : Settings, optional
    progress : callable, optional
        Called as ``progress(done, total, what)``.

    Raises
    ------
    UsageError
        If the period or engine is unknown, or the engine is not installed.
    DataError
        If a part of the archive is damaged.
    """
    asked = asked or Asked()
    if asked.by not in BY:
        raise UsageError.unknown("period", asked.by, BY)
    with opened(engine, settings) as running:
        frame = _counted(archive, asked, running, progress)
    covered = _covered(archive, asked)
    if covered is None:
        unknown = pl.lit(None, pl.UInt32)
        frame = frame.with_columns(days_covered=unknown, days=unknown)
        notes = ["these files do not say which time they cover: a month without events is missing, not zero"]
    else:
        reported = frame.height
        frame = frame.join(covered, on=asked.by)
        lost = reported - frame.height
        notes = [f"{lost:,} rows about periods without a file left out"] if lost else []
        notes += _gaps(archive)
    if asked.complete and covered is not None:
        frame = _completed(frame, covered, asked.by)
    return Series(frame.sort("a", "b", asked.by, nulls_last=True), tuple(notes))


def _counted(archive: EventArchive, asked: Asked, engine: Engine, progress: Progress | None) -> pl.DataFrame:
    """What the engine finds; nothing, where the archive is empty."""
    try:
        files = DailySums(archive).files(asked.since, asked.until, progress)
    except RecordError:  # nobody may write here, or somebody does: count from the parts, which takes longer
        files = archive.files(asked.since, asked.until)
    if progress:
        progress(0, 0, f"Adding up with {engine.name}")
    if files:
        wanted = _wanted(engine.scan(files), asked)
        return engine.collect(pair_series(wanted, by=asked.by, directed=asked.directed, as_of=asked.as_of))
    none: pl.LazyFrame = pair_series(nw.from_native(pl.LazyFrame(schema=SCHEMA)), by=asked.by).to_native()
    return none.collect()


def _wanted(frame: Lazy, asked: Asked) -> Lazy:
    a, b, day = nw.col("a"), nw.col("b"), nw.col("day")
    if asked.since:
        frame = frame.filter(day >= nw.lit(asked.since))
    if asked.until:
        frame = frame.filter(day <= nw.lit(asked.until))
    if asked.actors:
        frame = frame.filter(a.is_in(asked.actors) | b.is_in(asked.actors).fill_null(False))
    if asked.between:
        frame = frame.filter(a.is_in(asked.between) & b.is_in(asked.between) & (a != b))
    return frame


def _covered(archive: EventArchive, asked: Asked) -> pl.DataFrame | None:
    """Periods with a file: the period, ``days_covered`` and ``days``; None if the files do not say what they cover."""
    spans = archive.covered()
    if not spans:
        return None
    tick = timedelta(microseconds=1)
    touched = [pl.date_range(start.date(), (end - tick).date(), eager=True) for start, end in spans]
    days = pl.DataFrame({"day": pl.concat(touched).unique()}).join(archive.coverage(), on="day", how="left")
    last = min(filter(None, (asked.until, asked.as_of)), default=date.max)
    days = days.filter(pl.col("day").is_between(asked.since or date.min, last))
    start = pl.col("day").dt.truncate(_EVERY[asked.by])
    whole = pl.col("covered").fill_null(False).sum().cast(pl.UInt32)
    periods = days.group_by(start.alias(asked.by)).agg(days_covered=whole)
    following = pl.col(asked.by).dt.offset_by(_EVERY[asked.by])
    return periods.with_columns(days=(following - pl.col(asked.by)).dt.total_days().cast(pl.UInt32))


def _gaps(archive: EventArchive) -> list[str]:
    gaps = archive.gaps()
    if not gaps:
        return []
    named = "; ".join(map(str, gaps[:_NAMED])) + ("; …" if len(gaps) > _NAMED else "")
    found = "a gap" if len(gaps) == 1 else f"{len(gaps):,} gaps"
    return [f"{found} in the files, where no event is missing and not zero: {named}"]


def _completed(frame: pl.DataFrame, covered: pl.DataFrame, by: By) -> pl.DataFrame:
    """The frame and its known zeros."""
    whole = covered.filter(pl.col("days_covered") == pl.col("days"))
    pairs = frame.select("a", "b").drop_nulls().unique()
    zeros = pairs.join(whole, how="cross").join(frame, on=["a", "b", by], how="anti")
    zeros = zeros.filter(_living(zeros, by))
    given = [name for name in ("sources", "articles") if frame[name].null_count() < frame.height]
    blank: dict[str, Any] = dict.fromkeys((*_COUNTS, *given), pl.lit(0, pl.Int64))
    return pl.concat([frame, zeros.with_columns(**blank)], how="diagonal").select(frame.columns)


def _living(cells: pl.DataFrame, by: By) -> pl.Series:
    """Whether both states existed throughout the period; each state is looked up once a period."""
    ends = dict(pairwise(sorted({*cells[by], *cells[by].dt.offset_by(_EVERY[by])})))
    found = pl.repeat(True, cells.height, dtype=pl.Boolean, eager=True)
    for side in ("a", "b"):
        seats = cells.select(side, by).unique()
        alive = [_throughout(state, first, ends[first] - timedelta(days=1)) for state, first in seats.iter_rows()]
        lives = cells.join(seats.with_columns(alive=pl.Series(alive, dtype=pl.Boolean)), on=[side, by], how="left")
        found = found & lives["alive"]
    return found


def _throughout(state: str, first: date, last: date) -> bool:
    return any(start <= first and last <= end for start, end in lives(state))
