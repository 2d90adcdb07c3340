"""Whether third parties pull on pairs of states, by the test that was written down before it was run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from multipolar.cli.ids import short
from multipolar.cli.options import COMMON, Common, open_world
from multipolar.cli.output import Answer, Grid, show
from multipolar.cli.progress import working
from multipolar.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multipolar.ties.third import Figure, Pull, ThirdParties, Trial

#: Columns of a row, after what it is of.
_TRIED: Final = (
    "effect", "substituted_95", "shifted_95", "draws", "shifts", "gain", "gain_lo90", "gain_hi90", "interval_passes",
    "placebo_passes", "held_out_passes", "passes",
)  # fmt: skip


def third_parties(
    *,
    era: str | None = None,
    originators: Path | None = None,
    draws: int | None = None,
    others: bool = False,
    ids: bool = False,
    common: Common = COMMON,
) -> None:
    """Whether friends and enemies in common pull two states together or apart, by era, with placebos.

    Without `--record`: the result that is stored with the package. With it: the test, run anew, which takes some minutes.

    Parameters
    ----------
    era
        1816-1945, 1946-1991 or 1992-2010; all by default.
    originators
        The file that the record's disputes were read from, which flags who began each: GML's or Correlates of War's
        directed dispute-dyad-years.
    draws
        Substitutions of third states; 200 by default.
    others
        Also the estimates that are no part of the test.
    ids
        Add the ids of the statements behind it.
    """
    with working(common.quiet) as step:
        if common.record is None:
            _only_with_record({"--originators": originators, "--draws": draws, "--ids": ids, "--as-of": common.as_of})
            found = _stored(era)
        else:
            from multipolar.ties.third import DRAWS, third_parties

            view = open_world(common, step).view
            tried = DRAWS if draws is None else draws
            found = third_parties(view, originators, era=era, draws=tried, others=others, progress=step)
    pulls: list[Trial | Pull] = [*found.trials, *(found.others if others else ())]
    rows = [_row(each) | ({"statements": list(found.ids)} if ids else {}) for each in pulls]
    after = (f"Statements: {' '.join(map(short, found.ids))}",) if ids else ()
    show(Answer(rows, _says(found), _grids(found, others), after, found.notes), common)


def _only_with_record(given: Mapping[str, object]) -> None:
    for name, value in given.items():
        if value not in (None, False):
            hint = "Name the record with --record DIR; without it the stored result is shown."
            raise UsageError(f"expected no {name} without a record, got {value}", where=name, hint=hint)


def _stored(era: str | None) -> ThirdParties:
    from dataclasses import replace

    from multipolar.ties.third import ERAS
    from multipolar.ties.third_page import stored

    if era is not None and era not in ERAS:
        raise UsageError.unknown("era", era, ERAS)
    found = stored()
    trials = tuple(trial for trial in found.trials if era in (None, trial.pull.era))
    return replace(found, trials=trials, others=tuple(each for each in found.others if era in (None, each.era)))


def _row(each: Trial | Pull) -> dict[str, Any]:
    from multipolar.ties.third import Trial

    pull = each.pull if isinstance(each, Trial) else each
    row: dict[str, Any] = {"era": pull.era, "what": pull.what, "pair_years": pull.pair_years, "events": pull.events}
    parts = dict(zip(("friends", "friends_enemy", "enemies"), pull.parts, strict=True))
    for name, figure in {"beta": pull.beta, "theta": pull.theta, "eta": pull.eta, **parts}.items():
        row |= _named(name, figure)
    tried = _tried(each) if isinstance(each, Trial) else (None,) * len(_TRIED)
    return row | dict(zip(_TRIED, tried, strict=True))


def _tried(trial: Trial) -> tuple[Any, ...]:
    placebo = (trial.effect, trial.substituted, trial.shifted, trial.draws, trial.shifts)
    return (*placebo, *trial.gain, *trial.verdicts, trial.passes)


def _named(name: str, figure: Figure | None) -> dict[str, float | None]:
    value, low, high = figure or (None, None, None)
    return {name: value, f"{name}_lo95": low, f"{name}_hi95": high}


def _says(found: ThirdParties) -> tuple[str, ...]:
    from multipolar.ties.third import ERAS, UNKNOWN

    good = sum(trial.passes for trial in found.trials)
    tried = f"{good} of {len(found.trials)} eras pass all three criteria"
    whole = len(found.trials) == len(ERAS)
    verdict = "The force passes its test" if found.passes else "The force does not pass its test"
    on = f"beta = {found.beta:g}" if found.passes else "beta = 0 stays the default, and a spillover with beta > 0 is "
    rest = "" if found.passes else f"*{found.label}*"
    says = [
        f"{verdict if whole else 'The test asks for every era'}: {tried}. So {on}{rest}.",
        "beta: percentage points of the yearly chance of a dispute, for third parties with a tenth of the world's capability.",
    ]
    if any(trial.pull.eta is None for trial in found.trials):
        says.append(f"eta is refused where it reads so ({UNKNOWN}).")
    return tuple(says)


def _grids(found: ThirdParties, others: bool) -> tuple[Grid, ...]:
    from multipolar.ties.third_page import ratio, scaled

    heads = ("era", "disputes>", "beta>", "eta>", "interval", "placebo", "held out")
    rows = [
        [
            trial.pull.era, f"{trial.pull.events:,}", scaled(trial.pull.beta), ratio(trial.pull.eta),
            *("passes" if good else "fails" for good in trial.verdicts),
        ]
        for trial in found.trials
    ]  # fmt: skip
    apart = ("era", "friends in common>", "friend's enemy>", "enemies in common>")
    parts = [[trial.pull.era, *map(scaled, trial.pull.parts)] for trial in found.trials]
    grids = [Grid(heads, rows, "The test"), Grid(apart, parts, "Each part by itself")]
    if others:
        more = [[each.what, each.era, f"{each.events:,}", scaled(each.beta), ratio(each.eta)] for each in found.others]
        grids.append(Grid(("besides", "era", "events>", "beta>", "eta>"), more, "No part of the test"))
    return tuple(grids)
