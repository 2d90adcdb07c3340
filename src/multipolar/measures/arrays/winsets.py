"""Win-sets of two publics on a logit scale: how likely they overlap, how far they are apart, and how long until they meet.

One deal divides one pie: its terms ``x`` in (0, 1) are the share of the first side, ``1 - x`` that of the second. A person
of side *i* accepts any share above a reservation; reservations are spread over the public so that their logits are
logistic with unit scale, and the share of the public that would take an even deal (x = 1/2) is its opinion ``p_i``. Then
a fraction ``t`` of the public, the threshold of ratification, accepts every share from

    r_i = expit(logit t_i - logit p_i)

on, and the win-sets (Putnam 1988, International Organization 42: 427-460) have terms in common exactly if
``r_1 + r_2 <= 1``, that is if ``logit p_1 + logit p_2 >= logit t_1 + logit t_2``: a willing public can make up for an
unwilling one by better terms (Tarar 2001, Journal of Conflict Resolution 45: 320-340). A leader who is committed in
public pays an audience cost for less (Fearon 1994, American Political Science Review 88: 577-592): a higher threshold.

Opinion moves as a random walk on the logit scale, without trend, so the lack ``L = sum (logit t_i - logit p_i)`` is a
Brownian motion; the chance that it has touched 0 after ``h`` years is ``2 Phi(-L / (s sqrt h))`` (reflection principle),
and the mean time until it does is infinite.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, ndtr, ndtri

Floats = NDArray[np.float64]

#: Points of the normal distribution over which a chance is averaged.
_POINTS: Final = ndtri((np.arange(1000) + 0.5) / 1000)


def reservation(threshold: Floats | float, opinion: Floats) -> Floats:
    """The smallest share of the pie that the threshold accepts, from the logit of opinion."""
    return np.asarray(expit(_logit(threshold) - opinion))


def lack(mean: Floats, var: Floats, thresholds: Floats) -> tuple[float, Floats]:
    """Mean and standard deviation of the lack: positive where the win-sets are apart.

    Parameters
    ----------
    mean : array, shape (2,)
        Logit of opinion of the two sides, independent.
    var : array, shape (..., 2)
        Its variance, for each of several drifts.
    thresholds : array, shape (2,)

    Returns
    -------
    float, array of shape (...)
    """
    return float((_logit(thresholds) - mean).sum()), np.sqrt(var.sum(axis=-1))


def overlap_within(mean: float, sd: Floats, pace: Floats, years: float) -> float:
    """Chance that the win-sets have had terms in common at some moment from now to `years` years ahead.

    Parameters
    ----------
    mean : float
        Of the lack now.
    sd : array, shape (drifts,)
        Of the lack now, above 0.
    pace : array, shape (drifts,)
        Variance a year of the lack; the chance is averaged over the drifts.
    years : float
        0 for now.
    """
    start = np.maximum(mean + sd[:, None] * _POINTS, 0.0)
    spread = np.sqrt(pace * years)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        touched = np.where(start > 0.0, 2.0 * ndtr(-start / spread), 1.0)
    return float(touched.mean())


def median_delay(mean: float, sd: Floats, pace: Floats, horizon: float) -> float | None:
    """Years until it is as likely as not that the win-sets have met; None if that is after `horizon`."""
    if overlap_within(mean, sd, pace, 0.0) >= 0.5:
        return 0.0
    if overlap_within(mean, sd, pace, horizon) < 0.5:
        return None
    return float(brentq(lambda years: overlap_within(mean, sd, pace, years) - 0.5, 0.0, horizon))


def _logit(share: Floats | float) -> Floats:
    return np.asarray(np.log(np.asarray(share) / (1.0 - np.asarray(share))))
