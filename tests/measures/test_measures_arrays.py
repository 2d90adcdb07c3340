from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from multipolar import UsageError
from multipolar.measures import arrays

ties = hnp.arrays(float, 6, elements=st.floats(-3, 3))
weights = hnp.arrays(float, 6, elements=st.floats(0.01, 10))
shares = st.floats(0, 1)


def test_isolation_of_a_state_with_one_friend_that_holds_a_quarter() -> None:
    assert arrays.isolation([0.5, -0.2, 0.0, -1.0], [1, 1, 1, 1]) == pytest.approx(0.75)
    assert arrays.isolation([0.5, -0.2], [3, 1]) == pytest.approx(0.25)


@given(ties, weights)
def test_isolation_equals_a_loop_and_stays_in_range(a: np.ndarray, w: np.ndarray) -> None:
    friends = sum(weight for tie, weight in zip(a, w, strict=True) if tie > 0)
    found = float(arrays.isolation(a, w))
    assert found == pytest.approx(1 - friends / w.sum(), abs=1e-12)
    assert -1e-12 <= found <= 1 + 1e-12


@given(ties, weights, st.floats(0.1, 100), st.permutations(range(6)))
def test_isolation_ignores_order_and_unit_of_weights(a: np.ndarray, w: np.ndarray, by: float, order: list[int]) -> None:
    assert float(arrays.isolation(a[order], by * w[order])) == pytest.approx(float(arrays.isolation(a, w)), abs=1e-9)


@given(ties, weights, st.integers(0, 5))
def test_a_better_tie_never_isolates(a: np.ndarray, w: np.ndarray, which: int) -> None:
    better = a.copy()
    better[which] += 1.0
    assert float(arrays.isolation(better, w)) <= float(arrays.isolation(a, w)) + 1e-12


def test_isolation_of_draws_is_draw_by_draw() -> None:
    draws = np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0]])
    np.testing.assert_allclose(arrays.isolation(draws, [1, 3]), [0.0, 0.25, 1.0])


@pytest.mark.parametrize(
    ("a", "w"),
    [([1.0, np.nan], [1, 1]), ([1.0], [1, 1]), ([1.0, 1.0], [-1, 2]), ([1.0, 1.0], [0, 0]), ([1.0, 1.0], [np.inf, 1])],
)
def test_isolation_refuses_what_makes_no_sense(a: list[float], w: list[float]) -> None:
    with pytest.raises(UsageError, match="expected"):
        arrays.isolation(a, w)


def test_dependence_at_known_points() -> None:
    assert arrays.dependence(0.0) == 0.0
    assert arrays.dependence(1.0) == 1.0
    assert float(arrays.dependence(0.5, 5.0)) == pytest.approx(1 - 0.5**0.2)
    assert float(arrays.dependence(0.75, 2.0)) == pytest.approx(0.5)


@given(shares, shares, st.floats(0, 1))
def test_dependence_is_convex_and_increasing_in_the_share(s: float, t: float, mix: float) -> None:
    between = float(arrays.dependence(mix * s + (1 - mix) * t))
    assert between <= mix * float(arrays.dependence(s)) + (1 - mix) * float(arrays.dependence(t)) + 1e-9
    assert float(arrays.dependence(max(s, t))) >= float(arrays.dependence(min(s, t)))


@given(st.floats(0.01, 0.99), st.floats(1.1, 9), st.floats(1.1, 9))
def test_easier_substitution_means_less_dependence(s: float, e: float, f: float) -> None:
    assert float(arrays.dependence(s, max(e, f))) <= float(arrays.dependence(s, min(e, f))) + 1e-12


@pytest.mark.parametrize(("share", "elasticity"), [(-0.1, 5), (1.1, 5), (np.nan, 5), (0.5, 1.0), (0.5, np.nan)])
def test_dependence_refuses_what_makes_no_sense(share: float, elasticity: float) -> None:
    with pytest.raises(UsageError, match="expected"):
        arrays.dependence(share, elasticity)


def test_hedging_at_known_points() -> None:
    assert arrays.hedging([0.4, 0.8]) == pytest.approx(0.5)
    assert arrays.hedging([0.4, 0.4, 0.4]) == pytest.approx(1.0)
    assert arrays.hedging([0.4, -0.1]) == 0.0
    assert arrays.hedging([-0.4, -0.1]) == 0.0


@given(hnp.arrays(float, (5, 3), elements=st.floats(-2, 2)))
def test_hedging_equals_a_loop(draws: np.ndarray) -> None:
    expected = [min(row) / max(row) if min(row) > 0 else 0.0 for row in draws]
    np.testing.assert_allclose(arrays.hedging(draws), expected)


@pytest.mark.parametrize("bad", [[0.5], 0.5, [0.5, np.nan]])
def test_hedging_refuses_what_makes_no_sense(bad: object) -> None:
    with pytest.raises(UsageError):
        arrays.hedging(bad)  # type: ignore[arg-type]
