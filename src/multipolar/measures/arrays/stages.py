"""Stages of pairs by year: how long they last, what follows them, and how a chain of them goes on.

A stage is a level of hostility of militarised disputes (0 none to 5 war; Jones, Bremer & Singer 1996, CMPS 15(2): 163-213);
`MISSING` where nobody says. The chain is of first order in (stage, years at it): the stage of next year depends on this
year's, on how many years the pair has been at it (counted up to `LONGEST`) and on covariates that are held as they are.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Stages = NDArray[np.int8]

MISSING: Final = -1
#: Stages there are: 0 to 5.
LEVELS: Final = 6
#: Years at a stage are counted up to this many.
LONGEST: Final = 20


def years_at(stage: Stages) -> NDArray[np.int16]:
    """Years that a pair has been at its stage, this one included; 0 where the stage is not known.

    Parameters
    ----------
    stage : array, shape (pairs, years)

    Returns
    -------
    array, shape (pairs, years)
        Counted from the first year that is known of, so that a run is at least as long as this.
    """
    count = np.zeros(stage.shape, dtype=np.int16)
    for year in range(stage.shape[1]):
        known = stage[:, year] != MISSING
        same = (stage[:, year] == stage[:, year - 1]) & known if year else np.zeros_like(known)
        count[:, year] = np.where(same, count[:, year - 1] + 1, known)
    return count


def transitions(now: Stages, following: Stages, group: NDArray[np.integer], groups: int) -> NDArray[np.int64]:
    """How often each stage followed each stage, by group.

    Parameters
    ----------
    now, following : array, any one shape
        Stage of a year and of the next; where one of them is `MISSING` nothing is counted.
    group : array of int, the same shape
        0 to `groups` - 1; negative where it is not known, and nothing is counted.
    groups : int

    Returns
    -------
    array, shape (groups, LEVELS, LEVELS)
    """
    known = (now != MISSING) & (following != MISSING) & (group >= 0)
    code = (group[known].astype(np.int64) * LEVELS + now[known]) * LEVELS + following[known]
    return np.bincount(code, minlength=groups * LEVELS * LEVELS).reshape(groups, LEVELS, LEVELS)


def propagate(step: Floats, stage: int, run: int, years: int, *, stop: int | None = None) -> Floats:
    """Distribution over the stages in each of the coming years.

    Parameters
    ----------
    step : array, shape (draws, LEVELS, LONGEST, LEVELS)
        Probability of each stage next year, given a stage and the years at it (1 to `LONGEST`, at index 0 …).
    stage, run : int
        Where the pair is: its stage, and years at it.
    years : int
    stop : int, optional
        What once reaches this stage or a higher one stays where it is: the last year then holds, at and above it, the
        probability of having reached it at least once after the start.

    Returns
    -------
    array, shape (draws, years, LEVELS)
    """
    draws = step.shape[0]
    stop = LEVELS if stop is None else stop
    mass = np.zeros((draws, LEVELS, LONGEST))
    mass[:, stage, min(run, LONGEST) - 1] = 1.0
    held = np.zeros((draws, LEVELS))
    out = np.empty((draws, years, LEVELS))
    for year in range(years):
        mass = _next_year(step, mass)
        held[:, stop:] += mass[:, stop:].sum(axis=2)
        mass[:, stop:] = 0.0
        out[:, year] = mass.sum(axis=2) + held
    return out


def _next_year(step: Floats, mass: Floats) -> Floats:
    flow = mass[..., None] * step  # from (stage, run) to stage
    following = np.zeros_like(mass)
    following[:, :, 0] = flow.sum(axis=(1, 2))
    for stage in range(LEVELS):
        stays = flow[:, stage, :, stage]
        following[:, stage, 0] -= stays.sum(axis=1)
        following[:, stage, 1:] += stays[:, :-1]
        following[:, stage, -1] += stays[:, -1]
    return following
