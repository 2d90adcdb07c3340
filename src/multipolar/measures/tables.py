"""Every measure for every state, pair or set and year at once: the values of single answers, computed together.

A yearly figure is that of December, or of the last month of a year that is not over. What a single answer refuses is null
here, or has no row where there is not even a coverage to give.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from multipolar.actors import get
from multipolar.errors import Refusal, UsageError
from multipolar.indicators import Scope
from multipolar.indicators.standing import imposed
from multipolar.measures import arrays
from multipolar.measures.capability import figures, weights
from multipolar.measures.cohesion_sanctions import LEAST_KNOWN, imposed_by, mean_joined, standing, vouched, who_could
from multipolar.measures.cohesion_votes import agreements, counted, in_window, window
from multipolar.measures.flows import flow_named, shares
from multipolar.measures.isolation import LEAST_COVERAGE
from multipolar.measures.model import Floats, Summary, mean_posteriors, summaries, units
from multipolar.measures.sets import StateSet, registered, state_set
from multipolar.record import View
from multipolar.ties import Ties
from multipolar.votes import Ballots, ballots, from_frame

#: Hedging is measured between these, the three states with the most nuclear warheads; of one of them between the others.
POWERS: Final = ("CHN", "RUS", "USA")
#: Sets with more members than this are no sets whose cohesion is asked for: nearly everybody.
LARGEST: Final = 100
#: Years of flows that are put together at a time.
PIECE: Final = 8
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
    months, read = year_months(ties, since, until), Months(ties)
    years = months[0].year, months[-1].year
    return Table(
        isolation_table(read, view, months),
        dependence_table(view, since=years[0], until=years[1]),
        hedging_table(read, months),
        cohesion_table(read, view, months),
    )


class Months:
    """Ties as matrices of states month by month, each read once: for several tables of the same months.

    Attributes
    ----------
    scope : Scope
    states : list of str
        Ids, sorted: rows and columns.
    at : callable
        Means and standard deviations of the ties of a month, shape (2, states, states); NaN where they are not known.
    """

    def __init__(self, ties: Ties) -> None:
        self.scope = ties.panel.scope
        self.states = sorted(self.scope.actors)
        self.at = cache(lambda month: _matrices(ties.at(month), self.states))


def _read(ties: Ties | Months) -> Months:
    return ties if isinstance(ties, Months) else Months(ties)


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


def isolation_table(ties: Ties | Months, view: View, months: Sequence[date], capability: str = "cinc") -> pl.DataFrame:
    """`isolation` of every state in each of some months; null where less than half of the capability is known."""
    known = figures(view, capability)
    read = _read(ties)
    return pl.concat([_isolations(read, known, month) for month in months])


def _isolations(read: Months, known: pl.DataFrame, month: date) -> pl.DataFrame:
    exists = np.array([get(state).exists(month) for state in read.states], dtype=bool)
    alive = [state for state, there in zip(read.states, exists, strict=True) if there]
    weighed = dict(weights(known, month, alive).select("actor", "weight").iter_rows())
    total = sum(weighed.values())
    mean, sd = read.at(month)[:, exists][:, :, exists]
    weight = np.array([weighed.get(state, np.nan) for state in alive])
    found = np.full((len(alive), len(_FIGURE)), np.nan)
    shown: list[int] = []
    draws: list[Floats] = []
    for place, state in enumerate(alive):
        others = total - weighed.get(state, 0.0)
        used = np.isfinite(mean[place]) & np.isfinite(weight)
        found[place, -1] = weight[used].sum() / others if others > 0 else 0.0
        if found[place, -1] >= LEAST_COVERAGE:
            shown.append(place)
            unit = units(int(used.sum()))
            draws.append(arrays.isolation_normal(mean[place, used], sd[place, used], weight[used], unit))
    if shown:
        found[shown, :-1] = summaries(np.stack(draws))
    return _labelled({"actor": pl.Series(alive, dtype=pl.String), "year": _years([month] * len(alive))}, found)


def _labelled(labels: dict[str, pl.Series], found: Floats) -> pl.DataFrame:
    """Columns of `_FIGURE` with labels before them; null where NaN."""
    columns = dict(zip(_FIGURE, np.ascontiguousarray(found.T), strict=True))
    return pl.DataFrame({**labels, **columns}, nan_to_null=True)


def _years(months: Sequence[date]) -> pl.Series:
    return pl.Series([month.year for month in months], dtype=pl.Int32)


def _matrices(at: pl.DataFrame, states: list[str]) -> Floats:
    """Means and standard deviations of ties by row and column of states; NaN where they are not known."""
    place = pl.DataFrame({"state": states, "place": range(len(states))}, schema={"state": pl.String, "place": pl.Int64})
    found = at.join(place.rename({"state": "a", "place": "row"}), on="a")
    found = found.join(place.rename({"state": "b", "place": "column"}), on="b")
    row, column = found["row"].to_numpy(), found["column"].to_numpy()
    both = np.full((2, len(states), len(states)), np.nan)
    for one, name in zip(both, ("mean", "sd"), strict=True):
        one[row, column] = one[column, row] = found[name].to_numpy()
    return both


def dependence_table(
    view: View, flow: str = "trade", *, since: int | None = None, until: int | None = None
) -> pl.DataFrame:
    """`dependence` of every state on every partner and year for which the amount with it and the total are known."""
    chosen = flow_named(flow)
    pieces = [shares(view, chosen, since=first, until=last) for first, last in _pieces(since, until)]
    known = pl.concat(pieces).sort("actor", "on", "year")
    share = np.minimum(known["amount"].to_numpy() / known["total"].to_numpy(), 1.0)
    low, high = arrays.ELASTICITY_RANGE
    middle = arrays.ELASTICITY
    at = {"value": middle, "lo50": (middle + high) / 2, "hi50": (low + middle) / 2, "lo90": high, "hi90": low}
    values = {name: arrays.dependence(share, elasticity) for name, elasticity in at.items()}
    return known.with_columns(share=pl.Series(share), **{name: pl.Series(value) for name, value in values.items()})


def _pieces(since: int | None, until: int | None) -> list[tuple[int | None, int | None]]:
    """First and last years of pieces of `PIECE` years, each of which is quicker to put together than all at once."""
    if since is None or until is None:
        return [(since, until)]
    return [(first, min(first + PIECE - 1, until)) for first in range(since, until + 1, PIECE)]


def hedging_table(ties: Ties | Months, months: Sequence[date], powers: Sequence[str] = POWERS) -> pl.DataFrame:
    """`hedging` of every state between some powers in each of some months, where its ties with all of them are known."""
    read = _read(ties)
    return pl.concat([_hedgings(read, month, sorted(set(powers))) for month in months]).sort("actor", "year")


def _hedgings(read: Months, month: date, powers: list[str]) -> pl.DataFrame:
    states = read.states
    mean, sd = read.at(month)
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
    ties = mean[:, :, None] + sd[:, :, None] * units(mean.shape[1])
    found = summaries(arrays.hedging(np.moveaxis(ties, 1, -1)))
    frame = pl.DataFrame(dict(zip(Summary._fields, found.T.copy(), strict=True)))
    return frame.select(
        pl.Series("actor", actors, dtype=pl.String), pl.lit(month.year, pl.Int32).alias("year"), pl.all()
    )


def cohesion_table(
    ties: Ties | Months, view: View, months: Sequence[date], sets: Iterable[StateSet] | None = None
) -> pl.DataFrame:
    """`cohesion_ties`, `cohesion_votes` and `cohesion_sanctions` of sets in each of some months; null where refused.

    Parameters
    ----------
    ties : Ties or Months
    view : View
        Where the votes are.
    months : sequence of date
    sets : iterable of StateSet, optional
        All that are registered by default, as long as they have 2 to `LARGEST` members.
    """
    chosen = tuple(registered() if sets is None else sets)
    asked = [
        _Asked(one.name, month, members)
        for month in months
        for one in chosen
        if 2 <= len(members := one.members(month)) <= LARGEST
    ]
    read = _read(ties)
    by = {
        "ties": _by_ties(read, asked),
        "votes": _by_votes(_cast(view, months), asked),
        "sanctions": _by_sanctions(read.scope, asked),
    }
    labels = {
        "set": pl.Series([one.name for one in asked], dtype=pl.String),
        "year": _years([one.month for one in asked]),
        "members": pl.Series([len(one.members) for one in asked], dtype=pl.Int64),
    }
    frames = [_labelled(labels, found).with_columns(by=pl.lit(way)) for way, found in by.items()]
    return pl.concat(frames).select("set", "by", "year", "members", *_FIGURE).sort("set", "by", "year")


class _Asked(NamedTuple):
    """A set whose cohesion is asked for, with its members in that month."""

    name: str
    month: date
    members: tuple[str, ...]


def _by_month(asked: Sequence[_Asked]) -> Iterator[tuple[date, list[tuple[int, tuple[str, ...]]]]]:
    """Each month with the places and the members of its sets."""
    for month, some in groupby(enumerate(asked), key=lambda item: item[1].month):
        yield month, [(place, one.members) for place, one in some]


def _by_ties(read: Months, asked: Sequence[_Asked]) -> Floats:
    """`cohesion_ties` of each set, shape (sets, columns of `_FIGURE`); NaN where refused."""
    found = np.full((len(asked), len(_FIGURE)), np.nan)
    row = {state: n for n, state in enumerate(read.states)}
    shown: list[int] = []
    known: list[tuple[Floats, Floats]] = []
    for month, sets in _by_month(asked):
        both = read.at(month)
        for place, members in sets:
            inside = np.array([row[member] for member in members if member in row], dtype=np.int64)
            i, j = np.triu_indices(inside.size, 1)
            cells = both[:, inside[i], inside[j]]
            mean, sd = cells[:, np.isfinite(cells[0])]
            coverage = mean.size / (len(members) * (len(members) - 1) // 2)
            if coverage >= LEAST_COVERAGE:
                shown.append(place)
                known.append((mean, sd))
                found[place, -1] = coverage
    if shown:
        found[shown, :-1] = summaries(mean_posteriors(*zip(*known, strict=True)))
    return found


def _by_votes(cast: Ballots, asked: Sequence[_Asked]) -> Floats:
    """`cohesion_votes` of each set, shape (sets, columns of `_FIGURE`); NaN where refused."""
    found = np.full((len(asked), len(_FIGURE)), np.nan)
    shown: list[int] = []
    index: list[Floats] = []
    for month, sets in _by_month(asked):
        within = in_window(cast, month)
        for place, members in sets:
            counts, coverage = counted(within, members)
            enough = counts.sum(axis=-1) >= 2
            if enough.any():
                shown.append(place)
                index.append(arrays.vote_cohesion(counts[enough]).agreement)
                found[place, -1] = coverage
    found[shown, :-1] = agreements(index)
    return found


def _by_sanctions(scope: Scope, asked: Sequence[_Asked]) -> Floats:
    """`cohesion_sanctions` of each set, shape (sets, columns of `_FIGURE`); NaN where refused."""
    found = np.full((len(asked), len(_FIGURE)), np.nan)
    every = imposed(scope)
    for month, sets in _by_month(asked):
        kept, told_in = standing(every, month), vouched(scope, month)
        column = {sender: n for n, sender in enumerate(sorted({*kept["sender"], *_members(sets)}))}
        targets, imposes = imposed_by(kept, list(column))
        for place, members in sets:
            joined = imposes[:, [column[member] for member in members]]
            of = joined.any(axis=1)
            if not of.any():
                continue
            could, told, coverage = who_could(np.array(targets)[of].tolist(), members, told_in)
            if coverage >= LEAST_KNOWN:
                found[place] = (*mean_joined(arrays.joined(joined[of], told, could)), coverage)
    return found


def _members(sets: Iterable[tuple[int, tuple[str, ...]]]) -> set[str]:
    return {member for _, members in sets for member in members}


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


def _cast(view: View, months: Sequence[date]) -> Ballots:
    """All votes of the windows of some months; none where none is known."""
    try:
        return ballots(view, since=window(months[0])[0], until=window(months[-1])[1])
    except Refusal:
        return from_frame(pl.DataFrame(schema=_VOTES))
