"""What a reading finds: actors, dates, events and claims, each with the exact place in the text that says so.

Nothing here is evidence that something happened. An event is *reported*, a claim is *claimed*; by whom, and in which
words, stays with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

Precision = Literal["day", "week", "month", "season", "year", "range", "unknown"]
Direction = Literal["up", "down", "steady", "none"]
ClaimKind = Literal["state", "change", "forecast", "intent", "conditional"]
Modality = Literal["asserted", "reported", "possible", "forecast"]

#: PLOVER event types, from the most cooperative to the most hostile (Halterman et al. 2023,
#: https://doi.org/10.31235/osf.io/rm5dw).
TYPES: Final = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
    "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
#: What an event may be besides something that happened lately.
AUX: Final = ("historical", "future", "hypothetical", "negation")
#: What can be claimed of two actors, or of one.
RELATIONS: Final = (
    "aligned_with", "allied_with", "cooperates_with", "trusts", "depends_on", "autonomy_from", "influence_over",
    "pressure_on", "hostile_to", "rivals", "threatens", "deters", "isolated_from", "balances_between", "cohesion_of",
    "polarisation_of", "power_position", "order_change", "condition_for", "intends",
)  # fmt: skip
DIRECTIONS: Final = ("up", "down", "steady", "none")
CLAIM_KINDS: Final = ("state", "change", "forecast", "intent", "conditional")
MODALITIES: Final = ("asserted", "reported", "possible", "forecast")
#: The code of an actor that could not be resolved.
UNKNOWN: Final = "UNK"
#: How codings of events write the country of an organisation.
_ORGANISATIONS: Final = {"IGO:EU": "EUR", "IGO:UN": "UNO"}
#: Organisations whose name only begins like that of the one or the other.
_OTHERS: Final = frozenset({"IGO:UNASUR", "IGO:UNIONSTATE", "IGO:UNC", "IGO:EURASEC"})


@dataclass(frozen=True, slots=True)
class Who:
    """An actor as a text names it.

    Attributes
    ----------
    code : str
        ISO 3166-1 alpha-3 of a state, ``IGO:*`` for an organisation, ``GRP:*`` for a collective, ``UNK``.
    sector : str or None
        PLOVER sector (``GOV``, ``MIL``, ``REB``, ``COP``, ...); None for a whole state.
    text : str
        The words of the text.
    why : str
        How it was resolved, in words.
    """

    code: str
    sector: str | None
    text: str
    why: str = ""

    @property
    def known(self) -> bool:
        """Whether it was resolved."""
        return self.code != UNKNOWN

    @property
    def country(self) -> str | None:
        """As codings of events write it: alpha-3; ``EUR``, ``UNO`` or ``IGO`` for organisations; None for all else."""
        if self.code in _OTHERS:
            return "IGO"
        if self.code.startswith("IGO:"):
            return next((code for name, code in _ORGANISATIONS.items() if self.code.startswith(name)), "IGO")
        return None if ":" in self.code or not self.known else self.code

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"code": self.code, "sector": self.sector, "text": self.text}


@dataclass(frozen=True, slots=True)
class When:
    """A day or an interval, and the words that say it.

    Attributes
    ----------
    start, end : date or None
        First and last day; None where the text does not say.
    precision : str
        ``day``, ``week``, ``month``, ``season``, ``year``, ``range`` or ``unknown``.
    text : str
        The words; empty where nothing in the text says when.
    basis : str
        How the days follow from the words, for example ``two weeks before 2024-06-21``.
    """

    start: date | None
    end: date | None
    precision: Precision
    text: str = ""
    basis: str = ""

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "from": self.start.isoformat() if self.start else None,
            "to": self.end.isoformat() if self.end else None,
            "precision": self.precision,
            "basis": self.basis or None,
            "text": self.text or None,
        }


#: Nothing says when.
UNDATED: Final = When(None, None, "unknown")


@dataclass(frozen=True, slots=True)
class Document:
    """A text and what is known of it.

    Attributes
    ----------
    id : str
        Short name; ``doc_id`` of all that is found in it.
    text : str
        The plain text; all offsets count its characters.
    date : date or None
        Day of publication.
    dated_by : str
        How that day is known: ``given``, ``metadata``, ``text``, ``file name``, or empty.
    title, publisher, url, file : str
        As far as known.
    notes : tuple of str
        What a reader should know (decoded as windows-1252; paragraphs in another language left out).
    """

    id: str
    text: str
    date: date | None = None
    dated_by: str = ""
    title: str = ""
    publisher: str = ""
    url: str = ""
    file: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something the text says was done by somebody to somebody.

    Attributes
    ----------
    doc_id : str
    start, end : int
        The words: ``text[start:end] == quote``.
    quote : str
    type : str
        One of `TYPES`.
    mode : str or None
        PLOVER mode.
    actors, recipients : tuple of Who
        Who did it, to whom; a reciprocal event has all in `actors`.
    reciprocal : bool
    aux : tuple of str
        A subset of `AUX`; an event without any happened lately.
    date : When
    place : str or None
        Code of the state where.
    attributed_to : Who or None
        Who says so, where the text does not say it itself.
    confidence : float
        0 to 1.
    event : str
        The same for all mentions of one event, within and across articles.
    sentence : (int, int)
        Where its sentence begins and ends.
    why : tuple of str
        The steps that led to it.
    """

    doc_id: str
    start: int
    end: int
    quote: str
    type: str
    mode: str | None
    actors: tuple[Who, ...]
    recipients: tuple[Who, ...]
    reciprocal: bool
    aux: tuple[str, ...]
    date: When
    place: str | None
    attributed_to: Who | None
    confidence: float
    event: str = ""
    sentence: tuple[int, int] = (0, 0)
    why: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "form": "event",
            "doc_id": self.doc_id,
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "type": self.type,
            "mode": self.mode,
            "actors": [who.plain() for who in self.actors],
            "recipients": [who.plain() for who in self.recipients],
            "reciprocal": self.reciprocal,
            "aux": list(self.aux),
            "date": self.date.plain(),
            "place": self.place,
            "attributed_to": self.attributed_to.plain() if self.attributed_to else None,
            "confidence": round(self.confidence, 3),
            "event": self.event,
            "why": list(self.why),
        }


@dataclass(frozen=True, slots=True)
class Assertion:
    """What the text claims of a relation; a `claims.Claim` is the test that is made of it.

    Attributes
    ----------
    doc_id : str
    start, end : int
        The words: ``text[start:end] == quote``.
    quote : str
    subject : tuple of Who
    relation : str
        One of `RELATIONS`.
    object : tuple of Who
    direction : str
        ``up``, ``down``, ``steady``, or ``none`` where a state and no change is claimed.
    level : str or None
        ``high``, ``low`` or ``none``, where the text says how much.
    kind : str
        One of `CLAIM_KINDS`.
    holder : Who or None
        Who claims it; None is the author.
    modality : str
        One of `MODALITIES`.
    time : When
    confidence : float
        0 to 1.
    sentence : (int, int)
        Where its sentence begins and ends.
    why : tuple of str
        The steps that led to it.
    """

    doc_id: str
    start: int
    end: int
    quote: str
    subject: tuple[Who, ...]
    relation: str
    object: tuple[Who, ...]
    direction: Direction
    level: str | None
    kind: ClaimKind
    holder: Who | None
    modality: Modality
    time: When
    confidence: float
    sentence: tuple[int, int] = (0, 0)
    why: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "form": "claim",
            "doc_id": self.doc_id,
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "subject": [who.plain() for who in self.subject],
            "relation": self.relation,
            "object": [who.plain() for who in self.object],
            "direction": self.direction,
            "level": self.level,
            "kind": self.kind,
            "holder": self.holder.plain() if self.holder else "author",
            "modality": self.modality,
            "time": self.time.plain(),
            "confidence": round(self.confidence, 3),
            "why": list(self.why),
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was found in one document.

    Attributes
    ----------
    document : Document
    events : tuple of Event
        In the order of the text, each mention by itself; mentions of one event share its `event`.
    claims : tuple of Assertion
    notes : tuple of str
        What was left out, and why.
    """

    document: Document
    events: tuple[Event, ...] = ()
    claims: tuple[Assertion, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def rows(self) -> list[dict[str, Any]]:
        """Events and claims as JSON has them, in the order of the text."""
        found: list[Event | Assertion] = sorted((*self.events, *self.claims), key=lambda each: (each.start, each.end))
        return [each.plain() for each in found]
