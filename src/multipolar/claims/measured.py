"""What claims can be tested with: one entry a measure, found by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from multipolar.claims import counted, estimated
from multipolar.claims.model import Asked, Finding, Test
from multipolar.record import KINDS

_CHANGES: Final = ("rises", "falls")
_LEVELS: Final = ("above", "below")
_BEING: Final = ("exists", "absent")


@dataclass(frozen=True)
class ClaimMeasure:
    """One measure that a claim can name.

    Attributes
    ----------
    name, meaning, unit : str
        For the documentation and for errors.
    find : callable
        ``(asked, test) -> Finding``.
    directions : tuple of str
        Directions that make sense for it.
    object : {"required", "optional", "none"}
        Whether a test names a second actor.
    kinds : tuple of str
        Kinds to choose from; empty if it has none.
    of_pair : bool
        Whether its evidence is that of one pair, so that taking a source away concerns that pair only.
    """

    name: str
    meaning: str
    unit: str
    find: Callable[[Asked, Test], Finding]
    directions: tuple[str, ...]
    object: Literal["required", "optional", "none"] = "required"
    kinds: tuple[str, ...] = ()
    of_pair: bool = False


_EVENTS: Final = (*KINDS["event"], "CONSULT:visit", "COOPERATE:military", "AID:military", "MOBILIZE:test")

MEASURES: Final[dict[str, ClaimMeasure]] = {
    measure.name: measure
    for measure in (
        ClaimMeasure("tie", "how two states stand", "tie", estimated.tie, (*_CHANGES, *_LEVELS), of_pair=True),
        ClaimMeasure(
            "votes", "agreement in roll calls of the twelve months", "congruence of votes",
            estimated.votes, (*_CHANGES, *_LEVELS), of_pair=True,
        ),
        ClaimMeasure(
            "isolation", "share of the others' capability without a positive tie", "share",
            estimated.isolation, (*_CHANGES, *_LEVELS), object="none",
        ),
        ClaimMeasure(
            "hedging", "weakest of the ties to the powers `between` over the strongest", "ratio",
            estimated.hedging, _LEVELS, object="none",
        ),
        ClaimMeasure(
            "dependence", "share of the gains from trade lost without that partner", "share",
            counted.dependence, (*_CHANGES, *_LEVELS),
        ),
        ClaimMeasure(
            "obligation", "an obligation, sanction or other standing tie in force at the end of the period", "in force",
            counted.standing, _BEING, kinds=tuple(kind for kind in KINDS["tie"] if kind != "membership"),
        ),
        ClaimMeasure(
            "membership", "membership of an organisation at the end of the period", "member",
            counted.membership, _BEING,
        ),
        ClaimMeasure(
            "events", "number of events of a kind in the period (changes: against the same time before)", "events",
            counted.events, (*_CHANGES, *_LEVELS, *_BEING), object="optional", kinds=_EVENTS,
        ),
        ClaimMeasure(
            "flow", "a flow in the year (changes are relative: 0.1 is ten per cent)", "as the source gives it",
            counted.flow, (*_CHANGES, *_LEVELS), kinds=("trade", *KINDS["flow"]),
        ),
        ClaimMeasure(
            "attitude", "share of a public with that view", "share",
            counted.attitude, (*_CHANGES, *_LEVELS), kinds=tuple(KINDS["attitude"]),
        ),
        ClaimMeasure(
            "trait", "a measured trait of a state in the year", "as the source gives it",
            counted.trait, (*_CHANGES, *_LEVELS, *_BEING), object="none", kinds=tuple(KINDS["trait"]),
        ),
    )
}  # fmt: skip
