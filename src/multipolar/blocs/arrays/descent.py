"""Steepest descent over camps: one node at a time moves to where it leaves least weight unsatisfied.

The cost of camps is the weight of friendly ties between them and of hostile ties within. Moving node i from camp a to b changes
it by A_ia - A_ib, where A_ic is the sum of the weights of its ties into camp c. Each step makes the move that lowers the cost
most (of equal ones, that of the first node, to the first camp) until none lowers it: the result is a local minimum and no more.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from multipolar.blocs.arrays.signed import one_network
from multipolar.errors import UsageError

#: A move must gain more than this share of the weights: less is rounding.
ROUNDING: Final = 1e-12

Ints = NDArray[np.int64]


def descend(weights: ArrayLike, camps: ArrayLike, count: int = 2) -> Ints:
    """The local minima reached from several starts at once.

    Parameters
    ----------
    weights : array, shape (n, n)
        Signed network.
    camps : array of int, shape (starts, n)
        Camps to start from, 0 to count - 1.
    count : int
        How many camps there may be.

    Returns
    -------
    array of int, shape (starts, n)
    """
    w = one_network(weights)
    camp = np.array(camps, dtype=np.int64)
    if camp.ndim != 2 or camp.shape[1] != len(w) or (camp.size and not 0 <= camp.min() <= camp.max() < count):
        raise UsageError(
            f"expected camps from 0 to {count - 1}, shape (starts, {len(w)}), got shape {camp.shape}",
            hint="Number the camps from 0.",
        )
    from multipolar.blocs.arrays._downhill import walk

    walk(w, camp, count, ROUNDING * np.abs(w).sum())
    return camp
