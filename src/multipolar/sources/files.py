"""Reading a publisher's file without trusting it: every failure names the file, the row, the column and a remedy."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.errors import DataError

#: Largest file, unpacked, that is read at all (bytes); the largest real one has 300 million.
LARGEST: Final = 1 << 30
_CHUNK: Final = 1 << 20
#: Column in which every row keeps its line of the file.
ROW: Final = "_row"

_AGAIN: Final = "Download the file from its publisher again."


def content(path: Path) -> bytes:
    """The file's bytes, unpacked if it is a gzip file.

    Raises
    ------
    DataError
        If there is no such file, it cannot be unpacked, is too large, or is a web page or a pointer instead of data.
    """
    data = _unpacked(path)
    start = data[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if not start:
        raise DataError.bad_file(path, "a data file", "an empty file", hint=_AGAIN)
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise DataError.bad_file(
            path, "a data file", "a web page", hint="Log in at the publisher's site and download the file itself."
        )
    if start.startswith(b"version https://git-lfs"):
        raise DataError.bad_file(
            path, "a data file", "a git-lfs pointer", hint="Run `git lfs pull`, or download the file itself."
        )
    if start.startswith(b"pk\x03\x04"):
        raise DataError.bad_file(path, "a data file", "a zip archive", hint="Unpack it and name the file inside.")
    if b"\0" in data[:512]:
        hint = "Name the publisher's own text file, in UTF-8; `multipolar sources` lists the names."
        raise DataError.bad_file(path, "a text file", "a binary one", hint=hint)
    return data


def _unpacked(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with gzip.open(path, "rb") if packed else path.open("rb") as stream:
            return _limited(path, stream)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError.bad_file(
            path, "a whole gzip file", f"a damaged or truncated one ({error})", hint=_AGAIN
        ) from None
    except OSError as error:
        hint = "Check the name; `locate` lists the names it looks for."
        raise DataError.bad_file(path, "a file that can be read", str(error.strerror or error), hint=hint) from None


def _limited(path: Path, stream: io.BufferedIOBase | gzip.GzipFile) -> bytes:
    parts, size = [], 0
    while part := stream.read(_CHUNK):
        parts.append(part)
        size += len(part)
        if size > LARGEST:
            raise DataError.bad_file(path, f"at most {LARGEST:,} bytes unpacked", "more", hint=_AGAIN)
    return b"".join(parts)


def is_parquet(path: Path) -> bool:
    """Whether the file starts as a Parquet file does."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PAR1"
    except OSError:
        return False


def parquet(path: Path, wanted: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Columns of a Parquet file as text, renamed to our names, with the row in `ROW` (first row 1)."""
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        got = f"a damaged or truncated one ({str(error).splitlines()[0]})"
        raise DataError.bad_file(path, "a whole Parquet file", got, hint=_AGAIN) from None
    names = columns(path, frame.columns, wanted)
    return frame.select(pl.col(names[name]).cast(pl.String).alias(name) for name in wanted).with_row_index(
        ROW, offset=1
    )


def table(
    path: Path,
    data: bytes,
    wanted: Mapping[str, Sequence[str]],
    *,
    optional: Mapping[str, Sequence[str]] | None = None,
    separator: str = ",",
    line: int = 1,
    nulls: Sequence[str] = (),
) -> pl.DataFrame:
    """Columns of a delimited file as text, renamed to our names, with the line in `ROW`.

    Parameters
    ----------
    path : Path
        Named in errors.
    data : bytes
        The file from its header on, UTF-8.
    wanted : mapping of str to sequence of str
        Our name of a column -> names that publishers give it, compared without case.
    optional : mapping, optional
        The same for columns that may be absent (null throughout).
    separator : str
        Between cells.
    line : int
        Line of the header in the file.
    nulls : sequence of str
        Cells that stand for "not known".

    Raises
    ------
    DataError
        If a wanted column is missing, the rows are ragged or the text is no UTF-8.
    """
    header = _header(path, data, separator)
    names = columns(path, header, wanted)
    lower = {name.strip().lower(): name for name in reversed(header)}
    extra = {ours: _first(theirs, lower) for ours, theirs in (optional or {}).items()}
    frame = _read(path, data, separator, line, nulls)
    chosen = [pl.col(name).alias(ours) for ours, name in names.items()]
    chosen += [(pl.col(name) if name else pl.lit(None, pl.String)).alias(ours) for ours, name in extra.items()]
    return frame.select(chosen).with_row_index(ROW, offset=line + 1)


def header_of(path: Path, data: bytes, separator: str = ",") -> list[str]:
    """Names of the columns of a delimited file, as they stand."""
    return _header(path, data, separator)


def columns(path: Path, got: Iterable[str], wanted: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Our names -> the file's names, or an error that lists what is missing."""
    names = list(got)
    lower = {name.strip().lower(): name for name in reversed(names)}
    found = {ours: _first(theirs, lower) for ours, theirs in wanted.items()}
    missing = [" or ".join(wanted[ours]) for ours, name in found.items() if name is None]
    if missing:
        came = f"none called {', '.join(missing)} among {', '.join(names[:20])}{' …' if len(names) > 20 else ''}"
        hint = "Check that this is the file that the source asks for; a renamed column is refused, never guessed."
        raise DataError.bad_file(
            path, f"the columns {', '.join(theirs[0] for theirs in wanted.values())}", came, hint=hint
        )
    return {ours: name for ours, name in found.items() if name is not None}


def _first(names: Sequence[str], there: Mapping[str, str]) -> str | None:
    return next((there[name.lower()] for name in names if name.lower() in there), None)


def _header(path: Path, data: bytes, separator: str) -> list[str]:
    first = data[: data.find(b"\n") + 1 or len(data)].decode("utf-8-sig", errors="replace")
    return next(csv.reader([first.rstrip("\r\n")], delimiter=separator), [])


def _read(path: Path, data: bytes, separator: str, line: int, nulls: Sequence[str]) -> pl.DataFrame:
    """All columns: only then does the reader see rows with too many cells."""
    try:
        return pl.read_csv(
            data,
            separator=separator,
            infer_schema=False,
            null_values=list(nulls) or None,
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError as error:
        _explain_ragged(path, data, separator, line)
        hint = "Save the file as UTF-8, untouched by a spreadsheet."
        raise DataError.bad_file(path, "a delimited text file", str(error).splitlines()[0], hint=hint) from None


def _explain_ragged(path: Path, data: bytes, separator: str, line: int) -> None:
    """Name the first row with more cells than the header."""
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig", errors="replace")), delimiter=separator)
    width = len(next(rows, []))
    for row in rows:
        if len(row) > width:
            where = line + rows.line_num - 1
            raise DataError.bad_row(path, where, "row", f"{width} cells", len(row), hint=_AGAIN)


def whole(frame: pl.DataFrame, path: Path, column: str, low: int, high: int, *, null: bool = False) -> pl.DataFrame:
    """The frame with a text column as whole numbers in low..high; ``1.0`` reads as 1.

    Raises
    ------
    DataError
        At the first cell that is none (or empty, unless `null`), naming its line.
    """
    number = pl.col(column).cast(pl.Float64, strict=False)
    good = number.is_between(low, high) & (number == number.floor())
    if null:
        good = good.fill_null(False) | pl.col(column).is_null()
    refuse(frame, ~good.fill_null(False), path, column, f"a whole number from {low} to {high}")
    return frame.with_columns(number.cast(pl.Int32).alias(column))


def decimal(
    frame: pl.DataFrame, path: Path, column: str, low: float, high: float, *, null: bool = False
) -> pl.DataFrame:
    """The frame with a text column as numbers in low..high, or an error at the first cell that is none."""
    number = pl.col(column).cast(pl.Float64, strict=False)
    good = number.is_between(low, high).fill_null(False)
    refuse(
        frame, ~(good | pl.col(column).is_null() if null else good), path, column, f"a number from {low:g} to {high:g}"
    )
    return frame.with_columns(number.alias(column))


def day(frame: pl.DataFrame, path: Path, column: str) -> pl.DataFrame:
    """The frame with a text column as days (YYYY-MM-DD), or an error at the first cell that is none."""
    parsed = pl.col(column).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    refuse(frame, parsed.is_null(), path, column, "a day (YYYY-MM-DD)")
    return frame.with_columns(parsed.alias(column))


def refuse(frame: pl.DataFrame, bad: pl.Expr, path: Path, column: str, expected: str) -> None:
    """Raise for the first row for which `bad` is true."""
    first = frame.filter(bad).head(1)
    if first.height:
        raise DataError.bad_row(path, first[ROW][0], column, expected, first[column][0], hint=_AGAIN)


def given(frame: pl.DataFrame, path: Path, *names: str) -> pl.DataFrame:
    """The frame, or an error at the first empty cell of these columns."""
    for name in names:
        refuse(frame, pl.col(name).is_null(), path, name, "a value")
    return frame


def once(frame: pl.DataFrame, path: Path, *key: str) -> pl.DataFrame:
    """The frame, or an error at the first row whose key stands in an earlier row."""
    again = frame.filter(~pl.struct(key).is_first_distinct()).head(1)
    if again.height:
        got = ", ".join(f"{name} {again[name][0]} again" for name in key)
        raise DataError.bad_row(path, again[ROW][0], key[0], f"one row for each {', '.join(key)}", got, hint=_AGAIN)
    return frame
