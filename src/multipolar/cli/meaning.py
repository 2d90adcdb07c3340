"""What ties and flows mean for one state or a set of states: isolation, dependence, hedging, cohesion."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, get_args

from cyclopts import Parameter

from multipolar.cli.ids import short
from multipolar.cli.options import COMMON, Common, Several, day, open_world
from multipolar.cli.output import Answer, Grid, between, figure, show
from multipolar.cli.progress import Step, working
from multipolar.errors import MultipolarError, Refusal, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from multipolar.measures import Measure
    from multipolar.world import World

_INTERVAL: Final = ("lo50", "hi50", "lo90", "hi90")
_Way = Literal["ties", "votes", "sanctions"]
_WAYS: Final[tuple[_Way, ...]] = get_args(_Way)
#: Parts that the table shows.
LISTED: Final = 15


def isolation(
    *actors: str,
    from_: Annotated[tuple[str, ...], Parameter(name="--from", consume_multiple=True)] = (),
    by: Literal["ties", "visits"] = "ties",
    years: int = 3,
    way: Literal["either", "paid", "received"] = "either",
    month: str | None = None,
    capability: str = "cinc",
    parts: bool = False,
    ids: bool = False,
    common: Common = COMMON,
) -> None:
    """How isolated a state or a set of states is: the share of the others' capability without a positive tie to it.

    Parameters
    ----------
    actors
        A state, an organisation (NATO), a set (west, eurasia), or several of them as one set.
    from_
        From whom, by the same names; from all other states by default.
    by
        What counts: positive ties, or visits of leaders in complete lists.
    years
        How many years of visits.
    way
        Which visits: paid, received, or either.
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

    def ask(world: World) -> Measure:
        return world.isolation(
            _some(actors), asked, from_=from_ or None, capability=capability, by=by, years=years, way=way
        )

    _measure(common, ask, parts, ids, asked, others=lambda _: {"from": list(from_)} if from_ else {})


def dependence(
    actor: str,
    /,
    *,
    on: str,
    flow: Literal["trade", "arms", "finance", "energy"] = "trade",
    year: int | None = None,
    without: Several = (),
    alternatives: bool = False,
    out: Path | None = None,
    parts: bool = False,
    ids: bool = False,
    common: Common = COMMON,
) -> None:
    """How far a state depends on another for its trade or another flow: directed, and convex in the other's share.

    Parameters
    ----------
    actor
        The state that depends.
    on
        The state it depends on.
    flow
        Trade in goods, arms received in five years, finance (stock of direct investment received); of energy no amounts
        between states are known.
    year
        Calendar year; the last one known by default.
    without
        Partners whose part is taken out first.
    alternatives
        Give how concentrated the flow is on few partners without that one.
    out
        Draw the dependence on each partner as bars into this file (.svg, .png or .html).
    parts
        Give a row for each partner in place of the figure: its amount and share, and the figure without it.
    ids
        Add the ids of the statements behind the figure.
    """
    if out is not None:
        from multipolar.brief.dependence import check_ending

        check_ending(out)
    if alternatives and without:
        raise UsageError(
            "expected --alternatives or --without, got both", hint="--parts gives the figure without each."
        )

    def ask(world: World) -> Measure:
        if alternatives:
            return world.alternatives(actor, on=on, year=year, flow=flow)
        return world.dependence(actor, on=on, year=year, flow=flow, without=without)

    def named(world: World) -> dict[str, Any]:
        left_out = {"without": [world.actor(name) for name in without]} if without else {}
        return {"on": world.actor(on), **({} if flow == "trade" else {"flow": flow}), **left_out}

    _measure(common, ask, parts, ids, None, others=named, draw=None if out is None else (out, _draw))


def hedging(
    actor: str,
    /,
    *,
    between: Annotated[tuple[str, ...], Parameter(consume_multiple=True)],
    pressure: str | None = None,
    band: float | None = None,
    month: str | None = None,
    parts: bool = False,
    ids: bool = False,
    common: Common = COMMON,
) -> None:
    """How evenly a state keeps positive ties with several powers at once, and how much pressure ends it.

    Parameters
    ----------
    actor
        A state: any name, code or capital.
    between
        Two or more powers.
    pressure
        One of them: give how far the tie with it must fall for the state to leave the band of hedging.
    band
        Least figure inside the band, 0 to 1: 0.82 by default (45 to 55 of 100); 0 asks until when all ties are positive.
    month
        Month (YYYY-MM); the last one known by default.
    parts
        Give a row for each power in place of the figure.
    ids
        Add the ids of the statements behind the figure.
    """
    if band is not None and pressure is None:
        raise UsageError("expected --pressure with --band, got none", hint="Name the power that presses.")
    asked = day(month, "--month")

    def ask(world: World) -> Measure:
        if pressure is None:
            return world.hedging(actor, between=between, month=asked)
        chosen = {} if band is None else {"band": band}
        return world.pressure(actor, between=between, power=pressure, month=asked, **chosen)

    def named(world: World) -> dict[str, Any]:
        pressing = {} if pressure is None else {"power": world.actor(pressure)}
        return {"between": [world.actor(name) for name in between], **pressing}

    _measure(common, ask, parts, ids, asked, others=named)


def cohesion(
    *actors: str,
    by: Literal["all", "ties", "votes", "sanctions"] = "all",
    month: str | None = None,
    since: int | None = None,
    until: int | None = None,
    parts: bool = False,
    ids: bool = False,
    common: Common = COMMON,
) -> None:
    """How cohesive a set of states is: how close and even its ties are, how alike it votes, who joins in sanctions.

    Members are those of the month or year that a figure is about.

    Parameters
    ----------
    actors
        An organisation (NATO, BRICS), a set (west, eurasia), or several states and organisations as one set.
    by
        In what: ties, votes, sanctions, or all of them.
    month
        Month (YYYY-MM); the last one known by default, of votes that of the last roll call.
    since
        Give a row for each year from this one on.
    until
        Give a row for each year to this one.
    parts
        Give the indices, or the states under sanctions and who joined, in place of the figure.
    ids
        Add the ids of the statements behind the figure.
    """
    ways: tuple[_Way, ...] = _WAYS if by == "all" else (by,)
    if since is not None or until is not None:
        if month is not None or parts or ids:
            raise UsageError("expected --since and --until without --month, --parts or --ids, got both")
        _series(common, actors, ways, since, until)
        return
    asked = day(month, "--month")
    asks = [partial(_cohesion, _some(actors), asked, way) for way in ways]
    if len(asks) == 1:
        _measure(common, asks[0], parts, ids, asked)
        return
    _all(common, asks, parts, ids, asked)


def _cohesion(actors: str | tuple[str, ...], month: date | None, by: _Way, world: World) -> Measure:
    return world.cohesion(actors, month, by=by)


def _some(actors: tuple[str, ...]) -> str | tuple[str, ...]:
    """The actors of a question, of which there must be one."""
    if not actors:
        raise UsageError("expected the name of a state or a set of states, got none", hint="As in `NATO` or `CHN RUS`.")
    return actors[0] if len(actors) == 1 else actors


def _nobody(_: World) -> dict[str, Any]:
    return {}


def _measure(
    common: Common,
    ask: Callable[[World], Measure],
    parts: bool,
    ids: bool,
    earliest: date | None,
    *,
    others: Callable[[World], dict[str, Any]] = _nobody,
    draw: tuple[Path, Callable[[World, Measure, Path], None]] | None = None,
) -> None:
    """Ask for one figure and show it."""
    with working(common.quiet) as step:
        world = open_world(common, step, earliest=earliest)
        step(0, 0, "Measuring")
        found = ask(world)
        named = others(world)
        row = _row(world, found, named, ids, step)
        if draw is not None:
            draw[1](world, found, draw[0])
    rows = _parts(found, named) if parts else [row]
    after = (f"Statements: {' '.join(map(short, row['statements']))}",) if ids else ()
    notes = (*found.notes, *(() if draw is None else (f"chart written to {draw[0]}",)))
    show(Answer(rows, _says(world, found, named), (_grid(found),), after, notes), common)


def _all(
    common: Common, asks: Sequence[Callable[[World], Measure]], parts: bool, ids: bool, earliest: date | None
) -> None:
    """Ask for several figures; what is refused is told as such, and an error if all are."""
    rows: list[dict[str, Any]] = []
    says: list[str] = []
    notes: list[str] = []
    grids, refused = [], []
    with working(common.quiet) as step:
        world = open_world(common, step, earliest=earliest)
        step(0, 0, "Measuring")
        for ask in asks:
            try:
                found = ask(world)
            except Refusal as refusal:
                refused.append(refusal)
                continue
            rows += _parts(found, {}) if parts else [_row(world, found, {}, ids, step)]
            says += _says(world, found, {})
            grids.append(_grid(found))
            notes += found.notes
    if len(refused) == len(asks):
        raise refused[0]
    show(Answer(rows, says, grids, (), (*notes, *(f"Not given: {one.message}." for one in refused))), common)


def _series(
    common: Common, actors: tuple[str, ...], ways: tuple[str, ...], since: int | None, until: int | None
) -> None:
    from datetime import date

    with working(common.quiet) as step:
        world = open_world(common, step, earliest=None if since is None else date(since, 1, 1))
        step(0, 0, "Measuring")
        frame = world.cohesion_series(_some(actors), since=since, until=until)
    rows = [row for row in frame.to_dicts() if row["by"] in ways]
    heads = ("by", "year>", "members>", "figure>", "90 % interval", "coverage>")
    cells = [
        (
            row["by"], str(row["year"]), str(row["members"]), figure(row["value"]),
            "" if row["value"] is None else f"{figure(row['lo90'])} to {figure(row['hi90'])}",
            "" if row["coverage"] is None else f"{row['coverage']:.0%}",
        )
        for row in rows
    ]  # fmt: skip
    show(Answer(rows, (), (Grid(heads, cells, f"Cohesion of {' and '.join(actors)}"),)), common)


def _parts(found: Measure, named: dict[str, Any]) -> list[dict[str, Any]]:
    head = {"measure": found.name, "actor": found.actor, **named, "month": found.month}
    return [{**head, **part} for part in found.detail.to_dicts()]


def _row(world: World, found: Measure, named: dict[str, Any], ids: bool, step: Step) -> dict[str, Any]:
    row = {"measure": found.name, "actor": found.actor, **named, "month": found.month, "value": found.value}
    row |= {name: getattr(found, name) for name in _INTERVAL}
    row |= {"coverage": found.coverage, "unit": found.unit}
    if found.actors:
        row["members"] = list(found.actors)
    row["notes"] = list(found.notes)
    if ids:
        step(0, 0, "Following the figure to statements")
        row["statements"] = list(world.evidence(found))
    return row


def _says(world: World, found: Measure, named: dict[str, Any]) -> tuple[str, ...]:
    from multipolar.measures.catalogue import ENTRIES

    entry = next(entry for entry in ENTRIES if entry.name == found.name)
    when = f"{found.month:%Y}" if found.name in ("dependence", "alternatives") else f"{found.month:%Y-%m}"
    span = between(found.lo90, found.hi90)
    span = span.replace(" (90 %)", " given what is not known") if found.bounded else span
    whose = f"{found.actor} ({len(found.actors)} states)" if found.actors else _name(world, found.actor)
    return (
        f"{entry.title} of {whose}{_to(world, found.name, named)}, {when}: {figure(found.value)}, {span}.",
        f"{found.unit[0].upper()}{found.unit[1:]}, {entry.range}. Coverage {found.coverage:.0%}.",
    )


def _to(world: World, measure: str, named: dict[str, Any]) -> str:
    """Who else a question names, in words."""
    on = "to" if measure == "alternatives" else "on"
    words = {"from": "from", "on": on, "flow": "in", "without": "without", "between": "between", "power": "by"}
    told = {name: [value] if isinstance(value, str) else value for name, value in named.items()}
    plain = ("from", "flow")  # as they were asked for, and not the id of a state
    return "".join(
        f" {word} {', '.join(one if name in plain else _name(world, one) for one in told[name])}"
        for name, word in words.items()
        if name in told
    )


def _name(world: World, actor: str) -> str:
    """What a state is called, or its id where it did not exist on the day of the world."""
    try:
        return world.name(actor)
    except MultipolarError:
        return actor


def _draw(world: World, found: Measure, out: Path) -> None:
    from multipolar.brief.dependence import MOST, dependence_chart

    names = {actor: _name(world, actor) for actor in found.detail["partner"].head(MOST)}
    title = f"Dependence of {_name(world, found.actor)}, {found.month:%Y}"
    dependence_chart(found, out, title=title, subtitle=found.notes[0], names=names)


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
    return "" if value is None else str(value)
