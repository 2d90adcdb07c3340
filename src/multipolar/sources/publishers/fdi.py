"""Direct investment between states: UNCTAD's bilateral statistics, 2001-2012.

A row is a pair of economies in a year, the first reporting: inflows from and outflows to the second in the year, and
the stocks held at its end, in millions of current US dollars. Outflows and outward stocks run from the first to the
second, inflows and inward stocks from the second to the first. So both sides may report one flow, with different figures. It
counts once: as its receiver reports it, or, where that reports nothing, as its sender does (`locator` names the
column); the other report is left out and counted. Flows may be negative, where investment was withdrawn. An empty
cell is not known; a zero is a zero as the file has it. Where a pair has several rows in a year (all of them of
Aruba), none is read.

The file here is the table of the R package wwmetrics (``CountryPair`` such as ``DEU-POL``); UNCTAD publishes one
workbook a country, which has to be brought into this form first.

**When known.** UNCTAD published the statistics in 2014. A year's figures come out in the course of the next and count
as known from its end.

Source: UNCTAD, Bilateral FDI Statistics 2014.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.record import Coverage, Source
from multipolar.sources import files, flows, who
from multipolar.sources.model import DataSource, LeftOut, Parsed, Reference, mostly_used, rows_between

COLUMNS: Final = {
    "pair": ("CountryPair",), "year": ("year",), "inflows": ("FDI_inflows",), "outflows": ("FDI_outflows",),
    "instock": ("FDI_instock",), "outstock": ("FDI_outstock",),
}  # fmt: skip
#: Column -> kind; who holds the investment follows from the direction.
KINDS: Final = {
    "inflows": "investment",
    "outflows": "investment",
    "instock": "investment_stock",
    "outstock": "investment_stock",
}
#: Codes in the file that are older or other than today's.
CODES: Final = {
    "ROM": "ROU",
    "ZAR": "COD",
    "TMP": "TLS",
    "YUG": "SRB",
    "SCG": "SRB",
    "WBG": "PSE",
    "KSV": "XKX",
    "HGK": "HKG",
}
MIRROR: Final = "the sender's report of a flow or stock that the receiver reports too"
SEVERAL: Final = "several rows for a pair and year: which of them is meant is not known"
FIRST_YEAR: Final = 2001
LAST_YEAR: Final = 2012
KEY: Final = "unctad-fdi:2014"
PAGE: Final = "https://unctad.org/topic/investment/investment-statistics-and-trends/bilateral-fdi-statistics"
CITATION: Final = (
    "UNCTAD (2014). Bilateral FDI Statistics 2014. United Nations Conference on Trade and Development, Geneva."
)
KNOWN: Final = pl.date(pl.col("year") + 1, 12, 31)


def parse(path: Path) -> Parsed:
    """Read the table of pairs and years (CSV or Parquet).

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no pair of codes, year or number.
    """
    packed = files.is_parquet(path)
    read = files.parquet(path, COLUMNS) if packed else files.table(path, files.content(path), COLUMNS, nulls=("NA",))
    frame = files.whole(files.given(read, path, "pair"), path, "year", FIRST_YEAR, date.today().year)
    files.refuse(frame, ~pl.col("pair").str.contains("^[A-Z]{3}-[A-Z]{3}$"), path, "pair", "two codes, as DEU-POL")
    several = frame.filter(pl.len().over("pair", "year") > 1)
    sides = frame.filter(pl.len().over("pair", "year") == 1).with_columns(
        one=pl.col("pair").str.slice(0, 3).replace(CODES), two=pl.col("pair").str.slice(4, 3).replace(CODES)
    )
    directions = {
        "inflows": ("two", "one"),
        "outflows": ("one", "two"),
        "instock": ("two", "one"),
        "outstock": ("one", "two"),
    }
    every = flows.cells(sides, ("year", "pair"), directions)
    told, blank = flows.empty(every)
    valued = files.decimal(told, path, "told", -1e7, 1e7).with_columns(value=pl.col("told") * 1e6)
    valued = valued.with_columns(told=pl.format("{} million USD", "told"))
    named, left = who.name_codes(valued, path, ("a", "b"), who.iso3({"SRB": ("YUG",)}), flows.TERRITORIES)
    once, mirrored = _told_once(named)
    where = pl.format("row {}: {} {} {}", files.ROW, "pair", "year", "column")
    kind = pl.col("column").replace_strict(KINDS)
    first, last = flows.years(frame, path)
    return Parsed(
        frames={"flow": flows.statements(once, KEY, kind, where, KNOWN)},
        sources=(_source(),),
        coverage=_coverage(first, last),
        label=f"UNCTAD bilateral FDI, {path.name}",
        layout="pairs",
        rows=every.height + len(directions) * several.height,
        left_out=(*_several(several, len(directions)), *blank, *left, *mirrored),
    )


def _told_once(named: pl.DataFrame) -> tuple[pl.DataFrame, tuple[LeftOut, ...]]:
    """One report of each flow and stock, the receiver's if there is one, and an account of the others."""
    kind, inward = pl.col("column").replace_strict(KINDS), pl.col("column").is_in(["inflows", "instock"])
    ranked = named.with_columns(kind=kind, inward=inward).sort("inward", descending=True, maintain_order=True)
    once = ranked.unique(["a", "b", "year", "kind"], keep="first", maintain_order=True).sort(files.ROW)
    lost = named.join(once.select(files.ROW, "column"), on=[files.ROW, "column"], how="anti")
    return once, (who.tally(lost, MIRROR, pl.col("pair")),) if lost.height else ()


def _several(frame: pl.DataFrame, cells: int) -> tuple[LeftOut, ...]:
    """The account of pairs that have several rows in a year."""
    names = tuple(frame["pair"].unique(maintain_order=True).head(3))
    return (LeftOut(SEVERAL, cells * frame.height, names),) if frame.height else ()


def _coverage(first: int, last: int) -> tuple[Coverage, ...]:
    return tuple(
        Coverage(
            KEY, "flow", kind, (), "both", date(year, 1, 1), date(year, 12, 31), "missing", known=date(year + 1, 12, 31)
        )
        for kind in sorted(set(KINDS.values()))
        for year in range(first, last + 1)
    )


def _source() -> Source:
    note = "Current US dollars. As the receiver reports it, else as the sender does. Ends 2012."
    return Source(KEY, SOURCE.publisher, SOURCE.title, date(2014, 12, 31), PAGE, SOURCE.licence, CITATION, note)


SOURCE: Final = DataSource(
    name="fdi",
    publisher="United Nations Conference on Trade and Development (UNCTAD)",
    title="Bilateral FDI Statistics 2014",
    citation=CITATION,
    licence="Free with attribution (UNCTAD).",
    redistributable=True,
    urls=(PAGE,),
    versions=("2014",),
    coverage=_coverage(FIRST_YEAR, LAST_YEAR),
    parse=parse,
    checks=(rows_between(271_484, 271_484), mostly_used(0.4)),
    files=("fdi_bilateral*.parquet", "fdi_bilateral*.csv"),
    references=(
        Reference("unctad2014fdi", "misc", ("{UNCTAD}",), 2014, "Bilateral FDI Statistics 2014", url=PAGE),
    ),
    by_hand=f"{PAGE} has one workbook a country; bring them into one table with the columns CountryPair, year, FDI_inflows, "
    "FDI_outflows, FDI_instock, FDI_outstock.",
)  # fmt: skip
