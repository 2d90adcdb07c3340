"""Rows of GDELT's export files, built cell by cell."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

STAMP = "20200301120000"


def row(
    a="USA", b="CHN", code="042", day="20200301", *, id="1", added=STAMP, role_a="", role_b="", mentions="4", sources="1",
    articles="4", tone="1.5", place="Beijing", columns=61,
):  # fmt: skip
    """One line with the cells that are read; all others are empty."""
    cells = [""] * columns
    told = {
        0: id,
        1: day,
        7: a,
        12: role_a,
        17: b,
        22: role_b,
        26: code,
        31: mentions,
        32: sources,
        33: articles,
        34: tone,
    }
    last = {52: place, 59: added} if columns == 61 else {50: place, 56: added[:8]}
    for at, text in {**told, **last}.items():
        cells[at] = text
    return "\t".join(cells)


def packed(folder: Path, rows, stamp=STAMP, *, name=None) -> Path:
    """An export file as the publisher packs it."""
    inside = name or f"{stamp}.export.CSV"
    path = folder / f"{inside}.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr(inside, "".join(f"{line}\n" for line in rows))
    return path
