"""What to cite: BibTeX and a paragraph for exactly the sources that a result used.

A source that the registry knows brings the works its publisher asks to cite (`DataSource.references`). Any other, such as
a treaty or a press release in the dossier, is cited as itself: publisher, title, year and address.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from multipolar.record import Source
from multipolar.sources.model import DataSource, Reference
from multipolar.sources.registry import SOURCES

#: BibTeX field that holds `Reference.container`, by kind of entry.
CONTAINER: Final = {
    "article": "journal",
    "book": "publisher",
    "incollection": "booktitle",
    "techreport": "institution",
    "misc": "howpublished",
}
_TEX: Final = str.maketrans(
    {"&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
     "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
)  # fmt: skip


@dataclass(frozen=True)
class Cited:
    """A source with what to cite for it.

    Parameters
    ----------
    source : Source
        As the record has it: the edition that was used.
    works : tuple of Reference
        What to cite, at least one work.
    statements : int or None
        How many of its statements the result rests on; None if that was not counted.
    """

    source: Source
    works: tuple[Reference, ...]
    statements: int | None = None


@dataclass(frozen=True)
class Citations:
    """What a result rests on, ready to be cited.

    Parameters
    ----------
    cited : tuple of Cited
        The sources, the one with most statements first.
    as_of : date
        Day as of which the record was read.
    version : str
        Version of multipolar.
    """

    cited: tuple[Cited, ...]
    as_of: date
    version: str

    @property
    def works(self) -> tuple[Reference, ...]:
        """All works, each once, by key."""
        return tuple(sorted({work.key: work for item in self.cited for work in item.works}.values(), key=_key))

    @property
    def bibtex(self) -> str:
        """All works as BibTeX entries (UTF-8), sorted by key."""
        return "\n".join(map(entry, self.works))

    @property
    def paragraph(self) -> str:
        """A paragraph for the data section of a paper or a note under a chart."""
        if not self.cited:
            return f"No source of the record is used (multipolar {self.version}, as known on {self.as_of})."
        told = [_told(item) for item in self.cited]
        listed = told[0] if len(told) == 1 else f"{'; '.join(told[:-1])}; and {told[-1]}"
        return f"Sources: {listed}. Read with multipolar {self.version}, as known on {self.as_of}."


def cite(used: Mapping[str, int | None], described: Mapping[str, Source], as_of: date, version: str) -> Citations:
    """What to cite for a result.

    Parameters
    ----------
    used : mapping of str to int or None
        Keys of the sources that were used, with the number of statements used, if known.
    described : mapping of str to Source
        The record's sources.
    as_of : date
        Day as of which the record was read.
    version : str
        Version of multipolar.

    Returns
    -------
    Citations
    """
    ordered = sorted(used, key=lambda key: (-(used[key] or 0), key))
    cited = tuple(Cited(described[key], works(described[key]), used[key]) for key in ordered)
    return Citations(cited, as_of, version)


def works(source: Source) -> tuple[Reference, ...]:
    """What to cite for a source: what its publisher asks for, or the source itself."""
    registered = _registered().get((source.publisher, source.title))
    if registered is not None and registered.references:
        return registered.references
    return (itself(source),)


@cache
def _registered() -> dict[tuple[str, str], DataSource]:
    return {(source.publisher, source.title): source for source in SOURCES}


def itself(source: Source) -> Reference:
    """A source as a work of its own."""
    return Reference(
        key=_ascii(source.key),
        kind="misc",
        authors=(f"{{{source.publisher}}}",),
        year=source.date.year if source.date else 0,
        title=source.title,
        url=source.url,
    )


def entry(work: Reference) -> str:
    """One BibTeX entry, ending in a line break; what is not known is left out."""
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(work) if value)
    return f"@{work.kind}{{{work.key},\n{lines}}}\n"


def _fields(work: Reference) -> Iterator[tuple[str, str]]:
    yield "author", " and ".join(map(_author, work.authors))
    yield "title", f"{{{_tex(work.title)}}}"
    yield "year", str(work.year or "")
    yield CONTAINER[work.kind], _tex(work.container)
    yield "volume", _tex(work.volume)
    yield "pages", re.sub(r"(?<=\d)[-–](?=\d)", "--", work.pages)
    yield "doi", work.doi
    yield "url", work.url.replace("%", r"\%").replace("{", "").replace("}", "")


def _author(name: str) -> str:
    """A body's name keeps its braces, so that BibTeX does not look for a family name in it."""
    return f"{{{_tex(name[1:-1])}}}" if name.startswith("{") and name.endswith("}") else _tex(name)


def _told(item: Cited) -> str:
    """One source in words: title, edition, works, statements."""
    by = "; ".join(_short(work) for work in item.works)
    count = "" if item.statements is None else f", {item.statements:,} statement{'s' if item.statements != 1 else ''}"
    return f"{item.source.title} [{item.source.key}] ({by}{count})"


def _short(work: Reference) -> str:
    """Author and year, as running text cites them."""
    names = [name[1:-1] if name.startswith("{") else name.split(",")[0] for name in work.authors]
    who = names[0] if len(names) == 1 else f"{names[0]} and {names[1]}" if len(names) == 2 else f"{names[0]} et al."
    return f"{who} {work.year}" if work.year else who


def _tex(text: str) -> str:
    return " ".join(text.split()).translate(_TEX)


def _ascii(key: str) -> str:
    plain = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9:.-]", "-", plain)


def _key(work: Reference) -> str:
    return work.key
