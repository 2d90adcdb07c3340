"""Panels for statistics: every pair of states and year, and what the record says of each, followed back cell by cell.

>>> from multipolar.panels import COLUMNS
>>> COLUMNS[0].name
'alliance'

`build` makes a `Panel` from a view of a record; `COLUMNS` is the explicit list of what it can say. A cell is a value that
a source tells, an observed zero (a source lists everything of the kind and tells nothing here), or missing: nothing is
carried past its source's end.

For users of R's peacesciencer, what stands in for what:

- ``create_dyadyears()``: ``build(view)``, with ``system="cow"`` for the state system of Correlates of War alone;
  ``create_stateyears()``: ``unit="state-year"``; ``filter_prd()``: ``relevant=True``
- ``add_atop_alliance()``: alliance, defence, offence, neutrality, nonaggression, consultation, alliance_depth
- ``add_gml_mids()``, ``add_cow_mids()``: dispute, dispute_onset, dispute_level
- ``add_cow_wars()``: war; ``add_ucdp_acd()``: armed_conflict, internal_conflict; ``add_strategic_rivalries()``: rivalry
- ``add_cow_majors()``: major_power; ``add_nmc()``: cinc, military_spending, military_personnel, iron_steel, energy,
  population, urban_population; ``add_democracy()``: polity, polyarchy, unified_democracy
- ``add_contiguity()``: contiguity; ``add_minimum_distance()``: min_distance; ``add_capital_distance()``:
  distance_capitals (of CEPII, without time)
- ``add_cow_trade()``: exports, exports_total, imports_total; ``add_igos()``: joint_igos, igo_memberships;
  ``add_archigos()``: leader_changes
"""

from __future__ import annotations

from multipolar.panels.build import build
from multipolar.panels.catalogue import COLUMNS, MONTHLY
from multipolar.panels.codebook import Codebook, Entry
from multipolar.panels.model import Column
from multipolar.panels.panel import Panel
from multipolar.panels.rows import CODES
from multipolar.panels.trace import Trace

__all__ = ["CODES", "COLUMNS", "MONTHLY", "Codebook", "Column", "Entry", "Panel", "Trace", "build"]
