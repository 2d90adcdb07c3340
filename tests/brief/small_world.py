from __future__ import annotations

from datetime import date
from itertools import combinations

import numpy as np
from samples import record, statement, vote

from multipolar.record import Coverage, Record

STATES = ("AUS", "CHN", "GBR", "IRN", "PRK", "RUS", "USA")
FIRST, LAST = date(2000, 1, 1), date(2009, 12, 31)
POSITION = {"AUS": 1.0, "GBR": 0.9, "USA": 1.2, "CHN": -0.5, "RUS": -0.8, "IRN": -1.1, "PRK": -1.2}
#: What no page may ever pass on as it is.
HOSTILE_TEXT = "</script><img src=x onerror=alert(1)> & \"quoted\" 'too'"

CLAIMS = """
[[claim]]
id = "near"
says = "Russia and China stand <close> to each other."
origin = "a newspaper"
[[claim.test]]
measure = "tie"
subject = "RUS"
object = "CHN"
direction = "above"
period = ["2008-01", "2009-06"]
by = -1.5

[[claim]]
id = "far"
says = "Britain and Australia are bound to defend each other."
[[claim.test]]
measure = "obligation"
subject = "GBR"
object = "AUS"
kind = "defence"
direction = "exists"
period = ["2008-01", "2009-06"]
"""


def _votes(rng: np.random.Generator) -> list[dict[str, object]]:
    cast = []
    for number in range(160):
        day = date(2000 + number // 16, 1 + number % 12, 1 + number % 25)
        cut, turn = rng.normal(0, 0.6), rng.choice([-1.0, 1.0])
        for state in STATES:
            lean = turn * (POSITION[state] - cut) + rng.normal(0, 0.4)
            choice = "yes" if lean > 0.3 else "no" if lean < -0.3 else "abstain"
            cast.append(vote(state, f"R{number}", day, choice, text=f"Question {number}"))
    return cast


def _events(rng: np.random.Generator) -> list[dict[str, object]]:
    held = []
    for a, b in combinations(STATES, 2):
        for year in range(2000, 2010):
            warmth = float(np.clip(4.0 - 4.0 * abs(POSITION[a] - POSITION[b]) + rng.normal(0, 2.0), -10, 10))
            kind = "COOPERATE" if warmth > 0 else "ACCUSE"
            text = HOSTILE_TEXT if (a, b) == ("CHN", "RUS") else None
            held.append(statement(a, b, kind, date(year, int(rng.integers(1, 13)), 5), value=warmth, text=text))
    return held


def _measured() -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    year = {"valid_to": date(2008, 12, 31), "known_from": date(2009, 6, 1)}
    traits = [
        statement(s, None, "cinc", date(2008, 1, 1), value=0.02 * n, **year) for n, s in enumerate(STATES, start=1)
    ]
    total = {"unit": "USD", **year}
    traits += [
        statement("PRK", None, kind, date(2008, 1, 1), value=5e8, **total)
        for kind in ("exports_total", "imports_total")
    ]
    flows = [
        statement("PRK", "CHN", "exports", date(2008, 1, 1), value=4e8, **total),
        statement("CHN", "PRK", "exports", date(2008, 1, 1), value=4.5e8, **total),
    ]
    return traits, flows


def small() -> Record:
    """Seven states in two camps, 2000 to 2009, in five forms of statement."""
    rng = np.random.default_rng(1)
    traits, flows = _measured()
    ties = [
        statement("USA", "IRN", "sanction", date(2000, 1, 1), valid_to=LAST, value=3.0),
        statement("USA", "PRK", "sanction", date(2000, 1, 1), valid_to=LAST, value=4.0),
        statement("USA", "AUS", "defence", date(2000, 1, 1), valid_to=LAST),
        statement("USA", "GBR", "defence", date(2000, 1, 1), valid_to=LAST),
        statement("RUS", "CHN", "nonaggression", date(2001, 7, 16), valid_to=LAST, source="other", text="A treaty"),
    ]
    coverage = [Coverage("paper", "tie", kind, (), "any", FIRST, LAST, "zero") for kind in ("sanction", "defence")]
    return record(coverage, vote=_votes(rng), event=_events(rng), tie=ties, trait=traits, flow=flows)
