"""Neighbours and distances of the states in the Correlates of War system → ties.

**Direct contiguity** (v3.2, 1816-2016): a tie ``contiguity`` a pair and period; value 1 by land or river, 2 to 5 across
at most 12, 24, 150 or 400 miles of water. The file gives months: a period begins on the first day of its first month and
ends on the last of its last, or the day before the pair's next period begins; one that runs to the end of the list
(December 2016) has no end. Rows of type 0 say that there was no contiguity and are left out: within the coverage, a pair
without a statement was not contiguous. Both directions of a pair say the same; it becomes one statement.

**Minimum distance** (1886-2019): a tie ``distance`` (km, `ref` ``mindist``): the shortest way between the two states'
territories, 0 for neighbours by land, computed by Miller from the CShapes 2.0 maps of Schvitz and others. Years of equal
distance are one statement; one that runs to the last year of the file has no end. Distances to the sixth decimal are
kept as they are.

A border can be seen on the day on which it comes into being, so both are known from their first day.

Sources: Stinnett, Tir, Schafer, Diehl & Gochman (2002), CMPS 19(2): 59-67, doi:10.1177/073889420201900203; Schvitz et
al. (2022), Journal of Conflict Resolution 66(1): 144-161, doi:10.1177/00220027211013563; Miller (2022), CMPS 39(6):
755-779, doi:10.1177/07388942221077926.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.record import Coverage, Source
from multipolar.sources import files, periods, who
from multipolar.sources.model import Check, DataSource, Download, Parsed, Reference, mostly_used, rows_between
from multipolar.sources.spells import FIRST_DAY, open_ended, period, spells

CONTIGUITY: Final = {
    "a": ("statelno", "ccode1"),
    "b": ("statehno", "ccode2"),
    "type": ("conttype",),
    "first": ("begin", "stdate"),
    "last": ("end", "enddate"),
}
DISTANCE: Final = {"a": ("ccode1",), "b": ("ccode2",), "year": ("year",), "km": ("mindist",)}
KEY_CONTIGUITY: Final = "cow-contiguity:3.2"
KEY_DISTANCE: Final = "cow-mindist:2019"
LAST_MONTH: Final = date(2016, 12, 31)
YEARS: Final = (1886, 2019)
WORDS: Final = {
    1: "by land or river",
    2: "across at most 12 miles of water",
    3: "across at most 24 miles of water",
    4: "across at most 150 miles of water",
    5: "across at most 400 miles of water",
}


def parse_contiguity(path: Path) -> Parsed:
    """Read the periods of direct contiguity (``contdir.csv``; not the yearly ``contdird.csv``).

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code, type or month.
    """
    frame = files.table(path, files.content(path, member="contdir.csv"), CONTIGUITY)
    for name, low, high in (("a", 1, 999), ("b", 1, 999), ("type", 0, 5)):
        frame = files.whole(frame, path, name, low, high)
    frame = _month(_month(frame, path, "first"), path, "last").with_columns(pl.col("last").dt.month_end())
    files.refuse(frame, pl.col("last") < pl.col("first"), path, "last", "a month not before the first")
    near = files.once(frame, path, "a", "b", "first").filter(pl.col("type") > 0)
    found = periods.name_periods(near, path, ("a", "b"), who.cow)
    label = pl.format("{}-{} {}", "a", "b", "first")
    return Parsed(
        frames={"tie": _neighbours(found)},
        sources=(_source(SOURCE_CONTIGUITY, KEY_CONTIGUITY),),
        coverage=coverage_contiguity(),
        label=f"{SOURCE_CONTIGUITY.title}, {path.name}",
        layout="periods",
        rows=frame.height,
        left_out=(
            *periods.unused(frame, [near], "type 0: the pair was not contiguous in that period", label),
            *periods.unused(near, [found], periods.ABSENT, label),
        ),
    )


def _month(frame: pl.DataFrame, path: Path, column: str) -> pl.DataFrame:
    """The first day of a month written as 201612 or 2016-12-01."""
    digits = pl.col(column).str.replace(r"\.0$", "").str.replace_all("-", "").str.slice(0, 6)
    parsed = pl.format("{}01", digits).str.to_date("%Y%m%d", strict=False)
    files.refuse(frame, parsed.is_null(), path, column, "a month (201612 or 2016-12-01)")
    return frame.with_columns(parsed.alias(column))


def _neighbours(found: pl.DataFrame) -> pl.DataFrame:
    pairs = found.with_columns(periods.ordered()).sort(files.ROW)
    once = pairs.unique(["a", "b", "first", "type"], keep="first", maintain_order=True)
    following = pl.col("first").shift(-1).over("a", "b", order_by="first").dt.offset_by("-1d")
    cut = once.with_columns(last=pl.min_horizontal("last", following))
    return cut.sort(files.ROW, "first").select(
        "a",
        "b",
        kind=pl.lit("contiguity"),
        valid_from="first",
        valid_to=pl.when(pl.col("last") < LAST_MONTH).then(pl.col("last")),
        known_from="first",
        source=pl.lit(KEY_CONTIGUITY),
        locator=pl.format("row {}: {}-{}", files.ROW, "code_a", "code_b"),
        original=pl.format("conttype {}", "type"),
        value=pl.col("type").cast(pl.Float64),
        unit=pl.lit("type of contiguity, 1 to 5"),
        ref=pl.lit("COW direct contiguity"),
        text=pl.format("neighbours {}", pl.col("type").replace_strict(WORDS, return_dtype=pl.String)),
    )


def parse_distance(path: Path) -> Parsed:
    """Read yearly minimum distances (Parquet or CSV); see `parse_contiguity`."""
    raw = files.parquet(path, DISTANCE) if files.is_parquet(path) else files.table(path, files.content(path), DISTANCE)
    frame = files.whole(files.whole(raw, path, "a", 1, 999), path, "b", 1, 999)
    frame = files.whole(frame, path, "year", 1816, date.today().year)
    frame = files.once(files.decimal(frame, path, "km", 0, 20_100), path, "a", "b", "year")
    named, left = who.name_codes(frame, path, ("a", "b"), who.cow)
    last = max(frame["year"].to_list(), default=YEARS[1])
    return Parsed(
        frames={"tie": _distances(named, last)},
        sources=(_source(SOURCE_DISTANCE, KEY_DISTANCE),),
        coverage=coverage_distance(last),
        label=f"{SOURCE_DISTANCE.title}, {path.name}",
        layout="dyad-years",
        rows=frame.height,
        left_out=left,
    )


def _distances(named: pl.DataFrame, last_year: int) -> pl.DataFrame:
    pairs = named.with_columns(periods.ordered()).unique(["a", "b", "year", "km"], keep="first", maintain_order=True)
    found = spells(pairs, ("a", "b", "km"), keep=("code_a", "code_b"))
    return found.select(
        "a",
        "b",
        kind=pl.lit("distance"),
        valid_from=FIRST_DAY,
        valid_to=open_ended(last_year),
        known_from=FIRST_DAY,
        source=pl.lit(KEY_DISTANCE),
        locator=pl.format("row {}: {}-{} {}", "row", "code_a", "code_b", period(pl.col("first"), pl.col("last"))),
        original=pl.col("km").cast(pl.String),
        value="km",
        unit=pl.lit("km"),
        ref=pl.lit("mindist"),
        text=pl.lit("shortest distance between the two territories"),
    )


def coverage_contiguity() -> tuple[Coverage, ...]:
    """Every contiguous pair is meant to be there: a pair that is not was not."""
    note = "all pairs of states in the Correlates of War system"
    return (Coverage(KEY_CONTIGUITY, "tie", "contiguity", (), "both", date(1816, 1, 1), LAST_MONTH, "zero", note),)


def coverage_distance(last_year: int) -> tuple[Coverage, ...]:
    """A pair without a distance has none: it is not known."""
    first, last = date(YEARS[0], 1, 1), date(last_year, 12, 31)
    note = "pairs of states in the Correlates of War system and on the CShapes maps"
    return (Coverage(KEY_DISTANCE, "tie", "distance", (), "both", first, last, "missing", note),)


def _source(source: DataSource, key: str) -> Source:
    note = "Months; ends 2016." if key == KEY_CONTIGUITY else "Years; ends 2019."
    return Source(key, source.publisher, source.title, None, source.urls[0], source.licence, source.citation, note)


def _value(a: str, b: str, day: date, low: float, high: float) -> Check:
    """A check of the one statement of a pair that holds on a day."""

    def failure(parsed: Parsed) -> str | None:
        ties = parsed.frame("tie").filter(
            pl.col("a") == a, pl.col("b") == b, pl.col("valid_from") <= day, pl.col("valid_to").fill_null(date.max) >= day
        )  # fmt: skip
        got = ties["value"].to_list()
        return None if len(got) == 1 and low <= got[0] <= high else str(got)

    wanted = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    return Check(f"{a}-{b} {day}", f"one value of {a}-{b} on {day}, {wanted}", failure)


_TODAY: Final = date(2016, 6, 1)
_MILLER: Final = Reference(
    "miller2022peacesciencer", "article", ("Miller, Steven V.",), 2022,
    "peacesciencer: An R Package for Quantitative Peace Science Research", "Conflict Management and Peace Science",
    "39(6)", "755-779", "10.1177/07388942221077926",
)  # fmt: skip

SOURCE_CONTIGUITY: Final = DataSource(
    name="cow-contiguity",
    publisher="Correlates of War Project",
    title="Direct contiguity 3.2",
    citation=(
        "Stinnett, D. M., Tir, J., Schafer, P., Diehl, P. F. & Gochman, C. (2002). The Correlates of War Project Direct "
        "Contiguity Data, Version 3. Conflict Management and Peace Science 19(2): 59-67. Data: version 3.2."
    ),
    licence="Free for academic use with citation.",
    redistributable=False,
    urls=("https://correlatesofwar.org/data-sets/direct-contiguity/",),
    versions=("3.2",),
    coverage=coverage_contiguity(),
    parse=parse_contiguity,
    checks=(
        rows_between(900, 1_900), mostly_used(0.85), _value("CAN", "USA", _TODAY, 1, 1),
        _value("CUB", "USA", _TODAY, 4, 4), _value("CHN", "RUS", _TODAY, 1, 1), _value("RUS", "USA", _TODAY, 2, 2),
    ),
    files=("contdir.csv", "DirectContiguity320.zip", "cow_contdir.csv", "cow_contdir.csv.gz"),
    references=(
        Reference(
            "stinnett2002contiguity", "article",
            ("Stinnett, Douglas M.", "Tir, Jaroslav", "Schafer, Philip", "Diehl, Paul F.", "Gochman, Charles"), 2002,
            "The Correlates of War Project Direct Contiguity Data, Version 3", "Conflict Management and Peace Science",
            "19(2)", "59-67", "10.1177/073889420201900203",
        ),
    ),
    downloads=(
        Download(
            "https://correlatesofwar.org/wp-content/uploads/DirectContiguity320.zip", "DirectContiguity320.zip",
            most=32 << 20,
        ),
    ),
    by_hand="On the page take version 3.2; the zip is read as it is (of its files contdir.csv, the periods).",
)  # fmt: skip
SOURCE_DISTANCE: Final = DataSource(
    name="cow-mindist",
    publisher="S. V. Miller (peacesciencer), from CShapes 2.0",
    title="Minimum distance between states, 1886-2019",
    citation=(
        "Miller, S. V. (2022). peacesciencer: An R Package for Quantitative Peace Science Research. Conflict Management "
        "and Peace Science 39(6): 755-779; from Schvitz, G. et al. (2022). Mapping the International System, 1886-2019: "
        "The CShapes 2.0 Dataset. Journal of Conflict Resolution 66(1): 144-161."
    ),
    licence="GPL-2 (the package); CShapes 2.0 has terms of its own.",
    redistributable=False,
    urls=("https://svmiller.com/peacesciencer/", "https://icr.ethz.ch/data/cshapes/"),
    versions=("2019",),
    coverage=coverage_distance(YEARS[1]),
    parse=parse_distance,
    checks=(
        rows_between(952_244, 952_244), mostly_used(0.99), _value("CAN", "USA", _TODAY, 0, 0),
        _value("CUB", "USA", _TODAY, 140, 300), _value("JPN", "USA", _TODAY, 0, 5_000),
    ),
    files=("cow_mindist.parquet", "cow_mindist.csv", "cow_mindist.csv.gz"),
    references=(
        _MILLER,
        Reference(
            "schvitz2022cshapes", "article", ("Schvitz, Guy", "Girardin, Luc", "R{\\\"u}egger, Seraina",
            "Weidmann, Nils B.", "Cederman, Lars-Erik", "Gleditsch, Kristian Skrede"), 2022,
            "Mapping the International System, 1886-2019: The CShapes 2.0 Dataset", "Journal of Conflict Resolution",
            "66(1)", "144-161", "10.1177/00220027211013563",
        ),
    ),
    by_hand=(
        "The distances come with the R package peacesciencer (`download_extdata()`, then `cow_mindist`); write them as "
        "Parquet or CSV with the columns ccode1, ccode2, year, mindist."
    ),
)  # fmt: skip
