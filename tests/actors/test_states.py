"""The table of states: the hard cases day by day, and what must hold of every row."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.actors import Actor, actors, get, memberships, states
from multipolar.actors.catalogue import DATA, read_states
from multipolar.errors import ActorError, DataError, UsageError

DOSSIER = (
    "USA CAN MEX BRA ARG CUB VEN NIC GBR FRA DEU ITA ESP POL NLD BEL SWE NOR FIN DNK EST LVA LTU CZE SVK HUN ROU "
    "BGR GRC PRT AUT CHE SRB UKR BLR MDA RUS GEO ARM AZE TUR KAZ UZB KGZ TJK TKM CHN TWN MNG PRK KOR JPN IND PAK "
    "BGD AFG IRN IRQ SYR ISR SAU ARE QAT KWT BHR OMN YEM EGY ETH ZAF AGO NAM DZA MLI NGA VNM THA IDN MYS SGP PHL "
    "BRN MMR LAO KHM AUS NZL "
)

# id, day, name, cow, gw, capital
SPELLS = [
    ("DEU", "1850-06-01", "Prussia", 255, 255, "Berlin"),
    ("DEU", "1914-08-01", "Germany", 255, 255, "Berlin"),
    ("DEU", "1950-01-01", "Federal Republic of Germany", None, 260, "Bonn"),
    ("DEU", "1970-01-01", "Federal Republic of Germany", 260, 260, "Bonn"),
    ("DEU", "1990-10-02", "Federal Republic of Germany", 260, 260, "Bonn"),
    ("DEU", "1990-10-03", "Germany", 255, 260, "Berlin"),
    ("DDR", "1953-06-17", "East Germany", None, 265, "East Berlin"),
    ("DDR", "1970-01-01", "East Germany", 265, 265, "East Berlin"),
    ("KOR730", "1890-01-01", "Korea", 730, 730, "Seoul"),
    ("KOR730", "1908-01-01", "Korea", None, 730, "Seoul"),
    ("KOR", "1948-08-15", "South Korea", None, 732, "Seoul"),
    ("KOR", "1952-01-01", "South Korea", 732, 732, "Seoul"),
    ("PRK", "1948-09-09", "North Korea", 731, 731, "Pyongyang"),
    ("VNM", "1850-01-01", "Annam", None, 815, "Huế"),
    ("VNM", "1960-01-01", "North Vietnam", 816, 816, "Hanoi"),
    ("VNM", "1976-07-02", "Vietnam", 816, 816, "Hanoi"),
    ("RVN", "1975-04-30", "South Vietnam", 817, 817, "Saigon"),
    ("YEM", "1930-01-01", "Yemen", 678, 678, "Sana'a"),
    ("YEM", "1980-01-01", "Yemen Arab Republic", 678, 678, "Sana'a"),
    ("YEM", "1990-05-22", "Yemen", 679, 678, "Sana'a"),
    ("YMD", "1980-01-01", "South Yemen", 680, 680, "Aden"),
    ("SRB", "1900-01-01", "Serbia", 345, 340, "Belgrade"),
    ("YUG", "1920-01-01", "Kingdom of Serbs, Croats and Slovenes", 345, 345, "Belgrade"),
    ("YUG", "1942-06-01", "Yugoslavia", None, 345, "Belgrade"),
    ("YUG", "1999-03-24", "Yugoslavia", 345, 345, "Belgrade"),
    ("YUG", "2004-01-01", "Serbia and Montenegro", 345, 345, "Belgrade"),
    ("SRB", "2006-06-05", "Serbia", 345, 340, "Belgrade"),
    ("MNE", "1900-01-01", "Montenegro", None, 341, "Cetinje"),
    ("MNE", "2006-06-03", "Montenegro", None, 341, "Podgorica"),
    ("MNE", "2006-06-12", "Montenegro", 341, 341, "Podgorica"),
    ("HRV", "1992-04-27", "Croatia", 344, 344, "Zagreb"),
    ("SVN", "1992-04-27", "Slovenia", 349, 349, "Ljubljana"),
    ("BIH", "1992-04-27", "Bosnia and Herzegovina", 346, 346, "Sarajevo"),
    ("MKD", "1992-06-01", "Macedonia", None, 343, "Skopje"),
    ("MKD", "2019-02-12", "North Macedonia", 343, 343, "Skopje"),
    ("XKX", "2008-02-17", "Kosovo", None, 347, "Pristina"),
    ("XKX", "2008-02-20", "Kosovo", 347, 347, "Pristina"),
    ("CSK", "1968-08-20", "Czechoslovakia", 315, 315, "Prague"),
    ("CSK", "1942-01-01", "Czechoslovakia", None, 315, "Prague"),
    ("CZE", "1993-01-01", "Czech Republic", 316, 316, "Prague"),
    ("CZE", "2020-01-01", "Czechia", 316, 316, "Prague"),
    ("SVK", "1993-01-01", "Slovakia", 317, 317, "Bratislava"),
    ("RUS", "1850-01-01", "Russian Empire", 365, 365, "Saint Petersburg"),
    ("RUS", "1962-10-22", "Soviet Union", 365, 365, "Moscow"),
    ("RUS", "1991-12-26", "Russia", 365, 365, "Moscow"),
    ("UKR", "1991-12-26", "Ukraine", 369, 369, "Kyiv"),
    ("TWN", "1949-12-08", "Taiwan", 713, 713, "Taipei"),
    ("CHN", "1949-12-07", "China", 710, 710, "Beijing"),
    ("FSM", "1992-01-01", "Micronesia", 987, 987, "Palikir"),
    ("MHL", "1992-01-01", "Marshall Islands", 983, 983, "Majuro"),
    ("PLW", "1995-01-01", "Palau", 986, 986, "Koror"),
    ("KIR", "2000-01-01", "Kiribati", 946, 970, "South Tarawa"),
    ("NRU", "2000-01-01", "Nauru", 970, 971, "Yaren"),
    ("AUH", "1914-07-28", "Austria-Hungary", 300, 300, "Vienna"),
    ("AUH", "1850-01-01", "Austrian Empire", 300, 300, "Vienna"),
    ("AUT", "1920-01-01", "Austria", 305, 305, "Vienna"),
    ("AUT", "1940-01-01", "Austria", None, 305, "Vienna"),
    ("ETH", "1970-01-01", "Ethiopia", 530, 530, "Addis Ababa"),
    ("ERI", "1993-05-24", "Eritrea", 531, 531, "Asmara"),
    ("PAK", "1960-01-01", "Pakistan", 770, 770, "Rawalpindi"),
    ("BGD", "1971-12-16", "Bangladesh", 771, 771, "Dhaka"),
    ("SDN", "2000-01-01", "Sudan", 625, 625, "Khartoum"),
    ("SSD", "2011-07-09", "South Sudan", 626, 626, "Juba"),
    ("TZA", "1963-01-01", "Tanganyika", 510, 510, "Dar es Salaam"),
    ("ZAN", "1964-01-01", "Zanzibar", 511, 511, "Zanzibar City"),
    ("TLS", "2002-05-20", "Timor-Leste", None, 860, "Dili"),
    ("SYR", "1960-01-01", "Syria", None, 652, "Damascus"),
    ("EGY", "1960-01-01", "United Arab Republic", 651, 651, "Cairo"),
    ("TUR", "1900-01-01", "Ottoman Empire", 640, 640, "Constantinople"),
    ("MMR", "1988-08-08", "Burma", 775, 775, "Rangoon"),
    ("SWZ", "2000-01-01", "Swaziland", 572, 572, "Mbabane"),
    ("COD", "1990-01-01", "Zaire", 490, 490, "Kinshasa"),
    ("VAT", "2000-01-01", "Holy See", None, None, "Vatican City"),
]

# id, day on which it was no state of the system
ABSENT = [
    ("DEU", "1947-01-01"),
    ("DDR", "1949-10-04"),
    ("DDR", "1990-10-03"),
    ("KOR", "1930-01-01"),
    ("PRK", "1948-09-08"),
    ("VNM", "1940-01-01"),
    ("RVN", "1975-05-01"),
    ("YMD", "1990-05-22"),
    ("SRB", "1995-01-01"),
    ("YUG", "2006-06-05"),
    ("MNE", "1950-01-01"),
    ("XKX", "2008-02-16"),
    ("CZE", "1992-12-31"),
    ("CSK", "1993-01-01"),
    ("TWN", "1949-12-07"),
    ("SSD", "2011-07-08"),
    ("TLS", "2002-05-19"),
    ("ERI", "1993-05-23"),
    ("BGD", "1971-12-15"),
    ("ZAN", "1964-04-27"),
    ("AUH", "1918-11-14"),
    ("EST", "1960-01-01"),
    ("KAZ", "1991-12-15"),
    ("ETH", "1816-01-01"),
]


@pytest.mark.parametrize(("id", "day", "name", "cow", "gw", "capital"), SPELLS)
def test_hard_cases(id: str, day: str, name: str, cow: int | None, gw: int | None, capital: str) -> None:
    actor, on = get(id), date.fromisoformat(day)
    codes = actor.codes(on)
    assert (actor.name_on(on), codes.cow, codes.gw, actor.capital(on)) == (name, cow, gw, capital)


@pytest.mark.parametrize(("id", "day"), ABSENT)
def test_days_on_which_a_state_was_none(id: str, day: str) -> None:
    actor, on = get(id), date.fromisoformat(day)
    assert not actor.exists(on)
    assert actor not in states(on)
    for question in (actor.codes, actor.name_on, actor.capital):
        with pytest.raises(ActorError, match=r"existed, got .*\n.*It existed from"):
            question(on)


@pytest.mark.parametrize(
    ("id", "day", "numeric"),
    [
        ("DEU", "1970-01-01", 280),
        ("DEU", "2000-01-01", 276),
        ("YEM", "1980-01-01", 886),
        ("YEM", "2000-01-01", 887),
        ("ETH", "1980-01-01", 230),
        ("ETH", "2000-01-01", 231),
        ("SDN", "2000-01-01", 736),
        ("SDN", "2012-01-01", 729),
        ("RUS", "1980-01-01", 810),
        ("RUS", "2000-01-01", 643),
        ("YUG", "1980-01-01", 890),
        ("YUG", "2000-01-01", 891),
        ("FSM", "2000-01-01", 583),
        ("MHL", "2000-01-01", 584),
    ],
)
def test_numeric_codes_follow_the_territory(id: str, day: str, numeric: int) -> None:
    codes = get(id).codes(date.fromisoformat(day))
    assert codes.iso_numeric == codes.m49 == numeric


def test_a_code_that_nobody_gave_is_missing() -> None:
    kosovo, taiwan, saxony = get("XKX").codes(), get("TWN").codes(), get("SAX").codes(date(1850, 1, 1))
    assert (kosovo.iso2, kosovo.iso3, kosovo.iso_numeric, kosovo.m49, kosovo.cameo) == ("XK", "XKX", None, None, "KSV")
    assert (taiwan.iso_numeric, taiwan.m49) == (158, None)
    assert dict(saxony.items()) == {"cow": 269, "gw": 269}


@pytest.mark.parametrize(
    ("id", "before", "after"),
    [
        ("CSK", {"AUH"}, {"CZE", "SVK"}),
        ("YUG", {"SRB", "MNE"}, {"BIH", "HRV", "MKD", "SVN", "MNE", "SRB"}),
        ("YEM", {"YMD"}, set()),
        ("KOR730", set(), {"KOR", "PRK"}),
        ("DDR", set(), {"DEU"}),
        ("BGD", {"PAK"}, set()),
        ("SSD", {"SDN"}, set()),
        ("ZAN", set(), {"TZA"}),
    ],
)
def test_predecessors_and_successors(id: str, before: set[str], after: set[str]) -> None:
    assert set(get(id).predecessors) == before
    assert set(get(id).successors) == after


def test_succession_is_written_on_both_sides() -> None:
    pairs = {(before, actor.id) for actor in states() for before in actor.predecessors}
    assert pairs == {(actor.id, after) for actor in states() for after in actor.successors}


def test_states_of_today() -> None:
    today = {actor.id for actor in states("2026-06-30")}
    members = {row.member for row in memberships("UN") if row.status == "member" and row.valid_to is None}
    assert len(members) == 193
    assert today - members == {"TWN", "XKX", "VAT", "PSE", "ESH", "COK", "ABK", "SOT"}
    assert members <= today


def test_the_dossier_set_is_there() -> None:
    assert {id for id in DOSSIER.split() if not get(id).exists(date(2026, 6, 30))} == set()


def test_spells_never_overlap_and_gaps_are_real() -> None:
    for actor in states():
        for one, two in zip(actor.spells, actor.spells[1:], strict=False):
            assert one.end is not None and one.end < two.start, actor.id
            facts = [(spell.name, spell.capital, spell.codes) for spell in (one, two)]
            assert facts[0] != facts[1] or two.start - one.end > timedelta(days=1), (actor.id, two.start)


def test_no_two_states_bear_one_code_on_one_day() -> None:
    borne: dict[tuple[str, object], list[tuple[date, date, str]]] = {}
    for actor in states():
        for spell in actor.spells:
            for key in spell.codes.items():
                borne.setdefault(key, []).append((spell.start, spell.end or date.max, actor.id))
    for key, spans in borne.items():
        for one, two in zip(sorted(spans), sorted(spans)[1:], strict=False):
            assert one[1] < two[0], (key, one, two)


def test_ids_are_iso_alpha_3_or_collide_with_none() -> None:
    iso = {spell.codes.iso3 for actor in states() for spell in actor.spells}
    for actor in states():
        last = actor.spells[-1].codes.iso3
        assert actor.id == last or (last in (None, "SCG") and actor.id not in iso - {"YUG"}), actor.id


def test_every_dated_name_touches_its_actor() -> None:
    for actor in states():
        for name in actor.names:
            assert any(
                (name.start is None or end is None or name.start <= end) and (name.end is None or start <= name.end)
                for start, end in actor.existence()
            ), (actor.id, name)


def test_adjectives_and_names_over_time() -> None:
    russia = get("RUS")
    assert {"Russian", "Soviet"} <= set(russia.adjectives)
    soviet = next(name for name in russia.names if name.text == "Soviet")
    assert soviet.holds(date(1980, 1, 1)) and not soviet.holds(date(2000, 1, 1))


@given(st.sampled_from(states()), st.dates(date(1816, 1, 1), date(2026, 6, 30)))
def test_existence_spells_and_codes_agree(actor: Actor, day: date) -> None:
    lived = any(start <= day and (end is None or day <= end) for start, end in actor.existence())
    assert actor.exists(day) == lived
    assert sum(spell.holds(day) for spell in actor.spells) == lived


def test_actors_compare_by_id() -> None:
    assert get("RUS") == get("RUS") and hash(get("RUS")) == hash(get("RUS"))
    assert get("RUS") != get("UKR")
    assert len(set(actors().values())) == len(actors())


def test_organisations_are_actors_without_codes() -> None:
    nato = get("NATO")
    assert nato.kind == "organisation"
    assert dict(nato.codes().items()) == {}
    assert nato.capital() is None and not nato.exists(date(1949, 4, 3))


def test_get_takes_ids_only() -> None:
    with pytest.raises(UsageError, match=r"(?s)known actor.*RUS"):
        get("RUSS")


HEADER_STATES = (
    "id\tname\tstart\tend\tcow\tgw\tiso2\tiso3\tiso_numeric\tcameo\tm49\tcapital\tpredecessors\tsuccessors\tnote\n"
)
HEADER_NAMES = "id\tname\tkind\tfrom\tto\n"
GOOD = "AAA\tAland\t1900-01-01\t\t1\t\t\t\t\t\t\t\t\t\t\n"


@pytest.mark.parametrize(
    ("spells", "names", "where"),
    [
        ("AAA\tAland\t1900-01-01\t1890-01-01" + "\t" * 11 + "\n", "", r"states.tsv:2:end"),
        ("AAA\tAland\t1900-13-01\t" + "\t" * 11 + "\n", "", r"states.tsv:2:start"),
        ("AAA\tAland\t1900-01-01\t\tx" + "\t" * 10 + "\n", "", r"states.tsv:2:cow: expected a number"),
        ("AAA\tAland\t1900-01-01\n", "", r"states.tsv:2:.*15 cells"),
        ("\tAland\t1900-01-01\t" + "\t" * 11 + "\n", "", r"states.tsv:2:id"),
        (GOOD + GOOD, "", r"states.tsv:3:start: expected a day after"),
        (GOOD, "BBB\tBland\tname\t\t\n", r"names.tsv:2:id"),
        (GOOD, "AAA\tBland\tnickname\t\t\n", r"names.tsv:2:kind"),
        (GOOD, "AAA\tBland\tname\t1950-01-01\t1940-01-01\n", r"names.tsv:2:to"),
    ],
)
def test_malformed_tables_are_refused_with_their_place(tmp_path: Path, spells: str, names: str, where: str) -> None:
    (tmp_path / "states.tsv").write_text(HEADER_STATES + spells, encoding="utf-8")
    (tmp_path / "names.tsv").write_text(HEADER_NAMES + names, encoding="utf-8")
    with pytest.raises(DataError, match=where):
        read_states(tmp_path / "states.tsv", tmp_path / "names.tsv")


def test_the_shipped_tables_are_what_is_served() -> None:
    assert tuple(read_states(DATA / "states.tsv", DATA / "names.tsv").values()) == states()


def test_importing_is_light() -> None:
    code = "import sys, multipolar.actors; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {"polars", "numpy", "duckdb", "pyarrow", "pydantic", "rich"}.isdisjoint(loaded)


def test_the_page_says_what_the_table_holds() -> None:
    page = (Path(__file__).parents[2] / "docs" / "actors.md").read_text(encoding="utf-8")
    spells = sum(len(actor.spells) for actor in states())
    today = len(states("2026-06-30"))
    assert f"{len(states())} states in {spells} spells, {today} of which exist today" in page
    assert {
        id
        for id in ["UKR", "BLR", "IND", "PHL", "SYR", "ZAN", "VAT", "PSE", "ESH", "COK", "ABK", "SOT", "XKX"]
        if f"`{id}`" not in page
    } == set()
