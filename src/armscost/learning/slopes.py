"""Slope and exponent: two ways to write how steep a learning curve is."""

from __future__ import annotations

import numpy as np

from armscost.errors import OutsideEvidenceError, numbers
from armscost.learning.inputs import Amount, check_slope, plain, shown, together, whole_units


def exponent_of_slope(slope: Amount) -> Amount:
    """The exponent b = log2(slope) of a learning curve.

    Args:
        slope: The share of the cost that is left after each doubling, for example 0.85; a
            float, an array or a Quantity in percent.

    Returns:
        The exponent, of the shape of ``slope``; negative for a slope below 1.

    Raises:
        OutsideEvidenceError: For a slope that is not above 0, or written as a percentage.

    Example:
        >>> exponent_of_slope(0.85)
        -0.23446525363702297
    """
    return plain(np.log2(check_slope(slope)))


def slope_of_exponent(exponent: Amount) -> Amount:
    """The slope 2**b of a learning curve, the inverse of :func:`exponent_of_slope`.

    Args:
        exponent: The exponent b; a float or an array.

    Returns:
        The slope, of the shape of ``exponent``.

    Raises:
        OutsideEvidenceError: For an exponent that is not finite, or above log2(10).

    Example:
        >>> slope_of_exponent(-1)
        0.5
    """
    b = numbers("exponent", exponent)
    wrong = ~(np.isfinite(b) & (b < np.log2(10)))
    if wrong.any():
        raise OutsideEvidenceError(
            f"exponent {shown(b, wrong)}: b = log2(slope) is finite, and negative where "
            "cost falls with experience (-0.234 for a slope of 0.85)"
        )
    return plain(np.exp2(b))


def slope_error(units: Amount, *, slope_used: Amount, slope_true: Amount) -> Amount:
    """How wrong a cost is for having used the wrong slope.

    The formula is n**(b_true - b_used) - 1, with n the number of units: exact for a unit
    cost under Crawford and for a cumulative total or average under Wright.

    Args:
        units: The number of the unit, or of units in all.
        slope_used: The slope in the estimate.
        slope_true: The slope that came true.

    Returns:
        The true cost over the estimated one, minus 1: 0.2 means it cost 20 % more.

    Raises:
        OutsideEvidenceError: For slopes or units that are not allowed.

    Example:
        >>> round(slope_error(250, slope_used=0.85, slope_true=0.87), 7)
        0.2035303
    """
    used = check_slope(slope_used, name="slope_used")
    true = check_slope(slope_true, name="slope_true")
    count = whole_units("units", units)
    together(units=count, slope_used=used, slope_true=true)
    return plain(np.expm1(np.log(count) * np.log2(true / used)))
