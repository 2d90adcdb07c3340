"""Where an article and a record differ: another day, a name no longer borne, a visit that no complete list has.

Both are said, side by side, and neither is taken for the truth. Silence of the record is no difference unless a source
vouches for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from multipolar.actors import actors, organisation
from multipolar.brief.article_words import between, kind, when
from multipolar.brief.words import day_name
from multipolar.reading.into import actor_id
from multipolar.reading.model import Event, Reading, Who
from multipolar.record.model import REPORTED
from multipolar.record.schema import KINDS, SYMMETRIC

if TYPE_CHECKING:
    from multipolar.claims import Asked
    from multipolar.reading.names.registry import Hit

What = Literal["date", "visit", "name"]
#: Days within which an event of the same kind between the same two is put beside an event of the text.
NEAR: Final = 60
#: Days by which two accounts of one visit may differ without a word: where it was evening it is morning elsewhere.
SAME: Final = 1
#: Types that both sides do together.
_MUTUAL: Final = SYMMETRIC | {"AGREE", "CONSULT", "SUPPORT", "COOPERATE"}
_UNREAL: Final = frozenset({"negation", "hypothetical", "future"})
_HEAD: Final = re.compile(r"\b(president|prime minister|premier|chancellor|king|queen|emir|sultan|(supreme|paramount) leader|"
                          r"head of (state|government)|general secretary)\b", re.I)  # fmt: skip
_NO_HEAD: Final = re.compile(r"\b(vice|deputy|foreign|defen[cs]e|former|ex|finance|minister of|envoy|spokes\w+|adviser|"
                             r"ambassador)\b", re.I)  # fmt: skip
_YEAR: Final = re.compile(r"\b(?:1[6-9]\d\d|20\d\d)\b")
_PAST: Final = re.compile(r"\b(former(?:ly)?|then|predecessor|successor|succeeded|replaced|defunct|dissol\w+|renamed|once|old|ex|"
                          r"founded|era)\b", re.I)  # fmt: skip


@dataclass(frozen=True)
class Beside:
    """One difference.

    Attributes
    ----------
    what : {"date", "visit", "name"}
    start, end : int
        Where the text says it.
    quote : str
    text, record : str
        What the text says, and what the record (for names, the table of actors) says.
    ids : tuple of str
        Statements of the record that say so.
    """

    what: What
    start: int
    end: int
    quote: str
    text: str
    record: str
    ids: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return {name: getattr(self, name) for name in ("what", "start", "end", "quote", "text", "record")} | {
            "ids": list(self.ids)
        }


def beside(reading: Reading, world: Asked) -> tuple[Beside, ...]:
    """Where a text and a record differ, in the order of the text; what is told several times is told once.

    Parameters
    ----------
    reading : Reading
    world : Asked
        The record, as of a day.
    """
    found: dict[object, Beside] = {}
    for event in reading.events:
        for difference in _event(event, world):
            found.setdefault((difference.what, event.event or event.start), difference)
    for difference in _names(reading):
        found.setdefault((difference.what, difference.text), difference)
    return tuple(sorted(found.values(), key=lambda each: (each.start, each.end)))


def _event(event: Event, world: Asked) -> Iterator[Beside]:
    """What the record says of an event with a date, unless it has it too."""
    first, last = event.date.start, event.date.end
    if first is None or last is None or _UNREAL & set(event.aux) or event.type not in KINDS["event"]:
        return
    pair = _pair(event, first)
    if pair is None:
        return
    rows = _recorded(event, pair, world, first - timedelta(days=NEAR), last + timedelta(days=NEAR))
    apart = sorted((_days_apart(row, first, last), row["id"], row) for row in rows)
    if apart and apart[0][0] <= SAME:
        return
    said = f"{kind(event)}, {between(event)}: {when(event.date)}"
    if apart:
        told = "; ".join(_told(row) for _, _, row in apart[:2])
        ids = tuple(row["id"] for _, _, row in apart[:2])
        yield Beside("date", event.start, event.end, event.quote, said, told, ids)
    elif (complete := _complete_list(event, pair, world, first, last)) is not None:
        yield Beside("visit", event.start, event.end, event.quote, said, complete)


def _pair(event: Event, on: date) -> tuple[str, str] | None:
    """Ids of the two states or organisations, if there are just two."""
    ids = list(dict.fromkeys(actor_id(one.code, on) for one in (*event.actors, *event.recipients)))
    if len(ids) != 2 or ids[0] is None or ids[1] is None:
        return None
    return ids[0], ids[1]


def _recorded(event: Event, pair: tuple[str, str], world: Asked, first: date, last: date) -> list[dict[str, Any]]:
    frame = world.view.statements("event", between=pair, kinds=(event.type,), since=first, until=last)
    directed = event.type not in _MUTUAL and not event.reciprocal
    return [
        row
        for row in frame.to_dicts()
        if not row["source"].startswith(REPORTED)  # an article is no second witness for itself
        and (not directed or row["a"] == pair[0])
        and (not event.mode or not row["mode"] or row["mode"] == event.mode)
    ]


def _days_apart(row: dict[str, Any], first: date, last: date) -> int:
    start: date = row["valid_from"]
    end: date = row["valid_to"] or start
    return max((start - last).days, (first - end).days, 0)


def _told(row: dict[str, Any]) -> str:
    mode = f":{row['mode']}" if row["mode"] else ""
    days = day_name(row["valid_from"])
    if row["valid_to"] and row["valid_to"] != row["valid_from"]:
        days += f" to {day_name(row['valid_to'])}"
    text = f": {row['text']}" if row["text"] else ""
    return f"{row['kind']}{mode}, {row['a']} > {row['b']}: {days}{text} [{row['source']}, {row['locator']}]"


def _complete_list(event: Event, pair: tuple[str, str], world: Asked, first: date, last: date) -> str | None:
    """What a complete list of a leader's visits says of one that it lacks; None where no list would have it."""
    from multipolar.claims.counted import silence_means_none

    if event.type != "CONSULT" or event.mode != "visit" or not any(_leads(who) for who in event.actors):
        return None
    guest, host = pair
    if event.reciprocal or not silence_means_none(world, "event", "CONSULT:visit", guest, host, first, last):
        return None
    lists = [
        row
        for row in world.view.coverage()
        if (row.form, row.kind, row.absence) == ("event", "CONSULT:visit", "zero")
        and guest in row.actors and row.first <= first and last <= row.last
    ]  # fmt: skip
    named = (
        "; ".join(f"{row.source}{f' ({row.note})' if row.note else ''}" for row in lists) or "a complete list of visits"
    )
    return f"No visit of {guest} to {host} from {day_name(first)} to {day_name(last)} in {named}."


def _leads(one: Who) -> bool:
    """Whether the one who travels heads a state or a government: lists of visits are of those alone."""
    said = f"{one.text} {one.why}"
    return bool(_HEAD.search(said)) and not _NO_HEAD.search(said)


def _names(reading: Reading) -> Iterator[Beside]:
    """Organisations by names that they no longer bore on the article's day."""
    day, text = reading.document.date, reading.document.text
    if day is None:
        return
    from multipolar.reading.names.registry import find

    for hit in find(text, day):
        if (
            not hit.code.startswith("IGO:")
            or hit.kind not in ("organisation", "body")
            or hit.sector not in (None, "IGO")
        ):
            continue
        words = text[hit.start : hit.end]
        ended = _ended(words, hit, day)
        if ended is None or _speaks_of_then(reading, hit, ended):
            continue
        now = _now(hit.code.removeprefix("IGO:"), day)
        record = f"A name until {day_name(ended)}{now}."
        yield Beside("name", hit.start, hit.end, words, f"“{words}”, on {day_name(day)}", record)


def _ended(words: str, hit: Hit, day: date) -> date | None:
    """The last day on which the words were a name of it; None if they still are one."""
    from multipolar.reading.names.entries import EVER, index
    from multipolar.reading.names.spelling import fold_text

    same = [entry for _, entry in index().names.get(fold_text(words), ()) if entry.code == hit.code]
    if not same or any(entry.last == EVER[1] or entry.last >= day.toordinal() for entry in same):
        return None
    last = date.fromordinal(max(entry.last for entry in same))
    actor = actors().get(hit.code.removeprefix("IGO:"))
    return min(last, actor.end) if actor and actor.end else last


def _now(id: str, day: date) -> str:
    """What the organisation, or the one that followed it, is called on a day."""
    if id not in actors():
        return ""
    actor = actors()[id]
    if actor.exists(day):
        return f"; on {day_name(day)} it is called {actor.name_on(day)}"
    following = organisation(id).successor
    later = f", followed by {actors()[following].name}" if following in actors() else ""
    return f", when it ended{later}" if actor.end else later


def _speaks_of_then(reading: Reading, hit: Hit, ended: date) -> bool:
    """Whether the sentence is about a time in which the name was right."""
    text = reading.document.text
    start = max(text.rfind(mark, 0, hit.start) for mark in (". ", "! ", "? ", "\n")) + 1
    ends = [at for mark in (". ", "! ", "? ", "\n") if (at := text.find(mark, hit.end)) >= 0]
    sentence = text[start : min(ends, default=len(text))]
    if _PAST.search(sentence) or any(int(year) <= ended.year for year in _YEAR.findall(sentence)):
        return True
    within = (e for e in reading.events if e.sentence[0] <= hit.start < e.sentence[1])
    return any("historical" in e.aux or (e.date.start is not None and e.date.start <= ended) for e in within)
