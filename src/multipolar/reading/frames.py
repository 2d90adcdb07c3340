"""Events that a noun tells: "his tour of Chad and Niger", "the pact signed with Peru", "Western sanctions", "the raid on Goma".

A noun of action has its own way of naming who did it and to whom: a possessor, an adjective, "by ..." or the subject of the verb
that governs it; "of", "to", "on", "against" or "with ...". The classifier sees few of these for what they are; here they are read
from the parse.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from multipolar.reading.grammar import words
from multipolar.reading.mentions import Mention
from multipolar.reading.sentences import Sentence

if TYPE_CHECKING:
    from spacy.tokens import Token


@dataclass(frozen=True)
class Noun:
    """How nouns of one kind name their sides.

    Attributes
    ----------
    type : str
        PLOVER type.
    nouns : frozenset of str
        Lemmas.
    to : frozenset of str
        Prepositions before the one it is done to.
    mutual : bool
        Whether both do it.
    needs : frozenset of str
        If not empty, one of these must stand before it or govern it.
    """

    type: str
    nouns: frozenset[str]
    to: frozenset[str]
    mutual: bool = False
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Frame:
    """One event that a noun tells."""

    source: Mention
    target: Mention
    type: str
    mutual: bool
    trigger: Token
    why: str


_SIGNED: Final = words(
    "sign conclude reach strike seal ratify ink negotiate initial mutual bilateral military economic trade security defence "
    "defense peace new landmark strategic nuclear energy"
)
_ANGRY: Final = words(
    "angry sour furious harsh sharp hostile fierce indignant bitter cold strong outraged negative critical"
)
_KINDS: Final = (
    Noun("CONSULT", words("visit trip tour journey voyage pilgrimage stopover"), words("to of in")),
    Noun(
        "CONSULT",
        words("meeting summit talk negotiation dialogue conversation consultation encounter call phone audience"),
        words("with between"),
        mutual=True,
    ),
    Noun(
        "SUPPORT",
        words("agreement treaty pact accord deal memorandum commitment contract convention declaration communique"),
        words("with between"),
        mutual=True,
        needs=_SIGNED,
    ),
    Noun("SUPPORT", words("praise endorsement recognition congratulation solidarity"), words("of for with to")),
    Noun("AID", words("aid assistance help loan grant donation shipment delivery"), words("to for")),
    Noun("SANCTION", words("sanction embargo boycott expulsion tariff"), words("on against of")),
    Noun(
        "ACCUSE", words("accusation criticism condemnation complaint denunciation indictment warrant lawsuit charge"),
        words("against of to"),
    ),
    Noun("ACCUSE", words("response reaction reply"), words("to against"), needs=_ANGRY),
    Noun(
        "ASSAULT",
        words(
            "invasion attack strike airstrike bombing bombardment shelling offensive incursion raid assault occupation "
            "annexation aggression onslaught ambush"
        ),
        words("of on against into"),
    ),
    Noun("MOBILIZE", words("deployment dispatch sending mobilisation mobilization buildup"), words("to against near into")),
    Noun("REQUEST", words("appeal demand request plea"), words("to")),
    Noun("THREATEN", words("ultimatum threat warning"), words("to against")),
    Noun("REJECT", words("refusal rejection veto"), words("of")),
    Noun("RETREAT", words("withdrawal pullout"), words("from")),
    Noun("AGREE", words("promise pledge offer invitation"), words("to")),
    Noun("COERCE", words("arrest detention deportation crackdown"), words("of on")),
    Noun("PROTEST", words("demonstration protest rally"), words("against")),
)  # fmt: skip
_BY_LEMMA: Final = {noun: kind for kind in _KINDS for noun in kind.nouns}
#: Nouns of being received: the guest comes to the host, whoever is the subject.
_RECEPTION: Final = words("reception welcome")


def frames(sentence: Sentence, mentions: Sequence[Mention]) -> list[Frame]:
    """The events that the nouns of a sentence tell, both sides known and different."""
    at = {token.i: each for each in mentions for token in sentence.words(each.start, each.end)}
    found: list[Frame] = []
    for token in sentence.span:
        if token.pos_ not in ("NOUN", "PROPN", "VERB"):
            continue
        lemma = token.lemma_.lower()
        kind = _BY_LEMMA.get(lemma)
        if kind is not None and token.pos_ != "VERB" and _fits(kind, token):
            found += _read(kind, token, at)
        elif lemma in _RECEPTION and token.pos_ == "NOUN":
            found += _reception(token, at)
    return [
        each
        for each in found
        if each.source.who.known and each.target.who.known and each.source.code != each.target.code
    ]


def _fits(kind: Noun, token: Token) -> bool:
    if not kind.needs:
        return True
    around = [*token.children, *(t for t in (token.head,) if t.pos_ == "VERB")]
    return any(each.lemma_.lower() in kind.needs for each in around)


def _read(kind: Noun, noun: Token, at: dict[int, Mention]) -> Iterator[Frame]:
    targets = list(_after(noun, kind.to, at)) or (list(_whither(noun, at)) if kind.type == "MOBILIZE" else [])
    sources = list(_doers(noun, at))
    if kind.mutual and "between" in kind.to and not sources and len(targets) == 2:
        sources, targets = targets[:1], targets[1:]
    if not sources:
        sources = [each for each in (_governor(noun, at),) if each is not None]
    for source in sources:
        for target in targets:
            yield Frame(
                source,
                target,
                kind.type,
                kind.mutual,
                noun,
                f"{noun.text!r}: by {source.who.text!r}, {target.who.text!r}",
            )


def _doers(noun: Token, at: dict[int, Mention]) -> Iterator[Mention]:
    """Who did it, where the noun says so: possessor, adjective, "by ..."."""
    for child in noun.children:
        if child.dep_ in ("poss", "amod", "compound", "nmod") and child.i in at:
            yield at[child.i]
            return
        if child.dep_ == "prep" and child.lower_ == "by":
            yield from _objects(child, at)
            return
        if child.dep_ == "acl" and (agent := next((c for c in child.children if c.dep_ == "agent"), None)) is not None:
            yield from _objects(agent, at)
            return
    if noun.lemma_.lower() in ("visit", "trip", "response", "reaction", "appeal", "threat", "demand"):
        preps = {c.lower_ for c in noun.children if c.dep_ == "prep"}
        if {"of", "to"} <= preps:
            yield from _after(noun, frozenset({"of"}), at)


def _after(noun: Token, to: frozenset[str], at: dict[int, Mention]) -> Iterator[Mention]:
    """Whom it was done to: behind one of the prepositions, of the noun or of the participle behind it."""
    preps = {c.lower_ for c in noun.children if c.dep_ == "prep"}
    if "of" in to and "to" in to and {"of", "to"} <= preps:
        to = to - {"of"}
    holders = [noun, *(c for c in noun.children if c.dep_ in ("acl", "relcl"))]
    if noun.dep_ in ("dobj", "nsubjpass") and noun.head.pos_ == "VERB":
        holders.append(noun.head)
    for holder in holders:
        for child in holder.children:
            if child.dep_ in ("prep", "dative") and child.lower_ in to and (holder is noun or child.lower_ != "of"):
                yield from _objects(child, at)


def _whither(noun: Token, at: dict[int, Mention]) -> Iterator[Mention]:
    """Where the verb goes that what is sent goes with: "he moved on to Cuba with the sending of a fleet"."""
    if noun.dep_ == "pobj" and noun.head.lower_ == "with" and noun.head.head.pos_ == "VERB":
        for child in noun.head.head.children:
            if child.dep_ == "prep" and child.lower_ in ("to", "toward", "towards", "into"):
                yield from _objects(child, at)


def _objects(prep: Token, at: dict[int, Mention]) -> Iterator[Mention]:
    for child in prep.children:
        if child.dep_ in ("pobj", "pcomp"):
            chain = [child, *child.conjuncts]
            seen: set[str] = set()
            for each in chain:
                if each.i in at and at[each.i].code not in seen:
                    seen.add(at[each.i].code)
                    yield at[each.i]


def _governor(noun: Token, at: dict[int, Mention]) -> Mention | None:
    """The subject of the verb that governs the noun, through prepositions and infinitives."""
    token = noun
    for _ in range(8):
        subject = next((c for c in token.children if c.dep_ in ("nsubj", "nsubjpass") and c.i != noun.i), None)
        if subject is not None and token.pos_ in ("VERB", "AUX"):
            if subject.i in at:
                return at[subject.i]
            if token.dep_ == "relcl":
                return _head_of(token.head, at)
            return None
        if token.dep_ == "ROOT" or token.head.i == token.i:
            return None
        token = token.head
    return None


def _head_of(token: Token, at: dict[int, Mention]) -> Mention | None:
    """Whom a relative clause is about: its head, or what the head only places ("the court in Rome, which ...")."""
    if token.i in at:
        return at[token.i]
    if token.dep_ == "pobj" and token.head.lower_ == "in" and token.head.head.i in at:
        return at[token.head.head.i]
    return None


def _reception(noun: Token, at: dict[int, Mention]) -> Iterator[Frame]:
    """Who came to whom: "the welcome that A gave B", "B's reception by A", "a reception for B in A"."""
    hosts: list[Mention] = []
    guests: list[Mention] = []
    for child in noun.children:
        if child.dep_ == "relcl":
            hosts += [at[c.i] for c in child.children if c.dep_ == "nsubj" and c.i in at]
            guests += [at[c.i] for c in child.children if c.dep_ in ("dobj", "dative", "iobj") and c.i in at]
        elif child.dep_ == "prep" and child.lower_ in ("by", "in"):
            hosts += list(_objects(child, at))
        elif child.dep_ == "prep" and child.lower_ in ("for", "of"):
            guests += list(_objects(child, at))
        elif child.dep_ == "poss" and child.i in at:
            guests.append(at[child.i])
    for guest in guests[:1]:
        for host in hosts[:1]:
            yield Frame(guest, host, "CONSULT", False, noun, f"{noun.text!r}: {guest.who.text!r} at {host.who.text!r}")
