"""Ties brought up to date are what a full estimate with the same parameters gives, and what moved them adds up."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from samples import batch, statement, vote
from simulated import FIRST, LAST, STATES, simulated

from multipolar import UsageError
from multipolar.indicators import Panel, Scope, pair_months
from multipolar.record import Coverage, Record
from multipolar.ties import Ties, estimate
from multipolar.ties.update import Update, update


def scope(record: Record) -> Scope:
    return Scope(record.view(), (*STATES, "DEU"), FIRST, LAST)


@pytest.fixture(scope="module")
def before() -> tuple[Record, Ties]:
    record = simulated()
    return record, estimate(pair_months(scope(record)))


def taken_in(before: tuple[Record, Ties], coverage=(), **forms) -> tuple[Update, Ties]:
    """The same record with a further batch, brought up to date and estimated afresh."""
    ties = before[1]
    record = simulated()
    earlier = record.view()
    old = Ties(
        **{**vars_of(ties), "panel": Panel(Scope(earlier, ties.panel.scope.actors, FIRST, LAST), ties.panel.cells)}
    )
    record.ingest(batch(coverage, **forms))
    later = record.view()
    told = update(old, later)
    whole = estimate(pair_months(Scope(later, ties.panel.scope.actors, FIRST, told.ties.panel.scope.last)), ties)
    return told, whole


def vars_of(ties: Ties) -> dict[str, object]:
    return {name: getattr(ties, name) for name in Ties.__dataclass_fields__}


def same(told: Update, whole: Ties) -> None:
    assert told.ties.pairs.equals(whole.pairs)
    assert told.ties.panel.cells.equals(whole.panel.cells)
    np.testing.assert_allclose(told.ties.mean, whole.mean, atol=1e-12)
    np.testing.assert_allclose(told.ties.var, whole.var, atol=1e-12)
    np.testing.assert_array_equal(told.ties.observations.month, whole.observations.month)
    np.testing.assert_array_equal(told.ties.observations.indptr, whole.observations.indptr)


TREATY = statement("RUS", "PRK", "defence", date(2009, 6, 1), valid_to=date(2009, 12, 31))
CASES = {
    "treaty": {"tie": [TREATY]},
    "event": {"event": [statement("USA", "CHN", "ACCUSE", date(2008, 3, 3), value=-4.0)]},
    "new pair": {"event": [statement("DEU", "AUS", "AGREE", date(2009, 3, 3), value=4.0)]},
    "roll call": {"vote": [vote(state, "R999", date(2009, 11, 2), "yes" if state < "H" else "no") for state in STATES]},
    "several": {"tie": [TREATY], "event": [statement("IRN", "GBR", "THREATEN", date(2007, 7, 7), value=-6.0)]},
    "nothing": {"event": [statement("USA", "FRA", "AGREE", date(2008, 3, 3), value=4.0)]},
}


@pytest.mark.parametrize("case", CASES)
def test_an_update_is_the_full_estimate(before, case):
    told, whole = taken_in(before, **CASES[case])
    same(told, whole)


def test_only_pairs_whose_cells_change_are_touched(before):
    told, _ = taken_in(before, **CASES["treaty"])
    assert told.moved.select("a", "b").rows() == [("PRK", "RUS")]
    row = told.moved.row(0, named=True)
    assert row["change"] == pytest.approx(row["after"] - row["before"])
    untouched = [
        place for place, pair in enumerate(told.ties.pairs.select("a", "b").iter_rows()) if pair != ("PRK", "RUS")
    ]
    np.testing.assert_array_equal(told.ties.mean[untouched], told.before.mean[untouched])


def test_the_news_of_an_update_adds_up_and_is_told(before):
    told, _ = taken_in(before, **CASES["several"])
    for a, b in told.moved.select("a", "b").iter_rows():
        news = told.news(a, b)
        row = told.moved.filter(pl.col("a") == a, pl.col("b") == b).row(0, named=True)
        assert news.update == pytest.approx(row["change"], abs=1e-10)
        assert news.update == pytest.approx(news.revisions + news.news["contribution"].sum(), abs=1e-10)
    assert any(line.startswith("PRK-RUS +") and "obligations +" in line for line in told.told)


def test_a_new_coverage_touches_all_it_covers(before):
    covered = [Coverage("other", "tie", "consultation", (), "any", FIRST, LAST, "zero")]
    more = [statement("RUS", "IRN", "consultation", date(2005, 1, 1), valid_to=date(2009, 12, 31), source="other")]
    same(*taken_in(before, covered, tie=more))


def test_withdrawn_statements_are_taken_out(before):
    from multipolar.record import Correction

    record, ties = simulated(), before[1]
    old = Ties(**{**vars_of(ties), "panel": Panel(scope(record), ties.panel.cells)})
    gone = record.view().statements("tie", kinds=("sanction",), between=("USA", "IRN"))["id"][0]
    record.correct([Correction(gone, date(2012, 1, 1), "never imposed", "paper")])
    told = update(old, record.view())
    same(told, estimate(pair_months(scope(record)), ties))
    assert told.moved.select("a", "b").rows() == [("IRN", "USA")]


def test_another_day_is_refused(before):
    record, ties = before
    with pytest.raises(UsageError, match="earlier view"):
        update(ties, record.view(date(2008, 1, 1)))
