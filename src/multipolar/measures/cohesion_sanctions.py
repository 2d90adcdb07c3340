"""Cohesion of a set of states in sanctions: which share of it joined in each sanction that one of its members imposes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.errors import Refusal, UsageError
from multipolar.indicators import Scope
from multipolar.indicators.blocs import BLOCS, bloc_members
from multipolar.indicators.standing import imposed
from multipolar.measures import arrays
from multipolar.measures.entry import Entry
from multipolar.measures.model import Measure, Summary, bounds
from multipolar.measures.sets import StateSet, existing, state_set
from multipolar.record import Coverage

COHESION_SANCTIONS: Final = Entry(
    name="cohesion_sanctions",
    title="Cohesion in sanctions",
    definition=(
        "The mean, over all states on which a member of the set keeps sanctions, of the share of the members that keep them. "
        "What the European Union imposes, each of its members imposes."
    ),
    inputs="a set of states, a month",
    unit="share of the members",
    range="above 0 (each alone) to 1 (all together)",
    interval="bounds: members of whom no source tells whether they joined did not, or did",
    source="ours; bounds after Manski 2003",
    needs=(("tie", ("sanction",)),),
    refuses=(
        "no member is known to keep a sanction",
        "no source vouches for the sanctions of half of the members",
    ),
)
Bools = NDArray[np.bool_]

#: Least share of the members for whose sanctions a source must vouch.
LEAST_KNOWN: Final = 0.5


def cohesion_sanctions(scope: Scope, actors: str | StateSet | Iterable[str], month: date | None = None) -> Measure:
    """Which share of a set keeps each of the sanctions that one of its members keeps.

    Parameters
    ----------
    scope : Scope
        The record, all states, and the months.
    actors : str, StateSet or iterable of str
        An organisation, a set of `SETS`, or several states and organisations (see `state_set`).
    month : date, optional
        Any day of the month; the last one that a source of sanctions vouches for by default. Members are those of it.

    Returns
    -------
    Measure
        `value` is the mean share over targets (see `arrays.joined`); the intervals are bounds. `detail` has a row a
        target: target, joined (members known to keep a sanction on it), told (members for whose sanctions some source
        vouches), members (that could), share, who (ids of those that joined, with spaces between). `coverage` is the share
        of members that are told.

    Raises
    ------
    UsageError
        If the month lies outside the scope, a state did not exist, or the set has fewer than two members.
    Refusal
        If no member keeps a sanction, or too little is known of the members.
    """
    one = state_set(actors)
    when = (month or last_vouched(scope)).replace(day=1)
    if not scope.first.replace(day=1) <= when <= scope.last:
        hint = "An earlier window needs `since=` (`--since`); after its last month the record knows nothing yet."
        raise UsageError(
            f"expected a month from {scope.first:%Y-%m} to {scope.last:%Y-%m}, got {when:%Y-%m}", hint=hint
        )
    inside = existing(one, when, least=2)
    kept = kept_by(standing(imposed(scope), when), inside)
    detail, figure, coverage = sanction_figure(kept, inside, vouched(scope, when), one.name, when)
    return Measure(
        name="cohesion_sanctions",
        unit="mean share of the members that keep a sanction of one of them",
        actor=one.name,
        month=when,
        **figure._asdict(),
        coverage=coverage,
        detail=detail,
        ids=tuple(kept["id"].unique().sort()),
        actors=inside,
        bounded=True,
    )


def last_vouched(scope: Scope) -> date:
    """The last month of the scope that a source of sanctions vouches for; its last month without one."""
    ends = [row.last for row in _complete(scope)]
    return min(max(ends, default=scope.last), scope.last).replace(day=1)


def standing(every: pl.DataFrame, month: date) -> pl.DataFrame:
    """Sanctions that are kept in a month, of those that `imposed` gives: sender, target, id."""
    target = pl.when(pl.col("sender") == pl.col("a")).then("b").otherwise("a")
    kept = every.filter(pl.col("begins") <= month, pl.col("ends") >= month)
    return kept.select("sender", target=target, id="id").unique().sort("target", "sender", "id")


def kept_by(kept: pl.DataFrame, members: tuple[str, ...]) -> pl.DataFrame:
    """Those of them that members keep."""
    return kept.filter(pl.col("sender").is_in(members))


def vouched(scope: Scope, month: date) -> frozenset[str]:
    """States of whose sanctions some source tells all in a month; a bloc's source tells its members'."""
    rows = [row for row in _complete(scope) if row.first <= month <= row.last]
    if any(not row.actors for row in rows):
        return frozenset(scope.actors)
    named = {actor for row in rows for actor in row.actors}
    of = bloc_members(scope).filter(pl.col("begins") <= month, pl.col("ends") >= month)
    return frozenset(named | set(of.filter(pl.col("b").is_in(sorted(named & set(BLOCS))))["a"]))


def sanction_figure(
    kept: pl.DataFrame, members: tuple[str, ...], sources: frozenset[str], name: str, month: date
) -> tuple[pl.DataFrame, Summary, float]:
    """Targets with who joined, the mean share with its bounds, and the share of members of whom it is known.

    Raises
    ------
    Refusal
        If nothing is imposed, or too little is known.
    """
    targets, imposes = imposed_by(kept, members)
    if not targets:
        raise Refusal(
            f"no member of {name} is known to keep a sanction in {month:%Y-%m}",
            hint="There is nothing that the others could join; or no source of sanctions covers that month.",
        )
    could, told, coverage = who_could(targets, members, sources)
    known = told & could
    if coverage < LEAST_KNOWN:
        raise Refusal(
            f"sources vouch for the sanctions of {coverage:.0%} of the members of {name} in {month:%Y-%m}, fewer than "
            f"{LEAST_KNOWN:.0%}",
            hint="Ingest a source that vouches for their sanctions: `multipolar sources`.",
        )
    found = arrays.joined(imposes, told, could)
    detail = pl.DataFrame(
        {
            "target": targets,
            "joined": (imposes & could).sum(axis=1),
            "told": known.sum(axis=1),
            "members": could.sum(axis=1),
            "share": found.value,
            "who": [" ".join(np.array(members)[mine]) for mine in imposes],
        }
    )
    return detail.sort("share", "target", descending=[True, False]), mean_joined(found), coverage


def imposed_by(kept: pl.DataFrame, senders: Sequence[str]) -> tuple[list[str], Bools]:
    """Targets, sorted, and who of some senders keeps a sanction on each, shape (targets, senders)."""
    targets = kept["target"].unique().sort().to_list()
    place = {sender: n for n, sender in enumerate(senders)}
    row = {target: n for n, target in enumerate(targets)}
    imposes = np.zeros((len(targets), len(senders)), dtype=bool)
    for sender, target in kept.select("sender", "target").iter_rows():
        imposes[row[target], place[sender]] = True
    return targets, imposes


def who_could(targets: Sequence[str], members: Sequence[str], sources: frozenset[str]) -> tuple[Bools, Bools, float]:
    """Which members could impose and are told of, both of shape (targets, members), and the share of those told."""
    could = np.array(targets)[:, None] != np.array(members)
    told = np.broadcast_to(np.array([member in sources for member in members]), could.shape)
    return could, told, float((told & could).sum() / could.sum())


def mean_joined(found: arrays.Joined) -> Summary:
    """The mean over targets, with bounds."""
    return bounds(float(found.value.mean()), float(found.low.mean()), float(found.high.mean()))


def _complete(scope: Scope) -> list[Coverage]:
    rows = (row for row in scope.view.coverage() if row.form == "tie" and row.kind in ("", "sanction"))
    return [row for row in rows if row.absence == "zero" and row.role != "b"]
