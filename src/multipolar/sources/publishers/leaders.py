"""Who held effective power in each state, and what kind of government it had → traits with the days in office.

**Archigos** (1875 to 2015, and terms that began before): one statement a term, its text the leader's name, its original
the days, the manner of entry and of exit as Archigos has them. A term is known from its first day: who governs is
public at once, however much later it was coded. Terms that ran on when Archigos ended are open. A leader who governed
before the state was independent is stated from independence on. Codes are those of Gleditsch and Ward. The names are
those that Archigos writes; they identify a person together with the code of the term in the locator.

**REIGN** (January 1950 to August 2021): its official file has a row a leader and month. Consecutive months of one
leader become one statement, dated by month; in a month of change both leaders are stated. Its kinds of government
(text: presidential, parliamentary, party-based, personal, monarchy ...) become statements of their own, as do the spells
of government that an R package has extracted from it, which reach back before 1950; these classifications are known
from the end of REIGN, for they were revised until then. Its last days stand for "still so" (31 December 2020 or 2021):
such a spell is open, and no source here says anything after August 2021.

Sources: Goemans, Gleditsch & Chiozza (2009), Journal of Peace Research 46: 269-283, doi:10.1177/0022343308100719;
Bell, Besaw & Frank (2021), The Rulers, Elections, and Irregular Governance (REIGN) Dataset, One Earth Future.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar import actors
from multipolar.errors import DataError
from multipolar.record import Coverage, Source
from multipolar.sources import files, who, yearly
from multipolar.sources.model import Check, DataSource, Download, LeftOut, Parsed, Reference, mostly_used, rows_between
from multipolar.sources.spells import period, spells

ARCHIGOS_COLUMNS: Final = {
    "a": ("gwcode", "ccode"),
    "term": ("obsid",),
    "leader": ("leader",),
    "start": ("startdate",),
    "end": ("enddate",),
    "entry": ("entry",),
    "exit": ("exit",),
    "exitcode": ("exitcode",),
}
#: What Archigos writes of a leader who was in office when it ended.
IN_OFFICE: Final = "Still in Office"
ARCHIGOS_KEY: Final = "archigos:4.1"
ARCHIGOS_END: Final = date(2015, 12, 31)
NOT_THEN: Final = "the state did not exist during the term"

MONTHS: Final = {
    "a": ("ccode",),
    "country": ("country",),
    "leader": ("leader",),
    "year": ("year",),
    "month": ("month",),
    "government": ("government",),
}
SPELLS: Final = {
    "a": ("reign_cowcode", "cowcode"),
    "year": ("year",),
    "case": ("gwf_casename",),
    "government": ("gwf_regimetype",),
    "start": ("Start",),
    "end": ("End",),
}
REIGN_KEY: Final = "reign:2021-8"
#: End of the last month of REIGN, and days that stand for "still so" in its spells.
REIGN_END: Final = date(2021, 8, 31)
OPEN_DAYS: Final = (date(2020, 12, 31), date(2021, 12, 31))


def parse_archigos(path: Path) -> Parsed:
    """Read Archigos 4.1: the Stata file, the tab-separated text, or the same rows as CSV.

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, a cell is no code or day, or a term ends before it begins.
    """
    read = yearly.read(path, ARCHIGOS_COLUMNS, separator="\t" if path.suffix == ".txt" else ",")
    read = files.given(read, path, "term", "leader")
    read = files.whole(read, path, "a", 1, 999).with_columns(pl.col("a").cast(pl.String))
    frame = files.once(files.day(files.day(read, path, "start"), path, "end"), path, "term")
    files.refuse(frame, pl.col("end") < pl.col("start"), path, "end", "a last day not before the first")
    kept, left = _in_existence(_of_states(frame, path))
    return Parsed(
        frames={"trait": _terms(kept)},
        sources=(_source(ARCHIGOS, ARCHIGOS_KEY, date(2016, 3, 1), "Ends on 31 December 2015."),),
        coverage=_coverage(ARCHIGOS_KEY, ("leader",), date(1875, 1, 1), ARCHIGOS_END),
        label=f"Archigos, {path.name}",
        layout="terms",
        rows=frame.height,
        left_out=left,
    )


def _of_states(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Actors in place of codes: of several states of one code, the latest that existed during the term, or null."""
    found: list[str | None] = []
    for code, start, end, row in frame.select("a", "start", "end", files.ROW).rows():
        candidates = who.gw(code)
        if not candidates:
            hint = "If the publisher added a code, the table of states has to learn it first; nothing was taken in."
            raise DataError.bad_row(path, row, "a", "a Gleditsch-Ward code", code, hint=hint)
        found.append(next((each for each in candidates if who.lived(each, start, end)), None))
    return frame.with_columns(code_a="a", a=pl.Series(found, dtype=pl.String), year=pl.col("end").dt.year())


def _in_existence(named: pl.DataFrame) -> tuple[pl.DataFrame, tuple[LeftOut, ...]]:
    """Terms cut to the last span of the state's existence that they touch."""
    there = named["a"].drop_nulls().unique().sort()
    spans = [(a, start, end) for a in there for start, end in actors.get(a).existence()]
    schema = {"a": pl.String, "born": pl.Date, "died": pl.Date}
    lives = pl.DataFrame(spans, schema=schema, orient="row").with_columns(pl.col("died").fill_null(date.max))
    touching = (
        named.join(lives, on="a")
        .filter(pl.col("born") <= pl.col("end"), pl.col("start") <= pl.col("died"))
        .sort(files.ROW, "born")
        .unique(files.ROW, keep="last", maintain_order=True)
    )
    lost = named.join(touching.select(files.ROW), on=files.ROW, how="anti")
    kept = touching.with_columns(first=pl.max_horizontal("start", "born"), last=pl.min_horizontal("end", "died"))
    return kept, (who.tally(lost, NOT_THEN, pl.col("term")),) if lost.height else ()


def _terms(kept: pl.DataFrame) -> pl.DataFrame:
    return kept.select(
        "a",
        kind=pl.lit("leader"),
        valid_from="first",
        valid_to=pl.when(pl.col("exit").fill_null("") != IN_OFFICE).then(pl.col("last")),
        known_from="first",
        source=pl.lit(ARCHIGOS_KEY),
        locator=pl.format("row {}: {}", files.ROW, "term"),
        original=pl.format(
            "{} to {}; entry: {}; exit: {}; {}", "start", "end", *(_or_dash(n) for n in ("entry", "exit", "exitcode"))
        ),
        value=pl.lit(1.0),
        unit=pl.lit("in office"),
        text="leader",
    )


def _or_dash(name: str) -> pl.Expr:
    return pl.col(name).fill_null("-")


def parse_reign(path: Path) -> Parsed:
    """Read REIGN's leader-months (``REIGN_2021_8.csv``), or the spells of government extracted from it.

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code, year, month or day.
    """
    header = [] if files.is_parquet(path) else files.header_of(path, files.content(path))
    if "gwf_casename" in {name.lower() for name in header}:
        return _government_spells(path)
    return _leader_months(path)


def _leader_months(path: Path) -> Parsed:
    read = yearly.read(path, MONTHS)
    read = files.whole(files.given(read, path, "leader"), path, "a", 1, 999)
    read = files.whole(read.with_columns(pl.col("a").cast(pl.String)), path, "year", 1950, 2021)
    frame = files.whole(read, path, "month", 1, 12)
    named, left = who.name_codes(frame, path, ("a",), who.cow)
    named = named.with_columns(years=pl.col("year"), year=pl.col("year") * 12 + pl.col("month") - 1)
    end = named["year"].max()
    governments = named.drop_nulls("government").rename({"government": "what"})
    frames = [
        _monthly(named.rename({"leader": "what"}), "leader", "in office", end),
        _monthly(governments, "government", "in force", end),
    ]
    return Parsed(
        frames={"trait": pl.concat(frames)},
        sources=(_source(REIGN, REIGN_KEY, REIGN_END, "Dated by month. Ends in August 2021."),),
        coverage=_coverage(REIGN_KEY, ("leader", "government"), date(1950, 1, 1), REIGN_END),
        label=f"REIGN, {path.name}",
        layout="leader-months",
        rows=frame.height,
        left_out=left,
    )


def _monthly(rows: pl.DataFrame, kind: str, unit: str, end: object) -> pl.DataFrame:
    """Runs of consecutive months (counted from year 0) of the same text; the last month's are open."""
    once = rows.unique(["a", "what", "year"], keep="first", maintain_order=True)
    runs = spells(once, ("a", "what"), keep=("code_a",))
    first = pl.date(pl.col("first") // 12, pl.col("first") % 12 + 1, 1)
    last = pl.date(pl.col("last") // 12, pl.col("last") % 12 + 1, 1).dt.month_end()
    known = first if kind == "leader" else pl.lit(REIGN_END)
    return runs.select(
        "a",
        kind=pl.lit(kind),
        valid_from=first,
        valid_to=pl.when(pl.col("last") < pl.lit(end)).then(last),
        known_from=known,
        source=pl.lit(REIGN_KEY),
        locator=pl.format("row {}: {} {}, {}", "row", "code_a", first.dt.strftime("%Y-%m"), pl.lit(kind)),
        original=pl.format("{} ({} months)", "what", pl.col("last") - pl.col("first") + 1),
        value=pl.lit(1.0),
        unit=pl.lit(unit),
        text="what",
    )


def _government_spells(path: Path) -> Parsed:
    read = yearly.read(path, SPELLS)
    read = files.whole(files.given(read, path, "case", "government"), path, "a", 1, 999)
    read = files.whole(read.with_columns(pl.col("a").cast(pl.String)), path, "year", 1600, 2021)
    frame = files.day(files.day(read, path, "start"), path, "end")
    open_ = pl.col("end").is_in(OPEN_DAYS)
    files.refuse(frame, ~open_ & (pl.col("end") < pl.col("start")), path, "end", "a last day not before the first")
    named, left = who.name_codes(frame, path, ("a",), who.cow)
    runs = named.group_by("a", "code_a", "case", "government", "start", "end", maintain_order=True).agg(
        row=pl.col(files.ROW).first(), low=pl.col("year").min(), high=pl.col("year").max()
    )
    return Parsed(
        frames={"trait": _governments(_alive(runs), open_)},
        sources=(
            _source(REIGN, "reign:spells-2021-8", REIGN_END, "Spells of government only; leaders are not in it."),
        ),
        coverage=_coverage("reign:spells-2021-8", ("government",), date(1816, 1, 1), REIGN_END),
        label=f"REIGN, {path.name}",
        layout="spells of government",
        rows=frame.height,
        left_out=left,
    )


def _alive(runs: pl.DataFrame) -> pl.DataFrame:
    """Spells from the first day on which the state existed within them (years without the state are left out before)."""
    born = [
        max(start, min((day for day, _ in actors.get(a).existence() if day.year >= low), default=start))
        if not who.lived(a, start, start)
        else start
        for a, start, low in runs.select("a", "start", "low").rows()
    ]
    return runs.with_columns(first=pl.Series(born, dtype=pl.Date))


def _governments(runs: pl.DataFrame, still: pl.Expr) -> pl.DataFrame:
    return runs.select(
        "a",
        kind=pl.lit("government"),
        valid_from="first",
        valid_to=pl.when(~still).then(pl.max_horizontal("first", "end")),
        known_from=pl.lit(REIGN_END),
        source=pl.lit("reign:spells-2021-8"),
        locator=pl.format("row {}: {} {}", "row", "case", period(pl.col("low"), pl.col("high"))),
        original=pl.format("{}, {} to {}", "government", "start", "end"),
        value=pl.lit(1.0),
        unit=pl.lit("in force"),
        text="government",
    )


def _coverage(key: str, kinds: tuple[str, ...], first: date, last: date) -> tuple[Coverage, ...]:
    note = "independent states; a gap between two rows is a gap in the source"
    return tuple(Coverage(key, "trait", kind, (), "a", first, last, "missing", note) for kind in kinds)


def _source(data: DataSource, key: str, day: date, note: str) -> Source:
    return Source(key, data.publisher, data.title, day, data.urls[0], data.licence, data.citation, note)


def in_office(actor: str, day: date, name: str, *, layout: str = "") -> Check:
    """A check that a leader of this name held power on a day."""

    def failure(parsed: Parsed) -> str | None:
        if layout not in ("", parsed.layout):
            return None
        rows = parsed.frame("trait").filter(
            pl.col("a") == actor, pl.col("kind") == "leader", pl.col("valid_from") <= day,
            pl.col("valid_to").fill_null(date.max) >= day,
        )  # fmt: skip
        got = rows["text"].to_list()
        return None if any(name in each for each in got) else f"{got or 'no statement'}"

    return Check(f"leader of {actor} {day}", f"{name} as leader of {actor} on {day}", failure)


ARCHIGOS: Final = DataSource(
    name="archigos",
    publisher="Archigos project (Goemans, Gleditsch and Chiozza)",
    title="Archigos: a data set of political leaders",
    citation="Goemans, H. E., Gleditsch, K. S. & Chiozza, G. (2009). Introducing Archigos: A Dataset of Political "
    "Leaders. Journal of Peace Research 46: 269-283. Data: version 4.1 (1 March 2016).",
    licence="Free for academic use with citation; not to be redistributed.",
    redistributable=False,
    urls=("https://www.rochester.edu/college/faculty/hgoemans/data.htm",),
    versions=("4.1",),
    coverage=_coverage(ARCHIGOS_KEY, ("leader",), date(1875, 1, 1), ARCHIGOS_END),
    parse=parse_archigos,
    checks=(
        rows_between(3_300, 3_500), mostly_used(0.97),
        in_office("RUS", date(1990, 1, 1), "Gorbachev"), in_office("USA", date(2015, 6, 1), "Obama"),
        in_office("CHN", date(2015, 6, 1), "Xi Jinping"), in_office("GBR", date(1982, 5, 1), "Thatcher"),
    ),
    files=("Archigos_4.1_stata14.dta", "Archigos_4.1*.dta", "*Archigos_4.1.txt", "archigos.csv.gz"),
    references=(
        Reference(
            "goemans2009archigos", "article", ("Goemans, Henk E.", "Gleditsch, Kristian Skrede", "Chiozza, Giacomo"),
            2009, "Introducing Archigos: A Dataset of Political Leaders", "Journal of Peace Research", "46", "269-283",
            "10.1177/0022343308100719",
        ),
    ),
    downloads=(
        Download(
            "https://www.rochester.edu/college/faculty/hgoemans/Archigos_4.1_stata14.dta", "Archigos_4.1_stata14.dta",
            most=64 << 20,
        ),
    ),
    by_hand="Take the Stata file of version 4.1.",
)  # fmt: skip

REIGN: Final = DataSource(
    name="reign",
    publisher="OEF Research (One Earth Future)",
    title="Rulers, Elections, and Irregular Governance (REIGN)",
    citation="Bell, C., Besaw, C. & Frank, M. (2021). The Rulers, Elections, and Irregular Governance (REIGN) Dataset. "
    "Broomfield, CO: One Earth Future.",
    licence="No licence stated; citation asked for.",
    redistributable=False,
    urls=("https://oefdatascience.github.io/REIGN.github.io/",),
    versions=("August 2021 (the last)",),
    coverage=_coverage(REIGN_KEY, ("leader", "government"), date(1950, 1, 1), REIGN_END),
    parse=parse_reign,
    checks=(
        rows_between(130_000, 145_000, layout="leader-months"), rows_between(13_937, 13_937, layout="spells of government"),
        mostly_used(0.9),
        in_office("RUS", date(2010, 1, 15), "Medvedev", layout="leader-months"),
        in_office("CHN", date(2020, 1, 15), "Xi", layout="leader-months"),
    ),
    files=("REIGN_2021_8.csv", "REIGN_20*.csv", "REIGN.csv.gz"),
    references=(
        Reference(
            "bell2021reign", "misc", ("Bell, Curtis", "Besaw, Clayton", "Frank, Matthew"), 2021,
            "The Rulers, Elections, and Irregular Governance (REIGN) Dataset", "One Earth Future",
            url="https://oefdatascience.github.io/REIGN.github.io/",
        ),
    ),
    downloads=(
        Download(
            "https://raw.githubusercontent.com/OEFDataScience/REIGN.github.io/gh-pages/data_sets/REIGN_2021_8.csv",
            "REIGN_2021_8.csv", most=128 << 20,
        ),
    ),
    by_hand="Under the menu, take the data set of August 2021.",
)  # fmt: skip
