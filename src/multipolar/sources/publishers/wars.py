"""Wars of the Correlates of War project: between states → ties, within states → traits and ties.

**Wars between states** (v4.0, 1816-2007): a tie ``war`` of each state on one side with each on the other, in each year in
which both took part. The list says who was on which side, not who fought whom. The battle deaths of a
state in the whole war are in `original` of its last statements (-8 and -9 mean that they are not known), not of earlier
ones: nobody knew them then.

Two layouts are read. The project's own file has a row a participant with the days of one or two phases: a statement is
cut to the days in which both were at war. The dyad-years of the R package peacesciencer have years only; a statement
then stands for the year, cut to the life of the states. Where the day of a month, or the month, is not known, the phase
begins on the first and ends on the last of it.

**Wars within states** (v4.1, 1816-2007, as peacesciencer has them): a trait ``internal_conflict`` of the state that
fights (value 2: these wars cost 1,000 battle deaths a year), a year each. Other states that took part in that year are
named in its `text`, by side. Where a state fought on the other side, a tie ``armed_conflict`` of the two says so for those years.

A war is known, year by year, from the end of the year or from its own last day if that is earlier.

Sources: Sarkees & Wayman (2010), Resort to War: 1816-2007, CQ Press; Dixon & Sarkees (2016), A Guide to Intra-state
Wars, CQ Press.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.record import Coverage, Source
from multipolar.sources import files, periods, who
from multipolar.sources.model import Check, DataSource, Download, Parsed, Reference, mostly_used, rows_between

DYADS: Final = {
    "war": ("warnum",),
    "a": ("ccode1",),
    "b": ("ccode2",),
    "year": ("year",),
    "deaths_a": ("batdeath1",),
    "deaths_b": ("batdeath2",),
}
_DAYS: Final = {
    f"{side}{part}{phase}": (f"{word}{part}{phase}",)
    for phase in (1, 2)
    for side, word in (("first", "start"), ("last", "end"))
    for part in ("year", "month", "day")
}
PARTICIPANTS: Final = {
    "war": ("warnum",),
    "name": ("warname",),
    "a": ("ccode",),
    "side": ("side",),
    "deaths": ("batdeath",),
    **_DAYS,
}
INTRA: Final = {
    "war": ("warnum",),
    "name": ("warname",),
    "type": ("wartype",),
    "year": ("year",),
    "primary": ("primary_state",),
    "a": ("ccodea",),
    "b": ("ccodeb",),
    "deaths_a": ("sideadeaths",),
    "deaths_b": ("sidebdeaths",),
}
KEY_INTER: Final = "cow-war-inter:4.0"
KEY_INTRA: Final = "cow-war-intra:4.1"
FIRST: Final = date(1816, 1, 1)
LAST: Final = date(2007, 12, 31)
#: COW's codes: -7 goes on, -8 not applicable, -9 not known.
NULLS: Final = ("NA", "", "-7", "-8", "-9", "-7.0", "-8.0", "-9.0")


def parse_inter(path: Path) -> Parsed:
    """Read wars between states, as participants with days or as dyad-years; the header tells which.

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code, side, year or day.
    """
    data = _lines(files.content(path))
    by_days = "startyear1" in {name.strip().lower() for name in files.header_of(path, data)}
    frame, met = _participants(path, data) if by_days else _dyads(path, data)
    ties = _wars(met)
    kept = [met.select(pl.col(name).alias(files.ROW)) for name in ("row_a", "row_b")]
    label = pl.format("war {}: {}", "war", "a")
    return Parsed(
        frames={"tie": ties},
        sources=(_source(SOURCE_INTER, KEY_INTER),),
        coverage=coverage_inter(),
        label=f"{SOURCE_INTER.title}, {path.name}",
        layout="participants" if by_days else "dyad-years",
        rows=frame.height,
        left_out=periods.unused(frame, kept, "no opponent that was a state of the system at the time", label),
    )


def _lines(data: bytes) -> bytes:
    """The project's file ends its lines as old Macintoshes did, and writes Latin-1."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        data = data.decode("latin-1").encode()
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _dyads(path: Path, data: bytes) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows, and one row a war, pair and year with the states as actors."""
    frame = files.table(path, data, DYADS, nulls=NULLS)
    for name, low, high in (("war", 1, 999), ("a", 1, 999), ("b", 1, 999), ("year", FIRST.year, LAST.year)):
        frame = files.whole(frame, path, name, low, high)
    for name in ("deaths_a", "deaths_b"):
        frame = files.whole(frame, path, name, 0, 100_000_000, null=True)
    whole = frame.with_columns(first=pl.date("year", 1, 1), last=pl.date("year", 12, 31), name=pl.lit(None, pl.String))
    named = periods.name_periods(whole, path, ("a", "b"), who.cow, longest=True)
    return frame, named.with_columns(row_a=pl.col(files.ROW), row_b=pl.col(files.ROW))


def _participants(path: Path, data: bytes) -> tuple[pl.DataFrame, pl.DataFrame]:
    frame = files.table(path, data, PARTICIPANTS, nulls=NULLS)
    for name, low, high in (("war", 1, 999), ("a", 1, 999), ("side", 1, 2)):
        frame = files.whole(frame, path, name, low, high)
    frame = files.whole(frame, path, "deaths", 0, 100_000_000, null=True)
    states = periods.name_periods(_phases(frame, path), path, ("a",), who.cow)
    one, other = (
        states.filter(pl.col("side") == side).select(
            "war", "first", "last", "deaths", "code_a", actor="a", row=files.ROW, name="name"
        )
        for side in (1, 2)
    )
    met = one.join(other, on="war", suffix="_b").with_columns(
        first=pl.max_horizontal("first", "first_b"), last=pl.min_horizontal("last", "last_b")
    )
    together = met.filter((pl.col("first") <= pl.col("last")) & (pl.col("actor") != pl.col("actor_b"))).select(
        "war", "name", "first", "last", a="actor", b="actor_b", deaths_a="deaths", deaths_b="deaths_b",
        code_a="code_a", code_b="code_a_b", row_a="row", row_b="row_b",
    )  # fmt: skip
    return frame, periods.yearly(together)


def _phases(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    """One row a participant and phase, with its days."""
    frame = files.given(frame, path, "firstyear1", "lastyear1")
    parts = []
    for phase in (1, 2):
        part = frame.filter(pl.col(f"firstyear{phase}").is_not_null())
        for side in ("first", "last"):
            part = _day(part, path, side, phase)
        parts.append(part.select(files.ROW, "war", "name", "a", "side", "deaths", "first", "last"))
    phases = pl.concat(parts)
    files.refuse(phases, pl.col("last") < pl.col("first"), path, "last", "a last day not before the first")
    return phases


def _day(frame: pl.DataFrame, path: Path, side: str, phase: int) -> pl.DataFrame:
    """The first or last day of a phase: the earliest, or latest, that is possible where it is not known."""
    year, month, day = (f"{side}{part}{phase}" for part in ("year", "month", "day"))
    frame = files.whole(frame, path, year, FIRST.year, LAST.year)
    frame = files.whole(files.whole(frame, path, month, 1, 12, null=True), path, day, 1, 31, null=True)
    opening = pl.date(year, pl.col(month).fill_null(1 if side == "first" else 12), 1)
    closing = opening.dt.month_end().dt.day().cast(pl.Int32)
    told = pl.when(pl.col(month).is_not_null()).then(day)  # the 20th of no month is no day
    number = pl.min_horizontal(told.fill_null(1 if side == "first" else 31), closing)
    return frame.with_columns(opening.dt.offset_by(pl.format("{}d", number - 1)).alias(side))


def _wars(met: pl.DataFrame) -> pl.DataFrame:
    """One statement a war, pair and piece of a year."""
    # What the war cost a state is known when it is over for it.
    cost = [
        pl.when(pl.col("last") == pl.col("last").max().over("war", f"code_{side}")).then(
            pl.format(
                "; battle deaths of {} in the whole war: {}",
                side,
                pl.col(f"deaths_{side}").cast(pl.String).fill_null("not known"),
            )
        )
        for side in "ab"
    ]
    named = pl.when(pl.col("name").is_not_null()).then(pl.format(": {}", "name")).otherwise(pl.lit(""))
    rows = pl.when(pl.col("row_a") == pl.col("row_b")).then(pl.format("row {}", "row_a"))
    told = met.with_columns(
        original=pl.concat_str(pl.lit("on opposite sides"), *cost, ignore_nulls=True),
        text=pl.format("on opposite sides of interstate war {}{}", "war", named),
        locator=pl.format(
            "war {}, {}: {}-{} {}", "war", rows.otherwise(pl.format("rows {} and {}", "row_a", "row_b")),
            "code_a", "code_b", "year",
        ),
    ).with_columns(periods.ordered())  # fmt: skip
    return (
        told.unique(["war", "a", "b", "first"], keep="first", maintain_order=True)
        .sort("war", "a", "b", "first")
        .select(
            "a", "b", kind=pl.lit("war"), valid_from="first", valid_to="last", known_from="last",
            source=pl.lit(KEY_INTER), locator="locator", original="original", value=pl.lit(1.0),
            unit=pl.lit("1 at war"), ref=pl.format("COW war {}", "war"), text="text",
        )
    )  # fmt: skip


def parse_intra(path: Path) -> Parsed:
    """Read wars within states as state-years; see `parse_inter`."""
    frame = _read_intra(path)
    home = frame.filter(pl.col("primary") == 1)
    own = periods.name_periods(home, path, ("a",), who.cow, longest=True)
    helpers = [
        periods.name_periods(
            frame.filter(pl.col("primary") == 0, pl.col(side).is_not_null()).with_columns(helper=side),
            path, ("helper",), who.cow, longest=True,
        )
        for side in ("a", "b")
    ]  # fmt: skip
    against = periods.name_periods(_opposed(frame, home), path, ("a", "b"), who.cow, longest=True)
    told = [own, *(each.join(own, on=["war", "year"], how="semi") for each in helpers)]
    return Parsed(
        frames={"trait": _within(own, helpers), "tie": _against(against)},
        sources=(_source(SOURCE_INTRA, KEY_INTRA),),
        coverage=coverage_intra(),
        label=f"{SOURCE_INTRA.title}, {path.name}",
        layout="state-years",
        rows=frame.height,
        left_out=periods.unused(frame, told, periods.ABSENT, pl.format("war {} {}", "war", "year")),
    )


def _read_intra(path: Path) -> pl.DataFrame:
    frame = files.table(path, files.content(path), INTRA, nulls=NULLS)
    for name, low, high in (("war", 1, 999), ("year", FIRST.year, LAST.year + 1), ("primary", 0, 1)):
        frame = files.whole(frame, path, name, low, high)
    for name, most in (("a", 999), ("b", 999), ("deaths_a", 100_000_000), ("deaths_b", 100_000_000)):
        frame = files.whole(frame, path, name, 0, most, null=True)
    files.refuse(frame, (pl.col("primary") == 1) & pl.col("a").is_null(), path, "a", "the state at war within")
    return frame.with_columns(first=pl.date("year", 1, 1), last=pl.date("year", 12, 31))


def _opposed(frame: pl.DataFrame, home: pl.DataFrame) -> pl.DataFrame:
    """The state at war within and each state that fought against it, by war and year."""
    foes = frame.filter(pl.col("b").is_not_null(), pl.col("primary") == 0).select("war", "year", "b", files.ROW)
    states = home.select("war", "year", "a", "name", "first", "last").unique(["war", "year", "a"], maintain_order=True)
    return states.join(foes, on=["war", "year"]).select(files.ROW, "war", "name", "year", "a", "b", "first", "last")


def _within(own: pl.DataFrame, helpers: list[pl.DataFrame]) -> pl.DataFrame:
    told = own.unique(["war", "a", "year"], keep="first", maintain_order=True)
    for words, each in zip(("with it", "against it"), helpers, strict=True):
        names = each.group_by("war", "year").agg(pl.col("helper").unique().sort().str.join(", "))
        said = names.select("war", "year", pl.format(f"; states {words}: {{}}", "helper").alias(words))
        told = told.join(said, on=["war", "year"], how="left", maintain_order="left")
    over = pl.col("last") == pl.col("last").max().over("war", "a")
    deaths = (pl.col(f"deaths_{side}").cast(pl.String).fill_null("not known") for side in "ab")
    return told.sort("war", "year").select(
        "a",
        kind=pl.lit("internal_conflict"),
        valid_from="first",
        valid_to="last",
        known_from="last",
        source=pl.lit(KEY_INTRA),
        locator=pl.format("war {}, row {}: {} {}", "war", files.ROW, "code_a", "year"),
        original=pl.when(over)
        .then(pl.format("deaths in the whole war: {} of the state, {} of its opponents", *deaths))
        .otherwise(pl.format("{}, year of war", "type")),
        value=pl.lit(2.0),
        unit=pl.lit("intensity, 1 or 2"),
        text=pl.concat_str(
            pl.format("COW war {}: {} ({})", "war", "name", "type"), "with it", "against it", ignore_nulls=True
        ),
    )


def _against(met: pl.DataFrame) -> pl.DataFrame:
    return met.with_columns(periods.ordered()).unique(["war", "a", "b", "year"], maintain_order=True).select(
        "a",
        "b",
        kind=pl.lit("armed_conflict"),
        valid_from="first",
        valid_to="last",
        known_from="last",
        source=pl.lit(KEY_INTRA),
        locator=pl.format("war {}, row {}: {}-{} {}", "war", files.ROW, "code_a", "code_b", "year"),
        original=pl.lit("on opposite sides"),
        value=pl.lit(2.0),
        unit=pl.lit("intensity, 1 or 2"),
        ref=pl.format("COW war {}", "war"),
        text=pl.format("on opposite sides of a war within a state: {}", "name"),
    )  # fmt: skip


def coverage_inter() -> tuple[Coverage, ...]:
    """Every war between states of the system is meant to be there."""
    note = "all pairs of states in the Correlates of War system"
    return (Coverage(KEY_INTER, "tie", "war", (), "both", FIRST, LAST, "zero", note),)


def coverage_intra() -> tuple[Coverage, ...]:
    """Every war within a state is meant to be there; a tie only where two states fought in one."""
    note = "all states in the Correlates of War system; wars of 1,000 battle deaths a year only"
    return (
        Coverage(KEY_INTRA, "trait", "internal_conflict", (), "a", FIRST, LAST, "missing", note),
        Coverage(KEY_INTRA, "tie", "armed_conflict", (), "both", FIRST, LAST, "missing", note),
    )


def _source(source: DataSource, key: str) -> Source:
    note = "Ends 2007."
    return Source(key, source.publisher, source.title, None, source.urls[0], source.licence, source.citation, note)


def _fought(a: str, b: str, day: date, war: int) -> Check:
    """A check that two states were at war on a day."""

    def failure(parsed: Parsed) -> str | None:
        ties = parsed.frame("tie").filter(
            pl.col("a") == a, pl.col("b") == b, pl.col("valid_from") <= day, pl.col("valid_to") >= day
        )
        refs = ties["ref"].to_list()
        return None if f"COW war {war}" in refs else str(refs)

    return Check(f"{a}-{b} {day}", f"{a} and {b} on opposite sides of war {war} on {day}", failure)


def _home(state: str, year: int) -> Check:
    def failure(parsed: Parsed) -> str | None:
        rows = parsed.frame("trait").filter(pl.col("a") == state, pl.col("valid_from").dt.year() == year)
        return None if rows.height else "none"

    return Check(f"{state} {year}", f"a war within {state} in {year}", failure)


_BOOK: Final = Reference(
    "sarkees2010resort", "book", ("Sarkees, Meredith Reid", "Wayman, Frank Whelon"), 2010, "Resort to War: 1816-2007",
    "CQ Press",
)  # fmt: skip
SOURCE_INTER: Final = DataSource(
    name="cow-war-inter",
    publisher="Correlates of War Project",
    title="Inter-state wars 4.0",
    citation="Sarkees, M. R. & Wayman, F. W. (2010). Resort to War: 1816-2007. CQ Press. Data: version 4.0.",
    licence="Free for academic use with citation.",
    redistributable=False,
    urls=("https://correlatesofwar.org/data-sets/COW-war/",),
    versions=("4.0",),
    coverage=coverage_inter(),
    parse=parse_inter,
    checks=(
        rows_between(1_932, 1_932, layout="dyad-years"), rows_between(330, 345, layout="participants"), mostly_used(0.98),
        _fought("DEU", "USA", date(1944, 6, 6), 139), _fought("IRQ", "USA", date(2003, 4, 1), 227),
        _fought("ARG", "GBR", date(1982, 5, 1), 202),
    ),
    files=("Inter-StateWarData_v4.0.csv", "cow_war_inter.csv", "cow_war_inter.csv.gz"),
    references=(_BOOK,),
    downloads=(
        Download(
            "https://correlatesofwar.org/wp-content/uploads/Inter-StateWarData_v4.0.csv", "Inter-StateWarData_v4.0.csv",
            most=4 << 20,
        ),
    ),
    by_hand="On the page of the war data take the inter-state wars, version 4.0 (Inter-StateWarData_v4.0.csv).",
)  # fmt: skip
SOURCE_INTRA: Final = replace(
    SOURCE_INTER,
    name="cow-war-intra",
    title="Intra-state wars 4.1, state-years",
    citation=(
        "Dixon, J. S. & Sarkees, M. R. (2016). A Guide to Intra-state Wars: An Examination of Civil, Regional, and "
        "Intercommunal Wars, 1816-2014. CQ Press. Data: version 4.1, as state-years in the R package peacesciencer."
    ),
    versions=("4.1",),
    coverage=coverage_intra(),
    parse=parse_intra,
    checks=(rows_between(1_361, 1_361), mostly_used(0.95), _home("USA", 1863), _home("ESP", 1937), _home("CHN", 1947)),
    files=("cow_war_intra.csv", "cow_war_intra.csv.gz"),
    references=(
        Reference(
            "dixon2016guide", "book", ("Dixon, Jeffrey S.", "Sarkees, Meredith Reid"), 2016,
            "A Guide to Intra-state Wars: An Examination of Civil, Regional, and Intercommunal Wars, 1816-2014", "CQ Press",
        ),
        _BOOK,
    ),
    downloads=(),
    by_hand=(
        "The state-years come with the R package peacesciencer as `cow_war_intra`; write them with write.csv. (The "
        "project's own page has version 5.1, in another layout, which is not read.)"
    ),
)  # fmt: skip
