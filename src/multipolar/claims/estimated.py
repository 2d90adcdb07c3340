"""Tests on estimated quantities: ties, agreement, isolation, hedging. Probabilities are posterior probabilities."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtr

from multipolar import measures
from multipolar.claims.model import NO_WEIGHTS, Asked, Direction, Finding, Test, untestable
from multipolar.errors import Refusal
from multipolar.ties import ENOUGH, explain
from multipolar.ties.model import Z90
from multipolar.ties.reading import ORDER

#: Partners whose statements are listed for a claim about isolation: those that move the index most.
_PARTNERS: Final = 8
_DRAWS: Final = 4000
_SEED: Final = 20240619

Floats = NDArray[np.float64]


def probability(direction: Direction, mean: float, sd: float, by: float) -> float:
    """Posterior probability that a normal quantity lies on the claimed side of `by` (for ``falls``, of ``-by``)."""
    bound = {"rises": by, "falls": -by}.get(direction, by)
    above = float(ndtr((mean - bound) / sd)) if sd > 0 else float(mean > bound)
    return above if direction in ("rises", "above") else 1.0 - above


def _outside(asked: Asked, test: Test) -> str:
    """Why the period of a test cannot be looked at, or nothing."""
    months = asked.ties.months
    if test.first < months[0]:
        return f"the ties begin in {months[0]:%Y-%m}, after the period begins"
    if test.last.replace(day=1) > months[-1]:
        return f"the record ends in {months[-1]:%Y-%m}, before the period does"
    return ""


def tie(asked: Asked, test: Test) -> Finding:
    """Level or change of the tie of two states."""
    reason = _outside(asked, test)
    if reason:
        return untestable(reason, "tie")
    try:
        split = explain(asked.ties, test.subject, test.object, since=_before(test), until=test.last)
    except Refusal as refusal:
        return untestable(refusal.message, "tie")
    if not split.known:
        return untestable("too little is observed of the pair at one end of the period", "tie")
    of: Literal["change", "level"] = "change" if test.direction in ("rises", "falls") else "level"
    mean, sd = (split.change, split.change_sd) if of == "change" else (split.level, split.level_sd)
    low, high = split.interval(of)
    compared = f"the tie at {split.until:%Y-%m}" + (f" less that at {split.since:%Y-%m}" if of == "change" else "")
    chance = probability(test.direction, mean, sd, test.by)
    share = _indicators(asked, test) / len(ORDER)
    sign = 1.0 if test.direction in ("rises", "above") else -1.0
    return Finding(
        chance, mean, low, high, "tie", share, compared,
        lambda: _weights(split.statements.select("id", weight=pl.col(of) * sign)),
    )  # fmt: skip


def _before(test: Test) -> date:
    """First month to compare with; a level needs one too, for the account of what moved it."""
    first = test.first.replace(day=1)
    return first if first < test.last.replace(day=1) else (first - timedelta(days=1)).replace(day=1)


def _indicators(asked: Asked, test: Test) -> int:
    row = asked.ties.pair_index(test.subject, test.object)
    return int(asked.ties.kinds_of(row)[asked.ties.month_index(test.last)])


def _weights(frame: pl.DataFrame) -> pl.DataFrame:
    """Weights by statement, without observed zeros of coverages."""
    real = frame.filter(~pl.col("id").str.starts_with("coverage:"))
    return real.group_by("id").agg(pl.col("weight").sum()).sort("id") if real.height else NO_WEIGHTS


def votes(asked: Asked, test: Test) -> Finding:
    """Mean agreement of the twelve months up to the end of the period, or its change since its beginning."""
    a, b = sorted((test.subject, test.object))
    cells = asked.observed.cells.filter(pl.col("a") == a, pl.col("b") == b, pl.col("indicator") == "votes")
    ends = [test.last] if test.direction in ("above", "below") else [test.last, test.first]
    windows = [_year_to(cells, end) for end in ends]
    if any(window.is_empty() for window in windows):
        return untestable("no roll call in which both voted in the twelve months to one end of the period", "agreement")
    noise = float(asked.ties.params.noise[asked.ties.channel("votes", asked.ties.month_index(test.last))])
    counts = [float(w["n"].to_numpy().sum()) for w in windows]
    means = [float((w["value"] * w["n"]).to_numpy().sum()) / n for w, n in zip(windows, counts, strict=True)]
    sd = float(np.sqrt(sum(noise / n for n in counts)))
    value = means[0] - means[1] if len(means) == 2 else means[0]
    told = f"agreement in the roll calls of the year to {test.last:%Y-%m}"
    if len(ends) == 2:
        told += f" less the year to {test.first:%Y-%m}"
    sign = 1.0 if test.direction in ("rises", "above") else -1.0
    return Finding(
        probability(test.direction, value, sd, test.by), value, value - Z90 * sd, value + Z90 * sd,
        "congruence of votes", min(1.0, windows[0].height / 12), told,
        lambda: _vote_weights(asked, (a, b), windows, sign),
    )  # fmt: skip


def _vote_weights(asked: Asked, pair: tuple[str, str], windows: list[pl.DataFrame], sign: float) -> pl.DataFrame:
    """What each vote adds to the mean of its window; those of an earlier window count against."""
    parts = asked.observed.parts(*pair).filter(pl.col("indicator") == "votes")
    frames = []
    for window, way in zip(windows, (sign, -sign), strict=False):
        share = pl.col("value") * pl.col("n") / window["n"].sum() * way
        frames.append(parts.join(window.select("month", "n"), on="month").select("id", weight=share))
    return _weights(pl.concat(frames))


def _year_to(cells: pl.DataFrame, end: date) -> pl.DataFrame:
    start = end.replace(year=end.year - 1, day=1)
    return cells.filter(pl.col("month") > start, pl.col("month") <= end)


def isolation(asked: Asked, test: Test) -> Finding:
    """The isolation index at the end of the period, or its change since its beginning, with today's weights."""
    reason = _outside(asked, test)
    if reason:
        return untestable(reason, "share")
    try:
        now = measures.isolation(asked.ties, asked.view, test.subject, test.last)
    except Refusal as refusal:
        return untestable(refusal.message, "share")
    changing = test.direction in ("rises", "falls")
    partners = now.detail.sort("partner")
    rows = [asked.ties.pair_index(test.subject, partner) for partner in partners["partner"]]
    stop, start = asked.ties.month_index(test.last), asked.ties.month_index(test.first)
    if changing:
        known = asked.ties.kinds_at(start)[rows] >= ENOUGH
        partners, rows = partners.filter(pl.Series(known)), [row for row, keep in zip(rows, known, strict=True) if keep]
        if float(partners["weight"].sum()) < measures.LEAST_COVERAGE:
            return untestable(f"too few ties of {test.subject} are known at {test.first:%Y-%m}", "share")
    weights = partners["weight"].to_numpy()
    after, before = _paths(asked, rows, start, stop)
    draws = measures.arrays.isolation(after, weights)
    if changing:
        draws = draws - measures.arrays.isolation(before, weights)
    lo, hi = np.quantile(draws, [0.05, 0.95])
    compared = f"isolation at {test.last:%Y-%m}" + (f" less that at {test.first:%Y-%m}" if changing else "")
    return Finding(
        _share_of(draws, test.direction, test.by), float(draws.mean()), float(lo), float(hi), "share",
        now.coverage, compared, lambda: _isolation_weights(asked, test, partners),
    )  # fmt: skip


def _share_of(draws: Floats, direction: Direction, by: float) -> float:
    """Share of posterior draws on the claimed side."""
    claimed = {"rises": draws > by, "falls": draws < -by, "above": draws > by, "below": draws < by}[direction]
    return float(claimed.mean())


def _paths(asked: Asked, rows: list[int], start: int, stop: int) -> tuple[Floats, Floats]:
    """Joint draws of each tie at two months, shape (draws, pairs) each."""
    from multipolar.ties import arrays

    rng = np.random.default_rng(_SEED)
    z = rng.standard_normal((2, _DRAWS, len(rows)))
    mean, var = asked.ties.mean[rows], asked.ties.var[rows]
    months = len(asked.ties.months)
    cross = np.array(
        [arrays.covariance(asked.ties.pair_observations(r), asked.ties.params, months, stop)[start] for r in rows]
    )
    after = mean[:, stop] + np.sqrt(var[:, stop]) * z[0]
    slope = cross / var[:, stop]
    rest = np.sqrt(np.maximum(var[:, start] - slope * cross, 0.0))
    before = mean[:, start] + slope * (after - mean[:, stop]) + rest * z[1]
    return after, before


def _isolation_weights(asked: Asked, test: Test, partners: pl.DataFrame) -> pl.DataFrame:
    """Statements behind the ties that move the index most, by how much each moves it to first order."""
    density = np.exp(-0.5 * (partners["mean"] / partners["sd"]).to_numpy() ** 2) / np.sqrt(2 * np.pi)
    slope = partners["weight"].to_numpy() * density / partners["sd"].to_numpy()
    top = partners.with_columns(slope=pl.Series(slope)).sort("slope", descending=True).head(_PARTNERS)
    of = "change" if test.direction in ("rises", "falls") else "level"
    sign = -1.0 if test.direction in ("rises", "above") else 1.0
    frames = []
    for partner, moves in top.select("partner", "slope").iter_rows():
        split = explain(asked.ties, test.subject, partner, since=_before(test), until=test.last)
        frames.append(split.statements.select("id", weight=pl.col(of) * moves * sign))
    return _weights(pl.concat(frames)) if frames else NO_WEIGHTS


def hedging(asked: Asked, test: Test) -> Finding:
    """The hedging index at the end of the period."""
    reason = _outside(asked, test)
    if reason:
        return untestable(reason, "ratio")
    try:
        index = measures.hedging(asked.ties, test.subject, test.between, test.last)
    except Refusal as refusal:
        return untestable(refusal.message, "ratio")
    draws = measures.hedging_draws(asked.ties, test.subject, test.between, test.last)
    weakest = index.detail.sort("mean")["power"][0]
    compared = (
        f"the weakest of the ties with {', '.join(test.between)} ({weakest}) over the strongest at {test.last:%Y-%m}"
    )
    return Finding(
        _share_of(draws, test.direction, test.by), index.value, index.lo90, index.hi90, "ratio", index.coverage, compared,
        lambda: _weakest_weights(asked, test, weakest),
    )  # fmt: skip


def _weakest_weights(asked: Asked, test: Test, weakest: str) -> pl.DataFrame:
    """Statements behind the weakest tie, which decides the index."""
    split = explain(asked.ties, test.subject, weakest, since=_before(test), until=test.last)
    sign = 1.0 if test.direction == "above" else -1.0
    return _weights(split.statements.select("id", weight=pl.col("level") * sign))
