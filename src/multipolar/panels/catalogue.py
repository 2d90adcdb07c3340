"""The columns there are, in the order in which readers meet them."""

from __future__ import annotations

from typing import Final

from multipolar.indicators import INDICATORS
from multipolar.panels.model import Column
from multipolar.record import Form

_ATOP: Final = ("atop",)
_MID: Final = ("gml-mid", "cow-mid")
_OWED: Final = ("defence", "offence", "neutrality", "nonaggression", "consultation")
_WHOLE: Final = "UNGA roll calls in which both voted yes, abstained or voted no"


def _tie(name: str, label: str, unit: str, kinds: str, sides: str, how: str, *prefer: str, **more: object) -> Column:
    return Column(name, label, unit, "tie", tuple(kinds.split()), sides, how, prefer, **more)  # type: ignore[arg-type]


def _still(name: str, label: str, unit: str, kind: str, ref: str) -> Column:
    rule = f"a fact without time (`ref` {ref}), the same in every period: as it was when its source was made"
    return Column(
        name, label, unit, "tie", (kind,), "timeless", "last", ("geodist",), only=True, refs=(ref,), rule=rule
    )


def _flow(name: str, label: str, unit: str, kind: str, how: str, *prefer: str) -> Column:
    return Column(name, label, unit, "flow", (kind,), "directed", how, prefer)  # type: ignore[arg-type]


def _trait(name: str, label: str, unit: str, *prefer: str, kind: str = "", how: str = "last", **more: object) -> Column:
    return Column(name, label, unit, "trait", (kind or name,), "state", how, prefer, **more)  # type: ignore[arg-type]


#: How alike two portfolios are: label, unit and rule of each measure.
_MEASURES: Final = {
    "s": ("S of {}, absolute distances", "-1 to 1", "1 less twice the mean distance, as a share of the greatest, of {}"),
    "s_squared": ("S of {}, squared distances", "-1 to 1",
                  "1 less twice the mean squared distance, as a share of the greatest, of {}"),
    "kappa": ("Cohen's kappa of {}", "at most 1",
              "1 less observed over expected squared distance, expected from how often each has what (Häge 2011), of {}"),
    "pi": ("Scott's pi of {}", "at most 1",
           "1 less observed over expected squared distance, expected from how often both together have what (Häge 2011), of {}"),
    "tau_b": ("Kendall's tau-b of {}", "-1 to 1",
              "rank correlation, missing where one of the two always has the same, of {}"),
}  # fmt: skip


def _alike(start: str, what: str, form: Form, kinds: tuple[str, ...], items: str, measure: str) -> Column:
    label, unit, rule = _MEASURES[measure]
    return Column(
        f"{start}_{measure}", label.format(what), unit, form, kinds, "pair", "special", rule=rule.format(items)
    )


_DEEPEST: Final = (
    "3 defence or offence, 2 neutrality or nonaggression, 1 consultation: the deepest in force on any day of the period; "
    "0 where none is"
)

COLUMNS: Final[tuple[Column, ...]] = (
    # What states owe each other.
    _tie("alliance", "alliance obligation of any kind", "0 or 1", "defence offence neutrality nonaggression consultation",
         "owed", "any", *_ATOP, value=False),
    _tie("alliance_depth", "deepest alliance obligation", "0 to 3",
         "defence offence neutrality nonaggression consultation", "owed", "max", *_ATOP, scale=(3.0, 3.0, 2.0, 2.0, 1.0),
         rule=_DEEPEST),
    *(_alike("alliances", "alliances with all states", "tie", _OWED,
             "the deepest obligation in the period with each state of the Correlates of War system (3 with itself), in either "
             "direction, where a source lists all of them", name) for name in _MEASURES),
    _tie("defence", "obligation to help if attacked", "0 or 1", "defence", "owed", "any", *_ATOP, value=False),
    _tie("offence", "obligation to help in attack", "0 or 1", "offence", "owed", "any", *_ATOP, value=False),
    _tie("neutrality", "obligation to stay out of a war", "0 or 1", "neutrality", "owed", "any", *_ATOP, value=False),
    _tie("nonaggression", "obligation not to attack", "0 or 1", "nonaggression", "owed", "any", *_ATOP, value=False),
    _tie("consultation", "obligation to consult in a crisis", "0 or 1", "consultation", "owed", "any", *_ATOP, value=False),
    _tie("partnership", "declared strategic or comprehensive partnership", "0 or 1", "partnership", "pair", "any",
         value=False),
    _tie("trade_agreement", "preferential trade agreement in force", "0 or 1", "trade_agreement", "pair", "any", "desta",
         value=False),
    _tie("trade_agreement_depth", "depth of the deepest trade agreement in force", "0 to 7", "trade_agreement", "pair",
         "max", "desta", rule="the highest depth that a source gives to an agreement in force on any day of the period"),
    _tie("integration", "deepest economic integration", "1 one-way preferences to 6 union, 0 none", "integration", "pair",
         "max"),
    _tie("nuclear_agreement", "agreement on peaceful nuclear cooperation", "0 or 1", "nuclear_agreement", "pair", "any",
         value=False),
    _tie("joint_igos", "organisations of which both are full members", "number", "membership", "pair", "special",
         "cow-igo:", only=True, least=1.0,
         rule="organisations of which both were full members on any day of the period, as far as Correlates of War tells; "
         "a status that is not known counts as none"),
    # What they do against each other.
    _tie("sanctions", "types of sanction kept on the other", "number", "sanction", "directed", "max", "gsdb",
         "sanctions-g7-eu"),
    _tie("dispute", "militarised dispute", "0 or 1", "dispute", "pair", "any", *_MID, value=False),
    _tie("dispute_onset", "beginning of a militarised dispute", "0 or 1", "dispute", "pair", "onset", *_MID, value=False,
         rule="1 if one begins in the period; one that goes on after a quiet year begins anew, as its publishers count"),
    _tie("dispute_level", "highest level of hostility in militarised disputes", "0 none to 5 war", "dispute", "pair", "max",
         *_MID),
    _tie("war", "interstate war on opposite sides", "0 or 1", "war", "pair", "any", value=False),
    _tie("armed_conflict", "armed conflict over a territory or a government", "0 none, 1 minor, 2 war", "armed_conflict",
         "pair", "max", "ucdp"),
    _tie("rivalry", "strategic rivalry", "0 or 1", "rivalry", "pair", "any", "rivalries-tss", "rivalries-td", value=False),
    _tie("arms_race", "competition in building up arms", "0 or 1", "arms_race", "pair", "any", value=False),
    # What flows between them.
    _flow("arms", "major arms delivered", "TIV, million", "arms", "sum", "sipri"),
    _flow("exports", "goods exported", "USD", "exports", "sum", "imf", "baci", "cow-trade"),
    _flow("sales", "goods and services sold", "USD", "sales", "sum", "itpd"),
    _flow("investment", "direct investment", "USD", "investment", "sum"),
    _flow("investment_stock", "direct investment held", "USD", "investment_stock", "last"),
    _flow("aid", "official aid given", "USD", "aid", "sum"),
    _flow("people", "people who moved or travelled", "persons", "people", "sum"),
    Column("event_score", "score of reported events", "the source's scale", "flow", ("event_score",), "pair", "score"),
    # How they see and meet each other.
    Column("votes_agreement", "share of UN votes in which both chose alike", "0 to 1", "vote", ("UNGA",), "pair", "special",
           rule=f"share, among {_WHOLE}, of those in which they chose the same"),
    Column("votes_joint", "UN votes in which both took part", "number", "vote", ("UNGA",), "pair", "special", rule=_WHOLE),
    *(_alike("votes", "UN votes", "vote", ("UNGA",), f"choices (no, abstain, yes one step apart), over {_WHOLE}", name)
      for name in _MEASURES),
    _tie("embassy", "level of diplomatic relations", "0 none, 0.5 charges, 1 ambassadors", "embassy", "pair", "last"),
    Column("visits", "visits of leaders", "number", "event", ("CONSULT",), "directed", "count", mode="visit",
           rule="the number in the period; a visit of which only the year is told is not counted"),
    _tie("troops", "troops posted in the other", "number", "troops", "directed", "max"),
    _tie("base", "military base kept in the other", "0 or 1", "base", "directed", "any", value=False),
    Column("opinion", "share of the people with a favourable view of the other", "0 to 1", "attitude", ("favourable",),
           "directed", "mean", ("pew:",)),
    # Where they are.
    _tie("contiguity", "neighbours (1 by land, 2 to 5 across water)", "1 to 5, 0 not", "contiguity", "pair", "min",
         "cow-contiguity", only=True,
         rule="the closest contiguity in force on any day of the period; 0 where a source says that there is none"),
    _tie("min_distance", "distance between the nearest points", "km", "distance", "pair", "min", "cow-mindist", only=True,
         refs=("mindist",)),
    _still("distance", "distance between the largest cities", "km", "distance", "dist"),
    _still("distance_capitals", "distance between the capitals", "km", "distance", "distcap"),
    _still("distance_weighted", "distance weighted over the largest cities", "km", "distance", "distw"),
    _still("border", "common border", "0 or 1", "contiguity", "contig"),
    _still("language", "common official language", "0 or 1", "language", "comlang_off"),
    _still("language_spoken", "language spoken by at least 9 % of both peoples", "0 or 1", "language", "comlang_ethno"),
    _still("colony", "one ever was a colony of the other", "0 or 1", "colony", "colony"),
    _still("colonizer", "common colonizer after 1945", "0 or 1", "colony", "comcol"),
    # What each of them is.
    _trait("cinc", "composite index of national capability", "share of the world", "cow-nmc", "nmc"),
    _trait("military_spending", "military spending", "USD", "cow-nmc", "nmc"),
    _trait("military_personnel", "people in the armed forces", "persons", "cow-nmc", "nmc"),
    _trait("iron_steel", "iron and steel made", "tonnes", "cow-nmc", "nmc"),
    _trait("energy", "primary energy consumed", "tonnes of coal equivalent", "cow-nmc", "nmc"),
    _trait("population", "population", "persons", "cow-nmc", "nmc"),
    _trait("urban_population", "people in large cities", "persons", "cow-nmc", "nmc"),
    _trait("gdp", "gross domestic product", "USD"),
    _trait("gdp_ppp", "gross domestic product at purchasing power parity", "international dollars"),
    _trait("exports_total", "all goods exported", "USD", "cow-trade"),
    _trait("imports_total", "all goods imported", "USD", "cow-trade"),
    _trait("real_gdp", "real gross domestic product, estimated", "2017 international dollars"),
    _trait("real_gdp_per_head", "real gross domestic product per head, estimated", "2011 international dollars"),
    _trait("military_spending_gbp", "military spending before 1914", "GBP of the year", "cow-nmc", "nmc"),
    _trait("polity", "Polity score", "-10 to 10", "polity"),
    _trait("polyarchy", "electoral democracy index", "0 to 1", "vdem"),
    _trait("liberal_democracy", "liberal democracy index", "0 to 1", "vdem"),
    _trait("regime", "type of regime", "0 closed autocracy to 3 liberal democracy"),
    _trait("electoral_democracy", "lexical index of electoral democracy", "0 to 6"),
    _trait("unified_democracy", "unified democracy score", "standard deviations"),
    _trait("political_rights", "political rights", "1 free to 7 not free"),
    _trait("democracy_index", "democracy index of the Economist Intelligence Unit", "0 to 10"),
    _trait("freedom_score", "Freedom in the World, total score", "at most 100"),
    _trait("civil_liberties", "civil liberties", "1 free to 7 not free"),
    _trait("major_power", "counted among the major powers", "0 or 1", "cow-majors", "cow", value=False, how="any"),
    _trait("regional_power", "counted among the regional powers", "0 or 1", value=False, how="any"),
    _trait("nuclear_status", "nuclear weapons", "0 none, 1 explored, 2 pursued, 3 held", how="max"),
    _trait("nuclear_sites", "sites for enriching uranium or reprocessing plutonium", "number"),
    _trait("warheads", "nuclear warheads in the military stockpile", "number"),
    _trait("internal_conflict", "armed conflict inside the state", "0 none, 1 minor, 2 war", "ucdp", how="max"),
    _trait("igo_memberships", "organisations of which it is a member", "number"),
    _trait("leader_changes", "leaders who came to power", "number", kind="leader", how="count",
           rule="terms of leaders that began in the period; 0 where one went on"),
)  # fmt: skip


def _indicator(name: str, title: str, unit: str, form: Form, kinds: tuple[str, ...], meaning: str) -> Column:
    rule = f"{meaning} As `multipolar indicators` has it, month by month."
    return Column(f"indicator_{name}", f"indicator: {title}", unit, form, kinds, "pair", "special", rule=rule)


#: The indicators from which ties are estimated, for panels of months.
MONTHLY: Final[tuple[Column, ...]] = tuple(
    _indicator(each.name, each.title, each.unit, each.form, each.kinds, each.meaning) for each in INDICATORS
)

BY_NAME: Final[dict[str, Column]] = {column.name: column for column in (*COLUMNS, *MONTHLY)}
