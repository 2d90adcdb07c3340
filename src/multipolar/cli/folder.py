"""Looking after a record: what is in it, what it cites, whether it is whole, its index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from multipolar.cli.options import COMMON, Common, as_it_lies, open_world
from multipolar.cli.output import Answer, Grid, show
from multipolar.cli.progress import Step, working

if TYPE_CHECKING:
    from multipolar.record import BatchInfo, Record


def info(*, common: Common = COMMON) -> None:
    """What is in a record: statements by form, sources, and the batches in which they came.

    `--as-of` counts what was known on that day. JSON and CSV have one row, with the batches in it.
    """
    with working(common.quiet) as step:
        world = open_world(common, step)
        counts, known, coverage = world.view.counts(), world.view.sources(), world.view.coverage()
        withdrawn = len(world.view.corrections())
        batches = _batches(common)
    row: dict[str, Any] = {"record": str(common.record or "dossier"), "as_of": world.as_of}
    row |= {str(form): count for form, count in counts.items()}
    row |= {
        "statements": sum(counts.values()),
        "sources": len(known),
        "coverages": len(coverage),
        "withdrawn": withdrawn,
    }
    row["batches"] = batches
    heads = [
        (name, f"{value:,}" if isinstance(value, int) else str(value))
        for name, value in row.items()
        if name != "batches"
    ]
    cells = [
        (str(b["seq"]), str(b["day"]), b["label"], f"{b['statements']:,}", str(b["corrections"]), b["id"])
        for b in batches
    ]
    grids = [Grid(("", ">"), heads)]
    if cells:
        grids.append(Grid(("batch>", "day", "label", "statements>", "corrections>", "id"), cells, "Batches"))
    show(Answer([row], grids=grids), common)


def sources(*, common: Common = COMMON) -> None:
    """The sources that a record cites: publisher, title, date, licence, how to cite it, and caveats."""
    with working(common.quiet) as step:
        found = open_world(common, step).view.sources()
    names = ("key", "publisher", "title", "date", "url", "licence", "citation", "note")
    rows = [{name: getattr(source, name) for name in names} for source in found.values()]
    show(Answer(rows, grids=(Grid(("key", "citation"), [(row["key"], row["citation"]) for row in rows]),)), common)


def verify(*, common: Common = COMMON) -> None:
    """Check every file's SHA-256, every statement's id, and the index."""
    as_it_lies(common)
    with working(common.quiet) as step:
        record = _record(common, step)
        step(0, 0, "Verifying")
        count = record.verify(progress=step)
    row = {"record": str(common.record or "dossier"), "statements": count, "whole": True}
    show(Answer([row], (f"Whole: {count:,} statements, each as its manifest promises.",)), common)


def reindex(*, common: Common = COMMON) -> None:
    """Make the index anew from the archive."""
    from multipolar.record import Record

    as_it_lies(common)
    with working(common.quiet) as step:
        record = Record.open(common.folder())
        step(0, 0, "Indexing")
        record.reindex(progress=step)
        counts = record.view().counts()
    row: dict[str, Any] = {"record": str(common.record)}
    row |= {str(form): count for form, count in counts.items()}
    show(Answer([row], (f"Indexed {sum(counts.values()):,} statements.",)), common)


def _record(common: Common, step: Step) -> Record:
    from multipolar.dossier import load
    from multipolar.record import Record

    if common.record is not None:
        return Record.open(common.record)
    record = Record.memory()
    step(0, 0, "Reading the dossier")
    record.ingest(load(), progress=step)
    return record


def _batches(common: Common) -> list[dict[str, Any]]:
    from multipolar.record import Record

    if common.record is None:
        return []
    return [_batch(one) for one in Record.open(common.record).batches()]


def _batch(one: BatchInfo) -> dict[str, Any]:
    row: dict[str, Any] = {"seq": one.seq, "id": one.id, "label": one.label, "day": one.day}
    row |= {str(form): count for form, count in one.counts.items()}
    return {**row, "statements": sum(one.counts.values()), "corrections": one.corrections}
