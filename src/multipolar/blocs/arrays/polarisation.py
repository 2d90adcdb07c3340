"""How far a system is divided: by the sizes of its groups, by how far apart they are, and by how many dimensions its ties have.

- **Esteban & Ray** (1994, *Econometrica* 62:819-851): P = K sum_g sum_h p_g^(1 + a) p_h d_gh, with shares p and distances d.
  `a` (0 to 1.6) is how much it counts that a group is large; at 0 it is a Gini index. K = 2^(1 + a), so that two equal groups
  at distance 1 have P = 1. With all distances 1 and a = 1 it is the index RQ of Reynal-Querol (2002).
- **Network polarisation after Maoz** (2006, *Journal of Peace Research* 43:391-411): how far sizes come near to two equal groups,
  4/k sum_g p_g (1 - p_g), less what groups have in common: times 1 - overlap. Overlap is the mean over groups of the share of a
  group's weight that it has in common with another group.
- **Effective number** (Laakso & Taagepera 1979, *Comparative Political Studies* 12:3-27): 1 / sum_g p_g^2.
- **Dimensions**: eigenvalues of the matrix of ties that are larger than chance gives. Chance is the same ties dealt out anew over
  the pairs that have one (parallel analysis, Horn 1965, *Psychometrika* 30:179-185).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multipolar.blocs.arrays.signed import edges, one_network
from multipolar.errors import UsageError

#: Esteban & Ray's a lies between 0 and this.
MOST_ALPHA: Final = 1.6

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def effective_number(shares: ArrayLike) -> Floats:
    """1 / sum of squared shares, shape (...) of shares (..., groups); shares are scaled to add up to one."""
    return np.asarray(1.0 / (_shares(shares) ** 2).sum(axis=-1), dtype=float)


def _shares(shares: ArrayLike) -> Floats:
    size = np.asarray(shares, dtype=float)
    if size.ndim < 1 or not np.isfinite(size).all() or (size < 0).any() or (size.sum(axis=-1) <= 0).any():
        raise UsageError("expected sizes of groups, finite and not below zero, not all of them zero")
    return np.asarray(size / size.sum(axis=-1, keepdims=True), dtype=float)


def esteban_ray(shares: ArrayLike, distances: ArrayLike, alpha: float = 1.0) -> Floats:
    """Polarisation of groups.

    Parameters
    ----------
    shares : array, shape (..., groups)
        Sizes; scaled to add up to one.
    distances : array, shape (..., groups, groups)
        From 0 to 1 for P to lie there (with `alpha` >= 1), 0 on the diagonal.
    alpha : float
        From 0 to `MOST_ALPHA`.

    Returns
    -------
    array, shape (...)
    """
    if not 0.0 <= alpha <= MOST_ALPHA:
        raise UsageError(f"expected alpha from 0 to {MOST_ALPHA}, got {alpha}")
    p, apart = _shares(shares), np.asarray(distances, dtype=float)
    if apart.shape[-2:] != (p.shape[-1], p.shape[-1]) or not np.isfinite(apart).all() or (apart < 0).any():
        raise UsageError(f"expected finite distances between {p.shape[-1]} groups, got shape {apart.shape}")
    each = p[..., :, None] ** (1.0 + alpha) * p[..., None, :] * apart
    return np.asarray(2.0 ** (1.0 + alpha) * each.sum(axis=(-2, -1)), dtype=float)


class Maoz(NamedTuple):
    """Network polarisation and its two parts, each 0 to 1.

    Parameters
    ----------
    polarisation : float
        size * (1 - overlap).
    size : float
        1 for two equal groups, 0 for one.
    overlap : float
        1 if every group is the same as another one.
    """

    polarisation: float
    size: float
    overlap: float


def maoz(members: ArrayLike, weights: ArrayLike) -> Maoz:
    """Polarisation of groups that may overlap.

    Parameters
    ----------
    members : array of bool, shape (n, groups)
        Who belongs to which; each group has a member.
    weights : array, shape (n,)
        What each node counts; not below zero.
    """
    belongs, weight = np.asarray(members, dtype=bool), np.asarray(weights, dtype=float)
    if belongs.ndim != 2 or weight.shape != belongs.shape[:1] or not belongs.shape[1]:
        raise UsageError(f"expected members (n, groups) and n weights, got {belongs.shape} and {weight.shape}")
    common = (belongs * weight[:, None]).T @ belongs  # weight that each two groups have in common
    own = np.diagonal(common)
    if not np.isfinite(weight).all() or (weight < 0).any() or (own <= 0).any():
        raise UsageError("expected finite weights, not below zero, and groups whose weight is above zero")
    share = own / own.sum()
    groups = share.size
    size = float(4.0 / groups * (share * (1.0 - share)).sum())
    others = (common.sum(axis=1) - own) / (max(groups - 1, 1) * own)
    overlap = float(others.mean())
    return Maoz(size * (1.0 - overlap), size, overlap)


def cliques(friends: ArrayLike) -> Bools:
    """All maximal groups of nodes that are pairwise friends, shape (n, groups), by Bron & Kerbosch (1973).

    Parameters
    ----------
    friends : array of bool, shape (n, n)
        Symmetric; meant for some dozens of nodes, as the number of groups may grow like 3^(n/3).
    """
    known = np.asarray(friends, dtype=bool)
    near = [frozenset(np.flatnonzero(row)) - {place} for place, row in enumerate(known)]
    found: list[list[int]] = []
    waiting: list[tuple[list[int], frozenset[int], frozenset[int]]] = [([], frozenset(range(len(near))), frozenset())]
    while waiting:
        group, may, done = waiting.pop()
        if not may and not done:
            found.append(group)
            continue
        pivot = max(sorted(may | done), key=lambda node: len(may & near[node]))
        for node in sorted(may - near[pivot]):
            waiting.append(([*group, node], may & near[node], done & near[node]))
            may, done = may - {node}, done | {node}
    members = np.zeros((len(near), len(found)), dtype=bool)
    for place, group in enumerate(sorted(map(sorted, found))):
        members[group, place] = True
    return members


@dataclass(frozen=True)
class Dimensions:
    """Dimensions of a signed network.

    Attributes
    ----------
    count : int
        Eigenvalues before the first that chance would reach.
    values : array, shape (n,)
        Eigenvalues, largest first.
    chance : array, shape (n,)
        What chance reaches with the probability 1 - level, for the first, second, ... eigenvalue.
    """

    count: int
    values: Floats
    chance: Floats


def dimensions(weights: ArrayLike, *, draws: int = 200, level: float = 0.95, seed: int = 0) -> Dimensions:
    """How many dimensions the ties have: one is what parts two poles.

    Parameters
    ----------
    weights : array, shape (n, n)
        Signed network, 0 where there is no tie.
    draws : int
        Times that the ties are dealt out anew.
    level : float
        Quantile of chance that an eigenvalue must pass.
    seed : int
    """
    w = one_network(weights)
    i, j, weight = edges(w)
    made = np.random.default_rng(seed)
    dealt = np.zeros((draws, *w.shape))
    dealt[:, i, j] = dealt[:, j, i] = made.permuted(np.tile(weight, (draws, 1)), axis=1)
    values = np.asarray(np.linalg.eigvalsh(w)[::-1], dtype=float)
    chance = np.quantile(np.linalg.eigvalsh(dealt)[:, ::-1], level, axis=0)
    passed = values > chance + 1e-9 * np.abs(values).max(initial=0.0)
    return Dimensions(int(np.argmin(np.append(passed, False))), values, np.asarray(chance, dtype=float))
