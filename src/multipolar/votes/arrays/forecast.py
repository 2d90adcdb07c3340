r"""Agreement of all pairs in the next session, from what was known when the last one ended.

What a pair will agree on depends on the two and on what will be voted on. Of the two, these are known: averages of their
agreement that forget at several rates; the same average with the kinds of roll call (how many dissent) in their usual
proportions, each pair's agreement on a kind drawn towards what the kind and the pair let expect; and what the agreement
of all with all says of the two (a low-rank approximation). How much each tells is learnt anew for each session from the
last few: a logistic regression of the share of joint votes cast alike on their logits,

.. math:: \mathrm{logit}\, p_{ij,t+1} = a_{t+1} + \sum_f b_f (x_{ij,t,f} - \bar x_{t,f}),

with a level :math:`a` of each session, so that what makes a whole session more or less divided (its agenda) does not
pass for something about pairs. The level of the next session cannot be known; it is set so that the mean over pairs
equals the mean of their average agreement.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from multipolar.votes.arrays.similarity import pairs_of

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

#: Weight of the newest session in the averages, and in the one that sets the level.
RATES: Final = (0.15, 0.35, 0.6)
LEVEL_RATE: Final = 0.45
#: Kinds of roll call: edges of the share that did not choose what most chose.
DISSENT: Final = (0.03, 0.08, 0.18, 0.3, 0.42)
#: Weight of the newest session in what pairs do on a kind, in how common the kinds are, and votes that the prior is worth.
KIND_RATE, MIX_RATE, PRIOR = 0.5, 0.35, 6.0
#: Votes at the mean of all that a pair's average is drawn with, and rank of the approximation.
SHRINK, RANK, SURE = 2.0, 4, 20.0
#: Sessions to learn from, fewest joint votes of a pair in a session, and penalty (share of the information).
WINDOW, LEAST, RIDGE = 10, 10, 2e-4
#: Forecasts stay between these.
ENDS: Final = (0.005, 0.995)


class History(NamedTuple):
    """What sessions told, in order; the features of a session use it and those before it alone.

    Attributes
    ----------
    sessions : array of int, shape (sessions,)
    joint : array, shape (sessions, pairs)
        Votes that both cast; pairs as `similarity.pairs_of`.
    agreement : array, shape (sessions, pairs)
        Share cast alike; NaN where none.
    average : array, shape (sessions, pairs)
        Average agreement up to this session, recent votes counting more; NaN before the first.
    features : array, shape (sessions, pairs, features)
        Logits.
    """

    sessions: NDArray[np.int64]
    joint: Singles
    agreement: Singles
    average: Singles
    features: Singles


def history(choices: NDArray[np.int8], sessions: NDArray[np.integer]) -> History:
    """Agreement and features of every session.

    Parameters
    ----------
    choices : array of int8, shape (rollcalls, states)
        0 missing, 1 yes, 2 abstain, 3 no.
    sessions : array of int, shape (rollcalls,)
    """
    order = np.unique(sessions).astype(np.int64)
    pairs = pairs_of(choices.shape[1])
    kinds = dissent(choices)
    past = _Past(len(pairs[0]))
    rows = []
    for session in order:
        here = sessions == session
        joint, alike = _counts(choices[here], kinds[here], pairs)
        past.add(joint, alike, np.bincount(kinds[here], minlength=len(DISSENT) + 1))
        rows.append((joint.sum(axis=0), alike.sum(axis=0), past.average(), past.features(pairs, choices.shape[1])))
    empty = np.zeros((0, len(pairs[0])), dtype=np.float32)
    joint, alike, average, features = (
        (np.stack(each) for each in zip(*rows, strict=True)) if rows else (empty, empty, empty, empty[..., None])
    )
    return History(order, joint, _share(alike, joint), average, features)


def dissent(choices: NDArray[np.int8]) -> NDArray[np.intp]:
    """Kind of each roll call, by the share that did not choose what most chose; shape (rollcalls,), 0 to 5."""
    counts = np.stack([(choices == code).sum(axis=1) for code in (1, 2, 3)])
    dissenting = 1.0 - counts.max(axis=0) / np.maximum(counts.sum(axis=0), 1)
    return np.asarray(np.digitize(dissenting, DISSENT), dtype=np.intp)


def _counts(
    choices: NDArray[np.int8], kinds: NDArray[np.intp], pairs: tuple[NDArray[np.intp], NDArray[np.intp]]
) -> tuple[Singles, Singles]:
    """Joint votes and votes cast alike of each kind; shape (kinds, pairs)."""
    joint = np.zeros((len(DISSENT) + 1, len(pairs[0])), dtype=np.float32)
    alike = np.zeros_like(joint)
    for kind in np.unique(kinds):
        of_kind = choices[kinds == kind]
        present = (of_kind > 0).astype(np.float32)
        joint[kind] = (present.T @ present)[pairs]
        chosen = np.concatenate([of_kind == code for code in (1, 2, 3)]).astype(np.float32)
        alike[kind] = (chosen.T @ chosen)[pairs]
    return joint, alike


class _Past:
    """Sums over the sessions so far that forget, for averages at several rates and for kinds of roll call."""

    def __init__(self, pairs: int) -> None:
        kinds = len(DISSENT) + 1
        self.joint, self.alike = (np.zeros((len(RATES) + 1, pairs), dtype=np.float32) for _ in range(2))
        self.kind_joint, self.kind_alike = (np.zeros((kinds, pairs), dtype=np.float32) for _ in range(2))
        self.mix = np.zeros(kinds)

    def add(self, joint: Singles, alike: Singles, mix: NDArray[np.integer]) -> None:
        """Take in a session: votes by kind and pair, and roll calls of each kind."""
        keep = (1.0 - np.array([*RATES, LEVEL_RATE], dtype=np.float32))[:, None]
        self.joint = keep * self.joint + joint.sum(axis=0)
        self.alike = keep * self.alike + alike.sum(axis=0)
        self.kind_joint = np.float32(1.0 - KIND_RATE) * self.kind_joint + joint
        self.kind_alike = np.float32(1.0 - KIND_RATE) * self.kind_alike + alike
        self.mix = (1.0 - MIX_RATE) * self.mix + mix

    def average(self) -> Singles:
        """Agreement so far, at the rate of the level; shape (pairs,)."""
        return _share(self.alike[-1], self.joint[-1])

    def features(self, pairs: tuple[NDArray[np.intp], NDArray[np.intp]], states: int) -> Singles:
        """Logits, shape (pairs, features)."""
        mean = self.alike.sum(axis=1) / np.maximum(self.joint.sum(axis=1), 1e-6)
        drawn = (self.alike + SHRINK * mean[:, None]) / (self.joint + SHRINK)
        averages = [_logit(each) for each in drawn[:-1]]
        middle = len(RATES) // 2
        smooth = _low_rank(averages[middle], self.alike[middle], self.joint[middle], pairs, states)
        return np.stack([*averages, _logit(self._usual_mix()), smooth], axis=-1).astype(np.float32)

    def _usual_mix(self) -> Singles:
        """Agreement with kinds of roll call in their usual proportions; shape (pairs,)."""
        of_kind = self.kind_alike.sum(axis=1) / np.maximum(self.kind_joint.sum(axis=1), 1e-6)
        mean = float(self.kind_alike.sum() / max(self.kind_joint.sum(), 1e-6))
        expected = of_kind @ self.kind_joint + SHRINK * mean
        told = self.kind_alike.sum(axis=0) + SHRINK * mean
        votes = self.kind_joint.sum(axis=0) + SHRINK
        apart = _logit(told / votes) - _logit(expected / votes)
        prior = _expit(_logit(of_kind)[:, None] + apart)
        drawn = (self.kind_alike + PRIOR * prior) / (self.kind_joint + PRIOR)
        return np.asarray((self.mix / max(self.mix.sum(), 1e-6)).astype(np.float32) @ drawn)


def _low_rank(
    logits: Singles, alike: Singles, joint: Singles, pairs: tuple[NDArray[np.intp], NDArray[np.intp]], states: int
) -> Singles:
    """Logits of a pair as the two states' own means and the main patterns of all with all let expect; shape (pairs,)."""
    own = [np.bincount(side, weights=of, minlength=states) for of in (alike, joint) for side in pairs]
    level = _logit((own[0] + own[1]) / np.maximum(own[2] + own[3], 1e-6))
    base = (level[pairs[0]] + level[pairs[1]]) / 2.0
    square = np.zeros((states, states))
    square[pairs] = np.where(joint > 0.0, (logits - base) * joint / (joint + SURE), 0.0)
    return np.asarray(_main_part(square + square.T)[pairs] + base, dtype=np.float32)


def _main_part(square: Floats) -> Floats:
    """A symmetric matrix by its `RANK` eigenvalues farthest from 0 (subspace iteration).

    A full decomposition of a matrix this small is slowed tenfold and more by linear algebra that waits for busy cores.
    """
    basis = np.random.default_rng(0).standard_normal((len(square), min(3 * RANK, len(square))))
    for _ in range(12):
        basis = np.linalg.qr(square @ basis)[0]
    value, vector = np.linalg.eigh(basis.T @ square @ basis)
    main = np.argsort(-np.abs(value))[:RANK]
    turned = basis @ vector[:, main]
    return np.asarray((turned * value[main]) @ turned.T)


def forecast(past: History, place: int, *, window: int = WINDOW, least: int = LEAST) -> Floats:
    """Expected agreement in the session after the `place`-th, with what was known by the end of that one.

    Parameters
    ----------
    past : History
        What lies after `place` in it is not looked at.
    place : int
        Number of the last session known.
    window : int
        Sessions to learn from.
    least : int
        Fewest joint votes of a pair in the last session, and in both of the sessions of an example to learn from.

    Returns
    -------
    array, shape (pairs,)
        NaN for pairs with too few joint votes; with nothing to learn from, the average.
    """
    here = past.joint[place] >= least
    expected = np.full(here.shape, np.nan)
    if not here.any():
        return expected
    weight = past.joint[place][here].astype(np.float64)
    mean = float((past.average[place][here] * weight).sum() / weight.sum())
    steps = [_step(past, each, least) for each in range(max(0, place - window), place)]
    slopes = _slopes([step for step in steps if step[2].size])
    relative = past.features[place][here] @ slopes
    expected[here] = np.clip(_expit(relative + _level(relative, weight, mean)), *ENDS)
    return expected


def _step(past: History, place: int, least: int) -> tuple[Floats, Floats, Floats]:
    """An example to learn from: features less their mean, agreement in the next session, joint votes in it."""
    both = (past.joint[place] >= least) & (past.joint[place + 1] >= least)
    votes = past.joint[place + 1][both].astype(np.float64)
    features = past.features[place][both].astype(np.float64)
    centred = features - np.average(features, axis=0, weights=votes) if votes.size else features
    return centred, past.agreement[place + 1][both].astype(np.float64), votes


def _slopes(steps: list[tuple[Floats, Floats, Floats]], rounds: int = 6) -> Floats:
    """Logistic regression with a level of each session, by Newton's method; shape (features,).

    The levels are eliminated from each step (a partitioned information matrix). Slopes are drawn towards an even average
    of the agreement at the rates of `RATES`.
    """
    start = np.zeros(len(RATES) + 2)
    start[: len(RATES)] = 1.0 / len(RATES)
    if not steps:
        return start
    size = len(start)
    slopes = start.copy()
    levels = np.asarray(_logit(np.array([np.average(y, weights=n) for _, y, n in steps])), dtype=np.float64)
    for _ in range(rounds):
        information, gradient = np.zeros((size, size)), np.zeros(size)
        shared = []
        for (x, y, n), level in zip(steps, levels, strict=True):
            p = _expit(x @ slopes + level)
            h, r = n * p * (1.0 - p), n * (y - p)
            cross, own, rest = h @ x, max(h.sum(), 1e-9), r.sum()
            information += (x * h[:, None]).T @ x - np.outer(cross, cross) / own
            gradient += x.T @ r - cross * rest / own
            shared.append((cross, own, rest))
        penalty = RIDGE * sum(own for _, own, _ in shared) * np.eye(size)
        step = np.linalg.solve(information + penalty, gradient - penalty @ (slopes - start))
        slopes = slopes + step
        levels = levels + np.array([(rest - cross @ step) / own for cross, own, rest in shared])
    return slopes


def _level(relative: Floats, weight: Floats, mean: float) -> float:
    """The level with which the weighted mean of forecasts is `mean`, by bisection."""
    low, high = -30.0, 30.0
    for _ in range(60):
        middle = (low + high) / 2.0
        below = float((_expit(relative + middle) * weight).sum() / weight.sum()) < mean
        low, high = (middle, high) if below else (low, middle)
    return (low + high) / 2.0


def average(past: History, rate: float) -> Singles:
    """An average of agreement that forgets: each session weighs 1 - `rate` times the next; shape (sessions, pairs).

    A session without a joint vote of a pair adds nothing to it. NaN before the first.
    """
    top, bottom = np.zeros(past.joint.shape[1]), np.zeros(past.joint.shape[1])
    rows = []
    for joint, agreement in zip(past.joint, past.agreement, strict=True):
        there = joint > 0
        top = (1.0 - rate) * top + np.where(there, agreement, 0.0)
        bottom = (1.0 - rate) * bottom + there
        rows.append(_share(top, bottom))
    return np.stack(rows) if rows else np.zeros_like(past.joint)


def loss(
    expected: NDArray[np.floating], agreement: NDArray[np.floating], joint: NDArray[np.floating]
) -> tuple[Floats, Floats]:
    """Absolute error, and log loss summed over joint votes, of each pair; shape (pairs,).

    Parameters
    ----------
    expected, agreement : array, shape (pairs,)
        Forecast (kept within `ENDS`) and share of joint votes cast alike.
    joint : array, shape (pairs,)
        Joint votes.
    """
    p = np.clip(expected.astype(np.float64), *ENDS)
    y = agreement.astype(np.float64)
    return np.abs(p - y), -joint * (y * np.log(p) + (1.0 - y) * np.log(1.0 - p))


def _share(top: NDArray[np.floating], bottom: NDArray[np.floating]) -> Singles:
    """Quotient, NaN where there is nothing to divide by."""
    there = bottom > 0
    return np.where(there, top / np.where(there, bottom, 1.0), np.nan).astype(np.float32)


def _logit(share: NDArray[np.floating]) -> NDArray[np.floating]:
    inside = np.clip(share, 0.01, 0.99)
    return np.asarray(np.log(inside / (1.0 - inside)))


def _expit(x: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.asarray(1.0 / (1.0 + np.exp(-x)))
