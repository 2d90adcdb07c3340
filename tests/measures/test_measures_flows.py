"""Dependence by flow, alternatives and shares on small records, against a slow and obvious way to find the same."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import permutations, product
from typing import Any

import numpy as np
import polars as pl
import pytest
from samples import record, statement

import multipolar
from multipolar import Refusal, UsageError
from multipolar.measures import alternatives, arrays, dependence, latest_dependence
from multipolar.measures.flows import FLOWS, flow_named, shares
from multipolar.record import Coverage, Record

STATES = ("CHN", "PRK", "RUS", "VNM")


def flow(a: str, b: str, kind: str, year: int, value: float, **more: Any) -> dict[str, Any]:
    period = {"valid_to": date(year, 12, 31), "known_from": date(year + 1, 3, 1)}
    return statement(a, b, kind, date(year, 1, 1), value=value, **{**period, **more})


def arms(first: int = 2000, last: int = 2009, absence: str = "zero") -> Record:
    told = [Coverage("paper", "flow", "arms", (), "any", date(first, 1, 1), date(last, 12, 31), absence)]  # type: ignore[arg-type]
    rows = [
        flow("RUS", "VNM", "arms", 2005, 60.0),
        flow("RUS", "VNM", "arms", 2009, 30.0),
        flow("CHN", "VNM", "arms", 2007, 10.0),
        flow("RUS", "VNM", "arms", 2004, 500.0),
        flow("VNM", "RUS", "arms", 2007, 7.0),
    ]
    return record(told, flow=rows)


def test_arms_are_what_was_received_in_five_years() -> None:
    found = dependence(arms().view(), "VNM", "RUS", 2009, flow="arms")
    assert found.value == pytest.approx(float(arrays.dependence(0.9)))
    assert found.detail.row(0)[:4] == ("RUS", 90.0, 100.0, 0.9) and found.detail.row(1)[:2] == ("CHN", 10.0)
    assert found.detail["without"][1] == pytest.approx(1.0), "without the other one nothing else is left"
    assert len(found.ids) == 3, "the total is the sum of all, so all are behind it"
    assert "2005-2009" in found.notes[0] and any("elasticity of its own" in note for note in found.notes)


def test_nobody_delivering_is_no_dependence_where_all_is_told() -> None:
    assert dependence(arms().view(), "VNM", "PRK", 2009, flow="arms").value == 0.0
    with pytest.raises(Refusal, match="total arms deliveries"):
        dependence(arms().view(), "PRK", "RUS", 2009, flow="arms")


def test_arms_are_not_added_up_where_nobody_vouches_for_all_of_them() -> None:
    with pytest.raises(Refusal, match="total arms deliveries"):
        dependence(arms(absence="missing").view(), "VNM", "RUS", 2009, flow="arms")
    with pytest.raises(Refusal, match="total arms deliveries"):
        dependence(arms(first=2006).view(), "VNM", "RUS", 2009, flow="arms")
    late = latest_dependence(arms(last=2008).view(), "VNM", "RUS", flow="arms")
    assert late.month.year == 2008, "nothing is carried past the end of the source"


def test_finance_is_the_stock_held_from_abroad() -> None:
    rows = [flow(a, "VNM", "investment_stock", 2010, value) for a, value in (("CHN", 30.0), ("RUS", 10.0))]
    rows += [flow("VNM", "CHN", "investment_stock", 2010, 999.0), flow("PRK", "VNM", "investment_stock", 2010, -5.0)]
    found = dependence(record(flow=rows).view(), "VNM", "CHN", 2010, flow="finance")
    assert found.detail["share"][0] == pytest.approx(0.75), "a stock below zero is no part of it"
    assert any("others would lower" in note for note in found.notes)
    with pytest.raises(Refusal, match="is not known"):
        dependence(record(flow=rows[1:]).view(), "VNM", "CHN", 2010, flow="finance")


def test_energy_is_refused_with_what_is_missing() -> None:
    with pytest.raises(Refusal, match="oil, gas, coal and electricity by pair"):
        dependence(arms().view(), "VNM", "RUS", 2009, flow="energy")
    with pytest.raises(UsageError, match="flow"):
        flow_named("goodwill")


def traded() -> Record:
    pairs = {("PRK", "CHN"): (6.0, 3.0), ("PRK", "RUS"): (1.0, 1.0), ("PRK", "VNM"): (0.5, 0.5)}
    rows = [
        flow(one, other, "exports", 2008, value)
        for (a, b), (out, back) in pairs.items()
        for one, other, value in ((a, b, out), (b, a, back))
    ]
    totals = [flow("PRK", None, kind, 2008, value) for kind, value in (("exports_total", 8.0), ("imports_total", 5.0))]  # type: ignore[arg-type]
    return record(flow=rows, trait=totals)


def test_prk_on_chn_with_and_without_rus() -> None:
    world = multipolar.open(traded(), actors=STATES)
    with_, without = world.dependence("PRK", on="CHN"), world.dependence("PRK", on="CHN", without=["RUS"])
    assert with_.detail["share"][0] == pytest.approx(9 / 13)
    assert without.value == pytest.approx(float(arrays.dependence(9 / 11)))
    assert without.value > with_.value
    row = with_.detail.filter(partner="RUS").row(0, named=True)
    assert row["without"] == pytest.approx(without.value), "its parts say the same of each alternative"
    assert "69.2%" in without.notes[-1] and "RUS" in with_.notes[-1]
    assert set(without.ids) > set(with_.ids)


def test_leaving_out_the_partner_itself_or_everybody_is_an_error() -> None:
    view = traded().view()
    with pytest.raises(UsageError, match="partners other than PRK and CHN"):
        dependence(view, "PRK", "CHN", 2008, without=["CHN"])
    with pytest.raises(Refusal, match="PRK with CUB in 2008"):
        dependence(view, "PRK", "CHN", 2008, without=["CUB"])
    with pytest.raises(Refusal, match="no year"):
        latest_dependence(view, "PRK", "CHN", without=["CUB"])
    with pytest.raises(Refusal, match="in 1066"):
        dependence(view, "PRK", "CHN", 1066)


def test_alternatives_are_as_concentrated_as_their_squares() -> None:
    found = alternatives(traded().view(), "PRK", "CHN")
    assert (found.lo90, found.hi90) == pytest.approx(((2**2 + 1) / 4**2, (2**2 + 1 + 1) / 4**2))
    assert found.coverage == pytest.approx(3 / 4) and found.bounded and found.month.year == 2008
    only = record(flow=[flow("PRK", "CHN", "exports", 2008, 1.0), flow("CHN", "PRK", "exports", 2008, 1.0)],
                  trait=[flow("PRK", None, kind, 2008, 1.0) for kind in ("exports_total", "imports_total")])  # type: ignore[arg-type]  # fmt: skip
    with pytest.raises(Refusal, match="no other partner"):
        alternatives(only.view(), "PRK", "CHN")


def slowly(
    flows: list[dict[str, Any]], totals: list[dict[str, Any]]
) -> dict[tuple[str, str, int], tuple[float, float]]:
    """Shares of trade by loops over all statements: one source for both where there is one, else that known last of each."""
    found = {}
    years = {row["valid_from"].year for row in flows}
    for year in years:
        told: dict[str, dict[tuple[str, str], tuple[date, float]]] = defaultdict(dict)
        for row in sorted((row for row in flows if row["valid_from"].year == year), key=lambda row: row["known_from"]):
            told[row["source"]][row["a"], row["b"]] = row["known_from"], row["value"]
        whole: dict[str, dict[tuple[str, str], tuple[date, float]]] = defaultdict(dict)
        for row in sorted((row for row in totals if row["valid_from"].year == year), key=lambda row: row["known_from"]):
            whole[row["source"]][row["a"], row["kind"]] = row["known_from"], row["value"]
        for a in STATES:
            known = {s: t for s, t in whole.items() if {(a, "exports_total"), (a, "imports_total")} <= set(t)}
            for b in STATES:
                both = {s: f for s, f in told.items() if {(a, b), (b, a)} <= set(f)}
                if a == b or not both or not known:
                    continue

                def last(source: str, both: Any = both, a: str = a, b: str = b) -> tuple[date, str]:
                    return max(both[source][a, b][0], both[source][b, a][0]), source

                def last_total(source: str, known: Any = known, a: str = a) -> tuple[date, str]:
                    return max(known[source][a, kind][0] for kind in ("exports_total", "imports_total")), source

                same = [source for source in both if source in known]
                of, over = (max(same, key=last),) * 2 if same else (max(both, key=last), max(known, key=last_total))
                total = sum(known[over][a, kind][1] for kind in ("exports_total", "imports_total"))
                if total > 0:
                    found[a, b, year] = both[of][a, b][1] + both[of][b, a][1], total
    return found


def test_shares_of_all_pairs_are_those_of_loops() -> None:
    """Twelve years of random gaps, zeros, sources and days on which they became known."""
    rng = np.random.default_rng(7)
    later = {"paper": {}, "other": {"known_from": date(2012, 1, 1)}}
    rows, whole = [], []
    for year in range(2000, 2012):
        for source, more in later.items():
            for a, b in permutations(STATES, 2):
                if rng.random() < 0.6:
                    rows.append(flow(a, b, "exports", year, float(rng.integers(0, 9)), source=source, **more))
            for a, kind in product(STATES, ("exports_total", "imports_total")):
                if rng.random() < 0.6:
                    whole.append(flow(a, None, kind, year, float(rng.integers(0, 50)), source=source, **more))  # type: ignore[arg-type]
    expected = slowly(rows, whole)
    assert len(expected) > 40
    for order in (1, -1):
        found = shares(record(flow=rows[::order], trait=whole[::order]).view(), FLOWS["trade"])
        assert {row[:3]: row[3:5] for row in found.iter_rows()} == expected
    one = shares(record(flow=rows, trait=whole).view(), FLOWS["trade"], actors=("PRK",), since=2003, until=2005)
    assert one.equals(found.filter(pl.col("year").is_between(2003, 2005), actor="PRK")), "as one state asks"


def test_arms_add_up_to_one_whatever_the_order() -> None:
    told = [Coverage("paper", "flow", "arms", (), "any", date(2000, 1, 1), date(2009, 12, 31), "zero")]
    rows = [
        flow(a, b, "arms", year, float(1 + n))
        for n, (a, b, year) in enumerate(product(STATES, STATES, (2005, 2009)))
        if a != b
    ]
    found, turned = (shares(record(told, flow=order).view(), FLOWS["arms"]) for order in (rows, rows[::-1]))
    sums = found.group_by("actor", "year").agg((pl.col("amount") / pl.col("total")).sum())
    assert sums["amount"].to_list() == pytest.approx([1.0] * sums.height) and sums.height == 4 * 5, (
        "windows that end in 2005 to 2009"
    )
    assert found.equals(turned)
