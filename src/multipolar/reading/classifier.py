"""The pair classifier: what a sentence says that one actor does to another, and what it claims of them.

A small encoder (6 layers, 384 wide, int8 ONNX) reads the sentence with two spans marked and answers at once: the PLOVER
type of what the source does to the target, and the target to the source (or nothing); which relation is claimed from one to the
other, either way (or none); with which direction and of which kind; and whether what is told is historical, future,
hypothetical or negated. It was trained on sentences written for it; `training/reading/README.md` is its model card.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from multipolar.reading.encoding import DATA, Encoded, Span, encode, tokens

if TYPE_CHECKING:
    import numpy as np
    import onnxruntime

#: Pairs that go through the network at once.
BATCH: Final = 16
#: The answer that there is nothing.
NONE: Final = "NONE"


@dataclass(frozen=True, slots=True)
class Scores:
    """What the classifier says of one pair; every mapping has probabilities.

    Attributes
    ----------
    types, back_types : dict
        PLOVER types and ``NONE``, which add up to 1: from source to target, and from target to source.
    relations, back_relations : dict
        Relations and ``NONE``, which add up to 1, both ways.
    directions, kinds : dict
        Of the claim, if there is one; each adds up to 1.
    aux : dict
        Historical, future, hypothetical, negation, each for itself.
    """

    types: dict[str, float]
    back_types: dict[str, float]
    relations: dict[str, float]
    back_relations: dict[str, float]
    directions: dict[str, float]
    kinds: dict[str, float]
    aux: dict[str, float]

    def best(self, question: str) -> tuple[str, float]:
        """The likeliest answer that is not ``NONE``, with its probability."""
        answers: dict[str, float] = getattr(self, question)
        name = max((name for name in answers if name != NONE), key=answers.__getitem__)
        return name, answers[name]

    def turned(self) -> Scores:
        """The same with source and target exchanged."""
        return replace(
            self,
            types=self.back_types,
            back_types=self.types,
            relations=self.back_relations,
            back_relations=self.relations,
        )


def types_given(sentence: str, source: Span, target: Span) -> dict[str, float]:
    """Probability of each type of what a marked source does to a marked target, given that it does something.

    The pair is read both ways round, and the mean is taken.
    """
    cut = tokens(sentence)
    there, back = score([encode(cut, source, target), encode(cut, target, source)])
    found = {name: (p + back.back_types[name]) / 2 for name, p in there.types.items() if name != NONE}
    something = sum(found.values())
    return {name: p / something for name, p in found.items()}


def score(inputs: Sequence[Encoded]) -> list[Scores]:
    """Score marked pairs, in the order given."""
    found: list[Scores | None] = [None] * len(inputs)
    order = sorted(range(len(inputs)), key=lambda index: len(inputs[index].ids))
    for first in range(0, len(order), BATCH):
        chosen = order[first : first + BATCH]
        for index, scored in zip(chosen, _run([inputs[index] for index in chosen]), strict=True):
            found[index] = scored
    return [scored for scored in found if scored is not None]


def _run(inputs: list[Encoded]) -> list[Scores]:
    import numpy as np

    width = max(len(each.ids) for each in inputs)
    ids = np.zeros((len(inputs), width), dtype=np.int64)
    for row, each in enumerate(inputs):
        ids[row, : len(each.ids)] = each.ids
    feed = {
        "ids": ids,
        "mask": (ids != 0).astype(np.int64),
        "source": np.array([each.source for each in inputs], dtype=np.int64),
        "target": np.array([each.target for each in inputs], dtype=np.int64),
    }
    names = _labels()
    out = dict(zip(names, _session().run(list(names), feed), strict=True))
    shares = {name: _sigmoid(logits) if name == "aux" else _softmax(logits) for name, logits in out.items()}
    return [
        Scores(*(dict(zip(names[name], shares[name][row].tolist(), strict=True)) for name in _ORDER))
        for row in range(len(inputs))
    ]


_ORDER: Final = ("type", "back_type", "relation", "back_relation", "direction", "kind", "aux")


def _softmax(logits: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    import numpy as np

    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: np.ndarray[Any, Any] = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _sigmoid(logits: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    import numpy as np

    shares: np.ndarray[Any, Any] = 1.0 / (1.0 + np.exp(-logits))
    return shares


@cache
def _labels() -> dict[str, list[str]]:
    read: dict[str, list[str]] = json.loads((DATA / "pairs.json").read_text(encoding="utf-8"))
    return read


@cache
def _session() -> onnxruntime.InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(DATA / "pairs.onnx"), options, providers=["CPUExecutionProvider"])
