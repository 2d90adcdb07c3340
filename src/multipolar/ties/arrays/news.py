"""What new data changed: news apart from revisions.

Two vintages of one pair's observations are compared in the order of Bańbura & Modugno (2014), Journal of Applied
Econometrics 29:133-160 (and of statsmodels' ``news``): first what was known already is brought to its new state
(values revised, counts revised, observations withdrawn), then new observations come in::

    E[f | new] - E[f | old]  =  revisions + sum_i weight_i surprise_i
    surprise_i               =  y_i - E[y_i | old observations that stay, as revised]

``weight_i`` is the observation's weight in the new estimate (`attribution.weights`), which is what the
partitioned regression of f on the surprises gives. Both sides agree to rounding.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from multipolar.errors import UsageError
from multipolar.ties.arrays.attribution import weights
from multipolar.ties.arrays.kalman import one_pair, predictive
from multipolar.ties.arrays.model import Floats, Ints, Observations, Parameters


class News(NamedTuple):
    """An update of one functional of one pair, in units of tie (`surprise` in the indicator's, `weight` their ratio).

    Attributes
    ----------
    before, after : float
        Estimates from the old and the new observations.
    update : float
        ``after - before = revisions + contributions.sum()``.
    revisions : float
        ``withdrawn_effect.sum() + revised_effect.sum() + recounted``.
    added, weight, surprise, contributions : ndarray, shape (A,)
        Positions of added observations in `new`, their weights, surprises and products of the two.
    withdrawn, withdrawn_effect : ndarray, shape (W,)
        Positions in `old` of observations that are gone, and the effect of taking them out first.
    revised, revised_effect : ndarray, shape (R,)
        Positions in `new` of observations whose value changed, and the effect of the change.
    recounted : float
        Effect of changed effective counts of observations that stay.
    """

    before: float
    after: float
    update: float
    revisions: float
    added: Ints
    weight: Floats
    surprise: Floats
    contributions: Floats
    withdrawn: Ints
    withdrawn_effect: Floats
    revised: Ints
    revised_effect: Floats
    recounted: float


def news(
    old: Observations,
    new: Observations,
    params: Parameters,
    n_months: int,
    functional: int | npt.ArrayLike,
    *,
    old_key: npt.ArrayLike | None = None,
    new_key: npt.ArrayLike | None = None,
) -> News:
    """Split the change of an estimate between two vintages of one pair's observations.

    Parameters
    ----------
    old, new : Observations
        Of one pair each, parameters the same.
    params, n_months, functional
        As `attribution.weights`.
    old_key, new_key : array_like[int], shapes (N_old,) and (N_new,), optional
        Which observations are the same one: equal keys, each at most once a vintage. By default the k-th
        observation of an indicator in a month in one vintage is the k-th of it in the other.

    Raises
    ------
    UsageError
        If there is not one pair, or keys repeat or do not fit.
    """
    one_pair(old), one_pair(new)
    kept_old, kept_new = _match(_keys(old, old_key), _keys(new, new_key))
    stay = np.zeros(len(old), dtype=bool)
    stay[kept_old] = True
    known = np.zeros(len(new), dtype=bool)
    known[kept_new] = True
    withdrawn, added = np.flatnonzero(~stay), np.flatnonzero(~known)

    before, after = (weights(vintage, params, n_months, functional) for vintage in (old, new))
    remaining = old.where(stay) if withdrawn.size else old
    revised = new.where(known) if added.size else new
    lost = before.weights[withdrawn] * _surprise(remaining, old.where(~stay), params, n_months)
    surprise = _surprise(revised, new.where(~known), params, n_months)

    # Rows of both vintages of what stays, in one order (that of `new`).
    as_was = weights(remaining, params, n_months, functional) if withdrawn.size else before
    as_is = weights(revised, params, n_months, functional) if added.size else after
    place = np.cumsum(stay) - 1
    row = place[kept_old]
    shifted = as_is.weights * (as_is.deviation - as_was.deviation[row])
    recounted = float(((as_is.weights - as_was.weights[row]) * as_was.deviation[row]).sum())
    moved = np.flatnonzero(as_is.deviation != as_was.deviation[row])
    contributions = after.weights[added] * surprise
    return News(
        before.estimate,
        after.estimate,
        after.estimate - before.estimate,
        float(-lost.sum() + shifted.sum()) + recounted,
        added,
        after.weights[added],
        surprise,
        contributions,
        withdrawn,
        -lost,
        np.flatnonzero(known)[moved],
        shifted[moved],
        recounted,
    )


def _surprise(given: Observations, held: Observations, params: Parameters, n_months: int) -> Floats:
    """How far `held` observations lie from what `given` ones lead to expect, shape (N_held,)."""
    if not len(held):
        return np.zeros(0)
    return held.value - predictive(given, params, n_months, held).mean


def _keys(obs: Observations, key: npt.ArrayLike | None) -> Ints:
    if key is not None:
        keys = np.asarray(key)
        if keys.shape != (len(obs),) or np.unique(keys).size != keys.size:
            raise UsageError(f"expected {len(obs)} different keys, got shape {keys.shape}", where="news")
        return keys
    cell = obs.month.astype(np.int64) * (2**15) + obs.indicator
    order = np.argsort(cell, kind="stable")
    ordered = cell[order]
    first = np.searchsorted(ordered, ordered)
    rank = np.empty(len(obs), dtype=np.int64)
    rank[order] = np.arange(len(obs)) - first
    if rank.max(initial=0) >= 2**15:
        raise UsageError("expected fewer than 32,768 observations of an indicator in a month", where="news")
    return cell * 2**15 + rank


def _match(old: Ints, new: Ints) -> tuple[Ints, Ints]:
    """Positions of the keys that both have, in the order of `new`."""
    _, at_old, at_new = np.intersect1d(old, new, assume_unique=True, return_indices=True)
    order = np.argsort(at_new, kind="stable")
    return at_old[order], at_new[order]
