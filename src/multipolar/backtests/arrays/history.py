"""What pairs and states have behind them, carried from year to year: nothing later can reach it.

A `Memory` is fed one year after another; whatever it tells is a function of the years it was fed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


class Memory:
    """Decayed counts of events of pairs, and years since the last.

    Parameters
    ----------
    states : int
    half_lives : tuple of float
        Years after which an event counts half.
    """

    def __init__(self, states: int, half_lives: tuple[float, ...]) -> None:
        self.counts = {each: np.zeros((states, states), dtype=np.float32) for each in half_lives}
        self._last = np.full((states, states), -np.inf, dtype=np.float32)
        self._now = -1

    def add(self, events: Matrix) -> None:
        """Take in a year: `events`, shape (states, states), 0 or 1."""
        self._now += 1
        for half_life, count in self.counts.items():
            count *= np.float32(0.5 ** (1.0 / half_life))
            count += events
        self._last[events > 0] = self._now

    def since(self, cap: float) -> Matrix:
        """Years since the last event, at most `cap`; `cap` where there was none."""
        return np.asarray(np.minimum(self._now - self._last, cap), dtype=np.float32)

    def of_others(self, half_life: float) -> Matrix:
        """For each two states, decayed count of the first with all but the second; shape (states, states)."""
        count = self.counts[half_life]
        return np.asarray(count.sum(axis=1, keepdims=True) - count)


def near(km: Matrix, scale: float) -> Matrix:
    """Nearness from 1 (touching) to 0: exp(-km / scale); 0 where the distance is not known."""
    return np.where(np.isfinite(km), np.exp(-np.nan_to_num(km, nan=0.0) / np.float32(scale)), 0.0).astype(np.float32)


def among_neighbours(ties: Matrix, nearness: Matrix) -> Matrix:
    """Share of the first state's neighbours, weighed by nearness, that are tied to the second; shape (states, states)."""
    weight = nearness / np.maximum(nearness.sum(axis=1, keepdims=True), np.float32(1e-9))
    return np.asarray(weight @ ties)
