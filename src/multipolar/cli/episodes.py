"""Episodes of a backtest: ties of others, predicted from the change of one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from multipolar.cli.options import Common, open_world
from multipolar.cli.output import Answer, Grid, Row
from multipolar.cli.progress import working
from multipolar.errors import UsageError

if TYPE_CHECKING:
    from multipolar.backtests import Episodes


def answer(ties: Path | None, seed: int, common: Common) -> Answer:
    """What is shown of the episodes: run anew on a record, or as stored with the package."""
    if ties is not None:
        hint = "Leave --ties out: they are estimated before each episode, from nothing later."
        raise UsageError(f"expected no --ties with episodes, got {ties}", where="--ties", hint=hint)
    with working(common.quiet) as step:
        found = _found(seed, common, step)
    from multipolar.backtests.episodes_page import together

    rows = [{"row": "score"} | row for row in found.scores.to_dicts()]
    rows += [{"row": "target"} | row for row in found.targets.to_dicts()]
    each = [_each(name, found.scores.to_dicts()) for name in found.given["episode"]]
    return Answer(rows, _says(found, together(found)), (_together(together(found)), *each), notes=found.notes)


def _found(seed: int, common: Common, step: Any) -> Episodes:
    if common.record is None:
        for name, value in {"--seed": seed, "--as-of": common.as_of}.items():
            if value not in (None, 0):
                hint = "Name the record with --record DIR; without it the stored result is shown."
                raise UsageError(f"expected no {name} without a record, got {value}", where=name, hint=hint)
        from multipolar.backtests.episodes_page import stored

        return stored()
    from multipolar.backtests import episodes

    return episodes(open_world(common, step).view, seed=seed, progress=step)


def _says(found: Episodes, together: list[dict[str, Any]]) -> tuple[str, ...]:
    told = {row["forecast"]: row["gain"] for row in together if row["what"] == "tie"}
    gain = told["estimated, linear"]
    by = "cannot be told" if gain is None else f"{gain:+.4f} standard deviations"
    return (
        f"What third parties as estimated add to “nothing changes”, over the ties of all episodes: {by}. "
        "beta = 0 is the forecast “persistence”, and stays the default.",
        f"A forecast called structural has beta > 0, which is *{found.label}*.",
    )


def _together(rows: list[dict[str, Any]]) -> Grid:
    from multipolar.backtests.episodes_page import signed, signs

    heads = ("of", "forecast", "targets>", "clear>", "right>", "wrong>", "no call>", "gain>")
    lines = [(row["what"], row["forecast"], str(row["scored"]), *signs(row), signed(row["gain"], 4)) for row in rows]
    return Grid(heads, lines, "All episodes together")


def _each(name: str, rows: Iterable[Row]) -> Grid:
    """How the forecasts of one episode did, where any of its figures could be scored."""
    from multipolar.backtests.episodes_page import share, signed, signs

    def beside(row: Row, what: str) -> str:
        p = share(row[f"{what}_p"], row[f"{what}_count"])
        return p if row[f"{what}_p"] is None else f"{signed(row[f'{what}_gain'], 4)} (p {p})"

    heads = ("of", "forecast", "clear>", "right>", "wrong>", "no call>", "gain>", "shuffled>", "placebo dates>")
    lines = [
        (
            row["what"],
            row["forecast"],
            *signs(row),
            signed(row["gain"], 4),
            beside(row, "shuffled"),
            beside(row, "placebo"),
        )
        for row in rows
        if row["episode"] == name and row["gain"] is not None
    ]
    return Grid(heads, lines, name)
