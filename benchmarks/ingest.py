"""How fast the record takes in all roll calls of the General Assembly, and whether killing it loses anything.

``python benchmarks/ingest.py`` prints one line of JSON: ``ingest_unga_s`` and ``ingest_unga_mb`` (wall seconds and
peak resident memory of a fresh process that reads the file, ingests it into a new folder and builds the index; null
where the shared data is absent), ``votes``, ``kills`` and ``batches_lost``.

A kill is ``SIGKILL`` at a random moment to a process that ingests the votes month by month and says so after each
batch. A batch is lost if it was acknowledged and is not there, whole, in the record that the kill left.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from multipolar.record import Batch, Coverage, Record, Source

SOURCE = Source("votes", "United Nations", "Votes for a benchmark", None, "", "", "United Nations.")
STATES, MONTHS = 120, 240


def ingest_unga(shared: Path) -> dict[str, float]:
    """Ingest all roll calls in a fresh process.

    Parameters
    ----------
    shared : Path
        The folder of shared data sets.

    Returns
    -------
    dict
        ``ingest_unga_s`` (wall seconds), ``ingest_unga_mb`` (peak resident memory), ``votes``, and the seconds of the
        parts: ``parse_s``, ``record_s``, ``index_s``.
    """
    path = next((shared / "data" / "unga_rollcalls_1946_2024").glob("*wide*"))
    begin = time.perf_counter()
    with TemporaryDirectory() as folder:
        done = _run("_unga", str(path), str(Path(folder) / "record"), stdout=subprocess.PIPE)
        out, _ = done.communicate()
        wall = time.perf_counter() - begin
    if done.returncode:
        raise RuntimeError(f"the ingesting process ended with {done.returncode}")
    return {"ingest_unga_s": round(wall, 2), **json.loads(out)}


def _unga(path: str, folder: str) -> None:
    import resource

    from multipolar.sources.publishers import unga

    marks = [time.perf_counter()]
    batch = unga.parse(Path(path))
    marks.append(time.perf_counter())
    record = Record.create(folder)
    record.ingest(batch)
    marks.append(time.perf_counter())
    votes = record.view().counts()["vote"]
    marks.append(time.perf_counter())
    parts = [round(after - before, 2) for before, after in pairwise(marks)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    names = ("parse_s", "record_s", "index_s")
    print(json.dumps({"ingest_unga_mb": round(peak), "votes": votes, **dict(zip(names, parts, strict=True))}))


def run_kills(n: int, *, shared: Path | None = None, seed: int | None = None, longest: float = 1.0) -> dict[str, int]:
    """Kill an ingesting process `n` times and count what was lost.

    Parameters
    ----------
    n : int
        How often.
    shared : Path, optional
        The folder of shared data sets, to ingest real roll calls; without it, synthetic ones of the same shape.
    seed : int, optional
        Of the moments of the kills.
    longest : float
        Longest time in seconds from a process's first acknowledgement to its end.

    Returns
    -------
    dict
        ``kills``, ``batches_acknowledged``, ``batches_lost``.
    """
    rng = random.Random(seed)
    acknowledged = lost = 0
    with TemporaryDirectory() as folder:
        votes = Path(folder) / "votes.parquet"
        _votes(shared).write_parquet(votes)
        record = 0
        for _ in range(n):
            path = Path(folder) / f"record{record}"
            acks = _kill_one(votes, path, rng.uniform(0.0, longest))
            acknowledged += len(acks)
            lost += count_lost(path, votes, acks)
            record += len(Record.open(path).batches()) == _months(votes).height
    return {"kills": n, "batches_acknowledged": acknowledged, "batches_lost": lost}


def _kill_one(votes: Path, folder: Path, delay: float) -> list[str]:
    """Ids of the batches that were acknowledged before the kill."""
    process = _run("_worker", str(votes), str(folder), stdout=subprocess.PIPE)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(delay)
    process.kill()
    rest = process.stdout.read()
    process.wait()
    process.stdout.close()
    if process.returncode not in (0, -signal.SIGKILL):
        raise RuntimeError(f"the ingesting process ended by itself with {process.returncode}")
    lines = (first + rest).decode().split("\n")[:-1]  # a line cut short was not said
    return [line.removeprefix("ack ") for line in lines if line.startswith("ack ")]


def count_lost(folder: Path, votes: Path, acks: list[str]) -> int:
    """Acknowledged batches that are not there whole; also holds the record to every other promise.

    Raises
    ------
    RecordError
        If a file, a statement's id or the index is not as promised.
    """
    record = Record.open(folder)
    counts = {info.id: info.counts.get("vote", 0) for info in record.batches()}
    whole = {info.id: frame.height for info, frame in zip(record.batches(), _batches(votes), strict=False)}
    record.verify()
    lost = [key for key in acks if key not in counts or counts[key] != whole[key]]
    if record.view().counts()["vote"] != sum(counts.values()) or counts != whole:
        return max(1, len(lost))
    return len(lost)


def _worker(votes: str, folder: str) -> None:
    """Ingest what is not there yet, month by month, looking at the record (which builds its index) now and then."""
    record = Record.create(folder, exist_ok=True)
    start = len(record.batches())
    for number, frame in enumerate(_batches(Path(votes), start), start):
        last = frame["known_from"].max()
        assert isinstance(last, date)
        coverage = Coverage("votes", "vote", "UNGA", (), "a", date(1946, 1, 1), last, "missing")
        receipt = record.ingest(Batch({"vote": frame}, (SOURCE,), (coverage,), label=f"month {number}"))
        print(f"ack {receipt.batch}", flush=True)
        if number % 3 == 0:
            record.view().counts()
    print("end", flush=True)


def _batches(votes: Path, start: int = 0) -> Iterator[pl.DataFrame]:
    frame = pl.read_parquet(votes)
    for (month,) in _months(votes).slice(start).iter_rows():
        yield frame.filter(pl.col("known_from").dt.truncate("1mo") == month)


def _months(votes: Path) -> pl.DataFrame:
    days = pl.read_parquet(votes, columns=["known_from"])
    return days.select(pl.col("known_from").dt.truncate("1mo")).unique().sort("known_from")


def _votes(shared: Path | None) -> pl.DataFrame:
    if shared is None:
        return _synthetic()
    from multipolar.sources.publishers import unga

    batch = unga.parse(next((shared / "data" / "unga_rollcalls_1946_2024").glob("*wide*")))
    return batch.frames["vote"].drop("id", strict=False).with_columns(source=pl.lit(SOURCE.key))


def _synthetic() -> pl.DataFrame:
    """Votes of `STATES` states, three roll calls a month."""
    days = [date(2000, 1, 1) + timedelta(30 * month + call) for month in range(MONTHS) for call in range(3)]
    calls = pl.DataFrame({"valid_from": days, "known_from": days, "rollcall": [f"R/{n}" for n in range(len(days))]})
    states = pl.DataFrame({"a": [f"S{n}" for n in range(STATES)]})
    fixed = {"kind": "UNGA", "source": SOURCE.key, "choice": "yes", "value": 1.0}
    frame = calls.join(states, how="cross").with_columns(**{name: pl.lit(value) for name, value in fixed.items()})
    return frame.with_columns(locator=pl.concat_str(pl.lit("roll call "), "rollcall"))


def _run(*arguments: str, stdout: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen([sys.executable, __file__, *arguments], stdout=stdout, env=environment)


def main() -> None:
    """Measure both and print one line of JSON."""
    named = os.environ.get("MULTIPOLAR_SHARED", str(Path(__file__).resolve().parents[2] / "shared"))
    shared = Path(named) if (Path(named) / "data" / "README.md").is_file() else None
    unga = ingest_unga(shared) if shared else {"ingest_unga_s": None, "ingest_unga_mb": None, "votes": None}
    print(json.dumps({**unga, **run_kills(int(os.environ.get("MULTIPOLAR_KILLS", "20")), shared=shared)}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["_unga"]:
        _unga(*sys.argv[2:])
    elif sys.argv[1:2] == ["_worker"]:
        _worker(*sys.argv[2:])
    else:
        main()
