from __future__ import annotations

from datetime import date

import polars as pl
from samples import record, vote

from multipolar.indicators import Scope, pair_months
from multipolar.indicators.rollcalls import told_twice

STATES = (
    "AUS",
    "AUT",
    "BEL",
    "BRA",
    "CAN",
    "CHN",
    "CUB",
    "DEU",
    "DNK",
    "EGY",
    "ESP",
    "FIN",
    "FRA",
    "GBR",
    "GRC",
    "HUN",
    "IDN",
    "IND",
    "IRN",
    "IRQ",
    "ITA",
    "JPN",
    "MEX",
    "NLD",
)
MARCH = date(2014, 3, 27)
SPLIT = {state: "no" if number % 3 == 0 else "yes" for number, state in enumerate(STATES)}


def rows(rollcall: str, choices: dict[str, str], day: date = MARCH) -> list[dict[str, object]]:
    return [vote(state, rollcall, day, choice) for state, choice in choices.items()]


def frame(*told: list[dict[str, object]]) -> pl.DataFrame:
    made = pl.DataFrame([row for part in told for row in part]).select("rollcall", "a", "valid_from", "value")
    return made.with_columns(month=pl.col("valid_from").dt.truncate("1mo"))


def test_the_same_vote_under_two_schemes_of_id_is_told_twice() -> None:
    fewer = dict(list(SPLIT.items())[:-2])
    votes = frame(rows("UNGA:4953:2014-03-27", SPLIT), rows("A/RES/68/262", fewer))
    assert told_twice(votes) == ["A/RES/68/262"], "the one with fewer voters goes"
    assert told_twice(votes.reverse()) == ["A/RES/68/262"]


def test_alike_roll_calls_of_one_scheme_are_two() -> None:
    assert told_twice(frame(rows("A/RES/68/1", SPLIT), rows("A/RES/68/2", SPLIT))) == []


def test_another_month_or_other_choices_are_another_roll_call() -> None:
    other = {state: "yes" if choice == "no" else "no" for state, choice in SPLIT.items()}
    assert told_twice(frame(rows("UNGA:1:x", SPLIT), rows("A/RES/68/2", other))) == []
    assert told_twice(frame(rows("UNGA:1:x", SPLIT), rows("A/RES/68/2", SPLIT, date(2014, 4, 1)))) == []


def test_look_alikes_are_paired_one_to_one() -> None:
    fewer = dict(list(SPLIT.items())[:-1])
    votes = frame(rows("UNGA:1:x", SPLIT), rows("UNGA:2:x", SPLIT), rows("A/RES/68/1", fewer))
    assert told_twice(votes) == ["A/RES/68/1"]
    three = frame(rows("A/RES/68/1", SPLIT), rows("A/RES/68/2", SPLIT), rows("UNGA:1:x", fewer))
    assert told_twice(three) == ["UNGA:1:x"], "the second resolution is no double of anything"


def test_the_most_alike_are_paired_first() -> None:
    nearly = {**SPLIT, "AUS": "abstain"}
    near = dict.fromkeys((*STATES, *(f"S{n:02d}" for n in range(20))), "yes")
    votes = frame(rows("UNGA:1:x", near), rows("A/RES/68/1", {**near, "AUS": "abstain"}), rows("A/RES/68/2", near))
    assert told_twice(votes) == ["UNGA:1:x"] or told_twice(votes) == ["A/RES/68/2"]
    assert told_twice(frame(rows("UNGA:1:x", SPLIT), rows("A/RES/68/1", nearly))) == [], "one in 24 is too many"


def test_two_sources_that_share_an_id_are_one_roll_call() -> None:
    votes = frame(rows("A/RES/68/1", SPLIT), rows("A/RES/68/1", SPLIT), rows("UNGA:1:x", SPLIT))
    assert len(told_twice(votes)) == 1


def test_three_publishers_of_one_vote_are_one() -> None:
    votes = frame(rows("UNGA:1:x", SPLIT), rows("A/RES/68/1", SPLIT), rows("other-1", SPLIT))
    assert len(told_twice(votes)) == 2


def test_few_common_voters_prove_nothing() -> None:
    few = dict(list(SPLIT.items())[:8])
    assert told_twice(frame(rows("UNGA:1:x", few), rows("A/RES/68/2", few))) == []


def test_a_roll_call_told_twice_counts_once_in_the_panel() -> None:
    once = record(vote=rows("UNGA:1:x", SPLIT))
    twice = record(vote=[*rows("UNGA:1:x", SPLIT), *rows("A/RES/68/262", dict(list(SPLIT.items())[:-1]))])
    panels = [
        pair_months(Scope(made.view(), STATES, date(2014, 1, 1), date(2014, 12, 31)), ["votes"])
        for made in (once, twice)
    ]
    assert panels[0].cells.equals(panels[1].cells)
