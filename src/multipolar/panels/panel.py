"""A panel: a frame for statistics, its codebook, and the way back from each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from multipolar import __version__
from multipolar.errors import UsageError
from multipolar.panels.codebook import Codebook, codebook, entry
from multipolar.panels.model import JOINT, Asked, Filled
from multipolar.panels.rows import state_id, with_codes
from multipolar.panels.trace import Trace, trace
from multipolar.record import Source
from multipolar.sources.cite import cite

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped]


@dataclass(frozen=True, eq=False)
class Panel:
    """Rows of states or pairs and periods, and what the record says of each (see `build`).

    Attributes
    ----------
    asked : Asked
        What was asked for.
    living : DataFrame
        The states by period, with names and codes.
    filled : tuple of Filled
        The columns.
    codes : tuple of str
        Codes carried beside our ids.
    relevant : bool
        Whether only politically relevant pairs are rows.
    """

    asked: Asked
    living: pl.DataFrame
    filled: tuple[Filled, ...]
    codes: tuple[str, ...] = ()
    relevant: bool = False

    @property
    def sides(self) -> tuple[str, ...]:
        """Names of the columns that hold the states' ids."""
        return ("state",) if self.asked.unit == "state-year" else ("a", "b")

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The panel: ids, year (and month), codes, and the columns; sorted, null where missing."""
        grid = self.asked.grid
        ids = pl.Series(grid.actors, dtype=pl.String)
        made = pl.DataFrame(
            [
                ids.gather(pl.Series(array)).alias(name)
                for name, array in zip(self.sides, (grid.a, grid.b), strict=False)
            ]
        ).with_columns(period=pl.Series(grid.period, dtype=pl.Int32))
        if self.codes:
            made = with_codes(made, self.living, self.sides, self.codes)
        values = [pl.Series(each.output.name, each.value, nan_to_null=True) for each in self.filled]
        return made.with_columns(values).select(*self.sides, *self._when, pl.exclude(*self.sides, "period"))

    @property
    def _when(self) -> list[pl.Expr]:
        period = pl.col("period")
        if not self.asked.grid.clock.monthly:
            return [period.alias("year")]
        return [(period // 12).alias("year"), (period % 12 + 1).alias("month")]

    def to_pandas(self) -> pd.DataFrame:
        """The frame for pandas.

        Raises
        ------
        UsageError
            If pandas is not installed.
        """
        import narwhals as nw

        try:
            return nw.from_native(self.frame, eager_only=True).to_pandas()
        except ModuleNotFoundError as missing:
            hint = "Install it, or use `.frame` (polars) or `.to_arrow()`."
            raise UsageError(f"expected {missing.name} to be installed for pandas frames", hint=hint) from None

    def to_arrow(self) -> Any:
        """The frame as a `pyarrow.Table`."""
        import narwhals as nw

        return nw.from_native(self.frame, eager_only=True).to_arrow()

    @cached_property
    def sources(self) -> dict[str, Source]:
        """The sources that filled any cell, by key."""
        used = {key for each in self.filled for label in _labels(each) for key in label.split(JOINT)}
        known = self.asked.view.sources()
        return {key: known[key] for key in sorted(used & set(known))}

    def source_of(self, name: str) -> pl.Series:
        """For each row, the key of the source that filled a column; null where it is missing.

        Raises
        ------
        UsageError
            If there is no such column.
        """
        filled = self._column(name)
        keys = pl.Series(filled.sources, dtype=pl.String)
        places = pl.Series(filled.source.astype(np.int32)).replace(-1, None)
        return keys.gather(places).alias(f"{name}_source")

    @cached_property
    def codebook(self) -> Codebook:
        """What the panel says of itself."""
        described = self.asked.view.sources()
        entries = [entry(self.asked, each, described) for each in self.filled]
        cells = dict.fromkeys(self.sources, 0)
        for each in entries:
            for used in each.sources:
                if used.key in cells:
                    cells[used.key] += used.cells
        citations = cite(cells, described, self.asked.view.as_of, __version__)
        return codebook(self.asked, entries, citations, relevant=self.relevant, version=__version__)

    def trace(self, a: str, b: str | None, when: int | str | date, column: str) -> Trace:
        """What a cell rests on: its statements; or the coverage that says zero; or why it is missing.

        Parameters
        ----------
        a, b : str
            Names or ids of the row's states; `b` is None where rows are states. The order counts in a directed panel.
        when : year, month or date
            The row's period, such as 1995 or ``"1995-03"``.
        column : str
            Name of a column of this panel; ``exports_ab`` is what `a` exports to `b`, in whichever order you name them.

        Raises
        ------
        UsageError
            If there is no such column or row.
        ActorError
            If a state is not known.
        """
        period = self.asked.grid.clock.read(when)
        day = self.asked.grid.clock.ends(period)
        ids = [state_id(name, day) for name in (a, b) if name is not None]
        if len(ids) != len(self.sides):
            raise UsageError(f"expected {len(self.sides)} states for a row, got {len(ids)}")
        ordered, name = self._in_order(ids, column)
        filled = self._column(name)
        row = self._row(ordered, period)
        place = int(filled.source[row])
        key = filled.sources[place] if place >= 0 else ""
        return trace(self.asked, filled.output, row, float(filled.value[row]), key)

    def _in_order(self, ids: Sequence[str], column: str) -> tuple[list[str], str]:
        """The pair as the rows have it, and the column seen from there."""
        if len(ids) < 2 or self.asked.directed or ids[0] < ids[1]:
            return list(ids), column
        turned = {"_ab": "_ba", "_ba": "_ab", "_a": "_b", "_b": "_a"}
        names = {each.output.name for each in self.filled if each.output.side}
        for end, other in turned.items():
            if column in names and column.endswith(end):
                return [ids[1], ids[0]], column.removesuffix(end) + other
        return [ids[1], ids[0]], column

    def _row(self, ids: Sequence[str], period: int) -> int:
        grid = self.asked.grid
        places = [grid.index.get(name, -1) for name in (*ids, *ids)[:2]]
        found = np.flatnonzero((grid.a == places[0]) & (grid.b == places[1]) & (grid.period == period))
        if not found.size:
            who = " and ".join(ids)
            hint = "They may not have existed then: `multipolar resolve NAME` tells when they did."
            raise UsageError(f"expected a row of the panel, got {who} in {grid.clock.text(period)}", hint=hint)
        return int(found[0])

    def _column(self, name: str) -> Filled:
        named = {each.output.name: each for each in self.filled}
        if name not in named:
            raise UsageError.unknown("column of this panel", name, named)
        return named[name]

    def write(self, path: str | Path, *, named: bool = False) -> tuple[Path, ...]:
        """Write the panel and its codebook: Parquet, CSV, Excel or Stata, by the ending of the name.

        Parameters
        ----------
        path : str or Path
            Where; a file that is there is replaced once the new one is whole.
        named : bool
            Add ``NAME_source`` for each column: the key of the source that filled the cell.

        Returns
        -------
        tuple of Path
            The files written: the panel, and the codebook where the format cannot hold all of it.

        Raises
        ------
        UsageError
            If the ending is none of these, or the panel does not fit the format.
        RecordError
            If the file cannot be written; nothing is left half written.
        """
        from multipolar.panels.export import write

        return write(self, Path(path), named=named)


def _labels(filled: Filled) -> list[str]:
    """The sources of a column that filled any cell."""
    counts = np.bincount(filled.source[filled.source >= 0], minlength=len(filled.sources))
    return [label for label, count in zip(filled.sources, counts, strict=False) if count]
