"""Predictions of one episode beside what came, shuffled third parties and placebo dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from multipolar.backtests.arrays import episodes as arrays
from multipolar.backtests.arrays import scores
from multipolar.backtests.arrays.scores import Floats
from multipolar.backtests.episodes_course import Course, Months, windows
from multipolar.backtests.episodes_known import FORECASTS, Known, moves

PERSISTENCE: Final = "persistence"
#: A change is clear from so many standard deviations on.
CLEAR: Final = 2.0
#: Fewest targets that a placebo date must tell.
FEWEST: Final = 3

Responses = Mapping[str, Floats]


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of the targets, in one figure.

    Attributes
    ----------
    what : str
        ``tie`` or ``distance``.
    observed, sd : array, shape (targets,)
        The change and its standard deviation; NaN where not known.
    factor : float
        Change of the figure for a change of the tie.
    spread : float
        Standard deviation of every forecast.
    earlier : Course
        The figure before the episode, for placebo dates.
    """

    what: str
    observed: Floats
    sd: Floats
    factor: float
    spread: float
    earlier: Course


def gain(observed: Floats, told: Floats, spread: float) -> float:
    """How much smaller CRPS is than that of no change, in standard deviations; NaN if nothing is scored."""
    both = np.isfinite(observed) & np.isfinite(told)
    if not both.any() or not spread > 0:
        return float("nan")
    sd = np.full(int(both.sum()), spread)
    better = scores.crps(observed[both], np.zeros_like(sd), sd) - scores.crps(observed[both], told[both], sd)
    return float(better.mean() / spread)


def signs(observed: Floats, sd: Floats, told: Floats) -> tuple[int, int, int]:
    """Of the changes that are clear: how often the predicted sign is right, wrong, or none is predicted."""
    with np.errstate(invalid="ignore"):
        clear = np.isfinite(told) & (np.abs(observed) >= CLEAR * sd)
    agree = np.sign(observed[clear]) * np.sign(told[clear])
    return int((agree > 0).sum()), int((agree < 0).sum()), int((agree == 0).sum())


def predicted(known: Known, responses: Responses, before: Months) -> dict[str, Floats]:
    """Predicted changes of the ties of the targets, by forecast; NaN where a target is not predicted."""
    told = np.array([reason is None for reason in known.reasons(before)])
    made = {name: known.at(each, known.episode.pairs) for name, each in responses.items()}
    return {name: np.where(told, each, np.nan) for name, each in made.items()}


def shuffles(known: Known, responses: Responses, outcome: Outcome, draws: int, seed: int) -> dict[str, Floats]:
    """Gain of each forecast with the third parties in each other's places, shape (draws,)."""
    rng, told = np.random.default_rng(seed), predicted(known, responses, windows(known.episode)[0])
    found: dict[str, list[float]] = {name: [] for name in FORECASTS}
    for _ in range(draws):
        state = rng.bit_generator.state
        for name in FORECASTS:
            rng.bit_generator.state = state  # the same places for all forecasts
            moved = known.at(arrays.relabelled(responses[name], known.shock, rng), known.episode.pairs)
            moved = np.where(np.isfinite(told[name]), moved, np.nan)
            found[name].append(gain(outcome.observed, outcome.factor * moved, outcome.spread))
    return {name: np.array(values) for name, values in found.items()}


@dataclass(frozen=True, eq=False)
class Placebo:
    """A month before the episode, at which the same is predicted.

    Attributes
    ----------
    before, after : (int, int)
        The windows.
    predicted : mapping of str to array
        Predicted changes of ties of the targets, by forecast.
    """

    before: Months
    after: Months
    predicted: Mapping[str, Floats]


def placebos(known: Known, dates: int, seed: int) -> list[Placebo]:
    """Earlier months at random of which enough is known, at most so many."""
    rng, found = np.random.default_rng(seed), []
    for earlier in rng.permutation(np.array(moves(known, 1), dtype=np.int64)).tolist():
        before, after = windows(known.episode, earlier)
        change = known.course.change(before, after)
        shock = known.course.of(change, [known.episode.shock])[0]
        if not np.isfinite(shock):
            continue
        reasons = known.reasons(before)
        observed = known.course.of(change, known.episode.pairs)
        if sum(reason is None and np.isfinite(each) for reason, each in zip(reasons, observed, strict=True)) < FEWEST:
            continue
        found.append(Placebo(before, after, predicted(known, known.responses(before, float(shock)), before)))
        if len(found) == dates:
            break
    return found


def at_placebos(known: Known, outcome: Outcome, found: list[Placebo]) -> dict[str, Floats]:
    """Gain of each forecast at each placebo date, shape (dates,); NaN where fewer than `FEWEST` targets are scored."""
    gains: dict[str, list[float]] = {name: [] for name in FORECASTS}
    for date in found:
        observed = outcome.earlier.of(outcome.earlier.change(date.before, date.after), known.episode.pairs)
        for name, told in date.predicted.items():
            enough = (np.isfinite(observed) & np.isfinite(told)).sum() >= FEWEST
            gains[name].append(gain(observed, outcome.factor * told, outcome.spread) if enough else float("nan"))
    return {name: np.array(values) for name, values in gains.items()}


def rows(
    outcome: Outcome, told: Mapping[str, Floats], shuffled: Mapping[str, Floats], dated: Mapping[str, Floats]
) -> list[dict[str, Any]]:
    """One row a forecast: how it did, beside shuffled third parties and placebo dates."""
    some = np.any([np.isfinite(each) for each in told.values()], axis=0)
    nothing = np.where(some & np.isfinite(outcome.spread), 0.0, np.nan)
    made = [_row(PERSISTENCE, outcome, nothing)]
    for name, each in told.items():
        row = _row(name, outcome, outcome.factor * each)
        made.append(
            row | _beside("shuffled", row["gain"], shuffled[name]) | _beside("placebo", row["gain"], dated[name])
        )
    return made


def _row(name: str, outcome: Outcome, told: Floats) -> dict[str, Any]:
    both = np.isfinite(told) & np.isfinite(outcome.observed)
    right, wrong, none = signs(outcome.observed, outcome.sd, told)
    sd = np.full(int(both.sum()), outcome.spread)
    crps = scores.crps(outcome.observed[both], told[both], sd)
    return {
        "what": outcome.what, "forecast": name, "scored": int(both.sum()), "clear": right + wrong + none, "right": right,
        "wrong": wrong, "no_call": none, "crps": _number(crps.mean() if crps.size else np.nan),
        "gain": _number(gain(outcome.observed, told, outcome.spread)), **_beside("shuffled", None, np.zeros(0)),
        **_beside("placebo", None, np.zeros(0)),
    }  # fmt: skip


def _beside(name: str, own: float | None, gains: NDArray[np.float64]) -> dict[str, Any]:
    """How many, their mean gain and how many of them gain as much."""
    kept = gains[np.isfinite(gains)]
    if own is None or not kept.size:
        return {f"{name}_count": 0, f"{name}_gain": None, f"{name}_p": None}
    return {
        f"{name}_count": int(kept.size),
        f"{name}_gain": float(kept.mean()),
        f"{name}_p": float((kept >= own - 1e-12).mean()),
    }


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
