"""What came of the money, as tables: a row a channel, a row a month, a row an input."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from armscost import units
from armscost.comparison import measures
from armscost.danish_model.flows import LIMITS, Flows, Line
from armscost.danish_model.inputs import Input
from armscost.errors import OutsideEvidenceError, UnknownNameError
from armscost.results import records


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


def per_capability(
    asked: Mapping[str, str], measure: str, lines: Mapping[str, Line], to: str
) -> tuple[pd.DataFrame, list[str], pd.DataFrame]:
    """Price over a published characteristic, channel by channel, in one unit.

    The characteristic is taken under the one condition (shell, load) that the systems share, the
    one with the most figures. Where they share none, each has its own, and no rank follows.

    Returns:
        A row a channel: ``cost_per_capability`` (missing without a figure or a price),
        ``capability``, ``capability_unit``, ``rank_by_cost_per_capability``; what shaped it, one
        line each; and the figures not used.

    Raises:
        UnknownNameError: For an unknown measure.
    """
    systems = list(dict.fromkeys(asked.values()))
    if not isinstance(measure, str):
        raise UnknownNameError("measure", measure, measures.measures(), where="armscost.measures()")
    try:
        able = measures.capabilities(systems, measure)
    except OutsideEvidenceError as error:
        rows = [{"channel": name, "cost_per_capability": np.nan, "capability_unit": "",
                 "capability": f"no {measure} of {of} published",
                 "rank_by_cost_per_capability": np.nan} for name, of in asked.items()]  # fmt: skip
        left = pd.DataFrame({"figure": systems, "reason": str(error)})
        return pd.DataFrame(rows), [f"no cost per {measure}: {error}"], left
    figures = able.figures[able.figures["counted"]]
    figures = figures.assign(under=figures["condition"].fillna(measures.UNSTATED))
    shared, taken = _conditions(figures)
    unit = able.unit if able.unit.isidentifier() else f"({able.unit})"
    rows = []
    for name, of in asked.items():
        mine = figures[(figures["system_id"] == of) & (figures["under"] == taken.get(of))]
        middle = measures.ends(mine)["capability"] if len(mine) else float("nan")
        price = float(np.median(lines[name].price))
        told = f"{measure} {middle:.4g} {able.unit}, median of {len(mine)} figure(s): "
        rows.append(
            {
                "channel": name,
                "cost_per_capability": price / middle if price > 0 else float("nan"),
                "capability": told + _worded(taken[of]) if len(mine)
                else f"no {measure} of {of} published",
                "capability_unit": f"{to}/{unit}",
            }
        )  # fmt: skip
    table = pd.DataFrame(rows)
    table["rank_by_cost_per_capability"] = (
        table["cost_per_capability"].rank(method="min") if shared else np.nan
    )
    told = ", ".join(f"{of} {_worded(word)}" for of, word in taken.items())
    note = (
        f"cost per {measure}: {_worded(next(iter(taken.values())))}, the condition that the "
        "systems share"
        if shared
        else f"cost per {measure}: no condition is shared, so no rank by it: {told}"
    )
    unused = figures[figures["under"] != figures["system_id"].map(taken)]
    left = pd.DataFrame(
        {"figure": unused["capability_id"], "reason": "under another condition: " + unused["under"]}
    )
    return table, [note, *able.notes], pd.concat([able.left_out[["figure", "reason"]], left])


def _worded(condition: str) -> str:
    return "no condition stated" if condition == measures.UNSTATED else f"under {condition!r}"


def _conditions(figures: pd.DataFrame) -> tuple[bool, dict[str, str]]:
    """Whether the systems share a condition, and the one that is taken for each.

    A condition that matters and is not stated is like nothing, not even another such.
    """
    systems = list(dict.fromkeys(figures["system_id"]))
    counts = figures.groupby("under").size()
    # A stated condition before an unstated one; then the one with the most figures.
    order = sorted(counts.index, key=lambda word: (word == measures.UNSTATED, -counts[word], word))
    by_system = figures.groupby("system_id")["under"].agg(set)
    loose = set(figures.loc[figures["open"].astype(bool), "under"]) if len(systems) > 1 else set()
    for word in order:
        if word not in loose and all(word in by_system[name] for name in systems):
            return True, dict.fromkeys(systems, word)
    # None is: each takes one that most of the others have too, then the one with most figures.
    spread = figures.groupby("under")["system_id"].nunique()

    def last(word: str) -> tuple[bool, int, int, str]:
        return (word == measures.UNSTATED, -int(spread[word]), -int(counts[word]), word)

    return False, {name: min(by_system[name], key=last) for name in systems}


def left_out(found: Mapping[str, dict[str, Input]], capabilities: pd.DataFrame) -> pd.DataFrame:
    """Each figure not used, with the reason, and the channel and input that it is not used for."""
    rows = [
        {"figure": figure, "reason": reason, "channel": channel, "input": name}
        for channel, own in found.items()
        for name, one in own.items()
        for figure, reason in one.left_out
    ]
    rows += records(capabilities.assign(channel="all", input="measure"))
    return pd.DataFrame(rows, columns=["figure", "reason", "channel", "input"], dtype="str")


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
