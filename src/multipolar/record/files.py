"""Writing that is whole or absent (temporary file, fsync, rename, fsync of the folder), and a lock.

The lock is the system's: it ends with the process that holds it, however that ends.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EAGAIN
from pathlib import Path
from typing import IO, Final

#: Suffix of files that are not finished; never read, removed by the next writer.
TEMPORARY: Final = ".tmp"


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` at `path` so that, whenever the machine stops, the file is there whole or not at all.

    Raises
    ------
    OSError
        If the system refuses; nothing is left behind at `path` or beside it.
    """
    temporary = path.with_name(path.name + TEMPORARY)
    try:
        with temporary.open("wb") as file:
            _write(file, content)
            file.flush()
            os.fsync(file.fileno())
        move(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def move(temporary: Path, path: Path) -> None:
    """Rename a finished file into place and make the rename itself durable; undo it if that fails."""
    os.replace(temporary, path)  # noqa: PTH105 - the name that the tests of a full disk replace
    try:
        sync_folder(path.parent)
    except BaseException:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable (Windows does so by itself)."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file at `path`; the system lets go of it when the holder ends, however it ends.

    Raises
    ------
    BlockingIOError
        If somebody else holds it.
    OSError
        If the file cannot be opened.
    """
    with path.open("ab") as file:
        if not _take(file):
            raise BlockingIOError(EAGAIN, "held by another writer", str(path))
        yield  # closing the file lets go of the lock


def _write(file: IO[bytes], content: bytes) -> None:
    file.write(content)


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
