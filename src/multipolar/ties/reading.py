"""How a panel is read: cells as arrays, an indicator of an era as a channel of its own, months in which ties move faster.

An indicator means another thing in another time: agreement in the United Nations of the Cold War and after it, disputes among
the dozens of states of 1900 and the two hundred of today. So each era reads every indicator with an intercept, a loading, a
noise and offsets of its own (a *channel*).

A month in which an obligation began or ended, force was used, sanctions or embassies changed lets the tie move faster: it
lasts longer on the pair's clock (`arrays.model`). What counts is only what the cells themselves show, up to that month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.indicators import INDICATORS, Panel
from multipolar.ties import arrays
from multipolar.ties.grid import Grid

ORDER: Final = tuple(indicator.name for indicator in INDICATORS)
#: First days of the eras after the first: the United Nations vote from 1946 on, most colonies are states by 1970, the Soviet
#: Union ends in December 1991. Four eras since 1946 predict hidden indicators better than two or seven (docs/tie.md).
ERAS: Final = (date(1946, 1, 1), date(1970, 1, 1), date(1992, 1, 1), date(2008, 1, 1))
#: An era of which the window holds less than this many years is read with the next one (or the one before).
SHORT: Final = 10

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Turn:
    """A change of an indicator that lets a tie move faster in that month.

    Attributes
    ----------
    indicator : str
    least : float
        Least change from the last reading, in the indicator's unit.
    fall : bool
        Whether only a fall counts.
    says : str
        What it is, for readers.
    """

    indicator: str
    least: float
    fall: bool
    says: str


TURNS: Final = (
    Turn("obligations", 0.2, False, "an obligation began or ended"),
    Turn("disputes", 0.6, True, "a dispute reached the use of force"),
    Turn("sanctions", 0.2, False, "sanctions began or ended"),
    Turn("relations", 0.4, False, "diplomatic relations changed"),
)


def eras_of(grid: Grid) -> tuple[date, ...]:
    """First days of the eras that a grid is read in; the first begins with the grid."""
    starts = [grid.days[0], *(day for day in ERAS if grid.days[0] < day <= grid.last)]
    ends = [*starts[1:], grid.last]
    kept = [day for day, end in zip(starts, ends, strict=True) if (end - day).days >= SHORT * 365]
    return (starts[0], *(day for day in kept if day != starts[0] and day != kept[0])) if kept else (starts[0],)


def era_index(grid: Grid, eras: Sequence[date]) -> Ints:
    """Era of each node, shape (T,)."""
    starts = np.array([day.toordinal() for day in eras])
    return np.searchsorted(starts, [day.toordinal() for day in grid.days], side="right") - 1


def observations(panel: Panel, pairs: pl.DataFrame, grid: Grid, eras: Sequence[date]) -> arrays.Observations:
    """The cells of a panel as arrays, pair by pair in the order of `pairs`, with the months in which ties move faster."""
    code = {name: place for place, name in enumerate(ORDER)}
    cells = panel.cells.join(pairs.select("a", "b", "index"), on=["a", "b"], how="inner", maintain_order="left")
    node = grid.of(cells["month"])
    era = era_index(grid, eras)
    indicator = cells["indicator"].replace_strict(code, return_dtype=pl.Int64).to_numpy()
    made = arrays.observations(
        cells["index"].to_numpy(),
        node,
        era[node] * len(ORDER) + indicator,
        cells["value"].to_numpy(),
        cells["n"].to_numpy(),
        n_pairs=pairs.height,
    )
    return replace(made, quick=turns(cells.with_columns(node=pl.Series(node)), pairs.height))


def turns(cells: pl.DataFrame, pairs: int) -> arrays.Quick:
    """Months in which something turned, from cells with the columns index (of the pair), node, indicator and value."""
    ordered = cells.select("index", "node", "indicator", "value").sort("index", "indicator", "node")
    change = (pl.col("value") - pl.col("value").shift(1)).over("index", "indicator")
    ordered = ordered.with_columns(change=change).drop_nulls("change")
    frames = [
        ordered.filter(
            pl.col("indicator") == turn.indicator,
            (-pl.col("change") if turn.fall else pl.col("change").abs()) >= turn.least - 1e-9,
        ).select("index", "node", kind=pl.lit(kind))
        for kind, turn in enumerate(TURNS)
    ]
    found = pl.concat(frames).unique().sort("index", "node", "kind")
    count = np.bincount(found["index"].to_numpy().astype(np.int64), minlength=pairs)
    return arrays.Quick(
        np.concatenate(([0], np.cumsum(count))).astype(np.int64),
        found["node"].to_numpy().astype(np.int32),
        found["kind"].to_numpy().astype(np.int32),
    )
