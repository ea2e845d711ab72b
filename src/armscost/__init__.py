"""What weapon systems cost, how fast they are made, and what that compares to.

Everything listed in ``__all__`` is public and stays. Nothing is loaded until
it is used: ``import armscost`` brings in none of numpy, pandas, pint, scipy,
pyarrow or pydantic.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from armscost.comparison.capability import CostPerCapability as CostPerCapability
    from armscost.comparison.capability import cost_per_capability as cost_per_capability
    from armscost.comparison.chances import chance_cheaper as chance_cheaper
    from armscost.comparison.chances import chance_on_frontier as chance_on_frontier
    from armscost.comparison.efficiency import efficiency as efficiency
    from armscost.comparison.exchange import cost_exchange as cost_exchange
    from armscost.comparison.frontier import frontier as frontier
    from armscost.comparison.frontier import pareto as pareto
    from armscost.comparison.likeness import cost_ratio as cost_ratio
    from armscost.comparison.likeness import normalise_quantity as normalise_quantity
    from armscost.comparison.lots import priced_lots as priced_lots
    from armscost.comparison.measures import measures as measures
    from armscost.comparison.order_size import order_size_effect as order_size_effect
    from armscost.comparison.purchases import equal_budget as equal_budget
    from armscost.comparison.purchases import equal_effect as equal_effect
    from armscost.comparison.ranking import ahp_weights as ahp_weights
    from armscost.comparison.ranking import rank as rank
    from armscost.comparison.unit_price import Comparison as Comparison
    from armscost.comparison.unit_price import compare as compare
    from armscost.danish_model.answer import DanishModel as DanishModel
    from armscost.danish_model.answer import danish_model as danish_model
    from armscost.danish_model.backtest import backtest as backtest
    from armscost.danish_model.backtest import backtest_all as backtest_all
    from armscost.danish_model.industry import industry_gap as industry_gap
    from armscost.danish_model.lot_backtest import backtest_lots as backtest_lots
    from armscost.danish_model.price_gap import price_gap as price_gap
    from armscost.datasets import cite as cite
    from armscost.datasets import data_version as data_version
    from armscost.datasets import describe as describe
    from armscost.datasets import load as load
    from armscost.datasets import system as system
    from armscost.datasets import tables as tables
    from armscost.errors import ArmscostError as ArmscostError
    from armscost.errors import CurationError as CurationError
    from armscost.errors import MissingExtraError as MissingExtraError
    from armscost.errors import MixedPricesError as MixedPricesError
    from armscost.errors import NoRateError as NoRateError
    from armscost.errors import NotComparableError as NotComparableError
    from armscost.errors import OutsideEvidenceError as OutsideEvidenceError
    from armscost.errors import UnknownNameError as UnknownNameError
    from armscost.estimates import Estimate as Estimate
    from armscost.estimates import iman_conover as iman_conover
    from armscost.estimates import simulate as simulate
    from armscost.estimates import sobol as sobol
    from armscost.estimates import sum_of_estimates as sum_of_estimates
    from armscost.estimates import tornado as tornado
    from armscost.evidence.claims import check_claims as check_claims
    from armscost.evidence.conflicts import conflicts as conflicts
    from armscost.evidence.contributions import contribution_totals as contribution_totals
    from armscost.frames import rebase_file as rebase_file
    from armscost.frames import rebase_frame as rebase_frame
    from armscost.learning import BreakEven as BreakEven
    from armscost.learning import LearningCurve as LearningCurve
    from armscost.learning import LearningFit as LearningFit
    from armscost.learning import aggregate_total as aggregate_total
    from armscost.learning import breakeven_quantity as breakeven_quantity
    from armscost.learning import exponent_of_slope as exponent_of_slope
    from armscost.learning import fit_learning_curve as fit_learning_curve
    from armscost.learning import learning_lost_factor as learning_lost_factor
    from armscost.learning import production_break as production_break
    from armscost.learning import rate_effect as rate_effect
    from armscost.learning import slope_error as slope_error
    from armscost.learning import slope_of_exponent as slope_of_exponent
    from armscost.learning import theory_difference as theory_difference
    from armscost.prices import PriceBook as PriceBook
    from armscost.prices import constant_prices as constant_prices
    from armscost.prices import exchange_rate as exchange_rate
    from armscost.prices import outlay_weighted_index as outlay_weighted_index
    from armscost.prices import rebase as rebase
    from armscost.production import GompertzRamp as GompertzRamp
    from armscost.production import LinearRamp as LinearRamp
    from armscost.production import LogisticRamp as LogisticRamp
    from armscost.production import SteppedRamp as SteppedRamp
    from armscost.production import deliveries as deliveries
    from armscost.production import fit_ramp as fit_ramp
    from armscost.production import littles_law as littles_law
    from armscost.production import orders_from_money as orders_from_money
    from armscost.records import valid_admiralty as valid_admiralty
    from armscost.unit_cost import nunn_mccurdy as nunn_mccurdy
    from armscost.unit_cost import unit_cost_measures as unit_cost_measures
    from armscost.units import quantity as quantity

__version__ = "0.1.0"


class _Face(ModuleType):
    """This package; ``danish_model`` stays the function although a package below has its name.

    The import system writes every submodule into its parent's namespace, which would put the
    package ``armscost.danish_model`` in the function's place as soon as anything imports it.
    """

    @property
    def danish_model(self) -> Any:
        """The function; ``from armscost.danish_model import ...`` still reaches the package."""
        return importlib.import_module("armscost.danish_model.answer").danish_model

    @danish_model.setter
    def danish_model(self, module: ModuleType) -> None:
        """Leave the name to the function."""


sys.modules[__name__].__class__ = _Face

# Where each public name lives. One line here, one line above for type checkers,
# and a test holds the two together.
_HOME = {
    "armscost.comparison.capability": (
        "CostPerCapability",
        "cost_per_capability",
    ),
    "armscost.comparison.chances": (
        "chance_cheaper",
        "chance_on_frontier",
    ),
    "armscost.comparison.efficiency": ("efficiency",),
    "armscost.comparison.exchange": ("cost_exchange",),
    "armscost.comparison.frontier": (
        "frontier",
        "pareto",
    ),
    "armscost.comparison.likeness": (
        "cost_ratio",
        "normalise_quantity",
    ),
    "armscost.comparison.lots": ("priced_lots",),
    "armscost.comparison.measures": ("measures",),
    "armscost.comparison.order_size": ("order_size_effect",),
    "armscost.comparison.purchases": (
        "equal_budget",
        "equal_effect",
    ),
    "armscost.comparison.ranking": (
        "ahp_weights",
        "rank",
    ),
    "armscost.comparison.unit_price": (
        "Comparison",
        "compare",
    ),
    "armscost.danish_model.answer": (
        "DanishModel",
        "danish_model",
    ),
    "armscost.danish_model.backtest": (
        "backtest",
        "backtest_all",
    ),
    "armscost.danish_model.industry": ("industry_gap",),
    "armscost.danish_model.lot_backtest": ("backtest_lots",),
    "armscost.danish_model.price_gap": ("price_gap",),
    "armscost.datasets": (
        "cite",
        "data_version",
        "describe",
        "load",
        "system",
        "tables",
    ),
    "armscost.errors": (
        "ArmscostError",
        "CurationError",
        "MissingExtraError",
        "MixedPricesError",
        "NoRateError",
        "NotComparableError",
        "OutsideEvidenceError",
        "UnknownNameError",
    ),
    "armscost.estimates": (
        "Estimate",
        "iman_conover",
        "simulate",
        "sobol",
        "sum_of_estimates",
        "tornado",
    ),
    "armscost.evidence.claims": ("check_claims",),
    "armscost.evidence.conflicts": ("conflicts",),
    "armscost.evidence.contributions": ("contribution_totals",),
    "armscost.frames": (
        "rebase_file",
        "rebase_frame",
    ),
    "armscost.learning": (
        "BreakEven",
        "LearningCurve",
        "LearningFit",
        "aggregate_total",
        "breakeven_quantity",
        "exponent_of_slope",
        "fit_learning_curve",
        "learning_lost_factor",
        "production_break",
        "rate_effect",
        "slope_error",
        "slope_of_exponent",
        "theory_difference",
    ),
    "armscost.prices": (
        "PriceBook",
        "constant_prices",
        "exchange_rate",
        "outlay_weighted_index",
        "rebase",
    ),
    "armscost.production": (
        "GompertzRamp",
        "LinearRamp",
        "LogisticRamp",
        "SteppedRamp",
        "deliveries",
        "fit_ramp",
        "littles_law",
        "orders_from_money",
    ),
    "armscost.records": ("valid_admiralty",),
    "armscost.unit_cost": (
        "nunn_mccurdy",
        "unit_cost_measures",
    ),
    "armscost.units": ("quantity",),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = sorted(_MODULE_OF)


# Type checkers read the imports above; with this they would take every name for one of ours.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        module = _MODULE_OF.get(name)
        if module is None:
            raise AttributeError(f"module 'armscost' has no attribute {name!r}")
        value = getattr(importlib.import_module(module), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
