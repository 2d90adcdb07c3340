"""What happened or flowed between two states in a period: events, visits, arms, trade; and what people said."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

import polars as pl

from multipolar.indicators.covered import zeros
from multipolar.indicators.model import CELL, PART, Scope, effective, month_of, sum_parts
from multipolar.record import View

#: The ends of the Goldstein scale of cooperation and conflict (Goldstein 1992, doi:10.1177/0022002792036002007).
GOLDSTEIN: Final = 10.0
#: Events whose strengths (absolute values, 0 to 1) add up to this are one observation.
STRONG: Final = 0.5
#: Deliveries of this volume (million TIV) in a year give the arms indicator the value 1.
MUCH_ARMS: Final = 1000.0
EVENT_KINDS: Final = (
    *("AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST"),
    *("ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"),
)
_PAIR_MONTH = ("a", "b", "month")


def _finish(frame: pl.DataFrame, indicator: str) -> pl.DataFrame:
    return frame.with_columns(indicator=pl.lit(indicator)).select(list(PART)).drop_nulls("value")


def events(scope: Scope) -> pl.DataFrame:
    """Mean cooperation (+) or conflict (-) of the month's events, -1 to 1, weighted by how strong each was.

    Months without events are missing. A visit that `visits` counts is left out, so that no statement is used twice.
    """
    frame = _events(scope)
    mean = pl.col("value") * pl.col("value").abs() / pl.col("value").abs().sum().over(_PAIR_MONTH)
    return _finish(frame.with_columns(value=mean), "events")


def event_cells(scope: Scope) -> pl.DataFrame:
    """Cells of `events`: a month counts by the strength of its events, so a routine call says less than a strike."""
    strength = _events(scope).group_by(_PAIR_MONTH).agg(n=pl.col("value").abs().sum() / STRONG)
    strength = strength.with_columns(n=pl.Series(effective(strength["n"].to_numpy())))
    return sum_parts(events(scope)).drop("n").join(strength, on=_PAIR_MONTH).select(list(CELL))


def _events(scope: Scope) -> pl.DataFrame:
    """Events that no other indicator counts, with their month and their value on a scale from -1 to 1."""
    frame = scope.statements("event", EVENT_KINDS).drop_nulls("value")
    frame = frame.filter(pl.col("valid_from") >= scope.first, pl.col("value") != 0.0)
    frame = frame.join(_counted_visits(scope)[0].select("id"), on="id", how="anti")
    value = (pl.col("value") / GOLDSTEIN).clip(-1.0, 1.0)
    return frame.with_columns(month=month_of("valid_from"), value=value)


def visits(scope: Scope) -> pl.DataFrame:
    """Log of one plus the visits of the year, at its end, where the list of a traveller's journeys is complete."""
    paid, none = _counted_visits(scope)
    count = pl.len().over(_PAIR_MONTH)
    paid = _finish(paid.with_columns(value=(1.0 + count).log() / count), "visits")
    return pl.concat([paid, none.join(paid.select(_PAIR_MONTH).unique(), on=_PAIR_MONTH, how="anti")])


def _counted_visits(scope: Scope) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Visits between covered pairs in covered years, at the year's last month, and the zeros of those years.

    Only sources that vouch for whole years are counted from: another list of the same journeys would count them twice.
    """
    complete = [row.source for row in scope.view.coverage() if row.kind == "CONSULT:visit" and row.absence == "zero"]
    frame = scope.statements("event", ("CONSULT",)).filter(pl.col("source").is_in(complete))
    frame = frame.filter(pl.col("mode").fill_null("") == "visit", pl.col("valid_from") >= scope.first)
    frame = frame.with_columns(month=pl.date(pl.col("valid_from").dt.year(), 12, 1))
    none = zeros(scope, "event", ("CONSULT:visit",), "visits", at="end")
    return frame.join(none.select(_PAIR_MONTH), on=_PAIR_MONTH, how="semi"), none


def arms(scope: Scope) -> pl.DataFrame:
    """Major arms delivered in the year either way: log(1 + TIV) / log(1 + 1000 million TIV), at the year's end."""
    frame = _flows(scope, "arms")
    total = pl.col("value").sum().over(_PAIR_MONTH)
    volume = (1.0 + total).log() / (1.0 + pl.lit(MUCH_ARMS)).log()
    given = _finish(frame.with_columns(value=volume * pl.col("value") / total), "arms")
    none = zeros(scope, "flow", ("arms",), "arms", at="end")
    return pl.concat([given, none.join(given.select(_PAIR_MONTH).unique(), on=_PAIR_MONTH, how="anti")])


def _flows(scope: Scope, kind: str) -> pl.DataFrame:
    """Flows of a kind by the last month of their period; one told by several sources counts once, as known last."""
    flows = scope.statements("flow", (kind,)).filter(pl.col("value") > 0.0, pl.col("valid_to") >= scope.first)
    flows = flows.with_columns(month=month_of("valid_to")).sort("known_from", "id")
    return flows.unique(["sender", "a", "b", "month"], keep="last", maintain_order=True)


def trade(scope: Scope) -> pl.DataFrame:
    """Trade of the year as a share of both states' trade: log10 of (T_ab / sqrt(T_a T_b)), plus 2 so that 1 % is zero.

    T_ab is exports both ways; T_a is all of a's exports and imports of the same year. A year in which either total or
    either direction is missing is missing.
    """
    both = _flows(scope, "exports").filter(pl.len().over(_PAIR_MONTH) == 2)
    totals = _totals(scope.view, scope.last)
    for side in ("a", "b"):
        both = both.join(totals.rename({"actor": side, "total": f"total_{side}"}), on=[side, "month"])
    pair = pl.col("value").sum().over(_PAIR_MONTH)
    share = (pair / (pl.col("total_a") * pl.col("total_b")).sqrt()).log10() + 2.0
    return _finish(both.with_columns(value=share * pl.col("value") / pair), "trade")


@lru_cache(maxsize=4)
def _totals(view: View, last: date) -> pl.DataFrame:
    """All exports and imports of each state by the last month of the period; missing unless both are known."""
    traits = view.statements("trait", kinds=("exports_total", "imports_total"), until=last)
    latest = (
        traits.filter(pl.col("valid_to").is_not_null())
        .with_columns(month=month_of("valid_to"))
        .sort("known_from", "id")
        .unique(["a", "kind", "month"], keep="last", maintain_order=True)
    )
    return (
        latest.group_by(actor="a", month="month")
        .agg(total=pl.col("value").sum(), both=pl.len())
        .filter(pl.col("both") == 2, pl.col("total") > 0.0)
        .drop("both")
    )


def opinion(scope: Scope) -> pl.DataFrame:
    """Mean share with a favourable view of the other state in the polls of the month, less one half; -0.5 to 0.5."""
    frame = scope.statements("attitude", ("favourable", "friendly")).drop_nulls("value")
    ends = pl.coalesce("valid_to", "valid_from")
    frame = _told_once(frame.filter(ends >= scope.first).with_columns(month=ends.dt.truncate("1mo")))
    return _finish(frame.with_columns(value=(pl.col("value") - 0.5) / pl.len().over(_PAIR_MONTH)), "opinion")


def _told_once(polls: pl.DataFrame) -> pl.DataFrame:
    """One poll told by two sources counts once: the same share of the same public in the same year, to a point.

    The telling with the shorter period is kept, which knows better when people were asked.
    """
    days = (pl.coalesce("valid_to", "valid_from") - pl.col("valid_from")).dt.total_days()
    same = ("sender", "a", "b", "kind", "_year", "_points")
    marked = polls.with_columns(
        _year=pl.col("month").dt.year(), _points=(pl.col("value") * 100.0).round().cast(pl.Int64), _days=days
    ).sort("_days", "source", "id")
    first = pl.col("source") == pl.col("source").first().over(same)
    return marked.filter(first).drop("_year", "_points", "_days")
