"""Whether the words around a time point to the future: "will meet on Friday", "met on Friday".

There is no parse here: the nearest verb that tells a tense decides, first before the time, then after it, within its own
stretch of the sentence (up to a comma, a bracket, or a word that opens another clause). Where nothing tells, the time
is taken to be past, as most times of news are.
"""

from __future__ import annotations

import re
from typing import Final

#: Where another clause may begin.
BREAK: Final = re.compile(
    r"[,;:.!?()\[\]\"\u201c\u201d\n]|\s[\u2013\u2014-]+\s|\u2014"
    r"|\b(?:and|but|or|that|which|who|whom|whose|when|while|whereas|because|although|though|if|unless|as|where|after|before)\b",
    re.I,
)
#: How many characters a stretch may have.
_FAR: Final = 300
_PLANS = (
    r"(?:agree|plan|intend|hope|vow|pledge|promise|threaten|want|wish|expect|prepare|invite|aim|seek|propose|offer|decide|ask"
    r"|urge|call|commit|swear|refuse|set|due|need|order|demand|request|vote|ready|about|likely|schedule|slate|poise|suppose|go|have|has|is|are)"
)
_FUTURE = re.compile(
    # the verb belongs to it: in "will be held", "held" is no past
    r"(?:\b(?:will|won['\u2019]t|shall|would|may|might|could|can|must|should|cannot)\b|['\u2019]ll\b)(?!\s+have\b)"
    r"(?:\s+(?:not|also|only|likely|\w+ly)\b)*(?:\s+be\b)?(?:\s+[a-z]+)?"
    r"|\b(?:scheduled|slated|planned|due|set|expected|poised|supposed|bound|timed|intended)\s+(?:for|in|on)\b"
    rf"|\b{_PLANS}(?:s|es|ed|d|ned|ning|ing)?\s+(?:\w+\s+)?to\s+(?!(?:the|an?|its|his|her|their)\b)(?:be\s+)?[a-z]+"
    r"|\b(?:going\s+)?to\s+be\s+[a-z]+"
    r"|\b(?:upcoming|forthcoming|ahead\s+of|next|soon|future)\b"
    r"|(?:\b(?:is|are|am)|['\u2019](?:re|m))\s+(?:\w+ly\s+)?[a-z]{2,}ing\b(?:\s+to\s+[a-z]+)?"
)
_PAST = re.compile(
    r"\b(?:was|were|did|had|has|have|been|said|told|met|held|took|gave|made|went|came|saw|began|struck|hit|sent|left|won|lost|fell"
    r"|rose|spoke|wrote|brought|broke|fought|led|put|shot|set|cut|flew|drove|became|got|found|built|kept|withdrew|drew|grew|threw"
    r"|overthrew|swore|ran|bought|sold|paid|thought|knew|chose|sought|laid|hung|stood|understood|sank|shook|rejoined"
    r"|would\s+have|[a-z]{2,}ed)\b"
)
_LASTED = re.compile(
    r"\b(?:had|was|were|did|stayed|remained|lasted|continued|served|ruled|governed|reigned|led|fought|held|kept|stood|lived|worked"
    r"|existed|belonged)\b"
)


def _stretch(text: str, start: int, end: int) -> tuple[str, str]:
    """The words before and after, up to where another clause may begin."""
    before = text[max(0, start - _FAR) : start]
    opened = 0
    for found in BREAK.finditer(before):
        opened = found.end()
    after = text[end : end + _FAR]
    closed = BREAK.search(after)
    if not before[opened:].strip() and closed and closed[0] == "," and not after[: closed.start()].strip():
        # "On Friday, the leaders will meet": the comma after what stands in front belongs to the same clause
        rest = after[closed.end() :]
        closed = BREAK.search(rest)
        after = rest
    return before[opened:], after[: closed.start()] if closed else after


_IN_FRONT = re.compile(r"\b(?:on|in|by|until|till|from|since|at|during|early|late|the|of)\s*\Z", re.I)


def _lead(text: str, start: int) -> int:
    """Where the prepositions before a time begin."""
    while lead := _IN_FRONT.search(text, max(0, start - 80), start):
        start = lead.start()
    return start


def future(text: str, start: int, end: int) -> bool:
    """Whether what is said of the time at ``text[start:end]`` lies ahead of the text.

    Parameters
    ----------
    text : str
        A sentence, or several.
    start, end : int
        Where the time stands in it.
    """
    before, after = _stretch(text, _lead(text, start), end)
    ahead = [found.end() for found in _FUTURE.finditer(before)]
    behind = [found.end() for found in _PAST.finditer(before)]
    if ahead or behind:
        return max(ahead, default=-1) >= max(behind, default=-1)
    told, happened = _FUTURE.search(after), _PAST.search(after)
    if told is None:
        return False
    return happened is None or told.start() <= happened.start()


def lasted(text: str, start: int, end: int) -> bool:
    """Whether what ends at a time is told as past: "ruled until March", not "extended until March"."""
    before, after = _stretch(text, _lead(text, start), end)
    if before.strip():
        return _LASTED.search(before) is not None
    told, happened = _FUTURE.search(after), _PAST.search(after)
    return happened is not None and (told is None or happened.start() < told.start())


_PERFECT = re.compile(
    r"(?:\b(?:has|have)|['\u2019]ve)\s+(?:(?:not|also|now|long|\w+ly)\s+)?(?!(?:the|an?|no|to|any|its|his|her|their|more)\b)[a-z]+",
    re.I,
)


def still(text: str, start: int) -> bool:
    """Whether a length of time reaches up to the text: "has ruled for two years"."""
    before, _ = _stretch(text, start, start)
    return _PERFECT.search(before) is not None
