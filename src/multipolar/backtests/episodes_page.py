"""The result of the episodes: stored with the package, and shown in the manual.

``python benchmarks/ties_episodes.py --store`` stores a new result, and ``python -m multipolar.backtests.episodes_page docs``
writes the tables of ``episodes.md`` from it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from multipolar.backtests.episodes import Episodes
from multipolar.backtests.episodes_known import FORECASTS
from multipolar.backtests.episodes_scores import PERSISTENCE

STORED: Final = Path(__file__).parent / "data" / "episodes.json"
BEGIN: Final = "<!-- episodes: written by `python -m multipolar.backtests.episodes_page docs` -->"
END: Final = "<!-- /episodes -->"
#: Figures: what a change of each is, for readers.
TITLES: Final = {"tie": "Ties", "distance": "Distances between positions in the UN General Assembly"}
_FRAMES: Final = ("given", "targets", "scores")

Row = Mapping[str, Any]


def stored() -> Episodes:
    """The result that is stored with the package, without its cells."""
    found = json.loads(STORED.read_text(encoding="utf-8"))
    given, targets, scores = (pl.DataFrame(found[name], infer_schema_length=None) for name in _FRAMES)
    return Episodes(given, targets, scores, tuple(found["notes"]))


def plain(found: Episodes) -> str:
    """A result as JSON, without its cells; numbers to six significant digits, the same on machines that add in another order."""
    told = {name: _rounded(getattr(found, name).to_dicts()) for name in _FRAMES}
    lines = (f"{json.dumps(name)}: [\n{_lines(told[name])}\n]" for name in told)
    return f"{{{', '.join(lines)}, {json.dumps('notes')}: {json.dumps(found.notes)}}}\n"


def _lines(rows: Iterable[Row]) -> str:
    return ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


def _rounded(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def short(value: Any) -> Any:
        return float(f"{value:.6g}") if isinstance(value, float) else value

    return [{name: short(value) for name, value in row.items()} for row in rows]


def together(found: Episodes) -> list[dict[str, Any]]:
    """All episodes at once, one row a figure and forecast: signs added up, gains averaged over targets."""
    counts = ("scored", "clear", "right", "wrong", "no_call")
    rows = []
    for (what, forecast), part in found.scores.group_by("what", "forecast", maintain_order=True):
        told = part.filter(pl.col("gain").is_not_null())
        total = int(told["scored"].sum())
        gain = float((told["gain"] * told["scored"]).sum()) / total if total else None
        better = int((told["gain"] > 0).sum())
        sums = {name: int(told[name].sum()) for name in counts}
        rows.append(
            {"what": what, "forecast": forecast, "episodes": told.height, **sums, "gain": gain, "better": better}
        )
    return rows


def tables(found: Episodes) -> str:
    """A result as Markdown: what is given, all episodes together, each of them, and every target."""
    parts = ["### Given", _given(found.given.to_dicts()), "### All episodes together", _together(together(found))]
    for what, title in TITLES.items():
        mine = found.scores.filter(what=what).to_dicts()
        parts += [f"### {title}", _scores(mine), _targets(found.targets.filter(what=what).to_dicts())]
    return "\n\n".join(parts + [f"- {note}" for note in found.notes])


def updated(page: str, found: Episodes) -> str:
    """The page with its tables made anew.

    Raises
    ------
    ValueError
        If the page has not the two marks.
    """
    before, _, rest = page.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not ended:
        raise ValueError(f"expected a page with the marks {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{tables(found)}\n\n{END}{after}"


def _given(rows: Iterable[Row]) -> str:
    head = ("episode", "shock", "tie before", "its change", "years", "β", "θ", "era of β", "sd of a tie's change",
            "sd of a distance's", "slope", "states", "of the world's capability", "placebo dates")  # fmt: skip
    lines = [
        (
            row["episode"], f"{row['a']}-{row['b']}", signed(row["tie_before"], 2), change(row, "change"), str(row["years"]),
            signed(row["beta"], 4), signed(row["theta"], 4), row["era"], _number(row["spread"]),
            _number(row["spread_distance"]), signed(row["slope"], 2), str(row["states"]), f"{row['capability']:.0%}",
            str(row["dates"]),
        )
        for row in rows
    ]  # fmt: skip
    return _table(head, lines)


def _together(rows: Iterable[Row]) -> str:
    head = (
        "of",
        "forecast",
        "episodes",
        "targets",
        "clear",
        "right",
        "wrong",
        "no call",
        "gain",
        "episodes with a gain",
    )
    lines = [
        (
            row["what"], row["forecast"], *(str(row[name]) for name in ("episodes", "scored")), *signs(row),
            signed(row["gain"], 4), "" if row["forecast"] == PERSISTENCE else str(row["better"]),
        )
        for row in rows
    ]  # fmt: skip
    return _table(head, lines)


def _scores(rows: Iterable[Row]) -> str:
    head = ("episode", "forecast", "targets", "clear", "right", "wrong", "no call", "CRPS", "gain", "gain of shuffled", "p",
            "gain at placebo dates", "p", "dates")  # fmt: skip
    lines = [
        (
            row["episode"], row["forecast"], str(row["scored"]), *signs(row), _number(row["crps"], 3), signed(row["gain"], 4),
            signed(row["shuffled_gain"], 4), share(row["shuffled_p"], row["shuffled_count"]), signed(row["placebo_gain"], 4),
            share(row["placebo_p"], row["placebo_count"]), str(row["placebo_count"]),
        )
        for row in rows
    ]  # fmt: skip
    return _table(head, lines)


def _targets(rows: Iterable[Row]) -> str:
    head = ("episode", "pair", "change", "clear", *FORECASTS, "")
    lines = [
        (
            row["episode"], f"{row['a']}-{row['b']}", change(row, "observed"), clear(row),
            *(signed(row[name], 3) for name in FORECASTS), row["reason"] or "",
        )
        for row in rows
    ]  # fmt: skip
    return _table(head, lines)


def signs(row: Row) -> tuple[str, ...]:
    """Clear changes, and how often their sign was right, wrong or not called."""
    return tuple(str(row[name]) for name in ("clear", "right", "wrong", "no_call"))


def clear(row: Row) -> str:
    """Whether a change is clear, in words."""
    return {True: "yes", False: "no clear change", None: "–"}[row["clear"]]


def change(row: Row, name: str) -> str:
    """A change with its standard deviation."""
    return "–" if row[name] is None else f"{row[name]:+.2f} ± {row['sd']:.2f}"


def signed(value: float | None, digits: int) -> str:
    """A number with its sign; a dash where there is none."""
    if value is None:
        return "–"
    text = f"{value:+.{digits}f}"
    return text[1:] if not float(text) else text


def share(p: float | None, count: int) -> str:
    """The share of shuffles or dates with at least the gain; of none of them, that it is less than one."""
    return f"< {1 / count:.3f}" if p == 0.0 else _number(p)


def _number(value: float | None, digits: int = 2) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = tuple(head)
    return "\n".join(f"| {' | '.join(line)} |" for line in (names, ("---",) * len(names), *rows))


def main(arguments: list[str]) -> int:
    """Bring the page up to date."""
    page = Path(arguments[0] if arguments else "docs") / "episodes.md"
    page.write_text(updated(page.read_text(encoding="utf-8"), stored()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
