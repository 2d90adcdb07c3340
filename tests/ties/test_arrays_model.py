"""Observations and parameters: what is refused, and that importing compiles nothing."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from arrays_oracle import some_params

from multipolar.errors import DataError, UsageError
from multipolar.ties.arrays import (
    Observations,
    Parameters,
    covariance,
    normal_quantile,
    observations,
    rescale,
    smooth,
    weights,
)

PARAMS = some_params()
GOOD = {
    "pair": [1, 0, 1],
    "month": [3, 2, 0],
    "indicator": [0, 1, 2],
    "value": [1.0, 2.0, 3.0],
    "weight": [1.0, 2.0, 3.0],
}


def test_sorted_by_pair_and_month_with_the_way_back():
    obs = observations(**GOOD, n_pairs=3)
    assert obs.indptr.tolist() == [0, 1, 3, 3]
    assert obs.month.tolist() == [2, 0, 3]
    assert obs.value.tolist() == [2.0, 3.0, 1.0]
    assert obs.order.tolist() == [1, 2, 0]
    assert (obs.n_pairs, obs.n_months, obs.n_indicators, len(obs)) == (3, 4, 3, 3)


def test_order_within_a_month_is_kept():
    obs = observations([1, 0, 0, 0], [0, 5, 5, 5], [0, 2, 0, 1], [9.0, 1.0, 2.0, 3.0])
    assert obs.value.tolist() == [1.0, 2.0, 3.0, 9.0]


def test_what_is_in_order_already_is_not_moved():
    obs = observations([0, 0, 1], [0, 1, 0], [0, 0, 0], [1.0, 2.0, 3.0], 2.5)
    assert obs.order is None
    assert obs.weight.tolist() == [2.5] * 3


def test_parts():
    obs = observations(**GOOD)
    assert obs.pair(1).month.tolist() == [0, 3]
    assert obs.pair(1).order.tolist() == [2, 0]
    assert obs.until(2).indptr.tolist() == [0, 1, 2]
    assert obs.where(obs.value > 2).value.tolist() == [3.0]
    with pytest.raises(UsageError, match="a pair from 0 to 1"):
        obs.pair(2)


def test_read_only_columns_are_accepted():
    """Frames hand out read-only views."""
    columns = {name: np.asarray(column) for name, column in GOOD.items()}
    for column in columns.values():
        column.flags.writeable = False
    result = smooth(observations(**columns), PARAMS, 5)
    assert np.isfinite(result.mean).all()


@pytest.mark.parametrize(("change", "message"), [
    ({"value": [1.0, float("nan"), 3.0]}, "row 1: expected a finite value, got nan"),
    ({"value": [1.0, 2.0, float("inf")]}, "row 2: expected a finite value, got inf"),
    ({"weight": [1.0, 0.0, 3.0]}, r"row 1: expected a weight \(effective count\) > 0, got 0.0"),
    ({"weight": [1.0, 1.0, float("nan")]}, "row 2: expected a finite weight"),
    ({"month": [3, -2, 0]}, "months counted from 0"),
    ({"month": [3, 2]}, "columns of one length"),
    ({"month": [3.5, 2, 0]}, "whole numbers for month"),
    ({"indicator": [0, -1, 2]}, "indicators from 0"),
    ({"indicator": [0, 1, 40_000]}, "indicators from 0"),
    ({"pair": [1, 0, 7]}, "pairs from 0 to 1"),
    ({"pair": [-1, 0, 1]}, "pairs from 0 to 1"),
])  # fmt: skip
def test_bad_columns_are_refused_with_their_place(change, message):
    with pytest.raises(DataError, match=message):
        observations(**{**GOOD, **change}, n_pairs=2)


@pytest.mark.parametrize(("indptr", "month", "message"), [
    ([0, 2], [0, 1, 2], "indptr from 0"),
    ([0, 3, 2, 3], [0, 1, 2], "never falls"),
    ([0, 3], [0, 2, 1], "months in order"),
    ([0, 3], [-1, 0, 1], "counted from 0"),
    ([0, 3], [0, 1], "one length|indptr"),
])  # fmt: skip
def test_arrays_given_directly_are_checked_too(indptr, month, message):
    with pytest.raises(DataError, match=message):
        Observations(np.array(indptr), np.array(month), np.zeros(3), np.ones(3), np.ones(3))


def test_no_observation_at_all():
    none = observations([], [], [], [], n_pairs=2)
    result = smooth(none, PARAMS, 4)
    assert (result.mean == PARAMS.mu0).all()
    assert weights(none.pair(0), PARAMS, 4, 2).estimate == pytest.approx(PARAMS.mu0)
    assert smooth(observations([], [], [], []), PARAMS, 4).mean.shape == (0, 4)


@pytest.mark.parametrize(("change", "message"), [
    ({"phi": 1.0}, "phi < 1"), ({"phi": -0.1}, "phi < 1"), ({"phi": float("nan")}, "phi < 1"),
    ({"q": 0.0}, "q > 0"), ({"tau2": -1.0}, "tau2 >= 0"), ({"mu0": float("inf")}, "finite mu0"),
    ({"noise": np.array([1.0, 0.0, 1.0])}, "noise variances > 0"),
    ({"noise": np.array([1.0, np.nan, 1.0])}, "finite"),
    ({"offset": np.array([1.0, -1e-9, 0.0])}, "offset variances >= 0"), ({"offset": np.ones(2)}, "one length"),
    ({"offset": np.array([0.0, np.nan, 1.0])}, "finite"),
    ({"loading": np.ones(2)}, "one length"), ({"loading": np.ones((3, 1))}, "one length"),
])  # fmt: skip
def test_bad_parameters_are_refused(change, message):
    with pytest.raises(UsageError, match=message):
        PARAMS._replace(**change).validate()


def test_parameters_become_float64():
    whole = Parameters(np.array([0, 1]), np.array([1, 1]), np.array([1, 2]), 0, 1, 1).validate()
    assert all(array.dtype == np.float64 for array in whole[:3])
    assert isinstance(whole.phi, float)


def test_offsets_are_none_unless_said():
    assert PARAMS.offset is None
    assert PARAMS.validate().offset.tolist() == PARAMS.offset_var.tolist() == [0.0, 0.0, 0.0]
    some = PARAMS._replace(offset=[0, 1, 2])
    assert some.validate().offset.dtype == np.float64
    assert rescale(some, shift=1.0, scale=-2.0).offset.tolist() == [0.0, 1.0, 2.0]


def test_months_indicators_and_functionals_must_fit():
    obs = observations(**GOOD)
    with pytest.raises(UsageError, match="months 0 to 2, got month 3"):
        smooth(obs, PARAMS, 3)
    with pytest.raises(UsageError, match="indicators 0 to 0, got 2"):
        smooth(obs, some_params(0, 1), 5)
    with pytest.raises(UsageError, match="one pair"):
        covariance(obs, PARAMS, 5, 0)
    with pytest.raises(UsageError, match="month from 0 to 4"):
        covariance(obs.pair(0), PARAMS, 5, 5)
    with pytest.raises(UsageError, match="5 finite weights"):
        weights(obs.pair(0), PARAMS, 5, np.ones(4))


def test_scale_and_level_must_make_sense():
    with pytest.raises(UsageError, match="scale other than 0"):
        rescale(PARAMS, scale=0)
    with pytest.raises(UsageError, match="between 0 and 1"):
        normal_quantile(1.0)
    assert normal_quantile(0.9) == pytest.approx(1.6448536269514722)


def test_importing_loads_no_compiler():
    code = "import sys, multipolar.ties.arrays; print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"
