"""The pre-registered test of third parties on the publishers' files: ``docs/third_parties.md`` says what was decided first.

``python benchmarks/ties_third.py`` prints one line of JSON: ``beta`` and ``eta`` of all years together (each estimate, low
and high; ``eta`` null where it is refused), ``by_era`` with the same of each era and whether it passes, ``passes``,
``seconds`` and ``cpu_s`` (wall and processor, of the test alone) and ``peak_mb``; null where the shared data is absent.
``--store`` also stores the result with the package, from which ``python -m multipolar.ties.third_page docs`` makes the
tables of the page.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

#: Source -> folder of its file in the shared data.
FOLDERS = {
    "atop": "atop_alliances",
    "mid-gml": "conflicts_mid_ucdp",
    "mid-cow": "conflicts_mid_ucdp",
    "nmc": "cow_capabilities",
    "cow-contiguity": "cow_state_system",
}
NOTHING = dict.fromkeys(("beta", "eta", "by_era", "passes", "seconds", "cpu_s", "peak_mb"))


def measure(data: Path, *, store: bool) -> dict[str, Any]:
    """Make the record in a temporary folder, then run the test.

    Parameters
    ----------
    data : Path
        Folder of the shared data sets.
    store : bool
        Whether to store the result with the package.
    """
    from multipolar import sources
    from multipolar.record import Record
    from multipolar.ties import third, third_data, third_page

    def step(done: int, total: int, what: str) -> None:
        print(what, file=sys.stderr, flush=True)

    with TemporaryDirectory() as folder:
        record = Record.create(Path(folder) / "record")
        for name, place in FOLDERS.items():
            record.ingest(sources.read(name, data / place).noted())
        view = record.view()
        files = {name: sources.locate(name, data / FOLDERS[name]) for name in ("mid-gml", "mid-cow")}
        start, begun = time.perf_counter(), time.process_time()
        found = third.third_parties(view, files["mid-gml"], progress=step)
        other = third_data.history(view, files["mid-cow"])
        what = "Correlates of War MID 5.0"
        found = replace(found, others=(*found.others, *(third.estimate(other, era, what=what) for era in third.ERAS)))
        seconds, cpu = time.perf_counter() - start, time.process_time() - begun
    if store:
        third_page.STORED.write_text(third_page.plain(found), encoding="utf-8")
    whole = next(each for each in found.others if each.era == third.WHOLE)
    by_era = {
        trial.pull.era: {"beta": trial.pull.beta, "eta": trial.pull.eta, "passes": trial.passes}
        for trial in found.trials
    }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "beta": whole.beta,
        "eta": whole.eta,
        "by_era": by_era,
        "passes": found.passes,
        "seconds": round(seconds, 1),
        "cpu_s": round(cpu, 1),
        "peak_mb": round(peak),
    }


def main(arguments: list[str]) -> None:
    """Measure, and print one line of JSON."""
    shared = Path(os.environ.get("MULTIPOLAR_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
    there = (shared / "README.md").is_file()
    print(json.dumps(measure(shared, store="--store" in arguments) if there else NOTHING))


if __name__ == "__main__":
    main(sys.argv[1:])
