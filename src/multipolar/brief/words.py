"""The fixed vocabulary: which figure gets which word, and how figures, days and months are written.

A word stands for a stretch of the scale of ties and for nothing else. On that scale +1 is the mean tie of the close anchor
pairs and 0 is a pair of which nothing is known yet; the hostile anchor pairs stand a little beyond -0.5 in the dossier
(`multipolar.ties.anchors`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import Final

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


#: Keeps a number and its unit on one line.
NBSP: Final = "\u00a0"


@dataclass(frozen=True)
class Word:
    """One word of the vocabulary: ties from `low` up to `high`, and the colour that stands for it.

    Colours run from orange to blue, which readers with any of the common colour deficiencies tell apart.
    """

    name: str
    low: float
    high: float
    colour: str

    @property
    def range(self) -> str:
        """The stretch in words."""
        if self.low == -inf:
            return f"below {number(self.high)}"
        return f"{number(self.low)} and above" if self.high == inf else f"{number(self.low)} to {number(self.high)}"


WORDS: Final = (
    Word("hostile", -inf, -0.5, "#a8480b"),
    Word("strained", -0.5, -0.25, "#eba55f"),
    Word("neither close nor hostile", -0.25, 0.25, "#e3dccf"),
    Word("friendly", 0.25, 0.75, "#83b3d6"),
    Word("close", 0.75, inf, "#1f5f99"),
)


def word_for(tie: float) -> Word:
    """The word for a tie; a bound belongs to the upper word."""
    return next(word for word in WORDS if tie < word.high)


def number(value: float, digits: int = 2) -> str:
    """A figure with a proper minus sign; never "-0.00"."""
    text = f"{value:.{digits}f}"
    if not text.strip("-0."):
        text = text.lstrip("-")
    return text.replace("-", "−")


def signed(value: float, digits: int = 2) -> str:
    """A figure with its sign, for changes."""
    text = number(value, digits)
    return text if text.startswith("−") or not text.strip("0.") else f"+{text}"


def percent(share: float) -> str:
    """A share as a percentage: whole, but for those that would read 0 % or 100 % and are not."""
    if 0.0 < share < 0.005:
        return f"under 1{NBSP}%"
    return f"over 99{NBSP}%" if 0.995 <= share < 1.0 else f"{share * 100:.0f}{NBSP}%"


def percent_range(low: float, high: float, link: str = "to") -> str:
    """An interval of shares: ``5 to 13 %``, or one percentage where both ends read alike."""
    first, last = percent(low), percent(high)
    return last if first == last else f"{first.removesuffix(f'{NBSP}%')} {link} {last}"


def amount(value: float) -> str:
    """A figure of any size: counts whole, large ones with separators, the rest with two decimals."""
    if value == round(value) or abs(value) >= 1000:
        return f"{value:,.0f}".replace("-", "−")
    return number(value)


def weight(value: float) -> str:
    """A signed small figure with three decimals, or four or five where three would show nothing of it."""
    return signed(value, next((digits for digits in (3, 4) if abs(value) >= 0.5 * 10.0**-digits), 5))


def month_name(month: date) -> str:
    """``June 2024``."""
    return f"{MONTHS[month.month - 1]} {month.year}"


def day_name(day: date) -> str:
    """``19 June 2024``."""
    return f"{day.day} {month_name(day)}"


def period(first: date, last: date | None, *, open_end: bool = False) -> str:
    """A day, or the days from first to last; whole years and months are written as such."""
    if last is None:
        return f"since {day_name(first)}" if open_end else day_name(first)
    if first == last:
        return day_name(first)
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year) if first.year == last.year else f"{first.year} to {last.year}"
    return f"{day_name(first)} to {day_name(last)}"


def listed(names: Iterable[str]) -> str:
    """``a, b and c``."""
    *head, tail = list(names) or ["nobody"]
    return f"{', '.join(head)} and {tail}" if head else tail


def count(number_of: int, one: str, many: str = "") -> str:
    """``1 statement``, ``1,204 statements``."""
    return f"{number_of:,} {one if number_of == 1 else many or one + 's'}"
