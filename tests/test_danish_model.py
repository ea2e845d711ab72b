"""Money into deliveries: what the Danish model promises, on numbers one can check by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import armscost as ac
from armscost.danish_model import flows
from armscost.danish_model.flows import LIMITS, Line

ALTERNATIVES = {
    "western_purchase": "caesar",
    "donation_from_stock": "pzh-2000",
    "co_production": "bohdan",
}


@pytest.fixture(scope="module")
def billion():
    return ac.danish_model(
        "bohdan", "1 billion EUR_2025", start="2025-05", months=24, alternatives=ALTERNATIVES
    )


# --------------------------------------------------------------------------------------
# What happened, and what the 2025 money could do
# --------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [10, 12, 15])
def test_the_first_order_arrives_in_the_months_it_took(rate):
    """18 guns ordered in summer 2024 for EUR 50m on a line of 10 to 15 a month."""
    answer = ac.danish_model(
        "bohdan",
        "50 million EUR_2024",
        start="2024-07",
        months=8,
        spread="at_start",
        overrides={
            "price": ac.quantity(50e6 / 18, "EUR_2024"),
            "capacity": f"{rate}/month",
            "other_orders": 0,
            "slope": 1.0,
        },
    )
    row = answer.summary.iloc[0]
    assert row["units_ordered"] == 18
    assert row["units_p50"] == 18
    last = (pd.Period(row["last_delivery"], "M") - pd.Period("2024-07", "M")).n
    assert 2 <= last <= 6


@pytest.mark.parametrize(
    ("price", "paid", "limit_of_12"),
    [(2.3e6, 608, "capacity"), (50e6 / 18, 504, "capacity"), (750e6 / 200, 373, "money")],
)
def test_the_danish_money_of_2025(price, paid, limit_of_12):
    """EUR 1.4bn, 40 guns a month, nobody else on the line: money or capacity?"""
    own = {
        "price": ac.quantity(price, "EUR_2025"),
        "capacity": "40/month",
        "other_orders": 0,
        "slope": 1.0,
    }
    year = ac.danish_model(
        "bohdan", "1.4 billion EUR_2025", start="2025-01", months=12, overrides=own
    )
    row = year.summary.iloc[0]
    assert row["units_ordered"] == paid
    assert row["units_capacity"] == 480
    assert row["limit"] == limit_of_12
    # The sum where it turns lies a little above what the line can make in a year.
    turn = year.switch_budget.magnitude
    assert 480 * price < turn < 480 * price * 1.02
    assert (turn < 1.4e9) == (limit_of_12 == "capacity")
    two = ac.danish_model(
        "bohdan", "1.4 billion EUR_2025", start="2025-01", months=24, overrides=own
    )
    assert two.summary.iloc[0]["limit"] == "money"
    assert two.switch_budget.magnitude > 1.4e9


# --------------------------------------------------------------------------------------
# Conservation
# --------------------------------------------------------------------------------------

MONTHS = st.integers(1, 30)


@st.composite
def cases(draw):
    months = draw(MONTHS)
    draws = draw(st.integers(1, 4))

    def values(low, high):
        numbers = st.floats(low, high, allow_nan=False)
        return np.array(draw(st.lists(numbers, min_size=draws, max_size=draws)))

    money = np.array(
        draw(st.lists(st.floats(0, 500, allow_nan=False), min_size=months, max_size=months))
    )
    capacity = np.repeat(values(0, 30)[:, None], months, axis=1)
    line = Line(
        price=values(0.5, 20),
        exponent=np.log2(values(0.75, 1.0)),
        built=values(0, 500),
        capacity=capacity,
        lead=values(0, 12),
        stock=np.floor(values(0, 200)),
    )
    return money, line


@settings(max_examples=150, deadline=None)
@given(cases())
def test_money_and_units_are_conserved(case):
    money, line = case
    out = flows.run(money, line)
    total_in = np.cumsum(money)[None, :]
    assert np.allclose(np.cumsum(out.spent, axis=1) + out.unspent, total_in, atol=1e-6)
    assert (out.unspent >= -1e-6).all()
    assert np.array_equal(
        np.cumsum(out.ordered, axis=1), np.cumsum(out.delivered, axis=1) + out.backlog
    )
    for values in (out.ordered, out.delivered, out.backlog):
        assert np.array_equal(values, np.floor(values))
        assert (values >= 0).all()


@settings(max_examples=150, deadline=None)
@given(cases())
def test_never_more_than_capacity_nor_stock_nor_before_the_lead_time(case):
    money, line = case
    out = flows.run(money, line)
    made = np.cumsum(out.delivered, axis=1)
    assert (made <= np.cumsum(line.capacity, axis=1) + 1e-6).all()
    assert (made[:, -1] <= line.stock).all()
    for row, lead in zip(out.delivered, np.ceil(line.lead - 1e-9).astype(int), strict=True):
        assert (row[:lead] == 0).all()


@settings(max_examples=150, deadline=None)
@given(cases(), st.floats(1.0, 3.0))
def test_more_money_never_delivers_fewer(case, more):
    money, line = case
    fewer, many = flows.run(money, line), flows.run(money * more, line)
    assert (np.cumsum(many.delivered, axis=1) >= np.cumsum(fewer.delivered, axis=1)).all()


@settings(max_examples=100, deadline=None)
@given(st.floats(0.1, 100), st.floats(0.55, 1.0), st.floats(0, 1000), st.integers(0, 3000))
def test_what_units_cost_buys_those_units(price, slope, built, units):
    arguments = (np.array(price), np.log2(slope), np.array(built))
    cost = flows.cost_of(np.array(float(units)), *arguments)
    assert flows.units_for(cost * (1 + 1e-12), *arguments) == units
    if units:
        before = flows.cost_of(np.array(units - 0.01), *arguments)
        assert flows.units_for(before, *arguments) == units - 1


@pytest.mark.parametrize("slope", [0.8, 0.9, 0.95])
@pytest.mark.parametrize("built", [0, 20, 400])
def test_cost_agrees_with_the_exact_curve(slope, built):
    curve = ac.LearningCurve(first_unit=1.0, slope=slope, theory="crawford")
    exact = curve.total(built + 1, built + 300) / curve.unit(built + 1)
    found = flows.cost_of(np.array(300.0), np.array(1.0), np.log2(slope), np.array(float(built)))
    assert found == pytest.approx(exact, rel=1e-2 if built == 0 else 1e-4)


def test_the_limits_are_those_of_production():
    from armscost.production import deliveries

    assert deliveries([1.0], capacity=1, lead_time=0).limits == LIMITS[:3]


# --------------------------------------------------------------------------------------
# The answer
# --------------------------------------------------------------------------------------


def test_one_row_a_channel_on_the_same_money(billion):
    assert billion.summary["channel"].tolist() == ["danish_model", *ALTERNATIVES]
    spent = billion.summary["money_spent"] + billion.summary["money_unspent"]
    # Medians of two parts of one sum lie near it.
    assert np.allclose(spent, 1e9, rtol=0.01)
    assert (billion.summary["units_p10"] <= billion.summary["units_p50"]).all()
    assert (billion.summary["units_p50"] <= billion.summary["units_p90"]).all()


def test_the_schedule_adds_up_month_by_month(billion):
    for _, channel in billion.schedule.groupby("channel"):
        assert len(channel) == 24
        assert channel["cumulative_p50"].is_monotonic_increasing
        assert (channel["deliveries_p10"] <= channel["deliveries_p90"]).all()
        assert set(channel["limit"]) <= set(LIMITS)
        assert channel["limit"].iloc[0] == "lead_time"


def test_the_same_seed_gives_the_same_answer(billion):
    again = ac.danish_model(
        "bohdan", "1 billion EUR_2025", start="2025-05", months=24, alternatives=ALTERNATIVES
    )
    pd.testing.assert_frame_equal(again.summary, billion.summary)
    other = ac.danish_model(
        "bohdan", "1 billion EUR_2025", start="2025-05", alternatives=ALTERNATIVES, seed=2
    )
    assert not other.summary["unit_price"].equals(billion.summary["unit_price"])


def test_every_assumption_is_marked_and_every_figure_has_its_source(billion):
    for own in billion.inputs.values():
        for name, one in own.items():
            if not one.assumed and one.unit and name not in ("outage", "slope", "rate"):
                assert one.sources, name
    assumed = [line for line in billion.assumptions if "ASSUMED" in line]
    assert any("slope" in line for line in assumed)
    assert any("unlike things" in line for line in billion.assumptions)
    known = set(ac.load("sources")["source_id"])
    assert set(billion.sources) <= known


def test_overrides_are_listed(billion):
    del billion
    answer = ac.danish_model(
        "bohdan", "100 million EUR_2025", start="2025-05", overrides={"capacity": "240/year"}
    )
    assert "override capacity = 240/year" in answer.assumptions
    assert answer.inputs["danish_model"]["rate"].estimate.best == pytest.approx(20)
    assert "given by the caller" in answer.inputs["danish_model"]["capacity"].told


def test_the_switch_is_where_capacity_begins_to_bind_half_of_the_months():
    own = {
        "capacity": "20/month",
        "other_orders": 0,
        "price": "2 million EUR_2025",
        "slope": 0.9,
        "built": 100,
    }
    question = {"start": "2025-05", "months": 12, "overrides": own, "draws": 64}
    turn = ac.danish_model("bohdan", "1 billion EUR_2025", **question).switch_budget
    for factor, binds in ((0.99, False), (1.01, True)):
        answer = ac.danish_model("bohdan", turn * factor, **question)
        share = answer.summary["months_limited_by_capacity"].iloc[0] / 12
        assert (share >= 0.5) == binds


def test_an_outage_makes_fewer_guns():
    question = {"start": "2025-05", "months": 12}
    own = {"capacity": "20/month", "other_orders": 0}
    whole = ac.danish_model("bohdan", "2 billion EUR_2025", overrides=own, **question)
    hit = ac.danish_model(
        "bohdan", "2 billion EUR_2025", overrides={**own, "outage": 0.5}, **question
    )
    assert hit.summary["units_p50"].iloc[0] == whole.summary["units_p50"].iloc[0] / 2


def test_stock_is_valued_at_replacement_unless_said_otherwise():
    question = {
        "start": "2025-05",
        "months": 12,
        "alternatives": {"donation_from_stock": "pzh-2000"},
    }
    new = ac.danish_model("bohdan", "30 million EUR_2025", **question).summary.iloc[1]
    zero = ac.danish_model("bohdan", "30 million EUR_2025", stock_value="zero", **question)
    book = ac.danish_model(
        "bohdan",
        "30 million EUR_2025",
        stock_value="book",
        book_value="2 million EUR_2025",
        **question,
    )
    assert new["units_ordered"] == 1
    assert new["units_ordered"] < book.summary.iloc[1]["units_ordered"]
    assert book.summary.iloc[1]["units_ordered"] <= zero.summary.iloc[1]["units_ordered"]
    with pytest.raises(ac.OutsideEvidenceError, match="needs book_value"):
        ac.danish_model("bohdan", "30 million EUR_2025", stock_value="book", **question)


def test_after_the_last_index_year_it_runs_in_constant_prices():
    answer = ac.danish_model("bohdan", "1 billion EUR_2025", start="2031-01", months=6)
    assert answer.assumptions[0].startswith("constant prices: EUR_2025")
    assert answer.schedule["month"].iloc[-1] == "2031-06"


def test_escalation_is_a_marked_assumption():
    answer = ac.danish_model(
        "bohdan", "1 billion EUR_2025", start="2026-01", months=12, escalation=0.03
    )
    assert (answer.schedule["spend_then_year"] >= answer.schedule["spend"]).all()
    assert any("ASSUMED: prices rise 3.0% a year" in line for line in answer.assumptions)


def test_explain_goes_back_to_the_inputs(billion):
    text = str(billion.explain("western_purchase"))
    for word in ("price", "rate", "lead_time", "sources:", "caesar"):
        assert word in text
    assert "donation_from_stock:" not in text


def test_the_chart_shows_every_channel(billion):
    spec = billion.chart().to_json()
    for channel in ("western purchase", "co production", "donation from stock"):
        assert channel in spec.lower().replace("-", " ")


# --------------------------------------------------------------------------------------
# Questions that have no answer
# --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"budget": "1 billion EUR"}, ac.UnknownNameError, "no price year"),
        ({"budget": 1e9}, ac.OutsideEvidenceError, "write it with currency and price year"),
        ({"budget": "-1 billion EUR_2025"}, ac.OutsideEvidenceError, "above zero"),
        ({"budget": "0 EUR_2025"}, ac.OutsideEvidenceError, "above zero"),
        ({"months": 0}, ac.OutsideEvidenceError, "whole months, 1 to 240"),
        ({"months": 2.5}, ac.OutsideEvidenceError, "whole months"),
        ({"start": "May"}, ac.OutsideEvidenceError, "write a month"),
        ({"start": "2020-01"}, ac.OutsideEvidenceError, "before the first figure of output"),
        ({"system": "bohdn"}, ac.UnknownNameError, "did you mean 'bohdan'"),
        ({"system": "dita"}, ac.OutsideEvidenceError, "systems that have one"),
        ({"alternatives": {"gift": "caesar"}}, ac.UnknownNameError, "no channel 'gift'"),
        ({"overrides": {"capacity": 40}}, ac.OutsideEvidenceError, "write it with its unit"),
        ({"overrides": {"lead_time": 2}}, ac.OutsideEvidenceError, "'2 months'"),
        ({"overrides": {"price": 2.3e6}}, ac.OutsideEvidenceError, "currency and price year"),
        ({"overrides": {"capcity": "4/month"}}, ac.UnknownNameError, "did you mean 'capacity'"),
        ({"overrides": {"other_orders": 40}}, ac.OutsideEvidenceError, "share from 0 to 1"),
        ({"overrides": {"slope": 85}}, ac.OutsideEvidenceError, "as in 0.85"),
        ({"overrides": {"gift.price": "1 EUR_2025"}}, ac.UnknownNameError, "no channel"),
        ({"spread": "later"}, ac.UnknownNameError, "no spread 'later'"),
        ({"measure": "range"}, ac.UnknownNameError, "range_max"),
        ({"stock_value": "free"}, ac.UnknownNameError, "value of stock"),
    ],
)
def test_a_question_without_an_answer_says_what_to_do(changed, error, message):
    question = {"system": "bohdan", "budget": "1 billion EUR_2025", "start": "2025-05"} | changed
    with pytest.raises(error, match=message):
        ac.danish_model(**question)
