"""The landscape of Axelrod & Bennett (1993, *British Journal of Political Science* 23:211-233): all ways to take two sides.

States i and j have sizes s and a propensity p_ij to work together (above zero) or apart (below). With d_ij = 1 if they are on
different sides and 0 if on the same one, a state's frustration and the energy of a configuration X are

    F_i(X) = sum_j s_j p_ij d_ij(X)          E(X) = sum_i s_i F_i(X) = sum_i sum_j s_i s_j p_ij d_ij(X)

Each pair counts twice, as published. Sides have no names: a configuration and its mirror image are one, so n states have 2^(n-1)
configurations, and the first state is always on side 0. One state switches at a time. Propensities are symmetric, so who
lowers its own frustration lowers the energy, and every walk ends in a **minimum**: a configuration that no single switch
improves.

**Basins** are those of steepest descent: the switch that lowers the energy most is made first, of equal ones that of the
state that stands first. The theory says that states move one by one and downhill, and not in which order. This rule is the one
that needs no chance: each configuration leads to one minimum, so that basins are sets, do not overlap and add up to one.
With n <= `MOST` every configuration is looked at and basins are exact; above it, they are shares of sampled descents.

The energy is that of a signed network with weights w_ij = s_i s_j p_ij up to a constant: E/2 = cost - sum of |w| of hostile ties,
where the cost is the weight of friendly ties across and hostile ties inside the sides.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multipolar.blocs.arrays.descent import ROUNDING, descend
from multipolar.blocs.arrays.signed import network, one_network
from multipolar.errors import UsageError

#: Most states for which all configurations are looked at: 2^19.
MOST: Final = 20

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Landscape(NamedTuple):
    """Minima, deepest first.

    Parameters
    ----------
    sides : array of int, shape (m, n)
        Side of each state in each minimum, 0 or 1; the first state is on side 0.
    energy : array, shape (m,)
    basin : array, shape (m,)
        Share of all configurations (or of sampled descents) from which steepest descent ends there.
    error : array, shape (m,)
        Standard error of `basin`; 0 if exact.
    strict : array of bool, shape (m,)
        Whether every single switch raises the energy (otherwise some leaves it as it is).
    cost : array, shape (m, n)
        Rise in energy if each state alone switches; never below zero.
    after : array of int, shape (m, n)
        The minimum where steepest descent ends after that switch; -1 if it is not among those found.
    escape : array, shape (m,)
        Least rise in energy on a way by single switches into the basin of another minimum; infinite if there is no other, NaN
        where descents were sampled.
    exact : bool
        Whether all configurations were looked at.
    looked_at : int
        Number of configurations, or of sampled descents.
    """

    sides: Ints
    energy: Floats
    basin: Floats
    error: Floats
    strict: NDArray[np.bool_]
    cost: Floats
    after: Ints
    escape: Floats
    exact: bool
    looked_at: int


def couplings(sizes: ArrayLike, propensities: ArrayLike) -> Floats:
    """Signed weights w_ij = s_i s_j p_ij.

    Parameters
    ----------
    sizes : array, shape (n,)
        Not below zero.
    propensities : array, shape (..., n, n)
        Symmetric, 0 on the diagonal.

    Returns
    -------
    array, shape (..., n, n)
    """
    size = np.asarray(sizes, dtype=float)
    pull = network(propensities)
    if size.shape != pull.shape[-1:] or not np.isfinite(size).all() or (size < 0).any():
        raise UsageError(f"expected {pull.shape[-1]} sizes, finite and not below zero, got shape {size.shape}")
    return np.asarray(size[:, None] * size * pull, dtype=float)


def frustrations(sizes: ArrayLike, propensities: ArrayLike, sides: ArrayLike) -> Floats:
    """Frustration of each state, F_i = sum_j s_j p_ij d_ij, shape (..., n) for sides of shape (..., n)."""
    apart = _apart(sides)
    return np.asarray((network(propensities) * np.asarray(sizes, dtype=float) * apart).sum(axis=-1), dtype=float)


def energy(weights: ArrayLike, sides: ArrayLike) -> Floats:
    """Energy E = sum_ij w_ij d_ij of each configuration.

    Parameters
    ----------
    weights : array, shape (n, n)
        From `couplings`.
    sides : array of int, shape (..., n)

    Returns
    -------
    array, shape (...)
    """
    return np.asarray((network(weights) * _apart(sides)).sum(axis=(-2, -1)), dtype=float)


def _apart(sides: ArrayLike) -> NDArray[np.bool_]:
    side = np.asarray(sides)
    return np.asarray(side[..., :, None] != side[..., None, :])


def energies(weights: ArrayLike) -> Floats:
    """Energies of all configurations, shape (2^(n-1),): bit b of a configuration's number is the side of state b + 1.

    The half in which a state has switched is the other half plus what the switch costs, which is a sum over the states that
    have switched already: the whole takes as many additions as there are configurations.
    """
    w = _small(weights)
    found = np.zeros(1 << (len(w) - 1))
    for state in range(1, len(w)):
        half = 1 << (state - 1)
        switched = np.zeros(1)
        for other in range(1, state):
            switched = np.concatenate([switched, switched + w[state, other]])
        found[half : 2 * half] = found[:half] + 2.0 * (w[state].sum() - 2.0 * switched)
    return found


def _small(weights: ArrayLike) -> Floats:
    w = one_network(weights)
    if not 1 <= len(w) <= MOST:
        hint = "Choose fewer states; `landscape` samples descents of more."
        raise UsageError(f"expected 1 to {MOST} states to look at every configuration, got {len(w)}", hint=hint)
    return w


def sides_of(numbers: ArrayLike, n: int) -> Ints:
    """Sides in the configurations with these numbers, shape (..., n)."""
    bits = (np.asarray(numbers, dtype=np.int64)[..., None] >> np.arange(n - 1)) & 1
    return np.concatenate([np.zeros((*bits.shape[:-1], 1), dtype=np.int64), bits], axis=-1)


def numbers_of(sides: ArrayLike) -> Ints:
    """Numbers of configurations, shape (...), whichever side the first state is on."""
    side = np.asarray(sides, dtype=np.int64)
    bits = side[..., 1:] ^ side[..., :1]
    return np.asarray((bits << np.arange(bits.shape[-1])).sum(axis=-1), dtype=np.int64)


def ends(found: Floats, n: int) -> Ints:
    """Number of the minimum to which steepest descent leads from each configuration, given all `energies`."""
    from multipolar.blocs.arrays._downhill import steps

    step = steps(found, n, ROUNDING * max(float(np.ptp(found)), np.finfo(float).tiny))
    while not np.array_equal(step, further := step[step]):  # each round doubles the number of switches
        step = further
    return step


def landscape(weights: ArrayLike, *, starts: int = 1000, seed: int = 0) -> Landscape:
    """All minima with their exact basins; with more than `MOST` states, those that sampled descents find.

    Parameters
    ----------
    weights : array, shape (n, n)
        From `couplings`; not all zero.
    starts : int
        Descents from configurations drawn at random, with more than `MOST` states.
    seed : int
        Of those draws.

    Raises
    ------
    UsageError
        If there is no tie: every configuration would be a minimum.
    """
    w = one_network(weights)
    if not w.any():
        raise UsageError(
            "expected a network with ties, got none", hint="Without ties every configuration is a minimum."
        )
    return _exact(w) if len(w) <= MOST else _sampled(w, starts, seed)


def _exact(w: Floats) -> Landscape:
    from multipolar.blocs.arrays._downhill import passes

    found, n = energies(w), len(w)
    end = ends(found, n)
    count = np.bincount(end, minlength=found.size)
    numbers = np.flatnonzero(count)
    numbers = numbers[_ranked(found[numbers], count[numbers], w)]
    label = np.empty(found.size, dtype=np.int64)
    label[numbers] = np.arange(numbers.size)
    label = label[end]
    sides, depth, basin = sides_of(numbers, n), found[numbers], count[numbers] / found.size
    after = label[numbers_of(sides[:, None, :] ^ np.eye(n, dtype=np.int64))]
    cost = switching(w, sides)
    # Within a basin each configuration is reached from the minimum without rising above it, by its descent walked back.
    escape = passes(found, label, n, numbers.size) - depth
    return Landscape(sides, depth, basin, np.zeros(basin.size), _strict(w, cost), cost, after, escape, True, found.size)


def _ranked(depth: Floats, count: Ints, w: Floats) -> Ints:
    """Deepest first; of equally deep ones the widest, then that of the lowest number."""
    return np.lexsort((np.arange(depth.size), -count, np.round(depth / np.abs(w).sum(), 12)))


def _strict(w: Floats, cost: Floats) -> NDArray[np.bool_]:
    return np.asarray((cost > 2.0 * ROUNDING * np.abs(w).sum()).all(axis=1))


def _sampled(w: Floats, starts: int, seed: int) -> Landscape:
    drawn = np.random.default_rng(seed).integers(0, 2, (starts, len(w)))
    sides, count = np.unique(_first_on_zero(descend(w, drawn)), axis=0, return_counts=True)
    order = _ranked(energy(w, sides), count, w)
    sides, basin = sides[order], count[order] / starts
    cost = switching(w, sides)
    error = np.sqrt(basin * (1 - basin) / starts)
    unknown = np.full(basin.size, np.nan)
    return Landscape(
        sides, energy(w, sides), basin, error, _strict(w, cost), cost, _after(w, sides), unknown, False, starts
    )  # fmt: skip


def _after(w: Floats, sides: Ints) -> Ints:
    """Where descents end after each single switch, among these minima."""
    known = {row.tobytes(): place for place, row in enumerate(sides)}
    turn = np.eye(sides.shape[1], dtype=np.int64)
    ended = [_first_on_zero(descend(w, one ^ turn)) for one in sides]
    return np.array([[known.get(row.tobytes(), -1) for row in end] for end in ended], dtype=np.int64)


def _first_on_zero(sides: Ints) -> Ints:
    return np.ascontiguousarray(sides ^ sides[:, :1])


def switching(weights: ArrayLike, sides: ArrayLike) -> Floats:
    """Rise in energy if each state alone switches: 2 sum_j w_ij (1 - 2 d_ij), shape (..., n).

    Half of it is the weight of the ties that would be unsatisfied, less that of those that would be satisfied, counted twice as
    in the energy. Where it is small, the state stands near a watershed.
    """
    w, side = one_network(weights), 1 - 2 * np.asarray(sides, dtype=float)
    return np.asarray(2.0 * side * (side @ w), dtype=float)


def margin(weights: ArrayLike, sides: ArrayLike) -> Floats:
    """`switching` as a share of what it would be if all the state's ties were satisfied, from -1 to 1; NaN without ties."""
    w = one_network(weights)
    total = 2.0 * np.abs(w).sum(axis=1)
    found: Floats = np.divide(switching(w, sides), total, out=np.full(np.shape(sides), np.nan), where=total > 0)
    return found


class Posterior(NamedTuple):
    """Landscapes of many draws of the same network.

    Parameters
    ----------
    together : array, shape (n, n)
        Share of draws in whose deepest minimum two states are on one side.
    sides : array of int, shape (c, n)
        Configurations that are a minimum in some draw, those of most draws first.
    minimum, deepest : array, shape (c,)
        Share of draws in which each is a minimum, and the deepest one.
    basin : array, shape (c,)
        Mean share of its basin over all draws (0 where it is no minimum).
    """

    together: Floats
    sides: Ints
    minimum: Floats
    deepest: Floats
    basin: Floats


def posterior(weights: ArrayLike) -> Posterior:
    """The landscape over draws of the ties, each exactly.

    Parameters
    ----------
    weights : array, shape (draws, n, n)
        n at most `MOST`.
    """
    draws = network(weights)
    if draws.ndim != 3 or not draws.shape[0]:
        raise UsageError(f"expected draws of a network, shape (draws, n, n), got shape {draws.shape}")
    n, total = draws.shape[-1], draws.shape[0]
    configurations = 1 << (_small(draws[0]).shape[0] - 1)
    tally = np.zeros((3, configurations))  # how often a minimum, how often the deepest, sum of basins
    together = np.zeros((n, n))
    for one in draws:
        found = energies(one)
        count = np.bincount(ends(found, n))
        numbers = np.flatnonzero(count)
        deepest = numbers[np.argmin(found[numbers])]
        tally[0, numbers] += 1
        tally[1, deepest] += 1
        tally[2, numbers] += count[numbers] / configurations
        together += ~_apart(sides_of(deepest, n))
    seen = np.flatnonzero(tally[0])
    order = seen[np.lexsort((seen, -tally[1, seen], -tally[0, seen]))]
    minimum, deep, basin = tally[:, order] / total
    return Posterior(together / total, sides_of(order, n), minimum, deep, basin)
