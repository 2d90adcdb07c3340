"""Words that state a relation between actors, with their two sides, direction and kind, by the parse alone.

"Minsk's *dependence* on Moscow has deepened" states ``depends_on``, up; the noun gives the relation, its frame in the lexicon
says where the two sides stand, and the verb of change above it the direction. Every cue says which word it rests on and how its
sides were found, so that a reader can see why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from multipolar.reading.cues import change
from multipolar.reading.cues.arguments import SUBJECTS, place
from multipolar.reading.cues.patterns import Pattern, Side, find
from multipolar.reading.cues.sides import Sides
from multipolar.reading.mentions import Mention
from multipolar.reading.model import ClaimKind, Direction
from multipolar.reading.sentences import Sentence

if TYPE_CHECKING:
    from spacy.tokens import Token

#: What a side is worth that was only found inside a phrase, or by the governing verb.
_REMOTE: Final = 0.8
#: What a cue is worth whose second side is missing.
_PARTIAL: Final = 0.7
#: Relations that are of one actor, or of a group with itself.
ALONE: Final = frozenset(
    {"isolated_from", "cohesion_of", "polarisation_of", "power_position", "order_change", "intends", "condition_for"}
)
#: Relations that need no subject: the world is meant.
WORLDLY: Final = frozenset({"polarisation_of", "order_change"})
#: Relations whose two sides may be exchanged.
EITHER: Final = frozenset({"aligned_with", "allied_with", "cooperates_with", "hostile_to", "rivals"})


@dataclass(frozen=True)
class Cue:
    """A relation that the words of a sentence state.

    Attributes
    ----------
    subject : Mention or None
        None only of relations of the whole world.
    object : Mention or None
        None where it is implied.
    relation : str
    direction : str
    kind : str
    level : str or None
        ``high``, ``low`` or ``none``.
    trigger : spacy.tokens.Token
        The word that states it.
    points : float
        How sure the words are: 1 for a plain statement, less where sides were found from afar.
    why : str
    """

    subject: Mention | None
    object: Mention | None
    relation: str
    direction: Direction
    kind: ClaimKind
    level: str | None
    trigger: Token
    points: float
    why: str


def cues(sentence: Sentence, mentions: Sequence[Mention]) -> list[Cue]:
    """All cues of a sentence, the surest of each relation and pair of actors, in the order of the text."""
    sides = Sides(sentence, mentions)
    found: dict[tuple[str, str, str], Cue] = {}
    for token, pattern in find(sentence.span):
        for cue in _cues(token, pattern, sides):
            if not _whole(cue):
                continue
            ends = (cue.subject.code if cue.subject else "", cue.object.code if cue.object else "")
            if cue.relation in EITHER:
                ends = (min(ends), max(ends))
            known = found.get((cue.relation, *ends))
            if known is None or _better(cue, known):
                found[cue.relation, *ends] = cue
    whole = [cue for cue in found.values() if cue.object is not None or not _completed(cue, found.values())]
    return sorted(whole, key=lambda cue: cue.trigger.i)


def _whole(cue: Cue) -> bool:
    """Whether its sides are known, and may have this relation: the world is not isolated from itself."""
    if cue.subject is None:
        return True
    if cue.relation == "power_position" and cue.subject.root.lemma_ in ("alliance", "bloc", "pact", "coalition"):
        return False  # "strengthens its alliance" is of the tie, not of whose it is
    if not cue.subject.who.known or (cue.object is not None and not cue.object.who.known):
        return False
    if cue.object is not None and cue.direction == "none" and _inside(cue.subject.code, cue.object.code):
        return False
    return not (cue.subject.code == "GRP:INTL" and cue.relation not in WORLDLY)


def _inside(a: str, b: str) -> bool:
    """Whether one is a circle of the other: that rivals are rivals says nothing."""
    return any(circle.startswith(f"GRP:{centre}_") for circle, centre in ((a, b), (b, a)))


def _better(cue: Cue, known: Cue) -> bool:
    return (cue.points, cue.direction != "none") > (known.points, known.direction != "none")


def _completed(cue: Cue, others: object) -> bool:
    """Whether another cue of the same relation and subject has an object."""
    assert hasattr(others, "__iter__")
    return any(
        other.relation == cue.relation and other.object is not None and other.subject is not None and cue.subject is not None
        and cue.subject.code in (other.subject.code, other.object.code if cue.relation in EITHER else "")
        for other in others
    )  # fmt: skip


def _cues(token: Token, pattern: Pattern, sides: Sides) -> Iterator[Cue]:
    changed = change.change(token)
    if set(pattern.words) & {"without", "no", "few", "hardly"}:
        changed = replace(changed, denied=False)  # the denial is the cue's own
    if pattern.level == "change" and changed.way is None and not (pattern.pos == "n" and changed.denied):
        return
    if pattern.level == "not" and not changed.denied:
        return
    kind = change.kind(token, changed)
    direction, level = _direction(pattern, changed)
    if direction in ("up", "down") and kind == "state":
        kind = "change"
    for subject, other, share, how in _ends(token, pattern, sides):
        yield Cue(
            subject, other, pattern.relation, direction, kind, level, token, pattern.points * share,
            f"{' '.join(pattern.words)!r}: {how}" + (f"; {changed.word!r}" if changed.word else ""),
        )  # fmt: skip


def _direction(pattern: Pattern, changed: change.Change) -> tuple[Direction, str | None]:
    if pattern.level == "not":
        return "none", "high"
    level = pattern.level if pattern.level in ("high", "low", "none") else None
    if changed.way is not None and changed.way != 0:
        return ("up" if changed.way * pattern.sign > 0 else "down"), level
    if changed.way == 0 and not changed.denied:
        return "steady", level
    if changed.denied or changed.lacking:
        return "none", {"low": "high"}.get(level or "", "none" if changed.denied else "low")
    return pattern.direction, level  # type: ignore[return-value]


def _ends(token: Token, pattern: Pattern, sides: Sides) -> Iterator[tuple[Mention | None, Mention | None, float, str]]:
    """Subject and object of a cue, by the first alternative of its frame that gives them."""
    for side in pattern.sides:
        found = list(_both(token, side, sides) if side.both else _two(token, side, sides, pattern.relation in ALONE))
        if pattern.relation in WORLDLY:
            found = [each for each in found if each[0] is not None and each[0].who.known]
        if found:
            yield from found
            return
    if pattern.relation in WORLDLY:
        yield None, None, 1.0 if pattern.relation == "polarisation_of" else _REMOTE, "of the world"


def _both(token: Token, side: Side, sides: Sides) -> Iterator[tuple[Mention, Mention, float, str]]:
    for name in side.subject:
        every: list[Mention] = []
        for word in place(token, name):
            every += [each for each in sides.at(word)[0] if each.code not in [known.code for known in every]]
        if len(every) > 1:
            for other in every[1:]:
                yield every[0], other, 1.0, f"both in {name}"
            return


def _two(token: Token, side: Side, sides: Sides, alone: bool) -> Iterator[tuple[Mention, Mention | None, float, str]]:
    for name in side.subject:
        subjects, far = _at(token, name, sides, ())
        if not subjects:
            continue
        share = _REMOTE if far or (name == "gov" and not _near(token)) else 1.0
        for subject in subjects:
            others, where, remote = _other(token, side, sides, subjects)
            how = f"subject in {name}"
            for other in others:
                yield subject, other, share * (_REMOTE if remote else 1.0), f"{how}, object in {where}"
            if not others and side.optional:
                yield subject, None, share if alone else share * _PARTIAL, how
        return


def _near(token: Token) -> bool:
    """Whether a noun is the object of a verb with a subject of its own: "poses a *threat*"."""
    return token.dep_ in ("dobj", "attr") and any(child.dep_ in SUBJECTS for child in token.head.children)


def _other(token: Token, side: Side, sides: Sides, subjects: Sequence[Mention]) -> tuple[list[Mention], str, bool]:
    for name in side.object:
        if name in ("rest", "inner"):
            others, far = (sides.rest if name == "rest" else sides.inside)(token, subjects), True
            others = others if name == "rest" else others[:1]
        else:
            others, far = _at(token, name, sides, subjects)
        if others:
            return others, name, far
    return [], "", False


def _at(token: Token, name: str, sides: Sides, but: Sequence[Mention]) -> tuple[list[Mention], bool]:
    found: list[Mention] = []
    far = False
    exact, name = name.startswith("="), name.lstrip("=")
    for word in place(token, name):
        some, inside = sides.at(word, but, deep=name != "self" and not exact)
        if name == "poss" and word.dep_ != "poss" and (inside or not sides.heads(word)):
            continue
        found += [each for each in some if each.code not in [known.code for known in found]]
        far = far or inside
    return found, far


def turned(cue: Cue) -> Cue:
    """The same with its sides exchanged."""
    return replace(cue, subject=cue.object, object=cue.subject)


def hinted(sentence: Sentence) -> frozenset[str]:
    """The relations that some word of a sentence may state, whoever its sides are."""
    return frozenset(pattern.relation for _, pattern in find(sentence.span))
