"""Every measure for every state, pair or set and year at once: the values of single answers, computed together.

A yearly figure is that of December, or of the last month of a year that is not over. What a single answer refuses is null
here, or has no row where there is not even a coverage to give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from multipolar.actors import get
from multipolar.errors import Refusal, UsageError
from multipolar.indicators.standing import imposed
from multipolar.measures import arrays
from multipolar.measures.capability import figures, weights
from multipolar.measures.cohesion_sanctions import kept_by, sanction_figure, standing, vouched
from multipolar.measures.cohesion_ties import share_known, within
from multipolar.measures.cohesion_votes import cast_by, vote_figures, window
from multipolar.measures.flows import flow_named, shares
from multipolar.measures.isolation import LEAST_COVERAGE
from multipolar.measures.model import Floats, Summary, mean_posterior, summary, units
from multipolar.measures.sets import StateSet, registered, state_set
from multipolar.record import View
from multipolar.ties import Ties
from multipolar.votes import Ballots, ballots, from_frame

#: Hedging is measured between these, the three states with the most nuclear warheads; of one of them between the others.
POWERS: Final = ("CHN", "RUS", "USA")
#: Sets with more members than this are no sets whose cohesion is asked for: nearly everybody.
LARGEST: Final = 100
_VOTES: Final = {"rollcall": pl.String(), "a": pl.String(), "choice": pl.String(), "date": pl.Date()}
_FIGURE: Final = {**dict.fromkeys(Summary._fields, pl.Float64()), "coverage": pl.Float64()}


class Table(NamedTuple):
    """The measures of all states and years.

    Attributes
    ----------
    isolation : DataFrame
        actor, year, value, lo50, hi50, lo90, hi90, coverage.
    dependence : DataFrame
        actor, on, year, amount, total, source, share, value, lo50, hi50, lo90, hi90: trade.
    hedging : DataFrame
        actor, year, value, lo50, hi50, lo90, hi90: between `POWERS`.
    cohesion : DataFrame
        set, by (``ties``, ``votes`` or ``sanctions``), year, members, value, lo50, hi50, lo90, hi90, coverage.
    """

    isolation: pl.DataFrame
    dependence: pl.DataFrame
    hedging: pl.DataFrame
    cohesion: pl.DataFrame


def table(ties: Ties, view: View, since: int | None = None, until: int | None = None) -> Table:
    """Every measure for every state, pair or registered set and year.

    Parameters
    ----------
    ties : Ties
    view : View
        Where the capabilities, flows and votes are.
    since, until : int, optional
        First and last year; those of the ties by default.

    Returns
    -------
    Table

    Raises
    ------
    UsageError
        If no month of the ties lies in these years.
    """
    months = year_months(ties, since, until)
    years = months[0].year, months[-1].year
    return Table(
        isolation_table(ties, view, months),
        dependence_table(view, since=years[0], until=years[1]),
        hedging_table(ties, months),
        cohesion_table(ties, view, months),
    )


def year_months(ties: Ties, since: int | None = None, until: int | None = None) -> list[date]:
    """The last month of each year of the ties.

    Raises
    ------
    UsageError
        If no month lies in these years.
    """
    first, last = ties.months[0].year, ties.months[-1].year
    of_year = {month.year: month for month in ties.months}
    found = [of_year[year] for year in range(max(first, since or first), min(last, until or last) + 1)]
    if not found:
        raise UsageError(
            f"expected years between {first} and {last}, got {since} to {until}",
            hint="An earlier window needs `since=` (`--since`); after its last month the record knows nothing yet.",
        )
    return found


def isolation_table(ties: Ties, view: View, months: Sequence[date], capability: str = "cinc") -> pl.DataFrame:
    """`isolation` of every state in each of some months; null where less than half of the capability is known."""
    known = figures(view, capability)
    states = sorted(ties.panel.scope.actors)
    rows = [row for month in months for row in _isolations(ties.at(month), known, states, month)]
    return pl.DataFrame(rows, schema={"actor": pl.String(), "year": pl.Int32(), **_FIGURE}, orient="row")


def _isolations(
    at: pl.DataFrame, known: pl.DataFrame, states: list[str], month: date
) -> list[tuple[str | float | None, ...]]:
    alive = [state for state in states if get(state).exists(month)]
    weighed = dict(weights(known, month, alive).select("actor", "weight").iter_rows())
    total = sum(weighed.values())
    mean, sd = _matrices(at, alive)
    weight = np.array([weighed.get(state, np.nan) for state in alive])
    rows: list[tuple[str | float | None, ...]] = []
    for place, state in enumerate(alive):
        others = total - weighed.get(state, 0.0)
        used = np.isfinite(mean[place]) & np.isfinite(weight)
        coverage = float(weight[used].sum() / others) if others > 0 else 0.0
        figure: tuple[float | None, ...] = (None,) * 5
        if coverage >= LEAST_COVERAGE:
            figure = _isolated(mean[place, used], sd[place, used], weight[used])
        rows.append((state, month.year, *figure, coverage))
    return rows


def _isolated(mean: Floats, sd: Floats, weight: Floats) -> Summary:
    return summary(arrays.isolation_normal(mean, sd, weight, units(mean.size)))


def _matrices(at: pl.DataFrame, states: list[str]) -> tuple[Floats, Floats]:
    """Means and standard deviations of ties by row and column of states; NaN where they are not known."""
    place = pl.DataFrame({"state": states, "place": range(len(states))}, schema={"state": pl.String, "place": pl.Int64})
    found = at.join(place.rename({"state": "a", "place": "row"}), on="a")
    found = found.join(place.rename({"state": "b", "place": "column"}), on="b")
    row, column = found["row"].to_numpy(), found["column"].to_numpy()
    both = np.full((2, len(states), len(states)), np.nan)
    for one, name in zip(both, ("mean", "sd"), strict=True):
        one[row, column] = one[column, row] = found[name].to_numpy()
    return both[0], both[1]


def dependence_table(
    view: View, flow: str = "trade", *, since: int | None = None, until: int | None = None
) -> pl.DataFrame:
    """`dependence` of every state on every partner and year for which the amount with it and the total are known."""
    known = shares(view, flow_named(flow), since=since, until=until)
    share = np.minimum(known["amount"].to_numpy() / known["total"].to_numpy(), 1.0)
    low, high = arrays.ELASTICITY_RANGE
    middle = arrays.ELASTICITY
    at = {"value": middle, "lo50": (middle + high) / 2, "hi50": (low + middle) / 2, "lo90": high, "hi90": low}
    values = {name: arrays.dependence(share, elasticity) for name, elasticity in at.items()}
    return known.with_columns(share=pl.Series(share), **{name: pl.Series(value) for name, value in values.items()})


def hedging_table(ties: Ties, months: Sequence[date], powers: Sequence[str] = POWERS) -> pl.DataFrame:
    """`hedging` of every state between some powers in each of some months, where its ties with all of them are known."""
    states = sorted(ties.panel.scope.actors)
    frames = [_hedgings(ties.at(month), states, month, sorted(set(powers))) for month in months]
    return pl.concat(frames).sort("actor", "year")


def _hedgings(at: pl.DataFrame, states: list[str], month: date, powers: list[str]) -> pl.DataFrame:
    mean, sd = _matrices(at, states)
    place = {state: n for n, state in enumerate(states)}
    schema = {"actor": pl.String(), "year": pl.Int32(), **dict.fromkeys(Summary._fields, pl.Float64())}
    frames = [pl.DataFrame(schema=schema)]
    for actors, between in _groups(states, powers):
        columns = [place[power] for power in between]
        rows = [place[actor] for actor in actors if np.isfinite(mean[place[actor], columns]).all()]
        if rows:
            cells = np.ix_(np.array(rows), np.array(columns))
            frames.append(_between(mean[cells], sd[cells], [states[row] for row in rows], month))
    return pl.concat(frames)


def _groups(states: list[str], powers: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Who hedges between whom: all others between the powers, each power between the others of them."""
    asked = [([state for state in states if state not in powers], powers)]
    asked += [([power], [other for other in powers if other != power]) for power in powers]
    yield from ((actors, between) for actors, between in asked if len(between) > 1 and {*actors, *between} <= {*states})


def _between(mean: Floats, sd: Floats, actors: list[str], month: date) -> pl.DataFrame:
    """Hedging of states by their ties with the powers, both of shape (states, powers)."""
    index = arrays.hedging(mean[:, None, :] + sd[:, None, :] * units(mean.shape[1]).T[None])
    lo90, lo50, hi50, hi90 = np.quantile(index, [0.05, 0.25, 0.75, 0.95], axis=1)
    value = index.mean(axis=1)
    frame = pl.DataFrame({"actor": actors, "value": value, "lo50": lo50, "hi50": hi50, "lo90": lo90, "hi90": hi90})
    year = pl.lit(month.year, pl.Int32).alias("year")
    return frame.select(pl.col("actor").cast(pl.String), year, *Summary._fields)


def cohesion_table(
    ties: Ties, view: View, months: Sequence[date], sets: Iterable[StateSet] | None = None
) -> pl.DataFrame:
    """`cohesion_ties`, `cohesion_votes` and `cohesion_sanctions` of sets in each of some months; null where refused.

    Parameters
    ----------
    ties : Ties
    view : View
        Where the votes are.
    months : sequence of date
    sets : iterable of StateSet, optional
        All that are registered by default, as long as they have 2 to `LARGEST` members.
    """
    chosen = tuple(registered() if sets is None else sets)
    at, scope = lru_cache(maxsize=1)(ties.at), ties.panel.scope
    cast, every = _cast(view, months), imposed(scope)
    kept_in = lru_cache(maxsize=1)(lambda month: standing(every, month))
    told_in = lru_cache(maxsize=1)(lambda month: vouched(scope, month))

    def by_ties(name: str, members: tuple[str, ...], month: date) -> tuple[float, ...]:
        known = within(at(month), members)
        coverage = share_known(known, members, name, month)
        return (*summary(mean_posterior(known["mean"].to_numpy(), known["sd"].to_numpy())), coverage)

    def by_votes(name: str, members: tuple[str, ...], month: date) -> tuple[float, ...]:
        mine = cast_by(cast, members, month)
        return (*vote_figures(mine)["agreement_index"], mine.coverage)

    def by_sanctions(name: str, members: tuple[str, ...], month: date) -> tuple[float, ...]:
        _, figure, coverage = sanction_figure(kept_by(kept_in(month), members), members, told_in(month), name, month)
        return (*figure, coverage)

    ways = {"ties": by_ties, "votes": by_votes, "sanctions": by_sanctions}
    rows = [
        (one.name, by, month.year, len(members), *_figure(way, one.name, members, month))
        for month in months
        for one in chosen
        if 2 <= len(members := one.members(month)) <= LARGEST
        for by, way in ways.items()
    ]
    schema = {"set": pl.String(), "by": pl.String(), "year": pl.Int32(), "members": pl.Int64(), **_FIGURE}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("set", "by", "year")


def cohesion_series(
    ties: Ties, view: View, actors: str | StateSet | Iterable[str], since: int | None = None, until: int | None = None
) -> pl.DataFrame:
    """How cohesive a set of states was year by year, with the members that it had then.

    Parameters
    ----------
    ties : Ties
    view : View
        Where the votes are.
    actors : str, StateSet or iterable of str
        An organisation, a set of `SETS`, or several states and organisations (see `state_set`).
    since, until : int, optional
        First and last year; those of the ties by default.

    Returns
    -------
    DataFrame
        As `Table.cohesion`; years in which it had fewer than two members have no row.
    """
    return cohesion_table(ties, view, year_months(ties, since, until), [state_set(actors)])


def _figure(
    way: Callable[[str, tuple[str, ...], date], tuple[float, ...]], name: str, members: tuple[str, ...], month: date
) -> tuple[float | None, ...]:
    try:
        return way(name, members, month)
    except Refusal:
        return (None,) * len(_FIGURE)


def _cast(view: View, months: Sequence[date]) -> Ballots:
    """All votes of the windows of some months; none where none is known."""
    try:
        return ballots(view, since=window(months[0])[0], until=window(months[-1])[1])
    except Refusal:
        return from_frame(pl.DataFrame(schema=_VOTES))
