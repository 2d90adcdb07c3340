"""The table and the chart of how intervals hold, from the measurement that is stored with the package.

``python benchmarks/ties_core.py --store`` measures and stores; ``python -m multipolar.brief.calibration_page docs`` writes the
tables of ``calibration.md`` and draws ``img/calibration.png``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

BEGIN: Final = "<!-- calibration: written by `python -m multipolar.brief.calibration_page docs` -->"
END: Final = "<!-- /calibration -->"
_LEVELS: Final = (50, 80, 90, 95)


def stored() -> dict[str, list[dict[str, Any]]]:
    """The measurement that is stored: rows for hidden ``cells`` and ``blocks``."""
    text = (files("multipolar.ties") / "data" / "calibration.json").read_text(encoding="utf-8")
    found: dict[str, list[dict[str, Any]]] = json.loads(text)
    return found


def tables(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """The measurement as Markdown."""
    cells, blocks = found["cells"], found["blocks"]
    return "\n\n".join([
        f"A random tenth of the cells of all pairs 1946–2023 hidden, {cells[0]['cells']:,} of them, and predicted from the rest:",
        _table(_some(cells, "measured", both=False)),
        "The same by what the model says itself, with the half-widths of a normal distribution:",
        _table(_some(cells, "normal", both=False)),
        f"All cells of an indicator of a pair hidden, for a tenth of these ({blocks[0]['cells']:,} cells), and predicted "
        "from the pair's other indicators, with the half-widths of a normal distribution:",
        _table(_some(blocks, "normal", both=False)),
        "By indicator and decade (a random tenth hidden; share inside the 90 % interval, and how many cells):",
        _grid(_some(cells, "measured", both=True)),
    ])  # fmt: skip


def updated(page: str, found: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """The page with its tables made anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables(found)}\n\n{END}{after}"


def _some(rows: Sequence[Mapping[str, Any]], widths: str, *, both: bool) -> list[Mapping[str, Any]]:
    """Rows of one kind of widths: by indicator and decade, or by neither or one of the two."""
    mine = [row for row in rows if row["widths"] == widths]
    return [row for row in mine if (row["indicator"] is not None and row["decade"] is not None) is both]


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    lines = ["| | cells | 50 % | 80 % | 90 % | 95 % |", "|---|---|---|---|---|---|"]
    for row in rows:
        name = row["indicator"] or (f"{row['decade']}s" if row["decade"] else "all")
        shares = " | ".join(f"{row[f'inside_{level}']:.1%}" for level in _LEVELS)
        lines.append(f"| {name} | {row['cells']:,} | {shares} |")
    return "\n".join(lines)


def _grid(rows: Sequence[Mapping[str, Any]]) -> str:
    decades = sorted({row["decade"] for row in rows})
    cell = {(row["indicator"], row["decade"]): f"{row['inside_90']:.0%} ({row['cells']:,})" for row in rows}
    names = dict.fromkeys(row["indicator"] for row in rows)
    lines = ["| | " + " | ".join(f"{decade}s" for decade in decades) + " |", "|---" * (len(decades) + 1) + "|"]
    lines += [f"| {name} | " + " | ".join(cell.get((name, decade), "") for decade in decades) + " |" for name in names]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Write the page, and draw the chart, in the folder of the manual."""
    from multipolar.brief.calibration import calibration_chart

    folder = Path(arguments[0])
    page = folder / "calibration.md"
    page.write_text(updated(page.read_text(encoding="utf-8"), stored()), encoding="utf-8")
    calibration_chart(stored()["cells"], folder / "img" / "calibration.png")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
