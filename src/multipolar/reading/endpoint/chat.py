"""Reading by a chat server of the user's own choice (any that speaks OpenAI's ``/v1/chat/completions``, also on this machine).

The article is put to it a few sentences at a time with a JSON schema (`schema`); its answers are checked against the
article's words (`checks`). Nothing is asked unless an `Endpoint` is made: the embedded reader needs no network.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from multipolar.errors import DataError, UsageError
from multipolar.reading.endpoint.checks import Check, Stretch
from multipolar.reading.endpoint.http import Server, address, key_of, said
from multipolar.reading.endpoint.schema import RESPONSE_FORMAT, SYSTEM
from multipolar.reading.events import identify
from multipolar.reading.model import Document, Reading
from multipolar.reading.sentences import sentences

#: Sentences, and characters, that are asked about at once.
GROUP: Final = 6
GROUP_CHARACTERS: Final = 3_000
#: Sentences before them that are shown for understanding.
BEFORE: Final = 3
#: Events and claims that one answer may have.
MOST_ITEMS: Final = 300
_HINT: Final = "Nothing was kept. Use a server and a model that keep to `response_format` with a JSON schema."


@dataclass(frozen=True)
class Endpoint:
    """A chat server that reads.

    Parameters
    ----------
    url : str
        ``https://host/v1``; plain http only to this machine.
    model : str
        The name that the server knows it by.
    key_env : str
        Environment variable with the server's key; none is sent where it is not set.
    timeout : float
        Seconds for one answer.
    retries : int
        Further attempts where the server is busy (429) or fails (5xx), after 1, 2, 4, ... seconds, or as long as it asks.
    allow_plain : bool
        Send articles and key without TLS to other machines.
    temperature : float or None
        Passed on; None leaves it to the server (some models take none).
    sleep : callable
        Waits so many seconds.

    Raises
    ------
    UsageError
        If the address is none, would need TLS or holds a key, or another argument is out of range.
    """

    url: str
    model: str
    key_env: str = field(default="MULTIPOLAR_API_KEY", kw_only=True)
    timeout: float = field(default=60, kw_only=True)
    retries: int = field(default=3, kw_only=True)
    allow_plain: bool = field(default=False, kw_only=True)
    temperature: float | None = field(default=0.0, kw_only=True)
    sleep: Callable[[float], None] = field(default=time.sleep, kw_only=True, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", address(self.url, allow_plain=self.allow_plain))
        if not self.model.strip():
            raise UsageError("expected the name of a model, got none", where="model", hint="Name one of the server's.")
        if not 0 < self.timeout <= 86_400:
            raise UsageError(f"expected seconds up to a day, got {self.timeout}", where="timeout", hint="Try 60.")
        if self.temperature is not None and not 0 <= self.temperature <= 2:
            raise UsageError(f"expected 0 to 2, got {self.temperature}", where="temperature", hint="Try 0, or None.")
        if not 0 <= self.retries <= 10:
            raise UsageError(f"expected 0 to 10 retries, got {self.retries}", where="retries", hint="Try 3.")

    def read(self, document: Document) -> Reading:
        """Read a document, all of it or not at all.

        Parameters
        ----------
        document : Document

        Returns
        -------
        Reading
            Every quote and every phrase is an exact stretch of ``document.text``; the notes say how many answers were
            dropped, and why. Confidence is 0.5 throughout: nothing says how often such an answer is right.

        Raises
        ------
        DataError
            If the server does not answer, or not with what it was asked for.
        UsageError
            If the key in the environment cannot be sent.
        """
        key = key_of(self.key_env)
        server = Server(self.url, self.timeout, self.retries, self.sleep)
        by = f"{self.model} at {urlsplit(self.url).netloc}"
        check = Check(document, [(each.start, each.end) for each in sentences(document.text)], by)
        for asked in groups(check.sentences):
            content = server.ask(self._question(check, asked), key)
            check.take(_answer(content, self.url, key), asked)
        events = sorted(check.events, key=lambda each: (each.start, each.end))
        claims = sorted(check.claims, key=lambda each: (each.start, each.end))
        notes = (*document.notes, f"Read by {by}.", *filter(None, [check.note()]))
        return Reading(document, tuple(identify(events)), tuple(claims), notes)

    def _question(self, check: Check, asked: range) -> dict[str, Any]:
        document = check.document

        def words(number: int) -> str:
            return document.text[slice(*check.sentences[number])]

        material = {
            "date": document.date.isoformat() if document.date else None,
            "title": document.title or None,
            "before": [words(number) for number in range(max(0, asked.start - BEFORE), asked.start)],
            "sentences": [{"number": number, "text": words(number)} for number in asked],
        }
        messages = [
            {"role": "system", "content": SYSTEM},
            {"role": "user", "content": json.dumps(material, ensure_ascii=False)},
        ]
        question = {"model": self.model, "messages": messages, "response_format": RESPONSE_FORMAT, "stream": False}
        return question if self.temperature is None else {**question, "temperature": self.temperature}


def groups(stretches: Sequence[Stretch]) -> Iterator[range]:
    """Numbers of the sentences that are asked about at once: each in one group, in order.

    Parameters
    ----------
    stretches : sequence of (int, int)
        Where each sentence begins and ends.
    """
    first = 0
    for number, (_, end) in enumerate(stretches):
        if number > first and (number - first == GROUP or end - stretches[first][0] > GROUP_CHARACTERS):
            yield range(first, number)
            first = number
    if first < len(stretches):
        yield range(first, len(stretches))


def _answer(content: bytes, url: str, key: str) -> dict[str, list[Any]]:
    """Lists of events and claims, their items still to be checked."""
    text = _text(_json(content, url, "JSON from the server"), content, url, key)
    read = _json(text, url, "JSON from the model")
    lists = isinstance(read, dict) and all(isinstance(value, list) for value in read.values())
    if not lists or set(read) != {"events", "claims"}:
        got = said(text.encode("utf-8", "replace"), key)
        raise DataError(f"expected an object with the lists events and claims, got {got}", where=url, hint=_HINT)
    count = sum(map(len, read.values()))
    if count > MOST_ITEMS:
        expected = f"expected at most {MOST_ITEMS} events and claims in one answer"
        raise DataError(f"{expected}, got {count}", where=url, hint=_HINT)
    found: dict[str, list[Any]] = read
    return found


def _text(envelope: Any, content: bytes, url: str, key: str) -> str:
    """What the model wrote."""
    choices = envelope.get("choices") if isinstance(envelope, dict) else None
    choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
    message = choice.get("message")
    message = message if isinstance(message, dict) else {}
    if choice.get("finish_reason") == "length":
        hint = "Nothing was kept. Let the server give longer answers (its limit of tokens), or use another model."
        raise DataError("expected a whole answer, got one that was cut off", where=url, hint=hint)
    if message.get("refusal"):
        hint = "Nothing was kept. Use another model for this article."
        raise DataError("expected an answer, got a refusal of the model", where=url, hint=hint)
    text = message.get("content")
    if not isinstance(text, str):
        raise DataError(f"expected a chat completion with a text, got {said(content, key)}", where=url, hint=_HINT)
    return text


def _json(text: bytes | str, url: str, expected: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f" at line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        got = f"broken JSON{place}" if text.strip() else "an empty answer"
        raise DataError(f"expected {expected}, got {got}", where=url, hint=_HINT) from None
