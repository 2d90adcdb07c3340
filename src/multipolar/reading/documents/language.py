"""Which language a text is in: English is read, and what is in another language is said to be.

Two signs that know nothing of each other have to agree before a text counts as another language: a classifier of
sequences of bytes (py3langid), and the share of words that every English text is full of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

#: Letters below which the language of Latin script is not told.
FEW: Final = 80
#: Letters of another script below which nothing is told.
FEW_OTHER: Final = 12
#: Characters that the language of the whole is told from.
ENOUGH: Final = 50_000
#: An English text has far more of the words below (a third of all), other languages next to none.
SHARE: Final = 0.08

#: The commonest words of English that are not also common words of its neighbours ("is" is Dutch, "for" Danish).
_COMMON: Final = frozenset(
    re.findall(
        r"\w+",
        "the of and to that with from by it has have its were are this which said would will not but their his they been "
        "who or you",
    )
)
_WORD: Final = re.compile(r"[^\W\d_]+")
_PARAGRAPH: Final = re.compile(r"[^\n]*\S[^\n]*")
_NAMES: Final[dict[str, str]] = dict(
    re.findall(
        r"(\w+):(\w+)",
        "af:Afrikaans am:Amharic ar:Arabic as:Assamese az:Azerbaijani be:Belarusian bg:Bulgarian bn:Bengali br:Breton "
        "bs:Bosnian ca:Catalan cs:Czech cy:Welsh da:Danish de:German el:Greek en:English eo:Esperanto es:Spanish "
        "et:Estonian eu:Basque fa:Persian fi:Finnish fr:French fy:Frisian ga:Irish gl:Galician gu:Gujarati ha:Hausa "
        "he:Hebrew hi:Hindi hr:Croatian hu:Hungarian hy:Armenian id:Indonesian ig:Igbo is:Icelandic it:Italian "
        "ja:Japanese jv:Javanese ka:Georgian kk:Kazakh km:Khmer kn:Kannada ko:Korean ku:Kurdish ky:Kyrgyz la:Latin "
        "lb:Luxembourgish ln:Lingala lo:Lao lt:Lithuanian lv:Latvian mg:Malagasy mk:Macedonian ml:Malayalam "
        "mn:Mongolian mr:Marathi ms:Malay mt:Maltese my:Burmese ne:Nepali nl:Dutch no:Norwegian om:Oromo or:Odia "
        "pa:Punjabi pl:Polish ps:Pashto pt:Portuguese ro:Romanian ru:Russian rw:Kinyarwanda si:Sinhala sk:Slovak "
        "sl:Slovenian sn:Shona so:Somali sq:Albanian sr:Serbian sv:Swedish sw:Swahili ta:Tamil te:Telugu tg:Tajik "
        "th:Thai tk:Turkmen tl:Tagalog tr:Turkish tt:Tatar ug:Uyghur uk:Ukrainian ur:Urdu uz:Uzbek vi:Vietnamese "
        "xh:Xhosa yo:Yoruba zh:Chinese zu:Zulu",
    )
)


@dataclass(frozen=True, slots=True)
class Language:
    """What a text is written in.

    Attributes
    ----------
    english : bool or None
        Whether it is English; None where that could not be told.
    name : str
        The name of another language, or of the two that it may be ("Malay or Indonesian"); empty if not known.
    """

    english: bool | None
    name: str = ""


def language(text: str) -> Language:
    """Tell the language of a text, or that it cannot be told (too short, or no sign of any language)."""
    some = text[:ENOUGH]
    letters = sum(map(str.isalpha, some))
    latin = sum(character < "\u0250" and character.isalpha() for character in some)
    other_script = letters - latin > latin
    if letters < (FEW_OTHER if other_script else FEW):
        return Language(None)
    words = [] if other_script else _WORD.findall(some)
    if words and sum(word.lower() in _COMMON for word in words) >= SHARE * len(words):
        return Language(True)
    if words and sum(len(word) for word in words if word.islower()) < FEW // 2:
        return Language(None)  # a list of names is in no language
    likely = _likely(some)
    if not other_script and any(code == "en" for code, _ in likely):
        return Language(None)
    if name := " or ".join(_NAMES[code] for code, _ in likely if code != "en"):
        return Language(False, name)
    return Language(False if other_script else None)


def foreign_paragraphs(text: str) -> list[tuple[int, int, str]]:
    """Where paragraphs in another language begin and end, and the names of their languages."""
    found: list[tuple[int, int, str]] = []
    for paragraph in _PARAGRAPH.finditer(text):
        told = language(paragraph[0])
        if told.english is False and told.name:
            found.append((*paragraph.span(), told.name))
    return found


def note_of(foreign: list[tuple[int, int, str]]) -> str:
    """What a reader of the article should know of such paragraphs."""
    names = ", ".join(dict.fromkeys(name for _, _, name in foreign))
    places = ", ".join(f"{start}-{end}" for start, end, _ in foreign[:5]) + (", …" if len(foreign) > 5 else "")
    what = "1 paragraph is" if len(foreign) == 1 else f"{len(foreign)} paragraphs are"
    return f"{what} in another language ({names}; characters {places}); not left out, and not understood either."


def _likely(text: str) -> list[tuple[str, float]]:
    """Codes of languages with at least one chance in five, the likeliest first; two at most."""
    ranked: list[tuple[str, float]] = _identifier().rank(text)
    return [(code, chance) for code, chance in ranked[:2] if chance >= 0.2 and code in _NAMES]


@cache
def _identifier() -> LanguageIdentifier:
    """The classifier; loading it takes most of a second, which only those wait for who read something."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([*_NAMES, "zxx"])  # zxx: no language at all
    return identifier
