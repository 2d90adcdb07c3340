"""Whether what a word says grows, shrinks or lasts, and whether it is so, was changed, is wanted, expected or supposed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from multipolar.reading.cues.arguments import SUBJECTS
from multipolar.reading.cues.words import (
    EAGER,
    EXPECTED,
    FAILING,
    IF,
    LESS,
    LESS_BESIDE,
    LESS_OF,
    MORE,
    MORE_BESIDE,
    MORE_OF,
    NEGATIONS,
    NONE_OF,
    QUITTING,
    SAME,
    SAME_BESIDE,
    SAME_OF,
    SUPPOSING,
    TIES,
    VAIN,
    WANTED,
    WANTING,
)
from multipolar.reading.model import ClaimKind

if TYPE_CHECKING:
    from spacy.tokens import Token


@dataclass(frozen=True, slots=True)
class Change:
    """Which way: +1, -1, 0 for lasting, None where nothing is said; whether it is denied; the word that says so."""

    way: int | None = None
    denied: bool = False
    lacking: bool = False
    word: str = ""


def change(token: Token) -> Change:
    """What the words around a word say of its growing, shrinking or lasting."""
    way, word = _way(token)
    denied, gone = _denied(token)
    if gone and way in (None, 0):
        return Change(-1, False, False, "no longer")
    if gone:
        return Change(-1 if way == 1 else 1, False, False, f"no longer {word}")
    lacking = any(_governing_noun(token, NONE_OF))
    if denied and way is not None and way != 0 and word in MORE | LESS:
        return Change(0, False, False, f"not {word}")
    return Change(way, denied, lacking, word)


def _way(token: Token) -> tuple[int | None, str]:
    for finder in (_beside, _of, _governed, _own_verb):
        found = finder(token)
        if found is not None:
            return found
    return None, ""


def _beside(token: Token) -> tuple[int | None, str] | None:
    """Adjectives of a noun, adverbs of a verb or adjective, and adverbs of those."""
    for child in token.children:
        if child.dep_ not in ("amod", "advmod", "nmod", "acomp", "compound", "det", "npadvmod"):
            continue
        for each in (child, *(c for c in child.children if c.dep_ == "advmod")):
            if each.lower_ == "longer" and _no(each):
                continue
            way = _sorted(each.lower_, MORE_BESIDE, LESS_BESIDE, SAME_BESIDE)
            if way is not None and not (each.lower_ == "new" and token.pos_ != "NOUN"):
                return way, each.lower_
    return None


def _of(token: Token) -> tuple[int | None, str] | None:
    """Nouns of change: "the erosion of its *hold*", "an increase in *pressure*"."""
    if token.dep_ == "pobj" and token.head.lower_ in ("of", "in") and token.head.head.pos_ in ("NOUN", "PROPN"):
        noun = token.head.head.lemma_.lower()
        way = _sorted(noun, MORE_OF, LESS_OF, SAME_OF)
        if way is not None:
            return way, noun
    for child in token.children:  # "isolation's end" is rare, "power loss" not
        if child.dep_ == "compound" and child.lower_ in ("record",):
            return 1, child.lower_
    return None


def _governed(token: Token) -> tuple[int | None, str] | None:
    """Verbs of change whose subject or object it is."""
    at = token
    for _ in range(3):
        head = at.head
        if at.dep_ == "conj" and at.pos_ == head.pos_ and head.i != at.i:
            at = head
            continue
        if at.dep_ == "pobj" and head.lower_ in ("of", "in", "over", "on") and head.head.lemma_.lower() in (
            "level", "degree", "kind", "form", "share", "sense", "network", "policy", "source", "feeling", "much", "most",
        ):  # fmt: skip
            at = head.head
            continue
        break
    head = at.head
    if head.pos_ not in ("VERB", "AUX") or head.i == at.i:
        if at.dep_ == "pobj" and head.lower_ == "from" and head.head.lemma_ in ("emerge", "escape", "recover", "break"):
            return -1, head.head.lemma_
        if at.dep_ == "pobj" and head.lower_ in ("to", "of") and head.head.lemma_ in ("end", "stop", "rid"):
            return -1, head.head.lemma_
        return None
    lemma = head.lemma_.lower()
    way = _sorted(lemma, MORE, LESS, SAME)
    if lemma in QUITTING and at.dep_ != "dobj":
        way = None
    if lemma in ("thaw", "mend", "heal") and at.lemma_.lower() in TIES:
        way = 1  # what ends a quarrel mends relations
    if at.dep_ in SUBJECTS and way is None and (ahead := _ahead(head)) is not None:
        return ahead
    if at.dep_ in (*SUBJECTS, "dobj", "xcomp", "ccomp", "attr", "acomp", "oprd", "dep"):
        particles = {child.lower_ for child in head.children if child.dep_ in ("prt", "advmod")}
        if (
            lemma in ("step", "build", "ratchet", "ramp", "firm", "shore", "flare", "crank", "turn")
            and "up" in particles
        ):
            return 1, f"{lemma} up"
        if lemma in ("break", "wear", "die", "scale", "dial", "cut") and particles & {"down", "back", "away", "off"}:
            return -1, lemma
        if at.dep_ in SUBJECTS and head.lemma_ not in ("lose", "gain") and any(c.dep_ == "dobj" for c in head.children):
            if lemma in ("outlast", "survive", "outlive"):
                return 0, lemma
            if lemma == "suffer":
                return -1, lemma
            if lemma == "show":  # "shows no sign of abating"
                return (0, "no sign") if any(c.lemma_ == "sign" for c in head.children) else None
            return None
        if at.dep_ in SUBJECTS and any(
            each.lemma_ in ("strain", "stress", "threat", "attack") for p in head.children if p.lower_ in ("under", "at")
            for each in p.children
        ):  # fmt: skip
            return -1, "under strain"
        if at.dep_ in SUBJECTS and lemma in ("be", "become", "get", "grow", "remain", "run", "seem", "stay"):
            for child in head.children:
                if child.dep_ in ("acomp", "attr", "advmod"):
                    found = _sorted(child.lower_, MORE_BESIDE, LESS_BESIDE, SAME_BESIDE)
                    if found is not None:
                        return found, child.lower_
        if (
            at.dep_ in SUBJECTS
            and lemma == "come"
            and any(c.lemma_ == "end" for p in head.children for c in p.children)
        ):
            return -1, "come to an end"
        if at.dep_ in ("acomp", "attr", "oprd", "ccomp", "xcomp") and lemma in (
            "become", "grow", "get", "turn", "make", "render", "emerge", "drive", "leave",
        ):  # fmt: skip
            return 1, lemma
        if (
            at.dep_ == "xcomp"
            and way is not None
            and lemma in ("begin", "start", "continue", "cease", "stop", "keep", "end")
        ):
            return way, lemma
        if at.dep_ in ("xcomp", "ccomp") and lemma not in ("remain", "stay", "continue"):
            return None
        if way is not None:
            return way, lemma
    return None


def _ahead(verb: Token) -> tuple[int, str] | None:
    """What something is likely, set, expected or beginning to do: "the contest is likely to *intensify*"."""
    for child in verb.children:
        inner = [c for c in (child, *child.children) if c.dep_ == "xcomp" and c.pos_ == "VERB"]
        for each in inner if child.dep_ in ("acomp", "xcomp", "oprd") else ():
            way = _sorted(each.lemma_.lower(), MORE, LESS, SAME)
            if way == 0 and child.lemma_.lower() in ("hard", "harder", "difficult", "impossible"):
                way = -1
            if way is not None and not any(c.dep_ == "dobj" for c in each.children):
                return way, each.lemma_.lower()
    return None


def _own_verb(token: Token) -> tuple[int | None, str] | None:
    """A verb or adjective that something began or kept: "began to *distrust*", "goes on *balancing*"."""
    head = token.head
    if token.pos_ in ("VERB", "ADJ") and token.dep_ in ("xcomp", "pcomp", "acomp", "oprd"):
        verb = head.head if head.pos_ == "ADP" else head
        if verb.lemma_ in ("continue", "keep", "remain", "stay") or (verb.lemma_ == "go" and head.lower_ == "on"):
            return 0, verb.lemma_
        if verb.lemma_ in ("begin", "start", "become", "come") and token.dep_ == "xcomp":
            return 1, verb.lemma_
        if verb.lemma_ in ("cease", "stop"):
            return -1, verb.lemma_
    return None


def _sorted(word: str, more: frozenset[str], less: frozenset[str], same: frozenset[str]) -> int | None:
    return 1 if word in more else -1 if word in less else 0 if word in same else None


def _no(token: Token) -> bool:
    return token.i > 0 and token.nbor(-1).lower_ in ("no", "any")


def _denied(token: Token) -> tuple[bool, bool]:
    """Whether it is denied, and whether it once was so ("no longer")."""
    denied, gone = _in_vain(token), False
    for each in _chain(token):
        for child in each.children:
            low = child.lower_
            if low == "longer" and child.dep_ in ("advmod", "npadvmod"):
                gone = gone or _no(child)
            elif child.dep_ in ("neg", "det", "advmod", "preconj", "cc") and low in NEGATIONS and child.i < each.i + 3:
                if low in ("neither", "nor", "little", "few") and child.dep_ == "cc":
                    continue
                denied = True
            elif (
                child.dep_ in SUBJECTS
                and any(c.lower_ in ("no", "neither", "nobody") for c in (child, *child.children))
            ) or (child.dep_ in ("dobj", "attr") and each.i != token.i and child.lower_ in ("nothing", "none")):
                denied = True
        if each.dep_ in ("xcomp", "acl", "pcomp", "pobj") and each.head.lemma_ in FAILING and each.head.i != each.i:
            denied = True
        if each.dep_ in ("pcomp", "pobj") and each.head.lower_ == "without":
            denied = True
    return denied and not gone, gone


def _in_vain(token: Token) -> bool:
    """Whether it is attempted without success: "attempts to *isolate* X are not working"."""
    at = token
    while at.dep_ in ("xcomp", "dobj", "conj") and at.head.i != at.i:
        at = at.head
    noun = at.head if at.dep_ == "acl" else None
    if noun is None or noun.lemma_.lower() not in WANTED or noun.dep_ not in SUBJECTS:
        return False
    verb = noun.head
    return verb.lemma_.lower() in VAIN or any(child.dep_ == "neg" for child in verb.children)


def _chain(token: Token) -> Iterator[Token]:
    """The word, and what governs it up to its own clause."""
    at = token
    for _ in range(6):
        yield at
        if at.head.i == at.i or (
            at.pos_ in ("VERB", "AUX", "ADJ")
            and at.dep_ in ("ROOT", "relcl", "advcl", "ccomp", "acl", "conj", "parataxis")
        ):
            return
        if at.dep_ in SUBJECTS and at.head.pos_ == "VERB" and any(c.dep_ == "dobj" for c in at.head.children):
            return
        if at.dep_ == "appos" or (at.i != token.i and at.dep_ in SUBJECTS):
            return
        at = at.head


def _governing_noun(token: Token, nouns: frozenset[str]) -> Iterator[bool]:
    if token.dep_ == "pobj" and token.head.lower_ == "of":
        yield token.head.head.lemma_.lower() in nouns


def kind(token: Token, changed: Change) -> ClaimKind:
    """State, change, forecast, intent or conditional."""
    at = token
    expected = False
    for _ in range(9):
        lower = {child.lower_ for child in at.children if child.dep_ in ("mark", "aux", "advmod", "prep")}
        if at.pos_ in ("VERB", "AUX", "ADJ", "NOUN"):
            if (
                lower & IF
                or lower & SUPPOSING
                or any(
                    child.dep_ == "advcl" and any(c.lower_ in ("if", "unless") for c in child.children)
                    for child in at.children
                )
            ):
                return "conditional"
            if lower & {"will", "shall", "’ll", "'ll"}:
                expected = True
        if at.dep_ == "advcl" and any(c.dep_ == "aux" and c.lower_ == "to" for c in at.children):
            return "intent"
        head = at.head
        if head.i == at.i:
            break
        if at.dep_ in ("xcomp", "dobj", "ccomp", "pobj", "pcomp", "acl", "prep"):
            over = head.head if head.pos_ == "ADP" else head
            if (
                at.dep_ == "xcomp"
                and head.lemma_ in EXPECTED | {"go", "expect"}
                and (head.lemma_ != "go" or head.tag_ == "VBG")
            ):
                expected = True
            elif _wanted(at, over):
                return "intent"
            elif over.lemma_.lower() in ("predict", "forecast", "herald", "foresee", "expect"):
                expected = True
        if at.dep_ in ("relcl", "parataxis") or (at.dep_ == "conj" and at.pos_ in ("VERB", "AUX") and expected):
            break
        at = head
    if expected:
        return "forecast"
    return "change" if changed.way in (1, -1) else "state"


def _wanted(at: Token, over: Token) -> bool:
    """Whether a word is what the one above it wants, tries or is eager for."""
    lemma = over.lemma_.lower()
    if over.pos_ == "VERB" and lemma in WANTING:
        return at.dep_ in ("xcomp", "dobj", "ccomp")
    if over.pos_ == "NOUN" and lemma in WANTED:
        return at.dep_ in ("acl", "pobj", "pcomp", "prep")
    return lemma in EAGER and at.dep_ in ("xcomp", "pcomp", "pobj", "prep")
