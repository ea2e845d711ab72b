"""The cost exchange promises: who pays for whom named, rules by their formula, no money mixed."""

from __future__ import annotations

import numpy as np
import pint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from armscost.comparison.exchange import cost_exchange
from armscost.errors import (
    MixedPricesError,
    NotComparableError,
    OutsideEvidenceError,
    UnknownNameError,
)
from armscost.units import quantity

PROBABILITY = st.floats(0.01, 1)
MONEY = st.floats(1, 1e9)
SHOTS = st.integers(1, 12)


@pytest.fixture(scope="module")
def registry():
    registry = pint.UnitRegistry()
    for money in ("USD_2024", "USD_2025"):
        registry.define(f"{money} = [{money}]")
    return registry


def test_two_shots_in_a_salvo():
    result = cost_exchange(50_000, 2_000_000, kill_probability=0.7, shots=2)
    assert result.cost_per_kill == pytest.approx(4_000_000 / 0.91, rel=1e-14)
    assert result.kill_probability == pytest.approx(0.91)
    assert result.shots_fired == 2
    assert result.ratio == pytest.approx(result.cost_per_kill / 50_000)
    assert result.direction == "defender's cost per kill / attacker's cost"
    assert result.direction in "\n".join(result.assumptions)


def test_looking_after_each_shot_saves_the_second_one():
    result = cost_exchange(50_000, 2_000_000, 0.7, shots=2, rule="shoot_look_shoot")
    assert result.shots_fired == pytest.approx(1.3)  # 1 + the 0.3 that need a second
    assert result.kill_probability == pytest.approx(0.91)
    assert result.cost_per_kill == pytest.approx(2_000_000 / 0.7)


def test_firing_until_the_kill():
    result = cost_exchange(50_000, 2_000_000, 0.5, rule="expected")
    assert (result.kill_probability, result.shots_fired) == (1, 2)
    assert result.cost_per_kill == 4_000_000


def test_the_defended_value_stands_beside_the_ratio():
    result = cost_exchange(50_000, 2_000_000, 0.5, defended_value=40_000_000)
    assert result.ratio == 80  # a bad exchange of costs
    assert result.value_ratio == 10  # and a good bargain
    assert result.table["defended_value"].to_list() == [40_000_000]
    assert cost_exchange(50_000, 2_000_000, 0.5).value_ratio is None


@settings(max_examples=60, deadline=None)
@given(MONEY, MONEY, PROBABILITY)
def test_with_one_shot_the_rules_agree(attacker, defender, p):
    ratios = [
        cost_exchange(attacker, defender, p, rule=rule).ratio
        for rule in ("fixed_salvo", "shoot_look_shoot", "expected")
    ]
    assert ratios == pytest.approx([defender / p / attacker] * 3)


@settings(max_examples=60, deadline=None)
@given(MONEY, MONEY, PROBABILITY, SHOTS)
def test_a_salvo_never_kills_cheaper_than_looking_does(attacker, defender, p, shots):
    salvo = cost_exchange(attacker, defender, p, shots)
    look = cost_exchange(attacker, defender, p, shots, rule="shoot_look_shoot")
    assert salvo.cost_per_kill >= look.cost_per_kill * (1 - 1e-12)
    assert salvo.kill_probability == pytest.approx(look.kill_probability)
    assert look.shots_fired <= salvo.shots_fired * (1 + 1e-12)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.1, 0.9), st.integers(1, 4), st.sampled_from(["fixed_salvo", "shoot_look_shoot"]))
def test_the_formula_is_what_many_engagements_cost(p, shots, rule):
    hits = np.random.default_rng(1).random((40_000, shots)) < p
    killed = hits.any(axis=1)
    first = np.where(killed, hits.argmax(axis=1) + 1, shots)
    fired = first if rule == "shoot_look_shoot" else np.full(len(hits), shots)
    result = cost_exchange(1, 1, p, shots, rule=rule)
    assert fired.sum() / killed.sum() == pytest.approx(result.cost_per_kill, rel=0.06)


def test_small_probabilities_keep_their_digits():
    assert cost_exchange(1, 1, 1e-17, shots=3).cost_per_kill == pytest.approx(1e17)


# --- money --------------------------------------------------------------------------------------


def test_quantities_come_back_as_quantities_and_the_ratio_as_a_number(registry):
    Q = registry.Quantity
    result = cost_exchange(Q(50, "kUSD_2025"), Q(2, "MUSD_2025"), 0.5)
    assert result.ratio == pytest.approx(80)
    assert isinstance(result.ratio, float)
    assert result.cost_per_kill == Q(4, "MUSD_2025")
    assert result.table["unit"].to_list() == [str(Q(1, "MUSD_2025").units)]


def test_two_price_years_do_not_meet(registry):
    Q = registry.Quantity
    with pytest.raises(MixedPricesError, match="USD_2024"):
        cost_exchange(Q(50, "kUSD_2024"), Q(2, "MUSD_2025"), 0.5)
    with pytest.raises(MixedPricesError, match="bare number"):
        cost_exchange(50_000, Q(2, "MUSD_2025"), 0.5)
    with pytest.raises(MixedPricesError, match="defended_value"):
        cost_exchange(Q(1, "USD_2025"), Q(1, "USD_2025"), 0.5, defended_value=Q(1, "USD_2024"))


def test_a_probability_in_per_cent_may_say_so(registry):
    assert cost_exchange(1, 1, registry.Quantity(50, "percent")).ratio == 2


def test_unlike_cost_bases_meet_only_when_told_to():
    call = {"attacker": 1, "defender": 2, "kill_probability": 0.5}
    unlike = {"attacker_basis": "press_claim", "defender_basis": "flyaway"}
    with pytest.raises(NotComparableError, match="attacker press_claim, defender flyaway"):
        cost_exchange(**call, **unlike)
    with pytest.raises(NotComparableError, match="not stated"):
        cost_exchange(**call, attacker_basis="flyaway")
    with pytest.raises(NotComparableError, match="unknown"):
        cost_exchange(**call, attacker_basis="unknown", defender_basis="unknown")
    pooled = cost_exchange(**call, **unlike, pool=True)
    assert "because of pool=True" in "\n".join(pooled.assumptions)
    same = cost_exchange(**call, attacker_basis="flyaway", defender_basis="flyaway")
    assert "cost basis: attacker flyaway, defender flyaway" in same.assumptions


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"kill_probability": 70}, OutsideEvidenceError, "write 0.7"),
        ({"kill_probability": 0}, OutsideEvidenceError, "never kills"),
        ({"kill_probability": -0.5}, OutsideEvidenceError, "above 0"),
        ({"kill_probability": float("nan")}, OutsideEvidenceError, "missing"),
        ({"kill_probability": "0.5"}, OutsideEvidenceError, "kill_probability is the text"),
        ({"shots": 0}, OutsideEvidenceError, "whole number"),
        ({"shots": 1.5}, OutsideEvidenceError, "whole number"),
        ({"shots": True}, OutsideEvidenceError, "whole number"),
        ({"shots": 2, "rule": "expected"}, OutsideEvidenceError, "shoot_look_shoot"),
        ({"rule": "salvo"}, UnknownNameError, "did you mean 'fixed_salvo'"),
        ({"rule": ["fixed_salvo"]}, UnknownNameError, "did you mean 'fixed_salvo'"),
        ({"kill_probability": quantity("1 EUR_2024")}, OutsideEvidenceError, "must be a number"),
        ({"attacker": 0}, OutsideEvidenceError, "attacker is 0"),
        ({"defender": -1}, OutsideEvidenceError, "defender is -1"),
        ({"attacker": None}, OutsideEvidenceError, "'attacker' is missing"),
        ({"defender": "2 million EUR_2025"}, OutsideEvidenceError, "armscost.quantity"),
    ],
)
def test_bad_input_is_refused_and_told_what_to_do(change, error, words):
    call = {"attacker": 1.0, "defender": 2.0, "kill_probability": 0.5, **change}
    with pytest.raises(error, match=words):
        cost_exchange(**call)
