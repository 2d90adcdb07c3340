"""Names in event data that publishers write out: of states, and of persons, who act for a state while they hold an office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Final

import polars as pl

from multipolar import actors

#: Offices whose holders act for the state.
OFFICES: Final = (
    "head_of_state", "head_of_government", "foreign_minister", "defence_minister", "security_adviser", "spokesperson",
    "envoy",
)  # fmt: skip


def lookup(rows: pl.DataFrame, side: str, names: Mapping[str, str | Sequence[str]]) -> pl.DataFrame:
    """Find the state behind a name on the day of each row.

    Parameters
    ----------
    rows : DataFrame
        With ``day`` and the name in ``who_<side>``.
    side : str
        ``a`` or ``b``.
    names : mapping of str to str or sequence of str
        Names that the table of actors has otherwise.

    Returns
    -------
    DataFrame
        `rows` with the state in `side` (null where there is none on that day) and ``known_<side>``, whether anybody ever
        bore the name.
    """
    name = f"who_{side}"
    asked = rows.select(pl.col(name).alias("who"), "day").unique().drop_nulls()
    spells = _spells(asked["who"].unique().to_list(), names)
    held = asked.join(spells, on="who").filter(pl.col("day").is_between("since", "until"))
    several = pl.col("actor").n_unique() > 1  # a name of two that day is nobody's
    one = held.group_by("who", "day").agg(pl.when(~several).then(pl.col("actor").first()))
    found = rows.join(one.rename({"who": name, "actor": side}), on=[name, "day"], how="left", maintain_order="left")
    known = pl.col(name).is_in(spells["who"].unique().implode()).fill_null(False)
    return found.with_columns(known.alias(f"known_{side}"))


def _spells(asked: Sequence[str], names: Mapping[str, str | Sequence[str]]) -> pl.DataFrame:
    """Names of states and of persons in office: ``who``, ``actor``, ``since``, ``until``."""
    rows = []
    for name in asked:
        given = names.get(name, _states().get(actors.fold(name), ()))
        spells = [(actor, *_life(actor)) for actor in ((given,) if isinstance(given, str) else given)]
        rows += [(name, *spell) for spell in spells or _people().get(_plain(name), [])]
    schema = {"who": pl.String, "actor": pl.String, "since": pl.Date, "until": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row")


@cache
def _states() -> dict[str, tuple[str, ...]]:
    """Folded name, id or alpha-3 code -> states that ever bore it."""
    found: dict[str, set[str]] = {}
    for state in actors.states():
        texts = {name.text for name in state.names if name.kind == "name"} | {state.id}
        for text in texts | {spell.codes.iso3 for spell in state.spells if spell.codes.iso3}:
            found.setdefault(actors.fold(text), set()).add(state.id)
    return {text: tuple(sorted(ids)) for text, ids in found.items()}


def _life(actor: str) -> tuple[date, date]:
    since, until = actors.get(actor).existence()[-1]
    return since, until or date.max


@cache
def _people() -> dict[str, list[tuple[str, date, date]]]:
    """Name of a person -> states and days of office."""
    states = {state.id for state in actors.states()}
    found: dict[str, list[tuple[str, date, date]]] = {}
    for tenure in actors.leaders():
        if tenure.office in OFFICES and tenure.actor in states:
            for name in {_plain(text) for text in (tenure.name, *tenure.aliases) if " " in text}:
                found.setdefault(name, []).append((tenure.actor, tenure.valid_from, tenure.valid_to or date.max))
    return found


def _plain(name: str) -> str:
    """A person's name as it is compared: folded, and of several names the first and the last."""
    words = actors.fold(name).split()
    return f"{words[0]} {words[-1]}" if len(words) > 2 else " ".join(words)
