"""Changes of a series around a month, and how unusual one is among the changes around other months.

A change is the mean of the months from a month on less the mean of as many months before it. Its place among changes around
placebo months, in which nothing of the kind happened, gives a p-value (Fisher 1935) and, for an effect that adds to what would
have happened anyway, an interval by inversion of the test (Rosenbaum 2002, Observational Studies, ch. 2). Windows of neighbouring
months overlap and their changes are not independent, so no p-value is given that as many windows apart could not show.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Placebo(NamedTuple):
    """A change against placebo changes.

    Attributes
    ----------
    change : float
        The change itself.
    effect, lo50, hi50, lo90, hi90 : float
        The change less the median placebo change, with intervals from the placebo distribution.
    p : float
        Two-sided: how often a placebo change is at least as far from their median.
    placebos : int
        How many.
    apart : int
        How many of them do not overlap.
    """

    change: float
    effect: float
    lo50: float
    hi50: float
    lo90: float
    hi90: float
    p: float
    placebos: int
    apart: int


def changes(series: Floats, known: Bools, window: int) -> Floats:
    """Change around each month; NaN where a month of either window is not known or outside.

    Parameters
    ----------
    series, known : array, shape (..., months)
    window : int
        Months on either side.

    Returns
    -------
    array, shape (..., months)
    """
    months = series.shape[-1]
    out = np.full(series.shape, np.nan)
    if months < 2 * window:
        return out
    zero = np.zeros((*series.shape[:-1], 1))
    total = np.concatenate([zero, np.cumsum(np.where(known, series, 0.0), axis=-1)], axis=-1)
    count = np.concatenate([zero, np.cumsum(known, axis=-1)], axis=-1)
    at = np.arange(window, months - window + 1)
    after = (total[..., at + window] - total[..., at]) / window
    before = (total[..., at] - total[..., at - window]) / window
    whole = count[..., at + window] - count[..., at - window] == 2 * window
    out[..., at[at < months]] = np.where(whole, after - before, np.nan)[..., at < months]
    return out


def clear(months: int, events: NDArray[np.int64], window: int) -> Bools:
    """Months whose windows on both sides hold no event, shape (months,).

    Parameters
    ----------
    months : int
    events : array of int
        Months of events; may lie outside.
    window : int
        An event at `e` touches the windows of months `e` - `window` + 1 to `e` + `window`.
    """
    free = np.ones(months, dtype=bool)
    for event in events:
        free[max(event - window + 1, 0) : max(event + window + 1, 0)] = False
    return free


def apart(months: NDArray[np.int64], window: int) -> int:
    """The most months of a sorted set whose windows on both sides do not overlap."""
    count, last = 0, -2 * window
    for month in months:
        if month - last >= 2 * window:
            count, last = count + 1, int(month)
    return count


def against(change: float, placebo: Floats, disjoint: int) -> Placebo:
    """Compare a change with placebo changes.

    Parameters
    ----------
    change : float
    placebo : array, shape (placebos,)
    disjoint : int
        How many of them are independent: a p-value is at least one in one more than that.
    """
    middle = float(np.median(placebo))
    farther = int((np.abs(placebo - middle) >= abs(change - middle)).sum())
    p = max((1 + farther) / (1 + placebo.size), 1.0 / (1 + disjoint))
    points = np.quantile(
        placebo, [0.05, 0.25, 0.75, 0.95], method="weibull"
    )  # exact if the change is one among the placebos
    hi90, hi50, lo50, lo90 = (change - float(point) for point in points)
    return Placebo(change, change - middle, lo50, hi50, lo90, hi90, p, placebo.size, disjoint)
