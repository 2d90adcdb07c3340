"""From data sets: one module a publisher, each turning the publisher's own file into dated, sourced statements.

>>> from multipolar import sources
>>> sources.get("sipri").publisher
'Stockholm International Peace Research Institute (SIPRI)'

`SOURCES` is the registry: an explicit list. `locate` finds a source's file, `read` turns it into a batch and refuses a
bad release, `ingest` puts it into a record. Nothing here reaches the network: a user downloads the file from the
official address (`DataSource.urls`) and names it.
"""

from __future__ import annotations

from pathlib import Path

from multipolar.errors import DataError, UsageError
from multipolar.record import Receipt, Record
from multipolar.record.model import Progress
from multipolar.sources.model import Check, DataSource, Download, LeftOut, Parsed, Reference
from multipolar.sources.registry import SOURCES, get

__all__ = [
    "SOURCES",
    "Check",
    "DataSource",
    "Download",
    "LeftOut",
    "Parsed",
    "Reference",
    "get",
    "ingest",
    "locate",
    "read",
]


def locate(name: str, path: Path | None) -> Path:
    """The file of a source: `path` itself if it is a file, else the first that fits in that folder or one below it.

    Parameters
    ----------
    name : str
        Name of a source.
    path : Path or None
        A file, or a folder to look in (also one with a folder a data set).

    Raises
    ------
    UsageError
        If the source is unknown or nothing is named.
    DataError
        If there is no such file.
    """
    source = get(name)
    hint = f"Download it from {source.urls[0]} and name it with --from FILE."
    if path is None:
        raise UsageError(f"expected the file of {name!r}, got none", hint=hint)
    if path.is_file():
        return path
    if not path.is_dir():
        raise DataError.bad_file(path, "a file or a folder", "neither", hint=hint)
    for pattern in source.files:
        found = sorted(path.glob(pattern)) or sorted(path.glob(f"*/{pattern}"))
        if found:
            return found[0]
    raise DataError.bad_file(path, f"one of {', '.join(source.files)}", "no such file", hint=hint)


def read(name: str, path: Path, *, strict: bool = True) -> Parsed:
    """The statements in a source's file, and an account of its rows.

    Parameters
    ----------
    name : str
        Name of a source.
    path : Path
        The publisher's file, or a folder that holds it.
    strict : bool, default True
        False takes a file though named checks fail.

    Raises
    ------
    DataError
        If the file is not what its format says, or a check fails.
    """
    return get(name).read(locate(name, path), strict=strict)


def ingest(name: str, record: Record, path: Path, progress: Progress | None = None, *, strict: bool = True) -> Receipt:
    """Read a source's file and put its statements into a record, all of them or none.

    Parameters
    ----------
    name : str
        Name of a source.
    record : Record
        Where to put them.
    path : Path
        The publisher's file, or a folder that holds it.
    progress : callable, optional
        Called as ``progress(done, total, what)``.
    strict : bool, default True
        False takes a file though named checks fail.

    Returns
    -------
    Receipt
        What was added; the rows left out are in the notes of the record's source (`View.sources`).

    Raises
    ------
    DataError
        If the file is refused; the record is as it was.
    UsageError
        If the record holds another edition or layout of this source: its rows would count twice.
    """
    if progress:
        progress(0, 2, f"reading {name}")
    parsed = read(name, path, strict=strict).noted()
    _refuse_second_edition(parsed, record)
    if progress:
        progress(1, 2, f"read {name}: {parsed.notes[0]}")
    return record.ingest(parsed, progress=progress)


def _refuse_second_edition(parsed: Parsed, record: Record) -> None:
    for new in parsed.sources:
        for old in record.sources().values():
            if (old.publisher, old.title) == (new.publisher, new.title) and old.key != new.key:
                hint = "Put the other edition or layout into a record of its own."
                raise UsageError(f"expected one edition of {new.title!r}, got {new.key} beside {old.key}", hint=hint)
