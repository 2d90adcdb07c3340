"""Who voted how: roll calls by states, as every method of this room takes them.

A **session** of the General Assembly opens in September; a roll call belongs to the session that opened last, so that
resumed and special sessions count with the regular one before them. Session 1 began in January 1946.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.errors import DataError, Refusal
from multipolar.indicators.rollcalls import told_twice
from multipolar.record import View

#: Codes of a choice, as in Voeten's data; 0 is missing: absent, not a member, or not known.
MISSING, YES, ABSTAIN, NO = 0, 1, 2, 3
CODES: Final = {"yes": YES, "abstain": ABSTAIN, "no": NO}
#: Words for the codes of issues that data sets of roll calls use; a dossier has words of its own.
ISSUES: Final = {
    "palestine": "me", "nuclear": "nu", "arms": "di", "human-rights": "hr", "colonialism": "co", "economy": "ec",
}  # fmt: skip
#: Month in which a session opens, and the year before session 1.
OPENS: Final = 9
BEFORE: Final = 1945

Codes = NDArray[np.int8]


@dataclass(frozen=True)
class Ballots:
    """Choices of states in roll calls.

    Parameters
    ----------
    choices : array of int8, shape (rollcalls, states)
        `MISSING`, `YES`, `ABSTAIN` or `NO`.
    actors : tuple of str
        Ids of the states, sorted: the columns.
    rollcalls : DataFrame
        The rows: rollcall (id), date, session, issue (codes with spaces between, or null), text; by date, then id.
    notes : tuple of str
        What was left out, how many, and why.
    """

    choices: Codes
    actors: tuple[str, ...]
    rollcalls: pl.DataFrame
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        expected = (self.rollcalls.height, len(self.actors))
        if self.choices.shape != expected:
            raise ValueError(f"expected choices of shape {expected}, got {self.choices.shape}")

    @property
    def sessions(self) -> NDArray[np.int32]:
        """Session of each roll call."""
        return self.rollcalls["session"].to_numpy().astype(np.int32)

    def where(self, keep: NDArray[np.bool_]) -> Ballots:
        """The same states in some of the roll calls."""
        return replace(self, choices=self.choices[keep], rollcalls=self.rollcalls.filter(pl.Series(keep)))


def session(day: pl.Expr) -> pl.Expr:
    """Session of the General Assembly on a day."""
    opened = day.dt.year() - BEFORE - (day.dt.month() < OPENS).cast(pl.Int32)
    return opened.clip(1).cast(pl.Int32)


def ballots(
    view: View, *, body: str = "UNGA", issue: str | None = None, since: date | None = None, until: date | None = None
) -> Ballots:
    """The votes of a body, as known on the day of the view.

    Parameters
    ----------
    view : View
    body : {"UNGA", "UNSC"}
    issue : str, optional
        Only roll calls that carry this issue: a code of the record (``me``, ``ukraine``), or one of the words `ISSUES`.
    since, until : date, optional
        First and last day.

    Returns
    -------
    Ballots
        Roll calls that two sources tell count once; the notes say how many were left out.

    Raises
    ------
    UsageError
        If there is no such body.
    Refusal
        If the record has no vote of it.
    """
    frame = view.statements("vote", kinds=(body,), since=since, until=until)
    if issue is not None:
        codes = [code for code in (issue, ISSUES.get(issue)) if code]
        marked = pl.col("issue").fill_null("").str.split(" ")
        frame = frame.filter(pl.any_horizontal(marked.list.contains(code) for code in codes))
    if frame.is_empty():
        what = f"of {body}" if issue is None else f"of {body} on {issue!r}"
        raise Refusal(
            f"no vote {what} is known on {view.as_of}", hint="Ingest a source of votes: `multipolar sources`."
        )
    twice = told_twice(frame.select("rollcall", "a", "value", month=pl.col("valid_from").dt.truncate("1mo")))
    notes = (f"{len(twice)} roll calls that another source tells too",) if twice else ()
    made = from_frame(frame.rename({"valid_from": "date"}), without=twice)
    return replace(made, notes=(*notes, *made.notes))


def from_frame(frame: pl.DataFrame, *, without: Collection[str] = ()) -> Ballots:
    """Ballots from a table of votes.

    Parameters
    ----------
    frame : DataFrame
        One row a vote: rollcall, a (state), choice (``yes``, ``no``, ``abstain``, ``absent``), date; perhaps session,
        issue and text, which are those of a roll call's first row.
    without : collection of str
        Ids of roll calls to leave out.

    Returns
    -------
    Ballots
        A row given twice counts once; a state that is said to have voted in two ways in one roll call is missing in
        it; roll calls in which nobody voted are left out. The notes count all of it.

    Raises
    ------
    DataError
        If a choice is not one of the four, or a state, roll call or date is missing.
    """
    known = frame.filter(~pl.col("rollcall").is_in(list(without))) if without else frame
    _check(known)
    cast = known.with_columns(code=pl.col("choice").replace_strict(CODES, default=MISSING, return_dtype=pl.Int8))
    cast = cast.filter(pl.col("code") != MISSING)
    ways = cast.group_by("rollcall", "a").agg(pl.col("code").n_unique().alias("ways"), pl.len(), pl.col("code").first())
    clear = ways.filter(pl.col("ways") == 1)
    notes = _notes(known, ways)
    optional = [pl.col(name).first() for name in ("session", "issue", "text") if name in frame.columns]
    calls = cast.group_by("rollcall").agg(pl.col("date").min(), *optional).join(clear, on="rollcall", how="semi")
    blank = [pl.lit(None, pl.String).alias(name) for name in ("issue", "text") if name not in calls.columns]
    dated = calls.with_columns(blank).sort("date", "rollcall")
    if "session" not in dated.columns:
        dated = dated.with_columns(session=session(pl.col("date")))
    actors = tuple(sorted(clear["a"].unique()))
    choices = np.zeros((dated.height, len(actors)), dtype=np.int8)
    row = dated.select("rollcall").with_row_index("row")
    column = pl.DataFrame({"a": actors}, schema={"a": pl.String}).with_row_index("column")
    cells = clear.join(row, on="rollcall").join(column, on="a")
    choices[cells["row"].to_numpy(), cells["column"].to_numpy()] = cells["code"].to_numpy()
    return Ballots(choices, actors, dated.select("rollcall", "date", "session", "issue", "text"), notes)


def _check(frame: pl.DataFrame) -> None:
    for name in ("rollcall", "a", "date"):
        bad = frame.with_row_index("_row", offset=2).filter(pl.col(name).is_null()).head(1)
        if bad.height:
            raise DataError.bad_row("votes", bad["_row"][0], name, "a value", None)
    wrong = frame.with_row_index("_row", offset=2).filter(~pl.col("choice").is_in([*CODES, "absent"])).head(1)
    if wrong.height:
        expected = "yes, no, abstain or absent"
        raise DataError.bad_row("votes", wrong["_row"][0], "choice", expected, wrong["choice"][0])


def _notes(known: pl.DataFrame, ways: pl.DataFrame) -> tuple[str, ...]:
    absent = known.filter(pl.col("choice") == "absent").height
    double = int(ways.filter(pl.col("ways") == 1)["len"].sum()) - ways.filter(pl.col("ways") == 1).height
    clash = ways.filter(pl.col("ways") > 1)
    empty = known["rollcall"].n_unique() - ways.filter(pl.col("ways") == 1)["rollcall"].n_unique()
    told = (
        (absent, "absences, which are missing"),
        (double, "votes given twice, counted once"),
        (int(clash["len"].sum()), f"votes that contradict each other, left out (such as {_first(clash)})"),
        (empty, "roll calls in which nobody voted, left out"),
    )
    return tuple(f"{number:,} {what}" for number, what in told if number)


def _first(clash: pl.DataFrame) -> str:
    return f"{clash['a'][0]} in {clash['rollcall'][0]}" if clash.height else ""
