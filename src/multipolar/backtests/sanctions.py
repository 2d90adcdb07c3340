"""Onset of sanctions in the next year: a G7 state or the European Union on a state that it has none on now.

Rows are senders and targets without a sanction in force; tested in five-year steps from 1990, each learnt from all rows before
it. Who keeps no sanction keeps none, so persistence is the earlier rate.

The model has, each as of the end of the year: how often the sender began sanctions lately (halving in three years); how often it
did on this target (ten years), and how often anybody did (five years); the share of the other senders that have one in force, and
that began one in the year; the target's electoral democracy, how far that fell in the year and in three; armed conflict
inside it; the distance of positions in UN votes. Nothing was chosen by trial.

The European Union has no vote: its position and S are means over Germany, France and Italy.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from multipolar.backtests.arrays.bootstrap import Ints
from multipolar.backtests.arrays.windows import Plan
from multipolar.backtests.model import MODEL, RATE, Design, Singles
from multipolar.backtests.positions import Votes, votes
from multipolar.errors import Refusal
from multipolar.panels import build
from multipolar.record import Coverage, View

NAME: Final = "sanctions"
KEY: Final = "sanctions-g7-eu"
EU: Final = "EU"
SPEAKERS: Final = ("DEU", "FRA", "ITA")
TRAITS: Final = {"polyarchy": "vdem", "internal_conflict": "ucdp-acd"}
FIRST: Final = 1990
RATE_OF_EWMA: Final = 0.35
FIELD: Final = "record of the pair, votes"
FITS: Final = {
    "EWMA": ("usual",),
    "last S": ("s",),
    "ideal-point distance": ("apart",),
    FIELD: ("usual", "s", "apart"),
    MODEL: (
        "sender", "own", "any", "others", "others_new", "polyarchy", "fall", "fall_3", "internal_conflict", "apart",
    ),
}  # fmt: skip


class Force(NamedTuple):
    """Sanctions in force.

    Attributes
    ----------
    senders, targets : tuple of str
    first : int
        First year.
    table : array, shape (years, senders, targets)
        1 on any day of the year, 0 not.
    """

    senders: tuple[str, ...]
    targets: tuple[str, ...]
    first: int
    table: Singles


def design(view: View) -> Design:
    """The design, from a record.

    Raises
    ------
    Refusal
        If the record lacks a source that it needs, or reaches too few years.
    """
    covered = _coverage(view)
    traits, there = _traits(view, covered)
    force = _force(view, covered, tuple(there))
    last = covered.last.year - 1
    if last < FIRST:
        raise Refusal(f"sanctions end in {last + 1}: too few years to test from {FIRST} on", hint="Ingest sanctions.")
    actors = tuple(sorted({*force.senders, *force.targets}))
    cast = votes(view, actors)
    parts = list(_years(force, there, traits, cast, actors))
    names = list(parts[0][1])
    place = {name: number for number, name in enumerate(actors)}
    sender, target, year, outcome = (np.concatenate(each) for each in zip(*(part[0] for part in parts), strict=True))
    a = np.array([place[name] for name in force.senders])[sender]
    b = np.array([place[name] for name in force.targets])[target]
    predictors = {name: np.concatenate([part[1][name] for part in parts]) for name in names}
    return Design(
        NAME, "Onset of sanctions by a G7 state or the European Union in the next year", "sanctions that begin",
        Plan(FIRST, last), actors, a, b, year, outcome.astype(np.float64), predictors, FITS, FIELD, year,
        notes=(f"Who keeps no sanction keeps none: persistence is the {RATE}.",),
    )  # fmt: skip


def _coverage(view: View) -> Coverage:
    rows = [row for row in view.coverage()
            if row.source.startswith(KEY) and row.kind == "sanction" and row.absence == "zero"]  # fmt: skip
    if not rows:
        hint = "Ingest sanctions: `multipolar sources` tells where it is published."
        raise Refusal("this record does not list the sanctions of the G7 states and the European Union", hint=hint)
    return rows[0]


def _traits(view: View, covered: Coverage) -> tuple[dict[str, dict[str, dict[int, float]]], dict[str, set[int]]]:
    """Traits by name, state and year; and the years of each state."""
    until = covered.last.year
    frame = build(view, unit="state-year", since=covered.first.year, until=until, columns=TRAITS).frame
    empty = [name for name in TRAITS if frame[name].is_null().all()]
    if empty:
        needed = " ".join(TRAITS[name] for name in empty)
        raise Refusal(f"this record does not tell {', '.join(empty)}", hint=f"Ingest {needed}.")
    made: dict[str, dict[str, dict[int, float]]] = {name: {} for name in TRAITS}
    there: dict[str, set[int]] = {}
    for state, year, *values in frame.select("state", "year", *TRAITS).iter_rows():
        there.setdefault(state, set()).add(year)
        for name, value in zip(TRAITS, values, strict=True):
            if value is not None:
                made[name].setdefault(state, {})[year] = value
    return made, there


def _force(view: View, covered: Coverage, targets: tuple[str, ...]) -> Force:
    first, last = covered.first.year, covered.last.year
    senders = tuple(sorted(covered.actors))
    told = view.statements("tie", kinds=["sanction"]).filter(pl.col("source") == covered.source)
    table = np.zeros((last - first + 1, len(senders), len(targets)), dtype=np.float32)
    rows, columns = ({name: place for place, name in enumerate(names)} for names in (senders, targets))
    end = pl.col("valid_to").fill_null(covered.last).dt.year().clip(first, last)
    for a, b, begin, until in told.select("a", "b", pl.col("valid_from").dt.year(), end).iter_rows():
        if a in rows and b in columns:
            table[max(begin - first, 0) : until - first + 1, rows[a], columns[b]] = 1.0
    return Force(senders, targets, first, table)


_Part = tuple[tuple[Ints, Ints, Ints, Singles], dict[str, Singles]]


def _years(
    force: Force,
    there: dict[str, set[int]],
    traits: dict[str, dict[str, dict[int, float]]],
    cast: Votes,
    actors: tuple[str, ...],
) -> Iterator[_Part]:
    shape = force.table.shape[1:]
    usual = np.zeros(shape, dtype=np.float32)
    begun = {half_life: np.zeros(shape, dtype=np.float32) for half_life in (3.0, 5.0, 10.0)}
    same = np.array([[sender == target for target in force.targets] for sender in force.senders])
    for step, now in enumerate(force.table[:-1]):
        year, came = force.first + step, force.table[step + 1]
        new = np.where(force.table[step - 1] == 0, now, 0.0) if step else np.zeros_like(now)
        usual = usual + np.float32(RATE_OF_EWMA) * (now - usual)
        for half_life, count in begun.items():
            count *= np.float32(0.5 ** (1.0 / half_life))
            count += new
        alive = np.array([year in there[name] and year + 1 in there[name] for name in force.targets])
        sender, target = np.nonzero((now == 0) & ~same & alive)
        tables = {
            "usual": usual, "own": np.log1p(begun[10.0]), "others": _others(now), "others_new": _others(new),
            "any": np.broadcast_to(np.log1p(begun[5.0].sum(axis=0)), shape),
            "sender": np.broadcast_to(np.log1p(begun[3.0].sum(axis=1, keepdims=True)), shape),
            "s": _seen(cast.alike(year), force, actors), "apart": _seen(cast.apart(year), force, actors),
            **_of_target(force, traits, year),
        }  # fmt: skip
        picked = {name: table[sender, target].astype(np.float32) for name, table in tables.items()}
        yield (sender, target, np.full(len(sender), year), came[sender, target]), picked


def _others(table: Singles) -> Singles:
    """Share of the other senders, shape (senders, targets)."""
    return np.asarray((table.sum(axis=0) - table) / max(len(table) - 1, 1))


def _of_target(force: Force, traits: dict[str, dict[str, dict[int, float]]], year: int) -> dict[str, Singles]:
    def told(name: str, when: int) -> Singles:
        values = [traits[name].get(state, {}).get(when, np.nan) for state in force.targets]
        return np.broadcast_to(np.array(values, dtype=np.float32), force.table.shape[1:])

    now = told("polyarchy", year)
    return {
        "polyarchy": now, "fall": np.maximum(told("polyarchy", year - 1) - now, 0.0),
        "fall_3": np.maximum(told("polyarchy", year - 3) - now, 0.0), "internal_conflict": told("internal_conflict", year),
    }  # fmt: skip


def _seen(table: Singles, force: Force, actors: tuple[str, ...]) -> Singles:
    """Senders by targets from actors by actors; the European Union as the mean of its speakers."""
    place = {name: number for number, name in enumerate(actors)}
    columns = [place[name] for name in force.targets]
    rows = []
    for name in force.senders:
        speakers = table[[place[each] for each in (SPEAKERS if name == EU else (name,)) if each in place]][:, columns]
        known = np.isfinite(speakers)
        total = np.where(known, speakers, 0.0).sum(axis=0)
        rows.append(np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), np.nan))
    return np.asarray(rows, dtype=np.float32)
