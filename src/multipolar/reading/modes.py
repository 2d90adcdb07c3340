"""The mode of an event: how it was done, by the words of its clause (PLOVER codebook, version of 2023, CC BY-SA 4.0)."""

from __future__ import annotations

import re
from typing import Final

#: For each type the modes in order, with the words that show them; the first that fits is taken.
_WORDS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "CONSULT": (
        (
            "phone",
            r"phone\w*|telephon\w*|call(?:ed|s)? (?:his|her|with)|video ?(?:call|link|conference)\w*|"
            r"virtual\w*|by video|spoke by",
        ),
        (
            "multilateral",
            r"summit|conference|assembly|forum|multilateral|g7|g20|meeting of (?:the )?\w+ (?:leaders|"
            r"ministers)",
        ),
        ("third-party", r"mediat\w*|brokered|hosted by|good offices|go-between"),
        (
            "visit",
            r"visit\w*|trip\w*|tour\w*|arriv\w*|travel\w*|receiv\w*|reception|host\w*|welcom\w*|fl(?:ew|ies|"
            r"y) to|went to|left for|delegation\w*|called on",
        ),
    ),
    "RETREAT": (
        ("release", r"releas\w*|fre(?:ed|es|e|eing)\b|let go|pardon\w*|amnest\w*|bail"),
        ("return", r"return\w*|hand(?:ed|s|ing)? (?:back|over)|repatriat\w*|restitut\w*|gave back"),
        ("withdraw", r"withdr\w*|pull\w* (?:out|back)|evacuat\w*|retreat\w*|left"),
        ("ceasefire", r"cease-?fire|truce|armistice"),
        ("disarm", r"disarm\w*|lay down|laid down|decommission\w*|surrender\w*|demobili\w*"),
        ("resign", r"resign\w*|step\w* down|stood down|quit\w*"),
        ("access", r"open\w*|allow\w*|access|eas(?:e|ed|es|ing)\b|lift\w*|let (?:in|through)|permit\w*"),
    ),
    "REQUEST": (
        ("meet", r"talks|meeting|negotiat\w*|dialogue|summit|mediat\w*"),
        ("yield", r"releas\w*|free\b|lift\w*|eas(?:e|ing)\b|cease-?fire|truce|withdraw\w*|end (?:the|its)|halt"),
        (
            "assist",
            r"help|aid|assist\w*|support|weapons|troops|loan|funds?|money|asylum|refuge|peacekeep\w*|"
            r"recognition",
        ),
        ("change", r"reform\w*|polic\w*|elections?|resign\w*|law|institution\w*|leader\w*"),
    ),
    "REJECT": (
        ("meet", r"talks|meet\w*|negotiat\w*|dialogue|summit|visit|mediat\w*"),
        ("yield", r"releas\w*|lift\w*|eas(?:e|ing)\b|cease-?fire|truce|withdraw\w*|free\b"),
        ("assist", r"help|aid|assist\w*|support|weapons|visas?|entry|permission|asylum|loan"),
        ("change", r"reform\w*|polic\w*|elections?|resign\w*|law|proposal|plan|resolution"),
    ),
    "ACCUSE": (
        ("investigate", r"investigat\w*|inquir\w*|prob(?:e|ed|es|ing)\b|inspect\w*|examin\w*"),
        (
            "allege",
            r"accus\w*|alleg\w*|charg\w*|indict\w*|su(?:e|ed|es|ing)\b|lawsuit|blam\w*|convict\w*|guilty|"
            r"trial|responsible",
        ),
        ("disapprove", r"."),
    ),
    "THREATEN": (
        (
            "violence",
            r"attack\w*|war\b|strike\w*|force\b|bomb\w*|kill\w*|invad\w*|retaliat\w*|military|nuclear|"
            r"shell\w*|destroy\w*",
        ),
        ("relations", r"relations|ties|talks|sanction\w*|aid\b|ambassador|treaty|cooperat\w*|boycott\w*|withdraw\w*"),
        ("expel", r"expel\w*|expuls\w*|deport\w*"),
        ("arrest", r"arrest\w*|jail\w*|prosecut\w*"),
        ("ban", r"\bban\w*|outlaw\w*"),
        ("restrict", r"restrict\w*|curfew|block\w*|clos(?:e|ing)\b|censor\w*"),
        ("territory", r"occup\w*|annex\w*|seiz\w*|territor\w*"),
    ),
    "PROTEST": (
        ("hunger", r"hunger"),
        ("boycott", r"boycott\w*"),
        ("strike", r"strik\w*|stopp\w* work|walk\w* out|stoppage"),
        ("riot", r"riot\w*|clash\w*|burn\w*|stones?|torch\w*|storm\w*|violen\w*"),
        ("obstruct", r"block\w*|barricad\w*|obstruct\w*|occup\w*"),
        ("demo", r"."),
    ),
    "SANCTION": (
        ("expel", r"expel\w*|expuls\w*|persona non grata|suspend\w* (?:the )?member\w*"),
        ("withdraw", r"withdr\w*|recall\w*|pull\w* out|left the|quit\w*"),
        ("convict", r"convict\w*|sentenc\w*|fin(?:ed|es)\b"),
        ("discontinue", r"."),
    ),
    "MOBILIZE": (
        (
            "weapons",
            r"missile\w*|warship\w*|ships?\b|navy|naval|fleet|flotilla|submarine\w*|carrier|aircraft|jets?\b|"
            r"bomber\w*|tanks?\b|artillery|weapon\w*|test\w*|launch\w*|rocket\w*|nuclear",
        ),
        ("police", r"police\w*|gendarm\w*|riot"),
        ("militia", r"militia\w*|volunteer\w*|paramilitar\w*|rebel\w*"),
        ("troops", r"."),
    ),
    "COERCE": (
        ("arrest", r"arrest\w*|detain\w*|detention|jail\w*|imprison\w*|custody|round\w* up|sentenc\w*"),
        ("deport", r"deport\w*|expel\w*|expuls\w*"),
        ("seize", r"seiz\w*|confiscat\w*|raid\w*|impound\w*|search\w*|nationali\w*|froze\w*"),
        ("curfew", r"curfew|state of (?:emergency|siege)"),
        ("martial-law", r"martial law"),
        ("censor", r"censor\w*|newspaper\w*|broadcast\w*|media|journalist\w*|publicat\w*|website\w*"),
        ("cyber", r"hack\w*|cyber\w*"),
        ("misinformation", r"disinformation|misinformation|propaganda|fake"),
        ("withhold", r"cut off|shut off|withh(?:eld|old)\w*|internet|electricity|gas\b|water"),
        ("ban", r"\bban\w*|outlaw\w*|prohibit\w*"),
        ("restrict", r"restrict\w*|tariff\w*|limit\w*|impos\w*|bar(?:red|s|ring)\b|clos(?:e|ed|es|ing)\b|block\w*"),
    ),
    "ASSAULT": (
        ("abduct", r"abduct\w*|kidnap\w*|hostage\w*|hijack\w*|human shield\w*"),
        ("suicide-attack", r"suicide"),
        ("torture", r"tortur\w*"),
        ("sexual", r"rap(?:e|ed|es|ing)\b|sexual\w*"),
        ("beat", r"beat(?:en|s|ing)?\b"),
        ("execute", r"execut\w*|massacr\w*"),
        ("assassinate", r"assassinat\w*"),
        ("drone", r"drone\w*"),
        (
            "aerial",
            r"air ?strike\w*|air raid\w*|warplane\w*|jets?\b|bomb(?:ed|s|ing|ers?)\b|from the air|"
            r"helicopter\w*",
        ),
        ("missile", r"missile\w*|rocket\w*"),
        ("heavy-weapons", r"artiller\w*|shell\w*|mortar\w*|tank\w*|howitzer\w*"),
        ("explosives", r"bomb\b|explo\w*|mine\b|mines\b|ied\b|grenade\w*"),
        ("cyber", r"cyber\w*|hack\w*"),
        ("firearms", r"shot\b|shoot\w*|gun\w*|sniper\w*|opened fire|fired on"),
    ),
}  # fmt: skip
_PATTERNS: Final = {
    kind: tuple(
        (mode, re.compile(rf"\b(?:{words})" if words != "." else r"(?=)", re.IGNORECASE)) for mode, words in rows
    )
    for kind, rows in _WORDS.items()
}


def mode_of(type: str, words: str) -> str | None:
    """The mode that the words of an event's clause show; None where its type has none or the words do not say.

    Parameters
    ----------
    type : str
        PLOVER type.
    words : str
        The event's own words.
    """
    return next((mode for mode, pattern in _PATTERNS.get(type, ()) if pattern.search(words)), None)
