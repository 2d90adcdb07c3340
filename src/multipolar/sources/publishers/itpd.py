"""Sales of goods and services from state to state: the ITPD-E of the US International Trade Commission.

The International Trade and Production Database for Estimation gives, industry by industry, what administrative
statistics say: no figure in it is estimated. A statement is the sum over all industries that report a pair in a year
(kind ``sales``, current US dollars). Fewer industries report the latest years of an edition, so those totals are too
low; a pair that is not listed is not known. Two layouts are read:

- **industries**, the publisher's own: a row is an exporter, importer, year and industry, ``trade`` in millions of
  dollars;
- **pairs**: the same, summed over industries (``year, exporter_iso3, importer_iso3, value_usd``).

Rows of a state with itself are what it sells at home; they say nothing of two states and are left out. Columns are of
today's codes: `SRB` stands for Serbia and Montenegro before 2006.

**When known.** The first edition came out in 2021. The statistics behind a year come out in the course of the next,
so a year counts as known from the end of the next.

Source: Borchert, Larch, Shikher & Yotov (2021), International Economics 166: 140-166.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.errors import DataError
from multipolar.record import Coverage, Source
from multipolar.sources import files, flows, who
from multipolar.sources.model import Check, DataSource, Parsed, Reference, mostly_used, rows_between

PARTIES: Final = {"year": ("year",), "a": ("exporter_iso3",), "b": ("importer_iso3",)}
PAIRS: Final = {**PARTIES, "told": ("value_usd",)}
INDUSTRIES: Final = {**PARTIES, "industry": ("industry_id",), "told": ("trade",)}
#: Today's column -> the former state whose years it holds too.
FOLDED: Final = {"SRB": ("YUG",)}
FIRST_YEAR: Final = 1986
LAST_YEAR: Final = 2016
KEY: Final = "itpd-e"
PAGE: Final = "https://www.usitc.gov/data/gravity/itpde.htm"
CITATION: Final = (
    "Borchert, I., Larch, M., Shikher, S. & Yotov, Y. V. (2021). The International Trade and Production Database for "
    "Estimation (ITPD-E). International Economics 166: 140-166."
)
KNOWN: Final = pl.date(pl.col("year") + 1, 12, 31)


def parse(path: Path) -> Parsed:
    """Read the database by industry, or summed over industries (CSV or Parquet).

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code, year or number.
    """
    layout, frame = _read(path)
    valid = files.whole(files.given(frame, path, "a", "b", "told"), path, "year", FIRST_YEAR, date.today().year)
    valid = files.decimal(valid.with_columns(written=pl.col("told")), path, "told", 0.0, 1e15)
    key = ("a", "b", "year", "industry") if layout == "industries" else ("a", "b", "year")
    files.once(valid, path, *key)
    named, left = who.name_codes(valid, path, ("a", "b"), who.iso3(FOLDED), flows.TERRITORIES)
    sums = named.group_by("a", "b", "year", maintain_order=True).agg(
        value=pl.col("told").sum() * (1e6 if layout == "industries" else 1.0),
        told=pl.when(pl.len() == 1)
        .then(pl.col("written").first())
        .otherwise(pl.format("sum of {} industries", pl.len())),
        row=pl.col(files.ROW).min(),
        codes=pl.format("{}->{}", pl.col("code_a").first(), pl.col("code_b").first()),
    )
    where = pl.format("row {}: {} {}", "row", "codes", "year")
    first, last = flows.years(valid, path)
    edition = f"{KEY}:{first}-{last}"
    return Parsed(
        frames={"flow": flows.statements(sums, edition, "sales", where, KNOWN)},
        sources=(_source(edition, layout),),
        coverage=_coverage(edition, first, last),
        label=f"ITPD-E, {path.name}",
        layout=layout,
        rows=valid.height,
        left_out=left,
    )


def _read(path: Path) -> tuple[str, pl.DataFrame]:
    """The layout of the file, and its columns as text."""
    if files.is_parquet(path):
        return "pairs", files.parquet(path, PAIRS)
    data = files.content(path, member="*.csv")
    head = [name.strip().lower() for name in files.header_of(path, data)]
    layout: str = "industries" if "industry_id" in head else "pairs"
    columns: Mapping[str, tuple[str, ...]] = INDUSTRIES if layout == "industries" else PAIRS
    if layout == "industries" and "trade" not in head:
        got = f"none among {', '.join(head)}"
        raise DataError.bad_file(path, "the column trade", got, hint=f"Download the file from {PAGE}.")
    return layout, files.table(path, data, columns)


def _coverage(key: str, first: int, last: int) -> tuple[Coverage, ...]:
    note = "what industries reported; a pair that is not listed is not known"
    return tuple(
        Coverage(
            key, "flow", "sales", (), "both", date(year, 1, 1), date(year, 12, 31), "missing", note,
            known=date(year + 1, 12, 31),
        )
        for year in range(first, last + 1)
    )  # fmt: skip


def _source(key: str, layout: str) -> Source:
    note = (
        "Goods and services, current US dollars, summed over the industries that report; the last years are incomplete."
    )
    note += "" if layout == "industries" else " Summed before it was read."
    return Source(key, SOURCE.publisher, SOURCE.title, date(2021, 3, 31), PAGE, SOURCE.licence, CITATION, note)


def _sold(a: str, b: str, year: int, billions: float) -> Check:
    """A check of one total, to a billion dollars."""

    def failure(parsed: Parsed) -> str | None:
        if parsed.layout != "pairs":
            return None  # other editions differ
        got = flows.total(parsed, "sales", year, a, b)
        return None if got is not None and abs(got / 1e9 - billions) <= 1.0 else str(got)

    return Check(f"{a} to {b} {year}", f"{billions:g} billion USD sold by {a} to {b} in {year}", failure)


SOURCE: Final = DataSource(
    name="itpd",
    publisher="United States International Trade Commission",
    title="International Trade and Production Database for Estimation (ITPD-E)",
    citation=CITATION,
    licence="Work of the United States government, public domain; cite the article.",
    redistributable=True,
    urls=(PAGE,),
    versions=("R01 (2000-2016)", "R02", "R03"),
    coverage=_coverage(f"{KEY}:2000-{LAST_YEAR}", 2000, LAST_YEAR),
    parse=parse,
    checks=(
        rows_between(400_000, 500_000, layout="pairs"),
        rows_between(1_000_000, 100_000_000, layout="industries"),
        _sold("USA", "CHN", 2016, 153.6),
        _sold("CHN", "USA", 2016, 455.9),
        mostly_used(0.9),
    ),
    files=("ITPD_E_R*.csv", "ITPDE_R*.csv", "ITPDE_R*.zip", "itpd_pairs*.parquet"),
    references=(
        Reference(
            "borchert2021itpde",
            "article",
            ("Borchert, Ingo", "Larch, Mario", "Shikher, Serge", "Yotov, Yoto V."),
            2021,
            "The International Trade and Production Database for Estimation (ITPD-E)",
            "International Economics",
            "166",
            "140-166",
        ),
    ),
    by_hand=f"Choose an edition on {PAGE} and download its CSV.",
)
