"""What is worked out with one or two learning curves: breaks, rates, pools, break-even."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from armscost.errors import OutsideEvidenceError, finite, in_units, numbers, whole
from armscost.learning.curve import LearningCurve
from armscost.learning.inputs import (
    Amount,
    check_amount,
    check_slope,
    plain,
    shown,
    together,
    whole_units,
)


def theory_difference(
    m: Amount, n: Amount | None = None, *, first_unit: Amount, slope: Amount
) -> Amount:
    """Crawford's cost minus Wright's, for one T1 and one slope: what the theory alone decides.

    Args:
        m: The unit; with ``n``, the first unit of a lot.
        n: The last unit of the lot; without it the difference is of unit ``m`` alone.
        first_unit: T1 of both curves.
        slope: The slope of both curves.

    Returns:
        The difference, in the money of ``first_unit``; 0 for unit 1 and positive after it.

    Raises:
        OutsideEvidenceError: For units, costs or slopes that are not allowed.

    Example:
        >>> round(theory_difference(2, first_unit=50, slope=0.885), 6)
        5.75
        >>> round(theory_difference(1, 25, first_unit=100, slope=0.85), 4)
        304.7107
    """
    crawford = LearningCurve(first_unit=first_unit, slope=slope, theory="crawford")
    wright = replace(crawford, theory="wright")
    if n is None:
        return crawford.unit(m) - wright.unit(m)
    return crawford.total(m, n) - wright.total(m, n)


def aggregate_total(curves: Iterable[LearningCurve], m: Amount, n: Amount) -> Amount:
    """The cost of a lot whose cost pools each have a curve of their own.

    The pools are added up; a blend of their slopes would give another, wrong, sum.

    Args:
        curves: A curve a pool (airframe, engine, assembly, …), in one money.
        m: The first unit of the lot.
        n: The last unit of the lot.

    Returns:
        The total, in the money of the curves.

    Raises:
        OutsideEvidenceError: Where there is no curve.
        MixedPricesError: For curves of two moneys, and where only some carry a unit.

    Example:
        >>> pools = [LearningCurve(first_unit=t1, slope=s, theory="wright")
        ...          for t1, s in [(70, 0.85), (45, 0.87), (25, 0.80)]]
        >>> round(aggregate_total(pools, 1, 300), 2)
        11000.96
    """
    pools = [_curve(pool) for pool in curves] if isinstance(curves, Iterable) else []
    if not pools:
        raise OutsideEvidenceError("give at least one curve to add up")
    units = getattr(pools[0].first_unit, "units", None)
    totals = [in_units("the cost of a pool", pool.total(m, n), units) for pool in pools]
    together(**{f"pool {place}": total for place, total in enumerate(totals, start=1)})
    return _priced(sum(totals[1:], start=totals[0]), units)


def rate_effect(rate: Amount, *, rate_slope: Amount, reference: Amount = 1.0) -> Amount:
    """The factor Q**c by which a rate of production changes the cost of a unit.

    With it the cost is Y = T1 * X**b * Q**c, where X is experience and Q the annual quantity:
    multiply a curve's costs by it. c is log2(``rate_slope``).

    Args:
        rate: Q, for example units a year; above 0.
        rate_slope: The share of the cost left when the rate doubles, for example 0.95.
        reference: The rate at which the factor is 1; by default the formula's own, 1.

    Returns:
        The factor, a float or an array.

    Raises:
        OutsideEvidenceError: For rates or slopes that are not allowed.

    Example:
        >>> rate_effect(24, rate_slope=0.9, reference=12)
        0.9
    """
    given, base = numbers("rate", rate), numbers("reference", reference)
    for name, value in (("rate", given), ("reference", base)):
        wrong = ~(np.isfinite(value) & (value > 0))
        if wrong.any():
            raise OutsideEvidenceError(f"{name} must be above 0, got {shown(value, wrong)}")
    slope = check_slope(rate_slope, name="rate_slope")
    together(rate=given, reference=base, rate_slope=slope)
    return plain((given / base) ** np.log2(slope))


def learning_lost_factor(weights: Mapping[str, float], lost: Mapping[str, float]) -> float:
    """Anderlohr's learning lost factor: the weighted share of learning that a break destroys.

    Args:
        weights: The weight of each element (personnel, supervision, continuity of production,
            tooling, methods); they add up to 1.
        lost: The share of learning lost in each of the same elements, from 0 to 1.

    Returns:
        The factor, from 0 to 1.

    Raises:
        OutsideEvidenceError: Where the elements differ, weights do not add up to 1, or a share
            lies outside 0 to 1.

    Source: G. Anderlohr, "What Production Breaks Cost", Industrial Engineering, 1969.

    Example:
        >>> learning_lost_factor({"personnel": 0.5, "tooling": 0.5},
        ...                      {"personnel": 0.6, "tooling": 0.2})
        0.4
    """
    shares, gone = _shares("weights", weights), _shares("lost", lost)
    if set(shares) != set(gone):
        odd = ", ".join(sorted(map(str, set(shares) ^ set(gone))))
        raise OutsideEvidenceError(f"every element needs a weight and a share lost; see {odd}")
    if abs(sum(shares.values()) - 1) > 1e-9:
        raise OutsideEvidenceError(f"the weights must add up to 1, not {sum(shares.values()):g}")
    return sum(share * gone[element] for element, share in shares.items())


def _shares(name: str, given: Mapping[str, float]) -> dict[str, float]:
    """A share from 0 to 1 for each element."""
    if not isinstance(given, Mapping):
        raise OutsideEvidenceError(f"{name} are elements and their shares, got {given!r}")
    shares = {element: finite(f"{name} of {element}", share) for element, share in given.items()}
    bad = {element: share for element, share in shares.items() if not 0 <= share <= 1}
    if bad:
        raise OutsideEvidenceError(f"weights and shares lost go from 0 to 1, got {bad}")
    return shares


@dataclass(frozen=True, kw_only=True)
class ProductionBreak:
    """What a break in production costs.

    Attributes:
        learning_achieved: What the first unit cost more than the last before the break.
        learning_lost: The part of it that the break destroyed.
        next_unit_cost: The cost of the first unit after the break.
        restart_unit: The unit of the old curve that costs as much, seldom whole.
        units_set_back: How many units of experience the break cost.
        curve: The curve after the break; its unit 1 is the first unit after it.
    """

    learning_achieved: Amount
    learning_lost: Amount
    next_unit_cost: Amount
    restart_unit: Amount
    units_set_back: Amount
    curve: LearningCurve


def production_break(curve: LearningCurve, *, built: Amount, lost: Amount) -> ProductionBreak:
    """A production break with loss of learning, by Anderlohr's method with a set-back unit.

    Learning achieved is Y(1) - Y(built). The share ``lost`` of it is added to the cost of the
    next unit, and production goes on from that unit of the old curve that costs as much.

    Args:
        curve: The curve before the break, under Crawford's theory, with a slope below 1 and
            neither a floor nor a plateau.
        built: Units built before the break.
        lost: The share of learning lost, from 0 to 1, as :func:`learning_lost_factor` gives it.

    Returns:
        A :class:`ProductionBreak`.

    Raises:
        OutsideEvidenceError: For curves the method was not made for, or a share outside 0 to 1.

    Source: G. Anderlohr, "What Production Breaks Cost", Industrial Engineering, 1969.

    Example:
        >>> before = LearningCurve(first_unit=100.0, slope=0.8, theory="crawford")
        >>> after = production_break(before, built=100, lost=0.5)
        >>> round(after.next_unit_cost, 3), round(after.restart_unit, 2)
        (61.28, 4.58)
    """
    if _curve(curve).theory != "crawford" or curve.incompressible is not None:
        raise OutsideEvidenceError(
            "the method needs a curve under theory='crawford' without incompressible="
        )
    if curve.plateau_at is not None or not np.all(numbers("slope", curve.slope) < 1):
        raise OutsideEvidenceError("the method needs a slope below 1 and no plateau to lose")
    share = numbers("lost", lost)
    wrong = ~((share >= 0) & (share <= 1))
    if wrong.any():
        raise OutsideEvidenceError(
            f"lost is the share of learning lost, from 0 to 1, got {shown(share, wrong)}"
        )
    count = whole_units("built", built)
    together(lost=share, built=count, slope=np.asarray(curve.slope))
    achieved = curve.unit(1) - curve.unit(count)
    gone = achieved * plain(share)
    after = curve.unit(count + 1) + gone
    height = numbers("cost", after / curve.first_unit)
    prior = np.asarray(curve.prior_units or 0.0)
    restart = height ** (1 / np.asarray(curve.exponent)) - prior
    return ProductionBreak(
        learning_achieved=achieved,
        learning_lost=gone,
        next_unit_cost=after,
        restart_unit=plain(restart),
        units_set_back=plain(count + 1 - restart),
        curve=replace(curve, prior_units=plain(restart - 1 + prior)),
    )


@dataclass(frozen=True, kw_only=True)
class BreakEven:
    """Where one option becomes no dearer than another.

    Attributes:
        units: The smallest number of units at which option b costs no more than option a.
        total_a: What that many cost with option a, its non-recurring cost included.
        total_b: The same with option b.
    """

    units: int
    total_a: Any
    total_b: Any


def breakeven_quantity(
    a: LearningCurve,
    b: LearningCurve,
    *,
    nonrecurring_a: Amount,
    nonrecurring_b: Amount,
    most: int = 1_000_000,
) -> BreakEven:
    """The smallest number of units from which option b is no dearer than option a.

    Totals are non-recurring cost plus the units from 1 on, compared unit by unit, so that
    curves which cross twice are found out as well.

    Args:
        a: The curve of option a.
        b: The curve of option b.
        nonrecurring_a: What option a costs before its first unit (tooling, development).
        nonrecurring_b: The same of option b.
        most: How many units to look at.

    Returns:
        A :class:`BreakEven`.

    Raises:
        OutsideEvidenceError: Where b stays dearer throughout, or a curve is an array of curves.
        MixedPricesError: Where the four costs are of two moneys, or only some carry a unit.

    Example:
        >>> bought = LearningCurve(first_unit=100, slope=1.0, theory="crawford")
        >>> built = LearningCurve(first_unit=100, slope=0.85, theory="crawford")
        >>> breakeven_quantity(bought, built, nonrecurring_a=0, nonrecurring_b=500).units
        15
    """
    most = whole("most", most, least=1)
    units = getattr(_curve(a).first_unit, "units", None)
    named = {
        "the first unit of a": a.first_unit,
        "the first unit of b": _curve(b).first_unit,
        "nonrecurring_a": check_amount("nonrecurring_a", nonrecurring_a, zero=True),
        "nonrecurring_b": check_amount("nonrecurring_b", nonrecurring_b, zero=True),
    }
    bare = [in_units(name, cost, units) for name, cost in named.items()]
    if any(np.ndim(cost) for cost in bare):
        raise OutsideEvidenceError("a break-even compares two single curves, not arrays of them")
    one, other = replace(a, first_unit=bare[0]), replace(b, first_unit=bare[1])
    start, length = 1, 1024
    while start <= most:
        counts = np.arange(start, min(start + length, most + 1))
        ahead = (one.total(1, counts) + bare[2]) - (other.total(1, counts) + bare[3])
        reached = np.flatnonzero(ahead >= 0)
        if reached.size:
            n = int(counts[reached[0]])
            totals = (one.total(1, n) + bare[2], other.total(1, n) + bare[3])
            total_a, total_b = (_priced(total, units) for total in totals)
            return BreakEven(units=n, total_a=total_a, total_b=total_b)
        start, length = start + length, length * 2
    raise OutsideEvidenceError(
        f"option b stays dearer than option a for the first {most} units; raise most= to look on"
    )


def _curve(given: Any) -> LearningCurve:
    if not isinstance(given, LearningCurve):
        raise OutsideEvidenceError(f"give a LearningCurve, not {given!r}")
    return given


def _priced(cost: Any, units: Any) -> Any:
    return cost if units is None else cost * units
