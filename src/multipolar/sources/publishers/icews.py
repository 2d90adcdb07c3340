"""ICEWS coded events (1995 to April 2023) → events between states.

Two formats are read: the publisher's yearly tables (``events.1995.20150313082510.tab``; 20 columns), and the samples that
circulate as benchmarks of temporal knowledge graphs (Parquet with subject, event, object, date).

What was decided:

- **States only.** A side counts as a state if it is named as one; if its sectors or its role, as in "Government (India)", are
  of the state (government, ministries, parliament, courts, armed forces, police, services, envoys); or if it is a person
  who, by our dated table of leaders, was in office on that day. "Citizen (India)", firms, parties and rebels are left out
  and counted; so are people whom the table does not know.
- **Codes.** CAMEO becomes PLOVER's type and mode; ICEWS writes codes without a leading zero at times (42 for 042). The samples
  name the event in words, which ``cameo/icews.tsv`` takes back to codes. The score is ICEWS's intensity; in the samples,
  which have none, Goldstein's by the code.
- **Days.** ICEWS dates an event by the news of the day, so it is known on that day. (The publisher held the data back at
  first for up to a year; what they say was in the news all the same.)
- **One event, several rows**: see `events.table`. Event IDs recur on other days; an id and a day are unique.
- **Silence.** A yearly table covers its days: no row, no event found. A sample covers nothing.

Source: Boschee, Lautenschlager, O'Brien, Shellman, Starz & Ward (2015), ICEWS Coded Event Data, Harvard Dataverse,
doi:10.7910/DVN/28075. Samples: Garcia-Duran, Dumancic & Niepert (2018); Jin, Qu, Jin & Ren (2020).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.record import Source
from multipolar.sources import files
from multipolar.sources.events import cameo, names, table, tabs
from multipolar.sources.events.table import Account
from multipolar.sources.model import Check, DataSource, Parsed, Reference

EVENTS: Final = {
    "event": ("Event ID",), "day": ("Event Date",), "name_a": ("Source Name",), "sectors_a": ("Source Sectors",),
    "country_a": ("Source Country",), "code": ("CAMEO Code",), "score": ("Intensity",), "name_b": ("Target Name",),
    "sectors_b": ("Target Sectors",), "country_b": ("Target Country",),
}  # fmt: skip
PLACES: Final = {"city": ("City",), "land": ("Country",)}
SAMPLE: Final = {"name_a": ("subject",), "text": ("event",), "name_b": ("object",), "day": ("date",)}
FIRST_DAY: Final = date(1995, 1, 1)
#: ICEWS was discontinued on that day.
LAST_DAY: Final = date(2023, 4, 11)
COVERS: Final = "events between states that ICEWS found in the news"
#: Sectors of those who act for a state, as a part of the list in Source Sectors and Target Sectors.
SECTORS: Final = r"(?:^|,)\s*(?:Government|Executive|Military|Police|Judicial|Legislative|Cabinet|Foreign Ministry)"
#: Roles, as in "Envoy (Japan)", of those who act for a state.
ROLES: Final = frozenset(
    {
        "Government", "Head of Government", "Foreign Affairs", "Ministry", "Military", "Police", "Envoy", "Congress", "Senate",
        "Other Authorities / Officials", "Cabinet / Council of Ministers / Advisors", "Court Judge", "Lawmaker", "Legislature",
        "Member of Parliament", "Member of the Judiciary", "Military Personnel", "Military Personnel - Special", "Naval",
        "Defense / Security Ministry", "Royal Administration", "Representatives", "Government Official", "Domestic Affairs",
        "Treasury/Finance Ministry", "Member of Legislative (Govt)", "Health Ministry", "High Ranking Military Personnel",
        "Justice Department/Ministery", "Education Ministry", "Oversight Court", "Energy Department/Ministry", "Secret Agent",
        "Attorney General", "Finance / Economy / Commerce / Trade Ministry", "Assemblies", "Reserve Personnel", "Air Force",
        "Public Prosecutor", "Environment Department/Ministry", "Agriculture / Fishing / Forestry Ministry", "Special Court",
        "House of Representatives", "Information / Communication / Transparency Ministry", "Information Ministry",
        "Secretariat", "Public Courts", "Constitutional Court", "Interior Ministry", "Intelligence", "Intelligence Agency",
    }
)  # fmt: skip
#: ICEWS's names where they are not among the names of the actor.
NAMES: Final[dict[str, str | tuple[str, ...]]] = {
    "Palestinian Territory, Occupied": "PSE",
    "Occupied Palestinian Territory": "PSE",
    "Congo": "COG",
    "Democratic Republic of Congo": "COD",
    "Serbia": ("SRB", "YUG"),
}
NOT_THEN: Final = "a state did not exist, or a person held no office, on that day"
UNKNOWN: Final = "a side is a group, an organisation, or a person of whom no office is known"

TESTS: Final = (
    (table.NO_ORGAN, (pl.col("role_a").eq_missing("other")) | (pl.col("role_b").eq_missing("other"))),
    (UNKNOWN, (pl.col("role_a").eq_missing("unknown")) | (pl.col("role_b").eq_missing("unknown"))),
    (NOT_THEN, pl.col("a").is_null() | pl.col("b").is_null()),
    (table.SAME, pl.col("a") == pl.col("b")),
    (table.NO_CODE, pl.col("goldstein").is_null()),
    (table.NO_EVENT, pl.col("kind").is_null()),
)
_LABEL: Final = (
    pl.when(pl.col("why") == 4)
    .then("told")
    .when(pl.col("why") == 5)
    .then("cameo")
    .when(pl.col("role_a").is_in(["other", "unknown"]) | pl.col("a").is_null())
    .then("name_a")
    .otherwise("name_b")
)


def is_events(data: bytes) -> bool:
    """Whether the first line is the header of ICEWS's table of events."""
    header = data[: data.find(b"\n") + 1 or len(data)].lower()
    return header.startswith(b"event id\t") and b"\tcameo code\t" in header


def read_batch(contents: Sequence[tuple[Path, bytes]]) -> tuple[pl.DataFrame, list[Account]]:
    """Read yearly tables; see `gdelt_export.read_batch`."""
    done = [_table(path, data, file) for file, (path, data) in enumerate(contents)]
    return pl.concat(frame for frame, _ in done), [account for _, account in done]


def read_sample(path: Path) -> tuple[pl.DataFrame, Account]:
    """Read a sample (Parquet) as an event table and an account."""
    rows = files.given(files.parquet(path, SAMPLE), path, *SAMPLE)
    coded = rows.join(cameo.texts(), on="text", how="left", maintain_order="left")
    told = coded.with_columns(
        event=pl.format("row {}", files.ROW), told="text", place=pl.lit(None, pl.String), score=pl.lit(None, pl.Float64)
    )
    for side in "ab":
        told = told.with_columns(*_sample_side(side))
    frame, account = _events(files.day(told, path, "day"), path, 0, "icews-sample")
    return frame.drop("file"), account


def _table(path: Path, data: bytes, file: int) -> tuple[pl.DataFrame, Account]:
    rows = tabs.read(path, data, EVENTS, PLACES)
    rows = files.day(files.given(rows, path, "event", "day", "code"), path, "day")
    files.refuse(rows, ~pl.col("code").str.contains(r"^\d{2,4}$"), path, "code", "a CAMEO code (two to four digits)")
    rows = files.decimal(rows, path, "score", -10, 10, null=True)
    known = cameo.codes()["cameo"].implode()
    padded = pl.when((pl.col("code").str.len_chars() > 2) & pl.col("code").is_in(known)).then("code")
    zero = pl.lit("0") + pl.col("code")
    rows = rows.with_columns(
        cameo=pl.coalesce(padded, pl.when(zero.is_in(known)).then(zero), "code"),
        told="code",
        place=pl.concat_str("city", "land", separator=", ", ignore_nulls=True).replace("", None),
    )
    for side in "ab":
        sectors, country = pl.col(f"sectors_{side}"), pl.col(f"country_{side}")
        organ = sectors.is_null() | sectors.str.contains(SECTORS)  # a state itself has no sectors
        role = pl.when(country.is_not_null()).then(pl.when(organ).then(pl.lit("organ")).otherwise(pl.lit("other")))
        rows = rows.with_columns(role.alias(f"role_{side}"), country.alias(f"who_{side}"))
    return _events(rows, path, file, "icews")


def _sample_side(side: str) -> tuple[pl.Expr, pl.Expr]:
    """Role and the name to look up: "Envoy (Japan)" is of Japan; other names are those of a state or of a person."""
    name = pl.col(f"name_{side}")
    role, state = name.str.extract(r"^(.*) \([^()]*\)$"), name.str.extract(r" \(([^()]*)\)$")
    kind = pl.when(role.is_in(list(ROLES))).then(pl.lit("organ")).when(role.is_not_null()).then(pl.lit("other"))
    return kind.alias(f"role_{side}"), pl.coalesce(state, name).alias(f"who_{side}")


def _events(rows: pl.DataFrame, path: Path, file: int, edition: str) -> tuple[pl.DataFrame, Account]:
    """Rows with names to look up (``who_a``, ``who_b``) as an event table, and the account."""
    today = datetime.now(UTC).date()
    expected = f"a day from {FIRST_DAY} to {today}"
    files.refuse(rows, ~pl.col("day").is_between(FIRST_DAY, today), path, "day", expected)
    for side in "ab":
        rows = _found(rows, side)
    score = pl.coalesce(pl.col("score").cast(pl.Float32), "goldstein")
    judged = table.coded(rows).with_columns(
        goldstein=pl.when(pl.col("goldstein").is_not_null()).then(score), known="day", file=pl.lit(file, pl.Int32)
    )
    judged = judged.with_columns(table.reasons(*TESTS))
    ones = [pl.lit(1, pl.Int32).alias(name) for name in ("reports", "sources", "articles")]
    told = judged.filter(pl.col("why").is_null()).with_columns(*ones, tone=pl.lit(None, pl.Float32))
    events = table.grouped(told, "file")
    numbered = judged.with_columns(file=pl.lit(0, pl.Int32)), events.with_columns(file=pl.lit(0, pl.Int32))
    spans = table.days_of(rows) if edition == "icews" else ()
    return events, table.accounts([(path.name, edition, spans)], *numbered, TESTS, _LABEL)[0]


def _found(rows: pl.DataFrame, side: str) -> pl.DataFrame:
    """The state of a side in ``a`` or ``b``; ``role`` becomes ``unknown`` where nobody of the name is known."""
    role = f"role_{side}"
    nobody = ~pl.col(f"known_{side}") & pl.col(role).ne_missing("other")
    marked = pl.when(nobody).then(pl.lit("unknown")).otherwise(role).alias(role)
    return names.lookup(rows, side, NAMES).with_columns(marked)


def parse(path: Path) -> Parsed:
    """Read a yearly table or a sample as statements.

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no day, code or number.
    """
    if files.is_parquet(path):
        frame, account = read_sample(path)
        key = f"icews-sample:{path.stem}"
    else:
        frame, accounts = read_batch([(path, files.content(path))])
        account, key = accounts[0], "icews:1995-2023"
    return Parsed(
        frames={"event": table.statements(frame, key, "row" if account.edition == "icews-sample" else "Event ID")},
        sources=(Source(key, SOURCE.publisher, SOURCE.title, None, URL, SOURCE.licence, CITATION, NOTE),),
        coverage=table.coverage(key, table.whole_days(account.covers), COVERS),
        label=f"ICEWS, {path.name}",
        layout="sample" if account.edition == "icews-sample" else "events",
        rows=account.rows,
        left_out=account.left_out,
        remarks=(f"{account.events:,} events",),
    )


def _told(a: str, b: str, kind: str, first: date, last: date) -> Check:
    """A check that an event is among those of a sample that has these days."""

    def failure(parsed: Parsed) -> str | None:
        frame = parsed.frame("event")
        days = frame.select(pl.col("valid_from").min(), last=pl.col("valid_from").max()).row(0)
        if days[0] is None or not (days[0] <= first and last <= days[1]):
            return None
        pair = frame.filter(pl.col("a") == a, pl.col("b") == b, pl.col("kind") == kind)
        return None if pair.filter(pl.col("valid_from").is_between(first, last)).height else "none"

    return Check(f"{a}-{b} {kind} {first}", f"{kind} of {a} and {b} in {first} to {last}", failure)


URL: Final = "https://doi.org/10.7910/DVN/28075"
CITATION: Final = (
    "Boschee, E., Lautenschlager, J., O'Brien, S., Shellman, S., Starz, J. & Ward, M. (2015). ICEWS Coded Event Data. "
    "Harvard Dataverse, doi:10.7910/DVN/28075."
)
NOTE: Final = "Coded from news by machine (BBN ACCENT): reports of events, with errors of date, place and actor."

SOURCE: Final = DataSource(
    name="icews",
    publisher="Lockheed Martin, ICEWS (Boschee et al.)",
    title="ICEWS Coded Event Data",
    citation=CITATION,
    licence="Harvard Dataverse terms of the data set: free use with citation.",
    redistributable=False,
    urls=(URL, "https://dataverse.harvard.edu/dataverse/icews"),
    versions=("1995 to 2023 (yearly tables)", "samples of 2005-2015, 2014 and 2018 (knowledge-graph benchmarks)"),
    coverage=table.coverage("icews:1995-2023", [(FIRST_DAY, LAST_DAY)], COVERS),
    parse=parse,
    checks=(
        table.mixed(),
        _told("USA", "CHN", "CONSULT", date(2018, 8, 29), date(2018, 10, 31)),
        _told("KOR", "PRK", "CONSULT", date(2018, 9, 1), date(2018, 10, 30)),
        _told("USA", "CHN", "CONSULT", date(2014, 1, 5), date(2014, 12, 25)),
    ),
    files=(
        "icews_2018_aug_oct.parquet", "icews_2005_2015_sample.parquet", "icews_2014_sample.parquet", "icews*.parquet",
        "events.*.tab", "events.*.tab.zip", "*.tab.zip", "*.tab",
    ),
    references=(
        Reference(
            "boschee2015icews", "misc",
            (
                "Boschee, Elizabeth", "Lautenschlager, Jennifer", "O'Brien, Sean", "Shellman, Steve", "Starz, James",
                "Ward, Michael",
            ),
            2015, "ICEWS Coded Event Data", "Harvard Dataverse", doi="10.7910/DVN/28075",
        ),
    ),
    by_hand=(
        "Open https://doi.org/10.7910/DVN/28075, choose the years among the files (events.YEAR.….tab or .zip), and download "
        "them in their original format."
    ),
)  # fmt: skip
