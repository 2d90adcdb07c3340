"""The small world, estimated once, and the two sets in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from alliance_samples import EAST, WEST, made, written
from simulated import STATES

import multipolar
from multipolar import World
from multipolar.architectures import Architecture, load


@pytest.fixture(scope="session")
def world() -> World:
    return multipolar.open(made(), since="2000-01", actors=STATES)


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("sets")
    return written(folder, EAST, "east.toml"), written(folder, WEST, "west.toml")


@pytest.fixture(scope="session")
def east(files: tuple[Path, Path]) -> Architecture:
    return load(files[0])


@pytest.fixture(scope="session")
def west(files: tuple[Path, Path]) -> Architecture:
    return load(files[1])
