"""One question to a server of the user's own choice, over HTTP, and its answer or a clear error.

The key comes from the environment, goes into one header, and is taken out of everything that a server says. Redirects are not
followed: the article and the key would go to somebody who was not named. A proxy of the environment is used for https
to other machines only.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import SplitResult, urlsplit
from urllib.request import HTTPErrorProcessor, HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from multipolar import __version__
from multipolar.errors import DataError, UsageError

#: Bytes that an answer may have.
MOST: Final = 5_000_000
#: Seconds that a server may ask to wait between attempts.
LONGEST_REST: Final = 300.0
#: Where a server of this kind takes questions.
PATH: Final = "/chat/completions"
_VERSION: Final = re.compile(r"/v\d+\w*\Z")
_KEY: Final = re.compile(r"[\x21-\x7e]+")
_STRANGE: Final = re.compile(r"[^\x21-\x7e]|\\")
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")

_HEADERS: Final = {
    "Content-Type": "application/json",
    "Accept": "application/json",
    "User-Agent": f"multipolar/{__version__}",
}


@dataclass(frozen=True)
class Server:
    """A server and how patient to be with it.

    Parameters
    ----------
    url : str
        As `address` gives it.
    timeout : float
        Seconds.
    retries : int
        Attempts after the first.
    sleep : callable
        Waits so many seconds.
    """

    url: str
    timeout: float
    retries: int
    sleep: Callable[[float], None] = time.sleep

    def ask(self, question: Any, key: str) -> bytes:
        """Put a question and return what comes.

        Parameters
        ----------
        question : Any
            Sent as JSON.
        key : str
            Sent as a bearer token; nothing is sent where it is empty.

        Raises
        ------
        DataError
            If no answer comes in time, or another than 200, or one of more than `MOST` bytes.
        """
        body = json.dumps(question).encode("ascii")
        for attempt in range(self.retries + 1):
            status, headers, content = self._once(body, key)
            if status == 200:
                return content
            if not (status == 429 or status >= 500) or attempt == self.retries:
                raise self._refused(status, headers, content, key, attempt + 1)
            self.sleep(self._rest(headers, attempt, status))
        raise AssertionError("a loop that runs at least once")

    def _once(self, body: bytes, key: str) -> tuple[int, Message, bytes]:
        request = Request(self.url, data=body, headers=_HEADERS, method="POST")
        if key:
            request.add_unredirected_header("Authorization", f"Bearer {key}")
        until = time.monotonic() + self.timeout
        try:
            with _opener(self.url).open(request, timeout=self.timeout) as response:
                return response.status, response.headers, self._content(response, until)
        except (OSError, http.client.HTTPException) as error:
            raise self._unreached(error, key) from None

    def _content(self, response: http.client.HTTPResponse, until: float) -> bytes:
        """The body; no more than `MOST` bytes are read, and not for longer than the time there is."""
        found = bytearray()
        while chunk := response.read1(65_536):
            found += chunk
            if len(found) > MOST:
                hint = "Nothing was kept. Is this address a chat server?"
                raise DataError(f"expected at most {MOST:,} bytes, got more", where=self.url, hint=hint)
            if time.monotonic() > until:
                raise TimeoutError
        return bytes(found)

    def _rest(self, headers: Message, attempt: int, status: int) -> float:
        """Seconds to wait: twice as long each time, or as long as the server asks."""
        asked = retry_after(headers.get("Retry-After", ""))
        if asked > LONGEST_REST:
            hint = "Nothing was kept. Run it again after that time."
            got = f"the status {status}: it wants to be asked again in {asked:.0f} s"
            raise DataError(f"expected an answer, got {got}", where=self.url, hint=hint)
        return max(2.0**attempt, asked)

    def _unreached(self, error: Exception, key: str) -> DataError:
        cause = error.reason if isinstance(error, URLError) else error
        if isinstance(cause, TimeoutError):
            hint = "Nothing was kept. Does the server run, and is it fast enough? Allow it more time with `timeout`."
            return DataError(f"expected an answer, got none within {self.timeout:g} s", where=self.url, hint=hint)
        words = _clean(str(cause), key) or type(cause).__name__
        hint = "Nothing was kept. Does the server run at this address?"
        return DataError(f"expected an answer, got none: {words}", where=self.url, hint=hint)

    def _refused(self, status: int, headers: Message, content: bytes, key: str, attempts: int) -> DataError:
        """Why there is no answer; what the server says is left out where it may speak of the key."""
        got = f"the status {status}{f' at each of {attempts} attempts' if attempts > 1 else ''}"
        if 300 <= status < 400:
            target = _host(headers.get("Location", ""))
            got = f"a redirect ({status}{f' to {_clean(target, key)}' if target else ''})"
        elif status not in (401, 403) and (words := said(content, key)):
            got = f"{got}: {words}"
        return DataError(f"expected an answer, got {got}", where=self.url, hint=f"Nothing was kept. {_hint(status)}")


def address(url: str, *, allow_plain: bool = False) -> str:
    """Where to ask: the address given, checked, with the rest of the path where it is missing.

    Parameters
    ----------
    url : str
        ``https://host``, ``https://host/v1`` or the whole address up to ``/chat/completions``.
    allow_plain : bool
        Let http without TLS go to other machines.

    Raises
    ------
    UsageError
        If it is no address, has a name, a key or a query in it, or would send the article in the open.

    Examples
    --------
    >>> address("http://127.0.0.1:8080")
    'http://127.0.0.1:8080/v1/chat/completions'
    """
    hint = "Write it as https://host/v1, or http://127.0.0.1:8080/v1 for a server on this machine."
    parts = _split(url)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or _STRANGE.search(url):
        raise UsageError("expected the http or https address of a server", where="url", hint=hint)
    if "@" in parts.netloc or parts.query or parts.fragment:
        hint = f"A key belongs in the environment, never in an address. {hint}"
        raise UsageError("expected an address without a name, a password or a query", where="url", hint=hint)
    if parts.scheme == "http" and not allow_plain and not is_loopback(parts.hostname):
        hint = "Use https, or allow_plain=True if everybody on the way may read the article and the key."
        raise UsageError(f"expected https for another machine, got http to {parts.hostname}", where="url", hint=hint)
    path = parts.path.rstrip("/")
    if not path.endswith(PATH):
        path += PATH if _VERSION.search(path) else f"/v1{PATH}"
    return f"{parts.scheme}://{parts.netloc}{path}"


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def key_of(name: str) -> str:
    """The key that the environment has under a name; empty if it has none.

    Raises
    ------
    UsageError
        If it cannot be sent in a header. The message does not show it.
    """
    key = os.environ.get(name, "").strip()
    if key and not _KEY.fullmatch(key):
        hint = "Copy the key again, without spaces or line breaks."
        raise UsageError("expected a key of plain ASCII characters", where=f"environment variable {name}", hint=hint)
    return key


def retry_after(said: str) -> float:
    """Seconds that a ``Retry-After`` asks for: a number, or a date; 0 for anything else.

    Examples
    --------
    >>> retry_after("7"), retry_after("soon")
    (7.0, 0.0)
    """
    said = said.strip()
    if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", said):
        return float(said)
    try:
        day = parsedate_to_datetime(said)
    except (TypeError, ValueError):
        return 0.0
    return max(0.0, (day.replace(tzinfo=day.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def said(content: bytes, key: str) -> str:
    """What a server says of an error, in one short line without the key."""
    content = content.replace(key.encode("ascii"), b"***") if key else content  # before it is cut
    text = content[:20_000].decode("utf-8", "replace")
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return _clean(text, key)
    error = read.get("error", read) if isinstance(read, dict) else read
    message = error.get("message", error) if isinstance(error, dict) else error
    return _clean(message if isinstance(message, str) else json.dumps(message), key)


def _clean(text: str, key: str) -> str:
    """One line of at most 200 characters; the key is taken out before it is cut."""
    if key:
        text = text.replace(key, "***")
    text = _UNSEEN.sub(" ", text).strip()
    return text if len(text) <= 200 else f"{text[:200]} …"


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _host(url: str) -> str:
    parts = _split(url)
    return (parts.hostname or "") if parts else ""


def _hint(status: int) -> str:
    if 300 <= status < 400:
        return "Redirects are not followed: give the address that answers itself."
    if status in (401, 403):
        return "Set the key of this server in the environment variable that `key_env` names."
    if status in (404, 405):
        return "Look at the address and at the name of the model."
    if status == 429 or status >= 500:
        return "Run it again later, or ask another server."
    return (
        "The server must take `response_format` with a JSON schema, and the article must not be too long for the model."
    )


class _AsItCame(HTTPErrorProcessor):
    """Hands every status on: none is followed, none raises."""

    def http_response(self, request: Request, response: Any) -> Any:
        return response

    https_response = http_response


def _opener(url: str) -> OpenerDirector:
    parts = urlsplit(url)
    own = parts.scheme == "http" or is_loopback(parts.hostname or "")
    opener = OpenerDirector()
    for handler in (ProxyHandler({} if own else None), HTTPHandler(), HTTPSHandler(), _AsItCame()):
        opener.add_handler(handler)
    return opener
