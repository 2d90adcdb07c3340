"""The signed network as an array: what is let in, and what is said of the rest."""

from __future__ import annotations

import numpy as np
import pytest

from multipolar.blocs.arrays.signed import components, edges, from_edges, network, one_network
from multipolar.errors import UsageError

TIES = from_edges(5, [0, 2, 3], [1, 1, 4], [1.0, -2.0, 0.5])


def test_ties_are_on_both_sides_and_each_is_told_once():
    assert TIES[0, 1] == TIES[1, 0] == 1.0 and TIES[1, 2] == TIES[2, 1] == -2.0
    told = edges(TIES)
    assert list(zip(told.i, told.j, told.weight, strict=True)) == [(0, 1, 1.0), (1, 2, -2.0), (3, 4, 0.5)]


def test_parallel_ties_add_up():
    assert from_edges(2, [0, 1], [1, 0], [1.0, -3.0])[0, 1] == -2.0


def test_the_network_is_an_array_of_its_own():
    before = TIES.copy()
    network(TIES)[0, 1] = 9.0
    assert (before == TIES).all()


def test_leading_axes_are_kept():
    assert network(np.stack([TIES, -TIES])).shape == (2, 5, 5)
    with pytest.raises(UsageError, match=r"one network, shape \(n, n\), got shape \(2, 5, 5\)"):
        one_network(np.stack([TIES, -TIES]))


@pytest.mark.parametrize("none", [[], np.zeros((0, 0)), [[]]], ids=["list", "matrix", "row"])
def test_an_empty_network_is_one(none):
    if np.shape(none) == (1, 0):
        with pytest.raises(UsageError, match="square"):
            network(none)
    else:
        assert network(none).shape == (0, 0)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]], "square matrix of signed weights"),
        ([1.0, 2.0], "square matrix of signed weights"),
        ([[0.0, np.nan], [np.nan, 0.0]], "finite weights, got nan at"),
        ([[0.0, np.inf], [np.inf, 0.0]], "finite weights, got inf at"),
        ([[0.0, 1.0], [-1.0, 0.0]], r"symmetric matrix, got 1.0 at \(0, 1\) and -1.0 at \(1, 0\)"),
        ([[0.0, 1.0], [1.0, 3.0]], r"zeros on the diagonal, got 3.0 at \(1, 1\)"),
    ],
    ids=["oblong", "flat", "nan", "inf", "one way", "own"],
)
def test_what_is_no_network_is_refused_with_its_place(wrong, said):
    with pytest.raises(UsageError, match=said) as caught:
        network(wrong)
    assert "Hint" in str(caught.value) or "shape" in str(caught.value)


def test_ends_that_do_not_exist_are_refused():
    with pytest.raises(UsageError, match="ends from 0 to 1, got 0 to 2"):
        from_edges(2, [0], [2], [1.0])


def test_components_are_numbered_by_their_first_nodes():
    assert components(TIES).tolist() == [0, 0, 0, 1, 1]
    assert components(np.zeros((3, 3))).tolist() == [0, 1, 2]
    assert components(from_edges(4, [0, 1], [3, 2], [1, 1])).tolist() == [0, 1, 1, 0]
    assert components(np.zeros((0, 0))).size == 0
