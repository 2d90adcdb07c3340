"""Architectures as functions of arrays: no labels, no files. Draws are joint posterior samples, one row a draw."""

from __future__ import annotations

from multipolar.architectures.arrays.pairs import divided, rung_shares
from multipolar.architectures.arrays.shares import Share, clustered_share, wilson
from multipolar.architectures.arrays.system import onset_rate, partners_per_state, persistence

__all__ = [
    "Share",
    "clustered_share",
    "divided",
    "onset_rate",
    "partners_per_state",
    "persistence",
    "rung_shares",
    "wilson",
]
