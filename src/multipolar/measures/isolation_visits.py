"""Isolation by visits: the share of capability held by states whose leaders neither came nor were called on.

A visit that is not listed was not paid only where a list is complete. Each such list is of one traveller, so that of most
pairs only one direction is vouched for, or none; what is not vouched for is what the bounds are made of.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.errors import Refusal, UsageError
from multipolar.measures import arrays
from multipolar.measures.capability import figures, refuse_without, weights
from multipolar.measures.entry import Entry
from multipolar.measures.isolation import LEAST_COVERAGE, members_weighted, sides
from multipolar.measures.model import Measure, bounds
from multipolar.measures.sets import StateSet, state_set
from multipolar.record import Coverage, View

Way = Literal["either", "paid", "received"]
#: Years looked back on unless others are asked for.
YEARS: Final = 3

ISOLATION_BY_VISITS: Final = Entry(
    name="isolation_by_visits",
    title="Isolation by visits",
    definition=(
        "The share of capability that is held by states with which no visit of leaders was exchanged in the last years, "
        "either way or only paid or only received. Visits count only from lists that are complete."
    ),
    inputs="a state or a set of states, a month; perhaps from whom, how many years, which way, and what to weight by",
    unit="share of capability",
    range="0 (visits with everybody) to 1 (with nobody)",
    interval="bounds: the least and the most that visits outside of complete lists could make of it",
    source="ours; bounds after Manski 2003, Partial Identification of Probability Distributions",
    needs=(("event", ("CONSULT",)), ("trait", ("cinc",))),
    refuses=(
        "no capability is known within ten years",
        "complete lists of visits reach less than half of the capability",
    ),
)

Bools = NDArray[np.bool_]


def isolation_by_visits(
    view: View,
    states: Iterable[str],
    actors: str | StateSet | Iterable[str],
    month: date | None = None,
    *,
    from_: str | StateSet | Iterable[str] | None = None,
    capability: str = "cinc",
    years: int = YEARS,
    way: Way = "either",
) -> Measure:
    """How isolated a state or a set of states is by visits: the others' capability with which none was exchanged.

    Parameters
    ----------
    view : View
    states : iterable of str
        Ids of all states there are to be isolated from.
    actors : str, StateSet or iterable of str
        A state, an organisation, a set of `SETS`, or several of them.
    month : date, optional
        Any day of the month in which the years end; the last one that every complete list reaches by default.
    from_ : str, StateSet or iterable of str, optional
        From whom, less `actors` themselves; from all `states` by default.
    capability : {"cinc", "gdp", "gdp_ppp", "population", "military_spending"}
        What states are weighted by.
    years : int
        How many years to look back on, 1 or more.
    way : {"either", "paid", "received"}
        Visits that count: paid by the state, received by it, or both.

    Returns
    -------
    Measure
        `detail` has a row a partner: partner, weight, paid, received (visits in complete lists; null where no list is
        complete). `value` is the share without a visit among those with a complete list; the intervals are bounds that
        hold whatever the visits were of which no complete list tells. `coverage` is the share of the weights with a list.

    Raises
    ------
    UsageError
        If an argument is none of the above, or nobody is left to be isolated from.
    Refusal
        If no capability is known, or complete lists reach less than `LEAST_COVERAGE` of it.
    """
    if way not in get_args(Way):
        raise UsageError.unknown("way of visits", way, get_args(Way))
    if years < 1:
        raise UsageError(f"expected 1 year or more to look back on, got {years}", where="years")
    one = state_set(actors)
    month = month or last_listed(view)
    inside, outside = sides(one, from_, states, month)
    first, last = _window(month, years)
    known = figures(view, capability)
    mine, others = members_weighted(known, month, inside, capability), weights(known, month, outside)
    refuse_without(others, capability, month)
    rows, columns = mine["actor"].to_list(), others["actor"].to_list()
    lists = complete_lists(view, first, last)
    out, back = _vouched(lists, rows, columns), _vouched(lists, columns, rows).T
    visits = _visits(view, lists, first, last)
    paid, received = _counts(visits, rows, columns), _counts(visits, columns, rows).T
    seen = _seen(paid * out, received * back, way)
    told = {"either": out | back, "paid": out, "received": back}[way]
    whole = {"either": out & back, "paid": out, "received": back}[way]
    weight = np.outer(mine["weight"].to_numpy(), others["weight"].to_numpy())
    coverage = float(weight[told].sum() / weight.sum())
    if coverage < LEAST_COVERAGE:
        raise Refusal(
            f"complete lists of visits of the {years} years to {month:%Y-%m} reach {coverage:.0%} of the others' "
            f"{capability} for {one.name}, fewer than {LEAST_COVERAGE:.0%}",
            hint="Visits paid are known of the states whose lists are complete: `multipolar coverage`. Try way='paid' "
            "(`--way paid`), or an earlier month.",
        )
    value, low, high = (float(x) for x in arrays.unvisited(seen, told, whole, weight))
    out_of, into = (pl.col(one).is_in(rows) & pl.col(other).is_in(columns) for one, other in (("a", "b"), ("b", "a")))
    ids = visits.filter(out_of | into)["id"]
    return Measure(
        name="isolation_by_visits",
        unit=f"share of the others' {capability} without a visit {'either way' if way == 'either' else way} in {years} years",
        actor=one.name,
        month=month.replace(day=1),
        **bounds(value, low, high)._asdict(),
        coverage=coverage,
        detail=_partners(columns, weight, paid * out, received * back, out, back),
        ids=tuple(sorted({*ids, *others["id"], *mine["id"].drop_nulls()})),
        notes=_notes(lists, way),
        actors=() if one.single else tuple(inside),
        bounded=True,
    )


def last_listed(view: View) -> date:
    """The last month that every complete list of visits reaches.

    Raises
    ------
    Refusal
        If there is no such list.
    """
    ends: dict[tuple[str, tuple[str, ...]], date] = {}
    for row in _complete(view):
        ends[row.source, row.actors] = max(ends.get((row.source, row.actors), row.last), row.last)
    if not ends:
        raise Refusal("no complete list of visits is known", hint="Ingest one, or ask for isolation by ties.")
    after = min(ends.values()) + timedelta(days=1)
    return (after.replace(day=1) - timedelta(days=1)).replace(day=1)


def complete_lists(view: View, first: date, last: date) -> tuple[Coverage, ...]:
    """Lists of visits that vouch for every day from `first` to `last`; stretches that meet count as one."""
    spans: dict[tuple[str, tuple[str, ...], str], list[Coverage]] = {}
    for row in _complete(view):
        spans.setdefault((row.source, row.actors, row.role), []).append(row)
    return tuple(rows[0] for rows in spans.values() if _reaches(rows, first, last))


def _complete(view: View) -> list[Coverage]:
    return [row for row in view.coverage() if row.kind == "CONSULT:visit" and row.absence == "zero"]


def _reaches(rows: list[Coverage], first: date, last: date) -> bool:
    reached = first - timedelta(days=1)
    for row in sorted(rows, key=lambda row: row.first):
        if row.first <= reached + timedelta(days=1):
            reached = max(reached, row.last)
    return reached >= last


def _window(month: date, years: int) -> tuple[date, date]:
    """First and last day of the years that end with a month."""
    after = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return after.replace(year=after.year - years), after - timedelta(days=1)


def _vouched(lists: tuple[Coverage, ...], travellers: list[str], hosts: list[str]) -> Bools:
    """Whether some list tells every visit of a traveller (rows) to a host (columns)."""
    told = np.zeros((len(travellers), len(hosts)), dtype=bool)
    for row in lists:
        going = np.array([not row.actors or id in row.actors for id in travellers], dtype=bool)[:, None]
        hosting = np.array([not row.actors or id in row.actors for id in hosts], dtype=bool)[None, :]
        every = np.ones_like(told)
        told |= {"a": going & every, "b": hosting & every, "both": going & hosting, "any": going | hosting}[row.role]
    return told


def _visits(view: View, lists: tuple[Coverage, ...], first: date, last: date) -> pl.DataFrame:
    """Visits of a period in complete lists, as statements."""
    events = view.statements("event", kinds=("CONSULT",), since=first, until=last)
    listed = pl.col("source").is_in(sorted({row.source for row in lists}))
    began = pl.col("valid_from").is_between(first, last)
    return events.filter(pl.col("mode") == "visit", listed, began)


def _counts(visits: pl.DataFrame, travellers: list[str], hosts: list[str]) -> NDArray[np.float64]:
    """Visits of each traveller (rows) to each host (columns); of several lists the one that tells most."""
    row, column = {id: n for n, id in enumerate(travellers)}, {id: n for n, id in enumerate(hosts)}
    counts = np.zeros((len(travellers), len(hosts)))
    told = visits.group_by("a", "b", "source").len().group_by("a", "b").agg(pl.col("len").max())
    for a, b, count in told.iter_rows():
        if a in row and b in column:
            counts[row[a], column[b]] = count
    return counts


def _seen(paid: NDArray[np.float64], received: NDArray[np.float64], way: Way) -> Bools:
    counted = {"either": paid + received, "paid": paid, "received": received}[way]
    return np.asarray(counted > 0)


def _partners(
    columns: list[str],
    weight: NDArray[np.float64],
    paid: NDArray[np.float64],
    received: NDArray[np.float64],
    out: Bools,
    back: Bools,
) -> pl.DataFrame:
    """The outside, one row each; visits are null where no list is complete."""
    told = {"paid": (paid, out), "received": (received, back)}
    counts = {name: np.where(known.any(axis=0), visits.sum(axis=0), np.nan) for name, (visits, known) in told.items()}
    frame = pl.DataFrame({"partner": columns, "weight": weight.sum(axis=0) / weight.sum(), **counts}, nan_to_null=True)
    frame = frame.with_columns(pl.col("paid", "received").cast(pl.Int64))
    return frame.sort("weight", "partner", descending=[True, False])


def _notes(lists: tuple[Coverage, ...], way: Way) -> tuple[str, ...]:
    whose = sorted({actor for row in lists for actor in row.actors})
    told = f"Complete lists are of the visits of {', '.join(whose) or 'every state'}."
    rest = "A visit of another leader is not seen, and no partner counts as unvisited for want of a list."
    bound = "The interval runs from what it would be if all those visits had been paid to what it would be if none had."
    return (told, rest, bound)
