"""Triangles against counting them one by one, and against what has been published."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from signed_networks import highland, networks, table, windows

from multipolar.blocs.arrays.triads import triads, unbalanced_at


def one_by_one(weights):
    counts, intensity = np.zeros(4), np.zeros(4)
    for i, j, k in combinations(range(len(weights)), 3):
        three = np.array([weights[i, j], weights[i, k], weights[j, k]])
        if (three != 0).all():
            counts[(three < 0).sum()] += 1
            intensity[(three < 0).sum()] += abs(three.prod()) ** (1 / 3)
    return counts, intensity


@given(networks())
def test_triangles_are_those_counted_one_by_one(weights):
    counts, intensity = one_by_one(weights)
    made = triads(weights)
    assert (made.counts == counts).all()
    np.testing.assert_allclose(made.intensity, intensity, atol=1e-9)
    if counts.sum():
        assert made.strong == pytest.approx((counts[0] + counts[2]) / counts.sum())
        assert made.weak == pytest.approx(1 - counts[1] / counts.sum())
        assert made.strong <= made.weak
    else:
        assert np.isnan(made.strong) and np.isnan(made.weak)


@given(networks())
def test_each_unbalanced_triangle_is_at_its_three_ties(weights):
    counts = triads(weights).counts
    at = unbalanced_at(weights)
    assert at.sum() == 6 * (counts[1] + counts[3])
    assert (at[weights == 0] == 0).all()


def test_many_networks_are_each_of_them():
    made = np.random.default_rng(1).normal(size=(4, 3, 6, 6))
    draws = np.triu(made, 1) + np.swapaxes(np.triu(made, 1), -1, -2)
    together = triads(draws)
    assert together.counts.shape == (4, 3, 4) and together.strong.shape == (4, 3)
    assert together.strong_weighted[2, 1] == pytest.approx(triads(draws[2, 1]).strong_weighted)
    assert unbalanced_at(draws).shape == draws.shape


def test_weak_balance_allows_three_enemies():
    enemies = np.eye(3) - 1.0
    made = triads(enemies)
    assert (made.strong, made.weak) == (0.0, 1.0)
    assert unbalanced_at(enemies)[0, 1] == 1


@pytest.mark.parametrize("n", [0, 1, 2])
def test_without_triangles_there_is_no_share(n):
    made = triads(np.ones((n, n)) - np.eye(n))
    assert made.counts.tolist() == [0, 0, 0, 0] and np.isnan(made.strong_weighted)


@pytest.mark.data
def test_highland_tribes(shared):
    made = triads(highland(shared))
    assert made.counts.sum() == 68 and made.counts[[0, 2]].sum() == 59


@pytest.mark.data
def test_shares_of_all_windows_of_the_correlates_of_war(shared):
    published = {row["index_year_assumed"]: row for row in table(shared, "doreian_mrvar_cow_summary.csv").to_dicts()}
    seen = 0
    for year, weights in windows(shared):
        made, row = triads(weights), published[year]
        assert len(weights) == row["n"] and made.counts.sum() == row["triangles"]
        assert round(float(made.strong), 4) == row["share_balanced"]
        seen += 1
    assert seen == len(published) == 51
