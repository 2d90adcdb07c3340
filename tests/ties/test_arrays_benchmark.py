"""The benchmark of the smoother runs, and its accuracy figures meet their targets."""

from __future__ import annotations

import importlib.util
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "benchmarks" / "smoother.py"


def test_a_small_run_gives_every_figure():
    spec = importlib.util.spec_from_file_location("benchmarks_smoother", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    figures = module.run(n_pairs=40, rounds=1, others=1, offsets=1)
    assert figures["smoother_offsets_error"] < 1e-8
    assert figures["smoother_offsets_s"] > 0
    assert figures["smoother_error"] < 1e-8
    assert figures["statsmodels_error"] < 1e-8
    assert figures["attribution_error"] < 1e-10
    assert figures["smoother_s"] > 0
    assert figures["smoother_ratio"] > 1
    assert figures["smoother_observations"] > 0.08 * 40 * module.MONTHS * module.INDICATORS
