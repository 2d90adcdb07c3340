"""Agreement in roll calls, apart from what everybody agrees on.

Yes = 1, abstain = 0, no = -1; a state that did not vote is missing. ``d`` is a choice less the mean choice of the roll
call's voters, and the cell of a pair and a month is the congruence of the two states' deviations over the roll calls in
which both voted,

    y = sum_r d_a d_b / sqrt(sum_r d_a^2 sum_r d_b^2),      -1 <= y <= 1

(Tucker's coefficient; raw agreement is high for any two members of the majority and says little: Häge 2011,
doi:10.1093/pan/mpr014). Two states that stand apart from the rest on the same side have 1, on opposite sides -1. What a
month is worth grows with how far the two stood apart from the rest, so a unanimous roll call counts for nothing; and
less than in proportion, because roll calls of one month are alike (`effective`).
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.indicators.model import CELL, PART, Scope, effective, month_of
from multipolar.indicators.rollcalls import told_twice
from multipolar.record import View

#: A month in which the two stood apart this much (sum of ``|d_a d_b|`` in the sense of the norms) is one observation.
APART: Final = 0.5
#: Pairs that stood apart less than this went along with everybody, and nothing can be said of them: missing.
LEAST: Final = 0.1

Floats = NDArray[np.float64]


def agreement(choices: Floats) -> tuple[Floats, Floats]:
    """Congruence of all pairs over a set of roll calls, and how far they stood apart from the rest.

    Parameters
    ----------
    choices : array, shape (rollcalls, states)
        1 yes, 0 abstain, -1 no, NaN absent.

    Returns
    -------
    product : array, shape (states, states)
        Sum of ``d_a d_b`` over roll calls in which both voted.
    size : array, shape (states, states)
        ``sqrt(sum d_a^2 sum d_b^2)`` over the same roll calls; the congruence is ``product / size``.
    """
    present = np.isfinite(choices)
    deviation = np.where(present, choices - _means(choices)[:, None], 0.0)
    square = (deviation**2).T @ present.astype(float)
    return deviation.T @ deviation, np.sqrt(square * square.T)


def _means(choices: Floats) -> Floats:
    """Mean choice of each roll call (0 where nobody voted)."""
    present = np.isfinite(choices)
    total = np.where(present, choices, 0.0).sum(axis=1)
    return np.asarray(total / np.maximum(present.sum(axis=1), 1), dtype=float)


@lru_cache(maxsize=2)  # the explanation of each pair needs the votes of all
def _votes(view: View, actors: tuple[str, ...], first: date, last: date) -> pl.DataFrame:
    """One row a choice, with its deviation from the roll call's mean and its month.

    Where a state's choice on a roll call is told twice, the version known last stands; a roll call told under the ids of
    two publishers counts once (`rollcalls.told_twice`).
    """
    frame = view.statements("vote", actors=actors, since=first, until=last).drop_nulls("value")
    frame = frame.sort("known_from", "id").unique(["rollcall", "a"], keep="last", maintain_order=True)
    frame = frame.with_columns(month=month_of("valid_from"))
    frame = frame.filter(~pl.col("rollcall").is_in(told_twice(frame)))
    deviation = pl.col("value") - pl.col("value").mean().over("rollcall")
    frame = frame.with_columns(deviation=deviation).sort("month", "rollcall", "a")
    return frame.select("id", "a", "month", "rollcall", "value", "deviation")


def _of(scope: Scope) -> pl.DataFrame:
    return _votes(scope.view, scope.actors, scope.first, scope.last)


def cells(scope: Scope) -> pl.DataFrame:
    """Agreement of every pair and month, by matrix products month by month."""
    frames = [_month_cells(month[0], frame) for month, frame in _of(scope).group_by("month", maintain_order=True)]
    made = pl.concat(frames) if frames else pl.DataFrame(schema=CELL)
    return made.filter(pl.col("a").is_in(list(scope.paired)) & pl.col("b").is_in(list(scope.paired)))


def _month_cells(month: object, votes: pl.DataFrame) -> pl.DataFrame:
    choices, actors = _matrix(votes)
    product, size = agreement(choices)
    row, column = np.triu_indices(len(actors), k=1)
    keep = size[row, column] >= LEAST
    row, column = row[keep], column[keep]
    names = pl.Series("actor", actors)
    apart = size[row, column]
    cell = {
        "a": names.gather(row),
        "b": names.gather(column),
        "value": product[row, column] / apart,
        "n": effective(apart / APART),
    }
    return (
        pl.DataFrame(cell).with_columns(month=pl.lit(month).cast(pl.Date), indicator=pl.lit("votes")).select(list(CELL))
    )


def _matrix(votes: pl.DataFrame) -> tuple[Floats, list[str]]:
    """Choices as (rollcalls, states), states in alphabetical order."""
    actors = votes["a"].unique().sort()
    rolls = votes["rollcall"].unique().sort()
    matrix = np.full((rolls.len(), actors.len()), np.nan)
    matrix[rolls.search_sorted(votes["rollcall"]), actors.search_sorted(votes["a"])] = votes["value"].to_numpy()
    return matrix, actors.to_list()


def parts(scope: Scope) -> pl.DataFrame:
    """What each vote carries of its cell: half of the pair's product in that roll call.

    The mean choice of a roll call is taken over all its voters among `scope.actors`.
    """
    mine = _of(scope).filter(pl.col("a").is_in(list(scope.paired))).drop("value")
    other = mine.select("rollcall", b="a", other="deviation", id_b="id")
    pairs = mine.join(other, on="rollcall").filter(pl.col("a") < pl.col("b"))
    norms = [(pl.col(side) ** 2).sum().over("a", "b", "month") for side in ("deviation", "other")]
    pairs = pairs.with_columns(size=(norms[0] * norms[1]).sqrt()).filter(pl.col("size") >= LEAST)
    half = pl.col("deviation") * pl.col("other") / pl.col("size") / 2.0
    pairs = pairs.with_columns(value=half, indicator=pl.lit("votes"))
    return pl.concat([pairs.with_columns(id=pl.col(side)) for side in ("id", "id_b")]).select(list(PART))
