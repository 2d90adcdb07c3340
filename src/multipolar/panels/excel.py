"""A panel as an Excel workbook: the rows on one sheet, the codebook on the next, and nothing that calculates."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import polars as pl

from multipolar.panels.codebook import Codebook

#: Rows of a sheet, less the header.
MOST_ROWS: Final = 1_048_575
#: Characters that a cell holds.
MOST_TEXT: Final = 32_767
HEADS: Final = (
    "column",
    "label",
    "unit",
    "how a cell is made",
    "told",
    "zero",
    "first",
    "last",
    "where it stops",
    "sources",
)


def write(frame: pl.DataFrame, codebook: Codebook, path: Path) -> None:
    """Write both sheets. Text stays text, whatever it begins with; what is missing stays empty."""
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("panel")
        sheet.freeze_panes(1, 0)
        _row(sheet, 0, frame.columns)
        for place, row in enumerate(frame.iter_rows(), start=1):
            _row(sheet, place, row)
        _codebook(book.add_worksheet("codebook"), codebook)


def _codebook(sheet: Any, codebook: Codebook) -> None:
    head = [
        (codebook.counts,),
        (f"{codebook.rows:,} rows, {codebook.since} to {codebook.until}, as known on {codebook.as_of}",),
        (codebook.paragraph,),
        (),
        HEADS,
    ]
    entries = [
        (e.name, e.label, e.unit, e.meaning, e.told, e.zero, e.first, e.last, "; ".join(e.stops),
         "; ".join(f"{used.key} ({used.cells:,} cells): {used.citation}" for used in e.sources))
        for e in codebook.entries
    ]  # fmt: skip
    for place, row in enumerate([*head, *entries]):
        _row(sheet, place, row)


def _row(sheet: Any, place: int, cells: Any) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(place, column, cell[:MOST_TEXT])
        elif cell is not None:
            sheet.write_number(place, column, cell)
