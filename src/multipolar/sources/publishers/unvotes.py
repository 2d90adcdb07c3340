"""Roll calls of the UN General Assembly from the R package unvotes → vote statements.

The package is an independent copy of Voeten's data to January 2020: its own reading, with names of countries, short and
long descriptions of the roll calls and one row an issue. It is three tables, read together: ``un_votes`` (name this one),
with ``un_roll_calls`` and ``un_roll_call_issues`` in the same folder, as CSV (``write.csv`` of each, or the copies
``unvotes.csv``, ``roll_calls.csv`` and ``issues.csv`` of TidyTuesday).

**Who, when.** As for the source ``unga``: the seat is the member's of the day, and before 2003 a vote is dated to its month.
The package leaves absences out: a member that is not there may have been absent, which is missing.

**Which.** Ids are those of ``unga`` (number and date), so a record that holds both counts a vote once, and the two copies can
be compared vote by vote: ``benchmarks/unga_agreement.py`` does. Issues keep the package's short codes (``me`` Palestinian
conflict, ``nu`` nuclear weapons and material, ``di`` arms control and disarmament, ``hr`` human rights, ``co`` colonialism,
``ec`` economic development).

Source: Robinson & Goguen-Compagnoni (2021), unvotes; data: Voeten (2013), Data and Analyses of Voting in the UN General
Assembly, in Reinalda (ed.), Routledge Handbook of International Organization.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.errors import DataError
from multipolar.record import Coverage, Source
from multipolar.sources import files, rollcalls, who
from multipolar.sources.model import Check, DataSource, Parsed, Reference, mostly_used, rows_between
from multipolar.sources.publishers import unga

VOTES: Final = {"rcid": ("rcid",), "seat": ("country",), "choice": ("vote",)}
CALLS: Final = {"rcid": ("rcid",), "date": ("date",), "unres": ("unres",), "short": ("short",), "descr": ("descr",)}
ISSUES: Final = {"rcid": ("rcid",), "issue": ("short_name",)}
CALLS_FILES: Final = ("un_roll_calls.csv*", "roll_calls.csv*")
ISSUES_FILES: Final = ("un_roll_call_issues.csv*", "issues.csv*")
CHOICES: Final = ("yes", "no", "abstain")
#: Seats that the package names after one state throughout: China's to 1971, and Yugoslavia's, which Serbia continues.
NAMES: Final[dict[str, str | tuple[str, ...]]] = {
    "China": ("CHN", "TWN"),
    "Taiwan": ("TWN", "CHN"),
    "Yugoslavia": ("YUG", "SRB"),
    "Zanzibar": "ZAN",
}
URL: Final = "https://cran.r-project.org/package=unvotes"
CITATION: Final = (
    "Robinson, D. & Goguen-Compagnoni, N. (2021). unvotes: United Nations General Assembly Voting Data (R package). Data: "
    "Voeten, E. (2013). Data and Analyses of Voting in the UN General Assembly. In Reinalda, B. (ed.), Routledge Handbook "
    "of International Organization."
)


def parse(path: Path) -> Parsed:
    """Read ``un_votes`` with the two tables beside it.

    Raises
    ------
    DataError
        If a table is missing, damaged or of another edition than the others, or a cell is no vote, day or known country.
    """
    calls = _calls(_beside(path, "roll calls", CALLS_FILES), _beside(path, "issues", ISSUES_FILES))
    frame = files.given(files.table(path, files.content(path), VOTES), path, *VOTES)
    frame = files.whole(frame, path, "rcid", 1, 999_999)
    files.refuse(frame, ~pl.col("choice").is_in(CHOICES), path, "choice", f"one of {', '.join(CHOICES)}")
    frame = files.once(frame, path, "rcid", "seat")
    cells = frame.join(calls.select("rcid", "call", "date"), on="rcid", how="left", maintain_order="left")
    files.refuse(cells, pl.col("date").is_null(), path, "rcid", "a number of the table of roll calls (same edition)")
    held = who.holders(who.seats(frame["seat"].unique().sort(), path, who.names(NAMES)), "UN")
    votes, left = rollcalls.seated(cells.with_columns(original="choice", **unga.span()), held)
    last = cells["date"].max()
    if not isinstance(last, date):
        raise DataError.bad_file(path, "votes", "none", hint="Write the whole table un_votes to the file.")
    return Parsed(
        frames={
            "vote": rollcalls.statements(votes, calls.drop("rcid", "date").with_columns(source=pl.lit(_key(last))))
        },
        sources=(_source(last),),
        coverage=(coverage(last),),
        label=f"R package unvotes, {path.name}",
        layout="three tables",
        rows=frame.height,
        left_out=left,
    )


def _beside(path: Path, what: str, patterns: tuple[str, ...]) -> Path:
    found = files.beside(path, *patterns)
    if found is None:
        hint = "Write the three tables of the package to one folder, and name the votes."
        raise DataError.bad_file(path, f"the table of {what} beside it ({' or '.join(patterns)})", "none", hint=hint)
    return found


def _calls(path: Path, issues_path: Path) -> pl.DataFrame:
    """Roll calls with their issues, numbered."""
    calls = files.table(path, files.content(path), CALLS, nulls=unga.NULLS)
    calls = files.day(files.whole(calls, path, "rcid", 1, 999_999), path, "date")
    late = ~pl.col("date").is_between(unga.BEGIN, date.today())
    files.refuse(calls, late, path, "date", f"a day from {unga.BEGIN} to today")
    calls = files.once(calls, path, "rcid")
    issues = files.whole(files.table(issues_path, files.content(issues_path), ISSUES), issues_path, "rcid", 1, 999_999)
    known = list(unga.ISSUES)
    files.refuse(issues, ~pl.col("issue").is_in(known), issues_path, "issue", f"one of {', '.join(known)}")
    joined = issues.group_by("rcid").agg(pl.col("issue").unique().sort().str.join(" "))
    return calls.join(joined, on="rcid", how="left", maintain_order="left").with_row_index("call").select(
        "call",
        "rcid",
        "date",
        "issue",
        kind=pl.lit("UNGA"),
        rollcall=unga.rollcall_id(),
        place=pl.format("rcid {}, {}", "rcid", "date"),
        text=_text(),
    )  # fmt: skip


def _text() -> pl.Expr:
    """Short title and description, once where they are the same."""
    short, long = pl.col("short").str.strip_chars(), pl.col("descr").str.strip_chars()
    same = short.str.to_lowercase() == long.str.to_lowercase()
    both = pl.when(same).then(short).otherwise(pl.concat_str(short, long, separator=": "))
    return pl.coalesce(both, short, long, "unres", pl.format("UN General Assembly roll call {}", "rcid"))


def _key(last: date) -> str:
    return f"unvotes:{last}"


def coverage(last: date) -> Coverage:
    """Votes cast; an absence is left out of the package, so that what is not there says nothing."""
    return Coverage(
        _key(last), "vote", "UNGA", (), "a", unga.BEGIN, last, "missing", "votes cast; absences are left out"
    )


def _source(last: date) -> Source:
    note = (
        f"Last roll call {last}. Before {unga.EXACT_FROM} the day of a vote is not known, only its month. No absences."
    )
    return Source(_key(last), SOURCE.publisher, SOURCE.title, None, URL, SOURCE.licence, CITATION, note)


def _issues(parsed: Parsed) -> str | None:
    coded = parsed.frame("vote").drop_nulls("issue")["rollcall"].n_unique()
    return None if coded >= 3_500 else f"{coded:,}"


def _vote(rollcall: str, actor: str, choice: str) -> Check:
    """A check that a member voted as is known."""

    def failure(parsed: Parsed) -> str | None:
        votes = parsed.frame("vote").filter(pl.col("rollcall") == rollcall, pl.col("a") == actor)["choice"]
        return None if votes.to_list() == [choice] else ", ".join(votes) or "no such vote"

    return Check(f"{actor} on {rollcall}", f"{choice} of {actor} on {rollcall}", failure)


SOURCE: Final = DataSource(
    name="unvotes",
    publisher="David Robinson and Nicholas Goguen-Compagnoni (R package unvotes), from Erik Voeten",
    title="United Nations General Assembly Voting Data, R package unvotes",
    citation=CITATION,
    licence="CC0 1.0 (data); MIT (package)",
    redistributable=True,
    urls=(URL, unga.URL),
    versions=("0.2.0, 0.3.0",),
    coverage=(coverage(date(2020, 1, 14)),),
    parse=parse,
    checks=(
        rows_between(860_000, 900_000),
        Check("issues", "at least 3,500 roll calls with an issue", _issues),
        _vote("UNGA:3:1946-01-01", "USA", "yes"),
        _vote("UNGA:3:1946-01-01", "CAN", "no"),
        mostly_used(0.99),
    ),
    files=("un_votes.csv", "un_votes.csv.gz", "unvotes.csv"),
    references=(
        Reference(
            "robinson2021unvotes",
            "misc",
            ("Robinson, David", "Goguen-Compagnoni, Nicholas"),
            2021,
            "unvotes: United Nations General Assembly Voting Data",
            "R package",
            url=URL,
        ),
        Reference(
            "voeten2013data",
            "incollection",
            ("Voeten, Erik",),
            2013,
            "Data and Analyses of Voting in the UN General Assembly",
            "Routledge Handbook of International Organization",
        ),
    ),
    by_hand=(
        "In R: install.packages('unvotes'); library(unvotes); then write.csv(un_votes, 'un_votes.csv', row.names = FALSE), "
        "and likewise un_roll_calls and un_roll_call_issues, into one folder."
    ),
)
