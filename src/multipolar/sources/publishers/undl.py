"""Voting records of the UN Digital Library, General Assembly and Security Council → vote statements.

**Layouts.** The library publishes one row a member state and resolution (``…_ga_voting.csv``, ``…_sc_voting.csv``); a
copy with one column a country, both bodies to December 2021, is in circulation too. All three are read. The library's
copies hold adopted resolutions only: votes on paragraphs, drafts that failed and vetoed drafts are not in them.

**Who.** The long files have a code for each member (and a few of their own for former ones: ``SUN``, ``GER``, ``SCG``);
a code nobody knows is looked up by the name beside it. The wide file has names as of their day. Misspelt columns
(``AY DENMARK``, ``CHILEs``) are read as the country they mean; ``DONOTKNOW`` means none and is left out. Who held the seat
is the dated table of UN members' to say: China's until 25 October 1971 was the government in Taipei. Where two cells of
one member contradict each other both are left out and named.

**What.** ``Y``, ``N`` and ``A`` are votes cast, ``X`` (not voting) is an absence: no vote, not an abstention. The library
counts a resolution of the Council adopted without a vote as ``Y`` of all. Yes, no and abstentions are recounted against
the published tally of each resolution: a file in which more than 1 % differ is refused, fewer are named.

**When, which.** Days are real days, and a vote is public on its day. A row with a year in place of a day is left out: the
same roll call in another data set could not be recognised. A roll call's id is the resolution's symbol without blanks,
so the same resolution from another source counts once; a record that repeats another cell by cell is left out.

Source: United Nations Dag Hammarskjöld Library, General Assembly Voting Data, https://digitallibrary.un.org/record/4060887,
and Security Council Voting Data, https://digitallibrary.un.org/record/4055387.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.errors import DataError
from multipolar.record import Coverage, Source
from multipolar.sources import files, rollcalls, who
from multipolar.sources.model import Check, DataSource, LeftOut, Parsed, Reference, mostly_used, rows_between

BEGIN: Final = date(1946, 1, 1)
#: The library's letters; the release of September 2024 writes NV for X.
CHOICES: Final = {"Y": "yes", "N": "no", "A": "abstain", "X": "absent", "NV": "absent"}
LONG: Final = {
    "record": ("undl_id",),
    "seat": ("ms_code", "ms_codes"),
    "name": ("ms_name", "ms_names"),
    "original": ("ms_vote", "ms_votes"),
    "day": ("date",),
    "symbol": ("resolution", "resolutions"),
    "yes": ("total_yes", "yes"),
    "no": ("total_no", "no"),
    "abstain": ("total_abstentions", "abstentions"),
    "text": ("title", "description"),
}
SUBJECTS: Final = {"issue": ("subjects",)}
WIDE: Final = {
    "council": ("Council",),
    "record": ("token",),
    "day": ("Date",),
    "symbol": ("Resolution",),
    "yes": ("YES COUNT",),
    "no": ("NO COUNT",),
    "abstain": ("ABSENT COUNT",),  # so named in the file; it counts abstentions
    "text": ("Title",),
}
#: Columns of the wide file that are neither of these nor a country.
OTHER: Final = ("total votes", "no-vote count", "link")
#: Column in which somebody did not know who voted.
NOBODY: Final = "DONOTKNOW"
#: What the wide file has where the symbol of the resolution is not known.
UNKNOWN: Final = "MISSING_DATA"
#: The library's codes of former members.
CODES: Final = {"SUN": "RUS", "GER": "DEU", "SCG": "YUG", "EAT": "TZA", "EAZ": "ZAN"}
FOLDED: Final = {"SRB": ("YUG",), "CZE": ("CSK",), "CHN": ("TWN",)}
#: Names of the wide file that the table of actors has otherwise, misspelt ones among them.
NAMES: Final[dict[str, str | tuple[str, ...]]] = {
    "CHINA": ("CHN", "TWN"),
    "SERBIA AND MONTENEGRO": "YUG",
    "SERBIAMONTENEGRO": "YUG",
    "GERMANY, FEDERAL REPUBLIC OF": "DEU",
    "LIBYAN ARAB REPUBLIC": "LBY",
    "KHMER REPUBLIC": "KHM",
    "DEMOCRATIC CAMPUCHEA": "KHM",
    "CENTRAL AFRICAN EMPIRE": "CAF",
    "CHILEs": "CHL",
    "FEDERATION OF MALAYA": "MYS",
    "TANGANYIKA": "TZA",
    "ZANZIBAR": "ZAN",
    "BOLIVIA (PLURINATIOANL STATE OF)": "BOL",
    "BOLIVIA (PLUNATIONAL STATE OF)": "BOL",
    "SIAM": "THA",
    "REPULIC OF MOLDOVA": "MDA",
    "PHILIPPINE REPUBLIC": "PHL",
    "TKAZAKHSTAN": "KAZ",
    "CONGO (DEMOCRATIC REPUBLIC OF)": "COD",
}
#: Roll calls whose cells may differ from the published tally before the file is refused.
DIFFERENT: Final = 0.01
TITLES: Final = {"UNGA": "General Assembly Voting Data", "UNSC": "Security Council Voting Data"}
URLS: Final = {
    "UNGA": "https://digitallibrary.un.org/record/4060887",
    "UNSC": "https://digitallibrary.un.org/record/4055387",
}
PUBLISHER: Final = "United Nations, Dag Hammarskjöld Library"
LICENCE: Final = "Copyright United Nations; non-commercial use with attribution."
ADOPTED: Final = "adopted resolutions only; votes on paragraphs, failed and vetoed drafts are not there"


@dataclass(frozen=True)
class _Cells:
    """What a layout comes down to: cells with the columns of the roll call, seats to actors, and what was left out."""

    frame: pl.DataFrame
    seats: dict[str, tuple[str, ...]]
    left: tuple[LeftOut, ...]
    layout: str


def parse(path: Path) -> Parsed:
    """Read the library's long file of either body, or the wide file of both; the header tells which.

    Raises
    ------
    DataError
        If the file is damaged or of neither layout, a cell is no vote, day, number or known member, or the cells do not
        add up to the published tallies.
    """
    data = files.content(path)
    header = files.header_of(path, data)
    cells = _wide(path, data, header) if "Council" in header else _long(path, data)
    frame, undated = _dated(cells.frame.with_columns(symbol=_symbol()), path)
    calls, differing = _calls(frame, path)
    cast = frame.join(calls.select("call", "record"), on="record").with_columns(**{"from": "date", "to": "date"})
    cast, repeated = _without_repeats(cast)
    votes, unseated = rollcalls.seated(cast, who.holders(cells.seats, "UN"))
    left = (*cells.left, undated, repeated, *unseated)
    statements = rollcalls.statements(votes, _told(calls, cells.layout))
    return Parsed(
        frames={"vote": statements},
        sources=tuple(_source(path, cells.layout, *each) for each in _ends(calls)),
        coverage=tuple(_coverage(cells.layout, *each) for each in _ends(calls)),
        label=f"UN Digital Library voting data, {path.name}",
        layout=cells.layout,
        rows=cells.frame.height + sum(item.rows for item in cells.left),
        left_out=tuple(item for item in left if item.rows),
        remarks=differing,
    )


def _long(path: Path, data: bytes) -> _Cells:
    frame = files.table(path, data, LONG, optional=SUBJECTS)
    frame = _choices(files.given(frame, path, "record", "seat", "day", "symbol"), path)
    named = frame.select("seat", "name").unique().sort("seat", "name", nulls_last=True)
    names: dict[str, list[str]] = {}
    for code, name in named.rows():
        names.setdefault(code, []).append(name or "")
    by_code, by_name = who.iso3(FOLDED), who.names(NAMES)

    def find(code: str) -> tuple[str, ...]:
        found = by_code(CODES.get(code, code))
        return tuple(dict.fromkeys(found or (id for name in names[code] for id in by_name(name))))

    security = frame["symbol"].str.starts_with("S/").all()
    frame = frame.drop("name").with_columns(issue=_slugs("issue"), kind=pl.lit("UNSC" if security else "UNGA"))
    return _Cells(frame, who.seats(names, path, find), (), "long SC" if security else "long GA")


def _slugs(column: str) -> pl.Expr:
    """Subject terms as words with hyphens and spaces between: ``ARMS | SPACE LAW`` becomes ``arms space-law``."""
    terms = pl.col(column).str.to_lowercase().str.replace_all(r"\s*[|;]\s*", "\n")
    return terms.str.replace_all(r"[^a-z0-9\n]+", "-").str.replace_all(r"-*\n-*", " ").str.strip_chars("- ")


def _wide(path: Path, data: bytes, header: list[str]) -> _Cells:
    """Cells of the wide file: its country columns are numbered first, for some differ by a blank or by case only."""
    meta = {name: ours for ours, name in files.columns(path, header, WIDE).items()}
    other = [name not in meta and name.strip().lower() not in OTHER for name in header]
    labels = {f"seat{number}": name for number, name in enumerate(header) if other[number]}
    numbered = [f"seat{number}" if other[number] else name for number, name in enumerate(header)]
    line = ",".join(f'"{name}"' for name in numbered).encode()
    rest = data[data.find(b"\n") :] if b"\n" in data else b""
    frame = files.table(path, line + rest, WIDE | {label: (label,) for label in labels})
    known = pl.col("council").replace_strict({"General Assembly": "UNGA", "Security Council": "UNSC"}, default=None)
    files.refuse(frame, known.is_null(), path, "council", "General Assembly or Security Council")
    frame = files.given(files.once(frame, path, "record"), path, "record", "day", "symbol")
    cells = frame.with_columns(kind=known, issue=pl.lit(None, pl.String)).unpivot(
        index=[files.ROW, *(name for name in WIDE if name != "council"), "kind", "issue"],
        on=list(labels),
        variable_name="seat",
        value_name="original",
    )
    cells = _choices(cells.drop_nulls("original").with_columns(pl.col("seat").replace_strict(labels)), path)
    nobody = cells.filter(pl.col("seat") == NOBODY)
    find = who.names(NAMES)
    seats = who.seats([name for name in labels.values() if name != NOBODY], path, lambda name: find(_spelt(name)))
    where = tuple(nobody["symbol"].head(5).to_list())
    left = LeftOut("a column that does not know who voted", nobody.height, where)
    return _Cells(cells.filter(pl.col("seat") != NOBODY), seats, (left,) if left.rows else (), "wide")


def _spelt(name: str) -> str:
    """A column's name without the blanks and stray letters before and after it."""
    return re.sub(r"^(AY|Aa) ", "", name.strip()).replace("’", "'")


def _choices(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    choice = pl.col("original").replace_strict(CHOICES, default=None, return_dtype=pl.String)
    bad = frame.filter(choice.is_null()).sort(files.ROW).head(1)
    if bad.height:
        expected = "Y yes, N no, A abstention or X not voting"
        hint = "Download the file from its publisher again."
        raise DataError.bad_row(path, bad[files.ROW][0], bad["seat"][0], expected, bad["original"][0], hint=hint)
    return frame.with_columns(choice=choice)


def _symbol() -> pl.Expr:
    """The resolution's symbol without blanks, or one made of the record's number where the file has none."""
    organ = pl.col("kind").replace_strict({"UNGA": "A", "UNSC": "S"})
    made = pl.format("{}/record/{}", organ, "record")
    return pl.when(pl.col("symbol") == UNKNOWN).then(made).otherwise(pl.col("symbol").str.replace_all(r"\s", ""))


def _dated(frame: pl.DataFrame, path: Path) -> tuple[pl.DataFrame, LeftOut]:
    """The cells with a day, and an account of those with a year only."""
    year_only = pl.col("day").str.contains(r"^\d{4}$")
    some = frame.filter(year_only)
    examples = tuple(some["symbol"].unique().sort().head(5).to_list())
    dated = files.day(frame.filter(~year_only), path, "day").rename({"day": "date"})
    outside = ~pl.col("date").is_between(BEGIN, date.today())
    files.refuse(dated, outside, path, "date", f"a day from {BEGIN} to today")
    return dated, LeftOut("a year in place of the day", some.height, examples)


def _calls(frame: pl.DataFrame, path: Path) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Roll calls, one row a record, and a remark on those whose cells do not add up to the published tally."""
    counted = frame.group_by("record", maintain_order=True).agg(
        pl.col(files.ROW, "symbol", "date", "kind", "text", "issue", "yes", "no", "abstain").first(),
        *((pl.col("choice") == choice).sum().alias(f"got_{choice}") for choice in ("yes", "no", "abstain")),
    )
    for name in ("yes", "no", "abstain"):
        counted = files.whole(counted, path, name, 0, 300, null=True)
    different = [(pl.col(name).fill_null(0) != pl.col(f"got_{name}")) for name in ("yes", "no", "abstain")]
    wrong = counted.filter(pl.any_horizontal(different))
    what = f"{wrong.height:,} of {counted.height:,} roll calls differ from their published tally"
    if wrong.height > max(DIFFERENT * counted.height, 1):
        hint = f"Download it again from {URLS['UNGA']}; the first is {wrong['symbol'][0]}, line {wrong[files.ROW][0]}."
        raise DataError.bad_file(path, "votes that add up to the published tallies", what, hint=hint)
    named = f"{what}: {', '.join(wrong['symbol'].head(10))}"
    return counted.with_row_index("call"), (named,) if wrong.height else ()


def _without_repeats(cells: pl.DataFrame) -> tuple[pl.DataFrame, LeftOut]:
    """Without records that repeat another of the same symbol, cell by cell."""
    doubtful = cells.filter(pl.col("record").n_unique().over("symbol") > 1).sort("seat")
    ballots = doubtful.group_by("symbol", "call").agg(ballot=pl.format("{} {}", "seat", "choice").str.join("|"))
    again = ballots.sort("call").filter(~pl.struct("symbol", "ballot").is_first_distinct())
    lost = cells.filter(pl.col("call").is_in(again["call"].to_list()))
    label = tuple(again["symbol"].head(5).to_list())
    return cells.join(again, on="call", how="anti"), LeftOut("the same roll call again", lost.height, label)


def _told(calls: pl.DataFrame, layout: str) -> pl.DataFrame:
    """Roll calls as `rollcalls.statements` wants them; a symbol of two roll calls is told apart by the record's number."""
    several = pl.col("symbol").is_duplicated() & ~pl.col("symbol").is_first_distinct()
    keys = {kind: _key(kind, layout, last) for kind, _, last in _ends(calls)}
    return calls.select(
        "call",
        "kind",
        "issue",
        source=pl.col("kind").replace_strict(keys, return_dtype=pl.String),
        rollcall=pl.when(several).then(pl.format("{}#{}", "symbol", "record")).otherwise("symbol"),
        text=pl.coalesce("text", "symbol"),
        place=pl.format("record {}, {}", "record", "symbol"),
    )


def _ends(calls: pl.DataFrame) -> list[tuple[str, date, date]]:
    """Body, first and last day."""
    ends = calls.group_by("kind").agg(pl.col("date").min().alias("first"), pl.col("date").max().alias("last"))
    return ends.sort("kind").rows()


def _key(kind: str, layout: str, last: date) -> str:
    return f"undl-{kind.removeprefix('UN').lower()}{'-wide' if layout == 'wide' else ''}:{last}"


def _coverage(layout: str, kind: str, first: date, last: date) -> Coverage:
    """Recorded votes on adopted resolutions: a roll call or a voter that is not there says nothing."""
    return Coverage(_key(kind, layout, last), "vote", kind, (), "a", first, last, "missing", ADOPTED)


def _source(path: Path, layout: str, kind: str, first: date, last: date) -> Source:
    note = f"{ADOPTED[0].upper()}{ADOPTED[1:]}. Roll calls {first} to {last}."
    released = _released(path) if layout != "wide" else None
    key, title = _key(kind, layout, last), TITLES[kind]
    return Source(key, PUBLISHER, title, released, URLS[kind], LICENCE, _citation(kind), note)


def _released(path: Path) -> date | None:
    """The day in the library's file name, as ``2025_9_19_ga_voting.csv``."""
    found = re.match(r"(\d{4})_(\d{1,2})_(\d{1,2})_", path.name)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _citation(kind: str) -> str:
    return f"United Nations Dag Hammarskjöld Library (2024-). {TITLES[kind]}. United Nations, {URLS[kind]}."


def _tally(symbol: str, expected: tuple[int, int, int]) -> Check:
    """A check that a resolution has its official tally after the cells found their members."""

    def failure(parsed: Parsed) -> str | None:
        votes = parsed.frame("vote").filter(pl.col("rollcall") == symbol)
        got = dict(rollcalls.tallies(votes)).get(symbol)
        return None if got == expected else f"{got or 'no such roll call'}"

    yes, no, abstain = expected
    return Check(f"tally of {symbol}", f"{yes} yes, {no} no, {abstain} abstentions on {symbol}", failure)


def _voters(kind: str, most: int) -> Check:
    """A check that no roll call of a body has more cells than the body has seats."""

    def failure(parsed: Parsed) -> str | None:
        votes = parsed.frame("vote").filter(pl.col("kind") == kind)
        got = max(votes.group_by("rollcall").len()["len"].to_list(), default=0)
        return None if got <= most else f"{got} on one roll call"

    return Check(f"voters {kind}", f"at most {most} members on any roll call", failure)


_GA: Final = (
    _tally("A/RES/68/262", (100, 11, 58)),
    _tally("A/RES/67/19", (138, 9, 41)),
    _voters("UNGA", 193),
    mostly_used(0.99),
)
_SC: Final = (
    _tally("S/RES/678(1990)", (12, 2, 1)),
    _tally("S/RES/2334(2016)", (14, 0, 1)),
    _voters("UNSC", 15),
    mostly_used(0.99),
)


def _reference(kind: str) -> Reference:
    key = f"undl{kind[2:].lower()}"
    return Reference(key, "misc", ("{UN Dag Hammarskjöld Library}",), 2024, TITLES[kind], PUBLISHER, url=URLS[kind])


def _by_hand(kind: str, file: str) -> str:
    return f"Open {URLS[kind]} in a browser (the site asks whether you are one) and download the newest {file} under Files."


SOURCE_GA: Final = DataSource(
    name="undl-ga",
    publisher=PUBLISHER,
    title=TITLES["UNGA"],
    citation=_citation("UNGA"),
    licence=LICENCE,
    redistributable=False,
    urls=(URLS["UNGA"],),
    versions=("2024-09-12 to 2026-02-06",),
    coverage=(_coverage("long GA", "UNGA", date(1946, 1, 26), date(2025, 12, 30)),),
    parse=parse,
    checks=(rows_between(880_000, 1_300_000), *_GA),
    files=("*_ga_voting.csv", "*_ga_voting.csv.gz", "*_ga_resolutions_voting.csv"),
    references=(_reference("UNGA"),),
    by_hand=_by_hand("UNGA", "…_ga_voting.csv"),
)
SOURCE_SC: Final = DataSource(
    name="undl-sc",
    publisher=PUBLISHER,
    title=TITLES["UNSC"],
    citation=_citation("UNSC"),
    licence=LICENCE,
    redistributable=False,
    urls=(URLS["UNSC"],),
    versions=("2024-06-30 to 2026-02-06",),
    coverage=(_coverage("long SC", "UNSC", date(1946, 1, 25), date(2026, 1, 30)),),
    parse=parse,
    checks=(rows_between(38_000, 70_000), *_SC),
    files=("*_sc_voting.csv", "*_sc_voting.csv.gz"),
    references=(_reference("UNSC"),),
    by_hand=_by_hand("UNSC", "…_sc_voting.csv"),
)
SOURCE_WIDE: Final = DataSource(
    name="undl-2021",
    publisher=PUBLISHER,
    title="Voting data of General Assembly and Security Council to 2021, one column a country",
    citation="United Nations Dag Hammarskjöld Library, voting records to 2021, https://digitallibrary.un.org/.",
    licence=LICENCE,
    redistributable=False,
    urls=("https://digitallibrary.un.org/", *URLS.values()),
    versions=("to 2021-12-30",),
    coverage=(
        _coverage("wide", "UNGA", date(1946, 1, 26), date(2021, 12, 24)),
        _coverage("wide", "UNSC", date(1946, 1, 25), date(2021, 12, 30)),
    ),
    parse=parse,
    checks=(rows_between(800_000, 1_100_000), *_GA[:-1], *_SC),
    files=("un_ga_sc_votes_to_2021.csv.gz", "UN DATA.csv"),
    references=(_reference("UNGA"), _reference("UNSC")),
    by_hand=(
        "This copy, called UN DATA.csv, was made by others and is no longer updated: take the library's own long files "
        "(sources undl-ga and undl-sc) if you have no copy of it."
    ),
)
