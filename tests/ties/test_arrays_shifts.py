"""Evidence for a shift against two models written out in full: one with a further shock in that month, one without."""

from __future__ import annotations

import numpy as np
import pytest
from arrays_oracle import OFFSETS, clock, signal, simulate, some_params, uneven

from multipolar.errors import UsageError
from multipolar.ties.arrays.shifts import shifts

MONTHS, SPREAD = 20, 0.7


@pytest.mark.parametrize("offsets", OFFSETS)
@pytest.mark.parametrize("clocks", ["even", "uneven"])
def test_bayes_factor_and_shift_are_those_of_the_joint_normal(offsets, clocks):
    params = some_params(3, offsets=offsets)
    obs = simulate(np.random.default_rng(8), params, 2, MONTHS, 0.3)[0]
    if clocks == "uneven":
        obs, params = uneven(np.random.default_rng(9), obs, params, MONTHS)
    mine = obs.pair(1)
    found = shifts(mine, params, MONTHS, SPREAD)
    times = clock(mine, params, MONTHS)
    total = signal(mine, mine, params) + np.diag(params.noise[mine.indicator] / mine.weight)
    usual = params.intercept + params.loading * (params.mu0 + mine.levels[0])
    rest = mine.value - usual[mine.indicator]
    for month in range(1, MONTHS):
        later = mine.month >= month
        shape = params.loading[mine.indicator] * np.where(later, params.phi ** (times[mine.month] - times[month]), 0.0)
        wider = total + SPREAD**2 * np.outer(shape, shape)
        factor = density(rest, wider) - density(rest, total)
        assert found.log_factor[month] == pytest.approx(factor, abs=1e-8)
        gain = SPREAD**2 * np.linalg.solve(wider, shape)
        assert found.mean[month] == pytest.approx(gain @ rest, abs=1e-8)
        assert found.sd[month] ** 2 == pytest.approx(SPREAD**2 * (1 - gain @ shape), abs=1e-8)
    assert found.log_factor[0] == 0.0


def density(rest: np.ndarray, cov: np.ndarray) -> float:
    return float(-0.5 * (np.linalg.slogdet(cov)[1] + rest @ np.linalg.solve(cov, rest)))


def test_a_shift_put_in_is_found():
    params = some_params(1)._replace(loading=np.ones(3), noise=np.full(3, 0.1), q=0.01, phi=0.99)
    obs, _ = simulate(np.random.default_rng(2), params, 1, 60, 0.8)
    moved = obs.replace_values(obs.value + 2.0 * (obs.month >= 37))
    assert int(shifts(moved, params, 60, 1.0).log_factor.argmax()) == 37
    assert shifts(moved, params, 60, 1.0).log_factor[37] > 10 > shifts(obs, params, 60, 1.0).log_factor.max()


def test_bad_spread():
    with pytest.raises(UsageError, match="positive spread"):
        shifts(simulate(np.random.default_rng(1), some_params(), 1, 5, 0.5)[0], some_params(), 5, 0.0)
