"""Which words govern an act: "will not lift" is a refusal, "threatened to withdraw" a threat, "ended the boycott" a retreat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from multipolar.reading.acts.patterns import AHEAD, DENIED, ENDED, NOTHING, Token

Span = tuple[int, int]
#: Governors that are no act themselves.
MERE: Final = frozenset({AHEAD, DENIED, ENDED})
_COOPERATIVE: Final = frozenset({"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"})
_HOSTILE: Final = frozenset({"PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"})
#: What becomes of an act that is ended.
_ENDS: Final = {
    **dict.fromkeys(("PROTEST", "MOBILIZE", "COERCE", "ASSAULT", "SANCTION"), "RETREAT"),
    **dict.fromkeys(("CONSULT", "SUPPORT", "COOPERATE", "AID"), "SANCTION"),
}
#: What an act counts of its own after another one in its clause.
_SECOND: Final = 0.4
#: What a deed that is only told of counts as an accusation.
_TOLD: Final = 0.7
_WILL: Final = frozenset(("will", "shall", "wo", "would", "ll", "'ll", "’ll", "'d", "’d"))
_MAY: Final = frozenset(("may", "might", "could", "can"))
_NOT: Final = frozenset(("not", "n't", "n’t", "never", "no", "neither", "nor"))
_BETWEEN: Final = frozenset(("be", "have", "do", "also", "now", "soon", "formally", "again", "still", "ever"))
_SAYING: Final = frozenset(
    (
        "say",
        "tell",
        "state",
        "announce",
        "declare",
        "claim",
        "insist",
        "argue",
        "add",
        "note",
        "stress",
        "believe",
        "think",
    )
)


@dataclass(frozen=True, slots=True)
class Found:
    """An act in its place.

    Attributes
    ----------
    type : str
        What it shows there.
    points : float
        How much it counts, before other words are looked at.
    start, clause : int
        Its verb's token; the number of its clause.
    governs, ahead, denied : bool
        Whether it governs what follows; whether its verb stands with *will*, with *not*.
    """

    type: str
    points: float
    start: int
    clause: int
    governs: bool
    ahead: bool = False
    denied: bool = False


def state(tokens: Sequence[Token], place: int) -> tuple[bool, bool, bool]:
    """Whether a verb stands with *will*, is denied, is only possible; of a noun, whether *no* stands before it."""
    ahead = denied = maybe = False
    if not tokens[place][2].startswith("V"):
        return False, any(tokens[k][1] in ("no", "without") for k in range(max(place - 2, 0), place)), False
    for k in range(place - 1, max(place - 7, -1), -1):
        lemma, lower, tag = tokens[k]
        before = tokens[max(k - 1, 0)]
        if tag == "MD" and lower in _WILL:
            ahead = True
        elif tag == "MD" and lower in _MAY:
            maybe = True
        elif lower in _NOT:
            denied = True
        elif lower == "to" and tag == "TO" and before[0] == "be":
            ahead = True
        elif not (lemma in _BETWEEN or tag.startswith("RB") or (lower == "to" and before[1] in _NOT)):
            break
    if tokens[place][2] == "VBN" and any(tokens[k][1] == "have" for k in range(max(place - 3, 0), place)):
        return False, denied, ahead or maybe  # "may have", "would have": what perhaps was
    return ahead or maybe, denied, maybe


def governed(found: Sequence[Found], tokens: Sequence[Token], source: Span, target: Span) -> list[Found]:
    """The acts with what governs them taken into account."""
    said = _said(tokens, source, target)
    out: list[Found] = []
    above: list[Found] = []
    main: set[int] = set()
    done: set[int] = set()
    for each in found:
        above = [one for one in above if one.clause == each.clause and _joined(one, each, source, target)]
        act = each if each.type == ENDED else _changed(each)
        for governor in reversed(above):
            act = _under(governor, act, first=governor.clause not in done)
        if above and each.type not in (NOTHING, *MERE) and not act.points:
            done.add(each.clause)
        elif above and act.points and act.type not in (NOTHING, *MERE):
            _silence(out, above, act)
            done.add(each.clause)
        elif each.clause in main and act.type != NOTHING:
            act = replace(act, points=act.points * _SECOND)
        if said[0] <= act.start < said[1] and act.type in _HOSTILE:
            act = replace(act, type="ACCUSE", points=act.points * _TOLD)
        out.append(act)
        if each.governs:
            above.append(act if each.type in MERE or not above else replace(act, type=above[0].type))
        if act.type not in (NOTHING, *MERE) and _own(act, source, target):
            main.add(each.clause)
    return out


def _joined(governor: Found, act: Found, source: Span, target: Span) -> bool:
    """Whether a verb before both names leaves what stands behind the first of them alone: it is another's act."""
    first = min(source[0], target[0])
    return not governor.start < first <= act.start


def _own(act: Found, source: Span, target: Span) -> bool:
    """Whether an act can be the clause's own, and not one that describes an actor or what stands before both."""
    inside = source[0] <= act.start < source[1] or target[0] <= act.start < target[1]
    return not inside and act.start >= min(source[0], target[0])


def _silence(out: list[Found], above: Sequence[Found], act: Found) -> None:
    """A governor whose object turns it into another act no longer counts itself: "promised to retaliate"."""
    for governor in above:
        if governor.type != act.type and governor in out:
            out[out.index(governor)] = replace(governor, points=0.0)


def _changed(act: Found) -> Found:
    """An act that stands with *will* or *not* is another one."""
    if act.type in MERE:
        other = {AHEAD: DENIED, DENIED: NOTHING}.get(act.type, act.type)
        return replace(act, type=other) if act.denied else act
    if act.denied:
        return replace(act, type="REJECT") if act.type in _COOPERATIVE else replace(act, points=0.0)
    if act.ahead and act.type in _COOPERATIVE:
        return replace(act, type="AGREE")
    return replace(act, type="THREATEN") if act.ahead and act.type in _HOSTILE else act


def _under(above: Found, act: Found, *, first: bool) -> Found:
    """What is governed: done only if its governor leaves it so; a promise of force, its `first` object, is a threat."""
    if act.type in MERE or act.type == NOTHING:
        return act
    if above.type == ENDED:
        turned = replace(act, type=_ENDS.get(act.type, NOTHING), ahead=above.ahead, denied=above.denied)
        return _changed(turned)
    if above.type == AHEAD:
        return _changed(replace(act, ahead=True, denied=False))
    if above.type == DENIED:
        return _changed(replace(act, ahead=False, denied=True))
    if above.type == "AGREE" and act.type in _HOSTILE and first:
        return replace(act, type="THREATEN")
    return replace(act, points=0.0)


def _said(tokens: Sequence[Token], source: Span, target: Span) -> Span:
    """Where the target's own deeds stand, if the source only tells of them: "A said B had attacked", "B attacked, A said"."""
    if source[1] <= source[0]:
        return (0, 0)
    if source[1] <= target[0]:
        between = [place for place in range(source[1], target[0]) if tokens[place][0] in _SAYING]
        return (target[1], len(tokens)) if between and target[0] - between[-1] <= 3 else (0, 0)
    after = any(tokens[place][0] in _SAYING for place in range(source[1], min(source[1] + 2, len(tokens))))
    before = any(tokens[place][1] == "according" for place in range(max(source[0] - 2, 0), source[0]))
    return (target[1], source[0]) if after or before else (0, 0)
