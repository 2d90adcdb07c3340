r"""How alike two portfolios are: S, kappa, pi, tau-b and agreement, from tables of joint choices.

Everything here starts from the **joint table** of a pair, ``n[k, l]``: the weight of the items (roll calls, or
partners in alliances) of which the first has level k and the second level l. Items that either of the two lacks are
not in it. With levels 0 .. K-1, weights :math:`n`, :math:`N = \sum n`, and distances :math:`d_{kl} = |k - l|` or its
square:

- agreement: the share of items on the same level;
- S: :math:`1 - 2 \sum n_{kl} d_{kl} / (N d_{max})`, -1 to 1 (Signorino & Ritter 1999, International Studies Quarterly
  43: 115-144);
- kappa and pi: :math:`1 - D_o / D_e`, observed over expected distance, where the expectation pairs the levels of the
  two at random, with the frequencies of each (kappa) or of both together (pi): the corrections for chance of Häge
  (2011), Political Analysis 19(3): 287-305, doi:10.1093/pan/mpr014. Distances are squared, absolute or nominal (0 if
  equal, else 1);
- A: S less the S that is expected by chance, with the frequencies of each;
- tau-b: Kendall's rank correlation of the two (Bueno de Mesquita 1975, Journal of Conflict Resolution 19: 187-216).

What is not defined is NaN: no joint item, or no variation where a measure divides by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Distance = Literal["squared", "absolute", "nominal"]

#: What `every_pair` can give, in its order.
MEASURES: Final = (
    "agreement", "s", "s_squared", "kappa", "pi", "tau_b", "a_score", "kappa_absolute", "pi_absolute", "kappa_nominal",
    "pi_nominal",
)  # fmt: skip
#: Levels of a vote: no 0, abstain 1, yes 2, by the codes of `votes.ballots` (1 yes, 2 abstain, 3 no).
VOTE_LEVELS: Final = (3, 2, 1)


def vote_tables(choices: NDArray[np.int8], weights: Floats | None = None) -> Floats:
    """Joint tables of all pairs of states over some roll calls.

    Parameters
    ----------
    choices : array of int8, shape (rollcalls, states)
        0 missing, 1 yes, 2 abstain, 3 no.
    weights : array, shape (rollcalls,), optional
        Weight of each roll call; 1 by default.

    Returns
    -------
    array, shape (pairs, 3, 3)
        ``n[p, k, l]``: weight of the roll calls in which the first of pair p chose level k and the second level l (0 no, 1
        abstain, 2 yes); pairs as `pairs_of`.
    """
    return _by_pair(_product(choices, weights), len(VOTE_LEVELS))


def every_pair(
    choices: NDArray[np.int8], weights: Floats | None = None, measures: Iterable[str] = MEASURES
) -> tuple[Floats, dict[str, Floats]]:
    """Measures of all pairs of states over some roll calls, in one compiled pass.

    Parameters
    ----------
    choices : array of int8, shape (rollcalls, states)
        0 missing, 1 yes, 2 abstain, 3 no.
    weights : array, shape (rollcalls,), optional
        Weight of each roll call; 1 by default.
    measures : iterable of str
        Some of `MEASURES`. Kappa and pi are with squared distances unless the name says absolute or nominal.

    Returns
    -------
    joint : array, shape (pairs,)
        Weight of the roll calls in which both voted; pairs as `pairs_of`.
    values : dict of str to array, shape (pairs,)
        By name of the measure, as the function of that name gives it for `vote_tables`.
    """
    from multipolar.votes.arrays import _pairs

    states = choices.shape[1]
    joint = np.empty(states * (states - 1) // 2)
    values = np.empty((len(MEASURES), joint.size))
    _pairs.measures(_product(choices, weights), states, joint, values)
    return joint, {name: values[MEASURES.index(name)] for name in measures}


def _product(choices: NDArray[np.int8], weights: Floats | None) -> NDArray[Any]:
    """Weight of the roll calls by the levels of two states: a product of the one-hot matrices of the levels."""
    # Whole numbers up to 2 ** 24 are exact in single precision, and weights need double.
    chosen = np.concatenate([choices == code for code in VOTE_LEVELS], axis=1)
    if weights is None:
        single = chosen.astype(np.float32)
        return np.asarray(single.T @ single)
    double = chosen.astype(np.float64)
    return np.asarray(double.T @ (double * weights[:, None]))


def portfolio_tables(levels: NDArray[np.int8], top: int, weights: Floats | None = None) -> Floats:
    """Joint tables of all pairs of states over what each has with all partners.

    Parameters
    ----------
    levels : array of int, shape (states, partners)
        Level of what a state has with a partner, 0 to `top`; negative where it is not known.
    top : int
        Highest level.
    weights : array, shape (partners,), optional
        Weight of each partner, such as its capability; 1 by default.

    Returns
    -------
    array, shape (pairs, top + 1, top + 1)
        Pairs as `pairs_of`.
    """
    one_hot = np.concatenate([levels == level for level in range(top + 1)], axis=0).astype(np.float64)
    weighted = one_hot if weights is None else one_hot * weights
    return _by_pair(weighted @ one_hot.T, top + 1)


def pairs_of(states: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First and second of each pair of states, in the order in which tables are given."""
    return np.triu_indices(states, 1)


def _by_pair(product: NDArray[Any], levels: int) -> Floats:
    """The blocks of a product of stacked one-hot matrices, one table a pair."""
    states = product.shape[0] // levels
    one, other = pairs_of(states)
    blocks = product.reshape(levels, states, levels, states)
    return np.asarray(blocks[:, one, :, other], dtype=np.float64)


def joint(tables: Floats) -> Floats:
    """Weight of the items that both of a pair have, shape (...)."""
    return np.asarray(tables.sum(axis=(-2, -1)))


def agreement(tables: Floats) -> Floats:
    """Share of joint items on the same level, shape (...)."""
    return _ratio(np.trace(tables, axis1=-2, axis2=-1), joint(tables))


def s_score(tables: Floats, distance: Distance = "absolute") -> Floats:
    """S, -1 (as far apart as can be) to 1 (the same), shape (...)."""
    far = distances(tables.shape[-1], distance)
    return np.asarray(1.0 - 2.0 * _ratio((tables * far).sum(axis=(-2, -1)), joint(tables) * far.max()))


def kappa(tables: Floats, distance: Distance = "squared") -> Floats:
    """Cohen's kappa: 1 the same, 0 as by chance given each one's own levels; shape (...)."""
    return _corrected(tables, distance, *_shares(tables))


def pi(tables: Floats, distance: Distance = "squared") -> Floats:
    """Scott's pi: 1 the same, 0 as by chance given the levels of both together; shape (...)."""
    one, other = _shares(tables)
    both = (one + other) / 2.0
    return _corrected(tables, distance, both, both)


def above_chance(tables: Floats, distance: Distance = "absolute") -> Floats:
    """A: S less the S that chance would give, with each one's own levels; shape (...)."""
    far = distances(tables.shape[-1], distance)
    one, other = _shares(tables)
    expected = ((one @ far) * other).sum(axis=-1)
    return np.asarray(s_score(tables, distance) - (1.0 - 2.0 * expected / far.max()))


def tau_b(tables: Floats) -> Floats:
    """Kendall's tau-b, -1 to 1; NaN where either is on one level throughout; shape (...)."""
    above = np.cumsum(np.cumsum(tables[..., ::-1, ::-1], axis=-2), axis=-1)[..., ::-1, ::-1]
    left = np.cumsum(np.cumsum(tables[..., ::-1, :], axis=-2), axis=-1)[..., ::-1, :]
    concordant = (tables[..., :-1, :-1] * above[..., 1:, 1:]).sum(axis=(-2, -1))
    discordant = (tables[..., :-1, 1:] * left[..., 1:, :-1]).sum(axis=(-2, -1))
    total = joint(tables) ** 2
    untied = [total - (tables.sum(axis=axis) ** 2).sum(axis=-1) for axis in (-1, -2)]
    spread = np.sqrt(np.maximum(untied[0], 0.0) * np.maximum(untied[1], 0.0))
    return _ratio(2.0 * (concordant - discordant), np.where(spread > 1e-12 * np.maximum(total, 1e-300), spread, 0.0))


def distances(levels: int, distance: Distance) -> Floats:
    """Distance between levels, shape (levels, levels)."""
    apart = np.abs(np.subtract.outer(np.arange(levels), np.arange(levels))).astype(np.float64)
    if distance == "nominal":
        return (apart > 0).astype(np.float64)
    return apart**2 if distance == "squared" else apart


def _shares(tables: Floats) -> tuple[Floats, Floats]:
    """Frequencies of the levels of the first and of the second, shape (..., levels)."""
    total = joint(tables)[..., None]
    return _ratio(tables.sum(axis=-1), total), _ratio(tables.sum(axis=-2), total)


def _corrected(tables: Floats, distance: Distance, one: Floats, other: Floats) -> Floats:
    far = distances(tables.shape[-1], distance)
    observed = _ratio((tables * far).sum(axis=(-2, -1)), joint(tables))
    expected = ((one @ far) * other).sum(axis=-1)
    return np.asarray(1.0 - _ratio(observed, np.where(expected > 1e-12, expected, 0.0)))


def _ratio(top: Floats, bottom: Floats) -> Floats:
    """Quotient, NaN where there is nothing to divide by."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(bottom > 0.0, top / np.where(bottom > 0.0, bottom, 1.0), np.nan)
