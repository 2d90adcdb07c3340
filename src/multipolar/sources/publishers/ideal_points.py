"""Published ideal points of states in UN votes (Bailey, Strezhnev & Voeten) → traits, for reference.

An ideal point places a state on the first dimension of votes in the General Assembly, in standard deviations over all states
and sessions of the file, with an interval: the 5th and 95th percentile stand in ``original``. Runs on some votes only (human
rights, important votes, Middle East, nuclear, all but nuclear) are sources of their own, told apart by unit and title.

**For reference, never a predictor.** The estimates are smoothed over the whole record: a state's point of 1960 rests on its
votes of 2020 too. So they are known from their release (the last day of the month in the file's name, else the end of the
last year), and no view as of an earlier day sees any of them; and no indicator uses their kind.

**When.** A session begins in September; its number and 1945 give the year, as in the publisher's later releases, which have
the year itself. A point is dated to that calendar year, though resumed sittings reach into the next. Sessions are numbered
in the locator.

The columns of agreement with six states (``USAgree`` and so on) are shares computed from the votes, which are a source here,
and are not taken.

Source: Bailey, Strezhnev & Voeten (2017), Journal of Conflict Resolution 61(2): 430-456, doi:10.1177/0022002715595700; data:
doi:10.7910/DVN/LEJUQZ.
"""

from __future__ import annotations

import re
from calendar import month_abbr, monthrange
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.errors import DataError
from multipolar.record import Coverage, Source
from multipolar.sources import files, who
from multipolar.sources.model import Check, DataSource, Download, Parsed, mostly_used, rows_between
from multipolar.sources.publishers import unga

#: Ending of the file's columns -> the votes on which the estimate rests. The 2025 release is on final passage (FP).
RUNS: Final = {
    "": "all votes",
    "All": "all votes",
    "FP": "votes on final passage",
    "HumanRights": "votes on human rights",
    "Important": "important votes",
    "MiddleEast": "votes on the Middle East",
    "NoNukes": "all but nuclear votes",
    "Nuclear": "nuclear votes",
}
FIRST_SESSION: Final = 1946
FARTHEST: Final = 10.0
MONTHS: Final = {name.lower(): number for number, name in enumerate(month_abbr) if name}
TITLE: Final = "Ideal points in the UN General Assembly"
CITATION: Final = (
    "Bailey, M. A., Strezhnev, A. & Voeten, E. (2017). Estimating Dynamic State Preferences from United Nations Voting Data. "
    "Journal of Conflict Resolution 61(2): 430-456. Data: doi:10.7910/DVN/LEJUQZ."
)


def parse(path: Path) -> Parsed:
    """Read a file of ideal points, by session or by year; its column names tell on which votes it rests.

    Raises
    ------
    DataError
        If the file is damaged or has no ideal points, or a cell is no code, session, year or number.
    """
    data = _text(files.content(path))
    separator = "\t" if b"\t" in data[: data.find(b"\n") + 1] else ","
    run = _run(path, files.header_of(path, data, separator))
    frame = _read(path, data, separator, run)
    last = max(frame["year"].to_list(), default=FIRST_SESSION)
    released = _released(path, last)
    key = f"ideal-points-{_slug(run)}:{released:%Y-%m}"
    named, left = who.name_codes(frame, path, ("a",), unga.seat_of)
    once = named.unique(["a", "year"], keep="first", maintain_order=True)
    again = named.join(once, on=files.ROW, how="anti")
    more = (who.tally(again, "a second row of the same state and year", pl.col("code_a")),) if again.height else ()
    return Parsed(
        frames={"trait": _statements(once, run, key, released)},
        sources=(_source(run, key, released),),
        coverage=(coverage(run, key, min(frame["year"].to_list(), default=last), last, released),),
        label=f"{TITLE}, {RUNS[run]}, {path.name}",
        layout=RUNS[run],
        rows=frame.height,
        left_out=(*left, *more),
    )


def _text(data: bytes) -> bytes:
    """The file in UTF-8: the releases of 2020 are in Latin-1 (names only, which are not used)."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1").encode("utf-8")
    return data


def _run(path: Path, header: list[str]) -> str:
    """The ending of the column of ideal points."""
    found = [name.removeprefix("IdealPoint") for name in header if name.startswith("IdealPoint")]
    if len(found) != 1 or found[0] not in RUNS:
        known = ", ".join(f"IdealPoint{run}" for run in RUNS)
        hint = "Name one of the publisher's files IdealpointestimatesAll_….csv and the like."
        got = ", ".join(header[:12]) or "no columns"
        raise DataError.bad_file(path, f"one column of ideal points ({known})", f"the columns {got}", hint=hint)
    return found[0]


def _read(path: Path, data: bytes, separator: str, run: str) -> pl.DataFrame:
    columns = {
        "a": ("ccode",),
        "value": (f"IdealPoint{run}",),
        "votes": (f"NVotes{run}",),
        "low": (f"Q5%{run}",),
        "high": (f"Q95%{run}",),
    }
    when = {"session": ("session",), "year": ("year",)}
    frame = files.table(path, data, columns, optional=when, separator=separator, nulls=("NA", ""))
    frame = files.whole(files.given(frame, path, "value"), path, "a", 1, 999)
    for name in ("value", "low", "high"):
        frame = files.decimal(frame.with_columns(pl.col(name).alias(f"text_{name}")), path, name, -FARTHEST, FARTHEST)
    out = (pl.col("value") < pl.col("low")) & (pl.col("value") < pl.col("high")) | (pl.col("low") > pl.col("high"))
    files.refuse(frame, out, path, "low", "an interval from its lower to its upper end")
    frame = files.whole(frame, path, "session", 1, 200, null=True)
    frame = files.whole(frame, path, "year", FIRST_SESSION, date.today().year, null=True)
    frame = frame.with_columns(year=pl.coalesce("year", pl.col("session") + FIRST_SESSION - 1))
    return files.once(files.given(frame, path, "year"), path, "a", "year")


def _released(path: Path, last: int) -> date:
    """Last day of the month in the file's name (``…_Jun2024.csv``), else of the last year in the file."""
    found = re.search(r"_([A-Za-z]{3})(\d{4})", path.name)
    month = MONTHS.get(found[1].lower()) if found else None
    if found and month:
        return date(int(found[2]), month, monthrange(int(found[2]), month)[1])
    return min(date(last, 12, 31), date.today())


def _slug(run: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", run or "All").lower()


def _statements(named: pl.DataFrame, run: str, key: str, released: date) -> pl.DataFrame:
    session = pl.coalesce(pl.format("session {}", "session"), pl.format("year {}", "year"))
    return named.select(
        "a",
        kind=pl.lit("ideal_point"),
        valid_from=pl.date(pl.col("year"), 1, 1),
        valid_to=pl.date(pl.col("year"), 12, 31),
        known_from=pl.max_horizontal(pl.lit(released), pl.date(pl.col("year"), 1, 1)),
        source=pl.lit(key),
        locator=pl.format("line {}, ccode {}, {}", files.ROW, "code_a", session),
        original=pl.format("{} (Q5 {}, Q95 {}, {} votes)", "text_value", "text_low", "text_high", pl.col("votes").fill_null("?")),
        value="value",
        unit=pl.lit(f"standard deviations, {RUNS[run]}"),
        text=pl.format(f"published ideal point, {RUNS[run]}, {{}}", session),
    )  # fmt: skip


def coverage(run: str, key: str, first: int, last: int, released: date) -> Coverage:
    """Members that voted enough; a state that is not there has no estimate."""
    end = min(date(last, 12, 31), released)
    note = f"{RUNS[run]}; smoothed over the whole record"
    return Coverage(key, "trait", "ideal_point", (), "a", date(first, 1, 1), end, "missing", note, released)


def _source(run: str, key: str, released: date) -> Source:
    note = f"Smoothed over all years to {released:%B %Y}: for reference, known from {released}, never a predictor."
    return Source(key, SOURCE.publisher, f"{TITLE}, {RUNS[run]}", released, unga.URL, SOURCE.licence, CITATION, note)


def _order(low: str, high: str, year: int) -> Check:
    """A check that one state stands far below another in a year, as in every run of the estimates."""

    def failure(parsed: Parsed) -> str | None:
        of_year = parsed.frame("trait").filter(pl.col("valid_from").dt.year() == year)
        values = dict(of_year.select("a", "value").rows())
        if low not in values or high not in values:
            return "no estimate of one of them"
        return None if values[high] - values[low] > 1.0 else f"{low} {values[low]:.2f}, {high} {values[high]:.2f}"

    return Check(f"{low} below {high} in {year}", f"{high} at least one unit above {low} in {year}", failure)


def _within(parsed: Parsed) -> str | None:
    spread = parsed.frame("trait")["value"].std()
    return None if isinstance(spread, float) and 0.8 < spread < 1.2 else f"{spread}"


SOURCE: Final = DataSource(
    name="ideal-points",
    publisher="Michael Bailey, Anton Strezhnev and Erik Voeten, Harvard Dataverse",
    title=TITLE,
    citation=CITATION,
    licence="CC0 1.0; MIT (files of April 2020)",
    redistributable=True,
    urls=(unga.URL, "https://github.com/evoeten/United-Nations-General-Assembly-Votes-and-Ideal-Points"),
    versions=("April 2020", "June 2024", "1946-2025"),
    coverage=(coverage("All", "ideal-points-all:2024-06", 1946, 2023, date(2024, 6, 30)),),
    parse=parse,
    checks=(
        rows_between(10_469, 20_000, layout=RUNS["All"]),
        rows_between(5_000, 20_000),
        Check("spread", "a standard deviation near 1", _within),
        _order("CUB", "USA", 1990),
        _order("PRK", "GBR", 2010),
        mostly_used(0.99),
    ),
    files=(
        "IdealpointestimatesAll_*.csv",
        "IdealpointestimatesAll_Jun2024*.csv.gz",
        "Idealpointestimates*.csv",
        "Idealpointestimates*.tab",
        "Idealpointestimates*.csv.gz",
    ),
    references=(unga.REFERENCES[1], unga.REFERENCES[0]),
    downloads=(
        Download(
            "https://dataverse.harvard.edu/api/access/datafile/10295878",
            "IdealpointestimatesAll_Jun2024.csv",
            most=16 << 20,
        ),
    ),
    by_hand=(
        "Open https://doi.org/10.7910/DVN/LEJUQZ and download IdealpointestimatesAll_Jun2024.csv or a later release. The runs "
        "on some votes only are in the folder Output of the authors' repository on GitHub."
    ),
    hosts=("dvn-cloud.s3.amazonaws.com",),
)
