"""How close the positions come to the published ones, how well they predict, and how fast.

``python benchmarks/votes_points.py`` prints one line of JSON; ``--parts default,heldout,coverage,bsv`` chooses, ``--draws N``
shortens the sampler. The votes are those of 1946-2019 in ``unvotes_dgrtwo``, as the authors choose them.

- ``bsv_r``, ``bsv_sd_ratio``, ``bsv_s``, ``bsv_nvotes_equal``: `method="bsv2017"` against the estimates of April 2020:
  correlation over all country-sessions, ratio of standard deviations, seconds, and country-sessions with as many votes.
- ``default_s``, ``default_within_r``: seconds of the default on all votes after one call that loads compiled code, and the
  median over sessions of the correlation with the published estimates; ``filtered_within_r``, ``filtered_s`` as known then.
- ``heldout_logloss``, ``heldout_accuracy``: on a random tenth of the votes, from a fit to the others.
- ``coverage_90``: share of the 90 % intervals that hold the position from which votes were simulated: positions and items
  of the fitted model, simulated and fitted again, with positions on the scale of a fit. ``coverage_90_draws``: the same
  with positions drawn around the estimates with the variances of the fit, so that paths are as rough as the model says.
- ``update_rms``: root mean square difference of positions between points of sessions 1-73 updated with session 74 and a
  fit of all; ``update_s`` its seconds.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import os
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from multipolar.votes.ballots import Ballots
from multipolar.votes.points import Points, ideal_points
from multipolar.votes.update import update

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("MULTIPOLAR_SHARED", ROOT.parent / "shared"))
RELEASE = "unga_ideal_points/IdealpointestimatesAll_Apr2020.csv.gz"
#: Names in the votes that differ from those of the estimates, by COW code.
NAMES = {
    "Côte d’Ivoire": 437,
    "Eswatini": 572,
    "Federal Republic of Germany": 260,
    "North Macedonia": 343,
    "Zanzibar": 511,
}
CODES = {"yes": 1, "abstain": 2, "no": 3}
PARTS = ("default", "heldout", "coverage", "update", "bsv")


def published(shared: Path = SHARED) -> pl.DataFrame:
    """The estimates of April 2020: actor, ccode, session, votes, theta, name."""
    text = gzip.decompress((shared / "data" / RELEASE).read_bytes()).decode("latin-1")
    rows = [
        (
            int(row["ccode"]),
            int(row["session"]),
            int(row["NVotes"]),
            float(row["IdealPoint"]),
            row["iso3c"],
            row["Countryname"],
        )
        for row in csv.DictReader(io.StringIO(text))
    ]
    frame = pl.DataFrame(rows, schema=["ccode", "session", "votes", "theta", "iso3", "name"], orient="row")
    twice = pl.col("ccode").n_unique().over("iso3") > 1
    return frame.with_columns(actor=pl.when(twice).then(pl.format("{}-{}", "iso3", "ccode")).otherwise("iso3"))


def ballots(shared: Path = SHARED) -> Ballots:
    """All votes of the R package, without paragraphs and amendments after 1989; roll calls are named by their number."""
    folder, known = shared / "data" / "unvotes_dgrtwo", published(shared)
    ids = dict(known.select("ccode", "actor").unique().iter_rows())
    codes = dict(known.select("name", "ccode").unique().iter_rows()) | NAMES
    names = {name: ids.get(code, f"COW-{code}") for name, code in codes.items()}
    votes = pl.read_csv(folder / "un_votes.csv.gz").select(pl.col("rcid").cast(pl.Int64), "country", "vote")
    calls = pl.read_csv(folder / "un_roll_calls.csv.gz", infer_schema_length=None)
    calls = calls.with_columns(pl.col("rcid", "session").cast(pl.Int64), pl.col("date").str.to_date())
    part = (pl.col("date").dt.year() > 1989) & ((pl.col("para") == 1) | (pl.col("amend") == 1)).fill_null(False)
    calls = calls.filter(~part).sort("session", "rcid").with_row_index("row")
    votes = votes.join(calls.select("rcid", "row"), on="rcid").with_columns(
        actor=pl.col("country").replace_strict(names)
    )
    actors = tuple(sorted(votes["actor"].unique()))
    columns = votes["actor"].replace_strict({name: at for at, name in enumerate(actors)}).to_numpy()
    choices = np.zeros((calls.height, len(actors)), dtype=np.int8)
    choices[votes["row"].to_numpy(), columns] = votes["vote"].replace_strict(CODES).to_numpy()
    blank = pl.lit(None, pl.String)
    named = calls.select(
        pl.col("rcid").cast(pl.String).alias("rollcall"),
        "date",
        pl.col("session").cast(pl.Int32),
        blank.alias("issue"),
        pl.col("short").alias("text"),
    )
    return Ballots(choices, actors, named)


def matches(shared: Path = SHARED) -> pl.DataFrame:
    """Roll calls on the same resolution, as the authors linked them: earlier, later."""
    frame = pl.read_csv(shared / "tables" / "idealpoints" / "Matches.csv")
    return frame.sort("rcid2", "rcid1").select(pl.col("rcid1", "rcid2").cast(pl.String))


def beside(points: Points, shared: Path = SHARED) -> pl.DataFrame:
    """Positions beside the published ones."""
    return points.frame.join(published(shared), on=["actor", "session"], how="full", suffix="_published", coalesce=True)


def within(both: pl.DataFrame) -> float:
    """Median over sessions of the correlation."""
    return float(both.group_by("session").agg(pl.corr("theta", "theta_published"))["theta"].median())


def timed(call):
    """Result and seconds of a call."""
    start = time.perf_counter()
    made = call()
    return made, time.perf_counter() - start


def default(votes: Ballots) -> dict[str, float]:
    """Seconds and agreement of the default, smoothed and filtered."""
    few = votes.where(votes.sessions < 4)
    ideal_points(few), ideal_points(few, smooth=False)
    points, seconds = timed(lambda: ideal_points(votes))
    then, seconds_then = timed(lambda: ideal_points(votes, smooth=False))
    return {
        "default_s": round(seconds, 2),
        "default_within_r": round(within(beside(points)), 4),
        "filtered_s": round(seconds_then, 2),
        "filtered_within_r": round(within(beside(then)), 4),
    }


def heldout(votes: Ballots, share: float = 0.1, seed: int = 0) -> dict[str, float]:
    """Log loss and accuracy on votes that the fit has not seen, of the votes that a full fit reads."""
    whole = ideal_points(votes)
    read = np.zeros(votes.choices.shape, dtype=bool)
    panel = whole.selection.panel
    read[panel.row, panel.state[panel.cell]] = True
    out = read & (np.random.default_rng(seed).random(read.shape) < share)
    made = ideal_points(replace(votes, choices=np.where(out, 0, votes.choices).astype(np.int8)))
    held = replace(votes, choices=np.where(out, votes.choices, 0).astype(np.int8))
    chances = made.predict(held)
    known = out & np.isfinite(chances[:, :, 0])
    right = chances[known].argmax(axis=1) + 1 == votes.choices[known]
    return {
        "heldout_logloss": round(made.log_loss(held), 4),
        "heldout_accuracy": round(float(right.mean()), 4),
        "heldout_votes": int(known.sum()),
        "heldout_unknown": int(out.sum() - known.sum()),
    }


def simulated(points: Points, truth: np.ndarray, rng: np.random.Generator) -> Ballots:
    """The same votes drawn anew from items as estimated and the given positions, shape (cells,)."""
    panel, items = points.selection.panel, points.table.items
    item = panel.item
    latent = items.mean[item, 0] * truth[panel.cell] + rng.logistic(size=len(item))
    low, high = items.cuts[item].T
    choices = np.zeros_like(points.ballots.choices)
    choices[panel.row, panel.state[panel.cell]] = np.where(latent < low, 1, np.where(latent < high, 2, 3))
    return replace(points.ballots, choices=choices)


def covered(points: Points, truth: np.ndarray, rng: np.random.Generator) -> float:
    """Share of 90 % intervals of a fit to simulated votes that hold the truth."""
    panel = points.selection.panel
    scaled = (truth - truth.mean()) / truth.std()
    frame = points.frame.select("actor", "session").with_columns(truth=pl.Series(scaled))
    again = ideal_points(simulated(points, truth, rng)).frame.join(frame, on=["actor", "session"])
    assert again.height <= panel.cells
    return float((again["truth"].is_between(again["lo90"], again["hi90"])).mean())


def coverage(votes: Ballots, rounds: int = 2, seed: int = 1) -> dict[str, float]:
    """Parametric bootstrap, at the estimates and at draws around them."""
    points, rng = ideal_points(votes), np.random.default_rng(seed)
    mean, sd = points.table.mean[:, 0], np.sqrt(points.table.var[:, 0])
    at = [covered(points, mean, rng) for _ in range(rounds)]
    around = [covered(points, mean + sd * rng.standard_normal(len(mean)), rng) for _ in range(rounds)]
    return {"coverage_90": round(float(np.mean(at)), 4), "coverage_90_draws": round(float(np.mean(around)), 4)}


def updating(votes: Ballots) -> dict[str, float]:
    """An update with the last session beside a fit of all."""
    last = votes.sessions.max()
    before = ideal_points(votes.where(votes.sessions < last))
    after, seconds = timed(lambda: update(before, votes.where(votes.sessions == last)))
    both = after.frame.join(ideal_points(votes).frame, on=["actor", "session"])
    apart = (both["theta"] - both["theta_right"]).to_numpy()
    new = (both["session"] == last).to_numpy()
    return {
        "update_rms": round(float(np.sqrt((apart**2).mean())), 4),
        "update_rms_new": round(float(np.sqrt((apart[new] ** 2).mean())), 4),
        "update_s": round(seconds, 2),
    }


def replication(votes: Ballots, burn: int, draws: int) -> dict[str, float]:
    """The published model against the published estimates."""
    ideal_points(votes.where(votes.sessions < 4), method="bsv2017", burn=1, draws=2, thin=1)
    points, seconds = timed(lambda: ideal_points(votes, method="bsv2017", matches=matches(), burn=burn, draws=draws))
    both = beside(points)
    theta, known = both["theta"].to_numpy(), both["theta_published"].to_numpy()
    shared = np.isfinite(theta) & np.isfinite(known)
    return {
        "bsv_r": round(float(np.corrcoef(theta[shared], known[shared])[0, 1]), 5),
        "bsv_sd_ratio": round(float(theta[shared].std() / known[shared].std()), 4),
        "bsv_s": round(seconds, 1),
        "bsv_nvotes_equal": int((both["votes"] == both["votes_published"]).sum()),
        "bsv_cells": both.height,
    }


def run(parts: tuple[str, ...] = PARTS, *, burn: int = 1500, draws: int = 400) -> dict[str, float]:
    """The chosen figures."""
    votes = ballots()
    figures: dict[str, float] = {}
    figures |= default(votes) if "default" in parts else {}
    figures |= heldout(votes) if "heldout" in parts else {}
    figures |= coverage(votes) if "coverage" in parts else {}
    figures |= updating(votes) if "update" in parts else {}
    figures |= replication(votes, burn, draws) if "bsv" in parts else {}
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--burn", type=int, default=1500)
    parser.add_argument("--draws", type=int, default=400)
    asked = parser.parse_args()
    print(json.dumps(run(tuple(asked.parts.split(",")), burn=asked.burn, draws=asked.draws)))
