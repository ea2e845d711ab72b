"""Forecasts of a positive quantity from a few dated, noisy figures; theory only, no data.

The log of the quantity moves with a growth rate that wanders: an integrated Ornstein-Uhlenbeck
process, seen through figures that are off by a share. Growth that was seen is carried on and
fades; the band widens with the time ahead and with how little was seen. Everything has a closed
form, for any number of figures from one on, however unevenly dated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from armscost.errors import OutsideEvidenceError

Floats: TypeAlias = NDArray[np.float64]

P90 = float(ndtri(0.9))
# The level of a line is not known before its first figure: one standard deviation, in logs.
_OPEN_LEVEL = 10.0


@dataclass(frozen=True)
class Beliefs:
    """What is believed of any line before its figures are seen.

    Round numbers on purpose, the same for every series; none is fitted to one.

    Attributes:
        growth: Standard deviation of growth, as a factor a year: 2 says that lines that double
            or halve in a year are one standard deviation from steady ones.
        fade: Months after which growth that was seen has faded to 37 %.
        error: Standard deviation of a published figure about the true one, as a share.
        worth: How many past errors the beliefs are worth where the band is set by past errors.
    """

    growth: float = 2.0
    fade: float = 12.0
    error: float = 0.15
    worth: float = 10.0

    def lines(self) -> list[str]:
        """The beliefs as printable assumptions."""
        return [
            f"growth wanders: a factor of {self.growth:g} a year either way is one standard "
            f"deviation; growth seen fades to 37 % in {self.fade:g} months",
            f"a published figure is off by {self.error:.0%} (one standard deviation)",
            f"the band is scaled by the forecast errors of all series that could be seen at the "
            f"origin; the beliefs count for {self.worth:g} errors",
        ]


BELIEFS = Beliefs()


def outlook(
    months: Floats, values: Floats, ahead: Floats, beliefs: Beliefs = BELIEFS
) -> tuple[Floats, Floats]:
    """What figures of later months will say, given those of earlier ones.

    With x the log of the quantity, v its growth a month, s the deviation of v and tau the fade:
    dx = v dt, and v is an Ornstein-Uhlenbeck process, so that
    cov(x(t), x(u)) = s^2 tau^2 (2 min(t,u)/tau + e^(-t/tau) + e^(-u/tau) - 1 - e^(-|t-u|/tau)),
    and the forecast is the mean of a Gaussian process given the figures (Rasmussen and Williams,
    Gaussian Processes for Machine Learning, 2006, chapter 2).

    Args:
        months: When each figure held, in months from any origin; shape (n,), in any order.
        values: The figures, above 0.
        ahead: When the forecasts hold; shape (m,).
        beliefs: What is believed of any line.

    Returns:
        Mean and standard deviation of the log of the figures ahead, the error of a published
        figure included; each of shape (m,).

    Raises:
        OutsideEvidenceError: For no figures, or a figure that is not above 0.

    Example:
        >>> mean, sd = outlook(np.array([0.0, 6.0]), np.array([10.0, 20.0]), np.array([12.0]))
        >>> 20 < np.exp(mean[0]) < 40
        np.True_
    """
    seen, figures = np.asarray(months, dtype=float), np.asarray(values, dtype=float)
    if seen.size == 0 or seen.shape != figures.shape:
        raise OutsideEvidenceError(f"{figures.size} figures on {seen.size} dates; give one each")
    if not np.all(np.isfinite(seen)) or not np.all(figures > 0) or np.any(np.isinf(figures)):
        raise OutsideEvidenceError("figures are finite and above 0, in units a month")
    start = float(min(seen.min(), np.min(ahead)))
    t, u = seen - start, np.asarray(ahead, dtype=float) - start
    logs = np.log(figures)
    middle = float(logs.mean())
    noise = np.log1p(beliefs.error) ** 2
    within = _covariance(t, t, beliefs) + noise * np.eye(t.size)
    across = _covariance(u, t, beliefs)
    mean = middle + across @ np.linalg.solve(within, logs - middle)
    explained = np.einsum("ij,ji->i", across, np.linalg.solve(within, across.T))
    variance = np.diag(_covariance(u, u, beliefs)) - explained + noise
    return mean, np.sqrt(np.maximum(variance, noise))


def _covariance(t: Floats, u: Floats, beliefs: Beliefs) -> Floats:
    spread, fade = np.log(beliefs.growth) / 12, beliefs.fade
    t, u = t[:, None], u[None, :]
    path = 2 * np.minimum(t, u) / fade + np.exp(-t / fade) + np.exp(-u / fade) - 1
    path = path - np.exp(-np.abs(t - u) / fade)
    return np.asarray((spread * fade) ** 2 * path + _OPEN_LEVEL**2)


def band_scale(scores: Floats, beliefs: Beliefs = BELIEFS) -> float:
    """How much wider or narrower bands must be, by past errors over their forecast deviation.

    Args:
        scores: Past errors in standard deviations as they were forecast.
        beliefs: Count for ``worth`` errors as large as forecast.

    Returns:
        The root of the mean square of the errors, those that the beliefs stand for included; 1
        where nothing is known. Errors beyond 4 count as 4: one accident is no rule.

    Example:
        >>> band_scale(np.array([]))
        1.0
    """
    clipped = np.clip(np.asarray(scores, dtype=float), -4, 4)
    return float(np.sqrt((beliefs.worth + clipped @ clipped) / (beliefs.worth + clipped.size)))


def no_change(months: Floats, values: Floats) -> float:
    """The first naive forecast: the latest figure; the median of several of one date."""
    latest = np.max(months)
    return float(np.median(values[months == latest]))


def last_growth(months: Floats, values: Floats, ahead: float, apart: float = 3.0) -> float:
    """The second naive forecast: the latest figure, grown on as it last grew.

    Growth is from the latest figure of an earlier date at least ``apart`` months before, so
    that two papers of one week make no growth rate; where there is none, as no change.
    """
    latest = float(np.max(months))
    earlier = months[months <= latest - apart]
    if not earlier.size:
        return no_change(months, values)
    before = float(earlier.max())
    now, then = no_change(months, values), float(np.median(values[months == before]))
    return float(now * (now / then) ** ((ahead - latest) / (latest - before)))
