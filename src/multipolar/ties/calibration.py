"""Do the intervals hold? Cells are hidden, the model is fitted to the rest, and the hidden ones are predicted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from scipy.special import ndtri

from multipolar.indicators import Panel
from multipolar.ties import arrays
from multipolar.ties.model import estimate, month_grid, to_observations

LEVELS = (0.5, 0.8, 0.9, 0.95)


def held_out(panel: Panel, *, share: float = 0.1, seed: int = 0) -> pl.DataFrame:
    """Hide a random share of the cells, fit to the rest, and predict the hidden ones.

    Parameters
    ----------
    panel : Panel
    share : float
        Share of cells to hide, between 0 and 1.
    seed : int
        Which cells are hidden.

    Returns
    -------
    DataFrame
        Columns a, b, month, indicator, value, mean, sd: the hidden cells with their predictive mean and standard
        deviation. Cells of pairs of which nothing else is observed are left out.
    """
    hidden = np.random.default_rng(seed).random(panel.cells.height) < share
    ties = estimate(replace(panel, cells=panel.cells.filter(~hidden)))
    cells = panel.cells.filter(hidden).join(
        ties.pairs.select("a", "b"), on=["a", "b"], how="semi", maintain_order="left"
    )
    held = to_observations(replace(panel, cells=cells), ties.pairs)
    predicted = arrays.predictive(ties.observations, ties.params, len(month_grid(panel)), held)
    return cells.with_columns(mean=pl.Series(predicted.mean), sd=pl.Series(np.sqrt(predicted.var)))


def coverage(predictions: pl.DataFrame, *, by: tuple[str, ...] = ()) -> pl.DataFrame:
    """Share of hidden cells inside their intervals, all together or by groups.

    Parameters
    ----------
    predictions : DataFrame
        From `held_out`.
    by : tuple of str
        Grouping columns, such as ``("indicator",)`` or ``("decade",)``.

    Returns
    -------
    DataFrame
        The groups, `cells`, and one column a level: ``inside_50`` to ``inside_95``.
    """
    distance = ((pl.col("value") - pl.col("mean")) / pl.col("sd")).abs()
    frame = predictions.with_columns(decade=pl.col("month").dt.year() // 10 * 10)
    inside = [
        (distance <= float(ndtri((1.0 + level) / 2.0))).mean().alias(f"inside_{round(level * 100)}") for level in LEVELS
    ]
    if not by:
        return frame.select(pl.len().alias("cells"), *inside)
    return frame.group_by(by).agg(pl.len().alias("cells"), *inside).sort(by)
