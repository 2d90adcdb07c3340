"""The arrays behind sets, flows, pressure and cohesion against slow and obvious loops."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from multipolar import UsageError
from multipolar.measures import arrays
from multipolar.measures.model import DRAWS, bounds, mean_posterior, posterior, units

masks = hnp.arrays(bool, (3, 5))
weights = hnp.arrays(float, (3, 5), elements=st.floats(0.1, 10))
amounts = hnp.arrays(float, 6, elements=st.floats(0.0, 100, allow_subnormal=False))
positive = hnp.arrays(float, 3, elements=st.floats(0.05, 3))
counts = hnp.arrays(np.int64, 3, elements=st.integers(0, 6))
BANDS = st.sampled_from([0.1, 0.5, arrays.BAND])


def test_normal_ties_give_the_index_of_their_draws() -> None:
    rng = np.random.default_rng(3)
    mean, sd, w, unit = rng.normal(0, 0.3, 7), rng.uniform(0.1, 0.5, 7), rng.random(7), rng.standard_normal((7, 40))
    expected = arrays.isolation((mean[:, None] + sd[:, None] * unit).T, w)
    np.testing.assert_allclose(arrays.isolation_normal(mean, sd, w, unit), expected, atol=1e-12)


@pytest.mark.parametrize(
    ("mean", "sd", "w"), [([0.1], [0.0], [1]), ([np.nan], [1], [1]), ([0.1], [1], [0]), ([0.1], [1], [-1])]
)
def test_normal_ties_refuse_what_makes_no_sense(mean: list[float], sd: list[float], w: list[float]) -> None:
    with pytest.raises(UsageError, match="expected"):
        arrays.isolation_normal(mean, sd, w, np.zeros((1, 2)))


@given(masks, masks, masks, weights)
def test_unvisited_lies_within_its_bounds_and_they_hold_whatever_is_filled_in(
    seen: np.ndarray, out: np.ndarray, back: np.ndarray, w: np.ndarray
) -> None:
    told, whole = out | back, out & back
    seen = seen & told
    if not told.any():
        with pytest.raises(UsageError):
            arrays.unvisited(seen, told, whole, w)
        return
    found = arrays.unvisited(seen, told, whole, w)
    assert -1e-12 <= found.low <= found.value + 1e-12
    assert found.value <= found.high + 1e-12 <= 1 + 2e-12
    for filled in (seen, seen | ~whole):  # nobody else called, everybody else did
        truth = w[~filled].sum() / w.sum()
        assert found.low - 1e-12 <= truth <= found.high + 1e-12


@given(masks, masks, weights)
def test_lists_of_everybody_leave_no_doubt(seen: np.ndarray, _: np.ndarray, w: np.ndarray) -> None:
    every = np.ones_like(seen)
    found = arrays.unvisited(seen, every, every, w)
    assert found.low == pytest.approx(found.value) == pytest.approx(found.high)


def test_concentration_at_known_points() -> None:
    assert arrays.concentration([5.0, 0.0]).value == pytest.approx(1.0)
    assert arrays.concentration([1.0, 1.0, 1.0, 1.0]).value == pytest.approx(0.25)
    half = arrays.concentration([1.0], untold=1.0)
    assert (float(half.low), float(half.value), float(half.high)) == pytest.approx((0.25, 0.5, 0.5))


@given(amounts, st.floats(0, 200))
def test_concentration_is_a_sum_of_squares_within_its_bounds(x: np.ndarray, untold: float) -> None:
    if x.sum() <= 0:
        with pytest.raises(UsageError):
            arrays.concentration(x, untold)
        return
    found = arrays.concentration(x, untold)
    whole = x.sum() + untold
    assert float(found.low) == pytest.approx(sum((one / whole) ** 2 for one in x))
    assert found.low - 1e-12 <= found.value <= found.high + 1e-12
    assert found.high <= 1 + 1e-12


@given(amounts, st.permutations(range(6)), st.floats(0.1, 10))
def test_concentration_ignores_order_and_unit(x: np.ndarray, order: list[int], by: float) -> None:
    if x.sum() > 0:
        assert float(arrays.concentration(by * x[order]).value) == pytest.approx(float(arrays.concentration(x).value))


@pytest.mark.parametrize(("x", "untold"), [([-1.0, 2.0], 0.0), ([np.inf], 0.0), ([1.0], -1.0), ([0.0], 1.0)])
def test_concentration_refuses_what_makes_no_sense(x: list[float], untold: float) -> None:
    with pytest.raises(UsageError, match="expected"):
        arrays.concentration(x, untold)


@given(positive, st.integers(0, 2), BANDS)
def test_pressure_ends_hedging_exactly_there(a: np.ndarray, which: int, band: float) -> None:
    found = arrays.pressure(a, which, band)
    inside = bool(arrays.hedging(a) >= band)
    assert bool(found.inside) == inside
    if not inside:
        assert found.fall == found.rise == 0
        return
    for move in (-float(found.fall), float(found.rise)):
        for beyond, stays in ((1 - 1e-6, True), (1 + 1e-6, False)):
            moved = a.copy()
            moved[which] += move * beyond
            if abs(move) > 1e-3:  # closer than that, a millionth more is lost in rounding
                assert (float(arrays.hedging(moved)) >= band) == stays


@given(hnp.arrays(float, 3, elements=st.floats(-2, 2)), st.integers(0, 2))
def test_pressure_in_a_band_of_nothing_ends_where_the_tie_does(a: np.ndarray, which: int) -> None:
    found = arrays.pressure(a, which, 0.0)
    assert bool(found.inside) == bool((a > 0).all())
    assert float(found.fall) == pytest.approx(a[which] if found.inside else 0.0)
    assert float(found.rise) == (np.inf if found.inside else 0.0)


@pytest.mark.parametrize(
    ("a", "which", "band"), [([1.0, 1.0], 2, 0.5), ([1.0, 1.0], 0, 1.0), ([1.0, 1.0], 0, -0.1), ([1.0], 0, 0.5)]
)
def test_pressure_refuses_what_makes_no_sense(a: list[float], which: int, band: float) -> None:
    with pytest.raises(UsageError, match="expected"):
        arrays.pressure(a, which, band)


@given(counts)
def test_cohesion_of_votes_is_that_of_its_pairs(c: np.ndarray) -> None:
    votes = [1] * c[0] + [0] * c[1] + [-1] * c[2]
    pairs = list(combinations(votes, 2))
    found = arrays.vote_cohesion(c)
    assert found.joint == len(pairs)
    assert found.alike == sum(one == other for one, other in pairs)
    n = len(votes)
    if n >= 2:
        largest = max(c)
        assert float(found.agreement) == pytest.approx((largest - 0.5 * (n - largest)) / n)
        assert 0 <= found.agreement <= 1
    else:
        assert np.isnan(found.agreement)
    sided = c[0] + c[2]
    assert np.isnan(found.rice) if sided < 2 else float(found.rice) == pytest.approx(abs(c[0] - c[2]) / sided)


def test_cohesion_of_votes_at_known_points() -> None:
    found = arrays.vote_cohesion([[6, 0, 0], [2, 2, 2], [3, 0, 3], [4, 1, 1]])
    np.testing.assert_allclose(found.agreement, [1.0, 0.0, 0.25, 0.5])
    np.testing.assert_allclose(found.rice, [1.0, 0.0, 0.0, 0.6])


@pytest.mark.parametrize("bad", [[1, 2], [[1, -1, 0]], [[np.nan, 1, 1]]])
def test_cohesion_of_votes_refuses_what_makes_no_sense(bad: object) -> None:
    with pytest.raises(UsageError, match="expected"):
        arrays.vote_cohesion(bad)  # type: ignore[arg-type]


@given(hnp.arrays(float, (4, 5), elements=st.floats(-3, 3)), st.permutations(range(5)))
def test_dispersion_is_a_mean_and_a_standard_deviation_in_any_order(draws: np.ndarray, order: list[int]) -> None:
    found = arrays.dispersion(draws[:, order])
    for row, mean, spread in zip(draws, found.mean, found.spread, strict=True):
        assert mean == pytest.approx(sum(row) / 5, abs=1e-12)
        assert spread == pytest.approx((sum((x - sum(row) / 5) ** 2 for x in row) / 5) ** 0.5, abs=1e-12)


@pytest.mark.parametrize("bad", [[], [[1.0, np.nan]], 0.5])
def test_dispersion_refuses_what_makes_no_sense(bad: object) -> None:
    with pytest.raises(UsageError, match="expected"):
        arrays.dispersion(bad)  # type: ignore[arg-type]


@given(masks, hnp.arrays(bool, (3, 5)), masks, st.integers(0, 4))
def test_share_that_joined_is_bounded_by_every_way_to_fill_it_in(
    imposes: np.ndarray, told: np.ndarray, could: np.ndarray, which: int
) -> None:
    found = arrays.joined(imposes, told, could)
    for row in range(3):
        able = could[row]
        if not able.any():
            assert np.isnan(found.value[row])
            continue
        for filled in (imposes[row], imposes[row] | ~told[row]):
            share = filled[able].mean()
            assert found.low[row] - 1e-12 <= share <= found.high[row] + 1e-12
        assert found.low[row] - 1e-12 <= found.value[row] <= found.high[row] + 1e-12
    more = imposes.copy()
    more[:, which] = True
    low = arrays.joined(more, told, could).low
    assert (np.nan_to_num(low) >= np.nan_to_num(found.low) - 1e-12).all(), "one more that joins never lowers it"


def test_share_that_joined_when_all_is_told() -> None:
    found = arrays.joined([[True, False, True]], [[True, True, True]], [[True, True, False]])
    assert (float(found.value[0]), float(found.low[0]), float(found.high[0])) == (0.5, 0.5, 0.5)


def test_joined_refuses_other_shapes() -> None:
    with pytest.raises(UsageError, match="shape"):
        arrays.joined([True], [True, False], [True])


def test_draws_have_the_distribution_of_each_tie_and_do_not_depend_on_how_many_there_are() -> None:
    mean, sd = np.linspace(-1, 1, 300), np.linspace(0.1, 2, 300)
    draws = posterior(mean, sd)
    assert draws.shape == (DRAWS, 300)
    np.testing.assert_allclose(draws.mean(axis=0), mean, atol=1e-9)
    np.testing.assert_allclose(draws.std(axis=0), sd, rtol=2e-3)
    np.testing.assert_array_equal(posterior(mean[:5], sd[:5]), draws[:, :5])
    assert abs(np.corrcoef(draws[:, 0], draws[:, 200])[0, 1]) < 0.08
    np.testing.assert_allclose(mean_posterior(mean, sd), draws.mean(axis=1), atol=1e-12)
    assert units(700).shape == (700, DRAWS)
    np.testing.assert_array_equal(units(700)[:300], units(300))


def test_bounds_are_an_interval() -> None:
    found = bounds(0.5, 0.2, 0.9)
    assert (found.lo90, found.lo50, found.value, found.hi50, found.hi90) == (0.2, 0.2, 0.5, 0.9, 0.9)
