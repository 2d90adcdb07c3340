"""The published lists of states, each read into the same few facts as our table, so that the two can be set side by side.

A fact is ``(list, key, field, value)``. `published` gives what the lists say, `ours` what the table says of the same keys.
"""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from multipolar.actors import Actor, Codes, fold, states

ONE_DAY = timedelta(days=1)
FOREVER = date.max
# The day on which each edition was closed: an end on it means "still exists".
CLOSED = {date(2016, 12, 31), date(2017, 12, 31), date(2020, 12, 31), date(2024, 12, 31)}

Interval = tuple[int, date, date]
Fact = tuple[str, str, str, str]


def read(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> int | None:
    return int(float(text)) if text else None


def open_end(day: date) -> date:
    return FOREVER if day in CLOSED else day


def say(start: date, end: date) -> str:
    return f"{start}..{'' if end == FOREVER else end}"


# --- state systems: code, first day, last day ---------------------------------------------------------------------------


def cow_states(data: Path) -> set[Interval]:
    rows = read(data / "cow_state_system" / "cow_states.csv.gz")
    day = lambda row, which: date(*(int(float(row[f"{which}{part}"])) for part in ("year", "month", "day")))  # noqa: E731
    return {(int(float(row["ccode"])), day(row, "st"), open_end(day(row, "end"))) for row in rows}


def interval_list(path: Path, code: str, start: str, end: str) -> set[Interval]:
    return {
        (int(float(row[code])), date.fromisoformat(row[start]), open_end(date.fromisoformat(row[end])))
        for row in read(path)
    }


def our_intervals(scheme: str) -> set[Interval]:
    """Days on which anybody bears a code, following days joined."""
    spans: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for actor in states():
        for spell in actor.spells:
            code = getattr(spell.codes, scheme)
            if code is not None:
                spans[code].append((spell.start, spell.end or FOREVER))
    return {(code, *span) for code, found in spans.items() for span in joined(sorted(found))}


def joined(spans: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    found: list[tuple[date, date]] = []
    for start, end in spans:
        if found and found[-1][1] != FOREVER and start == found[-1][1] + ONE_DAY:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


# --- countrycode: one row a country today -------------------------------------------------------------------------------


def countrycode(data: Path) -> Iterator[tuple[str, str, dict[str, int | str | None]]]:
    """Each row of the code list: its ISO alpha-3 code ("" for former states), its name, its codes."""
    for row in read(data / "country_codes" / "codelist.csv.gz"):
        yield (
            row["iso3c"],
            row["country.name.en"],
            {
                "cow": number(row["cown"]),
                "gw": number(row["gwn"]),
                "iso2": row["iso2c"] or None,
                "iso_numeric": number(row["iso3n"]),
                "m49": number(row["un"]),
            },
        )


def codes_of(actor: Actor) -> Codes:
    return actor.spells[-1].codes


# --- panels: which codes a year has -------------------------------------------------------------------------------------


def years_with(scheme: str) -> dict[tuple[str, int], set[int]]:
    """Years with a day on which an actor bears a code: ``{(id, code): years}``."""
    found: dict[tuple[str, int], set[int]] = defaultdict(set)
    for actor in states():
        for spell in actor.spells:
            code = getattr(spell.codes, scheme)
            if code is not None:
                found[actor.id, code] |= set(range(spell.start.year, (spell.end or date(2025, 12, 31)).year + 1))
    return found


def panel_pairs(path: Path) -> dict[tuple[int | None, int | None], set[int]]:
    """Years in which a crosswalk panel has a Gleditsch-Ward and a COW code beside each other."""
    found: dict[tuple[int | None, int | None], set[int]] = defaultdict(set)
    for row in read(path):
        found[number(row["gwcode"]), number(row["ccode"])].add(int(float(row["year"])))
    return found


def our_pairs() -> dict[tuple[int | None, int | None], set[int]]:
    found: dict[tuple[int | None, int | None], set[int]] = defaultdict(set)
    for actor in states():
        for spell in actor.spells:
            years = set(range(spell.start.year, (spell.end or date(2025, 12, 31)).year + 1))
            found[spell.codes.gw, spell.codes.cow] |= years
    return found


def say_years(years: Iterable[int]) -> str:
    """``1816-1888, 1919``."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and runs[-1][1] == year - 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(f"{a}-{b}" if a != b else str(a) for a, b in runs)


# --- capitals -----------------------------------------------------------------------------------------------------------


def capitals(data: Path, scheme: str) -> Iterator[tuple[int, date, date, str]]:
    column = {"cow": "ccode", "gw": "gwcode"}[scheme]
    for row in read(data / "cow_state_system" / f"{scheme}_capitals.csv.gz"):
        end = open_end(date.fromisoformat(row["enddate"]))
        yield int(float(row[column])), date.fromisoformat(row["stdate"]), end, row["capital"]


def bearer(scheme: str, code: int, day: date) -> Actor | None:
    for actor in states():
        spell = actor.spell(day)
        if spell is not None and getattr(spell.codes, scheme) == code:
            return actor
    return None


def is_capital(actor: Actor, day: date, text: str) -> bool:
    return any(name.kind == "capital" and name.holds(day) and fold(name.text) == fold(text) for name in actor.names)
