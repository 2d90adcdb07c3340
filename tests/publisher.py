"""A publisher's server on this machine: real TLS, real HTTP, and every bad habit that a server can have."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from multipolar.sources.fetch import Guard

#: Its name: no name service knows it, the certificate is for it.
HOST = "publisher.test"


@dataclass
class Thing:
    """What lies at one path, and how it is served."""

    body: bytes = b""
    etag: str = '"one"'
    modified: str = "Wed, 01 Jan 2025 00:00:00 GMT"
    ranges: bool = True
    to: str = ""  # redirect
    statuses: list[int] = field(default_factory=list)  # one a request, then 200
    cuts: list[int] = field(default_factory=list)  # bytes after which the line is cut, one a request
    claims: int | None = None  # Content-Length that is a lie
    lengthless: bool = False  # no Content-Length: the end of the line is the end of the file
    polite: bool = False  # ends the line as TLS wants it
    range_says: str = ""  # Content-Range that is a lie
    retry_after: str = ""


@dataclass
class Publisher:
    """Paths and what lies there, and every request that came."""

    port: int
    trust: ssl.SSLContext
    things: dict[str, Thing] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"https://{HOST}:{self.port}{path}"

    def put(self, path: str, body: bytes = b"", **habits: object) -> str:
        self.things[path] = Thing(body, **habits)  # type: ignore[arg-type]
        return self.url(path)

    def guard(self, *hosts: str, **rules: object) -> Guard:
        """A guard for this server: the only place where private addresses are let pass."""
        own = {"allow_private": True, "context": self.trust, "resolve": lambda *_: ("127.0.0.1",), "timeout": 5.0}
        return Guard(frozenset((f"{HOST}:{self.port}", *hosts)), **{**own, **rules})  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    publisher: Publisher

    def do_GET(self) -> None:
        self.publisher.asked.append((self.command, self.path, dict(self.headers)))
        thing = self.publisher.things.get(self.path)
        if thing is None:
            self._head(404, {"Content-Length": "0"})
            return
        if thing.to:
            self._head(302, {"Location": thing.to, "Content-Length": "0"})
            return
        if thing.statuses:
            self._head(thing.statuses.pop(0), {"Content-Length": "0", "Retry-After": thing.retry_after})
            return
        self._give(thing)

    do_HEAD = do_GET

    def _give(self, thing: Thing) -> None:
        start = self._start(thing)
        body, size = thing.body[start:], len(thing.body)
        said = {"ETag": thing.etag, "Last-Modified": thing.modified}
        if start or thing.range_says:
            said["Content-Range"] = thing.range_says or f"bytes {start}-{size - 1}/{size}"
        if not thing.lengthless:
            said["Content-Length"] = str(len(body) if thing.claims is None else thing.claims)
        self._head(206 if "Content-Range" in said else 200, said)
        if self.command == "HEAD":
            return
        self.wfile.write(body[: thing.cuts.pop(0)] if thing.cuts else body)
        if thing.polite:
            with suppress(OSError):
                self.connection.unwrap()

    def _start(self, thing: Thing) -> int:
        asked, proof = self.headers.get("Range", ""), self.headers.get("If-Range")
        fits = thing.ranges and asked.startswith("bytes=") and proof in (None, thing.etag, thing.modified)
        return int(asked[6:-1]) if fits else 0

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.close_connection = True
        self.send_response(status)
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that goes away is no error here."""


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this publisher that nobody else trusts, and its key."""
    if not shutil.which("openssl"):
        pytest.skip("needs the `openssl` command to make a certificate for a server on this machine")
    made = (folder / "publisher.pem", folder / "publisher.key")
    words = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    words += ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST},DNS:elsewhere.test"]
    subprocess.run([*words, "-out", str(made[0]), "-keyout", str(made[1])], check=True, capture_output=True)
    return made


@contextmanager
def serving(folder: Path) -> Iterator[Publisher]:
    """The server while the block runs."""
    chain, key = certificate(folder)
    server = _Server(("127.0.0.1", 0), _Handler)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(chain, key)
    server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    publisher = Publisher(server.server_address[1], ssl.create_default_context(cafile=str(chain)))
    server.RequestHandlerClass = type("Handler", (_Handler,), {"publisher": publisher})
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield publisher
    finally:
        server.shutdown()
        server.server_close()
