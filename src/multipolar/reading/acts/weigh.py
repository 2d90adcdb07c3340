"""Acts that the words of a sentence show: the rule part beside the pair classifier.

The lexicon (`data/acts.tsv`; its language is described in `patterns`) was written by hand from the CAMEO and PLOVER
codebooks. An act counts by where it stands: between the two actors and in the target's clause most, in another clause least. What
governs wins over what it governs (`governed`): "threatened to withdraw" is a threat, "called for the release" a request.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from multipolar.reading.acts.governed import MERE, Found, Span, governed, state
from multipolar.reading.acts.patterns import AHEAD, NOTHING, Hit, Token, hits

#: The classifier's name for no event; not imported, so that the classifier can import this module.
NONE: Final = "NONE"
#: Log-odds that one point of evidence is worth beside the classifier.
WEIGHT: Final = 1.5
#: Words that open another clause.
_BREAKS: Final = frozenset(
    (
        *(
            "after",
            "before",
            "while",
            "when",
            "because",
            "although",
            "though",
            "as",
            "amid",
            "following",
            "since",
            "until",
        ),
        *("despite", "who", "which", "whose", "where", "if", "unless", "but", ";", ":", "—", "–", "--"),
    )
)


def evidence(tokens: Sequence[Token], source: Span, target: Span) -> dict[str, float]:
    """What the words say that the source does to the target.

    Parameters
    ----------
    tokens : sequence of (str, str, str)
        Lemma, lower-cased word and Penn Treebank tag of each word of the sentence.
    source, target : (int, int)
        First token of each actor and the one after its last; an empty span if the sentence does not name it.

    Returns
    -------
    dict
        PLOVER types with points of evidence, about 0 to 4; empty if no act is found.
    """
    clauses = _clauses(tokens, source, target)
    peace = any(lemma.startswith("peacekeep") for lemma, _, _ in tokens)
    chosen = _chosen(hits(tokens, (source, target)), tokens, target)
    found = [_found(hit, tokens, clauses, source, target, peace=peace) for hit in chosen]
    points: dict[str, list[float]] = {}
    for each in governed(found, tokens, source, target):
        if each.points > 0 and each.type not in (*MERE, NOTHING):
            points.setdefault(each.type, []).append(each.points)
    if not points:  # what is only announced is most often something agreed
        ahead = [each.points for each in found if each.type == AHEAD and not each.denied]
        return {"AGREE": min(max(ahead), 1.0)} if ahead and max(ahead) > 0 else {}
    return {name: max(some) + 0.25 * (sum(some) - max(some)) for name, some in points.items()}


def combine(
    types: Mapping[str, float], shown: Mapping[str, float], *, weight: float = WEIGHT, keep_none: bool = True
) -> dict[str, float]:
    """The classifier's probabilities with the evidence of acts added as log-odds.

    Parameters
    ----------
    types : mapping
        Probability of each PLOVER type, and of ``NONE`` if it was asked for.
    shown : mapping
        Points by type, as `evidence` gives them.
    weight : float
        Log-odds of one point.
    keep_none : bool
        Whether ``NONE`` keeps its probability, so that an act alone makes no event. If not, all evidence counts against it.

    Returns
    -------
    dict
        The same names; the probabilities add up to what they added up to before.
    """
    fixed = {NONE: types[NONE]} if keep_none and NONE in types else {}
    free = {name: p * math.exp(weight * shown.get(name, 0.0)) for name, p in types.items() if name not in fixed}
    before = sum(p for name, p in types.items() if name not in fixed)
    after = sum(free.values())
    scale = before / after if after > 0 else 1.0
    return {name: fixed[name] if name in fixed else free[name] * scale for name in types}


def _chosen(found: Iterable[Hit], tokens: Sequence[Token], target: Span) -> list[Hit]:
    """Of acts that share words the one with most words, then the earlier; in the order of the text."""
    able = [hit for hit in found if _allowed(hit, tokens, target)]
    able.sort(key=lambda hit: (-hit.act.words, hit.at[0], -hit.act.weight, hit.at[-1]))
    taken: set[int] = set()
    kept: list[Hit] = []
    for hit in able:
        content = [place for place in hit.at if tokens[place][2] not in ("IN", "TO", "DT", "RP")] or list(hit.at)
        if taken.isdisjoint(content):
            kept.append(hit)
            taken.update(content)
    return sorted(kept, key=lambda hit: hit.at)


def _allowed(hit: Hit, tokens: Sequence[Token], target: Span) -> bool:
    condition = hit.act.condition
    if condition == "target":
        return target[1] > target[0] and 0 <= hit.at[0] - target[1] <= 2
    ahead, denied, _ = state(tokens, hit.at[0])
    return not condition or (denied if condition == "not" else ahead and not denied)


def _found(
    hit: Hit, tokens: Sequence[Token], clauses: Sequence[int], source: Span, target: Span, *, peace: bool
) -> Found:
    """An act where it stands; troops that are sent to keep the `peace` are aid."""
    act = hit.act
    start = next((place for place in hit.verb_first if not source[0] <= place < source[1]), hit.at[0])
    ahead, denied, maybe = state(tokens, start)
    if start == source[1] + 1 and tokens[start - 1][1] == "to" and source[1] > source[0]:  # headlines: "Iran to free"
        ahead = True
    points = act.weight * _place(start, tokens, clauses, source, target) * (0.6 if maybe else 1.0)
    if act.condition:
        ahead = denied = False
    kind = "AID" if act.type == "MOBILIZE" and peace else act.type
    return Found(kind, points, start, clauses[start], act.governs, ahead, denied)


def _place(start: int, tokens: Sequence[Token], clauses: Sequence[int], source: Span, target: Span) -> float:
    """How much an act counts for the two actors, by where it stands."""
    if source[0] <= start < source[1]:
        return 0.3
    if target[0] <= start < target[1]:
        return 0.3 if tokens[start][2].startswith("V") else 0.6
    first, last = sorted((source, target))
    here = clauses[start]
    if first[1] <= start < last[0]:
        return 1.0 if here in (_at(clauses, first[0]), _at(clauses, last[0])) else 0.4
    if start >= last[1]:
        return 0.7 if here == _at(clauses, last[1] - 1) else 0.25
    comma = any(tokens[place][1] == "," for place in range(start, first[0]))
    noun = tokens[start][2].startswith("N") and here == _at(clauses, first[0]) and not comma
    return 0.7 if noun else 0.25


def _at(clauses: Sequence[int], place: int) -> int:
    return clauses[min(max(place, 0), len(clauses) - 1)]


def _clauses(tokens: Sequence[Token], source: Span, target: Span) -> list[int]:
    """The number of the clause of each token; names are not cut."""
    number, numbers = 0, []
    for place, (_, lower, tag) in enumerate(tokens):
        inside = source[0] < place < source[1] or target[0] < place < target[1]
        if not inside and (tag == "WDT" or (lower in _BREAKS and not (lower == "as" and tag != "IN"))):
            number += 1
        numbers.append(number)
    return numbers
