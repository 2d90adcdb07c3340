"""Months in which a tie moved more than its model has it move.

A shock of size delta in month t, over and above what the model allows, changes the log likelihood of a pair's observations
by ``r delta - N delta^2 / 2`` exactly, where r and N are the smoothing errors of that month's shock (de Jong & Penzer 1998,
Journal of the American Statistical Association 93:796; Harvey & Koopman 1992, Journal of Business & Economic Statistics
10:377)::

    E[w_t | y] = q_t r_t          var[w_t | y] = q_t - q_t^2 N_t

With delta ~ N(0, v) the Bayes factor for a shift against none is therefore ``(1 + v N)^(-1/2) exp(r^2 v / (2 (1 + v N)))``,
and the shift itself, if there was one, is ``N(r v / (1 + v N), v / (1 + v N))``. All months of a pair take one pass.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from multipolar.errors import UsageError
from multipolar.ties.arrays.kalman import _posterior, check, one_pair, smooth
from multipolar.ties.arrays.model import Floats, Observations, Parameters


class Shifts(NamedTuple):
    """For each month of one pair, shape (T,); month 0 has none (Bayes factor 1).

    Attributes
    ----------
    log_factor : ndarray[float]
        Log Bayes factor for a shift in that month against none.
    mean, sd : ndarray[float]
        Of the shift, if there was one; units of tie.
    """

    log_factor: Floats
    mean: Floats
    sd: Floats


def shifts(obs: Observations, params: Parameters, n_months: int, spread: float) -> Shifts:
    """Evidence for a shift of one pair's tie in each month.

    Parameters
    ----------
    obs : Observations
        Of one pair.
    params : Parameters
    n_months : int
        T.
    spread : float
        Standard deviation of a shift, units of tie, > 0.

    Raises
    ------
    UsageError
        If there is not exactly one pair, or `spread` is not positive.
    """
    if not 0 < spread < np.inf:
        raise UsageError(f"expected a positive spread of shifts, got {spread}", where="shifts")
    params = check(one_pair(obs), params, n_months)
    path = _posterior(obs, params, n_months)
    left, added, gain, var = path.chain[6, 1:], path.chain[7, 1:], path.chain[5, :-1], path.chain[3]
    slope = path.smoothed[1:] - left[:, None] * path.smoothed[:-1] - (1 - left)[:, None] * path.level
    centre = smooth(obs, params, n_months).mean[0] - params.mu0 - obs.levels[0]
    shock = centre[1:] - left * centre[:-1] - (1 - left) * path.level_mean
    spare = var[1:] + left**2 * var[:-1] - 2 * left * gain * var[1:] + (slope**2).sum(axis=1)
    r, precision = shock / added, np.maximum((added - spare) / added**2, 0.0)
    v = spread * spread
    shrink = 1 / (1 + v * precision)
    log_factor = 0.5 * (np.log(shrink) + r * r * v * shrink)
    still = np.zeros(1)
    return Shifts(
        np.concatenate((still, log_factor)),
        np.concatenate((still, r * v * shrink)),
        np.concatenate((still + spread, np.sqrt(v * shrink))),
    )
