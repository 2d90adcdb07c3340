"""What is known at the end of the window before an episode, and what it says of the window after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import Final

import numpy as np
import polars as pl

from multipolar.backtests.arrays import episodes as arrays
from multipolar.backtests.arrays.episodes import Pull
from multipolar.backtests.arrays.scores import Floats
from multipolar.backtests.episodes_course import Course, Months, of_positions, of_ties, windows
from multipolar.backtests.episodes_list import Episode, Pair
from multipolar.errors import Refusal
from multipolar.indicators import Panel
from multipolar.measures.capability import weights
from multipolar.ties import Ties, estimate
from multipolar.ties.anchors import CLOSE, HOSTILE
from multipolar.ties.third_page import stored

#: States beside those of an episode: so many with most capability, and the anchor pairs, which fix the scale.
LARGEST: Final = 15
ANCHORS: Final = frozenset(state for pair in (*CLOSE, *HOSTILE) for state in pair)
#: Fewest earlier moves of the windows from which a spread is known.
LEAST: Final = 5
#: The structural pull: a year's change of a tie by friends and enemies in common that have all capability of the world.
STRUCTURAL: Final = Pull(1.0, 1.0)
#: Forecasts through third parties: which pull, and whether what it does counts in the next year.
FORECASTS: Final = {
    "estimated, linear": ("estimated", False),
    "estimated, iterated": ("estimated", True),
    "structural, linear": ("structural", False),
    "structural, iterated": ("structural", True),
}


@dataclass(frozen=True, eq=False)
class Known:
    """What is known before an episode.

    Attributes
    ----------
    episode : Episode
    ties : Ties
        Fitted to cells up to the end of the window before.
    course : Course
        The same, with what is known.
    actors : tuple of str
        States between which ties are estimated.
    capability : DataFrame
        As `measures.capability.figures` gives it.
    pulls : mapping of str to Pull
        The estimated and the structural pull.
    era : str
        Of the estimated one.
    """

    episode: Episode
    ties: Ties
    course: Course
    actors: tuple[str, ...]
    capability: pl.DataFrame
    pulls: Mapping[str, Pull]
    era: str

    def weights(self, year: int) -> Floats:
        """Capability of each state in a year, as a share of the world's; 0 where it is not known, shape (states,)."""
        told = dict(weights(self.capability, date(year, 1, 1), self.actors).select("actor", "weight").iter_rows())
        return np.array([told.get(actor, 0.0) for actor in self.actors])

    @property
    def shock(self) -> tuple[int, int]:
        """Places of the two states of the shock."""
        one, other = self.episode.shock
        return self.actors.index(one), self.actors.index(other)

    def responses(self, before: Months, change: float, pulls: Mapping[str, Pull] | None = None) -> dict[str, Floats]:
        """Predicted change of every tie by each forecast, from the ties of a window, shape (states, states)."""
        ties = np.nan_to_num(self.course.matrix(self.course.mean(before), self.actors), nan=0.0)
        share, years, told = self.weights(before[1] // 12), self.episode.years, pulls or self.pulls
        return {
            name: arrays.response(ties, share, self.shock, change, told[which], years, iterated=iterated)
            for name, (which, iterated) in FORECASTS.items()
        }

    def at(self, response: Floats, pairs: tuple[Pair, ...]) -> Floats:
        """Entries of a matrix of states for some pairs."""
        a, b = (np.array([self.actors.index(pair[side]) for pair in pairs], dtype=np.intp) for side in (0, 1))
        return np.asarray(response[a, b])

    def reasons(self, before: Months) -> list[str | None]:
        """Why each target is not predicted; None where it is."""
        known = np.isfinite(self.course.matrix(self.course.mean(before), self.actors))
        day = f"{before[1] // 12}-{before[1] % 12 + 1:02d}"
        return [_reason(pair, self.episode.shock, known, self.actors, day) for pair in self.episode.pairs]


def _reason(pair: Pair, shock: Pair, known: Floats, actors: tuple[str, ...], day: str) -> str | None:
    wanted = [shock, pair]
    shared = set(pair) & set(shock)
    if shared:
        (a,), (b,) = set(pair) - shared, set(shock) - shared
        wanted.append((min(a, b), max(a, b)))
    for a, b in wanted:
        if not known[actors.index(a), actors.index(b)]:
            return f"not predicted: too little is observed of {a} and {b} in the three years to {day}"
    return None


def known_before(episode: Episode, panel: Panel, capability: pl.DataFrame) -> Known:
    """Fit ties to what came before an episode, and nothing later.

    Parameters
    ----------
    episode : Episode
    panel : Panel
        Cells, which may go on after the window before: they are cut there.
    capability : DataFrame
        As `measures.capability.figures` gives it, of shares of the world's capability (CINC).

    Raises
    ------
    Refusal
        If the panel does not reach both windows.
    """
    last = date(episode.before[1], 12, 31)
    _reaches(episode, panel)
    actors = states_of(episode, capability)
    ties = estimate(cut(panel, actors, last))
    era, pull = _estimated(episode)
    return Known(episode, ties, of_ties(ties), actors, capability, {"estimated": pull, "structural": STRUCTURAL}, era)


def states_of(episode: Episode, capability: pl.DataFrame) -> tuple[str, ...]:
    """The states between which ties are estimated."""
    year = date(episode.before[1], 1, 1)
    largest = weights(capability, year, capability["actor"]).sort("weight", "actor", descending=[True, False])
    return tuple(sorted({*episode.states, *ANCHORS, *largest["actor"].head(LARGEST)}))


def cut(panel: Panel, actors: tuple[str, ...], last: date) -> Panel:
    """A panel of some states up to a day."""
    inside = pl.col("a").is_in(actors) & pl.col("b").is_in(actors) & (pl.col("month") <= last)
    return Panel(replace(panel.scope, actors=actors, last=last), panel.cells.filter(inside))


def _reaches(episode: Episode, panel: Panel) -> None:
    first, last = panel.scope.first.year, panel.scope.last.year
    years = panel.cells["month"].dt.year()
    for start, end in (episode.before, episode.after):
        if first > start or last < end or not years.is_between(start, end).any():
            raise Refusal(
                f"{episode.name}: the record tells nothing of {start}-{end}, one of its two windows",
                hint="Ingest atop, mid-gml, unga, sipri and cow-trade, which reach back and forth so far.",
            )


def _estimated(episode: Episode) -> tuple[str, Pull]:
    """The pull of the era in which the window before ends: that of the last era after it."""
    pulls = [trial.pull for trial in stored().trials]
    year = episode.before[1]
    mine = next((pull for pull in pulls if year <= int(pull.era.partition("-")[2])), pulls[-1])
    return mine.era, Pull(mine.beta.value, mine.theta.value)


@dataclass(frozen=True, eq=False)
class Past:
    """Changes over earlier windows of the same lengths.

    Attributes
    ----------
    spread : float
        Their root mean square; NaN if there are fewer than `LEAST` moves.
    moves : int
        Moves of the windows, by whole years, in which some pair is known.
    slope : float
        Of these changes on those of ties; NaN if it cannot be told.
    """

    spread: float
    moves: int
    slope: float


def past(known: Known, course: Course) -> Past:
    """Changes of a figure between the states of an episode, over windows that end before it."""
    pairs = [pair for pair in combinations(known.episode.states, 2) if pair != known.episode.shock]
    mine, ties = course.only(pairs), known.course.only(pairs)
    changes, beside = [], []
    for earlier in moves(known, 12):
        both = windows(known.episode, earlier)
        told = mine.change(*both)
        if np.isfinite(told).any():
            changes.append(told)
            beside.append(ties.of(ties.change(*both), mine.pairs))
    if len(changes) < LEAST:
        return Past(float("nan"), len(changes), float("nan"))
    values = np.concatenate(changes)
    return Past(arrays.spread(values), len(changes), arrays.slope(values, np.concatenate(beside)))


def moves(known: Known, step: int) -> range:
    """By how many months the windows can be moved back, so that both end before the episode and begin with the record."""
    (first, last), (_, end) = windows(known.episode)
    return range(end - last, first - int(known.course.number[0]) + 1, step)


def outcome(known: Known, panel: Panel) -> Course:
    """Ties up to the end of the window after, read with what was fitted before."""
    last = date(known.episode.after[1], 12, 31)
    return of_ties(estimate(cut(panel, known.actors, last), known.ties))


def distances(known: Known, frame: pl.DataFrame) -> Course:
    """Distances between positions of the states of an episode."""
    return of_positions(frame, known.episode.states)
