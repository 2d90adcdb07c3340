"""Deliveries of major arms from SIPRI's trade register → flows in millions of trend-indicator values (TIV).

One statement a supplier, recipient and calendar year: the TIV of all that was delivered. The register comes in two
layouts:

- **deliveries** (since 2025): one row a deal and delivery year, with the TIV delivered in that year.
- **deals**: one row a deal, with the years of delivery in one cell and the TIV of all of them in another. The total is
  split evenly over the years, and `original` says so. A split looks ahead to later deliveries of the same deal.

Take one of them, or deliveries count twice. SIPRI publishes a year in March of the next: a year is known from 31 March,
or from the day the file was generated if that is earlier. In the register 0 means less than 0.5 million.

Partners that are no states (armed groups, marked ``*``; organisations, marked ``**``; unknown ones) are left out and
counted.

Source: SIPRI Arms Transfers Database, https://www.sipri.org/databases/armstransfers; the TIV measures military
capability, not price (https://www.sipri.org/databases/armstransfers/sources-and-methods).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final, Literal

import polars as pl

from multipolar.errors import DataError
from multipolar.record import Coverage, Source
from multipolar.sources import files, who
from multipolar.sources.model import Check, DataSource, Parsed, Reference, mostly_used, rows_between

PARTIES: Final = {"a": ("Supplier",), "b": ("Recipient",)}
DELIVERIES: Final = {**PARTIES, "years": ("Delivery year",), "tiv": ("TIV delivery values",)}
DEALS: Final = {
    **PARTIES,
    "years": ("Year(s) of delivery",),
    "tiv": ("SIPRI TIV of delivered weapons",),
    "mark": ("",),  # the first column without a name, in which the rest of a broken row ends up
}
#: First words of the header line, by layout.
HEADERS: Final = {"deliveries": "SIPRI AT Database ID,", "deals": "Recipient,Supplier,"}
PREAMBLE: Final = 40
#: SIPRI's names where they are not among the names of the actor on that day.
NAMES: Final[dict[str, str | tuple[str, ...]]] = {
    "Congo": "COG",
    "DR Congo": "COD",
    "East Germany (GDR)": "DDR",
    "Saint Vincent": "VCT",
    "Serbia": ("SRB", "YUG"),
    "South Vietnam": "RVN",
    "South Yemen": "YMD",
    "UAE": "ARE",
    "Viet Nam": "VNM",
    "Yemen": "YEM",
    "Yemen Arab Republic (North Yemen)": "YEM",
    "North Yemen": "YEM",
    "Yugoslavia": ("YUG", "SRB"),
}
#: Partners that are neither marked as groups nor in the table of states.
NOT_STATES: Final = ("Aruba", "Biafra", "Katanga", "Northern Cyprus")
URL: Final = "https://armstransfers.sipri.org/ArmsTransfer/TransferRegister"
UNIT: Final = "million TIV"


@dataclass(frozen=True)
class Head:
    """What the lines before the table say."""

    layout: str
    line: int
    generated: date
    complete: bool


def parse(path: Path) -> Parsed:
    """Read a trade register as SIPRI's site exports it; the header tells the layout.

    Raises
    ------
    DataError
        If the file is damaged, has no preamble, or a cell is no year, number or known name.
    """
    text = files.content(path).decode("latin-1")
    head, body = _head(path, text)
    frame, joined = _rows(path, body, head)
    dated = _by_year(frame, path)
    current = dated.filter(pl.col("year") >= head.generated.year)
    past = dated.filter(pl.col("year") < head.generated.year)
    outsiders = {name: why for name in set(past["a"]) | set(past["b"]) if (why := outsider(name))}
    named, left = who.name_codes(past, path, ("a", "b"), _find(outsiders), outsiders)
    left = (
        *left,
        who.tally(current, "delivered in a year that was not over when the file was generated", label=pl.col("b")),
    )
    last = past["year"].max()
    if not isinstance(last, int):
        raise DataError.bad_file(path, "deliveries", "none", hint="Choose all years in the query.")
    first = past["year"].min()
    assert isinstance(first, int)
    key = f"sipri-{head.layout}:{head.generated}"
    return Parsed(
        frames={"flow": _statements(named, head, key)},
        sources=(_source(key, head),),
        coverage=coverage(key, first, last, head.generated, complete=head.complete),
        label=f"SIPRI trade register ({head.layout}), {path.name}",
        layout=head.layout,
        rows=dated.height,
        left_out=tuple(item for item in left if item.rows),
        remarks=(f"{joined} rows that the publisher broke over two lines were joined",) if joined else (),
    )


def _head(path: Path, text: str) -> tuple[Head, bytes]:
    """The preamble read, and the table from its header on as UTF-8."""
    lines = text.split("\n", PREAMBLE)[:PREAMBLE]
    at = next((i for i, line in enumerate(lines) if line.startswith(tuple(HEADERS.values()))), None)
    day = next((found for line in lines if (found := re.match(r"Data generated: (\d+ \w+ \d{4})", line))), None)
    if at is None or day is None:
        got = lines[0].strip()[:80]
        hint = "Export the register again as CSV and leave its first lines in place."
        raise DataError.bad_file(path, "SIPRI's preamble ('Data generated: …') and header", f"{got!r}", hint=hint)
    layout = next(name for name, start in HEADERS.items() if lines[at].startswith(start))
    complete = re.match(r"Transfers of major conventional arms from All countries +to All countries", lines[0])
    body = text.split("\n", at)[at]
    if layout == "deliveries":
        body = re.sub(r";\r?$", "", body, flags=re.MULTILINE)
    generated = datetime.strptime(day[1], "%d %b %Y").date()
    return Head(layout, at + 1, generated, complete is not None), body.encode()


def _rows(path: Path, body: bytes, head: Head) -> tuple[pl.DataFrame, int]:
    """The table's rows, and how many of them had to be joined from two lines."""
    if head.layout == "deliveries":
        frame = files.table(path, body, DELIVERIES, line=head.line)
        return files.given(frame, path, *DELIVERIES), 0
    frame = files.table(path, body, DEALS, line=head.line, broken=True)
    rest = pl.col("b").is_null().shift(-1, fill_value=False) & pl.col("tiv").is_null()
    joined = frame.with_columns(tiv=pl.when(rest).then(pl.col("mark").shift(-1)).otherwise("tiv"), rest=rest)
    broken = pl.col("b").is_null() & pl.col("rest").shift(1, fill_value=False)
    whole = joined.filter(~broken)
    return files.given(whole, path, "a", "b", "years", "tiv"), frame.height - whole.height


def _by_year(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    """One row a deal and year, its TIV split evenly over the years of the cell (``parts`` of them)."""
    expected = "years separated by ;"
    files.refuse(frame, ~pl.col("years").str.contains(r"^\d{4}(; ?\d{4})*$"), path, "years", expected)
    listed = frame.with_columns(written=pl.col("tiv"), year=pl.col("years").str.split(";"))
    split = files.decimal(listed, path, "tiv", 0.0, 1e6).with_columns(parts=pl.col("year").list.len())
    rows = split.explode("year", empty_as_null=False, keep_nulls=False).with_columns(pl.col("year").str.strip_chars())
    rows = files.whole(rows, path, "year", 1950, date.today().year)
    share = pl.when(pl.col("parts") > 1).then(pl.format("{}/{}", "written", "parts")).otherwise("written")
    return rows.with_columns(pl.col("tiv") / pl.col("parts"), told=share)


def outsider(name: str) -> str | None:
    """Why a partner is no state, as SIPRI marks it, or None."""
    if name.endswith("**"):
        return "an organisation, no state (marked ** by SIPRI)"
    if name.endswith("*"):
        return "an armed group, no state (marked * by SIPRI)"
    if name.lower().startswith("unknown"):
        return "supplier or recipient unknown"
    return "no state in the table of states" if name in NOT_STATES else None


def _find(outsiders: Mapping[str, str]) -> who.Finder:
    """Names of states; a marked partner is never looked up, whatever its name contains."""
    find = who.names(NAMES)
    return lambda name: () if name in outsiders else find(name)


def _statements(named: pl.DataFrame, head: Head, key: str) -> pl.DataFrame:
    totals = (
        named.sort("a", "b", "year", files.ROW)
        .group_by("a", "b", "year", maintain_order=True)
        .agg(
            pl.col("tiv").sum().round(6),
            told=pl.col("told").str.join(" + "),
            split=(pl.col("parts") > 1).any(),
            lines=pl.col(files.ROW).cast(pl.String).str.join(" "),
        )
    )
    return totals.select(
        "a",
        "b",
        kind=pl.lit("arms"),
        valid_from=pl.date("year", 1, 1),
        valid_to=pl.date("year", 12, 31),
        known_from=pl.min_horizontal(pl.date(pl.col("year") + 1, 3, 31), pl.lit(head.generated)),
        source=pl.lit(key),
        locator=pl.format("lines {}", "lines"),
        original=pl.when("split").then(pl.format("split evenly over years: {}", "told")).otherwise("told"),
        value="tiv",
        unit=pl.lit(UNIT),
        text=pl.format("major arms delivered in {}", "year"),
    )


def coverage(key: str, first: int, last: int, generated: date, *, complete: bool = True) -> tuple[Coverage, ...]:
    """Year by year, as SIPRI published them; zero where nothing was delivered, if the query was for all countries."""
    absence: Literal["zero", "missing"] = "zero" if complete else "missing"
    note = "major conventional arms, states only"
    return tuple(
        Coverage(
            key, "flow", "arms", (), "both", date(year, 1, 1), date(year, 12, 31), absence, note,
            known=min(date(year + 1, 3, 31), generated),
        )
        for year in range(first, last + 1)
    )  # fmt: skip


def _source(key: str, head: Head) -> Source:
    note = "Volumes of military capability (TIV), not prices."
    if head.layout == "deals":
        note += " Totals of deals are split evenly over their years of delivery."
    citation = (
        f"SIPRI Arms Transfers Database, Stockholm International Peace Research Institute, generated {head.generated}."
    )
    return Source(key, SOURCE.publisher, SOURCE.title, head.generated, URL, SOURCE.licence, citation, note)


def _share(supplier: str, percent: float) -> Check:
    """A check of a supplier's share of all deliveries 2020-24 (SIPRI Fact Sheet, March 2025), to one point."""

    def failure(parsed: Parsed) -> str | None:
        years = parsed.frame("flow").filter(pl.col("valid_to").dt.year().is_between(2020, 2024))
        if parsed.coverage[-1].last < date(2024, 12, 31):
            return None
        total = float(years["value"].sum())
        got = 100.0 * float(years.filter(pl.col("a") == supplier)["value"].sum()) / total if total else 0.0
        return None if abs(got - percent) <= 1.5 else f"{got:.1f} %"

    return Check(f"share of {supplier}", f"{percent} % of deliveries 2020-24 from {supplier}", failure)


SOURCE: Final = DataSource(
    name="sipri",
    publisher="Stockholm International Peace Research Institute (SIPRI)",
    title="SIPRI Arms Transfers Database, trade register",
    citation="SIPRI Arms Transfers Database, Stockholm International Peace Research Institute.",
    licence="(c) SIPRI; free for non-commercial use with attribution, large parts not to be republished.",
    redistributable=False,
    urls=(URL, "https://www.sipri.org/databases/armstransfers"),
    versions=("March 2025 (deals)", "February 2026 (deliveries)"),
    coverage=coverage("sipri-deliveries:2026-02-12", 1950, 2024, date(2026, 2, 12)),
    parse=parse,
    checks=(
        rows_between(20_000, 60_000, layout="deliveries"),
        rows_between(50_000, 200_000, layout="deals"),
        _share("USA", 43.0),
        _share("FRA", 9.6),
        _share("RUS", 7.8),
        _share("CHN", 5.9),
        mostly_used(0.95),
    ),
    references=(
        Reference(
            "sipri-arms-transfers",
            "misc",
            ("{Stockholm International Peace Research Institute}",),
            2026,
            "SIPRI Arms Transfers Database",
            url="https://www.sipri.org/databases/armstransfers",
        ),
    ),
    by_hand=f"Choose all suppliers, all recipients and all years on {URL} and download the register as CSV.",
    files=("trade_register_1995_2024.csv.gz", "trade-register.csv", "trade_register*.csv", "trade_register*.csv.gz"),
)
