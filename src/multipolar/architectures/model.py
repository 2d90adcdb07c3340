"""What an architecture is: a set of institutions and states by name, and what holds its members together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

#: How deep two states are bound, shallowest first. From `consultation` on these are obligations of the Alliance Treaty
#: Obligations and Provisions project (Leeds, Ritter, Mitchell & Long 2002, International Interactions 28: 237-260,
#: doi:10.1080/03050620213653); `forum` is a body of the set to which both belong.
RUNGS: Final = ("none", "forum", "consultation", "nonaggression", "defence")
#: Rung of each kind of obligation. Neutrality stands beside nonaggression, and offence beside defence, as in the
#: portfolios of Signorino & Ritter (1999, International Studies Quarterly 43: 115-144).
RUNG: Final = {"consultation": 2, "neutrality": 3, "nonaggression": 3, "offence": 4, "defence": 4}
#: The rung at which one has to help the other in war.
HELP: Final = RUNGS.index("defence")


@dataclass(frozen=True)
class Body:
    """An institution of the set, and why it was chosen.

    Attributes
    ----------
    id : str
        Id of an organisation.
    status : tuple of str
        Which of those that belong to it are members of the architecture.
    why, source, locator, url : str
        The reason, and where it can be read.
    """

    id: str
    status: tuple[str, ...] = ("member",)
    why: str = ""
    source: str = ""
    locator: str = ""
    url: str = ""


@dataclass(frozen=True)
class Named:
    """A state that is a member by name, from one day to another (None: as long as it exists), and why."""

    id: str
    first: date | None = None
    last: date | None = None
    why: str = ""
    source: str = ""
    locator: str = ""
    url: str = ""

    def holds(self, on: date) -> bool:
        """Whether it is named for a day."""
        return (self.first is None or self.first <= on) and (self.last is None or on <= self.last)


@dataclass(frozen=True)
class Architecture:
    """A set of institutions and states. A definition and no finding.

    Attributes
    ----------
    name : str
        Short name.
    title, says : str
        Name for readers, and who is meant.
    bodies : tuple of Body
        Institutions: who belongs to one of them is a member.
    states : tuple of Named
        States that are members by name.
    where : str
        The file it was read from; empty for an organisation taken as an architecture of one body.
    """

    name: str
    title: str
    bodies: tuple[Body, ...] = ()
    states: tuple[Named, ...] = ()
    says: str = ""
    where: str = ""
