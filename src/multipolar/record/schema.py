"""The six forms of a statement and the columns of their tables.

A statement is one row from one source, never updated. All forms share `HEADER`; each adds the columns in `EXTRA`.
`KINDS` is the vocabulary: a statement whose kind is not listed there is refused at the door.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

import polars as pl

Form = Literal["event", "tie", "vote", "flow", "attitude", "trait"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)

#: Columns of every statement, in the order in which they are stored.
HEADER: Final[dict[str, pl.DataType]] = {
    "id": pl.String(),  # content hash, 32 hexadecimal digits
    "a": pl.String(),  # actor it is about: the doer, the sender, the voter, the public asked
    "b": pl.String(),  # the other actor (null for votes and traits)
    "kind": pl.String(),  # see KINDS
    "valid_from": pl.Date(),  # first day on which it was true
    "valid_to": pl.Date(),  # last day; null = not ended as far as its source's coverage reaches
    "known_from": pl.Date(),  # first day on which it could be known
    "known_to": pl.Date(),  # last day before it was withdrawn; null = stands
    "source": pl.String(),  # key of a Source
    "locator": pl.String(),  # page, row, article or symbol within the source
    "original": pl.String(),  # the value as the source wrote it
    "value": pl.Float64(),  # the value as we read it (null where the form has none, as an absent vote)
    "unit": pl.String(),
    "text": pl.String(),  # a short description in our words: treaty, occasion, title of the roll call
}

EXTRA: Final[dict[Form, dict[str, pl.DataType]]] = {
    "event": {"mode": pl.String(), "place": pl.String()},
    "tie": {"ref": pl.String()},  # the treaty or organisation that several statements belong to
    "vote": {"rollcall": pl.String(), "choice": pl.String(), "issue": pl.String()},
    "flow": {},
    "attitude": {"n": pl.Int64()},  # people asked
    "trait": {},
}

#: kind -> what it says, by form.
KINDS: Final[dict[Form, dict[str, str]]] = {
    "event": {
        "AGREE": "agrees, or states the intention, to cooperate",
        "CONSULT": "meets, visits, phones, negotiates (mode: visit, summit, talk, phone, third-party)",
        "SUPPORT": "starts or backs diplomatic cooperation (mode: treaty, recognition, praise, host)",
        "CONCEDE": "yields",
        "COOPERATE": "material cooperation (mode: economic, military, intelligence, judicial)",
        "AID": "gives aid (mode: economic, military, humanitarian, asylum)",
        "RETREAT": "withdraws, releases, ceases fire",
        "REQUEST": "asks, demands",
        "ACCUSE": "disapproves, investigates, accuses",
        "REJECT": "refuses, vetoes",
        "THREATEN": "threatens",
        "PROTEST": "demonstrates against",
        "SANCTION": "reduces relations or imposes a measure (mode: expel, recall, embargo, tariff, discontinue)",
        "MOBILIZE": "moves or shows force (mode: troops, exercise, weapons, test)",
        "COERCE": "seizes, restricts, arrests, attacks by computer",
        "ASSAULT": "uses violence (mode: strike, invasion, clash)",
    },
    "tie": {
        "defence": "obligation to help the other if attacked",
        "offence": "obligation to help the other in attack",
        "neutrality": "obligation to stay out of a war against the other",
        "nonaggression": "obligation not to attack the other",
        "consultation": "obligation to consult in a crisis",
        "membership": "a is a member of organisation b (value 1; an associate, partner or observer has less)",
        "partnership": "declared strategic or comprehensive partnership",
        "sanction": "a keeps sanctions on b (value: number of types in force)",
        "dispute": "militarised dispute (value: highest level of hostility, 1 to 5)",
        "troops": "a has troops posted in b (value: number, if known)",
        "base": "a keeps a military base in b",
        "embassy": "level of diplomatic relations (value: 1 ambassador, 0.5 charge d'affaires, 0 none or broken)",
        "rivalry": "a and b are strategic rivals",
    },
    "vote": {"UNGA": "UN General Assembly", "UNSC": "UN Security Council"},
    "flow": {
        "exports": "goods exported from a to b (USD)",
        "arms": "major conventional arms delivered from a to b (SIPRI TIV, million)",
        "aid": "official aid from a to b (USD)",
        "investment": "direct investment from a in b (USD)",
        "people": "people who moved or travelled from a to b (persons)",
    },
    "attitude": {
        "favourable": "share of the people of a with a favourable view of b",
        "unfavourable": "share of the people of a with an unfavourable view of b",
        "friendly": "share of the people of a who call relations with b friendly",
        "enemy": "share of the people of a who name b as an enemy or greatest threat",
    },
    "trait": {
        "gdp": "gross domestic product at market prices (USD)",
        "gdp_ppp": "gross domestic product at purchasing power parity (international dollars)",
        "population": "population (persons)",
        "cinc": "composite index of national capability (share of the world, 0 to 1)",
        "military_spending": "military spending (USD)",
        "warheads": "nuclear warheads in the military stockpile (number)",
        "exports_total": "all goods exported (USD)",
        "imports_total": "all goods imported (USD)",
        "polyarchy": "electoral democracy index (0 to 1)",
        "wanted_leader": "its head of state or government is under an ICC arrest warrant (1)",
    },
}

#: Kinds whose two actors are interchangeable; every other kind runs from a to b.
SYMMETRIC: Final[frozenset[str]] = frozenset(
    {
        "defence",
        "offence",
        "neutrality",
        "nonaggression",
        "consultation",
        "partnership",
        "dispute",
        "rivalry",
        "embassy",
    }
)

CHOICES: Final[dict[str, float | None]] = {"yes": 1.0, "abstain": 0.0, "no": -1.0, "absent": None}


def columns(form: Form) -> dict[str, pl.DataType]:
    """Names and types of a form's table, in the order in which they are stored."""
    return {**HEADER, **EXTRA[form]}
