"""What of the reader can be switched off, to measure what each part contributes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts of the reader; all are on unless one asks what it would do without.

    Attributes
    ----------
    acts : bool
        The lexicon of acts, beside the classifier.
    pronouns : bool
        What "he", "it" and "the country" stand for.
    groups : bool
        Collectives: "the West", "its allies", "Western".
    named : bool
        Events known by name ("the invasion of Kuwait").
    frames : bool
        Events that a noun tells ("his tour of Chad"), by the parse.
    grammar : bool
        What the parse says of clauses: whose they are, negation, supposition, plans.
    """

    acts: bool = True
    pronouns: bool = True
    groups: bool = True
    named: bool = True
    frames: bool = True
    grammar: bool = True


#: Everything.
ALL: Final = Parts()
