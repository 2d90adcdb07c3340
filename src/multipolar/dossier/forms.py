"""Rows of the dossier's files → statements of the six forms, each value checked on the way.

Dates of knowledge: an event, a vote and a tie are known on their first day, unless `known` says otherwise (a treaty is
known from its signature, before it enters into force). A measured period (flow, attitude, trait) is known from the day its
source was published, and never before the period has ended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from multipolar.dossier.table import Row
from multipolar.dossier.who import Who
from multipolar.record import FORMS, Form, Source
from multipolar.record.schema import CHOICES, KINDS, SYMMETRIC

Statement = dict[str, Any]

#: The columns of each kind of file, by the first word of its name.
FILES: Final[dict[str, tuple[str, ...]]] = {
    name: tuple(columns.split())
    for name, columns in {
        "sources": "key publisher title date url licence citation",
        "coverage": "source form kind actors role first last absence note",
        "exceptions": "actor from to reason",
        "parties": "pact actor role from to source locator",
        "pacts": "pact kind from to members source locator text",
        "ties": "a b kind from to known value unit ref source locator original text",
        "events": "date a b kind mode value place known source locator original text",
        "rollcalls": "rollcall body date issue yes no abstain source locator text",
        "votes": "rollcall choice states",
        "flows": "a b kind from to known value unit source locator original text",
        "attitudes": "a b kind from to known value n source locator original text",
        "traits": "a kind from to known value unit source locator original text",
    }.items()
}

#: Values that a kind may take, where there are limits.
_RANGES: Final[dict[str, tuple[float | None, float | None]]] = {
    "membership": (0, 1),
    "embassy": (0, 1),
    "dispute": (1, 5),
    "sanction": (0, 5),
    "troops": (0, None),
    "polyarchy": (0, 1),
    "cinc": (0, 1),
    "wanted_leader": (0, 1),
}
#: Kinds of tie that have a degree, which must be given; the others hold (1) or do not, and the number of troops may be unknown.
_GRADED: Final = frozenset({"membership", "embassy", "dispute", "sanction"})


@dataclass
class Reader:
    """Turns rows into statements, and remembers what it has seen so that nothing is said twice."""

    who: Who
    sources: dict[str, Source]
    rollcalls: dict[str, Statement] = field(default_factory=dict)
    seen: dict[tuple[Any, ...], str] = field(default_factory=dict)

    def tie(self, row: Row) -> Statement:
        """One row of a `ties*.tsv`."""
        kind = self._kind(row, "tie")
        start, end = row.span()
        a, b = self._pair(row, kind, start)
        known = row.day("known", last=True) or start
        statement = self._base(row, kind, start, end, known) | {"a": a, "b": b, "ref": row.optional("ref")}
        if statement["value"] is None:
            if kind in _GRADED:
                raise row.bad("value", "a number", hint=f"A {kind} has a degree: see record/schema.py.")
            statement["value"] = None if kind == "troops" else 1.0
        self._once(row, ("tie", a, b, kind, start, row["ref"]))
        return statement

    def event(self, row: Row) -> Statement:
        """One row of an `events*.tsv`: a day, or a month where no day is known."""
        kind = self._kind(row, "event")
        row.required("date", "a date")
        start, end = row.day("date"), row.day("date", last=True)
        assert start is not None
        assert end is not None
        a, b = self._sides(row, kind, start)
        known = row.day("known", last=True) or end
        place = self.who.at(row, "place", start) if row["place"] else None
        statement = self._base(row, kind, start, end, known, unit=False) | {
            "a": a,
            "b": b,
            "value": row.number("value", -10, 10),
            "mode": row.optional("mode"),
            "place": place,
        }
        self._once(row, ("event", start, a, b, kind, row["mode"], row["text"]))
        return statement

    def flow(self, row: Row) -> Statement:
        """One row of a `flows*.tsv`: so much from a to b within a period."""
        kind = self._kind(row, "flow")
        start, end = self._period(row)
        a, b = self._pair(row, kind, start)
        row.required("value", "a number")
        row.number("value", 0)
        statement = self._base(row, kind, start, end, self._published(row, end)) | {"a": a, "b": b}
        self._once(row, ("flow", a, b, kind, start, end, row["unit"], row["source"]))
        return statement

    def attitude(self, row: Row) -> Statement:
        """One row of an `attitudes*.tsv`: a share of the people of a."""
        kind = self._kind(row, "attitude")
        start, end = self._period(row)
        a, b = self._pair(row, kind, start)
        row.required("value", "a share from 0 to 1")
        share, people = row.number("value", 0, 1), row.number("n", 1)
        if people is not None and people != int(people):
            raise row.bad("n", "a whole number of people")
        asked = None if people is None else int(people)
        statement = self._base(row, kind, start, end, self._published(row, end), unit=False)
        statement |= {"a": a, "b": b, "value": share, "unit": "share", "n": asked}
        self._once(row, ("attitude", a, b, kind, start, end, row["source"], row["text"]))
        return statement

    def trait(self, row: Row) -> Statement:
        """One row of a `traits*.tsv`: so much of something, in a period."""
        kind = self._kind(row, "trait")
        start, end = row.span()
        a = self.who.at(row, "a", start)
        row.required("value", "a number")
        statement = self._base(row, kind, start, end, self._published(row, end or start)) | {"a": a, "b": None}
        self._once(row, ("trait", a, kind, start, end, row["unit"], row["source"]))
        return statement

    def rollcall(self, row: Row) -> None:
        """One row of a `rollcalls*.tsv`; its votes follow in a `votes*.tsv`."""
        name = row.required("rollcall", "the id of a roll call")
        if row["body"] not in KINDS["vote"]:
            raise row.bad("body", f"one of {' '.join(KINDS['vote'])}")
        row.required("date", "a date")
        day = row.day("date")
        assert day is not None
        tallies = {choice: row.number(choice, 0) for choice in ("yes", "no", "abstain")}
        self._once(row, ("rollcall", name))
        base = self._base(row, row["body"], day, day, day, value=False, unit=False)
        base |= {"b": None, "unit": None, "rollcall": name, "issue": row.optional("issue"), "original": None}
        self.rollcalls[name] = base | {"tallies": tallies, "counted": dict.fromkeys(CHOICES, 0)}

    def votes(self, row: Row) -> list[Statement]:
        """One row of a `votes*.tsv`: one statement for each state named."""
        call = self.rollcalls.get(row["rollcall"])
        if call is None:
            raise row.bad(
                "rollcall", "the id of a roll call in a rollcalls*.tsv", hint="Add the roll call there first."
            )
        choice = row["choice"]
        if choice not in CHOICES:
            raise row.bad("choice", f"one of {' '.join(CHOICES)}")
        states = row.required("states", "ids of states").split(" ")
        for state in states:
            self._once(row, ("vote", row["rollcall"], state), column="states")
            self.who.check(row, "states", state, call["valid_from"])
        call["counted"][choice] += len(states)
        tally = call["tallies"].get(choice)
        if tally is not None and call["counted"][choice] > tally:
            counted = call["counted"][choice]
            raise row.bad(
                "states", f"at most the {tally:.0f} official {choice} votes, {counted} are named", hint="Recount."
            )
        shared = {name: value for name, value in call.items() if name not in ("tallies", "counted")}
        said = {"value": CHOICES[choice], "choice": choice, "original": choice}
        return [shared | said | {"a": state} for state in states]

    # ---- pieces

    def _kind(self, row: Row, form: Form) -> str:
        if row["kind"] not in KINDS[form]:
            raise row.bad("kind", f"a kind of {form} ({' '.join(KINDS[form])})", hint="See record/schema.py: KINDS.")
        return row["kind"]

    def _pair(self, row: Row, kind: str, on: date) -> tuple[str, str]:
        a, b = self.who.at(row, "a", on), self.who.at(row, "b", on)
        if a == b:
            raise row.bad("b", "another actor than in `a`", hint="A tie, an event and a flow join two actors.")
        return (b, a) if kind in SYMMETRIC and b < a else (a, b)

    def _sides(self, row: Row, kind: str, on: date) -> tuple[str, str | None]:
        """The actors of an event, which may have no other side (a weapons test)."""
        return self._pair(row, kind, on) if row["b"] else (self.who.at(row, "a", on), None)

    def _period(self, row: Row) -> tuple[date, date]:
        row.required("to", "the last day of the period")
        start, end = row.span()
        assert end is not None
        return start, end

    def _published(self, row: Row, end: date) -> date:
        known, source = row.day("known", last=True), self.sources.get(row["source"])
        if known is not None:
            if known < end:
                raise row.bad(
                    "known", f"a day not before the period has ended ({end})", hint="Give the publication day."
                )
            return known
        return max(end, source.date) if source is not None and source.date is not None else end

    def _base(
        self, row: Row, kind: str, start: date, end: date | None, known: date, *, value: bool = True, unit: bool = True
    ) -> Statement:
        if row["source"] not in self.sources:
            raise row.bad("source", "the key of a source in a sources*.tsv", hint="Add the source there first.")
        row.required("locator", "the place within the source")
        low, high = _RANGES.get(kind, (None, None))
        return {
            "kind": kind,
            "valid_from": start,
            "valid_to": end,
            "known_from": known,
            "source": row["source"],
            "locator": row["locator"],
            "original": row.cells.get("original") or None,
            "value": row.number("value", low, high) if value and "value" in row.cells else None,
            "unit": (row["unit"] or None) if unit else None,
            "text": row.optional("text"),
        }

    def _once(self, row: Row, key: tuple[Any, ...], column: str = "") -> None:
        before = self.seen.get(key)
        if before is not None:
            first = column or next(iter(row.cells))
            raise row.bad(
                first, f"a fact that the dossier does not hold yet ({before} says it)", hint="Remove one of them."
            )
        self.seen[key] = f"{row.file}:{row.line}"


#: Which method reads a row of which form's files.
READS: Final[dict[Form, Callable[[Reader, Row], Statement]]] = {
    "tie": Reader.tie,
    "event": Reader.event,
    "flow": Reader.flow,
    "attitude": Reader.attitude,
    "trait": Reader.trait,
}

#: The first word of the files of each form.
WORDS: Final[dict[Form, str]] = {form: form + "s" for form in FORMS}
