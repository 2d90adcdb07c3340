"""Tables separated by tabs, with a header and without quoting: a cell holds what stands between two tabs."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from multipolar.errors import DataError
from multipolar.sources import files


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
    rows = data.count(b"\n") + (not data.endswith(b"\n"))
    if data.count(b"\t") != rows * (width - 1):
        for line, row in enumerate(io.BytesIO(data), start=1):
            cells = row.count(b"\t") + 1
            if cells != width:
                hint = "Download the file from its publisher again."
                raise DataError.bad_row(path, line, "row", f"{width} cells", cells, hint=hint)
