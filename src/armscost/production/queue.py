"""Orders in, units out: a first-in-first-out queue in whole units, month by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from armscost.errors import OutsideEvidenceError, in_units, numbers

Floats: TypeAlias = NDArray[np.float64]

# A tenth of a unit ten times is one unit, though its floats add up to a hair less.
_HAIR = 1e-9


@dataclass(frozen=True, eq=False)
class Orders:
    """What money buys, month by month.

    Attributes:
        placed: Whole units ordered in each month.
        unspent: Money left over after each month's orders; bare, in the unit of the money.
    """

    placed: Floats
    unspent: Floats


@dataclass(frozen=True, eq=False)
class Deliveries:
    """What comes out of a line, month by month; arrays end in the axis of months.

    Attributes:
        delivered: Whole units delivered in each month.
        open_orders: Units ordered and not yet delivered, after each month.
        limit_codes: The binding limit of each month, as an index into ``limits``.
        limits: Names of the limits: ``"lead_time"`` (nothing ordered within the horizon could
            arrive yet), ``"money"`` (all that was ordered in time has been delivered),
            ``"capacity"``, and the names of the inputs.
    """

    delivered: Floats
    open_orders: Floats
    limit_codes: NDArray[np.int8]
    limits: tuple[str, ...]

    @property
    def limit(self) -> NDArray[np.str_]:
        """The name of the binding limit in each month."""
        return np.asarray(np.array(self.limits)[self.limit_codes])

    @property
    def arrived(self) -> Floats:
        """Units delivered from the start to the end of each month."""
        return np.asarray(np.cumsum(self.delivered, axis=-1))

    def share_limited_by(self, name: str) -> Any:
        """The share of months in which a limit binds: a float, or one a draw."""
        code = self.limits.index(name) if name in self.limits else -1
        share = np.mean(self.limit_codes == code, axis=-1)
        return float(share) if np.ndim(share) == 0 else share


def orders_from_money(money: ArrayLike, unit_cost: Any) -> Orders:
    """Whole units ordered as money comes in; what does not buy a unit is kept for later.

    Args:
        money: Money coming in each month, shape (months,) or (draws, months); Quantities where
            ``unit_cost`` is one.
        unit_cost: The cost of a unit in each month: one number, or any shape that broadcasts
            with ``money`` (one a draw is written (draws, 1)).

    Returns:
        :class:`Orders`, of the broadcast shape.

    Raises:
        OutsideEvidenceError: For negative money, a unit cost that is not above zero, what is no
            number, or shapes that do not fit.
        MixedPricesError: For money and unit cost in units that do not convert.

    Example:
        >>> orders_from_money([5.0, 5.0, 5.0], 4.0).placed.tolist()
        [1.0, 1.0, 1.0]
        >>> orders_from_money([5.0, 5.0, 5.0], 4.0).unspent.tolist()
        [1.0, 2.0, 3.0]
    """
    unit = getattr(money, "units", None)
    incoming, cost = (
        numbers(name, in_units(name, value, unit))
        for name, value in (("money", money), ("unit_cost", unit_cost))
    )
    if not np.all(np.isfinite(incoming)) or np.any(incoming < 0):
        raise OutsideEvidenceError("money is finite and not negative in every month")
    if not np.all(np.isfinite(cost)) or np.any(cost <= 0):
        raise OutsideEvidenceError("unit_cost is finite and above zero in every month")
    shape = _shape(money=incoming, unit_cost=cost)
    incoming = _months_first(incoming, shape)
    cost = _months_first(cost, shape)
    placed, unspent = np.empty(incoming.shape), np.empty(incoming.shape)
    purse = np.zeros(incoming.shape[1:])
    for month in range(len(incoming)):
        purse = purse + incoming[month]
        placed[month] = np.floor(purse / cost[month] + _HAIR)
        purse = np.maximum(purse - placed[month] * cost[month], 0.0)
        unspent[month] = purse
    return Orders(_months_last(placed, shape), _months_last(unspent, shape))


def deliveries(
    orders: ArrayLike,
    capacity: ArrayLike,
    lead_time: ArrayLike,
    *,
    inputs: Mapping[str, ArrayLike] | None = None,
) -> Deliveries:
    """Deliver orders first in, first out, after the lead time, within capacity.

    An order placed in month t can be delivered from month t + lead_time on (a part of a month
    counts as a whole one). In each month the line works on such orders at the smallest of
    capacity and the input limits. A unit is delivered when it is whole: a line of 0.5 a month
    delivers one every second month, and while nothing is due the line stands still and gains
    nothing. Hence units delivered up to any month never exceed the capacity up to it, and with
    whole-number capacity no month exceeds its own.

    Args:
        orders: Whole units ordered each month, shape (months,) or (draws, months).
        capacity: Units a month that are free for these orders: one number, or any shape that
            broadcasts with ``orders`` (one a draw is written (draws, 1)).
        lead_time: Months from order to delivery: one number, or shape (draws,).
        inputs: Name to the units a month that an input (engines, powder) allows, shaped as
            ``capacity``.

    Returns:
        :class:`Deliveries`, with arrays of the broadcast shape.

    Raises:
        OutsideEvidenceError: For orders that are not whole units, negative numbers, what is no
            number, and shapes that do not fit.

    Example:
        >>> line = deliveries([10, 10, 10, 0, 0, 0], capacity=6, lead_time=2)
        >>> line.delivered.tolist()
        [0.0, 0.0, 6.0, 6.0, 6.0, 6.0]
        >>> line.limit.tolist()[1:3]
        ['lead_time', 'capacity']
    """
    ordered = numbers("orders", orders)
    whole = np.isfinite(ordered) & (ordered == np.floor(ordered))
    if not np.all(whole) or np.any(ordered < 0):
        raise OutsideEvidenceError("orders are whole units, none negative; see orders_from_money")
    if not isinstance(inputs or {}, Mapping):
        raise OutsideEvidenceError(f"inputs is {inputs!r}; write name to units a month")
    given = {"capacity": capacity, **(inputs or {})}
    names = ("lead_time", "money", *given)
    supplies = [numbers(name, supply) for name, supply in given.items()]
    for name, supply in zip(names[2:], supplies, strict=True):
        if np.any(np.isnan(supply)) or np.any(supply < 0):
            raise OutsideEvidenceError(f"{name} is negative or missing; write units a month")
    lead = _lead(lead_time)
    each = lead if lead.ndim == 0 else lead[:, None]
    shape = _shape(orders=ordered, lead_time=each, **dict(zip(names[2:], supplies, strict=True)))
    total = np.cumsum(_months_first(ordered, shape), axis=0)
    due = _due(total, lead)
    supply, scarcest = _scarcest([_months_first(s, shape) for s in supplies])
    delivered, codes = _run(due, supply, scarcest, lead)
    waiting = total - np.cumsum(delivered, axis=0)
    return Deliveries(
        _months_last(delivered, shape), _months_last(waiting, shape), codes.T.reshape(shape), names
    )


def _run(
    due: Floats, supply: Floats, scarcest: NDArray[np.int8], lead: NDArray[np.int64]
) -> tuple[Floats, NDArray[np.int8]]:
    """Month by month: units delivered, and the code of the limit that binds."""
    delivered = np.empty(due.shape)
    codes = np.empty(due.shape, dtype=np.int8)
    worked = np.zeros(due.shape[1:])
    whole = np.zeros(due.shape[1:])
    for month in range(len(due)):
        could = worked + supply[month]
        worked = np.minimum(could, due[month])
        before, whole = whole, np.floor(worked + _HAIR)
        delivered[month] = whole - before
        scarce = np.where(could + _HAIR < due[month], scarcest[month], 1)
        codes[month] = np.where(month < lead, 0, scarce)
    return delivered, codes


def _due(total: Floats, lead: NDArray[np.int64]) -> Floats:
    """Cumulative orders whose lead time is over, from cumulative orders; months first."""
    months = len(total)
    due = np.zeros(total.shape)
    if lead.ndim == 0:
        shift = min(int(lead), months)
        due[shift:] = total[: months - shift]
        return due
    source = np.arange(months)[:, None] - lead
    found = np.take_along_axis(total, np.maximum(source, 0), axis=0)
    return np.where(source >= 0, found, 0.0)


def _scarcest(supplies: list[Floats]) -> tuple[Floats, NDArray[np.int8]]:
    """The smallest of the supplies, and its code; the first named where two are equal."""
    smallest = supplies[0]
    codes = np.full(smallest.shape, 2, dtype=np.int8)
    for code, supply in enumerate(supplies[1:], start=3):
        codes[supply < smallest] = code
        smallest = np.minimum(smallest, supply)
    return smallest, codes


def _lead(lead_time: ArrayLike) -> NDArray[np.int64]:
    months: Floats = numbers("lead_time", lead_time)
    if months.ndim > 1:
        raise OutsideEvidenceError(f"lead_time has shape {months.shape}; one number or (draws,)")
    if not np.all(np.isfinite(months)) or np.any(months < 0):
        raise OutsideEvidenceError("lead_time is finite, in months, and not negative")
    # No horizon is longer than this; what lies beyond would not fit a whole number.
    return np.ceil(np.minimum(months, 1e9) - _HAIR).astype(np.int64)


def _shape(**arrays: NDArray[Any]) -> tuple[int, ...]:
    """The shape that all fit into."""
    try:
        return np.broadcast_shapes(*(array.shape for array in arrays.values()))
    except ValueError:
        told = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise OutsideEvidenceError(
            f"shapes that do not fit: {told}; write (months,), (draws, months) or (draws, 1)"
        ) from None


def _months_first(values: Floats, shape: tuple[int, ...]) -> Floats:
    """Broadcast, with the axis of months in front, so that each month lies in one piece."""
    if not 1 <= len(shape) <= 2:
        raise OutsideEvidenceError(f"shape {shape}; write (months,) or (draws, months)")
    return np.ascontiguousarray(np.broadcast_to(values, shape).T)


def _months_last(values: Floats, shape: tuple[int, ...]) -> Floats:
    return values.T.reshape(shape)
