r"""A bound on two camps from unit vectors in place of signs, tightened by triangles.

With camps as signs x, the ties' weights that they satisfy less those they do not are :math:`\sum_{i<j} w_{ij} x_i x_j`. For any
lengths d it is at most :math:`(\sum_i d_i - n \min(0, \lambda)) / 2`, where λ is the least eigenvalue of
:math:`\operatorname{diag}(d) - W`; the best d belong to unit vectors in place of the signs (Goemans & Williamson 1995, Journal of
the ACM 42: 1115-1145, doi:10.1145/227683.227684). If the d of the best camps leave no negative eigenvalue, those camps are proven
optimal.

Signs satisfy :math:`s_{ij} x_i x_j + s_{ik} x_i x_k + s_{jk} x_j x_k \le 1` wherever an odd number of the s are -1. Multiples of
such triangles are taken out of W, at 1 each, and the bound is taken of what is left; multipliers go by subgradients (Rendl,
Rinaldi & Wiegele 2010, Mathematical Programming 121: 307-335, doi:10.1007/s10107-008-0235-8, use a bundle).
"""

from __future__ import annotations

from time import perf_counter

import numpy as np

from multipolar.blocs.arrays import _mixing
from multipolar.blocs.arrays.signed import Floats, Ints

_PATTERNS = np.array([[-1, -1, -1], [-1, 1, 1], [1, -1, 1], [1, 1, -1]], dtype=float)
#: Steps between two bounds; bounds without a rise before steps get shorter, and the shortest step.
_STEPS, _PATIENCE, _SHORTEST = 10, 3, 0.005
_EXCESS = 0.02


class Relaxation:
    """Vectors, and the triangles taken out so far.

    Parameters
    ----------
    weights : array, shape (n, n)
    camps : array of int, shape (n,)
        The best two camps known.
    """

    def __init__(self, weights: Floats, camps: Ints, seed: int) -> None:
        n = len(weights)
        self.weights, self.left = weights, weights.copy()
        self.signs = np.where(camps == camps[0], 1.0, -1.0)
        self.total = float(np.abs(weights).sum() / 2)
        made = np.random.default_rng(seed).normal(size=(n, int(np.sqrt(2 * n)) + 2))
        self.vectors: Floats = made / np.linalg.norm(made, axis=1)[:, None]
        self.triangles = np.zeros((0, 4), dtype=np.int64)
        self.multipliers = np.zeros(0)

    def bound(self, sweeps: int, close: float) -> float:
        """No two camps leave less weight unsatisfied."""
        lengths = _mixing.mix(self.left, self.vectors, sweeps, close)
        own = self.signs * (self.left @ self.signs)
        least = min(_reach(self.left, lengths), _reach(self.left, own))
        return (self.total - float(self.multipliers.sum()) - least) / 2

    def refresh(self) -> bool:
        """Let go of triangles without a multiplier, take on those most broken; whether any is left."""
        kept = self.multipliers > 1e-7 * self.total / len(self.weights) ** 2
        triangles, multipliers = self.triangles[kept], self.multipliers[kept]
        found, _ = _mixing.broken(self.vectors @ self.vectors.T, _EXCESS, 6 * len(self.weights))
        known = set(map(bytes, triangles))
        new = found[[bytes(row) not in known for row in found]] if len(found) else found
        self.triangles = np.concatenate([triangles, new])
        self.multipliers = np.concatenate([multipliers, np.zeros(len(new))])
        return len(self.triangles) > 0

    def step(self, index: float, length: float) -> None:
        """Move the multipliers towards where the bound would be `index`."""
        i, j, k, pattern = self.triangles.T
        angles = self.vectors @ self.vectors.T
        signs = _PATTERNS[pattern]
        slack = 1.0 - (signs * np.column_stack([angles[i, j], angles[i, k], angles[j, k]])).sum(axis=1)
        reached = self.multipliers.sum() + (self.left * angles).sum() / 2
        square = float((slack[(self.multipliers > 0) | (slack < 0)] ** 2).sum())
        ahead = max(reached - (self.total - 2 * index), 1e-9 * self.total)
        self.multipliers = np.maximum(0.0, self.multipliers - length * ahead / max(square, 1e-12) * slack)
        out = np.zeros_like(self.left)
        for side, (one, two) in enumerate(((i, j), (i, k), (j, k))):
            np.add.at(out, (one, two), self.multipliers * signs[:, side])
        self.left = self.weights - out - out.T
        _mixing.mix(self.left, self.vectors, 30, 1e-6)


def _reach(weights: Floats, lengths: Floats) -> float:
    """What the weighted sum over pairs of signs cannot exceed, by the lengths d."""
    least = float(np.linalg.eigvalsh(np.diag(lengths) - weights)[0])
    return float(lengths.sum() - len(lengths) * min(0.0, least)) / 2


def two_camps(weights: Floats, camps: Ints, index: float, enough: float, deadline: float, seed: int) -> float:
    """Bound on the weight that any two camps leave unsatisfied.

    Parameters
    ----------
    weights : array, shape (n, n)
    camps : array of int, shape (n,)
        The best known, 0 or 1.
    index : float
        What they leave unsatisfied.
    enough : float
        From which bound on to stop.
    deadline : float
        By `perf_counter`.
    seed : int
        Of the vectors to start from.
    """
    relaxation = Relaxation(weights, camps, seed)
    best = relaxation.bound(500, 1e-9)
    length, waited = 1.0, 0
    while best < enough and perf_counter() < deadline and length > _SHORTEST and relaxation.refresh():
        for _ in range(_STEPS):
            relaxation.step(index, length)
        reached = relaxation.bound(30, 1e-7)
        waited = 0 if reached > best + 1e-3 * (index - best) else waited + 1
        best = max(best, reached)
        if waited == _PATIENCE:
            length, waited = 0.6 * length, 0
    return best
