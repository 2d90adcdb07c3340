"""A chat server that reads: a real server on this machine with every bad habit, and answers that do not hold."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import HTTPSHandler, ProxyHandler

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multipolar.errors import DataError, MultipolarError, UsageError
from multipolar.reading.endpoint import http as endpoint_http
from multipolar.reading.endpoint.chat import BEFORE, GROUP, GROUP_CHARACTERS, MOST_ITEMS, Endpoint, groups
from multipolar.reading.endpoint.checks import Check
from multipolar.reading.endpoint.http import MOST, Server, address, is_loopback, retry_after
from multipolar.reading.endpoint.schema import SCHEMA, SYSTEM
from multipolar.reading.model import RELATIONS, TYPES, Document

TEXT = (
    "Norway expelled two Russian diplomats on 3 June 2024. The ambassador of Chile met Peru's foreign minister in Lima. "
    "Brazil depends on China, a professor said.\n\n"
    "Norway expelled two Russian diplomats in 2018."
)
DOCUMENT = Document("a1", TEXT, date(2024, 6, 21), "given", "A title", notes=("A note.",))
KEY = "sk-secret-0123456789"


def event(**changes):
    found = {
        "quote": "expelled two Russian diplomats", "sentence": 0, "type": "SANCTION", "actors": ["Norway"],
        "recipients": ["two Russian diplomats"], "reciprocal": False, "aux": [], "place": None, "attributed_to": None,
    }  # fmt: skip
    return found | changes


def claim(**changes):
    found = {
        "quote": "Brazil depends on China", "sentence": 2, "subject": ["Brazil"], "relation": "depends_on", "object": ["China"],
        "direction": "none", "level": None, "kind": "state", "holder": "a professor", "modality": "reported",
    }  # fmt: skip
    return found | changes


def completion(content, **choice):
    text = content if isinstance(content, str) else json.dumps(content)
    message = {"role": "assistant", "content": text}
    return json.dumps({"choices": [{"message": message, "finish_reason": "stop"} | choice]}).encode()


def answer(*events, claims=()):
    return completion({"events": list(events), "claims": list(claims)})


@dataclass
class Say:
    """One answer of the server."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    lengthless: bool = False


@dataclass
class Chat:
    """A server: what it will say, in order (the last for ever), and what it was asked."""

    port: int
    says: list[Say] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str], dict]] = field(default_factory=list)
    rested: list[float] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def endpoint(self, *says, **rules):
        self.says = [each if isinstance(each, Say) else Say(each) for each in says]
        return Endpoint(f"http://127.0.0.1:{self.port}", "tiny", **{"sleep": self.rested.append, "timeout": 5} | rules)


class _Handler(BaseHTTPRequestHandler):
    chat: Chat

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.chat.asked.append((self.path, dict(self.headers), json.loads(body)))
        say = self.chat.says.pop(0) if len(self.chat.says) > 1 else self.chat.says[0]
        if say.hang:
            self.chat.over.wait(10)
            return
        self.send_response(say.status)
        for name, value in say.headers.items():
            self.send_header(name, value)
        if not say.lengthless:
            self.send_header("Content-Length", str(len(say.body)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(say.body)

    do_GET = do_POST

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[Chat]:
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.chat = chat = Chat(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield chat
    finally:
        chat.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def chat(monkeypatch):
    monkeypatch.setenv("MULTIPOLAR_API_KEY", KEY)
    with serving() as found:
        yield found


def fails(endpoint, error=DataError):
    with pytest.raises(error) as caught:
        endpoint.read(DOCUMENT)
    text = f"{caught.value!r} {caught.value} {caught.value.__cause__} {endpoint!r}"
    assert KEY not in text and caught.value.hint
    return str(caught.value)


# --- good answers ---


def test_events_and_claims_are_read_by_words_and_resolved_here(chat):
    ours = chat.endpoint(answer(event(place="Lima", attributed_to="a professor"), claims=[claim()]))
    reading = ours.read(DOCUMENT)
    (found,), (claimed,) = reading.events, reading.claims
    assert TEXT[found.start : found.end] == found.quote == "expelled two Russian diplomats"
    assert [who.code for who in found.actors] == ["NOR"] and [who.code for who in found.recipients] == ["RUS"]
    assert (found.type, found.mode, found.place, found.attributed_to.code) == ("SANCTION", "expel", "PER", "UNK")
    assert found.date.start == found.date.end == date(2024, 6, 3) and found.date.text == "3 June 2024"
    assert found.event and found.sentence == (0, TEXT.index(" The ambassador"))
    assert found.why[-1] == f"read by tiny at 127.0.0.1:{chat.port}; how often it is right is not known"
    assert TEXT[claimed.start : claimed.end] == claimed.quote == "Brazil depends on China"
    assert (claimed.subject[0].code, claimed.relation, claimed.object[0].code) == ("BRA", "depends_on", "CHN")
    assert claimed.holder.text == "a professor" and claimed.time.basis == "the article's own day"
    assert reading.notes == ("A note.", f"Read by tiny at 127.0.0.1:{chat.port}.")
    assert reading.document is DOCUMENT and json.dumps(reading.rows())


def test_what_the_server_is_asked(chat):
    chat.endpoint(answer()).read(DOCUMENT)
    ((path, headers, asked),) = chat.asked
    assert path == "/v1/chat/completions" and headers["Authorization"] == f"Bearer {KEY}"
    assert asked["model"] == "tiny" and asked["temperature"] == 0 and asked["stream"] is False
    assert asked["response_format"]["type"] == "json_schema"
    assert asked["response_format"]["json_schema"] == {"name": "reading", "strict": True, "schema": SCHEMA}
    system, user = asked["messages"]
    assert system == {"role": "system", "content": SYSTEM}
    material = json.loads(user["content"])
    assert material["date"] == "2024-06-21" and material["title"] == "A title" and material["before"] == []
    assert [each["number"] for each in material["sentences"]] == [0, 1, 2, 3]
    assert all(each["text"] in TEXT for each in material["sentences"])


def test_a_long_article_is_asked_group_by_group_with_what_stands_before(chat):
    text = " ".join(f"Minister number {number} of Norway met the king of Spain." for number in range(GROUP + 2))
    chat.endpoint(answer(), temperature=None).read(Document("long", text))
    first, second = (json.loads(asked["messages"][1]["content"]) for _, _, asked in chat.asked)
    assert [each["number"] for each in second["sentences"]] == [GROUP, GROUP + 1]
    assert second["before"] == [each["text"] for each in first["sentences"][-BEFORE:]]
    assert second["date"] is None and "temperature" not in chat.asked[0][2]


def test_an_empty_text_asks_nobody(chat):
    assert chat.endpoint(answer()).read(Document("e", " \n")).rows() == []
    assert chat.asked == []


def test_without_a_key_none_is_sent(chat, monkeypatch):
    monkeypatch.delenv("MULTIPOLAR_API_KEY")
    chat.endpoint(answer()).read(DOCUMENT)
    monkeypatch.setenv("OTHER_KEY", "another")
    chat.endpoint(answer(), key_env="OTHER_KEY").read(DOCUMENT)
    assert [headers.get("Authorization") for _, headers, _ in chat.asked] == [None, "Bearer another"]


def test_a_quote_that_stands_twice_is_the_one_that_was_asked_about(chat):
    last = chat.endpoint(answer(event(sentence=3))).read(DOCUMENT).events[0]
    first = chat.endpoint(answer(event(sentence=99))).read(DOCUMENT).events[0]  # no such sentence: the group's first
    assert last.start == TEXT.rindex("expelled two") and first.start == TEXT.index("expelled two")
    assert last.date.start == date(2018, 1, 1) and last.aux == ("historical",)
    assert first.aux == ()


def test_what_both_do_has_all_among_the_actors(chat):
    said = event(
        quote="The ambassador of Chile met Peru's foreign minister", sentence=1, type="CONSULT", reciprocal=True,
        actors=["The ambassador of Chile"], recipients=["Peru's foreign minister"], aux=["negation", "future"],
    )  # fmt: skip
    found = chat.endpoint(answer(said)).read(DOCUMENT).events[0]
    assert [who.code for who in found.actors] == ["CHL", "PER"] and found.recipients == () and found.reciprocal
    assert found.aux == ("future", "negation")


# --- answers that do not hold ---

BAD_EVENTS = [
    ({"quote": "Norway sank a Russian ship"}, "with a quote that is not in the article"),
    ({"quote": "norway expelled"}, "with a quote that is not in the article"),
    ({"quote": "elled two Russian diplomats"}, "with a quote that is not in the article"),
    ({"quote": "Norway expelled two Russian diplo"}, "with a quote that is not in the article"),
    ({"quote": ""}, "with a quote that is not in the article"),
    ({"quote": "."}, "with a quote that is not in the article"),
    ({"quote": TEXT}, "with a quote of more than 3 sentences"),
    ({"quote": 7}, "not of the schema"),
    ({"sentence": "0"}, "not of the schema"),
    ({"sentence": True}, "not of the schema"),
    ({"type": "YIELD"}, "with an unknown type"),
    ({"type": "sanction"}, "with an unknown type"),
    ({"type": None}, "with an unknown type"),
    ({"type": {"a": ["b"]}}, "with an unknown type"),
    ({"aux": ["past"]}, "with an unknown aux"),
    ({"aux": "future"}, "not of the schema"),
    ({"reciprocal": "no"}, "not of the schema"),
    ({"actors": "Norway"}, "not of the schema"),
    ({"actors": [1]}, "not of the schema"),
    ({"actors": ["Sweden"]}, "with somebody whom the article does not name so"),
    ({"actors": ["NOR"]}, "with somebody whom the article does not name so"),
    ({"actors": ["Russia"]}, "with somebody whom the article does not name so"),  # a part of "Russian"
    ({"attributed_to": "Interfax"}, "with somebody whom the article does not name so"),
    ({"place": ["Lima"]}, "not of the schema"),
    ({"actors": []}, "without an actor that is known"),
    ({"actors": ["a professor"], "recipients": []}, "without an actor that is known"),
    ({"code": "NOR"}, "not of the schema"),
]
BAD_CLAIMS = [
    ({"relation": "loves"}, "with an unknown relation"),
    ({"direction": "sideways"}, "with an unknown direction"),
    ({"kind": "guess"}, "with an unknown kind"),
    ({"modality": "certain"}, "with an unknown modality"),
    ({"level": "middling"}, "with an unknown level"),
    ({"object": []}, "without an actor that is known"),
    ({"subject": ["a professor"]}, "without an actor that is known"),
    ({"holder": "an expert"}, "with somebody whom the article does not name so"),
    ({"quote": "Brazil is a vassal of China"}, "with a quote that is not in the article"),
]


@pytest.mark.parametrize(
    ("form", "changes", "reason"),
    [("event", *bad) for bad in BAD_EVENTS] + [("claim", *bad) for bad in BAD_CLAIMS],
)
def test_what_does_not_hold_is_dropped_and_counted(form, changes, reason):
    check = Check(DOCUMENT, STRETCHES, "tiny")
    bad = (
        {"events": [event(**changes)], "claims": []}
        if form == "event"
        else {"events": [], "claims": [claim(**changes)]}
    )
    check.take(bad, range(4))
    check.take({"events": [event()], "claims": [claim()]}, range(4))
    assert (len(check.events), len(check.claims)) == (1, 1)
    assert check.note() == f"1 of 3 events and claims that came were dropped: 1 {reason}."


STRETCHES = [(0, 53), (54, 114), (115, 157), (159, len(TEXT))]


def test_the_notes_count_by_reason_and_the_rest_is_kept(chat):
    invented, unknown = event(quote="Norway sank a ship"), event(type="LOVE")
    ours = chat.endpoint(answer(invented, event(), unknown, invented, event(), "no item", claims=[claim()]))
    reading = ours.read(DOCUMENT)
    assert (len(reading.events), len(reading.claims)) == (1, 1)
    assert reading.notes[-1] == (
        "5 of 7 events and claims that came were dropped: 1 not of the schema; 1 said twice; "
        "2 with a quote that is not in the article; 1 with an unknown type."
    )


def test_the_same_words_may_tell_of_two_actors():
    check = Check(DOCUMENT, STRETCHES)
    check.take({"events": [event(), event(recipients=["China"])], "claims": []}, range(4))
    assert [each.recipients[0].code for each in check.events] == ["RUS", "CHN"] and not check.dropped


def test_of_some_relations_nobody_is_the_object():
    check = Check(DOCUMENT, STRETCHES)
    check.take(
        {"events": [], "claims": [claim(relation="isolated_from", object=[], level="high", holder=None)]}, range(4)
    )
    (found,) = check.claims
    assert (found.object, found.level, found.holder) == ((), "high", None)


names = st.sampled_from([*TYPES[:2], *RELATIONS[:2], "Norway", "Lima", "up"])
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.floats() | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["quote", "type"]), inner, max_size=2),
    max_leaves=4,
)
items = st.one_of(
    anything,
    st.builds(lambda a, b: event(**{a: b}), st.sampled_from([*event()]), anything),
    st.builds(lambda a, b: claim(**{a: b}), st.sampled_from([*claim()]), anything),
    st.builds(lambda a, b: event(quote=TEXT[a : a + b]), st.integers(0, len(TEXT)), st.integers(0, 90)),
)


def test_the_stretches_are_the_sentences():
    assert [TEXT[start:end][-1] for start, end in STRETCHES] == ["."] * 4
    assert [TEXT[start:end].split()[0] for start, end in STRETCHES] == ["Norway", "The", "Brazil", "Norway"]


@given(st.lists(items, max_size=4), st.lists(items, max_size=4), st.integers(0, 3), st.integers(1, 4))
def test_whatever_comes_only_the_articles_own_words_stay(events, claims, first, count):
    check = Check(DOCUMENT, STRETCHES)
    check.take({"events": events, "claims": claims}, range(first, min(first + count, 4)))
    for found in (*check.events, *check.claims):
        assert TEXT[found.start : found.end] == found.quote and found.quote.strip() == found.quote != ""
        assert found.sentence[0] <= found.start < found.sentence[1]
    for found in check.events:
        phrases = [who.text for who in (*found.actors, *found.recipients)]
        assert found.type in TYPES and phrases and all(phrase in TEXT for phrase in phrases)
    assert all(found.relation in RELATIONS for found in check.claims)
    assert len(check.events) + len(check.claims) + check.dropped.total() == len(events) + len(claims)


@given(st.lists(st.integers(1, GROUP_CHARACTERS + 500), max_size=30))
def test_every_sentence_is_asked_about_once(lengths):
    ends = [sum(lengths[: number + 1]) for number in range(len(lengths))]
    stretches = [(end - length, end) for end, length in zip(ends, lengths, strict=True)]
    found = list(groups(stretches))
    assert [number for group in found for number in group] == list(range(len(stretches)))
    for group in found:
        long = stretches[group[-1]][1] - stretches[group[0]][0]
        assert 1 <= len(group) <= GROUP and (long <= GROUP_CHARACTERS or len(group) == 1)


# --- answers that are none ---


@pytest.mark.parametrize(
    ("body", "got"),
    [
        (b'{"choices": [', "JSON from the server, got broken JSON at line 1"),
        (b"<html>hello</html>", "JSON from the server, got broken JSON"),
        (b"\xff\xfe\x00", "JSON from the server, got broken JSON"),
        (b"", "JSON from the server, got an empty answer"),
        (b"[" * 200_000, "JSON from the server, got broken JSON"),
        (b"[]", r"chat completion with a text, got \[\]"),
        (b'{"choices": []}', "chat completion with a text"),
        (b'{"choices": [{"message": {"content": null}}]}', "chat completion with a text"),
        (b'{"error": {"message": "no such model"}}', "got no such model"),
        (completion('{"events": [}'), "JSON from the model, got broken JSON at line 1, column 13"),
        (completion('```json\n{"events": [], "claims": []}\n```'), "JSON from the model, got broken JSON"),
        (completion(""), "JSON from the model, got an empty answer"),
        (completion("[1, 2]"), r"lists events and claims, got \[1, 2\]"),
        (completion({"events": []}), "lists events and claims"),
        (completion({"events": {}, "claims": []}), "lists events and claims"),
        (completion({"events": [], "claims": [], "more": []}), "lists events and claims"),
        (completion({"events": [0] * (MOST_ITEMS + 1), "claims": []}), f"at most {MOST_ITEMS} .* got {MOST_ITEMS + 1}"),
        (completion({"events": [], "claims": []}, finish_reason="length"), "one that was cut off"),
        (completion("", message={"content": None, "refusal": "I will not"}), "a refusal of the model"),
    ],
)
def test_an_answer_that_is_not_of_the_schema(chat, body, got):
    with pytest.raises(DataError, match=got):
        chat.endpoint(body).read(DOCUMENT)
    fails(chat.endpoint(body))
    assert chat.rested == []


def test_one_bad_answer_in_the_middle_leaves_nothing(chat):
    text = " ".join(f"Minister number {number} of Norway met the king of Spain." for number in range(GROUP + 2))
    with pytest.raises(DataError, match="broken JSON"):
        chat.endpoint(answer(), b"{").read(Document("long", text))
    assert len(chat.asked) == 2


# --- servers that fail ---


def test_a_busy_server_is_asked_again_after_as_long_as_it_wants(chat):
    busy = [
        Say(status=429, headers={"Retry-After": "7"}),
        Say(status=503),
        Say(status=500, headers={"Retry-After": "x"}),
    ]
    reading = chat.endpoint(*busy, answer(event())).read(DOCUMENT)
    assert len(reading.events) == 1 and chat.rested == [7, 2, 4] and len(chat.asked) == 4


def test_a_server_that_fails_for_ever(chat):
    body = b'{"error": {"message": "out of memory"}}'
    message = fails(chat.endpoint(Say(body, 500)))
    assert "got the status 500 at each of 4 attempts: out of memory" in message
    assert chat.rested == [1, 2, 4] and len(chat.asked) == 4
    fails(chat.endpoint(Say(body, 500), retries=0))
    assert len(chat.asked) == 5


def test_a_server_that_wants_too_long_a_wait(chat):
    later = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    message = fails(chat.endpoint(Say(status=429, headers={"Retry-After": later})))
    assert "wants to be asked again in 7" in message and chat.rested == []


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        (400, "response_format"),
        (401, "key_env"),
        (403, "key_env"),
        (404, "name of the model"),
        (413, "too long"),
        (204, ""),
    ],
)
def test_other_statuses_are_not_tried_again(chat, status, hint):
    message = fails(chat.endpoint(Say(b"" if status == 204 else b"no", status)))
    assert f"got the status {status}" in message and hint in message
    assert len(chat.asked) == 1 and chat.rested == []


def test_a_server_that_hangs(chat):
    message = fails(chat.endpoint(Say(hang=True), timeout=0.3))
    assert "got none within 0.3 s" in message and len(chat.asked) == 1


def test_a_redirect_is_refused_and_gets_nothing(chat):
    with serving() as other:
        other.says = [Say(answer(event()))]
        for status in (301, 302, 303, 307, 308):
            moved = Say(status=status, headers={"Location": f"http://localhost:{other.port}/v1/x?key={KEY}"})
            message = fails(chat.endpoint(moved))
            assert f"got a redirect ({status} to localhost)" in message
        assert other.asked == []


@pytest.mark.parametrize("lengthless", [False, True])
def test_a_huge_answer_is_not_read_to_its_end(chat, lengthless):
    message = fails(chat.endpoint(Say(b" " * (MOST + 2_000_000), lengthless=lengthless)))
    assert "expected at most 5,000,000 bytes, got more" in message


def test_nobody_is_there(chat):
    port = chat.port
    with serving() as gone:
        port = gone.port
    message = fails(Endpoint(f"http://127.0.0.1:{port}", "tiny", sleep=chat.rested.append))
    assert "expected an answer, got none: " in message and "Does the server run" in message


def test_a_server_that_does_not_speak_http(chat, monkeypatch):
    monkeypatch.setattr(_Handler, "send_response", lambda self, status: self.wfile.write(f"bye {KEY}\r\n".encode()))
    assert "expected an answer, got none: bye ***" in fails(chat.endpoint(b"x"))


# --- the key, the way ---


@pytest.mark.parametrize("status", [200, 400, 401, 404, 429, 500])
@pytest.mark.parametrize(
    "body", [f"bad key {KEY}", json.dumps({"error": {"message": f"\n{KEY} " * 3}}), f'{{"{KEY}": 1}}']
)
def test_the_key_is_in_no_error_whatever_the_server_says(chat, status, body):
    fails(chat.endpoint(Say(body.encode(), status), retries=0))
    fails(chat.endpoint(Say(completion(body), status), retries=0))


def test_the_key_is_not_cut_in_two(chat):
    for body in (b"x" * 190 + KEY.encode(), b"\0" * 19_990 + KEY.encode()):
        assert "sk-s" not in fails(chat.endpoint(Say(body, 400)))


@pytest.mark.parametrize("status", [401, 403])
def test_what_is_said_of_a_wrong_key_is_not_repeated(chat, status):
    message = fails(chat.endpoint(Say(b"wrong key: sk-secret-0****789", status)))
    assert "sk-s" not in message and "key_env" in message


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "schlüssel", "a\rb"])
def test_a_key_that_no_header_can_hold(chat, monkeypatch, key):
    monkeypatch.setenv("MULTIPOLAR_API_KEY", key)
    with pytest.raises(UsageError, match="environment variable MULTIPOLAR_API_KEY") as caught:
        chat.endpoint(answer()).read(DOCUMENT)
    assert key not in str(caught.value) and chat.asked == []


def test_proxies_are_for_other_machines_only(chat, monkeypatch):
    with serving() as proxy:
        for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("no_proxy", raising=False)
        chat.endpoint(answer()).read(DOCUMENT)
        assert len(chat.asked) == 1 and proxy.asked == []

    def proxies(url):
        handlers = endpoint_http._opener(url).handlers
        assert any(isinstance(each, HTTPSHandler) for each in handlers)
        return [each.proxies for each in handlers if isinstance(each, ProxyHandler)]

    assert not any(proxies("http://127.0.0.1:1/v1")) and not any(proxies("https://localhost/v1"))
    assert not any(proxies("http://example.org/v1"))
    assert proxies("https://example.org/v1")[0]["https"]


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/chat/completions"),
        ("http://localhost/v1/", "http://localhost/v1/chat/completions"),
        ("http://[::1]:1/v1", "http://[::1]:1/v1/chat/completions"),
        ("https://api.example/openai/v1", "https://api.example/openai/v1/chat/completions"),
        ("https://api.example/v1beta", "https://api.example/v1beta/chat/completions"),
        ("https://api.example/api", "https://api.example/api/v1/chat/completions"),
        ("https://api.example/x/chat/completions", "https://api.example/x/chat/completions"),
    ],
)
def test_addresses(url, whole):
    assert address(url) == whole == address(whole)
    assert Endpoint(url, "m").url == whole


@pytest.mark.parametrize(
    "url",
    [
        "", "localhost:8080", "ftp://127.0.0.1/v1", "file:///etc/passwd", "https://", "https:///v1", "http://[::1",
        "https://a.example:port", "https://a.example:99999", f"https://user:{KEY}@a.example/v1", f"https://a.example/v1?key={KEY}",
        f"https://a.example/v1#{KEY}", "https://a.example/v1 x", "https://a.example/\nv1", "https://a.example\\@b.example/v1",
        "http://a.example/v1", "http://10.0.0.1/v1", "http://127.0.0.1.a.example/v1", "http://localhost.a.example/v1",
    ],
)  # fmt: skip
def test_addresses_that_are_refused(url):
    with pytest.raises(UsageError, match="url: expected") as caught:
        Endpoint(url, "m")
    assert KEY not in str(caught.value)


def test_plain_http_to_another_machine_has_to_be_allowed():
    assert Endpoint("http://a.example/v1", "m", allow_plain=True).url == "http://a.example/v1/chat/completions"
    with pytest.raises(UsageError, match="allow_plain=True"):
        Endpoint("http://a.example/v1", "m")


@pytest.mark.parametrize(
    "rules",
    [{"timeout": 0}, {"timeout": float("nan")}, {"retries": -1}, {"retries": 11}, {"temperature": 3}, {"model": " "}],
)
def test_arguments_out_of_range(rules):
    with pytest.raises(UsageError, match=next(iter(rules))):
        Endpoint(**{"url": "https://a.example", "model": "m"} | rules)


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("LocalHost", True),
        ("0.0.0.0", False),
        ("a.example", False),
    ],
)
def test_this_machine(host, own):
    assert is_loopback(host) is own


@given(st.text(max_size=30))
def test_any_retry_after_is_a_wait(said):
    assert 0 <= retry_after(said) < float("inf")


def test_retry_after():
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert 25 < retry_after(soon) <= 30
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == retry_after("-5") == retry_after("") == 0
    assert retry_after("1.5") == 1.5


def test_a_dripping_answer_ends_in_time(monkeypatch):
    now = iter(range(0, 1000, 2))
    monkeypatch.setattr(endpoint_http.time, "monotonic", lambda: next(now))

    class Dripping:
        def read1(self, size):
            return b" "

    with pytest.raises(TimeoutError):
        Server("http://127.0.0.1", 5, 0)._content(Dripping(), 5)


@given(st.text(max_size=60))
def test_any_address_is_taken_or_refused_clearly(url):
    with suppress(MultipolarError):
        assert address(url).startswith(("http://", "https://"))
