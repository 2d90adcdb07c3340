"""GDELT's export files: what becomes an event, what is left out and why, and what refuses a file."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from datetime import UTC, date, datetime

import polars as pl
import pytest
from gdelt_rows import STAMP, packed, row
from hypothesis import given
from hypothesis import strategies as st

from multipolar.errors import DataError, UsageError
from multipolar.record import Record
from multipolar.sources.events import _needed, table
from multipolar.sources.publishers import gdelt, gdelt_export, gdelt_files

FILES = ("20161013151500", "20180326044500")


def read(write, *rows, name=f"{STAMP}.export.CSV", **more):
    return gdelt.read_export(write(name, rows, **more))


def left(account):
    return {item.reason: item.rows for item in account.left_out}


def test_an_event_has_the_columns_of_the_table(write):
    frame, account = read(write, row())
    assert dict(frame.schema) == table.SCHEMA
    assert frame.to_dicts() == [
        {
            "event": "1", "day": date(2020, 3, 1), "known": date(2020, 3, 1), "a": "USA", "b": "CHN", "kind": "CONSULT",
            "mode": "visit", "cameo": "042", "goldstein": pytest.approx(1.9), "reports": 4, "sources": 1, "articles": 4,
            "tone": 1.5, "place": "Beijing", "rows": 1,
        }
    ]  # fmt: skip
    assert (account.rows, account.used, account.events, account.edition) == (1, 1, 1, "gdelt-2")
    start = datetime(2020, 3, 1, 12, tzinfo=UTC)
    assert account.covers == ((start, start + gdelt_files.QUARTER),)


def test_rows_that_tell_one_event_are_grouped_and_coverage_is_summed(write):
    frame, account = read(
        write,
        row(id="1", articles="1", tone="2"),
        row(id="2", role_a="GOV", place="Xi'an", articles="3", tone="-2", mentions="6"),
        row(id="3", code="043"),
        row(id="4", a="CHN", b="USA"),
        row(id="5", day="20200229"),
    )
    assert account.rows == account.used == frame["rows"].sum() == 5
    first = frame.row(0, named=True)
    assert frame.height == 4
    assert (first["event"], first["rows"], first["reports"], first["articles"]) == ("1", 2, 10, 4)
    assert first["tone"] == pytest.approx((1 * 2 + 3 * -2) / 4)
    assert first["place"] == "Beijing"


def test_every_row_left_out_has_a_reason(write):
    frame, account = read(
        write,
        row(b=""),
        row(b="EUR"),
        row(b="HKG"),
        row(role_b="REB"),
        row(b="USA"),
        row(a="YUG"),
        row(code="0357"),
        row(code="010"),
        row(code="0256"),
        row(day="20190301"),
        row(day="20200302"),
        row(),
    )
    assert left(account) == {
        table.NO_COUNTRY: 1, table.NO_STATE: 2, table.NO_ORGAN: 1, table.SAME: 1, table.NOT_THEN: 1, table.NO_CODE: 1,
        table.NO_EVENT: 2, table.LATE: 1, table.EARLY: 1,
    }  # fmt: skip
    assert account.used == frame.height == 1
    assert "CHNREB" in str(account.left_out)
    assert "YUG CHN" in str(account.left_out)


def test_a_late_report_is_known_when_it_was_added(write):
    frame, _ = read(write, row(day="20190415"))
    assert frame.select("day", "known").row(0) == (date(2019, 4, 15), date(2020, 3, 1))


@pytest.mark.parametrize(
    ("code", "state", "day"),
    [("ROM", "ROU", "20200301"), ("TMP", "TLS", "20200301"), ("KSV", "XKX", "20200301"), ("PSE", "PSE", "20200301")],
)
def test_codes_that_differ_from_iso(write, code, state, day):
    assert read(write, row(a=code, day=day))[0]["a"].to_list() == [state]


def test_states_of_the_past_in_version_1(write):
    frame, account = read(write, row(a="SUN", day="19890601", added="19890601", columns=57), name="1989.csv")
    assert frame["a"].to_list() == ["RUS"]
    assert account.edition == "gdelt-1"
    assert account.covers == ((datetime(1989, 1, 1, tzinfo=UTC), datetime(1990, 1, 1, tzinfo=UTC)),)


def test_daily_files_of_version_1_have_58_columns(write):
    frame, account = read(write, row(day="20140301", added="20140302", columns=58), name="20140302.export.CSV")
    assert frame.select("day", "known", "place").row(0) == (date(2014, 3, 1), date(2014, 3, 2), "Beijing")
    assert account.covers == ((datetime(2014, 3, 2, tzinfo=UTC), datetime(2014, 3, 3, tzinfo=UTC)),)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (row(day="20x00301"), ":2:day: expected a day"),
        (row(day="20200230"), ":2:day: expected a day of the calendar"),
        (row(added="2020030112"), ":2:added: expected the time it was added"),
        (row(mentions="many"), ":2:reports: expected a whole number"),
        (row(articles=""), ":2:articles: expected a whole number"),
        (row(sources="-1"), ":2:sources: expected a whole number"),
        (row(tone="1e9"), ":2:tone: expected a number from -100"),
        (row(a="usa"), ":2:a: expected a CAMEO code"),
        (row(code="4x"), ":2:cameo: expected a CAMEO code"),
        (row(code=""), ":2:cameo: expected a CAMEO code"),
        (row(id=""), ":2:event: expected a number"),
        (row() + "\t", ":2:row: expected 61 cells, got 62"),
        (row()[:-1], ":2:row: expected 61 cells, got 60"),
    ],
)
def test_bad_cells_are_named(write, bad, message):
    with pytest.raises(DataError, match=message):
        read(write, row(), bad)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["<!DOCTYPE html>", "<title>Login</title>"], "a web page"),
        (["version https://git-lfs.github.com/spec/v1"], "a git-lfs pointer"),
        (["a\tb\tc"], "expected 57, 58"),
        ([row(added="20300101000000", day="20300101")], "events added until today"),
        ([row(added="20190101000000")], "as its name says"),
    ],
)
def test_files_that_are_no_export_are_refused(write, lines, message):
    with pytest.raises(DataError, match=message):
        read(write, *lines)


def test_a_truncated_archive_is_refused(tmp_path):
    path = packed(tmp_path, [row()] * 50)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DataError, match="zip archive"):
        gdelt.read_export(path)


def test_zip_gzip_and_plain_files_say_the_same(write, tmp_path):
    rows = [row(), row(a="FRA", place="Köln")]
    plain = read(write, *rows)[0]
    assert read(write, *rows, name=f"{STAMP}.export.CSV.gz")[0].equals(plain)
    assert gdelt.read_export(packed(tmp_path, rows))[0].equals(plain)


def test_names_of_places_in_other_encodings(write):
    frame, _ = read(write, row(place="Köln"), encoding="latin-1")
    assert frame["place"].to_list() == ["K\ufffdln"]


def test_files_read_together_are_those_read_alone(tmp_path):
    stamps = ["20200301120000", "20200301121500"]
    contents = []
    for number, stamp in enumerate(stamps):
        lines = [row(added=stamp), row(added=stamp, id="7", a="FRA" if number else "DEU"), row(added=stamp, b="")]
        contents.append((tmp_path / f"{stamp}.export.CSV", "\n".join(lines).encode()))
    frame, accounts = gdelt_export.read_batch(contents)
    alone = [gdelt_export.read_batch([each]) for each in contents]
    assert frame.drop("file").equals(pl.concat(part.drop("file") for part, _ in alone))
    assert [account.rows for account in accounts] == [3, 3]
    assert [left(account) for account in accounts] == [left(told[0]) for _, told in alone]
    contents[1] = (contents[1][0], contents[1][1].replace(b"\t20200301\t", b"\t20200399\t"))
    with pytest.raises(DataError, match=r"20200301121500.export.CSV:1:day"):
        gdelt_export.read_batch(contents)


def one_way_is_the_other(contents):
    """What the compiled pass takes is what the long way gives, with the rows of no two countries counted."""
    layout = gdelt_export._layout(*contents[0])
    cut = gdelt_export._cut(contents, layout)
    try:
        whole = gdelt_export._whole(contents, layout)
    except DataError:
        assert cut is None
        return False
    if cut is None:
        return False
    every = [gdelt_files.stamp_of(path.name) is None for path, _ in contents]
    both = pl.col("a").is_not_null() & pl.col("b").is_not_null()
    kept = whole.frame.filter(both | pl.col("file").replace_strict(range(len(every)), every, return_dtype=pl.Boolean))
    assert cut.frame.select(sorted(kept.columns)).equals(kept.select(sorted(kept.columns)))
    heights = dict(kept.group_by("file").len().iter_rows())
    told = [
        rows - heights.get(file, 0)
        for file, rows in enumerate(whole.frame["file"].value_counts().sort("file")["count"])
    ]
    assert (cut.before, cut.added) == (told, whole.added)
    return True


def several(tmp_path, number=5, rows=40, columns=61):
    """Files of a quarter of an hour each, in which half of the rows name two countries."""
    step = gdelt_files.QUARTER if columns == 61 else gdelt_files.DAY
    contents = []
    for file in range(number):
        time = datetime(2020, 3, 1, 12, tzinfo=UTC) + file * step
        stamp = f"{time:%Y%m%d%H%M%S}" if columns == 61 else f"{time:%Y%m%d}"
        lines = [
            row(
                "DEU" if n % 3 else "USA", "CHN" if n % 2 else "", id=str(file * rows + n), added=stamp, columns=columns,
                place="Xi'an" if n % 4 else "", tone=f"{n % 7 - 3}.{n}" if n % 5 else "", role_a=("", "GOV", "REB")[n % 3],
            )
            for n in range(rows)
        ]  # fmt: skip
        contents.append((tmp_path / f"{stamp}.export.CSV", "".join(f"{line}\n" for line in lines).encode()))
    return contents


@pytest.mark.parametrize("columns", [57, 58, 61])
def test_the_compiled_pass_gives_what_the_long_way_gives(tmp_path, monkeypatch, columns):
    contents = several(tmp_path, columns=columns)
    contents[1] = (contents[1][0], contents[1][1].rstrip(b"\n"))  # a last line without an end
    contents[2] = (contents[2][0].with_name("some.csv"), contents[2][1])
    contents[3] = (contents[3][0], contents[3][1].replace(b"\tCHN\t", b"\t\t"))  # a file without two countries
    assert one_way_is_the_other(contents)
    long = gdelt_export.read_batch(contents)
    monkeypatch.setattr(gdelt_export, "BULK", 0)
    monkeypatch.setattr(gdelt_export, "_whole", None)
    frame, accounts = gdelt_export.read_batch(contents)
    assert frame.equals(long[0]) and accounts == long[1]
    alone = [gdelt_export.read_batch([each]) for each in contents]
    assert frame.drop("file").equals(pl.concat(part.drop("file") for part, _ in alone))
    assert [left(account) for account in accounts] == [left(told) for _, (told,) in alone]
    assert [account.covers for account in accounts] == [told.covers for _, (told,) in alone]


def test_rows_across_the_pieces_that_are_looked_through(tmp_path):
    contents = several(tmp_path, number=2, rows=3_000)
    assert len(contents[0][1]) > 4 * _needed.CHUNK
    assert one_way_is_the_other(contents)
    wide = contents[0][1] + row(place="x" * _needed.CHUNK, added="20200301120000").encode()
    assert not one_way_is_the_other([(contents[0][0], wide)])  # read the long way
    assert gdelt_export.read_batch([(contents[0][0], wide)])[1][0].rows == 3_001


@pytest.mark.parametrize("bulk", [0, 1 << 30])
@pytest.mark.parametrize(
    ("two", "cells"),
    [
        ((row()[:-1], row() + "\t"), 60),
        ((row() + "\tx", row()[:-1]), 62),
        ((row()[:-1], "\t" + row()), 60),
        (("\t".join([row()] * 2), row()[: row().rindex(STAMP) - 1]), 122),
        ((row() + "\t" + row(),), 122),
        ((row() + "\t" * 61,), 122),
    ],
)
def test_ragged_rows_that_make_up_for_each_other(tmp_path, monkeypatch, two, cells, bulk):
    monkeypatch.setattr(gdelt_export, "BULK", bulk)
    lines = [row(), *two, row()]
    for data in ("\n".join(lines), "\n".join(lines) + "\n"):
        content = (tmp_path / f"{STAMP}.export.CSV", data.encode())
        assert not one_way_is_the_other([content])
        with pytest.raises(DataError, match=f":2:row: expected 61 cells, got {cells}"):
            gdelt_export.read_batch([content])


def test_a_file_without_two_countries_in_any_row(tmp_path, monkeypatch):
    monkeypatch.setattr(gdelt_export, "BULK", 0)
    frame, (account,) = gdelt_export.read_batch([(tmp_path / f"{STAMP}.export.CSV", row(b="").encode())])
    assert frame.height == account.events == 0
    assert left(account) == {table.NO_COUNTRY: 1}
    assert dict(frame.drop("file").schema) == table.SCHEMA


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"\t20200301\t", b"\t20200230\t", ":7:day: expected a day of the calendar"),
        (b"\t20200301\t", b"\t20x00301\t", ":7:day: expected a day"),
        (b"\t4\t1\t4\t", b"\t4\t-1\t4\t", ":7:sources: expected a whole number"),
        (b"\tUSA\t", b"\tUsa\t", ":7:a: expected a CAMEO code"),
        (b"\t042\t", b"\t4x\t", ":7:cameo: expected a CAMEO code"),
        (b"\t20200301123000\t", b"\t20200301\t", ":7:added: expected the time"),
        (b"\t20200301123000\t", b"\t20190101000000\t", "as its name says"),
        (b"\t20200301\t", b"\t20200301\t\t", ":7:row: expected 61 cells, got 62"),
    ],
)
def test_an_error_in_the_middle_of_a_batch_names_file_and_row(tmp_path, monkeypatch, old, new, message):
    monkeypatch.setattr(gdelt_export, "BULK", 0)
    contents = several(tmp_path)
    path, data = contents[2]
    lines = data.splitlines(keepends=True)
    assert old in lines[6]
    lines[6] = lines[6].replace(old, new)
    contents[2] = (path, b"".join(lines))
    with pytest.raises(DataError, match=f"{path.name}:?{message}" if message[0] == ":" else message) as caught:
        gdelt_export.read_batch(contents)
    assert path.name in str(caught.value)
    assert len(gdelt_export.read_batch([each for each in contents if each[0] != path])[1]) == 4


def test_names_of_places_in_other_encodings_in_a_batch(tmp_path):
    contents = several(tmp_path, number=2)
    contents[1] = (contents[1][0], contents[1][1].replace(b"Xi'an", "Köln".encode("latin-1")))
    assert one_way_is_the_other(contents)


#: For each cell that is read: what may stand there, and what may not or only seldom does.
CELLS = {
    "id": ["1", "123456789012345678", "", "x", "-1", "1234567890123456789", "9999999999999999999"],
    "day": ["20200301", "20200229", "20190229", "20200431", "20x00301", "00010101", "2020030", "202003011", ""],
    "a": ["USA", "RUS", "", "usa", "US", "USAA", "U A"],
    "b": ["CHN", "EUR", "", "C N"],
    "role_a": ["", "GOV", "é", "long role"],
    "code": ["042", "1234", "19", "4", "", "0x3", "12345"],
    "mentions": ["4", "999999999", "0", "1000000000", "", "-1", "1.5", "+4"],
    "articles": ["1", "007", "many", " 1"],
    "tone": ["1.5", "-3.69127516778524", "", "0", "-12", "100", "-100.0", "100.5", "1e1", "5.0E-2", "1.", ".5", "-", "1.5.2"],
    "place": ["", "Beijing", "Köln", '"quoted', "a,b"],
    "added": [STAMP, "20200301120007", "20201301120000", "20200301", "20200301990000", "2020030112000x"],
}  # fmt: skip
PLAIN = st.fixed_dictionaries({name: st.sampled_from(texts[:1]) for name, texts in CELLS.items()})
ODD = st.fixed_dictionaries({name: st.sampled_from(texts) for name, texts in CELLS.items()})
ONE_ODD = st.sampled_from(sorted(CELLS)).flatmap(
    lambda name: st.sampled_from(CELLS[name]).map(lambda text: {name: text})
)


@given(st.lists(st.lists(ONE_ODD | PLAIN | ODD, min_size=1, max_size=4), min_size=1, max_size=3), st.booleans())
def test_whatever_is_in_the_cells_both_ways_agree(rows, stamped):
    names = [f"2020030112{quarter}00.export.CSV" if stamped else f"{quarter}.x" for quarter in ("00", "15", "30")]
    told = ["\n".join(row(**cells) for cells in each).encode() for each in rows]
    one_way_is_the_other([(gdelt.Path(name), data) for name, data in zip(names, told, strict=False)])


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in CELLS.items() for text in texts])
def test_every_odd_cell_both_ways(name, text):
    one_way_is_the_other([(gdelt.Path(f"{STAMP}.export.CSV"), f"{row()}\n{row(**{name: text})}\n".encode())])


ROWS = st.tuples(
    st.sampled_from(["USA", "CHN", "RUS", "EUR", ""]), st.sampled_from(["USA", "CHN", ""]),
    st.sampled_from(["042", "190", "010", "0999"]), st.sampled_from(["20200301", "20200229", "20190201"]),
    st.sampled_from(["", "GOV", "REB"]), st.integers(0, 9),
)  # fmt: skip


@given(st.lists(ROWS, min_size=1, max_size=30))
def test_rows_in_are_rows_out_and_rows_left_out(rows):
    lines = [row(a, b, code, day, role_a=role, articles=str(n)) for a, b, code, day, role, n in rows]
    data = "\n".join(lines).encode()
    frame, (account,) = gdelt_export.read_batch([(gdelt.Path("x.csv"), data)])
    kept = Counter(
        (a, b, code, day)
        for a, b, code, day, role, _ in rows
        if {a, b} <= {"USA", "CHN", "RUS"} and a != b and code in ("042", "190") and role != "REB" and day[:4] == "2020"
    )
    assert account.rows == len(rows)
    assert account.used == frame["rows"].sum() == kept.total()
    assert frame.height == account.events == len(kept)


def test_statements_for_a_record(tmp_path, write):
    write(f"{STAMP}.export.CSV", [row(), row(id="2"), row(b="")])
    write("20200301121500.export.CSV", [row(a="RUS", b="UKR", code="190", added="20200301121500", tone="")])
    parsed = gdelt.parse(tmp_path)
    assert (parsed.rows, parsed.used, parsed.layout) == (4, 3, "gdelt-2")
    assert parsed.coverage == ()  # a part of a day covers nothing
    told = {row["a"]: row for row in parsed.frame("event").to_dicts()}
    assert told["USA"]["locator"] == "GlobalEventID 1 and 1 rows more"
    assert told["USA"]["original"] == "042; 8 reports, 2 sources, 8 articles, 2 rows"
    assert (told["RUS"]["kind"], told["RUS"]["value"], told["RUS"]["text"]) == ("ASSAULT", -10.0, "uses military force")
    record = Record.create(tmp_path / "record")
    assert record.ingest(parsed).added == {"event": 2}


def test_a_whole_day_is_covered_and_silence_is_zero(write):
    path = write("20140302.export.CSV", [row(day="20140302", added="20140302", columns=58)])
    parsed = gdelt.parse(path)
    assert {item.kind for item in parsed.coverage} >= {"CONSULT", "ASSAULT", "SANCTION"}
    assert {(item.first, item.last, item.absence) for item in parsed.coverage} == {
        (date(2014, 3, 2), date(2014, 3, 2), "zero")
    }
    assert parsed.sources[0].key == "gdelt:1.0"


def test_folders_that_make_no_record(tmp_path, write, monkeypatch):
    with pytest.raises(DataError, match="export files"):
        gdelt.parse(tmp_path)
    write("20140302.export.CSV", [row(day="20140302", added="20140302", columns=58)])
    write(f"{STAMP}.export.CSV", [row()])
    with pytest.raises(DataError, match="one version of GDELT"):
        gdelt.parse(tmp_path)
    monkeypatch.setattr(gdelt, "MOST", 0)
    with pytest.raises(DataError, match="at most 0 rows for a record") as caught:
        gdelt.parse(tmp_path)
    assert "archive" in caught.value.hint


def test_checks_refuse_a_release_of_one_kind_or_of_other_days(write):
    path = write(f"{STAMP}.export.CSV", [row(id=str(n), day=f"201905{n % 28 + 1:02}", code="190") for n in range(60)])
    parsed = gdelt.parse(path)
    failed = {check.name for check in gdelt.SOURCE.checks if check.failure(parsed)}
    assert failed == {"dates"}
    actors = ("USA", "RUS", "FRA", "IND", "JPN", "KOR", "VNM", "DEU", "GBR", "ITA", "ESP", "POL")
    rows = [row(a, "CHN", code) for code in ("190", "193", "194", "195", "182") for a in actors]
    path = write(f"{STAMP}.export.CSV", rows)
    with pytest.raises(DataError, match="check 'cooperation'"):
        gdelt.SOURCE.read(path)


def test_official_addresses_of_a_period():
    old = [each.url for each in gdelt_files.downloads(date(2005, 12, 30), date(2006, 1, 2))]
    assert old == ["https://data.gdeltproject.org/events/2005.zip", "https://data.gdeltproject.org/events/200601.zip"]
    turn = [each.name for each in gdelt_files.downloads(date(2013, 3, 31), date(2013, 4, 2))]
    assert turn == ["201303.zip", "20130401.export.CSV.zip", "20130402.export.CSV.zip"]
    second = gdelt_files.downloads(date(2015, 2, 18), date(2015, 2, 19))
    assert [second[0].name, second[1].name, second[-1].name] == [
        "20150218.export.CSV.zip", "20150219000000.export.CSV.zip", "20150219234500.export.CSV.zip",
    ]  # fmt: skip
    assert len(second) == 1 + 96
    assert all(each.url.startswith("https://data.gdeltproject.org/") for each in second)
    with pytest.raises(UsageError, match="1979"):
        gdelt_files.downloads(date(1978, 1, 1), date(1979, 1, 1))
    with pytest.raises(UsageError):
        gdelt_files.downloads(date(2015, 1, 2), date(2015, 1, 1))
    with pytest.raises(UsageError):
        gdelt_files.downloads(date(2015, 1, 2), date(2999, 1, 1))


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("20161013151500.export.CSV.gz", "2016-10-13 15:15", "2016-10-13 15:30"),
        ("20130401.export.CSV.zip", "2013-04-01 00:00", "2013-04-02 00:00"),
        ("201312.zip", "2013-12-01 00:00", "2014-01-01 00:00"),
        ("1979.csv", "1979-01-01 00:00", "1980-01-01 00:00"),
    ],
)
def test_what_names_say(name, start, end):
    found = gdelt_files.stamp_of(name)
    assert [f"{moment:%Y-%m-%d %H:%M}" for moment in found.span] == [start, end]
    assert gdelt_files.stamp_of("events.csv") is None
    assert gdelt_files.stamp_of("20161399.export.CSV") is None
    assert gdelt_files.stamp_of("20161013151500.translation.export.CSV.zip").translated


@pytest.mark.parametrize(("stamp", "rows", "events", "used"), [(FILES[0], 3566, 248, 430), (FILES[1], 1540, 99, 154)])
def test_real_files_against_a_count_row_by_row(shared_data, stamp, rows, events, used):
    path = shared_data / "gdelt_export_samples" / f"{stamp}.export.CSV.gz"
    frame, account = gdelt.read_export(path)
    assert (account.rows, account.events, account.used) == (rows, events, used)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file]
    states = {"USA", "RUS", "CHN", "UKR", "SYR", "GBR", "FRA", "DEU", "IND", "SAU", "IRN", "TUR"}
    want = Counter()
    for cells in lines:
        organ = {cells[12], cells[22]} <= {"", "GOV", "MIL", "SPY", "JUD", "LEG", "COP"}
        states_only = {cells[7], cells[17]} <= states and cells[7] != cells[17]
        if states_only and organ and cells[26][:2] not in ("01", "02") and stamp[:4] == cells[1][:4]:
            want[cells[7], cells[17], cells[26]] += int(cells[31])
    inside = frame.filter(pl.col("a").is_in(list(states)) & pl.col("b").is_in(list(states)))
    assert {(r["a"], r["b"], r["cameo"]): r["reports"] for r in inside.to_dicts()} == dict(want)
    scores = {cells[26]: float(cells[30]) for cells in lines}
    assert all(scores[r["cameo"]] == pytest.approx(r["goldstein"], abs=1e-6) for r in frame.to_dicts())


def test_real_files_both_ways(shared_data):
    paths = [shared_data / "gdelt_export_samples" / f"{stamp}.export.CSV.gz" for stamp in FILES]
    contents = [(path, gzip.decompress(path.read_bytes())) for path in paths]
    assert one_way_is_the_other(contents)
    assert one_way_is_the_other([(path.with_name("x"), data) for path, data in contents])


def test_real_column_places_are_those_of_the_publishers_list(shared_data):
    path = shared_data / "gdelt_export_samples" / "gdelt2_events_schema.csv"
    with path.open(encoding="utf-8") as file:
        names = [line["tableId"] for line in csv.DictReader(file)]
    layout = gdelt_export.LAYOUTS[61]
    assert len(names) == layout.columns
    assert [names[at] for at, _ in gdelt_export.COLUMNS.values()] == [
        "GLOBALEVENTID", "SQLDATE", "Actor1CountryCode", "Actor1Type1Code", "Actor2CountryCode", "Actor2Type1Code",
        "EventCode", "NumMentions", "NumSources", "NumArticles", "AvgTone",
    ]  # fmt: skip
    assert (names[layout.place], names[layout.added]) == ("ActionGeo_FullName", "DATEADDED")
    old = [name for name in names if not name.endswith("ADM2Code")]
    assert (old[50], old[56], len(old)) == ("ActionGeo_FullName", "DATEADDED", 58)


def test_real_source_passes_its_checks(real):
    parsed = real("gdelt")
    assert parsed.rows == parsed.used + sum(item.rows for item in parsed.left_out)
    assert (
        parsed.frame("event").filter(pl.col("a") == "RUS", pl.col("b") == "UKR", pl.col("kind") == "ASSAULT").height
        == 1
    )
