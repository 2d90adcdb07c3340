"""The flow of Marvel et al. (2011) against an integrator, against linear algebra without eigenvalues, and on two networks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from multipolar import UsageError
from multipolar.blocs.arrays import flow

#: Whom each member of the karate club is tied to among those after it (Zachary 1977, *Journal of Anthropological Research*
#: 33:452-473), members counted from 0; and who stayed with the instructor when the club broke up.
LATER = (
    "1 2 3 4 5 6 7 8 10 11 12 13 17 19 21 31", "2 3 7 13 17 19 21 30", "3 7 8 9 13 27 28 32", "7 12 13", "6 10", "6 10 16", "16",
    "", "30 32 33", "33", "", "", "", "33", "32 33", "32 33", "", "", "32 33", "33", "32 33", "", "32 33", "25 27 29 32 33",
    "25 27 31", "31", "29 33", "33", "31 33", "32 33", "32 33", "32 33", "33", "",
)  # fmt: skip
STAYED = {0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 16, 17, 19, 21}


def club() -> np.ndarray:
    a = np.zeros((34, 34))
    for member, later in enumerate(LATER):
        for other in map(int, later.split()):
            a[member, other] = a[other, member] = 1.0
    return a


def codings(a: np.ndarray) -> dict[str, np.ndarray]:
    """Ways to say that two members without a tie are apart."""
    degree, off = a.sum(axis=1), 1.0 - np.eye(len(a))
    return {
        "hostile where there is no tie": np.where(a > 0, 1.0, -1.0) * off,
        "the same, with itself too": np.where(a > 0, 1.0, -1.0),
        "less the mean": (a - degree.sum() / off.sum()) * off,
        "less what degrees make likely": a - np.outer(degree, degree) / degree.sum(),
    }


@pytest.mark.parametrize("coding", codings(club()))
def test_the_karate_club_breaks_up_as_it_did_but_for_one_of_34(coding: str) -> None:
    found = flow.limit(codings(club())[coding])
    actual = np.array([0 if member in STAYED else 1 for member in range(34)])
    assert club().sum() / 2 == 78
    assert found.split
    assert np.flatnonzero(found.camps != actual).tolist() == [8]


def symmetric(n: int, seed: int, shift: float = 0.0) -> np.ndarray:
    a = np.random.default_rng(seed).normal(shift, 1.0, (n, n))
    return (a + a.T) / 2


@given(st.integers(2, 12), st.integers(0, 10**6), st.floats(0.0, 0.9))
def test_the_flow_equals_its_resolvent(n: int, seed: int, share: float) -> None:
    """X = A (I - A t)^-1, solved without eigenvalues."""
    a = symmetric(n, seed)
    end = flow.limit(a).time
    time = share * (end if np.isfinite(end) else 1.0)
    solved = np.linalg.solve(np.eye(n) - time * a, a)
    found = flow.flow(a, time)
    np.testing.assert_allclose(found, solved, atol=1e-12 * np.abs(solved).max() * n)


@pytest.mark.parametrize("seed", range(3))
def test_the_flow_solves_its_equation(seed: int) -> None:
    a = symmetric(6, seed)
    stop = 0.5 * flow.limit(a).time
    solved = solve_ivp(
        lambda _, x: (x.reshape(6, 6) @ x.reshape(6, 6)).ravel(), (0.0, stop), a.ravel(), "DOP853", rtol=1e-13, atol=1e-14
    )  # fmt: skip
    found = flow.flow(a, [0.0, stop])
    np.testing.assert_allclose(found[0], a, atol=1e-12)
    np.testing.assert_allclose(found[1], solved.y[:, -1].reshape(6, 6), rtol=0, atol=1e-12 * np.abs(found[1]).max())


@pytest.mark.parametrize("seed", range(5))
def test_ties_tend_to_the_leading_eigenvector_to_1e_12(seed: int) -> None:
    """Near the end, X / |X| is v v' but for a part that shrinks with the time left, which is known in closed form."""
    a = symmetric(9, seed)
    found = flow.limit(a)
    left = 1e-13
    x = flow.flow(a, found.time * (1 - left))
    target = np.outer(found.vector, found.vector)
    np.testing.assert_allclose(x / np.linalg.norm(x), target, atol=1e-12)
    assert (np.sign(x) == np.where(found.camps[:, None] == found.camps, 1, -1)).all()


@given(st.integers(2, 10), st.integers(0, 10**6), st.floats(0.1, 10))
def test_camps_do_not_depend_on_the_unit_of_ties(n: int, seed: int, unit: float) -> None:
    one, other = flow.limit(symmetric(n, seed)), flow.limit(unit * symmetric(n, seed))
    assert np.array_equal(one.camps, other.camps)
    if np.isfinite(one.time):
        assert other.time == pytest.approx(one.time / unit)


@given(st.lists(st.booleans(), min_size=3, max_size=12).filter(lambda camp: len(set(camp)) == 2))
def test_a_balanced_network_stays_as_it_is(camp: list[bool]) -> None:
    side = np.array(camp)
    found = flow.limit(np.where(side[:, None] == side, 1.0, -1.0))
    assert np.array_equal(found.camps, (side != side[0]).astype(int))
    assert found.time == pytest.approx(1 / side.size)


def test_friends_stay_friends() -> None:
    found = flow.limit(np.ones((5, 5)) - np.eye(5))
    assert not found.split and found.camps.tolist() == [0] * 5


def test_what_grows_without_bound_is_told_from_what_fades() -> None:
    fading = flow.limit(-np.eye(3))
    assert np.isinf(fading.time) and fading.camps.tolist() == [-1] * 3
    np.testing.assert_allclose(flow.flow(-np.eye(3), 1e6), -np.eye(3) / (1 + 1e6))
    assert np.isinf(flow.limit(np.zeros((2, 2))).time)


def test_two_equal_eigenvalues_leave_the_camps_open() -> None:
    assert flow.limit(np.eye(3)).camps.tolist() == [-1] * 3
    apart = np.zeros((4, 4))
    apart[0, 1] = apart[1, 0] = -2.0
    found = flow.limit(apart)
    assert found.camps.tolist() == [0, 1, -1, -1], "who has no ties belongs to no camp"
    assert flow.limit([[2.0]]).camps.tolist() == [0]


@pytest.mark.parametrize(
    ("initial", "time"),
    [
        ([[1.0, 2.0]], 0.0),
        ([[0.0, 1.0], [2.0, 0.0]], 0.0),
        ([[np.nan]], 0.0),
        ([[1.0]], 1.0),
        ([[1.0]], -0.1),
        ([], 0.0),
    ],
)
def test_what_makes_no_sense_is_refused(initial: list[list[float]], time: float) -> None:
    with pytest.raises(UsageError, match="expected"):
        flow.flow(initial, time)
