"""Acts that the words of a sentence show: a lexicon beside the pair classifier."""

from __future__ import annotations

from multipolar.reading.acts.weigh import NONE, combine, evidence

__all__ = ["NONE", "combine", "evidence"]
