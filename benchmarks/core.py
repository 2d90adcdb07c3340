"""The figures of the core, measured in one run: ``make bench-core`` ends with one line of JSON.

``brief_s``, ``brief_mb``
    Wall seconds and peak resident memory of ``multipolar brief RUS CHN PRK VNM`` on the dossier, in a fresh process after
    one that filled the compiler's cache.
``attribution_error``
    Largest difference between a tie of the dossier and the sum of what its statements carry, over `EXPLAINED` pairs.
``smoother_error``, ``statsmodels_error``, ``smoother_s``, ``smoother_ratio``
    See ``benchmarks/smoother.py``.
``ingest_unga_s``, ``ingest_unga_mb``, ``kills``, ``batches_lost``
    See ``benchmarks/ingest.py``; the first two are null where the shared data is absent.
``coverage_90``
    Share of held-out cells of the dossier inside their 90 % intervals: a random tenth, five times.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import ingest
import polars as pl
import smoother

import multipolar
from multipolar.ties import calibration, explain

EXPLAINED = 40
SHARED = Path(os.environ.get("MULTIPOLAR_SHARED", Path(__file__).resolve().parents[2] / "shared"))


def brief() -> dict[str, float]:
    """Time and memory of the default page, as a whole process."""
    with tempfile.TemporaryDirectory() as folder:
        page = str(Path(folder) / "page.html")
        runs = [_timed("brief", "RUS", "CHN", "PRK", "VNM", "--out", page, "--quiet") for _ in range(2)]
    return {"brief_s": round(runs[-1][0], 2), "brief_mb": round(runs[-1][1], 1)}


def _timed(*arguments: str) -> tuple[float, float]:
    """Wall seconds and peak resident megabytes of one command."""
    begin = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "multipolar", *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"the command ended with {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - begin, usage.ru_maxrss / 1024


def attribution_and_coverage() -> dict[str, float]:
    """The dossier's own figures."""
    world = multipolar.open()
    ties = world.ties
    months = ties.months
    worst = 0.0
    for a, b in ties.pairs.select("a", "b").rows()[:: max(1, ties.pairs.height // EXPLAINED)]:
        split = explain(ties, a, b, since=months[-25], until=months[-1])
        level = split.baseline + split.statements["level"].sum() - split.level
        change = split.statements["change"].sum() - split.change
        worst = max(worst, abs(level), abs(change))
    hidden = pl.concat([calibration.held_out(world.observed, share=0.1, seed=seed).frame for seed in range(5)])
    by = calibration.coverage(hidden, by=("indicator",))
    print(by, file=sys.stderr)
    inside = calibration.coverage(hidden)["inside_90"].item()
    return {"attribution_error": worst, "coverage_90": round(float(inside), 4)}


def main() -> None:
    """Measure everything and print one line."""
    present = (SHARED / "data").is_dir()
    figures: dict[str, object] = {}
    # Whole processes first: the peak memory of a child starts at what its parent held.
    figures |= brief()
    figures |= ingest.ingest_unga(SHARED) if present else {"ingest_unga_s": None, "ingest_unga_mb": None}
    figures |= ingest.run_kills(20, shared=SHARED if present else None)
    own = attribution_and_coverage()
    figures |= smoother.run()
    figures["attribution_error"] = max(own.pop("attribution_error"), float(str(figures["attribution_error"])))
    figures |= own
    wanted = (
        *("brief_s", "brief_mb", "attribution_error", "smoother_error", "statsmodels_error", "smoother_s"),
        *("smoother_ratio", "ingest_unga_s", "ingest_unga_mb", "kills", "batches_lost", "coverage_90"),
    )
    print(json.dumps(figures), file=sys.stderr)
    print(json.dumps({name: figures.get(name) for name in wanted}))


if __name__ == "__main__":
    main()
