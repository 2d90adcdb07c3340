"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no failure: what counts is the property, not how fast an example was. CI tries the same examples each
# time, so that what fails there was changed there; everywhere else new ones are looked for.
settings.register_profile("multipolar", deadline=None, max_examples=40, derandomize=bool(os.environ.get("CI")))
settings.load_profile("multipolar")

ROOT = Path(__file__).resolve().parents[1]


def find_shared() -> Path | None:
    """The folder of shared data sets: named by MULTIPOLAR_SHARED, or beside the checkout."""
    named = os.environ.get("MULTIPOLAR_SHARED")
    candidates = [Path(named)] if named else [ROOT.parent / "shared"]
    return next((path for path in candidates if (path / "data" / "README.md").is_file()), None)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared folder, or a skip that says what is missing."""
    path = find_shared()
    if path is None:
        if os.environ.get("CI") and (ROOT.parent / "shared").exists():
            pytest.fail("CI has ../shared, yet ../shared/data/README.md is missing")
        pytest.skip("needs the shared data sets: put them at ../shared or name the folder in MULTIPOLAR_SHARED")
    return path


@pytest.fixture(scope="session")
def shared_data(shared: Path) -> Path:
    """The publishers' files."""
    return shared / "data"
