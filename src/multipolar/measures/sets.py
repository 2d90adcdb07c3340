"""Sets of states by name: an organisation, a registered set, or any list of states and organisations, day by day.

A set is a definition and no finding: ``west`` is who belongs to these organisations on a day, whatever they do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from multipolar.actors import get, members, organisations, resolve
from multipolar.errors import ActorError, UsageError


@dataclass(frozen=True)
class StateSet:
    """A set of states, which may change from day to day.

    Attributes
    ----------
    name : str
        What answers call it: the id of a state, of an organisation or of a registered set, or several of them.
    organisations : tuple of str
        Ids of organisations whose members belong to it.
    states : tuple of str
        Ids of states that belong to it, as long as they exist.
    since : tuple of (str, date)
        Days before which a state of `states` does not belong to it.
    meaning : str
        Who is meant, in words.
    """

    name: str
    organisations: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    since: tuple[tuple[str, date], ...] = ()
    meaning: str = ""

    def members(self, on: date) -> tuple[str, ...]:
        """Ids of the states that belong to it on a day, sorted: of organisations their full members."""
        first = dict(self.since)
        alone = {id for id in self.states if get(id).exists(on) and first.get(id, on) <= on}
        joined = {id for name in self.organisations for id in members(name, on) if get(id).kind == "state"}
        return tuple(sorted(alone | joined))

    @property
    def single(self) -> bool:
        """Whether it is one state and no set."""
        return len(self.states) == 1 and not self.organisations


#: ANZUS entered into force on 29 April 1952 (United Nations Treaty Series, vol. 131, no. 1736).
ANZUS: Final = date(1952, 4, 29)
SETS: Final[tuple[StateSet, ...]] = (
    StateSet(
        "west",
        ("NATO", "EU", "G7"),
        ("AUS", "NZL"),
        (("AUS", ANZUS), ("NZL", ANZUS)),
        "members of NATO, the EU and the G7, with Australia and New Zealand since ANZUS",
    ),
    StateSet("eurasia", ("CIS", "CSTO", "SCO", "EAEU"), meaning="members of the CIS, the CSTO, the SCO and the EAEU"),
)
_BY_NAME: Final = {one.name: one for one in SETS}


def state_set(names: str | StateSet | Iterable[str], on: date | None = None) -> StateSet:
    """The set that some names mean.

    Parameters
    ----------
    names : str, StateSet or iterable of str
        A state, an organisation, a registered set of `SETS`, or several of them.
    on : date, optional
        The day on which a name is read; today by default.

    Raises
    ------
    ActorError
        If a name is of nobody, or of several.
    UsageError
        Without a name.
    """
    if isinstance(names, StateSet):
        return names
    asked = (names,) if isinstance(names, str) else tuple(names)
    found = tuple(dict.fromkeys(_one(name, on) for name in asked))
    if not found:
        raise UsageError("expected the name of a state or a set of states, got none", hint="As in `NATO JPN`.")
    if len(found) == 1:
        return found[0]
    return StateSet(
        "+".join(one.name for one in found),
        tuple(dict.fromkeys(name for one in found for name in one.organisations)),
        tuple(dict.fromkeys(name for one in found for name in one.states)),
        tuple(dict.fromkeys(item for one in found for item in one.since)),
        "; ".join(one.meaning for one in found if one.meaning),
    )


def registered() -> tuple[StateSet, ...]:
    """`SETS`, and every organisation as a set of its own."""
    return (*SETS, *(StateSet(one.id, (one.id,), meaning=f"members of {one.name}") for one in organisations()))


def existing(chosen: StateSet, month: date, *, least: int = 1) -> tuple[str, ...]:
    """The members of a set in a month.

    Raises
    ------
    UsageError
        If a state that was named did not exist then, or there are fewer than `least` members.
    """
    absent = [id for id in chosen.states if not get(id).exists(month) and id not in dict(chosen.since)]
    if absent:
        raise UsageError(
            f"expected states that existed in {month:%Y-%m}, got {', '.join(absent)}",
            hint="Leave them out, or choose another month: `multipolar resolve NAME` tells since when a state exists.",
        )
    found = chosen.members(month)
    if len(found) < least:
        raise UsageError(
            f"expected a set with at least {least} members in {month:%Y-%m}, {chosen.name} had {len(found)}",
            hint="Choose another month: `multipolar members NAME` tells who belongs since when.",
        )
    return found


def _one(name: str, on: date | None) -> StateSet:
    if name.lower() in _BY_NAME:
        return _BY_NAME[name.lower()]
    try:
        actor = resolve(name, on)
    except ActorError:
        actor = resolve(name, on, kind="state")  # a state before an organisation of the same name
    return StateSet(actor.id, states=(actor.id,)) if actor.kind == "state" else StateSet(actor.id, (actor.id,))
