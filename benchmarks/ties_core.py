"""Estimating, smoothing, explaining and bringing up to date the ties of all pairs, monthly 1946-2023, on the publishers' files.

``python benchmarks/ties_core.py`` prints one line of JSON; null where the shared data is absent.

``fit_s``, ``smooth_s``
    Wall seconds: parameters of all channels with what pairs borrow; the smoother over all pairs and months (best of three).
``smooth_ratio``, ``news_ratio``
    How many times the time of statsmodels' DynamicFactorMQ (one factor, the pair's own observed indicators), per pair: its
    smoother at given parameters, its ``news`` of the last year's observations.
``explain_ms``, ``explain_statements_ms``
    One pair's full attribution: level and change with their intervals, a weight for every observation (median of 40 pairs);
    the same down to single statements, which are read from the record (median of 10, each for the first time).
``update_s``
    1,000 new statements between random pairs, all already in the record: the ties of the pairs that they touch, and the ten
    largest changes in words.
``scaling``
    Pairs, observations, seconds and megabytes of the smoother for an eighth, a quarter, half and all of the pairs, and for
    half of the months of all.
``coverage``, ``coverage_worst``
    Share of held-out cells (a random tenth) inside their 50, 80, 90 and 95 % intervals; least and largest share inside the
    90 % interval of any indicator or decade with at least 300 hidden cells. ``coverage_blocks``: where all of an indicator
    of a pair is hidden, by the model's own normal intervals. ``--store`` keeps the tables with the package, from which
    ``python -m multipolar.brief.calibration_page docs`` makes the page.

``--record DIR`` takes a record that is there instead of making one.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl

#: Source -> folder of its file in the shared data.
FOLDERS = {
    "unga": "unga_rollcalls_1946_2024",
    "atop": "atop_alliances",
    "mid-gml": "conflicts_mid_ucdp",
    "mid-cow": "conflicts_mid_ucdp",
    "sanctions": "sanctions_g7_eu_1960_2021",
    "sipri": "sipri_trade_register_1950_2024",
    "cow-trade": "trade_cow_dyadic_1870_2014",
    "cow-trade-national": "cow_trade_state_year",
    "pew": "pew_favourability",
    "china-visits": "china_leader_visits",
}
FIRST, LAST = date(1946, 1, 1), date(2023, 12, 31)
NAMES = (
    "pairs", "months", "observations", "fit_s", "smooth_s", "smooth_ratio", "news_ratio", "explain_ms", "explain_statements_ms",
    "update_s", "scaling", "coverage", "coverage_worst", "coverage_blocks", "peak_mb",
)  # fmt: skip
STORED = Path(__file__).resolve().parents[1] / "src" / "multipolar" / "ties" / "data" / "calibration.json"


def seconds(call: Callable[[], object]) -> float:
    """Wall seconds of one call."""
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def told(what: str) -> None:
    """Say on stderr what is being measured."""
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def make(folder: Path, data: Path) -> Path:
    """A record of the publishers' files and the dossier."""
    from multipolar import sources
    from multipolar.dossier import load
    from multipolar.record import Record

    record = Record.create(folder / "record")
    for name, place in FOLDERS.items():
        record.ingest(sources.read(name, data / place).noted())
    record.ingest(load())
    record.reindex()
    return folder / "record"


def measure(folder: Path, *, store: bool) -> dict[str, Any]:
    """All figures, of the record in a folder."""
    from dataclasses import replace

    from multipolar.indicators import Panel, Scope, pair_months
    from multipolar.record import Record
    from multipolar.ties import arrays, estimate
    from multipolar.ties.estimation import parameters
    from multipolar.world import World

    record = Record.open(folder)
    told("panel")
    world = World(record.view(), since=FIRST)
    panel = pair_months(Scope(world.view, world.actors, FIRST, LAST))
    _warm(panel)
    out: dict[str, Any] = dict.fromkeys(NAMES)
    took: dict[str, float] = {}

    def timed(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            begin = time.perf_counter()
            result = call(*given, **named)
            took[name] = time.perf_counter() - begin
            return result

        return run

    told("fit")
    import multipolar.ties.model as model

    model.parameters = timed("fit", parameters)  # type: ignore[attr-defined]
    ties = estimate(panel)
    out["fit_s"] = round(took["fit"], 1)
    out |= {"pairs": ties.pairs.height, "months": len(ties.grid), "observations": len(ties.observations)}
    told(f"smooth (fit {out['fit_s']} s)")
    smooth = [seconds(lambda: arrays.smooth(ties.observations, ties.params, len(ties.grid))) for _ in range(3)]
    out["smooth_s"] = round(min(smooth), 3)
    told("explain")
    out |= explained(ties)
    told("statsmodels")
    out |= against_statsmodels(ties, out["smooth_s"] / ties.pairs.height)
    told("update")
    out["update_s"] = updated(record, replace(ties, panel=Panel(replace(panel.scope, view=record.view()), panel.cells)))
    told("scaling")
    out["scaling"] = scaling(ties)
    told("coverage")
    out |= covered(panel, store=store)
    out["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return out


def _warm(panel: Any) -> None:
    """Compile what is compiled, on a few pairs."""
    from multipolar.indicators import Panel
    from multipolar.ties import as_known_then, changes, estimate, explain

    few = panel.cells.filter(pl.col("a") == panel.cells["a"][0]).head(3000)
    ties = estimate(Panel(panel.scope, few))
    a, b = ties.pairs.row(0)[:2]
    as_known_then(ties)
    changes(ties, a, b)
    explain(ties, a, b, since=ties.months[-30], until=ties.months[-1])


def explained(ties: Any) -> dict[str, float]:
    """Milliseconds of a pair's attribution."""
    from multipolar.ties import explain

    rng = np.random.default_rng(0)
    rows = rng.choice(ties.pairs.height, 40, replace=False)
    whole, down = [], []
    for place, row in enumerate(rows):
        a, b = ties.pairs.row(int(row))[:2]
        split = []
        whole.append(
            seconds(
                lambda a=a, b=b, s=split: s.append(explain(ties, a, b, since=ties.months[-120], until=ties.months[-1]))
            )
        )
        if place < 10:
            down.append(seconds(lambda s=split: s[0].statements))
    return {"explain_ms": round(1000 * median(whole), 1), "explain_statements_ms": round(1000 * median(down), 1)}


def against_statsmodels(ties: Any, ours_s: float, *, pairs: int = 5) -> dict[str, float]:
    """The smoother and the news of statsmodels' dynamic factor model on single pairs, against ours in the same run."""
    import warnings

    import pandas as pd
    from statsmodels.tsa.statespace.dynamic_factor_mq import DynamicFactorMQ

    from multipolar.ties import arrays
    from multipolar.ties.reading import ORDER

    months, count = len(ties.grid), len(ORDER)
    index = pd.period_range(ties.months[0], periods=months, freq="M")
    chosen = np.argsort(-np.diff(ties.observations.indptr))[: pairs * 40 : 40]
    smooth, news, ours = [], [], []
    for row in chosen:
        obs = ties.pair_observations(int(row))
        values = np.full((months, count), np.nan)
        values[obs.month, obs.indicator % count] = obs.value
        frame = pd.DataFrame(values, index=index, columns=list(ORDER))
        frame = frame.dropna(axis=1, thresh=24)
        frame = frame.loc[:, frame.std() > 0]
        cut = frame.copy()
        cut.iloc[-12:] = np.nan
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = DynamicFactorMQ(frame, factors=1, factor_orders=1, idiosyncratic_ar1=False, standardize=False)
            before = DynamicFactorMQ(cut, factors=1, factor_orders=1, idiosyncratic_ar1=False, standardize=False)
            params = theirs.start_params
            smooth.append(min(seconds(lambda m=theirs, p=params: m.smooth(p)) for _ in range(2)))
            new, old = theirs.smooth(params), before.smooth(params)
            news.append(seconds(lambda n=new, o=old: n.news(o, start=index[-1], end=index[-1])))
        earlier = obs.until(months - 13)
        ours.append(
            min(seconds(lambda e=earlier, o=obs: arrays.news(e, o, ties.params, months, months - 1)) for _ in range(3))
        )
    told(
        f"statsmodels: smooth {median(smooth):.3f} s, news {median(news):.3f} s a pair; our news {median(ours) * 1000:.1f} ms"
    )
    return {"smooth_ratio": round(median(smooth) / ours_s), "news_ratio": round(median(news) / median(ours))}


def updated(record: Any, ties: Any, *, statements: int = 1000) -> float:
    """Seconds to bring the ties up to date with new statements that the record has already taken in."""
    from multipolar.record import Batch, Source, columns
    from multipolar.ties import update

    rng = np.random.default_rng(len(record.batches()))  # so that they are new to a record that was measured before
    states = list(ties.panel.scope.actors)
    source = Source(
        "bench", "A benchmark", "Invented events", date(2024, 1, 1), "https://example.org", "CC0", "A benchmark."
    )
    rows = []
    for number in range(statements):
        a, b = rng.choice(states, 2, replace=False)
        day = date(2023, int(rng.integers(1, 13)), int(rng.integers(1, 28)))
        value = float(rng.normal(0, 5))
        rows.append({
            "a": str(a), "b": str(b), "kind": "AGREE" if value > 0 else "ACCUSE", "valid_from": day, "known_from": day,
            "source": "bench", "locator": f"row {number}", "original": str(number), "value": float(np.clip(value, -10, 10)),
        })  # fmt: skip
    schema = {name: kind for name, kind in columns("event").items() if name not in ("id", "known_to")}
    frame = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
    record.ingest(Batch({"event": frame}, (source,), (), "bench"))
    later = record.view()
    later.statements("event", kinds=("AGREE",), between=("USA", "RUS"))  # the index is brought up to date here, once
    found: list[Any] = []
    took = seconds(lambda: found.append((made := update(ties, later), made.told)))
    told(f"update: {found[0][0].moved.height} pairs; {found[0][1][:2]}")
    return round(took, 2)


def scaling(ties: Any) -> list[dict[str, float]]:
    """Time and memory of the smoother over four numbers of pairs, and over half of the months."""
    from multipolar.ties import arrays

    count, months = ties.observations.n_pairs, len(ties.grid)
    out = []
    for share, span in ((8, months), (4, months), (2, months), (1, months), (1, months // 2)):
        keep = ties.observations.pair_of % share == 0
        keep &= ties.observations.month < span
        chosen = np.flatnonzero(np.arange(count) % share == 0)
        part = arrays.spliced(
            ties.observations.where(keep), chosen, ties.observations.where(keep), np.full(chosen.size, -1)
        )
        begin = _resident()
        smoothed = arrays.smooth(part, ties.params, span)
        size = _resident() - begin
        took = min(seconds(lambda p=part, s=span: arrays.smooth(p, ties.params, s)) for _ in range(3))
        out.append(
            {
                "pairs": chosen.size,
                "months": span,
                "observations": len(part),
                "smooth_s": round(took, 3),
                "mb": round(size),
            }
        )
        del smoothed
    return out


def _resident() -> float:
    """Megabytes in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def covered(panel: Any, *, store: bool) -> dict[str, Any]:
    """Held-out coverage, by level, indicator and decade."""
    from multipolar.cli.ahead import coverages
    from multipolar.ties import held_out

    cells = coverages(held_out(panel).frame)
    blocks = coverages(held_out(panel, hide="blocks").frame)
    groups = [
        row["inside_90"]
        for row in cells
        if row["widths"] == "measured" and row["cells"] >= 300 and (row["indicator"] is None) != (row["decade"] is None)
    ]
    whole = {f"inside_{level}" for level in (50, 80, 90, 95)}
    if store:
        STORED.parent.mkdir(exist_ok=True)
        STORED.write_text(json.dumps({"cells": cells, "blocks": blocks}, indent=1) + "\n", encoding="utf-8")
    normal = next(row for row in blocks if row["widths"] == "normal")
    return {
        "coverage": {name[7:]: round(cells[0][name], 4) for name in sorted(whole)},
        "coverage_worst": [round(min(groups), 4), round(max(groups), 4)],
        "coverage_blocks": {name[7:]: round(normal[name], 4) for name in sorted(whole)},
    }


def main(arguments: list[str]) -> int:
    """Measure, and print one line of JSON."""
    shared = Path(os.environ.get("MULTIPOLAR_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
    store = "--store" in arguments
    if "--record" in arguments:
        print(json.dumps(measure(Path(arguments[arguments.index("--record") + 1]), store=store)))
    elif not (shared / "README.md").is_file():
        print(json.dumps(dict.fromkeys(NAMES)))
    else:
        with TemporaryDirectory() as folder:
            told("record")
            print(json.dumps(measure(make(Path(folder), shared), store=store)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
