"""Say it: one page about a few states, in words, charts and a map, each figure linked to the statements behind it."""

from __future__ import annotations

from multipolar.brief.build import MOST, build
from multipolar.brief.model import Asked, Brief
from multipolar.brief.words import WORDS, Word, word_for

__all__ = ["MOST", "WORDS", "Asked", "Brief", "Word", "build", "word_for"]
