"""The door on the embedded dossier: each question of the design has an answer with an interval and its evidence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from polars.testing import assert_frame_equal

import multipolar
from multipolar import ActorError, RecordError, Refusal, UsageError, World
from multipolar.record import FORMS, Record


@pytest.fixture(scope="module")
def world() -> World:
    return multipolar.open()


def test_the_dossier_is_as_large_as_promised(world: World) -> None:
    counts = world.view.counts()
    assert all(counts[form] > 0 for form in FORMS)
    assert sum(counts.values()) >= 2000
    assert len(world.actors) >= 70


def test_a_tie_has_intervals_by_month(world: World) -> None:
    series = world.tie("Russia", "China").drop_nulls("mean")
    assert series["month"].is_sorted()
    for low, high in (("lo90", "lo50"), ("lo50", "mean"), ("mean", "hi50"), ("hi50", "hi90")):
        assert (series[low] < series[high]).all()
    assert series.equals(world.tie("CHN", "RUS").drop_nulls("mean")), "a tie has no direction"


def test_an_explanation_is_exact_and_leads_to_sources(world: World) -> None:
    split = world.explain("RUS", "PRK", since="2024-01")
    assert split.baseline + split.statements["level"].sum() == pytest.approx(split.level, abs=1e-10)
    assert split.statements["change"].sum() == pytest.approx(split.change, abs=1e-10)
    rows = world.view.by_id(world.evidence(split))
    sources = world.view.sources()
    assert all(row["source"] in sources and row["locator"] for row in rows)
    assert any("Comprehensive Strategic Partnership" in (row["text"] or "") for row in rows)


def test_news_is_surprise_times_weight(world: World) -> None:
    told = world.news("RUS", "PRK", since="2024-05-31", month="2025-01")
    assert told.update == pytest.approx(told.revisions + told.news["contribution"].sum(), abs=1e-10)
    product = told.news["weight"] * (told.news["value"] - told.news["expected"])
    assert (product - told.news["contribution"]).abs().max() < 1e-12  # type: ignore[operator]
    with pytest.raises(UsageError, match="before"):
        world.news("RUS", "PRK", since=world.as_of.isoformat())


def test_measures_answer_with_coverage_and_evidence(world: World) -> None:
    alone = world.isolation("RUS", "2024-06")
    assert 0 <= alone.lo90 <= alone.value <= alone.hi90 <= 1
    assert alone.coverage > 0.9
    assert world.evidence(alone)
    leaning = world.dependence("PRK", on="CHN")
    assert leaning.value > world.dependence("CHN", on="PRK").value
    assert 0 <= world.hedging("VNM", between=("USA", "CHN", "RUS"), month="2024-06").value <= 1


def test_as_of_is_what_was_known_then(world: World) -> None:
    then = multipolar.open(as_of="2024-06-01")
    assert then.as_of == date(2024, 6, 1)
    for form in FORMS:
        frame = then.view.statements(form)
        assert frame["known_from"].max() <= date(2024, 6, 1)  # type: ignore[operator]
    ties = then.view.statements("tie")
    assert ties["valid_to"].drop_nulls().max() <= date(2024, 6, 1), "no end that was still to come"  # type: ignore[operator]
    assert then.ties.months[-1] <= date(2024, 6, 1)
    assert not then.view.statements("tie", between=("RUS", "PRK"), kinds=("defence",), since=date(2010, 1, 1)).height
    assert then.observed.cells["month"].max() <= date(2024, 6, 1)  # type: ignore[operator]


def test_what_became_known_later_does_not_move_the_past_vintage(world: World) -> None:
    day = date(2020, 6, 30)
    early = multipolar.open(as_of=day).observed.cells
    again = world.view.at(day)
    assert early.equals(World(again).observed.cells)


def test_nothing_is_carried_past_the_end_of_the_evidence(world: World) -> None:
    last = max(row.last for row in world.view.coverage())
    assert world.ties.months[-1] <= max(last, world.observed.cells["month"].max())  # type: ignore[type-var]
    assert world.ties.months[-1] < date.today()


def test_a_record_of_ones_own(tmp_path: object, world: World) -> None:
    with pytest.raises(RecordError, match="record"):
        multipolar.open(str(tmp_path))
    with pytest.raises(Refusal, match="nothing"):
        _ = multipolar.open(Record.memory(), actors=("USA", "RUS")).ties


def test_questions_that_make_no_sense_are_named(world: World) -> None:
    with pytest.raises(ActorError, match="several"):
        world.tie("Korea", "CHN")
    with pytest.raises(ActorError):
        world.tie("Ruritania", "CHN")
    with pytest.raises(UsageError, match="two different"):
        world.tie("RUS", "Russia")
    with pytest.raises(UsageError, match="not after today"):
        multipolar.open(as_of=date.today() + timedelta(days=1))
    with pytest.raises(UsageError, match="date"):
        multipolar.open(as_of="yesterday")
    with pytest.raises(UsageError, match="month"):
        world.isolation("RUS", "1950-01")
    with pytest.raises(UsageError, match="before"):
        world.explain("RUS", "CHN", since="2025-01", until="2024-01")


def test_the_same_world_twice_is_the_same(world: World) -> None:
    again = multipolar.open()
    assert again.observed.cells.equals(world.observed.cells)
    assert_frame_equal(again.tie("RUS", "CHN"), world.tie("RUS", "CHN"), abs_tol=0.0, rel_tol=0.0)
