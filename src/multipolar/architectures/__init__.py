"""What holds them: named sets of institutions and states, how deep their members are bound, and who stands against whom.

>>> from multipolar import architectures
>>> architectures.find("eurasia").title
'Eurasian institutions'
"""

from __future__ import annotations

from multipolar.architectures import arrays
from multipolar.architectures.compare import Comparison, across, compare
from multipolar.architectures.enlargement import Change, enlargement, enlargements
from multipolar.architectures.history import alliances, wars
from multipolar.architectures.load import NAMES, find, load
from multipolar.architectures.members import Members
from multipolar.architectures.model import RUNG, RUNGS, Architecture, Body, Named
from multipolar.architectures.over_time import positions, series
from multipolar.architectures.pact import Pact, pact
from multipolar.architectures.presence import by_outsider
from multipolar.architectures.reliability import PUBLISHED, Published, cases, published, reliability
from multipolar.architectures.report import Report, architecture

__all__ = [
    "NAMES",
    "PUBLISHED",
    "RUNG",
    "RUNGS",
    "Architecture",
    "Body",
    "Change",
    "Comparison",
    "Members",
    "Named",
    "Pact",
    "Published",
    "Report",
    "across",
    "alliances",
    "architecture",
    "arrays",
    "by_outsider",
    "cases",
    "compare",
    "enlargement",
    "enlargements",
    "find",
    "load",
    "pact",
    "positions",
    "published",
    "reliability",
    "series",
    "wars",
]
