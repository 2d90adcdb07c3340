"""What ties, flows, votes and institutions mean: questions answered by measures, blocs and architectures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from multipolar import measures
from multipolar.actors import check_not_future, parse_day
from multipolar.errors import ActorError, UsageError
from multipolar.measures import Measure
from multipolar.world.standing import Standing

if TYPE_CHECKING:
    from multipolar.architectures import Comparison, Pact, Report
    from multipolar.blocs import Blocs


class Meaning(Standing):
    """Questions about one state, some states, or the institutions between them."""

    def isolation(
        self,
        actors: str | Sequence[str],
        month: str | date | None = None,
        *,
        from_: str | Sequence[str] | None = None,
        capability: str = "cinc",
        by: Literal["ties", "visits"] = "ties",
        years: int = 3,
        way: Literal["either", "paid", "received"] = "either",
    ) -> Measure:
        """How isolated a state or a set of states is, from all others or from some (see `measures.isolation`).

        With ``by="visits"`` it is by visits of the last `years` (see `measures.isolation_by_visits`).
        """
        when = None if month is None else self.day(month)
        one, others = self.set_of(actors, when), None if from_ is None else self.set_of(from_, when)
        if by == "visits":
            return measures.isolation_by_visits(
                self.view, self.actors, one, when, from_=others, capability=capability, years=years, way=way
            )
        if by != "ties":
            raise UsageError.unknown("view of isolation", by, ("ties", "visits"))
        return measures.isolation(self.ties, self.view, one, self.day(when), from_=others, capability=capability)

    def dependence(
        self, actor: str, *, on: str, year: int | None = None, flow: str = "trade", without: Sequence[str] = ()
    ) -> Measure:
        """How far a state depends on another for a flow, in the last year known by default (see `measures.dependence`)."""
        one, other = self.actor(actor), self.actor(on)
        excluded = tuple(self.actor(name) for name in without)
        if year is not None:
            return measures.dependence(self.view, one, other, year, flow=flow, without=excluded)
        return measures.latest_dependence(self.view, one, other, flow=flow, without=excluded)

    def alternatives(self, actor: str, *, on: str, year: int | None = None, flow: str = "trade") -> Measure:
        """How concentrated a flow of a state is without one partner (see `measures.alternatives`)."""
        return measures.alternatives(self.view, self.actor(actor), self.actor(on), year, flow=flow)

    def hedging(self, actor: str, *, between: Sequence[str], month: str | date | None = None) -> Measure:
        """How evenly a state keeps positive ties with several powers (see `measures.hedging`)."""
        powers = [self.actor(power) for power in between]
        return measures.hedging(self.ties, self.actor(actor), powers, self.day(month))

    def pressure(
        self,
        actor: str,
        *,
        between: Sequence[str],
        power: str,
        month: str | date | None = None,
        band: float = measures.arrays.BAND,
    ) -> Measure:
        """How far the tie with one power must fall until a state no longer hedges (see `measures.pressure`)."""
        powers = [self.actor(name) for name in between]
        one, pressing = self.actor(actor), self.actor(power)
        return measures.pressure(self.ties, one, powers, pressing, self.day(month), band=band)

    def cohesion(
        self,
        actors: str | Sequence[str],
        month: str | date | None = None,
        *,
        by: Literal["ties", "votes", "sanctions"] = "ties",
    ) -> Measure:
        """How cohesive a set of states is (see `measures.cohesion_ties`, `cohesion_votes` and `cohesion_sanctions`)."""
        when = None if month is None else self.day(month)
        one = self.set_of(actors, when)
        if by == "votes":
            return measures.cohesion_votes(self.view, one, when)
        if by == "sanctions":
            return measures.cohesion_sanctions(self.observed.scope, one, when)
        if by != "ties":
            raise UsageError.unknown("view of cohesion", by, ("ties", "votes", "sanctions"))
        return measures.cohesion_ties(self.ties, one, self.day(when))

    def cohesion_series(
        self, actors: str | Sequence[str], *, since: int | None = None, until: int | None = None
    ) -> pl.DataFrame:
        """`cohesion` of a set in all ways, year by year, with the members that it had then (see `measures.cohesion_series`)."""
        return measures.cohesion_series(self.ties, self.view, self.set_of(actors), since, until)

    def measure_table(self, since: int | None = None, until: int | None = None) -> measures.Table:
        """Every measure for every state, pair or set and year of the ties (see `measures.table`)."""
        return measures.table(self.ties, self.view, since, until)

    def blocs(
        self,
        month: str | date | None = None,
        actors: Iterable[str] | None = None,
        *,
        camps: int | None = None,
        weighing: Literal["ties", "sizes"] = "ties",
        capability: str = "cinc",
    ) -> Blocs:
        """Which blocs there are in a month, the last one known by default (see `blocs.blocs`)."""
        from multipolar.blocs import blocs

        asked, when = tuple(actors or ()) or None, self.day(month)
        return blocs(self.ties, self.view, when, asked, camps=camps, weighing=weighing, capability=capability)

    def architecture(self, name: str | Path, month: str | date | None = None) -> Report:
        """What holds a set of institutions together, in the last month known by default (see `architectures.architecture`).

        Parameters
        ----------
        name : str or Path
            ``eurasia``, ``euro-atlantic``, an organisation, or a TOML file.
        month : str or date, optional
        """
        from multipolar.architectures import architecture, find

        return architecture(self.ties, self.view, find(name), None if month is None else self.day(month))

    def architectures(self, names: Sequence[str | Path], month: str | date | None = None) -> Comparison:
        """Two or more architectures side by side (see `architectures.compare`)."""
        from multipolar.architectures import compare, find

        wanted = [find(name) for name in names]
        return compare(self.ties, self.view, wanted, None if month is None else self.day(month))

    def pact(self, a: str, b: str, on: str | date | None = None) -> Pact:
        """What two states owe each other on a day, and what they did in past conflicts (see `architectures.pact`)."""
        from multipolar.architectures import pact

        day = None if on is None else check_not_future(parse_day(on, where="on"), where="on")
        return pact(self.view, self.actor(a, day), self.actor(b, day), day)

    def stage(self, a: str, b: str, year: int | None = None) -> measures.Stage:
        """Where a pair stands between peace and war, and since when, in the last year known by default (see `measures.stage`)."""
        return measures.stage(self.view, *self._in_year(a, b, year), year)

    def stage_ahead(
        self, a: str, b: str, years: int, *, rung: int | None = None, year: int | None = None
    ) -> measures.StageAhead:
        """Probability of each stage in the years after the last one known, or after `year` (see `measures.stage_ahead`)."""
        return measures.stage_ahead(self.view, *self._in_year(a, b, year), years, rung=rung, year=year)

    def stage_transitions(self, **asked: Any) -> pl.DataFrame:
        """What followed each stage, by the number of nuclear states in the pair (see `measures.stage_transitions`)."""
        return measures.stage_transitions(self.view, **asked)

    def negotiability(self, a: str, b: str, day: str | date | None = None, **asked: Any) -> measures.Negotiability:
        """Whether polls leave room for a deal between two states (see `measures.negotiability`)."""
        when = None if day is None else check_not_future(parse_day(day, end=True), where="day")
        return measures.negotiability(self.view, self.actor(a), self.actor(b), when, **asked)

    def leader_break(self, a: str, b: str, *, at: str | date | None = None, **asked: Any) -> measures.LeaderBreak:
        """The change of a tie at a leader's first month, or any month, against placebo months (see `measures.leader_break`)."""
        month = None if at is None else self.day(at)
        return measures.leader_break(self.ties, self.actor(a), self.actor(b), at=month, **asked)

    def leader_breaks(self, actor: str, **asked: Any) -> measures.LeaderBreaks:
        """How far all ties of a state moved when its leaders changed (see `measures.leader_breaks`)."""
        return measures.leader_breaks(self.ties, self.actor(actor), **asked)

    def travel(self, who: str, *, since: str | date | None = None) -> measures.Travel:
        """Visits of a wanted leader, or of the leader of a state, before and after the warrant (see `measures.travel`)."""
        first = None if since is None else parse_day(since)
        try:
            actor = self.actor(who)
        except ActorError:
            actor = measures.wanted_state(self.view, who)
        return measures.travel(self.view, actor, since=first)

    def _in_year(self, a: str, b: str, year: int | None) -> tuple[str, str]:
        """Ids of two states by names of a year's last day (of the day of `as_of` by default)."""
        on = None if year is None or not 1816 <= year < self.as_of.year else date(year, 12, 31)
        return self.actor(a, on), self.actor(b, on)
