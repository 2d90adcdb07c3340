"""The benchmark of pairs reads the publisher's files, prints one line of JSON and says what it lacks."""

from __future__ import annotations

import csv
import gzip
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "votes_pairs.py"


@pytest.fixture
def small(tmp_path):
    """Twelve states in sessions 44 to 47, in the columns of the publisher."""
    rng = np.random.default_rng(0)
    calls, votes = [("rcid", "session", "date")], [("rcid", "country", "vote")]
    at = rng.normal(0, 1, 12)
    for rcid in range(80):
        calls.append((rcid, f"{44 + rcid // 20}.0", f"{1989 + rcid // 20}-10-0{1 + rcid % 9}"))
        cut = rng.normal()
        votes += [(f"{rcid}.0", f"State {n}", "yes" if at[n] + rng.normal(0, 0.2) < cut else "no") for n in range(12)]
    for name, rows in (("un_roll_calls", calls), ("un_votes", votes)):
        with gzip.open(tmp_path / f"{name}.csv.gz", "wt", newline="") as file:
            csv.writer(file).writerows(rows)
    return tmp_path


def run(folder):
    command = [sys.executable, str(BENCHMARK), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_one_line_of_json(small):
    done = run(small)
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    told = json.loads(line)
    assert list(told) == ["similarity_s", "agreement_mae", "agreement_logloss"]
    assert 0 < told["agreement_mae"] < 0.5 and 0 < told["agreement_logloss"] < 1
    assert "264 pairs and sessions" in done.stderr, "66 pairs in each of four sessions"
    assert "forecasts of 2 sessions" in done.stderr and "132 pairs" in done.stderr


def test_without_the_files(tmp_path):
    done = run(tmp_path)
    assert done.returncode == 1 and done.stdout == ""
    assert "un_votes.csv.gz" in done.stderr and str(tmp_path) in done.stderr
