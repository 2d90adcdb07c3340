"""The ties of a record that hold on a day, and where nothing told means that there is none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Final, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.actors import states
from multipolar.architectures.model import RUNG
from multipolar.panels.covered import listed
from multipolar.panels.told import ONE_SIDED, with_reach
from multipolar.record import Coverage, View

#: Everything that is read of ties.
KINDS: Final = (
    *RUNG, "membership", "dispute", "war", "armed_conflict", "rivalry", "troops", "base", "trade_agreement", "integration",
)  # fmt: skip

Bools = NDArray[np.bool_]
T = TypeVar("T")


class Told:
    """The ties that a view tells, each with the last day on which it is known to stand (see `with_reach`).

    Parameters
    ----------
    view : View
    """

    def __init__(self, view: View) -> None:
        self.view = view
        self._made: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for a key: tables that every month of a series asks for again."""
        if key not in self._made:
            self._made[key] = make()
        found: T = self._made[key]
        return found

    @cached_property
    def _ties(self) -> dict[str, pl.DataFrame]:
        frame = with_reach(self.view, "tie", self.view.statements("tie", kinds=KINDS))
        kept = frame.select(
            "id", "a", "b", "kind", "valid_from", "until", "value", "ref", "text", "source", "original",
            over=pl.col("valid_to").is_not_null(), mutual=pl.col("unit").fill_null("") != ONE_SIDED,
        )  # fmt: skip
        return {kind: kept.filter(pl.col("kind") == kind) for kind in KINDS}

    def ties(self, kinds: Iterable[str]) -> pl.DataFrame:
        """All ties of some kinds: id, a, b, kind, valid_from, until, value, ref, text, source, original, over, mutual."""
        return pl.concat([self._ties[kind] for kind in kinds])

    def on(self, kinds: Iterable[str], first: date, last: date | None = None) -> pl.DataFrame:
        """The ties that stand on a day, or on some day of a span."""
        begins, ends = pl.col("valid_from"), pl.col("until")
        return self.ties(kinds).filter(begins <= (last or first), ends >= first)

    def between(
        self, kinds: Iterable[str], actors: Collection[str], first: date, last: date | None = None
    ) -> pl.DataFrame:
        """Those of them between two of these states, the pair in order as ``p`` and ``q``."""
        frame = self.on(kinds, first, last)
        inside = pl.col("a").is_in(list(actors)) & pl.col("b").is_in(list(actors)) & (pl.col("a") != pl.col("b"))
        return frame.filter(inside).with_columns(p=pl.min_horizontal("a", "b"), q=pl.max_horizontal("a", "b"))

    def reach(self, kinds: Iterable[str]) -> date | None:
        """The last day on which any tie of these kinds is known to stand."""
        last = self.ties(kinds)["until"].max()
        return last if isinstance(last, date) else None

    def none_known(self, kind: str, actors: tuple[str, ...], day: date) -> Bools:
        """For each pair of states, whether a source vouches that nothing of a kind stands where it tells of nothing.

        Returns
        -------
        array, shape (actors, actors)
        """
        known = np.zeros((len(actors), len(actors)), dtype=bool)
        for row in self.view.coverage():
            if row.form == "tie" and row.kind in ("", kind) and row.absence == "zero" and row.first <= day <= row.last:
                known |= _vouched(row, actors, day)
        return known


@lru_cache(maxsize=8)
def told(view: View) -> Told:
    """The ties of a view, read once."""
    return Told(view)


def _vouched(row: Coverage, actors: tuple[str, ...], day: date) -> Bools:
    """Of whom a row of coverage speaks."""
    if row.actors:
        inside = np.isin(np.array(actors), row.actors)
        return np.logical_and.outer(inside, inside) if row.role == "both" else np.logical_or.outer(inside, inside)
    system = listed(row)
    if system == "all":
        return np.ones((len(actors), len(actors)), dtype=bool)
    members = in_system(day, system)
    inside = np.array([actor in members for actor in actors], dtype=bool)
    return np.logical_and.outer(inside, inside)


@lru_cache(maxsize=4096)
def in_system(day: date, system: str = "cow", last: date | None = None) -> frozenset[str]:
    """States of a list (``cow`` or ``gw``) on a day, or on some day of a span."""
    until = last or day
    spells = ((state.id, spell) for state in states() for spell in state.spells)
    return frozenset(
        id for id, spell in spells
        if getattr(spell.codes, system) is not None and spell.start <= until and (spell.end is None or day <= spell.end)
    )  # fmt: skip
