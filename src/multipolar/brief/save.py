"""A chart in a file: SVG or PNG, by the ending of its name."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import altair as alt
import vl_convert as vlc

from multipolar.errors import RecordError, UsageError
from multipolar.record.files import write_whole

FORMATS: Final = (".svg", ".png")


def check_name(path: Path) -> None:
    """Say now, and not after all the work, that a chart cannot have this name.

    Raises
    ------
    UsageError
        If the name ends in neither .svg nor .png.
    """
    if path.suffix not in FORMATS:
        raise UsageError(f"expected a file that ends in .svg or .png, got {path.name!r}", where="--out")


def save(chart: Any, path: Path) -> Path:
    """Write an Altair chart, whole or not at all.

    Raises
    ------
    UsageError
        If the name ends in neither .svg nor .png.
    RecordError
        If the system refuses the write.
    """
    check_name(path)
    version = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    svg = vlc.vegalite_to_svg(chart.to_dict(), vl_version=version)
    data = svg.encode() if path.suffix == ".svg" else vlc.svg_to_png(svg, scale=2.0)
    try:
        write_whole(path, data)
    except OSError as error:
        raise RecordError.cannot_write(path, error) from error
    return path
