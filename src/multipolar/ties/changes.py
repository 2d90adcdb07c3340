"""When a tie changed: months whose shift the model's ordinary shocks do not explain, held against placebo dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from multipolar.ties import arrays
from multipolar.ties.arrays.shifts import Shifts, shifts
from multipolar.ties.model import Ties
from multipolar.ties.reading import ORDER

#: Standard deviation of a shift, in units of tie: +1 is the distance from the average pair to a close one.
SPREAD: Final = 0.5
#: One month in so many is taken to hold a shift before anything is observed (one in thirty years).
RARE: Final = 360
#: Pairs and months that a date is compared with.
PLACEBO_PAIRS: Final = 200
SEED: Final = 20240


@dataclass(frozen=True)
class Changes:
    """Evidence for a shift of a tie, month by month.

    Attributes
    ----------
    a, b : str
        The pair.
    frame : DataFrame
        Columns month, shift (if there was one), sd, log_factor (log Bayes factor against none), probability (of a shift in
        that month, each month by itself), placebo (share of placebo months with at least as much evidence).
    placebos : int
        Placebo months: those of other pairs, drawn at random, in which they were observed.
    """

    a: str
    b: str
    frame: pl.DataFrame
    placebos: int

    def at(self, month: date) -> dict[str, object]:
        """The row of a month."""
        return self.frame.filter(pl.col("month") == month.replace(day=1)).row(0, named=True)


def changes(ties: Ties, a: str, b: str, *, spread: float = SPREAD) -> Changes:
    """Months in which the tie of two states moved more than ties move by themselves.

    A probability is a statement about the recorded evidence: that something happened in that month, and not what caused it.

    Parameters
    ----------
    ties : Ties
    a, b : str
        Actor ids, in either order.
    spread : float
        Standard deviation of a shift, units of tie.

    Returns
    -------
    Changes

    Raises
    ------
    Refusal
        If nothing is observed of the pair.
    """
    row = ties.pair_index(a, b)
    found = _of(ties, row, spread)
    against = np.sort(_placebos(ties, row, spread))
    odds = np.exp(found.log_factor) / (RARE - 1)
    at_least = against.size - np.searchsorted(against, found.log_factor, side="left")
    first, second = ties.pairs.row(row)[:2]
    frame = pl.DataFrame(
        {
            "month": ties.months,
            "shift": found.mean,
            "sd": found.sd,
            "log_factor": found.log_factor,
            "probability": odds / (1 + odds),
            "placebo": (at_least + 1) / (against.size + 1),
        }
    )
    return Changes(first, second, frame, int(against.size))


def _of(ties: Ties, row: int, spread: float) -> Shifts:
    return shifts(ties.pair_observations(row), ties.params, len(ties.grid), spread)


def _placebos(ties: Ties, row: int, spread: float) -> arrays.Floats:
    """Log factors of other pairs in the months of which something was observed of them."""
    rng = np.random.default_rng(SEED)
    counts = np.diff(ties.observations.indptr)
    others = np.setdiff1d(np.flatnonzero(counts >= 2 * len(ORDER)), [row])
    chosen = rng.choice(others, min(PLACEBO_PAIRS, others.size), replace=False)
    drawn = [
        _of(ties, int(other), spread).log_factor[np.unique(ties.observations.pair(int(other)).month)]
        for other in chosen
    ]
    return np.concatenate(drawn) if drawn else np.zeros(0)
