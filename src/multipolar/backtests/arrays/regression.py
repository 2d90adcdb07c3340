"""Ridge regressions, logistic, linear and of the median, on predictors standardised on what is learnt from alone.

The logistic one maximises the weighted likelihood less half the penalty times the sum of squared slopes (le Cessie & van
Houwelingen 1992, Applied Statistics 41: 191-201) by Newton's method with halved steps. The level is never penalised.

That of the median minimises absolute errors by least squares reweighted with what is left over (Schlossmacher 1973, JASA 68:
857-859).

A predictor that is not known counts as its mean, beside a predictor that says that it is not known.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from multipolar.backtests.arrays.scores import Floats

#: Newton steps at most, and the gain in the log likelihood below which they end.
ROUNDS: Final = 50
CLOSE: Final = 1e-7
#: Errors below this are as good as none, and steps of slopes too.
SMALL: Final = 1e-4

Predictors = NDArray[np.floating]


class Scale(NamedTuple):
    """How predictors are standardised.

    Attributes
    ----------
    mean, sd : array, shape (predictors,)
    absent : array of int
        Predictors that were not known in some row learnt from.
    """

    mean: Floats
    sd: Floats
    absent: NDArray[np.intp]

    @classmethod
    def of(cls, x: Predictors, weight: Floats) -> Scale:
        """Means and standard deviations of weighted rows, of what is known; shape of `x` (rows, predictors)."""
        known = np.isfinite(x)
        total = np.maximum(weight @ known, 1e-12)
        filled = np.where(known, x, 0.0).astype(np.float64)
        mean = (weight @ filled) / total
        variance = (weight @ np.where(known, filled - mean, 0.0) ** 2) / total
        sd = np.sqrt(variance)
        return cls(mean, np.where(sd > 1e-9, sd, 1.0), np.flatnonzero(~known.all(axis=0)))

    def apply(self, x: Predictors) -> Floats:
        """Standardised predictors after a column of ones, then those that say what is not known."""
        known = np.isfinite(x)
        z = np.where(known, (np.where(known, x, 0.0) - self.mean) / self.sd, 0.0)
        return np.concatenate([np.ones((len(x), 1)), z, ~known[:, self.absent]], axis=1)


def logistic(z: Floats, outcome: Floats, weight: Floats, ridge: float) -> Floats:
    """Level and slopes of a logistic regression.

    Parameters
    ----------
    z : array, shape (rows, 1 + predictors)
        The first column is ones.
    outcome, weight : array, shape (rows,)
        Outcomes from 0 to 1, of which not all are alike; weights of 0 or more.
    ridge : float
        Penalty, in units of weight.
    """
    penalty = ridge * np.eye(z.shape[1])
    penalty[0, 0] = 0.0
    rate = np.average(outcome, weights=weight)
    slopes = np.zeros(z.shape[1])
    slopes[0] = np.log(rate / (1.0 - rate))
    loss = _loss(z, outcome, weight, penalty, slopes)
    for _ in range(ROUNDS):
        p = expit(z @ slopes)
        gradient = z.T @ (weight * (outcome - p)) - penalty @ slopes
        curvature = (z * (weight * p * (1.0 - p))[:, None]).T @ z + penalty
        step = np.linalg.lstsq(curvature, gradient, rcond=None)[0]
        new = _loss(z, outcome, weight, penalty, slopes + step)
        while new > loss and np.abs(step).max() > 1e-9:
            step = step / 2.0
            new = _loss(z, outcome, weight, penalty, slopes + step)
        slopes, gain, loss = slopes + step, loss - new, new
        if gain < CLOSE:
            break
    return slopes


def _loss(z: Floats, outcome: Floats, weight: Floats, penalty: Floats, slopes: Floats) -> float:
    eta = z @ slopes
    return float(weight @ (np.logaddexp(0.0, eta) - outcome * eta) + 0.5 * slopes @ penalty @ slopes)


def linear(z: Floats, outcome: Floats, weight: Floats, ridge: float) -> Floats:
    """Level and slopes of a linear regression; parameters as `logistic`."""
    penalty = ridge * np.eye(z.shape[1])
    penalty[0, 0] = 0.0
    weighted = z * weight[:, None]
    return np.asarray(np.linalg.lstsq(weighted.T @ z + penalty, weighted.T @ outcome, rcond=None)[0])


def median(z: Floats, outcome: Floats, weight: Floats, ridge: float) -> Floats:
    """Level and slopes of a regression of the median; parameters as `linear`, the penalty in units of squared error."""
    slopes = linear(z, outcome, weight, ridge)
    for _ in range(ROUNDS):
        before = slopes
        slopes = linear(z, outcome, weight / np.maximum(np.abs(outcome - z @ slopes), SMALL), ridge)
        if np.abs(slopes - before).max() < SMALL:
            break
    return slopes
