"""A small record in a folder, and a way to run commands in this process."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from samples import batch as small_batch
from samples import statement
from simulated import STATES, simulated

from multipolar import world
from multipolar.cli import main
from multipolar.record import FORMS, Batch, Record
from multipolar.world import World


@dataclass
class Result:
    status: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of an answer in JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def table(self) -> list[dict[str, str]]:
        """The rows of an answer in CSV."""
        return list(csv.DictReader(io.StringIO(self.out)))


Run = Callable[..., Result]


def _more() -> Batch:
    """Capability and trade, which the simulated world lacks."""
    first, last, known = date(2008, 1, 1), date(2008, 12, 31), date(2009, 6, 1)
    spell = {"valid_to": last, "known_from": known}
    traits = [statement(a, None, "cinc", first, value=0.02 * n, **spell) for n, a in enumerate(STATES, start=1)]
    traits += [statement("PRK", None, kind, first, value=5e8, **spell) for kind in ("exports_total", "imports_total")]
    flows = [
        statement("PRK", "CHN", "exports", first, value=3e8, text="=1+1", **spell),
        statement("CHN", "PRK", "exports", first, value=4e8, **spell),
    ]
    return small_batch(trait=traits, flow=flows)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of seven states, 2000 to 2009. Not to be changed: copy it first."""
    path = tmp_path_factory.mktemp("cli") / "record"
    made = Record.create(path)
    view = simulated().view()
    frames = {form: view.statements(form).drop("known_to") for form in FORMS}
    made.ingest(Batch(frames, tuple(view.sources().values()), view.coverage(), "simulated"))
    made.ingest(_more())
    made.reindex()
    return path


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in this process: status, stdout, stderr."""
    monkeypatch.delenv("MULTIPOLAR_TRACEBACK", raising=False)

    def run_main(*words: object) -> Result:
        capfd.readouterr()
        status = main([str(word) for word in words])
        return Result(status, *capfd.readouterr())

    return run_main


@pytest.fixture(scope="session")
def opened() -> Callable[..., World]:
    """`multipolar.open`, each world made once: its estimates are kept."""
    return cache(world.open)


@pytest.fixture
def ask(run: Run, folder: Path, opened: Callable[..., World], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same, put to the small record."""
    monkeypatch.setattr(world, "open", opened)

    def ask_record(*words: object, format: str = "json") -> Result:
        return run(*words, "--record", folder, "--format", format)

    return ask_record
