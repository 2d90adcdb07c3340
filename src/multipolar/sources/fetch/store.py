"""The folder of fetched files: one below it for each source, with a manifest of what is there, whence, and what is not.

``DIR/NAME/manifest.json`` has for each file its address, size, SHA-256, the moment it was fetched, and what the server said
of its edition (``ETag``, ``Last-Modified``); and the gaps: files of a period that the publisher does not have. A gap says
that nothing is known of its hours or days, never that nothing happened.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from multipolar.errors import DataError, RecordError
from multipolar.record.files import locked, write_whole

#: Environment variable that names the folder of fetched files.
VARIABLE: Final = "MULTIPOLAR_DATA"
MANIFEST: Final = "manifest.json"
_FORMAT: Final = 1


@dataclass(frozen=True)
class Entry:
    """A file that was fetched.

    Parameters
    ----------
    name : str
        Its name in the folder of the source.
    url : str
        Where it was asked for.
    size : int
        Bytes.
    sha256 : str
    fetched : datetime
        When, in UTC.
    etag, modified : str
        What the server said of its edition; empty if it did not.
    """

    name: str
    url: str
    size: int
    sha256: str
    fetched: datetime
    etag: str = ""
    modified: str = ""

    @property
    def age(self) -> int:
        """Whole days since it was fetched."""
        return max((datetime.now(UTC) - self.fetched).days, 0)


@dataclass(frozen=True)
class Gap:
    """A file of a period that the publisher did not have when it was asked for."""

    name: str
    url: str
    asked: datetime


@dataclass(frozen=True)
class Manifest:
    """What is in the folder of a source, and what is known to be missing; both by name of the file."""

    source: str
    files: dict[str, Entry] = field(default_factory=dict)
    gaps: dict[str, Gap] = field(default_factory=dict)

    def with_file(self, entry: Entry) -> Manifest:
        """The manifest with a file in it, which is no gap (any more)."""
        gaps = {name: gap for name, gap in self.gaps.items() if name != entry.name}
        return replace(self, files={**self.files, entry.name: entry}, gaps=gaps)

    def with_gap(self, gap: Gap) -> Manifest:
        """The manifest with a gap in it; a file that is there stays."""
        return self if gap.name in self.files else replace(self, gaps={**self.gaps, gap.name: gap})


def home(to: Path | None = None) -> Path:
    """The folder of fetched files: `to`, or what ``MULTIPOLAR_DATA`` names, or one in the system's cache folder."""
    if to is not None:
        return to
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser()
    import pooch

    return Path(pooch.os_cache("multipolar")) / "sources"


def read_manifest(folder: Path, source: str = "") -> Manifest:
    """The manifest of a source's folder; an empty one if there is none.

    Parameters
    ----------
    folder : Path
        The folder with the source's files.
    source : str
        Name of the source; by default that of the folder.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    path = folder / MANIFEST
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["format"] != _FORMAT:
            raise ValueError(f"format {told['format']!r}")
        files = {one["name"]: Entry(**_with_day(one, "fetched")) for one in told["files"]}
        gaps = {one["name"]: Gap(**_with_day(one, "asked")) for one in told["gaps"]}
    except FileNotFoundError:
        return Manifest(source or folder.name)
    except (OSError, ValueError, TypeError, KeyError) as error:
        hint = "Remove the manifest and fetch the files with --again; the files themselves are not touched by it."
        raise DataError.bad_file(path, "the manifest of a folder of fetched files", repr(error), hint=hint) from None
    return Manifest(told["source"], files, gaps)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, whole or not at all.

    Raises
    ------
    RecordError
        If the system refuses.
    """
    told = {
        "format": _FORMAT,
        "source": manifest.source,
        "files": [_plain(entry) for _, entry in sorted(manifest.files.items())],
        "gaps": [_plain(gap) for _, gap in sorted(manifest.gaps.items())],
    }
    try:
        write_whole(folder / MANIFEST, (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode())
    except OSError as error:
        raise RecordError.cannot_write(folder / MANIFEST, error) from None


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Make the folder of a source, and keep other fetches out of it.

    Raises
    ------
    RecordError
        If another one is at it, or the system refuses.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = locked(folder / "fetch.lock")
        lock.__enter__()
    except BlockingIOError:
        hint = "Wait for it to end, or fetch to another folder with --to DIR."
        raise RecordError("expected one fetch at a time, got two", where=str(folder), hint=hint) from None
    except OSError as error:
        raise RecordError.cannot_write(folder, error) from None
    try:
        yield
    finally:
        lock.__exit__(None, None, None)


def _with_day(values: dict[str, Any], name: str) -> dict[str, Any]:
    return {**values, name: datetime.fromisoformat(values[name])}


def _plain(item: Entry | Gap) -> dict[str, Any]:
    return {
        name: value.isoformat(timespec="seconds") if isinstance(value, datetime) else value
        for name, value in asdict(item).items()
    }
