"""Forecasts made period after period with what was known: each block of periods from a fit to all rows before it.

A row of period t has predictors known at its end and the outcome of t + 1. A fit for a block that begins in s learns from rows
before s, whose outcomes were known by the end of s.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from multipolar.backtests.arrays import regression
from multipolar.backtests.arrays.bootstrap import Ints
from multipolar.backtests.arrays.regression import Predictors, Scale
from multipolar.backtests.arrays.scores import Floats

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Plan:
    """What is forecast, and how it is learnt.

    Attributes
    ----------
    first, last : int
        Periods of the test.
    step : int
        Periods forecast from one fit.
    binary : bool
        Whether outcomes are events (logistic regression), or figures.
    median : bool
        Whether the regression of figures is that of the median, and not linear.
    ridge : float
        Penalty on slopes.
    thin : int
        One in so many rows without an event is learnt from, and counts so many times; only of events.
    reach : int
        Periods learnt from; 0 for all.
    warm : int
        Periods before the test that are forecast as well, to learn from how far off forecasts were.
    """

    first: int
    last: int
    step: int = 5
    binary: bool = True
    median: bool = False
    ridge: float = 1.0
    thin: int = 1
    reach: int = 0
    warm: int = 0

    def blocks(self) -> list[tuple[int, int]]:
        """First and last period of each block."""
        starts = range(self.first - self.warm, self.last + 1, self.step)
        return [(start, min(start + self.step - 1, self.last)) for start in starts]

    def known(self, period: Ints, start: int) -> Bools:
        """Rows that a fit for a block learns from."""
        before = period < start
        return np.asarray(before & (period >= start - self.reach) if self.reach else before)


def expanding(plan: Plan, period: Ints, x: Predictors, outcome: Floats, seed: int = 0) -> Floats:
    """Forecasts of the rows in the test and its warm-up; NaN elsewhere, shape (rows,).

    Parameters
    ----------
    plan : Plan
    period : array of int, shape (rows,)
    x : array, shape (rows, predictors)
    outcome : array, shape (rows,)
    seed : int
        Which rows without an event are learnt from.
    """
    made = np.full(len(outcome), np.nan)
    draw = np.random.default_rng(seed).random(len(outcome))
    fit = regression.logistic if plan.binary else regression.median if plan.median else regression.linear
    for start, end in plan.blocks():
        asked = (period >= start) & (period <= end)
        known = plan.known(period, start)
        if not asked.any() or not known.any():
            continue
        if plan.binary and outcome[known].min() == outcome[known].max():
            made[asked] = outcome[known].mean()
            continue
        kept = known & ((outcome > 0) | (draw < 1.0 / plan.thin)) if plan.binary else known
        weight = np.where(outcome[kept] > 0, 1.0, float(plan.thin)) if plan.binary else np.ones(int(kept.sum()))
        scale = Scale.of(x[kept], weight)
        slopes = fit(scale.apply(x[kept]), outcome[kept], weight, plan.ridge)
        eta = scale.apply(x[asked]) @ slopes
        made[asked] = expit(eta) if plan.binary else eta
    return made


def earlier(plan: Plan, period: Ints, outcome: Floats) -> Floats:
    """The mean outcome of what was known, as a forecast of the rows in the test."""
    made = np.full(len(outcome), np.nan)
    for start, end in plan.blocks():
        asked, known = (period >= start) & (period <= end), plan.known(period, start)
        if known.any():
            made[asked] = outcome[known].mean()
    return made


def spreads(plan: Plan, period: Ints, error: Floats, volume: Floats, parts: int = 5) -> Floats:
    """Standard deviation of the error that rows of like volume had before, for the rows in the test; shape (rows,).

    Parameters
    ----------
    error : array, shape (rows,)
        Outcome less a forecast that was made in the same way in every period; rows without one are left out.
    volume : array, shape (rows,)
        What the spread depends on: rows learnt from are cut into `parts` of the same size by it.
    """
    made = np.full(len(error), np.nan)
    for start, end in plan.blocks():
        asked, known = (period >= start) & (period <= end), plan.known(period, start) & np.isfinite(error)
        if not known.any():
            continue
        edges = np.quantile(volume[known], np.linspace(0, 1, parts + 1)[1:-1])
        part = np.digitize(volume, edges)
        for each in range(parts):
            here = known & (part == each)
            made[asked & (part == each)] = np.sqrt((error[here if here.any() else known] ** 2).mean())
    return made
