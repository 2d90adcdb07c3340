"""Words that state a relation: their sides, directions and kinds; the lexicon; what the classifier adds."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multipolar.errors import DataError
from multipolar.reading.assertions import assertions
from multipolar.reading.cues import Cue, cues, hinted
from multipolar.reading.cues.patterns import patterns, read
from multipolar.reading.mentions import Mention, Tracker, mentions
from multipolar.reading.model import DIRECTIONS, RELATIONS, Document
from multipolar.reading.sentences import Sentence, sentences


def _read(text: str) -> list[tuple[Sentence, list[Mention]]]:
    tracker = Tracker(date(2024, 6, 21))
    return [(sentence, mentions(sentence, tracker)) for sentence in sentences(text)]


def _cues(text: str) -> list[Cue]:
    return [cue for sentence, found in _read(text) for cue in cues(sentence, found)]


def _said(text: str) -> set[tuple[str, str, str, str]]:
    return {
        (c.relation, c.subject.code if c.subject else "", c.object.code if c.object else "", c.direction)
        for c in _cues(text)
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Belarus depends on Russia for its oil.", ("depends_on", "BLR", "RUS", "none")),
        ("Armenia seeks to reduce its dependence on Russia.", ("depends_on", "ARM", "RUS", "down")),
        ("The dependence of Belarus on Russia has deepened.", ("depends_on", "BLR", "RUS", "up")),
        ("Moldova remains dependent on Russia.", ("depends_on", "MDA", "RUS", "steady")),
        ("Mali no longer depends on France.", ("depends_on", "MLI", "FRA", "down")),
        ("Russian influence in Mali is growing.", ("influence_over", "RUS", "MLI", "up")),
        ("The pipeline gives Russia leverage over Hungary.", ("influence_over", "RUS", "HUN", "none")),
        ("North Korea is impervious to Chinese influence.", ("influence_over", "CHN", "PRK", "none")),
        ("France has lost its influence over Niger.", ("influence_over", "FRA", "NER", "down")),
        ("Brazil was put under pressure by China.", ("pressure_on", "CHN", "BRA", "none")),
        ("Serbia is drifting away from Russia.", ("aligned_with", "SRB", "RUS", "down")),
        ("India's pivot towards Japan surprised many.", ("aligned_with", "IND", "JPN", "up")),
        ("The rapprochement between Egypt and Turkey continues.", ("aligned_with", "EGY", "TUR", "steady")),
        ("Rwanda poses a growing threat to Burundi.", ("threatens", "RWA", "BDI", "up")),
        ("Turkey is hedging between Russia and Ukraine.", ("balances_between", "TUR", "UKR", "none")),
        ("Algeria and Morocco compete in the Sahel.", ("rivals", "DZA", "MAR", "none")),
        ("Kenya is wary of Ethiopia.", ("trusts", "KEN", "ETH", "none")),
        ("Divisions within NATO are deepening.", ("cohesion_of", "IGO:NATO", "", "down")),
        ("Divisions within NATO are shrinking.", ("cohesion_of", "IGO:NATO", "", "up")),
        ("Venezuela has been isolated by Brazil.", ("isolated_from", "VEN", "BRA", "none")),
        ("Iran is trying to escape its isolation.", ("isolated_from", "IRN", "", "down")),
        ("Cooperation between Spain and Morocco has increased.", ("cooperates_with", "ESP", "MAR", "up")),
        ("Finland wants to keep its alliance with Sweden.", ("allied_with", "FIN", "SWE", "steady")),
        ("Russia, Iran's main ally, did not come to its aid.", ("allied_with", "RUS", "IRN", "none")),
        ("China has become indispensable to Russia.", ("depends_on", "RUS", "CHN", "up")),
        ("Relations between Egypt and Ethiopia have deteriorated.", ("aligned_with", "EGY", "ETH", "down")),
        ("Brazil and Chile are strengthening their cooperation.", ("cooperates_with", "BRA", "CHL", "up")),
        ("The rivalry between Kenya and Uganda is likely to intensify.", ("rivals", "KEN", "UGA", "up")),
        ("Japan feels threatened by China.", ("threatens", "CHN", "JPN", "none")),
        ("The Philippines has strengthened its alliance with Japan.", ("allied_with", "PHL", "JPN", "up")),
        ("The war left Armenia more dependent on France.", ("depends_on", "ARM", "FRA", "up")),
    ],
)
def test_sides_and_directions(text: str, expected: tuple[str, str, str, str]) -> None:
    assert expected in _said(text), _cues(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Belarus depends on Russia.", "state"),
        ("Belarus's dependence on Russia has grown.", "change"),
        ("Armenia wants to reduce its dependence on Russia.", "intent"),
        ("If the pipeline closes, Hungary could become dependent on Austria.", "conditional"),
        ("Chad will depend on Cameroon.", "forecast"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert [cue.kind for cue in _cues(text) if cue.relation == "depends_on"] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Blood pressure is measured in Norway and Sweden.",
        "The trade balance between Morocco and Spain turned.",
        "Whether the ferry from Malta to Italy sails depends on the wind.",
        "The president of Ghana met the king of Belgium on Monday.",
    ],
)
def test_words_that_state_nothing(text: str) -> None:
    assert _cues(text) == []


def test_attempts_in_vain_change_nothing() -> None:
    assert ("isolated_from", "VEN", "BRA", "none") in _said("Brazil's attempts to isolate Venezuela are not working.")
    assert ("isolated_from", "VEN", "BRA", "up") in _said("Brazil's attempts to isolate Venezuela continue.")


def test_only_who_takes_no_side_balances() -> None:
    assert not [c for c in _cues("Chad must choose between Niger and Libya.") if c.relation == "balances_between"]
    refusing = [c for c in _cues("Chad refuses to choose between Niger and Libya.") if c.relation == "balances_between"]
    assert {c.object.code for c in refusing if c.object} == {"NER", "LBY"}
    assert {c.level for c in refusing} == {"high"}


def test_a_longer_phrase_hides_its_parts() -> None:
    assert {c.relation for c in _cues("Egypt suffered a defeat by Sudan.")} == {"power_position"}
    assert len(_cues("Laos is in a new strategic partnership with Cuba.")) <= 1


def test_every_cue_says_why_and_has_points() -> None:
    for cue in _cues("Serbia relies on Russia, is wary of Albania and competes with Croatia."):
        assert cue.why
        assert 0.0 < cue.points <= 1.0
        assert cue.direction in DIRECTIONS


def test_the_lexicon_is_whole() -> None:
    rows = patterns()
    assert len(rows) > 500
    assert {row.relation for row in rows} - {"-"} == set(RELATIONS)
    assert all(row.sides for row in rows)


@pytest.mark.parametrize(
    ("column", "value"), [("relation", "loves"), ("direction", "sideways"), ("pos", "x"), ("frame", "subj")]
)
def test_wrong_rows_are_named(column: str, value: str) -> None:
    row = {
        "words": "love", "pos": "v", "relation": "trusts", "direction": "none", "sign": "1", "level": "", "frame": "subj>obj",
        "points": "1",
    }  # fmt: skip
    assert list(read([row]))
    with pytest.raises(DataError, match=rf"cues\.tsv:2:{column}"):
        list(read([row | {column: value}]))


_NAMES = st.sampled_from(["Russia", "Kenya", "Japan", "Chile", "NATO"])
_VERBS = st.sampled_from(["depends on", "has lost its influence over", "is hostile to", "will threaten", "distrusts"])


@settings(max_examples=25, deadline=None)
@given(_NAMES, _VERBS, _NAMES, st.sampled_from(["", "Perhaps ", "If it rains, "]))
def test_no_one_has_a_relation_to_himself(subject: str, verb: str, other: str, before: str) -> None:
    for cue in _cues(f"{before}{subject} {verb} {other}."):
        assert cue.subject is not None
        assert cue.object is None or cue.object.code != cue.subject.code


def test_quotes_are_exact_without_a_classifier() -> None:
    text = "Observers agree.  Armenia seeks to reduce its dependence on Russia, they say."
    document = Document("d", text, date(2024, 6, 21), "given")
    found = [
        claim
        for sentence, here in _read(text)
        for claim in assertions(document, sentence, [], [], here, [], cued=cues(sentence, here))
    ]
    assert [(claim.relation, claim.direction, claim.kind) for claim in found] == [("depends_on", "down", "intent")]
    for claim in found:
        assert text[claim.start : claim.end] == claim.quote
        assert any("dependence" in step for step in claim.why)


def test_hints_name_relations_without_sides() -> None:
    sentence, _ = _read("Their dependence is heavy.")[0]
    assert hinted(sentence) == {"depends_on"}
