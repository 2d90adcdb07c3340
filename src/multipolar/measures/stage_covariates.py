"""What may move a pair from stage to stage: nuclear weapons on its sides, a defence pact, contiguity. Null where not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.errors import UsageError
from multipolar.measures.stage_years import Grid, told
from multipolar.record import View

#: Value of the trait `nuclear_status` of a state that holds nuclear weapons.
HELD: Final = 3.0

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Covariate:
    """One covariate of the chain.

    Attributes
    ----------
    name, title : str
        For tables and for readers.
    value : array, shape (pairs, years)
        NaN where it is not known.
    """

    name: str
    title: str
    value: Floats


def covariates(view: View, of: Grid, nuclear: Mapping[str, int] | None = None) -> tuple[Covariate, ...]:
    """All of them by pair and year.

    Parameters
    ----------
    view : View
    of : Grid
    nuclear : mapping of str to int, optional
        First year of possession of some states in place of the record's.
    """
    holders = nuclear_states(view, of, nuclear)
    return (
        Covariate("one_nuclear", "one of the two holds nuclear weapons", _flag(holders, 1)),
        Covariate("two_nuclear", "both hold nuclear weapons", _flag(holders, 2)),
        Covariate("defence_pact", "a defence pact binds them", _present(view, of, "defence", ("atop",), value=False)),
        Covariate(
            "contiguous", "neighbours by land or across at most 400 miles of water",
            _present(view, of, "contiguity", ("cow-contiguity",), value=True),
        ),
    )  # fmt: skip


def _flag(count: NDArray[np.int8], number: int) -> Floats:
    return np.where(count < 0, np.nan, count == number).astype(np.float32)


def _present(view: View, of: Grid, kind: str, prefer: tuple[str, ...], *, value: bool) -> Floats:
    found = told(view, of, (kind,), prefer=prefer, value=value).value
    return np.where(np.isnan(found), np.nan, found > 0).astype(np.float32)


def nuclear_states(view: View, of: Grid, nuclear: Mapping[str, int] | None = None) -> NDArray[np.int8]:
    """How many states of a pair held nuclear weapons on some day of a year, 0 to 2; -1 where it is not known.

    Parameters
    ----------
    view : View
    of : Grid
    nuclear : mapping of str to int, optional
        First year of possession of some states, in place of what the record says of their years before it and from it on.

    Returns
    -------
    array of int, shape (pairs, years)

    Raises
    ------
    UsageError
        If `nuclear` names a state that the grid does not have.
    """
    held = _holders(view, of)
    if nuclear:
        held = held.copy()
        for actor, first in nuclear.items():
            if actor not in of.place:
                raise UsageError.unknown("state", actor, of.actors)
            mine = held[of.place[actor]]
            mine[: max(first - of.first, 0)] = 0
            mine[max(first - of.first, 0) :] = np.maximum(mine[max(first - of.first, 0) :], 1)
    i, j = of.sides
    return np.where((held[i] < 0) | (held[j] < 0), -1, held[i] + held[j]).astype(np.int8)


@lru_cache(maxsize=4)
def _holders(view: View, of: Grid) -> NDArray[np.int8]:
    """Whether a state held nuclear weapons on some day of a year: 1, 0, or -1 where nobody says; shape (actors, years)."""
    held = np.full((len(of.actors), of.years), -1, dtype=np.int8)
    rows = [row for row in view.coverage() if row.form == "trait" and row.kind == "nuclear_status"]
    for row in rows:
        if row.absence == "zero":
            last = (row.last + timedelta(days=1)).year - 1
            held[:, max(row.first.year - of.first, 0) : max(last - of.first + 1, 0)] = 0
    reach = {row.source: row.last for row in rows}
    known = view.statements("trait", kinds=("nuclear_status",), until=date(of.last, 12, 31)).drop_nulls("value")
    for a, start, end, source, value in known.sort("value", pl.col("id")).select(
        "a", "valid_from", "valid_to", "source", "value"
    ).iter_rows():  # fmt: skip
        stop = end or max(reach.get(source, start), start)
        if a in of.place:
            window = slice(max(start.year - of.first, 0), max(stop.year - of.first + 1, 0))
            held[of.place[a], window] = np.maximum(held[of.place[a], window], value >= HELD)
    return held
