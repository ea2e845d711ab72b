"""Order size: an elasticity where contracts carry one, and the reason where they do not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import armscost as ac
from armscost import datasets
from armscost.comparison import order_size
from armscost.comparison.order_size import order_size_effect, within_systems


@pytest.fixture(scope="module")
def guns():
    return order_size_effect(category="self-propelled howitzer")


# --------------------------------------------------------------------------------------
# The estimate
# --------------------------------------------------------------------------------------


@given(
    slope=st.floats(-1.5, 0.5),
    levels=st.lists(st.floats(0.1, 100), min_size=1, max_size=4),
    sizes=st.lists(st.integers(1, 500), min_size=4, max_size=8, unique=True),
)
@settings(max_examples=80)
def test_a_law_without_noise_is_found_whatever_the_level_of_each_system(slope, levels, sizes):
    price, quantity, system = [], [], []
    for name, level in enumerate(levels):
        for size in sizes:
            price.append(level * size**slope)
            quantity.append(size)
            system.append(name)
    found, low, high = within_systems(price, quantity, system, 0.95)
    assert found == pytest.approx(slope, abs=1e-9)
    assert low <= found + 1e-9
    assert high >= found - 1e-9


def test_the_slope_and_interval_of_a_worked_example():
    # by hand: x = ln 1, 2, 4, 8; y = ln 8, 4, 2.1, 1; one system
    x, y = np.log([1, 2, 4, 8]), np.log([8, 4, 2.1, 1])
    dx, dy = x - x.mean(), y - y.mean()
    e = (dx @ dy) / (dx @ dx)
    half = 4.302653 * np.sqrt(((dy - e * dx) ** 2).sum() / 2 / (dx @ dx))  # t(0.975; 2)
    assert within_systems(np.exp(y), np.exp(x), ["a"] * 4, 0.95) == pytest.approx(
        (e, e - half, e + half), rel=1e-6
    )


def test_dear_systems_ordered_in_small_numbers_are_no_effect_of_number():
    price = [10, 10.1, 9.9, 1, 1.01, 0.99]
    quantity = [5, 6, 10, 100, 200, 150]
    found, low, high = within_systems(price, quantity, ["dear"] * 3 + ["cheap"] * 3, 0.95)
    assert low < 0 < high
    assert abs(found) < 0.1


def test_one_more_degree_of_confidence_is_a_wider_interval():
    data = ([8, 4, 2.1, 1], [1, 2, 4, 8], ["a"] * 4)
    narrow, wide = within_systems(*data, 0.8), within_systems(*data, 0.99)
    assert wide[1] < narrow[1] < narrow[0] == wide[0] < narrow[2] < wide[2]


@pytest.mark.parametrize(
    ("quantity", "system"), [([5, 5, 5], ["a"] * 3), ([1, 2], ["a"] * 2), ([1, 9, 2], list("abc"))]
)
def test_sizes_that_tell_nothing(quantity, system):
    with pytest.raises(ac.OutsideEvidenceError, match="do not differ enough"):
        within_systems(np.arange(1, len(quantity) + 1), quantity, system, 0.95)


# --------------------------------------------------------------------------------------
# The contracts in the tables
# --------------------------------------------------------------------------------------


def test_only_new_items_with_an_order_size_each_fact_once_in_its_scope(guns):
    counted = guns.trace[guns.trace["counted"]]
    assert set(counted["condition"]) == {"new"}
    assert set(counted["cost_basis"]) == {"contract_price"}
    assert counted["quantity"].notna().all()
    assert not counted.duplicated(["fact_id", "scope", "system_id", "per"]).any()
    assert not guns.table.duplicated(order_size.KIND).any()


def test_it_gives_an_elasticity_or_says_why_not(guns):
    assert len(guns.table) > 1
    for row in guns.table.itertuples(index=False):
        if np.isfinite(row.elasticity):
            assert row.low <= row.elasticity <= row.high
            assert row.low > 0 or row.high < 0
            assert row.price_at_double == pytest.approx(2**row.elasticity)
            assert row.n_facts >= order_size.LEAST_FACTS
        else:
            assert isinstance(row.note, str)
            assert np.isnan(row.low)
            assert np.isnan(row.price_at_double)
    assert guns.carried == guns.table["elasticity"].notna().any()
    assert len(guns.verdict) == len(guns.table)
    for row, line in zip(guns.table.itertuples(index=False), guns.verdict, strict=True):
        assert ("no effect is told" in line) == np.isnan(row.elasticity)


def test_unknown_scope_never_carries_one(guns):
    unknown = guns.table[guns.table["scope"] == "unknown"]
    assert len(unknown) > 0
    assert unknown["elasticity"].isna().all()
    assert unknown["note"].str.startswith("scope unknown").all()


def test_price_base_and_method_are_named(guns):
    assert guns.unit == "EUR_2024"
    assert "ln(unit price in EUR_2024)" in guns.assumptions[0]
    assert "95% interval" in guns.assumptions[0]
    dollars = order_size_effect("self-propelled howitzer", to="USD_2023", confidence=0.9)
    assert "ln(unit price in USD_2023)" in dollars.assumptions[0]
    assert "90% interval" in dollars.assumptions[0]


def test_published_statements_stand_beside_it_as_printed(guns):
    published = datasets.load("indicators").set_index("indicator_id")
    assert len(guns.statements) > 0
    for row in guns.statements.itertuples(index=False):
        assert row.measure in order_size.STATED
        assert row.statement == published.loc[row.indicator_id, "statement"]
        assert row.source_id in guns.sources


def test_explain_leads_to_the_contracts(guns):
    text = str(guns.explain("k9"))
    assert "unit price computed by armscost: total over" in text
    assert "k9-" in text


# --------------------------------------------------------------------------------------
# When the data cannot carry it
# --------------------------------------------------------------------------------------


def contracts(sizes, prices, *, buyers=None, scope="with_support", systems=None):
    n = len(sizes)
    return pd.DataFrame(
        {
            "system_id": systems or ["a"] * n,
            "fact_id": [f"f{i}" for i in range(n)],
            "quantity": [float(s) for s in sizes],
            "central": [float(p) for p in prices],
            "buyer": buyers or [f"b{i}" for i in range(n)],
            "scope": scope,
            "cost_basis": "contract_price",
            "per": "gun",
        }
    )


SIZES = [5, 10, 20, 40, 80, 160]
FALLING = [10 * s**-0.3 * (1.01 if s % 20 else 0.99) for s in SIZES]


def test_a_clear_effect_is_told():
    found = order_size._effect(contracts(SIZES, FALLING), 0.95)
    assert found["elasticity"] == pytest.approx(-0.3, abs=0.02)
    assert found["price_at_double"] == pytest.approx(2**-0.3, abs=0.02)
    assert found["note"] is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (
            contracts(SIZES[:5], FALLING[:5]),
            "5 fact(s) of systems with two or more, of 5 in all; 6 are needed",
        ),
        (
            contracts(SIZES, FALLING, systems=["a", "a", "b", "b", "c", "d"]),
            "4 fact(s) of systems with two or more, of 6 in all; 6 are needed",
        ),
        (
            contracts(SIZES, FALLING, buyers=["one"] * 6),
            "one buyer placed all orders: its wishes and the number cannot be told apart",
        ),
        (
            contracts([50, 60, 70, 80, 90, 100], FALLING),
            "orders of 50 to 100: too alike in size to tell an effect",
        ),
        (
            contracts(SIZES, [10, 3, 9, 4, 11, 5]),
            "spans zero: these contracts do not tell whether larger orders are cheaper",
        ),
        (
            contracts(SIZES, FALLING, scope="unknown"),
            "scope unknown: what these prices contain differs in unknown ways",
        ),
        (
            contracts([5, 5, 5, 80, 80, 80], FALLING, systems=list("aaabbb")),
            "order sizes do not differ enough within systems to tell an effect",
        ),
    ],
)
def test_no_slope_is_printed_and_the_reason_is(data, reason):
    found = order_size._effect(data, 0.95)
    assert found["note"].endswith(reason)
    assert np.isnan([found[name] for name in ("elasticity", "low", "high")]).all()
    row = {"cost_basis": "contract_price", "scope": "with_support"} | found
    assert "no effect is told" in order_size._verdict(row)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"category": "self-propelled howitser"}, ac.UnknownNameError, "self-propelled howitzer"),
        ({"scope": "gun_only"}, ac.UnknownNameError, "no scope 'gun_only'"),
        ({"basis": "contract"}, ac.UnknownNameError, "did you mean 'contract_price'"),
        ({"basis": 5}, ac.UnknownNameError, "no basis '5'"),
        ({"category": ["self-propelled howitzer"]}, ac.UnknownNameError, "self-propelled howitzer"),
        ({"confidence": "95 %"}, ac.OutsideEvidenceError, "confidence is '95 %'"),
        ({"to": "EUR"}, ac.UnknownNameError, "write it with its year"),
        ({"confidence": 95}, ac.OutsideEvidenceError, "write 0.95"),
        ({"category": "reconnaissance drone"}, ac.OutsideEvidenceError, "no contract of a"),
    ],
)
def test_a_question_without_an_answer_says_what_to_do(arguments, error, message):
    with pytest.raises(error, match=message):
        order_size_effect(**({"category": "self-propelled howitzer"} | arguments))
