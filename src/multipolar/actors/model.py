"""An actor: what it is called, where its seat is and which codes it bears, each on a day.

A state is a sequence of *spells*: stretches of days on which its name, codes and capital stayed the same. Days outside
its spells are days on which it was no state of the system (Austria-Hungary after 1918, Estonia from 1940 to 1991), and
asking for its codes then is an error, never a guess. An organisation has one spell and no codes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from multipolar.errors import ActorError

Kind = Literal["state", "organisation"]

#: The two kinds of actor.
KINDS: Final = ("state", "organisation")
#: The systems of codes, as `Codes` has them.
SCHEMES: Final = ("cow", "gw", "iso2", "iso3", "iso_numeric", "cameo", "m49")
#: What a name can be.
NAME_KINDS: Final = ("name", "adjective", "abbreviation", "capital", "metonym", "iso2", "iso3", "cameo")


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of one state on one day; None where a system has none for it.

    Attributes
    ----------
    cow : int or None
        Correlates of War, State System Membership v2016.
    gw : int or None
        Gleditsch & Ward (1999), with the list of microstates.
    iso2, iso3 : str or None
        ISO 3166-1 (today's, or for former states the last in ISO 3166-3), at every date.
    iso_numeric, m49 : int or None
        ISO 3166-1 numeric and UN M49: a new one when the territory changed (Germany 280, from unification 276).
    cameo : str or None
        Country code of the CAMEO dictionaries.
    """

    cow: int | None = None
    gw: int | None = None
    iso2: str | None = None
    iso3: str | None = None
    iso_numeric: int | None = None
    cameo: str | None = None
    m49: int | None = None

    def items(self) -> Iterator[tuple[str, int | str]]:
        """Each system and code that there is."""
        return ((scheme, code) for scheme in SCHEMES if (code := getattr(self, scheme)) is not None)


@dataclass(frozen=True, slots=True)
class Name:
    """What an actor is called, and on which days (None: as long as it exists)."""

    text: str
    kind: str
    start: date | None = None
    end: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it was a name on that day, if the actor existed."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


@dataclass(frozen=True, slots=True)
class Spell:
    """First and last day (None: not ended) of one name, one capital and one set of codes."""

    start: date
    end: date | None
    name: str
    capital: str | None = None
    codes: Codes = Codes()
    predecessors: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    note: str = ""

    def holds(self, on: date) -> bool:
        """Whether the spell covers that day."""
        return self.start <= on and (self.end is None or on <= self.end)


@dataclass(frozen=True, slots=True)
class Actor:
    """A state or an organisation. Two are equal when their ids are.

    Attributes
    ----------
    id : str
        For example ``KOR`` or ``NATO``.
    kind : str
        ``state`` or ``organisation``.
    name : str
        The present, or last, name.
    spells : tuple of Spell
        In order of time; they never overlap.
    names : tuple of Name
        Every name, adjective, abbreviation, capital and metonym, with its days.
    """

    id: str
    kind: Kind = field(compare=False)
    name: str = field(compare=False)
    spells: tuple[Spell, ...] = field(compare=False, repr=False)
    names: tuple[Name, ...] = field(compare=False, repr=False)

    @property
    def start(self) -> date:
        """The first day of all, not before 1816-01-01 for a state."""
        return self.spells[0].start

    @property
    def end(self) -> date | None:
        """The last day of all; None while it exists."""
        return self.spells[-1].end

    @property
    def adjectives(self) -> tuple[str, ...]:
        """Adjectives and words for its people, of every date."""
        return tuple(name.text for name in self.names if name.kind == "adjective")

    @property
    def predecessors(self) -> tuple[str, ...]:
        """The states of whose territory it was made, in order of time."""
        return tuple(dict.fromkeys(id for spell in self.spells for id in spell.predecessors))

    @property
    def successors(self) -> tuple[str, ...]:
        """The states made of its territory, in order of time."""
        return tuple(dict.fromkeys(id for spell in self.spells for id in spell.successors))

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know, and where the table differs from a published list."""
        return tuple(spell.note for spell in self.spells if spell.note)

    def spell(self, on: date | None = None) -> Spell | None:
        """The spell of a day (today if None), or None where the actor did not exist."""
        day = on or date.today()
        return next((spell for spell in self.spells if spell.holds(day)), None)

    def exists(self, on: date | None = None) -> bool:
        """Whether it existed on a day (today if None)."""
        return self.spell(on) is not None

    def codes(self, on: date | None = None) -> Codes:
        """The codes it bore on a day (today if None).

        Raises
        ------
        ActorError
            If it did not exist.
        """
        return self._spell(on).codes

    def name_on(self, on: date) -> str:
        """What it was called on a day.

        Raises
        ------
        ActorError
            If it did not exist.
        """
        return self._spell(on).name

    def capital(self, on: date | None = None) -> str | None:
        """Its capital on a day (today if None); None for an organisation, or where none is entered.

        Raises
        ------
        ActorError
            If it did not exist.
        """
        return self._spell(on).capital

    def existence(self) -> tuple[tuple[date, date | None], ...]:
        """First and last day (None: not ended) of each unbroken existence, in order of time."""
        found: list[tuple[date, date | None]] = []
        for spell in self.spells:
            before = found[-1][1] if found else None
            if before is not None and (spell.start - before).days == 1:
                found[-1] = (found[-1][0], spell.end)
            else:
                found.append((spell.start, spell.end))
        return tuple(found)

    def _spell(self, on: date | None) -> Spell:
        found = self.spell(on)
        if found is None:
            lived = " and ".join(days_text(*interval) for interval in self.existence())
            raise ActorError(
                f"expected a day on which {self.id} ({self.name}) existed, got {on or date.today()}",
                hint=f"It existed {lived}.",
            )
        return found


def days_text(start: date | None, end: date | None) -> str:
    """Say an interval: ``from 1922-12-30 to 1991-12-25``."""
    if start is None:
        return f"until {end}" if end else "always"
    return f"from {start} to {end}" if end else f"from {start}"
