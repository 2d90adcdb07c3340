"""Who is meant: names, offices, places and roles, and the actors they stood for on a day."""

from __future__ import annotations
