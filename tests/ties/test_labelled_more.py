"""What is asked of ties beside their level: months and eras, forecasts, changes, what is wanting, vintages, held-out cells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from samples import record, statement, vote
from simulated import FIRST, LAST, STATES, simulated

from multipolar import Refusal, UsageError, World
from multipolar.indicators import Panel, Scope, pair_months
from multipolar.ties import (
    ENOUGH,
    Grid,
    Ties,
    arrays,
    as_known_then,
    calibration,
    changes,
    compare,
    estimate,
    forecast,
    held_out,
    leave_out,
    wanting,
)
from multipolar.ties.forecast import MOST
from multipolar.ties.reading import ERAS, ORDER, TURNS, era_index, eras_of, observations, turns


@pytest.fixture(scope="module")
def panel() -> Panel:
    return pair_months(Scope(simulated().view(), STATES, FIRST, LAST))


@pytest.fixture(scope="module")
def ties(panel: Panel) -> Ties:
    return estimate(panel)


# --- the grid ---------------------------------------------------------------------------------------------------------


def test_years_before_1946_and_months_after() -> None:
    grid = Grid(date(1940, 5, 1), date(1946, 3, 31))
    assert [day.isoformat() for day in grid.days] == [
        *(f"{year}-01-01" for year in range(1940, 1946)), "1946-01-01", "1946-02-01", "1946-03-01",
    ]  # fmt: skip
    assert grid.pace.tolist() == [1.0, 12, 12, 12, 12, 12, 12, 1, 1]
    assert grid.index(date(1943, 9, 3)) == 3
    assert grid.index(date(1946, 2, 28)) == 7
    assert grid.of(pl.Series([date(1940, 5, 1), date(1945, 12, 31), date(1946, 3, 1)])).tolist() == [0, 5, 8]


def test_a_window_of_three_years_over_years_and_months() -> None:
    grid = Grid(date(1940, 1, 1), date(1950, 12, 31))
    for column in range(len(grid)):
        inside = [k for k in range(column + 1) if grid.numbers[column] - grid.numbers[k] < 36]
        assert grid.opens[column] == inside[0]


def test_a_month_outside_is_refused() -> None:
    grid = Grid(date(1990, 1, 1), date(1999, 12, 31))
    for day in (date(1989, 12, 31), date(2000, 1, 1)):
        with pytest.raises(UsageError, match="expected a month from 1990-01 to 1999-12"):
            grid.index(day)


@pytest.mark.parametrize(("first", "expected"), [
    (date(1816, 1, 1), (date(1816, 1, 1), *ERAS)),
    (date(1946, 1, 1), (date(1946, 1, 1), *ERAS[1:])),
    (date(1990, 1, 1), (date(1990, 1, 1), ERAS[3])),
    (date(2012, 1, 1), (date(2012, 1, 1),)),
    (date(2020, 1, 1), (date(2020, 1, 1),)),
])  # fmt: skip
def test_an_era_of_a_few_years_is_read_with_its_neighbour(first: date, expected: tuple[date, ...]) -> None:
    grid = Grid(first, date(2024, 6, 30))
    assert eras_of(grid) == expected
    index = era_index(grid, expected)
    assert index[0] == 0 and index[-1] == len(expected) - 1 and (np.diff(index) >= 0).all()


def test_old_and_new_evidence_in_one_estimate() -> None:
    """Yearly nodes before 1946: two alliances, one of them ended, and votes after the war."""
    made = record(
        tie=[
            statement("GBR", "FRA", "defence", date(1904, 4, 8), valid_to=date(1914, 8, 1)),
            statement("DEU", "AUT", "defence", date(1900, 1, 1), valid_to=date(1918, 11, 3)),
            statement("DEU", "FRA", "dispute", date(1914, 8, 3), valid_to=date(1918, 11, 11), value=5.0),
            statement("DEU", "GBR", "dispute", date(1914, 8, 4), valid_to=date(1918, 11, 11), value=5.0),
        ],
        event=[statement("GBR", "FRA", "AGREE", date(1904, 4, 8), value=8.0)],
        vote=[
            vote(s, f"R{k}", date(1947, 1 + k, 5), "yes" if s in "GBR FRA" else "no")
            for k in range(9)
            for s in ("GBR", "FRA", "USA")
        ],
    )
    told = estimate(
        pair_months(Scope(made.view(), ("AUT", "DEU", "FRA", "GBR", "USA"), date(1900, 1, 1), date(1948, 12, 31)))
    )
    assert len(told.grid) == 46 + 36
    series = told.series("GBR", "FRA")
    assert series.filter(pl.col("month") == date(1905, 1, 1))["mean"].item() is not None
    assert series.filter(pl.col("month") == date(1930, 1, 1))["mean"].item() is None, "nothing observed for three years"
    assert np.isfinite(told.mean).all() and (told.var > 0).all()


# --- how a panel is read ----------------------------------------------------------------------------------------------


def test_turns_are_changes_of_the_cells_and_nothing_else() -> None:
    rows = [
        (0, 1, "obligations", 0.0), (0, 5, "obligations", 1.0), (0, 9, "obligations", 0.9), (0, 12, "obligations", 0.0),
        (1, 3, "disputes", 0.0), (1, 4, "disputes", -0.8), (1, 6, "disputes", 0.0),
        (2, 0, "sanctions", 0.0), (2, 7, "sanctions", -0.4), (2, 8, "votes", -1.0), (2, 9, "votes", 1.0),
    ]  # fmt: skip
    found = turns(pl.DataFrame(rows, schema=["index", "node", "indicator", "value"], orient="row"), 4)
    assert found.indptr.tolist() == [0, 2, 3, 4, 4]
    assert found.month.tolist() == [5, 12, 4, 7]
    assert [TURNS[kind].indicator for kind in found.kind] == ["obligations", "obligations", "disputes", "sanctions"]


def test_what_happens_later_turns_nothing_earlier(ties: Ties, panel: Panel) -> None:
    cut = date(2005, 6, 30)
    early = observations(
        replace(panel, cells=panel.cells.filter(pl.col("month") <= cut)), ties.pairs, ties.grid, ties.eras
    )
    column = ties.grid.index(cut)
    whole = ties.observations.until(column)
    assert early.quick is not None and whole.quick is not None
    for name in ("indptr", "month", "kind"):
        np.testing.assert_array_equal(getattr(early.quick, name), getattr(whole.quick, name))


def test_readings_say_how_each_era_reads_each_indicator(ties: Ties) -> None:
    frame = ties.readings()
    assert set(frame["indicator"]) <= set(ORDER)
    assert frame["cells"].sum() == ties.panel.cells.height
    assert (frame.filter(pl.col("indicator") == "votes")["loading"] > 0).all()
    votes = ties.channel("votes", len(ties.grid) - 1)
    assert ties.params.noise[votes] ** 0.5 == pytest.approx(frame.filter(pl.col("indicator") == "votes")["noise"][-1])


# --- forecasts ---------------------------------------------------------------------------------------------------------


def test_a_forecast_fades_and_widens_from_the_last_month(ties: Ties) -> None:
    slow = estimate(ties.panel, replace(ties, params=ties.params._replace(phi=0.98, q=0.02)))
    frame, row = forecast(slow, "RUS", "CHN", 60), ties.pair_index("CHN", "RUS")
    assert frame["month"][0] == date(2010, 1, 1) and frame.height == 60
    assert frame["persistence"].unique().to_list() == [pytest.approx(slow.mean[row, -1])]
    assert (np.diff(frame["sd"].to_numpy()) > 0).all()
    assert frame["sd"][0] > slow.var[row, -1] ** 0.5
    assert (frame["lo90"] < frame["lo50"]).all() and (frame["hi50"] < frame["hi90"]).all()


def test_a_forecast_is_what_the_filter_says_h_months_ahead(ties: Ties) -> None:
    frame, row = forecast(ties, "USA", "IRN", 12), ties.pair_index("IRN", "USA")
    ahead = as_known_then(ties, 12)
    assert frame["mean"][-1] == pytest.approx(ahead.mean[row, -1], abs=1e-10)
    assert frame["sd"][-1] == pytest.approx(ahead.var[row, -1] ** 0.5, abs=1e-10)


def test_nothing_from_the_future_enters_what_was_known(ties: Ties, panel: Panel) -> None:
    cut = date(2004, 12, 31)
    early = Panel(replace(panel.scope, last=cut), panel.cells.filter(pl.col("month") <= cut))
    then = estimate(early, ties)
    known = as_known_then(ties)
    rows = [ties.pair_index(a, b) for a, b in then.pairs.select("a", "b").iter_rows()]
    np.testing.assert_allclose(known.mean[rows, len(then.grid) - 1], then.mean[:, -1], atol=1e-10)


def test_forecasts_that_nobody_can_make_are_refused(ties: Ties) -> None:
    with pytest.raises(UsageError, match=f"from 1 to {MOST}"):
        forecast(ties, "USA", "GBR", MOST + 1)
    quiet = record(event=[statement("CHN", "GBR", "AGREE", date(2009, 2, 1), value=3.0)])
    alone = estimate(pair_months(Scope(quiet.view(), ("CHN", "GBR"), FIRST, LAST)))
    with pytest.raises(Refusal, match="observed: events; missing: votes, obligations"):
        forecast(alone, "CHN", "GBR")


# --- changes, and what is wanting ----------------------------------------------------------------------------------------


def test_a_rupture_is_found_and_stands_out_from_placebos() -> None:
    made = simulated(2)
    panel = pair_months(Scope(made.view(), STATES, FIRST, LAST))
    turned = (pl.col("a") == "CHN") & (pl.col("b") == "RUS") & (pl.col("month") >= date(2005, 6, 1))
    value = pl.when(turned).then(-pl.col("value").abs() - 0.5).otherwise(pl.col("value")).alias("value")
    found = changes(estimate(replace(panel, cells=panel.cells.with_columns(value))), "CHN", "RUS")
    top = found.frame.sort("log_factor", descending=True).row(0, named=True)
    assert abs((top["month"].year - 2005) * 12 + top["month"].month - 6) <= 8
    assert top["shift"] < 0 and top["placebo"] < 0.05
    assert found.frame["probability"].is_between(0, 1).all()


def test_a_further_reading_takes_away_the_variance_that_it_says(ties: Ties) -> None:
    month = date(2008, 3, 1)
    frame, row, column = wanting(ties, "GBR", "USA", month), ties.pair_index("GBR", "USA"), ties.month_index(month)
    assert frame["move"].is_sorted(descending=True) and frame.height == len(ORDER)
    mine = ties.pair_observations(row)
    for told in frame.head(3).iter_rows(named=True):
        channel = ties.channel(told["indicator"], column)
        weights = ties.observations.weight[ties.observations.indicator == channel]
        weight = float(np.median(weights)) if weights.size else 1.0
        more = arrays.observations(
            np.zeros(len(mine) + 1, int), [*mine.month, column], [*mine.indicator, channel],
            [*mine.value, told["expected"]], [*mine.weight, weight],
        )  # fmt: skip
        after = arrays.smooth(replace(more, level=mine.level, quick=mine.quick), ties.params, len(ties.grid))
        assert after.var[0, column] ** 0.5 == pytest.approx(told["sd_then"], abs=1e-9)
        assert after.mean[0, column] == pytest.approx(ties.mean[row, column], abs=1e-9), "the expected surprises nobody"


def test_leaving_out_a_source(ties: Ties, panel: Panel) -> None:
    at = (ties.pair_index("CHN", "RUS"), ties.month_index(date(2008, 1, 1)))
    panels = {name: panel.without([name], pair=("CHN", "RUS")) for name in ("paper", "other")}
    frame = leave_out(ties, at, panels)
    other = frame.filter(pl.col("source") == "other").row(0, named=True)
    assert other["mean"] - other["change"] == pytest.approx(ties.mean[at])
    assert other["change"] < 0, "it told of a pact"
    gone = frame.filter(pl.col("source") == "paper").row(0, named=True)
    assert gone["mean"] is None and gone["indicators"] < ENOUGH


# --- vintages and held-out cells -----------------------------------------------------------------------------------------


def test_two_vintages_of_all_ties() -> None:
    world = World(simulated().view(), since=FIRST, actors=STATES)
    found = world.vintages(since="2006-12-31")
    assert found.moved["change"].abs().is_sorted(descending=True)
    for row in found.moved.head(3).iter_rows(named=True):
        told = world.news(row["a"], row["b"], since="2006-12-31")
        assert told.update == pytest.approx(row["change"], abs=1e-10)
        assert told.told.startswith(f"{row['a']}-{row['b']} {row['change']:+.2f}")
    same = compare(world.ties, world.observed, world.day(None))
    assert same.moved["change"].abs().max() == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("hide", ["cells", "blocks"])
def test_hidden_cells_are_predicted_without_themselves(panel: Panel, hide: str) -> None:
    told = held_out(panel, share=0.15, seed=3, hide=hide)  # type: ignore[arg-type]
    assert told.frame.height + told.left_out == round(told.frame.height + told.left_out)
    assert (told.frame["half_50"] < told.frame["half_80"]).all() and (
        told.frame["half_90"] < told.frame["half_95"]
    ).all()
    if hide == "blocks":
        left = panel.cells.join(told.frame, on=["a", "b", "month", "indicator"], how="anti")
        assert left.join(told.frame, on=["a", "b", "indicator"], how="semi").is_empty()
    everything = calibration.coverage(told.frame, by=("indicator", "decade"))
    assert everything["cells"].sum() == told.frame.height


def test_measured_widths_hold_where_normal_ones_do_not(ties: Ties, panel: Panel) -> None:
    """Cells that are nearly always the same: a normal interval holds them all, a measured one what it says."""
    rng = np.random.default_rng(77)
    skewed = np.where(rng.random(panel.cells.height) < 0.9, 0.02, 1.0) * rng.normal(size=panel.cells.height)
    told = held_out(replace(panel, cells=panel.cells.with_columns(value=pl.Series(skewed))), share=0.3)
    normal = calibration.coverage(told.frame, widths="normal")["inside_80"].item()
    measured = calibration.coverage(told.frame)["inside_80"].item()
    assert normal > 0.88 > 0.85 > measured > 0.75


@pytest.mark.parametrize("share", [0.0, 1.0, -0.2, 1e-9])
def test_a_share_that_leaves_nothing_is_refused(panel: Panel, share: float) -> None:
    with pytest.raises(UsageError, match="share"):
        held_out(panel, share=share)
