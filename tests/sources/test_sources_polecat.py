"""POLECAT: types, modes and pairs of states from tables of its published columns (synthetic: no real file is at hand)."""

from __future__ import annotations

from datetime import date

import pytest

from multipolar.errors import DataError
from multipolar.sources.events import table
from multipolar.sources.events.archive import EventArchive
from multipolar.sources.publishers import polecat

COLUMNS = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts", "Actor Name",
    "Actor Country", "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title", "Actor Name Raw",
    "Wikipedia Actor ID", "Recipient Name", "Recipient Country", "Recipient COW", "Primary Recipient Sector",
    "Recipient Sectors", "Recipient Title", "Recipient Name Raw", "Wikipedia Recipient ID", "Placename", "City",
    "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename", "Feature Type", "Source",
    "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language", "Version",
)  # fmt: skip
USUAL = {
    "Event ID": "20230102-1-abc_CONSULT_R", "Event Date": "2023-01-02", "Event Type": "CONSULT", "Event Mode": "visit",
    "Intensity": "1.9", "Actor Country": "USA", "Recipient Country": "CHN", "Publication Date": "2023-01-03",
}  # fmt: skip


def line(**cells):
    told = USUAL | {name.replace("_", " "): text for name, text in cells.items()}
    return "\t".join(told.get(name, "None") for name in COLUMNS)


HEADER = "\t".join(COLUMNS)


def parse(write, *rows, header=HEADER):
    return polecat.parse(write("ngecEvents.txt", [header, *rows]))


def test_an_event(write):
    parsed = parse(
        write, line(City="Beijing", Country="CHN"), line(Event_Type="ASSAULT", Event_Mode="None", Intensity="-9")
    )
    first, second = parsed.frame("event").to_dicts()
    assert (first["a"], first["b"], first["kind"], first["mode"], first["value"]) == (
        "USA",
        "CHN",
        "CONSULT",
        "visit",
        1.9,
    )
    assert (first["valid_from"], first["known_from"]) == (date(2023, 1, 2), date(2023, 1, 3))
    assert (first["place"], first["unit"]) == ("Beijing, CHN", "PLOVER intensity")
    assert (second["kind"], second["mode"], second["value"]) == ("ASSAULT", None, -9.0)
    assert {(row.first, row.last) for row in parsed.coverage} == {(date(2023, 1, 2), date(2023, 1, 2))}


def test_several_states_on_a_side_are_several_pairs(write):
    parsed = parse(write, line(Actor_Country="USA; United Kingdom|FRA", Recipient_Country="RUS;Atlantis"))
    assert parsed.frame("event").select("a", "b").sort("a").rows() == [("FRA", "RUS"), ("GBR", "RUS"), ("USA", "RUS")]
    assert (parsed.rows, parsed.used, parsed.left_out) == (1, 1, ())


def test_rows_left_out_are_counted_once(write):
    parsed = parse(
        write,
        line(Actor_Country="None"),
        line(Primary_Actor_Sector="REB"),
        line(Recipient_Country="Atlantis;Utopia"),
        line(Recipient_Country="USA"),
        line(Intensity="None"),
        line(Event_Date="2021-12-01"),
        line(Event_Date="2023-01-04"),
        line(Primary_Actor_Sector="GOV"),
    )
    assert {item.reason: item.rows for item in parsed.left_out} == {
        table.NO_COUNTRY: 1, table.NO_ORGAN: 1, table.NO_STATE: 1, table.SAME: 1, polecat.NO_SCORE: 1, table.LATE: 1,
        table.EARLY: 1,
    }  # fmt: skip
    assert parsed.used == 1


def test_stories_of_one_event_are_grouped(write):
    parsed = parse(write, line(), line(Event_ID="other"), line(Event_Mode="talk"))
    assert parsed.frame("event")["original"].to_list() == [
        "CONSULT-visit; 2 reports, 2 sources, 2 articles, 2 rows",
        "CONSULT-talk; 1 reports, 1 sources, 1 articles, 1 rows",
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (line(Event_Date="20x0-01-01"), ":2:day: expected a day"),
        (line(Event_Date="2023-01-02", Publication_Date="2999-01-01"), ":2:published: expected a day until"),
        (line(Event_Type="SING"), ":2:kind: expected one of AGREE"),
        (line(Intensity="11"), ":2:score: expected a number from -10 to 10"),
        (line(Event_ID=""), ":2:event: expected a value"),
        (line() + "\tx", ":2:row: expected 40 cells, got 41"),
    ],
)
def test_bad_cells_are_named(write, row, message):
    with pytest.raises(DataError, match=message):
        parse(write, row)


def test_a_missing_column_is_refused(write):
    with pytest.raises(DataError, match="Actor Country"):
        parse(write, line(), header="\t".join(COLUMNS).replace("Actor Country", "Country of Actor"))


def test_an_archive_of_polecat(write, tmp_path):
    archive = EventArchive.create(tmp_path / "polecat", "polecat")
    added = archive.add([write("week.txt", ["\t".join(COLUMNS), line(), line(Event_Date="2023-01-03")])])
    assert (added.rows, added.events) == (2, 2)
    assert archive.scan().collect()["cameo"].to_list() == ["CONSULT-visit"] * 2
    assert archive.coverage()["covered"].to_list() == [True, True]


def test_checks(write):
    rows = [line(Event_ID=str(n), Recipient_Country=who) for n, who in enumerate(["CHN", "RUS", "FRA"])]
    assert polecat.SOURCE.read(write("x.txt", ["\t".join(COLUMNS), *rows])).used == 3


def test_a_short_and_a_long_row_do_not_make_up_for_each_other(write):
    whole = line()
    short, long = whole.rsplit("\t", 1)[0], f"{whole}\tmore"
    with pytest.raises(DataError, match=r":3:row: expected 40 cells, got 39"):
        parse(write, whole, short, long)
