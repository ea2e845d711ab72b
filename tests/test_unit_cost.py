"""Unit costs: the four measures of law and budget; what is missing is said, never zero."""

from __future__ import annotations

import math

import pint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from armscost.errors import MixedPricesError, OutsideEvidenceError, UnknownNameError
from armscost.unit_cost import ELEMENTS, nunn_mccurdy, unit_cost_measures

ALL = {
    "recurring_production": 800.0,
    "nonrecurring_production": 60.0,
    "engineering_changes": 40.0,
    "support_equipment": 30.0,
    "training_equipment": 20.0,
    "technical_data": 10.0,
    "services": 40.0,
    "initial_spares": 200.0,
    "development": 380.0,
    "military_construction": 20.0,
}


def test_the_measures_build_on_one_another():
    measures = unit_cost_measures(ALL, procured=60, end_items=64)
    assert measures.flyaway == 15.0
    assert measures.weapon_system == pytest.approx(1000 / 60)
    assert measures.procurement == measures.apuc == 20.0
    assert measures.programme == measures.pauc == 25.0
    assert measures.table["status"].tolist() == ["computed"] * 4


@pytest.mark.parametrize("element", list(ALL))
def test_a_missing_element_makes_its_measure_and_those_above_not_computable(element):
    costs = {name: cost for name, cost in ALL.items() if name != element}
    for given_costs in (costs, {**costs, element: None}):
        measures = unit_cost_measures(given_costs, procured=60, end_items=64)
        hit = False
        for measure, elements in ELEMENTS.items():
            hit = hit or element in elements
            assert (getattr(measures, measure) is None) == hit
            assert measures.missing[measure] == ([element] if hit else [])
        rows = measures.table[measures.table["status"] == "not computable"]
        assert rows["unit_cost"].isna().all()
        assert (rows["missing"] == element).all()


def test_an_element_that_costs_nothing_is_written_zero():
    measures = unit_cost_measures({**ALL, "military_construction": 0}, procured=60, end_items=64)
    assert measures.pauc == pytest.approx(1580 / 64)


def test_a_missing_quantity_is_missing_too():
    measures = unit_cost_measures(ALL, procured=60)
    assert measures.pauc is None
    assert measures.missing["programme"] == ["end_items"]
    assert unit_cost_measures(ALL, procured=None, end_items=64).missing["flyaway"] == ["procured"]


def test_a_published_total_stands_for_its_elements():
    measures = unit_cost_measures(
        {"procurement": 1200, "development": 380, "military_construction": 20},
        procured=60,
        end_items=64,
    )
    assert (measures.flyaway, measures.apuc, measures.pauc) == (None, 20.0, 25.0)
    assert "procurement: the total as given" in measures.assumptions
    assert unit_cost_measures({**ALL, "procurement": 1200}, procured=60).apuc == 20.0


def test_money_keeps_its_unit():
    registry = pint.UnitRegistry()
    registry.define("euro = [euro]")
    registry.define("keuro = 1000 * euro")
    registry.define("dollar = [dollar]")
    q = registry.Quantity
    costs = {name: q(cost, "keuro") for name, cost in ALL.items()}
    costs["initial_spares"] = q(200_000.0, "euro")
    measures = unit_cost_measures(costs, procured=60, end_items=64)
    assert measures.apuc.to("euro").magnitude == pytest.approx(20_000)
    assert set(measures.table["unit"]) == {"keuro"}
    with pytest.raises(MixedPricesError, match="initial_spares is in dollar"):
        unit_cost_measures({**costs, "initial_spares": q(1.0, "dollar")}, procured=60)
    with pytest.raises(MixedPricesError, match="a unit, or none"):
        unit_cost_measures({**costs, "initial_spares": 200.0}, procured=60)
    grown = nunn_mccurdy(
        q(118, "keuro"), current_baseline=q(100_000, "euro"), original_baseline=q(90, "keuro")
    )
    assert grown.growth_current == pytest.approx(0.18)
    with pytest.raises(MixedPricesError):
        nunn_mccurdy(q(118, "keuro"), current_baseline=100, original_baseline=90)


@pytest.mark.parametrize(
    ("costs", "quantities", "error", "message"),
    [
        ({"fly_away": 1}, {"procured": 1}, UnknownNameError, "did you mean 'flyaway'"),
        ({"flyaway": -1}, {"procured": 1}, OutsideEvidenceError, "leave it out if unknown"),
        ({"flyaway": math.nan}, {"procured": 1}, OutsideEvidenceError, "flyaway is nan"),
        ({"flyaway": 1}, {"procured": 0}, OutsideEvidenceError, "above zero"),
        ({"flyaway": 1}, {"procured": 9, "end_items": 8}, OutsideEvidenceError, "below the 9"),
        ({**ALL, "flyaway": 901}, {"procured": 9}, OutsideEvidenceError, "add up to 900"),
        (
            {"recurring_production": 10, "nonrecurring_production": 5, "flyaway": 12},
            {"procured": 9},
            OutsideEvidenceError,
            "less than the 15",
        ),
        ({"flyaway": 12, "weapon_system": 10}, {"procured": 9}, OutsideEvidenceError, "less than"),
        (None, {"procured": 9}, OutsideEvidenceError, "write elements and their costs"),
        (
            {"procurement": [1, 2]},
            {"procured": 9},
            OutsideEvidenceError,
            r"procurement is \[1, 2\]",
        ),
        ({"procurement": "abc"}, {"procured": 9}, OutsideEvidenceError, "procurement is 'abc'"),
        ({"procurement": 1}, {"procured": "nine"}, OutsideEvidenceError, "procured is 'nine'"),
    ],
)
def test_costs_that_make_no_sense_are_refused(costs, quantities, error, message):
    with pytest.raises(error, match=message):
        unit_cost_measures(costs, **quantities)


@pytest.mark.parametrize(("low", "high"), [
    ("recurring_production", "procurement"), ("flyaway", "procurement"),
    ("services", "programme"), ("development", "programme"), ("weapon_system", "programme"),
])  # fmt: skip
def test_a_total_below_any_of_its_parts_is_refused_whatever_is_missing_between(low, high):
    with pytest.raises(OutsideEvidenceError, match=f"{high} is given as 50, less than the 100"):
        unit_cost_measures({low: 100, high: 50}, procured=1, end_items=1)
    assert unit_cost_measures({low: 50, high: 100}, procured=1, end_items=1).missing[high] == []


# The thresholds of 10 U.S.C. 4371, from both sides.
@pytest.mark.parametrize(
    ("estimate", "original", "significant", "critical"),
    [
        (114.99, 100, False, False),
        (115, 100, True, False),
        (124.99, 100, True, False),
        (125, 100, True, True),
        (110, 84.62, False, False),
        (110, 84.61, True, False),
        (110, 73.34, True, False),
        (110, 73.33, True, True),
        (90, 100, False, False),
    ],
)
def test_nunn_mccurdy_thresholds(estimate, original, significant, critical):
    found = nunn_mccurdy(estimate, current_baseline=100, original_baseline=original)
    assert (found.significant, found.critical) == (significant, critical)


@settings(max_examples=100)
@given(st.integers(1, 10**6), st.sampled_from([(115, False), (125, True)]))
def test_growth_that_meets_a_threshold_to_the_last_digit_counts(baseline, threshold):
    percent, critical = threshold
    # Money in cents and mills: floats never land on the threshold exactly.
    base = baseline / 1000
    found = nunn_mccurdy(base * percent / 100, current_baseline=base, original_baseline=base)
    assert found.significant
    assert found.critical == critical


@pytest.mark.parametrize("cost", [None, "abc", [1, 2], math.nan])
def test_a_unit_cost_that_is_no_number_is_refused_by_its_name(cost):
    with pytest.raises(OutsideEvidenceError, match=r"estimate is .*; write a finite number"):
        nunn_mccurdy(cost, current_baseline=1, original_baseline=1)


def test_a_unit_cost_of_nothing_is_refused():
    with pytest.raises(OutsideEvidenceError, match="current_baseline is 0"):
        nunn_mccurdy(1, current_baseline=0, original_baseline=1)
