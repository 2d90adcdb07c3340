"""Who may stand in a row: an actor that the table of actors knows, and a state only on days on which it existed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from multipolar import actors
from multipolar.dossier.table import Row
from multipolar.errors import UsageError

_HINT: Final = "The id of a state is its ISO-3166 alpha-3 code; `multipolar resolve NAME` finds an id."


@dataclass
class Who:
    """Checks ids of actors against `multipolar.actors`, with the exceptions that the dossier lists.

    Attributes
    ----------
    exceptions : list of (actor, first day, last day)
        Spans on which a row may name an actor that was no state yet, or no longer (see ``exceptions.tsv``).
    """

    exceptions: list[tuple[str, date, date]] = field(default_factory=list)
    _good: set[tuple[str, date]] = field(default_factory=set)

    def allow(self, row: Row) -> None:
        """Take one row of an ``exceptions*.tsv``."""
        start, end = row.span()
        row.required("reason", "a reason")
        self.known(row, "actor", row["actor"])
        self.exceptions.append((row["actor"], start, end or date.max))

    def at(self, row: Row, column: str, on: date) -> str:
        """The actor named in a cell, which must exist on that day."""
        name = row.required(column, "the id of an actor")
        self.check(row, column, name, on)
        return name

    def check(self, row: Row, column: str, name: str, on: date) -> None:
        """Refuse `name` unless it is an actor and, if a state, existed on that day."""
        if (name, on) in self._good:
            return
        self.known(row, column, name)
        if not self._lived(name, on):
            hint = "If the row is right, say why in exceptions.tsv."
            raise row.bad(column, f"an actor that existed on {on}, not {name}", hint=hint)
        self._good.add((name, on))

    def known(self, row: Row, column: str, name: str) -> None:
        """Refuse `name` unless the table of actors has it."""
        try:
            actors.get(name)
        except UsageError as error:
            hint = error.hint if error.hint.startswith("Did you mean") else _HINT
            raise row.bad(column, f"the id of an actor, not {name!r}", hint=hint) from None

    def _lived(self, name: str, on: date) -> bool:
        if actors.get(name).exists(on):
            return True
        return any(actor == name and first <= on <= last for actor, first, last in self.exceptions)
