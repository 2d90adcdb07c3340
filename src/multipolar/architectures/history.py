"""Alliances and wars of all states, before and after 1950: how many, how lasting, how often.

Jackson & Nei (2015, PNAS 112: 15277-15284, doi:10.1073/pnas.1520970112) find that alliances became more numerous and more lasting
after 1950, and wars between a pair of states rarer. `alliances` and `wars` count the same from the obligations (ATOP) and the
wars (Correlates of War) of a record.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from multipolar.architectures.arrays import onset_rate, partners_per_state, persistence
from multipolar.architectures.conflicts import faced
from multipolar.architectures.model import RUNG
from multipolar.architectures.standing import Told, in_system, told
from multipolar.errors import Refusal, UsageError
from multipolar.record import View

#: Kinds of obligation that make an alliance, by name: any, a promise to fight, a promise to defend.
ALLIANCES: Final = {"any": tuple(RUNG), "military": ("defence", "offence"), "defence": ("defence",)}
#: First and last years of the spans that are compared.
ALLIANCE_SPANS: Final = ((1816, 1950), (1951, 2003))
WAR_SPANS: Final = ((1820, 1949), (1950, 2000), (1820, 1959), (1960, 2000))
#: Years after which an alliance is looked for again.
LAGS: Final = (1, 5)


def alliances(
    view: View,
    *,
    spans: Iterable[tuple[int, int]] = ALLIANCE_SPANS,
    kinds: Iterable[str] = tuple(ALLIANCES),
    inside: bool = False,
) -> pl.DataFrame:
    """Alliances per state and how many of them last, in spans of years.

    Parameters
    ----------
    view : View
    spans : iterable of (int, int)
        First and last years.
    kinds : iterable of str
        Some of `ALLIANCES`.
    inside : bool
        Count only pairs of which both are in the system of states of the Correlates of War in the year. By default every pair
        that the record tells counts, over the number of states in the system.

    Returns
    -------
    DataFrame
        kind, first, last, states (mean), pairs (mean), per_state (mean over years of twice the pairs over the states),
        persistence_1 and persistence_5 (mean over years of the share of pairs standing that stand 1 and 5 years later, within the
        span). A pair counts in a year if an obligation stands on some day of it.

    Raises
    ------
    UsageError
        If a kind is unknown, or a span is shorter than `LAGS`.
    Refusal
        If no source lists all obligations of all states in a span.
    """
    known, rows = told(view), []
    for kind in kinds:
        if kind not in ALLIANCES:
            raise UsageError.unknown("kind of alliance", kind, ALLIANCES)
        for first, last in spans:
            _listed(
                known,
                ALLIANCES[kind],
                first,
                last,
                "obligation",
                "ATOP lists them from 1816 to 2018: `multipolar sources atop`.",
            )
            years = range(first, last + 1)
            standing, states = _standing(known, ALLIANCES[kind], years, inside), _states(years)
            rows.append(
                {
                    "kind": kind, "first": first, "last": last, "states": float(states.mean()),
                    "pairs": float(standing.sum(axis=1).mean()),
                    "per_state": float(partners_per_state(standing, states).mean()),
                    **{f"persistence_{lag}": float(np.nanmean(persistence(standing, lag))) for lag in LAGS},
                }
            )  # fmt: skip
    return pl.DataFrame(rows)


def wars(view: View, *, spans: Iterable[tuple[int, int]] = WAR_SPANS) -> pl.DataFrame:
    """Wars for each pair of states and year, in spans of years.

    Returns
    -------
    DataFrame
        first, last, pair_years (pairs of states of the system, over years), onsets (pairs on opposite sides of a war, in the year
        in which they first were), onset_rate (per pair and year), wars (that began), war_rate.

    Raises
    ------
    UsageError
        If a span is out of order.
    Refusal
        If no source lists all wars between states in a span.
    """
    known, rows = told(view), []
    for first, last in spans:
        _listed(
            known,
            ("war",),
            first,
            last,
            "war",
            "Correlates of War lists them from 1816 to 2007: `multipolar sources cow-war-inter`.",
        )
        fought = faced(known, ("war",)).filter(pl.col("x") < pl.col("y"))
        inside = pl.col("first").dt.year().is_between(first, last)
        onsets = fought.filter(inside).height
        began = fought.group_by("conflict").agg(pl.col("first").min()).filter(inside).height
        states = _states(range(first, last + 1))
        rows.append(
            {
                "first": first, "last": last, "pair_years": int((states * (states - 1) // 2).sum()), "onsets": onsets,
                "onset_rate": onset_rate(onsets, states), "wars": began, "war_rate": onset_rate(began, states),
            }
        )  # fmt: skip
    return pl.DataFrame(rows)


def _listed(known: Told, kinds: Iterable[str], first: int, last: int, what: str, hint: str) -> None:
    """Refuse a span in which silence does not mean that there was none."""
    if last < first:
        raise UsageError.dates_out_of_order(date(first, 1, 1), date(last, 12, 31), where="spans")
    complete = {
        row.kind for row in known.view.coverage()
        if row.form == "tie" and row.absence == "zero" and not row.actors
        and row.first <= date(first, 1, 1) and date(last, 12, 31) <= row.last
    }  # fmt: skip
    lacking = sorted(set(kinds) - complete)
    if lacking:
        raise Refusal(
            f"no source of this record lists every {what} of all states from {first} to {last} ({', '.join(lacking)})",
            hint=hint,
        )


def _states(years: range) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Number of states in the system of the Correlates of War on some day of each year."""
    return np.array([len(in_system(date(year, 1, 1), "cow", date(year, 12, 31))) for year in years], dtype=np.int64)


def _standing(
    known: Told, kinds: Iterable[str], years: range, inside: bool
) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Whether each pair is bound in each year, shape (years, pairs)."""
    ties = known.on(kinds, date(years[0], 1, 1), date(years[-1], 12, 31)).filter(pl.col("a") != pl.col("b"))
    pair = ties.select(
        pl.struct(pl.min_horizontal("a", "b").alias("p"), pl.max_horizontal("a", "b").alias("q")).rank("dense").alias("pair") - 1,
        p=pl.min_horizontal("a", "b"), q=pl.max_horizontal("a", "b"),
        begin=pl.col("valid_from").dt.year(), end=pl.col("until").dt.year(),
    )  # fmt: skip
    count = int(str(pair["pair"].max())) + 1 if pair.height else 0
    table = np.zeros((len(years), count), dtype=bool)
    for number, begin, end in pair.select("pair", "begin", "end").rows():
        table[max(0, begin - years[0]) : end - years[0] + 1, number] = True
    if inside:
        names = pair.unique("pair").sort("pair").select("p", "q").rows()
        for row, year in enumerate(years):
            here = in_system(date(year, 1, 1), "cow", date(year, 12, 31))
            table[row] &= np.array([p in here and q in here for p, q in names], dtype=bool)
    return table
