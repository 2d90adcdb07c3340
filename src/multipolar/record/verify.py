"""Holding a record to its word: every file to its SHA-256, every statement to its id, the index to the archive."""

from __future__ import annotations

import polars as pl

from multipolar.errors import RecordError
from multipolar.record.archive import Archive
from multipolar.record.ids import statement_ids
from multipolar.record.index import Index
from multipolar.record.model import Progress
from multipolar.record.schema import FORMS, Form


def verify(archive: Archive, index: Index, progress: Progress | None = None) -> int:
    """Check everything and return the number of statements.

    Raises
    ------
    RecordError
        Naming the first thing that is not as promised, and the remedy.
    """
    manifests = archive.manifests()[: index.seq]
    totals: dict[Form, int] = dict.fromkeys(FORMS, 0)
    for done, manifest in enumerate(manifests):
        if progress is not None:
            progress(done, len(manifests), f"verify: {manifest.label or manifest.batch}")
        for form, part in manifest.parts.items():
            frame = archive.frame(manifest, form)
            _check_ids(f"{archive.name}: {form} of batch {manifest.name}", form, frame, part.rows)
            totals[form] += frame.height
    for form, total in totals.items():
        _check_index(archive, index, form, total)
    return sum(totals.values())


def _check_ids(where: str, form: Form, frame: pl.DataFrame, rows: int) -> None:
    if frame.height != rows or frame["id"].to_list() != statement_ids(form, frame):
        raise RecordError(
            f"expected {rows} statements, each with the id of its content, got others",
            where=where,
            hint="The file was changed after it was written: make the record again from its sources.",
        )


def _check_index(archive: Archive, index: Index, form: Form, total: int) -> None:
    rows, distinct = index.query(f"SELECT count(*), count(DISTINCT id) FROM idx.{form}").row(0)
    if rows != total or distinct != total:
        raise RecordError(
            f"expected {total} {form} statements in the index, got {rows} ({distinct} distinct)",
            where=archive.name,
            hint="Run `record.reindex()`.",
        )
