"""One article from its text to its events and claims: sentences, mentions, dates, pairs, in that order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from multipolar.reading.assertions import assertions
from multipolar.reading.classifier import Scores, score
from multipolar.reading.cues import ALONE, hinted
from multipolar.reading.dates import Found, times
from multipolar.reading.encoding import Encoded, encode, tokens
from multipolar.reading.events import Pair, candidates, events, facing, identify, told_by_name
from multipolar.reading.mentions import Mention, Tracker, mentions
from multipolar.reading.model import Assertion, Document, Event, Reading
from multipolar.reading.parts import ALL, Parts
from multipolar.reading.sentences import Sentence, sentences
from multipolar.reading.typing import with_acts

if TYPE_CHECKING:
    from multipolar.reading.local import Local


#: Sentences from which on a text without a date is an article, in which famous events are looked for.
WHOLE: Final = 4


@dataclass
class _Parsed:
    """A sentence, who is in it, when, and which pairs, and which single ones, are to be asked about."""

    sentence: Sentence
    mentions: list[Mention]
    times: list[Found]
    pairs: list[tuple[Mention, Mention]]
    alone: list[Mention]


def read_text(text: str, *, on: date | None = None, id: str = "text", parts: Parts = ALL) -> Reading:
    """Read a text that is at hand.

    Parameters
    ----------
    text : str
        Plain English text.
    on : date, optional
        Its day; without it "on Wednesday" and "last June" stay without a date.
    id : str
        Its name in the rows.
    parts : Parts
        What of the reader is switched on.
    """
    return read(Document(id, text, on, "given" if on else ""), parts)


def read(document: Document, parts: Parts = ALL, *, local: Local | None = None) -> Reading:
    """Read a document: everything that it says was done, and everything that it claims of a relation.

    Parameters
    ----------
    document : Document
        As `documents.load` gives it.
    parts : Parts
        What of the reader is switched on.
    local : Local, optional
        A classifier of one's own for the types, in place of the embedded one.

    Returns
    -------
    Reading
        Every quote is an exact stretch of ``document.text``.
    """
    tracker = Tracker(document.date)
    parsed = [_parse(sentence, tracker, document.date, parts) for sentence in sentences(document.text)]
    scored = _scored(parsed, parts, local)
    found: list[Event] = []
    claimed: list[Assertion] = []
    for each, (pairs, alone) in zip(parsed, scored, strict=True):
        here = events(document, each.sentence, pairs, each.mentions, each.times, parts)
        if parts.named and (document.date is not None or len(parsed) >= WHOLE):
            here = told_by_name(document, each.sentence, here)
        found += sorted(here, key=lambda event: (event.start, event.end))
        near = set(facing(each.mentions))
        pairs = [pair for pair in pairs if (pair.source, pair.target) in near]
        claimed += assertions(document, each.sentence, pairs, alone, each.mentions, each.times)
    return Reading(document, tuple(identify(found)), tuple(claimed), document.notes)


def _parse(sentence: Sentence, tracker: Tracker, on: date | None, parts: Parts) -> _Parsed:
    found = mentions(sentence, tracker)
    if not parts.pronouns:
        found = [each for each in found if each.kind != "pronoun"]
    if not parts.groups:
        found = [each for each in found if not each.code.startswith("GRP:")]
    said = times(sentence.text, on, start=sentence.start)
    hints = hinted(sentence)
    pairs = candidates(found, claims=bool(hints))
    return _Parsed(sentence, found, said, pairs, _alone(found) if hints & ALONE else [])


def _alone(found: list[Mention]) -> list[Mention]:
    """Mentions that something may be claimed of without another side, one an actor."""
    return list({each.code: each for each in reversed(found) if each.who.known}.values())[::-1]


def _scored(
    parsed: list[_Parsed], parts: Parts, local: Local | None
) -> list[tuple[list[Pair], list[tuple[Mention, Scores]]]]:
    """Put every pair and every single mention of all sentences to the classifier at once."""
    inputs: list[Encoded] = []
    for each in parsed:
        cut = tokens(each.sentence.text)
        base = each.sentence.start
        span = {id(m): (m.start - base, m.end - base) for m in each.mentions}
        inputs += [encode(cut, span[id(a)], span[id(b)]) for a, b in each.pairs]
        inputs += [encode(cut, span[id(m)], None) for m in each.alone]
    scores = iter(score(inputs))
    found = []
    for each in parsed:
        pairs = [Pair(a, b, next(scores)) for a, b in each.pairs]
        if local is not None:
            pairs = _typed_by(local, each.sentence, pairs)
        if parts.acts:
            pairs = [with_acts(each.sentence, pair) for pair in pairs]
        found.append((pairs, [(m, next(scores)) for m in each.alone]))
    return found


def _typed_by(local: Local, sentence: Sentence, pairs: list[Pair]) -> list[Pair]:
    """The same pairs with the types of another classifier, both ways."""
    base = sentence.start
    asked = [
        (sentence.text, (a.start - base, a.end - base), (b.start - base, b.end - base))
        for pair in pairs
        for a, b in ((pair.source, pair.target), (pair.target, pair.source))
    ]
    types = local.score_types(asked)
    return [
        replace(pair, scores=replace(pair.scores, types=types[2 * number], back_types=types[2 * number + 1]))
        for number, pair in enumerate(pairs)
    ]
