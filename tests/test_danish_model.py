"""Money into deliveries: what the Danish model promises, on numbers one can check by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import armscost as ac
from armscost import datasets
from armscost.danish_model import flows, inputs
from armscost.danish_model.flows import LIMITS, Line
from armscost.danish_model.history import observations

ALTERNATIVES = {
    "western_purchase": "caesar",
    "donation_from_stock": "pzh-2000",
    "co_production": "bohdan",
}
QUESTION = {"budget": "1 billion EUR_2025", "start": "2025-05"}
SPAN = ac.Estimate(20, 40, 60, bounds="min_max")
IN_MONEY = ac.Estimate(
    *(ac.quantity(f"{end} million EUR_2024") for end in (2, 2.5, 3)), bounds="min_max"
)


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
# Inputs: what the tables know at the start
# --------------------------------------------------------------------------------------


def month(text):
    return pd.Period(text, freq="M")


def test_a_rate_is_of_one_line_and_every_other_figure_is_left_out_with_the_reason():
    found = inputs.running_rate("fpv-drone-ukraine", month("2024-06"))
    assert found.estimate.best == 50_000
    workshop, plant = "20 people make", "One plant up to"
    table = ac.load("outputs").set_index("statement")["output_id"]
    reasons = dict(found.left_out)
    for statement in (workshop, plant):
        figure = table[table.index.str.startswith(statement)].iloc[0]
        assert "of another line" in reasons[figure]
    # A plant's capacity is not the nation's.
    assert inputs.stated_capacity("fpv-drone-ukraine", month("2024-06")).assumed
    assert inputs.stated_capacity("fpv-drone-ukraine", month("2025-05")).estimate.best == 375_000


def test_drones_are_not_waited_for_as_long_as_guns():
    drones = ac.danish_model("fpv-drone-ukraine", "100 million EUR_2024", start="2024-06",
                             months=12, draws=500)  # fmt: skip
    assert drones.summary["units_p50"].iloc[0] > 10_000
    assert any("no lead time of this drone" in line for line in drones.assumptions)


def test_what_was_launched_is_not_what_was_made():
    found = inputs.running_rate("shahed-136", month("2025-12"))
    assert 5_500 <= found.estimate.best <= 6_000
    reasons = dict(found.left_out)
    assert any("launched" in figure and "another line" in reasons[figure] for figure in reasons)


def test_a_rate_a_day_and_a_count_over_months_are_read_a_month():
    line = inputs.line_of("shahed-136")[0].set_index("statement")
    assert line.loc["5,760 in nine months of 2024", "rate"] == pytest.approx(640, rel=0.01)
    drones = ac.load("outputs").query("per == 'day' and rate == 100").assign(status="produced")
    found, _ = observations(drones)
    assert found["rate"].iloc[0] == pytest.approx(100 * 365.25 / 12)


def test_the_best_value_of_a_range_is_its_middle():
    line = inputs.line_of("caesar")[0].set_index("statement")
    assert line.loc["CAESAR: 2 to 4 guns a month for 2022, as an outcome", "rate"] == 3


def test_what_was_left_out_says_of_which_channel_and_input(billion):
    left = billion.left_out
    assert set(left["channel"]) >= {"danish_model", "western_purchase", "all"}
    assert set(left["input"]) >= {"price", "rate", "built", "measure"}
    assert left["reason"].str.len().min() > 0
    given = ac.danish_model("bohdan", **QUESTION, overrides={"capacity": "20/month"})
    assert not (given.left_out["input"] == "rate").any()


SYSTEMS = ("bohdan", "caesar", "fpv-drone-ukraine", "zuzana-2", "pac-3-mse")


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("start", ["2024-07", "2025-05"])
def test_nothing_of_a_time_after_the_start_moves_an_input(system, start, monkeypatch):
    """A later figure may be struck from the tables, and the answer stays."""
    look_ups = (inputs.running_rate, inputs.stated_capacity, inputs.units_built)

    def found():
        for cached in (*look_ups, inputs.line_of):
            cached.cache_clear()
        return [replace(one, left_out=()) if one else one
                for one in (look_up(system, month(start)) for look_up in look_ups)]  # fmt: skip

    whole = found()
    load = datasets.shared_table
    first = {"outputs": "period_start", "deliveries": "first_delivery"}

    def until(name):
        table = load(name)
        if name not in first:
            return table
        begins = table[first[name]].fillna(table["stated_on"]).fillna("").astype(str)
        return table[begins.str[:7] <= start]

    monkeypatch.setattr(datasets, "shared_table", until)
    assert found() == whole
    monkeypatch.undo()
    found()


def test_a_count_of_units_built_counts_from_its_own_time_on():
    before = inputs.units_built("caesar", month("2023-11"))
    assert before.estimate.high < 450
    after = inputs.units_built("caesar", month("2026-01"))
    # 450 by November 2025, and December since, at 7: 6 and 8 were last said.
    assert after.estimate.low == 450 + 7 / 2
    assert after.estimate.best == 450 + 7
    assert "2025-11" in after.told


def test_the_month_of_the_start_is_made_by_the_model_and_not_counted_as_built():
    # One gun existed; the first stated rate is that of December 2023, six guns.
    assert inputs.units_built("bohdan", month("2023-12")).estimate.best == 1
    assert inputs.units_built("bohdan", month("2024-01")).estimate.best == 1 + 6


def test_a_slope_for_all_lines_leaves_the_price_of_replacements_alone():
    question = {
        "system": "bohdan", "budget": "100 million EUR_2025", "start": "2025-05", "draws": 200,
        "alternatives": {"donation_from_stock": "pzh-2000"},
    }  # fmt: skip
    plain, learned = (
        ac.danish_model(**question, overrides=own).summary.set_index("channel")
        for own in (None, {"slope": 0.8})
    )
    change = learned["unit_price"] / plain["unit_price"] - 1
    assert abs(change["donation_from_stock"]) < 1e-3
    assert change["danish_model"] < -5e-3


def test_a_new_line_starts_from_nothing_however_large_it_will_be():
    question = {
        "system": "bohdan", "budget": "1 billion EUR_2025", "start": "2025-05", "draws": 200,
        "alternatives": {"co_production": "bohdan"},
    }  # fmt: skip
    grown = ac.danish_model(**question, overrides={"co_production.capacity": "5/month"})
    made = grown.summary.set_index("channel").loc["co_production", "units_capacity"]
    assert made < 0.9 * 24 * 5
    assert any("a new line starts from nothing" in line for line in grown.assumptions)


def test_a_lead_time_learned_later_is_used_only_where_none_was_known_and_says_so():
    first = inputs.lead_time("bohdan", month("2024-07"))
    assert first.estimate.best == 2
    assert "learned only after the start" in first.told
    assert "learned only" not in inputs.lead_time("bohdan", month("2024-10")).told
    late = dict(inputs.lead_time("caesar", month("2024-07")).left_out)
    assert any("after the start 2024-07" in reason for reason in late.values())


def test_the_load_of_the_industry_is_of_the_whole_of_it():
    found = inputs.national_load(month("2025-12"))
    assert (found.estimate.low, found.estimate.high) == (0.3, 0.6)
    assert any("part of the industry" in reason for _, reason in found.left_out)


# --------------------------------------------------------------------------------------
# One unknown, one draw
# --------------------------------------------------------------------------------------


def test_a_line_that_runs_at_its_capacity_does_not_grow():
    answer = ac.danish_model(
        "bohdan",
        "50 billion EUR_2025",
        start="2025-05",
        months=24,
        overrides={"capacity": SPAN, "other_orders": 0, "lead_time": "0 months"},
    )
    assert answer.summary["units_p50"].iloc[0] == pytest.approx(960, abs=1)
    assert any("override capacity" in line and line.endswith(" a month")
               for line in answer.assumptions)  # fmt: skip


def test_the_slope_of_one_channel_leaves_the_others():
    question = QUESTION | {"alternatives": {"co_production": "bohdan"}, "draws": 500}
    plain = ac.danish_model("bohdan", **question).summary["unit_price"]
    steep = ac.Estimate.uniform(0.6, 0.7)
    own = ac.danish_model("bohdan", **question, overrides={"co_production.slope": steep})
    assert own.summary["unit_price"].iloc[0] == pytest.approx(plain.iloc[0], rel=0.02)
    assert own.summary["unit_price"].iloc[1] < 0.8 * plain.iloc[1]


def test_another_channel_changes_nothing_in_the_first():
    alone = ac.danish_model("bohdan", **QUESTION, draws=2_000).summary.iloc[0]
    beside = ac.danish_model("bohdan", **QUESTION, draws=2_000, alternatives=ALTERNATIVES)
    first = beside.summary.iloc[0]
    for name in ("units_p10", "units_p50", "units_p90", "unit_price", "money_spent"):
        assert first[name] == pytest.approx(alone[name], rel=0.03)


def test_a_range_of_prices_is_brought_to_the_budget_end_by_end():
    answer = ac.danish_model("bohdan", "1 billion USD_2020", start="2025-05", draws=16,
                             overrides={"price": IN_MONEY})  # fmt: skip
    found = answer.inputs["danish_model"]["price"].estimate
    for end, sum_of in zip((found.low, found.best, found.high), (2, 2.5, 3), strict=True):
        money = ac.rebase(f"{sum_of} million EUR_2024", "USD_2020")
        assert end == pytest.approx(money.magnitude)


# --------------------------------------------------------------------------------------
# Cost per capability, like with like
# --------------------------------------------------------------------------------------


def test_channels_are_ranked_by_capability_under_the_condition_that_they_share():
    answer = ac.danish_model("bohdan", **QUESTION, alternatives={"western_purchase": "caesar"})
    assert answer.summary["rank_by_cost_per_capability"].notna().all()
    assert answer.summary["capability"].str.contains("rocket-assisted shell").all()
    assert any("the condition that the systems share" in line for line in answer.assumptions)


def test_without_a_shared_condition_there_is_no_rank_by_capability(billion):
    assert billion.summary["rank_by_cost_per_capability"].isna().all()
    assert billion.summary["cost_per_capability"].notna().all()
    assert any("no condition is shared" in line and "pzh-2000 under 'standard shell'" in line
               for line in billion.assumptions)  # fmt: skip


def test_a_cost_per_capability_is_in_one_unit_and_takes_derived_measures():
    own = {"western_purchase.capacity": "1/month", "western_purchase.price": "50000 EUR_2025"}
    answer = ac.danish_model("bohdan", **QUESTION, overrides=own,
                             alternatives={"western_purchase": "switchblade"})  # fmt: skip
    assert answer.summary["capability_unit"].nunique() == 1
    derived = ac.danish_model("bohdan", **QUESTION, measure="rounds_first_minute")
    assert derived.summary["capability_unit"].iloc[0] == "EUR_2025/round"


def test_what_is_given_for_nothing_has_no_price_and_no_rank_by_it():
    answer = ac.danish_model("bohdan", **QUESTION, stock_value="zero",
                             alternatives={"donation_from_stock": "pzh-2000"})  # fmt: skip
    row = answer.summary.iloc[1]
    assert (row["unit_price"], row["money_spent"], row["units_p50"] > 0) == (0, 0, True)
    assert np.isnan(row["cost_per_capability"])
    assert np.isnan(row["rank_by_cost_per_capability"])


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
        ({"system": "peklo"}, ac.OutsideEvidenceError, "systems that have one"),
        ({"system": "caesar"}, ac.OutsideEvidenceError, "'western_purchase': 'caesar'"),
        ({"alternatives": {"co_production": "dita"}}, ac.OutsideEvidenceError, "dita is of CZE"),
        ({"alternatives": {"danish_model": "caesar"}}, ac.OutsideEvidenceError, "buys 'bohdan'"),
        ({"alternatives": ["caesar"]}, ac.OutsideEvidenceError, "channel to system"),
        ({"months": "24"}, ac.OutsideEvidenceError, "finite number"),
        ({"escalation": "a"}, ac.OutsideEvidenceError, "escalation is 'a'"),
        ({"measure": None}, ac.UnknownNameError, "no measure"),
        ({"rate": []}, ac.UnknownNameError, "no rate"),
        ({"overrides": ["price"]}, ac.OutsideEvidenceError, "input to value"),
        ({"overrides": {"price": SPAN}}, ac.OutsideEvidenceError, "each end a Quantity"),
        ({"overrides": {"capacity": IN_MONEY}}, ac.OutsideEvidenceError, "in units a month"),
        ({"overrides": {"built": float("nan")}}, ac.OutsideEvidenceError, "built is nan"),
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
