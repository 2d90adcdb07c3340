"""Builders of small publishers' files, and the real files parsed once a session."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from multipolar import sources
from multipolar.sources import Parsed

Write = Callable[..., Path]

#: Folder of each source's file in the shared data.
FOLDERS = {
    "unga": "unga_rollcalls_1946_2024",
    "unga-ukraine": "ukraine_votes",
    "atop": "atop_alliances",
    "mid-gml": "conflicts_mid_ucdp",
    "mid-cow": "conflicts_mid_ucdp",
    "sipri": "sipri_trade_register_1995_2024",
    "sipri-deals": "sipri_trade_register_1950_2024",
    "sanctions": "sanctions_g7_eu_1960_2021",
}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write lines to a file, packed if its name ends in .gz; `cut` drops bytes at the end."""

    def build(name: str, lines: Iterable[str], *, encoding: str = "utf-8", cut: int = 0) -> Path:
        data = "".join(f"{line}\n" for line in lines).encode(encoding)
        data = gzip.compress(data) if name.endswith(".gz") else data
        path = tmp_path / name
        path.write_bytes(data[: len(data) - cut])
        return path

    return build


@pytest.fixture(scope="session")
def real(shared_data: Path) -> Callable[[str], Parsed]:
    """A real file, parsed with its checks; each at most once."""
    done: dict[str, Parsed] = {}

    def parsed(name: str) -> Parsed:
        if name not in done:
            done[name] = sources.read(name.removesuffix("-deals"), shared_data / FOLDERS[name])
        return done[name]

    return parsed
