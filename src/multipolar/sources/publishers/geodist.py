"""CEPII GeoDist: distances, common borders, languages and colonial ties → ties, one a pair and measure.

The file gives each pair of states and territories twice, once in each direction; a pair becomes one statement a measure.

- ``distance`` (km), `ref` ``dist`` (largest cities), ``distcap`` (capitals), ``distw`` and ``distwces`` (weighted over
  the largest cities with the elasticities 1 and -1). A full stop stands for "not known" and makes no statement. The two
  directions of ``distw`` and ``distwces`` differ in the last digit; the first row of a pair is taken.
- ``contiguity``, `ref` ``contig``: a common border (value 1).
- ``language``, `ref` ``comlang_off`` (official in both) and ``comlang_ethno`` (spoken by at least 9 % of both).
- ``colony``, `ref` ``colony`` (one ever ruled the other), ``comcol`` (a common colonizer after 1945), ``curcol`` (ruled
  now), ``col45`` (ruled after 1945) and ``smctry`` (were or are one country). In 23 pairs of states the two directions of
  ``smctry`` disagree; such a pair counts as one country, and the statement says that only one direction does.

Only what holds is a statement (value 1); between two states of the file, no statement means that it does not hold.

**Dates.** The file has none: it describes states as they were when it was made. Serbia and Montenegro (YUG) is one of
them, Montenegro, Kosovo and South Sudan are not; 2005 is the last whole year of which that is true. Statements are
therefore dated from 1 January 2005, without end, and the coverage is that year. To use them for other years is a
decision of the user (distances hardly change; borders, capitals and rule do): panels take them as facts without time,
by their `ref`. Serbia after 2006 has no statement of its own.

Old codes are read as what they meant: ROM Romania, ZAR the Democratic Republic of the Congo, TMP East Timor, YUG Serbia
and Montenegro. Territories that are not in the table of states are left out and counted, and so is the distance of a
state to itself.

Source: Mayer & Zignago (2011), Notes on CEPII's distances measures: The GeoDist database, CEPII working paper 2011-25.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.record import Coverage, Source
from multipolar.sources import files, who, yearly
from multipolar.sources.model import Check, DataSource, Download, Parsed, Reference, rows_between

#: `ref` -> what it says, by kind.
MEASURES: Final = {
    "distance": {
        "dist": "distance between the largest cities",
        "distcap": "distance between the capitals",
        "distw": "distance weighted over the largest cities, elasticity 1",
        "distwces": "distance weighted over the largest cities, elasticity -1",
    },
    "contiguity": {"contig": "a common border"},
    "language": {
        "comlang_off": "a common official language",
        "comlang_ethno": "a language spoken by at least 9 % of the people of both",
    },
    "colony": {
        "colony": "one ever was a colony of the other",
        "comcol": "a common colonizer after 1945",
        "curcol": "in a colonial relationship now",
        "col45": "in a colonial relationship after 1945",
        "smctry": "were or are one country",
    },
}
NAMES: Final = {ref: text for refs in MEASURES.values() for ref, text in refs.items()}
COLUMNS: Final = {"a": ("iso_o",), "b": ("iso_d",), **{name: (name,) for name in NAMES}}
OLD: Final = {"ROM": "ROU", "ZAR": "COD", "TMP": "TLS"}
TERRITORIES: Final = (
    "ABW AIA ANT BMU CCK CXR CYM ESH FLK FRO GIB GLP GRL GUF HKG MAC MNP MSR MTQ NCL NFK NIU PAL PCN PRI PYF REU SHN "
    "SPM TCA TKL VGB WLF"
)
WHY: Final = dict.fromkeys(TERRITORIES.split(), "not a state in the table of states")
KEY: Final = "geodist:2011"
YEAR: Final = 2005
FARTHEST: Final = 20_100.0
NULLS: Final = (".", "NA", "NaN", "")


def parse(path: Path) -> Parsed:
    """Read ``dist_cepii`` as Stata file or CSV.

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code, distance or 0/1.
    """
    frame = yearly.read(path, COLUMNS, nulls=NULLS)
    frame = files.given(frame, path, "a", "b").with_columns(year=pl.lit(YEAR, pl.Int32))
    for name in MEASURES["distance"]:
        frame = files.decimal(frame, path, name, 0, FARTHEST, null=True)
    for name in (name for kind in ("contiguity", "language", "colony") for name in MEASURES[kind]):
        frame = files.whole(frame, path, name, 0, 1, null=True)
    named, left = who.name_codes(files.once(frame, path, "a", "b"), path, ("a", "b"), _find, WHY)
    return Parsed(
        frames={"tie": _statements(named)},
        sources=(Source(KEY, SOURCE.publisher, SOURCE.title, None, SOURCE.urls[0], SOURCE.licence, CITATION, _NOTE),),
        coverage=coverage(tuple(sorted({*named["a"], *named["b"]}))),
        label=f"CEPII GeoDist, {path.name}",
        layout="directed dyads",
        rows=frame.height,
        left_out=left,
    )


def _find(code: str) -> tuple[str, ...]:
    return () if code in WHY else tuple(who.iso3({})(OLD.get(code, code)))


def _statements(named: pl.DataFrame) -> pl.DataFrame:
    pairs = named.with_columns(low=pl.min_horizontal("a", "b"), high=pl.max_horizontal("a", "b"))
    parts = []
    for kind, refs in MEASURES.items():
        for ref in refs:
            # Both directions, the first in the file first; for a 0/1 measure the larger of the two.
            found = pairs.group_by("low", "high", maintain_order=True).agg(
                pl.col(ref).drop_nulls().first() if kind == "distance" else pl.col(ref).max(),
                pl.col(ref).drop_nulls().n_unique().alias("told"),
                pl.col(files.ROW).min().alias("row"),
                pl.col("code_a", "code_b").first(),
            )
            held = found.filter(pl.col(ref).is_not_null() if kind == "distance" else pl.col(ref) == 1)
            parts.append(held.select("low", "high", "row", "code_a", "code_b", *_told(kind, ref)))
    return pl.concat(parts).select(
        a="low",
        b="high",
        kind="kind",
        valid_from=pl.date(YEAR, 1, 1),
        valid_to=pl.lit(None, pl.Date),
        known_from=pl.date(YEAR, 12, 31),
        source=pl.lit(KEY),
        locator=pl.format("row {}: {}-{} {}", "row", "code_a", "code_b", "ref"),
        original="original",
        value="value",
        unit=pl.when(pl.col("kind") == "distance").then(pl.lit("km")).otherwise(pl.lit("0 or 1")),
        ref="ref",
        text=pl.col("ref").replace_strict(NAMES),
    )


def _told(kind: str, ref: str) -> list[pl.Expr]:
    """What a measure says of a pair, and how it stands in the file."""
    value = pl.col(ref).cast(pl.Float64)
    only = pl.when((pl.col("told") > 1) & pl.lit(kind != "distance")).then(pl.lit(" (in one direction only)"))
    text = pl.format("{}={}{}", pl.lit(ref), pl.col(ref).cast(pl.String), only.otherwise(pl.lit("")))
    return [pl.lit(kind).alias("kind"), pl.lit(ref).alias("ref"), value.alias("value"), text.alias("original")]


def coverage(actors: tuple[str, ...] = ()) -> tuple[Coverage, ...]:
    """Between two states of the file, what is not told does not hold; a distance that is not told is not known."""
    first, last = date(YEAR, 1, 1), date(YEAR, 12, 31)
    note = "pairs of states of the file, as they were in 2005"
    return tuple(
        Coverage(KEY, "tie", kind, actors, "both", first, last, "missing" if kind == "distance" else "zero", note)
        for kind in MEASURES
    )


def _tie(a: str, b: str, ref: str, low: float, high: float) -> Check:
    """A check of one measure of a pair."""

    def failure(parsed: Parsed) -> str | None:
        got = parsed.frame("tie").filter(pl.col("a") == a, pl.col("b") == b, pl.col("ref") == ref)["value"].to_list()
        return None if len(got) == 1 and low <= got[0] <= high else str(got)

    return Check(f"{a}-{b} {ref}", f"one {ref} of {a}-{b}, {low:g} to {high:g}", failure)


CITATION: Final = (
    "Mayer, T. & Zignago, S. (2011). Notes on CEPII's distances measures: The GeoDist database. CEPII Working Paper "
    "2011-25."
)
_NOTE: Final = "Without dates; the states are those of 2005, to which statements are dated."

SOURCE: Final = DataSource(
    name="geodist",
    publisher="CEPII",
    title="GeoDist, bilateral (dist_cepii)",
    citation=CITATION,
    licence="Etalab Open Licence 2.0.",
    redistributable=True,
    urls=("https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=6",),
    versions=("2011",),
    coverage=coverage(),
    parse=parse,
    checks=(
        rows_between(50_176, 50_176), _tie("FRA", "GBR", "dist", 300, 400), _tie("AUS", "GBR", "dist", 16_000, 18_000),
        _tie("DEU", "FRA", "contig", 1, 1), _tie("BRA", "PRT", "comlang_off", 1, 1), _tie("GBR", "IND", "col45", 1, 1),
    ),
    files=("dist_cepii.dta", "dist_cepii.csv", "dist_cepii.csv.gz"),
    references=(
        Reference(
            "mayer2011geodist", "techreport", ("Mayer, Thierry", "Zignago, Soledad"), 2011,
            "Notes on CEPII's distances measures: The GeoDist database", "CEPII Working Paper 2011-25",
        ),
    ),
    downloads=(Download("https://www.cepii.fr/distance/dist_cepii.dta", "dist_cepii.dta", most=64 << 20),),
    by_hand="On the page of GeoDist take dist_cepii.dta; of dist_cepii.xls, save the sheet as dist_cepii.csv (UTF-8).",
)  # fmt: skip
