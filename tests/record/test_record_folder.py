"""What can go wrong in a folder: a full disk, a crash at any step, a second writer, damage, a read-only place."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import duckdb
import pytest
from record_samples import TODAY, UN, everything, rows, votes

from multipolar.errors import RecordError
from multipolar.record import Batch, Record, index
from multipolar.record.files import TEMPORARY, locked, write_whole

TWO_FORMS = Batch({"tie": rows("tie"), "event": rows("event")}, (UN,), label="two forms")
#: Two Parquet files and a manifest: each a write, an fsync, a rename and an fsync of the folder.
STEPS = 3 * 4


class Crash(BaseException):
    """The machine stops: nothing runs after it, no cleaning up either."""


@contextmanager
def failing(step: int, error: BaseException, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Raise `error` at the `step`-th write, fsync or rename; a write that fails leaves half of its bytes."""
    count = [0]

    def counted(original: Any) -> Any:
        def call(*args: Any) -> Any:
            count[0] += 1
            if count[0] - 1 == step:
                if original is write:
                    args[0].write(args[1][: len(args[1]) // 2])
                    args[0].flush()
                raise error
            return original(*args)

        return call

    def write(file: IO[bytes], content: bytes) -> None:
        file.write(content)

    with monkeypatch.context() as patch:
        patch.setattr("multipolar.record.files._write", counted(write))
        patch.setattr(os, "fsync", counted(os.fsync))
        patch.setattr(os, "replace", counted(os.replace))
        if isinstance(error, Crash):
            patch.setattr(Path, "unlink", _crash)
        yield count


def _crash(*args: Any, **more: Any) -> None:
    raise Crash


def contents(record: Record) -> set[str]:
    """Files of a record but its locks and index."""
    paths = Path(record.name).rglob("*")
    return {p.name for p in paths if p.is_file() and not p.name.endswith(".lock") and "index" not in p.name}


def test_the_steps_are_those_we_think(folder: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    with failing(-1, Crash(), monkeypatch) as count:
        folder.ingest(TWO_FORMS)
    assert count == [STEPS]


@pytest.mark.parametrize("step", range(STEPS))
def test_a_full_disk_leaves_nothing(folder: Record, step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.ingest(votes(0, 1))
    before = contents(folder)
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with (
        failing(step, full, monkeypatch),
        pytest.raises(RecordError, match="No space left on device\nHint: Nothing was left half written"),
    ):
        folder.ingest(TWO_FORMS)
    assert contents(folder) == before
    assert folder.view().counts()["vote"] == 10 and len(folder.batches()) == 1
    assert folder.ingest(TWO_FORMS).added == {"event": 1, "tie": 1}
    folder.verify()


@pytest.mark.parametrize("step", range(STEPS))
def test_a_crash_at_any_step_leaves_the_batch_whole_or_absent(
    folder: Record, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.ingest(votes(0, 1))
    before = contents(folder)
    with failing(step, Crash(), monkeypatch), pytest.raises(Crash):
        folder.ingest(TWO_FORMS)
    again = Record.open(folder.name, today=TODAY)
    counts = again.view().counts()
    assert (counts["vote"], counts["event"], counts["tie"]) in [(10, 0, 0), (10, 1, 1)]
    assert (counts["tie"] == 1) == (step == STEPS - 1)  # only after the rename of the manifest
    again.verify()
    again.ingest(votes(0, 1))  # the next writer, whatever it writes, clears up
    expected = before if step < STEPS - 1 else contents(again)
    assert contents(again) == expected and not any(name.endswith(TEMPORARY) for name in expected)
    again.ingest(TWO_FORMS)
    assert again.view().counts()["tie"] == 1


def test_a_full_disk_while_creating(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with failing(0, full, monkeypatch), pytest.raises(RecordError, match="No space left"):
        Record.create(tmp_path / "new")
    with pytest.raises(RecordError, match=r"expected a folder that holds a record \(with a `record.json`\)"):
        Record.open(tmp_path / "new")
    assert Record.create(tmp_path / "new").batches() == []


def test_a_full_disk_while_indexing_answers_from_memory(folder: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.ingest(everything())

    def full(*args: Any) -> None:
        raise duckdb.IOException("Could not write file: No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(index.Index, "finish", full)
        assert folder.view().counts()["tie"] == 1
        with pytest.raises(RecordError, match="archive itself is untouched"):
            folder.reindex()
    assert not any("index.duckdb" in p.name for p in Path(folder.name).iterdir())
    folder.reindex()
    assert (Path(folder.name) / "index.duckdb").exists()


def test_one_writer_at_a_time(folder: Record) -> None:
    with locked(Path(folder.name) / "write.lock"), pytest.raises(RecordError, match="only writer, but another"):
        Record.open(folder.name, today=TODAY).ingest(everything())
    assert folder.ingest(everything()).added["tie"] == 1


def test_readers_need_no_lock_and_a_busy_index_is_no_obstacle(folder: Record) -> None:
    folder.ingest(everything())
    with locked(Path(folder.name) / "write.lock"), locked(Path(folder.name) / "index.lock"):
        assert Record.open(folder.name, today=TODAY).view().counts()["tie"] == 1
        with pytest.raises(RecordError, match="another process is building the index"):
            folder.reindex()
    assert not (Path(folder.name) / "index.duckdb").exists()


def test_two_records_of_one_folder_see_each_others_batches(folder: Record) -> None:
    other = Record.open(folder.name, today=TODAY)
    folder.ingest(votes(0, 1))
    assert other.view().counts()["vote"] == 10
    other.ingest(votes(1, 1))
    assert folder.ingest(votes(0, 3)).present == {"vote": 20}
    assert other.view().counts()["vote"] == folder.view().counts()["vote"] == 30


class TestDamage:
    """Every kind of damage is named with its file and the remedy."""

    @pytest.fixture
    def damaged(self, folder: Record) -> Path:
        folder.ingest(votes(0, 3))
        folder.view()
        return Path(folder.name)

    def check(self, path: Path, message: str) -> None:
        (path / "index.duckdb").unlink(missing_ok=True)
        with pytest.raises(RecordError, match=message) as caught:
            Record.open(path, today=TODAY).view()
        assert caught.value.hint

    def parquet(self, path: Path) -> Path:
        return next((path / "statements" / "vote").glob("*.parquet"))

    def test_a_truncated_file(self, damaged: Path) -> None:
        file = self.parquet(damaged)
        size = file.stat().st_size
        os.truncate(file, size - 7)
        self.check(damaged, f"{file.name}: expected {size} bytes, got {size - 7}\nHint: It was damaged")
        with pytest.raises(RecordError, match="bytes"):
            Record.open(damaged, today=TODAY).ingest(votes(3, 1))

    def test_a_changed_byte(self, damaged: Path) -> None:
        file = self.parquet(damaged)
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
        self.check(damaged, "its SHA-256 differs")

    def test_damage_behind_an_index_is_found_by_verify(self, damaged: Path) -> None:
        os.truncate(self.parquet(damaged), 10)
        record = Record.open(damaged, today=TODAY)
        assert record.view().counts()["vote"] == 30
        with pytest.raises(RecordError, match="bytes, got 10"):
            record.verify()

    def test_a_missing_file(self, damaged: Path) -> None:
        self.parquet(damaged).unlink()
        self.check(damaged, "expected 30 statements, got No such file")

    def test_a_truncated_manifest(self, damaged: Path) -> None:
        file = next((damaged / "batches").glob("*.json"))
        os.truncate(file, 20)
        self.check(damaged, f"{file.name}: expected the manifest of a batch")

    def test_a_manifest_of_another_name(self, damaged: Path) -> None:
        file = next((damaged / "batches").glob("*.json"))
        file.rename(file.with_name("000002-x.json"))
        self.check(damaged, "expected a manifest called 000001-")

    def test_a_missing_manifest(self, damaged: Path) -> None:
        Record.open(damaged, today=TODAY).ingest(votes(3, 1))
        next((damaged / "batches").glob("000001-*")).unlink()
        self.check(damaged, "expected a manifest of batch 1, got 000002-")

    @pytest.mark.parametrize(
        ("mark", "message"),
        [
            ("", "expected the mark of a record"),
            ("[]", "expected the mark of a record"),
            ('{"multipolar_record": 99}', "expected format 1, got 99"),
        ],
    )
    def test_a_wrong_mark(self, damaged: Path, mark: str, message: str) -> None:
        (damaged / "record.json").write_text(mark)
        self.check(damaged, message)

    @pytest.mark.parametrize("junk", [b"", b"not a database", "truncated"])
    def test_a_broken_index_is_made_anew(self, damaged: Path, junk: bytes | str) -> None:
        file = damaged / "index.duckdb"
        file.write_bytes(file.read_bytes()[:9000] if isinstance(junk, str) else junk)
        record = Record.open(damaged, today=TODAY)
        assert record.view().counts()["vote"] == 30 and record.verify() == 30

    def test_an_index_of_another_record_is_made_anew(self, damaged: Path, tmp_path: Path) -> None:
        other = Record.create(tmp_path / "other", today=TODAY)
        other.ingest(everything())
        other.view()
        shutil.copy(Path(other.name) / "index.duckdb", damaged / "index.duckdb")
        assert Record.open(damaged, today=TODAY).view().counts() == {
            **other.view().counts(),
            "vote": 30,
        } | dict.fromkeys(("event", "tie", "flow", "attitude", "trait"), 0)

    def test_statements_that_are_not_their_ids_are_found(self, damaged: Path) -> None:
        import polars as pl

        file, manifest = self.parquet(damaged), next((damaged / "batches").glob("*.json"))
        pl.read_parquet(file).with_columns(a=pl.lit("XXX")).write_parquet(file)
        from hashlib import sha256

        told = json.loads(manifest.read_bytes())
        told["parts"]["vote"] |= {"bytes": file.stat().st_size, "sha256": sha256(file.read_bytes()).hexdigest()}
        manifest.write_text(json.dumps(told))
        with pytest.raises(RecordError, match="each with the id of its content"):
            Record.open(damaged, today=TODAY).verify()

    def test_an_index_that_lacks_rows_is_found(self, damaged: Path) -> None:
        edited = shutil.copy(damaged / "index.duckdb", damaged.parent / "edited.duckdb")
        with duckdb.connect(str(edited)) as con:
            con.execute("DELETE FROM vote WHERE a = 'S1'")
        edited.replace(damaged / "index.duckdb")
        record = Record.open(damaged, today=TODAY)
        with pytest.raises(RecordError, match=r"expected 30 vote statements in the index, got 27") as caught:
            record.verify()
        assert "reindex" in caught.value.hint
        record.reindex()
        assert record.verify() == 30


def test_not_a_record(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(RecordError, match="expected a folder that holds a record"):
            Record.open(path)
    (tmp_path / "file").touch()
    with pytest.raises(RecordError, match="expected a folder that holds a record"):
        Record.open(tmp_path / "file")
    with pytest.raises(RecordError, match="expected a new or empty folder"):
        Record.create(tmp_path)
    with pytest.raises(RecordError, match="could not write"):
        Record.create(tmp_path / "file" / "below")


def test_create_opens_what_is_there_only_if_told(folder: Record) -> None:
    folder.ingest(everything())
    assert len(Record.create(folder.name, exist_ok=True, today=TODAY).batches()) == 1
    with pytest.raises(RecordError, match="expected a new or empty folder"):
        Record.create(folder.name)


def test_a_later_batch_is_added_to_the_index_that_is_there(folder: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.ingest(votes(0, 1))
    old = folder.view()
    folder.ingest(votes(1, 1))
    read: list[int] = []
    original = index._insert

    def watched(cursor: Any, archive: Any, manifest: Any) -> None:
        read.append(manifest.seq)
        original(cursor, archive, manifest)

    monkeypatch.setattr(index, "_insert", watched)
    assert folder.view().counts()["vote"] == 20 and read == [2]
    assert old.counts()["vote"] == 10


def test_the_index_may_not_touch_other_files(folder: Record) -> None:
    folder.ingest(everything())
    folder.view()
    attached = index.Index(Path(folder.name) / "index.duckdb")
    with pytest.raises(duckdb.Error, match="disabled"):
        attached.query("SELECT * FROM read_csv('/etc/passwd')")


def test_write_whole_replaces_nothing_until_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(tmp_path / "a", b"first")
    with (
        failing(1, OSError(errno.EIO, "input/output error"), monkeypatch),
        pytest.raises(OSError, match="input/output"),
    ):
        write_whole(tmp_path / "a", b"second")
    assert [p.name for p in tmp_path.iterdir()] == ["a"] and (tmp_path / "a").read_bytes() == b"first"


READ_ONLY = """
from multipolar.errors import RecordError
from multipolar.record import Record
import os, sys
sys.path.insert(0, sys.argv[2])
from record_samples import TODAY, everything, votes
warm = Record.memory()
warm.ingest(everything())
warm.view().statements("tie").to_dicts()  # whatever is imported late is imported now
if os.geteuid() == 0:
    os.setuid(65534)  # nothing is read-only to root
record = Record.open(sys.argv[1], today=TODAY)
assert record.view().counts()["vote"] == 30, record.view().counts()
assert record.verify() == 30
for write in (lambda: record.ingest(everything()), lambda: record.reindex(), lambda: Record.create(sys.argv[1] + "/new")):
    try:
        write()
    except RecordError as error:
        assert "Permission denied" in str(error), error
    else:
        raise SystemExit("wrote into a read-only folder")
print("ok")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX permissions")
@pytest.mark.parametrize("indexed", [True, False])
def test_a_read_only_folder_answers_and_refuses(indexed: bool) -> None:
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        record = Record.create(Path(place) / "record", today=TODAY)
        record.ingest(votes(0, 3))
        if indexed:
            record.view()
        paths = [Path(record.name), *Path(record.name).rglob("*")]
        for path in paths:
            path.chmod(0o555 if path.is_dir() else 0o444)
        command = [sys.executable, "-B", "-c", READ_ONLY, record.name, str(Path(__file__).parent)]
        done = subprocess.run(command, capture_output=True, text=True)
        for path in paths:
            path.chmod(0o755)
        assert done.stdout == "ok\n", done.stderr


def test_a_folder_that_refuses_a_lock(folder: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.ingest(votes(0, 1))
    original = Path.open

    def refuse(path: Path, mode: str = "r", *args: Any, **more: Any) -> Any:
        if mode != "rb" and mode != "r":
            raise PermissionError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        return original(path, mode, *args, **more)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(RecordError, match="could not write: Read-only file system"):
        folder.ingest(votes(1, 1))
    with pytest.raises(RecordError, match="Read-only file system"):
        folder.reindex()
    assert folder.view().counts()["vote"] == 10
