"""How two states stand and have moved, in words and figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

import polars as pl

from multipolar.brief.evidence import Evidence
from multipolar.brief.heaviest import carrying
from multipolar.brief.model import Account, Asked, Basis, Figure, PairPart, Point, Run, Share, Text
from multipolar.brief.words import NBSP, listed, month_name, number, signed, word_for
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
    splits = [_split(asked, a, b, since, months) for since in (_years_before(last["month"], RECENT), months[0])]
    recent = _account(evidence, splits[0], f"{anchor}-recent", "two years") if splits[0] else None
    whole = _account(evidence, splits[1], f"{anchor}-whole", "") if splits[1] else None
    word = word_for(level.value).name if anchored else ""
    headline = _headline(who, anchor, level, word, recent, last["month"], points[-1].month)
    part = PairPart(a, b, names, anchor, headline, points, last["month"], level, word, recent, whole)
    split = splits[0] or splits[1]
    if split is None:
        return part
    return replace(
        part, shares=_shares(split), baseline=split.baseline, basis=_behind(evidence, split, f"{anchor}-behind")
    )


def _headline(who: str, anchor: str, level: Figure, word: str, recent: Account | None, month: date, last: date) -> Text:
    """``Russia and North Korea: close (0.92, between 0.71 and 1.12 with 90 % probability); closer than …``."""
    to = f"{anchor}-behind"
    bounds = f"between {number(level.lo90)} and {number(level.hi90)} with 90{NBSP}% probability"
    runs = [Run(f"{who}: ", strong=True)]
    if word:
        runs += [Run(word, strong=True), Run(" (")]
    runs += [Run(number(level.value), to), Run(f", {bounds}" + (")" if word else ""))]
    if month < last:
        runs.append(Run(f", in {month_name(month)}; since then there is not enough evidence"))
    runs += [Run("; "), *recent.says] if recent else [Run("; two years before, too little is known to compare")]
    return (*runs, Run("."))


def _split(asked: Asked, a: str, b: str, since: date, months: list[date]) -> Explanation | None:
    """The tie at the last known month and its change from `since`; None if one end is not known."""
    if since not in months or since >= months[-1]:
        return None
    split = asked.explain(a, b, since=since, until=months[-1])
    return split if split.known else None


def _account(evidence: Evidence, split: Explanation, anchor: str, ago: str) -> Account:
    """What moved the tie between the two months of a split."""
    change = Figure(split.change, *split.interval("change"))
    moved = split.statements.group_by("id").agg(weight=pl.col("change").sum()).sort("id")
    closer, apart = evidence.pushes(moved, 1, LISTED), evidence.pushes(moved, -1, LISTED)
    cited = {number for push in (*closer, *apart) for number in push.numbers}
    total, to = evidence.use(split.statements["id"]), f"{anchor}-list"
    return Account(
        since=split.since,
        until=split.until,
        change=change,
        says=_moved(change, to, ago or f"in {month_name(split.since)}"),
        closer=closer,
        apart=apart,
        basis=Basis(to, tuple(sorted(cited)), total, _command(split)),
    )


def _command(split: Explanation) -> str:
    return f"multipolar explain {split.a} {split.b} --since {split.since:%Y-%m} --until {split.until:%Y-%m}"


def _behind(evidence: Evidence, split: Explanation, anchor: str) -> Basis:
    """The statements that carry most of the level."""
    shown = carrying(evidence, split)[:BEHIND]
    return evidence.basis(anchor, shown, split.statements["id"], _command(split))


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
