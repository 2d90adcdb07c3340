"""Killing a process that ingests loses no batch that it acknowledged (`MULTIPOLAR_KILLS` times, 5 by default)."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "ingest.py"


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_ingest", BENCHMARK)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_kill_9() -> None:
    kills = int(os.environ.get("MULTIPOLAR_KILLS", "5"))
    result = load().run_kills(kills, longest=0.4)
    assert result["kills"] == kills and result["batches_acknowledged"] >= kills
    assert result["batches_lost"] == 0


def test_the_count_sees_a_lost_batch(tmp_path: Path) -> None:
    benchmark = load()
    votes = tmp_path / "votes.parquet"
    benchmark._synthetic().head(360).write_parquet(votes)
    benchmark._worker(str(votes), str(tmp_path / "record"))
    assert benchmark.count_lost(tmp_path / "record", votes, ["nothing"]) == 1
