r"""Which votes moved a position: a difference of smoothed positions taken apart exactly.

At the end of a fit every vote k of a state in session s(k) stands as a normal observation with information vector
:math:`r_k` and matrix :math:`I_k` (`dynamic.Fit`: their sums over a cell are `linear` and `info`). The positions of all of
the state's sessions are then :math:`A^{-1} (r + p)` with A the precision of the walk plus the :math:`I`, and p what the
first session's prior adds. For any reference x, since moving every session to x costs the walk nothing,

.. math:: \theta_u - \theta_t = \sum_k \big[ (A^{-1})_{u s(k)} - (A^{-1})_{t s(k)} \big] (r_k - I_k x)
          + \big[ (A^{-1})_{u 1} - (A^{-1})_{t 1} \big] P_1 (\mu_1 - x)

exactly. With :math:`x = \theta_t`, a vote contributes if it says something else than the position from which the state
moved. Weights are those of the last linearised step: an item's parameters, and how much a vote weighs, are held as they are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from multipolar.votes.arrays.dynamic import Fit
from multipolar.votes.arrays.panel import Floats, Ints, Panel


class Moves(NamedTuple):
    """A change of position taken apart.

    Parameters
    ----------
    votes : array of int, shape (n,)
        Votes (of the panel) of the state.
    parts : array, shape (n, 2)
        What each adds to the change, by coordinate.
    start : array, shape (2,)
        What the prior of the state's first session adds.
    change : array, shape (2,)
        The change itself; the sum of all parts.
    """

    votes: Ints
    parts: Floats
    start: Floats
    change: Floats


def vote_terms(panel: Panel, fitted: Fit, votes: Ints) -> tuple[Floats, Floats]:
    """Information vector (n, 2) and matrix (n, 2, 2) of some votes, as in the last step of the fit."""
    from scipy.special import expit

    items = fitted.items
    item = np.searchsorted(panel.start, votes, side="right") - 1
    b, cuts, spread = items.mean[item, :2], items.cuts[item], items.spread[item]
    at, choice = fitted.at[panel.cell[votes]], panel.choice[votes]
    eta = (b * at).sum(axis=1)
    below = expit(cuts - eta[:, None])
    slope = np.column_stack(
        [
            np.where(choice == 1, 1.0 - below[:, 0], np.where(choice == 2, -below[:, 0], 0.0)),
            np.where(choice == 3, -below[:, 1], np.where(choice == 2, 1.0 - below[:, 1], 0.0)),
        ]
    )
    used = np.column_stack([choice < 3, choice > 1])
    curve = np.where(used, below * (1.0 - below), 0.0)
    low = spread[:, :2, 2]
    high = low + (cuts[:, 1] - cuts[:, 0])[:, None] * spread[:, :2, 3]
    own = np.einsum("nij,nj->ni", spread[:, :2, :2], at)
    weight = curve.sum(axis=1)
    score = -slope.sum(axis=1)[:, None] * b - weight[:, None] * own + curve[:, :1] * low + curve[:, 1:] * high
    info = weight[:, None, None] * (b[:, :, None] * b[:, None, :] + spread[:, :2, :2])
    return score + np.einsum("nij,nj->ni", info, at), info


def moves(panel: Panel, fitted: Fit, cell_from: int, cell_to: int) -> Moves:
    """Take the change between two cells of one state apart.

    Parameters
    ----------
    panel : Panel
    fitted : Fit
        Of `dynamic.fit`, not filtered.
    cell_from, cell_to : int
        Cells of the same state.
    """
    cells = np.flatnonzero(panel.state == panel.state[cell_from])
    votes = np.flatnonzero((panel.cell >= cells[0]) & (panel.cell <= cells[-1]))
    reference = fitted.mean[cell_from]
    inverse = np.linalg.inv(_precision(panel, fitted, cells))
    one, other = 2 * (cell_from - cells[0]), 2 * (cell_to - cells[0])
    gain = inverse[other : other + 2] - inverse[one : one + 2]
    weights = gain.reshape(2, len(cells), 2).transpose(1, 0, 2)
    linear, info = vote_terms(panel, fitted, votes)
    news = linear - np.einsum("nij,j->ni", info, reference)
    parts = np.einsum("nij,nj->ni", weights[panel.cell[votes] - cells[0]], news)
    begin = weights[0] @ ((fitted.origin[:2] - reference) / fitted.origin[2:])
    return Moves(votes, parts, begin, fitted.mean[cell_to] - reference)


def _precision(panel: Panel, fitted: Fit, cells: Ints) -> Floats:
    """Precision matrix of all sessions of a state, shape (2 cells, 2 cells)."""
    n = len(cells)
    whole = np.zeros((n, 2, n, 2))
    info = fitted.info[cells][:, [[0, 1], [1, 2]]]
    step = np.outer(panel.gap[cells], fitted.walk)
    for t in range(n):
        whole[t, :, t, :] += info[t]
        if t == 0:
            whole[t, :, t, :] += np.diag(1.0 / fitted.origin[2:])
            continue
        link = np.diag(1.0 / step[t])
        whole[t, :, t, :] += link
        whole[t - 1, :, t - 1, :] += link
        whole[t, :, t - 1, :] -= link
        whole[t - 1, :, t, :] -= link
    return whole.reshape(2 * n, 2 * n)
