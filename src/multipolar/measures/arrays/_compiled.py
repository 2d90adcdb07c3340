"""The compiled loop of isolation: a private module that imports numba, loaded by what first runs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
F = TypeVar("F", bound=Callable[..., object])


def _jit(function: F) -> F:
    """Compile on first call, lock released, kept on disk."""
    try:
        return _compiled(function, keep=True)
    except RuntimeError:  # no folder where the compiled code could be kept: compile in each process
        return _compiled(function, keep=False)


def _compiled(function: F, *, keep: bool) -> F:
    return cast("F", numba.njit(cache=keep, nogil=True, error_model="numpy")(function))


@_jit
def weight_above(threshold: Floats, weight: Floats, unit: Floats) -> Floats:
    """Sum of the weights of the rows of `unit` that are above their threshold, column by column."""
    total = np.zeros(unit.shape[1])
    for row in range(threshold.size):
        edge, counts = threshold[row], weight[row]
        for draw in range(unit.shape[1]):
            total[draw] += counts if unit[row, draw] > edge else 0.0
    return total
