"""Does it forecast? Forecasts made again and again with what was known, beside what analysts use now.

>>> from multipolar.backtests import DESIGNS
>>> ", ".join(DESIGNS)
'agreement, disputes, pacts, pacts-any, sanctions, events'

NumPy in, NumPy out in `multipolar.backtests.arrays`; here the same with labels.
"""

from __future__ import annotations

from multipolar.backtests.catalogue import DESIGNS, PUBLISHED, backtest
from multipolar.backtests.episodes import Episodes, episodes
from multipolar.backtests.episodes_list import EPISODES, Episode
from multipolar.backtests.model import Design, with_tie
from multipolar.backtests.runner import Backtest, run

__all__ = [
    "DESIGNS",
    "EPISODES",
    "PUBLISHED",
    "Backtest",
    "Design",
    "Episode",
    "Episodes",
    "backtest",
    "episodes",
    "run",
    "with_tie",
]
