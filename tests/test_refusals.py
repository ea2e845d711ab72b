"""What a reader is told where an answer is refused: each call with its words, in one golden file.

Read it aloud (``tests/__snapshots__/test_refusals.ambr``): every line says what was given, what is
allowed and what to do. ``pytest tests/test_refusals.py --snapshot-update`` keeps a meant change.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import armscost as ac

CALLS = {
    "money": """
        ac.quantity("2.3 million EUR")
        ac.quantity("2.3 million")
        ac.quantity("")
        ac.quantity("abc EUR_2024")
        ac.quantity("1,5 EUR_2024")
        ac.quantity("5 EUR_24")
        ac.quantity("5 QQQ_2024")
        ac.quantity("5 EUR_3024")
        ac.quantity("nan EUR_2024")
        ac.quantity("5 furlong_per_fortnight")
        ac.quantity(5)
        ac.quantity(None)
        ac.quantity(True, "EUR_2024")
        ac.quantity("5 EUR_2024") + ac.quantity("5 USD_2024")
        ac.quantity("5 EUR_2024") < ac.quantity("5 EUR_2023")
        ac.quantity("5 EUR_2024").to("USD_2024")
        ac.quantity("5 EUR_2024").to("EUR_2023")
        ac.rebase("5 EUR_2024", "EUR")
        ac.rebase("5 EUR_2024", None)
        ac.rebase("5 EUR_2024", "EUR_2024", order="both")
        ac.rebase("5 EUR_2024", "USD_2024", rate="black")
        ac.rebase("5 EUR_2024", "USD_2024", index="gold")
        ac.rebase("5 EUR_2024", "USD_2024", area="XXX")
        ac.rebase("5 EUR_1990", "EUR_2024")
        ac.rebase("5 EUR_2024", "EUR_2029")
        ac.rebase("5 km", "EUR_2024")
        ac.rebase("5 USD_2022", "EUR_2024", date="2021-07-11")
        ac.rebase("5 USD_2022", "EUR_2024", date="July")
        ac.rebase("5 USD_2022", "EUR_2024", date="2022-07-11", rate="ppp")
        ac.exchange_rate("EUR", "QQQ", on=2024)
        ac.exchange_rate("EUR", "USD", on=1900)
        ac.exchange_rate("EUR", "USD", on="soon")
        ac.exchange_rate("EUR", "UAH", on="2001-01-01")
        ac.constant_prices([1.0], [100.0, 110.0], 100.0)
        ac.constant_prices([1.0], [0.0], 100.0)
        ac.outlay_weighted_index([1.0, 1.1], [0.5], shares_of="constant")
        ac.outlay_weighted_index([1.0, 1.1], [0.5, 0.5], shares_of="old")
    """,
    "frames": """
        ac.rebase_frame([1, 2], "EUR_2024")
        ac.rebase_frame(frame, "EUR_2024", amount="sum")
        ac.rebase_frame(frame, "EUR_2024", currency="money")
        ac.rebase_frame(frame, "EUR_2024", year="when")
        ac.rebase_frame(frame, "EUR_2024", year=None)
        ac.rebase_frame(frame, "EUR_2024", missing="drop")
        ac.rebase_frame(frame, "EUR_2024")
        ac.rebase_frame(frame.assign(amount_rebased=1.0), "EUR_2024")
        ac.rebase_frame(frame.assign(amount="a"), "EUR_2024")
        ac.rebase_file("nowhere.parquet", "out.parquet", "EUR_2024")
        ac.rebase_file("table.xls", "out.parquet", "EUR_2024")
    """,
    "tables": """
        ac.load("cost")
        ac.describe("prices")
        ac.system("ceasar")
        ac.cite(["re-russia-2025"])
        ac.cite(["re-russia-2025-04"], style="apa")
    """,
    "learning": """
        ac.LearningCurve(first_unit=100.0, slope=0.85)
        ac.LearningCurve(first_unit=100.0, slope=0.85, theory="boeing")
        ac.LearningCurve(first_unit=0.0, slope=0.85, theory="wright")
        ac.LearningCurve(first_unit=100.0, slope=85, theory="wright")
        ac.LearningCurve(first_unit=100.0, slope=0.0, theory="wright")
        ac.LearningCurve(first_unit=100.0, slope=0.9, theory="wright", prior_units=-1)
        ac.LearningCurve(first_unit=100.0, slope=0.9, theory="wright", incompressible=1.5)
        ac.LearningCurve(first_unit=100.0, slope=0.9, theory="wright", plateau_at=0)
        curve.unit(0)
        curve.unit(1.5)
        curve.total(5, 4)
        curve.midpoint(0, 4)
        curve.affordable(-5.0)
        curve.affordable(5.0, built=-1)
        curve.affordable(ac.quantity("5 EUR_2024"))
        ac.LearningCurve.from_unit(0, 225, slope=0.75, theory="wright")
        ac.LearningCurve.from_total(first_unit=80, total=1e9, units=250, theory="wright")
        ac.fit_learning_curve(lots((1, 10, 100.0)), theory="crawford")
        ac.fit_learning_curve(lots((1, 10, 100.0), (12, 20, 90.0), (21, 30, 80.0)), theory="crawford")
        ac.fit_learning_curve(lots((1, 10, 100.0), (11, 20, -9.0), (21, 30, 80.0)), theory="crawford")
        ac.fit_learning_curve(lots((1, 10, 100.0), (11, 20, 90.0), (21, 30, 80.0)), theory="crawford", method="best")
        ac.fit_learning_curve(lots((1, 10, 100.0), (11, 20, 90.0), (21, 30, 80.0)), theory="crawford", rate=True)
        ac.production_break(curve, built=40, lost=1.5)
        ac.rate_effect(0.0, rate_slope=0.9)
        ac.learning_lost_factor({"people": 0.6, "tools": 0.5}, {"people": 0.5, "tools": 0.1})
        ac.slope_of_exponent(float("nan"))
        ac.exponent_of_slope(-0.5)
    """,  # noqa: E501 - each call on its line
    "ranges": """
        ac.Estimate(2.0, 2.3, 3.8)
        ac.Estimate(2.0, 2.3, 3.8, bounds="p5_p95")
        ac.Estimate(2.0, 2.3, 3.8, bounds="min_max", shape="normal")
        ac.Estimate(3.0, 2.3, 3.8, bounds="min_max")
        ac.Estimate(-1.0, 2.3, 3.8, bounds="p10_p90", shape="lognormal")
        ac.Estimate(1.0, 2.3, float("nan"), bounds="min_max")
        ac.Estimate(2.0, 2.3, 3.8, bounds="min_max", shape="square")
        ac.Estimate.normal(None, 1.0)
        price.quantile(1.5)
        ac.simulate(lambda price: price, {"price": price}, draws=1)
        ac.simulate(lambda price: price, {"price": price}, seed=-1)
        ac.simulate(lambda price: price, {"price": price}, sampling="grid")
        ac.simulate(lambda a, b: a * b, {"a": price, "b": price}, correlation={("a", "c"): 0.5})
        ac.simulate(lambda a, b: a * b, {"a": price, "b": price}, correlation={("a", "b"): 2})
        ac.tornado(lambda price: price, {"price": 2.0})
        ac.sobol(lambda price: price, {"price": price}, base_samples=100)
        ac.sum_of_estimates([price, price], correlation=2.0)
        ac.iman_conover([[1.0], [2.0]], [[1.0, 0.0], [0.0, 1.0]])
    """,
    "production": """
        ac.LinearRamp(start=5.0, ceiling=4.0, months=12)
        ac.LogisticRamp(ceiling=-1.0, midpoint=3, growth=0.5)
        ac.GompertzRamp(ceiling=1.0, midpoint=3, growth=0.0)
        ac.SteppedRamp({})
        ac.fit_ramp(["2024-01", "2024-02"], [1.0, 2.0], shape="logistic")
        ac.fit_ramp(["2024-01", "2024-02", "2024-03", "2024-04"], [1.0, 2.0, 3.0, 4.0], shape="square")
        ac.deliveries([1, 2], [1, 2, 3], 0)
        ac.deliveries([1, -2], [1, 2], 0)
        ac.orders_from_money([1.0], 0.0)
        ac.littles_law(in_process=30.0)
        ac.littles_law(in_process=30.0, throughput=10.0, lead_time=5.0)
    """,  # noqa: E501 - each call on its line
    "comparison": """
        ac.compare([], "EUR_2024")
        ac.compare(["caesar", "ceasar"], "EUR_2024")
        ac.compare(["caesar"], "EUR_2024", scope="naked")
        ac.compare(["caesar"], "EUR_2024", basis="flyaway")
        ac.compare(["caesar"], "EUR_2024", condition="broken")
        ac.compare(["caesar"], "EUR")
        ac.cost_ratio("bohdan", "pzh-2000", "EUR_2024")
        ac.cost_per_capability(["caesar"], "beauty", "EUR_2024")
        ac.cost_per_capability(["caesar"], "range_max", "EUR_2024", under="moonlight")
        ac.equal_budget(["caesar"], "0 EUR_2024")
        ac.equal_budget(["caesar"], "5 km")
        ac.equal_effect(["caesar"], -1, "range_max", "EUR_2024")
        ac.chance_cheaper(["caesar"], "EUR_2024")
        ac.chance_cheaper(["caesar", "bohdan"], "EUR_2024", times=0)
        ac.order_size_effect("self-propelled hovitzer")
        ac.frontier(pd.DataFrame({"cost": [1.0, None], "effect": [1.0, 2.0]}))
        ac.frontier(pd.DataFrame({"cost": [1.0], "use": [1.0]}))
        ac.pareto(pd.DataFrame({"a": [1.0]}), {"a": "up"})
        ac.rank(matrix, [0.5, 0.5], {"a": "min", "b": "max"})
        ac.rank(matrix, [0.5, 0.5], {"a": "min", "b": "max"}, normalisation="rank")
        ac.rank(matrix, [0.5, 0.5], {"a": "min", "b": "more"}, normalisation="sum")
        ac.rank(matrix, [0.5, 0.5], {"a": "min", "b": "max"}, method="vikor", normalisation="sum")
        ac.ahp_weights([[1, 2], [2, 1]])
        ac.ahp_weights([[1, 2], [0.5, 1]], random_index=-1)
        ac.efficiency(matrix[["a"]], matrix[["b"]], returns="increasing")
        ac.efficiency(matrix[["a"]], matrix[["b"]], orientation="sideways")
        ac.efficiency(-matrix[["a"]], matrix[["b"]])
        ac.cost_exchange(1.0, 2.0, 0.0)
        ac.cost_exchange(1.0, 2.0, 80)
        ac.cost_exchange(1.0, 2.0, 300)
        ac.cost_exchange(1.0, 2.0, 0.5, 0)
        ac.cost_exchange(1.0, 2.0, 0.5, rule="volley")
        ac.cost_exchange(ac.quantity("1 EUR_2024"), ac.quantity("1 USD_2024"), 0.5)
        ac.normalise_quantity(1.0, 2.0, lot_a=(5, 1), lot_b=(1, 5), slope=0.9, theory="wright")
        ac.unit_cost_measures({"paint": 1.0}, procured=1)
        ac.unit_cost_measures({"procurement": 1.0}, procured=0)
        ac.nunn_mccurdy(1.0, current_baseline=0.0, original_baseline=1.0)
        ac.priced_lots("sm-6", "USD_2024", index="defence")
    """,
    "evidence": """
        ac.check_claims("EUR_2024", about="nobody")
        ac.check_claims("EUR_2024", tolerance=-1)
        ac.conflicts(kind="war")
        ac.conflicts(tolerance=2)
        ac.contribution_totals("month")
        ac.compare(["caesar"], "EUR_2024").explain("archer")
    """,
    "danish model": """
        ac.danish_model("bohdan", "1 billion EUR", start="2025-05")
        ac.danish_model("bohdan", "-1 EUR_2025", start="2025-05")
        ac.danish_model("bohdan", "1 billion EUR_2025", start="May")
        ac.danish_model("bohdan", "1 billion EUR_2025", start="2025-05", months=0)
        ac.danish_model("bohden", "1 billion EUR_2025", start="2025-05")
        ac.danish_model("caesar", "1 billion EUR_2025", start="2025-05")
        ac.danish_model("bohdan", "1 billion EUR_2025", start="2025-05", alternatives={"gift": "caesar"})
        ac.danish_model("bohdan", "1 billion EUR_2025", start="2025-05", alternatives={"danish_model": "caesar"})
        ac.danish_model("bohdan", "1 billion EUR_2025", start="2025-05", overrides={"colour": "red"})
        ac.danish_model("bohdan", "1 billion EUR_2025", start="2025-05", overrides={"price": "5"})
        ac.danish_model("bohdan", "1 billion EUR_2025", start="2025-05", overrides={"capacity": "5 km"})
        ac.danish_model("bohdan", "1 billion EUR_2025", start="2025-05", spread="whenever")
        ac.danish_model("bohdan", "1 billion EUR_2025", start="2025-05", stock_value="scrap")
        ac.danish_model("bohdan", "1 billion EUR_2025", start="2025-05", measure="beauty")
        ac.danish_model("piorun", "1 billion EUR_2025", start="2025-05")
        ac.backtest("bohdan", until="1999")
        ac.backtest("stinger", until="2024-06")
        ac.backtest_lots("sm-6")
        ac.industry_gap(1990)
        ac.price_gap(to="EUR_2024")
        ac.price_gap("bohdan", "caesar", to="EUR_2024", labour_share=2)
    """,  # noqa: E501 - each call on its line
}


def lots(*rows: tuple[int, int, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["first_unit", "last_unit", "total_cost"])


NAMES = {
    "lots": lots,
    "ac": ac,
    "np": np,
    "pd": pd,
    "curve": ac.LearningCurve(first_unit=100.0, slope=0.85, theory="crawford"),
    "price": ac.Estimate(2.0, 2.3, 3.8, bounds="p10_p90", shape="lognormal"),
    "matrix": pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 1.0]}, index=["x", "y"]),
    "frame": pd.DataFrame(
        {"amount": [1.0, 2.0], "currency": ["EUR", "QQQ"], "price_year": [2015, 2015]}
    ),
}


@pytest.mark.parametrize("part", CALLS)
def test_a_refusal_says_what_was_given_what_is_allowed_and_what_to_do(part, snapshot, tmp_path):
    told = [
        f">>> {call.strip()}\n{refusal(call.strip())}" for call in CALLS[part].strip().split("\n")
    ]
    assert "\n".join(told) == snapshot


def refusal(call: str) -> str:
    try:
        answer = eval(call, dict(NAMES))
    except ac.ArmscostError as error:
        return f"{type(error).__name__}: {error}"
    except TypeError as error:  # a keyword not given is Python's to refuse, money added pint's
        return f"TypeError: {str(error).partition('() ')[2] or error}"
    raise AssertionError(f"{call} was not refused: {answer!r}")
