"""Trade in goods as reported to the International Monetary Fund: IMTS, and its predecessor DOTS.

Each state reports what it exports (free on board) and what it imports (with freight and insurance), by partner, in US
dollars. A flow of goods from a to b is therefore told twice. One statement is made of it (kind ``exports``): what the
exporter reports, or, where the exporter reports nothing, what the importer reports (`original` then says ``imports
CIF``, which is some 5 to 10 per cent more). The other report is left out and counted. Years are read; quarters and
months are left out and counted.

Two layouts are read:

- **imts**, the CSV of the IMF's data portal since 2025: one row an observation, with the columns ``COUNTRY``,
  ``INDICATOR``, ``COUNTERPART_COUNTRY``, ``FREQUENCY``, ``TIME_PERIOD``, ``OBS_VALUE`` (codes, not names) and perhaps
  ``SCALE``;
- **dots**, the former bulk download: one row a series, with a column a period.

Partners that are groups of states (World, Euro Area) or no states are left out and counted.

**When known.** The IMF publishes a year in the course of the next; a year counts as known from the end of the next.

Source: International Monetary Fund, International Trade in Goods (by partner country); Direction of Trade Statistics.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.errors import DataError
from multipolar.record import Coverage, Source
from multipolar.sources import files, flows, who
from multipolar.sources.model import DataSource, LeftOut, Parsed, Reference, rows_between

IMTS: Final = {
    "reporter": ("COUNTRY", "COUNTRY.ID"),
    "indicator": ("INDICATOR", "INDICATOR.ID"),
    "partner": ("COUNTERPART_COUNTRY", "COUNTERPART_COUNTRY.ID"),
    "frequency": ("FREQUENCY", "FREQUENCY.ID"),
    "period": ("TIME_PERIOD",),
    "told": ("OBS_VALUE",),
}
DOTS: Final = {
    "reporter": ("Country Name",),
    "indicator": ("Indicator Code",),
    "partner": ("Counterpart Country Name",),
    "attribute": ("Attribute",),
}
#: Indicator -> whether the reporter exports.
INDICATORS: Final = {"XG_FOB_USD": True, "MG_CIF_USD": False, "TXG_FOB_USD": True, "TMG_CIF_USD": False}
NAMES: Final[dict[str, str | tuple[str, ...]]] = {
    "China, P.R.: Mainland": "CHN", "China, P.R.: Hong Kong": (), "China, P.R.: Macao": (), "Russian Federation": "RUS",
    "Taiwan Province of China": "TWN", "Korea, Republic of": "KOR", "Korea, Democratic People's Rep. of": "PRK",
    "Congo, Democratic Republic of": "COD", "Congo, Republic of": "COG", "Iran, Islamic Republic of": "IRN",
    "Serbia and Montenegro": ("YUG", "SRB"), "Yugoslavia, SFR": "YUG", "Yugoslavia": "YUG", "U.S.S.R.": "RUS",
    "Czechoslovakia": "CSK", "Eastern Germany": "DDR", "Yemen, People's Dem. Rep. of": "YMD", "Yemen Arab Rep.": "YEM",
}  # fmt: skip
FOLDED: Final = {"SRB": ("YUG",), "SCG": ("YUG",)}
OUTSIDE: Final = "a group of states or a territory, no state in the table of states"
MIRROR: Final = "the importer's report of a flow that the exporter reports too"
OTHER: Final = "other indicators than exports FOB and imports CIF in US dollars"
SHORT: Final = "quarters and months: years are read"
BLANK: Final = "no value"
FIRST_YEAR: Final = 1940
PAGE: Final = "https://data.imf.org/en/datasets/IMF.STA:IMTS"
CITATION: Final = (
    "International Monetary Fund. International Trade in Goods (by partner country), formerly Direction of Trade "
    "Statistics."
)
KNOWN: Final = pl.date(pl.col("year") + 1, 12, 31)


def parse(path: Path) -> Parsed:
    """Read an export of IMTS or the bulk file of DOTS.

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a period or value is none.
    """
    data = files.content(path, member="*.csv")
    head = {name.strip().upper() for name in files.header_of(path, data)}
    layout = "dots" if "COUNTRY NAME" in head and "COUNTERPART COUNTRY NAME" in head else "imts"
    frame, left = _imts(path, data) if layout == "imts" else _dots(path, data)
    rows = frame.height + sum(item.rows for item in left)
    kept, outside = _outside(frame, layout)
    exports = pl.col("indicator").replace_strict(INDICATORS, return_dtype=pl.Boolean)
    sides = kept.with_columns(
        exports=exports,
        a=pl.when(exports).then("reporter").otherwise("partner"),
        b=pl.when(exports).then("partner").otherwise("reporter"),
    )
    named, gone = who.name_codes(sides, path, ("a", "b"), _find(layout))
    flow, mirrored = _told_once(named)
    where = pl.format("row {}: {} {} {} {}", files.ROW, "reporter", "indicator", "partner", "year")
    first, last = flows.years(kept, path)
    key = f"imf-{layout}:{last}"
    return Parsed(
        frames={"flow": flows.statements(flow, key, "exports", where, KNOWN)},
        sources=(_source(key),),
        coverage=_coverage(key, first, last),
        label=f"IMF trade ({layout}), {path.name}",
        layout=layout,
        rows=rows,
        left_out=tuple(item for item in (*left, *outside, *gone, *mirrored) if item.rows),
    )


def _imts(path: Path, data: bytes) -> tuple[pl.DataFrame, tuple[LeftOut, ...]]:
    frame = files.table(path, data, IMTS, optional={"scale": ("SCALE",)})
    frame = files.given(frame, path, "reporter", "indicator", "partner", "frequency", "period")
    other = frame.filter(~pl.col("indicator").is_in(list(INDICATORS)))
    flows_only = frame.filter(pl.col("indicator").is_in(list(INDICATORS)))
    yearly = flows_only.filter(pl.col("frequency").is_in(["A", "Annual"]))
    blank = yearly.filter(pl.col("told").is_null())
    years = files.whole(
        yearly.drop_nulls("told").rename({"period": "year"}), path, "year", FIRST_YEAR, date.today().year
    )
    valued = files.decimal(years.with_columns(value=pl.col("told")), path, "value", 0.0, 1e15)
    scale = pl.col("scale").cast(pl.Int32, strict=False).fill_null(0)  # a power of ten; empty where values are in units
    valued = valued.with_columns(pl.col("value") * pl.lit(10.0).pow(scale))
    left = (
        LeftOut(OTHER, other.height),
        LeftOut(SHORT, flows_only.height - yearly.height),
        LeftOut(BLANK, blank.height),
    )
    return valued, left


def _dots(path: Path, data: bytes) -> tuple[pl.DataFrame, tuple[LeftOut, ...]]:
    periods = [name for name in files.header_of(path, data) if re.fullmatch(r"\d{4}([MQ]\d{1,2})?", name)]
    if not periods:
        raise DataError.bad_file(path, "columns of years", "none", hint=f"Download the data set from {PAGE}.")
    wide = files.table(path, data, {**DOTS, **{name: (name,) for name in periods}})
    wide = files.given(wide, path, "reporter", "indicator", "partner")
    values = wide.filter(pl.col("attribute").fill_null("Value") == "Value")
    long = values.unpivot(
        periods, index=["reporter", "indicator", "partner", files.ROW], variable_name="year", value_name="told"
    )
    told = long.with_columns(pl.col("told").replace("", None)).drop_nulls("told")
    other = ~pl.col("indicator").is_in(list(INDICATORS))
    short = pl.col("year").str.len_chars() > 4
    kept = told.filter(~other & ~short).with_columns(value=pl.col("told"))
    years = files.decimal(files.whole(kept, path, "year", FIRST_YEAR, date.today().year), path, "value", 0.0, 1e15)
    left = (
        LeftOut(OTHER, told.filter(other).height),
        LeftOut(SHORT, told.filter(~other & short).height),
        LeftOut(BLANK, long.height - told.height),
    )
    return years.sort(files.ROW, "year"), left


def _find(layout: str) -> who.Finder:
    return who.iso3(FOLDED) if layout == "imts" else who.names(NAMES)


def _outside(frame: pl.DataFrame, layout: str) -> tuple[pl.DataFrame, tuple[LeftOut, ...]]:
    """Rows between states, and the account of rows with a group or territory on either side."""
    find = _find(layout)
    known = [code for code in set(frame["reporter"]) | set(frame["partner"]) if find(code)]
    inside = pl.col("reporter").is_in(known) & pl.col("partner").is_in(known)
    lost = frame.filter(~inside)
    label = pl.when(pl.col("partner").is_in(known)).then("reporter").otherwise("partner")
    return frame.filter(inside), (who.tally(lost, OUTSIDE, label),) if lost.height else ()


def _told_once(named: pl.DataFrame) -> tuple[pl.DataFrame, tuple[LeftOut, ...]]:
    """Each flow once: the exporter's report, or the importer's where there is no other."""
    ordered = named.sort("exports", files.ROW, descending=[True, False], maintain_order=True)
    once = ordered.unique(["a", "b", "year"], keep="first", maintain_order=True)
    what = pl.when("exports").then(pl.lit("exports FOB")).otherwise(pl.lit("imports CIF"))
    once = once.with_columns(told=pl.format("{} {} USD", what, "told")).sort(files.ROW)
    return once, (LeftOut(MIRROR, named.height - once.height),)


def _coverage(key: str, first: int, last: int) -> tuple[Coverage, ...]:
    return tuple(
        Coverage(
            key, "flow", "exports", (), "both", date(year, 1, 1), date(year, 12, 31), "missing",
            known=date(year + 1, 12, 31),
        )
        for year in range(first, last + 1)
    )  # fmt: skip


def _source(key: str) -> Source:
    note = "Current US dollars; the exporter's report (FOB), or the importer's (CIF) where the exporter has none."
    return Source(key, SOURCE.publisher, SOURCE.title, None, PAGE, SOURCE.licence, CITATION, note)


SOURCE: Final = DataSource(
    name="imf-trade",
    publisher="International Monetary Fund",
    title="International Trade in Goods (by partner country), formerly Direction of Trade Statistics",
    citation=f"{CITATION} As downloaded.",
    licence="IMF terms of use: free with attribution.",
    redistributable=False,
    urls=(PAGE,),
    versions=("IMTS 2025 on", "DOTS to 2025"),
    coverage=_coverage("imf-imts:2024", 1948, 2024),
    parse=parse,
    checks=(rows_between(1, 400_000_000),),
    files=("*IMTS*.csv", "DOT_timeSeries*.csv", "DOT_*.csv", "*IMTS*.zip", "DOT*.zip"),
    references=(
        Reference(
            "imf2025imts", "misc", ("{International Monetary Fund}",), 2025, "International Trade in Goods (by partner country)",
            url=PAGE,
        ),
    ),
    by_hand=f"On {PAGE} choose countries, partners, 'Exports of goods, FOB' and 'Imports of goods, CIF' in US dollars, "
    "and years; download as CSV with codes.",
)  # fmt: skip
