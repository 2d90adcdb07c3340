"""New statements come in: only the pairs whose cells they change are estimated again, and what moved them is told.

Parameters, prior levels and the scale stay those of the ties that are brought up to date, so that what changes is news and
not another reading of the old. What a full estimate with the same parameters gives is given here, pair for pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from multipolar.indicators import INDICATORS, Indicator, Panel, Scope, pair_months
from multipolar.indicators.blocs import BLOCS
from multipolar.record import Form, View
from multipolar.ties import arrays
from multipolar.ties.grid import Grid
from multipolar.ties.model import Ties
from multipolar.ties.news import PairNews, pair_news
from multipolar.ties.reading import observations

_KEY: Final = ["a", "b", "month", "indicator"]
_PAIR: Final = ["a", "b"]


@dataclass(frozen=True)
class Update:
    """Ties brought up to date.

    Attributes
    ----------
    before, ties : Ties
        The ties as they were, and as they are now.
    moved : DataFrame
        Columns a, b, before, after, change (of the tie of the last month; before is null for a pair that was not observed),
        cells (added or changed), withdrawn; the pairs whose cells changed, the largest change first.
    """

    before: Ties
    ties: Ties
    moved: pl.DataFrame

    def news(self, a: str, b: str, month: date | None = None) -> PairNews:
        """What moved one of these pairs, cell by cell (see `pair_news`); the last month by default."""
        then = Panel(self.before.panel.scope, _cells(self.before, a, b))
        return pair_news(self.ties, then, a, b, month or self.ties.months[-1])

    @cached_property
    def told(self) -> list[str]:
        """The ten largest changes in words: ``PRK-RUS +0.21: obligations +0.16, arms +0.05``."""
        return [self.news(a, b).told for a, b in self.moved.head(10).select(_PAIR).iter_rows()]


def update(ties: Ties, view: View) -> Update:
    """Bring ties up to date with a later view of the same record and day.

    Parameters
    ----------
    ties : Ties
    view : View
        The record after further batches were taken in, as of the same day.

    Returns
    -------
    Update

    Raises
    ------
    UsageError
        If the view is of another day, or earlier.
    """
    came, gone = _changes(ties, view)
    scope = replace(ties.panel.scope, view=view, last=_last(ties, came))
    grid = Grid(scope.first, scope.last)
    touched = pl.concat([came.select(_PAIR), gone.select(_PAIR)]).unique().sort(_PAIR)
    if touched.is_empty():
        return Update(
            ties, replace(ties, panel=replace(ties.panel, scope=scope)), _moved(ties, ties, touched, came, gone)
        )
    old = pl.concat([ties.panel.cells.clear(), *(_cells(ties, a, b) for a, b in touched.iter_rows())])
    cells = pl.concat([old.join(gone, on=_KEY, how="anti"), came.select(old.columns)]).sort(_KEY)
    later = _spliced(ties, Panel(scope, cells), grid)
    return Update(ties, later, _moved(ties, later, touched, came, gone))


def _cells(ties: Ties, a: str, b: str) -> pl.DataFrame:
    row = ties.row_of(a, b)
    return ties.panel.cells.clear() if row is None else ties.cells_of(row)


def _last(ties: Ties, came: pl.DataFrame) -> date:
    """Last day of the grid, which new cells may move on."""
    latest = came["month"].max()
    last = ties.panel.scope.last
    return last if not isinstance(latest, date) or latest <= last else latest


def _changes(ties: Ties, view: View) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cells that are new or have another value, and cells that are gone or had one."""
    scope = ties.panel.scope
    new = view.since(scope.view)
    elsewhere = view.coverage() != scope.view.coverage()
    came, gone = [ties.panel.cells.clear()], [ties.panel.cells.clear()]
    for indicator in INDICATORS:
        built = _rebuilt(replace(scope, view=view, last=view.as_of), ties.panel.cells, indicator, new, elsewhere)
        if built is not None:
            now, then = built
            every = [*_KEY, "value", "n"]
            came.append(now.join(then, on=every, how="anti").select(every))
            gone.append(then.join(now, on=every, how="anti").select(every))
    return pl.concat(came), pl.concat(gone)


def _rebuilt(
    scope: Scope, cells: pl.DataFrame, indicator: Indicator, new: dict[Form, pl.DataFrame], all_pairs: bool
) -> tuple[pl.DataFrame, pl.DataFrame] | None:
    """The cells of an indicator that new statements can have changed, as they are and as they were; None if there are none."""
    hits = [new[form].filter(pl.col("kind") == kind) for form, kind in indicator.uses]
    touched = pl.concat([hit.select("a", "b" if "b" in hit.columns else pl.lit(None, pl.String).alias("b"), "valid_from")
                         for hit in hits])  # fmt: skip
    if touched.is_empty() and not all_pairs:
        return None
    mine = cells.filter(pl.col("indicator") == indicator.name)
    if indicator.name == "votes" and not all_pairs:
        return _of_months(scope, mine, indicator, touched["valid_from"])
    if all_pairs or touched["b"].is_null().any() or _names_bloc(touched):
        return pair_months(scope, [indicator.name]).cells, mine
    inside = touched.filter(pl.col("a").is_in(scope.actors) & pl.col("b").is_in(scope.actors))
    pairs = inside.select(a=pl.min_horizontal(_PAIR), b=pl.max_horizontal(_PAIR)).unique()
    actors = tuple(sorted({*pairs["a"], *pairs["b"]}))
    now = pair_months(replace(scope, actors=actors), [indicator.name]).cells
    return now.join(pairs, on=_PAIR, how="semi"), mine.join(pairs, on=_PAIR, how="semi")


def _of_months(
    scope: Scope, mine: pl.DataFrame, indicator: Indicator, days: pl.Series
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Roll calls change the cells of all voters, in their months."""
    first, last = days.dt.month_start().min(), days.dt.month_end().max()
    assert isinstance(first, date) and isinstance(last, date)
    narrow = replace(scope, first=max(first, scope.first), last=min(last, scope.last))
    return pair_months(narrow, [indicator.name]).cells, mine.filter(pl.col("month").is_between(first, last))


def _names_bloc(touched: pl.DataFrame) -> bool:
    return bool(touched.select((pl.col("a").is_in(BLOCS) | pl.col("b").is_in(BLOCS)).any()).item())


def _spliced(ties: Ties, part: Panel, grid: Grid) -> Ties:
    """`ties` with some pairs read again from their cells."""
    pairs = part.cells.select(_PAIR).unique().sort(_PAIR).with_row_index("index").select("a", "b", "index")
    read = replace(observations(part, pairs, grid, ties.eras), level=ties.levels_of(pairs))
    smoothed = arrays.smooth(read, ties.params, len(grid))
    every = pl.concat([ties.pairs.select(_PAIR), pairs.select(_PAIR)]).unique().sort(_PAIR).with_row_index("index")
    every = every.select("a", "b", "index")
    before = every.join(ties.pairs, on=_PAIR, how="left", maintain_order="left", suffix="_old")["index_old"]
    place = every.join(pairs, on=_PAIR, how="left", maintain_order="left", suffix="_new")["index_new"]
    source = np.where(place.is_not_null(), place.fill_null(0).to_numpy().astype(np.int64), -1)
    kept = before.fill_null(0).to_numpy().astype(np.int64)
    whole = arrays.spliced(ties.observations, kept, read, source)
    mean, var = _longer(ties, kept, len(grid)) if len(grid) > len(ties.grid) else (ties.mean[kept], ties.var[kept])
    again = np.flatnonzero(source >= 0)
    mean[again], var[again] = smoothed.mean[source[again]], smoothed.var[source[again]]
    panel = Panel(part.scope, _in_order(ties, part.cells, kept, source, read))
    return replace(ties, panel=panel, pairs=every, mean=mean, var=var, observations=whole, grid=grid)


def _longer(ties: Ties, kept: np.ndarray[tuple[int], np.dtype[np.int64]], months: int) -> Sequence[arrays.Floats]:
    """Means and variances over a grid that has grown."""
    grown = arrays.smooth(ties.observations, ties.params, months)
    return grown.mean[kept], grown.var[kept]


def _in_order(
    ties: Ties,
    part: pl.DataFrame,
    kept: np.ndarray[tuple[int], np.dtype[np.int64]],
    source: np.ndarray[tuple[int], np.dtype[np.int64]],
    read: arrays.Observations,
) -> pl.DataFrame:
    """All cells, pair by pair: of those read again the new ones, stretches of the others as they lie."""
    own, new = ties.observations.indptr, read.indptr
    pieces, start = [], None
    for place, (row, again) in enumerate(zip(kept.tolist(), source.tolist(), strict=True)):
        if again < 0:
            start = row if start is None else start
            stop = row + 1
            if place + 1 == kept.size or source[place + 1] >= 0:
                pieces.append(ties.panel.cells.slice(int(own[start]), int(own[stop] - own[start])))
                start = None
        else:
            pieces.append(part.slice(int(new[again]), int(new[again + 1] - new[again])))
    return pl.concat(pieces)


def _moved(before: Ties, after: Ties, touched: pl.DataFrame, came: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    def at_the_end(ties: Ties, name: str) -> pl.DataFrame:
        return ties.pairs.select(*_PAIR, pl.Series(name, ties.mean[:, -1]))

    counts = came.group_by(_PAIR).agg(pl.len().alias("cells"))
    lost = gone.join(came, on=_KEY, how="anti").group_by(_PAIR).agg(pl.len().alias("withdrawn"))
    frame = touched.join(at_the_end(before, "before"), on=_PAIR, how="left").join(
        at_the_end(after, "after"), on=_PAIR, how="left"
    )
    frame = frame.join(counts, on=_PAIR, how="left").join(lost, on=_PAIR, how="left")
    change = (pl.col("after") - pl.col("before").fill_null(0.0)).alias("change")
    frame = frame.select(
        *_PAIR, "before", "after", change, pl.col("cells").fill_null(0), pl.col("withdrawn").fill_null(0)
    )
    return frame.sort(pl.col("change").abs(), *_PAIR, descending=[True, False, False])
