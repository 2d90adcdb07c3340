"""Organisations of states: what they are called, who belongs to them and since when, and what members owe each other.

The facts are in ``data/organisations.tsv`` and ``data/memberships*.tsv``, one a line, each with its source and locator;
``docs/organisations.md`` says what is there and what is not.

Days. ``valid_from`` is the first day, ``valid_to`` the last one (None: not ended by the day of compilation). A withdrawal
that takes effect on a day therefore ends the day before. ``precision`` says whether the days are exact, or stand for the
month or year that is documented (its first day for ``valid_from``, its last for ``valid_to``).

Status. ``member`` is full membership. ``suspended`` lies *on top of* a spell of membership: a suspended state remains a
member, so it is found under both. ``associate`` is a lesser membership by the organisation's own rules, or taking part
without a completed accession; ``partner`` and ``dialogue`` are an agreed relation of a non-member, ``observer`` a seat
without a vote.

Depth. The deepest written commitment that members have made to each other, on an ordered scale (`DEPTHS`):

========================  =========================================================================================
``forum``                 they meet; nothing is owed (G7, BRICS)
``consultation``          a charter binds them to consult or to coordinate (CIS)
``cooperation``           agreements bind them to practical military cooperation, none to help in war (AUKUS)
``economic``              a treaty binds their markets or output: customs union, common organs, quotas (EAEU, OPEC)
``jurisdiction``          a court or council decides over them or over their persons (ICC)
``nonaggression``         a treaty between them forbids force and binds them to peaceful settlement (ASEAN)
``defence``               an attack on one obliges the others to help (NATO)
========================  =========================================================================================

It joins two scales that are in use: the obligations of the Alliance Treaty Obligations and Provisions project
(consultation, nonaggression, defence: Leeds, Ritter, Mitchell & Long 2002, International Interactions 28(3): 237-260,
doi:10.1080/03050620213653) and the institutional levels of Boehmer, Gartzke & Nordstrom (2004, World Politics 57(1): 1-38,
doi:10.1353/wp.2005.0008), whose "minimal, structured, interventionist" separate a forum from an organisation that can
decide. The order between the two is ours: what is promised about force ranks above what is promised about trade.

Obligations are those that hold between any two members by a written article, in the words of the record's vocabulary
(``defence``, ``nonaggression``, ``consultation``). The United Nations have none here though Article 2(4) of the Charter
forbids force: it holds for nearly every pair of states, so it would tell none apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from multipolar.actors.tables import Row, parse_day, read_table
from multipolar.errors import UsageError

DATA: Final = Path(__file__).parent / "data"

#: The scale of depth, shallowest first.
DEPTHS: Final = ("forum", "consultation", "cooperation", "economic", "jurisdiction", "nonaggression", "defence")
#: What members can owe each other, in the record's words.
OBLIGATIONS: Final = ("defence", "nonaggression", "consultation")
STATUSES: Final = ("member", "associate", "observer", "partner", "dialogue", "suspended")
PRECISIONS: Final = ("day", "month", "year")

#: Columns of ``organisations.tsv`` and of ``memberships*.tsv``.
ORGANISATION_COLUMNS: Final = (
    "id", "name", "aliases", "start", "end", "depth", "obligations", "document", "predecessor", "successor", "source",
    "locator", "url", "note",
)  # fmt: skip
MEMBERSHIP_COLUMNS: Final = ("org", "member", "status", "from", "to", "precision", "source", "locator", "note")


@dataclass(frozen=True, slots=True)
class Name:
    """What an organisation is called, and when (None: whenever it is spoken of)."""

    text: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Obligation:
    """What each member owes each other member over an interval, and the article that says so."""

    kind: str
    valid_from: date
    valid_to: date | None
    locator: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation, or a standing group, of states.

    Attributes
    ----------
    id : str
        For example ``NATO``.
    names : tuple of Name
        The present (or last) name first, then aliases and former names.
    start, end : date
        First day, and last (None: exists).
    depths : tuple of (date, str)
        Each depth with the day it was reached, earliest first; see the module's docstring.
    obligations : tuple of Obligation
        What members owe each other.
    document : str
        The founding document.
    predecessor, successor : str
        Ids; empty where there is none.
    source, locator, url : str
        Publisher, place in its publication, address.
    note : str
        What a reader should know before using it.
    """

    id: str
    names: tuple[Name, ...]
    start: date
    end: date | None
    depths: tuple[tuple[date, str], ...]
    obligations: tuple[Obligation, ...]
    document: str
    predecessor: str
    successor: str
    source: str
    locator: str
    url: str
    note: str

    @property
    def name(self) -> str:
        """Its present, or last, name."""
        return self.names[0].text

    @property
    def depth(self) -> str:
        """The depth it has, or had in the end."""
        return self.depths[-1][1]

    def depth_on(self, on: date) -> str | None:
        """The depth it had on a day; None where it did not exist."""
        if not _covers(self.start, self.end, on):
            return None
        return [depth for since, depth in self.depths if since <= on][-1]

    def owed(self, on: date) -> tuple[Obligation, ...]:
        """The obligations in force between its members on a day."""
        return tuple(each for each in self.obligations if _covers(each.valid_from, each.valid_to, on))


@dataclass(frozen=True, slots=True)
class Membership:
    """One spell of one status of one member, with its source.

    `member` is the id of a state, or, in the G20 alone, of an organisation (EU, AU).
    """

    org: str
    member: str
    status: str
    valid_from: date
    valid_to: date | None
    precision: str
    source: str
    locator: str
    note: str

    def holds(self, on: date) -> bool:
        """Whether the status held on a day."""
        return _covers(self.valid_from, self.valid_to, on)


def organisations() -> tuple[Organisation, ...]:
    """Every organisation, in the order of the file."""
    return tuple(_organisations().values())


def organisation(id: str) -> Organisation:
    """The organisation of an id.

    Raises
    ------
    UsageError
        If there is none; the hint names close ids.
    """
    known = _organisations()
    if id not in known:
        raise UsageError.unknown("organisation", id, known)
    return known[id]


def organisation_names() -> list[tuple[str, str, date | None, date | None]]:
    """Every name by which an organisation goes: ``(id, name or alias, first day, last day)``.

    None as a day means that the name is not bound to one: people speak of the Warsaw Pact after it ended. A name with
    days was the organisation's only between them, as "European Community" was the European Union's.
    """
    return [(org.id, name.text, name.valid_from, name.valid_to) for org in organisations() for name in org.names]


def memberships(org: str | None = None, member: str | None = None) -> tuple[Membership, ...]:
    """Spells of membership and lesser status, of one organisation, of one member, of both, or all of them.

    Raises
    ------
    UsageError
        If there is no organisation `org`.
    """
    if org is not None:
        rows = _by_organisation()[organisation(org).id]
        return rows if member is None else tuple(row for row in rows if row.member == member)
    return _all_memberships() if member is None else _by_member().get(member, ())


def members(org: str, on: date, *, status: Collection[str] = ("member",)) -> tuple[str, ...]:
    """The ids that had one of the statuses in an organisation on a day, sorted.

    A suspended state is still a member: subtract ``members(org, on, status=("suspended",))`` to leave it out.

    Raises
    ------
    UsageError
        If there is no organisation `org`, or a status is not one of `STATUSES`.
    """
    for word in status:
        if word not in STATUSES:
            raise UsageError.unknown("membership status", word, STATUSES)
    return tuple(sorted({row.member for row in memberships(org) if row.status in status and row.holds(on)}))


def joint(a: str, b: str, on: date) -> tuple[str, ...]:
    """The organisations of which both `a` and `b` were full members on a day, in the order of the file."""
    mine, yours = (
        {row.org for row in memberships(member=x) if row.status == "member" and row.holds(on)} for x in (a, b)
    )
    return tuple(org.id for org in organisations() if org.id in mine & yours)


def read_organisations(path: Path) -> tuple[Organisation, ...]:
    """Read a table of organisations.

    Raises
    ------
    DataError
        With file, line and column, if a line is malformed or an id stands twice.
    """
    found: dict[str, Organisation] = {}
    for row in read_table(path, ORGANISATION_COLUMNS):
        org = _organisation(row)
        if org.id in found:
            raise row.bad("id", "an id that no line above has")
        found[org.id] = org
    return tuple(found.values())


def read_memberships(path: Path, known: Collection[str]) -> tuple[Membership, ...]:
    """Read a table of memberships in the `known` organisations.

    Raises
    ------
    DataError
        With file, line and column, if a line is malformed, or names an organisation that is not known.
    """
    return tuple(_membership(row, known) for row in read_table(path, MEMBERSHIP_COLUMNS))


@cache
def _organisations() -> Mapping[str, Organisation]:
    return MappingProxyType({org.id: org for org in read_organisations(DATA / "organisations.tsv")})


@cache
def _all_memberships() -> tuple[Membership, ...]:
    known = _organisations()
    return tuple(row for path in sorted(DATA.glob("memberships*.tsv")) for row in read_memberships(path, known))


@cache
def _by_organisation() -> Mapping[str, tuple[Membership, ...]]:
    rows: dict[str, list[Membership]] = {id: [] for id in _organisations()}
    for row in _all_memberships():
        rows[row.org].append(row)
    return {id: tuple(found) for id, found in rows.items()}


@cache
def _by_member() -> Mapping[str, tuple[Membership, ...]]:
    rows: dict[str, list[Membership]] = defaultdict(list)
    for row in _all_memberships():
        rows[row.member].append(row)
    return {member: tuple(found) for member, found in rows.items()}


def _covers(first: date | None, last: date | None, on: date) -> bool:
    return (first is None or first <= on) and (last is None or on <= last)


def _organisation(row: Row) -> Organisation:
    start, end = row.span("start", "end")
    return Organisation(
        id=row.required("id"),
        names=(Name(row.required("name")), *(_name(row, part) for part in row.parts("aliases"))),
        start=start,
        end=end,
        depths=_depths(row, start),
        obligations=tuple(_obligation(row, part) for part in row.parts("obligations")),
        document=row.required("document"),
        predecessor=row["predecessor"],
        successor=row["successor"],
        source=row.required("source"),
        locator=row.required("locator"),
        url=row.required("url"),
        note=row["note"],
    )


def _name(row: Row, part: str) -> Name:
    """Read ``name`` or ``name@from..to`` (either day may be missing)."""
    text, at, days = part.partition("@")
    return Name(text, *_days(row, "aliases", days)) if at else Name(text)


def _obligation(row: Row, part: str) -> Obligation:
    """Read ``kind@from..to=article``."""
    head, _, locator = part.partition("=")
    kind, _, days = head.partition("@")
    first, last = _days(row, "obligations", days)
    if kind not in OBLIGATIONS or first is None or not locator:
        raise row.bad("obligations", f"kind@from..to=article with a kind of {', '.join(OBLIGATIONS)}")
    return Obligation(kind, first, last, locator)


def _depths(row: Row, start: date) -> tuple[tuple[date, str], ...]:
    """Read ``depth`` or ``depth;deeper@since``: the first holds from the start."""
    found: list[tuple[date, str]] = []
    for part in row.parts("depth"):
        depth, at, since = part.partition("@")
        day = parse_day(row, "depth", since) if at else start
        if depth not in DEPTHS or (found and day <= found[-1][0]) or (not found and day != start):
            raise row.bad("depth", f"depth;depth@since in order of time, with a depth of {', '.join(DEPTHS)}")
        found.append((day, depth))
    if not found:
        raise row.bad("depth", f"one of {', '.join(DEPTHS)}")
    return tuple(found)


def _days(row: Row, column: str, text: str) -> tuple[date | None, date | None]:
    first, dots, last = text.partition("..")
    if not dots:
        raise row.bad(column, "days written from..to (either may be missing)")
    start, end = (parse_day(row, column, day) if day else None for day in (first, last))
    if start and end and end < start:
        raise row.bad(column, "a first day before the last")
    return start, end


def _membership(row: Row, known: Collection[str]) -> Membership:
    first, last = row.span()
    return Membership(
        org=row.choice("org", known),
        member=row.required("member"),
        status=row.choice("status", STATUSES),
        valid_from=first,
        valid_to=last,
        precision=row.choice("precision", PRECISIONS),
        source=row.required("source"),
        locator=row.required("locator"),
        note=row["note"],
    )
