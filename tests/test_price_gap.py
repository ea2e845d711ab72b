"""``price_gap``: the steps and what stays unexplained add up; nothing is hidden."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import armscost as ac
from armscost.danish_model.price_gap import STEPS, price_gap, split
from armscost.danish_model.wage_gap import price_level, wage_ratio
from armscost.estimates import Estimate

PARTS = (*STEPS, "unexplained")
RATIO = st.floats(0.02, 3.0)
SHARE = st.floats(0.01, 1.0)
PRICE = st.floats(1.0, 1e8)


BARE = Estimate(2e6, 2.5e6, 3e6, bounds="min_max")
IN_MONEY = Estimate(
    *(ac.quantity(f"{end} million EUR_2024") for end in (2, 2.5, 3)), bounds="min_max"
)


@pytest.fixture(scope="module")
def gap():
    return price_gap("bohdan", "caesar", to="EUR_2024", pool=True)


# --------------------------------------------------------------------------------------
# The split
# --------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(SHARE, RATIO, RATIO, SHARE, PRICE, PRICE)
def test_steps_and_rest_add_up(labour, wage, level, home, price, against):
    parts = split(labour, wage, level, home, price, against)
    logs = sum(float(parts[f"ln_{name}"]) for name in PARTS)
    assert logs == pytest.approx(math.log(price / against), abs=1e-9)
    money = sum(float(parts[name]) for name in PARTS)
    assert money == pytest.approx(price - against, abs=1e-6 * max(price, against))
    if abs(math.log(price / against)) > 1e-6:
        assert sum(float(parts[f"share_{name}"]) for name in PARTS) == pytest.approx(1, abs=1e-6)


@settings(max_examples=50, deadline=None)
@given(SHARE, RATIO, RATIO, SHARE)
def test_a_price_as_the_steps_say_leaves_nothing_unexplained(labour, wage, level, home):
    cost = home * (labour * wage + (1 - labour) * level) + 1 - home
    parts = split(labour, wage, level, home, 100 * cost, 100.0)
    assert float(parts["ln_unexplained"]) == pytest.approx(0, abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(SHARE, RATIO, SHARE, PRICE, PRICE)
def test_a_step_that_does_not_differ_explains_nothing(labour, ratio, home, price, against):
    assert float(split(labour, 1.0, ratio, home, price, against)["ln_wages"]) == pytest.approx(
        0, abs=1e-12
    )
    parts = split(labour, ratio, 1.0, home, price, against)
    assert float(parts["ln_price_level"]) == pytest.approx(0, abs=1e-12)
    parts = split(labour, ratio, ratio, 1.0, price, against)
    assert float(parts["ln_local_content"]) == pytest.approx(0, abs=1e-12)


def test_wages_and_level_are_treated_alike():
    # At a labour share of one half the two may change places: no order is favoured.
    one = split(0.5, 0.2, 0.6, 0.8, 50.0, 100.0)
    other = split(0.5, 0.6, 0.2, 0.8, 50.0, 100.0)
    assert float(one["wages"]) == pytest.approx(float(other["price_level"]))
    assert float(one["local_content"]) == pytest.approx(float(other["local_content"]))


def test_only_wages_by_hand():
    # Labour is 40 % of cost, at half the wage: the price falls to 80, all of it by wages.
    parts = split(0.4, 0.5, 1.0, 1.0, 80.0, 100.0)
    assert float(parts["wages"]) == pytest.approx(-20)
    assert float(parts["unexplained"]) == pytest.approx(0, abs=1e-12)


def test_equal_prices_have_steps_but_finite_money():
    parts = split(0.4, 0.5, 1.0, 1.0, 100.0, 100.0)
    assert float(parts["wages"]) == pytest.approx(100 * math.log(0.8))
    assert float(parts["unexplained"]) == pytest.approx(-float(parts["wages"]))


def test_arrays_in_arrays_out():
    labour = np.array([0.2, 0.35, 0.5])
    parts = split(labour, 0.1, 0.4, 0.85, 2.8, 4.0)
    one = split(0.35, 0.1, 0.4, 0.85, 2.8, 4.0)
    assert parts["wages"].shape == (3,)
    assert parts["wages"][1] == pytest.approx(float(one["wages"]))


# --------------------------------------------------------------------------------------
# Bohdan and Caesar
# --------------------------------------------------------------------------------------


def test_the_table_goes_from_one_price_to_the_other(gap):
    rows = gap.table
    assert rows["step"].tolist() == [
        "caesar", "wages", "price level", "local content", "unexplained", "bohdan",
    ]  # fmt: skip
    inner = rows[rows["kind"] != "total"]
    assert rows["amount"].iloc[0] + inner["amount"].sum() == pytest.approx(rows["amount"].iloc[-1])
    assert inner["share"].sum() == pytest.approx(1)


def test_what_stays_unexplained_is_shown(gap):
    row = gap.table[gap.table["kind"] == "unexplained"].iloc[0]
    assert gap.unexplained == row["share"]
    assert row["low"] <= row["high"]


def test_the_labour_share_is_a_marked_assumption_and_its_effect_is_shown(gap):
    assert any(
        "labour share" in line and "ASSUMED" in line and "not found" in line
        for line in gap.assumptions
    )
    ends = gap.by_labour_share["labour_share"]
    assert (ends.iloc[0], ends.iloc[-1]) == (0.2, 0.5)
    np.testing.assert_allclose(gap.by_labour_share[list(PARTS)].sum(axis=1), 1)
    assert "labour_share" in gap.sensitivity["input"].tolist()
    assert (np.diff(gap.sensitivity["swing"]) <= 0).all()


def test_unlike_prices_are_set_against_each_other_only_when_told(gap):
    with pytest.raises(ac.NotComparableError, match="pool=True"):
        price_gap("bohdan", "caesar", to="EUR_2024")
    assert any("pooled" in line for line in gap.assumptions)


def test_prices_of_ones_own(gap):
    own = {"bohdan": "2.8 million EUR_2024", "caesar": "4 million EUR_2024"}
    mine = price_gap(to="EUR_2024", costs=own, labour_share=0.35)
    assert mine.table["amount"].iloc[[0, -1]].tolist() == pytest.approx([4e6, 2.8e6])
    assert not any("pooled" in line for line in mine.assumptions)
    assert mine.by_labour_share["labour_share"].tolist() == [0.35]


def test_a_price_may_be_a_range_of_money():
    own = {"bohdan": IN_MONEY, "caesar": "4 million EUR_2024"}
    mine = price_gap(to="EUR_2024", costs=own)
    row = mine.table.iloc[-1]
    assert row["amount"] == pytest.approx(2.5e6)
    assert 2e6 < row["low"] < row["amount"] < row["high"] < 3e6


def test_exact_inputs_have_no_spread_and_no_sensitivity():
    own = {"bohdan": "2.8 million EUR_2024", "caesar": "4 million EUR_2024"}
    given = {"wage": 0.1, "level": 0.4, "domestic_share": 0.85, "labour_share": 0.3}
    exact = price_gap(to="EUR_2024", costs=own, **given)
    parts = exact.table[exact.table["kind"] != "total"]
    np.testing.assert_allclose(parts["low"], parts["high"])
    assert exact.sensitivity.empty


def test_the_same_seed_gives_the_same_answer(gap):
    again = price_gap("bohdan", "caesar", to="EUR_2024", pool=True)
    pd.testing.assert_frame_equal(again.table, gap.table)


def test_inputs_lead_to_sources(gap):
    assert ac.cite(gap.sources)
    assert set(gap.trace["input"]) >= {"wage_ratio", "price_level", "domestic_share"}
    assert gap.chart().to_dict()["description"]
    assert "unexplained" in gap.to_markdown()


def test_an_estimate_of_the_labour_share_is_taken():
    narrow = price_gap(to="EUR_2024", pool=True, labour_share=Estimate.uniform(0.3, 0.31))
    swings = narrow.sensitivity.set_index("input")["swing"]
    wide = price_gap(to="EUR_2024", pool=True).sensitivity.set_index("input")["swing"]
    assert swings["labour_share"] < wide["labour_share"]


# --------------------------------------------------------------------------------------
# Wages and price level
# --------------------------------------------------------------------------------------


def test_one_concept_of_one_year_on_both_sides():
    found = wage_ratio("BGR", "DEU", 2024)
    assert found.estimate.best_value == pytest.approx(10.6 / 43.4)
    assert not found.assumed


def test_a_monthly_wage_becomes_an_hourly_cost_only_by_a_marked_assumption():
    found = wage_ratio("UKR", "FRA", 2024)
    assert found.assumed
    assert "2023" in found.told
    assert 0.05 < found.estimate.best_value < 0.15


def test_the_side_with_a_wage_alone_may_be_either():
    found, turned = wage_ratio("UKR", "FRA", 2024), wage_ratio("FRA", "UKR", 2024)
    assert turned.assumed
    assert "the second derived" in turned.told
    for end, other in (("low", "high"), ("best_value", "best_value"), ("high", "low")):
        product = getattr(turned.estimate, end) * getattr(found.estimate, other)
        assert product == pytest.approx(1)
    there = price_gap("caesar", "bohdan", to="EUR_2024", pool=True)
    assert there.unit == "EUR_2024"


def test_the_price_level_is_parity_over_market_rate():
    found = price_level("UKR", "FRA", 2024)
    parity = ac.load("purchasing_power").query("year == 2024 and kind == 'gdp_ppp'")
    parity = parity.set_index("area")["value"]
    one = parity["UKR"] / ac.exchange_rate("USD", "UAH", on=2024).value
    other = parity["FRA"] / ac.exchange_rate("USD", "EUR", on=2024).value
    assert found.estimate.best_value == pytest.approx(one / other)


# --------------------------------------------------------------------------------------
# Bad input
# --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"labour_share": 35}, "0.35"),
        ({"domestic_share": 85}, "0.85"),
        ({"wage": -1}, "above 0"),
        ({"level": 0}, "above 0"),
        ({"labour_share": float("nan")}, "nan|finite"),
        ({"costs": {"bohdan": "2 million EUR_2024"}}, "caesar"),
        ({"against": "bohdan"}, "no gap"),
        ({"to": None}, "EUR_2024"),
        ({"wage": "a"}, "finite number"),
        ({"wage": IN_MONEY}, "bare numbers"),
        ({"costs": ["bohdan"]}, "system to price"),
        ({"costs": {"bohdan": BARE, "caesar": "4 million EUR_2024"}}, "each end a Quantity"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_write(wrong, told):
    with pytest.raises(ac.OutsideEvidenceError, match=told):
        price_gap(**({"to": "EUR_2024", "pool": True} | wrong))


def test_equal_prices_have_no_gap_to_split():
    same = {"bohdan": "3 million EUR_2024", "caesar": "3 million EUR_2024"}
    with pytest.raises(ac.OutsideEvidenceError, match="no gap"):
        price_gap(to="EUR_2024", costs=same)


def test_unknown_systems_and_prices_of_others():
    with pytest.raises(ac.UnknownNameError, match="caesar"):
        price_gap("bohdan", "ceasar", to="EUR_2024")
    with pytest.raises(ac.UnknownNameError, match="bohdan"):
        price_gap(to="EUR_2024", costs={"k9": "3 million EUR_2024"})


def test_a_year_without_a_parity_says_which_there_are():
    own = {"bohdan": "2.8 million EUR_2025", "caesar": "4 million EUR_2025"}
    with pytest.raises(ac.NoRateError, match="2024"):
        price_gap(to="EUR_2025", costs=own)


def test_an_economy_without_wages_says_what_to_give():
    with pytest.raises(ac.OutsideEvidenceError, match="wage="):
        price_gap("k9", "caesar", to="EUR_2024", pool=True)


def test_a_share_may_be_nothing_at_all():
    nothing = ac.price_gap("bohdan", "caesar", to="EUR_2024", pool=True, domestic_share=0)
    steps = nothing.table.set_index("step")["amount"]
    assert steps[["wages", "price level", "local content"]].sum() == pytest.approx(0, abs=1e-6)
