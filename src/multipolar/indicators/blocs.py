"""Ties over time: how far each is carried, and what members of a bloc do together."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Final

import polars as pl

from multipolar.indicators.model import Scope, month_of

#: Organisations whose sanctions all members carry out because their law is the members' law.
BLOCS: Final = ("EU",)


def with_reach(scope: Scope, ties: pl.DataFrame) -> pl.DataFrame:
    """Ties with the day up to which each is known to stand, as column until.

    A tie that has not ended is carried to the end of its source's coverage, or, where the source states none, stays at
    the day on which it began: nothing is carried past its source's end.
    """
    reach = scope.open_until.filter(pl.col("form") == "tie").drop("form")
    named = reach.filter(pl.col("kind").is_not_null())
    whole = reach.filter(pl.col("kind").is_null()).drop("kind").rename({"carried": "carried_any"})
    ties = ties.join(named, on=["source", "kind"], how="left").join(whole, on="source", how="left")
    until = pl.coalesce("valid_to", "carried", "carried_any", "valid_from")
    return ties.with_columns(until=until).drop("carried", "carried_any")


def carried(scope: Scope, ties: pl.DataFrame) -> pl.DataFrame:
    """First and last month in which each tie stands, inside the scope: columns until, begins, ends, over."""
    return (
        with_reach(scope, ties)
        .with_columns(until=pl.min_horizontal("until", pl.lit(scope.last)))
        .filter(pl.col("until") >= scope.first, pl.col("until") >= pl.col("valid_from"))
        .with_columns(begins=month_of("valid_from"), ends=month_of("until"), over=pl.col("valid_to").is_not_null())
    )


def bloc_members(scope: Scope) -> pl.DataFrame:
    """Full memberships of the blocs, as the record tells them: columns a (member), b (bloc), begins, ends, and the rest."""
    return _bloc_members(scope if scope.pair is None else replace(scope, pair=None))


@lru_cache(maxsize=8)
def _bloc_members(scope: Scope) -> pl.DataFrame:
    told = scope.view.statements("tie", kinds=("membership",), actors=BLOCS, until=scope.last)
    return _merged(carried(scope, told.filter(pl.col("b").is_in(BLOCS), pl.col("value") >= 1.0)))


def _merged(told: pl.DataFrame) -> pl.DataFrame:
    """Each membership once: spans that several sources tell, and that overlap or meet, become one.

    The rest is that of the telling that begins first. A span is over when the one that lasts longest is.
    """
    whose = ["a", "b"]
    ordered = told.sort(*whose, "begins", "ends", "id")
    before = pl.col("ends").cum_max().shift(1).over(whose)
    apart = (pl.col("begins") > before.dt.offset_by("1mo")).fill_null(True)
    spans = ordered.with_columns(_span=apart.cast(pl.Int32).cum_sum())
    latest = pl.col("ends").arg_max()
    return (
        spans.group_by("_span", maintain_order=True)
        .agg(pl.all().exclude("ends", "over").first(), pl.col("ends").max(), pl.col("over").get(latest))
        .select(told.columns)
    )
