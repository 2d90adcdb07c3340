"""Roll calls, flows and traits of the dossier against the publishers' files; the files' own promises without them."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

DATA = files("multipolar.dossier") / "data"
# fmt: off
DOSSIER_STATES = [
    "USA", "CAN", "MEX", "BRA", "ARG", "CUB", "VEN", "NIC", "GBR", "FRA", "DEU", "ITA", "ESP", "POL", "NLD", "BEL",
    "SWE", "NOR", "FIN", "DNK", "EST", "LVA", "LTU", "CZE", "SVK", "HUN", "ROU", "BGR", "GRC", "PRT", "AUT", "CHE",
    "SRB", "UKR", "BLR", "MDA", "RUS", "GEO", "ARM", "AZE", "TUR", "KAZ", "UZB", "KGZ", "TJK", "TKM", "CHN", "TWN",
    "MNG", "PRK", "KOR", "JPN", "IND", "PAK", "BGD", "AFG", "IRN", "IRQ", "SYR", "ISR", "SAU", "ARE", "QAT", "KWT",
    "BHR", "OMN", "YEM", "EGY", "ETH", "ZAF", "AGO", "NAM", "DZA", "MLI", "NGA", "VNM", "THA", "IDN", "MYS", "SGP",
    "PHL", "BRN", "MMR", "LAO", "KHM", "AUS", "NZL",
]
#: Names in the Library's file, where they are not the English name in capitals.
UN_NAMES = {
    "USA": "UNITED STATES", "VEN": "VENEZUELA (BOLIVARIAN REPUBLIC OF)|VENEZUELA", "GBR": "UNITED KINGDOM",
    "DEU": "GERMANY|GERMANY, FEDERAL REPUBLIC OF", "CZE": "CZECHIA|CZECH REPUBLIC",
    "MDA": "REPUBLIC OF MOLDOVA|MOLDOVA", "RUS": "RUSSIAN FEDERATION|USSR",
    "PRK": "DEMOCRATIC PEOPLE'S REPUBLIC OF KOREA", "KOR": "REPUBLIC OF KOREA",
    "IRN": "IRAN (ISLAMIC REPUBLIC OF)|IRAN", "SYR": "SYRIAN ARAB REPUBLIC|SYRIA", "ARE": "UNITED ARAB EMIRATES",
    "EGY": "EGYPT|UNITED ARAB REPUBLIC", "VNM": "VIET NAM", "BRN": "BRUNEI DARUSSALAM", "MMR": "MYANMAR|BURMA",
    "LAO": "LAO PEOPLE'S DEMOCRATIC REPUBLIC|LAO PEOPLE's DEMOCRATIC REPUBLIC|LAOS",
    "KHM": "CAMBODIA|DEMOCRATIC KAMPUCHEA|KHMER REPUBLIC|DEMOCRATIC CAMPUCHEA", "SAU": "SAUDI ARABIA",
    "ZAF": "SOUTH AFRICA", "NZL": "NEW ZEALAND",
}
PLAIN = {
    "CAN": "CANADA", "MEX": "MEXICO", "BRA": "BRAZIL", "ARG": "ARGENTINA", "CUB": "CUBA", "NIC": "NICARAGUA",
    "FRA": "FRANCE", "ITA": "ITALY", "ESP": "SPAIN", "POL": "POLAND", "NLD": "NETHERLANDS", "BEL": "BELGIUM",
    "SWE": "SWEDEN", "NOR": "NORWAY", "FIN": "FINLAND", "DNK": "DENMARK", "EST": "ESTONIA", "LVA": "LATVIA",
    "LTU": "LITHUANIA", "SVK": "SLOVAKIA", "HUN": "HUNGARY", "ROU": "ROMANIA", "BGR": "BULGARIA", "GRC": "GREECE",
    "PRT": "PORTUGAL", "AUT": "AUSTRIA", "CHE": "SWITZERLAND", "SRB": "SERBIA", "UKR": "UKRAINE", "BLR": "BELARUS",
    "GEO": "GEORGIA", "ARM": "ARMENIA", "AZE": "AZERBAIJAN", "TUR": "TURKEY", "KAZ": "KAZAKHSTAN",
    "UZB": "UZBEKISTAN", "KGZ": "KYRGYZSTAN", "TJK": "TAJIKISTAN", "TKM": "TURKMENISTAN", "CHN": "CHINA",
    "MNG": "MONGOLIA", "JPN": "JAPAN", "IND": "INDIA", "PAK": "PAKISTAN", "BGD": "BANGLADESH", "AFG": "AFGHANISTAN",
    "IRQ": "IRAQ", "ISR": "ISRAEL", "QAT": "QATAR", "KWT": "KUWAIT", "BHR": "BAHRAIN", "OMN": "OMAN",
    "YEM": "YEMEN", "ETH": "ETHIOPIA", "AGO": "ANGOLA", "NAM": "NAMIBIA", "DZA": "ALGERIA", "MLI": "MALI",
    "NGA": "NIGERIA", "THA": "THAILAND", "IDN": "INDONESIA", "MYS": "MALAYSIA", "SGP": "SINGAPORE",
    "PHL": "PHILIPPINES", "AUS": "AUSTRALIA",
}
UN_NAMES |= PLAIN
MAP_NAMES = {
    "Republic of Korea": "KOR", "Viet Nam": "VNM", "Russia": "RUS", "North Korea": "PRK", "South Korea": "KOR",
    "Vietnam": "VNM", "Iran": "IRN", "Laos": "LAO", "Syria": "SYR", "Brunei": "BRN", "Moldova": "MDA",
    "Venezuela": "VEN", "United States of America": "USA", "Czechia": "CZE", "Cambodia": "KHM", "Myanmar": "MMR",
    "Germany": "DEU", "Egypt": "EGY", "United Arab Emirates": "ARE", "Saudi Arabia": "SAU", "South Africa": "ZAF",
    "New Zealand": "NZL", "United Kingdom": "GBR",
}
SIPRI_NAMES = {
    "United States": "USA", "Russia": "RUS", "China": "CHN", "North Korea": "PRK", "Viet Nam": "VNM",
    "India": "IND", "Japan": "JPN", "South Korea": "KOR", "Iran": "IRN", "Saudi Arabia": "SAU", "Israel": "ISR",
    "Turkey": "TUR", "Turkiye": "TUR", "Ukraine": "UKR", "Belarus": "BLR", "Kazakhstan": "KAZ", "Germany": "DEU",
    "France": "FRA", "United Kingdom": "GBR", "Poland": "POL", "Algeria": "DZA", "Egypt": "EGY", "Myanmar": "MMR",
    "Syria": "SYR", "Venezuela": "VEN", "Australia": "AUS", "Taiwan": "TWN", "UAE": "ARE", "Pakistan": "PAK",
    "Bangladesh": "BGD", "Thailand": "THA", "Qatar": "QAT", "Singapore": "SGP", "Azerbaijan": "AZE",
    "Armenia": "ARM", "Greece": "GRC",
}
ARMS_CORE = ["USA", "RUS", "CHN", "PRK", "VNM", "IND", "JPN", "KOR", "IRN", "SAU"]
# fmt: on
LIBRARY = {"Y": "yes", "N": "no", "A": "abstain", "X": "absent"}
VOETEN = {1: "yes", 2: "abstain", 3: "no", 8: "absent"}
#: Columns of the Library's file that are no state's.
LIBRARY_HEAD = {"Council", "Date", "Title", "Resolution", "Link", "token"}
VETO_MEMBERS = {"Russia": "RUS", "China": "CHN", "USA": "USA", "UK": "GBR", "France": "FRA"}


def table(name: str) -> list[dict[str, str]]:
    """The rows of one file of the dossier."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return list(
        csv.DictReader([line for line in lines if not line.startswith("#")], delimiter="\t", quoting=csv.QUOTE_NONE)
    )


@pytest.fixture(scope="module")
def rollcalls() -> dict[str, dict[str, str]]:
    return {row["rollcall"]: row for row in table("rollcalls.tsv")}


@pytest.fixture(scope="module")
def choices() -> dict[str, dict[str, str]]:
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for row in table("votes.tsv"):
        for state in row["states"].split():
            assert state not in said[row["rollcall"]], f"{state} twice in {row['rollcall']}"
            said[row["rollcall"]][state] = row["choice"]
    return dict(said)


@pytest.fixture(scope="module")
def flows() -> list[dict[str, str]]:
    return [row for name in ("flows_trade_cow.tsv", "flows_trade_later.tsv", "flows_arms.tsv") for row in table(name)]


@pytest.fixture(scope="module")
def traits() -> list[dict[str, str]]:
    names = ("traits_capability.tsv", "traits_gdp.tsv", "traits_regime.tsv", "traits_security.tsv", "traits_trade.tsv")
    return [row for name in names for row in table(name)]


# ---- what the files promise, without the publishers' files


def test_every_roll_call_has_choices_and_no_more_than_its_tally(
    rollcalls: dict[str, dict[str, str]], choices: dict[str, dict[str, str]]
) -> None:
    assert set(rollcalls) == set(choices)
    for name, row in rollcalls.items():
        counted = Counter(choices[name].values())
        for choice in ("yes", "no", "abstain"):
            assert counted[choice] <= int(row[choice]), (name, choice)
        if row["body"] == "UNSC":
            assert sum(int(row[choice]) for choice in ("yes", "no", "abstain")) <= 15, name


@pytest.mark.parametrize(
    ("rollcall", "state", "choice"),
    [
        ("A/RES/68/262", "CHN", "abstain"),
        ("A/RES/68/262", "ARM", "no"),
        ("A/RES/ES-11/1", "RUS", "no"),
        ("A/RES/ES-11/1", "VNM", "abstain"),
        ("A/RES/ES-11/1", "UZB", "absent"),
        ("A/RES/ES-11/7", "USA", "no"),
        ("A/RES/ES-11/7", "CHN", "abstain"),
        ("A/RES/71/5", "USA", "abstain"),
        ("A/RES/77/284", "CHN", "yes"),
        ("A/RES/2758(XXVI)", "USA", "no"),
        ("S/RES/1973", "DEU", "abstain"),
        ("S/2022/155", "IND", "abstain"),
        ("S/RES/2774", "GBR", "abstain"),
    ],
)
def test_landmark_choices(choices: dict[str, dict[str, str]], rollcall: str, state: str, choice: str) -> None:
    assert choices[rollcall][state] == choice


def test_nobody_votes_before_it_was_a_member(
    rollcalls: dict[str, dict[str, str]], choices: dict[str, dict[str, str]]
) -> None:
    joined = {
        "KOR": "1991-09-17",
        "PRK": "1991-09-17",
        "CHE": "2002-09-10",
        "VNM": "1977-09-20",
        "CHN": "1971-10-26",
        "KAZ": "1992-03-02",
    }
    for name, said in choices.items():
        for state in said.keys() & joined.keys():
            assert rollcalls[name]["date"] >= joined[state], (name, state)
        assert "TWN" not in said


def test_roll_calls_span_the_years_and_the_questions(rollcalls: dict[str, dict[str, str]]) -> None:
    years = Counter(int(row["date"][:4]) for row in rollcalls.values())
    assert all(years[year] >= 3 for year in range(2000, 2026)), sorted(years.items())
    issues = Counter(row["issue"] for row in rollcalls.values())
    assert len(issues) >= 25
    assert max(issues.values()) < len(rollcalls) / 5


def test_arms_are_a_selection(flows: list[dict[str, str]]) -> None:
    assert sum(row["kind"] == "arms" for row in flows) <= 500


def test_flows_are_never_said_twice_by_one_source(flows: list[dict[str, str]]) -> None:
    keys = Counter((row["a"], row["b"], row["kind"], row["from"], row["source"]) for row in flows)
    assert max(keys.values()) == 1
    assert all(row["a"] != row["b"] and float(row["value"]) >= 0 for row in flows)


def test_trade_comes_in_both_directions_with_totals(flows: list[dict[str, str]], traits: list[dict[str, str]]) -> None:
    trade = {(row["a"], row["b"], row["from"], row["source"]) for row in flows if row["kind"] == "exports"}
    later = {key for key in trade if key[3] != "cow_trade"}
    assert all((b, a, period, source) in trade for a, b, period, source in later)
    both = sum((b, a, period, source) in trade for a, b, period, source in trade)
    assert both / len(trade) > 0.99
    totals = {(row["a"], row["from"], row["source"]) for row in traits if row["kind"] == "exports_total"}
    for a, b, period, source in trade:
        if source == "cow_trade":
            assert {(a, period, source), (b, period, source)} <= totals


def test_every_dossier_state_has_a_weight(traits: list[dict[str, str]]) -> None:
    for year in ("2000", "2010", "2016", "2020", "2022"):
        weighed = {row["a"] for row in traits if row["kind"] == "cinc" and row["from"] == year}
        late = {"SRB"} if int(year) < 2007 else set()
        assert set(DOSSIER_STATES) - weighed == late, year


def test_sources_are_those_named(
    rollcalls: dict[str, dict[str, str]], flows: list[dict[str, str]], traits: list[dict[str, str]]
) -> None:
    known = {row["key"] for row in table("sources_measures.tsv")}
    used = {row["source"] for row in (*rollcalls.values(), *flows, *traits)}
    assert used == known
    undated = {row["key"] for row in table("sources_measures.tsv") if not row["date"]}
    measured = (row for row in (*flows, *traits) if row["source"] in undated)
    assert all(row["known"] for row in measured), "a living source needs `known` in each row"


def test_published_totals_of_2024_and_2025(flows: list[dict[str, str]]) -> None:
    """GACC as reported by Reuters, TASS and AFP (tables/published_numbers.csv of the shared folder)."""
    both: dict[tuple[frozenset[str], str], float] = defaultdict(float)
    for row in flows:
        if row["source"] == "gacc":
            both[frozenset((row["a"], row["b"])), row["from"]] += float(row["value"]) / 1e9
    assert both[frozenset(("CHN", "RUS")), "2024"] == pytest.approx(244.8, abs=0.1)
    assert both[frozenset(("CHN", "RUS")), "2025"] == pytest.approx(228.1, abs=0.1)
    assert both[frozenset(("CHN", "PRK")), "2024"] == pytest.approx(2.18, abs=0.01)


# ---- against the publishers' files


def report(what: str, verified: int, left: int, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n  {what}: {verified:,} verified, {left:,} could not be", end="")


def library_choices(row: dict[str, str]) -> dict[str, str]:
    """A row of the Library's file → choice by state."""
    found = {}
    for state, names in UN_NAMES.items():
        cell = next((row[name] for name in names.split("|") if row.get(name)), None)
        if cell:
            found[state] = LIBRARY[cell.strip()]
    return found


@pytest.mark.data
def test_votes_of_the_library(
    shared_data: Path,
    rollcalls: dict[str, dict[str, str]],
    choices: dict[str, dict[str, str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    with gzip.open(
        shared_data / "un_digital_library_votes_2021/un_ga_sc_votes_to_2021.csv.gz", "rt", encoding="utf-8"
    ) as file:
        records = {row["Link"].split("record/")[1].split("?")[0]: row for row in csv.DictReader(file)}
    verified = 0
    for name, row in rollcalls.items():
        if row["source"] != "un_digital_library":
            continue
        record = records[row["locator"].removeprefix("UN Digital Library record ")]
        symbol = record["Resolution"].replace("[", "").replace("]", "")
        assert symbol.split("(19")[0].split("(20")[0].replace(" ", "") == name
        assert record["Date"] == row["date"]
        for choice, column in (("yes", "YES COUNT"), ("no", "NO COUNT"), ("abstain", "ABSENT COUNT")):
            assert int(float(record[column])) == int(row[choice]), (name, choice)
        given = Counter(
            cell.strip()
            for column, cell in record.items()
            if column not in LIBRARY_HEAD and cell and cell.strip() in LIBRARY
        )
        assert (given["Y"], given["N"]) == (int(row["yes"]), int(row["no"])), (
            f"the choices of {name} do not add up to its tally"
        )
        expected = library_choices(record)
        for state, choice in choices[name].items():
            assert expected[state] == choice, (name, state)
        left_out = expected.keys() - choices[name].keys()
        assert left_out <= {"SRB", "BLR", "UKR", "CHN"}, (name, left_out)
        verified += len(choices[name])
    theirs = ("un_digital_library", "voeten_unga")
    others = sum(len(said) for name, said in choices.items() if rollcalls[name]["source"] not in theirs)
    report("votes (UN Digital Library, with tallies)", verified, others, capsys)
    assert verified >= 12_000


@pytest.mark.data
def test_votes_of_voeten(
    shared_data: Path,
    rollcalls: dict[str, dict[str, str]],
    choices: dict[str, dict[str, str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    wide = pl.read_csv(shared_data / "unga_rollcalls_1946_2024/unga_rollcalls_wide.csv.gz", infer_schema_length=10_000)
    states = wide.columns[8:]
    by_key = {f"rcid {row['rcid']}, {row['date']}": row for row in wide.iter_rows(named=True)}
    verified = 0
    for name, row in rollcalls.items():
        if row["source"] != "voeten_unga":
            continue
        record = by_key[row["locator"]]
        counted = Counter(VOETEN.get(record[state]) for state in states)
        for choice in ("yes", "no", "abstain"):
            assert counted[choice] == int(row[choice]), (name, choice)
        for state, choice in choices[name].items():
            assert VOETEN[record[state]] == choice, (name, state)
        verified += len(choices[name])
    report("votes (Voeten)", verified, 0, capsys)
    assert verified >= 1_200


@pytest.mark.data
def test_two_publishers_agree_on_the_votes(shared_data: Path, choices: dict[str, dict[str, str]]) -> None:
    """The Library's choices against Voeten's, resolution by resolution (unvotes has the symbols): 99.9 % the same."""
    calls = pl.read_csv(shared_data / "unvotes_dgrtwo/un_roll_calls.csv.gz", infer_schema_length=10_000)
    key = pl.col("unres").str.replace_all(" ", "").str.replace("^(A/RES/|R/)", "A/RES/")
    symbols = calls.drop_nulls("unres").select("rcid", symbol=key).unique("symbol", keep="none")
    wide = pl.read_csv(shared_data / "unga_rollcalls_1946_2024/unga_rollcalls_wide.csv.gz", infer_schema_length=10_000)
    rows = {row["rcid"]: row for row in wide.filter(pl.col("date") < "2020-02-01").iter_rows(named=True)}
    same = compared = 0
    for rcid, symbol in symbols.iter_rows():
        if symbol == "A/RES/63/307":
            continue  # unvotes has the motion to take no action on it
        for state, choice in choices.get(symbol, {}).items():
            other = VOETEN.get(rows[rcid].get(state, 9))
            if other is not None:
                compared += 1
                same += other == choice
    assert compared > 5_000
    assert same / compared > 0.999, f"{same} of {compared}"


@pytest.mark.data
def test_votes_on_ukraine(
    shared_data: Path, choices: dict[str, dict[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    names = {name.title(): state for state, names in UN_NAMES.items() for name in names.split("|")} | MAP_NAMES
    verified = 0
    with (shared_data / "ukraine_votes/ukraine_unga_votes.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            state = names.get(row["country"])
            if state in choices[row["resolution"]]:
                assert choices[row["resolution"]][state] == row["vote"], (row["resolution"], state)
                verified += 1
    report("votes (68/262, ES-11/1)", verified, 0, capsys)
    assert verified >= 170


@pytest.mark.data
def test_vetoes(
    shared_data: Path,
    rollcalls: dict[str, dict[str, str]],
    choices: dict[str, dict[str, str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    with (shared_data / "unsc_vetoes/unsc_vetoes_1946_sept2022.csv").open(encoding="utf-8") as file:
        vetoes = {row["draft"].strip(): row for row in csv.DictReader(file)}
    drafts = [name for name in rollcalls if name.startswith("S/2") and rollcalls[name]["date"] < "2022-09-01"]
    for name in drafts:
        row = vetoes[name]
        month, day, year = (int(part) for part in row["date"].split("/"))
        assert rollcalls[name]["date"] == f"{year:04}-{month:02}-{day:02}", name
        cast = {
            VETO_MEMBERS[row[f"member_veto{i}"].strip()]
            for i in (1, 2, 3)
            if row[f"member_veto{i}"].strip() not in ("", "NA")
        }
        permanent = {
            state for state, choice in choices[name].items() if choice == "no" and state in VETO_MEMBERS.values()
        }
        assert permanent == cast, name
    report(
        "vetoed drafts (day and vetoes)",
        len(drafts),
        sum(name.startswith(("S/2", "UNSC")) for name in rollcalls) - len(drafts),
        capsys,
    )
    assert len(drafts) >= 20


@pytest.mark.data
def test_trade_of_cow(
    shared_data: Path, flows: list[dict[str, str]], traits: list[dict[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    codes = cow_codes(shared_data)
    pairs = pl.read_parquet(shared_data / "trade_cow_dyadic_1870_2014/cow_trade_dyadic_1870_2014.parquet").filter(
        pl.col("year") >= 2000
    )
    found = {
        (row["ccode1"], row["ccode2"], row["year"]): (row["flow1"], row["flow2"]) for row in pairs.iter_rows(named=True)
    }
    verified = 0
    for row in flows:
        if row["source"] != "cow_trade":
            continue
        exporter, importer = codes[row["a"]], codes[row["b"]]
        imports = found[min(exporter, importer), max(exporter, importer), int(row["from"])]
        # flow1 is what the lower code imports
        assert imports[0 if importer < exporter else 1] * 1e6 == pytest.approx(float(row["value"])), row
        verified += 1
    national = pl.read_csv(shared_data / "cow_trade_state_year/cow_trade_sy.csv.gz").filter(pl.col("year") >= 2000)
    totals = {(int(row["ccode"]), int(row["year"])): row for row in national.iter_rows(named=True)}
    for row in traits:
        if row["source"] == "cow_trade":
            value = totals[codes[row["a"]], int(row["from"])][row["kind"].removesuffix("_total")] * 1e6
            assert value == pytest.approx(float(row["value"]), abs=1e5), row
            verified += 1
    later = sum(row["kind"] == "exports" and row["source"] != "cow_trade" for row in flows)
    later += sum(row["kind"].endswith("_total") and row["source"] != "cow_trade" for row in traits)
    report("trade (COW)", verified, later, capsys)
    assert verified >= 5_000


@pytest.mark.data
def test_arms_of_sipri(shared_data: Path, flows: list[dict[str, str]], capsys: pytest.CaptureFixture[str]) -> None:
    expected = sipri(shared_data)
    arms = {(row["a"], row["b"], int(row["from"])): float(row["value"]) for row in flows if row["kind"] == "arms"}
    for key, value in arms.items():
        assert value == round(expected[key]), key
    core = {key for key in expected if key[0] in ARMS_CORE and key[1] in ARMS_CORE}
    assert core <= arms.keys(), "coverage says that absence is zero among these states"
    report("arms deliveries (SIPRI)", len(arms), 0, capsys)
    assert len(arms) >= 400


@pytest.mark.data
def test_capability_and_democracy(
    shared_data: Path, traits: list[dict[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    codes = cow_codes(shared_data)
    capability = pl.read_csv(shared_data / "cow_capabilities/cow_nmc.csv.gz").filter(pl.col("year") >= 1990)
    nmc = {(int(row["ccode"]), int(row["year"])): row for row in capability.iter_rows(named=True)}
    regimes = pl.read_parquet(shared_data / "political_regimes/vdem_simple.parquet").filter(pl.col("year") >= 2000)
    vdem = {(row["country_text_id"], int(row["year"])): row["v2x_polyarchy"] for row in regimes.iter_rows(named=True)}
    verified = Counter[str]()
    for row in traits:
        if row["kind"] == "cinc":
            assert float(row["value"]) == pytest.approx(nmc[codes[row["a"]], int(row["from"])]["cinc"], rel=1e-6)
        elif row["kind"] == "population":
            assert float(row["value"]) == pytest.approx(nmc[codes[row["a"]], int(row["from"])]["tpop"] * 1000, abs=1)
        elif row["kind"] == "polyarchy":
            assert float(row["value"]) == pytest.approx(vdem[row["a"], int(row["from"])], abs=1e-9)
        else:
            continue
        verified[row["kind"]] += 1
    others = sum(not row["kind"].endswith("_total") for row in traits) - verified.total()
    report("capability, population, democracy (COW, V-Dem)", verified.total(), others, capsys)
    assert verified["cinc"] >= 600
    assert verified["polyarchy"] >= 500


def cow_codes(shared_data: Path) -> dict[str, int]:
    """COW number by ISO code, from the crosswalk; the states whose number changed as of today."""
    with gzip.open(shared_data / "country_codes/codelist.csv.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["iso3c"] not in ("", "NA") and row["cown"] not in ("", "NA")]
    return {row["iso3c"]: int(float(row["cown"])) for row in rows} | {
        "SRB": 345,
        "DEU": 255,
        "VNM": 816,
        "YEM": 679,
        "TWN": 713,
    }


def sipri(shared_data: Path) -> dict[tuple[str, str, int], float]:
    """TIV by supplier, recipient and year: SIPRI's table to 2021, its register summed for 2022 to 2024."""
    found: dict[tuple[str, str, int], float] = defaultdict(float)
    with gzip.open(
        shared_data / "sipri_tiv_pairs_1950_2021/sipri_exports_processed_1950_2021.csv.gz", "rt", encoding="utf-8"
    ) as file:
        for row in csv.DictReader(file):
            supplier, recipient = SIPRI_NAMES.get(row["supplier"]), SIPRI_NAMES.get(row["recipient"])
            if supplier and recipient and int(row["year"]) >= 2000:
                found[supplier, recipient, int(row["year"])] = float(row["value"])
    with gzip.open(
        shared_data / "sipri_trade_register_1995_2024/trade_register_1995_2024.csv.gz", "rt", encoding="latin-1"
    ) as file:
        lines = [line.rstrip("\n").rstrip(";") for line in file][11:]
    for row in csv.DictReader(lines):
        supplier, recipient = SIPRI_NAMES.get(row["Supplier"]), SIPRI_NAMES.get(row["Recipient"])
        if supplier and recipient and int(row["Delivery year"]) >= 2022:
            found[supplier, recipient, int(row["Delivery year"])] += float(row["TIV delivery values"] or 0)
    return dict(found)
