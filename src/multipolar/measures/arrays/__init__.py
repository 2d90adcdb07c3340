"""The measures as functions of arrays: no labels, no I/O. Draws are joint posterior samples, one row a draw."""

from __future__ import annotations

from multipolar.measures.arrays.cohesive import (
    Dispersion,
    Joined,
    VoteCohesion,
    dispersion,
    joined,
    vote_cohesion,
)
from multipolar.measures.arrays.dependent import (
    ELASTICITY,
    ELASTICITY_RANGE,
    Concentration,
    concentration,
    dependence,
)
from multipolar.measures.arrays.hedged import BAND, Pressure, hedging, pressure
from multipolar.measures.arrays.isolated import Unvisited, isolation, isolation_normal, unvisited

__all__ = [
    "BAND",
    "ELASTICITY",
    "ELASTICITY_RANGE",
    "Concentration",
    "Dispersion",
    "Joined",
    "Pressure",
    "Unvisited",
    "VoteCohesion",
    "concentration",
    "dependence",
    "dispersion",
    "hedging",
    "isolation",
    "isolation_normal",
    "joined",
    "pressure",
    "unvisited",
    "vote_cohesion",
]
