"""Fetching: the files that a publisher lets anybody have, to a folder of the user's own, through a guard.

Only https, only the publisher's hosts, no private address, no more bytes than a file may have, and no file that fails its
sum or is visibly no data (see `guard`, `transfer`). `fetch` keeps what it got in a folder with a manifest (see `store`).
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fnmatch import fnmatch
from pathlib import Path, PurePath
from typing import Final, Literal
from urllib.parse import urlsplit

from multipolar.errors import DataError, MultipolarError, RecordError, UsageError
from multipolar.record.files import move
from multipolar.record.model import Progress
from multipolar.sources import NoFile, files, find, how_to_get
from multipolar.sources.fetch.guard import Guard
from multipolar.sources.fetch.store import Entry, Gap, Manifest, held, read_manifest, write_manifest
from multipolar.sources.fetch.transfer import Came, Gone, Nameless, download, head
from multipolar.sources.model import DataSource, Download

__all__ = [
    "Fetched",
    "Gone",
    "Guard",
    "State",
    "fetch",
    "fetched_files",
    "fetched_path",
    "guard_of",
    "newer",
    "wanted_files",
]

State = Literal["fetched", "here", "gap", "failed"]
#: Folder in which a file waits until it has passed all checks.
STAGING: Final = ".incoming"
#: Gaps and files are written to the manifest after so many files of a long list, and at the end.
_KEEP_EVERY: Final = 50


@dataclass(frozen=True)
class Fetched:
    """What became of one file.

    Parameters
    ----------
    source : str
        Name of the source.
    name, url : str
        Name of the file, and where it was asked for.
    state : {"fetched", "here", "gap", "failed"}
        ``here`` means that it was there already; ``gap`` that the publisher does not have this file of a period.
    entry : Entry, optional
        The file, if it is there.
    error : MultipolarError, optional
        Why it is not, if it failed.
    """

    source: str
    name: str
    url: str
    state: State
    entry: Entry | None = None
    error: MultipolarError | None = None


def guard_of(source: DataSource, wanted: Iterable[Download]) -> Guard:
    """The guard for a source: the hosts of its files and those to which its publisher redirects."""
    hosts = {urlsplit(each.url).netloc for each in wanted} | set(source.hosts)
    return Guard(frozenset(host.lower() for host in hosts))


def wanted_files(source: DataSource, since: date | None = None, until: date | None = None) -> tuple[Download, ...]:
    """The files that a fetch would get; those of a period if the source has a file an hour or a day.

    Raises
    ------
    DataError
        If the publisher's files cannot be fetched: the hint says how to get them by hand.
    UsageError
        If a period is needed.
    """
    if source.dated is not None and (since is None or until is None) and not source.downloads:
        hint = "Name the first and the last day, such as --since 2024-06-01 --until 2024-06-30."
        raise UsageError(f"expected the period of {source.name!r}, got none", where="--since, --until", hint=hint)
    dated = source.dated(since, until) if source.dated and since is not None and until is not None else ()
    found = (*source.downloads, *dated)
    if not found:
        raise DataError(f"expected files that can be fetched, got none for {source.name!r}", hint=how_to_get(source))
    return found


def fetch(
    source: DataSource,
    root: Path,
    *,
    since: date | None = None,
    until: date | None = None,
    again: bool = False,
    guard: Guard | None = None,
    progress: Progress | None = None,
    rest: Callable[[float], None] | None = None,
) -> Iterator[Fetched]:
    """Fetch the files of a source to the folder of its name in `root`; one result a file, as each is done.

    Parameters
    ----------
    source : DataSource
    root : Path
        Folder of fetched files.
    since, until : date, optional
        First and last day, for a source with a file an hour or a day.
    again : bool, default False
        Fetch files that are here already once more; the old one stays until the new one is whole and checked.
    guard : Guard, optional
        By default that of the source.
    progress : callable, optional
        Called as ``progress(done, total, what)``, in bytes.
    rest : callable, optional
        Waits so many seconds between attempts.

    Raises
    ------
    DataError
        If the publisher's files cannot be fetched, or the manifest cannot be read.
    UsageError
        If a period is needed.
    RecordError
        If the folder cannot be written.
    """
    wanted = wanted_files(source, since, until)
    job = _Job(source, root / source.name, guard or guard_of(source, wanted), again, progress, rest)
    with held(job.folder):
        manifest, unsaved = read_manifest(job.folder, source.name), 0
        _tidy(job.staging)
        try:
            for place, each in enumerate(wanted):
                done = job.one(each, manifest.files.get(each.name), dated=place >= len(source.downloads))
                manifest = _after(manifest, done)
                unsaved += done.state in ("fetched", "gap")
                if unsaved >= (_KEEP_EVERY if len(wanted) > _KEEP_EVERY else 1):
                    write_manifest(job.folder, manifest)
                    unsaved = 0
                yield done
                if isinstance(done.error, Nameless):
                    return  # without a network, none of the others comes either
        finally:
            if unsaved:
                write_manifest(job.folder, manifest)
            with suppress(OSError):
                job.staging.rmdir()


def fetched_files(source: DataSource, root: Path) -> tuple[Entry, ...]:
    """The files of a source that were fetched and are still there, by name.

    Raises
    ------
    DataError
        If the manifest cannot be read.
    """
    folder = root / source.name
    entries = read_manifest(folder, source.name).files
    return tuple(entry for _, entry in sorted(entries.items()) if _is_here(folder, entry))


def fetched_path(source: DataSource, root: Path) -> Path:
    """What to read of a source that was fetched: its file, or the folder of its files.

    Of several editions in the folder it is the one that the registry names (`DataSource.downloads`).

    Raises
    ------
    DataError
        If it was not fetched, or it cannot be told which file to read.
    """
    folder = root / source.name
    current = {each.name for each in source.downloads}
    here = [entry.name for entry in fetched_files(source, root) if entry.name in current]
    fit = [name for name in here if any(fnmatch(name, pattern) for pattern in source.files)]
    if len(fit) == 1 and source.dated is None:
        return folder / fit[0]
    if not folder.is_dir():
        raise NoFile.bad_file(root, f"the file of {source.name!r} among those fetched", "none", hint=how_to_get(source))
    return find(source.name, folder)


def newer(source: DataSource, entry: Entry, guard: Guard | None = None) -> bool | None:
    """Whether the publisher has another edition at the address of a file; None if the server does not say.

    Raises
    ------
    DataError
        If the address is forbidden, nothing is there any more, or the server does not answer.
    """
    now = head(entry.url, guard or guard_of(source, (Download(entry.url, entry.name),)))
    for new, old in ((now.etag, entry.etag), (now.modified, entry.modified)):
        if new and old:
            return new != old
    return True if now.size is not None and now.size != entry.size else None


@dataclass(frozen=True)
class _Job:
    """One run of `fetch`."""

    source: DataSource
    folder: Path
    guard: Guard
    again: bool
    progress: Progress | None
    rest: Callable[[float], None] | None

    @property
    def staging(self) -> Path:
        return self.folder / STAGING

    def one(self, wanted: Download, old: Entry | None, *, dated: bool) -> Fetched:
        """What becomes of one file."""
        told = (self.source.name, wanted.name, wanted.url)
        if old and not self.again and self._will_do(wanted, old):
            return Fetched(*told, "here", old)
        try:
            return Fetched(*told, "fetched", self._got(wanted))
        except Gone as error:
            return Fetched(*told, "gap") if dated else Fetched(*told, "failed", error=_explained(error, self.source))
        except DataError as error:
            return Fetched(*told, "failed", error=_explained(error, self.source))

    def _will_do(self, wanted: Download, old: Entry) -> bool:
        same = old.url == wanted.url and wanted.sha256.lower() in ("", old.sha256)
        return same and _is_here(self.folder, old)

    def _got(self, wanted: Download) -> Entry:
        """The file in its place, after all checks; until then it waits in a folder of its own."""
        import pooch

        if wanted.name != PurePath(wanted.name).name or wanted.name.startswith("."):
            raise DataError("expected the plain name of a file", where=wanted.url, hint="Please report this.")
        pooch.get_logger().setLevel(logging.WARNING)
        waiting, came = self.staging / wanted.name, []

        def ours(url: str, output: str, _: object) -> None:
            part = self.staging / f"{wanted.name}.part"
            came.append(download(wanted, part, self.guard, self.progress, rest=self.rest or time.sleep))
            shutil.move(part, output)

        try:
            pooch.retrieve(wanted.url, wanted.sha256 or None, fname=wanted.name, path=self.staging, downloader=ours)
            _refuse_no_data(waiting, wanted)
            move(waiting, self.folder / wanted.name)
        except OSError as error:
            raise RecordError.cannot_write(self.folder, error) from None
        finally:
            with suppress(OSError):
                waiting.unlink(missing_ok=True)
        return _entry(wanted, came[0])


def _refuse_no_data(path: Path, wanted: Download) -> None:
    try:
        files.first_checks(path)
    except DataError as error:
        raise DataError(error.message, where=wanted.url, hint=f"Nothing was kept. {error.hint}") from None


def _tidy(staging: Path) -> None:
    """Remove what a fetch that was killed left behind, save the parts that can be gone on from."""
    try:
        staging.mkdir(exist_ok=True)
        for path in staging.iterdir():
            if not path.name.endswith((".part", ".part.json")):
                path.unlink()
    except OSError as error:
        raise RecordError.cannot_write(staging, error) from None


def _entry(wanted: Download, came: Came) -> Entry:
    now = datetime.now(UTC)
    return Entry(wanted.name, wanted.url, came.size, came.sha256, now, came.said.etag, came.said.modified)


def _after(manifest: Manifest, done: Fetched) -> Manifest:
    if done.state == "fetched" and done.entry:
        return manifest.with_file(done.entry)
    return manifest.with_gap(Gap(done.name, done.url, datetime.now(UTC))) if done.state == "gap" else manifest


def _is_here(folder: Path, entry: Entry) -> bool:
    try:
        return (folder / entry.name).stat().st_size == entry.size
    except OSError:
        return False


def _explained(error: DataError, source: DataSource) -> DataError:
    """The error with the publisher's page in its hint."""
    page = f" {source.by_hand}".rstrip()
    return type(error)(error.message, where=error.where, hint=f"{error.hint} The page: {source.urls[0]}.{page}")
