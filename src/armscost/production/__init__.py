"""How fast units come: ramps, orders in a queue, the limit that binds, and rates in law."""

from __future__ import annotations

from armscost.production.fit import RampFit, fit_ramp
from armscost.production.queue import (
    Deliveries,
    Orders,
    deliveries,
    orders_from_money,
)
from armscost.production.ramps import GompertzRamp, LinearRamp, LogisticRamp, SteppedRamp
from armscost.production.rates import LittlesLaw, ProductionRates, littles_law

__all__ = [
    "Deliveries",
    "GompertzRamp",
    "LinearRamp",
    "LittlesLaw",
    "LogisticRamp",
    "Orders",
    "ProductionRates",
    "RampFit",
    "SteppedRamp",
    "deliveries",
    "fit_ramp",
    "littles_law",
    "orders_from_money",
]
