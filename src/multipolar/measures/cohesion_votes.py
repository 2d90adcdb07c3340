"""Cohesion of a set of states in votes: how alike its members cast them in the twelve months up to a month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.errors import Refusal
from multipolar.measures import arrays
from multipolar.measures.entry import Entry
from multipolar.measures.model import DRAWS, SEED, Floats, Measure, Summary, summaries, summary
from multipolar.measures.sets import StateSet, existing, state_set
from multipolar.record import View
from multipolar.votes import Ballots, ballots
from multipolar.votes.ballots import ABSTAIN, MISSING, NO, YES

COHESION_VOTES: Final = Entry(
    name="cohesion_votes",
    title="Cohesion in votes",
    definition=(
        "How alike the members of a set vote in the roll calls of twelve months: the mean agreement index, `(m − (n − m)/2) / "
        "n` of *n* votes the largest choice having *m*. Beside it the Rice index `|yes − no| / (yes + no)` and the share of "
        "pairs of votes cast alike."
    ),
    inputs="a set of states, a month; perhaps an issue, and the General Assembly or the Security Council",
    unit="index of agreement",
    range="0 (a third each) to 1 (all alike); 1/4 for two halves",
    interval="roll calls drawn again with replacement",
    source=(
        "Hix, Noury & Roland 2005, doi:10.1017/S0007123405000128; Rice 1928; of states in the General Assembly see Hosli et "
        "al. 2010"
    ),
    needs=(("vote", ("UNGA", "UNSC")),),
    refuses=("in no roll call of the twelve months did two members vote",),
)
#: Months of roll calls behind a figure.
WINDOW: Final = 12


@dataclass(frozen=True)
class Cast:
    """What the members of a set cast in the roll calls of a window.

    Attributes
    ----------
    rollcalls : DataFrame
        Roll calls in which two members or more voted, as those of `Ballots`.
    counts : array, shape (rollcalls, 3)
        Yes, abstain, no.
    coverage : float
        Share of the members' votes in the roll calls of the window that were cast and are known.
    """

    rollcalls: pl.DataFrame
    counts: NDArray[np.int64]
    coverage: float


def cohesion_votes(
    view: View,
    actors: str | StateSet | Iterable[str],
    month: date | None = None,
    *,
    body: str = "UNGA",
    issue: str | None = None,
) -> Measure:
    """How alike the members of a set vote.

    Parameters
    ----------
    view : View
    actors : str, StateSet or iterable of str
        An organisation, a set of `SETS`, or several states and organisations (see `state_set`).
    month : date, optional
        Any day of the last month; that of the last roll call by default. Members are those of that month.
    body : {"UNGA", "UNSC"}
    issue : str, optional
        Only roll calls that carry this issue (see `votes.ballots`).

    Returns
    -------
    Measure
        `value` is the mean agreement index. `detail` has a row an index: index (``agreement_index``, ``agreement``,
        ``rice``), value, lo50, hi50, lo90, hi90, rollcalls. `coverage` is the share of the members' votes that are known.

    Raises
    ------
    UsageError
        If there is no such body, a state did not exist, or the set has fewer than two members.
    Refusal
        If no vote is known, or in no roll call of the window two members voted.
    """
    one = state_set(actors)
    since = None if month is None else window(month)[0]
    until = None if month is None else window(month)[1]
    every = ballots(view, body=body, issue=issue, since=since, until=until)
    when = month or every.rollcalls["date"].item(-1)
    inside = existing(one, when, least=2)
    cast = cast_by(every, inside, when)
    figures = vote_figures(cast)
    rows = [{"index": name, **figure._asdict(), "rollcalls": cast.rollcalls.height} for name, figure in figures.items()]
    first, last = window(when)
    votes = view.statements("vote", kinds=(body,), actors=inside, since=first, until=last)
    counted = votes.filter(
        pl.col("rollcall").is_in(cast.rollcalls["rollcall"].implode()), pl.col("value").is_not_null()
    )
    return Measure(
        name="cohesion_votes",
        unit=f"mean agreement index of {cast.rollcalls.height} roll calls of {WINDOW} months",
        actor=one.name,
        month=when.replace(day=1),
        **figures["agreement_index"]._asdict(),
        coverage=cast.coverage,
        detail=pl.DataFrame(rows),
        ids=tuple(counted["id"]),
        notes=every.notes,
        actors=inside,
    )


def window(month: date) -> tuple[date, date]:
    """First and last day of the twelve months that end with a month."""
    after = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return after.replace(year=after.year - WINDOW // 12), after - timedelta(days=1)


def cast_by(every: Ballots, members: tuple[str, ...], month: date) -> Cast:
    """Votes of some states in the window that ends with a month.

    Raises
    ------
    Refusal
        If in no roll call two of them voted.
    """
    within = in_window(every, month)
    counts, coverage = counted(within, members)
    enough = counts.sum(axis=-1) >= 2
    if not enough.any():
        raise Refusal(
            f"in no roll call of the {WINDOW} months to {month:%Y-%m} two of these {len(members)} states voted",
            hint="Choose another month, or ingest a source of votes: `multipolar sources`.",
        )
    return Cast(within.rollcalls.filter(pl.Series(enough)), counts[enough], coverage)


def in_window(every: Ballots, month: date) -> Ballots:
    """The roll calls of the window that ends with a month."""
    return every.where(every.rollcalls["date"].is_between(*window(month)).to_numpy())


def counted(within: Ballots, members: tuple[str, ...]) -> tuple[NDArray[np.int64], float]:
    """Members who voted yes, abstained and voted no, shape (rollcalls, 3); and which share of their votes is known."""
    mine = set(members)
    choices = within.choices[:, [place for place, actor in enumerate(within.actors) if actor in mine]]
    counts = np.stack([(choices == code).sum(axis=1) for code in (YES, ABSTAIN, NO)], axis=-1)
    return counts, float((choices != MISSING).sum() / max(len(choices) * len(members), 1))


def agreements(indices: Sequence[Floats]) -> Floats:
    """Mean agreement index of each of several sets with its intervals, shape (sets, 5), in the order of `Summary`.

    Parameters
    ----------
    indices : sequence of arrays, each of shape (rollcalls,)
        Agreement index of a set in each of its roll calls. Those of sets with as many are drawn again together.
    """
    found = np.empty((len(indices), len(Summary._fields)))
    sizes = np.array([index.size for index in indices])
    for size in np.unique(sizes):
        of = np.flatnonzero(sizes == size).tolist()
        index = np.stack([indices[place] for place in of])
        found[of] = summaries((_again(int(size)) @ index.T).T / size)
        found[of, 0] = index.mean(axis=1)
    return found


def vote_figures(cast: Cast) -> dict[str, Summary]:
    """Each index with its intervals over roll calls drawn again; the first is that of the figure."""
    found = arrays.vote_cohesion(cast.counts)
    ratios = {
        "agreement_index": (found.agreement, np.ones_like(found.agreement)),
        "agreement": (found.alike, found.joint),
        "rice": (np.nan_to_num(found.rice), np.isfinite(found.rice).astype(float)),
    }
    return {name: _figure(above, below) for name, (above, below) in ratios.items() if below.any()}


def _figure(above: Floats, below: Floats) -> Summary:
    """A ratio of sums over roll calls, and its intervals: draws in which there is nothing to divide by do not count."""
    again = _again(above.size)
    total = again @ below
    draws = (again @ above)[total > 0] / total[total > 0]
    return summary(draws)._replace(value=float(above.sum() / below.sum()))


@lru_cache(maxsize=8)
def _again(count: int) -> Floats:
    """How often each of `count` roll calls is drawn in each draw, shape (DRAWS, count)."""
    drawn = np.random.default_rng([SEED, count]).integers(0, count, (DRAWS, count)) + count * np.arange(DRAWS)[:, None]
    return np.bincount(drawn.ravel(), minlength=DRAWS * count).reshape(DRAWS, count).astype(np.float64)
