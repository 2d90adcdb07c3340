"""Checks at the door: what a statement, a source or a coverage must be to enter a record.

Each check of a statement has a name, the column at fault, what was expected and an expression that is true on bad rows
(null counts as good: absence has checks of its own). All checks of a form run in one pass; the first that fails speaks.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from multipolar.errors import DataError, UsageError
from multipolar.record.ids import REQUIRED
from multipolar.record.model import Coverage, Source
from multipolar.record.schema import CHOICES, KINDS, Form

#: What an actor's id is made of.
ACTOR: Final = r"^[A-Za-z0-9_.]+$"
#: What a source's key is made of.
KEY: Final = r"^[A-Za-z0-9_.:\-]+$"

#: Forms that say something of two actors. (An event may have no other side, as a weapons test.)
PAIRED: Final[frozenset[Form]] = frozenset({"tie", "flow", "attitude"})
#: Forms that say something of one actor alone.
SINGLE: Final[frozenset[Form]] = frozenset({"vote", "trait"})
#: Forms that are nothing without a number.
NUMERIC: Final[frozenset[Form]] = frozenset({"flow", "attitude", "trait"})

#: Smallest and largest value by kind, or by form where the kind is not named; no entry means any number.
RANGES: Final[dict[str, tuple[float, float]]] = {
    "event": (-10.0, 10.0),
    "attitude": (0.0, 1.0),
    "membership": (0.0, 1.0),
    "embassy": (0.0, 1.0),
    "dispute": (1.0, 5.0),
    "cinc": (0.0, 1.0),
    "polyarchy": (0.0, 1.0),
    "liberal_democracy": (0.0, 1.0),
    "armed_conflict": (1.0, 2.0),
    "internal_conflict": (1.0, 2.0),
    "contiguity": (1.0, 5.0),
    "integration": (1.0, 6.0),
    "polity": (-10.0, 10.0),
    "regime": (0.0, 3.0),
    "electoral_democracy": (0.0, 6.0),
    "democracy_index": (0.0, 10.0),
    "political_rights": (1.0, 7.0),
    "civil_liberties": (1.0, 7.0),
    "nuclear_status": (0.0, 3.0),
    **dict.fromkeys(
        ("sanction", "troops", "exports", "arms", "aid", "people", "sales", "distance"), (0.0, float("inf"))
    ),
    **dict.fromkeys(("population", "warheads", "gdp", "gdp_ppp", "military_spending"), (0.0, float("inf"))),
    **dict.fromkeys(
        ("exports_total", "imports_total", "urban_population", "energy", "iron_steel"), (0.0, float("inf"))
    ),
    **dict.fromkeys(("military_spending_gbp", "real_gdp", "real_gdp_per_head"), (0.0, float("inf"))),
    **dict.fromkeys(("military_personnel", "nuclear_sites", "igo_memberships"), (0.0, float("inf"))),
}


@dataclass(frozen=True)
class Check:
    """One demand on the rows of a form: `bad` is true where `column` is not `expected`."""

    name: str
    column: str
    expected: str
    bad: pl.Expr
    hint: str = ""


def check_statements(form: Form, frame: pl.DataFrame, *, keys: Collection[str], today: date, label: str) -> None:
    """Refuse a shaped frame whose first bad row any check finds.

    Parameters
    ----------
    form : str
        The form of `frame`.
    frame : polars.DataFrame
        As `ids.shape` returns it.
    keys : collection of str
        Keys of the sources that statements may name.
    today : date
        The day after which nothing can be known.
    label : str
        What to call the frame in messages.

    Raises
    ------
    DataError
        With the place (rows count from 2, as in a file with a header line), the column, and what was expected.
    """
    checks = list(statement_checks(form, keys, today))
    failed = frame.select([check.bad.fill_null(False).any().alias(check.name) for check in checks]).row(0, named=True)
    for check in checks:
        if failed[check.name]:
            row = int(frame.select(check.bad.fill_null(False).arg_max())[0, 0])
            got = _shown(frame.get_column(check.column), row)
            raise DataError.bad_row(label or form, row + 2, check.column, check.expected, got, hint=check.hint)


def _shown(column: pl.Series, row: int) -> object:
    """The value at fault; a day as text, for Python has none outside the calendar."""
    return column.slice(row, 1).cast(pl.String())[0] if column.dtype == pl.Date() else column[row]


def statement_checks(form: Form, keys: Collection[str], today: date) -> Iterator[Check]:
    """The named checks of a form, in the order in which they speak."""
    yield from _presence(form)
    yield from _vocabulary(form, keys)
    yield from _days(form, today)
    yield from _numbers(form)
    if form == "vote":
        yield from _votes()


def _presence(form: Form) -> Iterator[Check]:
    for name in REQUIRED:
        bad = pl.col(name).is_null() | (pl.col(name) == "") if name == "locator" else pl.col(name).is_null()
        yield Check(f"{name}_given", name, "a value", bad, "Every statement has its source and the place within it.")
    if form in PAIRED:
        yield Check("b_given", "b", "the other actor", pl.col("b").is_null())
    if form in SINGLE:
        yield Check("b_null", "b", f"no other actor in a {form}", pl.col("b").is_not_null())
    if form in NUMERIC:
        hint = "Leave the row out where the source has no number: missing is never zero."
        yield Check("value_given", "value", "a number", pl.col("value").is_null(), hint)
    if form == "flow":
        yield Check("valid_to_given", "valid_to", "the last day of the period", pl.col("valid_to").is_null())
    hint = "Withdraw a statement with `record.correct`."
    yield Check("known_to_null", "known_to", "no withdrawal in a batch", pl.col("known_to").is_not_null(), hint)


def _vocabulary(form: Form, keys: Collection[str]) -> Iterator[Check]:
    kinds, sources = list(KINDS[form]), sorted(keys)
    yield Check("kind_known", "kind", f"a kind of {form} ({', '.join(kinds)})", ~pl.col("kind").is_in(kinds))
    for name in ("a", "b"):
        yield Check(f"{name}_token", name, "an actor's id, as RUS or NATO", ~pl.col(name).str.contains(ACTOR))
    if form in ("tie", "flow"):
        yield Check("two_actors", "b", "another actor than a", pl.col("a") == pl.col("b"))
    hint = "Give the source in the batch: Batch(sources=(Source(...),))."
    yield Check("source_known", "source", "the key of a source", ~pl.col("source").is_in(sources), hint)


def _days(form: Form, today: date) -> Iterator[Check]:
    known, start, end = pl.col("known_from"), pl.col("valid_from"), pl.col("valid_to")
    for name in ("valid_from", "valid_to", "known_from"):
        outside = (pl.col(name) < date.min) | (pl.col(name) > date.max)
        yield Check(f"{name}_in_calendar", name, "a day of the years 1 to 9999", outside)
    yield Check("valid_order", "valid_to", "a last day not before valid_from", end < start)
    hint = "Nothing is known of the future."
    yield Check("not_future", "known_from", f"a day not after today ({today})", known > today, hint)
    if form != "tie":  # a treaty can be known before it enters into force; a fact cannot
        hint = "Nothing is known before it happens."
        yield Check("known_after_start", "known_from", "a day not before valid_from", known < start, hint)
    if form in ("flow", "attitude"):
        hint = "A measured period is known once it has ended."
        yield Check("known_after_end", "known_from", "a day not before valid_to", known < end, hint)


def _numbers(form: Form) -> Iterator[Check]:
    value = pl.col("value")
    yield Check("value_finite", "value", "a finite number", ~value.is_finite())
    named = [kind for kind in KINDS[form] if kind in RANGES]
    if form in RANGES:
        yield _between(form, ~pl.col("kind").is_in(named))
    for kind in named:
        yield _between(kind, pl.col("kind") == kind)
    if form == "attitude":
        yield Check("n_positive", "n", "the number of people asked", pl.col("n") < 1)


def _between(name: str, applies: pl.Expr) -> Check:
    low, high = RANGES[name]
    bounds = f"a value of {name} from {low:g} to {high:g}" if high < float("inf") else f"a value of {name} not below 0"
    return Check(f"{name}_range", "value", bounds, applies & ~pl.col("value").is_between(low, high))


def _votes() -> Iterator[Check]:
    choice, value = pl.col("choice"), pl.col("value")
    expected = choice.replace_strict(list(CHOICES), list(CHOICES.values()), default=None, return_dtype=pl.Float64())
    yield Check(
        "rollcall_given", "rollcall", "the roll call", pl.col("rollcall").is_null() | (pl.col("rollcall") == "")
    )
    names = ", ".join(CHOICES)
    yield Check("choice_known", "choice", f"one of {names}", choice.is_null() | ~choice.is_in(list(CHOICES)))
    meaning = ", ".join(f"{name} = {number}" for name, number in CHOICES.items())
    yield Check("choice_value", "value", f"the value of its choice ({meaning})", value.ne_missing(expected))


def check_sources(sources: Iterable[Source], have: dict[str, Source], *, today: date, label: str) -> None:
    """Refuse a source that is incomplete, from the future, or another work than one of the same key."""
    seen = dict(have)
    for row, source in enumerate(sources, start=2):
        where = f"{label or 'batch'} sources"
        if not re.fullmatch(KEY, source.key):
            raise DataError.bad_row(where, row, "key", "letters, digits and _ . : -", source.key)
        for name in ("publisher", "title", "citation"):
            if not getattr(source, name).strip():
                raise DataError.bad_row(where, row, name, f"the {name} of source {source.key}", getattr(source, name))
        if source.date is not None and source.date > today:
            raise DataError.bad_row(where, row, "date", f"a day not after today ({today})", str(source.date))
        _check_same_work(where, row, source, seen.setdefault(source.key, source))


def _check_same_work(where: str, row: int, source: Source, other: Source) -> None:
    for name in ("publisher", "title", "date"):
        mine, theirs = getattr(source, name), getattr(other, name)
        if mine != theirs:
            hint = "A key names one edition for ever: give another edition a key of its own."
            raise DataError.bad_row(where, row, name, f"{theirs!s} for key {source.key}", str(mine), hint=hint)


def check_coverage(rows: Iterable[Coverage], *, keys: Collection[str], today: date, label: str) -> None:
    """Refuse coverage of an unknown source, form, kind or role, out of order, or reaching past today."""
    for row, item in enumerate(rows, start=2):
        where = f"{label or 'batch'} coverage"
        if item.source not in keys:
            raise DataError.bad_row(where, row, "source", "the key of a source", item.source)
        if item.form not in KINDS:
            raise UsageError.unknown("form of statement", item.form, KINDS)
        for name, got, known in (
            ("kind", _base_kind(item), tuple(KINDS[item.form])),
            ("role", item.role, ("a", "b", "both", "any")),
            ("absence", item.absence, ("zero", "missing")),
        ):
            if got not in known:
                raise DataError.bad_row(where, row, name, f"one of {', '.join(known)}", got)
        for actor in item.actors:
            if not re.fullmatch(ACTOR, actor):
                raise DataError.bad_row(where, row, "actors", "actors' ids, as RUS or NATO", actor)
        _check_coverage_days(where, row, item, today)


def _base_kind(item: Coverage) -> str:
    """The kind of a coverage without the mode that an event's may name, as in ``CONSULT:visit``."""
    return item.kind.partition(":")[0] if item.form == "event" else item.kind


def _check_coverage_days(where: str, row: int, item: Coverage, today: date) -> None:
    if item.last < item.first:
        raise DataError.bad_row(where, row, "last", f"a last day not before {item.first}", str(item.last))
    if item.last > today:
        hint = "Nothing is known of the future."
        raise DataError.bad_row(where, row, "last", f"a day not after today ({today})", str(item.last), hint=hint)
    if item.known is not None and not item.last <= item.known <= today:
        raise DataError.bad_row(where, row, "known", f"a day from {item.last} to {today}", str(item.known))
