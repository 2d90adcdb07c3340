"""What the words state and what the classifier says of the same pair, put together.

A plain cue stands by itself. A weak one needs the classifier's word. What only the classifier says counts where a word of that
relation is in the sentence, and otherwise where it is nearly sure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from multipolar.reading.classifier import NONE, Scores
from multipolar.reading.cues.found import ALONE, EITHER, Cue
from multipolar.reading.events import Pair
from multipolar.reading.mentions import Mention
from multipolar.reading.model import ClaimKind, Direction

if TYPE_CHECKING:
    from spacy.tokens import Token

#: Points and probability that a cue needs together.
TOGETHER: Final = 0.8
#: Probability that a relation needs that only the classifier sees: with a word of it in the sentence, and without.
HINTED: Final = 0.45
UNHINTED: Final = 0.7
#: Probability of a direction that overrules a cue without one.
SURE: Final = 0.7


@dataclass(frozen=True)
class Weighed:
    """A relation that is claimed.

    Attributes
    ----------
    subject, object : Mention or None
        A missing subject is the world; a missing object is implied.
    relation, direction, kind, level
        As in `model.Assertion`.
    confidence : float
    trigger : spacy.tokens.Token or None
        The word of the cue.
    why : str
    """

    subject: Mention | None
    object: Mention | None
    relation: str
    direction: Direction
    kind: ClaimKind
    level: str | None
    confidence: float
    trigger: Token | None
    why: str


@dataclass(frozen=True)
class _Said:
    """What the classifier says of a pair or of one alone."""

    subject: Mention
    object: Mention | None
    scores: Scores


def weigh(
    cued: Sequence[Cue],
    hints: Collection[str],
    pairs: Iterable[Pair],
    alone: Iterable[tuple[Mention, Scores]],
    least: float = 0.5,
) -> list[Weighed]:
    """The claims of a sentence, each relation of two actors once."""
    said = list(_said(pairs, alone))
    found = [each for cue in cued if (each := _cue(cue, said)) is not None]
    open_ = set(hints) - {each.relation for each in found}  # a word whose sides are known says nothing of others
    found += [each for each in _classified(said, open_, least) if not any(_same(each, other) for other in found)]
    kept: list[Weighed] = []
    for each in sorted(found, key=lambda each: (each.trigger is None, -each.confidence)):
        if not any(_same(each, other) for other in kept):
            kept.append(each)
    return kept


def _said(pairs: Iterable[Pair], alone: Iterable[tuple[Mention, Scores]]) -> Iterator[_Said]:
    for pair in pairs:
        if pair.source.who.known and pair.target.who.known and pair.source.code != pair.target.code:
            for way in (pair, pair.turned()):
                yield _Said(way.source, way.target, way.scores)
    for mention, scores in alone:
        if mention.who.known:
            yield _Said(mention, None, scores)


def _cue(cue: Cue, said: Sequence[_Said]) -> Weighed | None:
    near = [each for each in said if _about(cue, each)]
    best = max(near, key=lambda each: each.scores.relations[cue.relation], default=None)
    share = best.scores.relations[cue.relation] if best is not None else 0.0
    if cue.points + share < TOGETHER:
        return None
    direction, kind = cue.direction, cue.kind
    why = f"{cue.why}; classifier {share:.2f}"
    if best is not None and direction == "none" and cue.level not in ("low", "none") and share >= HINTED:
        likely, sure = best.scores.best("directions")
        if likely != "none" and sure >= SURE:
            direction, why = cast(Direction, likely), f"{why}, which settles {likely} {sure:.2f}"
    return Weighed(
        cue.subject, cue.object, cue.relation, direction, kind, cue.level, min(0.95, 0.5 * cue.points + 0.5 * max(share, 0.4)),
        cue.trigger, why,
    )  # fmt: skip


def _about(cue: Cue, each: _Said) -> bool:
    """Whether the classifier was asked about the sides of a cue."""
    if cue.subject is None:
        return each.object is None
    ends = (each.subject.code, each.object.code if each.object else "")
    wanted = (cue.subject.code, cue.object.code if cue.object else "")
    if ends == wanted or (cue.relation in EITHER and ends == wanted[::-1]):
        return True
    return cue.relation in ALONE and each.object is None and ends[0] == wanted[0]


def _classified(said: Sequence[_Said], hints: Collection[str], least: float) -> Iterator[Weighed]:
    found: list[Weighed] = []
    for each in said:
        relation, share = each.scores.best("relations")
        if each.object is None and relation not in ALONE:
            continue
        if share < (HINTED if relation in hints else UNHINTED) or 1.0 - each.scores.relations[NONE] < least:
            continue
        direction, sure = each.scores.best("directions")
        kind, _ = each.scores.best("kinds")
        if relation in ALONE and any(other.relation == relation and other.confidence >= share for other in found):
            continue
        seen = "a word of it is in the sentence" if relation in hints else "no word of it is in the lexicon"
        why = f"classifier: {relation} {share:.2f}, {direction} {sure:.2f}; {seen}"
        found.append(
            Weighed(
                each.subject,
                each.object,
                relation,
                cast(Direction, direction),
                cast(ClaimKind, kind),
                None,
                share,
                None,
                why,
            )
        )
    yield from sorted(found, key=lambda each: -each.confidence)


def _same(a: Weighed, b: Weighed) -> bool:
    """Whether both are one claim: the same relation and sides; of one side's relations the same subject."""
    if a.relation != b.relation:
        return False
    one = (a.subject.code if a.subject else "", a.object.code if a.object else "")
    other = (b.subject.code if b.subject else "", b.object.code if b.object else "")
    if one == other or one == other[::-1]:
        return True
    return one[0] == other[0] and (not one[1] or not other[1] or a.relation in ALONE - {"isolated_from"})
