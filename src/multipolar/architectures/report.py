"""An architecture in a month: who belongs to it, how deep they are bound, how they stand, and who stands outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl

from multipolar.architectures.depth import ARMS_YEARS, beside
from multipolar.architectures.members import Members, last_day, members
from multipolar.architectures.model import RUNGS, Architecture
from multipolar.architectures.pairs import (
    LEAST_COVERAGE,
    Pairs,
    depth_figures,
    month_end,
    of_ties,
    pairs_of,
    row,
    table,
    tie_figures,
    ties_at,
)
from multipolar.architectures.presence import capability, nuclear, presence
from multipolar.architectures.standing import Told, told
from multipolar.errors import Refusal
from multipolar.measures.model import bounds, summary
from multipolar.record import View
from multipolar.ties import Ties

#: How an architecture is read at each rung: article 002 has both "not burdened with obligations" and "reliable guarantees".
READINGS: Final = {
    "forum": "members meet in a body of the set",
    "consultation": "members have to consult",
    "nonaggression": "members have forsworn force against each other, or help to an attacker",
    "defence": "members have to help each other in war",
}


@dataclass(frozen=True)
class Report:
    """What holds an architecture together in a month.

    Attributes
    ----------
    architecture : Architecture
    month : date
        First day of the month; obligations and memberships are those of its last day.
    members : Members
    figures : DataFrame
        A row a figure: figure, unit, value, lo50, hi50, lo90, hi90, coverage, why (the reason where there is no value).
    matrix : DataFrame
        The coverage matrix: how many pairs are how deep (see `depth.matrix`).
    between : DataFrame
        A row a pair of members (see `Pairs`).
    readings : DataFrame
        The architecture read as a forum, and as each deeper thing up to an alliance: at each rung the pairs that are at
        least so deep, the members in them, their capability, and how they stand.
    beside : DataFrame
        Troops, bases, arms and economic agreements between members (see `depth.beside`).
    presence : DataFrame
        Outsiders among the members (see `presence`).
    nuclear : DataFrame
        Members that hold nuclear weapons: actor, warheads, told_on, ids.
    notes : tuple of str
    """

    architecture: Architecture
    month: date
    members: Members
    figures: pl.DataFrame
    matrix: pl.DataFrame
    between: pl.DataFrame
    readings: pl.DataFrame
    beside: pl.DataFrame
    presence: pl.DataFrame
    nuclear: pl.DataFrame
    capability_ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Ties that it rests on; their statements are behind it too."""
        return tuple(self.between.drop_nulls("mean").select("a", "b").rows())

    @property
    def ids(self) -> tuple[str, ...]:
        """Statements that it uses directly."""
        lists = [
            frame[name].explode(empty_as_null=False, keep_nulls=False)
            for frame, name in (
                (self.members.frame, "ids"), (self.between, "ids"), (self.between, "ids_against"), (self.beside, "ids"),
                (self.presence, "ids"), (self.nuclear, "ids"),
            )
        ]  # fmt: skip
        return tuple(sorted({id for ids in lists for id in ids} | set(self.capability_ids)))

    def value(self, figure: str) -> float | None:
        """One of the figures."""
        found: float | None = self.figures.filter(pl.col("figure") == figure)["value"].item()
        return found


def architecture(ties: Ties, view: View, wanted: Architecture, month: date | None = None) -> Report:
    """What holds a named set of institutions and states together in a month.

    Parameters
    ----------
    ties : Ties
    view : View
        Where memberships, obligations and the rest are.
    wanted : Architecture
    month : date, optional
        Any day of the month; by default the last one for which both ties and members are known.

    Returns
    -------
    Report

    Raises
    ------
    UsageError
        If a body is not known.
    Refusal
        If there are fewer than two members.
    """
    known = told(view)
    chosen = last_month(ties, known, wanted) if month is None else month.replace(day=1)
    day = month_end(chosen, view.as_of)
    who = at_least_two(wanted, members(known, wanted, day), day)
    found = pairs_of(known, ties_at(ties, chosen), who, day)
    return _report(known, ties, wanted, chosen, who, found)


def at_least_two(wanted: Architecture, who: Members, day: date) -> Members:
    """The members, if there are pairs of them.

    Raises
    ------
    Refusal
        If there is one only.
    """
    if len(who.ids) < 2:
        raise Refusal(
            f"{wanted.name} has one member on {day} ({', '.join(who.ids)}): depth, cohesion and the rest are of pairs",
            hint="Choose another month, or name more bodies or states.",
        )
    return who


def last_month(ties: Ties, known: Told, wanted: Architecture) -> date:
    """The last month of the ties to whose end the members of every body are known."""
    reach = last_day(known, wanted)
    months = [month for month in ties.months if reach is None or month_end(month, known.view.as_of) <= reach]
    return months[-1] if months else ties.months[-1]


def _report(known: Told, ties: Ties, wanted: Architecture, month: date, who: Members, found: Pairs) -> Report:
    view, day = known.view, found.day
    weight = capability(view, who.ids, month)
    armed = nuclear(view, who.ids, day)
    outside = presence(known, who.ids, day)
    deep, depth_matrix = depth_figures(known, who, found)
    rows = [
        row("members", "states", bounds(*[float(len(who.ids))] * 3)),
        row("pairs", "pairs of members", bounds(*[float(found.frame.height)] * 3)),
        row("capability", "share of the world's capability (CINC)", weight.summary, weight.coverage, weight.why),
        row("nuclear", "members that hold nuclear weapons", bounds(*[float(armed.height)] * 3)),
        *deep,
        *tie_figures(found),
        *_outside(outside, who),
    ]
    return Report(
        wanted, month, who, table(rows), depth_matrix, found.frame, readings(found, weight.by_actor),
        beside(known, who.ids, day), outside, armed, weight.ids,
        (*who.notes, *_notes(ties, month, who, found, armed)),
    )  # fmt: skip


def readings(found: Pairs, weights: dict[str, float]) -> pl.DataFrame:
    """The architecture read at each rung: the pairs that are at least so deep, their members, and how they stand.

    Returns
    -------
    DataFrame
        A row a rung from forum to defence: reading, meaning, pairs, share (of all pairs), members, capability (their share
        of the world's; of those that are known), and of cohesion and divided the value, lo90 and hi90 (null where fewer
        than `LEAST_COVERAGE` of the ties are known).
    """
    depth = found.frame["depth"].to_numpy()
    rows = []
    for place, rung in enumerate(RUNGS[1:], start=1):
        part = found.among(depth >= place)
        inside = sorted({*part.frame["a"], *part.frame["b"]})
        line: dict[str, Any] = {
            "reading": rung, "meaning": READINGS[rung], "pairs": part.frame.height,
            "share": part.frame.height / found.frame.height, "members": len(inside),
            "capability": sum(weights.get(actor, 0.0) for actor in inside),
        }  # fmt: skip
        rows.append(line | _standing(part))
    return pl.DataFrame(rows, infer_schema_length=None).with_columns(
        pl.col("^(cohesion|divided).*$").cast(pl.Float64), pl.col("capability").cast(pl.Float64)
    )


def _standing(part: Pairs) -> dict[str, float | None]:
    """Cohesion and division of some pairs."""
    known = part.tied
    draws = of_ties(part) if known.size and known.mean() >= LEAST_COVERAGE else {}
    line: dict[str, float | None] = {}
    for name in ("cohesion", "divided"):
        found = summary(draws[name]) if draws else None
        line |= {
            name: found.value if found else None,
            f"{name}_lo90": found.lo90 if found else None,
            f"{name}_hi90": found.hi90 if found else None,
        }
    return line


def _outside(outside: pl.DataFrame, who: Members) -> list[dict[str, Any]]:
    """Figures of the presence of outsiders: they count what is told, and no more."""
    units = {
        "base": "members that host a base of an outsider, as told",
        "troops": "members that host troops of an outsider, as told",
        "defence": "members to which an outsider is bound by a defence pact, as told",
        "arms": f"members to which an outsider delivered arms in {ARMS_YEARS} years, as told",
    }
    rows = []
    for what, unit in units.items():
        count = float(outside.filter(pl.col("what") == what, pl.col("member").is_in(who.ids))["member"].n_unique())
        rows.append(row(f"outside {what}", unit, bounds(count, count, float(len(who.ids)))))
    return rows


def _notes(ties: Ties, month: date, who: Members, found: Pairs, armed: pl.DataFrame) -> tuple[str, ...]:
    notes = [f"{actor}: {why}." for actor, why in who.left_out.rows()]
    if not ties.months[0] <= month <= ties.months[-1]:
        notes.append(f"Ties are known from {ties.months[0]:%Y-%m} to {ties.months[-1]:%Y-%m}: none of {month:%Y-%m}.")
    tied = found.frame.drop_nulls("mean")
    alone = sorted(set(who.ids) - set(tied["a"]) - set(tied["b"]))
    if alone:
        notes.append(f"No tie with another member is known of {', '.join(alone)}: no figure of ties has them.")
    sure = float((found.frame["dispute"] | found.frame["dispute_known"]).to_numpy().mean())
    if sure < 1:
        notes.append(
            f"It is known of {sure:.0%} of pairs whether a dispute is live; of the others only that none is told: dispute, pact "
            "and divided are at least what is given."
        )
    old = sorted(set(armed.filter(pl.col("told_on") < found.day)["told_on"].drop_nulls()))
    if old:
        notes.append(f"Who holds nuclear weapons was told up to {old[-1]}.")
    if not np.any(found.frame["exact"].to_numpy()):
        notes.append(
            "Of no pair is it known that it owes nothing deeper than is told: depths are at least what is given."
        )
    return tuple(notes)
