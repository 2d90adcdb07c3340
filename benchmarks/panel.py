"""How long a panel of all pairs of states and years takes, and how much memory.

``python benchmarks/panel.py`` prints one line of JSON: ``panel_s`` and ``panel_mb`` (wall seconds and peak resident memory
of a fresh process that opens the record and makes all state-pair-years from 1816 to 2023 with ten columns, codebook
included), ``panel_rows``, ``panel_columns`` and ``panel_write_s`` (the same panel as Parquet); null where the shared data
is absent. The record, of the publishers' files, is made in a temporary folder before the clock starts.
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
    "atop": "atop_alliances",
    "mid-gml": "conflicts_mid_ucdp",
    "sanctions": "sanctions_g7_eu_1960_2021",
    "unga": "unga_rollcalls_1946_2024",
    "sipri": "sipri_trade_register_1995_2024",
    "igo": "cow_igo_v3_memberships",
    "nmc": "cow_capabilities",
    "cow-contiguity": "cow_state_system",
}
COLUMNS = (
    "alliance", "defence", "joint_igos", "sanctions", "dispute", "dispute_onset", "arms", "votes_agreement", "contiguity",
    "cinc",
)  # fmt: skip


def measure(data: Path) -> dict[str, Any]:
    """Make the record, then the panel in a process of its own.

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
            [sys.executable, __file__, "_panel", folder], stdout=subprocess.PIPE, check=True, text=True
        )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _panel(folder: Path) -> None:
    import resource

    start = time.perf_counter()
    import multipolar

    world = multipolar.open(folder / "record")
    panel = world.panel(since=1816, until=2023, columns=COLUMNS)
    rows, columns = panel.frame.shape
    entries = len(panel.codebook.entries)
    made = time.perf_counter()
    panel.write(folder / "panel.parquet")
    written = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert columns == entries + 3
    print(
        json.dumps(
            {
                "panel_s": round(made - start, 2),
                "panel_mb": round(peak),
                "panel_rows": rows,
                "panel_columns": len(COLUMNS),
                "panel_write_s": round(written - made, 2),
            }
        )
    )


def main() -> None:
    """Measure, and print one line of JSON."""
    shared = Path(os.environ.get("MULTIPOLAR_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
    nothing = dict.fromkeys(("panel_s", "panel_mb", "panel_rows", "panel_columns", "panel_write_s"))
    print(json.dumps(measure(shared) if (shared / "README.md").is_file() else nothing))


if __name__ == "__main__":
    if sys.argv[1:2] == ["_panel"]:
        _panel(Path(sys.argv[2]))
    else:
        main()
