"""The DuckDB index: every statement of an archive in one table a form, for questions. It can be rebuilt at any time.

In a folder it is the file ``index.duckdb``: built beside it under another name, then renamed over it, so that readers
keep the one they have open. In memory, and where the folder cannot be written, the same tables live in memory. DuckDB
itself never opens a file of the archive: polars reads the bytes whose SHA-256 was checked and hands them over, and
outside access is switched off as soon as the index is attached.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from multipolar.errors import RecordError
from multipolar.record.archive import Archive, FolderArchive, Manifest
from multipolar.record.files import TEMPORARY, locked, move
from multipolar.record.held import interrupts_held
from multipolar.record.model import Progress
from multipolar.record.schema import FORMS, Form, columns

with interrupts_held():
    import duckdb

#: Version of the index's own tables; another one on disk is rebuilt.
LAYOUT: Final = 1

_SQL_TYPES: Final[dict[pl.DataType, str]] = {
    pl.String(): "VARCHAR",
    pl.Date(): "DATE",
    pl.Float64(): "DOUBLE",
    pl.Int64(): "BIGINT",
}
_WITHDRAWAL: Final = "id VARCHAR, day DATE, seq INTEGER"


def stored(form: Form) -> list[str]:
    """Columns that the index keeps: all but `known_to`, which follows from the withdrawals."""
    return [name for name in columns(form) if name != "known_to"]


class Index:
    """Tables ``idx.<form>`` (with the batch's ``seq``) and ``idx.withdrawal``, in memory or in a file.

    Parameters
    ----------
    file : Path, optional
        The index to attach; None for an empty one in memory.
    writable : bool, optional
        Whether to attach the file for writing.

    Raises
    ------
    duckdb.Error
        If the file is not an index that this version reads.
    """

    def __init__(self, file: Path | None = None, *, writable: bool = False) -> None:
        self._con = duckdb.connect(":memory:")
        self.writable = file is None or writable
        path = "" if file is None else str(file.absolute()).replace("'", "''")
        mode = "" if self.writable else " (READ_ONLY)"
        self._con.execute(f"ATTACH '{path or ':memory:'}' AS idx{mode}")
        self._con.execute("SET enable_external_access = false")
        if self.writable:
            self._create()
        self.stamp = self._stamp()

    @property
    def seq(self) -> int:
        """Number of the last batch in it."""
        return self.stamp[1]

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> pl.DataFrame:
        """Answer one SQL question; `parameters` stand for its question marks."""
        with self._con.cursor() as cursor:
            table = cursor.sql(sql, params=list(parameters)).to_arrow_table().combine_chunks()
        frame = pl.from_arrow(table)
        assert isinstance(frame, pl.DataFrame)
        return frame

    def add(self, archive: Archive, manifests: Sequence[Manifest], progress: Progress | None = None) -> None:
        """Take in the batches that are not in it yet, each in one transaction."""
        new = [manifest for manifest in manifests if manifest.seq > self.seq]
        for done, manifest in enumerate(new):
            if progress is not None:
                progress(done, len(new), f"index: {manifest.label or manifest.batch}")
            with self._con.cursor() as cursor:
                cursor.begin()
                _insert(cursor, archive, manifest)
                cursor.commit()
            self.stamp = (LAYOUT, manifest.seq, manifest.batch)

    def finish(self) -> None:
        """Write everything to the file and let go of it."""
        self._con.execute("CHECKPOINT idx")
        self.close()

    def close(self) -> None:
        """Let go of the file; a closed index answers nothing."""
        self._con.close()

    def _create(self) -> None:
        self._con.execute("CREATE TABLE IF NOT EXISTS idx.stamp (layout INTEGER, seq INTEGER, batch VARCHAR)")
        self._con.execute(f"CREATE TABLE IF NOT EXISTS idx.withdrawal ({_WITHDRAWAL})")
        for form in FORMS:
            types = columns(form)
            names = ", ".join(f'"{name}" {_SQL_TYPES[types[name]]}' for name in stored(form))
            self._con.execute(f"CREATE TABLE IF NOT EXISTS idx.{form} ({names}, seq INTEGER)")

    def _stamp(self) -> tuple[int, int, str]:
        rows = self._con.execute("SELECT layout, seq, batch FROM idx.stamp ORDER BY seq DESC LIMIT 1").fetchall()
        layout, seq, batch = rows[0] if rows else (LAYOUT, 0, "")
        return int(layout), int(seq), str(batch)


def _insert(cursor: duckdb.DuckDBPyConnection, archive: Archive, manifest: Manifest) -> None:
    for form in manifest.parts:
        names = ", ".join(f'"{name}"' for name in stored(form))
        cursor.register("incoming", archive.frame(manifest, form, only=stored(form)).to_arrow())
        cursor.execute(f"INSERT INTO idx.{form} SELECT {names}, ? FROM incoming", [manifest.seq])
        cursor.unregister("incoming")
    for item in manifest.corrections:
        day = date.fromisoformat(item["on"])
        cursor.execute("INSERT INTO idx.withdrawal VALUES (?, ?, ?)", [item["id"], day, manifest.seq])
    cursor.execute("INSERT INTO idx.stamp VALUES (?, ?, ?)", [LAYOUT, manifest.seq, manifest.batch])


def refreshed(archive: Archive, current: Index | None, progress: Progress | None = None) -> Index:
    """An index that has every batch of the archive: the current one, the file caught up, or one made in memory."""
    manifests = archive.manifests()
    if current is not None and _is_of(current, manifests) and current.seq == len(manifests):
        return current
    if isinstance(archive, FolderArchive):
        with suppress(duckdb.Error, OSError):  # a read-only folder, a full disk, another builder: go on in memory
            return _from_file(archive, manifests, progress)
    if current is None or not current.writable or not _is_of(current, manifests):
        current = Index()
    current.add(archive, manifests, progress)
    return current


def rebuild(archive: FolderArchive, progress: Progress | None = None) -> Index:
    """Make ``index.duckdb`` anew from the Parquet files.

    Raises
    ------
    RecordError
        If a file is damaged, the folder cannot be written, or somebody else is building the index.
    """
    try:
        return _build(archive, archive.manifests(), None, progress)
    except BlockingIOError:
        hint = "Wait until it has ended, then run this again."
        raise RecordError("another process is building the index", where=str(archive.path), hint=hint) from None
    except OSError as cause:
        raise RecordError.cannot_write(archive.path, cause) from cause
    except duckdb.Error as cause:
        raise RecordError(
            f"could not write the index: {cause}", where=str(archive.path), hint="The archive itself is untouched."
        ) from cause


def _from_file(archive: FolderArchive, manifests: Sequence[Manifest], progress: Progress | None) -> Index:
    found = _open(archive.path / "index.duckdb", manifests)
    if found is not None and found.seq == len(manifests):
        return found
    start = None
    if found is not None:
        found.close()
        start = archive.path / "index.duckdb"
    return _build(archive, manifests, start, progress)


def _open(file: Path, manifests: Sequence[Manifest]) -> Index | None:
    """The index in a file, if it is one of this archive."""
    if not file.exists():
        return None
    try:
        index = Index(file)
    except duckdb.Error:
        return None
    if _is_of(index, manifests):
        return index
    index.close()
    return None


def _is_of(index: Index, manifests: Sequence[Manifest]) -> bool:
    layout, seq, batch = index.stamp
    return layout == LAYOUT and (seq == 0 or (seq <= len(manifests) and manifests[seq - 1].batch == batch))


def _build(
    archive: FolderArchive, manifests: Sequence[Manifest], start: Path | None, progress: Progress | None
) -> Index:
    """Write the index under another name, beginning with a copy of `start`, and rename it into place."""
    final = archive.path / "index.duckdb"
    temporary = final.with_name(final.name + TEMPORARY)
    with locked(archive.path / "index.lock"):
        _remove(temporary)
        try:
            if start is not None:
                shutil.copyfile(start, temporary)
            index = Index(temporary, writable=True)
            try:
                index.add(archive, manifests, progress)
                index.finish()
            finally:
                index.close()
            move(temporary, final)
        finally:
            _remove(temporary)
    return Index(final)


def _remove(temporary: Path) -> None:
    for path in (temporary, temporary.with_name(temporary.name + ".wal")):
        path.unlink(missing_ok=True)
