"""Economic integration agreements of Baier and Bergstrand: directed pair-years → ties with intervals.

Each pair of countries has a level in each year: 1 one-way preferences, 2 two-way preferential agreement, 3 free trade
area, 4 customs union, 5 common market, 6 economic union. Consecutive years of one level are one statement of the kind
``integration``. Where both directions have the same level, one statement says so (`a` < `b`, unit ``mutual``); one-way
preferences run from the origin of the goods (`a`) to the country that grants them (`b`, unit ``one way``), as in the
file's columns ``origin`` and ``destination``.

A year knows no days: a level is dated from 1 January of its first year, known from the end of that year, ends on 31
December of its last year, and is open where it still held in the file's last year. The data base says of every pair and
year that there is no agreement where there is none, and in the repackaged file those rows were dropped: for the countries
of the file and its years, nothing listed is none. Romania's former code ``ROM`` and the codes that former states left
behind are read as of the row's year.

Source: Baier & Bergstrand, NSF-Kellogg Institute Data Base on Economic Integration Agreements; see Baier & Bergstrand
(2007), Journal of International Economics 71(1): 72-95, doi:10.1016/j.jinteco.2006.02.005.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.record import Coverage, Source
from multipolar.sources import files, who
from multipolar.sources.files import ROW
from multipolar.sources.model import Check, DataSource, LeftOut, Parsed, Reference, rows_between
from multipolar.sources.spells import FIRST_DAY, open_ended, period, spells

COLUMNS: Final = {
    "a": ("origin", "exporter"),
    "b": ("destination", "importer"),
    "year": ("year",),
    "level": ("EconomicIntegrationAgreements", "eia"),
}
#: The data base's index, and what the repackaged file calls it.
LEVELS: Final = {
    "Non-Reciprocal PTA": 1,
    "Preferential Trade Agreement": 2,
    "Free Trade Agreement": 3,
    "Customs Union": 4,
    "Common Market": 5,
    "Economic Union": 6,
}
WORDS: Final = {
    1: "one-way trade preferences",
    2: "two-way preferential trade agreement",
    3: "free trade area",
    4: "customs union",
    5: "common market",
    6: "economic union",
}
NONE: Final = ("No Agreement", "No Country", "0")
#: Codes that are not today's, and those that hold a former state's years as well as today's.
FOLDED: Final = {"ROM": ("ROU",), "SRB": ("YUG",), "CZE": ("CSK",)}
NOT_STATES: Final = dict.fromkeys(
    ("ABW", "ANT", "BMU", "CYM", "FRO", "GIB", "GRL", "HKG", "MAC", "NCL", "PYF"), "a territory, no state"
)
FIRST_YEAR: Final = 1950
LAST_YEAR: Final = 2012
KEY: Final = "eia:2012"
URL: Final = "https://kellogg.nd.edu/nsf-kellogg-institute-data-base-economic-integration-agreements"
CITATION: Final = (
    "Baier, S. L. & Bergstrand, J. H. (2017). NSF-Kellogg Institute Data Base on Economic Integration Agreements, "
    "1950-2012. University of Notre Dame."
)


def parse(path: Path) -> Parsed:
    """Read directed pair-years (``year, origin, destination, EconomicIntegrationAgreements``; CSV or Parquet).

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no country, year or level.
    """
    read = files.parquet(path, COLUMNS) if files.is_parquet(path) else files.table(path, files.content(path), COLUMNS)
    frame = files.whole(files.given(read, path, *COLUMNS), path, "year", FIRST_YEAR, date.today().year)
    frame = files.once(frame, path, "a", "b", "year")
    none = frame.filter(pl.col("level").is_in(NONE))
    some = _levels(frame.filter(~pl.col("level").is_in(NONE)), path)
    named, lost = who.name_codes(some, path, ("a", "b"), who.iso3(FOLDED), NOT_STATES)
    last_year = max(frame["year"].to_list(), default=FIRST_YEAR)
    listed = tuple(sorted(set(named["a"]) | set(named["b"])))
    return Parsed(
        frames={"tie": _statements(_runs(named), last_year)},
        sources=(_source(),),
        coverage=coverage(listed, last_year),
        label=f"economic integration agreements, {path.name}",
        layout="directed pair-years",
        rows=frame.height,
        left_out=(
            *lost,
            *((LeftOut("no agreement, or no country, in that year", none.height),) if none.height else ()),
        ),
    )


def _levels(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    known = LEVELS | {str(level): level for level in WORDS} | {f"{level}.0": level for level in WORDS}
    level = pl.col("level").str.strip_chars().replace_strict(known, default=None, return_dtype=pl.Int8)
    files.refuse(frame, level.is_null(), path, "level", f"one of {', '.join(LEVELS)}, or 1 to 6")
    return frame.with_columns(level=level)


def _runs(named: pl.DataFrame) -> pl.DataFrame:
    """Spells of one level, each pair once where both directions have it."""
    once = named.unique(["a", "b", "year"], keep="first", maintain_order=True)
    back = once.select(a="b", b="a", year="year", level="level", mutual=pl.lit(True))
    both = once.join(back, on=["a", "b", "year", "level"], how="left").with_columns(pl.col("mutual").fill_null(False))
    kept = both.filter(~pl.col("mutual") | (pl.col("a") < pl.col("b")))
    return spells(kept.select("a", "b", "year", "level", "mutual", "code_a", "code_b", ROW), ("a", "b", "level", "mutual"),
                  keep=("code_a", "code_b"))  # fmt: skip


def _statements(runs: pl.DataFrame, last_year: int) -> pl.DataFrame:
    span = period(pl.col("first"), pl.col("last"))
    return runs.select(
        "a", "b",
        kind=pl.lit("integration"),
        valid_from=FIRST_DAY,
        valid_to=open_ended(last_year),
        known_from=pl.date(pl.col("first"), 12, 31),
        source=pl.lit(KEY),
        locator=pl.format("row {}: {}->{} {}", "row", "code_a", "code_b", span),
        original=pl.col("level").cast(pl.String),
        value=pl.col("level").cast(pl.Float64),
        unit=pl.when("mutual").then(pl.lit("mutual")).otherwise(pl.lit("one way")),
        text=pl.col("level").replace_strict(WORDS, return_dtype=pl.String),
    )  # fmt: skip


def coverage(listed: tuple[str, ...] = (), last_year: int = LAST_YEAR) -> tuple[Coverage, ...]:
    """The countries that the file names, among each other; without them nothing is claimed."""
    first, last, note = date(FIRST_YEAR, 1, 1), date(last_year, 12, 31), "pairs of the countries listed"
    if not listed:
        return (Coverage(KEY, "tie", "integration", (), "any", first, last, "missing", note),)
    return (Coverage(KEY, "tie", "integration", listed, "both", first, last, "zero", note),)


def _source() -> Source:
    note = "Directed pair-years: the year is exact, the days stand for the year."
    return Source(KEY, SOURCE.publisher, SOURCE.title, None, URL, SOURCE.licence, CITATION, note)


def _level(a: str, b: str, year: int, level: int) -> Check:
    """A check of the level between two countries in a year."""

    def failure(parsed: Parsed) -> str | None:
        first, second = sorted((a, b))
        ties = parsed.frame("tie").filter(
            pl.col("a") == first, pl.col("b") == second, pl.col("valid_from").dt.year() <= year,
            pl.col("valid_to").dt.year().fill_null(year) >= year,
        )  # fmt: skip
        got = ties["value"].to_list()
        return None if got == [level] else f"{got}"

    return Check(f"{a}-{b} {year}", f"level {level} between {a} and {b} in {year}", failure)


SOURCE: Final = DataSource(
    name="eia",
    publisher="NSF-Kellogg Institute Data Base on Economic Integration Agreements (Baier and Bergstrand)",
    title="Economic integration agreements, directed pair-years",
    citation=CITATION,
    licence="Free for academic use with citation; the files do not state further terms.",
    redistributable=False,
    urls=(URL,),
    versions=("1950-2012",),
    coverage=coverage(),
    parse=parse,
    checks=(
        rows_between(231_372, 10_000_000),
        _level("USA", "CAN", 1995, 3),
        _level("FRA", "DEU", 1960, 4),
        _level("FRA", "DEU", 2000, 6),
        _level("AUS", "NZL", 1990, 3),
    ),
    files=("eia_1950_2012.parquet", "eia*.csv", "eia*.csv.gz"),
    references=(
        Reference(
            key="baier2017eia",
            kind="misc",
            authors=("Baier, Scott L.", "Bergstrand, Jeffrey H."),
            year=2017,
            title="NSF-Kellogg Institute Data Base on Economic Integration Agreements",
            container="University of Notre Dame",
            url=URL,
        ),
        Reference(
            key="baier2007fta",
            kind="article",
            authors=("Baier, Scott L.", "Bergstrand, Jeffrey H."),
            year=2007,
            title="Do free trade agreements actually increase members' international trade?",
            container="Journal of International Economics",
            volume="71",
            pages="72-95",
            doi="10.1016/j.jinteco.2006.02.005",
        ),
    ),
    by_hand=(
        "The data base is an Excel file on the page of the Kellogg Institute. Save its pairs as CSV with the columns year, "
        "origin, destination (ISO alpha-3) and EconomicIntegrationAgreements (0 to 6)."
    ),
)
