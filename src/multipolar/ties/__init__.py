"""How they stand: the latent tie of each pair of states, its interval, its explanation, its news and its forecast."""

from __future__ import annotations

from multipolar.ties.calibration import HeldOut, Hide, held_out
from multipolar.ties.changes import Changes, changes
from multipolar.ties.explain import Explanation, explain
from multipolar.ties.forecast import as_known_then, forecast, lacking
from multipolar.ties.grid import WINDOW, Grid
from multipolar.ties.model import ENOUGH, Ties, estimate
from multipolar.ties.news import PairNews, pair_news
from multipolar.ties.third import ThirdParties, third_parties
from multipolar.ties.update import Update, update
from multipolar.ties.vintages import Vintages, compare
from multipolar.ties.wanting import leave_out, wanting

__all__ = [
    "ENOUGH",
    "WINDOW",
    "Changes",
    "Explanation",
    "Grid",
    "HeldOut",
    "Hide",
    "PairNews",
    "ThirdParties",
    "Ties",
    "Update",
    "Vintages",
    "as_known_then",
    "changes",
    "compare",
    "estimate",
    "explain",
    "forecast",
    "held_out",
    "lacking",
    "leave_out",
    "pair_news",
    "third_parties",
    "update",
    "wanting",
]
