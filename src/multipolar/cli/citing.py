"""What to cite for a result: BibTeX and a paragraph."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from multipolar.cli.describing import source_keys
from multipolar.cli.ids import whole
from multipolar.cli.options import COMMON, Common, Several, open_world
from multipolar.cli.output import Answer, show
from multipolar.cli.progress import working
from multipolar.errors import UsageError

if TYPE_CHECKING:
    from multipolar.record import View
    from multipolar.sources.cite import Citations
    from multipolar.world import World


def cite(
    *actors: str,
    source: Several = (),
    id: Several = (),
    result: Annotated[Path | None, Parameter(name="--from", allow_leading_hyphen=True)] = None,
    out: Path | None = None,
    common: Common = COMMON,
) -> None:
    """What to cite for exactly what a result used: a paragraph, and BibTeX.

    Two states give what their tie rests on. `--from` takes a result that was written: a panel, or the rows of any command
    (`--format json` or `csv`; `-` reads them from a pipe). With nothing, all sources of the record.

    Parameters
    ----------
    actors
        Two states, by any name.
    source
        These sources, by key or by the name of their data set.
    id
        These statements, by id.
    result
        A panel that `multipolar panel` wrote, or a file of JSON lines or CSV with sources or statements in it.
    out
        Write the BibTeX to this file too.
    """
    asked = [bool(actors), bool(source), bool(id), result is not None]
    if sum(asked) > 1 or len(actors) not in (0, 2):
        got = " and ".join(
            name for name, there in zip(("states", "--source", "--id", "--from"), asked, strict=True) if there
        )
        what = f"{len(actors)} state(s)" if actors and sum(asked) == 1 else got
        raise UsageError(
            f"expected two states, or --source, or --id, or --from, or nothing; got {what}",
            hint="Such as `multipolar cite RUS CHN`, or `multipolar cite --from panel.parquet`.",
        )
    with working(common.quiet) as step:
        world = open_world(common, step)
        made = world.cite(_used(world, actors, source, id, result))
    if out is not None:
        _write(out, made.bibtex)
    rows = [_row(made, place) for place in range(len(made.cited))]
    notes = ("the loadings that turn evidence into ties were estimated over all pairs of the record",) if actors else ()
    show(Answer(rows, (made.paragraph, ""), after=made.bibtex.splitlines(), notes=notes), common)


def _used(
    world: World, actors: tuple[str, ...], source: tuple[str, ...], id: tuple[str, ...], result: Path | None
) -> dict[str, int | None]:
    """Keys of the sources in question, with the number of their statements where that was counted."""
    if actors:
        return behind_pair(world, *actors)
    if id:
        return _of_statements(world.view, whole(world.view, id))
    if result is not None:
        from multipolar.sources.results import sources_in

        return sources_in(result, world.view, sys.stdin.buffer)
    return dict.fromkeys(source_keys(world.view, source) or world.view.sources())


def behind_pair(world: World, a: str, b: str) -> dict[str, int | None]:
    """Sources of all that is observed of two states, with their statements; one whose silence alone counts has none."""
    ids = set(world.observed.parts(*sorted((world.actor(a), world.actor(b))))["id"])
    silent = {name.removeprefix("coverage:") for name in ids if name.startswith("coverage:")}
    told = _of_statements(world.view, [name for name in ids if not name.startswith("coverage:")])
    return {**dict.fromkeys(sorted(silent), 0), **told}


def _of_statements(view: View, ids: list[str]) -> dict[str, int | None]:
    return dict(Counter(row["source"] for row in view.by_id(ids)))


def _row(made: Citations, place: int) -> dict[str, Any]:
    from multipolar.sources.cite import entry

    item = made.cited[place]
    one = item.source
    return {
        "source": one.key,
        "statements": item.statements,
        "publisher": one.publisher,
        "title": one.title,
        "citation": one.citation,
        "url": one.url,
        "licence": one.licence,
        "dois": [work.doi for work in item.works if work.doi],
        "bibtex": "\n".join(map(entry, item.works)),
    }


def _write(path: Path, text: str) -> None:
    from multipolar.errors import RecordError

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise RecordError(
            "expected a file that can be written", where=str(path), hint=str(error.strerror or error)
        ) from None
