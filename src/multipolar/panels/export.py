"""Writing a panel: Parquet, CSV, Excel or Stata, each with its codebook, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from multipolar.errors import RecordError, UsageError
from multipolar.panels import excel, stata
from multipolar.panels.codebook import Codebook
from multipolar.record.files import TEMPORARY, move

if TYPE_CHECKING:
    from multipolar.panels.panel import Panel

#: Key under which Parquet metadata hold the codebook.
KEY: Final = b"multipolar"
#: What a spreadsheet takes for the beginning of a formula.
FORMULA: Final = r"^[=+\-@\t\r\n]"

Writer = Callable[[pl.DataFrame, Codebook, Path], None]


def write(panel: Panel, path: Path, *, named: bool = False) -> tuple[Path, ...]:
    """Write a panel (see `Panel.write`)."""
    suffix = checked(path, rows=panel.asked.grid.a.size)
    frame = with_sources(panel) if named else panel.frame
    codebook = panel.codebook
    whole(path, lambda temporary: WRITERS[suffix](frame, codebook, temporary))
    if suffix not in (".csv", ".dta"):
        return (path,)
    texts = {".json": codebook.json(), ".md": codebook.markdown()}
    beside = {path.with_name(f"{path.stem}.codebook{end}"): text for end, text in texts.items()}
    for place, text in beside.items():
        whole(place, _text_writer(text))
    return (path, *beside)


def _text_writer(text: str) -> Callable[[Path], None]:
    def put(temporary: Path) -> None:
        temporary.write_text(text, encoding="utf-8", newline="\n")

    return put


def checked(path: Path, *, rows: int = 0) -> str:
    """The format of a path, after making sure that a panel of so many rows can be put there.

    Raises
    ------
    UsageError
        If the ending is of no format, or the format does not hold so many rows.
    RecordError
        If the folder is not there or cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in WRITERS:
        raise UsageError(
            f"expected a file ending in {', '.join(WRITERS)}, got {path.name!r}", where=str(path),
            hint="The ending chooses the format: Parquet, CSV, Excel or Stata.",
        )  # fmt: skip
    if suffix == ".xlsx" and rows > excel.MOST_ROWS:
        raise UsageError(
            f"expected at most {excel.MOST_ROWS:,} rows for Excel, got {rows:,}", where=str(path),
            hint="Choose .parquet, .csv or .dta, or fewer years or states.",
        )  # fmt: skip
    hint = "Choose another place."
    if path.is_dir():
        raise RecordError("expected a file name for the panel, got a folder", where=str(path), hint=hint)
    if not path.parent.is_dir():
        raise RecordError("expected a folder that exists for the panel", where=str(path.parent), hint=hint)
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise RecordError("expected a folder for the panel that may be written to", where=str(path.parent), hint=hint)
    return suffix


def whole(path: Path, put: Callable[[Path], None]) -> None:
    """Let `put` write a file under another name, and rename it into place once it is whole.

    Raises
    ------
    RecordError
        If the system refuses; nothing is left behind.
    """
    temporary = path.with_name(path.name + TEMPORARY)
    try:
        put(temporary)
        move(temporary, path)
    except OSError as cause:
        raise RecordError.cannot_write(path, cause) from cause
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def with_sources(panel: Panel) -> pl.DataFrame:
    """The frame with the key of the source that filled each cell beside each column."""
    names = [each.output.name for each in panel.filled]
    ordered = [part for name in names for part in (name, f"{name}_source")]
    others = [name for name in panel.frame.columns if name not in names]
    return panel.frame.with_columns(panel.source_of(name) for name in names).select(*others, *ordered)


def _parquet(frame: pl.DataFrame, codebook: Codebook, path: Path) -> None:
    import pyarrow.parquet as pq

    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    pq.write_table(table.replace_schema_metadata({KEY: codebook.json().encode()}), path, compression="zstd")


def _csv(frame: pl.DataFrame, codebook: Codebook, path: Path) -> None:
    text = pl.col(pl.String)
    inert = pl.when(text.str.contains(FORMULA)).then(pl.lit("'") + text).otherwise(text)
    frame.with_columns(inert.name.keep()).write_csv(path)


WRITERS: Final[dict[str, Writer]] = {
    ".parquet": _parquet, ".csv": _csv, ".xlsx": excel.write, ".dta": stata.write,
}  # fmt: skip
