"""Who held which office when: heads of state, government and ruling party, ministers, spokespersons, envoys.

The facts are in ``data/leaders.tsv``, one tenure a line with its source and locator; ``docs/organisations.md`` says which
states and offices are covered, and how densely.

Days are inclusive. An outgoing and an incoming holder share the day of the handover; `holder` then names the incoming
one. ``valid_to`` is None where the tenure had not ended when the table was compiled (2026-06-30). ``precision`` says
whether the days are exact or stand for the month or year that is documented.

Offices
-------
``head_of_state``, ``head_of_government``
    As the constitution has it. An acting holder's title says so, and may overlap with a suspended one's.
``party_leader``
    Leader of the party that rules where a party rules (China, Vietnam, North Korea, Cuba, the Soviet Union), or, before
    independence, of the national movement (Namibia).
``foreign_minister``, ``defence_minister``
    The European Union's High Representative is its foreign minister.
``security_adviser``
    National security adviser, or secretary of a security council.
``spokesperson``, ``envoy``
    Held by several persons at once, told apart by title; `envoy` covers ambassadors, special envoys and presidential aides.
``secretary_general``
    The chief official, or president, of an organisation or of one of its bodies.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from multipolar.actors.tables import Row, read_table
from multipolar.errors import UsageError

DATA: Final = Path(__file__).parent / "data"

OFFICES: Final = (
    "head_of_state", "head_of_government", "party_leader", "foreign_minister", "defence_minister", "security_adviser",
    "spokesperson", "envoy", "secretary_general",
)  # fmt: skip
#: Offices that several persons of one actor hold at once.
SHARED_OFFICES: Final = frozenset({"spokesperson", "envoy", "secretary_general"})
_PRECISIONS: Final = ("day", "month", "year")
#: Columns of ``leaders.tsv``.
LEADER_COLUMNS: Final = (
    "id",
    "name",
    "aliases",
    "actor",
    "office",
    "title",
    "from",
    "to",
    "precision",
    "source",
    "locator",
    "note",
)


@dataclass(frozen=True, slots=True)
class Tenure:
    """One person in one office over one interval, with its source.

    Attributes
    ----------
    id : str
        Of the person, for example ``RUS.putin``; the same in each of the person's offices.
    name : str
        Full name.
    aliases : tuple of str
        Other spellings and short forms by which texts name the person.
    actor : str
        Id of the state or organisation.
    office : str
        One of `OFFICES`.
    title : str
        The office's own name.
    valid_from, valid_to : date
        First and last day (None: not ended).
    precision : str
        ``day``, ``month`` or ``year``.
    source, locator, note : str
        Publisher, place in its publication, remark.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    actor: str
    office: str
    title: str
    valid_from: date
    valid_to: date | None
    precision: str
    source: str
    locator: str
    note: str

    def holds(self, on: date) -> bool:
        """Whether the person was in office on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    @property
    def acting(self) -> bool:
        """Whether the title says that the person stood in for the holder."""
        return self.title.startswith("Acting")


def leaders(state: str | None = None, on: date | None = None, office: str | None = None) -> tuple[Tenure, ...]:
    """Tenures of a state or organisation, on a day, in an office; each condition may be left out.

    Raises
    ------
    UsageError
        If `office` is not one of `OFFICES`.
    """
    _check_office(office)
    rows = _tenures() if state is None else _by_actor().get(state, ())
    return tuple(row for row in rows if (office is None or row.office == office) and (on is None or row.holds(on)))


def holder(state: str, office: str, on: date) -> Tenure | None:
    """Who held an office on a day; None where the table knows nobody (a vacancy, or a gap in the table).

    Of two holders on the day of a handover it is the incoming one; a person acting for a suspended holder counts as
    the incoming one too.

    Raises
    ------
    UsageError
        If `office` is not one of `OFFICES`, or several persons hold it at once (use `leaders`).
    """
    if office in SHARED_OFFICES:
        single = [name for name in OFFICES if name not in SHARED_OFFICES]
        raise UsageError(
            f"expected an office held by one person, got {office!r}",
            hint=f"Use `leaders(state, on, office)`, or choose one of: {', '.join(single)}.",
        )
    return max(leaders(state, on, office), key=lambda row: row.valid_from, default=None)


def leader_names() -> list[tuple[str, str, date, date | None]]:
    """Every name of every person: ``(id, name or alias, first day, last day)`` of each time in office, without doubles."""
    names = {
        (row.id, name, row.valid_from, row.valid_to): None for row in _tenures() for name in (row.name, *row.aliases)
    }
    return list(names)


def read_leaders(path: Path) -> tuple[Tenure, ...]:
    """Read a table of tenures.

    Raises
    ------
    DataError
        With file, line and column, if a line is malformed, or gives an id another name than a line above.
    """
    tenures: list[Tenure] = []
    names: dict[str, str] = {}
    for row in read_table(path, LEADER_COLUMNS):
        tenure = _tenure(row)
        if names.setdefault(tenure.id, tenure.name) != tenure.name:
            raise row.bad("name", f"{names[tenure.id]!r}, the name that {tenure.id} has above")
        tenures.append(tenure)
    return tuple(tenures)


@cache
def _tenures() -> tuple[Tenure, ...]:
    return read_leaders(DATA / "leaders.tsv")


@cache
def _by_actor() -> Mapping[str, tuple[Tenure, ...]]:
    rows: dict[str, list[Tenure]] = {}
    for row in _tenures():
        rows.setdefault(row.actor, []).append(row)
    return {actor: tuple(found) for actor, found in rows.items()}


def _check_office(office: str | None, known: Collection[str] = OFFICES) -> None:
    if office is not None and office not in known:
        raise UsageError.unknown("office", office, known)


def _tenure(row: Row) -> Tenure:
    first, last = row.span()
    if "." not in row.required("id"):
        raise row.bad("id", "an id such as RUS.putin")
    return Tenure(
        id=row["id"],
        name=row.required("name"),
        aliases=row.parts("aliases"),
        actor=row.required("actor"),
        office=row.choice("office", OFFICES),
        title=row.required("title"),
        valid_from=first,
        valid_to=last,
        precision=row.choice("precision", _PRECISIONS),
        source=row.required("source"),
        locator=row.required("locator"),
        note=row["note"],
    )
