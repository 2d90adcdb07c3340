"""Reading a publisher's file without trusting it: every failure names the file, the row, the column and a remedy."""

from __future__ import annotations

import csv
import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from fnmatch import fnmatchcase
from pathlib import Path, PureWindowsPath
from typing import IO, Final

import polars as pl

from multipolar.errors import DataError

#: Largest file, unpacked, that is read at all (bytes); the largest real one has 300 million.
LARGEST: Final = 1 << 30
#: A zip member that unpacks to more than so many times its size is a bomb (deflate ends at 1,032; tables reach about 50),
RATIO: Final = 250
#: unless it is so small (bytes, unpacked) that it can do no harm.
SMALL: Final = 16 << 20
#: Most files in an archive.
MEMBERS: Final = 10_000
#: Ends of names of tables in an archive, and of other data files: taken where there is no table.
TABLES: Final = (".csv", ".tsv", ".tab")
DATA: Final = (".txt", ".dat", ".asc", ".json", ".dta", ".sav", ".rds", ".rdata", ".xlsx", ".xls", ".parquet")
_PAPERS: Final = ("readme", "read_me", "licen", "codebook", "changelog", "._")
_CHUNK: Final = 1 << 20
_SNIFFED: Final = 512
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
#: What the libraries raise for packed files that are not what they promise.
_DAMAGE: Final = (
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
    lzma.LZMAError,
)
#: Column in which every row keeps its line of the file.
ROW: Final = "_row"

#: File and our name of a column -> what the file calls it, while `publishers_names` is in force.
_CALLED: Final[ContextVar[dict[tuple[str, str], str] | None]] = ContextVar("called", default=None)

_AGAIN: Final = "Download the file from its publisher again."
_UNPACK: Final = "Unpack it and name the file inside."


@contextmanager
def publishers_names() -> Iterator[None]:
    """Inside, an error at a cell names the column as the file does, for whoever looks for it there."""
    called: dict[tuple[str, str], str] = {}
    token = _CALLED.set(called)
    try:
        yield
    except DataError as error:
        place, _, column = error.where.rpartition(":")
        theirs = called.get((place.rpartition(":")[0], column))
        error.where = f"{place}:{theirs}" if theirs else error.where
        raise
    finally:
        _CALLED.reset(token)


def _call(path: Path, names: Mapping[str, str]) -> None:
    """Remember what a file calls our columns."""
    called = _CALLED.get()
    if called is not None:
        called.update({(str(path), ours): theirs for ours, theirs in names.items()})


def content(path: Path, *, member: str = "") -> bytes:
    """The file's bytes, unpacked if it is a gzip file or a zip archive.

    Parameters
    ----------
    path : Path
        A file. Of a zip archive one member is read, into memory; nothing is ever extracted to disk.
    member : str, default ""
        Which member, as a pattern (``*`` and ``?``; case is ignored) of its name with or without the folders before it.
        By default the only table (csv, tsv, tab), or else the only other data file (`DATA`).

    Raises
    ------
    DataError
        If there is no such file, it cannot be unpacked, is too large, or is a web page or a pointer instead of data; or if
        no member or several fit.
    """
    if _start(path).startswith(_ZIP):
        name, data = _of_zip(path, member)
        _refuse_no_data(f"{path}:{name}", data)
    else:
        data = _unpacked(path)
        _refuse_no_data(str(path), data)
    return data


def beside(path: Path, *patterns: str) -> Path | None:
    """The companion of a file that comes in two: the one in the same folder that fits the first pattern with any.

    Parameters
    ----------
    path : Path
        The file that is read; never found itself.
    *patterns : str
        File names, as patterns; case is ignored.

    Raises
    ------
    DataError
        If several fit one pattern.
    """
    there = sorted(each for each in path.parent.iterdir() if each.is_file() and each.name != path.name)
    for pattern in patterns:
        found = [each for each in there if _fits(each.name, pattern)]
        if len(found) > 1:
            names = ", ".join(each.name for each in found)
            hint = "Leave the one that belongs to it in the folder, and move the others away."
            raise DataError.bad_file(path, f"one file {pattern!r} beside it", f"{len(found)}: {names}", hint=hint)
        if found:
            return found[0]
    return None


def first_checks(path: Path) -> None:
    """Refuse a file that can be seen to be no data from its beginning and its table of contents, whatever its format.

    Raises
    ------
    DataError
        If it is empty, a web page, a pointer, or an archive that is cut off, encrypted or plays tricks.
    """
    start = _start(path)
    try:
        if start.startswith(_ZIP):
            with zipfile.ZipFile(path) as archive:
                _members(path, archive)
            return
        if start.startswith(_GZIP):
            with gzip.open(path) as stream:
                start = stream.read(_SNIFFED)
    except _DAMAGE as error:
        raise _damaged(path, "packed file", error) from None
    _refuse_no_data(str(path), start, text=False)


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_SNIFFED)
    except OSError as error:
        hint = "Check the name; `multipolar sources` lists the names it looks for."
        raise DataError.bad_file(path, "a file that can be read", str(error.strerror or error), hint=hint) from None


def _refuse_no_data(where: str, data: bytes, *, text: bool = True) -> None:
    start = data[:_SNIFFED].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if not start:
        raise DataError.bad_file(where, "a data file", "an empty file", hint=_AGAIN)
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        hint = "Log in at the publisher's site and download the file itself."
        raise DataError.bad_file(where, "a data file", "a web page", hint=hint)
    if start.startswith(b"version https://git-lfs"):
        hint = "Run `git lfs pull`, or download the file itself."
        raise DataError.bad_file(where, "a data file", "a git-lfs pointer", hint=hint)
    if data.startswith((*_ZIP, _GZIP)):
        raise DataError.bad_file(where, "a data file", "an archive inside an archive", hint=_UNPACK)
    if text and b"\0" in data[:_SNIFFED]:
        hint = "Name the publisher's own text file, in UTF-8; `multipolar sources` lists the names."
        raise DataError.bad_file(where, "a text file", "a binary one", hint=hint)


def _unpacked(path: Path) -> bytes:
    """The bytes of a file, without the gzip around them."""
    try:
        packed = _start(path).startswith(_GZIP)
        with gzip.open(path, "rb") if packed else path.open("rb") as stream:
            return _limited(path, stream)
    except _DAMAGE as error:
        raise _damaged(path, "gzip file", error) from None


def _of_zip(path: Path, pattern: str) -> tuple[str, bytes]:
    """Name and bytes of the member asked for."""
    try:
        with zipfile.ZipFile(path) as archive:
            chosen = _chosen(path, _members(path, archive), pattern)
            # The archive's own size bounds what a member can hold packed, whatever its header promises.
            most = _inflated(min(chosen.compress_size, path.stat().st_size))
            with archive.open(chosen) as stream:
                data = _limited(f"{path}:{chosen.filename}", stream, most)
            if len(data) != chosen.file_size:
                raise EOFError(
                    f"{chosen.filename} has {len(data):,} bytes, and not the {chosen.file_size:,} it promises"
                )
            return chosen.filename, data
    except NotImplementedError as error:
        raise DataError.bad_file(path, "a zip archive packed as usual (deflate)", str(error), hint=_UNPACK) from None
    except _DAMAGE as error:
        raise _damaged(path, "zip archive", error) from None


def _damaged(path: Path, what: str, error: Exception) -> DataError:
    return DataError.bad_file(path, f"a whole {what}", f"a damaged or truncated one ({error})", hint=_AGAIN)


def _members(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files in an archive that is what it should be, without what a Mac adds."""
    infos = archive.infolist()
    if len(infos) > MEMBERS:
        raise DataError.bad_file(path, f"at most {MEMBERS:,} files in an archive", f"{len(infos):,}", hint=_AGAIN)
    for info in infos:
        parts = PureWindowsPath(info.filename)
        if ".." in parts.parts or parts.drive or parts.root:
            got = f"a member called {info.filename!r}"
            raise DataError.bad_file(path, "names inside the archive", got, hint="Do not unpack it. " + _AGAIN)
    # `ZipInfo.is_dir` fails on a name that begins with a zero byte, which leaves it empty.
    kept = [info for info in infos if not info.filename.endswith("/") and not info.filename.startswith("__MACOSX")]
    locked = next((info.filename for info in kept if info.flag_bits & 1), None)
    if locked is not None:
        hint = "Unpack it with the publisher's password and name the file inside."
        raise DataError.bad_file(path, "a zip archive without a password", f"{locked!r} encrypted", hint=hint)
    return kept


def _chosen(path: Path, members: list[zipfile.ZipInfo], pattern: str) -> zipfile.ZipInfo:
    if pattern:
        tiers = [[each for each in members if _fits(each.filename, pattern)]]
    else:
        tiers = [[each for each in members if _is_data(each.filename, kinds)] for kinds in (TABLES, DATA)]
    fit = next((tier for tier in tiers if tier), [])
    if len(fit) == 1:
        return fit[0]
    expected = f"one member {pattern!r} in the archive" if pattern else "one data file in the archive"
    listed = ", ".join(each.filename for each in (fit or members)[:20]) or "nothing"
    more = " …" if len(fit or members) > 20 else ""
    got = f"{len(fit) or 'none'}{' among' if members and not fit else ''}: {listed}{more}"
    raise DataError.bad_file(path, expected, got, hint=_UNPACK)


def _fits(name: str, pattern: str) -> bool:
    """Whether a file's name, with its folders or without, fits a pattern."""
    whole, wanted = name.replace("\\", "/").lower(), pattern.lower()
    return fnmatchcase(whole, wanted) or fnmatchcase(whole.rsplit("/", 1)[-1], wanted)


def _is_data(name: str, kinds: tuple[str, ...]) -> bool:
    file = PureWindowsPath(name)
    return file.suffix.lower() in kinds and not file.stem.lower().startswith(_PAPERS)


def _inflated(packed: int) -> int:
    """Most bytes that honest data of a packed size unpack to."""
    return min(LARGEST, max(packed * RATIO, SMALL))


def _limited(where: Path | str, stream: IO[bytes] | gzip.GzipFile, most: int | None = None) -> bytes:
    """All of a stream, or an error as soon as it gives more than a file may hold."""
    most = LARGEST if most is None else most
    parts, size = [], 0
    while part := stream.read(_CHUNK):
        parts.append(part)
        size += len(part)
        if size > most:
            raise DataError.bad_file(where, f"at most {most:,} bytes unpacked", "more", hint=_AGAIN)
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
    broken: bool = False,
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
    broken : bool, default False
        Whether rows may be broken over lines; the caller joins them then.

    Raises
    ------
    DataError
        If a wanted column is missing, the rows are ragged or the text is no UTF-8.
    """
    header = _header(path, data, separator)
    names = columns(path, header, wanted)
    lower = {name.strip().lower(): name for name in reversed(header)}
    extra = {ours: _first(theirs, lower) for ours, theirs in (optional or {}).items()}
    _call(path, {ours: name for ours, name in extra.items() if name})
    frame = _read(path, data, separator, line, nulls)
    if not broken:
        _refuse_short(path, data, separator, line, len(header))
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
    there = {ours: name for ours, name in found.items() if name is not None}
    _call(path, there)
    return there


def _first(names: Sequence[str], there: Mapping[str, str]) -> str | None:
    return next((there[name.lower()] for name in names if name.lower() in there), None)


def _header(path: Path, data: bytes, separator: str) -> list[str]:
    first = data[: data.find(b"\n") + 1 or len(data)].decode("utf-8-sig", errors="replace")
    try:
        return next(csv.reader([first.rstrip("\r\n")], delimiter=separator), [])
    except csv.Error as error:
        hint = "Save the file as UTF-8 with ordinary line ends, untouched by a spreadsheet."
        raise DataError.bad_file(path, "a first line of column names", str(error), hint=hint) from None


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
    with suppress(csv.Error):  # not even Python's reader gets through: then the first reader's reason stands
        width = len(next(rows, []))
        for row in rows:
            if len(row) > width:
                where = line + rows.line_num - 1
                raise DataError.bad_row(path, where, "row", f"{width} cells", len(row), hint=_AGAIN)


def _refuse_short(path: Path, data: bytes, separator: str, line: int, width: int) -> None:
    """Refuse a row with fewer cells than the header: what is missing of it cannot be told from empty cells.

    In a file with quotation marks, whose cells can hold separators and line ends, only the last row is looked at: there a
    file that was cut off ends.
    """
    if b'"' in data:
        _refuse_cut(path, data, separator, line, width)
    if b'"' in data or width < 2:
        return
    lines = pl.read_csv(
        data, separator="\x01", quote_char=None, has_header=False, infer_schema=False, new_columns=["text"]
    )
    cells = pl.col("text").str.count_matches(separator, literal=True) + 1
    told = pl.col("text").str.strip_chars() != ""
    short = lines.with_row_index(ROW, offset=line).with_columns(cells=cells).filter(told & (pl.col("cells") < width))
    if short.height:
        raise DataError.bad_row(path, short[ROW][0], "row", f"{width} cells", short["cells"][0], hint=_AGAIN)


def _refuse_cut(path: Path, data: bytes, separator: str, line: int, width: int) -> None:
    """Refuse a last line with too few cells, unless it ends a cell that began on a line before."""
    last = data.rstrip().rpartition(b"\n")[2]
    cells = len(next(csv.reader([last.decode("utf-8", errors="replace")], delimiter=separator), []))
    if last.count(b'"') % 2 == 0 and cells < width:
        row = line + data.rstrip().count(b"\n")
        raise DataError.bad_row(path, row, "row", f"{width} cells", cells, hint=_AGAIN)


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
