"""The measures as functions of arrays: no labels, no I/O. Draws are joint posterior samples, one row a draw."""

from __future__ import annotations

from multipolar.measures.arrays.dependent import (
    ELASTICITY,
    ELASTICITY_RANGE,
    Concentration,
    concentration,
    dependence,
)
from multipolar.measures.arrays.hedged import BAND, Pressure, hedging, pressure
from multipolar.measures.arrays.isolated import Unvisited, isolation, unvisited

__all__ = [
    "BAND",
    "ELASTICITY",
    "ELASTICITY_RANGE",
    "Concentration",
    "Pressure",
    "Unvisited",
    "concentration",
    "dependence",
    "hedging",
    "isolation",
    "pressure",
    "unvisited",
]
