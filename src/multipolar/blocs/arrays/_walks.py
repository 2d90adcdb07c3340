"""Compiled search for the closed walks that no division into camps satisfies: shortest paths between the ends of bad ties."""

from __future__ import annotations

import numpy as np

from multipolar.blocs.arrays._compiled import jit
from multipolar.blocs.arrays.signed import Floats, Ints

#: Added to the length of every tie, so that of equally long walks the one with fewer ties is found.
_STEP = 1e-4


@jit
def _push(keys: Floats, states: Ints, size: int, key: float, state: int) -> None:
    """Onto a heap that holds `size`, smallest key on top."""
    at = size
    while at > 0:
        above = (at - 1) // 2
        if keys[above] <= key:
            break
        keys[at], states[at] = keys[above], states[above]
        at = above
    keys[at], states[at] = key, state


@jit
def _drop(keys: Floats, states: Ints, size: int) -> None:
    """Take the top off a heap of which `size` are to be left, the last one standing at `size`."""
    key, state, at = keys[size], states[size], 0
    while 2 * at + 1 < size:
        below = 2 * at + 1
        if below + 1 < size and keys[below + 1] < keys[below]:
            below += 1
        if keys[below] >= key:
            break
        keys[at], states[at] = keys[below], states[below]
        at = below
    keys[at], states[at] = key, state


@jit
def shortest(
    first: Ints, other: Ints, tie: Ints, bad: Ints, ends: Ints, length: Floats, odd: bool, which: Ints, longest: int
) -> tuple[Ints, Ints]:
    """For some bad ties, the shortest walk that closes them to a cycle which cannot be satisfied, where it is below 1.

    Parameters
    ----------
    first : array of int, shape (n + 1,)
        Where the neighbours of each node begin in the next two.
    other, tie : array of int, shape (2 m,)
        Neighbour, and number of the tie to it.
    bad : array of int, shape (m,)
        1 for a negative tie, else 0.
    ends : array of int, shape (m, 2)
        Ends of each tie.
    length : array, shape (m,)
        Length of each tie, 0 to 1.
    odd : bool
        Whether the cycle is to have an odd number of bad ties (two camps); else exactly one (any number of camps).
    which : array of int, shape (q,)
        Bad ties to close.
    longest : int
        Ties of the longest cycle wanted.

    Returns
    -------
    cycles : array of int, shape (found, longest)
        The ties of each; what is left of a row is -1.
    sizes : array of int, shape (found,)
    """
    states = 2 * (len(first) - 1)
    cycles = np.full((len(which), longest), -1, np.int64)
    sizes = np.zeros(len(which), np.int64)
    found = 0
    far = np.empty(states)
    came, by = np.empty(states, np.int64), np.empty(states, np.int64)
    keys, heap = np.empty(4 * len(tie) + 2), np.empty(4 * len(tie) + 2, np.int64)
    for closing in which:
        left = 1.0 - length[closing]
        start, goal = 2 * ends[closing, 0], 2 * ends[closing, 1]
        far[:] = np.inf
        far[start] = 0.0
        came[start] = -1
        size = 1
        keys[0], heap[0] = 0.0, start
        while size > 0:
            gone, state = keys[0], heap[0]
            size -= 1
            _drop(keys, heap, size)
            if gone > far[state]:
                continue
            if state == goal:
                break
            node, side = state >> 1, state & 1
            for place in range(first[node], first[node + 1]):
                edge = tie[place]
                if edge == closing or (bad[edge] and not odd):
                    continue
                to = 2 * other[place] + (side ^ bad[edge])
                there = gone + length[edge] + _STEP
                if there < far[to] and there < left + longest * _STEP:
                    far[to], came[to], by[to] = there, state, edge
                    _push(keys, heap, size, there, to)
                    size += 1
        if far[goal] == np.inf:
            continue
        count, walked, state = 1, length[closing], goal
        cycles[found, 0] = closing
        while state != start and count < longest:
            cycles[found, count] = by[state]
            walked += length[by[state]]
            count += 1
            state = came[state]
        if state == start and walked < 1.0 - 1e-6:
            sizes[found] = count
            found += 1
    return cycles[:found], sizes[:found]
