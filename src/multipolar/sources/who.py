"""From codes and names in a publisher's file to actors, as of the day or year of each row.

Three outcomes, and no fourth: the row gets an actor; or its code is known but stood for no state then, and the row is
left out and counted; or the code is not known at all, which refuses the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

import polars as pl

from multipolar import actors
from multipolar.errors import ActorError, DataError
from multipolar.sources.files import ROW
from multipolar.sources.model import LeftOut
from multipolar.sources.spells import period

#: Code or name -> the actors it may stand for, in order of preference; empty if it is not known.
Finder = Callable[[str], Sequence[str]]
Span = tuple[date, date]

EXAMPLES: Final = 5
#: Days on which a name is looked up: today's use first, and back to the beginning of the registers that write names.
PROBES: Final = (
    date(2023, 7, 1),
    date(2010, 7, 1),
    date(1995, 7, 1),
    date(1980, 7, 1),
    date(1965, 7, 1),
    date(1950, 7, 1),
)
SAME: Final = "both sides are the same actor"
_HINT: Final = "If the publisher added a code, the table of states has to learn it first; nothing was taken in."


def cow(code: str) -> tuple[str, ...]:
    """Actors that a Correlates of War code ever stood for, the latest first."""
    return _bearers("cow").get(code.removesuffix(".0"), ())


def gw(code: str) -> tuple[str, ...]:
    """Actors that a Gleditsch-Ward code ever stood for, the latest first (260 is Germany also after 1990; 340 Serbia)."""
    return _bearers("gw").get(code.removesuffix(".0"), ())


def iso3(folded: Mapping[str, Sequence[str]]) -> Finder:
    """Actors that an alpha-3 column stands for: today's state, and those that the publisher folded into it."""
    return lambda code: tuple(each for each in (code, *folded.get(code, ())) if each in _lives())


def _spans(actor: actors.Actor) -> tuple[Span, ...]:
    return tuple((start, end or date.max) for start, end in actor.existence())


@cache
def _lives() -> dict[str, tuple[Span, ...]]:
    """Actor -> the spans in which it existed."""
    return {id: _spans(actor) for id, actor in actors.actors().items() if actor.kind == "state"}


@cache
def _bearers(scheme: Literal["cow", "gw"]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, date]] = {}
    for id in _lives():
        for spell in actors.get(id).spells:
            code = getattr(spell.codes, scheme)
            if code is not None:
                found.setdefault(str(code), {})[id] = spell.start
    return {code: tuple(sorted(ids, key=lambda each: ids[each], reverse=True)) for code, ids in found.items()}


def lives(actor: str) -> tuple[Span, ...]:
    """The spans of days in which an actor existed."""
    return _lives()[actor]


def lived(actor: str, first: date, last: date) -> bool:
    """Whether the actor existed on some day from `first` to `last`."""
    return any(start <= last and first <= end for start, end in _lives()[actor])


def _alive(candidates: Iterable[str], year: int) -> str | None:
    """The candidate that existed in the year; of two, the one that existed at its end."""
    there = [each for each in candidates if lived(each, date(year, 1, 1), date(year, 12, 31))]
    late = [each for each in there if lived(each, date(year, 12, 31), date(year, 12, 31))]
    return next(iter(late or there), None)


def name_codes(
    frame: pl.DataFrame, path: Path, columns: Sequence[str], find: Finder, why: Mapping[str, str] | None = None
) -> tuple[pl.DataFrame, tuple[LeftOut, ...]]:
    """Put actors in place of the codes in `columns`, by the row's ``year``; the codes move to ``code_<column>``.

    Parameters
    ----------
    frame : DataFrame
        With whole-number ``year`` and the columns.
    path : Path
        Named in errors.
    columns : sequence of str
        Columns of codes.
    find : callable
        Code -> candidates.
    why : mapping of str to str, optional
        Codes that are known to stand for no state, and why.

    Returns
    -------
    frame : DataFrame
        Rows whose actors all existed in the row's year.
    left : tuple of LeftOut
        The other rows, by reason.

    Raises
    ------
    DataError
        For the first code that is not known, naming its row.
    """
    named = frame.with_columns(pl.col(name).cast(pl.String).alias(f"code_{name}") for name in columns)
    for name in columns:
        pairs = named.select(pl.col(f"code_{name}"), "year").unique(maintain_order=True)
        found = [_lookup(named, path, name, code, year, find, why or {}) for code, year in pairs.rows()]
        answers = pairs.with_columns(
            pl.Series(name, [actor for actor, _ in found], pl.String),
            pl.Series(f"why_{name}", [reason for _, reason in found], pl.String),
        )
        named = named.drop(name).join(answers, on=[f"code_{name}", "year"], how="left", maintain_order="left")
    same = pl.when(pl.col(columns[0]) == pl.col(columns[-1])).then(pl.lit(SAME)) if len(columns) == 2 else pl.lit(None)
    reason = pl.coalesce(*(pl.col(f"why_{name}") for name in columns), same)
    lost = named.with_columns(reason=reason).filter(pl.col("reason").is_not_null())
    label = _lost_label(columns)
    left = tuple(tally(rows, str(why[0]), label) for why, rows in lost.group_by("reason", maintain_order=True))
    kept = named.filter(reason.is_null()).drop(f"why_{name}" for name in columns)
    return kept, tuple(sorted(left, key=lambda item: -item.rows))


def _lost_label(columns: Sequence[str]) -> pl.Expr:
    wrong = [pl.when(pl.col(f"why_{name}").is_not_null()).then(pl.col(f"code_{name}")) for name in columns]
    return pl.coalesce(*wrong, f"code_{columns[0]}")


def _lookup(
    frame: pl.DataFrame, path: Path, column: str, code: str, year: int, find: Finder, why: Mapping[str, str]
) -> tuple[str | None, str | None]:
    """Actor, or the reason why there is none."""
    candidates = find(code)
    if actor := _alive(candidates, year):
        return actor, None
    if candidates:
        return None, "the state did not exist in that year"
    if code in why:
        return None, why[code]
    row = frame.filter(pl.col(f"code_{column}") == code)[ROW][0]
    raise DataError.bad_row(path, row, column, "a code or name of a state", code, hint=_HINT)


def names(known: Mapping[str, str | Sequence[str]]) -> Finder:
    """Names as a publisher writes them: `known` where the table of actors has them otherwise, else the table's."""

    @cache
    def find(name: str) -> tuple[str, ...]:
        given = known.get(name)
        if given is not None:
            return (given,) if isinstance(given, str) else tuple(given)
        return tuple(dict.fromkeys(filter(None, (_resolved(name, on) for on in PROBES))))

    return find


def _resolved(name: str, on: date) -> str | None:
    """The one state of that name on a day, or None."""
    try:
        return actors.resolve(name, on=on, kind="state").id
    except ActorError:
        return None


def seats(labels: Iterable[str], path: Path, find: Finder) -> dict[str, tuple[str, ...]]:
    """Seat (a code or column) -> actors that may hold it.

    Raises
    ------
    DataError
        For a seat whose code is not known.
    """
    found = {label: tuple(find(label)) for label in labels}
    unknown = sorted(label for label, ids in found.items() if not ids)
    if unknown:
        raise DataError.bad_file(path, "codes of states", f"also {', '.join(unknown[:10])}", hint=_HINT)
    return found


def holders(seats: Mapping[str, Sequence[str]], organisation: str) -> pl.DataFrame:
    """Who held each seat in an organisation, and when.

    A seat is held while any of its actors is a member. The holder is the one of them that existed then: the seat that
    Serbia continues was Serbia and Montenegro's until 2006. Where none of them existed, it is the member.

    Returns
    -------
    DataFrame
        ``seat``, ``a``, ``since``, ``until``; spans of one seat do not overlap.
    """
    rows = [
        (seat, actor, since, until)
        for seat, candidates in seats.items()
        for member in candidates
        for spell in actors.memberships(organisation, member)
        if spell.status == "member"
        for actor, since, until in _split(member, candidates, spell.valid_from, spell.valid_to or date.max)
    ]
    schema = {"seat": pl.String, "a": pl.String, "since": pl.Date, "until": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _split(member: str, candidates: Sequence[str], first: date, last: date) -> list[tuple[str, date, date]]:
    """Cut first..last where another candidate existed and the member did not."""
    others = [
        (other, max(start, first), min(end, last))
        for other in candidates
        if other != member
        for start, end in _lives()[other]
        if start <= last and first <= end and not lived(member, max(start, first), min(end, last))
    ]
    pieces, day = [], first
    for other, start, end in sorted(others, key=lambda piece: piece[1]):
        if day < start:
            pieces.append((member, day, date.fromordinal(start.toordinal() - 1)))
        pieces.append((other, start, end))
        day = date.fromordinal(end.toordinal() + 1) if end < last else date.max
    return pieces if pieces and pieces[-1][2] == last else [*pieces, (member, day, last)]


def tally(rows: pl.DataFrame, reason: str, label: pl.Expr | None = None) -> LeftOut:
    """How many rows were left out, with the labels (by default the seats) and years of most of them."""
    year = pl.col("date").dt.year() if "date" in rows.columns else pl.col("year")
    which = rows.select(label=(pl.col("seat") if label is None else label).cast(pl.String), year=year)
    common = (
        which.group_by("label")
        .agg(pl.len(), first=pl.col("year").min(), last=pl.col("year").max())
        .sort("len", "label", descending=[True, False])
        .head(EXAMPLES)
    )
    texts = common.select(pl.format("{} {}", "label", period(pl.col("first"), pl.col("last"))).alias("text"))["text"]
    return LeftOut(reason, rows.height, tuple(texts.to_list()))
