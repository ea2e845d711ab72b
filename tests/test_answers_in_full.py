"""Each answer as a reader gets it, whole: table, assumptions, sources, left out, explanation.

The other tests say what must hold of an answer; these hold every word and number of some answers,
so that none changes unseen. After a change, read the difference (``git diff tests/__snapshots__``)
and keep it with ``pytest tests/test_answers_in_full.py --snapshot-update`` where it is meant.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

import armscost as ac
from armscost.results import Result

GUNS = ["bohdan", "archer", "zuzana-2"]
TO = "EUR_2024"
CAESAR = {
    "western_purchase": "caesar",
    "donation_from_stock": "pzh-2000",
    "co_production": "bohdan",
}
OPTIONS = pd.DataFrame(
    {"cost": [2.0, 3.0, 4.0, 5.0, 5.0, 9.0], "effect": [10.0, 9.0, 14.0, 20.0, 20.0, 21.0]},
    index=list("abcdef"),
)
MATRIX = pd.DataFrame(
    {"price": [2.3, 4.1, 5.0], "range": [42.0, 40.0, 41.0], "rate": [6.0, 6.0, 5.0]},
    index=["bohdan", "caesar", "zuzana-2"],
)
SENSES = {"price": "min", "range": "max", "rate": "max"}
WEIGHTS = {"price": 0.5, "range": 0.3, "rate": 0.2}
LOTS = pd.DataFrame(
    {
        "first_unit": [1, 11, 31, 61, 101, 161],
        "last_unit": [10, 30, 60, 100, 160, 240],
        "total_cost": [1000.0, 1620.0, 2150.0, 2580.0, 3590.0, 4480.0],
        "annual_quantity": [10, 20, 30, 40, 60, 80],
    }
)
CURVE = ac.LearningCurve(first_unit=100.0, slope=0.85, theory="crawford")
WRIGHT = ac.LearningCurve(
    first_unit=100.0, slope=0.9, theory="wright", prior_units=5, incompressible=0.25, plateau_at=400
)
PRICE = ac.Estimate(2.0, 2.3, 3.8, bounds="p10_p90", shape="lognormal", source="press")
COUNT = ac.Estimate(90, 120, 200, bounds="min_max", shape="pert", source="maker")
RATES = [0.5, 1.0, 2.0, 3.5, 6.0, 8.0, 9.0, 9.5, 10.0, 10.1]
MONTHS = ["2023-01", "2023-04", "2023-07", "2023-10", "2024-01", "2024-04", "2024-07", "2024-10"]
MONTHS += ["2025-01", "2025-04"]


def cost(price: Any, count: Any) -> Any:
    return price * count


ANSWERS: dict[str, Callable[[], Any]] = {
    "compare": lambda: ac.compare(["bohdan", "caesar"], TO),
    "compare pooled the other way": lambda: ac.compare(
        ["zuzana-2", "caesar"], "USD_2023", pool=True, order="exchange_then_deflate"
    ),
    "compare contracts at parities": lambda: ac.compare(
        ["caesar", "k9"], TO, basis="contract_price", rate="ppp"
    ),
    "cost ratio": lambda: ac.cost_ratio("zuzana-2", "archer", TO, pool=True),
    "cost per kilometre": lambda: ac.cost_per_capability(GUNS, "range_max", TO),
    "cost per first minute": lambda: ac.cost_per_capability(
        ["zuzana-2", "archer"], "rounds_first_minute", TO, pool=True
    ),
    "equal budget": lambda: ac.equal_budget(GUNS, "100 million EUR_2024"),
    "equal effect": lambda: ac.equal_effect(GUNS, 100, "range_max", TO),
    "chance cheaper": lambda: ac.chance_cheaper(["bohdan", "zuzana-2"], TO, times=2),
    "chance on the frontier": lambda: ac.chance_on_frontier(GUNS, "range_max", TO),
    "order size": lambda: ac.order_size_effect("self-propelled howitzer"),
    "lots in one price year": lambda: ac.priced_lots("sm6-aur", "USD_2024", index="defence"),
    "frontier": lambda: ac.frontier(OPTIONS),
    "pareto": lambda: ac.pareto(MATRIX, SENSES),
    "rank topsis": lambda: ac.rank(MATRIX, WEIGHTS, SENSES, normalisation="vector"),
    "rank weighted sum": lambda: ac.rank(
        MATRIX, WEIGHTS, SENSES, method="weighted_sum", normalisation="min_max"
    ),
    "ahp": lambda: ac.ahp_weights([[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]]),
    "efficiency": lambda: ac.efficiency(
        MATRIX[["price"]], MATRIX[["range", "rate"]], returns="variable", orientation="output"
    ),
    "cost exchange": lambda: ac.cost_exchange(
        ac.quantity("35000 USD_2024"),
        ac.quantity("1 million USD_2024"),
        0.8,
        2,
        defended_value=ac.quantity("50 million USD_2024"),
    ),
    "quantities brought together": lambda: ac.normalise_quantity(
        ac.quantity("2.3 million EUR_2024"),
        ac.quantity("4.1 million EUR_2024"),
        lot_a=(1, 18),
        lot_b=(300, 360),
        slope=(0.8, 0.95),
        theory="crawford",
    ),
    "danish model": lambda: ac.danish_model(
        "bohdan", "1 billion EUR_2025", start="2025-05", alternatives=CAESAR
    ),
    "danish model changed": lambda: ac.danish_model(
        "bohdan",
        "200 million EUR_2024",
        start="2024-07",
        months=12,
        alternatives={"donation_from_stock": "pzh-2000"},
        overrides={"price": "2.5 million EUR_2024", "capacity": "10/month"},
        spread="at_start",
        stock_value="zero",
        seed=2,
    ),
    "industry gap": lambda: ac.industry_gap(2025, {"danish_model": "1 billion EUR_2025"}),
    "back-test": lambda: ac.backtest("bohdan", until="2024-06"),
    "back-test of lots": lambda: ac.backtest_lots("sm6-aur"),
    "price gap": lambda: ac.price_gap(to=TO, pool=True),
    "claims": lambda: ac.check_claims(TO, claims=ac.load("claims").iloc[:4]),
    "conflicts": lambda: ac.conflicts(kind="sum"),
    "contributions": lambda: ac.contribution_totals("contributor", "EUR_2025"),
    "unit costs": lambda: ac.unit_cost_measures(
        {"recurring_production": 100.0, "nonrecurring_production": 10.0, "procurement": 150.0},
        procured=20,
        end_items=22,
    ),
    "breach": lambda: ac.nunn_mccurdy(130.0, current_baseline=110.0, original_baseline=100.0),
    "fit": lambda: ac.fit_learning_curve(LOTS, theory="crawford"),
    "fit with rate": lambda: ac.fit_learning_curve(LOTS, theory="wright", rate=True, method="mupe"),
    "curve": lambda: [
        CURVE,
        CURVE.unit(np.array([1, 2, 125])),
        CURVE.total(1, 125),
        CURVE.average(125),
        CURVE.midpoint(201, 500),
        CURVE.affordable(5_000, built=10),
    ],
    "curve with everything": lambda: [
        WRIGHT,
        WRIGHT.unit(np.array([1, 2, 399, 400, 401])),
        WRIGHT.total(1, 500),
        WRIGHT.average(500),
        WRIGHT.affordable(5_000, built=10),
    ],
    "effects of learning": lambda: [
        ac.production_break(CURVE, built=40, lost=0.3),
        ac.breakeven_quantity(
            CURVE,
            ac.LearningCurve(first_unit=150.0, slope=0.75, theory="crawford"),
            nonrecurring_a=0.0,
            nonrecurring_b=300.0,
        ),
        ac.theory_difference(1, 100, first_unit=100.0, slope=0.8),
        ac.slope_error(100, slope_used=0.8, slope_true=0.85),
        ac.rate_effect(2.0, rate_slope=0.9),
        ac.aggregate_total([CURVE, WRIGHT], 1, 50),
        ac.learning_lost_factor({"people": 0.6, "tools": 0.4}, {"people": 0.5, "tools": 0.1}),
    ],
    "ramp": lambda: ac.fit_ramp(MONTHS, RATES, shape="logistic"),
    "deliveries": lambda: ac.deliveries(
        [10, 0, 25, 5, 0, 0], [4, 4, 6, 8, 8, 8], 2, inputs={"barrels": [5, 5, 5, 5, 5, 5]}
    ),
    "orders from money": lambda: ac.orders_from_money([5.0, 5.0, 9.0], 4.0),
    "little's law": lambda: ac.littles_law(in_process=30.0, throughput=10.0),
    "simulation": lambda: ac.simulate(
        cost, {"price": PRICE, "count": COUNT}, draws=2048, correlation={("price", "count"): -0.3}
    ),
    "tornado": lambda: ac.tornado(cost, {"price": PRICE, "count": COUNT}),
    "sobol": lambda: ac.sobol(cost, {"price": PRICE, "count": COUNT}, base_samples=512),
    "sum of estimates": lambda: ac.sum_of_estimates([PRICE, PRICE, PRICE], correlation=0.25),
    "estimates": lambda: [
        [e, e.mean, e.sd, e.quantile(np.array([0.1, 0.5, 0.8]))] for e in (PRICE, COUNT)
    ],
    "rebase": lambda: ac.rebase("2.3 million UAH_2019", TO, explain=True),
    "rebase on a day": lambda: ac.rebase(
        "5 million USD_2022", TO, order="exchange_then_deflate", date="2022-07-11", explain=True
    ),
    "rates": lambda: [
        ac.exchange_rate("GBP", "EUR", on="2025-04-13"),
        ac.exchange_rate("UAH", "USD", on=2024),
    ],
    "rows": lambda: ac.rebase_frame(
        pd.DataFrame(
            {
                "amount": [1.0, 2.0, 3.0, np.nan, 5.0, 6.0],
                "currency": ["EUR", "usd", "UAH", "EUR", "XYZ", None],
                "price_year": [2015, 2019, 2021, 2020, 2020, 1914],
            }
        ),
        TO,
        missing="keep",
        explain=True,
    ),
    "days": lambda: ac.rebase_frame(
        pd.DataFrame(
            {
                "amount": [1.0, 2.0, 3.0],
                "currency": ["USD", "SEK", "EUR"],
                "day": ["2022-07-10", "2023-01-02", "2024-02-30"],
            }
        ),
        TO,
        date="day",
        order="exchange_then_deflate",
        missing="keep",
        explain=True,
    ),
    "tables described": lambda: [ac.describe(name) for name in ac.tables()],
    "a system": lambda: ac.system("m777"),
    "cited": lambda: [
        ac.cite(["re-russia-2025-04", "danish-fmi-caesar-2017-05"], style=style)
        for style in ("text", "bibtex")
    ],
    "measures": lambda: ac.measures(),
}


class Text(SingleFileSnapshotExtension):
    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.mark.parametrize("name", ANSWERS)
def test_the_whole_answer_is_the_one_that_was_read(name, snapshot):
    assert told(ANSWERS[name]()) == snapshot(extension_class=Text)


def told(answer: Any) -> str:
    """Anything an answer is made of, as lines of text; numbers to five digits."""
    if isinstance(answer, Result):
        # What the trace holds, the explanation tells.
        parts = [part for part in dataclasses.fields(answer) if part.name != "trace"]
        lines = [f"== {part.name}\n{told(getattr(answer, part.name))}" for part in parts]
        return "\n".join([*lines, "== explain", str(answer.explain())])
    if isinstance(answer, pd.DataFrame):
        return answer.map(told).to_csv(sep="|", index=not isinstance(answer.index, pd.RangeIndex))
    if isinstance(answer, pd.Series):
        return told(answer.to_frame())
    if dataclasses.is_dataclass(answer) and not isinstance(answer, type):
        parts = [f"{part.name}={told(getattr(answer, part.name))}" for part in _shown(answer)]
        return f"{type(answer).__name__}({', '.join(parts)})"
    if isinstance(answer, Mapping):
        return "\n".join(f"{told(key)}: {told(value)}" for key, value in answer.items())
    if isinstance(answer, list | tuple):
        return "\n".join(map(told, answer))
    if isinstance(answer, np.ndarray):
        shown = np.quantile(answer, [0, 0.1, 0.5, 0.9, 1], axis=0) if answer.size > 100 else answer
        return f"{answer.shape} " + " ".join(told(value) for value in shown.ravel()[:100].tolist())
    if hasattr(answer, "magnitude"):
        return f"{told(answer.magnitude)} {answer.units}"
    if isinstance(answer, float):
        return "" if math.isnan(answer) else f"{answer:.5g}"
    return str(answer)


def _shown(answer: Any) -> list[Any]:
    return [part for part in dataclasses.fields(answer) if part.repr]
