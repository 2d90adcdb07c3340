"""The flow of Marvel, Kleinberg, Kleinberg & Strogatz (2011, *PNAS* 108:1771-1776): ties fed by third parties alone.

    dX/dt = X X,   X(0) = A symmetric      so      X(t) = A (I - A t)^-1 = sum_k  l_k / (1 - l_k t)  v_k v_k'

with eigenvalues l_k and eigenvectors v_k of A. If the largest one, l_1, is above zero and simple, X grows without bound as t
approaches 1 / l_1, and X / |X| (Frobenius norm) tends to v_1 v_1': two camps, by the signs of the leading eigenvector, all
friendly inside and hostile between; or one, if its signs are all the same. If no eigenvalue is above zero, X decays to 0.

The diagonal of A is part of the model (how a node feeds itself); `flow` takes it as it is.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multipolar.errors import UsageError

#: Entries of the leading eigenvector below this have no sign, and eigenvalues within this share of the largest are equal.
CLEAR: Final = 1e-9

Floats = NDArray[np.float64]


class Limit(NamedTuple):
    """Where the flow ends.

    Parameters
    ----------
    camps : array of int, shape (n,)
        0 or 1, the first node of either sign in camp 0; -1 for nodes whose ties do not grow with the rest.
    vector : array, shape (n,)
        Leading eigenvector, of norm 1, its largest entry above zero.
    time : float
        When ties grow without bound: 1 / l_1; infinite if they decay.
    gap : float
        (l_1 - l_2) / l_1. At 0 the limit depends on more than one eigenvector and `camps` are all -1.
    split : bool
        Whether there are two camps.
    """

    camps: NDArray[np.int64]
    vector: Floats
    time: float
    gap: float
    split: bool


def flow(initial: ArrayLike, time: ArrayLike) -> Floats:
    """The ties at some times, in closed form.

    Parameters
    ----------
    initial : array, shape (n, n)
        A: symmetric, with any diagonal.
    time : array, shape (...)
        From 0 to before `limit(initial).time`, in units of 1 / tie.

    Returns
    -------
    array, shape (..., n, n)

    Raises
    ------
    UsageError
        If A is not symmetric, or a time lies outside.
    """
    values, vectors = _spectrum(initial)
    when = np.asarray(time, dtype=float)
    grown = 1.0 - values * when[..., None]
    if not np.isfinite(when).all() or (when < 0).any() or (grown <= 0).any():
        end = 1.0 / values[-1] if values[-1] > 0 else np.inf
        raise UsageError(f"expected times from 0 to before {end:.6g}, when ties grow without bound, got {when}")
    scaled = vectors * (values / grown)[..., None, :]
    return np.asarray(scaled @ vectors.T, dtype=float)


def limit(initial: ArrayLike) -> Limit:
    """Camps in which the flow ends, shape of `initial` (n, n)."""
    values, vectors = _spectrum(initial)
    lead = float(values[-1])
    vector = vectors[:, -1] * np.sign(vectors[np.abs(vectors[:, -1]).argmax(), -1])
    none = np.full(values.size, -1, dtype=np.int64)
    if lead <= CLEAR * np.abs(values).max():
        return Limit(none, vector, np.inf, np.nan, False)
    gap = (lead - float(values[-2])) / lead if values.size > 1 else 1.0
    if gap < CLEAR:
        return Limit(none, vector, 1.0 / lead, gap, False)
    sign = np.where(np.abs(vector) > CLEAR, np.sign(vector), 0.0)
    first = sign[np.flatnonzero(sign)[0]]
    camps = np.where(sign == 0, -1, np.where(sign == first, 0, 1)).astype(np.int64)
    return Limit(camps, vector, 1.0 / lead, gap, bool((camps == 1).any()))


def _spectrum(initial: ArrayLike) -> tuple[Floats, Floats]:
    """Eigenvalues in rising order, and eigenvectors in columns."""
    matrix = np.asarray(initial, dtype=float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
        raise UsageError(f"expected a square matrix of ties, got shape {matrix.shape}")
    if not np.isfinite(matrix).all() or not np.array_equal(matrix, matrix.T):
        raise UsageError("expected finite ties that are the same in both directions")
    values, vectors = np.linalg.eigh(matrix)
    return values, vectors
