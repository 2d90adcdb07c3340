"""The evidence: statements, and what is observed of pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from cyclopts import Parameter

from multipolar.cli.describing import source_keys
from multipolar.cli.ids import parties, short, whole
from multipolar.cli.options import COMMON, Common, Several, open_world, span
from multipolar.cli.output import Answer, Grid, Row, show
from multipolar.cli.progress import working
from multipolar.errors import UsageError

if TYPE_CHECKING:
    from multipolar.record import View
    from multipolar.world import World

Form = Literal["event", "tie", "vote", "flow", "attitude", "trait"]
#: Statements that the table shows unless a limit is given.
LISTED: Final = 20
_CITED: Final = ("publisher", "title", "citation", "url", "licence")


def statements(
    form: Form | None = None,
    /,
    *,
    id: Several = (),
    actor: Several = (),
    between: Annotated[tuple[str, str] | None, Parameter(consume_multiple=True)] = None,
    kind: Several = (),
    source: Several = (),
    since: str | None = None,
    until: str | None = None,
    limit: int | None = None,
    common: Common = COMMON,
) -> None:
    """The statements of a record, each with its source and locator: by form and filter, or by id.

    Parameters
    ----------
    form
        event, tie, vote, flow, attitude or trait.
    id
        Show these statements, of whatever form; the beginning of an id will do, as tables show it.
    actor
        About any of these actors.
    between
        About these two, in either order.
    kind
        Of these kinds (a kind that does not exist is answered with those that do).
    source
        From these sources, by key or by the name of their data set.
    since
        True on this day or later.
    until
        True on this day or before.
    limit
        At most so many, the newest first; the table shows 20 by default, JSON and CSV all.
    """
    first, last = span(since, until)
    if limit is not None and limit < 1:
        raise UsageError(f"expected a number of statements from 1 on, got {limit}", where="--limit")
    if (form is None) == (not id):
        raise UsageError(
            "expected a form or --id, and not both", hint="Such as `multipolar statements tie --actor RUS`."
        )
    with working(common.quiet) as step:
        world = open_world(common, step)
        if form is None:
            found = world.view.by_id(whole(world.view, id))
        else:
            filters: dict[str, Any] = {"since": first, "until": last, "kinds": kind or None}
            filters["actors"] = [_actor(world, name) for name in actor] or None
            filters["between"] = (_actor(world, between[0]), _actor(world, between[1])) if between else None
            frame = world.view.statements(form, **filters).sort("valid_from", "id", descending=[True, False])
            found = [{"form": form, **row} for row in frame.to_dicts()]
        rows = _cited(world.view, found, source)
    most = limit if limit is not None else LISTED if common.format == "table" and form else len(rows)
    more = () if rows else ("no statement fits",)
    more = (f"{most} of {len(rows)} statements; --limit N shows more",) if len(rows) > most else more
    show(Answer(rows[:most], grids=(_grid(rows[:most]),), notes=more), common)


def indicators(*, common: Common = COMMON) -> None:
    """What is observed of pairs of states: each indicator, and how much of the world it covers."""
    with working(common.quiet) as step:
        world = open_world(common, step)
        step(0, 0, "Building the panel of all pairs")
        seen = {row["indicator"]: row for row in world.observed.coverage().to_dicts()}
    from multipolar.indicators import INDICATORS

    blank: dict[str, Any] = {"cells": 0, "pairs": 0, "first": None, "last": None, "share_of_pairs": 0.0}
    rows = [
        {"indicator": each.name, "title": each.title, **blank, **seen.get(each.name, {}),
         "form": each.form, "kinds": list(each.kinds), "unit": each.unit, "meaning": each.meaning}
        for each in INDICATORS
    ]  # fmt: skip
    cells = [
        (row["indicator"], row["meaning"], f"{row['cells']:,}", f"{row['pairs']:,}", f"{row['share_of_pairs']:.0%}",
         f"{row['first']:%Y-%m} to {row['last']:%Y-%m}" if row["first"] else "nothing")
        for row in rows
    ]  # fmt: skip
    grid = Grid(("indicator", "a cell is", "cells>", "pairs>", "of all>", "months"), cells)
    says = f"{len(world.actors)} states, {len(world.actors) * (len(world.actors) - 1) // 2:,} pairs, as known on {world.as_of}."
    show(Answer(rows, (says,), (grid,)), common)


def _actor(world: World, name: str) -> str:
    """Id of an actor of either kind on the day of the world."""
    from multipolar.actors import resolve

    return resolve(name, world.as_of).id


def _cited(view: View, rows: list[dict[str, Any]], keys: tuple[str, ...]) -> list[Row]:
    """The statements with what their sources are; those of `keys` only, if there are any."""
    known, keys = view.sources(), source_keys(view, keys)
    kept = [row for row in rows if not keys or row["source"] in keys]
    return [{**row, **{name: getattr(known[row["source"]], name) for name in _CITED}} for row in kept]


def _grid(rows: list[Row]) -> Grid:
    heads = ("day", "who", "kind", "value>", "what", "source", "id")
    return Grid(heads, [_line(row) for row in rows])


def _line(row: Row) -> tuple[str, ...]:
    last = "" if row["valid_to"] in (None, row["valid_from"]) else f" to {row['valid_to']}"
    value = "" if row["value"] is None else f"{row['value']:,g}"
    what, where = row["text"] or row["original"] or "", f"{row['source']}, {row['locator']}"
    return f"{row['valid_from']}{last}", parties(row), row["kind"], value, what, where, short(row["id"])
