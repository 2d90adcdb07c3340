"""From publishers' files to the test of third parties: what counts, what does not, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from third_world import disputes, record_of, simulated, write

from multipolar.errors import DataError, Refusal, UsageError
from multipolar.record import View
from multipolar.ties import third, third_data, third_held_out

PAPER = [
    (1, 200, 220, 1850, 1, 1),
    (1, 200, 220, 1851, 1, 1),
    (1, 365, 220, 1851, 0, 1),  # joined a year later
    (2, 365, 640, 1860, 1, 1),
    (2, 380, 640, 1860, 1, 1),  # two originators on one side
]


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> tuple[third_data.History, View, Path]:
    view, mid = record_of(
        tmp_path_factory.mktemp("paper"), PAPER, [(200, 235, 1845), (200, 235, 1846), (200, 220, 1846)]
    )
    return third_data.history(view, mid), view, mid


def at(past: third_data.History, what: np.ndarray, year: int, a: str, b: str) -> object:
    one, other = past.states.index(a), past.states.index(b)
    assert what[year - past.first, one, other] == what[year - past.first, other, one]
    return what[year - past.first, one, other]


def test_who_began_a_dispute_is_read_from_the_publishers_file(paper):
    key, flags = third_data.read_originators(paper[2])
    assert key == "gml-mid:2.2.1"
    told = {(row["ref"], row["a"], row["b"]): (row["originators"], row["alone"]) for row in flags.to_dicts()}
    assert told == {
        ("MID 1", "FRA", "GBR"): (True, True),
        ("MID 1", "FRA", "RUS"): (False, False),
        ("MID 2", "RUS", "TUR"): (True, False),
        ("MID 2", "SWE", "TUR"): (True, False),
    }


def test_ties_remember_a_dispute_for_five_years(paper):
    past = paper[0]
    ties = past.ties()
    said = [at(past, ties, year, "FRA", "GBR") for year in range(1845, 1858)]
    assert said == [0, 1, 0, 0, 0, -1, -1, -1, -1, -1, -1, 0, 0]  # allied in 1846; the dispute went on to 1851
    assert [at(past, ties, year, "GBR", "PRT") for year in (1844, 1845, 1846, 1847)] == [0, 1, 1, 0]
    assert at(past, ties, 1852, "FRA", "RUS") == 0  # who joined is no enemy by it


def test_a_dispute_that_goes_on_or_was_joined_is_no_observation(paper):
    past = paper[0]
    years, here = past.span(1816, 1945)
    outcome = past.panel(1816, 1945).outcome
    place = {past.states[state]: number for number, state in enumerate(here)}

    def said(year: int, a: str, b: str) -> float:
        one, other = sorted((place[a], place[b]))
        return float(outcome[year - past.first - years.start, one, other])

    assert said(1850, "FRA", "GBR") == -1.0
    assert np.isnan(said(1851, "FRA", "GBR"))  # goes on
    assert np.isnan(said(1851, "FRA", "RUS"))  # joined
    assert said(1852, "FRA", "GBR") == said(1849, "FRA", "GBR") == 0.0
    assert said(1860, "RUS", "TUR") == said(1860, "SWE", "TUR") == -1.0
    assert np.isnan(said(1825, "GRC", "TUR")) and said(1829, "GRC", "TUR") == 0.0  # no state before 1828


def test_one_originator_on_each_side(paper):
    _, view, mid = paper
    alone = third_data.history(view, mid, alone=True)
    assert at(alone, alone.begun, 1850, "FRA", "GBR") and not at(alone, alone.begun, 1860, "RUS", "TUR")
    assert at(alone, alone.faced, 1860, "RUS", "TUR")


def test_the_first_outcome_has_five_years_before_it(paper):
    past = paper[0]
    years, _ = past.span(1816, 1945)
    assert past.first + years.start == 1821
    assert len(past.panel(1816, 1945).outcome) == 1890 - 1821 + 1


def test_a_state_of_unknown_capability_is_no_third_state(paper):
    past = paper[0]
    years, here = past.span(1816, 1945)
    weights = past.panel(1816, 1945).weights
    greece, austria = (list(here).index(past.states.index(state)) for state in ("GRC", "AUH"))
    assert weights[1840 - past.first - years.start, greece] > 0
    assert (weights[:, austria] == 0).all()  # the file has no figure for it
    np.testing.assert_allclose(weights.sum(axis=1), 1.0)


def test_ties_of_third_parties_are_of_the_year_before(paper):
    past = paper[0]
    years, here = past.span(1816, 1945)
    panel = past.panel(1816, 1945)
    one, other = (list(here).index(past.states.index(state)) for state in ("FRA", "GBR"))
    at_1850 = 1850 - past.first - years.start
    assert (panel.ties[at_1850, one, other], panel.ties[at_1850 + 1, one, other]) == (0, -1)


def test_nothing_of_the_future_is_in_an_earlier_year(tmp_path, paper):
    """What happens later changes no tie, weight or outcome of the years before."""
    view, mid = record_of(
        tmp_path, [*PAPER, (3, 200, 365, 1880, 1, 1)], [(200, 235, 1845), (200, 235, 1846), (200, 220, 1846)]
    )
    later = third_data.history(view, mid)
    for one, other in zip(_arrays(paper[0]), _arrays(later), strict=True):
        np.testing.assert_array_equal(one[: 1880 - 1816], other[: 1880 - 1816])
    assert not np.array_equal(paper[0].begun, later.begun)


def _arrays(past: third_data.History) -> tuple[np.ndarray, ...]:
    return past.ties(), past.begun, past.going, past.faced, past.cinc, *third_held_out._memory(past.begun)


def test_memory_of_disputes_is_that_of_loops(paper):
    past = paper[0]
    since, recent = third_held_out._memory(past.begun)
    assert [at(past, since, year, "FRA", "GBR") for year in (1849, 1850, 1851, 1889, 1890)] == [60, 0, 1, 39, 40]
    assert [at(past, recent, year, "FRA", "GBR") for year in (1849, 1850, 1859, 1860)] == [0, 1, 1, 0]


@pytest.fixture(scope="module")
def pulled(tmp_path_factory: pytest.TempPathFactory) -> tuple[third.ThirdParties, View, Path]:
    view, mid = record_of(tmp_path_factory.mktemp("pulled"), *simulated(0.6, 1))
    return third.third_parties(view, mid, era="1816-1945", draws=20, seed=3), view, mid


def test_a_pull_that_is_there_is_found_and_passes(pulled):
    (trial,) = pulled[0].trials
    assert trial.pull.beta.lo > 0 and trial.pull.beta.value == pytest.approx(0.6, abs=0.2)  # of ten states
    assert trial.pull.eta is not None and abs(trial.pull.eta.value) < 0.3
    assert trial.verdicts == (True, True, True)
    assert trial.draws == 20 and trial.shifts == 61  # 5 to 65 of the 70 years from 1821 to 1890
    friends, foes, _ = trial.pull.parts
    assert friends.hi > 0 > foes.lo


def test_one_era_alone_turns_nothing_on(pulled):
    found = pulled[0]
    assert found.trials[0].passes and not found.passes
    assert (found.beta, found.eta, found.label) == (0.0, 0.0, "structural, not estimated")


def test_all_eras_turn_it_on_and_one_turns_it_off(pulled):
    (trial,) = pulled[0].trials
    trials = tuple(replace(trial, pull=replace(trial.pull, era=era)) for era in third.ERAS)
    on = replace(pulled[0], trials=trials)
    assert on.passes and on.beta == trial.pull.beta.value and on.label == "estimated"
    worse = (
        replace(trials[2], gain=third.Figure(0.1, -0.1, 0.3)),
        replace(trials[2], shifted=trial.effect * 2),
        replace(trials[2], substituted=trial.effect * 2),
        replace(trials[2], pull=replace(trials[2].pull, beta=third.Figure(-1.0, -2.0, -0.5))),
    )
    for changed in worse:
        off = replace(pulled[0], trials=(*trials[:2], changed))
        assert not off.passes and off.beta == off.eta == 0.0


def test_it_rests_on_statements_of_the_record(pulled):
    found, view, _ = pulled
    kinds = {row["kind"] for row in view.by_id(found.ids[:: len(found.ids) // 200])}
    assert kinds <= {"dispute", "defence", "cinc"} and "dispute" in kinds
    assert len(found.ids) == len(set(found.ids)) and any("contiguity" in note for note in found.notes)


def test_what_is_reported_besides_is_no_part_of_the_test(pulled):
    others = {each.what for each in pulled[0].others}
    assert others == {"equal weights", "one originator on each side", "start of a defence pact"}


def test_where_beta_may_be_zero_eta_is_refused(tmp_path):
    view, mid = record_of(tmp_path, *simulated(0.0, 2))
    found = third.estimate(third_data.history(view, mid), "1816-1945")
    assert found.beta.lo < 0 < found.beta.hi
    assert found.eta is found.eta_delta is found.eta_bootstrap is None


def test_a_record_does_not_say_who_began(pulled):
    with pytest.raises(Refusal, match="not who began it"):
        third.third_parties(pulled[1])


def test_an_era_without_events_is_refused(tmp_path):
    view, mid = record_of(tmp_path, [(1, 200, 220, 1818, 1, 1)], [])  # before the first year with a memory
    with pytest.raises(Refusal, match="no event between originators in 1816-1945"):
        third.estimate(third_data.history(view, mid), "1816-1945")


def test_two_states_have_no_third(paper):
    past = paper[0]
    two = [past.states.index(state) for state in ("FRA", "GBR")]
    alone = np.zeros_like(past.member)
    alone[:, two] = past.member[:, two]
    with pytest.raises(Refusal, match="2 states in this record: no third party"):
        third.estimate(replace(past, member=alone), "1816-1945")


def test_years_that_the_record_does_not_reach_are_refused(pulled):
    with pytest.raises(Refusal, match="end in 1890, before 1946-1991"):
        third.third_parties(*pulled[1:], era="1946-1991")


def test_what_the_record_lacks_is_said(tmp_path, pulled):
    _, view, mid = pulled
    with pytest.raises(Refusal, match="no disputes of gml-mid"):
        third_data.history(view.without(["gml-mid:2.2.1"]), mid)
    with pytest.raises(Refusal, match="lists all defence obligations"):
        third_data.history(view.without(["atop:5.1"]), mid)
    with pytest.raises(Refusal, match="no capability"):
        third_data.history(view.without([key for key in view.sources() if key.startswith("nmc")]), mid)
    with pytest.raises(Refusal, match="no capability"):  # this edition of it was not out yet
        third_data.history(view.at(date(1930, 12, 31)), mid)


def test_a_file_that_is_not_the_records_is_refused(tmp_path, pulled):
    other = disputes(tmp_path / "gml-ddy-disputes-2.2.1.csv", PAPER)
    with pytest.raises(DataError, match="as in the record"):
        third_data.history(pulled[1], other)


def test_a_file_without_originators_is_refused(tmp_path):
    joined = disputes(tmp_path / "joined.csv", [(1, 200, 220, 1850, 0, 1)])
    with pytest.raises(DataError, match="originators on both sides"):
        third_data.read_originators(joined)
    bare = write(
        tmp_path / "bare.csv", "dispnum ccode1 ccode2 year midonset hostlev1 hostlev2", [(1, 200, 220, 1850, 1, 4, 4)]
    )
    with pytest.raises(DataError, match="orig1"):
        third_data.read_originators(bare)


def test_bad_arguments(pulled):
    _, view, mid = pulled
    with pytest.raises(UsageError, match="era"):
        third.third_parties(view, mid, era="1914-1918")
    with pytest.raises(UsageError, match="at least one draw"):
        third.third_parties(view, mid, draws=0)
