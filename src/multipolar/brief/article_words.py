"""Events and claims of an article in words: the same in the terminal and on the page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from multipolar.reading.model import Assertion, Event, When, Who

#: What a relation claims of the subject; ``{}`` is the object.
_RELATIONS: Final = {
    "aligned_with": "is aligned with {}",
    "allied_with": "is allied with {}",
    "cooperates_with": "cooperates with {}",
    "trusts": "trusts {}",
    "depends_on": "depends on {}",
    "autonomy_from": "is autonomous from {}",
    "influence_over": "has influence over {}",
    "pressure_on": "puts pressure on {}",
    "hostile_to": "is hostile to {}",
    "rivals": "is a rival of {}",
    "threatens": "threatens {}",
    "deters": "deters {}",
    "isolated_from": "is isolated from {}",
    "balances_between": "balances between {}",
    "cohesion_of": "is cohesive",
    "polarisation_of": "is polarised",
    "power_position": "has weight among the powers",
    "order_change": "changes the order",
    "condition_for": "is a condition for {}",
    "intends": "intends something towards {}",
}
_DIRECTIONS: Final = {"up": "more than before", "down": "less than before", "steady": "as before"}
_LEVELS: Final = {"high": "to a high degree", "low": "to a low degree", "none": "not at all"}
_KINDS: Final = {
    "change": "a change",
    "forecast": "a forecast",
    "intent": "an intention",
    "conditional": "under a condition",
}


def who(one: Who) -> str:
    """An actor: its code with the sector, and the words of the text where they say more.

    Examples
    --------
    >>> who(Who("RUS", "GOV", "the Kremlin"))
    'RUS/GOV (the Kremlin)'
    """
    sector = "" if one.sector is None or (one.sector == "IGO" and one.code.startswith("IGO:")) else f"/{one.sector}"
    code = (one.code if one.known else "unknown") + sector
    text = " ".join(one.text.split())
    return code if text in ("", one.code) else f"{code} ({text})"


def side(several: Iterable[Who]) -> str:
    """Some actors, joined by ``&``; a question mark for nobody."""
    return " & ".join(who(one) for one in several) or "?"


def when(days: When) -> str:
    """A day, an interval or ``no date``, with the words that say it.

    Examples
    --------
    >>> when(When(None, None, "unknown"))
    'no date'
    """
    first, last = days.start, days.end
    if first and last:
        said = f"{first}" if first == last else f"{first} to {last}"
    elif first or last:
        said = f"since {first}" if first else f"until {last}"
    else:
        return "no date"
    return f"{said} (“{' '.join(days.text.split())}”)" if days.text else said


def kind(event: Event) -> str:
    """Type and mode: ``CONSULT:visit``."""
    return f"{event.type}:{event.mode}" if event.mode else event.type


def between(event: Event) -> str:
    """Who did it, to whom: ``RUS > PRK``, or ``RUS & PRK`` where both did."""
    if event.reciprocal or not event.recipients:
        return side((*event.actors, *event.recipients))
    return f"{side(event.actors)} > {side(event.recipients)}"


def event_parts(event: Event) -> tuple[str, ...]:
    """Type, who to whom, when, and what else is said of it, each by itself."""
    parts = [kind(event), between(event), when(event.date), *event.aux]
    if event.place:
        parts.append(f"in {event.place}")
    if event.attributed_to:
        parts.append(f"said by {who(event.attributed_to)}")
    return tuple(parts)


def claim_words(claim: Assertion) -> str:
    """What is claimed, as a sentence.

    Examples
    --------
    >>> us, them = Who("RUS", None, "Moscow"), Who("CHN", None, "Beijing")
    >>> day = When(None, None, "unknown")
    >>> claim_words(
    ...     Assertion("d", 0, 1, "M", (us,), "depends_on", (them,), "up", None, "change", None, "asserted", day, 0.9)
    ... )
    'RUS (Moscow) depends on CHN (Beijing), more than before'
    """
    relation = _RELATIONS.get(claim.relation, claim.relation.replace("_", " ") + " {}")
    other = side(claim.object) if claim.object else "others"
    said = f"{side(claim.subject)} {relation.format(other)}"
    if claim.direction in _DIRECTIONS:
        said += f", {_DIRECTIONS[claim.direction]}"
    if claim.level in _LEVELS:
        said += f", {_LEVELS[claim.level]}"
    return said


def claim_parts(claim: Assertion) -> tuple[str, ...]:
    """What is claimed, of what kind, of when and by whom, each by itself."""
    parts = [claim_words(claim)]
    if claim.kind in _KINDS:
        parts.append(_KINDS[claim.kind])
    if claim.modality != "asserted" and claim.modality != claim.kind:
        parts.append(claim.modality)
    if claim.time.start or claim.time.end:
        parts.append(when(claim.time))
    parts.append(f"says {who(claim.holder)}" if claim.holder else "says the author")
    return tuple(parts)
