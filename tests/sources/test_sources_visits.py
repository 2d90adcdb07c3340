"""Journeys of China's leaders: what is a visit, what is told twice, and what a year without a day counts for."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from multipolar import dossier
from multipolar.errors import DataError
from multipolar.indicators import counted
from multipolar.indicators.model import Scope
from multipolar.record import Batch, Coverage, Record
from multipolar.sources.publishers import visits

HEAD = "Year,Name,Level,Country,Continent,Developed country,Original Source,Details"
CEIAS = "Central European Institute of Asian Studies (CEIAS)"
WIKI = "https://en.wikipedia.org/wiki/List_of_international_trips_made_by_Xi_Jinping"
NEWS = "https://www.fmprc.gov.cn/eng/xw/wjbxw/202405/t20240530_11343665.html"


def row(year, host, name="Xi Jinping", origin=CEIAS, details=""):
    return f'{year},{name},President,"{host}",Asia,0,{origin},{details}'


def parse(write, *rows, head=HEAD):
    return visits.parse(write("AllData.csv", [head, *rows]))


def hosts(parsed):
    return [(r["b"], r["valid_from"].year) for r in parsed.frame("event").sort("locator").to_dicts()]


def test_a_visit_has_a_year_and_no_strength(write):
    event = parse(write, row(2015, "Russia")).frame("event").to_dicts()[0]
    assert (event["a"], event["b"], event["place"], event["kind"], event["mode"]) == (
        "CHN",
        "RUS",
        "RUS",
        "CONSULT",
        "visit",
    )
    assert (event["valid_from"], event["valid_to"], event["known_from"]) == (
        date(2015, 1, 1),
        date(2015, 12, 31),
        date(2015, 12, 31),
    )
    assert "value" not in event
    assert event["text"] == "Xi Jinping (President): visit, day not known"


def test_two_rows_of_the_first_list_are_two_journeys(write):
    parsed = parse(write, row(2015, "Russia"), row(2015, "Russia"))
    assert hosts(parsed) == [("RUS", 2015), ("RUS", 2015)]
    assert parsed.frame("event")["locator"].n_unique() == 2


def test_a_visit_told_by_two_lists_is_one(write):
    parsed = parse(
        write,
        row(2015, "Russia"),
        row(2015, "Russia", origin=WIKI, details="State visit.[12]"),
        row(2024, "France", origin=WIKI, details="State visit. Met with the president"),
    )
    assert hosts(parsed) == [("RUS", 2015), ("FRA", 2024)]
    assert [(item.reason, item.rows) for item in parsed.left_out] == [(visits.AGAIN, 1)]
    assert parsed.frame("event")["text"].to_list()[1] == "Xi Jinping (President): state visit, day not known"


def test_news_about_other_officials_is_no_visit(write):
    parsed = parse(
        write,
        row(2024, "Belarus", origin=NEWS, details="Assistant Foreign Minister Liu Bin Meets with the Ambassador"),
        row(2024, "Kosovo", origin=NEWS, details="Vice Foreign Minister Deng Li Meets with a Member of the Presidium"),
        row(2013, "Germany", "Li Keqiang"),
    )
    assert hosts(parsed) == [("DEU", 2013)]
    assert [(item.reason, item.rows) for item in parsed.left_out] == [(visits.NEWS, 2)]


@pytest.mark.parametrize(
    ("year", "name", "actor"),
    [
        (1950, "Soviet Union", "RUS"), (1954, "Germany, East", "DDR"), (1971, "Vietnam", "VNM"), (1956, "Korea, North", "PRK"),
        (1978, "Yugoslavia", "YUG"), (1987, "Czechoslovakia", "CSK"), (2006, "Congo - Brazzaville", "COG"),
        (1960, "Congo - Kinshasa", "COD"), (1956, "Myanmar", "MMR"), (2012, "Turkey", "TUR"), (1964, "Cote d'Ivoire", "CIV"),
    ],
)  # fmt: skip
def test_names_by_year(write, year, name, actor):
    assert hosts(parse(write, row(year, name))) == [(actor, year)]


def test_a_journey_at_home_is_none(write):
    parsed = parse(write, row(2013, "China"), row(2013, "Russia"))
    assert hosts(parsed) == [("RUS", 2013)]
    assert parsed.rows == parsed.used + 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (row("20x5", "Russia"), ":2:year: expected a whole number from 1949"),
        (row(1900, "Russia"), ":2:year: expected a whole number from 1949"),
        (row(2015, "Atlantis"), ":2:b: expected a code or name of a state, got 'Atlantis'"),
        (row(2015, ""), ":2:b: expected a value"),
        (row(2015, "Russia", origin="https://example.org"), ":2:origin: expected an origin that begins with"),
    ],
)
def test_bad_cells_are_named(write, line, message):
    with pytest.raises(DataError, match=message):
        parse(write, line)


def test_other_files_are_refused(write):
    with pytest.raises(DataError, match="none called Original Source"):
        parse(write, row(2015, "Russia"), head=HEAD.replace("Original Source", "Origin"))
    with pytest.raises(DataError, match="check 'rows'"):
        visits.SOURCE.read(write("AllData.csv", [HEAD, row(2015, "Russia")]))


def scope(parsed, *coverage):
    record = Record.memory()
    batch = Batch(parsed.frames, parsed.sources, coverage or parsed.coverage, label="visits")
    record.ingest(batch)
    return Scope(record.view(), ("CHN", "FRA", "RUS"), date(2014, 1, 1), date(2016, 12, 31))


def test_a_visit_without_a_day_counts_in_no_month(write):
    """As an event it has no strength, and as a visit of the year it waits for a list that is complete."""
    seen = scope(parse(write, row(2015, "Russia")))
    assert counted.events(seen).height == 0
    assert counted.visits(seen).height == 0


def test_it_counts_by_year_where_somebody_vouches_for_the_list(write):
    parsed = parse(write, row(2015, "Russia"), row(2015, "Russia"))
    first, last = date(2014, 1, 1), date(2016, 12, 31)
    whole = Coverage("china-visits:2015", "event", "CONSULT:visit", ("CHN",), "a", first, last, "zero")
    cells = counted.visits(scope(parsed, whole)).group_by("a", "b", "month").agg(pl.col("value").sum().round(6))
    russia = dict(cells.filter(pl.col("b") == "RUS").select("month", "value").rows())
    assert russia == {date(2014, 12, 1): 0.0, date(2015, 12, 1): 1.098612, date(2016, 12, 1): 0.0}


def test_the_real_file(real):
    parsed = real("china-visits")
    assert (parsed.rows, parsed.used) == (792, 631)
    assert {item.reason: item.rows for item in parsed.left_out} == {visits.NEWS: 101, visits.AGAIN: 60}
    events = parsed.frame("event")
    assert {row.absence for row in parsed.coverage} == {"missing"}
    top = events.group_by("b").len().sort("len", descending=True)["b"].head(3).to_list()
    assert top[0] == "RUS"
    assert "XKX" not in events["b"].to_list()


def test_the_second_file_has_no_visit_of_its_own(shared_data):
    folder = shared_data / "china_leader_visits"
    names = ["Year", "Name", "Country"]
    whole = pl.read_csv(folder / "china_visits_AllData.csv").select(names)
    part = pl.read_csv(folder / "china_visits_FinalData.csv").select(names)
    assert part.join(whole, on=names, how="anti").height == 0
    assert part.height == whole.unique().height


def test_the_real_list_against_the_dossiers(real):
    """Journeys of the head of state 2014-2019: nearly all are here; that some are not is why absence is no zero."""
    listed = dossier.load().frames["event"].filter(pl.col("source") == "prc_mfa_visits", pl.col("mode") == "visit")
    year = pl.col("valid_from").dt.year().alias("year")
    want = listed.select("b", year).filter(pl.col("year").is_between(2014, 2019)).unique()
    ours = real("china-visits").frame("event").filter(pl.col("text").str.starts_with("Xi Jinping")).select("b", year)
    missing = want.join(ours, on=["b", "year"], how="anti")
    assert want.height > 60
    assert missing.height <= 2
    recent = listed.select("b", year).filter(pl.col("year") >= 2023).unique()
    assert recent.join(ours, on=["b", "year"], how="anti").height > 5
