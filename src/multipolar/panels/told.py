"""From statements to cells: which source says what of whom in which period.

Where several sources tell the same cell, one of them fills it: the first in `Column.prefer`, then the others. Ties,
events and polls of sources that are not named there are pooled (a tie that anybody tells stands, an event counts once
a statement); flows and traits never are, because the same dollar told twice is not two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.panels.model import Asked, Column, Floats, Ints
from multipolar.record import REPORTED, Form, View

#: Forms of which sources that are not preferred are read together.
POOLED: Final[tuple[Form, ...]] = ("tie", "event", "attitude", "vote")
#: Forms whose statements stand over a stretch of days.
STANDING: Final[tuple[Form, ...]] = ("tie", "trait")
#: Unit of a statement of an obligation that binds `a` only; any other binds both.
ONE_SIDED: Final = "one-sided obligation"
#: Most days of an event that is counted: one that is dated to a year only has no month, and may be told by its day too.
LONGEST_EVENT: Final = 31
#: Rank of no source.
NOBODY: Final = np.iinfo(np.int32).max


@dataclass(frozen=True)
class Cells:
    """Values by pair (or state) and period, sorted by key, each key once.

    Attributes
    ----------
    key : array of int
        See `Grid.key`.
    value : array of float
        NaN where a source tells of it and gives no number.
    rank : array of int
        Rank of the source; 0 is preferred most.
    source : array of int
        Place in `sources`.
    partial : array of bool
        Whether it is a sum of which only some days of the period are told.
    sources : tuple of str
        Keys.
    """

    key: Ints
    value: Floats
    rank: NDArray[np.int32]
    source: NDArray[np.int16]
    partial: NDArray[np.bool_]
    sources: tuple[str, ...]

    def find(self, keys: Ints) -> Ints:
        """Place of each key here, -1 where it is not."""
        if not self.key.size:
            return np.full(keys.shape, -1, dtype=np.int64)
        place = np.minimum(np.searchsorted(self.key, keys), self.key.size - 1)
        return np.asarray(np.where(self.key[place] == keys, place, -1), dtype=np.int64)


def ranks(column: Column, keys: Iterable[str]) -> dict[str, int]:
    """Rank of each source for a column: equal ranks are read together."""
    named = {key: _preferred(column, key) for key in keys}
    if column.form in POOLED:
        return named
    order = sorted(named, key=lambda key: (named[key], key))
    return {key: rank for rank, key in enumerate(order)}


def _preferred(column: Column, key: str) -> int:
    found = (place for place, start in enumerate(column.prefer) if key.startswith(start))
    return next(found, len(column.prefer))


def statements(asked: Asked, column: Column) -> pl.DataFrame:
    """The statements that a column is made from, between states of the panel.

    Returns
    -------
    DataFrame
        Columns id, source, rank, s, t (places of the two states, or of the state twice), begin, until (days), value,
        known_from.
    """
    earliest, latest = (None, None) if column.sides == "timeless" else (asked.since, asked.until)
    frame = asked.view.statements(column.form, kinds=column.kinds, since=earliest, until=latest)
    if column.form == "event":  # an article's word is a report: it counts nowhere
        frame = frame.filter(~pl.col("source").str.starts_with(REPORTED))
    if column.mode:
        frame = frame.filter(pl.col("mode").fill_null("") == column.mode)
    if column.refs:
        frame = frame.filter(pl.col("ref").is_in(column.refs))
    if column.only:
        frame = frame.filter(pl.col("source").is_in([key for key in asked.sources if column.takes(key)]))
    if column.least is not None:
        frame = frame.filter(pl.col("value") >= column.least)
    frame = _placed(asked, column, with_reach(asked.view, column.form, frame))
    rank = ranks(column, asked.sources)
    ranked = pl.col("source").replace_strict(rank, return_dtype=pl.Int32) if rank else pl.lit(0, pl.Int32)
    begin = pl.col("valid_from").alias("begin")
    return _sided(asked, column, frame.with_columns(rank=ranked)).select(
        "id", "source", "rank", "kind", "s", "t", begin, "until", _value(column), "known_from"
    )


def _value(column: Column) -> pl.Expr:
    if column.scale:
        scale = dict(zip(column.kinds, column.scale, strict=True))
        return pl.col("kind").replace_strict(scale, return_dtype=pl.Float64).alias("value")
    return pl.col("value") if column.value else pl.lit(1.0).alias("value")


def _placed(asked: Asked, column: Column, frame: pl.DataFrame) -> pl.DataFrame:
    """Both states as places; statements about anybody else left out."""
    index = asked.grid.index
    old, new = list(index), list(index.values())
    place = {
        side: pl.col(name).replace_strict(old, new, default=None, return_dtype=pl.Int32)
        if old
        else pl.lit(None, pl.Int32)
        for side, name in (("s", "a"), ("t", "b" if column.dyadic else "a"))
    }
    return frame.with_columns(**place).drop_nulls(["s", "t"])


def _sided(asked: Asked, column: Column, frame: pl.DataFrame) -> pl.DataFrame:
    """Pairs in order where direction does not count; what both owe, in both directions."""
    if column.sides in ("pair", "timeless") or (column.sides == "owed" and not asked.directed):
        return frame.with_columns(s=pl.min_horizontal("s", "t"), t=pl.max_horizontal("s", "t"))
    if column.sides == "owed":
        back = frame.filter(pl.col("unit").fill_null("") != ONE_SIDED).with_columns(s="t", t="s")
        return pl.concat([frame, back])
    return frame


def with_reach(view: View, form: Form, frame: pl.DataFrame) -> pl.DataFrame:
    """Add the last day of each statement as ``until``.

    What has not ended is carried to the end of its source's coverage of its kind, or, where the source states none,
    stays at its first day: nothing is carried past its source's end. Events, polls and flows last as long as they say.
    """
    if form not in STANDING:
        return frame.with_columns(until=pl.coalesce("valid_to", "valid_from"))
    rows = [(row.source, row.kind, row.last) for row in view.coverage() if row.form == form]
    schema = {"source": pl.String, "kind": pl.String, "carried": pl.Date}
    reach = pl.DataFrame(rows, schema=schema, orient="row").group_by("source", "kind").agg(pl.col("carried").max())
    whole = reach.filter(pl.col("kind") == "").select("source", carried_any="carried")
    joined = frame.join(reach, on=["source", "kind"], how="left").join(whole, on="source", how="left")
    until = pl.coalesce("valid_to", "carried", "carried_any", "valid_from")
    return joined.with_columns(until=pl.max_horizontal(until, "valid_from")).drop("carried", "carried_any")


def by_period(asked: Asked, column: Column, told: pl.DataFrame) -> pl.DataFrame:
    """Statements once for each period that they count in: as `told`, and period."""
    clock = asked.grid.clock
    begin, until = clock.expr("begin"), clock.expr("until")
    if column.sides == "timeless":
        return told.with_columns(period=pl.lit(clock.first, pl.Int32))
    if column.form in STANDING and column.how != "onset":
        first, last = begin.clip(lower_bound=clock.first), until.clip(upper_bound=clock.last)
        spread = told.with_columns(period=pl.int_ranges(first, last + 1, dtype=pl.Int32))
        spread = spread.filter(pl.col("period").list.len() > 0)
        return spread.explode("period", keep_nulls=False, empty_as_null=False)
    if column.form == "flow":
        return _flows(asked, column, told)
    if column.form == "event":
        told = told.filter((pl.col("until") - pl.col("begin")).dt.total_days() < LONGEST_EVENT)
    starts = column.form == "event" or column.how == "onset"
    dated = told.with_columns(period=begin if starts else until)
    return dated.filter(pl.col("period").is_between(clock.first, clock.last))


def _flows(asked: Asked, column: Column, told: pl.DataFrame) -> pl.DataFrame:
    """Flows in every period that they touch, with their value only where the period holds all of them.

    What is told by the year is no figure of a month: there it is told without a number, which is not zero. What is held
    at the end of a stretch of days (`last`) is the figure of the period in which that ends.
    """
    clock = asked.grid.clock
    begin, until = clock.expr("begin"), clock.expr("until")
    inside = (pl.col("period") == until) & (pl.lit(column.how == "last") | (begin == until))
    spread = told.with_columns(period=pl.int_ranges(begin, until + 1, dtype=pl.Int32))
    each = spread.explode("period", keep_nulls=False, empty_as_null=False)
    each = each.filter(pl.col("period").is_between(clock.first, clock.last))
    return each.with_columns(value=pl.when(inside).then(pl.col("value")))


def cells(asked: Asked, column: Column, told: pl.DataFrame | None = None) -> Cells:
    """The cells of a column whose statements are brought to periods in one of the plain ways (see `RULES`)."""
    told = statements(asked, column) if told is None else told
    sources = tuple(told["source"].unique().sort())
    spread = by_period(asked, column, told)
    size, clock = len(asked.grid.actors), asked.grid.clock
    pair = pl.col("s").cast(pl.Int64) * size + pl.col("t")
    key = pair * clock.count + (pl.col("period") - clock.first)
    place = pl.col("source").replace_strict(sources, range(len(sources)), return_dtype=pl.Int16)
    began = pl.col("period") == clock.expr("begin")
    slim = spread.with_columns(key=key, place=place if sources else pl.lit(0, pl.Int16), began=began)
    summed = _aggregated(column, slim, clock.days("period"))
    best = summed.sort("key", "rank").unique("key", keep="first", maintain_order=True)
    return Cells(
        best["key"].to_numpy(),
        best["value"].cast(pl.Float64).fill_null(float("nan")).to_numpy(),
        best["rank"].to_numpy(),
        best["place"].to_numpy(),
        best["partial"].to_numpy(),
        sources,
    )


def _aggregated(column: Column, frame: pl.DataFrame, days: pl.Expr) -> pl.DataFrame:
    """One row a key and rank: value, place."""
    if column.how in ("sum", "score"):
        frame = frame.sort("known_from", "id").unique(
            ["key", "rank", "begin", "until"], keep="last", maintain_order=True
        )
    if column.how == "last":
        order = ["begin", "until", "known_from", "id"]
        last = frame.sort(order).unique(["key", "rank"], keep="last", maintain_order=True)
        return last.select("key", "rank", "value", "place", partial=pl.lit(False))
    value = pl.col("value")
    total = pl.when(value.is_not_null().all()).then(value.sum())
    how = {
        "any": value.max(), "max": value.max(), "min": value.min(), "sum": total, "score": total, "mean": value.mean(),
        "count": pl.col("began").sum().cast(pl.Float64), "onset": pl.lit(1.0),
    }[column.how]  # fmt: skip
    told = ((pl.col("until") - pl.col("begin")).dt.total_days() + 1).sum()
    whole = told >= days.first() if column.how == "sum" else pl.lit(True)
    return frame.group_by("key", "rank").agg(value=how, place=pl.col("place").min(), partial=~whole)
