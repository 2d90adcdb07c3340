"""Simulated assemblies for the tests of positions: ballots whose true positions and items are known."""

from __future__ import annotations

import importlib.util
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from multipolar.votes.ballots import Ballots


def _benchmark():
    file = Path(__file__).resolve().parents[2] / "benchmarks" / "votes_points.py"
    spec = importlib.util.spec_from_file_location("benchmarks_votes_points", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


#: The benchmark, which reads the real votes.
votes_points = _benchmark()


class Assembly(NamedTuple):
    """Ballots, true positions (sessions, states) and true items (rollcalls, 3): discrimination and both cuts."""

    ballots: Ballots
    theta: np.ndarray
    items: np.ndarray


def named(choices, sessions, actors=None) -> Ballots:
    """Ballots of a matrix of choices; actors A00, A01, ... and USA last, unless named."""
    sessions = np.asarray(sessions)
    states = choices.shape[1]
    actors = tuple(actors) if actors else (*(f"A{at:02}" for at in range(states - 1)), "USA")
    calls = pl.DataFrame(
        {
            "rollcall": [f"R{row:04}" for row in range(len(sessions))],
            "date": [date(1945 + int(session), 10, 1) for session in sessions],
            "session": sessions.astype(np.int32),
            "issue": [None] * len(sessions),
            "text": [f"resolution {row}" for row in range(len(sessions))],
        },
        schema_overrides={"issue": pl.String},
    )
    return Ballots(np.asarray(choices, dtype=np.int8), actors, calls)


def assembly(*, states=24, sessions=5, calls=40, seed=0, walk=0.15, absent=0.1, link="logit") -> Assembly:
    """States that walk, the last of them (USA) far on the right; roll calls of all kinds; absences at random."""
    rng = np.random.default_rng(seed)
    theta = np.cumsum(np.vstack([rng.normal(size=states), walk * rng.normal(size=(sessions - 1, states))]), axis=0)
    theta[:, -1] = np.abs(theta[:, -1]) + 1.0
    theta = (theta - theta.mean()) / theta.std()
    total = sessions * calls
    slope = rng.normal(size=total) * (1.7 if link == "logit" else 1.0) + 1.0
    low = rng.normal(0.5, 1.0, size=total)
    items = np.column_stack([slope, low, low + rng.uniform(0.3, 1.5, size=total)])
    when = np.repeat(np.arange(1, sessions + 1), calls)
    noise = rng.logistic(size=(total, states)) if link == "logit" else rng.normal(size=(total, states))
    latent = slope[:, None] * theta[when - 1] + noise
    choices = np.where(latent < items[:, 1:2], 1, np.where(latent < items[:, 2:3], 2, 3))
    choices[rng.random(choices.shape) < absent] = 0
    return Assembly(named(choices, when), theta, items)


def truths(made: Assembly, points) -> np.ndarray:
    """True position of each row of the points' frame."""
    at = {name: column for column, name in enumerate(made.ballots.actors)}
    rows = points.frame.select("session", "actor").iter_rows()
    return np.array([made.theta[session - 1, at[actor]] for session, actor in rows])
