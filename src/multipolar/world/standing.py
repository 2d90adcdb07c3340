"""How two states stand: questions about ties, answered in the room of that name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl

from multipolar.actors import check_not_future, parse_day
from multipolar.errors import Refusal, UsageError
from multipolar.indicators import Panel, pair_months
from multipolar.record import View
from multipolar.ties import (
    Changes,
    Explanation,
    HeldOut,
    Hide,
    PairNews,
    Update,
    Vintages,
    changes,
    compare,
    explain,
    forecast,
    held_out,
    lacking,
    leave_out,
    pair_news,
    update,
    wanting,
)
from multipolar.world.held import Held


class Standing(Held):
    """Questions about the tie of two states, or of all."""

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


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=1)
