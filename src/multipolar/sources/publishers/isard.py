"""Democracy and economy of every state since 1816, from the R package isard → traits.

isard gathers yearly estimates for the two lists of states that peace research uses, that of the Correlates of War
(`ccode`) and that of Gleditsch and Ward (`gwcode`); a file of either is read, and the codes become states here.

**Democracy**: the extended Unified Democracy Scores (`euds`, in standard deviations; the text gives `aeuds`, whose zero
is where the yes-or-no measures of democracy on average draw the line), with Polity (`polity2`) and V-Dem's electoral
democracy index (`v2x_polyarchy`) beside them. The last two are also at their publishers: a record that has those needs
no second copy, and the newer edition counts where both say something of one year.

**Economy**: means of simulations by Fariss and others: gross domestic product per head (2011 international dollars),
real gross domestic product (2017 international dollars; the file counts millions) and population (the file counts
millions). They are estimates with an error, which the text gives, and no sums of money: kinds of their own.

Every edition estimates all years anew; nothing is known before the edition, which is of June 2026.

Sources: Miller (2025), isard; Márquez (2016), doi:10.2139/ssrn.2753830; Pemstein, Meserve & Melton (2010), Political
Analysis 18: 426-449; Fariss, Anders, Markowitz & Barnum (2022), Journal of Conflict Resolution 66: 553-591,
doi:10.1177/00220027211054432.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.record import Coverage, Source
from multipolar.sources import files, who, yearly
from multipolar.sources.model import DataSource, Parsed, Reference, mostly_used, rows_between
from multipolar.sources.yearly import Measure, fact

#: Column of codes -> the list of states it is from.
SYSTEMS: Final = {"ccode": "Correlates of War", "gwcode": "Gleditsch-Ward"}
DEMOCRACY: Final = (
    Measure("unified_democracy", "standard deviations", "euds", "euds", low=-5.0, high=5.0),
    Measure("polity", "score -10 to 10", "polity2", "polity2", low=-10.0, high=10.0),
    Measure("polyarchy", "index 0 to 1", "polyarchy", "v2x_polyarchy", high=1.0),
)
_MILLION: Final = 1_000_000.0
ECONOMY: Final = (
    Measure("real_gdp_per_head", "2011 international dollars", "mrgdppc", "mrgdppc"),
    Measure("real_gdp", "2017 international dollars", "pwtrgdp", "pwtrgdp", _MILLION),
    Measure("population", "persons", "pwtpop", "pwtpop", _MILLION),
)
EDITION: Final = date(2026, 6, 25)
FIRST_YEAR: Final = 1816
URL: Final = "https://cran.r-project.org/package=isard"
MILLER: Final = Reference(
    "miller2025isard", "misc", ("Miller, Steven V.",), 2025,
    "isard: Overflow Data for Quantitative Peace Science Research", "R package", url=URL,
)  # fmt: skip


def parse_democracy(path: Path) -> Parsed:
    """Read ``cw_democracy`` or ``gw_democracy`` (CSV or Parquet).

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code, year or score.
    """
    columns = {"euds": ("euds",), "aeuds": ("aeuds",), "polity2": ("polity2",), "polyarchy": ("v2x_polyarchy",)}
    adjusted = pl.format("adjusted score (aeuds): {}", "aeuds").alias("text_euds")
    return _parsed(path, DEMOCRACY_SOURCE, DEMOCRACY, columns, [adjusted])


def parse_economy(path: Path) -> Parsed:
    """Read ``cw_gdppop`` or ``gw_gdppop`` (CSV or Parquet).

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code, year or number.
    """
    columns = {name: (name,) for each in ECONOMY for name in (each.column, f"sd_{each.column}")}
    errors = [
        pl.format("standard deviation {} (in the file's unit)", f"sd_{each.column}").alias(f"text_{each.column}")
        for each in ECONOMY
    ]
    return _parsed(path, ECONOMY_SOURCE, ECONOMY, columns, errors)


def _parsed(
    path: Path,
    data: DataSource,
    measures: tuple[Measure, ...],
    columns: Mapping[str, tuple[str, ...]],
    texts: list[pl.Expr],
) -> Parsed:
    read = yearly.read(path, {"a": tuple(SYSTEMS), "year": ("year",), **columns})
    system = _system(path)
    read = files.whole(read, path, "a", 1, 999).with_columns(pl.col("a").cast(pl.String))
    frame = yearly.numbers(files.whole(read, path, "year", FIRST_YEAR, date.today().year), path, measures)
    named, left = yearly.states(frame, path, who.gw if system == "gwcode" else who.cow)
    kept, empty = yearly.told(named, measures)
    key = f"{data.name}:2026-06-{'gw' if system == 'gwcode' else 'cow'}"
    source = Source(
        key,
        data.publisher,
        data.title,
        EDITION,
        URL,
        data.licence,
        data.citation,
        f"States of the {SYSTEMS[system]} list.",
    )
    return Parsed(
        frames={"trait": yearly.traits(kept.with_columns(texts), measures, key, pl.lit(EDITION))},
        sources=(source,),
        coverage=_coverage(key, kept, measures),
        label=f"{data.title}, {path.name}",
        layout=system,
        rows=frame.height,
        left_out=(*left, *empty),
    )


def _system(path: Path) -> str:
    """Which column of codes the file has."""
    packed = files.is_parquet(path)
    names = list(pl.read_parquet_schema(path)) if packed else files.header_of(path, files.content(path))
    return next(name for name in SYSTEMS if name in {each.strip().lower() for each in names})


def _coverage(key: str, kept: pl.DataFrame, measures: tuple[Measure, ...]) -> tuple[Coverage, ...]:
    """Each measure to its own last year: Polity ends years before the others."""
    rows: list[Coverage] = []
    for measure in measures:
        span = yearly.years(kept.drop_nulls(measure.column))
        rows += yearly.coverage(key, (measure,), *span, "states of the list") if span[1] > 1 else []
    return tuple(rows)


DEMOCRACY_SOURCE: Final = DataSource(
    name="isard-democracy",
    publisher="Steven V. Miller",
    title="isard: democracy of all states, yearly",
    citation="Miller, S. V. (2025). isard: Overflow Data for Quantitative Peace Science Research. R package. "
    "Unified Democracy Scores: Márquez, X. (2016); Pemstein, D., Meserve, S. & Melton, J. (2010).",
    licence="GPL-2 (package); V-Dem CC BY-SA 4.0; others free for academic use with citation.",
    redistributable=False,
    urls=(URL, "https://svmiller.com/isard/"),
    versions=("0.2.0 (June 2026)",),
    coverage=yearly.coverage("isard-democracy:2026-06-gw", DEMOCRACY, FIRST_YEAR, 2025, "states of the list"),
    parse=parse_democracy,
    checks=(
        rows_between(17_000, 25_000), mostly_used(0.85),
        fact("USA", "polyarchy", 2015, 0.9, 0.06), fact("CHN", "polity", 2018, -7, 0),
        fact("SWE", "unified_democracy", 2010, 2.55, 0.3),
    ),
    files=("gw_democracy.csv*", "gw_democracy.parquet", "cw_democracy.csv*", "cw_democracy.parquet"),
    references=(
        MILLER,
        Reference(
            "marquez2016quick", "misc", ("Márquez, Xavier",), 2016,
            "A Quick Method for Extending the Unified Democracy Scores", "SSRN", doi="10.2139/ssrn.2753830",
        ),
        Reference(
            "pemstein2010democratic", "article", ("Pemstein, Daniel", "Meserve, Stephen", "Melton, James"), 2010,
            "Democratic Compromise: A Latent Variable Analysis of Ten Measures of Regime Type", "Political Analysis",
            "18", "426-449",
        ),
    ),
    by_hand='In R: install.packages("isard"); write.csv(isard::gw_democracy, "gw_democracy.csv", row.names = FALSE).',
)  # fmt: skip

ECONOMY_SOURCE: Final = DataSource(
    name="isard-gdp",
    publisher="Steven V. Miller",
    title="isard: simulated product and population of all states, yearly",
    citation="Fariss, C. J., Anders, T., Markowitz, J. N. & Barnum, M. (2022). New Estimates of Over 500 Years of Historic "
    "GDP and Population Data. Journal of Conflict Resolution 66: 553-591. Through Miller, S. V. (2025), isard, R package.",
    licence="GPL-2 (package); the data free for academic use with citation.",
    redistributable=False,
    urls=(URL, "https://svmiller.com/isard/"),
    versions=("0.2.0 (June 2026)",),
    coverage=yearly.coverage("isard-gdp:2026-06-gw", ECONOMY, FIRST_YEAR, 2019, "states of the list"),
    parse=parse_economy,
    checks=(
        rows_between(16_000, 25_000), mostly_used(0.9),
        fact("USA", "population", 2010, 310e6, 12e6), fact("USA", "real_gdp", 2010, 16.5e12, 3e12),
        fact("CHN", "population", 2010, 1.35e9, 8e7),
    ),
    files=("gw_gdppop.parquet", "gw_gdppop.csv*", "cw_gdppop.parquet", "cw_gdppop.csv*"),
    references=(
        Reference(
            "fariss2022estimates", "article",
            ("Fariss, Christopher J.", "Anders, Therese", "Markowitz, Jonathan N.", "Barnum, Miriam"), 2022,
            "New Estimates of Over 500 Years of Historic GDP and Population Data", "Journal of Conflict Resolution",
            "66", "553-591", "10.1177/00220027211054432",
        ),
        MILLER,
    ),
    by_hand='In R: install.packages("isard"); write.csv(isard::gw_gdppop, "gw_gdppop.csv", row.names = FALSE).',
)  # fmt: skip
