"""The estimate as a weighted sum of its observations, exactly.

The model is linear and Gaussian, so for any functional ``f = sum_t u_t a(t)`` of a pair's path (a month, or the
change between two)::

    E[f | y] = m sum_t u_t + sum_i w_i (y_i - c_i - lambda_i m)          m = mu0 + the pair's prior level
    w_i      = (lambda_i (Sigma u)(t_i) + cov(f, offset of i's indicator | y)) n_i / sigma2_i

with Sigma the posterior covariance of the path: the information form of the estimate, the smoother's observation
weights of Koopman & Harvey (2003), Journal of Economic Dynamics and Control 27:1317-1333. ``Sigma u`` takes two
passes over the months (`kalman.covariance`), so a whole attribution costs O(months + observations). The covariance with
an offset has, as a rule, the other sign than lambda: part of what an indicator says is put down to its own habit with
the pair. For an estimate as known in month t, pass ``obs.until(t)``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from multipolar.ties.arrays.kalman import check, covariances, functional_of
from multipolar.ties.arrays.model import Floats, Observations, Parameters


class Weights(NamedTuple):
    """One pair's estimate of a functional, taken apart.

    Attributes
    ----------
    baseline : float
        What the model says with no observation at all.
    weights : ndarray[float], shape (N,)
        Units of tie per unit of the indicator.
    deviation : ndarray[float], shape (N,)
        ``y_i - c_i - lambda_i m``: how far each observation lies from what is usual for its indicator.
    """

    baseline: float
    weights: Floats
    deviation: Floats

    @property
    def contributions(self) -> Floats:
        """What each observation adds to the estimate, shape (N,), units of tie."""
        return self.weights * self.deviation

    @property
    def estimate(self) -> float:
        """``baseline + sum(contributions)``: the smoother's own number."""
        return self.baseline + float(self.contributions.sum())


def weights(obs: Observations, params: Parameters, n_months: int, functional: int | npt.ArrayLike) -> Weights:
    """Weight of each observation of one pair in the estimate of a functional.

    Parameters
    ----------
    obs : Observations
        Of one pair (``Observations.pair``).
    params : Parameters
    n_months : int
        T.
    functional : int or array_like[float], shape (T,)
        A month, or weights over months: `change` makes those of a change.

    Raises
    ------
    UsageError
        If there is not exactly one pair, or the functional is not of T months.
    """
    params = check(obs, params, n_months)
    wanted = functional_of(functional, n_months)
    path, offset = covariances(obs, params, n_months, wanted)
    lam = params.loading[obs.indicator]
    spread = lam * path[obs.month] + offset[obs.indicator]
    weight = spread * obs.weight / params.noise[obs.indicator]
    usual = params.mu0 + float(obs.levels[0])
    deviation = obs.value - params.intercept[obs.indicator] - lam * usual
    return Weights(usual * float(wanted.sum()), weight, deviation)


def change(n_months: int, start: int, end: int) -> Floats:
    """The functional ``a(end) - a(start)``, shape (T,)."""
    return functional_of(end, n_months) - functional_of(start, n_months)


def by_indicator(parts: Floats, obs: Observations, n_indicators: int) -> Floats:
    """Sum of `parts` (shape (N,), such as contributions) over each indicator, shape (M,)."""
    return np.bincount(obs.indicator, weights=parts, minlength=n_indicators).astype(np.float64)
