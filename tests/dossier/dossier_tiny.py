"""A tiny dossier, valid in every form, that tests change one cell at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from multipolar.dossier.forms import FILES

TINY: dict[str, list[str]] = {
    "sources": [
        "un\tUnited Nations\tTreaty Series\t\thttps://treaties.un.org/\tfacts\tUnited Nations, Treaty Series",
        "poll\tPollster\tWorld poll\t2020-06-01\thttps://example.org/\tfacts\tPollster (2020) World poll",
    ],
    "exceptions": ["NAM\t1949-01-01\t1990-03-20\tspoken for at the United Nations"],
    "ties": ["JPN\tUSA\tdefence\t1960-06-23\t\t1960-01-19\t\t\tUSA-JPN 1960\tun\tArt. V\t\tTreaty of 1960"],
    "events": ["2024-06-19\tRUS\tPRK\tCONSULT\tvisit\t5\tPRK\t\tun\tpage 1\t\tState visit"],
    "rollcalls": ["R/1\tUNGA\t1949-12-01\tatom\t50\t5\t\tun\tA/PV.1\tOn atoms"],
    "votes": ["R/1\tyes\tUSA FRA", "R/1\tno\tNAM"],
    "flows": ["CHN\tRUS\texports\t2019\t2019\t\t49.7\tUSD billion\tpoll\ttable 1\t49,700\t"],
    "attitudes": ["FRA\tUSA\tfavourable\t2020-05-01\t2020-05-20\t\t0.31\t1002\tpoll\tpage 3\t31%\t"],
    "traits": ["FRA\tpopulation\t2019\t2019\t\t67000000\tpersons\tpoll\ttable 2\t\t"],
    "parties": [
        "CLUB\tUSA\tparty\t2000-01-01\t\tun\tstatus",
        "CLUB\tFRA\tparty\t2001-01-01\t2010-12-31\tun\tstatus",
        "CLUB\tGBR\tparty\t2005-01-01\t\tun\tstatus",
    ],
    "pacts": ["CLUB\tdefence\t2002-01-01\t2020-12-31\t\tun\tArt. 1\tA club"],
    "coverage": ["un\ttie\tdefence\tUSA FRA\tboth\t2000-01-01\t2005-12-31\tzero\t"],
}

#: Writes the tiny dossier with some files replaced, and returns its folder.
Write = Callable[..., Path]


def write_tiny(place: Path, changes: Mapping[str, list[str]] | None = None) -> Path:
    """Write the files, each with a comment (line 1) and a header (line 2), so that the first row is line 3."""
    place.mkdir(exist_ok=True)
    for word, lines in {**TINY, **(changes or {})}.items():
        text = "\n".join(["# a comment", "\t".join(FILES[word]), *lines, ""])
        (place / f"{word}.tsv").write_text(text, encoding="utf-8")
    return place
