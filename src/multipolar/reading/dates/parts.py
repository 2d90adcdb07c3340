"""The parts of a period: "early", "the end of", "the second half of", "the last week of"."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from multipolar.reading.dates.calendar import Span, part
from multipolar.reading.dates.words import DASH, S, key

_SHARES: Final = {
    "early": (0, 3), "mid": (1, 3), "late": (2, 3), "middle": (1, 3), "earlier": (0, 3), "later": (2, 3),
    "beginning": (0, 6), "start": (0, 6), "end": (5, 6), "close": (5, 6), "opening": (0, 6), "final": (5, 6), "closing": (5, 6),
    "first half": (0, 2), "second half": (1, 2), "last half": (1, 2), "h1": (0, 2), "h2": (1, 2),
    "first quarter": (0, 4), "second quarter": (1, 4), "third quarter": (2, 4), "fourth quarter": (3, 4),
    "last quarter": (3, 4), "final quarter": (3, 4), "q1": (0, 4), "q2": (1, 4), "q3": (2, 4), "q4": (3, 4),
}  # fmt: skip
_SHARE_NAMES: Final = {
    (0, 3): "the first third", (1, 3): "the middle third", (2, 3): "the last third", (0, 6): "the first sixth",
    (5, 6): "the last sixth", (0, 2): "the first half", (1, 2): "the second half", (0, 4): "the first quarter",
    (1, 4): "the second quarter", (2, 4): "the third quarter", (3, 4): "the last quarter",
}  # fmt: skip
_NTH: Final = {"first": 0, "second": 1, "third": 2, "fourth": 3}
_OPENING: Final = {"first": "opening", "early": "opening", "last": "closing"}
#: A part of what follows: "late", "the end of", "the second half of", "earlier", "the last week of".
PART: Final = (
    r"(?:(?P<part>(?i:early|mid|late|earlier|later|middle|q[1-4]|h[12]"
    rf"|(?:the{S})?(?:(?:very{S})?(?:beginning|start|end)|middle|close){S}of"
    rf"|(?:the{S})?(?:opening|final|closing|first|last|early){S}(?:days|weeks|months|years){S}of"
    rf"|(?:the{S})?(?:first|second|last){S}half{S}of|(?:the{S})?(?:first|second|third|fourth|last|final){S}quarter{S}of"
    rf"|(?:the{S})?(?:first|second|third|fourth|last){S}week{S}(?:of|in)))"
    rf"(?:{S}(?i:in|of|on))?(?:{S}|{DASH})(?P<the>(?i:the){S})?)?"
)


def part_of(span: Span, words: str | None, on: date | None) -> tuple[Span, str]:
    """The part of an interval that is said, and its name; the whole one where none is said.

    "Earlier this year" ends with the day of the article, "later this year" begins after it.

    Parameters
    ----------
    span : (date, date)
        The whole.
    words : str or None
        What `PART` matched.
    on : date or None
        Day of the article.
    """
    if not words:
        return span, ""
    name = key(words).removeprefix("the ").removesuffix(" of").removesuffix(" in").replace("very ", "")
    if name in ("earlier", "later") and on is not None and span[0] <= on <= span[1]:
        if name == "earlier":
            return (span[0], on), f"up to {on} of "
        return (min(on + timedelta(days=1), span[1]), span[1]), f"after {on} of "
    head, _, unit = name.partition(" ")
    if unit == "week":
        first = span[1] - timedelta(days=6) if head == "last" else span[0] + timedelta(days=7 * _NTH[head])
        return (first, first + timedelta(days=6)), f"the {name} of "
    if unit in ("days", "weeks", "months", "years"):
        name = _OPENING.get(head, head)
    number, of = _SHARES[name]
    return part(span, number, of), f"{_SHARE_NAMES[number, of]} of "
