"""Reading the tables of states and names, and finding an actor by its id.

``data/states.tsv`` has one row per spell, ``data/names.tsv`` what the states are called besides; ``docs/actors.md``
says what is there and where it differs on purpose from the lists it was made from.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Final

from multipolar.actors.days import day_asked
from multipolar.actors.model import NAME_KINDS, Actor, Codes, Name, Spell
from multipolar.actors.tables import Row, read_table
from multipolar.errors import UsageError

DATA: Final = Path(__file__).parent / "data"

_STATES = (
    "id", "name", "start", "end", "cow", "gw", "iso2", "iso3", "iso_numeric", "cameo", "m49", "capital", "predecessors",
    "successors", "note",
)  # fmt: skip
_NAMES = ("id", "name", "kind", "from", "to")


def states(on: date | str | None = None) -> tuple[Actor, ...]:
    """Return the states that existed on a day, or every state since 1816, by id.

    Parameters
    ----------
    on : date or str, optional
        A day, month or year (its first day). None: every state of every date.

    Raises
    ------
    UsageError
        If `on` is no day, or lies after today.
    """
    every = tuple(_states().values())
    if on is None:
        return every
    day = day_asked(on)
    return tuple(actor for actor in every if actor.exists(day))


def get(id: str) -> Actor:
    """Return the actor, state or organisation, that has exactly this id, whether or not it still exists.

    Raises
    ------
    UsageError
        If nobody has it; the hint names close ids. `multipolar.actors.resolve` takes names, too.
    """
    found = actors().get(id)
    if found is None:
        raise UsageError.unknown("actor", id, actors())
    return found


@cache
def actors() -> Mapping[str, Actor]:
    """Every actor by id: states first, then organisations."""
    return MappingProxyType(dict(_states()) | _organisations())


def read_states(path: Path, names: Path) -> dict[str, Actor]:
    """Read a table of spells and the table of further names that goes with it.

    Returns
    -------
    dict of str to Actor
        The states by id, in the order of the file.

    Raises
    ------
    DataError
        With file, line and column, if a line is malformed, spells of a state overlap, or a name is of no state.
    """
    spells: dict[str, list[Spell]] = {}
    for row in read_table(path, _STATES):
        mine = spells.setdefault(row.required("id"), [])
        spell = _spell(row)
        if mine and (mine[-1].end is None or mine[-1].end >= spell.start):
            raise row.bad("start", "a day after the last spell of this state ended", hint="Put its spells in order.")
        mine.append(spell)
    further: dict[str, list[Name]] = {id: [] for id in spells}
    for row in read_table(names, _NAMES):
        further[row.choice("id", spells)].append(_name(row))
    return {id: _state(id, tuple(mine), further[id]) for id, mine in spells.items()}


@cache
def _states() -> Mapping[str, Actor]:
    return MappingProxyType(read_states(DATA / "states.tsv", DATA / "names.tsv"))


def _organisations() -> dict[str, Actor]:
    from multipolar.actors.organisations import (  # its tables are read only when asked for
        organisation_names,
        organisations,
    )

    names: dict[str, list[Name]] = {}
    for id, text, first, last in organisation_names():
        names.setdefault(id, []).append(Name(text, "name", first, last))
    return {
        org.id: Actor(org.id, "organisation", org.name, (Spell(org.start, org.end, org.name),), tuple(names[org.id]))
        for org in organisations()
    }


def _state(id: str, spells: tuple[Spell, ...], further: Collection[Name]) -> Actor:
    # Today's name is understood at every date, as publishers use it; a former one only while it was used.
    current = spells[-1].name if spells[-1].end is None or len({spell.name for spell in spells}) == 1 else None
    called = _runs(spells, "name", lambda spell: spell.name)
    names = [Name(name.text, "name") if name.text == current else name for name in called]
    capitals = _runs(spells, "capital", lambda spell: spell.capital)
    return Actor(id, "state", spells[-1].name, spells, tuple(dict.fromkeys([*names, *capitals, *further])))


def _runs(spells: Collection[Spell], kind: str, text: Callable[[Spell], str | None]) -> list[Name]:
    """Join following spells that agree on a text into one dated name."""
    runs = [(value, list(run)) for value, run in groupby(spells, text)]
    return [Name(value, kind, run[0].start, run[-1].end) for value, run in runs if value]


def _spell(row: Row) -> Spell:
    start, end = row.span("start", "end")
    codes = Codes(
        cow=_number(row, "cow"),
        gw=_number(row, "gw"),
        iso2=row["iso2"] or None,
        iso3=row["iso3"] or None,
        iso_numeric=_number(row, "iso_numeric"),
        cameo=row["cameo"] or None,
        m49=_number(row, "m49"),
    )
    before, after = (tuple(row[column].split()) for column in ("predecessors", "successors"))
    return Spell(start, end, row.required("name"), row["capital"] or None, codes, before, after, row["note"])


def _name(row: Row) -> Name:
    start, end = row.day_or_none("from"), row.day_or_none("to")
    if start and end and end < start:
        raise row.bad("to", f"a day not before {start}", hint="Swap the dates.")
    return Name(row.required("name"), row.choice("kind", NAME_KINDS), start, end)


def _number(row: Row, column: str) -> int | None:
    text = row[column]
    if text and not (text.isascii() and text.isdecimal()):
        raise row.bad(column, "a number, or nothing")
    return int(text) if text else None
