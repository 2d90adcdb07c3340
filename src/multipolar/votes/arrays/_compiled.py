"""Compiled pieces that the samplers and the dynamic model share: normal distribution by table, random numbers by key.

A private module that imports numba; `bsv` and `dynamic` import it when they first run.
"""

from __future__ import annotations

from collections.abc import Callable
from math import erfc, log, sqrt
from typing import Final, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., object])

#: The table of the normal distribution function: nodes from -END to END, STEPS in one unit.
END: Final = 12
STEPS: Final = 128
LAST: Final = 2.0 * END * STEPS - 0.01
_ROOT_HALF: Final = sqrt(0.5)


def jit(function: F) -> F:
    """Compile on first call, lock released, kept on disk. Sums are never reordered: a result does not depend on threads."""
    try:
        return _compiled(function, keep=True)
    except RuntimeError:  # no folder where the compiled code could be kept: compile in each process
        return _compiled(function, keep=False)


def _compiled(function: F, *, keep: bool) -> F:
    return cast("F", numba.njit(cache=keep, nogil=True, error_model="numpy", fastmath={"contract"})(function))


def normal_table() -> NDArray[np.float64]:
    """Distribution function of the standard normal at the nodes, shape (2 END STEPS + 2,)."""
    nodes = np.arange(2 * END * STEPS + 2) / STEPS - END
    return np.array([0.5 * erfc(-x * _ROOT_HALF) for x in nodes])


@jit
def below(x: float, table: NDArray[np.float64]) -> float:
    """P(Z < x), by linear interpolation (relative error below 2e-3, below 3e-4 for x > -6); flat beyond the table."""
    place = min(max((x + END) * STEPS, 0.0), LAST)
    node = int(place)
    value = table[node]
    return float(value + (place - node) * (table[node + 1] - value))


@jit
def between(low: float, high: float, table: NDArray[np.float64]) -> float:
    """P(low < Z < high), from the tail where it is smaller, so that nothing cancels."""
    if low > 0.0:
        return below(-low, table) - below(-high, table)
    return below(high, table) - below(low, table)


@jit
def next_key(key: np.uint64) -> np.uint64:
    """The next state of a stream of random numbers (splitmix64)."""
    return key + np.uint64(0x9E3779B97F4A7C15)


@jit
def uniform(key: np.uint64) -> float:
    """A number in (0, 1) from the state of a stream (Steele, Lea & Flood 2014, OOPSLA, doi:10.1145/2660193.2660195)."""
    z = key
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return (float(z >> np.uint64(11)) + 0.5) / 9007199254740992.0


@jit
def quantile(p: float) -> float:
    """The x with P(Z < x) = p, 0 < p < 1 (Wichura 1988, AS 241, Applied Statistics 37: 477-484; 7 digits)."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = ((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179
        return q * top / (((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0)
    r = sqrt(-log(p if q < 0.0 else 1.0 - p))
    if r <= 5.0:
        r -= 1.6
        top = ((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777
        x = top / ((0.12021132975 * r + 0.73700164250) * r + 1.0)
    else:
        r -= 5.0
        top = ((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150
        x = top / ((0.012258202635 * r + 0.24197894225) * r + 1.0)
    return -x if q < 0.0 else x


@jit
def truncated(u: float, low: float, high: float, table: NDArray[np.float64]) -> float:
    """A standard normal between two bounds, from a uniform number; taken from the nearer tail."""
    if low > 0.0:
        return -truncated_left(u, -high, -low, table)
    return truncated_left(u, low, high, table)


@jit
def truncated_left(u: float, low: float, high: float, table: NDArray[np.float64]) -> float:
    """The same where the lower bound is negative or minus infinity."""
    start = below(low, table)
    p = start + u * (below(high, table) - start)
    return quantile(min(max(p, 1e-300), 1.0 - 1e-16))
