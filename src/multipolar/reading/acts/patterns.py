"""The language of `data/acts.tsv`: words in order, over lemmas, that show an act.

A pattern is words with a space between: ``hold|have * talk with``. ``a|b`` is either word; ``@troops`` any word of a set (the
first rows of the table); ``*`` a gap of at most `GAP` words, an actor's whole name counting as one, articles and numbers not at
all. ``/v /n /j /t /i`` after a word ask for a verb, a noun, an adjective, the *to* before a verb, a preposition. A word fits a
token by its lemma or as it stands. ``+will`` and ``+not`` in front: only where the verb stands with *will*, or is denied;
``+target``: only right after the target's name. "sign * treaty" is also found as "the treaty was signed".

The type ``-`` is of phrases that are no act, though a part of them looks like one. ``>`` after a type: what follows is governed
("*refused to* release"): it is not done, but refused. ``WILL>``, ``NOT>`` and ``END>`` only change what they govern.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from multipolar.errors import DataError
from multipolar.reading.encoding import DATA
from multipolar.reading.model import TYPES

#: A token: its lemma, the word in lower case, its Penn Treebank tag.
Token = tuple[str, str, str]
#: Words that a gap may skip.
GAP: Final = 4
#: Types that are only of verbs that govern others: an act ahead, one that does not take place, one that ends.
AHEAD: Final = "WILL"
DENIED: Final = "NOT"
ENDED: Final = "END"
#: Phrases that are no act.
NOTHING: Final = "-"
#: A gap ends at these words and tags: another clause begins.
_STOPS: Final = frozenset((".", ";", ":", "!", "?", "—", "–", "--", "who", "which"))
_VERBS: Final = frozenset(("MD", "VBD", "VBZ", "VBP", "TO", "WDT", "WP"))
#: Tags of words that a gap skips without counting: articles, numbers, hyphens, possessives, adverbs.
_FREE: Final = frozenset(("DT", "CD", "HYPH", "PRP$", "RB"))
#: Words that are no object.
_SMALL: Final = frozenset(
    (
        *("to", "for", "from", "with", "in", "on", "at", "of", "by", "as", "out", "off", "up", "down", "back", "over"),
        *("against", "about", "that", "into"),
    )
)
_TAGS: Final = {"v": "V", "n": "N", "j": "J", "t": "TO", "i": "IN"}
_CONDITIONS: Final = ("will", "not", "target")


@dataclass(frozen=True, slots=True)
class Element:
    """One word of a pattern, or a gap (no words)."""

    words: frozenset[str]
    tag: str = ""

    def fits(self, forms: frozenset[str], tag: str) -> bool:
        """Whether a token is this word."""
        return tag.startswith(self.tag) and not self.words.isdisjoint(forms)


@dataclass(frozen=True, slots=True)
class Act:
    """A row of the table.

    Attributes
    ----------
    elements : tuple of Element
    type : str
        A PLOVER type, `AHEAD`, `DENIED`, `ENDED` or `NOTHING`.
    governs : bool
        Whether what follows is governed.
    weight : int
        1 (could be something else), 2 or 3 (hardly anything else).
    condition : str
        ``will``, ``not``, ``target`` or empty.
    pattern : str
        As the table has it.
    passive : bool
        Whether this is the pattern turned round: "sign * treaty" for "the treaty was signed".
    """

    elements: tuple[Element, ...]
    type: str
    governs: bool
    weight: int
    condition: str
    pattern: str
    passive: bool = False

    @property
    def words(self) -> int:
        """How many words it names: the more, the surer."""
        return sum(bool(each.words) for each in self.elements) + bool(self.condition)


@dataclass(frozen=True, slots=True)
class Hit:
    """Where an act stands: the numbers of its tokens, gaps left out."""

    act: Act
    at: tuple[int, ...]

    @property
    def verb_first(self) -> tuple[int, ...]:
        """The same tokens with the verb of a passive first."""
        return self.at[::-1] if self.act.passive else self.at


def hits(tokens: Sequence[Token], names: Sequence[tuple[int, int]]) -> Iterator[Hit]:
    """Every place where a pattern fits, however they overlap; `names` are the spans of actors."""
    forms = [_forms(token) for token in tokens]
    steps = [int(tag not in _FREE and lower != "of") for _, lower, tag in tokens]
    for start, end in names:
        steps[start + 1 : end] = [0] * max(end - start - 1, 0)
    table = _by_first_word()
    for start, each in enumerate(forms):
        seen = {id(act): act for form in each for act in table.get(form, ())}
        for act in seen.values():
            at = _fit(act.elements, tokens, forms, steps, start)
            if at is not None:
                yield Hit(act, at)


def _fit(
    elements: tuple[Element, ...],
    tokens: Sequence[Token],
    forms: Sequence[frozenset[str]],
    steps: Sequence[int],
    start: int,
) -> tuple[int, ...] | None:
    if not elements:
        return ()
    first, rest = elements[0], elements[1:]
    if first.words:
        if start >= len(tokens) or not first.fits(forms[start], tokens[start][2]):
            return None
        after = _fit(rest, tokens, forms, steps, start + 1)
        return None if after is None else (start, *after)
    skipped = 0
    for place in range(start, len(tokens)):
        found = _fit(rest, tokens, forms, steps, place)
        if found is not None:
            return found
        skipped += steps[place]
        if skipped > GAP or tokens[place][1] in _STOPS or tokens[place][2] in _VERBS:
            return None
    return None


def _forms(token: Token) -> frozenset[str]:
    lemma, lower, tag = token
    forms = {lemma.lower(), lower}
    if tag.startswith("NNP") and lower.endswith("s"):  # headlines: the tagger leaves names as they are
        forms.add(lower[:-1])
    return frozenset(forms)


@cache
def acts() -> tuple[Act, ...]:
    """The table, row by row; a pattern with a hyphen in it is read both as one word and as three."""
    with (DATA / "acts.tsv").open(encoding="utf-8", newline="") as file:
        return tuple(read(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)))


def read(rows: Iterator[Mapping[str, str]] | Sequence[Mapping[str, str]]) -> Iterator[Act]:
    """Rows of the columns pattern, type, weight, note → acts.

    Raises
    ------
    DataError
        If a type, a weight, a tag, a condition or a set is not known.
    """
    sets: dict[str, str] = {}
    for number, row in enumerate(rows, start=2):
        if row["type"] == "set":
            sets[row["pattern"]] = row["note"]
        else:
            yield from _acts(row, sets, number)


def _acts(row: Mapping[str, str], sets: Mapping[str, str], number: int) -> Iterator[Act]:
    kind, governs = row["type"].removesuffix(">"), row["type"].endswith(">")
    if kind not in (*TYPES, AHEAD, DENIED, ENDED, NOTHING):
        raise DataError.bad_row("acts.tsv", number, "type", "a PLOVER type, WILL, NOT, END or -", row["type"])
    if row["weight"] not in ("0", "1", "2", "3"):
        raise DataError.bad_row("acts.tsv", number, "weight", "0, 1, 2 or 3", row["weight"])
    words = row["pattern"].split()
    condition = words.pop(0)[1:] if words and words[0].startswith("+") else ""
    if (condition and condition not in _CONDITIONS) or not words or words[0] == "*":
        expected = "words, + and one of will, not, target, and no gap, first"
        raise DataError.bad_row("acts.tsv", number, "pattern", expected, row["pattern"])
    for elements in itertools.product(*(_readings(word, sets, number) for word in words)):
        act = Act(tuple(itertools.chain(*elements)), kind, governs, int(row["weight"]), condition, row["pattern"])
        yield act
        if not condition and kind != NOTHING:
            yield from _passive(act)


def _passive(act: Act) -> Iterator[Act]:
    """A verb, a gap and its object: also the object, a gap and the participle."""
    if len(act.elements) == 3 and not act.elements[1].words:
        verb, gap, thing = act.elements
        if verb.tag in ("", "V") and thing.tag in ("", "N") and not thing.words & _SMALL:
            yield replace(act, elements=(Element(thing.words, "N"), gap, Element(verb.words, "VBN")), passive=True)


def _readings(word: str, sets: Mapping[str, str], number: int) -> list[list[Element]]:
    """A word of a pattern as elements: one reading with all alternatives, one more for each that has a hyphen."""
    if word == "*":
        return [[Element(frozenset())]]
    body, _, tag = word.partition("/")
    try:
        asked = _TAGS[tag] if tag else ""
        names = [name for part in body.split("|") for name in (sets[part].split("|") if part[0] == "@" else [part])]
    except KeyError as unknown:
        expected = f"one of the sets above and a tag of {', '.join(_TAGS)}"
        raise DataError.bad_row("acts.tsv", number, "pattern", expected, unknown.args[0]) from None
    joined = [name for name in names if "-" in name and len(name) > 1]
    split = [[Element(frozenset({part})) for part in name.replace("-", " - ").split()] for name in joined]
    return [[Element(frozenset(names), asked)], *split]


@cache
def _by_first_word() -> dict[str, tuple[Act, ...]]:
    found: dict[str, list[Act]] = {}
    for act in acts():
        for word in act.elements[0].words:
            found.setdefault(word, []).append(act)
    return {word: tuple(some) for word, some in found.items()}
