"""The work of the published baseline on the publishers' own files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from multipolar import sources
from multipolar.backtests import Design, disputes, run
from multipolar.backtests.arrays.windows import Plan
from multipolar.backtests.cubes import cubes
from multipolar.backtests.pairyears import rows
from multipolar.backtests.positions import Votes
from multipolar.record import Record

FOLDERS = {
    "mid-cow": "conflicts_mid_ucdp", "cow-mindist": "cow_state_system", "cow-majors": "cow_state_system",
    "atop": "atop_alliances",
}  # fmt: skip


@pytest.fixture(scope="module")
def design(shared_data: Path) -> Design:
    """Disputes from 1946 on, without votes: what came before 1946 is not counted, to be quick."""
    record = Record.memory()
    for name, folder in FOLDERS.items():
        record.ingest(sources.read(name, shared_data / folder).noted())
    told = cubes(record.view(), 1946, disputes.COLUMNS)
    made = rows(disputes._years(told, Votes({}, {}, len(told.actors)), disputes.LAST))
    names = ("history, geography", "model")
    return Design(
        "disputes", "", "", Plan(disputes.FIRST, disputes.LAST, thin=20), told.actors, made.a, made.b, made.year, made.outcome,
        made.predictors, {name: disputes.FITS[name] for name in names}, names[0], made.year,
    )  # fmt: skip


def test_rows_and_events_are_those_of_the_published_baseline(design: Design) -> None:
    tested = (design.year >= disputes.FIRST) & (design.year <= disputes.LAST)
    assert abs(int(design.outcome[tested].sum()) - 944) <= 5
    assert abs(int(tested.sum()) - 409_733) <= 1_000


def test_history_and_geography_do_as_published_and_the_model_does_better(design: Design) -> None:
    test = run(design)
    assert test.value("history, geography", "auc") == pytest.approx(0.956, abs=0.005)
    assert test.value("history, geography", "skill") == pytest.approx(0.410, abs=0.02)
    assert test.value("model", "auc") > 0.96
    assert test.value("model", "skill") > 0.42


def test_pairs_that_matter_most_are_as_many_as_published(design: Design) -> None:
    relevant = (design.predictors["touching"] > 0) | (design.predictors["major"] > 0)
    tested = relevant & (design.year >= disputes.FIRST) & (design.year <= disputes.LAST)
    assert abs(int(design.outcome[tested].sum()) - 689) <= 5
    kept = {name: values[relevant] for name, values in design.predictors.items()}
    part = replace(
        design, a=design.a[relevant], b=design.b[relevant], period=design.period[relevant], year=design.year[relevant],
        outcome=design.outcome[relevant], predictors=kept,
    )  # fmt: skip
    assert run(part).value("model", "auc") > 0.92
