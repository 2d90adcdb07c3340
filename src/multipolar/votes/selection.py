"""Which votes a model of positions reads, and what it leaves out, by name and number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.errors import DataError, Refusal, UsageError
from multipolar.votes.arrays.panel import Panel, linked, panel
from multipolar.votes.ballots import MISSING, NO, Ballots

Ints = NDArray[np.int64]

#: States with fewer votes than this have no position; those with fewer than `FEW` are named.
LEAST: Final = 3
FEW: Final = 20
#: A lone vote in a session is left out if the state had voted before, but not in so many sessions.
LONG_SILENCE: Final = 10
#: How many names a note gives.
NAMED: Final = 6


class Selection(NamedTuple):
    """Votes that a model reads.

    Parameters
    ----------
    panel : Panel
    item : array of int, shape (rollcalls,)
        Item of each roll call of the ballots; -1 where it is left out.
    notes : tuple of str
        What was left out, how many, and why.
    """

    panel: Panel
    item: Ints
    notes: tuple[str, ...]


def select(ballots: Ballots, matches: pl.DataFrame | None = None) -> Selection:
    """Choose the votes that say something of positions.

    Left out are, in this order: sessions with one roll call; states with fewer than 3 votes; a lone vote of a state in a
    session after ten sessions or more without any; items (roll calls, or linked ones together) in which all chose alike.
    With the paragraphs and amendments after 1989 left out before, these are the votes behind the estimates of Bailey,
    Strezhnev & Voeten of April 2020 (797,473 of 1946-2019).

    Parameters
    ----------
    ballots : Ballots
    matches : DataFrame, optional
        Two columns with ids: an earlier roll call, and a later one on the same resolution. Pairs are linked from the last
        row to the first. Pairs whose later roll call is not in the ballots are left out, and counted.

    Raises
    ------
    DataError
        If a choice has an unknown code, or a roll call's id comes twice.
    Refusal
        If nothing is left.
    """
    _check(ballots)
    choices, sessions = ballots.choices.copy(), ballots.sessions
    notes = [*ballots.notes, *_short_sessions(choices, ballots), *_few_votes(choices, ballots)]
    notes += _returns(choices, ballots)
    pairs, unknown = _pairs(ballots, matches)
    name = linked(len(sessions), pairs)
    item, alike = _varied(choices, name)
    ids = ballots.rollcalls["rollcall"].to_list()
    notes += _note([ids[row] for row in alike], "roll calls in which all chose alike, left out")
    notes += [f"{unknown:,} links to roll calls that are not here, left out"] if unknown else []
    if item.max(initial=-1) < 0:
        raise Refusal(
            "expected votes in which states differ, got none",
            hint="Give roll calls of more than one choice and session.",
        )
    return Selection(panel(choices, sessions, item), item, tuple(notes))


def _check(ballots: Ballots) -> None:
    wrong = np.argwhere((ballots.choices < MISSING) | (ballots.choices > NO))
    ids = ballots.rollcalls["rollcall"]
    if len(wrong):
        row, column = wrong[0]
        where = f"{ids[int(row)]}, {ballots.actors[int(column)]}"
        expected = "0 missing, 1 yes, 2 abstain or 3 no"
        raise DataError(f"expected a choice ({expected}), got {ballots.choices[row, column]}", where=f"votes:{where}")
    twice = ids.filter(ids.is_duplicated())
    if len(twice):
        raise DataError(
            f"expected each roll call once, got {twice[0]!r} in {(ids == twice[0]).sum()} rows", where="votes"
        )


def _short_sessions(choices: NDArray[np.int8], ballots: Ballots) -> list[str]:
    sessions, counts = np.unique(ballots.sessions, return_counts=True)
    lone = sessions[counts == 1]
    rows = np.isin(ballots.sessions, lone)
    number = int((choices[rows] != MISSING).sum())
    choices[rows] = MISSING
    return _note([f"session {value}" for value in lone], f"sessions with one roll call ({number:,} votes), left out")


def _few_votes(choices: NDArray[np.int8], ballots: Ballots) -> list[str]:
    votes = (choices != MISSING).sum(axis=0)
    few = (votes > 0) & (votes < LEAST)
    choices[:, few] = MISSING
    thin = (votes >= LEAST) & (votes < FEW)
    named = [f"{ballots.actors[at]} ({votes[at]})" for at in np.flatnonzero(few)]
    told = _note(named, f"states with fewer than {LEAST} votes, left out")
    named = [f"{ballots.actors[at]} ({votes[at]})" for at in np.flatnonzero(thin)]
    return told + _note(named, f"states with fewer than {FEW} votes, whose positions rest on the prior")


def _returns(choices: NDArray[np.int8], ballots: Ballots) -> list[str]:
    """Lone votes after a long silence, made missing."""
    sessions = np.unique(ballots.sessions)
    count = np.stack([(choices[ballots.sessions == session] != MISSING).sum(axis=0) for session in sessions])
    out = []
    for at, state in np.argwhere(count == 1):
        before = sessions[:at][count[:at, state] > 0]
        if len(before) and sessions[at] - before[-1] > LONG_SILENCE:
            choices[ballots.sessions == sessions[at], state] = MISSING
            out.append(f"{ballots.actors[state]} in session {sessions[at]}")
    return _note(out, f"lone votes after more than {LONG_SILENCE} sessions without any, left out")


def _pairs(ballots: Ballots, matches: pl.DataFrame | None) -> tuple[Ints, int]:
    if matches is None:
        return np.empty((0, 2), dtype=np.int64), 0
    if matches.width != 2:
        raise UsageError(f"expected matches with two columns (earlier, later), got {', '.join(matches.columns)}")
    ids = ballots.rollcalls["rollcall"].to_list()
    rows = {name: row for row, name in enumerate(ids)}
    named = [(str(one), str(other)) for one, other in matches.iter_rows()]
    # two that repeat the same absent one are still linked to each other: it gets a number of its own
    known = [(rows.setdefault(one, len(rows)), rows[other]) for one, other in named if other in rows]
    return np.array(known, dtype=np.int64).reshape(-1, 2), len(named) - len(known)


def _varied(choices: NDArray[np.int8], name: Ints) -> tuple[Ints, list[int]]:
    """Item of each roll call, -1 where all chose alike; and the rows that were cast, but alike."""
    seen = np.stack([(choices == code).any(axis=1) for code in (1, 2, 3)], axis=1)
    whole = np.zeros((int(name.max(initial=-1)) + 1, 3), dtype=bool)
    np.logical_or.at(whole, name, seen)
    varied = whole[name].sum(axis=1) > 1
    item = np.full(len(name), -1, dtype=np.int64)
    item[varied & seen.any(axis=1)] = np.unique(name[varied & seen.any(axis=1)], return_inverse=True)[1]
    return item, np.flatnonzero(~varied & seen.any(axis=1)).tolist()


def _note(named: Iterable[str], what: str) -> list[str]:
    found = list(named)
    if not found:
        return []
    more = ", ..." if len(found) > NAMED else ""
    return [f"{len(found):,} {what}: {', '.join(found[:NAMED])}{more}"]
