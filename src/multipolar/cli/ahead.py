"""How two states will stand, and whether intervals hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from multipolar.cli.options import COMMON, Common, open_world
from multipolar.cli.output import Answer, Grid, between, figure, show
from multipolar.cli.progress import working
from multipolar.cli.standing import scale

if TYPE_CHECKING:
    import polars as pl

_RANGE: Final = ("lo50", "hi50", "lo90", "hi90")


def forecast(a: str, b: str, /, *, months: int = 12, common: Common = COMMON) -> None:
    """How two states will stand in the months to come, if what moves ties goes on as it did.

    Only what is known as of `--as-of` is used. No treaty or rupture to come is assumed; the interval holds what such things did
    to ties in the past. Beside it stands persistence: the tie of the last month, unchanged.

    Parameters
    ----------
    a
        A state: any name, code or capital.
    b
        The other one.
    months
        How many months ahead, 1 to 120.
    """
    with working(common.quiet) as step:
        world = open_world(common, step)
        step(0, 0, "Estimating the ties of all pairs")
        frame = world.forecast(a, b, months=months)
        first, second = sorted((world.actor(a), world.actor(b)))
    rows = [{"pair": f"{first}-{second}", **row} for row in frame.to_dicts()]
    last = rows[-1]
    says = (
        f"{world.name(first)} and {world.name(second)} are expected at {figure(last['mean'])} in {last['month']:%Y-%m}, "
        f"{between(last['lo90'], last['hi90'])}, as known on {world.as_of}; at {figure(last['persistence'])} if nothing moves.",
    )
    shown = rows if len(rows) <= 18 else [row for row in rows if row["ahead"] % 12 == 0 or row["ahead"] == 1]
    grid = Grid(
        ("month", "tie>", "50 %", "90 %"),
        [
            (f"{row['month']:%Y-%m}", figure(row["mean"]), *(f"{figure(row[low])} to {figure(row[high])}" for low, high in
             ((_RANGE[0], _RANGE[1]), (_RANGE[2], _RANGE[3]))))
            for row in shown
        ],
    )  # fmt: skip
    show(Answer(rows, says, (grid,), notes=scale(world)), common)


def calibration(
    *,
    share: float = 0.1,
    seed: int = 0,
    hide: Literal["cells", "blocks"] = "cells",
    out: Path | None = None,
    common: Common = COMMON,
) -> None:
    """Do the intervals hold? A part of what is observed is hidden, predicted from the rest, and compared.

    A row for each indicator and decade, for each of them alone, and for all: how many of the hidden cells lie inside the 50, 80,
    90 and 95 % intervals. `widths` says which: `measured` ones, from what the model got wrong where it was fitted, or those of a
    `normal` distribution, which is what the model itself says.

    Parameters
    ----------
    share
        Share that is hidden, between 0 and 1.
    seed
        Which are hidden.
    hide
        Single cells, or `blocks`: all of an indicator of a pair, which is then predicted from its other indicators.
    out
        Draw the shares against what they should be, as SVG or PNG.
    """
    if out is not None:
        from multipolar.brief.save import check_name

        check_name(out)
    with working(common.quiet) as step:
        world = open_world(common, step)
        step(0, 0, "Hiding, estimating and predicting")
        held = world.calibration(share=share, seed=seed, hide=hide)
        rows = coverages(held.frame)
        if out is not None:
            from multipolar.brief.calibration import calibration_chart

            calibration_chart(rows, out)
    whole = rows[0]
    says = (
        f"Of {whole['cells']:,} hidden cells, {whole['inside_90']:.1%} lie inside the 90 % interval and {whole['inside_50']:.1%} "
        "inside the 50 % interval.",
    )
    notes = (
        (f"{held.left_out:,} hidden cells of pairs of which nothing else is observed are not predicted.",)
        if held.left_out
        else ()
    )
    after = (f"Wrote {out}",) if out else ()
    table = [row for row in rows if row["widths"] == "measured" and (row["decade"] is None or row["indicator"] is None)]
    show(Answer(rows, says, (_table(table),), after, notes), common)


def coverages(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Shares inside the intervals: all together, by indicator, by decade, and by both; for both kinds of widths."""
    from multipolar.ties.calibration import coverage

    rows = []
    for widths in ("measured", "normal"):
        for by in ((), ("indicator",), ("decade",), ("indicator", "decade")):
            found = coverage(frame, by=by, widths=widths)
            rows += [{"widths": widths, "indicator": None, "decade": None, **row} for row in found.to_dicts()]
    return rows


def _table(rows: list[dict[str, Any]]) -> Grid:
    heads = ("", "cells>", "50 %>", "80 %>", "90 %>", "95 %>")
    cells = [
        (row["indicator"] or (f"{row['decade']}s" if row["decade"] else "all"), f"{row['cells']:,}",
         *(f"{row[f'inside_{level}']:.1%}" for level in (50, 80, 90, 95)))
        for row in rows
    ]  # fmt: skip
    return Grid(heads, cells, "Share of hidden cells inside their intervals")
