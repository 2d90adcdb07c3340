"""Designs on small worlds made at random: what comes later changes nothing that was known, and bad input is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from multipolar.backtests import DESIGNS, Design, backtest, disputes, events, pacts, run, sanctions, with_tie
from multipolar.backtests.arrays.windows import Plan
from multipolar.backtests.cubes import Cubes
from multipolar.backtests.pairyears import Rows, rows
from multipolar.backtests.positions import Votes
from multipolar.errors import Refusal, UsageError
from multipolar.record import Record

STATES, FIRST, LAST = 7, 1940, 1960
CUT = 1954


def _symmetric(rng: np.random.Generator, chance: float) -> np.ndarray:
    upper = np.triu(rng.random((LAST - FIRST + 1, STATES, STATES)) < chance, 1)
    return (upper | upper.transpose(0, 2, 1)).astype(np.float32)


def world(seed: int, later: int | None = None) -> tuple[Cubes, Votes]:
    """A world at random; with `later`, all that is dated after `CUT` comes from another one."""
    rng = np.random.default_rng(seed)
    km = rng.integers(0, 4, (STATES, STATES)) * 900.0
    km = np.where(np.eye(STATES) > 0, np.nan, np.maximum(km, km.T)).astype(np.float32)
    years = LAST - FIRST + 1
    pairs = {name: _symmetric(rng, 0.2) for name in ("dispute_onset", "defence", "alliance")}
    pairs["min_distance"] = np.repeat(km[None], years, axis=0)
    traits = {
        "major_power": (rng.random((years, STATES)) < 0.3).astype(np.float32),
        "cinc": rng.random((years, STATES)).astype(np.float32),
    }
    cast = Votes(
        {year: rng.random((STATES, STATES)).astype(np.float32) for year in range(FIRST, LAST + 1)},
        {year: rng.random(STATES).astype(np.float32) for year in range(FIRST, LAST + 1)},
        STATES,
    )
    if later is not None:
        other, elsewhere = world(later)
        after = np.arange(FIRST, LAST + 1) > CUT
        for own, others in ((pairs, other.pairs), (traits, other.states)):
            for name in own:
                shape = (-1,) + (1,) * (own[name].ndim - 1)
                own[name] = np.where(after.reshape(shape), others[name], own[name])
        for year in range(CUT + 1, LAST + 1):
            cast.s[year], cast.theta[year] = elsewhere.s[year], elsewhere.theta[year]
    names = tuple("ABCDEFG")
    return Cubes(names, FIRST, LAST, pairs, traits), cast


def _disputes(told: Cubes, cast: Votes) -> Rows:
    return rows(disputes._years(told, cast, LAST - 1))


def _pacts(told: Cubes, cast: Votes) -> Rows:
    return rows(pacts._years(told, cast, "defence", LAST - 1))


@pytest.mark.parametrize("make", [_disputes, _pacts])
def test_nothing_after_a_year_changes_what_was_known_at_its_end(make: Callable[[Cubes, Votes], Rows]) -> None:
    one, other = make(*world(1)), make(*world(1, later=2))
    before = {name: values[one.year <= CUT] for name, values in one.predictors.items()}
    for name, values in other.predictors.items():
        assert values[other.year <= CUT].tolist() == pytest.approx(before[name].tolist(), nan_ok=True), name
    assert one.outcome[one.year < CUT].tolist() == other.outcome[other.year < CUT].tolist()
    changed = [name for name, values in other.predictors.items() if values.shape != one.predictors[name].shape
               or not np.array_equal(values, one.predictors[name], equal_nan=True)]  # fmt: skip
    assert len(changed) > 8  # the other world does differ


def test_sanctions_know_nothing_later() -> None:
    rng = np.random.default_rng(0)
    table = (rng.random((20, 2, 5)) < 0.2).astype(np.float32)
    changed = table.copy()
    changed[11:] = 1.0 - changed[11:]
    names = tuple("ABCDE")
    there = {name: set(range(1960, 1981)) for name in names}
    traits = {name: {state: {year: float(rng.random()) for year in range(1960, 1981)} for state in names}
              for name in sanctions.TRAITS}  # fmt: skip
    cast = Votes({}, {}, 6)
    made = [
        list(sanctions._years(sanctions.Force(("EU", "A"), names, 1960, each), there, traits, cast, (*names, "EU")))
        for each in (table, changed)
    ]  # fmt: skip
    for step in range(11):
        (one, known), (other, again) = made[0][step], made[1][step]
        assert one[0].tolist() == other[0].tolist()
        for name, values in known.items():
            assert values.tolist() == pytest.approx(again[name].tolist(), nan_ok=True)
    assert made[0][12][1]["usual"].tolist() != made[1][12][1]["usual"].tolist()


def test_events_know_nothing_later() -> None:
    rng = np.random.default_rng(0)
    quarters = [4 * 2020 + step for step in range(8)]

    def table() -> np.ndarray:
        size = np.triu(1.0 + rng.random((4, 4)), 1)
        total = size * np.triu(rng.uniform(-1, 1, (4, 4)), 1)
        made = np.stack([total, size, np.triu(np.full((4, 4), 30.0), 1)])
        return (made + made.transpose(0, 2, 1)).astype(np.float32)

    tables = [table() for _ in quarters]
    changed = [*tables[:5], *(table() for _ in quarters[5:])]
    cast = Votes({}, {}, 4)
    one, other = (list(events._rows(quarters, each, cast)) for each in (tables, changed))
    for before, after in zip(one[:5], other[:5], strict=True):
        for name in events.MODEL_USES:
            assert before[name].tolist() == pytest.approx(after[name].tolist(), nan_ok=True)
    assert one[3]["outcome"].tolist() == other[3]["outcome"].tolist()
    assert one[6]["pooled"].tolist() != other[6]["pooled"].tolist()
    first = np.triu_indices(4, 1)
    assert one[0]["balance"].tolist() == pytest.approx((tables[0][0] / np.maximum(tables[0][1], 1e-9))[first].tolist())


def test_quarters_have_their_days() -> None:
    first, last = events._span(4 * 2020 + 3)
    assert (first.isoformat(), last.isoformat()) == ("2020-10-01", "2020-12-31")
    assert events._last_year(np.array([4 * 2020 + 2, 4 * 2020 + 3])).tolist() == [2019, 2020]


def small(seed: int = 0, *, chance: float = 0.2) -> Design:
    """A design of which one predictor tells something."""
    rng = np.random.default_rng(seed)
    period = np.repeat(np.arange(1950, 1980), 60)
    x = rng.normal(size=len(period)).astype(np.float32)
    y = (rng.random(len(period)) < chance * np.exp(x - 0.5)).astype(float)
    a, b = np.tile(np.arange(60) % 5, 30), np.tile(5 + np.arange(60) // 5, 30)
    names = tuple(f"S{place:02}" for place in range(20))
    return Design(
        "small", "A small design", "something", Plan(1965, 1978), names, a, b, period, y,
        {"x": x, "noise": rng.normal(size=len(period)).astype(np.float32)}, {"field": ("noise",), "model": ("x",)},
        "field", period,
    )  # fmt: skip


def test_a_run_scores_all_forecasts_on_the_same_rows() -> None:
    test = run(small())
    assert (test.rows, test.periods) == (14 * 60, 14)
    assert test.value("earlier rate", "skill") == 0
    assert test.value("model", "auc") > 0.65 > test.value("field", "auc")
    row = test.figures.filter(pl.col("forecast") == "model", pl.col("score") == "skill").to_dicts()[0]
    assert row["lo90"] < row["value"] < row["hi90"]
    assert row["gain"] == pytest.approx(test.value("model", "skill") - test.value("field", "skill"))
    assert row["gain_lo90"] > 0
    brier = test.figures.filter(pl.col("forecast") == "model", pl.col("score") == "brier").to_dicts()[0]
    assert brier["gain"] > 0  # less is better


def test_a_seed_gives_the_same_figures() -> None:
    assert run(small(), seed=4).figures.equals(run(small(), seed=4).figures)
    assert not run(small(), seed=4).figures.equals(run(small(), seed=5).figures)


def test_what_never_happens_cannot_be_told_apart() -> None:
    with pytest.raises(Refusal, match="nothing to tell apart"):
        run(replace(small(), outcome=np.zeros(1800)))


def test_a_few_periods_are_too_few() -> None:
    with pytest.raises(Refusal, match="too few years"):
        run(replace(small(), plan=Plan(1976, 1978)))


def test_figures_get_mae_and_crps() -> None:
    made = small()
    rng = np.random.default_rng(9)
    outcome = made.predictors["x"] + rng.normal(size=1800)
    given = {"persistence": np.zeros(1800)}
    design = replace(made, plan=Plan(1965, 1978, step=1, binary=False, warm=3), outcome=outcome.astype(float), given=given,
                     volume=np.arange(1800.0) % 60)  # fmt: skip
    test = run(design)
    assert set(test.figures["score"]) == {"mae", "crps"}
    assert test.value("model", "mae") == pytest.approx(np.sqrt(2 / np.pi), rel=0.1)
    assert test.value("model", "crps") == pytest.approx(1 / np.sqrt(np.pi), rel=0.1)
    assert test.events == 0


def ties(design: Design) -> pl.DataFrame:
    """The tie is what the outcome will be, nearly: a frame as it would be handed in."""
    names = [design.actors[place] for place in design.a]
    others = [design.actors[place] for place in design.b]
    frame = pl.DataFrame({"a": names, "b": others, "year": design.year, "tie": design.outcome, "tie_sd": 1.0})
    return frame.unique(["a", "b", "year"], keep="first", maintain_order=True)


def test_the_tie_joins_as_a_predictor() -> None:
    design = small()
    joined = with_tie(design, ties(design).filter(pl.col("year") < 1979))
    assert joined.fits["model + tie"] == ("x", "tie", "tie_sd")
    assert joined.fits["field + tie"] == ("noise", "tie", "tie_sd")
    assert np.isnan(joined.predictors["tie"][design.year == 1979]).all()
    test = run(joined)
    assert test.value("model + tie", "auc") > 0.99 > test.value("model", "auc")
    row = test.figures.filter(pl.col("forecast") == "model + tie", pl.col("score") == "auc").to_dicts()[0]
    assert row["added"] == pytest.approx(test.value("model + tie", "auc") - test.value("model", "auc"))
    assert 0 < row["added_lo90"] < row["added"] < row["added_hi90"]
    assert test.figures.filter(~pl.col("forecast").str.ends_with("tie"))["added"].is_null().all()


def test_the_tie_joins_whatever_the_order_of_a_pair() -> None:
    design = small()
    turned = replace(design, a=design.b, b=design.a)
    told = [with_tie(each, ties(design)).predictors["tie"] for each in (design, turned)]
    assert told[0].tolist() == told[1].tolist()


def test_bad_ties_are_refused() -> None:
    design = small()
    with pytest.raises(UsageError, match="no column tie_sd"):
        with_tie(design, ties(design).drop("tie_sd"))
    twice = pl.concat([ties(design), ties(design).head(1)])
    with pytest.raises(UsageError, match="one tie for a pair"):
        with_tie(design, twice)


@pytest.mark.parametrize("name", DESIGNS)
def test_a_record_without_the_sources_is_refused_with_what_to_ingest(name: str) -> None:
    with pytest.raises(Refusal, match="Ingest"):
        backtest(Record.memory().view(), name)


def test_an_unknown_backtest_is_named() -> None:
    with pytest.raises(UsageError, match="disputes"):
        backtest(Record.memory().view(), "dispute")
