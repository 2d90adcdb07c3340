"""The data sets there are, in the order in which readers meet them: an explicit list."""

from __future__ import annotations

from typing import Final

from multipolar.errors import UsageError
from multipolar.sources.model import DataSource
from multipolar.sources.publishers import atop, mid, sanctions, sipri, ukraine, unga

SOURCES: Final[tuple[DataSource, ...]] = (
    unga.SOURCE,
    ukraine.SOURCE,
    atop.SOURCE,
    mid.SOURCE_GML,
    mid.SOURCE_COW,
    sipri.SOURCE,
    sanctions.SOURCE,
)


def get(name: str) -> DataSource:
    """The source of a name.

    Raises
    ------
    UsageError
        If there is none; the hint names close ones.
    """
    known = {source.name: source for source in SOURCES}
    if name not in known:
        raise UsageError.unknown("source", name, known)
    return known[name]
