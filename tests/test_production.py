"""Production: ramps integrate to what was made, a queue loses nothing, limits are named."""

from __future__ import annotations

import math

import numpy as np
import pint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from armscost.errors import MixedPricesError, OutsideEvidenceError, UnknownNameError
from armscost.production import (
    GompertzRamp,
    LinearRamp,
    LogisticRamp,
    ProductionRates,
    SteppedRamp,
    deliveries,
    fit_ramp,
    littles_law,
    orders_from_money,
)

RAMPS = [
    LinearRamp(start=20, ceiling=100, months=8),
    LogisticRamp(ceiling=36, midpoint=10, growth=0.35),
    LogisticRamp(ceiling=36, midpoint=-3, growth=0.35),
    GompertzRamp(ceiling=36, midpoint=10, growth=0.35),
    SteppedRamp({0: 6, 6: 10, 9.5: 20}),
]


# --- ramps ----------------------------------------------------------------------------------


@pytest.mark.parametrize("ramp", RAMPS, ids=lambda r: type(r).__name__)
def test_what_is_made_is_the_integral_of_the_rate(ramp):
    kinks = [6, 8, 9.5]
    for t in (0.0, 3.5, 12.0, 30.0):
        area, _ = quad(lambda m: ramp.rate(m), 0, t, points=[k for k in kinks if k < t] or None)
        assert ramp.cumulative(t) == pytest.approx(area, rel=1e-8, abs=1e-8)
    assert ramp.by_month(30).sum() == pytest.approx(ramp.cumulative(30))


@pytest.mark.parametrize("ramp", RAMPS, ids=lambda r: type(r).__name__)
def test_a_ramp_never_falls_and_ends_at_its_ceiling(ramp):
    rates = ramp.rate(np.linspace(0, 200, 500))
    assert np.all(np.diff(rates) >= 0)
    assert rates[-1] == pytest.approx(getattr(ramp, "ceiling", 20))


def test_the_midpoints_are_where_the_textbook_puts_them():
    assert LogisticRamp(ceiling=80, midpoint=7, growth=0.4).rate(7) == 40
    assert GompertzRamp(ceiling=80, midpoint=7, growth=0.4).rate(7) == pytest.approx(80 / math.e)
    assert SteppedRamp({6: 20, 0: 10}).rate([0, 5.9, 6, 99]).tolist() == [10, 10, 20, 20]


@pytest.mark.parametrize("t", [1e4, 1e6])
@pytest.mark.parametrize("kind", [LogisticRamp, GompertzRamp])
def test_far_away_an_s_curve_makes_its_ceiling_a_month(kind, t):
    ramp = kind(ceiling=36, midpoint=10, growth=0.35)
    assert ramp.cumulative(t + 10) - ramp.cumulative(t) == pytest.approx(360)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: LinearRamp(start=20, ceiling=10, months=8), "below start"),
        (lambda: LinearRamp(start=20, ceiling=100, months=0), "above zero"),
        (lambda: LinearRamp(start=-1, ceiling=100, months=3), "zero or above"),
        (lambda: LogisticRamp(ceiling=10, midpoint=3, growth=0), "above zero"),
        (lambda: GompertzRamp(ceiling=math.nan, midpoint=3, growth=1), "finite"),
        (lambda: SteppedRamp({1: 10}), "month 0"),
        (lambda: SteppedRamp({0: -1}), "zero or above"),
        (lambda: RAMPS[0].rate(-1), "count from 0"),
        (lambda: RAMPS[1].cumulative([1, math.nan]), "count from 0"),
    ],
)
def test_a_ramp_that_makes_no_sense_is_refused(make, message):
    with pytest.raises(OutsideEvidenceError, match=message):
        make()


# --- the queue ------------------------------------------------------------------------------

months = st.integers(1, 30)


@st.composite
def lines(draw):
    n = draw(months)
    orders = draw(st.lists(st.integers(0, 40), min_size=n, max_size=n))
    whole = draw(st.booleans())
    one = st.integers(0, 15) if whole else st.floats(0, 15)
    capacity = draw(st.lists(one, min_size=n, max_size=n))
    lead = draw(st.floats(0, 12))
    return np.array(orders, float), np.array(capacity, float), lead, whole


@settings(max_examples=200, deadline=None)
@given(lines())
def test_a_queue_loses_nothing_and_keeps_to_lead_time_and_capacity(line):
    orders, capacity, lead, whole = line
    out = deliveries(orders, capacity, lead)
    assert np.array_equal(np.cumsum(orders), out.arrived + out.open_orders)
    assert np.array_equal(out.delivered, np.floor(out.delivered))
    assert np.all(out.delivered >= 0)
    assert np.all(out.open_orders >= 0)
    assert np.all(out.arrived <= np.cumsum(capacity) + 1e-6)
    if whole:
        assert np.all(out.delivered <= capacity)
    shift = math.ceil(lead - 1e-9)
    due = np.concatenate([np.zeros(shift), np.cumsum(orders)])[: len(orders)]
    assert np.all(out.arrived <= due)


@settings(max_examples=150, deadline=None)
@given(lines())
def test_the_named_limit_is_the_one_that_holds_the_line_back(line):
    orders, capacity, lead, whole = line
    out = deliveries(orders, capacity, lead)
    shift = math.ceil(lead - 1e-9)
    due = np.concatenate([np.zeros(shift), np.cumsum(orders)])[: len(orders)]
    waiting = due - out.arrived
    assert np.all(out.limit[:shift] == "lead_time")
    later = np.arange(len(orders)) >= shift
    assert np.all(waiting[later & (out.limit == "money")] == 0)
    assert np.all(waiting[later & (out.limit == "capacity")] > 0)
    if whole:
        limited = later & (out.limit == "capacity")
        assert np.array_equal(out.delivered[limited], capacity[limited])


def test_money_capacity_and_inputs_bind_in_turn():
    out = deliveries(
        [4, 20, 0, 0, 0, 0], 6, 1, inputs={"engines": [9, 9, 9, 5, 9, 9], "powder": np.inf}
    )
    assert out.delivered.tolist() == [0, 4, 6, 5, 6, 3]
    assert out.limit.tolist() == ["lead_time", "money", "capacity", "engines", "capacity", "money"]
    assert out.share_limited_by("capacity") == pytest.approx(2 / 6)
    assert out.share_limited_by("powder") == 0.0


def test_a_line_of_half_a_unit_a_month_delivers_every_second_month():
    out = deliveries([3, 0, 0, 0, 0, 0, 0], 0.5, 0)
    assert out.delivered.tolist() == [0, 1, 0, 1, 0, 1, 0]
    tenth = deliveries([1] + [0] * 9, 0.1, 0)
    assert tenth.delivered.tolist() == [0] * 9 + [1]


def test_an_idle_line_gains_nothing():
    assert deliveries([0, 0, 0, 0, 20], 5, 0).delivered.tolist() == [0, 0, 0, 0, 5]


def test_a_part_of_a_month_of_lead_time_counts_as_a_whole_one():
    assert deliveries([5, 0, 0, 0], 9, 1.2).delivered.tolist() == [0, 0, 5, 0]
    assert deliveries([5, 0, 0, 0], 9, 12).delivered.tolist() == [0, 0, 0, 0]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(1, 14))
def test_many_draws_at_once_are_each_draw_alone(seed, draws, n):
    rng = np.random.default_rng(seed)
    orders = rng.integers(0, 20, (draws, n)).astype(float)
    capacity = rng.uniform(0, 12, (draws, 1))
    lead = rng.uniform(0, 8, draws)
    engines = rng.uniform(0, 12, (draws, n))
    together = deliveries(orders, capacity, lead, inputs={"engines": engines})
    assert together.delivered.shape == (draws, n)
    for i in range(draws):
        alone = deliveries(orders[i], capacity[i], lead[i], inputs={"engines": engines[i]})
        assert np.array_equal(together.delivered[i], alone.delivered)
        assert np.array_equal(together.open_orders[i], alone.open_orders)
        assert np.array_equal(together.limit[i], alone.limit)


def test_orders_alike_in_all_draws_need_be_given_once():
    out = deliveries([10, 0, 0], [[1], [2]], [0, 1])
    assert out.delivered.tolist() == [[1, 1, 1], [0, 2, 2]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"orders": [1.5]}, "whole units"),
        ({"orders": [-1]}, "none negative"),
        ({"orders": [math.nan]}, "whole units"),
        ({"orders": 3}, "write \\(months,\\)"),
        ({"capacity": -1}, "capacity is negative"),
        ({"capacity": math.nan}, "missing"),
        ({"inputs": {"engines": -2}}, "engines is negative"),
        ({"lead_time": -1}, "not negative"),
        ({"lead_time": math.inf}, "finite"),
        ({"lead_time": [[1]]}, "one number or"),
    ],
)
def test_a_queue_that_makes_no_sense_is_refused(arguments, message):
    with pytest.raises(OutsideEvidenceError, match=message):
        deliveries(**{"orders": [1, 2], "capacity": 5, "lead_time": 1, **arguments})


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=24), st.floats(0.5, 1e7))
def test_money_is_spent_on_whole_units_or_kept(money, cost):
    bought = orders_from_money(money, cost)
    assert np.array_equal(bought.placed, np.floor(bought.placed))
    kept = np.cumsum(money) - np.cumsum(bought.placed) * cost
    np.testing.assert_allclose(bought.unspent, kept, atol=1e-6 * (1 + np.sum(money)))
    assert np.all(bought.unspent <= cost * (1 + 1e-9))


def test_money_and_unit_cost_carry_their_units():
    registry = pint.UnitRegistry()
    registry.define("euro = [euro]")
    registry.define("keuro = 1000 * euro")
    registry.define("dollar = [dollar]")
    money = registry.Quantity([5000.0, 5000.0], "keuro")
    bought = orders_from_money(money, registry.Quantity(2.5e6, "euro"))
    assert bought.placed.tolist() == [2, 2]
    with pytest.raises(MixedPricesError, match=r"dollar.*keuro"):
        orders_from_money(money, registry.Quantity(2.5e6, "dollar"))
    with pytest.raises(MixedPricesError, match="the same unit, or none"):
        orders_from_money(money, 2.5e6)
    with pytest.raises(OutsideEvidenceError, match="above zero"):
        orders_from_money([1.0], 0.0)
    with pytest.raises(OutsideEvidenceError, match="not negative"):
        orders_from_money([-1.0], 1.0)


def test_a_unit_cost_may_differ_by_draw_and_month():
    bought = orders_from_money([10.0, 10.0], [[5.0, 4.0], [20.0, 20.0]])
    assert bought.placed.tolist() == [[2, 2], [0, 1]]
    assert bought.unspent.tolist() == [[0, 2], [10, 0]]


# --- rates ----------------------------------------------------------------------------------


def test_rates_are_placed_between_minimum_sustaining_and_maximum():
    rates = ProductionRates(minimum_sustaining=12, economic=40, maximum=60, current=10)
    assert rates.position() == "below minimum sustaining"
    assert [rates.position(r) for r in (12, 60, 61)] == [
        "sustainable",
        "sustainable",
        "above maximum",
    ]
    assert rates.below_minimum([[11, 12], [0, 99]]).tolist() == [[True, False], [True, False]]
    with pytest.raises(OutsideEvidenceError, match="at least the one before"):
        ProductionRates(minimum_sustaining=12, economic=80, maximum=60)
    with pytest.raises(OutsideEvidenceError, match="set current"):
        ProductionRates(minimum_sustaining=12, maximum=60).position()


@settings(max_examples=50)
@given(st.floats(0.01, 1e6), st.floats(0.01, 1e3))
def test_littles_law_goes_there_and_back(throughput, lead_time):
    law = littles_law(throughput=throughput, lead_time=lead_time)
    back = littles_law(in_process=law.in_process, lead_time=lead_time).throughput
    again = littles_law(in_process=law.in_process, throughput=throughput).lead_time
    assert (back, again) == (pytest.approx(throughput), pytest.approx(lead_time))


def test_littles_law_wants_exactly_two():
    assert littles_law(throughput=[50, 130], lead_time=4).in_process.tolist() == [200, 520]
    for arguments in ({}, {"in_process": 3}, {"in_process": 3, "throughput": 1, "lead_time": 3}):
        with pytest.raises(OutsideEvidenceError, match="exactly two"):
            littles_law(**arguments)
    with pytest.raises(OutsideEvidenceError, match="lead_time is 0"):
        littles_law(in_process=3, lead_time=0)
    with pytest.raises(OutsideEvidenceError, match="none negative"):
        littles_law(in_process=-3, lead_time=1)


# --- fits -----------------------------------------------------------------------------------

QUARTERS = [f"{year}-{month:02d}" for year in (2022, 2023, 2024, 2025) for month in (1, 4, 7, 10)]


@pytest.mark.parametrize(
    ("shape", "ramp"),
    [
        ("linear", LinearRamp(start=6, ceiling=30, months=24)),
        ("logistic", LogisticRamp(ceiling=36, midpoint=20, growth=0.2)),
        ("gompertz", GompertzRamp(ceiling=36, midpoint=20, growth=0.15)),
    ],
)
def test_a_fit_finds_the_ramp_that_made_the_observations(shape, ramp):
    rates = ramp.rate(np.arange(0, 48, 3))
    fit = fit_ramp(QUARTERS, rates, shape=shape)
    np.testing.assert_allclose(fit.table["value"], list(vars(ramp).values()), rtol=1e-4)
    assert fit.r_squared == pytest.approx(1)
    assert fit.rate("2026-01") == pytest.approx(ramp.rate(48), rel=1e-4)
    assert fit.rate(["2026-01", "2026-02"])[0] == fit.rate("2026-01")


def test_eight_in_ten_new_observations_fall_in_the_interval():
    ramp, held = LogisticRamp(ceiling=36, midpoint=15, growth=0.2), []
    for seed in range(100):
        noise = np.random.default_rng(seed).normal(0, 1.5, 17)
        seen = np.maximum(ramp.rate(np.arange(0, 51, 3)) + noise, 0)
        band = fit_ramp(QUARTERS, seen[:16], shape="logistic").interval("2026-01").iloc[0]
        held.append(band["low"] <= seen[16] <= band["high"])
    assert 0.68 < np.mean(held) < 0.90


def test_a_ceiling_never_seen_is_said_to_be_open():
    growing = LogisticRamp(ceiling=500, midpoint=80, growth=0.08).rate(np.arange(0, 24, 3))
    noise = 1 + 0.05 * np.random.default_rng(1).normal(size=8)
    fit = fit_ramp(QUARTERS[:8], growing * noise, shape="logistic")
    assert any("ceiling" in line for line in fit.warnings)
    straight = fit_ramp(QUARTERS[:8], np.arange(10, 26, 2), shape="linear")
    assert any("levels off" in line for line in straight.warnings)
    assert straight.interval("2030-01").loc[0, "high"] == math.inf


def test_dates_come_in_any_usual_form():
    import datetime as dt

    import pandas as pd

    rates = [6, 8, 10, 12, 18, 20]
    text = ["2023-01-01", "2023-07-01", "2024-01-01", "2024-07-01", "2025-01-01", "2025-07-01"]
    forms = [
        text,
        [t[:7] for t in text],
        [dt.date.fromisoformat(t) for t in text],
        list(pd.to_datetime(text)),
        pd.to_datetime(text),
        np.array(text, dtype="datetime64[D]"),
    ]
    fits = [fit_ramp(form, rates, shape="logistic") for form in forms]
    assert {fit.rate("2025-07") for fit in fits} == {fits[0].rate("2025-07")}
    assert fits[0].origin == dt.date(2023, 1, 1)
    shuffled = fit_ramp(text[::-1], rates[::-1], shape="logistic")
    assert shuffled.rate("2025-07") == pytest.approx(fits[0].rate("2025-07"), rel=1e-6)


@pytest.mark.parametrize(
    ("dates", "rates", "message"),
    [
        (QUARTERS[:3], [1, 2, 3], "needs four"),
        (QUARTERS[:1] * 5, [1, 2, 3, 4, 5], "on 1 dates"),
        (QUARTERS[:4], [1, 2, 3], "one rate a date"),
        (QUARTERS[:4], [1, 2, 3, -1], "not negative"),
        (QUARTERS[:4], [1, 2, 3, math.nan], "finite"),
        (QUARTERS[:4], [0, 0, 0, 0], "all rates are zero"),
        ([*QUARTERS[:4], "2025"], [1, 2, 3, 4, 5], "write '2025-04'"),
        (QUARTERS[:5], [5, 4, 3, 2, 1], "fall"),
        ([], [], "needs four"),
    ],
)
def test_observations_that_carry_no_ramp_are_refused(dates, rates, message):
    with pytest.raises(OutsideEvidenceError, match=message):
        fit_ramp(dates, rates, shape="linear")


def test_a_fit_does_not_look_before_its_first_observation():
    fit = fit_ramp(QUARTERS, RAMPS[1].rate(np.arange(0, 48, 3)), shape="logistic")
    with pytest.raises(OutsideEvidenceError, match="before 2022-01-01"):
        fit.rate("2021-12")
    with pytest.raises(UnknownNameError, match="no ramp to fit"):
        fit_ramp(QUARTERS, range(16), shape="stepped")
    with pytest.raises(OutsideEvidenceError, match=r"such as 0\.8"):
        fit_ramp(QUARTERS, range(16), shape="linear", level=80)


# --- bad input ------------------------------------------------------------------------------

WHEN = QUARTERS[:5]


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: deliveries([math.inf], 1, 0), "whole units"),
        (lambda: deliveries(["a"], 1, 0), "orders"),
        (lambda: deliveries([1], "a", 0), "capacity"),
        (lambda: deliveries([1], 1, "a"), "lead_time"),
        (lambda: deliveries([1, 2, 3], [1, 2], 0), r"orders \(3,\).*capacity \(2,\)"),
        (lambda: deliveries([[1, 1], [1, 1]], 1, [1, 2, 3]), r"lead_time \(3, 1\)"),
        (lambda: deliveries([1], 1, 0, inputs=["powder"]), "name to units a month"),
        (lambda: orders_from_money("a", 1), "money"),
        (lambda: orders_from_money([1], None), "unit_cost"),
        (lambda: orders_from_money([1, 2, 3], [1, 2]), "do not fit"),
        (lambda: LinearRamp(None, 1, 1), "start is None"),
        (lambda: LogisticRamp(1, "a", 1), "midpoint is 'a'"),
        (lambda: SteppedRamp(None), "month 0"),
        (lambda: SteppedRamp({0: "a"}), "rate is 'a'"),
        (lambda: LinearRamp(1, 2, 3).rate("a"), "months"),
        (lambda: LinearRamp(1, 2, 3).by_month(2.5), "whole number"),
        (lambda: littles_law(in_process="a", lead_time=1), "in_process"),
        (lambda: littles_law(in_process=[1, 2], lead_time=[1, 2, 3]), "do not fit"),
        (lambda: ProductionRates(minimum_sustaining="a", maximum=1), "minimum_sustaining is 'a'"),
        (
            lambda: ProductionRates(minimum_sustaining=1, maximum=2).position(math.nan),
            "rate is nan",
        ),
        (lambda: fit_ramp(WHEN, ["a"] * 5, shape="linear"), "rates"),
        (lambda: fit_ramp(None, [1, 2, 3, 4], shape="linear"), "one date a rate"),
        (lambda: fit_ramp(WHEN, [1, 2, 3, 4, 5], shape="linear", level="a"), "level is 'a'"),
        (lambda: fit_ramp(WHEN, [1, 2, 3, 4, 5], shape=["linear"]), "no ramp to fit"),
    ],
)
def test_what_is_no_number_name_or_shape_is_refused(ask, message):
    with pytest.raises((OutsideEvidenceError, UnknownNameError), match=message):
        ask()


@pytest.mark.parametrize("lead", [1e19, 1e30, 1e300])
def test_a_lead_time_beyond_every_horizon_delivers_nothing(lead):
    assert deliveries([1, 1], 1, lead).delivered.sum() == 0
