"""What every division into camps is held against: which ties it leaves unsatisfied, and how close a bound comes."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from multipolar.blocs.arrays.signed import Floats, Ints, edges
from multipolar.errors import UsageError

#: An index and a bound that differ by less than this share of the index are the same.
SAME = 1e-6
#: What a bound may be wrong by through rounding, as a share of it: no step up is taken for as little.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Found:
    """The best camps so far, and what is known of any others.

    Parameters
    ----------
    camps : array of int, shape (n,)
    index : float
        Weight of the ties that they leave unsatisfied.
    bound : float
        No camps leave less.
    """

    camps: Ints
    index: float
    bound: float

    def better(self, camps: Ints, weights: Floats) -> Found:
        """With other camps, if they leave less."""
        index = cost(weights, camps)
        return Found(camps, index, self.bound) if index < self.index else self

    def above(self, bound: float, step: float) -> Found:
        """With another bound, if it is higher; every index is a multiple of `step` unless that is 0."""
        if step:
            bound = step * np.ceil((bound - _ROUNDING * abs(bound)) / step - SAME)
        return Found(self.camps, self.index, float(min(max(self.bound, bound), self.index)))

    @property
    def proven(self) -> bool:
        """Whether no camps leave less, to rounding."""
        return self.index - self.bound <= SAME * self.index

    def enough(self, step: float) -> float:
        """From which bound on nothing is left to prove."""
        if step:
            return self.index - step + 2 * (SAME * step + _ROUNDING * self.index)
        return self.index * (1.0 - SAME / 2)

    def lower(self, step: float) -> float:
        """Above what any better camps leave, and clear of it: the limit set to a programme that is to find some."""
        return self.index - 0.9 * step if step else self.index * (1.0 - SAME / 2)


def cost(weights: Floats, camps: Ints) -> float:
    """Weight of the ties that some camps leave unsatisfied: positive between two, negative within one.

    Parameters
    ----------
    weights : array, shape (n, n)
    camps : array of int, shape (n,)
    """
    return float(np.abs(weights[_against(weights, camps)]).sum())


def violated(weights: Floats, camps: Ints) -> Ints:
    """The ties that some camps leave unsatisfied, i < j, shape (v, 2)."""
    return np.argwhere(_against(weights, camps)).astype(np.int64)


def _against(weights: Floats, camps: Ints) -> NDArray[np.bool_]:
    apart = camps[:, None] != camps[None, :]
    return np.triu(np.where(apart, weights > 0, weights < 0), 1)


def step_of(weights: Floats) -> float:
    """Of which every sum of weights is a multiple: their greatest common divisor if they are whole, else 0."""
    size = np.abs(edges(weights).weight)
    if not size.size or (size != np.round(size)).any() or size.max() > 2**52:
        return 0.0
    return float(np.gcd.reduce(size.astype(np.int64)))


def share(weights: Floats, index: float) -> float:
    """The index as a share of the weight of all ties; NaN without ties."""
    total = float(np.abs(weights).sum() / 2)
    return index / total if total else float("nan")


def deadline_of(time_limit: float) -> float:
    """When to stop."""
    if not time_limit > 0:
        raise UsageError(f"expected a time limit above 0 seconds, got {time_limit}")
    return perf_counter() + time_limit
