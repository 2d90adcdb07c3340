"""Proportional odds: an ordered outcome explained by covariates (McCullagh 1980, JRSS B 42: 109-142), with weights and clusters.

With ``F`` the logistic function, levels 0 … K and cuts ``c_1 < … < c_K``,

    P(y <= k | x) = F(c_{k+1} - x'b),        so that a covariate with a positive coefficient goes with higher levels.

The log likelihood is concave in (c, b) (Pratt 1981, JASA 76: 103-106), so Newton's method finds its maximum. A weak normal
prior on ``b`` (`PRIOR_SD`) keeps the estimate finite where a covariate separates the levels; with ``prior_sd=inf`` the
estimate is that of maximum likelihood. Observations of one cluster may depend on each other in any way: the covariance is
the sandwich of Huber (1967) with scores summed by cluster, without a correction for few clusters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve
from scipy.sparse import csr_array
from scipy.special import expit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Standard deviation of the prior of a coefficient: odds ratios up to about e^10 are well possible.
PRIOR_SD: Final = 5.0
STEPS: Final = 100
#: The search ends when a Newton step promises less gain in log likelihood than this.
GAIN: Final = 1e-10


@dataclass(frozen=True)
class Ordered:
    """A fitted model of proportional odds.

    Attributes
    ----------
    cuts : array, shape (levels - 1,)
        Increasing.
    slopes : array, shape (covariates,)
    cov : array, shape (levels - 1 + covariates,) squared
        Covariance of cuts and slopes, robust to clusters.
    loglik : float
        Log likelihood at the estimate, without the prior.
    converged : bool
    """

    cuts: Floats
    slopes: Floats
    cov: Floats
    loglik: float
    converged: bool


def probabilities(cuts: Floats, index: Floats) -> Floats:
    """Probability of each level.

    Parameters
    ----------
    cuts : array, shape (..., levels - 1)
    index : array, shape (..., rows)
        ``x'b``.

    Returns
    -------
    array, shape (..., rows, levels)
        Rows sum to 1.
    """
    below = expit(cuts[..., None, :] - index[..., :, None])
    edge = np.ones((*below.shape[:-1], 1))
    return np.diff(below, axis=-1, prepend=0.0 * edge, append=edge)


def fit_ordered(x: Floats, y: Ints, counts: csr_array | Floats, levels: int, *, prior_sd: float = PRIOR_SD) -> Ordered:
    """Fit the model to rows that each stand for many observations.

    Parameters
    ----------
    x : array, shape (rows, covariates)
    y : array of int, shape (rows,)
        Levels, 0 to `levels` - 1; each must occur.
    counts : sparse array, shape (clusters, rows); or array, shape (rows,)
        How many observations of each cluster a row stands for. A plain array makes every observation a cluster.
    levels : int
    prior_sd : float

    Returns
    -------
    Ordered
    """
    weight = _weights(counts)
    theta, precision = _start(y, weight, levels, x.shape[1]), _precision(levels, x.shape[1], prior_sd)
    value = -np.inf
    converged = False
    for _ in range(STEPS):
        value, score, hessian = _likelihood(theta, x, y, weight, levels)
        gradient = weight @ score - precision * theta
        step = solve(np.diag(precision) - hessian, gradient, assume_a="pos")
        if gradient @ step < GAIN:
            converged = True
            break
        theta = _advance(theta, step, x, y, weight, levels, precision)
    value, score, hessian = _likelihood(theta, x, y, weight, levels)
    bread = np.linalg.inv(np.diag(precision) - hessian)
    cov = bread @ _meat(counts, score) @ bread
    return Ordered(theta[: levels - 1], theta[levels - 1 :], cov, value, converged)


def _weights(counts: csr_array | Floats) -> Floats:
    return np.asarray(counts if isinstance(counts, np.ndarray) else counts.sum(axis=0), dtype=float).ravel()


def _meat(counts: csr_array | Floats, score: Floats) -> Floats:
    """Sum over clusters of the outer products of their scores."""
    if isinstance(counts, np.ndarray):
        return np.asarray(score.T @ (score * counts[:, None]))
    by_cluster = counts @ score
    return np.asarray(by_cluster.T @ by_cluster)


def _start(y: Ints, weight: Floats, levels: int, covariates: int) -> Floats:
    """The estimate without covariates: the cuts at the observed shares."""
    share = np.cumsum(np.bincount(y, weight, minlength=levels))[:-1] / weight.sum()
    return np.concatenate([np.log(share / (1.0 - share)), np.zeros(covariates)])


def _precision(levels: int, covariates: int, prior_sd: float) -> Floats:
    return np.concatenate([np.zeros(levels - 1), np.full(covariates, prior_sd**-2.0)])


def _advance(theta: Floats, step: Floats, x: Floats, y: Ints, weight: Floats, levels: int, precision: Floats) -> Floats:
    """A Newton step, halved until the objective does not fall and the cuts stay in order."""

    def objective(at: Floats) -> float:
        edges = np.concatenate([[-np.inf], at[: levels - 1], [np.inf]])
        if (np.diff(edges) <= 0).any():
            return -np.inf
        chance = _chance(edges, x @ at[levels - 1 :], y)[0]
        if not (chance > 0).all():
            return -np.inf
        return float(weight @ np.log(chance) - 0.5 * precision @ at**2)

    before = objective(theta)
    for _ in range(40):
        if objective(theta + step) >= before:
            return theta + step
        step = step / 2.0
    return theta


def _chance(edges: Floats, index: Floats, y: Ints) -> tuple[Floats, Floats, Floats]:
    """Probability of what was observed, and the distribution function at both its edges."""
    low, high = edges[y] - index, edges[y + 1] - index
    below, above = expit(low), expit(high)
    # Above the middle the difference is taken between the small tails, which keeps its digits.
    return np.where(low > 0, expit(-low) - expit(-high), above - below), below, above


def _likelihood(theta: Floats, x: Floats, y: Ints, weight: Floats, levels: int) -> tuple[float, Floats, Floats]:
    """Log likelihood, score of one observation of each row, and the Hessian of the sum."""
    edges = np.concatenate([[-np.inf], theta[: levels - 1], [np.inf]])
    chance, below, above = _chance(edges, x @ theta[levels - 1 :], y)
    low, high = below * (1.0 - below), above * (1.0 - above)
    design_low, design_high = _designs(x, y, levels)
    score = (design_high * high[:, None] - design_low * low[:, None]) / chance[:, None]
    up = high * (1.0 - 2.0 * above) / chance
    down = low * (1.0 - 2.0 * below) / chance
    bent = (design_high * (weight * up)[:, None]).T @ design_high - (
        design_low * (weight * down)[:, None]
    ).T @ design_low
    return float(weight @ np.log(chance)), score, bent - (score * weight[:, None]).T @ score


def _designs(x: Floats, y: Ints, levels: int) -> tuple[Floats, Floats]:
    """Derivatives of the lower and upper edge of each row by cuts and slopes."""
    cuts = np.eye(levels + 1)[:, 1:levels]
    return np.hstack([cuts[y], -x]), np.hstack([cuts[y + 1], -x])
