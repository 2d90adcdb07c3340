"""Who stands in which place of a word: subject, object, possessor, after a preposition, or governing it from afar.

The parse is followed through passives, relative clauses, participles, infinitives and coordination. A phrase that is no actor
itself stands for the actor in it ("Washington's fate", "Russian gas", "payments from Australia").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from multipolar.reading.grammar import up, words

if TYPE_CHECKING:
    from spacy.tokens import Token

SUBJECTS: Final = ("nsubj", "nsubjpass", "csubj")
_RELATIVE: Final = words("who whom whose which that")
#: Verbs whose second object is the one who then has the first ("gives Y leverage").
_GIVING: Final = words("give grant offer hand lend provide afford deny allow leave cost deliver confer win gain")
#: Verbs that say what their subject is.
BEING: Final = words(
    "be become remain stay seem appear feel look sound constitute represent grow get turn prove find emerge count serve"
)
#: Verbs that say what their object is.
_NAMING: Final = words(
    "consider call make deem regard see view describe brand label declare treat leave render turn keep portray find think"
)
#: Prepositions that say too little to be looked for beyond the parse.
_VAGUE: Final = ("of", "in", "to", "with", "for", "by", "at")
#: Verbs after which a group is in parts.
_PARTING: Final = words("divide split sort form turn fragment break fall separate become crystallise coalesce harden")
#: Verbs of undergoing, where a relative clause says who does: "the isolation to which X has been *subjected*".
_BEARING: Final = words(
    "subject suffer face endure experience impose inflict bring undergo have enjoy exert wield hold feel find"
)


def antecedent(token: Token) -> Token:
    """What a relative pronoun stands for; any other word itself."""
    if token.lower_ in _RELATIVE and token.tag_ in ("WDT", "WP", "WP$", "IN"):
        for each in up(token):
            if each.dep_ == "relcl":
                return each.head
    return token


def joined(token: Token) -> list[Token]:
    """A word and those joined to it by "and"."""
    found, queue = [token], [token]
    while queue:
        for child in queue.pop().children:
            if child.dep_ == "conj" and child.pos_ not in ("VERB", "AUX"):
                found.append(child)
                queue.append(child)
            elif child.dep_ == "appos":  # "China, its largest market, and Japan"
                beside = [each for each in child.children if each.dep_ == "conj" and each.pos_ == "PROPN"]
                found += beside
                queue += beside
    return found


def after(token: Token, names: Sequence[str]) -> list[Token]:
    """The nouns after a preposition of a word ("dependence *on Moscow*", "drift *away from Paris*")."""
    found = []
    for child in _with_joined(token.children):
        if child.dep_ in ("prep", "dative", "agent", "prt", "advmod", "acomp", "oprd", "conj") or child.pos_ == "ADP":
            if child.lower_ in names:
                found += [inner for inner in child.children if inner.dep_ in ("pobj", "pcomp")]
            if child.pos_ != "VERB":
                found += [
                    inner
                    for deeper in child.children
                    if deeper.dep_ == "prep" and deeper.lower_ in names
                    for inner in deeper.children
                    if inner.dep_ in ("pobj", "pcomp")
                ]
    return found


def _with_joined(children: Iterable[Token]) -> Iterator[Token]:
    """Words and the prepositions joined to them: "*from* one and *toward* the other"."""
    for child in children:
        yield child
        if child.pos_ in ("ADP", "ADV"):
            yield from (other for other in child.children if other.dep_ == "conj" and other.pos_ in ("ADP", "ADV"))


def passive(verb: Token) -> bool:
    """Whether a verb tells what was done to its subject."""
    if any(child.dep_ in ("nsubjpass", "auxpass", "agent") for child in verb.children):
        return True
    perfect = any(child.lemma_ == "have" and child.dep_ == "aux" for child in verb.children)
    return verb.tag_ == "VBN" and not perfect and verb.dep_ in ("acl", "advcl", "amod", "oprd", "acomp", "relcl", "dep")


def agents(verb: Token) -> list[Token]:
    """Who does what a passive says."""
    return after(verb, ("by",))


def subjects(verb: Token, depth: int = 0) -> list[Token]:
    """The grammatical subject of a verb or adjective, also where only its governor shows it."""
    near = [*verb.children, *(c for aux in verb.children if aux.dep_ == "auxpass" for c in aux.children)]
    own = [child for child in near if child.dep_ in SUBJECTS and child.lower_ != "there"]
    if own:
        return [antecedent(child) for child in own]
    head = verb.head
    if depth > 6 or head.i == verb.i:
        return []
    if verb.dep_ == "relcl":
        return [head]
    if verb.dep_ == "acl":
        infinitive = any(child.dep_ == "aux" and child.lower_ == "to" for child in verb.children)
        return holders(head, depth + 1) if infinitive else [head]
    if verb.dep_ == "amod":
        return [head]
    if verb.dep_ in ("xcomp", "ccomp", "oprd"):
        things = [child for child in head.children if child.dep_ == "dobj"]
        if things and head.lemma_ not in ("promise", "have", "take"):
            return things
    if verb.dep_ in ("appos",):
        return [head]
    if verb.dep_ in ("pcomp", "pobj", "prep") or head.pos_ == "ADP":
        while head.pos_ in ("ADP", "SCONJ") and head.head.i != head.i:
            head = head.head
        if head.pos_ in ("NOUN", "PROPN"):
            return holders(head, depth + 1)
    if head.pos_ in ("NOUN", "PROPN") and verb.dep_ not in ("conj",):
        return holders(head, depth + 1)
    return subjects(head, depth + 1)


def holders(noun: Token, depth: int = 0) -> list[Token]:
    """Who has what a noun without possessor names: its possessor, or the subject of the verb that governs it."""
    own = [child for child in noun.children if child.dep_ == "poss"]
    if own:
        return own
    national = [child for child in noun.children if child.dep_ in ("amod", "compound") and child.tag_ in ("JJ", "NNP")
                and (child.ent_type_ or child.text[:1].isupper())]  # fmt: skip
    if national:
        return national
    doers = after(noun, ("by", "of"))
    return doers or governors(noun, depth + 1)


def governors(noun: Token, depth: int = 0) -> list[Token]:
    """The subject of the verb that a noun is the object of; who gets it, of verbs of giving."""
    head = noun.head
    if depth > 6 or head.i == noun.i:
        return []
    if noun.dep_ in SUBJECTS:
        return after(head, ("to", "for")) if head.lemma_ in ("belong", "matter") else []
    while head.pos_ in ("ADP", "SCONJ") and head.head.i != head.i:
        head = head.head
    if noun.dep_ == "conj" and noun.pos_ == head.pos_:
        return governors(head, depth + 1)
    if head.pos_ in ("NOUN", "PROPN"):
        return holders(head, depth + 1)
    if head.lemma_ in _GIVING:
        getting = [c for c in head.children if c.dep_ == "dative" and c.pos_ != "ADP"] or after(head, ("to",))
        things = [c for c in head.children if c.dep_ == "dobj" and c.i != noun.i]
        if getting or (things and noun.dep_ in ("pobj", "ccomp", "oprd")):
            return getting or things
    if passive(head):
        return agents(head) if noun.dep_ in SUBJECTS else subjects(head, depth + 1)
    return subjects(head, depth + 1)


def objects(verb: Token) -> list[Token]:
    """What a verb is done to."""
    if passive(verb):
        return subjects(verb)
    found = [child for child in verb.children if child.dep_ in ("dobj", "dative") and child.pos_ != "ADP"]
    if not found:  # an object that the parser took for the subject of the clause below
        found = [c for child in verb.children if child.dep_ in ("ccomp", "xcomp") for c in child.children
                 if c.dep_ == "nsubj" and not any(m.dep_ == "mark" for m in child.children)
                 and any(a.lower_ == "to" for a in child.children)]  # fmt: skip
    return [antecedent(each) for each in found]


def doers(verb: Token) -> list[Token]:
    """Who does what a verb says."""
    if passive(verb):
        return agents(verb)
    return subjects(verb)


def _above(token: Token) -> list[Token]:
    """The verbs above a word, the nearest first."""
    return [each for each in up(token) if each.i != token.i and each.pos_ in ("VERB", "AUX")]


def of_whom(noun: Token) -> list[Token]:
    """What a noun is said of: "X is a *pariah*", "X, a *pariah*", "call X a *pariah*", "X emerged as a *pariah*"."""
    head = noun.head
    if noun.dep_ == "conj" and noun.pos_ == head.pos_:
        return of_whom(head)
    if noun.dep_ == "attr" or (noun.dep_ == "acomp" and head.lemma_ in BEING):
        return subjects(head)
    found = [child for child in noun.children if child.dep_ == "appos"]
    if noun.dep_ == "appos":
        found = [head]
    elif noun.dep_ in ("oprd", "ccomp"):
        own = [child for child in noun.children if child.dep_ in SUBJECTS]
        found = own or [c for c in head.children if c.dep_ in ("dobj", "nsubjpass")]
    elif noun.dep_ == "dobj" and head.lemma_ in BEING:
        found = subjects(head)
    elif noun.dep_ == "pobj" and head.lower_ in ("as", "like", "into", "from"):
        verb = head.head
        things = [c for c in verb.children if c.dep_ in ("dobj", "nsubjpass")]
        found = (
            things if verb.lemma_ in _NAMING and things else subjects(verb) if verb.pos_ in ("VERB", "AUX") else [verb]
        )
    elif noun.dep_ in ("compound", "nmod"):
        found = [head]
    return [antecedent(each) for each in found]


def _being(adjective: Token) -> list[Token]:
    """What an adjective is said of."""
    head = adjective.head
    if adjective.dep_ == "conj" and adjective.pos_ == head.pos_:
        return _being(head)
    if adjective.dep_ == "amod":
        return [head]
    things = [child for child in head.children if child.dep_ == "dobj"]
    if head.lemma_ in _NAMING and things and adjective.dep_ in ("ccomp", "oprd", "acomp", "xcomp"):
        return things
    own = [child for child in adjective.children if child.dep_ in SUBJECTS]
    return own or subjects(adjective)


def prepositions(token: Token, names: Sequence[str]) -> list[Token]:
    """The nouns after a preposition of a word, or of the word it is the object or predicate of."""
    own = after(token, names)
    if not own and token.pos_ == "VERB":
        own = [i for c in token.children if c.dep_ in ("dobj", "xcomp") and c.i > token.i for i in after(c, names)]
    elif not own and token.dep_ in ("dobj", "attr", "acomp", "nsubjpass", "oprd", "nsubj"):
        own = [inner for inner in after(token.head, names) if inner.i > token.i or token.dep_.startswith("nsubj")]
    elif (
        not own
        and token.dep_ == "pobj"
        and token.head.lower_ in ("under", "in", "at", "on")
        and token.head.head.pos_ == "VERB"
    ):
        own = [inner for inner in after(token.head.head, names) if inner.i > token.i]
    return own or ([] if names[0] in _VAGUE else _next(token, names))


def _next(token: Token, names: Sequence[str]) -> list[Token]:
    """The nouns after the next such preposition, where the parser hung it elsewhere: no other verb is between."""
    for each in token.doc[token.i + 1 : min(token.i + 10, token.sent.end)]:
        if each.pos_ in ("VERB", "AUX", "SCONJ") or each.lower_ in (";", ":", ",", "and", "but"):
            return []
        if each.lower_ in names and each.pos_ in ("ADP", "ADV"):
            return [inner for inner in each.children if inner.dep_ in ("pobj", "pcomp")]
    return []


_PLACES: Final[dict[str, Callable[[Token], list[Token]]]] = {
    "obj": objects,
    "being": _being,
    "gov": governors,
    "is": of_whom,
    "iobj": lambda token: [c for c in token.children if c.dep_ == "dative" and c.pos_ != "ADP"] or after(token, ("to",)),
    "rel": lambda token: [
        s for c in token.children if c.dep_ in ("relcl", "acl") and c.lemma_ in _BEARING
        for s in (after(c, ("on", "upon")) or [n for n in c.children if n.dep_ in SUBJECTS and n.tag_ not in ("WDT", "WP")])],
    "split": lambda token: [
        s for each in _above(token)[:1] if each.lemma_ in _PARTING for s in (objects(each) or subjects(each))],
    "pre": lambda token: [c for c in token.children if c.dep_ in ("amod", "compound", "nmod") and c.i < token.i],
    "vis": lambda token: prepositions(token, ("vis", "vis-à-vis", "vis-a-vis")),
    "self": lambda token: [token],
    "govobj": lambda token: [
        c for each in _above(token)[:1] for c in objects(each) if c.i != token.i],
}  # fmt: skip


def place(token: Token, name: str) -> list[Token]:
    """The words in one place of a cue: ``subj obj poss gov is self iobj govobj``, or a preposition."""
    if name == "subj":
        return doers(token)
    if name == "poss":
        beside = [c for c in token.children if c.dep_ in ("compound", "nmod")]
        own = [c for each in (token, *beside) for c in each.children if c.dep_ in ("poss", "amod", "compound", "nmod")]
        if not own and token.dep_ == "pobj" and token.head.lower_ == "of":  # "its loss of *influence*"
            own = [c for c in token.head.head.children if c.dep_ in ("poss", "amod", "compound")]
        return own
    if name in _PLACES:
        return _PLACES[name](token)
    if name == "toward":
        return prepositions(token, ("toward", "towards"))
    return prepositions(token, (name,))
