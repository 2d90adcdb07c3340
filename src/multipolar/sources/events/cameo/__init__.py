"""CAMEO, the code book that GDELT and ICEWS share: what an event code says, how friendly it is, and which state is meant.

``cameo.tsv`` has the 313 codes of version 1.1b3 with their score on Goldstein's scale (-10 to 10) and the type and mode of
PLOVER, the newer scheme in which a record keeps events; ``icews.tsv`` the texts that stand for codes in ICEWS. Comments
(01) and appeals (02) are no events in PLOVER and have no type.

Codes of countries are those of the actors' table, on the days on which the state existed: mostly ISO 3166 alpha-3, else
ROM (Romania), TMP (Timor-Leste), KSV (Kosovo) and SUN (the Soviet Union). CAMEO has codes for regions, too (EUR, AFR,
WSB …); they are no states.

Sources: Schrodt, P. A. (2012), CAMEO codebook 1.1b3; Goldstein, J. S. (1992), A Conflict-Cooperation Scale for WEIS Events
Data, Journal of Conflict Resolution 36: 369-385; Open Event Data Alliance (2021), CAMEO to PLOVER conversion table.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

from multipolar import actors
from multipolar.actors.tables import read_table
from multipolar.record import KINDS

#: First day of any event data coded in CAMEO.
FIRST_DAY: Final = date(1979, 1, 1)
#: Roles (CAMEO and PLOVER) of those who act for a state: government, armed forces, services, courts, parliament, police.
ORGANS: Final = ("GOV", "MIL", "SPY", "JUD", "LEG", "COP")

_FOLDER: Final = Path(__file__).parent


@cache
def codes() -> pl.DataFrame:
    """Every code: ``cameo``, ``words`` (ours), ``goldstein``, ``kind`` and ``mode`` (PLOVER; null where there is none)."""
    rows = read_table(_FOLDER / "cameo.tsv", ("code", "words", "goldstein", "kind", "mode"))
    known = {"", *KINDS["event"]}
    cells = [
        (row["code"], row["words"], float(row["goldstein"]), row.choice("kind", known) or None, row["mode"] or None)
        for row in rows
    ]
    schema = {
        "cameo": pl.String, "words": pl.String, "goldstein": pl.Float32, "kind": pl.String, "mode": pl.String,
    }  # fmt: skip
    return pl.DataFrame(cells, schema=schema, orient="row")


@cache
def texts() -> pl.DataFrame:
    """ICEWS's names of events: ``text`` and ``cameo``."""
    rows = read_table(_FOLDER / "icews.tsv", ("text", "code"))
    return pl.DataFrame({"text": [row["text"] for row in rows], "cameo": [row["code"] for row in rows]})


@cache
def countries() -> pl.DataFrame:
    """Codes of states since 1979: ``code``, ``actor``, ``since`` and ``until`` (first and last day of the state)."""
    found = {}
    for actor in actors.states():
        since, until = actor.existence()[-1]
        if until is None or until >= FIRST_DAY:
            named = {spell.codes.cameo for spell in actor.spells} | {n.text for n in actor.names if n.kind == "cameo"}
            found.update(dict.fromkeys(filter(None, named), (actor.id, since, until or date.max)))
    rows = [(code, *spell) for code, spell in sorted(found.items())]
    schema = {"code": pl.String, "actor": pl.String, "since": pl.Date, "until": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row")
