"""Relations that words claim: a lexicon of cues and the grammar of their sides, beside the classifier."""

from __future__ import annotations

from multipolar.reading.cues.found import ALONE, Cue, cues, hinted
from multipolar.reading.cues.weighed import weigh

__all__ = ["ALONE", "Cue", "cues", "hinted", "weigh"]
