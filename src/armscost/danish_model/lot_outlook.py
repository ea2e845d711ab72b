"""The unit cost of the next lot from the lots known: level, learning and quantity; theory only.

The log of a lot's unit cost in constant prices is a level that wanders from year to year, plus
learning (log of the lot midpoint) and quantity (log of the lot's quantity), whose slopes are
believed before lots are seen. With one lot known the forecast is its price, moved along the
believed slopes; with more lots the slopes follow them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from armscost.danish_model.outlook import P90, Floats

# The level of a series is not known before its first lot: one standard deviation, in logs.
_OPEN_LEVEL = 10.0


@dataclass(frozen=True)
class LotBeliefs:
    """What is believed of any series of lots before its costs are seen.

    Attributes:
        slope: p10 and p90 of the learning slope.
        rate_slope: p10 and p90 of the share of the cost left when a lot is twice as large.
        drift: Standard deviation of the level, a year, as a share.
        error: Standard deviation of a lot about its level, as a share.
        worth: How many past errors the beliefs are worth where the band is set by past errors.
    """

    slope: tuple[float, float] = (0.80, 0.95)
    rate_slope: tuple[float, float] = (0.90, 1.00)
    drift: float = 0.05
    error: float = 0.05
    worth: float = 10.0

    def lines(self) -> list[str]:
        """The beliefs as printable assumptions."""
        slope, rate = self.slope, self.rate_slope
        return [
            f"learning slope {slope[0]:g} to {slope[1]:g} (p10 to p90) before lots are seen, and "
            f"{rate[0]:g} to {rate[1]:g} for a lot twice as large; assumed, the same for every "
            "series",
            f"a series drifts by {self.drift:.0%} a year, and a lot is off by {self.error:.0%}, "
            f"one standard deviation each; the band is scaled by the past errors of all series "
            f"({self.worth:g} errors' worth of belief)",
        ]


LOT_BELIEFS = LotBeliefs()


@dataclass(frozen=True)
class Lots:
    """Lots as the forecast sees them; every array has one value a lot.

    Attributes:
        year: Fiscal year.
        midpoint: Lot midpoint in units; 1 throughout where prior units are not known, which
            leaves learning out.
        quantity: Units in the lot.
    """

    year: Floats
    midpoint: Floats
    quantity: Floats

    def effects(self) -> Floats:
        """Log midpoint and log quantity, shape (lots, 2)."""
        return np.column_stack([np.log(self.midpoint), np.log(self.quantity)])


def lot_outlook(
    known: Lots, costs: Floats, ahead: Lots, beliefs: LotBeliefs = LOT_BELIEFS
) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the log unit cost of lots ahead.

    A Gaussian regression with beliefs on its slopes and a random walk of its level: ln c(i) =
    a(year) + b ln midpoint(i) + q ln quantity(i) + error.

    Args:
        known: The lots known.
        costs: Their unit costs in one price year, above 0.
        ahead: The lots to forecast.
        beliefs: What is believed of any series.

    Returns:
        Mean and standard deviation of the log, one value a lot ahead; in the same price year.

    Example:
        >>> known = Lots(np.array([2014.0]), np.array([40.0]), np.array([92.0]))
        >>> ahead = Lots(np.array([2015.0]), np.array([140.0]), np.array([92.0]))
        >>> mean, sd = lot_outlook(known, np.array([100.0]), ahead)
        >>> 70 < np.exp(mean[0]) < 90
        np.True_
    """
    low, high = np.log2([beliefs.slope, beliefs.rate_slope]).T
    slopes, spread = (low + high) / 2, (high - low) / (2 * P90)
    x, z = known.effects(), ahead.effects()
    rest = np.log(costs) - x @ slopes
    middle = float(rest.mean())
    first = float(min(known.year.min(), ahead.year.min()))
    years, later = known.year - first, ahead.year - first

    def covariance(s: Floats, t: Floats, left: Floats, right: Floats) -> Floats:
        walk = beliefs.drift**2 * np.minimum(s[:, None], t[None, :])
        return np.asarray(_OPEN_LEVEL**2 + walk + (left * spread**2) @ right.T)

    noise = beliefs.error**2
    within = covariance(years, years, x, x) + noise * np.eye(years.size)
    across = covariance(later, years, z, x)
    mean = z @ slopes + middle + across @ np.linalg.solve(within, rest - middle)
    seen = np.einsum("ij,ji->i", across, np.linalg.solve(within, across.T))
    variance = np.diag(covariance(later, later, z, z)) - seen + noise
    return mean, np.sqrt(np.maximum(variance, noise))
