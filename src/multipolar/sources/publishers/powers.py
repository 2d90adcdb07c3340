"""Major and regional powers → traits: the Correlates of War list of majors, and Maoz's list of regional and global powers.

One statement a state and period, value 1: a state without one is not counted among them (coverage: zero). Both lists
give days. A period that runs to the last day of its list (31 December 2016; 31 December 2019) has no end. As with other
lists of periods, a state counts as a power from the day on which the period begins, and this is taken as known from the
end of that year.

Maoz's *global* powers are told as ``major_power`` (unit "global power"), his *regional* powers as ``regional_power``.
The two lists do not agree on who is a major power, and when: put them into one record only to compare them. Where one
period of a state ends on the day on which the next of the same state begins (Prussia, 1 January 1867), the first ends
a day earlier.

Sources: Correlates of War Project (2017), State System Membership List, v2016; Maoz, Z. (2010), Networks of Nations,
Cambridge University Press, with updates to 2019 as the R package peacesciencer has them.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.record import Coverage, Source
from multipolar.sources import files, periods, who
from multipolar.sources.model import Check, DataSource, Parsed, Reference, rows_between

MAJORS: Final = {
    "a": ("ccode",),
    **{name: (name,) for name in ("styear", "stmonth", "stday", "endyear", "endmonth", "endday")},
}
MAOZ: Final = {"a": ("ccode",), **{name: (name,) for name in ("regstdate", "regenddate", "globstdate", "globenddate")}}
KEY_COW: Final = "cow-majors:2016"
KEY_MAOZ: Final = "maoz-powers:2019"
END_COW: Final = date(2016, 12, 31)
END_MAOZ: Final = date(2019, 12, 31)
UNITS: Final = {
    KEY_COW: {"major_power": "major power (COW)"},
    KEY_MAOZ: {"major_power": "global power (Maoz)", "regional_power": "regional power (Maoz)"},
}


def parse_majors(path: Path) -> Parsed:
    """Read ``majors2016.csv``.

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code or day.
    """
    frame = files.table(path, files.content(path), MAJORS)
    for name, low, high in (("a", 1, 999), ("styear", 1816, END_COW.year), ("endyear", 1816, END_COW.year)):
        frame = files.whole(frame, path, name, low, high)
    for name, most in (("stmonth", 12), ("endmonth", 12), ("stday", 31), ("endday", 31)):
        frame = files.whole(frame, path, name, 1, most)
    texts = {"first": _day("st"), "last": _day("end")}
    frame = files.day(files.day(frame.with_columns(**texts), path, "first"), path, "last")
    return _parsed(path, frame, frame.with_columns(kind=pl.lit("major_power")), SOURCE_MAJORS, KEY_COW, END_COW)


def _day(side: str) -> pl.Expr:
    """YYYY-MM-DD of the columns of a side; `files.day` refuses what is no day."""
    parts = [pl.col(f"{side}{part}").cast(pl.String).str.zfill(2) for part in ("year", "month", "day")]
    return pl.concat_str(parts, separator="-")


def parse_maoz(path: Path) -> Parsed:
    """Read the table of regional and global powers; see `parse_majors`."""
    frame = files.table(path, files.content(path), MAOZ, nulls=("NA", ""))
    frame = files.whole(frame, path, "a", 1, 999)
    parts = []
    for kind, prefix in (("regional_power", "reg"), ("major_power", "glob")):
        part = frame.filter(pl.col(f"{prefix}stdate").is_not_null())
        part = files.day(files.day(part, path, f"{prefix}stdate"), path, f"{prefix}enddate")
        parts.append(
            part.select(files.ROW, "a", first=f"{prefix}stdate", last=f"{prefix}enddate", kind=pl.lit(kind, pl.String))
        )
    return _parsed(path, frame, pl.concat(parts), SOURCE_MAOZ, KEY_MAOZ, END_MAOZ)


def _parsed(path: Path, frame: pl.DataFrame, spans: pl.DataFrame, source: DataSource, key: str, end: date) -> Parsed:
    files.refuse(spans, pl.col("last") < pl.col("first"), path, "last", "a last day not before the first")
    found = _without_overlap(periods.name_periods(spans, path, ("a",), who.cow))
    statements = found.select(
        "a",
        "kind",
        valid_from="first",
        valid_to=pl.when(pl.col("last") < end).then(pl.col("last")),
        known_from=pl.min_horizontal(pl.date(pl.col("first").dt.year(), 12, 31), "last"),
        source=pl.lit(key),
        locator=pl.format("row {}: {}", files.ROW, "code_a"),
        original=pl.format("{} to {}", "first", "last"),
        value=pl.lit(1.0),
        unit=pl.col("kind").replace_strict(UNITS[key]),
        text=pl.format("counted as a {}", pl.col("kind").replace_strict(UNITS[key])),
    )
    return Parsed(
        frames={"trait": statements},
        sources=(_source(source, key, end),),
        coverage=coverage(key, end),
        label=f"{source.title}, {path.name}",
        layout=key,
        rows=frame.height,
        left_out=periods.unused(frame, [found], periods.ABSENT, pl.col("a")),
    )


def _without_overlap(found: pl.DataFrame) -> pl.DataFrame:
    """Periods of one state, each ending before the next begins."""
    following = pl.col("first").shift(-1).over("a", order_by="first").dt.offset_by("-1d")
    return found.with_columns(last=pl.min_horizontal("last", following)).sort("kind", files.ROW, "first")


def coverage(key: str, end: date) -> tuple[Coverage, ...]:
    """Each list means to have every power: a state that is not there is none."""
    note = "all states in the Correlates of War system"
    return tuple(Coverage(key, "trait", kind, (), "a", date(1816, 1, 1), end, "zero", note) for kind in UNITS[key])


def _source(source: DataSource, key: str, end: date) -> Source:
    note = f"Ends {end.year}."
    return Source(key, source.publisher, source.title, None, source.urls[0], source.licence, source.citation, note)


def _power(state: str, kind: str, first: str, last: str | None) -> Check:
    """A check that a state was a power of a kind from one day to another."""

    def failure(parsed: Parsed) -> str | None:
        rows = parsed.frame("trait").filter(pl.col("a") == state, pl.col("kind") == kind)
        spans = [(str(f), str(t) if t else None) for f, t in rows.select("valid_from", "valid_to").rows()]
        return None if (first, last) in spans else str(spans)

    return Check(f"{state} {first}", f"{state} as a {kind} from {first} to {last}", failure)


SOURCE_MAJORS: Final = DataSource(
    name="cow-majors",
    publisher="Correlates of War Project",
    title="Major powers, State System Membership v2016",
    citation="Correlates of War Project (2017). State System Membership List, v2016.",
    licence="Free for academic use with citation.",
    redistributable=False,
    urls=("https://correlatesofwar.org/data-sets/state-system-membership/",),
    versions=("2016",),
    coverage=coverage(KEY_COW, END_COW),
    parse=parse_majors,
    checks=(
        rows_between(14, 14), _power("USA", "major_power", "1898-08-13", None),
        _power("JPN", "major_power", "1895-04-01", "1945-08-14"), _power("CHN", "major_power", "1950-01-01", None),
    ),
    files=("majors2016.csv", "cow_majors.csv", "cow_majors.csv.gz"),
    references=(
        Reference(
            "cow2017states", "misc", ("{Correlates of War Project}",), 2017, "State System Membership List, v2016",
            url="https://correlatesofwar.org/data-sets/state-system-membership/",
        ),
    ),
    by_hand="On the page of the State System Membership list, v2016, take the list of major powers (majors2016.csv).",
)  # fmt: skip
SOURCE_MAOZ: Final = DataSource(
    name="maoz-powers",
    publisher="Zeev Maoz",
    title="Regional and global powers, 1816-2019",
    citation=(
        "Maoz, Z. (2010). Networks of Nations: The Evolution, Structure, and Impact of International Networks, "
        "1816-2001. Cambridge University Press. List as the R package peacesciencer has it, to 2019."
    ),
    licence="A list of facts; cite the book.",
    redistributable=False,
    urls=("https://svmiller.com/peacesciencer/",),
    versions=("2019",),
    coverage=coverage(KEY_MAOZ, END_MAOZ),
    parse=parse_maoz,
    checks=(
        rows_between(20, 20), _power("USA", "major_power", "1899-01-01", None),
        _power("RUS", "major_power", "1922-01-01", "1990-12-31"), _power("BRA", "regional_power", "1970-01-01", None),
    ),
    files=("maoz_powers.csv", "maoz_powers.csv.gz"),
    references=(
        Reference(
            "maoz2010networks", "book", ("Maoz, Zeev",), 2010,
            "Networks of Nations: The Evolution, Structure, and Impact of International Networks, 1816-2001",
            "Cambridge University Press",
        ),
    ),
    by_hand=(
        "The list comes with the R package peacesciencer as `maoz_powers`; write it with write.csv (columns ccode, "
        "regstdate, regenddate, globstdate, globenddate)."
    ),
)  # fmt: skip
