"""Alliance obligations from ATOP: directed dyad-years → ties with intervals.

A row of ATOP's directed file says what `stateA` owes `stateB` in a year. Where both owe each other the same, one
undirected statement says so (`a` < `b`, unit ``mutual obligation``); where only one is bound, the statement runs from
the bound state to the other (unit ``one-sided obligation``), as with Japan and the United States since 1951.

A dyad-year knows no days. An obligation is dated from 1 January of its first year and known from the end of that
year, when the year could be coded; it ends on 31 December of its last year, or is open where it still ran in the last
year that the file covers: ATOP does not say what happened afterwards.

Source: Leeds, Ritter, Mitchell & Long (2002), International Interactions 28: 237-260, doi:10.1080/03050620213653.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.record import Coverage, Source
from multipolar.sources import files, who
from multipolar.sources.model import Check, DataSource, Download, Parsed, Reference, mostly_used, rows_between
from multipolar.sources.spells import FIRST_DAY, open_ended, period, spells

#: Our kind of tie -> ATOP's column (in the official file, and with the prefix of the R package peacesciencer).
KINDS: Final = {
    "defence": ("defense", "atop_defense"),
    "offence": ("offense", "atop_offense"),
    "neutrality": ("neutral", "atop_neutral"),
    "nonaggression": ("nonagg", "atop_nonagg"),
    "consultation": ("consul", "atop_consul"),
}
COLUMNS: Final = {"a": ("stateA", "ccode1"), "b": ("stateB", "ccode2"), "year": ("year",), **KINDS}
FIRST_YEAR: Final = 1815
KEY: Final = "atop:5.1"
CITATION: Final = (
    "Leeds, B. A., Ritter, J. M., Mitchell, S. M. & Long, A. G. (2002). Alliance Treaty Obligations and Provisions, "
    "1815-1944. International Interactions 28: 237-260. Data: ATOP 5.1 (2022)."
)
URL: Final = "https://www.atopdata.org/data.html"


def parse(path: Path) -> Parsed:
    """Read ATOP's directed dyad-years (``atop5_1ddyr.csv``, or the same rows as Parquet).

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code, year or 0/1.
    """
    frame = _read(path)
    last_year = max(frame["year"].to_list(), default=FIRST_YEAR)
    named, left = who.name_codes(frame, path, ("a", "b"), who.cow)
    ties = pl.concat([_kind(named, kind) for kind in KINDS])
    column = pl.col("kind").replace_strict({kind: names[0] for kind, names in KINDS.items()})
    directions = pl.when("mutual").then(pl.lit("both ways")).otherwise(pl.lit("one way"))
    statements = ties.select(
        "a", "b", "kind",
        valid_from=FIRST_DAY,
        valid_to=open_ended(last_year),
        known_from=pl.date(pl.col("first"), 12, 31),
        source=pl.lit(KEY),
        locator=pl.format("row {}: {}->{} {}", "row", "code_a", "code_b", period(pl.col("first"), pl.col("last"))),
        original=pl.format("{}=1, {}", column, directions),
        value=pl.lit(1.0),
        unit=pl.when("mutual").then(pl.lit("mutual obligation")).otherwise(pl.lit("one-sided obligation")),
        text=pl.format("{} obligation in an alliance treaty", "kind"),
    )  # fmt: skip
    return Parsed(
        frames={"tie": statements},
        sources=(_source(),),
        coverage=coverage(last_year),
        label=f"ATOP, {path.name}",
        layout="directed dyad-years",
        rows=frame.height,
        left_out=left,
    )


def _read(path: Path) -> pl.DataFrame:
    frame = files.parquet(path, COLUMNS) if files.is_parquet(path) else _table(path)
    for name in ("a", "b"):
        frame = files.whole(frame, path, name, 1, 999)
    frame = files.whole(frame, path, "year", FIRST_YEAR, date.today().year)
    for kind in KINDS:
        frame = files.whole(frame, path, kind, 0, 1)
    return files.once(frame, path, "a", "b", "year")


def _table(path: Path) -> pl.DataFrame:
    """The text file, also as a member of the publisher's zip archive."""
    return files.table(path, files.content(path, member="*atop5_1ddyr.csv"), COLUMNS)


def _kind(named: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Spells of one kind of obligation, each pair once: mutual, or from the bound state to the other."""
    owed = named.filter(pl.col(kind) == 1).unique(["a", "b", "year"], keep="first", maintain_order=True)
    back = owed.select(a="b", b="a", year="year", mutual=pl.lit(True))
    both = owed.join(back, on=["a", "b", "year"], how="left").with_columns(pl.col("mutual").fill_null(False))
    once = both.filter(~pl.col("mutual") | (pl.col("a") < pl.col("b")))
    found = spells(once, ("a", "b", "mutual"), keep=("code_a", "code_b"))
    return found.with_columns(kind=pl.lit(kind))


def coverage(last_year: int) -> tuple[Coverage, ...]:
    """ATOP lists every alliance of the states in the COW system: a pair that is not there owes nothing of the kind."""
    note = "all pairs of states in the Correlates of War system"
    first, last = date(1816, 1, 1), date(last_year, 12, 31)
    return tuple(Coverage(KEY, "tie", kind, (), "both", first, last, "zero", note) for kind in KINDS)


def _source() -> Source:
    note = (
        "Directed dyad-years: the year is exact, the days stand for the year. Ends 2018; says nothing of later years."
    )
    return Source(KEY, SOURCE.publisher, SOURCE.title, None, URL, SOURCE.licence, CITATION, note)


def _standing(a: str, b: str, kind: str, year: int, unit: str) -> Check:
    """A check that an obligation is in force in a year."""

    def failure(parsed: Parsed) -> str | None:
        ties = parsed.frame("tie").filter(
            pl.col("a") == a, pl.col("b") == b, pl.col("kind") == kind, pl.col("unit") == unit,
            pl.col("valid_from").dt.year() <= year, pl.col("valid_to").dt.year().fill_null(year) >= year,
        )  # fmt: skip
        return None if ties.height == 1 else f"{ties.height} such statements"

    return Check(f"{a}-{b} {kind} {year}", f"one {unit} of {kind} of {a} and {b} in {year}", failure)


SOURCE: Final = DataSource(
    name="atop",
    publisher="Alliance Treaty Obligations and Provisions project (Leeds et al.)",
    title="ATOP 5.1, directed dyad-years",
    citation=CITATION,
    licence="Free for academic use with citation; not to be redistributed.",
    redistributable=False,
    urls=(URL,),
    versions=("5.1",),
    coverage=coverage(2018),
    parse=parse,
    checks=(
        rows_between(273_296, 273_296),
        mostly_used(0.98),
        _standing("GBR", "USA", "defence", 2018, "mutual obligation"),
        _standing("BLR", "RUS", "defence", 2018, "mutual obligation"),
        _standing("CHN", "PRK", "defence", 2018, "mutual obligation"),
        _standing("USA", "JPN", "defence", 2018, "one-sided obligation"),
    ),
    files=("atop5_1ddyr.csv", "atop5_1ddyr.csv.gz", "atop_alliance.parquet", "atop_5.1*csv*.zip"),
    references=(
        Reference(
            key="leeds2002atop",
            kind="article",
            authors=("Leeds, Brett Ashley", "Ritter, Jeffrey M.", "Mitchell, Sara McLaughlin", "Long, Andrew G."),
            year=2002,
            title="Alliance Treaty Obligations and Provisions, 1815-1944",
            container="International Interactions",
            volume="28",
            pages="237-260",
            doi="10.1080/03050620213653",
        ),
    ),
    downloads=(
        Download(
            "https://www.atopdata.org/uploads/6/9/1/3/69134503/atop_5.1__.csv_.zip",
            "atop_5.1__.csv_.zip",
            most=256 << 20,
        ),
    ),
    by_hand="Download ATOP 5.1 as .csv from the page; the file of directed dyad-years is atop5_1ddyr.csv.",
)
