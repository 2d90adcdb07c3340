"""Onset of a militarised dispute next year: all pairs of states from 1947 on.

The work of the published baseline: pairs whose distance is known, logistic regression, five-year steps from 1985 to 2009, each
learnt from all rows before it. Its predictors are the years since the last onset and the onsets of ten years (history); the
distance, whether they touch, whether one is a major power (geography); distance of positions in UN votes; a defence pact.

The model has, each as of the end of the year: the years since the last onset; a count of onsets that halves in ten years;
how often the two had onsets with all others, halving in two years; distance, nearness (e-fold 1,500 km) and contact; whether
one is a new state (under three years); and what history and the disputes with others tell of near pairs more than of far
ones. These were chosen one after another by the log score of forecasts for 1965-1984, each learnt from the years before, and
from no later year; whether one is a major power did not pass.

Lists of rivalries are compiled in hindsight and are not used.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from multipolar.backtests.arrays.history import Matrix, Memory, near
from multipolar.backtests.arrays.windows import Plan
from multipolar.backtests.cubes import Cubes, cubes
from multipolar.backtests.model import MODEL, Design
from multipolar.backtests.pairyears import Year, rows
from multipolar.backtests.positions import Votes, votes
from multipolar.errors import Refusal
from multipolar.record import View

NAME: Final = "disputes"
COLUMNS: Final = {
    "dispute_onset": "mid-cow", "min_distance": "cow-mindist", "major_power": "cow-majors", "defence": "atop",
}  # fmt: skip
#: Sources of disputes, the one that a record is read with first; the others are left out, as they code the same disputes.
SOURCES: Final = ("cow-mid:", "gml-mid:")
SINCE: Final = 1816
FIRST_ROW: Final = 1947
FIRST, LAST = 1985, 2009
HALF_LIVES: Final = (1.6, 2.0, 10.0)
CAP: Final = 60.0
SCALE: Final = 1500.0
YOUNG: Final = 3

HISTORY: Final = ("since", "onsets_10")
GEOGRAPHY: Final = ("km", "touching", "major")
FIELD: Final = "history, geography, votes, ally"
FITS: Final = {
    "persistence": ("onset",),
    "EWMA": ("decayed_1.6",),
    "last S": ("s",),
    "ideal-point distance": ("apart",),
    "history, geography": (*HISTORY, *GEOGRAPHY),
    FIELD: (*HISTORY, *GEOGRAPHY, "apart", "ally"),
    MODEL: (
        "since", "decayed_10", "others_2", "km", "near", "touching", "young", "since_near", "others_near",
    ),
}  # fmt: skip


class Known(NamedTuple):
    """What is carried from year to year.

    Attributes
    ----------
    memory : Memory
        Onsets of pairs.
    recent : list of array
        Onsets of the last ten years.
    born : array
        First year of each state in the system.
    """

    memory: Memory
    recent: list[Matrix]
    born: Matrix


def design(view: View) -> Design:
    """The design, from a record.

    Raises
    ------
    Refusal
        If the record lacks a source that it needs, or reaches too few years.
    """
    told = cubes(one_source(view), SINCE, COLUMNS)
    cast = votes(view, told.actors)
    last = min(LAST, told.reach("dispute_onset") - 1)
    if last < FIRST:
        raise Refusal(f"disputes end in {last + 1}: too few years to test from {FIRST} on", hint="Ingest mid-cow.")
    made = rows(_years(told, cast, last))
    return Design(
        NAME, "Onset of a militarised dispute in the next year, all pairs", "onset of a militarised dispute",
        Plan(FIRST, last, thin=4), told.actors, made.a, made.b, made.year, made.outcome, made.predictors, FITS,
        FIELD, made.year,
    )  # fmt: skip


def one_source(view: View) -> View:
    """The view with disputes of one source alone."""
    there = [key for start in SOURCES for key in view.sources() if key.startswith(start)]
    return view.without(there[1:])


def _years(told: Cubes, cast: Votes, last: int) -> Iterator[Year]:
    states = len(told.actors)
    known = Known(Memory(states, HALF_LIVES), [], np.full(states, np.inf, dtype=np.float32))
    for year in range(told.first, last + 1):
        onset = np.nan_to_num(told.pair("dispute_onset", year))
        known.memory.add(onset)
        known.recent.append(onset)
        del known.recent[:-10]
        there = np.isfinite(told.pair("defence", year)).any(axis=1)
        known.born[there] = np.minimum(known.born[there], year)
        if year >= FIRST_ROW:
            came = told.pair("dispute_onset", year + 1)
            km = told.pair("min_distance", year)
            yield Year(year, np.isfinite(km) & np.isfinite(came), came, _predictors(told, cast, known, year))


def _predictors(told: Cubes, cast: Votes, known: Known, year: int) -> dict[str, Matrix]:
    km, onset = told.pair("min_distance", year), known.recent[-1]
    major = np.nan_to_num(told.state("major_power", year))
    powers = np.maximum(major[:, None], major[None, :])
    others = np.log1p(known.memory.of_others(2.0))
    others = others + others.T
    since, nearness = np.log1p(known.memory.since(CAP)), near(km, SCALE)
    young = year - known.born < YOUNG
    return {
        "onset": onset, "since": since, "onsets_10": np.log1p(np.sum(known.recent, axis=0)),
        "decayed_1.6": np.log1p(known.memory.counts[1.6]), "decayed_10": np.log1p(known.memory.counts[10.0]),
        "others_2": others, "km": np.log1p(km), "near": nearness, "touching": km == 0, "major": powers,
        "young": young[:, None] | young[None, :], "since_near": since * nearness,
        "others_near": others * nearness, "s": cast.alike(year), "apart": cast.apart(year),
        "ally": np.nan_to_num(told.pair("defence", year)),
    }  # fmt: skip
