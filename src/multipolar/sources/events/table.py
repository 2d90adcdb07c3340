"""The table of events that publishers' files become before anything is computed: one row an event, whoever reported it.

Files of event data tell one event several times: another role of the same actor, another place named in the article,
another article. Rows of the same day, actors and CAMEO code are one event. That is the "one-a-day" filter of the field, and
the samples of GDELT bear it out: of pairs of rows that agree in these four, 96 % with the same place and 83 % with
another place come from one article. So the place does not part events, and coverage (reports, sources, articles) is summed
and kept apart from what happened. An article behind two rows counts in both, as GDELT counts it.

Only states and those who act for them count (`cameo.ORGANS`): what a rebel, a firm or a tourist does is no tie between
states. An event of a state and nobody, or of a state and itself, is left out and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import polars as pl

from multipolar.record import Coverage
from multipolar.sources.events import cameo
from multipolar.sources.model import Check, LeftOut, Parsed

#: Columns of an event table.
SCHEMA: Final[dict[str, pl.DataType]] = {
    "event": pl.String(),  # the publisher's id (of the first row told)
    "day": pl.Date(),  # when it happened
    "known": pl.Date(),  # when it was first reported or added
    "a": pl.String(),  # state that acted
    "b": pl.String(),  # state it was done to
    "kind": pl.String(),  # PLOVER type, see record.KINDS["event"]
    "mode": pl.String(),  # PLOVER mode; null where there is none
    "cameo": pl.String(),  # CAMEO code; "TYPE" or "TYPE-mode" where the publisher codes PLOVER and no CAMEO
    "goldstein": pl.Float32(),  # -10 to 10
    "reports": pl.Int32(),  # mentions
    "sources": pl.Int32(),  # media
    "articles": pl.Int32(),
    "tone": pl.Float32(),  # -100 to 100, mean over articles; null where not told
    "place": pl.String(),  # of the first row told
    "rows": pl.Int32(),  # rows of the file that tell it
}
#: Rows that agree in these tell one event.
KEY: Final = ("day", "a", "b", "cameo")

NO_COUNTRY: Final = "a side is not named, or belongs to no country"
NO_STATE: Final = "a side is a region, a territory or an organisation, no state"
NO_ORGAN: Final = "a side is of a state, but does not act for it"
NOT_THEN: Final = "a state did not exist on that day"
SAME: Final = "both sides are the same state"
NO_CODE: Final = "the code of the event is not in CAMEO 1.1b3"
NO_EVENT: Final = "a comment or an appeal (CAMEO 01, 02), no event in PLOVER"
LATE: Final = "dated a year or more before it was reported, as machines read 'a year ago'"
EARLY: Final = "dated after it was reported"
#: Days between an event and its report from which the date is not believed.
LONG_AGO: Final = 360

#: Examples of rows left out that an account shows by reason.
EXAMPLES: Final = 5

#: From (included) and to (not included), UTC.
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Account:
    """What became of the rows of a file: ``rows == used + left out``.

    Parameters
    ----------
    file : str
        Name of the file.
    edition : str
        Publisher's data set and version, such as ``gdelt-2``.
    rows : int
        Rows in the file.
    events : int
        Events they tell, after grouping.
    left_out : tuple of LeftOut
        Rows that tell no event between states, by reason.
    first, last : date or None
        Days of the first and the last event; None if there is none.
    covers : tuple of (datetime, datetime)
        When the news came out that the file reports on (end not included, UTC): the publisher's raster. Empty where the
        file is a sample, whose silence says nothing.
    """

    file: str
    edition: str
    rows: int
    events: int
    left_out: tuple[LeftOut, ...]
    first: date | None
    last: date | None
    covers: tuple[Span, ...] = ()

    @property
    def used(self) -> int:
        """Rows that tell an event."""
        return self.rows - sum(item.rows for item in self.left_out)


def reasons(*tests: tuple[str, pl.Expr]) -> pl.Expr:
    """Column ``why``: the first reason whose test is true, or null; a test that is null counts as false."""
    number = pl.lit(None, pl.Int8)
    for index in reversed(range(len(tests))):
        number = pl.when(tests[index][1].fill_null(False)).then(pl.lit(index, pl.Int8)).otherwise(number)
    return number.alias("why")


def located(frame: pl.DataFrame, sides: Sequence[str] = ("a", "b")) -> pl.DataFrame:
    """Put states in place of CAMEO's codes of countries, with ``since_*`` and ``until_*`` (days of the state)."""
    known = cameo.countries()
    code = known["code"].to_list()

    def lookup(side: str, what: str) -> pl.Expr:
        return pl.col(side).replace_strict(code, known[what], default=None, return_dtype=known[what].dtype)

    named = [lookup(side, "actor").alias(side) for side in sides]
    spans = [lookup(side, what).alias(f"{what}_{side}") for side in sides for what in ("since", "until")]
    return frame.with_columns(*named, *spans)


def dead(*sides: str) -> pl.Expr:
    """Whether a state of these sides did not exist on the day."""
    tests = [~pl.col("day").is_between(f"since_{side}", f"until_{side}") for side in sides]
    return pl.any_horizontal(*tests)


def coded(frame: pl.DataFrame) -> pl.DataFrame:
    """Add ``kind``, ``mode`` and ``goldstein`` of the code in ``cameo``."""
    known = cameo.codes()
    code = known["cameo"].to_list()

    def lookup(what: str) -> pl.Expr:
        return pl.col("cameo").replace_strict(code, known[what], default=None, return_dtype=known[what].dtype)

    return frame.with_columns(lookup(what).alias(what) for what in ("kind", "mode", "goldstein"))


def grouped(rows: pl.DataFrame, *also: str) -> pl.DataFrame:
    """One row an event: rows that agree in `KEY` (and the columns `also`) become one, in the order of the file.

    Parameters
    ----------
    rows : DataFrame
        Columns of `SCHEMA` except ``rows``, and `also`.
    *also : str
        Columns that part events, too, such as the file; they are kept, before the others.
    """
    weight = pl.when(pl.col("tone").is_not_null()).then(pl.col("articles").clip(1))
    told = rows.with_columns(_weight=weight, _tone=pl.col("tone") * weight).group_by(*also, *KEY, maintain_order=True)
    events = told.agg(
        pl.col("event", "kind", "mode", "goldstein").first(),
        pl.col("place").drop_nulls().first(),
        pl.col("known").min(),
        pl.col("reports", "sources", "articles", "_weight", "_tone").sum(),
        pl.len().alias("rows"),
    )
    mean = pl.when(pl.col("_weight") > 0).then(pl.col("_tone") / pl.col("_weight"))
    return events.with_columns(tone=mean).select(*also, *(pl.col(name).cast(kind) for name, kind in SCHEMA.items()))


def accounts(
    told: Sequence[tuple[str, str, tuple[Span, ...]]],
    rows: pl.DataFrame,
    events: pl.DataFrame,
    tests: Sequence[tuple[str, pl.Expr]],
    label: pl.Expr,
    before: Sequence[int] = (),
) -> list[Account]:
    """The accounts of files read together.

    Parameters
    ----------
    told : sequence of (str, str, tuple of spans)
        Name, edition and `Account.covers` of each file.
    rows : DataFrame
        Every row: ``file`` (its number in `told`) and ``why`` (number of the test that left it out, or null).
    events : DataFrame
        What became of them, with ``file``.
    tests : sequence of (str, Expr)
        As given to `reasons`.
    label : Expr
        What to show of rows left out, where there is one file only.
    before : sequence of int
        Rows of each file that were left out by the first test before, and are not in `rows`; none by default.
    """
    counts = Counter({(file, why): n for file, why, n in rows.group_by("file", "why").len().iter_rows()})
    counts.update({(file, 0): n for file, n in enumerate(before) if n})
    days = pl.col("day")
    ends = {row[0]: row[1:] for row in events.group_by("file").agg(pl.len(), days.min(), last=days.max()).iter_rows()}
    shown = _examples(rows, label) if len(told) == 1 else {}
    found = []
    for file, (name, edition, covers) in enumerate(told):
        left = tuple(
            LeftOut(reason, counts[file, why], shown.get(why, ()))
            for why, (reason, _) in enumerate(tests)
            if (file, why) in counts
        )
        height = sum(counts.get((file, why), 0) for why in (None, *range(len(tests))))
        n, first, last = ends.get(file, (0, None, None))
        found.append(Account(name, edition, height, n, left, first, last, covers))
    return found


def _examples(rows: pl.DataFrame, label: pl.Expr) -> dict[int, tuple[str, ...]]:
    """Reason -> the most frequent labels of its rows."""
    lost = rows.filter(pl.col("why").is_not_null()).select("why", label=label.cast(pl.String)).drop_nulls()
    common = lost.group_by("why", "label").len().sort("len", "label", descending=[True, False])
    top = common.group_by("why", maintain_order=True).agg(pl.col("label").head(EXAMPLES))
    return {why: tuple(labels) for why, labels in top.iter_rows()}


def summed(told: Iterable[Account]) -> tuple[LeftOut, ...]:
    """The rows left out of all files, by reason, the most frequent first."""
    whole: dict[str, LeftOut] = {}
    for item in (item for account in told for item in account.left_out):
        other = whole.get(item.reason, LeftOut(item.reason, 0))
        examples = tuple(dict.fromkeys((*other.examples, *item.examples)))[:EXAMPLES]
        whole[item.reason] = LeftOut(item.reason, other.rows + item.rows, examples)
    return tuple(sorted(whole.values(), key=lambda item: -item.rows))


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time in as few spans as possible, in order."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def whole_days(spans: Iterable[Span]) -> list[tuple[date, date]]:
    """First and last day of the runs of days that lie within the spans as a whole."""
    found = []
    for start, end in merged(spans):
        first = start.date() if start == _midnight(start) else start.date() + timedelta(days=1)
        last = end.date() - timedelta(days=1)
        if first <= last:
            found.append((first, last))
    return found


def days_of(rows: pl.DataFrame) -> tuple[Span, ...]:
    """One span, from the first ``day`` to the end of the last; none if there is no row."""
    first, last = rows.select(pl.col("day").min(), last=pl.col("day").max()).row(0)
    if first is None:
        return ()
    start, end = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (first, last))
    return ((start, end + timedelta(days=1)),)


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def statements(events: pl.DataFrame, key: str, name: str, unit: str = "Goldstein") -> pl.DataFrame:
    """Events as statements of a record: the score as value, the coverage kept in `original`.

    Parameters
    ----------
    events : DataFrame
        An event table.
    key : str
        Key of the source.
    name : str
        What the publisher calls the id.
    unit : str
        Scale of the score.
    """
    words = cameo.codes()
    count = pl.format("{} reports, {} sources, {} articles, {} rows", "reports", "sources", "articles", "rows")
    more = pl.when(pl.col("rows") > 1).then(pl.format(" and {} rows more", pl.col("rows") - 1)).otherwise(pl.lit(""))
    return events.select(
        "a", "b", "kind",
        valid_from="day",
        valid_to="day",
        known_from="known",
        source=pl.lit(key),
        locator=pl.concat_str(pl.lit(f"{name} " if name != "row" else ""), "event", more),
        original=pl.format("{}; {}", "cameo", count),
        value=pl.col("goldstein").cast(pl.Float64).round(1),
        unit=pl.lit(unit),
        text=pl.col("cameo").replace_strict(words["cameo"], words["words"], default="reported event"),
        mode="mode",
        place="place",
    )  # fmt: skip


def coverage(key: str, days: Iterable[tuple[date, date]], note: str) -> tuple[Coverage, ...]:
    """On days that files cover as a whole, no event of a kind means that none was reported."""
    kinds = sorted(set(cameo.codes()["kind"].drop_nulls()))
    return tuple(
        Coverage(key, "event", kind, (), "both", first, last, "zero", note) for first, last in days for kind in kinds
    )


def mixed() -> Check:
    """A check that most coded events are of both kinds, cooperation and conflict, as in every quarter of an hour of news."""

    def failure(parsed: Parsed) -> str | None:
        values = parsed.frame("event")["value"]
        share = float((values > 0).mean() or 0.0) if values.len() >= 50 else 0.5  # type: ignore[arg-type]
        return None if 0.2 <= share <= 0.98 else f"{share:.0%}"

    return Check("cooperation", "20 to 98 % of the events to be cooperative", failure)


def prompt() -> Check:
    """A check that events are dated near the day on which they were added."""

    def failure(parsed: Parsed) -> str | None:
        frame = parsed.frame("event")
        near = frame.select((pl.col("known_from") - pl.col("valid_from") <= timedelta(days=31)).mean()).item()
        return None if near is None or near >= 0.9 else f"{near:.0%}"

    return Check("dates", "at least 90 % of the events dated at most a month before they were added", failure)
