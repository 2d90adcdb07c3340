"""Accuracy and macro-F1 of a network in training on a table of marked sentences (``marked_sentence``, ``gold_root``)."""

from __future__ import annotations

import collections
import csv
from pathlib import Path

import torch
from sentences import TYPES, Sentence

from multipolar.reading.encoding import encode, tokens
from multipolar.reading.evaluate import MERGED, macro_f1, marked


def typing(net: torch.nn.Module, table: Path) -> dict[str, float]:
    """Score the best type of each row, NONE left out."""
    from train import Pair, batch

    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    said, truth = [], []
    for k in range(0, len(rows), 32):
        some = rows[k : k + 32]
        chosen = []
        for row in some:
            text, source, target = marked(row["marked_sentence"])
            chosen.append(Pair(encode(tokens(text), source, target), 0, 0, 0, 0, 0, 0, None))
        with torch.no_grad():
            best = net(**batch(chosen))[0][:, 1:].argmax(1).tolist()
        said += [MERGED.get(TYPES[label], TYPES[label]) for label in best]
        truth += [MERGED.get(row["gold_root"], row["gold_root"]) for row in some]
    right = sum(a == b for a, b in zip(said, truth, strict=True))
    return {"accuracy": round(right / len(rows), 3), "macro_f1": round(macro_f1(truth, said), 3)}


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
