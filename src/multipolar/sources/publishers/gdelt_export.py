"""Reading GDELT's export files, fast: only the columns that are needed, typed, and no row touched in Python.

Many files are read together. From `BULK` bytes on, a compiled pass (`events._needed`) first cuts the few cells that are needed
out of the rows that name two countries, about a twentieth of the bytes, and checks the others as it goes. It takes only what
is plainly right; at anything else it gives up, and the files are read the long way, which tells what is wrong and where.

`gdelt` says what was decided and why. Columns are those of the GDELT Event Codebook 2.0 (2015: 61 columns) and the Data Format
Codebook 1.03 (2013: 58 columns since 2013-04-01, 57 before).
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import IO, Final, Literal

import numpy as np
import polars as pl

from multipolar.errors import DataError
from multipolar.sources import files
from multipolar.sources.events import table, tabs
from multipolar.sources.events.cameo import ORGANS
from multipolar.sources.events.table import Account, Span
from multipolar.sources.publishers.gdelt_files import DAY, QUARTER, stamp_of

#: The table inside the publisher's archive.
MEMBER: Final = "*.csv"
#: Bytes, unpacked, from which the compiled pass gains more than it takes to load it.
BULK: Final = 4 << 20
Encoding = Literal["utf8", "utf8-lossy"]
Contents = Sequence[tuple[Path, bytes]]
#: Our name of a column -> its place and type.
Cells = dict[str, tuple[int, pl.DataType]]

_AGAIN: Final = "Download the file from its publisher again."


@dataclass(frozen=True)
class Layout:
    """One of the publisher's formats: how many columns, and where the two that moved are."""

    edition: str
    columns: int
    place: int
    added: int
    digits: int
    step: timedelta

    def cells(self) -> Cells:
        """Where the needed columns are, and their types."""
        return {**COLUMNS, "place": (self.place, pl.String()), "added": (self.added, pl.Int64())}


@dataclass(frozen=True)
class Rows:
    """The rows of files read together.

    Parameters
    ----------
    frame : DataFrame
        The needed columns, typed, and ``file``.
    before : list of int
        Rows of each file that name no two countries and are not in the frame.
    added : list of (date, date)
        First and last day on which rows of each file were added.
    """

    frame: pl.DataFrame
    before: list[int]
    added: list[tuple[date, date]]


LAYOUTS: Final[Mapping[int, Layout]] = {
    61: Layout("gdelt-2", 61, 52, 59, 14, QUARTER),
    58: Layout("gdelt-1", 58, 50, 56, 8, DAY),
    57: Layout("gdelt-1", 57, 50, 56, 8, DAY),
}
#: Columns that every layout has in the same place, and their types.
COLUMNS: Final[Mapping[str, tuple[int, pl.DataType]]] = {
    "event": (0, pl.Int64()),
    "day": (1, pl.Int32()),
    "a": (7, pl.String()),
    "role_a": (12, pl.String()),
    "b": (17, pl.String()),
    "role_b": (22, pl.String()),
    "cameo": (26, pl.String()),
    "reports": (31, pl.Int32()),
    "sources": (32, pl.Int32()),
    "articles": (33, pl.Int32()),
    "tone": (34, pl.Float32()),
}
#: Spans of time that are kept apart for a file whose name does not tell its time.
SPANS: Final = 3_000
#: What the cells must look like, and how to say it.
PATTERNS: Final[Mapping[str, tuple[str, str]]] = {
    "event": (r"^\d+$", "a number"),
    "day": (r"^\d{8}$", "a day (YYYYMMDD)"),
    "a": (r"^[A-Z]{3}$", "a CAMEO code of a country (three capital letters)"),
    "b": (r"^[A-Z]{3}$", "a CAMEO code of a country (three capital letters)"),
    "cameo": (r"^\d{2,4}$", "a CAMEO code (two to four digits)"),
    "reports": (r"^\d{1,9}$", "a whole number"),
    "sources": (r"^\d{1,9}$", "a whole number"),
    "articles": (r"^\d{1,9}$", "a whole number"),
    "tone": (r"^-?\d+(\.\d+)?([eE]-?\d+)?$", "a number from -100 to 100"),
}
#: Cells that may be empty.
OPTIONAL: Final = ("a", "b", "role_a", "role_b", "tone", "place")

_LONG_AGO: Final = pl.duration(days=table.LONG_AGO)
TESTS: Final = (
    (table.NO_COUNTRY, pl.col("code_a").is_null() | pl.col("code_b").is_null()),
    (table.NO_STATE, pl.col("a").is_null() | pl.col("b").is_null()),
    (table.NO_ORGAN, ~pl.all_horizontal(*(pl.col(f"role_{side}").is_in(ORGANS).fill_null(True) for side in "ab"))),
    (table.SAME, pl.col("a") == pl.col("b")),
    (table.NOT_THEN, table.dead("a", "b")),
    (table.NO_CODE, pl.col("goldstein").is_null()),
    (table.NO_EVENT, pl.col("kind").is_null()),
    (table.LATE, pl.col("day") <= pl.col("known") - _LONG_AGO),
    (table.EARLY, pl.col("day") > pl.col("known")),
)
_OTHERS: Final = [
    pl.when(~pl.col(f"role_{side}").is_in(ORGANS)).then(pl.col(f"code_{side}") + pl.col(f"role_{side}"))
    for side in "ab"
]
#: What to show of a row left out, by reason.
_LABEL: Final = (
    pl.when(pl.col("why") == 1)
    .then(pl.when(pl.col("a").is_null()).then("code_a").otherwise("code_b"))
    .when(pl.col("why") == 2)
    .then(pl.coalesce(*_OTHERS))
    .when(pl.col("why") == 4)
    .then(pl.format("{} {}", "code_a", "code_b"))
    .when(pl.col("why").is_in([5, 6]))
    .then("cameo")
    .when(pl.col("why") > 6)
    .then(pl.col("day").cast(pl.String))
)


def read_export(path: Path) -> tuple[pl.DataFrame, Account]:
    """Read one export file (zip, gzip or plain; version 1.0 or 2.0).

    Returns
    -------
    frame : DataFrame
        An event table, see `table.SCHEMA`.
    account : Account
        What became of the rows.

    Raises
    ------
    DataError
        If the file is damaged, its rows have another number of columns, or a cell is no code, number or date.
    """
    frame, accounts = read_batch([(path, files.content(path, member=MEMBER))])
    return frame.drop("file"), accounts[0]


def read_batch(contents: Contents) -> tuple[pl.DataFrame, list[Account]]:
    """Read files of one layout together, which for many small ones is much faster.

    Parameters
    ----------
    contents : sequence of (Path, bytes)
        Name and unpacked content of each.

    Returns
    -------
    frame : DataFrame
        An event table with ``file``, the number of the file in `contents`; rows are grouped within a file only.
    accounts : list of Account
        One a file.

    Raises
    ------
    DataError
        For the first file that is bad.
    """
    layouts = [_layout(path, data) for path, data in contents]
    if len(set(layouts)) > 1:
        raise ValueError("files of one layout are read together")
    many = sum(len(data) for _, data in contents) >= BULK
    rows = (_cut(contents, layouts[0]) if many else None) or _whole(contents, layouts[0])
    _refuse_untimely(contents, rows.added)
    codes = rows.frame.with_columns(code_a="a", code_b="b")
    judged = table.coded(table.located(codes)).with_columns(table.reasons(*TESTS))
    events = table.grouped(judged.filter(pl.col("why").is_null()).with_columns(pl.col("event").cast(pl.String)), "file")
    covers = _covers(contents, layouts[0], rows.frame)
    told = [(path.name, layouts[0].edition, spans) for (path, _), spans in zip(contents, covers, strict=True)]
    return events, table.accounts(told, judged, events, TESTS, _LABEL, rows.before)


def is_export(data: bytes) -> bool:
    """Whether the first line looks like GDELT's: 57, 58 or 61 cells, the first a number."""
    first = data[: data.find(b"\n") + 1 or len(data)]
    return first.count(b"\t") + 1 in LAYOUTS and first.split(b"\t", 1)[0].isdigit()


def _layout(path: Path, data: bytes) -> Layout:
    cells = data[: data.find(b"\n") + 1 or len(data)].count(b"\t") + 1
    if cells not in LAYOUTS:
        expected = "57, 58 (version 1.0) or 61 (version 2.0) columns separated by tabs"
        raise DataError.bad_file(
            path, expected, f"{cells}", hint="Name an export file of events; mentions and GKG are others."
        )
    return LAYOUTS[cells]


def _height(path: Path, data: bytes, layout: Layout) -> int:
    """Rows of a file, all of which have as many cells as the first."""
    rows = tabs.rows(data, layout.columns)
    if rows is None:
        for line, row in enumerate(io.BytesIO(data), start=1):
            cells = row.count(b"\t") + 1
            if cells != layout.columns:
                raise DataError.bad_row(path, line, "row", f"{layout.columns} cells", cells, hint=_AGAIN)
    return rows or 0


def _cut(contents: Contents, layout: Layout) -> Rows | None:
    """The rows that name two countries, by the compiled pass; None if it gives up."""
    from multipolar.sources.events import _needed

    cells = layout.cells()
    places = np.array([cells[name][0] for name in _needed.ORDER], np.int64)

    def cut(content: tuple[Path, bytes]) -> tuple[bytes, int, int, int, int]:
        path, data = content
        whole = np.frombuffer(data if data.endswith(b"\n") else data + b"\n", np.uint8)
        every = stamp_of(path.name) is None  # without a stamp, the times of all rows tell what the file covers
        out = np.empty_like(whole)
        rows, kept, size, first, last = _needed.needed(whole, layout.columns, places, layout.digits, every, out)
        return out[:size].tobytes(), rows, kept, first, last

    with ThreadPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
        found = list(pool.map(cut, contents))
    if any(rows < 0 for _, rows, *_ in found):
        return None
    order = {name: (at, cells[name][1]) for at, name in enumerate(_needed.ORDER)}
    frame = _typed([b"".join(part for part, *_ in found)], order, len(order))
    kept = [each[2] for each in found]
    if frame.height != sum(kept):
        return None
    added = [(_day(first), _day(last)) for *_, first, last in found]
    return Rows(_dated(_numbered(frame, kept), contents), [each[1] - each[2] for each in found], added)


def _day(number: int) -> date:
    return date(number // 10_000, number // 100 % 100, number % 100)


def _whole(contents: Contents, layout: Layout) -> Rows:
    """All rows, the long way."""
    sizes = [_height(path, data, layout) for path, data in contents]
    try:
        frame = _typed([data for _, data in contents], layout.cells(), layout.columns)
        good = frame.height == sum(sizes) and not _wrong(frame, layout)
    except pl.exceptions.PolarsError:
        good = False
    if not good:
        _explain(contents, layout)
    rows = _dated(_numbered(frame, sizes), contents)
    ends = rows.group_by("file").agg(pl.col("known").min(), last=pl.col("known").max()).sort("file")
    return Rows(rows, [0] * len(sizes), [(first, last) for _, first, last in ends.iter_rows()])


def _numbered(frame: pl.DataFrame, sizes: Sequence[int]) -> pl.DataFrame:
    """With ``file``, the number of the file that a row is from."""
    return frame.with_columns(pl.Series("file", np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)))


def _typed(contents: Sequence[bytes], cells: Cells, width: int) -> pl.DataFrame:
    """Columns by our names; old files have names of places in encodings other than UTF-8."""
    try:
        return _scan(contents, cells, width)
    except pl.exceptions.PolarsError:
        return _scan(contents, cells, width, encoding="utf8-lossy")


def _scan(contents: Sequence[bytes], cells: Cells, width: int, *, encoding: Encoding = "utf8") -> pl.DataFrame:
    schema: dict[str, pl.DataType] = {f"c{at}": pl.String() for at in range(width)}
    schema |= {f"c{at}": kind for at, kind in cells.values()}
    streams: list[IO[bytes]] = [io.BytesIO(data) for data in contents]
    frame = pl.scan_csv(
        streams,
        separator="\t",
        has_header=False,
        schema=schema,
        quote_char=None,
        encoding=encoding,
        raise_if_empty=False,
    )
    return frame.select(pl.col(f"c{at}").alias(name) for name, (at, _) in cells.items()).collect()


def _wrong(frame: pl.DataFrame, layout: Layout) -> bool:
    """Whether a cell is empty that must not be, out of range or no code."""
    ranged = frame.select(
        pl.any_horizontal(pl.col(name).is_null().any() for name in frame.columns if name not in OPTIONAL),
        counts=pl.any_horizontal((pl.col(name) < 0).any() for name in ("reports", "sources", "articles")),
        tone=(~pl.col("tone").is_between(-100, 100)).any(),
        added=(~pl.col("added").is_between(10 ** (layout.digits - 1), 10**layout.digits - 1)).any(),
    )
    texts = [(frame[name].drop_nulls().unique().str.contains(PATTERNS[name][0]).all()) for name in ("a", "b", "cameo")]
    return any(ranged.row(0)) or not all(texts)


def _explain(contents: Contents, layout: Layout) -> None:
    """Raise for the first cell at fault, reading everything again as text."""
    patterns = {**PATTERNS, "added": (rf"^\d{{{layout.digits}}}$", f"the time it was added ({layout.digits} digits)")}
    cells: Cells = {name: (at, pl.String()) for name, (at, _) in layout.cells().items()}
    for path, data in contents:
        frame = _scan([data], cells, layout.columns, encoding="utf8-lossy").with_row_index(files.ROW, offset=1)
        for name, (pattern, expected) in patterns.items():
            fits = pl.col(name).str.contains(pattern).fill_null(name in OPTIONAL)
            if name == "tone":
                fits &= pl.col(name).cast(pl.Float64, strict=False).is_between(-100, 100).fill_null(True)
            files.refuse(frame, ~fits, path, name, expected)
    raise DataError.bad_file(contents[0][0], "an export file of GDELT", "one that cannot be read", hint=_AGAIN)


def _dated(rows: pl.DataFrame, contents: Contents) -> pl.DataFrame:
    """``day`` and ``known`` as days of the calendar."""
    divisor = pl.when(pl.col("added") >= 10**13).then(pl.col("added") // 10**6).otherwise("added").cast(pl.Int32)
    numbered = rows.with_columns(known=divisor)
    for name in ("day", "known"):
        numbered = _calendar(numbered, name, contents)
    return numbered


def _refuse_untimely(contents: Contents, added: Sequence[tuple[date, date]]) -> None:
    """Refuse files with rows added after today, or at another time than their names say."""
    today = datetime.now(UTC).date()
    for (path, _), (first, last) in zip(contents, added, strict=True):
        if last > today:
            raise DataError.bad_file(path, f"events added until today ({today})", f"some added on {last}", hint=_AGAIN)
        stamp = stamp_of(path.name)
        if stamp and not (stamp.span[0].date() - DAY <= first and last <= stamp.span[1].date()):
            hint = "Give the file the name that it has at the publisher."
            expected = (
                f"events added in {stamp.span[0]:%Y-%m-%d %H:%M} to {stamp.span[1]:%Y-%m-%d %H:%M}, as its name says"
            )
            raise DataError.bad_file(path, expected, f"{first} to {last}", hint=hint)


def _calendar(rows: pl.DataFrame, column: str, contents: Contents) -> pl.DataFrame:
    """A column of numbers YYYYMMDD as days; the distinct numbers are few."""
    if rows.is_empty():
        return rows.with_columns(pl.col(column).cast(pl.Date))
    numbers = rows[column].unique()
    days = numbers.cast(pl.String).str.to_date("%Y%m%d", strict=False)
    if days.null_count():
        at = rows.with_row_index(files.ROW).filter(pl.col(column).is_in(numbers.filter(days.is_null()).implode()))
        row, file, got = at.select(files.ROW, "file", column).row(0)
        line = row + 1 - rows.filter(pl.col("file") < file).height
        raise DataError.bad_row(contents[file][0], line, column, "a day of the calendar (YYYYMMDD)", got, hint=_AGAIN)
    return rows.with_columns(pl.col(column).replace_strict(numbers, days, return_dtype=pl.Date))


def _covers(contents: Contents, layout: Layout, rows: pl.DataFrame) -> list[tuple[Span, ...]]:
    """What the files report on: as their names say, else the quarters of an hour (1.0: days) in which rows were added."""
    found: list[tuple[Span, ...]] = []
    for file, (path, _) in enumerate(contents):
        stamp = stamp_of(path.name)
        if stamp:
            found.append(() if stamp.translated else (stamp.span,))
            continue
        added = rows.filter(pl.col("file") == file)["added"].unique().cast(pl.String)
        moments = added.str.slice(0, layout.digits).str.pad_end(14, "0").str.to_datetime("%Y%m%d%H%M%S", strict=False)
        starts = moments.drop_nulls().dt.truncate("15m" if layout.step == QUARTER else "1d").unique()
        spans = sorted((t.replace(tzinfo=UTC), t.replace(tzinfo=UTC) + layout.step) for t in starts)
        found.append(tuple(spans) if len(spans) <= SPANS else table.merged(spans))
    return found
