"""Reading the package's own tables: TAB-separated UTF-8, one header line, ``#`` for comment lines, an empty cell for null.

There is no quoting: a cell holds what stands between two tabs. Strictness is the point, since people edit these files by
hand: a wrong header, a cell too many, a stray space or a date that is none stops the reading with file, line and column.

>>> rows = read_table(path, ("id", "name", "from"))  # doctest: +SKIP
>>> rows[0]["name"], rows[0].day("from")  # doctest: +SKIP
('United Nations', datetime.date(1945, 10, 24))
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from multipolar.errors import DataError


class Row(dict[str, str]):
    """The cells of one line by column name, and where the line stands.

    Attributes
    ----------
    file : str
        Name of the file.
    line : int
        Line of the file, the first being 1 (comments and the header count).
    """

    def __init__(self, cells: dict[str, str], file: str, line: int) -> None:
        super().__init__(cells)
        self.file, self.line = file, line

    def bad(self, column: str, expected: str, *, hint: str = "") -> DataError:
        """The error that says what `column` of this line should have held."""
        return DataError.bad_row(self.file, self.line, column, expected, self.get(column, ""), hint=hint)

    def required(self, column: str) -> str:
        """The cell, which must not be empty.

        Raises
        ------
        DataError
            If it is empty.
        """
        if not self[column]:
            raise self.bad(column, "a value", hint="Leave out a fact that lacks it.")
        return self[column]

    def choice(self, column: str, known: Collection[str]) -> str:
        """The cell, which must be one of the `known` words.

        Raises
        ------
        DataError
            If it is another word, or empty.
        """
        if self[column] not in known:
            raise self.bad(column, f"one of {', '.join(known)}")
        return self[column]

    def day(self, column: str) -> date:
        """The cell as a day, which must be given.

        Raises
        ------
        DataError
            If it is no day written YYYY-MM-DD.
        """
        found = self.day_or_none(column)
        if found is None:
            raise self.bad(column, "a day (YYYY-MM-DD)")
        return found

    def day_or_none(self, column: str) -> date | None:
        """The cell as a day; None where it is empty.

        Raises
        ------
        DataError
            If it is neither empty nor a day written YYYY-MM-DD.
        """
        return parse_day(self, column, self[column]) if self[column] else None

    def span(self, first: str = "from", last: str = "to") -> tuple[date, date | None]:
        """First and last day (None: not ended), in order.

        Raises
        ------
        DataError
            If a day is malformed or the last lies before the first.
        """
        start, end = self.day(first), self.day_or_none(last)
        if end is not None and end < start:
            raise self.bad(last, f"a day not before {start}", hint="Swap the dates.")
        return start, end

    def parts(self, column: str) -> tuple[str, ...]:
        """The ``;``-separated parts of the cell, in order, without the spaces around them."""
        return tuple(part for part in (piece.strip() for piece in self[column].split(";")) if part)


def parse_day(row: Row, column: str, text: str) -> date:
    """`text`, found in `column` of `row`, as a day.

    Raises
    ------
    DataError
        If it is no day written YYYY-MM-DD.
    """
    try:
        day = date.fromisoformat(text)
        if day.isoformat() != text:  # `fromisoformat` also takes 20000101 and 2000-W01-1
            raise ValueError(text)
        return day
    except ValueError:
        raise DataError.bad_row(row.file, row.line, column, "a day (YYYY-MM-DD)", text) from None


def read_table(path: Path | str, columns: Sequence[str]) -> list[Row]:
    """Read a table whose header is exactly `columns`.

    Parameters
    ----------
    path : Path or str
        The file.
    columns : sequence of str
        The names of its columns, in order.

    Returns
    -------
    list of Row
        One dictionary a line; every cell is text, empty where null.

    Raises
    ------
    DataError
        If the file cannot be read, its header differs, or a line has too few or too many cells, or a cell with spaces
        at its ends.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as cause:
        raise DataError.bad_file(path, "UTF-8 text", f"the byte {cause.object[cause.start]:#04x}") from None
    except OSError as cause:
        raise DataError.bad_file(path, "a file that can be read", cause.strerror or str(cause)) from None
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if _holds_cells(line)]
    if not lines or lines[0][1].split("\t") != list(columns):
        got = lines[0][1].replace("\t", " ") if lines else "an empty file"
        raise DataError.bad_file(path.name, f"the header {' '.join(columns)}", got, hint="Separate columns by one tab.")
    return [_row(path.name, number, line, columns) for number, line in lines[1:]]


def _holds_cells(line: str) -> bool:
    return bool(line) and not line.startswith("#")


def _row(file: str, number: int, line: str, columns: Sequence[str]) -> Row:
    cells = line.split("\t")
    if len(cells) != len(columns):
        column = columns[min(len(cells), len(columns)) - 1]
        raise DataError.bad_row(
            file, number, column, f"{len(columns)} cells", f"{len(cells)} cells", hint="Separate cells by one tab."
        )
    for column, cell in zip(columns, cells, strict=True):
        if cell != cell.strip():
            raise DataError.bad_row(file, number, column, "a cell without spaces at its ends", cell)
    return Row(dict(zip(columns, cells, strict=True)), file, number)
