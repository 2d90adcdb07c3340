"""The compiled pass over export files of GDELT: the few cells that are needed, out of rows with two countries.

A private module that imports numba; `gdelt_export` imports it when it first reads many bytes. It takes only what is plain to
see: where a cell looks odd in any way it gives up, and `gdelt_export` reads the file the long way, which names what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., Any])
Bytes = NDArray[np.uint8]
Places = NDArray[np.uint32]

#: Bytes that are looked through at a time, so that they and the marks in them stay in the cache.
CHUNK: Final = 1 << 16
#: The order of the cells that `needed` is told of, and gives.
ORDER: Final = (
    "event", "day", "a", "role_a", "b", "role_b", "cameo", "reports", "sources", "articles", "tone", "place", "added",
)  # fmt: skip
_EVENT, _DAY, _A, _B, _CAMEO, _REPORTS, _ARTICLES, _TONE, _ADDED = 0, 1, 2, 4, 6, 7, 9, 10, 12
_TAB, _NEWLINE, _MINUS, _DOT, _ZERO, _NINE, _LETTER_A = 9, 10, 45, 46, 48, 57, 65
_NEVER: Final = 99_999_999
_LONGEST_ID, _LONGEST_COUNT, _LONGEST_CODE = 18, 9, 4


def jit(function: F) -> F:
    """Compile on first call, lock released, kept on disk."""
    try:
        return _compiled(function, keep=True)
    except RuntimeError:  # no folder where the compiled code could be kept: compile in each process
        return _compiled(function, keep=False)


def _compiled(function: F, *, keep: bool) -> F:
    return cast("F", numba.njit(cache=keep, nogil=True)(function))


@jit
def _number(data: Bytes, start: int, end: int, least: int, most: int) -> bool:
    """Whether there are digits only, as many as allowed; below 0 a byte wraps around to a large number."""
    odd: Any = not least <= end - start <= most
    for at in range(start, end):
        odd |= np.uint8(data[at] - _ZERO) > 9
    return not odd


@jit
def _letters(data: Bytes, start: int, end: int) -> bool:
    """Whether there are three capital letters, or nothing."""
    odd: Any = end - start != 3 and end != start
    for at in range(start, end):
        odd |= np.uint8(data[at] - _LETTER_A) > 25
    return not odd


@jit
def _date(data: Bytes, start: int) -> int:
    """The eight digits as a number, or 0 if they are no day of the calendar after the year 999."""
    number: Any = 0
    for at in range(start, start + 8):
        number = number * 10 + (data[at] - _ZERO)
    year, month, day = number // 10_000, number // 100 % 100, number % 100
    if year < 1000 or month < 1 or month > 12 or day < 1:
        return 0
    most = 31 - (month == 4 or month == 6 or month == 9 or month == 11)
    if month == 2:
        most = 28 + (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    return number if day <= most else 0


@jit
def _tone(data: Bytes, start: int, end: int) -> bool:
    """Whether it is empty, or a decimal number with one or two digits before the point."""
    if start == end:
        return True
    at = start + (data[start] == _MINUS)
    first = at
    while at < end and _ZERO <= data[at] <= _NINE:
        at += 1
    if at == first or at > first + 2:
        return False
    return at == end or (data[at] == _DOT and _number(data, at + 1, end, 1, end))


@jit
def _plain(data: Bytes, starts: Places, ends: Places, digits: int) -> bool:
    """Whether every needed cell of a row is as the long way wants it, but for the calendar."""
    good = _number(data, starts[_EVENT], ends[_EVENT], 1, _LONGEST_ID)
    good &= _number(data, starts[_DAY], ends[_DAY], 8, 8)
    good &= _number(data, starts[_CAMEO], ends[_CAMEO], 2, _LONGEST_CODE)
    for cell in range(_REPORTS, _ARTICLES + 1):
        good &= _number(data, starts[cell], ends[cell], 1, _LONGEST_COUNT)
    good &= _number(data, starts[_ADDED], ends[_ADDED], digits, digits)
    good &= _letters(data, starts[_A], ends[_A]) and _letters(data, starts[_B], ends[_B])
    return good and _tone(data, starts[_TONE], ends[_TONE])


@jit
def _copy(data: Bytes, starts: Places, ends: Places, out: Bytes, to: int) -> int:
    """Write the cells of a row, separated by tabs; where the next row goes."""
    for cell in range(starts.size):
        for at in range(starts[cell], ends[cell]):
            out[to] = data[at]
            to += 1
        out[to] = _TAB
        to += 1
    out[to - 1] = _NEWLINE
    return to


@jit
def _marked(chunk: Bytes, marks: Places) -> int:
    """Note where the tabs and the ends of lines are, and how many; no branch, as none could be foretold."""
    found: Any = 0
    for at in range(chunk.size):
        marks[found] = at
        found += np.uint8(chunk[at] - _TAB) < 2
    return int(found)


@jit
def _even(chunk: Bytes, marks: Places, rows: int, columns: int) -> bool:
    """Whether lines end where they must and nowhere else, in the first rows."""
    lines: Any = 0
    for at in range(marks[rows * columns - 1] + 1):
        lines += chunk[at] == _NEWLINE
    good: Any = lines == rows
    for row in range(1, rows + 1):
        good &= chunk[marks[row * columns - 1]] == _NEWLINE
    return bool(good)


@jit
def needed(
    data: Bytes, columns: int, places: NDArray[np.int64], digits: int, every: bool, out: Bytes
) -> tuple[int, int, int, int, int]:
    """Write the cells that are needed of the rows that name two countries.

    Parameters
    ----------
    data : array of uint8, shape (n,)
        A file, ending with a line's end.
    columns : int
        Cells that each row must have.
    places : array of int, shape (13,)
        Columns of the cells in `ORDER`, increasing.
    digits : int
        Of the time at which a row was added.
    every : bool
        Write the other rows, too.
    out : array of uint8, shape (n,)
        Takes what is written.

    Returns
    -------
    rows, kept, size, first, last : int
        Rows of the file, rows and bytes written, first and last day (YYYYMMDD) on which rows were added. `rows` is -1 if a
        row has another number of cells, or a cell is not plainly what it must be.
    """
    marks = np.empty(CHUNK, np.uint32)
    starts, ends = np.empty(places.size, np.uint32), np.empty(places.size, np.uint32)
    refused = (-1, 0, 0, 0, 0)
    rows, kept, size, first, last, done = 0, 0, 0, _NEVER, 0, 0
    while done < data.size:
        chunk = data[done : done + CHUNK]
        whole = _marked(chunk, marks) // columns
        if not whole or not _even(chunk, marks, whole, columns):
            return refused
        for row in range(whole):
            before = row * columns - 1
            for cell in range(places.size):
                place = before + places[cell]
                starts[cell] = marks[place] + 1 if place >= 0 else 0
                ends[cell] = marks[place + 1]
            added = _date(chunk, starts[_ADDED]) if _plain(chunk, starts, ends, digits) else 0
            if not added or not _date(chunk, starts[_DAY]):
                return refused
            first, last = min(first, added), max(last, added)
            if every or (starts[_A] != ends[_A] and starts[_B] != ends[_B]):
                size = _copy(chunk, starts, ends, out, size)
                kept += 1
        rows += whole
        done += marks[whole * columns - 1] + 1
    return rows, kept, size, first, last
