"""Parameters of all pairs of a record: how strongly the prior holds, how the fit begins, what pairs borrow."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from multipolar.indicators import INDICATORS
from multipolar.ties import arrays
from multipolar.ties.arrays.borrowing import Borrowed, borrow, evidence
from multipolar.ties.arrays.em import QUICKEN_FIRST
from multipolar.ties.grid import Grid
from multipolar.ties.reading import TURNS

#: What is believed of each indicator before the data: that half of its spread (a quarter of its variance) is the tie's. It
#: counts as much as this many observations. Likelihood alone would make the tie whatever the most numerous indicator
#: measures; this says that all of them read the same tie, about equally well, unless the data strongly disagree.
PRIOR_STRENGTH: Final = 100_000.0
#: At least this share of an indicator's variance is noise. A treaty changes in steps and would otherwise be taken for a
#: perfect reading of the tie, and the tie for the treaty.
NOISE_FLOOR: Final = 0.3
#: A fit begins with every COARSE-th pair, which is plenty for what all channels share, such as persistence; a record of fewer
#: than ENOUGH_CELLS cells is fitted as a whole. It has converged when an iteration gains less than this per observation.
COARSE: Final = 8
ENOUGH_CELLS: Final = 100_000
TOLERANCE: Final = 1e-5


class Found(NamedTuple):
    """Parameters, the observations with their pairs' prior levels, and whether the fit converged."""

    params: arrays.Parameters
    observations: arrays.Observations
    converged: bool


def parameters(observations: arrays.Observations, pairs: pl.DataFrame, grid: Grid, eras: int) -> Found:
    """Estimate the parameters of every channel, and what each pair borrows from the others.

    A fit to few pairs comes first: one to all that begins where it ends is much faster. Then come the prior levels of all
    pairs, then all observations.
    """
    signs = [indicator.sign for indicator in INDICATORS] * eras
    prior = arrays.default_prior(observations, len(signs), sign=signs, strength=PRIOR_STRENGTH)
    fit = partial(
        arrays.fit,
        n_months=len(grid),
        n_indicators=len(signs),
        sign=signs,
        prior=prior._replace(intercept=_usual(prior.intercept, eras)),
        pace=grid.pace,
        noise_floor=NOISE_FLOOR,
    )
    large = len(observations) > ENOUGH_CELLS
    first = fit(observations.where(observations.pair_of % COARSE == 0) if large else observations, tol=TOLERANCE)
    start, level = _with_levels(observations, first.params, pairs)
    leveled = replace(observations, level=level)
    last = fit(leveled, start=start, tol=TOLERANCE, search=not large)
    return Found(last.params._replace(quicken=_for_all_turns(last.params.quicken)), leveled, last.converged)


def _usual(means: arrays.Floats, eras: int) -> arrays.Floats:
    """What each channel reads of an ordinary pair: the mean of those observed, where nothing else is said.

    A quiet year of two states that had a dispute before is ordinary, not better than the average of such pairs.
    """
    said = [np.nan if indicator.usual is None else indicator.usual for indicator in INDICATORS] * eras
    return np.where(np.isnan(said), means, said)


def _with_levels(
    observations: arrays.Observations, params: arrays.Parameters, pairs: pl.DataFrame
) -> tuple[arrays.Parameters, arrays.Floats]:
    """Prior levels, and the parameters with the variance that is left around them, on the scale of a fit."""
    padded = params._replace(quicken=_for_all_turns(params.quicken))
    _, mean, var = arrays.levels(observations, padded)
    borrowed = _borrow(pairs, mean - params.mu0, var, params.tau2)
    wider = padded._replace(tau2=borrowed.tau2)
    unit = float(np.sqrt(borrowed.tau2 + params.stationary_var))
    return arrays.rescale(wider, scale=unit), borrowed.level / unit


def _borrow(pairs: pl.DataFrame, mean: arrays.Floats, var: arrays.Floats, tau2: float) -> Borrowed:
    states = pl.concat([pairs["a"], pairs["b"]]).unique().sort()
    first, second = (states.search_sorted(pairs[side]).to_numpy() for side in ("a", "b"))
    return borrow(first, second, *evidence(mean, var, np.zeros(mean.size), tau2))


def _for_all_turns(quicken: arrays.Floats | None) -> arrays.Floats:
    """Durations of all turns: of one that was never seen, what a fit begins with."""
    known = np.zeros(0) if quicken is None else quicken
    return np.concatenate((known, np.full(len(TURNS) - known.size, QUICKEN_FIRST)))
