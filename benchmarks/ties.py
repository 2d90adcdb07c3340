"""The figures of the ties: ``make bench-ties``; the last line is JSON, what is behind it goes to stderr.

Every part runs in a process of its own: estimation, speed and calibration (``ties_core.py``), forecasts beside what analysts use
now (``ties_skill.py``), third parties (``ties_third.py``), episodes (``ties_episodes.py``).
"""

from __future__ import annotations

import json
import sys

from sources import measured

#: Figures of the last line, in order; a part gives what it has.
WANTED = (
    "fit_s", "smooth_s", "smooth_ratio", "news_ratio", "explain_ms", "update_s", "scaling", "coverage", "coverage_worst",
    "coverage_blocks", "agreement_mae", "agreement_mae_baseline", "mid_auc", "mid_auc_baseline", "mid_skill",
    "mid_skill_baseline", "pact_auc", "pact_auc_baseline", "pact_skill", "pact_skill_baseline", "beta", "eta",
    "third_parties_pass",
)  # fmt: skip
PARTS = ("ties_core.py", "ties_skill.py", "ties_third.py", "ties_episodes.py")


def main(arguments: list[str]) -> int:
    """Measure everything; ``--store`` keeps what the manual shows."""
    found: dict[str, object] = {}
    for name in PARTS:
        part = measured(name, [] if name == "ties_skill.py" else arguments)
        found |= {"third_parties_pass" if figure == "passes" else figure: value for figure, value in part.items()}
    print(json.dumps({name: found.get(name) for name in WANTED}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
