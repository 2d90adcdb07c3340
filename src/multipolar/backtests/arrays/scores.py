"""How good forecasts were, row by row or over all rows.

Proper scores are Gneiting & Raftery's (2007, JASA 102: 359-378); the area under the curve is the Mann-Whitney statistic, in
which a tie counts half (Hanley & McNeil 1982, Radiology 143: 29-36).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr
from scipy.stats import rankdata

Floats = NDArray[np.float64]

#: Probabilities are kept this far from 0 and 1.
EDGE: Final = 1e-6


def auc(outcome: Floats, forecast: Floats) -> float:
    """Chance that an event was given a higher forecast than a row without one; NaN if there is only one of the two.

    Parameters
    ----------
    outcome : array, shape (rows,)
        0 or 1.
    forecast : array, shape (rows,)
        Any score that rises with the chance.
    """
    events = float(outcome.sum())
    others = len(outcome) - events
    if not events or not others:
        return float("nan")
    above = rankdata(forecast)[outcome == 1].sum() - events * (events + 1) / 2.0
    return float(above / (events * others))


def average_precision(outcome: Floats, forecast: Floats) -> float:
    """Mean over events of the share of events among the rows with at least that forecast; rows that tie stand together."""
    order = np.argsort(-forecast, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(forecast[order]) != 0, True))
    caught = np.cumsum(outcome[order])[ends]
    gained = np.diff(caught, prepend=0.0)
    return float((gained * caught / (ends + 1)).sum() / outcome.sum()) if outcome.sum() else float("nan")


def log_loss(outcome: Floats, forecast: Floats) -> Floats:
    """Minus the log of the probability given to what happened, of each row; `outcome` may be a share."""
    p = np.clip(forecast, EDGE, 1.0 - EDGE)
    return np.asarray(-(outcome * np.log(p) + (1.0 - outcome) * np.log1p(-p)))


def brier(outcome: Floats, forecast: Floats) -> Floats:
    """Squared difference of each row."""
    return np.asarray((forecast - outcome) ** 2)


def crps(outcome: Floats, mean: Floats, sd: Floats) -> Floats:
    """Continuous ranked probability score of a normal forecast, of each row, in units of the outcome.

    The integral over x of (F(x) - [x >= outcome])**2, in closed form (Gneiting et al. 2005, Monthly Weather Review 133:
    1098-1118, eq. 5).
    """
    z = (outcome - mean) / sd
    density = np.exp(-0.5 * z**2) / np.sqrt(2.0 * np.pi)
    return np.asarray(sd * (z * (2.0 * ndtr(z) - 1.0) + 2.0 * density - 1.0 / np.sqrt(np.pi)))
