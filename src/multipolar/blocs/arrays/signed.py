"""The signed network as an array: symmetric, 0 where there is no tie, 0 on the diagonal.

A weight above zero is a friendly tie, below zero a hostile one; how far it lies from zero is how much it counts. Only its
sign counts where a function says `signs`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multipolar.errors import UsageError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Edges(NamedTuple):
    """The ties of a network, each once.

    Parameters
    ----------
    i, j : array of int, shape (m,)
        Ends, i below j; in order of i, then j.
    weight : array, shape (m,)
        Not zero.
    """

    i: Ints
    j: Ints
    weight: Floats


def network(weights: ArrayLike) -> Floats:
    """The network as an array of its own, checked.

    Parameters
    ----------
    weights : array, shape (..., n, n)
        Signed weight of each tie, 0 for none; leading axes (draws, months) are kept. n may be 0.

    Returns
    -------
    array, shape (..., n, n)

    Raises
    ------
    UsageError
        If it is not square, a weight is NaN or infinite, the two halves differ, or a node has a tie with itself.
    """
    made = np.array(weights, dtype=float)
    if made.size == 0 and made.ndim < 2:
        return np.zeros((0, 0))
    if made.ndim < 2 or made.shape[-1] != made.shape[-2]:
        raise UsageError(f"expected a square matrix of signed weights, (..., n, n), got shape {made.shape}")
    _no_such(
        ~np.isfinite(made), made, "finite weights", "Write 0 where there is no tie, and leave out what is unknown."
    )
    other = np.swapaxes(made, -1, -2)
    _no_such(
        made != other, made, "a symmetric matrix", "A tie has no direction: take the mean of the two, or choose one."
    )
    own = np.broadcast_to(np.eye(made.shape[-1], dtype=bool), made.shape) & (made != 0)
    _no_such(own, made, "zeros on the diagonal", "A node has no tie with itself.")
    return made


def _no_such(wrong: NDArray[np.bool_], made: Floats, expected: str, hint: str) -> None:
    if wrong.any():
        at = tuple(int(place) for place in np.argwhere(wrong)[0])
        back = (*at[:-2], at[-1], at[-2])
        raise UsageError(f"expected {expected}, got {made[at]} at {at} and {made[back]} at {back}", hint=hint)


def one_network(weights: ArrayLike) -> Floats:
    """As `network`, where only a single one, shape (n, n), can be worked on."""
    made = network(weights)
    if made.ndim != 2:
        raise UsageError(
            f"expected one network, shape (n, n), got shape {made.shape}", hint="Call it for each in turn."
        )
    return made


def from_edges(n: int, i: ArrayLike, j: ArrayLike, weight: ArrayLike) -> Floats:
    """The network of n nodes with the ties named; parallel ties add up.

    Parameters
    ----------
    n : int
        Nodes.
    i, j : array of int, shape (m,)
        Ends, 0 to n - 1, in either order.
    weight : array, shape (m,)
        Signed weight of each.
    """
    one, two = np.asarray(i, dtype=np.int64), np.asarray(j, dtype=np.int64)
    ends = np.concatenate([one, two])
    if ends.size and (ends.min() < 0 or ends.max() >= n):
        raise UsageError(f"expected ends from 0 to {n - 1}, got {ends.min()} to {ends.max()}")
    made = np.zeros((n, n))
    np.add.at(made, (one, two), np.asarray(weight, dtype=float))
    np.add.at(made, (two, one), np.asarray(weight, dtype=float))
    return network(made)


def edges(weights: Floats) -> Edges:
    """The ties of a network, shape (n, n), each once."""
    i, j = np.nonzero(np.triu(weights, 1))
    return Edges(i.astype(np.int64), j.astype(np.int64), weights[i, j])


def components(weights: Floats) -> Ints:
    """Number of the connected component of each node, shape (n,), in order of their first nodes."""
    from scipy.sparse.csgraph import connected_components

    if not len(weights):
        return np.zeros(0, dtype=np.int64)
    found = connected_components(weights != 0, directed=False)[1].astype(np.int64)
    first = np.unique(found, return_index=True)[1]
    rank: Ints = np.argsort(np.argsort(first)).astype(np.int64)[found]
    return rank
