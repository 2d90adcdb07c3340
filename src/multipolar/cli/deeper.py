"""More of a tie than its level: when it changed, what each source is worth to it, what would change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from multipolar.cli.options import COMMON, Common, day, open_world
from multipolar.cli.output import Answer, Grid, figure, show
from multipolar.cli.progress import working
from multipolar.cli.standing import scale

if TYPE_CHECKING:
    from multipolar.world import World

#: Rows that the tables show.
LISTED: Final = 15


def changes(a: str, b: str, /, *, at: str | None = None, common: Common = COMMON) -> None:
    """When a tie changed: months whose move its ordinary movement does not explain, against placebo dates.

    The probability is that something moved the tie in that month, whatever it was: evidence, not a cause. `placebo` is the share
    of other pairs' observed months with at least as much evidence: below 0.05 a month stands out.

    Parameters
    ----------
    a
        A state: any name, code or capital.
    b
        The other one.
    at
        One month (YYYY-MM); the fifteen with most evidence by default, all of them in JSON and CSV.
    """
    month = day(at, "--at")
    with working(common.quiet) as step:
        world = open_world(common, step, earliest=month)
        step(0, 0, "Estimating the ties of all pairs")
        found = world.changes(a, b)
        rows = [{"pair": f"{found.a}-{found.b}", **row} for row in found.frame.to_dicts()]
    if month is not None:
        rows = [rows[world.ties.month_index(month)]]
    top = sorted(rows, key=lambda row: -row["log_factor"])[:LISTED]
    first = top[0]
    says = (
        f"{world.name(found.a)} and {world.name(found.b)}: {'in' if month else 'most evidence of a change in'} "
        f"{first['month']:%Y-%m}, {figure(first['shift'], sign=True)} if there was one (probability {first['probability']:.0%}; "
        f"{first['placebo']:.1%} of {found.placebos:,} placebo months have as much evidence).",
    )
    cells = [
        (f"{row['month']:%Y-%m}", figure(row["shift"], sign=True), figure(row["sd"]), f"{row['log_factor']:.1f}",
         f"{row['probability']:.0%}", f"{row['placebo']:.3f}")
        for row in top
    ]  # fmt: skip
    heads = ("month", "shift>", "sd>", "log Bayes factor>", "probability>", "placebo>")
    show(Answer(rows, says, (Grid(heads, cells),), notes=scale(world)), common)


def sensitivity(a: str, b: str, /, *, month: str | None = None, common: Common = COMMON) -> None:
    """What a tie depends on: the tie without each source in turn, and what further reading would change it most.

    `part` says what a row is: `without` one source, or one further `reading` of an indicator: the size of the change to be
    expected of it, and the standard deviation that would be left.

    Parameters
    ----------
    a
        A state: any name, code or capital.
    b
        The other one.
    month
        Month (YYYY-MM); the last one known by default.
    """
    asked = day(month, "--month")
    with working(common.quiet) as step:
        world = open_world(common, step, earliest=asked)
        step(0, 0, "Estimating the ties of all pairs")
        wanted = world.wanting(a, b, month=asked).to_dicts()
        step(0, 0, "Leaving out each source in turn")
        without = world.left_out(a, b, month=asked).to_dicts()
        rows = _rows(world, (a, b), without, wanted)
    most, best = (without[0] if without else None), wanted[0]
    says = [f"A further reading of {best['indicator']} would change it most: by {figure(best['move'])} on average."]
    if most is not None and most["change"] is not None:
        says.insert(
            0,
            f"Without {most['source']} the tie would be {figure(most['mean'])} ({figure(most['change'], sign=True)}).",
        )
    show(Answer(rows, says, (_without(without), _wanted(wanted)), notes=scale(world)), common)


def _rows(
    world: World, pair: tuple[str, str], without: list[dict[str, Any]], wanted: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    name = "-".join(sorted(map(world.actor, pair)))
    blank = dict.fromkeys(("pair", "part", *without[0], *wanted[0]) if without else ("pair", "part", *wanted[0]))
    rows = [{**blank, "pair": name, "part": "without", **row} for row in without]
    return rows + [{**blank, "pair": name, "part": "reading", **row} for row in wanted]


def _without(rows: list[dict[str, Any]]) -> Grid:
    cells = [
        (row["source"], figure(row["mean"]), figure(row["change"], sign=True), str(row["indicators"]))
        if row["mean"] is not None
        else (row["source"], "too little left", "", str(row["indicators"]))
        for row in rows[:LISTED]
    ]
    return Grid(("without", "tie>", "change>", "indicators left>"), cells, "Each source left out in turn")


def _wanted(rows: list[dict[str, Any]]) -> Grid:
    cells = [
        (row["indicator"], f"{row['last']:%Y-%m}" if row["last"] else "never", figure(row["expected"]), figure(row["move"]),
         figure(row["sd_then"]))
        for row in rows
    ]  # fmt: skip
    heads = ("a further reading of", "last read", "expected>", "would move it by>", "sd left>")
    return Grid(heads, cells, "What would change it most")
