"""The statements behind the page: numbered as they are first cited, described, and counted by source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from multipolar.actors import actors, get
from multipolar.brief.model import Basis, Push, SourceLine, Statement
from multipolar.brief.words import count, listed, number, period
from multipolar.record import KINDS, Coverage, Source, View

#: An observed zero has this in front of the key of its source instead of a statement's id.
ABSENCE: Final = "coverage:"
#: Kinds of one source listed by name before they are only counted.
_LISTED: Final = 6

_CAST: Final = {"yes": "voted yes", "no": "voted no", "abstain": "abstained", "absent": "did not vote"}
_SILENCE: Final = {"zero": "silence means none", "missing": "silence means not known"}

Row = Mapping[str, Any]


class Evidence:
    """Collects what a page cites. Numbers are given in the order of first citation.

    Parameters
    ----------
    view : View
        Where the statements are.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._rows: dict[str, Row] = {}
        self._numbers: dict[str, int] = {}
        self._absences: set[str] = set()
        #: Statements that carry most of a tie, heaviest first, of pairs that were explained for the page already.
        self.carrying: dict[frozenset[str], list[str]] = {}

    def use(self, ids: Iterable[str]) -> int:
        """Count statements as behind the page, and return how many different ones these are."""
        wanted = set(ids)
        real = {name for name in wanted if not name.startswith(ABSENCE)}
        self._absences |= {name.removeprefix(ABSENCE) for name in wanted - real}
        fresh = sorted(real - self._rows.keys())
        if fresh:
            self._rows.update((row["id"], row) for row in self._view.by_id(fresh))
        return len(real)

    def number(self, id: str) -> int:
        """Number of a statement in the appendix."""
        self.use((id,))
        return self._numbers.setdefault(id, len(self._numbers) + 1)

    def basis(self, anchor: str, shown: Iterable[str], every: Iterable[str], command: str, note: str = "") -> Basis:
        """Statements behind a figure: `shown` by number, `every` one counted."""
        total = self.use(every)
        numbers = tuple(self.number(id) for id in dict.fromkeys(shown) if not id.startswith(ABSENCE))
        return Basis(anchor, numbers, max(total, len(set(numbers))), command, note)

    def pushes(self, weights: pl.DataFrame, sign: int, most: int) -> tuple[Push, ...]:
        """The statements that push most in the direction of `sign`; the votes of one roll call count as one.

        Parameters
        ----------
        weights : DataFrame
            Columns id, weight.
        sign : {1, -1}
            The direction.
        most : int
            How many to return at most.
        """
        groups: dict[str, tuple[list[str], float]] = {}
        self.use(weights["id"])
        for id, weight in weights.select("id", "weight").iter_rows():
            ids, total = groups.get(self._group(id), ([], 0.0))
            groups[self._group(id)] = ([*ids, id], total + weight)
        pushing = [(ids, weight) for ids, weight in groups.values() if weight * sign > 0]
        top = sorted(pushing, key=lambda item: (-abs(item[1]), item[0][0]))[:most]
        return tuple(self._push(ids, weight) for ids, weight in top)

    def push(self, id: str, weight: float) -> Push:
        """One statement with what it adds or takes."""
        self.use((id,))
        return self._push([id], weight)

    def _group(self, id: str) -> str:
        row = self._rows.get(id)
        return f"rollcall {row['rollcall']}" if row and row["form"] == "vote" else id

    def _push(self, ids: list[str], weight: float) -> Push:
        if ids[0].startswith(ABSENCE):
            source = ids[0].removeprefix(ABSENCE)
            return Push((), "", "Nothing recorded, in months that the source covers", source, weight)
        ordered = sorted(dict.fromkeys(ids), key=lambda id: (self._rows[id]["a"], id))
        rows = [self._rows[id] for id in ordered]
        text = votes_said(rows) if rows[0]["form"] == "vote" else said(rows[0])
        return Push(tuple(self.number(id) for id in ordered), _when(rows[0]), text, rows[0]["source"], weight)

    def statements(self) -> tuple[Statement, ...]:
        """The appendix, in the order of the numbers."""
        sources = self._view.sources()
        return tuple(_entry(number, self._rows[id], sources) for id, number in self._numbers.items())

    def sources(self) -> tuple[SourceLine, ...]:
        """The sources behind the page, the one with most statements first."""
        counts = Counter(row["source"] for row in self._rows.values())
        keys = sorted(self._absences | counts.keys(), key=lambda key: (-counts[key], key))
        described, coverage = self._view.sources(), self._view.coverage()
        return tuple(
            SourceLine(
                key, described[key].citation, described[key].url, described[key].licence, counts[key],
                _covers([row for row in coverage if row.source == key]),
            )
            for key in keys
        )  # fmt: skip


def called(actor: str, on: date) -> str:
    """Name of an actor on a day, or its present or last name where it had none."""
    found = get(actor)
    return found.name_on(on) if found.exists(on) else found.name


def who(row: Row) -> str:
    """The actors of a statement by the names of the day."""
    first = called(row["a"], row["valid_from"])
    return f"{first} – {called(row['b'], row['valid_from'])}" if row["b"] else first


def named(message: str, on: date) -> str:
    """A message with the names of states instead of their ids."""
    return re.sub(r"\b[A-Z]{3}\b", lambda found: called(found[0], on) if found[0] in actors() else found[0], message)


def said(row: Row) -> str:
    """One statement in a line: its own words, or what its kind means with its value."""
    meaning = meant(row)
    if row["form"] in ("flow", "trait", "attitude"):
        subject = "" if row["b"] else f"{who(row)}: "
        return f"{subject}{row['text'] or meaning}, {_value(row)}"
    return str(row["text"] or f"{who(row)}: {meaning}")


def meant(row: Row) -> str:
    """What the kind of a statement says, with the names of its actors in place of a and b."""
    text = KINDS[row["form"]][row["kind"]].split(" (")[0]
    text = re.sub(r"^a\b|(?<=people of )a\b|(?<=from )a\b", called(row["a"], row["valid_from"]), text)
    return re.sub(r"\bb\b", called(row["b"], row["valid_from"]), text) if row["b"] else text


def votes_said(rows: list[Row]) -> str:
    """The votes of one roll call in a line."""
    by_choice: dict[str, list[str]] = {}
    for row in rows:
        by_choice.setdefault(row["choice"], []).append(called(row["a"], row["valid_from"]))
    cast = listed(f"{listed(names)} {_CAST[choice]}" for choice, names in by_choice.items())
    return f"{cast}: {rows[0]['text'] or rows[0]['rollcall']}"


def _value(row: Row) -> str:
    """The value as the source wrote it, else as it was read."""
    unit = row["unit"] or ""
    if row["original"]:
        written = str(row["original"])
        return written if not unit or unit.casefold() in written.casefold() else f"{written} {unit}"
    if row["form"] == "event" and row["value"] is not None:
        return f"{number(row['value'], 1)} on a scale from −10 to 10"
    return "" if row["value"] is None else f"{row['value']:g} {unit}".strip()


def _when(row: Row) -> str:
    return period(row["valid_from"], row["valid_to"], open_end=row["form"] in ("tie", "trait"))


def _entry(number: int, row: Row, sources: Mapping[str, Source]) -> Statement:
    return Statement(
        number=number,
        id=row["id"],
        form=row["form"],
        who=who(row),
        kind=meant(row),
        when=_when(row),
        value=_value(row),
        text=row["text"] or "",
        source=row["source"],
        locator=row["locator"] or "",
        url=sources[row["source"]].url,
    )


def _covers(rows: list[Coverage]) -> tuple[str, ...]:
    """What a source covers, kinds with the same years and the same meaning of silence together."""
    groups: dict[tuple[date, date, str, int], list[str]] = {}
    for row in rows:
        groups.setdefault((row.first, row.last, row.absence, len(row.actors)), []).append(row.kind or row.form)
    return tuple(
        f"{_kinds(kinds)}: {period(first, last)}, {count(n, 'actor') if n else 'every actor'}; {_SILENCE[absence]}"
        for (first, last, absence, n), kinds in groups.items()
    )


def _kinds(kinds: list[str]) -> str:
    names = list(dict.fromkeys(kinds))
    return ", ".join(names) if len(names) <= _LISTED else f"{len(names)} kinds of statement"
