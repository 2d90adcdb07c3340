"""Intervals of counts: a share of trials, a rate of events, and the ratio of two rates, exact in the sense of their authors.

Each interval holds the true value with at least the probability named, whatever it is (Clopper & Pearson 1934,
Biometrika 26: 404-413; Garwood 1936, Biometrika 28: 437-442). The ratio of two Poisson rates comes from the share of the
first among both counts, which is binomial given their sum (Przyborowski & Wilenski 1940, Biometrika 31: 313-323).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, gammaincinv

Floats = NDArray[np.float64]


class Interval(NamedTuple):
    """A figure with the ends of its interval."""

    value: float
    low: float
    high: float


def shares(count: NDArray[np.int64], of: NDArray[np.int64], level: float = 0.9) -> tuple[Floats, Floats, Floats]:
    """Shares with Clopper and Pearson's interval, elementwise: value, low, high; NaN where `of` is 0."""
    tail = (1.0 - level) / 2.0
    k, n = np.asarray(count, dtype=float), np.asarray(of, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = k / n
    low = np.where(k > 0, betaincinv(np.maximum(k, 1.0), n - k + 1.0, tail), 0.0)
    high = np.where(k < n, betaincinv(k + 1.0, np.maximum(n - k, 1.0), 1.0 - tail), 1.0)
    none = n == 0
    return value, np.where(none, np.nan, low), np.where(none, np.nan, high)


def share(count: int, of: int, level: float = 0.9) -> Interval:
    """A share with Clopper and Pearson's interval; NaN where `of` is 0."""
    value, low, high = shares(np.array([count]), np.array([of]), level)
    return Interval(float(value[0]), float(low[0]), float(high[0]))


def rate(count: int, exposure: float, level: float = 0.9) -> Interval:
    """Events per unit of exposure (above 0) with Garwood's interval."""
    tail = (1.0 - level) / 2.0
    low = float(gammaincinv(count, tail)) if count else 0.0
    high = float(gammaincinv(count + 1.0, 1.0 - tail))
    return Interval(count / exposure, low / exposure, high / exposure)


def rate_ratio(count: int, exposure: float, before: int, exposure_before: float, level: float = 0.9) -> Interval:
    """Rate of the first over that of the second; infinite or NaN where the second has no event.

    Parameters
    ----------
    count, before : int
        Events of the first and the second period.
    exposure, exposure_before : float
        Lengths of the periods, above 0.
    level : float
    """
    if count + before == 0:
        return Interval(math.nan, 0.0, math.inf)
    part = share(count, count + before, level)
    scale = exposure_before / exposure
    value, low, high = (scale * _odds(each) for each in part)
    return Interval(value, low, high)


def _odds(part: float) -> float:
    return part / (1.0 - part) if part < 1.0 else math.inf
