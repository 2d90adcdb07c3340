"""The result of the pre-registered test of third parties: stored with the package, and shown in the manual.

``python -m multipolar.ties.third_page docs`` writes the tables of ``third_parties.md`` from the stored result, and ``python
benchmarks/ties_third.py --store`` stores a new one.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from multipolar.ties.third import Figure, Pull, ThirdParties, Trial

STORED: Final = Path(__file__).parent / "data" / "third_parties.json"
BEGIN: Final = "<!-- third parties: written by `python -m multipolar.ties.third_page docs` -->"
END: Final = "<!-- /third parties -->"
#: Coefficients are shown as percentage points of the yearly chance, for third parties with a tenth of the world's capability.
SHOWN: Final = 10.0
_FIGURES: Final = ("beta", "theta", "eta", "eta_delta", "eta_bootstrap")


def stored() -> ThirdParties:
    """The result that is stored with the package, without its statement ids."""
    found = json.loads(STORED.read_text(encoding="utf-8"))
    trials = tuple(
        Trial(**{**trial, "pull": _pull(trial["pull"]), "gain": Figure(*trial["gain"])}) for trial in found["trials"]
    )
    others = tuple(_pull(item) for item in found["others"])
    return ThirdParties(trials, others, found["source"], date.fromisoformat(found["as_of"]), tuple(found["notes"]))


def plain(found: ThirdParties) -> str:
    """A result as JSON, without its statement ids."""
    items = asdict(replace(found, ids=()))
    del items["ids"]
    return json.dumps(_rounded(items | {"as_of": found.as_of.isoformat()}), indent=1) + "\n"


def tables(found: ThirdParties) -> str:
    """A result as Markdown: each era with its verdicts, then its parts, then what is reported besides."""
    verdict = "passes" if found.passes else "does not pass"
    parts = [f"**The force {verdict}**: {_count(found)}.", _main(found.trials), _parts(found.trials)]
    return "\n\n".join([*parts, _others(found.others)])


def updated(page: str, found: ThirdParties) -> str:
    """The page with its tables made anew.

    Raises
    ------
    ValueError
        If the page has not the two marks.
    """
    before, _, rest = page.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not ended:
        raise ValueError(f"expected a page with the marks {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{tables(found)}\n\n{END}{after}"


def _count(found: ThirdParties) -> str:
    good = sum(trial.passes for trial in found.trials)
    return f"{good} of {len(found.trials)} eras pass all three criteria"


def _main(trials: Iterable[Trial]) -> str:
    head = (
        "era", "pair-years", "disputes", "a year", "β", "η", "effect, per 1,000", "95 % of substituted", "95 % of shifted",
        "gain, per 1,000", "interval", "placebo", "held out",
    )  # fmt: skip
    rows = [
        (
            trial.pull.era, f"{trial.pull.pair_years:,}", f"{trial.pull.events:,}", chance(trial.pull), scaled(trial.pull.beta),
            ratio(trial.pull.eta), _thousandths(trial.effect), f"{_thousandths(trial.substituted)} ({trial.draws})",
            f"{_thousandths(trial.shifted)} ({trial.shifts})", _gain(trial.gain),
            *("passes" if good else "fails" for good in trial.verdicts),
        )
        for trial in trials
    ]  # fmt: skip
    return _table(head, rows)


def _parts(trials: Iterable[Trial]) -> str:
    head = ("era", "friends in common", "friend's enemy", "enemy in common", "η, delta method", "η, bootstrap")
    rows = [
        (trial.pull.era, *map(scaled, trial.pull.parts), ratio(trial.pull.eta_delta), ratio(trial.pull.eta_bootstrap))
        for trial in trials
    ]
    return _table(head, rows)


def _others(pulls: Iterable[Pull]) -> str:
    head = (
        "besides",
        "era",
        "pair-years",
        "events",
        "β",
        "η",
        "friends in common",
        "friend's enemy",
        "enemy in common",
    )
    rows = [
        (
            each.what, each.era, f"{each.pair_years:,}", f"{each.events:,}", scaled(each.beta), ratio(each.eta),
            *map(scaled, each.parts),
        )
        for each in sorted(pulls, key=lambda each: each.what)
    ]  # fmt: skip
    return _table(head, rows)


def scaled(figure: Figure) -> str:
    """A coefficient in percentage points for a tenth of the world's capability, with its interval."""
    value, low, high = (SHOWN * number for number in figure)
    return f"{value:+.2f} [{low:+.2f}, {high:+.2f}]"


def chance(pull: Pull) -> str:
    """How often an event happened to a pair in a year, in percent."""
    return f"{100 * pull.events / pull.pair_years:.2f} %"


def ratio(figure: Figure | None) -> str:
    """A ratio with its interval, or that it is refused."""
    return "refused" if figure is None else f"{figure.value:+.2f} [{figure.lo:+.2f}, {figure.hi:+.2f}]"


def _gain(figure: Figure) -> str:
    value, low, high = (1000 * number for number in figure)
    return f"{value:+.3f} [{low:+.3f}, {high:+.3f}]"


def _thousandths(value: float) -> str:
    return f"{1000 * value:.2f}" if math.isfinite(value) else "none"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = tuple(head)
    lines = (names, ("---",) * len(names), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _pull(item: dict[str, Any]) -> Pull:
    figures = {name: None if item[name] is None else Figure(*item[name]) for name in _FIGURES}
    return Pull(**{**item, **figures, "parts": tuple(Figure(*part) for part in item["parts"])})


def _rounded(value: Any) -> Any:
    """Numbers to eight significant digits: enough for every figure, and the same on machines that add in another order."""
    if isinstance(value, float):
        return float(f"{value:.8g}")
    if isinstance(value, dict):
        return {name: _rounded(item) for name, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list | tuple) else value


def main(arguments: list[str]) -> int:
    """Bring the page up to date."""
    page = Path(arguments[0] if arguments else "docs") / "third_parties.md"
    page.write_text(updated(page.read_text(encoding="utf-8"), stored()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
