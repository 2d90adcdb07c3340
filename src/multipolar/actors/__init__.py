"""Who: dated states, organisations and leaders, every system of codes, and names in text to one actor on a day.

Nothing heavy is imported here, and a table is read when it is first asked for.
"""

from __future__ import annotations

from multipolar.actors.catalogue import actors, get, states
from multipolar.actors.days import check_not_future, day_asked, parse_day
from multipolar.actors.leaders import Tenure, holder, leaders
from multipolar.actors.model import KINDS, SCHEMES, Actor, Codes, Name, Spell
from multipolar.actors.organisations import (
    Membership,
    Organisation,
    joint,
    members,
    memberships,
    organisation,
    organisations,
)
from multipolar.actors.resolve import fold, from_code, resolve

__all__ = [
    "KINDS",
    "SCHEMES",
    "Actor",
    "Codes",
    "Membership",
    "Name",
    "Organisation",
    "Spell",
    "Tenure",
    "actors",
    "check_not_future",
    "day_asked",
    "fold",
    "from_code",
    "get",
    "holder",
    "joint",
    "leaders",
    "members",
    "memberships",
    "organisation",
    "organisations",
    "parse_day",
    "resolve",
    "states",
]
