"""ICEWS: tables and samples; which names act for a state, and which codes stand behind the words."""

from __future__ import annotations

from collections import Counter
from datetime import date

import polars as pl
import pytest

from multipolar.errors import DataError
from multipolar.sources.events import names, table
from multipolar.sources.events.archive import EventArchive
from multipolar.sources.publishers import icews

HEADER = (
    "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\tTarget Name\t"
    "Target Sectors\tTarget Country\tStory ID\tSentence Number\tPublisher\tCity\tDistrict\tProvince\tCountry\tLatitude\tLongitude"
)
USA, CHINA = ("United States", "", "United States"), ("China", "", "China")


def line(a=USA, b=CHINA, code="042", day="2015-03-01", *, id="1", score="1.9", city=""):
    cells = [id, day, *a, "Make a visit", code, score, *b, "9", "1", "AFP", city, "", "", "China", "39.9", "116.4"]
    return "\t".join(cells)


def events(write, *rows, name="events.2015.tab"):
    return icews.parse(write(name, [HEADER, *rows]))


def sample(tmp_path, *rows):
    path = tmp_path / "sample.parquet"
    pl.DataFrame(rows, schema=["subject", "event", "object", "date"], orient="row").write_parquet(path)
    return icews.parse(path)


def left(parsed):
    return {item.reason: item.rows for item in parsed.left_out}


def test_a_table_of_events(write):
    parsed = events(write, line(city="Beijing"), line(id="2", day="2015-03-03", code="190", score="-10"))
    first, second = parsed.frame("event").to_dicts()
    assert (first["a"], first["b"], first["kind"], first["mode"], first["value"]) == (
        "USA",
        "CHN",
        "CONSULT",
        "visit",
        1.9,
    )
    assert (first["locator"], first["place"], first["known_from"]) == ("Event ID 1", "Beijing, China", date(2015, 3, 1))
    assert (second["kind"], second["value"]) == ("ASSAULT", -10.0)
    assert parsed.layout == "events"
    spans = {(row.first, row.last, row.absence) for row in parsed.coverage}
    assert spans == {(date(2015, 3, 1), date(2015, 3, 3), "zero")}


@pytest.mark.parametrize(
    ("written", "code"), [("42", "042"), ("042", "042"), ("20", "020"), ("341", "0341"), ("1011", "1011")]
)
def test_codes_without_leading_zeros(write, written, code):
    frame, (account,) = icews.read_batch([(icews.Path("x"), f"{HEADER}\n{line(code=written)}\n".encode())])
    assert account.rows == 1
    assert frame["cameo"].to_list() == ([code] if code != "020" else [])


def test_sides_of_a_table_act_for_their_state_by_sector(write):
    minister = ("Sergey Lavrov", "Foreign Ministry,Executive,Government", "Russian Federation")
    parsed = events(
        write,
        line(minister),
        line(("Business (China)", "Business,Social", "China"), USA),
        line(("United Nations", "International Government Organization", "")),
        line(USA, ("United States Army", "Military,Government", "United States")),
        line(code="0999"),
        line(code="010"),
        line(("South Sudan", "", "South Sudan"), day="2010-01-01"),
    )
    assert parsed.frame("event")["a"].to_list() == ["RUS"]
    assert left(parsed) == {
        table.NO_ORGAN: 1, icews.UNKNOWN: 1, table.SAME: 1, table.NO_CODE: 1, table.NO_EVENT: 1, icews.NOT_THEN: 1,
    }  # fmt: skip
    assert parsed.used == 1


def test_a_sample_names_states_roles_and_persons(tmp_path):
    parsed = sample(
        tmp_path,
        ("China", "Host a visit", "Envoy (United States)", "2015-03-01"),
        ("Barack Obama", "Make a visit", "Japan", "2014-04-23"),
        ("Dmitry Anatolyevich Medvedev", "Discuss by telephone", "Barack Obama", "2010-06-01"),
        ("Barack Obama", "Make a visit", "Japan", "2005-04-23"),
        ("Citizen (India)", "Praise or endorse", "Japan", "2014-04-23"),
        ("Boko Haram", "Use unconventional violence", "Nigeria", "2014-04-23"),
        ("China", "Make statement", "Japan", "2014-04-23"),
        ("China", "Sing together", "Japan", "2014-04-23"),
        ("Government (India)", "Consult", "India", "2014-04-23"),
    )
    told = [(row["a"], row["b"], row["mode"]) for row in parsed.frame("event").to_dicts()]
    assert told == [("CHN", "USA", "host"), ("USA", "JPN", "visit"), ("RUS", "USA", "phone")]
    assert left(parsed) == {
        icews.NOT_THEN: 1, table.NO_ORGAN: 1, icews.UNKNOWN: 1, table.NO_EVENT: 1, table.NO_CODE: 1, table.SAME: 1,
    }  # fmt: skip
    assert parsed.coverage == ()
    assert "Sing together" in str(parsed.left_out)


def test_a_state_is_looked_up_on_the_day():
    rows = pl.DataFrame({"day": [date(2000, 1, 1), date(2010, 1, 1)], "who_a": ["Serbia", "Serbia"]})
    found = names.lookup(rows, "a", icews.NAMES)
    assert found["a"].to_list() == ["YUG", "SRB"]
    assert names.lookup(rows.with_columns(who_a=pl.lit("Nobody")), "a", {})["known_a"].to_list() == [False, False]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (line(day="20x0-01-01"), ":2:day: expected a day"),
        (line(day="2999-01-01"), ":2:day: expected a day from 1995"),
        (line(day="1985-01-01"), ":2:day: expected a day from 1995"),
        (line(code="visit"), ":2:code: expected a CAMEO code"),
        (line(score="12"), ":2:score: expected a number from -10 to 10"),
        (line(id=""), ":2:event: expected a value"),
        (line() + "\tx", ":2:row: expected 20 cells, got 21"),
    ],
)
def test_bad_cells_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        events(write, row)


def test_a_renamed_column_is_refused(write, tmp_path):
    with pytest.raises(DataError, match="CAMEO Code"):
        icews.parse(write("events.tab", [HEADER.replace("CAMEO Code", "Code"), line()]))
    path = tmp_path / "x.parquet"
    pl.DataFrame({"subject": ["a"], "event": ["b"], "object": ["c"]}).write_parquet(path)
    with pytest.raises(DataError, match="date"):
        icews.parse(path)


def test_an_archive_of_icews(write, tmp_path):
    archive = EventArchive.create(tmp_path / "icews", "icews")
    archive.add([write("events.2015.tab", [HEADER, line(), line(id="2", day="2015-03-03")])])
    archive.add([write("events.2016.tab", [HEADER, line(day="2015-03-06")])])
    assert archive.coverage()["covered"].to_list() == [True, True, True, False, False, True]
    assert archive.scan().collect().height == 3
    with pytest.raises(DataError, match="expected a file of icews"):
        archive.add([write("x.csv", ["\t".join(["1"] + [""] * 60)])])


@pytest.mark.parametrize(
    ("name", "rows", "used"),
    [
        ("icews_2014_sample", 17_904, 3_772),
        ("icews_2005_2015_sample", 92_367, 22_084),
        ("icews_2018_aug_oct", 95_540, 19_243),
    ],
)
def test_real_samples(shared_data, name, rows, used):
    path = shared_data / "icews_samples" / f"{name}.parquet"
    parsed = icews.SOURCE.read(path)
    assert (parsed.rows, parsed.used) == (rows, used)
    assert sum(item.rows for item in parsed.left_out) == rows - used
    assert table.NO_CODE not in left(parsed)
    raw = pl.read_parquet(path).cast(pl.String)
    names = {"China": "CHN", "Japan": "JPN", "Iran": "IRN", "France": "FRA", "Vietnam": "VNM", "South Korea": "KOR"}
    visits = raw.filter(
        pl.col("event") == "Make a visit", pl.col("subject").is_in(names), pl.col("object").is_in(names)
    )
    want = Counter((names[a], names[b], day) for a, _, b, day in visits.rows() if a != b)
    frame = parsed.frame("event").filter(pl.col("original").str.starts_with("042;"))
    got = {(row["a"], row["b"], str(row["valid_from"])) for row in frame.to_dicts()}
    assert want.keys() <= got
    assert len(want) > 0
