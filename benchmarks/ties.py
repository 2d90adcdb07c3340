"""The figures of the ties: ``make bench-ties``; the last line is JSON, what is behind it goes to stderr.

Every part runs in a process of its own: estimation, speed and calibration (``ties_core.py``), ties as known at the end of each
year (``ties_known.py``) and forecasts with and without them beside what analysts use now (``ties_skill.py``), third parties
(``ties_third.py``), episodes (``ties_episodes.py``).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from sources import measured

#: Figures of the last line, in order; a part gives what it has.
WANTED = (
    "fit_s", "smooth_s", "smooth_ratio", "news_ratio", "explain_ms", "update_s", "scaling", "coverage", "coverage_worst",
    "coverage_blocks", "agreement_mae", "agreement_mae_baseline", "mid_auc", "mid_auc_baseline", "mid_skill",
    "mid_skill_baseline", "pact_auc", "pact_auc_baseline", "pact_skill", "pact_skill_baseline", "beta", "eta",
    "third_parties_pass",
)  # fmt: skip


def main(arguments: list[str]) -> int:
    """Measure everything; ``--store`` keeps what the manual shows."""
    with TemporaryDirectory() as folder:
        ties = str(Path(folder) / "ties.parquet")
        parts = [
            measured("ties_core.py", arguments),
            measured("ties_known.py", ["--out", ties]),
            measured("ties_skill.py", ["--ties", ties] if Path(ties).exists() else []),
            measured("ties_third.py", arguments),
            measured("ties_episodes.py", arguments),
        ]
    found = {figure: value for part in parts for figure, value in part.items()}
    found["third_parties_pass"] = found.get("passes")
    print(json.dumps({name: found.get(name) for name in WANTED}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
