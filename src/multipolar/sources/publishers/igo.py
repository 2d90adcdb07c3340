"""Memberships of intergovernmental organisations from COW IGO v3: state-years → ties with intervals, and counts.

The official file of state-years (``state_year_formatv3.csv``) has one row a state and year and one column an
organisation; a cell is 1 (full member), 2 (associate), 3 (observer), 0 (no member), -1 (the organisation does not exist)
or -9 (not known). Consecutive years of one status in one organisation become one statement, with the value 1, 0.5 or
0.25. The same memberships as a list (``ccode, year, igo, status``) are read too. Of the publisher's other layouts take
neither: by organisation and by pair, they hold the same facts again.

- **Organisations.** One that the table of actors has goes by its id there, in the years in which it exists there: EEC
  and EU are ``EU`` (and so is the ECSC until the EEC begins), LOAS is ``LAS``, WPact is ``WTO_PACT``, SCO is ``SCO`` from
  2001 and ``IGO.SCO`` as the Shanghai Five. Any other is ``IGO.`` and the acronym in capitals. Where ``igo_names.csv`` or
  ``igo_year_formatv3.csv`` lies beside the file, texts give full names.
- **Years.** Only years that stand in the file count, and only consecutive ones join: a row every five years (as in
  older layouts before 1965) stands for its own year and says nothing of the four between. A status is known from the
  end of its first year; one that still holds in the file's last year is open.
- **Not known is not none.** A cell -9 ends a spell, since nothing is known of that year. Absence means zero for an
  organisation in the years in which no state's cell is -9.

The second set counts memberships by state and year (``cow_igo_sy``, or the state-years themselves): the value is the
number of full and associate memberships, as the data set's authors count; cells that are not known count as none, so the
number is a lower bound. Joint memberships of a pair, counted so from the statements here (both with a value of at least
0.5), are those of the publisher's file of pairs: all 909,753 pair-years of peacesciencer's ``cow_igo_ndy`` are equal.

Source: Pevehouse, Nordstrom, McManus & Jamison (2020), Journal of Peace Research 57(3): 492-503,
doi:10.1177/0022343319881175.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

from multipolar import actors
from multipolar.errors import DataError
from multipolar.record import Coverage, Source
from multipolar.sources import files, who
from multipolar.sources.files import ROW
from multipolar.sources.model import Check, DataSource, Download, LeftOut, Parsed, Reference, mostly_used, rows_between
from multipolar.sources.spells import FIRST_DAY, open_ended, period, spells

BASE: Final = {"a": ("ccode",), "year": ("year",)}
LONG: Final = {**BASE, "igo": ("igo", "ioname"), "status": ("status",)}
COUNTS: Final = {
    **BASE,
    "full": ("sum_igo_full",),
    "associate": ("sum_igo_associate",),
    "observer": ("sum_igo_observer",),
    "any": ("sum_igo_anytype",),
}
NAMES: Final = {"igo": ("ioname",), "name": ("longorgname", "orgname")}
#: Files that say what an acronym stands for, if they lie beside the memberships.
NAME_FILES: Final = ("igo_names.csv", "igo_year_formatv3.csv")
#: Columns of the state-years that are no organisation.
OTHERS: Final = ("ccode", "year", "state", "country", "stateabb", "version")
#: The state-years inside the publisher's zip archive.
MEMBER: Final = "*state_year_formatv3.csv"
#: Status as the file has it -> our word and value (the values are those of the dossier).
STATUSES: Final = {1: ("full", 1.0), 2: ("associate", 0.5), 3: ("observer", 0.25)}
WORDS: Final = {"full membership": 1, "associate membership": 2} | {word: n for n, (word, _) in STATUSES.items()}
NONE: Final = {0: "not a member", -1: "the organisation did not exist", -9: "membership not known"}
#: Acronym -> our id and the years for which it is ours (None: as long as the organisation exists in our table).
OURS: Final[dict[str, tuple[str, int | None, int | None]]] = {
    "UN": ("UN", None, None), "NATO": ("NATO", None, None), "ECSC": ("EU", 1952, 1957), "EEC": ("EU", 1958, 1992),
    "EU": ("EU", 1993, None), "CSTO": ("CSTO", None, None), "CIS": ("CIS", None, None), "SCO": ("SCO", None, None),
    "ASEAN": ("ASEAN", None, None), "OAU": ("OAU", None, None), "AU": ("AU", None, None), "LOAS": ("LAS", None, None),
    "GCC": ("GCC", None, None), "MERCOSUR": ("MERCOSUR", None, None), "OPEC": ("OPEC", None, None),
    "ICC": ("ICC", None, None), "WPACT": ("WTO_PACT", None, None), "SEATO": ("SEATO", None, None),
    "CENTO": ("CENTO", None, None),
}  # fmt: skip
FIRST_YEAR: Final = 1816
LAST_YEAR: Final = 2014
KEY: Final = "cow-igo:3"
COUNTS_KEY: Final = "cow-igo-counts:3"
URL: Final = "https://correlatesofwar.org/data-sets/IGOs/"
CITATION: Final = (
    "Pevehouse, J. C. W., Nordstrom, T., McManus, R. W. & Jamison, A. S. (2020). Tracking Organizations in the World: "
    "The Correlates of War IGO Version 3.0 datasets. Journal of Peace Research 57(3): 492-503."
)
REFERENCES: Final = (
    Reference(
        key="pevehouse2020igo",
        kind="article",
        authors=("Pevehouse, Jon C. W.", "Nordstrom, Timothy", "McManus, Roseanne W.", "Jamison, Anne Spencer"),
        year=2020,
        title="Tracking organizations in the world: The Correlates of War IGO Version 3.0 datasets",
        container="Journal of Peace Research",
        volume="57",
        pages="492-503",
        doi="10.1177/0022343319881175",
    ),
)


def parse(path: Path) -> Parsed:
    """Read state-years (one column an organisation) or the list of memberships, as CSV or Parquet.

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code, year or status.
    """
    names = _header(path)
    if {"igo", "status"} <= {name.strip().lower() for name in names}:
        members, rows, left, known, last_year = _long(path)
    else:
        members, rows, left, known, last_year = _wide(path, names)
    named, lost = who.name_codes(members, path, ("a",), who.cow)
    each = _organisations(named).sort("status").unique(["a", "b", "year"], keep="first", maintain_order=True)
    runs = spells(each, ("a", "b", "status"), keep=("code_a", "igo"))
    cover = coverage(last_year, _vouched(known))
    return Parsed(
        frames={"tie": _statements(runs, last_year, _full_names(path))},
        sources=(_source(KEY, SOURCE),),
        coverage=cover,
        label=f"COW IGO, {path.name}",
        layout="state-years" if known.height else "memberships",
        rows=rows,
        left_out=(*lost, *left),
    )


def _header(path: Path) -> list[str]:
    if not files.is_parquet(path):
        return files.header_of(path, files.content(path, member=MEMBER))
    try:
        return list(pl.read_parquet_schema(path))
    except (pl.exceptions.PolarsError, OSError) as error:
        hint = "Download the file from its publisher again."
        raise DataError.bad_file(path, "a whole Parquet file", str(error).splitlines()[0], hint=hint) from None


def _read(path: Path, wanted: Mapping[str, tuple[str, ...]]) -> pl.DataFrame:
    read = (
        files.parquet(path, wanted)
        if files.is_parquet(path)
        else files.table(path, files.content(path, member=MEMBER), wanted)
    )
    frame = files.whole(files.given(read, path, "a", "year"), path, "a", 1, 999)
    return files.whole(frame, path, "year", FIRST_YEAR, date.today().year)


def _wide(path: Path, names: list[str]) -> tuple[pl.DataFrame, int, tuple[LeftOut, ...], pl.DataFrame, int]:
    """Cells that tell a membership, number of all cells, the others by what they say, what is known of whom, last year."""
    frame, orgs = _cells(path, names)
    total = {code: int(sum(frame.select((pl.col(orgs) == code).sum()).row(0))) for code in NONE}
    left = tuple(LeftOut(reason, total[code]) for code, reason in NONE.items() if total[code])
    members = frame.unpivot(on=orgs, index=["a", "year", ROW], variable_name="igo", value_name="status")
    known = frame.group_by("year").agg(map(_told, orgs)).unpivot(
        on=orgs, index="year", variable_name="igo", value_name="told"
    )  # fmt: skip
    return members.filter(pl.col("status") > 0), frame.height * len(orgs), left, known, _last(frame)


def _told(org: str) -> pl.Expr:
    """What a year says of an organisation: -1 it did not exist, 0 some state's status is not known, 1 all are."""
    absent, unknown = (pl.col(org) == -1).all(), (pl.col(org) == -9).any()
    return pl.when(absent).then(-1).when(unknown).then(0).otherwise(1).alias(org)


def _cells(path: Path, names: list[str]) -> tuple[pl.DataFrame, list[str]]:
    """The state-years with a whole number a cell; organisations in capitals."""
    orgs = {name.strip().upper(): (name,) for name in names if name.strip().lower() not in OTHERS}
    frame = files.once(_read(path, {**BASE, **orgs}), path, "a", "year")
    if "UN" not in orgs:
        came = f"{len(orgs)} other columns, none of them UN"
        hint = "Take state_year_formatv3.csv, not the file by organisation or by pair."
        raise DataError.bad_file(path, "a column for each organisation, the UN among them", came, hint=hint)
    known = [float(code) for code in (*STATUSES, *NONE)]
    good = pl.col(list(orgs)).cast(pl.Float64, strict=False).is_in(known).fill_null(False)
    whole = frame.select(good.all()).row(0, named=True)
    for name in (name for name, fine in whole.items() if not fine):
        bad = ~pl.col(name).cast(pl.Float64, strict=False).is_in(known).fill_null(False)
        files.refuse(frame, bad, path, name, f"one of {', '.join(f'{code:g}' for code in known)}")
    numbers = frame.with_columns(pl.col(list(orgs)).cast(pl.Float64).cast(pl.Int8))
    return numbers, list(orgs)


def _long(path: Path) -> tuple[pl.DataFrame, int, tuple[LeftOut, ...], pl.DataFrame, int]:
    frame = files.given(_read(path, LONG), path, "igo", "status")
    word = pl.col("status").str.strip_chars().str.to_lowercase()
    words = WORDS | {str(code): code for code in STATUSES}
    status = word.replace_strict(words, default=None, return_dtype=pl.Int8)
    files.refuse(
        frame.with_columns(code=status), pl.col("code").is_null(), path, "status", f"one of {', '.join(words)}"
    )
    files.refuse(frame, ~pl.col("igo").str.contains(r"^[A-Za-z0-9_]+$"), path, "igo", "the acronym of an organisation")
    members = files.once(frame.with_columns(pl.col("igo").str.to_uppercase(), status=status), path, "a", "year", "igo")
    nothing = pl.DataFrame(schema={"year": pl.Int32, "igo": pl.String, "told": pl.Int32})
    return members, members.height, (), nothing, _last(members)


def _last(frame: pl.DataFrame) -> int:
    return max(frame["year"].to_list(), default=FIRST_YEAR)


@cache
def _ours() -> pl.DataFrame:
    """Acronym, our id, and the years in which the one is the other."""
    rows = []
    for igo, (ours, first, last) in OURS.items():
        org = actors.organisation(ours)
        until = min(last or 9999, org.end.year if org.end else 9999)
        rows.append((igo, ours, max(first or 0, org.start.year), until))
    return pl.DataFrame(rows, schema=["igo", "ours", "since", "until"], orient="row")


def _organisations(frame: pl.DataFrame) -> pl.DataFrame:
    """Put our id of the organisation into column b, as of the row's year."""
    inside = pl.col("year").is_between(pl.col("since"), pl.col("until"))
    b = pl.when(inside).then(pl.col("ours")).otherwise(pl.format("IGO.{}", "igo"))
    return frame.join(_ours(), on="igo", how="left", maintain_order="left").with_columns(b=b).drop(
        "ours", "since", "until"
    )  # fmt: skip


def _full_names(path: Path) -> dict[str, str]:
    """Acronym -> name, from a file beside this one; empty if there is none."""
    beside = files.beside(path, *NAME_FILES)
    if beside is None:
        return {}
    frame = files.table(beside, files.content(beside), NAMES).drop_nulls()
    return dict(frame.select(pl.col("igo").str.to_uppercase(), "name").rows())


def _statements(runs: pl.DataFrame, last_year: int, names: Mapping[str, str]) -> pl.DataFrame:
    word = pl.col("status").replace_strict({n: word for n, (word, _) in STATUSES.items()}, return_dtype=pl.String)
    name = (
        pl.col("igo").replace_strict(names, default=pl.col("igo"), return_dtype=pl.String) if names else pl.col("igo")
    )
    span = period(pl.col("first"), pl.col("last"))
    return runs.select(
        "a", "b",
        kind=pl.lit("membership"),
        valid_from=FIRST_DAY,
        valid_to=open_ended(last_year),
        known_from=pl.date(pl.col("first"), 12, 31),
        source=pl.lit(KEY),
        locator=pl.format("row {}: {} in {} {}", "row", "code_a", "igo", span),
        original=pl.format("{} ({} membership)", "status", word),
        value=pl.col("status").replace_strict({n: v for n, (_, v) in STATUSES.items()}, return_dtype=pl.Float64),
        text=pl.format("{} membership: {}", word, name),
        ref="b",
    )  # fmt: skip


def _vouched(known: pl.DataFrame) -> list[tuple[date, date, tuple[str, ...]]]:
    """Spans of years in which every state's status in these organisations is known."""
    if known.is_empty():
        return []
    by_id = _organisations(known).filter(pl.col("told") >= 0).group_by("b", "year").agg(pl.col("told").min())
    full = by_id.filter(pl.col("told") == 1).with_columns(pl.lit(0).alias(ROW))
    runs = spells(full, ("b",)).group_by("first", "last").agg(pl.col("b").sort()).sort("first", "last")
    return [(date(first, 1, 1), date(last, 12, 31), tuple(ids)) for first, last, ids in runs.rows()]


def coverage(last_year: int, vouched: list[tuple[date, date, tuple[str, ...]]] | None = None) -> tuple[Coverage, ...]:
    """How far the file looked, and for which organisations and years a state that is not listed is no member."""
    whole = Coverage(
        KEY, "tie", "membership", (), "any", date(FIRST_YEAR, 1, 1), date(last_year, 12, 31), "missing",
        "states of the Correlates of War system; not every status of every year is known",
    )  # fmt: skip
    note = "organisations of which every state's status is known in these years"
    rows = (
        Coverage(KEY, "tie", "membership", ids, "b", first, last, "zero", note) for first, last, ids in vouched or []
    )
    return (whole, *rows)


def parse_counts(path: Path) -> Parsed:
    """Read the number of memberships by state and year, or count them in the state-years.

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code, year or number.
    """
    names = _header(path)
    if "sum_igo_full" in {name.strip().lower() for name in names}:
        frame = _read(path, COUNTS)
        for name in ("full", "associate", "observer", "any"):
            frame = files.whole(frame, path, name, 0, 999)
        frame = files.once(frame, path, "a", "year")
    else:
        cells, orgs = _cells(path, names)
        each = {word: pl.sum_horizontal((pl.col(orgs) == code).cast(pl.Int32)) for code, (word, _) in STATUSES.items()}
        frame = cells.select(ROW, "a", "year", **each).with_columns(
            any=pl.sum_horizontal("full", "associate", "observer")
        )
    named, lost = who.name_codes(frame, path, ("a",), who.cow)
    once = named.unique(["a", "year"], keep="first", maintain_order=True)
    twice = named.height - once.height
    lost = (*lost, LeftOut("a second code of the same state in that year", twice)) if twice else lost
    years = once["year"].to_list()
    return Parsed(
        frames={"trait": _counted(once)},
        sources=(_source(COUNTS_KEY, SOURCE_COUNTS),),
        coverage=(_counts_coverage(max(years, default=FIRST_YEAR)),),
        label=f"COW IGO counts, {path.name}",
        layout="counts",
        rows=frame.height,
        left_out=lost,
    )


def _counted(frame: pl.DataFrame) -> pl.DataFrame:
    end = pl.date(pl.col("year"), 12, 31)
    return frame.select(
        "a",
        kind=pl.lit("igo_memberships"),
        valid_from=pl.date(pl.col("year"), 1, 1),
        valid_to=end,
        known_from=end,
        source=pl.lit(COUNTS_KEY),
        locator=pl.format("row {}: {} {}", ROW, "code_a", "year"),
        original=pl.format("full {}, associate {}, observer {}, any {}", "full", "associate", "observer", "any"),
        value=(pl.col("full") + pl.col("associate")).cast(pl.Float64),
        unit=pl.lit("memberships"),
        text=pl.lit("intergovernmental organisations of which it is a full or associate member"),
    )


def _counts_coverage(last_year: int) -> Coverage:
    first, last = date(FIRST_YEAR, 1, 1), date(last_year, 12, 31)
    note = "states of the Correlates of War system, every year"
    return Coverage(COUNTS_KEY, "trait", "igo_memberships", (), "a", first, last, "missing", note)


def _source(key: str, about: DataSource) -> Source:
    note = "Yearly: days stand for the year. Ends 2014. Cells that are not known are no statements."
    return Source(key, about.publisher, about.title, None, URL, about.licence, CITATION, note)


def _members(organisation: str, year: int, number: int) -> Check:
    """A check of the number of full members of an organisation in a year."""

    def failure(parsed: Parsed) -> str | None:
        ties = parsed.frame("tie").filter(
            pl.col("b") == organisation, pl.col("value") == 1.0, pl.col("valid_from").dt.year() <= year,
            pl.col("valid_to").dt.year().fill_null(year) >= year,
        )  # fmt: skip
        return None if ties.height == number else f"{ties.height}"

    return Check(f"{organisation} {year}", f"{number} full members of {organisation} in {year}", failure)


def _count(state: str, year: int, low: int, high: int) -> Check:
    """A check of the number of memberships of a state in a year."""

    def failure(parsed: Parsed) -> str | None:
        got = (
            parsed.frame("trait")
            .filter(pl.col("a") == state, pl.col("valid_from").dt.year() == year)["value"]
            .to_list()
        )
        return None if len(got) == 1 and low <= got[0] <= high else f"{got}"

    return Check(f"{state} {year}", f"{low} to {high} memberships of {state} in {year}", failure)


_DOWNLOAD: Final = Download(
    "https://correlatesofwar.org/wp-content/uploads/state_year_formatv3.zip", "state_year_formatv3.zip", most=64 << 20
)

SOURCE: Final = DataSource(
    name="igo",
    publisher="Correlates of War Project",
    title="COW Intergovernmental Organizations v3, state-years",
    citation=CITATION,
    licence="Free with citation (COW terms).",
    redistributable=False,
    urls=(URL,),
    versions=("3",),
    coverage=coverage(LAST_YEAR),
    parse=parse,
    checks=(
        rows_between(15_557 * 534, 15_557 * 534, layout="state-years"),
        rows_between(538_965, 538_965, layout="memberships"),
        _members("NATO", 2014, 28),
        _members("SCO", 2014, 6),
        _members("EU", 1958, 6),
        _members("WTO_PACT", 1956, 8),
        _members("EU", 2014, 28),
    ),
    files=(
        "state_year_formatv3.csv",
        "state_year_formatv3.csv.gz",
        "state_year_formatv3.zip",
        "state_year_format3*.parquet",
        "igo_membership_long*.parquet",
    ),
    references=REFERENCES,
    downloads=(_DOWNLOAD,),
    by_hand="Download 'IGO Data' by state and year (state_year_formatv3.zip) and unpack state_year_formatv3.csv.",
)

SOURCE_COUNTS: Final = DataSource(
    name="igo-counts",
    publisher="Correlates of War Project",
    title="COW Intergovernmental Organizations v3, number of memberships by state and year",
    citation=CITATION,
    licence="Free with citation (COW terms).",
    redistributable=False,
    urls=(URL,),
    versions=("3",),
    coverage=(_counts_coverage(LAST_YEAR),),
    parse=parse_counts,
    checks=(
        rows_between(15_557, 15_557),
        mostly_used(0.98),
        _count("FRA", 2014, 90, 160),
        _count("USA", 1816, 0, 0),
    ),
    files=(
        "cow_igo_sy.csv",
        "cow_igo_sy.csv.gz",
        "state_year_formatv3.csv",
        "state_year_formatv3.csv.gz",
        "state_year_formatv3.zip",
    ),
    references=REFERENCES,
    downloads=(_DOWNLOAD,),
    by_hand="Download 'IGO Data' by state and year (state_year_formatv3.zip) and unpack state_year_formatv3.csv.",
)
