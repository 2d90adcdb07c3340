"""Evidence that is thin, contradictory, withdrawn, constant or told ten thousand times: no crash and no false certainty."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from samples import batch, record, statement
from simulated import FIRST, LAST, STATES, simulated

from multipolar import Refusal, World
from multipolar.indicators import Scope, pair_months
from multipolar.record import Record
from multipolar.ties import Ties, estimate


def told(made: Record) -> Ties:
    return estimate(pair_months(Scope(made.view(), STATES, FIRST, LAST)))


def more(**forms) -> Record:
    made = simulated()
    made.ingest(batch(**forms))
    return made


def at_the_end(ties: Ties, a: str, b: str) -> tuple[float, float]:
    row = ties.pair_index(a, b)
    return float(ties.mean[row, -1]), float(ties.var[row, -1] ** 0.5)


@pytest.fixture(scope="module")
def usual() -> Ties:
    return told(simulated())


def reports(n: int) -> list[dict]:
    return [
        statement(
            "AUS", "IRN", "ASSAULT", date(2009, 11, 1 + k % 28), value=-10.0, original=f"report {k}", locator=f"p. {k}"
        )
        for k in range(n)
    ]


def test_ten_thousand_reports_of_a_month_are_little_more_than_a_hundred(usual: Ties) -> None:
    hundred, many = (estimate(told_panel(more(event=reports(n))), usual) for n in (100, 10_000))
    few_mean, few_sd = at_the_end(hundred, "AUS", "IRN")
    many_mean, many_sd = at_the_end(many, "AUS", "IRN")
    assert few_mean < at_the_end(usual, "AUS", "IRN")[0]
    assert many_mean == pytest.approx(few_mean, abs=0.02)
    assert many_sd == pytest.approx(few_sd, abs=0.01)


def told_panel(made: Record):
    return pair_months(Scope(made.view(), STATES, FIRST, LAST))


def test_contradictory_statements_cancel_and_leave_doubt(usual: Ties) -> None:
    both = [
        statement("AUS", "IRN", kind, date(2009, 11, 5), value=value)
        for kind, value in (("COOPERATE", 8.0), ("ASSAULT", -8.0))
    ]
    mean, sd = at_the_end(estimate(told_panel(more(event=both)), usual), "AUS", "IRN")
    good, bad = (at_the_end(estimate(told_panel(more(event=[one])), usual), "AUS", "IRN")[0] for one in both)
    assert bad < mean < good
    assert sd <= at_the_end(usual, "AUS", "IRN")[1] + 1e-9
    assert sd > 0.02


def test_a_source_withdrawn_in_the_middle_leaves_a_wider_interval(usual: Ties) -> None:
    """What the source said until 2004 stays; after that, nothing is carried on."""
    panel = told_panel(simulated())
    gone = panel.cells.filter(~((pl.col("indicator") == "votes") & (pl.col("month") >= date(2005, 1, 1))))
    cut = estimate(type(panel)(panel.scope, gone), usual)
    row = cut.pair_index("RUS", "USA")
    assert cut.var[row, -1] >= usual.var[usual.pair_index("RUS", "USA"), -1]
    assert np.isfinite(cut.mean).all() and (cut.var > 0).all()


def test_an_indicator_that_never_varies_says_nothing_and_breaks_nothing() -> None:
    panel = told_panel(simulated())
    flat = panel.cells.with_columns(
        value=pl.when(pl.col("indicator") == "events").then(0.25).otherwise(pl.col("value"))
    )
    ties = estimate(type(panel)(panel.scope, flat))
    assert np.isfinite(ties.mean).all() and (ties.var > 1e-6).all()
    without = estimate(type(panel)(panel.scope, panel.cells.filter(pl.col("indicator") != "events")))
    rows = [ties.pair_index(a, b) for a, b in without.pairs.select("a", "b").iter_rows()]
    assert np.corrcoef(ties.mean[rows, -1], without.mean[:, -1])[0, 1] > 0.9


def test_a_pair_with_one_kind_of_evidence_is_refused_with_what_is_missing() -> None:
    thin = record(event=[statement("CHN", "GBR", "AGREE", date(2005, 2, 1), value=3.0)])
    world = World(thin.view(), since=FIRST, actors=("CHN", "DEU", "GBR"))
    with pytest.raises(Refusal, match="observed: events; missing: votes, obligations, visits"):
        world.tie("CHN", "GBR")
    with pytest.raises(Refusal, match="missing: votes, obligations, events"):
        world.tie("DEU", "CHN")
