"""From an article to dated, sourced events and claims, each with the exact words that say so.

>>> from datetime import date
>>> from multipolar import reading
>>> found = reading.read_text("Norway accused Iceland of overfishing on Monday.", on=date(2024, 6, 21))  # doctest: +SKIP

Nothing that a text says is evidence that it is so: events are reported, claims are claimed. The parts load when they are
first asked for; importing this package imports nothing heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

# Functions that share their names with their modules: bound here, or a later import of the module would take the name.
from multipolar.reading.drafts import drafts
from multipolar.reading.evaluate import evaluate

if TYPE_CHECKING:
    from multipolar.reading.documents import load
    from multipolar.reading.model import Assertion, Document, Event, Reading, When, Who
    from multipolar.reading.names.who import actor_of
    from multipolar.reading.reader import read, read_text
    from multipolar.reading.typing import type_of

__all__ = [
    "Assertion",
    "Document",
    "Event",
    "Reading",
    "When",
    "Who",
    "actor_of",
    "drafts",
    "evaluate",
    "load",
    "read",
    "read_text",
    "type_of",
]

_LAZY = {
    "actor_of": "multipolar.reading.names.who",
    "load": "multipolar.reading.documents",
    "read": "multipolar.reading.reader",
    "read_text": "multipolar.reading.reader",
    "type_of": "multipolar.reading.typing",
} | dict.fromkeys(("Assertion", "Document", "Event", "Reading", "When", "Who"), "multipolar.reading.model")


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'multipolar.reading' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_LAZY[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
