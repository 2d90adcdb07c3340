"""The figures of the votes room: ``make bench-votes``; the last line is JSON, what is behind it goes to stderr.

Two threads. ``--quick`` leaves out the replication of Bailey, Strezhnev & Voeten (2017), which takes most of the time.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
#: The figures of the last line, in order.
WANTED = (
    "bsv_r", "bsv_sd_ratio", "bsv_s", "bsv_nvotes_equal", "default_s", "default_within_r", "heldout_logloss",
    "coverage_90", "similarity_s", "agreement_mae", "agreement_logloss",
)  # fmt: skip


def measured(name: str, *arguments: str) -> dict[str, Any]:
    """The JSON of a part's last line."""
    print(f"== {name} {' '.join(arguments)}", file=sys.stderr, flush=True)
    command = [sys.executable, str(HERE / name), *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    print(json.dumps(found), file=sys.stderr, flush=True)
    return found


def main(arguments: list[str]) -> int:
    """Measure everything."""
    parts = "default,heldout,coverage,update" + ("" if "--quick" in arguments else ",bsv")
    found = measured("votes_points.py", "--parts", parts) | measured("votes_pairs.py")
    print(json.dumps({name: found.get(name) for name in WANTED}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
