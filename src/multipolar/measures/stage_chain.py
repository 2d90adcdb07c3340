"""From stage to stage: counts of what followed what, and the chain that is estimated from them.

The chain has a model of proportional odds (`arrays.ordered`) for each group of stages that a pair can be at (`ORIGINS`:
none, dispute short of war, war), with cuts and coefficients of its own. One common set of cuts would not do: after war comes war
or none, and hardly a display of force. Its covariates are the stage (within a group), the logarithm of the years at it, and
those of `stage_covariates` that the record has. Stages are observed, not hidden.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from multipolar.errors import Refusal
from multipolar.measures.arrays.counted import shares
from multipolar.measures.arrays.ordered import Ordered, fit_ordered, probabilities
from multipolar.measures.arrays.stages import LEVELS, LONGEST, MISSING, Stages, transitions, years_at
from multipolar.measures.model import SEED
from multipolar.measures.stage_covariates import covariates, nuclear_states
from multipolar.measures.stage_table import SINCE, StageYears, stage_years
from multipolar.record import View

Floats = NDArray[np.float64]

#: Stages that share a model, by where the pair is.
ORIGINS: Final = ((0,), (1, 2, 3, 4), (5,))
#: Fewer transitions than this are pooled with the group before, and without one nothing is estimated.
LEAST: Final = 50
#: A covariate is used where it is known for this share of transitions, and each of its values for this many.
KNOWN: Final = 0.5
EACH: Final = 10
_ALWAYS: Final = frozenset({"pair", "year", "stage", "run", "next"})
#: Draws of the parameters behind an interval.
DRAWS: Final = 1000


@dataclass(frozen=True)
class Part:
    """The model of one group of stages.

    Attributes
    ----------
    origins : tuple of int
        Stages that the pair can be at.
    seen : tuple of int
        Those at which pairs were; the last is what coefficients of stages are told against.
    levels : tuple of int
        Stages that have been seen to follow; others have probability 0.
    names : tuple of str
        Covariates, in the order of the coefficients: ``stage_k``, ``log_years``, and covariates of the pair.
    fit : Ordered
    transitions : int
        Pair-years that it is estimated from.
    """

    origins: tuple[int, ...]
    seen: tuple[int, ...]
    levels: tuple[int, ...]
    names: tuple[str, ...]
    fit: Ordered
    transitions: int


@dataclass(frozen=True)
class Chain:
    """An ordered Markov chain of stages.

    Attributes
    ----------
    parts : tuple of Part
        One for each group of stages.
    since, until : int
        First and last year of the stages that it is estimated from.
    pairs : int
        How many pairs.
    """

    parts: tuple[Part, ...]
    since: int
    until: int
    pairs: int

    def step(self, values: Mapping[str, float], draws: int = DRAWS, *, seed: int = SEED) -> Floats:
        """Draws of the probability of each stage next year.

        Parameters
        ----------
        values : mapping of str to float
            The pair's covariates.
        draws, seed : int
            Of the parameters: normal, with the covariance of the estimate (King, Tomz & Wittenberg 2000, AJPS 44: 347-361).

        Returns
        -------
        array, shape (draws, LEVELS, LONGEST, LEVELS)
            By stage and years at it.
        """
        out = np.zeros((draws, LEVELS, LONGEST, LEVELS))
        random = np.random.default_rng(seed)
        for part in self.parts:
            cuts, slopes = _draw(part.fit, draws, random)
            for stage in part.origins:
                x = np.array(
                    [[_value(name, stage, run, values) for name in part.names] for run in range(1, LONGEST + 1)]
                )
                out[:, stage][..., part.levels] = probabilities(cuts, slopes @ x.T)
        return out

    def table(self) -> pl.DataFrame:
        """Its coefficients: columns origin, covariate, value, se (log odds of a higher stage)."""
        rows = [
            {"origin": "-".join(map(str, sorted({part.origins[0], part.origins[-1]}))), "covariate": name,
             "value": float(value), "se": float(se)}
            for part in self.parts
            for name, value, se in zip(part.names, part.fit.slopes, _errors(part.fit), strict=True)
        ]  # fmt: skip
        return pl.DataFrame(
            rows, schema={"origin": pl.String, "covariate": pl.String, "value": pl.Float64, "se": pl.Float64}
        )


def _errors(fit: Ordered) -> Floats:
    return np.sqrt(np.diag(fit.cov)[fit.cuts.size :])


def _draw(fit: Ordered, draws: int, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Draws of cuts and slopes; cuts that cross are brought back into order."""
    theta = random.multivariate_normal(np.concatenate([fit.cuts, fit.slopes]), fit.cov, size=draws, method="eigh")
    return np.maximum.accumulate(theta[:, : fit.cuts.size], axis=1), theta[:, fit.cuts.size :]


def _value(name: str, stage: int, run: int, values: Mapping[str, float]) -> float:
    if name == "log_years":
        return float(np.log(run))
    return float(name == f"stage_{stage}") if name.startswith("stage_") else values[name]


def stage_transitions(
    view: View,
    since: int = SINCE,
    until: int | None = None,
    *,
    nuclear: Mapping[str, int] | None = None,
    ended_as_zero: bool = False,
) -> pl.DataFrame:
    """How often each stage was followed by each in the next year, by the number of nuclear states in the pair.

    Counted where lists of all disputes speak of both years: where only single disputes are on record, a year without one
    is not known, and what is on record would show disputes followed by disputes alone.

    Parameters
    ----------
    view : View
    since, until : int
        First and last year; `until` is the year of the view's day by default.
    nuclear : mapping of str to int, optional
        First year of possession of some states in place of the record's.
    ended_as_zero : bool
        Count the year after the last one of a pair (one of the two left the system) as stage 0, as some published tables
        do. By default it is missing, and the transition is left out.

    Returns
    -------
    DataFrame
        Columns n_nuclear (in the first of the two years), stage, next, count, of (all transitions from that stage),
        share, lo90, hi90 (Clopper and Pearson's interval, which takes pair-years for independent). A row for each pair of
        stages that occurs in the record.

    Raises
    ------
    Refusal
        If no two consecutive years of a pair are known, or nobody says who held nuclear weapons.
    """
    found = stage_years(view, since, until)
    number = nuclear_states(view, found.grid, nuclear)
    stage = found.listed
    following = _following(stage) if ended_as_zero else stage[:, 1:]
    count = transitions(stage[:, :-1], following, number[:, :-1], 3)
    if not count.sum():
        raise _nothing(since, bool(((stage[:, :-1] != MISSING) & (following != MISSING)).any()))
    seen = [stage for stage in range(LEVELS) if count[:, stage].sum() + count[:, :, stage].sum()]
    total = np.broadcast_to(count.sum(axis=2, keepdims=True), count.shape)
    value, low, high = shares(count, total)
    rows = [
        {"n_nuclear": n, "stage": s, "next": t, "count": int(count[n, s, t]), "of": int(total[n, s, t]),
         "share": value[n, s, t], "lo90": low[n, s, t], "hi90": high[n, s, t]}
        for n in range(3) for s in seen for t in seen if total[n, s, t]
    ]  # fmt: skip
    return pl.DataFrame(rows)


def _nothing(since: int, stages: bool) -> Refusal:
    if stages:
        return Refusal(
            f"no source on record says who held nuclear weapons from {since} on",
            hint="Ingest the dossier beside the disputes, or ask for other years.",
        )
    return Refusal(
        f"no stage of two consecutive years is known of any pair from {since} on",
        hint="Ingest a list of militarised disputes (`mid-gml` or `mid-cow`), or ask for other years.",
    )


def _following(stage: Stages) -> Stages:
    """Stages of the next years, 0 where a pair has no next year although others' are listed completely."""
    listed = (stage == 0).any(axis=0)[1:]
    return np.where((stage[:, 1:] == MISSING) & listed, np.int8(0), stage[:, 1:])


@lru_cache(maxsize=8)
def stage_chain(
    view: View, since: int = SINCE, until: int | None = None, names: tuple[str, ...] | None = None
) -> Chain:
    """Estimate the chain from the stages of all pairs, in the years of which lists of all disputes speak.

    Parameters
    ----------
    view : View
    since, until : int
        First and last year of the stages used; nothing after `until` enters.
    names : tuple of str, optional
        Covariates of `stage_covariates` that may be used; by default all that the record has.

    Returns
    -------
    Chain

    Raises
    ------
    Refusal
        If there are too few transitions from no dispute, or from disputes.
    """
    found = stage_years(view, since, until)
    transition = year_pairs(view, found, names)
    known = [name for name in transition.columns if name not in _ALWAYS]
    parts: list[Part] = []
    for origins in _groups(transition):
        parts.append(_part(transition.filter(pl.col("stage").is_in(origins)), origins, known))
    years = transition["year"].to_numpy()
    return Chain(tuple(parts), int(years.min()), int(years.max()) + 1, transition["pair"].n_unique())


def year_pairs(view: View, found: StageYears, names: Sequence[str] | None = None) -> pl.DataFrame:
    """Two consecutive years of a pair, wherever lists of all disputes speak of both.

    Returns
    -------
    DataFrame
        Columns pair (its number), year, stage, run (years at the stage, at most `LONGEST`), next, and the covariates; null
        where one is not known.
    """
    known = [each for each in covariates(view, found.grid) if names is None or each.name in names]
    stage = found.listed
    now, following = stage[:, :-1], stage[:, 1:]
    pair, year = np.nonzero((now != MISSING) & (following != MISSING))
    columns = {each.name: each.value[pair, year] for each in known}
    return pl.DataFrame(
        {
            "pair": pair.astype(np.int32),
            "year": (year + found.grid.first).astype(np.int32),
            "stage": now[pair, year],
            "run": np.minimum(years_at(stage)[pair, year], LONGEST),
            "next": following[pair, year],
            **columns,
        }
    ).with_columns(pl.col(list(columns)).fill_nan(None))


def _groups(transition: pl.DataFrame) -> list[tuple[int, ...]]:
    """The groups of stages that have transitions enough, each with the stages that were pooled into it."""
    size = {origins: transition.filter(pl.col("stage").is_in(origins)).height for origins in ORIGINS}
    none, dispute, war = ORIGINS
    pooled = [none, dispute, war] if size[war] >= LEAST else [none, dispute + war]
    short = {none: size[none], dispute: size[dispute] + (size[war] if len(pooled) == 2 else 0)}
    for origins, name in ((none, "no dispute"), (dispute, "a dispute")):
        if short[origins] < LEAST:
            raise Refusal(
                f"{short[origins]} transitions from {name} to the next year are on record, fewer than {LEAST}",
                hint="Ingest a list of militarised disputes (`mid-gml` or `mid-cow`), or begin earlier.",
            )
    return pooled


def _part(rows: pl.DataFrame, origins: tuple[int, ...], names: Sequence[str]) -> Part:
    used = [name for name in names if _usable(rows[name])]
    rows = rows.drop_nulls(used)
    seen = tuple(stage for stage in origins if (rows["stage"] == stage).any())
    stages = seen[:-1]
    design = ["log_years", *(f"stage_{stage}" for stage in stages), *used]
    keys = ["stage", "run", *used, "next"]
    coded = rows.with_columns(_code(keys).alias("code"))  # equal rows become one cell with a weight
    cells = coded.select(*keys, "code").unique("code").sort("code")
    cell = np.searchsorted(cells["code"].to_numpy(), coded["code"].to_numpy())
    _, cluster = np.unique(rows["pair"].to_numpy(), return_inverse=True)
    counts = csr_array((np.ones(rows.height), (cluster, cell)), shape=(int(cluster.max()) + 1, cells.height))
    levels = tuple(int(level) for level in np.unique(cells["next"].to_numpy()))
    y = np.searchsorted(levels, cells["next"].to_numpy())
    x = cells.select(
        log_years=pl.col("run").log(),
        **{f"stage_{stage}": (pl.col("stage") == stage).cast(pl.Float64) for stage in stages},
        **{name: pl.col(name).cast(pl.Float64) for name in used},
    ).to_numpy()
    return Part(origins, seen, levels, tuple(design), fit_ordered(x, y, counts, len(levels)), rows.height)


def _code(keys: Sequence[str]) -> pl.Expr:
    """Whole numbers below `LONGEST` + 1, in several columns, as one number."""
    code = pl.lit(0, pl.Int64)
    for key in keys:
        code = code * (LONGEST + 1) + pl.col(key).cast(pl.Int64)
    return code


def _usable(column: pl.Series) -> bool:
    """Whether a covariate is known often enough and varies."""
    if column.len() - column.null_count() < KNOWN * column.len():
        return False
    return min(int((column == value).sum()) for value in (0.0, 1.0)) >= EACH
