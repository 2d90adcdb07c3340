from __future__ import annotations

from datetime import date
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from samples import record, vote

from multipolar.indicators import Scope, pair_months, voting
from multipolar.indicators.model import WITHIN_MONTH, effective

STATES = ("CHN", "FRA", "GBR", "RUS", "USA")


def brute_force(choices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Products and sizes by looping over roll calls and pairs."""
    count = choices.shape[1]
    product, left, right = (np.zeros((count, count)) for _ in range(3))
    for votes in choices:
        voters = [i for i in range(count) if not np.isnan(votes[i])]
        for i, j in combinations(voters, 2):
            mean = sum(votes[v] for v in voters) / len(voters)
            product[i, j] += (votes[i] - mean) * (votes[j] - mean)
            left[i, j] += (votes[i] - mean) ** 2
            right[i, j] += (votes[j] - mean) ** 2
    return product, np.sqrt(left * right)


@given(hnp.arrays(float, (4, 5), elements=st.sampled_from([1.0, 0.0, -1.0, np.nan])))
def test_agreement_equals_brute_force(choices: np.ndarray) -> None:
    upper = np.triu_indices(5, k=1)
    for found, expected in zip(voting.agreement(choices), brute_force(choices), strict=True):
        np.testing.assert_allclose(found[upper], expected[upper], atol=1e-12)


def test_agreement_of_a_known_roll_call() -> None:
    # Two yes, one no: the mean is 1/3, the deviations are 2/3, 2/3 and -4/3.
    product, size = voting.agreement(np.array([[1.0, 1.0, -1.0]]))
    assert product[0, 1] / size[0, 1] == pytest.approx(1.0)
    assert product[0, 2] / size[0, 2] == pytest.approx(-1.0)
    assert size[0, 2] == pytest.approx(8 / 9), "the one that stood apart tells more"
    assert size[0, 1] == pytest.approx(4 / 9)


def test_unanimous_roll_call_adds_nothing_and_absence_is_not_a_vote() -> None:
    day = date(2001, 3, 5)
    rows = [vote(state, "R1", day, "yes") for state in STATES]
    rows += [
        vote("USA", "R2", day, "no"),
        vote("GBR", "R2", day, "no"),
        vote("RUS", "R2", day, "yes"),
        vote("FRA", "R2", day, "absent"),
    ]
    panel = pair_months(Scope(record(vote=rows).view(), STATES, date(2001, 1, 1), date(2001, 12, 31)), ["votes"])
    pairs = set(panel.cells.select("a", "b").iter_rows())
    assert pairs == {("GBR", "USA"), ("GBR", "RUS"), ("RUS", "USA")}
    assert panel.cells.filter(pl.col("a") == "GBR", pl.col("b") == "USA")["value"].item() == pytest.approx(1.0)


choice_table = st.lists(
    st.tuples(*[st.sampled_from(["yes", "no", "abstain", "absent"]) for _ in STATES]), min_size=1, max_size=4
)


@settings(max_examples=15, deadline=None)
@given(choice_table)
def test_parts_of_votes_add_up_to_the_cell(table: list[tuple[str, ...]]) -> None:
    rows = [
        vote(state, f"R{number}", date(2001, 1 + number % 2, 3), choice)
        for number, choices in enumerate(table)
        for state, choice in zip(STATES, choices, strict=True)
    ]
    panel = pair_months(Scope(record(vote=rows).view(), STATES, date(2001, 1, 1), date(2001, 12, 31)), ["votes"])
    for a, b in combinations(STATES, 2):
        cells = panel.cells.filter(pl.col("a") == a, pl.col("b") == b).sort("month")
        if cells.is_empty():
            continue
        sums = panel.parts(b, a).group_by("month").agg(pl.col("value").sum()).sort("month")
        np.testing.assert_allclose(sums["value"].to_numpy(), cells["value"].to_numpy(), atol=1e-12)
        assert cells["value"].min() >= -1.0 - 1e-12  # type: ignore[operator]
        assert cells["value"].max() <= 1.0 + 1e-12  # type: ignore[operator]


def test_a_correction_known_later_replaces_a_choice_told_twice() -> None:
    day = date(2001, 3, 5)
    rows = [vote("USA", "R", day, "no"), vote("RUS", "R", day, "yes"), vote("GBR", "R", day, "yes")]
    rows.append(vote("GBR", "R", day, "no", known_from=date(2002, 1, 1), source="other"))
    made = record(vote=rows)
    scope = Scope(made.view(), STATES, date(2001, 1, 1), date(2001, 12, 31))
    late = voting.cells(scope).filter(pl.col("a") == "GBR", pl.col("b") == "USA")["value"].item()
    early = Scope(made.view(date(2001, 6, 1)), STATES, date(2001, 1, 1), date(2001, 6, 1))
    before = voting.cells(early).filter(pl.col("a") == "GBR", pl.col("b") == "USA")["value"].item()
    assert (before, late) == (pytest.approx(-1.0), pytest.approx(1.0))


def test_effective_number_grows_more_slowly_than_the_roll_calls() -> None:
    one, many = effective(np.array([1.0, 40.0]))
    assert one == pytest.approx(1.0)
    assert 1.5 < many < 1.0 / WITHIN_MONTH
