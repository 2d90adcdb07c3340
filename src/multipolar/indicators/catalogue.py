"""The indicators there are, in the order in which readers meet them."""

from __future__ import annotations

from typing import Final

from multipolar.indicators import counted, standing, voting
from multipolar.indicators.model import Indicator

INDICATORS: Final[tuple[Indicator, ...]] = (
    Indicator(
        "votes", "agreement in UN votes", "congruence, -1 to 1", "vote", ("UNGA", "UNSC"),
        "Whether the two stood apart from the average vote on the same side (+) or on opposite sides (-).",
        +1, voting.parts, voting.cells,
    ),
    Indicator(
        "obligations", "treaty obligations", "depth, 0 to 1", "tie", tuple(standing.DEPTH),
        "The deepest obligation in force between them, from a declared partnership to mutual defence.",
        +1, standing.obligations,
    ),
    Indicator(
        "events", "cooperation and conflict", "weighted mean of the month, -1 to 1", "event", counted.EVENT_KINDS,
        "How cooperative or hostile the month's recorded acts between them were, the stronger counting more.",
        +1, counted.events, counted.event_cells,
    ),
    Indicator(
        "visits", "visits of leaders", "log(1 + visits in the year)", "event", ("CONSULT",),
        "How many journeys the leaders of the two paid each other in the year.",
        +1, counted.visits,
    ),
    Indicator(
        "disputes", "militarised disputes", "minus level of hostility / 5", "tie", ("dispute",),
        "How far the two went in using or threatening force against each other in the month.",
        +1, standing.disputes, usual=0.0,
    ),
    Indicator(
        "sanctions", "sanctions", "minus types in force / 5", "tie", ("sanction",),
        "How many types of sanction one keeps on the other.",
        +1, standing.sanctions, also=(("tie", "membership"),),
    ),
    Indicator(
        "arms", "arms deliveries", "log(1 + TIV) / log(1001)", "flow", ("arms",),
        "The volume of major arms that one delivered to the other in the year.",
        +1, counted.arms,
    ),
    Indicator(
        "trade", "trade", "log10 of the share of trade, 1 % = 0", "flow", ("exports",),
        "The trade between them as a share of all their trade.",
        +1, counted.trade, also=(("trait", "exports_total"), ("trait", "imports_total")),
    ),
    Indicator(
        "relations", "diplomatic relations", "1 ambassadors to 0 none", "tie", ("embassy",),
        "At what level the two keep diplomatic relations.",
        +1, standing.relations,
    ),
    Indicator(
        "opinion", "public opinion", "share favourable less one half", "attitude", ("favourable", "friendly"),
        "What share of one public views the other state favourably.",
        +1, counted.opinion, averages=True,
    ),
)  # fmt: skip

BY_NAME: Final[dict[str, Indicator]] = {indicator.name: indicator for indicator in INDICATORS}
