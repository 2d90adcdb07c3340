"""The door: a record, as of a day, and the questions that can be asked of it. Thin: every answer is made in a room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import polars as pl

from multipolar import claims, measures
from multipolar.actors import check_not_future, get, parse_day, resolve, states
from multipolar.errors import ActorError, Refusal, UsageError
from multipolar.indicators import Panel, Scope, pair_months
from multipolar.measures import Measure
from multipolar.record import FORMS, Record, View
from multipolar.ties import (
    Changes,
    Explanation,
    HeldOut,
    Hide,
    PairNews,
    Ties,
    Update,
    Vintages,
    changes,
    compare,
    estimate,
    explain,
    forecast,
    held_out,
    lacking,
    leave_out,
    pair_news,
    update,
    wanting,
)

if TYPE_CHECKING:
    from multipolar import panels
    from multipolar.architectures import Comparison, Pact, Report
    from multipolar.blocs import Blocs
    from multipolar.brief import Brief
    from multipolar.measures.answers import Answer as Measured
    from multipolar.record import Form
    from multipolar.sources.cite import Citations

    Answer = Measured | Explanation | Blocs | Report

#: First month of the default window: the years since the end of the Cold War, for which the dossier is compiled.
FIRST: Final = date(1990, 1, 1)


def open(
    record: str | Path | Record | None = None,
    *,
    as_of: str | date | None = None,
    since: str | date = FIRST,
    actors: Iterable[str] | None = None,
) -> World:
    """Open a record, or the embedded dossier, as it was known on a day.

    Parameters
    ----------
    record : path or Record, optional
        Folder of a record of one's own. By default the dossier that comes with the package.
    as_of : date or str, optional
        The day whose knowledge counts; today by default.
    since : date or str
        First month of the ties.
    actors : iterable of str, optional
        Names or ids of the states to pair; by default all states that the record speaks of.

    Returns
    -------
    World

    Raises
    ------
    RecordError
        If the folder holds no record.
    UsageError
        If a date cannot be read or lies in the future, or an actor is not known.

    Examples
    --------
    >>> import multipolar
    >>> world = multipolar.open(as_of="2024-06-30")  # doctest: +SKIP
    """
    day = check_not_future(parse_day(as_of, end=True), where="as_of") if as_of is not None else None
    opened = record if isinstance(record, Record) else (_dossier() if record is None else Record.open(Path(record)))
    chosen = None if actors is None else tuple(resolve(name, kind="state").id for name in actors)
    return World(opened.view(day), since=parse_day(since), actors=chosen)


def _dossier() -> Record:
    from multipolar.dossier import load

    record = Record.memory()
    record.ingest(load())
    return record


class World:
    """A record as of a day, and the questions above.

    Parameters
    ----------
    view : View
        What is known.
    since : date
        First month of the ties.
    actors : tuple of str, optional
        Ids of the states to pair; by default all states that the record speaks of.
    like : World, optional
        Read this view with the loadings, noise and scale of that world instead of new estimates.
    pair : (str, str), optional
        Observe this pair only.
    hub : str, optional
        Observe the pairs of this state only.
    """

    def __init__(
        self,
        view: View,
        *,
        since: date = FIRST,
        actors: tuple[str, ...] | None = None,
        like: World | None = None,
        pair: tuple[str, str] | None = None,
        hub: str | None = None,
    ) -> None:
        self.view = view
        self.since = since
        self._actors = actors
        self._like = like
        self._pair = pair
        self._hub = hub
        self._without: dict[object, World] = {}

    @property
    def as_of(self) -> date:
        """The day whose knowledge counts."""
        return self.view.as_of

    @cached_property
    def actors(self) -> tuple[str, ...]:
        """Ids of the states that are paired: by default all that the record says more of than what they belong to."""
        if self._actors is not None:
            return tuple(sorted(set(self._actors)))
        named: set[str] = set()
        for form in FORMS:
            frame = self.view.statements(form).filter(pl.col("kind") != "membership")
            named |= set(frame["a"].unique()) | set(frame["b"].drop_nulls().unique())
        alive = {state.id for state in states() if state.end is None or state.end >= self.since}
        return tuple(sorted(named & alive))

    @cached_property
    def observed(self) -> Panel:
        """What is observed of every pair, month by month, to the last month of which anything is known."""
        if self._like is not None:
            left_out = self.view.left_out - self._like.view.left_out
            return self._like.observed.without(left_out, pair=self._pair, hub=self._hub)
        wide = pair_months(Scope(self.view, self.actors, self.since, self.as_of))
        last = wide.cells["month"].max()
        if not isinstance(last, date):
            return wide
        return Panel(replace(wide.scope, last=min(_month_end(last), self.as_of)), wide.cells)

    @cached_property
    def ties(self) -> Ties:
        """The ties of all pairs."""
        return estimate(self.observed, None if self._like is None else self._like.ties)

    def day(self, value: str | date | None) -> date:
        """A day or month inside the window: the last month known by default."""
        if value is None:
            return self.ties.months[-1]
        return check_not_future(parse_day(value), where="month")

    def actor(self, name: str, on: date | None = None) -> str:
        """Id of a state by any of its names on a day (by default the day of `as_of`)."""
        return resolve(name, on or self.as_of, kind="state").id

    def set_of(self, names: str | Sequence[str], on: date | None = None) -> measures.StateSet:
        """The state, or the set of states, that names mean on a day (by default that of `as_of`; see `measures.state_set`)."""
        return measures.state_set(names, on or self.as_of)

    def tie(self, a: str, b: str) -> pl.DataFrame:
        """How two states stand, month by month.

        Parameters
        ----------
        a, b : str
            Names or ids.

        Returns
        -------
        DataFrame
            month, mean, sd, lo50, hi50, lo90, hi90, indicators; null where too little is known (see `Ties.series`).

        Raises
        ------
        ActorError, UsageError
            If a name is of no state or of several, or the two are the same.
        Refusal
            If nothing is observed of the pair, or never enough.
        """
        first, second = self.actor(a), self.actor(b)
        series = self.ties.series(first, second)
        if series["mean"].is_null().all():
            seen = lacking(self.ties, self.ties.pair_index(first, second))
            raise Refusal(
                f"too little is observed of {first} and {second}: never two kinds of evidence within three years ({seen})",
                hint="Ingest a source that covers the pair.",
            )
        return series

    def forecast(self, a: str, b: str, *, months: int = 12) -> pl.DataFrame:
        """How two states will stand in the months after the last one known (see `ties.forecast`)."""
        return forecast(self.ties, self.actor(a), self.actor(b), months)

    def changes(self, a: str, b: str) -> Changes:
        """Months in which a tie moved more than ties move by themselves, against placebo dates (see `ties.changes`)."""
        return changes(self.ties, self.actor(a), self.actor(b))

    def wanting(self, a: str, b: str, *, month: str | date | None = None) -> pl.DataFrame:
        """What further reading would change a tie most (see `ties.wanting`)."""
        return wanting(self.ties, self.actor(a), self.actor(b), self.day(month))

    def calibration(self, *, share: float = 0.1, seed: int = 0, hide: Hide = "cells") -> HeldOut:
        """Hide a part of what is observed, estimate from the rest and predict it (see `ties.held_out`)."""
        return held_out(self.observed, share=share, seed=seed, hide=hide)

    def explain(
        self, a: str, b: str, *, since: str | date | None = None, until: str | date | None = None
    ) -> Explanation:
        """What a tie's level and change rest on, exactly (see `ties.explain`). By default over the last two years."""
        stop = self.day(until)
        start = self.day(since) if since is not None else _years_before(stop, 2)
        return explain(self.ties, self.actor(a), self.actor(b), since=max(start, self.since), until=stop)

    def news(self, a: str, b: str, *, since: str | date, month: str | date | None = None) -> PairNews:
        """What became known after the day `since` changed about a tie (see `ties.pair_news`)."""
        earlier = check_not_future(parse_day(since, end=True), where="since")
        if earlier >= self.as_of:
            raise UsageError.dates_out_of_order(earlier, self.as_of, where="since")
        return pair_news(self.ties, self._known_on(earlier), self.actor(a), self.actor(b), self.day(month))

    def vintages(self, *, since: str | date, month: str | date | None = None) -> Vintages:
        """What became known after the day `since` changed about all ties (see `ties.compare`)."""
        earlier = check_not_future(parse_day(since, end=True), where="since")
        if earlier >= self.as_of:
            raise UsageError.dates_out_of_order(earlier, self.as_of, where="since")
        return compare(self.ties, self._known_on(earlier), self.day(month))

    def updated(self, view: View) -> Update:
        """The ties brought up to date with a later view of the same record and day (see `ties.update`)."""
        return update(self.ties, view)

    def left_out(self, a: str, b: str, *, month: str | date | None = None) -> pl.DataFrame:
        """The tie of a month without each source in turn (see `ties.leave_out`)."""
        first, second, day = *sorted((self.actor(a), self.actor(b))), self.day(month)
        row, column = self.ties.pair_index(first, second), self.ties.month_index(day)
        found = {item["source"] for item in self.view.by_id(self._behind(first, second))}
        return leave_out(self.ties, (row, column), {
            source: self.without([source], pair=(first, second)).observed for source in sorted(found)
        })  # fmt: skip

    def _behind(self, a: str, b: str) -> list[str]:
        """Ids of the statements that a pair's cells rest on."""
        return [name for name in self.observed.parts(a, b)["id"].unique() if not name.startswith("coverage:")]

    def _known_on(self, day: date) -> Panel:
        """What was observed, as it was known on an earlier day."""
        return pair_months(replace(self.observed.scope, view=self.view.at(day)))

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

    def check(self, path: str | Path) -> list[claims.Checked]:
        """Verdicts on the claims of a TOML file (see `claims.check`)."""
        return claims.check(self, claims.load(Path(path)))

    def brief(self, *actors: str) -> Brief:
        """All of it about a few states, on one page (see `brief.build`)."""
        from multipolar.brief import build

        return build(self, tuple(self.actor(name) for name in actors))

    def statements(self, form: Form, **filters: Any) -> pl.DataFrame:
        """Statements of a form (see `View.statements`)."""
        return self.view.statements(form, **filters)

    def evidence(self, answer: Answer) -> tuple[str, ...]:
        """Ids of all statements behind an answer, without the observed zeros of coverages."""
        if isinstance(answer, Explanation):
            ids = set(answer.statements["id"])
        else:
            ids = set(answer.ids)
            for a, b in getattr(answer, "pairs", ()):
                parts = self.observed.parts(a, b).filter(pl.col("month") <= answer.month)  # type: ignore[union-attr]
                ids |= set(parts["id"])
        return tuple(sorted(name for name in ids if not name.startswith("coverage:")))

    def cite(self, answer: Answer | Mapping[str, int | None] | None = None) -> Citations:
        """What to cite for an answer: BibTeX and a paragraph (see `sources.cite`).

        Parameters
        ----------
        answer : an answer of this world, or mapping of str to int, optional
            Its statements, or keys of sources with the number of their statements; all sources by default.
        """
        from multipolar import __version__
        from multipolar.sources.cite import cite

        described = self.view.sources()
        if answer is None:
            answer = dict.fromkeys(described)
        if not isinstance(answer, Mapping):
            answer = Counter(row["source"] for row in self.view.by_id(self.evidence(answer)))
        return cite(answer, described, self.as_of, __version__)

    def panel(self, **asked: Any) -> panels.Panel:
        """All pairs of states (or all states) by year or month, and what the record says of each (see `panels.build`).

        Parameters
        ----------
        **asked
            As `panels.build` takes them: unit, directed, since, until, columns, actors, system, codes, relevant.
        """
        from multipolar.panels import build

        return build(self.view, **asked)

    def without(self, sources: Iterable[str], *, pair: tuple[str, str] | None = None, hub: str | None = None) -> World:
        """The same world, with the same parameters, as if these sources had never been read.

        Parameters
        ----------
        sources : iterable of str
            Keys of sources.
        pair : (str, str), optional
            Look at this pair only, which is faster.
        hub : str, optional
            Look at the pairs of this state only, which is faster.
        """
        left_out = tuple(sorted(set(sources)))
        ordered = None if pair is None else (min(pair), max(pair))
        key = (left_out, ordered, hub)
        if key in self._without:
            return self._without[key]
        view = self.view.without(left_out)
        made = World(view, since=self.since, actors=self.actors, like=self, pair=ordered, hub=hub)
        if ordered or hub:  # small enough to keep: several claims ask for the same ones
            self._without[key] = made
        return made

    def name(self, actor: str) -> str:
        """Name of an actor on the day of this world."""
        return get(actor).name_on(self.as_of)


def _month_end(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=1)
