"""The parts of an event archive: Parquet files, each with a manifest that lists the files in it and is written last."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import polars as pl

from multipolar.errors import DataError
from multipolar.record.files import TEMPORARY, move, write_whole
from multipolar.sources.events.table import Account
from multipolar.sources.model import LeftOut

FORMAT: Final = 1
#: Rows in a row group, as DuckDB cuts its own.
GROUP: Final = 122_880
_FOOTER: Final = b"PAR1"
_AGAIN: Final = "Remove the part and its manifest, and add its files again (the manifest names them)."


@dataclass(frozen=True)
class Taken:
    """A file in the archive: its sum, and what became of its rows."""

    sha256: str
    account: Account


@dataclass(frozen=True)
class Part:
    """A validated piece of the table, and the files in it."""

    path: Path
    size: int
    sha256: str
    changed: int
    rows: int
    first: date | None
    last: date | None
    files: tuple[Taken, ...]


def write_part(folder: Path, number: int, frame: pl.DataFrame, files: Sequence[Taken]) -> Part:
    """Write a part and, last, its manifest.

    Raises
    ------
    OSError
        If the system refuses; a part without a manifest counts for nothing.
    """
    path = folder / f"part-{number:06}.parquet"
    size, digest = _write_parquet(frame, path)
    first, last = frame.select(pl.col("day").min(), last=pl.col("day").max()).row(0)
    part = Part(path, size, digest, path.stat().st_mtime_ns, frame.height, first, last, tuple(files))
    write_whole(path.with_suffix(".json"), json.dumps(_plain(part), separators=(",", ":")).encode())
    return part


def sweep(folder: Path) -> None:
    """Remove what an interrupted writer left: unfinished files, and parts without a manifest."""
    for path in folder.glob(f"*{TEMPORARY}"):
        path.unlink()
    for path in folder.glob("part-*.parquet"):
        if not path.with_suffix(".json").is_file():
            path.unlink()


def _write_parquet(frame: pl.DataFrame, path: Path) -> tuple[int, str]:
    """Write a table whole or not at all; its size and sum."""
    temporary = path.with_name(path.name + TEMPORARY)
    try:
        frame.write_parquet(temporary, compression="zstd", row_group_size=GROUP, statistics=True)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        size, digest = temporary.stat().st_size, _sum(temporary)
        move(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    return size, digest


def _sum(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 22):
            digest.update(block)
    return digest.hexdigest()


def validate(part: Part, *, again: bool = False) -> None:
    """Refuse a part that is not the file of its manifest.

    Parameters
    ----------
    part : Part
        As its manifest describes it.
    again : bool, default False
        Sum it even if its size and its time of change are those of the manifest.

    Raises
    ------
    DataError
        If it is missing, cut off or changed.
    """
    try:
        found = part.path.stat()
        with part.path.open("rb") as file:
            start = file.read(4)
            file.seek(-4, os.SEEK_END)
            ends = (start, file.read(4))
    except OSError as cause:
        raise DataError.bad_file(
            part.path, "a part of the archive", cause.strerror or str(cause), hint=_AGAIN
        ) from None
    if found.st_size != part.size or ends != (_FOOTER, _FOOTER):
        raise DataError.bad_file(part.path, f"{part.size:,} bytes of Parquet", f"{found.st_size:,} bytes", hint=_AGAIN)
    if (again or found.st_mtime_ns != part.changed) and _sum(part.path) != part.sha256:
        raise DataError.bad_file(part.path, f"sha256 {part.sha256[:12]}…", "another sum: it was changed", hint=_AGAIN)


def _plain(part: Part) -> Any:
    """A manifest as JSON has it."""
    files = [
        {
            "sha256": taken.sha256,
            **asdict(taken.account),
            "left_out": [asdict(item) for item in taken.account.left_out],
        }
        for taken in part.files
    ]
    return _texts(
        {
            "format": FORMAT, "size": part.size, "sha256": part.sha256, "changed": part.changed, "rows": part.rows,
            "first": part.first, "last": part.last, "files": files,
        }
    )  # fmt: skip


def _texts(value: Any) -> Any:
    """Days and times as text, through lists and dictionaries."""
    if isinstance(value, Mapping):
        return {key: _texts(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_texts(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def read_part(path: Path) -> Part:
    """Read a manifest.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    try:
        told = json.loads(path.read_bytes())
        files = tuple(_read_taken(item) for item in told["files"])
        days = (_day(told["first"]), _day(told["last"]))
        return Part(
            path.with_suffix(".parquet"), told["size"], told["sha256"], told["changed"], told["rows"], *days, files
        )
    except (OSError, ValueError, KeyError, TypeError) as cause:
        raise DataError.bad_file(path, "a manifest of the archive", str(cause) or "damage", hint=_AGAIN) from None


def _read_taken(item: Mapping[str, Any]) -> Taken:
    left = tuple(LeftOut(each["reason"], each["rows"], tuple(each["examples"])) for each in item["left_out"])
    covers = tuple((_moment(start), _moment(end)) for start, end in item["covers"])
    days = (_day(item["first"]), _day(item["last"]))
    account = Account(item["file"], item["edition"], item["rows"], item["events"], left, *days, covers)
    return Taken(item["sha256"], account)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
