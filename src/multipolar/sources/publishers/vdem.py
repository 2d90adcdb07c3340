"""Electoral and liberal democracy since 1789, from Varieties of Democracy → traits, one a state, year and index.

Three of V-Dem's columns are read: the electoral democracy index (`v2x_polyarchy`), the liberal democracy index
(`v2x_libdem`) and the regimes of the world (`v2x_regime`, 0 closed autocracy to 3 liberal democracy). Each index is an
estimate; its interval stays in the file.

Every edition estimates all years anew, so a value is known from the day of its own edition, never from an earlier one:
who asks what was known in 2020 has to ingest the edition of 2020. Version 15 came out on 13 March 2025; V-Dem's
editions come in March of the year after their last, and where the day is not known here the end of April stands for it.

Units are found by their Correlates of War code. V-Dem also codes colonies, parts of states (the West Bank and Gaza
apart) and territories that have no such code; these rows are left out and counted.

Source: Coppedge et al. (2025), V-Dem Country-Year Dataset v15, doi:10.23696/vdemds25.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.record import Coverage, Source
from multipolar.sources import files, who, yearly
from multipolar.sources.model import DataSource, Parsed, Reference, mostly_used, rows_between
from multipolar.sources.yearly import Measure, fact

COLUMNS: Final = {
    "unit": ("country_text_id",),
    "cow": ("COWcode", "vdem_cowcode"),
    "year": ("year",),
    "polyarchy": ("v2x_polyarchy",),
    "libdem": ("v2x_libdem",),
}
OPTIONAL: Final = {"regime": ("v2x_regime",)}
MEASURES: Final = (
    Measure("polyarchy", "index 0 to 1", "polyarchy", "v2x_polyarchy", high=1.0),
    Measure("liberal_democracy", "index 0 to 1", "libdem", "v2x_libdem", high=1.0),
    Measure("regime", "type 0 to 3", "regime", "v2x_regime", high=3.0),
)
FIRST_YEAR: Final = 1789
_FORMER: Final = "a German or Italian state of the 19th century without a code"
#: V-Dem's units that have no Correlates of War code.
NOT_STATES: Final = {
    "HKG": "a territory of China, no state",
    "PSE": "a part of Palestine (the West Bank), coded apart",
    "PSG": "a part of Palestine (Gaza), coded apart",
    "PSB": "a mandate, no state",
    "SML": "not in the table of states",
    "ZZB": "not in the table of states",
    **dict.fromkeys(("BRW", "HDM", "HRG", "NSS", "OLD", "PPS", "SAX", "SPD", "TSC"), _FORMER),
}
#: Last year of an edition -> its version and day of release.
EDITIONS: Final = {2024: ("15", date(2025, 3, 13))}
URL: Final = "https://v-dem.net/data/the-v-dem-dataset/"
CITATION: Final = (
    "Coppedge, M. et al. (2025). V-Dem Country-Year Dataset v15. Varieties of Democracy (V-Dem) Project. "
    "doi:10.23696/vdemds25."
)


def parse(path: Path) -> Parsed:
    """Read ``V-Dem-CY-Core-v15.csv`` (or the full set, another version, or a Parquet extract with its columns).

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code, year or index.
    """
    read = yearly.read(path, COLUMNS, OPTIONAL)
    read = files.whole(files.given(read, path, "unit"), path, "cow", 1, 999, null=True)
    frame = files.whole(read, path, "year", FIRST_YEAR, date.today().year)
    frame = frame.with_columns(a=pl.coalesce(pl.col("cow").cast(pl.String), "unit"))
    frame = yearly.numbers(frame, path, MEASURES)
    named, left = yearly.states(frame, path, who.cow, NOT_STATES)
    kept, empty = yearly.told(named, MEASURES)
    first, last = yearly.years(frame)
    source = _source(last)
    return Parsed(
        frames={"trait": yearly.traits(kept, MEASURES, source.key, pl.lit(source.date, pl.Date))},
        sources=(source,),
        coverage=_coverage(source.key, kept, first, last),
        label=f"V-Dem, {path.name}",
        layout="country-years",
        rows=frame.height,
        left_out=(*left, *empty),
    )


def _coverage(key: str, kept: pl.DataFrame, first: int, last: int) -> tuple[Coverage, ...]:
    """Only measures that the file has; an extract may lack the regimes."""
    there = [measure for measure in MEASURES if kept[measure.column].count()]
    return yearly.coverage(key, there, first, last, "states of the table of states; estimates by experts")


def _source(last: int) -> Source:
    version, day = EDITIONS.get(last, (f"to-{last}", yearly.release(last, {}, 4, 30)))
    note = "Estimates of this edition: every edition estimates all years anew. Compare values within one edition only."
    return Source(f"vdem:{version}", SOURCE.publisher, SOURCE.title, day, URL, SOURCE.licence, CITATION, note)


SOURCE: Final = DataSource(
    name="vdem",
    publisher="V-Dem Institute, University of Gothenburg",
    title="V-Dem Country-Year Dataset",
    citation=CITATION,
    licence="CC BY-SA 4.0",
    redistributable=True,
    urls=(URL,),
    versions=("15",),
    coverage=yearly.coverage("vdem:15", MEASURES, FIRST_YEAR, 2024, "states of the table of states"),
    parse=parse,
    checks=(
        rows_between(25_000, 40_000),
        mostly_used(0.55),
        fact("USA", "polyarchy", 2015, 0.9, 0.06),
        fact("CHN", "polyarchy", 2020, 0.075, 0.03),
        fact("DNK", "liberal_democracy", 2020, 0.88, 0.04),
        fact("RUS", "polyarchy", 1970, 0.11, 0.05),
    ),
    files=("V-Dem-CY-Core-v*.csv", "V-Dem-CY-Full+Others-v*.csv", "V-Dem-CY-*.zip", "vdem_simple.parquet"),
    references=(
        Reference(
            "coppedge2025vdem", "misc", ("Coppedge, Michael", "{others}"), 2025, "V-Dem Country-Year Dataset v15",
            "Varieties of Democracy (V-Dem) Project", doi="10.23696/vdemds25", url=URL,
        ),
    ),
    by_hand="Choose Country-Year: V-Dem Core as CSV; the page asks for a name and an e-mail address first.",
)  # fmt: skip
