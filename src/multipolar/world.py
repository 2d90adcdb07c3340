"""The door: a record, as of a day, and the questions that can be asked of it. Thin: every answer is made in a room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from multipolar import claims, measures
from multipolar.actors import check_not_future, get, parse_day, resolve, states
from multipolar.errors import Refusal, UsageError
from multipolar.indicators import Panel, Scope, pair_months
from multipolar.measures import Measure
from multipolar.record import FORMS, Record, View
from multipolar.ties import Explanation, PairNews, Ties, estimate, explain, pair_news

if TYPE_CHECKING:
    from multipolar import panels
    from multipolar.architectures import Comparison, Pact, Report
    from multipolar.brief import Brief
    from multipolar.record import Form
    from multipolar.sources.cite import Citations

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
        return estimate(self.observed, None if self._like is None else self._like.ties.params)

    def day(self, value: str | date | None) -> date:
        """A day or month inside the window: the last month known by default."""
        if value is None:
            return self.ties.months[-1]
        return check_not_future(parse_day(value), where="month")

    def actor(self, name: str, on: date | None = None) -> str:
        """Id of a state by any of its names on a day (by default the day of `as_of`)."""
        return resolve(name, on or self.as_of, kind="state").id

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
            raise Refusal(
                f"too little is observed of {first} and {second}: never two kinds of evidence within three years",
                hint="Ingest a source that covers the pair.",
            )
        return series

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
        panel = pair_months(replace(self.observed.scope, view=self.view.at(earlier)))
        return pair_news(self.ties, panel, self.actor(a), self.actor(b), self.day(month))

    def isolation(self, actor: str, month: str | date | None = None, *, capability: str = "cinc") -> Measure:
        """How isolated a state is (see `measures.isolation`)."""
        return measures.isolation(self.ties, self.view, self.actor(actor), self.day(month), capability=capability)

    def dependence(self, actor: str, *, on: str, year: int | None = None, without: Sequence[str] = ()) -> Measure:
        """How far a state depends on another for its trade, in the last year known by default (see `measures.dependence`)."""
        one, other = self.actor(actor), self.actor(on)
        excluded = tuple(self.actor(name) for name in without)
        if year is not None:
            return measures.dependence(self.view, one, other, year, without=excluded)
        return measures.latest_dependence(self.view, one, other, without=excluded)

    def hedging(self, actor: str, *, between: Sequence[str], month: str | date | None = None) -> Measure:
        """How evenly a state keeps positive ties with several powers (see `measures.hedging`)."""
        powers = [self.actor(power) for power in between]
        return measures.hedging(self.ties, self.actor(actor), powers, self.day(month))

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

    def evidence(self, answer: Measure | Explanation) -> tuple[str, ...]:
        """Ids of all statements behind an answer, without the observed zeros of coverages."""
        if isinstance(answer, Explanation):
            ids = set(answer.statements["id"])
        else:
            ids = set(answer.ids)
            for a, b in answer.pairs:
                parts = self.observed.parts(a, b).filter(pl.col("month") <= answer.month)
                ids |= set(parts["id"])
        return tuple(sorted(name for name in ids if not name.startswith("coverage:")))

    def cite(self, answer: Measure | Explanation | Mapping[str, int | None] | None = None) -> Citations:
        """What to cite for an answer: BibTeX and a paragraph (see `sources.cite`).

        Parameters
        ----------
        answer : Measure, Explanation or mapping of str to int, optional
            An answer of this world, or keys of sources with the number of their statements; all sources by default.
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
