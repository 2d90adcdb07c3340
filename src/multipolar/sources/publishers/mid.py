"""Militarised disputes: directed dispute-dyad-years of GML and of the Correlates of War → ties.

One statement a dispute, pair and run of consecutive years; its value is the highest level of hostility that either of
the two reached in that dispute (1 none, 2 threat, 3 display, 4 use of force, 5 war). Days are those of the month in
which the dispute began or ended where the file tells the month, else those of the year. A dispute is known from the
end of its first year, or from its own end if that is earlier; its level is that of the whole dispute, so for one of
several years a view between may see a level that was reached later (the files do not say when).

Both projects code the same disputes: GML (Gibler, Miller & Little) is a correction of COW's list up to 2010. Take
one.

COW's own release has participants instead of dyads (``MIDB 5.0.csv`` in its zip): there, a statement is a pair of
states on opposite sides of a dispute, for the days in which both took part (from the first and to the last of a month
whose days are not told). In disputes with many states that makes pairs that did not confront each other. COW's dyadic
file (4.03), which has the days of each pair, is read too.

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
from multipolar.sources import files, periods, who
from multipolar.sources.model import Check, DataSource, Download, LeftOut, Parsed, Reference, mostly_used, rows_between
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
VERSION: Final = {
    "gml": "gml-mid:2.2.1", "cow": "cow-mid:5.0", "participants": "cow-mid-participants:5.0",
    "dyadic": "cow-mid-dyadic:4.03",
}  # fmt: skip
DYADIC: Final = {
    "dispute": ("disno",), "a": ("statea",), "b": ("stateb",), "level": ("hihosta",), "level_b": ("hihostb",),
    "firstday": ("strtday",), "firstmonth": ("strtmnth",), "firstyear": ("strtyr",),
    "lastday": ("endday",), "lastmonth": ("endmnth",), "lastyear": ("endyear",),
}  # fmt: skip
PARTICIPANTS: Final = {
    "dispute": ("dispnum",), "a": ("ccode",), "side": ("sidea",), "level": ("hostlev",),
    "firstday": ("stday",), "firstmonth": ("stmon",), "firstyear": ("styear",),
    "lastday": ("endday",), "lastmonth": ("endmon",), "lastyear": ("endyear",),
}  # fmt: skip
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
    """Read directed dispute-dyad-years of either project, or COW's own participants or dyads; the header tells which.

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code, year or level.
    """
    data = files.content(path, member=_member(path.name.lower()))
    header = files.header_of(path, data)
    names = {name.strip().lower() for name in header}
    if {"stabb", "sidea", "hostlev"} <= names:
        return _parsed_participants(path, data)
    if {"disno", "dyindex", "hihosta"} <= names:
        return _parsed_dyadic(path, data)
    project = _project(path, header)
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


def _member(name: str) -> str:
    """Which file of a release, packed as the projects pack it, is read."""
    starts = {"gml": "gml-ddy-disputes-*.csv", "dyadic": "dyadic_mid_*.csv"}
    return next((member for start, member in starts.items() if name.startswith(start)), "MIDB*.csv")


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


def _parsed_participants(path: Path, data: bytes) -> Parsed:
    """COW's participants: each of a side beside each of the other."""
    frame = files.table(path, data, PARTICIPANTS, nulls=NULLS)
    frame, odd = _with_days(files.whole(frame, path, "side", 0, 1), path, ("a",), ("level",))
    met = _met(periods.name_periods(frame, path, ("a",), who.cow))
    label = pl.format("dispute {}: {}", "dispute", "a")
    kept = [met.select(pl.col(name).alias(files.ROW)) for name in (files.ROW, f"{files.ROW}_b")]
    left = periods.unused(frame, kept, "no opponent that was a state of the system at the time", label)
    return _parsed_days(path, frame, _opposed(met, "participants"), left, "participants", odd)


def _parsed_dyadic(path: Path, data: bytes) -> Parsed:
    """COW's dyads: a row a dispute, pair and year, each with the days of the pair in the dispute."""
    frame = files.table(path, data, DYADIC, nulls=NULLS)
    frame, odd = _with_days(frame, path, ("a", "b"), ("level", "level_b"))
    named = periods.name_periods(frame, path, ("a", "b"), who.cow)
    ordered = named.with_columns(low=pl.min_horizontal("a", "b"), high=pl.max_horizontal("a", "b"))
    once = ordered.unique(["dispute", "low", "high", "first", "last"], keep="first", maintain_order=True)
    twin = {f"{files.ROW}_b": files.ROW, "a_b": "b", "code_a_b": "code_b"}
    ties = _opposed(once.with_columns(pl.col(old).alias(new) for new, old in twin.items()), "dyadic")
    left = periods.unused(frame, [named], periods.ABSENT, pl.format("dispute {}: {}-{}", "dispute", "a", "b"))
    return _parsed_days(path, frame, ties, left, "dyadic", odd)


def _parsed_days(
    path: Path, frame: pl.DataFrame, ties: pl.DataFrame, left: tuple[LeftOut, ...], layout: str, odd: int
) -> Parsed:
    return Parsed(
        frames={"tie": ties},
        sources=(_source(SOURCE_COW, layout),),
        coverage=coverage(layout),
        label=f"{SOURCE_COW.title}, {path.name}",
        layout=layout,
        rows=frame.height,
        left_out=left,
        remarks=(f"{odd} months are none (1 to 12) and were taken as not known",) if odd else (),
    )


def _with_days(
    frame: pl.DataFrame, path: Path, codes: tuple[str, ...], levels: tuple[str, ...]
) -> tuple[pl.DataFrame, int]:
    """Numbers in their ranges, ``first`` and ``last`` day, and how many months were none."""
    for name, most in (("dispute", 99_999), *((code, 999) for code in codes)):
        frame = files.whole(frame, path, name, 1, most)
    for name in levels:
        frame = files.whole(frame, path, name, 1, 5, null=True)
    odd = 0
    for side in ("first", "last"):
        frame = files.whole(frame, path, f"{side}month", 0, 99, null=True)
        odd += frame.filter(~pl.col(f"{side}month").is_between(1, 12)).height
        frame = _day(frame, path, side)
    files.refuse(frame, pl.col("last") < pl.col("first"), path, "last", "a last day not before the first")
    return frame, odd


def _day(frame: pl.DataFrame, path: Path, side: str) -> pl.DataFrame:
    """The first or last day: the earliest, or latest, that is possible where it is not told."""
    first = side == "first"
    frame = files.whole(frame, path, f"{side}year", 1816, LAST_YEAR["cow"])
    frame = files.whole(frame, path, f"{side}day", 1, 31, null=True)
    told = pl.when(pl.col(f"{side}month").is_between(1, 12)).then(pl.col(f"{side}month"))
    opening = pl.date(f"{side}year", told.otherwise(1 if first else 12), 1)
    length = opening.dt.month_end().dt.day().cast(pl.Int32)
    day = pl.when(pl.col(f"{side}month").is_between(1, 12)).then(f"{side}day")  # the 20th of no month is no day
    number = pl.min_horizontal(day.fill_null(1 if first else 31), length)
    return frame.with_columns(opening.dt.offset_by(pl.format("{}d", number - 1)).alias(side))


def _met(states: pl.DataFrame) -> pl.DataFrame:
    """Pairs of participants on opposite sides, with the days that they have in common."""
    sides = [states.filter(pl.col("side") == side) for side in (1, 0)]
    pairs = sides[0].join(sides[1], on="dispute", suffix="_b").with_columns(
        first=pl.max_horizontal("first", "first_b"), last=pl.min_horizontal("last", "last_b")
    )  # fmt: skip
    return pairs.filter((pl.col("first") <= pl.col("last")) & (pl.col("a") != pl.col("a_b")))


def _opposed(met: pl.DataFrame, layout: str) -> pl.DataFrame:
    level = pl.max_horizontal("level", "level_b")
    return met.sort("dispute", files.ROW, f"{files.ROW}_b").select(
        a=pl.min_horizontal("a", "a_b"),
        b=pl.max_horizontal("a", "a_b"),
        kind=pl.lit("dispute"),
        valid_from="first",
        valid_to="last",
        known_from=pl.min_horizontal(pl.date(pl.col("first").dt.year(), 12, 31), "last"),
        source=pl.lit(VERSION[layout]),
        locator=pl.format(
            "dispute {}, rows {} and {}: {}-{}", "dispute", files.ROW, f"{files.ROW}_b", "code_a", "code_a_b"
        ),
        original=pl.format("highest hostlev {}", level.cast(pl.String).fill_null("-9")),
        value=level.cast(pl.Float64),
        unit=pl.lit("level of hostility, 1 to 5"),
        ref=pl.format("MID {}", "dispute"),
        text=pl.format("militarised dispute {}", "dispute"),
    )


def coverage(project: str) -> tuple[Coverage, ...]:
    """Every dispute of the states in the COW system is meant to be there: a pair that is not had none."""
    first, last = date(1816, 1, 1), date(LAST_YEAR.get(project, LAST_YEAR["cow"]), 12, 31)
    note = "all pairs of states in the Correlates of War system"
    return (Coverage(VERSION[project], "tie", "dispute", (), "both", first, last, "zero", note),)


def _source(source: DataSource, project: str) -> Source:
    end = LAST_YEAR.get(project, LAST_YEAR["cow"])
    note = f"Ends {end}. Where a month is not told, days stand for the whole year."
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


def _by(*layouts: str) -> Check:
    """A check that the file is this project's."""

    def failure(parsed: Parsed) -> str | None:
        return None if parsed.layout in layouts else parsed.layout

    return Check("project", f"a file of the layout {' or '.join(layouts)}", failure)


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
    checks=(_by("gml"), rows_between(10_276, 10_276), *_CHECKS),
    files=("gml-ddy-disputes-*.csv", "gml-mid-data-*.zip", "gml_dirdisp.csv", "gml_dirdisp.csv.gz"),
    references=(
        Reference(
            "gibler2016mid",
            "article",
            ("Gibler, Douglas M.", "Miller, Steven V.", "Little, Erin K."),
            2016,
            "An Analysis of the Militarized Interstate Dispute (MID) Dataset, 1816-2001",
            "International Studies Quarterly",
            "60(4)",
            "719-730",
            "10.1093/isq/sqw045",
        ),
    ),
    by_hand="On the page take version 2.2.1; of its files, gml-ddy-disputes-2.2.1.csv has the directed dispute-dyad-years.",
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
    checks=(
        _by("cow", "participants", "dyadic"),
        rows_between(11_390, 11_390, layout="cow"),
        rows_between(5_000, 8_000, layout="participants"),
        _reached("ARG", "GBR", 1982, 5), *_CHECKS,
    ),
    files=(
        "dyadic_mid_*.csv", "dyadic_mid_*.zip", "MIDB 5*.csv", "MID-5-Data*.zip",
        "cow_mid_dirdisps.csv", "cow_mid_dirdisps.csv.gz",
    ),
    references=(
        Reference(
            "palmer2022mid5", "article",
            ("Palmer, Glenn", "McManus, Roseanne W.", "D'Orazio, Vito", "Kenwick, Michael R.", "Karstens, Mikaela",
             "Bloch, Chase", "Dietrich, Nick", "Kahn, Kayla", "Ritter, Kellan", "Soules, Michael J."), 2022,
            "The MID5 Dataset, 2011-2014: Procedures, Coding Rules, and Description",
            "Conflict Management and Peace Science", "39(4)", "470-482", "10.1177/0738894221995743",
        ),
    ),
    downloads=(
        Download(
            "https://correlatesofwar.org/wp-content/uploads/MID-5-Data-and-Supporting-Materials.zip",
            "MID-5-Data-and-Supporting-Materials.zip", most=64 << 20,
        ),
    ),
    by_hand=(
        "On the page take MID 5 (the zip is read as it is: its MIDB, the participants) or the dyadic dispute data (4.03). "
        "Directed dispute-dyad-years of 5.0 come with the R package peacesciencer as `cow_mid_dirdisps`."
    ),
)  # fmt: skip
