"""Like with like: one ratio of one kind, one quantity, one budget, one effect."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import armscost as ac
from armscost.comparison.capability import cost_per_capability
from armscost.comparison.likeness import cost_ratio, normalise_quantity
from armscost.comparison.purchases import affordable, equal_budget, equal_effect
from armscost.learning import LearningCurve

GUNS = ["bohdan", "caesar", "pzh-2000"]

# --------------------------------------------------------------------------------------
# One ratio
# --------------------------------------------------------------------------------------


def test_a_ratio_is_of_the_one_kind_that_both_have():
    found = cost_ratio("caesar", "zuzana-2", "EUR_2024", scope="with_ammunition")
    plain = ac.compare(["zuzana-2", "caesar"], to="EUR_2024", scope="with_ammunition").table
    known = plain[plain["system_id"] == "caesar"].iloc[0]
    assert found.ratio == pytest.approx(known["ratio"], rel=1e-12)
    assert found.low <= found.ratio <= found.high
    assert found.overridden == []
    assert len(found.table) == 2


def test_the_ratio_the_other_way_round_is_its_inverse():
    there = cost_ratio("caesar", "zuzana-2", "EUR_2024", scope="with_ammunition")
    back = cost_ratio("zuzana-2", "caesar", "EUR_2024", scope="with_ammunition")
    assert there.ratio * back.ratio == pytest.approx(1)
    assert there.low * back.high == pytest.approx(1)


def test_unlike_kinds_have_no_ratio_and_the_kinds_of_each_are_named():
    with pytest.raises(ac.NotComparableError, match="no kind of price in common") as told:
        cost_ratio("pzh-2000", "bohdan", "EUR_2024")
    for part in ("pzh-2000: ", "budget_line / with_support", "bohdan: ", "programme", "pool=True"):
        assert part in str(told.value)


def test_unknown_is_like_nothing_not_even_unknown():
    with pytest.raises(ac.NotComparableError):
        cost_ratio("pzh-2000", "bohdan", "EUR_2024", scope="unknown")


def test_an_override_is_recorded():
    found = cost_ratio("pzh-2000", "bohdan", "EUR_2024", pool=True)
    assert found.ratio > 1
    assert len(found.overridden) == 2
    assert all("because pool=True" in line for line in found.overridden)
    assert set(found.overridden) <= set(found.assumptions)


def test_several_kinds_in_common_are_a_choice_of_the_caller():
    with pytest.raises(ac.NotComparableError, match="choose one with basis, scope and condition"):
        cost_ratio("caesar", "k9", "EUR_2024", condition="new")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("bohdan", "bohdan"), ac.OutsideEvidenceError, "name two systems"),
        (("bohdan", "ceasar"), ac.UnknownNameError, "did you mean 'caesar'"),
        (("bohdan", None), ac.UnknownNameError, "no system 'None'"),
        (("bohdan", ["caesar"]), ac.UnknownNameError, "did you mean 'caesar'"),
    ],
)
def test_a_ratio_without_an_answer(arguments, error, message):
    with pytest.raises(error, match=message):
        cost_ratio(*arguments, "EUR_2024")


def test_a_system_without_a_price_in_the_scope_says_which_there_are():
    with pytest.raises(
        ac.OutsideEvidenceError, match=r"bohdan has no price .*there are: programme"
    ):
        cost_ratio("caesar", "bohdan", "EUR_2024", scope="item_only")


# --------------------------------------------------------------------------------------
# One quantity
# --------------------------------------------------------------------------------------

LOTS = {"lot_a": (1, 18), "lot_b": (201, 400)}


def test_a_price_at_its_own_lot_stays():
    found = normalise_quantity(3.0, 2.0, **LOTS, slope=(0.80, 0.95), theory="crawford")
    first = found.table.iloc[0]
    assert first["low"] == first["median"] == first["high"] == pytest.approx(3.0)
    assert found.ratio_as_printed == 1.5


def test_the_later_lot_was_dearer_at_the_start_and_the_order_turns():
    found = normalise_quantity(3.0, 2.0, **LOTS, slope=(0.80, 0.95), theory="crawford")
    second = found.table.iloc[1]
    assert 2.0 < second["low"] < second["median"] < second["high"]
    assert found.ratio_low < found.ratio < found.ratio_high
    assert found.ratio < 1 < found.ratio_as_printed


@given(
    slope=st.floats(0.6, 1.0),
    first=st.integers(1, 400),
    size=st.integers(1, 300),
    theory=st.sampled_from(["crawford", "wright"]),
)
@settings(max_examples=60)
def test_one_known_slope_is_the_curve_itself(slope, first, size, theory):
    lot = (first, first + size - 1)
    found = normalise_quantity(1.0, 1.0, lot_a=(1, 10), lot_b=lot, slope=slope, theory=theory)
    curve = LearningCurve(first_unit=1.0, slope=slope, theory=theory)
    expected = curve.lot_average(1, 10) / curve.lot_average(*lot)
    assert found.table.iloc[1]["median"] == pytest.approx(expected, rel=1e-9)


def test_there_and_back_is_the_price_again():
    there = normalise_quantity(5.0, 2.0, **LOTS, slope=0.9, theory="crawford", at=LOTS["lot_b"])
    moved = there.table.iloc[0]["median"]
    back = normalise_quantity(moved, 2.0, lot_a=LOTS["lot_b"], lot_b=LOTS["lot_b"], slope=0.9,
                              theory="crawford", at=LOTS["lot_a"])  # fmt: skip
    assert back.table.iloc[0]["median"] == pytest.approx(5.0, rel=1e-12)


def test_without_learning_nothing_moves():
    found = normalise_quantity(3.0, 2.0, **LOTS, slope=1.0, theory="crawford")
    assert found.ratio == pytest.approx(found.ratio_as_printed, rel=1e-12)


def test_slope_theory_and_lot_are_named():
    found = normalise_quantity(3.0, 2.0, **LOTS, slope=(0.80, 0.95), theory="wright")
    assert found.assumptions[0].startswith("slope 0.8 to 0.95")
    assert "theory wright" in found.assumptions[0]
    assert "units 1 to 18" in found.assumptions[1]


def test_estimates_and_money_go_in():
    prices = [ac.quantity("3 MEUR_2024"), ac.quantity("2000 kEUR_2024")]
    slope = ac_estimate(0.80, 0.85, 0.95)
    found = normalise_quantity(*prices, **LOTS, slope=slope, theory="crawford")
    assert found.ratio_as_printed == pytest.approx(1.5)
    assert set(found.table["unit"]) == {"megaEUR_2024"}


def ac_estimate(*ends):
    from armscost.estimates import Estimate

    return Estimate(*ends, bounds="min_max")


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"slope": 85}, ac.OutsideEvidenceError, "write 0.85"),
        ({"slope": (0.8, 95)}, ac.OutsideEvidenceError, "write 0.95"),
        ({"slope": (0.95, 0.8)}, ac.OutsideEvidenceError, r"\(low, high\)"),
        ({"theory": "crowford"}, ac.UnknownNameError, "did you mean 'crawford'"),
        ({"price_b": -2.0}, ac.OutsideEvidenceError, "price_b is -2"),
        ({"price_b": math.nan}, ac.OutsideEvidenceError, "missing"),
        ({"lot_a": 18}, ac.OutsideEvidenceError, r"such as \(1, 18\)"),
        ({"lot_b": (10, 5)}, ac.OutsideEvidenceError, "first and last cumulative unit"),
        ({"at": (0, 5)}, ac.OutsideEvidenceError, "at is"),
        ({"lot_a": (1, math.inf)}, ac.OutsideEvidenceError, "lot_a is"),
        ({"slope": None}, ac.OutsideEvidenceError, "slope must be a number"),
        ({"draws": "many"}, ac.OutsideEvidenceError, "draws is 'many'"),
    ],
)
def test_a_quantity_that_cannot_be_normalised_says_what_to_write(change, error, message):
    given = {"price_a": 3.0, "price_b": 2.0, **LOTS, "slope": 0.9, "theory": "crawford"} | change
    with pytest.raises(error, match=message):
        normalise_quantity(**given)


def test_a_slope_may_be_any_kind_of_number():
    plain, single = (
        normalise_quantity(3.0, 2.0, **LOTS, slope=slope, theory="crawford")
        for slope in (0.9, np.float32(0.9))
    )
    assert single.ratio == pytest.approx(plain.ratio, rel=1e-6)


def test_prices_of_two_moneys_do_not_meet():
    with pytest.raises(ac.MixedPricesError):
        normalise_quantity(ac.quantity("3 MEUR_2024"), ac.quantity("3 MUSD_2024"), **LOTS,
                           slope=0.9, theory="crawford")  # fmt: skip


def test_the_slope_is_never_chosen_for_the_caller():
    with pytest.raises(TypeError, match="slope"):
        normalise_quantity(3.0, 2.0, **LOTS, theory="crawford")


# --------------------------------------------------------------------------------------
# One budget
# --------------------------------------------------------------------------------------


def test_a_hundred_million_buys_whole_units_at_each_published_price():
    table = equal_budget(GUNS, "100 million EUR_2024").table
    for units, price in (("units_low", "high"), ("units", "median"), ("units_high", "low")):
        assert (table[units] * table[price] <= 1e8 * (1 + 1e-9)).all()
        assert ((table[units] + 1) * table[price] > 1e8).all()
    np.testing.assert_allclose(table["spent"] + table["left"], 1e8)
    assert (table["left"] >= -1e-3).all()


def test_the_prices_are_those_of_compare_in_the_money_of_the_budget():
    bought = equal_budget(GUNS, "5 million USD_2023", scope="unknown")
    plain = ac.compare(GUNS, to="USD_2023", scope="unknown")
    assert bought.unit == "USD_2023"
    np.testing.assert_array_equal(bought.table["median"], plain.table["median"])
    assert bought.table["ratio_note"].to_list() == plain.table["ratio_note"].to_list()
    assert "bohdan" in str(bought.explain("bohdan"))


def test_a_price_that_goes_into_the_sum_exactly_loses_no_unit():
    price = ac.compare(["bohdan"], to="EUR_2024").table["median"].iloc[0]
    for count in (3, 7, 41, 1000):
        bought = equal_budget(["bohdan"], ac.quantity(price * count, "EUR_2024"))
        assert bought.table["units"].iloc[0] == count


@given(st.floats(1, 1e12), st.integers(1, 100_000))
def test_the_total_of_a_contract_buys_what_the_contract_bought(total, quantity):
    assert affordable(total, total / quantity) == quantity


def test_a_sum_too_small_buys_nothing_and_keeps_all():
    table = equal_budget(["bohdan"], "1000 EUR_2024").table
    assert (table["units_high"] == 0).all()
    assert (table["left"] == 1000).all()


@pytest.mark.parametrize(
    ("budget", "error", "message"),
    [
        ("-3 million EUR_2024", ac.OutsideEvidenceError, "above zero"),
        ("0 EUR_2024", ac.OutsideEvidenceError, "above zero"),
        ("3 million EUR", ac.UnknownNameError, "write it with its year"),
        ("3 EUR_2024/km", ac.OutsideEvidenceError, "no sum of money"),
        (100, ac.NotComparableError, "holds no money"),
        ("1e40 EUR_2024", ac.OutsideEvidenceError, "more than can be counted"),
    ],
)
def test_a_budget_that_is_no_sum_of_money(budget, error, message):
    with pytest.raises(error, match=message):
        equal_budget(["bohdan"], budget)


# --------------------------------------------------------------------------------------
# One effect
# --------------------------------------------------------------------------------------


def test_an_effect_is_reached_by_whole_units_and_no_unit_too_many():
    table = equal_effect(GUNS, 100, "range_max", "EUR_2024").table
    for units, able in (
        ("units_low", "capability_high"), ("units", "capability"), ("units_high", "capability_low"),
    ):  # fmt: skip
        assert (table[units] * table[able] >= 100 * (1 - 1e-9)).all()
        assert ((table[units] - 1) * table[able] < 100).all()
    np.testing.assert_allclose(table["median"], table["units"] * table["cost"])
    assert (table["low"] <= table["median"]).all()
    assert (table["median"] <= table["high"]).all()


def test_an_effect_of_one_unit_costs_that_unit():
    result = equal_effect(["pzh-2000"], 30, "range_max", "EUR_2024")
    assert (result.table["units"] == 1).all()
    per = cost_per_capability(["pzh-2000"], "range_max", "EUR_2024").table
    np.testing.assert_allclose(result.table["median"], per["median"] * 30)


def test_adding_up_what_does_not_add_up_is_said():
    far = equal_effect(["bohdan"], 100, "range_max", "EUR_2024").assumptions
    rounds = equal_effect(["caesar"], 100, "rounds_carried", "EUR_2024").assumptions
    assert any("arithmetic only" in line for line in far)
    assert not any("arithmetic only" in line for line in rounds)


def test_an_effect_is_explained_to_both_prints():
    text = str(equal_effect(["pzh-2000"], 100, "range_max", "EUR_2024").explain("pzh-2000"))
    assert "range_max: at most 30 km" in text
    assert "grade" in text


@pytest.mark.parametrize(("effect", "told"), [
    (-100, "above zero"), (0, "above zero"), (math.nan, "finite number"),
    (math.inf, "finite number"), ("far", "finite number"), (1e40, "more than can be counted"),
])  # fmt: skip
def test_an_effect_that_is_none(effect, told):
    with pytest.raises(ac.OutsideEvidenceError, match=told):
        equal_effect(["bohdan"], effect, "range_max", "EUR_2024")


def test_charts_of_sums_and_effects():
    drawn = equal_budget(["bohdan", "caesar"], "100 million EUR_2024").chart()
    assert "EUR at 2024 prices" in drawn.description
    with pytest.raises(ac.OutsideEvidenceError, match="cost_per_capability"):
        equal_effect(["bohdan"], 100, "range_max", "EUR_2024").chart()


def test_a_measure_a_head_does_not_add_up_over_guns():
    question = {"systems": ["caesar"], "to": "EUR_2024", "scope": "item_only"}
    heads = equal_effect(effect=10, measure="rounds_carried_per_crew_member", **question)
    rounds = equal_effect(effect=10, measure="rounds_carried", **question)
    assert any("arithmetic only" in line for line in heads.assumptions)
    assert not any("arithmetic only" in line for line in rounds.assumptions)
