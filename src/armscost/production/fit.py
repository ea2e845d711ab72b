"""A ramp through dated observations of output, with the interval it leaves open."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from armscost.errors import OutsideEvidenceError, chosen, finite, numbers
from armscost.production.ramps import GompertzRamp, LinearRamp, LogisticRamp, Ramp
from armscost.results import Result

if TYPE_CHECKING:
    import pandas as pd

Floats: TypeAlias = NDArray[np.float64]
RampShape: TypeAlias = Literal["linear", "logistic", "gompertz"]

_SHAPES: dict[str, tuple[type[Ramp], tuple[str, str, str]]] = {
    "linear": (LinearRamp, ("start", "ceiling", "months")),
    "logistic": (LogisticRamp, ("ceiling", "midpoint", "growth")),
    "gompertz": (GompertzRamp, ("ceiling", "midpoint", "growth")),
}


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class RampFit(Result):
    """A fitted ramp; the table has a row a parameter, with its interval.

    Attributes:
        ramp: The ramp, its month 0 at ``origin``.
        origin: The date of the first observation.
        level: The coverage of the intervals.
        r_squared: The share of the variance of the rates that the ramp explains.
        residual_sd: The standard deviation of the observations around it, units a month.
        warnings: What speaks against trusting the fit, one line each.
        open_after: The month after which the observations leave the rate open above: the last
            of them, for a linear ramp that was not seen to level off; else infinite.
    """

    ramp: Ramp
    origin: dt.date
    level: float
    r_squared: float
    residual_sd: float
    warnings: list[str]
    shape: str
    estimates: Floats
    jacobian: Floats
    open_after: float

    def rate(self, when: Any) -> Any:
        """Units a month on a date, or on several.

        Raises:
            OutsideEvidenceError: For a date before the first observation.
        """
        months = self._months(when)
        return self.ramp.rate(months[0] if _is_one(when) else months)

    def interval(self, when: Any) -> pd.DataFrame:
        """Where an observation on a date would lie, with probability ``level``.

        Args:
            when: A date, or several; none before the first observation.

        Returns:
            Columns ``date``, ``low``, ``rate``, ``high``; units a month, none below zero. The
            high is infinite where the observations say nothing of that date.

        Raises:
            OutsideEvidenceError: For a date before the first observation.
        """
        import pandas as pd

        months = self._months(when)
        rate = np.asarray(self.ramp.rate(months))
        gradient = _gradient(self.shape, months, self.estimates)
        spread = np.hypot(_standard_errors(self.jacobian, gradient, self.residual_sd),
                          self.residual_sd)  # fmt: skip
        reach = _t_quantile(self.level, len(self.jacobian) - 3) * spread
        dates = [_date(d) for d in ([when] if _is_one(when) else when)]
        low = np.maximum(rate - reach, 0.0)
        high = np.where(months > self.open_after, np.inf, rate + reach)
        return pd.DataFrame({"date": dates, "low": low, "rate": rate, "high": high})

    def _months(self, when: Any) -> Floats:
        return _months_since([when] if _is_one(when) else when, self.origin)


def fit_ramp(
    dates: Sequence[Any], rates: Sequence[float], *, shape: RampShape, level: float = 0.8
) -> RampFit:
    """Fit a ramp to dated rates of output by non-linear least squares.

    Intervals come from the linearised fit: the standard error of the curve by the Jacobian, the
    scatter of single observations added, and Student's t with n - 3 degrees of freedom.

    Args:
        dates: When each rate held: dates, or text as ``"2025-04"`` (the first of the month) or
            ``"2025-04-11"``. For a rate over a period, the middle of it.
        rates: Units a month.
        shape: ``"linear"``, ``"logistic"`` or ``"gompertz"``; each has three parameters.
        level: The coverage of the intervals; 0.8 goes from the 10th to the 90th percentile.

    Returns:
        A :class:`RampFit`: ``.ramp``, ``.rate(date)``, ``.interval(date)``, ``.table``,
        ``.warnings``.

    Raises:
        OutsideEvidenceError: For fewer than four observations on fewer than three dates, rates
            that are no numbers, negative, missing or all zero, or observations that fall.
        UnknownNameError: For another shape.

    Example:
        >>> when = ["2023-01", "2023-07", "2024-01", "2024-07", "2025-01", "2025-07"]
        >>> fit = fit_ramp(when, [6, 8, 10, 12, 18, 20], shape="logistic")
        >>> round(fit.rate("2025-07"), 1)
        20.5
    """
    chosen("ramp to fit", shape, _SHAPES)
    if not 0 < finite("level", level) < 1:
        raise OutsideEvidenceError(f"level is {level}; write a share such as 0.8")
    observed = numbers("rates", rates)
    if _is_one(dates):
        raise OutsideEvidenceError(f"dates is {dates!r}; write one date a rate")
    origin = min((_date(d) for d in dates), default=dt.date.min)
    _check(dates, observed)
    t = _months_since(dates, origin)
    estimates = _least_squares(shape, t, observed)
    kind, names = _SHAPES[shape]
    if shape == "linear" and estimates[1] < estimates[0]:
        raise OutsideEvidenceError("the observations fall; a ramp rises")
    residuals = _curve(shape, t, estimates) - observed
    residual_sd = float(np.sqrt(residuals @ residuals / (len(t) - 3)))
    jacobian = _gradient(shape, t, estimates)
    errors = _standard_errors(jacobian, np.eye(3), residual_sd)
    last = float(t.max())
    rising = shape == "linear" and float(estimates[2]) >= last * (1 - 1e-6)
    if rising:
        # Any later end of the rise fits as well: neither it nor the ceiling is known.
        errors[1:] = np.inf
    spread = float(np.sum((observed - observed.mean()) ** 2))
    return RampFit(
        title=f"{shape} ramp through {len(t)} observations",
        table=_table(names, estimates, errors, _t_quantile(level, len(t) - 3)),
        assumptions=[
            f"least squares; intervals of {level:.0%} from the linearised fit",
            f"month 0 is {origin}",
        ],
        ramp=kind(*(float(value) for value in estimates)),
        origin=origin,
        level=level,
        r_squared=1 - float(residuals @ residuals) / spread if spread else float("nan"),
        residual_sd=residual_sd,
        warnings=_warnings(shape, t, observed, estimates, errors),
        shape=shape,
        estimates=estimates,
        jacobian=jacobian,
        open_after=last if rising else float("inf"),
    )


def _check(dates: Sequence[Any], observed: Floats) -> None:
    if len(dates) != observed.size or observed.ndim != 1:
        raise OutsideEvidenceError(f"{len(dates)} dates, {observed.size} rates; one rate a date")
    if observed.size < 4 or len({_date(d) for d in dates}) < 3:
        raise OutsideEvidenceError(
            f"{observed.size} observations on {len({_date(d) for d in dates})} dates; a ramp of "
            "three parameters needs four, on three dates or more"
        )
    if not np.all(np.isfinite(observed)) or np.any(observed < 0):
        raise OutsideEvidenceError("rates are finite and not negative, in units a month")
    if not np.any(observed):
        raise OutsideEvidenceError("all rates are zero; there is no ramp to fit")


def _curve(shape: str, t: Floats, theta: Floats) -> Floats:
    """The rate, for any parameters that the search passes through."""
    first, second, third = theta
    if shape == "linear":
        return np.asarray(first + (second - first) * np.clip(t / third, 0.0, 1.0))
    time = np.clip(third * (t - second), -700.0, 700.0)
    return np.asarray(first * (expit(time) if shape == "logistic" else np.exp(-np.exp(-time))))


def _gradient(shape: str, t: Floats, theta: Floats) -> Floats:
    """Derivatives of the rate by the parameters, by central differences; shape (t, 3)."""
    columns = []
    for i in range(3):
        step = np.zeros(3)
        step[i] = 1e-6 * max(abs(theta[i]), 1e-3)
        columns.append((_curve(shape, t, theta + step) - _curve(shape, t, theta - step)) / step[i])
    return np.column_stack(columns) / 2


def _least_squares(shape: str, t: Floats, observed: Floats) -> Floats:
    """The parameters with the least squared error, searched from the two best of a grid."""
    from scipy.optimize import least_squares

    # In units of the highest rate and of the time observed, every search is of one size.
    span, top = float(np.ptp(t)), float(observed.max())
    t, observed = t / span, observed / top
    if shape == "linear":
        lower, upper, unit = [0.0, 0.0, 1e-3], [np.inf, np.inf, 100.0], [top, top, span]
    else:
        lower, upper, unit = [0.0, -10.0, 1e-3], [np.inf, 10.0, 1e3], [top, span, 1 / span]

    def misses(theta: Floats) -> Floats:
        return _curve(shape, t, theta) - observed

    starts = sorted(_grid(shape, t, observed), key=lambda theta: float(np.sum(misses(theta) ** 2)))
    # Dogbox solves each step by least norm, and so bears parameters that nothing fixes.
    fits = [
        least_squares(misses, np.clip(start, lower, upper), bounds=(lower, upper), method="dogbox")
        for start in starts[:2]
    ]
    return np.asarray(min(fits, key=lambda fit: float(fit.cost)).x * np.array(unit))


def _grid(shape: str, t: Floats, observed: Floats) -> list[Floats]:
    """Starts for the search: the rates that fit best at each of a range of timings.

    Times run from 0 to 1, and the highest rate is 1.
    """
    least = 1e-3
    if shape == "linear":
        starts = []
        for months in np.linspace(0.1, 1.0, 10):
            risen = np.clip(t / months, 0.0, 1.0)
            rates = np.linalg.lstsq(np.column_stack([1 - risen, risen]), observed)[0]
            starts.append(np.array([*np.maximum(rates, least), months]))
        return starts
    grid = product(np.linspace(-0.5, 2.0, 11), np.geomspace(1.0, 40.0, 8))
    starts = []
    for midpoint, growth in grid:
        share = _curve(shape, t, np.array([1.0, midpoint, growth]))
        ceiling = float(share @ observed) / max(float(share @ share), 1e-12)
        starts.append(np.array([max(ceiling, least), midpoint, growth]))
    return starts


def _standard_errors(jacobian: Floats, gradient: Floats, residual_sd: float) -> Floats:
    """Standard errors of what has these gradients; infinite in directions never observed."""
    scale = np.linalg.norm(jacobian, axis=0)
    scale[scale == 0] = 1.0
    _, singular, directions = np.linalg.svd(jacobian / scale, full_matrices=False)
    along = (gradient / scale) @ directions.T
    seen = singular > 1e-7 * singular[0]
    errors = residual_sd * np.linalg.norm(along[:, seen] / singular[seen], axis=1)
    blind = np.linalg.norm(along[:, ~seen], axis=1) > 1e-6 * np.linalg.norm(along, axis=1)
    return np.where(blind, np.inf, errors)


def _t_quantile(level: float, freedom: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + level / 2))


def _table(names: Sequence[str], values: Floats, errors: Floats, reach: float) -> pd.DataFrame:
    import pandas as pd

    may_be_negative = np.array([name == "midpoint" for name in names])
    low = values - reach * errors
    return pd.DataFrame(
        {
            "parameter": names,
            "value": values,
            "standard_error": errors,
            "low": np.where(may_be_negative | (low > 0), low, 0.0),
            "high": values + reach * errors,
        }
    )


def _warnings(
    shape: str, t: Floats, observed: Floats, estimates: Floats, errors: Floats
) -> list[str]:
    names = _SHAPES[shape][1]
    at = names.index("ceiling")
    ceiling, top = float(estimates[at]), float(observed.max())
    lines = []
    if len(t) < 6:
        lines.append(f"{len(t)} observations for three parameters: the intervals are rough")
    if not errors[at] < 0.5 * ceiling:
        lines.append(
            f"the ceiling of {ceiling:.3g} is not fixed by the observations "
            f"(standard error {errors[at]:.3g}): do not read past the last of them"
        )
    elif ceiling > 1.5 * top:
        lines.append(
            f"the ceiling of {ceiling:.3g} lies far above the highest rate seen, {top:.3g}"
        )
    if shape == "linear" and np.isinf(errors[names.index("months")]):
        lines.append("the observations end before the ramp levels off: its ceiling is unknown")
    return lines


def _is_one(when: Any) -> bool:
    return isinstance(when, str) or not hasattr(when, "__len__")


def _date(given: Any) -> dt.date:
    """A date from a date, a timestamp, or text to the month or the day."""
    text = str(given)[:10]
    if len(text) == 7:
        text += "-01"
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise OutsideEvidenceError(
            f"{given!r} is no date; write '2025-04' or '2025-04-11'"
        ) from error


def _months_since(dates: Sequence[Any], origin: dt.date) -> Floats:
    months = np.array([_month_number(_date(d)) for d in dates]) - _month_number(origin)
    if np.any(months < 0):
        raise OutsideEvidenceError(f"a date before {origin}, the first observation of this ramp")
    return months


def _month_number(date: dt.date) -> float:
    days = calendar.monthrange(date.year, date.month)[1]
    return date.year * 12 + date.month + (date.day - 1) / days
