"""The shapes an estimate can take: quantile, cumulative probability, mean and spread.

Written out rather than taken from ``scipy.stats``, whose frozen distributions cost several
times more a draw; the tests hold the two together.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv, log_ndtr, ndtr, ndtri

Floats: TypeAlias = NDArray[np.float64]

# Standard normal score of the 90th percentile.
Z90 = float(ndtri(0.9))


class Distribution(Protocol):
    """What every shape answers; probabilities and values are float arrays of any shape."""

    def quantile(self, p: Floats) -> Floats:
        """The value that is not exceeded with probability ``p``."""

    def from_scores(self, z: Floats) -> Floats:
        """The value at standard normal score ``z``: ``quantile(ndtr(z))``, by the short way."""

    def cdf(self, x: Floats) -> Floats:
        """The probability of a value at or below ``x``."""

    @property
    def mean(self) -> float:
        """The expected value."""

    @property
    def sd(self) -> float:
        """The standard deviation."""

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters under their textbook names."""


@dataclass(frozen=True)
class Point:
    """A known value."""

    value: float

    def quantile(self, p: Floats) -> Floats:
        """The value, whatever the probability."""
        return np.full_like(p, self.value)

    from_scores = quantile

    def cdf(self, x: Floats) -> Floats:
        """0 below the value, 1 from it on."""
        return np.where(x >= self.value, 1.0, 0.0)

    @property
    def mean(self) -> float:
        """The value."""
        return self.value

    @property
    def sd(self) -> float:
        """Zero."""
        return 0.0

    @property
    def parameters(self) -> dict[str, float]:
        """The value."""
        return {"value": self.value}


@dataclass(frozen=True)
class Uniform:
    """Every value between the ends equally likely."""

    low: float
    high: float

    def quantile(self, p: Floats) -> Floats:
        """``low + p (high - low)``."""
        return self.low + p * (self.high - self.low)

    def from_scores(self, z: Floats) -> Floats:
        """The quantile at a normal score."""
        return self.quantile(ndtr(z))

    def cdf(self, x: Floats) -> Floats:
        """``(x - low) / (high - low)``, held between 0 and 1."""
        return np.clip((x - self.low) / (self.high - self.low), 0.0, 1.0)

    @property
    def mean(self) -> float:
        """The middle."""
        return (self.low + self.high) / 2

    @property
    def sd(self) -> float:
        """``(high - low) / sqrt(12)``."""
        return (self.high - self.low) / math.sqrt(12)

    @property
    def parameters(self) -> dict[str, float]:
        """The ends."""
        return {"minimum": self.low, "maximum": self.high}


@dataclass(frozen=True)
class Triangular:
    """Straight lines from nothing at the ends to the most likely value."""

    low: float
    mode: float
    high: float

    def quantile(self, p: Floats) -> Floats:
        """Square root on either side of the most likely value."""
        width = self.high - self.low
        rising = self.low + np.sqrt(p * (width * (self.mode - self.low)))
        falling = self.high - np.sqrt((1.0 - p) * (width * (self.high - self.mode)))
        return np.where(p * width < self.mode - self.low, rising, falling)

    def from_scores(self, z: Floats) -> Floats:
        """The quantile at a normal score."""
        return self.quantile(ndtr(z))

    def cdf(self, x: Floats) -> Floats:
        """The area of the triangle up to ``x``."""
        a, m, b = self.low, self.mode, self.high
        up, down = np.clip(x, a, m) - a, b - np.clip(x, m, b)
        # A side of no width holds no area; the divisor only keeps the other branch quiet.
        rising = up / (b - a) * (up / ((m - a) or 1.0))
        falling = 1.0 - down / (b - a) * (down / ((b - m) or 1.0))
        return np.where(x < m, rising, falling)

    @property
    def mean(self) -> float:
        """``(low + mode + high) / 3``."""
        return (self.low + self.mode + self.high) / 3

    @property
    def sd(self) -> float:
        """Root of ``(a^2 + m^2 + b^2 - am - ab - mb) / 18``, as differences."""
        left, width = self.mode - self.low, self.high - self.low
        return math.sqrt((left * left + width * width - left * width) / 18)

    @property
    def parameters(self) -> dict[str, float]:
        """The ends and the most likely value."""
        return {"minimum": self.low, "mode": self.mode, "maximum": self.high}


@dataclass(frozen=True)
class Pert:
    """A beta distribution with the most likely value weighted four times (Malcolm et al. 1959)."""

    low: float
    mode: float
    high: float

    @property
    def _shape(self) -> tuple[float, float]:
        rise = (self.mode - self.low) / (self.high - self.low)
        return 1 + 4 * rise, 1 + 4 * (1 - rise)

    def quantile(self, p: Floats) -> Floats:
        """The beta quantile, stretched between the ends."""
        alpha, beta = self._shape
        return np.asarray(self.low + betaincinv(alpha, beta, p) * (self.high - self.low))

    def from_scores(self, z: Floats) -> Floats:
        """The quantile at a normal score."""
        return self.quantile(ndtr(z))

    def cdf(self, x: Floats) -> Floats:
        """The regularised incomplete beta function up to ``x``."""
        alpha, beta = self._shape
        share = np.clip((x - self.low) / (self.high - self.low), 0.0, 1.0)
        return np.asarray(betainc(alpha, beta, share))

    @property
    def mean(self) -> float:
        """``(low + 4 mode + high) / 6``."""
        return (self.low + 4 * self.mode + self.high) / 6

    @property
    def sd(self) -> float:
        """Root of ``(mean - low)(high - mean) / 7``; the old ``(high - low) / 6`` is rougher."""
        return math.sqrt(max((self.mean - self.low) * (self.high - self.mean), 0.0) / 7)

    @property
    def parameters(self) -> dict[str, float]:
        """The ends, the most likely value and the two exponents of the beta."""
        alpha, beta = self._shape
        ends = {"minimum": self.low, "mode": self.mode, "maximum": self.high}
        return {**ends, "alpha": alpha, "beta": beta}


@dataclass(frozen=True)
class Normal:
    """The normal distribution."""

    mu: float
    sigma: float

    def quantile(self, p: Floats) -> Floats:
        """``mu + sigma z(p)``."""
        return self.from_scores(ndtri(p))

    def from_scores(self, z: Floats) -> Floats:
        """``mu + sigma z``."""
        return self.mu + self.sigma * z

    def cdf(self, x: Floats) -> Floats:
        """The normal probability of the score."""
        return np.asarray(ndtr((x - self.mu) / self.sigma))

    @property
    def mean(self) -> float:
        """``mu``."""
        return self.mu

    @property
    def sd(self) -> float:
        """``sigma``."""
        return self.sigma

    @property
    def parameters(self) -> dict[str, float]:
        """``mu`` and ``sigma``."""
        return {"mu": self.mu, "sigma": self.sigma}


@dataclass(frozen=True)
class Lognormal:
    """Values whose logarithm is normal with mean ``mu`` and standard deviation ``sigma``."""

    mu: float
    sigma: float

    def quantile(self, p: Floats) -> Floats:
        """``exp(mu + sigma z(p))``."""
        return self.from_scores(ndtri(p))

    def from_scores(self, z: Floats) -> Floats:
        """``exp(mu + sigma z)``."""
        return np.exp(self.mu + self.sigma * z)

    def cdf(self, x: Floats) -> Floats:
        """The normal probability of the logarithm's score; zero up to zero."""
        positive = x > 0
        logs = np.log(np.where(positive, x, 1.0))
        return np.where(positive, np.exp(log_ndtr((logs - self.mu) / self.sigma)), 0.0)

    @property
    def mean(self) -> float:
        """``exp(mu + sigma^2 / 2)``."""
        return math.exp(self.mu + self.sigma**2 / 2)

    @property
    def sd(self) -> float:
        """``mean sqrt(exp(sigma^2) - 1)``."""
        return self.mean * math.sqrt(math.expm1(self.sigma**2))

    @property
    def parameters(self) -> dict[str, float]:
        """``mu`` and ``sigma``, both of the logarithm."""
        return {"mu": self.mu, "sigma": self.sigma}


def with_ends_solved(
    shape: Callable[[float, float, float], Distribution], low: float, best: float, high: float
) -> Distribution:
    """The shape between absolute ends whose mode is ``best`` and p10, p90 are ``low``, ``high``.

    The shape is known up to ``r``, where between its ends the mode lies. On the unit interval
    its p10 and p90 follow from ``r``; the ``r`` is sought for which the mode divides the
    distance p10 to p90 as ``best`` divides ``low`` to ``high``.

    Args:
        shape: :class:`Triangular` or :class:`Pert`.
        low: The 10th percentile.
        best: The most likely value.
        high: The 90th percentile, above ``low``.

    Returns:
        The distribution; its ends lie outside ``low`` and ``high``.
    """
    from scipy.optimize import brentq

    tenths = np.array([0.1, 0.9])
    wanted = (best - low) / (high - low)

    def gap(r: float) -> float:
        p10, p90 = shape(0.0, r, 1.0).quantile(tenths)
        return float((r - p10) / (p90 - p10) - wanted)

    r: Any = brentq(gap, 0.0, 1.0, xtol=1e-15, rtol=1e-14)
    p10, p90 = (float(p) for p in shape(0.0, r, 1.0).quantile(tenths))
    width = (high - low) / (p90 - p10)
    minimum = low - p10 * width
    return shape(minimum, minimum + r * width, minimum + width)
