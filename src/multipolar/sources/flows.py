"""What yearly flows have in common: cells of several columns in long form, dates, and statements."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.errors import DataError
from multipolar.sources import who
from multipolar.sources.files import ROW
from multipolar.sources.model import LeftOut, Parsed
from multipolar.sources.spells import period

_WORDS: Final = {
    "arms": "major arms delivered in the year",
    "exports": "goods sold in the year",
    "sales": "goods and services sold in the year",
    "investment": "direct investment in the year",
    "investment_stock": "direct investment held at the end of the year",
}
#: Codes (ISO 3166) that stand for no state in the table of states, and why.
TERRITORIES: Final = {
    code: "a territory, no state in the table of states"
    for line in (
        "ABW AIA ALA ANT ASM ATA ATF BES BLM BMU BVT CCK COK CUW CXR CYM ESH FLK FRO GGY GIB GLP GRL GUF GUM HKG HMD IMN IOT",
        "JEY MAC MNP MSR MTQ MYT NCL NFK NIU PCN PRI PSE PYF REU SGS SHN SJM SPM SXM TCA TKL UMI VGB VIR WLF",
    )
    for code in line.split()
}
TWO_CODES: Final = "one of the states has another row for that year, under the code that goes on"
EMPTY: Final = "empty in the file: the flow is not known"


def cells(frame: pl.DataFrame, keep: tuple[str, ...], columns: Mapping[str, tuple[str, str]]) -> pl.DataFrame:
    """One row a cell of `columns`, each with its sender and receiver.

    Parameters
    ----------
    frame : DataFrame
        With the line of the file in `ROW`.
    keep : tuple of str
        Columns that every cell keeps.
    columns : mapping of str to (str, str)
        Column of numbers as text -> the columns that hold its sender and its receiver.

    Returns
    -------
    DataFrame
        `keep`, `ROW`, ``column``, ``a``, ``b``, ``told`` (null where the cell is empty), in the order of the file.
    """
    parts = [
        frame.select(*keep, ROW, column=pl.lit(name), a=pl.col(a), b=pl.col(b), told=pl.col(name))
        for name, (a, b) in columns.items()
    ]
    return pl.concat(parts).sort(ROW, maintain_order=True)


def empty(frame: pl.DataFrame, label: pl.Expr | None = None) -> tuple[pl.DataFrame, tuple[LeftOut, ...]]:
    """The cells with a number, and the account of the others (by `label`: sender and receiver unless given)."""
    blank = frame.filter(pl.col("told").is_null())
    if blank.is_empty():
        return frame, ()
    label = pl.format("{}-{}", "a", "b") if label is None else label
    common = (
        blank.select(label=label, year="year")
        .group_by("label")
        .agg(pl.len(), first=pl.col("year").min(), last=pl.col("year").max())
    )
    top = common.sort("len", "label", descending=[True, False]).head(3)
    examples = top.select(pl.format("{} {}", "label", period(pl.col("first"), pl.col("last"))))["label"]
    return frame.drop_nulls("told"), (LeftOut(EMPTY, blank.height, tuple(examples)),)


def code_that_goes_on(named: pl.DataFrame) -> tuple[pl.DataFrame, tuple[LeftOut, ...]]:
    """One row for each sender, receiver and year, and an account of the others.

    In the year in which a state changed it can stand in the file under two codes (Yemen in 1990 under 678 and 679): the
    row that bears the later ones is kept, for they are those that go on.
    """
    twice = pl.struct("a", "b", "year").is_duplicated()
    if not named.select(twice.any()).item():
        return named, ()
    last = pl.int_range(pl.len()).over("code_a", "code_b", order_by="year") == pl.len().over("code_a", "code_b") - 1
    ends = named.with_columns(ends=last & (pl.col("year") < pl.col("year").max()))
    ranked = ends.sort("ends", maintain_order=True)
    kept = (
        ranked.unique(["a", "b", "year"], keep="first", maintain_order=True).drop("ends").sort(ROW, maintain_order=True)
    )
    lost = named.join(kept.select(ROW, "column"), on=[ROW, "column"], how="anti")
    return kept, (who.tally(lost, TWO_CODES, pl.format("{}-{} {}", "code_a", "code_b", "year")),)


def statements(
    named: pl.DataFrame, key: str, kind: str | pl.Expr, locator: pl.Expr, known: pl.Expr, *, unit: str = "USD"
) -> pl.DataFrame:
    """Flows of calendar years: one statement a row of ``a``, ``b``, ``year``, ``value`` and ``told``.

    Parameters
    ----------
    named : DataFrame
        Rows with actors in place of codes.
    key : str
        Key of the record's source.
    kind : str or Expr
        Kind of flow.
    locator : Expr
        Place in the source.
    known : Expr
        Day on which the figure could be known.
    unit : str
        Of the value.
    """
    what = pl.lit(kind) if isinstance(kind, str) else kind
    return named.select(
        "a",
        "b",
        kind=what,
        valid_from=pl.date("year", 1, 1),
        valid_to=pl.date("year", 12, 31),
        known_from=known,
        source=pl.lit(key),
        locator=locator,
        original="told",
        value="value",
        unit=pl.lit(unit),
        text=what.replace_strict(_WORDS),
    )


def total(parsed: Parsed, kind: str, year: int, a: str, b: str) -> float | None:
    """The flow of a kind from a to b in a year, for checks; None if there is none."""
    rows = parsed.frame("flow").filter(
        pl.col("kind") == kind, pl.col("a") == a, pl.col("b") == b, pl.col("valid_from").dt.year() == year
    )
    return float(rows["value"].sum()) if rows.height else None


def years(frame: pl.DataFrame, path: Path) -> tuple[int, int]:
    """First and last year of the rows."""
    first, last = frame["year"].min(), frame["year"].max()
    if not isinstance(first, int) or not isinstance(last, int):
        raise DataError.bad_file(path, "rows with a year", "none", hint="Download the file from its publisher again.")
    return first, last
