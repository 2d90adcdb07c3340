"""Before anything of an article enters a record, a person reads it: one row an event, kept or not, put right where it is wrong.

The file is a table separated by tabs that a spreadsheet opens. ``keep`` is ``yes`` or ``no``, and no row may be without.
``type``, ``mode``, ``actors``, ``recipients``, ``from``, ``to`` and ``aux`` can be put right; the other columns say where
the event comes from and stay as they are.

Actors are codes joined by ``|``: ISO 3166-1 alpha-3, ``IGO:NATO``, ``GRP:WEST``, ``UNK``, each with its sector after a
slash where it is not the whole state: ``SYR/REB``. Two or more actors without a recipient did it to each other.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from multipolar.errors import DataError, RecordError
from multipolar.reading.into import MODES, known_code
from multipolar.reading.model import AUX, TYPES, UNKNOWN, Event, Precision, Reading, When, Who

COLUMNS: Final = (
    "keep", "id", "type", "mode", "actors", "recipients", "from", "to", "aux", "attributed_to", "confidence", "quote", "doc",
)  # fmt: skip
#: Columns that say where an event comes from.
FIXED: Final = ("attributed_to", "confidence", "quote", "doc")
#: Columns that a person can put right.
OPEN: Final = ("type", "mode", "actors", "recipients", "from", "to", "aux")
_FORMULA: Final = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class _Told:
    """One event: the surest mention of it in each article, the surest of all first."""

    id: str
    mentions: tuple[Event, ...]

    @property
    def best(self) -> Event:
        return self.mentions[0]


@dataclass(frozen=True, slots=True)
class _Cell:
    """A row of the file, and how to say what is wrong with it."""

    path: Path
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def bad(self, column: str, expected: str, hint: str = "") -> DataError:
        return DataError.bad_row(self.path, self.line, column, expected, self.cells[column], hint=hint)


def write(readings: Iterable[Reading], path: Path) -> int:
    """Write the events of articles for a person to decide on.

    Parameters
    ----------
    readings : iterable of Reading
    path : Path
        A new file.

    Returns
    -------
    int
        How many events there are, a row each.

    Raises
    ------
    DataError
        If the file is there already: somebody may have worked on it.
    RecordError
        If it cannot be written. Nothing is left behind then.
    """
    from multipolar.record.files import write_whole  # its room loads a data frame library

    if path.exists():
        hint = "Read it with `review.read`, or give another name: what a person wrote is not overwritten."
        raise DataError.bad_file(path, "the name of a new file", "one that is there already", hint=hint)
    told = _events(readings)
    text = io.StringIO()
    rows = csv.writer(text, delimiter="\t", lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows([_cells(each)[column] for column in COLUMNS] for each in told)
    try:
        write_whole(path, text.getvalue().encode("utf-8", "replace"))
    except OSError as error:
        raise RecordError.cannot_write(path, error) from error
    return len(told)


def read(path: Path, readings: Iterable[Reading]) -> list[Event]:
    """The events that a person kept, as that person put them right.

    Parameters
    ----------
    path : Path
        What `write` wrote, with a decision in every row.
    readings : iterable of Reading
        The same readings.

    Returns
    -------
    list of Event
        For each event kept, its surest mention in each article that tells it; corrections are noted in `why`.

    Raises
    ------
    DataError
        At the first thing that is not as it must be, with file, row and column: a row without a decision, an id that is
        unknown, missing or there twice, a cell that cannot be read. Nothing is taken then.
    """
    told = {each.id: each for each in _events(readings)}
    rows = _rows(path)
    _check_ids(path, rows, told)
    kept: list[Event] = []
    for row in rows:
        decided = _decision(row)  # every row is checked, also those that are not kept
        fixed = _put_right(row, told[row["id"]])
        kept += fixed if decided else []
    return kept


def _events(readings: Iterable[Reading]) -> list[_Told]:
    """Every event once, in the order of the articles and of their texts."""
    groups: dict[str, dict[str, list[Event]]] = {}
    for reading in readings:
        for event in reading.events:
            id = _safe(event.event or f"{event.doc_id}-{event.start}-{event.end}")
            groups.setdefault(id, {}).setdefault(event.doc_id, []).append(event)
    return [
        _Told(id, tuple(sorted((min(each, key=_doubt) for each in texts.values()), key=_doubt)))
        for id, texts in groups.items()
    ]


def _doubt(event: Event) -> tuple[object, ...]:
    """What happened before what is only planned or supposed; dated before undated; then the surest."""
    unreal = bool({"hypothetical", "negation", "future"} & set(event.aux))
    return unreal, event.date.start is None, -event.confidence, event.doc_id, event.start


def _cells(told: _Told) -> dict[str, str]:
    """A row as it is written; `read` compares with it."""
    event = told.best
    texts = {
        "keep": "",
        "id": told.id,
        "type": event.type,
        "mode": event.mode or "",
        "actors": _codes(event.actors),
        "recipients": _codes(event.recipients),
        "from": event.date.start.isoformat() if event.date.start else "",
        "to": event.date.end.isoformat() if event.date.end else "",
        "aux": "|".join(event.aux),
        "attributed_to": event.attributed_to.text if event.attributed_to else "",
        "confidence": f"{event.confidence:.2f}",
        "quote": event.quote,
        "doc": "|".join(dict.fromkeys(each.doc_id for each in told.mentions)),
    }
    return {column: _safe(text) for column, text in texts.items()}


def _codes(side: Iterable[Who]) -> str:
    return "|".join(dict.fromkeys(_code(who) for who in side))


def _code(who: Who) -> str:
    return f"{who.code}/{who.sector}" if who.sector else who.code


def _safe(text: str) -> str:
    """One line of text that no spreadsheet takes for a formula: the words are an article's, not ours."""
    line = " ".join(text.replace("\0", " ").split()).encode("utf-8", "replace").decode()
    return f"'{line}" if line.startswith(_FORMULA) else line


def _rows(path: Path) -> list[_Cell]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        hint = "Save it as UTF-8 text, separated by tabs."
        raise DataError.bad_file(
            path, "a table in UTF-8", f"the byte {error.object[error.start]:#04x}", hint=hint
        ) from None
    except OSError as error:
        raise DataError.bad_file(path, "a file that can be read", error.strerror or str(error)) from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True)
    found: list[_Cell] = []
    try:
        header = next(reader, [])
        if tuple(header) != COLUMNS:
            got = " ".join(header) or "an empty file"
            raise DataError.bad_file(path, f"the header {' '.join(COLUMNS)}", got, hint="Separate columns by one tab.")
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append(_row(path, reader.line_num, cells))
    except csv.Error as error:
        raise DataError.bad_file(f"{path}:{reader.line_num}", "a row of a table", str(error)) from None
    return found


def _row(path: Path, line: int, cells: Sequence[str]) -> _Cell:
    if len(cells) != len(COLUMNS):
        column = COLUMNS[min(len(cells), len(COLUMNS)) - 1]
        hint = "Separate cells by one tab."
        raise DataError.bad_row(path, line, column, f"{len(COLUMNS)} cells", f"{len(cells)} cells", hint=hint)
    return _Cell(path, line, dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=True)))


def _check_ids(path: Path, rows: Sequence[_Cell], told: Collection[str]) -> None:
    seen: set[str] = set()
    for row in rows:
        if row["id"] not in told:
            raise row.bad(
                "id", "the id of an event of these readings", "Write the review file again if the articles changed."
            )
        if row["id"] in seen:
            raise row.bad("id", "an id that no row above has")
        seen.add(row["id"])
    missing = [id for id in told if id not in seen]
    if missing:
        hint = "Write `no` to leave an event out, and keep its row."
        raise DataError.bad_row(
            path, len(rows) + 2, "id", f"a row for each event, also for {missing[0]}", "none", hint=hint
        )


def _decision(row: _Cell) -> bool:
    word = row["keep"].lower()
    if word not in ("yes", "no"):
        raise row.bad("keep", "yes or no", "Every event needs a decision.")
    return word == "yes"


def _put_right(row: _Cell, told: _Told) -> list[Event]:
    """The mentions of an event, with what the row says otherwise."""
    written = _cells(told)
    for column in FIXED:
        if row[column] != written[column] and not (
            column == "confidence" and _same_number(row[column], written[column])
        ):
            hint = "This column says where the event comes from: only keep, " + ", ".join(OPEN) + " can be changed."
            raise row.bad(column, repr(written[column]), hint)
    changed = {column: _READ[column](row, told.best) for column in OPEN if row[column] != written[column]}
    type = changed.get("type", told.best.type)
    if changed.keys() & {"type", "mode"} and row["mode"] and row["mode"] not in MODES[type]:
        raise row.bad("mode", f"a mode of {type} ({', '.join(sorted(MODES[type]))}), or nothing")
    when = _when(row, changed, told.best)
    noted = tuple(f"In review: {c} {written[c] or 'empty'} became {row[c] or 'empty'}." for c in OPEN if c in changed)
    return [_corrected(event, changed, when, noted) for event in told.mentions]


def _same_number(a: str, b: str) -> bool:
    try:
        return float(a.replace(",", ".")) == float(b)
    except ValueError:
        return False


def _corrected(event: Event, changed: Mapping[str, Any], when: When | None, noted: tuple[str, ...]) -> Event:
    if not noted:
        return event
    cells = {name: value for name, value in changed.items() if name not in ("from", "to")}
    if when is not None:
        cells["date"] = when
    if cells.keys() & {"actors", "recipients"}:
        doers, others = cells.get("actors", event.actors), cells.get("recipients", event.recipients)
        cells["reciprocal"] = not others and len({_code(who) for who in doers}) > 1
    return replace(event, **cells, why=event.why + noted)


def _when(row: _Cell, changed: Mapping[str, Any], event: Event) -> When | None:
    """The days that a person gave; None where those of the text stand."""
    if not changed.keys() & {"from", "to"}:
        return None
    start, end = (changed.get(c, old) for c, old in (("from", event.date.start), ("to", event.date.end)))
    if "from" in changed and "to" not in changed and event.date.start == event.date.end:
        end = start  # the day itself was put right
    if start is not None and end is not None and end < start:
        raise row.bad("to", f"a day not before {start}", "Swap the days.")
    precision: Precision = "unknown" if start is None and end is None else "day" if start == end else "range"
    return When(start, end, precision, event.date.text, "given in review")


def _read_type(row: _Cell, event: Event) -> str:
    if row["type"] not in TYPES:
        raise row.bad("type", f"one of {', '.join(TYPES)}")
    return row["type"]


def _read_mode(row: _Cell, event: Event) -> str | None:
    return row["mode"] or None  # checked against the type, which may have changed too


def _read_aux(row: _Cell, event: Event) -> tuple[str, ...]:
    words = _split(row["aux"])
    if not set(words) <= set(AUX):
        raise row.bad("aux", f"some of {', '.join(AUX)}, separated by |, or nothing")
    return tuple(word for word in AUX if word in words)


def _side(column: str) -> Callable[[_Cell, Event], tuple[Who, ...]]:
    def read_side(row: _Cell, event: Event) -> tuple[Who, ...]:
        codes = _split(row[column])
        if column == "actors" and not codes:
            raise row.bad(column, "at least one actor", "Write `no` into keep if nobody is known to have done it.")
        known = {_code(who): who for who in (*event.recipients, *event.actors)}
        return tuple(known.get(code) or _given(row, column, code) for code in dict.fromkeys(codes))

    return read_side


def _given(row: _Cell, column: str, text: str) -> Who:
    code, _, sector = text.partition("/")
    if (code != UNKNOWN and not known_code(code)) or ("/" in text and not re.fullmatch("[A-Z]{3}", sector)):
        hint = f"{text!r} is none. A sector stands after a slash: SYR/REB."
        raise row.bad(column, "codes as RUS, IGO:NATO or GRP:WEST, separated by |", hint)
    return Who(code, sector or None, code, "given in review")


def _day(column: str) -> Callable[[_Cell, Event], date | None]:
    def read_day(row: _Cell, event: Event) -> date | None:
        if not row[column]:
            return None
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", row[column], re.ASCII):
                raise ValueError
            return date.fromisoformat(row[column])
        except ValueError:
            raise row.bad(
                column, "a day (YYYY-MM-DD), or nothing", "Format the column as text in a spreadsheet."
            ) from None

    return read_day


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|")] if cell else []


_READ: Final[Mapping[str, Callable[[_Cell, Event], Any]]] = {
    "type": _read_type,
    "mode": _read_mode,
    "actors": _side("actors"),
    "recipients": _side("recipients"),
    "from": _day("from"),
    "to": _day("to"),
    "aux": _read_aux,
}
