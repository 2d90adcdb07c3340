"""Outsiders among the members: bases, troops, arms, defence pacts; and what members weigh and hold."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import polars as pl

from multipolar.architectures.depth import arms
from multipolar.architectures.indivisible import HELP
from multipolar.architectures.members import fellows
from multipolar.architectures.standing import Told
from multipolar.measures.capability import figures, weights
from multipolar.measures.model import Summary, bounds
from multipolar.panels.told import with_reach
from multipolar.record import View

#: A status that was last told this many days before counts as the last one told.
RECENT: Final = timedelta(days=3 * 365 + 1)
#: Value of `nuclear_status` of a state that holds nuclear weapons.
HELD: Final = 3.0


@dataclass(frozen=True)
class Capability:
    """What members weigh in the world: `summary` is None, and `why` says why, where no figure is known."""

    summary: Summary | None
    coverage: float
    by_actor: dict[str, float]
    ids: tuple[str, ...]
    why: str | None = None


def presence(told: Told, members: Collection[str], day: date) -> pl.DataFrame:
    """Outsiders among the members of an architecture on a day, as far as the record tells.

    Returns
    -------
    DataFrame
        outsider, member, what (``base``, ``troops``, ``defence`` for a pact to help in war, ``arms``), value (soldiers, or
        million TIV delivered to the member), since, ids. Sorted.
    """
    inside = list(members)
    posted = told.on(("base", "troops"), day).select(
        outsider="a", member="b", what="kind", since="valid_from", id="id",
        value=pl.when(pl.col("kind") == "troops").then("value"),
    )  # fmt: skip
    owed = told.on(HELP, day).select("a", "b", since="valid_from", id="id")
    common = fellows(told, None, day, HELP).select(a="p", b="q", since=pl.lit(None, pl.Date), id="id")
    pacts = pl.concat([owed, common])
    both = pl.concat([pacts, pacts.select(a="b", b="a", since="since", id="id")])
    bound = both.select(
        outsider="a", member="b", what=pl.lit("defence"), since="since", id="id", value=pl.lit(None, pl.Float64)
    )
    sold = arms(told.view, None, day).with_columns(to=pl.when(pl.col("of") == pl.col("p")).then("q").otherwise("p"))
    sold = sold.select(outsider="of", member="to", what="what", since="since", id="id", value="value")
    rows = pl.concat([posted, bound, sold], how="diagonal")
    rows = rows.filter(pl.col("member").is_in(inside), ~pl.col("outsider").is_in(inside))
    return (
        rows.group_by("outsider", "member", "what")
        .agg(pl.col("value").max(), pl.col("since").min(), ids=pl.col("id").drop_nulls().unique().sort())
        .sort("outsider", "member", "what")
    )


def by_outsider(found: pl.DataFrame) -> pl.DataFrame:
    """`presence` by outsider: outsider, base, troops, defence (members that host or are bound), arms (million TIV)."""
    count = [
        pl.col("member").filter(pl.col("what") == what).n_unique().alias(what) for what in ("base", "troops", "defence")
    ]
    tiv = pl.col("value").filter(pl.col("what") == "arms").sum().alias("arms")
    order = ["base", "troops", "defence", "arms"]
    return found.group_by("outsider").agg(*count, tiv).sort(*order, "outsider", descending=[*[True] * 4, False])


def capability(view: View, actors: tuple[str, ...], month: date) -> Capability:
    """Share of the world's capability (CINC) that some states hold, by the latest figures up to a month.

    The index is a share of the world already. Where a member's figure is not known, the share is at most what is given and
    what nobody's known figure accounts for.
    """
    known = _figures(view)
    mine = weights(known, month, actors)
    if mine.is_empty():
        return Capability(
            None, 0.0, {}, (), f"no capability (CINC) of a member is known for the years to {month:%Y-%m}"
        )
    share = float(mine["weight"].sum())
    lacking = len(set(actors)) > mine.height
    most = share + _unaccounted(known, month) if lacking else share
    by_actor = dict(mine.select("actor", "weight").rows())
    coverage = mine.height / len(set(actors))
    return Capability(bounds(share, share, most), coverage, by_actor, tuple(mine["id"]))


def nuclear(view: View, actors: Collection[str], day: date) -> pl.DataFrame:
    """States that hold nuclear weapons: actor, warheads, told_on (the last day up to `day` for which it is told), ids.

    A status whose source ends before the day counts as the last one told if that is at most `RECENT` ago; `told_on` says so.
    """
    traits = with_reach(view, "trait", view.statements("trait", kinds=("nuclear_status", "warheads"), until=day))
    mine = traits.filter(pl.col("a").is_in(list(actors)), pl.col("until") >= day - RECENT).with_columns(
        told_on=pl.min_horizontal("until", pl.lit(day))
    )
    latest = mine.sort("told_on", "valid_from", "known_from", "id").unique(
        ["a", "kind"], keep="last", maintain_order=True
    )
    held = latest.filter(pl.col("kind") == "nuclear_status", pl.col("value") == HELD)
    count = latest.filter(pl.col("kind") == "warheads").select("a", warheads="value", id_count="id")
    return (
        held.join(count, on="a", how="left")
        .select(
            actor="a", warheads="warheads", told_on="told_on", ids=pl.concat_list("id", "id_count").list.drop_nulls()
        )
        .sort("actor")
    )


def _unaccounted(known: pl.DataFrame, month: date) -> float:
    """Share of the world that no known figure accounts for."""
    every = weights(known, month, known["actor"].unique().to_list())
    return max(0.0, 1.0 - float(every["weight"].sum()))


@lru_cache(maxsize=8)
def _figures(view: View) -> pl.DataFrame:
    return figures(view, "cinc")
