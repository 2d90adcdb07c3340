"""Array layer of the tie model: NumPy in, NumPy out, no labels, no files.

``model`` states the equations and holds the data, ``kalman`` filters and smooths, ``attribution`` and ``news``
take an estimate and its changes apart exactly, ``em`` estimates parameters. Compiled code is loaded when a
function first runs, never at import.
"""

from __future__ import annotations

from multipolar.ties.arrays.attribution import Weights, by_indicator, change, weights
from multipolar.ties.arrays.em import Fit, Prior, default_prior, fit
from multipolar.ties.arrays.kalman import (
    Predictive,
    Smoothed,
    covariance,
    filtered,
    leave_one_out,
    levels,
    loglik,
    normal_quantile,
    predictive,
    sample,
    smooth,
)
from multipolar.ties.arrays.model import Floats, Observations, Parameters, Quick, observations, rescale, spliced
from multipolar.ties.arrays.news import News, news

__all__ = [
    "Fit",
    "Floats",
    "News",
    "Observations",
    "Parameters",
    "Predictive",
    "Prior",
    "Quick",
    "Smoothed",
    "Weights",
    "by_indicator",
    "change",
    "covariance",
    "default_prior",
    "filtered",
    "fit",
    "leave_one_out",
    "levels",
    "loglik",
    "news",
    "normal_quantile",
    "observations",
    "predictive",
    "rescale",
    "sample",
    "smooth",
    "spliced",
    "weights",
]
