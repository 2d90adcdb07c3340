"""The day of publication, as a text or the name of a file says it: absolute days only, and none that could be two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

#: Characters of a text in which a dateline or a line with the date stands.
HEAD: Final = 300
#: Years that a date of publication may have.
FIRST: Final = 1800
LAST: Final = 2199

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DAY: Final = (
    r"(?:(?P<iso>\d{4}[-/.]\d{1,2}[-/.]\d{1,2})(?!\d)"
    rf"|(?P<dmy>\d{{1,2}}(?:st|nd|rd|th)?[ -](?:of )?{_MONTH}\.?,?[ -]\d{{4}})(?!\d)"
    rf"|(?P<mdy>{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})(?!\d)"
    r"|(?P<num>\d{1,2}[/.-]\d{1,2}[/.-]\d{4})(?!\d))"
)
_WEEKDAY: Final = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? (?:the )?)?"
_TIME: Final = (
    r"(?:[ ,|·•–—-]{1,4}(?:at |T)?\d{1,2}[:.]\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?(?: ?\(?[A-Z]{2,4}\)?)?|T\d[\d:.Z+-]+)?"
)
_LABEL: Final = (
    r"(?:first |originally )?(?P<label>published|posted|issued|released|last updated|last modified|updated|modified)"
)
#: "Published on Friday, 21 June 2024, 10:00"
_LABELLED: Final = re.compile(rf"^[^\n]{{0,60}}?\b{_LABEL}(?: on| at| in)?[ :–—-]{{1,3}}{_WEEKDAY}{_DAY}", re.I | re.M)
#: A line that has a day, perhaps who wrote it and when, and nothing else.
_LINE: Final = re.compile(
    rf"^[ \t]*(?:date ?: ?|by [^\n,|–—]{{2,60}}[,|–—] ?|[^\n,|]{{2,40}} ?[|·•] ?)?{_WEEKDAY}{_DAY}{_TIME}[ \t.|]*$",
    re.I | re.M,
)
#: "HANOI, Vietnam, June 20, 2024 (Reuters) -": a place in capitals, the day, and a dash or an agency.
_DATELINE: Final = re.compile(
    rf"^[ \t]*(?-i:[A-Z][A-Z.'’/ -]{{2,40}})(?:, [^\n,\d]{{2,30}})?[,:]?[ –—-]{{1,3}}\(?{_WEEKDAY}{_DAY}\)?[ ,]{{0,2}}"
    r"(?:\([^()\n]{2,40}\)|/[^/\n]{2,30}/|[-–—:])",
    re.I | re.M,
)
#: "as of 21 June 2024": what a text is up to date for.
_AS_OF: Final = re.compile(rf"\bas of {_DAY}", re.I)
_NAMED: Final = re.compile(r"(?<![0-9A-Za-z])(\d{4})([-_.]?)(\d{2})\2(\d{2})(?![0-9A-Za-z])")


def in_text(text: str) -> tuple[date | None, str]:
    """The day of publication that a text states, and what to note of it.

    Looked for are a line "Published …", a line with nothing but a day, and a dateline; the last two among the first
    `HEAD` characters. Days inside sentences are days of what the sentences tell; only "as of 21 June 2024" says of the
    text itself how far it reaches, and is taken where nothing better is found.
    """
    notes: list[str] = []
    day = _labelled(text[:HEAD], notes) or _first(_LINE, text[:HEAD], notes) or _first(_DATELINE, text[:HEAD], notes)
    day = day or _labelled(text[-HEAD:], notes) or _first(_AS_OF, text, notes)
    return day, " ".join(dict.fromkeys(notes))


def labelled(text: str) -> date | None:
    """The day that a line "Published …" states."""
    return _labelled(text, [])


def in_name(stem: str) -> date | None:
    """The day that the name of a file states (``2024-06-21-foo``, ``foo_20240621``)."""
    for found in _NAMED.finditer(stem):
        if day := _day(int(found[1]), int(found[3]), int(found[4])):
            return day
    return None


def iso(text: str) -> date | None:
    """A day written ``YYYY-MM-DD``, or None."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return _day(day.year, day.month, day.day)


def _labelled(text: str, notes: list[str]) -> date | None:
    """Prefer the day of publication to that of a later change."""
    changed: date | None = None
    for day, found in _days(_LABELLED, text, notes):
        if found["label"].lower() in {"published", "posted", "issued", "released"}:
            return day
        changed = changed or day
    if changed:
        notes.append(f"Only the day of its last change is stated ({changed}), which is taken for its date.")
    return changed


def _first(pattern: re.Pattern[str], text: str, notes: list[str]) -> date | None:
    return next((day for day, _ in _days(pattern, text, notes)), None)


def _days(pattern: re.Pattern[str], text: str, notes: list[str]) -> Iterator[tuple[date, re.Match[str]]]:
    for found in pattern.finditer(text):
        if day := _read(found, notes):
            yield day, found


def _read(found: re.Match[str], notes: list[str]) -> date | None:
    if written := found["iso"]:
        year, month, day = (int(part) for part in re.split(r"[-/.]", written))
        return _day(year, month, day)
    if written := found["num"]:
        first, second, year = (int(part) for part in re.split(r"[-/.]", written))
        if first <= 12 and second <= 12 and first != second:
            notes.append(f'"{written}" may be two days, so it was not taken for the date.')
            return None
        return _day(year, second, first) if first > 12 or first == second else _day(year, first, second)
    written = (found["dmy"] or found["mdy"]).lower()
    number, year = (int(part) for part in re.findall(r"\d+", written))
    name = re.search(_MONTH, written)
    return _day(year, _MONTHS.index(name[0][:3]) + 1, number) if name else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if FIRST <= year <= LAST else None
    except ValueError:
        return None
