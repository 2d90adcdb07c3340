"""Sanctions of all senders from the Global Sanctions Data Base (GSDB), in its file of cases → ties with intervals.

A row is a case: who sanctioned whom, in which years, with which of six types (trade, arms, military, financial, travel,
other). Senders and targets are names, several in one cell between commas (names with a comma of their own, as ``Korea,
North``, are put together again). One statement a sender, target and run of consecutive years with the same types in force:
types that several cases impose in the same year count once. Its value is the number of types, its original their names,
its locator the cases. The statements have the form of those of the panel of G7 and EU senders (`sanctions`): take one of
the two, or the same measures stand in the record twice.

- **Organisations** as senders keep their own id (``EU``, also as the European Communities, ``UN``, ``LAS``, ``AU``, …), as
  they decided. A case against an organisation holds for each state that was a full member of it in the year.
- **Years.** A case is in force from 1 January of ``begin`` to 31 December of ``end``; one that ends in the last year of the
  release is open. A measure is known from the end of its first year.
- **Names** that stand for no actor (an armed group, a regional group that the table of actors does not have, a state that
  did not exist then) leave the case's other parties as they are; a case of which nobody is left is left out and counted.
- **Absence.** The data base lists what is in force: for every sender and target, nothing listed is none, unless the file
  holds a name that nothing here knows, which may be a state's.

Source: Felbermayr, Kirilakha, Syropoulos, Yalcin & Yotov (2020), European Economic Review 129, 103561,
doi:10.1016/j.euroecorev.2020.103561.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

import polars as pl

from multipolar import actors
from multipolar.record import Coverage, Source
from multipolar.sources import files, who
from multipolar.sources.files import ROW
from multipolar.sources.model import Check, DataSource, Download, LeftOut, Parsed, Reference, mostly_used, rows_between
from multipolar.sources.spells import FIRST_DAY, open_ended, period, spells

COLUMNS: Final = {
    "case": ("case_id",),
    "targets": ("sanctioned_state",),
    "senders": ("sanctioning_state",),
    "begin": ("begin",),
    "end": ("end",),
}
TYPES: Final = ("arms", "financial", "military", "other", "trade", "travel")
NULLS: Final = ("NA", "")
FIRST_YEAR: Final = 1949
#: What may follow a comma inside one name.
SUFFIXES: Final = frozenset({
    "the", "north", "south", "east", "west", "arab rep.", "islamic rep.", "islamic republic of", "dem. rep.", "rep.",
    "rb", "democratic republic of the", "democratic republic of", "republic of", "republic of the", "people's republic of",
    "federated states of", "fed. sts.", "pdr", "dem. people's rep.", "fyr", "bolivarian republic of", "republic",
})  # fmt: skip
#: Organisations as the data base calls them -> our id.
ORGANISATIONS: Final = {
    "EU": "EU", "European Union": "EU", "EEC": "EU", "EC": "EU", "European Community": "EU", "European Communities": "EU",
    "European Economic Community": "EU", "UN": "UN", "United Nations": "UN", "League of Arab States": "LAS",
    "Arab League": "LAS", "African Union": "AU", "AU": "AU", "Organization of African Unity": "OAU",
    "Organisation of African Unity": "OAU", "OAU": "OAU", "OPEC": "OPEC", "NATO": "NATO", "G7": "G7", "GCC": "GCC",
    "Gulf Cooperation Council": "GCC", "ASEAN": "ASEAN", "MERCOSUR": "MERCOSUR", "Mercosur": "MERCOSUR", "CIS": "CIS",
    "Warsaw Pact": "WTO_PACT", "SCO": "SCO", "EAEU": "EAEU",
}  # fmt: skip
#: Organisations among the senders that the table of actors does not have.
GROUPS: Final = frozenset({
    "African Development Bank", "Andean Community", "CARICOM", "Caribbean Community", "Commonwealth",
    "Commonwealth of Nations", "Council of Europe", "ECCAS", "ECOWAS", "EAC", "EFTA", "FIFA", "IGAD", "IMF",
    "International Monetary Fund", "Inter-American Development Bank", "NAFTA", "Nordic Council", "OAS", "OECD", "OECS",
    "OIC", "Organization of American States", "Economic Community of West African States", "SADC", "World Bank",
})  # fmt: skip
#: States that the data base calls otherwise than the table of actors does, the latest first.
STATES: Final[dict[str, str | tuple[str, ...]]] = {
    "Korea, North": "PRK", "Korea, South": "KOR", "Korea, Dem. People's Rep.": "PRK", "Korea, Rep.": "KOR",
    "Congo, Democratic Republic of the": "COD", "Congo, Dem. Rep.": "COD", "Congo, Rep.": "COG", "Congo, Republic of": "COG",
    "Congo": "COG", "Yemen, North": "YEM", "Yemen, South": "YMD", "Yemen, Rep.": "YEM", "Gambia, The": "GMB",
    "Bahamas, The": "BHS", "Iran, Islamic Rep.": "IRN", "Egypt, Arab Rep.": "EGY", "Venezuela, RB": "VEN",
    "Macedonia, FYR": "MKD", "Micronesia, Fed. Sts.": "FSM", "Ethiopia (excludes Eritrea)": "ETH",
    "Germany, East": "DDR", "Germany, West": "DEU", "Vietnam, North": "VNM", "Vietnam, South": "RVN", "USSR": "RUS",
    "Soviet Union": "RUS", "Russia": "RUS", "Yugoslavia": ("YUG", "SRB"), "Serbia": ("SRB", "YUG"), "Burma": "MMR",
    "Serbia and Montenegro": "YUG", "Czechoslovakia": "CSK", "Rhodesia": "ZWE", "Southern Rhodesia": "ZWE", "Zaire": "COD",
    "Ceylon": "LKA", "Malagasy Republic": "MDG", "Malaya": "MYS", "Transjordan": "JOR", "Swaziland": "SWZ",
}  # fmt: skip
KEY: Final = "gsdb:4"
URL: Final = "https://www.globalsanctionsdatabase.com/"
CITATION: Final = (
    "Felbermayr, G., Kirilakha, A., Syropoulos, C., Yalcin, E. & Yotov, Y. V. (2020). The Global Sanctions Data Base. "
    "European Economic Review 129, 103561. Cases, release 4 (1949-2023)."
)
_UNKNOWN: Final = "no sender or no target that is an actor in those years"

#: What the publisher asks to cite; the panel of G7 and EU senders rests on it too.
WORK: Final = Reference(
    key="felbermayr2020gsdb",
    kind="article",
    authors=(
        "Felbermayr, Gabriel",
        "Kirilakha, Aleksandra",
        "Syropoulos, Constantinos",
        "Yalcin, Erdal",
        "Yotov, Yoto V.",
    ),
    year=2020,
    title="The Global Sanctions Data Base",
    container="European Economic Review",
    volume="129",
    pages="103561",
    doi="10.1016/j.euroecorev.2020.103561",
)


def parse(path: Path) -> Parsed:
    """Read the file of cases (``GSDB_V4.csv``, also inside the publisher's zip archive).

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, a year or a flag is none, or a case ends before it begins.
    """
    frame = _read(path)
    names = pl.concat([_named(frame, side) for side in ("senders", "targets")])
    lost = names.filter(pl.col("actor").is_null())
    years = _years(frame, names)
    gone = frame.join(years, on="case", how="anti")
    last_year = max(frame["end"].to_list(), default=FIRST_YEAR)
    runs = spells(_together(years), ("a", "b", "types"), keep=("cases",))
    return Parsed(
        frames={"tie": _statements(runs, last_year)},
        sources=(_source(),),
        coverage=(coverage(last_year, sure=not _strange(lost)),),
        label=f"GSDB, {path.name}",
        layout="cases",
        rows=frame.height,
        left_out=(LeftOut(_UNKNOWN, gone.height, tuple(_examples(gone))),) if gone.height else (),
        remarks=_unknown(lost),
    )


def _read(path: Path) -> pl.DataFrame:
    data = files.content(path, member="*GSDB*.csv")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:  # the publisher's spreadsheet writes Windows' code page
        data = data.decode("cp1252", errors="replace").encode("utf-8")
    frame = files.table(path, data, COLUMNS | {name: (name,) for name in TYPES}, nulls=NULLS)
    frame = files.once(files.given(frame, path, "case", "targets", "senders"), path, "case")
    for name in ("begin", "end"):
        frame = files.whole(frame, path, name, FIRST_YEAR, date.today().year)
    files.refuse(frame, pl.col("end") < pl.col("begin"), path, "end", "a year not before begin")
    for name in TYPES:
        frame = files.whole(frame, path, name, 0, 1)
    files.refuse(frame, pl.sum_horizontal(TYPES) == 0, path, "trade", "at least one type of sanction")
    return frame


def split(cell: str) -> list[str]:
    """The names in a cell: ``Korea, North, Cuba`` → ``["Korea, North", "Cuba"]``."""
    found: list[str] = []
    for part in filter(None, (part.strip() for part in cell.split(","))):
        if found and part.lower() in SUFFIXES:
            found[-1] = f"{found[-1]}, {part}"
        else:
            found.append(part)
    return found


def _named(frame: pl.DataFrame, side: str) -> pl.DataFrame:
    """One row a case, year and actor on this side: case, year, side, name, actor (null where it is none)."""
    cells = frame.select("case", year=pl.int_ranges("begin", pl.col("end") + 1), cell=side)
    parts = pl.DataFrame([(cell, split(cell)) for cell in cells["cell"].unique().to_list()],
                         schema={"cell": pl.String, "name": pl.List(pl.String)}, orient="row")  # fmt: skip
    each = cells.join(parts, on="cell").explode("year", empty_as_null=False).explode("name", empty_as_null=False)
    pairs = each.select("name", "year").unique(maintain_order=True)
    found = [list(_actors(name, year, side == "targets")) for name, year in pairs.rows()]
    answers = pairs.with_columns(pl.Series("actor", found, pl.List(pl.String))).explode("actor", empty_as_null=True)
    columns = ["case", "year", "name", "actor", pl.lit(side).alias("side")]
    return each.join(answers, on=["name", "year"], how="left").select(columns)


def _actors(name: str, year: int, expand: bool) -> Iterable[str]:
    """The actors that a name stands for in a year; an organisation that is a target stands for its members."""
    org = ORGANISATIONS.get(name)
    if org is None:
        first, last = date(year, 1, 1), date(year, 12, 31)
        alive = [each for each in _states()(name) if who.lived(each, first, last)]
        late = [each for each in alive if who.lived(each, last, last)]
        return (late or alive)[:1]
    there = actors.organisation(org)
    if there.start.year > year or (there.end is not None and there.end.year < year):
        return ()
    return actors.members(org, min(date(year, 12, 31), there.end or date.max)) if expand else (org,)


@cache
def _states() -> who.Finder:
    return who.names(STATES)


def _years(frame: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """One row a case, year, sender and target."""
    known = names.drop_nulls("actor").unique(["case", "year", "side", "actor"], maintain_order=True)
    senders, targets = (
        known.filter(pl.col("side") == side).select("case", "year", pl.col("actor").alias(column))
        for side, column in (("senders", "a"), ("targets", "b"))
    )
    both = senders.join(targets, on=["case", "year"]).filter(pl.col("a") != pl.col("b"))
    return both.join(frame.select("case", ROW, *TYPES), on="case")


def _together(years: pl.DataFrame) -> pl.DataFrame:
    """One row a sender, target and year: the types in force by any case, and the cases."""
    flags = years.group_by("a", "b", "year", maintain_order=True).agg(
        pl.col(TYPES).max(), pl.col(ROW).min(), pl.col("case").unique(maintain_order=True).sort().alias("cases")
    )
    types = pl.concat_str(
        [pl.when(pl.col(name) == 1).then(pl.lit(name)) for name in TYPES], separator=", ", ignore_nulls=True
    )
    return flags.with_columns(types=types, cases=pl.col("cases").list.join(" ")).drop(TYPES)


def _statements(runs: pl.DataFrame, last_year: int) -> pl.DataFrame:
    number = pl.col("types").str.count_matches(", ") + 1
    span = period(pl.col("first"), pl.col("last"))
    return runs.select(
        "a", "b",
        kind=pl.lit("sanction"),
        valid_from=FIRST_DAY,
        valid_to=open_ended(last_year),
        known_from=pl.date(pl.col("first"), 12, 31),
        source=pl.lit(KEY),
        locator=pl.format("cases {}: {} on {} {}", "cases", "a", "b", span),
        original="types",
        value=number.cast(pl.Float64),
        unit=pl.lit("types of sanction"),
        text=pl.format("sanctions in force: {}", "types"),
    )  # fmt: skip


def _examples(gone: pl.DataFrame) -> list[str]:
    return gone.head(5).select(pl.format("case {}: {} on {}", "case", "senders", "targets")).to_series().to_list()


def _unknown(lost: pl.DataFrame) -> tuple[str, ...]:
    """The names that stand for no actor, the most frequent first."""
    if lost.is_empty():
        return ()
    cases = (
        lost.group_by("name")
        .agg(pl.col("case").n_unique().alias("cases"))
        .sort("cases", "name", descending=[True, False])
    )
    shown = ", ".join(f"{name} ({number})" for name, number in cases.head(12).rows())
    return (f"names that stand for no actor in some year of a case, with the number of cases: {shown}",)


def _strange(lost: pl.DataFrame) -> list[str]:
    """Names that nothing here knows: perhaps a state under another name, so that its silence means nothing."""
    names = lost["name"].unique().to_list()
    return [name for name in names if name not in GROUPS and name not in ORGANISATIONS and not _states()(name)]


def coverage(last_year: int, *, sure: bool = True) -> Coverage:
    """Every sender and target; absence is zero if every name in the file is known."""
    first, last = date(FIRST_YEAR, 1, 1), date(last_year, 12, 31)
    absence: Literal["zero", "missing"] = "zero" if sure else "missing"
    return Coverage(KEY, "tie", "sanction", (), "any", first, last, absence, "all senders and targets")


def _source() -> Source:
    note = "Yearly: days stand for the year. Cases that overlap are put together by sender, target and year."
    return Source(KEY, SOURCE.publisher, SOURCE.title, None, URL, SOURCE.licence, CITATION, note)


def _in_force(sender: str, target: str, year: int) -> Check:
    """A check that sanctions were in force in a year."""

    def failure(parsed: Parsed) -> str | None:
        ties = parsed.frame("tie").filter(
            pl.col("a") == sender, pl.col("b") == target, pl.col("valid_from").dt.year() <= year,
            pl.col("valid_to").dt.year().fill_null(year) >= year,
        )  # fmt: skip
        return None if ties.height else "none"

    return Check(f"{sender} on {target} {year}", f"sanctions of {sender} on {target} in {year}", failure)


SOURCE: Final = DataSource(
    name="gsdb",
    publisher="Global Sanctions Data Base (Felbermayr, Kirilakha, Syropoulos, Yalcin and Yotov)",
    title="Global Sanctions Data Base, cases",
    citation=CITATION,
    licence="Free for academic use, citation required; not to be redistributed.",
    redistributable=False,
    urls=(URL,),
    versions=("4",),
    coverage=(coverage(2023),),
    parse=parse,
    checks=(
        rows_between(700, 5_000),
        mostly_used(0.9),
        _in_force("USA", "CUB", 1965),
        _in_force("EU", "RUS", 2015),
        _in_force("UN", "IRQ", 1991),
    ),
    files=("GSDB_V*.csv", "GSDB*.csv", "gsdb_v*.csv", "gsdb_v*.zip", "Global_Sanctions_Data_Base*.csv"),
    references=(WORK,),
    downloads=(
        Download("https://www.lebow.drexel.edu/sites/default/files/2025-01/gsdb_v4.zip", "gsdb_v4.zip", most=256 << 20),
    ),
    by_hand="Ask for the data on the page of the data base; take the case-specific file (GSDB_V4.csv), not the dyadic one.",
)
