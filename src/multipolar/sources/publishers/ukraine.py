"""Roll calls of the UN General Assembly on Ukraine, by country name → vote statements.

Voeten's file has no votes of the eleventh emergency special session. This one lists, by the name of the country, who
voted how on A/RES/68/262 (2014) and A/RES/ES-11/1 (2022); the days are those of the resolutions, and the tally of each
must be the official one.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.record import CHOICES, Coverage, Source
from multipolar.sources import files, who
from multipolar.sources.model import Check, DataSource, Parsed, Reference, mostly_used

COLUMNS: Final = {"resolution": ("resolution",), "country": ("country",), "choice": ("vote",)}
#: Resolution -> day of the vote, official tally (yes, no, abstain) and title.
VOTES: Final = {
    "A/RES/68/262": (date(2014, 3, 27), (100, 11, 58), "Territorial integrity of Ukraine"),
    "A/RES/ES-11/1": (date(2022, 3, 2), (141, 5, 35), "Aggression against Ukraine"),
}
#: Names of the map that the lists were typed for, where they are abbreviations.
NAMES: Final = {
    "Bosnia and Herz.": "BIH",
    "Bosnia-Herzegovina": "BIH",
    "Central African Rep.": "CAF",
    "Congo": "COG",
    "Dem. Rep. Congo": "COD",
    "Dominican Rep.": "DOM",
    "Eq. Guinea": "GNQ",
    "S. Sudan": "SSD",
    "Saint Vincent and Grenadines": "VCT",
    "Macedonia": "MKD",
    "Micronesia": "FSM",
}
KEY: Final = "unga-ukraine:2022"
CITATION: Final = "United Nations General Assembly, A/RES/68/262 (27 March 2014) and A/RES/ES-11/1 (2 March 2022)."


def parse(path: Path) -> Parsed:
    """Read the list (``resolution,country,vote``).

    Raises
    ------
    DataError
        If the file is damaged, or a resolution, a country or a vote is not known.
    """
    frame = files.given(files.table(path, files.content(path), COLUMNS), path, *COLUMNS)
    for column, known in (("resolution", VOTES), ("choice", CHOICES)):
        files.refuse(frame, ~pl.col(column).is_in(list(known)), path, column, f"one of {', '.join(known)}")
    frame = files.once(frame, path, "resolution", "country")
    days = {resolution: vote[0] for resolution, vote in VOTES.items()}
    dated = frame.with_columns(day=pl.col("resolution").replace_strict(days, return_dtype=pl.Date))
    find = who.names(NAMES)
    chairs = who.seats(dated["country"].unique().sort(), path, find)
    holders = {country: ids[0] for country, ids in chairs.items()}
    named = dated.with_columns(a=pl.col("country").replace_strict(holders, return_dtype=pl.String))
    named = files.once(named, path, "resolution", "a")
    statements = named.select(
        "a",
        kind=pl.lit("UNGA"),
        valid_from="day",
        valid_to="day",
        known_from="day",
        source=pl.lit(KEY),
        locator=pl.format("{}, {}", "resolution", "country"),
        original="choice",
        value=pl.col("choice").replace_strict(CHOICES, return_dtype=pl.Float64),
        text=pl.col("resolution").replace_strict({r: vote[2] for r, vote in VOTES.items()}),
        rollcall="resolution",
        choice="choice",
        issue=pl.lit("Ukraine"),
    )
    return Parsed(
        frames={"vote": statements},
        sources=(_source(),),
        coverage=(coverage(),),
        label=f"UN General Assembly on Ukraine, {path.name}",
        layout="list",
        rows=frame.height,
    )


def coverage() -> Coverage:
    """Two roll calls: that there are no others here says nothing."""
    days = [vote[0] for vote in VOTES.values()]
    return Coverage(KEY, "vote", "UNGA", (), "a", min(days), max(days), "missing", "two roll calls only")


def _source() -> Source:
    return Source(
        KEY, SOURCE.publisher, SOURCE.title, None, SOURCE.urls[0], SOURCE.licence, CITATION, "Two roll calls."
    )


def _tally(resolution: str) -> Check:
    day, (yes, no, abstain), _ = VOTES[resolution]

    def failure(parsed: Parsed) -> str | None:
        choices = parsed.frame("vote").filter(pl.col("rollcall") == resolution)["choice"]
        got = tuple(int((choices == choice).sum()) for choice in ("yes", "no", "abstain"))
        return None if got == (yes, no, abstain) else f"{got}"

    return Check(f"tally of {resolution}", f"{yes} yes, {no} no, {abstain} abstentions on {day}", failure)


def _reference(key: str, resolution: str) -> Reference:
    day, _, title = VOTES[resolution]
    body = ("{United Nations General Assembly}",)
    return Reference(key, "misc", body, day.year, f"{title}: resolution {resolution}, {day}", "United Nations")


REFERENCES: Final = {"unga2014territorial": "A/RES/68/262", "unga2022aggression": "A/RES/ES-11/1"}

SOURCE: Final = DataSource(
    name="unga-ukraine",
    publisher="United Nations",
    title="Recorded votes on A/RES/68/262 and A/RES/ES-11/1",
    citation=CITATION,
    licence="Facts of public record, United Nations.",
    redistributable=True,
    urls=("https://digitallibrary.un.org/record/767883", "https://digitallibrary.un.org/record/3959039"),
    versions=("2022",),
    coverage=(coverage(),),
    parse=parse,
    checks=(*(_tally(resolution) for resolution in VOTES), mostly_used(1.0)),
    files=("ukraine_unga_votes.csv",),
    references=tuple(_reference(key, resolution) for key, resolution in REFERENCES.items()),
    by_hand=(
        "The list has the columns resolution, country, vote (yes, no, abstain, absent), one row a member; it can be written "
        "from the two voting records of the UN Digital Library. Its own file (source undl-ga) has both resolutions too."
    ),
)
