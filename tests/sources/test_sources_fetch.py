"""Fetching from a server that cuts, lies, moves and changes files: a file is there whole and checked, or not at all."""

from __future__ import annotations

import errno
import gzip
import hashlib
import random
import socket
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from publisher import Publisher, serving

from multipolar import sources
from multipolar.errors import DataError, RecordError, UsageError
from multipolar.record import files as writing
from multipolar.sources.fetch import STAGING, Fetched, fetch, fetched_files, fetched_path, newer, store, wanted_files
from multipolar.sources.fetch.guard import Guard
from multipolar.sources.fetch.transfer import LONGEST_REST, RESTS
from multipolar.sources.model import DataSource, Download
from multipolar.sources.publishers import sanctions

TABLE = b"code,year\n" + b"".join(b"%d,%d\n" % (n, 1900 + n % 100) for n in range(200_000))
SUM = hashlib.sha256(TABLE).hexdigest()


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("tls")) as publisher:
        yield publisher


@pytest.fixture
def server(tls: Publisher) -> Publisher:
    tls.things.clear()
    tls.asked.clear()
    return tls


def source(*downloads: Download, **fields: object) -> DataSource:
    return replace(sanctions.SOURCE, name="made", downloads=downloads, by_hand="Choose all years.", **fields)


class Get:
    """Fetch with a guard for the server on this machine, without rests."""

    def __init__(self, server: Publisher, root: Path) -> None:
        self.server, self.root, self.rests, self.steps = server, root, [], []

    @property
    def folder(self) -> Path:
        return self.root / "made"

    def all(self, of: DataSource, **options: object) -> list[Fetched]:
        own = {
            "guard": self.server.guard(),
            "rest": self.rests.append,
            "progress": lambda *step: self.steps.append(step),
        }
        return list(fetch(of, self.root, **{**own, **options}))

    def one(
        self, url: str, name: str = "x.csv", *, sha256: str = "", most: int = 1 << 30, **options: object
    ) -> Fetched:
        return self.all(source(Download(url, name, sha256, most)), **options)[0]

    def names(self) -> set[str]:
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file()} - {
            "fetch.lock"
        }

    def ranges(self) -> list[str]:
        return [headers.get("Range", "") for _, _, headers in self.server.asked]


@pytest.fixture
def get(server, tmp_path) -> Get:
    return Get(server, tmp_path / "data")


def test_a_file_comes_whole_with_a_manifest(get, server):
    url = server.put("/x.csv", TABLE)
    done = get.one(url, sha256=SUM.upper())
    assert (done.state, done.source, done.name, done.url) == ("fetched", "made", "x.csv", url)
    assert (get.folder / "x.csv").read_bytes() == TABLE
    assert get.names() == {"x.csv", "manifest.json"} and not (get.folder / STAGING).exists()
    entry = store.read_manifest(get.folder).files["x.csv"]
    assert entry == replace(done.entry, fetched=entry.fetched)
    assert (entry.size, entry.sha256, entry.etag, entry.url) == (len(TABLE), SUM, '"one"', url)
    assert abs(datetime.now(UTC) - entry.fetched) < timedelta(minutes=5) and entry.age == 0
    assert get.steps[-1][:2] == (len(TABLE), len(TABLE)) and "Fetching x.csv: 2." in get.steps[-1][2]
    assert get.rests == []


def test_what_is_here_is_not_fetched_again_unless_asked(get, server):
    url = server.put("/x.csv", TABLE)
    get.one(url)
    assert get.one(url).state == "here" and len(server.asked) == 1
    server.put("/x.csv", b"code,year\n2,2018\n", etag='"two"')
    assert get.one(url).state == "here"
    assert get.one(url, again=True).state == "fetched"
    assert (get.folder / "x.csv").read_bytes() == b"code,year\n2,2018\n"
    assert store.read_manifest(get.folder).files["x.csv"].etag == '"two"'
    (get.folder / "x.csv").write_bytes(b"changed here")
    assert get.one(url).state == "fetched", "what is here is not what was fetched"
    assert get.one(url, sha256=SUM).state == "failed", "the sum is not that of the release known here"


def test_the_old_file_stays_where_the_new_one_is_refused(get, server):
    url = server.put("/x.csv", TABLE)
    get.one(url)
    for habits in ({"body": b"<html>Down for maintenance"}, {"body": TABLE[:50], "statuses": [403]}):
        server.put("/x.csv", **habits)
        assert get.one(url, again=True).state == "failed"
        assert (get.folder / "x.csv").read_bytes() == TABLE
        assert store.read_manifest(get.folder).files["x.csv"].sha256 == SUM


def test_a_wrong_sum_leaves_no_file_and_names_both(get, server):
    done = get.one(server.put("/x.csv", TABLE), sha256="ab" * 32)
    assert done.state == "failed" and isinstance(done.error, DataError)
    assert "ab" * 32 in str(done.error) and SUM in str(done.error) and "Nothing was kept" in done.error.hint
    assert get.names() == set() and fetched_files(source(), get.root) == ()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<!DOCTYPE html><title>Log in</title>", "a web page"),
        (b"\n\n <html>", "a web page"),
        (gzip.compress(b"<html>", mtime=0), "a web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "a git-lfs pointer"),
        (b"", "an empty file"),
        (b"PK\x03\x04 and then nothing", "damaged or truncated"),
    ],
)
def test_what_is_no_data_is_refused_at_once(get, server, body, says):
    url = server.put("/x.csv", body)
    done = get.one(url)
    assert done.state == "failed" and says in done.error.message and done.error.where == url
    assert "Choose all years." in done.error.hint and sanctions.SOURCE.urls[0] in done.error.hint
    assert get.names() == set()


@pytest.mark.parametrize("habits", [{}, {"claims": 100}, {"lengthless": True}])
def test_a_file_that_is_too_large_is_refused_whatever_the_server_says(get, server, habits):
    done = get.one(server.put("/x.csv", TABLE, **habits), most=1000 if habits != {"claims": 100} else 99)
    assert done.state == "failed" and "bytes, got" in done.error.message and "at most" in done.error.message
    assert get.names() == set()


def test_a_host_without_an_address_is_told_at_once(get, server):
    def nobody(host, port):
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    done = get.one(server.put("/x.csv", TABLE), guard=server.guard(resolve=nobody))
    assert done.state == "failed" and get.rests == [] and get.names() == set()
    assert "expected an address of the host, got none" in done.error.message
    assert "Is there a network here?" in done.error.hint


def test_a_server_that_promises_too_little_gives_too_little(get, server):
    """The rest is never read: what came is short of rows, and a known sum shows it."""
    url = server.put("/x.csv", TABLE, claims=1000)
    assert get.one(url, sha256=SUM).state == "failed" and get.names() == set()


def test_a_server_that_promises_too_much_is_found_out(get, server):
    url = server.put("/x.csv", TABLE, claims=len(TABLE) + 5, ranges=False)
    done = get.one(url)
    assert done.state == "failed" and not (get.folder / "x.csv").exists()
    assert f"{len(TABLE):,} of {len(TABLE) + 5:,} bytes 4 times" in done.error.message
    assert get.rests == list(RESTS)


def test_a_cut_line_is_taken_up_where_it_broke(get, server):
    url = server.put("/x.csv", TABLE, cuts=[500_000, 600_000])
    done = get.one(url, sha256=SUM)
    assert done.state == "fetched" and (get.folder / "x.csv").read_bytes() == TABLE
    assert get.ranges() == ["", "bytes=500000-", "bytes=1100000-"]
    assert [headers.get("If-Range") for _, _, headers in server.asked] == [None, '"one"', '"one"']
    assert get.rests == [1.0, 3.0] and any("Waiting" in step[2] for step in get.steps)


def test_a_later_run_goes_on(get, server):
    url = server.put("/x.csv", TABLE, cuts=[1000, 1000, 1000, 1000])
    done = get.one(url)
    assert done.state == "failed" and "goes on from where it stopped" in done.error.hint
    assert get.names() == {f"{STAGING}/x.csv.part", f"{STAGING}/x.csv.part.json"}
    assert get.one(url).state == "fetched" and get.ranges()[-1] == "bytes=4000-"
    assert (get.folder / "x.csv").read_bytes() == TABLE and get.names() == {"x.csv", "manifest.json"}


@pytest.mark.parametrize(
    "habits",
    [
        {"ranges": False},  # sends the whole again
        {"etag": '"two"'},  # another file by now: If-Range does not fit, the whole is sent
        {"etag": '"one"', "range_says": "bytes 7-99/100"},  # another part than was asked for, once
        {"etag": "", "modified": "Thu, 02 Jan 2025 00:00:00 GMT"},
    ],
)
def test_a_part_that_cannot_be_gone_on_from_is_begun_again(get, server, habits):
    url = server.put("/x.csv", b"old,file\n" * 100_000, cuts=[1000] * 4)
    get.one(url)
    thing = server.things["/x.csv"]
    server.put("/x.csv", TABLE, **habits)
    if habits.get("range_says"):
        real = server.things["/x.csv"]
        get.rests, get.server.things["/x.csv"] = _Then(get.rests, lambda: setattr(real, "range_says", "")), real
    done = get.one(url)
    assert done.state == "fetched" and (get.folder / "x.csv").read_bytes() == TABLE and thing.cuts == []
    assert done.entry.sha256 == SUM


class _Then(list):
    """Rests after the first of which something changes."""

    def __init__(self, before, change):
        super().__init__(before)
        self.change = change

    def append(self, rest):
        super().append(rest)
        self.change()


def test_a_file_that_changes_while_it_is_resumed_is_never_mixed(get, server):
    """A careless server that ignores If-Range sends the rest of another file: its ETag and size tell."""
    old = b"old,file\n" * 100_000
    for body, etag in ((TABLE, '"two"'), (TABLE, '"one"'), (old.upper(), '"two"')):
        url = server.put("/x.csv", old, cuts=[1000] * 4)
        get.one(url, again=True)
        thing = server.put("/x.csv", body, etag=etag) and server.things["/x.csv"]
        thing.range_says = f"bytes 4000-{len(body) - 1}/{len(body)}"
        get.rests = _Then([], lambda thing=thing: setattr(thing, "range_says", ""))
        assert get.one(url, again=True).state == "fetched"
        assert (get.folder / "x.csv").read_bytes() == body


def test_without_a_proof_of_sameness_nothing_is_resumed(get, server):
    for weak in ('W/"one"', ""):
        url = server.put("/x.csv", TABLE, cuts=[1000], etag=weak, modified="")
        assert get.one(url, again=True).state == "fetched" and set(get.ranges()) == {""}


@pytest.mark.parametrize(
    "note",
    ["", "[]", '{"url": 1}', '{"url": "URL", "etag": "\\u2028", "modified": "", "size": 9000000}',
     '{"url": "URL", "etag": "\\"one\\"", "modified": "", "size": "many"}',
     '{"url": "other", "etag": "\\"one\\"", "modified": "", "size": 9000000}',
     '{"url": "URL", "etag": "\\"one\\"", "modified": "", "size": 3}'],
)  # fmt: skip
def test_a_part_whose_note_is_damaged_is_begun_again(get, server, note):
    url = server.put("/x.csv", TABLE)
    (get.folder / STAGING).mkdir(parents=True)
    (get.folder / STAGING / "x.csv.part").write_bytes(b"of something")
    (get.folder / STAGING / "x.csv.part.json").write_text(note.replace("URL", url))
    assert get.one(url, sha256=SUM).state == "fetched" and get.ranges() == [""]


@pytest.mark.parametrize("said", ["9" * 5000, "-5", "\u00b2", "five"])
def test_a_size_that_is_no_size_is_not_believed(get, server, said):
    done = get.one(server.put("/x.csv", TABLE, claims=said, polite=True))
    assert done.state == "fetched" and (get.folder / "x.csv").read_bytes() == TABLE


def test_the_day_of_change_is_proof_where_there_is_no_etag(get, server):
    url = server.put("/x.csv", TABLE, cuts=[1000], etag="")
    assert get.one(url).state == "fetched" and get.ranges() == ["", "bytes=1000-"]
    assert server.asked[1][2]["If-Range"] == "Wed, 01 Jan 2025 00:00:00 GMT"


def test_a_file_without_a_length_is_whole_when_the_line_is_closed_properly(get, server):
    """A line that is just cut ends in the same silence: only the end that TLS has for it tells the two apart."""
    done = get.one(server.put("/x.csv", TABLE, lengthless=True))
    assert done.state == "failed" and "bytes 4 times" in done.error.message and not (get.folder / "x.csv").exists()
    done = get.one(server.put("/x.csv", TABLE, lengthless=True, polite=True))
    assert done.state == "fetched" and (get.folder / "x.csv").read_bytes() == TABLE


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429, 408])
def test_a_server_that_is_busy_is_asked_again(get, server, status):
    url = server.put("/x.csv", TABLE, statuses=[status, status], retry_after="2")
    assert get.one(url).state == "fetched" and get.rests == [2.0, 3.0]


def test_a_server_cannot_ask_for_an_endless_rest(get, server):
    url = server.put("/x.csv", TABLE, statuses=[503], retry_after="999999")
    assert get.one(url).state == "fetched" and get.rests == [LONGEST_REST]


def test_a_server_that_stays_busy_is_given_up(get, server):
    done = get.one(server.put("/x.csv", TABLE, statuses=[503] * 9))
    assert done.state == "failed" and "the status 503 4 times" in done.error.message and get.names() == set()


@pytest.mark.parametrize(
    ("status", "says"), [(401, "who you are"), (403, "by hand"), (404, "moved"), (410, "moved"), (418, "by hand")]
)
def test_other_answers_are_told_with_a_way_out(get, server, status, says):
    done = get.one(server.put("/x.csv", TABLE, statuses=[status]))
    assert done.state == "failed" and f"the status {status}" in done.error.message and says in done.error.hint
    assert sanctions.SOURCE.urls[0] in done.error.hint and get.rests == [] and get.names() == set()


def test_a_redirect_off_the_publisher_is_a_failure_that_is_not_tried_again(get, server):
    done = get.one(server.put("/x.csv", to="https://other.example/x.csv"))
    assert done.state == "failed" and "other.example" in done.error.message and get.rests == []


def test_an_untrusted_certificate_is_not_tried_again(get, server):
    guard = server.guard(context=Guard(frozenset()).context)
    done = get.one(server.put("/x.csv", TABLE), guard=guard)
    assert done.state == "failed" and "certificate" in done.error.message and get.rests == []


def test_no_line_at_all(get, server):
    def offline(*_: object) -> tuple[str, ...]:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    done = get.one(server.put("/x.csv", TABLE), guard=server.guard(resolve=offline))
    assert done.state == "failed" and "Network is unreachable" in done.error.message and "Proxies" in done.error.hint


def hours(server: Publisher, **bodies: bytes) -> DataSource:
    """A source with a file a day."""
    for name, body in bodies.items():
        server.put(f"/{name}.csv", body)

    def dated(first: date, last: date) -> tuple[Download, ...]:
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return tuple(Download(server.url(f"/d{day:%Y%m%d}.csv"), f"d{day:%Y%m%d}.csv") for day in days)

    return source(dated=dated, files=("d*.csv",))


def test_without_a_network_only_the_first_file_of_a_period_is_asked_for(get, server):
    asked = []

    def nobody(host, port):
        asked.append(host)
        raise socket.gaierror(-2, "Name or service not known")

    days = {"since": date(2024, 1, 1), "until": date(2024, 1, 31)}
    done = list(
        fetch(hours(server), get.folder.parent, guard=server.guard(resolve=nobody), rest=get.rests.append, **days)
    )
    assert [one.state for one in done] == ["failed"] and len(asked) == 1 and get.rests == []


def test_a_file_that_is_not_there_is_a_gap_in_a_period(get, server):
    daily = hours(server, d20240601=TABLE, d20240603=TABLE)
    period = {"since": date(2024, 6, 1), "until": date(2024, 6, 3)}
    assert [done.state for done in get.all(daily, **period)] == ["fetched", "gap", "fetched"]
    manifest = store.read_manifest(get.folder)
    assert set(manifest.gaps) == {"d20240602.csv"} and set(manifest.files) == {"d20240601.csv", "d20240603.csv"}
    assert manifest.gaps["d20240602.csv"].url.endswith("/d20240602.csv")
    server.put("/d20240602.csv", TABLE)
    assert [done.state for done in get.all(daily, **period)] == ["here", "fetched", "here"]
    assert store.read_manifest(get.folder).gaps == {}


def test_other_failures_in_a_period_are_no_gaps(get, server):
    daily = hours(server, d20240601=TABLE)
    server.put("/d20240602.csv", TABLE, statuses=[503] * 9)
    states = [done.state for done in get.all(daily, since=date(2024, 6, 1), until=date(2024, 6, 2))]
    assert states == ["fetched", "failed"] and store.read_manifest(get.folder).gaps == {}


def test_long_periods_keep_the_manifest_as_they_go(get, server):
    first = date(2024, 1, 1)
    daily = hours(server, **{f"d{first + timedelta(days=n):%Y%m%d}": b"a\n" for n in range(0, 120, 2)})
    results = fetch(daily, get.root, since=first, until=first + timedelta(days=119), guard=server.guard())
    for _ in range(70):
        next(results)
    kept = store.read_manifest(get.folder)
    assert len(kept.files) == len(kept.gaps) == 25
    results.close()  # as Ctrl-C does
    kept = store.read_manifest(get.folder)
    assert (len(kept.files), len(kept.gaps)) == (35, 35)


def test_a_period_is_asked_for(server):
    daily = hours(server)
    with pytest.raises(UsageError, match="--since, --until"):
        wanted_files(daily)
    assert len(wanted_files(daily, date(2024, 1, 1), date(2024, 1, 31))) == 31


def test_a_source_without_downloads_says_how_to_get_it(get):
    with pytest.raises(DataError, match="expected files that can be fetched") as caught:
        get.all(source())
    assert "Choose all years." in caught.value.hint and sanctions.SOURCE.urls[0] in caught.value.hint


def test_ctrl_c_leaves_no_file_and_the_next_run_goes_on(get, server):
    url = server.put("/x.csv", TABLE)

    def interrupted(done: int, total: int, what: str) -> None:
        if done > 100_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        get.one(url, progress=interrupted)
    assert get.names() == {f"{STAGING}/x.csv.part", f"{STAGING}/x.csv.part.json"}
    (get.folder / STAGING / "tmp123").write_bytes(b"left by a process that was killed")
    assert get.one(url, sha256=SUM).state == "fetched" and get.ranges()[1].startswith("bytes=")
    assert get.names() == {"x.csv", "manifest.json"}


def test_the_manifest_is_written_whole_or_not_at_all(get, server, monkeypatch):
    get.one(server.put("/x.csv", TABLE))
    before = (get.folder / "manifest.json").read_bytes()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing, "_write", full)
    with pytest.raises(RecordError, match="No space left on device"):
        get.all(source(Download(server.put("/y.csv", TABLE), "y.csv")))
    assert (get.folder / "manifest.json").read_bytes() == before and "y.csv" not in get.names()
    with pytest.raises(RecordError, match="No space left"):
        store.write_manifest(get.folder, store.Manifest("made"))
    assert (get.folder / "manifest.json").read_bytes() == before


def test_two_fetches_at_once_are_kept_apart(get, server):
    url = server.put("/x.csv", TABLE)
    with store.held(get.folder), pytest.raises(RecordError, match="one fetch at a time"):
        get.one(url)
    assert get.one(url).state == "fetched"


def test_a_folder_that_cannot_be_made(get, server):
    get.root.write_text("a file")
    with pytest.raises(RecordError, match="could not write"):
        get.one(server.put("/x.csv", TABLE))


@pytest.mark.parametrize("name", ["../x.csv", "a/x.csv", ".hidden", ""])
def test_names_stay_in_the_folder(get, server, name):
    assert get.one(server.put("/x.csv", TABLE), name).state == "failed" and not list(get.root.rglob("x.csv"))


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"format": 2, "source": "made", "files": [], "gaps": []}', '{"format": 1, "source": "made"}',
     '{"format": 1, "source": "made", "files": [{"name": "x"}], "gaps": []}'],
)  # fmt: skip
def test_a_damaged_manifest_is_named(get, server, text):
    get.folder.mkdir(parents=True)
    (get.folder / "manifest.json").write_text(text)
    with pytest.raises(DataError, match=r"manifest\.json: expected the manifest") as caught:
        get.one(server.put("/x.csv", TABLE))
    assert "--again" in caught.value.hint and fetched_files(replace(source(), name="other"), get.root) == ()


def test_the_folder_of_fetched_files(monkeypatch, tmp_path):
    assert store.home(tmp_path) == tmp_path
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "named"))
    assert store.home() == tmp_path / "named" and store.home(tmp_path) == tmp_path
    monkeypatch.delenv(store.VARIABLE)
    assert store.home().name == "sources" and "multipolar" in str(store.home())


def test_what_was_fetched_is_found(get, server):
    """Of two editions in the folder it is the one that the registry names."""
    name = "sanctions_long_1960_2023.csv"
    old = replace(source(), name="sanctions")
    new = replace(old, downloads=(Download(server.put("/new.csv", TABLE), name),))
    with pytest.raises(sources.NoFile, match="among those fetched") as caught:
        fetched_path(new, get.root)
    assert "multipolar fetch sanctions" in caught.value.hint
    (get.root / "sanctions").mkdir(parents=True)
    (get.root / "sanctions" / "sanctions_long_1960_2021.csv").write_bytes(TABLE)
    assert fetched_path(new, get.root).name == "sanctions_long_1960_2021.csv", "put there by hand"
    get.all(new)
    assert fetched_path(new, get.root) == get.root / "sanctions" / name
    with pytest.raises(DataError, match="one file of 'sanctions'"):
        fetched_path(old, get.root)


def test_whether_there_is_a_newer_one(get, server):
    url = server.put("/x.csv", TABLE)
    entry, made = get.one(url).entry, source(Download(url, "x.csv"))
    ask = lambda: newer(made, entry, server.guard())  # noqa: E731
    assert ask() is False and server.asked[-1][0] == "HEAD"
    for habits, answer in (
        ({"etag": '"two"'}, True), ({"etag": ""}, False), ({"etag": "", "modified": "later"}, True),
        ({"etag": "", "modified": ""}, None), ({"etag": "", "modified": "", "claims": 5}, True),
    ):  # fmt: skip
        server.put("/x.csv", TABLE, **habits)
        assert ask() is answer, habits
    server.put("/x.csv", to="https://other.example/")
    with pytest.raises(DataError, match=r"other\.example"):
        ask()
    for status, says in ((404, "404"), (503, "an answer"), (403, "403"), (304, "an answer")):
        server.put("/x.csv", statuses=[status])
        with pytest.raises(DataError, match=says):
            ask()


def test_cut_at_random_places_the_file_is_always_whole(get, server):
    dice = random.Random(7)
    for n in range(12):
        body = dice.randbytes(dice.randrange(1, 3000)).hex().encode()
        cuts = [dice.randrange(0, len(body)) for _ in range(dice.randrange(0, 4))]
        habits = {"ranges": dice.random() < 0.7, "etag": dice.choice(['"one"', 'W/"one"', ""])}
        url = server.put("/x.csv", body, cuts=cuts, **habits)
        assert get.one(url, again=True).state == "fetched", (n, cuts, habits)
        assert (get.folder / "x.csv").read_bytes() == body


def test_a_real_file_is_fetched_and_read(get, server, shared_data):
    name = "sanctions_long_1960_2021.parquet"
    real = (shared_data / "sanctions_g7_eu_1960_2021" / name).read_bytes()
    url = server.put(f"/{name}", real, cuts=[len(real) // 3])
    done = get.one(url, name, sha256=hashlib.sha256(real).hexdigest())
    assert done.state == "fetched"
    assert sources.read("sanctions", get.folder).rows == 26_850
