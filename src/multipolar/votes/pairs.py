"""How alike two states voted, session by session or year by year.

The measures and their sources are in `multipolar.votes.arrays.similarity`. A pair without a joint vote has no row:
nothing is known of how alike the two are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from multipolar.errors import UsageError
from multipolar.votes.arrays import similarity as arrays
from multipolar.votes.ballots import MISSING, Ballots

By = Literal["session", "year"]
#: Given unless others are asked for; `arrays.similarity.MEASURES` names all there are.
DEFAULT: Final = ("agreement", "s", "s_squared", "kappa", "pi", "tau_b", "a_score")


def similarity(
    ballots: Ballots,
    *,
    by: By = "session",
    measures: Iterable[str] = DEFAULT,
    least: float = 1,
    unanimous: bool = True,
    weights: Sequence[float] | NDArray[np.float64] | None = None,
) -> pl.DataFrame:
    """Similarity of all pairs of states in every session or calendar year.

    Parameters
    ----------
    ballots : Ballots
    by : {"session", "year"}
        What a row is about; the year is the one in which a roll call was taken.
    measures : iterable of str
        ``agreement`` (share of joint votes cast alike), ``s`` and ``s_squared`` (-1 to 1), ``kappa`` and ``pi``
        (squared distances, corrected for chance; also ``_absolute`` and ``_nominal``), ``tau_b``, ``a_score``.
    least : float
        Fewest joint votes (or smallest joint weight) of a row.
    unanimous : bool
        Whether roll calls count in which all who voted chose the same. Published shares of agreement mostly leave them out.
    weights : sequence of float, optional
        Weight of each roll call of `ballots`; 1 by default.

    Returns
    -------
    DataFrame
        Columns a < b (ids), session or year, joint (votes that both cast, or their weight), and the measures; sorted by
        session or year, a and b. A measure that is not defined, as tau-b where one of the two always chose the same,
        is null.

    Raises
    ------
    UsageError
        If a measure or `by` is not known, weights are not one a roll call, finite and not negative, or `least` is not
        above 0.
    """
    wanted = _measures(measures)
    weight = _weights(weights, ballots)
    if by not in ("session", "year"):
        raise UsageError.unknown("span of similarity", by, ("session", "year"))
    if not least > 0:
        raise UsageError(f"expected at least 1 joint vote, got {least}", where="least", hint="No joint vote, no row.")
    if not unanimous:
        keep = divided(ballots.choices)
        ballots, weight = ballots.where(keep), None if weight is None else weight[keep]
    frames = [
        _frame(ballots, rows, by, period, wanted, least, None if weight is None else weight[rows])
        for period, rows in _periods(ballots, by)
    ]
    return pl.concat(frames) if frames else _empty(by, wanted)


def divided(choices: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Roll calls in which not all who voted chose the same; shape (rollcalls,)."""
    return np.asarray(sum((choices == code).any(axis=1).astype(int) for code in (1, 2, 3)) > 1)


def _measures(measures: Iterable[str]) -> tuple[str, ...]:
    wanted = (measures,) if isinstance(measures, str) else tuple(dict.fromkeys(measures))
    for name in wanted:
        if name not in arrays.MEASURES:
            raise UsageError.unknown("measure of similarity", name, arrays.MEASURES)
    return wanted


def _weights(weights: Sequence[float] | NDArray[np.float64] | None, ballots: Ballots) -> NDArray[np.float64] | None:
    if weights is None:
        return None
    given = np.asarray(weights, dtype=np.float64)
    if given.shape != (ballots.rollcalls.height,):
        expected = f"expected one weight for each of {ballots.rollcalls.height} roll calls, got shape {given.shape}"
        raise UsageError(expected, where="weights", hint="Give them in the order of `ballots.rollcalls`.")
    if not (np.isfinite(given).all() and (given >= 0).all()):
        worst = given[~(np.isfinite(given) & (given >= 0))][0]
        raise UsageError(
            f"expected weights of 0 or more, got {worst}", where="weights", hint="0 leaves a roll call out."
        )
    return given


def _periods(ballots: Ballots, by: By) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Each session or year, and the places of its roll calls."""
    values = ballots.sessions if by == "session" else ballots.rollcalls["date"].dt.year().to_numpy()
    for value in np.unique(values):
        yield int(value), np.flatnonzero(values == value)


def _frame(
    ballots: Ballots,
    rows: NDArray[np.intp],
    by: By,
    period: int,
    wanted: tuple[str, ...],
    least: float,
    weights: NDArray[np.float64] | None,
) -> pl.DataFrame:
    """One session or year: only states that voted in it are paired."""
    choices = ballots.choices[rows]
    voted = np.flatnonzero((choices != MISSING).any(axis=0))
    joint, values = arrays.every_pair(np.ascontiguousarray(choices[:, voted]), weights, wanted)
    enough = np.flatnonzero((joint > 0) & (joint >= least))
    one, other = arrays.pairs_of(voted.size)
    names = pl.Series(ballots.actors, dtype=pl.String)
    columns = {
        "a": names.gather(voted[one[enough]]),
        "b": names.gather(voted[other[enough]]),
        by: pl.repeat(period, enough.size, dtype=pl.Int32, eager=True),
        "joint": _joint(joint[enough], weights is None),
    }
    measured = {name: pl.Series(value[enough], nan_to_null=True) for name, value in values.items()}
    return pl.DataFrame(columns | measured)


def _joint(joint: NDArray[np.float64], counts: bool) -> pl.Series:
    return pl.Series(joint.astype(np.int32)) if counts else pl.Series(joint)


def _empty(by: By, wanted: tuple[str, ...]) -> pl.DataFrame:
    schema = {"a": pl.String, "b": pl.String, by: pl.Int32, "joint": pl.Int32} | dict.fromkeys(wanted, pl.Float64)
    return pl.DataFrame(schema=schema)
