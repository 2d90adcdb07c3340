r"""The model of Bailey, Strezhnev & Voeten (2017): ordinal probit, positions that walk from session to session.

State i in session t answers item v (a roll call, or several that repeat one resolution) from a utility

.. math:: z_{itv} = \beta_v \theta_{it} + \varepsilon, \quad \varepsilon \sim N(0, 1)

with yes below :math:`\gamma_{v1}`, abstain up to :math:`\gamma_{v2}`, no above. Priors: :math:`\beta_v \sim N(0, 1)`;
cutpoints flat between -7 and 7, in order; :math:`\theta_{it} \sim N(m_{i,t-1}, s_{it} / 2)`, where m is the mean of the
state's last session with votes in the sweep before, and :math:`s_{it} = n_{it} / (n_{it} + n_{i,t-1})` is its share of the
votes of the two sessions; a state's first session takes the second for its last.

The sampler is that of the authors' published code (the release of April 2020; a Metropolis step for cutpoints and Gibbs
steps for the rest, after Johnson & Albert 1999, Ordinal Data Modeling, ch. 4-7), with what is particular to it: the lag
is a conditional mean, not a draw; positions are cut at 5 and then set to mean 0 and standard deviation 1 over all
states and sessions in every sweep; utilities are cut at 9; the Metropolis ratio corrects for the truncation of the
second cutpoint only. Two things differ: the random numbers, and that one sweep goes over the items once, since given
the positions all of an item's quantities are independent of those of other items.

Source: Bailey, Strezhnev & Voeten (2017), Journal of Conflict Resolution 61(2): 430-456, doi:10.1177/0022002715595700.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import numpy as np

from multipolar.votes.arrays.panel import Floats, Ints, Panel

#: Standard deviation of a proposed move of a cutpoint; variance of a position around its lag, over s; bounds of positions
#: and utilities.
STEP: Final = 0.2 / 3
SMOOTH: Final = 0.5
THETA_END: Final = 5.0
UTILITY_END: Final = 9.0
#: Items are swept in so many blocks, whatever the number of threads: results do not depend on it.
BLOCKS: Final = 16


class Draws(NamedTuple):
    """What the sampler kept.

    Parameters
    ----------
    theta : array, shape (draws, cells)
    beta : array, shape (draws, items)
    cuts : array, shape (draws, items, 2)
    """

    theta: Floats
    beta: Floats
    cuts: Floats


class Start(NamedTuple):
    """Where the chain starts: lags of positions (cells,), discriminations (items,), cutpoints (items, 2)."""

    lag: Floats
    beta: Floats
    cuts: Floats


def lags(panel: Panel) -> tuple[Ints, Floats]:
    """Cell whose mean is the prior mean of each cell, and the prior variance.

    Returns
    -------
    before : array of int, shape (cells,)
        The state's last session before; for its first session the next one; -1 for its only session.
    variance : array, shape (cells,)
    """
    before, first = np.arange(panel.cells) - 1, panel.first
    last = np.append(first[1:], True)
    before[first] += 2
    before[first & last] = -1
    n = panel.votes.astype(np.float64)
    other = np.where(before >= 0, n[np.maximum(before, 0)], 0.0)
    return before, SMOOTH * n / (n + other)


def published_start(panel: Panel, right: Ints, left: Ints, pole: Ints) -> Start:
    """Starting values as in the published code.

    Parameters
    ----------
    panel : Panel
    right, left : array of int
        States that start at 3 and at -2.
    pole : array of int, shape (2,)
        States whose votes give the first sign of an item: positive where the first leans more to no.
    """
    lag = np.zeros(panel.cells)
    lag[np.isin(panel.state, right)] = 3.0
    lag[np.isin(panel.state, left)] = -2.0
    item, voter = panel.item, panel.state[panel.cell]
    cast = np.zeros((2, panel.items))
    for row, state in enumerate(pole):
        mine = np.flatnonzero(voter == state)[::-1]  # of several votes on a linked item, the first stays
        cast[row, item[mine]] = panel.choice[mine]
    beta = np.where((cast > 0).all(axis=0), np.sign(cast[0] - cast[1]), 0.0)
    shares = np.cumsum(panel.counts[:, :2], axis=1) / np.diff(panel.start)[:, None]
    return Start(lag, beta, shares * 2.0 - 1.0)


def sample(
    panel: Panel, begin: Start, *, burn: int = 1500, draws: int = 400, thin: int = 6, seed: int = 0, threads: int = 2
) -> Draws:
    """Run the sampler.

    Parameters
    ----------
    panel : Panel
    begin : Start
    burn, draws, thin : int
        Sweeps left out at first; draws kept, one in `thin` sweeps.
    seed : int
        The same seed gives the same draws, with any number of threads.
    threads : int

    Returns
    -------
    Draws
    """
    sweeper = _Sweeper(panel, begin, seed)
    items = panel.items
    kept = Draws(np.empty((draws, panel.cells)), np.empty((draws, items)), np.empty((draws, items, 2)))
    with ThreadPoolExecutor(threads) as pool:
        for sweep in range(burn + draws * thin):
            sweeper.sweep(pool)
            done = sweep + 1 - burn
            if done > 0 and done % thin == 0:
                row = done // thin - 1
                kept.theta[row], kept.beta[row], kept.cuts[row] = sweeper.theta, sweeper.beta, sweeper.cuts
    return kept


class _Sweeper:
    """The state of the chain, and one sweep of it."""

    def __init__(self, panel: Panel, begin: Start, seed: int) -> None:
        from multipolar.votes.arrays import _bsv, _compiled

        self.kernel, self.table = _bsv.items_sweep, _compiled.normal_table()
        self.random = np.random.default_rng(seed)
        self.keys = np.random.default_rng([seed, 1])
        self.panel, self.beta, self.cuts = panel, begin.beta.copy(), begin.cuts.copy()
        self.before, self.variance = lags(panel)
        self.mean = begin.lag.copy()
        self.bounds = np.searchsorted(panel.start, np.linspace(0, panel.start[-1], BLOCKS + 1))
        self.sums = np.zeros((BLOCKS, 2, panel.cells))
        longest = int(np.diff(panel.start).max(initial=1))
        self.scratch = np.empty((BLOCKS, 3, longest))
        self.score, self.info = self._first_utilities()
        self.theta = np.zeros(panel.cells)

    def _first_utilities(self) -> tuple[Floats, Floats]:
        """Sums of beta z and beta^2 where utilities are drawn at positions of 0."""
        from scipy.special import ndtr, ndtri

        panel, item = self.panel, self.panel.item
        bounds = np.column_stack([np.full(panel.items, -UTILITY_END), self.cuts, np.full(panel.items, UTILITY_END)])
        low, high = bounds[item, panel.choice - 1], bounds[item, panel.choice]
        u = self.random.random(len(item))
        z = np.clip(ndtri(ndtr(low) + u * (ndtr(high) - ndtr(low))), -UTILITY_END, UTILITY_END)
        b = self.beta[item]
        score, info = (np.bincount(panel.cell, weight, panel.cells) for weight in (b * z, b * b))
        return score.astype(np.float64), info.astype(np.float64)

    def sweep(self, pool: ThreadPoolExecutor) -> None:
        """Positions, then all of the items."""
        self._positions()
        key = np.uint64(self.keys.integers(2**63))
        list(pool.map(lambda block: self._items(block, key), range(BLOCKS)))
        self.score, self.info = self.sums.sum(axis=0)

    def _positions(self) -> None:
        lag = np.where(self.before >= 0, self.mean[self.before], 0.0)
        precision = self.info + 1.0 / self.variance
        self.mean = (self.score + lag / self.variance) / precision
        theta = self.mean + self.random.standard_normal(len(lag)) / np.sqrt(precision)
        theta = np.clip(theta, -THETA_END, THETA_END)
        self.theta = (theta - theta.mean()) / theta.std(ddof=1)

    def _items(self, block: int, key: np.uint64) -> None:
        panel = self.panel
        self.kernel(
            self.bounds[block],
            self.bounds[block + 1],
            key,
            panel.start,
            panel.cell,
            panel.choice,
            self.theta,
            self.beta,
            self.cuts,
            STEP,
            self.table,
            *self.sums[block],
            *self.scratch[block],
        )


def chances(theta: Floats, var: Floats, beta: Floats, cuts: Floats, item: Ints) -> Floats:
    """P(yes), P(abstain), P(no) at positions with the given means and variances, shape (n, 3).

    Parameters
    ----------
    theta, var : array, shape (n,)
    beta, cuts : array, shape (items,) and (items, 2)
    item : array of int, shape (n,)
    """
    from scipy.special import ndtr

    b = beta[item]
    below = ndtr((cuts[item] - (b * theta)[:, None]) / np.sqrt(1.0 + b**2 * var)[:, None])
    middle = np.maximum(below[:, 1] - below[:, 0], 1e-9)
    whole = np.column_stack([below[:, 0], middle, 1.0 - below[:, 1]])
    return np.asarray(whole / whole.sum(axis=1, keepdims=True))
