"""What a design is: who is forecast, what came, what was known, and which forecasts are compared."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.backtests.arrays.bootstrap import Ints
from multipolar.backtests.arrays.scores import Floats
from multipolar.backtests.arrays.windows import Plan
from multipolar.errors import UsageError

Singles = NDArray[np.float32]

#: Names of the forecasts that every design has.
MODEL: Final = "model"
RATE: Final = "earlier rate"
#: What the tie is added to, and what those forecasts are called.
WITH_TIE: Final = " + tie"
#: Columns of a frame of ties as known at the end of each year.
TIE_COLUMNS: Final = ("a", "b", "year", "tie", "tie_sd")


@dataclass(frozen=True, eq=False)
class Design:
    """A forecast to be made again and again with what was known.

    Attributes
    ----------
    name, title : str
    outcome_is : str
        What is forecast, in words.
    plan : Plan
        Test periods and how it is learnt.
    actors : tuple of str
        Ids; `a` and `b` hold places in it.
    a, b, period : array of int, shape (rows,)
        The two actors, and the period at whose end the forecast is made; the outcome is that of the next.
    outcome : array, shape (rows,)
    predictors : mapping of name to array
        NaN where not known.
    given : mapping of name to array
        Forecasts that need no regression.
    fits : mapping of name to tuple of str
        Forecasts by regression on predictors.
    field : str
        The forecast that stands for what analysts use now: gains are measured against it.
    year : array of int
        The year that ended last at the end of each row's period, for joining what is known by the year.
    volume : array, optional
        What the spread of a figure's forecast depends on.
    notes : tuple of str
    """

    name: str
    title: str
    outcome_is: str
    plan: Plan
    actors: tuple[str, ...]
    a: Ints
    b: Ints
    period: Ints
    outcome: Floats
    predictors: Mapping[str, Singles]
    fits: Mapping[str, tuple[str, ...]]
    field: str
    year: Ints
    given: Mapping[str, Floats] = dataclasses.field(default_factory=dict)
    volume: Floats | None = None
    notes: tuple[str, ...] = ()

    def matrix(self, names: tuple[str, ...]) -> Singles:
        """Some predictors side by side, shape (rows, predictors)."""
        return np.stack([self.predictors[name] for name in names], axis=1)


def with_tie(design: Design, ties: pl.DataFrame) -> Design:
    """The same design with the tie among the predictors of the model and of the field's forecast.

    Parameters
    ----------
    ties : DataFrame
        Columns a < b (ids), year, tie, tie_sd: how the two stood as known at the end of the year. Nothing known later may be
        in it; a year that is not there is not known.

    Raises
    ------
    UsageError
        If a column is missing, or two rows are of one pair and year.
    """
    missing = [name for name in TIE_COLUMNS if name not in ties.columns]
    if missing:
        hint = f"Give {', '.join(TIE_COLUMNS)}, each as known at the end of the year."
        raise UsageError(f"expected a frame of ties, got no column {', '.join(missing)}", where="ties", hint=hint)
    keys = ["a", "b", "year"]
    if ties.select(keys).is_duplicated().any():
        raise UsageError("expected one tie for a pair and year, got several", where="ties", hint="Give each once.")
    ids = pl.Series(design.actors, dtype=pl.String)
    one, other = ids.gather(design.a), ids.gather(design.b)
    rows = pl.DataFrame({"one": one, "other": other, "year": design.year}).select(
        a=pl.min_horizontal("one", "other"), b=pl.max_horizontal("one", "other"), year=pl.col("year").cast(pl.Int64)
    )
    told = ties.select(pl.col("a", "b").cast(pl.String), pl.col("year").cast(pl.Int64), "tie", "tie_sd")
    joined = rows.join(told, on=keys, how="left", maintain_order="left")
    added = {name: joined[name].cast(pl.Float32).to_numpy() for name in ("tie", "tie_sd")}
    based = [name for name in (design.field, MODEL) if name in design.fits]
    fits = {f"{name}{WITH_TIE}": (*design.fits[name], "tie", "tie_sd") for name in based}
    given = {f"{name}{WITH_TIE}": (name, "tie", "tie_sd") for name in (MODEL,) if name in design.given}
    more = {name: design.given[name].astype(np.float32) for name in (MODEL,) if given}
    predictors = {**design.predictors, **more, **added}
    return replace(design, predictors=predictors, fits={**design.fits, **fits, **given})
