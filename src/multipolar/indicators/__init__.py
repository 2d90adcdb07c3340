"""What is observed of a pair: statements -> pair-month series, each cell traced to its statements."""

from __future__ import annotations

from multipolar.indicators.catalogue import BY_NAME, INDICATORS
from multipolar.indicators.model import Indicator, Scope
from multipolar.indicators.panel import Panel, pair_months

__all__ = ["BY_NAME", "INDICATORS", "Indicator", "Panel", "Scope", "pair_months"]
