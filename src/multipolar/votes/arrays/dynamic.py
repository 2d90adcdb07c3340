r"""The default model: ordinal logit, positions that walk from session to session, all by variational sweeps.

State i in session t answers item v by

.. math:: P(\text{yes}) = \sigma(c_{v1} - \eta), \quad P(\text{no}) = 1 - \sigma(c_{v2} - \eta), \quad
          \eta = b_v \cdot \theta_{it}

with :math:`c_{v2} = c_{v1} + e^{d_v}` and the logistic function :math:`\sigma`. Positions (one or two coordinates) start
at N(0, 1) and walk: :math:`\theta_{it} \sim N(\theta_{is}, 0.25 (t - s))` after the state's session s before. Discrimination
:math:`b_v \sim N(0, 1)`; :math:`c_{v1}` and :math:`d_v` are normal with means and variances estimated from all items.

**Fit.** Positions and items get normal distributions q that maximise the expected log likelihood less the divergence from
the priors, to second order (Opper & Archambeau 2009, Neural Computation 21: 786-792, for the normal approximation; Imai,
Lo & Olmsted 2016, American Political Science Review 110: 631-656, for variational dynamic ideal points). A sweep is one
Newton step for each item given the moments of positions, then, given the moments of items, one for all positions: the
votes of a cell become one normal observation of it (precision sum of h (b b' + Cov b), with h the curvature of a vote's
log likelihood), and a random-walk smoother passes over every state's sessions (Rauch, Tung & Striebel 1965, AIAA Journal 3:
1445-1450). The logit of an ordered choice splits into one term for each cut, since
:math:`\sigma(x) - \sigma(y) = \sigma(x) \sigma(-y) (1 - e^{y - x})`, so that a vote costs one or two exponentials.

**Scale.** Positions are set to mean 0 and mean square 1 over all cells after every sweep. With two dimensions
the axes are turned so that positions are uncorrelated with variance 1 and the first axis lies along the positions of the
model with one dimension, which is fitted first; the second axis is what is left.

**What the variances leave out.** q takes items and positions as independent, so a far tail that few states reach, whose
scale is hardly known, looks too certain: `points` adds to the variances there, by an amount found on simulated votes.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from multipolar.votes.arrays.panel import Floats, Ints, Panel

#: Blocks of items, whatever the number of threads: results do not depend on it.
BLOCKS: Final = 8
#: Variance of a coordinate that is not used, largest move of a position in a sweep, threads.
NONE: Final = 1e-10
LEAP: Final = 1.0
THREADS: Final = 2


class Prior(NamedTuple):
    """Priors and when to stop.

    Parameters
    ----------
    begin, walk : float
        Variance of a state's first position, and of a move from one session to the next.
    discrimination : float
        Variance of discriminations.
    centre, spread : (float, float)
        Means and variances of the first cutpoint and of the log of the gap to the second: where they are estimated, the
        values at the start.
    learn : bool
        Whether centre and spread are estimated.
    sweeps, tolerance
        Sweeps at most; the fit stops when positions move less than this (root mean square).
    """

    begin: float = 1.0
    walk: float = 0.25
    discrimination: float = 1.0
    centre: tuple[float, float] = (2.0, 1.0)
    spread: tuple[float, float] = (4.0, 1.0)
    learn: bool = True
    sweeps: int = 80
    tolerance: float = 2e-4


#: The priors of the default model.
PRIOR: Final = Prior()


class Items(NamedTuple):
    """Items: means (items, 4) of b1, b2, c1 and the log gap, and covariances (items, 4, 4)."""

    mean: Floats
    spread: Floats

    @property
    def cuts(self) -> Floats:
        """Both cutpoints, shape (items, 2)."""
        return np.column_stack([self.mean[:, 2], self.mean[:, 2] + np.exp(self.mean[:, 3])])


class Fit(NamedTuple):
    """A fitted model.

    Parameters
    ----------
    mean : array, shape (cells, 2)
        Positions; the second coordinate is 0 if the model has one dimension.
    var : array, shape (cells, 3)
        Their covariances: 11, 12, 22.
    items : Items
    at : array, shape (cells, 2)
        Positions around which votes were taken as normal observations in the last step.
    linear, info : array, shape (cells, 2) and (cells, 3)
        What they say: information vector and matrix (11, 12, 22).
    centre, precision : array, shape (4,)
        Prior of items.
    origin : array, shape (4,)
        Mean and variances, by coordinate, of a state's first position in the last step, on the scale of the result.
    walk : array, shape (2,)
        Variances of a move in one session, likewise.
    sweeps : int
        Sweeps made.
    """

    mean: Floats
    var: Floats
    items: Items
    at: Floats
    linear: Floats
    info: Floats
    centre: Floats
    precision: Floats
    origin: Floats
    walk: Floats
    sweeps: int


class Start(NamedTuple):
    """Where a fit starts: moments of positions, (cells, 2) and (cells, 3), items, and their prior, (4,) and (4,)."""

    mean: Floats
    var: Floats
    items: Items
    centre: Floats
    precision: Floats


def estimate(panel: Panel, prior: Prior = PRIOR, *, dims: int = 1) -> Fit:
    """Fit the model from `start`; with two dimensions, from the fit with one."""
    one = fit(panel, start(panel, prior), prior)
    if dims == 1:
        return one
    begin = start(panel, prior, dims=2)
    begin.mean[:, 0] = one.mean[:, 0]
    return fit(panel, begin, prior, dims=2, toward=one.mean[:, 0])


def start(panel: Panel, prior: Prior = PRIOR, *, dims: int = 1) -> Start:
    """Positions from the leading eigenvectors of who votes with whom, the same in all sessions; cuts from shares.

    Parameters
    ----------
    panel : Panel
    prior : Prior
    dims : {1, 2}
    """
    mean = np.zeros((panel.cells, 2))
    mean[:, :dims] = _eigenvectors(panel, dims)[panel.state]
    var = np.tile([0.05, 0.0, 0.05 if dims == 2 else NONE], (panel.cells, 1))
    counts = panel.counts + 0.5
    total = counts.sum(axis=1)
    low, high = np.log(counts[:, 0] / (total - counts[:, 0])), np.log((total - counts[:, 2]) / counts[:, 2])
    items = np.column_stack([np.zeros((panel.items, 2)), low, np.log(np.maximum(high - low, 0.05))])
    off = 1.0 / NONE
    precision = np.array([1.0 / prior.discrimination] * 2 + [1.0 / value for value in prior.spread])
    precision[1] = precision[1] if dims == 2 else off
    return Start(mean, var, Items(items, np.zeros((panel.items, 4, 4))), np.array([0.0, 0.0, *prior.centre]), precision)


def _eigenvectors(panel: Panel, dims: int) -> Floats:
    """Of the mean products of choices, less the mean choice of the item; shape (states, dims)."""
    states = int(panel.state.max(initial=0)) + 1
    item, voter = panel.item, panel.state[panel.cell]
    value = panel.choice - 2.0
    mean = np.bincount(item, value, panel.items) / np.maximum(np.diff(panel.start), 1)
    cast, both = np.zeros((panel.items, states)), np.zeros((panel.items, states))
    cast[item, voter], both[item, voter] = value - mean[item], 1.0
    _, vectors = np.linalg.eigh((cast.T @ cast) / np.maximum(both.T @ both, 1.0))
    leading = vectors[:, ::-1][:, :dims]
    heaviest = leading[np.abs(leading).argmax(axis=0), np.arange(leading.shape[1])]
    return np.asarray(leading * np.sign(heaviest) * np.sqrt(states))


def fit(
    panel: Panel,
    begin: Start,
    prior: Prior = PRIOR,
    *,
    dims: int = 1,
    rescale: bool = True,
    first: Floats | None = None,
    toward: Floats | None = None,
) -> Fit:
    """Fit the model.

    Parameters
    ----------
    panel : Panel
    begin : Start
    prior : Prior
    dims : {1, 2}
    rescale : bool
        Whether positions are set to mean 0 and mean square 1.
    first : array, shape (cells, 4), optional
        Mean and variances, by coordinate, of each cell that is the first of its state; N(0, `prior.begin`) by default.
    toward : array, shape (cells,), optional
        With two dimensions, what the first axis is turned to.
    """
    sweeper = _Sweeper(panel, begin, prior, dims, first)
    with ThreadPoolExecutor(THREADS) as pool:
        done = 0
        while done < prior.sweeps:
            done += 1
            if sweeper.sweep(pool, rescale=rescale) < prior.tolerance:
                break
        if toward is not None:
            sweeper.turn(toward)
        sweeper.settle(pool, rescale=rescale)
    return sweeper.result(done)


class _Sweeper:
    """Moments of positions and items, and one sweep over them."""

    def __init__(self, panel: Panel, begin: Start, prior: Prior, dims: int, first: Floats | None) -> None:
        from multipolar.votes.arrays import _dynamic

        self.kernels, self.panel, self.prior, self.dims = _dynamic, panel, prior, dims
        self.mean, self.var = begin.mean.copy(), begin.var.copy()
        self.items, self.spread = begin.items.mean.copy(), begin.items.spread.copy()
        self.centre, self.precision = begin.centre.copy(), begin.precision.copy()
        self.votes = (panel.start, panel.cell, panel.choice)
        edges = np.linspace(0, panel.start[-1], BLOCKS + 1)[1:-1]
        self.blocks = np.split(np.arange(panel.items), np.searchsorted(panel.start[1:], edges))
        second = prior.begin if dims == 2 else NONE
        self.origin = np.array([0.0, 0.0, prior.begin, second])
        self.step = np.array([prior.walk, prior.walk if dims == 2 else NONE])
        self.first = np.tile(self.origin, (panel.cells, 1)) if first is None else first
        self.walk = np.outer(panel.gap, self.step)
        self.score, self.told = np.zeros((BLOCKS, panel.cells, 2)), np.zeros((BLOCKS, panel.cells, 3))
        self.at, self.linear, self.info = self.mean, np.zeros((panel.cells, 2)), np.zeros((panel.cells, 3))
        self.moved, self.scratch = np.zeros((panel.cells, 2)), np.zeros((2, panel.cells, 5))

    def sweep(self, pool: ThreadPoolExecutor, *, rescale: bool) -> float:
        """Items, then positions; how far positions moved (root mean square)."""
        before = self.mean.copy()
        list(pool.map(lambda block: self._block(block, move=True), range(BLOCKS)))
        if self.prior.learn:
            self._learn()
        self._positions()
        np.clip(self.mean, before - LEAP, before + LEAP, out=self.mean)
        if rescale:
            self._rescale()
        return float(np.sqrt(np.mean((self.mean - before)[:, : self.dims] ** 2)))

    def settle(self, pool: ThreadPoolExecutor, *, rescale: bool) -> None:
        """Covariances of items and the last normal observations, at the positions reached; then positions once more.

        Setting the scale once more changes the units of everything in that last step, priors included.
        """
        list(pool.map(lambda block: self._block(block, move=False), range(BLOCKS)))
        self._positions()
        if not rescale:
            return
        shift, scale = self._rescale()
        change = np.diag([1.0 / scale, 1.0 / scale, 1.0, 1.0])
        change[2, :2] = -shift
        self.spread = np.ascontiguousarray(change @ self.spread @ change.T)
        self.at = (self.at - shift) * scale
        self.linear = (self.linear - times(self.info, np.tile(shift, (len(self.info), 1)))) / scale
        self.info /= scale**2
        self.origin[:2] = (self.origin[:2] - shift) * scale
        self.origin[2:] *= scale**2
        self.step *= scale**2

    def _block(self, block: int, *, move: bool) -> None:
        order = self.blocks[block]
        state = (*self.votes, self.mean, self.var, self.items)
        self.kernels.items(order, *state, self.centre, self.precision, self.spread, move)
        self.score[block], self.told[block] = 0.0, 0.0
        self.kernels.cells(order, *state, self.spread, self.score[block], self.told[block])

    def _positions(self) -> None:
        self.at = self.mean.copy()
        self.info = self.told.sum(axis=0)
        self.linear = self.score.sum(axis=0) + times(self.info, self.at)
        panel = self.panel
        observed = (panel.state, panel.session, self.linear, self.info, self.first, self.walk)
        self.kernels.smooth(*observed, self.mean, self.var, self.moved, *self.scratch)

    def _learn(self) -> None:
        """Means and variances of cutpoints and gaps over items, with what is not known of them."""
        part = self.items[:, 2:]
        self.centre[2:] = part.mean(axis=0)
        unknown = self.spread[:, (2, 3), (2, 3)]
        self.precision[2:] = 1.0 / np.maximum(((part - self.centre[2:]) ** 2 + unknown).mean(axis=0), 0.01)

    def _rescale(self) -> tuple[Floats, float]:
        """Set mean 0 and mean square 1; the shift that was taken off, and the factor after it."""
        used = self.mean[:, : self.dims]
        shift = np.zeros(2)
        shift[: self.dims] = used.mean(axis=0)
        square = (used.var(axis=0) + self.var[:, (0, 2)][:, : self.dims].mean(axis=0)).mean()
        scale = float(1.0 / np.sqrt(square))
        self._transform(np.eye(2) * scale, shift)
        return shift, scale

    def turn(self, toward: Floats) -> None:
        """Axes on which positions are uncorrelated with variance 1, the first as close to `toward` as can be."""
        middle = self.mean.mean(axis=0)
        centred = self.mean - middle
        v11, v12, v22 = self.var.mean(axis=0)
        values, vectors = np.linalg.eigh(centred.T @ centred / len(centred) + [[v11, v12], [v12, v22]])
        whiten = (vectors / np.sqrt(values)).T
        first = whiten @ (centred.T @ (toward - toward.mean()))
        first /= np.hypot(*first)
        self._transform(np.array([first, [-first[1], first[0]]]) @ whiten, middle)

    def _transform(self, matrix: Floats, shift: Floats) -> None:
        """Positions become matrix (theta - shift); means of items follow, so that no probability changes."""
        self.items[:, 2] -= self.items[:, :2] @ shift
        self.items[:, :2] = self.items[:, :2] @ np.linalg.inv(matrix)
        self.mean = np.ascontiguousarray((self.mean - shift) @ matrix.T)
        full = matrix @ self.var[:, [[0, 1], [1, 2]]] @ matrix.T
        self.var = np.column_stack([full[:, 0, 0], full[:, 0, 1], full[:, 1, 1]])
        if self.dims == 1:
            self.var[:, 1:] = 0.0, NONE

    def result(self, sweeps: int) -> Fit:
        return Fit(
            self.mean,
            self.var,
            Items(self.items, self.spread),
            self.at,
            self.linear,
            self.info,
            self.centre,
            self.precision,
            self.origin,
            self.step,
            sweeps,
        )


def mirror(fitted: Fit, sign: NDArray[np.floating]) -> Fit:
    """The same model with coordinates times the signs (2,)."""
    flips = np.array([sign[0], sign[1], 1.0, 1.0])
    both = np.array([1.0, sign[0] * sign[1], 1.0])
    items = Items(fitted.items.mean * flips, fitted.items.spread * np.outer(flips, flips))
    return fitted._replace(
        mean=fitted.mean * sign,
        var=fitted.var * both,
        items=items,
        at=fitted.at * sign,
        linear=fitted.linear * sign,
        info=fitted.info * both,
        origin=fitted.origin * [sign[0], sign[1], 1.0, 1.0],
    )


def times(matrix: Floats, vector: Floats) -> Floats:
    """Symmetric matrices (n, 3) times vectors (n, 2)."""
    return np.column_stack(
        [
            matrix[:, 0] * vector[:, 0] + matrix[:, 1] * vector[:, 1],
            matrix[:, 1] * vector[:, 0] + matrix[:, 2] * vector[:, 1],
        ]
    )


def chances(mean: Floats, var: Floats, items: Items, item: Ints) -> Floats:
    """P(yes), P(abstain), P(no), averaged over what is not known of positions and items.

    Parameters
    ----------
    mean, var : array, shape (n, 2) and (n, 3)
        Positions and their covariances.
    items : Items
    item : array of int, shape (n,)
        Item of each.

    Returns
    -------
    array, shape (n, 3)
        A logistic function of a normal variable has mean sigma(m / sqrt(1 + pi v / 8)), nearly (MacKay 1992, Neural
        Computation 4: 720-736).
    """
    from scipy.special import expit

    b, spread, cuts = items.mean[item, :2], items.spread[item], items.cuts[item]
    eta = (b * mean).sum(axis=1)
    own = b[:, 0] ** 2 * var[:, 0] + 2.0 * b[:, 0] * b[:, 1] * var[:, 1] + b[:, 1] ** 2 * var[:, 2]
    below = []
    for cut, slope in ((cuts[:, 0], 0.0), (cuts[:, 1], cuts[:, 1] - cuts[:, 0])):
        line = np.column_stack([-mean, np.ones(len(mean)), np.broadcast_to(slope, len(mean))])
        variance = own + np.einsum("nk,nkl,nl->n", line, spread, line)
        below.append(expit((cut - eta) / np.sqrt(1.0 + np.pi / 8.0 * variance)))
    low, high = below
    middle = np.maximum(high - low, 1e-9)
    whole = np.column_stack([low, middle, 1.0 - high])
    return np.asarray(whole / whole.sum(axis=1, keepdims=True))
