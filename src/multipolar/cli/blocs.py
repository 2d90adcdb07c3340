"""Which blocs there are: camps, how sure they are, poles, and which other divisions would be stable."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from multipolar.cli.ids import short
from multipolar.cli.options import COMMON, Common, Several, day, open_world
from multipolar.cli.output import Answer, Grid, figure, show
from multipolar.cli.progress import working

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from multipolar.blocs import Blocs

#: Frames of an answer, by the name that their rows bear.
PARTS: Final = {
    "figure": "figures", "camps": "camps", "state": "states", "triad": "triads", "minimum": "minima", "watershed": "watershed",
    "tipping": "tipping", "pair": "together",
}  # fmt: skip
#: States of a camp, minima and powers that the table shows.
LISTED: Final = 12
MINIMA: Final = 5
_SURE: Final = 0.8


def blocs(
    month: str | None = None,
    /,
    *,
    actors: Several = (),
    camps: int | None = None,
    sizes: bool = False,
    capability: str = "cinc",
    out: Path | None = None,
    ids: bool = False,
    common: Common = COMMON,
) -> None:
    """Which blocs there are in a month: camps, the probability that two states share one, poles, and how near it is to tipping.

    Camps are those that leave least of the ties' weight unsatisfied, proven or with a bound. `part` says what a row is: figure,
    camps (how many fit), state, triad, minimum (a stable division of the 16 most capable states), watershed, tipping or pair.

    Parameters
    ----------
    month
        Month (YYYY-MM); the last one known by default.
    actors
        States, organisations or sets of states (`west`); by default all states.
    camps
        At most so many camps; by default the fewest that fit nearly as well as any number.
    sizes
        Let a tie count by the capability of both states too, as in Axelrod & Bennett's landscape.
    capability
        What states are sized by: cinc, gdp, gdp_ppp, population or military_spending.
    out
        Draw network, map and landscape into this file (.svg, .png or .html).
    ids
        Add the ids of the statements behind it.
    """
    asked = day(month, "MONTH")
    if out is not None:
        _writable(out)
    with working(common.quiet) as step:
        world = open_world(common, step, earliest=asked)
        step(0, 0, "Estimating the ties of all pairs")
        weighing: Literal["ties", "sizes"] = "sizes" if sizes else "ties"
        when = world.day(asked)
        step(0, 0, "Looking for camps")
        found = world.blocs(when, actors, camps=camps, weighing=weighing, capability=capability)
        if out is not None:
            step(0, 0, f"Writing {out}")
            _draw(found, out, world.name)
        behind = list(world.evidence(found)) if ids else []
    rows = _rows(found, behind)
    notes = (*found.notes, *((f"pictures written to {out}",) if out is not None else ()))
    after = (*_tips(found), *((f"Statements: {' '.join(map(short, behind))}",) if ids else ()))
    show(Answer(rows, _says(found), _grids(found), after, notes), common)


def _writable(out: Path) -> None:
    from multipolar.brief.blocs import check_picture

    check_picture(out)


def _draw(found: Blocs, out: Path, name: Callable[[str], str]) -> None:
    from multipolar.brief.blocs import draw

    draw(found, out, names={actor: name(actor) for actor in (*found.actors, *found.without)})


def _rows(found: Blocs, behind: list[str]) -> list[dict[str, Any]]:
    """All of it, each row with the name of its part."""
    rows = [
        {"part": part, "month": found.month, **row}
        for part, frame in PARTS.items()
        for row in getattr(found, frame).to_dicts()
    ]
    return [*rows, {"part": "statements", "month": found.month, "statements": behind}] if behind else rows


def _says(found: Blocs) -> tuple[str, ...]:
    states = f"{len(found.actors)} states"
    camps = "one camp" if found.count == 1 else f"{found.count} camps"
    poles = found.figures.row(by_predicate=_named("poles"), named=True)
    counted = "" if poles["value"] is None else (
        f" Weighed by capability that is {figure(poles['value'])} poles ({figure(poles['lo90'])} to {figure(poles['hi90'])})."
    )  # fmt: skip
    return (f"Blocs of {found.month:%Y-%m}: {states} in {camps}.{counted}",)


def _named(name: str) -> Any:
    import polars as pl

    return pl.col("name") == name


def _grids(found: Blocs) -> list[Grid]:
    grids = [_camps(found), _numbers(found), _figures(found)]
    return [*grids, _minima(found), _watershed(found)] if found.minima.height else grids


def _camps(found: Blocs) -> Grid:
    rows = []
    for number in range(1, found.count + 1):
        members = [row for row in found.states.to_dicts() if row["camp"] == number]
        share = sum(row["share"] or 0.0 for row in members)
        sure = sum((row["sure"] or 0.0) >= _SURE for row in members)
        shown = ", ".join(_member(row) for row in members[:LISTED])
        more = f" … {len(members) - LISTED} more" if len(members) > LISTED else ""
        rows.append((str(number), str(len(members)), str(sure), f"{share:.0%}", shown + more))
    heads = (
        "camp>",
        "states>",
        "sure>",
        "capability>",
        f"members (probability of a bloc with the others; sure: {_SURE:.0%})",
    )
    return Grid(heads, rows, "Camps")


def _member(row: dict[str, Any]) -> str:
    return row["actor"] if row["sure"] is None else f"{row['actor']} {row['sure']:.0%}"


def _numbers(found: Blocs) -> Grid:
    rows = [
        ("any" if row["most"] is None else str(row["most"]), str(row["used"]), f"{row['share']:.1%}", _least(row))
        for row in found.camps.to_dicts()
    ]
    return Grid(
        ("at most>", "used>", "unsatisfied>", "proof"),
        rows,
        "How many camps: weight of the mean ties that they leave unsatisfied",
    )


def _least(row: dict[str, Any]) -> str:
    if row["proven"]:
        return "proven least"
    least = row["share"] * row["bound"] / row["index"] if row["index"] else 0.0
    return f"at least {least:.1%}"


def _figures(found: Blocs) -> Grid:
    rows = [
        (row["name"], figure(row["value"]), f"{figure(row['lo90'])} to {figure(row['hi90'])}", row["of"], row["unit"])
        for row in found.figures.to_dicts()
    ]
    return Grid(("figure", "value>", "90 %>", "of", "what"), rows, "Figures over draws of the ties")


def _minima(found: Blocs) -> Grid:
    rows = [
        (
            str(row["minimum"]), figure(row["energy"]), f"{row['basin']:.0%}", f"{row['present']:.0%}",
            f"{' '.join(row['one'])} against {' '.join(row['other']) or 'nobody'}",
        )
        for row in found.minima.head(MINIMA).to_dicts()
    ]  # fmt: skip
    more = f" (the deepest {MINIMA} of {found.minima.height})" if found.minima.height > MINIMA else ""
    title = f"Stable divisions of the {len(found.powers)} most capable states{more}"
    return Grid(("minimum>", "energy>", "basin>", "in draws>", "sides"), rows, title)


def _watershed(found: Blocs) -> Grid:
    """Who is nearest to switching in the deepest minimum."""
    import polars as pl

    near = found.watershed.filter(pl.col("minimum") == 1).sort("margin", "actor").head(LISTED // 2)
    rows = [
        (row["actor"], figure(row["cost"]), figure(row["margin"]), _leads(row["leads_to"])) for row in near.to_dicts()
    ]
    heads = ("state", "cost of switching>", "of the most it could be>", "where the system ends then")
    return Grid(heads, rows, "Nearest to a watershed in the deepest minimum")


def _leads(minimum: int) -> str:
    if minimum == 1:
        return "back where it was"
    return f"minimum {minimum}" if minimum else "another minimum"


def _tips(found: Blocs) -> Iterable[str]:
    for row in found.tipping.to_dicts():
        what = "another division" if row["to"] == "division" else "another stable division"
        turn = f" Fewest ties whose full turn does it: {', '.join(row['ties'])}." if row["ties"] else ""
        yield (
            f"Until {what} does as well, ties must change by {row['share']:.1%} of their weight; "
            f"{' '.join(row['switch'])} would switch.{turn}"
        )
