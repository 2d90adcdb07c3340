"""From what was read into a record: nothing enters that nobody looked at."""

from __future__ import annotations

import csv
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from multipolar.cli.options import Common
from multipolar.cli.output import printable
from multipolar.cli.progress import tell, working
from multipolar.cli.records import _opened
from multipolar.errors import UsageError

if TYPE_CHECKING:
    from multipolar.reading.model import Event, Reading, When, Who

_HINT: Final = (
    "Write the events to a table with --review FILE, decide there, then give it back: --reviewed FILE --into RECORD."
)


def check_asking(source: str) -> None:
    """Refuse to ask where nobody can answer.

    Raises
    ------
    UsageError
        If standard input is no terminal, or is the article.
    """
    if source == "-" or not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("expected a terminal to ask about each event, got none", where="--into", hint=_HINT)


def write_review(readings: Sequence[Reading], path: Path, common: Common) -> None:
    """Write the table to decide on, and say what to do with it."""
    from multipolar.reading import review

    many = review.write(readings, path)
    tell(
        (f"{many:,} events written to {path}: decide on each, then give it back with --reviewed and --into",),
        common.quiet,
    )


def enter(readings: Sequence[Reading], reviewed: Path | None, folder: Path, common: Common) -> None:
    """Enter the events that were kept into a record: all of them or nothing."""
    from multipolar.reading import into, review

    kept = review.read(reviewed, readings) if reviewed else _asked(readings)
    batch = into.batch(readings, kept)
    notes = [f"left out: “{one.event.quote}”: {one.why}" for one in into.left_out(readings, kept)]
    if not batch.frames:
        tell((*map(printable, notes), "no event was entered"), common.quiet)
        return
    with working(common.quiet) as step:
        step(0, 0, f"Entering into {folder}")
        with _opened(folder) as record:
            receipt = record.ingest(batch, progress=step)
    added, present = receipt.added.get("event", 0), receipt.present.get("event", 0)
    notes.append(f"{added:,} statements entered into {folder} as reported, {present:,} were there already")
    tell(map(printable, notes), common.quiet)


def of_folder(folder: Path, out: Path, on: date | None) -> list[Reading]:
    """What `read_folder` wrote, as readings of the articles as they are now.

    Raises
    ------
    DataError
        If an article is gone, or a file of rows is damaged.
    """
    from multipolar.reading.documents import load
    from multipolar.reading.documents.folder import articles, readings
    from multipolar.reading.model import Reading

    rows: dict[str, list[dict[str, Any]]] = {}
    for row in readings(out):
        rows.setdefault(row["doc_id"], []).append(row)
    found = []
    for head in articles(out):
        if (folder / head["file"]).exists():  # rows of articles that are gone stay in the folder
            document = load(folder / head["file"], on=on, id=head["doc_id"])
            events = (_event(row) for row in rows.get(document.id, ()) if row["form"] == "event")
            found.append(Reading(document, tuple(events)))
    return found


def _event(row: dict[str, Any]) -> Event:
    from multipolar.reading.model import Event

    return Event(
        doc_id=row["doc_id"],
        start=row["start"],
        end=row["end"],
        quote=row["quote"],
        type=row["type"],
        mode=row["mode"],
        actors=tuple(map(_who, row["actors"])),
        recipients=tuple(map(_who, row["recipients"])),
        reciprocal=row["reciprocal"],
        aux=tuple(row["aux"]),
        date=_when(row["date"]),
        place=row["place"],
        attributed_to=_who(row["attributed_to"]) if row["attributed_to"] else None,
        confidence=row["confidence"],
        event=row["event"],
        why=tuple(row["why"]),
    )


def _who(row: dict[str, Any]) -> Who:
    from multipolar.reading.model import Who

    return Who(row["code"], row["sector"], row["text"])


def _when(row: dict[str, Any]) -> When:
    from multipolar.reading.model import When

    first, last = (date.fromisoformat(row[name]) if row[name] else None for name in ("from", "to"))
    return When(first, last, row["precision"], row["text"] or "", row["basis"] or "")


def _asked(readings: Sequence[Reading]) -> list[Event]:
    """The events that the person at the terminal keeps: the table of a review, filled in line by line."""
    from multipolar.reading import review

    with tempfile.TemporaryDirectory(prefix="multipolar-") as folder:
        path = Path(folder) / "review.tsv"
        review.write(readings, path)
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        answers = _answers(rows)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, review.COLUMNS, delimiter="\t", lineterminator="\n")
            writer.writeheader()
            writer.writerows(row | {"keep": next(answers)} for row in rows)
        return review.read(path, readings)


def _answers(rows: Sequence[dict[str, str]]) -> Iterator[str]:
    """``yes`` or ``no`` for each event; after ``q`` no for all that follow."""
    stopped = False
    for number, row in enumerate(rows, 1):
        if stopped:
            yield "no"
            continue
        word = _answer(row, number, len(rows))
        stopped = word == "q"
        yield "yes" if word == "y" else "no"


def _answer(row: dict[str, str], number: int, total: int) -> str:
    sides = f"{row['actors']} > {row['recipients']}" if row["recipients"] else row["actors"]
    kind = f"{row['type']}:{row['mode']}" if row["mode"] else row["type"]
    days = row["from"] if row["from"] == row["to"] else f"{row['from'] or '?'} to {row['to'] or '?'}"
    aux = f"  [{row['aux']}]" if row["aux"] else ""
    print(printable(f"\n“{row['quote']}”\n{kind}  {sides}  {days or 'no date'}{aux}"), file=sys.stderr)
    while True:
        print(f"{number} of {total}: keep it? [y]es, [n]o, [q] none of the rest: ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:  # whoever answered has gone: nothing enters
            raise KeyboardInterrupt
        word = line.strip().lower()[:1]
        if word in ("y", "n", "q"):
            return word
