"""Who belongs to an architecture on a day: members of its bodies, as the record tells them, and states by name.

Where the record tells memberships of a body, they count, each to the end of what its source covers. Where it tells none
of a body, the table of organisations that comes with the package does (`multipolar.actors.organisations`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from multipolar.actors import get, memberships, organisation, organisations, states
from multipolar.actors.organisations import OBLIGATIONS, STATUSES
from multipolar.architectures.model import Architecture, Body
from multipolar.architectures.standing import Told
from multipolar.errors import Refusal, UsageError

#: What one spell of belonging is told by: columns of `spells`.
SPELL: Final = {
    "actor": pl.String(),
    "body": pl.String(),
    "status": pl.String(),
    "since": pl.Date(),
    "until": pl.Date(),
    "id": pl.String(),
}
#: The day up to which the table of organisations was compiled: who had not left by then is a member to that day.
COMPILED: Final = date(2026, 6, 30)
#: Status by the value of a membership, where its source has no word of ours for it.
_BY_VALUE: Final = {1.0: "member", 0.5: "associate", 0.25: "observer", 0.0: "suspended"}


@dataclass(frozen=True)
class Members:
    """Who belongs to an architecture on a day.

    Attributes
    ----------
    frame : DataFrame
        actor, bodies (ids, ``named`` for a state by name), since (the earliest day), suspended (bodies), ids; by actor.
    left_out : DataFrame
        actor, why: who is named and is no member on that day.
    near : DataFrame
        actor, body, status, since, id: who belongs to a body in another status.
    notes : tuple of str
    """

    frame: pl.DataFrame
    left_out: pl.DataFrame
    near: pl.DataFrame
    notes: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the members, sorted."""
        return tuple(self.frame["actor"])


def spells(told: Told, body: Body) -> pl.DataFrame:
    """Everybody's spells in a body, in any status: columns as `SPELL`.

    Of several sources of one body's memberships, that which goes by days is preferred to one that goes by years, as far as
    it reaches.

    Raises
    ------
    UsageError
        If neither the record nor the table of organisations knows the body.
    """
    return told.once(("spells", body.id), lambda: _spells(told, body.id))


def _spells(told: Told, body: str) -> pl.DataFrame:
    frame = told.ties(["membership"]).filter(pl.col("b") == body)
    if frame.is_empty():
        return _of_table(body)
    own = frame.filter(pl.col("source").str.starts_with(f"{body}:"))
    if own.height:
        looked = own["until"].max()
        frame = pl.concat([own, frame.filter(pl.lit(looked) < pl.col("valid_from"))])
    by_value = pl.col("value").replace_strict(_BY_VALUE, default="associate", return_dtype=pl.String)
    status = pl.when(pl.col("original").is_in(STATUSES)).then("original").otherwise(by_value)
    known = frame.filter(pl.col("a").is_in(_state_ids()))
    return known.select(
        actor="a", body="b", status=status, since="valid_from", until="until", id="id"
    ).sort("actor", "since", "status", "id")  # fmt: skip


def fellows(told: Told, actors: Collection[str] | None, day: date, only: Collection[str] = OBLIGATIONS) -> pl.DataFrame:
    """Pairs of states that owe each other something as members of one organisation: kind, id, p, q, ref.

    The obligations are those of the table of organisations; a suspended member owes nothing and is owed nothing.

    Parameters
    ----------
    told : Told
    actors : collection of str or None
        Pairs of these; None for everybody.
    day : date
    only : collection of str
        Kinds of obligation.

    Returns
    -------
    DataFrame
        A row for each of the two memberships that are told; `id` is null where the record tells of none.
    """
    every = told.once(("fellows", day), lambda: _fellows(told, day))
    chosen = every.filter(pl.col("kind").is_in(list(only)))
    if actors is None:
        return chosen
    return chosen.filter(pl.col("p").is_in(list(actors)) & pl.col("q").is_in(list(actors)))


def members(told: Told, wanted: Architecture, day: date) -> Members:
    """Who belongs to an architecture on a day.

    Raises
    ------
    UsageError
        If a body is not known.
    Refusal
        If nobody belongs to it on that day.
    """
    every = [spells(told, body) for body in wanted.bodies]
    now = [frame.filter(pl.col("since") <= day, pl.col("until") >= day) for frame in every]
    full, near, suspended = [], [], []
    for body, frame in zip(wanted.bodies, now, strict=True):
        chosen = pl.col("status").is_in(body.status)
        full.append(frame.filter(chosen))
        suspended.append(frame.filter(pl.col("status") == "suspended"))
        near.append(frame.filter(~chosen, pl.col("status") != "suspended"))
    named, left_out = _named(wanted, day)
    belongs = pl.concat([*full, named, _nobody()])
    lifted = pl.concat([*suspended, _nobody()])
    alive, gone = _existing(belongs, day)
    frame = (
        alive.group_by("actor")
        .agg(bodies=pl.col("body").unique().sort(), since=pl.col("since").min(), ids=pl.col("id").drop_nulls().unique().sort())
        .join(lifted.group_by("actor").agg(suspended=pl.col("body").unique().sort()), on="actor", how="left")
        .with_columns(pl.col("suspended").fill_null([]))
        .select("actor", "bodies", "since", "suspended", "ids")
        .sort("actor")
    )  # fmt: skip
    if frame.is_empty():
        raise Refusal(f"{wanted.name} has no members on {day}", hint=_begins(wanted, every))
    beside = pl.concat([*near, _nobody()]).filter(~pl.col("actor").is_in(frame["actor"].to_list()))
    return Members(
        frame,
        pl.concat([left_out, gone]).unique(maintain_order=True).sort("actor"),
        beside.drop("until").sort("actor", "body"),
        _notes(told, wanted, every, day, lifted),
    )


def several(told: Told, wanted: Architecture, day: date) -> Members | None:
    """The members on a day if there are two or more, who alone make pairs; else None.

    Days between which nobody's status changes have the same answer (notes are those of the first of them that was asked).
    """
    days = told.once(("status days", wanted), lambda: _status_days(told, wanted))
    return told.once(("several", wanted, bisect_right(days, day)), lambda: _several(told, wanted, day))


def _several(told: Told, wanted: Architecture, day: date) -> Members | None:
    try:
        who = members(told, wanted, day)
    except Refusal:
        return None
    return who if len(who.ids) > 1 else None


def _status_days(told: Told, wanted: Architecture) -> list[date]:
    """First days of anybody's new status in a body, or of existence, or of being named."""
    spans: set[tuple[date | None, date | None]] = {(state.first, state.last) for state in wanted.states}
    actors = {state.id for state in wanted.states}
    for frame in (spells(told, body) for body in wanted.bodies):
        spans |= set(frame.select("since", "until").rows())
        actors |= set(frame["actor"])
    spans |= {span for actor in actors for span in get(actor).existence()}
    ends = {last + timedelta(days=1) for _, last in spans if last is not None and last < date.max}
    return sorted({first for first, _ in spans if first is not None} | ends)


def last_day(told: Told, wanted: Architecture) -> date | None:
    """The last day on which members of every body that exists are known; None where no body limits it."""
    ends = []
    for body in wanted.bodies:
        looked = spells(told, body)["until"].max()
        known = {org.id: org for org in organisations()}.get(body.id)
        if isinstance(looked, date) and not (known and known.end and known.end <= looked):
            ends.append(looked)
    return min(ends, default=None)


def change_days(told: Told, wanted: Architecture) -> list[date]:
    """Days on which the membership of an architecture may change, first to last."""
    days: set[date] = set()
    for body in wanted.bodies:
        frame = spells(told, body).filter(pl.col("status").is_in(body.status))
        looked = frame["until"].max()
        days |= set(frame["since"])
        days |= set(frame.filter(pl.col("until") < pl.lit(looked))["until"].dt.offset_by("1d"))
    for state in wanted.states:
        spans = [(state.first, state.last), *get(state.id).existence()]
        days |= {first for first, _ in spans if first} | {last + timedelta(days=1) for _, last in spans if last}
    return sorted(days)


def _owing() -> pl.DataFrame:
    """Obligations between the members of each organisation: body, kind, first, last."""
    rows = [
        (org.id, each.kind, each.valid_from, each.valid_to or date.max)
        for org in organisations()
        for each in org.obligations
    ]
    return pl.DataFrame(rows, schema=["body", "kind", "first", "last"], orient="row")


def _fellows(told: Told, day: date) -> pl.DataFrame:
    owing = told.once("owing", _owing)
    kinds = owing.filter(pl.col("first") <= day, pl.col("last") >= day).select("body", "kind").unique()
    every = told.once("all spells", lambda: pl.concat([spells(told, Body(id)) for id in owing["body"].unique().sort()]))
    now = every.filter(pl.col("since") <= day, pl.col("until") >= day)
    lifted = now.filter(pl.col("status") == "suspended").select("actor", "body")
    mine = (
        now.filter(pl.col("status") == "member")
        .join(lifted, on=["actor", "body"], how="anti")
        .select("body", "actor", "id")
    )
    pairs = mine.join(mine, on="body", suffix="_q").filter(pl.col("actor") < pl.col("actor_q")).join(kinds, on="body")
    both = pairs.with_columns(id=pl.concat_list("id", "id_q")).explode("id", empty_as_null=False, keep_nulls=True)
    return both.select("kind", "id", p="actor", q="actor_q", ref="body")


def _of_table(body: str) -> pl.DataFrame:
    """Spells as the table of organisations has them, to the day of its compilation."""
    known = {org.id for org in organisations()}
    if body not in known:
        error = UsageError.unknown("organisation", body, known)
        raise UsageError(error.message, hint=f"The record tells of no members of it. {error.hint}")
    org = organisation(body)
    rows = [
        (row.member, row.org, row.status, row.valid_from, row.valid_to or org.end or COMPILED, None)
        for row in memberships(body)
        if row.member in _state_ids()
    ]
    return pl.DataFrame(rows, schema=SPELL, orient="row").sort("actor", "since", "status")


def _state_ids() -> frozenset[str]:
    return frozenset(state.id for state in states())


def _nobody() -> pl.DataFrame:
    return pl.DataFrame(schema=SPELL)


def _named(wanted: Architecture, day: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """States by name that are named for a day, and those that are not."""
    here = [state for state in wanted.states if state.holds(day)]
    rows = [
        (state.id, "named", "member", state.first or get(state.id).start, state.last or date.max, None)
        for state in here
    ]
    others = sorted({state.id for state in wanted.states} - {state.id for state in here})
    out = [(id, f"not named for {day}") for id in others]
    return pl.DataFrame(rows, schema=SPELL, orient="row"), _left_out(out)


def _existing(frame: pl.DataFrame, day: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    gone = sorted({actor for actor in frame["actor"] if not get(actor).exists(day)})
    alive = frame.filter(~pl.col("actor").is_in(gone))
    return alive, _left_out([(actor, f"did not exist on {day}") for actor in gone])


def _left_out(rows: list[tuple[str, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"actor": pl.String, "why": pl.String}, orient="row")


def _begins(wanted: Architecture, every: list[pl.DataFrame]) -> str:
    spans = [
        f"{body.id} from {frame['since'].min()!s} to {frame['until'].max()!s}"
        for body, frame in zip(wanted.bodies, every, strict=True)
        if frame.height
    ]
    told = f"Members are known of {', '.join(spans)}." if spans else "None of its states exists then."
    return f"{told} Choose another month."


def _notes(
    told: Told, wanted: Architecture, every: list[pl.DataFrame], day: date, lifted: pl.DataFrame
) -> tuple[str, ...]:
    notes = []
    for body, frame in zip(wanted.bodies, every, strict=True):
        first, last = frame["since"].min(), frame["until"].max()
        if isinstance(first, date) and day < first:
            notes.append(f"{body.id} had no members before {first}.")
        elif isinstance(last, date) and last < day:
            notes.append(f"Members of {body.id} are known to {last}, and left out after that.")
        if frame.height and frame["id"].null_count() == frame.height:
            notes.append(f"Members of {body.id} are those of the table of organisations: the record tells of none.")
    for actor, body in lifted.select("actor", "body").rows():
        notes.append(f"{actor} is a member of {body} and suspended.")
    return tuple(notes)
