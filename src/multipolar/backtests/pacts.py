"""A new alliance in the next year where there was none: a defence pact, or an obligation of any kind.

The work of the published baseline: pairs of states without one, five-year steps from 1985 to 2017, each learnt from all rows
from 1947 on before it. Its predictors are distance, contact, a major power, any other obligation in force, allies in common,
and the distance of positions in UN votes.

Pacts arrive in multilateral batches, so the model looks at who has just joined what, each as of the end of the year: new pacts
of either state that halve in three years, or of both in one (for near pairs); how many allies the two have (the fewer of the
two, of any kind); how many allies the one has among the other's neighbours, and the smaller of the two shares; another
obligation in force between them; capability and number of allies of near pairs (e-fold 4,000 km); and how many new pacts the
system makes; and the distance of positions in UN votes. They were chosen one after another by the log score of forecasts for
1955-1984, each learnt from the years before, and from no later year; so was the penalty. Of obligations of any kind the set was
put together by hand after the same years.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import numpy as np

from multipolar.backtests.arrays.history import Matrix, Memory, among_neighbours, near
from multipolar.backtests.arrays.windows import Plan
from multipolar.backtests.cubes import Cubes, cubes
from multipolar.backtests.model import MODEL, RATE, Design
from multipolar.backtests.pairyears import Year, rows
from multipolar.backtests.positions import Votes, votes
from multipolar.errors import Refusal
from multipolar.record import View

Kind = Literal["defence", "alliance"]
NAMES: Final[dict[Kind, str]] = {"defence": "pacts", "alliance": "pacts-any"}
TITLES: Final[dict[Kind, str]] = {
    "defence": "New defence pact in the next year, all pairs without one",
    "alliance": "New alliance obligation of any kind in the next year, all pairs without one",
}
COLUMNS: Final = {
    "defence": "atop", "alliance": "atop", "min_distance": "cow-mindist", "major_power": "cow-majors", "cinc": "nmc",
}  # fmt: skip
SINCE: Final = 1900
FIRST_ROW: Final = 1947
FIRST, LAST = 1985, 2017
RIDGE: Final = 30.0
HALF_LIVES: Final = (1.0, 3.0, 10.0)
#: Years in which the rate of new pacts of the system fades, and nearness over regions and continents.
FADE: Final = 0.7
NEIGHBOURS, REGION, CONTINENT = 1000.0, 1500.0, 4000.0

FIELD: Final = "geography, votes, shared allies"
_GEOGRAPHY: Final = ("km", "touching", "major")
_BASELINES: Final = {
    "last S": ("s",),
    "ideal-point distance": ("apart",),
    "EWMA": ("new_of_both_3",),
    "geography": _GEOGRAPHY,
}
FITS: Final[dict[Kind, dict[str, tuple[str, ...]]]] = {
    "defence": {
        **_BASELINES,
        FIELD: (*_GEOGRAPHY, "shared", "other", "s", "apart"),
        MODEL: (
            "new_of_either_3", "other", "capable_near", "system", "neighbours_allied", "allies_near", "new_of_both_near",
            "neighbours_least", "fewest_any", "apart",
        ),
    },
    "alliance": {
        **_BASELINES,
        FIELD: (*_GEOGRAPHY, "shared", "s", "apart"),
        MODEL: (
            "continent", "region", "lapsed", "closing", "new_of_both_10", "neighbours_allied", "fewest_any", "shared", "major",
            "apart",
        ),
    },
}  # fmt: skip


def design(view: View, kind: Kind = "defence") -> Design:
    """The design, from a record: of defence pacts, or of obligations of any kind.

    Raises
    ------
    Refusal
        If the record lacks a source that it needs, or reaches too few years.
    """
    told = cubes(view, SINCE, COLUMNS)
    cast = votes(view, told.actors)
    last = min(LAST, told.reach("defence") - 1)
    if last < FIRST:
        raise Refusal(f"alliances end in {last + 1}: too few years to test from {FIRST} on", hint="Ingest atop.")
    made = rows(_years(told, cast, kind, last))
    return Design(
        NAMES[kind], TITLES[kind], "new alliance", Plan(FIRST, last, ridge=RIDGE, thin=4), told.actors, made.a, made.b,
        made.year, made.outcome, made.predictors, FITS[kind], FIELD, made.year,
        notes=(f"Who has no pact keeps none: persistence is the {RATE}.",),
    )  # fmt: skip


class _Past:
    """New obligations of one kind, carried from year to year."""

    def __init__(self, states: int) -> None:
        self.memory = Memory(states, HALF_LIVES)
        self.lapsed = np.zeros((states, states), dtype=bool)
        self.rate = 1e-4
        self._before: Matrix | None = None

    def add(self, now: Matrix, pairs: float) -> None:
        """Take in a year: who is bound, 0 or 1, and how many pairs there are."""
        before = now if self._before is None else self._before
        new = ((now > 0) & (before == 0)).astype(np.float32)
        self.lapsed |= (before > 0) & (now == 0)
        self.memory.add(new)
        self.rate = FADE * self.rate + (1.0 - FADE) * float(new.sum()) / 2.0 / max(pairs, 1.0)
        self._before = now

    def new(self, half_life: float) -> Matrix:
        """New obligations of each state, fading; shape (states,)."""
        return np.asarray(self.memory.counts[half_life].sum(axis=1))


def _years(told: Cubes, cast: Votes, kind: Kind, last: int) -> Iterator[Year]:
    states = len(told.actors)
    past: dict[Kind, _Past] = {"defence": _Past(states), "alliance": _Past(states)}
    for year in range(told.first, last + 1):
        there = float(np.isfinite(told.pair("defence", year)).any(axis=1).sum())
        for name, memory in past.items():
            memory.add(np.nan_to_num(told.pair(name, year)), there * (there - 1.0) / 2.0)
        if year >= FIRST_ROW:
            now, came = told.pair(kind, year), told.pair(kind, year + 1)
            keep = np.isfinite(told.pair("min_distance", year)) & np.isfinite(came) & (now == 0)
            yield Year(year, keep, came, _predictors(told, cast, past, year, kind))


def _predictors(told: Cubes, cast: Votes, past: dict[Kind, _Past], year: int, kind: Kind) -> dict[str, Matrix]:
    km = told.pair("min_distance", year)
    bound, any_kind = (np.nan_to_num(told.pair(name, year)) for name in ("defence", "alliance"))
    continent, region = near(km, CONTINENT), near(km, REGION)
    major, cinc = np.nan_to_num(told.state("major_power", year)), np.nan_to_num(told.state("cinc", year), nan=1e-5)
    capable = _sum(np.log(np.maximum(cinc, 1e-6)))
    neighbours = among_neighbours(bound, near(km, NEIGHBOURS))
    new = past["defence"].memory.counts[3.0]
    joined = past["defence"].memory.counts[1.0] @ bound
    count = np.log1p(bound.sum(axis=1))
    return {
        "km": np.log1p(km), "touching": km == 0, "major": np.maximum(major[:, None], major[None, :]),
        "shared": np.log1p(bound @ bound), "other": any_kind, "lapsed": past[kind].lapsed,
        "continent": continent, "region": region, "capable_near": capable * continent,
        "allies_near": _sum(count) * continent, "system": np.full_like(km, np.log(past["defence"].rate + 1e-4)),
        "new_of_either_3": np.log1p(_most(new.sum(axis=1))), "new_of_both_3": np.log1p(_least(past[kind].new(3.0))),
        "new_of_both_near": np.log1p(_least(past["defence"].new(1.0))) * continent,
        "new_of_both_10": np.log1p(_least(past["alliance"].new(10.0))), "closing": np.log1p(joined + joined.T),
        "neighbours_allied": neighbours + neighbours.T, "neighbours_least": np.minimum(neighbours, neighbours.T),
        "fewest_any": np.log1p(_least(any_kind.sum(axis=1))), "s": cast.alike(year), "apart": cast.apart(year),
    }  # fmt: skip


def _sum(state: Matrix) -> Matrix:
    return np.asarray(state[:, None] + state[None, :])


def _most(state: Matrix) -> Matrix:
    return np.maximum(state[:, None], state[None, :])


def _least(state: Matrix) -> Matrix:
    return np.minimum(state[:, None], state[None, :])
