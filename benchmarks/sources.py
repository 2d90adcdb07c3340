"""The figures of the sources: ``make bench-sources``; the last line is JSON, what is behind it goes to stderr.

Every part runs in a process of its own, so that memory is that part's.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
#: Part -> the figures that it gives.
PARTS = {
    "inventory.py": ("files_ingested", "files_total"),
    "unga_agreement.py": ("unga_joint", "unga_agree"),
    "panel.py": ("panel_s", "panel_mb", "panel_rows"),
    "events.py": (
        "events_rows", "events_ratio", "events_mb", "events_s_per_million", "engines_equal", "export_ratio",
    ),
}  # fmt: skip


def measured(name: str, arguments: list[str]) -> dict[str, Any]:
    """The JSON of a part's last line."""
    print(f"== {name}", file=sys.stderr, flush=True)
    done = subprocess.run([sys.executable, str(HERE / name), *arguments], stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    print(json.dumps(found), file=sys.stderr, flush=True)
    return found


def main(arguments: list[str]) -> int:
    """Measure everything; arguments go to events.py (such as ``--sizes 1 3 10``)."""
    found: dict[str, Any] = {}
    for name, figures in PARTS.items():
        part = measured(name, arguments if name == "events.py" else [])
        found |= {figure: part[figure] for figure in figures} | {
            figure: value for figure, value in part.items() if figure.startswith("events_ratio")
        }
    found["unga_agree"] = found["unga_agree"] / found["unga_joint"] if found["unga_joint"] else None
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
