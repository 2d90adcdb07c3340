"""From data sets: one module a publisher, each turning the publisher's own file into dated, sourced statements.

>>> from multipolar import sources
>>> sources.get("sipri").publisher
'Stockholm International Peace Research Institute (SIPRI)'

`SOURCES` is the registry: an explicit list. `locate` finds a source's file, `read` turns it into a batch and refuses a
bad release, `ingest` puts it into a record. None of these reaches the network: only `multipolar.sources.fetch` does, for
files that the publisher lets anybody have; the others a user downloads from the official address (`DataSource.urls`).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

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
    "NoFile",
    "Parsed",
    "Reference",
    "find",
    "get",
    "how_to_get",
    "ingest",
    "locate",
    "put",
    "read",
]

#: Ends of names that say how a file is written or packed, and not what is in it.
_ENDINGS: Final = frozenset({"csv", "tsv", "tab", "txt", "dta", "parquet", "gz", "zip", "rds", "xlsx"})


class NoFile(DataError):
    """A folder holds no file of a source."""


def locate(name: str, path: Path | None) -> Path:
    """The file of a source: `path` itself if it is a file, else the one that fits in that folder or one below it.

    Of the source's patterns (`DataSource.files`), the first that any file fits decides.

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
        If there is no such file, or there are several that may be editions of the same.
    """
    source = get(name)
    hint = how_to_get(source)
    if path is None:
        raise UsageError(f"expected the file of {name!r}, got none", hint=hint)
    if path.is_file():
        return path
    if not path.is_dir():
        raise DataError.bad_file(path, "a file or a folder", "neither", hint=hint)
    for pattern in source.files:
        found = sorted(path.glob(pattern)) or sorted(path.glob(f"*/{pattern}"))
        if found:
            return found[0] if source.dated else _only(source, path, found)
    raise NoFile.bad_file(path, f"one of {', '.join(source.files)}", "no such file", hint=hint)


def find(name: str, path: Path | None) -> Path:
    """What `read` reads: the file of a source, or the folder of its files if it has one an hour or a day.

    Raises
    ------
    UsageError, DataError
        As `locate`.
    """
    first = locate(name, path)
    return first if get(name).dated is None or path is None or path.is_file() else first.parent


def how_to_get(source: DataSource) -> str:
    """How a user gets the file of a source, in a sentence or two."""
    page, then = source.urls[0], f"`multipolar ingest {source.name} --from FILE`"
    by_hand = (
        f"{source.by_hand} The page: {page}. Then: {then}."
        if source.by_hand
        else f"Download it from {page}, then: {then}."
    )
    period = " with --since and --until" if source.dated and not source.downloads else ""
    fetch = f"`multipolar fetch {source.name}`{period} gets it. Or: " if source.downloads or source.dated else ""
    return f"{fetch}{by_hand}"


def _only(source: DataSource, folder: Path, found: list[Path]) -> Path:
    """The first file, unless another may be another edition of it: which one is meant, only the user knows."""
    chosen = found[0]
    around = {each for pattern in source.files for each in chosen.parent.glob(pattern)}
    rivals = {each for each in around if _edition(each)[0] == _edition(chosen)[0]} | set(found)
    rivals = {each for each in rivals if each.parent != chosen.parent or _edition(each)[1] != _edition(chosen)[1]}
    if not rivals:
        return chosen
    names = ", ".join(str(each.relative_to(folder)) for each in sorted({chosen, *rivals}))
    hint = "They may be editions of the same data: name the one you mean with --from FILE."
    raise DataError.bad_file(folder, f"one file of {source.name!r}", names, hint=hint)


def _edition(path: Path) -> tuple[str, str]:
    """What a file is called without its numbers and marks, and with them: ``UNVotes-2023.csv.gz`` is of ``unvotes``."""
    stem = path.name.lower()
    while (ending := stem.rpartition(".")[2]) in _ENDINGS:
        stem = stem.removesuffix(f".{ending}")
    return re.sub(r"[^a-z]|(?<=\d)[a-z](?=\W|$)", "", stem), stem


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
    return get(name).read(find(name, path), strict=strict)


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
    parsed = read(name, path, strict=strict)
    if progress:
        progress(1, 2, f"read {name}: {parsed.notes[0]}")
    return put(parsed, record, progress)


def put(parsed: Parsed, record: Record, progress: Progress | None = None) -> Receipt:
    """Put what was read into a record, with its account of rows, all of it or nothing.

    Raises
    ------
    UsageError
        If the record holds another edition or layout of this source: its rows would count twice.
    """
    noted = parsed.noted()
    _refuse_second_edition(noted, record)
    return record.ingest(noted, progress=progress)


def _refuse_second_edition(parsed: Parsed, record: Record) -> None:
    for new in parsed.sources:
        for old in record.sources().values():
            if (old.publisher, old.title) == (new.publisher, new.title) and old.key != new.key:
                hint = "Put the other edition or layout into a record of its own."
                raise UsageError(f"expected one edition of {new.title!r}, got {new.key} beside {old.key}", hint=hint)
