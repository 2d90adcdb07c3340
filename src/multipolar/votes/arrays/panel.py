"""Votes in the order of items: what the models of positions read.

An **item** is a roll call, or several that put the same resolution to the vote and share its parameters. A **cell** is a
state in a session.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Panel(NamedTuple):
    """Votes in the order of items.

    Parameters
    ----------
    start : array of int, shape (items + 1,)
        Where the votes of each item start.
    cell : array of int, shape (votes,)
        The cell of each vote; cells are numbered by state, then session.
    choice : array of int8, shape (votes,)
        1 yes, 2 abstain, 3 no.
    state, session : array of int, shape (cells,)
        State and session of each cell.
    row : array of int, shape (votes,)
        Row (roll call) of the choices that each vote was made from.
    """

    start: Ints
    cell: NDArray[np.int32]
    choice: NDArray[np.int8]
    state: Ints
    session: Ints
    row: NDArray[np.int32]

    @property
    def items(self) -> int:
        """Number of items."""
        return len(self.start) - 1

    @property
    def cells(self) -> int:
        """Number of cells."""
        return len(self.state)

    @property
    def item(self) -> Ints:
        """Item of each vote."""
        return np.repeat(np.arange(self.items), np.diff(self.start))

    @property
    def votes(self) -> Ints:
        """Number of votes of each cell."""
        return np.bincount(self.cell, minlength=self.cells).astype(np.int64)

    @property
    def counts(self) -> Floats:
        """Number of yes, abstain and no of each item, shape (items, 3)."""
        item = self.item
        cast = [np.bincount(item, self.choice == code, self.items) for code in (1, 2, 3)]
        return np.stack(cast, axis=1).astype(np.float64)

    @property
    def first(self) -> NDArray[np.bool_]:
        """Whether each cell is the first of its state."""
        return np.append(True, self.state[1:] != self.state[:-1])

    @property
    def gap(self) -> Floats:
        """Sessions since the state's cell before, 1 for first cells."""
        since = np.diff(self.session, prepend=0).astype(np.float64)
        return np.where(self.first, 1.0, since)


def panel(choices: NDArray[np.int8], sessions: NDArray[np.integer], item: NDArray[np.integer]) -> Panel:
    """Put votes in the order of items.

    Parameters
    ----------
    choices : array of int8, shape (rollcalls, states)
        0 missing, 1 yes, 2 abstain, 3 no.
    sessions : array of int, shape (rollcalls,)
    item : array of int, shape (rollcalls,)
        Item of each roll call, numbered from 0 without gaps; negative where the roll call is left out.
    """
    rows = np.flatnonzero(item >= 0)
    rows = rows[np.lexsort((rows, item[rows]))]
    ordered = choices[rows]
    place, state = np.nonzero(ordered)
    row = rows[place]
    width = int(sessions.max(initial=0)) + 1
    keys, cell = np.unique(state.astype(np.int64) * width + sessions[row], return_inverse=True)
    counts = np.bincount(item[row], minlength=int(item.max(initial=-1)) + 1)
    return Panel(
        np.append(0, np.cumsum(counts)).astype(np.int64),
        cell.astype(np.int32),
        ordered[place, state],
        keys // width,
        keys % width,
        row.astype(np.int32),
    )


def linked(rollcalls: int, pairs: NDArray[np.integer]) -> Ints:
    """Name of the item of each roll call: the roll call itself, or the earliest that it goes back to.

    Parameters
    ----------
    rollcalls : int
    pairs : array of int, shape (pairs, 2)
        An earlier roll call and a later one that repeats it. Pairs are taken from the last to the first, so that a chain of
        them becomes one item; of several earlier ones of the same later one, the first counts.

    Returns
    -------
    array of int, shape (rollcalls,)
    """
    name = np.arange(rollcalls)
    earliest: dict[int, int] = {}
    for one, other in pairs.tolist():
        earliest.setdefault(other, one)
    for _, other in pairs[::-1].tolist():
        name[name == other] = earliest[other]
    return name
