"""A small world for tests of architectures: the simulated one, with institutions, pacts, quarrels and presence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from samples import batch, statement
from simulated import simulated

from multipolar.record import Coverage, Record

FIRST, LAST = date(2000, 1, 1), date(2009, 12, 31)
#: Two sets by name: the simulated camps, China among the east from 2001 on.
EAST = """
name = "east"
title = "The east"
says = "States by name"

[[state]]
id = "RUS"
why = "a test"
source = "a paper"
locator = "p. 1"

[[state]]
id = "IRN"

[[state]]
id = "PRK"

[[state]]
id = "CHN"
since = 2001-07-16
"""
WEST = """
name = "west"

[[state]]
id = "USA"

[[state]]
id = "GBR"

[[state]]
id = "AUS"
"""


def ties() -> list[dict[str, object]]:
    """What stands between the seven states, beside what `simulated` has."""
    whole = {"valid_to": LAST}
    return [
        statement("PRK", "RUS", "consultation", date(2000, 2, 9), **whole, ref="RUS-PRK 2000"),
        statement("CHN", "PRK", "defence", date(1961, 7, 11), **whole, ref="CHN-PRK 1961"),
        statement("USA", "AUS", "consultation", date(2000, 1, 1), **whole, ref="ANZUS 1951"),
        # In May 2005 Iran and Russia have a dispute, and all of the year China is a rival of Russia's.
        statement("IRN", "RUS", "dispute", date(2005, 5, 3), valid_to=date(2005, 5, 20), value=4.0, ref="MID 1"),
        statement("CHN", "RUS", "rivalry", date(2005, 1, 1), valid_to=date(2005, 12, 31)),
        statement("USA", "AUS", "base", date(2000, 1, 1), **whole),
        statement("USA", "GBR", "troops", date(2000, 1, 1), **whole, value=9000.0),
        statement("RUS", "IRN", "base", date(2004, 1, 1), **whole),
        statement("USA", "IRN", "troops", date(2006, 6, 1), **whole, value=50.0),
    ]


def made() -> Record:
    """The record: everything is covered to the end of 2009, and of disputes and defence silence means none."""
    record = simulated()
    kinds = ("consultation", "nonaggression", "dispute", "rivalry", "base", "troops", "membership")
    coverage = [
        Coverage("paper", "tie", kind, (), "any", FIRST, LAST, "missing") for kind in kinds if kind != "dispute"
    ]
    coverage += [Coverage("paper", "tie", "dispute", (), "both", FIRST, LAST, "zero")]
    year = {"valid_to": date(2004, 12, 31), "known_from": date(2005, 6, 1)}
    flows = [
        statement("RUS", "IRN", "arms", date(2004, 1, 1), value=120.0, **year),
        statement("USA", "AUS", "arms", date(2004, 1, 1), value=300.0, **year),
        statement("GBR", "CHN", "arms", date(2004, 1, 1), value=7.0, **year),
    ]
    share = {"USA": 0.14, "CHN": 0.17, "RUS": 0.05, "GBR": 0.02, "AUS": 0.01, "IRN": 0.02}
    spell = {"valid_to": date(2003, 12, 31), "known_from": date(2004, 6, 1)}
    traits = [statement(a, None, "cinc", date(2003, 1, 1), value=value, **spell) for a, value in share.items()]
    held = {"valid_to": LAST}
    traits += [
        statement(a, None, "nuclear_status", date(1990, 1, 1), value=3.0, **held) for a in ("USA", "RUS", "CHN", "GBR")
    ]
    traits += [statement("IRN", None, "nuclear_status", date(2002, 1, 1), value=2.0, **held)]
    traits += [statement("RUS", None, "warheads", date(2004, 1, 1), valid_to=date(2004, 12, 31), value=5000.0)]
    record.ingest(batch(coverage, tie=ties(), flow=flows, trait=traits))
    return record


def written(folder: Path, text: str, name: str = "set.toml") -> Path:
    """A file with a text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
