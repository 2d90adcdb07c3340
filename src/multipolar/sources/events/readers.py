"""Which reader a file of events needs, told by its first line, and files unpacked ahead of the reading."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

import polars as pl

from multipolar.errors import DataError
from multipolar.sources import files
from multipolar.sources.events.table import Account
from multipolar.sources.publishers import gdelt_export, icews, polecat

Content = tuple[Path, bytes]
#: Bytes, unpacked, that are read together: many small files cost little more than one large one, and memory stays flat.
TOGETHER: Final = 32 << 20
#: Files that are read together at most.
MOST: Final = 2_000
#: Bytes, packed, that are unpacked ahead of the reading.
AHEAD: Final = 16 << 20


@dataclass(frozen=True)
class Reader:
    """How the files of a source are read.

    Parameters
    ----------
    source : str
        Name of the source.
    fits : callable
        ``fits(content)``: whether the first line is of this format.
    read : callable
        ``read(contents)`` gives an event table with ``file``, and an account of each file.
    """

    source: str
    fits: Callable[[bytes], bool]
    read: Callable[[Sequence[Content]], tuple[pl.DataFrame, list[Account]]]


READERS: Final = (
    Reader("gdelt", gdelt_export.is_export, gdelt_export.read_batch),
    Reader("icews", icews.is_events, icews.read_batch),
    Reader("polecat", polecat.is_events, polecat.read_batch),
)


@dataclass
class Batch:
    """Files for one reader, and their sums."""

    reader: Reader
    shape: int
    files: list[Content] = field(default_factory=list)
    sums: list[str] = field(default_factory=list)


def reader_of(path: Path, data: bytes) -> Reader:
    """The reader whose format the file has.

    Raises
    ------
    DataError
        If none has.
    """
    for reader in READERS:
        if reader.fits(data):
            return reader
    expected = "an export file of GDELT (57, 58 or 61 columns) or a table of ICEWS or POLECAT events"
    got = data[: data.find(b"\n") + 1 or len(data)][:60].decode(errors="replace").strip()
    raise DataError.bad_file(path, expected, repr(got), hint="Name the publisher's files as they are downloaded.")


def batches(
    paths: Sequence[Path], fresh: Callable[[Path, str], bool], refuse: Callable[[Path, DataError], None]
) -> Iterator[Batch]:
    """Files in groups of one format, in order, unpacked by other threads while the last group is read.

    Parameters
    ----------
    paths : sequence of Path
        The files.
    fresh : callable
        ``fresh(path, sha256)``: whether the file is wanted.
    refuse : callable
        ``refuse(path, error)`` is told of a file that cannot be unpacked or has no known format; it may raise.
    """
    batch: Batch | None = None
    size = 0
    for path, digest, data in _unpacked(paths):
        try:
            if isinstance(data, DataError):
                raise data
            if not fresh(path, digest):
                continue
            reader = reader_of(path, data)
        except DataError as error:
            if batch:  # the files before it are read before it is refused
                yield batch
                batch = None
            refuse(path, error)
            continue
        shape = data[: data.find(b"\n") + 1].count(b"\t")
        full = batch and (size + len(data) > TOGETHER or len(batch.files) >= MOST)
        if batch and (full or (batch.reader, batch.shape) != (reader, shape)):
            yield batch
            batch = None
        if batch is None:
            batch, size = Batch(reader, shape), 0
        batch.files.append((path, data))
        batch.sums.append(digest)
        size += len(data)
    if batch:
        yield batch


def _unpacked(paths: Sequence[Path]) -> Iterator[tuple[Path, str, bytes | DataError]]:
    """Path, sha256 and content (or what is wrong with it) of each file, some ahead."""
    workers = min(os.cpu_count() or 1, 8)
    ahead = iter(paths)
    waiting = 0
    queue: deque[tuple[Path, int, Future[tuple[str, bytes]]]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            while True:
                while waiting < AHEAD and (path := next(ahead, None)):
                    size = path.stat().st_size if path.is_file() else 0
                    queue.append((path, size, pool.submit(_load, path)))
                    waiting += max(size, 1)
                if not queue:
                    return
                path, size, future = queue.popleft()
                waiting -= max(size, 1)
                try:
                    yield path, *future.result()
                except DataError as error:
                    yield path, "", error
        finally:
            pool.shutdown(cancel_futures=True)


def _load(path: Path) -> tuple[str, bytes]:
    data = files.content(path)
    with path.open("rb") as file:
        return sha256(file.read()).hexdigest(), data
