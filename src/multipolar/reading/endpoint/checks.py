"""What a chat server answers, checked against the article: what is not in its words is dropped, and counted.

Of an answer only the choice counts: which words, which type or relation, whose phrases. Actors are resolved by `who`, dates by
`dates`, modes by `modes`, places in the text by looking for the words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, cast

from multipolar.reading.assertions import ALONE
from multipolar.reading.dates import pick, times
from multipolar.reading.endpoint.schema import LEVELS, SCHEMA
from multipolar.reading.model import (
    AUX,
    CLAIM_KINDS,
    DIRECTIONS,
    MODALITIES,
    RELATIONS,
    TYPES,
    UNDATED,
    Assertion,
    ClaimKind,
    Direction,
    Document,
    Event,
    Modality,
    When,
    Who,
)
from multipolar.reading.modes import mode_of
from multipolar.reading.names.who import actor_of

#: Nothing says how often such an answer is right.
CONFIDENCE: Final = 0.5
#: Sentences that one quote may touch.
MOST_SENTENCES: Final = 3
Stretch = tuple[int, int]

_SHAPE: Final = "not of the schema"
_ITEMS: Final = {name: frozenset(part["items"]["required"]) for name, part in SCHEMA["properties"].items()}


class _DroppedError(Exception):
    """One answer does not hold; the message says why."""


@dataclass
class Check:
    """The answers for one article, as far as they hold.

    Parameters
    ----------
    document : Document
    sentences : sequence of (int, int)
        Where each sentence begins and ends.
    by : str
        Who answers, for `why`.

    Attributes
    ----------
    events : list of Event
    claims : list of Assertion
    dropped : Counter
        How many answers were dropped, by reason.
    """

    document: Document
    sentences: Sequence[Stretch]
    by: str = ""
    events: list[Event] = field(default_factory=list)
    claims: list[Assertion] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    _seen: set[object] = field(default_factory=set)

    def take(self, answer: Mapping[str, Sequence[Any]], asked: range) -> None:
        """Take what holds of an answer.

        Parameters
        ----------
        answer : mapping
            Lists of ``events`` and ``claims``, each item still to be checked.
        asked : range
            Numbers of the sentences that it is about.
        """
        for item in answer["events"]:
            self._try("events", item, asked, lambda *found: self.events.append(self._event(*found)))
        for item in answer["claims"]:
            self._try("claims", item, asked, lambda *found: self.claims.append(self._claim(*found)))

    def note(self) -> str:
        """How many answers were dropped and why; empty if none was."""
        if not self.dropped:
            return ""
        count = self.dropped.total()
        total = len(self.events) + len(self.claims) + count
        reasons = "; ".join(f"{number} {reason}" for reason, number in sorted(self.dropped.items()))
        return f"{count} of {total} events and claims that came were dropped: {reasons}."

    def _try(self, form: str, item: Any, asked: range, add: Callable[[Mapping[str, Any], Stretch], None]) -> None:
        try:
            if not isinstance(item, dict) or set(item) != _ITEMS[form] or not _is_number(item["sentence"]):
                raise _DroppedError(_SHAPE)
            add(item, self._found(item["quote"], item["sentence"], asked))
        except _DroppedError as error:
            self.dropped[str(error)] += 1

    def _event(self, item: Mapping[str, Any], place: Stretch) -> Event:
        kind = _known(item["type"], TYPES, "type")
        aux = {_known(name, AUX, "aux") for name in _texts(item["aux"])}
        if not isinstance(item["reciprocal"], bool):
            raise _DroppedError(_SHAPE)
        actors, recipients = self._all(item["actors"]), self._all(item["recipients"])
        if not actors or not any(who.known for who in (*actors, *recipients)):
            raise _DroppedError("without an actor that is known")
        if item["reciprocal"]:
            actors, recipients = actors + recipients, ()
        where, said = self._perhaps(item["place"]), self._perhaps(item["attributed_to"])
        when = self._when(*place) or UNDATED
        day = self.document.date
        if day is not None and when.end is not None and when.end < day - timedelta(days=365):
            aux.add("historical")
        self._once(place, kind, actors, recipients)
        quote = self.document.text[slice(*place)]
        return Event(
            doc_id=self.document.id, start=place[0], end=place[1], quote=quote, type=kind, mode=mode_of(kind, quote),
            actors=actors, recipients=recipients, reciprocal=item["reciprocal"],
            aux=tuple(name for name in AUX if name in aux), date=when,
            place=where.code if where and where.known and ":" not in where.code else None, attributed_to=said,
            confidence=CONFIDENCE, sentence=self._sentence(place), why=self._why(actors, recipients),
        )  # fmt: skip

    def _claim(self, item: Mapping[str, Any], place: Stretch) -> Assertion:
        relation = _known(item["relation"], RELATIONS, "relation")
        direction = cast(Direction, _known(item["direction"], DIRECTIONS, "direction"))
        kind = cast(ClaimKind, _known(item["kind"], CLAIM_KINDS, "kind"))
        modality = cast(Modality, _known(item["modality"], MODALITIES, "modality"))
        level = None if item["level"] is None else _known(item["level"], LEVELS, "level")
        subject, other = self._all(item["subject"]), self._all(item["object"])
        if not any(who.known for who in subject):
            raise _DroppedError("without an actor that is known")
        if relation not in ALONE and not any(who.known for who in other):
            raise _DroppedError("without an actor that is known")
        holder = self._perhaps(item["holder"])
        self._once(place, relation, subject, other)
        day = self.document.date
        own = When(day, day, "day", "", "the article's own day") if day else UNDATED
        return Assertion(
            doc_id=self.document.id, start=place[0], end=place[1], quote=self.document.text[slice(*place)],
            subject=subject, relation=relation, object=other, direction=direction, level=level, kind=kind, holder=holder,
            modality=modality, time=self._when(*place) or own, confidence=CONFIDENCE, sentence=self._sentence(place),
            why=self._why(subject, other),
        )  # fmt: skip

    def _found(self, quote: Any, number: int, asked: range) -> Stretch:
        """Where a quote stands: the place nearest to the sentence, or the sentences, that were asked about."""
        if not isinstance(quote, str):
            raise _DroppedError(_SHAPE)
        near = range(number, number + 1) if number in asked else asked
        start, end = self.sentences[near[0]][0], self.sentences[near[-1]][1]
        places = _places(self.document.text, quote.strip())
        if not places:
            raise _DroppedError("with a quote that is not in the article")
        place = min(places, key=lambda each: (max(start - each[0], each[1] - end, 0), each))
        if len(self._touched(place)) > MOST_SENTENCES:
            raise _DroppedError(f"with a quote of more than {MOST_SENTENCES} sentences")
        return place

    def _touched(self, place: Stretch) -> list[Stretch]:
        """The sentences that a place has a part of."""
        return [each for each in self.sentences if each[0] < place[1] and place[0] < each[1]] or [place]

    def _sentence(self, place: Stretch) -> Stretch:
        return self._touched(place)[0]

    def _when(self, start: int, end: int) -> When | None:
        """The time in the words, else the one in their sentence that belongs to them."""
        touched = self._touched((start, end))
        first, last = touched[0][0], touched[-1][1]
        text = self.document.text[first:last]
        return pick(times(text, self.document.date, start=first), start, end, text=text, at=first)

    def _all(self, phrases: Any) -> tuple[Who, ...]:
        return tuple(self._who(phrase) for phrase in dict.fromkeys(_texts(phrases)))

    def _perhaps(self, phrase: Any) -> Who | None:
        return None if phrase is None else self._who(phrase)

    def _who(self, phrase: Any) -> Who:
        if not isinstance(phrase, str):
            raise _DroppedError(_SHAPE)
        phrase = phrase.strip()
        if not _places(self.document.text, phrase):
            raise _DroppedError("with somebody whom the article does not name so")
        return actor_of(phrase, self.document.date)

    def _once(self, place: Stretch, what: str, *sides: tuple[Who, ...]) -> None:
        key = (place, what, *(frozenset(who.code for who in side) for side in sides))
        if key in self._seen:
            raise _DroppedError("said twice")
        self._seen.add(key)

    def _why(self, *sides: tuple[Who, ...]) -> tuple[str, ...]:
        reasons = [who.why for side in sides for who in side if who.why]
        return (*dict.fromkeys(reasons), f"read by {self.by}; how often it is right is not known")


def _places(text: str, words: str) -> list[Stretch]:
    """Where some words stand in a text, whole."""
    if not re.search(r"\w", words) or words not in text:
        return []
    left = r"(?<!\w)" if re.match(r"\w", words) else ""
    right = r"(?!\w)" if re.search(r"\w\Z", words) else ""
    return [found.span() for found in re.finditer(f"{left}{re.escape(words)}{right}", text)]


def _known(name: Any, names: Sequence[str], what: str) -> str:
    if name not in names:
        raise _DroppedError(f"with an unknown {what}")
    return cast(str, name)


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _DroppedError(_SHAPE)
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
