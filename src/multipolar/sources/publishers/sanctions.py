"""Sanctions of the G7 states and the European Union on every state, by year and type → ties.

One statement a sender, target and run of consecutive years with the same types in force; its value is their number
(1 to 5), its original their names. The file lists only what is in force: for these senders, nothing listed is none.
Senders are as the file has them: the European Union stands beside its members, whose own rows repeat its measures.

Two layouts hold the same cells: the long panel (one row a sender, target, year and type in force) and the panel as its
publisher made it (one row a target and year, one column a sender and type: 1 in force, 0 not). In the latter a cell is a
row of the account; its columns from the World Bank are not read. For cases of all senders see `gsdb`; take one of the two.

Its publisher does not name where its codes come from; structure and cases are those of the Global Sanctions Data Base
(Felbermayr et al. 2020, European Economic Review 129, doi:10.1016/j.euroecorev.2020.103561).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.record import Coverage, Source
from multipolar.sources import files, who
from multipolar.sources.files import ROW
from multipolar.sources.model import Check, DataSource, LeftOut, Parsed, mostly_used, rows_between
from multipolar.sources.publishers import gsdb
from multipolar.sources.spells import FIRST_DAY, open_ended, period, spells

COLUMNS: Final = {"sender": ("sender",), "target": ("target",), "year": ("year",), "type": ("type",)}
PANEL: Final = {"target": ("iso3st",), "year": ("year",)}
SENDERS: Final = ("CAN", "DEU", "EU", "FRA", "GBR", "ITA", "JPN", "USA")
TYPES: Final = ("arms", "financial", "military", "trade", "travel")
FIRST_YEAR: Final = 1960
LAST_YEAR: Final = 2021
#: Territories in the file that are no states, and so no actors here.
NOT_STATES: Final = {"HKG": "a territory of China, no state"}
#: Columns that hold a former state's years as well as today's.
FOLDED: Final = {"SRB": ("YUG",), "CZE": ("CSK",)}
NOT_IN_FORCE: Final = "no such sanction in that year"
KEY: Final = "sanctions-g7-eu:2021"
CITATION: Final = (
    "Felbermayr, G., Kirilakha, A., Syropoulos, C., Yalcin, E. & Yotov, Y. V. (2020). The Global Sanctions Data Base. "
    "European Economic Review 129. Panel of G7 and EU senders, 1960-2021."
)


def parse(path: Path) -> Parsed:
    """Read the long panel (``sender, target, year, type``; Parquet or CSV), or the wide one (``iso3st, year, USA_TRADE, …``).

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a sender, type, year or target is not known.
    """
    frame, none, wide = _read(path)
    targets = frame.rename({"target": "b"})
    named, left = who.name_codes(targets, path, ("b",), who.iso3(FOLDED), NOT_STATES)
    same = named.filter(pl.col("sender") == pl.col("b"))
    years = (
        named.filter(pl.col("sender") != pl.col("b"))
        .sort("type")
        .group_by("sender", "b", "year", maintain_order=True)
        .agg(types=pl.col("type").unique(maintain_order=True).str.join(", "), row=pl.col(ROW).min())
        .rename({"row": ROW})
    )
    runs = spells(years, ("sender", "b", "types"))
    return Parsed(
        frames={"tie": _statements(runs)},
        sources=(_source(),),
        coverage=(coverage(),),
        label=f"G7 and EU sanctions, {path.name}",
        layout="wide" if wide else "long",
        rows=frame.height + none,
        left_out=(
            *left,
            *((who.tally(same, who.SAME, pl.col("b")),) if same.height else ()),
            *((LeftOut(NOT_IN_FORCE, none),) if none else ()),
        ),
    )


def _read(path: Path) -> tuple[pl.DataFrame, int, bool]:
    """Cells in force, how many are not, and whether the file is the wide panel."""
    if files.is_parquet(path):
        return _checked(files.parquet(path, COLUMNS), path), 0, False
    data = files.content(path)
    if "iso3st" not in {name.strip().lower() for name in files.header_of(path, data)}:
        return _checked(files.table(path, data, COLUMNS), path), 0, False
    cells = {f"{sender}_{kind.upper()}": (f"{sender}_{kind.upper()}",) for sender in SENDERS for kind in TYPES}
    frame = files.once(files.table(path, data, PANEL | cells), path, "target", "year")
    for name in cells:
        frame = files.whole(frame, path, name, 0, 1)
    each = frame.unpivot(on=list(cells), index=[ROW, "target", "year"], variable_name="cell", value_name="in_force")
    parts = pl.col("cell").str.split("_").list
    kinds = parts.get(1).str.to_lowercase()
    force = each.filter(pl.col("in_force") == 1).with_columns(sender=parts.get(0), type=kinds)
    return _checked(force, path), each.height - force.height, True


def _checked(read: pl.DataFrame, path: Path) -> pl.DataFrame:
    frame = files.whole(files.given(read, path, *COLUMNS), path, "year", FIRST_YEAR, LAST_YEAR)
    for column, known in (("sender", SENDERS), ("type", TYPES)):
        files.refuse(frame, ~pl.col(column).is_in(known), path, column, f"one of {', '.join(known)}")
    return files.once(frame, path, "sender", "target", "year", "type")


def _statements(runs: pl.DataFrame) -> pl.DataFrame:
    number = pl.col("types").str.count_matches(", ") + 1
    return runs.select(
        pl.col("sender").alias("a"),
        "b",
        kind=pl.lit("sanction"),
        valid_from=FIRST_DAY,
        valid_to=open_ended(LAST_YEAR),
        known_from=pl.date(pl.col("first"), 12, 31),
        source=pl.lit(KEY),
        locator=pl.format("{} {} {}, row {}", "sender", "b", period(pl.col("first"), pl.col("last")), "row"),
        original="types",
        value=number.cast(pl.Float64),
        unit=pl.lit("types of sanction"),
        text=pl.format("sanctions in force: {}", "types"),
    )


def coverage() -> Coverage:
    """All targets of eight senders; what they did not impose is zero, what others did is not known."""
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    return Coverage(KEY, "tie", "sanction", SENDERS, "a", first, last, "zero", "measures of these senders only")


def _source() -> Source:
    note = "Yearly: days stand for the year. Western senders only. The publisher does not name the source of its codes."
    return Source(KEY, SOURCE.publisher, SOURCE.title, None, SOURCE.urls[0], SOURCE.licence, CITATION, note)


def _in_force(sender: str, target: str, year: int, expected: bool) -> Check:
    """A check that sanctions were, or were not, in force in a year."""

    def failure(parsed: Parsed) -> str | None:
        ties = parsed.frame("tie").filter(
            pl.col("a") == sender, pl.col("b") == target, pl.col("valid_from").dt.year() <= year,
            pl.col("valid_to").is_null() | (pl.col("valid_to").dt.year() >= year),
        )  # fmt: skip
        return None if bool(ties.height) == expected else f"{ties.height} statements"

    word = "some" if expected else "no"
    return Check(f"{sender} on {target} {year}", f"{word} sanctions of {sender} on {target} in {year}", failure)


def _cells_used(share: float) -> Check:
    """A check that at least this share of the cells in force became statements."""
    rows = mostly_used(share)

    def failure(parsed: Parsed) -> str | None:
        none = sum(item.rows for item in parsed.left_out if item.reason == NOT_IN_FORCE)
        return rows.failure(replace(parsed, rows=parsed.rows - none, left_out=tuple(
            item for item in parsed.left_out if item.reason != NOT_IN_FORCE
        )))  # fmt: skip

    return Check("cells used", f"at least {share:.0%} of the cells in force to become statements", failure)


SOURCE: Final = DataSource(
    name="sanctions",
    publisher="Global Sanctions Data Base (Felbermayr et al.), panel of the sanction-project repository",
    title="Sanctions by G7 members and the EU, by type, 1960-2021",
    citation=CITATION,
    licence="Free for academic use on request, citation required; not to be redistributed.",
    redistributable=False,
    urls=("https://www.globalsanctionsdatabase.com/",),
    versions=("1960-2021",),
    coverage=(coverage(),),
    parse=parse,
    checks=(
        rows_between(26_850, 26_850, layout="long"),
        rows_between(13_020 * 40, 13_020 * 40, layout="wide"),
        _in_force("USA", "CUB", 1965, True),
        _in_force("USA", "CUB", 2021, True),
        _in_force("EU", "RUS", 2013, False),
        _in_force("EU", "RUS", 2014, True),
        _in_force("EU", "IRN", 2013, True),
        _cells_used(0.95),
    ),
    files=(
        "sanctions_long_1960_2021.parquet",
        "sanctions_long*.csv",
        "panel_data_as_is.csv",
        "panel_data_as_is.csv.gz",
        "panel data.csv",
    ),
    references=(gsdb.WORK,),
    by_hand=(
        "The panel of G7 and EU senders was published in a repository of its own and has no official address; the data base "
        "behind it is asked for on the page of the GSDB, whose file of cases is the source `gsdb`."
    ),
)
