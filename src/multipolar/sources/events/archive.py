"""The event archive: export files of any number as one table of events, in Parquet, with an account of every file.

A billion rows fit no record. An archive is a folder of parts, ``part-000001.parquet`` and so on, each with a manifest of the
same name (``.json``) that lists the files in it: name, sha256, rows, rows left out by reason, period. Columns are those of
`table.SCHEMA`; DuckDB, polars and Spark read the parts as they are.

- **A file enters whole or not at all**, and once: a file with the same sha256 changes nothing. A damaged file is named, and
  nothing of the call's later files is taken unless `keep_going` is set.
- **A part counts when its manifest is there**, which is written last: whatever ends the process, the archive is as it was
  after the last manifest. What it left half done is cleared at the next `add`.
- **A gap is known.** The publisher's raster (GDELT: a file every 15 minutes, a day, a month or a year) says what is missing:
  `gaps`, `coverage` and `months`. No event in a month with a gap is missing, never zero.
- **No engine opens an unvalidated part.** `files` gives the parts of a period after comparing size, footer and sha256 with the
  manifest. (A part whose size and time of change are those of the manifest is not summed again; `check` sums all.)
- **One publisher an archive.** Two of them tell the same events. So do versions 1.0 and 2.0 of GDELT: a file that covers
  time that a file of the other version covers is refused.

Rows are grouped to events within a file. The same event told by two files (GDELT adds what it finds later under a new id)
stays two rows here; indicators group again over `table.KEY`. Parts have about a million rows, sorted by actors and
day and packed with zstd, so that a sum by pair and month reads few bytes; memory stays flat, whatever is added.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final, Self

import polars as pl

from multipolar.errors import DataError, RecordError, UsageError
from multipolar.record.files import locked, write_whole
from multipolar.record.model import Progress
from multipolar.sources.events import table
from multipolar.sources.events.parts import FORMAT, Part, Taken, read_part, sweep, validate, write_part
from multipolar.sources.events.readers import READERS, Reader, batches
from multipolar.sources.events.table import Account, Span
from multipolar.sources.model import LeftOut
from multipolar.sources.publishers.gdelt_files import stamp_of

HEAD: Final = "archive.json"
LOCK: Final = "lock"
#: Events in a part, about: enough for an engine to work at full speed, few enough to sort in memory.
PART: Final = 1_000_000
#: What files of events in a folder are called.
ENDS: Final = (".csv", ".zip", ".gz", ".tab", ".tsv", ".txt")


@dataclass(frozen=True)
class Gap:
    """Time between the first and the last file for which no file is there.

    Parameters
    ----------
    start, end : datetime
        UTC; the end is not included.
    files : int
        Files of the publisher's raster that are missing.
    """

    start: datetime
    end: datetime
    files: int

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M} to {self.end:%Y-%m-%d %H:%M} ({self.files:,} files missing)"


@dataclass(frozen=True)
class Added:
    """What a call of `EventArchive.add` did.

    Parameters
    ----------
    accounts : tuple of Account
        Of the files that were taken.
    known : tuple of str
        Files that were in the archive before, by sha256.
    refused : tuple of (str, str)
        Damaged files and what is wrong with them (only with `keep_going`).
    """

    accounts: tuple[Account, ...]
    known: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()

    @property
    def rows(self) -> int:
        """Rows of the files that were taken."""
        return sum(account.rows for account in self.accounts)

    @property
    def events(self) -> int:
        """Events that they tell."""
        return sum(account.events for account in self.accounts)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Rows left out of all files, by reason."""
        return table.summed(self.accounts)

    @property
    def notes(self) -> tuple[str, ...]:
        """The account in words, one line a reason."""
        first = f"{len(self.accounts):,} files taken: {self.rows:,} rows tell {self.events:,} events"
        known = (f"{len(self.known):,} files were there before",) if self.known else ()
        return (first, *map(str, self.left_out), *known, *(f"refused: {why}" for _, why in self.refused))


class EventArchive:
    """Events from many files in one folder; `create` or `open` one.

    >>> archive = EventArchive.open(Path("gdelt"))  # doctest: +SKIP
    >>> archive.gaps()  # doctest: +SKIP
    """

    def __init__(self, path: Path, source: str) -> None:
        self.path = path
        self.source = source

    @classmethod
    def create(cls, path: Path, source: str = "gdelt") -> Self:
        """Make an archive in a new or empty folder, or open the one of that source that is there.

        Parameters
        ----------
        path : Path
            The folder.
        source : str
            Whose files it takes: ``gdelt``, ``icews`` or ``polecat``.

        Raises
        ------
        UsageError
            If the source is unknown, or the folder holds an archive of another one, or something else.
        RecordError
            If the folder cannot be written.
        """
        known = sorted({reader.source for reader in READERS})
        if source not in known:
            raise UsageError.unknown("source of events", source, known)
        if (path / HEAD).is_file():
            archive = cls.open(path)
            if archive.source != source:
                hint = "Give each publisher an archive of its own: they tell the same events."
                raise UsageError(f"expected an archive of {source}, got one of {archive.source}: {path}", hint=hint)
            return archive
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise UsageError(f"expected a new or empty folder for an archive, got {path}", hint="Name another folder.")
        try:
            path.mkdir(parents=True, exist_ok=True)
            write_whole(path / HEAD, json.dumps({"format": FORMAT, "source": source}).encode())
        except OSError as cause:
            raise RecordError.cannot_write(path, cause) from None
        return cls(path, source)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the archive in a folder.

        Raises
        ------
        DataError
            If there is none, or it is of a format that this version does not know.
        """
        hint = "`EventArchive.create` (`multipolar events FOLDER --add`) makes one."
        try:
            head = json.loads((path / HEAD).read_text(encoding="utf-8"))
            found, source = head["format"], head["source"]
        except (OSError, ValueError, KeyError, TypeError):
            raise DataError.bad_file(path, f"an event archive (a folder with {HEAD})", "none", hint=hint) from None
        if found != FORMAT:
            raise DataError.bad_file(path / HEAD, f"format {FORMAT}", f"{found}", hint="Use a newer multipolar.")
        return cls(path, str(source))

    def add(self, paths: Iterable[Path], progress: Progress | None = None, *, keep_going: bool = False) -> Added:
        """Take in export files, or the files of folders.

        Parameters
        ----------
        paths : iterable of Path
            Files (zip, gzip or plain), or folders of them.
        progress : callable, optional
            Called as ``progress(done, total, what)``, in files.
        keep_going : bool, default False
            Pass over damaged files and report them.

        Returns
        -------
        Added
            What was taken, known before and refused.

        Raises
        ------
        DataError
            For the first file that is damaged, of another source, or covers what the other version covers. The files before
            it in their parts are kept; nothing of it is.
        RecordError
            If the folder cannot be written, or somebody else writes to it.
        """
        try:
            with locked(self.path / LOCK):
                sweep(self.path)
                return _Writer(self, progress, keep_going).take(_listed(paths))
        except BlockingIOError:
            hint = "Wait until the other process has finished."
            raise RecordError("expected to be alone in writing", where=str(self.path), hint=hint) from None
        except OSError as cause:
            raise RecordError.cannot_write(self.path, cause) from None

    def parts(self) -> tuple[Part, ...]:
        """The parts whose manifest is there, in order of writing.

        Raises
        ------
        DataError
            If a manifest cannot be read.
        """
        return tuple(read_part(path) for path in sorted(self.path.glob("part-*.json")))

    def accounts(self) -> tuple[Account, ...]:
        """The accounts of all files in the archive."""
        return tuple(taken.account for part in self.parts() for taken in part.files)

    def files(self, since: date | None = None, until: date | None = None) -> tuple[Path, ...]:
        """The parts with events from `since` to `until` (both included), each validated.

        Raises
        ------
        DataError
            If a part is missing, or is not the file that its manifest describes.
        """
        inside = [
            part
            for part in self.parts()
            if part.first
            and part.last
            and (until is None or part.first <= until)
            and (since is None or since <= part.last)
        ]
        for part in inside:
            validate(part)
        return tuple(part.path for part in inside)

    def check(self) -> None:
        """Sum every part and compare it with its manifest.

        Raises
        ------
        DataError
            For the first part that differs.
        """
        for part in self.parts():
            validate(part, again=True)

    def scan(self, since: date | None = None, until: date | None = None) -> pl.LazyFrame:
        """The events of a period as a lazy polars frame (columns of `table.SCHEMA`)."""
        parts = self.files(since, until)
        if not parts:
            return pl.LazyFrame(schema=table.SCHEMA)
        frame = pl.scan_parquet(list(parts))
        if since:
            frame = frame.filter(pl.col("day") >= since)
        return frame.filter(pl.col("day") <= until) if until else frame

    def covered(self) -> tuple[Span, ...]:
        """The time that the files report on, in as few spans as possible."""
        return table.merged(span for account in self.accounts() for span in account.covers)

    def gaps(self) -> tuple[Gap, ...]:
        """Missing files between the first and the last that are there, as runs."""
        spans = self.covered()
        steps = {span[1]: span[1] - span[0] for account in self.accounts() for span in account.covers}
        return tuple(
            Gap(start, end, max(1, round((end - start) / steps[start]))) for (_, start), (end, _) in pairwise(spans)
        )

    def coverage(self) -> pl.DataFrame:
        """Every day from the first file to the last: ``day``, and ``covered``, whether all its files are there."""
        spans = self.covered()
        schema: dict[str, pl.DataType] = {"day": pl.Date(), "covered": pl.Boolean()}
        if not spans:
            return pl.DataFrame(schema=schema)
        last = (spans[-1][1] - timedelta(microseconds=1)).date()
        days = pl.DataFrame({"day": pl.date_range(spans[0][0].date(), last, eager=True)})
        runs = pl.DataFrame(table.whole_days(spans), schema={"first": pl.Date, "last": pl.Date}, orient="row")
        inside = days.join_asof(runs, left_on="day", right_on="first")
        return inside.select("day", covered=(pl.col("day") <= pl.col("last")).fill_null(False))

    def months(self) -> pl.DataFrame:
        """Every month from the first file to the last: ``month`` (its first day), ``days`` covered, and ``complete``.

        In a month that is not complete, no event is missing, not zero.
        """
        by = (
            self.coverage()
            .group_by(month=pl.col("day").dt.truncate("1mo"))
            .agg(days=pl.col("covered").sum())
            .sort("month")
        )
        return by.with_columns(complete=pl.col("days") == pl.col("month").dt.days_in_month())


class _Writer:
    """One call of `add`: batches of files become parts."""

    def __init__(self, archive: EventArchive, progress: Progress | None, keep_going: bool) -> None:
        self.path, self.source, self.keep_going, self.progress = archive.path, archive.source, keep_going, progress
        parts = archive.parts()
        self.number = max((int(part.path.stem.removeprefix("part-")) for part in parts), default=0)
        self.sums = {taken.sha256 for part in parts for taken in part.files}
        before = [taken.account for part in parts for taken in part.files]
        self.covers = _by_edition(before)
        self.stamped = table.merged(_stamped(before))
        self.waiting: list[pl.DataFrame] = []
        self.taken: list[Taken] = []
        self.accounts: list[Account] = []
        self.known: list[str] = []
        self.refused: list[tuple[str, str]] = []

    def take(self, paths: Sequence[Path]) -> Added:
        """Read the files, write the parts, and say what was done."""
        try:
            for batch in batches(paths, self._fresh, self._refuse):
                self._read(batch.reader, batch.files, batch.sums)
                if self.progress:
                    done = len(self.accounts) + len(self.known) + len(self.refused)
                    self.progress(min(done, len(paths)), len(paths), batch.files[-1][0].name)
                if sum(frame.height for frame in self.waiting) >= PART:
                    self._write()
        except DataError:
            self._write()  # the files before the bad one were whole
            raise
        self._write()
        return Added(tuple(self.accounts), tuple(self.known), tuple(self.refused))

    def _fresh(self, path: Path, digest: str) -> bool:
        """Whether a file is new to the archive."""
        if digest in self.sums:
            self.known.append(path.name)
            return False
        self.sums.add(digest)
        return True

    def _refuse(self, path: Path, error: DataError) -> None:
        """Note a bad file, or stop at it."""
        if not self.keep_going:
            raise error
        self.refused.append((path.name, str(error)))

    def _read(self, reader: Reader, contents: Sequence[tuple[Path, bytes]], sums: Sequence[str]) -> None:
        """A batch; where a file of it is bad, one file at a time, so that the others are taken."""
        try:
            self._check_source(reader, contents[0][0])
            frame, accounts = reader.read(contents)
            self._check_time(contents, accounts)
        except DataError as error:
            if len(contents) > 1:
                for content, digest in zip(contents, sums, strict=True):
                    self._read(reader, [content], [digest])
                return
            self.sums.discard(sums[0])
            self._refuse(contents[0][0], error)
            return
        self.waiting.append(frame.select(table.SCHEMA.keys()))
        self.taken += [Taken(digest, account) for digest, account in zip(sums, accounts, strict=True)]
        self.accounts += accounts
        self._note(accounts)

    def _check_source(self, reader: Reader, path: Path) -> None:
        if reader.source != self.source:
            hint = "Give each publisher an archive of its own: they tell the same events."
            raise DataError.bad_file(path, f"a file of {self.source}", f"one of {reader.source}", hint=hint)

    def _check_time(self, contents: Sequence[tuple[Path, bytes]], accounts: Sequence[Account]) -> None:
        """Refuse files for time that the other version covers, or that another file of the publisher's name covers."""
        for (path, _), account in zip(contents, accounts, strict=True):
            for edition, spans in self.covers.items():
                if edition != account.edition and _overlap(spans, account.covers):
                    hint = "The versions tell the same events: add one of them for each day."
                    expected = f"time that no file of {edition} covers"
                    raise DataError.bad_file(
                        path, expected, f"a file of {account.edition} for the same time", hint=hint
                    )
        new = list(_stamped(accounts))
        if _overlap(self.stamped, new) or len(set(new)) < len(new):
            hint = "Take one vintage of each file: make a new archive of the newer ones."
            raise DataError.bad_file(
                contents[0][0], "time that no other file covers", "another vintage of it", hint=hint
            )

    def _note(self, accounts: Sequence[Account]) -> None:
        """Keep in mind what time the files cover."""
        for edition, spans in _by_edition(accounts).items():
            self.covers[edition] = table.merged((*self.covers.get(edition, ()), *spans))
        self.stamped = table.merged((*self.stamped, *_stamped(accounts)))

    def _write(self) -> None:
        """What has been read becomes a part."""
        if self.taken:
            self.number += 1
            write_part(self.path, self.number, pl.concat(self.waiting).sort("a", "b", "day", "cameo"), self.taken)
            self.waiting, self.taken = [], []


def _listed(paths: Iterable[Path]) -> list[Path]:
    """The files, and the files in the folders, each folder in order of name; hidden ones are passed over."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(each for each in path.iterdir() if each.is_file() and not each.name.startswith("."))
            found += [each for each in inside if each.name.lower().endswith(ENDS)]
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def _by_edition(accounts: Iterable[Account]) -> dict[str, tuple[Span, ...]]:
    found: dict[str, list[Span]] = {}
    for account in accounts:
        found.setdefault(account.edition, []).extend(account.covers)
    return {edition: table.merged(spans) for edition, spans in found.items()}


def _stamped(accounts: Iterable[Account]) -> Iterator[Span]:
    """The time of files whose names are the publisher's."""
    return (span for account in accounts if stamp_of(account.file) for span in account.covers)


def _overlap(merged: Sequence[Span], spans: Sequence[Span]) -> bool:
    """Whether spans share time with spans that are in order and apart."""
    starts = [start for start, _ in merged]
    for start, end in spans:
        at = bisect_left(starts, end) - 1  # the last that starts before this one ends
        if at >= 0 and merged[at][1] > start:
            return True
    return False
