"""What pairs borrow: recovered where it was put in, left out of its own pair, nothing where there is nothing."""

from __future__ import annotations

import numpy as np
import pytest

from multipolar.errors import UsageError
from multipolar.ties.arrays.borrowing import _Data, _left_out, _ridge, borrow, evidence

STATES = 30


def pairs(rng: np.random.Generator, *, rank: int, effect: float, noise: float = 0.3):
    first, second = np.triu_indices(STATES, k=1)
    state, place = effect * rng.normal(size=STATES), rng.normal(size=(STATES, rank))
    truth = state[first] + state[second] + (place[first] * place[second]).sum(axis=1)
    return first, second, truth, truth + noise * rng.normal(size=truth.size)


@pytest.mark.parametrize(("rank", "effect"), [(0, 1.0), (1, 0.5), (2, 0.0)])
def test_a_pair_of_which_nothing_is_known_is_predicted_from_the_others(rank, effect):
    rng = np.random.default_rng(rank)
    first, second, truth, seen = pairs(rng, rank=rank, effect=effect)
    unknown = rng.random(truth.size) < 0.2
    found = borrow(first, second, np.where(unknown, 1e6, seen), np.where(unknown, 0.0, 1 / 0.09))
    assert np.corrcoef(found.level[unknown], truth[unknown])[0, 1] > 0.9
    assert abs(found.place.shape[1] - rank) <= 1
    assert ((found.level - truth)[unknown] ** 2).mean() < 2.5 * (found.tau2 + 0.09)


def test_without_structure_there_is_nothing_to_borrow():
    rng = np.random.default_rng(4)
    first, second = np.triu_indices(STATES, k=1)
    found = borrow(first, second, rng.normal(size=first.size), np.full(first.size, 4.0))
    assert np.abs(found.level).mean() < 0.3
    assert found.tau2 == pytest.approx(0.75, abs=0.2), "the variance of what was seen less that of seeing it"


def test_effects_without_a_pair_are_those_of_a_regression_without_it():
    rng = np.random.default_rng(5)
    first, second, _, seen = pairs(rng, rank=0, effect=1.0)
    var = rng.uniform(0.1, 2.0, seen.size)
    state, leverage = _ridge(_Data(first, second, seen, var, STATES), 0.5, 2.0)
    left_out = _left_out(_Data(first, second, seen, var, STATES), state[first] + state[second], leverage)
    for d in (0, 17, seen.size - 1):
        rest = np.arange(seen.size) != d
        alone, _ = _ridge(_Data(first[rest], second[rest], seen[rest], var[rest], STATES), 0.5, 2.0)
        assert left_out[d] == pytest.approx(alone[first[d]] + alone[second[d]], abs=1e-9)


def test_own_evidence_does_not_come_back_as_a_prior():
    rng = np.random.default_rng(6)
    first, second, _, seen = pairs(rng, rank=0, effect=0.5)
    precision = np.full(seen.size, 10.0)
    far = seen.copy()
    far[7] += 50.0
    assert borrow(first, second, far, precision, most=0).level[7] == pytest.approx(
        borrow(first, second, seen, precision, most=0).level[7], abs=0.5
    )


def test_evidence_takes_the_prior_out_again():
    level, tau2 = np.array([0.3, -1.0, 0.0]), 0.5
    value, precision = np.array([2.0, 0.4, 0.0]), np.array([3.0, 0.2, 0.0])
    var = 1 / (1 / tau2 + precision)
    mean = var * (level / tau2 + precision * value)
    told, how_firmly = evidence(mean, var, level, tau2)
    np.testing.assert_allclose(told, value, atol=1e-12)
    np.testing.assert_allclose(how_firmly, precision, atol=1e-12)


def test_too_few_pairs_borrow_nothing_and_bad_columns_are_refused():
    found = borrow([0, 0], [1, 2], [1.0, 2.0], [1.0, 1.0])
    assert not found.level.any()
    with pytest.raises(UsageError, match="one length"):
        borrow([0], [1, 2], [1.0], [1.0])
