"""Strategic rivalries (two editions) and arms races between rivals → ties.

One statement a rivalry and pair of states: from 1 January of its first year to 31 December of its last, cut to the days
on which both states existed; `ref` names the rivalry, and `text` its types (spatial, positional, ideological,
interventionary) and whether it is one of the principal rivalries. Where the list gives its own last year as the end
(2020; 2010 in the older list), the rivalry still ran when the list was made, and the statement has no end.

Rivalries that ended before 1816 are left out: the table of states begins there. One that began earlier begins, here,
with 1816 or with the later of its states; `original` keeps the years of the list. As with other lists of years, a
rivalry counts as known from the end of its first year. (The lists are historians' judgements of later: a test of what
could be foreseen should not lean on them.)

The list of 2021 revises and extends that of 2012. They are two sources, for comparison; a record may hold both.

Sources: Thompson, Sakuwa & Suhas (2021), Analyzing Strategic Rivalries in World Politics (264 rivalries, 1494-2020);
Thompson & Dreyer (2012), Handbook of International Rivalries (197 rivalries, 1494-2010); Gibler, Rider & Hutchison
(2005), Journal of Peace Research 42(2): 131-147 (71 arms races between rivals, 1854-1984, from its appendix).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final, Literal

import polars as pl

from multipolar.record import Coverage, Source
from multipolar.sources import files, periods, who
from multipolar.sources.model import Check, DataSource, Parsed, Reference, rows_between

TYPES: Final = ("positional", "spatial", "ideological", "interventionary")
#: The list of 2021 has a column a type, that of 2012 the types in order.
FLAGS: Final = {**{name: (name,) for name in TYPES}, "principal": ("principal",), "principal_too": ("aprin",)}
ORDERED: Final = {f"type{number}": (f"type{number}",) for number in (1, 2, 3)}
NULLS: Final = ("NA",)
BEGINNING: Final = date(1816, 1, 1)


@dataclass(frozen=True)
class Edition:
    """What tells one list from another: names of columns, years, and what its statements are called."""

    key: str
    kind: str
    number: tuple[str, ...]
    begin: tuple[str, ...]
    end: tuple[str, ...]
    first: int
    last: int
    what: str


THOMPSON_2021: Final = Edition(
    "rivalries-tss:2021", "rivalry", ("tssr_id",), ("start",), ("end",), 1494, 2020, "strategic rivalry"
)
THOMPSON_2012: Final = Edition(
    "rivalries-td:2012", "rivalry", ("rivalryno",), ("styear",), ("endyear",), 1494, 2010, "strategic rivalry"
)
GIBLER_2005: Final = Edition(
    "arms-races:2005", "arms_race", ("race_id",), ("styear",), ("endyear",), 1816, 1984, "arms race between rivals"
)


def parse_tss(path: Path) -> Parsed:
    """Read the list of Thompson, Sakuwa & Suhas.

    Raises
    ------
    DataError
        If the file is damaged, a column is missing, or a cell is no code or year.
    """
    frame = _read(path, THOMPSON_2021, FLAGS, {"name": ("rivalry",)})
    kinds = [pl.when(pl.col(name).is_not_null()).then(pl.lit(name)) for name in TYPES]
    first = pl.any_horizontal(pl.col("principal", "principal_too").is_not_null())
    note = pl.when(first).then(pl.lit("; among the principal rivalries")).otherwise(pl.lit(""))
    return _parsed(path, frame.with_columns(types=_joined(kinds), note=note), THOMPSON_2021, SOURCE_TSS)


def parse_td(path: Path) -> Parsed:
    """Read the list of Thompson & Dreyer; see `parse_tss`."""
    frame = _read(path, THOMPSON_2012, ORDERED, {"name": ("rivalryname",)})
    kinds = [pl.col(name) for name in ORDERED]
    return _parsed(path, frame.with_columns(types=_joined(kinds), note=pl.lit("")), THOMPSON_2012, SOURCE_TD)


def parse_races(path: Path) -> Parsed:
    """Read the arms races of Gibler, Rider & Hutchison; see `parse_tss`."""
    frame = _read(path, GIBLER_2005, {}, {})
    frame = frame.with_columns(name=pl.lit(None, pl.String), types=pl.lit(""), note=pl.lit(""))
    return _parsed(path, frame, GIBLER_2005, SOURCE_RACES)


def _joined(kinds: Sequence[pl.Expr]) -> pl.Expr:
    return pl.concat_str(kinds, separator=", ", ignore_nulls=True)


def _read(
    path: Path, edition: Edition, types: Mapping[str, tuple[str, ...]], name: Mapping[str, tuple[str, ...]]
) -> pl.DataFrame:
    wanted = {
        "number": edition.number, "a": ("ccode1",), "b": ("ccode2",),
        "begin": edition.begin, "end": edition.end, **types, **name,
    }  # fmt: skip
    frame = files.table(path, files.content(path), wanted, nulls=NULLS)
    for column, low, high in (("number", 1, 9_999), ("a", 1, 999), ("b", 1, 999)):
        frame = files.whole(frame, path, column, low, high)
    for column in ("begin", "end"):
        frame = files.whole(frame, path, column, edition.first, edition.last)
    files.refuse(frame, pl.col("end") < pl.col("begin"), path, "end", "a year not before the first")
    return files.once(frame, path, "number")


def _parsed(path: Path, frame: pl.DataFrame, edition: Edition, source: DataSource) -> Parsed:
    first, last = pl.max_horizontal(pl.date("begin", 1, 1), pl.lit(BEGINNING)), pl.date("end", 12, 31)
    dated = frame.with_columns(first=first, last=last)
    late = dated.filter(pl.col("last") >= BEGINNING)
    found = periods.name_periods(late, path, ("a", "b"), who.cow)
    label = pl.format("{} {}-{}", pl.coalesce("name", "number"), "begin", "end")
    left = (
        *periods.unused(frame, [late], "ended before 1816, where the table of states begins", label),
        *periods.unused(late, [found], periods.ABSENT, label),
    )
    return Parsed(
        frames={"tie": _statements(found, edition)},
        sources=(_source(source, edition),),
        coverage=coverage(edition),
        label=f"{source.title}, {path.name}",
        layout=edition.key,
        rows=frame.height,
        left_out=left,
    )


def _statements(found: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    # What still ran in the last year of a list of rivalries has no end, unless one of the states had.
    runs_on = date(edition.last, 12, 31) if edition.kind == "rivalry" else date.max
    named = pl.when(pl.col("name").is_not_null()).then(pl.format(" {}", "name")).otherwise(pl.lit(""))
    types = pl.when(pl.col("types") != "").then(pl.format(" ({}{})", "types", "note")).otherwise(pl.lit(""))
    return found.select(
        *periods.ordered(),
        kind=pl.lit(edition.kind),
        valid_from="first",
        valid_to=pl.when(pl.col("last") < runs_on).then(pl.col("last")),
        known_from=pl.min_horizontal(pl.date(pl.col("first").dt.year(), 12, 31), "last"),
        source=pl.lit(edition.key),
        locator=pl.format("number {}, row {}: {}-{}", "number", files.ROW, "code_a", "code_b"),
        original=pl.format("{}-{}{}", "begin", "end", pl.when(pl.col("types") != "").then(pl.format(": {}", "types"))
                           .otherwise(pl.lit(""))),
        value=pl.lit(1.0),
        unit=pl.lit(edition.what),
        ref=pl.format(f"{edition.key} {{}}", "number"),
        text=pl.format(f"{edition.what}{{}}{{}}", named, types),
    )  # fmt: skip


def coverage(edition: Edition) -> tuple[Coverage, ...]:
    """The lists mean to have every rivalry of states: a pair that is not there had none."""
    first, last = max(date(edition.first, 1, 1), BEGINNING), date(edition.last, 12, 31)
    note = "all pairs of states" if edition.kind == "rivalry" else "pairs of states that were rivals"
    absence: Literal["zero", "missing"] = "zero" if edition.kind == "rivalry" else "missing"
    return (Coverage(edition.key, "tie", edition.kind, (), "both", first, last, absence, note),)


def _source(source: DataSource, edition: Edition) -> Source:
    note = f"Years, not days. Ends {edition.last}."
    return Source(
        edition.key, source.publisher, source.title, None, source.urls[0], source.licence, source.citation, note
    )


def _rivals(a: str, b: str, first: int, last: int | None) -> Check:
    """A check that the pair has a rivalry with these first and last years (None: not ended)."""

    def failure(parsed: Parsed) -> str | None:
        ties = parsed.frame("tie").filter(pl.col("a") == a, pl.col("b") == b)
        years = [(f.year, t.year if t else None) for f, t in ties.select("valid_from", "valid_to").rows()]
        return None if (first, last) in years else str(years)

    ends = "with no end" if last is None else f"to {last}"
    return Check(f"{a}-{b} {first}", f"a statement of {a} and {b} from {first} {ends}", failure)


_BOOK_2021: Final = Reference(
    "thompson2021rivalries", "book", ("Thompson, William R.", "Sakuwa, Kentaro", "Suhas, Prashant Hosur"), 2021,
    "Analyzing Strategic Rivalries in World Politics: Types of Rivalry, Regional Variation, and Escalation/De-escalation",
    "Springer",
)  # fmt: skip
_BOOK_2012: Final = Reference(
    "thompson2012handbook", "book", ("Thompson, William R.", "Dreyer, David"), 2012,
    "Handbook of International Rivalries", "CQ Press",
)  # fmt: skip
_ARTICLE_2005: Final = Reference(
    "gibler2005arms", "article", ("Gibler, Douglas M.", "Rider, Toby J.", "Hutchison, Marc L."), 2005,
    "Taking Arms Against a Sea of Troubles: Conventional Arms Races During Periods of Rivalry",
    "Journal of Peace Research", "42", "131-147",
)  # fmt: skip
_TABLE: Final = (
    "The list is printed in the work. Type it into a CSV with the columns {}; the R package peacesciencer has it in "
    "this form as `{}` (write it with write.csv)."
)

SOURCE_TSS: Final = DataSource(
    name="rivalries",
    publisher="Thompson, Sakuwa & Suhas",
    title="Strategic rivalries, 1494-2020",
    citation=(
        "Thompson, W. R., Sakuwa, K. & Suhas, P. H. (2021). Analyzing Strategic Rivalries in World Politics: Types of "
        "Rivalry, Regional Variation, and Escalation/De-escalation. Springer (list on pages 34-46)."
    ),
    licence="A list printed in a book; cite the book.",
    redistributable=False,
    urls=("https://svmiller.com/peacesciencer/",),
    versions=("2021",),
    coverage=coverage(THOMPSON_2021),
    parse=parse_tss,
    checks=(
        rows_between(264, 264), _rivals("RUS", "UKR", 2014, None), _rivals("IND", "PAK", 1947, None),
        _rivals("ARG", "CHL", 1843, 1991),
    ),
    files=("tss_rivalries.csv", "tss_rivalries.csv.gz"),
    references=(_BOOK_2021,),
    by_hand=_TABLE.format("tssr_id, rivalry, ccode1, ccode2, start, end, the four types, principal, aprin", "tss_rivalries"),
)  # fmt: skip
SOURCE_TD: Final = replace(
    SOURCE_TSS,
    name="rivalries-2012",
    publisher="Thompson & Dreyer",
    title="Strategic rivalries, 1494-2010",
    citation="Thompson, W. R. & Dreyer, D. (2012). Handbook of International Rivalries. CQ Press.",
    versions=("2012",),
    coverage=coverage(THOMPSON_2012),
    parse=parse_td,
    checks=(rows_between(197, 197), _rivals("RUS", "USA", 2007, None), _rivals("IND", "PAK", 1947, None)),
    files=("td_rivalries.csv", "td_rivalries.csv.gz"),
    references=(_BOOK_2012,),
    by_hand=_TABLE.format(
        "rivalryno, rivalryname, ccode1, ccode2, styear, endyear, type1, type2, type3", "td_rivalries"
    ),
)
SOURCE_RACES: Final = replace(
    SOURCE_TSS,
    name="arms-races",
    publisher="Gibler, Rider & Hutchison",
    title="Arms races between rivals, 1854-1984",
    citation=(
        "Gibler, D. M., Rider, T. J. & Hutchison, M. L. (2005). Taking Arms Against a Sea of Troubles: Conventional Arms "
        "Races During Periods of Rivalry. Journal of Peace Research 42(2): 131-147 (appendix)."
    ),
    licence="A list printed in the appendix of an article; cite the article.",
    versions=("2005",),
    coverage=coverage(GIBLER_2005),
    parse=parse_races,
    checks=(rows_between(71, 71), _rivals("GBR", "RUS", 1854, 1856)),
    files=("grh_arms_races.csv", "grh_arms_races.csv.gz"),
    references=(_ARTICLE_2005,),
    by_hand=_TABLE.format("race_id, ccode1, ccode2, styear, endyear", "grh_arms_races"),
)
