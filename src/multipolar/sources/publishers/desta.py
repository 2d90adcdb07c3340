"""Preferential trade agreements from DESTA: treaties and their parties → ties between each pair of parties.

One statement a treaty and pair of parties, from 1 January of the year in which it entered into force for both; a treaty is
told by DESTA's number (``ref``), so two states may be bound by several. Two layouts are read:

- **dyads** (the publisher's ``desta_list_of_treaties_02_03_dyads.csv``): one row a pair and entry. Accessions, protocols
  and consolidated texts carry their treaty's number (``base_treaty``); the earliest entry into force counts. Where
  ``desta_dyadic_withdrawal*.csv`` lies beside it, a tie ends with the year before the year of the withdrawal. Where
  ``desta_indices_version*.csv`` lies beside it, the value is the depth index (0 to 7) of the treaty, else there is none.
- **parties** (repackaged by manytreaties): one row a party and entry, with the treaties' types in a file beside it
  (``desta_agreements*.csv``). Parties are paired here. In a treaty between a bloc and outsiders (type External or
  Interregional), states on the same side are not paired: the outsiders are the parties that the title names; where it
  names none or all, the sides are the members of the European Union then and the others; where that tells nobody apart,
  all are paired.

Rows without a year of entry into force (signed, or under negotiation) are no ties. A treaty is known from the end of the
year in which it entered into force for the pair. Neither layout says when a treaty was replaced by another, so a tie that
no withdrawal ends is open as far as the file reaches.

Source: Dür, Baccini & Elsig (2014), The Review of International Organizations 9(3): 353-375,
doi:10.1007/s11558-013-9179-8.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from multipolar.sources.model import Check, DataSource, Download, LeftOut, Parsed, Reference, rows_between

PARTIES: Final = {
    "party": ("stateID",),
    "treaty": ("destaID",),
    "title": ("Title",),
    "force": ("Force",),
    "name": ("StateName",),
}
TYPES: Final = {"treaty": ("destaID",), "type": ("TypeAmbit",)}
DYADS: Final = {
    "a": ("iso1",),
    "b": ("iso2",),
    "treaty": ("base_treaty",),
    "number": ("number",),
    "title": ("name",),
    "force": ("entryforceyear",),
}
WITHDRAWALS: Final = {"a": ("iso1",), "b": ("iso2",), "treaty": ("base_treaty",), "left": ("year",)}
INDICES: Final = {"number": ("number",), "treaty": ("base_treaty",), "depth": ("depth_index",)}
NULLS: Final = ("NA", "")
#: Names of parties to whom the repackaged file gives no code.
NO_CODE: Final = {"Kosovo": "XKX", "Netherlands Antilles": "ANT"}
FOLDED: Final = {"SRB": ("YUG",), "CZE": ("CSK",)}
#: How titles call a party whose name they do not give as the list of parties does.
TITLE_NAMES: Final = {
    "United Kingdom": "UK", "United States": "US", "South Korea": "Korea", "Vietnam": "Viet Nam",
    "Russia": "Russian Federation", "North Macedonia": "Macedonia", "Côte d’Ivoire": "Cote DIvoire",
    "Bosnia & Herzegovina": "Bosnia And Herzegovina", "Czechia": "Czech", "Hong Kong SAR China": "Hong Kong",
    "Macao SAR China": "Macao", "Palestinian Territories": "Palestinian Authority",
}  # fmt: skip
#: Territories among the parties: alpha-3 and numeric ISO codes.
TERRITORIES: Final = {
    "ABW": 533, "AIA": 660, "ALA": 248, "ANT": 530, "ATF": 260, "BMU": 60, "CUW": 531, "CYM": 136, "ESH": 732, "FLK": 238,
    "FRO": 234, "GGY": 831, "GIB": 292, "GLP": 312, "GRL": 304, "GUF": 254, "GUM": 316, "HKG": 344, "IMN": 833,
    "IOT": 86, "JEY": 832, "MAC": 446, "MSR": 500, "MTQ": 474, "MYT": 175, "NCL": 540, "NIU": 570, "PCN": 612, "PRI": 630,
    "PYF": 258, "REU": 638, "SGS": 239, "SHN": 654, "SPM": 666, "SXM": 534, "TCA": 796, "TKL": 772, "VGB": 92, "WLF": 876,
}  # fmt: skip
#: Numeric codes that DESTA uses beside those of ISO 3166-1.
NUMERIC: Final = {900: ("XKX",), 729: ("SDN",), 736: ("SDN",), 891: ("YUG", "SRB"), 688: ("SRB", "YUG")}
FIRST_YEAR: Final = 1945
LAST_YEAR: Final = 2021
KEY: Final = "desta:02.03"
KEY_PARTIES: Final = "desta-parties:2021"
URL: Final = "https://www.designoftradeagreements.org/downloads/"
MEDIA: Final = "https://www.designoftradeagreements.org/media/filer_public/"
CITATION: Final = (
    "Dür, A., Baccini, L. & Elsig, M. (2014). The Design of International Trade Agreements: Introducing a New Dataset. "
    "The Review of International Organizations 9(3): 353-375. Data: DESTA."
)
_NEVER: Final = "no year of entry into force: signed, or under negotiation"
_LATER: Final = "a later entry of a treaty that already binds them"


def parse(path: Path) -> Parsed:
    """Read DESTA's dyads, or the list of parties.

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no country or year; or the file of types is not beside
        the list of parties.
    """
    data = _text(path)
    header = {name.strip().lower() for name in files.header_of(path, data)}
    dyads = "iso1" in header
    ties, rows, left, last_year = _dyads(path, data) if dyads else _parties(path, data)
    key = KEY if dyads else KEY_PARTIES
    return Parsed(
        frames={"tie": _statements(ties, key)},
        sources=(_source(key),),
        coverage=(coverage(key, last_year),),
        label=f"DESTA, {path.name}",
        layout="dyads" if dyads else "parties",
        rows=rows,
        left_out=left,
        remarks=() if dyads else ("the list of parties has no withdrawals: a tie that ended is not closed",),
    )


def _text(path: Path) -> bytes:
    """The file in UTF-8; the publisher writes Latin-1."""
    data = files.content(path)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1").encode("utf-8")
    return data


def _dyads(path: Path, data: bytes) -> tuple[pl.DataFrame, int, tuple[LeftOut, ...], int]:
    """Ties from the publisher's pairs."""
    frame = files.given(files.table(path, data, DYADS, nulls=NULLS), path, "a", "b", "treaty", "number")
    frame = files.whole(frame, path, "force", FIRST_YEAR, date.today().year, null=True).rename({"force": "year"})
    never = frame.filter(pl.col("year").is_null())
    territories = {str(number): "a territory, no state" for number in TERRITORIES.values()}
    codes = pl.col("a", "b").str.strip_suffix(".0").str.strip_chars_start("0")
    named, lost = who.name_codes(
        frame.filter(pl.col("year").is_not_null()).with_columns(codes), path, ("a", "b"), numeric, territories
    )
    paired = named.with_columns(a=pl.min_horizontal("a", "b"), b=pl.max_horizontal("a", "b")).sort("year", ROW)
    ties = paired.unique(["a", "b", "treaty"], keep="first", maintain_order=True)
    ties = _with_depth(_with_ends(ties, path), path)
    left = _account(never.height, named.height - ties.height, lost)
    return ties, frame.height, left, max(frame["year"].drop_nulls().to_list(), default=LAST_YEAR)


@cache
def numeric(code: str) -> tuple[str, ...]:
    """Actors that an ISO numeric code ever stood for, the latest first."""
    if not code.isdigit():
        return ()
    if int(code) in NUMERIC:
        return NUMERIC[int(code)]
    found = {
        id: spell.start
        for id, actor in actors.actors().items() if actor.kind == "state"
        for spell in actor.spells if spell.codes.iso_numeric == int(code)
    }  # fmt: skip
    return tuple(sorted(found, key=lambda id: found[id], reverse=True))


def _with_ends(ties: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Put the last year into column until: the one before a withdrawal."""
    beside = files.beside(path, "desta_dyadic_withdrawal*.csv*")
    if beside is None:
        return ties.with_columns(until=pl.lit(None, pl.Int32))
    frame = files.given(
        files.table(beside, _text(beside), WITHDRAWALS, nulls=NULLS), beside, "a", "b", "treaty", "left"
    )
    frame = files.whole(frame, beside, "left", FIRST_YEAR, date.today().year)
    codes = pl.col("a", "b").str.strip_suffix(".0").str.strip_chars_start("0")
    gone = frame.with_columns(codes)
    gone = pl.concat([gone, gone.with_columns(a="b", b="a")]).group_by("a", "b", "treaty").agg(pl.col("left").min())
    gone = gone.rename({"a": "code_a", "b": "code_b"})
    until = pl.when(pl.col("left") > pl.col("year")).then(pl.col("left") - 1).otherwise(pl.col("left"))
    return ties.join(gone, on=["code_a", "code_b", "treaty"], how="left", maintain_order="left").with_columns(
        until=until
    )


def _with_depth(ties: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Put the depth index of the entry, or else of its treaty, into column depth."""
    beside = files.beside(path, "desta_indices*.csv*")
    if beside is None:
        return ties.with_columns(depth=pl.lit(None, pl.Float64))
    frame = files.decimal(files.table(beside, _text(beside), INDICES, nulls=NULLS), beside, "depth", 0, 10, null=True)
    own = frame.drop_nulls("depth").unique("number", keep="first").select("number", own="depth")
    base = frame.filter(pl.col("number") == pl.col("treaty")).unique("treaty").select("treaty", base="depth")
    both = ties.join(own, on="number", how="left", maintain_order="left")
    return both.join(base, on="treaty", how="left", maintain_order="left").with_columns(
        depth=pl.coalesce("own", "base")
    )  # fmt: skip


def _parties(path: Path, data: bytes) -> tuple[pl.DataFrame, int, tuple[LeftOut, ...], int]:
    """Ties from the list of parties and the treaties' types."""
    frame = files.given(files.table(path, data, PARTIES, nulls=NULLS), path, "treaty", "title", "name")
    code = pl.coalesce("party", pl.col("name").replace_strict(NO_CODE, default=None, return_dtype=pl.String))
    frame = files.given(frame.with_columns(party=code), path, "party")
    frame = files.whole(frame, path, "force", FIRST_YEAR, date.today().year, null=True).rename({"force": "year"})
    frame = _sides(frame.join(_types(path), on="treaty", how="left", maintain_order="left"))
    never = frame.filter(pl.col("year").is_null())
    lacking = dict.fromkeys(TERRITORIES, "a territory, no state")
    named, lost = who.name_codes(
        frame.filter(pl.col("year").is_not_null()), path, ("party",), who.iso3(FOLDED), lacking
    )
    first = named.sort("year", ROW).unique(["party", "treaty"], keep="first", maintain_order=True)
    ties = _pairs(first)
    lonely = first.join(pl.concat([ties.select("treaty", party="a"), ties.select("treaty", party="b")]).unique(),
                        on=["treaty", "party"], how="anti").height  # fmt: skip
    left = _account(never.height, named.height - first.height, lost)
    alone = (LeftOut("no other party that it could be paired with", lonely),) if lonely else ()
    return ties, frame.height, (*left, *alone), max(frame["year"].drop_nulls().to_list(), default=LAST_YEAR)


def _types(path: Path) -> pl.DataFrame:
    beside = files.beside(path, "desta_agreements*.csv*")
    if beside is None:
        hint = "Put the list of agreements into the same folder, or take the publisher's own file of dyads."
        raise DataError.bad_file(path, "desta_agreements*.csv beside it", "no such file", hint=hint)
    frame = files.given(files.table(beside, _text(beside), TYPES, nulls=NULLS), beside, "treaty")
    return frame.unique("treaty", keep="first", maintain_order=True).select("treaty", "type")


def _pairs(parties: pl.DataFrame) -> pl.DataFrame:
    """Each pair of parties of a treaty that stand on different sides of it, from the year that binds both."""
    columns = ["treaty", "party", "year", "side", "title", ROW]
    both = parties.select(columns).join(parties.select(columns), on="treaty", suffix="_b").filter(
        pl.col("party") < pl.col("party_b"), (pl.col("side") != pl.col("side_b")) | pl.col("side").is_null()
    )  # fmt: skip
    later = pl.max_horizontal("year", "year_b")
    alive = both.with_columns(year=later, a=pl.col("party"), b=pl.col("party_b"), code_a="party", code_b="party_b")
    return alive.with_columns(until=pl.lit(None, pl.Int32), depth=pl.lit(None, pl.Float64)).sort("treaty", "a", "b")


def _sides(parties: pl.DataFrame) -> pl.DataFrame:
    """Put the side into column side: null where all parties of a treaty are bound to each other.

    Territories count here, though they are no actors: the treaty of a bloc with one binds no two states to each other.
    """
    called = pl.col("name").replace(TITLE_NAMES)
    title = pl.format(" {} ", pl.col("title").str.replace_all(r"[^\p{L}\p{N}' -]", " "))
    outside = title.str.contains(pl.format(" {} ", "name"), literal=True) | title.str.contains(
        pl.format(" {} ", called), literal=True
    )
    years = parties.select("party", "year").drop_nulls().unique().rows()
    union = [(party, year, party in _union(year)) for party, year in years]
    inside = pl.DataFrame(union, schema={"party": pl.String, "year": pl.Int32, "inside": pl.Boolean}, orient="row")
    frame = parties.with_columns(outside=outside).join(inside, on=["party", "year"], how="left", maintain_order="left")
    across = pl.col("type").is_in(["External", "Interregional"]).fill_null(False)

    def split(column: str) -> pl.Expr:
        return pl.col(column).any().over("treaty") & ~pl.col(column).all().over("treaty")

    side = pl.when(split("outside")).then("outside").when(split("inside")).then("inside")
    return frame.with_columns(side=pl.when(across).then(side))


@cache
def _union(year: int) -> Sequence[str]:
    return actors.members("EU", date(year, 12, 31))


def _account(never: int, later: int, lost: tuple[LeftOut, ...]) -> tuple[LeftOut, ...]:
    rest = (LeftOut(reason, rows) for reason, rows in ((_NEVER, never), (_LATER, later)) if rows)
    return (*lost, *rest)


def _statements(ties: pl.DataFrame, key: str) -> pl.DataFrame:
    depth = pl.when(pl.col("depth").is_not_null()).then(pl.format("depth_index={}", "depth"))
    span = pl.coalesce(pl.format("in force {}, left {}", "year", pl.col("until") + 1), pl.format("in force {}", "year"))
    return ties.select(
        "a", "b",
        kind=pl.lit("trade_agreement"),
        valid_from=pl.date(pl.col("year"), 1, 1),
        valid_to=pl.when(pl.col("until").is_not_null()).then(pl.date(pl.col("until"), 12, 31)),
        known_from=pl.date(pl.col("year"), 12, 31),
        source=pl.lit(key),
        locator=pl.format("treaty {}, row {}: {} {}", "treaty", ROW, "code_a", "code_b"),
        original=pl.concat_str(span, depth, separator="; ", ignore_nulls=True),
        value="depth",
        unit=pl.when(pl.col("depth").is_not_null()).then(pl.lit("depth index, 0 to 7")),
        text="title",
        ref=pl.format("DESTA {}", "treaty"),
    )  # fmt: skip


def coverage(key: str, last_year: int) -> Coverage:
    """DESTA means to list every preferential agreement, but not every year of entry into force is known."""
    note = "agreements of which the year of entry into force is known"
    last = date(last_year, 12, 31)
    return Coverage(key, "tie", "trade_agreement", (), "any", date(FIRST_YEAR, 1, 1), last, "missing", note)


def _source(key: str) -> Source:
    note = (
        "Years of entry into force; days stand for the year. Replaced treaties stay open unless a withdrawal is listed."
    )
    return Source(key, SOURCE.publisher, SOURCE.title, None, URL, SOURCE.licence, CITATION, note)


def _binds(a: str, b: str, year: int) -> Check:
    """A check that a treaty entered into force between two states in a year."""

    def failure(parsed: Parsed) -> str | None:
        first, second = sorted((a, b))
        ties = parsed.frame("tie").filter(pl.col("a") == first, pl.col("b") == second)
        years = sorted(set(ties["valid_from"].dt.year().to_list()))
        return None if year in years else f"years {', '.join(map(str, years)) or 'none'}"

    return Check(f"{a}-{b} {year}", f"a treaty of {a} and {b} in force from {year}", failure)


SOURCE: Final = DataSource(
    name="desta",
    publisher="Design of Trade Agreements (DESTA) project",
    title="DESTA, list of treaties and parties",
    citation=CITATION,
    licence="Free with citation; the repackaged lists (manytreaties) CC BY 4.0.",
    redistributable=False,
    urls=(URL,),
    versions=("02.03 (dyads)", "2021 (parties, manytreaties 1.0.0)"),
    coverage=(coverage(KEY_PARTIES, LAST_YEAR),),
    parse=parse,
    checks=(
        rows_between(7_466, 20_000, layout="parties"),
        rows_between(10_000, 200_000, layout="dyads"),
        _binds("USA", "MEX", 1994),
        _binds("USA", "AUS", 2005),
        _binds("CHN", "NZL", 2008),
        _binds("DEU", "TUR", 1996),
    ),
    files=("desta_list_of_treaties*dyads*.csv", "desta_parties.csv", "desta_parties.csv.gz"),
    references=(
        Reference(
            key="dur2014desta",
            kind="article",
            authors=("Dür, Andreas", "Baccini, Leonardo", "Elsig, Manfred"),
            year=2014,
            title="The design of international trade agreements: Introducing a new dataset",
            container="The Review of International Organizations",
            volume="9",
            pages="353-375",
            doi="10.1007/s11558-013-9179-8",
        ),
    ),
    downloads=(
        Download(
            f"{MEDIA}6a/45/6a454835-eef1-44c4-8af2-5557a9552167/desta_list_of_treaties_02_03_dyads.csv",
            "desta_list_of_treaties_02_03_dyads.csv",
            most=64 << 20,
        ),
        Download(
            f"{MEDIA}38/c6/38c6e92f-a513-443e-8907-77b570fd2973/desta_dyadic_withdrawal_02_03.csv",
            "desta_dyadic_withdrawal_02_03.csv",
            most=64 << 20,
        ),
        Download(
            f"{MEDIA}0c/64/0c64ec71-5728-409f-91d8-64c324bf4400/desta_indices_version_02_03.csv",
            "desta_indices_version_02_03.csv",
            most=16 << 20,
        ),
    ),
    by_hand="Download the list of treaties in dyadic form, the withdrawals and the indices (CSV) into one folder.",
)
