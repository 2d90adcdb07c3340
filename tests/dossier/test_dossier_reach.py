"""How far open ties hold, and whether the contributor's page says what the reader demands."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from dossier_tiny import Write

from multipolar import dossier
from multipolar.dossier.forms import FILES
from multipolar.dossier.reach import LOOKED_OVER, reach
from multipolar.record import Batch, Coverage

README = (files("multipolar.dossier") / "data" / "README.md").read_text(encoding="utf-8")


def tie(source: str, kind: str, first: date, last: date | None = None) -> dict[str, Any]:
    return {"source": source, "kind": kind, "valid_from": first, "valid_to": last}


def test_open_ties_reach_to_the_day_they_were_looked_over() -> None:
    ties = [
        tie("un", "defence", date(1960, 1, 1)),
        tie("un", "defence", date(1950, 1, 1)),
        tie("un", "base", date(1950, 1, 1), date(1960, 1, 1)),
    ]
    ended, row = reach(ties, [])
    assert (row.source, row.kind, row.first, row.last) == ("un", "defence", date(1950, 1, 1), LOOKED_OVER)
    assert row.absence == "missing"
    assert (ended.kind, ended.last) == ("base", LOOKED_OVER), "as of 1955 it stood, and had to be carried"


def test_a_later_tie_stretches_the_reach_no_further_than_its_first_day() -> None:
    [row] = reach([tie("un", "defence", date(2026, 2, 6))], [])
    assert row.last == date(2026, 2, 6)


def test_what_a_coverage_file_states_stands() -> None:
    stated = Coverage("un", "tie", "defence", (), "any", date(1950, 1, 1), date(2018, 12, 31), "missing", "")
    assert reach([tie("un", "defence", date(1960, 1, 1))], [stated]) == []


def test_every_open_tie_of_the_dossier_has_an_end_to_its_reach(embedded: Batch) -> None:
    reached = {(row.source, row.kind) for row in embedded.coverage if row.form == "tie"}
    ties = embedded.frames["tie"]
    open_ = set(ties.filter(ties["valid_to"].is_null()).select("source", "kind").iter_rows())
    assert open_ <= reached


def test_rows_compiled_from_atop_hold_no_longer_than_atop(embedded: Batch) -> None:
    rows = [row for row in embedded.coverage if row.source == "atop"]
    assert rows
    assert all(row.last == date(2018, 12, 31) for row in rows)


@pytest.mark.parametrize("word", sorted(FILES))
def test_the_contributors_page_lists_the_columns(word: str) -> None:
    match = re.search(rf"^\| `{word}\*\.tsv` \| (.+) \|$", README, re.MULTILINE)
    assert match, f"describe {word}*.tsv in dossier/data/README.md"
    assert match.group(1).split(", ") == list(FILES[word])


def test_the_example_of_the_contributors_page_is_a_valid_line(write: Write) -> None:
    [example] = [line.strip() for line in README.split("\n") if line.startswith("    ") and "\t" in line]
    source = "kremlin\tPresident of Russia\tTreaties\t\thttp://en.kremlin.ru/\tfacts\tPresident of Russia, Treaties"
    sources = [
        "un\tUnited Nations\tTreaty Series\t\t\tfacts\tUN",
        "poll\tPollster\tPoll\t2020\t\tfacts\tPollster",
        source,
    ]
    batch = dossier.load(write({"ties": [example], "sources": sources}))
    row = batch.frames["tie"].filter(source="kremlin").row(0, named=True)
    assert (row["a"], row["b"], row["kind"]) == ("PRK", "RUS", "defence")
    assert (row["known_from"], row["valid_from"]) == (date(2024, 6, 19), date(2024, 12, 4))
