"""The pairs that fix the scale: +1 is the mean tie of close pairs; hostile pairs must come out below zero.

Zero is a pair of which nothing is known yet, which is to say the average pair: a positive tie is one better than that.

They are chosen by what is on record, and a test checks it where the data sets are present. Close pairs have had a
defence pact in force since 1955 at the latest (ATOP 5.1) and no militarised dispute since 1950 (COW MID 5.0 and GML).
Hostile pairs have had no embassies in each other's capital since 1980 and a militarised dispute in at least twelve
years since (GML, COW MID 5.0). Another choice of anchors stretches the scale for all pairs alike; it changes no
order of pairs, no sign and no direction of change.
"""

from __future__ import annotations

from typing import Final

CLOSE: Final[tuple[tuple[str, str], ...]] = (
    ("AUS", "USA"),
    ("BEL", "NLD"),
    ("DEU", "FRA"),
    ("GBR", "NOR"),
    ("GBR", "USA"),
)
HOSTILE: Final[tuple[tuple[str, str], ...]] = (
    ("IRN", "USA"),
    ("KOR", "PRK"),
    ("PRK", "USA"),
)
