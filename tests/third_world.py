"""A small world of ten states in the publishers' layouts, with or without a pull of third parties."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from multipolar import sources
from multipolar.record import Record, View
from multipolar.ties import third_data
from multipolar.ties.arrays import third as arrays

#: Correlates of War codes of states that were members from 1816 or soon after to 1939, and their ids.
STATES = {
    2: "USA",
    200: "GBR",
    210: "NLD",
    220: "FRA",
    230: "ESP",
    235: "PRT",
    350: "GRC",
    365: "RUS",
    380: "SWE",
    640: "TUR",
}
CODES = tuple(STATES)
#: Dispute, side A, side B, year, and whether each was an originator.
Event = tuple[int, int, int, int, int, int]
#: The record of alliances ends in 1889, so that outcomes end in 1890.
YEARS = range(1816, 1891)


def write(path: Path, heads: str, rows: Iterable[Iterable[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([heads.split(), *rows])
    return path


def disputes(path: Path, rows: Iterable[Event]) -> Path:
    """Dispute, side A, side B, year, and whether each was an originator; both directions."""
    both = [
        row
        for number, a, b, year, one, other in rows
        for row in (
            (number, a, b, year, 1, 1, 0, one, other, 4, 4, "gml-2.2.1"),
            (number, b, a, year, 1, 0, 1, other, one, 4, 4, "gml-2.2.1"),
        )
    ]
    return write(path, "dispnum ccode1 ccode2 year midonset sidea1 sidea2 orig1 orig2 hostlev1 hostlev2 version", both)


def record_of(
    folder: Path,
    events: Iterable[Event],
    pacts: Iterable[tuple[int, int, int]],
    record: Record | None = None,
) -> tuple[View, Path]:
    """A record of disputes, pacts (pair and year) and equal capabilities."""
    events = list(events)
    mid = disputes(folder / "gml-ddy-disputes-2.2.1.csv", events)
    owed = [
        (a, b, year, 1, 0, 0, 0, 0) for one, two, year in pacts if year < YEARS[-1] for a, b in ((one, two), (two, one))
    ]
    owed += [(200, 235, YEARS[-2], 1, 0, 0, 0, 0), (235, 200, YEARS[-2], 1, 0, 0, 0, 0)]
    atop = write(folder / "atop5_1ddyr.csv", "stateA stateB year defense offense neutral nonagg consul", owed)
    power = [
        (code, year, *[-9] * 6, (place + 1) / 60) for year in range(1816, 1946) for place, code in enumerate(CODES)
    ]
    power = [row for row in power if (row[0], row[1]) not in {(350, year) for year in range(1816, 1828)}]
    nmc = write(folder / "NMC-60-abridged.csv", "ccode year milex milper irst pec tpop upop cinc", power)
    record = record or Record.memory()
    for name, path in (("mid-gml", mid), ("atop", atop), ("nmc", nmc)):
        record.ingest(sources.read(name, path, strict=False))
    return record.view(), mid


def simulated(beta: float, seed: int) -> tuple[list[Event], list[tuple[int, int, int]]]:
    """Disputes of ten states whose chance depends on third parties, and pacts that come and go."""
    rng = np.random.default_rng(seed)
    size = len(CODES)
    weights = np.arange(1.0, size + 1) / np.arange(1.0, size + 1).sum()
    last, ally = np.full((size, size), -99), np.zeros((size, size), dtype=bool)
    habit = rng.uniform(0.15, 0.3, (size, size))
    events: list[Event] = []
    pacts: list[tuple[int, int, int]] = []
    for year in YEARS:
        tie = ally.astype(float) - (year - last <= third_data.MEMORY)
        pull = arrays.force(tie, weights, beta=beta, eta=0.0)
        for one in range(size):
            for other in range(one + 1, size):
                if rng.random() < habit[one, other] - pull[one, other]:
                    last[one, other] = last[other, one] = year
                    events.append((len(events) + 1, CODES[one], CODES[other], year, 1, 1))
                if rng.random() < 0.08:
                    ally[one, other] = ally[other, one] = rng.random() < 0.4
                if ally[one, other]:
                    pacts.append((CODES[one], CODES[other], year))
    return events, pacts
