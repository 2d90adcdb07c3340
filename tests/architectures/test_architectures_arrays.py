"""The array functions against slow and obvious ones, and against statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from statsmodels.stats.proportion import proportion_confint

from multipolar import UsageError
from multipolar.architectures import arrays

RUNGS = 5


@settings(max_examples=40)
@given(
    hnp.arrays(np.int64, st.integers(1, 12), elements=st.integers(0, RUNGS - 1)).flatmap(
        lambda depth: st.tuples(st.just(depth), hnp.arrays(np.bool_, (depth.size, RUNGS)))
    )
)
def test_shares_of_rungs_agree_with_counting_pair_by_pair(made: tuple[np.ndarray, np.ndarray]) -> None:
    depth, complete = made
    found = arrays.rung_shares(depth, complete, RUNGS)
    for rung in range(RUNGS):
        told = [deep >= rung for deep in depth]
        # A pair may be so deep if it is told to be, or if of some rung so deep or deeper it is not known that it is absent.
        most = [
            deep >= rung or any(not complete[pair, higher] for higher in range(rung, RUNGS) if higher > deep)
            for pair, deep in enumerate(depth)
        ]
        assert found.told[rung] == pytest.approx(np.mean(told))
        assert found.most[rung] == pytest.approx(np.mean(most))
    assert found.told[0] == 1.0
    assert (np.diff(found.told) <= 1e-12).all() and (np.diff(found.most) <= 1e-12).all(), "deeper is rarer"
    assert (found.told <= found.most + 1e-12).all()


@settings(max_examples=40)
@given(
    st.integers(1, 6).flatmap(
        lambda pairs: st.tuples(
            hnp.arrays(np.float64, (7, pairs), elements=st.floats(-3, 3)),
            hnp.arrays(np.bool_, pairs),
            hnp.arrays(np.bool_, pairs),
        )
    )
)
def test_division_agrees_with_counting(made: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    ties, dispute, pact = made
    found = arrays.divided(ties, dispute, pact)
    for draw in range(ties.shape[0]):
        below = ties[draw] < 0
        assert found.negative[draw] == pytest.approx(below.mean())
        assert found.either[draw] == pytest.approx(
            np.mean([a or b or c for a, b, c in zip(below, dispute, pact, strict=True)])
        )
    assert (found.dispute == dispute.mean()).all() and (found.pact == pact.mean()).all()
    assert (found.either >= np.maximum(found.negative, np.maximum(found.dispute, found.pact)) - 1e-12).all()
    assert (found.either <= found.negative + found.dispute + found.pact + 1e-12).all()


@settings(max_examples=40)
@given(st.integers(1, 400), st.floats(0, 1), st.sampled_from([0.5, 0.9, 0.95]))
def test_wilson_is_that_of_statsmodels(trials: int, share: float, level: float) -> None:
    successes = round(share * trials)
    expected = proportion_confint(successes, trials, alpha=1 - level, method="wilson")
    assert arrays.wilson(successes, trials, level) == pytest.approx(tuple(expected), abs=1e-9)


def test_clusters_that_agree_count_once_each() -> None:
    success = np.repeat([True, False, True, True], 25)
    share = arrays.clustered_share(success, np.repeat([1, 2, 3, 4], 25))
    assert share.value == 0.75
    # Four clusters of one answer each are worth a little fewer than four cases: their variance has n - 1 = 3 degrees.
    assert share.effective == pytest.approx(3.0)
    assert (share.lo90, share.hi90) == pytest.approx(arrays.wilson(2.25, 3.0))
    alone = arrays.clustered_share(success, np.arange(100))
    assert alone.effective == pytest.approx(99.0)
    assert alone.lo90 > share.lo90 and alone.hi90 < share.hi90


def test_one_answer_is_worth_its_clusters() -> None:
    share = arrays.clustered_share(np.ones(60, dtype=bool), np.repeat([1, 2, 3], 20))
    assert (share.value, share.effective) == (1.0, 3.0)
    assert share.lo90 == pytest.approx(arrays.wilson(3, 3)[0])
    assert arrays.clustered_share([True, False], [1, 1]).effective == 1.0


@settings(max_examples=40)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=60))
def test_a_share_lies_in_its_intervals(cases: list[tuple[bool, int]]) -> None:
    share = arrays.clustered_share([hit for hit, _ in cases], [cluster for _, cluster in cases])
    assert 0 <= share.lo90 <= share.lo50 <= share.value + 1e-9
    assert share.value - 1e-9 <= share.hi50 <= share.hi90 + 1e-9 <= 1 + 1e-8
    assert 1 <= share.effective <= len(cases)


@settings(max_examples=40)
@given(hnp.arrays(np.bool_, st.tuples(st.integers(3, 9), st.integers(1, 6))), st.integers(1, 2))
def test_persistence_agrees_with_following_each_pair(standing: np.ndarray, lag: int) -> None:
    found = arrays.persistence(standing, lag)
    assert found.shape == (standing.shape[0] - lag,)
    for year, value in enumerate(found):
        here = [pair for pair in range(standing.shape[1]) if standing[year, pair]]
        kept = [pair for pair in here if standing[year + lag, pair]]
        assert np.isnan(value) if not here else value == pytest.approx(len(kept) / len(here))


def test_partners_and_onsets_on_paper() -> None:
    standing = np.array([[True, True, False], [True, False, False]])
    assert arrays.partners_per_state(standing, [4, 5]).tolist() == [1.0, 0.4]
    assert arrays.onset_rate(3, [4, 5]) == 3 / (6 + 10)


@pytest.mark.parametrize(
    "call",
    [
        lambda: arrays.rung_shares([], np.ones((0, 5)), 5),
        lambda: arrays.rung_shares([5], np.ones((1, 5)), 5),
        lambda: arrays.rung_shares([1], np.ones((1, 4)), 5),
        lambda: arrays.divided(np.zeros((3, 0)), [], []),
        lambda: arrays.divided([[np.nan]], [True], [False]),
        lambda: arrays.divided([[0.0]], [True, False], [False]),
        lambda: arrays.wilson(0, 0),
        lambda: arrays.wilson(3, 2),
        lambda: arrays.clustered_share([], []),
        lambda: arrays.clustered_share([True], [1, 2]),
        lambda: arrays.persistence([[True]], 1),
        lambda: arrays.persistence([True, False], 1),
        lambda: arrays.partners_per_state([[True]], [0]),
        lambda: arrays.onset_rate(1, [1, 1]),
    ],
)
def test_what_is_no_input_is_refused(call: object) -> None:
    with pytest.raises(UsageError):
        call()  # type: ignore[operator]
