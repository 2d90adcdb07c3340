"""Authority of states since 1800 on Polity's scale, from the Center for Systemic Peace → traits, one a state and year.

The value is `polity2`, from -10 (autocracy) to 10 (democracy). Where the plain score has a code
instead of a number (-66 foreign interruption, -77 interregnum, -88 transition), polity2 is Polity's own treatment of
it (missing, 0, or interpolated), and the statement's text names the code, so that a user can leave such years out.

Polity has country codes of its own for states that changed: they are translated here, not taken for those of the
Correlates of War, with which some of them clash (341 is Kosovo in Polity, Montenegro in the other). Where a state has
two rows in the year in which it changed, the code that goes on is kept. The data set was revised as a whole until its
last release of April 2020: nothing of it counts as known before. Years after 2018 exist for the United States only.

Source: Marshall & Gurr (2020), Polity5: Political Regime Characteristics and Transitions, 1800-2018, Dataset Users' Manual.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.record import Source
from multipolar.sources import files, who, yearly
from multipolar.sources.model import DataSource, Download, Parsed, Reference, mostly_used, rows_between
from multipolar.sources.yearly import Measure, fact

COLUMNS: Final = {
    "a": ("ccode", "polity_annual_ccode"),
    "year": ("year",),
    "score": ("polity",),
    "polity2": ("polity2",),
}
MEASURES: Final = (Measure("polity", "score -10 to 10", "polity2", "polity2", low=-10.0, high=10.0),)
#: Codes of the plain score that are no numbers.
SPECIAL: Final = {-66: "foreign interruption", -77: "interregnum", -88: "transition"}
#: Polity's own country codes, where they differ from those of the Correlates of War.
OWN: Final = {
    "324": ("ITA",),
    "341": ("XKX",),
    "342": ("SRB", "YUG"),
    "345": ("YUG", "SRB"),
    "347": ("SRB", "YUG"),
    "348": ("MNE",),
    "364": ("RUS",),
    "525": ("SSD",),
    "529": ("ETH",),
    "626": ("SDN",),
    "769": ("PAK",),
    "818": ("VNM",),
}
NOT_STATES: Final = {
    "89": "a federation before the table of states begins to list its parts",
    "99": "a federation before the table of states begins to list its parts",
    "564": "no state in the table of states",
}
FIRST_YEAR: Final = 1776
LAST_YEAR: Final = 2018
KEY: Final = "polity:5-2018"
RELEASED: Final = date(2020, 4, 23)
URL: Final = "https://www.systemicpeace.org/inscrdata.html"
CITATION: Final = (
    "Marshall, M. G. & Gurr, T. R. (2020). Polity5: Political Regime Characteristics and Transitions, 1800-2018. "
    "Center for Systemic Peace."
)


def parse(path: Path) -> Parsed:
    """Read Polity5's annual series: ``p5v2018.sav``, ``p5v2018.xls`` saved as CSV, or the same rows as Parquet.

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code, year or score.
    """
    read = yearly.read(path, COLUMNS)
    read = files.whole(read, path, "a", 1, 999).with_columns(pl.col("a").cast(pl.String))
    frame = files.whole(read, path, "year", FIRST_YEAR, date.today().year)
    frame = yearly.numbers(files.whole(frame, path, "score", -88, 10, null=True), path, MEASURES)
    known = (*SPECIAL, *range(-10, 11))
    files.refuse(frame, ~pl.col("score").is_in(known), path, "score", "-10 to 10, -66, -77 or -88")
    named, left = yearly.states(frame, path, find, NOT_STATES)
    kept, empty = yearly.told(named, MEASURES)
    return Parsed(
        frames={"trait": _statements(kept)},
        sources=(_source(),),
        coverage=yearly.coverage(KEY, MEASURES, FIRST_YEAR, LAST_YEAR, "states of half a million people or more"),
        label=f"Polity5, {path.name}",
        layout="state-years",
        rows=frame.height,
        left_out=(*left, *empty),
    )


def find(code: str) -> tuple[str, ...]:
    """Actors that one of Polity's codes stands for."""
    if code in NOT_STATES:
        return ()
    return OWN.get(code) or who.cow(code)


def _statements(kept: pl.DataFrame) -> pl.DataFrame:
    words = pl.col("score").replace_strict(SPECIAL, default=None, return_dtype=pl.String)
    text = pl.format("polity2, where polity is {} ({})", "score", words)
    return yearly.traits(kept.with_columns(text_polity2=text), MEASURES, KEY, pl.lit(RELEASED))


def _source() -> Source:
    note = "polity2. Ends 2018, and 2020 for the United States; says nothing of later years."
    return Source(KEY, SOURCE.publisher, SOURCE.title, RELEASED, URL, SOURCE.licence, CITATION, note)


SOURCE: Final = DataSource(
    name="polity",
    publisher="Center for Systemic Peace",
    title="Polity5 annual time series",
    citation=CITATION,
    licence="(c) Center for Systemic Peace; free for research with citation, not to be redistributed.",
    redistributable=False,
    urls=(URL,),
    versions=("Polity5, v2018",),
    coverage=yearly.coverage(KEY, MEASURES, FIRST_YEAR, LAST_YEAR, "states of half a million people or more"),
    parse=parse,
    checks=(
        rows_between(17_500, 17_700),
        mostly_used(0.85),
        fact("USA", "polity", 2010, 10, 0),
        fact("CHN", "polity", 2018, -7, 0),
        fact("DEU", "polity", 1938, -9, 0),
        fact("RUS", "polity", 2018, 4, 0),
        fact("XKX", "polity", 2018, 8, 0),
    ),
    files=("p5v2018.sav", "p5v2018.csv", "p5v2018*.csv", "polity5.parquet"),
    references=(
        Reference(
            "marshall2020polity5", "techreport", ("Marshall, Monty G.", "Gurr, Ted Robert"), 2020,
            "Polity5: Political Regime Characteristics and Transitions, 1800-2018. Dataset Users' Manual",
            "Center for Systemic Peace", url=URL,
        ),
    ),
    downloads=(Download("https://www.systemicpeace.org/inscr/p5v2018.sav", "p5v2018.sav", most=64 << 20),),
    by_hand="Take the annual time series for SPSS (p5v2018.sav), or open the Excel file and save it as CSV.",
)  # fmt: skip
