"""The shapes of the states, from Natural Earth by way of world-atlas, joined to our ids.

The atlas has today's borders at 1:110 million; states too small to be drawn at that scale are missing from the map and
stand in the list beside it. Its shapes carry the numeric code of ISO 3166-1 but for three, which are joined by name.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

from multipolar.actors import states

#: Shapes without a code: the state that they are, if we have one.
_BY_NAME: Final = {"Kosovo": "XKX"}
#: No state, and half a map's height.
_LEFT_OUT: Final = "Antarctica"


def world_atlas() -> dict[str, Any]:
    """The TopoJSON as published, less Antarctica; each shape's properties are ``name`` and, if it is a state, ``actor``."""
    text = (files("multipolar.brief") / "data" / "countries-110m.json").read_text(encoding="utf-8")
    atlas: dict[str, Any] = json.loads(text)
    countries = atlas["objects"]["countries"]
    shapes = [shape for shape in countries["geometries"] if shape["properties"]["name"] != _LEFT_OUT]
    for shape in shapes:
        shape["properties"]["actor"] = _actor(shape)
    atlas["objects"] = {"countries": {**countries, "geometries": shapes}}
    return atlas


def _actor(shape: dict[str, Any]) -> str | None:
    code = shape.get("id")
    return _by_code().get(int(code)) if code else _BY_NAME.get(shape["properties"]["name"])


@cache
def _by_code() -> dict[int, str]:
    """Today's states by the numeric code they bear now."""
    current = [state for state in states() if state.end is None]
    return {state.spells[-1].codes.iso_numeric or -1: state.id for state in current}
