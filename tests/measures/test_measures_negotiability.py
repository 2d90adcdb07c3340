"""Negotiability from polls: the arithmetic against simulation, the answer on hand-made polls, and what is refused."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import record, statement
from scipy.special import expit, logit
from scipy.stats import norm

import multipolar
from multipolar import Refusal, UsageError, World
from multipolar.measures.arrays import winsets
from multipolar.measures.negotiability import ASKED, DESIGN, OLDEST
from multipolar.record import Record

DAY = "2010-06-30"


def poll(a: str, b: str, day: date, share: float, n: int | None = 1000, **more: object) -> dict[str, object]:
    more = {"kind": "favourable", **more}
    return {**statement(a, b, str(more.pop("kind")), day, valid_to=day, value=share, **more), "n": n}


def drifting(pace: float = 0.0) -> list[dict[str, object]]:
    """Yearly polls of other publics, from which the drift is told."""
    random = np.random.default_rng(4)
    rows = []
    for a in ("GBR", "FRA", "DEU", "ITA", "ESP", "POL"):
        level = 0.0
        for year in range(1995, 2008):
            rows.append(poll(a, "BRA", date(year, 5, 1), float(expit(level)), n=1_000_000))
            level += pace * random.standard_normal()
    return rows


def polls(pace: float = 0.3, there: float = 0.4, back: float = 0.7, **more: object) -> Record:
    rows = [poll("USA", "CHN", date(2009, 6, 30), there, **more), poll("CHN", "USA", date(2010, 6, 30), back)]
    return record(attitude=[*drifting(pace), *rows])


def ask(made: Record, **more: object) -> object:
    return multipolar.open(made).negotiability("USA", "China", DAY, **more)


def test_win_sets_overlap_exactly_if_both_reservations_fit_into_the_pie() -> None:
    for first, other, threshold in (
        (0.4, 0.7, 0.5),
        (0.3, 0.6, 0.5),
        (0.5, 0.5, 0.5),
        (0.6, 0.6, 0.6),
        (0.55, 0.5, 0.45),
    ):
        opinion = logit(np.array([first, other]))
        fits = winsets.reservation(threshold, opinion).sum() <= 1 + 1e-12
        mean, _ = winsets.lack(opinion, np.zeros(2), np.full(2, threshold))
        assert fits == (mean <= 1e-12)


def test_a_reservation_is_where_the_threshold_of_people_accepts() -> None:
    random = np.random.default_rng(0)
    opinion, threshold = 0.8, 0.6
    people = expit(random.logistic(-opinion, 1.0, 400_000))  # reservations, so that expit(opinion) would take one half
    assert (people <= 0.5).mean() == pytest.approx(expit(opinion), abs=0.005)
    smallest = float(winsets.reservation(threshold, np.array(opinion)))
    assert (people <= smallest).mean() == pytest.approx(threshold, abs=0.005)


def test_the_chance_in_time_is_that_of_simulated_walks() -> None:
    random = np.random.default_rng(1)
    mean, sd, pace, years, steps = 0.6, 0.4, 0.5, 3.0, 2000
    start = mean + sd * random.standard_normal(4000)
    walk = start + np.cumsum(random.standard_normal((steps, 4000)) * np.sqrt(pace * years / steps), axis=0)
    met = ((start <= 0) | (walk <= 0).any(axis=0)).mean()
    found = winsets.overlap_within(mean, np.array([sd]), np.array([pace]), years)
    assert found == pytest.approx(met, abs=0.03)
    assert winsets.overlap_within(mean, np.array([sd]), np.array([pace]), 0.0) == pytest.approx(
        norm.cdf(-mean / sd), abs=1e-3
    )


def test_the_delay_is_where_the_chance_is_a_half() -> None:
    sd, pace = np.array([0.1]), np.array([0.2])
    delay = winsets.median_delay(0.8, sd, pace, 50.0)
    assert delay is not None
    assert winsets.overlap_within(0.8, sd, pace, delay) == pytest.approx(0.5, abs=1e-3)
    near = winsets.median_delay(0.8, np.array([1e-6]), pace, 50.0)
    assert near == pytest.approx((0.8 / norm.ppf(0.75)) ** 2 / 0.2, rel=1e-3)
    assert winsets.median_delay(-0.1, sd, pace, 50.0) == 0.0
    assert winsets.median_delay(9.0, sd, pace, 50.0) is None
    assert winsets.median_delay(0.8, sd, np.zeros(1), 50.0) is None, "opinion that does not move never meets"


@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.floats(0.1, 2.0))
def test_more_time_never_lowers_the_chance(first: float, other: float, pace: float) -> None:
    mean, sd = winsets.lack(logit(np.array([first, other])), np.array([[0.04, 0.05]]), np.full(2, 0.5))
    chances = [winsets.overlap_within(mean, sd, np.array([pace]), years) for years in (0, 1, 5, 20)]
    assert (np.diff(chances) >= -1e-12).all()


def test_the_drift_is_that_of_the_repeated_polls() -> None:
    for pace in (0.0, 0.3):
        found = ask(polls(pace))
        assert found.drift.value == pytest.approx(pace, abs=0.05)
        assert found.drift.lo90 <= found.drift.value <= found.drift.hi90


def test_the_answer_is_the_formula_on_its_two_polls() -> None:
    found = ask(polls(0.0))
    sampled = [DESIGN / (1000 * p * (1 - p)) for p in (0.4, 0.7)]
    assert found.value == pytest.approx(norm.cdf(logit([0.4, 0.7]).sum() / np.sqrt(sum(sampled))), abs=0.01)
    each = [norm.cdf(logit(p) / np.sqrt(v)) for p, v in zip((0.4, 0.7), sampled, strict=True)]
    assert found.even.value == pytest.approx(each[0] * each[1], abs=1e-6)
    assert found.difference == pytest.approx(-0.3)
    assert found.sides["reservation"].to_list() == pytest.approx([0.6, 0.3])
    assert found.distance.value == pytest.approx(-0.1, abs=0.01), "0.6 and 0.3 leave a tenth of the pie"
    assert found.delay == 0.0


def test_every_figure_has_its_interval_and_its_polls() -> None:
    made = polls()
    world = multipolar.open(made)
    found = world.negotiability("USA", "CHN", DAY)
    assert found.lo90 <= found.lo50 <= found.value <= found.hi50 <= found.hi90
    assert {row["a"] for row in world.view.by_id(world.evidence(found))} == {"USA", "CHN"}
    assert found.within["probability"].is_sorted()
    assert found.within["probability"][0] == pytest.approx(found.value, abs=2e-3)
    assert any("no forecast" in note for note in found.notes)
    assert any("independent" in note for note in found.notes)


def test_an_older_poll_and_a_smaller_one_say_less() -> None:
    base = ask(polls())
    width = base.sides["hi90"] - base.sides["lo90"]
    assert width[0] > 0.1
    small = ask(polls(n=100)).sides
    assert (small["hi90"] - small["lo90"])[0] > width[0]
    unsaid = ask(polls(n=None))
    assert any(f"{ASKED:,} asked in USA" in note for note in unsaid.notes)


def test_a_higher_threshold_leaves_less_room() -> None:
    half, more = ask(polls()), ask(polls(), thresholds=(0.5, 0.65))
    assert more.value < half.value
    assert more.distance.value > half.distance.value
    table = half.by_threshold
    assert table["value"].is_sorted(descending=True)
    assert table.filter(pl.col("threshold") == 0.5)["value"][0] == pytest.approx(half.value)


def test_nothing_from_the_future_enters() -> None:
    made = polls()
    made_later = record(
        attitude=[*drifting(0.3), poll("USA", "CHN", date(2009, 6, 30), 0.4), poll("CHN", "USA", date(2010, 6, 30), 0.7),
                  poll("USA", "CHN", date(2011, 6, 30), 0.9)]
    )  # fmt: skip
    assert ask(made).value == ask(made_later).value
    world = multipolar.open(made_later)
    assert world.negotiability("USA", "CHN", "2011-12-31").value > ask(made).value


def test_friendly_is_asked_where_favourable_was_not() -> None:
    found = ask(polls(kind="friendly"))
    assert found.sides["question"].to_list() == ["friendly", "favourable"]


@pytest.fixture(scope="module")
def one_side() -> World:
    return multipolar.open(record(attitude=[*drifting(), poll("USA", "CHN", date(2009, 6, 30), 0.4)]))


def test_what_is_refused(one_side: World) -> None:
    with pytest.raises(Refusal, match="no poll on record up to 2010-06-30 asks people in CHN what they think of USA"):
        one_side.negotiability("USA", "CHN", DAY)
    with pytest.raises(Refusal, match="asks people in PRK"):
        one_side.negotiability("PRK", "KOR", DAY)
    world = multipolar.open(polls())
    with pytest.raises(Refusal, match=f"years before 2016-01-01: more than {OLDEST:g}"):
        world.negotiability("USA", "CHN", "2016-01-01")
    assert 0 < world.negotiability("USA", "CHN", "2016-01-01", oldest=10).value < 1
    few = multipolar.open(
        record(attitude=[poll("USA", "CHN", date(2010, 1, 1), 0.4), poll("CHN", "USA", date(2010, 1, 1), 0.4)])
    )
    with pytest.raises(Refusal, match="0 repeated polls"):
        few.negotiability("USA", "CHN", DAY)


def test_bad_input(one_side: World) -> None:
    with pytest.raises(UsageError, match="two different states"):
        one_side.negotiability("USA", "USA")
    with pytest.raises(UsageError, match="threshold above 0"):
        one_side.negotiability("USA", "CHN", thresholds=(0.0, 0.5))
    with pytest.raises(UsageError, match="not after today"):
        one_side.negotiability("USA", "CHN", "2999-01-01")


def test_nobody_in_favour_is_no_division_by_zero() -> None:
    found = ask(polls(there=0.0))
    assert 0 <= found.value < 0.05
    assert np.isfinite(found.distance.value)
