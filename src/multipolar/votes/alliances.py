"""How alike the alliances of two states are: similarity of what each has with every state of the system.

The **portfolio** of a state in a year is the level of its deepest alliance with each state, in whichever of the two
directions it is owed: 3 defence or offence, 2 neutrality or nonaggression, 1 consultation, 0 none, and 3 with itself
(Signorino & Ritter 1999, International Studies Quarterly 43: 115-144, with ATOP's obligations in place of the types of
the Correlates of War). The system is that of the Correlates of War, whose members ATOP counts.

An obligation counts in a year if it was in force on any day of it. Where no source says that it lists all obligations of
a year, nothing can be said of that year.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.actors import states
from multipolar.errors import Refusal, UsageError
from multipolar.record import View
from multipolar.votes.arrays import similarity as arrays

#: Level of each kind of obligation, and of a state with itself.
LEVELS: Final = {"defence": 3, "offence": 3, "neutrality": 2, "nonaggression": 2, "consultation": 1}
SELF: Final = 3
#: The measures, by the names that votes give them too.
MEASURES: Final = ("agreement", "s", "s_squared", "kappa", "pi", "tau_b", "a_score")
Weights = Literal["cinc"]
#: First year of the state table.
FIRST: Final = 1816


def alliance_similarity(
    view: View,
    years: int | Iterable[int],
    *,
    weights: Weights | None = None,
    measures: Iterable[str] = MEASURES,
) -> pl.DataFrame:
    """Similarity of the alliance portfolios of all pairs of states in some years, as known on the day of the view.

    Parameters
    ----------
    view : View
    years : int or iterable of int
    weights : {"cinc"}, optional
        Weigh each partner by its composite index of national capability of that year. Partners whose index is not known
        are left out of the portfolios of that year: `partners` says how many are in.
    measures : iterable of str
        Some of `MEASURES`.

    Returns
    -------
    DataFrame
        Columns a < b (ids), year, partners (states that the two portfolios are about), and the measures; sorted by year,
        a and b. A measure that is not defined is null.

    Raises
    ------
    UsageError
        If a measure or `weights` is not known, or a year lies before 1816 or has not ended on the day of the view.
    Refusal
        If no source lists all obligations of a year, or no state's capability is known in it.
    """
    wanted = (measures,) if isinstance(measures, str) else tuple(dict.fromkeys(measures))
    for name in wanted:
        if name not in MEASURES:
            raise UsageError.unknown("measure of similarity", name, MEASURES)
    if weights not in (None, "cinc"):
        raise UsageError.unknown("weight of partners", weights, ("cinc",))
    asked = sorted({years} if isinstance(years, int) else set(years))
    for year in asked:
        _check(view, year)
    ties = view.statements("tie", kinds=LEVELS) if asked else pl.DataFrame()
    frames = [_year(view, ties, year, wanted, weights) for year in asked]
    schema = {"a": pl.String, "b": pl.String, "year": pl.Int32, "partners": pl.Int32}
    return pl.concat(frames) if frames else pl.DataFrame(schema=schema | dict.fromkeys(wanted, pl.Float64))


def portfolios(view: View, year: int) -> tuple[tuple[str, ...], NDArray[np.int8]]:
    """States of a year, sorted, and the level of each one's alliance with each; shape (states, states), symmetric.

    Raises
    ------
    UsageError
        If the year lies before 1816 or has not ended on the day of the view.
    Refusal
        If no source lists all obligations of the year.
    """
    _check(view, year)
    return levels_between(view.statements("tie", kinds=LEVELS), *_days(year))


def system(first: date, last: date) -> tuple[str, ...]:
    """States with a code of the Correlates of War on some day of a span, by id."""
    return tuple(sorted({id for id, start, end in _members() if start <= last and (end is None or end >= first)}))


@lru_cache(maxsize=1)
def _members() -> tuple[tuple[str, date, date | None], ...]:
    spells = ((actor.id, spell) for actor in states() for spell in actor.spells)
    return tuple((id, spell.start, spell.end) for id, spell in spells if spell.codes.cow is not None)


def listed(view: View, first: date, last: date) -> tuple[str, ...]:
    """Sources that list all obligations of a span, by key; none if of some kind no source does."""
    rows = [
        row for row in view.coverage()
        if row.form == "tie" and row.absence == "zero" and not row.actors and row.first <= first and last <= row.last
    ]  # fmt: skip
    if not {row.kind for row in rows} >= set(LEVELS):
        return ()
    return tuple(sorted({row.source for row in rows if row.kind in LEVELS}))


def levels_between(ties: pl.DataFrame, first: date, last: date) -> tuple[tuple[str, ...], NDArray[np.int8]]:
    """States of a span of days, sorted, and the level of the deepest obligation between each two on any day of it.

    Parameters
    ----------
    ties : DataFrame
        Statements of the kinds in `LEVELS`.
    first, last : date
        The span.

    Returns
    -------
    tuple of str, array of int8, shape (states, states)
    """
    members = system(first, last)
    here = in_force(ties, first, last).filter(pl.col("a").is_in(members) & pl.col("b").is_in(members))
    place = {name: number for number, name in enumerate(members)}
    one, other = (here[side].replace_strict(place, return_dtype=pl.Int64).to_numpy() for side in ("a", "b"))
    levels = np.zeros((len(members), len(members)), dtype=np.int8)
    np.maximum.at(levels, (one, other), here["kind"].replace_strict(LEVELS, return_dtype=pl.Int8).to_numpy())
    levels = np.maximum(levels, levels.T)
    np.fill_diagonal(levels, SELF)
    return members, levels


def in_force(ties: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """Ties in force on any day of a span."""
    ends = pl.col("valid_to").is_null() | (pl.col("valid_to") >= first)
    return ties.filter((pl.col("valid_from") <= last) & ends)


def measured(
    levels: NDArray[np.int8], wanted: Iterable[str] = MEASURES, weights: NDArray[np.float64] | None = None
) -> dict[str, NDArray[np.float64]]:
    """Measures of all pairs of portfolios; by name, shape (pairs,), pairs as `arrays.similarity.pairs_of`."""
    tables = arrays.portfolio_tables(levels, SELF, weights)
    return {name: _measure(name, tables) for name in wanted}


def _days(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _check(view: View, year: int) -> None:
    if year < FIRST:
        raise UsageError(f"expected a year from {FIRST} on, got {year}", where="years", hint="States begin in 1816.")
    if date(year, 12, 31) > view.as_of:
        raise UsageError.future_date(date(year, 12, 31), view.as_of, where="years")
    if not listed(view, *_days(year)):
        raise Refusal(
            f"no source of this record lists all obligations of {year} ({', '.join(LEVELS)})",
            hint="ATOP lists them from 1816 to 2018: `multipolar sources atop`. Or choose another year.",
        )


def _year(view: View, ties: pl.DataFrame, year: int, wanted: tuple[str, ...], weights: Weights | None) -> pl.DataFrame:
    members, levels = levels_between(ties, *_days(year))
    weight = None
    known = np.ones(len(members), dtype=bool)
    if weights == "cinc":
        capability = _capability(view, year, members)
        known = np.isfinite(capability)
        weight = capability[known]
    one, other = arrays.pairs_of(len(members))
    names = pl.Series(members, dtype=pl.String)
    columns = {
        "a": names.gather(one),
        "b": names.gather(other),
        "year": pl.repeat(year, one.size, dtype=pl.Int32, eager=True),
        "partners": pl.repeat(int(known.sum()), one.size, dtype=pl.Int32, eager=True),
    }
    found = measured(levels[:, known], wanted, weight)
    return pl.DataFrame(columns | {name: pl.Series(value, nan_to_null=True) for name, value in found.items()})


def _measure(name: str, tables: NDArray[np.float64]) -> NDArray[np.float64]:
    if name == "s_squared":
        return arrays.s_score(tables, "squared")
    found = {
        "agreement": arrays.agreement, "s": arrays.s_score, "kappa": arrays.kappa, "pi": arrays.pi, "tau_b": arrays.tau_b,
        "a_score": arrays.above_chance,
    }  # fmt: skip
    return found[name](tables)


def _capability(view: View, year: int, members: tuple[str, ...]) -> NDArray[np.float64]:
    """Index of national capability of each state in a year, NaN where not known; shape (states,)."""
    traits = view.statements("trait", kinds=["cinc"], since=date(year, 1, 1), until=date(year, 12, 31))
    newest = traits.drop_nulls("value").sort("known_from", "source").unique("a", keep="last")
    given = dict(newest.select("a", "value").rows())
    if not any(name in given for name in members):
        hint = "Ingest a source of capabilities, `multipolar sources nmc`, or leave out the weights."
        raise Refusal(f"no state's capability in {year} is known on {view.as_of}", hint=hint)
    return np.array([given.get(name, np.nan) for name in members], dtype=np.float64)
