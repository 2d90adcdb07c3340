"""Words as names are compared: without case and accents."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: A word: letters and digits, so that "U.S." is two and "China's" is "China" and "s".
WORD: Final = re.compile(r"[^\W_]+")
_LETTERS: Final = str.maketrans({
    "ø": "o", "đ": "d", "ł": "l", "ı": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ə": "a",
})  # fmt: skip


def fold_word(word: str) -> str:
    """A word without case and accents.

    Examples
    --------
    >>> fold_word("Erdoğan")
    'erdogan'
    """
    if word.isascii():
        return word.lower()
    parts = unicodedata.normalize("NFKD", word.casefold()).translate(_LETTERS)
    return "".join(mark for mark in parts if not unicodedata.combining(mark))


def fold_text(text: str) -> str:
    """The words of a text, folded, with one blank between them.

    Examples
    --------
    >>> fold_text("Puerto Peñasco")
    'puerto penasco'
    """
    if text.isascii():
        return text.lower() if text.isalpha() else " ".join(WORD.findall(text.lower()))
    return " ".join(fold_word(word) for word in WORD.findall(text))


def words(text: str) -> frozenset[str]:
    """The words of a text that are divided by blanks, as a set."""
    return frozenset(text.split())
