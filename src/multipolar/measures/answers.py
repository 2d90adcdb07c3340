"""Whatever a measure answers with: each has `ids`, the statements that it uses directly, and `notes`."""

from __future__ import annotations

from typing import TypeAlias

from multipolar.measures.breaks import LeaderBreak, LeaderBreaks
from multipolar.measures.model import Measure
from multipolar.measures.negotiability import Negotiability
from multipolar.measures.stage import Stage, StageAhead
from multipolar.measures.travel import Travel

Answer: TypeAlias = Measure | Stage | StageAhead | Negotiability | LeaderBreak | LeaderBreaks | Travel
