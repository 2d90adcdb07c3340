"""Roll calls of the UN General Assembly (Voeten) → vote statements; from the official long file, or the wide one.

**Who votes.** A row belongs to a member of the United Nations, not to a state of some scholar's list: Ukraine and
Belarus voted from 1946, India and the Philippines before their independence. So the dated table of UN members decides
who a code or column stands for on a day, and folded columns (Yugoslavia under SRB) go to the member of that day. Code 9
says "not a member" and makes no statement. Whatever else finds no member on its day is left out and counted. Rows of
the long file without a country code (NA) are nobody's, and are counted too.

**When.** Voeten's dates carry the right month but, before 2003, no real day: up to 1996 every day lies between 1 and 7,
and against the UN's own list of resolutions 0 to 28 % of a year's days agree up to 2002, 95 to 100 % since. Earlier roll
calls are therefore dated to their month (first to last day) and known from its end; the locator keeps the date as the
file has it. A vote cast needs a seat on some day of that month, an absence (code 8) a seat on all of them.

**Which.** A roll call is keyed by its number and date: the release of June 2024 gives four late ones numbers of the
1950s.

Source: Voeten, Strezhnev & Bailey (2009-), doi:10.7910/DVN/LEJUQZ; Bailey, Strezhnev & Voeten (2017), JCR 61(2):
430-456.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.errors import DataError
from multipolar.record import Coverage, Source
from multipolar.sources import files, rollcalls, who
from multipolar.sources.model import Check, DataSource, LeftOut, Parsed, Reference, mostly_used, rows_between

#: First day from which the file's days are real ones.
EXACT_FROM: Final = date(2003, 1, 1)
BEGIN: Final = date(1946, 1, 1)
#: Codes of issues, as statements carry them with spaces between, and what they mean.
ISSUES: Final = {
    "me": "Palestinian conflict",
    "nu": "nuclear weapons",
    "di": "arms control",
    "hr": "human rights",
    "co": "colonialism",
    "ec": "economic development",
}
CODES: Final = {1: "yes", 2: "abstain", 3: "no", 8: "absent"}
NOT_A_MEMBER: Final = 9
#: Columns of the wide file, and COW codes of the long one, that hold a former member as well: China's seat was its
#: government's, which is TWN from 1949-12-08 and CHN before.
FOLDED: Final = {"SRB": ("YUG",), "CZE": ("CSK",), "TWN": ("CHN",)}
FOLDED_COW: Final = {"713": ("CHN",)}
LONG: Final = {"rcid": ("rcid",), "date": ("date",), "seat": ("ccode",), "code": ("vote",)}
TEXTS: Final = {"unres": ("unres",), "short": ("short",), "descr": ("descr",), **{flag: (flag,) for flag in ISSUES}}
NULLS: Final = ("NA",)
TRUE: Final = ("1", "1.0", "TRUE", "true")
URL: Final = "https://doi.org/10.7910/DVN/LEJUQZ"
CITATION: Final = (
    "Voeten, E., Strezhnev, A. & Bailey, M. (2009-). United Nations General Assembly Voting Data. Harvard Dataverse, "
    "doi:10.7910/DVN/LEJUQZ."
)

#: What to cite: the data, and the article that describes them.
REFERENCES: Final = (
    Reference(
        "voeten2009unga",
        "misc",
        ("Voeten, Erik", "Strezhnev, Anton", "Bailey, Michael"),
        2009,
        "United Nations General Assembly Voting Data",
        "Harvard Dataverse",
        doi="10.7910/DVN/LEJUQZ",
        url=URL,
    ),
    Reference(
        "bailey2017estimating",
        "article",
        ("Bailey, Michael A.", "Strezhnev, Anton", "Voeten, Erik"),
        2017,
        "Estimating Dynamic State Preferences from United Nations Voting Data",
        "Journal of Conflict Resolution",
        "61(2)",
        "430-456",
        "10.1177/0022002715595700",
    ),
)


def parse(path: Path) -> Parsed:
    """Read roll calls from the official long file (``UNVotes.csv``) or the wide one; the header tells which.

    Raises
    ------
    DataError
        If the file is damaged, of neither format, or a cell is no date, vote or known country code.
    """
    data = files.content(path)
    separator = "\t" if b"\t" in data[: data.find(b"\n") + 1] else ","
    header = [name.strip().lower() for name in files.header_of(path, data, separator)]
    if "rcid" not in header or "date" not in header:
        got = f"the columns {', '.join(header[:12])}"
        hint = "Give UNVotes.csv of doi:10.7910/DVN/LEJUQZ, or the wide file with one column a country."
        raise DataError.bad_file(path, "a file of roll calls with the columns rcid and date", got, hint=hint)
    if "vote" in header:
        return _parsed(path, *_long(path, data, separator), layout="long")
    return _parsed(path, *_wide(path, data, separator), layout="wide")


def _long(path: Path, data: bytes, separator: str) -> tuple[pl.DataFrame, pl.DataFrame, tuple[LeftOut, ...]]:
    """Roll calls (one row each) and cells (one row a seat and roll call) of the official file."""
    frame = files.table(path, data, LONG, optional=TEXTS, separator=separator, nulls=NULLS)
    nobody = frame.filter(pl.col("seat").is_null()).height
    frame = _keys(frame.drop_nulls("seat"), path)
    frame = files.whole(frame, path, "seat", 1, 999)
    frame = files.once(_choices(frame, path, "code"), path, "rcid", "date", "seat")
    calls = frame.unique(["rcid", "date"], keep="first", maintain_order=True).drop("seat", "code")
    cells = frame.select("rcid", "date", pl.col("seat").cast(pl.String), "code", files.ROW)
    return calls, cells, (LeftOut("no country code", nobody),)


def _wide(path: Path, data: bytes, separator: str) -> tuple[pl.DataFrame, pl.DataFrame, tuple[LeftOut, ...]]:
    """The same from the wide file: every column with a name of three capitals is a seat."""
    seats = [name for name in files.header_of(path, data, separator) if len(name) == 3 and name.isupper()]
    if not seats:
        got = "none with a name of three capitals"
        raise DataError.bad_file(path, "one column a country (ISO-3166 alpha-3)", got, hint="Is this the wide file?")
    wanted = {"rcid": ("rcid",), "date": ("date",), **{seat: (seat,) for seat in seats}}
    frame = _keys(files.table(path, data, wanted, optional=TEXTS, separator=separator, nulls=NULLS), path)
    frame = files.once(frame, path, "rcid", "date")
    for seat in seats:
        frame = _choices(frame, path, seat)
    cells = frame.select("rcid", "date", files.ROW, *seats).unpivot(
        index=["rcid", "date", files.ROW], on=seats, variable_name="seat", value_name="code"
    )
    return frame.drop(seats), cells, ()


def _keys(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    frame = files.day(files.whole(frame, path, "rcid", 1, 999_999), path, "date")
    late = ~pl.col("date").is_between(BEGIN, date.today())
    files.refuse(frame, late, path, "date", f"a day from {BEGIN} to today")
    return frame


def _choices(frame: pl.DataFrame, path: Path, column: str) -> pl.DataFrame:
    known = {str(code): code for code in (*CODES, NOT_A_MEMBER)}
    known |= {f"{code}.0": code for code in known.values()}
    code = pl.col(column).replace_strict(known, default=None, return_dtype=pl.Int8)
    files.refuse(frame, code.is_null(), path, column, "1 yes, 2 abstain, 3 no, 8 absent or 9 not a member")
    return frame.with_columns(code.alias(column))


def _parsed(
    path: Path, calls: pl.DataFrame, cells: pl.DataFrame, nameless: tuple[LeftOut, ...], *, layout: str
) -> Parsed:
    seats = cells["seat"].unique().sort()
    held = who.holders(who.seats(seats, path, seat_of if layout == "long" else who.iso3(FOLDED)), "UN")
    outside = cells.filter(pl.col("code") == NOT_A_MEMBER).height
    calls = calls.with_row_index("call")
    cast = cells.filter(pl.col("code") != NOT_A_MEMBER).join(calls.select("call", "rcid", "date"), on=["rcid", "date"])
    choice = pl.col("code").replace_strict(CODES, return_dtype=pl.String)
    votes, unseated = rollcalls.seated(cast.with_columns(choice=choice, original="code", **span()), held)
    left = (*nameless, LeftOut("code 9, not a member on that day", outside), *unseated)
    last = calls["date"].max()
    assert isinstance(last, date)
    key = f"unga-voeten-{layout}:{last}"
    return Parsed(
        frames={"vote": rollcalls.statements(votes, _told(calls, key))},
        sources=(_source(key, layout, last),),
        coverage=coverage(key, last),
        label=f"UN General Assembly roll calls to {last}, {path.name}",
        layout=layout,
        rows=cells.height + sum(item.rows for item in nameless),
        left_out=tuple(item for item in left if item.rows),
    )


def seat_of(code: str) -> tuple[str, ...]:
    """Actors that a COW code of these data stands for: China's seat before December 1949 is under Taiwan's code."""
    return (*who.cow(code), *FOLDED_COW.get(code, ()))


def span() -> dict[str, pl.Expr]:
    """First and last day on which a roll call of the file's ``date`` may have been taken: its day, or its month."""
    exact = pl.col("date") >= EXACT_FROM
    first = pl.when(exact).then("date").otherwise(pl.col("date").dt.month_start())
    return {"from": first, "to": pl.when(exact).then("date").otherwise(pl.col("date").dt.month_end())}


def rollcall_id() -> pl.Expr:
    """Id of a roll call in every edition of this data: its number and date."""
    return pl.format("UNGA:{}:{}", "rcid", "date")


def _told(calls: pl.DataFrame, key: str) -> pl.DataFrame:
    return calls.select(
        "call",
        kind=pl.lit("UNGA"),
        source=pl.lit(key),
        rollcall=rollcall_id(),
        issue=_issue(),
        text=pl.coalesce("short", "descr", "unres", pl.format("UN General Assembly roll call {}", "rcid")),
        place=pl.format("rcid {}, {}", "rcid", "date"),
    )


def _issue() -> pl.Expr:
    codes = [pl.when(pl.col(flag).is_in(TRUE)).then(pl.lit(flag)) for flag in ISSUES]
    joined = pl.concat_str(codes, separator=" ", ignore_nulls=True)
    return pl.when(joined != "").then(joined)


def coverage(key: str, last: date) -> tuple[Coverage, ...]:
    """Every recorded vote; a roll call that is not there says nothing."""
    return (Coverage(key, "vote", "UNGA", (), "a", BEGIN, last, "missing", "recorded votes of the General Assembly"),)


def _source(key: str, layout: str, last: date) -> Source:
    note = f"Last roll call {last}. Before {EXACT_FROM} the day of a vote is not known, only its month."
    if layout == "wide":
        note += " Wide file: no column for East Germany, Czechoslovakia, South Yemen and North Yemen before 1990."
    return Source(key, SOURCE.publisher, SOURCE.title, None, URL, SOURCE.licence, CITATION, note)


def _tally(day: date, expected: tuple[int, int, int], what: str) -> Check:
    """A check that one roll call of a day has the official tally (yes, no, abstain); quiet if the file ends before."""

    def failure(parsed: Parsed) -> str | None:
        votes = parsed.frame("vote").filter(pl.col("valid_from") == day)
        if parsed.coverage[0].last < day:
            return None
        tallies = sorted(tally for _, tally in rollcalls.tallies(votes))
        return None if expected in tallies else f"on {day} the tallies {', '.join(map(str, tallies)) or 'none'}"

    yes, no, abstain = expected
    return Check(f"tally of {day}", f"{yes} yes, {no} no, {abstain} abstentions on {what}", failure)


def _voters(year: int, most: int) -> Check:
    """A check that no roll call has more votes than there were members."""

    def failure(parsed: Parsed) -> str | None:
        votes = parsed.frame("vote").filter(pl.col("valid_to").dt.year() <= year)
        got = max(votes.group_by("rollcall").len()["len"].to_list(), default=0)
        return None if got <= most else f"{got} on one roll call"

    return Check(f"voters to {year}", f"at most {most} members on any roll call to {year}", failure)


SOURCE: Final = DataSource(
    name="unga",
    publisher="Erik Voeten (Georgetown University), Harvard Dataverse",
    title="United Nations General Assembly Voting Data",
    citation=CITATION,
    licence="CC0 1.0",
    redistributable=True,
    urls=(URL, "https://dataverse.harvard.edu/dataset.xhtml?persistentId=doi:10.7910/DVN/LEJUQZ"),
    versions=("June 2024",),
    coverage=coverage("unga-voeten-long:2024-06-04", date(2024, 6, 4)),
    parse=parse,
    checks=(
        rows_between(1_150_000, 1_600_000),
        Check("votes", "at least 880,000 votes cast", lambda p: _few(p, 880_000)),
        _voters(1954, 60),
        _voters(2030, 193),
        _tally(date(2022, 11, 3), (185, 2, 2), "the embargo on Cuba"),
        mostly_used(0.70),
    ),
    files=("UNVotes.csv", "UNVotes*.csv", "UNVotes*.tab", "unga_rollcalls_wide*.csv.gz", "ungaVoting*.csv"),
    references=REFERENCES,
    by_hand=(
        "Open https://doi.org/10.7910/DVN/LEJUQZ, and under Files download UNVotes.csv (Access file: original format, "
        "comma separated; the tab-separated copy is read too). Leave it as it is: one row a country and roll call."
    ),
)


def _few(parsed: Parsed, least: int) -> str | None:
    got = parsed.frame("vote").drop_nulls("value").height
    return None if got >= least else f"{got:,}"
