"""The figures of measures and blocs: ``make bench-blocs``; the last line is JSON, what is behind it goes to stderr.

Every part runs in a process of its own, so that memory is that part's.
"""

from __future__ import annotations

import json
import sys

from sources import measured

#: Part -> the figures that it gives to the last line.
PARTS = {
    "blocs_frustration.py": ("windows_proven", "window_s_max", "highs_ratio", "dense_gap", "dense_s", "communities_s"),
    "blocs_landscape.py": ("landscape_ms",),
    "measures.py": ("all_measures_s", "all_measures_mb"),
}


def main(arguments: list[str]) -> int:
    """Measure everything."""
    found: dict[str, object] = {}
    for name, figures in PARTS.items():
        part = measured(name, arguments)
        found |= {figure: part[figure] for figure in figures}
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
