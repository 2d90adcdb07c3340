"""Negotiability: whether the publics of two states would let a deal between them pass, on any terms, as far as polls tell.

A simple model with its assumptions in the open (`arrays.winsets`): opinion of the other state stands for the share that
would take an even deal with it, each side ratifies if a threshold of its public accepts the terms, and opinion has drifted
since the last poll. It knows no legislature, no leader's interest and no particular deal; the drift is measured on all
repeated polls on record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtr

from multipolar.errors import Refusal, UsageError
from multipolar.measures.arrays import winsets
from multipolar.measures.entry import Entry
from multipolar.measures.model import DRAWS, SEED, Summary, summary
from multipolar.record import View

Floats = NDArray[np.float64]

#: Questions that stand for opinion of the other state, the one preferred first.
KINDS: Final = ("favourable", "friendly")
#: Polls older than this many years say nothing of a day, unless more are allowed.
OLDEST: Final = 5.0
#: People asked where a poll does not say how many.
ASKED: Final = 1000
#: A poll of n people is worth n over this: clustered and weighted samples.
DESIGN: Final = 2.0
#: Fewer repeated polls than this do not tell how opinion drifts.
LEAST: Final = 20
#: Two polls nearer than this many years are not a step of the drift.
NEAREST: Final = 0.25
#: Years after which the chance of terms is given, and the last for which a delay is.
WITHIN: Final = (0, 1, 2, 5, 10)
HORIZON: Final = 50.0
#: Quantiles of the drift over which a chance in time is averaged.
FEW: Final = 50
#: Other thresholds shown beside the one asked for.
THRESHOLDS: Final = (0.4, 0.5, 0.6)

NEGOTIABILITY: Final = Entry(
    name="negotiability",
    title="Negotiability",
    definition="Probability that the win-sets of two publics have terms in common: each side ratifies if at least a threshold "
    "of its public accepts the terms, opinion of the other state stands for the share that would take an even deal, and it has "
    "drifted since the last poll. Beside it: the probability that both would take an even deal, the distance of the win-sets "
    "as a share of the pie, and the delay until they meet under the polls' drift.",
    inputs="two states; a day; the threshold of ratification of each side (a public commitment is a higher one)",
    unit="probability",
    range="0 to 1",
    interval="resamples of the repeated polls from which the drift is measured; shares have sampling error and drift in theirs",
    source="ours, after Putnam 1988 (International Organization 42: 427-460), Fearon 1994 (APSR 88: 577-592) and Tarar 2001 "
    "(JCR 45: 320-340)",
    needs=(("attitude", KINDS),),
    refuses=(
        "one of the two publics, or both, was not asked about the other",
        "the last poll of a side is older than five years (or the years allowed)",
        f"fewer than {LEAST} repeated polls tell how opinion drifts",
    ),
)


@dataclass(frozen=True)
class Negotiability:
    """Whether polls leave room for a deal between two states.

    Attributes
    ----------
    a, b : str
        Ids.
    day : date
        As of when.
    thresholds : (float, float)
        Share of the public of `a` and of `b` that must accept the terms.
    value, lo50, hi50, lo90, hi90 : float
        Probability that some terms pass on both sides; intervals over the drift's uncertainty.
    even : Summary
        Probability that an even deal passes on both sides.
    distance : Summary
        How far the win-sets are apart, as a share of the pie; negative where they overlap by so much.
    difference : float
        Share favourable in `a` less that in `b`, as polled.
    delay : float or None
        Years until terms are as likely as not to have existed; None if more than `HORIZON`. (The mean is infinite.)
    within : DataFrame
        Columns years, probability: that the win-sets have had terms in common by then.
    sides : DataFrame
        A row a public: public, about, polled, asked (null: not told), poll (last day), question, source, id, years_old,
        and on the day: share, lo50, hi50, lo90, hi90, ratifies (probability that an even deal passes there), threshold,
        reservation (median).
    by_threshold : DataFrame
        Columns threshold, value, even: for other thresholds, the same on both sides.
    drift : Summary
        Standard deviation a year of the logit of opinion.
    ids : tuple of str
        The two polls, and those from which the drift was measured are counted in the notes.
    notes : tuple of str
        Assumptions.
    """

    a: str
    b: str
    day: date
    thresholds: tuple[float, float]
    value: float
    lo50: float
    hi50: float
    lo90: float
    hi90: float
    even: Summary
    distance: Summary
    difference: float
    delay: float | None
    within: pl.DataFrame
    sides: pl.DataFrame
    by_threshold: pl.DataFrame
    drift: Summary
    ids: tuple[str, ...]
    notes: tuple[str, ...]


def negotiability(
    view: View,
    a: str,
    b: str,
    day: date | None = None,
    *,
    thresholds: tuple[float, float] = (0.5, 0.5),
    oldest: float = OLDEST,
) -> Negotiability:
    """Whether the publics of two states leave room for a deal, from their latest polls of each other.

    Parameters
    ----------
    view : View
    a, b : str
        Actor ids.
    day : date, optional
        By default the day of the view. No later poll enters.
    thresholds : (float, float)
        Share of the public of `a` and of `b` that must accept the terms, above 0 and below 1. An audience cost is a
        higher threshold; it is the asker's, never estimated.
    oldest : float
        Years that a poll may be old.

    Returns
    -------
    Negotiability

    Raises
    ------
    UsageError
        If the two are the same, a threshold is no share, or the day is after that of the view.
    Refusal
        If a public was not asked, its last poll is too old, or the record does not tell how opinion drifts.
    """
    when = _checked(view, a, b, day, thresholds)
    polls = _polls(view, when)
    latest = [_latest(polls, one, other, when, oldest) for one, other in ((a, b), (b, a))]
    steps = _steps(polls)
    pace = _paces(steps)
    mean = logit(np.array([_inside(poll["value"], poll["asked"]) for poll in latest]))
    sampled = np.array([poll["sampling"] for poll in latest])
    ages = np.array([poll["years_old"] for poll in latest])
    asked = np.array(thresholds)
    some, even = _chances(mean, sampled, ages, pace, asked)
    few = np.quantile(pace, (np.arange(FEW) + 0.5) / FEW)
    level, sd = winsets.lack(mean, sampled + few[:, None] * ages, asked)
    within = [winsets.overlap_within(level, sd, 2.0 * few, year) for year in WITHIN]
    return Negotiability(
        a=a,
        b=b,
        day=when,
        thresholds=thresholds,
        **summary(some)._asdict(),
        even=summary(even),
        distance=_distance(mean, sampled, ages, pace, asked),
        difference=float(latest[0]["value"] - latest[1]["value"]),
        delay=winsets.median_delay(level, sd, 2.0 * few, HORIZON),
        within=pl.DataFrame({"years": WITHIN, "probability": within}),
        sides=_sides(latest, mean, sampled + pace.mean() * ages, thresholds),
        by_threshold=_by_threshold(mean, sampled, ages, pace),
        drift=summary(np.sqrt(pace)),
        ids=tuple(poll["id"] for poll in latest),
        notes=_notes(latest, steps),
    )


def _checked(view: View, a: str, b: str, day: date | None, thresholds: tuple[float, float]) -> date:
    if a == b:
        raise UsageError(f"expected two different states, got {a} twice", hint="A deal is between two states.")
    for threshold in thresholds:
        if not 0.0 < threshold < 1.0:
            raise UsageError(
                f"expected a threshold above 0 and below 1, got {threshold}", hint="Half of the public is 0.5."
            )
    if day is not None and day > view.as_of:
        raise UsageError.future_date(day, view.as_of, where="day")
    return day or view.as_of


def _polls(view: View, day: date) -> pl.DataFrame:
    """Polls that were over by a day: with `ended`, `asked` (assumed where not told) and the sampling variance of the logit."""
    frame = view.statements("attitude", kinds=KINDS, until=day).drop_nulls("value")
    frame = frame.with_columns(ended=pl.coalesce("valid_to", "valid_from")).filter(pl.col("ended") <= day)
    asked = pl.col("n").fill_null(ASKED).cast(pl.Float64)
    share = pl.col("value").clip(0.5 / asked, 1.0 - 0.5 / asked)  # nobody and everybody have no logit
    return frame.with_columns(
        asked=asked, sampling=DESIGN / (asked * share * (1.0 - share)), logit=(share / (1.0 - share)).log()
    ).sort("ended", "id")


def _inside(share: float, asked: float) -> float:
    return min(max(share, 0.5 / asked), 1.0 - 0.5 / asked)


def _latest(polls: pl.DataFrame, public: str, about: str, day: date, oldest: float) -> dict[str, Any]:
    mine = polls.filter(pl.col("a") == public, pl.col("b") == about)
    if mine.is_empty():
        raise Refusal(
            f"no poll on record up to {day} asks people in {public} what they think of {about}",
            hint="Ingest a source of polls that asked them; the other side's opinion does not stand for theirs.",
        )
    order = pl.col("kind").replace_strict({kind: place for place, kind in enumerate(KINDS)}, return_dtype=pl.Int8)
    last = mine.sort("ended", order, descending=[True, False]).row(0, named=True)
    age = (day - last["ended"]).days / 365.25
    if age > oldest:
        raise Refusal(
            f"the last poll on record of people in {public} about {about} ended on {last['ended']}, {age:.1f} years before "
            f"{day}: more than {oldest:g}",
            hint="Ask for an earlier day, allow older polls (`oldest`), or ingest newer ones.",
        )
    return last | {"years_old": age}


def _steps(polls: pl.DataFrame) -> pl.DataFrame:
    """Changes from one poll to the next of the same question to the same public: series, step, sampling, years."""
    series = ["a", "b", "kind", "source"]
    before = {name: pl.col(name).shift(1).over(series) for name in ("logit", "sampling", "ended")}
    steps = polls.with_columns(
        step=pl.col("logit") - before["logit"], both=pl.col("sampling") + before["sampling"],
        years=(pl.col("ended") - before["ended"]).dt.total_days() / 365.25,
    ).filter(pl.col("years") >= NEAREST)  # fmt: skip
    if steps.height < LEAST:
        raise Refusal(
            f"{steps.height} repeated polls on record tell how opinion drifts from year to year, fewer than {LEAST}",
            hint="Ingest a source of polls that asks the same publics again and again, as `pew`.",
        )
    return steps.select(
        series=pl.struct(series).rank("dense").cast(pl.Int64) - 1, step="step", sampling="both", years="years"
    )


def _paces(steps: pl.DataFrame) -> Floats:
    """Draws of the variance a year of the drift: resamples of whole series, shape (`DRAWS`,)."""
    by_series = steps.group_by("series").agg(
        over=(pl.col("step") ** 2 - pl.col("sampling")).sum(), years=pl.col("years").sum()
    ).sort("series")  # fmt: skip
    over, years = by_series["over"].to_numpy(), by_series["years"].to_numpy()
    times = np.random.default_rng(SEED).multinomial(over.size, np.full(over.size, 1.0 / over.size), size=DRAWS)
    return np.asarray(np.maximum(times @ over / (times @ years), 0.0))


def _chances(mean: Floats, sampled: Floats, ages: Floats, pace: Floats, thresholds: Floats) -> tuple[Floats, Floats]:
    """For each draw of the drift: the chance that some terms pass on both sides, and that an even deal does."""
    var = sampled + pace[:, None] * ages
    room = mean - np.asarray(logit(thresholds))
    return ndtr(room.sum() / np.sqrt(var.sum(axis=1))), ndtr(room / np.sqrt(var)).prod(axis=1)


def _distance(mean: Floats, sampled: Floats, ages: Floats, pace: Floats, thresholds: Floats) -> Summary:
    noise = np.random.default_rng(SEED + 1).standard_normal((pace.size, 2))
    opinion = mean + noise * np.sqrt(sampled + pace[:, None] * ages)
    return summary(winsets.reservation(thresholds, opinion).sum(axis=1) - 1.0)


def _sides(latest: list[dict[str, Any]], mean: Floats, now: Floats, thresholds: tuple[float, float]) -> pl.DataFrame:
    sd = np.sqrt(now)
    ends = {
        "lo90": -1.6448536269514722,
        "lo50": -0.6744897501960817,
        "hi50": 0.6744897501960817,
        "hi90": 1.6448536269514722,
    }
    rows = [
        {
            "public": poll["a"], "about": poll["b"], "polled": poll["value"], "asked": poll["n"], "poll": poll["ended"],
            "question": poll["kind"], "source": poll["source"], "id": poll["id"], "years_old": poll["years_old"],
            "share": float(expit(mean[side])), **{name: float(expit(mean[side] + z * sd[side])) for name, z in ends.items()},
            "ratifies": float(ndtr((mean[side] - logit(thresholds[side])) / sd[side])), "threshold": thresholds[side],
            "reservation": float(winsets.reservation(thresholds[side], mean[side])),
        }
        for side, poll in enumerate(latest)
    ]  # fmt: skip
    return pl.DataFrame(rows)


def _by_threshold(mean: Floats, sampled: Floats, ages: Floats, pace: Floats) -> pl.DataFrame:
    found = [(each, *_chances(mean, sampled, ages, pace, np.full(2, each))) for each in THRESHOLDS]
    return pl.DataFrame(
        [{"threshold": each, "value": float(some.mean()), "even": float(even.mean())} for each, some, even in found]
    )


def _notes(latest: list[dict[str, Any]], steps: pl.DataFrame) -> tuple[str, ...]:
    questions = " and ".join(sorted({poll["kind"] for poll in latest}))
    unsaid = [f"{ASKED:,} asked in {poll['a']}, where the poll does not say" for poll in latest if poll["n"] is None]
    notes = [
        f"Opinion ({questions}) of the other state stands for the share that would take an even deal with it: no poll on record "
        "asks about a deal. It is no forecast of one, and says nothing of leaders and legislatures.",
        "Assumed: one dimension of terms; reservations spread over each public with unit logistic scale; independent publics.",
        f"Assumed: {'; '.join([f'a design effect of {DESIGN:g}', *unsaid])}.",
        f"Drift from {steps.height} steps between repeated polls of {steps['series'].n_unique()} series: a random walk without "
        "trend or return.",
    ]
    if len({poll["source"] for poll in latest}) > 1:
        notes.append("The two sides were polled by different institutes, whose questions and answers differ.")
    return tuple(notes)
