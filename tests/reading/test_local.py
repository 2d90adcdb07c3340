"""A classifier of the user's own, from a folder: a fake `transformers`, so that no network and no torch is needed."""

from __future__ import annotations

import json
import math
import os
import sys
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.errors import DataError, UsageError
from multipolar.reading.local import LONGEST, NONE, Local, marked
from multipolar.reading.model import TYPES

LABELS = ("NONE", "CONSULT", "ASSAULT")
TEXT = "Norway attacked Chad after France met Peru."


class Logits:
    def __init__(self, rows):
        self.rows = rows

    def tolist(self):
        return self.rows


class Fake:
    """What `transformers` would have: remembers how it was asked; sees ASSAULT where "attacked" is between the spans."""

    def __init__(self):
        self.asked, self.texts, self.offline, self.info = [], [], [], {"missing_keys": []}
        self.answer = None
        self.error = None
        self.lengths = []

    def rules(self, folder, **rules):
        self.asked.append((folder, rules))
        self.offline.append((os.environ.get("HF_HUB_OFFLINE"), os.environ.get("TRANSFORMERS_OFFLINE")))
        if self.error:
            raise self.error

    def tokenizer(self, folder, **rules):
        self.rules(folder, **rules)
        return self.tokenize

    def tokenize(self, texts, *, padding, truncation, max_length, return_tensors):
        assert padding and truncation and return_tensors == "pt"
        self.lengths.append(max_length)
        self.texts.append(list(texts))
        return {"input_ids": list(texts)}

    def model(self, folder, **rules):
        self.rules(folder, **rules)
        return Model(self), self.info


class Model:
    def __init__(self, fake):
        self.fake, self.config = fake, SimpleNamespace(max_position_embeddings=130)
        self.evaluated = False

    def eval(self):
        self.evaluated = True

    def __call__(self, input_ids):
        assert self.evaluated
        if self.fake.answer is not None:
            return SimpleNamespace(logits=Logits(self.fake.answer))
        rows = [[0.0, 0.0, 2.0] if "</s> attacked <t>" in text else [1.0, 0.0, 0.0] for text in input_ids]
        return SimpleNamespace(logits=Logits(rows))


@pytest.fixture
def fake(monkeypatch):
    found = Fake()
    transformers, torch = ModuleType("transformers"), ModuleType("torch")
    transformers.AutoTokenizer = SimpleNamespace(from_pretrained=found.tokenizer)
    transformers.AutoModelForSequenceClassification = SimpleNamespace(from_pretrained=found.model)

    @contextmanager
    def inference_mode():
        yield

    torch.inference_mode = inference_mode
    monkeypatch.setitem(sys.modules, "transformers", transformers)
    monkeypatch.setitem(sys.modules, "torch", torch)
    return found


def folder_with(path, labels=LABELS, weights="model.safetensors", config=None):
    path.mkdir(exist_ok=True)
    named = {str(number): label for number, label in enumerate(labels)}
    (path / "config.json").write_text(
        config if config is not None else json.dumps({"id2label": named}), encoding="utf-8"
    )
    (path / weights).write_bytes(b"")
    return path


@pytest.fixture
def folder(tmp_path):
    return folder_with(tmp_path / "model")


def span(word, text=TEXT):
    return text.index(word), text.index(word) + len(word)


def test_types_of_a_pair_add_up_to_one(fake, folder):
    local = Local(folder)
    pairs = [(TEXT, span("Norway"), span("Chad")), (TEXT, span("Peru"), span("France"))]
    first, second = local.score_types(pairs)
    assert local.labels == LABELS
    assert set(first) == {*TYPES, NONE} == set(second)
    assert sum(first.values()) == pytest.approx(1) == sum(second.values())
    assert first["ASSAULT"] == pytest.approx(math.exp(2) / (math.exp(2) + 2))
    assert max(second, key=second.get) == NONE
    assert first["AID"] == 0  # the model does not know it
    assert fake.texts == [
        [
            "<s>Norway</s> attacked <t>Chad</t> after France met Peru.",
            "Norway attacked Chad after <t>France</t> met <s>Peru</s>.",
        ]
    ]


def test_nothing_is_fetched_and_nothing_is_run(fake, folder, monkeypatch):
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setenv("TRANSFORMERS_OFFLINE", "0")
    Local(folder)
    assert [name for name, _ in fake.asked] == [str(folder)] * 2
    assert all(rules["local_files_only"] is True and rules["trust_remote_code"] is False for _, rules in fake.asked)
    assert fake.asked[1][1]["use_safetensors"] is True
    assert fake.offline == [("1", "1")] * 2
    assert "HF_HUB_OFFLINE" not in os.environ and os.environ["TRANSFORMERS_OFFLINE"] == "0"


def test_many_sentences_go_in_batches_and_keep_their_order(fake, folder):
    pairs = [(TEXT, span("Norway"), span("Chad")), (TEXT, span("Peru"), span("France"))] * 20
    scores = Local(folder).score_types(pairs)
    assert [len(texts) for texts in fake.texts] == [16, 16, 8]
    assert [max(each, key=each.get) for each in scores] == ["ASSAULT", NONE] * 20
    assert set(fake.lengths) == {130}  # no more than the model has places for


def test_no_sentence_is_no_question(fake, folder):
    assert Local(folder).score_types([]) == []
    assert fake.texts == []


def test_a_missing_folder(fake, tmp_path):
    with pytest.raises(UsageError, match=r"got no such folder[\s\S]*save_pretrained"):
        Local(tmp_path / "nowhere")
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="got a file"):
        Local(tmp_path / "file")


def test_a_folder_without_its_files(fake, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=r"expected config\.json"):
        Local(tmp_path / "empty")
    with pytest.raises(DataError, match=r"safetensors[\s\S]*Pickled weights can run code"):
        Local(folder_with(tmp_path / "pickled", weights="pytorch_model.bin"))
    assert fake.asked == []


@pytest.mark.parametrize(
    ("labels", "got"),
    [
        (("LABEL_0", "LABEL_1"), "'LABEL_0', 'LABEL_1'"),
        (("NONE", "YIELD"), "'YIELD'"),
        (("none", "AID"), "'none'"),
        (("AID", "ASSAULT"), "got AID, ASSAULT"),
        (("NONE", "AID", "AID"), "got NONE, AID, AID"),
        (("NONE",), "got NONE"),
        ((), "got none"),
        (("NONE", ["AID"]), r"\['AID'\]"),
    ],
)
def test_labels_that_are_no_types(fake, tmp_path, labels, got):
    with pytest.raises(DataError, match=got) as caught:
        Local(folder_with(tmp_path / "model", labels))
    assert "config.json" in str(caught.value) and "Known labels: NONE, AGREE" in str(caught.value)
    assert fake.asked == []


@pytest.mark.parametrize(
    "config", ["{", "[]", "null", '{"id2label": []}', '{"id2label": {"1": "NONE", "2": "AID"}}', "[" * 100_000]
)
def test_a_broken_config(fake, tmp_path, config):
    with pytest.raises(DataError, match=r"config\.json: expected"):
        Local(folder_with(tmp_path / "model", config=config))


@pytest.mark.parametrize("name", ["torch", "transformers"])
def test_a_library_that_is_not_installed(fake, folder, monkeypatch, name):
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UsageError, match=r"pip install torch transformers"):
        Local(folder)


@pytest.mark.parametrize("error", [OSError("no tokenizer here\nat all"), KeyError("newest"), RuntimeError("sizes")])
def test_a_folder_that_cannot_be_loaded(fake, folder, error):
    fake.error = error
    with pytest.raises(DataError, match=type(error).__name__) as caught:
        Local(folder)
    assert "at all" not in str(caught.value)


def test_weights_that_would_be_made_up(fake, folder):
    fake.info = {"missing_keys": ["classifier.weight", "classifier.bias"]}
    with pytest.raises(DataError, match=r"without classifier\.bias, classifier\.weight"):
        Local(folder)


@pytest.mark.parametrize(
    "answer",
    [
        [],
        [[0.0, 1.0]],
        [[0.0] * 4],
        [[0.0] * 3] * 2,
        [0.0, 1.0, 2.0],
        [[[0.0] * 3]],
        7.0,
        [[0.0, math.nan, 1.0]],
        [[0.0, math.inf, 1.0]],
    ],
)
def test_answers_of_a_wrong_shape(fake, folder, answer):
    fake.answer = answer
    with pytest.raises(DataError, match="expected 1 rows of 3 finite numbers"):
        Local(folder).score_types([(TEXT, span("Norway"), span("Chad"))])


def test_a_model_that_fails(fake, folder, monkeypatch):
    monkeypatch.setattr(Model, "__call__", lambda self, input_ids: 1 / 0)
    with pytest.raises(DataError, match="ZeroDivisionError"):
        Local(folder).score_types([(TEXT, span("Norway"), span("Chad"))])


@pytest.mark.parametrize(
    ("source", "target"),
    [((0, 0), (3, 5)), ((-1, 3), (4, 6)), ((0, 3), (40, 99)), ((0, 6), (3, 9)), ((0, 9), (2, 4)), ((5, 3), (7, 9))],
)
def test_spans_that_cannot_be(fake, folder, source, target):
    with pytest.raises(UsageError, match="expected"):
        Local(folder).score_types([(TEXT, source, target)])
    assert fake.texts == []


def test_markers_of_the_sentence_itself_are_taken_out():
    text = "A </s> <T>Norway met <t>Chad."
    assert marked(text, span("Norway", text), span("<t>Chad", text)) == "A  <s>Norway</s> met <t>Chad</t>."


words = st.text("abc xyz", max_size=LONGEST)


@given(words, words, words, st.booleans(), st.integers(60, LONGEST))
def test_both_actors_are_kept_however_long_the_sentence(before, between, after, turned, longest):
    text = f"{before}Norway{between}Chad{after}"
    first, second = (len(before), len(before) + 6), (len(before) + 6 + len(between), len(before) + 10 + len(between))
    source, target = (second, first) if turned else (first, second)
    found = marked(text, source, target, longest=longest)
    assert found.count("<s>") == found.count("</s>") == found.count("<t>") == found.count("</t>") == 1
    assert (f"<s>{text[slice(*source)]}</s>" in found) and (f"<t>{text[slice(*target)]}</t>" in found)
    assert len(found) <= longest + 40
    bare = found.replace("<s>", "").replace("</s>", "").replace("<t>", "").replace("</t>", "")
    assert all(piece in text for piece in bare.split(" … "))
    if len(text) <= longest // 2:
        assert bare == text
