"""The type of what one marked actor does to another: the pair classifier and the lexicon of acts, together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from multipolar.errors import UsageError
from multipolar.reading import acts, classifier, grammar
from multipolar.reading.encoding import Span
from multipolar.reading.parts import ALL, Parts

#: What an act in another clause counts.
ELSEWHERE: Final = 0.7
_NOTHING: Final = ("", "", "")

if TYPE_CHECKING:
    from multipolar.reading.events import Pair
    from multipolar.reading.sentences import Sentence


def type_of(sentence: str, source: Span, target: Span, *, parts: Parts = ALL) -> dict[str, float]:
    """PLOVER types of what one marked actor does to another, given that it does something, likeliest first.

    Parameters
    ----------
    sentence : str
    source, target : (int, int)
        First character of each actor in the sentence, and the one after the last.
    parts : Parts
        What of the reader is switched on; of them `acts` counts here.

    Returns
    -------
    dict
        Probability of each of the sixteen types; they add up to 1.

    Raises
    ------
    UsageError
        If a span is empty or outside the sentence.

    Examples
    --------
    >>> best = type_of("Norway accused Iceland of overfishing.", (0, 6), (15, 22))  # doctest: +SKIP
    >>> next(iter(best))  # doctest: +SKIP
    'ACCUSE'
    """
    for name, (start, end) in (("source", source), ("target", target)):
        if not 0 <= start < end <= len(sentence):
            raise UsageError(
                f"expected a span within the {len(sentence)} characters of the sentence, got {(start, end)}",
                where=name,
                hint="Give the first character and the one after the last.",
            )
    types = classifier.types_given(sentence, source, target)
    if parts.acts:
        types = acts.combine(types, _shown(sentence, source, target))
    return dict(sorted(types.items(), key=lambda item: -item[1]))


def with_acts(sentence: Sentence, pair: Pair) -> Pair:
    """A pair of a parsed sentence with the evidence of its acts added to the classifier's answer, both ways.

    A sentence may tell several things: acts outside the clause that joins the two count `ELSEWHERE` as much.
    """
    span = sentence.span
    words = [(token.lemma_, token.lower_, token.tag_) for token in span]
    places = [sentence.place(token) for token in span]
    a = _words(places, (pair.source.start, pair.source.end))
    b = _words(places, (pair.target.start, pair.target.end))
    shown = []
    for source, target, ends in ((a, b, (pair.source, pair.target)), (b, a, (pair.target, pair.source))):
        first, last = grammar.stretch(grammar.deed(ends[0].root, ends[1].root))
        within = [word if first <= span.start + n <= last else _NOTHING for n, word in enumerate(words)]
        everywhere, here = acts.evidence(words, source, target), acts.evidence(within, source, target)
        names = {*everywhere, *here}
        shown.append({name: max(here.get(name, 0.0), ELSEWHERE * everywhere.get(name, 0.0)) for name in names})
    scores = replace(
        pair.scores,
        types=acts.combine(pair.scores.types, shown[0]),
        back_types=acts.combine(pair.scores.back_types, shown[1]),
    )
    return replace(pair, scores=scores)


def _shown(sentence: str, source: Span, target: Span) -> dict[str, float]:
    from multipolar.reading.sentences import pipeline

    doc = pipeline()(sentence)
    words = [(token.lemma_, token.lower_, token.tag_) for token in doc]
    places = [(token.idx, token.idx + len(token)) for token in doc]
    return acts.evidence(words, _words(places, source), _words(places, target))


def _words(places: list[Span], span: Span) -> Span:
    inside = [number for number, (start, end) in enumerate(places) if start < span[1] and end > span[0]]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)
