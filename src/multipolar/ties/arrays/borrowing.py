"""What a pair of which little is observed borrows from the other ties of its two states.

What a pair's own observations say of its level is one number ``y_d`` with a precision ``p_d``. Between pairs these follow

    y_d = s_i + s_j + sum_r D_r u_ir u_jr + e_d          e_d ~ N(0, tau2 + 1 / p_d)

for the pair *d* of states *i* and *j*: an effect of each state (some stand well with many), and places of the states in a few
dimensions, which is where regions and blocs show without being told (the social relations model with multiplicative effects:
Hoff 2005, Journal of the American Statistical Association 100:286; 2009, Computational & Mathematical Organization Theory
15:261). Effects and places are shrunk, by normal priors whose variances are estimated.

A pair borrows from *other* pairs only: its prior level is what the model says of it without its own ``y_d``, by the leverage of
a ridge regression (leave-one-out; given the places of the other states). The number of dimensions, which may be 0, is the one
whose leave-one-out log score is best.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from multipolar.errors import UsageError
from multipolar.ties.arrays.model import Floats, Ints

#: Most dimensions tried.
MOST = 3
#: Pairs of whose level their observations say less than this (as a share of what the prior says) take no part.
LEAST = 1e-6
_SWEEPS = 25
_LEVERAGE_MAX = 0.9  # a pair that is nearly all that is known of its states borrows from little else


class Borrowed(NamedTuple):
    """Prior levels of all pairs.

    Attributes
    ----------
    level : ndarray[float], shape (P,)
        Of each pair, from other pairs only; units of tie, around 0.
    tau2 : float
        Variance of true levels around them.
    state : ndarray[float], shape (S,)
        Effect of each state.
    place : ndarray[float], shape (S, R)
        Place of each state; `sign` says whether two that are near (+1) or opposite (-1) in a dimension stand well.
    sign : ndarray[float], shape (R,)
    score : float
        Leave-one-out log score a pair.
    """

    level: Floats
    tau2: float
    state: Floats
    place: Floats
    sign: Floats
    score: float


class _Data(NamedTuple):
    first: Ints
    second: Ints
    value: Floats
    var: Floats  # of what the observations say, 1 / p; infinite where they say nothing
    states: int


def evidence(mean: Floats, var: Floats, level: Floats, tau2: float) -> tuple[Floats, Floats]:
    """What observations alone say of levels, from posteriors under N(level, tau2): values and precisions, shape (P,)."""
    precision = np.maximum(1 / var - 1 / tau2, 0.0)
    told = precision * tau2 > LEAST
    value = np.divide(mean / var - level / tau2, precision, out=np.zeros(mean.size), where=told)
    return value, np.where(told, precision, 0.0)


def borrow(
    first: npt.ArrayLike, second: npt.ArrayLike, value: npt.ArrayLike, precision: npt.ArrayLike, *, most: int = MOST
) -> Borrowed:
    """Prior levels of pairs from the levels of all others (see the module).

    Parameters
    ----------
    first, second : array_like[int], shape (P,)
        The two states of each pair, counted from 0.
    value, precision : array_like[float], shape (P,)
        What the pair's own observations say of its level, and how firmly; precision 0 where they say nothing.
    most : int
        Most dimensions.

    Raises
    ------
    UsageError
        If the columns differ in length or a precision is negative.
    """
    i, j = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    y, p = np.asarray(value, dtype=np.float64), np.asarray(precision, dtype=np.float64)
    if len({column.shape for column in (i, j, y, p)}) != 1 or (p < 0).any():
        raise UsageError("expected four columns of one length and precisions >= 0", where="borrow")
    var = np.divide(1.0, p, out=np.full(p.size, np.inf), where=p > 0)
    data = _Data(i, j, y, var, int(max(i.max(initial=-1), j.max(initial=-1))) + 1)
    if (p > 0).sum() < 3:
        return Borrowed(np.zeros(y.size), 1.0, np.zeros(data.states), np.zeros((data.states, 0)), np.zeros(0), 0.0)
    found = [_with_states(data)]
    for rank in range(1, most + 1):
        found.append(_with_places(data, found[0], rank))
        if found[-1].score <= found[-2].score:
            break
    return max(found, key=lambda one: one.score)


def _with_states(data: _Data) -> Borrowed:
    """Effects of states alone: ridge regression; the variance of effects is the one whose left-out score is best."""

    def fitted(log_ridge: float) -> Borrowed:
        tau2 = float(np.var(data.value[np.isfinite(data.var)])) or 1.0
        for _ in range(3):
            state, leverage = _ridge(data, tau2, float(np.exp(log_ridge)))
            level = _left_out(data, state[data.first] + state[data.second], leverage)
            tau2, score = _spread(data, level)
        return Borrowed(level, tau2, state, np.zeros((data.states, 0)), np.zeros(0), score)

    best = minimize_scalar(lambda x: -fitted(x).score, bounds=(-8.0, 8.0), method="bounded", options={"maxiter": 12})
    return fitted(float(best.x))


def _ridge(data: _Data, tau2: float, ridge: float) -> tuple[Floats, Floats]:
    """Effects of states under a penalty, and the leverage of each pair."""
    weight = 1 / (tau2 + data.var)
    normal = np.zeros((data.states, data.states))
    np.add.at(normal, (data.first, data.second), weight)
    normal += normal.T
    np.fill_diagonal(normal, normal.sum(axis=1) + ridge)
    inverse = np.linalg.inv(normal)
    right = np.bincount(data.first, weight * data.value, data.states)
    right += np.bincount(data.second, weight * data.value, data.states)
    i, j = data.first, data.second
    return inverse @ right, weight * (inverse[i, i] + inverse[j, j] + 2 * inverse[i, j])


def _with_places(data: _Data, base: Borrowed, rank: int) -> Borrowed:
    """Places of the states in `rank` dimensions beside their effects, by alternating ridge regressions."""
    effect = base.state[data.first] + base.state[data.second]
    _, leverage = _ridge(data, base.tau2, _ridge_of(base))
    weight = _square(data, 1 / (base.tau2 + data.var))
    rest = _square(data, np.where(np.isfinite(data.var), data.value - effect, 0.0)) * (weight > 0)
    place, sign, ridge = _start(rest, weight, rank)
    for _ in range(_SWEEPS):
        inverse = _inverses(weight, place, ridge)
        target = np.einsum("ij,ij,jr->ir", weight, rest, place * sign)
        place = 0.5 * (place + np.einsum("irs,is->ir", inverse, target))
    i, j = data.first, data.second
    inverse = _inverses(weight, place, ridge)
    own = weight[i, j]
    for here, there in ((i, j), (j, i)):
        leverage = leverage + own * np.einsum("dr,drs,ds->d", place[there], inverse[here], place[there])
    level = _left_out(data, effect + ((place * sign)[i] * place[j]).sum(axis=1), leverage)
    tau2, score = _spread(data, level)
    return Borrowed(level, tau2, base.state, place, sign, score)


def _ridge_of(base: Borrowed) -> float:
    """The penalty that the spread of the effects stands for."""
    return 1 / max(float(np.mean(base.state**2)), 1e-8)


def _square(data: _Data, column: Floats) -> Floats:
    """A column of pairs as a symmetric matrix of states."""
    out = np.zeros((data.states, data.states))
    out[data.first, data.second] = column
    return out + out.T


def _start(rest: Floats, weight: Floats, rank: int) -> tuple[Floats, Floats, float]:
    """Leading dimensions of what effects leave over, their signs, and the penalty that fits their size."""
    known = weight / weight.max()
    value, vector = np.linalg.eigh(rest * known)
    top = np.argsort(-np.abs(value))[:rank]
    place = vector[:, top] * np.sqrt(np.abs(value[top]))
    return place, np.sign(value[top]), 1 / max(float(np.mean(place**2)), 1e-8)


def _inverses(weight: Floats, place: Floats, ridge: float) -> Floats:
    """Inverse normal matrix of each state's regression on the places of the others, shape (S, R, R)."""
    normal = np.einsum("ij,jr,js->irs", weight, place, place)
    return np.asarray(np.linalg.inv(normal + ridge * np.eye(place.shape[1])))


def _left_out(data: _Data, fit: Floats, leverage: Floats) -> Floats:
    """What each pair's level would be taken for without it."""
    told = np.isfinite(data.var)
    share = np.where(told, np.clip(leverage, 0.0, _LEVERAGE_MAX), 0.0)
    return np.where(told, (fit - share * data.value) / (1 - share), fit)


def _spread(data: _Data, level: Floats) -> tuple[float, float]:
    """Variance of true levels around `level` by maximum likelihood, and the log score a pair at it."""
    told = np.isfinite(data.var)
    square, var = (data.value - level)[told] ** 2, data.var[told]

    def score(log_tau2: float) -> float:
        total = np.exp(log_tau2) + var
        return float(np.mean(-0.5 * (np.log(2 * np.pi * total) + square / total)))

    best = minimize_scalar(lambda x: -score(x), bounds=(-12.0, 4.0), method="bounded")
    return float(np.exp(best.x)), score(float(best.x))
