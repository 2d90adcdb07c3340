"""POLECAT events (since 2018), coded in PLOVER → events between states.

The weekly or monthly tables of the Dataverse (TAB-separated text, 40 columns).

What was decided:

- **Types and modes** are POLECAT's own, in PLOVER; there is no CAMEO code, so ``cameo`` has the type and mode in its place
  (``CONSULT-visit``). The score is POLECAT's intensity, from -10 to 10; rows without one get none, and are left out.
- **States only.** A side counts where it has a country and its primary sector is none or of the state (GOV, MIL, SPY, JUD, LEG,
  COP). Where a side names several states, the event is one for each pair, and the row counts as used if any of them is.
- **Days.** ``day`` is the event's date, ``known`` the day of publication of the story; where a story's date is missing, the
  event's. Rows dated after their story, or a year or more before, are left out.
- **One event, several rows** (and stories): see `events.table`.

Source: Halterman, Schrodt, Beger, Bagozzi & Scarborough (2023), Creating Custom Event Data Without Dictionaries: A
Bag-of-Tricks, arXiv:2304.01331; POLECAT, Harvard Dataverse, doi:10.7910/DVN/AJGVIT.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.record import KINDS, Source
from multipolar.sources import files
from multipolar.sources.events import names, table, tabs
from multipolar.sources.events.cameo import ORGANS
from multipolar.sources.events.table import Account
from multipolar.sources.model import DataSource, Parsed, Reference

COLUMNS: Final = {
    "event": ("Event ID",), "day": ("Event Date",), "kind": ("Event Type",), "mode": ("Event Mode",),
    "score": ("Intensity", "Event Intensity"), "who_a": ("Actor Country",), "role_a": ("Primary Actor Sector",),
    "who_b": ("Recipient Country",), "role_b": ("Primary Recipient Sector",),
}  # fmt: skip
EXTRA: Final = {"published": ("Publication Date",), "city": ("City",), "land": ("Country",)}
COVERS: Final = "events between states that POLECAT found in the news"
FIRST_DAY: Final = date(2010, 1, 1)
#: Cells that stand for nothing.
NOTHING: Final = ("None", "none", "nan", "NA", "")
NO_SCORE: Final = "no intensity"

TESTS: Final = (
    (table.NO_COUNTRY, pl.col("who_a").is_null() | pl.col("who_b").is_null()),
    (table.NO_ORGAN, ~pl.all_horizontal(*(pl.col(f"role_{side}").is_in(ORGANS).fill_null(True) for side in "ab"))),
    (table.NO_STATE, pl.col("a").is_null() | pl.col("b").is_null()),
    (table.SAME, pl.col("a") == pl.col("b")),
    (NO_SCORE, pl.col("goldstein").is_null()),
    (table.LATE, pl.col("day") <= pl.col("known") - pl.duration(days=table.LONG_AGO)),
    (table.EARLY, pl.col("day") > pl.col("known")),
)
_LABEL: Final = (
    pl.when(pl.col("why") == 1)
    .then(pl.format("{}-{}", pl.col("role_a").fill_null("state"), pl.col("role_b").fill_null("state")))
    .when(pl.col("why") == 2)
    .then(pl.when(pl.col("a").is_null()).then("who_a").otherwise("who_b"))
)


def is_events(data: bytes) -> bool:
    """Whether the first line is the header of POLECAT's table."""
    header = data[: data.find(b"\n") + 1 or len(data)].lower()
    return header.startswith(b"event id\t") and b"\tevent mode\t" in header


def read_batch(contents: Sequence[tuple[Path, bytes]]) -> tuple[pl.DataFrame, list[Account]]:
    """Read tables of POLECAT; see `gdelt_export.read_batch`."""
    done = [_table(path, data, file) for file, (path, data) in enumerate(contents)]
    return pl.concat(frame for frame, _ in done), [account for _, account in done]


def _table(path: Path, data: bytes, file: int) -> tuple[pl.DataFrame, Account]:
    rows = _checked(tabs.read(path, data, COLUMNS, EXTRA).with_columns(pl.col(pl.String).replace(NOTHING, None)), path)
    pairs = _pairs(rows).with_columns(table.reasons(*TESTS))
    best = pairs.sort(pl.col("why").is_not_null(), maintain_order=True).unique(
        files.ROW, keep="first", maintain_order=True
    )
    ones = [pl.lit(1, pl.Int32).alias(name) for name in ("reports", "sources", "articles")]
    told = pairs.filter(pl.col("why").is_null()).with_columns(*ones, tone=pl.lit(None, pl.Float32))
    events = table.grouped(told.with_columns(file=pl.lit(file, pl.Int32)), "file")
    first = events.with_columns(file=pl.lit(0, pl.Int32))
    account = table.accounts(
        [(path.name, "polecat", table.days_of(rows))], best.with_columns(file=pl.lit(0, pl.Int32)), first, TESTS, _LABEL
    )[0]
    return events, account


def _checked(rows: pl.DataFrame, path: Path) -> pl.DataFrame:
    """The rows with days, kinds and scores, or an error at the first bad cell."""
    rows = files.given(rows, path, "event", "day", "kind").with_columns(pl.col("kind").str.to_uppercase())
    files.refuse(rows, ~pl.col("kind").is_in(list(KINDS["event"])), path, "kind", f"one of {', '.join(KINDS['event'])}")
    rows = files.day(rows.with_columns(published=pl.coalesce("published", "day")), path, "day")
    rows = files.decimal(files.day(rows, path, "published"), path, "score", -10, 10, null=True)
    today = datetime.now(UTC).date()
    files.refuse(rows, ~pl.col("published").is_between(FIRST_DAY, today), path, "published", f"a day until {today}")
    mode = pl.col("mode").str.to_lowercase()
    return rows.with_columns(
        mode=mode,
        known="published",
        goldstein=pl.col("score").cast(pl.Float32),
        cameo=pl.concat_str("kind", mode, separator="-", ignore_nulls=True),
        place=pl.concat_str("city", "land", separator=", ", ignore_nulls=True).replace("", None),
    )


def _pairs(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a pair of states that an event names; a side with none stays one row."""
    for side in "ab":
        listed = pl.col(f"who_{side}").str.replace_all(r"\s*[;|]\s*", ";").str.split(";")
        each = rows.with_columns(listed).explode(f"who_{side}", empty_as_null=True, keep_nulls=True)
        rows = names.lookup(each, side, {})
    return rows


def parse(path: Path) -> Parsed:
    """Read a table of POLECAT as statements.

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no day, type or number.
    """
    frame, accounts = read_batch([(path, files.content(path))])
    account = accounts[0]
    return Parsed(
        frames={"event": table.statements(frame, KEY, "Event ID", "PLOVER intensity")},
        sources=(Source(KEY, SOURCE.publisher, SOURCE.title, None, URL, SOURCE.licence, CITATION, NOTE),),
        coverage=table.coverage(KEY, table.whole_days(account.covers), COVERS),
        label=f"POLECAT, {path.name}",
        layout="events",
        rows=account.rows,
        left_out=account.left_out,
        remarks=(f"{account.events:,} events",),
    )


KEY: Final = "polecat:2018-"
URL: Final = "https://doi.org/10.7910/DVN/AJGVIT"
CITATION: Final = (
    "Halterman, A., Schrodt, P. A., Beger, A., Bagozzi, B. E. & Scarborough, G. I. (2023). Creating Custom Event Data "
    "Without Dictionaries: A Bag-of-Tricks. arXiv:2304.01331. Data: POLECAT, Harvard Dataverse, doi:10.7910/DVN/AJGVIT."
)
NOTE: Final = "Coded from news by machine (NGEC): reports of events, with errors of date, place and actor."

SOURCE: Final = DataSource(
    name="polecat",
    publisher="POLECAT (Halterman, Scarborough et al.)",
    title="POLECAT: POLitical Event Classification, Attributes, and Types",
    citation=CITATION,
    licence="See the terms of the data set in the Harvard Dataverse.",
    redistributable=False,
    urls=(URL,),
    versions=("40 columns",),
    coverage=table.coverage(KEY, [(date(2018, 1, 1), date(2023, 12, 31))], COVERS),
    parse=parse,
    checks=(table.mixed(), table.prompt()),
    files=("ngecEvents*.txt", "ngecEvents*.zip", "polecat*.txt", "polecat*.tsv", "POLECAT*"),
    references=(
        Reference(
            "halterman2023bag", "techreport",
            (
                "Halterman, Andrew", "Schrodt, Philip A.", "Beger, Andreas", "Bagozzi, Benjamin E.",
                "Scarborough, Grace I.",
            ),
            2023, "Creating Custom Event Data Without Dictionaries: A Bag-of-Tricks", "arXiv:2304.01331",
            url="https://arxiv.org/abs/2304.01331",
        ),
    ),
    by_hand=(
        "Open https://doi.org/10.7910/DVN/AJGVIT, choose the tables of events of the weeks or months (.txt or .zip), and "
        "download them in their original format."
    ),
)  # fmt: skip
