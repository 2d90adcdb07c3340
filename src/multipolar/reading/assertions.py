"""What a text claims of a relation: who depends on whom, drifts from whom, is isolated, hedges, rises.

Words that state a relation (`cues`) come first; the classifier, which answers for every ordered pair of mentions and for
every mention alone, confirms the weak ones, adds what only it sees, and settles directions (`cues.weighed`). The parse says
who holds the claim and how firmly. A claim is a hypothesis: `drafts` makes a test of it, and nothing of it enters a record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from multipolar.reading import grammar
from multipolar.reading.classifier import Scores
from multipolar.reading.cues import ALONE as ALONE
from multipolar.reading.cues import Cue, cues, hinted
from multipolar.reading.cues.weighed import Weighed, weigh
from multipolar.reading.dates import Found, pick
from multipolar.reading.events import Pair, speaker
from multipolar.reading.mentions import Mention
from multipolar.reading.model import Assertion, Document, Modality, When, Who
from multipolar.reading.sentences import Sentence

#: Least probability that the classifier finds any relation in what no cue states.
LEAST: Final = 0.5
#: Relations whose other side is the world, where the text names none.
_TO_ALL: Final = frozenset({"isolated_from", "polarisation_of", "order_change", "influence_over"})
_HIGH: Final = re.compile(
    r"\b(?:largely|heavily|strongly|deeply|fully|wholly|entirely|increasingly|overwhelmingly|firm\w*|robust|main|chief|most)\b",
    re.I,
)
_LOW: Final = re.compile(r"\b(?:hardly|barely|little|scarcely|weak\w*|limited|few|less|fragile|not)\b", re.I)
_PERHAPS: Final = re.compile(r"\b(?:could|may|might|perhaps|possibly|potentially|appears?|seems?|likely)\b", re.I)
_WORLD: Final = Who("GRP:INTL", None, "", "the text names nobody: all others")


#: How far a quote may run on to the end of its clause (characters).
_ON: Final = 80


def assertions(
    document: Document,
    sentence: Sentence,
    pairs: Iterable[Pair],
    alone: Iterable[tuple[Mention, Scores]],
    mentions: Sequence[Mention],
    times: list[Found],
    least: float = LEAST,
    cued: Sequence[Cue] | None = None,
) -> list[Assertion]:
    """The claims of one sentence, in the order of the text.

    Parameters
    ----------
    document : Document
    sentence : Sentence
    pairs : iterable of Pair
        Pairs of mentions, scored by the classifier.
    alone : iterable of (Mention, Scores)
        Single mentions, scored.
    mentions : sequence of Mention
        All of the sentence.
    times : list of Found
        Its dates.
    least : float
        Least probability that the classifier finds any relation, where no cue states one.
    cued : sequence of Cue, optional
        What `cues.cues` found in it; found here where it is not given.

    Returns
    -------
    list of Assertion
        Each relation of two actors once; every quote is an exact stretch of the document's text.
    """
    stated = cues(sentence, mentions) if cued is None else cued
    claims = weigh(stated, hinted(sentence), pairs, alone, least)
    found = [_assertion(document, sentence, claim, mentions, times) for claim in claims]
    return sorted(found, key=lambda claim: (claim.start, claim.end))


def _assertion(
    document: Document, sentence: Sentence, claim: Weighed, mentions: Sequence[Mention], times: list[Found]
) -> Assertion:
    sides = [each for each in (claim.subject, claim.object) if each is not None]
    trigger = claim.trigger
    if trigger is None:
        trigger = grammar.joining(sides[0].root, sides[1].root) if len(sides) > 1 else grammar.clause(sides[0].root)
    start, end = _quoted(sentence, sides, trigger)
    quote = document.text[start:end]
    holder = speaker(sentence, trigger, mentions)
    when = pick(times, start, end, text=sentence.text, at=sentence.start)
    if when is None:
        day = document.date
        when = When(day, day, "day" if day else "unknown", "", "the article's own day" if day else "")
    subject = claim.subject.who if claim.subject is not None else _WORLD
    return Assertion(
        doc_id=document.id,
        start=start,
        end=end,
        quote=quote,
        subject=(subject,),
        relation=claim.relation,
        object=_object(claim.relation, subject, claim.object),
        direction=claim.direction,
        level=claim.level or ("high" if _HIGH.search(quote) else "low" if _LOW.search(quote) else None),
        kind=claim.kind,
        holder=holder,
        modality=_modality(holder, claim.kind, quote),
        time=when,
        confidence=claim.confidence,
        sentence=(sentence.start, sentence.end),
        why=(subject.why, claim.object.who.why if claim.object else "", claim.why),
    )


def _quoted(sentence: Sentence, sides: Sequence[Mention], trigger: object) -> tuple[int, int]:
    """The word that states it and both sides, to the end of its clause if that is near."""
    from spacy.tokens import Token

    assert isinstance(trigger, Token)
    first, last = sentence.place(trigger)
    start, end = min([first, *(each.start for each in sides)]), max([last, *(each.end for each in sides)])
    _, edge = grammar.stretch(trigger)
    close = sentence.place(trigger.doc[edge])[1]
    if end < close <= end + _ON:
        end = close
    while end > start and sentence.text[end - sentence.start - 1] in " ,;:–—-.":
        end -= 1
    return max(start, sentence.start), min(end, sentence.end)


def _object(relation: str, subject: Who, other: Mention | None) -> tuple[Who, ...]:
    if other is not None:
        return (other.who,)
    if relation in ("cohesion_of", "polarisation_of"):
        return (replace(subject, why="a group and itself"),)
    return (_WORLD,) if relation in _TO_ALL else ()


def _modality(holder: Who | None, kind: str, quote: str) -> Modality:
    if holder is not None:
        return "reported"
    if kind == "forecast":
        return "forecast"
    return "possible" if _PERHAPS.search(quote) else "asserted"
