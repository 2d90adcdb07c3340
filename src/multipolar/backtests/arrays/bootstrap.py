"""Intervals by drawing whole periods with replacement: what happens in one year is not many independent cases.

Every figure is a function of sums over periods, so that a draw is a vector of how often each period was drawn, and no row
is looked at again.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from multipolar.backtests.arrays.scores import Floats

Ints = NDArray[np.int64]

#: Draws, and the share of them inside an interval.
DRAWS: Final = 2000
INSIDE: Final = 0.90


def drawn(blocks: int, seed: int, draws: int = DRAWS) -> Floats:
    """How often each period was drawn, shape (draws + 1, blocks); the first row is the periods as they are."""
    rng = np.random.default_rng(seed)
    counts = rng.multinomial(blocks, np.full(blocks, 1.0 / blocks), size=draws)
    return np.concatenate([np.ones((1, blocks)), counts])


def sums(value: Floats, block: Ints, blocks: int) -> Floats:
    """Sum over each period, shape (blocks,)."""
    return np.asarray(np.bincount(block, weights=value, minlength=blocks), dtype=np.float64)


def ratios(top: Floats, bottom: Floats, counts: Floats) -> Floats:
    """Quotient of two sums in every draw, shape (draws + 1,); NaN where the second is 0."""
    below = counts @ bottom
    return np.asarray(np.where(below > 0, (counts @ top) / np.where(below > 0, below, 1.0), np.nan))


def concordant(outcome: Floats, forecast: Floats, block: Ints, blocks: int) -> Floats:
    """Pairs of an event in one period and another row in another that the forecast puts in order, a tie counting half.

    Returns
    -------
    array, shape (blocks, blocks)
        Events down, others across; its sum over (events times others) is the area under the curve.
    """
    found = np.zeros((blocks, blocks))
    events = outcome == 1
    scores, home = forecast[events], block[events]
    for other in range(blocks):
        quiet = np.sort(forecast[~events & (block == other)])
        below = (np.searchsorted(quiet, scores, "left") + np.searchsorted(quiet, scores, "right")) / 2.0
        found[:, other] = sums(below, home, blocks)
    return found


def areas(outcome: Floats, forecast: Floats, block: Ints, counts: Floats) -> Floats:
    """Area under the curve in every draw, shape (draws + 1,); NaN where a draw has no event."""
    blocks = counts.shape[1]
    table = concordant(outcome, forecast, block, blocks)
    pairs = (counts @ sums(outcome, block, blocks)) * (counts @ sums(1.0 - outcome, block, blocks))
    above = np.einsum("di,ij,dj->d", counts, table, counts, optimize=True)
    return np.asarray(np.where(pairs > 0, above / np.where(pairs > 0, pairs, 1.0), np.nan))


def interval(values: Floats) -> tuple[float, float, float]:
    """The figure as it is (the first value), and the ends of its interval over the draws."""
    told = values[1:][np.isfinite(values[1:])]
    if not told.size:
        return float(values[0]), float("nan"), float("nan")
    low, high = np.quantile(told, [(1.0 - INSIDE) / 2.0, (1.0 + INSIDE) / 2.0])
    return float(values[0]), float(low), float(high)
