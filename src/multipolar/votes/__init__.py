"""Revealed positions: how alike states vote and ally, and where they stand, from roll calls.

NumPy in, NumPy out in `multipolar.votes.arrays`; here the same with labels.
"""

from __future__ import annotations

from multipolar.votes.alliances import alliance_similarity, portfolios
from multipolar.votes.ballots import CODES, MISSING, Ballots, ballots, from_frame, session
from multipolar.votes.explain import Explanation, explain
from multipolar.votes.forecast import Backtest, agreement_backtest, next_agreement
from multipolar.votes.pairs import divided, similarity
from multipolar.votes.points import Cutting, Points, ideal_points
from multipolar.votes.update import update

__all__ = [
    "CODES",
    "MISSING",
    "Backtest",
    "Ballots",
    "Cutting",
    "Explanation",
    "Points",
    "agreement_backtest",
    "alliance_similarity",
    "ballots",
    "divided",
    "explain",
    "from_frame",
    "ideal_points",
    "next_agreement",
    "portfolios",
    "session",
    "similarity",
    "update",
]
