"""The sentences that the classifier was trained on: whole, in their format, and nobody else's."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from multipolar.reading.model import DIRECTIONS, RELATIONS, TYPES

FOLDER = Path(__file__).resolve().parents[2] / "training" / "reading"
sys.path.insert(0, str(FOLDER))
import sentences as training  # noqa: E402

ALL = training.read_all(FOLDER / "sentences")


def plain(text):
    return re.sub(r"\W+", " ", text).casefold().strip()


def test_there_are_enough_of_every_kind():
    types = Counter(act.type for each in ALL for act in each.acts)
    relations = Counter(said.relation for each in ALL for said in each.said)
    assert len(ALL) >= 2000
    assert min(types[name] for name in TYPES) >= 80 and set(types) == set(TYPES)
    assert min(relations[name] for name in RELATIONS) >= 30 and set(relations) == set(RELATIONS)
    assert sum(not each.acts for each in ALL) >= 500
    least = {"hist": 100, "hyp": 50, "neg": 50, "fut": 10}  # what is planned is most often AGREE or THREATEN
    for flag in training.FLAGS:
        assert sum(flag in act.flags for each in ALL for act in each.acts) >= least[flag]


def test_the_vocabulary_is_that_of_the_reader():
    assert (training.TYPES, training.RELATIONS, training.DIRECTIONS) == (TYPES, RELATIONS, DIRECTIONS)
    labels = json.loads((FOLDER.parents[1] / "src/multipolar/reading/data/pairs.json").read_text(encoding="utf-8"))
    assert labels["type"] == ["NONE", *TYPES] == labels["back_type"]
    assert labels["relation"] == ["NONE", *RELATIONS]


def test_no_sentence_stands_twice():
    twice = [text for text, count in Counter(plain(each.text) for each in ALL).items() if count > 1]
    assert twice == []


@pytest.mark.data
def test_no_sentence_is_one_that_is_measured_on(shared):
    ours = {plain(each.text) for each in ALL}
    folder = shared / "reading"
    with (folder / "plv_train.tsv").open(encoding="utf-8", newline="") as file:
        theirs = {plain(row["sentence"]) for row in csv.DictReader(file, delimiter="\t")}
    for name in ("cameo_consensus_sample_a.jsonl", "article_000_events.jsonl", "article_000_claims.jsonl"):
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            theirs.add(plain(json.loads(line)["sentence"]))
    assert ours & theirs == set()


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("No bar here.", "expected ' || '"),
        ("[1:A] met [1:B]. || none", "each number from 1 once"),
        ("[1:A [2:B]] met. || none", "never nested"),
        ("[1:A] met [2:B]. || 1>3 CONSULT", "two different bracketed actors"),
        ("[1:A] met [2:B]. || 1>1 CONSULT", "two different bracketed actors"),
        ("[1:A] met [2:B]. || 1>2 MEET", "expected an event"),
        ("[1:A] met [2:B]. || none ## 1 likes 2 up change", "expected a claim"),
        ("Nobody met. || none", "expected actors"),
    ],
)
def test_a_line_that_is_not_in_the_format_is_named(tmp_path, line, wrong):
    path = tmp_path / "some.txt"
    path.write_text("# comment\n[1:A] met [2:B]. || 1=2 CONSULT\n" + line + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(wrong)) as caught:
        training.read(path)
    assert str(caught.value).startswith("some.txt:3: ")


def test_a_line_is_read():
    line = "[1:Mali] and [2:Niger] quit [3:the bloc]. || 1>3 SANCTION:withdraw hist; 1=2 COOPERATE ## 3 cohesion_of 0 down change"
    each = training._sentence(line, "here", essays=True)
    assert each.text == "Mali and Niger quit the bloc."
    assert {number: each.text[a:b] for number, (a, b) in each.spans.items()} == {1: "Mali", 2: "Niger", 3: "the bloc"}
    assert [(act.source, act.target, act.type) for act in each.acts] == [
        (1, 3, "SANCTION"),
        (1, 2, "COOPERATE"),
        (2, 1, "COOPERATE"),
    ]
    assert each.acts[0].flags == {"hist"} and each.acts[0].mode == "withdraw"
    assert each.said == (training.Said(3, "cohesion_of", 0, "down", "change"),)
