"""Which mentions stand at a word: itself, those joined to it, or those inside its phrase ("Russian gas", "loans from Chile")."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from multipolar.reading.cues.arguments import SUBJECTS, after, agents, antecedent, joined, subjects
from multipolar.reading.grammar import up, words
from multipolar.reading.mentions import Mention
from multipolar.reading.model import Who
from multipolar.reading.sentences import Sentence

if TYPE_CHECKING:
    from spacy.tokens import Token

_PRONOUNS: Final = words(
    "it its itself he him his himself she her herself they them their theirs themselves both neither former latter one"
)
#: Codes of the circles of a state.
_CIRCLE: Final = re.compile(r"GRP:([A-Z]{3})_(?:ALLIES|RIVALS|NEIGHBOURS)")
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
        held = min(holding, key=lambda each: each.end - each.start, default=None)
        circle = _CIRCLE.fullmatch(held.code) if held is not None and token.dep_ in ("poss", "pobj", "amod") else None
        if held is None or circle is None or token.pos_ not in ("PROPN", "ADJ"):
            return held
        who = Who(circle[1], None, token.text, f"{token.text!r} is whose circle {held.who.text!r} is")
        return replace(held, start=start, end=end, who=who, root=token, kind="name", plural=False)

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
        every = joined(self._pointed(antecedent(token)))
        yield every
        if not deep:
            return
        nouns = [each for each in every if each.pos_ in ("NOUN", "PROPN", "ADJ", "VERB", "PRON", "NUM", "DET")]
        yield [
            other for each in nouns for child in each.children if child.dep_ in ("poss", "amod", "compound", "nmod")
            for other in joined(child)
        ]  # fmt: skip
        yield [other for each in nouns for child in each.children if child.dep_ == "appos" for other in joined(child)]
        for name in _INNER:
            yield [other for each in nouns for inner in after(each, (name,)) for other in joined(antecedent(inner))]
        below = [inner for each in nouns for inner in after(each, _INNER) if self.exactly(inner) is None]
        yield [
            other for each in below for child in each.children if child.dep_ in ("poss", "amod", "compound", "nmod")
            for other in joined(child)
        ]  # fmt: skip
        yield [inner for each in below for inner in after(each, ("of", "with", "from", "in"))]
        yield [inner for each in nouns for c in each.children if c.dep_ == "acl" for inner in agents(c)]

    def _pointed(self, token: Token) -> Token:
        """For a plural pronoun of this sentence the words it stands for, which may be several."""
        if token.lower_ in ("their", "them", "they", "themselves", "both"):
            meant = self._meant(token)
            if meant is not None and any(c.dep_ == "conj" and c.i in self._roots for c in meant.root.children):
                return meant.root
        return token

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
