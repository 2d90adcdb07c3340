"""Trade in goods between states: CEPII's BACI, which reconciles what exporter and importer report.

A row is an exporter, importer, year and product of the Harmonized System, in thousands of current US dollars. A
statement is the sum over all products of a pair in a year (kind ``exports``, dollars). BACI lists positive flows
only: a pair that is not listed sold nothing, or nothing that anybody reported, so it is not known here.

The file of one year is read (``BACI_HS92_Y2020_V202501.csv``), or CEPII's zip with a file a year; the numeric codes
are looked up in ``country_codes_V….csv``, which must lie beside it or in the zip. Code 490, "Other Asia, nes", stands
for Taiwan, as CEPII's description says. An edition is named by the product classification and the month of its
release.

**When known.** CEPII publishes an edition each January, two years after the last year in it; the customs statistics
behind a year come out in the course of the next, so a year counts as known from the end of the next.

Source: Gaulier & Zignago (2010), BACI: International Trade Database at the Product-Level. CEPII Working Paper
2010-23.
"""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.errors import DataError
from multipolar.record import Coverage, Source
from multipolar.sources import files, flows, who
from multipolar.sources.model import DataSource, LeftOut, Parsed, Reference, mostly_used, rows_between

COLUMNS: Final = {"year": ("t",), "a": ("i",), "b": ("j",), "product": ("k",), "told": ("v",)}
COUNTRIES: Final = {
    "code": ("country_code",),
    "name": ("country_name", "country_name_full"),
    "iso3": ("country_iso3", "iso_3digit_alpha"),
}
NAME: Final = re.compile(r"BACI_(HS\d\d)_Y(\d{4})_V(\d{6}[a-z]?)\.csv(\.gz)?$")
#: CEPII's own letters for a code that stands for a state here.
CODES: Final = {"S19": "TWN"}
FOLDED: Final = {"SRB": ("YUG",), "SCG": ("YUG",)}
FIRST_YEAR: Final = 1988
PAGE: Final = "https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37"
CITATION: Final = (
    "Gaulier, G. & Zignago, S. (2010). BACI: International Trade Database at the Product-Level. The 1994-2007 Version. CEPII "
    "Working Paper 2010-23."
)
KNOWN: Final = pl.date(pl.col("year") + 1, 12, 31)


def parse(path: Path) -> Parsed:
    """Read a year of BACI, or a zip with several.

    Raises
    ------
    DataError
        If the file is damaged, is not named as CEPII names it, the country codes are missing, or a cell is no code or number.
    """
    names = _years_in(path)
    codes, outsiders = _countries(path)
    parts = [_one_year(path, name, codes) for name in names]
    sums = pl.concat([frame for frame, _ in parts])
    rows = sum(count for _, count in parts)
    named, left = who.name_codes(sums, path, ("a", "b"), who.iso3(FOLDED), outsiders)
    where = pl.format("{}: {}->{}", "file", "code_a", "code_b")
    found = NAME.search(names[0])
    assert found is not None
    key = f"baci-{found[1].lower()}:{found[3]}"
    first, last = flows.years(sums, path)
    return Parsed(
        frames={"flow": flows.statements(named, key, "exports", where, KNOWN)},
        sources=(_source(key, found[1], found[3]),),
        coverage=_coverage(key, first, last),
        label=f"BACI {found[1]} {found[3]}, {path.name}",
        layout=found[1],
        rows=rows,
        left_out=_by_product(left, sums, named, rows),
    )


def _years_in(path: Path) -> list[str]:
    """The file itself, or the files of years in a zip, by name."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            names = sorted(name for name in archive.namelist() if NAME.search(name))
    else:
        names = [path.name] if NAME.search(path.name) else []
    if len({NAME.search(name)[3] for name in names if NAME.search(name)}) > 1:  # type: ignore[index]
        raise DataError.bad_file(
            path, "years of one edition", ", ".join(names), hint="Put each edition into a zip of its own."
        )
    if not names:
        hint = f"Keep the name that CEPII gave the file; it tells the classification and the edition. See {PAGE}."
        raise DataError.bad_file(
            path, "a file named as BACI_HS92_Y2020_V202501.csv, or a zip of them", path.name, hint=hint
        )
    return names


def _countries(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Numeric code -> letters, and the letters that stand for no state."""
    inside = zipfile.is_zipfile(path)
    beside = path if inside else files.beside(path, "country_codes_V*.csv", "country_codes*.csv")
    if beside is None:
        hint = "CEPII's zip of the classification has it; put both files into one folder."
        raise DataError.bad_file(path, "country_codes_V….csv beside it", "none", hint=hint)
    frame = files.table(beside, files.content(beside, member="*country_codes*.csv"), COUNTRIES)
    frame = files.given(frame, beside, "code").with_columns(
        iso3=pl.col("iso3").fill_null("").replace(CODES), name=pl.col("name").fill_null("no name")
    )
    letters = frame.with_columns(iso3=pl.when(pl.col("iso3").str.contains("^[A-Z]{3}$")).then("iso3").otherwise("name"))
    find = who.iso3(FOLDED)
    outside = {
        each: "a territory or group, no state in the table of states" for each in letters["iso3"] if not find(each)
    }
    return dict(letters.select("code", "iso3").rows()), outside


def _one_year(path: Path, name: str, codes: dict[str, str]) -> tuple[pl.DataFrame, int]:
    """The sums of a year by pair, and the number of rows behind them."""
    frame = files.table(path, files.content(path, member=name), COLUMNS)
    frame = files.whole(files.given(frame, path, "a", "b", "told"), path, "year", FIRST_YEAR, date.today().year)
    known = list(codes)
    for side in ("a", "b"):
        files.refuse(frame, ~pl.col(side).is_in(known), path, side, "a code of country_codes_V….csv")
    frame = files.decimal(frame, path, "told", 0.0, 1e12)
    sums = frame.group_by("a", "b", "year", maintain_order=True).agg(
        value=pl.col("told").sum() * 1000.0, products=pl.len(), row=pl.col(files.ROW).min()
    )
    letters = [pl.col(side).replace_strict(codes, default=None) for side in ("a", "b")]
    told = pl.format("sum of {} products", "products")
    return sums.with_columns(*letters, told=told, file=pl.lit(Path(name).name)).rename({"row": files.ROW}), frame.height


def _by_product(left: tuple[LeftOut, ...], sums: pl.DataFrame, named: pl.DataFrame, rows: int) -> tuple[LeftOut, ...]:
    """The account in rows of the file: a pair that is left out leaves out its products."""
    missing = int(sums["products"].sum()) - int(named["products"].sum())
    if not missing:
        return ()
    reasons = "; ".join(dict.fromkeys(item.reason for item in left))
    examples = tuple(example for item in left for example in item.examples)[:5]
    return (LeftOut(reasons, missing, examples),)


def _coverage(key: str, first: int, last: int) -> tuple[Coverage, ...]:
    note = "positive flows only: a pair that is not listed sold nothing, or nothing that was reported"
    return tuple(
        Coverage(
            key, "flow", "exports", (), "both", date(year, 1, 1), date(year, 12, 31), "missing", note,
            known=date(year + 1, 12, 31),
        )
        for year in range(first, last + 1)
    )  # fmt: skip


def _source(key: str, classification: str, release: str) -> Source:
    note = f"Current US dollars, free on board, summed over all products of {classification}."
    day = date(int(release[:4]), int(release[4:6]), 28)
    return Source(key, SOURCE.publisher, SOURCE.title, day, PAGE, SOURCE.licence, CITATION, note)


SOURCE: Final = DataSource(
    name="baci",
    publisher="Centre d'Etudes Prospectives et d'Informations Internationales (CEPII)",
    title="BACI: International Trade Database at the Product Level",
    citation=CITATION,
    licence="Etalab Open Licence 2.0 (CEPII).",
    redistributable=True,
    urls=(PAGE,),
    versions=("any edition, HS92 to HS22",),
    coverage=_coverage("baci-hs92:202501", 1995, 2023),
    parse=parse,
    checks=(rows_between(1_000_000, 400_000_000), mostly_used(0.9)),
    files=("BACI_HS*_V*.zip", "BACI_HS*_Y*_V*.csv", "BACI_HS*_Y*_V*.csv.gz"),
    references=(
        Reference(
            "gaulier2010baci", "techreport", ("Gaulier, Guillaume", "Zignago, Soledad"), 2010,
            "BACI: International Trade Database at the Product-Level. The 1994-2007 Version", "CEPII Working Paper 2010-23",
        ),
    ),
    by_hand=f"Choose a classification on {PAGE} and download its zip.",
)  # fmt: skip
