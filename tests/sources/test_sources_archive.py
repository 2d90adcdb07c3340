"""The event archive: files whole or not at all, once, with gaps known; and no engine opens what was not validated."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta

import duckdb
import polars as pl
import pytest
from gdelt_rows import packed, row

from multipolar.errors import DataError, RecordError, UsageError
from multipolar.sources.events import archive as module
from multipolar.sources.events import parts, readers, table
from multipolar.sources.events.archive import EventArchive
from multipolar.sources.publishers import gdelt, gdelt_export

START = datetime(2020, 3, 1, tzinfo=UTC)


def stamp(number):
    return f"{START + number * timedelta(minutes=15):%Y%m%d%H%M%S}"


def quarter(folder, number, *rows):
    """The file of the number-th quarter of an hour of March 2020."""
    told = rows or (row(id=str(number)),)
    day = (START + number * timedelta(minutes=15)).date()
    lines = [
        line.replace("\t20200301\t", f"\t{day:%Y%m%d}\t").replace("20200301120000", stamp(number)) for line in told
    ]
    return packed(folder, lines, stamp(number))


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def archive(tmp_path):
    return EventArchive.create(tmp_path / "archive")


def listing(archive):
    return {path.name: path.read_bytes() for path in archive.path.iterdir()}


def test_files_become_one_table(archive, inbox):
    seen = []
    quarter(inbox, 0, row(), row(id="2", b=""))
    quarter(inbox, 1, row(a="RUS", b="UKR", code="190"))
    added = archive.add([inbox], lambda *told: seen.append(told))
    assert (added.rows, added.events, added.known, added.refused) == (3, 2, (), ())
    assert added.notes == (
        "2 files taken: 3 rows tell 2 events",
        f"1 rows left out: {table.NO_COUNTRY}",
    )
    assert seen[-1] == (2, 2, f"{stamp(1)}.export.CSV.zip")
    frame = archive.scan().collect()
    assert dict(frame.schema) == table.SCHEMA
    assert frame.select("a", "b", "cameo").rows() == [("RUS", "UKR", "190"), ("USA", "CHN", "042")]
    alone = pl.concat(gdelt.read_export(path)[0] for path in sorted(inbox.iterdir())).sort("a")
    assert frame.equals(alone)


def test_duckdb_reads_the_parts(archive, inbox):
    archive.add([quarter(inbox, n) for n in range(3)])
    paths = [str(path) for path in archive.files()]
    found = duckdb.sql(
        f"select a, b, date_trunc('month', day) as month, count(*), sum(reports) from read_parquet({paths}) group by all"
    ).fetchall()
    assert [(a, b, events, int(reports)) for a, b, _, events, reports in found] == [("USA", "CHN", 3, 12)]


def test_the_same_file_again_changes_nothing(archive, inbox):
    path = quarter(inbox, 0)
    archive.add([path])
    before = listing(archive)
    copy = inbox / "copy.zip"
    copy.write_bytes(path.read_bytes())
    again = archive.add([path, path, copy])
    assert again.known == (path.name, copy.name)
    assert (again.rows, listing(archive)) == (0, before)
    assert EventArchive.create(archive.path).parts() == archive.parts()


@pytest.mark.parametrize("keep_going", [False, True])
def test_a_damaged_file_is_named(archive, inbox, keep_going):
    good, bad, ragged, last = (quarter(inbox, n) for n in range(4))
    bad.write_bytes(bad.read_bytes()[:-30])
    quarter(inbox, 2, row(), row() + "\tx")
    if not keep_going:
        with pytest.raises(DataError, match=bad.name):
            archive.add([good, bad, ragged, last])
        assert [account.file for account in archive.accounts()] == [good.name]
        assert archive.add([good]).known == (good.name,)
        return
    added = archive.add([good, bad, ragged, last], keep_going=True)
    assert [account.file for account in added.accounts] == [good.name, last.name]
    assert {name for name, _ in added.refused} == {bad.name, ragged.name}
    assert ":2:row: expected 61 cells, got 62" in dict(added.refused)[ragged.name]
    assert archive.scan().collect().height == 2
    assert archive.add([quarter(inbox, 2)]).rows == 1  # mended, it is taken


def test_an_archive_is_the_same_whichever_way_its_files_are_read(archive, inbox, tmp_path, monkeypatch):
    paths = [quarter(inbox, n, row(id=str(n)), row(b=""), row(a="FRA", tone="-2.25")) for n in range(5)]
    quarter(inbox, 2, row(), row(day="20x00301"))
    archive.add(paths, keep_going=True)
    monkeypatch.setattr(gdelt_export, "BULK", 0)
    other = EventArchive.create(tmp_path / "other")
    added = other.add(paths, keep_going=True)
    assert [name for name, _ in added.refused] == [paths[2].name]
    assert other.accounts() == archive.accounts() and len(other.accounts()) == 4
    assert [part.sha256 for part in other.parts()] == [part.sha256 for part in archive.parts()]


def test_a_missing_file_is_a_gap(archive, inbox):
    archive.add([quarter(inbox, n) for n in range(2 * 96) if n not in (40, 41, 100)])
    noon = START + timedelta(hours=10)
    later = START + timedelta(hours=25)
    quarter_ = timedelta(minutes=15)
    assert archive.gaps() == (
        module.Gap(noon, noon + 2 * quarter_, 2),
        module.Gap(later, later + quarter_, 1),
    )
    assert str(archive.gaps()[0]) == "2020-03-01 10:00 to 2020-03-01 10:30 (2 files missing)"
    assert archive.coverage().rows() == [(date(2020, 3, 1), False), (date(2020, 3, 2), False)]
    archive.add([quarter(inbox, 40), quarter(inbox, 41)])
    assert archive.coverage()["covered"].to_list() == [True, False]
    assert archive.months().rows() == [(date(2020, 3, 1), 1, False)]


def test_a_month_is_complete_with_all_its_days(archive, inbox):
    for day in range(1, 31):
        stamp = f"201404{day:02}"
        packed(inbox, [row(day=stamp, added=stamp, columns=58)], stamp)
    archive.add([inbox])
    assert archive.months().rows() == [(date(2014, 4, 1), 30, True)]
    assert archive.gaps() == ()


def test_a_missing_day_of_version_1(archive, inbox):
    for day in ("20140401", "20140403", "20140406"):
        packed(inbox, [row(day=day, added=day, columns=58)], day)
    archive.add([inbox])
    assert [gap.files for gap in archive.gaps()] == [1, 2]
    assert archive.coverage().filter("covered")["day"].dt.day().to_list() == [1, 3, 6]


def test_one_version_for_each_day(archive, inbox):
    archive.add([quarter(inbox, 0)])
    daily = packed(inbox, [row(added="20200301", columns=58)], "20200301")
    with pytest.raises(DataError, match="time that no file of gdelt-2 covers"):
        archive.add([daily])


def test_another_vintage_of_a_file_is_refused(archive, inbox):
    archive.add([quarter(inbox, 0), quarter(inbox, 1)])
    with pytest.raises(DataError, match="another vintage"):
        archive.add([quarter(inbox, 0, row(), row(a="FRA"))])
    assert archive.scan().collect().height == 2


def test_translated_news_adds_events_and_covers_nothing(archive, inbox):
    path = packed(inbox, [row(added=stamp(0))], name=f"{stamp(0)}.translation.export.CSV")
    archive.add([quarter(inbox, 0), path])
    assert archive.scan().collect().height == 2
    assert len(archive.covered()) == 1


def test_files_without_the_publishers_name_cover_what_they_hold(archive, inbox):
    path = inbox / "some.csv"
    path.write_text("\n".join(row(added=stamp(n)[:-2] + "07") for n in (0, 1, 3)))
    archive.add([path])
    assert [(gap.start, gap.files) for gap in archive.gaps()] == [(START + timedelta(minutes=30), 1)]


@pytest.mark.parametrize("when", ["parquet", "manifest"])
def test_a_killed_writer_leaves_the_archive_as_it_was(archive, inbox, monkeypatch, when):
    archive.add([quarter(inbox, 0)])
    before = archive.scan().collect()

    def die(*_args, **_more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(parts, "move" if when == "parquet" else "write_whole", die)
        with pytest.raises(KeyboardInterrupt):
            archive.add([quarter(inbox, 1)])
    (archive.path / "part-000007.parquet.tmp").write_bytes(b"half")
    assert archive.scan().collect().equals(before)
    archive.add([quarter(inbox, 1)])
    assert archive.scan().collect().height == 2
    assert sorted(listing(archive)) == [
        "archive.json", "lock", "part-000001.json", "part-000001.parquet", "part-000002.json", "part-000002.parquet",
    ]  # fmt: skip


def test_no_unvalidated_part_is_opened(archive, inbox):
    archive.add([quarter(inbox, 0)])
    part = archive.files()[0]
    whole = part.read_bytes()
    middle = len(whole) // 2
    part.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    os.utime(part, ns=(1, 1))
    with pytest.raises(DataError, match="it was changed"):
        archive.files()
    for damage, message in ((whole[:-1], "bytes of Parquet"), (b"NOPE" + whole[4:], "bytes of Parquet")):
        part.write_bytes(damage)
        with pytest.raises(DataError, match=message) as caught:
            archive.scan()
        assert "add its files again" in caught.value.hint
    part.write_bytes(whole)
    archive.check()
    part.unlink()
    with pytest.raises(DataError, match="a part of the archive"):
        archive.files()


def test_check_sums_what_looks_unchanged(archive, inbox):
    archive.add([quarter(inbox, 0)])
    part = archive.files()[0]
    times = part.stat()
    whole = part.read_bytes()
    part.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    os.utime(part, ns=(times.st_atime_ns, times.st_mtime_ns))
    with pytest.raises(DataError, match="it was changed"):
        archive.check()


def test_parts_of_a_period(archive, inbox, monkeypatch):
    monkeypatch.setattr(module, "PART", 1)
    monkeypatch.setattr(readers, "MOST", 1)
    archive.add([quarter(inbox, n) for n in (0, 96, 192)])
    assert [part.rows for part in archive.parts()] == [1, 1, 1]
    assert len(archive.files(date(2020, 3, 2))) == 2
    assert len(archive.files(None, date(2020, 3, 2))) == 2
    assert archive.scan(date(2020, 3, 2), date(2020, 3, 2)).collect()["day"].to_list() == [date(2020, 3, 2)]
    assert archive.scan(date(2021, 1, 1)).collect().schema == pl.Schema(table.SCHEMA)


def test_files_without_events_are_listed(archive, inbox):
    archive.add([quarter(inbox, 0, row(b=""))])
    assert archive.files() == ()
    assert [account.rows for account in archive.accounts()] == [1]
    assert archive.add([quarter(inbox, 0, row(b=""))]).known


def test_what_is_no_archive(archive, tmp_path, inbox):
    with pytest.raises(DataError, match="an event archive") as caught:
        EventArchive.open(tmp_path / "none")
    assert "create" in caught.value.hint
    with pytest.raises(UsageError, match="new or empty folder"):
        EventArchive.create(tmp_path)
    with pytest.raises(UsageError, match="source of events"):
        EventArchive.create(tmp_path / "x", "acled")
    with pytest.raises(UsageError, match="archive of icews, got one of gdelt"):
        EventArchive.create(archive.path, "icews")
    (inbox / "a.csv").write_text("x,y\n1,2\n")
    with pytest.raises(DataError, match="an export file of GDELT"):
        archive.add([inbox])
    with pytest.raises(DataError, match="can be read"):
        archive.add([inbox / "none.zip"])
    (archive.path / "archive.json").write_text('{"format": 99, "source": "gdelt"}')
    with pytest.raises(DataError, match="format 1"):
        EventArchive.open(archive.path)


def test_a_damaged_manifest_is_named(archive, inbox):
    archive.add([quarter(inbox, 0)])
    (archive.path / "part-000001.json").write_text("{")
    with pytest.raises(DataError, match=r"part-000001.json.*a manifest"):
        archive.files()


def test_one_writer_at_a_time(archive, inbox):
    with module.locked(archive.path / module.LOCK), pytest.raises(RecordError, match="alone in writing"):
        archive.add([quarter(inbox, 0)])


def test_real_files(archive, shared_data):
    added = archive.add(sorted((shared_data / "gdelt_export_samples").glob("*.gz")))
    assert (added.rows, added.events) == (5106, 347)
    assert archive.scan().select(pl.col("rows").sum()).collect().item() == added.rows - sum(
        i.rows for i in added.left_out
    )
    assert [gap.files for gap in archive.gaps()] == [50_741]
