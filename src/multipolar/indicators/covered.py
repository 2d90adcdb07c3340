"""Where absence means zero: the pairs and years that a source says it covers completely."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import combinations

import polars as pl

from multipolar.actors import get
from multipolar.indicators.blocs import BLOCS, bloc_members
from multipolar.indicators.model import PART, Scope
from multipolar.record import Coverage, Form


def zeros(scope: Scope, form: Form, kinds: Iterable[str], indicator: str, *, at: str = "start") -> pl.DataFrame:
    """Parts of value 0 for every covered pair and year: a quiet year is one observation, not twelve.

    Parameters
    ----------
    scope : Scope
    form, kinds
        The statements whose absence is meant; one covered kind is enough.
    indicator : str
        Name to put in the rows.
    at : {"start", "end"}
        January or December of the year carries the zero.

    Returns
    -------
    DataFrame
        Parts with the id ``coverage:SOURCE``; a year counts only if the source covers all of it.
    """
    frames = [_of_row(scope, row, at) for row in _complete(scope, form, set(kinds))]
    frames = [frame for frame in frames if frame.height]
    if not frames:
        return pl.DataFrame(schema=PART)
    zeros_ = pl.concat(frames).unique(["a", "b", "month"], keep="first", maintain_order=True)
    return zeros_.with_columns(indicator=pl.lit(indicator), value=pl.lit(0.0)).select(list(PART))


def _complete(scope: Scope, form: Form, kinds: set[str]) -> list[Coverage]:
    rows = [row for row in scope.view.coverage() if row.form == form and row.absence == "zero"]
    return sorted((row for row in rows if not row.kind or row.kind in kinds), key=lambda row: (row.source, row.first))


def _of_row(scope: Scope, row: Coverage, at: str) -> pl.DataFrame:
    pairs = _pairs(scope, row)
    years = _years(max(row.first, scope.first), min(row.last, scope.last))
    if not pairs or not years:
        return pl.DataFrame()
    frame = pl.DataFrame(pairs, schema=["a", "b"], orient="row").join(
        pl.DataFrame(years, schema={"begin": pl.Date, "end": pl.Date}, orient="row"), how="cross"
    )
    lives = _lives(scope.paired)
    for side in ("a", "b"):
        frame = frame.join(lives.rename({"actor": side}), on=side).filter(
            (pl.col("born") <= pl.col("begin")) & (pl.col("end") <= pl.col("died").fill_null(date.max))
        )
        frame = frame.drop("born", "died").unique(["a", "b", "begin"], maintain_order=True)
    month = (pl.col("begin") if at == "start" else pl.col("end").dt.truncate("1mo")).alias("month")
    return frame.select("a", "b", month, pl.lit(f"coverage:{row.source}").alias("id"))


def _pairs(scope: Scope, row: Coverage) -> list[tuple[str, str]]:
    """Pairs whose absence the row vouches for; sender-side coverage holds for a pair if one of the two is covered.

    A bloc that is covered covers its members of the whole interval.
    """
    inside = set(row.actors or scope.paired)
    if inside & set(BLOCS):
        members = bloc_members(scope).filter(pl.col("begins") <= row.first, pl.col("ends") >= row.last.replace(day=1))
        inside |= set(members.filter(pl.col("b").is_in(sorted(inside)))["a"])
    enough = 2 if row.role == "both" else 1
    pairs = combinations(sorted(scope.paired), 2)
    return [(a, b) for a, b in pairs if (a in inside) + (b in inside) >= enough]


def _years(first: date, last: date) -> list[tuple[date, date]]:
    """Whole years inside first..last, as (first day, last day)."""
    spans = [(date(year, 1, 1), date(year, 12, 31)) for year in range(first.year, last.year + 1)]
    return [(begin, end) for begin, end in spans if first <= begin and end <= last]


def _lives(actors: tuple[str, ...]) -> pl.DataFrame:
    rows = [(actor, born, died) for actor in actors for born, died in get(actor).existence()]
    return pl.DataFrame(rows, schema={"actor": pl.String, "born": pl.Date, "died": pl.Date}, orient="row")
