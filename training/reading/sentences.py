"""The annotated sentences: read, checked, and turned into marked pairs.

One sentence a line, as ``[1:Peru] accused [2:Chile] of lying. || 1>2 ACCUSE:allege ## 1 trusts 2 down change``. README.md has
the format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from multipolar.reading.model import CLAIM_KINDS as KINDS
from multipolar.reading.model import DIRECTIONS, RELATIONS, TYPES

__all__ = ["DIRECTIONS", "FLAGS", "KINDS", "RELATIONS", "TYPES", "Sentence", "read", "read_all"]

FLAGS = ("hist", "fut", "hyp", "neg")

_ACTOR = re.compile(r"\[(\d+):([^\[\]]+)\]")
_EVENT = re.compile(r"(\d+)([>=])(\d+) ([A-Z]+)(?::([a-z-]+))?((?: (?:neg|hyp|fut|hist))*)")
_CLAIM = re.compile(r"(\d+) (\w+) (\d+) (up|down|steady|none) (state|change|forecast|intent|conditional)")


@dataclass(frozen=True)
class Act:
    """One event between two bracketed actors."""

    source: int
    target: int
    type: str
    mode: str | None
    flags: frozenset[str]


@dataclass(frozen=True)
class Said:
    """One claim about a bracketed actor, and another or none (0)."""

    subject: int
    relation: str
    object: int
    direction: str
    kind: str


@dataclass(frozen=True)
class Sentence:
    """A sentence without its brackets, the spans of its actors, and what was annotated."""

    text: str
    spans: dict[int, tuple[int, int]]
    acts: tuple[Act, ...]
    said: tuple[Said, ...]
    claims_annotated: bool
    where: str


def read(path: Path) -> list[Sentence]:
    """All sentences of one file.

    Raises
    ------
    ValueError
        With file and line, if a line is not in the format.
    """
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            found.append(_sentence(line.strip(), f"{path.name}:{number}", essays="essays" in path.name))
    return found


def read_all(folder: Path) -> list[Sentence]:
    """All sentences of a folder's ``*.txt``, in order."""
    return [sentence for path in sorted(folder.glob("*.txt")) for sentence in read(path)]


def _sentence(line: str, where: str, *, essays: bool) -> Sentence:
    marked, bar, rest = line.partition(" || ")
    if not bar:
        raise ValueError(f"{where}: expected ' || ' after the sentence, got {line[:80]!r}")
    acts, _, said = rest.partition(" ## ")
    text, spans = _unmark(marked, where)
    sentence = Sentence(text, spans, _acts(acts, where), _said(said, where), essays, where)
    for numbers in (
        [(act.source, act.target) for act in sentence.acts],
        [(s.subject, s.object) for s in sentence.said],
    ):
        for pair in numbers:
            if pair[0] == pair[1] or not {*pair} - {0} <= set(spans):
                raise ValueError(f"{where}: expected two different bracketed actors, got {pair}")
    return sentence


def _unmark(marked: str, where: str) -> tuple[str, dict[int, tuple[int, int]]]:
    text, spans, last = "", {}, 0
    for match in _ACTOR.finditer(marked):
        text += marked[last : match.start()]
        number = int(match[1])
        if number in spans or number == 0:
            raise ValueError(f"{where}: expected each number from 1 once, got {number} again")
        spans[number] = (len(text), len(text) + len(match[2]))
        text += match[2]
        last = match.end()
    text += marked[last:]
    if "[" in text or "]" in text or not spans:
        raise ValueError(f"{where}: expected actors as [1:name], never nested, got {marked[:80]!r}")
    return text, spans


def _acts(part: str, where: str) -> tuple[Act, ...]:
    found: list[Act] = []
    for item in [] if part.strip() == "none" else part.split(";"):
        match = _EVENT.fullmatch(item.strip())
        if not match or match[4] not in TYPES:
            raise ValueError(f"{where}: expected an event such as '1>2 ACCUSE:allege hist', got {item.strip()!r}")
        act = Act(int(match[1]), int(match[3]), match[4], match[5], frozenset(match[6].split()))
        found.append(act)
        if match[2] == "=":
            found.append(Act(act.target, act.source, act.type, act.mode, act.flags))
    return tuple(found)


def _said(part: str, where: str) -> tuple[Said, ...]:
    found: list[Said] = []
    for item in part.split(";") if part.strip() else []:
        match = _CLAIM.fullmatch(item.strip())
        if not match or match[2] not in RELATIONS:
            raise ValueError(f"{where}: expected a claim such as '1 depends_on 2 up change', got {item.strip()!r}")
        found.append(Said(int(match[1]), match[2], int(match[3]), match[4], match[5]))
    return tuple(found)
