"""Seconds for architectures on the embedded dossier: ``python benchmarks/architectures.py`` prints one line of JSON.

``ties_s``
    Estimating the ties of all pairs, which every answer rests on, once.
``month_s``
    All of the report on "eurasia" in the last month known, first asked.
``again_s``
    The same once memberships and ties of the record have been read: the median of five months.
``series_s``, ``series_months``
    Its figures month by month since 1992.
``compare_s``
    Six parallel systems side by side in one month.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date

import multipolar
from multipolar import architectures

PARALLEL = ("BRICS", "SCO", "ASEAN", "LAS", "AU", "MERCOSUR")


def timed(call: Callable[[], object]) -> tuple[float, object]:
    """Wall seconds of a call, and what it gave."""
    begin = time.perf_counter()
    found = call()
    return time.perf_counter() - begin, found


def main() -> int:
    """Measure and print."""
    world = multipolar.open()
    figures: dict[str, float] = {"ties_s": round(timed(lambda: world.ties)[0], 2)}
    figures["month_s"] = round(timed(lambda: world.architecture("eurasia"))[0], 3)
    months = [date(2025, month, 1) for month in (2, 4, 6, 8, 10)]
    figures["again_s"] = round(
        statistics.median(timed(lambda m=m: world.architecture("eurasia", m))[0] for m in months), 3
    )
    wanted = architectures.find("eurasia")
    seconds, frame = timed(lambda: architectures.series(world.ties, world.view, wanted, since=date(1992, 1, 1)))
    figures["series_s"], figures["series_months"] = round(seconds, 2), frame["month"].n_unique()  # type: ignore[index]
    figures["compare_s"] = round(timed(lambda: world.architectures(PARALLEL, "2025-06"))[0], 2)
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
