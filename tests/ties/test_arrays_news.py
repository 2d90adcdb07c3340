"""News apart from revisions: the identity, the definitions, and every kind of change."""

from __future__ import annotations

import numpy as np
import pytest
from arrays_oracle import OFFSETS, held_out, joint, simulate, some_params
from hypothesis import given, settings
from hypothesis import strategies as st

from multipolar.errors import UsageError
from multipolar.ties.arrays import Observations, Parameters, change, news, observations, smooth

MONTHS = 24
MODELS = [some_params(3, offsets=offsets) for offsets in OFFSETS]
PARAMS = MODELS[0]


def vintages(seed: int, *, gone: float, late: float, revised: float, recounted: float):
    """An old and a new set of observations of one pair, and the keys by which they are matched."""
    rng = np.random.default_rng(seed)
    full = simulate(rng, MODELS[2], 1, MONTHS, 0.3, repeat=2)[0]
    key = np.arange(len(full))
    lost, added, moved, weighed = (rng.random(len(full)) < share for share in (gone, late, revised, recounted))
    added &= ~lost
    old_value = full.value + np.where(moved, rng.normal(size=len(full)), 0.0)
    old_weight = full.weight * np.where(weighed, rng.uniform(0.3, 3, len(full)), 1.0)
    old = Observations(full.indptr, full.month, full.indicator, old_value, old_weight)
    return old.where(~added), full.where(~lost), key[~added], key[~lost]


def estimate(obs: Observations, params: Parameters, functional: np.ndarray) -> float:
    return float(smooth(obs, params, MONTHS).mean[0] @ functional)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10_000), *[st.sampled_from([0.0, 0.2, 0.6])] * 4, st.integers(0, MONTHS - 1), st.sampled_from(MODELS)
)
def test_update_is_revisions_plus_news(seed, gone, late, revised, recounted, month, params):
    old, new, old_key, new_key = vintages(seed, gone=gone, late=late, revised=revised, recounted=recounted)
    functional = change(MONTHS, 2, month)
    result = news(old, new, params, MONTHS, functional, old_key=old_key, new_key=new_key)
    assert result.before == pytest.approx(estimate(old, params, functional), abs=1e-11)
    assert result.after == pytest.approx(estimate(new, params, functional), abs=1e-11)
    assert abs(result.update - (result.after - result.before)) < 1e-12
    assert abs(result.update - (result.revisions + result.contributions.sum())) < 1e-10
    parts = result.withdrawn_effect.sum() + result.revised_effect.sum() + result.recounted
    assert abs(result.revisions - parts) < 1e-12
    stay = old.where(np.isin(old_key, new_key)), new.where(np.isin(new_key, old_key))
    assert abs(result.revisions - (estimate(stay[1], params, functional) - estimate(old, params, functional))) < 1e-10
    assert (
        abs(result.contributions.sum() - (estimate(new, params, functional) - estimate(stay[1], params, functional)))
        < 1e-10
    )


@pytest.mark.parametrize("params", MODELS, ids=OFFSETS)
def test_surprise_is_the_deviation_from_what_was_expected(params):
    old, new, old_key, new_key = vintages(1, gone=0.2, late=0.3, revised=0.3, recounted=0.0)
    result = news(old, new, params, MONTHS, 5, old_key=old_key, new_key=new_key)
    known = np.isin(new_key, old_key)
    expected = held_out(new.where(known), new.where(~known), params)[0]
    np.testing.assert_array_equal(result.added, np.flatnonzero(~known))
    np.testing.assert_allclose(result.surprise, new.value[result.added] - expected, atol=1e-11)
    np.testing.assert_allclose(result.weight, joint(new, params, MONTHS).gain[5][result.added], atol=1e-11)
    np.testing.assert_allclose(result.contributions, result.weight * result.surprise, atol=1e-15)


def test_nothing_changed():
    old = vintages(2, gone=0, late=0, revised=0, recounted=0)[0]
    result = news(old, old, PARAMS, MONTHS, 3)
    assert result.update == result.revisions == result.recounted == 0
    assert result.added.size == result.withdrawn.size == result.revised.size == 0


def test_everything_is_new_or_everything_is_withdrawn():
    full = vintages(2, gone=0, late=0, revised=0, recounted=0)[0]
    none = full.where(np.zeros(len(full), dtype=bool))
    arrived, gone = news(none, full, PARAMS, MONTHS, 3), news(full, none, PARAMS, MONTHS, 3)
    assert arrived.revisions == 0
    assert arrived.contributions.sum() == pytest.approx(arrived.update, abs=1e-12)
    assert gone.contributions.size == 0
    assert gone.withdrawn_effect.sum() == pytest.approx(gone.update, abs=1e-12)
    assert gone.update == pytest.approx(-arrived.update, abs=1e-12)


def test_without_keys_the_cell_and_its_place_in_the_month_match():
    """Two observations of one cell: the second is new; one of another cell is withdrawn; one is revised."""
    old = observations([0, 0, 0], [1, 4, 6], [0, 1, 2], [1.0, 2.0, 3.0])
    new = observations([0, 0, 0], [1, 1, 6], [0, 0, 2], [1.0, 5.0, 3.5])
    result = news(old, new, PARAMS, MONTHS, 6)
    assert result.added.tolist() == [1]
    assert result.withdrawn.tolist() == [1]
    assert result.revised.tolist() == [2]


def test_positions_are_those_of_each_vintage():
    """Withdrawn points into old, added and revised into new, wherever the observations stand in a month."""
    old = observations([0] * 3, [2, 2, 2], [2, 0, 1], [1.0, 2.0, 3.0])
    new = observations([0] * 3, [2, 2, 2], [1, 2, 2], [3.0, 1.5, 9.0])
    result = news(old, new, PARAMS, MONTHS, 2)
    assert result.withdrawn.tolist() == [1]
    assert result.revised.tolist() == [1]
    assert result.added.tolist() == [2]
    assert result.update == pytest.approx(result.revisions + result.contributions.sum(), abs=1e-12)


def test_keys_must_be_different_and_fit():
    old = observations([0, 0], [1, 4], [0, 1], [1.0, 2.0])
    for wrong in ([1, 1], [1]):
        with pytest.raises(UsageError, match="different keys"):
            news(old, old, PARAMS, MONTHS, 0, old_key=wrong, new_key=[1, 2])


def test_two_pairs_are_refused():
    two = observations([0, 1], [1, 4], [0, 1], [1.0, 2.0])
    with pytest.raises(UsageError, match="one pair"):
        news(two, two, PARAMS, MONTHS, 0)
