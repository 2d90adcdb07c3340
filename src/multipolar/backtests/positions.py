"""How alike states voted and how far apart they stood, as it could be known at the end of a year.

A session of the General Assembly opens in September and resumes in the next year, so that at the end of a year only the session
that opened the year before is over. Positions are filtered: each rests on votes of its session and those before. S is that
of the roll calls of the calendar year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from multipolar.backtests.model import Singles
from multipolar.errors import Refusal
from multipolar.record import View
from multipolar.votes import Ballots, ballots, ideal_points, similarity
from multipolar.votes.ballots import BEFORE


@dataclass(frozen=True, eq=False)
class Votes:
    """Votes of states by year.

    Attributes
    ----------
    s : dict of year to array, shape (states, states)
        S of the year's votes, NaN where the two have no joint vote.
    theta : dict of year to array, shape (states,)
        Position in the session that ended in the year.
    """

    s: dict[int, Singles]
    theta: dict[int, Singles]
    states: int

    def alike(self, year: int) -> Singles:
        """S of a year, shape (states, states)."""
        return self.s.get(year, np.full((self.states, self.states), np.nan, dtype=np.float32))

    def apart(self, year: int) -> Singles:
        """Distance between positions, shape (states, states)."""
        theta = self.theta.get(year, np.full(self.states, np.nan, dtype=np.float32))
        return np.asarray(np.abs(theta[:, None] - theta[None, :]))


def cast_ballots(view: View) -> Ballots:
    """The roll calls of the UN General Assembly.

    Raises
    ------
    Refusal
        If the record has none.
    """
    if not view.counts()["vote"]:
        hint = "Ingest unga or unvotes: `multipolar sources` tells where each is published."
        raise Refusal("this record has no roll call of the General Assembly, from which baselines are made", hint=hint)
    return ballots(view)


def votes(view: View, actors: tuple[str, ...]) -> Votes:
    """Votes of the UN General Assembly for the designs; refused as `cast_ballots` is."""
    cast = cast_ballots(view)
    place = {name: number for number, name in enumerate(actors)}
    frame = similarity(cast, by="year", measures=("s",)).drop_nulls("s")
    frame = frame.filter(pl.col("a").is_in(actors) & pl.col("b").is_in(actors))
    s: dict[int, Singles] = {}
    for (year,), rows in frame.partition_by("year", as_dict=True).items():
        table = np.full((len(actors), len(actors)), np.nan, dtype=np.float32)
        a, b = (rows[side].replace_strict(place).to_numpy() for side in "ab")
        table[a, b] = table[b, a] = rows["s"].to_numpy()
        s[int(year)] = table
    theta: dict[int, Singles] = {}
    for actor, session, position in ideal_points(cast, smooth=False).frame.select("actor", "session", "theta").rows():
        if actor in place:
            year = session + BEFORE + 1
            theta.setdefault(year, np.full(len(actors), np.nan, dtype=np.float32))[place[actor]] = position
    return Votes(s, theta, len(actors))
