"""Rows broken at random are refused with their place, or are read as what they say; nothing else happens."""

from __future__ import annotations

from pathlib import Path

import pytest
from dossier_tiny import TINY, write_tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from multipolar import dossier
from multipolar.dossier.forms import FILES
from multipolar.errors import DataError

JUNK = st.one_of(
    st.sampled_from(
        ["", " ", "USA", "ZZZ", "2024-06-19", "2099-01-01", "1816", "-1", "1e9", "nan", "defence", "yes", "\t", "#"]
    ),
    st.text(max_size=12),
)


@st.composite
def broken(draw: st.DrawFn) -> tuple[str, list[str]]:
    """One file of the tiny dossier with one cell, or the parting of its cells, changed."""
    word = draw(st.sampled_from(sorted(TINY)))
    lines = [line.split("\t") for line in TINY[word]]
    cells = draw(st.sampled_from(lines))
    place = draw(st.integers(0, len(cells) - 1))
    match draw(st.sampled_from(["replace", "drop", "add", "swap"])):
        case "replace":
            cells[place] = draw(JUNK)
        case "drop":
            del cells[place]
        case "add":
            cells.insert(place, draw(JUNK))
        case _:
            other = draw(st.integers(0, len(cells) - 1))
            cells[place], cells[other] = cells[other], cells[place]
    return word, ["\t".join(line) for line in lines]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("broken")


@settings(max_examples=150, deadline=None)
@given(change=broken())
def test_a_broken_row_is_refused_in_its_place_or_read(folder: Path, change: tuple[str, list[str]]) -> None:
    word, lines = change
    try:
        batch = dossier.load(write_tiny(folder, {word: lines}))
    except DataError as error:
        file, _, place = error.where.partition(":")
        assert file.removesuffix(".tsv") in FILES
        assert place == "" or place.split(":")[0].isdigit()
        assert "expected" in error.message
        return
    assert all(frame["source"].is_in([source.key for source in batch.sources]).all() for frame in batch.frames.values())
    assert sum(frame.height for frame in batch.frames.values()) <= 12
