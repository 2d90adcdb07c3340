"""Four yearly measures of regimes → traits: the lexical index, Freedom House, the Economist's index, governance.

**Lexical index of electoral democracy** (0 no elections to 6 full electoral democracy; since 1789). The value is the
index as its authors published it, also in the handful of years in which an R package that repacks it computed another.
It is revised as a whole: known from the end of the year after its last.

**Freedom in the World** (since 1972): political rights and civil liberties, 1 free to 7 not free; and the total score,
at most 100 (since 2012; its additional question can bring it below 0). Past ratings stand as published, so a year is
known from the end of March of the next, by when the survey has been out. Until 1989 a survey's period was no
calendar year; the file gives each the year it mostly covers, and has none for 1981. Territories that Freedom House
rates apart from the state they are a part of, or that no table lists as states, are left out and counted.

**Democracy Index** (0 to 10; 2006, 2008, and each year from 2010): past years stand as published, known from the end of
March of the next year.

**Worldwide Governance Indicators** (since 1996): six estimates in standard deviations, of which an extract may have one
(voice and accountability). Every update estimates all years anew: known from the end of the year after its last.

Sources: Skaaning, Gerring & Bartusevičius (2015), Comparative Political Studies 48: 1491-1525,
doi:10.1177/0010414015581050; Freedom House; Economist Intelligence Unit; Kaufmann, Kraay & Mastruzzi (2011), Hague
Journal on the Rule of Law 3: 220-246, doi:10.1017/S1876404511200046.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.errors import DataError
from multipolar.record import Source
from multipolar.sources import files, who, yearly
from multipolar.sources.model import DataSource, Parsed, Reference, mostly_used, rows_between
from multipolar.sources.yearly import Measure, fact

NO_STATE: Final = "no state in the table of states"
PART: Final = "a territory that the publisher treats apart from its state"
#: By the end of this day of the next year, a survey that keeps its past has always been published.
SURVEY_DAY: Final = (3, 31)

LIED_MEASURES: Final = (Measure("electoral_democracy", "level 0 to 6", "index", "lexical_index", high=6.0),)
RATINGS: Final = (
    Measure("political_rights", "rating 1 to 7", "pr", "PR", low=1.0, high=7.0),
    Measure("civil_liberties", "rating 1 to 7", "cl", "CL", low=1.0, high=7.0),
)
SCORES: Final = (Measure("freedom_score", "points", "total", "Total", low=-4.0, high=100.0),)
EIU_MEASURES: Final = (Measure("democracy_index", "index 0 to 10", "score", "overall score", high=10.0),)
#: The six governance indicators: our column -> the publisher's name of it.
INDICATORS: Final = {
    "va": "voice and accountability",
    "pv": "political stability and absence of violence",
    "ge": "government effectiveness",
    "rq": "regulatory quality",
    "rl": "rule of law",
    "cc": "control of corruption",
}
WGI_MEASURES: Final = tuple(
    Measure("governance", "standard deviations", name, name.upper(), low=-5.0, high=5.0, text=text)
    for name, text in INDICATORS.items()
)

#: Codes of the lexical index that the table of states does not have.
LIED_NOT_STATES: Final = {
    **dict.fromkeys(
        ("21", "89", "241", "242", "266", "268", "276", "521", "556", "557", "558", "559", "711"), NO_STATE
    ),
    **dict.fromkeys(("601", "665", "667", "668"), PART),
}
#: Names in Freedom in the World that the table of states has otherwise.
FREEDOM_NAMES: Final = {
    "Germany, W.": "DEU", "Vietnam, N.": "VNM", "Yemen, N.": "YEM", "Serbia and Montenegro": "YUG",
}  # fmt: skip
_TERRITORIES: Final = (
    "Abkhazia", "Chechnya", "Crimea", "Eastern Donbas", "Gaza Strip", "Hong Kong", "Indian Kashmir",
    "Israeli-Occupied Territories", "Kurdistan", "Macao", "Nagorno-Karabakh", "Northern Cyprus", "Northern Ireland",
    "Pakistani Kashmir", "Palestinian Authority-Administered Territories", "Puerto Rico",
    "Russian-Occupied Territories of Ukraine", "Somaliland", "South Ossetia", "Tibet", "Transnistria", "West Bank",
    "West Bank and Gaza Strip", "West Papua", "Western Sahara",
)  # fmt: skip
FREEDOM_NOT_STATES: Final = dict.fromkeys(_TERRITORIES, PART)
EIU_NAMES: Final = {"Bosnia and Hercegovina": "BIH"}
#: Codes of the World Bank that differ from the table's, and those of territories.
WGI_CODES: Final = {"ADO": "AND", "KSV": "XKX", "ROM": "ROU", "TMP": "TLS", "WBG": "PSE", "ZAR": "COD"}
_WGI_TERRITORIES: Final = (
    "ABW", "AIA", "ANT", "ASM", "BMU", "CYM", "GRL", "GUF", "GUM", "HKG", "JEY", "MAC", "MTQ", "NIU", "PRI", "REU", "VIR",
    "COK",
)  # fmt: skip
WGI_NOT_STATES: Final = dict.fromkeys(_WGI_TERRITORIES, "a territory, no state in the table of states")


def parse_lied(path: Path) -> Parsed:
    """Read the lexical index (CSV, Stata or Parquet; one row a country and year).

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code, year or level.
    """
    columns = {
        "a": ("cow", "lied_cow"),
        "year": ("year",),
        "index": ("lexical_index_original", "lexical_index", "lexical index"),
    }
    read = yearly.read(path, columns)
    read = files.whole(read, path, "a", 1, 999).with_columns(pl.col("a").cast(pl.String))
    frame = yearly.numbers(files.whole(read, path, "year", 1789, date.today().year), path, LIED_MEASURES)
    last = yearly.years(frame)[1]
    day = yearly.release(last, {})
    source = Source(f"lied:to-{last}", LIED.publisher, LIED.title, day, LIED.urls[0], LIED.licence, LIED.citation)
    return _parsed(path, frame, source, LIED_MEASURES, who.cow, LIED_NOT_STATES, pl.lit(day))


def parse_freedom(path: Path) -> Parsed:
    """Read the ratings of Freedom in the World, one row a country and year (or edition).

    A file with ``Edition`` instead of a year is about the year before the edition.

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no year or rating.
    """
    note = "Past years stand as published. Until 1989 the surveyed period was no calendar year."
    return _freedom(path, FREEDOM, RATINGS, {"pr": ("pr", "PR rating", "PR"), "cl": ("cl", "CL rating", "CL")}, note)


def parse_scores(path: Path) -> Parsed:
    """Read the total scores of Freedom in the World, one row a country and year (or edition).

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no year or score.
    """
    return _freedom(path, FREEDOM_SCORES, SCORES, {"total": ("total",)}, "Past years stand as published.")


def _freedom(
    path: Path, data: DataSource, measures: tuple[Measure, ...], columns: dict[str, tuple[str, ...]], note: str
) -> Parsed:
    name = ("fh_country", "fh_full_country", "Country/Territory", "country")
    optional = {"year": ("year",), "edition": ("edition",), "sort": ("C/T", "country_or_territory")}
    read = yearly.read(path, {"a": name, **columns}, optional)
    for column in ("year", "edition"):
        read = files.whole(read, path, column, 1972, date.today().year + 1, null=True)
    frame = files.given(read.with_columns(year=pl.coalesce("year", pl.col("edition") - 1)), path, "year")
    frame = yearly.numbers(frame, path, measures)
    territories = frame.filter(pl.col("sort").str.to_lowercase() == "t")["a"].unique().to_list()
    why = {**FREEDOM_NOT_STATES, **dict.fromkeys(territories, PART)}
    last = yearly.years(frame)[1]
    source = Source(
        f"{data.name}:{last}", data.publisher, data.title, None, data.urls[0], data.licence, data.citation, note
    )
    find = _but(who.names(FREEDOM_NAMES), FREEDOM_NOT_STATES)
    return _parsed(path, frame, source, measures, find, why, _next_march())


def parse_eiu(path: Path) -> Parsed:
    """Read the Democracy Index as a table (country, year, score).

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no year or score.
    """
    read = yearly.read(
        path,
        {"a": ("eiu_country", "country", "name"), "year": ("year", "time"), "score": ("eiu", "score", "overall score")},
    )
    frame = yearly.numbers(files.whole(read, path, "year", 2006, date.today().year), path, EIU_MEASURES)
    last = yearly.years(frame)[1]
    source = Source(f"eiu:{last}", EIU.publisher, EIU.title, None, EIU.urls[0], EIU.licence, EIU.citation)
    hong_kong = {"Hong Kong": PART}
    return _parsed(path, frame, source, EIU_MEASURES, who.names(EIU_NAMES), hong_kong, _next_march())


def parse_wgi(path: Path) -> Parsed:
    """Read the governance indicators: one row a country and year, or a country, year and indicator.

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code, year or estimate.
    """
    wide = {name: (f"{name}e",) for name in INDICATORS}
    names = {"a": ("wb_code", "code"), "year": ("year",)}
    optional = {"indicator": ("indicator",), "estimate": ("estimate",), **wide}
    read = files.whole(yearly.read(path, names, optional), path, "year", 1996, date.today().year)
    read = read.with_columns(pl.col("a").replace(WGI_CODES))
    tables = _one_each(read, path) if read["estimate"].count() else [read]
    last = yearly.years(read)[1]
    day = yearly.release(last, {})
    source = Source(f"wgi:to-{last}", WGI.publisher, WGI.title, day, WGI.urls[0], WGI.licence, WGI.citation)
    parts = [
        _parsed(path, yearly.numbers(table, path, measures), source, measures, _iso, WGI_NOT_STATES, pl.lit(day))
        for table in tables
        if (measures := tuple(each for each in WGI_MEASURES if table[each.column].count()))
    ]
    if not parts:
        hint = "Take the table with the columns code, year, indicator and estimate, or the one with vae to cce."
        raise DataError.bad_file(path, "estimates of governance", "none", hint=hint)
    return replace(
        parts[0],
        frames={"trait": pl.concat([part.frame("trait") for part in parts])},
        rows=read.height,
        left_out=yearly.merged(item for part in parts for item in part.left_out),
    )


def _one_each(read: pl.DataFrame, path: Path) -> list[pl.DataFrame]:
    """A table an indicator; a file that names none is the extract with voice and accountability."""
    which = pl.col("indicator").fill_null("va").str.to_lowercase().str.slice(0, 2)
    named = read.with_columns(indicator=which)
    files.refuse(named, ~which.is_in(list(INDICATORS)), path, "indicator", f"one of {', '.join(INDICATORS)}")
    there = named["indicator"].unique(maintain_order=True)
    return [named.filter(pl.col("indicator") == name).with_columns(pl.col("estimate").alias(name)) for name in there]


def _iso(code: str) -> Sequence[str]:
    return who.iso3({})(code)


def _but(find: who.Finder, apart: dict[str, str]) -> who.Finder:
    """The same finder, which knows no state under these names."""
    return lambda name: () if name in apart else find(name)


def _next_march() -> pl.Expr:
    month, day = SURVEY_DAY
    return pl.min_horizontal(pl.date(pl.col("year") + 1, month, day), pl.lit(date.today()))


def _parsed(
    path: Path,
    frame: pl.DataFrame,
    source: Source,
    measures: tuple[Measure, ...],
    find: who.Finder,
    why: dict[str, str],
    known: pl.Expr,
) -> Parsed:
    named, left = yearly.states(frame, path, find, why)
    kept, empty = yearly.told(named, measures)
    first, last = yearly.years(frame)
    return Parsed(
        frames={"trait": yearly.traits(kept, measures, source.key, known)},
        sources=(source,),
        coverage=yearly.coverage(source.key, measures, first, last, "states that the publisher assesses"),
        label=f"{source.title}, {path.name}",
        layout="country-years",
        rows=frame.height,
        left_out=(*left, *empty),
    )


LIED: Final = DataSource(
    name="lied",
    publisher="Svend-Erik Skaaning, Aarhus University",
    title="Lexical Index of Electoral Democracy",
    citation="Skaaning, S.-E., Gerring, J. & Bartusevičius, H. (2015). A Lexical Index of Electoral Democracy. "
    "Comparative Political Studies 48: 1491-1525.",
    licence="Terms on the page of the data set; citation asked for.",
    redistributable=False,
    urls=("https://doi.org/10.7910/DVN/29106",),
    versions=("to 2024",),
    coverage=yearly.coverage("lied:to-2024", LIED_MEASURES, 1789, 2024, "states that the publisher assesses"),
    parse=parse_lied,
    checks=(
        rows_between(25_000, 45_000), mostly_used(0.55),
        fact("USA", "electoral_democracy", 2000, 6, 0), fact("CHN", "electoral_democracy", 2000, 1, 1),
        fact("DEU", "electoral_democracy", 1925, 6, 0),
    ),
    files=("lied*.csv", "LIED*.csv", "lied*.dta", "LIED.parquet"),
    references=(
        Reference(
            "skaaning2015lexical", "article", ("Skaaning, Svend-Erik", "Gerring, John", "Bartusevičius, Henrikas"), 2015,
            "A Lexical Index of Electoral Democracy", "Comparative Political Studies", "48", "1491-1525",
            "10.1177/0010414015581050",
        ),
    ),
    by_hand="Take the newest file of the data set; save a workbook as CSV.",
)  # fmt: skip

_FREEDOM_URL: Final = "https://freedomhouse.org/report/freedom-world"
_FREEDOM_HAND: Final = (
    "Under Publication Archives take the file with all data, and save its table (from the row of names on) as CSV."
)
_FREEDOM_REFERENCE: Final = Reference(
    "freedomhouse2025", "misc", ("{Freedom House}",), 2025, "Freedom in the World", url=_FREEDOM_URL
)

FREEDOM: Final = DataSource(
    name="freedom-house",
    publisher="Freedom House",
    title="Freedom in the World, ratings",
    citation="Freedom House (2025). Freedom in the World, country and territory ratings and statuses since 1973.",
    licence="(c) Freedom House; free with attribution.",
    redistributable=False,
    urls=(_FREEDOM_URL,),
    versions=("edition 2025",),
    coverage=yearly.coverage("freedom-house:2024", RATINGS, 1972, 2024, "states that the publisher assesses"),
    parse=parse_freedom,
    checks=(
        rows_between(2_500, 20_000), mostly_used(0.9),
        fact("USA", "political_rights", 2024, 1, 1), fact("RUS", "political_rights", 2023, 7, 0),
        fact("CHN", "civil_liberties", 2015, 6, 0),
    ),
    files=("*FIW_1973*.csv", "All_data_FIW*.csv", "fh.csv.gz"),
    references=(_FREEDOM_REFERENCE,),
    by_hand=_FREEDOM_HAND,
)  # fmt: skip

FREEDOM_SCORES: Final = DataSource(
    name="freedom-house-scores",
    publisher="Freedom House",
    title="Freedom in the World, total scores",
    citation="Freedom House (2025). Freedom in the World, aggregate scores since 2012.",
    licence="(c) Freedom House; free with attribution.",
    redistributable=False,
    urls=(_FREEDOM_URL,),
    versions=("edition 2025",),
    coverage=yearly.coverage("freedom-house-scores:2024", SCORES, 2012, 2024, "states that the publisher assesses"),
    parse=parse_scores,
    checks=(
        rows_between(2_500, 10_000), mostly_used(0.9),
        fact("FIN", "freedom_score", 2020, 100, 0), fact("USA", "freedom_score", 2020, 83, 0),
        fact("CHN", "freedom_score", 2020, 9, 0),
    ),
    files=("All_data_FIW*.csv", "fh_full.csv.gz"),
    references=(_FREEDOM_REFERENCE,),
    by_hand=_FREEDOM_HAND,
)  # fmt: skip

EIU: Final = DataSource(
    name="eiu",
    publisher="Economist Intelligence Unit",
    title="Democracy Index",
    citation="Economist Intelligence Unit. Democracy Index, annual reports since 2006.",
    licence="(c) Economist Intelligence Unit; not to be redistributed.",
    redistributable=False,
    urls=("https://www.eiu.com/n/campaigns/democracy-index-2024/",),
    versions=("2006-2024",),
    coverage=yearly.coverage("eiu:2024", EIU_MEASURES, 2006, 2024, "states that the publisher assesses"),
    parse=parse_eiu,
    checks=(
        rows_between(2_500, 6_000), mostly_used(0.97),
        fact("NOR", "democracy_index", 2024, 9.81, 0.001), fact("USA", "democracy_index", 2024, 7.85, 0.001),
        fact("AFG", "democracy_index", 2024, 0.25, 0.001),
    ),
    files=("eiu*.csv", "eiu.csv.gz"),
    references=(
        Reference(
            "eiu2025", "techreport", ("{Economist Intelligence Unit}",), 2025, "Democracy Index 2024",
            url="https://www.eiu.com/n/campaigns/democracy-index-2024/",
        ),
    ),
    by_hand="The reports are PDF files behind a form: keep a table with the columns country, year and score.",
)  # fmt: skip

WGI: Final = DataSource(
    name="wgi",
    publisher="World Bank",
    title="Worldwide Governance Indicators",
    citation="Kaufmann, D., Kraay, A. & Mastruzzi, M. (2011). The Worldwide Governance Indicators: Methodology and "
    "Analytical Issues. Hague Journal on the Rule of Law 3: 220-246.",
    licence="CC BY 4.0",
    redistributable=True,
    urls=("https://www.worldbank.org/en/publication/worldwide-governance-indicators",),
    versions=("to 2023",),
    coverage=yearly.coverage("wgi:to-2023", WGI_MEASURES, 1996, 2023, "states that the publisher assesses"),
    parse=parse_wgi,
    checks=(
        rows_between(5_000, 40_000), mostly_used(0.85),
        fact("USA", "governance", 1996, 1.35, 0.15), fact("CHN", "governance", 2010, -1.65, 0.25),
        fact("DNK", "governance", 2010, 1.58, 0.2),
    ),
    files=("wgidataset.dta", "wgidataset*.csv", "wgi.csv.gz"),
    references=(
        Reference(
            "kaufmann2011worldwide", "article", ("Kaufmann, Daniel", "Kraay, Aart", "Mastruzzi, Massimo"), 2011,
            "The Worldwide Governance Indicators: Methodology and Analytical Issues",
            "Hague Journal on the Rule of Law", "3", "220-246", "10.1017/S1876404511200046",
        ),
    ),
    by_hand="Take the full data set for Stata (wgidataset.dta), or its long table as CSV.",
)  # fmt: skip
