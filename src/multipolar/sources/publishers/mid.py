"""Militarised disputes: directed dispute-dyad-years of GML and of the Correlates of War → ties.

One statement a dispute, pair and run of consecutive years; its value is the highest level of hostility that either of
the two reached in that dispute (1 none, 2 threat, 3 display, 4 use of force, 5 war). Days are those of the month in
which the dispute began or ended where the file tells the month, else those of the year. A dispute is known from the end
of its first year, or from its own end if that is earlier.

Both projects code the same disputes: GML (Gibler, Miller & Little) is a correction of COW's list up to 2010. Take one.

Sources: Gibler, Miller & Little (2016), ISQ 60(4): 719-730, doi:10.1093/isq/sqw045; Palmer et al. (2022), CMPS 39(4):
470-482, doi:10.1177/0738894221995743.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.errors import DataError
from multipolar.record import Coverage, Source
from multipolar.sources import files, who
from multipolar.sources.model import Check, DataSource, Parsed, mostly_used, rows_between
from multipolar.sources.spells import FIRST_DAY, LAST_DAY, period, spells

COLUMNS: Final = {
    "dispute": ("dispnum", "dispnum3", "disno"),
    "a": ("ccode1", "statea"),
    "b": ("ccode2", "stateb"),
    "year": ("year",),
    "level_a": ("hostlev1", "hostleva"),
    "level_b": ("hostlev2", "hostlevb"),
}
MONTHS: Final = {"stmon": ("stmon",), "endmon": ("endmon",)}
#: Columns that only one project's file has.
MARKS: Final = {"gml": ("gmlmidonset", "midonset", "version"), "cow": ("cowmidonset", "disponset")}
LAST_YEAR: Final = {"gml": 2010, "cow": 2014}
VERSION: Final = {"gml": "gml-mid:2.2.1", "cow": "cow-mid:5.0"}
NAME: Final = {"gml": "mid-gml", "cow": "mid-cow"}
#: COW's codes for "missing".
NULLS: Final = ("NA", "-9", "-9.0")

GML_CITATION: Final = (
    "Gibler, D. M., Miller, S. V. & Little, E. K. (2016). An Analysis of the Militarized Interstate Dispute (MID) "
    "Dataset, 1816-2001. International Studies Quarterly 60(4): 719-730. Data: version 2.2.1."
)
COW_CITATION: Final = (
    "Palmer, G. et al. (2022). The MID5 Dataset, 2011-2014: Procedures, Coding Rules, and Description. Conflict "
    "Management and Peace Science 39(4): 470-482. Data: MID 5.0."
)


def parse(path: Path) -> Parsed:
    """Read directed dispute-dyad-years of either project; the header tells which.

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code, year or level.
    """
    data = files.content(path)
    project = _project(path, files.header_of(path, data))
    frame = files.table(path, data, COLUMNS, optional=MONTHS, nulls=NULLS)
    frame, odd = _typed(frame, path, LAST_YEAR[project])
    named, left = who.name_codes(frame, path, ("a", "b"), who.cow)
    runs = _runs(named)
    source = SOURCE_GML if project == "gml" else SOURCE_COW
    return Parsed(
        frames={"tie": _statements(runs, project)},
        sources=(_source(source, project),),
        coverage=coverage(project),
        label=f"{source.title}, {path.name}",
        layout=project,
        rows=frame.height,
        left_out=left,
        remarks=(f"{odd} cells of stmon or endmon are no month (1 to 12) and were taken as not known",) if odd else (),
    )


def _project(path: Path, header: list[str]) -> str:
    names = {name.strip().lower() for name in header}
    found = [project for project, marks in MARKS.items() if names.intersection(marks)]
    if len(found) != 1:
        expected = (
            f"directed dyad-years of GML (with {MARKS['gml'][0]} or midonset) or COW (with {' or '.join(MARKS['cow'])})"
        )
        raise DataError.bad_file(path, expected, f"the columns {', '.join(header[:12])}", hint="Name the dyadic file.")
    return found[0]


def _typed(frame: pl.DataFrame, path: Path, last_year: int) -> tuple[pl.DataFrame, int]:
    """Numbers in their ranges, and how many months were none."""
    for name, low, high in (("dispute", 1, 99_999), ("a", 1, 999), ("b", 1, 999), ("year", 1816, last_year)):
        frame = files.whole(frame, path, name, low, high)
    for name in ("level_a", "level_b"):
        frame = files.whole(frame, path, name, 1, 5, null=True)
    for name in MONTHS:
        frame = files.whole(frame, path, name, 0, 99, null=True)
    odd = sum(int(frame.select((~pl.col(name).is_between(1, 12)).sum())[0, 0] or 0) for name in MONTHS)
    months = [pl.when(pl.col(name).is_between(1, 12)).then(pl.col(name)).alias(name) for name in MONTHS]
    return files.once(frame.with_columns(months), path, "dispute", "a", "b", "year"), odd


def _runs(named: pl.DataFrame) -> pl.DataFrame:
    """One row a dispute, unordered pair and run of years, with the highest level and the dispute's months."""
    span = named.group_by("dispute").agg(begun=pl.col("year").min(), ended=pl.col("year").max())
    pairs = (
        named.with_columns(
            low=pl.min_horizontal("a", "b"),
            high=pl.max_horizontal("a", "b"),
            level=pl.max_horizontal("level_a", "level_b"),
        )
        .group_by("dispute", "low", "high", "year")
        .agg(pl.col("level").max(), pl.col(files.ROW, "stmon", "endmon").min())
        .with_columns(level=pl.col("level").max().over("dispute", "low", "high"))
    )
    found = spells(pairs, ("dispute", "low", "high"), keep=("level", "stmon", "endmon"))
    return found.join(span, on="dispute", how="left")


def _statements(runs: pl.DataFrame, project: str) -> pl.DataFrame:
    first_month = pl.when((pl.col("first") == pl.col("begun")) & pl.col("stmon").is_not_null())
    last_month = pl.when((pl.col("last") == pl.col("ended")) & pl.col("endmon").is_not_null())
    begin = first_month.then(pl.date("first", "stmon", 1)).otherwise(FIRST_DAY)
    end = last_month.then(pl.date("last", "endmon", 1).dt.month_end()).otherwise(LAST_DAY)
    years = period(pl.col("first"), pl.col("last"))
    return runs.select(
        a="low",
        b="high",
        kind=pl.lit("dispute"),
        valid_from=begin,
        valid_to=pl.max_horizontal(end, begin),
        known_from=pl.min_horizontal(pl.date("first", 12, 31), pl.max_horizontal(end, begin)),
        source=pl.lit(VERSION[project]),
        locator=pl.format("dispute {}, row {}: {}-{} {}", "dispute", "row", "low", "high", years),
        original=pl.format("highest hostlev {}", pl.col("level").cast(pl.String).fill_null("-9")),
        value=pl.col("level").cast(pl.Float64),
        unit=pl.lit("level of hostility, 1 to 5"),
        ref=pl.format("MID {}", "dispute"),
        text=pl.format("militarised dispute {}", "dispute"),
    )  # fmt: skip


def coverage(project: str) -> tuple[Coverage, ...]:
    """Every dispute of the states in the COW system is meant to be there: a pair that is not had none."""
    first, last = date(1816, 1, 1), date(LAST_YEAR[project], 12, 31)
    note = "all pairs of states in the Correlates of War system"
    return (Coverage(VERSION[project], "tie", "dispute", (), "both", first, last, "zero", note),)


def _source(source: DataSource, project: str) -> Source:
    note = f"Ends {LAST_YEAR[project]}. Where a month is not told, days stand for the whole year."
    return Source(
        VERSION[project], source.publisher, source.title, None, source.urls[0], source.licence, source.citation, note
    )


def _reached(a: str, b: str, year: int, level: int) -> Check:
    """A check that the pair's most hostile dispute of a year reached a level."""

    def failure(parsed: Parsed) -> str | None:
        ties = parsed.frame("tie").filter(
            pl.col("a") == a,
            pl.col("b") == b,
            pl.col("valid_from").dt.year() <= year,
            pl.col("valid_to").dt.year() >= year,
        )
        got = max(ties["value"].drop_nulls().to_list(), default=None)
        return None if got == level else str(got)

    return Check(f"{a}-{b} {year}", f"a dispute of level {level} between {a} and {b} in {year}", failure)


_CHECKS: Final = (
    mostly_used(0.98),
    _reached("CUB", "USA", 1962, 4),
    _reached("IRQ", "KWT", 1990, 5),
    _reached("GBR", "RUS", 1854, 5),
)

SOURCE_GML: Final = DataSource(
    name=NAME["gml"],
    publisher="Gibler, Miller & Little",
    title="GML Militarized Interstate Disputes 2.2.1, directed dyad-years",
    citation=GML_CITATION,
    licence="Free for academic use with citation.",
    redistributable=False,
    urls=("https://dmgibler.people.ua.edu/mid-data.html", "https://svmiller.com/gml-mid-data/"),
    versions=("2.2.1",),
    coverage=coverage("gml"),
    parse=parse,
    checks=(rows_between(10_276, 10_276), *_CHECKS),
    files=("gml_dirdisp.csv", "gml_dirdisp.csv.gz"),
)
SOURCE_COW: Final = replace(
    SOURCE_GML,
    name=NAME["cow"],
    publisher="Correlates of War Project",
    title="Militarized Interstate Disputes 5.0, directed dispute-dyad-years",
    citation=COW_CITATION,
    urls=("https://correlatesofwar.org/data-sets/MIDs/",),
    versions=("5.0",),
    coverage=coverage("cow"),
    checks=(rows_between(11_390, 11_390), _reached("ARG", "GBR", 1982, 5), *_CHECKS),
    files=("cow_mid_dirdisps.csv", "cow_mid_dirdisps.csv.gz"),
)
