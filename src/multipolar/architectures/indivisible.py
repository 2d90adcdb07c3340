"""Which pairs of members stand against each other, and on what evidence.

A pair is divided on a day if any of three things holds of it:

``negative``
    Its tie is below zero: worse than that of a pair of which nothing is known yet. It is so with some probability, and the
    share of such pairs has an interval over draws of the ties.
``dispute``
    A militarised dispute between the two, a war, or an armed conflict is live: it stands on some day of the month.
``pact``
    One of the two owes help in war (defence or offence) to a third state that is in a live dispute, or in a strategic rivalry,
    with the other; unless that other and the third state, or the two themselves, owe each other help too. The third state
    may be a member or an outsider. Treaties seldom name an adversary, and the record has none: an obligation is read as one
    against a state that its beneficiary is in conflict with.

The definition is ours; the principle that no state's security is to be had at another's cost is that of the Charter of Paris
(1990) and the Charter for European Security (Istanbul 1999, para. 8).
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from multipolar.architectures.members import fellows
from multipolar.architectures.standing import Bools, Told

#: What makes two states adversaries in arms on a day.
FIGHTS: Final = ("dispute", "war", "armed_conflict")
#: What makes a third state an adversary besides.
RIVALS: Final = (*FIGHTS, "rivalry")
#: Obligations to help in war.
HELP: Final = ("defence", "offence")


def against(told: Told, actors: tuple[str, ...], first: date, last: date) -> pl.DataFrame:
    """What stands between each pair of states in a span of days, apart from its tie.

    Parameters
    ----------
    told : Told
    actors : tuple of str
    first, last : date
        The month.

    Returns
    -------
    DataFrame
        A row a pair of which something is told, a < b: a, b, dispute, level (highest of its disputes, 1 to 5), pact, third
        (states through which a pact is one against the other), ids. Sorted.
    """
    fights = _fights(told, actors, first, last)
    pacts = _pacts(told, actors, first, last)
    both = fights.join(pacts, on=["a", "b"], how="full", coalesce=True)
    return both.select(
        "a", "b",
        dispute=pl.col("dispute").fill_null(False), level="level",
        pact=pl.col("pact").fill_null(False), third=pl.col("third").fill_null([]),
        ids=pl.concat_list(pl.col("ids").fill_null([]), pl.col("ids_right").fill_null([])).list.unique().list.sort(),
    ).sort("a", "b")  # fmt: skip


def disputes_known(told: Told, actors: tuple[str, ...], day: date) -> Bools:
    """For each pair in order, whether a source vouches that no dispute is live where it tells of none; shape (pairs,)."""
    one, other = np.triu_indices(len(actors), k=1)
    return np.asarray(told.none_known("dispute", actors, day)[one, other], dtype=bool)


def _fights(told: Told, actors: tuple[str, ...], first: date, last: date) -> pl.DataFrame:
    live = told.between(FIGHTS, actors, first, last)
    return (
        live.rename({"a": "_a", "b": "_b"})
        .rename({"p": "a", "q": "b"})
        .group_by("a", "b")
        .agg(
            dispute=pl.lit(True),
            level=pl.col("value").filter(pl.col("kind") == "dispute").max(),
            ids=pl.col("id").unique().sort(),
        )
    )


def _both_ways(frame: pl.DataFrame) -> pl.DataFrame:
    """Each tie once from either side: x, y, id."""
    there = frame.select(x="a", y="b", id="id")
    return pl.concat([there, frame.select(x="b", y="a", id="id")])


def _pacts(told: Told, actors: tuple[str, ...], first: date, last: date) -> pl.DataFrame:
    """Pairs of which one owes help to an adversary of the other: a, b, pact, third, ids."""
    help_ = told.on(HELP, last)
    common = fellows(told, None, last, HELP).select(x="p", y="q", id="id")
    binds = pl.concat(
        [
            help_.select(x="a", y="b", id="id"),
            help_.filter("mutual").select(x="b", y="a", id="id"),
            common,
            common.select(x="y", y="x", id="id"),
        ]
    )
    foes = _both_ways(told.on(RIVALS, first, last))
    mine = list(actors)
    owing = binds.filter(pl.col("x").is_in(mine)).rename({"x": "one", "y": "third"})
    facing = foes.filter(pl.col("y").is_in(mine)).rename({"x": "third", "y": "other", "id": "id_foe"})
    bound = pl.concat([binds.select("x", "y"), binds.select(x="y", y="x")]).unique()
    found = owing.join(facing, on="third").filter(pl.col("one") != pl.col("other"))
    for side in ("third", "one"):  # neither the third state nor the one is bound to the other
        found = found.join(bound, left_on=[side, "other"], right_on=["x", "y"], how="anti")
    ordered = found.select(
        "third", "id", "id_foe", a=pl.min_horizontal("one", "other"), b=pl.max_horizontal("one", "other")
    )
    return ordered.group_by("a", "b").agg(
        pact=pl.lit(True),
        third=pl.col("third").unique().sort(),
        ids=pl.col("id").append(pl.col("id_foe")).drop_nulls().unique().sort(),
    )
