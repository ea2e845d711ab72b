"""Fitting learning curves: what comes back, what is refused, what is warned of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from armscost.errors import (
    MixedPricesError,
    NotComparableError,
    OutsideEvidenceError,
    UnknownNameError,
)
from armscost.learning import (
    LearningCurve,
    LearningFit,
    fit_learning_curve,
    fit_plot_points,
    rate_effect,
)
from armscost.learning.regression import METHODS

# US President's Budget books FY2013-FY2017, exhibit P-5 and P-5a: first unit of the series,
# quantities by fiscal year, average unit cost in then-year dollars, first fiscal year.
BUDGET_BOOKS: dict[str, tuple[int, list[int], list[float], int]] = {
    # F-35A of the US Air Force, airframe and contractor equipment
    "f35a": (9, [7, 10, 22, 18, 19, 19, 28, 47, 43],
             [104709e3, 87437e3, 92777e3, 86205e3, 78512e3, 76613e3, 72786e3, 64467e3, 62475e3],
             2009),
    # SM-6 Block I all-up round, US Navy
    "sm6": (1, [19, 11, 59, 89, 89, 93, 100, 113, 125],
            [4586632, 4698636, 3304322, 2823708, 2762551, 2570151, 2534980, 2581566, 2631440],
            2009),
    # P-8A airframe and contractor equipment, US Navy
    "p8a": (1, [6, 7, 11, 13, 16, 9, 17, 11],
            [117991866, 124693938, 135285727, 133307615, 126195588, 121864875, 121587488,
             130918883], 2010),
    # GMLRS rocket hardware, US Army
    "gmlrs": (12163, [2592, 3194, 1782, 2112, 768, 1866, 1766],
              [91000, 92561, 96590, 110255, 125576, 114635, 122634], 2011),
    # Javelin all-up round, US Army
    "javelin": (25348, [715, 710, 307, 427, 311, 850, 392],
                [141319, 114630, 186498, 159621, 174376, 175596, 176467], 2011),
    # Excalibur M982, US Army, under a multi-year option price
    "excalibur": (3376, [100, 744, 840, 994, 428, 546, 372],
                  [77370, 68404, 68404, 68412, 68448, 68448, 68448], 2011),
}  # fmt: skip

# US consumer prices, annual inflation by the World Bank, 2010 = 100; 2009 by CPI-U.
PRICES = dict(zip(range(2009, 2018),
                  [98.387, 100, 103.157, 105.291, 106.834, 108.567, 108.696, 110.067, 112.412],
                  strict=True))  # fmt: skip


def lots_of(name: str) -> pd.DataFrame:
    """A series of the budget books in US dollars of 2017."""
    start, quantity, unit_cost, year = BUDGET_BOOKS[name]
    count = np.array(quantity)
    last = start - 1 + count.cumsum()
    index = np.array([PRICES[year + i] for i in range(count.size)])
    return pd.DataFrame({
        "first_unit": last - count + 1, "last_unit": last,
        "total_cost": count * np.array(unit_cost) / index * PRICES[2017],
        "annual_quantity": count, "currency": "USD", "price_year": 2017,
    })  # fmt: skip


def made(
    slope: float = 0.85, theory: Any = "crawford", noise: float = 0.0, seed: int = 1,
    sizes: tuple[int, ...] = (10, 20, 40, 80, 60, 120, 50),
) -> pd.DataFrame:  # fmt: skip
    """Lots off a known curve of T1 = 100, with percentage noise."""
    last = np.cumsum(sizes)
    first = last - np.array(sizes) + 1
    cost = LearningCurve(first_unit=100.0, slope=slope, theory=theory).total(first, last)
    factor = 1 + noise * np.random.default_rng(seed).standard_normal(last.size)
    return pd.DataFrame({"first_unit": first, "last_unit": last, "total_cost": cost * factor})


class TestWhatComesBack:
    @given(st.floats(0.6, 1.0), st.sampled_from(["crawford", "wright"]),
           st.sampled_from(sorted(METHODS)))  # fmt: skip
    @settings(max_examples=40, deadline=None)
    def test_the_curve_the_lots_were_made_from(
        self, slope: float, theory: Any, method: Any
    ) -> None:
        fit = fit_learning_curve(made(slope, theory), theory=theory, method=method)
        assert fit.slope == pytest.approx(slope, rel=1e-6)
        assert fit.curve.first_unit == pytest.approx(100, rel=1e-5)
        assert fit.curve.theory == theory
        assert fit.degrees_of_freedom == 5

    @pytest.mark.parametrize("method", sorted(METHODS))
    def test_a_rate_effect(self, method: Any) -> None:
        lots = made()
        lots["annual_quantity"] = [10, 40, 30, 90, 20, 60, 70]
        lots["total_cost"] *= rate_effect(lots["annual_quantity"].to_numpy(), rate_slope=0.95)
        fit = fit_learning_curve(lots, theory="crawford", rate=True, method=method)
        assert fit.slope == pytest.approx(0.85, rel=1e-6)
        assert fit.rate_slope == pytest.approx(0.95, rel=1e-6)
        assert fit.curve.first_unit == pytest.approx(100, rel=1e-5)
        ahead = fit.predict(381, 400, annual_quantity=20)
        line = LearningCurve(first_unit=100.0, slope=0.85, theory="crawford")
        assert ahead.total == pytest.approx(
            line.total(381, 400) * rate_effect(20, rate_slope=0.95), rel=1e-5
        )

    @pytest.mark.parametrize("method", sorted(METHODS))
    def test_a_fixed_cost(self, method: Any) -> None:
        lots = made()
        lots["total_cost"] += 250
        fit = fit_learning_curve(lots, theory="crawford", fixed_cost=True, method=method)
        assert fit.slope == pytest.approx(0.85, rel=1e-5)
        assert fit.fixed_cost == pytest.approx(250, rel=1e-3)
        assert fit.predict(381, 400).total == pytest.approx(
            250 + fit.curve.total(381, 400), rel=1e-9
        )

    def test_percentage_methods_have_no_bias(self) -> None:
        lots = made(noise=0.2)
        for method in ("mupe", "zmpe"):
            table = fit_learning_curve(lots, theory="crawford", method=method).table
            assert table["residual_share"].mean() == pytest.approx(0, abs=1e-9)

    def test_lot_totals_are_the_least_squares_of_totals(self) -> None:
        lots = made(noise=0.1)
        fit = fit_learning_curve(lots, theory="crawford")
        first, last = lots["first_unit"].to_numpy(), lots["last_unit"].to_numpy()

        def squares(t1: float, slope: float) -> float:
            line = LearningCurve(first_unit=t1, slope=slope, theory="crawford")
            return float(((lots["total_cost"] - line.total(first, last)) ** 2).sum())

        least, t1 = squares(fit.curve.first_unit, fit.slope), fit.curve.first_unit
        for factor in (0.999, 1.001):
            assert squares(t1 * factor, fit.slope) > least
            assert squares(t1, fit.slope * factor) > least

    def test_plot_points_are_a_straight_line_in_logs(self) -> None:
        unit, cost = np.array([1.0, 2.5, 7, 30]), np.array([100.0, 80, 61, 33])
        fit = fit_plot_points({"unit": unit, "cost": cost}, theory="crawford")
        b, a = np.polyfit(np.log(unit), np.log(cost), 1)
        assert fit.curve.exponent == pytest.approx(b)
        assert np.log(fit.curve.first_unit) == pytest.approx(a)
        errors = np.log(cost) - a - b * np.log(unit)
        spread = np.log(unit) - np.log(unit).mean()
        error_of_b = np.sqrt((errors @ errors) / 2 / (spread @ spread))
        assert fit.slope_error == pytest.approx(np.log(2) * fit.slope * error_of_b, rel=1e-6)

    def test_intervals_hold_as_often_as_they_say(self) -> None:
        held = predicted = 0
        line = LearningCurve(first_unit=100.0, slope=0.85, theory="crawford")
        runs = 300
        for seed in range(runs):
            lots = made(noise=0.05, seed=seed)
            fit = fit_learning_curve(lots, theory="crawford", method="log_ols", confidence=0.8)
            held += fit.slope_interval[0] <= 0.85 <= fit.slope_interval[1]
            later = np.random.default_rng(10_000 + seed).standard_normal()
            ahead = fit.predict(381, 460)
            predicted += ahead.low <= line.total(381, 460) * (1 + 0.05 * later) <= ahead.high
        # Four standard errors of a share of 0.8 in 300 runs.
        assert held / runs == pytest.approx(0.8, abs=0.093)
        assert predicted / runs == pytest.approx(0.8, abs=0.093)

    def test_rows_stay_as_they_were_given(self) -> None:
        lots = made(noise=0.05).iloc[::-1]
        before = lots.copy()
        fit = fit_learning_curve(lots, theory="crawford")
        assert fit.table["first_unit"].tolist() == lots["first_unit"].tolist()
        pd.testing.assert_frame_equal(lots, before)
        again = fit_learning_curve(before.iloc[::-1], theory="crawford")
        assert fit.slope == pytest.approx(again.slope, rel=1e-9)

    def test_the_money_may_be_in_any_unit(self) -> None:
        lots = made(noise=0.05)
        fit = fit_learning_curve(lots, theory="crawford")
        large = fit_learning_curve(lots.assign(total_cost=lots["total_cost"] * 1e9),
                                   theory="crawford")  # fmt: skip
        assert large.slope == pytest.approx(fit.slope, rel=1e-6)
        assert large.cv == pytest.approx(fit.cv, rel=1e-5)
        assert large.predict(400, 500).high == pytest.approx(
            fit.predict(400, 500).high * 1e9, rel=1e-5
        )

    def test_an_answer_that_explains_itself(self) -> None:
        fit = fit_learning_curve(lots_of("f35a"), theory="crawford")
        text = fit.to_markdown()
        assert "theory: crawford" in text
        assert "currency USD; price year 2017" in text
        assert "slope" in str(fit.explain())
        assert fit.parameters["parameter"].tolist() == ["first_unit", "exponent", "slope"]
        assert isinstance(fit, LearningFit)
        assert repr(fit).startswith("Learning curve (crawford) through 9 lots")

    def test_predictions_come_as_they_are_asked(self) -> None:
        fit = fit_learning_curve(made(noise=0.05), theory="crawford")
        one = fit.predict(381, 400)
        many = fit.predict([381, 401], [400, 450], confidence=0.5)
        assert type(one.total) is float
        assert many.total.shape == (2,)
        assert many.total[0] == pytest.approx(one.total)
        assert one.low < many.low[0] < many.total[0] < many.high[0] < one.high
        assert one.average == pytest.approx(one.total / 20)


class TestRealLots:
    def test_f35a_learns(self) -> None:
        fit = fit_learning_curve(lots_of("f35a"), theory="crawford", method="mupe")
        assert 0.82 < fit.slope_interval[0] < 0.86 < fit.slope_interval[1] < 0.90
        assert fit.r_squared > 0.9
        assert not any("no learning" in w for w in fit.warnings)
        assert any("rise together" in w for w in fit.warnings)
        assert fit.vif is not None
        assert fit.vif > 5

    def test_sm6_learns_even_beside_its_rate(self) -> None:
        fit = fit_learning_curve(lots_of("sm6"), theory="crawford", rate=True)
        assert fit.slope_interval[1] < 1
        assert any("rise together" in w for w in fit.warnings)

    def test_p8a_shows_none(self) -> None:
        fit = fit_learning_curve(lots_of("p8a"), theory="crawford")
        assert fit.slope_interval[0] < 1 < fit.slope_interval[1]
        assert any("no learning shown" in w for w in fit.warnings)

    @pytest.mark.parametrize("name", ["gmlrs", "javelin"])
    def test_cost_that_follows_quantity(self, name: str) -> None:
        fit = fit_learning_curve(lots_of(name), theory="crawford")
        assert fit.slope > 1
        assert any("follows annual quantity rather than experience" in w for w in fit.warnings)
        assert any("slope of" in w and "no learning" in w for w in fit.warnings)
        assert any("little new experience" in w for w in fit.warnings)

    def test_excalibur_is_a_fixed_price(self) -> None:
        fit = fit_learning_curve(lots_of("excalibur"), theory="crawford")
        assert any("annual quantity alone explains" in w for w in fit.warnings)
        assert any("little new experience" in w for w in fit.warnings)

    def test_warnings_stand_among_the_assumptions(self) -> None:
        fit = fit_learning_curve(lots_of("javelin"), theory="crawford")
        assert fit.warnings
        for line in fit.warnings:
            assert f"warning: {line}" in fit.assumptions

    def test_a_clean_series_has_no_warnings(self) -> None:
        lots = made(noise=0.01, sizes=(20, 35, 15, 40, 20, 45, 30))
        assert fit_learning_curve(lots, theory="crawford").warnings == []

    def test_few_lots_are_said(self) -> None:
        fit = fit_learning_curve(made(noise=0.01).head(4), theory="crawford")
        assert any(w.startswith("few lots: 4 for 2") for w in fit.warnings)


class TestRefusals:
    def test_fewer_lots_than_parameters_and_one(self) -> None:
        with pytest.raises(OutsideEvidenceError, match="at least 3"):
            fit_learning_curve(made().head(2), theory="crawford")
        lots = made().head(3).assign(annual_quantity=[10, 30, 20])
        with pytest.raises(OutsideEvidenceError, match="at least 4"):
            fit_learning_curve(lots, theory="crawford", rate=True)

    def test_gaps_unless_known(self) -> None:
        lots = made().drop(index=2)
        with pytest.raises(OutsideEvidenceError, match="units 31 to 70"):
            fit_learning_curve(lots, theory="crawford")
        fit = fit_learning_curve(lots, theory="crawford", known_gaps=True)
        assert fit.slope == pytest.approx(0.85, rel=1e-6)
        assert any("gaps" in line for line in fit.assumptions)

    def test_overlaps_always(self) -> None:
        lots = made()
        lots.loc[1, "first_unit"] = 10
        with pytest.raises(OutsideEvidenceError, match="overlap"):
            fit_learning_curve(lots, theory="crawford", known_gaps=True)

    def test_money_of_several_kinds(self) -> None:
        lots = made().assign(currency="USD", price_year=2024)
        for column, value in (("price_year", 2023), ("currency", "EUR")):
            mixed = lots.copy()
            mixed.loc[0, column] = value
            with pytest.raises(MixedPricesError, match=f"2 values of {column}"):
                fit_learning_curve(mixed, theory="crawford")
        with pytest.raises(MixedPricesError, match="then_year"):
            fit_learning_curve(lots.assign(price_basis="then_year"), theory="crawford")
        with pytest.raises(NotComparableError, match="price_year is missing"):
            fit_learning_curve(lots.assign(price_year=np.nan), theory="crawford")
        constant = lots.assign(price_basis="constant_year")
        assert "price year 2024" in fit_learning_curve(constant, theory="wright").assumptions[2]

    @pytest.mark.parametrize(
        ("column", "value", "says"),
        [("total_cost", 0.0, "above 0"), ("total_cost", -5.0, "above 0"),
         ("total_cost", np.nan, "missing or infinite in row 2"),
         ("total_cost", np.inf, "missing or infinite"),
         ("first_unit", np.nan, "missing"), ("last_unit", 30.5, "whole number"),
         ("last_unit", 5, "before it begins"), ("annual_quantity", 0, "above 0")],
    )  # fmt: skip
    def test_values(self, column: str, value: Any, says: str) -> None:
        lots = made().assign(annual_quantity=10.0).astype(float)
        lots.loc[1, column] = value
        with pytest.raises(OutsideEvidenceError, match=says):
            fit_learning_curve(lots, theory="crawford")

    def test_text_for_numbers(self) -> None:
        with pytest.raises(OutsideEvidenceError, match="not numbers"):
            fit_learning_curve(made().assign(total_cost="much"), theory="crawford")

    def test_columns(self) -> None:
        with pytest.raises(OutsideEvidenceError, match="no column total_cost"):
            fit_learning_curve(made().drop(columns="total_cost"), theory="crawford")
        with pytest.raises(OutsideEvidenceError, match="annual_quantity"):
            fit_learning_curve(made(), theory="crawford", rate=True)
        with pytest.raises(OutsideEvidenceError, match="no lots"):
            fit_learning_curve(made().head(0), theory="crawford")

    def test_a_rate_that_never_changes(self) -> None:
        with pytest.raises(OutsideEvidenceError, match="never changes"):
            fit_learning_curve(made().assign(annual_quantity=10), theory="crawford", rate=True)

    def test_names(self) -> None:
        with pytest.raises(UnknownNameError, match="zmpe"):
            fit_learning_curve(made(), theory="crawford", method="zmp")  # type: ignore[arg-type]  # the point
        with pytest.raises(UnknownNameError, match="wright"):
            fit_learning_curve(made(), theory="write")  # type: ignore[arg-type]  # the point
        with pytest.raises(TypeError, match="theory"):
            fit_learning_curve(made())  # type: ignore[call-arg]  # the point

    def test_confidence(self) -> None:
        for level in (0, 1, 90, float("nan")):
            with pytest.raises(OutsideEvidenceError, match=r"write 0\.9|finite number"):
                fit_learning_curve(made(), theory="crawford", confidence=level)

    @pytest.mark.parametrize("lots", ["abc", None, 5, {"first_unit": [1, 2], "last_unit": [1]}])
    def test_what_is_no_table_of_lots(self, lots: Any) -> None:
        with pytest.raises(OutsideEvidenceError):
            fit_learning_curve(lots, theory="crawford")

    @pytest.mark.parametrize("name", [None, ["mupe"], 5])
    def test_what_is_no_method(self, name: Any) -> None:
        with pytest.raises(UnknownNameError, match="fitting method"):
            fit_learning_curve(made(), theory="crawford", method=name)
        with pytest.raises(UnknownNameError, match="theory"):
            fit_learning_curve(made(), theory=name)

    def test_a_rate_is_asked_for_where_it_was_fitted(self) -> None:
        lots = made(noise=0.02).assign(annual_quantity=[10, 40, 30, 90, 20, 60, 70])
        with pytest.raises(OutsideEvidenceError, match="annual_quantity"):
            fit_learning_curve(lots, theory="crawford", rate=True).predict(381, 400)
        with pytest.raises(OutsideEvidenceError, match="no rate"):
            fit_learning_curve(lots, theory="crawford").predict(381, 400, annual_quantity=5)

    def test_points_of_one_unit(self) -> None:
        with pytest.raises(OutsideEvidenceError, match="all points"):
            fit_plot_points({"unit": [3, 3, 3], "cost": [5, 6, 7]}, theory="crawford")
