"""One file, fetched whole or not at all: bounded, resumed where the server can prove that it is the same file, checked.

What has come so far lies in ``NAME.part`` with a note beside it (``NAME.part.json``: the address, and what the server said
of the file). It goes on from there only if the server answers the range that was asked for and names the same ETag or day
of change; in any other case it starts again from the first byte.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from multipolar.errors import DataError, RecordError
from multipolar.record.files import write_whole
from multipolar.record.model import Progress
from multipolar.sources.fetch.guard import Answer, Guard
from multipolar.sources.model import Download

#: Times a file is asked for before it is given up, and seconds of rest after each time.
RESTS: Final = (1.0, 3.0, 9.0)
#: Longest rest that a server may ask for (seconds).
LONGEST_REST: Final = 30.0
_CHUNK: Final = 1 << 18
_GONE: Final = (404, 410)
_LATER: Final = (408, 425, 429, 500, 502, 503, 504)
_CLOSED: Final = (401, 402, 403, 407, 451)
_RANGE: Final = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})", re.ASCII)
_SIZE: Final = re.compile(r"\d{1,18}", re.ASCII)
#: What a broken connection raises, besides what `OSError` covers (time-outs, resets, TLS).
_BROKEN: Final = (OSError, http.client.HTTPException)
#: Fractions of a megabyte do not matter to somebody who waits.
_MEGABYTE: Final = 1_000_000


class Gone(DataError):
    """The publisher has no file at this address (404 or 410)."""


class Nameless(DataError):
    """The name service knows no address of the host: as a rule there is no network."""


class _Again(Exception):
    """An attempt ended early; another may succeed."""

    def __init__(self, why: str, rest: float = 0.0) -> None:
        super().__init__(why)
        self.rest = rest


@dataclass(frozen=True)
class Said:
    """What a server said of a file.

    Parameters
    ----------
    url : str
        The address asked for, before redirects.
    etag, modified : str
        ``ETag`` and ``Last-Modified`` as they came; empty if they did not.
    size : int or None
        Bytes of the whole file.
    """

    url: str
    etag: str = ""
    modified: str = ""
    size: int | None = None

    @property
    def proof(self) -> str:
        """What proves that a file is still the same, for ``If-Range``: a strong ETag, or else the day of change."""
        proof = self.etag if self.etag.startswith('"') else "" if self.etag else self.modified
        return proof if proof.isascii() and proof.isprintable() else ""


@dataclass(frozen=True)
class Came:
    """A file that is whole.

    Parameters
    ----------
    said : Said
    size : int
        Bytes.
    sha256 : str
    resumed : int
        Bytes that were there from an earlier attempt.
    """

    said: Said
    size: int
    sha256: str
    resumed: int = 0


def download(
    wanted: Download,
    part: Path,
    guard: Guard,
    progress: Progress | None = None,
    *,
    rest: Callable[[float], None] = time.sleep,
) -> Came:
    """Fetch a file into `part`, going on from what is there.

    Parameters
    ----------
    wanted : Download
        Address, largest size and, where it is known, the sum.
    part : Path
        Where the bytes go; left there for the next time if the connection is lost, removed if they are not wanted.
    guard : Guard
    progress : callable, optional
        Called as ``progress(done, total, what)``, in bytes.
    rest : callable
        Waits so many seconds.

    Raises
    ------
    Gone
        If the publisher has no such file.
    Nameless
        If the host has no address; nobody is asked again then.
    DataError
        If the address is forbidden, the file too large, its sum wrong, or the server does not give it.
    """
    resumed = 0
    for pause in (*RESTS, None):
        try:
            said, started = _attempt(wanted, part, guard, progress)
            resumed = max(resumed, started)
            return _checked(wanted, part, said, resumed)
        except _BROKEN as error:
            if isinstance(error, ssl.SSLCertVerificationError):
                raise _untrusted(wanted, error) from None
            if isinstance(error, socket.gaierror):  # nobody is asked, and waiting a few seconds changes nothing
                raise _nameless(wanted, error) from None
            why, wait = _Again(f"a connection that failed ({_told(error)})"), pause
        except _Again as error:
            why, wait = error, None if pause is None else max(pause, error.rest)
        if wait is None:
            break
        if progress:
            progress(0, 0, f"Waiting to ask for {wanted.name} again: {why}")
        rest(wait)
    hint = (
        "Run the command again later: it goes on from where it stopped. Proxies are not used; where only a proxy leads "
    )
    hint += "out, download the file by hand and name it with --from FILE."
    raise DataError(f"expected {wanted.name}, got {why} {len(RESTS) + 1} times", where=wanted.url, hint=hint)


def head(url: str, guard: Guard) -> Said:
    """What the server says of a file now, without fetching it.

    Raises
    ------
    Gone
        If the publisher has no such file.
    DataError
        If the address is forbidden, or the server does not answer.
    """
    try:
        with guard.ask(url, method="HEAD") as answer:
            _refuse_status(url, answer)
            if answer.status != http.client.OK:
                raise _Again(f"the status {answer.status}")
            return _said(url, answer)
    except (*_BROKEN, _Again) as error:
        got = _told(error)
        raise DataError("expected an answer", where=url, hint=f"The server gave {got}. Try again later.") from None


def sum_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def discard(part: Path) -> None:
    """Remove what has come of a file."""
    for path in (part, _note(part)):
        path.unlink(missing_ok=True)


def _attempt(wanted: Download, part: Path, guard: Guard, progress: Progress | None) -> tuple[Said, int]:
    """One request: what the server said, and the byte from which the file came."""
    there, before = _there(wanted, part)
    headers = {"Range": f"bytes={there}-", "If-Range": before.proof} if there else {}
    with guard.ask(wanted.url, headers) as answer:
        _refuse_status(wanted.url, answer)
        if not (there and _goes_on(answer, there, before)):
            _refuse_part(wanted, part, answer)
            there = 0
        said = before if there else _said(wanted.url, answer)
        _refuse_size(wanted, part, said.size)
        if not there:
            _begin(part, said)
        _receive(wanted, part, answer, there, said.size, progress)
    return said, there


def _refuse_part(wanted: Download, part: Path, answer: Answer) -> None:
    """Refuse what is not the whole file; what is there is of no use then."""
    if answer.status in (http.client.PARTIAL_CONTENT, http.client.REQUESTED_RANGE_NOT_SATISFIABLE):
        discard(part)
        raise _Again("another part than was asked for")
    if answer.status != http.client.OK:
        got = f"the status {answer.status}"
        raise DataError(f"expected {wanted.name}, got {got}", where=wanted.url, hint=_by_hand(wanted))


def _there(wanted: Download, part: Path) -> tuple[int, Said]:
    """Bytes that can be gone on from, and what the server said of the file they are of."""
    try:
        told = json.loads(_note(part).read_text(encoding="utf-8"))
        said = Said(str(told["url"]), str(told["etag"]), str(told["modified"]), int(told["size"]))
        size = part.stat().st_size
    except (OSError, ValueError, TypeError, KeyError):
        return 0, Said(wanted.url)
    fits = said.url == wanted.url and said.proof and size < (said.size or 0)
    return (size, said) if fits else (0, Said(wanted.url))


def _goes_on(answer: Answer, there: int, before: Said) -> bool:
    """Whether the server sends the rest of the very file of which the beginning is there."""
    found = _RANGE.fullmatch(answer.header("Content-Range"))
    if answer.status != http.client.PARTIAL_CONTENT or not found or before.size is None:
        return False
    etag, modified = answer.header("ETag"), answer.header("Last-Modified")
    same = etag in ("", before.etag) and modified in ("", before.modified)
    return same and tuple(map(int, found.groups())) == (there, before.size - 1, before.size)


def _said(url: str, answer: Answer) -> Said:
    length = answer.header("Content-Length")
    size = int(length) if _SIZE.fullmatch(length) else None
    return Said(url, answer.header("ETag")[:200], answer.header("Last-Modified")[:200], size)


def _begin(part: Path, said: Said) -> None:
    """An empty part, and the note by which it can be gone on from."""
    with _writing(part):
        discard(part)
        write_whole(_note(part), json.dumps(asdict(said)).encode())
        part.touch()


def _receive(
    wanted: Download, part: Path, answer: Answer, done: int, total: int | None, progress: Progress | None
) -> None:
    """Append the body to the part, never more than may come."""
    while chunk := _next(answer):
        done += len(chunk)
        _refuse_size(wanted, part, done)
        with _writing(part), part.open("ab") as file:
            file.write(chunk)
        if progress:
            progress(done, total or 0, _so_far(wanted.name, done, total))
    if chunk is None or (total is not None and done < total):
        raise _Again(f"{done:,} of {'an unknown number of' if total is None else f'{total:,}'} bytes")


def _next(answer: Answer) -> bytes | None:
    """The bytes that come next, none at the end; None if the line was cut, which only TLS tells from the end."""
    try:
        return answer.response.read1(_CHUNK)
    except ssl.SSLEOFError:
        return None


@contextmanager
def _writing(part: Path) -> Iterator[None]:
    """A full disk is no broken connection, and asking again does not help."""
    try:
        yield
    except OSError as error:
        raise RecordError.cannot_write(part, error) from None


def _checked(wanted: Download, part: Path, said: Said, resumed: int) -> Came:
    """The whole file, if its sum is the one that is known."""
    found, size = sum_of(part), part.stat().st_size
    if wanted.sha256 and found != wanted.sha256.lower():
        discard(part)
        hint = (
            "Nothing was kept. If the publisher has put another release there, download it by hand, look at it, and name it "
            "with --from FILE."
        )
        raise DataError(f"expected SHA-256 {wanted.sha256.lower()}, got {found}", where=wanted.url, hint=hint)
    _note(part).unlink(missing_ok=True)
    return Came(said, size, found, resumed)


def _refuse_status(url: str, answer: Answer) -> None:
    if answer.status in _GONE:
        hint = "The publisher may have moved it: look for it on its page, and name the file with --from FILE."
        raise Gone(f"expected a file, got the status {answer.status}: there is none", where=url, hint=hint)
    if answer.status in _CLOSED:
        hint = "The publisher asks who you are, or closes this way: download it by hand and name it with --from FILE."
        raise DataError(f"expected a file, got the status {answer.status}", where=url, hint=hint)
    if answer.status in _LATER:
        asked = answer.header("Retry-After")
        rest = min(float(asked), LONGEST_REST) if asked.isascii() and asked.isdigit() else 0.0
        raise _Again(f"the status {answer.status}", rest)


def _refuse_size(wanted: Download, part: Path, size: int | None) -> None:
    if size is not None and size > wanted.most:
        with suppress(OSError):
            discard(part)
        hint = "Nothing was kept. If the publisher's file has grown, download it by hand and name it with --from FILE."
        raise DataError(f"expected at most {wanted.most:,} bytes, got {size:,} or more", where=wanted.url, hint=hint)


def _untrusted(wanted: Download, error: ssl.SSLCertVerificationError) -> DataError:
    hint = (
        "Either somebody answers in the publisher's place, or the certificates of this system are out of date. "
        + _by_hand(wanted)
    )
    return DataError(
        f"expected a certificate of the publisher's host, got {error.verify_message}", where=wanted.url, hint=hint
    )


def _nameless(wanted: Download, error: socket.gaierror) -> Nameless:
    hint = (
        "Is there a network here? Run the command again when there is: it goes on from where it stopped. Proxies are not "
        "used; where only a proxy leads out, download the file by hand and name it with --from FILE."
    )
    return Nameless(f"expected an address of the host, got none ({_told(error)})", where=wanted.url, hint=hint)


def _by_hand(wanted: Download) -> str:
    return f"Download {wanted.name} by hand from the publisher's page and name it with --from FILE."


def _note(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _told(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _so_far(name: str, done: int, total: int | None) -> str:
    of = f" of {total / _MEGABYTE:,.1f}" if total else ""
    return f"Fetching {name}: {done / _MEGABYTE:,.1f}{of} MB"
