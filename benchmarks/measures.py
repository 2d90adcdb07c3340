"""How long every measure for every state, pair and set and year since 1946 takes, and how much memory.

``python benchmarks/measures.py`` prints one line of JSON: ``all_measures_s`` and ``all_measures_cpu_s`` (wall and processor
seconds of `measures.table` and of `measures.stage_table`), ``all_measures_mb`` (peak resident memory of the fresh process
that did it, with the ties that it estimated first), ``all_measures_rows`` (rows of all tables), ``ties_s`` and ``ties_mb``
(opening the record and estimating the ties of all pairs since 1946, which comes before and is not counted, and the peak
until then), and the seconds of each table, the first of which reads the ties of every month for the other tables, too;
null where the shared data is absent. The record, of the publishers' files, is made in a temporary folder before the clock
starts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

#: Source -> folder of its file in the shared data.
FOLDERS = {
    "unga": "unga_rollcalls_1946_2024",
    "atop": "atop_alliances",
    "mid-gml": "conflicts_mid_ucdp",
    "sanctions": "sanctions_g7_eu_1960_2021",
    "sipri-pairs": "sipri_tiv_pairs_1950_2021",
    "cow-trade": "trade_cow_dyadic_1870_2014",
    "cow-trade-national": "cow_trade_state_year",
    "nmc": "cow_capabilities",
    "fdi": "bilateral_fdi_eia",
    "china-visits": "china_leader_visits",
}
SINCE = 1946
FIGURES = (
    "all_measures_s", "all_measures_cpu_s", "all_measures_mb", "all_measures_rows", "ties_s", "ties_mb", "isolation_s",
    "dependence_s", "hedging_s", "cohesion_s", "stage_s",
)  # fmt: skip


def measure(data: Path) -> dict[str, Any]:
    """Make the record, then all measures in a process of its own.

    Parameters
    ----------
    data : Path
        Folder of the shared data sets.

    Returns
    -------
    dict
        What the module's docstring lists.
    """
    from multipolar import sources
    from multipolar.record import Record

    with TemporaryDirectory() as folder:
        record = Record.create(Path(folder) / "record")
        for name, place in FOLDERS.items():
            record.ingest(sources.read(name, data / place).noted())
        record.reindex()
        del record
        done = subprocess.run(
            [sys.executable, __file__, "_measures", folder], stdout=subprocess.PIPE, check=True, text=True
        )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _peak() -> int:
    import resource

    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _measures(folder: Path) -> None:
    import multipolar
    from multipolar import measures
    from multipolar.measures import tables

    start = time.perf_counter()
    world = multipolar.open(folder / "record", since=str(SINCE))
    ties, view = world.ties, world.view
    estimated = {"ties_s": round(time.perf_counter() - start, 1), "ties_mb": _peak()}
    months, read = tables.year_months(ties, SINCE), tables.Months(ties)
    years = {"since": months[0].year, "until": months[-1].year}
    made = {
        "isolation_s": lambda: tables.isolation_table(read, view, months),
        "dependence_s": lambda: tables.dependence_table(view, **years),
        "hedging_s": lambda: tables.hedging_table(read, months),
        "cohesion_s": lambda: tables.cohesion_table(read, view, months),
        "stage_s": lambda: measures.stage_table(view, **years),
    }
    seconds, rows, processor = {}, 0, time.process_time()
    for name, make in made.items():
        began = time.perf_counter()
        rows += make().height
        seconds[name] = round(time.perf_counter() - began, 2)
    total = {"all_measures_s": round(sum(seconds.values()), 1)}
    total |= {"all_measures_cpu_s": round(time.process_time() - processor, 1)}
    total |= {"all_measures_mb": _peak(), "all_measures_rows": rows}
    print(json.dumps(total | estimated | seconds))


def main() -> None:
    """Measure, and print one line of JSON."""
    shared = Path(os.environ.get("MULTIPOLAR_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
    print(json.dumps(measure(shared) if (shared / "README.md").is_file() else dict.fromkeys(FIGURES)))


if __name__ == "__main__":
    if sys.argv[1:2] == ["_measures"]:
        _measures(Path(sys.argv[2]))
    else:
        main()
