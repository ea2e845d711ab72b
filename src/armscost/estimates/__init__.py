"""From low, best and high to distributions, sums, simulations and what drives them."""

from __future__ import annotations

from armscost.estimates.correlation import (
    cholesky,
    correlation_matrix,
    iman_conover,
    nearest_correlation,
    settle_correlation,
)
from armscost.estimates.estimate import Estimate
from armscost.estimates.sensitivity import SobolIndices, Tornado, sobol, tornado
from armscost.estimates.simulation import Simulation, draw, simulate
from armscost.estimates.sums import SumOfEstimates, correlation_understatement, sum_of_estimates

__all__ = [
    "Estimate",
    "Simulation",
    "SobolIndices",
    "SumOfEstimates",
    "Tornado",
    "cholesky",
    "correlation_matrix",
    "correlation_understatement",
    "draw",
    "iman_conover",
    "nearest_correlation",
    "settle_correlation",
    "simulate",
    "sobol",
    "sum_of_estimates",
    "tornado",
]
