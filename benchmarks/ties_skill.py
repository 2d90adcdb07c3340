"""How well next year can be foretold: the designs of `multipolar.backtests` on the publishers' files.

``python benchmarks/ties_skill.py [--ties FILE]`` prints one line of JSON, and writes everything it measured beside itself
(`ties_skill_measured.json`), from which ``python -m multipolar.backtests.page docs`` makes the tables of the manual. Per
design: ``agreement_mae``; ``mid_auc``, ``mid_skill``; ``pact_auc``, ``pact_skill``; ``pact_any_auc``, ``pact_any_skill``;
``sanctions_auc``, ``sanctions_skill``; ``events_mae``, ``events_crps``. Under ``<name>_baseline`` stands the best of all other
forecasts, or the best published baseline if that is better. null where the shared data is absent.

``--ties`` names a Parquet file of ties as known at the end of each year (a, b, year, tie, tie_sd): figures of the model with
the tie then stand under ``<name>_tie``. The records are made in a temporary folder, or kept in the one of ``--records``; each
design runs in a process of its own. ``--only pacts disputes`` measures some anew and keeps what was measured of the others.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

#: Record -> source -> folder of its file in the shared data. Votes to 2019 are those of the published baselines.
RECORDS = {
    "years": {
        "mid-cow": "conflicts_mid_ucdp", "cow-mindist": "cow_state_system", "cow-majors": "cow_state_system",
        "atop": "atop_alliances", "nmc": "cow_capabilities", "unvotes": "unvotes_dgrtwo", "vdem": "political_regimes",
        "sanctions": "sanctions_g7_eu_1960_2021", "ucdp-acd": "conflicts_mid_ucdp",
    },
    "days": {"gdelt-pairs": "gdelt_dyad_daily_2018_2024", "unga": "unga_rollcalls_1946_2024"},
}  # fmt: skip
#: Design -> its record, its name in the line of JSON, and its scores there.
WANTED = {
    "agreement": ("years", "agreement", ("mae",)),
    "disputes": ("years", "mid", ("auc", "skill")),
    "pacts": ("years", "pact", ("auc", "skill")),
    "pacts-any": ("years", "pact_any", ("auc", "skill")),
    "sanctions": ("years", "sanctions", ("auc", "skill")),
    "events": ("days", "events", ("mae", "crps")),
}
MEASURED = Path(__file__).with_name("ties_skill_measured.json")
#: Designs and records made at once.
AT_ONCE = 2


def measure(data: Path, folder: Path, names: list[str], ties: Path | None = None) -> list[dict[str, Any]]:
    """Some backtests, as `multipolar.backtests.page.plain` has them.

    Parameters
    ----------
    data : Path
        Folder of the shared data sets.
    folder : Path
        Where records are made, unless they are there.
    names : list of str
        Designs.
    ties : Path, optional
        Ties as known at the end of each year.
    """
    more = [str(ties)] if ties else []
    lacking = sorted({WANTED[name][0] for name in names if not (folder / WANTED[name][0]).exists()})
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda name: _call("_record", name, str(data), str(folder)), lacking))
        done = pool.map(lambda name: _call("_design", name, f"{folder}/{WANTED[name][0]}", *more), names)
        return [json.loads(text.splitlines()[-1]) for text in done]


def _call(*words: str) -> str:
    done = subprocess.run([sys.executable, __file__, *words], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def _record(name: str, data: str, folder: str) -> None:
    from multipolar import sources
    from multipolar.record import Record

    record = Record.create(Path(folder) / name)
    for source, place in RECORDS[name].items():
        record.ingest(sources.read(source, Path(data) / place).noted())
    record.reindex()


def _design(name: str, record: str, *ties: str) -> None:
    import resource
    import time

    import polars as pl

    from multipolar.backtests import backtest
    from multipolar.backtests.page import plain
    from multipolar.record import Record

    start = time.perf_counter()
    known = pl.read_parquet(ties[0]).rename({"sd": "tie_sd"}, strict=False) if ties else None
    made = plain(backtest(Record.open(record).view(), name, ties=known))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name}: {time.perf_counter() - start:.0f} s, {peak:.0f} MB", file=sys.stderr, flush=True)
    print(json.dumps(made, allow_nan=False))


def line(measured: list[dict[str, Any]]) -> dict[str, Any]:
    """What is printed: the model's figures, and the best of what stands beside it."""
    from multipolar.backtests import PUBLISHED
    from multipolar.backtests.model import MODEL, WITH_TIE
    from multipolar.backtests.runner import LESS

    found: dict[str, Any] = {}
    for each in measured:
        _, short, scores = WANTED[each["name"]]
        for score in scores:
            told = {row["forecast"]: row["value"] for row in each["figures"] if row["score"] == score}
            others = [
                value for name, value in told.items() if not name.startswith(MODEL) and not name.endswith(WITH_TIE)
            ]
            others += [PUBLISHED[each["name"]][score]] if score in PUBLISHED.get(each["name"], {}) else []
            found[f"{short}_{score}"] = round(told[MODEL], 5)
            found[f"{short}_{score}_baseline"] = round((min if score in LESS else max)(others), 5)
            if MODEL + WITH_TIE in told:
                found[f"{short}_{score}_tie"] = round(told[MODEL + WITH_TIE], 5)
    return found


def main() -> None:
    """Measure, write all of it down, and print one line of JSON."""
    asked = argparse.ArgumentParser(description="How well next year can be foretold.")
    asked.add_argument("--ties", type=Path, help="Parquet of ties as known at the end of each year")
    asked.add_argument(
        "--only", nargs="+", choices=WANTED, help="measure these, and keep what was measured of the others"
    )
    asked.add_argument("--records", type=Path, help="keep the records here, and use those that are there")
    options = asked.parse_args()
    shared = Path(os.environ.get("MULTIPOLAR_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
    if not (shared / "README.md").is_file():
        names = [f"{short}_{score}" for _, short, scores in WANTED.values() for score in scores]
        print(json.dumps({f"{name}{end}": None for name in names for end in ("", "_baseline")}))
        return
    with TemporaryDirectory() as temporary:
        folder = options.records or Path(temporary)
        made = measure(shared, folder, options.only or list(WANTED), options.ties)
    found = {each["name"]: each for each in made}
    if options.only and MEASURED.exists():
        found = {each["name"]: each for each in json.loads(MEASURED.read_text(encoding="utf-8"))} | found
    measured = [found[name] for name in WANTED if name in found]
    MEASURED.write_text(json.dumps(measured, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(line(measured)))


if __name__ == "__main__":
    if sys.argv[1:2] in (["_record"], ["_design"]):
        {"_record": _record, "_design": _design}[sys.argv[1]](*sys.argv[2:])
    else:
        main()
