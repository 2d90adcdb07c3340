"""The language of `data/cues.tsv`: words with which a relation between actors is stated, and where its two sides stand.

A row has the words (lemmas; ``a|b`` either; the head is the first word of a verb or adjective, the last of a noun), the part of
speech (``v n a``), the relation, the direction of a mere state of it, its sign (-1 where more of the word is less of the
relation), a level, the frame and the points it is worth. A row whose part of speech is ``frame`` names a frame for the rows
below. The relation ``-`` is of words that state nothing.

A frame has alternatives with ``|`` between. ``subj,poss>on,upon``: the first place that holds an actor is the subject, the same
for the object. ``>?on``: the object may be missing. ``>0``: there is none. ``both:between,subj``: a place that holds two. ``=``
before a place: the actor itself, not one inside its phrase. The places are those of `arguments.place`, ``rest`` (all that
follow in the sentence) and ``inner`` (the first below the word).
"""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from multipolar.errors import DataError
from multipolar.reading.encoding import DATA
from multipolar.reading.model import DIRECTIONS, RELATIONS

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

NOTHING: Final = "-"
_POS: Final = {"v": ("VERB", "AUX"), "n": ("NOUN", "PROPN"), "a": ("ADJ", "VERB", "ADV")}
#: How far the words of a verb's phrase may be apart (words).
_REACH: Final = 7


@dataclass(frozen=True, slots=True)
class Side:
    """One alternative of a frame: where the subject stands, where the object, whether it may be missing."""

    subject: tuple[str, ...]
    object: tuple[str, ...]
    optional: bool = False
    both: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """One row of the lexicon.

    Attributes
    ----------
    words : tuple of str
        Lemmas or words as they stand, in order.
    pos : str
        ``v``, ``n`` or ``a``.
    relation : str
    direction : str
        Of a mere state.
    sign : int
        -1 where more of the word is less of the relation.
    level : str
        ``high``, ``low``, ``none`` or empty; ``change``: only where something says that it changes; ``not``: only
        where it is denied.
    sides : tuple of Side
    points : float
    """

    words: tuple[str, ...]
    pos: str
    relation: str
    direction: str
    sign: int
    level: str
    sides: tuple[Side, ...]
    points: float

    @property
    def head(self) -> str:
        """The word that the others stand around."""
        return self.words[-1] if self.pos == "n" else self.words[0]


def find(span: Span) -> Iterator[tuple[Token, Pattern]]:
    """Every word of a sentence that states a relation, with its pattern; a longer phrase hides its parts."""
    table = _table()
    for token in span:
        keys = {token.lower_, token.lemma_.lower()}
        fits = [
            (used, pattern)
            for pattern in dict.fromkeys(itertools.chain(*(table.get(key, ()) for key in sorted(keys))))
            if (used := _fit(token, pattern)) is not None
        ]
        for used, pattern in fits:
            hidden = any(used < other for other, _ in fits)
            if not hidden and pattern.relation != NOTHING:
                yield token, pattern


def _fit(token: Token, pattern: Pattern) -> frozenset[int] | None:
    """The numbers of the words that a pattern takes up, or None."""
    if token.pos_ not in _POS[pattern.pos] or (token.pos_ == "PROPN" and len(pattern.words) == 1):
        return None  # "the Gulf" is a place, a gulf is not
    if pattern.pos == "a" and token.pos_ == "VERB" and not _participle(token):
        return None
    used, doc = {token.i}, token.doc
    if pattern.pos == "n":
        at = token.i
        for word in reversed(pattern.words[:-1]):
            at -= 1
            while (
                at > token.sent.start
                and not _is(doc[at], word)
                and doc[at].pos_ in ("ADJ", "PUNCT", "ADV", "NOUN", "CCONJ", "DET", "PROPN", "PART", "PRON")
            ):
                at -= 1
            if at < token.sent.start or not _is(doc[at], word) or token.i - at > _REACH:
                return None
            used.add(at)
        return frozenset(used)
    at = token.i
    below = {each.i for each in token.subtree}
    for word in pattern.words[1:]:
        last = min(at + _REACH, token.sent.end - 1)
        place = next((i for i in range(at + 1, last + 1) if _is(doc[i], word) and (i in below or i - at <= 2)), None)
        if place is None:
            return None
        used.add(place)
        at = place
    return frozenset(used)


def _participle(token: Token) -> bool:
    """Whether a verb is a participle that says how something is, not what somebody has done."""
    if token.tag_ == "VBN":
        auxiliaries = {child.dep_ for child in token.children if child.dep_ in ("aux", "auxpass")}
        return "aux" not in auxiliaries or "auxpass" in auxiliaries
    return token.tag_ == "VBG" or any(child.dep_ == "auxpass" for child in token.children)


def _is(token: Token, word: str) -> bool:
    return word in ("*", token.lower_, token.lemma_.lower()) or (
        word == "oneself" and token.lower_.endswith(("self", "selves"))
    )


@cache
def _table() -> dict[str, tuple[Pattern, ...]]:
    found: dict[str, list[Pattern]] = {}
    with (DATA / "cues.tsv").open(encoding="utf-8", newline="") as file:
        for pattern in read(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)):
            found.setdefault(pattern.head, []).append(pattern)
    return {head: tuple(some) for head, some in found.items()}


def patterns() -> tuple[Pattern, ...]:
    """All rows, alternatives written out."""
    return tuple(itertools.chain(*_table().values()))


def read(rows: Iterable[Mapping[str, str]]) -> Iterator[Pattern]:
    """Read the rows of the table.

    Raises
    ------
    DataError
        With row and column, if a relation, a direction or a frame is not known.
    """
    frames: dict[str, str] = {}
    for number, row in enumerate(rows, start=2):
        if row["pos"] == "frame":
            frames[row["words"]] = row["frame"]
            continue
        if row["relation"] not in (*RELATIONS, NOTHING):
            raise DataError.bad_row("cues.tsv", number, "relation", "a relation or -", row["relation"])
        if row["direction"] not in DIRECTIONS:
            raise DataError.bad_row(
                "cues.tsv", number, "direction", f"one of {', '.join(DIRECTIONS)}", row["direction"]
            )
        if row["pos"] not in _POS:
            raise DataError.bad_row("cues.tsv", number, "pos", "v, n, a or frame", row["pos"])
        frame = frames.get(row["frame"], row["frame"])
        if row["pos"] == "a":  # what is so, not who made it so
            frame = re.sub(r"\bsubj\b", "being", frame)
        sides = tuple(_sides(frame, number))
        for chosen in itertools.product(*(word.split("|") for word in row["words"].split())):
            yield Pattern(
                chosen, row["pos"], row["relation"], row["direction"], int(row["sign"] or 1), row["level"] or "", sides,
                float(row["points"] or 1),
            )  # fmt: skip


def _sides(frame: str, number: int) -> Iterator[Side]:
    for part in frame.split("|"):
        both = part.startswith("both:")
        subject, arrow, other = part.removeprefix("both:").partition(">")
        if not both and not arrow and frame != NOTHING:
            raise DataError.bad_row("cues.tsv", number, "frame", "places > places, or both:places", frame)
        optional = other.startswith("?")
        names = tuple(name for name in other.lstrip("?").split(",") if name and name != "0")
        yield Side(tuple(subject.split(",")), names, optional or other == "0", both)
