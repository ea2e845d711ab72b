"""Answers to published questions on output and unit cost, by the public functions alone."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np

from armscost.production import (
    GompertzRamp,
    LinearRamp,
    LogisticRamp,
    deliveries,
    littles_law,
)
from armscost.production.ramps import Ramp
from armscost.unit_cost import nunn_mccurdy, unit_cost_measures

Case = dict[str, Any]


def plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray) else value


def little(case: Case) -> Case:
    """Keys name their unit of time (lead_time_days, throughput_per_month), so does the answer."""
    period = next(
        (k.rsplit("_", 1)[1].rstrip("s") for k in case if k.startswith(("lead", "through"))), "day"
    )
    names = {
        "in_process": ("wip",),
        "throughput": (f"throughput_per_{period}", "throughput"),
        "lead_time": (f"lead_time_{period}s", "lead_time"),
    }
    given = {
        name: next((case[key] for key in keys if key in case), None) for name, keys in names.items()
    }
    law = littles_law(**given)
    answer = {key: plain(getattr(law, name)) for name, keys in names.items() for key in keys}
    horizon = case.get(f"horizon_{period}s")
    if horizon is not None:
        answer["completed"] = plain(np.asarray(law.throughput) * horizon)
    return answer


def ramp(make: Callable[..., Ramp], *names: str) -> Callable[[Case], Case]:
    def answer(case: Case) -> Case:
        made = make(*(case[name] for name in names))
        times = np.atleast_1d(case["t"]).tolist()
        upto = {t: made.cumulative(t) for t in {0, *times}}
        spans = {
            f"cumulative_{a:g}_{b:g}": upto[b] - upto[a] for a, b in combinations(sorted(upto), 2)
        }
        return {
            "rate": plain(made.rate(case["t"])),
            "cumulative": plain(made.cumulative(case["t"])),
            **spans,
        }

    return answer


def queue(case: Case) -> Case:
    line = deliveries(
        case["orders_per_month"], case["capacity_per_month"], case["lead_time_months"]
    )
    return {
        "deliveries": line.delivered.tolist(),
        "open_orders_after": line.open_orders.tolist(),
        "backlog_end": float(line.open_orders[-1]),
        "cumulative": line.arrived.tolist(),
        "limit": line.limit.tolist(),
    }


def apuc(case: Case) -> Case:
    measures = unit_cost_measures(
        {"procurement": case["procurement_cost"]}, procured=case["quantity"]
    )
    return {"apuc": measures.apuc}


def breach(case: Case) -> Case:
    found = nunn_mccurdy(
        case["estimate"],
        current_baseline=case["baseline_current"],
        original_baseline=case["baseline_original"],
    )
    return {
        "growth_current": found.growth_current,
        "growth_original": found.growth_original,
        "significant": found.significant,
        "critical": found.critical,
    }


TOPICS: dict[str, Callable[[Case], Case]] = {
    "unit_cost.apuc": apuc,
    "unit_cost.nunn_mccurdy": breach,
    "production.littles_law": little,
    "production.ramp_linear": ramp(LinearRamp, "start", "ceiling", "ramp_months"),
    "production.ramp_logistic": ramp(LogisticRamp, "ceiling", "midpoint", "growth"),
    "production.ramp_gompertz": ramp(GompertzRamp, "ceiling", "midpoint", "growth"),
    "production.deliveries": queue,
}
