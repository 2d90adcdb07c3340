"""Trade of the Correlates of War project: bilateral flows of goods, and the totals of each state, 1870-2014.

**Bilateral.** A row is a pair of states in a year; `flow1` is what state 1 imported from state 2, `flow2` what state
2 imported from state 1, in millions of current US dollars. Each becomes one statement of what the exporter sold to
the importer (kind ``exports``), in dollars. A cell of 0 is a statement of 0 (the R package peacesciencer rounds to
whole millions: there 0 is less than half a million); an empty cell, or -9, is not known and makes no statement. The
columns of smoothed flows, which fill gaps by interpolation, are not read.

**National.** Imports and exports of a state in a year become traits ``imports_total`` and ``exports_total``, in
dollars.

**When known.** The project published version 4.0 in 2017. The statistics that it compiles came out in the course of
the following year, so a year counts as known from the end of the next: the rule says when the trade of a year could
be known, not when this edition of it appeared.

Sources: Barbieri, Keshk & Pollins (2009), Conflict Management and Peace Science 26(5): 471-491; Barbieri & Keshk
(2016), COW Trade Data Set Codebook, version 4.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.record import Coverage, Form, Source
from multipolar.sources import files, flows, who
from multipolar.sources.model import Check, DataSource, Download, Parsed, Reference, mostly_used, rows_between

COLUMNS: Final = {"one": ("ccode1",), "two": ("ccode2",), "year": ("year",), "flow1": ("flow1",), "flow2": ("flow2",)}
NATIONAL: Final = {"a": ("ccode",), "year": ("year",), "imports": ("imports",), "exports": ("exports",)}
#: Cells that stand for "not known".
NULLS: Final = ("-9", "-9.0", "-9.00000", "NA", "")
FIRST_YEAR: Final = 1870
LAST_YEAR: Final = 2014
MILLION: Final = 1e6
KEY: Final = "cow-trade:4.0"
KEY_NATIONAL: Final = "cow-trade-national:4.0"
PAGE: Final = "https://correlatesofwar.org/data-sets/bilateral-trade/"
CITATION: Final = (
    "Barbieri, K., Keshk, O. M. G. & Pollins, B. (2009). Trading Data: Evaluating our Assumptions and Coding Rules. "
    "Conflict Management and Peace Science 26(5): 471-491. Data: COW Trade, version 4.0."
)
WORK: Final = Reference(
    "barbieri2009trading", "article", ("Barbieri, Katherine", "Keshk, Omar M. G.", "Pollins, Brian M."), 2009,
    "Trading Data: Evaluating our Assumptions and Coding Rules", "Conflict Management and Peace Science", "26", "471-491",
)  # fmt: skip
CODEBOOK: Final = Reference(
    "barbieri2016cowtrade", "misc", ("Barbieri, Katherine", "Keshk, Omar M. G."), 2016,
    "Correlates of War Project Trade Data Set Codebook, Version 4.0", url=PAGE,
)  # fmt: skip
#: The end of the following year.
KNOWN: Final = pl.date(pl.col("year") + 1, 12, 31)


def parse(path: Path) -> Parsed:
    """Read the dyadic file (``Dyadic_COW_4.0.csv``, alone or in the project's zip; or the same columns as Parquet).

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code, year or number.
    """
    frame = _read(path, COLUMNS, "*dyadic*.csv")
    for name in ("one", "two"):
        frame = files.whole(frame, path, name, 1, 999)
    frame = files.once(files.whole(frame, path, "year", FIRST_YEAR, date.today().year), path, "one", "two", "year")
    every = flows.cells(frame, ("year",), {"flow1": ("two", "one"), "flow2": ("one", "two")})
    told, blank = flows.empty(every)
    valued = files.decimal(told, path, "told", 0.0, 1e8).with_columns(value=pl.col("told") * MILLION)
    valued = valued.with_columns(told=pl.format("{} million USD", pl.col("told")))
    found, left = who.name_codes(valued, path, ("a", "b"), who.cow)
    named, again = flows.code_that_goes_on(found)
    where = pl.format("row {}: {}, {}->{} {}", files.ROW, "column", "code_a", "code_b", "year")
    first, last = flows.years(frame, path)
    return Parsed(
        frames={"flow": flows.statements(named, KEY, "exports", where, KNOWN)},
        sources=(_source(SOURCE, KEY),),
        coverage=_coverage(KEY, "flow", ("exports",), first, last),
        label=f"COW trade, bilateral, {path.name}",
        layout="dyadic",
        rows=every.height,
        left_out=(*blank, *left, *again),
    )


def parse_national(path: Path) -> Parsed:
    """Read the national file (``National_COW_4.0.csv``; or the columns of the R package).

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code, year or number.
    """
    frame = files.whole(_read(path, NATIONAL, "*national*.csv"), path, "a", 1, 999)
    frame = files.once(files.whole(frame, path, "year", FIRST_YEAR, date.today().year), path, "a", "year")
    frame = frame.with_columns(b=pl.col("a"))
    every = flows.cells(frame, ("year",), {"imports": ("a", "b"), "exports": ("a", "b")})
    told, blank = flows.empty(every, pl.col("a").cast(pl.String))
    valued = files.decimal(told, path, "told", 0.0, 1e8).with_columns(value=pl.col("told") * MILLION)
    named, left = who.name_codes(valued.drop("b"), path, ("a",), who.cow)
    statements = named.select(
        "a",
        kind=pl.format("{}_total", "column"),
        valid_from=pl.date("year", 1, 1),
        valid_to=pl.date("year", 12, 31),
        known_from=KNOWN,
        source=pl.lit(KEY_NATIONAL),
        locator=pl.format("row {}: {} {} {}", files.ROW, "column", "code_a", "year"),
        original=pl.format("{} million USD", "told"),
        value="value",
        unit=pl.lit("USD"),
        text=pl.format("all goods, {}", "column"),
    )
    first, last = flows.years(frame, path)
    return Parsed(
        frames={"trait": statements},
        sources=(_source(SOURCE_NATIONAL, KEY_NATIONAL),),
        coverage=_coverage(KEY_NATIONAL, "trait", ("exports_total", "imports_total"), first, last),
        label=f"COW trade, national, {path.name}",
        layout="national",
        rows=every.height,
        left_out=(*blank, *left),
    )


def _read(path: Path, columns: Mapping[str, tuple[str, ...]], member: str) -> pl.DataFrame:
    if files.is_parquet(path):
        return files.parquet(path, columns)
    return files.table(path, files.content(path, member=member), columns, nulls=NULLS)


def _coverage(key: str, form: Form, kinds: tuple[str, ...], first: int, last: int) -> tuple[Coverage, ...]:
    """Year by year as it could be known; an absent flow is not known (zeros are in the file)."""
    return tuple(
        Coverage(
            key, form, kind, (), "both" if form == "flow" else "a", date(year, 1, 1), date(year, 12, 31), "missing",
            known=date(year + 1, 12, 31),
        )
        for kind in kinds
        for year in range(first, last + 1)
    )  # fmt: skip


def _source(source: DataSource, key: str) -> Source:
    note = "Current US dollars. Ends 2014. A zero in the file is a zero, an empty cell is not known."
    return Source(key, source.publisher, source.title, date(2017, 1, 31), PAGE, source.licence, CITATION, note)


def _imports(year: int, importer: str, exporter: str, millions: float) -> Check:
    """A check of one flow, to a million dollars."""

    def failure(parsed: Parsed) -> str | None:
        got = flows.total(parsed, "exports", year, exporter, importer)
        return None if got is not None and abs(got / MILLION - millions) <= 1.0 else str(got)

    expected = f"{millions:,.0f} million USD imported by {importer} from {exporter} in {year}"
    return Check(f"{importer} from {exporter} {year}", expected, failure)


LICENCE: Final = "Free for academic use with citation (Correlates of War terms)."

SOURCE: Final = DataSource(
    name="cow-trade",
    publisher="Correlates of War Project (Barbieri & Keshk)",
    title="COW Trade, version 4.0: bilateral trade",
    citation=CITATION,
    licence=LICENCE,
    redistributable=False,
    urls=(PAGE,),
    versions=("4.0",),
    coverage=_coverage(KEY, "flow", ("exports",), FIRST_YEAR, LAST_YEAR),
    parse=parse,
    checks=(
        rows_between(1_200_000, 2_000_000),
        _imports(2014, "USA", "CHN", 472_525),
        _imports(2014, "CHN", "USA", 183_283),
        mostly_used(0.9),
    ),
    files=("Dyadic_COW_4.0.csv", "COW_Trade_4.0.zip", "cow_trade_dyadic*.parquet"),
    references=(WORK, CODEBOOK),
    downloads=(Download("https://correlatesofwar.org/wp-content/uploads/COW_Trade_4.0.zip", "COW_Trade_4.0.zip"),),
    by_hand=f"Download COW_Trade_4.0.zip from {PAGE}.",
)

SOURCE_NATIONAL: Final = DataSource(
    name="cow-trade-national",
    publisher="Correlates of War Project (Barbieri & Keshk)",
    title="COW Trade, version 4.0: national trade",
    citation=CITATION,
    licence=LICENCE,
    redistributable=False,
    urls=(PAGE,),
    versions=("4.0",),
    coverage=_coverage(KEY_NATIONAL, "trait", ("exports_total", "imports_total"), FIRST_YEAR, LAST_YEAR),
    parse=parse_national,
    checks=(rows_between(28_000, 32_000), mostly_used(0.85)),
    files=("National_COW_4.0.csv", "cow_trade_sy.csv", "cow_trade_sy.csv.gz", "COW_Trade_4.0.zip"),
    references=(WORK, CODEBOOK),
    downloads=SOURCE.downloads,
    by_hand=SOURCE.by_hand,
)
