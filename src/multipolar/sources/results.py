"""Which sources a written result rests on: a panel, or the rows that any command writes as JSON lines or CSV.

A row names sources in its columns ``source``, ``sources`` or ``source_…``, or statements in ``id``, ``ids`` or
``statements``; a panel names its sources in what it says of itself (in Parquet under the key ``multipolar``, else in the
codebook beside the file).
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

from multipolar.errors import DataError
from multipolar.record import View

SOURCES: Final = ("source", "sources")
STATEMENTS: Final = ("id", "ids", "statements")
_ID: Final = 32
_HINT: Final = "Give a panel, or rows written with `--format json` or `--format csv`; add --ids where a command has it."


def sources_in(path: Path, view: View, stdin: BinaryIO) -> dict[str, int | None]:
    """Keys of the sources that a result names, with the number of its statements from each, where it lists them.

    Parameters
    ----------
    path : Path
        A Parquet, JSON, CSV, Excel or Stata file; ``-`` reads rows from `stdin`.
    view : View
        The record the result was made from.
    stdin : binary file

    Returns
    -------
    dict

    Raises
    ------
    DataError
        If the file cannot be read, or names no source or statement of this view.
    """
    rows = list(_rows(path, stdin))
    known = view.sources()
    named = {text for row in rows for name in SOURCES for text in _texts(row.get(name)) if text in known}
    ids = {text for row in rows for name in STATEMENTS for text in _texts(row.get(name)) if len(text) == _ID}
    counted: dict[str, int | None] = dict(Counter(row["source"] for row in view.by_id(sorted(ids))))
    found = {**dict.fromkeys(sorted(named)), **counted}
    if not found:
        raise DataError.bad_file(path, "sources or statements of this record", "none", hint=_HINT)
    return found


def _rows(path: Path, stdin: BinaryIO) -> Iterator[Mapping[str, Any]]:
    if str(path) == "-":
        yield from _parsed(path, stdin.read())
        return
    beside = path.with_name(f"{path.stem}.codebook.json")
    try:
        if path.suffix == ".parquet":
            yield from _told(path)
        elif path.suffix not in (".json", ".jsonl") and beside.is_file():
            yield from _parsed(beside, beside.read_bytes())
        else:
            yield from _parsed(path, path.read_bytes())
    except OSError as error:
        raise DataError.bad_file(path, "a file that can be read", str(error.strerror or error), hint=_HINT) from None


def _told(path: Path) -> Iterator[Mapping[str, Any]]:
    """What a Parquet file says of itself."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        told = pq.read_schema(path).metadata or {}
    except pa.ArrowInvalid:
        raise DataError.bad_file(path, "a Parquet file", "another, or a damaged one", hint=_HINT) from None
    yield from _parsed(path, told.get(b"multipolar", b"{}"))


def _parsed(path: Path, data: bytes) -> Iterator[Mapping[str, Any]]:
    try:
        text = data.decode("utf-8-sig")
        if text.lstrip().startswith(("{", "[")):
            yield from _objects(text)
        else:
            yield from csv.DictReader(io.StringIO(text, newline=""))
    except (UnicodeDecodeError, json.JSONDecodeError, csv.Error) as error:
        raise DataError.bad_file(path, "JSON lines or CSV in UTF-8", str(error), hint=_HINT) from None


def _objects(text: str) -> Iterator[Mapping[str, Any]]:
    """Every object in the text, however deep: one JSON document, or one a line."""
    try:
        documents = [json.loads(text)]
    except json.JSONDecodeError:
        documents = [json.loads(line) for line in text.splitlines() if line.strip()]
    for document in documents:
        yield from _nested(document)


def _nested(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
    inside = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for item in inside:
        yield from _nested(item)


def _texts(value: Any) -> Iterator[str]:
    """The texts in a cell: one, several with spaces between, a list, or the keys of a mapping."""
    if isinstance(value, str):
        yield from value.split()
    elif isinstance(value, Iterable):
        yield from (
            item if isinstance(item, str) else str(item.get("key", "")) if isinstance(item, Mapping) else ""
            for item in value
        )
