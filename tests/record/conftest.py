"""The record under test, on both of its backends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from record_samples import TODAY

from multipolar.record import Record

BACKENDS = ("memory", "folder")


@pytest.fixture(params=BACKENDS)
def new_record(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Record]:
    """Makes empty records of one backend, as of a pinned day."""
    made = iter(range(1000))

    def make() -> Record:
        if request.param == "memory":
            return Record.memory(today=TODAY)
        return Record.create(tmp_path / f"record{next(made)}", today=TODAY)

    return make


@pytest.fixture
def record(new_record: Callable[[], Record]) -> Record:
    """An empty record."""
    return new_record()


@pytest.fixture
def folder(tmp_path: Path) -> Record:
    """An empty record in a folder."""
    return Record.create(tmp_path / "record", today=TODAY)
