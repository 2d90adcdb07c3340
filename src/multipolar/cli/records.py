"""Records of one's own: what goes in, and what is withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from multipolar.cli.ids import whole
from multipolar.cli.options import COMMON, Common, as_it_lies, day
from multipolar.cli.output import Answer, Grid, show
from multipolar.cli.progress import Step, working
from multipolar.errors import RecordError, UsageError

if TYPE_CHECKING:
    from multipolar.record import Receipt, Record


def ingest(
    name: str,
    /,
    *,
    source: Annotated[Path | None, Parameter(name="--from")] = None,
    dossier: bool = False,
    unchecked: bool = False,
    common: Common = COMMON,
) -> None:
    """Put a data set, or the dossier, into a record of your own: all of it or nothing.

    The same file again changes nothing. A folder that holds no record is made one. `multipolar sources` lists the names.

    Parameters
    ----------
    name
        Name of a source, or `dossier`.
    source
        The publisher's file, or a folder that holds it; for `dossier` a folder of files in its format.
    dossier
        Put the dossier that comes with the package in as well.
    unchecked
        Take a file though the named checks on its release fail.
    """
    folder = common.folder()
    as_it_lies(common)
    with working(common.quiet) as step:
        step(0, 0, f"Opening {folder}")
        from multipolar import sources

        names = ["dossier", *(each.name for each in sources.SOURCES)]
        if name not in names:
            raise UsageError.unknown("source", name, names)
        if name != "dossier":
            sources.locate(name, source)
        with _opened(folder) as record:
            before = record.sources().keys()
            receipts = []
            if name != "dossier" and source is not None:
                receipts.append((name, sources.ingest(name, record, source, step, strict=not unchecked)))
            if dossier or name == "dossier":
                receipts.append(("dossier", _dossier(record, source if name == "dossier" else None, step)))
    rows = [row for label, receipt in receipts for row in _receipt(label, receipt)]
    cells = [(row["source"], row["form"], f"{row['added']:,}", f"{row['present']:,}") for row in rows]
    new = [one for key, one in record.sources().items() if key not in before and name != "dossier"]
    notes = [f"{one.key}: {one.note}" for one in new if one.note]
    show(Answer(rows, grids=(Grid(("source", "form", "added>", "there already>"), cells),), notes=notes), common)


def correct(id: str, /, *, on: str, reason: str, source: str, common: Common = COMMON) -> None:
    """Withdraw a statement from a day on; answers as of earlier days stay as they were.

    Parameters
    ----------
    id
        Id of the statement, or its beginning.
    on
        The day on which the error became known (YYYY-MM-DD).
    reason
        Why, in words.
    source
        Key of the source that shows the error (`multipolar record sources` lists them).
    """
    from multipolar.record import Correction, Record

    when = day(on, "--on")
    assert when is not None
    as_it_lies(common)
    with working(common.quiet) as step:
        record = Record.open(common.folder())
        step(0, 0, "Withdrawing")
        statement = whole(record.view(), [id])[0]
        record.correct([Correction(statement, when, reason, source)])
    row = {"id": statement, "withdrawn_on": when, "reason": reason, "source": source}
    says = f"Withdrawn from {when} on: {statement}. Views of earlier days still have it."
    show(Answer([row], (says,)), common)


def _dossier(record: Record, folder: Path | None, step: Step) -> Receipt:
    from multipolar.dossier import load

    step(0, 0, "Reading the dossier")
    return record.ingest(load(folder), progress=step)


def _receipt(label: str, receipt: Receipt) -> list[dict[str, Any]]:
    forms = [form for form in receipt.added if receipt.added[form] or receipt.present.get(form, 0)]
    return [
        {"source": label, "form": form, "added": receipt.added[form], "present": receipt.present.get(form, 0),
         "batch": receipt.batch}
        for form in forms
    ]  # fmt: skip


@contextmanager
def _opened(folder: Path) -> Iterator[Record]:
    """The record in a folder, or a new one; a new one that nothing entered is taken away again."""
    from multipolar.record import Record

    if (folder / "record.json").exists():
        yield Record.open(folder)
        return
    there = folder.exists()
    record = Record.create(folder)
    try:
        yield record
    except BaseException:
        with suppress(OSError, RecordError):
            if not record.batches():
                _take_away(folder, there)
        raise


def _take_away(folder: Path, there: bool) -> None:
    """Remove an empty record. A folder that holds anything after all stops this with an OSError."""
    for empty in (folder / "batches", *sorted((folder / "statements").iterdir()), folder / "statements"):
        empty.rmdir()
    for name in ("record.json", "write.lock", "index.lock", "index.duckdb"):
        (folder / name).unlink(missing_ok=True)
    if not there:
        folder.rmdir()
