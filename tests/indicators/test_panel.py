from __future__ import annotations

from datetime import date
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from samples import frame, record, statement

from multipolar import UsageError
from multipolar.indicators import BY_NAME, INDICATORS, Panel, Scope, pair_months
from multipolar.indicators.counted import MUCH_ARMS, STRONG
from multipolar.indicators.model import effective
from multipolar.record import REPORTED, Batch, Coverage, Record, Source

STATES = ("CHN", "RUS", "USA", "VNM")
FIRST, LAST = date(2000, 1, 1), date(2004, 12, 31)


def cover(form: str, kind: str, last: date = LAST, **more: object) -> Coverage:
    given = {"source": "paper", "actors": (), "role": "any", "first": FIRST, "absence": "zero", **more}
    return Coverage(form=form, kind=kind, last=last, **given)  # type: ignore[arg-type]


def panel(made: Record, *names: str, last: date = LAST, actors: tuple[str, ...] = STATES) -> Panel:
    return pair_months(Scope(made.view(), actors, FIRST, last), names or None)


def cell(of: Panel, a: str, b: str, month: date) -> float | None:
    found = of.cells.filter(pl.col("a") == a, pl.col("b") == b, pl.col("month") == month)["value"]
    return float(found.item()) if found.len() else None


def test_missing_is_never_zero() -> None:
    made = record(tie=[statement("RUS", "USA", "sanction", date(2001, 5, 1), valid_to=date(2001, 6, 30), value=2.0)])
    sanctions = panel(made, "sanctions")
    assert set(sanctions.cells.select("a", "b").unique().iter_rows()) == {("RUS", "USA")}
    assert cell(sanctions, "RUS", "USA", date(2002, 1, 1)) is None


def test_absence_is_zero_only_where_a_source_vouches_for_it() -> None:
    rows = [statement("RUS", "USA", "sanction", date(2001, 5, 1), valid_to=date(2001, 6, 30), value=2.0)]
    made = record([cover("tie", "sanction", date(2002, 12, 31), actors=("USA",), role="a")], tie=rows)
    sanctions = panel(made, "sanctions")
    assert cell(sanctions, "CHN", "USA", date(2002, 1, 1)) == 0.0
    assert cell(sanctions, "CHN", "RUS", date(2002, 1, 1)) is None, "neither side is covered"
    assert cell(sanctions, "CHN", "USA", date(2003, 1, 1)) is None, "the coverage has ended"
    assert cell(sanctions, "RUS", "USA", date(2001, 5, 1)) == pytest.approx(-0.4)
    assert cell(sanctions, "RUS", "USA", date(2002, 1, 1)) == 0.0


def test_nothing_is_carried_past_its_sources_end() -> None:
    rows = [statement("CHN", "RUS", "nonaggression", date(2001, 7, 16))]
    ending = record([cover("tie", "nonaggression", date(2003, 6, 30), absence="missing")], tie=rows)
    months = panel(ending, "obligations").cells["month"].to_list()
    assert months == [date(2001, 7, 1), date(2002, 1, 1), date(2003, 1, 1)]
    unstated = panel(record(tie=rows), "obligations").cells["month"].to_list()
    assert unstated == [date(2001, 7, 1)], (
        "a source that does not say how far it looked vouches for the first month only"
    )


def test_obligations_take_the_deepest_and_share_ties_for_it() -> None:
    rows = [
        statement("RUS", "CHN", "consultation", date(2000, 3, 1), valid_to=date(2004, 12, 31), ref="one"),
        statement("CHN", "RUS", "defence", date(2001, 3, 1), valid_to=date(2002, 2, 28), ref="two"),
        statement("CHN", "RUS", "defence", date(2001, 3, 1), valid_to=date(2002, 2, 28), ref="three"),
    ]
    made = panel(record(tie=rows), "obligations")
    assert cell(made, "CHN", "RUS", date(2000, 3, 1)) == pytest.approx(0.2)
    assert cell(made, "CHN", "RUS", date(2001, 3, 1)) == pytest.approx(1.0)
    assert cell(made, "CHN", "RUS", date(2002, 3, 1)) == pytest.approx(0.2), "read again when the deeper one has ended"
    parts = made.parts("RUS", "CHN").filter(pl.col("month") == date(2001, 3, 1))
    assert parts["value"].to_list() == [pytest.approx(0.5)] * 2


def test_what_a_bloc_imposes_its_members_impose_while_they_belong() -> None:
    rows = [
        statement("EU", "RUS", "sanction", date(2000, 7, 1), valid_to=date(2003, 12, 31), value=2.0),
        statement("FRA", "EU", "membership", date(1990, 1, 1), valid_to=date(2004, 12, 31), value=1.0),
        statement("GBR", "EU", "membership", date(1990, 1, 1), valid_to=date(2002, 1, 31), value=1.0),
        statement("TUR", "EU", "membership", date(1990, 1, 1), valid_to=date(2004, 12, 31), value=0.5),
    ]
    covers = cover("tie", "sanction", actors=("EU",), role="a")
    made = panel(record([covers], tie=rows), "sanctions", actors=("FRA", "GBR", "RUS", "TUR"))
    assert cell(made, "FRA", "RUS", date(2000, 7, 1)) == pytest.approx(-0.4)
    assert cell(made, "FRA", "RUS", date(2003, 1, 1)) == pytest.approx(-0.4)
    assert cell(made, "FRA", "RUS", date(2004, 1, 1)) == 0.0
    assert cell(made, "GBR", "RUS", date(2002, 1, 1)) == pytest.approx(-0.4)
    assert cell(made, "GBR", "RUS", date(2003, 1, 1)) is None, "no longer a member, and not covered by its own coverage"
    assert cell(made, "RUS", "TUR", date(2001, 1, 1)) is None, "an associate is no member"


def test_disputes_are_read_when_they_change_and_each_january() -> None:
    rows = [statement("USA", "CHN", "dispute", date(2001, 4, 1), valid_to=date(2002, 2, 11), value=3.0)]
    made = panel(record([cover("tie", "dispute")], tie=rows), "disputes")
    inside = made.cells.filter(pl.col("a") == "CHN", pl.col("b") == "USA", pl.col("value") < 0)
    assert inside["month"].to_list() == [date(2001, 4, 1), date(2002, 1, 1)]
    assert inside["value"].to_list() == [pytest.approx(-0.6)] * 2
    assert cell(made, "CHN", "USA", date(2003, 1, 1)) == 0.0
    assert cell(made, "CHN", "USA", date(2001, 1, 1)) is None, "not before they first met in one"
    assert cell(made, "RUS", "USA", date(2003, 1, 1)) is None


def test_events_average_and_visits_are_counted_once() -> None:
    rows = [
        statement("USA", "VNM", "CONSULT", date(2000, 11, 16), value=1.9, mode="visit"),
        statement("USA", "VNM", "AGREE", date(2000, 11, 17), value=6.0),
        statement("VNM", "USA", "ACCUSE", date(2000, 11, 20), value=-2.0),
    ]
    made = panel(record([cover("event", "CONSULT:visit", actors=("USA",), role="a")], event=rows), "events", "visits")
    events = made.cells.filter(pl.col("indicator") == "events")
    assert events["value"].item() == pytest.approx((0.6 * 0.6 - 0.2 * 0.2) / 0.8)
    counted = effective(np.array([0.8, 0.99]) / STRONG)
    assert events["n"].item() == pytest.approx(counted[0]), "the stronger the events, the more the month counts"
    visits = made.cells.filter(pl.col("indicator") == "visits", pl.col("b") == "VNM", pl.col("a") == "USA")
    assert visits.filter(pl.col("month") == date(2000, 12, 1))["value"].item() == pytest.approx(np.log(2))
    assert visits.filter(pl.col("month") == date(2001, 12, 1))["value"].item() == 0.0
    assert "CHN" not in set(made.cells.filter(pl.col("a") != "USA", pl.col("b") != "USA")["a"])
    uncovered = panel(record(event=rows), "events", "visits")
    assert uncovered.cells["indicator"].unique().to_list() == ["events"]
    assert uncovered.cells["n"].item() == pytest.approx(counted[1]), "a visit outside any complete list is an event"


def test_arms_and_trade_and_opinion() -> None:
    year = {"valid_to": date(2001, 12, 31), "known_from": date(2002, 3, 1)}
    flows = [
        statement("RUS", "CHN", "arms", date(2001, 1, 1), value=MUCH_ARMS, unit="million TIV", **year),
        statement("RUS", "CHN", "exports", date(2001, 1, 1), value=6e9, unit="USD", **year),
        statement("CHN", "RUS", "exports", date(2001, 1, 1), value=4e9, unit="USD", **year),
        statement("USA", "VNM", "exports", date(2001, 1, 1), value=1e9, unit="USD", **year),
    ]
    totals = [
        statement(state, None, kind, date(2001, 1, 1), value=value, unit="USD", **year)
        for state, value in (("RUS", 5e10), ("CHN", 5e11), ("USA", 1e12))
        for kind in ("exports_total", "imports_total")
    ]
    polls = [statement("RUS", "CHN", "favourable", date(2001, 4, 1), value=0.71, n=1000, known_from=date(2001, 5, 1))]
    made = panel(record(flow=flows, trait=totals, attitude=polls), "arms", "trade", "opinion")
    assert (
        cell(
            made.__class__(made.scope, made.cells.filter(pl.col("indicator") == "arms")),
            "CHN",
            "RUS",
            date(2001, 12, 1),
        )
        == 1.0
    )
    trade = made.cells.filter(pl.col("indicator") == "trade")
    assert trade.height == 1, "one direction only is missing, not half"
    assert trade["value"].item() == pytest.approx(np.log10(1e10 / np.sqrt(1e11 * 1e12)) + 2)
    assert made.cells.filter(pl.col("indicator") == "opinion")["value"].item() == pytest.approx(0.21)


def test_a_flow_told_by_two_sources_counts_once_as_known_last() -> None:
    year = {"valid_to": date(2001, 12, 31), "unit": "million TIV"}
    flows = [
        statement("RUS", "CHN", "arms", date(2001, 1, 1), value=500.0, known_from=date(2002, 3, 1), **year),
        statement(
            "RUS", "CHN", "arms", date(2001, 1, 1), value=MUCH_ARMS, known_from=date(2003, 3, 1), source="other", **year
        ),
    ]
    assert panel(record(flow=flows), "arms").cells["value"].to_list() == [pytest.approx(1.0)]


def everything() -> Record:
    year = {"valid_to": date(2001, 12, 31), "known_from": date(2002, 3, 1)}
    ties = [
        statement("RUS", "CHN", "defence", date(2000, 3, 1), valid_to=date(2004, 12, 31)),
        statement("RUS", "CHN", "sanction", date(2000, 3, 1), valid_to=date(2000, 9, 30), value=9.0),
        statement("CHN", "RUS", "sanction", date(2000, 4, 1), valid_to=date(2000, 9, 30), value=1.0),
        statement("RUS", "CHN", "dispute", date(2000, 5, 1), valid_to=date(2000, 7, 30), value=4.0),
        statement("RUS", "CHN", "embassy", date(2001, 5, 1), valid_to=date(2001, 7, 30), value=0.5),
    ]
    flows = [
        statement("RUS", "CHN", "arms", date(2001, 1, 1), value=30.0, **year),
        statement("CHN", "RUS", "arms", date(2001, 1, 1), value=3.0, **year),
        statement("RUS", "CHN", "exports", date(2001, 1, 1), value=6e9, **year),
        statement("CHN", "RUS", "exports", date(2001, 1, 1), value=4e9, **year),
    ]
    totals = [
        statement(state, None, kind, date(2001, 1, 1), value=1e11, **year)
        for state in ("RUS", "CHN")
        for kind in ("exports_total", "imports_total")
    ]
    events = [statement("RUS", "CHN", "CONSULT", date(2001, 7, day), value=1.9, mode="visit") for day in (1, 9)] + [
        statement("RUS", "CHN", "THREATEN", date(2001, 7, 3), value=-4.4)
    ]
    polls = [
        statement("RUS", "CHN", "favourable", date(2001, 4, 1), value=0.71, n=1000),
        statement("CHN", "RUS", "favourable", date(2001, 4, 1), value=0.61, n=1000),
    ]
    coverage = [cover("tie", "sanction"), cover("event", "CONSULT:visit"), cover("flow", "arms")]
    return record(coverage, tie=ties, flow=flows, trait=totals, event=events, attitude=polls)


def test_parts_add_up_to_the_cell_for_every_indicator() -> None:
    made = panel(everything())
    missing = {indicator.name for indicator in INDICATORS} - set(made.cells["indicator"]) - {"votes"}
    assert not missing
    keys = ["a", "b", "month", "indicator"]
    for a, b in combinations(STATES, 2):
        cells = made.cells.filter(pl.col("a") == a, pl.col("b") == b).sort(keys)
        sums = made.parts(a, b).group_by(keys).agg(pl.col("value").sum()).sort(keys)
        assert sums.select(keys).equals(cells.select(keys))
        np.testing.assert_allclose(sums["value"].to_numpy(), cells["value"].to_numpy(), atol=1e-12)


def test_every_part_names_a_statement_or_a_coverage() -> None:
    made = panel(everything())
    ids = set(made.parts("RUS", "CHN")["id"])
    real = [name for name in ids if not name.startswith("coverage:")]
    assert len(made.scope.view.by_id(real)) == len(real)
    assert {name for name in ids if name.startswith("coverage:")} <= {"coverage:paper"}


def test_nothing_from_the_future_enters() -> None:
    made = everything()
    early = Scope(made.view(date(2001, 12, 31)), STATES, FIRST, date(2001, 12, 31))
    cells = pair_months(early).cells
    assert not set(cells["indicator"]) & {"trade"}, "the trade of 2001 became known in 2002"
    late = panel(made).cells
    assert "trade" in set(late["indicator"])
    assert cells["month"].max() <= date(2001, 12, 1)  # type: ignore[operator]


def test_coverage_says_what_is_observed() -> None:
    table = panel(everything(), "arms", "opinion").coverage()
    opinion = table.filter(pl.col("indicator") == "opinion").row(0, named=True)
    assert (opinion["cells"], opinion["pairs"], opinion["first"]) == (1, 1, date(2001, 4, 1))
    assert opinion["share_of_pairs"] == pytest.approx(1 / 6)


def test_states_that_do_not_exist_are_not_zero() -> None:
    made = record(
        [cover("tie", "sanction")], tie=[statement("USA", "CHN", "sanction", FIRST, valid_to=LAST, value=1.0)]
    )
    cells = panel(made, "sanctions", actors=("CHN", "MNE", "USA"), last=date(2004, 12, 31)).cells
    assert "MNE" not in set(cells["a"]) | set(cells["b"]), "Montenegro became a state in 2006"


def test_unknown_indicator_is_named() -> None:
    with pytest.raises(UsageError, match="indicator"):
        panel(everything(), "vots")
    assert set(BY_NAME) == {indicator.name for indicator in INDICATORS}


def test_what_articles_report_is_in_no_cell() -> None:
    coverage = [cover("event", "CONSULT:visit", actors=("USA",), role="a")]
    listed = [statement("USA", "VNM", "CONSULT", date(2000, 11, 16), value=1.9, mode="visit")]
    made = record(coverage, event=listed)
    before = panel(made).cells
    article = Source(f"{REPORTED}a-12345678", "A paper", "A visit", None, "", "", "A paper: A visit.")
    told = {"source": article.key, "value": None}
    again = statement("USA", "VNM", "CONSULT", date(2000, 11, 16), mode="visit", **told)
    other = statement("USA", "CHN", "ASSAULT", date(2001, 4, 1), **told)
    made.ingest(Batch({"event": frame("event", [again, other])}, (article,)))
    assert made.view().counts()["event"] == 3
    assert panel(made).cells.equals(before)
    assert before.height > 0
