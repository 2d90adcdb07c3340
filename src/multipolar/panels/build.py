"""Making a panel: rows, then column by column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import numpy as np

from multipolar.actors import check_not_future, parse_day
from multipolar.errors import Refusal, UsageError
from multipolar.panels.catalogue import BY_NAME, COLUMNS
from multipolar.panels.fill import fill
from multipolar.panels.model import SYSTEMS, UNITS, Asked, Column, Filled, Output, System, Unit
from multipolar.panels.panel import Panel
from multipolar.panels.periods import Clock
from multipolar.panels.rows import CODES, alive, rows, state_id, subset
from multipolar.record import FORMS, Form, View
from multipolar.record.model import Progress

#: First year of the state table.
FIRST: Final = date(1816, 1, 1)


def build(
    view: View,
    *,
    unit: Unit = "dyad-year",
    directed: bool = False,
    since: str | int | date | None = None,
    until: str | int | date | None = None,
    columns: Iterable[str] | None = None,
    actors: Iterable[str] | None = None,
    system: System = "all",
    codes: Sequence[str] = (),
    relevant: bool = False,
    progress: Progress | None = None,
) -> Panel:
    """All pairs of states (or all states), all periods, and what the record says of each.

    Parameters
    ----------
    view : View
        The record as of a day.
    unit : {"dyad-year", "dyad-month", "state-year"}
        What a row is.
    directed : bool
        A row for each direction of a pair.
    since, until : year, date or str, optional
        First and last period; from 1816 to the last whole period before the view's day by default.
    columns : iterable of str, optional
        Names of `COLUMNS`; by default all that this record fills.
    actors : iterable of str, optional
        Names or ids of states; by default all.
    system : {"all", "cow", "gw"}
        Whose list says which states there are (see `rows`).
    codes : sequence of str
        Codes to carry beside our ids: cow, gw, iso2, iso3, name.
    relevant : bool
        Only pairs that are neighbours or of which one is a major power, by `contiguity` and `major_power`.
    progress : callable, optional
        Called as ``progress(done, total, what)``.

    Returns
    -------
    Panel

    Raises
    ------
    UsageError
        If a name is not known, a date lies in the future or the two are out of order.
    ActorError
        If an actor is not known.
    Refusal
        If `relevant` is asked of a record that does not say who is a neighbour or a major power.
    """
    _check(unit, system, codes)
    if unit == "state-year" and (directed or relevant):
        raise UsageError("expected pairs for a direction or for relevance, got state-year", hint="Choose dyad-year.")
    named = None if columns is None else _named(columns, unit)
    clock, first, last = _clock(view, unit, since, until)
    chosen = None if actors is None else [state_id(name, last) for name in actors]
    if chosen is not None and unit != "state-year" and len(set(chosen)) < 2:
        raise UsageError(f"expected at least two states to pair, got {len(set(chosen))}", hint="Or choose state-year.")
    living = alive(clock, system, chosen)
    asked = Asked(view, unit, directed, system, first, last, rows(unit, directed, clock, living))
    if relevant:
        asked = _relevant(asked)
    made = list(_filled(asked, _default(view, unit) if named is None else named, progress))
    if named is None:
        kept = {each.output.column.name for each in made if np.isfinite(each.value).any()}
        made = [each for each in made if each.output.column.name in kept]
    return Panel(asked, living, tuple(made), tuple(codes), relevant)


def _check(unit: str, system: str, codes: Iterable[str]) -> None:
    for what, got, known in (("unit of a panel", unit, UNITS), ("list of states", system, SYSTEMS)):
        if got not in known:
            raise UsageError.unknown(what, got, known)
    for code in codes:
        if code not in CODES:
            raise UsageError.unknown("code of a state", code, CODES)


def _clock(
    view: View, unit: Unit, since: str | int | date | None, until: str | int | date | None
) -> tuple[Clock, date, date]:
    """The periods, and the first and last day; a period counts only when all of it lies before the view's day."""
    monthly = unit == "dyad-month"
    first = FIRST if since is None else _day(since, "since")
    if first < FIRST:
        raise UsageError(
            f"expected a first period from 1816 on, got {since}", where="since", hint="States begin in 1816."
        )
    whole = Clock.over(first if until is None else _day(until, "until"), view.as_of, monthly=monthly)
    if until is None:
        last = whole.last if whole.ends(whole.last) <= view.as_of else whole.last - 1
    else:
        last = whole.first
        if whole.ends(last) > view.as_of:
            raise UsageError.future_date(whole.ends(last), view.as_of, where="until")
    begin = whole.of(first)
    if begin > last:
        raise UsageError.dates_out_of_order(first, whole.ends(last), where="since, until")
    clock = Clock(monthly, begin, last)
    return clock, clock.begins(begin), clock.ends(last)


def _day(value: str | int | date, where: str) -> date:
    text = f"{value:04}" if isinstance(value, int) else value
    return check_not_future(parse_day(text, where=where), where=where)


def _named(names: Iterable[str], unit: Unit) -> list[Column]:
    found = []
    for name in dict.fromkeys(names):
        if name not in BY_NAME:
            raise UsageError.unknown("column of a panel", name, BY_NAME)
        column = BY_NAME[name]
        if unit == "state-year" and column.dyadic:
            raise UsageError(f"expected a column about one state, got {name!r}", hint="Choose dyad-year for it.")
        if name.startswith("indicator_") and unit != "dyad-month":
            hint = "Choose dyad-month, or the column that it is made from."
            raise UsageError(f"expected a column of years, got {name!r}, which is told by the month", hint=hint)
        found.append(column)
    return found


#: Forms of which a record can have millions of statements: their kinds are looked up in the coverage.
_LARGE: Final[tuple[Form, ...]] = ("vote", "flow", "event")
_MANY: Final = 100_000


def _default(view: View, unit: Unit) -> list[Column]:
    """The columns of whose kinds the record has any statement."""
    counts, there = view.counts(), {}
    for form in FORMS:
        there[form] = {row.kind.partition(":")[0] for row in view.coverage() if row.form == form}
        if counts[form] and (form not in _LARGE or counts[form] < _MANY):
            there[form] |= set(view.statements(form)["kind"].unique())
    fits = [column for column in COLUMNS if unit != "state-year" or not column.dyadic]
    return [column for column in fits if counts[column.form] and there[column.form] & set(column.kinds)]


def _filled(asked: Asked, columns: Sequence[Column], progress: Progress | None) -> Iterable[Filled]:
    for done, column in enumerate(columns):
        if progress is not None:
            progress(done, len(columns), f"Filling {column.name}")
        for output in column.outputs(asked.unit, asked.directed):
            yield fill(asked, output)


def _relevant(asked: Asked) -> Asked:
    """The rows of neighbours and of major powers."""
    contiguity = fill(asked, Output(BY_NAME["contiguity"], "contiguity"))
    powers = [fill(asked, Output(BY_NAME["major_power"], f"major_power_{side}", side)) for side in ("a", "b")]
    lacking = [each.output.column.name for each in (contiguity, powers[0]) if not np.isfinite(each.value).any()]
    if lacking:
        raise Refusal(
            f"this record does not tell {' and '.join(lacking)}, and so not which pairs are politically relevant",
            hint="Ingest cow-contiguity and cow-majors.",
        )
    keep = np.nan_to_num(contiguity.value) > 0
    for power in powers:
        keep |= np.nan_to_num(power.value) > 0
    grid = subset(asked.grid, keep)
    return Asked(asked.view, asked.unit, asked.directed, asked.system, asked.since, asked.until, grid)
