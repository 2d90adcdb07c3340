"""What a measure gives back: a figure, its interval, what it covers and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray


@dataclass(frozen=True)
class Measure:
    """One measured quantity of one state in one month.

    Attributes
    ----------
    name, unit : str
        What was measured, and in what unit.
    actor : str
        Of whom.
    month : date
        First day of the month (of the year's last month for yearly measures).
    value : float
        Posterior mean, or the figure itself where nothing was estimated.
    lo50, hi50, lo90, hi90 : float
        Intervals.
    coverage : float
        Share of what should have been looked at that could be, 0 to 1.
    detail : DataFrame
        The parts: partners, powers or shares.
    pairs : tuple of (str, str)
        Ties that it rests on; their statements are behind it too.
    ids : tuple of str
        Statements that it uses directly.
    notes : tuple of str
        Assumptions and gaps, for the reader.
    """

    name: str
    unit: str
    actor: str
    month: date
    value: float
    lo50: float
    hi50: float
    lo90: float
    hi90: float
    coverage: float
    detail: pl.DataFrame
    pairs: tuple[tuple[str, str], ...] = ()
    ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Summary(NamedTuple):
    """Mean and central intervals of a sample."""

    value: float
    lo50: float
    hi50: float
    lo90: float
    hi90: float


def summary(draws: NDArray[np.float64]) -> Summary:
    """Mean and central 50 and 90 % intervals of a sample, shape (draws,)."""
    lo90, lo50, hi50, hi90 = (float(point) for point in np.quantile(draws, [0.05, 0.25, 0.75, 0.95]))
    return Summary(float(draws.mean()), lo50, hi50, lo90, hi90)
