"""From tables of state-years to traits: one row a state and year, one column a measure.

The tables of capability and of regimes have all the same shape and the same snags. A state can carry two codes in the
year in which it changed (Russia and the Soviet Union in 1922, the two codes of Germany in 1990): the code that has a
row in the next year too is kept, for it is the one that goes on. Codes of colonies, parts of states and states that
did not exist in the year are left out and counted. A cell without a number becomes no statement: missing is never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.errors import DataError
from multipolar.record import Coverage
from multipolar.sources import files, who
from multipolar.sources.model import Check, LeftOut, Parsed

#: Cells that stand for "not known" in what statistics programs write.
NULLS: Final = ("", "NA", "NaN", "nan", ".")
#: Suffixes of the files of Stata and SPSS.
STATISTICS: Final = (".dta", ".sav")
TWO_CODES: Final = "the state has another row for that year, under the code that goes on"
NO_VALUE: Final = "none of the measures has a value in that row"
_AGAIN: Final = "Download the file from its publisher again."


@dataclass(frozen=True)
class Measure:
    """One column that becomes one kind of trait.

    Parameters
    ----------
    kind, unit : str
        Kind of trait and its unit; one kind has one unit in all sources.
    column : str
        Our name of the column.
    label : str
        What the publisher calls it, for the locator.
    factor : float
        What to multiply the publisher's number with to get the unit.
    low, high : float
        Smallest and largest number that the publisher's column can hold.
    text : str
        What to say of each statement; empty for nothing.
    """

    kind: str
    unit: str
    column: str
    label: str
    factor: float = 1.0
    low: float = 0.0
    high: float = float("inf")
    text: str = ""


def read(
    path: Path,
    wanted: Mapping[str, Sequence[str]],
    optional: Mapping[str, Sequence[str]] | None = None,
    *,
    nulls: Sequence[str] = NULLS,
    separator: str = ",",
    data: bytes | None = None,
) -> pl.DataFrame:
    """Columns of a delimited, Parquet, Stata or SPSS file as text, renamed to our names, with the row in ``_row``.

    Parameters
    ----------
    path : Path
        The file; text may be packed.
    wanted, optional : mapping of str to sequence of str
        Our name of a column -> names that it has; optional ones may be absent (null throughout).
    nulls : sequence of str
        Cells that stand for "not known".
    separator : str
        Between cells of a text file.
    data : bytes, optional
        The text, where it was unpacked already; `path` is then only named in errors.

    Raises
    ------
    DataError
        If the file is damaged or a wanted column is missing.
    """
    extra = optional or {}
    if data is None and files.is_parquet(path):
        frame = _renamed(path, _parquet(path), wanted, extra)
    elif data is None and path.suffix.lower() in STATISTICS:
        frame = _renamed(path, _statistics(path), wanted, extra)
    else:
        text = files.content(path) if data is None else data
        frame = files.table(path, text, wanted, optional=extra, separator=separator, nulls=nulls)
    texts = [name for name in frame.columns if name != files.ROW]
    return frame.with_columns(
        pl.when(~pl.col(name).str.strip_chars().is_in(list(nulls))).then(pl.col(name).str.strip_chars()).alias(name)
        for name in texts
    )


def _parquet(path: Path) -> pl.DataFrame:
    try:
        return pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        got = f"a damaged or truncated one ({str(error).splitlines()[0]})"
        raise DataError.bad_file(path, "a whole Parquet file", got, hint=_AGAIN) from None


def _statistics(path: Path) -> pl.DataFrame:
    import pyreadstat  # slow to load, and wanted by few files

    files.first_checks(path)
    reader = pyreadstat.read_dta if path.suffix.lower() == ".dta" else pyreadstat.read_sav
    try:
        values, _ = reader(str(path), output_format="dict")
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, OSError) as error:
        got = f"a damaged or truncated one ({str(error).splitlines()[0]})"
        raise DataError.bad_file(path, "a whole Stata or SPSS file", got, hint=_AGAIN) from None
    return pl.DataFrame({name: pl.Series(list(column), strict=False) for name, column in values.items()})


def _renamed(
    path: Path, frame: pl.DataFrame, wanted: Mapping[str, Sequence[str]], optional: Mapping[str, Sequence[str]]
) -> pl.DataFrame:
    have = {name.lower() for name in frame.columns}
    present = {ours: theirs for ours, theirs in optional.items() if have & {name.lower() for name in theirs}}
    names = files.columns(path, frame.columns, {**wanted, **present})
    found = frame.select(pl.col(theirs).cast(pl.String).alias(ours) for ours, theirs in names.items())
    absent = [pl.lit(None, pl.String).alias(ours) for ours in optional if ours not in names]
    return found.with_columns(absent).with_row_index(files.ROW, offset=1)


def numbers(frame: pl.DataFrame, path: Path, measures: Sequence[Measure]) -> pl.DataFrame:
    """The frame with each measure's column as numbers; the publisher's text moves to ``raw_<column>``.

    Raises
    ------
    DataError
        At the first cell that is no number of the measure.
    """
    for measure in measures:
        frame = frame.with_columns(pl.col(measure.column).alias(f"raw_{measure.column}"))
        frame = files.decimal(frame, path, measure.column, measure.low, measure.high, null=True)
    return frame


def states(
    frame: pl.DataFrame, path: Path, find: who.Finder, why: Mapping[str, str] | None = None
) -> tuple[pl.DataFrame, tuple[LeftOut, ...]]:
    """Put actors in place of the codes in ``a``, one row an actor and year.

    Parameters
    ----------
    frame : DataFrame
        With ``a`` (code or name) and whole-number ``year``.
    path : Path
        Named in errors.
    find : callable
        Code -> candidates.
    why : mapping of str to str, optional
        Codes that stand for no state, and why.

    Returns
    -------
    frame : DataFrame
        Actors in ``a``, codes in ``code_a``.
    left : tuple of LeftOut
        The other rows, by reason.

    Raises
    ------
    DataError
        If a code is not known, or has two rows for a year.
    """
    frame = files.once(files.given(frame, path, "a", "year"), path, "a", "year")
    named, left = who.name_codes(frame, path, ("a",), find, why)
    after = named.select("code_a", pl.col("year") - 1, goes_on=pl.lit(True))
    ranked = named.join(after, on=["code_a", "year"], how="left").sort("goes_on", "code_a", nulls_last=True)
    kept = ranked.unique(["a", "year"], keep="first", maintain_order=True).drop("goes_on").sort(files.ROW)
    lost = named.join(kept.select(files.ROW), on=files.ROW, how="anti")
    return kept, (*left, who.tally(lost, TWO_CODES, pl.col("code_a"))) if lost.height else left


def told(frame: pl.DataFrame, measures: Sequence[Measure]) -> tuple[pl.DataFrame, tuple[LeftOut, ...]]:
    """The rows that have a value of at least one measure, and an account of the others."""
    empty = pl.all_horizontal(pl.col(measure.column).is_null() for measure in measures)
    lost = frame.filter(empty)
    return frame.filter(~empty), (who.tally(lost, NO_VALUE, pl.col("code_a")),) if lost.height else ()


def traits(frame: pl.DataFrame, measures: Sequence[Measure], source: str, known: pl.Expr) -> pl.DataFrame:
    """One statement a state, year and measure that has a value.

    Parameters
    ----------
    frame : DataFrame
        As `numbers` and `states` leave it; a column ``text_<column>`` is the text of each row's statement.
    measures : sequence of Measure
        What to state.
    source : str
        Key of the source.
    known : Expr
        Day on which the row could be known; never before the year's end.
    """
    return pl.concat([_trait(frame, measure, source, known) for measure in measures])


def _trait(frame: pl.DataFrame, measure: Measure, source: str, known: pl.Expr) -> pl.DataFrame:
    end = pl.date(pl.col("year"), 12, 31)
    of_row = f"text_{measure.column}"
    said = pl.col(of_row) if of_row in frame.columns else pl.lit(measure.text or None, pl.String)
    return frame.drop_nulls(measure.column).select(
        "a",
        kind=pl.lit(measure.kind),
        valid_from=pl.date(pl.col("year"), 1, 1),
        valid_to=end,
        known_from=pl.max_horizontal(known, end),
        source=pl.lit(source),
        locator=pl.format(f"row {{}}: {{}} {{}}, {measure.label}", files.ROW, "code_a", "year"),
        original=pl.col(f"raw_{measure.column}"),
        value=pl.col(measure.column) * measure.factor,
        unit=pl.lit(measure.unit),
        text=said,
    )


def release(last_year: int, days: Mapping[int, date], month: int = 12, day: int = 31) -> date:
    """Day on which the edition that ends in a year came out.

    Parameters
    ----------
    last_year : int
        Last year in the file.
    days : mapping of int to date
        Days of release that are known, by last year.
    month, day : int
        For the others, the day of the following year by which the publisher has always published; or today, if that is
        still to come: who has the file can know it.
    """
    return min(days.get(last_year, date(last_year + 1, month, day)), date.today())


def coverage(source: str, measures: Sequence[Measure], first: int, last: int, note: str) -> tuple[Coverage, ...]:
    """Years that a table covers; a state that it does not have is missing, never zero."""
    start, end = date(first, 1, 1), date(last, 12, 31)
    kinds = dict.fromkeys(measure.kind for measure in measures)
    return tuple(Coverage(source, "trait", kind, (), "a", start, end, "missing", note) for kind in kinds)


def years(frame: pl.DataFrame) -> tuple[int, int]:
    """First and last year of a table; the year 1 twice if it has no rows."""
    column = frame["year"].drop_nulls().to_list()
    return min(column, default=1), max(column, default=1)


def merged(left: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    """One entry a reason: rows added up, the examples of the first."""
    reasons: dict[str, LeftOut] = {}
    for item in left:
        have = reasons.get(item.reason, LeftOut(item.reason, 0, item.examples))
        reasons[item.reason] = replace(have, rows=have.rows + item.rows)
    return tuple(reasons.values())


def fact(actor: str, kind: str, year: int, value: float, within: float, *, layout: str = "") -> Check:
    """A check that a state had about this value in a year; `layout` restricts it to one format."""

    def failure(parsed: Parsed) -> str | None:
        if layout not in ("", parsed.layout):
            return None
        rows = parsed.frame("trait").filter(
            pl.col("a") == actor, pl.col("kind") == kind, pl.col("valid_from").dt.year() == year
        )
        got = rows["value"].to_list()
        return None if got and abs(got[0] - value) <= within else f"{got or 'no statement'}"

    return Check(f"{actor} {kind} {year}", f"{kind} of {actor} in {year}: {value:g} (± {within:g})", failure)
