"""A share of cases with its interval, where the cases of one war are no independent ones."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from multipolar.errors import UsageError

Floats = NDArray[np.float64]

_LEVELS: Final = (0.50, 0.90)


class Share(NamedTuple):
    """A share with its intervals; `effective` is the number of independent cases that it is worth."""

    value: float
    lo50: float
    hi50: float
    lo90: float
    hi90: float
    effective: float


def wilson(successes: float, trials: float, level: float = 0.90) -> tuple[float, float]:
    """Interval of a share by Wilson's score (1927, JASA 22: 209-212, doi:10.1080/01621459.1927.10502953).

    Parameters
    ----------
    successes, trials : float
        Counts; they need not be whole, as of an effective number of trials.
    level : float
        Coverage, such as 0.90.

    Returns
    -------
    (float, float)

    Raises
    ------
    UsageError
        Without trials, or with more successes than trials.
    """
    if not trials > 0 or not 0 <= successes <= trials:
        raise UsageError(f"expected 0 to n successes in n > 0 trials, got {successes} in {trials}")
    z2 = float(ndtri((1 + level) / 2)) ** 2
    middle = (successes + z2 / 2) / (trials + z2)
    half = np.sqrt(z2 * (successes * (trials - successes) / trials + z2 / 4)) / (trials + z2)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def clustered_share(success: ArrayLike, cluster: ArrayLike) -> Share:
    """Share of successes among cases that come in clusters, with Wilson's interval for the number they are worth.

    Parameters
    ----------
    success : array of bool, shape (cases,)
    cluster : array, shape (cases,)
        Cases of one cluster (a war) may depend on each other.

    Returns
    -------
    Share

    Raises
    ------
    UsageError
        Without cases, or if the shapes differ.

    Notes
    -----
    The design effect is the variance of the share as a ratio of cluster totals over that of independent cases; it divides
    the number of cases (Korn & Graubard 1998, Survey Methodology 24: 193-201; Dean & Pagano 2015, Journal of Survey
    Statistics and Methodology 3: 484-503, doi:10.1093/jssam/smv024). Where clusters cannot tell it, because all cases
    agree or there is a single cluster, each cluster counts as one case.
    """
    hits, names = np.asarray(success, dtype=bool), np.asarray(cluster)
    if hits.ndim != 1 or not hits.size or names.shape != hits.shape:
        raise UsageError(f"expected a cluster for each of one or more cases, got {names.shape} for {hits.shape}")
    _, place = np.unique(names, return_inverse=True)
    size = np.bincount(place).astype(np.float64)
    won = np.bincount(place, weights=hits.astype(np.float64)).astype(np.float64)
    share, effective = float(hits.mean()), _effective(won, size)
    (lo50, hi50), (lo90, hi90) = (wilson(share * effective, effective, level) for level in _LEVELS)
    return Share(share, lo50, hi50, lo90, hi90, effective)


def _effective(won: Floats, size: Floats) -> float:
    """Number of independent cases that clusters with `won` of `size` are worth: from one a cluster to all of them."""
    clusters, cases = size.size, float(size.sum())
    share = float(won.sum()) / cases
    spread = share * (1 - share) / cases
    if clusters < 2 or spread == 0:
        return float(clusters)
    variance = clusters / (clusters - 1) * float(((won - share * size) ** 2).sum()) / cases**2
    return float(np.clip(cases * spread / variance, 1.0, cases)) if variance > 0 else cases
