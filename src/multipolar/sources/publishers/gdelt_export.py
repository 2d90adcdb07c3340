"""Reading GDELT's export files, fast: only the columns that are needed, typed, and no row touched in Python.

`gdelt` says what was decided and why. Columns are those of the GDELT Event Codebook 2.0 (2015: 61 columns) and the Data Format
Codebook 1.03 (2013: 58 columns since 2013-04-01, 57 before).
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Final, Literal

import numpy as np
import polars as pl

from multipolar.errors import DataError
from multipolar.sources import files
from multipolar.sources.events import table
from multipolar.sources.events.cameo import ORGANS
from multipolar.sources.events.table import Account, Span
from multipolar.sources.publishers.gdelt_files import DAY, QUARTER, stamp_of

#: The table inside the publisher's archive.
MEMBER: Final = "*.csv"
_PIECE: Final = 1 << 18
Encoding = Literal["utf8", "utf8-lossy"]

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


def read_batch(contents: Sequence[tuple[Path, bytes]]) -> tuple[pl.DataFrame, list[Account]]:
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
    sizes = [_height(path, data, layout) for (path, data), layout in zip(contents, layouts, strict=True)]
    rows = _dated(_parsed(contents, layouts, sizes), contents)
    codes = rows.with_columns(code_a="a", code_b="b")
    judged = table.coded(table.located(codes)).with_columns(table.reasons(*TESTS))
    events = table.grouped(judged.filter(pl.col("why").is_null()).with_columns(pl.col("event").cast(pl.String)), "file")
    covers = _covers(contents, layouts, rows)
    told = [
        (path.name, layout.edition, spans) for (path, _), layout, spans in zip(contents, layouts, covers, strict=True)
    ]
    return events, table.accounts(told, judged, events, TESTS, _LABEL)


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
    rows = _count(data, b"\n") + (not data.endswith(b"\n"))
    if _count(data, b"\t") != rows * (layout.columns - 1):
        for line, row in enumerate(io.BytesIO(data), start=1):
            cells = row.count(b"\t") + 1
            if cells != layout.columns:
                raise DataError.bad_row(path, line, "row", f"{layout.columns} cells", cells, hint=_AGAIN)
    return rows


def _count(data: bytes, mark: bytes) -> int:
    """How often a byte stands in the data: piece by piece within the cache, four times as fast as `bytes.count`."""
    marks = np.frombuffer(data, np.uint8)
    return sum(int(np.count_nonzero(marks[at : at + _PIECE] == mark[0])) for at in range(0, len(marks), _PIECE))


def _parsed(contents: Sequence[tuple[Path, bytes]], layouts: Sequence[Layout], sizes: Sequence[int]) -> pl.DataFrame:
    """The needed columns of all files, typed, with ``file``."""
    if len(set(layouts)) > 1:
        raise ValueError("files of one layout are read together")
    try:
        frame = _typed([data for _, data in contents], layouts[0])
        good = frame.height == sum(sizes) and not _wrong(frame, layouts[0])
    except pl.exceptions.PolarsError:
        good = False
    if not good:
        _explain(contents, layouts[0])
    number = pl.Series("file", range(len(sizes)), pl.Int32).repeat_by(pl.Series(sizes, dtype=pl.Int64))
    return frame.with_columns(number.explode(empty_as_null=False, keep_nulls=False).alias("file"))


def _typed(contents: list[bytes], layout: Layout) -> pl.DataFrame:
    """Columns by our names; old files have names of places in encodings other than UTF-8."""
    try:
        return _scan(contents, layout)
    except pl.exceptions.PolarsError:
        return _scan(contents, layout, encoding="utf8-lossy")


def _scan(contents: list[bytes], layout: Layout, *, text: bool = False, encoding: Encoding = "utf8") -> pl.DataFrame:
    """Columns by our names; as text where something is wrong and must be found."""
    last = {"place": (layout.place, pl.String()), "added": (layout.added, pl.Int64())}
    columns = {**COLUMNS, **last}
    schema: dict[str, pl.DataType] = {f"c{at}": pl.String() for at in range(layout.columns)}
    if not text:
        schema |= {f"c{at}": kind for at, kind in columns.values()}
    streams: list[IO[bytes]] = [io.BytesIO(data) for data in contents]
    frame = pl.scan_csv(
        streams,
        separator="\t",
        has_header=False,
        schema=schema,
        quote_char=None,
        encoding=encoding,
    )
    return frame.select(pl.col(f"c{at}").alias(name) for name, (at, _) in columns.items()).collect()


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


def _explain(contents: Sequence[tuple[Path, bytes]], layout: Layout) -> None:
    """Raise for the first cell at fault, reading everything again as text."""
    patterns = {**PATTERNS, "added": (rf"^\d{{{layout.digits}}}$", f"the time it was added ({layout.digits} digits)")}
    for path, data in contents:
        frame = _scan([data], layout, text=True, encoding="utf8-lossy").with_row_index(files.ROW, offset=1)
        for name, (pattern, expected) in patterns.items():
            fits = pl.col(name).str.contains(pattern).fill_null(name in OPTIONAL)
            if name == "tone":
                fits &= pl.col(name).cast(pl.Float64, strict=False).is_between(-100, 100).fill_null(True)
            files.refuse(frame, ~fits, path, name, expected)
    raise DataError.bad_file(contents[0][0], "an export file of GDELT", "one that cannot be read", hint=_AGAIN)


def _dated(rows: pl.DataFrame, contents: Sequence[tuple[Path, bytes]]) -> pl.DataFrame:
    """``day`` and ``known`` as days, checked against the calendar, today and the file's name."""
    divisor = pl.when(pl.col("added") >= 10**13).then(pl.col("added") // 10**6).otherwise("added").cast(pl.Int32)
    numbered = rows.with_columns(known=divisor)
    for name in ("day", "known"):
        numbered = _calendar(numbered, name, contents)
    ends = numbered.group_by("file").agg(pl.col("known").min(), last=pl.col("known").max())
    today = datetime.now(UTC).date()
    for file, first, last in ends.iter_rows():
        path = contents[file][0]
        if last > today:
            raise DataError.bad_file(path, f"events added until today ({today})", f"some added on {last}", hint=_AGAIN)
        stamp = stamp_of(path.name)
        if stamp and not (stamp.span[0].date() - DAY <= first and last <= stamp.span[1].date()):
            hint = "Give the file the name that it has at the publisher."
            expected = (
                f"events added in {stamp.span[0]:%Y-%m-%d %H:%M} to {stamp.span[1]:%Y-%m-%d %H:%M}, as its name says"
            )
            raise DataError.bad_file(path, expected, f"{first} to {last}", hint=hint)
    return numbered


def _calendar(rows: pl.DataFrame, column: str, contents: Sequence[tuple[Path, bytes]]) -> pl.DataFrame:
    """A column of numbers YYYYMMDD as days; the distinct numbers are few."""
    numbers = rows[column].unique()
    days = numbers.cast(pl.String).str.to_date("%Y%m%d", strict=False)
    if days.null_count():
        at = rows.with_row_index(files.ROW).filter(pl.col(column).is_in(numbers.filter(days.is_null()).implode()))
        row, file, got = at.select(files.ROW, "file", column).row(0)
        line = row + 1 - rows.filter(pl.col("file") < file).height
        raise DataError.bad_row(contents[file][0], line, column, "a day of the calendar (YYYYMMDD)", got, hint=_AGAIN)
    return rows.with_columns(pl.col(column).replace_strict(numbers, days, return_dtype=pl.Date))


def _covers(
    contents: Sequence[tuple[Path, bytes]], layouts: Sequence[Layout], rows: pl.DataFrame
) -> list[tuple[Span, ...]]:
    """What the files report on: as their names say, else the quarters of an hour (1.0: days) in which rows were added."""
    found: list[tuple[Span, ...]] = []
    for file, ((path, _), layout) in enumerate(zip(contents, layouts, strict=True)):
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
