"""Learning curves: what a unit, a lot and a budget cost as experience grows.

The theory only; this package knows no data. ``curve`` holds the curve itself, ``effects`` what
is worked out with one or two curves, ``fit`` the estimation from the costs of lots.
"""

from __future__ import annotations

from armscost.learning.curve import LearningCurve
from armscost.learning.effects import (
    BreakEven,
    ProductionBreak,
    aggregate_total,
    breakeven_quantity,
    learning_lost_factor,
    production_break,
    rate_effect,
    theory_difference,
)
from armscost.learning.fit import LearningFit, LotForecast, fit_learning_curve, fit_plot_points
from armscost.learning.slopes import exponent_of_slope, slope_error, slope_of_exponent

__all__ = [
    "BreakEven",
    "LearningCurve",
    "LearningFit",
    "LotForecast",
    "ProductionBreak",
    "aggregate_total",
    "breakeven_quantity",
    "exponent_of_slope",
    "fit_learning_curve",
    "fit_plot_points",
    "learning_lost_factor",
    "production_break",
    "rate_effect",
    "slope_error",
    "slope_of_exponent",
    "theory_difference",
]
