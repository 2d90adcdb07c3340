"""Reading a folder of articles into a folder of rows: whole files only, resumed where it stopped.

One file of JSON lines an article: the first line says what was read (``form`` is ``document``), the others are the rows
of `Reading.rows`. A run that is stopped leaves every file whole; the next one reads what is missing or has changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from multipolar import __version__
from multipolar.actors.days import check_not_future
from multipolar.errors import DataError, MultipolarError, RecordError
from multipolar.reading.documents import PAGES, TEXTS, id_of, of_bytes
from multipolar.reading.documents.bytes import read_limited
from multipolar.reading.model import Document, Reading

#: Version of the files written here. Another one is read again.
FORMAT: Final = 1
#: The file of what could not be read.
ERRORS: Final = "errors.jsonl"

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a folder.

    Attributes
    ----------
    read : int
        Articles read now.
    skipped : int
        Articles read before by the same reader, and unchanged.
    failed : int
        Files that could not be read; `errors.jsonl` says why.
    events, claims : int
        Found in all articles, those read before included; each mention of an event counts.
    """

    read: int = 0
    skipped: int = 0
    failed: int = 0
    events: int = 0
    claims: int = 0


def read_folder(
    folder: Path,
    out: Path,
    read: Callable[[Document], Reading],
    *,
    progress: Progress,
    on: date | None = None,
    version: str = "",
) -> Summary:
    """Read all articles below a folder.

    Parameters
    ----------
    folder : Path
        Files that end in .txt, .text, .html, .htm or .xhtml are read, in the order of their names; hidden ones and what
        lies below `out` are not.
    out : Path
        Where the rows go, one file an article; made if it is not there. Rows of articles that are no longer in `folder`
        stay. Use one `out` for one `folder`.
    read : callable
        The reader.
    progress : callable
        Called as ``progress(done, total, what)`` before each article, and at the end.
    on : date, optional
        Day of publication of all of them.
    version : str, optional
        Which reader it is: an article is read again if another one read it. The version of the package counts too.

    Returns
    -------
    Summary

    Raises
    ------
    DataError
        If `folder` is none, or has no articles.
    UsageError
        If `on` lies in the future.
    RecordError
        If `out` cannot be written. What was written until then stays, whole.
    KeyboardInterrupt
        As it comes; every file written is whole, and the next run goes on from there.
    """
    if on is not None:
        check_not_future(on, where="on")
    files, errors = _articles(folder, out)
    _make(out)
    reader = f"{__version__}/{FORMAT}/{version}"
    names = _ids(files)
    before = _errors_before(out)
    summary = Summary(failed=len(errors))
    try:
        for done, file in enumerate(files):
            progress(done, len(files), file)
            head = {"doc_id": names[file], "file": file, "reader": reader, "on": on.isoformat() if on else None}
            summary = _one(folder, out, head, read, on, summary, errors)
            before.pop(file, None)
        before = {}  # what is left of it is of files that are gone
    finally:
        _put_errors(out, before | errors)
    progress(len(files), len(files), "")
    return summary


def readings(out: Path) -> Iterator[dict[str, Any]]:
    """Rows of events and claims that `read_folder` wrote, article by article in the order of their files' names.

    Raises
    ------
    DataError
        If `out` is no folder, or one of its files is damaged.
    """
    for path, _ in _written(out):
        yield from _rows(path)[1:]


def articles(out: Path) -> Iterator[dict[str, Any]]:
    """What was read, an article a row: id, file, date and how it is known, title, publisher, url, notes, counts.

    Raises
    ------
    DataError
        As `readings`.
    """
    return (head for _, head in _written(out))


def failures(out: Path) -> list[dict[str, str]]:
    """Files that the last run could not read: ``file``, ``error`` (its kind) and ``message``."""
    return list(_errors_before(out).values())


def _one(
    folder: Path,
    out: Path,
    head: dict[str, Any],
    read: Callable[[Document], Reading],
    on: date | None,
    summary: Summary,
    errors: dict[str, dict[str, str]],
) -> Summary:
    """Read one article, unless that is done; what goes wrong with it is its own."""
    file = head["file"]
    target = out / _target(file)
    try:
        data = read_limited(folder / file)
        head = {"form": "document", **head, "sha256": sha256(data).hexdigest()}
        if (held := _held(target, head)) is not None:
            return _added(replace(summary, skipped=summary.skipped + 1), held)
        reading = read(of_bytes(data, file=folder / file, on=on, id=head["doc_id"]))
        head |= _about(reading)
        content = "".join(_line(row) for row in (head, *reading.rows())).encode()
    except Exception as error:  # a defect that one article shows must not cost the others
        errors[file] = _error(file, error)
        _remove(target)  # rows of what the file was before
        return replace(summary, failed=summary.failed + 1)
    _write(target, content)
    return _added(replace(summary, read=summary.read + 1), head)


def _added(summary: Summary, head: dict[str, Any]) -> Summary:
    return replace(summary, events=summary.events + head["events"], claims=summary.claims + head["claims"])


def _about(reading: Reading) -> dict[str, Any]:
    document = reading.document
    return {
        "date": document.date.isoformat() if document.date else None,
        "dated_by": document.dated_by,
        "title": document.title,
        "publisher": document.publisher,
        "url": document.url,
        "characters": len(document.text),
        "notes": [*document.notes, *reading.notes],
        "events": len(reading.events),
        "claims": len(reading.claims),
    }


def _articles(folder: Path, out: Path) -> tuple[list[str], dict[str, dict[str, str]]]:
    """Names of articles below a folder, sorted, and the folders that cannot be looked into."""
    hint = "Give the folder that the articles are in."
    if not folder.is_dir():
        got = "a file" if folder.exists() else "no such folder"
        raise DataError.bad_file(folder, "a folder of articles", got, hint=hint)
    closed: list[OSError] = []
    found: list[str] = []
    own = out.resolve()
    for parent, below, files in os.walk(folder, onerror=closed.append):
        here = Path(parent)
        below[:] = [name for name in below if not name.startswith(".") and (here / name).resolve() != own]
        articles = (name for name in files if not name.startswith(".") and Path(name).suffix.lower() in TEXTS | PAGES)
        found += [(here / name).relative_to(folder).as_posix() for name in articles]
    errors = {name: _error(name, each) for each in closed if (name := os.path.relpath(str(each.filename), folder))}
    if not found and not errors:
        got = "none that ends in .txt, .html, .htm or .xhtml"
        raise DataError.bad_file(folder, "articles below this folder", got, hint=hint)
    return sorted(found), errors


def _ids(files: list[str]) -> dict[str, str]:
    """The short name of each file; those that would share one have a piece of their hash after it."""
    names = {file: id_of(file) for file in files}
    many: dict[str, int] = {}
    for name in names.values():
        many[name] = many.get(name, 0) + 1
    return {file: f"{name}-{_hash(file)[:6]}" if many[name] > 1 else name for file, name in names.items()}


def _target(file: str) -> str:
    """The name of an article's rows: always the same for a file, and for no other file."""
    return f"{id_of(file)}-{_hash(file)[:12]}.jsonl"


def _hash(file: str) -> str:
    return sha256(os.fsencode(file)).hexdigest()


def _held(target: Path, head: dict[str, Any]) -> dict[str, Any] | None:
    """The first line of what was written before, if it is whole and all of `head` agrees with it."""
    try:
        rows = _rows(target)
    except (OSError, DataError):
        return None
    held = rows[0]
    agrees = all(held.get(name) == value for name, value in head.items())
    return held if agrees and len(rows) == 1 + held.get("events", 0) + held.get("claims", 0) else None


def _written(out: Path) -> list[tuple[Path, dict[str, Any]]]:
    """Files of rows with their first lines, in the order of the names of the articles."""
    if not out.is_dir():
        got = "a file" if out.exists() else "no such folder"
        raise DataError.bad_file(out, "a folder of readings", got, hint="Read a folder of articles into it first.")
    found: list[tuple[Path, dict[str, Any]]] = []
    for path in sorted(out.glob("*.jsonl")):
        if path.name == ERRORS:
            continue
        with path.open(encoding="utf-8", newline="\n") as lines:
            head = _parsed(path, 1, lines.readline())
        if head.get("form") == "document":  # other rows may lie here too
            found.append((path, head))
    return sorted(found, key=lambda each: str(each[1].get("file")))


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise _damaged(path, 1, str(error)) from None
    lines = text.removesuffix("\n").split("\n")
    return [_parsed(path, number, line) for number, line in enumerate(lines, 1)]


def _parsed(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _damaged(path, number, str(error)) from None
    if not isinstance(row, dict):
        raise _damaged(path, number, type(row).__name__)
    return row


def _damaged(path: Path, number: int, got: str) -> DataError:
    hint = "Remove the file and read the folder again: only this article is read then."
    return DataError.bad_file(f"{path}:{number}", "a row as JSON", got, hint=hint)


def _error(file: str, error: BaseException) -> dict[str, str]:
    if isinstance(error, MultipolarError):
        message = str(error)
    elif isinstance(error, OSError):
        message = f"it cannot be looked into: {error.strerror or error}"
    else:
        message = f"the reader failed: {type(error).__name__}: {error}"
    return {"file": file, "error": type(error).__name__, "message": message}


def _errors_before(out: Path) -> dict[str, dict[str, str]]:
    try:
        return {str(row["file"]): row for row in _rows(out / ERRORS)}
    except (OSError, DataError, KeyError):
        return {}  # nothing depends on it: files without rows are read again in any case


def _put_errors(out: Path, errors: dict[str, dict[str, str]]) -> None:
    if errors:
        _write(out / ERRORS, "".join(_line(errors[file]) for file in sorted(errors)).encode("utf-8", "replace"))
    else:
        _remove(out / ERRORS)


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n"


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecordError.cannot_write(out, error) from error


def _write(path: Path, content: bytes) -> None:
    from multipolar.record.files import write_whole  # its room loads a data frame library

    try:
        write_whole(path, content)
    except OSError as error:
        raise RecordError.cannot_write(path, error) from error


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise RecordError.cannot_write(path, error) from error
