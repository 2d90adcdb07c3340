"""What holds a region together: an architecture in a month, beside others and over time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import Parameter

from multipolar.cli import architecture_tables as tables
from multipolar.cli.cells import cells, ends, without_ids
from multipolar.cli.options import COMMON, Common, Several, day, open_world, span
from multipolar.cli.output import Answer, Grid, figure, show
from multipolar.cli.progress import Step, working
from multipolar.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import polars as pl

    from multipolar.architectures import Comparison, Report
    from multipolar.world import World

#: Decembers that the table of a series shows.
LISTED: Final = 15


@dataclass(frozen=True)
class _Window:
    """First and last month of what goes over time, and the step in months."""

    first: date | None
    last: date | None
    every: int


def architecture(
    name: str,
    /,
    *,
    month: str | None = None,
    beside: Annotated[tuple[str, ...], Parameter(name="--with", consume_multiple=True)] = (),
    matrix: bool = False,
    pairs: bool = False,
    enlargements: bool = False,
    series: bool = False,
    positions: Several = (),
    since: str | None = None,
    until: str | None = None,
    every: int = 1,
    out: Path | None = None,
    ids: bool = False,
    common: Common = COMMON,
) -> None:
    """What holds a set of institutions together: depth of pairs, cohesion, indivisibility, outsiders; as forum and as alliance.

    `part` says what a row is: figure, reading, member, near (who belongs to a body in another status), nuclear, beside
    (troops, bases, arms, markets between members), outsider; with `--with` also overlap, across and foot.

    Parameters
    ----------
    name
        eurasia, euro-atlantic, an organisation (BRICS, SCO, ASEAN), or a file that ends in .toml.
    month
        Month (YYYY-MM); the last one for which members are known by default.
    beside
        Others to compare it with.
    matrix
        Give who is bound to whom how deep, and how many pairs are how deep.
    pairs
        Give a row for each pair: depth, obligations, tie, disputes, pacts against each other.
    enlargements
        Give what each accession and withdrawal changed.
    series
        Give the figures month by month.
    positions
        States: give where each stands between it and the one of `--with`, month by month.
    since
        First month of a series, first day of enlargements.
    until
        Last month of a series, last day of enlargements.
    every
        Every so many months of a series or of positions.
    out
        Draw the matrix, the series or the positions into this file (.svg or .png).
    ids
        Add the ids of the statements behind members, pairs and outsiders.
    """
    asked, window = day(month, "--month"), _Window(*span(since, until), every)
    flags = {"--matrix": matrix, "--pairs": pairs, "--enlargements": enlargements, "--series": series}
    _check(beside, out, {**flags, "--positions": bool(positions)})
    with working(common.quiet) as step:
        earliest = min((each for each in (asked, window.first) if each), default=None)
        world = open_world(common, step, earliest=earliest)
        step(0, 0, "Estimating the ties of all pairs")
        _ = world.ties
        step(0, 0, "Measuring")
        if positions:
            answer = _positions(world, (name, *beside), positions, window, out, step)
        elif series:
            answer = _series(world, (name, *beside), window, out, step)
        elif enlargements:
            answer = _enlargements(world, name, window)
        elif matrix or pairs:
            answer = _between(world, world.architecture(name, asked), matrix, ids, out, step)
        elif beside:
            answer = _compared(world.architectures((name, *beside), asked), ids)
        else:
            answer = _reported(world.architecture(name, asked), ids)
    show(answer, common)


def _check(beside: tuple[str, ...], out: Path | None, flags: dict[str, bool]) -> None:
    """One thing at a time, and a chart only of what has one."""
    chosen = [flag for flag, on in flags.items() if on]
    if len(chosen) > 1:
        raise UsageError(f"expected one of {', '.join(chosen)}, got all of them", hint="Ask for one after the other.")
    if flags["--positions"] and len(beside) != 1:
        hint = "As in `multipolar architecture eurasia --with euro-atlantic --positions TUR KAZ`."
        raise UsageError("expected one other architecture to place states between", where="--with", hint=hint)
    if out is not None:
        if not {"--matrix", "--series", "--positions"} & set(chosen):
            hint = "Add one of them."
            raise UsageError("expected --matrix, --series or --positions to draw", where="--out", hint=hint)
        from multipolar.brief.save import check_name

        check_name(out)


def _reported(found: Report, ids: bool) -> Answer:
    head = {"architecture": found.architecture.name, "month": found.month}
    title = f"{found.architecture.title}, {found.month:%Y-%m}: {len(found.members.ids)} members, {found.between.height} pairs."
    grids = (
        tables.figures(found.figures),
        tables.readings(found.readings),
        tables.members(found),
        tables.outsiders(found),
    )
    rows = [{**head, **row} for row in _parts(found, ids)]
    return Answer(rows, (title, *_as_two(found.readings)), grids, (), found.notes)


def _parts(found: Report, ids: bool) -> Iterable[dict[str, Any]]:
    frames = {
        "figure": found.figures, "reading": found.readings, "member": found.members.frame, "near": found.members.near,
        "nuclear": found.nuclear, "beside": found.beside, "outsider": found.presence,
    }  # fmt: skip
    for part, frame in frames.items():
        yield from ({"part": part, **without_ids(row, ids)} for row in frame.to_dicts())


def _as_two(readings: pl.DataFrame) -> Iterable[str]:
    """Both readings of it, in words."""
    by_name = {row["reading"]: row for row in readings.to_dicts()}
    for word, reading in (("a forum", "forum"), ("an alliance", "defence")):
        row = by_name[reading]
        tie = f", with a mean tie of {figure(row['cohesion'])}" if row["cohesion"] is not None else ""
        yield f"As {word} it is {row['pairs']} pairs of {row['members']} members{tie}."


def _compared(found: Comparison, ids: bool) -> Answer:
    rows: list[dict[str, Any]] = []
    for report in found.reports:
        rows += [{"architecture": report.architecture.name, "month": found.month, **row} for row in _parts(report, ids)]
    for part, frame in (("overlap", found.overlap), ("across", found.across), ("foot", found.feet)):
        rows += [{"month": found.month, "part": part, **without_ids(row, ids)} for row in frame.to_dicts()]
    told = (f"{report.architecture.name}: {note}" for report in found.reports for note in report.notes)
    grids = (tables.side_by_side(found), tables.overlap(found), tables.across(found), tables.feet(found))
    return Answer(rows, (), grids, (), tuple(dict.fromkeys(told)))


def _between(world: World, found: Report, matrix: bool, ids: bool, out: Path | None, step: Step) -> Answer:
    head = {"architecture": found.architecture.name, "month": found.month}
    rows = [{**head, "part": "rung", **row} for row in found.matrix.to_dicts()] if matrix else []
    rows += [{**head, "part": "pair", **without_ids(row, ids, "ids_against")} for row in found.between.to_dicts()]
    notes = found.notes
    if out is not None:
        from multipolar.brief.architectures import matrix_chart

        step(0, 0, f"Writing {out}")
        matrix_chart(found, out, names={actor: world.name(actor) for actor in found.members.ids})
        notes = (*notes, f"chart written to {out}")
    grids = (tables.rungs(found.matrix), tables.letters(found)) if matrix else (tables.pairs(found),)
    return Answer(rows, (f"{found.architecture.title}, {found.month:%Y-%m}",), grids, (), notes)


def _enlargements(world: World, name: str, window: _Window) -> Answer:
    from multipolar.architectures import enlargements, find

    wanted = find(name)
    found = enlargements(world.ties, world.view, wanted, since=window.first, until=window.last)
    rows = [
        {
            "architecture": wanted.name,
            "day": change.day,
            "joined": list(change.joined),
            "left": list(change.left),
            **row,
        }
        for change in found
        for row in change.figures.to_dicts()
    ]
    says = (f"{wanted.title}: {len(found)} changes of members. Ties are those of the month of each change.",)
    return Answer(rows, says, (tables.changes(found),) if found else ())


def _series(world: World, names: tuple[str, ...], window: _Window, out: Path | None, step: Step) -> Answer:
    from multipolar.architectures import find, series

    rows: list[dict[str, Any]] = []
    for each in map(find, names):
        step(0, 0, f"Measuring {each.name} month by month")
        frame = series(world.ties, world.view, each, since=window.first, until=window.last, every=window.every)
        rows += [{"architecture": each.name, **row} for row in frame.to_dicts()]
    known = [row for row in rows if row["figure"] in ("cohesion", "divided") and row["value"] is not None]
    lines = [{**row, "name": f"{row['architecture']}: {row['figure']}"} for row in known]
    under = "Cohesion: mean tie of members. Divided: share of pairs that stand against each other. 90 % bands"
    notes = _drawn(lines, out, step, "Cohesion and division", under)
    keys = ("architecture", "month", "figure")
    recent = [cells(row, keys) for row in known if row["month"].month == 12][-LISTED:]
    grid = Grid((*keys, "value>", "90 %>", "coverage>"), recent, "The last Decembers; JSON and CSV have all")
    return Answer(rows, (), (grid,), (), notes)


def _positions(
    world: World, names: tuple[str, ...], states: tuple[str, ...], window: _Window, out: Path | None, step: Step
) -> Answer:
    from multipolar.architectures import find, positions

    one, other = map(find, names)
    chosen = [world.actor(state) for state in states]
    frame = positions(
        world.ties, world.view, one, other, actors=chosen, since=window.first, until=window.last, every=window.every
    )
    rows = [{"one": one.name, "other": other.name, **row} for row in frame.to_dicts()]
    lines = [{**row, "name": world.name(row["actor"]), "value": row["position"]} for row in rows]
    under = f"Mean tie with members of {one.name} less that with members of {other.name}; 90 % bands"
    notes = _drawn(lines, out, step, f"Between {one.name} and {other.name}", under)
    notes += tuple(f"{state} has no position there" for state in chosen if state not in set(frame["actor"]))
    newest = [row for row in rows if row["month"] == frame["month"].max()]
    body = [
        (
            world.name(row["actor"]),
            *(figure(row[key], sign=True) for key in ("to_one", "to_other", "position")),
            ends(row),
        )
        for row in newest
    ]
    heads = ("state", f"to {one.name}>", f"to {other.name}>", "position>", "90 %>")
    grids = (Grid(heads, body, f"{newest[0]['month']:%Y-%m}; JSON and CSV have every month"),) if newest else ()
    return Answer(rows, (), grids, (), notes)


def _drawn(lines: list[dict[str, Any]], out: Path | None, step: Step, title: str, under: str) -> tuple[str, ...]:
    if out is None:
        return ()
    from multipolar.brief.architectures import lines_chart

    step(0, 0, f"Writing {out}")
    lines_chart(lines, out, title=title, subtitle=under)
    return (f"chart written to {out}",)
