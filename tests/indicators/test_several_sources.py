"""What several sources tell of one thing counts once."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from samples import record, statement

from multipolar.indicators import Scope, pair_months
from multipolar.record import Coverage

FIRST, LAST = date(2000, 1, 1), date(2004, 12, 31)


def cells(made, name, actors):
    found = pair_months(Scope(made.view(), tuple(sorted(actors)), FIRST, LAST), (name,)).cells
    return {(row["a"], row["b"], row["month"]): row["value"] for row in found.to_dicts()}


def parts(made, name, actors):
    return pair_months(Scope(made.view(), tuple(sorted(actors)), FIRST, LAST), (name,)).parts(*sorted(actors))


def test_of_what_two_sources_say_of_a_sender_the_most_counts():
    span = {"valid_to": date(2003, 12, 31)}
    made = record(
        tie=[
            statement("USA", "RUS", "sanction", date(2001, 1, 1), value=3.0, **span),
            statement("USA", "RUS", "sanction", date(2001, 1, 1), value=2.0, source="other", **span),
            statement("RUS", "USA", "sanction", date(2001, 1, 1), value=1.0, **span),
        ]
    )
    assert cells(made, "sanctions", ("RUS", "USA"))["RUS", "USA", date(2002, 1, 1)] == pytest.approx(-0.8)


def test_a_member_s_own_sanctions_and_those_of_its_bloc_are_the_same():
    span = {"valid_to": date(2003, 12, 31)}
    made = record(
        tie=[
            statement("EU", "RUS", "sanction", date(2001, 1, 1), value=3.0, **span),
            statement("DEU", "RUS", "sanction", date(2001, 1, 1), value=2.0, source="other", **span),
            statement("DEU", "EU", "membership", date(1958, 1, 1), value=1.0, **span),
            statement("DEU", "EU", "membership", date(1993, 11, 1), value=1.0, source="other", **span),
        ]
    )
    assert cells(made, "sanctions", ("DEU", "RUS"))["DEU", "RUS", date(2002, 1, 1)] == pytest.approx(-0.6)
    found = parts(made, "sanctions", ("DEU", "RUS")).filter(pl.col("month") == date(2002, 1, 1))
    assert found.height == 1, "a membership told twice does not double what the bloc imposes"


def test_a_membership_that_was_broken_off_stays_broken_off():
    made = record(
        tie=[
            statement("EU", "RUS", "sanction", date(2000, 1, 1), value=3.0, valid_to=LAST),
            statement("GBR", "EU", "membership", date(2000, 1, 1), value=1.0, valid_to=date(2000, 12, 31)),
            statement("GBR", "EU", "membership", date(2003, 1, 1), value=1.0, valid_to=LAST, source="other"),
        ]
    )
    found = cells(made, "sanctions", ("GBR", "RUS"))
    assert ("GBR", "RUS", date(2002, 1, 1)) not in found
    assert found["GBR", "RUS", date(2004, 1, 1)] == pytest.approx(-0.6)


def test_only_lists_that_are_complete_are_counted_for_visits():
    rows = [
        statement("CHN", "RUS", "CONSULT", date(2001, 5, 1), value=1.9, mode="visit"),
        statement("CHN", "RUS", "CONSULT", date(2001, 1, 1), mode="visit", source="other", valid_to=date(2001, 12, 31)),
    ]
    whole = Coverage("paper", "event", "CONSULT:visit", ("CHN",), "a", FIRST, LAST, "zero")
    found = cells(record([whole], event=rows), "visits", ("CHN", "RUS"))
    assert found["CHN", "RUS", date(2001, 12, 1)] == pytest.approx(np.log(2))


def test_one_poll_told_twice_is_one_poll():
    rows = [
        statement("RUS", "CHN", "favourable", date(2001, 4, 1), value=0.71, n=1000, valid_to=date(2001, 4, 30), known_from=LAST),
        statement(
            "RUS", "CHN", "favourable", date(2001, 1, 1), value=0.714, n=1000, valid_to=date(2001, 12, 31), known_from=LAST,
            source="other",
        ),
        statement("RUS", "CHN", "favourable", date(2001, 9, 1), value=0.65, n=1000, known_from=LAST, source="other"),
    ]  # fmt: skip
    found = cells(record(attitude=rows), "opinion", ("CHN", "RUS"))
    assert found == {
        ("CHN", "RUS", date(2001, 4, 1)): pytest.approx(0.21),
        ("CHN", "RUS", date(2001, 9, 1)): pytest.approx(0.15),
    }, "told by the month, not by the year; another poll stays"
