"""Our table beside the published ones: COW, Gleditsch-Ward, countrycode and isard.

`DIFFERENCES` lists every place where we differ, with the reason. The tests fail on a difference that is not listed, and on
a listed one that no longer exists.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from published_states import (
    Fact,
    bearer,
    capitals,
    countrycode,
    cow_states,
    interval_list,
    is_capital,
    our_intervals,
    our_pairs,
    panel_pairs,
    read,
    say,
    say_years,
    years_with,
)

from multipolar.actors import actors, from_code, resolve, states
from multipolar.errors import ActorError

NOT_A_STATE = (
    "a territory with an ISO code: neither state-system list, nor the United Nations, nor a covered body has it"
)
MICROSTATE = "countrycode leaves out the Gleditsch-Ward list of microstates"
GW_TYPING = "the printed day is not that of independence (see the note in states.tsv)"
RENAMED = "the list gives one name, or seat, to the whole time"
NO_VATICAN = "327 is the Papal States (PAP), which ended in 1870; the Holy See is in neither list"

MICROSTATES = "AND ATG DMA FSM GRD KIR KNA LCA LIE MCO MHL NRU PLW SMR STP SYC TON TUV VCT VUT WSM"
TERRITORIES = (
    "ABW AIA ALA ASM ATA ATF BES BLM BMU BVT CCK CUW CXR CYM FLK FRO GGY GIB GLP GRL GUF GUM HKG HMD IMN IOT JEY "
    "MAC MAF MNP MSR MTQ MYT NCL NFK NIU PCN PRI PYF REU SGS SHN SJM SPM SXM TCA TKL UMI VGB VIR WLF "
)

# (list, key, field, what is published) -> reason
DIFFERENCES: dict[Fact, str] = {
    # Days of the state systems
    ("gw", "517", "days", "1962-01-07.."): GW_TYPING + ": Rwanda, day and month changed places, 1962-07-01",
    ("gw", "781", "days", "1965-05-26.."): GW_TYPING + ": Maldives, 1965-07-26",
    ("gw", "935", "days", "1980-06-30.."): GW_TYPING + ": Vanuatu, 1980-07-30",
    ("gw", "971", "days", "1968-12-31.."): GW_TYPING + ": Nauru, 1968-01-31",
    # countrycode, today's codes
    ("countrycode", "SRB", "cow", "None"): "COW has 345 for Serbia: countrycode gives it to Yugoslavia alone",
    ("countrycode", "VAT", "cow", "327"): NO_VATICAN,
    ("countrycode", "VAT", "gw", "327"): NO_VATICAN,
    ("countrycode", "VNM", "gw", "815"): "815 ended in 1893; Gleditsch-Ward have 816 from 1954",
    ("countrycode", "YEM", "gw", "None"): "Gleditsch-Ward keep 678 after unification; countrycode ends it",
    **{("countrycode", id, "gw", "None"): MICROSTATE for id in MICROSTATES.split()},
    **{("countrycode", id, "id", "ISO 3166-1"): NOT_A_STATE for id in TERRITORIES.split()},
    ("countrycode", "Kosovo", "iso3", "None"): "XKX is user-assigned, and in use by the EU and the World Bank",
    ("countrycode", "Hesse Electoral", "gw", "None"): "Gleditsch-Ward have 273 under another name (Hesse-Kassel)",
    ("countrycode", "Hesse Grand Ducal", "gw", "None"): "Gleditsch-Ward have 275 under another name (Hesse-Darmstadt)",
    ("countrycode", "Wuerttemburg", "gw", "None"): "Gleditsch-Ward have 271 under another spelling",
    # countrycode, by year
    ("countrycode panel", "DEU", "cow 260", "1955-1989"): "one code a year: 260 ran until 1990-10-02",
    ("countrycode panel", "KOR", "cow 730", "1887-1905"): "Korea to 1910 is an actor of its own here (KOR730)",
    ("countrycode panel", "KOR", "gw 730", "1816-1910"): "Korea to 1910 is an actor of its own here (KOR730)",
    ("countrycode panel", "COL", "gw 99", "1821-1830"): "Gran Colombia is an actor of its own here (GCL)",
    ("countrycode panel", "COL", "gw 100", "1831-2020"): "one code a year: 100 begins on 1830-09-23",
    ("countrycode panel", "VAT", "cow 327", "1816-1860"): NO_VATICAN,
    ("countrycode panel", "VAT", "gw 327", "1816-1870"): NO_VATICAN,
    # isard's crosswalk panels: pairs of codes that no actor bears together in those years
    ("isard gw_cw", "gw None, cow 255", "years", "1990-2025"): "joined by abbreviation: 255 is beside 260 from 1990 on",
    ("isard gw_cw", "gw None, cow 678", "years", "1926, 1933-1939, 1941-1944, 1947-1959, 1961-1989"): (
        "joined by abbreviation (YAR, YEM): both lists have 678 from 1926 on"
    ),
    ("isard cw_gw", "gw 260, cow None", "years", "1990-2025"): "joined by abbreviation: COW has 255 from 1990-10-03",
    ("isard cw_gw", "gw 678, cow None", "years", "1957, 1963-1974, 1976-1989"): (
        "joined by abbreviation (YAR, YEM): both lists have 678 from 1926 on"
    ),
    ("isard cw_gw", "gw 517, cow None", "years", "1962"): GW_TYPING + ": Rwanda begins in both lists on 1962-07-01",
    # Capitals: the state whose list it is, its last capital given
    **{
        (list_, key, "capital", value): reason
        for list_ in ("cow capitals", "gw capitals")
        for key, value, reason in (
            ("365", "1816-01-01..1918-03-11 Saint Petersburg", RENAMED + ": Petrograd from 1914-08-31"),
            ("385", "1905-01-01.. Oslo", RENAMED + ": Kristiania until 1924"),
            ("490", "1960-01-01.. Kinshasa", RENAMED + ": Léopoldville until 1966"),
            ("510", "1961-01-01.. Dodoma", RENAMED + ": Dar es Salaam until parliament moved in 1996"),
            ("552", "1965-01-01.. Harare", RENAMED + ": Salisbury until 1982-04-17"),
            ("553", "1964-01-01.. Lilongwe", RENAMED + ": Zomba until 1974"),
            ("600", "1816-01-01..1912-12-31 Rabat", RENAMED + ": Fez before the protectorate"),
            ("640", "1816-01-01.. Ankara", RENAMED + ": Constantinople until 1923-10-12"),
            ("705", "1991-01-01..1998-05-05 Almaty", RENAMED + ": Akmola from 1997-12-10, renamed on 1998-05-06"),
            ("705", "1998-05-06.. Astana", RENAMED + ": Nur-Sultan from 2019-03-23 to 2022-09-16"),
            ("710", "1816-01-01.. Beijing", RENAMED + ": Nanjing under the Nationalist government, 1928 to 1949"),
            ("712", "1921-01-01.. Ulaanbaatar", RENAMED + ": Urga until 1924"),
            ("775", "1948-01-01..2005-11-05 Rangoon", RENAMED + ": Yangon from 1989-06-18"),
            ("817", "1954-01-01..1975-12-31 Ho Chi Minh City", RENAMED + ": Saigon until 1976"),
            ("840", "1946-01-01..1976-06-23 Quezon City", RENAMED + ": Manila until 1948-07-16"),
            ("986", "1994-01-01.. Koror", RENAMED + ": Ngerulmud from 2006-10-07"),
        )
    },
    ("gw capitals", "260", "capital", "1949-01-01..1991-06-19 Bonn"): (
        "the Unification Treaty made Berlin the capital on 1990-10-03; 1991-06-20 was the vote on the seat of government"
    ),
    ("gw capitals", "815", "capital", "1816-01-01..1893-12-31 Ho Chi Minh City"): "the court of the Nguyễn sat at Huế",
    ("gw capitals", "89", "capital", "1823-01-01..1834-12-31 Guatemala City"): (
        "the list's own next rows have Sonsonate from 1833-11-14 and San Salvador from 1834-06-01"
    ),
    # English names
    ("names", "COG", "country name", "Congo"): "both Congos are called so: an error that names both",
    ("names", "COG", "country name", "Congo (the)"): "both Congos are called so: an error that names both",
    ("names", "MKD", "country name", "Macedonia"): "its name until 2019-02-11",
    ("names", "SWZ", "country name", "Swaziland"): "its name until 2018-04-18",
    ("names", "VAT", "country name", "Papal States"): NO_VATICAN,
    ("names", "PSE", "country name", "Palestine/Gaza"): "one of two units of V-Dem, no name of the whole",
}


def differ(lists: Iterable[str], facts: set[Fact]) -> None:
    """Fail on facts that are not listed, and on listed ones that are not found."""
    listed = {fact for fact in DIFFERENCES if fact[0] in set(lists)}
    assert facts - listed == set(), "differences that DIFFERENCES does not explain"
    assert listed - facts == set(), "listed differences that no longer exist"


@pytest.mark.data
def test_every_day_of_the_cow_state_system(shared_data: Path) -> None:
    ours = our_intervals("cow")
    assert cow_states(shared_data) == ours
    assert interval_list(shared_data / "isard_panels" / "cw_system.csv.gz", "ccode", "start", "end") == ours


@pytest.mark.data
def test_every_day_of_the_gleditsch_ward_state_system(shared_data: Path) -> None:
    ours = our_intervals("gw")
    published = interval_list(shared_data / "isard_panels" / "gw_system.csv.gz", "gwcode", "start", "end")
    older = interval_list(shared_data / "cow_state_system" / "gw_states.csv.gz", "gwcode", "startdate", "enddate")
    differ(["gw"], {("gw", str(code), "days", say(*days)) for code, *days in (published | older) - ours})
    assert len(ours) == len(published)
    unlisted = ours - published
    assert {code for code, *_ in unlisted} == {517, 781, 935, 971}


@pytest.mark.data
def test_countrycode(shared_data: Path) -> None:
    facts: set[Fact] = set()
    for iso3, name, codes in countrycode(shared_data):
        actor = actors().get(iso3 or {"Kosovo": "XKX"}.get(name, ""))
        if actor is None and iso3:
            facts.add(("countrycode", iso3, "id", "ISO 3166-1"))
        elif actor is None:
            facts |= former(name, codes)
        else:
            ours = actor.spells[-1].codes
            if (iso3 or None) != ours.iso3:
                facts.add(("countrycode", name, "iso3", str(iso3 or None)))
                codes = {scheme: codes[scheme] for scheme in ("cow", "gw")}
            facts |= {
                ("countrycode", actor.id, scheme, str(code))
                for scheme, code in codes.items()
                if code != getattr(ours, scheme)
            }
    differ(["countrycode"], facts)


def former(name: str, codes: dict[str, int | str | None]) -> set[Fact]:
    """A state without an ISO code: somebody must have borne both of its codes together."""
    cow, gw = codes["cow"], codes["gw"]
    pairs = our_pairs().keys()
    ours = {theirs for theirs, beside in pairs if theirs is not None and (cow is None or beside == cow)}
    return set() if gw in ours or (gw is cow is None) else {("countrycode", name, "gw", str(gw))}


@pytest.mark.data
def test_countrycode_by_year(shared_data: Path) -> None:
    published: dict[tuple[str, str, int], set[int]] = {}
    for row in read(shared_data / "country_codes" / "codelist_panel.csv.gz"):
        for scheme, column in (("cow", "cown"), ("gw", "gwn")):
            if row[column] and int(float(row["year"])) <= 2020:
                key = (scheme, row["iso3c"], int(float(row[column])))
                published.setdefault(key, set()).add(int(float(row["year"])))
    facts: set[Fact] = set()
    for (scheme, iso3, code), years in published.items():
        found = {
            year
            for (id, borne), span in years_with(scheme).items()
            if borne == code and iso3 in ("", id)
            for year in span
            if year <= 2020
        }
        # A former state has no ISO code in the panel, so its years are any bearer's.
        if (found != years) if iso3 else not years <= found:
            facts.add(("countrycode panel", iso3, f"{scheme} {code}", say_years(years)))
    differ(["countrycode panel"], facts)


@pytest.mark.data
@pytest.mark.parametrize("panel", ["gw_cw", "cw_gw"])
def test_isard_crosswalk_panels(shared_data: Path, panel: str) -> None:
    ours = our_pairs()
    facts: set[Fact] = set()
    for (gw, cow), years in panel_pairs(shared_data / "isard_panels" / f"{panel}_panel.csv.gz").items():
        missing = years - ours.get((gw, cow), set())
        if missing:
            facts.add((f"isard {panel}", f"gw {gw}, cow {cow}", "years", say_years(missing)))
    differ([f"isard {panel}"], facts)


@pytest.mark.data
@pytest.mark.parametrize("scheme", ["cow", "gw"])
def test_capitals(shared_data: Path, scheme: str) -> None:
    facts: set[Fact] = set()
    last = date(2024, 12, 31)
    for code, start, end, capital in capitals(shared_data, scheme):
        for actor in states():
            for spell in actor.spells:
                first, final = max(start, spell.start), min(end, last, spell.end or last)
                agreed = is_capital(actor, first, capital) and is_capital(actor, final, capital)
                if getattr(spell.codes, scheme) == code and first <= final and not agreed:
                    facts.add((f"{scheme} capitals", str(code), "capital", f"{say(start, end)} {capital}"))
    differ([f"{scheme} capitals"], facts)


@pytest.mark.data
def test_english_names_of_countrycode(shared_data: Path) -> None:
    columns = ("country.name.en", "iso.name.en", "un.name.en", "cow.name", "vdem.name", "cldr.name.en", "cldr.short.en")
    facts: set[Fact] = set()
    for row in read(shared_data / "country_codes" / "codelist.csv.gz"):
        for name in {row[column] for column in columns} - {""}:
            if row["iso3c"] in actors() and found(name, date(2024, 12, 31)) != row["iso3c"]:
                facts.add(("names", row["iso3c"], "country name", name))
    differ(["names"], facts)


@pytest.mark.data
def test_names_of_the_state_systems_on_their_last_day(shared_data: Path) -> None:
    never_another: list[tuple[str, str | None, str]] = []
    for row in read(shared_data / "isard_panels" / "gw_system.csv.gz"):
        day = date.fromisoformat(row["end"])
        actor = bearer("gw", int(float(row["gwcode"])), day)
        assert actor is not None
        if found(row["gw_name"], day) not in (actor.id, None):
            never_another.append((row["gw_name"], found(row["gw_name"], day), actor.id))
    assert never_another == []


def found(name: str, day: date) -> str | None:
    try:
        return resolve(name, day, kind="state").id
    except ActorError:
        return None


@pytest.mark.data
@pytest.mark.parametrize("scheme", ["cow", "gw"])
def test_a_published_code_finds_its_state(shared_data: Path, scheme: str) -> None:
    column, file = {"cow": ("ccode", "cw_system"), "gw": ("gwcode", "gw_system")}[scheme]
    for row in read(shared_data / "isard_panels" / f"{file}.csv.gz"):
        code, day = int(float(row[column])), date.fromisoformat(row["end"])
        assert getattr(from_code(scheme, code, day).codes(day), scheme) == code  # type: ignore[arg-type]


def test_every_difference_has_its_reason() -> None:
    assert all(len(reason) > 20 for reason in DIFFERENCES.values())
