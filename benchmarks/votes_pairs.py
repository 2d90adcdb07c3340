"""Time all similarity measures of all pairs, and score forecasts of agreement in the next session, on the votes of R's unvotes.

Ends with one line of JSON: similarity_s (seconds for agreement, S, kappa, pi, tau-b and A of all pairs and sessions, after
warm-up), agreement_mae and agreement_logloss (per vote) of forecasts from session 45 on, with what was known. On stderr:
intervals by drawing sessions, and the forecasts that they are compared with.

    python benchmarks/votes_pairs.py [folder of unvotes_dgrtwo]
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from time import perf_counter

import polars as pl

from multipolar.votes import agreement_backtest, similarity
from multipolar.votes.ballots import Ballots, from_frame

SHARED = Path(os.environ.get("MULTIPOLAR_SHARED", Path(__file__).resolve().parents[2] / "shared"))
FOLDER = SHARED / "data" / "unvotes_dgrtwo"


def read(folder: Path) -> Ballots:
    """Roll calls with sessions as the publisher counts them, states by the names that it gives."""
    calls = pl.read_csv(folder / "un_roll_calls.csv.gz", columns=["rcid", "session", "date"], try_parse_dates=True)
    votes = pl.read_csv(folder / "un_votes.csv.gz", columns=["rcid", "country", "vote"])
    whole = [pl.col(name).cast(pl.Int32) for name in ("rcid", "session")]
    cast = votes.with_columns(whole[0]).join(calls.with_columns(whole), on="rcid")
    rollcall = pl.col("rcid").cast(pl.String).str.zfill(5)
    return from_frame(cast.select("session", "date", rollcall=rollcall, a="country", choice="vote"))


def timed(ballots: Ballots, runs: int = 3) -> tuple[float, int]:
    """Seconds of the fastest run, and rows."""
    rows = similarity(ballots.where(ballots.sessions == 1)).height  # compiles
    seconds = []
    for _ in range(runs):
        start = perf_counter()
        rows = similarity(ballots).height
        seconds.append(perf_counter() - start)
    return min(seconds), rows


def main() -> None:
    """Measure and print."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    if not (folder / "un_votes.csv.gz").is_file():
        sys.exit(f"expected un_votes.csv.gz and un_roll_calls.csv.gz in {folder}: name their folder")
    ballots = read(folder)
    seconds, rows = timed(ballots)
    print(f"similarity of {rows:,} pairs and sessions, 7 measures: {seconds:.2f} s", file=sys.stderr)
    start = perf_counter()
    made = agreement_backtest(ballots)
    print(f"forecasts of {made.sessions.height} sessions: {perf_counter() - start:.1f} s", file=sys.stderr)
    for row in made.figures.to_dicts():
        told = [
            f"{row[name]:.4f} ({row[f'{name}_lo90']:.4f} to {row[f'{name}_hi90']:.4f})" for name in ("mae", "logloss")
        ]
        gain = [
            f"{row[name]:.4f} ({row[f'{name}_lo90']:.4f} to {row[f'{name}_hi90']:.4f})"
            for name in ("mae_gain", "logloss_gain")
        ]
        print(f"{row['forecast']:8} {row['pairs']:,} pairs: MAE {told[0]}, log loss {told[1]}; "
              f"below the average by {gain[0]} and {gain[1]}", file=sys.stderr)  # fmt: skip
    model = made.figures.row(0, named=True)
    print(json.dumps({
        "similarity_s": round(seconds, 3),
        "agreement_mae": round(model["mae"], 5),
        "agreement_logloss": round(model["logloss"], 5),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
