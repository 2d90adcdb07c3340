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
    "undl-2021": "un_digital_library_votes_2021",
    "unsc-vetoes": "unsc_vetoes",
    "unvotes": "unvotes_dgrtwo",
    "ideal-points": "unga_ideal_points",
    "atop": "atop_alliances",
    "igo": "cow_igo_v3_memberships",
    "igo-counts": "igo_counts",
    "desta": "trade_agreements_desta",
    "eia": "bilateral_fdi_eia",
    "nuclear-agreements": "nuclear",
    "nuclear-latency": "nuclear",
    "mid-gml": "conflicts_mid_ucdp",
    "mid-cow": "conflicts_mid_ucdp",
    "mid-months": "mid_dyad_months_1990_2010",
    "ucdp-acd": "conflicts_mid_ucdp",
    "cow-war-inter": "conflicts_mid_ucdp",
    "cow-war-intra": "conflicts_mid_ucdp",
    "rivalries": "conflicts_mid_ucdp",
    "rivalries-2012": "conflicts_mid_ucdp",
    "arms-races": "conflicts_mid_ucdp",
    "cow-majors": "cow_state_system",
    "maoz-powers": "cow_state_system",
    "cow-contiguity": "cow_state_system",
    "cow-mindist": "cow_state_system",
    "geodist": "cepii_geodist",
    "sipri": "sipri_trade_register_1995_2024",
    "sipri-deals": "sipri_trade_register_1950_2024",
    "sanctions": "sanctions_g7_eu_1960_2021",
    "sipri-pairs": "sipri_tiv_pairs_1950_2021",
    "cow-trade": "trade_cow_dyadic_1870_2014",
    "cow-trade-national": "cow_trade_state_year",
    "itpd": "trade_itpd_2000_2016",
    "fdi": "bilateral_fdi_eia",
    "nmc": "cow_capabilities",
    "vdem": "political_regimes",
    "polity": "political_regimes",
    "lied": "political_regimes",
    "freedom-house": "political_regimes",
    "freedom-house-scores": "political_regimes",
    "eiu": "political_regimes",
    "wgi": "political_regimes",
    "archigos": "leaders",
    "reign": "political_regimes",
    "isard-democracy": "isard_panels",
    "isard-gdp": "isard_panels",
    "pew": "pew_favourability",
    "china-visits": "china_leader_visits",
    "gdelt": "gdelt_export_samples",
    "gdelt-pairs": "gdelt_dyad_daily_2018_2024",
    "icews": "icews_samples",
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
