"""Read every file of the shared data sets by its source, and account for every row.

``python benchmarks/inventory.py [PAGE]`` prints a JSON line and, with a page, writes the table between its marks.
`inventory.tsv` says which source reads a file, or why none does.
"""

from __future__ import annotations

import csv
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from multipolar import sources
from multipolar.errors import MultipolarError

HERE = Path(__file__).parent
BEGIN, END = "<!-- accounts -->", "<!-- /accounts -->"


@dataclass
class Account:
    """What became of one file."""

    path: str
    source: str
    reason: str
    rows: int = 0
    used: int = 0
    statements: int = 0
    left_out: str = ""
    seconds: float = 0.0

    @property
    def read(self) -> bool:
        """Whether a source reads it."""
        return bool(self.source)


def shared() -> Path:
    """The folder of the shared data sets."""
    named = os.environ.get("MULTIPOLAR_SHARED")
    folder = Path(named) if named else HERE.parent.parent / "shared"
    return folder / "data"


def listed(data: Path) -> list[str]:
    """The data files, without the notes beside them."""
    with (data / "FILES.csv").open(newline="", encoding="utf-8") as file:
        names = [row["path"] for row in csv.DictReader(file)]
    return [name for name in names if not name.endswith(("SOURCE.md", "README_upstream.md"))]


def inventory() -> dict[str, dict[str, str]]:
    """Path -> source, the file through which it is read, reason."""
    with (HERE / "inventory.tsv").open(newline="", encoding="utf-8") as file:
        return {row["path"]: row for row in csv.DictReader(file, delimiter="\t")}


def accounts(data: Path) -> Iterator[Account]:
    """One account a file, in the order of the list; several sources of one file are added up."""
    known = inventory()
    for name in listed(data):
        row = known.get(name)
        if row is None:
            yield Account(name, "", "not in the inventory")
        elif not row["source"]:
            yield Account(name, "", row["reason"])
        else:
            yield _read(data, name, row)


def _read(data: Path, name: str, row: dict[str, str]) -> Account:
    if row["read"] and row["read"] != name:
        return Account(name, row["source"], f"read with {row['read'].split('/')[-1]}")
    made = Account(name, row["source"], "")
    start = time.perf_counter()
    for source in row["source"].split():
        try:
            parsed = sources.read(source, data / name)
        except MultipolarError as error:
            return Account(name, "", f"refused: {error.message}")
        assert parsed.rows == parsed.used + sum(item.rows for item in parsed.left_out)
        made.rows, made.used = made.rows + parsed.rows, made.used + parsed.used
        made.statements += sum(frame.height for frame in parsed.frames.values())
        made.left_out = "; ".join(filter(None, [made.left_out, *(f"{i.rows:,} {i.reason}" for i in parsed.left_out)]))
    made.seconds = time.perf_counter() - start
    return made


def table(found: list[Account]) -> str:
    """The accounts as a Markdown table."""
    lines = ["| file | source | rows | used | statements | left out |", "|---|---|---|---|---|---|"]
    for one in found:
        if one.rows:
            cells = (f"`{one.source}`", f"{one.rows:,}", f"{one.used:,}", f"{one.statements:,}", one.left_out or "–")
        else:
            cells = (f"`{one.source}`" if one.source else "–", "", "", "", one.reason)
        lines.append(f"| `{one.path}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Print the totals; with a page, write the table into it."""
    found = list(accounts(shared()))
    if arguments:
        page = Path(arguments[0])
        before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
        page.write_text(f"{before}{BEGIN}\n{table(found)}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    for one in found:
        if not one.read:
            print(f"{one.path}: {one.reason}", file=sys.stderr)
    totals = {
        "files_ingested": sum(one.read for one in found),
        "files_total": len(found),
        "rows": sum(one.rows for one in found),
        "statements": sum(one.statements for one in found),
        "seconds": round(sum(one.seconds for one in found), 1),
    }
    print(json.dumps(totals))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
