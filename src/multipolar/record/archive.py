"""The archive: what a record is made of, in memory or in a folder. It only ever grows.

Folder layout::

    record.json                         format of the archive; marks the folder as a record
    batches/000001-<batch>.json         one a batch: its files with SHA-256, sources, coverage, corrections
    statements/<form>/<batch>.parquet   the statements that the batch added, sorted by id
    write.lock                          held by the one writer
    index.duckdb, index.lock            index that can be rebuilt at any time

The rename of the manifest is the moment at which a batch enters: readers see what manifests name and nothing else.
Whatever an interrupted batch left is removed by the next writer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Protocol

import polars as pl

from multipolar.errors import RecordError
from multipolar.record.files import TEMPORARY, locked, write_whole
from multipolar.record.schema import FORMS, Form, columns

#: Version of the layout; a higher one on disk is refused.
FORMAT: Final = 1
BATCH_DIGITS: Final = 32


@dataclass(frozen=True)
class Part:
    """One Parquet file of a batch, as its manifest promises it."""

    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """Everything about one batch but its statements; sources, coverage and corrections in their plain form."""

    seq: int
    batch: str
    label: str
    day: str
    parts: dict[Form, Part] = field(default_factory=dict)
    sources: list[dict[str, Any]] = field(default_factory=list)
    coverage: list[dict[str, Any]] = field(default_factory=list)
    corrections: list[dict[str, Any]] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)  # source -> first day on which this batch shows it

    @property
    def name(self) -> str:
        """Name of its file."""
        return f"{self.seq:06d}-{self.batch}.json"

    def to_json(self) -> bytes:
        """As written to disk."""
        return (json.dumps(asdict(self), indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        """Read back; raises ValueError, KeyError or TypeError if the text is not a manifest."""
        values = json.loads(text)
        values["parts"] = {form: Part(**part) for form, part in values["parts"].items()}
        return cls(**values)


class Archive(Protocol):
    """What both kinds of archive do. Manifests are in order; `add` is all or nothing."""

    @property
    def name(self) -> str:
        """What to call it in messages."""

    def manifests(self) -> list[Manifest]:
        """Every batch, in order of entry."""

    def frame(self, manifest: Manifest, form: Form, *, only: list[str] | None = None) -> pl.DataFrame:
        """The statements that a batch added, checked against what the manifest promises."""

    def writing(self) -> AbstractContextManager[None]:
        """Be the only writer."""

    def add(self, manifest: Manifest, frames: Mapping[Form, pl.DataFrame], step: Callable[[str], None]) -> None:
        """Take in one batch; `manifest.parts` is filled in here. Call `step` after each file."""


class MemoryArchive:
    """An archive that ends with its process."""

    name = "record in memory"

    def __init__(self) -> None:
        self._batches: list[tuple[Manifest, dict[Form, pl.DataFrame]]] = []

    def manifests(self) -> list[Manifest]:
        """Every batch, in order of entry."""
        return [manifest for manifest, _ in self._batches]

    def frame(self, manifest: Manifest, form: Form, *, only: list[str] | None = None) -> pl.DataFrame:
        """The statements that a batch added."""
        frame = self._batches[manifest.seq - 1][1][form]
        return frame.select(only) if only else frame

    def writing(self) -> AbstractContextManager[None]:
        """There is nobody else."""
        return nullcontext()

    def add(self, manifest: Manifest, frames: Mapping[Form, pl.DataFrame], step: Callable[[str], None]) -> None:
        """Take in one batch."""
        for form, frame in frames.items():
            manifest.parts[form] = Part(frame.height, 0, "")
            step(f"wrote {form} statements")
        self._batches.append((manifest, dict(frames)))


class FolderArchive:
    """An archive of Parquet files and manifests in a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: dict[str, Manifest] = {}

    @property
    def name(self) -> str:
        """Its path."""
        return str(self.path)

    @classmethod
    def create(cls, path: Path) -> FolderArchive:
        """Make an empty archive in a new or empty folder (or one where an earlier `create` was cut short)."""
        marker = path / "record.json"
        try:
            if path.exists() and {p.name for p in path.iterdir()} - {"batches", "statements", marker.name + TEMPORARY}:
                hint = "Choose another folder, or open the record that is there."
                raise RecordError("expected a new or empty folder", where=str(path), hint=hint)
            for folder in (path / "batches", *(path / "statements" / form for form in FORMS)):
                folder.mkdir(parents=True, exist_ok=True)
            write_whole(marker, json.dumps({"multipolar_record": FORMAT}).encode() + b"\n")
        except OSError as cause:
            raise RecordError.cannot_write(path, cause) from cause
        return cls(path)

    @classmethod
    def open(cls, path: Path) -> FolderArchive:
        """The archive in a folder.

        Raises
        ------
        RecordError
            If there is none, or of a later format.
        """
        try:
            found = json.loads((path / "record.json").read_bytes())["multipolar_record"]
        except (FileNotFoundError, NotADirectoryError):
            raise RecordError.not_a_record(path) from None
        except OSError as cause:
            raise RecordError(f"could not read: {cause.strerror or cause}", where=str(path / "record.json")) from cause
        except (ValueError, KeyError, TypeError):
            raise _damaged(path / "record.json", "the mark of a record", "something else") from None
        if not isinstance(found, int) or found > FORMAT:
            hint = "It was written by a newer version of multipolar: use that one."
            raise RecordError(f"expected format {FORMAT}, got {found!r}", where=str(path / "record.json"), hint=hint)
        return cls(path)

    def manifests(self) -> list[Manifest]:
        """Every batch, in order of entry; what was read once is not read again, for manifests never change."""
        names = sorted(p.name for p in (self.path / "batches").glob("*.json"))
        manifests = [self._manifest(name) for name in names]
        for expected, manifest in enumerate(manifests, start=1):
            if manifest.seq != expected:
                raise _damaged(self.path / "batches", f"a manifest of batch {expected}", f"{manifest.name} next")
        return manifests

    def _manifest(self, name: str) -> Manifest:
        if name not in self._read:
            path = self.path / "batches" / name
            try:
                manifest = Manifest.from_json(path.read_bytes())
            except (ValueError, KeyError, TypeError, AttributeError):
                raise _damaged(path, "the manifest of a batch", "something else") from None
            if manifest.name != name:
                raise _damaged(path, f"a manifest called {manifest.name}", name)
            self._read[name] = manifest
        return self._read[name]

    def part_path(self, manifest: Manifest, form: Form) -> Path:
        """Where the statements of one form of a batch lie."""
        return self.path / "statements" / form / f"{manifest.batch}.parquet"

    def frame(self, manifest: Manifest, form: Form, *, only: list[str] | None = None) -> pl.DataFrame:
        """The statements that a batch added; the bytes read are the bytes whose SHA-256 was checked."""
        path, part = self.part_path(manifest, form), manifest.parts[form]
        try:
            content = path.read_bytes()
        except OSError as cause:
            raise _damaged(path, f"{part.rows} statements", cause.strerror or str(cause)) from cause
        if len(content) != part.bytes:
            raise _damaged(path, f"{part.bytes} bytes", f"{len(content)}")
        if sha256(content).hexdigest() != part.sha256:
            raise _damaged(path, "the content that its manifest promises", "another (its SHA-256 differs)")
        return pl.read_parquet(BytesIO(content), columns=only or list(columns(form)))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer, and begin by removing what interrupted batches left."""
        try:
            with locked(self.path / "write.lock"):
                self._sweep()
                yield
        except BlockingIOError:
            raise RecordError(
                "expected to be the only writer, but another one is writing to this record",
                where=self.name,
                hint="Wait until it has ended, then run this again; nothing was written.",
            ) from None
        except OSError as cause:
            raise RecordError.cannot_write(self.path, cause) from cause

    def _sweep(self) -> None:
        named = {self.part_path(manifest, form) for manifest in self.manifests() for form in manifest.parts}
        statements, batches = self.path / "statements", self.path / "batches"
        loose = [path for path in statements.glob("*/*") if path not in named]
        for path in [*loose, *batches.glob(f"*{TEMPORARY}")]:
            path.unlink()

    def add(self, manifest: Manifest, frames: Mapping[Form, pl.DataFrame], step: Callable[[str], None]) -> None:
        """Take in one batch: its Parquet files first, its manifest last."""
        written: list[Path] = []
        try:
            for form, frame in frames.items():
                path, content = self.part_path(manifest, form), _parquet(frame)
                written.append(path)
                write_whole(path, content)
                manifest.parts[form] = Part(frame.height, len(content), sha256(content).hexdigest())
                step(f"wrote {form} statements")
            write_whole(self.path / "batches" / manifest.name, manifest.to_json())
        except BaseException:
            self._undo(manifest, written)
            raise

    def _undo(self, manifest: Manifest, written: list[Path]) -> None:
        """Remove the files of a failed batch, unless its manifest stands after all."""
        with suppress(OSError):
            (self.path / "batches" / manifest.name).unlink(missing_ok=True)
            for path in written:
                path.unlink(missing_ok=True)


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    frame.write_parquet(buffer, compression="zstd", statistics=True)
    return buffer.getvalue()


def _damaged(path: Path, expected: str, got: str) -> RecordError:
    return RecordError(
        f"expected {expected}, got {got}",
        where=str(path),
        hint="It was damaged or changed after it was written: restore a copy, or ingest the sources into a new record.",
    )
