"""Tests on what was counted or written down: obligations, memberships, events, flows, polls, traits.

Such a quantity is known or not known: the probability is 1 or 0, and where the record's silence proves nothing the claim
is untestable. Polls carry sampling error, dependence the range of the trade elasticity.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final

import numpy as np
import polars as pl

from multipolar import measures
from multipolar.claims.estimated import probability
from multipolar.claims.model import NO_WEIGHTS, Asked, Finding, Test, untestable
from multipolar.errors import Refusal
from multipolar.indicators.blocs import with_reach
from multipolar.record import REPORTED, SYMMETRIC, Form
from multipolar.ties.model import Z90

#: Variance of a poll over that of a simple random sample of the same size: weights and clusters (a usual design effect).
DESIGN_EFFECT: Final = 1.5
#: Sample size taken where a poll's is not stated.
USUAL_SAMPLE: Final = 1000


def silence_means_none(asked: Asked, form: Form, kind: str, a: str, b: str, first: date, last: date) -> bool:
    """Whether a coverage vouches that nothing of this kind between the two, over all of the period, went unrecorded.

    Once a source is left out, the others vouch for nothing: they may have relied on it.
    """
    if asked.view.left_out:
        return False
    kinds = ("", kind, kind.partition(":")[0])
    rows = (row for row in asked.view.coverage() if row.form == form and row.absence == "zero" and row.kind in kinds)
    return any(row.first <= first and last <= row.last and _inside(row.actors, row.role, a, b) for row in rows)


def _inside(actors: Sequence[str], role: str, a: str, b: str) -> bool:
    if not actors:
        return True
    sides = {
        "a": (a in actors,),
        "b": (b in actors,),
        "both": (a in actors, b in actors),
        "any": (a in actors or b in actors,),
    }
    return all(sides[role])


def _told(asked: Asked, form: Form, test: Test, kinds: tuple[str, ...], first: date, last: date) -> pl.DataFrame:
    """Statements from subject to object (either way for symmetric kinds) that hold at some time in the period."""
    if not test.object:
        return asked.view.statements(form, actors=(test.subject,), kinds=kinds, since=first, until=last).filter(
            pl.col("a") == test.subject
        )
    frame = asked.view.statements(form, between=(test.subject, test.object), kinds=kinds, since=first, until=last)
    return frame if set(kinds) <= SYMMETRIC else frame.filter(pl.col("a") == test.subject)


def _listed(frame: pl.DataFrame, sign: float = 1.0) -> pl.DataFrame:
    return frame.select("id", weight=pl.lit(sign)) if frame.height else NO_WEIGHTS


def _being(test: Test, there: pl.DataFrame, vouched: bool, what: str) -> Finding:
    """Existence or absence of something, given what is there and whether silence would mean none."""
    if there.is_empty() and not vouched:
        return untestable(f"the record has no {what} and no source that vouches there was none", what)
    exists = not there.is_empty()
    holds = exists == (test.direction == "exists")
    found = f"{there.height} of kind {what}" if exists else f"none of kind {what}, and a source that vouches for it"
    weigh = partial(_listed, there, 1.0 if holds else -1.0)
    return Finding(float(holds), float(exists), None, None, what, 1.0, found, weigh)


def standing(asked: Asked, test: Test) -> Finding:
    """Whether a standing tie of that kind is in force on the last day of the period."""
    return _in_force(asked, test, test.kind, test.kind)


def membership(asked: Asked, test: Test) -> Finding:
    """Whether the subject is a full member of the organisation on the last day of the period."""
    return _in_force(asked, test, "membership", f"membership of {test.object}", least=1.0)


def _in_force(asked: Asked, test: Test, kind: str, what: str, least: float | None = None) -> Finding:
    """Whether a tie of a kind (of at least that value) stands on the last day; not if its source looked less far."""
    told = _told(asked, "tie", test, (kind,), test.last, test.last)
    told = told if least is None else told.filter(pl.col("value") >= least)
    there = with_reach(asked.observed.scope, told).filter(pl.col("until") >= test.last)
    if there.is_empty() and told.height:
        return untestable(f"what is known of this {what} ends before {test.last}", what)
    vouched = silence_means_none(asked, "tie", kind, test.subject, test.object, test.last, test.last)
    return _being(test, there, vouched, what)


def events(asked: Asked, test: Test) -> Finding:
    """Number of events of a kind (``KIND`` or ``KIND:mode``) in the period."""
    now = _happened(asked, test, test.first, test.last)
    vouched = silence_means_none(asked, "event", test.kind, test.subject, test.object, test.first, test.last)
    if test.direction in ("exists", "absent"):
        return _being(test, now, vouched, f"{test.kind} event")
    if test.direction in ("above", "below"):
        reached = now.height > test.by
        if not reached and not vouched:
            return untestable(f"{now.height} are recorded, and no source vouches that there were no more", "events")
        holds = reached == (test.direction == "above")
        return _counted(holds, now.height, now, f"{now.height} events from {test.first} to {test.last}")
    length = test.last - test.first + timedelta(days=1)
    earlier = (test.first - length, test.first - timedelta(days=1))
    if not (vouched and silence_means_none(asked, "event", test.kind, test.subject, test.object, *earlier)):
        return untestable("no source vouches that all such events of both periods are recorded", "events")
    then = _happened(asked, test, *earlier)
    change = now.height - then.height
    holds = change > test.by if test.direction == "rises" else change < -test.by
    return _counted(holds, change, now, f"{now.height} events, against {then.height} in as many days before")


def _happened(asked: Asked, test: Test, first: date, last: date) -> pl.DataFrame:
    """Events of the period; an article's own are no evidence of what it claims, and each article tells them again."""
    kind, _, mode = test.kind.partition(":")
    told = _told(asked, "event", test, (kind,), first, last)
    told = told.filter(~pl.col("source").str.starts_with(REPORTED))
    return told.filter(pl.col("mode") == mode) if mode else told


def _counted(holds: bool, value: float, there: pl.DataFrame, reason: str) -> Finding:
    weigh = partial(_listed, there, 1.0 if holds else -1.0)
    return Finding(float(holds), float(value), None, None, "events", 1.0, reason, weigh)


def dependence(asked: Asked, test: Test) -> Finding:
    """Dependence of the subject on the object in the year the period ends, or its change since the year it begins."""
    years = [test.last.year] if test.direction in ("above", "below") else [test.last.year, test.first.year]
    try:
        found = [measures.dependence(asked.view, test.subject, test.object, year) for year in years]
    except Refusal as refusal:
        return untestable(refusal.message, "share")
    shares = [float(item.detail["share"][0]) for item in found]
    low, high = measures.arrays.ELASTICITY_RANGE
    grid = np.linspace(low, high, 201)
    values = measures.arrays.dependence(shares[0], grid)
    if len(shares) == 2:
        values = values - measures.arrays.dependence(shares[1], grid)
    claimed = {
        "rises": values > test.by,
        "falls": values < -test.by,
        "above": values > test.by,
        "below": values < test.by,
    }
    ids = pl.DataFrame({"id": sorted({name for item in found for name in item.ids}), "weight": 1.0})
    told = "; ".join(f"share {share:.1%} in {year}" for share, year in zip(shares, years, strict=True))
    return Finding(
        float(claimed[test.direction].mean()), float(values[len(grid) // 2]), float(values.min()), float(values.max()),
        "share of gains from trade", 1.0, told, lambda: ids,
    )  # fmt: skip


def flow(asked: Asked, test: Test) -> Finding:
    """A flow of the year in which the period ends, or its relative change since the year in which it begins."""
    years = [test.last.year] if test.direction in ("above", "below") else [test.last.year, test.first.year]
    found = [_of_year(asked, test, year) for year in years]
    if any(frame.is_empty() for frame in found):
        return untestable(f"the {test.kind} of {' and '.join(map(str, years))} is not known", test.kind)
    sums = [float(frame["value"].sum()) for frame in found]
    change = sums[0] / sums[1] - 1.0 if len(sums) == 2 else sums[0]
    told = ", ".join(f"{total:.4g} {found[0]['unit'][0]} in {year}" for total, year in zip(sums, years, strict=True))
    return _known(
        test, change, pl.concat(found), told, "relative change" if len(sums) == 2 else str(found[0]["unit"][0])
    )


def _of_year(asked: Asked, test: Test, year: int) -> pl.DataFrame:
    """One value a direction, from the source known last; both directions for trade, and none if one is missing."""
    both = test.kind == "trade"
    kind = "exports" if both else test.kind
    frame = asked.view.statements("flow", between=(test.subject, test.object), kinds=(kind,))
    frame = frame.filter(pl.col("valid_from") == date(year, 1, 1), pl.col("valid_to") == date(year, 12, 31))
    if not both:
        frame = frame.filter(pl.col("a") == test.subject)
    latest = frame.sort("known_from", "id").unique(["source", "a"], keep="last", maintain_order=True)
    whole = latest.filter(pl.len().over("source") == (2 if both else 1))
    return whole.filter(pl.col("source") == whole["source"][-1]) if whole.height else whole


def _known(test: Test, value: float, there: pl.DataFrame, reason: str, unit: str) -> Finding:
    """A figure without sampling error on one side of the threshold or the other."""
    holds = probability(test.direction, value, 0.0, test.by)
    weigh = partial(_listed, there, 1.0 if holds > 0.5 else -1.0)
    return Finding(holds, value, None, None, unit, 1.0, reason, weigh)


def attitude(asked: Asked, test: Test) -> Finding:
    """The last poll of the period, or its change since the first one, with sampling error."""
    told = _told(asked, "attitude", test, (test.kind,), test.first, test.last).sort("valid_from", "id")
    changing = test.direction in ("rises", "falls")
    if told.height < (2 if changing else 1):
        return untestable(f"{told.height} poll(s) of {test.subject} on {test.object} in the period", "share")
    ends = [told.row(-1, named=True)] + ([told.row(0, named=True)] if changing else [])
    value = ends[0]["value"] - (ends[1]["value"] if changing else 0.0)
    sd = float(np.sqrt(sum(DESIGN_EFFECT * p["value"] * (1 - p["value"]) / (p["n"] or USUAL_SAMPLE) for p in ends)))
    chance = probability(test.direction, value, sd, test.by)
    reason = ", against ".join(f"{poll['value']:.0%} in {poll['valid_from']:%Y-%m}" for poll in ends)
    weights = pl.DataFrame({"id": [poll["id"] for poll in ends], "weight": [2 * chance - 1] * len(ends)})
    return Finding(chance, value, value - Z90 * sd, value + Z90 * sd, "share", 1.0, reason, lambda: weights)


def trait(asked: Asked, test: Test) -> Finding:
    """A trait of the year in which the period ends, or its change since the year in which it begins."""
    told = _told(asked, "trait", test, (test.kind,), test.first, test.last).sort("valid_from", "known_from", "id")
    if test.direction in ("exists", "absent"):
        vouched = silence_means_none(asked, "trait", test.kind, test.subject, "", test.last, test.last)
        return _being(test, told, vouched, test.kind)
    changing = test.direction in ("rises", "falls")
    told = told.drop_nulls("value")
    if told.height < (2 if changing else 1):
        return untestable(f"{told.height} figure(s) of the {test.kind} of {test.subject} in the period", test.kind)
    ends = pl.concat([told[-1:], told[:1]]) if changing else told[-1:]
    value = float(ends["value"][0] - (ends["value"][1] if changing else 0.0))
    reason = ", against ".join(f"{row['value']:.6g} in {row['valid_from']:%Y}" for row in ends.iter_rows(named=True))
    return _known(test, value, ends, reason, str(ends["unit"][0]))
