"""How well the reader reads: its answers against hand-coded ones, by the rules under which such sets are scored.

Events match a coded row if their sentences overlap, one coded pair is found (in any order where it is reciprocal) and the type is
the coded one or one that the coder allows. Recall counts the rows that a coder called core; precision counts matches with
any row; a trap is a row that must not be told as something that happened. Claims match by relation, subject, object and
direction. Types are compared with the classes merged that codings do not keep apart (CONCEDE and RETREAT are YIELD).
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from multipolar.errors import DataError
from multipolar.reading.model import Document
from multipolar.reading.parts import ALL, Parts

Row = dict[str, Any]
#: Classes that the codings merge.
MERGED: Final = {
    "CONCEDE": "YIELD", "RETREAT": "YIELD", "DEMAND": "REQUEST", "FIGHT": "ASSAULT", "DISAPPROVE": "ACCUSE",
    "INVESTIGATE": "ACCUSE",
}  # fmt: skip


def evaluate(folder: Path, *, articles: Path | None = None, parts: Parts = ALL) -> list[Row]:
    """Score the reader on every coded set in a folder.

    Parameters
    ----------
    folder : Path
        With any of ``plv*.tsv`` (marked sentences with a type), ``cameo_consensus*.jsonl`` (sentences that coders found
        irrelevant), ``actor_resolution*.jsonl`` (phrases with a country), ``article_*_events.jsonl`` and
        ``article_*_claims.jsonl``.
    articles : Path, optional
        Folder of the articles that the last two name; by default ``articles`` beside `folder`.
    parts : Parts
        What of the reader is switched on.

    Returns
    -------
    list of dict
        One row a figure: set, n, measure, value.

    Raises
    ------
    DataError
        If the folder has none of these, or a file is not in its format.
    """
    texts = articles or folder.parent / "articles"
    found: list[Row] = []
    for pattern, score in _SETS.items():
        for path in sorted(folder.glob(pattern)):
            found += [{"set": path.stem, **row} for row in _scored(path, score, texts, parts)]
    if not found:
        raise DataError.bad_file(
            folder, f"a folder with one of {', '.join(_SETS)}", "none of these", hint="See docs/reading.md, Evaluation."
        )
    return found


def typing(path: Path, texts: Path, parts: Parts) -> list[Row]:
    """Accuracy and macro-F1 of the type of marked pairs."""
    from multipolar.reading.typing import type_of

    said, truth = [], []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            text, source, target = marked(row["marked_sentence"])
            best = next(iter(type_of(text, source, target, parts=parts)))
            said.append(MERGED.get(best, best))
            truth.append(MERGED.get(row["gold_root"], row["gold_root"]))
    right = sum(a == b for a, b in zip(said, truth, strict=True))
    return [
        _row("typing", len(truth), "accuracy", right / len(truth)),
        _row("typing", len(truth), "macro F1", macro_f1(truth, said)),
    ]


def false_alarms(path: Path, texts: Path, parts: Parts) -> list[Row]:
    """Share of sentences that coders found irrelevant in which an event is read."""
    rows = [row for row in _lines(path) if row["majority_plover"] is None]
    read = _reader()
    alarms = sum(bool(read(Document(row["id"], row["sentence"]), parts).events) for row in rows)
    return [_row("irrelevant sentences", len(rows), "false alarms", alarms / len(rows))]


def actors(path: Path, texts: Path, parts: Parts) -> list[Row]:
    """Share of phrases resolved to the country coded."""
    from multipolar.reading.names.who import actor_of

    rows = [row for row in _lines(path) if row["expected"].get("country")]
    right = sum(actor_of(row["text"], _day(row)).country == row["expected"]["country"] for row in rows)
    return [_row("actor phrases", len(rows), "country right", right / len(rows))]


def article(path: Path, texts: Path, parts: Parts) -> list[Row]:
    """Events or claims of one coded article."""
    gold = _lines(path)
    file = texts / gold[0]["file"]
    if not file.is_file():
        raise DataError.bad_file(
            file, "the article that the coded rows are of", "no file", hint="Name its folder with `--articles`."
        )
    reading = _reader()(
        Document(gold[0]["doc_id"], file.read_text(encoding="utf-8"), date.fromisoformat(gold[0]["doc_date"])), parts
    )
    if "claims" in path.stem:
        return claims(gold, [each.plain() for each in reading.claims])
    return events(gold, [each.plain() for each in reading.events])


def events(gold: Sequence[Row], said: Sequence[Row]) -> list[Row]:
    """Recall of core events, precision, traps told as events, and dates that the text gives."""
    hit: set[int] = set()
    used: set[int] = set()
    traps = dated = right = 0
    for number, row in enumerate(gold):
        kinds = {row["type"], *(row.get("alt_types") or [])}
        for place, each in enumerate(said):
            if not _overlap(row, each) or each["type"] not in kinds or not same_pair(row, each):
                continue
            if row["tier"] == "trap":
                if not set(each["aux"]) & set(row.get("aux") or []):
                    traps += 1
                    break
                used.add(place)
                continue
            if place in used and row["tier"] != "core":
                continue
            hit.add(number)
            used.add(place)
            if str((row["date"] or {}).get("basis") or "").startswith("text"):
                dated += 1
                right += each["date"]["from"] == row["date"]["from"]
            break
    core = {number for number, row in enumerate(gold) if row["tier"] == "core"}
    return [
        _row("events", len(core), "recall of core", len(hit & core) / (len(core) or 1)),
        _row("events", len(said), "precision", len(used) / (len(said) or 1)),
        _row("events", sum(row["tier"] == "trap" for row in gold), "traps fired", traps),
        _row("events", dated, "dates right", right / (dated or 1)),
    ]


def claims(gold: Sequence[Row], said: Sequence[Row]) -> list[Row]:
    """Recall of core claims, by relation, by relation and actors, and with the direction; and precision of the last."""
    core = {number for number, row in enumerate(gold) if row["tier"] == "core"}
    cue: set[int] = set()
    triple: set[int] = set()
    full: set[int] = set()
    used: set[int] = set()
    for number, row in enumerate(gold):
        for place, each in enumerate(said):
            if not _overlap(row, each) or each["relation"] != row["relation"]:
                continue
            cue.add(number)
            there = codes(row["object"])
            if codes(row["subject"]) & codes(each["subject"]) and (not there or there & codes(each["object"])):
                triple.add(number)
                if each["direction"] == (row["direction"] or "none"):
                    full.add(number)
                    used.add(place)
    n = len(core) or 1
    return [
        _row("claims", len(core), "recall, relation", len(cue & core) / n),
        _row("claims", len(core), "recall, with actors", len(triple & core) / n),
        _row("claims", len(core), "recall, with direction", len(full & core) / n),
        _row("claims", len(said), "precision", len(used) / (len(said) or 1)),
    ]


def same_pair(gold: Row, said: Row) -> bool:
    """Whether one coded pair was found; either way round where one of the two is reciprocal."""
    g, p = _pairs(gold), _pairs(said)
    if not g:
        return bool(codes(gold["actors"]) & codes(said["actors"]))
    if gold.get("reciprocal"):
        p = {frozenset(pair) for pair in p}
    elif said.get("reciprocal"):
        g = {frozenset(pair) for pair in g}
    return bool(g & p)


def codes(side: Iterable[Row] | None) -> set[str]:
    """The codes of one side."""
    return {who["code"] for who in side or () if who.get("code")}


def macro_f1(truth: Sequence[str], said: Sequence[str]) -> float:
    """Mean over the coded classes of the harmonic mean of precision and recall."""
    there, found = Counter(truth), Counter(said)
    both = Counter(a for a, b in zip(truth, said, strict=True) if a == b)
    return sum(2 * both[name] / (there[name] + found[name]) for name in there) / len(there)


def marked(sentence: str) -> tuple[str, tuple[int, int], tuple[int, int]]:
    """A sentence with ``<s>source</s>`` and ``<t>target</t>`` in it → its text and the two spans, the first of each."""
    text = ""
    spans: dict[str, tuple[int, int]] = {}
    begun: dict[str, int] = {}
    rest = sentence
    while rest:
        at = min(
            (place for mark in ("<s>", "</s>", "<t>", "</t>") if (place := rest.find(mark)) >= 0), default=len(rest)
        )
        text, rest = text + rest[:at], rest[at:]
        if rest:
            mark, rest = rest[: rest.index(">") + 1], rest[rest.index(">") + 1 :]
            if mark.startswith("</"):
                spans.setdefault(mark[2], (begun.get(mark[2], 0), len(text)))
            else:
                begun.setdefault(mark[1], len(text))
    whole = (0, max(1, len(text)))
    return text, _trimmed(text, spans.get("s", whole)), _trimmed(text, spans.get("t", whole))


def _trimmed(text: str, span: tuple[int, int]) -> tuple[int, int]:
    start, end = span
    while end > start + 1 and text[end - 1] == " ":
        end -= 1
    return start, max(end, start + 1)


def _pairs(row: Row) -> set[Any]:
    a, b = codes(row.get("actors")), codes(row.get("recipients"))
    if row.get("reciprocal") or not b:
        everyone = a | b
        return {frozenset((x, y)) for x in everyone for y in everyone if x != y}
    return {(x, y) for x in a for y in b if x != y}


def _overlap(gold: Row, said: Row) -> bool:
    return bool(
        gold["doc_id"] == said["doc_id"] and gold["sent_start"] < said["end"] and said["start"] < gold["sent_end"]
    )


def _day(row: Row) -> str | None:
    given = row.get("kwargs", {}).get("query_date") or next(
        (arg for arg in row.get("args", [])[1:2] if arg[:4].isdigit()), None
    )
    return str(given) if given else None


def _lines(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _scored(path: Path, score: Callable[[Path, Path, Parts], list[Row]], texts: Path, parts: Parts) -> list[Row]:
    try:
        return score(path, texts, parts)
    except (KeyError, ValueError, IndexError) as error:
        raise DataError.bad_file(
            path, "rows of a coded set", f"{type(error).__name__} {error}", hint="See docs/reading.md, Evaluation."
        ) from error


def _reader() -> Callable[[Document, Parts], Any]:
    from multipolar.reading.reader import read

    return read


def _row(task: str, n: int, measure: str, value: float) -> Row:
    return {"task": task, "n": n, "measure": measure, "value": round(value, 3)}


_SETS: Final[dict[str, Callable[[Path, Path, Parts], list[Row]]]] = {
    "plv*.tsv": typing,
    "cameo_consensus*.jsonl": false_alarms,
    "actor_resolution*.jsonl": actors,
    "article_*_events.jsonl": article,
    "article_*_claims.jsonl": article,
}
