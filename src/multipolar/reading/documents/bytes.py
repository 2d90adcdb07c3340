"""From bytes to text: how much is read, what is no text at all, and which encoding it is in."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

from multipolar.errors import DataError

#: The most bytes of one article (20 MB).
LIMIT: Final = 20_000_000
#: Where the text of standard input comes from, in messages.
STDIN: Final = "standard input"
#: What an article is read from, in messages.
WANTED: Final = "an article as plain text or HTML"

#: The first bytes of files that are no text, and what they are.
_MAGIC: Final = (
    (b"%PDF-", "a PDF document"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document (DOC, XLS or PPT)"),
    (b"%!PS", "a PostScript document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"SQLite format 3", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"\x7fELF", "a program"),
)
#: What a ZIP archive holds, by what stands in it.
_ZIPPED: Final = (
    (b"word/document.xml", "a Word document (DOCX)"),
    (b"xl/workbook.xml", "an Excel workbook (XLSX)"),
    (b"ppt/presentation.xml", "a PowerPoint presentation (PPTX)"),
    (b"application/epub+zip", "an EPUB book"),
    (b"application/vnd.oasis.opendocument.text", "an OpenDocument text (ODT)"),
)
_CONVERT: Final = "Convert it to plain text (.txt, UTF-8) or save the page as HTML, and read that."
#: UTF-32 stands before UTF-16, whose mark it begins with.
_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
#: Encodings that a page may declare: those of the WHATWG list that Python has. Others of Python's are no encodings of
#: pages (`unicode_escape`, `idna`).
_DECLARABLE: Final = re.compile(
    r"(?:iso-?8859-?\d{1,2}|latin-?[1-9]|(?:windows-|cp)(?:125\d|874|949|866)|koi8-[ru]|mac-?roman|gb(?:k|2312|18030)"
    r"|big5(?:-?hkscs)?|euc-?(?:jp|kr)|shift[-_]?jis|sjis|iso-2022-jp|tis-?620)",
    re.IGNORECASE,
)
_CHARSET: Final = re.compile(rb"""(?:charset|encoding)\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9_.:-]{2,40})""")
#: Control characters that have no place in a text: all but tab, line ends, form feed and the escape of ISO-2022.
_CONTROL: Final = bytes({*range(32), 127} - {9, 10, 12, 13, 27})
#: UTF-8 read as windows-1252 and saved again.
_TWICE: Final = re.compile("â€[™œ\x9d“”˜¦]|Ã[©¨¼¶¤±³¡]")


def read_limited(source: Path | str) -> bytes:
    """Read a file, or standard input for ``-``, and never more than `LIMIT`.

    Raises
    ------
    DataError
        If it is not there, is a folder, cannot be read, or is longer than `LIMIT` (a file is then not read at all).
    """
    if str(source) == "-":
        return check_size(sys.stdin.buffer.read(LIMIT + 1), STDIN)
    path = Path(source)
    try:
        if path.is_dir():
            raise DataError.bad_file(path, WANTED, "a folder", hint="A folder is read file by file, into a folder.")
        if (size := path.stat().st_size) > LIMIT:
            raise _too_long(str(path), f"{size / 1e6:,.1f} MB")
        with path.open("rb") as file:
            return check_size(file.read(LIMIT + 1), str(path))  # a pipe has no size to look at before
    except FileNotFoundError:
        raise DataError.bad_file(path, WANTED, "no such file", hint="Check the name; `-` is standard input.") from None
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        got = f"a file that cannot be read ({getattr(error, 'strerror', None) or error})"
        raise DataError.bad_file(ascii(str(path))[1:-1], WANTED, got, hint="Check its name and permissions.") from None


def check_size(data: bytes, where: str) -> bytes:
    """Return `data` if it is not longer than `LIMIT`.

    Raises
    ------
    DataError
        If it is.
    """
    if len(data) > LIMIT:
        raise _too_long(where, f"more than {LIMIT / 1e6:.0f} MB")
    return data


def check_text(data: bytes, where: str) -> None:
    """Refuse what is no text, by name where its first bytes tell.

    Raises
    ------
    DataError
        If `data` is a document of another kind, an archive, a picture or binary.
    """
    if kind := _kind(data):
        raise DataError.bad_file(where, WANTED, kind, hint=_CONVERT)
    if any(data.startswith(mark) for mark, _ in _MARKS):
        return
    if b"\x00" in data:
        hint = f"{_CONVERT} If it is text in UTF-16, save it as UTF-8."
        raise DataError.bad_file(where, WANTED, "binary data (it has NUL bytes)", hint=hint)
    controls = len(data) - len(data.translate(None, _CONTROL))
    if controls > 0.05 * len(data):
        got = f"binary data ({controls / len(data):.0%} of its bytes are control characters)"
        raise DataError.bad_file(where, WANTED, got, hint=_CONVERT)


def decode(data: bytes, where: str, *, page: bool) -> tuple[str, tuple[str, ...]]:
    r"""Decode by mark, as UTF-8, by what a page declares, or as windows-1252.

    Parameters
    ----------
    data : bytes
        A text that `check_text` let pass.
    where : str
        For messages.
    page : bool
        Whether an encoding may be declared in it.

    Returns
    -------
    str
        The text with line ends as ``\n``.
    tuple of str
        What was done to it.

    Raises
    ------
    DataError
        If it is in none of these encodings.
    """
    text, notes = _decoded(data, where, page=page)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        notes = (*notes, "Line ends (CR LF) were read as LF; places count the text as read.")
    if _TWICE.search(text):
        notes = (*notes, "Some characters were garbled (UTF-8 read as windows-1252) before this file was saved.")
    return text, notes


def _decoded(data: bytes, where: str, *, page: bool) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], encoding, where)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    declared = _declared(data) if page else None
    if declared:
        try:
            return data.decode(declared), (f"Decoded as {declared}, which the page declares.",)
        except (UnicodeError, LookupError):
            pass
    return _repaired(data) or _western(data, where)


def _marked(data: bytes, encoding: str, where: str) -> tuple[str, tuple[str, ...]]:
    """Decode what its byte order mark says the encoding of."""
    note = f"A byte order mark ({encoding.upper()}) was left out."
    text = data.decode(encoding, errors="replace")
    broken = text.count("\ufffd")
    if broken > 0.01 * len(text) or text.count("\x00"):
        got = f"bytes that are not the {encoding.upper()} that their byte order mark says"
        raise DataError.bad_file(where, WANTED, got, hint="Save it as UTF-8.")
    return text, (note, *_replaced(broken))


def _repaired(data: bytes) -> tuple[str, tuple[str, ...]] | None:
    """UTF-8 with a few broken bytes, as a file cut in the middle of a character has."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    whole = sum(character > "\x7f" for character in text) - broken
    return (text, _replaced(broken)) if whole and whole >= broken else None


def _replaced(broken: int) -> tuple[str, ...]:
    return (f"{broken} broken characters were read as \ufffd.",) if broken else ()


def _western(data: bytes, where: str) -> tuple[str, tuple[str, ...]]:
    """Decode as windows-1252, if that gives a text that could be English."""
    hint = "Save it as UTF-8, or as HTML that declares its encoding."
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        got = "bytes that are neither UTF-8 nor windows-1252"
        raise DataError.bad_file(where, WANTED, got, hint=hint) from None
    foreign = sum(character > "\x7f" for character in text)
    if foreign > 0.15 * sum(not character.isspace() for character in text):
        got = "text in an encoding that is not known (not UTF-8, and read as windows-1252 it is no English)"
        raise DataError.bad_file(where, WANTED, got, hint=hint)
    return text, ("Decoded as windows-1252: it is not UTF-8 and declares no encoding.",)


def _declared(data: bytes) -> str | None:
    found = _CHARSET.search(data[:4096])
    name = found[1].decode("ascii").lower() if found else ""
    if not _DECLARABLE.fullmatch(name):
        return None
    # Pages that say Latin-1 are in windows-1252, as every browser reads them.
    return "windows-1252" if name in {"iso-8859-1", "iso8859-1", "latin1", "latin-1"} else name


def _kind(data: bytes) -> str | None:
    """What a file is that is no text."""
    if data.startswith(b"PK\x03\x04"):
        return next((kind for inside, kind in _ZIPPED if inside in data), "a ZIP archive")
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), None)


def _too_long(where: str, size: str) -> DataError:
    got = f"{size}; at most {LIMIT / 1e6:.0f} MB are read"
    return DataError.bad_file(where, WANTED, got, hint="Split it into one file an article.")
