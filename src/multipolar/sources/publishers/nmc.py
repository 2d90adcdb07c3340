"""Material capabilities of states since 1816, from the Correlates of War → traits, one a state, year and component.

The composite index (CINC) is the mean of a state's shares of the world's military spending, military personnel, iron
and steel, energy, population and urban population. The components are stated in units: the file counts spending,
personnel and people in thousands, iron and steel in thousand tons, energy in thousand tons of coal. Spending is in
pounds of the year up to 1913 and in US dollars of the year from 1914: two kinds here, for they must never be compared.

Every edition revises the past, so nothing is known before the edition that says it. Version 6.0 came out in July 2021
and ends in 2016. Version 7.0 ends in 2022; the day of its publication is not known here, so the day that the
publisher's own file bears stands for it (3 June 2026). The R package that repacks version 7.0 still called it 6: here the
last year tells the editions apart. The publisher packs the abridged file in an archive inside an archive, which is
read as it is.

Source: Singer, Bremer & Stuckey (1972), in Russett (ed.), Peace, War, and Numbers: 19-48; Singer (1987),
International Interactions 14: 115-132, doi:10.1080/03050628808434695.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.errors import DataError
from multipolar.record import Coverage, Source
from multipolar.sources import files, who, yearly
from multipolar.sources.model import Check, DataSource, Download, Parsed, Reference, mostly_used
from multipolar.sources.yearly import Measure, fact

COLUMNS: Final = {
    "a": ("ccode",),
    "year": ("year",),
    "milex": ("milex",),
    "milper": ("milper",),
    "irst": ("irst",),
    "pec": ("pec",),
    "tpop": ("tpop",),
    "upop": ("upop",),
    "cinc": ("cinc",),
}
_THOUSAND: Final = 1000.0
MEASURES: Final = (
    Measure("cinc", "share of the world", "cinc", "cinc", high=1.0),
    Measure("military_spending_gbp", "GBP", "pounds", "milex", _THOUSAND),
    Measure("military_spending", "USD", "dollars", "milex", _THOUSAND),
    Measure("military_personnel", "persons", "milper", "milper", _THOUSAND),
    Measure("iron_steel", "tonnes", "irst", "irst", _THOUSAND),
    Measure("energy", "tonnes of coal equivalent", "pec", "pec", _THOUSAND),
    Measure("population", "persons", "tpop", "tpop", _THOUSAND),
    Measure("urban_population", "persons", "upop", "upop", _THOUSAND),
)
FIRST_YEAR: Final = 1816
#: First year whose spending is in US dollars.
DOLLARS_FROM: Final = 1914
#: Last year of an edition -> its version, its number of rows, and the first day on which it is known to have been out.
EDITIONS: Final = {2016: ("6.0", 15_951, date(2021, 7, 31)), 2022: ("7.0", 17_121, date(2026, 6, 3))}
#: Largest archive inside the archive, and largest table (bytes); the real ones have one and two million.
LARGEST: Final = 64 << 20
URL: Final = "https://correlatesofwar.org/data-sets/national-material-capabilities/"
_AGAIN: Final = "Download the file from its publisher again."
CITATION: Final = (
    "Singer, J. D., Bremer, S. & Stuckey, J. (1972). Capability Distribution, Uncertainty, and Major Power War, "
    "1820-1965. In Russett, B. (ed.), Peace, War, and Numbers. Beverly Hills: Sage, 19-48. "
    "Data: Correlates of War Project, National Material Capabilities."
)


def parse(path: Path) -> Parsed:
    """Read ``NMC-70-abridged.csv`` (or 6.0), the publisher's ``NMCv7.zip``, or the Stata file.

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code, year or number.
    """
    read = yearly.read(path, COLUMNS, nulls=(*yearly.NULLS, "-9", "-9.0"), data=_nested(path))
    read = files.whole(read, path, "a", 1, 999).with_columns(pl.col("a").cast(pl.String))
    frame = files.whole(read, path, "year", FIRST_YEAR, date.today().year)
    late = pl.col("year") >= DOLLARS_FROM
    frame = frame.with_columns(pounds=pl.when(~late).then(pl.col("milex")), dollars=pl.when(late).then(pl.col("milex")))
    frame = yearly.numbers(frame, path, MEASURES)
    named, left = yearly.states(frame, path, who.cow)
    kept, empty = yearly.told(named, MEASURES)
    first, last = yearly.years(frame)
    source = _source(last)
    return Parsed(
        frames={"trait": yearly.traits(kept, MEASURES, source.key, pl.lit(source.date, pl.Date))},
        sources=(source,),
        coverage=coverage(source.key, first, last),
        label=f"National Material Capabilities, {path.name}",
        layout="state-years",
        rows=frame.height,
        left_out=(*left, *empty),
    )


def _nested(path: Path) -> bytes | None:
    """The abridged table out of the archive inside the publisher's archive; None for any other file."""
    files.first_checks(path)
    try:
        if not zipfile.is_zipfile(path):
            return None
        with zipfile.ZipFile(path) as outer:
            name = next((each for each in outer.namelist() if each.lower().endswith("abridged.zip")), None)
            if name is None:
                return None
            with zipfile.ZipFile(io.BytesIO(_limited(path, outer, name))) as inner:
                table = next((each for each in inner.namelist() if each.lower().endswith("abridged.csv")), None)
                if table is None:
                    got = f"none among {', '.join(inner.namelist()[:10])}"
                    raise DataError.bad_file(path, "a table that ends in abridged.csv", got, hint=_AGAIN)
                return _limited(path, inner, table)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        got = f"a damaged or truncated one ({error})"
        raise DataError.bad_file(path, "a whole zip archive", got, hint=_AGAIN) from None


def _limited(path: Path, archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as stream:
        data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise DataError.bad_file(path, f"at most {LARGEST:,} bytes in {name}", "more", hint=_AGAIN)
    return data


def coverage(key: str, first: int, last: int) -> tuple[Coverage, ...]:
    """The years of the file, spending in the currency of each."""
    note = "states of the Correlates of War system"
    spans = {
        "military_spending_gbp": (first, min(last, DOLLARS_FROM - 1)),
        "military_spending": (max(first, DOLLARS_FROM), last),
    }
    rows = [(measure, *spans.get(measure.kind, (first, last))) for measure in MEASURES]
    return tuple(
        row for each, low, high in rows if low <= high for row in yearly.coverage(key, (each,), low, high, note)
    )


def _source(last: int) -> Source:
    version, _, day = EDITIONS.get(last, (f"to-{last}", 0, yearly.release(last, {})))
    note = f"To {last}. Spending is in pounds of the year to 1913, in US dollars of the year from 1914."
    return Source(f"nmc:{version}", SOURCE.publisher, SOURCE.title, day, URL, SOURCE.licence, CITATION, note)


def _adds_up(year: int, low: float, high: float) -> Check:
    """A check that the shares of a year add up to about one."""

    def failure(parsed: Parsed) -> str | None:
        traits = parsed.frame("trait").filter(pl.col("kind") == "cinc", pl.col("valid_from").dt.year() == year)
        total = traits["value"].sum()
        return None if low <= total <= high else f"{total:.3f}"

    return Check(f"shares {year}", f"shares of {year} that add up to {low:g} to {high:g}", failure)


def _rows() -> Check:
    """A check of the number of rows: that of the edition, or more than the newest for one that is not known here."""
    exact = {f"nmc:{version}": rows for version, rows, _ in EDITIONS.values()}

    def failure(parsed: Parsed) -> str | None:
        wanted = exact.get(parsed.sources[0].key)
        good = parsed.rows == wanted if wanted else max(exact.values()) < parsed.rows < 40_000
        return None if good else f"{parsed.rows:,}"

    return Check("rows", "15,951 rows in version 6.0, 17,121 in version 7.0, more in later ones", failure)


SOURCE: Final = DataSource(
    name="nmc",
    publisher="Correlates of War Project",
    title="National Material Capabilities",
    citation=CITATION,
    licence="Correlates of War terms: free with citation; not to be redistributed.",
    redistributable=False,
    urls=(URL,),
    versions=("7.0 (to 2022)", "6.0 (to 2016)"),
    coverage=coverage("nmc:7.0", FIRST_YEAR, 2022),
    parse=parse,
    checks=(
        _rows(),
        mostly_used(0.97),
        _adds_up(1900, 0.95, 1.05),
        _adds_up(2016, 0.95, 1.05),
        fact("USA", "cinc", 1816, 0.0397, 0.001),
        fact("USA", "cinc", 2016, 0.1333, 0.01),
        fact("CHN", "cinc", 2016, 0.2306, 0.02),
        fact("USA", "population", 1816, 8_659_000, 1000),
    ),
    files=("NMCv7.zip", "NMC-70-abridged.csv", "NMC-*-abridged.*", "NMC*.zip", "cow_nmc.csv.gz"),
    references=(
        Reference(
            "singer1972capability", "incollection", ("Singer, J. David", "Bremer, Stuart", "Stuckey, John"), 1972,
            "Capability Distribution, Uncertainty, and Major Power War, 1820-1965",
            "Peace, War, and Numbers (ed. Bruce Russett), Sage", pages="19-48",
        ),
        Reference(
            "singer1987reconstructing", "article", ("Singer, J. David",), 1987,
            "Reconstructing the Correlates of War Dataset on Material Capabilities of States, 1816-1985",
            "International Interactions", "14", "115-132", "10.1080/03050628808434695",
        ),
    ),
    downloads=(Download("https://correlatesofwar.org/wp-content/uploads/NMCv7.zip", "NMCv7.zip", most=64 << 20),),
    by_hand="On the page, take the abridged data as CSV, zipped or not.",
)  # fmt: skip
