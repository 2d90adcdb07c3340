"""What peoples think of other states, from Pew's Global Attitudes surveys → attitudes, one a public, target and year.

Each row gives two statements: the share with a favourable view and the share with an unfavourable one, as shares of all
who were asked (those who did not know or refused included). The text gives how many of them held the view strongly.
The file is an aggregate of the survey's answers, with its weights, by public, target and year; Pew's own tables print
the same shares rounded to whole percent. Some years had two waves: the file has their sum.

The file knows no days of fieldwork. A poll is dated from 1 January to 31 December of its year and known from its last
day. Pew asked in spring as a rule and published within months, so that is late, but never too early. Palestine's
public is coded PSE, and PLS in 2014; both are Palestine. Views of one's own state are kept as they are.

The dossier quotes many of these polls, with their months: a record with both has them twice.

A public or target that is not in the file was not asked or not published: missing, never zero.

Source: Pew Research Center, Global Attitudes & Trends surveys; microdata harmonised by C. Grasland (pew_opi).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.record import Coverage, Source
from multipolar.sources import files, who, yearly
from multipolar.sources.model import Check, DataSource, Parsed, Reference, mostly_used, rows_between

COLUMNS: Final = {
    "a": ("country_iso3",),
    "b": ("target",),
    "year": ("year",),
    "n": ("n",),
    "favourable": ("pct_favourable",),
    "strongly_favourable": ("pct_very_favourable",),
    "unfavourable": ("pct_unfavourable",),
    "strongly_unfavourable": ("pct_very_unfavourable",),
}
KINDS: Final = ("favourable", "unfavourable")
#: Codes of publics that are written otherwise in the table of actors.
OTHER: Final = {"PLS": "PSE"}
#: Targets that are organisations.
ORGANISATIONS: Final = ("EU", "UN", "NATO")
FIRST_YEAR: Final = 2002
URL: Final = "https://www.pewresearch.org/global/database/"
CITATION: Final = (
    "Pew Research Center. Global Attitudes & Trends surveys. Microdata harmonised by C. Grasland (pew_opi, 2024), "
    "weighted shares by public and year."
)


def parse(path: Path) -> Parsed:
    """Read the table of shares by target, public and year.

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code, year, share or number of people.
    """
    read = yearly.read(path, COLUMNS)
    read = files.given(read, path, "a", "b", "favourable", "unfavourable")
    frame = files.whole(read, path, "year", FIRST_YEAR, date.today().year)
    frame = files.whole(frame, path, "n", 1, 10_000_000, null=True)
    for kind in KINDS:
        frame = frame.with_columns(pl.col(kind).alias(f"raw_{kind}"))
        frame = files.decimal(frame, path, kind, 0, 100)
        frame = files.decimal(frame, path, f"strongly_{kind}", 0, 100, null=True)
    files.refuse(
        frame, pl.col("favourable") + pl.col("unfavourable") > 100.1, path, "favourable", "shares of one whole"
    )
    frame = files.once(frame, path, "a", "b", "year")
    named, left = who.name_codes(frame, path, ("a",), _public)
    organisations = pl.col("b").is_in(ORGANISATIONS)
    asked, more = who.name_codes(named.filter(~organisations), path, ("b",), who.iso3({}))
    asked = pl.concat([asked, named.filter(organisations).with_columns(code_b="b")], how="diagonal").sort(files.ROW)
    first, last = yearly.years(frame)
    key = f"pew:{last}"
    note = "Dated by year. DK and refused are in the base. Not one question: wordings and modes changed over the years."
    return Parsed(
        frames={"attitude": pl.concat([_statements(asked, kind, key) for kind in KINDS])},
        sources=(Source(key, SOURCE.publisher, SOURCE.title, None, URL, SOURCE.licence, CITATION, note),),
        coverage=_coverage(key, first, last),
        label=f"Pew Global Attitudes, {path.name}",
        layout="country-years",
        rows=frame.height,
        left_out=(*left, *more),
    )


def _public(code: str) -> Sequence[str]:
    return who.iso3({})(OTHER.get(code, code))


def _statements(named: pl.DataFrame, kind: str, key: str) -> pl.DataFrame:
    end = pl.date(pl.col("year"), 12, 31)
    strongly = pl.format(f"very {kind}: {{}} %", pl.col(f"strongly_{kind}").round(1))
    return named.select(
        "a",
        "b",
        "n",
        kind=pl.lit(kind),
        valid_from=pl.date(pl.col("year"), 1, 1),
        valid_to=end,
        known_from=end,
        source=pl.lit(key),
        locator=pl.format("row {}: {} on {} {}", files.ROW, "code_a", "code_b", "year"),
        original=pl.format("{} %", f"raw_{kind}"),
        value=(pl.col(kind) / 100.0).round(6),
        unit=pl.lit("share of all asked"),
        text=pl.concat_str(pl.lit("Global Attitudes survey; "), strongly),
    )


def _coverage(key: str, first: int, last: int) -> tuple[Coverage, ...]:
    note = "publics and targets that were asked about; the others are unknown"
    start, end = date(first, 1, 1), date(last, 12, 31)
    return tuple(Coverage(key, "attitude", kind, (), "a", start, end, "missing", note) for kind in KINDS)


def _share(a: str, b: str, year: int, percent: float) -> Check:
    """A check that a published share is in the file, within half a percent."""

    def failure(parsed: Parsed) -> str | None:
        rows = parsed.frame("attitude").filter(
            pl.col("a") == a, pl.col("b") == b, pl.col("kind") == "favourable", pl.col("valid_from").dt.year() == year
        )
        got = rows["value"].to_list()
        return None if got and abs(100 * got[0] - percent) <= 0.6 else f"{got or 'no statement'}"

    return Check(f"{a} on {b} {year}", f"{percent:g} % of {a} favourable to {b} in {year}, as Pew published", failure)


SOURCE: Final = DataSource(
    name="pew",
    publisher="Pew Research Center; microdata harmonised by C. Grasland (pew_opi)",
    title="Global Attitudes surveys: favourability by public, target and year",
    citation=CITATION,
    licence="Pew terms: aggregates may be quoted with attribution, microdata not passed on; Pew bears no responsibility "
    "for the analysis.",
    redistributable=False,
    urls=("https://www.pewresearch.org/datasets/", URL),
    versions=("2002-2023",),
    coverage=_coverage("pew:2023", FIRST_YEAR, 2023),
    parse=parse,
    checks=(rows_between(2_000, 6_000), mostly_used(0.99), _share("DEU", "USA", 2018, 30), _share("RUS", "CHN", 2018, 65)),
    files=("pew_favourability_country_year.csv", "pew_favourability*.csv"),
    references=(
        Reference(
            "pew2023attitudes", "misc", ("{Pew Research Center}",), 2023, "Global Attitudes & Trends surveys, 2002-2023",
            url="https://www.pewresearch.org/datasets/",
        ),
    ),
    by_hand="Microdata need an account at Pew; a table of weighted shares by target, country_iso3 and year is read.",
)  # fmt: skip
