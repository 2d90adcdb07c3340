"""An answer on stdout: a table to read, JSON lines or CSV. Nothing else ever goes there."""

from __future__ import annotations

import csv
import io
import json
import math
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from multipolar.cli.options import Common
from multipolar.cli.progress import tell

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

Row = Mapping[str, Any]
#: Width of a table where there is no terminal to ask.
WIDTH: Final = 120
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\n")


@dataclass(frozen=True)
class Grid:
    """One table for people: cells are text already.

    Parameters
    ----------
    heads : tuple of str
        Column headings; one that ends in ``>`` (not shown) is set flush right.
    rows : sequence of sequences of str
    title : str
    """

    heads: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    title: str = ""


@dataclass(frozen=True)
class Answer:
    """What a command found.

    Parameters
    ----------
    rows : sequence of mappings
        For machines: all of it, at full precision.
    says : sequence of str
        For people: sentences before the tables.
    grids : sequence of Grid
        For people: tables, which may leave out what `rows` has.
    after : sequence of str
        For people: sentences after them.
    notes : sequence of str
        What to know about it; on stderr, whatever the format.
    """

    rows: Sequence[Row]
    says: Sequence[str] = ()
    grids: Sequence[Grid] = ()
    after: Sequence[str] = ()
    notes: Sequence[str] = ()


def show(answer: Answer, common: Common) -> None:
    """Write an answer in the format asked for, and its notes."""
    if common.format == "table":
        _table(answer)
    else:
        write_rows(answer.rows, common.format)
    tell(map(printable, answer.notes), common.quiet)


def write_rows(rows: Sequence[Row], format: str) -> None:
    """Write rows to stdout as JSON lines or CSV, in one piece."""
    _speak_utf8()
    sys.stdout.write(json_lines(rows) if format == "json" else csv_text(rows))


def json_lines(rows: Iterable[Row]) -> str:
    """One JSON object a line: days in ISO form, floats as they are, null for what is missing."""
    return "".join(json.dumps(_plain(row), ensure_ascii=False, allow_nan=False) + "\n" for row in rows)


def csv_text(rows: Sequence[Row]) -> str:
    """CSV with a header: empty for what is missing, ids in one cell with spaces between, other lists as JSON.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    heads = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if heads:
        writer.writerow(heads)
    writer.writerows([_cell(row.get(name)) for name in heads] for row in rows)
    return text.getvalue()


def terminal() -> Console:
    """Where tables are printed."""
    from rich.console import Console

    class Piped(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # as any other write, and not the library's own way out

    return Piped(file=sys.stdout, width=None if sys.stdout.isatty() else WIDTH, highlight=False, markup=False)


def printable(text: str) -> str:
    """The text without characters that steer a terminal or turn the direction of writing."""
    return "".join(mark if mark in "\n\t" or not _steers(mark) else "\N{REPLACEMENT CHARACTER}" for mark in text)


def figure(value: float | None, *, sign: bool = False) -> str:
    """A number for people: two decimals."""
    if value is None or math.isnan(value):
        return "not known"
    rounded = round(value, 2) + 0.0  # no "-0.00"
    return f"{rounded:+.2f}" if sign else f"{rounded:.2f}"


def between(low: float | None, high: float | None) -> str:
    """A 90 % interval for people."""
    if low is None or high is None:
        return "not known"
    return f"between {figure(low)} and {figure(high)} (90 %)"


def _table(answer: Answer) -> None:
    from rich.text import Text

    console = terminal()
    for line in answer.says:
        console.print(Text(printable(line)))
    for grid in answer.grids:
        if grid.title:
            console.print(Text(printable(f"\n{grid.title}"), style="bold"))
        console.print(_rich(grid))
    for line in answer.after:
        console.print(Text(printable(line)))


def _rich(grid: Grid) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_header=any(head.strip(">") for head in grid.heads))
    for head in grid.heads:
        right = head.endswith(">")
        table.add_column(
            head.removesuffix(">"), justify="right" if right else "left", overflow="fold", no_wrap=right or head == "id"
        )
    for row in grid.rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    return table


def _plain(value: Any) -> Any:
    """The value as JSON has it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.isoformat() if isinstance(value, date) else value


def _cell(value: Any) -> Any:
    """The value as a CSV cell, inert in a spreadsheet."""
    plain = _plain(value)
    if isinstance(plain, list) and all(isinstance(item, str) and " " not in item for item in plain):
        plain = " ".join(plain)
    if isinstance(plain, list | dict):
        plain = json.dumps(plain, ensure_ascii=False)
    if isinstance(plain, str):
        text = plain.replace("\r\n", "\n").replace("\r", "\n")
        return f"'{text}" if text.startswith(_FORMULA) else text
    return repr(plain) if isinstance(plain, float) else plain


def _steers(mark: str) -> bool:
    """Whether a character moves the cursor, switches modes or hides the order of others."""
    return (
        unicodedata.category(mark) == "Cc"
        or mark in "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )


def _speak_utf8() -> None:
    """What machines read is UTF-8 with plain line ends, whatever the terminal's own encoding."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
