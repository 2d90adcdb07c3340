"""From events of articles that a person kept to statements of a record: reported, never established.

An event becomes a statement of form ``event`` without a value, whose source is the article itself (see "Events that an
article reports" in ``docs/record.md``). What a statement cannot say stays outside, each with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from itertools import permutations, product
from typing import TYPE_CHECKING, Any, Final

from multipolar.actors import Actor, actors
from multipolar.errors import DataError
from multipolar.reading.model import Document, Event, Reading, Who

if TYPE_CHECKING:
    from multipolar.record import Batch, Source

#: What every source made here says of itself.
NOTE: Final = "A reading of an article: its events are reported, not established."
#: Sectors whose people act for their state or organisation.
ACTING: Final = frozenset({None, "GOV", "MIL", "SPY", "COP", "JUD", "LEG", "IGO"})
#: Sectors of those to whom nothing can be done without its being done to somebody else than the state.
ARMED: Final = frozenset({"REB", "UAF", "PRM", "PRE", "CRM"})
#: Kinds of `aux` that keep an event out, and why.
_NOT_DONE: Final[Mapping[str, str]] = {
    "negation": "The article says that it did not happen.",
    "hypothetical": "The article only supposes it.",
    "future": "It had not happened yet when the article was written.",
}
#: Modes that the record has under another name.
_MODES: Final[Mapping[tuple[str, str], str]] = {("CONSULT", "multilateral"): "summit"}
#: The modes of each type: PLOVER's (codebook of 2023), and what the record's own sources and its docs have besides.
MODES: Final[Mapping[str, frozenset[str]]] = {
    type: frozenset(modes.split())
    for type, modes in {
        "AGREE": "",
        "CONSULT": "visit host talk phone multilateral summit third-party",
        "SUPPORT": "treaty recognition praise host",
        "CONCEDE": "",
        "COOPERATE": "economic military intelligence judicial",
        "AID": "economic military humanitarian asylum",
        "RETREAT": "withdraw release return disarm ceasefire access resign ease",
        "REQUEST": "assist change yield meet",
        "ACCUSE": "disapprove investigate allege",
        "REJECT": "assist change yield meet",
        "THREATEN": "restrict ban arrest relations expel territory violence political",
        "PROTEST": "demo riot strike hunger boycott obstruct",
        "SANCTION": "convict expel withdraw discontinue recall embargo tariff",
        "MOBILIZE": "troops weapons police militia exercise test",
        "COERCE": "seize restrict ban censor curfew martial-law arrest deport withhold misinformation cyber",
        "ASSAULT": "beat torture execute massacre cleansing sexual assassinate abduct seize firearms explosives suicide-attack "
        "heavy-weapons aerial drone missile cyber unconventional strike invasion clash",
    }.items()
}
#: What each type says, between the one and the other.
_SAID: Final[Mapping[str, str]] = {
    "AGREE": "agrees to cooperate with",
    "CONSULT": "meets or consults",
    "SUPPORT": "gives diplomatic support to",
    "CONCEDE": "yields to",
    "COOPERATE": "cooperates with",
    "AID": "gives aid to",
    "RETREAT": "draws back before",
    "REQUEST": "asks something of",
    "ACCUSE": "criticises or accuses",
    "REJECT": "refuses",
    "THREATEN": "threatens",
    "PROTEST": "protests against",
    "SANCTION": "takes measures against",
    "MOBILIZE": "moves or shows force against",
    "COERCE": "coerces",
    "ASSAULT": "uses force against",
}
_LONGEST: Final = 60
_MANY: Final = re.compile(r"(?:IGO|GRP):[A-Z0-9_]+")
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What of a kept event did not enter.

    Attributes
    ----------
    event : Event
    why : str
        The reason, in words.
    """

    event: Event
    why: str


def batch(readings: Iterable[Reading], kept: Iterable[Event]) -> Batch:
    """The statements that kept events make.

    A reciprocal event gives one statement in each direction, for no kind of event is symmetric in the record. An
    interval that reaches past the article's day is cut there: what it tells had happened by then. Several articles that tell one
    event give one statement each. The same articles and events give the same statements, so taking them in again adds
    nothing.

    Parameters
    ----------
    readings : iterable of Reading
        The articles.
    kept : iterable of Event
        What `review.read` returns.

    Returns
    -------
    record.Batch
        Statements of form ``event``, without a value, and one source for each article that has one. Without any kept event it
        is empty.

    Raises
    ------
    DataError
        If an event is of none of the articles, its words do not stand there, its article has no date, or two articles have
        one name.
    """
    import polars as pl

    from multipolar.record import Batch, columns

    texts = _documents(readings)
    rows = [row for event in kept for row in _rows(event, _document(event, texts)) if isinstance(row, dict)]
    sources = {row["source"] for row in rows}
    schema = {name: kind for name, kind in columns("event").items() if name not in ("id", "known_to")}
    frame = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
    named = tuple(source for text in texts.values() if (source := source_of(text)).key in sources)
    return Batch({"event": frame} if rows else {}, named, label="articles")


def left_out(readings: Iterable[Reading], kept: Iterable[Event]) -> list[LeftOut]:
    """Which of the kept events, or which of their sides, `batch` leaves out, and why.

    Parameters
    ----------
    readings, kept
        As in `batch`.

    Raises
    ------
    DataError
        As `batch`.
    """
    texts = _documents(readings)
    return [row for event in kept for row in _rows(event, _document(event, texts)) if isinstance(row, LeftOut)]


def key_of(document: Document) -> str:
    """The key of an article as a source: its name and a piece of the hash of its text.

    Examples
    --------
    >>> key_of(Document("A visit", "They met."))
    'article:A-visit-ab226026'
    """
    from multipolar.record import REPORTED

    safe = _UNSAFE.sub("-", document.id).strip("-._")[:_LONGEST].strip("-._") or "article"
    digest = sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{REPORTED}{safe}-{digest[:8]}"


def source_of(document: Document) -> Source:
    """An article as a source of a record."""
    from multipolar.record import Source

    publisher, title = document.publisher.strip() or "unknown publisher", document.title.strip() or document.id
    day = f" ({document.date})" if document.date else ""
    return Source(
        key=key_of(document),
        publisher=publisher,
        title=title,
        date=document.date,
        url=document.url,
        licence="quoted in short passages",
        citation=f"{publisher}: {title}{day}." + (f" {document.url}" if document.url else ""),
        note=NOTE,
    )


def actor_id(code: str, on: date) -> str | None:
    """The record's id of the state or organisation that a code of a reading stands for; None if it has none on that day.

    Parameters
    ----------
    code : str
        As in `Who`. ``SUN`` is RUS there.
    on : date
        The day.
    """
    return next((actor.id for actor in _bearers(code) if actor.exists(on)), None)


def known_code(code: str) -> bool:
    """Whether it is the code of a state, or is written as that of an organisation or collective.

    Examples
    --------
    >>> known_code("RUS"), known_code("IGO:NATO"), known_code("Russia")
    (True, True, False)
    """
    return code in _every() or code == "SUN" or _MANY.fullmatch(code) is not None


def _documents(readings: Iterable[Reading]) -> dict[str, Document]:
    found: dict[str, Document] = {}
    for reading in readings:
        document = reading.document
        other = found.setdefault(document.id, document)
        if other.text != document.text:
            hint = "Give each its own `id`."
            raise DataError.bad_file(document.id, "a name of one article", "one of two with different texts", hint=hint)
    return found


def _document(event: Event, texts: Mapping[str, Document]) -> Document:
    document = texts.get(event.doc_id)
    if document is None:
        raise DataError.bad_file(event.doc_id, "an event of one of the articles", "one of another article")
    if document.text[event.start : event.end] != event.quote:
        hint = "Read the article again: its text has changed."
        raise DataError.bad_file(event.doc_id, f"the words {event.quote!r}", "others at their place", hint=hint)
    if document.date is None:
        hint = "Give its day with `--date` (`on=`); nothing can be known from a day that is not known."
        raise DataError.bad_file(document.file or document.id, "an article with a date", "one without", hint=hint)
    return document


def _rows(event: Event, document: Document) -> Iterator[dict[str, Any] | LeftOut]:
    """The statements of an event, and what of it makes none."""
    assert document.date is not None
    reason = _reason(event, document.date)
    if reason or event.date.start is None:
        yield LeftOut(event, reason)
        return
    start, end = event.date.start, event.date.end
    pairs, notes = _pairs(event, start)
    yield from (LeftOut(event, note) for note in notes)
    for a, b in pairs:
        yield {
            "a": a,
            "b": b,
            "kind": event.type,
            "valid_from": start,
            "valid_to": None if end is None else min(end, document.date),
            "known_from": document.date,
            "source": key_of(document),
            "locator": f"characters {event.start} to {event.end}",
            "original": event.quote,
            "value": None,
            "text": _text(event, document, a, b),
            "mode": _MODES.get((event.type, event.mode), event.mode) if event.mode else None,
            "place": event.place,
        }


def _reason(event: Event, on: date) -> str:
    for name, why in _NOT_DONE.items():
        if name in event.aux:
            return why
    if event.date.start is None:
        return "Its first day is not known: write it into `from` of the review file to keep it."
    if event.date.start > on:
        return f"It begins on {event.date.start}, after the article's day, {on}."
    return ""


def _pairs(event: Event, on: date) -> tuple[list[tuple[str, str | None]], list[str]]:
    """Ids of who did it to whom, each pair once, and why somebody is not among them."""
    doers, notes = _sides(event.actors, on, acting=True)
    if event.reciprocal:
        found: list[tuple[str, str | None]] = list(permutations(doers, 2))
        return found, notes if found else [
            *notes,
            "Fewer than two of those who did it to each other are in the record.",
        ]
    if not event.recipients:
        return [(doer, None) for doer in doers], notes
    others, more = _sides(event.recipients, on, acting=False)
    pairs = list(product(doers, others))
    same = [f"Both sides are {a}: nothing between two actors of the record." for a, b in pairs if a == b]
    return [(a, b) for a, b in pairs if a != b], [*notes, *more, *same]


def _sides(side: Sequence[Who], on: date, *, acting: bool) -> tuple[list[str], list[str]]:
    found: dict[str, None] = {}
    notes: dict[str, None] = {}
    for who in side:
        why = _stranger(who, on, acting=acting)
        id = actor_id(who.code, on)
        if why or id is None:
            notes[why] = None
        else:
            found[id] = None
    return list(found), list(notes)


def _stranger(who: Who, on: date, *, acting: bool) -> str:
    """Why somebody is no actor of the record."""
    said = repr(who.text or who.code)
    if not who.known:
        return f"Who {said} is is not known."
    if who.code.startswith("GRP:"):
        return f"{said} is many, not one state or organisation."
    if (who.sector not in ACTING) if acting else (who.sector in ARMED):
        return f"{said} ({who.code} {who.sector}) is not the state."
    if actor_id(who.code, on) is not None:
        return ""
    if _bearers(who.code):
        return f"{said} ({who.code}) did not exist on {on}."
    kind = "organisation" if who.code.startswith("IGO:") else "state"
    return f"The record knows no {kind} {who.code} ({said})."


def _text(event: Event, document: Document, a: str, b: str | None) -> str:
    """What is said to have happened, and by whom, in our words."""
    by = document.publisher.strip() or document.title.strip() or document.id
    citing = f", citing {_plain(event.attributed_to.text)}" if event.attributed_to and event.attributed_to.text else ""
    what = f"{_name(a)} {_SAID[event.type]} {_name(b) if b else 'somebody whom it does not name'}"
    return f"reported by {_plain(by)}{citing}: {what}" + (f" ({event.mode})" if event.mode else "")


def _name(id: str) -> str:
    return actors()[id].name


def _plain(text: str) -> str:
    return " ".join(text.split())


def _bearers(code: str) -> Collection[Actor]:
    return _every().get({"SUN": "RUS"}.get(code, code), ())


@cache
def _every() -> Mapping[str, tuple[Actor, ...]]:
    """Actors by the code that a reading has for them: their own id first, then the ISO codes of all their days."""
    found: dict[str, list[Actor]] = {}
    for actor in actors().values():
        found.setdefault(f"IGO:{actor.id}" if actor.kind == "organisation" else actor.id, []).append(actor)
    for actor in actors().values():
        for code in dict.fromkeys(spell.codes.iso3 for spell in actor.spells):
            if code and actor not in found.get(code, ()):
                found.setdefault(code, []).append(actor)
    return {code: tuple(bearers) for code, bearers in found.items()}
