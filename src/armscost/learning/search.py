"""Searches along a learning curve: what a budget buys, and which slope gives a total."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from armscost.errors import OutsideEvidenceError
from armscost.learning.inputs import MOST_UNITS, Floats, shown


def buy_falling(limit: Floats, built: Floats, lot: Callable[[Floats, Floats], Floats]) -> Floats:
    """The most whole units for a budget, where units never grow dearer.

    Newton's method in whole units, from below: the money left buys at least as many as it
    would at the price of the next unit, so each step is safe, and the steps end when not one
    more unit can be bought.

    Args:
        limit: The budget in first units; an array.
        built: Units built before, of the same shape.
        lot: The cost of units m to n in first units.

    Returns:
        The number of units, whole.

    Raises:
        OutsideEvidenceError: For more units than can be counted.
    """
    count = np.zeros(limit.shape)
    while True:
        left = limit - _cost(lot, built, count)
        following = built + count + 1
        price = lot(following, following)
        # Units that cost nothing (Wright at a slope of 0.5) can be had without end.
        steps = np.divide(left, price, out=np.full(left.shape, np.inf), where=price > 0)
        step = np.maximum(np.floor(steps), 0.0)
        count = count + step
        if np.any(built + count >= MOST_UNITS):
            raise OutsideEvidenceError(
                "the units become so cheap that the budget buys more than can be counted; "
                "check the slope, or give incompressible= or plateau_at="
            )
        if not step.any():
            return np.asarray(count)


def buy_rising(limit: Floats, built: Floats, lot: Callable[[Floats, Floats], Floats]) -> Floats:
    """The most whole units for a budget, where units never grow cheaper: by bisection.

    Args:
        limit: The budget in first units; an array.
        built: Units built before, of the same shape.
        lot: The cost of units m to n in first units.

    Returns:
        The number of units, whole.

    Raises:
        OutsideEvidenceError: For more units than can be counted.
    """
    low = np.zeros(limit.shape)
    # The next unit is the cheapest there will be: one more than it buys cannot be bought.
    high = np.floor(limit / lot(built + 1, built + 1)) + 1
    if np.any(built + high >= MOST_UNITS):
        raise OutsideEvidenceError("the budget buys more units than can be counted")
    while np.any(high - low > 1):
        middle = np.floor((low + high) / 2)
        enough = _cost(lot, built, middle) <= limit
        low, high = np.where(enough, middle, low), np.where(enough, high, middle)
    return low


def _cost(lot: Callable[[Floats, Floats], Floats], built: Floats, count: Floats) -> Floats:
    """The cost of ``count`` units after ``built``, 0 for none."""
    return np.where(count > 0, lot(built + 1, built + np.maximum(count, 1)), 0.0)


def solve_exponent(wanted: Floats, total: Callable[[Floats], Floats], least: float) -> Floats:
    """The exponent at which a total is as wanted, by bisection to the last digits of a float.

    Args:
        wanted: The total in first units; an array.
        total: The total for an exponent; it rises with it.
        least: The smallest exponent to look at; the greatest is 1, a slope of 2.

    Returns:
        The exponent, of the shape of ``wanted``.

    Raises:
        OutsideEvidenceError: Where no exponent gives the total.
    """
    low, high = np.full(wanted.shape, least), np.ones(wanted.shape)
    smallest, greatest = total(low), total(high)
    wrong = ~((wanted >= smallest) & (wanted <= greatest))
    if wrong.any():
        raise OutsideEvidenceError(
            f"no slope gives this total: it is {shown(wanted, wrong)} times the first unit, "
            f"and must be from {shown(smallest, wrong)} to {shown(greatest, wrong)}"
        )
    for _ in range(64):
        middle = (low + high) / 2
        under = total(middle) < wanted
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return (low + high) / 2
