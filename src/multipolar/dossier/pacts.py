"""Treaties of many parties → one statement for each pair of parties and each obligation.

The files name a treaty's obligations once (`pacts.tsv`) and its parties once (`parties.tsv`, or the membership of an
organisation). A pair is bound from the day on which both are parties and the obligation is in force, to the day before one of
these ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any, Final

from multipolar.dossier.states import STATES
from multipolar.dossier.table import Row

_OPEN: Final = date.max

#: What the obligation of a pact may be.
OBLIGATIONS: Final = ("defence", "offence", "neutrality", "nonaggression", "consultation")
#: A `party` is bound to every other party; a `hub` to every `spoke` and a `spoke` to every `hub`, not to their own kind.
ROLES: Final = ("party", "hub", "spoke")


@dataclass(frozen=True, slots=True)
class Party:
    """One state's time in one treaty, and whom it is bound to (see `ROLES`)."""

    actor: str
    first: date
    last: date | None
    role: str = "party"


@dataclass(frozen=True, slots=True)
class Pact:
    """One obligation of one treaty, and where the treaty says so."""

    name: str
    kind: str
    first: date
    last: date | None
    members: str
    source: str
    locator: str
    text: str | None

    @classmethod
    def of(cls, row: Row) -> Pact:
        """Take one row of a `pacts*.tsv`."""
        if row["kind"] not in OBLIGATIONS:
            raise row.bad("kind", f"an obligation ({' '.join(OBLIGATIONS)})")
        first, last = row.span()
        name = row.required("pact", "the id of a treaty")
        members = row["members"] or name
        locator = row.required("locator", "the article")
        return cls(name, row["kind"], first, last, members, row["source"], locator, row.optional("text"))


def overlap(*spans: tuple[date, date | None]) -> tuple[date, date | None] | None:
    """The days that all spans share (None for no end), or None if there are none.

    >>> overlap((date(1949, 8, 24), None), (date(2023, 4, 4), None))
    (datetime.date(2023, 4, 4), None)
    """
    first = max(start for start, _ in spans)
    last = min(end or _OPEN for _, end in spans)
    return None if last < first else (first, None if last == _OPEN else last)


def bind(pacts: Iterable[Pact], parties: Mapping[str, Iterable[Party]]) -> Iterator[dict[str, Any]]:
    """Give a tie statement for each pair of dossier states that a pact binds.

    Parameters
    ----------
    pacts : iterable of Pact
    parties : mapping
        The parties by the name of the treaty or organisation; a state that left and came back has several.
    """
    of_interest = frozenset(STATES)
    bound: dict[str, list[Party]] = defaultdict(list)
    for name, members in parties.items():
        bound[name] = [party for party in members if party.actor in of_interest]
    for pact in pacts:
        for one, two in combinations(bound[pact.members], 2):
            if one.actor == two.actor or (one.role == two.role and one.role != "party"):
                continue
            days = overlap((pact.first, pact.last), (one.first, one.last), (two.first, two.last))
            if days is not None:
                yield _statement(pact, one.actor, two.actor, *days)


def _statement(pact: Pact, one: str, two: str, first: date, last: date | None) -> dict[str, Any]:
    return {
        "a": min(one, two),
        "b": max(one, two),
        "kind": pact.kind,
        "valid_from": first,
        "valid_to": last,
        "known_from": first,
        "source": pact.source,
        "locator": pact.locator,
        "original": "common membership",
        "value": 1.0,
        "unit": None,
        "text": pact.text,
        "ref": pact.name,
    }
