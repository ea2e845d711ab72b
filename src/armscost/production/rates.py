"""Rates of production as the law names them, and Little's law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from armscost.errors import OutsideEvidenceError, finite, numbers


@dataclass(frozen=True, kw_only=True)
class ProductionRates:
    """The rates at which a line can run, in the sense of United States law and budgets.

    Public Law 102-484 (1992) defines, for each budget year, the minimum sustaining rate: what
    keeps the line open and its base of suppliers responsive; the maximum rate: what the tooling
    and facilities programmed for can reach; and the current rate: what the budget asks for.
    Budget exhibits print them as MSR, 1-8-5 and MAX, 1-8-5 being the economic rate of one shift,
    eight hours a day, five days a week. All in the same units a month, or a year.

    Args:
        minimum_sustaining: MSR.
        maximum: MAX, not below MSR.
        economic: 1-8-5, between the two; None where it is not known.
        current: The rate asked for; None where it is not known. It may lie outside the two.

    Raises:
        OutsideEvidenceError: For negative rates, or rates out of order.

    Example:
        >>> rates = ProductionRates(minimum_sustaining=12, economic=40, maximum=60)
        >>> rates.position(8), rates.position(40)
        ('below minimum sustaining', 'sustainable')
    """

    minimum_sustaining: float
    maximum: float
    economic: float | None = None
    current: float | None = None

    def __post_init__(self) -> None:
        named = ("minimum_sustaining", "maximum", "economic", "current")
        for name in named:
            if name in named[:2] or getattr(self, name) is not None:
                finite(name, getattr(self, name))
        middle = self.minimum_sustaining if self.economic is None else self.economic
        if not 0 <= self.minimum_sustaining <= middle <= self.maximum:
            raise OutsideEvidenceError(
                f"minimum sustaining {self.minimum_sustaining:g}, economic {middle:g}, maximum "
                f"{self.maximum:g}; none may be negative, and each must be at least the one before"
            )
        if self.current is not None and self.current < 0:
            raise OutsideEvidenceError(f"current is {self.current}; write zero or above")

    def position(self, rate: float | None = None) -> str:
        """Where a rate falls; by default the current one.

        Returns:
            ``"below minimum sustaining"``, ``"sustainable"`` or ``"above maximum"``.

        Raises:
            OutsideEvidenceError: Where no rate is given and the current one is not known, and for
                a rate that is no number.
        """
        rate = self.current if rate is None else rate
        if rate is None:
            raise OutsideEvidenceError("no rate: give one, or set current")
        if finite("rate", rate) < self.minimum_sustaining:
            return "below minimum sustaining"
        return "sustainable" if rate <= self.maximum else "above maximum"

    def below_minimum(self, rates: ArrayLike) -> NDArray[np.bool_]:
        """Which of the rates lie below the minimum sustaining rate.

        Raises:
            OutsideEvidenceError: For rates that are no numbers.
        """
        return np.asarray(numbers("rates", rates) < self.minimum_sustaining)


@dataclass(frozen=True, kw_only=True)
class LittlesLaw:
    """The three quantities of a steady line; all in one unit of time.

    Attributes:
        in_process: Units being made (work in process).
        throughput: Units finished a unit of time.
        lead_time: Time a unit spends in the line.
    """

    in_process: Any
    throughput: Any
    lead_time: Any


def littles_law(
    *, in_process: Any = None, throughput: Any = None, lead_time: Any = None
) -> LittlesLaw:
    """The third of work in process, throughput and lead time, from two of them.

    ``in_process = throughput x lead_time``: J. D. C. Little, "A proof for the queuing formula
    L = lambda W", Operations Research 9 (1961) 383-387. It holds for averages over a line in a
    steady state, not while it ramps up.

    Args:
        in_process: Units being made; a number or an array.
        throughput: Units finished a day, month, …; a number or an array.
        lead_time: Days, months, … in the line, in the same unit of time.

    Returns:
        All three, as :class:`LittlesLaw`.

    Raises:
        OutsideEvidenceError: If not exactly two are given, for what is no number, negative ones,
            shapes that do not fit, or a divisor of 0.

    Example:
        >>> littles_law(in_process=3, lead_time=8).throughput
        0.375
    """
    names = ("in_process", "throughput", "lead_time")
    given: list[Any] = [None if v is None else _numbers(v, n) for n, v in
             zip(names, (in_process, throughput, lead_time), strict=True)]  # fmt: skip
    if sum(value is None for value in given) != 1:
        raise OutsideEvidenceError("give exactly two of in_process, throughput and lead_time")
    work, flow, time = given
    shapes = [np.shape(value) for value in given if value is not None]
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        raise OutsideEvidenceError(f"shapes {shapes[0]} and {shapes[1]} do not fit") from None
    if work is None:
        work = flow * time
    elif flow is None:
        flow = work / _divisor(time, "lead_time")
    else:
        time = work / _divisor(flow, "throughput")
    return LittlesLaw(in_process=work, throughput=flow, lead_time=time)


def _numbers(value: Any, name: str) -> Any:
    found = numbers(name, value)
    if not np.all(np.isfinite(found)) or np.any(found < 0):
        raise OutsideEvidenceError(f"{name} is {value}; write finite numbers, none negative")
    return float(found) if found.ndim == 0 else found


def _divisor(value: Any, name: str) -> Any:
    if np.any(np.asarray(value) == 0):
        raise OutsideEvidenceError(f"{name} is 0; the law then says nothing of the others")
    return value
