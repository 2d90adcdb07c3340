"""Third parties: whether it matters for two states how each stands with the others, by a test that was written down
first.

`third_parties` estimates the pull ``beta`` of third parties and the strength ``eta`` of "enemy of my enemy"
(``arrays.third``) on disputes of pairs that both began them, in each era by itself, and compares them with third
states that cannot matter and with forecasts of later years. What counts as passing is in ``docs/third_parties.md``,
section *What was decided before running*; nothing here may be set otherwise without saying so there. Unless every era
passes, the force is off: `ThirdParties.beta` and `ThirdParties.eta` are zero.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from multipolar.errors import Refusal, UsageError
from multipolar.record import View
from multipolar.ties import third_held_out
from multipolar.ties.arrays import dyads, pull
from multipolar.ties.third_data import MEMORY, History, Outcome, Weights, history

#: Name of an era -> its first and last year.
ERAS: Final = {"1816-1945": (1816, 1945), "1946-1991": (1946, 1991), "1992-2010": (1992, 2010)}
#: All years together: reported, and no part of the test.
WHOLE: Final = "1816-2010"
#: Draws of substituted third states, and of the bootstrap over states; level of intervals.
DRAWS, RESAMPLED, LEVEL = 200, 500, 0.95
#: What the force is called where it is used without having passed.
STRUCTURAL: Final = "structural, not estimated"
UNKNOWN: Final = "sign unknown: the interval of beta covers zero, so that of eta has no bounds"

Progress = Callable[[int, int, str], None]


class Figure(NamedTuple):
    """An estimate and its interval."""

    value: float
    lo: float
    hi: float


@dataclass(frozen=True)
class Pull:
    """One estimate of the force.

    Attributes
    ----------
    era : str
        Years, such as ``1946-1991``.
    what : str
        What is estimated: ``main``, or how it differs from that.
    beta : Figure
        Change of the yearly chance of a dispute that third parties with all capability of the world would make, sign
        turned: positive if friends in common lower it and a friend's enemy raises it. 95 %.
    theta : Figure
        The same of enemies in common.
    eta : Figure or None
        ``theta / beta`` with Fieller's interval; None where that has no bounds (`UNKNOWN`).
    eta_delta, eta_bootstrap : Figure or None
        With the interval of the delta method, and of the bootstrap over states.
    parts : tuple of Figure
        Coefficients of FF, FE and EE each by itself.
    states, pairs, pair_years, events : int
        What it rests on; events are disputes begun (or pacts, where they are the outcome).
    """

    era: str
    what: str
    beta: Figure
    theta: Figure
    eta: Figure | None
    eta_delta: Figure | None
    eta_bootstrap: Figure | None
    parts: tuple[Figure, Figure, Figure]
    states: int
    pairs: int
    pair_years: int
    events: int


@dataclass(frozen=True)
class Trial:
    """The main estimate of an era and what it has to pass.

    Attributes
    ----------
    pull : Pull
    effect : float
        ``|beta|`` times the standard deviation of FF - FE within pairs and years.
    substituted, shifted : float
        95th percentile of the same with substituted third states, and with third parties moved in time.
    draws, shifts : int
        How many of each.
    gain : Figure
        Gain in log score per held-out pair-year, with its 90 % interval.
    tested : int
        Held-out pair-years.
    """

    pull: Pull
    effect: float
    substituted: float
    shifted: float
    draws: int
    shifts: int
    gain: Figure
    tested: int

    @property
    def verdicts(self) -> tuple[bool, bool, bool]:
        """Whether the interval, the placebos and the held-out score pass."""
        placebo = self.effect > max(self.substituted, self.shifted)
        return self.pull.beta.lo > 0, placebo, self.gain.lo > 0

    @property
    def passes(self) -> bool:
        """Whether all three do."""
        return all(self.verdicts)


@dataclass(frozen=True)
class ThirdParties:
    """What was found of the pull of third parties.

    Attributes
    ----------
    trials : tuple of Trial
        One an era.
    others : tuple of Pull
        Also reported, and no part of the test.
    source : str
        Key of the source of disputes.
    as_of : date
        Day of the view.
    notes : tuple of str
    ids : tuple of str
        Statements that it rests on.
    """

    trials: tuple[Trial, ...]
    others: tuple[Pull, ...]
    source: str
    as_of: date
    notes: tuple[str, ...] = ()
    ids: tuple[str, ...] = field(default=(), repr=False)

    @property
    def passes(self) -> bool:
        """Whether every era was tried and passes."""
        return {trial.pull.era for trial in self.trials} == set(ERAS) and all(trial.passes for trial in self.trials)

    @property
    def beta(self) -> float:
        """The pull to use by default: zero unless every era passes, else the weakest of the eras."""
        return min((trial.pull.beta.value for trial in self.trials), default=0.0) if self.passes else 0.0

    @property
    def eta(self) -> float:
        """The strength of "enemy of my enemy" to use by default: that of the era `beta` is of, or zero."""
        if not self.passes:
            return 0.0
        weakest = min(self.trials, key=lambda trial: trial.pull.beta.value)
        return weakest.pull.eta.value if weakest.pull.eta else 0.0

    @property
    def label(self) -> str:
        """What must be said of a spillover that is shown with a positive pull."""
        return "estimated" if self.passes else STRUCTURAL


def third_parties(
    view: View,
    originators: Path | None = None,
    *,
    era: str | None = None,
    draws: int = DRAWS,
    others: bool = True,
    seed: int = 0,
    progress: Progress | None = None,
) -> ThirdParties:
    """The pull of third parties on pairs of states, by era, with its placebos and its held-out score.

    Parameters
    ----------
    view : View
        Of a record with disputes (GML or Correlates of War), alliances (ATOP) and capability (NMC); contiguity is
        used if it is there.
    originators : Path
        The file that the record's disputes were read from: it flags who began each (``orig1``, ``orig2``), which
        statements do not say.
    era : str, optional
        One of `ERAS`; all by default. The test is passed only by all.
    draws : int, default 200
        Substitutions of third states.
    others : bool, default True
        Also the estimates that are no part of the test.
    seed : int, default 0
    progress : callable, optional
        Called as ``progress(done, total, what)``.

    Raises
    ------
    UsageError
        If the era is not known or `draws` is less than 1.
    Refusal
        If nothing says who began a dispute, an era has no events or fewer than three states, or the record lacks what
        is asked for.
    DataError
        If the file is damaged or not the one that the record was made of.
    """
    if era is not None and era not in ERAS:
        raise UsageError.unknown("era", era, ERAS)
    if draws < 1:
        raise UsageError(f"expected at least one draw, got {draws}", where="draws")
    step = progress or (lambda done, total, what: None)
    step(0, 0, "Reading disputes, alliances and capability")
    past = history(view, originators)
    chosen = [era] if era else list(ERAS)
    scored = third_held_out.scores(past, max(_years(name)[1] for name in chosen))
    trials = []
    for place, name in enumerate(chosen):
        step(place, len(chosen), f"Estimating {name}, with {draws} placebos")
        trials.append(_trial(past, name, scored, draws, np.random.default_rng([seed, list(ERAS).index(name)])))
    step(len(chosen), len(chosen), "Estimating what is reported besides")
    found = _others(view, originators, past, chosen, seed) if others else ()
    return ThirdParties(tuple(trials), found, past.source, view.as_of, _notes(past, scored), past.ids)


def estimate(
    past: History,
    era: str,
    *,
    what: str = "main",
    weights: Weights = "cinc",
    outcome: Outcome = "dispute",
    seed: int = 0,
) -> Pull:
    """One estimate, without placebos.

    Parameters
    ----------
    past : History
    era : str
        One of `ERAS`, or `WHOLE`.
    what : str
        What to call it.
    weights, outcome
        As `History.panel` takes them.
    seed : int
        Of the bootstrap.

    Raises
    ------
    Refusal
        If the era has no events, no years in the record, or fewer than three states.
    """
    return _pull(past, era, _panel(past, era, weights, outcome), what, np.random.default_rng(seed))


def _panel(past: History, era: str, weights: Weights = "cinc", outcome: Outcome = "dispute") -> pull.Panel:
    first, last = _years(era)
    if past.last < max(first, past.first + MEMORY):
        raise Refusal(
            f"the record's disputes or alliances end in {past.last}, before {era}", hint="Choose another era."
        )
    panel = past.panel(first, last, weights=weights, outcome=outcome)
    if panel.ties.shape[-1] < 3:
        raise Refusal(f"{era} has {panel.ties.shape[-1]} states in this record: no third party stands between them")
    if not np.any(panel.outcome[panel.rows]):
        raise Refusal(f"no event between originators in {era}: nothing can be said of third parties then")
    return panel


def _years(era: str) -> tuple[int, int]:
    first, last = era.split("-")
    return int(first), int(last)


def _trial(past: History, era: str, scored: third_held_out.Scores, draws: int, rng: np.random.Generator) -> Trial:
    panel = _panel(past, era)
    found = _pull(past, era, panel, "main", rng)
    first, last = _years(era)
    substituted = pull.substituted(panel, past.groups(first, last), rng, draws)
    shifted = pull.shifted(panel)
    gain, lo, hi = scored.gain(first, last, rng)
    size = pull.effect(pull.estimate(panel))
    return Trial(
        pull=found,
        effect=size,
        substituted=_high(substituted),
        shifted=_high(shifted),
        draws=draws,
        shifts=shifted.size,
        gain=Figure(gain, lo, hi),
        tested=scored.count(first, last),
    )


def _high(effects: NDArray[np.float64]) -> float:
    """The 95th percentile of placebos; none, where an era is too short to be shifted, is no placebo that was beaten."""
    return float(np.quantile(effects, 0.95)) if effects.size else float("inf")


def _pull(past: History, era: str, panel: pull.Panel, what: str, rng: np.random.Generator) -> Pull:
    both, apart = pull.estimate(panel), pull.apart(panel)
    reach = _critical(both.freedom)
    beta, theta = (_figure(both, place, reach) for place in (0, 1))
    known = beta.lo > 0 or beta.hi < 0
    drawn = dyads.over_states(both, panel.members, rng, RESAMPLED)
    return Pull(
        era=era,
        what=what,
        beta=beta,
        theta=theta,
        eta=_ratio(both, reach, "fieller") if known else None,
        eta_delta=_ratio(both, reach, "delta") if known else None,
        eta_bootstrap=_percentiles(theta.value / beta.value, drawn[:, 1] / drawn[:, 0]) if known else None,
        parts=(_figure(apart, 0, reach), _figure(apart, 1, reach), _figure(apart, 2, reach)),
        states=both.freedom + 1,
        pairs=len(panel.members),
        pair_years=panel.pair.size,
        events=int(np.count_nonzero(panel.outcome[panel.rows])),
    )


def _figure(found: dyads.Fit, place: int, reach: float) -> Figure:
    value = float(found.coefficients[place])
    half = reach * float(np.sqrt(found.covariance[place, place]))
    return Figure(value, value - half, value + half)


def _ratio(found: dyads.Fit, reach: float, how: str) -> Figure | None:
    beta, theta = (float(value) for value in found.coefficients[:2])
    covariance = found.covariance[np.ix_([1, 0], [1, 0])]
    bounds = (dyads.fieller if how == "fieller" else dyads.delta)(theta, beta, covariance, reach)
    return None if bounds is None else Figure(theta / beta, *bounds)


def _percentiles(value: float, drawn: NDArray[np.float64]) -> Figure:
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Figure(value, float(low), float(high))


def _critical(freedom: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + LEVEL) / 2))


def _others(view: View, originators: Path | None, past: History, eras: list[str], seed: int) -> tuple[Pull, ...]:
    """What is reported besides: each only where it can be said."""
    alone = history(view, originators, alone=True)
    besides: tuple[tuple[str, History, Weights, Outcome], ...] = (
        ("equal weights", past, "equal", "dispute"),
        ("one originator on each side", alone, "cinc", "dispute"),
        ("start of a defence pact", past, "cinc", "pact"),
    )
    found: list[Pull] = []
    for era in eras:
        for what, source, weights, outcome in besides:
            try:
                found.append(estimate(source, era, what=what, weights=weights, outcome=outcome, seed=seed))
            except Refusal:
                continue
    if len(eras) == len(ERAS):
        found.append(estimate(past, WHOLE, what="all years together", seed=seed))
    return tuple(found)


def _notes(past: History, scored: third_held_out.Scores) -> tuple[str, ...]:
    unknown = int(np.count_nonzero(past.member & ~np.isfinite(past.cinc)))
    notes = [
        f"Disputes of {past.source}, {past.first} to {past.last}; those that either side joined are neither a dispute nor peace."
    ]
    if unknown:
        notes.append(f"Capability is not known of {unknown:,} state-years: no third state in that year.")
    if scored.left_out:
        notes.append(
            f"{scored.left_out:,} pair-years without a known capability of both are not in the held-out score."
        )
    if past.contiguous is None:
        notes.append("The record has no contiguity: the base of the held-out score lacks it.")
    return tuple(notes)
