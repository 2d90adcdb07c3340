"""Measure the reading of articles: scores on coded sets, what each part contributes, and speed; the last line is JSON.

    python benchmarks/reading.py [FOLDER of coded sets] [FOLDER of articles]

Without arguments the shared sets of ``../shared/reading`` are scored, where they are. The figures of docs/reading.md are these.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import fields
from importlib import import_module
from pathlib import Path

from multipolar.reading.model import Document
from multipolar.reading.parts import ALL, Parts
from multipolar.reading.reader import read

SHARED = Path(__file__).resolve().parents[2] / "shared"


def main() -> None:
    """Print a table and one line of JSON."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED / "reading"
    articles = Path(sys.argv[2]) if len(sys.argv) > 2 else folder.parent / "articles"
    evaluate = import_module("multipolar.reading.evaluate").evaluate
    whole = figures(evaluate(folder, articles=articles, parts=ALL))
    for name, value in whole.items():
        print(f"{name:60} {value}")
    print("\nwithout a part: what changes")
    ablation = {}
    for part in fields(Parts):
        without = figures(evaluate(folder, articles=articles, parts=Parts(**{part.name: False})))
        ablation[part.name] = {
            name: round(value - whole[name], 3) for name, value in without.items() if value != whole[name]
        }
        print(f"{part.name:10} {ablation[part.name]}")
    print(json.dumps({"figures": whole, "without": ablation, **speed(articles)}))


def figures(rows: list[dict[str, object]]) -> dict[str, float]:
    """One figure a name."""
    return {f"{row['set']}: {row['measure']}": float(str(row["value"])) for row in rows}


def speed(articles: Path) -> dict[str, float]:
    """Sentences a second from end to end, the model loaded, on news sentences and on articles; and the most memory."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(articles.glob("*.txt"))]
    news = [
        json.loads(line)["sentence"]
        for line in (SHARED / "reading" / "cameo_consensus_sample_a.jsonl").open(encoding="utf-8")
    ]
    out = {}
    for name, documents in (
        ("news", [" ".join(news[k : k + 10]) for k in range(0, len(news), 10)]),
        ("articles", texts),
    ):
        read(Document("warm", "Norway met Peru."))
        count = sum(len(sentences_of(text)) for text in documents)
        began = time.perf_counter()
        for number, text in enumerate(documents):
            read(Document(str(number), text))
        out[f"{name}_sentences_s"] = round(count / (time.perf_counter() - began), 1)
    out["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return out


def sentences_of(text: str) -> list[object]:
    """The sentences of a text."""
    from multipolar.reading.sentences import sentences

    return list(sentences(text))


if __name__ == "__main__":
    main()
