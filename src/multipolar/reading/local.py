"""A sequence classifier of the user's own, from a folder, in place of the embedded one where types of events are asked.

The folder holds what ``save_pretrained`` of `transformers` writes: ``config.json`` whose ``id2label`` names PLOVER types and
``NONE``, the tokenizer, and weights as safetensors. The classifier is given a sentence in which the source stands between
``<s>`` and ``</s>`` and the target between ``<t>`` and ``</t>``; it should have been trained on such sentences, with a
tokenizer that does not take these four for something else.

Nothing is fetched, and nothing of the folder is run: no code that comes with a model, no pickled weights.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from multipolar.errors import DataError, UsageError
from multipolar.reading.model import TYPES

NONE: Final = "NONE"
#: Sentences that go through the network at once.
BATCH: Final = 16
#: Characters of a sentence that are kept, around the two spans.
LONGEST: Final = 800
#: Tokens of one input at most, if the model takes as many.
MOST_TOKENS: Final = 512
_MARKER: Final = re.compile(r"</?[st]>", re.IGNORECASE)
_HINT: Final = (
    "Give the folder that `save_pretrained` of a sequence classifier wrote: config.json, tokenizer, *.safetensors."
)
_OFFLINE: Final = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")

Span = tuple[int, int]
#: A sentence, and the characters of the source and of the target in it.
Marked = tuple[str, Span, Span]


@dataclass(frozen=True)
class Local:
    """A classifier from a folder, loaded once.

    Parameters
    ----------
    folder : Path
        With ``config.json``, the tokenizer, and weights as ``*.safetensors``.

    Attributes
    ----------
    labels : tuple of str
        What the model tells apart, in the order of its outputs.

    Raises
    ------
    UsageError
        If there is no such folder, or `transformers` or `torch` is not installed.
    DataError
        If the folder lacks a file, its labels are not PLOVER types and ``NONE``, or it cannot be loaded.
    """

    folder: Path
    labels: tuple[str, ...] = field(init=False)
    _tokenizer: Any = field(init=False, repr=False, compare=False)
    _model: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        folder = Path(self.folder)
        _check_files(folder)
        labels = _labels(folder / "config.json")
        tokenizer, model = _load(folder)
        for name, value in (("folder", folder), ("labels", labels), ("_tokenizer", tokenizer), ("_model", model)):
            object.__setattr__(self, name, value)

    def score_types(self, sentences_with_spans: Sequence[Marked]) -> list[dict[str, float]]:
        """How likely each type is, for what the source does to the target.

        Parameters
        ----------
        sentences_with_spans : sequence of (str, (int, int), (int, int))
            Sentence, source, target: a span is its first character and the one after the last.

        Returns
        -------
        list of dict
            For each sentence the probability of all PLOVER types and of ``NONE``; they add up to 1. A type that the model
            does not know has 0.

        Raises
        ------
        UsageError
            If a span is empty, outside its sentence, or overlaps the other.
        DataError
            If the model does not answer with one finite number for each sentence and label.
        """
        longest = min(LONGEST, 3 * _most_tokens(self._tokenizer, self._model))
        texts = [marked(*each, longest=longest) for each in sentences_with_spans]
        found: list[dict[str, float]] = []
        for first in range(0, len(texts), BATCH):
            rows = self._logits(texts[first : first + BATCH])
            found += [_shares(self.labels, row) for row in rows]
        return found

    def _logits(self, texts: list[str]) -> list[list[float]]:
        torch = importlib.import_module("torch")
        try:
            most = _most_tokens(self._tokenizer, self._model)
            inputs = self._tokenizer(texts, padding=True, truncation=True, max_length=most, return_tensors="pt")
            with torch.inference_mode():
                rows = self._model(**inputs).logits.tolist()
        except Exception as error:  # whatever a model of somebody else's raises
            raise DataError.bad_file(self.folder, "a model that reads sentences", _said(error), hint=_HINT) from error
        self._check_shape(rows, len(texts))
        return [[float(number) for number in row] for row in rows]

    def _check_shape(self, rows: Any, sentences: int) -> None:
        expected = f"{sentences} rows of {len(self.labels)} finite numbers, one for each label of config.json"
        if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
            raise DataError.bad_file(self.folder, expected, "other logits", hint=_HINT)
        widths = sorted({len(row) for row in rows})
        if len(rows) != sentences or widths not in ([], [len(self.labels)]):
            got = f"{len(rows)} rows of {' or '.join(map(str, widths))}"
            raise DataError.bad_file(self.folder, expected, got, hint=_HINT)
        if not all(isinstance(number, (int, float)) and math.isfinite(number) for row in rows for number in row):
            raise DataError.bad_file(self.folder, expected, "numbers that are not finite", hint=_HINT)


def marked(sentence: str, source: Span, target: Span, *, longest: int = LONGEST) -> str:
    """A sentence with ``<s>source</s>`` and ``<t>target</t>``, cut to what is around them if it is long.

    Parameters
    ----------
    sentence : str
        Markers that it has itself are taken out.
    source, target : (int, int)
        First character, and the one after the last.
    longest : int
        Characters that are kept, about; the two actors always are.

    Returns
    -------
    str
        What the classifier reads.

    Raises
    ------
    UsageError
        If a span is empty, outside the sentence, or overlaps the other.

    Examples
    --------
    >>> marked("France thanked Chad.", (0, 6), (15, 19))
    '<s>France</s> thanked <t>Chad</t>.'
    """
    for name, (start, end) in (("source", source), ("target", target)):
        if not 0 <= start < end <= len(sentence):
            expected = f"expected a span within the {len(sentence)} characters of the sentence"
            hint = "Give the first character and the one after the last."
            raise UsageError(f"{expected}, got {(start, end)}", where=name, hint=hint)
    (first, a), (second, b) = sorted(((source, "s"), (target, "t")))
    if first[1] > second[0]:
        hint = "Mark two actors that stand beside each other."
        raise UsageError(f"expected two spans apart, got {source} and {target}", where="source, target", hint=hint)
    before, between, after = sentence[: first[0]], sentence[first[1] : second[0]], sentence[second[1] :]
    if len(between) > longest // 2:  # the middle goes, the two actors stay
        side = longest // 4
        between = f"{between[:side]} … {between[-side:]}"
    side = max(longest - len(between), 0) // 2
    before = before if len(before) <= side else before[len(before) - side :].partition(" ")[2]
    after = after if len(after) <= side else after[:side].rpartition(" ")[0]
    inner = (_MARKER.sub("", sentence[start:end]) for start, end in (first, second))
    one, two = (f"<{name}>{words}</{name}>" for name, words in zip((a, b), inner, strict=True))
    return _MARKER.sub("", before) + one + _MARKER.sub("", between) + two + _MARKER.sub("", after)


def _check_files(folder: Path) -> None:
    if not folder.is_dir():
        got = "a file" if folder.exists() else "no such folder"
        raise UsageError(f"expected a folder with a model, got {got}", where=str(folder), hint=_HINT)
    if not (folder / "config.json").is_file():
        raise DataError.bad_file(folder, "config.json in the folder of the model", "none", hint=_HINT)
    if not any(folder.glob("*.safetensors")):
        hint = f"Pickled weights can run code and are not read: save them again with safe_serialization=True. {_HINT}"
        raise DataError.bad_file(folder, "weights as *.safetensors", "none", hint=hint)


def _labels(config: Path) -> tuple[str, ...]:
    """Labels in the order of the outputs."""
    expected = "id2label with a PLOVER type or NONE for each output"
    hint = f"Known labels: {', '.join((NONE, *TYPES))}; NONE is needed, each at most once."
    try:
        read = json.loads(config.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DataError.bad_file(config, "JSON", _said(error), hint=_HINT) from None
    named = read.get("id2label") if isinstance(read, dict) else None
    if not named or not isinstance(named, dict) or set(named) != {str(number) for number in range(len(named))}:
        raise DataError.bad_file(config, expected, "none that counts from 0" if named else "none", hint=hint)
    labels = tuple(named[str(number)] for number in range(len(named)))
    wrong = [label for label in labels if label not in TYPES and label != NONE]
    if wrong:
        raise DataError.bad_file(config, expected, ", ".join(map(repr, wrong[:5])), hint=hint)
    if NONE not in labels or len(labels) < 2 or len(set(labels)) < len(labels):
        raise DataError.bad_file(config, expected, ", ".join(labels), hint=hint)
    return labels


def _load(folder: Path) -> tuple[Any, Any]:
    with _offline():
        try:
            importlib.import_module("torch")
            transformers = importlib.import_module("transformers")
        except ImportError as error:
            hint = "pip install torch transformers, or read without a model of your own."
            raise UsageError(
                f"expected torch and transformers, got none ({error})", where=str(folder), hint=hint
            ) from None
        rules = {"local_files_only": True, "trust_remote_code": False}
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(str(folder), **rules)
            model, info = transformers.AutoModelForSequenceClassification.from_pretrained(
                str(folder), use_safetensors=True, output_loading_info=True, **rules
            )
            model.eval()
        except Exception as error:  # whatever a model of somebody else's raises
            raise DataError.bad_file(folder, "a model that transformers loads", _said(error), hint=_HINT) from error
    missing = sorted(info.get("missing_keys", ()))
    if missing:  # they would be made up at random
        got = f"a folder without {', '.join(missing[:3])}{' …' if len(missing) > 3 else ''}"
        raise DataError.bad_file(folder, "the weights of a trained sequence classifier", got, hint=_HINT)
    return tokenizer, model


@contextmanager
def _offline() -> Iterator[None]:
    """Keep the library from asking the network; what the environment said before is put back."""
    before = {name: os.environ.get(name) for name in _OFFLINE}
    os.environ.update(dict.fromkeys(_OFFLINE, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _most_tokens(tokenizer: Any, model: Any) -> int:
    """Tokens that the model takes. Some tokenizers say a huge number for "no limit"; places may be fewer than said."""
    said = (getattr(tokenizer, "model_max_length", None), getattr(model.config, "max_position_embeddings", None))
    return min([MOST_TOKENS, *(number for number in said if isinstance(number, int) and number > 0)])


def _shares(labels: Sequence[str], logits: Sequence[float]) -> dict[str, float]:
    highest = max(logits)
    powers = [math.exp(number - highest) for number in logits]
    shares = dict(zip(labels, (power / sum(powers) for power in powers), strict=True))
    return {name: shares.get(name, 0.0) for name in (*TYPES, NONE)}


def _said(error: BaseException) -> str:
    """The first line of what a library says."""
    first = next(iter(str(error).strip().splitlines()), "")
    return f"{type(error).__name__}: {first[:200]}" if first else type(error).__name__
