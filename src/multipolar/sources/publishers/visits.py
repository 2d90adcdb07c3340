"""Journeys abroad of China's leaders since 1949 → events: a consultation by visit, one a leader, host and journey.

Who travelled (President, Premier, paramount leader or head of the party) stands in the text. Only the year is known: a visit
is dated from 1 January to 31 December of it, known from its last day, and has no strength, so that it does not count in
the month of January, or in any month, as an event. The list says nowhere that it is complete. Against the
dossier's list of the journeys of the head of state it has nearly all of 2013 to 2020, a few of them in a wrong year too,
and few of those since 2022. So a year without a visit in it is unknown, not a year without visits, and the yearly count
of visits waits for a source that vouches for its list.

A compiler joined three sources. Of the Central European Institute of Asian Studies (1949-2020) every row is a visit, and
two rows of one leader, year and host are two journeys. Lists of Wikipedia (from 2013) repeat many of these: a row is
left out where the first source has the leader, year and host. The rows from the web site of the Ministry of Foreign
Affairs (2023-2025) bear a leader's name but tell of other officials, at home as often as abroad: they are no visits of
the leader and are left out, every one. So is the label of the visits' intensity, which a language model guessed.

Source: Turcsányi, Eckert, Šimalčík & Majsniarová (2021), Who, Where, When: International travel of the PRC leaders
(1949-2020), Central European Institute of Asian Studies.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.record import Coverage, Source
from multipolar.sources import files, who, yearly
from multipolar.sources.model import Check, DataSource, LeftOut, Parsed, Reference, mostly_used, rows_between

COLUMNS: Final = {
    "year": ("Year",),
    "name": ("Name",),
    "level": ("Level",),
    "b": ("Country",),
    "origin": ("Original Source",),
}
OPTIONAL: Final = {"details": ("Details",)}
#: What the origin of a row begins with -> our name of it.
ORIGINS: Final = {
    "Central European Institute of Asian Studies": "CEIAS",
    "https://en.wikipedia.org/": "Wikipedia",
    "https://www.fmprc.gov.cn/": "Ministry",
}
NAMES: Final = {"Germany, East": "DDR"}
FIRST_YEAR: Final = 1949
NEWS: Final = "news of the Ministry about other officials under the leader's name: no visit of the leader"
AGAIN: Final = "the visit is in the file already, from another origin"
#: Sorts of visit that the details can begin with.
SORTS: Final = r"(?i)\b(state visit|official visit|working visit|transit visit|technical stop)"
URL: Final = "https://who-where-when.ceias.eu/"
CITATION: Final = (
    "Turcsányi, R., Eckert, M., Šimalčík, M. & Majsniarová, N. (2021). WHO | WHERE | WHEN: International travel of the PRC "
    "leaders (1949-2020). Central European Institute of Asian Studies. Continued from Wikipedia by T. Jain (2025)."
)


def parse(path: Path) -> Parsed:
    """Read the list of visits (columns Year, Name, Level, Country, Original Source).

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no year, origin or name of a state.
    """
    read = yearly.read(path, COLUMNS, OPTIONAL)
    frame = files.whole(files.given(read, path, "name", "level", "b"), path, "year", FIRST_YEAR, date.today().year)
    known = [pl.when(pl.col("origin").str.starts_with(start)).then(pl.lit(name)) for start, name in ORIGINS.items()]
    origin = pl.coalesce(*known)
    files.refuse(frame, origin.is_null(), path, "origin", f"an origin that begins with {' or '.join(ORIGINS)}")
    frame = frame.with_columns(origin=origin)
    visits, left = _visits(frame)
    named, gone = who.name_codes(visits, path, ("b",), who.names(NAMES))
    abroad = named.filter(pl.col("b") != "CHN")
    home = named.filter(pl.col("b") == "CHN")
    last = yearly.years(visits)[1]
    key = f"china-visits:{last}"
    return Parsed(
        frames={"event": _statements(abroad, key)},
        sources=(Source(key, SOURCE.publisher, SOURCE.title, None, URL, SOURCE.licence, CITATION, _NOTE),),
        coverage=_coverage(key, last),
        label=f"visits of China's leaders, {path.name}",
        layout="visits",
        rows=frame.height,
        left_out=(*left, *gone, *((who.tally(home, who.SAME, pl.col("name")),) if home.height else ())),
    )


_NOTE: Final = "Dated by year; not complete; visits without a strength, so that no month counts them as events."


def _visits(frame: pl.DataFrame) -> tuple[pl.DataFrame, tuple[LeftOut, ...]]:
    """Rows that are visits, each told once, and an account of the others."""
    news = frame.filter(pl.col("origin") == "Ministry")
    first = frame.filter(pl.col("origin") == "CEIAS")
    other = frame.filter(pl.col("origin") == "Wikipedia")
    same = ["year", "name", "b"]
    again = other.join(first.select(same).unique(), on=same, how="semi")
    kept = pl.concat([first, other.join(again.select(files.ROW), on=files.ROW, how="anti")]).sort(files.ROW)
    label = pl.concat_str(pl.col("name"), pl.lit(" in "), pl.col("b"))
    lost = ((news, NEWS), (again, AGAIN))
    return kept, tuple(who.tally(rows, why, label) for rows, why in lost if rows.height)


def _statements(visits: pl.DataFrame, key: str) -> pl.DataFrame:
    sort = pl.col("details").str.extract(SORTS).str.to_lowercase().fill_null("visit")
    end = pl.date(pl.col("year"), 12, 31)
    return visits.select(
        pl.lit("CHN").alias("a"),
        "b",
        kind=pl.lit("CONSULT"),
        mode=pl.lit("visit"),
        place="b",
        valid_from=pl.date(pl.col("year"), 1, 1),
        valid_to=end,
        known_from=end,
        source=pl.lit(key),
        locator=pl.format("row {}: {} ({})", files.ROW, "year", "origin"),
        original=pl.format("{}, {}, {}", "year", "name", "code_b"),
        text=pl.format("{} ({}): {}, day not known", "name", "level", sort),
    )


def _coverage(key: str, last: int) -> tuple[Coverage, ...]:
    note = "visits of the head of state and of government only; the list does not claim to be complete"
    return (
        Coverage(key, "event", "CONSULT", ("CHN",), "a", date(FIRST_YEAR, 1, 1), date(last, 12, 31), "missing", note),
    )


def _went(name: str, host: str, year: int, times: int) -> Check:
    """A check that a leader visited a host so many times in a year."""

    def failure(parsed: Parsed) -> str | None:
        rows = parsed.frame("event").filter(
            pl.col("b") == host, pl.col("valid_from").dt.year() == year, pl.col("text").str.starts_with(name)
        )
        return None if rows.height == times else f"{rows.height}"

    return Check(f"{name} in {host} {year}", f"{times} visits of {name} to {host} in {year}", failure)


SOURCE: Final = DataSource(
    name="china-visits",
    publisher="Central European Institute of Asian Studies (CEIAS); compiled by T. Jain",
    title="International travel of China's leaders since 1949",
    citation=CITATION,
    licence="CEIAS: freely available with citation; Wikipedia CC BY-SA 4.0.",
    redistributable=False,
    urls=(URL,),
    versions=("1949-2025",),
    coverage=_coverage("china-visits:2025", 2025),
    parse=parse,
    checks=(
        rows_between(500, 5_000),
        mostly_used(0.6),
        _went("Mao Zedong", "RUS", 1949, 1),
        _went("Mao Zedong", "RUS", 1957, 1),
        _went("Xi Jinping", "RUS", 2015, 2),
        _went("Deng Xiaoping", "USA", 1979, 1),
    ),
    files=("china_visits_AllData.csv", "AllData.csv"),
    references=(
        Reference(
            "turcsanyi2021who", "misc",
            ("Turcsányi, Richard", "Eckert, Martin", "Šimalčík, Matej", "Majsniarová, Nikoleta"), 2021,
            "WHO | WHERE | WHEN: International travel of the PRC leaders (1949-2020)",
            "Central European Institute of Asian Studies", url=URL,
        ),
    ),
    by_hand="Take the table of trips, with the columns Year, Name, Level, Country and Original Source, as CSV.",
)  # fmt: skip
