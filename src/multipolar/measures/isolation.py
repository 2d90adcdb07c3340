"""Isolation: the share of capability that is held by states without a positive tie to a state, or to a set of states."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

import numpy as np
import polars as pl
from scipy.special import ndtr

from multipolar.actors import get
from multipolar.errors import Refusal, UsageError
from multipolar.measures import arrays
from multipolar.measures.capability import WEIGHTS, figures, refuse_without, weights
from multipolar.measures.entry import Entry
from multipolar.measures.model import Measure, summary, units
from multipolar.measures.sets import StateSet, existing, state_set
from multipolar.record import View
from multipolar.ties import Ties

#: Too little of the world is observed for a figure below this share of capability.
LEAST_COVERAGE: Final = 0.5

ISOLATION: Final = Entry(
    name="isolation",
    title="Isolation",
    definition=(
        "The share of capability that is held by states whose tie with the state is not positive: "
        "`1 − Σ_k w_k [a_k > 0] / Σ_k w_k`. Of a set of states *S* from others *R*, every pair counts with the product of "
        "both capabilities: `1 − Σ_ik w_i w_k [a_ik > 0] / Σ_ik w_i w_k`; of a set of one it is the same."
    ),
    inputs="a state or a set of states, a month; perhaps from whom (all others by default), and what to weight by",
    unit="share of capability",
    range="0 (a positive tie with everybody) to 1 (with nobody)",
    interval="joint posterior draws of the ties",
    source="ours; the weights are Singer, Bremer & Stuckey 1972 unless others are chosen",
    needs=(("trait", ("cinc",)), ("vote", ("UNGA",)), ("tie", ("defence", "sanction", "dispute")), ("event", ("CONSULT",))),
    refuses=(
        "no capability is known within ten years",
        "the ties known carry less than half of the capability",
    ),
)  # fmt: skip


def isolation(
    ties: Ties,
    view: View,
    actors: str | StateSet | Iterable[str],
    month: date,
    *,
    from_: str | StateSet | Iterable[str] | None = None,
    capability: str = "cinc",
) -> Measure:
    """How isolated a state or a set of states is: the share of the others' capability without a positive tie to it.

    Parameters
    ----------
    ties : Ties
    view : View
        Where the capabilities are.
    actors : str, StateSet or iterable of str
        A state, an organisation, a set of `SETS`, or several of them (see `state_set`).
    month : date
        Any day of the month.
    from_ : str, StateSet or iterable of str, optional
        From whom, less `actors` themselves; from all other states by default.
    capability : {"cinc", "gdp", "gdp_ppp", "population", "military_spending"}
        What states are weighted by: the latest figure up to the month, not older than `STALE` years.

    Returns
    -------
    Measure
        `detail` has a row a partner: partner, weight (share of the weights used), mean, sd, positive (probability); of a
        set they are means over its members by capability. `coverage` is the share of all weights whose tie is known.

    Raises
    ------
    UsageError
        If `capability` is none of the above, nobody is left to be isolated from, or a state did not exist.
    Refusal
        If no capability is known, or the ties known carry less than `LEAST_COVERAGE` of it.
    """
    one = state_set(actors)
    known = figures(view, capability)
    ties.month_index(month)  # a month outside the window is refused as such, not for lack of capability
    inside, outside = sides(one, from_, ties.panel.scope.actors, month)
    mine, others = members_weighted(known, month, inside, capability), weights(known, month, outside)
    refuse_without(others, capability, month)
    pairs = _pairs(ties.at(month, inside[0] if len(inside) == 1 else None), mine, others)
    coverage = float(pairs["weight"].sum()) / (float(mine["weight"].sum()) * float(others["weight"].sum()))
    if coverage < LEAST_COVERAGE:
        raise Refusal(
            f"the ties of {one.name} known in {month:%Y-%m} carry {coverage:.0%} of the others' {capability}, "
            f"fewer than {LEAST_COVERAGE:.0%}",
            hint="Ingest a source that covers more of its partners, or choose another capability or month.",
        )
    mean, sd, weight = (pairs[name].to_numpy() for name in ("mean", "sd", "weight"))
    index = arrays.isolation_normal(mean, sd, weight, units(pairs.height))
    single = len(inside) == 1
    used = others.filter(pl.col("actor").is_in(pairs["b"].unique().implode()))
    ids = used["id"].to_list() + ([] if single else mine["id"].to_list())
    return Measure(
        name="isolation",
        unit=f"share of the others' {capability} without a positive tie",
        actor=one.name,
        month=month.replace(day=1),
        **summary(index)._asdict(),
        coverage=coverage,
        detail=_partners(pairs.with_columns(positive=pl.Series(ndtr(mean / sd)))),
        pairs=tuple(pairs.select("a", "b").iter_rows()),
        ids=tuple(ids),
        notes=_notes(capability, used if single else pl.concat([used, mine]), inside, mine),
        actors=() if one.single else inside,
    )


def sides(
    one: StateSet, from_: str | StateSet | Iterable[str] | None, states: Iterable[str], month: date
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who is isolated and from whom, as ids: the members of a set in a month, and the others.

    Raises
    ------
    UsageError
        If a state that was named did not exist then, or nobody is left on one side.
    """
    inside = existing(one, month)
    every = {id for id in states if get(id).exists(month)}
    others = every if from_ is None else set(existing(state_set(from_), month))
    outside = tuple(sorted(others - set(inside)))
    if not outside:
        raise UsageError(
            f"expected states that {one.name} could be isolated from, got none but its own members",
            hint="Name others with `from_` (`--from`), or none for all other states.",
        )
    return inside, outside


def members_weighted(known: pl.DataFrame, month: date, inside: tuple[str, ...], capability: str) -> pl.DataFrame:
    """The weights of the members of a set, as `weights`; that of one alone does not matter.

    Raises
    ------
    Refusal
        If none is known of any.
    """
    if len(inside) == 1:
        return pl.DataFrame({"actor": inside, "weight": [1.0], "year": None, "id": None}, schema=WEIGHTS)
    found = weights(known, month, inside)
    refuse_without(found, capability, month, whose="its members")
    return found


def _pairs(known: pl.DataFrame, mine: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Known ties from inside (a) to outside (b), with the weight of each; sorted by b and a."""
    both = pl.concat([known, known.select(a="b", b="a", mean="mean", sd="sd", indicators="indicators")])
    inner = mine.select(a="actor", inner="weight")
    found = both.join(inner, on="a").join(others.select(b="actor", outer="weight", year="year"), on="b")
    return found.unique(["a", "b"]).with_columns(weight=pl.col("inner") * pl.col("outer")).sort("b", "a")


def _partners(pairs: pl.DataFrame) -> pl.DataFrame:
    """The outside, one row each: weights as shares, and means over the members by capability."""
    share = pl.col("weight") / pl.col("weight").sum().over("b")
    parts = pairs.with_columns(share=share)
    rows = parts.group_by("b").agg(
        weight=pl.col("weight").sum(),
        mean=(pl.col("share") * pl.col("mean")).sum(),
        sd=(pl.col("share") * pl.col("sd")).pow(2).sum().sqrt(),
        positive=(pl.col("share") * pl.col("positive")).sum(),
    )
    rows = rows.with_columns(weight=pl.col("weight") / pl.col("weight").sum()).rename({"b": "partner"})
    return rows.sort("weight", "partner", descending=[True, False])


def _notes(capability: str, used: pl.DataFrame, inside: tuple[str, ...], mine: pl.DataFrame) -> tuple[str, ...]:
    years = np.unique(used["year"].to_numpy())
    notes = [f"Weights are {capability} of {years[0]} to {years[-1]}."]
    lacking = sorted(set(inside) - set(mine["actor"]))
    if lacking:
        notes.append(f"Members left out, their {capability} is not known: {', '.join(lacking)}.")
    return tuple(notes)
