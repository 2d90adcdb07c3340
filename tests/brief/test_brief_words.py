from __future__ import annotations

from datetime import date
from itertools import pairwise
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.brief import WORDS, word_for
from multipolar.brief.evidence import meant, named, votes_said
from multipolar.brief.words import amount, count, listed, number, percent, percent_range, period, signed, weight

FIGURES = st.floats(-3.0, 3.0)


@given(FIGURES)
def test_every_figure_has_the_word_of_its_stretch(tie: float) -> None:
    word = word_for(tie)
    assert word.low <= tie < word.high


def test_words_cover_the_scale_without_gap_or_overlap() -> None:
    for before, after in pairwise(WORDS):
        assert before.high == after.low
    assert not isfinite(WORDS[0].low) and not isfinite(WORDS[-1].high)
    assert len({word.colour for word in WORDS}) == len(WORDS)
    assert [word_for(mean).name for mean in (1.0, 0.0, -0.6)] == ["close", "neither close nor hostile", "hostile"]
    assert WORDS[0].range == "below −0.50" and WORDS[-1].range == "0.75 and above"


@given(FIGURES)
def test_figures_read_back(value: float) -> None:
    text = number(value)
    assert float(text.replace("−", "-")) == pytest.approx(value, abs=0.00501)
    assert "-" not in text and text != "−0.00"
    assert float(signed(value).replace("−", "-")) == float(text.replace("−", "-"))


@pytest.mark.parametrize(
    ("share", "says"),
    [(0.0, "0 %"), (0.003, "under 1 %"), (0.01, "1 %"), (0.5, "50 %"), (0.999, "over 99 %"), (1.0, "100 %")],
)
def test_shares(share: float, says: str) -> None:
    assert percent(share).replace("\u00a0", " ") == says


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_ranges_name_both_ends_or_one(low: float, high: float) -> None:
    text = percent_range(low, high)
    assert text.count("%") <= 2 and text.endswith("%")
    assert (" to " in text) == (percent(low) != percent(high))


def test_small_weights_are_not_zero() -> None:
    assert [weight(value) for value in (0.1234, -0.0006, 0.00012, -0.00001)] == [
        "+0.123",
        "−0.001",
        "+0.0001",
        "−0.00001",
    ]
    assert [amount(value) for value in (3.0, 0.25, 123456.7, -2.0)] == ["3", "0.25", "123,457", "−2"]


def test_periods() -> None:
    assert period(date(2008, 1, 1), date(2008, 12, 31)) == "2008"
    assert period(date(2000, 1, 1), date(2008, 12, 31)) == "2000 to 2008"
    assert period(date(2008, 1, 5), None) == "5 January 2008"
    assert period(date(2008, 1, 5), None, open_end=True) == "since 5 January 2008"
    assert period(date(2008, 1, 5), date(2008, 2, 1)) == "5 January 2008 to 1 February 2008"


def test_lists_and_counts() -> None:
    assert [listed(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "nobody",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert [count(1, "state"), count(1200, "state")] == ["1 state", "1,200 states"]


def _row(form: str, kind: str, a: str = "RUS", b: str | None = "PRK", **more: object) -> dict[str, object]:
    return {"form": form, "kind": kind, "a": a, "b": b, "valid_from": date(2020, 1, 1), "text": None, **more}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (_row("tie", "sanction"), "Russia keeps sanctions on North Korea"),
        (_row("tie", "membership", b="BRICS"), "Russia is a member of organisation BRICS"),
        (_row("flow", "exports"), "goods exported from Russia to North Korea"),
        (_row("attitude", "favourable"), "share of the people of Russia with a favourable view of North Korea"),
        (_row("trait", "gdp", b=None), "gross domestic product at market prices"),
        (_row("event", "ACCUSE"), "disapproves, investigates, accuses"),
    ],
)
def test_kinds_are_said_with_the_names_of_the_actors(row: dict[str, object], says: str) -> None:
    assert meant(row) == says


def test_votes_alike_are_said_in_one_breath() -> None:
    rows = [_row("vote", "UNGA", a, None, choice="no", rollcall="R", text="A question") for a in ("CHN", "RUS")]
    assert votes_said(rows) == "China and Russia voted no: A question"
    rows[0]["choice"] = "absent"
    assert votes_said(rows) == "China did not vote and Russia voted no: A question"


def test_messages_name_states_as_they_were_called() -> None:
    assert (
        named("too little of RUS and PRK, by SIPRI", date(2020, 1, 1))
        == "too little of Russia and North Korea, by SIPRI"
    )
    assert named("RUS", date(1980, 1, 1)) == "Soviet Union"
