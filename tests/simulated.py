"""A simulated world of seven states in two camps, small enough for every test to use."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import numpy as np
from samples import record, statement, vote

from multipolar.record import Coverage, Record

STATES = ("AUS", "CHN", "GBR", "IRN", "PRK", "RUS", "USA")
FIRST, LAST = date(2000, 1, 1), date(2009, 12, 31)
#: Two camps, with China between: what the simulated states prefer.
POSITION = {"AUS": 1.0, "GBR": 0.9, "USA": 1.2, "CHN": -0.5, "RUS": -0.8, "IRN": -1.1, "PRK": -1.2}


def simulated(seed: int = 1) -> Record:
    """Roll calls, events, sanctions and obligations of seven states in two camps."""
    rng = np.random.default_rng(seed)
    votes, events = [], []
    for number in range(160):
        day = date(2000 + number // 16, 1 + number % 12, 1 + number % 25)
        cut, turn = rng.normal(0, 0.6), rng.choice([-1.0, 1.0])
        for state in STATES:
            lean = turn * (POSITION[state] - cut) + rng.normal(0, 0.4)
            choice = "yes" if lean > 0.3 else "no" if lean < -0.3 else "abstain"
            votes.append(vote(state, f"R{number}", day, choice))
    for a, b in combinations(STATES, 2):
        for year in range(2000, 2010):
            warmth = 4.0 - 4.0 * abs(POSITION[a] - POSITION[b]) + rng.normal(0, 2.0)
            kind = "COOPERATE" if warmth > 0 else "ACCUSE"
            events.append(
                statement(a, b, kind, date(year, int(rng.integers(1, 13)), 5), value=float(np.clip(warmth, -10, 10)))
            )
    ties = [
        statement("USA", "IRN", "sanction", date(2000, 1, 1), valid_to=date(2009, 12, 31), value=3.0),
        statement("USA", "PRK", "sanction", date(2000, 1, 1), valid_to=date(2009, 12, 31), value=4.0),
        statement("USA", "AUS", "defence", date(2000, 1, 1), valid_to=date(2009, 12, 31)),
        statement("USA", "GBR", "defence", date(2000, 1, 1), valid_to=date(2009, 12, 31)),
        statement("RUS", "CHN", "nonaggression", date(2001, 7, 16), valid_to=date(2009, 12, 31), source="other"),
    ]
    coverage = [Coverage("paper", "tie", kind, (), "any", FIRST, LAST, "zero") for kind in ("sanction", "defence")]
    coverage.append(Coverage("other", "tie", "nonaggression", (), "any", FIRST, LAST, "missing"))
    return record(coverage, vote=votes, event=events, tie=ties)
