"""Polarisation and poles against loops, closed forms and networks whose answer is plain."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from multipolar import UsageError
from multipolar.blocs.arrays import polarisation

sizes = hnp.arrays(float, st.integers(1, 6), elements=st.floats(0.01, 10))


@given(sizes, st.floats(0, 1.6))
def test_esteban_ray_equals_a_double_loop(size: np.ndarray, alpha: float) -> None:
    n = size.size
    apart = np.abs(np.subtract.outer(np.arange(n), np.arange(n))) / max(n - 1, 1)
    p = size / size.sum()
    by_hand = sum(p[i] ** (1 + alpha) * p[j] * apart[i, j] for i in range(n) for j in range(n))
    assert float(polarisation.esteban_ray(size, apart, alpha)) == pytest.approx(2 ** (1 + alpha) * by_hand, abs=1e-12)


def test_esteban_ray_is_one_for_two_equal_poles_and_less_for_more() -> None:
    def apart(n: int) -> np.ndarray:
        return 1.0 - np.eye(n)

    values = [float(polarisation.esteban_ray(np.ones(n), apart(n), 1.0)) for n in (1, 2, 3, 4, 50)]
    assert values[:2] == [0.0, 1.0]
    assert values[2:] == pytest.approx([4 * 2 / 9, 4 * 3 / 16, 4 * 49 / 2500]), "Reynal-Querol: 4 sum p^2 (1 - p)"
    assert float(polarisation.esteban_ray([1, 1], apart(2), 1.6)) == pytest.approx(1.0)


@given(sizes)
def test_reynal_querol_lies_between_nought_and_one(size: np.ndarray) -> None:
    p = size / size.sum()
    found = float(polarisation.esteban_ray(size, 1.0 - np.eye(size.size)))
    assert found == pytest.approx(4 * (p**2 * (1 - p)).sum(), abs=1e-12)
    assert -1e-12 <= found <= 1 + 1e-12


@given(sizes)
def test_effective_number_lies_between_one_and_the_number_of_groups(size: np.ndarray) -> None:
    found = float(polarisation.effective_number(size))
    assert 1 - 1e-9 <= found <= size.size + 1e-9
    assert float(polarisation.effective_number(np.ones(size.size))) == pytest.approx(size.size)


def test_shares_of_draws_are_taken_draw_by_draw() -> None:
    np.testing.assert_allclose(polarisation.effective_number([[1, 1, 0], [2, 2, 2]]), [2.0, 3.0])


def test_maoz_by_hand() -> None:
    def groups(*of: str) -> np.ndarray:
        return np.array([[name in group for group in of] for name in "abcdef"])

    assert polarisation.maoz(groups("abc", "def"), np.ones(6)) == (1.0, 1.0, 0.0)
    assert polarisation.maoz(groups("abcdef"), np.ones(6)) == (0.0, 0.0, 0.0)
    assert polarisation.maoz(groups(*"abcdef"), np.ones(6))[0] == pytest.approx(4 * 5 / 36)
    assert polarisation.maoz(groups("abc", "abc"), np.ones(6)) == (0.0, 1.0, 1.0)
    half = polarisation.maoz(groups("abcd", "cdef"), np.ones(6))
    assert half == (0.5, 1.0, 0.5)
    uneven = polarisation.maoz(groups("abc", "def"), [1, 1, 1, 3, 3, 3])
    assert uneven.size == pytest.approx(4 * 0.25 * 0.75)


@given(st.integers(1, 7), st.integers(0, 10**6))
def test_cliques_are_those_that_trying_all_groups_finds(n: int, seed: int) -> None:
    upper = np.triu(np.random.default_rng(seed).random((n, n)) < 0.5, 1)
    friends = upper | upper.T
    groups = [
        set(group)
        for k in range(1, n + 1)
        for group in combinations(range(n), k)
        if all(friends[i, j] for i, j in combinations(group, 2))
    ]
    maximal = {frozenset(group) for group in groups if not any(group < other for other in groups)}
    found = polarisation.cliques(friends)
    assert {frozenset(map(int, np.flatnonzero(column))) for column in found.T} == maximal
    assert found.shape == (n, len(maximal))


def camps(*of: int) -> np.ndarray:
    camp = np.repeat(np.arange(len(of)), of)
    noise = np.triu(np.random.default_rng(5).normal(0, 0.1, (camp.size, camp.size)), 1)
    return (np.where(camp[:, None] == camp, 1.0, -1.0) + noise + noise.T) * (1 - np.eye(camp.size))


@pytest.mark.parametrize(("of", "count"), [((12, 12), 1), ((10, 10, 10), 2), ((8, 8, 8, 8), 3)])
def test_camps_that_are_all_hostile_have_one_dimension_less_than_camps(of: tuple[int, ...], count: int) -> None:
    found = polarisation.dimensions(camps(*of))
    assert found.count == count
    assert (found.values[:count] > found.chance[:count]).all()


def test_ties_without_order_have_no_dimension() -> None:
    found = []
    for seed in range(20):
        w = np.triu(np.random.default_rng(seed).normal(0, 1, (20, 20)), 1)
        found.append(polarisation.dimensions(w + w.T, seed=seed, draws=100).count)
    assert np.mean(np.array(found) > 0) <= 0.2, "level 0.95: about one in twenty passes by chance"


def test_dimensions_of_networks_that_have_nothing_to_compare() -> None:
    assert polarisation.dimensions(np.zeros((4, 4))).count == 0
    assert polarisation.dimensions(np.ones((5, 5)) - np.eye(5)).count == 0, "dealt out anew, equal ties are the same"
    assert polarisation.dimensions(np.zeros((0, 0))).count == 0


@pytest.mark.parametrize(
    "call",
    [
        lambda: polarisation.effective_number([0, 0]),
        lambda: polarisation.effective_number([1, -1]),
        lambda: polarisation.effective_number([1, np.nan]),
        lambda: polarisation.esteban_ray([1, 1], 1 - np.eye(2), 2.0),
        lambda: polarisation.esteban_ray([1, 1], 1 - np.eye(3)),
        lambda: polarisation.esteban_ray([1, 1], -np.ones((2, 2))),
        lambda: polarisation.maoz(np.ones((2, 1)), [1, 1, 1]),
        lambda: polarisation.maoz(np.zeros((2, 1)), [1, 1]),
        lambda: polarisation.maoz(np.ones((2, 1)), [1, np.nan]),
    ],
)
def test_what_makes_no_sense_is_refused(call: object) -> None:
    with pytest.raises(UsageError, match="expected"):
        call()  # type: ignore[operator]
