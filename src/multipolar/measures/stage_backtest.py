"""Does the chain of stages earn its place? Next year's stages, after the years from which it was estimated, against simple rules.

The years scored are those of the record as it stands now: their levels were coded later, and so were those of the years that
the models learn from. It is a test out of time, not of what was known at the time.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.errors import Refusal
from multipolar.measures.arrays.ordered import probabilities
from multipolar.measures.arrays.stages import LEVELS
from multipolar.measures.stage_chain import Part, stage_chain, year_pairs
from multipolar.measures.stage_table import SINCE, stage_years
from multipolar.record import View

Floats = NDArray[np.float64]

#: Counted beforehand for every stage that can follow, so that what never happened is not impossible.
PRIOR_COUNT: Final = 0.5


def stage_backtest(view: View, split: int, since: int = SINCE, until: int | None = None) -> pl.DataFrame:
    """Log scores of next year's stages after `split`, of the chain and of two tables of frequencies, all learnt up to `split`.

    Parameters
    ----------
    view : View
    split : int
        Last year from whose stages anything is learnt.
    since, until : int
        First and last year of the stages used.

    Returns
    -------
    DataFrame
        Columns origin (``none``, ``dispute``), model (``chain``; ``nuclear table``: what followed each stage, by the number of
        nuclear states; ``table``: what followed each stage), n, log_score (mean log probability of what happened; higher is
        better), brier (mean squared error of the probability of a dispute; lower is better).

    Raises
    ------
    Refusal
        If no transition lies after `split`, or too few up to it.
    """
    chain = stage_chain(view, since, split)
    every = year_pairs(view, stage_years(view, since, until))
    learnt, held = every.filter(pl.col("year") < split), every.filter(pl.col("year") >= split)
    held = held.drop_nulls({name for part in chain.parts for name in part.names} & set(held.columns))
    if held.is_empty():
        raise Refusal(f"no transition after {split} is on record", hint="Choose an earlier year.")
    number = "one_nuclear", "two_nuclear"
    models = {
        "chain": _by_chain(chain.parts, held),
        "nuclear table": _by_table(learnt.drop_nulls(number), held, ("stage", *number)),
        "table": _by_table(learnt, held, ("stage",)),
    }
    start, happened = held["stage"].to_numpy() > 0, held["next"].to_numpy().astype(np.int64)
    return pl.DataFrame(
        [
            {"origin": origin, "model": model} | _score(chance[rows], happened[rows])
            for origin, rows in (("none", ~start), ("dispute", start))
            if rows.any()
            for model, chance in models.items()
        ]
    )


def _score(chance: Floats, happened: NDArray[np.int64]) -> dict[str, float]:
    hit = chance[np.arange(happened.size), happened]
    miss = (1.0 - chance[:, 0]) - (happened > 0)
    return {
        "n": happened.size,
        "log_score": float(np.log(np.maximum(hit, 1e-12)).mean()),
        "brier": float((miss**2).mean()),
    }


def _by_chain(parts: tuple[Part, ...], rows: pl.DataFrame) -> Floats:
    out = np.zeros((rows.height, LEVELS))
    for part in parts:
        mine = rows["stage"].is_in(part.origins).to_numpy()
        x = rows.filter(mine).select(
            pl.col("run").log() if name == "log_years"
            else (pl.col("stage") == int(name[-1])).cast(pl.Float64).alias(name) if name.startswith("stage_")
            else pl.col(name).cast(pl.Float64)
            for name in part.names
        )  # fmt: skip
        index = x.to_numpy() @ part.fit.slopes
        out[np.ix_(np.flatnonzero(mine), np.array(part.levels))] = probabilities(part.fit.cuts, index)
    return out


def _by_table(learnt: pl.DataFrame, held: pl.DataFrame, keys: tuple[str, ...]) -> Floats:
    seen = [level for level in range(LEVELS) if (learnt["next"] == level).any()]
    count = learnt.group_by(keys).agg(
        (pl.col("next") == level).sum().cast(pl.Float64).alias(f"n{level}") for level in seen
    )
    joined = (
        held.select(keys).join(count, on=keys, how="left", maintain_order="left").select(f"n{level}" for level in seen)
    )
    number = joined.fill_null(0.0).to_numpy() + PRIOR_COUNT
    out = np.zeros((held.height, LEVELS))
    out[:, seen] = number / number.sum(axis=1, keepdims=True)
    return out
