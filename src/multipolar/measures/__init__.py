"""What the ties and flows mean: isolation, dependence, hedging, each a figure with an interval and its evidence."""

from __future__ import annotations

from multipolar.measures import arrays
from multipolar.measures.labelled import (
    LEAST_COVERAGE,
    dependence,
    hedging,
    hedging_draws,
    isolation,
    latest_dependence,
)
from multipolar.measures.model import Measure

__all__ = [
    "LEAST_COVERAGE",
    "Measure",
    "arrays",
    "dependence",
    "hedging",
    "hedging_draws",
    "isolation",
    "latest_dependence",
]
