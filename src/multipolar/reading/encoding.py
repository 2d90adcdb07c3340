"""A sentence and two marked spans in it → the numbers that the pair classifier reads. Training and reading share this.

The source is set between the vocabulary's first two unused tokens, the target between the next two (entity markers:
Baldini Soares et al. 2019, https://doi.org/10.18653/v1/P19-1279). The classifier reads the sentence's first token and the
two opening markers. A long sentence is cut to the tokens around the two spans.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tokenizers import Tokenizer

DATA: Final = Path(__file__).parent / "data"
#: Tokens of one input at most.
LONGEST: Final = 112
_CLS, _SEP, _PAD = 101, 102, 0
_SOURCE, _TARGET = (1, 2), (3, 4)
#: First character and the one after the last.
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Encoded:
    """One input of the classifier.

    Attributes
    ----------
    ids : tuple of int
        Token numbers, at most `LONGEST`.
    source, target : int
        Places of the two opening markers; `target` is 0 where there is none.
    """

    ids: tuple[int, ...]
    source: int
    target: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """A sentence's tokens and the characters that each covers."""

    ids: tuple[int, ...]
    offsets: tuple[Span, ...]


@cache
def tokenizer() -> Tokenizer:
    """The WordPiece tokenizer that comes with the package."""
    from tokenizers import Tokenizer

    found = Tokenizer.from_file(str(DATA / "tokenizer.json"))
    found.no_truncation()
    found.no_padding()
    return found


def tokens(sentence: str) -> Tokens:
    """Cut a sentence into tokens."""
    found = tokenizer().encode(sentence, add_special_tokens=False)
    return Tokens(tuple(found.ids), tuple(found.offsets))


def encode(sentence: Tokens, source: Span, target: Span | None) -> Encoded:
    """Mark two spans in a sentence.

    Parameters
    ----------
    sentence : Tokens
    source, target : (int, int)
        First character and the one after the last, within the sentence; no target for what is said of one actor alone.
    """
    marks = _marks(sentence, source, _SOURCE)
    if target is not None:
        marks += _marks(sentence, target, _TARGET)
    ids: list[int] = []
    places: dict[int, int] = {}
    opened = sorted(marks)
    for index, token in enumerate((*sentence.ids, None)):
        while opened and opened[0][0] <= index:
            mark = opened.pop(0)[2]
            places[mark] = len(ids)
            ids.append(mark)
        if token is not None:
            ids.append(token)
    first = _window(len(ids), list(places.values()))
    kept = ids[first : first + LONGEST - 2]
    last = len(kept)
    at = {mark: min(max(place - first, 0), last - 1) + 1 for mark, place in places.items()}
    return Encoded((_CLS, *kept, _SEP), at[_SOURCE[0]], at.get(_TARGET[0], 0))


def _marks(sentence: Tokens, span: Span, pair: tuple[int, int]) -> list[tuple[int, int, int]]:
    """Where a span's two markers go: before its first token and after its last; a closing one stands before an opening."""
    inside = [
        index
        for index, (start, end) in enumerate(sentence.offsets)
        if start < span[1] and end > span[0] and end > start
    ]
    first, last = (inside[0], inside[-1] + 1) if inside else (0, 0)
    return [(first, 1, pair[0]), (last, 0 if last > first else 2, pair[1])]


def _window(length: int, places: list[int]) -> int:
    """First token of the stretch that is kept: all, or `LONGEST` around the middle of the marked spans."""
    room = LONGEST - 2
    if length <= room:
        return 0
    middle = (min(places) + max(places)) // 2
    return min(max(middle - room // 2, 0), length - room)
