from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from samples import record, statement
from simulated import FIRST, LAST, POSITION, STATES, simulated

from multipolar import Refusal, UsageError
from multipolar.indicators import Panel, Scope, pair_months
from multipolar.record import Record
from multipolar.ties import ENOUGH, WINDOW, Ties, calibration, estimate, explain, pair_news
from multipolar.ties.anchors import CLOSE, HOSTILE
from multipolar.ties.explain import Explanation


@pytest.fixture(scope="module")
def made() -> Record:
    return simulated()


@pytest.fixture(scope="module")
def panel(made: Record) -> Panel:
    return pair_months(Scope(made.view(), STATES, FIRST, LAST))


@pytest.fixture(scope="module")
def ties(panel: Panel) -> Ties:
    return estimate(panel)


def test_the_anchors_fix_the_scale(ties: Ties) -> None:
    index = {(a, b): row for a, b, row in ties.pairs.iter_rows()}
    close = [index[pair] for pair in CLOSE if pair in index]
    hostile = [index[pair] for pair in HOSTILE if pair in index]
    assert ties.mean[close].mean() == pytest.approx(1.0)
    assert ties.mean[hostile].mean() < 0.0
    assert ties.params.mu0 == 0.0, "zero is a pair of which nothing is known"
    assert ties.anchored
    assert "anchor" in ties.notes[0]


def test_without_anchors_the_scale_is_said_to_be_another() -> None:
    made = simulated(3)
    few = estimate(pair_months(Scope(made.view(), ("CHN", "RUS", "IRN"), FIRST, LAST)))
    assert "standard deviations" in few.notes[0]
    assert not few.anchored


def test_ties_follow_what_the_states_prefer(ties: Ties) -> None:
    distance = [abs(POSITION[a] - POSITION[b]) for a, b in ties.pairs.select("a", "b").iter_rows()]
    assert np.corrcoef(distance, ties.mean.mean(axis=1))[0, 1] < -0.8


def test_explanation_is_an_identity_down_to_statements(ties: Ties) -> None:
    for a, b in (("RUS", "CHN"), ("USA", "IRN"), ("GBR", "USA")):
        split = explain(ties, a, b, since=date(2003, 6, 1), until=date(2008, 2, 1))
        total = split.baseline + split.statements["level"].sum()
        assert total == pytest.approx(split.level, abs=1e-10)
        assert split.statements["change"].sum() == pytest.approx(split.change, abs=1e-10)
        assert split.indicators["level"].sum() + split.baseline == pytest.approx(split.level, abs=1e-10)
        series = ties.series(a, b)
        row = series.filter(pl.col("month") == date(2008, 2, 1))
        assert row["mean"].item() == pytest.approx(split.level, abs=1e-10)
        assert row["sd"].item() == pytest.approx(split.level_sd, abs=1e-10)


def test_statements_of_an_explanation_exist(ties: Ties, made: Record) -> None:
    split = explain(ties, "RUS", "CHN", since=date(2003, 6, 1), until=date(2008, 2, 1))
    ids = [name for name in split.statements["id"] if not name.startswith("coverage:")]
    assert len(made.view().by_id(ids)) == len(ids) > 100


def test_variance_of_a_change_equals_draws(ties: Ties) -> None:
    from multipolar.ties import arrays

    split = explain(ties, "RUS", "CHN", since=date(2003, 6, 1), until=date(2008, 2, 1))
    row = ties.pair_index("RUS", "CHN")
    paths = arrays.sample(ties.pair_observations(row), ties.params, len(ties.months), 20000, np.random.default_rng(0))
    change = paths[:, ties.month_index(date(2008, 2, 1))] - paths[:, ties.month_index(date(2003, 6, 1))]
    assert change.std() == pytest.approx(split.change_sd, rel=0.03)
    assert change.mean() == pytest.approx(split.change, abs=4 * split.change_sd / 20000**0.5)


def test_too_little_evidence_is_null_not_a_number(ties: Ties) -> None:
    series = ties.series("CHN", "GBR")
    thin = series.filter(pl.col("indicators") < ENOUGH)
    assert thin["mean"].is_null().all()
    quiet = record(
        event=[statement("CHN", "GBR", "AGREE", date(2000, 2, 1), value=3.0)],
        tie=[statement("CHN", "GBR", "consultation", date(2000, 2, 1), valid_to=date(2000, 3, 1))],
    )
    alone = estimate(pair_months(Scope(quiet.view(), ("CHN", "GBR"), FIRST, LAST)))
    known = alone.series("GBR", "CHN").drop_nulls("mean")["month"]
    assert known.min() == date(2000, 2, 1)
    assert known.len() <= WINDOW + 1, "three years after the last evidence there is nothing to say"


def test_brute_force_window(ties: Ties) -> None:
    obs = ties.observations
    for row in (0, 5, ties.pairs.height - 1):
        mine = obs.pair(row)
        for column in (0, 10, WINDOW - 1, WINDOW, len(ties.months) - 1):
            inside = (mine.month <= column) & (mine.month > column - WINDOW)
            expected = len(set(mine.indicator[inside]))
            assert ties.kinds_of(row)[column] == expected
            assert ties.kinds_at(column)[row] == expected


def test_news_adds_up_and_keeps_revisions_apart(made: Record, ties: Ties) -> None:
    early = made.view(date(2006, 12, 31))
    before = pair_months(replace(ties.panel.scope, view=early))
    told = pair_news(ties, before, "CHN", "RUS", date(2009, 12, 1))
    assert told.update == pytest.approx(told.revisions + told.news["contribution"].sum(), abs=1e-10)
    assert told.after == pytest.approx(float(ties.mean[ties.pair_index("CHN", "RUS"), -1]), abs=1e-10)
    assert told.revisions == pytest.approx(0.0, abs=1e-12), "nothing known before was changed"
    assert told.news["month"].min() > date(2006, 12, 1)  # type: ignore[operator]


def test_same_parameters_on_other_data_keep_the_scale(ties: Ties, panel: Panel) -> None:
    again = estimate(panel, ties)
    np.testing.assert_allclose(again.mean, ties.mean, atol=1e-9)
    np.testing.assert_allclose(again.var, ties.var, atol=1e-9)


def test_held_out_cells_are_covered(panel: Panel) -> None:
    told = pl.concat([calibration.held_out(panel, share=0.2, seed=seed).frame for seed in range(3)])
    inside = calibration.coverage(told).row(0, named=True)
    assert 0.85 <= inside["inside_90"] <= 0.96
    assert inside["inside_50"] < inside["inside_80"] < inside["inside_90"] < inside["inside_95"]
    assert calibration.coverage(told, by=("indicator",))["cells"].sum() == told.height


def test_bad_questions_are_refused_with_reasons(ties: Ties) -> None:
    with pytest.raises(UsageError, match="two different states"):
        ties.series("USA", "USA")
    with pytest.raises(Refusal, match="nothing is observed"):
        ties.series("USA", "ZZZ")
    with pytest.raises(UsageError, match="month"):
        ties.month_index(date(2031, 1, 1))
    with pytest.raises(UsageError, match="before"):
        explain(ties, "USA", "GBR", since=date(2005, 1, 1), until=date(2004, 1, 1))
    with pytest.raises(Refusal):
        estimate(replace(ties.panel, cells=ties.panel.cells.clear()))


def test_explanation_interval_has_the_stated_width(ties: Ties) -> None:
    split: Explanation = explain(ties, "USA", "GBR", since=date(2003, 1, 1), until=date(2009, 1, 1))
    low, high = split.interval("level")
    assert high - low == pytest.approx(2 * 1.6448536 * split.level_sd, rel=1e-6)
    assert low < split.level < high


@pytest.mark.data
def test_anchor_pairs_are_what_the_module_says(shared_data: object) -> None:
    from pathlib import Path

    from multipolar.actors import get

    folder = Path(str(shared_data)) / "conflicts_mid_ucdp"
    disputes = pl.concat(
        pl.read_csv(folder / name, infer_schema_length=0).select(
            pl.col("ccode1", "ccode2", "year").cast(float).cast(int)
        )
        for name in ("cow_mid_ddydisps.csv.gz", "gml_mid_ddydisps.csv.gz")
    )
    atop = pl.read_parquet(Path(str(shared_data)) / "atop_alliances" / "atop_alliance.parquet")

    def codes(actor: str) -> set[int]:
        return {spell.codes.cow for spell in get(actor).spells if spell.codes.cow is not None}

    def years(frame: pl.DataFrame, pair: tuple[str, str]) -> set[int]:
        return set(frame.filter(pl.col("ccode1").is_in(codes(pair[0])), pl.col("ccode2").is_in(codes(pair[1])))["year"])

    pacts = atop.filter(pl.col("atop_defense") == 1).with_columns(pl.col("ccode1", "ccode2", "year").cast(int))
    for pair in CLOSE:
        assert not {year for year in years(disputes, pair) if year >= 1950}, pair
        assert set(range(1956, 2019)) <= years(pacts, pair), pair
    for pair in HOSTILE:
        assert len({year for year in years(disputes, pair) if year >= 1980}) >= 12, pair
