"""The commands stage, negotiability, break and travel on a small record: three formats, refusals, exit statuses."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from samples import batch, statement
from simulated import simulated

from multipolar.record import FORMS, Batch, Coverage, Record

STATES = ("AUS", "CHN", "GBR", "IRN", "PRK", "RUS", "USA")


def _level(pair: int, year: int) -> float | None:
    """A made-up history of disputes: some pairs often, most never."""
    return (3.0, 4.0, 4.0, 5.0)[(pair * 7 + year) % 4] if pair < 6 and (year * (pair + 3)) % 5 < 2 else None


def more() -> Batch:
    pairs = [(a, b) for n, a in enumerate(STATES) for b in STATES[n + 1 :]]
    ties = [
        statement(a, b, "dispute", date(year, 3, 1), valid_to=date(year, 4, 30), value=level, text="a dispute")
        for number, (a, b) in enumerate(pairs)
        for year in range(1960, 2010)
        if (level := _level(number, year)) is not None
    ]
    ties.append(statement("AUS", "ICC", "membership", date(2002, 7, 1), value=1.0))
    asked = [
        {
            **statement(a, b, "favourable", date(year, 5, 1), valid_to=date(year, 5, 1), value=share, text="poll"),
            "n": 1000,
        }
        for a, b, base in (("USA", "CHN", 0.5), ("CHN", "USA", 0.45), ("AUS", "CHN", 0.6), ("GBR", "CHN", 0.5))
        for year in range(2000, 2010)
        if (share := base + 0.08 * math.sin(year + base * 9)) is not None
    ]
    visits = [
        statement("RUS", host, "CONSULT", day, valid_to=day, mode="visit", value=1.9, text=f"to {host}")
        for host, day in (("AUS", date(2004, 1, 1)), ("CHN", date(2005, 1, 1)), ("CHN", date(2008, 1, 1)))
    ]
    traits = [
        statement(a, None, "wanted_leader", date(2007, 1, 1), value=1.0, text="head of state") for a in ("RUS", "IRN")
    ]
    traits += [statement(a, None, "nuclear_status", date(1950, 1, 1), value=3.0) for a in ("CHN", "GBR", "RUS", "USA")]
    coverage = [
        Coverage("paper", "tie", "dispute", STATES, "both", date(1960, 1, 1), date(2009, 12, 31), "zero"),
        Coverage("paper", "trait", "nuclear_status", (), "a", date(1945, 1, 1), date(2009, 12, 31), "zero"),
        Coverage("paper", "event", "CONSULT:visit", ("RUS",), "a", date(2003, 1, 1), date(2009, 12, 31), "zero"),
    ]
    return batch(coverage, tie=ties, attitude=asked, event=visits, trait=traits)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stages") / "record"
    made = Record.create(path)
    view = simulated().view()
    frames = {form: view.statements(form).drop("known_to") for form in FORMS}
    made.ingest(Batch(frames, tuple(view.sources().values()), view.coverage(), "simulated"))
    made.ingest(more())
    made.reindex()
    return path


QUESTIONS = {
    "stage": ("stage", "AUS", "China", "--ids"),
    "ahead": ("stage", "AUS", "CHN", "--ahead", "3"),
    "rung": ("stage", "AUS", "CHN", "--ahead", "3", "--rung", "5", "--ids"),
    "table": ("stage", "--table", "--since", "1960", "--until", "2009"),
    "negotiability": ("negotiability", "USA", "CHN", "--day", "2010-01", "--ids"),
    "sides": ("negotiability", "USA", "CHN", "--day", "2010-01", "--sides", "--threshold", "0.5", "0.6"),
    "travel": ("travel", "RUS", "--ids"),
    "visits": ("travel", "RUS", "--visits"),
    "partial": ("travel", "Iran"),
    "break": ("break", "USA", "AUS", "--leader", "Obama", "--window", "6", "--office", "head_of_state"),
    "breaks": ("break", "USA", "--window", "6", "--office", "head_of_state"),
}


@pytest.mark.parametrize("words", QUESTIONS.values(), ids=QUESTIONS)
def test_three_formats_say_the_same(ask: Any, words: tuple[str, ...]) -> None:
    shown, lines, sheet = (ask(*words, format=format) for format in ("table", "json", "csv"))
    assert (shown.status, lines.status, sheet.status) == (0, 0, 0), shown.err + lines.err
    assert shown.out.strip()
    assert not shown.out.startswith("{")
    assert len(lines.rows) == len(sheet.table)
    for row, cells in zip(lines.rows, sheet.table, strict=True):
        assert {name for name, value in row.items() if value is None} == {
            n for n, c in cells.items() if c == "" and n in row
        }


def test_stage_says_since_when_and_where_it_may_go(ask: Any) -> None:
    row = ask("stage", "AUS", "CHN").rows[0]
    assert (row["a"], row["b"], row["year"]) == ("AUS", "CHN", 2009)
    assert row["condition"] in ("no dispute", "neither war nor peace", "war")
    ahead = ask("stage", "AUS", "CHN", "--ahead", "2").rows
    assert sum(each["probability"] for each in ahead if each["year"] == 2010) == pytest.approx(1.0)
    assert "since" in ask("stage", "AUS", "CHN", format="table").out
    rung = ask("stage", "AUS", "CHN", "--ahead", "2", "--rung", "3").rows
    assert [each["year"] for each in rung] == [2010, 2011]


def test_the_figures_are_those_of_the_world(ask: Any, folder: Path) -> None:
    import multipolar

    world = multipolar.open(folder)
    deal = world.negotiability("USA", "CHN", "2010-01")
    assert ask("negotiability", "USA", "CHN", "--day", "2010-01").rows[0]["value"] == deal.value
    travel = world.travel("RUS")
    rates = [row["rate"] for row in ask("travel", "RUS").rows]
    assert rates == travel.rates["rate"].to_list()


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("stage", "AUS", "AUS"), 2, "two different states"),
        (("stage", "AUS"), 2, "expected two states"),
        (("stage", "AUS", "CHN", "--rung", "3"), 2, "years ahead for a rung"),
        (("stage", "AUS", "CHN", "--ahead", "2", "--rung", "6"), 6, "lies above war"),
        (("stage", "AUS", "CHN", "--ahead", "99"), 2, "1 to 20 years"),
        (("stage", "AUS", "CHN", "--year", "2012"), 6, "nobody says"),
        (("stage", "AUS", "CHN", "--year", "1500"), 2, "expected a year"),
        (("stage", "BRA", "ARG"), 6, "no source on record"),
        (("stage", "--table", "--since", "2012"), 6, "no stage of two consecutive years"),
        (("negotiability", "PRK", "CHN"), 6, "no poll on record"),
        (("negotiability", "USA", "CHN", "--day", "2020-01"), 6, "more than 5"),
        (("negotiability", "USA", "CHN", "--threshold", "0.5", "0.5", "0.5"), 2, "one threshold or two"),
        (("negotiability", "USA", "CHN", "--threshold", "1.5"), 2, "above 0 and below 1"),
        (("travel", "GBR"), 6, "no warrant"),
        (("travel", "Nobody"), 2, "leader under a warrant"),
        (("break", "USA", "--at", "2009-01"), 2, "expected two states"),
        (("break", "USA", "AUS"), 2, "a leader or a month"),
        (("break", "USA", "AUS", "--at", "2009-11"), 6, "too little is known of the tie"),
    ],
)  # fmt: skip
def test_bad_input(ask: Any, words: tuple[str, ...], status: int, says: str) -> None:
    found = ask(*words)
    assert found.status == status, found.err
    assert found.out == ""
    assert says in found.err
