"""What the learning curves accept, and the words with which they refuse the rest."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from armscost.errors import OutsideEvidenceError, chosen, numbers

#: A float, an array of floats, or a Quantity of either.
Amount: TypeAlias = Any

Floats: TypeAlias = npt.NDArray[np.float64]

Theory = Literal["crawford", "wright"]

THEORIES = ("crawford", "wright")

#: Above 2**53 a float no longer tells one whole number from the next.
MOST_UNITS = float(2**53)


def is_quantity(value: object) -> bool:
    """Whether a value carries a unit, told by what it can do, so that pint is not imported."""
    return hasattr(value, "magnitude") and hasattr(value, "units")


def shown(found: Floats, wrong: npt.NDArray[np.bool_] | np.bool_) -> str:
    """The first offending number, as the reader wrote it."""
    return f"{np.broadcast_to(found, np.shape(wrong))[wrong].flat[0]:g}"


def check_theory(theory: object) -> None:
    """Refuse anything but the two theories.

    Raises:
        UnknownNameError: For any other name.
    """
    chosen("learning theory", theory, THEORIES)


def whole_units(name: str, value: Amount, least: int = 1) -> Floats:
    """Units as floats, refused unless every one is a whole number from ``least`` on."""
    units: Floats = numbers(name, value)
    if units.size == 0:
        return units
    # Minimum and maximum carry NaN along, so two passes find every fault of a whole array.
    low, high = units.min(), units.max()
    if not (low >= least and high <= MOST_UNITS):
        wrong = ~((units >= least) & (units <= MOST_UNITS))
        raise OutsideEvidenceError(
            f"{name} must be a whole number of units from {least} to {MOST_UNITS:.0f}, "
            f"got {shown(units, wrong)}"
        )
    if np.asarray(value).dtype.kind == "f" or is_quantity(value):
        wrong = np.floor(units) != units
        if wrong.any():
            raise OutsideEvidenceError(
                f"{name} must be a whole number of units, got {shown(units, wrong)}"
            )
    return units


def whole_lots(m: Amount, n: Amount) -> tuple[Floats, Floats]:
    """First and last units of lots, refused where a lot ends before it begins."""
    first, last = whole_units("first unit", m), whole_units("last unit", n)
    together(first=first, last=last)
    wrong = np.asarray(last < first)
    if wrong.any():
        raise OutsideEvidenceError(
            f"a lot cannot end before it begins: first unit {shown(first, wrong)}, "
            f"last unit {shown(last, wrong)}; give the lower unit first"
        )
    return first, last


def together(**values: Floats) -> tuple[int, ...]:
    """The common shape of several arrays.

    Raises:
        OutsideEvidenceError: Where the lengths do not go together.
    """
    try:
        return np.broadcast_shapes(*(np.shape(v) for v in values.values()))
    except ValueError:
        shapes = ", ".join(f"{k} {np.shape(v)}" for k, v in values.items())
        raise OutsideEvidenceError(f"the lengths do not go together: {shapes}") from None


def check_slope(slope: Amount, theory: str | None = None, name: str = "slope") -> Floats:
    """The numbers of a slope.

    Raises:
        OutsideEvidenceError: For a slope that is not above 0, that looks like a percentage, or
            that would make a Wright unit cost less than nothing.
    """
    slopes: Floats = numbers(name, slope)
    wrong = ~((slopes > 0) & (slopes < 10))
    if wrong.any():
        given = float(slopes[wrong].flat[0]) if slopes.ndim else float(slopes)
        advice = f"; write {given / 100:g}" if 10 <= given < 1000 else ""
        raise OutsideEvidenceError(
            f"{name} {given:g}: a slope is the share of the cost left after a doubling, "
            f"above 0 and in practice 0.5 to 1{advice}"
        )
    if theory == "wright" and (slopes < 0.5).any():
        raise OutsideEvidenceError(
            f"{name} {slopes.min():g}: under Wright's theory a slope below 0.5 makes the total "
            "fall as units are added; use 0.5 or more, or theory='crawford'"
        )
    return slopes


def check_amount(name: str, value: Amount, *, zero: bool = False) -> Amount:
    """Money or hours, returned as a float, an array of its own, or the Quantity given.

    Raises:
        OutsideEvidenceError: For amounts that are missing, infinite or negative.
    """
    amounts: Floats = numbers(name, value.magnitude if is_quantity(value) else value)
    good = np.isfinite(amounts) & ((amounts >= 0) if zero else (amounts > 0))
    if not good.all():
        allowed = "zero or more" if zero else "above zero"
        raise OutsideEvidenceError(f"{name} must be {allowed}, got {shown(amounts, ~good)}")
    return value if is_quantity(value) else plain(amounts)


def plain(found: Any) -> Any:
    """A float where there is one number, the array where there are more."""
    return float(found) if np.ndim(found) == 0 else found
