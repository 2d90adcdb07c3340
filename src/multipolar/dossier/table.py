"""One tab-separated file of the dossier: lines to cells, cells to values, every refusal with its file, row and column.

The format is as plain as it can be made: UTF-8, one header line, one tab between cells, no quoting, `#` opens a comment
line, an empty cell is null. A date is a day (2024-06-19), a month (2024-06) or a year (2024); a month or a year stands for
its first day in a `from` cell and for its last day in a `to` or `known` cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources.abc import Traversable
from math import isfinite
from typing import Final

from multipolar.errors import DataError

#: The last day that the dossier speaks of: a later date in a file is a mistake.
COMPILED: Final = date(2026, 6, 30)

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_SHOWN: Final = 20
_HINT: Final = "The columns are described in dossier/data/README.md."


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file: its number and its cells by column name (an empty cell is the empty string)."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def bad(self, column: str, expected: str, hint: str = "") -> DataError:
        """The error that this cell deserves."""
        return DataError.bad_row(self.file, self.line, column, expected, self.cells.get(column, ""), hint=hint or _HINT)

    def optional(self, column: str) -> str | None:
        """The cell, or None if it is empty."""
        return self.cells[column] or None

    def required(self, column: str, what: str) -> str:
        """The cell, which may not be empty."""
        if not self.cells[column]:
            raise self.bad(column, f"{what}, not an empty cell", hint=f"Fill in the column `{column}`.")
        return self.cells[column]

    def number(self, column: str, low: float | None = None, high: float | None = None) -> float | None:
        """The cell as a finite number within low..high, or None if it is empty."""
        cell = self.cells[column]
        if not cell:
            return None
        span = "" if low is None and high is None else f" from {low if low is not None else '-inf'} to {high}"
        try:
            value = float(cell)
        except ValueError:
            raise self.bad(
                column, f"a number{span}", hint="Write 1234.5: no comma, no unit, no sign for thousands."
            ) from None
        if not isfinite(value) or (low is not None and value < low) or (high is not None and value > high):
            raise self.bad(column, f"a number{span}", hint="Check the unit; leave the cell empty if it is not known.")
        return value

    def day(self, column: str, *, last: bool = False) -> date | None:
        """The cell as a day, or None if it is empty; a month or year gives its first day, or its last if `last`."""
        cell = self.cells[column]
        if not cell:
            return None
        day = parse_day(cell, last)
        if day is None:
            raise self.bad(column, "a date (YYYY-MM-DD, YYYY-MM or YYYY)", hint="Write a day as 2024-06-19.")
        # A month or a year that is not over yet reaches as far as the dossier does.
        if day > COMPILED:
            if last and len(cell) < 10 and (start := parse_day(cell, False)) is not None and start <= COMPILED:
                return COMPILED
            hint = "Leave `to` empty for what has not ended." if column == "to" else "Nothing is known of the future."
            raise self.bad(column, f"a date not after {COMPILED}, the last day of this dossier", hint=hint)
        return day

    def span(self, first: str = "from", last: str = "to") -> tuple[date, date | None]:
        """The two dates of an interval, in order."""
        self.required(first, "a date")
        start, end = self.day(first), self.day(last, last=True)
        assert start is not None
        if end is not None and end < start:
            raise self.bad(last, f"a date not before `{first}` ({self.cells[first]})", hint="Swap the dates.")
        return start, end


@lru_cache(maxsize=8192)
def parse_day(cell: str, last: bool) -> date | None:
    """Read a day, or the first (or last) day of a month or a year; None if the cell is no date."""
    match = _DATE.fullmatch(cell)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    try:
        if day is not None and month is not None:
            return date(year, month, day)
        if not last:
            return date(year, month or 1, 1)
        month = month or 12
        return date(year, 12, 31) if month == 12 else date(year, month + 1, 1) - timedelta(days=1)
    except ValueError:
        return None


@dataclass(slots=True)
class Problems:
    """The errors of one file, gathered so that a contributor sees them all at once."""

    found: list[DataError] = field(default_factory=list)

    def add(self, error: DataError) -> None:
        """Keep one error and go on."""
        self.found.append(error)

    def stop(self) -> None:
        """Raise what was found: the first error, with the others below its hint."""
        if not self.found:
            return
        first, others = self.found[0], self.found[1:]
        if not others:
            raise first
        lines = [f"  {error.where}: {error.message}" for error in others[: _SHOWN - 1]]
        left = len(others) - len(lines)
        more = [f"  … and {left} more"] if left else []
        hint = "\n".join([first.hint, f"{len(others)} more in this file:", *lines, *more]).strip()
        raise DataError(first.message, where=first.where, hint=hint)


def read_rows(file: Traversable, columns: Sequence[str], problems: Problems) -> Iterator[Row]:
    """Give the rows of one file, whose header must be exactly `columns`.

    Parameters
    ----------
    file : Traversable
        The file (a path, or a resource of the package).
    columns : sequence of str
        The names that the header line must have, in this order.
    problems : Problems
        Where a line with too few or too many cells is noted; the line is then skipped.

    Raises
    ------
    DataError
        If the file is not UTF-8, is empty, or has another header.
    """
    header: list[str] | None = None
    for line, text in enumerate(_lines(file), start=1):
        if not text.strip() or text.startswith("#"):
            continue
        cells = text.split("\t")
        if header is None:
            header = cells
            _check_header(file.name, line, header, columns)
            continue
        error = _shape(file.name, line, cells, columns)
        if error is not None:
            problems.add(error)
            continue
        yield Row(file.name, line, dict(zip(columns, cells, strict=True)))
    if header is None:
        raise DataError.bad_file(file.name, "a header line", "an empty file", hint=f"Begin with: {' '.join(columns)}")


def _lines(file: Traversable) -> list[str]:
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError.bad_file(
            file.name,
            "UTF-8 text",
            f"byte {error.object[error.start]:#04x} at offset {error.start}",
            hint="Save it as UTF-8.",
        ) from None
    if text and not text.endswith("\n"):
        last = text.count("\n") + 1
        raise DataError.bad_file(
            f"{file.name}:{last}",
            "a file whose last line ends with a line break",
            "one that breaks off in it",
            hint="The file may have been cut short; if it is whole, end its last line.",
        )
    return [line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n")]


def _check_header(file: str, line: int, header: list[str], columns: Sequence[str]) -> None:
    if header == list(columns):
        return
    odd = next((name for name in header if name not in columns), None)
    lost = next((name for name in columns if name not in header), None)
    column = odd if odd is not None else (lost or header[-1])
    hint = "One tab between names, in this order."
    raise DataError.bad_row(file, line, column, f"the columns {' '.join(columns)}", " ".join(header), hint=hint)


def _shape(file: str, line: int, cells: list[str], columns: Sequence[str]) -> DataError | None:
    if len(cells) != len(columns):
        column = columns[min(len(cells), len(columns)) - 1]
        hint = "Cells are parted by one tab each; an empty cell still needs its tab."
        return DataError.bad_row(file, line, column, f"{len(columns)} cells", f"{len(cells)} cells", hint=hint)
    for column, cell in zip(columns, cells, strict=True):
        if cell != cell.strip():
            return DataError.bad_row(file, line, column, "a cell without spaces at its ends", cell, hint="Remove them.")
        if any(ord(mark) < 32 or ord(mark) == 127 for mark in cell):
            return DataError.bad_row(file, line, column, "printable text", cell, hint="Remove the control character.")
    return None
