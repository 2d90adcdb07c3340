"""From the cells of a voting record to votes: who held the seat on the day, and what to do where a member has two cells.

A seat belongs to a member of the United Nations, not to a state of some scholar's list, so the dated table of members
says whose cell it is. A vote cast needs a member on some day of its span, an absence one on all of them. Whatever finds
no member is left out and counted; two cells of one member that contradict each other are both left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from multipolar.record import CHOICES
from multipolar.sources import who
from multipolar.sources.files import ROW
from multipolar.sources.model import LeftOut

ABSENT: Final = "absent"


def seated(cells: pl.DataFrame, held: pl.DataFrame) -> tuple[pl.DataFrame, tuple[LeftOut, ...]]:
    """The cells that a member stands behind, one a member and roll call, and an account of the others.

    Parameters
    ----------
    cells : DataFrame
        One row a cell: ``call`` (number of the roll call), ``seat``, ``choice``, ``from`` and ``to`` (first and last day
        on which it may have been cast), ``date`` and the line in `files.ROW`.
    held : DataFrame
        Who held each seat and when, as `who.holders` gives it.

    Returns
    -------
    votes : DataFrame
        The cells, with the member in ``a``.
    left : tuple of LeftOut
        The others, by reason.
    """
    fits = _fitting(cells, held)
    cast = pl.col("choice").filter(pl.col("choice") != ABSENT).n_unique().over("call", "a")
    clashing = fits.filter(cast > 1)
    whole = fits.filter(cast <= 1)
    once = whole.unique(["call", "a"], keep="first", maintain_order=True)
    lost = cells.join(fits, on=[ROW, "seat"], how="anti")
    absent = pl.col("choice") == ABSENT
    left = (
        who.tally(lost.filter(absent), "marked absent, but no member through that day (or month)"),
        who.tally(lost.filter(~absent), "cast for a seat that nobody held on that day"),
        who.tally(clashing, "two cells of one member that contradict each other"),
        who.tally(whole.join(once, on=[ROW, "seat"], how="anti"), "a second cell of the same member"),
    )
    return once, tuple(item for item in left if item.rows)


def _fitting(cells: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Cells whose seat was held on their day, with the holder in ``a``; votes cast come before absences."""
    joined = cells.join(held, on="seat", how="inner")
    some = (pl.col("since") <= pl.col("to")) & (pl.col("until") >= pl.col("from"))
    whole = (pl.col("since") <= pl.col("from")) & (pl.col("until") >= pl.col("to"))
    absent = pl.col("choice") == ABSENT
    return (
        joined.filter(pl.when(absent).then(whole).otherwise(some))
        .sort(absent, "since", maintain_order=True)
        .unique([ROW, "seat"], keep="first", maintain_order=True)
    )


def statements(votes: pl.DataFrame, calls: pl.DataFrame) -> pl.DataFrame:
    """Vote statements.

    Parameters
    ----------
    votes : DataFrame
        As `seated` gives them, with ``original``, the cell as the file has it.
    calls : DataFrame
        One row a roll call: ``call``, ``rollcall`` (id), ``kind``, ``source`` (key), ``place`` (the roll call's place in
        the file; the seat is added to it), ``text`` and ``issue``.
    """
    return votes.join(calls, on="call", how="left").select(
        "a",
        "kind",
        valid_from="from",
        valid_to="to",
        known_from="to",
        source="source",
        locator=pl.format("{}, {}", "place", "seat"),
        original=pl.col("original").cast(pl.String),
        value=pl.col("choice").replace_strict(CHOICES, return_dtype=pl.Float64),
        text="text",
        rollcall="rollcall",
        choice="choice",
        issue="issue",
    )


def tallies(votes: pl.DataFrame) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """Roll call and its (yes, no, abstain), recounted from vote statements."""
    counted = votes.group_by("rollcall").agg(
        (pl.col("choice") == name).sum().alias(name) for name in ("yes", "no", "abstain")
    )
    for rollcall, yes, no, abstain in counted.sort("rollcall").rows():
        yield rollcall, (yes, no, abstain)
