"""Draw the picture of the README: ``python -m multipolar.brief.picture docs/img/world-around-russia.png``.

The map of ties to one state in the last month that the dossier knows, as the brief has it, with a legend.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import vl_convert as vlc

from multipolar.brief import charts
from multipolar.brief.around import around_part
from multipolar.brief.evidence import Evidence, called
from multipolar.brief.model import Around, Asked
from multipolar.brief.words import month_name
from multipolar.errors import RecordError
from multipolar.record.files import write_whole

_WIDE: Final = 760
_HIGH: Final = 400
_SCALE: Final = 1.6


def draw(asked: Asked, actor: str, path: Path) -> Path:
    """Write the map of ties to `actor` as a PNG.

    Raises
    ------
    RecordError
        If the system refuses the write.
    """
    around = around_part(asked, Evidence(asked.view), actor, called(actor, asked.as_of))
    image: bytes = vlc.svg_to_png(_framed(around), scale=_SCALE)
    try:
        write_whole(path, image)
    except OSError as error:
        raise RecordError.cannot_write(path, error) from error
    return path


def _framed(around: Around) -> str:
    """The map between a heading and a legend, as one SVG."""
    title = f"Ties to {around.name}, {month_name(around.month)}"
    drawn = charts.map_chart(around, "p").replace("<svg ", f'<svg x="0" y="34" width="{_WIDE}" height="326" ', 1)
    font = 'font-family="DejaVu Sans, Arial, sans-serif" fill="#26323f"'
    key, x = [], 12.0
    for name, colour in [(name, colour) for name, _, colour in charts.legend()] + [
        ("not enough evidence", charts.HATCH)
    ]:
        fill = colour.replace("#hatch", "#p-hatch")
        key.append(
            f'<rect x="{x:.0f}" y="373" width="14" height="12" fill="{fill}" stroke="#b9b3a6" stroke-width=".5"/>'
        )
        key.append(f'<text x="{x + 19:.0f}" y="383" font-size="11.5" {font}>{name}</text>')
        x += 36 + 6.9 * len(name)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" width="{_WIDE}" height="{_HIGH}">'
        f'<rect width="{_WIDE}" height="{_HIGH}" fill="#fdfcf9"/>'
        f'<text x="12" y="25" font-size="17" font-weight="bold" {font}>{title}</text>{drawn}{"".join(key)}</svg>'
    )


def main(arguments: list[str]) -> int:
    """Draw the ties to Russia (or the state named second) from the embedded dossier."""
    from importlib import import_module

    world = import_module("multipolar").open()  # the one door; the rooms below it are not imported by name
    path = Path(arguments[0] if arguments else "docs/img/world-around-russia.png")
    print(draw(world, world.actor(arguments[1] if len(arguments) > 1 else "RUS"), path))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
