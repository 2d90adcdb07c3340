"""The data sets there are, in the order in which readers meet them: an explicit list."""

from __future__ import annotations

from typing import Final

from multipolar.errors import UsageError
from multipolar.sources.model import DataSource
from multipolar.sources.publishers import (
    atop,
    baci,
    cow_geography,
    cow_trade,
    desta,
    eia,
    fdi,
    gdelt,
    gdelt_pairs,
    geodist,
    gsdb,
    icews,
    ideal_points,
    igo,
    imf,
    isard,
    itpd,
    leaders,
    mid,
    mid_months,
    nmc,
    nuclear,
    pew,
    polecat,
    polity,
    powers,
    regimes,
    rivalries,
    sanctions,
    sipri,
    sipri_pairs,
    ucdp,
    ukraine,
    undl,
    unga,
    unsc,
    unvotes,
    vdem,
    visits,
    wars,
)

SOURCES: Final[tuple[DataSource, ...]] = (
    unga.SOURCE,
    ukraine.SOURCE,
    undl.SOURCE_GA,
    undl.SOURCE_SC,
    undl.SOURCE_WIDE,
    unsc.SOURCE,
    unvotes.SOURCE,
    ideal_points.SOURCE,
    atop.SOURCE,
    igo.SOURCE,
    igo.SOURCE_COUNTS,
    desta.SOURCE,
    eia.SOURCE,
    nuclear.SOURCE_AGREEMENTS,
    nuclear.SOURCE_SITES,
    mid.SOURCE_GML,
    mid.SOURCE_COW,
    mid_months.SOURCE,
    ucdp.SOURCE,
    wars.SOURCE_INTER,
    wars.SOURCE_INTRA,
    rivalries.SOURCE_TSS,
    rivalries.SOURCE_TD,
    rivalries.SOURCE_RACES,
    powers.SOURCE_MAJORS,
    powers.SOURCE_MAOZ,
    cow_geography.SOURCE_CONTIGUITY,
    cow_geography.SOURCE_DISTANCE,
    geodist.SOURCE,
    sipri.SOURCE,
    sipri_pairs.SOURCE,
    cow_trade.SOURCE,
    cow_trade.SOURCE_NATIONAL,
    itpd.SOURCE,
    baci.SOURCE,
    imf.SOURCE,
    fdi.SOURCE,
    sanctions.SOURCE,
    gsdb.SOURCE,
    nmc.SOURCE,
    vdem.SOURCE,
    polity.SOURCE,
    regimes.LIED,
    regimes.FREEDOM,
    regimes.FREEDOM_SCORES,
    regimes.EIU,
    regimes.WGI,
    leaders.ARCHIGOS,
    leaders.REIGN,
    isard.DEMOCRACY_SOURCE,
    isard.ECONOMY_SOURCE,
    pew.SOURCE,
    visits.SOURCE,
    gdelt.SOURCE,
    gdelt_pairs.SOURCE,
    icews.SOURCE,
    polecat.SOURCE,
)


def get(name: str) -> DataSource:
    """The source of a name, in whatever case.

    Raises
    ------
    UsageError
        If there is none; the hint names close ones.
    """
    known = {source.name: source for source in SOURCES}
    found = known.get(name) or known.get(name.lower())
    if found is None:
        raise UsageError.unknown("source", name, known)
    return found
