"""Accuracy and macro-F1 of a network in training on a table of marked sentences (``marked_sentence``, ``gold_root``)."""

from __future__ import annotations

import collections
import csv
import re
from pathlib import Path

import torch
from sentences import TYPES, Sentence

from multipolar.reading.encoding import Encoded, encode, tokens

MERGED = {
    "CONCEDE": "YIELD", "RETREAT": "YIELD", "DEMAND": "REQUEST", "FIGHT": "ASSAULT", "DISAPPROVE": "ACCUSE",
    "INVESTIGATE": "ACCUSE",
}  # fmt: skip


def typing(net: torch.nn.Module, table: Path) -> dict[str, float]:
    """Score the best type of each row, NONE left out."""
    from train import Pair, batch

    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    hits, said, truth, right = 0, collections.Counter(), collections.Counter(), collections.Counter()
    for k in range(0, len(rows), 32):
        chosen = [Pair(marked(row["marked_sentence"]), 0, 0, 0, 0, 0, 0, None) for row in rows[k : k + 32]]
        with torch.no_grad():
            best = net(**batch(chosen))[0][:, 1:].argmax(1).tolist()
        for row, label in zip(rows[k : k + 32], best, strict=True):
            p, g = (MERGED.get(name, name) for name in (TYPES[label], row["gold_root"]))
            hits += p == g
            said[p] += 1
            truth[g] += 1
            right[g] += p == g
    f1 = {label: 2 * right[label] / ((said[label] + truth[label]) or 1) for label in truth}
    return {"accuracy": round(hits / len(rows), 3), "macro_f1": round(sum(f1.values()) / len(f1), 3)} | {
        k: round(v, 2) for k, v in sorted(f1.items())
    }


def marked(sentence: str) -> Encoded:
    """Encode a sentence with ``<s>source</s>`` and ``<t>target</t>`` in it."""
    text, spans, open_at = "", {}, {}
    for part in re.split(r"(</?[st]>)", sentence):
        if part in ("<s>", "<t>"):
            open_at.setdefault(part[1], len(text))
        elif part in ("</s>", "</t>"):
            spans.setdefault(part[2], (open_at.get(part[2], 0), len(text)))
        else:
            text += part
    return encode(tokens(text), spans.get("s", (0, 1)), spans.get("t"))


def held(net: torch.nn.Module, sentences: list[Sentence]) -> dict[str, float]:
    """Precision and recall of events (with type) and claims (with relation) on the sentences kept back."""
    from train import HEADS, batch, pairs

    chosen = [either[0] for each in sentences for either in pairs(each)]
    count: collections.Counter[object] = collections.Counter()
    for k in range(0, len(chosen), 32):
        some = chosen[k : k + 32]
        with torch.no_grad():
            out = dict(zip(HEADS, net(**batch(some)), strict=True))
        for head in ("type", "back_type", "relation", "back_relation"):
            name = "event" if "type" in head else "claim"
            for share, pair in zip(torch.softmax(out[head], 1), some, strict=True):
                truth = getattr(pair, head)
                found = bool(share[0] < 0.5)
                if truth >= 0:
                    count[name, "said"] += found
                    count[name, "true"] += truth > 0
                    count[name, "pair"] += found and truth > 0
                    count[name, "full"] += found and truth > 0 and int(share[1:].argmax()) + 1 == truth
        for row, pair in enumerate(some):
            if pair.direction >= 0:
                count["claims"] += 1
                count["direction"] += int(out["direction"][row].argmax()) == pair.direction
    out = {}
    for name in ("event", "claim"):
        said, true = count[name, "said"] or 1, count[name, "true"] or 1
        for what in ("pair", "full"):
            out[f"{name}_{what}_f1"] = round(2 * count[name, what] / (said + true), 3)
        out[f"{name}_precision"] = round(count[name, "pair"] / said, 3)
    return out | {"direction": round(count["direction"] / (count["claims"] or 1), 3)}
