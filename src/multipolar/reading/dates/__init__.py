"""When a sentence says that something was: its time expressions, and the one that belongs to some words."""

from __future__ import annotations

from multipolar.reading.dates.expressions import Found, pick, times

__all__ = ["Found", "pick", "times"]
