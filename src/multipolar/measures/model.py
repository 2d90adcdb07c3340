"""What a measure gives back: a figure, its interval, what it covers and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Final, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]

#: Posterior draws behind an interval, and their seed: the same question has the same answer.
DRAWS: Final = 2000
SEED: Final = 20240619
#: Pairs whose draws are made together, and how many such blocks are kept in one piece.
_BLOCK: Final = 128
_FEW: Final = 4


@dataclass(frozen=True)
class Measure:
    """One measured quantity of one state, or of a set of states, in one month.

    Attributes
    ----------
    name, unit : str
        What was measured, as in the catalogue, and in what unit.
    actor : str
        Of whom: the id of a state, or the name of a set.
    month : date
        First day of the month (of the year's last month for yearly measures).
    value : float
        Posterior mean, or the figure itself where nothing was estimated.
    lo50, hi50, lo90, hi90 : float
        Intervals.
    coverage : float
        Share of what should have been looked at that could be, 0 to 1.
    detail : DataFrame
        The parts: partners, powers or shares.
    pairs : tuple of (str, str)
        Ties that it rests on; their statements are behind it too.
    ids : tuple of str
        Statements that it uses directly.
    notes : tuple of str
        Assumptions and gaps, for the reader.
    actors : tuple of str
        Ids of the states of a set; empty for a single state.
    bounded : bool
        Whether the intervals are the least and the most that the figure can be, given what is not known, and no
        probabilities.
    """

    name: str
    unit: str
    actor: str
    month: date
    value: float
    lo50: float
    hi50: float
    lo90: float
    hi90: float
    coverage: float
    detail: pl.DataFrame
    pairs: tuple[tuple[str, str], ...] = ()
    ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    bounded: bool = False


class Summary(NamedTuple):
    """Mean and central intervals of a sample."""

    value: float
    lo50: float
    hi50: float
    lo90: float
    hi90: float


def summary(draws: Floats) -> Summary:
    """Mean and central 50 and 90 % intervals of a sample, shape (draws,)."""
    return Summary(*summaries(draws).tolist())


def summaries(draws: Floats) -> Floats:
    """`summary` of many samples at once: shape (..., draws) to (..., 5), in the order of `Summary`."""
    points = np.quantile(draws, [0.25, 0.75, 0.05, 0.95], axis=-1)
    return np.stack([draws.mean(axis=-1), *points], axis=-1)


def bounds(value: float, low: float, high: float) -> Summary:
    """A figure that is not estimated, between the least and the most it can be given what is not known."""
    return Summary(value, low, high, low, high)


def posterior(mean: Floats, sd: Floats) -> Floats:
    """Draws of ties of different pairs, which are independent given the parameters.

    Parameters
    ----------
    mean, sd : array, shape (pairs,)

    Returns
    -------
    array, shape (DRAWS, pairs)
        A Latin hypercube (McKay, Beckman & Conover 1979, doi:10.2307/1268522): each tie's draws have its distribution
        exactly, to one part in `DRAWS`, in an order of their own. A column does not depend on how many there are.
    """
    draws = np.empty((mean.size, DRAWS))
    for some, unit in _blocks(mean.size):
        draws[some] = mean[some, None] + sd[some, None] * unit
    return draws.T


def mean_posterior(mean: Floats, sd: Floats) -> Floats:
    """Mean over the pairs in each of the draws of `posterior`, shape (DRAWS,), without keeping all of them."""
    return np.asarray(mean_posteriors([mean], [sd])[0])


def mean_posteriors(means: Sequence[Floats], sds: Sequence[Floats]) -> Floats:
    """`mean_posterior` of several sets of pairs, shape (sets, DRAWS): each block of draws is made once for all."""
    total = np.repeat([[mean.sum()] for mean in means], DRAWS, axis=1)
    for some, unit in _blocks(max(sd.size for sd in sds)):
        large = [place for place, sd in enumerate(sds) if sd.size > some.start]
        weight = np.zeros((len(large), len(unit)))
        for row, place in zip(weight, large, strict=True):
            part = sds[place][some]
            row[: part.size] = part
        total[large] += weight @ unit
    return np.asarray(total / np.array([[mean.size] for mean in means]))


def units(pairs: int) -> Floats:
    """The standard normal draws behind `posterior`, shape (pairs, DRAWS)."""
    blocks = -(-pairs // _BLOCK)
    return (_kept(blocks) if blocks <= _FEW else _stacked(blocks))[:pairs]


def _blocks(pairs: int) -> Iterator[tuple[slice, Floats]]:
    for number, start in enumerate(range(0, pairs, _BLOCK)):
        some = slice(start, min(start + _BLOCK, pairs))
        yield some, _block(number)[: some.stop - start]


@cache  # a few sizes, each a few megabytes
def _kept(blocks: int) -> Floats:
    return _stacked(blocks)


def _stacked(blocks: int) -> Floats:
    return np.vstack([np.zeros((0, DRAWS)), *(_block(number) for number in range(blocks))])


@lru_cache(maxsize=16)
def _block(number: int) -> Floats:
    """Standard normal draws, shape (_BLOCK, DRAWS): in each row every quantile once."""
    rng = np.random.default_rng([SEED, number])
    ranks = rng.permuted(np.tile(np.arange(DRAWS), (_BLOCK, 1)), axis=1)
    return np.asarray(ndtri((ranks + 0.5) / DRAWS), dtype=np.float64)
