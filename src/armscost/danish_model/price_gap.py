"""How much of a price gap wages, the price level and local content explain, and what is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from armscost import datasets, units
from armscost.comparison.unit_price import compare, systems_named
from armscost.danish_model import inputs as tables
from armscost.danish_model.inputs import Input
from armscost.danish_model.outlook import Floats
from armscost.danish_model.overrides import money
from armscost.danish_model.wage_gap import (
    as_estimate,
    local_content,
    price_level,
    sources_of,
    wage_ratio,
)
from armscost.errors import NotComparableError, OutsideEvidenceError, chosen
from armscost.estimates import Estimate, simulate, tornado
from armscost.results import Result, records

STEPS = ("wages", "price_level", "local_content")
# No source gives the labour share of the cost of arms; see the assumptions of the answer.
LABOUR_SHARE = Estimate.uniform(0.2, 0.5)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class PriceGap(Result):
    """A price gap, step by step; the table goes from the other system's price to this one's.

    Attributes:
        unit: Currency and price year.
        unexplained: The share of the gap that no step explains, at the best values.
        sensitivity: Which input moves the unexplained sum most, widest first; see
            :func:`armscost.tornado`.
        by_labour_share: The shares at labour shares from the low end to the high end.
    """

    unit: str
    unexplained: float
    sensitivity: pd.DataFrame
    by_labour_share: pd.DataFrame

    def chart(self) -> Any:
        """The gap as a waterfall; what stays unexplained is hollow."""
        from armscost import charts

        rows = self.table[["step", "kind", "amount", "low", "high", "note"]].copy()
        # The band is of draws, and may lie beside the best value.
        rows["low"] = rows[["low", "amount"]].min(axis=1)
        rows["high"] = rows[["high", "amount"]].max(axis=1)
        return charts.gap(rows, self.unit, title=self.title)


def price_gap(
    system: str = "bohdan",
    against: str = "caesar",
    *,
    to: str,
    labour_share: Any = None,
    wage: Any = None,
    level: Any = None,
    domestic_share: Any = None,
    costs: Mapping[str, Any] | None = None,
    pool: bool = False,
    draws: int = 8192,
    seed: int = 1,
) -> PriceGap:
    """Split the gap between two prices into wages, price level, local content and the rest.

    The same item made in the first system's economy would cost, in units of what it costs in
    the other's, R = d (l w + (1 - l) p) + (1 - d), where w is the wage ratio, p the price level
    ratio, l the labour share and d the domestic share: labour is paid at home wages, other
    domestic cost at home prices, imported parts at the other's. Each step is its Shapley value
    in ln R: its mean effect over every order in which the three are switched on (Shapley 1953;
    for decompositions Shorrocks 2013), so that no order is favoured. ln(price / other price) is
    the sum of the steps and what stays unexplained. Sums of money are those logs times the
    logarithmic mean of the two prices, and so add up to the gap.

    Limits: a price level already contains wages of services; one wage ratio stands for all
    skills; equal labour productivity is assumed; design, quality, margins, order size, subsidy
    and price control are in the unexplained rest. Shares may exceed 100 % or be negative: a step
    may explain more than the whole gap, and another take it back.

    Args:
        system: The cheaper system, as a rule; made in the economy of its record.
        against: The system it is compared with.
        to: Currency and price year, for example ``"EUR_2024"``.
        labour_share: Share of labour in cost, a number or an Estimate. It was not found
            published for arms; by default 0.2 to 0.5, a marked assumption.
        wage: Wage ratio, a number or an Estimate; by default labour cost an hour as published.
        level: Price level ratio; by default parities over market rates of the year of ``to``.
        domestic_share: Share of the system made at home, 0 to 1; by default as published.
        costs: Prices of your own by system: text, Quantity, or Estimate of Quantities.
        pool: Take the best supported price of each even where their kinds are unlike; the
            answer says what was put together.
        draws: Draws for the ranges.
        seed: The same seed gives the same ranges.

    Returns:
        A :class:`PriceGap`; ``.table`` has ``step``, ``kind`` (total, part, unexplained),
        ``amount`` in ``to``, ``low`` and ``high`` (p10, p90), ``share`` of the gap with
        ``share_low``, ``share_high``, ``factor`` (what the step alone multiplies the price by)
        and ``note``.

    Raises:
        NotComparableError: Where no prices of a kind are common to both (see ``pool``).
        OutsideEvidenceError: For shares outside 0 to 1, equal prices, or inputs not found.
        UnknownNameError: For an unknown system.

    Example:
        >>> gap = price_gap("bohdan", "caesar", to="EUR_2024", pool=True)
        >>> parts = gap.table[gap.table["kind"] != "total"]
        >>> round(float(parts["share"].sum()), 9)
        1.0
    """
    systems_named([system, against])
    year = units.price_unit(to)[1]
    home, other = (_economy(name, wage, level) for name in (system, against))
    own, base, unlike = _prices(system, against, to, costs or {}, pool)
    found = {
        "labour_share": _labour(labour_share),
        "wage_ratio": _given("wage", wage, np.inf) or wage_ratio(home, other, year),
        "price_level": _given("level", level, np.inf) or price_level(home, other, year),
        "domestic_share": _given("domestic_share", domestic_share, 1.0)
        or local_content(tables.domestic_share(system), home),
        "price": own,
        "against": base,
    }
    if own.estimate.best_value == base.estimate.best_value:
        raise OutsideEvidenceError(
            f"{system} and {against} both cost {own.estimate.best_value:,.0f} {to}: no gap to split"
        )
    estimates = {name: one.estimate for name, one in found.items()}
    run = simulate(split, estimates, draws=draws, seed=seed)
    table = _table(system, against, found, run)
    uncertain = any(e.low != e.high for e in estimates.values())
    return PriceGap(
        title=f"Why {system} costs other than {against}, {to}",
        table=table,
        assumptions=[
            *(["pooled: the two prices are of unlike kinds, as told with each"] if unlike else []),
            *(one.line(name.replace("_", " ")) for name, one in found.items()),
            "a cost is labour at home wages, other domestic cost at the home price level, and "
            "imported parts at the other's prices; each step is its Shapley value in logs",
            "shares may exceed 100 % or be negative; low and high are p10 and p90 of "
            f"{draws} draws, inputs independent, seed {seed}",
            f"data version {datasets.data_version()}",
        ],
        sources=sorted(set(sources_of(*found.values()))),
        trace=_trace(found),
        unit=to,
        unexplained=float(table.loc[table["kind"] == "unexplained", "share"].iloc[0]),
        sensitivity=tornado(split, estimates, output="unexplained").table
        if uncertain
        else pd.DataFrame(),
        by_labour_share=_by_labour_share(estimates),
    )


def split(
    labour_share: Any,
    wage_ratio: Any,
    price_level: Any,
    domestic_share: Any,
    price: Any,
    against: Any,
) -> dict[str, Any]:
    """The steps of the gap in money, in logs (``ln_…``) and as shares (``share_…``).

    Arrays in, arrays out. The steps and ``unexplained`` add up to ``price`` less ``against``,
    their logs to ln(price / against), their shares to 1.

    Example:
        >>> parts = split(0.4, 0.5, 1.0, 1.0, 80.0, 100.0)
        >>> round(float(parts["wages"]), 6), round(float(parts["unexplained"]), 6)
        (-20.0, 0.0)
    """
    labour, imports = np.asarray(labour_share, float), 1 - np.asarray(domestic_share, float)

    def log_cost(on: frozenset[str]) -> Floats:
        wages = np.asarray(wage_ratio, float) if "wages" in on else 1.0
        level = np.asarray(price_level, float) if "price_level" in on else 1.0
        abroad = imports if "local_content" in on else 0.0
        home = labour * wages + (1 - labour) * level
        return np.asarray(np.log((1 - abroad) * home + abroad))

    logs = {step: _shapley(step, log_cost) for step in STEPS}
    ratio = np.log(np.asarray(price, float) / np.asarray(against, float))
    logs["unexplained"] = ratio - sum(logs.values())
    gap = np.asarray(price, float) - np.asarray(against, float)
    equal = np.abs(ratio) < 1e-12
    mean = np.where(equal, against, gap / np.where(equal, 1.0, ratio))
    safe = np.where(equal, np.copysign(1e-12, ratio), ratio)
    parts = {step: log * mean for step, log in logs.items()}
    parts |= {f"ln_{step}": log for step, log in logs.items()}
    return parts | {f"share_{step}": log / safe for step, log in logs.items()}


def _shapley(step: str, value: Any) -> Any:
    """The mean effect of one step over every order of the three."""
    others = [name for name in STEPS if name != step]
    weights = {0: 1 / 3, 1: 1 / 6, 2: 1 / 3}
    return sum(
        weights[size] * (value(frozenset((*group, step))) - value(frozenset(group)))
        for size in weights
        for group in combinations(others, size)
    )


# --------------------------------------------------------------------------------------
# Inputs
# --------------------------------------------------------------------------------------


def _economy(system: str, *given: Any) -> str:
    country = datasets.system(system).country
    if country is None and any(value is None for value in given):
        raise OutsideEvidenceError(
            f"{system} is of no one country; give wage and level, and domestic_share"
        )
    return country or "its economy"


def _labour(value: Any) -> Input:
    if value is None:
        told = "the labour share of the cost of arms was not found published"
        return Input(LABOUR_SHARE, "of cost", told, assumed=True)
    return Input(as_estimate("labour_share", value, most=1.0), "of cost", "given by the caller")


def _given(name: str, value: Any, most: float) -> Input | None:
    if value is None:
        return None
    return Input(as_estimate(name, value, most=most), "", "given by the caller")


def _prices(
    system: str, against: str, to: str, costs: Mapping[str, Any], pool: bool
) -> tuple[Input, Input, bool]:
    """The two prices: given, else of one kind, else the best supported if told to pool.

    The last is whether they are of unlike kinds.
    """
    if not isinstance(costs, Mapping):
        raise OutsideEvidenceError(f"costs is {costs!r}; write system to price")
    for name in costs:
        chosen("system in this gap", name, [system, against])
    if system in costs and against in costs:
        return _own(system, costs[system], to), _own(against, costs[against], to), False
    if costs:
        missing = against if system in costs else system
        raise OutsideEvidenceError(f"costs has no price of {missing}; give both or none")
    alike = _alike(system, against, to)
    if alike is not None:
        return (*alike, False)
    one, other = tables.price(system, to), tables.price(against, to)
    if pool:
        return one, other, True
    raise NotComparableError(
        f"no prices of one kind for both; the best supported: {system} {one.told}; {against} "
        f"{other.told}; say pool=True to set these against each other, or give both in costs "
        "(all: armscost compare)"
    )


def _alike(system: str, against: str, to: str) -> tuple[Input, Input] | None:
    """Prices of new items of one kind, scope and item, the first kind that both have."""
    if system == against:
        raise OutsideEvidenceError(f"{system} against itself has no gap")
    answer = compare([against, system], to=to, condition="new")
    rows = answer.table[(answer.table["system_id"] == system) & answer.table["ratio"].notna()]
    for row in records(rows):
        kind = {k: row[k] for k in ("cost_basis", "scope", "condition", "per")}
        same = answer.table
        for name, word in kind.items():
            same = same[same[name] == word]
        found = []
        for name in (system, against):
            mine = records(same[same["system_id"] == name])[0]
            told = f"{row['cost_basis']}, scope {row['scope']}, {mine['n_facts']} fact(s), median"
            figures = answer.trace[answer.trace["system_id"] == name]
            figures = figures[(figures[list(kind)] == pd.Series(kind)).all(axis=1)]
            ends = tables.assumption(mine["low"], mine["median"], mine["high"], to, told).estimate
            found.append(Input(ends, to, told, tuple(sorted(figures["source_id"].unique()))))
        return found[0], found[1]
    return None


def _own(name: str, value: Any, to: str) -> Input:
    what = f"the price of {name}"
    own = as_estimate(what, money(what, value, to, {}), most=np.inf)
    return Input(own, to, "given by the caller")


# --------------------------------------------------------------------------------------
# Tables
# --------------------------------------------------------------------------------------


def _table(system: str, against: str, found: dict[str, Input], run: Any) -> pd.DataFrame:
    notes = {
        "wages": f"an hour of labour costs {found['wage_ratio'].estimate.best_value:.2f} of theirs",
        "price_level": "other domestic cost at "
        f"{found['price_level'].estimate.best_value:.2f} of their prices",
        "local_content": f"{found['domestic_share'].estimate.best_value:.0%} made at home; "
        "imported parts cost what they cost there",
        "unexplained": "design, quality, margin, order size, productivity, and errors of the rest",
    }

    def row(step: str, kind: str, name: str) -> dict[str, Any]:
        drawn, share = run.outputs[name], run.outputs[f"share_{name}"]
        return {
            "step": step,
            "kind": kind,
            "amount": run.points[name],
            "low": float(np.quantile(drawn, 0.1)),
            "high": float(np.quantile(drawn, 0.9)),
            "share": run.points[f"share_{name}"],
            "share_low": float(np.quantile(share, 0.1)),
            "share_high": float(np.quantile(share, 0.9)),
            "factor": float(np.exp(run.points[f"ln_{name}"])),
            "note": notes[name],
        }

    def total(name: str, one: Input) -> dict[str, Any]:
        ends = one.estimate.distribution.quantile(np.array([0.1, 0.9]))
        best = one.estimate.best_value
        return {"step": name, "kind": "total", "amount": best, "low": float(ends[0]),
                "high": float(ends[1]), "note": one.told}  # fmt: skip

    rows = [
        total(against, found["against"]),
        *(row(step.replace("_", " "), "part", step) for step in STEPS),
        row("unexplained", "unexplained", "unexplained"),
        total(system, found["price"]),
    ]
    columns = ["step", "kind", "amount", "low", "high", "share", "share_low", "share_high",
               "factor", "note"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _by_labour_share(estimates: dict[str, Estimate]) -> pd.DataFrame:
    """The shares of the gap at labour shares from the low end to the high, others at best."""
    labour = estimates["labour_share"]
    at = np.unique(np.linspace(float(labour.low), float(labour.high), 7))
    rest = {n: np.full(at.size, e.best_value) for n, e in estimates.items() if n != "labour_share"}
    parts = split(labour_share=at, **rest)
    names = [*STEPS, "unexplained"]
    return pd.DataFrame({"labour_share": at} | {name: parts[f"share_{name}"] for name in names})


def _trace(found: dict[str, Input]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "input": name,
                "low": float(one.estimate.low),
                "best": one.estimate.best_value,
                "high": float(one.estimate.high),
                "unit": one.unit,
                "from": one.told,
                "assumed": one.assumed,
            }
            for name, one in found.items()
        ]
    )
