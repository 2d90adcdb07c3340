"""From codes with a period to actors: a row is cut where the state that bears its code began, ended or gave way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from multipolar.errors import DataError
from multipolar.sources import who
from multipolar.sources.files import ROW
from multipolar.sources.model import LeftOut

ABSENT: Final = "no state of the system in that period"
_HINT: Final = "If the publisher added a code, the table of states has to learn it first; nothing was taken in."
Piece = tuple[date, date, tuple[str, ...]]


def name_periods(
    frame: pl.DataFrame, path: Path, columns: Sequence[str], find: who.Finder, *, longest: bool = False
) -> pl.DataFrame:
    """Put actors in place of the codes in `columns`; the codes move to ``code_<column>``.

    Parameters
    ----------
    frame : DataFrame
        With days ``first`` and ``last``, the line of the file in `ROW`, and the columns. At most some thousand rows.
    path : Path
        Named in errors.
    columns : sequence of str
        Columns of codes.
    find : callable
        Code -> candidates.
    longest : bool, default False
        Keep only the longest piece of a row: for rows that stand for a whole year though less of it is meant (in 1918
        the code of Serbia is that of Yugoslavia from December).

    Returns
    -------
    DataFrame
        One row a piece in which all its actors existed; rows without any are gone, and so are pieces in which two
        columns name one actor.

    Raises
    ------
    DataError
        For the first code that is not known, naming its row.
    """
    found: list[dict[str, Any]] = []
    for row in frame.iter_rows(named=True):
        pieces = _pieces(row, path, columns, find)
        kept = sorted(pieces, key=lambda piece: piece[0] - piece[1])[:1] if longest else pieces
        codes = {f"code_{name}": str(row[name]) for name in columns}
        for first, last, ids in kept:
            found.append({**row, **codes, **dict(zip(columns, ids, strict=True)), "first": first, "last": last})
    schema = {
        **frame.schema,
        **{f"code_{name}": pl.String() for name in columns},
        **dict.fromkeys(columns, pl.String()),
    }
    return pl.DataFrame(found, schema=schema)


def _pieces(row: dict[str, Any], path: Path, columns: Sequence[str], find: who.Finder) -> list[Piece]:
    pieces: list[Piece] = [(row["first"], row["last"], ())]
    for name in columns:
        candidates = find(str(row[name]))
        if not candidates:
            raise DataError.bad_row(path, row[ROW], name, "a code of a state", row[name], hint=_HINT)
        pieces = [
            (max(first, start), min(last, end), (*ids, actor))
            for first, last, ids in pieces
            for actor in candidates
            for start, end in who.lives(actor)
            if start <= last and first <= end
        ]
    return sorted(piece for piece in pieces if len(set(piece[2])) == len(columns))


def yearly(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows with days ``first`` and ``last`` cut at the ends of years, so that each is known when its year is over."""
    years = pl.int_ranges(pl.col("first").dt.year(), pl.col("last").dt.year() + 1).alias("year")
    cut = frame.with_columns(years).explode("year")
    return cut.with_columns(
        first=pl.max_horizontal("first", pl.date("year", 1, 1)),
        last=pl.min_horizontal("last", pl.date("year", 12, 31)),
    )


def unused(frame: pl.DataFrame, kept: Sequence[pl.DataFrame], reason: str, label: pl.Expr) -> tuple[LeftOut, ...]:
    """Rows of `frame` of which nothing is in `kept` (compared by `ROW`), as one reason; none if there are none."""
    rows = pl.concat([each.select(pl.col(ROW).cast(pl.Int64)) for each in kept])[ROW].unique()
    lost = frame.filter(~pl.col(ROW).cast(pl.Int64).is_in(rows.implode()))
    if lost.is_empty():
        return ()
    examples = lost.select(label.cast(pl.String).alias("text"))["text"].drop_nulls().unique(maintain_order=True)
    return (LeftOut(reason, lost.height, tuple(examples.head(5).to_list())),)


def ordered() -> list[pl.Expr]:
    """Columns ``a`` and ``b`` of an undirected tie in the order of the alphabet."""
    return [pl.min_horizontal("a", "b").alias("a"), pl.max_horizontal("a", "b").alias("b")]
