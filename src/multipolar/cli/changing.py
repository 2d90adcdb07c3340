"""What changed in a record between two days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from multipolar.cli.ids import parties, short
from multipolar.cli.options import COMMON, Common, Several, as_it_lies, day
from multipolar.cli.output import Answer, Grid, show
from multipolar.cli.progress import working

if TYPE_CHECKING:
    from multipolar.record import Changes, Record

#: Facts that the table shows one by one.
LISTED: Final = 15
_FACT: Final = ("form", "id", "a", "b", "kind", "choice", "valid_from", "valid_to", "known_from", "value", "unit", "text",
                "source", "locator")  # fmt: skip


def diff(first: str, last: str | None = None, /, *, actor: Several = (), common: Common = COMMON) -> None:
    """What changed in the record between two days: new facts, ties that ended, corrections, new sources and editions.

    JSON and CSV give a row for each change; `change` says what it is: `fact`, `ended`, `corrected`, `source`, `edition`,
    `coverage` or `batch`.

    Parameters
    ----------
    first
        The earlier day (of a month or year, its last).
    last
        The later day; today by default.
    actor
        Only facts about any of these actors.
    """
    as_it_lies(common)
    since = day(first, "the first day", end=True)
    assert since is not None
    with working(common.quiet) as step:
        step(0, 0, f"Opening {common.record or 'the dossier'}")
        record = _record(common)
        until = day(last, "the last day", end=True) or record.today()
        from multipolar.actors import resolve
        from multipolar.record import changes

        step(0, 0, "Comparing the two days")
        made = changes(record, since, until, actors=tuple(resolve(name, until).id for name in actor))
    counts = {"facts": made.facts.height, "ties ended": made.ended.height, "corrections": len(made.corrections)}
    counts |= {"new sources": len(made.sources), "of them new editions": len(made.editions)}
    says = f"From {since} to {until}: {', '.join(f'{number:,} {what}' for what, number in counts.items())}."
    show(Answer(_rows(made), (says,), _grids(made)), common)


def _record(common: Common) -> Record:
    from multipolar.record import Record

    if common.record is not None:
        return Record.open(common.record)
    from multipolar.dossier import load

    record = Record.memory()
    record.ingest(load())
    return record


def _rows(made: Changes) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for change, frame in (("fact", made.facts), ("ended", made.ended)):
        rows += [{"change": change, **row} for row in frame.select(_FACT).to_dicts()]
    rows += [
        {"change": "corrected", "id": item.id, "known_from": item.on, "text": item.reason, "source": item.source}
        for item in made.corrections
    ]
    older = {new.key: old.key for old, new in made.editions}
    rows += [
        {"change": "edition" if one.key in older else "source", "source": one.key, "known_from": one.date,
         "text": f"{one.publisher}: {one.title}", "locator": older.get(one.key)}
        for one in made.sources
    ]  # fmt: skip
    rows += [
        {"change": "coverage", "form": row.form, "kind": row.kind, "valid_from": row.first, "valid_to": row.last,
         "text": f"silence means {'none' if row.absence == 'zero' else 'not known'}", "source": row.source}
        for row in made.coverage
    ]  # fmt: skip
    rows += [
        {"change": "batch", "id": batch.id, "known_from": batch.day, "value": sum(batch.counts.values()),
         "text": batch.label}
        for batch in made.batches
    ]  # fmt: skip
    heads = ("change", *_FACT)
    return [{name: row.get(name) for name in heads} for row in rows]


def _grids(made: Changes) -> list[Grid]:
    counted = [
        (f"{row['facts']:,}", row["form"], row["kind"], f"{row['since']} to {row['until']}", row["source"])
        for row in made.counts.to_dicts()
    ]
    facts = [_line(row, row["known_from"]) for row in made.facts.head(LISTED).to_dicts()]
    ended = [_line(row, row["valid_to"]) for row in made.ended.head(LISTED).to_dicts()]
    corrected = [(str(item.on), short(item.id), item.reason, item.source) for item in made.corrections]
    older = {new.key: old.key for old, new in made.editions}
    sources = [
        (one.key, f"{one.publisher}: {one.title}", f"instead of {older[one.key]}" if one.key in older else "new")
        for one in made.sources
    ]
    batches = [(str(batch.day), batch.label, f"{sum(batch.counts.values()):,}") for batch in made.batches]
    fact_heads = ("known", "who", "kind", "what", "source", "id")
    grids = (
        Grid(("facts>", "form", "kind", "true", "source"), counted[:LISTED], "New facts by source"),
        Grid(fact_heads, facts, f"The latest facts ({len(facts)} of {made.facts.height:,})"),
        Grid(("ended", *fact_heads[1:]), ended, f"Ties that ended ({len(ended)} of {made.ended.height:,})"),
        Grid(("on", "id", "why", "shown by"), corrected, "Corrections"),
        Grid(
            ("source", "what", ""),
            sources[:LISTED],
            f"Sources first heard of ({min(LISTED, len(sources))} of {len(sources)})",
        ),
        Grid(("day", "batch", "statements>"), batches, "Taken into the record"),
    )
    return [grid for grid in grids if grid.rows]


def _line(row: dict[str, Any], when: object) -> tuple[str, ...]:
    what = row["text"] or ""
    what = f"{row['choice']}: {what}" if row["choice"] else what
    return str(when), parties(row), row["kind"], what, row["source"], short(row["id"])
