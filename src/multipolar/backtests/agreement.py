"""Share of joint votes of two states cast alike in the next session of the General Assembly.

The forecast is that of the votes room (`multipolar.votes.next_agreement`), learnt anew for each session from those before it.
Beside it stand the last session, an average that forgets, and linear regressions on S and on the distance of filtered
positions, refit each session on the fifteen before it. Pairs have ten joint votes in both sessions; session 19 is left out.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from multipolar.backtests.arrays.bootstrap import Ints
from multipolar.backtests.arrays.windows import Plan
from multipolar.backtests.model import MODEL, Design, Singles
from multipolar.backtests.positions import cast_ballots
from multipolar.errors import Refusal
from multipolar.record import View
from multipolar.votes import Ballots, ideal_points, similarity
from multipolar.votes.arrays import forecast as arrays
from multipolar.votes.arrays.similarity import pairs_of
from multipolar.votes.ballots import BEFORE
from multipolar.votes.forecast import AVERAGE_RATE, NO_SESSION

NAME: Final = "agreement"
FIRST: Final = 45
REACH: Final = 15
FIELD: Final = "EWMA"


def design(view: View) -> Design:
    """The design, from a record.

    Raises
    ------
    Refusal
        If the record has no roll calls, or too few sessions.
    """
    whole = cast_ballots(view)
    cast = whole.where(whole.sessions != NO_SESSION)
    past = arrays.history(cast.choices, cast.sessions)
    if not len(past.sessions) or past.sessions[-1] <= FIRST:
        raise Refusal(f"no session after {FIRST} is followed by another", hint="Ingest unvotes or unga.")
    one, other = pairs_of(len(cast.actors))
    steps = [place for place in range(len(past.sessions) - 1) if past.sessions[place] >= FIRST - REACH]
    average = arrays.average(past, AVERAGE_RATE)
    s, theta = _alike(cast, past.sessions, one, other), _positions(cast, past.sessions)
    parts = []
    for place in steps:
        row = np.flatnonzero((past.joint[place] >= arrays.LEAST) & (past.joint[place + 1] >= arrays.LEAST))
        ahead = arrays.forecast(past, place)
        apart = np.abs(theta[place][one[row]] - theta[place][other[row]])
        session = np.full(len(row), past.sessions[place])
        parts.append((one[row], other[row], session, past.agreement[place + 1][row], past.agreement[place][row],
                      average[place][row], ahead[row], s[place][row], apart))  # fmt: skip
    a, b, session, outcome, last, mean, model, alike, apart = (
        np.concatenate(each) for each in zip(*parts, strict=True)
    )
    given = {"persistence": last, "EWMA": mean, MODEL: model}
    return Design(
        NAME, "Agreement of two states in the next session of the UN General Assembly", "share of joint votes cast alike",
        Plan(FIRST, int(past.sessions[-2]), step=1, binary=False, reach=REACH), cast.actors, a, b,
        session.astype(np.int64), outcome.astype(np.float64), {"s": alike, "apart": apart.astype(np.float32)},
        {"last S": ("s",), "ideal-point distance": ("apart",)}, FIELD, session.astype(np.int64) + BEFORE,
        {name: each.astype(np.float64) for name, each in given.items()},
    )  # fmt: skip


def _alike(cast: Ballots, sessions: Ints, one: NDArray[np.intp], other: NDArray[np.intp]) -> Singles:
    """S of each session, shape (sessions, pairs); NaN where the two have no joint vote."""
    frame = similarity(cast, measures=("s",))
    size, place = len(cast.actors), {name: number for number, name in enumerate(cast.actors)}
    number = np.full((size, size), -1, dtype=np.int64)
    number[one, other] = np.arange(len(one))
    a, b = (frame[side].replace_strict(place).to_numpy() for side in "ab")
    made = np.full((len(sessions), len(one)), np.nan, dtype=np.float32)
    made[np.searchsorted(sessions, frame["session"].to_numpy()), number[a, b]] = frame["s"].to_numpy()
    return made


def _positions(cast: Ballots, sessions: Ints) -> Singles:
    """Filtered positions, shape (sessions, states); NaN where a state has none."""
    frame = ideal_points(cast, smooth=False).frame
    place = {name: number for number, name in enumerate(cast.actors)}
    made = np.full((len(sessions), len(cast.actors)), np.nan, dtype=np.float32)
    rows = np.searchsorted(sessions, frame["session"].to_numpy())
    made[rows, frame["actor"].replace_strict(place).to_numpy()] = frame["theta"].to_numpy()
    return made
