"""How they stand: the latent tie of each pair of states, its interval, its explanation and its news."""

from __future__ import annotations

from multipolar.ties.explain import Explanation, explain
from multipolar.ties.grid import WINDOW
from multipolar.ties.model import ENOUGH, Ties, estimate
from multipolar.ties.news import PairNews, pair_news
from multipolar.ties.third import ThirdParties, third_parties

__all__ = [
    "ENOUGH",
    "WINDOW",
    "Explanation",
    "PairNews",
    "ThirdParties",
    "Ties",
    "estimate",
    "explain",
    "pair_news",
    "third_parties",
]
