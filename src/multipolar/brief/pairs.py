"""How two states stand and have moved, in words and figures."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from multipolar.brief.evidence import ABSENCE, Evidence
from multipolar.brief.model import Account, Asked, Basis, Figure, PairPart, Point, Run, Share, Text
from multipolar.brief.words import listed, month_name, number, signed, word_for
from multipolar.errors import Refusal
from multipolar.indicators import BY_NAME
from multipolar.ties import Explanation

#: Charts and the longer account begin here, or where the world begins.
START: Final = date(2000, 1, 1)
#: Years of the shorter account.
RECENT: Final = 2
#: Statements listed on each side of an account, and behind a chart.
LISTED: Final = 5
BEHIND: Final = 12


def pair_part(asked: Asked, evidence: Evidence, a: str, b: str, names: tuple[str, str], *, anchored: bool) -> PairPart:
    """The section about one pair; where too little is known it says so."""
    anchor = f"pair-{a}-{b}"
    who = listed(names)
    try:
        series = asked.tie(a, b).filter(pl.col("month") >= max(START, asked.since.replace(day=1)))
    except Refusal as refusal:
        says = (Run(f"{who}: ", strong=True), Run(f"not enough evidence. {_sentence(refusal.message)}"))
        return PairPart(a, b, names, anchor, says, refusal=refusal.message)
    points = tuple(Point(*row) for row in series.select("month", "mean", "lo50", "hi50", "lo90", "hi90").iter_rows())
    known = series.drop_nulls("mean")
    if known.is_empty():
        reason = f"too little is observed of {a} and {b} since {month_name(points[0].month)}"
        says = (Run(f"{who}: ", strong=True), Run(f"not enough evidence. {_sentence(reason)}"))
        return PairPart(a, b, names, anchor, says, points, refusal=reason)
    last = known.row(-1, named=True)
    level = Figure(last["mean"], last["lo90"], last["hi90"], last["lo50"], last["hi50"])
    months = known["month"].to_list()
    recent = _account(asked, evidence, a, b, _years_before(last["month"], RECENT), months, f"{anchor}-recent", "two years")
    whole = _account(asked, evidence, a, b, months[0], months, f"{anchor}-whole", "")
    word = word_for(level.value).name if anchored else ""
    says = _headline(who, anchor, level, word, recent, last["month"], points[-1].month)
    return PairPart(a, b, names, anchor, says, points, last["month"], level, word, recent, whole)


def _headline(
    who: str, anchor: str, level: Figure, word: str, recent: Account | None, month: date, last: date
) -> Text:
    """``Russia and North Korea: close (0.92, between 0.71 and 1.12 with 90 % probability); closer than …``."""
    to = f"{anchor}-behind"
    bounds = f"between {number(level.lo90)} and {number(level.hi90)} with 90 % probability"
    runs = [Run(f"{who}: ", strong=True)]
    if word:
        runs += [Run(word, strong=True), Run(" (")]
    runs += [Run(number(level.value), to), Run(f", {bounds}" + (")" if word else ""))]
    if month < last:
        runs.append(Run(f", in {month_name(month)}; since then there is not enough evidence"))
    runs += [Run("; "), *recent.says] if recent else [Run("; two years before, too little is known to compare")]
    return (*runs, Run("."))


def _account(
    asked: Asked, evidence: Evidence, a: str, b: str, since: date, months: list[date], anchor: str, ago: str
) -> Account | None:
    """What moved the tie from `since` to the last known month; None if one end is not known."""
    if since not in months or since >= months[-1]:
        return None
    split = asked.explain(a, b, since=since, until=months[-1])
    if not split.known:
        return None
    change = Figure(split.change, *split.interval("change"))
    moved = split.statements.group_by("id").agg(weight=pl.col("change").sum()).sort("id")
    command = f"multipolar explain {a} {b} --since {split.since:%Y-%m} --until {split.until:%Y-%m}"
    return Account(
        since=split.since,
        until=split.until,
        change=change,
        says=_moved(change, f"{anchor}-list", ago or f"in {month_name(split.since)}"),
        closer=evidence.pushes(moved, 1, LISTED),
        apart=evidence.pushes(moved, -1, LISTED),
        shares=_shares(split),
        baseline=split.baseline,
        basis=_behind(evidence, split, anchor, command),
    )


def _behind(evidence: Evidence, split: Explanation, anchor: str, command: str) -> Basis:
    """The statements that carry most of the level."""
    weights = split.statements.group_by("id").agg(weight=pl.col("level").sum().abs())
    real = weights.filter(~pl.col("id").str.starts_with(ABSENCE)).sort("weight", "id", descending=[True, False])
    return evidence.basis(f"{anchor}-list", real["id"].head(BEHIND), split.statements["id"], command)


def _moved(change: Figure, to: str, ago: str) -> Text:
    """How far a tie moved, and whether that is clear."""
    when = f"than {ago} before" if ago == "two years" else f"than {ago}"
    between = f" (between {signed(change.lo90)} and {signed(change.hi90)})"
    if change.lo90 > 0.0:
        return (Run(f"closer {when} by "), Run(number(change.value), to), Run(between))
    if change.hi90 < 0.0:
        return (Run(f"further apart {when} by "), Run(number(abs(change.value)), to), Run(between))
    against = "two years" if ago == "two years" else f"since {ago.removeprefix('in ')}"
    lead = f"no clear change in {against}" if ago == "two years" else f"no clear change {against}"
    return (Run(f"{lead}: "), Run(signed(change.value), to), Run(between))


def _shares(split: Explanation) -> tuple[Share, ...]:
    rows = split.indicators.iter_rows(named=True)
    shares = [Share(BY_NAME[r["indicator"]].title, r["level"], r["change"], r["statements"]) for r in rows]
    return tuple(sorted(shares, key=lambda share: (-abs(share.level), share.title)))


def _years_before(month: date, years: int) -> date:
    return month.replace(year=month.year - years)


def _sentence(message: str) -> str:
    text = message.splitlines()[0]
    return f"{text[:1].upper()}{text[1:]}".rstrip(".") + "."
