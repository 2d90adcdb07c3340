"""What the ties and flows mean: isolation, dependence, hedging, cohesion, each a figure with an interval and its evidence."""

from __future__ import annotations

from multipolar.measures import arrays
from multipolar.measures.dependence import alternatives, dependence, latest_dependence
from multipolar.measures.entry import Entry
from multipolar.measures.hedging import hedging, hedging_draws, pressure
from multipolar.measures.isolation import LEAST_COVERAGE, isolation
from multipolar.measures.isolation_visits import isolation_by_visits
from multipolar.measures.model import Measure
from multipolar.measures.sets import SETS, StateSet, state_set

__all__ = [
    "LEAST_COVERAGE",
    "SETS",
    "Entry",
    "Measure",
    "StateSet",
    "alternatives",
    "arrays",
    "dependence",
    "hedging",
    "hedging_draws",
    "isolation",
    "isolation_by_visits",
    "latest_dependence",
    "pressure",
    "state_set",
]
