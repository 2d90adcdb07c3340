"""Pages that stand before an article: pay, consent, prove that you are human, enable JavaScript."""

from __future__ import annotations

import re
from typing import Final

#: Words from which on a text is taken for an article, whatever else it says.
SHORT: Final = 120
#: Words from which on an extracted text is taken for an article, whatever the rest of its page says.
SCANT: Final = 40

#: What each kind of page says. Phrases, never single words: an article may be about cookies or subscriptions.
_KINDS: Final = {
    "a paywall": (
        r"subscribe (?:now |today )?(?:to|and) (?:continue|keep|read|unlock|access)|to (?:continue|keep) reading"
        r"|continue reading (?:with|by|for|your)|(?:only )?(?:available|reserved|exclusive)(?: only| exclusively)? "
        r"(?:to|for) (?:our )?(?:\w+ )?(?:subscribers|members)|subscribers?[- ]only|unlock this (?:article|story)"
        r"|(?:reached|used) (?:your|the) (?:\w+ ){0,4}(?:limit|free articles)|already a subscriber|start your free trial"
        r"|(?:log|sign) in (?:or \w+ )?to (?:continue|read|access)|create a(?: free)? account to (?:continue|read)"
        r"|register (?:for free )?to (?:continue|read)"
    ),
    "a consent page": (
        r"(?:we|and our partners|this (?:web)?site) uses? cookies|accept (?:all|cookies)|before you continue to"
        r"|(?:manage|cookie|privacy) (?:preferences|settings|choices)|reject all|we value your privacy"
        r"|store and/or access information on a device"
    ),
    "a captcha": (
        r"(?:verify|confirm|prove|make sure|checking)(?: that)? (?:you are|you're|if you are|the site connection is)"
        r"(?: not a)?(?: a)? ?(?:human|robot|bot|secure)|(?:i'm|i am|are you|you are|you're) (?:not )?a robot"
        r"|unusual (?:traffic|activity) (?:from|on)|checking your browser|(?:complete|solve) the (?:captcha|security check)"
        r"|enable javascript and cookies to continue|cloudflare ray id"
    ),
    "a page that needs JavaScript": (
        r"(?:enable|turn on|activate|requires?|needs?|without) javascript|javascript (?:is|must be|to be|needs to be) "
        r"(?:\w+ )?(?:required|disabled|enabled|turned off|off)|javascript is (?:not|un)\s?available"
        r"|browser (?:that )?(?:does not|doesn't) support javascript"
    ),
    "an error page": (
        r"(?:error )?404(?: error)?[ :,.-]{1,3}(?:page |file )?not found|page (?:you (?:\w+ ){1,4})?(?:was |could )?not"
        r"(?: be)? found|403 forbidden|access denied|50[0234] (?:internal server error|bad gateway|service unavailable)"
    ),
}
_PHRASES: Final = {kind: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) for kind, pattern in _KINDS.items()}
#: How publishers tell search engines that only a part is on the page (schema.org).
_NOT_FREE: Final = re.compile(r'"isAccessibleForFree"\s{0,9}:\s{0,9}"?false', re.IGNORECASE)
#: Characters of a page's own words that are looked at.
_LOOKED_AT: Final = 20_000


def wall(text: str, rest: str = "", markup: str = "") -> str | None:
    """What stands in place of the article, if something does.

    Parameters
    ----------
    text : str
        What was taken for the article.
    rest : str
        All words of its page.
    markup : str
        Its HTML.

    Returns
    -------
    str or None
        ``a paywall (it says "…")`` and the like; None if the text may be an article.
    """
    words = len(text.split())
    if words >= SHORT:
        return None
    if said := _says(text):
        return said
    if markup and _NOT_FREE.search(markup):
        return "a paywall (the page says that it is not free to read)"
    return _says(rest) if words < SCANT else None


def cut_off(text: str) -> str | None:
    """A note, if the end of a text says that the rest is behind a paywall."""
    found = _PHRASES["a paywall"].search(text[-300:])
    return f'The article may be cut off by a paywall: near its end it says "{found[0]}".' if found else None


def _says(text: str) -> str | None:
    """The kind of page with the most telltale phrases, and the first of them."""
    some = re.sub(r"\s+", " ", text[:_LOOKED_AT].replace("’", "'"))
    hits = {kind: list(phrases.finditer(some)) for kind, phrases in _PHRASES.items()}
    kind = max(hits, key=lambda each: len({hit[0].lower() for hit in hits[each]}))
    return f'{kind} (it says "{hits[kind][0][0]}")' if hits[kind] else None
