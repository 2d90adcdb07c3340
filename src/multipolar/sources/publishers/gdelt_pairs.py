"""Daily scores of pairs of countries, folded from GDELT 2.0 by G. Zemo → flows of kind ``event_score``.

One row a day and pair: the sum over the day's reported events of the Goldstein score, plus or minus (by its sign) 0.025 for
each source and 0.01 for each article, plus 0.01 times the tone, added up over both directions. The score mixes how friendly
events were with how much was written about them; divide by traffic, or use ranks.

What was decided:

- **Pairs** are put in order of our ids; the score has no direction. Territories and a country with itself are left out.
- **Days that are there cover all pairs.** The publisher dropped cells that were exactly zero, so a pair without a row on a day of
  the file had nothing reported: zero. Days that are missing (96 of 2,007 from January 2018 to June 2023) are missing, never zero.
- **States that are not covered.** Only events whose CAMEO code of a country equals its ISO code were counted. CAMEO has ROM for
  Romania, TMP for Timor-Leste and KSV for Kosovo; Bosnia and Herzegovina, Montenegro, Serbia and Slovenia are not in the
  file at all, and Georgia is all but absent (326 cells). For these, silence says nothing; their few rows are kept.
- **Known** on the day itself, whose last export file comes at 23:45 UTC.

The monthly file of the same repository is the sum of this one by month and adds nothing: it is not read.

Source: G. Zemo (2024), GDELT Graph Data, https://github.com/gzemo/gdelt-graph-data; the GDELT Project,
https://www.gdeltproject.org/.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

import polars as pl

from multipolar import actors
from multipolar.record import Coverage, Source
from multipolar.sources import files, who
from multipolar.sources.events import table
from multipolar.sources.model import Check, DataSource, LeftOut, Parsed, Reference, rows_between

COLUMNS: Final = {"day": ("date",), "a": ("a",), "b": ("b",), "score": ("score",)}
#: States whose codes the publisher's count missed, or all but missed.
THIN: Final = ("GEO", "ROU", "TLS", "XKX", "BIH", "MNE", "SRB", "SVN")
FIRST_DAY: Final = date(2015, 2, 18)
#: Largest score of a pair and a day that is believed.
MOST: Final = 1e6
KEY: Final = "gdelt-pairs:2024-02-23"
URL: Final = "https://github.com/gzemo/gdelt-graph-data"
CITATION: Final = (
    "Zemo, G. (2024). GDELT Graph Data, https://github.com/gzemo/gdelt-graph-data. Events: the GDELT Project, "
    "https://www.gdeltproject.org/."
)


def parse(path: Path) -> Parsed:
    """Read the daily pairs (Parquet or CSV with date, a, b, score).

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, a cell is no day, code or number, or a pair has two rows on a day.
    """
    rows = _read(path)
    ids = set(actors.actors()) & {state.id for state in actors.states()}
    state = pl.col("a").is_in(ids) & pl.col("b").is_in(ids)
    same = pl.col("a") == pl.col("b")
    kept = rows.filter(state & ~same)
    days = rows["day"].unique().sort().to_list()
    named = sorted(set(kept["a"].unique()) | set(kept["b"].unique()))
    return Parsed(
        frames={"flow": _statements(kept)},
        sources=(Source(KEY, SOURCE.publisher, SOURCE.title, None, URL, SOURCE.licence, CITATION, NOTE),),
        coverage=coverage(days, [id for id in named if id not in THIN]),
        label=f"GDELT pair-days, {path.name}",
        layout="days",
        rows=rows.height,
        left_out=tuple(_left_out(rows, state, same)),
        remarks=(f"{missing(days):,} days between the first and the last are missing upstream",),
    )


def _read(path: Path) -> pl.DataFrame:
    frame = files.parquet(path, COLUMNS) if files.is_parquet(path) else files.table(path, files.content(path), COLUMNS)
    frame = files.day(files.given(frame, path, *COLUMNS), path, "day")
    today = datetime.now(UTC).date()
    files.refuse(frame, ~pl.col("day").is_between(FIRST_DAY, today), path, "day", f"a day from {FIRST_DAY} to {today}")
    for name in ("a", "b"):
        files.refuse(frame, ~pl.col(name).str.contains("^[A-Z]{3}$"), path, name, "an ISO 3166 alpha-3 code")
    frame = files.decimal(frame, path, "score", -MOST, MOST)
    ordered = frame.with_columns(low=pl.min_horizontal("a", "b"), high=pl.max_horizontal("a", "b"))
    return files.once(ordered, path, "day", "low", "high")


def _left_out(rows: pl.DataFrame, state: pl.Expr, same: pl.Expr) -> Iterator[LeftOut]:
    for reason, lost, label in (
        ("a territory, no state", rows.filter(~state), _outsider()),
        (who.SAME, rows.filter(state & same), pl.col("a")),
    ):
        if lost.height:
            common = lost.select(text=label)["text"].value_counts(sort=True)["text"].head(table.EXAMPLES)
            yield LeftOut(reason, lost.height, tuple(sorted(common)))


def _outsider() -> pl.Expr:
    ids = [state.id for state in actors.states()]
    return pl.when(pl.col("a").is_in(ids)).then("b").otherwise("a")


def _statements(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        a="low",
        b="high",
        kind=pl.lit("event_score"),
        valid_from="day",
        valid_to="day",
        known_from="day",
        source=pl.lit(KEY),
        locator=pl.format("row {}", files.ROW),
        original=pl.format("{}-{} {}", "a", "b", pl.col("score").cast(pl.Float32)),
        value=pl.col("score").round(6),
        unit=pl.lit("GDELT pair score"),
        text=pl.lit("score of the day's reported events of both directions"),
    )


def missing(days: Sequence[date]) -> int:
    """Days between the first and the last that are not there."""
    return (days[-1] - days[0]).days + 1 - len(days) if days else 0


def coverage(days: Sequence[date], states: Sequence[str]) -> tuple[Coverage, ...]:
    """The runs of days that are there, month by month, for pairs of the states whose events were counted."""
    note = "all pairs of states whose CAMEO code is their ISO code; days missing upstream are not covered"
    return tuple(
        Coverage(KEY, "flow", "event_score", tuple(states), "both", first, last, "zero", note, known=last)
        for first, last in _runs(days)
    )


def _runs(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """First and last day of days in a row within a month."""
    start: date | None = None
    for day, after in pairwise([*days, date.max]):
        start = start or day
        if after - day != timedelta(days=1) or after.month != day.month:
            yield start, day
            start = None


def _sign(a: str, b: str, first: date, last: date, *, friendly: bool) -> Check:
    """A check of the sign of a pair's scores, summed over days that the file has."""

    def failure(parsed: Parsed) -> str | None:
        frame = parsed.frame("flow").filter(pl.col("valid_from").is_between(first, last))
        pair = frame.filter(pl.col("a") == a, pl.col("b") == b)["value"]
        if not frame.height:
            return None
        total = float(pair.sum())
        return None if pair.len() and (total > 0) == friendly else f"{total:,.0f}"

    word = "above" if friendly else "below"
    return Check(f"{a}-{b} {first}", f"scores of {a} and {b} from {first} to {last} to sum to {word} zero", failure)


def _war() -> Check:
    """A check that Russia and Ukraine sank after the invasion of February 2022 to a fifth of December 2021 or worse."""

    def failure(parsed: Parsed) -> str | None:
        pair = parsed.frame("flow").filter(pl.col("a") == "RUS", pl.col("b") == "UKR")
        before, after = (
            float(pair.filter(pl.col("valid_from").is_between(*month))["value"].sum())
            for month in ((date(2021, 12, 1), date(2021, 12, 31)), (date(2022, 3, 1), date(2022, 3, 31)))
        )
        return None if before == 0 or after < 5 * before < 0 else f"{before:,.0f} and {after:,.0f}"

    expected = "the score of RUS and UKR in March 2022 to be below five times that of December 2021, both below zero"
    return Check("invasion", expected, failure)


NOTE: Final = "Score of reported events: mixes how friendly they were with how much was written."

SOURCE: Final = DataSource(
    name="gdelt-pairs",
    publisher="The GDELT Project; folded by G. Zemo",
    title="GDELT Graph Data: daily scores of pairs of countries",
    citation=CITATION,
    licence="GDELT: free for any use with citation and a link; the repository's code is GPL-3.",
    redistributable=True,
    urls=(URL, "https://www.gdeltproject.org/data.html"),
    versions=("2018-01-01 to 2024-02-23",),
    coverage=(
        Coverage(
            KEY, "flow", "event_score", (), "both", date(2018, 1, 1), date(2024, 2, 23), "missing", "zero on days in the file"
        ),
    ),
    parse=parse,
    checks=(
        rows_between(2_000_000, 4_000_000),
        _war(),
        _sign("CHN", "RUS", date(2022, 1, 1), date(2022, 12, 31), friendly=True),
        _sign("RUS", "UKR", date(2022, 3, 1), date(2022, 12, 31), friendly=False),
    ),
    files=("gdelt_daily_pairs.parquet", "gdelt_daily_pairs.csv*"),
    references=(
        Reference("zemo2024gdelt", "misc", ("Zemo, G.",), 2024, "GDELT Graph Data", url=URL),
        Reference(
            "leetaru2013gdelt", "misc", ("Leetaru, Kalev", "Schrodt, Philip A."), 2013,
            "GDELT: Global Data on Events, Location, and Tone, 1979-2012", "ISA Annual Convention",
            url="https://www.gdeltproject.org/",
        ),
    ),
    by_hand=(
        "The repository has a 249 by 249 matrix a day (networks/*.zip). Write its upper triangle without zeros as a table with "
        "the columns date, a, b and score (ISO alpha-3 codes of country_codes_clean.csv)."
    ),
)  # fmt: skip
