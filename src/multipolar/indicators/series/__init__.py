"""Series of pairs from event tables of any size: reported events, counted by any engine to the same rows.

>>> from multipolar.indicators.series import Asked, read_series  # doctest: +SKIP
>>> read_series(archive, Asked(between=("RUS", "USA")), engine="duckdb").frame  # doctest: +SKIP
"""

from __future__ import annotations

from multipolar.indicators.series.daily import DailySums
from multipolar.indicators.series.engines import ENGINES, Settings, opened
from multipolar.indicators.series.read import Asked, Series, read_series
from multipolar.indicators.series.tally import BY, QUADS, day_sums, pair_series

__all__ = [
    "BY",
    "ENGINES",
    "QUADS",
    "Asked",
    "DailySums",
    "Series",
    "Settings",
    "day_sums",
    "opened",
    "pair_series",
    "read_series",
]
