"""Rows of pairs and years, gathered year by year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from multipolar.backtests.arrays.bootstrap import Ints
from multipolar.backtests.arrays.scores import Floats
from multipolar.backtests.model import Singles
from multipolar.errors import Refusal


class Year(NamedTuple):
    """What is known of all pairs at the end of a year, and what came in the next.

    Attributes
    ----------
    year : int
    keep : array of bool, shape (states, states)
        The pairs that are forecast.
    outcome : array, shape (states, states)
    predictors : dict of name to array
        Shape (states, states), symmetric.
    """

    year: int
    keep: NDArray[np.bool_]
    outcome: Singles
    predictors: Mapping[str, Singles]


class Rows(NamedTuple):
    """The same as rows, a before b."""

    a: Ints
    b: Ints
    year: Ints
    outcome: Floats
    predictors: dict[str, Singles]


def rows(years: Iterable[Year]) -> Rows:
    """All pairs that are kept, year after year."""
    parts = [_of_year(each) for each in years]
    if not parts:
        raise Refusal("too few years: none is followed by another", hint="Ingest sources that cover more years.")
    names = list(parts[0][1])
    whole = [np.concatenate(each) for each in zip(*(part[0] for part in parts), strict=True)]
    a, b, year, outcome = whole
    predictors = {name: np.concatenate([part[1][name] for part in parts]) for name in names}
    return Rows(a, b, year, outcome.astype(np.float64), predictors)


def _of_year(each: Year) -> tuple[tuple[Ints, Ints, Ints, Singles], dict[str, Singles]]:
    a, b = np.nonzero(np.triu(each.keep, 1))
    picked = {name: np.broadcast_to(table, each.keep.shape)[a, b].astype(np.float32)
              for name, table in each.predictors.items()}  # fmt: skip
    return (a, b, np.full(len(a), each.year), each.outcome[a, b]), picked
