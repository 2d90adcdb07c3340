"""Two or more architectures side by side: who is in several, how those inside one stand to those inside another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any, Final

import numpy as np
import polars as pl

from multipolar.architectures.indivisible import HELP
from multipolar.architectures.members import Members, fellows, members
from multipolar.architectures.model import RUNGS, Architecture
from multipolar.architectures.pairs import (
    LEAST_COVERAGE,
    Pairs,
    covered,
    found,
    month_end,
    of_ties,
    pairs_of,
    row,
    table,
    ties_at,
)
from multipolar.architectures.report import Report, architecture, at_least_two, last_month
from multipolar.architectures.standing import Told, told
from multipolar.errors import UsageError
from multipolar.measures.model import bounds
from multipolar.record import View
from multipolar.ties import Ties

#: Figures of pairs across two architectures.
ACROSS: Final = {
    "tension": "mean tie of the pairs across",
    "negative": "share of pairs across with a negative tie",
    "dispute": "share of pairs across with a live dispute",
}


@dataclass(frozen=True)
class Comparison:
    """Architectures side by side in a month.

    Attributes
    ----------
    month : date
    reports : tuple of Report
        Each by itself.
    overlap : DataFrame
        A row a pair of architectures: one, other, members_one, members_other, both (ids), jaccard (both over either).
    across : DataFrame
        Figures of the pairs of a state inside one only and a state inside the other only: one, other, and the columns of
        figures; `tension` below zero is hostile, and shares at each rung tell what holds the two together.
    feet : DataFrame
        States with a foot in another architecture: actor, inside, other, how, with, since, ids.
    """

    month: date
    reports: tuple[Report, ...]
    overlap: pl.DataFrame
    across: pl.DataFrame
    feet: pl.DataFrame


def compare(ties: Ties, view: View, wanted: Sequence[Architecture], month: date | None = None) -> Comparison:
    """Two or more architectures side by side in a month.

    Parameters
    ----------
    ties : Ties
    view : View
    wanted : sequence of Architecture
    month : date, optional
        Any day of the month; by default the last one for which the members of all are known.

    Raises
    ------
    UsageError
        If fewer than two are named, or one twice.
    Refusal
        If one of them has fewer than two members.
    """
    names = [each.name for each in wanted]
    if len(names) < 2 or len(set(names)) < len(names):
        raise UsageError(
            f"expected two or more different architectures, got {', '.join(names)}",
            hint="As in `--with euro-atlantic`.",
        )
    known = told(view)
    chosen = min(last_month(ties, known, each) for each in wanted) if month is None else month.replace(day=1)
    reports = tuple(architecture(ties, view, each, chosen) for each in wanted)
    overlap, across, feet = [], [], []
    for one, other in combinations(reports, 2):
        overlap.append(_overlap(one, other))
        across += _across(known, ties, one, other)
        feet += [_feet(known, one, other), _feet(known, other, one)]
    return Comparison(
        chosen,
        reports,
        pl.DataFrame(overlap),
        _labelled(across),
        pl.concat(feet).sort("actor", "inside", "other", "how"),
    )


def across(ties: Ties, view: View, one: Architecture, other: Architecture, month: date) -> pl.DataFrame:
    """Figures of the pairs across two architectures in a month (see `Comparison.across`), without one and other."""
    known, day = told(view), month_end(month, view.as_of)
    first, second = (at_least_two(each, members(known, each, day), day) for each in (one, other))
    return table(_figures(_pairs_across(known, ties, month.replace(day=1), first, second)))


def _overlap(one: Report, other: Report) -> dict[str, Any]:
    first, second = set(one.members.ids), set(other.members.ids)
    both = sorted(first & second)
    return {
        "one": one.architecture.name, "other": other.architecture.name, "members_one": len(first),
        "members_other": len(second), "both": both, "jaccard": len(both) / len(first | second),
    }  # fmt: skip


def _across(known: Told, ties: Ties, one: Report, other: Report) -> list[dict[str, Any]]:
    pairs = _pairs_across(known, ties, one.month, one.members, other.members)
    names = {"one": one.architecture.name, "other": other.architecture.name}
    return [names | line for line in _figures(pairs)]


def _pairs_across(known: Told, ties: Ties, month: date, one: Members, other: Members) -> Pairs:
    """Pairs of a state that is inside the one only and a state that is inside the other only."""
    first, second = set(one.ids) - set(other.ids), set(other.ids) - set(one.ids)
    both = pl.concat([one.frame, other.frame]).filter(pl.col("actor").is_in(list(first | second)))
    apart = both.with_columns(bodies=pl.lit([], pl.List(pl.String))).sort("actor")
    day = month_end(month, known.view.as_of)
    found = pairs_of(known, ties_at(ties, month), Members(apart, one.left_out, one.near), day)
    crossing = [(a in first) != (b in first) for a, b in found.frame.select("a", "b").rows()]
    return found.among(np.array(crossing, dtype=bool))


def _figures(pairs: Pairs) -> list[dict[str, Any]]:
    total, known = pairs.frame.height, int(pairs.tied.sum())
    rows = [row("pairs across", "pairs", bounds(*[float(total)] * 3))]
    share = known / total if total else 0.0
    if not known or share < LEAST_COVERAGE:
        why = f"the ties of {known} of {total} pairs across are known"
        rows += [row(name, unit, None, share, why) for name, unit in ACROSS.items()]
    else:
        draws = of_ties(pairs)
        for (name, unit), figure in zip(ACROSS.items(), ("cohesion", "negative", "dispute"), strict=True):
            rows.append(row(name, unit, found(pairs, draws, figure), covered(pairs, figure)))
    return rows + [_bound(pairs, place) for place in range(2, len(RUNGS)) if total]


def _bound(pairs: Pairs, place: int) -> dict[str, Any]:
    deep = pairs.frame["depth"].to_numpy() >= place
    exact = deep | pairs.frame["exact"].to_numpy()
    told_, most = float(deep.mean()), float((deep | ~exact).mean())
    return row(
        RUNGS[place],
        f"share of pairs across at {RUNGS[place]} or deeper",
        bounds(told_, told_, most),
        float(exact.mean()),
    )


def _labelled(rows: list[dict[str, Any]]) -> pl.DataFrame:
    names = pl.DataFrame([{"one": line["one"], "other": line["other"]} for line in rows])
    return pl.concat(
        [names, table({key: line[key] for key in line if key not in names.columns} for line in rows)], how="horizontal"
    )


def _feet(known: Told, one: Report, other: Report) -> pl.DataFrame:
    """Members of the one that have a foot in the other, and how."""
    mine, theirs = one.members.frame["actor"], set(other.members.ids)
    day = month_end(one.month, known.view.as_of)
    only = sorted(theirs - set(mine))
    frames = [
        other.members.frame.filter(pl.col("actor").is_in(mine.implode())).select(
            "actor", how=pl.lit("member"), with_=pl.col("bodies").list.join(", "), since="since", ids="ids"
        ),
        other.members.near.filter(pl.col("actor").is_in(mine.implode())).select(
            "actor", how="status", with_="body", since="since", ids=pl.concat_list("id").list.drop_nulls()
        ),
        _bonds(known, [actor for actor in mine if actor not in theirs], only, day),
    ]
    named = pl.concat(frames).rename({"with_": "with"})
    return named.select(
        "actor", pl.lit(one.architecture.name).alias("inside"), pl.lit(other.architecture.name).alias("other"),
        "how", "with", "since", "ids",
    )  # fmt: skip


def _bonds(known: Told, mine: list[str], only: list[str], day: date) -> pl.DataFrame:
    """Defence pacts of states with those inside the other only, and the bases and troops of these that they host."""
    owed = known.between(HELP, [*mine, *only], day).select("p", "q", since="valid_from", id="id")
    common = fellows(known, [*mine, *only], day, HELP).select("p", "q", since=pl.lit(None, pl.Date), id="id")
    pacts = pl.concat([owed, common])
    both = pl.concat(
        [pacts.rename({"p": "actor", "q": "with_"}), pacts.select("since", "id", with_="p", actor="q")], how="diagonal"
    )
    posted = known.on(("base", "troops"), day).select(
        actor="b",
        with_="a",
        how=pl.format("hosts {}", pl.col("kind").replace("base", "a base")),
        since="valid_from",
        id="id",
    )
    rows = pl.concat([both.with_columns(how=pl.lit("defence pact")), posted], how="diagonal")
    rows = rows.filter(pl.col("actor").is_in(mine), pl.col("with_").is_in(only))
    return rows.group_by("actor", "how", "with_").agg(
        pl.col("since").min(), ids=pl.col("id").drop_nulls().unique().sort()
    )  # fmt: skip
