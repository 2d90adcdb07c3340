"""The record: takes batches in, withdraws what was wrong, and shows what was known on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

from multipolar.errors import RecordError, UsageError
from multipolar.record.archive import Archive, FolderArchive, Manifest, MemoryArchive
from multipolar.record.corrections import prepare_corrections
from multipolar.record.index import Index, rebuild, refreshed
from multipolar.record.ingest import KnownIds, Prepared, known_days, prepare, sources_of
from multipolar.record.model import Batch, BatchInfo, Correction, Progress, Receipt, Source
from multipolar.record.schema import FORMS, Form
from multipolar.record.verify import verify
from multipolar.record.view import View


class Record:
    """An append-only collection of dated, sourced statements.

    Made by `Record.memory`, `Record.create` or `Record.open`; the first ends with the process, the others live in a
    folder. Every method behaves the same on both.

    Examples
    --------
    >>> record = Record.memory()
    >>> record.batches()
    []
    """

    def __init__(self, archive: Archive, *, today: date | None = None) -> None:
        self._archive, self._today = archive, today
        self._index: Index | None = None
        self._known = KnownIds()
        self._lock = Lock()

    @classmethod
    def memory(cls, *, today: date | None = None) -> Record:
        """An empty record in memory. `today` pins the day after which nothing can be known (tests, replays)."""
        return cls(MemoryArchive(), today=today)

    @classmethod
    def create(cls, path: Path | str, *, exist_ok: bool = False, today: date | None = None) -> Record:
        """Make an empty record in a new or empty folder; with `exist_ok`, open the one that is there.

        Raises
        ------
        RecordError
            If the folder holds anything, or cannot be written.
        """
        folder = Path(path)
        if exist_ok and (folder / "record.json").exists():
            return cls.open(folder, today=today)
        return cls(FolderArchive.create(folder), today=today)

    @classmethod
    def open(cls, path: Path | str, *, today: date | None = None) -> Record:
        """The record in a folder, which may be read-only as long as nothing is ingested.

        Raises
        ------
        RecordError
            If the folder holds no record, or one of a later format.
        """
        return cls(FolderArchive.open(Path(path)), today=today)

    @property
    def name(self) -> str:
        """What to call the record in messages: its folder."""
        return self._archive.name

    def ingest(self, batch: Batch, *, progress: Progress | None = None) -> Receipt:
        """Take in a batch: all of it once it is checked, or nothing.

        The same batch again does nothing; statements that the record has already are counted and not stored twice.
        When this returns, the batch survives a crash of the machine; when it raises, or the process is killed, nothing
        of it is there.

        Parameters
        ----------
        batch : Batch
            Statements, sources and coverage.
        progress : callable, optional
            Called as ``progress(done, total, what)``.

        Returns
        -------
        Receipt
            Statements added and already present, by form.

        Raises
        ------
        DataError, UsageError
            If anything in the batch is not as it must be; says which row and column.
        RecordError
            If the folder cannot be written (read-only, full), or somebody else is writing.
        """
        step = _Steps(progress, 2 * len(batch.frames) + 1)
        with self._archive.writing():
            manifests = self._archive.manifests()
            have = sources_of(manifests)
            prepared = prepare(batch, have, today=self.today(), step=step)
            receipt = self._enter(prepared, manifests, known_days(prepared, have, self.today()), step)
        step.end(f"{sum(receipt.added.values())} statements added")
        return receipt

    def correct(self, corrections: Iterable[Correction], *, sources: Sequence[Source] = ()) -> Receipt:
        """Withdraw statements, and put others in their place; views of earlier days stay as they are.

        Parameters
        ----------
        corrections : iterable of Correction
            Each dated on or after the day its statement became known, and not after today.
        sources : sequence of Source, optional
            Sources that the corrections name and the record has not.

        Returns
        -------
        Receipt
            Replacements added and already present, by form.

        Raises
        ------
        DataError
            If a statement is unknown or withdrawn already, a day is out of order, or a replacement fails a check.
        RecordError
            As `ingest`.
        """
        wanted = list(corrections)
        with self._archive.writing():
            manifests = self._archive.manifests()
            have, day = sources_of(manifests), self.today()
            found = self._lookup([item.id for item in wanted], manifests)
            prepared = prepare_corrections(wanted, found, sources, have, today=day, withdrawn=_withdrawn(manifests))
            return self._enter(prepared, manifests, known_days(prepared, have, day), _Steps(None, 0))

    def _enter(
        self, prepared: Prepared, manifests: Sequence[Manifest], known: Mapping[str, date], step: Callable[[str], None]
    ) -> Receipt:
        sizes = {form: frame.height for form, frame in prepared.frames.items()}
        if any(manifest.batch == prepared.batch for manifest in manifests):
            return Receipt(prepared.batch, dict.fromkeys(sizes, 0), sizes)
        new = self._known.new(self._archive, manifests, prepared.frames)
        self._archive.add(prepared.manifest(len(manifests) + 1, self.today(), known), new, step)
        added = {form: new[form].height if form in new else 0 for form in sizes}
        return Receipt(prepared.batch, added, {form: sizes[form] - added[form] for form in sizes})

    def view(self, as_of: date | None = None, *, batches: int | None = None) -> View:
        """What was known on a day.

        Parameters
        ----------
        as_of : date, optional
            The day; None means today.
        batches : int, optional
            See only the first so many batches: the very state of the record at that point, late arrivals left out too.

        Returns
        -------
        View
            Unaffected by what is ingested later.

        Raises
        ------
        UsageError
            If the day lies in the future, or there are fewer batches.
        RecordError
            If a file of the record is damaged.
        """
        today = self.today()
        day = as_of or today
        if day > today:
            raise UsageError.future_date(day, today)
        index, manifests = self._fresh()
        if batches is not None:
            if not 0 <= batches <= len(manifests):
                raise UsageError(f"expected a number of batches from 0 to {len(manifests)}, got {batches}")
            manifests = manifests[:batches]
        return View(index, manifests, day)

    def batches(self) -> list[BatchInfo]:
        """The journal: every batch in order of entry."""
        return [_info(manifest) for manifest in self._archive.manifests()]

    def sources(self) -> dict[str, Source]:
        """Every source by key, whenever it became known."""
        return dict(sorted(sources_of(self._archive.manifests()).items()))

    def reindex(self, *, progress: Progress | None = None) -> None:
        """Make the DuckDB index anew from the archive.

        Raises
        ------
        RecordError
            If a file is damaged, or the folder cannot be written.
        """
        with self._lock:
            self._index = None
            if isinstance(self._archive, FolderArchive):
                self._index = rebuild(self._archive, progress)
            else:
                self._index = refreshed(self._archive, None, progress)

    def verify(self, *, progress: Progress | None = None) -> int:
        """Check every file's SHA-256, every statement's id, and the index; return the number of statements.

        Raises
        ------
        RecordError
            Naming the first file that is not what its manifest promises, and the remedy.
        """
        index, _ = self._fresh()
        return verify(self._archive, index, progress)

    def today(self) -> date:
        """The day after which nothing can be known."""
        return self._today or date.today()

    def _fresh(self) -> tuple[Index, list[Manifest]]:
        with self._lock:
            self._index = refreshed(self._archive, self._index)
            index = self._index
        return index, self._archive.manifests()[: index.seq]

    def _lookup(self, ids: list[str], manifests: Sequence[Manifest]) -> dict[str, tuple[Form, date]]:
        """Form and first known day of statements, withdrawn ones too."""
        index, _ = self._fresh()
        if index.seq < len(manifests):
            raise RecordError("the index is behind the archive", where=self.name, hint="Run `record.reindex()`.")
        found: dict[str, tuple[Form, date]] = {}
        for form in FORMS:
            sql = f"SELECT id, known_from FROM idx.{form} WHERE id IN (SELECT unnest(?::VARCHAR[]))"
            found |= {key: (form, day) for key, day in index.query(sql, [ids]).iter_rows()}
        return found


def _withdrawn(manifests: Iterable[Manifest]) -> dict[str, Mapping[str, Any]]:
    return {item["id"]: item for manifest in manifests for item in manifest.corrections}


def _info(manifest: Manifest) -> BatchInfo:
    counts = {form: part.rows for form, part in manifest.parts.items()}
    return BatchInfo(
        manifest.seq,
        manifest.batch,
        manifest.label,
        date.fromisoformat(manifest.day),
        counts,
        len(manifest.corrections),
    )


class _Steps:
    """Counts the steps of an ingest for whoever watches."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._done, self._total = progress, 0, total

    def __call__(self, what: str) -> None:
        self._done += 1
        self._tell(what)

    def end(self, what: str) -> None:
        self._done = self._total  # forms with nothing new took no step
        self._tell(what)

    def _tell(self, what: str) -> None:
        if self._progress is not None:
            self._progress(self._done, self._total, what)
