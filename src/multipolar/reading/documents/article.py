"""One article: a file, a page or a text becomes a `Document`, or an error says why it cannot be read.

What is not known of it stays empty: a date is taken from what states the day of publication, and never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from multipolar.actors.days import check_not_future, parse_day
from multipolar.errors import DataError, UsageError
from multipolar.reading.documents.bytes import STDIN, WANTED, check_size, check_text, decode, read_limited
from multipolar.reading.documents.dates import in_name, in_text
from multipolar.reading.documents.language import foreign_paragraphs, language, note_of
from multipolar.reading.documents.pages import Page, has_tags, is_page, read_page
from multipolar.reading.documents.walls import cut_off, wall
from multipolar.reading.model import Document

#: Ends of names of files that are read. A file whose name has no end is read too.
TEXTS: Final = frozenset({".txt", ".text"})
PAGES: Final = frozenset({".html", ".htm", ".xhtml"})
#: The most characters of an `id`.
LONGEST: Final = 60

#: Characters from which on it is worth a note that the language could not be told.
UNTOLD: Final = 2_000

_NUMBERED: Final = re.compile(r"(\d{1,12})_[0-9a-f]{8,64}")
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")
_LETTER: Final = re.compile(r"[^\W\d_]")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read, before anything is known of it."""

    text: str
    where: str
    file: str = ""
    page: Page | None = None
    markup: str = ""
    notes: tuple[str, ...] = ()


def load(source: Path | str | bytes, *, on: date | None = None, id: str | None = None) -> Document:
    r"""Read one article.

    Parameters
    ----------
    source : Path, str or bytes
        A file (``.txt``, ``.html``, ``.htm``, ``.xhtml``), ``-`` for standard input, or what was read from there.
    on : date, optional
        Its day of publication, which wins over what it says itself.
    id : str, optional
        Its short name; made from the name of the file if it is not given, ``stdin`` if there is none.

    Returns
    -------
    Document
        Its text as read: nothing is left out of a text file but a byte order mark, and ``\r\n`` is ``\n``.

    Raises
    ------
    DataError
        If it is missing, empty, too long (20 MB), binary, in an unknown encoding, in another language, or a page that
        stands before an article (paywall, consent, captcha, JavaScript).
    UsageError
        If `on` lies in the future, or `id` is empty.
    """
    if isinstance(source, bytes):
        return of_bytes(source, on=on, id=id)
    if str(source) == "-":
        return of_bytes(read_limited("-"), on=on, id=id)
    check_name(Path(source))
    return of_bytes(read_limited(source), file=source, on=on, id=id)


def of_bytes(data: bytes, *, file: Path | str = "", on: date | None = None, id: str | None = None) -> Document:
    """Read one article from the bytes of a file.

    Parameters
    ----------
    data : bytes
        All of it.
    file : Path or str
        The file that they are from; empty for standard input.
    on, id
        As in `load`.

    Raises
    ------
    DataError, UsageError
        As in `load`.
    """
    where = str(file) or STDIN
    suffix = Path(file).suffix.lower() if str(file) else ""
    check_text(check_size(data, where), where)
    text, notes = decode(data, where, page=suffix in PAGES or is_page(data[:8192].decode("latin-1")))
    page: Page | None = None
    if is_page(text) or (suffix in PAGES and has_tags(text)):
        page = read_page(text, where)
        notes += ("Its name says text, but it is a page of HTML.",) if suffix in TEXTS else ()
    elif suffix in PAGES:
        notes += ("Its name says HTML, but it is plain text.",)
    markup, text = (text, page.text) if page else ("", text)
    name = id_of(file) if str(file) else "stdin"
    return _document(_Read(text, where, str(file), page, markup, notes), on=on, id=name if id is None else id)


def of_text(text: str, *, on: date | None = None, id: str = "text") -> Document:
    """A text that is already in hand.

    Parameters
    ----------
    text : str
        Plain text. It is kept character by character; parts of characters (lone surrogates) become U+FFFD.
    on, id
        As in `load`.

    Raises
    ------
    DataError, UsageError
        As in `load`.
    """
    whole = _SURROGATES.sub("\ufffd", text)
    notes = ("Parts of characters were read as \ufffd.",) if whole != text else ()
    check_size(whole.encode(), "the text")
    return _document(_Read(whole, "the text", notes=notes), on=on, id=id)


def id_of(file: Path | str) -> str:
    """The short name of an article, from the name of its file.

    Examples
    --------
    >>> id_of("articles/000_5eeb2430d155273b.txt"), id_of("A visit to Hà Nội.html")
    ('000', 'A-visit-to-Ha-Noi')
    """
    stem = Path(file).stem
    if numbered := _NUMBERED.fullmatch(stem):
        return numbered[1]
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    return _UNSAFE.sub("-", plain).strip("-._")[:LONGEST].strip("-._") or "document"


def check_name(path: Path) -> None:
    """Refuse a file whose name says that it is no article.

    Raises
    ------
    DataError
        If its name has an end that is neither of a text nor of a page.
    """
    suffix = path.suffix.lower()
    # ".123" or ". Then" end the stem of a file without an end.
    if suffix in TEXTS | PAGES or not re.fullmatch(r"\.[a-z][a-z0-9]{1,4}", suffix) or not path.is_file():
        return
    check_text(read_limited(path), str(path))  # says what it is, where its bytes tell
    hint = "Save it as .txt or .html, or give its text on standard input (`-`)."
    raise DataError.bad_file(path, f"{WANTED} (.txt, .html, .htm, .xhtml)", f"a file that ends in {suffix}", hint=hint)


def _document(read: _Read, *, on: date | None, id: str) -> Document:
    if not id.strip():
        raise UsageError("expected a short name of the article, got an empty one", where="id", hint="Leave it out.")
    _check_article(read)
    noted = _language(read.text, read.where)
    if cut := cut_off(read.text):
        noted += (cut,)
    page = read.page or Page("")
    day, dated_by, said = _date(read, page, on)
    return Document(
        id=id,
        text=read.text,
        date=day,
        dated_by=dated_by,
        title=page.title,
        publisher=page.publisher,
        url=page.url,
        file=read.file,
        notes=read.notes + page.notes + noted + said,
    )


def _check_article(read: _Read) -> None:
    """Refuse what holds no text, or another text than an article."""
    words = read.page.words if read.page else ""
    if before := wall(read.text, words, read.markup):
        hint = "Open it in a browser, save the article itself (as text, or as a complete page), and read that."
        raise DataError.bad_file(read.where, "an article", before, hint=hint)
    if _LETTER.search(read.text):
        return
    got = "a page without one" if words else "a text without words" if read.text.strip() else "nothing (it is empty)"
    raise DataError.bad_file(read.where, "an article", got, hint="Check that the file was saved whole.")


def _language(text: str, where: str) -> tuple[str, ...]:
    """What is to be noted of the language of an article in English.

    Raises
    ------
    DataError
        If it is in another language.
    """
    told = language(text)
    if told.english is False:
        got = f"one in {told.name}" if told.name else "one in another language"
        raise DataError.bad_file(where, "an article in English", got, hint="Only English is read: translate it first.")
    if told.english is None and len(text) > UNTOLD:
        return ("Its language could not be told; it was read as English.",)
    foreign = foreign_paragraphs(text) if told.english else []
    return (note_of(foreign),) if foreign else ()


def _date(read: _Read, page: Page, on: date | None) -> tuple[date | None, str, tuple[str, ...]]:
    """The day of publication, how it is known, and what is to be noted of it."""
    stated, note = in_text(read.text)
    own = [(page.date, page.dated_by), (stated, "text"), (in_name(Path(read.file).stem), "file name")]
    known = [(day, by) for day, by in own if day and day <= date.today()]
    notes = [
        f"The date {day} ({by}) lies in the future and was not taken."
        for day, by in own
        if day and (day, by) not in known
    ]
    if on is not None:
        known.insert(0, (check_not_future(parse_day(on, where="on"), where="on"), "given"))
    if note and (not known or known[0] == (stated, "text")):
        notes.append(note)
    if not known:
        return None, "", tuple(notes)
    day, dated_by = known[0]
    others = dict.fromkeys(f"{other} ({by})" for other, by in known[1:] if other != day)
    notes += [f"Dated {day} ({dated_by}); elsewhere it says {', '.join(others)}."] if others else []
    return day, dated_by, tuple(notes)
