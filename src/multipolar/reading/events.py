"""Who did what to whom, by this article: mentions, the pair classifier and what the parse shows → dated events.

The pairs of known actors in a sentence are put to the classifier. A pair is an event if the probability that anything happens
between them reaches what is asked of it (`_least`); its type is the likeliest one. Nouns tell further events (`frames`). Whether
one is historical, planned, supposed or denied comes from the parse (`grammar`) and the classifier, either of which is enough.
Famous events that a text names without their author ("the invasion of Kuwait") come from a dated table (`named`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Final

from multipolar.reading import grammar, named
from multipolar.reading.classifier import NONE, Scores
from multipolar.reading.dates import Found, pick
from multipolar.reading.frames import frames
from multipolar.reading.mentions import Mention
from multipolar.reading.model import AUX, UNDATED, UNKNOWN, Document, Event, When, Who
from multipolar.reading.modes import mode_of
from multipolar.reading.parts import ALL, Parts
from multipolar.reading.sentences import Sentence

if TYPE_CHECKING:
    from spacy.tokens import Token

#: Type, code of the one, code of the other.
Key = tuple[str, str, str]
#: Least probability that something happens between two actors.
LEAST: Final = 0.65
#: Least probability where both sides are of one state.
LEAST_WITHIN: Final = 0.8
#: Least probability of the type itself.
SURE: Final = 0.45
#: Least probability where the parse puts them in different clauses.
LEAST_APART: Final = 0.9
#: Confidence of an event that a noun tells.
BY_NOUN: Final = 0.7
#: Types that both sides do together.
MUTUAL: Final = frozenset({"CONSULT", "SUPPORT", "COOPERATE", "AGREE"})
#: Types in which "will" and "must" are the act itself.
_AHEAD: Final = frozenset({"AGREE", "THREATEN", "REQUEST", "CONCEDE", "REJECT"})
_REFUSING: Final = frozenset({"REJECT", "THREATEN", "SANCTION", "COERCE"})
#: Sides of what happens within one state: who rules, and who does not.
_POWER: Final = frozenset({"GOV", "MIL", "COP", "SPY", "JUD", "LEG"})
_AGAINST: Final = frozenset({"REB", "OPP", "PTY", "PRE", "PRM", "UAF"})


@dataclass(frozen=True)
class Pair:
    """An ordered pair of mentions and what the classifier says of it."""

    source: Mention
    target: Mention
    scores: Scores

    @property
    def something(self) -> float:
        """Probability that anything happens."""
        return 1.0 - self.scores.types[NONE]

    def turned(self) -> Pair:
        """The same with source and target exchanged."""
        return Pair(self.target, self.source, self.scores.turned())


def candidates(mentions: Sequence[Mention], most: int = 16, *, claims: bool = True) -> list[tuple[Mention, Mention]]:
    """The pairs worth asking about, in the order of the text: two known actors, of one state only if one rules and one opposes.

    Of an actor named several times the mentions next to each other count. At most `most`, the nearest ones. "Its ambassador" of
    the subject's own is left out where no `claims` are looked for.
    """
    sides = [each for each in mentions if not _own(each, mentions)]
    pairs = facing(sides)
    if claims:
        pairs = sorted({*pairs, *facing(mentions)}, key=lambda pair: (pair[0].start, pair[1].start))
    if len(pairs) > most:
        near = sorted(pairs, key=lambda pair: pair[1].start - pair[0].end)[:most]
        pairs = [pair for pair in pairs if pair in near]
    return pairs


def facing(mentions: Sequence[Mention]) -> list[tuple[Mention, Mention]]:
    """Every two that could be sides of something, neither of them named again between them."""
    return [
        (a, b)
        for a, b in combinations(mentions, 2)
        if a.who.known and b.who.known and _apart(a.who, b.who) and a.end <= b.start and not _between(a, b, mentions)
    ]


def _own(each: Mention, mentions: Sequence[Mention]) -> bool:
    """Whether it only says whose the thing is that its own clause's subject acts on: "recalled its ambassador"."""
    owned = any(child.dep_ == "poss" and child.pos_ == "PRON" for child in each.root.children)
    if not owned and (each.kind != "pronoun" or each.root.dep_ != "poss"):
        return False
    head = grammar.clause(each.root)
    subjects = {
        child.i for verb in (head, head.head) for child in verb.children if child.dep_ in ("nsubj", "nsubjpass")
    }
    return any(other.root.i in subjects and other.code == each.code and other is not each for other in mentions)


def _between(a: Mention, b: Mention, mentions: Sequence[Mention]) -> bool:
    """Whether the one or the other is named again between them."""
    inner = [each for each in mentions if a.end <= each.start and each.end <= b.start]
    return any(each.who.known and each.code in (a.code, b.code) for each in inner)


def _apart(a: Who, b: Who) -> bool:
    """Whether something between the two could be an event: two actors, or within a state one who rules and one who does not."""
    return a.code != b.code or bool({a.sector, b.sector} & _POWER and {a.sector, b.sector} & _AGAINST)


def events(
    document: Document,
    sentence: Sentence,
    pairs: Iterable[Pair],
    mentions: Sequence[Mention],
    times: list[Found],
    parts: Parts = ALL,
) -> list[Event]:
    """The events of one sentence, the surest first for each pair and type, in the order of the text."""
    kept: dict[Key, Event] = {}
    for event in _from_nouns(document, sentence, mentions, times, parts) if parts.frames else ():
        _keep(kept, event)
    settled = frozenset(kept)
    own = {id(each) for each in mentions if _own(each, mentions)}
    free = [pair for pair in pairs if id(pair.source) not in own and id(pair.target) not in own]
    either = [way for pair in free for way in (pair, pair.turned())]
    for pair in sorted(either, key=lambda pair: -pair.something):
        kind, share = pair.scores.best("types")
        least = _least(pair, parse=parts.grammar)
        within = pair.source.code == pair.target.code
        if pair.something >= least and share >= SURE and not (within and kind in MUTUAL):
            _keep(kept, _event(document, sentence, pair, kind, mentions, times, parts), settled)
    return sorted(kept.values(), key=lambda event: (event.start, event.end))


def _keep(kept: dict[Key, Event], event: Event, settled: frozenset[Key] = frozenset()) -> None:
    """Keep an event unless a surer one of that kind stands between the two; both ways round make it reciprocal.

    Of those `settled` it is known already whether both act.
    """
    a, b = event.actors[0].code, event.recipients[0].code if event.recipients else event.actors[-1].code
    back = kept.get((event.type, b, a))
    if back is not None:
        if event.type in MUTUAL and not back.reciprocal and (event.type, b, a) not in settled:
            both = back.actors + back.recipients
            kept[event.type, b, a] = replace(back, reciprocal=True, actors=both, recipients=())
        return
    kept.setdefault((event.type, a, b), event)


def _from_nouns(
    document: Document, sentence: Sentence, mentions: Sequence[Mention], times: list[Found], parts: Parts
) -> Iterator[Event]:
    """The events that nouns tell, by the parse alone."""
    for frame in frames(sentence, mentions):
        scores = Scores(
            {NONE: 0.0, frame.type: 1.0}, {NONE: 1.0}, {NONE: 1.0}, {NONE: 1.0}, {}, {}, dict.fromkeys(AUX, 0.0)
        )
        pair = Pair(frame.source, frame.target, scores)
        event = _event(document, sentence, pair, frame.type, mentions, times, parts, trigger=frame.trigger)
        event = replace(event, confidence=BY_NOUN, why=(*event.why[:2], frame.why))
        if frame.mutual:
            event = replace(event, reciprocal=True, actors=event.actors + event.recipients, recipients=())
        yield event


def told_by_name(document: Document, sentence: Sentence, found: Sequence[Event]) -> list[Event]:
    """The events of a sentence with the famous ones among them ("the invasion of Kuwait") dated, and those it names added."""
    made = list(found)
    for each in named.find(sentence.text, document.date, start=sentence.start):
        if not each.actors:
            continue
        why = f"{each.text!r} is a known event ({each.source})"
        when = each.when
        aux = ("historical",) if _long_past(when, document.date) else ()
        sides = frozenset(each.actors + each.recipients)
        same = [e for e in made if e.type == each.type and frozenset(w.code for w in e.actors + e.recipients) == sides]
        for event in same:
            known = replace(
                event, aux=tuple(n for n in AUX if n in {*event.aux, *aux}), date=when, why=(*event.why, why)
            )
            made[made.index(event)] = known
        if not same:
            actors = tuple(Who(code, None, "", why) for code in each.actors)
            recipients = tuple(Who(code, None, "", why) for code in each.recipients)
            made.append(
                Event(
                    document.id, each.start, each.end, document.text[each.start : each.end], each.type, each.mode, actors,
                    recipients, each.reciprocal, aux, when, None, None, 0.9, "", (sentence.start, sentence.end), (why,),
                )
            )  # fmt: skip
    return made


def _least(pair: Pair, *, parse: bool) -> float:
    """Least probability of an event between these two: more within one state, and where the parse does not join them."""
    if _private(pair.source) or _private(pair.target):
        return 1.1
    if pair.source.code == pair.target.code:
        return LEAST_WITHIN
    if parse and not grammar.linked(pair.source.root, pair.target.root):
        return LEAST_APART
    return LEAST


def _private(each: Mention) -> bool:
    """Whether it is one ordinary person, of whom only a country is known: "a man from Chile"."""
    return each.who.sector == "CVL" and each.kind != "pronoun" and each.root.tag_ == "NN"


def _event(
    document: Document,
    sentence: Sentence,
    pair: Pair,
    kind: str,
    mentions: Sequence[Mention],
    times: list[Found],
    parts: Parts,
    trigger: Token | None = None,
) -> Event:
    source, target = pair.source, pair.target
    trigger = trigger or grammar.deed(source.root, target.root)
    start, end = quoted(sentence, pair, trigger)
    quote = document.text[start:end]
    when = when_of(sentence, times, start, end, trigger) or UNDATED
    aux = auxiliaries(pair.scores, trigger, kind, when, document.date, parse=parts.grammar)
    said = speaker(sentence, trigger, mentions)
    share = pair.scores.types[kind]
    return Event(
        doc_id=document.id,
        start=start,
        end=end,
        quote=quote,
        type=kind,
        mode=mode_of(kind, quote),
        actors=(source.who,),
        recipients=(target.who,),
        reciprocal=False,
        aux=aux,
        date=when,
        place=_place(sentence, kind, target, mentions, start, end),
        attributed_to=said,
        confidence=share,
        sentence=(sentence.start, sentence.end),
        why=(
            source.who.why,
            target.who.why,
            f"{kind} {share:.2f}, nothing {pair.scores.types[NONE]:.2f}",
            f"told by {trigger.text!r}",
        ),
    )


def quoted(sentence: Sentence, pair: Pair, trigger: Token) -> tuple[int, int]:
    """The words of an event: both mentions and the word that joins them, to the end of its clause if that is near."""
    start = min(pair.source.start, pair.target.start)
    end = max(pair.source.end, pair.target.end)
    at = sentence.place(trigger)
    start, end = min(start, at[0]), max(end, at[1])
    _, last = grammar.stretch(trigger)
    edge = sentence.place(trigger.doc[last])[1]
    if end < edge <= end + 80:
        end = edge
    while end > start and sentence.text[end - sentence.start - 1] in " ,;:–—-.":
        end -= 1
    return max(start, sentence.start), min(end, sentence.end)


def when_of(sentence: Sentence, times: list[Found], start: int, end: int, trigger: Token) -> When | None:
    """The time that belongs to some words: one inside their noun's phrase, else in the same clause, else the nearest."""
    if trigger.pos_ in ("NOUN", "PROPN"):
        below = {token.i for token in trigger.subtree}
        inner_times = [each for each in times if any(t.i in below for t in sentence.words(each.start, each.end))]
        if len(inner_times) == 1:
            return inner_times[0].when
    head = grammar.clause(trigger)
    own = [
        each
        for each in times
        if (inner := sentence.words(each.start, each.end)) and grammar.clause(inner[0]).i == head.i
    ]
    if len(own) == 1 and not any(start <= each.start < end for each in times if each not in own):
        return own[0].when
    return pick(own or times, start, end, text=sentence.text, at=sentence.start)


def auxiliaries(
    scores: Scores, trigger: Token, kind: str, when: When, on: date | None, *, parse: bool = True
) -> tuple[str, ...]:
    """Which of `AUX` hold: by the parse, by the classifier, or by a date long past or still to come."""
    found = {name for name in AUX if scores.aux[name] >= 0.5}
    if parse and kind not in _REFUSING and grammar.negated(trigger):
        found.add("negation")
    if parse and kind not in _AHEAD and grammar.hypothetical(trigger):
        found.add("hypothetical")
    if parse and kind not in _AHEAD and grammar.future(trigger):
        found.add("future")
    if _long_past(when, on):
        found.add("historical")
    if on is not None and when.start is not None and when.start > on and kind not in _AHEAD:
        found.add("future")
    if "hypothetical" in found:
        found.discard("future")
    return tuple(name for name in AUX if name in found)


def _long_past(when: When, on: date | None) -> bool:
    """Whether it was over more than a year before the article."""
    return on is not None and when.end is not None and when.end < on - timedelta(days=365)


def speaker(sentence: Sentence, trigger: Token, mentions: Sequence[Mention]) -> Who | None:
    """Who says so, where it is not the text itself; ``UNK`` with the words if nobody known."""
    word = grammar.speaker(trigger)
    if word is None:
        return None
    start, end = sentence.place(word)
    said = next((each for each in mentions if each.start <= start and end <= each.end), None)
    if said is not None:
        return said.who
    if word.pos_ == "PRON":
        return None
    left, right = sentence.place(word.left_edge)[0], end
    text = sentence.text[left - sentence.start : right - sentence.start]
    return Who(UNKNOWN, None, text, "the one who speaks")


def _place(
    sentence: Sentence, kind: str, target: Mention, mentions: Sequence[Mention], start: int, end: int
) -> str | None:
    """The state where: one named with "in", else the host of a visit."""
    for each in mentions:
        if start <= each.start < end + 40 and ":" not in each.code and each.who.known:
            root = each.root
            if root.dep_ == "pobj" and root.head.lower_ in ("in", "at", "near", "inside", "across", "into"):
                return each.code
    return target.code if kind == "CONSULT" and target.who.known and ":" not in target.code else None


def identify(found: Iterable[Event]) -> list[Event]:
    """Give each event an id that all its mentions share, within an article and across articles.

    Two mentions are of one event if type and actors are the same (in any order where both act) and their dates can be:
    both known and overlapping, or one unknown and no second dated event of that kind in the same article.
    """
    groups: list[list[Event]] = []
    events_ = list(found)
    order = sorted(range(len(events_)), key=lambda index: (events_[index].date.start is None, index))
    placed: dict[int, int] = {}
    for index in order:
        event = events_[index]
        fits = [number for number, group in enumerate(groups) if _same(group, event)]
        if len(fits) == 1 or (fits and event.date.start is not None):
            groups[fits[0]].append(event)
            placed[index] = fits[0]
        else:
            placed[index] = len(groups)
            groups.append([event])
    names = [_name(group[0]) for group in groups]
    return [replace(event, event=names[placed[index]]) for index, event in enumerate(events_)]


def _same(group: list[Event], event: Event) -> bool:
    first = group[0]
    if (first.type, _sides(first), _unreal(first)) != (event.type, _sides(event), _unreal(event)):
        return False
    if first.date.start is None or event.date.start is None:
        return any(each.doc_id == event.doc_id for each in group)
    a, b = first.date, event.date
    return (a.start <= (b.end or b.start)) and (b.start <= (a.end or a.start))  # type: ignore[operator]


def _sides(event: Event) -> object:
    a = tuple(sorted({who.code for who in event.actors}))
    b = tuple(sorted({who.code for who in event.recipients}))
    return tuple(sorted((*a, *b))) if event.type in MUTUAL else (a, b)


def _unreal(event: Event) -> bool:
    return bool({"hypothetical", "negation"} & set(event.aux))


def _name(event: Event) -> str:
    """A short id from what the event is."""
    parts = (
        event.type,
        repr(_sides(event)),
        event.date.start.isoformat() if event.date.start else event.doc_id + str(event.start),
        str(_unreal(event)),
    )
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:12]
