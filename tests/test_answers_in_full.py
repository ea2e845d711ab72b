"""Each answer as a reader gets it, whole: table, assumptions, sources, left out, explanation.

The other tests say what must hold of an answer; these hold every word and number of some answers,
so that none changes unseen. After a change, read the difference (``git diff tests/__snapshots__``)
and keep it with ``pytest tests/test_answers_in_full.py --snapshot-update`` where it is meant.
"""

from __future__ import annotations

import dataclasses
import math
import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

import armscost as ac
from armscost import prices
from armscost.comparison.measures import capabilities
from armscost.danish_model.history import observations
from armscost.estimates import (
    correlation_understatement,
    nearest_correlation,
    settle_correlation,
)
from armscost.learning import fit_plot_points
from armscost.production import ProductionRates
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
NEAR = pd.DataFrame(
    {"price": [2.3, 4.1, 5.0, 2.9], "range": [30.0, 40.0, 45.0, 41.0], "rate": [6, 7, 5, 5]},
    index=list("abcd"),
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
POINTS = pd.DataFrame({"unit": [1.0, 2.5, 4.0, 9.0], "cost": [100.0, 78.0, 66.0, 49.0]})
BEYOND = [[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]]
AHEAD = np.array([0.0, 1.0, 3.0, 6.5, 24.0])
SHAPE = {"prior_units": 3, "incompressible": 0.1, "plateau_at": 40}
FLAT = ac.LearningCurve(first_unit=100.0, slope=0.5, theory="crawford")
CURVE = ac.LearningCurve(first_unit=100.0, slope=0.85, theory="crawford")
WRIGHT = ac.LearningCurve(
    first_unit=100.0, slope=0.9, theory="wright", prior_units=5, incompressible=0.25, plateau_at=400
)
PRICE = ac.Estimate(2.0, 2.3, 3.8, bounds="p10_p90", shape="lognormal", source="press")
COUNT = ac.Estimate(90, 120, 200, bounds="min_max", shape="pert", source="maker")
RATES = [0.5, 1.0, 2.0, 3.5, 6.0, 8.0, 9.0, 9.5, 10.0, 10.1]
MONTHS = ["2023-01", "2023-04", "2023-07", "2023-10", "2024-01", "2024-04", "2024-07", "2024-10"]
MONTHS += ["2025-01", "2025-04"]


ROWS = pd.DataFrame(
    {
        "amount": [1.0, 2.0, 3.0, np.nan, 5.0, 6.0, 7.0, -8.0],
        "currency": ["EUR", "usd", "UAH", "EUR", "XYZ", None, "DKK", "SEK"],
        "price_year": [2015, 2019, 2021, 2020, 2020, 1914, 2030, 2022],
        "where": ["FRA", "USA", "UKR", "FRA", "FRA", "FRA", "Mars", None],
        "day": [
            *("2015-03-01", "2019-12-25", "2021-06-31", "2020-02-29"),
            *("2020-01-01", None, "2030-01-01", "2022-07-11"),
        ],
    }
)
DATED = pd.DataFrame(
    {
        "amount": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
        "currency": ["UAH", "UAH", "UAH", "USD", "USD", "EUR"],
        "day": pd.to_datetime(
            ["2025-05-21", "2025-05-22", "2025-05-29", "2024-01-06", "2035-01-01", None]
        ),
    }
)
KINDS: dict[str, Callable[[pd.DataFrame], Any]] = {
    "pandas": lambda rows: rows,
    "polars": pl.DataFrame,
    "polars, lazily": lambda rows: pl.DataFrame(rows).lazy(),
    "arrow": pa.Table.from_pandas,
    "duckdb": lambda rows: duckdb.from_arrow(pa.Table.from_pandas(rows)),
}


def in_files(name: str, to: str = TO, **options: Any) -> list[Any]:
    """What is written where such a file is read, and what is said of it."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder, name), Path(folder, f"out.{name.partition('.')[2]}")
        ROWS.to_csv(source, index=False) if "csv" in name else ROWS.to_parquet(source)
        said = ac.rebase_file(source, out, to, missing="keep", **options)
        rows = pd.read_csv(out) if "csv" in name else pd.read_parquet(out)
        return [name, dataclasses.replace(said, path=Path(name)), rows]


def misfits(figures: pd.DataFrame) -> pd.DataFrame:
    """Figures of an industry, some of them in a unit, or of a year, that cannot be read."""
    mine = figures[(figures["area"] == "UKR") & figures["period"].str.startswith("2025")].copy()
    share = mine["unit"] == "percent"
    mine.loc[mine.index[share][::2], "unit"] = "share of ten"
    mine.loc[mine.index[~share][::3], "unit"] = "drone"
    mine.loc[mine.index[1::5], "period"] = None
    return mine


def spoilt(table: str, system: str, **changes: Any) -> pd.DataFrame:
    """The rows of a system, each with one cell spoilt in turn, and all of them as they were."""
    column = "series_id" if table == "learning_lots" else "system_id"
    mine = ac.load(table).astype(object)
    mine = mine[mine[column] == system]
    rows = []
    for (name, value), (_, row) in zip(changes.items(), mine.iloc[::-1].iterrows(), strict=False):
        row[mine.columns[0]] = f"spoilt-{name}"
        row[name] = value
        rows.append(row)
    return pd.concat([mine, pd.DataFrame(rows)], ignore_index=True)


def claim(subject: str, relation: str, other: str, **more: Any) -> dict[str, Any]:
    """A claim of nobody's, in the columns of the table."""
    name = f"{subject}-{relation}-{other}".replace("_", "-")
    return {
        "claim_id": name, "fact_id": name,
        "subject_id": subject, "relation": relation, "object_id": other, "ratio": 2.0,
        "stated_on": "2024-06", "source_id": "re-russia-2025-04", "credibility": 6,
        "qualifier": "about", "statement": "Said for a test.", **more,
    }  # fmt: skip


def picture(answer: Any) -> list[Any]:
    """What a picture of an answer shows: its title, its words, its rows."""
    spec = answer.chart().to_dict()
    rows = [pd.DataFrame(rows) for rows in spec["datasets"].values()]
    return [spec["title"]["text"], spec["description"], *sorted(rows, key=len)]


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
    "compare everything": lambda: ac.compare(sorted(ac.load("systems")["system_id"]), TO),
    "compare what there is": lambda: ac.compare(
        ["bohdan", "caesar", "piorun", "fpv-drone-ukraine"],
        TO,
        basis=["contract_price", "flyaway"],
        condition="new",
    ),
    "compare what is used": lambda: ac.compare(
        ["caesar", "pzh-2000", "zuzana-2"], TO, scope=["item_only", "programme"], condition="new"
    ),
    "cost ratio of packages": lambda: ac.cost_ratio(
        "caesar", "k9", TO, basis="contract_price", pool=True
    ),
    "cost of a range under conditions": lambda: [
        ac.cost_per_capability(GUNS, "range_max", TO, under=["unstated", "standard shell"]),
        ac.cost_per_capability(
            [*GUNS, "caesar"],
            "range_max",
            TO,
            alike=["standard shell", "unassisted shell", "unstated"],
            pool=True,
        ),
        ac.cost_per_capability(GUNS, "crew", TO, pool=True),
        ac.cost_per_capability(GUNS, "range_max_per_crew_member", TO, pool=True),
        ac.cost_per_capability(GUNS, "rounds_first_minute_per_crew_member", TO, pool=True),
    ],
    "measures of guns": lambda: [
        capabilities(["caesar", "zuzana-2", "pzh-2000"], measure)
        for measure in ("crew", "range_max", "rounds_first_minute", "rate_of_fire_burst")
    ],
    "order size otherwise": lambda: [
        ac.order_size_effect("self-propelled howitzer", "USD_2022", confidence=0.8),
        ac.order_size_effect("self-propelled howitzer", basis=["contract_price", "press_claim"]),
        ac.order_size_effect("tank", index="gdp_deflator"),
    ],
    "equal effect in money": lambda: ac.equal_effect(
        ["zuzana-2", "archer"], 2, "rounds_first_minute", TO, draws=512, seed=2, pool=True
    ),
    "chances otherwise": lambda: [
        ac.chance_cheaper(GUNS, TO, times=1.5, draws=512, seed=4, pool=True),
        ac.chance_on_frontier([*GUNS, "caesar"], "range_max", TO, draws=512, seed=2, pool=True),
    ],
    "frontier in money": lambda: [
        ac.frontier(
            pd.DataFrame(
                {
                    "price": [ac.quantity(x, "EUR_2024") for x in (2.0, 3.0, 3.0, 7.0)],
                    "reach": [4, 5, 3, 6],
                }
            ),
            cost="price",
            effect="reach",
        ),
        ac.pareto([[1.0, 2.0], [2.0, 3.0], [4.0, 3.0]], ["min", "max"]),
    ],
    "rankings": lambda: [
        ac.rank(MATRIX, weights, SENSES, method=method, normalisation=normalisation)
        for method in ("topsis", "weighted_sum")
        for normalisation in ("vector", "min_max", "sum", "none")
        for weights in (WEIGHTS, [1, 1, 3])
    ],
    "rankings tried": lambda: (
        [
            ac.rank(
                MATRIX, WEIGHTS, SENSES, method=method, normalisation="vector"
            ).weight_sensitivity(20)
            for method in ("topsis", "weighted_sum")
        ]
        + [ac.rank(MATRIX, [1, 0, 0], SENSES, normalisation="sum").weight_sensitivity(5)]
        + [ac.rank(MATRIX, [1, 1, 1], SENSES, normalisation="sum").weight_sensitivity(1)]
        + [ac.rank(NEAR, [2, 1, 1], SENSES, "weighted_sum", normalisation="min_max")]
        + [ac.rank(NEAR, [2, 1, 1], SENSES, normalisation="vector").weight_sensitivity()]
    ),
    "ahp by means": lambda: [
        ac.ahp_weights([[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]], method="geometric_mean"),
        ac.ahp_weights([[1, 9, 1], [1 / 9, 1, 5], [1, 1 / 5, 1]], random_index=0.5),
        ac.ahp_weights([[1, 3], [1 / 3, 1]]),
    ],
    "efficiencies": lambda: [
        ac.efficiency(inputs, outputs, returns=returns, orientation=orientation)
        for inputs, outputs in ((MATRIX[["price", "rate"]], MATRIX[["range"]]),)
        for returns in ("constant", "variable")
        for orientation in ("input", "output")
    ],
    "cost exchanges": lambda: (
        [
            ac.cost_exchange(1.0, 4.0, 0.5, 3, rule=rule, defended_value=value)
            for rule in ("fixed_salvo", "shoot_look_shoot")
            for value in (None, 20.0)
        ]
        + [ac.cost_exchange(1.0, 4.0, 1.0, attacker_basis="a", defender_basis="b", pool=True)]
    ),
    "quantities at a lot": lambda: ac.normalise_quantity(
        2.3, 4.1, lot_a=(1, 18), lot_b=(300, 360), slope=0.9, theory="wright", at=(100, 150), seed=3
    ),
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
    "claims in full": lambda: ac.check_claims(),
    "claims at other bounds": lambda: ac.check_claims(
        "USD_2023", about="caesar", tolerance=0.4, years_back=3, index="gdp_deflator"
    ),
    "conflicts in full": lambda: ac.conflicts(),
    "contributions by year": lambda: ac.contribution_totals(),
    "back-tests of all": lambda: ac.backtest_all("2024-06"),
    "back-test of lots as known a year on": lambda: ac.backtest_lots(
        ["sm6-aur", "jassmer-aur"], knowledge="next_year", index="gdp_deflator"
    ),
    "industry gap of years": lambda: ac.industry_gap(range(2023, 2026), to="USD_2025"),
    "industry gap of figures that do not fit": lambda: ac.industry_gap(
        2025, indicators=misfits(ac.load("indicators")), to="USD_2025"
    ),
    "price gap as given": lambda: [
        ac.price_gap(
            "bohdan",
            "archer",
            to=TO,
            pool=True,
            wage=0.2,
            level=ac.Estimate(0.3, 0.4, 0.5, bounds="min_max"),
            draws=512,
        ),
        ac.price_gap(
            to=TO,
            costs={
                "bohdan": "2.3 million EUR_2024",
                "caesar": ac.Estimate(
                    *(ac.quantity(x, "MEUR_2024") for x in (4.0, 4.5, 6.0)), bounds="p10_p90"
                ),
            },
            labour_share=0.25,
            domestic_share=0.9,
            draws=512,
            seed=2,
        ),
    ],
    "danish model of drones": lambda: ac.danish_model(
        "fpv-drone-ukraine", "10 million USD_2025", start="2025-01", months=6, draws=512
    ),
    "danish model with escalation": lambda: ac.danish_model(
        "bohdan",
        "500 million EUR_2025",
        start="2025-05",
        months=18,
        alternatives={"western_purchase": "caesar", "donation_from_stock": "caesar"},
        overrides={
            "western_purchase.lead_time": "18 months",
            "slope": ac.Estimate(0.8, 0.85, 0.9, bounds="min_max"),
            "donation_from_stock.stock": 12,
            "ramp": "0 months",
            "danish_model.local_content": 0.7,
        },
        stock_value="book",
        book_value="1 million EUR_2025",
        measure="crew",
        escalation=0.03,
        order="exchange_then_deflate",
        draws=512,
        seed=5,
    ),
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
    "curve on the way": lambda: [
        CURVE.at(np.array([0.5, 1.0, 7.25])),
        CURVE.lot_average(11, 30),
        CURVE.midpoint_approximate(201, 500),
        CURVE.midpoint_approximate(201, 500, rule="rule_of_thumb"),
        CURVE.total_approximate(201, 500),
        CURVE.exponent,
        FLAT.midpoint(3, 12),
        FLAT.midpoint_approximate(3, 12),
        FLAT.affordable(1_000, built=3),
        ac.LearningCurve(first_unit=100.0, slope=0.9, theory="crawford", plateau_at=50).at(80.0),
        ac.LearningCurve(first_unit=50.0, slope=0.9, theory="wright").affordable_real(1_000.0, 5),
        ac.LearningCurve(first_unit=50.0, slope=0.9, theory="crawford", prior_units=3).midpoint(
            2, 9
        ),
        ac.LearningCurve(first_unit=9.0, slope=1.1, theory="crawford").affordable([100.0, 900.0]),
        ac.LearningCurve(first_unit=9.0, slope=0.5, theory="crawford").total(1, 1_000_000),
        ac.LearningCurve(first_unit=9.0, slope=[0.8, 0.9], theory="crawford").total(1, [10, 1_000]),
    ],
    "curves through what is known": lambda: [
        ac.LearningCurve.from_unit(5, 225.0, slope=0.75, theory="wright"),
        ac.LearningCurve.from_unit(
            5, 225.0, slope=0.75, theory="crawford", prior_units=2, incompressible=0.1
        ),
        ac.LearningCurve.from_average(50, 20.0, slope=0.9, theory="crawford"),
        ac.LearningCurve.from_average(50, 20.0, first_unit=40.0, theory="wright"),
        ac.LearningCurve.from_average(50, 20.0, first_unit=40.0, theory="wright", **SHAPE),
        ac.LearningCurve.from_average(50, 20.0, slope=0.9, theory="crawford", **SHAPE),
        ac.LearningCurve.from_total(
            first_unit=40.0, total=1000.0, units=50, theory="wright", **SHAPE
        ),
        ac.LearningCurve.from_total(first_unit=80.0, total=8250.0, units=250, theory="wright"),
        ac.LearningCurve.from_total(
            first_unit=80.0, total=8250.0, units=250, theory="crawford", incompressible=0.2
        ),
        ac.LearningCurve.from_unit(5, ac.quantity("2 MEUR_2024"), slope=0.8, theory="crawford"),
        ac.slope_of_exponent(-0.322),
        ac.exponent_of_slope([0.8, 0.9]),
        ac.theory_difference(10, first_unit=100.0, slope=0.8),
    ],
    "fit to points": lambda: [
        fit_plot_points(POINTS, theory="crawford"),
        fit_plot_points(POINTS, theory="wright", confidence=0.8),
    ],
    "fit with a fixed cost": lambda: ac.fit_learning_curve(
        LOTS, theory="crawford", fixed_cost=True, confidence=0.8
    ),
    "fit of three lots": lambda: ac.fit_learning_curve(LOTS.iloc[:3], theory="crawford"),
    "fit by zero bias": lambda: ac.fit_learning_curve(
        LOTS, theory="crawford", method="zmpe", fixed_cost=True
    ),
    "fit of logarithms with a gap": lambda: ac.fit_learning_curve(
        LOTS.drop(index=2), theory="wright", method="log_ols", known_gaps=True
    ),
    "lots to come": lambda: (
        [
            ac.fit_learning_curve(LOTS, theory="crawford", method=method).predict(241, 300)
            for method in ("lot_totals", "mupe", "zmpe", "log_ols")
        ]
        + [
            ac.fit_learning_curve(LOTS, theory="wright", rate=True).predict(
                [241, 301], [300, 400], annual_quantity=[60, 90], confidence=0.8
            )
        ]
    ),
    "ramp": lambda: ac.fit_ramp(MONTHS, RATES, shape="logistic"),
    "ramps fitted": lambda: [
        part
        for shape in ("linear", "gompertz")
        for part in (
            ac.fit_ramp(MONTHS, RATES, shape=shape),
            ac.fit_ramp(MONTHS, RATES, shape=shape).interval(["2023-06", "2026-01-15"]),
            ac.fit_ramp(MONTHS, RATES, shape=shape).rate("2024-02"),
        )
    ],
    "ramps that say little": lambda: [
        ac.fit_ramp(MONTHS[:4], [1.0, 1.0, 1.0, 1.0], shape="linear"),
        ac.fit_ramp(MONTHS[:5], [1.0, 2.0, 3.0, 4.0, 5.0], shape="logistic", level=0.9),
        ac.fit_ramp(MONTHS[:6], [2.0, 2.4, 2.7, 2.9, 3.0, 3.02], shape="logistic", level=0.95),
        ac.fit_ramp(MONTHS[:5], [0.0, 0.1, 0.4, 1.6, 6.4], shape="gompertz").warnings,
    ],
    "ramps drawn": lambda: [
        [ramp, ramp.rate(AHEAD), ramp.cumulative(AHEAD), ramp.by_month(6), ramp.rate(2)]
        for ramp in (
            ac.LinearRamp(start=1.0, ceiling=5.0, months=8),
            ac.LogisticRamp(ceiling=5.0, midpoint=6, growth=0.5),
            ac.GompertzRamp(ceiling=5.0, midpoint=6, growth=0.5),
            ac.SteppedRamp({6: 5.0, 0: 1.0, 3: 2.0}),
        )
    ],
    "rates of a line": lambda: [
        [line, line.position(), line.position(2), line.position(30), line.below_minimum([4, 5, 6])]
        for line in [ProductionRates(minimum_sustaining=5, maximum=14, economic=10, current=12)]
    ],
    "deliveries drawn": lambda: [
        [found, found.limit, found.arrived, found.share_limited_by("capacity")]
        for found in [
            ac.deliveries(
                [[3, 3, 3, 0], [9, 0, 0, 0]],
                [[1, 2, 4, 4], [3, 3, 3, 3]],
                [0, 1.5],
                inputs={"shells": [2, 2, 2, 2]},
            )
        ]
    ],
    "money drawn": lambda: [
        ac.orders_from_money([[5.0, 5.0], [1.0, 9.0]], [[4.0], [3.0]]),
        ac.orders_from_money([5.0, 5.0], [4.0, 2.0]),
        ac.littles_law(in_process=[30.0, 20.0], lead_time=5.0),
        ac.littles_law(throughput=10.0, lead_time=[2.0, 3.0]),
    ],
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
    "sum of estimates in money": lambda: ac.sum_of_estimates(
        [
            ac.Estimate(*(ac.quantity(x, "EUR_2024") for x in ends), bounds="min_max")
            for ends in ((1.0, 2.0, 4.0), (2.0, 2.0, 3.0))
        ],
        correlation=[[1.0, 0.4], [0.4, 1.0]],
    ),
    "sums understated": lambda: [
        correlation_understatement([1.0, 2.0, 3.0], true=0.5),
        correlation_understatement([1.0, 2.0, 3.0], true=0.5, assumed=0.2),
        nearest_correlation(BEYOND),
        settle_correlation(BEYOND, repair=True),
        ac.iman_conover(np.arange(24.0).reshape(12, 2) ** 2 % 37, [[1.0, 0.6], [0.6, 1.0]]),
    ],
    "simulations otherwise": lambda: [
        [
            *(
                run,
                run.mean,
                run.sd,
                run.cv,
                run.quantile([0.1, 0.9]),
                run.where(),
                run.where(300.0),
            ),
            *(run.s_curve([0.1, 0.5, 0.9]), run.point, run.to_markdown()),
        ]
        for run in (
            ac.simulate(
                cost,
                {"price": PRICE, "count": COUNT},
                draws=512,
                seed=3,
                sampling=sampling,
                dependence=dependence,
                correlation=0.4,
            )
            for sampling, dependence in (
                ("random", "gaussian_copula"),
                ("latin_hypercube", "iman_conover"),
                ("sobol", "iman_conover"),
            )
        )
    ],
    "simulation of two outputs": lambda: [
        run["sum"]
        for run in [
            ac.simulate(
                lambda a, b, c: {"sum": a + b, "ratio": a / c},
                {
                    "a": ac.Estimate(-1.0, 2.0, 4.0, bounds="min_max"),
                    "b": ac.Estimate.normal(0.5, 1.0),
                    "c": 3.0,
                },
                draws=256,
                correlation={("a", "b"): 0.99},
            )
        ]
    ],
    "simulation repaired": lambda: ac.simulate(
        lambda a, b, c: a * b * c,
        {"a": PRICE, "b": PRICE, "c": COUNT},
        draws=256,
        correlation={("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9},
        repair=True,
    ),
    "simulation in money": lambda: [
        [run, run.mean, run.quantile(0.8), run.where(ac.quantity("200 EUR_2024"))]
        for run in [
            ac.simulate(
                cost,
                {
                    "price": ac.Estimate.uniform(
                        ac.quantity("1 EUR_2024"), ac.quantity("3 EUR_2024"), source="press"
                    ),
                    "count": 100,
                },
                draws=64,
            )
        ]
    ],
    "tornado of one output": lambda: ac.tornado(
        lambda price, count: {"cost": price * count, "half": price * count / 2},
        {"price": PRICE, "count": COUNT},
        at=(0.2, 0.7),
        output="half",
    ),
    "tornado without sources": lambda: ac.tornado(
        cost, {"price": PRICE, "count": ac.Estimate(90, 120, 200, bounds="min_max")}
    ),
    "simulation below nothing": lambda: ac.simulate(
        cost,
        {
            "price": ac.Estimate(
                *(ac.quantity(x, "EUR_2024") for x in (0.1, 1.0, 5.0)), bounds="p10_p90"
            ),
            "count": 100,
        },
        draws=256,
    ),
    "sobol of one output": lambda: ac.sobol(
        lambda price, count: {"cost": price * count, "half": price + count},
        {"price": PRICE, "count": COUNT},
        base_samples=256,
        seed=4,
        output="half",
    ),
    "every shape": lambda: [
        [
            *(e, e.mean, e.sd, e.cv, e.best_value, e.units, e.parameters),
            *(
                e.quantile([0.0, 0.05, 0.5, 0.95, 1.0]),
                e.where(e.low),
                e.where(2.4),
                e.sample(5, 7),
            ),
            *(e.distribution.cdf(np.array([1.9, 2.2, 2.5, 4.0])), e.distribution),
        ]
        for e in (
            ac.Estimate(2.0, 2.3, 3.8, bounds="min_max"),
            ac.Estimate(2.0, 2.3, 3.8, bounds="p10_p90"),
            ac.Estimate(2.0, 2.3, 3.8, bounds="min_max", shape="pert"),
            ac.Estimate(2.0, 2.3, 3.8, bounds="p10_p90", shape="pert"),
            ac.Estimate(2.0, 2.3, 3.8, bounds="p10_p90", shape="lognormal"),
            ac.Estimate.normal(2.3, 0.4, source="a paper"),
            ac.Estimate.uniform(2.0, 3.0, source="a paper"),
            ac.Estimate.exact(2.5, source="a paper"),
            ac.Estimate.from_mean_cv(2.3, 0.2, source="a paper"),
            ac.Estimate.from_p10_p90(2.1, 3.0, source="a paper"),
            ac.Estimate.exact(2.3),
            ac.Estimate.from_mean_cv(2.3, 0.3),
            ac.Estimate.from_mean_cv(2.3, 0.3, shape="normal"),
            ac.Estimate.from_p10_p90(2.0, 3.0),
            ac.Estimate.from_p10_p90(2.0, 3.0, shape="uniform"),
            ac.Estimate.from_p10_p90(2.0, 3.0, shape="normal"),
        )
    ],
    "estimates": lambda: [
        [e, e.mean, e.sd, e.quantile(np.array([0.1, 0.5, 0.8]))] for e in (PRICE, COUNT)
    ],
    "rebase": lambda: ac.rebase("2.3 million UAH_2019", TO, explain=True),
    "rates chained": lambda: [
        prices.chain_annual_rates({2022: 0.1, 2023: 0.05}, 2021, 2023),
        prices.chain_annual_rates({2022: 0.1, 2023: 0.05}, 2023, 2021),
        prices.mixed_orders(1.0, 2.0, nontradable_share=0.8),
        prices.price_level(10.0, 40.0),
        ac.constant_prices([1.0, 2.0], [100.0, 110.0], 105.0),
        ac.constant_prices(5.0, 110.0, 100.0),
        ac.outlay_weighted_index([1.0, 1.1], [0.25, 0.75]),
        ac.outlay_weighted_index([1.0, 1.1], [0.25, 0.75], shares_of="then_year"),
    ],
    "rebasing explained": lambda: [
        str(ac.rebase(amount, to, explain=True, **way)[1])
        for amount, to, way in (
            ("2.3 million UAH_2019", TO, {}),
            ("5 EUR_2024", TO, {}),
            ("5 EUR_2015", "EUR_2020", {"index": "gdp_deflator"}),
            ("5 USD_2019", "UAH_2021", {"rate": "ppp"}),
            ("5 USD_2023", "EUR_2024", {"rate": "ppp_imf", "to_area": "FRA"}),
            ("5 USD_2019", "EUR_2021", {"order": "exchange_then_deflate", "area": "DEU"}),
            ("5 USD_2022", TO, {"date": "2022-07-10", "order": "exchange_then_deflate"}),
            ("5 USD_2022", TO, {"date": "2022-07-10"}),
        )
    ],
    "rebase on a day": lambda: ac.rebase(
        "5 million USD_2022", TO, order="exchange_then_deflate", date="2022-07-11", explain=True
    ),
    "rates": lambda: [
        ac.exchange_rate("GBP", "EUR", on="2025-04-13"),
        ac.exchange_rate("UAH", "USD", on=2024),
        ac.exchange_rate("EUR", "EUR", on="2024-05-01"),
        ac.exchange_rate("UAH", "UAH", on=2024),
        ac.exchange_rate("HRK", "EUR", on="2024-05-01"),
        ac.exchange_rate("USD", "GBP", on=2010),
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
    **{
        f"rows of {kind}": lambda kind=kind: [
            ac.rebase_frame(KINDS[kind](ROWS), TO, missing="keep", explain=True),
            ac.rebase_frame(KINDS[kind](ROWS), "USD_2023", missing="keep", rate="ppp"),
            ac.rebase_frame(KINDS[kind](ROWS), TO, missing="keep", area="where", explain=True),
            ac.rebase_frame(KINDS[kind](DATED), TO, date="day", missing="keep", explain=True),
            ac.rebase_frame(
                KINDS[kind](ROWS.assign(price_year=ROWS["price_year"].astype(str))),
                TO,
                missing="keep",
                index="gdp_deflator",
                order="exchange_then_deflate",
            ),
            *(
                ac.rebase_frame(
                    KINDS[kind](ROWS), TO, date="day", order=order, missing="keep", explain=True
                )
                for order in ("deflate_then_exchange", "exchange_then_deflate")
            ),
        ]
        for kind in KINDS
    },
    "files": lambda: [
        in_files(name, **options)
        for name in ("rows.csv", "rows.parquet", "rows.csv.gz")
        for options in (
            {"explain": True},
            {"area": "where", "rate": "ppp", "to": "USD_2023"},
            {"date": "day", "year": None, "order": "exchange_then_deflate", "explain": True},
        )
    ],
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
    "pictures of prices": lambda: [
        picture(ac.compare(["bohdan", "caesar"], TO)),
        picture(
            ac.cost_per_capability(
                ["caesar", "k9"],
                "range_max",
                TO,
                under="standard shell",
                scope="with_support",
                basis="contract_price",
                condition="new",
            )
        ),
        picture(ac.price_gap("bohdan", "caesar", to=TO, pool=True)),
        picture(ac.equal_budget(GUNS, "100 million EUR_2024", scope="unknown")),
    ],
    "pictures of output": lambda: [
        picture(
            ac.danish_model(
                "bohdan",
                "1 billion EUR_2025",
                start="2025-05",
                months=6,
                draws=200,
                alternatives={"western_purchase": "caesar"},
            )
        ),
        picture(ac.backtest("bohdan", until="2024-06")),
        picture(ac.industry_gap(to="USD_2024")),
    ],
    "pictures of doubt": lambda: [
        picture(ac.tornado(cost, {"price": PRICE, "count": COUNT})),
        picture(ac.simulate(cost, {"price": PRICE, "count": COUNT}, draws=128)),
    ],
    "output that cannot be read": lambda: observations(
        spoilt(
            "outputs",
            "bohdan",
            credibility=5,
            rate=0.0,
            stated_on=None,
            period_end=None,
            period_start="2030-01",
            status="planned",
            per="cumulative",
        )
    ),
    "lots that cannot be read": lambda: ac.backtest_lots(
        "sm6-aur",
        lots=spoilt(
            "learning_lots",
            "sm6-aur",
            fiscal_year=None,
            quantity=None,
            unit_cost=0.0,
            price_basis="constant_year",
            source_id="nobody",
            edition="PB2030",
        ),
    ),
    "claims of nobody's": lambda: ac.check_claims(
        claims=[
            claim("bohdan", "delivery_time", "caesar"),
            claim("bohdan", "delivery_time", "shahed-136"),
            claim("france", "wage", "zimbabwe"),
            claim("zambia", "wage", "zimbabwe"),
            claim("ukraine", "wage", "germany"),
            claim("bohdan", "output", "caesar"),
            claim("bohdan", "output", "geran-2", stated_on=None),
            claim("bohdan-2024", "growth", "bohdan-2023"),
            claim("bohdan", "quantity_for_money", "caesar"),
            claim("bohdan", "cost", "shahed-136", ratio=None, ratio_low=3.0, ratio_high=9.0),
        ]
    ),
    "quotients of one and of many": lambda: [
        (type(value).__name__, value)
        for value in (
            PRICE.quantile(0.8),
            PRICE.quantile([0.8]),
            PRICE.mean,
            PRICE.sd,
            PRICE.where(2.5),
            CURVE.unit(5),
            CURVE.unit([5]),
            CURVE.total(1, 5),
            CURVE.average(5),
            CURVE.midpoint(1, 5),
            CURVE.affordable(500, built=0),
            CURVE.slope,
            CURVE.exponent,
        )
    ],
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
        return "\n".join([*lines, "== explain", told(answer.explain())])
    if isinstance(answer, pd.DataFrame):
        cells = answer.map(lambda cell: "" if cell is None or cell is pd.NaT else told(cell))
        return cells.to_csv(sep="|", index=not isinstance(answer.index, pd.RangeIndex))
    if isinstance(answer, pl.LazyFrame | duckdb.DuckDBPyRelation):
        return told(answer.collect() if isinstance(answer, pl.LazyFrame) else answer.df())
    if isinstance(answer, pl.DataFrame | pa.Table):
        return told(answer.to_pandas())
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
        return f"{answer.shape} " + " ".join(
            f"{value:.4g}" if isinstance(value, float) else told(value)
            for value in shown.ravel()[:100].tolist()
        )
    if hasattr(answer, "magnitude"):
        return f"{told(answer.magnitude)} {answer.units}"
    if isinstance(answer, float):
        return "" if math.isnan(answer) else f"{answer:.5g}"
    # The last digits of a fit are those of the machine.
    return re.sub(r"\d+\.\d{7,}", lambda digits: f"{float(digits[0]):.5g}", str(answer))


def _shown(answer: Any) -> list[Any]:
    return [part for part in dataclasses.fields(answer) if part.repr]
