"""Regression on pairs of states by year: pair and year effects taken out, errors that share a state allowed to depend.

**Effects.** Two-way within estimator (Wallace & Hussain 1969; Wooldridge 2010, ch. 10): pair means are taken off,
then what the pair-demeaned year dummies explain, by their normal equations; exact for unbalanced panels.

**Covariance.** Any two pair-years that have a state in common may depend on each other, in whatever years (Aronow,
Samii & Assenova 2015, Political Analysis 23: 564-577, doi:10.1093/pan/mpv018). With the score ``u_d`` of each pair
and ``s_i`` the sum of those of state *i*, the middle of the sandwich is ``sum_i s_i s_i' - sum_d u_d u_d'``, as two
different pairs share one state at most. A matrix with a negative eigenvalue has it set to zero (Cameron, Gelbach &
Miller 2011). Degrees of freedom are the number of states less one.

**A ratio** of two coefficients: Fieller (1954, JRSS B 16: 175-185) beside the delta method and a bootstrap over
states, in which a pair counts by the product of how often its two states were drawn (Davezies, D'Haultfoeuille &
Guyonvarch 2021, Annals of Statistics 49: 845-862).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

#: An eigenvalue this small beside the largest is rounding, and stands for zero.
ROUNDING: Final = 1e-11


class Effects:
    """Pair and year effects of a panel, to be taken out of its columns.

    Parameters
    ----------
    pair, year : array of int, shape (rows,)
        Numbers of the pair and the year of each row, from 0 on without gaps.
    """

    def __init__(self, pair: Ints, year: Ints) -> None:
        self.pair, self.year = pair, year
        self.rows_of_pair = np.bincount(pair).astype(np.float64)
        self.rows_of_year = np.bincount(year).astype(np.float64)
        share = np.zeros((self.rows_of_pair.size, self.rows_of_year.size))
        share[pair, year] = 1.0
        normal = np.diag(self.rows_of_year) - share.T @ (share / self.rows_of_pair[:, None])
        self._solve = np.linalg.pinv(normal, rcond=ROUNDING, hermitian=True)
        self._share = share

    def out_of(self, columns: Floats) -> Floats:
        """What pair and year do not explain of columns; shape (rows, columns)."""
        within = columns - self._pair_means(columns)[self.pair]
        by_year = self._sums(within, self.year, self.rows_of_year.size)
        effect = self._solve @ by_year
        mean = self._share @ effect / self.rows_of_pair[:, None]
        found: Floats = within - effect[self.year] + mean[self.pair]
        return found

    def _pair_means(self, columns: Floats) -> Floats:
        return self._sums(columns, self.pair, self.rows_of_pair.size) / self.rows_of_pair[:, None]

    @staticmethod
    def _sums(columns: Floats, group: Ints, size: int) -> Floats:
        return np.stack([np.bincount(group, column, size) for column in columns.T], axis=1)


@dataclass(frozen=True)
class Fit:
    """Coefficients of columns from which the effects are taken out.

    Attributes
    ----------
    coefficients : array, shape (columns,)
    covariance : array, shape (columns, columns)
        Robust to dependence between pairs that share a state.
    freedom : int
        States less one.
    spread : array, shape (columns,)
        Standard deviation of each column within pairs and years.
    cross : array, shape (pairs, columns, columns)
        Sum of products of columns, by pair.
    moment : array, shape (pairs, columns)
        Sum of products of columns and outcome, by pair.
    """

    coefficients: Floats
    covariance: Floats
    freedom: int
    spread: Floats
    cross: Floats
    moment: Floats


def fit(outcome: Floats, columns: Floats, pair: Ints, members: Ints) -> Fit:
    """Least squares of an outcome on columns, both without their effects.

    Parameters
    ----------
    outcome : array, shape (rows,)
    columns : array, shape (rows, columns)
    pair : array of int, shape (rows,)
        Pair of each row.
    members : array of int, shape (pairs, 2)
        States of each pair.
    """
    size, width = len(members), columns.shape[1]
    products = (columns[:, :, None] * columns[:, None, :]).reshape(len(columns), -1)
    cross = _by_pair(products, pair, size).reshape(size, width, width)
    moment = _by_pair(columns * outcome[:, None], pair, size)
    bread = np.linalg.pinv(cross.sum(axis=0), rcond=ROUNDING, hermitian=True)
    coefficients = bread @ moment.sum(axis=0)
    scores = moment - cross @ coefficients
    covariance = bread @ dyadic_meat(scores, members) @ bread
    freedom = np.unique(members).size - 1
    spread = np.sqrt(np.mean(columns**2, axis=0))
    return Fit(coefficients, covariance * (freedom + 1) / freedom, freedom, spread, cross, moment)


def dyadic_meat(scores: Floats, members: Ints) -> Floats:
    """Sum of products of the scores of all pairs of pairs that share a state; shape (columns, columns).

    Parameters
    ----------
    scores : array, shape (pairs, columns)
    members : array of int, shape (pairs, 2)
    """
    states = np.zeros((int(members.max()) + 1, scores.shape[1]))
    for side in (0, 1):
        np.add.at(states, members[:, side], scores)
    values, vectors = np.linalg.eigh(states.T @ states - scores.T @ scores)
    found: Floats = (vectors * np.maximum(values, 0.0)) @ vectors.T
    return found


def over_states(found: Fit, members: Ints, rng: np.random.Generator, draws: int) -> Floats:
    """Coefficients of `draws` bootstraps over states; shape (draws, columns)."""
    size = int(members.max()) + 1
    there = np.unique(members)
    width = found.moment.shape[1]
    times = np.zeros((draws, size))
    times[:, there] = rng.multinomial(there.size, np.full(there.size, 1.0 / there.size), size=draws)
    weights = times[:, members[:, 0]] * times[:, members[:, 1]]
    cross = (weights @ found.cross.reshape(len(members), -1)).reshape(draws, width, width)
    moment = weights @ found.moment
    solved: Floats = (np.linalg.pinv(cross, rcond=ROUNDING, hermitian=True) @ moment[:, :, None])[:, :, 0]
    return solved


def fieller(top: float, bottom: float, covariance: Floats, critical: float) -> tuple[float, float] | None:
    """Interval of ``top / bottom``; None where it is not bounded, as the bottom may be zero.

    Parameters
    ----------
    top, bottom : float
        Estimates.
    covariance : array, shape (2, 2)
        Of `top` and `bottom`, in that order.
    critical : float
        Quantile, such as 1.96.
    """
    scale = critical**2
    square = bottom**2 - scale * covariance[1, 1]
    if square <= 0:
        return None
    half = bottom * top - scale * covariance[0, 1]
    rest = top**2 - scale * covariance[0, 0]
    root = float(np.sqrt(max(float(half**2 - square * rest), 0.0)))
    return float((half - root) / square), float((half + root) / square)


def delta(top: float, bottom: float, covariance: Floats, critical: float) -> tuple[float, float]:
    """Interval of ``top / bottom`` by its slope; parameters as `fieller`."""
    ratio = top / bottom
    slope = np.array([1.0, -ratio]) / bottom
    reach = critical * float(np.sqrt(max(float(slope @ covariance @ slope), 0.0)))
    return ratio - reach, ratio + reach


def _by_pair(columns: Floats, pair: Ints, size: int) -> Floats:
    return np.stack([np.bincount(pair, column, size) for column in columns.T], axis=1)
