"""What a panel says of itself: what a row counts, and for each column its unit, how far it reaches and on what it rests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from multipolar.panels.model import JOINT, Asked, Column, Filled
from multipolar.record import Coverage, Source
from multipolar.sources import SOURCES
from multipolar.sources.cite import Citations


@dataclass(frozen=True)
class Used:
    """A source that filled cells of a column."""

    key: str
    cells: int
    citation: str


@dataclass(frozen=True)
class Entry:
    """One column of a panel.

    Attributes
    ----------
    name, label, unit : str
        As in the panel.
    meaning : str
        How a cell is made.
    told : float
        Share of the rows that have a value.
    zero : float
        Share of the rows whose value is an observed zero.
    first, last : str or None
        First and last period with a value.
    stops : tuple of str
        Where it stops and why, one line a source.
    sources : tuple of Used
        What filled it, most cells first.
    prefer : tuple of str
        Which source fills a cell that several tell: by the beginning of their keys, the first of these before the others.
    """

    name: str
    label: str
    unit: str
    meaning: str
    told: float
    zero: float
    first: str | None
    last: str | None
    stops: tuple[str, ...]
    sources: tuple[Used, ...]
    prefer: tuple[str, ...]


@dataclass(frozen=True)
class Codebook:
    """What a panel says of itself.

    Attributes
    ----------
    unit, directed, system
        What a row is.
    counts : str
        The same in words.
    rows : int
    since, until : str
        First and last period.
    as_of : date
        The day whose knowledge counts.
    version : str
        Of this package.
    entries : tuple of Entry
        The columns, in order.
    paragraph, bibtex : str
        What to cite.
    """

    unit: str
    directed: bool
    system: str
    counts: str
    rows: int
    since: str
    until: str
    as_of: date
    version: str
    entries: tuple[Entry, ...]
    paragraph: str
    bibtex: str

    def entry(self, name: str) -> Entry:
        """The entry of a column."""
        return next(entry for entry in self.entries if entry.name == name)

    def plain(self) -> dict[str, Any]:
        """All of it as JSON values."""
        return {**asdict(self), "as_of": self.as_of.isoformat()}

    def json(self) -> str:
        """All of it as JSON text."""
        return json.dumps(self.plain(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    def markdown(self) -> str:
        """All of it as a page to read."""
        head = f"# Codebook\n\n{self.counts}\n\n{self.rows:,} rows, {self.since} to {self.until}, as known on {self.as_of}.\n"
        return "\n".join((head, *map(_section, self.entries), "## Cite\n", self.paragraph, ""))


def _section(entry: Entry) -> str:
    reach = f"{entry.first} to {entry.last}" if entry.first else "nothing"
    lines = [
        f"## `{entry.name}`\n",
        f"{_inert(entry.label)} ({_inert(entry.unit)}): {_inert(entry.meaning)}.\n",
        f"- told in {entry.told:.1%} of the rows ({entry.zero:.1%} observed zeros), {reach}",
        *(f"- {_inert(stop)}" for stop in entry.stops),
        *((f"- of several sources: {', then '.join(entry.prefer)}, then others",) if entry.prefer else ()),
        *(f"- source {used.key}: {used.cells:,} cells. {_inert(used.citation)}" for used in entry.sources),
    ]
    return "\n".join(lines) + "\n"


def _inert(text: str) -> str:
    """Text that no reader of Markdown takes for markup."""
    return " ".join(text.split()).translate({ord(mark): f"\\{mark}" for mark in "<>[]`*_|"})


def row_counts(asked: Asked, *, relevant: bool) -> str:
    """What a row counts, in words."""
    period = "month" if asked.grid.clock.monthly else "year"
    lists = {
        "all": "the state table of multipolar (every state of Correlates of War and of Gleditsch and Ward)",
        "cow": "the state system of Correlates of War",
        "gw": "the list of independent states of Gleditsch and Ward",
    }
    who = {
        (True, False): f"One row a state and {period}",
        (False, False): f"One row a pair of states (a before b in the alphabet) and {period}",
        (False, True): f"One row an ordered pair of states (from a to b) and {period}",
    }[asked.unit == "state-year", asked.directed]
    only = ", where the two are neighbours or one is a major power" if relevant else ""
    return f"{who} in which each existed on some day, by {lists[asked.system]}{only}."


def entry(asked: Asked, filled: Filled, described: Mapping[str, Source]) -> Entry:
    """What to say of one column."""
    column, value = filled.output.column, filled.value
    there = np.isfinite(value)
    rows = max(value.size, 1)
    periods = asked.grid.period[there]
    clock = asked.grid.clock
    first = clock.text(int(periods.min())) if periods.size else None
    last = clock.text(int(periods.max())) if periods.size else None
    used = _used(filled, there, described)
    return Entry(
        name=filled.output.name,
        label=filled.output.label,
        unit=column.unit,
        meaning=column.meaning,
        told=round(float(there.sum()) / rows, 6),
        zero=round(float((value == 0).sum()) / rows, 6),
        first=first,
        last=last,
        stops=stops(asked, column, [each.key for each in used]),
        sources=used,
        prefer=column.prefer,
    )


def _used(
    filled: Filled, there: np.ndarray[tuple[int], np.dtype[np.bool_]], known: Mapping[str, Source]
) -> tuple[Used, ...]:
    counts = np.bincount(filled.source[there & (filled.source >= 0)], minlength=len(filled.sources))
    named = sorted(zip(filled.sources, counts.tolist(), strict=False), key=lambda item: (-item[1], item[0]))
    each = [(key, cells) for label, cells in named if cells for key in label.split(JOINT)]
    return tuple(Used(key, cells, known[key].citation if key in known else "") for key, cells in each)


def stops(asked: Asked, column: Column, used: Sequence[str]) -> tuple[str, ...]:
    """Where a column stops and why: the coverage of every source of its kinds, or what could be read.

    Parameters
    ----------
    asked, column
        The panel and the column.
    used : sequence of str
        Keys of the sources that filled it; they come first.
    """
    rows = _coverage(asked, column)
    if not rows and not used:
        kinds = ", ".join(column.kinds)
        known = "" if asked.view.as_of >= date.today() else f" known on {asked.view.as_of}"
        return (f"no statement of {column.form} {kinds}{known} in this record; {offered(column)}",)
    ordered = sorted(rows, key=lambda key: (used.index(key) if key in used else len(used), key))
    if column.sides == "timeless":
        return tuple(f"{key}: the same in every period" for key in ordered)
    return tuple(_reach(key, rows[key]) for key in ordered) or ("no source states how far it looked",)


def _coverage(asked: Asked, column: Column) -> dict[str, list[Coverage]]:
    """Coverage of a column's kinds by source."""
    found: dict[str, list[Coverage]] = {}
    for row in asked.view.coverage():
        kind, _, mode = row.kind.partition(":")
        if (
            column.takes(row.source)
            and row.form == column.form
            and kind in ("", *column.kinds)
            and mode in ("", column.mode)
        ):
            found.setdefault(row.source, []).append(row)
    return found


def _reach(key: str, rows: Sequence[Coverage]) -> str:
    first, last = min(row.first for row in rows), max(row.last for row in rows)
    silent = "nothing told is none" if any(row.absence == "zero" for row in rows) else "nothing told is missing"
    actors = sorted({actor for row in rows for actor in row.actors})
    only = f" for {', '.join(actors[:8])}{' and others' if len(actors) > 8 else ''}" if actors else ""
    return f"{key} covers {first} to {last}{only}, and missing after; inside, {silent}"


def offered(column: Column) -> str:
    """Which data sets could fill a column."""
    fits = [
        source.name
        for source in SOURCES
        if any(row.form == column.form and row.kind.partition(":")[0] in ("", *column.kinds) for row in source.coverage)
    ]
    return f"`multipolar ingest` reads it from: {', '.join(fits)}" if fits else "no data set of the registry tells it"


def codebook(asked: Asked, entries: Sequence[Entry], citations: Citations, *, relevant: bool, version: str) -> Codebook:
    """The codebook of a panel."""
    clock = asked.grid.clock
    return Codebook(
        asked.unit, asked.directed, asked.system, row_counts(asked, relevant=relevant), int(asked.grid.a.size),
        clock.text(clock.first), clock.text(clock.last), asked.view.as_of, version, tuple(entries),
        citations.paragraph, citations.bibtex,
    )  # fmt: skip
