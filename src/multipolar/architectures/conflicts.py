"""Who fought whom, beside whom and since when: wars and disputes of a record, taken apart by conflict.

The record tells of pairs on opposite sides, not of sides. Two states are *beside* each other in a conflict if somebody faced
both of them, and *against* each other if they faced each other. Statements that name their conflict (`ref`: a war or dispute
number) are taken together by it; one that names none is a conflict of its own pair.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from multipolar.architectures.standing import Told

#: From this level of hostility a dispute is a use of force (Jones, Bremer & Singer 1996, CMPS 15: 163-213).
FORCE: Final = 4.0
#: What a partner did when the other fought: in the same conflict on the same side; in none; in one that has another name or
#: none, against the same foe at the same time; on the other side.
DID: Final = ("joined", "stayed out", "faced the same foe", "fought against")


def faced(told: Told, kinds: Iterable[str], *, least: float = 0.0) -> pl.DataFrame:
    """Who faced whom in each conflict, once from either side.

    Parameters
    ----------
    told : Told
    kinds : iterable of str
        Some of ``war``, ``armed_conflict`` and ``dispute``.
    least : float
        Leave out disputes below this level of hostility; one of unknown level is left out too if it is above 0.

    Returns
    -------
    DataFrame
        conflict, kind, x, y, first, last, level, ids; x faced y from the first to the last day that is told.
    """
    frame = told.ties(kinds).filter(pl.col("a") != pl.col("b"))
    if least > 0:
        frame = frame.filter((pl.col("kind") != "dispute") | (pl.col("value").fill_null(0.0) >= least))
    p, q = pl.min_horizontal("a", "b"), pl.max_horizontal("a", "b")
    named = frame.with_columns(conflict=pl.coalesce("ref", pl.format("{}-{} {}", p, q, "valid_from")))
    level = pl.when(pl.col("kind") == "dispute").then("value")
    there = named.select("conflict", "kind", "id", x="a", y="b", first="valid_from", last="until", level=level)
    both = pl.concat([there, there.rename({"x": "y", "y": "x"}).select(there.columns)])
    return (
        both.group_by("conflict", "kind", "x", "y")
        .agg(pl.col("first").min(), pl.col("last").max(), pl.col("level").max(), ids=pl.col("id").unique().sort())
        .sort("first", "conflict", "x", "y")
    )


def entries(fought: pl.DataFrame) -> pl.DataFrame:
    """First and last day of each state in each conflict: conflict, kind, x, first, last, foes, ids."""
    return (
        fought.group_by("conflict", "kind", "x")
        .agg(
            pl.col("first").min(),
            pl.col("last").max(),
            foes=pl.col("y").unique().sort(),
            ids=pl.col("ids").list.explode(keep_nulls=False, empty_as_null=False).unique().sort(),
        )
        .sort("first", "conflict", "x")
    )


def what_did(fought: pl.DataFrame, who: pl.DataFrame) -> pl.DataFrame:
    """What a partner did in the conflicts of another.

    Parameters
    ----------
    fought : DataFrame
        As `faced`.
    who : DataFrame
        conflict, other (the state that fights), partner, and whatever else.

    Returns
    -------
    DataFrame
        The rows of `who` with did (one of `DID`), day (the other's first day in it), last (its last), joined_on (the partner's
        first day in it, null if it stayed out), before (whether the partner was in it before the other), and foes of the other.
        A partner that faced the other fought against it, unless it had been beside it before.
    """
    other = entries(fought).select("conflict", other="x", day="first", last="last", foes="foes")
    mine = entries(fought).select("conflict", partner="x", joined_on="first")
    against = fought.select("conflict", other="x", partner="y", against_on="first")
    beside = _beside(fought)
    rows = (
        who.join(other, on=["conflict", "other"])
        .join(mine, on=["conflict", "partner"], how="left")
        .join(against, on=["conflict", "other", "partner"], how="left")
        .join(beside, on=["conflict", "other", "partner"], how="left")
    )
    hostile = pl.col("against_on").is_not_null() & (
        pl.col("beside_on").is_null() | (pl.col("against_on") <= pl.col("beside_on"))
    )
    helped = pl.col("beside_on").is_not_null()
    did = (
        pl.when(hostile)
        .then(pl.lit("fought against"))
        .when(helped)
        .then(pl.lit("joined"))
        .otherwise(pl.lit("stayed out"))
    )
    joined_on = pl.when(hostile | helped).then("joined_on")
    before = (pl.col("joined_on") < pl.col("day")).fill_null(False)
    return rows.with_columns(did=did, joined_on=joined_on, before=before).drop("against_on", "beside_on")


def _beside(fought: pl.DataFrame) -> pl.DataFrame:
    """Since when two states had a common foe in a conflict: conflict, other, partner, beside_on."""
    one = fought.select("conflict", "y", other="x", first_one="first", last_one="last")
    two = fought.select("conflict", "y", partner="x", first_two="first", last_two="last")
    both = one.join(two, on=["conflict", "y"]).filter(pl.col("other") != pl.col("partner"))
    start = pl.max_horizontal("first_one", "first_two")
    return both.group_by("conflict", "other", "partner").agg(beside_on=start.min())


def owed(told: Told, kinds: Iterable[str]) -> pl.DataFrame:
    """Who owed whom what, once for each direction in which it was owed: kind, debtor, creditor, since, until, ref, id."""
    ties = told.ties(kinds).select("kind", "a", "b", "mutual", "ref", "id", since="valid_from", until="until")
    one = ties.rename({"a": "debtor", "b": "creditor"})
    back = ties.filter("mutual").rename({"b": "debtor", "a": "creditor"})
    return pl.concat([one, back.select(one.columns)]).drop("mutual")


def in_force_before(day: str = "day") -> pl.Expr:
    """Whether an obligation had begun before a day and stood on it: one that a war brought about does not count."""
    return (pl.col("since") < pl.col(day)) & (pl.col("until") >= pl.col(day))
