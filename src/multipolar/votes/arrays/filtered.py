"""Positions as known at the time: each session from its own votes and the positions of sessions before it.

Session by session, the model of `dynamic` is fitted to the votes of the session alone, with items of its own and with the
positions before it, moved on by the walk, as priors of positions. Nothing of a later session is used: means and variances
of cutpoints are the fixed round numbers of `dynamic.Prior`. A session alone says nothing of the level and the scale that all
of its positions share; so the first session has mean 0 and mean square 1, and in each later one the states that voted in
it and before keep the mean and the standard deviation that they had when they last voted.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from multipolar.votes.arrays.dynamic import NONE, PRIOR, Fit, Items, Prior, Start, fit, start, times
from multipolar.votes.arrays.panel import Floats, Ints, Panel

#: With fewer states known before, the scale of a session is left as it comes.
FEW: Final = 3


def filtered(panel: Panel, prior: Prior = PRIOR, *, dims: int = 1) -> Fit:
    """Fit session after session.

    Parameters
    ----------
    panel : Panel
        Every item within one session.
    prior : Prior
    dims : {1, 2}

    Returns
    -------
    Fit
        `linear` and `info` are what the votes of the session say; `sweeps` is the largest number in a session.
    """
    own = prior._replace(learn=False)
    whole = start(panel, own, dims=dims)
    mean, var = whole.mean.copy(), whole.var.copy()
    items, spread = whole.items.mean.copy(), whole.items.spread.copy()
    at, linear, info = np.zeros_like(mean), np.zeros_like(mean), np.zeros_like(var)
    session_of_item = panel.session[panel.cell[panel.start[:-1]]]
    sweeps = 0
    for number, session in enumerate(np.unique(panel.session)):
        cells, mine = np.flatnonzero(panel.session == session), np.flatnonzero(session_of_item == session)
        small = _part(panel, cells, mine)
        ahead = _ahead(panel, cells, mean, var, own, dims)
        begin = _begin(small, whole, items[mine], ahead, own, dims, first=number == 0)
        made = fit(small, begin, own, dims=dims, rescale=number == 0, first=ahead)
        if number > 0:
            made = _levelled(made, ahead, ~panel.first[cells])
        mean[cells], var[cells], items[mine], spread[mine] = made.mean, made.var, made.items.mean, made.items.spread
        at[cells], linear[cells], info[cells] = made.at, made.linear, made.info
        sweeps = max(sweeps, made.sweeps)
    second = own.begin if dims == 2 else NONE
    origin, step = np.array([0.0, 0.0, own.begin, second]), np.array([own.walk, own.walk if dims == 2 else NONE])
    return Fit(mean, var, Items(items, spread), at, linear, info, whole.centre, whole.precision, origin, step, sweeps)


def _part(panel: Panel, cells: Ints, items: Ints) -> Panel:
    """The votes of some cells on some items, which have no votes of others; every cell is a state of its own."""
    votes = np.concatenate([np.arange(panel.start[v], panel.start[v + 1]) for v in items])
    place = np.zeros(panel.cells, dtype=np.int32)
    place[cells] = np.arange(len(cells))
    lengths = np.append(0, np.cumsum(panel.start[items + 1] - panel.start[items]))
    return Panel(
        lengths.astype(np.int64),
        place[panel.cell[votes]],
        panel.choice[votes],
        np.arange(len(cells)),
        panel.session[cells],
        panel.row[votes],
    )


def _ahead(panel: Panel, cells: Ints, mean: Floats, var: Floats, prior: Prior, dims: int) -> Floats:
    """Mean and variances of each cell before its votes, shape (cells, 4); the covariance of coordinates is left out."""
    out = np.tile([0.0, 0.0, prior.begin, prior.begin if dims == 2 else NONE], (len(cells), 1))
    later = ~panel.first[cells]
    before, gap = cells[later] - 1, panel.gap[cells[later]]
    out[later, :2] = mean[before]
    out[later, 2] = var[before, 0] + prior.walk * gap
    out[later, 3] = var[before, 2] + (prior.walk * gap if dims == 2 else NONE)
    return out


def _begin(small: Panel, whole: Start, items: Floats, ahead: Floats, prior: Prior, dims: int, *, first: bool) -> Start:
    mean = start(small, prior, dims=dims).mean if first else ahead[:, :2].copy()
    var = np.column_stack([ahead[:, 2], np.zeros(len(mean)), ahead[:, 3]])
    return Start(mean, var, Items(items, np.zeros((len(items), 4, 4))), whole.centre, whole.precision)


def _levelled(made: Fit, ahead: Floats, known: NDArray[np.bool_]) -> Fit:
    """The same fit with mean and scale such that the `known` states are on average where they were."""
    if known.sum() < FEW:
        return made
    now, before = made.mean[known], ahead[known, :2]
    spread, wanted = np.sqrt(now.var(axis=0).sum()), np.sqrt(before.var(axis=0).sum())
    if spread == 0.0 or wanted == 0.0:
        return made
    scale = wanted / spread
    shift = before.mean(axis=0) - scale * now.mean(axis=0)
    grow = np.array([scale, scale, 1.0, 1.0])
    item, cov = made.items.mean / grow, made.items.spread / np.outer(grow, grow)
    item[:, 2] += item[:, :2] @ shift
    whole = np.eye(4)
    whole[2, :2] = shift
    at, info = scale * made.at + shift, made.info / scale**2
    score = (made.linear - times(made.info, made.at)) / scale
    var = made.var * scale**2
    if not made.mean[:, 1].any():
        var[:, 2] = NONE
    return made._replace(
        mean=scale * made.mean + shift,
        var=var,
        items=Items(item, whole @ cov @ whole.T),
        at=at,
        linear=score + times(info, at),
        info=info,
    )
