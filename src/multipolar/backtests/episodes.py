"""Episodes: the tie of two states is known to change, and those of others are predicted from it through third parties.

What was decided before any prediction was made is in ``docs/episodes.md``; nothing here may be set otherwise without saying
so there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl

from multipolar.actors import states
from multipolar.backtests.episodes_course import Course, positions, windows
from multipolar.backtests.episodes_known import Known, distances, known_before, outcome, past, states_of
from multipolar.backtests.episodes_list import EPISODES, Episode
from multipolar.backtests.episodes_scores import Outcome, at_placebos, placebos, predicted, rows, shuffles
from multipolar.backtests.positions import cast_ballots
from multipolar.errors import Refusal, UsageError
from multipolar.indicators import INDICATORS, Panel, Scope, pair_months
from multipolar.measures.capability import figures
from multipolar.record import View
from multipolar.ties.third import STRUCTURAL as LABEL

#: First day of the cells, so that earlier windows tell how much ties change.
FIRST: Final = date(1900, 1, 1)
#: Shuffles, and placebo dates at most.
DRAWS: Final = 200

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, eq=False)
class Episodes:
    """How well ties were foretold from the change of one.

    Attributes
    ----------
    given : DataFrame
        One row an episode: the shock and what is known before.
    targets : DataFrame
        One row a target and figure (tie, distance): the observed change with its standard deviation, whether it is clear, each
        forecast, or the reason why there is none.
    scores : DataFrame
        One row an episode, figure and forecast.
    notes : tuple of str
    panel : Panel
        The cells: ``panel.parts(a, b)`` are the statements behind a pair.
    """

    given: pl.DataFrame
    targets: pl.DataFrame
    scores: pl.DataFrame
    notes: tuple[str, ...] = ()
    panel: Panel | None = field(default=None, repr=False)

    @property
    def label(self) -> str:
        """What a forecast with the structural pull is to be called."""
        return LABEL


def episodes(
    view: View, among: Sequence[Episode] = EPISODES, *,
    draws: int = DRAWS, dates: int = DRAWS, seed: int = 0, progress: Progress | None = None,
) -> Episodes:  # fmt: skip
    """Predict the ties of each episode from the change of its shock, and score them beside persistence and placebos.

    Parameters
    ----------
    view : View
        With alliances, disputes, roll calls and capability at least.
    among : sequence of Episode
        `EPISODES` by default.
    draws, dates : int
        Shuffles of third parties, and placebo dates at most.
    seed : int
        Of both: the same seed gives the same figures.
    progress : callable, optional
        Told how far it is.

    Returns
    -------
    Episodes

    Raises
    ------
    Refusal
        If the record has no capability, no roll call, or no episode within its years.
    """
    capability = figures(view, "cinc")
    if capability.is_empty():
        raise Refusal("no share of the world's capability (cinc) is known to this record", hint="Ingest nmc.")
    _say(progress, 0, "Positions in the General Assembly")
    theta = positions(cast_ballots(view))
    _say(progress, 0, "Cells of pairs")
    panel = observed(view, capability, among)
    return foretold(panel, capability, theta, among, draws=draws, dates=dates, seed=seed, progress=progress)


def observed(view: View, capability: pl.DataFrame, among: Sequence[Episode] = EPISODES) -> Panel:
    """Cells between the states of some episodes; votes are measured against those of all states."""
    kept = tuple(sorted({state for each in among for state in states_of(each, capability)}))
    last = date(max(each.after[1] for each in among), 12, 31)
    scope = Scope(view, kept, FIRST, last)
    everybody = Scope(view, tuple(sorted(state.id for state in states())), FIRST, last)
    votes = pair_months(everybody, ("votes",)).cells.filter(pl.col("a").is_in(kept), pl.col("b").is_in(kept))
    rest = pair_months(scope, [each.name for each in INDICATORS if each.name != "votes"]).cells
    return Panel(scope, pl.concat([votes, rest]).sort("a", "b", "month", "indicator"))


def foretold(
    panel: Panel, capability: pl.DataFrame, theta: pl.DataFrame, among: Sequence[Episode] = EPISODES, *,
    draws: int = DRAWS, dates: int = DRAWS, seed: int = 0, progress: Progress | None = None,
) -> Episodes:  # fmt: skip
    """The same from cells that are there already.

    Parameters
    ----------
    panel : Panel
        Cells between the states, before and after the episodes.
    capability : DataFrame
        As `measures.capability.figures` gives it, of CINC.
    theta : DataFrame
        Columns actor, year, theta, sd: positions of states, each from votes up to the end of the year.
    among : sequence of Episode
    draws, dates, seed, progress
        As `episodes` takes them.
    """
    if draws < 1 or dates < 1:
        raise UsageError(f"expected at least one draw and one date, got {draws} and {dates}", where="episodes")
    given, targets, scores, notes = [], [], [], []
    for number, each in enumerate(among):
        _say(progress, number, each.name, len(among))
        try:
            one = _one(each, panel, capability, theta, (draws, dates, seed))
        except Refusal as refusal:
            notes.append(f"left out: {refusal.message}")
            continue
        given.append(one[0])
        targets += one[1]
        scores += one[2]
    if not given:
        raise Refusal("no episode lies within the record", hint=" ".join(notes))
    first, then, last = (pl.DataFrame(part, infer_schema_length=None) for part in (given, targets, scores))
    return Episodes(first, then, last, tuple(notes), panel)


def _one(
    episode: Episode, panel: Panel, capability: pl.DataFrame, theta: pl.DataFrame, how: tuple[int, int, int]
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    draws, dates, seed = how
    known = known_before(episode, panel, capability)
    came, apart = outcome(known, panel), distances(known, theta)
    both = windows(episode)
    change, sd = (came.of(values, [episode.shock])[0] for values in (came.change(*both), came.sd(*both)))
    reasons = known.reasons(both[0])
    if not np.isfinite(change):
        a, b = episode.shock
        what = f"not predicted: too little is observed of the shock, {a} and {b}, in one of the windows"
        reasons = [each or what for each in reasons]
    responses = known.responses(both[0], float(np.nan_to_num(change)))
    told = {name: np.where([each is None for each in reasons], values, np.nan)
            for name, values in predicted(known, responses, both[0]).items()}  # fmt: skip
    outcomes = [_outcome("tie", came, known, known.course), _outcome("distance", apart, known, apart)]
    found = placebos(known, dates, seed)
    scores: list[dict[str, Any]] = []
    for each in outcomes:
        shuffled, dated = shuffles(known, responses, each, draws, seed), at_placebos(known, each, found)
        scores += [{"episode": episode.name} | row for row in rows(each, told, shuffled, dated)]
    targets = [row for each in outcomes for row in _targets(known, each, told, reasons)]
    return _given(known, (float(change), float(sd)), outcomes, len(found)), targets, scores


def _outcome(what: str, came: Course, known: Known, earlier: Course) -> Outcome:
    """What came of the targets in a figure, and how much it changed before."""
    both, pairs = windows(known.episode), known.episode.pairs
    before = past(known, earlier)
    observed, sd = (came.of(values, pairs) for values in (came.change(*both), came.sd(*both)))
    return Outcome(what, observed, sd, 1.0 if what == "tie" else before.slope, before.spread, earlier)


def _given(known: Known, shock: tuple[float, float], outcomes: Iterable[Outcome], dates: int) -> dict[str, Any]:
    episode, (tie, distance) = known.episode, outcomes
    year = episode.before[1]
    pull = known.pulls["estimated"]
    ties = known.course.mean(windows(episode)[0])
    return {
        "episode": episode.name, "before": "-".join(map(str, episode.before)), "after": "-".join(map(str, episode.after)),
        "a": episode.shock[0], "b": episode.shock[1], "tie_before": _known(known.course.of(ties, [episode.shock])[0]),
        "change": _known(shock[0]), "sd": _known(shock[1]), "years": episode.years, "states": len(known.actors),
        "capability": float(known.weights(year).sum()), "era": known.era, "beta": pull.beta, "theta": pull.theta,
        "spread": _known(tie.spread), "spread_distance": _known(distance.spread), "slope": _known(distance.factor),
        "dates": dates, "scale": " ".join(known.ties.notes),
    }  # fmt: skip


def _targets(known: Known, outcome: Outcome, told: dict[str, Any], reasons: list[str | None]) -> list[dict[str, Any]]:
    made = []
    for place, (a, b) in enumerate(known.episode.pairs):
        observed, sd = outcome.observed[place], outcome.sd[place]
        forecasts = {name: _known(outcome.factor * values[place]) for name, values in told.items()}
        made.append(
            {
                "episode": known.episode.name, "what": outcome.what, "a": a, "b": b, "observed": _known(observed),
                "sd": _known(sd), "clear": None if not np.isfinite(observed) else bool(abs(observed) >= 2.0 * sd),
                **forecasts, "reason": reasons[place] or _lacking(outcome, place),
            }
        )  # fmt: skip
    return made


def _lacking(outcome: Outcome, place: int) -> str | None:
    if not np.isfinite(outcome.spread):
        return "not predicted: too few earlier windows of this length"
    if not np.isfinite(outcome.observed[place]):
        return "not scored: too little is observed in one of the windows"
    return None


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _say(progress: Progress | None, done: int, what: str, total: int = 0) -> None:
    if progress is not None:
        progress(done, total, what)
