"""Do the intervals hold? Cells are hidden, the model is fitted to the rest, and the hidden ones are predicted.

Two ways to hide. ``cells``: a random share of all cells; the rest of the same indicator of the same pair stays. ``blocks``: all
cells of an indicator of a pair, which can then be predicted from its other indicators only, so that what is tested is the tie.

The model takes every indicator for normal. Most are not: treaties and arms are nearly always zero. Half-widths of intervals
of *observations* are therefore not those of a normal distribution but quantiles of what the model got wrong where it was fitted:
each cell is predicted from all others of its pair (`arrays.leave_one_out`), and the quantile of the absolute standardised
error, by indicator and decade, takes the place of 1.645 (the jackknife intervals of Barber, Candès, Ramdas & Tibshirani 2021,
Annals of Statistics 49:486). Intervals of *ties* stay those of the model: nobody has seen a tie.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import polars as pl
from scipy.special import ndtri

from multipolar.errors import UsageError
from multipolar.indicators import Panel
from multipolar.ties import arrays
from multipolar.ties.model import Ties, estimate
from multipolar.ties.reading import observations

LEVELS: Final = (0.5, 0.8, 0.9, 0.95)
#: A decade of an indicator with so few cells takes half of its quantiles from the indicator as a whole.
FEW: Final = 100
Hide = Literal["cells", "blocks"]
_GROUP: Final = ("indicator", "decade")


@dataclass(frozen=True)
class HeldOut:
    """Hidden cells and what was predicted of them.

    Attributes
    ----------
    frame : DataFrame
        Columns a, b, month, indicator, decade, value, mean, sd, and half_50 to half_95, the half-widths of the intervals.
    left_out : int
        Hidden cells of pairs of which nothing else is observed, which are not predicted.
    """

    frame: pl.DataFrame
    left_out: int


def held_out(panel: Panel, *, share: float = 0.1, seed: int = 0, hide: Hide = "cells") -> HeldOut:
    """Hide a random share of the cells, fit to the rest, and predict the hidden ones.

    Parameters
    ----------
    panel : Panel
    share : float
        Share of cells (or of indicators of pairs) to hide, between 0 and 1.
    seed : int
        Which are hidden.
    hide : {"cells", "blocks"}
        Single cells, or all of an indicator of a pair.

    Returns
    -------
    HeldOut

    Raises
    ------
    UsageError
        If `share` is not between 0 and 1, or nothing would be hidden or left.
    """
    if not 0 < share < 1:
        raise UsageError(f"expected a share between 0 and 1, got {share}", where="held_out")
    hidden = _hidden(panel.cells, share, seed, hide)
    if hidden.all() or not hidden.any():
        raise UsageError(
            f"a share of {share} of {hidden.size} cells leaves nothing to predict or to fit", where="held_out"
        )
    ties = estimate(replace(panel, cells=panel.cells.filter(~hidden)))
    cells = panel.cells.filter(hidden).join(ties.pairs, on=["a", "b"], how="semi", maintain_order="left")
    predicted = arrays.predictive(ties.observations, ties.params, len(ties.grid), _as_observations(ties, cells))
    frame = cells.with_columns(_DECADE, mean=pl.Series(predicted.mean), sd=pl.Series(np.sqrt(predicted.var)))
    return HeldOut(_with_widths(frame, scales(ties)), int(hidden.sum()) - cells.height)


_DECADE: Final = (pl.col("month").dt.year() // 10 * 10).alias("decade")


def _hidden(cells: pl.DataFrame, share: float, seed: int, hide: Hide) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    rng = np.random.default_rng(seed)
    if hide == "cells":
        return rng.random(cells.height) < share
    blocks = cells.select("a", "b", "indicator").unique(maintain_order=True)
    chosen = blocks.with_columns(hidden=pl.Series(rng.random(blocks.height) < share))
    joined = cells.join(chosen, on=["a", "b", "indicator"], how="left", maintain_order="left")
    return joined["hidden"].to_numpy().astype(bool)


def _as_observations(ties: Ties, cells: pl.DataFrame) -> arrays.Observations:
    return observations(replace(ties.panel, cells=cells), ties.pairs, ties.grid, ties.eras)


def scales(ties: Ties) -> pl.DataFrame:
    """How far, in predicted standard deviations, cells lie from what all others of their pair lead to expect.

    Returns
    -------
    DataFrame
        Columns indicator, decade (null for all together), cells, scale_50 to scale_95: the quantiles of that distance that
        take the place of a normal distribution's.
    """
    predicted = arrays.leave_one_out(ties.observations, ties.params, len(ties.grid))
    distance = pl.Series(np.abs(predicted.z(ties.observations.value)))
    frame = ties.panel.cells.select("indicator", _DECADE).with_columns(distance=distance)
    quantiles = [_quantile(level).alias(f"scale_{round(level * 100)}") for level in LEVELS]
    whole = frame.group_by("indicator").agg(pl.len().alias("cells"), *quantiles)
    single = frame.group_by(_GROUP).agg(pl.len().alias("cells"), *quantiles)
    shrunk = single.join(whole, on="indicator", suffix="_all").select(
        *_GROUP, "cells", *(_shrunk(level) for level in LEVELS)
    )
    blank = whole.with_columns(decade=pl.lit(None, pl.Int32)).select(shrunk.columns)
    return pl.concat([blank, shrunk.cast({"decade": pl.Int32})]).sort("indicator", "decade", nulls_last=False)


def _quantile(level: float) -> pl.Expr:
    """The order statistic that a further cell stays below with at least this chance (conformal: rank (n + 1) level)."""
    rank = ((pl.len() + 1) * level).ceil().cast(pl.Int64).clip(1, pl.len()) - 1
    return pl.col("distance").sort().get(rank)


def _shrunk(level: float) -> pl.Expr:
    name = f"scale_{round(level * 100)}"
    own = pl.col("cells") / (pl.col("cells") + FEW)
    return (own * pl.col(name) + (1 - own) * pl.col(f"{name}_all")).alias(name)


def _with_widths(frame: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Half-widths by indicator and decade; of a decade without cells by the indicator; else those of a normal distribution."""
    keyed = frame.with_columns(pl.col("decade").cast(pl.Int32))
    by_decade = keyed.join(found.drop("cells"), on=list(_GROUP), how="left", maintain_order="left")
    whole = found.filter(pl.col("decade").is_null()).drop("cells", "decade")
    both = by_decade.join(whole, on="indicator", how="left", maintain_order="left", suffix="_all")
    widths = []
    for level in LEVELS:
        name = f"scale_{round(level * 100)}"
        scale = pl.coalesce(name, f"{name}_all", pl.lit(normal(level)))
        widths.append((scale * pl.col("sd")).alias(f"half_{round(level * 100)}"))
    return both.select(*keyed.columns, *widths)


def normal(level: float) -> float:
    """Half-width of a normal distribution's central interval, in standard deviations."""
    return float(ndtri((1.0 + level) / 2.0))


def coverage(
    told: pl.DataFrame, *, by: tuple[str, ...] = (), widths: Literal["measured", "normal"] = "measured"
) -> pl.DataFrame:
    """Share of hidden cells inside their intervals, all together or by groups.

    Parameters
    ----------
    told : DataFrame
        From `held_out`.
    by : tuple of str
        Grouping columns, such as ``("indicator",)`` or ``("decade",)``.
    widths : {"measured", "normal"}
        The half-widths of `held_out`, or those of a normal distribution (what the model itself says).

    Returns
    -------
    DataFrame
        The groups, `cells`, and one column a level: ``inside_50`` to ``inside_95``.
    """
    error = (pl.col("value") - pl.col("mean")).abs()
    inside = []
    for level in LEVELS:
        name = round(level * 100)
        half = pl.col(f"half_{name}") if widths == "measured" else pl.col("sd") * normal(level)
        inside.append((error <= half).mean().alias(f"inside_{name}"))
    if not by:
        return told.select(pl.len().alias("cells"), *inside)
    return told.group_by(by).agg(pl.len().alias("cells"), *inside).sort(by)
