"""The episodes on the publishers' files: ``docs/episodes.md`` says what was decided first.

``python benchmarks/ties_episodes.py`` prints one line of JSON: ``episodes``; for ties and for distances (``distance_``)
``right``, ``clear`` and ``gain`` of the linear forecast with the estimated and the structural pull, all episodes together;
``seconds`` and ``cpu_s`` (wall and processor, of the backtest alone) and ``peak_mb``; null where the shared data is absent.
``--store`` also stores the result with the package, from which ``python -m multipolar.backtests.episodes_page docs`` makes the
tables of the page. The record is made in a temporary folder, or kept in the one of ``--record``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

#: Source -> folder of its file in the shared data.
FOLDERS = {
    "atop": "atop_alliances",
    "mid-gml": "conflicts_mid_ucdp",
    "unga": "unga_rollcalls_1946_2024",
    "sanctions": "sanctions_g7_eu_1960_2021",
    "sipri": "sipri_trade_register_1950_2024",
    "cow-trade": "trade_cow_dyadic_1870_2014",
    "nmc": "cow_capabilities",
}
WANTED = ("estimated, linear", "structural, linear")
NOTHING = dict.fromkeys(
    (
        "episodes",
        *(f"{end}{name.split(',')[0]}_{what}" for end in ("", "distance_") for name in WANTED
          for what in ("right", "clear", "gain")),
        "seconds", "cpu_s", "peak_mb",
    )
)  # fmt: skip


def measure(data: Path, folder: Path, *, store: bool) -> dict[str, Any]:
    """Make the record, unless it is there, then run the backtest.

    Parameters
    ----------
    data : Path
        Folder of the shared data sets.
    folder : Path
        Of the record.
    store : bool
        Whether to store the result with the package.
    """
    from multipolar import sources
    from multipolar.backtests import episodes, episodes_page
    from multipolar.record import Record

    def step(done: int, total: int, what: str) -> None:
        print(what, file=sys.stderr, flush=True)

    there = (folder / "record.json").is_file()
    record = Record.open(folder) if there else Record.create(folder)
    for name, place in {} if there else FOLDERS.items():
        record.ingest(sources.read(name, data / place).noted())
    view = record.view()
    start, begun = time.perf_counter(), time.process_time()
    found = episodes(view, progress=step)
    seconds, cpu = time.perf_counter() - start, time.process_time() - begun
    if store:
        episodes_page.STORED.write_text(episodes_page.plain(found), encoding="utf-8")
    told: dict[str, Any] = {"episodes": found.given.height}
    for row in episodes_page.together(found):
        if row["forecast"] in WANTED:
            head = f"{'' if row['what'] == 'tie' else 'distance_'}{row['forecast'].split(',')[0]}"
            gain = row["gain"]
            told |= {f"{head}_right": row["right"], f"{head}_clear": row["clear"]}
            told[f"{head}_gain"] = None if gain is None else round(gain, 4)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return told | {"seconds": round(seconds, 1), "cpu_s": round(cpu, 1), "peak_mb": round(peak)}


def main() -> None:
    """Measure, and print one line of JSON."""
    asked = argparse.ArgumentParser(description="Ties of others, predicted from the change of one.")
    asked.add_argument("--store", action="store_true", help="store the result with the package")
    asked.add_argument("--record", type=Path, help="keep the record here, and use the one that is there")
    options = asked.parse_args()
    shared = Path(os.environ.get("MULTIPOLAR_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
    if not (shared / "README.md").is_file():
        print(json.dumps(NOTHING))
        return
    with TemporaryDirectory() as temporary:
        folder = options.record or Path(temporary) / "record"
        print(json.dumps(measure(shared, folder, store=options.store)))


if __name__ == "__main__":
    main()
