"""Who is spoken of in a sentence, where, and whom they stand for.

A mention is a name, a description ("Israeli settlers", "the ruling junta"), a collective ("its allies") or a pronoun. Names and
descriptions are looked up in the dated registry (`who.actor_of`); pronouns, and descriptions without a country, are resolved from
what was mentioned before (`Tracker`). What cannot be resolved stays ``UNK`` and keeps its place, so that a later "he" does not
skip to somebody else.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from multipolar.actors import states
from multipolar.reading.grammar import words
from multipolar.reading.model import UNKNOWN, Who
from multipolar.reading.names.registry import Hit, find
from multipolar.reading.names.roles import sector_of
from multipolar.reading.names.who import actor_of
from multipolar.reading.sentences import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Span, Token

Kind = Literal["name", "role", "group", "pronoun"]

_HE: Final = words("he him his himself she her hers herself")
_IT: Final = words("it its itself")
_THEY: Final = words("they them their theirs themselves both")
#: Nouns that stand for a state that has been named, when "the" or "this" is before them.
_STATE_NOUNS: Final = words(
    "country nation state government administration regime military army capital republic kingdom island "
    "authorities ministry leadership"
)
_BODY_NOUNS: Final = words("bloc alliance organization organisation group union body council agency court commission")
#: Nouns that make a collective of a named state, and how its code ends.
_CIRCLES: Final = {
    "ally": "ALLIES", "partner": "ALLIES", "friend": "ALLIES", "satellite": "ALLIES", "client": "ALLIES",
    "backer": "BACKERS", "supporter": "BACKERS", "patron": "BACKERS", "sponsor": "BACKERS",
    "rival": "RIVALS", "enemy": "RIVALS", "foe": "RIVALS", "adversary": "RIVALS", "opponent": "RIVALS",
    "neighbour": "NEIGHBOURS", "neighbor": "NEIGHBOURS",
}  # fmt: skip
#: Adjectives of collectives, where they stand before what the collective does, has or undergoes.
_ADJECTIVES: Final = {
    "western": "GRP:WEST", "european": "GRP:EUROPE", "african": "GRP:AFRICA", "arab": "GRP:ARAB_STATES", "asian": "GRP:ASIA",
    "eurasian": "GRP:EURASIA", "nordic": "GRP:NORDICS", "baltic": "GRP:BALTICS", "international": "GRP:INTL",
}  # fmt: skip
#: What is international only when others do it to one.
_OF_ALL: Final = words(
    "isolation pressure condemnation criticism outcry recognition support sanction community boycott"
)
#: Verbs whose "it" is a matter, not an actor.
_IDLE: Final = words("achieve do make get find have take mean manage put call see know say believe")
#: Groups that their members make ("a bloc of allies"), and states told apart by what they do ("countries that back X").
_GROUPS: Final = words("bloc circle camp network group coalition alliance axis club ring")
_STATES: Final = words("country state nation government power capital member neighbour neighbor")
_BACKING: Final = words("support back arm aid help finance fund supply")
_OPPOSING: Final = words("oppose fight resist confront")
#: Nouns of things that act for the state whose adjective stands before them.
_ARMS: Final = words(
    "jet warplane plane aircraft helicopter bomber fighter drone missile rocket artillery tank warship ship "
    "destroyer frigate submarine vessel boat fleet navy troop force soldier police shell bomb battery satellite "
    "flotilla squadron convoy patrol"
)
_PROPER: Final = frozenset({"PERSON", "ORG", "GPE", "NORP"})


@dataclass(frozen=True)
class Mention:
    """One mention of an actor.

    Attributes
    ----------
    start, end : int
        Its characters in the article.
    who : Who
    root : spacy.tokens.Token
        Its head word.
    kind : str
        ``name``, ``role``, ``group`` or ``pronoun``.
    person, plural, joined, subject : bool
        Whether it is a person, several by its form, several joined by "and", the subject of a verb.
    """

    start: int
    end: int
    who: Who
    root: Token
    kind: Kind
    person: bool = False
    plural: bool = False
    subject: bool = False
    joined: bool = False

    @property
    def code(self) -> str:
        """The code of its actor."""
        return self.who.code


@dataclass
class Tracker:
    """What an article has mentioned so far, latest last, and in which of its sentences."""

    on: date | None = None
    seen: list[Mention] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)
    sentences: int = 0
    surnames: dict[str, Who] = field(default_factory=dict)

    def remember(self, mentions: list[Mention]) -> None:
        """Add the mentions of a sentence."""
        self.sentences += 1
        self.seen.extend(mentions)
        self.places.update((each.start, self.sentences) for each in mentions)
        del self.seen[:-60]
        for each in mentions:
            if each.person and each.kind == "name" and each.who.known and each.root.text[0].isupper():
                self.surnames[each.root.text] = each.who

    def pronoun(self, token: Token, here: list[Mention]) -> Mention | None:
        """Whom a pronoun stands for: the nearest fitting mention, subjects first; None if there is none."""
        word = token.lower_
        fitting = [each for each in here if self._fits(word, each) and self._free(token, each)]
        if found := _nearest(fitting):
            return found
        earlier = [each for each in self.seen if self._fits(word, each)]
        if not earlier and word in _HE:  # "the Kremlin ... he": a seat of power stands for who sits in it
            earlier = [each for each in self.seen if each.who.sector == "GOV" and not each.plural]
        return self._salient(earlier)

    def description(self, noun: str) -> Mention | None:
        """The state or body that "the country", "the bloc" or "the president" stands for."""
        if noun.endswith("s") and noun.removesuffix("s") in _STATE_NOUNS | _BODY_NOUNS:
            return None  # "the two countries" are no one
        if noun in _BODY_NOUNS:
            return _nearest([each for each in self.seen if each.code.startswith("IGO:")])
        if noun in _STATE_NOUNS:
            return _nearest([each for each in self.seen if _is_state(each.who)])
        offices = [
            each for each in self.seen if each.person and noun in each.who.text.lower() + " " + each.who.why.lower()
        ]
        return _nearest(offices)

    def _salient(self, earlier: list[Mention]) -> Mention | None:
        """Of earlier sentences: the latest counts most, a subject two sentences more, a possessor one less."""
        best, most = None, -99.0
        ages: list[int] = []
        for each in reversed(earlier):
            number = self.places[each.start]
            if number not in ages:
                ages.append(number)
            weight = 2.0 * each.subject - (each.root.dep_ == "poss") - ages.index(number)
            if weight > most:
                best, most = each, weight
            if len(ages) > 3:
                break
        return best

    @staticmethod
    def _fits(word: str, each: Mention) -> bool:
        if word in _HE:
            return each.person and not each.plural
        if word in _THEY:
            return each.plural or each.joined or each.kind == "group"
        return not each.person and not each.plural

    @staticmethod
    def _free(token: Token, each: Mention) -> bool:
        """Whether grammar allows it: an object is not its own clause's subject; a possessive may be."""
        if each.root.i >= token.i:
            return False
        return token.dep_ == "poss" or each.root.head != token.head or each.root.dep_ not in ("nsubj", "nsubjpass")


def mentions(sentence: Sentence, tracker: Tracker) -> list[Mention]:
    """All mentions of a sentence, in order, resolved as of the article's date; the tracker is told of them."""
    hits = [
        replace(hit, start=hit.start + sentence.start, end=hit.end + sentence.start)
        for hit in find(sentence.text, tracker.on)
    ]
    found: list[Mention] = []
    taken: list[tuple[int, int]] = []
    for chunk in sentence.span.noun_chunks:
        for each in _of_chunk(sentence, chunk, hits, found, tracker):
            found.append(each)
            taken.append((each.start, each.end))
    for hit in hits:
        inner = sentence.words(hit.start, hit.end)
        if inner and not hit.bound and not any(hit.start < end and hit.end > start for start, end in taken):
            found.append(_named(hit, sentence, inner[-1]))
    for token in sentence.span:
        if token.dep_ == "poss" and token.lower_ in _HE | _IT | _THEY:
            start, end = sentence.place(token)
            known = any(each.start <= start < each.end and each.kind == "pronoun" for each in found)
            meant = None if known else tracker.pronoun(token, found)
            if meant is not None:
                found.append(_standing(token, start, end, meant))
    if tracker.on is None:  # "Soviet" beside "Moscow", and no day that says which of the two is meant
        found = [replace(m, who=replace(m.who, code="RUS")) if m.code == "SUN" else m for m in found]
    found = sorted((each for each in found if not _seat(each, found)), key=lambda each: (each.start, each.end))
    tracker.remember(found)
    return found


def _of_chunk(
    sentence: Sentence, chunk: Span, hits: list[Hit], before: list[Mention], tracker: Tracker
) -> Iterator[Mention]:
    """The mentions that one noun phrase holds."""
    head = chunk.root
    start, end = sentence.offset + chunk.start_char, sentence.offset + chunk.end_char
    if head.pos_ == "PRON":
        if head.lower_ in _HE | _IT | _THEY and not _expletive(head):
            meant = tracker.pronoun(head, before)
            yield _standing(head, *sentence.place(head), meant)
        return
    if (wider := _wider(hits, start, end)) is not None:
        inner = sentence.words(wider.start, wider.end)
        if wider.start >= start - 4 and inner:  # "the Republic of ...": its later parts tell nothing new
            yield _named(wider, sentence, head)
        return
    inside = [hit for hit in hits if hit.start >= start - 1 and hit.end <= end + 1 and not hit.bound]
    covers_head = any(hit.start <= sentence.place(head)[0] < hit.end for hit in inside)
    sector = sector_of([head.lemma_.lower()])
    grouped = head.lemma_.lower() in _GROUPS | _STATES or head.lemma_.lower() in _CIRCLES
    if grouped and (circle := _circle(sentence, chunk, inside, before, tracker)) is not None:
        yield circle
        return
    stands = head.lemma_.lower() in _STATE_NOUNS | _BODY_NOUNS and _definite(chunk) and not _plural(head)
    if covers_head or sector or stands or head.lemma_.lower() == "counterpart" or head.ent_type_ in _PROPER:
        yield _actor(sentence, chunk, inside, tracker, before)
        yield from _possessors(sentence, chunk, inside)
        return
    if not inside:
        yield from _collective(sentence, chunk)
    armed = head.lemma_.lower() in _ARMS
    for hit in inside:
        if inner := sentence.words(hit.start, hit.end):
            named = _named(hit, sentence, inner[-1])
            yield (
                replace(named, start=start, end=end, root=head, who=replace(named.who, sector="MIL"))
                if armed
                else named
            )


def _wider(hits: list[Hit], start: int, end: int) -> Hit | None:
    """A name that reaches over the edge of a noun phrase: "Republic of" of the "Republic of Korea"."""
    return next(
        (hit for hit in hits if hit.start < end and start < hit.end and (hit.end > end + 1 or hit.start < start - 4)),
        None,
    )


def _actor(sentence: Sentence, chunk: Span, inside: list[Hit], tracker: Tracker, before: list[Mention]) -> Mention:
    """A phrase whose head is somebody: resolved as a whole, with "of ..." after it where the head needs it."""
    head = chunk.root
    first = next((token for token in chunk if token.pos_ not in ("ADV", "CCONJ", "SCONJ", "PUNCT")), chunk[0])
    start, end = sentence.offset + first.idx, sentence.offset + chunk.end_char
    far = _extended(sentence, chunk)
    text = chunk.doc.text[first.idx : far]
    who = actor_of(text, tracker.on, search=False)
    person = head.ent_type_ == "PERSON" or any(hit.kind == "person" for hit in inside) or _office(head)
    noun = head.lemma_.lower()
    if not who.known and head.text in tracker.surnames:
        who = replace(tracker.surnames[head.text], text=text, why=f"{head.text} was named before")
    if not who.known and _definite(chunk):
        meant = _own(chunk, tracker, before) or tracker.description(noun)
        if meant is not None and meant.who.known:
            sector = who.sector or meant.who.sector
            who = Who(meant.code, sector, text, f"{text!r} stands for {meant.who.text!r}, mentioned before")
    if far > chunk.end_char and who.known:
        end = sentence.offset + far
    kind: Kind = "name" if inside else "role"
    return Mention(
        start, end, replace(who, text=text), head, kind, person, _plural(head), _subject(head), _joined(head)
    )


def _possessors(sentence: Sentence, chunk: Span, inside: list[Hit]) -> Iterator[Mention]:
    """A body named as the possessor of a person of its own ("NATO's secretary-general") adds nothing; a second state does."""
    if len(inside) > 1 and inside[-1].kind in ("state", "capital") and inside[-1].code != inside[0].code:
        inner = sentence.words(inside[-1].start, inside[-1].end)
        if inner and inner[-1].dep_ in ("pobj", "conj", "appos"):
            yield _named(inside[-1], sentence, inner[-1])


def _named(hit: Hit, sentence: Sentence, root: Token) -> Mention:
    text = sentence.text[hit.start - sentence.start : hit.end - sentence.start]
    who = Who(hit.code, hit.sector, text, f"{text!r} is {hit.name} ({hit.kind})")
    kind: Kind = "group" if hit.kind == "collective" else "name"
    return Mention(
        hit.start, hit.end, who, root, kind, hit.kind == "person", kind == "group", _subject(root), _joined(root)
    )


def _standing(token: Token, start: int, end: int, meant: Mention | None) -> Mention:
    """A pronoun and whom it stands for."""
    if meant is None:
        return Mention(start, end, Who(UNKNOWN, None, token.text, "nobody before it fits"), token, "pronoun",
                       token.lower_ in _HE, token.lower_ in _THEY, _subject(token))  # fmt: skip
    who = Who(meant.code, meant.who.sector, token.text, f"{token.text!r} stands for {meant.who.text!r}")
    return Mention(start, end, who, token, "pronoun", meant.person, meant.plural, _subject(token))


def _collective(sentence: Sentence, chunk: Span) -> Iterator[Mention]:
    """Who is meant by "Western sanctions" or "international isolation"."""
    for token in chunk:
        code = _ADJECTIVES.get(token.lower_)
        if code and token.dep_ in ("amod", "compound") and (code != "GRP:INTL" or chunk.root.lemma_.lower() in _OF_ALL):
            start, end = sentence.place(token)
            who = Who(code, None, token.text, f"{token.text!r} stands for a collective")
            yield Mention(start, end, who, token, "group", plural=True)


def _circle(
    sentence: Sentence, chunk: Span, inside: list[Hit], before: list[Mention], tracker: Tracker
) -> Mention | None:
    """Allies, backers or rivals of somebody who is named or stands before: a collective of their own."""
    head = chunk.root
    noun = head.lemma_.lower()
    suffix, far = _CIRCLES.get(noun, ""), sentence.offset + chunk.end_char
    centre = next((hit.code for hit in inside if ":" not in hit.code), None)
    for child in head.children:
        if child.dep_ == "prep" and child.lower_ in ("of", "to"):
            inner = next((t for t in child.children if t.dep_ == "pobj"), None)
            if inner is not None and noun in _GROUPS and inner.lemma_.lower() in _CIRCLES:
                suffix, far = _CIRCLES[inner.lemma_.lower()], sentence.place(inner)[1]
            elif centre is None and suffix and inner is not None:
                who = actor_of(child.doc[child.i + 1 : inner.i + 1].text, tracker.on, search=False)
                if _is_state(who):
                    centre, far = who.code, sentence.place(inner)[1]
        elif child.dep_ == "relcl" and noun in _STATES and child.lemma_.lower() in _BACKING | _OPPOSING:
            side = next((t for t in child.children if t.dep_ == "dobj"), None)
            who = actor_of(side.text, tracker.on, search=False) if side is not None else Who(UNKNOWN, None, "")
            if side is not None and _is_state(who):
                centre, far = who.code, sentence.place(side)[1]
                suffix = "BACKERS" if child.lemma_.lower() in _BACKING else "RIVALS"
    if centre is None and suffix and (own := _own(chunk, tracker, before)) is not None and _is_state(own.who):
        centre = own.code
    if centre is None or not suffix:
        return None
    start = sentence.offset + chunk.start_char
    text = sentence.text[start - sentence.start : far - sentence.start]
    named = states_by_code().get(centre, centre) if suffix == "BACKERS" else centre
    who = Who(f"GRP:{named}_{suffix}", None, text, f"{head.text} of {centre}")
    return Mention(start, far, who, head, "group", False, True, _subject(head))


@cache
def states_by_code() -> dict[str, str]:
    """Names of states as the codes of their collectives have them: ``UKRAINE`` for ``UKR``."""
    return {
        spell.codes.iso3: actor.name.upper().replace(" ", "_")
        for actor in states()
        for spell in actor.spells
        if spell.codes.iso3
    }


def _own(chunk: Span, tracker: Tracker, before: list[Mention]) -> Mention | None:
    """Whose it is, where a possessive pronoun says so."""
    pronoun = next((token for token in chunk if token.dep_ == "poss" and token.lower_ in _HE | _IT | _THEY), None)
    return tracker.pronoun(pronoun, before) if pronoun is not None else None


def _extended(sentence: Sentence, chunk: Span) -> int:
    """Where the phrase ends with its "of ..." or "in ..." (character of the paragraph)."""
    for child in chunk.root.children:
        if (
            child.dep_ == "prep"
            and child.i == chunk.end
            and child.lower_ in ("of", "in", "from", "across", "to", "for")
        ):
            inner = next((t for t in child.children if t.dep_ == "pobj"), None)
            if inner is not None and inner.i - child.i <= 6:
                return inner.idx + len(inner)
    return chunk.end_char


def _nearest(fitting: list[Mention]) -> Mention | None:
    chosen = [each for each in fitting if each.subject] or fitting
    return chosen[-1] if chosen else None


def _is_state(who: Who) -> bool:
    return who.known and ":" not in who.code


def _definite(chunk: Span) -> bool:
    return chunk[0].lower_ in ("the", "this", "that", "both", "these") or chunk[0].dep_ == "poss"


def _office(head: Token) -> bool:
    role = sector_of([head.lemma_.lower()])
    return (
        role is not None
        and role[1] in ("GOV", "ELI", "LEG")
        and head.tag_ in ("NN", "NNP")
        and head.lemma_.lower() not in _STATE_NOUNS
    )


def _plural(head: Token) -> bool:
    return head.tag_ in ("NNS", "NNPS") and head.ent_type_ not in ("GPE", "PERSON", "ORG")


def _seat(each: Mention, found: list[Mention]) -> bool:
    """Whether it only says where a body has its seat: "the court in The Hague"."""
    prep = each.root.head
    return (
        each.root.dep_ == "pobj"
        and prep.lower_ == "in"
        and any(other.code.startswith("IGO:") and other.end + 4 >= each.start > other.start for other in found)
    )


def _joined(head: Token) -> bool:
    return any(child.dep_ == "conj" for child in head.children)


def _subject(token: Token) -> bool:
    return token.dep_ in ("nsubj", "nsubjpass") or (
        token.dep_ in ("compound", "conj") and token.head.dep_ in ("nsubj", "nsubjpass")
    )


def _expletive(token: Token) -> bool:
    """It that stands for nothing: "it is clear that", "it has been understood that"."""
    return token.lower_ == "it" and (
        token.dep_ == "expl"
        or (token.dep_ == "dobj" and token.head.lemma_ in _IDLE)
        or (
            token.head.lemma_ in ("be", "seem", "appear")
            and any(c.dep_ in ("ccomp", "xcomp", "acomp", "csubj") for c in token.head.children)
        )
        or (token.dep_ == "nsubjpass" and any(c.dep_ == "ccomp" for c in token.head.children))
    )
