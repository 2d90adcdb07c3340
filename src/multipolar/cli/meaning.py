"""What ties and flows mean for one state: isolation, dependence, hedging."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import Parameter

from multipolar.cli.ids import short
from multipolar.cli.options import COMMON, Common, Several, day, open_world
from multipolar.cli.output import Answer, Grid, between, figure, show
from multipolar.cli.progress import Step, working

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from multipolar.measures import Measure
    from multipolar.world import World

_INTERVAL: Final = ("lo50", "hi50", "lo90", "hi90")
#: Parts that the table shows.
LISTED: Final = 15


def isolation(
    actor: str,
    /,
    *,
    month: str | None = None,
    capability: str = "cinc",
    parts: bool = False,
    ids: bool = False,
    common: Common = COMMON,
) -> None:
    """How isolated a state is: the share of the others' capability without a positive tie to it.

    Parameters
    ----------
    actor
        A state: any name, code or capital.
    month
        Month (YYYY-MM); the last one known by default.
    capability
        What the others are weighted by: cinc, gdp, gdp_ppp, population or military_spending.
    parts
        Give a row for each partner in place of the figure.
    ids
        Add the ids of the statements behind the figure.
    """
    asked = day(month, "--month")
    _measure(common, lambda world: world.isolation(actor, asked, capability=capability), parts, ids, asked)


def dependence(
    actor: str,
    /,
    *,
    on: str,
    year: int | None = None,
    without: Several = (),
    parts: bool = False,
    ids: bool = False,
    common: Common = COMMON,
) -> None:
    """How far a state depends on another for its trade: directed, and convex in the other's share.

    Parameters
    ----------
    actor
        The state that depends.
    on
        The state it depends on.
    year
        Calendar year; the last one known by default.
    without
        Partners whose trade is taken out first.
    parts
        Give the trade, the total and the share in place of the figure.
    ids
        Add the ids of the statements behind the figure.
    """
    _measure(common, lambda world: world.dependence(actor, on=on, year=year, without=without), parts, ids, None, on=on)


def hedging(
    actor: str,
    /,
    *,
    between: Annotated[tuple[str, ...], Parameter(consume_multiple=True)],
    month: str | None = None,
    parts: bool = False,
    ids: bool = False,
    common: Common = COMMON,
) -> None:
    """How evenly a state keeps positive ties with several powers at once.

    Parameters
    ----------
    actor
        A state: any name, code or capital.
    between
        Two or more powers.
    month
        Month (YYYY-MM); the last one known by default.
    parts
        Give a row for each power in place of the figure.
    ids
        Add the ids of the statements behind the figure.
    """
    asked = day(month, "--month")
    _measure(
        common, lambda world: world.hedging(actor, between=between, month=asked), parts, ids, asked, between=between
    )


def _measure(
    common: Common,
    ask: Callable[[World], Measure],
    parts: bool,
    ids: bool,
    earliest: date | None,
    *,
    on: str = "",
    between: tuple[str, ...] = (),
) -> None:
    with working(common.quiet) as step:
        world = open_world(common, step, earliest=earliest)
        step(0, 0, "Measuring")
        found = ask(world)
        others = (
            {"on": world.actor(on)} if on else {"between": [world.actor(name) for name in between]} if between else {}
        )
        row = _row(world, found, others, ids, step)
    head = {"measure": found.name, "actor": found.actor, **others, "month": found.month}
    rows = [{**head, **part} for part in found.detail.to_dicts()] if parts else [row]
    after = (f"Statements: {' '.join(map(short, row['statements']))}",) if ids else ()
    show(Answer(rows, _says(world, found, others), (_grid(found),), after, found.notes), common)


def _row(world: World, found: Measure, others: dict[str, Any], ids: bool, step: Step) -> dict[str, Any]:
    row = {"measure": found.name, "actor": found.actor, **others, "month": found.month, "value": found.value}
    row |= {name: getattr(found, name) for name in _INTERVAL}
    row |= {"coverage": found.coverage, "unit": found.unit, "notes": list(found.notes)}
    if ids:
        step(0, 0, "Following the figure to statements")
        row["statements"] = list(world.evidence(found))
    return row


def _says(world: World, found: Measure, others: dict[str, Any]) -> tuple[str, ...]:
    to = f" on {world.name(others['on'])}" if "on" in others else ""
    if "between" in others:
        to = f" between {', '.join(world.name(name) for name in others['between'])}"
    when = f"{found.month:%Y}" if found.name == "dependence" else f"{found.month:%Y-%m}"
    return (
        f"{found.name.capitalize()} of {world.name(found.actor)}{to}, {when}: {figure(found.value)}, "
        f"{between(found.lo90, found.hi90)}.",
        f"From 0 to 1: {found.unit}. Coverage {found.coverage:.0%}.",
    )


def _grid(found: Measure) -> Grid:
    rows = found.detail.to_dicts()
    numbers = {name for row in rows for name, value in row.items() if isinstance(value, float)}
    heads = tuple(f"{name}>" if name in numbers else name for name in found.detail.columns)
    cells = [[_cell(value) for value in row.values()] for row in rows[:LISTED]]
    more = f"the first {LISTED} of {len(rows)}; --parts gives all" if len(rows) > LISTED else ""
    return Grid(heads, cells, f"Parts ({more})" if more else "Parts")


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else figure(value)
    return str(value)
