"""Which roll calls moved a state from one session to another."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from multipolar.errors import Refusal, UsageError
from multipolar.votes.arrays.moves import moves
from multipolar.votes.ballots import CODES
from multipolar.votes.points import Points

WORDS = {code: word for word, code in CODES.items()}


class Explanation(NamedTuple):
    """A change of position taken apart.

    Parameters
    ----------
    frame : DataFrame
        rollcall, date, session, choice, contribution, issue, text; the largest contributions first. All of the state's
        votes are here: a smoothed position rests on other sessions too.
    start : float
        What the prior of the state's first session adds.
    before, after, change : float
        Both positions, and their difference: the sum of all contributions and `start`, to rounding.
    """

    frame: pl.DataFrame
    start: float
    before: float
    after: float
    change: float


def explain(points: Points, state: str, session_from: int, session_to: int, *, dimension: int = 1) -> Explanation:
    """Contribution of every roll call to the change of a state's position.

    A vote contributes by what it says beyond the position in `session_from`, times the weight that it has in the
    difference of both positions, with items as estimated (`arrays.moves`).

    Parameters
    ----------
    points : Points
        Of the default model, smoothed.
    state : str
        Id of the state.
    session_from, session_to : int
    dimension : {1, 2}

    Raises
    ------
    UsageError
        If the state has no position in one of the sessions, or there is no such dimension.
    Refusal
        If the points are of the published sampler, or filtered.
    """
    if points.fitted is None or not points.smooth:
        raise Refusal(
            "a change can be taken apart exactly only for smoothed points of the default model",
            hint='Use ideal_points(ballots) with method="dynamic" and smooth=True.',
        )
    if not 1 <= dimension <= points.dims:
        raise UsageError(f"expected a dimension from 1 to {points.dims}, got {dimension}")
    cells = [_cell(points, state, session) for session in (session_from, session_to)]
    panel = points.selection.panel
    made = moves(panel, points.fitted, *cells)
    axis = dimension - 1
    rows = panel.row[made.votes]
    calls = points.ballots.rollcalls[rows].select("rollcall", "date", "session", "issue", "text")
    words = [WORDS[int(code)] for code in panel.choice[made.votes]]
    frame = calls.with_columns(choice=pl.Series(words), contribution=pl.Series(made.parts[:, axis]))
    order = np.argsort(-np.abs(made.parts[:, axis]), kind="stable")
    before, after = (float(points.fitted.mean[cell, axis]) for cell in cells)
    columns = ("rollcall", "date", "session", "choice", "contribution", "issue", "text")
    return Explanation(frame[order].select(columns), float(made.start[axis]), before, after, after - before)


def _cell(points: Points, state: str, session: int) -> int:
    """Row of a state in a session."""
    found = np.flatnonzero(((points.frame["actor"] == state) & (points.frame["session"] == session)).to_numpy())
    if len(found):
        return int(found[0])
    known = points.frame.filter(pl.col("actor") == state)["session"].to_list()
    if not known:
        raise UsageError.unknown("state with positions", state, points.frame["actor"].unique())
    raise UsageError(f"expected a session with votes of {state} ({min(known)} to {max(known)}), got {session}")
