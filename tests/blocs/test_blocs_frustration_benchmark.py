"""The benchmark of frustration: its plain model is a second oracle, on networks too large to try all camps."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from multipolar.blocs.arrays.frustration import frustration

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "blocs_frustration.py"


@pytest.fixture(scope="module")
def benchmark():
    spec = importlib.util.spec_from_file_location("blocs_frustration", BENCHMARK)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("n", "kept"), [(18, 0.5), (30, 0.25), (45, 0.12)])
@pytest.mark.parametrize("whole", [True, False], ids=["whole", "real"])
def test_the_plain_model_says_the_same(benchmark, n, kept, whole):
    made = np.random.default_rng(n)
    weights = made.integers(-2, 3, (n, n)).astype(float) if whole else made.normal(size=(n, n))
    upper = np.triu(weights * (made.random((n, n)) < kept), 1)
    found = frustration(upper + upper.T)
    assert found.proven
    assert found.index == pytest.approx(
        benchmark.plain(upper + upper.T)[0], rel=1e-4
    )  # as near as HiGHS goes by default


def test_dense_networks_are_as_described(benchmark):
    signs = benchmark.noisy(60, 2, 0.2)
    assert (signs == signs.T).all() and (np.abs(signs).sum(axis=1) == 59).all()
    assert frustration(signs).share == pytest.approx(0.2, abs=0.03)


def test_it_says_what_it_lacks(tmp_path):
    done = subprocess.run([sys.executable, str(BENCHMARK), str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "expected tables/doreian_mrvar_cow_signed.csv" in done.stderr


@pytest.mark.data
def test_votes_of_a_session_make_a_dense_network(benchmark, shared):
    if not (shared / "data" / "unvotes_dgrtwo" / "un_votes.csv.gz").is_file():
        pytest.skip("needs data/unvotes_dgrtwo of the shared folder")
    net = benchmark.assembly(shared, 74)
    assert len(net) == 193 and np.abs(net).max() <= 1 + 1e-9
    made = frustration(net)
    assert made.proven and 0 < made.share < 0.05
