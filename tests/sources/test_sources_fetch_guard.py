"""The guard: https, the publisher's hosts, public addresses, and the connection to the very address that was checked."""

from __future__ import annotations

import inspect
import ipaddress
import re
import socket
import ssl
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from publisher import HOST, serving

from multipolar import sources
from multipolar.errors import DataError
from multipolar.sources import fetch
from multipolar.sources.fetch import guard as guards
from multipolar.sources.fetch.guard import Guard, is_public

PUBLIC = "93.184.215.14"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("tls")) as publisher:
        yield publisher


def named(*addresses, hosts=("data.example",)):
    return Guard(frozenset(hosts), resolve=lambda *_: addresses)


def test_an_address_of_the_publisher_passes():
    way = named(PUBLIC).check("https://DATA.example/a b".replace(" ", "%20") + "?x=1&y=ü#part")
    assert (way.host, way.port, way.addresses) == ("data.example", 443, (PUBLIC,))
    assert way.target == "/a%20b?x=1&y=%C3%BC"
    assert named(PUBLIC).check("https://data.example").target == "/"


@pytest.mark.parametrize(
    "url",
    [
        "http://data.example/x", "ftp://data.example/x", "file:///etc/passwd", "//data.example/x", "data.example/x", "",
        "https:///x", "https://user@data.example/x", "https://user:word@data.example/x", "https://@data.example/",
        "https://data.example/a b", "https://data.example/a\r\nHost: other", "https://data.example\\@other.example/",
        "https://data.example:port/", "https://data.example:99999/", "https://[::1/", "https://\u2028data.example/",
    ],
)  # fmt: skip
def test_what_is_no_plain_https_address_is_refused(url):
    with pytest.raises(DataError, match="an https address") as caught:
        named(PUBLIC).check(url)
    assert "--from FILE" in caught.value.hint


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example/", "https://data.example.other.example/", "https://xdata.example/",
        "https://sub.data.example/", "https://data.example:8443/", "https://127.0.0.1/", "https://[::1]/",
        "https://data.example@other.example/".replace("data.example@", ""), "https://dаta.example/",  # a Cyrillic letter
    ],
)  # fmt: skip
def test_another_host_or_port_is_refused(url):
    with pytest.raises(DataError, match=r"expected an address on data\.example, got the host"):
        named(PUBLIC).check(url)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
        "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.1.2.3", "2002:7f00:1::", "2002:a00:1::1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "::127.0.0.1", "2001:0:7f00:1::1", "not an address", "",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused(address):
    assert not is_public(address)
    with pytest.raises(DataError, match=r"public internet, got data\.example at"):
        named(address).check("https://data.example/x")


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07::1", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"])
def test_public_addresses_pass(address):
    assert is_public(address)


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_is_as_public_inside_an_ipv6_one(number):
    plain = ipaddress.IPv4Address(number)
    mapped, nat64 = ipaddress.IPv6Address((0xFFFF << 32) + number), ipaddress.IPv6Address((0x64FF9B << 96) + number)
    assert is_public(str(mapped)) == is_public(str(nat64)) == is_public(str(plain))
    assert not (is_public(str(plain)) and plain.is_private)


@pytest.mark.parametrize("answers", [(PUBLIC, "127.0.0.1"), ("10.0.0.1", PUBLIC), (PUBLIC, "::ffff:192.168.0.1")])
def test_an_answer_that_mixes_public_and_private_is_refused(answers):
    with pytest.raises(DataError, match="public internet"):
        named(*answers).check("https://data.example/")


RULES = named(PUBLIC)


@given(st.one_of(st.text(max_size=40), st.from_regex(r"(https?:)?//[^/]{0,20}[/?#]?.{0,10}")))
def test_any_text_is_a_way_on_the_publishers_host_or_an_error(text):
    try:
        way = RULES.check(text)
    except DataError as error:
        assert error.hint
        return
    assert (way.host, way.port) == ("data.example", 443) and way.target.isascii() and " " not in way.target


def test_no_address_is_no_way():
    with pytest.raises(OSError, match=r"no address of data\.example"):
        named().check("https://data.example/")


def test_the_connection_goes_to_the_address_that_was_checked(server, monkeypatch):
    """A second answer of the name service, or a proxy, would lead elsewhere: neither is asked."""
    asked, url = [], server.put("/x", b"code,year\n")
    for variable in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    real = socket.getaddrinfo
    numeric = lambda host, *rest, **more: real(host, *rest, **more) if host == "127.0.0.1" else pytest.fail(host)  # noqa: E731
    monkeypatch.setattr(socket, "getaddrinfo", numeric)
    rules = server.guard(resolve=lambda host, port: asked.append((host, port)) or ("127.0.0.1",))
    with rules.ask(url) as answer:
        assert (answer.status, answer.response.read(), answer.url) == (200, b"code,year\n", url)
    assert asked == [(HOST, server.port)]
    headers = server.asked[-1][2]
    assert headers["Host"] == f"{HOST}:{server.port}" and headers["User-Agent"].startswith("multipolar/")
    assert headers["Accept-Encoding"] == "identity" and "Cookie" not in headers


def test_the_next_address_is_tried_where_one_does_not_answer(server):
    url = server.put("/x", b"here")
    with server.guard(resolve=lambda *_: ("127.0.0.2", "127.0.0.1")).ask(url) as answer:
        assert answer.response.read() == b"here"
    with pytest.raises(OSError), server.guard(resolve=lambda *_: ("127.0.0.2",)).ask(url):
        pass


def test_the_certificate_must_be_trusted_and_for_the_host(server):
    url = server.put("/x", b"here")
    with pytest.raises(ssl.SSLCertVerificationError), server.guard(context=ssl.create_default_context()).ask(url):
        pass
    other = f"wrong.test:{server.port}"
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"), server.guard(other).ask(f"https://{other}/x"):
        pass


def test_redirects_are_followed_on_the_publishers_hosts_alone(server):
    other = f"elsewhere.test:{server.port}"
    server.put("/end", b"end")
    start = server.put("/start", to="next?a=1")
    server.put("/next?a=1", to=f"https://{other}/end")
    with server.guard(other).ask(start) as answer:
        assert answer.response.read() == b"end" and answer.url == f"https://{other}/end"
    count = len(server.asked)
    with pytest.raises(DataError, match=r"got the host elsewhere\.test") as caught, server.guard().ask(start):
        pass
    assert caught.value.where == f"https://{other}/end" and len(server.asked) == count + 2, (
        "the other host is not asked"
    )


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("http://{host}/end", "an https address"),
        ("https://127.0.0.1:{port}/end", "got the host 127.0.0.1"),
        ("https://169.254.169.254/latest", "got the host 169.254.169.254"),
        ("//other.example/end", "got the host other.example"),
        ("file:///etc/passwd", "an https address"),
        ("https://user:word@{host}/", "an https address"),
        ("https://[host/", "an https address"),
    ],
)
def test_redirects_elsewhere_are_refused(server, to, says):
    url = server.put("/away", to=to.format(host=f"{HOST}:{server.port}", port=server.port))
    with pytest.raises(DataError, match=re.escape(says)), server.guard().ask(url):
        pass


def test_a_redirect_to_a_private_address_is_refused(server):
    """The publisher's other host is allowed by name, and still may not be at an address of this network."""
    inside = f"inside.test:{server.port}"
    url = server.put("/in", to=f"https://{inside}/end")
    private = {"inside.test": ("10.0.0.5",)}
    rules = server.guard(inside, allow_private=False, resolve=lambda host, _: private.get(host, (PUBLIC,)))
    rules.check(url)
    with pytest.raises(DataError, match=r"got inside\.test at 10\.0\.0\.5"):
        rules.check(f"https://{inside}/end")


def test_redirects_end(server):
    url = server.put("/round", to="/round")
    with pytest.raises(DataError, match="at most 5 redirects") as caught, server.guard().ask(url):
        pass
    assert caught.value.where == url


def test_a_source_has_its_own_hosts_alone():
    for source in sources.SOURCES:
        rules = fetch.guard_of(source, source.downloads)
        assert not rules.allow_private and rules.resolve is guards.resolved
        assert rules.context.check_hostname and rules.context.verify_mode == ssl.CERT_REQUIRED
        for each in source.downloads:
            assert guards._taken_apart(each.url)[0] in rules.hosts
            assert each.name == Path(each.name).name and re.fullmatch(r"[\w.+-]+", each.name)
            assert each.sha256 == "" or re.fullmatch(r"[0-9a-f]{64}", each.sha256)


def test_nothing_a_user_sets_lets_private_addresses_pass():
    """`allow_private` is given by nobody in the package: no option, no variable of the environment."""
    package = Path(inspect.getfile(sources)).parents[1]
    given_in = [path.name for path in package.rglob("*.py") if "allow_private" in path.read_text(encoding="utf-8")]
    assert given_in == ["guard.py"]
    assert "os.environ" not in inspect.getsource(guards)


def test_the_name_service_is_asked_for_every_address():
    assert "127.0.0.1" in guards.resolved("localhost", 443) or "::1" in guards.resolved("localhost", 443)
    assert guards.resolved("127.0.0.1", 443) == ("127.0.0.1",)
