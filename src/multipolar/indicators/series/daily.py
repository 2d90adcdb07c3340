"""The day sums of an event archive, kept beside its parts, so that events are grouped once and not at every question.

Rows that tell one event may stand in any file, and finding them is by far the dearest step of a series. An event has one day:
so the sums of a month can be made from the rows of that month alone, and again only when a file is added that tells of
it. One Parquet file a month, sorted by pair and day; see `tally.day_sums` for why they lose no answer.

They are an index. The archive stays the record: taking the folder away loses nothing, and the next question makes it again. A
part that is not as it was written is made again, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Final

import narwhals as nw
import polars as pl

from multipolar.errors import DataError, RecordError
from multipolar.indicators.series.tally import NEEDED, day_sums
from multipolar.record.files import TEMPORARY, locked, move, write_whole
from multipolar.record.model import Progress
from multipolar.sources.events.archive import EventArchive

FOLDER: Final = "daily"
MANIFEST: Final = "daily.json"
LOCK: Final = "lock"
_VERSION: Final = 1
_ROW_GROUP: Final = 122_880


@dataclass(frozen=True)
class _Kept:
    """What was written for one month, and how the file looked then."""

    rows: int
    size: int
    changed: int
    sha256: str


class DailySums:
    """The kept day sums of an archive.

    Parameters
    ----------
    archive : EventArchive
    """

    def __init__(self, archive: EventArchive) -> None:
        self.archive = archive
        self.folder = archive.path / FOLDER

    def files(
        self, since: date | None = None, until: date | None = None, progress: Progress | None = None
    ) -> tuple[Path, ...]:
        """The files of the months from that of `since` to that of `until`, brought up to date.

        Parameters
        ----------
        since, until : date, optional
        progress : callable, optional
            Called as ``progress(done, total, what)``, in months to be made.

        Raises
        ------
        DataError
            If a part of the archive is damaged.
        RecordError
            If the folder cannot be written, or somebody else writes to it.
        """
        try:
            self.folder.mkdir(exist_ok=True)
            with locked(self.folder / LOCK):
                kept = self._updated(progress)
        except BlockingIOError:
            hint = "Wait until the other process has finished."
            raise RecordError("expected to be alone in writing", where=str(self.folder), hint=hint) from None
        except OSError as cause:
            raise RecordError.cannot_write(self.folder, cause) from None
        low, high = (month_of(day) if day else None for day in (since, until))
        inside = [month for month in sorted(kept) if (low is None or low <= month) and (high is None or month <= high)]
        return tuple(self._path(month) for month in inside)

    def _updated(self, progress: Progress | None) -> Mapping[str, _Kept]:
        told, kept = self._read()
        paths = {part.sha256: part.path for part in self.archive.parts()}
        now = {digest: told[digest] if digest in told else _months(path) for digest, path in paths.items()}
        touched = {month for digest in told.keys() ^ now.keys() for month in {**told, **now}[digest]}
        touched |= {month for month, one in kept.items() if not _as_written(self._path(month), one)}
        touched |= {month for months in now.values() for month in months if month not in kept}
        for done, month in enumerate(sorted(touched)):
            if progress:
                progress(done, len(touched), f"Adding up the events of {month}")
            parts = [paths[digest] for digest, months in now.items() if month in months]
            kept.pop(month, None)
            if parts:
                kept[month] = self._make(parts, month)
            else:
                self._path(month).unlink(missing_ok=True)
        if touched or now != told:
            state = {"version": _VERSION, "parts": now, "months": {month: asdict(one) for month, one in kept.items()}}
            write_whole(self.folder / MANIFEST, json.dumps(state).encode())
        return kept

    def _make(self, parts: Sequence[Path], month: str) -> _Kept:
        first = date(int(month[:4]), int(month[5:]), 1)
        rows = pl.scan_parquet(list(parts)).select(NEEDED).filter(pl.col("day").dt.month_start() == first)
        sums = day_sums(nw.from_native(rows)).to_native().collect(engine="streaming")
        path = self._path(month)
        half = path.with_name(path.name + TEMPORARY)
        sums.sort("a", "b", "day", "known").write_parquet(half, row_group_size=_ROW_GROUP)
        move(half, path)
        found = path.stat()
        return _Kept(sums.height, found.st_size, found.st_mtime_ns, _digest(path))

    def _path(self, month: str) -> Path:
        return self.folder / f"{month}.parquet"

    def _read(self) -> tuple[dict[str, list[str]], dict[str, _Kept]]:
        """Months of each part of the archive, and what is kept; nothing, where that cannot be read."""
        try:
            state = json.loads((self.folder / MANIFEST).read_bytes())
            if state["version"] == _VERSION:
                return state["parts"], {month: _Kept(**one) for month, one in state["months"].items()}
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return {}, {}


def month_of(day: date) -> str:
    """The month of a day, as files are named."""
    return f"{day:%Y-%m}"


def _months(path: Path) -> list[str]:
    """Months that a part of the archive tells of."""
    try:
        days: Iterable[date] = pl.scan_parquet(path).select(pl.col("day").dt.month_start().unique()).collect()["day"]
    except pl.exceptions.PolarsError as error:
        hint = "Remove the part and its manifest, and add its files again (the manifest names them)."
        raise DataError.bad_file(path, "a part of the archive", str(error).splitlines()[0], hint=hint) from None
    return sorted(month_of(day) for day in days)


def _as_written(path: Path, kept: _Kept) -> bool:
    try:
        found = path.stat()
    except OSError:
        return False
    return found.st_size == kept.size and (found.st_mtime_ns == kept.changed or _digest(path) == kept.sha256)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        digest = sha256()
        while block := file.read(1 << 22):
            digest.update(block)
    return digest.hexdigest()
