"""What the caller knows better: overrides read, checked and listed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from armscost import prices, units
from armscost.danish_model.inputs import Input
from armscost.errors import OutsideEvidenceError, UnknownNameError
from armscost.estimates import Estimate

RATES = ("rate", "capacity")
TIMES = ("lead_time", "ramp")
SHARES = ("other_orders", "outage", "local_content")
COUNTS = ("built", "stock")
NAMES = ("price", *RATES, *TIMES, *SHARES, *COUNTS, "slope")

_FIGURE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:/|per\s+|a\s+)?\s*(month|year|months|years)\s*")


def split_overrides(
    overrides: Mapping[str, Any] | None, channels: list[str]
) -> dict[str, dict[str, Any]]:
    """Overrides by channel: ``capacity`` is of the first channel, ``co_production.price`` of one.

    ``slope`` without a channel is for all, since it is one draw.

    Raises:
        UnknownNameError: For an input or channel that is not there.
    """
    found: dict[str, dict[str, Any]] = {channel: {} for channel in channels}
    for key, value in (overrides or {}).items():
        channel, _, name = key.rpartition(".")
        if name not in NAMES:
            raise UnknownNameError("input of the model", name, NAMES)
        if channel and channel not in found:
            raise UnknownNameError("channel of this question", channel, channels)
        for one in channels if name == "slope" and not channel else [channel or channels[0]]:
            found[one][name] = value
    return found


def read(name: str, value: Any, to: str, method: Mapping[str, Any]) -> Input:
    """One override as an input.

    Args:
        name: Which input.
        value: A number, a text with its unit, a Quantity or an :class:`Estimate`.
        to: Currency and price year of the budget; a price in another is rebased.
        method: How it is rebased.

    Raises:
        OutsideEvidenceError: For a value without the unit it needs, or out of range.
    """
    estimate = value if isinstance(value, Estimate) else _exact(name, value, to, method)
    low, high = float(estimate.low), float(estimate.high)
    if name in SHARES and not 0 <= low <= high <= 1:
        raise OutsideEvidenceError(f"{name} is {value}; write a share from 0 to 1")
    if name == "slope" and not 0.5 < low <= high <= 1:
        raise OutsideEvidenceError(f"slope is {value}; write it from 0.51 to 1, as in 0.85")
    if low < 0 or (name == "price" and low == 0):
        raise OutsideEvidenceError(f"{name} is {value}; write it above zero")
    unit = to if name == "price" else "a month" if name in RATES else ""
    return Input(estimate, unit, "given by the caller")


def _exact(name: str, value: Any, to: str, method: Mapping[str, Any]) -> Estimate:
    if name == "price":
        money = units.quantity(value) if isinstance(value, str) else value
        if not units.is_money(money):
            raise OutsideEvidenceError(
                f"price is {value!r}; write it with currency and price year: '2.3 million {to}'"
            )
        return Estimate.exact(float(prices.rebase(money, to, **method).to(to).magnitude))
    if name in RATES + TIMES:
        return Estimate.exact(_timed(name, value))
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise OutsideEvidenceError(f"{name} is {value!r}; write a number") from None
    return Estimate.exact(number)


def _timed(name: str, value: Any) -> float:
    """A rate a month or a time in months, from a text that carries its unit."""
    example = "'40/month'" if name in RATES else "'2 months'"
    found = _FIGURE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise OutsideEvidenceError(f"{name} is {value!r}; write it with its unit, as in {example}")
    number = float(found[1])
    yearly = found[2].startswith("year")
    if name in RATES:
        return number / 12 if yearly else number
    return number * 12 if yearly else number
