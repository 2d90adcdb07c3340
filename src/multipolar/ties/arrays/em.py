"""Parameters by maximum (penalised) likelihood, pooled over pairs.

The scale of a tie is fixed here by ``mu0 = 0`` and a total stationary variance ``tau2 + q / (1 - phi^2) = 1``, so
loadings carry it; `model.rescale` moves the result to any other. An iteration is an ECME step (Dempster, Laird &
Rubin 1977, JRSS B 39:1; Shumway & Stoffer 1982, Journal of Time Series Analysis 3:253; Liu & Rubin 1994,
Biometrika 81:633):

1. *Expectation*: smoothed means and variances of the tie and of its indicator's offset at every observation, and
   their covariance.
2. *Maximisation* of the expected complete-data likelihood over intercepts, loadings, noise and the variance of
   offsets: one weighted regression an indicator, in closed form, with E[a^2] in place of the square of E[a]. Offsets
   are given a mean here, which then goes into the intercept (parameter expansion: Liu, Rubin & Wu 1998, Biometrika
   85:755). The step is stretched while that pays (Salakhutdinov & Roweis 2003, ICML).
3. *Conditional maximisation* of the likelihood itself over the numbers that EM moves slowly: phi, tau2's share of
   the total variance, a common factor of the loadings, a common shift of the level, a common factor of the
   variances of offsets, and how much longer a month lasts in which something of each kind happened. A coordinate search.

A step that would lower the objective is not taken, so the objective never falls. Without a prior it is the log
likelihood.

The prior keeps rare indicators sane. For each indicator it is normal-inverse-gamma, worth k = `strength`
observations counted once, with its mode at (c0, lambda0, s0)::

    c | s2 ~ N(c0, s2 / k)     lambda | s2 ~ N(lambda0, s2 / k)     s2 ~ InverseGamma(k / 2, (k + 4) s0 / 2)

and that of an offset's variance is worth k pairs, with its mode at o0: ``o2 ~ InverseGamma(k / 2, (k + 2) o0 / 2)``.

By default c0 is the indicator's own mean, lambda0 half its standard deviation with the expected sign (a quarter of
its variance is the tie), o0 half of its variance between pairs and s0 the rest of its variance. Thousands of
observations drown it; an indicator without any keeps it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from multipolar.errors import UsageError
from multipolar.ties.arrays.kalman import check, has_offsets, in_blocks, inputs, loglik, longest, tables
from multipolar.ties.arrays.model import Floats, Observations, Parameters

PHI_MAX = 0.9999  # a half-life of 577 years: beyond it x and the level cannot be told apart
SHARE_MIN, SHARE_MAX = 0.001, 0.999
#: Months by which one lasts longer in which something happened: where the search begins, and the most. A longer one lets a
#: single indicator that changes in steps (a treaty) carry the tie along: it predicts that indicator better and all others worse.
QUICKEN_FIRST, QUICKEN_MAX = 6.0, 24.0
_NOISE_FLOOR = 0.02  # of its own variance: no indicator is taken for a nearly perfect reading of the tie
_OFFSET_FLOOR = 1e-6  # of its own variance
Mask = npt.NDArray[np.bool_]
_STRETCH, _STRETCH_MAX = 1.3, 8.0
_QUIET = 3  # iterations in a row with too small a gain before the fit stops


class Prior(NamedTuple):
    """Prior of the indicators (the module's docstring has the formula): arrays of shape (M,), strength >= 0.

    `offset` may be None where no offsets are fitted.
    """

    intercept: Floats
    loading: Floats
    noise: Floats
    strength: float
    offset: Floats | None = None


class Fit(NamedTuple):
    """A fit.

    Attributes
    ----------
    params : Parameters
    prior : Prior
    objective_path, loglik_path : ndarray[float], shape (iterations + 1,)
        Log likelihood plus log prior (never falls), and log likelihood, at the start and after each iteration.
    converged : bool
        Whether the gain fell below the tolerance before the iterations ran out.
    """

    params: Parameters
    prior: Prior
    objective_path: Floats
    loglik_path: Floats
    converged: bool


def default_prior(
    obs: Observations,
    n_indicators: int,
    *,
    sign: npt.ArrayLike | None = None,
    strength: float = 4.0,
    offsets: bool | npt.ArrayLike = True,
) -> Prior:
    """The prior of the module's docstring, from each indicator's own mean and variance.

    Parameters
    ----------
    sign : array_like[float], shape (M,), optional
        +1 where more of the indicator means a closer tie, -1 where it means the opposite, 0 if unknown. All +1 by
        default.
    strength : float
        Pseudo-observations (and pairs) an indicator, 0 for none.
    offsets : bool or array_like[bool], shape (M,)
        Which indicators have offsets; without, what they would take of the variance is noise.

    Raises
    ------
    UsageError
        If `sign` is not M numbers of -1, 0, 1 or `strength` is negative.
    """
    signs = np.ones(n_indicators) if sign is None else np.asarray(sign, dtype=np.float64)
    if signs.shape != (n_indicators,) or not np.isin(signs, (-1.0, 0.0, 1.0)).all():
        raise UsageError(f"expected {n_indicators} signs of -1, 0 or 1, got {signs!r}", where="prior")
    if not 0 <= strength < np.inf:
        raise UsageError(f"expected a strength of 0 or more, got {strength!r}", where="prior")
    centre, var, typical = _spread(obs, n_indicators)
    loading, rest = 0.5 * signs * np.sqrt(var), 0.75 * var
    with_offset = _mask(offsets, n_indicators)
    if not with_offset.any():
        return Prior(centre, loading, rest * typical, float(strength))
    offset = np.where(with_offset, _offset_mode(obs, n_indicators), 0.0)
    return Prior(centre, loading, np.maximum(rest - offset, 0.25 * var) * typical, float(strength), offset)


def fit(
    obs: Observations,
    n_months: int,
    *,
    n_indicators: int | None = None,
    sign: npt.ArrayLike | None = None,
    start: Parameters | None = None,
    prior: Prior | None = None,
    offsets: bool | npt.ArrayLike = True,
    pace: npt.ArrayLike | None = None,
    noise_floor: float = _NOISE_FLOOR,
    search: bool = True,
    iterations: int = 200,
    tol: float = 1e-7,
    threads: int | None = None,
) -> Fit:
    """Estimate all parameters from all pairs. Deterministic: the same data give the same bits, whatever the threads.

    Parameters
    ----------
    obs : Observations
        Cost of an iteration grows with their number, not with pairs x months.
    n_months : int
        T.
    n_indicators : int, optional
        M; by default the largest indicator + 1.
    sign : array_like[float], shape (M,), optional
        As `default_prior`; also orients the result: if the loadings as a whole (by information) disagree, all are
        turned.
    start : Parameters, optional
        Where to begin; brought to the scale of the fit. By default the prior's centre, phi = 0.95, half of the
        variance between pairs. Offsets of which it says nothing begin at the prior's centre.
    prior : Prior, optional
        By default `default_prior`.
    offsets : bool or array_like[bool], shape (M,)
        Which indicators have offsets of each pair; of the others ``omega2`` is 0.
    pace : array_like[float], shape (T,), optional
        How long the step into each month lasts where `start` does not say; 1 by default.
    noise_floor : float
        Least share of an indicator's own variance that is noise: how good a reading of the tie it can be taken for.
    search : bool
        Whether step 3 is taken; without it the numbers that it moves stay what they were.
    iterations : int
        At most so many.
    tol : float
        Stop when three iterations in a row each gain less than this per observation.

    Raises
    ------
    UsageError
        If there is no observation, or a parameter, a sign or the months do not fit.
    """
    count = obs.n_indicators if n_indicators is None else n_indicators
    if not len(obs) or iterations < 1:
        raise UsageError("expected at least one observation and one iteration", where="fit")
    signs = np.ones(count) if sign is None else np.asarray(sign, dtype=np.float64)
    mask = _mask(offsets, count)
    belief = default_prior(obs, count, sign=signs, offsets=mask) if prior is None else prior
    if mask.any() and belief.offset is None:
        belief = belief._replace(offset=np.where(mask, _offset_mode(obs, count), 0.0))
    if any(part.shape != (count,) for part in (*belief[:3], belief.offset) if isinstance(part, np.ndarray)):
        raise UsageError(f"expected a prior of {count} indicators, got {belief[0].size}", where="fit")
    problem = _Problem(obs, belief, *_floors(obs, count, mask, noise_floor), threads)
    current = _first(belief, signs) if start is None else _standard(start)
    given = None if start is None else start.offset
    if given is None:
        given = np.zeros(count) if belief.offset is None else belief.offset
    current = current._replace(offset=np.where(mask, given, 0.0))
    current = _with_clock(current, obs, n_months, pace)
    current = check(obs, problem.floored(current), n_months)
    point = _Point(current, problem.objective(current))
    path, stretch, quiet = [point], 1.0, 0
    searched = _Search(_axes(current, bool(mask.any())) if search else [])
    while quiet < _QUIET and len(path) <= iterations:
        point, stretch = _regress(problem, path[-1], stretch)
        point = searched.improve(problem, point)
        quiet = quiet + 1 if point.objective - path[-1].objective < tol * len(obs) else 0
        path.append(point)
    objective = np.array([step.objective for step in path])
    prior_part = np.array([_log_prior(step.params, belief) for step in path])
    return Fit(_oriented(path[-1].params, signs, obs), belief, objective, objective - prior_part, quiet >= _QUIET)


class _Point(NamedTuple):
    params: Parameters
    objective: float


class _Problem(NamedTuple):
    """What does not change from one iteration to the next."""

    obs: Observations
    prior: Prior
    floor: Floats
    offset_floor: Floats
    threads: int | None

    def objective(self, params: Parameters) -> float:
        return float(loglik(self.obs, params, threads=self.threads).sum()) + _log_prior(params, self.prior)

    def moments(self, params: Parameters) -> Floats:
        """Sums over observations and pairs, shape (M, 9): see `_offsets.moments_block`; without offsets the last are 0."""
        obs, size = self.obs, params.loading.size
        given = (*inputs(obs, params, max(obs.n_months, 1)), *tables(params), longest(obs), obs.levels)
        offsets = has_offsets(params)
        parts = in_blocks(
            obs, 1, self.threads, lambda k, a, b: _stats(k.moments_block, a, b, given, size), offsets=offsets
        )
        return np.asarray(np.sum(parts, axis=0), dtype=np.float64)

    def floored(self, params: Parameters) -> Parameters:
        noise, offset = np.maximum(params.noise, self.floor), np.maximum(params.offset_var, self.offset_floor)
        return params._replace(noise=noise, offset=offset)


def _stats(kernel: object, start: int, stop: int, given: tuple[object, ...], size: int) -> Floats:
    out = np.zeros((size, 9))
    kernel(start, stop, *given, out)  # type: ignore[operator]
    return out


def _regress(problem: _Problem, point: _Point, stretch: float) -> tuple[_Point, float]:
    """Steps 1 and 2: the stretched step if it gains, else the plain one, which cannot lose."""
    old, new = point.params, _maximise(problem, point.params)
    if stretch > 1:
        far = new._replace(
            intercept=old.intercept + stretch * (new.intercept - old.intercept),
            loading=old.loading + stretch * (new.loading - old.loading),
            noise=old.noise * (new.noise / old.noise) ** stretch,
            offset=old.offset_var * (new.offset_var / np.where(old.offset_var > 0, old.offset_var, 1.0)) ** stretch,
        )
        far = problem.floored(far)
        value = problem.objective(far)
        if value > point.objective:
            return _Point(far, value), min(stretch * _STRETCH, _STRETCH_MAX)
    value = problem.objective(new)
    if value < point.objective:  # by rounding only, at the maximum
        return point, 1.0
    return _Point(new, value), _STRETCH


def _maximise(problem: _Problem, params: Parameters) -> Parameters:
    """Regress every indicator on the expected tie; 2 x 2 normal equations, solved for all indicators at once.

    Where there are offsets they may have a mean while this goes on. Best for a given move of the intercept, it lies
    between what the prior of the intercept and what the offsets ask for, by their weights `kappa` and `firm`. It is put
    in (`pull` and `aim` are what remains of that prior), found, and added to the intercept.
    """
    prior, kappa = problem.prior, problem.prior.strength
    n, a, aa, r, ra, rr, pairs, u, uu = problem.moments(params).T
    seen = np.bincount(problem.obs.indicator, minlength=n.size)
    away = prior.intercept - params.intercept
    some = pairs > 0
    firm = np.where(some, pairs * params.noise / np.where(some, params.offset_var, 1.0), 1.0)
    usual = u / np.maximum(pairs, 1)
    pull, aim = np.where(some, kappa * firm / (kappa + firm), kappa), away - usual
    n_, aa_, r_, ra_ = n + pull, aa + kappa, r + pull * aim, ra + kappa * prior.loading
    determinant = n_ * aa_ - a * a
    usable = determinant > 1e-12 * n_ * aa_
    safe = np.where(usable, determinant, 1.0)
    moved = np.where(usable, (aa_ * r_ - a * ra_) / safe, 0.0)
    loading = np.where(usable, (n_ * ra_ - a * r_) / safe, params.loading)
    rest = rr - 2 * (moved * r + loading * ra) + moved**2 * n + 2 * moved * loading * a + loading**2 * aa
    usual = np.where(some, (kappa * (away - moved) + firm * usual) / (kappa + firm), 0.0)
    held = kappa + 4 if kappa > 0 else 0.0
    rest += kappa * ((moved + usual - away) ** 2 + (loading - prior.loading) ** 2) + held * prior.noise
    degrees = seen + held
    noise = np.where(degrees > 0, rest / np.maximum(degrees, 1), params.noise)
    offset = _offset_step(params, prior, pairs, uu - 2 * usual * u + pairs * usual**2)
    intercept = params.intercept + moved + usual
    return problem.floored(params._replace(intercept=intercept, loading=loading, noise=noise, offset=offset))


def _offset_step(params: Parameters, prior: Prior, pairs: Floats, squares: Floats) -> Floats:
    """Best variance of the offsets of each indicator, given their expected squares summed over pairs."""
    held = prior.strength + 2 if prior.strength > 0 else 0.0
    mode = np.zeros(pairs.size) if prior.offset is None else prior.offset
    known = (params.offset_var > 0) & (pairs + held > 0)
    return np.where(known, (squares + held * mode) / np.where(known, pairs + held, 1.0), params.offset_var)


Move = Callable[[Parameters, float], Parameters]


def _axes(params: Parameters, offsets: bool) -> list[tuple[Move, float]]:
    """What the search moves, each with its first step."""
    axes: list[tuple[Move, float]] = [(_phi, 0.5), (_share, 0.5), (_loadings, 0.1), (_shift, 0.1)]
    axes += [(_offsets, 0.2)] if offsets else []
    kinds = 0 if params.quicken is None else params.quicken.size
    return axes + [(partial(_quicken, kind=kind), 0.5) for kind in range(kinds)]


class _Search:
    """Step 3: coordinate search whose steps grow where they pay and shrink where they do not, kept over iterations."""

    def __init__(self, axes: list[tuple[Move, float]]) -> None:
        self.moves = [move for move, _ in axes]
        self.steps = np.array([step for _, step in axes])

    def improve(self, problem: _Problem, point: _Point) -> _Point:
        """A point at least as good as `point`, after at most two likelihoods an axis."""
        for axis, move in enumerate(self.moves):
            for way in (1.0, -1.0):
                params = problem.floored(move(point.params, way * float(self.steps[axis])))
                value = problem.objective(params)
                if value > point.objective:
                    point = _Point(params, value)
                    self.steps[axis] *= way * 1.5  # the same way first next time
                    break
            else:
                self.steps[axis] *= 0.5
        return point


# Each move keeps mu0 = 0 and the total variance of 1.


def _phi(params: Parameters, by: float) -> Parameters:
    return _with_dynamics(params, PHI_MAX * _logistic(_logit(params.phi / PHI_MAX) + by), params.tau2)


def _share(params: Parameters, by: float) -> Parameters:
    width = SHARE_MAX - SHARE_MIN
    return _with_dynamics(
        params, params.phi, SHARE_MIN + width * _logistic(_logit((params.tau2 - SHARE_MIN) / width) + by)
    )


def _loadings(params: Parameters, by: float) -> Parameters:
    return params._replace(loading=params.loading * np.exp(by))


def _shift(params: Parameters, by: float) -> Parameters:
    return params._replace(intercept=params.intercept + by * params.loading)


def _offsets(params: Parameters, by: float) -> Parameters:
    return params._replace(offset=params.offset_var * np.exp(by))


def _quicken(params: Parameters, by: float, *, kind: int) -> Parameters:
    assert params.quicken is not None
    quicken = params.quicken.copy()
    quicken[kind] = min(quicken[kind] * np.exp(by), QUICKEN_MAX)
    return params._replace(quicken=quicken)


def _with_clock(params: Parameters, obs: Observations, n_months: int, pace: npt.ArrayLike | None) -> Parameters:
    """The parameters with a pace for every month, and a duration for every kind of thing that happened."""
    given = np.ones(n_months) if pace is None else np.asarray(pace, dtype=np.float64)
    kinds = 0 if obs.quick is None else int(obs.quick.kind.max(initial=-1)) + 1
    quicken = np.full(kinds, QUICKEN_FIRST) if params.quicken is None else params.quicken
    return params._replace(pace=given if params.pace is None else params.pace, quicken=quicken if kinds else None)


def _with_dynamics(params: Parameters, phi: float, share: float) -> Parameters:
    return params._replace(phi=phi, tau2=share, q=(1 - share) * (1 - phi) * (1 + phi), mu0=0.0)


def _standard(params: Parameters) -> Parameters:
    """The same model with mu0 = 0 and total variance 1, inside the bounds of the search."""
    params = params.validate()
    total = params.tau2 + params.stationary_var
    inside = params._replace(
        intercept=params.intercept + params.loading * params.mu0, loading=params.loading * np.sqrt(total)
    )
    share = float(np.clip(params.tau2 / total, 1.01 * SHARE_MIN, 0.999 * SHARE_MAX))
    return _with_dynamics(inside, float(np.clip(params.phi, 1e-3, 0.9999 * PHI_MAX)), share)


def _first(prior: Prior, signs: Floats) -> Parameters:
    """Where a fit begins: the prior's centre, and a small loading where the sign is unknown."""
    loading = np.where(signs == 0, 0.1 * np.sqrt(prior.noise), prior.loading)
    noise = np.array(prior.noise)
    return _with_dynamics(Parameters(np.array(prior.intercept), loading, noise, 0.95, 1.0, 0.5), 0.95, 0.5)


def _oriented(params: Parameters, signs: Floats, obs: Observations) -> Parameters:
    """All loadings turned if, weighted by what each indicator tells, they disagree with the expected signs."""
    told = np.bincount(obs.indicator, weights=obs.weight, minlength=signs.size) / params.noise
    agreement = float((signs * params.loading * np.abs(params.loading) * told).sum())
    return params._replace(loading=-params.loading) if agreement < 0 else params


def _log_prior(params: Parameters, prior: Prior) -> float:
    """Log density of the prior, up to a constant."""
    kappa = prior.strength
    if kappa == 0:
        return 0.0
    apart = (params.intercept - prior.intercept) ** 2 + (params.loading - prior.loading) ** 2
    scale = kappa * apart + (kappa + 4) * prior.noise
    total = float((-(kappa / 2 + 2) * np.log(params.noise) - scale / (2 * params.noise)).sum())
    offset = params.offset_var
    if prior.offset is None or not (some := offset > 0).any():
        return total
    offset, mode = offset[some], prior.offset[some]
    return total - float(((kappa / 2 + 1) * np.log(offset) + (kappa + 2) * mode / (2 * offset)).sum())


def _spread(obs: Observations, n_indicators: int) -> tuple[Floats, Floats, Floats]:
    """Weighted mean, variance around it (1 if none) and harmonic mean count of each indicator."""

    def total(of: Floats | None) -> Floats:
        return np.bincount(obs.indicator, weights=of, minlength=n_indicators).astype(np.float64)

    n, weight = total(None), total(obs.weight)
    some = n > 0
    centre = np.divide(total(obs.weight * obs.value), weight, out=np.zeros(n_indicators), where=some)
    square = np.divide(total((obs.value - centre[obs.indicator]) ** 2), n, out=np.zeros(n_indicators), where=some)
    typical = np.divide(n, total(1 / obs.weight), out=np.ones(n_indicators), where=some)
    return centre, np.where(square > 0, square, 1.0), typical


def _offset_mode(obs: Observations, n_indicators: int) -> Floats:
    """Half of each indicator's variance between pairs' means; a quarter of its variance where it has none."""
    pair = np.repeat(np.arange(obs.n_pairs), np.diff(obs.indptr))
    cell, size = pair * n_indicators + obs.indicator, obs.n_pairs * n_indicators
    weight, total = (
        np.bincount(cell, of, size).reshape(-1, n_indicators) for of in (obs.weight, obs.weight * obs.value)
    )
    seen = weight > 0
    mean = np.divide(total, weight, out=np.zeros_like(total), where=seen)
    pairs = np.maximum(seen.sum(axis=0), 1)
    between = (np.where(seen, mean - mean.sum(axis=0) / pairs, 0.0) ** 2).sum(axis=0) / pairs
    return np.where(between > 0, 0.5 * between, 0.25 * _spread(obs, n_indicators)[1])


def _floors(obs: Observations, n_indicators: int, mask: Mask, noise_floor: float) -> tuple[Floats, Floats]:
    """Smallest variances a fit may give an indicator's noise and its offsets."""
    _, var, typical = _spread(obs, n_indicators)
    return noise_floor * var * typical, np.where(mask, _OFFSET_FLOOR * var, 0.0)


def _mask(offsets: bool | npt.ArrayLike, n_indicators: int) -> Mask:
    """Which indicators have offsets, one for each."""
    mask = (
        np.broadcast_to(np.asarray(offsets, dtype=bool), (n_indicators,))
        if np.ndim(offsets) == 0
        else np.asarray(offsets)
    )
    if mask.shape != (n_indicators,) or mask.dtype != bool:
        raise UsageError(f"expected True, False or {n_indicators} of them, got {offsets!r}", where="offsets")
    return mask


def _logit(p: float) -> float:
    """Log odds, finite where rounding has brought a search to the very edge."""
    inside = min(max(p, 1e-12), 1 - 1e-12)
    return float(np.log(inside) - np.log1p(-inside))


def _logistic(z: float) -> float:
    return float(1 / (1 + np.exp(-z)))
