"""Output that grows: the rate at month t, and what has been made by then."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import exp1, expit

from armscost.errors import OutsideEvidenceError, finite, numbers, whole

Floats: TypeAlias = NDArray[np.float64]


class Ramp(abc.ABC):
    """What every ramp answers: ``rate(t)``, ``cumulative(t)`` and ``by_month(months)``.

    Months count from 0, the start of the ramp, and need not be whole; rates are units a month.
    Arrays in, arrays out.
    """

    def rate(self, t: ArrayLike) -> Any:
        """Units a month at month ``t``.

        Raises:
            OutsideEvidenceError: For a month before 0.
        """
        months = _months(t)
        return _like(self._rate(months), months)

    def cumulative(self, t: ArrayLike) -> Any:
        """Units made from month 0 to month ``t``: the integral of the rate.

        Raises:
            OutsideEvidenceError: For a month before 0.
        """
        months = _months(t)
        return _like(self._cumulative(months), months)

    def by_month(self, months: int) -> Floats:
        """Units made in each of the first ``months`` months; not rounded to whole units.

        Raises:
            OutsideEvidenceError: For months that are no whole number.
        """
        return np.diff(self._cumulative(np.arange(whole("months", months) + 1, dtype=float)))

    @abc.abstractmethod
    def _rate(self, t: Floats) -> Floats: ...

    @abc.abstractmethod
    def _cumulative(self, t: Floats) -> Floats: ...


@dataclass(frozen=True)
class LinearRamp(Ramp):
    """From ``start`` to ``ceiling`` in a straight line over ``months``, then level.

    Args:
        start: Units a month at month 0.
        ceiling: Units a month from month ``months`` on; not below ``start``.
        months: How long the rise takes, above zero.

    Raises:
        OutsideEvidenceError: For rates that are negative or fall, or no time to rise in.

    Example:
        >>> ramp = LinearRamp(start=20, ceiling=100, months=8)
        >>> ramp.rate(4), ramp.cumulative(12)
        (60.0, 880.0)
    """

    start: float
    ceiling: float
    months: float

    def __post_init__(self) -> None:
        _not_negative(start=self.start, ceiling=self.ceiling)
        _positive(months=self.months)
        if self.ceiling < self.start:
            raise OutsideEvidenceError(
                f"ceiling {self.ceiling:g} is below start {self.start:g}; a ramp rises "
                "(SteppedRamp takes any rates)"
            )

    def _rate(self, t: Floats) -> Floats:
        risen = np.minimum(t / self.months, 1.0)
        return self.start + (self.ceiling - self.start) * risen

    def _cumulative(self, t: Floats) -> Floats:
        rising = np.minimum(t, self.months)
        rise = (self.ceiling - self.start) * rising * rising / (2 * self.months)
        return self.start * rising + rise + self.ceiling * (t - rising)


@dataclass(frozen=True)
class LogisticRamp(Ramp):
    """An even S: ``ceiling / (1 + exp(-growth (t - midpoint)))``.

    Args:
        ceiling: Units a month that the rate comes to in the end.
        midpoint: The month at which half the ceiling is reached; may lie before 0.
        growth: The early growth a month, above zero: 0.2 is about 22 % a month.

    Raises:
        OutsideEvidenceError: For a negative ceiling, or a growth that is not above zero.

    Example:
        >>> LogisticRamp(ceiling=100, midpoint=12, growth=0.3).rate(12)
        50.0
    """

    ceiling: float
    midpoint: float
    growth: float

    def __post_init__(self) -> None:
        _not_negative(ceiling=self.ceiling)
        finite("midpoint", self.midpoint)
        _positive(growth=self.growth)

    def _rate(self, t: Floats) -> Floats:
        return np.asarray(self.ceiling * expit(self.growth * (t - self.midpoint)))

    def _cumulative(self, t: Floats) -> Floats:
        upto = np.logaddexp(0.0, self.growth * (t - self.midpoint))
        before = np.logaddexp(0.0, -self.growth * self.midpoint)
        return np.asarray(self.ceiling / self.growth * (upto - before))


@dataclass(frozen=True)
class GompertzRamp(Ramp):
    """An S that levels off slowly: ``ceiling exp(-exp(-growth (t - midpoint)))``.

    What is made by month t is ``ceiling / growth (E1(u(t)) - E1(u(0)))`` with
    ``u(t) = exp(-growth (t - midpoint))`` and E1 the exponential integral.

    Args:
        ceiling: Units a month that the rate comes to in the end.
        midpoint: The month of fastest growth, where 1/e (37 %) of the ceiling is reached.
        growth: How fast it levels off, above zero.

    Raises:
        OutsideEvidenceError: For a negative ceiling, or a growth that is not above zero.

    Example:
        >>> round(GompertzRamp(ceiling=100, midpoint=12, growth=0.3).rate(12), 2)
        36.79
    """

    ceiling: float
    midpoint: float
    growth: float

    def __post_init__(self) -> None:
        _not_negative(ceiling=self.ceiling)
        finite("midpoint", self.midpoint)
        _positive(growth=self.growth)

    def _rate(self, t: Floats) -> Floats:
        return np.asarray(self.ceiling * np.exp(-np.exp(-self._time(t))))

    def _cumulative(self, t: Floats) -> Floats:
        made = self._integral(t) - self._integral(np.zeros(1))
        return np.asarray(self.ceiling / self.growth * made)

    def _time(self, t: Floats) -> Floats:
        # Beyond 700 either way the double exponential is 0 or 1, and exp would overflow.
        return np.clip(self.growth * (t - self.midpoint), -700.0, 700.0)

    def _integral(self, t: Floats) -> Floats:
        late = np.maximum(self.growth * (t - self.midpoint) - 700.0, 0.0)
        return np.asarray(exp1(np.exp(-self._time(t))) + late)


@dataclass(frozen=True)
class SteppedRamp(Ramp):
    """A rate that holds until the next step.

    Args:
        steps: Month to the rate from that month on; month 0 must be there.

    Raises:
        OutsideEvidenceError: For no rate at month 0, negative months or rates.

    Example:
        >>> ramp = SteppedRamp({0: 10, 6: 20})
        >>> ramp.rate([5, 6]).tolist(), ramp.cumulative(9)
        ([10.0, 20.0], 120.0)
    """

    steps: Mapping[float, float]

    def __post_init__(self) -> None:
        if not isinstance(self.steps, Mapping) or 0 not in self.steps:
            raise OutsideEvidenceError("steps has no rate at month 0; write {0: rate, ...}")
        for month, rate in self.steps.items():
            _not_negative(month=month, rate=rate)

    def _sorted(self) -> tuple[Floats, Floats]:
        months = sorted(self.steps)
        rates = [self.steps[month] for month in months]
        return np.array(months, dtype=float), np.array(rates, dtype=float)

    def _rate(self, t: Floats) -> Floats:
        months, rates = self._sorted()
        return np.asarray(rates[np.searchsorted(months, t, side="right") - 1])

    def _cumulative(self, t: Floats) -> Floats:
        months, rates = self._sorted()
        made = np.concatenate([[0.0], np.cumsum(np.diff(months) * rates[:-1])])
        step = np.searchsorted(months, t, side="right") - 1
        return np.asarray(made[step] + rates[step] * (t - months[step]))


def _months(t: ArrayLike) -> Floats:
    months: Floats = numbers("months", t)
    if not np.all(np.isfinite(months)) or np.any(months < 0):
        raise OutsideEvidenceError("months count from 0, the start of the ramp; none before it")
    return months


def _like(values: Floats, given: Floats) -> Any:
    return float(values.reshape(())) if given.ndim == 0 else values.reshape(given.shape)


def _not_negative(**given: float) -> None:
    for name, number in given.items():
        if finite(name, number) < 0:
            raise OutsideEvidenceError(f"{name} is {number:g}; write zero or above")


def _positive(**given: float) -> None:
    for name, number in given.items():
        if finite(name, number) <= 0:
            raise OutsideEvidenceError(f"{name} is {number:g}; write a number above zero")
