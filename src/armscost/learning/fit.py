"""Fitting a learning curve to the costs of lots."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import stdtrit

from armscost.errors import OutsideEvidenceError, chosen, finite, numbers
from armscost.learning.curve import LearningCurve
from armscost.learning.doubts import doubts_about, variance_inflation
from armscost.learning.inputs import (
    Amount,
    Floats,
    Theory,
    check_theory,
    plain,
    shown,
    together,
    whole_lots,
)
from armscost.learning.lot_cost import LotCost
from armscost.learning.lots import Sample, read_lots, read_points
from armscost.learning.regression import EXPONENTS, METHODS, Method, covariance, estimated
from armscost.results import Result


@dataclass(frozen=True, kw_only=True)
class LotForecast:
    """What a fit expects units m to n to cost, with a prediction interval.

    Attributes:
        first_unit: The first unit; a number or an array.
        last_unit: The last unit.
        total: The expected total (under ``log_ols`` the median).
        low: The lower end of the interval of the total.
        high: Its upper end.
        average: ``total`` a unit.
        confidence: The share of such lots that the interval should hold.
    """

    first_unit: Amount
    last_unit: Amount
    total: Amount
    low: Amount
    high: Amount
    average: Amount
    confidence: float


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class LearningFit(Result):
    """A fitted learning curve and how far to trust it.

    ``table`` has one row a lot, in the order given: the units, cost, fitted cost, and the
    residual. Money is in the price year of the lots.

    Attributes:
        curve: The fitted :class:`LearningCurve`; with a rate, the curve at an annual quantity
            of 1, to be multiplied by ``rate_effect(quantity, rate_slope=…)``.
        slope: Its slope.
        slope_interval: The slope's confidence interval, from Student's t on the exponent.
        slope_error: The slope's standard error.
        rate_slope: The share of the cost left when the annual quantity doubles, or None.
        rate_interval: Its confidence interval, or None.
        fixed_cost: The cost of every lot whatever its size, or None.
        standard_error: The standard error of a unit's average cost in a lot, in money (unit
            space, whatever the method).
        cv: ``standard_error`` over the mean of the lots' average unit costs.
        r_squared: The share of the variance of average unit costs that the curve explains, in
            unit space. Of totals it would mostly say that larger lots cost more.
        r_squared_log: The same in logs.
        vif: The variance inflation factor of experience and annual quantity (lot size where no
            annual quantity is given); None where the quantity never changes.
        degrees_of_freedom: Lots less parameters.
        parameters: A table of every parameter: estimate, standard error, interval.
        warnings: What speaks against the fit, one line each; also among the assumptions.
        confidence: The share the intervals are made for.
    """

    curve: LearningCurve
    slope: float
    slope_interval: tuple[float, float]
    slope_error: float
    rate_slope: float | None
    rate_interval: tuple[float, float] | None
    fixed_cost: float | None
    standard_error: float
    cv: float
    r_squared: float
    r_squared_log: float
    vif: float | None
    degrees_of_freedom: int
    parameters: pd.DataFrame
    warnings: list[str]
    confidence: float
    _model: LotCost = field(repr=False)
    _theta: Floats = field(repr=False)
    _covariance: Floats = field(repr=False)
    _scatter: float = field(repr=False)

    def predict(
        self,
        first: Amount,
        last: Amount,
        *,
        annual_quantity: Amount | None = None,
        confidence: float | None = None,
    ) -> LotForecast:
        """What units ``first`` to ``last`` will cost, with a prediction interval.

        The interval holds both the doubt about the curve and the scatter of single lots about
        it, by the delta method and Student's t: in money for ``lot_totals``, as a factor for
        ``log_ols``, as a percentage for ``mupe`` and ``zmpe``. No lot costs less than nothing,
        so it ends at 0.

        Args:
            first: The first unit; a number or an array.
            last: The last unit.
            annual_quantity: Units a year, for a fit with a rate.
            confidence: The share such intervals should hold; by default the fit's own.

        Returns:
            A :class:`LotForecast`.

        Raises:
            OutsideEvidenceError: For units or quantities that are not allowed, or where a fit
                with a rate is asked without one.
        """
        level = _share(self.confidence if confidence is None else confidence)
        if self._model.sample.points:
            m, n = _points("first", first), _points("last", last)
        else:
            m, n = whole_lots(first, last)
        rate = self._rate_for(annual_quantity)
        shape = together(first=m, last=n, **({} if rate is None else {"annual_quantity": rate}))
        m, n = (np.atleast_1d(np.broadcast_to(v, shape)).astype(np.float64) for v in (m, n))
        rate = None if rate is None else np.atleast_1d(np.broadcast_to(rate, shape))
        total = self._model.cost(self._theta, m, n, rate)
        gradient = self._model.gradient(self._theta, m, n, rate)
        doubt = np.sqrt(np.einsum("ij,jk,ik->i", gradient, self._covariance, gradient))
        t = float(stdtrit(self.degrees_of_freedom, 0.5 + level / 2))
        low, high = _spread(self._model.method, total, doubt, self._scatter, t)
        units = np.ones_like(m) if self._model.sample.points else n - m + 1
        out = [np.asarray(v).reshape(shape) for v in (total, low, high, total / units)]
        return LotForecast(
            first_unit=first, last_unit=last, confidence=level,
            **{k: plain(v) for k, v in zip(("total", "low", "high", "average"), out, strict=True)},
        )  # fmt: skip

    def _rate_for(self, quantity: Amount | None) -> Floats | None:
        if self.rate_slope is None:
            if quantity is not None:
                raise OutsideEvidenceError("this fit has no rate; fit with rate=True to use one")
            return None
        if quantity is None:
            raise OutsideEvidenceError("this fit has a rate: give annual_quantity=")
        return _points("annual_quantity", quantity)


def fit_learning_curve(
    lots: Any,
    *,
    theory: Theory,
    rate: bool = False,
    method: Method = "lot_totals",
    fixed_cost: bool = False,
    known_gaps: bool = False,
    confidence: float = 0.90,
) -> LearningFit:
    """Fit a learning curve to the costs of lots.

    A lot of units m to n costs F + T1 * Q**c * S(m, n), where S is the exact sum of the unit
    costs (Crawford: sum of i**b; Wright: n**(1+b) - (m-1)**(1+b)), Q the annual quantity (with
    ``rate``) and F a cost of every lot (with ``fixed_cost``). No lot midpoint is approximated.

    Args:
        lots: A table (or a mapping of columns) with ``first_unit``, ``last_unit``,
            ``total_cost`` and, for a rate, ``annual_quantity``. ``currency`` and ``price_year``
            must hold one value and ``price_basis`` be ``constant_year`` where they are there:
            then-year money must be rebased before.
        theory: ``"crawford"`` or ``"wright"``.
        rate: Whether the annual quantity, too, moves the cost.
        method: What is made small: ``"lot_totals"`` the squared errors of lot totals;
            ``"log_ols"`` the squared errors of their logs; ``"mupe"`` and ``"zmpe"`` percentage
            errors, without bias.
        fixed_cost: Whether each lot also has a cost that does not depend on its size.
        known_gaps: Allow units between lots whose cost is unknown (foreign sales); they count
            as experience.
        confidence: What the intervals are made for.

    Returns:
        A :class:`LearningFit`; read its ``warnings`` before its slope.

    Raises:
        OutsideEvidenceError: For fewer lots than parameters + 1, undeclared gaps, overlaps,
            missing values, costs that are not above 0, a quantity that never changes where a
            rate is asked, and where no slope between 0.01 and 9.5 fits.
        MixedPricesError: For then-year money, several currencies or price years.
        UnknownNameError: For another theory or method.

    Source: GAO, Cost Estimating and Assessment Guide, GAO-20-195G, chapter on learning curves;
    S. A. Book and N. Y. Lao, "Minimum-Percentage-Error Regression under Zero-Bias
    Constraints", 1998 (ZMPE).

    Example:
        >>> lots = {"first_unit": [1, 11, 31, 71], "last_unit": [10, 30, 70, 150],
        ...         "total_cost": [711.6, 997.5, 1607.6, 2672.2]}
        >>> fit = fit_learning_curve(lots, theory="crawford")
        >>> round(fit.slope, 3), round(fit.curve.first_unit, 1)
        (0.85, 100.0)
    """
    check_theory(theory)
    sample = read_lots(lots, theory=theory, rate=rate, known_gaps=known_gaps)
    return _fit(sample, method=method, rate=rate, fixed=fixed_cost, confidence=confidence)


def fit_plot_points(
    points: Any, *, theory: Theory, rate: bool = False, confidence: float = 0.90
) -> LearningFit:
    """The textbook's straight line in logs: ln Y = ln T1 + b ln X (+ c ln Q), least squares.

    For unit costs, or where only plot points are published: under Crawford X is a unit or a lot
    midpoint and Y its cost; under Wright X is the last unit and Y the cumulative average. With
    the lots themselves at hand :func:`fit_learning_curve` is the better choice.

    Args:
        points: A table (or a mapping of columns) with ``unit``, ``cost`` and, for a rate,
            ``annual_quantity``.
        theory: ``"crawford"`` or ``"wright"``.
        rate: Whether the annual quantity, too, moves the cost.
        confidence: What the intervals are made for.

    Returns:
        A :class:`LearningFit`.

    Raises:
        OutsideEvidenceError: As :func:`fit_learning_curve`.
        MixedPricesError: As :func:`fit_learning_curve`.

    Example:
        >>> fit = fit_plot_points({"unit": [1, 2, 4], "cost": [100, 80, 64]}, theory="crawford")
        >>> round(fit.slope, 6)
        0.8
    """
    check_theory(theory)
    sample = read_points(points, theory=theory, rate=rate)
    return _fit(sample, method="log_ols", rate=rate, fixed=False, confidence=confidence)


def _fit(sample: Sample, *, method: str, rate: bool, fixed: bool, confidence: float) -> LearningFit:
    chosen("fitting method", method, METHODS)
    level = _share(confidence)
    model = LotCost(sample=sample, method=method, rate=bool(rate), fixed=bool(fixed))
    count, size = sample.cost.size, len(model.names)
    if count < size + 1:
        raise OutsideEvidenceError(
            f"{count} lots for {size} parameters ({', '.join(model.names)}); "
            f"at least {size + 1} are needed"
        )
    if rate and np.ptp(np.log(sample.check_quantity())) == 0:
        raise OutsideEvidenceError(
            "annual_quantity never changes, so its effect cannot be told; fit with rate=False"
        )
    if np.ptp(sample.first) == 0:
        raise OutsideEvidenceError("all points are of one unit; a slope needs more than one")
    # Of wild lots a trial step, and the end of an interval, lie beyond the largest float.
    with np.errstate(over="ignore"):
        theta = estimated(model)
        low, high = EXPONENTS[sample.theory]
        if not low + 1e-3 < theta[1] < high - 1e-3:
            raise OutsideEvidenceError(
                f"no slope from {2**low:.2f} to {2**high:.2f} fits these lots: their cost does not "
                "follow experience; look at annual quantity and at what was bought"
            )
        return _report(model, theta, level)


def _report(model: LotCost, theta: Floats, level: float) -> LearningFit:
    sample, fitted = model.sample, model.cost(theta)
    if (fitted <= 0).any():
        raise OutsideEvidenceError("the fit gives a lot a cost below 0; fit without fixed_cost")
    freedom = sample.cost.size - theta.size
    weight = np.ones_like(fitted) if model.method == "lot_totals" else 1 / fitted
    if model.method == "log_ols":
        errors = np.log(sample.cost / fitted)
    else:
        errors = (sample.cost - fitted) * weight
    scatter = float(np.sqrt(errors @ errors / freedom))
    jacobian = model.gradient(theta) * weight[:, None]
    doubt = covariance(jacobian, scatter)
    t = float(stdtrit(freedom, 0.5 + level / 2))
    spread = np.sqrt(np.diag(doubt))
    parameters = _parameters(model, theta, spread, t)
    interval = _interval(parameters, "slope")
    rate_interval = _interval(parameters, "rate_slope") if model.rate else None
    average, expected = sample.cost / sample.quantity, fitted / sample.quantity
    error = float(np.sqrt(((average - expected) ** 2).sum() / freedom))
    curve = LearningCurve(
        first_unit=float(np.exp(theta[0])), slope=float(np.exp2(theta[1])), theory=sample.theory
    )
    vif = variance_inflation(sample, float(theta[1]))
    fixed = float(theta[-1] * model.scale) if model.fixed else None
    warnings = doubts_about(sample, curve.slope, interval, level, theta.size, model.rate, fixed)
    return LearningFit(
        title=f"Learning curve ({sample.theory}) through {sample.cost.size} "
        f"{'points' if sample.points else 'lots'}: slope {curve.slope:.4g}, "
        f"{level:.0%} interval {interval[0]:.4g} to {interval[1]:.4g}",
        table=_table(sample, fitted, float(theta[1])),
        assumptions=[*_assumptions(model, level), *(f"warning: {w}" for w in warnings)],
        trace=_table(sample, fitted, float(theta[1])),
        curve=curve, slope=curve.slope, slope_interval=interval,
        slope_error=float(np.log(2) * curve.slope * spread[1]),
        rate_slope=float(np.exp2(theta[2])) if model.rate else None,
        rate_interval=rate_interval, fixed_cost=fixed,
        standard_error=error, cv=error / float(average.mean()),
        r_squared=_explained(average, expected),
        r_squared_log=_explained(np.log(average), np.log(expected)),
        vif=vif, degrees_of_freedom=freedom, parameters=parameters, warnings=warnings,
        confidence=level, _model=model, _theta=theta, _covariance=doubt, _scatter=scatter,
    )  # fmt: skip


def _parameters(model: LotCost, theta: Floats, spread: Floats, t: float) -> pd.DataFrame:
    """Every parameter as an analyst names it, with standard error and interval."""
    low, high = theta - t * spread, theta + t * spread
    rows = []
    for i, name in enumerate(model.names):
        value, error, ends = theta[i], spread[i], (low[i], high[i])
        if name == "log_first_unit":
            rows.append(("first_unit", np.exp(value), np.exp(value) * error, *np.exp(ends)))
        elif name == "fixed_cost":
            k = model.scale
            rows.append((name, value * k, error * k, ends[0] * k, ends[1] * k))
        else:
            slope = "slope" if name == "exponent" else "rate_slope"
            rows.append((name, value, error, *ends))
            two = np.exp2(value)
            rows.append((slope, two, np.log(2) * two * error, *np.exp2(ends)))
    return pd.DataFrame(rows, columns=["parameter", "estimate", "standard_error", "low", "high"])


def _interval(parameters: pd.DataFrame, name: str) -> tuple[float, float]:
    low, high = parameters.loc[parameters["parameter"] == name, ["low", "high"]].to_numpy()[0]
    return float(low), float(high)


def _explained(values: Floats, expected: Floats) -> float:
    """1 - SSE/SST; undefined (NaN) where all values are one."""
    spread = float(((values - values.mean()) ** 2).sum())
    return 1 - float(((values - expected) ** 2).sum()) / spread if spread else float("nan")


def _table(sample: Sample, fitted: Floats, b: float) -> pd.DataFrame:
    """One row a lot, in the order given."""
    units: dict[str, npt.NDArray[Any]]
    if sample.points:
        units = {"unit": sample.first, "cost": sample.cost, "fitted_cost": fitted}
    else:
        units = {
            "first_unit": sample.first.astype(np.int64),
            "last_unit": sample.last.astype(np.int64),
            "quantity": sample.quantity.astype(np.int64),
            "total_cost": sample.cost,
            "fitted_cost": fitted,
            "average_cost": sample.cost / sample.quantity,
            "fitted_average": fitted / sample.quantity,
        }
        if sample.theory == "crawford":
            units["midpoint"] = sample.experience(b)
    if sample.rate is not None:
        units["annual_quantity"] = sample.rate
    units["residual"] = sample.cost - fitted
    units["residual_share"] = sample.cost / fitted - 1
    return pd.DataFrame(units)


def _assumptions(model: LotCost, level: float) -> list[str]:
    lines = [f"theory: {model.sample.theory}", f"method: {METHODS[model.method]}"]
    lines += model.sample.notes
    if model.rate:
        lines.append("cost also moves with annual quantity: Y = T1 * X**b * Q**c")
    if model.fixed:
        lines.append("every lot has the same cost beside its units, whatever its size")
    lines.append(f"intervals: {level:.0%}, Student's t, {model.sample.cost.size} lots")
    return lines


def _share(confidence: float) -> float:
    share = finite("confidence", confidence)
    if not 0 < share < 1:
        raise OutsideEvidenceError(
            f"confidence is a share between 0 and 1 (write 0.9 for 90 %), got {share:g}"
        )
    return share


def _points(name: str, value: Amount) -> Floats:
    points: Floats = numbers(name, value)
    wrong = ~(np.isfinite(points) & (points > 0))
    if wrong.any():
        raise OutsideEvidenceError(f"{name} must be above 0, got {shown(points, wrong)}")
    return points


def _spread(
    method: str, total: Floats, doubt: Floats, scatter: float, t: float
) -> tuple[Floats, Floats]:
    """The ends of a prediction interval; ``doubt`` is the curve's own standard error."""
    if method == "log_ols":
        factor = np.exp(t * np.hypot(scatter, doubt / total))
        return total / factor, total * factor
    lot = scatter if method == "lot_totals" else scatter * total
    width = t * np.hypot(lot, doubt)
    return np.maximum(total - width, 0.0), total + width
