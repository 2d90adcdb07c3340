"""Two states' obligations to each other on a day, and what was done when one of them fought while such an obligation stood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from multipolar.architectures.conflicts import FORCE, faced, in_force_before, owed, what_did
from multipolar.architectures.members import fellows
from multipolar.architectures.model import RUNG, RUNGS
from multipolar.architectures.reliability import published, reliability
from multipolar.architectures.standing import Told, told
from multipolar.errors import Refusal, UsageError
from multipolar.record import View

#: What is looked at as activation: wars, armed conflicts between states, and disputes with a use of force.
CONFLICTS: Final = ("war", "armed_conflict", "dispute")


@dataclass(frozen=True)
class Pact:
    """What two states owe each other, and the record of it.

    Attributes
    ----------
    a, b : str
    day : date
    obligations : DataFrame
        Every obligation between the two that is told: kind, rung, debtor and creditor (null where each owes the other),
        since, until (null where none is told), told_until (the last day on which it is known to stand), active (whether it
        stands on the day; null where that is not known), ref, source, text, ids. The newest first.
    active : bool or None
        Whether one stands on the day; None where that is not known.
    rung : str
        The deepest that is known to stand.
    cases : DataFrame
        Conflicts in which one of the two fought while an obligation between them stood before: day, until, conflict, kind,
        level, fought (who), foes, partner, did (one of `conflicts.DID`), joined_on, partner_level (of its own disputes with
        those foes; it may be below `FORCE`), owed (kinds, by the partner), ids.
    reliability : DataFrame
        See `reliability`; empty where the record has no alliances or no wars, and `notes` says so.
    published : DataFrame
        The published shares.
    notes : tuple of str
    """

    a: str
    b: str
    day: date
    obligations: pl.DataFrame
    active: bool | None
    rung: str
    cases: pl.DataFrame
    reliability: pl.DataFrame
    published: pl.DataFrame
    notes: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Statements that it rests on."""
        lists = [
            frame["ids"].explode(empty_as_null=False, keep_nulls=False) for frame in (self.obligations, self.cases)
        ]
        return tuple(sorted({id for ids in lists for id in ids}))


def pact(view: View, a: str, b: str, on: date | None = None) -> Pact:
    """What two states owe each other on a day, and what was done in past conflicts of either.

    Parameters
    ----------
    view : View
    a, b : str
        Ids of states.
    on : date, optional
        The day; by default the last one on which any obligation is known to stand.

    Raises
    ------
    UsageError
        If the two are the same, or the day is after that of the view.
    """
    if a == b:
        raise UsageError(f"expected two different states, got {a} twice", hint="A pact is between two states.")
    known = told(view)
    first, second = min(a, b), max(a, b)
    day = on or min(_last_told(known, first, second) or view.as_of, view.as_of)
    if day > view.as_of:
        raise UsageError.dates_out_of_order(day, view.as_of, where="on")
    every = _obligations(known, first, second, day)
    standing = every.filter(pl.col("active").fill_null(False))
    deepest = RUNGS[max((RUNG[kind] for kind in standing["kind"]), default=0)]
    counted, why = _counted(view)
    return Pact(
        first, second, day, every, _active(known, first, second, day, every), deepest, activations(view, first, second, day),
        counted, published(), _notes(known, first, second, day, every, why),
    )  # fmt: skip


def activations(view: View, a: str, b: str, until: date) -> pl.DataFrame:
    """Conflicts in which one of two states fought while the other owed it something (see `Pact.cases`)."""
    known = told(view)
    fought = faced(known, CONFLICTS, least=FORCE).filter(pl.col("first") <= until)
    mine = owed(known, RUNG).filter(pl.col("debtor").is_in([a, b]), pl.col("creditor").is_in([a, b]))
    entered = fought.filter(pl.col("x").is_in([a, b])).group_by("conflict", "x").agg(
        day=pl.col("first").min(), kind=pl.col("kind").sort().first(), level=pl.col("level").max(),
        ids_fight=pl.col("ids").list.explode(keep_nulls=False, empty_as_null=False).unique().sort(),
    )  # fmt: skip
    tested = (
        entered.join(mine.rename({"kind": "obligation"}), left_on="x", right_on="creditor")
        .filter(in_force_before())
        .group_by("conflict", "x", "debtor", "kind", "level")
        .agg(
            owed=pl.col("obligation").unique().sort(),
            ids=pl.col("id")
            .append(pl.col("ids_fight").list.explode(keep_nulls=False, empty_as_null=False))
            .unique()
            .sort(),
        )
        .rename({"x": "other", "debtor": "partner"})
    )
    found = _with_common_foes(what_did(fought, tested), faced(known, CONFLICTS).filter(pl.col("first") <= until))
    return found.select(
        "day", pl.col("last").alias("until"), "conflict", "kind", "level", pl.col("other").alias("fought"), "foes", "partner",
        "did", "joined_on", "partner_level", "owed", "ids",
    ).sort("day", "conflict", "fought")  # fmt: skip


def _last_told(known: Told, a: str, b: str) -> date | None:
    """The last day on which what the two owe each other is told, or, of two that owe nothing, what most others do."""
    ties = known.ties(RUNG).filter(~pl.col("over"))
    mine = ties.filter(pl.min_horizontal("a", "b") == a, pl.max_horizontal("a", "b") == b)
    days = (mine if mine.height else ties)["until"].mode().sort()
    return days[-1] if days.len() else None


def _with_common_foes(found: pl.DataFrame, fought: pl.DataFrame) -> pl.DataFrame:
    """Partners that faced the same foe at the same time, at whatever level, in a fight of another name or of none."""
    mine = fought.select(partner="x", foe="y", from_="first", to="last", partner_level="level")
    one = found.select("conflict", "other", "partner", "day", "last", foe=pl.col("foes")).explode(
        "foe", keep_nulls=False, empty_as_null=False
    )
    both = one.join(mine, on=["partner", "foe"]).filter(
        pl.col("from_") <= pl.col("last"), pl.col("to") >= pl.col("day")
    )
    since = both.group_by("conflict", "other", "partner").agg(
        common=pl.col("from_").min(), partner_level=pl.col("partner_level").max()
    )
    rows = found.join(since, on=["conflict", "other", "partner"], how="left", maintain_order="left")
    late = (pl.col("did") == "stayed out") & pl.col("common").is_not_null()
    return rows.with_columns(
        did=pl.when(late).then(pl.lit("faced the same foe")).otherwise("did"),
        joined_on=pl.when(late).then("common").otherwise("joined_on"),
    ).drop("common")


def _obligations(known: Told, a: str, b: str, day: date) -> pl.DataFrame:
    ties = known.ties(RUNG).filter(
        pl.min_horizontal("a", "b") == a, pl.max_horizontal("a", "b") == b, pl.col("valid_from") <= day
    )
    stands = pl.when(pl.col("until") >= day).then(True).when("over").then(False).otherwise(None)
    one_way = ~pl.col("mutual")
    own = ties.select(
        "kind",
        rung=pl.col("kind").replace_strict({kind: RUNGS[place] for kind, place in RUNG.items()}, return_dtype=pl.String),
        debtor=pl.when(one_way).then("a"), creditor=pl.when(one_way).then("b"),
        since="valid_from", until=pl.when("over").then("until"), told_until="until", active=stands,
        ref="ref", source="source", text="text", ids=pl.concat_list("id"),
    )  # fmt: skip
    told_of = set(own.drop_nulls("ref").select("kind", "ref").rows())
    common = fellows(known, [a, b], day).group_by("kind", "ref").agg(ids=pl.col("id").drop_nulls().unique().sort())
    through = common.filter(
        pl.Series([(kind, ref) not in told_of for kind, ref in common.select("kind", "ref").rows()], dtype=pl.Boolean)
    )
    members = through.select(
        "kind", "ref", "ids",
        rung=pl.col("kind").replace_strict({kind: RUNGS[place] for kind, place in RUNG.items()}, return_dtype=pl.String),
        active=pl.lit(True), source=pl.lit("organisations"), text=pl.format("Members of {}", "ref"),
    )  # fmt: skip
    return pl.concat([own, members], how="diagonal").sort("active", "since", "kind", descending=True, nulls_last=True)


def _active(known: Told, a: str, b: str, day: date, every: pl.DataFrame) -> bool | None:
    """True if one stands; False if every one told has ended and a source vouches that there is none; else not known."""
    if every["active"].any():
        return True
    vouched = all(known.none_known(kind, (a, b), day)[0, 1] for kind in ("defence", "nonaggression", "consultation"))
    return False if vouched and not every["active"].is_null().any() else None


def _counted(view: View) -> tuple[pl.DataFrame, str]:
    try:
        return reliability(view), ""
    except Refusal as error:
        return pl.DataFrame(), f"Reliability of obligations is not counted: {error.message}."


def _notes(known: Told, a: str, b: str, day: date, every: pl.DataFrame, why: str) -> tuple[str, ...]:
    notes = [why] if why else []
    open_ = every.filter(pl.col("active").is_null())
    if open_.height:
        notes.append(
            f"{open_.height} obligations are told to a day before {day} and not told to have ended: not known."
        )
    vouched = [
        kind for kind in ("defence", "nonaggression", "consultation") if known.none_known(kind, (a, b), day)[0, 1]
    ]
    lacking = [kind for kind in ("defence", "nonaggression", "consultation") if kind not in vouched]
    if lacking:
        notes.append(
            f"No source vouches that it lists every obligation of {', '.join(lacking)} between the two on {day}."
        )
    reach = known.reach(CONFLICTS)
    if reach is not None and reach < day:
        notes.append(f"Conflicts are told to {reach}.")
    return tuple(notes)
