"""What the caller knows better: overrides read, checked and listed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from armscost import prices, units
from armscost.danish_model.inputs import Input
from armscost.errors import OutsideEvidenceError, chosen, finite
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
    if not isinstance(overrides or {}, Mapping):
        raise OutsideEvidenceError(
            f"overrides is {overrides!r}; write input to value, as in {{'capacity': '40/month'}}"
        )
    for key, value in (overrides or {}).items():
        channel, _, name = str(key).rpartition(".")
        chosen("input of the model", name, NAMES)
        if channel:
            chosen("channel of this question", channel, channels)
        # What is bought again in place of a gun from stock comes at one price, off any curve.
        lines = [one for one in channels if one != "donation_from_stock"]
        for one in lines if name == "slope" and not channel else [channel or channels[0]]:
            found[one][name] = value
    return found


def read(name: str, value: Any, to: str, method: Mapping[str, Any]) -> Input:
    """One override as an input.

    Args:
        name: Which input.
        value: For a price, text with currency and price year, a Quantity, or an
            :class:`Estimate` whose ends are Quantities. For a rate or a time, text with its unit,
            or an Estimate in units a month, in months. For shares, counts and the slope, a bare
            number or an Estimate of bare numbers.
        to: Currency and price year of the budget; a price in another is rebased.
        method: How it is rebased.

    Raises:
        OutsideEvidenceError: For a value without the unit it needs, or out of range.
    """
    if name == "price":
        estimate = money(name, value, to, method)
    elif isinstance(value, Estimate):
        estimate = _bare(name, value)
    else:
        estimate = _exact(name, value)
    low, high = float(estimate.low), float(estimate.high)
    if name in SHARES and not 0 <= low <= high <= 1:
        raise OutsideEvidenceError(f"{name} is {value}; write a share from 0 to 1")
    if name == "slope" and not 0.5 < low <= high <= 1:
        raise OutsideEvidenceError(f"slope is {value}; write it from 0.51 to 1, as in 0.85")
    if low < 0 or (name == "price" and low == 0):
        raise OutsideEvidenceError(f"{name} is {value}; write it above zero")
    unit = to if name == "price" else "a month" if name in RATES else ""
    # One range given to several channels is one unknown.
    unknown = f"{name} as given: {low!r} {estimate.best!r} {high!r}"
    return Input(estimate, unit, "given by the caller", unknown=unknown)


def money(what: str, value: Any, to: str, method: Mapping[str, Any]) -> Estimate:
    """A sum or a range of sums, each end brought to one money.

    Args:
        what: What it is of, for the message.
        value: Text, a Quantity, or an :class:`Estimate` whose ends are Quantities.
        to: Currency and price year.
        method: How it is rebased.

    Raises:
        OutsideEvidenceError: For a number or an Estimate without currency and price year.
    """

    def rebased(end: Any) -> float:
        sum_of = units.quantity(end) if isinstance(end, str) else end
        kind = units.split(sum_of) if units.is_money(sum_of) else None
        if kind is None or kind.power != 1 or kind.rest:
            example = f"'2.3 million {to}'"
            if isinstance(value, Estimate):
                example = f"Estimate(ac.quantity({example}), ...), each end a Quantity"
            raise OutsideEvidenceError(
                f"{what} is {value!r}; write it with currency and price year: {example}"
            )
        return float(prices.rebase(sum_of, to, **method).to(to).magnitude)

    if isinstance(value, Estimate):
        ends = (rebased(end) for end in (value.low, value.best, value.high))
        return Estimate(*ends, bounds=value.bounds, shape=value.shape, source=value.source)
    return Estimate.exact(rebased(value))


def _bare(name: str, value: Estimate) -> Estimate:
    if hasattr(value.best, "units"):
        hint = {**dict.fromkeys(RATES, "in units a month"), **dict.fromkeys(TIMES, "in months")}
        raise OutsideEvidenceError(
            f"{name} is an Estimate in {value.best.units}; write one of bare numbers"
            f"{', ' + hint[name] if name in hint else ''}"
        )
    return value


def told(key: str, value: Any) -> str:
    """An override as a printable assumption; an Estimate with the unit that it is read in."""
    name = key.rpartition(".")[2]
    unit = " a month" if name in RATES else " months" if name in TIMES else ""
    return f"override {key} = {value}{unit if isinstance(value, Estimate) else ''}"


def _exact(name: str, value: Any) -> Estimate:
    if name in RATES + TIMES:
        return Estimate.exact(_timed(name, value))
    try:
        return Estimate.exact(finite(name, float(value)))
    except (TypeError, ValueError):
        raise OutsideEvidenceError(f"{name} is {value!r}; write a finite number") from None


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
