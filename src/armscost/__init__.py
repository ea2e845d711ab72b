"""What weapon systems cost, how fast they are made, and what that compares to.

Everything listed in ``__all__`` is public and stays. Nothing is loaded until
it is used: ``import armscost`` brings in none of numpy, pandas, pint, scipy,
pyarrow or pydantic.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from armscost.errors import ArmscostError as ArmscostError
    from armscost.errors import CurationError as CurationError
    from armscost.errors import MissingExtraError as MissingExtraError
    from armscost.errors import MixedPricesError as MixedPricesError
    from armscost.errors import NoRateError as NoRateError
    from armscost.errors import NotComparableError as NotComparableError
    from armscost.errors import OutsideEvidenceError as OutsideEvidenceError
    from armscost.errors import UnknownNameError as UnknownNameError

__version__ = "0.1.0"

# Where each public name lives. One line here, one line above for type checkers,
# and a test holds the two together.
_HOME = {
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
