"""How often two states will vote alike in the next session, and how good such forecasts were.

The model is in `multipolar.votes.arrays.forecast`. It is learnt anew for every session from sessions before it alone,
and uses nothing but the votes: published ideal points are estimated over the whole record, so that they know the future.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.errors import Refusal, UsageError
from multipolar.votes.arrays import forecast as arrays
from multipolar.votes.arrays.similarity import pairs_of
from multipolar.votes.ballots import Ballots

#: The session with one roll call (1964-65: the dispute over arrears kept the Assembly from voting).
NO_SESSION: Final = 19
#: What the forecast is compared with, and the rate of the average among it.
BASELINES: Final = ("last", "average")
AVERAGE_RATE: Final = 0.35
#: Draws of the bootstrap over sessions.
DRAWS: Final = 2000


@dataclass(frozen=True)
class Backtest:
    """How forecasts made session after session with what was known did.

    Attributes
    ----------
    sessions : DataFrame
        One row a session that was forecast: session, pairs, joint (votes), and for each forecast its mean absolute error
        and log loss per vote (``mae_model``, ``logloss_model``, ``mae_last``, …).
    figures : DataFrame
        One row a forecast: forecast (``model``; ``last``: as in the last session; ``average``: an average that forgets),
        pairs, mae, mae_lo90, mae_hi90, and how much that is below the average's (mae_gain, mae_gain_lo90, mae_gain_hi90);
        the same of logloss. Intervals by drawing whole sessions.
    """

    sessions: pl.DataFrame
    figures: pl.DataFrame


def next_agreement(ballots: Ballots, *, session: int | None = None) -> pl.DataFrame:
    """Expected share of joint votes cast alike in the session after one, for all pairs.

    Parameters
    ----------
    ballots : Ballots
        Those of a view are as known on its day.
    session : int, optional
        Last session to know of; the last there is by default. Later ones are not looked at.

    Returns
    -------
    DataFrame
        Columns a < b, after (the session known), expected, agreement and joint of that session, sorted by a and b. Pairs
        with fewer than 10 joint votes in it have no row.

    Raises
    ------
    UsageError
        If `session` has no roll call.
    Refusal
        If no pair has 10 joint votes in it.
    """
    past = _history(ballots, session)
    place = len(past.sessions) - 1
    expected = arrays.forecast(past, place)
    there = np.flatnonzero(np.isfinite(expected))
    if not there.size:
        raise Refusal(
            f"no two states have {arrays.LEAST} joint votes in session {past.sessions[place]}",
            hint="Choose a session with more roll calls.",
        )
    names = pl.Series(ballots.actors, dtype=pl.String)
    one, other = pairs_of(len(ballots.actors))
    return pl.DataFrame(
        {
            "a": names.gather(one[there]),
            "b": names.gather(other[there]),
            "after": pl.repeat(int(past.sessions[place]), there.size, dtype=pl.Int32, eager=True),
            "expected": expected[there],
            "agreement": past.agreement[place][there].astype(np.float64),
            "joint": past.joint[place][there].astype(np.int32),
        }
    )


def agreement_backtest(ballots: Ballots, *, first: int = 45, seed: int = 0) -> Backtest:
    """Forecast each session from those before it, and compare with what came.

    Parameters
    ----------
    ballots : Ballots
    first : int
        First session from which the next is forecast.
    seed : int
        Of the bootstrap.

    Raises
    ------
    Refusal
        If no session from `first` on is followed by another, with pairs of 10 joint votes in both.
    """
    past = _history(ballots, None)
    average = arrays.average(past, AVERAGE_RATE)
    rows = []
    for place in range(len(past.sessions) - 1):
        scored = (past.joint[place] >= arrays.LEAST) & (past.joint[place + 1] >= arrays.LEAST)
        if past.sessions[place] < first or not scored.any():
            continue
        made = {"model": arrays.forecast(past, place), "last": past.agreement[place], "average": average[place]}
        rows.append(_scored(past, place + 1, scored, made))
    if not rows:
        hint = "Choose an earlier first session, or ballots of more sessions."
        raise Refusal(f"no session after {first} can be forecast: none follows with pairs in both", hint=hint)
    sessions = pl.DataFrame(rows)
    return Backtest(sessions, _figures(sessions, seed))


def _history(ballots: Ballots, last: int | None) -> arrays.History:
    keep = ballots.sessions != NO_SESSION
    if last is not None:
        if last not in ballots.sessions[keep]:
            known = ", ".join(str(each) for each in np.unique(ballots.sessions[keep])[-5:])
            raise UsageError(
                f"expected a session with roll calls, got {last}", where="session", hint=f"The last ones are {known}."
            )
        keep &= ballots.sessions <= last
    if not keep.any():
        raise Refusal("no roll call to forecast from", hint="Take ballots of more sessions.")
    return arrays.history(ballots.choices[keep], ballots.sessions[keep])


def _scored(
    past: arrays.History, place: int, scored: NDArray[np.bool_], made: dict[str, NDArray[np.floating]]
) -> dict[str, Any]:
    """Errors in one session, means over pairs and over votes."""
    joint = past.joint[place][scored].astype(np.float64)
    row: dict[str, Any] = {"session": int(past.sessions[place]), "pairs": joint.size, "joint": int(joint.sum())}
    for name, expected in made.items():
        error, loss = arrays.loss(expected[scored], past.agreement[place][scored], joint)
        row |= {f"mae_{name}": float(error.mean()), f"logloss_{name}": float(loss.sum() / joint.sum())}
    return row


def _figures(sessions: pl.DataFrame, seed: int) -> pl.DataFrame:
    drawn = np.random.default_rng(seed).integers(sessions.height, size=(DRAWS, sessions.height))
    rows = []
    for name in ("model", *BASELINES):
        row: dict[str, Any] = {"forecast": name, "pairs": int(sessions["pairs"].sum())}
        for figure, weight in (("mae", "pairs"), ("logloss", "joint")):
            value, of = sessions[f"{figure}_{name}"].to_numpy(), sessions[weight].to_numpy().astype(np.float64)
            gain = sessions[f"{figure}_average"].to_numpy() - value
            row |= _interval(figure, value, of, drawn) | _interval(f"{figure}_gain", gain, of, drawn)
        rows.append(row)
    return pl.DataFrame(rows)


def _interval(
    name: str, value: NDArray[np.float64], weight: NDArray[np.float64], drawn: NDArray[np.int64]
) -> dict[str, float]:
    """A weighted mean over sessions with its 90 % interval over draws of sessions."""
    means = (value * weight)[drawn].sum(axis=1) / weight[drawn].sum(axis=1)
    low, high = (float(end) for end in np.quantile(means, [0.05, 0.95]))
    return {name: float((value * weight).sum() / weight.sum()), f"{name}_lo90": low, f"{name}_hi90": high}
