"""A record as of a day, what is observed in it of every pair, and the ties estimated from that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Self

import polars as pl

from multipolar import measures
from multipolar.actors import check_not_future, get, parse_day, resolve, states
from multipolar.indicators import Panel, Scope, pair_months
from multipolar.record import FORMS, View
from multipolar.ties import Ties, estimate

if TYPE_CHECKING:
    from multipolar import panels
    from multipolar.record import Form

#: First month of the default window: the years since the end of the Cold War, for which the dossier is compiled.
FIRST: Final = date(1990, 1, 1)


class Held:
    """A record as of a day: who is who, what is observed, the ties, and the same without some of its sources.

    Parameters
    ----------
    view : View
        What is known.
    since : date
        First month of the ties.
    actors : tuple of str, optional
        Ids of the states to pair; by default all states that the record speaks of.
    like : Held, optional
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
        like: Self | None = None,
        pair: tuple[str, str] | None = None,
        hub: str | None = None,
    ) -> None:
        self.view = view
        self.since = since
        self._actors = actors
        self._like = like
        self._pair = pair
        self._hub = hub
        self._without: dict[object, Self] = {}

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

    def statements(self, form: Form, **filters: Any) -> pl.DataFrame:
        """Statements of a form (see `View.statements`)."""
        return self.view.statements(form, **filters)

    def panel(self, **asked: Any) -> panels.Panel:
        """All pairs of states (or all states) by year or month, and what the record says of each (see `panels.build`).

        Parameters
        ----------
        **asked
            As `panels.build` takes them: unit, directed, since, until, columns, actors, system, codes, relevant.
        """
        from multipolar.panels import build

        return build(self.view, **asked)

    def without(self, sources: Iterable[str], *, pair: tuple[str, str] | None = None, hub: str | None = None) -> Self:
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
        made = type(self)(view, since=self.since, actors=self.actors, like=self, pair=ordered, hub=hub)
        if ordered or hub:  # small enough to keep: several claims ask for the same ones
            self._without[key] = made
        return made

    def name(self, actor: str) -> str:
        """Name of an actor on the day of this world."""
        return get(actor).name_on(self.as_of)


def _month_end(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
