"""Visits of a leader whom the International Criminal Court wants: to members and to others, before and after the warrant.

Members have to arrest a person whom the Court wants (Rome Statute, Art. 86 and 89); others have not. If that limits travel,
visits to members become rarer after the warrant than visits to others do. It is a soft limit: the answer counts, and lists
the visits to members that were paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl
from scipy.stats import fisher_exact
from scipy.stats.contingency import odds_ratio

from multipolar.actors import fold, leaders
from multipolar.errors import Refusal, UsageError
from multipolar.measures.arrays.counted import Interval, rate, rate_ratio, share
from multipolar.measures.entry import Entry
from multipolar.record import Coverage, View

COURT: Final = "ICC"
#: Level of all intervals.
LEVEL: Final = 0.9
YEAR: Final = 365.25
GROUPS: Final = ("members", "others")
PERIODS: Final = ("before", "after")
_ENDS: Final = {"lo90": pl.Float64(), "hi90": pl.Float64()}
_RATES: Final = {
    "hosts": pl.String(), "period": pl.String(), "visits": pl.Int64(), "years": pl.Float64(), "rate": pl.Float64(), **_ENDS,
}  # fmt: skip
_RATIOS: Final = {"hosts": pl.String(), "ratio": pl.Float64(), **_ENDS}
_SHARES: Final = {"period": pl.String(), "to_members": pl.Int64(), "visits": pl.Int64(), "share": pl.Float64(), **_ENDS}

TRAVEL: Final = Entry(
    name="travel",
    title="Travel of a wanted leader",
    definition="Visits a year by a head of state or government to members of the International Criminal Court and to others, "
    "before and after the Court's warrant, and how much rarer those to members became than those to others (odds ratio).",
    inputs="a leader, or a state; the first day counted",
    unit="visits a year; ratio",
    range="0 or more",
    interval="exact: Garwood 1936 for rates, Clopper & Pearson 1934 for shares, Przyborowski & Wilenski 1940 for ratios",
    source="ours",
    needs=(("event", ("CONSULT",)), ("trait", ("wanted_leader",)), ("tie", ("membership",))),
    refuses=(
        "no warrant on a head of state or government of the state is on record",
        "the rate, where no list of the leader's visits is complete (the visits on record are listed)",
    ),
)


@dataclass(frozen=True)
class Travel:
    """Visits before and after a warrant.

    Attributes
    ----------
    actor : str
        State.
    leader : str
        Whom the Court wants; empty if the table of leaders does not know.
    warrant : date
        Day of the warrant.
    complete : bool
        Whether a list of all visits reaches over the warrant. If not, nothing is counted, and `reason` says why.
    reason : str
    rates : DataFrame
        A row a group of hosts and period: hosts, period, visits, years, rate, lo90, hi90 (visits a year).
    ratios : DataFrame
        A row a group: hosts, ratio (rate after over rate before), lo90, hi90.
    shares : DataFrame
        A row a period: period, to_members, visits, share, lo90, hi90.
    odds : Interval or None
        Odds of a visit being to a member after the warrant over those before; below 1 if members were visited less.
    p : float or None
        Fisher's exact test of the odds, two-sided.
    visits : DataFrame
        Visits of the complete list, or else every visit on record: day, host, hosts (members or others), period (before or
        after the warrant), counted, text, source, id.
    ids : tuple of str
        The warrant, the visits, and the memberships of the hosts.
    notes : tuple of str
    """

    actor: str
    leader: str
    warrant: date
    complete: bool
    reason: str
    rates: pl.DataFrame
    ratios: pl.DataFrame
    shares: pl.DataFrame
    odds: Interval | None
    p: float | None
    visits: pl.DataFrame
    ids: tuple[str, ...]
    notes: tuple[str, ...]


def travel(view: View, actor: str, *, since: date | None = None) -> Travel:
    """Visits of a state's wanted leader to members of the Court and to others, before and after the warrant.

    Parameters
    ----------
    view : View
    actor : str
        Actor id of the state.
    since : date, optional
        First day counted; by default the first of the complete list.

    Returns
    -------
    Travel

    Raises
    ------
    UsageError
        If `since` is not before the warrant.
    Refusal
        If no warrant on a head of state or government is on record.
    """
    warrant = _warrant(view, actor)
    day = warrant["valid_from"]
    if since is not None and since >= day:
        raise UsageError.dates_out_of_order(since, day, where="since")
    row = _complete(view, actor, day)
    visits, membership = _visits(view, actor, row.source if row else None)
    ids = (warrant["id"], *visits["id"], *membership)
    leader = _leader(actor, day, warrant["text"])
    notes = (
        f"Hosts are members of the Court on the day of the visit. Wanted: {warrant['text'] or 'head of state or government'}.",
        "It is a soft limit: a visit to a member is not ruled out, nor is the lack of one due to the warrant alone. Wars, "
        "pandemics and sanctions changed travel too; other hosts, compared with members, share in these.",
    )
    if row is None:
        reason = (
            f"no list of the visits paid by the leader of {actor} is complete before and after {day}: a visit that is not on "
            "record may have been paid, so nothing is counted"
        )
        empty = [pl.DataFrame(schema=schema) for schema in (_RATES, _RATIOS, _SHARES)]
        seen = _dated(visits, None, day, None)
        return Travel(actor, leader, day, False, reason, empty[0], empty[1], empty[2], None, None, seen, ids, notes)
    first, last = max(row.first, since or row.first), min(row.last, warrant["valid_to"] or row.last)
    visits = _dated(visits, first, day, last)
    years = {"before": (day - first).days / YEAR, "after": ((last - day).days + 1) / YEAR}
    rates = _count(visits.filter("counted"), years)
    counted = f"Counted from {first} to {last}, from a list that its source calls complete ({row.source}: {row.note})."
    return Travel(actor, leader, day, True, "", rates, *_compared(rates), visits, ids, (counted, *notes))


def wanted(view: View) -> pl.DataFrame:
    """Heads of state and government under a warrant that is on record.

    Returns
    -------
    DataFrame
        Columns actor, leader (empty if the table of leaders does not know), warrant (day), ended (null: not), text, id.
    """
    known = view.statements("trait", kinds=("wanted_leader",)).filter(pl.col("value") > 0).sort("a", "valid_from", "id")
    rows = [
        (
            row["a"],
            _leader(row["a"], row["valid_from"], row["text"]),
            row["valid_from"],
            row["valid_to"],
            row["text"],
            row["id"],
        )
        for row in known.iter_rows(named=True)
    ]
    days = dict.fromkeys(("warrant", "ended"), pl.Date)
    schema = {"actor": pl.String, "leader": pl.String, **days, "text": pl.String, "id": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def wanted_state(view: View, name: str) -> str:
    """Id of the state whose leader bears a name and is under a warrant.

    Raises
    ------
    UsageError
        If nobody of that name is.
    """
    every = wanted(view)
    for actor, leader in every.select("actor", "leader").iter_rows():
        if fold(name) in map(fold, (leader, *leader.split())):
            return str(actor)
    raise UsageError.unknown(
        "state, or leader under a warrant of the Court", name, {*every["actor"], *every["leader"]} - {""}
    )


def _warrant(view: View, actor: str) -> dict[str, Any]:
    known = view.statements("trait", kinds=("wanted_leader",), actors=(actor,)).filter(pl.col("value") > 0)
    if known.is_empty():
        raise Refusal(
            f"no warrant of the International Criminal Court on a head of state or government of {actor} is on record on "
            f"{view.as_of}",
            hint="`multipolar statements trait --kind wanted_leader` lists those that are.",
        )
    return known.sort("valid_from", "id").row(0, named=True)


def _leader(actor: str, day: date, text: str | None) -> str:
    office = "head_of_government" if (text or "").startswith("head of government") else "head_of_state"
    return next((row.name for row in leaders(actor, day, office)), "")


def _complete(view: View, actor: str, day: date) -> Coverage | None:
    """The coverage of a complete list of the state's visits that reaches over a day."""
    rows = [
        row
        for row in view.coverage()
        if row.form == "event" and row.kind == "CONSULT:visit" and row.absence == "zero" and actor in row.actors
    ]
    return next((row for row in rows if row.first < day <= row.last), None)


def _visits(view: View, actor: str, source: str | None) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Visits paid, each with whether its host was a member of the Court on the day, and the memberships used."""
    paid = view.statements("event", kinds=("CONSULT",), actors=(actor,))
    paid = paid.filter(pl.col("mode") == "visit", pl.col("a") == actor, pl.col("b").is_not_null())
    if source is not None:
        paid = paid.filter(pl.col("source") == source)
    member = view.statements("tie", kinds=("membership",), actors=(COURT,))
    member = member.filter(pl.col("b") == COURT, pl.col("value") >= 1.0)
    spells = member.select(host="a", start="valid_from", end=pl.col("valid_to").fill_null(date.max), membership="id")
    visits = paid.select(day="valid_from", host="b", text="text", source="source", id="id")
    inside = visits.join(spells, on="host").filter(pl.col("day").is_between("start", "end"))
    hosts = pl.when(pl.col("id").is_in(inside["id"].to_list())).then(pl.lit("members")).otherwise(pl.lit("others"))
    return visits.with_columns(hosts=hosts).sort("day", "host", "id"), tuple(sorted(set(inside["membership"])))


def _dated(visits: pl.DataFrame, first: date | None, warrant: date, last: date | None) -> pl.DataFrame:
    """With the period of each visit, and whether it is counted."""
    period = pl.when(pl.col("day") < warrant).then(pl.lit("before")).otherwise(pl.lit("after"))
    counted = pl.lit(False) if first is None or last is None else pl.col("day").is_between(first, last)
    return visits.select(
        "day", "host", "hosts", period.alias("period"), counted.alias("counted"), "text", "source", "id"
    )


def _count(visits: pl.DataFrame, years: dict[str, float]) -> pl.DataFrame:
    rows = []
    for hosts in GROUPS:
        for period in PERIODS:
            number = visits.filter(pl.col("hosts") == hosts, pl.col("period") == period).height
            found = rate(number, years[period], LEVEL)
            rows.append((hosts, period, number, years[period], *found))
    return pl.DataFrame(rows, schema=_RATES, orient="row")


def _compared(rates: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, Interval | None, float | None]:
    """Ratios by group, shares by period, and the odds."""
    number = {
        (hosts, period): int(count) for hosts, period, count in rates.select("hosts", "period", "visits").iter_rows()
    }
    years = dict(rates.select("period", "years").unique().iter_rows())
    after, before = ({hosts: number[hosts, period] for hosts in GROUPS} for period in ("after", "before"))
    ratios = [
        (hosts, *rate_ratio(after[hosts], years["after"], before[hosts], years["before"], LEVEL)) for hosts in GROUPS
    ]
    totals = {"before": sum(before.values()), "after": sum(after.values())}
    members = {"before": before["members"], "after": after["members"]}
    shares = [
        (period, members[period], total, *share(members[period], total, LEVEL)) for period, total in totals.items()
    ]
    odds, p = _odds([list(after.values()), list(before.values())]) if all(totals.values()) else (None, None)
    return (
        pl.DataFrame(ratios, schema=_RATIOS, orient="row"),
        pl.DataFrame(shares, schema=_SHARES, orient="row"),
        odds,
        p,
    )


def _odds(table: list[list[int]]) -> tuple[Interval, float]:
    found = odds_ratio(table)
    ends = found.confidence_interval(LEVEL)
    return Interval(float(found.statistic), float(ends.low), float(ends.high)), float(fisher_exact(table)[1])
