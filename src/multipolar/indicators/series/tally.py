"""Reported events of pairs, counted: written once as narwhals expressions, run on polars, DuckDB or Spark.

Reports are not events. Rows that tell the same event (`multipolar.sources.table.KEY`: the same day, states and code)
count once, in whatever file they stand; how much was written about it is summed over all rows and kept apart:

``events``, ``cooperative``, ``hostile`` and the four quads
    Numbers of distinct events. The quads are those of PLOVER (Halterman, Bagozzi, Beger, Schrodt & Scarborough 2023):
    verbal or material cooperation, verbal or material conflict.
``balance``, ``goldstein_sum``
    Mean and sum over distinct events of the Goldstein scale, -10 to 10 (Goldstein 1992, doi:10.1177/0022002792036002007).
    An event is as strong as its first telling made it. ``scored`` counts the events that have a value.
``reports``, ``sources``, ``articles``, ``tone``
    Sums over all tellings, and the mean tone, weighted by articles. Null where no row says.

How it is done. All sums are of whole numbers (`SUMS`): counts, tenths of a Goldstein point, thousandths of tone. These add
up to the same in any order, so that all engines give identical answers; the only divisions are made at the end, once
a cell.

Only events need grouping, and that is the dear part. `day_sums` does it once for all later questions: sums for each a, b, day
and day of knowing, an event being counted on the day on which its first telling was known. If any telling of an event was
known by some day, the first was; so day sums answer every question exactly, also as of an earlier day.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final, Literal

import narwhals as nw

from multipolar.errors import DataError, UsageError
from multipolar.sources.events.table import KEY

Lazy = nw.LazyFrame[Any]
By = Literal["day", "month", "quarter", "year"]
BY: Final = ("day", "month", "quarter", "year")

#: The quads and the types of event in each.
QUADS: Final[dict[str, tuple[str, ...]]] = {
    "verbal_cooperation": ("AGREE", "CONSULT", "SUPPORT", "CONCEDE"),
    "material_cooperation": ("COOPERATE", "AID", "RETREAT"),
    "verbal_conflict": ("REQUEST", "ACCUSE", "REJECT", "THREATEN"),
    "material_conflict": ("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"),
}
#: What an event is grouped by: its key, and the kind that follows from its code.
SAME_EVENT: Final = (*KEY, "kind")
#: Columns of the event table that are counted.
NEEDED: Final = (*SAME_EVENT, "known", "goldstein", "reports", "sources", "articles", "tone")

#: Sums about events: how many, how many with a Goldstein value, its tenths, and the quads.
OF_EVENTS: Final = ("events", "scored", "points", *QUADS)
#: Sums about what was written: three figures and the rows that give two of them, articles whose tone is known (one where
#: nobody counted them), and thousandths of tone times these.
OF_VOLUME: Final = ("reports", "sources", "with_sources", "articles", "with_articles", "weight", "mood")
SUMS: Final = (*OF_EVENTS, *OF_VOLUME)

_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}
#: A day and a Goldstein value in one number: tenths plus 5,000 behind the day; 9,999 for none.
_WIDE: Final = 10_000
_ZERO: Final = 5_000
_UNSCORED: Final = 9_999


def pair_series(frame: Lazy, *, by: By = "month", directed: bool = False, as_of: date | None = None) -> Lazy:
    """What is reported of each pair in each period.

    Parameters
    ----------
    frame : narwhals.LazyFrame
        An event table, or the day sums of one, in polars, DuckDB or Spark.
    by : {"month", "day", "quarter", "year"}
    directed : bool, default False
        Keep what a did to b apart from what b did to a. Otherwise ``a <= b``, and both directions are added.
    as_of : date, optional
        Only what was known on this day.

    Returns
    -------
    narwhals.LazyFrame
        One row for each pair and period with a report: ``a``, ``b`` (null where the other party is not known), the
        first day of the period (named as `by`), and the columns that the module explains. In no order.

    Raises
    ------
    UsageError
        If `by` is no such period.
    DataError
        If a column is missing.
    """
    if by not in BY:
        raise UsageError.unknown("period", by, BY)
    summed = _checked(frame)
    known = frame if as_of is None else frame.filter(nw.col("known") <= nw.lit(as_of))
    month = nw.col("month") if summed else _month_number()
    period = _day_number("day") if by == "day" else month
    tables = [known] if summed else [_events(known), _volume(known)]
    tallies = nw.concat([_summed(table, period=period) for table in tables])
    cells = _summed(tallies if directed else _turned(tallies), start=_start(by))
    return _divided(cells, by)


def day_sums(frame: Lazy) -> Lazy:
    """Sums for each a, b, day and day of knowing of an event table, with everything that a series asks for.

    Returns
    -------
    narwhals.LazyFrame
        Columns ``a``, ``b``, ``day``, ``known``, ``month`` (year times twelve, and the months before it) and `SUMS`.
    """
    _checked(frame)
    days = {"day": nw.col("day"), "known": nw.col("known"), "month": nw.col("month")}
    frame = frame.with_columns(month=_month_number())
    events = _events(frame).with_columns(month=_month_number())
    return _summed(nw.concat([_summed(events, **days), _summed(_volume(frame), **days)]), **days)


def _checked(frame: Lazy) -> bool:
    """Whether the frame is one of day sums; an error if it is no event table either."""
    names = frame.collect_schema().names()
    if {"a", "b", "day", "known", "month", *SUMS} <= set(names):
        return True
    missing = [name for name in NEEDED if name not in names]
    if missing:
        expected, got = f"the columns {', '.join(NEEDED)}", f"none called {', '.join(missing)}"
        raise DataError.bad_file("event table", expected, got, hint="Read the publisher's files again.")
    return False


def _events(frame: Lazy) -> Lazy:
    """One row an event, known when its first telling was, with what is counted of it."""
    once = frame.with_columns(first=_first_telling()).group_by(*SAME_EVENT).agg(nw.col("first").min())
    held = nw.col("first") % _WIDE
    scored = held != _UNSCORED
    said: dict[str, Any] = {
        "known": (nw.col("first") // _WIDE).cast(nw.String).str.to_date(format="%Y%m%d"),
        "events": nw.lit(1),
        "scored": nw.when(scored).then(nw.lit(1)).otherwise(nw.lit(0)),
        "points": nw.when(scored).then(held - _ZERO).otherwise(nw.lit(0)),
    }
    for quad, kinds in QUADS.items():
        said[quad] = nw.when(nw.col("kind").is_in(kinds)).then(nw.lit(1)).otherwise(nw.lit(0))
    return once.with_columns(**said, **dict.fromkeys(OF_VOLUME, nw.lit(0)))


def _volume(frame: Lazy) -> Lazy:
    """The rows with what is counted of how much was written."""
    toned = ~nw.col("tone").is_null()
    articles = nw.col("articles").fill_null(1).cast(nw.Int64)
    said = {
        "with_sources": nw.when(~nw.col("sources").is_null()).then(nw.lit(1)).otherwise(nw.lit(0)),
        "with_articles": nw.when(~nw.col("articles").is_null()).then(nw.lit(1)).otherwise(nw.lit(0)),
        "weight": nw.when(toned).then(articles).otherwise(nw.lit(0)),
        "mood": nw.when(toned).then(_parts("tone", 1_000) * articles).otherwise(nw.lit(0)),
    }
    return frame.with_columns(**said, **dict.fromkeys(OF_EVENTS, nw.lit(0)))


def _first_telling() -> nw.Expr:
    """Day of knowing and Goldstein value in one number, of which the least is the first telling of an event."""
    points = nw.when(nw.col("goldstein").is_null()).then(nw.lit(_UNSCORED)).otherwise(_parts("goldstein", 10) + _ZERO)
    return _day_number("known").cast(nw.Int64) * _WIDE + points.cast(nw.Int64)


def _parts(column: str, of: int) -> nw.Expr:
    """A column as a whole number of parts; halves go up, on every engine."""
    return (nw.col(column).cast(nw.Float64) * of + 0.5).floor().cast(nw.Int64)


def _day_number(column: str) -> nw.Expr:
    """A day as a number: 20240619."""
    day = nw.col(column).dt
    return day.year().cast(nw.Int32) * 10_000 + day.month().cast(nw.Int32) * 100 + day.day().cast(nw.Int32)


def _month_number() -> nw.Expr:
    """The month of an event: its year times twelve, and the months before it."""
    day = nw.col("day").dt
    return day.year().cast(nw.Int32) * 12 + day.month().cast(nw.Int32) - 1


def _start(by: By) -> nw.Expr:
    """First day of the period, as a number; months are numbers of months, days of days."""
    period = nw.col("period")
    if by == "day":
        return period
    first = period - period % _MONTHS[by]
    return (first - first % 12) // 12 * 10_000 + first % 12 * 100 + 101


def _turned(rows: Lazy) -> Lazy:
    """Rows of both directions of a pair under one name."""
    a, b = nw.col("a"), nw.col("b")
    turned = (b < a).fill_null(False)
    return rows.with_columns(a=nw.when(turned).then(b).otherwise(a), b=nw.when(turned).then(a).otherwise(b))


def _summed(frame: Lazy, **keys: nw.Expr) -> Lazy:
    """All sums by a, b and these keys. Numbers are widened first: polars adds up 32 bits in 32 bits."""
    rows = frame.select("a", "b", *(nw.col(name).cast(nw.Int64) for name in SUMS), **keys)
    return rows.group_by("a", "b", *keys).agg(*(nw.col(name).sum().cast(nw.Int64) for name in SUMS))


def _divided(cells: Lazy, by: By) -> Lazy:
    col = nw.col
    return cells.select(
        "a",
        "b",
        col("start").cast(nw.String).str.to_date(format="%Y%m%d").alias(by),
        "events",
        (col("verbal_cooperation") + col("material_cooperation")).alias("cooperative"),
        (col("verbal_conflict") + col("material_conflict")).alias("hostile"),
        *QUADS,
        _ratio(col("points"), col("scored"), 10.0).alias("balance"),
        _ratio(col("points"), col("scored").clip(0, 1), 10.0).alias("goldstein_sum"),
        "scored",
        "reports",
        nw.when(col("with_sources") > 0).then(col("sources")).alias("sources"),
        nw.when(col("with_articles") > 0).then(col("articles")).alias("articles"),
        _ratio(col("mood"), col("weight"), 1_000.0).alias("tone"),
    )


def _ratio(total: nw.Expr, number: nw.Expr, parts: float) -> nw.Expr:
    """`total` parts shared by `number`. By a column, never by a constant: polars would multiply by its reciprocal."""
    return nw.when(number > 0).then(total.cast(nw.Float64) / (number.cast(nw.Float64) * parts))
