"""Nuclear cooperation agreements → ties, and sites for enrichment and reprocessing → counts by state.

**Agreements** (Fuhrmann, from Keeley's list). A row is an agreement that a state signed with another in a year, with what
it is about; most stand in the list from both sides. One statement a pair, year and subject; its value is the number of
agreements (the larger of the two sides' counts), its original both counts. The list gives the year of signature and no end:
an agreement is dated from 1 January of that year, known from its end, and open as far as the list reaches.

**Latency** (Fuhrmann & Tkach). A row is a site that can enrich uranium or reprocess plutonium, with the years in which it
worked. One statement a state and run of years with the same number of sites at work, both end years included. A site whose
first or last year of work is not known (-99), or that never worked, is left out, so a number is a lower bound. Many sites
were secret: nothing here is known before the end of 2015, the year of publication.

Sources: Fuhrmann (2012), Atomic Assistance, Cornell University Press; Fuhrmann & Tkach (2015), Conflict Management and
Peace Science 32(4): 443-461, doi:10.1177/0738894214559672.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final, Literal

import polars as pl

from multipolar import actors
from multipolar.record import Coverage, Source
from multipolar.sources import files, who
from multipolar.sources.files import ROW
from multipolar.sources.model import Check, DataSource, LeftOut, Parsed, Reference, mostly_used, rows_between
from multipolar.sources.spells import FIRST_DAY, LAST_DAY, period, spells

AGREEMENTS: Final = {"a": ("ccode1",), "b": ("ccode2",), "year": ("year",), "nca": ("nca",), "subject": ("nca_type",)}
SITES: Final = {
    "a": ("ccode",),
    "site": ("facility_name",),
    "method": ("enr_type",),
    "start": ("operation_start",),
    "end": ("operation_end",),
    "start2": ("operation2_start",),
    "end2": ("operation2_end",),
}
NULLS: Final = ("NA", "")
#: Code of a year that the authors do not know.
UNKNOWN: Final = -99
FIRST_AGREEMENT: Final = 1945
LAST_AGREEMENT: Final = 2003
FIRST_SITE: Final = 1939
LAST_SITE: Final = 2012
KEY_AGREEMENTS: Final = "nca:2003"
KEY_SITES: Final = "nuclear-latency:1.2"
URL: Final = "https://www.matthewfuhrmann.com/datasets.html"
#: Last day of the year in which the list of sites was published.
PUBLISHED: Final = date(2015, 12, 31)
CITE_AGREEMENTS: Final = (
    "Fuhrmann, M. (2012). Atomic Assistance: How 'Atoms for Peace' Programs Cause Nuclear Insecurity. Ithaca: Cornell "
    "University Press. Nuclear Cooperation Agreement data set, 1945-2003."
)
CITE_SITES: Final = (
    "Fuhrmann, M. & Tkach, B. (2015). Almost Nuclear: Introducing the Nuclear Latency Dataset. Conflict Management and "
    "Peace Science 32(4): 443-461. Version 1.2."
)


def parse_agreements(path: Path) -> Parsed:
    """Read the list of nuclear cooperation agreements (``ccode1, ccode2, year, nca, nca_type``).

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code or year.
    """
    read = files.table(path, files.content(path), AGREEMENTS, nulls=NULLS)
    frame = files.given(read, path, "subject")
    for name, low, high in (("a", 1, 999), ("b", 1, 999), ("nca", 0, 1), ("year", FIRST_AGREEMENT, date.today().year)):
        frame = files.whole(frame, path, name, low, high)
    none = frame.filter(pl.col("nca") == 0)
    named, lost = who.name_codes(frame.filter(pl.col("nca") == 1), path, ("a", "b"), who.cow)
    last_year = max(frame["year"].to_list(), default=FIRST_AGREEMENT)
    return Parsed(
        frames={"tie": _agreed(named)},
        sources=(_source(KEY_AGREEMENTS, SOURCE_AGREEMENTS, CITE_AGREEMENTS, "Years of signature; no ends."),),
        coverage=(_agreements_coverage(last_year),),
        label=f"nuclear cooperation agreements, {path.name}",
        layout="agreements",
        rows=frame.height,
        left_out=(*lost, *((LeftOut("no agreement", none.height),) if none.height else ())),
    )


def _agreed(named: pl.DataFrame) -> pl.DataFrame:
    """One statement a pair, year and subject."""
    first = pl.col("a") < pl.col("b")
    pairs = named.with_columns(
        low=pl.min_horizontal("a", "b"), high=pl.max_horizontal("a", "b"), mine=first, theirs=~first
    )
    key = ("low", "high", "year", "subject")
    found = pairs.group_by(key, maintain_order=True).agg(
        pl.col("mine").sum(), pl.col("theirs").sum(), pl.col(ROW).min(), pl.col(ROW).sort().alias("rows")
    )
    rows = pl.col("rows").cast(pl.List(pl.String)).list.join(" ")
    number = pl.max_horizontal("mine", "theirs")
    return found.sort(key).select(
        a="low",
        b="high",
        kind=pl.lit("nuclear_agreement"),
        valid_from=pl.date(pl.col("year"), 1, 1),
        valid_to=pl.lit(None, pl.Date),
        known_from=pl.date(pl.col("year"), 12, 31),
        source=pl.lit(KEY_AGREEMENTS),
        locator=pl.format("rows {}", rows),
        original=pl.format("{}: {} listed by {}, {} by {}", "subject", "mine", "low", "theirs", "high"),
        value=number.cast(pl.Float64),
        unit=pl.lit("agreements"),
        text=pl.format("nuclear cooperation agreement: {}", "subject"),
        ref=pl.format("NCA {}-{} {} {}", "low", "high", "year", "subject"),
    )


def _agreements_coverage(last_year: int) -> Coverage:
    note = "bilateral agreements of states in the Correlates of War system, as Keeley listed them"
    first, last = date(FIRST_AGREEMENT, 1, 1), date(last_year, 12, 31)
    return Coverage(KEY_AGREEMENTS, "tie", "nuclear_agreement", (), "both", first, last, "zero", note)


def parse_sites(path: Path) -> Parsed:
    """Read the list of enrichment and reprocessing sites and count those at work by state and year.

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code or year, or work ends before it begins.
    """
    read = files.table(path, files.content(path), SITES, nulls=NULLS)
    frame = files.whole(files.given(read, path, "a", "site"), path, "a", 1, 999)
    for name in ("start", "end", "start2", "end2"):
        frame = files.whole(frame, path, name, UNKNOWN, LAST_SITE, null=True)
        wrong = (pl.col(name) < FIRST_SITE) & (pl.col(name) != UNKNOWN)
        files.refuse(frame, wrong, path, name, f"a year from {FIRST_SITE}, or {UNKNOWN}")
    frame = files.once(frame, path, "a", "site")
    never = frame.filter(pl.col("start").is_null())
    unknown = pl.any_horizontal(pl.col("start", "end", "start2", "end2") == UNKNOWN).fill_null(False)
    vague = frame.filter(pl.col("start").is_not_null(), unknown)
    working = frame.filter(pl.col("start").is_not_null(), ~unknown)
    named, lost = who.name_codes(_site_years(working, path), path, ("a",), who.cow)
    gone = working.join(named, on=ROW, how="anti")
    reasons = (
        ("it never worked", never), ("years of work not known", vague), ("the state did not exist in its years", gone)
    )  # fmt: skip
    return Parsed(
        frames={"trait": _counts(named)},
        sources=(_source(KEY_SITES, SOURCE_SITES, CITE_SITES, "Sites with known years of work: a lower bound."),),
        coverage=(_sites_coverage(_sure(vague)),),
        label=f"nuclear latency, {path.name}",
        layout="sites",
        rows=frame.height,
        left_out=tuple(
            LeftOut(reason, rows.height, tuple(rows["site"].head(3))) for reason, rows in reasons if rows.height
        ),
        remarks=tuple(f"of the years of sites, {item}" for item in lost),
    )


def _site_years(working: pl.DataFrame, path: Path) -> pl.DataFrame:
    """One row a site and year of work; a site without a last year works until the list ends."""
    parts = []
    for start, end in (("start", "end"), ("start2", "end2")):
        part = working.filter(pl.col(start).is_not_null()).with_columns(until=pl.col(end).fill_null(LAST_SITE))
        files.refuse(part, pl.col("until") < pl.col(start), path, end, f"a year not before {start}")
        parts.append(part.with_columns(year=pl.int_ranges(pl.col(start), pl.col("until") + 1)))
    years = pl.concat(parts).explode("year", empty_as_null=False)
    return years.with_columns(pl.col("year").cast(pl.Int32)).unique(["a", "site", "year"], maintain_order=True)


def _counts(named: pl.DataFrame) -> pl.DataFrame:
    """Runs of years with the same number of sites at work."""
    count = named.group_by("a", "year").agg(n=pl.len(), row=pl.col(ROW).min()).rename({"row": ROW})
    runs = spells(count, ("a", "n"))
    span = period(pl.col("first"), pl.col("last"))
    return runs.select(
        "a",
        kind=pl.lit("nuclear_sites"),
        valid_from=FIRST_DAY,
        valid_to=LAST_DAY,
        known_from=pl.lit(PUBLISHED),
        source=pl.lit(KEY_SITES),
        locator=pl.format("{} sites of {} at work {}, the first in row {}", "n", "a", span, "row"),
        original=pl.col("n").cast(pl.String),
        value=pl.col("n").cast(pl.Float64),
        unit=pl.lit("sites"),
        text=pl.lit("enrichment and reprocessing sites at work"),
    )


def _sure(vague: pl.DataFrame) -> tuple[str, ...]:
    """States of which no site's years of work are unknown: for them, nothing listed is none."""
    unsure = {actor for code in vague["a"].unique().to_list() for actor in who.cow(str(code))}
    return tuple(id for id, actor in actors.actors().items() if actor.kind == "state" and id not in unsure)


def _sites_coverage(sure: tuple[str, ...] = ()) -> Coverage:
    first, last = date(FIRST_SITE, 1, 1), date(LAST_SITE, 12, 31)
    absence: Literal["zero", "missing"] = "zero" if sure else "missing"
    note = "states of which the years of work of every listed site are known"
    return Coverage(KEY_SITES, "trait", "nuclear_sites", sure, "a", first, last, absence, note, PUBLISHED)


def _source(key: str, about: DataSource, citation: str, note: str) -> Source:
    return Source(key, about.publisher, about.title, None, URL, about.licence, citation, note)


def _agreement(a: str, b: str, year: int) -> Check:
    """A check that two states signed an agreement in a year."""

    def failure(parsed: Parsed) -> str | None:
        first, second = sorted((a, b))
        ties = parsed.frame("tie").filter(
            pl.col("a") == first, pl.col("b") == second, pl.col("valid_from").dt.year() == year
        )
        return None if ties.height else "none"

    return Check(f"{a}-{b} {year}", f"an agreement of {a} and {b} in {year}", failure)


def _at_work(state: str, year: int, low: int, high: int) -> Check:
    """A check of the number of sites at work in a state and year."""

    def failure(parsed: Parsed) -> str | None:
        got = parsed.frame("trait").filter(
            pl.col("a") == state, pl.col("valid_from").dt.year() <= year, pl.col("valid_to").dt.year() >= year
        )["value"].sum()  # fmt: skip
        return None if low <= got <= high else f"{got:g}"

    return Check(f"{state} {year}", f"{low} to {high} sites at work in {state} in {year}", failure)


SOURCE_AGREEMENTS: Final = DataSource(
    name="nuclear-agreements",
    publisher="Matthew Fuhrmann",
    title="Nuclear Cooperation Agreements, 1945-2003",
    citation=CITE_AGREEMENTS,
    licence="Academic use with citation; no further terms stated.",
    redistributable=False,
    urls=(URL,),
    versions=("1945-2003",),
    coverage=(_agreements_coverage(LAST_AGREEMENT),),
    parse=parse_agreements,
    checks=(
        rows_between(3_152, 3_152),
        mostly_used(0.98),
        _agreement("USA", "CAN", 1955),
        _agreement("FRA", "BRA", 1975),
        _agreement("RUS", "CHN", 1956),
    ),
    files=("nuclear_cooperation_agreements.csv", "nuclear_cooperation_agreements.csv.gz", "nca*.csv"),
    references=(
        Reference(
            key="fuhrmann2012atomic",
            kind="book",
            authors=("Fuhrmann, Matthew",),
            year=2012,
            title="Atomic Assistance: How 'Atoms for Peace' Programs Cause Nuclear Insecurity",
            container="Cornell University Press",
        ),
    ),
    by_hand="Download the Nuclear Cooperation Agreement data from the page and save it as CSV under its own column names.",
)

SOURCE_SITES: Final = DataSource(
    name="nuclear-latency",
    publisher="Matthew Fuhrmann and Benjamin Tkach",
    title="Nuclear Latency Dataset, version 1.2",
    citation=CITE_SITES,
    licence="Academic use with citation; no further terms stated.",
    redistributable=False,
    urls=(URL,),
    versions=("1.2",),
    coverage=(_sites_coverage(),),
    parse=parse_sites,
    checks=(
        rows_between(253, 253),
        mostly_used(0.85),
        _at_work("USA", 1943, 1, 10),
        _at_work("ZAF", 1985, 1, 10),
        _at_work("AUS", 2012, 0, 0),
        _at_work("IRQ", 2003, 0, 0),
    ),
    files=("nuclear_latency_sites.csv", "nuclear_latency_sites.csv.gz", "NL*.csv"),
    references=(
        Reference(
            key="fuhrmann2015latency",
            kind="article",
            authors=("Fuhrmann, Matthew", "Tkach, Benjamin"),
            year=2015,
            title="Almost nuclear: Introducing the Nuclear Latency dataset",
            container="Conflict Management and Peace Science",
            volume="32",
            pages="443-461",
            doi="10.1177/0738894214559672",
        ),
    ),
    by_hand="Download the Nuclear Latency data from the page and save the list of facilities as CSV under its column names.",
)
