"""The stored result, the page that shows it, and what was decided before it was run."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from multipolar.ties import third, third_data, third_held_out, third_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "third_parties.md"


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def decided(page: str) -> str:
    return page.split("## What was decided before running")[1].split("\n## ")[0]


def test_the_page_shows_the_stored_result(page):
    assert third_page.updated(page, third_page.stored()) == page


def test_a_changed_result_would_be_seen(page):
    found = third_page.stored()
    first = found.trials[0]
    changed = replace(first, pull=replace(first.pull, beta=third.Figure(1.0, 0.5, 1.5)))
    assert third_page.updated(page, replace(found, trials=(changed, *found.trials[1:]))) != page


def test_a_page_without_marks_is_refused():
    with pytest.raises(ValueError, match="with the marks"):
        third_page.updated("# Third parties\n", third_page.stored())


def test_what_is_stored_is_read_as_it_was():
    found = third_page.stored()
    assert third_page.plain(found) == third_page.STORED.read_text(encoding="utf-8")
    assert [trial.pull.era for trial in found.trials] == list(third.ERAS)
    assert isinstance(found.as_of, date) and found.ids == ()


def test_the_stored_result_used_what_was_decided(decided):
    found = third_page.stored()
    assert found.source == "gml-mid:2.2.1" and "GML MID 2.2.1" in decided
    assert {trial.draws for trial in found.trials} == {third.DRAWS} and f"{third.DRAWS} permutations" in decided
    years = {
        era: last - max(first, third_data.FIRST + third_data.MEMORY) + 1 for era, (first, last) in third.ERAS.items()
    }
    assert {trial.pull.era: trial.shifts for trial in found.trials} == {
        era: length - 9 for era, length in years.items()
    }


def test_the_code_has_what_was_decided(decided):
    for first, last in third.ERAS.values():
        assert f"{first}–{last}" in decided
    assert f"Outcomes of {third_data.FIRST + third_data.MEMORY}–2010" in decided
    assert f"*t* − {third_data.MEMORY} to *t* − 1" in decided
    assert f"{third.RESAMPLED} draws" in decided and f"{third.LEVEL:.0%}".replace("%", " %") in decided
    assert f"from {third_held_out.FIRST_TESTED} to 2010" in decided and f"{third_held_out.DRAWS:,} draws" in decided
    assert f"at most {third_held_out.LONGEST}" in decided


def test_the_verdict_follows_from_the_figures():
    found = third_page.stored()
    for trial in found.trials:
        interval, placebo, held_out = trial.verdicts
        assert interval is (trial.pull.beta.lo > 0)
        assert placebo is (trial.effect > trial.substituted and trial.effect > trial.shifted)
        assert held_out is (trial.gain.lo > 0)
        assert (trial.pull.eta is None) is (trial.pull.beta.lo <= 0 <= trial.pull.beta.hi)
    assert found.passes is all(trial.passes for trial in found.trials)
    if not found.passes:
        assert (found.beta, found.eta, found.label) == (0.0, 0.0, third.STRUCTURAL)


def test_words_of_the_page_fit_its_figures(page):
    """What the text says of the result is what the tables say."""
    found = third_page.stored()
    good = [trial.pull.era for trial in found.trials if trial.passes]
    assert good == ["1946-1991"] and "passes in one era of three" in page
    early, _, late = found.trials
    assert early.effect < min(early.substituted, early.shifted) and early.gain.hi < 0
    assert late.pull.beta.lo < 0 and late.pull.beta.hi > found.trials[1].pull.beta.value
    for trial in found.trials:
        eta = trial.pull.eta
        assert eta is None or (eta.lo < 0 and eta.hi > 1)
    for each in (*(trial.pull for trial in found.trials[1:]), *of("Correlates of War MID 5.0")[1:]):
        assert each.parts[1].value < 0 < each.parts[1].hi
    assert all(part.lo < 0 < part.hi for part in found.trials[1].pull.parts)
    assert of("one originator on each side")[2].parts[1].hi < 0
    equal = of("equal weights")[1]
    assert equal.parts[1].hi < 0 and equal.parts[2].hi < 0 and equal.beta.lo < 0 < equal.beta.hi
    assert of("start of a defence pact")[0].parts[1].hi < 0
    assert of("Correlates of War MID 5.0")[1].beta.lo > 0
    sizes = [trial.pull.states for trial in found.trials]
    assert f"the eras have {min(sizes)} to {max(sizes)}" in page


def of(what: str) -> list[third.Pull]:
    return [each for each in third_page.stored().others if each.what == what]


def test_numbers_are_shown_with_their_intervals():
    assert third_page.scaled(third.Figure(0.01154, 0.000844, 0.02224)) == "+0.12 [+0.01, +0.22]"
    assert third_page.ratio(None) == "refused"
    rows = [
        line for line in third_page.tables(third_page.stored()).splitlines() if re.match(r"\| \d{4}-\d{4} \|", line)
    ]
    assert len(rows) == 2 * len(third.ERAS)


def test_the_command_writes_the_page(tmp_path, page):
    copy = tmp_path / "third_parties.md"
    before, after = page.split(third_page.BEGIN)[0], page.split(third_page.END)[1]
    copy.write_text(f"{before}{third_page.BEGIN}\n{third_page.END}{after}", encoding="utf-8")
    assert third_page.main([str(tmp_path)]) == 0
    assert copy.read_text(encoding="utf-8") == page
