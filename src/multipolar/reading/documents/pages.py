"""From HTML to the text of an article and what its page says of itself, by trafilatura."""

from __future__ import annotations

import logging
import re
import warnings
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from multipolar.errors import DataError
from multipolar.reading.documents.dates import iso, labelled

if TYPE_CHECKING:
    from lxml.html import HtmlElement

#: What makes a text a page, whatever its file is called.
_PAGE: Final = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--(?:(?!-->).){0,2000}-->\s*)*<(?:!doctype\s+html|html|head)\b", re.I | re.S
)
_TAG: Final = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,20}[\s/>]")
_XML: Final = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_NO_TEXT: Final = frozenset({"script", "style", "template", "svg", "head"})
#: Words below which a text has to have a sentence.
_FEW: Final = 40
_SENTENCE: Final = re.compile(r"[.!?…][\"'”’)]*\s*$", re.M)
#: Letters of other words on a page from which on they are read, if no article was told from them.
_MUCH: Final = 400
#: Characters of a page in which a line "Published …" is that of the article.
_BESIDE: Final = 5_000
#: Elements that say when the article was published; the text of a page says when other things were.
_DATES: Final = (
    "//meta | //link[@rel='canonical'] | //script[@type='application/ld+json'] | //time[@pubdate or "
    "contains(@itemprop, 'datePublished') or contains(@class, 'publish') or contains(@class, 'entry-date')]"
)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page of HTML holds.

    Attributes
    ----------
    text : str
        The article; empty if none was found.
    title, publisher, url : str
        As its metadata have them.
    date : date or None
        Day of publication; None if the page does not say.
    dated_by : str
        ``metadata``, or ``text`` for a line "Published …" beside the article.
    words : str
        All text of the page.
    notes : tuple of str
    """

    text: str
    title: str = ""
    publisher: str = ""
    url: str = ""
    date: date | None = None
    dated_by: str = ""
    words: str = ""
    notes: tuple[str, ...] = ()


def is_page(text: str) -> bool:
    """Whether a text is a page of HTML by its first characters."""
    return _PAGE.match(text[:8192]) is not None


def has_tags(text: str) -> bool:
    """Whether there is any element of HTML in it."""
    return _TAG.search(text) is not None


def read_page(markup: str, where: str) -> Page:
    """Take the article out of a page of HTML.

    Raises
    ------
    DataError
        If the page cannot be parsed.
    """
    for name in ("trafilatura", "htmldate", "courlan", "justext"):  # they write to stderr what is told here
        logging.getLogger(name).addHandler(logging.NullHandler())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(_XML.sub("", markup, count=1).replace("\x00", " "))
    except Exception as error:  # parsers of HTML fail in many ways on what is no HTML
        got = f"a page that cannot be parsed ({type(error).__name__})"
        raise DataError.bad_file(where, "a page of HTML", got, hint="Save the text of the article as .txt.") from error


def _read(markup: str) -> Page:
    from lxml.html import document_fromstring
    from trafilatura import bare_extraction

    tree = document_fromstring(markup)
    words = _words(tree)
    found = bare_extraction(
        markup, include_comments=False, with_metadata=True, date_extraction_params={"extensive_search": False}
    )
    known: dict[str, Any] = found.as_dict() if found is not None and not isinstance(found, dict) else {}
    text = str(known.get("text") or "")
    if len(text.split()) < _FEW and not _SENTENCE.search(text):
        text = ""  # what is left of navigation, where there is nothing else
    notes: tuple[str, ...] = ()
    if not text.strip() and sum(map(str.isalpha, words)) >= _MUCH:
        text, notes = words, ("No article was told from the rest of the page; all of its text was read.",)
    day = _date(tree)
    beside = None if day else labelled(words[:_BESIDE])
    return Page(
        text=text,
        title=str(known.get("title") or ""),
        publisher=str(known.get("sitename") or ""),
        url=str(known.get("url") or ""),
        date=day or beside,
        dated_by="metadata" if day else "text" if beside else "",
        words=words,
        notes=notes,
    )


def _date(tree: HtmlElement) -> date | None:
    """The day that metadata state. Only they are searched: elsewhere a date would be guessed."""
    from htmldate import find_date
    from lxml.html import document_fromstring

    bare: HtmlElement = document_fromstring("<html><head></head><body></body></html>")
    head, body = bare[0], bare[1]
    for element in tree.xpath(_DATES):
        element.tail = None
        (body if element.tag == "time" else head).append(element)
    found = find_date(bare, extensive_search=False, original_date=True, min_date="1800-01-01", max_date="2199-12-31")
    return iso(found) if found else None


def _words(tree: HtmlElement) -> str:
    """All text of a page, one line an element, scripts and styles left out."""
    lines: list[str] = []
    skipped = 0
    from lxml.etree import iterwalk

    for what, element in iterwalk(tree, events=("start", "end")):
        silent = not isinstance(element.tag, str) or element.tag in _NO_TEXT
        if what == "start":
            skipped += silent
            lines += [element.text] if element.text and not skipped else []
        else:
            skipped -= silent
            lines += [element.tail] if element.tail and not skipped else []
    cleaned = (" ".join(line.split()) for line in lines)
    return "\n".join(line for line in cleaned if line)
