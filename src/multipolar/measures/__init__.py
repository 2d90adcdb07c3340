"""What the ties and flows mean: isolation, dependence, hedging, cohesion, each a figure with an interval and its evidence."""

from __future__ import annotations

from multipolar.measures import arrays
from multipolar.measures.breaks import LeaderBreak, LeaderBreaks, leader_break, leader_breaks
from multipolar.measures.breaks_dates import leader_changes
from multipolar.measures.cohesion_sanctions import cohesion_sanctions
from multipolar.measures.cohesion_ties import cohesion_ties
from multipolar.measures.cohesion_votes import cohesion_votes
from multipolar.measures.dependence import alternatives, dependence, latest_dependence
from multipolar.measures.entry import Entry
from multipolar.measures.hedging import hedging, hedging_draws, pressure
from multipolar.measures.isolation import LEAST_COVERAGE, isolation
from multipolar.measures.isolation_visits import isolation_by_visits
from multipolar.measures.model import Measure
from multipolar.measures.negotiability import Negotiability, negotiability
from multipolar.measures.sets import SETS, StateSet, state_set
from multipolar.measures.stage import Stage, StageAhead, stage, stage_ahead
from multipolar.measures.stage_backtest import stage_backtest
from multipolar.measures.stage_chain import Chain, stage_chain, stage_transitions
from multipolar.measures.stage_table import stage_table
from multipolar.measures.tables import Table, cohesion_series, table
from multipolar.measures.travel import Travel, travel, wanted, wanted_state

__all__ = [
    "LEAST_COVERAGE",
    "SETS",
    "Chain",
    "Entry",
    "LeaderBreak",
    "LeaderBreaks",
    "Measure",
    "Negotiability",
    "Stage",
    "StageAhead",
    "StateSet",
    "Table",
    "Travel",
    "alternatives",
    "arrays",
    "cohesion_sanctions",
    "cohesion_series",
    "cohesion_ties",
    "cohesion_votes",
    "dependence",
    "hedging",
    "hedging_draws",
    "isolation",
    "isolation_by_visits",
    "latest_dependence",
    "leader_break",
    "leader_breaks",
    "leader_changes",
    "negotiability",
    "pressure",
    "stage",
    "stage_ahead",
    "stage_backtest",
    "stage_chain",
    "stage_table",
    "stage_transitions",
    "state_set",
    "table",
    "travel",
    "wanted",
    "wanted_state",
]
