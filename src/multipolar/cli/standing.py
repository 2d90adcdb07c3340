"""How two states stand, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from multipolar.cli.ids import short, statements_only
from multipolar.cli.options import COMMON, Common, open_world, span
from multipolar.cli.output import Answer, Grid, between, figure, show
from multipolar.cli.progress import working

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from multipolar.world import World

#: Months that the table shows unless others are asked for.
RECENT: Final = 18


def tie(
    a: str,
    b: str,
    /,
    *,
    since: str | None = None,
    until: str | None = None,
    ids: bool = False,
    common: Common = COMMON,
) -> None:
    """How two states stand, month by month, with intervals.

    The table shows the last 18 months known; JSON and CSV have all of them. A month in which too little was observed is
    null (CSV: empty), never zero.

    Parameters
    ----------
    a
        A state: any name, code or capital.
    b
        The other one.
    since
        First month (YYYY-MM).
    until
        Last month.
    ids
        Add the ids of the statements observed in each month.
    """
    first, last = span(since, until)
    with working(common.quiet) as step:
        world = open_world(common, step, earliest=first)
        step(0, 0, "Estimating the ties of all pairs")
        series = _window(world, world.tie(a, b), first, last)
        pair = world.actor(a), world.actor(b)
        rows = [{"pair": "-".join(sorted(pair)), **row} for row in series.to_dicts()]
        if ids:
            rows = _with_ids(world, pair, rows)
    shown = rows if since or until else _recent(rows)
    title = " and ".join(map(world.name, pair))
    show(Answer(rows, _stood(title, rows), (_months(shown, ids),), notes=scale(world)), common)


def scale(world: World) -> tuple[str, ...]:
    """What to know of the scale, and of the window where it is not the usual one."""
    from multipolar.world import FIRST

    if world.since == FIRST:
        return world.ties.notes
    return (
        *world.ties.notes,
        f"estimated from {world.since:%Y-%m} on, so figures differ a little from those of the window from {FIRST:%Y-%m}",
    )


def _window(world: World, series: pl.DataFrame, first: date | None, last: date | None) -> pl.DataFrame:
    """The months asked for, which must be months that there are."""
    for asked in (first, last):
        if asked:
            world.ties.month_index(asked)
    inside = [(not first or month >= first.replace(day=1)) and (not last or month <= last) for month in series["month"]]
    return series.filter(inside)


def _with_ids(world: World, pair: tuple[str, str], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    seen: dict[date, set[str]] = {}
    for month, name in world.observed.parts(*pair).select("month", "id").iter_rows():
        seen.setdefault(month, set()).add(name)
    return [{**row, "statements": statements_only(seen.get(row["month"], ()))} for row in rows]


def _recent(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last months, up to the last one known."""
    known = [number for number, row in enumerate(rows) if row["mean"] is not None]
    stop = known[-1] + 1 if known else len(rows)
    return rows[max(stop - RECENT, 0) : stop]


def _stood(title: str, rows: list[dict[str, Any]]) -> tuple[str, ...]:
    known = [row for row in rows if row["mean"] is not None]
    if not known:
        return (f"{title}: too little is observed in these months to say.",)
    last = known[-1]
    says = f"{title} stood at {figure(last['mean'])} in {last['month']:%Y-%m}, {between(last['lo90'], last['hi90'])}"
    before = last["month"].replace(year=last["month"].year - 1)
    year = next((row for row in known if row["month"] == before), None)
    return (says + (f"; twelve months before at {figure(year['mean'])}." if year else "."),)


def _months(rows: list[dict[str, Any]], ids: bool) -> Grid:
    heads = ("month", "tie>", "50 %", "90 %", "indicators>", *(("statements",) if ids else ()))
    cells = [
        (f"{row['month']:%Y-%m}", figure(row["mean"]), _range(row, "50"), _range(row, "90"), str(row["indicators"]),
         *((" ".join(map(short, row["statements"])),) if ids else ()))
        for row in rows
    ]  # fmt: skip
    return Grid(heads, cells)


def _range(row: dict[str, Any], width: str) -> str:
    low, high = row[f"lo{width}"], row[f"hi{width}"]
    return "" if low is None else f"{figure(low)} to {figure(high)}"
