"""Who stands in which place of a word: subject, object, possessor, after a preposition, or governing it from afar.

The parse is followed through passives, relative clauses, participles, infinitives and coordination. A phrase that is no actor
itself stands for the actor in it ("Washington's fate", "Russian gas", "payments from Australia").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from multipolar.reading.grammar import up, words
from multipolar.reading.mentions import Mention
from multipolar.reading.sentences import Sentence

if TYPE_CHECKING:
    from spacy.tokens import Token

SUBJECTS: Final = ("nsubj", "nsubjpass", "csubj")
_PRONOUNS: Final = words(
    "it its itself he him his himself she her herself they them their theirs themselves both neither former latter one"
)
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
_INNER: Final = ("of", "from", "with", "by", "in", "to", "between", "among", "within", "for", "on")


class Sides:
    """The mentions of a sentence, by the words they stand at."""

    def __init__(self, sentence: Sentence, mentions: Sequence[Mention]) -> None:
        self._sentence, self._mentions = sentence, mentions
        self._roots: dict[int, Mention] = {}
        for each in mentions:
            self._roots.setdefault(each.root.i, each)

    def exactly(self, token: Token) -> Mention | None:
        """The mention whose head is this word, or that holds it."""
        if token.i in self._roots:
            return self._roots[token.i]
        start, end = self._sentence.place(token)
        holding = [each for each in self._mentions if each.start <= start and end <= each.end]
        return min(holding, key=lambda each: each.end - each.start, default=None)

    def heads(self, token: Token) -> bool:
        """Whether a word is the head of a mention."""
        return token.i in self._roots

    def at(self, token: Token, but: Sequence[Mention] = (), *, deep: bool = True) -> tuple[list[Mention], bool]:
        """The mentions that a word stands for, and whether they were only found inside its phrase.

        Parameters
        ----------
        token : spacy.tokens.Token
        but : sequence of Mention
            Actors that it cannot be.
        deep : bool
            Whether to look inside a phrase that is no actor itself.
        """
        codes = {each.code for each in but}
        for number, tier in enumerate(self._tiers(token, deep)):
            found: list[Mention] = []
            for word in tier:
                mention = self._standing(word)
                if mention is not None and mention.code not in codes and mention not in found:
                    found.append(mention)
            if found:
                return found, number > 0
        return [], False

    def _tiers(self, token: Token, deep: bool) -> Iterator[list[Token]]:
        every = _joined(antecedent(token))
        yield every
        if not deep:
            return
        nouns = [each for each in every if each.pos_ in ("NOUN", "PROPN", "ADJ", "VERB", "PRON", "NUM", "DET")]
        yield [
            other for each in nouns for child in each.children if child.dep_ in ("poss", "amod", "compound", "nmod")
            for other in _joined(child)
        ]  # fmt: skip
        yield [other for each in nouns for child in each.children if child.dep_ == "appos" for other in _joined(child)]
        for name in _INNER:
            yield [other for each in nouns for inner in after(each, (name,)) for other in _joined(antecedent(inner))]
        below = [inner for each in nouns for inner in after(each, _INNER) if self.exactly(inner) is None]
        yield [
            other for each in below for child in each.children if child.dep_ in ("poss", "amod", "compound", "nmod")
            for other in _joined(child)
        ]  # fmt: skip
        yield [inner for each in below for inner in after(each, ("of", "with", "from", "in"))]
        yield [inner for each in nouns for c in each.children if c.dep_ == "acl" for inner in agents(c)]

    def _standing(self, token: Token) -> Mention | None:
        found = self.exactly(token)
        if found is not None and (found.who.known or token.lower_ not in _PRONOUNS):
            return found
        if token.lower_ in _PRONOUNS and token.pos_ in ("PRON", "DET", "ADJ"):
            return self._meant(token) or found
        return None

    def _meant(self, token: Token) -> Mention | None:
        """Whom a pronoun of this sentence stands for: the subject of its clause or one above, else the nearest before it."""
        for each in up(token):
            for subject in subjects(each) if each.pos_ in ("VERB", "AUX") else ():
                if subject.i != token.i and token.i not in [t.i for t in subject.subtree]:
                    if (found := self._roots.get(subject.i)) is not None:
                        return found
                    inner = [self._roots[t.i] for t in subject.children if t.i in self._roots]
                    if inner:
                        return inner[0]
        before = [each for each in self._mentions if each.root.i < token.i and each.root.lower_ not in _PRONOUNS]
        heads = [each for each in before if each.root.dep_ in SUBJECTS] or before
        return heads[-1] if heads else None

    def inside(self, token: Token, but: Sequence[Mention]) -> list[Mention]:
        """The mentions below a word and after it, without those of some actors."""
        below = {each.i for each in token.subtree if each.i > token.i}
        return [each for each in self.rest(token, but) if each.root.i in below]

    def rest(self, token: Token, but: Sequence[Mention]) -> list[Mention]:
        """The mentions after a word in its clause, without those of some actors."""
        codes = {each.code for each in but}
        return [each for each in self._mentions if each.root.i > token.i and each.code not in codes]


def antecedent(token: Token) -> Token:
    """What a relative pronoun stands for; any other word itself."""
    if token.lower_ in _RELATIVE and token.tag_ in ("WDT", "WP", "WP$", "IN"):
        for each in up(token):
            if each.dep_ == "relcl":
                return each.head
    return token


def _joined(token: Token) -> list[Token]:
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
    for child in token.children:
        if child.dep_ in ("prep", "dative", "agent", "prt", "advmod", "acomp", "oprd") or child.pos_ == "ADP":
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
    own = [child for child in verb.children if child.dep_ in SUBJECTS and child.lower_ not in ("there",)]
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
        return _being(token) if token.pos_ in ("ADJ", "ADV") else doers(token)
    if name == "poss":
        own = [c for c in token.children if c.dep_ in ("poss", "amod", "compound", "nmod")]
        if not own and token.dep_ == "pobj" and token.head.lower_ == "of":  # "its loss of *influence*"
            own = [c for c in token.head.head.children if c.dep_ in ("poss", "amod", "compound")]
        return own
    if name in _PLACES:
        return _PLACES[name](token)
    if name == "toward":
        return prepositions(token, ("toward", "towards"))
    return prepositions(token, (name,))
