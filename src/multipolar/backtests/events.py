"""Balance of reported events between two states in the next quarter, from GDELT's daily scores of pairs.

The **balance** of a quarter is the sum of a pair's daily scores over the sum of their sizes: 1 if all days were friendly, -1
if all were hostile. Rows are pairs with scores on at least ten days in the quarter and in the next. Tested from 2020 on, each
quarter learnt from all before it by a regression of the median.

The model has, each as of the end of the quarter: the balance; its average that forgets; balances pooled over the past (all of
it, and halving in two quarters), in which much-reported quarters count more; the same of either state with all others; how
much is reported; S and the distance of positions in UN votes. Nothing was chosen by trial.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.backtests.arrays.bootstrap import Ints
from multipolar.backtests.arrays.windows import Plan
from multipolar.backtests.model import MODEL, Design, Singles
from multipolar.backtests.positions import Votes, votes
from multipolar.errors import Refusal
from multipolar.record import View

NAME: Final = "events"
KEY: Final = "gdelt-pairs"
#: First quarter tested (four times the year, and 0 to 3).
FIRST: Final = 4 * 2020
WARM: Final = 4
LEAST_DAYS: Final = 10
RATE: Final = 0.35
#: What a pooled balance keeps of the past each quarter.
KEEP: Final = 0.5**0.5
FIELD: Final = "EWMA"
MODEL_USES: Final = ("balance", "average", "pooled", "recent", "of_both", "of_either", "volume", "s", "apart")


def design(view: View) -> Design:
    """The design, from a record.

    Raises
    ------
    Refusal
        If the record lacks a source that it needs, or reaches too few quarters.
    """
    quarters = _quarters(view)
    sums = [_quarter(view, each) for each in quarters]
    actors = tuple(sorted({name for frame in sums for side in "ab" for name in frame[side].unique()}))
    cast = votes(view, actors)
    parts = list(_rows(quarters, [_tables(frame, actors) for frame in sums], cast))
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    singles = {name: whole[name].astype(np.float32) for name in MODEL_USES}
    period = whole["period"].astype(np.int64)
    given = {"persistence": whole["balance"].astype(np.float64), FIELD: whole["average"].astype(np.float64)}
    fits = {"last S": ("s",), "ideal-point distance": ("apart",), MODEL: MODEL_USES}
    return Design(
        NAME, "Balance of reported events of a pair in the next quarter", "balance of events, -1 to 1",
        Plan(FIRST, quarters[-1] - 1, step=1, binary=False, median=True, warm=WARM), actors, whole["a"].astype(np.int64),
        whole["b"].astype(np.int64), period, whole["outcome"].astype(np.float64), singles, fits, FIELD,
        _last_year(period), given, whole["volume"].astype(np.float64),
    )  # fmt: skip


def _last_year(period: Ints) -> Ints:
    """The last year that was over at the end of a quarter."""
    return np.asarray(period // 4 - (period % 4 < 3), dtype=np.int64)


def _quarters(view: View) -> list[int]:
    """The quarters that lie inside what the source covers."""
    rows = [row for row in view.coverage() if row.source.startswith(KEY) and row.kind == "event_score"]
    if not rows:
        hint = "Ingest gdelt-pairs: `multipolar sources` tells where it is published."
        raise Refusal("this record has no daily scores of pairs", hint=hint)
    first, last = min(row.first for row in rows), max(row.last for row in rows)
    all_of_them = range(4 * first.year + (first.month - 1) // 3, 4 * last.year + 4)
    inside = [each for each in all_of_them if first <= _span(each)[0] and _span(each)[1] <= last]
    if len(inside) < 2 or inside[-1] <= FIRST:
        hint = "Ingest daily scores of more years."
        raise Refusal(f"daily scores end on {last}: too few quarters to test from {FIRST // 4} on", hint=hint)
    return inside


def _span(quarter: int) -> tuple[date, date]:
    """First and last day."""
    after = quarter + 1
    ends = date(after // 4, 3 * (after % 4) + 1, 1) - timedelta(days=1)
    return date(quarter // 4, 3 * (quarter % 4) + 1, 1), ends


def _quarter(view: View, quarter: int) -> pl.DataFrame:
    """Columns a, b, total, size (sum of absolute scores) and days of a quarter."""
    first, last = _span(quarter)
    frame = view.statements("flow", kinds=["event_score"], since=first, until=last)
    frame = frame.filter(pl.col("source").str.starts_with(KEY))
    score = pl.col("value")
    pairs = frame.select(pl.min_horizontal("a", "b").alias("a"), pl.max_horizontal("a", "b").alias("b"), score)
    return pairs.group_by("a", "b").agg(total=score.sum(), size=score.abs().sum(), days=pl.len())


def _tables(frame: pl.DataFrame, actors: tuple[str, ...]) -> Singles:
    """Total, size and days, shape (3, states, states), symmetric."""
    place = {name: number for number, name in enumerate(actors)}
    a, b = (frame[side].replace_strict(place, return_dtype=pl.Int64).to_numpy() for side in "ab")
    made = np.zeros((3, len(actors), len(actors)), dtype=np.float32)
    made[:, a, b] = made[:, b, a] = frame.select("total", "size", "days").to_numpy().T
    return made


def _rows(quarters: list[int], tables: list[Singles], cast: Votes) -> Iterator[dict[str, NDArray[Any]]]:
    shape = tables[0].shape[1:]
    pooled, recent = np.zeros((2, *shape), dtype=np.float32), np.zeros((2, *shape), dtype=np.float32)
    average = np.full(shape, np.nan, dtype=np.float32)
    for place, quarter in enumerate(quarters[:-1]):
        total, size, days = tables[place]
        balance = _share(total, size)
        pooled = pooled + tables[place][:2]
        recent = np.float32(KEEP) * recent + tables[place][:2]
        before = np.where(np.isfinite(average), average, balance)
        average = np.where(np.isfinite(balance), before + np.float32(RATE) * (balance - before), average)
        ahead = tables[place + 1]
        a, b = np.nonzero(np.triu((days >= LEAST_DAYS) & (ahead[2] >= LEAST_DAYS), 1))
        state = _share(recent[0].sum(axis=1), recent[1].sum(axis=1))
        year = int(_last_year(np.array([quarter]))[0])
        known = {
            "balance": balance, "average": average, "pooled": _share(*pooled), "recent": _share(*recent),
            "of_both": state[:, None] + state[None, :], "of_either": np.minimum(state[:, None], state[None, :]),
            "volume": np.log1p(size), "s": cast.alike(year), "apart": cast.apart(year), "outcome": _share(*ahead[:2]),
        }  # fmt: skip
        yield {"a": a, "b": b, "period": np.full(len(a), quarter), **{name: each[a, b] for name, each in known.items()}}


def _share(total: Singles, size: Singles) -> Singles:
    """Total as a share of the size, NaN where nothing was reported."""
    return np.where(size > 0, total / np.where(size > 0, size, 1.0), np.nan).astype(np.float32)
