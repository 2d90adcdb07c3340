"""Deliveries of major arms by supplier, recipient and year, 1950-2021: SIPRI's tables of exports in millions of TIV.

A row is what a supplier delivered to a recipient in a year, as SIPRI's table for the supplier has it (whole millions;
0 is less than half a million). Unlike the register by deal, nothing is split over years. The file was put together
from those tables by 360info: it has 134 suppliers, so for any other absence is not known. It tells the same
deliveries as the register (source `sipri`): in a record with both, the indicator takes one.

A year is known from 31 March of the next, when SIPRI publishes it, or from the day of the release if that is earlier.

Source: SIPRI Arms Transfers Database, https://www.sipri.org/databases/armstransfers; 360info (2022),
report-arms-trade.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.record import Coverage, Source
from multipolar.sources import files, flows, who
from multipolar.sources.model import Check, DataSource, Parsed, mostly_used, rows_between
from multipolar.sources.publishers import sipri

COLUMNS: Final = {"a": ("supplier",), "b": ("recipient",), "year": ("year",), "told": ("value",)}
NAMES: Final[dict[str, str | tuple[str, ...]]] = {**sipri.NAMES, "Soviet Union": "RUS", "Germany": "DEU"}
#: A partner that the tables name without a mark.
PARTIES: Final = {"Libya GNC": "one side of a civil war, no state"}
FIRST_YEAR: Final = 1950
LAST_YEAR: Final = 2021
RELEASED: Final = date(2022, 3, 14)
KEY: Final = "sipri-pairs:2022"
URL: Final = "https://armstransfers.sipri.org/ArmsTransfer/ImportExport"


def parse(path: Path) -> Parsed:
    """Read the table (``supplier, recipient, year, value``; other columns are not read).

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no year, number or known name.
    """
    frame = files.table(path, files.content(path), COLUMNS)
    frame = files.whole(files.given(frame, path, *COLUMNS), path, "year", FIRST_YEAR, date.today().year)
    frame = files.once(frame, path, "a", "b", "year")
    valued = files.decimal(frame.with_columns(value=pl.col("told")), path, "value", 0.0, 1e6)
    outsiders = {
        name: why for name in set(valued["a"]) | set(valued["b"]) if (why := PARTIES.get(name) or sipri.outsider(name))
    }
    find = who.names(NAMES)
    named, left = who.name_codes(
        valued, path, ("a", "b"), lambda name: () if name in outsiders else find(name), outsiders
    )
    # Germany's and Russia's columns hold two states' years: each is one actor here, so years told twice are added up.
    sums = named.group_by("a", "b", "year", maintain_order=True).agg(
        pl.col("value").sum(), pl.col("told").str.join(" + "), lines=pl.col(files.ROW).cast(pl.String).str.join(" ")
    )
    known = pl.min_horizontal(pl.date(pl.col("year") + 1, 3, 31), pl.lit(RELEASED))
    where = pl.format("lines {}", "lines")
    first, last = flows.years(valued, path)
    suppliers = sorted(set(named["a"]))
    return Parsed(
        frames={"flow": flows.statements(sums, KEY, "arms", where, known, unit=sipri.UNIT)},
        sources=(_source(),),
        coverage=_coverage(first, last, suppliers),
        label=f"SIPRI TIV by pair, {path.name}",
        layout="pairs",
        rows=frame.height,
        left_out=left,
    )


def _coverage(first: int, last: int, suppliers: Sequence[str]) -> tuple[Coverage, ...]:
    """The suppliers of the file, all recipients: what is not listed was not delivered."""
    note = "major conventional arms delivered by the suppliers of the file"
    return tuple(
        Coverage(
            KEY, "flow", "arms", tuple(suppliers), "a", date(year, 1, 1), date(year, 12, 31), "zero", note,
            known=min(date(year + 1, 3, 31), max(RELEASED, date(year, 12, 31))),
        )
        for year in range(first, last + 1)
    )  # fmt: skip


def _source() -> Source:
    note = "Volumes of military capability (TIV), not prices; whole millions. 134 suppliers."
    return Source(KEY, SOURCE.publisher, SOURCE.title, RELEASED, URL, SOURCE.licence, SOURCE.citation, note)


def _delivered(a: str, b: str, year: int, tiv: float) -> Check:
    """A check of one delivery."""

    def failure(parsed: Parsed) -> str | None:
        got = flows.total(parsed, "arms", year, a, b)
        return None if got == tiv else str(got)

    return Check(f"{a} to {b} {year}", f"{tiv:g} million TIV delivered by {a} to {b} in {year}", failure)


SOURCE: Final = DataSource(
    name="sipri-pairs",
    publisher="Stockholm International Peace Research Institute (SIPRI)",
    title="SIPRI Arms Transfers Database, TIV of arms exports by pair, release of March 2022",
    citation="SIPRI Arms Transfers Database, Stockholm International Peace Research Institute, March 2022.",
    licence=sipri.SOURCE.licence,
    redistributable=False,
    urls=(URL,),
    versions=("March 2022",),
    coverage=_coverage(FIRST_YEAR, LAST_YEAR, ()),
    parse=parse,
    checks=(
        rows_between(21_000, 22_000),
        _delivered("RUS", "IND", 1990, 2164.0),
        _delivered("RUS", "CHN", 2015, 755.0),
        mostly_used(0.95),
    ),
    files=("sipri_exports_processed*.csv", "sipri_exports_processed*.csv.gz"),
    references=sipri.SOURCE.references,
    by_hand=f"Choose a supplier and 'TIV' on {URL}; put the tables of all suppliers into one with the columns supplier, "
    "recipient, year, value.",
)
