"""Tables separated by tabs, with a header and without quoting: a cell holds what stands between two tabs."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from multipolar.errors import DataError
from multipolar.sources import files

#: Bytes looked at at a time, and the marks that are counted.
_PIECE: Final = 1 << 18
_TAB, _NEWLINE = 9, 10


def read(
    path: Path, data: bytes, wanted: Mapping[str, Sequence[str]], optional: Mapping[str, Sequence[str]] | None = None
) -> pl.DataFrame:
    """Columns as text by our names, with the line in `files.ROW`.

    Parameters
    ----------
    path : Path
        Named in errors.
    data : bytes
        The unpacked file; bytes that are no UTF-8 become a replacement character.
    wanted, optional : mapping of str to sequence of str
        Our name of a column -> names that publishers give it; those of `optional` may be absent (null throughout).

    Raises
    ------
    DataError
        If a wanted column is missing, or a row has more or fewer cells than the header.
    """
    header = data[: data.find(b"\n") + 1 or len(data)].decode("utf-8-sig", errors="replace").rstrip("\r\n").split("\t")
    names = files.columns(path, header, wanted)
    _refuse_ragged(path, data, len(header))
    there = {name.strip().lower(): name for name in header}
    extra = {
        ours: next((there[n.lower()] for n in theirs if n.lower() in there), None)
        for ours, theirs in (optional or {}).items()
    }
    chosen = {**names, **{ours: name for ours, name in extra.items() if name}}
    frame = pl.scan_csv(
        io.BytesIO(data),
        separator="\t",
        has_header=False,
        skip_rows=1,
        schema={f"c{at}": pl.String() for at in range(len(header))},
        quote_char=None,
        encoding="utf8-lossy",
        raise_if_empty=False,
    )
    cells = [
        pl.col(f"c{header.index(name)}").str.strip_chars().replace("", None).alias(ours)
        for ours, name in chosen.items()
    ]
    none = [pl.lit(None, pl.String).alias(ours) for ours, name in extra.items() if not name]
    return frame.select(*cells, *none).collect().with_row_index(files.ROW, offset=2)


def _refuse_ragged(path: Path, data: bytes, width: int) -> None:
    if rows(data, width) is None:
        for line, row in enumerate(io.BytesIO(data), start=1):
            cells = row.count(b"\t") + 1
            if cells != width:
                hint = "Download the file from its publisher again."
                raise DataError.bad_row(path, line, "row", f"{width} cells", cells, hint=hint)


def rows(data: bytes, columns: int) -> int | None:
    """Rows, if each has so many cells, else None: of the tabs and the ends of lines, every `columns`-th must end a line."""
    text = np.frombuffer(data, np.uint8)
    seen = found = 0
    for at in range(0, len(text), _PIECE):
        piece = text[at : at + _PIECE]
        marks = piece[(piece == _TAB) | (piece == _NEWLINE)]
        ends = np.flatnonzero(marks == _NEWLINE) + (seen + 1)
        if (ends % columns).any():
            return None
        seen, found = seen + len(marks), found + len(ends)
    if not data.endswith(b"\n"):
        seen, found = seen + 1, found + 1
    return found if seen == found * columns else None
