"""Drafts of tests: each loads as a file of claims, or there is a reason; none looks into the future."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar import claims
from multipolar.reading.drafts import MONTHS, drafts, toml
from multipolar.reading.model import (
    CLAIM_KINDS,
    DIRECTIONS,
    MODALITIES,
    RELATIONS,
    UNDATED,
    Assertion,
    When,
    Who,
)

ON = date(2024, 6, 21)
RUS, CHN, PRK = Who("RUS", "GOV", "Moscow"), Who("CHN", None, "China"), Who("PRK", None, "North Korea")
WEST, EU, NOBODY = Who("GRP:WEST", None, "the West"), Who("IGO:EU", "IGO", "the EU"), Who("UNK", None, "they")
ONE_DAY = When(ON, ON, "day")
PLAIN = Assertion(
    "000", 0, 20, "Moscow leans on China", (RUS,), "depends_on", (CHN,), "none", None, "state", None, "asserted", ONE_DAY, 0.9
)  # fmt: skip


def draft(**changes):
    return drafts([replace(PLAIN, **changes)], ON)[0]


def loaded(found, tmp_path):
    """What the language of claims makes of the drafts; fails where it refuses them."""
    path = tmp_path / "drafts.toml"
    path.write_text(toml(found), encoding="utf-8")
    return claims.load(path)


def only(**changes):
    found = draft(**changes)
    assert len(found.tests) == 1, found.why
    return found.tests[0]


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("level", ["high", "low", "none", None])
def test_every_relation_has_a_test_that_loads_or_a_reason(relation, direction, level, tmp_path):
    found = draft(relation=relation, direction=direction, level=level)
    assert found.why
    assert found.why.endswith(".")
    if found.testable:
        claim = loaded([found], tmp_path)[0]
        assert (claim.id, claim.says, claim.note) == ("000-01", PLAIN.quote, found.why)
        assert all(test.last <= ON for test in claim.tests)
        assert all(test.first < test.last for test in claim.tests)


def test_most_relations_can_be_tested():
    can = {relation for relation in RELATIONS for way in DIRECTIONS if draft(relation=relation, direction=way).testable}
    assert set(RELATIONS) - can == {
        "deters",
        "intends",
        "condition_for",
        "cohesion_of",
        "polarisation_of",
        "order_change",
    }


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize(
    "change", [{"kind": kind} for kind in ("forecast", "intent", "conditional")] + [{"modality": "forecast"}]
)
def test_what_may_come_or_is_meant_has_a_reason_and_no_test(relation, change):
    found = draft(relation=relation, **change)
    assert not found.testable
    assert found.why


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"subject": (WEST,)}, "'the West' is not one state"),
        ({"object": (WEST,)}, "'the West' is not one state"),
        ({"object": (EU,)}, "'the EU' is not one state"),
        ({"object": ()}, "not named"),
        ({"object": (NOBODY,)}, "'they' is not one state"),
        ({"object": (Who("DDR", None, "East Germany"),)}, "not one state on 2024-06-21"),
        ({"object": (RUS,)}, "same state"),
        ({"subject": (RUS, PRK)}, "several"),
        ({"relation": "threatens", "object": (WEST,)}, "'the West' is not one state"),
        ({"relation": "pressure_on", "object": (RUS,)}, "same state"),
        ({"relation": "pressure_on", "level": "low"}, "little of it or none"),
        ({"relation": "allied_with", "level": "low"}, "little of it or none"),
        ({"relation": "power_position"}, "Rank among powers"),
        ({"time": When(date(2999, 1, 1), date(2999, 12, 31), "year")}, "days to come"),
        ({"time": When(None, date(2999, 12, 31), "range")}, "days to come"),
    ],
)
def test_what_cannot_be_tested_says_why(changes, why):
    found = draft(**changes)
    assert found.tests == ()
    assert why in found.why


def test_without_any_date_nothing_is_tested():
    assert "`--date`" in drafts([replace(PLAIN, time=UNDATED)], None)[0].why
    assert drafts([PLAIN], None)[0].testable, "the claim has a date of its own"


@pytest.mark.parametrize(
    ("changes", "test"),
    [
        ({}, {"measure": "dependence", "direction": "above", "by": 0.05}),
        ({"level": "low"}, {"measure": "dependence", "direction": "below", "by": 0.05}),
        ({"direction": "up"}, {"measure": "dependence", "direction": "rises"}),
        ({"relation": "autonomy_from"}, {"direction": "below"}),
        ({"relation": "autonomy_from", "level": "low"}, {"direction": "above"}),
        ({"relation": "autonomy_from", "direction": "up"}, {"direction": "falls"}),
        ({"relation": "influence_over"}, {"measure": "dependence", "subject": "CHN", "object": "RUS", "direction": "above"}),
        ({"relation": "aligned_with"}, {"measure": "tie", "direction": "above"}),
        ({"relation": "aligned_with", "level": "none"}, {"measure": "tie", "direction": "below"}),
        ({"relation": "hostile_to"}, {"measure": "tie", "direction": "below"}),
        ({"relation": "hostile_to", "direction": "up"}, {"measure": "tie", "direction": "falls"}),
        ({"relation": "hostile_to", "direction": "down"}, {"measure": "tie", "direction": "rises"}),
        ({"relation": "rivals"}, {"measure": "obligation", "kind": "rivalry", "direction": "exists"}),
        ({"relation": "rivals", "level": "none"}, {"kind": "rivalry", "direction": "absent"}),
        ({"relation": "allied_with"}, {"measure": "obligation", "kind": "defence", "direction": "exists"}),
        ({"relation": "allied_with", "direction": "down"}, {"measure": "tie", "direction": "falls"}),
        ({"relation": "isolated_from", "object": (WEST,)}, {"measure": "isolation", "direction": "above", "by": 0.5}),
        ({"relation": "isolated_from", "direction": "down", "object": ()}, {"measure": "isolation", "direction": "falls"}),
        ({"relation": "isolated_from"}, {"measure": "tie", "direction": "below"}),
        ({"relation": "threatens"}, {"measure": "events", "kind": "THREATEN", "object": "CHN", "direction": "exists"}),
        ({"relation": "pressure_on", "level": "none"}, {"kind": "SANCTION", "direction": "absent"}),
        ({"relation": "trusts"}, {"measure": "attitude", "kind": "favourable", "direction": "above", "by": 0.5}),
        ({"relation": "trusts", "level": "low"}, {"measure": "attitude", "direction": "below", "by": 0.5}),
        ({"relation": "power_position", "direction": "down"}, {"measure": "trait", "kind": "cinc", "direction": "falls"}),
        ({"relation": "balances_between"}, {"measure": "hedging", "between": ["CHN", "USA"], "direction": "above"}),
        ({"relation": "balances_between", "object": (CHN, PRK)}, {"between": ["CHN", "PRK"]}),
        ({"relation": "balances_between", "object": (RUS, CHN)}, {"between": ["CHN", "USA"]}),
        ({"relation": "balances_between", "direction": "down"}, {"measure": "hedging", "direction": "below"}),
        ({"subject": (Who("SUN", None, "Moscow"),)}, {"subject": "RUS"}),
    ],
)  # fmt: skip
def test_the_words_become_this_test(changes, test, tmp_path):
    found = only(**changes)
    assert {name: found[name] for name in test} == test
    assert found["object" if "object" in test else "subject"]
    loaded([draft(**changes)], tmp_path)


def test_an_alliance_that_grows_is_tested_twice():
    found = draft(relation="allied_with", direction="up")
    assert [(test["measure"], test["direction"]) for test in found.tests] == [
        ("obligation", "exists"),
        ("tie", "rises"),
    ]


@pytest.mark.parametrize(
    ("changes", "period"),
    [
        ({}, ["2024-06-20", "2024-06-21"]),
        ({"direction": "up"}, ["2022-06-01", "2024-06-21"]),
        ({"direction": "up", "time": When(date(2014, 3, 1), ON, "range")}, ["2014-03-01", "2024-06-21"]),
        ({"direction": "up", "time": When(date(2024, 6, 1), ON, "range")}, ["2022-06-01", "2024-06-21"]),
        ({"direction": "up", "time": UNDATED}, ["2022-06-01", "2024-06-21"]),
        ({"time": When(date(2014, 1, 1), date(2014, 12, 31), "year")}, ["2014-01-01", "2014-12-31"]),
        ({"relation": "threatens"}, ["2023-06-01", "2024-06-21"]),
        ({"relation": "trusts"}, ["2022-06-01", "2024-06-21"]),
    ],
)
def test_the_period_is_that_of_the_words_or_the_time_before_the_article(changes, period):
    assert MONTHS == 24
    assert only(**changes)["period"] == period


def test_an_article_of_today_is_tested_until_today(tmp_path):
    today = date.today()
    for claim in (PLAIN, replace(PLAIN, direction="up"), replace(PLAIN, relation="threatens")):
        for time in (When(today, today, "day"), UNDATED, When(today, today + timedelta(400), "range")):
            found = drafts([replace(claim, time=time)], today)
            assert loaded(found, tmp_path)[0].tests[0].last <= today


def test_those_without_a_test_are_comments_with_the_reason(tmp_path):
    found = drafts([replace(PLAIN, relation="deters", quote="one\ntwo"), PLAIN], ON)
    text = toml(found)
    assert "# 000-01: one two\n# not testable: What did not happen" in text
    assert [claim.id for claim in loaded(found, tmp_path)] == ["000-02"]


def test_who_says_so_is_kept(tmp_path):
    found = drafts([replace(PLAIN, holder=Who("USA", "GOV", "a US\nofficial"))], ON)
    assert loaded(found, tmp_path)[0].origin == "000, characters 0 to 20, a US official"


WHO = st.sampled_from(
    [RUS, CHN, WEST, EU, NOBODY, Who("USA", None, "US"), Who("DDR", None, "GDR"), Who("SUN", None, "USSR")]
)
SIDE = st.lists(WHO, max_size=2).map(tuple)
DAYS = st.dates(date(1945, 1, 1), date(2040, 1, 1))
TIMES = st.one_of(
    st.just(UNDATED),
    st.tuples(DAYS, DAYS).map(lambda days: When(min(days), max(days), "range")),
    DAYS.map(lambda day: When(None, day, "range")),
    DAYS.map(lambda day: When(day, None, "range")),
)


@given(
    claim=st.builds(
        Assertion,
        doc_id=st.text(max_size=6),
        start=st.just(0),
        end=st.just(1),
        quote=st.text(alphabet=st.characters(codec=None), max_size=12),
        subject=SIDE,
        relation=st.sampled_from(RELATIONS),
        object=SIDE,
        direction=st.sampled_from(DIRECTIONS),
        level=st.sampled_from(["high", "low", "none", None]),
        kind=st.sampled_from(CLAIM_KINDS),
        holder=st.none() | st.builds(Who, st.just("UNK"), st.none(), st.text(max_size=6)),
        modality=st.sampled_from(MODALITIES),
        time=TIMES,
        confidence=st.just(0.5),
    ),
    on=st.none() | st.dates(date(1946, 1, 1), date.today()),
)
def test_whatever_is_claimed_loads_or_has_a_reason(claim, on, tmp_path_factory):
    found = drafts([claim, PLAIN], on)
    assert all(each.why for each in found)
    read = loaded(found, tmp_path_factory.mktemp("drafts"))
    assert len(read) == sum(each.testable for each in found)
    for each in read:
        for test in each.tests:
            assert test.first < test.last <= date.today()
            assert test.subject != test.object
            assert not test.between or len(test.between) >= 2
    if claim.kind in ("forecast", "intent", "conditional") or claim.modality == "forecast":
        assert not found[0].testable
