"""The tables of the manual, from the file that the benchmark writes: ``python -m multipolar.backtests.page docs``."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from multipolar.backtests.catalogue import PUBLISHED
from multipolar.backtests.model import MODEL, WITH_TIE
from multipolar.backtests.runner import Backtest

BEGIN: Final = "<!-- figures -->"
END: Final = "<!-- /figures -->"
#: Where the benchmark writes its measurement, beside the folder of the manual.
MEASURED: Final = "benchmarks/ties_skill_measured.json"
SCORES: Final = {
    "auc": "AUC", "skill": "skill", "brier": "Brier", "average_precision": "average precision", "mae": "MAE", "crps": "CRPS",
}  # fmt: skip
#: Decimals of each score.
_DIGITS: Final = {"auc": 3, "skill": 3, "brier": 5, "average_precision": 3, "mae": 4, "crps": 4}
#: Scores whose gain over the field is shown.
_GAINS: Final = ("auc", "skill", "mae", "crps")

Measured = Mapping[str, Any]


def plain(test: Backtest) -> dict[str, Any]:
    """A backtest as JSON has it."""
    plan = test.design.plan
    return {
        "name": test.design.name, "title": test.design.title, "rows": test.rows, "events": test.events,
        "periods": test.periods, "first": plan.first, "last": plan.last, "field": test.design.field,
        "notes": list(test.design.notes), "figures": test.figures.to_dicts(),
    }  # fmt: skip


def text(measured: Iterable[Measured]) -> str:
    """A section for each design."""
    return "\n\n".join(_section(each) for each in measured)


def _section(each: Measured) -> str:
    events = f", {each['events']:,} events" if each["events"] else ""
    lines = [f"### {each['title']}", "", f"`{each['name']}`: {each['rows']:,} rows{events}, {each['periods']} periods; "
             f"gains are over “{each['field']}”."]  # fmt: skip
    lines += [*each["notes"], "", *_table(each)]
    bar = PUBLISHED.get(each["name"], {})
    if bar:
        told = ", ".join(f"{SCORES[score]} {number(score, value)}" for score, value in bar.items())
        lines += ["", f"Best published baseline on the same work: {told}."]
    if added := _added(each):
        lines += ["", added]
    return "\n".join(lines)


def _table(each: Measured) -> list[str]:
    scores = [score for score in SCORES if any(row["score"] == score for row in each["figures"])]
    heads = ["forecast", *(SCORES[score] for score in scores), *(f"gain in {SCORES[s]}" for s in scores if s in _GAINS)]
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    names = dict.fromkeys(row["forecast"] for row in each["figures"])
    told = {(row["forecast"], row["score"]): row for row in each["figures"]}
    for name in sorted(names, key=lambda name: name.startswith(MODEL)):
        cells = [_value(told[name, score]) for score in scores]
        cells += [gain(told[name, score]) for score in scores if score in _GAINS]
        label = f"**{name}**" if name.startswith(MODEL) else name
        lines.append(f"| {' | '.join([label, *cells])} |")
    return lines


def number(score: str, value: float | None) -> str:
    """A score as the manual writes it."""
    return "–" if value is None else _bare(f"{value:.{_DIGITS[score]}f}")


def _bare(text: str) -> str:
    """A number without the zero before its point."""
    return re.sub(r"^([+-]?)0\.", r"\1.", text)


def _value(row: Measured) -> str:
    value = number(row["score"], row["value"])
    if row["lo90"] is None:
        return value
    return f"{value} ({number(row['score'], row['lo90'])} to {number(row['score'], row['hi90'])})"


def gain(row: Measured, of: str = "gain") -> str:
    """How much better than the field (or, ``added``, than without the tie), with its interval; a dash for the field itself."""
    told = [row[key] for key in (of, f"{of}_lo90", f"{of}_hi90") if row[key] is not None]
    if not any(told):
        return "–"
    value, *ends = [_bare(f"{each:+.{_DIGITS[row['score']]}f}") for each in told]
    return f"{value} ({' to '.join(ends)})" if ends else value


def _added(each: Measured) -> str:
    """What the tie adds to the model, and whether it may be nothing."""
    rows = [row for row in each["figures"] if row["forecast"] == f"{MODEL}{WITH_TIE}" and row["score"] in _GAINS]
    if not rows:
        return ""
    told = ", ".join(f"{SCORES[row['score']]} {gain(row, 'added')}" for row in rows)
    sure = [row for row in rows if row["added_lo90"] > 0]
    worse = [row for row in rows if row["added_hi90"] < 0]
    verdict = "it adds" if len(sure) == len(rows) else "it takes away" if worse else "nothing that is sure"
    if sure and len(sure) < len(rows):
        verdict = f"sure in {' and '.join(SCORES[row['score']] for row in sure)} alone"
    return f"The tie adds to the model: {told}; {verdict}."


def filled(page: str, measured: Sequence[Measured]) -> str:
    """The text of the page with the figures as they were measured."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{text(measured)}\n\n{END}{rest.partition(END)[2]}"


def read(file: Path) -> list[dict[str, Any]]:
    """What the benchmark measured."""
    told: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return told


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    path = folder / "backtests.md"
    path.write_text(filled(path.read_text(encoding="utf-8"), read(folder.parent / MEASURED)), encoding="utf-8")
