"""Architectures over time: their figures month by month, and where states stand between two of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import polars as pl

from multipolar.architectures.members import several
from multipolar.architectures.model import Architecture
from multipolar.architectures.pairs import (
    FIGURE,
    LEAST_COVERAGE,
    depth_figures,
    month_end,
    pairs_of,
    row,
    table,
    tie_figures,
    ties_at,
)
from multipolar.architectures.presence import capability
from multipolar.architectures.report import last_month
from multipolar.architectures.standing import Told, told
from multipolar.errors import Refusal, UsageError
from multipolar.measures.model import bounds
from multipolar.record import View
from multipolar.ties import Ties

#: Half-widths of intervals in standard deviations of a normal distribution.
_Z: Final = {
    "lo50": -0.6744897501960817,
    "hi50": 0.6744897501960817,
    "lo90": -1.6448536269514722,
    "hi90": 1.6448536269514722,
}


def series(
    ties: Ties,
    view: View,
    wanted: Architecture,
    *,
    since: date | None = None,
    until: date | None = None,
    every: int = 1,
) -> pl.DataFrame:
    """The figures of an architecture month by month.

    Parameters
    ----------
    ties : Ties
    view : View
    wanted : Architecture
    since, until : date, optional
        First and last month; by default from the first month with two members, within the ties, to the last one known.
    every : int
        Every month, every third one and so on, counted back from the last.

    Returns
    -------
    DataFrame
        month, and the columns of `Report.figures`: members, pairs, capability, the rungs, and what rests on ties. Months with
        fewer than two members have no rows.

    Raises
    ------
    UsageError
        If the months are out of order or `every` is not at least 1.
    Refusal
        If there is no month with two members.
    """
    known = told(view)
    months = _stepped(ties, known, wanted, since, until, every)
    frames = [frame for month in months if (frame := _month(known, ties, wanted, month)) is not None]
    if not frames:
        raise Refusal(
            f"{wanted.name} has two members in no month from {months[0]:%Y-%m} to {months[-1]:%Y-%m}",
            hint="Choose other months.",
        )
    return pl.concat(frames)


def _step(every: int) -> int:
    if every < 1:
        raise UsageError(f"expected a step of 1 month or more, got {every}", where="every")
    return every


def _stepped(
    ties: Ties, known: Told, wanted: Architecture, since: date | None, until: date | None, every: int
) -> list[date]:
    """Months of the ties from one to another, to the last one for which members are known, every so many."""
    last = min(until or date.max, last_month(ties, known, wanted))
    months = [
        month for month in ties.months if (since or date.min) <= month_end(month, known.view.as_of) and month <= last
    ]
    if not months:
        raise UsageError(
            f"expected months between {ties.months[0]:%Y-%m} and {last_month(ties, known, wanted):%Y-%m}, "
            f"got {since} to {until}",
            hint="An earlier window needs `since=` (`--since`) when the record is opened.",
        )
    return months[::-1][:: _step(every)][::-1]


def positions(
    ties: Ties,
    view: View,
    one: Architecture,
    other: Architecture,
    *,
    actors: Iterable[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    every: int = 1,
) -> pl.DataFrame:
    """Where states stand between two architectures: mean tie with the members of the one less that with the other's.

    Parameters
    ----------
    ties : Ties
    view : View
    one, other : Architecture
        States inside both count for neither side.
    actors : iterable of str, optional
        Ids of states; by default all that have ties.
    since, until, every
        As in `series`.

    Returns
    -------
    DataFrame
        actor, month, to_one, to_other (mean ties), position (the difference, positive towards the one), sd, lo50, hi50,
        lo90, hi90, coverage (the smaller share of members on a side whose tie is known). A state and month with less than
        `LEAST_COVERAGE` on either side has no row. A state is left out of its own side.

    Notes
    -----
    Ties are independent given the parameters, so that the difference of two means is normal with variance
    ``sum sd² / n²`` over either side.
    """
    known = told(view)
    both = [set(_stepped(ties, known, each, since, until, 1)) for each in (one, other)]
    chosen = sorted(both[0] & both[1])[::-1][:: _step(every)][::-1]
    wanted = None if actors is None else sorted(set(actors))
    frames = [_positions(known, ties, one, other, month, wanted) for month in chosen]
    found = pl.concat([frame for frame in frames if frame is not None] or [_no_position()])
    return found.sort("actor", "month")


def _month(known: Told, ties: Ties, wanted: Architecture, month: date) -> pl.DataFrame | None:
    """The figures of one month; None with fewer than two members."""
    day = month_end(month, known.view.as_of)
    who = several(known, wanted, day)
    if who is None:
        return None
    found = pairs_of(known, ties_at(ties, month), who, day)
    weight = capability(known.view, who.ids, month)
    deep, _ = depth_figures(known, who, found)
    rows: list[dict[str, Any]] = [
        row("members", "states", bounds(*[float(len(who.ids))] * 3)),
        row("pairs", "pairs of members", bounds(*[float(found.frame.height)] * 3)),
        row("capability", "share of the world's capability (CINC)", weight.summary, weight.coverage, weight.why),
        *deep,
        *tie_figures(found),
    ]
    return table(rows).select(pl.lit(month).alias("month"), *FIGURE)


def _positions(
    known: Told, ties: Ties, one: Architecture, other: Architecture, month: date, actors: list[str] | None
) -> pl.DataFrame | None:
    day = month_end(month, known.view.as_of)
    sides = [several(known, each, day) for each in (one, other)]
    if sides[0] is None or sides[1] is None:
        return None
    first, second = set(sides[0].ids), set(sides[1].ids)
    frame = ties_at(ties, month)
    both = pl.concat([frame, frame.rename({"a": "b", "b": "a"}).select(frame.columns)])
    mine = both if actors is None else both.filter(pl.col("a").is_in(actors))
    halves = [_side(mine, side, name) for side, name in ((first - second, "one"), (second - first, "other"))]
    joined = halves[0].join(halves[1], on="a")
    sd = (pl.col("var_one") + pl.col("var_other")).sqrt()
    position = pl.col("to_one") - pl.col("to_other")
    known_enough = joined.filter(pl.min_horizontal("share_one", "share_other") >= LEAST_COVERAGE)
    return known_enough.select(
        actor="a", month=pl.lit(month), to_one="to_one", to_other="to_other", position=position, sd=sd,
        **{name: position + z * sd for name, z in _Z.items()},
        coverage=pl.min_horizontal("share_one", "share_other"),
    )  # fmt: skip


def _side(ties: pl.DataFrame, side: set[str], name: str) -> pl.DataFrame:
    """Mean tie of each state with the others of a side, its variance, and the share of them that is known."""
    inside = pl.col("a").is_in(list(side)).cast(pl.Int64)
    return (
        ties.filter(pl.col("b").is_in(list(side)))
        .group_by("a")
        .agg(
            pl.col("mean").mean().alias(f"to_{name}"),
            ((pl.col("sd") ** 2).sum() / pl.len() ** 2).alias(f"var_{name}"),
            pl.len().alias("n"),
        )
        .with_columns((pl.col("n") / (len(side) - inside).clip(1)).alias(f"share_{name}"))
        .drop("n")
    )


def _no_position() -> pl.DataFrame:
    numbers = ("to_one", "to_other", "position", "sd", *_Z, "coverage")
    return pl.DataFrame(schema={"actor": pl.String, "month": pl.Date, **dict.fromkeys(numbers, pl.Float64)})
