"""What a column of a panel is, and the frame of rows in which it is filled.

A column is filled in one of five ways (`Sides`): a value of the **pair** that is the same seen from either state; an
obligation that is **owed** (by both, or by one to the other); a **directed** value that runs from a to b; a value of a
**state**, given for both; or one that is **timeless**, of the pair and not of the period.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from multipolar.panels.periods import Clock
from multipolar.record import Form, View

Unit = Literal["dyad-year", "dyad-month", "state-year"]
UNITS: Final[tuple[Unit, ...]] = ("dyad-year", "dyad-month", "state-year")
System = Literal["all", "cow", "gw"]
SYSTEMS: Final[tuple[System, ...]] = ("all", "cow", "gw")
Sides = Literal["pair", "owed", "directed", "state", "timeless"]
How = Literal["any", "max", "min", "last", "sum", "mean", "count", "onset", "score", "special"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

#: Between the keys of sources that fill a cell together, as those of an indicator do.
JOINT: Final = "+"
#: What each way of bringing statements to a period does, in words for the codebook.
RULES: Final[dict[How, str]] = {
    "any": "1 if in force on any day of the period",
    "max": "the highest value in force on any day of the period",
    "min": "the lowest value in force on any day of the period",
    "last": "the value that stands at the end of the period, or stood last in it",
    "sum": "the sum over the period, where one source tells all of its days",
    "mean": "the mean of what was measured in the period",
    "count": "the number in the period",
    "onset": "1 if one begins in the period",
    "score": "the sum of what was reported in the period",
    "special": "",
}


@dataclass(frozen=True)
class Column:
    """One thing that a panel can say of a pair or a state.

    Attributes
    ----------
    name : str
        Name of the column; a directed one is called ``name_ab`` and ``name_ba`` where rows have no direction, one of a
        state ``name_a`` and ``name_b`` where rows are pairs.
    label : str
        What it is, in at most 68 characters: with the side (``, a to b``) it must fit a Stata variable label.
    unit : str
        Unit of a cell.
    form : Form
        Form of the statements that it is made from.
    kinds : tuple of str
        Their kinds.
    sides : {"pair", "owed", "directed", "state", "timeless"}
        Whose value it is.
    how : str
        How statements are brought to the period (see `RULES`).
    prefer : tuple of str
        Sources by the beginning of their keys, the best first. One cell is filled from one source; values of several
        are never added up. Sources that are not named come after these, by key.
    only : bool
        Whether sources that are not in `prefer` are left out: they tell something else under the same kind.
    mode : str
        Only events of this mode.
    refs : tuple of str
        Only statements with one of these references, the best first.
    least : float, optional
        Only statements of at least this value.
    value : bool
        Whether a statement's value counts; else each counts 1.
    scale : tuple of float
        What a statement of each of `kinds` counts, in place of its value.
    rule : str
        What is special about how it is made, in words.
    """

    name: str
    label: str
    unit: str
    form: Form
    kinds: tuple[str, ...]
    sides: Sides
    how: How
    prefer: tuple[str, ...] = ()
    mode: str = ""
    refs: tuple[str, ...] = ()
    least: float | None = None
    only: bool = False
    value: bool = True
    scale: tuple[float, ...] = ()
    rule: str = ""

    @property
    def meaning(self) -> str:
        """How a cell is made, in words."""
        return self.rule or RULES[self.how]

    def takes(self, source: str) -> bool:
        """Whether a source, by its key, can fill it."""
        return not self.only or source.startswith(self.prefer)

    @property
    def dyadic(self) -> bool:
        """Whether it is about a pair."""
        return self.sides != "state"

    def outputs(self, unit: Unit, directed: bool) -> Iterator[Output]:
        """The columns of a panel that this one becomes; none if it is about pairs and the rows are states."""
        if unit == "state-year":
            if not self.dyadic:
                yield Output(self, self.name)
        elif self.sides == "state":
            yield from (Output(self, f"{self.name}_{side}", side) for side in ("a", "b"))
        elif self.sides == "directed" and not directed:
            yield from (Output(self, f"{self.name}_{side}", side) for side in ("ab", "ba"))
        elif directed and self.sides in ("directed", "owed"):
            yield Output(self, self.name, "ab")
        else:
            yield Output(self, self.name)


_SAID: Final = {"a": ", state a", "b": ", state b", "ab": ", a to b", "ba": ", b to a", "": ""}


@dataclass(frozen=True)
class Output:
    """One column of a panel: a `Column`, its name there, and from which side it is seen (``a``, ``b``, ``ab``, ``ba``)."""

    column: Column
    name: str
    side: str = ""

    @property
    def label(self) -> str:
        """What it is, at most 80 characters."""
        return self.column.label + _SAID[self.side]


@dataclass(frozen=True, eq=False)
class Grid:
    """The rows of a panel as arrays, all of one length.

    Attributes
    ----------
    actors : tuple of str
        Ids in alphabetical order; the arrays hold places in it.
    clock : Clock
        How days become periods.
    a, b : array of int
        The states of each row (`b` repeats `a` where rows are states).
    period : array of int
        Number of the period (see `Clock`).
    """

    actors: tuple[str, ...]
    clock: Clock
    a: Ints
    b: Ints
    period: Ints

    @cached_property
    def low(self) -> Ints:
        """The first of the two in alphabetical order."""
        return np.minimum(self.a, self.b)

    @cached_property
    def high(self) -> Ints:
        """The other one."""
        return np.maximum(self.a, self.b)

    @cached_property
    def index(self) -> dict[str, int]:
        """Place of each actor."""
        return {name: place for place, name in enumerate(self.actors)}

    def key(self, one: Ints, other: Ints, period: Ints | int) -> Ints:
        """One number for two states and a period."""
        size = len(self.actors)
        return np.asarray((one * size + other) * self.clock.count + (period - self.clock.first), dtype=np.int64)

    @cached_property
    def by_period(self) -> tuple[Ints, Ints]:
        """Rows in order of their period, and where each period begins among them."""
        order = np.argsort(self.period, kind="stable")
        bounds = np.searchsorted(self.period[order], np.arange(self.clock.first, self.clock.last + 2))
        return order, np.asarray(bounds, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Asked:
    """What a panel is asked for.

    Attributes
    ----------
    view : View
        The record as of a day.
    unit : {"dyad-year", "dyad-month", "state-year"}
        What a row is.
    directed : bool
        Whether a pair has a row for each direction.
    system : {"all", "cow", "gw"}
        Whose list of states counts.
    since, until : date
        First day of the first period and last day of the last.
    grid : Grid
        The rows.
    """

    view: View
    unit: Unit
    directed: bool
    system: System
    since: date
    until: date
    grid: Grid

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Keys of all sources of the record."""
        return tuple(self.view.sources())


@dataclass(frozen=True, eq=False)
class Filled:
    """The cells of one column of a panel, a row each.

    Attributes
    ----------
    output : Output
    value : array of float
        NaN where missing.
    source : array of int
        Place in `sources` of the source that filled the cell, -1 where none did.
    sources : tuple of str
        Keys.
    """

    output: Output
    value: Floats
    source: NDArray[np.int16]
    sources: tuple[str, ...] = field(default=())
