"""Fixtures of the dossier's tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from dossier_tiny import Write, write_tiny

from multipolar import dossier
from multipolar.record import Batch


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the tiny dossier; the argument replaces the lines of some files."""

    def write(changes: Mapping[str, list[str]] | None = None) -> Path:
        return write_tiny(tmp_path / "tiny", changes)

    return write


@pytest.fixture(scope="session")
def embedded() -> Batch:
    """The dossier that the package ships."""
    return dossier.load()
