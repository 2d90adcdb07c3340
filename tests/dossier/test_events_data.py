"""The dossier's events and attitudes: their own rules, and where a publisher's data set covers them, its word for it."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import polars as pl
import pytest

from multipolar import actors
from multipolar.dossier import load
from multipolar.errors import ActorError

#: What the three articles say happened, as the dossier has it: day, a, b, kind.
ARTICLE_EVENTS = [
    ("2024-06-19", "RUS", "PRK", "CONSULT"),  # 000: Putin in Pyongyang
    ("2024-06-19", "RUS", "PRK", "SUPPORT"),  # 000: the treaty
    ("2024-06-20", "RUS", "VNM", "CONSULT"),  # 000: Putin in Hanoi
    ("2024-06-20", "RUS", "VNM", "SUPPORT"),  # 000: eleven agreements
    ("2024-05-16", "RUS", "CHN", "CONSULT"),  # 000: the usual trips to China
    ("2023-12-06", "RUS", "ARE", "CONSULT"),  # 000: the Gulf in December
    ("2023-12-06", "RUS", "SAU", "CONSULT"),
    ("2024-06-12", "RUS", "CUB", "COOPERATE"),  # 000: the flotilla
    ("2023-09-10", "USA", "VNM", "CONSULT"),  # 000: Biden in Hanoi "a year ago"
    ("2023-09-10", "USA", "VNM", "AGREE"),
    ("2024-06-17", "USA", "VNM", "ACCUSE"),  # 000: the sour response
    ("2023-03-17", "ICC", "RUS", "ACCUSE"),  # 000: the warrant
    ("2025-08-15", "RUS", "USA", "CONSULT"),  # 001: Anchorage
    ("2025-08-22", "RUS", "UKR", "REJECT"),  # 001: Lavrov on a meeting
    ("2024-08-06", "UKR", "RUS", "ASSAULT"),  # 001: Kursk
    ("2024-10-08", "PRK", "RUS", "COOPERATE"),  # 001: troops, before the treaty was in force
    ("2024-12-04", "RUS", "PRK", "SUPPORT"),  # 001: the treaty in force
    ("2025-04-28", "PRK", "RUS", "SUPPORT"),  # 001: open acknowledgement
    ("2022-02-04", "RUS", "CHN", "AGREE"),  # 001: without limits
    ("2024-06-14", "RUS", "UKR", "REQUEST"),  # 002: the offer at the Foreign Ministry
    ("2024-06-23", "UKR", "RUS", "ASSAULT"),  # 002: the beach of Sevastopol
    ("2024-06-24", "RUS", "USA", "THREATEN"),  # 002: the démarche
    ("2023-03-15", "USA", "RUS", "CONSULT"),  # 002: the call before the pause
    ("2024-06-25", "USA", "RUS", "CONSULT"),  # 002: Austin and Belousov
    ("2024-06-26", "RUS", "USA", "ACCUSE"),  # 002: Primakov Readings
    ("1981-01-07", "UN", "ZAF", "CONSULT"),  # 002: Geneva, Namibia
    ("1981-01-14", "ZAF", "UN", "REJECT"),
    ("1988-12-22", "ZAF", "AGO", "SUPPORT"),  # 002: the settlement a decade later
]

#: Visits that the tracker names and the dossier leaves out, with the reason.
TRACKER_ONLY = {
    ("Xi Jinping", 2015, "SAU"): "the visit was in January 2016, and the tracker has it there too",
    ("Xi Jinping", 2015, "EGY"): "the visit was in January 2016, and the tracker has it there too",
    ("Xi Jinping", 2015, "IRN"): "the visit was in January 2016, and the tracker has it there too",
    ("Xi Jinping", 2015, "KOR"): "no visit: President Park came to Beijing in September 2015",
    ("Xi Jinping", 2018, "KOR"): "no visit between July 2014 and October 2025",
    ("Xi Jinping", 2016, "ESP"): "a stop on Gran Canaria without a head of state or government",
}
_VISIT = re.compile(r"(State visit|Attendance|Meets)")


@cache
def events() -> pl.DataFrame:
    return load().frames["event"]


def visits() -> pl.DataFrame:
    return events().filter((pl.col("kind") == "CONSULT") & (pl.col("mode") == "visit"))


def tracker(shared_data):
    """Leader, year and host of the who-where-when tracker, without its later rows on meetings of ministries."""
    path = shared_data / "china_leader_visits" / "china_visits_FinalData.csv"
    if not path.is_file():
        pytest.skip(f"needs {path}")
    found = set()
    for row in pl.read_csv(path, infer_schema_length=0).iter_rows(named=True):
        if row["Details"] and not _VISIT.match(row["Details"]):
            continue
        name = re.sub(r"^Korea, (\w+)$", r"\1 Korea", row["Country"]).replace(
            "Congo - Brazzaville", "Republic of the Congo"
        )
        try:
            found.add((row["Name"], int(row["Year"]), actors.resolve(name, on=f"{row['Year']}-06-30").id))
        except ActorError:
            continue
    return found


@pytest.mark.data
def test_chinese_presidents_travelled_where_the_tracker_says(shared_data, capsys):
    theirs = tracker(shared_data)
    chinese = visits().filter((pl.col("a") == "CHN") & (pl.col("valid_from") >= date(2003, 3, 15)))
    verified = unverified = 0
    for leader, until in (("Hu Jintao", 2012), ("Xi Jinping", 2025)):
        rows = chinese.filter(pl.col("text").str.contains(leader, literal=True)).iter_rows(named=True)
        ours = {(leader, row["valid_from"].year, row["b"]) for row in rows}
        named = {visit for visit in theirs if visit[0] == leader and visit[1] <= until}
        assert named - ours == {visit for visit in TRACKER_ONLY if visit[0] == leader}
        verified += len(ours & named)
        unverified += len(ours - named)
    with capsys.disabled():
        print(f"\nvisits of Chinese presidents: {verified} verified by year, {unverified} not in the tracker, ", end="")
        print(f"{len(TRACKER_ONLY)} differ with a reason")
    assert verified >= 160


@pytest.mark.data
def test_a_visit_the_tracker_has_before_2020_is_where_the_dossier_claims_coverage(shared_data):
    """Inside the years for which absence means zero, up to 2019, the tracker knows nothing that the dossier lacks."""
    claim = next(claim for claim in load().coverage if claim.source == "prc_mfa_visits")
    ours = {(row["valid_from"].year, row["b"]) for row in visits().filter(pl.col("a") == "CHN").iter_rows(named=True)}
    inside = {
        visit for visit in tracker(shared_data) if visit[0] == "Xi Jinping" and claim.first.year <= visit[1] < 2020
    }
    assert {visit for visit in inside if visit[1:] not in ours} <= set(TRACKER_ONLY)


@pytest.mark.data
def test_favourability_is_what_pew_measured(shared_data, capsys):
    path = shared_data / "pew_favourability" / "pew_favourability_country_year.csv"
    if not path.is_file():
        pytest.skip(f"needs {path}")
    theirs = {(r["target"], r["country_iso3"], r["year"]): r for r in pl.read_csv(path).iter_rows(named=True)}
    verified = unverified = 0
    for row in load().frames["attitude"].iter_rows(named=True):
        if not row["source"].startswith("pew_"):
            unverified += 1
            continue
        measured = theirs.get((row["b"], row["a"], row["valid_from"].year))
        if measured is None:
            assert row["source"] == "pew_reports", f"{row['locator']}: not among the surveys"
            unverified += 1
            continue
        share = measured["pct_favourable" if row["kind"] == "favourable" else "pct_unfavourable"] / 100
        assert row["value"] == pytest.approx(share, abs=0.0101), row["locator"]
        assert row["n"] is None or row["n"] == measured["n"], row["locator"]
        verified += 1
    with capsys.disabled():
        print(f"\nattitudes: {verified} verified against Pew's survey data, {unverified} not covered by it")
    assert verified >= 300


def test_every_event_of_the_articles_is_in_the_dossier():
    have = {(str(r["valid_from"]), r["a"], r["b"], r["kind"]) for r in events().iter_rows(named=True)}
    assert [event for event in ARTICLE_EVENTS if event not in have] == []


def test_the_treaty_came_into_force_after_the_troops():
    of_pair = events().filter(pl.col("a").is_in(["RUS", "PRK"]) & pl.col("b").is_in(["RUS", "PRK"]))
    troops = of_pair.filter(pl.col("text").str.contains("transport of troops"))["valid_from"].item()
    force = of_pair.filter(pl.col("text").str.contains("treaty in force"))["valid_from"].item()
    assert troops < force == date(2024, 12, 4)


def test_a_kind_and_mode_have_one_value_with_the_sign_of_the_kind():
    values = events().group_by("kind", "mode").agg(pl.col("value").unique())
    assert values.filter(pl.col("value").list.len() != 1).is_empty()
    sour = ["ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"]
    signs = values.filter(pl.col("kind") != "REQUEST").with_columns(pl.col("value").list.first() < 0)
    assert signs.filter(pl.col("value") != pl.col("kind").is_in(sour)).is_empty()


def test_a_visit_is_paid_to_the_host_once_a_day():
    paid = visits()
    assert paid.filter(pl.col("place") != pl.col("b")).is_empty()
    assert paid.filter(pl.struct("a", "b", "valid_from", "text").is_duplicated()).is_empty()
    assert paid["value"].unique().to_list() == [1.9]
    assert paid.height >= 1500


def test_events_are_dense_since_2000_and_speak_of_all_kinds():
    since = events().filter(pl.col("valid_from") >= date(2000, 1, 1))
    by_year = since.group_by(pl.col("valid_from").dt.year().alias("year")).len()
    assert by_year.filter(pl.col("year") < 2026)["len"].min() >= 20
    assert events()["kind"].n_unique() >= 14
    assert events().height >= 3000


@pytest.mark.parametrize(
    ("leader", "year", "hosts"),
    [
        ("Vladimir Putin", 2020, {"SYR", "TUR", "DEU", "ISR", "PSE"}),
        ("Vladimir Putin", 2021, {"CHE", "IND"}),
        ("Vladimir Putin", 2023, {"KGZ", "CHN", "KAZ", "BLR", "ARE", "SAU"}),
        ("Vladimir Putin", 2024, {"CHN", "BLR", "UZB", "PRK", "VNM", "KAZ", "AZE", "MNG", "TKM"}),
        ("Xi Jinping", 2020, {"MMR"}),
        ("Xi Jinping", 2021, set()),
        ("Joseph R. Biden", 2024, {"FRA", "ITA", "DEU", "PER", "BRA", "CPV", "AGO"}),
        ("Kim Jong Un", 2018, {"CHN", "SGP"}),
        ("Kim Jong Un", 2020, set()),
    ],
)
def test_hosts_of_a_leader_in_a_year(leader, year, hosts):
    rows = visits().filter(
        pl.col("text").str.starts_with(leader) | pl.col("text").str.contains(f" {leader} in ", literal=True)
    )
    assert set(rows.filter(pl.col("valid_from").dt.year() == year)["b"]) == hosts


def test_an_attitude_of_a_public_is_a_share_and_known_after_the_survey():
    held = load().frames["attitude"]
    assert held.filter((pl.col("value") <= 0) | (pl.col("value") >= 1)).is_empty()
    assert held.filter(pl.col("known_from") < pl.col("valid_to")).is_empty()
    both = held.filter(pl.col("kind").is_in(["favourable", "unfavourable"]))
    sums = both.group_by("a", "b", "valid_from", "valid_to", "source").agg(pl.col("value").sum())
    assert sums.filter(pl.col("value") > 1.011).is_empty()
