"""The list of columns in the manual, made from `COLUMNS`: ``python -m multipolar.panels.page docs/panels.md``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from multipolar.panels.catalogue import COLUMNS
from multipolar.panels.model import Column

BEGIN: Final = "<!-- columns -->"
END: Final = "<!-- /columns -->"
_SIDES: Final = {
    "pair": "the pair",
    "owed": "what a owes b",
    "directed": "from a to b",
    "state": "a state, for both",
    "timeless": "the pair, at any time",
}


def table() -> str:
    """All columns as a Markdown table."""
    lines = [
        "| column | what it is | unit | of | a cell is | sources, the first before the others |",
        "|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *map(_row, COLUMNS)])


def _row(column: Column) -> str:
    sources = ", ".join(f"`{key}`" for key in column.prefer) or "any"
    cells = (f"`{column.name}`", column.label, column.unit, _SIDES[column.sides], column.meaning, sources)
    return f"| {' | '.join(cells)} |"


def filled(page: str) -> str:
    """The text of the page with the table as it is now."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    path = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/panels.md")
    path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
