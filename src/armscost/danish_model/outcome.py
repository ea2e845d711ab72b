"""What came of the money, as tables: a row a channel, a row a month, a row an input."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from armscost import datasets, units
from armscost.danish_model.flows import LIMITS, Flows, Line
from armscost.danish_model.inputs import Input
from armscost.errors import UnknownNameError


def summary(
    name: str, system: str, out: Flows, line: Line, own: dict[str, Input], calendar: pd.PeriodIndex
) -> dict[str, Any]:
    """The row of a channel: units, months, money, the limit, the share spent in Ukraine."""
    total = out.delivered.sum(axis=1)
    p10, p50, p90 = np.quantile(total, [0.1, 0.5, 0.9])
    ordered, spent = out.ordered.sum(axis=1), out.spent.sum(axis=1)
    price = np.where(ordered > 0, spent / np.maximum(ordered, 1), line.price)
    local = float(own["local_content"].estimate.quantile(0.5))
    arrived = np.median(np.cumsum(out.delivered, axis=1), axis=0)
    came = np.flatnonzero(np.diff(arrived, prepend=0.0) > 0)
    return {
        "channel": name,
        "system_id": system,
        "units_p10": p10,
        "units_p50": p50,
        "units_p90": p90,
        "units_ordered": float(np.median(ordered)),
        "units_capacity": float(np.median(np.minimum(line.capacity.sum(axis=1), line.stock))),
        "first_delivery": str(calendar[came[0]]) if len(came) else None,
        "last_delivery": str(calendar[came[-1]]) if len(came) else None,
        "unit_price": float(np.median(price)),
        "price_scope": own["price"].scope or "given",
        "money_spent": float(np.median(spent)),
        "money_unspent": float(np.median(out.unspent[:, -1])),
        "limit": _main_limit(out),
        "months_limited_by_capacity": float(np.median((out.limit == 2).sum(axis=1))),
        "share_in_ukraine": local,
        "money_in_ukraine": float(np.median(spent)) * local,
    }


def _main_limit(out: Flows) -> str:
    """The limit that binds most months of the draws, the wait for the first units apart."""
    counts = np.bincount(out.limit.ravel(), minlength=len(LIMITS))
    counts[LIMITS.index("lead_time")] = 0
    return LIMITS[int(counts.argmax())] if counts.any() else "lead_time"


def per_capability(system: str, measure: str, line: Line, to: str) -> dict[str, Any]:
    """Price over a published characteristic; missing where none is published."""
    table = datasets.shared_table("capabilities")
    if measure not in set(table["measure"]):
        raise UnknownNameError("measure", measure, table["measure"].unique())
    mine = table[(table["system_id"] == system) & (table["measure"] == measure)]
    values = mine[["value_low", "value", "value_high"]].to_numpy(float)
    unit = next(iter(mine["unit"].dropna()), "") if len(mine) else ""
    middle = float(np.nanmedian(values)) if np.isfinite(values).any() else float("nan")
    conditions = ", ".join(dict.fromkeys(mine["condition"].fillna("no shell or load named")))
    told = f"{measure} {middle:.4g} {unit}, median of {len(mine)} figure(s): {conditions}"
    return {
        "cost_per_capability": float(np.median(line.price)) / middle,
        "capability": told if len(mine) else f"no {measure} of {system} published",
        "capability_unit": f"{to}/{unit}" if unit else to,
    }


def schedule(
    answers: Mapping[str, Flows], calendar: pd.PeriodIndex, escalation: float | None, to: str
) -> pd.DataFrame:
    """The months of every channel, with the limit that binds most draws."""
    parts = []
    for name, out in answers.items():
        bands = {
            f"{what}_{label}": np.quantile(values, q, axis=0)
            for what, values in (
                ("deliveries", out.delivered),
                ("cumulative", np.cumsum(out.delivered, axis=1)),
            )
            for label, q in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9))
        }
        shares = np.stack([(out.limit == code).mean(axis=0) for code in range(len(LIMITS))])
        frame = pd.DataFrame(
            {
                "channel": name,
                "month": calendar.astype(str),
                "orders": np.median(out.ordered, axis=0),
                "spend": np.median(out.spent, axis=0),
                "unspent": np.median(out.unspent, axis=0),
                **bands,
                "backlog": np.median(out.backlog, axis=0),
                "limit": [LIMITS[code] for code in shares.argmax(axis=0)],
                "limit_share": shares.max(axis=0),
            }
        )
        if escalation is not None:
            year = units.price_unit(to)[1]
            ages = np.array([(month.year - year) + (month.month - 6.5) / 12 for month in calendar])
            frame["spend_then_year"] = frame["spend"] * (1 + escalation) ** ages
        parts.append(frame)
    return pd.concat(parts, ignore_index=True)


def trace(found: Mapping[str, dict[str, Input]]) -> pd.DataFrame:
    """Every input of every channel, with its line and its sources."""
    return pd.DataFrame(
        [
            {
                "channel": channel,
                "input": name,
                "line": one.line(name),
                "assumed": one.assumed,
                "sources": ", ".join(one.sources),
            }
            for channel, own in found.items()
            for name, one in own.items()
        ]
    )
