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
        "war": "a and b fight on opposite sides of an interstate war",
        "armed_conflict": "a and b fight over a territory or a government (value: 1 at least 25 battle deaths a year, 2 1,000)",
        "arms_race": "a and b compete in building up arms",
        "trade_agreement": "preferential trade agreement in force (value: its depth, if the source has one)",
        "integration": "economic level (1 preferences for a, 2 both ways, 3 free trade, 4 customs union, 5 market, 6 union)",
        "nuclear_agreement": "agreement on nuclear cooperation (value: number of agreements; `text` says on what)",
        "contiguity": "neighbours (value: 1 by land, 2 to 5 across at most 12, 24, 150, 400 miles of water)",
        "distance": "how far apart a and b are (km; `ref` says which measure)",
        "language": "a and b share a language (`ref` says which measure)",
        "colony": "one was a colony of the other (`ref` says which measure)",
    },
    "vote": {"UNGA": "UN General Assembly", "UNSC": "UN Security Council"},
    "flow": {
        "exports": "goods exported from a to b (USD)",
        "arms": "major conventional arms delivered from a to b (SIPRI TIV, million)",
        "aid": "official aid from a to b (USD)",
        "sales": "goods and services sold from a to b (USD)",
        "investment": "direct investment from a in b in the period (USD)",
        "investment_stock": "direct investment that a holds in b at the end of the period (USD)",
        "event_score": "sum of the scores of reported events between a and b (the source's own scale)",
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
        "real_gdp": "estimate of real gross domestic product (2017 international dollars)",
        "real_gdp_per_head": "estimate of real gross domestic product per head (2011 international dollars)",
        "population": "population (persons)",
        "cinc": "composite index of national capability (share of the world, 0 to 1)",
        "urban_population": "people in large cities (persons)",
        "military_spending": "military spending (USD)",
        "military_spending_gbp": "military spending of the years before 1914 (GBP of the year)",
        "military_personnel": "people in the armed forces (persons)",
        "iron_steel": "iron and steel made (tonnes)",
        "energy": "primary energy consumed (tonnes of coal equivalent)",
        "warheads": "nuclear warheads in the military stockpile (number)",
        "exports_total": "all goods exported (USD)",
        "imports_total": "all goods imported (USD)",
        "polyarchy": "electoral democracy index (0 to 1)",
        "liberal_democracy": "liberal democracy index (0 to 1)",
        "polity": "Polity score (-10 autocracy to 10 democracy)",
        "regime": "type of regime (0 closed autocracy, 1 electoral autocracy, 2 electoral democracy, 3 liberal democracy)",
        "electoral_democracy": "lexical index of electoral democracy (0 to 6)",
        "unified_democracy": "unified democracy score (standard deviations)",
        "democracy_index": "democracy index of the Economist Intelligence Unit (0 to 10)",
        "freedom_score": "Freedom in the World, total score (at most 100)",
        "political_rights": "political rights (1 free to 7 not free)",
        "civil_liberties": "civil liberties (1 free to 7 not free)",
        "governance": "governance indicator (standard deviations; `locator` says which)",
        "leader": "holder of effective power (1; `text` names the person)",
        "government": "kind of government (1; `text` names it)",
        "major_power": "counted among the major powers (1)",
        "regional_power": "counted among the regional powers (1)",
        "nuclear_status": "nuclear weapons (0 none, 1 explored, 2 pursued, 3 held)",
        "nuclear_sites": "sites for enriching uranium or reprocessing plutonium at work (number)",
        "internal_conflict": "armed conflict inside the state (value: 1 at least 25 battle deaths a year, 2 1,000)",
        "igo_memberships": "intergovernmental organisations of which it is a member (number)",
        "ideal_point": "published position in UN votes, smoothed over all years: for reference, never a predictor",
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
        "war",
        "armed_conflict",
        "arms_race",
        "trade_agreement",
        "nuclear_agreement",
        "contiguity",
        "distance",
        "language",
        "colony",
        "event_score",
    }
)

CHOICES: Final[dict[str, float | None]] = {"yes": 1.0, "abstain": 0.0, "no": -1.0, "absent": None}


def columns(form: Form) -> dict[str, pl.DataType]:
    """Names and types of a form's table, in the order in which they are stored."""
    return {**HEADER, **EXTRA[form]}
