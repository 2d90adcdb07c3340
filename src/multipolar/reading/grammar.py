"""What the parse of a sentence says: which word joins two actors, its clause, who is speaking, and whether it happened at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from spacy.tokens import Token


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


CLAUSES: Final = frozenset({"ROOT", "ccomp", "advcl", "relcl", "acl", "pcomp", "csubj", "parataxis"})
#: Verbs whose object clause is what somebody says or thinks.
SAYING: Final = words(
    "say tell claim argue insist believe think state announce declare report add note explain suggest contend "
    "maintain assert write warn predict complain conclude allege acknowledge admit concede consider estimate fear "
    "stress emphasise emphasize underline underscore describe point observe remark comment charge accuse deny "
    "confirm reiterate hint indicate reveal disclose specify clarify boast lament see view regard portray convey "
    "show"
)
#: Words after which something has not happened (yet, or at all).
_UNREAL: Final = words(
    "want wish hope seek try attempt intend plan aim consider mull ponder contemplate fear risk urge demand call "
    "ask request require expect propose suggest recommend threaten vow promise pledge offer agree prepare decide "
    "refuse decline prevent avoid deter stop avert help enable allow let encourage push press force persuade "
    "convince invite need"
)
_PLANNED: Final = words("plan schedule prepare intend expect due set slate pledge promise vow agree decide")
_DENIED: Final = words("fail refuse decline deny avoid prevent stop avert halt block forget")
_POSSIBLE: Final = words("could might may would can should must ought")
_NOT: Final = words("not n't n’t never no neither nor hardly without nobody none")
_IF: Final = words("if unless whether lest should were")
_PERHAPS: Final = words(
    "potentially possibly perhaps maybe hypothetically likely conceivably would-be prospective potential possible "
    "hypothetical"
)


def up(token: Token) -> Iterator[Token]:
    """The word and all above it."""
    while True:
        yield token
        if token.head.i == token.i:
            return
        token = token.head


def joining(a: Token, b: Token) -> Token:
    """The word below which both stand: the verb or noun that relates them; of two sentences read as one, the second's head."""
    above = [token.i for token in up(a)]
    return next((token for token in up(b) if token.i in above), list(up(b))[-1])


def deed(a: Token, b: Token) -> Token:
    """The word that tells what is between them: the joining one, or the verb below it that has the second for its object.

    "Chad failed to attack Libya": joined by "failed", told by "attack".
    """
    top = joining(a, b)
    for each in up(b):
        if each.i == top.i:
            return top
        if each.dep_ in ("xcomp", "pcomp") and each.pos_ == "VERB":
            return each
    return top


def linked(a: Token, b: Token) -> bool:
    """Whether two words are sides of one clause or phrase, so that what its head tells can be between them."""
    top = joining(a, b)
    if all(each.i != top.i for each in up(a)):
        return False
    return all(_within(token, other, top) for token, other in ((a, b), (b, a)))


def _within(token: Token, other: Token, top: Token) -> bool:
    """Whether nothing on the way up to `top` opens another clause with a subject of its own."""
    for each in up(token):
        if each.i == top.i:
            return True
        if each.dep_ in ("ccomp", "advcl", "parataxis", "csubj"):
            return False
        if each.dep_ == "relcl":
            return each.head.i == other.i and any(
                c.dep_ in ("nsubj", "nsubjpass", "dobj") and c.tag_ in ("WDT", "WP") for c in each.children
            )
        if each.dep_ == "acl" and each.tag_ in ("VBN", "VBG") and top.i != each.head.i:
            return False
        if each.dep_ == "conj" and each.pos_ == "VERB" and any(c.dep_ in ("nsubj", "nsubjpass") for c in each.children):
            return False
    return True


def clause(token: Token) -> Token:
    """The head of the clause that a word belongs to."""
    return next(
        (each for each in up(token) if each.dep_ in CLAUSES or (each.dep_ == "conj" and each.pos_ == "VERB")), token
    )


def stretch(token: Token, *, cut: bool = True) -> tuple[int, int]:
    """First and last word (numbers in the paragraph) of a word's clause, without clauses that stand at its edges."""
    head = clause(token)
    first, last = head.left_edge.i, head.right_edge.i
    if cut:
        for child in head.children:
            apart = child.dep_ in ("advcl", "ccomp", "parataxis") or (
                child.dep_ == "conj" and child.pos_ in ("VERB", "AUX")
            )
            if apart and not _below(token, child):
                if child.left_edge.i > head.i:
                    last = min(last, child.left_edge.i - 1)
                elif child.right_edge.i < head.i:
                    first = max(first, child.right_edge.i + 1)
    return first, last


def _below(token: Token, other: Token) -> bool:
    return any(each.i == other.i for each in up(token))


def speaker(token: Token) -> Token | None:
    """The subject of the verb of saying above a word; None where the text says it itself."""
    for each in up(token):
        if each.dep_ in ("ccomp", "parataxis", "relcl") and each.head.i != each.i and each.head.lemma_ in SAYING:
            subject = next((c for c in each.head.children if c.dep_ in ("nsubj", "nsubjpass")), None)
            if subject is not None and subject.i != token.i:
                return subject
        if each.dep_ == "pobj" and each.head.lower_ == "to" and each.head.head.lower_ == "according":
            return None
    for each in token.sent:  # "according to X"
        if each.lower_ == "according":
            name = next((t for t in each.subtree if t.dep_ == "pobj"), None)
            if name is not None:
                return name
    root = token.sent.root  # "..., X said": the parser makes the saying the root
    if root.lemma_ in SAYING and root.i != clause(token).i:
        subject = next((c for c in root.children if c.dep_ in ("nsubj", "nsubjpass")), None)
        if subject is not None and not _below(token, subject):
            return subject
    return None


def negated(token: Token) -> bool:
    """Whether the words say that it did not happen."""
    for each in _governors(token):
        if any(
            c.dep_ == "neg" or c.lower_ in _NOT for c in each.children if c.dep_ in ("neg", "det", "advmod", "preconj")
        ):
            return True
        if each.dep_ in ("xcomp", "pcomp", "ccomp") and each.head.lemma_ in _DENIED and each.i != each.head.i:
            return True
        if each.dep_ in ("pcomp", "pobj") and each.head.lower_ == "without":
            return True
        if each.dep_ == "pobj" and each.head.lower_ == "from" and each.head.head.lemma_ in _DENIED:
            return True
    return False


def hypothetical(token: Token) -> bool:
    """Whether it is only supposed, feared, wished for, demanded or possible."""
    for each in _governors(token):
        for child in each.children:
            if child.lower_ in _IF and child.dep_ in ("mark", "advmod"):
                return True
            if child.dep_ == "aux" and child.lower_ in _POSSIBLE and child.lower_ not in ("must", "can", "should"):
                return True
            if child.dep_ in ("advmod", "amod") and child.lower_ in _PERHAPS:
                return True
        if each.dep_ in ("xcomp", "dobj", "pobj", "pcomp", "ccomp") and _unreal_head(each):
            return True
    return False


def future(token: Token) -> bool:
    """Whether it is announced or planned."""
    for each in _governors(token):
        for child in each.children:
            if child.dep_ == "aux" and child.lower_ in ("will", "shall", "’ll", "'ll"):
                return True
            if child.dep_ == "amod" and child.lower_ in (
                "planned",
                "upcoming",
                "forthcoming",
                "scheduled",
                "future",
                "next",
                "coming",
            ):
                return True
        if each.dep_ == "xcomp" and (
            each.head.lemma_ in _PLANNED or (each.head.lemma_ == "go" and each.head.tag_ == "VBG")
        ):
            return True
    return False


def _governors(token: Token) -> Iterator[Token]:
    """The word and those above it, up to its clause and through the verbs that take it as their object."""
    for each in up(token):
        yield each
        if each.dep_ in ("ROOT", "relcl", "advcl", "parataxis", "acl", "nsubj", "nsubjpass"):
            return
        if each.dep_ == "ccomp" and each.head.lemma_ in SAYING:
            return


def _unreal_head(token: Token) -> bool:
    head = token.head if token.head.pos_ != "ADP" else token.head.head
    return head.lemma_ in _UNREAL and head.i != token.i and head.pos_ in ("VERB", "NOUN")
