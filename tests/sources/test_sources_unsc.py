"""Vetoes: who cast them, on which draft; what the others did is not known."""

from __future__ import annotations

import csv
from datetime import date

import polars as pl
import pytest

from multipolar.errors import DataError
from multipolar.sources.publishers import unsc

YORDAN = (
    "year,date,month,draft,meeting_record,agenda_item,crisis_topic,region,member_veto1,member_veto2,member_veto3,single_veto,"
    "multiple_vetoes,China,France,Russia,USSR,USA,UK,russia_china,usa_uk,usa_france,usa_france_uk,france_uk"
)
DPPA = (
    "id,date,draft_res#,url_for_res#,record,agenda,short_agenda,#_of_pms,china,russian_federation_ussr,france,united_states,"
    "united_kingdom,last_update"
)


def row(day, draft, *members, flags=None, item='"An item, of the agenda"'):
    names = [*members, "", "", ""][:3]
    flagged = members if flags is None else flags
    ones = [str(int(seat in flagged)) for seat in ("China", "France", "Russia", "USSR", "USA", "UK")]
    return ",".join([day[-4:], day, "1", draft, "S/PV.1", item, "Topic", "Europe", *names, "1", "0", *ones, *"00000"])


def yordan(write, *rows):
    return unsc.parse(write("unsc_vetoes.csv", [YORDAN, *rows]))


def vetoes(parsed):
    return sorted(parsed.frame("vote").select("rollcall", "a").rows())


def test_a_veto_is_a_no(write):
    parsed = yordan(write, row("2/25/2022", "S/2022/155", "Russia"))
    assert parsed.frame("vote").to_dicts() == [
        {
            "a": "RUS",
            "kind": "UNSC",
            "valid_from": date(2022, 2, 25),
            "valid_to": date(2022, 2, 25),
            "known_from": date(2022, 2, 25),
            "source": "unsc-vetoes-yordan:2022-02-25",
            "locator": "line 2, S/2022/155, Russia",
            "original": "Russia",
            "value": -1.0,
            "text": "draft not adopted: An item, of the agenda",
            "rollcall": "UNSC-draft:S/2022/155",
            "choice": "no",
            "issue": "Topic",
        }
    ]
    assert (parsed.layout, parsed.rows, parsed.used, parsed.remarks) == ("yordan", 1, 1, ())
    assert parsed.coverage[0].absence == "missing"
    assert "USA" in parsed.coverage[0].actors


def test_several_members_and_several_drafts_of_one_meeting(write):
    parsed = yordan(
        write,
        row("10/31/1977", "S/12312", "UK", "USA", "France"),
        row("6/26/1946", "S/PV.49", "USSR"),
        row("6/26/1946", "S/PV.49", "USSR"),
    )
    assert vetoes(parsed) == [
        ("UNSC-draft:S/12312", "FRA"),
        ("UNSC-draft:S/12312", "GBR"),
        ("UNSC-draft:S/12312", "USA"),
        ("UNSC-draft:S/PV.49", "RUS"),
        ("UNSC-draft:S/PV.49#2", "RUS"),
    ]
    assert (parsed.rows, parsed.used) == (3, 3)


@pytest.mark.parametrize(("day", "actor"), [("12/13/1955", "TWN"), ("8/25/1972", "CHN"), ("1/1/1948", "CHN")])
def test_the_seat_of_china_is_the_members_of_the_day(write, day, actor):
    assert vetoes(yordan(write, row(day, "S/1", "China"))) == [("UNSC-draft:S/1", actor)]


def test_names_are_believed_before_flags_and_it_is_said(write):
    parsed = yordan(write, row("2/6/1976", "S/11967", "France", flags=()), row("2/25/2022", "S/2022/155", "Russia"))
    assert vetoes(parsed)[0] == ("UNSC-draft:S/11967", "FRA")
    assert parsed.remarks == ("1 rows whose 0/1 columns lack members that their names have: the names are taken",)


def test_the_list_of_the_department(write):
    rows = [
        "1,2022-05-26,S/2022/431,https://x,9048,Non-proliferation,DPRK,2,1,1,0,0,0,2025-01-01",
        "2,2023-12-08,S/2023/970,https://x,9499,The Middle East,Palestine,1,,,,1,,2025-01-01",
    ]
    parsed = unsc.parse(write("DPPA-SCVETOES.csv", [DPPA, *rows]))
    assert vetoes(parsed) == [
        ("UNSC-draft:S/2022/431", "CHN"),
        ("UNSC-draft:S/2022/431", "RUS"),
        ("UNSC-draft:S/2023/970", "USA"),
    ]
    assert parsed.layout == "dppa"
    assert parsed.sources[0].url == unsc.DPPA_URL
    assert parsed.coverage[0].last == date(2023, 12, 8)


def test_both_lists_name_a_draft_alike(write):
    one = yordan(write, row("5/26/2022", "S/2022/431", "China", "Russia"))
    other = unsc.parse(write("d.csv", [DPPA, "1,2022-05-26,S/2022/431,x,9048,N,D,2,1,1,0,0,0,2025-01-01"]))
    assert vetoes(one) == vetoes(other)
    assert one.sources[0].title == other.sources[0].title, "so that one record refuses the second"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (row("25/2/2022", "S/1", "Russia"), r"unsc_vetoes.csv:2:day: expected a day \(M/D/YYYY\), got '25/2/2022'"),
        (row("2/25/20x2", "S/1", "Russia"), r":2:day: expected a day"),
        (row("2/25/2999", "S/1", "Russia"), r":2:date: expected a day from 1946-01-01 to today"),
        (row("2/25/2022", "S/1", "India"), r":2:name1: expected one of China, France, .* got 'India'"),
        (row("2/25/2022", "S/1"), r":2:name1: expected a value"),
        (row("2/25/2022", "", "Russia"), r":2:draft: expected a value"),
        (row("2/25/2022", "S/1", "Russia") + ",1", r":2:row: expected 24 cells"),
    ],
)
def test_bad_rows_are_named(write, line, message):
    with pytest.raises(DataError, match=message):
        yordan(write, line)


def test_other_files_are_refused(write):
    with pytest.raises(DataError, match=r"none called agenda_item"):
        unsc.parse(write("x.csv", [YORDAN.replace("agenda_item", "item"), row("2/25/2022", "S/1", "Russia")]))
    with pytest.raises(DataError, match=r":2:draft: expected a draft that a member vetoed"):
        unsc.parse(write("x.csv", [DPPA, "1,2022-05-26,S/2022/431,x,9048,N,D,0,0,0,0,0,0,2025-01-01"]))
    with pytest.raises(DataError, match=r":2:China: expected a whole number from 0 to 1"):
        unsc.parse(write("x.csv", [DPPA, "1,2022-05-26,S/2022/431,x,9048,N,D,1,yes,0,0,0,0,2025-01-01"]))
    with pytest.raises(DataError, match=r"git-lfs pointer"):
        unsc.parse(write("x.csv", ["version https://git-lfs.github.com/spec/v1"]))


def test_a_shorter_list_is_refused(write):
    path = write("unsc_vetoes.csv", [YORDAN, row("2/25/2022", "S/2022/155", "Russia")])
    with pytest.raises(DataError, match=r"214 to 600 rows"):
        unsc.SOURCE.read(path)
    failed = {check.name for check in unsc.SOURCE.checks if check.failure(unsc.parse(path))}
    assert "vetoes of S/2022/155" not in failed
    assert {"rows", "vetoes of S/2022/431"} <= failed


def test_real_list_counts_and_facts(real, shared_data):
    parsed = real("unsc-vetoes")
    assert (parsed.rows, parsed.used, parsed.left_out) == (214, 214, ())
    with (shared_data / "unsc_vetoes" / "unsc_vetoes_1946_sept2022.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    named = [row[f"member_veto{n}"] for row in rows for n in (1, 2, 3) if row[f"member_veto{n}"]]
    counts = dict(parsed.frame("vote").group_by("a").len().rows())
    assert counts == {
        "CHN": named.count("China"),
        "FRA": named.count("France"),
        "GBR": named.count("UK"),
        "RUS": named.count("USSR") + named.count("Russia"),
        "USA": named.count("USA"),
    }
    assert counts == {"CHN": 17, "FRA": 16, "GBR": 29, "RUS": 121, "USA": 82}
    assert parsed.frame("vote")["rollcall"].n_unique() == 214
    assert parsed.remarks[0].startswith("26 rows whose")


def test_real_vetoes_are_no_adopted_resolutions(real):
    adopted = set(real("undl-2021").frame("vote")["rollcall"])
    assert not adopted & set(real("unsc-vetoes").frame("vote")["rollcall"])
    council = real("undl-2021").frame("vote").filter(pl.col("kind") == "UNSC", pl.col("choice") == "no")
    assert set(council["a"]) & {"CHN", "FRA", "RUS", "GBR", "USA"} <= {"CHN", "FRA", "RUS", "GBR", "USA"}
