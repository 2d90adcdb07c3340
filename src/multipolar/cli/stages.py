"""Between peace and war: the stage of a pair, where it may go, what followed what; and whether a deal would pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import Parameter

from multipolar.cli.ids import short
from multipolar.cli.options import COMMON, Common, day, open_world
from multipolar.cli.output import Answer, Grid, between, figure, show
from multipolar.cli.progress import working
from multipolar.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

    from multipolar.measures import Negotiability, Stage, StageAhead
    from multipolar.world import World

#: Disputes that the table shows.
LISTED: Final = 15
_ENDS: Final = ("lo50", "hi50", "lo90", "hi90")


def stage(
    a: str | None = None,
    b: str | None = None,
    /,
    *,
    year: int | None = None,
    ahead: int | None = None,
    rung: int | None = None,
    table: bool = False,
    since: int = 1946,
    until: int | None = None,
    ids: bool = False,
    common: Common = COMMON,
) -> None:
    """Where a pair stands between peace (0) and war (5), since when, and where pairs like it went from there.

    With `--ahead` a row for each stage in each of the coming years; with `--rung` too, the probability of reaching that stage
    or a higher one at least once; with `--table` what followed each stage, by the number of nuclear states in the pair.

    Parameters
    ----------
    a
        A state: any name, code or capital.
    b
        The other one.
    year
        Calendar year; the last one known of the pair by default.
    ahead
        Years ahead, 1 to 20.
    rung
        A stage from 1 to 5; nothing above war is given a probability.
    table
        Transitions of all pairs, from `--since` to `--until`.
    since
        First year of the transitions.
    until
        Last year of the transitions; the last one known by default.
    ids
        Add the ids of the statements behind the stage.
    """
    if table:
        _transitions(common, since, until)
        return
    if a is None or b is None:
        raise UsageError("expected two states", hint="As in `multipolar stage IND PAK`, or ask for `--table`.")
    if rung is not None and ahead is None:
        raise UsageError("expected the years ahead for a rung, got none", hint=f"Add `--ahead 5` to `--rung {rung}`.")
    with working(common.quiet) as step:
        world = open_world(common, step)
        step(0, 0, "Reading disputes")
        answer = (
            _now(world, world.stage(a, b, year), ids)
            if ahead is None
            else _ahead(world, world.stage_ahead(a, b, ahead, rung=rung, year=year), ids)
        )
    show(answer, common)


def _now(world: World, found: Stage, ids: bool) -> Answer:
    row = {
        "a": found.a, "b": found.b, "year": found.year, "stage": found.stage, "name": found.name, "condition": found.condition,
        "since": found.since, "since_known": found.since_known, "run_since": found.run_since,
        "run_since_known": found.run_since_known, "complete_until": found.complete_until, "notes": list(found.notes),
    }  # fmt: skip
    if ids:
        row["statements"] = list(found.ids)
    return Answer([row], _stands(world, found), _disputes(found), _after(found.ids, ids), found.notes)


def _stands(world: World, found: Stage) -> tuple[str, ...]:
    at_least = "" if found.since_known else "at least "
    says = [
        f"{world.name(found.a)} and {world.name(found.b)}, {found.year}: stage {found.stage} ({found.name}), "
        f"{at_least}since {found.since:%Y-%m}."
    ]
    if found.condition == "neither war nor peace":
        says.append("Neither war nor peace.")
    if found.run_since != found.since:
        kind = "a dispute in every year" if found.stage else "no dispute"
        says.append(
            f"There has been {kind} {'' if found.run_since_known else 'at least '}since {found.run_since:%Y-%m}."
        )
    return tuple(says)


def _disputes(found: Stage) -> tuple[Grid, ...]:
    rows = found.detail.sort("from", descending=True).to_dicts()
    if not rows:
        return ()
    title = "Disputes of these years" if found.stage else "The last disputes before"
    more = f" (the last {LISTED} of {len(rows)})" if len(rows) > LISTED else ""
    cells = [
        (str(row["from"]), "not told as ended" if row["to"] is None else str(row["to"]), f"{row['stage'] or 0:.0f}",
         row["text"] or row["dispute"] or "", row["source"])
        for row in rows[:LISTED]
    ]  # fmt: skip
    return (Grid(("from", "to", "stage>", "what", "source"), cells, title + more),)


def _ahead(world: World, found: StageAhead, ids: bool) -> Answer:
    head: dict[str, Any] = {"a": found.a, "b": found.b, "base_year": found.base.year, "base_stage": found.base.stage}
    extra = {"statements": list(found.ids)} if ids else {}
    if found.rung is not None:
        rows = [{**head, "rung": found.rung, **row, **extra} for row in found.reached.to_dicts()]
    else:
        rows = [{**head, **row, **extra} for row in found.table.to_dicts()]
    last = found.table.row(-1, named=True)["year"]
    says = [
        f"{world.name(found.a)} and {world.name(found.b)}: stage {found.base.stage} ({found.base.name}) in {found.base.year}; "
        f"probability of each stage to {last}."
    ]
    if found.rung is not None:
        end = found.reached.row(-1, named=True)
        says.append(f"At stage {found.rung} or above at least once by {end['year']}: {_percent(end)}.")
    return Answer(rows, tuple(says), (_years(found.table),), _after(found.ids, ids), found.notes)


def _years(table: pl.DataFrame) -> Grid:
    stages = [stage for stage in range(6) if table.filter(stage=stage)["hi90"].max()]
    rows = [
        [str(year), *(_percent(table.filter(year=year, stage=stage).row(0, named=True)) for stage in stages)]
        for year in table["year"].unique(maintain_order=True)
    ]
    return Grid(("year", *(f"stage {stage}>" for stage in stages)), rows, "Probability (90 % interval)")


def _percent(row: dict[str, Any]) -> str:
    return f"{row['probability']:.1%} ({row['lo90']:.1%} to {row['hi90']:.1%})"


def _after(ids: tuple[str, ...], wanted: bool) -> tuple[str, ...]:
    return (f"Statements: {' '.join(map(short, ids))}",) if wanted else ()


def _transitions(common: Common, since: int, until: int | None) -> None:
    with working(common.quiet) as step:
        world = open_world(common, step)
        step(0, 0, "Counting transitions of all pairs")
        found = world.stage_transitions(since=since, until=until)
    stages = sorted(found["next"].unique())
    heads = ("from stage", "pair-years>", *(f"to {stage}>" for stage in stages))
    grids = tuple(
        Grid(heads, _followed(found.filter(n_nuclear=number)), f"{number} of the two hold nuclear weapons")
        for number in found["n_nuclear"].unique(maintain_order=True)
    )
    notes = (
        "Counted where lists of all disputes speak of both years. Intervals (JSON, CSV) take pair-years for independent.",
        "Nuclear weapons as the record has them in the first of the two years.",
    )
    show(Answer(found.to_dicts(), ("What followed each stage in the next year.",), grids, (), notes), common)


def _followed(found: pl.DataFrame) -> list[list[str]]:
    """A row a stage: how many pair-years, and how many of them went where."""
    return [
        [
            str(stage),
            f"{mine['of'][0]:,}",
            *(f"{n:,} ({part:.1%})" for n, part in mine.select("count", "share").iter_rows()),
        ]
        for stage in found["stage"].unique(maintain_order=True)
        for mine in (found.filter(stage=stage),)
    ]


def negotiability(
    a: str,
    b: str,
    /,
    *,
    day_: Annotated[str | None, Parameter(name="--day")] = None,
    threshold: Annotated[tuple[float, ...], Parameter(consume_multiple=True)] = (0.5,),
    oldest: float = 5.0,
    sides: bool = False,
    ids: bool = False,
    common: Common = COMMON,
) -> None:
    """Whether the polls of two publics leave room for a deal between them: win-sets, distance, delay.

    Opinion of the other state stands for the share that would take an even deal. It is no forecast of a deal.

    Parameters
    ----------
    a
        A state: any name, code or capital.
    b
        The other one.
    day_
        Day (YYYY-MM-DD) or month; the day of `--as-of` by default.
    threshold
        Share of the public that must accept the terms: one for both sides, or one for each. A public commitment is a higher one.
    oldest
        Years that a poll may be old.
    sides
        Give a row for each public in place of the figure.
    ids
        Add the ids of the polls.
    """
    if len(threshold) not in (1, 2):
        raise UsageError(f"expected one threshold or two, got {len(threshold)}", hint="As in `--threshold 0.5 0.6`.")
    asked = day(day_, "--day", end=True)
    with working(common.quiet) as step:
        world = open_world(common, step)
        step(0, 0, "Reading polls")
        found = world.negotiability(a, b, asked, thresholds=(threshold[0], threshold[-1]), oldest=oldest)
        answer = _deal(world, found, sides, ids)
    show(answer, common)


def _deal(world: World, found: Negotiability, sides: bool, ids: bool) -> Answer:
    row: dict[str, Any] = {"a": found.a, "b": found.b, "day": found.day, "value": found.value}
    row |= {name: getattr(found, name) for name in _ENDS}
    row |= {"even": found.even.value, "even_lo90": found.even.lo90, "even_hi90": found.even.hi90}
    row |= {
        "distance": found.distance.value,
        "distance_lo90": found.distance.lo90,
        "distance_hi90": found.distance.hi90,
    }
    row |= {"difference": found.difference, "delay_years": found.delay, "notes": list(found.notes)}
    row |= {f"within_{years}_years": chance for years, chance in found.within.iter_rows()}
    if ids:
        row["statements"] = list(found.ids)
    names = f"{world.name(found.a)} and {world.name(found.b)}"
    delay = "more than 50 years" if found.delay is None else f"{found.delay:.1f} years"
    says = (
        f"{names}, {found.day}: terms that both publics would let pass exist with a probability of {found.value:.1%} "
        f"({found.lo90:.1%} to {found.hi90:.1%}, 90 %); both would take an even deal with {found.even.value:.1%}.",
        f"Distance of the win-sets: {figure(found.distance.value, sign=True)} of the pie, "
        f"{between(found.distance.lo90, found.distance.hi90)}; below 0 they overlap.",
        f"Under the drift of opinion it takes {delay} until terms are as likely as not to have existed.",
    )
    rows = found.sides.drop("id").to_dicts() if not ids else found.sides.to_dicts()
    return Answer(
        rows if sides else [row], says, (_publics(found), _thresholds(found)), _after(found.ids, ids), found.notes
    )


def _publics(found: Negotiability) -> Grid:
    cells = [
        (row["public"], row["about"], f"{row['polled']:.0%}", f"{row['poll']:%Y-%m}", row["source"],
         f"{row['lo90']:.0%} to {row['hi90']:.0%}", f"{row['threshold']:.0%}", f"{row['ratifies']:.1%}")
        for row in found.sides.to_dicts()
    ]  # fmt: skip
    heads = ("public", "about", "polled>", "poll", "source", "now (90 %)>", "threshold>", "takes an even deal>")
    return Grid(heads, cells, "The two publics")


def _thresholds(found: Negotiability) -> Grid:
    cells = [[f"{each:.0%}", f"{some:.1%}", f"{even:.1%}"] for each, some, even in found.by_threshold.iter_rows()]
    return Grid(("threshold of both>", "some terms>", "an even deal>"), cells, "With other thresholds")
