"""Signed communities: the formula pair by pair, all divisions of small networks, and known optima."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from signed_networks import balance, networks, partitions
from test_blocs_flow import club

from multipolar.blocs.arrays.communities import communities, modularity
from multipolar.blocs.arrays.signed import from_edges
from multipolar.errors import UsageError


def pair_by_pair(weights, groups, resolution=1.0):
    plus, minus = np.maximum(weights, 0), np.maximum(-weights, 0)
    total = 0.0
    for i in range(len(weights)):
        for j in range(len(weights)):
            if groups[i] == groups[j]:
                by_chance = plus[i].sum() * plus[j].sum() / (plus.sum() or 1.0)
                by_chance -= minus[i].sum() * minus[j].sum() / (minus.sum() or 1.0)
                total += weights[i, j] - resolution * by_chance
    return total / np.abs(weights).sum()


@given(networks(largest=7))
@settings(max_examples=40)
def test_no_division_of_a_small_network_is_more_modular(weights):
    made = communities(weights)
    if not weights.any():
        assert np.isnan(made.modularity) and made.count == len(weights)
        return
    assert made.modularity == pytest.approx(pair_by_pair(weights, made.communities))
    best = max(modularity(weights, groups) for groups in partitions(len(weights), len(weights)))
    assert made.modularity == pytest.approx(best)


def test_the_karate_club_has_its_four_communities():
    """The highest modularity of the club is known: 0.4198 (Brandes et al. 2008, doi:10.1109/TKDE.2007.190689)."""
    made = communities(club())
    assert round(made.modularity, 4) == 0.4198 and made.count == 4
    assert communities(club(), resolution=0.3).count < 4 < communities(club(), resolution=3.0).count


def test_blocks_of_193_states_are_found_within_a_second():
    weights = balance(193, 4, 0.2, seed=6)
    group = np.random.default_rng(6).integers(0, 4, 193)
    communities(balance(10, 2, 0.2, seed=1))
    start = perf_counter()
    made = communities(weights)
    assert perf_counter() - start < 10  # the figure is that of the benchmark; a busy machine is no failure
    same = made.communities[:, None] == made.communities
    assert made.count == 4 and (same == (group[:, None] == group)).all()


def test_the_same_seed_gives_the_same_communities():
    weights = balance(50, 3, 0.35, seed=3)
    assert (communities(weights, seed=4).communities == communities(weights, seed=4).communities).all()


def test_a_node_without_ties_is_one_of_its_own():
    made = communities(from_edges(5, [0, 1], [1, 3], [1.0, 1.0]))
    assert made.communities.tolist() == [0, 0, 1, 0, 2] and made.count == 3


def test_friends_only_are_one_community_and_none_is_none():
    assert communities(np.ones((5, 5)) - np.eye(5)).communities.tolist() == [0] * 5
    assert communities(np.zeros((0, 0))).count == 0
    assert np.isnan(modularity(np.zeros((3, 3)), [0, 1, 2]))


def test_what_is_asked_must_make_sense():
    with pytest.raises(UsageError, match="a community for each of 3 nodes"):
        modularity(np.zeros((3, 3)), [0, 1])
    with pytest.raises(UsageError, match="a resolution above 0"):
        communities(np.zeros((2, 2)), resolution=0.0)
    with pytest.raises(UsageError, match="1 run or more"):
        communities(np.zeros((2, 2)), runs=0)
