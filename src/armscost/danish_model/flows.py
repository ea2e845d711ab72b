"""The arithmetic: money in, orders, units out, month by month; knows no channel and no table.

Every array has the draws first and the months last. Prices are constant-year, in one currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from armscost.production import deliveries

Floats: TypeAlias = NDArray[np.float64]

LIMITS = ("lead_time", "money", "capacity", "stock")
# Floats that should be a whole number fall a hair short of it.
_HAIR = 1e-9


@dataclass(frozen=True)
class Line:
    """What a channel can do, one value a draw.

    Attributes:
        price: Price of the next unit at the start, zero for a gift; shape (draws,).
        exponent: Learning exponent, zero or below, shape (draws,).
        built: Units built before the start, shape (draws,).
        capacity: Units a month that are free for these orders, shape (draws, months).
        lead: Months from order to delivery, shape (draws,).
        stock: Units there are in all; infinite for a line that makes them. Shape (draws,).
    """

    price: Floats
    exponent: Floats
    built: Floats
    capacity: Floats
    lead: Floats
    stock: Floats


@dataclass(frozen=True)
class Flows:
    """What comes of it, shape (draws, months).

    Attributes:
        ordered: Whole units ordered each month.
        spent: Value of the orders placed each month.
        unspent: Money in and not yet in orders, after each month.
        delivered: Whole units delivered each month.
        backlog: Units ordered and not delivered, after each month.
        limit: Code of the binding limit, an index into ``LIMITS``.
    """

    ordered: Floats
    spent: Floats
    unspent: Floats
    delivered: Floats
    backlog: Floats
    limit: NDArray[np.int8]


def cost_of(units: Floats, price: Floats, exponent: Floats, built: Floats) -> Floats:
    r"""Cost of the next ``units`` on a unit (Crawford) curve, in closed form.

    With :math:`b` the exponent, :math:`K` the units built and :math:`p` the price of unit
    :math:`K + 1`, the sum :math:`p \sum_{i=1}^{n} ((K + i) / (K + 1))^b` by the half-unit
    integral. It falls short of the exact sum by less than one part in a hundred for a new line
    and one in a hundred thousand after a hundred units. What money buys does not depend on
    when it came, so that more money never buys less.
    """
    power = 1 + exponent
    span = (built + units + 0.5) ** power - (built + 0.5) ** power
    return np.asarray(price * (built + 1) ** -exponent * span / power)


def units_for(money: Floats, price: Floats, exponent: Floats, built: Floats) -> Floats:
    """Whole units that a sum buys: the inverse of :func:`cost_of`, rounded down.

    At a price of zero any sum buys more than there is.
    """
    power = 1 + exponent
    span = money * power / (np.where(price > 0, price, np.nan) * (built + 1) ** -exponent)
    bought = (span + (built + 0.5) ** power) ** (1 / power) - built - 0.5
    return np.where(price > 0, np.floor(bought + _HAIR), np.inf)


def run(money: Floats, line: Line) -> Flows:
    """Orders as money comes in, deliveries as the line allows.

    Args:
        money: Money coming in each month, shape (months,).
        line: What the channel can do.

    Returns:
        The :class:`Flows`. Money in = spent + unspent; ordered = delivered + backlog.
    """
    price, exponent, built = (a[:, None] for a in (line.price, line.exponent, line.built))
    total_in = np.cumsum(money)
    wanted = units_for(total_in[None, :], price, exponent, built)
    total = np.minimum(wanted, np.floor(line.stock)[:, None])
    cost = cost_of(total, price, exponent, built)
    ordered = np.diff(total, axis=1, prepend=0.0)
    out = deliveries(ordered, line.capacity, line.lead)
    # Where stock, not money, stopped the orders, a month without orders due waits for stock.
    short = (wanted > total) & (out.limit_codes == LIMITS.index("money"))
    limit = np.where(short, np.int8(LIMITS.index("stock")), out.limit_codes)
    return Flows(
        ordered=ordered,
        spent=np.diff(cost, axis=1, prepend=0.0),
        unspent=total_in[None, :] - cost,
        delivered=out.delivered,
        backlog=out.open_orders,
        limit=limit.astype(np.int8),
    )


def capacity_months(money: Floats, line: Line) -> float:
    """The share of months in which capacity binds, of a line with one draw."""
    return float((run(money, line).limit == LIMITS.index("capacity")).mean())


def switch_budget(profile: Floats, line: Line) -> float:
    """The smallest sum at which capacity binds in half of the months or more.

    Args:
        profile: Share of the sum that comes in each month; adds up to one.
        line: A line with one draw, the median.

    Returns:
        The sum, to one part in a million; infinite where no sum makes capacity bind that long
        (the lead time takes more than half of the horizon, or stock ends first). Zero where
        units cost nothing and capacity binds all the same.
    """
    if line.price[0] == 0:
        return 0.0 if capacity_months(profile, line) >= 0.5 else float("inf")
    low, high = 0.0, float(line.price[0])
    ceiling = float(line.price[0] * (line.capacity.sum() + 1) * 1e3)
    while capacity_months(profile * high, line) < 0.5:
        low, high = high, high * 2
        if high > ceiling:
            return float("inf")
    while high - low > 1e-6 * high:
        middle = (low + high) / 2
        if capacity_months(profile * middle, line) < 0.5:
            low = middle
        else:
            high = middle
    return high
