"""Sums of estimates without drawing: mean, spread, and what a left-out correlation hides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from armscost.errors import OutsideEvidenceError, in_units, numbers
from armscost.estimates.correlation import (
    Correlation,
    Floats,
    correlation_matrix,
    settle_correlation,
)
from armscost.estimates.estimate import Estimate, coefficient_of_variation


@dataclass(frozen=True, eq=False)
class SumOfEstimates:
    """Mean and spread of a sum, exact whatever the shapes.

    Attributes:
        mean: The sum of the means, in the unit of the first estimate.
        sd: Its standard deviation, in the same unit.
        correlation: The correlation matrix used.
        repaired: What had to be done to the matrix, in one line; empty where nothing was.
    """

    mean: Any
    sd: Any
    correlation: Floats
    repaired: str

    @property
    def cv(self) -> float:
        """Standard deviation over mean."""
        mean, sd = (float(getattr(v, "magnitude", v)) for v in (self.mean, self.sd))
        return coefficient_of_variation(mean, sd)


def sum_of_estimates(
    estimates: Sequence[Estimate],
    *,
    correlation: Correlation,
    repair: bool = False,
) -> SumOfEstimates:
    """Mean and standard deviation of a sum of correlated estimates, in closed form.

    ``var = sum_i sum_j rho_ij s_i s_j``, with the Pearson correlation of the values. The shape of
    the sum is not claimed; :func:`simulate` draws it.

    Args:
        estimates: At least one estimate; Quantities in units that convert into one another.
        correlation: Required, since leaving it out understates the spread: one coefficient for
            every pair, a whole matrix, or 0 for independence.
        repair: Whether a matrix that contradicts itself is replaced by the nearest that holds.

    Returns:
        A :class:`SumOfEstimates`.

    Raises:
        OutsideEvidenceError: For no estimates, or correlations that contradict one another.
        MixedPricesError: For units that do not convert into one another.

    Example:
        >>> parts = [Estimate.from_mean_cv(100.0, cv) for cv in (0.1, 0.2, 0.3)]
        >>> round(sum_of_estimates(parts, correlation=0).sd, 3)
        37.417
        >>> round(sum_of_estimates(parts, correlation=1).sd, 3)
        60.0
    """
    given = isinstance(estimates, Sequence) and not isinstance(estimates, str)
    if not given or not all(isinstance(part, Estimate) for part in estimates):
        raise OutsideEvidenceError(f"estimates are a list of Estimate, got {estimates!r}")
    if not estimates:
        raise OutsideEvidenceError("no estimates to sum; give at least one")
    names = [str(i) for i in range(len(estimates))]
    matrix, note = settle_correlation(correlation_matrix(correlation, names), repair=repair)
    units = estimates[0].units
    means = [float(in_units("an estimate", e.mean, units)) for e in estimates]
    sds = np.array([float(in_units("an estimate", e.sd, units)) for e in estimates])
    mean, sd = math.fsum(means), math.sqrt(max(float(sds @ matrix @ sds), 0.0))
    if units is not None:
        return SumOfEstimates(mean * units, sd * units, matrix, note)
    return SumOfEstimates(mean, sd, matrix, note)


def correlation_understatement(sds: ArrayLike, *, true: float, assumed: float = 0.0) -> float:
    """The share of the true spread of a sum that a too low correlation reports.

    ``sd(assumed) / sd(true)`` with ``var = sum s_i^2 + 2 rho sum_{i<j} s_i s_j``: thirty equal
    elements, truly correlated at 0.2 but taken as independent, show 38 % of their spread.

    Args:
        sds: The standard deviations of the elements.
        true: The coefficient that every pair truly has.
        assumed: The coefficient that was assumed; 0 for independence.

    Returns:
        A share; below 1 where the spread is understated.

    Raises:
        OutsideEvidenceError: For coefficients that the number of elements does not allow, a
            negative spread, or elements without any.

    Example:
        >>> round(correlation_understatement([1.0] * 30, true=0.2), 4)
        0.3835
    """
    return _sd_of_sum(sds, assumed) / _positive(_sd_of_sum(sds, true))


def _sd_of_sum(sds: ArrayLike, rho: float) -> float:
    s = np.atleast_1d(numbers("sds", sds))
    if not np.all(np.isfinite(s)) or np.any(s < 0):
        raise OutsideEvidenceError("standard deviations are finite and not negative")
    lowest = -1.0 / (s.size - 1) if s.size > 1 else -1.0
    if not lowest - 1e-12 <= rho <= 1:
        raise OutsideEvidenceError(
            f"{s.size} elements cannot all be correlated at {rho:g}; from {lowest:.4g} to 1"
        )
    squares = float(s @ s)
    return math.sqrt(max((1 - rho) * squares + rho * float(s.sum()) ** 2, 0.0))


def _positive(spread: float) -> float:
    if spread <= 0:
        raise OutsideEvidenceError("the true spread is zero; there is nothing to understate")
    return spread
