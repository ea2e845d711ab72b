"""Learning curves: what a unit, a lot and a budget cost."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError
from typing import Any

import mpmath
import numpy as np
import pint
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from armscost.errors import MixedPricesError, OutsideEvidenceError, UnknownNameError
from armscost.learning import (
    LearningCurve,
    aggregate_total,
    breakeven_quantity,
    exponent_of_slope,
    learning_lost_factor,
    production_break,
    rate_effect,
    slope_error,
    slope_of_exponent,
    theory_difference,
)

THEORIES = ("crawford", "wright")

theories: st.SearchStrategy[Any] = st.sampled_from(THEORIES)
slopes = st.floats(0.55, 1.0)
units = st.integers(1, 100_000)


def curve(slope: Any = 0.85, theory: Any = "crawford", **options: Any) -> LearningCurve:
    return LearningCurve(first_unit=100.0, slope=slope, theory=theory, **options)


@st.composite
def curves(draw: st.DrawFn) -> LearningCurve:
    """Any curve, with any of the options."""
    return LearningCurve(
        first_unit=draw(st.floats(0.01, 1e9)),
        slope=draw(slopes),
        theory=draw(theories),
        prior_units=draw(st.none() | st.floats(0, 500)),
        incompressible=draw(st.none() | st.floats(0, 0.9)),
        plateau_at=draw(st.none() | st.integers(1, 5000)),
    )


def exact_sum(m: int, n: int, slope: float, prior: float = 0.0) -> Any:
    """The sum of (i + prior)**b with 40 digits: unit by unit, then Euler-Maclaurin from far out."""
    with mpmath.workdps(40):
        b = mpmath.log(mpmath.mpf(slope)) / mpmath.log(2)
        cut = min(n + 1, max(m, 1000))
        head = mpmath.fsum((mpmath.mpf(i) + prior) ** b for i in range(m, cut))
        if cut > n:
            return head
        x, y = mpmath.mpf(cut) + prior, mpmath.mpf(n) + prior
        tail = mpmath.log(y / x) if b == -1 else (y ** (b + 1) - x ** (b + 1)) / (b + 1)
        tail += (x**b + y**b) / 2
        product = b
        for k in range(1, 8):
            power = b - 2 * k + 1
            tail += (
                mpmath.bernoulli(2 * k) / mpmath.factorial(2 * k) * product * (y**power - x**power)
            )
            product *= power * (power - 1)
        return head + tail


class TestExactness:
    @pytest.mark.parametrize("slope", [0.01, 0.1, 0.5, 0.5000001, 0.7, 0.85, 0.99, 1.0, 1.1, 1.9])
    @pytest.mark.parametrize(
        ("m", "n"),
        [(1, 1), (1, 31), (31, 33), (32, 32), (201, 500), (1, 2_000), (33, 10**9), (1, 10**9),
         (10**9, 10**9), (10**12, 10**12 + 1)],
    )  # fmt: skip
    def test_crawford_totals_hold_ten_digits(self, slope: float, m: int, n: int) -> None:
        exact = exact_sum(m, n, slope)
        one = LearningCurve(first_unit=1.0, slope=slope, theory="crawford")
        many = one.total(np.array([m, m]), np.array([n, n]))
        assert abs(one.total(m, n) / exact - 1) < 1e-11
        assert abs(many[1] / exact - 1) < 1e-11

    @pytest.mark.parametrize("slope", [0.1, 0.5, 0.85])
    def test_prior_units_keep_the_digits(self, slope: float) -> None:
        line = LearningCurve(first_unit=1.0, slope=slope, theory="crawford", prior_units=7.5)
        exact = exact_sum(1, 10**7, slope, 7.5)
        assert abs(line.total(1, 10**7) / exact - 1) < 1e-11

    def test_a_curve_a_row_agrees_with_one_curve_at_a_time(self) -> None:
        slope = np.array([0.1, 0.5, 0.85, 1.0])
        m, n = np.array([1, 5, 31, 40]), np.array([9, 2_000, 33, 50_000])
        rows = LearningCurve(first_unit=1.0, slope=slope, theory="crawford").total(m, n)
        for i in range(4):
            one = LearningCurve(first_unit=1.0, slope=slope[i], theory="crawford")
            assert rows[i] == pytest.approx(one.total(int(m[i]), int(n[i])), rel=1e-13)

    def test_long_arrays_agree_with_short_ones(self) -> None:
        m = np.arange(1, 40_001)
        n = m + 10
        whole = curve().total(m, n)
        assert whole[::5_000] == pytest.approx(curve().total(m[::5_000], n[::5_000]), rel=1e-14)

    @given(theories, slopes, st.integers(10**6, 10**9))
    @settings(max_examples=50)
    def test_a_lot_of_one_far_out_costs_what_the_unit_costs(
        self, theory: str, slope: float, n: int
    ) -> None:
        line = curve(slope, theory)
        b = line.exponent
        with mpmath.workdps(40):
            x = mpmath.mpf(n)
            exact = x**b if theory == "crawford" else x ** (1 + b) - (x - 1) ** (1 + b)
        assert line.total(n, n) == pytest.approx(float(100 * exact), rel=1e-11)


class TestProperties:
    @given(curves(), units, st.integers(0, 5_000), st.integers(1, 5_000))
    @settings(max_examples=100)
    def test_lots_add_up(self, line: LearningCurve, m: int, more: int, rest: int) -> None:
        middle, last = m + more, m + more + rest
        parts = line.total(m, middle) + line.total(middle + 1, last)
        assert parts == pytest.approx(line.total(m, last), rel=1e-10)

    @given(curves(), st.integers(1, 300))
    @settings(max_examples=50)
    def test_a_lot_costs_its_units(self, line: LearningCurve, n: int) -> None:
        assert line.unit(np.arange(1, n + 1)).sum() == pytest.approx(line.total(1, n), rel=1e-10)

    @given(theories, slopes, slopes, units, st.integers(0, 5_000))
    @settings(max_examples=100)
    def test_a_steeper_slope_never_costs_more(
        self, theory: str, one: float, other: float, m: int, more: int
    ) -> None:
        steep, flat = sorted([one, other])
        assume(steep < flat)
        # Under Wright a lot can cost more on the steeper curve only if the earlier units cost
        # less by more: what never costs more is the total from unit 1 on.
        first = m if theory == "crawford" else 1
        last = m + more
        assert curve(steep, theory).total(first, last) <= curve(flat, theory).total(first, last) * (
            1 + 1e-12
        )

    @given(curves(), st.integers(1, 2_000_000))
    @settings(max_examples=100)
    def test_affordable_is_the_inverse_of_total(self, line: LearningCurve, n: int) -> None:
        assert line.affordable(line.total(1, n)) == n

    @given(curves(), units, st.floats(0, 1), st.integers(0, 100_000))
    @settings(max_examples=100)
    def test_a_budget_buys_all_it_can_and_no_more(
        self, line: LearningCurve, n: int, share: float, built: int
    ) -> None:
        budget = share * line.total(built + 1, built + n)
        n = line.affordable(budget, built=built)
        spent = line.total(built + 1, built + n) if n else 0.0
        assert spent <= budget * (1 + 2e-12)
        assert line.total(built + 1, built + n + 1) > budget

    @given(curves(), units)
    @settings(max_examples=100)
    def test_unit_costs_never_rise(self, line: LearningCurve, n: int) -> None:
        costs = line.unit(np.arange(n, n + 50))
        assert (np.diff(costs) <= 1e-12 * costs[0]).all()

    @given(curves(), units)
    @settings(max_examples=100)
    def test_more_units_never_lower_the_total(self, line: LearningCurve, n: int) -> None:
        assert line.total(1, n + 1) >= line.total(1, n)

    @given(curves(), units)
    @settings(max_examples=100)
    def test_wright_costs_no_more_than_crawford(self, line: LearningCurve, n: int) -> None:
        parts = {k: getattr(line, k) for k in
                 ("first_unit", "slope", "prior_units", "incompressible")}  # fmt: skip
        wright = LearningCurve(theory="wright", **parts).total(1, n)
        crawford = LearningCurve(theory="crawford", **parts).total(1, n)
        assert wright <= crawford * (1 + 1e-12)

    @given(slopes, units, st.integers(0, 5_000))
    @settings(max_examples=100)
    def test_the_midpoint_lies_in_its_lot_and_costs_the_average(
        self, slope: float, m: int, more: int
    ) -> None:
        line, n = curve(slope), m + more
        point = line.midpoint(m, n)
        assert m * (1 - 1e-6) <= point <= n * (1 + 1e-6)
        assert line.at(point) == pytest.approx(line.lot_average(m, n), rel=1e-9)

    @given(theories, slopes, st.integers(2, 10_000))
    @settings(max_examples=50)
    def test_the_slope_comes_back_from_the_total(self, theory: Any, slope: float, n: int) -> None:
        total = curve(slope, theory).total(1, n)
        back = LearningCurve.from_total(first_unit=100.0, total=total, units=n, theory=theory)
        average = LearningCurve.from_average(n, total / n, first_unit=100.0, theory=theory)
        assert back.slope == pytest.approx(slope, rel=1e-9)
        assert average.slope == pytest.approx(slope, rel=1e-9)

    @given(curves(), st.integers(1, 10_000))
    @settings(max_examples=50)
    def test_a_curve_goes_through_what_is_known(self, line: LearningCurve, n: int) -> None:
        parts = {k: getattr(line, k) for k in
                 ("slope", "theory", "prior_units", "incompressible", "plateau_at")}  # fmt: skip
        by_unit = LearningCurve.from_unit(n, line.unit(n), **parts)
        by_average = LearningCurve.from_average(n, line.average(n), **parts)
        assert by_unit.first_unit == pytest.approx(line.first_unit, rel=1e-9)
        assert by_average.first_unit == pytest.approx(line.first_unit, rel=1e-9)

    @given(st.floats(-5, 1))
    def test_slope_and_exponent_go_there_and_back(self, b: float) -> None:
        assert exponent_of_slope(slope_of_exponent(b)) == pytest.approx(b, abs=1e-13)


class TestKinds:
    """Floats, arrays or Quantities in, the same kind out."""

    def test_floats(self) -> None:
        line = curve()
        for value in (line.unit(5), line.total(1, 5), line.average(5), line.midpoint(1, 5),
                      line.lot_average(1, 5), line.slope, line.exponent, line.at(2.5)):  # fmt: skip
            assert type(value) is float
        assert type(line.affordable(500)) is int

    def test_arrays(self) -> None:
        line = LearningCurve(
            first_unit=np.array([100.0, 50.0]), slope=[0.85, 0.9], theory="crawford"
        )
        assert line.total(1, 10).shape == (2,)
        assert line.unit([[1], [2], [3]]).shape == (3, 2)
        assert line.exponent.shape == line.slope.shape == (2,)
        count = line.affordable([500.0, 500.0])
        assert count.dtype == np.int64
        assert count.tolist() == [
            curve().affordable(500.0),
            LearningCurve(first_unit=50, slope=0.9, theory="crawford").affordable(500.0),
        ]

    def test_quantities(self) -> None:
        registry: Any = pint.UnitRegistry()
        registry.define("EUR = [currency]")
        money = registry.Quantity
        line = LearningCurve(
            first_unit=money(2.0, "megaEUR"), slope=money(85, "percent"), theory="crawford"
        )
        assert line.unit(2).to("EUR").magnitude == pytest.approx(1.7e6)
        assert line.total(1, np.array([1, 2])).check("[currency]")
        assert line.slope == money(85, "percent")
        assert line.exponent == pytest.approx(np.log2(0.85))
        assert line.affordable(money(3_700_000.0, "EUR")) == 2
        assert line.affordable(line.total(1, 77)) == 77
        known = LearningCurve.from_unit(2, money(1.7, "megaEUR"), slope=0.85, theory="crawford")
        assert known.first_unit.to("EUR").magnitude == pytest.approx(2e6)
        solved = LearningCurve.from_total(
            first_unit=money(2.0, "megaEUR"), total=money(3.7e6, "EUR"), units=2, theory="crawford"
        )
        assert solved.slope == pytest.approx(0.85)

    def test_money_of_two_kinds_is_refused(self) -> None:
        registry: Any = pint.UnitRegistry()
        registry.define("EUR_2024 = [money_EUR_2024]")
        registry.define("EUR_2025 = [money_EUR_2025]")
        line = LearningCurve(
            first_unit=registry.Quantity(1.0, "EUR_2025"), slope=0.85, theory="wright"
        )
        older = registry.Quantity(5.0, "EUR_2024")
        other = LearningCurve(first_unit=older, slope=0.85, theory="wright")
        with pytest.raises(MixedPricesError, match=r"EUR_2024.*EUR_2025.*rebase"):
            line.affordable(older)
        with pytest.raises(MixedPricesError, match="same unit, or none"):
            line.affordable(5.0)
        with pytest.raises(MixedPricesError, match="same unit, or none"):
            curve().affordable(older)
        with pytest.raises(MixedPricesError):
            LearningCurve.from_total(
                first_unit=older, total=line.first_unit, units=2, theory="wright"
            )
        with pytest.raises(MixedPricesError):
            LearningCurve.from_average(2, line.first_unit, first_unit=older, theory="wright")
        with pytest.raises(MixedPricesError):
            aggregate_total([line, other], 1, 5)
        with pytest.raises(MixedPricesError):
            breakeven_quantity(line, other, nonrecurring_a=older, nonrecurring_b=older)

    @pytest.mark.parametrize(
        "ask",
        [
            lambda: curve(pint.UnitRegistry().Quantity(0.8, "kg")),
            lambda: curve([[0.8], [0.8, 0.9]]),
            lambda: curve([0.8, 0.9]).at([1, 2, 3]),
            lambda: LearningCurve.from_unit(5, [1.0, 2.0], slope=[0.8, 0.8, 0.8], theory="wright"),
            lambda: slope_error([1, 2], slope_used=0.8, slope_true=[0.8, 0.8, 0.9]),
            lambda: rate_effect([1, 2], rate_slope=[0.8, 0.8, 0.9]),
            lambda: rate_effect({}, rate_slope=0.9),
            lambda: aggregate_total([1.0], 1, 2),
            lambda: aggregate_total(5, 1, 2),
            lambda: production_break(None, built=5, lost=0.5),
            lambda: learning_lost_factor({"tooling": "a"}, {"tooling": 1.0}),
            lambda: learning_lost_factor(None, {"tooling": 1.0}),
            lambda: breakeven_quantity(
                curve(), curve(), nonrecurring_a=0, nonrecurring_b=5, most="many"
            ),
        ],
    )
    def test_what_is_no_number_is_refused_in_our_words(self, ask: Any) -> None:
        with pytest.raises(OutsideEvidenceError):
            ask()

    @pytest.mark.parametrize("name", [None, ["wright"], 5])
    def test_what_is_no_name_is_an_unknown_name(self, name: Any) -> None:
        with pytest.raises(UnknownNameError):
            curve(theory=name)
        with pytest.raises(UnknownNameError):
            curve().midpoint_approximate(1, 5, rule=name)

    def test_frozen_and_its_own(self) -> None:
        slope = np.array([0.8, 0.9])
        line = curve(slope)
        slope[0] = 0.5
        assert line.slope.tolist() == [0.8, 0.9]
        with pytest.raises(ValueError, match="read-only"):
            line.slope[0] = 0.5
        with pytest.raises(FrozenInstanceError):
            line.first_unit = 5.0  # type: ignore[misc]  # that it fails is the point
        for other in (pickle.loads(pickle.dumps(line)), copy.deepcopy(line)):
            assert other.total(1, 9).tolist() == line.total(1, 9).tolist()


class TestOptions:
    def test_prior_units_are_experience_brought_along(self) -> None:
        assert curve(prior_units=5).total(1, 20) == pytest.approx(curve().total(6, 25))

    def test_all_incompressible_would_be_no_learning(self) -> None:
        line = curve(incompressible=0.25)
        assert line.unit(8) == pytest.approx(25 + 0.75 * curve().unit(8))
        assert line.average(8) == pytest.approx(25 + 0.75 * curve().average(8))
        assert line.midpoint(3, 9) == pytest.approx(curve().midpoint(3, 9))

    @pytest.mark.parametrize("theory", THEORIES)
    def test_units_on_the_plateau_cost_what_its_first_unit_costs(self, theory: str) -> None:
        line = curve(theory=theory, plateau_at=32)
        assert line.unit(50) == pytest.approx(curve(theory=theory).unit(32))
        assert line.total(40, 49) == pytest.approx(10 * line.unit(32))
        assert line.total(1, 32) == pytest.approx(curve(theory=theory).total(1, 32))

    def test_under_wright_the_average_is_the_formula(self) -> None:
        line = curve(theory="wright", prior_units=5, incompressible=0.25)
        expected = 100 * (0.25 + 0.75 * (20 + 5) ** line.exponent)
        assert line.average(20) == pytest.approx(expected)
        assert line.at(20) == pytest.approx(expected)

    def test_midpoint_without_learning_is_the_limit(self) -> None:
        flat, nearly = curve(1.0).midpoint(3, 40), curve(1 - 1e-7).midpoint(3, 40)
        assert flat == pytest.approx(nearly, rel=1e-6)
        assert curve(1.0).midpoint_approximate(3, 40) == pytest.approx(
            curve(1 - 1e-7).midpoint_approximate(3, 40), rel=1e-6
        )

    def test_rising_costs_are_allowed_and_bought_right(self) -> None:
        line = curve(1.1)
        assert line.affordable(line.total(1, 1234)) == 1234
        assert line.affordable(line.total(1, 1234) - 1) == 1233

    def test_rule_of_thumb(self) -> None:
        assert curve().midpoint_approximate(1, 9, rule="rule_of_thumb") == 4.0


class TestRefusals:
    @pytest.mark.parametrize(
        ("slope", "says"),
        [(85, "write 0.85"), (85.0, "write 0.85"), (0, "above 0"), (-0.8, "above 0"),
         (float("nan"), "nan"), (float("inf"), "inf"), ("0.85", "must be a number"),
         (True, "must be a number"), ([0.85, 90], "write 0.9"), (None, "must be a number")],
    )  # fmt: skip
    def test_slopes(self, slope: Any, says: str) -> None:
        with pytest.raises(OutsideEvidenceError, match=says):
            curve(slope)

    def test_wright_below_one_half(self) -> None:
        with pytest.raises(OutsideEvidenceError, match=r"below 0\.5"):
            curve(0.4, "wright")
        assert curve(0.5, "wright").total(1, 10) == 100.0

    def test_the_theory_has_no_default_and_two_names(self) -> None:
        with pytest.raises(TypeError, match="theory"):
            LearningCurve(first_unit=1.0, slope=0.85)  # type: ignore[call-arg]  # the point
        with pytest.raises(UnknownNameError, match="did you mean 'crawford'"):
            curve(theory="crawfords")

    @pytest.mark.parametrize("cost", [0, -1, float("nan"), float("inf"), "100", None, [1, -1]])
    def test_first_units(self, cost: Any) -> None:
        with pytest.raises(OutsideEvidenceError, match="first_unit must be"):
            LearningCurve(first_unit=cost, slope=0.85, theory="crawford")

    @pytest.mark.parametrize("unit", [0, -1, 2.5, float("nan"), float("inf"), "5", 1e300, [1, 0]])
    @pytest.mark.parametrize("theory", THEORIES)
    def test_units(self, theory: str, unit: Any) -> None:
        line = curve(theory=theory)
        for ask in (line.unit, line.average, lambda n: line.total(1, n)):
            with pytest.raises(OutsideEvidenceError, match="unit must be"):
                ask(unit)

    def test_lots_that_end_before_they_begin(self) -> None:
        with pytest.raises(OutsideEvidenceError, match="first unit 100, last unit 90"):
            curve(0.1).total(100, 90)
        with pytest.raises(OutsideEvidenceError, match="first unit 7, last unit 6"):
            curve().total([1, 7], [5, 6])

    def test_lengths_that_do_not_go_together(self) -> None:
        with pytest.raises(OutsideEvidenceError, match="lengths"):
            curve().total([1, 2], [5, 6, 7])
        with pytest.raises(OutsideEvidenceError, match="lengths"):
            curve([0.8, 0.9]).unit([1, 2, 3])
        with pytest.raises(OutsideEvidenceError, match="lengths"):
            LearningCurve(first_unit=[1.0, 2.0, 3.0], slope=[0.8, 0.9], theory="wright")

    @pytest.mark.parametrize(
        ("option", "value"),
        [("prior_units", -1), ("prior_units", float("nan")), ("incompressible", 1),
         ("incompressible", 25), ("incompressible", -0.1), ("plateau_at", 0),
         ("plateau_at", 3.5)],
    )  # fmt: skip
    def test_options(self, option: str, value: Any) -> None:
        with pytest.raises(OutsideEvidenceError, match=option):
            curve(**{option: value})

    @pytest.mark.parametrize("budget", [-1, float("nan"), float("inf"), "5"])
    def test_budgets(self, budget: Any) -> None:
        with pytest.raises(OutsideEvidenceError, match="budget must be"):
            curve().affordable(budget)

    def test_no_money_buys_nothing(self) -> None:
        assert curve().affordable(0) == 0
        assert curve().affordable(99.999) == 0

    def test_a_budget_that_never_runs_out(self) -> None:
        for line in (curve(0.4), curve(0.5, "wright")):
            with pytest.raises(OutsideEvidenceError, match="than can be counted"):
                line.affordable(1e9)
        with pytest.raises(OutsideEvidenceError, match="than can be counted"):
            curve(0.5, "wright").affordable(0, built=1)

    def test_built_may_be_nothing_but_not_less(self) -> None:
        with pytest.raises(OutsideEvidenceError, match="built"):
            curve().affordable(5_000, built=-1)

    def test_fractions_are_sold_under_wright_alone(self) -> None:
        with pytest.raises(OutsideEvidenceError, match="whole units"):
            curve().affordable_real(500)
        real = curve(theory="wright").affordable_real(5_000.0, built=125)
        assert int(real) == curve(theory="wright").affordable(5_000.0, built=125)

    def test_midpoints_belong_to_crawford(self) -> None:
        for ask in ("midpoint", "midpoint_approximate", "total_approximate"):
            with pytest.raises(OutsideEvidenceError, match="crawford"):
                getattr(curve(theory="wright"), ask)(1, 5)
        with pytest.raises(OutsideEvidenceError, match="plateau_at"):
            curve(plateau_at=4).total_approximate(1, 5)
        with pytest.raises(UnknownNameError, match="half_unit"):
            curve().midpoint_approximate(1, 5, rule="half")  # type: ignore[arg-type]  # the point

    def test_totals_no_slope_gives(self) -> None:
        for total in (50.0, 1e9):
            with pytest.raises(OutsideEvidenceError, match="no slope gives"):
                LearningCurve.from_total(first_unit=100, total=total, units=9, theory="wright")
        with pytest.raises(OutsideEvidenceError, match="from 2"):
            LearningCurve.from_total(first_unit=100, total=100, units=1, theory="wright")
        with pytest.raises(OutsideEvidenceError, match="slope="):
            LearningCurve.from_average(4, 8.1, theory="wright")

    def test_exponents(self) -> None:
        for b in (float("nan"), float("-inf"), 85):
            with pytest.raises(OutsideEvidenceError, match="exponent"):
                slope_of_exponent(b)


class TestEffects:
    def test_theories_differ_from_the_second_unit_on(self) -> None:
        gap = theory_difference(np.arange(1, 6), first_unit=50, slope=0.885)
        assert gap[0] == pytest.approx(0, abs=1e-12)
        assert (gap[1:] > 0).all()
        assert theory_difference(1, 5, first_unit=50, slope=0.885) == pytest.approx(gap.sum())

    def test_error_of_a_wrong_slope_is_the_ratio_of_wright_totals(self) -> None:
        ratio = curve(0.87, "wright").total(1, 400) / curve(0.75, "wright").total(1, 400)
        assert slope_error(400, slope_used=0.75, slope_true=0.87) == pytest.approx(ratio - 1)
        assert slope_error(400, slope_used=0.8, slope_true=0.8) == 0

    def test_pools_add_up(self) -> None:
        pools = [curve(0.8), curve(0.9)]
        assert aggregate_total(pools, 3, 9) == pools[0].total(3, 9) + pools[1].total(3, 9)
        with pytest.raises(OutsideEvidenceError, match="at least one"):
            aggregate_total([], 1, 5)

    def test_rate(self) -> None:
        assert rate_effect(1, rate_slope=0.9) == 1
        assert rate_effect([12, 24], rate_slope=0.9, reference=12) == pytest.approx([1, 0.9])
        with pytest.raises(OutsideEvidenceError, match="rate must be above 0"):
            rate_effect(0, rate_slope=0.9)
        with pytest.raises(OutsideEvidenceError, match=r"write 0\.9"):
            rate_effect(2, rate_slope=90)

    @given(slopes, st.integers(2, 5_000), st.floats(0, 1))
    @settings(max_examples=60)
    def test_a_break_costs_the_learning_it_destroys(
        self, slope: float, built: int, lost: float
    ) -> None:
        assume(slope < 0.999)
        line = curve(slope)
        after = production_break(line, built=built, lost=lost)
        assert after.learning_lost == pytest.approx(lost * (100 - line.unit(built)))
        assert after.next_unit_cost == pytest.approx(line.unit(built + 1) + after.learning_lost)
        assert line.at(after.restart_unit) == pytest.approx(after.next_unit_cost)
        assert after.curve.unit(1) == pytest.approx(after.next_unit_cost)

    def test_a_break_without_loss_changes_nothing(self) -> None:
        after = production_break(curve(), built=40, lost=0)
        assert after.units_set_back == pytest.approx(0, abs=1e-9)
        assert after.curve.total(1, 60) == pytest.approx(curve().total(41, 100))

    def test_breaks_the_method_was_not_made_for(self) -> None:
        for line in (curve(theory="wright"), curve(1.0), curve(plateau_at=9),
                     curve(incompressible=0.2)):  # fmt: skip
            with pytest.raises(OutsideEvidenceError, match="the method needs"):
                production_break(line, built=5, lost=0.5)
        with pytest.raises(OutsideEvidenceError, match="from 0 to 1"):
            production_break(curve(), built=5, lost=50)

    def test_learning_lost_factor_is_a_weighted_mean(self) -> None:
        weights = {"personnel": 0.3, "supervision": 0.2, "continuity": 0.2, "tooling": 0.1,
                   "methods": 0.2}  # fmt: skip
        assert learning_lost_factor(weights, dict.fromkeys(weights, 0.4)) == pytest.approx(0.4)
        with pytest.raises(OutsideEvidenceError, match="add up to 1"):
            learning_lost_factor({"tooling": 0.5}, {"tooling": 0.5})
        with pytest.raises(OutsideEvidenceError, match="tooling"):
            learning_lost_factor({"tooling": 1.0}, {"methods": 0.5})

    @given(slopes, slopes, st.floats(1, 2_000), st.floats(0, 20_000))
    @settings(max_examples=60)
    def test_break_even_is_the_first_unit_that_pays(
        self, one: float, other: float, first: float, fixed: float
    ) -> None:
        a = curve(one)
        b = LearningCurve(first_unit=first, slope=other, theory="crawford")
        n = np.arange(1, 3_001)
        pays = np.flatnonzero(fixed + b.total(1, n) <= a.total(1, n))
        if pays.size == 0:
            with pytest.raises(OutsideEvidenceError, match="stays dearer"):
                breakeven_quantity(a, b, nonrecurring_a=0, nonrecurring_b=fixed, most=3_000)
        else:
            found = breakeven_quantity(a, b, nonrecurring_a=0, nonrecurring_b=fixed, most=3_000)
            assert found.units == n[pays[0]]
            assert found.total_b <= found.total_a

    def test_break_even_counts_the_unit_at_which_both_cost_the_same(self) -> None:
        half = LearningCurve(first_unit=50.0, slope=1.0, theory="crawford")
        found = breakeven_quantity(curve(1.0), half, nonrecurring_a=0, nonrecurring_b=500)
        assert (found.units, found.total_a, found.total_b) == (10, 1000.0, 1000.0)

    def test_break_even_of_mixed_money(self) -> None:
        registry: Any = pint.UnitRegistry()
        registry.define("EUR = [currency]")
        line = LearningCurve(
            first_unit=registry.Quantity(100.0, "EUR"), slope=1.0, theory="crawford"
        )
        built = LearningCurve(
            first_unit=registry.Quantity(0.1, "kiloEUR"), slope=0.85, theory="crawford"
        )
        none, tools = registry.Quantity(0.0, "EUR"), registry.Quantity(500.0, "EUR")
        found = breakeven_quantity(line, built, nonrecurring_a=none, nonrecurring_b=tools)
        assert found.units == 15
        with pytest.raises(MixedPricesError):
            breakeven_quantity(line, built, nonrecurring_a=0, nonrecurring_b=tools)
