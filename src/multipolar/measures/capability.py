"""What states are weighted by: the latest measured capability of each up to a month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

import polars as pl

from multipolar.errors import Refusal, UsageError
from multipolar.record import View

#: A capability figure older than this many years is not used as a weight.
STALE: Final = 10
CAPABILITIES: Final = ("cinc", "gdp", "gdp_ppp", "population", "military_spending")
WEIGHTS: Final = {"actor": pl.String(), "weight": pl.Float64(), "year": pl.Int32(), "id": pl.String()}


def figures(view: View, kind: str) -> pl.DataFrame:
    """All figures of a capability: columns actor, weight, start (first day from which it is used), year, known_from, id.

    Raises
    ------
    UsageError
        If `kind` is not one of `CAPABILITIES`.
    """
    if kind not in CAPABILITIES:
        raise UsageError.unknown("capability", kind, CAPABILITIES)
    year = pl.coalesce("valid_to", "valid_from").dt.year()
    start = pl.max_horizontal("valid_from", pl.date(year, 1, 1))
    traits = view.statements("trait", kinds=(kind,)).drop_nulls("value")
    return traits.select(actor="a", weight="value", start=start, year=year, known_from="known_from", id="id")


def weights(known: pl.DataFrame, month: date, actors: Iterable[str]) -> pl.DataFrame:
    """The latest capability of each of some states up to a month: columns actor, weight, year, id; sorted by actor.

    Parameters
    ----------
    known : DataFrame
        As `figures` gives them.
    month : date
        A figure counts if it began by then, and ended at most `STALE` years before.
    actors : iterable of str
        Ids.
    """
    recent = known.filter(pl.col("start") <= month, pl.col("year") >= month.year - STALE)
    mine = recent.filter(pl.col("actor").is_in(sorted(set(actors)))).sort("year", "known_from", "id")
    latest = mine.unique("actor", keep="last", maintain_order=True)
    return latest.filter(pl.col("weight") >= 0).select(list(WEIGHTS)).sort("actor")


def refuse_without(found: pl.DataFrame, kind: str, month: date, whose: str = "the other states") -> None:
    """Refuse where no capability is known, or none above zero.

    Raises
    ------
    Refusal
        With what else may be tried.
    """
    if not found["weight"].sum():
        raise Refusal(
            f"no {kind} of {whose} is known for the {STALE} years to {month:%Y-%m}",
            hint="Choose another capability, or a later day with `as_of` (`--as-of`): a figure counts from its publication on.",
        )
