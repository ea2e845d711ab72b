"""What weapon systems cost, how fast they are made, and what that compares to.

Everything listed in ``__all__`` is public and stays. Nothing is loaded until
it is used: ``import armscost`` brings in none of numpy, pandas, pint, scipy,
pyarrow or pydantic.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from armscost.comparison.efficiency import efficiency as efficiency
    from armscost.comparison.exchange import cost_exchange as cost_exchange
    from armscost.comparison.frontier import frontier as frontier
    from armscost.comparison.frontier import pareto as pareto
    from armscost.comparison.ranking import ahp_weights as ahp_weights
    from armscost.comparison.ranking import rank as rank
    from armscost.comparison.unit_price import Comparison as Comparison
    from armscost.comparison.unit_price import compare as compare
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
    from armscost.prices import PriceBook as PriceBook
    from armscost.prices import constant_prices as constant_prices
    from armscost.prices import exchange_rate as exchange_rate
    from armscost.prices import outlay_weighted_index as outlay_weighted_index
    from armscost.prices import rebase as rebase
    from armscost.records import valid_admiralty as valid_admiralty
    from armscost.units import quantity as quantity

__version__ = "0.1.0"

# Where each public name lives. One line here, one line above for type checkers,
# and a test holds the two together.
_HOME = {
    "armscost.comparison.efficiency": ("efficiency",),
    "armscost.comparison.exchange": ("cost_exchange",),
    "armscost.comparison.frontier": (
        "frontier",
        "pareto",
    ),
    "armscost.comparison.ranking": (
        "ahp_weights",
        "rank",
    ),
    "armscost.comparison.unit_price": (
        "Comparison",
        "compare",
    ),
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
    "armscost.prices": (
        "PriceBook",
        "constant_prices",
        "exchange_rate",
        "outlay_weighted_index",
        "rebase",
    ),
    "armscost.records": ("valid_admiralty",),
    "armscost.units": ("quantity",),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = sorted(_MODULE_OF)


def __getattr__(name: str) -> Any:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module 'armscost' has no attribute {name!r}")
    value = getattr(importlib.import_module(module), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
