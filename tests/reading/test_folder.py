"""A folder of articles: read once, resumed where it stopped, and never stopped by one of them."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta

import pytest

from multipolar.errors import DataError, RecordError, UsageError
from multipolar.reading.documents.folder import Summary, articles, failures, read_folder, readings
from multipolar.reading.model import UNDATED, Assertion, Event, Reading, Who

TEXT = "The ministers of Norway and Chile met in Oslo and signed an agreement that officials of the two welcomed."
WHO = Who("NOR", "GOV", "Norway")


class Reader:
    """Finds an event where "met" stands and a claim where "welcomed" does; remembers what it read."""

    def __init__(self, stop_at: str = "", stop_with: type[BaseException] = KeyboardInterrupt) -> None:
        self.read: list[str] = []
        self.stop_at, self.stop_with = stop_at, stop_with

    def __call__(self, document):
        if document.id == self.stop_at:
            raise self.stop_with("stopped")
        self.read.append(document.id)
        at = document.text.find("met")
        found = document.text.find("welcomed")
        event = Event(document.id, at, at + 3, "met", "CONSULT", None, (WHO,), (), True, (), UNDATED, None, None, 0.5)
        claim = Assertion(
            document.id,
            found,
            found + 8,
            "welcomed",
            (WHO,),
            "trusts",
            (),
            "none",
            None,
            "state",
            None,
            "asserted",
            UNDATED,
            0.5,
        )
        return Reading(document, (event,) if at >= 0 else (), (claim,) if found >= 0 else (), ("read\u2028once",))


def silent(done, total, what):
    pass


def tell(folder, names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{TEXT} This is {path.stem}.", encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    tell(tmp_path / "in", ["b.txt", "a.txt", "deep/er/c.TXT", "d.htm", "e.html"])
    return tmp_path / "in"


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def content(out):
    return {path.name: path.read_bytes() for path in sorted(out.iterdir())}


def test_all_articles_in_the_order_of_their_names(folder, out):
    (folder / "notes.md").write_text("no article")
    (folder / ".hidden.txt").write_text("no article")
    tell(folder, [".git/x.txt"])
    steps = []
    reader = Reader()
    summary = read_folder(folder, out, reader, progress=lambda *step: steps.append(step))
    assert summary == Summary(read=5, events=5, claims=5)
    assert reader.read == ["a", "b", "d", "c", "e"]
    assert steps == [
        (0, 5, "a.txt"),
        (1, 5, "b.txt"),
        (2, 5, "d.htm"),
        (3, 5, "deep/er/c.TXT"),
        (4, 5, "e.html"),
        (5, 5, ""),
    ]
    rows = list(readings(out))
    assert [(row["doc_id"], row["form"]) for row in rows] == [
        (id, form) for id in "abdce" for form in ("event", "claim")
    ]
    assert [head["file"] for head in articles(out)] == [step[2] for step in steps[:-1]]
    assert "read\u2028once" in next(articles(out))["notes"] and failures(out) == []


def test_nothing_is_read_twice(folder, out):
    read_folder(folder, out, Reader(), progress=silent, version="1")
    before = content(out)
    again = Reader()
    assert read_folder(folder, out, again, progress=silent, version="1") == Summary(skipped=5, events=5, claims=5)
    assert again.read == [] and content(out) == before


@pytest.mark.parametrize(
    ("change", "read"),
    [
        (lambda folder, out: tell(folder, ["b2.txt"]), ["b2"]),
        (lambda folder, out: (folder / "b.txt").write_text(f"{TEXT} Changed."), ["b"]),
        (lambda folder, out: next(out.glob("b-*")).unlink(), ["b"]),
        (lambda folder, out: next(out.glob("b-*")).write_text('{"form": "docu'), ["b"]),
        (lambda folder, out: next(out.glob("b-*")).write_bytes(next(out.glob("b-*")).read_bytes().splitlines(True)[0]), ["b"]),
        (lambda folder, out: next(out.glob("b-*")).write_bytes(b"\xff\xfe"), ["b"]),
        (lambda folder, out: tell(folder, ["zz/b.txt"]), None),  # two of one name: both are told apart
    ],
    ids=["new", "changed", "gone", "half", "short", "garbled", "same name"],
)  # fmt: skip
def test_what_is_new_or_changed_or_damaged_is_read(folder, out, change, read):
    (folder / "b.txt").write_text(f"{TEXT} This is b.", encoding="utf-8")
    read_folder(folder, out, Reader(), progress=silent)
    change(folder, out)
    again = Reader()
    read_folder(folder, out, again, progress=silent)
    if read is None:
        assert len(again.read) == 2 and len(set(again.read)) == 2 and all(id.startswith("b-") for id in again.read)
    else:
        assert again.read == read
    assert len({head["doc_id"] for head in articles(out)}) == len(list(articles(out)))


def test_another_reader_or_day_reads_again(folder, out):
    read_folder(folder, out, Reader(), progress=silent, version="1")
    assert read_folder(folder, out, Reader(), progress=silent, version="2").read == 5
    day = date(2024, 6, 21)
    assert read_folder(folder, out, Reader(), progress=silent, version="2", on=day).read == 5
    assert {(head["date"], head["dated_by"]) for head in articles(out)} == {("2024-06-21", "given")}
    with pytest.raises(UsageError, match="not after today"):
        read_folder(folder, out, Reader(), progress=silent, on=date.today() + timedelta(days=2))


BAD = {
    "bad-binary.txt": b"\x00\x01" * 50,
    "bad-empty.txt": b"",
    "bad-language.txt": (
        "Die Minister haben sich am Dienstag in Oslo getroffen und ein Abkommen unterzeichnet. " * 3
    ).encode(),
    "bad-pdf.txt": b"%PDF-1.4",
    "bad-wall.html": b"<html><body><p>Please enable JavaScript to view this page.</p></body></html>",
}


def test_bad_files_stop_nothing(folder, out):
    for name, data in BAD.items():
        (folder / name).write_bytes(data)
    summary = read_folder(folder, out, Reader(), progress=silent)
    assert summary == Summary(read=5, failed=5, events=5, claims=5)
    assert [each["file"] for each in failures(out)] == sorted(BAD)
    said = {each["file"]: each["message"] for each in failures(out)}
    assert (
        "NUL" in said["bad-binary.txt"]
        and "German" in said["bad-language.txt"]
        and "JavaScript" in said["bad-wall.html"]
    )
    assert len(list(readings(out))) == 10
    for name in BAD:
        tell(folder, [name])
    assert read_folder(folder, out, Reader(), progress=silent) == Summary(read=5, skipped=5, events=10, claims=10)
    assert failures(out) == [] and not (out / "errors.jsonl").exists()


def test_what_turns_bad_leaves_no_old_rows(folder, out):
    read_folder(folder, out, Reader(), progress=silent)
    (folder / "b.txt").write_bytes(b"")
    assert read_folder(folder, out, Reader(), progress=silent).failed == 1
    assert "b" not in {row["doc_id"] for row in readings(out)}


@pytest.mark.parametrize("kind", [ValueError, RuntimeError, MemoryError, RecursionError])
def test_a_defect_of_the_reader_costs_one_article(folder, out, kind):
    assert read_folder(folder, out, Reader("b", kind), progress=silent) == Summary(read=4, failed=1, events=4, claims=4)
    assert failures(out)[0] == {
        "file": "b.txt",
        "error": kind.__name__,
        "message": f"the reader failed: {kind.__name__}: stopped",
    }


def test_rows_that_cannot_be_written_are_a_failure(folder, out):
    def broken(document):
        reading = Reader()(document)
        if document.id != "b":
            return reading
        return reading.with_events(
            (Event("b", 0, 1, "\ud800", "AGREE", None, (), (), False, (), UNDATED, None, None, 0.5),)
        )

    assert read_folder(folder, out, broken, progress=silent).failed == 1
    assert "b" not in {row["doc_id"] for row in readings(out)}


def test_a_run_that_is_stopped_is_resumed(folder, out):
    (folder / "a-bad.txt").write_bytes(b"")
    first = Reader(stop_at="d")
    with pytest.raises(KeyboardInterrupt):
        read_folder(folder, out, first, progress=silent)
    assert first.read == ["a", "b"]
    assert [head["doc_id"] for head in articles(out)] == ["a", "b"] and len(list(readings(out))) == 4
    assert [each["file"] for each in failures(out)] == ["a-bad.txt"]
    second = Reader()
    assert read_folder(folder, out, second, progress=silent) == Summary(3, 2, 1, 5, 5)
    assert second.read == ["d", "c", "e"]


def test_a_failure_of_before_is_kept_until_its_file_is_looked_at(folder, out):
    (folder / "z-bad.txt").write_bytes(b"")
    read_folder(folder, out, Reader(), progress=silent)
    (folder / "a.txt").write_text(TEXT)
    with pytest.raises(KeyboardInterrupt):
        read_folder(folder, out, Reader(stop_at="a"), progress=silent)
    assert [each["file"] for each in failures(out)] == ["z-bad.txt"]
    (folder / "z-bad.txt").unlink()
    read_folder(folder, out, Reader(), progress=silent)
    assert failures(out) == []


def test_a_stop_while_a_file_is_put_in_place_leaves_it_out(folder, out, monkeypatch):
    replace, calls = os.replace, []

    def stop(source, target):
        calls.append(target)
        if len(calls) == 3:
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(os, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        read_folder(folder, out, Reader(), progress=silent)
    assert len(content(out)) == 2
    for lines in content(out).values():
        assert lines.endswith(b"\n") and all(json.loads(line) for line in lines.splitlines())
    assert read_folder(folder, out, Reader(), progress=silent) == Summary(3, 2, 0, 5, 5)


def test_a_full_disk_stops_the_run_and_says_so(folder, out, monkeypatch):
    def full(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(RecordError, match="No space left"):
        read_folder(folder, out, Reader(), progress=silent)
    assert content(out) == {}


def test_two_hundred_articles(tmp_path, out):
    names = [f"{number:03}_5eeb2430d155273b.txt" for number in range(200)]
    tell(tmp_path / "many", names)
    (tmp_path / "many" / names[77]).write_bytes(b"\x00")
    with pytest.raises(KeyboardInterrupt):
        read_folder(tmp_path / "many", out, Reader(stop_at="120"), progress=silent)
    assert read_folder(tmp_path / "many", out, Reader(), progress=silent) == Summary(80, 119, 1, 199, 199)
    rows = list(readings(out))
    assert [row["doc_id"] for row in rows[::2]] == [name[:3] for name in names if name != names[77]]
    assert [row["form"] for row in rows[:2]] == ["event", "claim"]


def test_the_rows_may_lie_in_the_folder_itself(folder):
    out = folder / "rows"
    tell(out, ["page.html"])
    assert read_folder(folder, out, Reader(), progress=silent).read == 5
    (out / "mine.jsonl").write_text('{"form": "note"}\n')
    assert len(list(readings(out))) == 10


def test_what_is_no_folder_of_articles(tmp_path, folder, out):
    with pytest.raises(DataError, match="no such folder"):
        read_folder(tmp_path / "none", out, Reader(), progress=silent)
    with pytest.raises(DataError, match="got a file"):
        read_folder(folder / "a.txt", out, Reader(), progress=silent)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="none that ends in"):
        read_folder(tmp_path / "empty", out, Reader(), progress=silent)
    assert not out.exists()
    with pytest.raises(RecordError, match="could not write"):
        read_folder(folder, folder / "a.txt", Reader(), progress=silent)


def test_what_is_no_folder_of_readings(tmp_path, folder, out):
    with pytest.raises(DataError, match="no such folder"):
        list(readings(out))
    read_folder(folder, out, Reader(), progress=silent)
    broken = next(out.glob("b-*"))
    broken.write_text(broken.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    with pytest.raises(DataError, match="a row as JSON") as damaged:
        list(readings(out))
    assert str(broken) in damaged.value.where
