"""An article as one self-contained HTML page: its own text, what was read in each sentence and why, and what the record says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from multipolar import __version__
from multipolar.brief.article import Article, Judged
from multipolar.brief.article_words import claim_parts, event_parts
from multipolar.brief.page import _data, safe_url
from multipolar.brief.words import count, day_name, percent
from multipolar.errors import RecordError
from multipolar.reading.model import Assertion, Event
from multipolar.record.files import write_whole

#: How the day of an article is known.
_DATED: Final = {
    "given": "as given",
    "metadata": "by the page itself",
    "text": "by its text",
    "file name": "by the name of its file",
}


@dataclass(frozen=True)
class Found:
    """An event or claim as the page shows it."""

    number: int
    what: str
    quote: str
    parts: tuple[str, ...]
    why: tuple[str, ...]
    confidence: str
    judged: Judged | None


@dataclass(frozen=True)
class Piece:
    """A stretch of a sentence: plain, or the words of events (``e``), of claims (``c``) or of both."""

    text: str
    mark: str


@dataclass(frozen=True)
class Sentence:
    """A sentence with what was found in it."""

    number: int
    pieces: tuple[Piece, ...]
    found: tuple[Found, ...]
    differs: bool

    @property
    def told(self) -> str:
        """How much there is, in words."""
        kinds = [(sum(one.what == what for one in self.found), what) for what in ("event", "claim")]
        return ", ".join(count(many, what) for many, what in kinds if many)


def html(article: Article) -> str:
    """The page."""
    document = article.reading.document
    sentences = _sentences(article)
    page: str = _template().render(
        article=article,
        document=document,
        title=_title(article),
        dated=_DATED.get(document.dated_by, document.dated_by),
        paragraphs=paragraphs(document.text, sentences),
        found=[(one, sentence.number) for _, sentence in sentences for one in sentence.found],
        beside=[(one, _number_at(one.start, sentences)) for one in article.beside],
        notes=tuple(dict.fromkeys((*document.notes, *article.reading.notes))),
        version=__version__,
        css=Markup(_data("page.css") + _data("article.css")),
    )
    return page


def write(article: Article, path: Path) -> Path:
    """Write the page (see `Article.write`)."""
    try:
        write_whole(path, html(article).encode("utf-8", "replace"))
    except OSError as error:
        raise RecordError.cannot_write(path, error) from error
    return path


def paragraphs(text: str, sentences: Sequence[tuple[tuple[int, int], Sentence]]) -> list[list[str | Sentence]]:
    """The whole text, none of its words left out, as paragraphs of plain text and of sentences in which something was found.

    Parameters
    ----------
    text : str
        Paragraphs end at blank lines, or at every line where there are none.
    sentences : sequence of ((int, int), Sentence)
        With the place of each, in order, none overlapping.
    """
    ends = re.compile(r"\n[^\S\n]*\n\s*" if re.search(r"\S\s*\n[^\S\n]*\n\s*\S", text) else r"\n\s*")
    made: list[list[str | Sentence]] = [[]]
    at = 0
    for (start, end), sentence in sentences:
        _plain(text[at:start], ends, made)
        made[-1].append(sentence)
        at = end
    _plain(text[at:], ends, made)
    return [parts for parts in made if any(not isinstance(part, str) or part.strip() for part in parts)]


def _plain(text: str, ends: re.Pattern[str], made: list[list[str | Sentence]]) -> None:
    first, *rest = ends.split(text)
    if first:
        made[-1].append(first)
    made.extend([part] if part else [] for part in rest)


def _sentences(article: Article) -> list[tuple[tuple[int, int], Sentence]]:
    made = []
    numbers = iter(range(1, len(article.findings) + 1))
    for number, (place, findings) in enumerate(article.sentences, 1):
        pieces = tuple(_pieces(article.reading.document.text, place, [each for each, _ in findings]))
        found = tuple(_found(next(numbers), each, judged) for each, judged in findings)
        differs = any(place[0] <= one.start < place[1] for one in article.beside)
        made.append((place, Sentence(number, pieces, found, differs)))
    return made


def _found(number: int, each: Event | Assertion, judged: Judged | None) -> Found:
    event = isinstance(each, Event)
    parts = event_parts(each) if isinstance(each, Event) else claim_parts(each)
    why = tuple(step for step in each.why if step)
    return Found(number, "event" if event else "claim", each.quote, parts, why, percent(each.confidence), judged)


def _pieces(text: str, place: tuple[int, int], findings: Sequence[Event | Assertion]) -> Iterator[Piece]:
    """The sentence cut wherever words of a finding begin or end."""
    start, end = place
    cuts = sorted({start, end, *(at for each in findings for at in (each.start, each.end) if start <= at <= end)})
    for first, last in pairwise(cuts):
        over = {isinstance(each, Event) for each in findings if each.start <= first and last <= each.end}
        yield Piece(text[first:last], ("e" if True in over else "") + ("c" if False in over else ""))


def _number_at(place: int, sentences: Sequence[tuple[tuple[int, int], Sentence]]) -> int | None:
    return next((sentence.number for (start, end), sentence in sentences if start <= place < end), None)


def _title(article: Article) -> str:
    document = article.reading.document
    return " ".join(document.title.split()) or document.id


@cache
def _template() -> Any:
    environment = Environment(
        loader=DictLoader({"article.html.j2": _data("article.html.j2")}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(url=safe_url, day=day_name)
    environment.globals.update(count=count)
    environment.tests.update(plain=lambda part: isinstance(part, str))
    return environment.get_template("article.html.j2")
