"""A panel as a Stata file: variable labels, value labels, missing kept.

Stata's notes cannot be written by `pyreadstat`: the codebook lies beside the file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from multipolar.panels.codebook import Codebook

#: Longest name of a variable, and longest label.
MOST_NAME: Final = 32
MOST_LABEL: Final = 80
_LEVELS: Final[dict[str, tuple[str, ...]]] = {
    "alliance_depth": ("none", "consultation", "neutrality or nonaggression", "defence or offence"),
    "dispute_level": ("no dispute", "no militarised action", "threat", "display of force", "use of force", "war"),
    "armed_conflict": ("none", "minor", "war"),
    "internal_conflict": ("none", "minor", "war"),
    "contiguity": ("not", "by land", "up to 12 miles", "up to 24 miles", "up to 150 miles", "up to 400 miles"),
    "regime": ("closed autocracy", "electoral autocracy", "electoral democracy", "liberal democracy"),
    "nuclear_status": ("none", "explored", "pursued", "held"),
}
_IDS: Final = {"a": "state a", "b": "state b", "state": "state", "year": "year", "month": "month (1 to 12)"}


def write(frame: pl.DataFrame, codebook: Codebook, path: Path) -> None:
    """Write the file (dta version 118, Stata 14 and later)."""
    import pyreadstat

    labels = {**_IDS, **{entry.name: entry.label[:MOST_LABEL] for entry in codebook.entries}}
    named: list[str | None] = [labels.get(name, name)[:MOST_LABEL] for name in frame.columns]
    pyreadstat.write_dta(
        frame,
        str(path),
        file_label=f"multipolar {codebook.unit}, {codebook.since}-{codebook.until}, as known {codebook.as_of}"[
            :MOST_LABEL
        ],
        column_labels=named,
        variable_value_labels=levels(frame.columns),
    )


def levels(names: list[str]) -> dict[str, dict[float, str]]:
    """Value labels by variable."""
    found = {name: _LEVELS.get(name) or _LEVELS.get(name.removesuffix("_a").removesuffix("_b")) for name in names}
    return {name: {float(n): text for n, text in enumerate(texts)} for name, texts in found.items() if texts}
