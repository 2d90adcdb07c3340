"""When the leaders of a state changed: the first month of each holder of its highest offices after somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from multipolar.actors import Tenure, fold, leaders
from multipolar.errors import UsageError

#: Offices whose holder may lead a state. The table of leaders does not say which of them has the power.
OFFICES: Final = ("head_of_state", "head_of_government", "party_leader")


@dataclass(frozen=True)
class Change:
    """One person came to an office after another.

    Attributes
    ----------
    actor, office : str
    name : str
        Who came.
    day : date
        First day.
    dated : bool
        Whether the month is known, and not the year alone.
    tenure : Tenure
        With its source and locator.
    """

    actor: str
    office: str
    name: str
    day: date
    dated: bool
    tenure: Tenure


def leader_changes(actor: str, offices: Sequence[str] = OFFICES, until: date | None = None) -> tuple[Change, ...]:
    """Changes of the person in some offices of a state, by day; the first holder that the table knows is none.

    Parameters
    ----------
    actor : str
        Actor id.
    offices : sequence of str
        Some of `OFFICES`.
    until : date, optional
        Nothing after this day.

    Raises
    ------
    UsageError
        If an office is none of `OFFICES`.
    """
    for office in offices:
        if office not in OFFICES:
            raise UsageError.unknown("office of a leader", office, OFFICES)
    found: list[Change] = []
    for office in offices:
        holders = sorted(leaders(actor, office=office), key=lambda row: (row.valid_from, row.valid_to or date.max))
        for before, now in pairwise(holders):
            if before.id != now.id:
                found.append(Change(actor, office, now.name, now.valid_from, now.precision != "year", now))
    return tuple(sorted((each for each in found if until is None or each.day <= until), key=lambda each: each.day))


def change_to(actors: Sequence[str], name: str, offices: Sequence[str] = OFFICES, until: date | None = None) -> Change:
    """The change by which a person came to an office of one of these states.

    Raises
    ------
    UsageError
        If nobody of that name did, or more than once.
    """
    every = [each for actor in actors for each in leader_changes(actor, offices, until)]
    called = fold(name)
    mine = [
        each
        for each in every
        if called in map(fold, (each.tenure.id, each.name, *each.name.split(), *each.tenure.aliases))
    ]
    days = {(each.day.year, each.day.month): each for each in mine}
    if len(days) == 1:
        return next(iter(days.values()))
    if not days:
        raise UsageError.unknown(
            f"leader of {' or '.join(actors)} who followed another", name, {each.name for each in every}
        )
    times = ", ".join(f"{each.day:%Y-%m} ({each.office.replace('_', ' ')})" for each in days.values())
    raise UsageError(
        f"expected a person who came to office once, but {name} did several times: {times}",
        hint="Name the month with `at` (`--at`), or the office (`--office`).",
    )
