"""Similarity of portfolios: published figures, and measures computed item by item."""

from __future__ import annotations

import csv
import itertools
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from multipolar.votes.arrays import similarity as sim

LISTS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=25)


def table(rows):
    """Joint table of two states' votes (codes 0 missing, 1 yes, 2 abstain, 3 no)."""
    return sim.vote_tables(np.array(rows, dtype=np.int8))[0]


@pytest.fixture
def published(shared):
    folder = shared / "tables" / "similarity"
    with (folder / "signorino_ritter_1999_table6.csv").open() as file:
        rows = list(csv.DictReader(file))
    levels = np.array([[int(row[name]) for row in rows] for name in ("gmy", "rus")], dtype=np.int8)
    capability = np.array([float(row["syscap"]) for row in rows])
    return json.loads((folder / "anchors.json").read_text()), levels, capability


def test_germany_and_russia_in_1914(published):
    anchors, levels, capability = published
    told = anchors["signorino_ritter_table6_1914_GMY_RUS"]
    plain = sim.portfolio_tables(levels, 3)
    weighted = sim.portfolio_tables(levels, 3, capability)
    got = {
        "S_abs_unweighted": sim.s_score(plain),
        "S_squared": sim.s_score(plain, "squared"),
        "S_abs_cinc_weighted": sim.s_score(weighted),
        "tau_b": sim.tau_b(plain),
        "cohen_kappa_sqweights_levels0to3": sim.kappa(plain),
        "scott_pi": sim.pi(plain, "nominal"),
        "benati_capurri_A": sim.above_chance(plain),
    }
    assert {name: pytest.approx(value[0], abs=1e-7) for name, value in got.items()} == {
        name: value for name, value in told.items() if name != "source"
    }


def test_the_united_states_and_mexico_in_1946(published, shared_data):
    told = published[0]["UNGA_1946_US_MEX"]
    folder = shared_data / "unvotes_dgrtwo"
    import polars as pl

    calls = pl.read_csv(folder / "un_roll_calls.csv.gz", columns=["rcid", "date"]).filter(
        pl.col("date").str.starts_with("1946")
    )
    votes = pl.read_csv(folder / "un_votes.csv.gz").with_columns(pl.col("rcid").cast(pl.Int64)).join(calls, on="rcid")
    both = votes.filter(pl.col("country_code").is_in(["US", "MX"])).pivot(
        on="country_code", index="rcid", values="vote"
    )
    codes = {"yes": 1, "abstain": 2, "no": 3}
    joint = table([[codes[a], codes[b]] for a, b in both.drop_nulls().select("US", "MX").rows()])
    assert sim.joint(joint) == told["n"]
    assert sim.kappa(joint) == pytest.approx(told["cohen_kappa_sqweights"], abs=1e-7)
    assert sim.pi(joint, "nominal") == pytest.approx(told["scott_pi"], abs=1e-7)
    assert sim.tau_b(joint) == pytest.approx(told["tau_b"], abs=1e-7)


@given(LISTS)
def test_against_the_items_themselves(rows):
    both = [(3 - a, 3 - b) for a, b in rows if a and b]  # levels: no 0, abstain 1, yes 2
    found = table(rows)
    if not both:
        measures = (sim.agreement, sim.s_score, sim.kappa, sim.pi, sim.tau_b, sim.above_chance)
        assert sim.joint(found) == 0
        assert all(np.isnan(measure(found)) for measure in measures), "missing is missing"
        return
    x, y = np.array(both).T
    assert sim.joint(found) == len(both)
    assert sim.agreement(found) == pytest.approx(np.mean(x == y))
    for power, name in ((1, "absolute"), (2, "squared")):
        far = np.abs(x - y) ** power
        assert sim.s_score(found, name) == pytest.approx(1 - 2 * far.mean() / 2**power)
        expected = np.mean([abs(a - b) ** power for a, b in itertools.product(x, y)])
        pool = [*x, *y]
        pooled = np.mean([abs(a - b) ** power for a, b in itertools.product(pool, pool)])
        for measure, chance in ((sim.kappa, expected), (sim.pi, pooled)):
            value = measure(found, name)
            assert np.isnan(value) if chance == 0 else value == pytest.approx(1 - far.mean() / chance)
    rank = kendalltau(x, y).statistic if len(set(x)) > 1 and len(set(y)) > 1 else np.nan
    assert sim.tau_b(found) == pytest.approx(rank, nan_ok=True)


@given(LISTS)
def test_haege_s_own_formula(rows):
    both = [(3 - a, 3 - b) for a, b in rows if a and b]
    if not both:
        return
    x, y = np.array(both, dtype=float).T
    below = (x**2).sum() + (y**2).sum() - 2 / len(x) * x.sum() * y.sum()
    value = sim.kappa(table(rows))
    assert np.isnan(value) if below == 0 else value == pytest.approx(1 - ((x - y) ** 2).sum() / below)


@given(st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=1, max_size=12))
def test_every_pair_is_as_if_it_were_alone(rows):
    choices = np.array(rows, dtype=np.int8)
    tables = sim.vote_tables(choices)
    for place, (one, other) in enumerate(zip(*sim.pairs_of(4), strict=True)):
        assert np.array_equal(tables[place], table(choices[:, [one, other]]))
        turned = table(choices[:, [other, one]])
        for measure in (sim.agreement, sim.s_score, sim.kappa, sim.pi, sim.tau_b):
            assert np.allclose(measure(turned), measure(tables[place]), equal_nan=True), "who is first does not matter"


def test_weights_are_copies_of_a_roll_call():
    rows = np.array([[1, 3], [2, 2], [1, 2]], dtype=np.int8)
    twice = np.vstack([rows, rows[:1]])
    assert np.allclose(sim.vote_tables(rows, np.array([2.0, 1.0, 1.0])), sim.vote_tables(twice))


def test_an_unknown_level_is_not_in_the_table():
    levels = np.array([[0, 3, -1], [3, 3, 3]], dtype=np.int8)
    assert sim.joint(sim.portfolio_tables(levels, 3))[0] == 2
