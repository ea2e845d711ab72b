"""Answers to published learning-curve cases, by the library's public functions alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from armscost.learning import (
    LearningCurve,
    aggregate_total,
    breakeven_quantity,
    exponent_of_slope,
    fit_learning_curve,
    fit_plot_points,
    production_break,
    slope_error,
    slope_of_exponent,
    theory_difference,
)

Case = dict[str, Any]


def given(inputs: Case, *names: str, otherwise: Any = None) -> Any:
    """The first of several spellings that a case has; lists become arrays."""
    for name in names:
        if name in inputs:
            value = inputs[name]
            return np.array(value) if isinstance(value, list) else value
    if otherwise is None:
        raise KeyError(f"the case has none of {names}: {sorted(inputs)}")
    return otherwise


def theory_of(inputs: Case, otherwise: str = "crawford") -> Any:
    """The theory's name; the cases write the formula behind it."""
    return str(inputs.get("theory", otherwise)).split()[0].lower()


def slope_of(inputs: Case) -> Any:
    if "slope" in inputs or "r" in inputs:
        return given(inputs, "slope", "r")
    return slope_of_exponent(given(inputs, "exponent", "b"))


def options_of(inputs: Case) -> Case:
    spellings = {
        "prior_units": ("prior_units", "B"),
        "incompressible": ("incompressible", "M"),
        "plateau_at": ("plateau_at", "plateau_unit", "Xp"),
    }
    return {
        name: given(inputs, *keys)
        for name, keys in spellings.items()
        if any(key in inputs for key in keys)
    }


def curve_of(inputs: Case, theory: Any = None) -> Any:
    """The curve of a case, from its first unit, a known unit or a known average."""
    theory, slope = theory or theory_of(inputs), slope_of(inputs)
    options = options_of(inputs)
    if "known_average" in inputs:
        return LearningCurve.from_average(
            given(inputs, "known_units", "known_unit"), given(inputs, "known_average"),
            slope=slope, theory=theory, **options,
        )  # fmt: skip
    if "known_cost" in inputs:
        return LearningCurve.from_unit(
            given(inputs, "known_unit", otherwise=1), given(inputs, "known_cost"),
            slope=slope, theory=theory, **options,
        )  # fmt: skip
    first = given(inputs, "T1", "first_unit_cost", otherwise=1.0)
    return LearningCurve(first_unit=first, slope=slope, theory=theory, **options)


def lot_of(inputs: Case) -> tuple[Any, Any]:
    last = given(inputs, "last_unit", "n", "units", "unit")
    return given(inputs, "first_unit", "m", otherwise=1), last


def exponents(inputs: Case) -> Case:
    return {"b": exponent_of_slope(given(inputs, "slope", "r"))}


def slopes(inputs: Case) -> Case:
    return {"slope": slope_of_exponent(given(inputs, "b", "exponent"))}


def unit_cost(inputs: Case) -> Case:
    return {"cost": curve_of(inputs).unit(given(inputs, "unit", "units", "n"))}


def wright_unit_cost(inputs: Case) -> Case:
    return {"cost": curve_of(inputs, "wright").unit(given(inputs, "unit", "units", "n"))}


def lot_cost(inputs: Case) -> Case:
    curve, (m, n) = curve_of(inputs), lot_of(inputs)
    answer = {
        "total": curve.total(m, n),
        "average": curve.lot_average(m, n),
        "lot_average": curve.lot_average(m, n),
        "cumulative_average": curve.average(n),
    }
    if np.ndim(n) == 0:
        answer[f"marginal_unit_{n}"] = answer["marginal_unit"] = curve.unit(n)
    return answer


def lot_cost_approx(inputs: Case) -> Case:
    return {"total": curve_of(inputs).total_approximate(*lot_of(inputs))}


def lot_midpoint(inputs: Case) -> Case:
    curve = curve_of(inputs, "crawford")
    return {"midpoint": curve.midpoint(*lot_of(inputs))}


def lot_midpoint_approx(inputs: Case) -> Case:
    thumb = "sqrt" in str(inputs.get("formula", ""))
    rule = "rule_of_thumb" if thumb else "half_unit"
    curve = curve_of(inputs, "crawford")
    return {"midpoint": curve.midpoint_approximate(*lot_of(inputs), rule=rule)}


def block_summary(inputs: Case) -> Case:
    m, n = lot_of(inputs)
    curve = curve_of({"known_unit": m, **inputs})
    exact = "exact" in str(inputs.get("formula", ""))
    point = curve.midpoint(m, n) if exact else curve.midpoint_approximate(m, n)
    total = curve.total(m, n) if exact else curve.total_approximate(m, n)
    return {"units": n - m + 1, "total": total, "midpoint": point,
            "cost_at_midpoint": curve.at(point)}  # fmt: skip


def difference(inputs: Case) -> Case:
    money = {"first_unit": given(inputs, "T1", "known_cost"), "slope": slope_of(inputs)}
    if "units" in inputs or "unit" in inputs:
        units = given(inputs, "units", "unit")
        unit = theory_difference(units, **money)
        total = theory_difference(1, units, **money)
    else:
        m, n = lot_of(inputs)
        unit = theory_difference(np.arange(m, n + 1), **money)
        total = theory_difference(m, n, **money)
    return {"crawford_minus_wright_unit": unit, "crawford_total_minus_wright_total": total,
            "crawford_minus_wright_total": total}  # fmt: skip


def wrong_slope(inputs: Case) -> Case:
    return {"relative_error": slope_error(
        given(inputs, "units", "n"), slope_used=given(inputs, "slope_used", "r1"),
        slope_true=given(inputs, "slope_true", "r2"))}  # fmt: skip


def slope_from_total(inputs: Case) -> Case:
    amount = {"first_unit": given(inputs, "T1", "first_unit_cost"), "theory": theory_of(inputs)}
    units = given(inputs, "units", "n")
    if "total" in inputs:
        curve = LearningCurve.from_total(total=given(inputs, "total"), units=units, **amount)
    else:
        average = given(inputs, "average", "cumulative_average")
        curve = LearningCurve.from_average(units, average, **amount)
    return {"slope": curve.slope, "b": curve.exponent, "exponent": curve.exponent}


def aggregate(inputs: Case) -> Case:
    pools = [
        LearningCurve(first_unit=t1, slope=s, theory=theory_of(inputs))
        for t1, s in np.broadcast(given(inputs, "T1"), slope_of(inputs))
    ]
    return {"total": aggregate_total(pools, *lot_of(inputs))}


def cumulative(inputs: Case) -> Case:
    return cumulative_by(inputs, theory_of(inputs))


def wright_average(inputs: Case) -> Case:
    return cumulative_by(inputs, "wright")


def cumulative_by(inputs: Case, theory: str) -> Case:
    curve, units = curve_of(inputs, theory), given(inputs, "units", "unit", "last_unit", "n")
    total, average = curve.total(1, units), curve.average(units)
    return {"total": total, "cumulative_average": average, "average": average,
            "cost": curve.unit(units)}  # fmt: skip


def first_from_nth(inputs: Case) -> Case:
    curve = LearningCurve.from_unit(
        given(inputs, "unit", "known_unit"), given(inputs, "cost", "known_cost"),
        slope=slope_of(inputs), theory=theory_of(inputs),
    )  # fmt: skip
    return {"T1": curve.first_unit, "first_unit": curve.first_unit}


def fit_units(inputs: Case) -> Case:
    if "first_unit" in inputs:
        lots = {k: given(inputs, *names) for k, names in {
            "first_unit": ("first_unit",), "last_unit": ("last_unit",),
            "total_cost": ("total_cost", "total", "cost")}.items()}  # fmt: skip
        return fitted(fit_learning_curve(lots, theory=theory_of(inputs), method="log_ols"))
    points = {
        "unit": given(inputs, "unit", "units", "X"),
        "cost": given(inputs, "cost", "Y", "cumulative_average"),
    }
    return fitted(fit_plot_points(points, theory=theory_of(inputs)))


def fit_rate(inputs: Case) -> Case:
    points = {
        "unit": given(inputs, "X", "unit"),
        "cost": given(inputs, "Y", "cost"),
        "annual_quantity": given(inputs, "Q", "rate"),
    }
    return fitted(fit_plot_points(points, theory=theory_of(inputs), rate=True))


def fitted(fit: Any) -> Case:
    answer = {"T1": fit.curve.first_unit, "b": fit.curve.exponent, "slope": fit.slope,
              "r2": fit.r_squared_log, "vif": fit.vif}  # fmt: skip
    if fit.rate_slope is not None:
        answer["c"] = exponent_of_slope(fit.rate_slope)
        answer["rate_slope"] = fit.rate_slope
    return answer


def additivity(inputs: Case) -> Case:
    first, last = np.array(inputs["lots"]).T
    answer: Case = {}
    for text in np.atleast_1d(np.array(inputs["theory"])):
        theory = theory_of({"theory": text})
        curve = curve_of(inputs, theory)
        answer[f"{theory}_sum"] = curve.total(first, last).sum()
        answer[f"{theory}_total"] = curve.total(first.min(), last.max())
    return answer


def lost_by_break(inputs: Case) -> Case:
    after = production_break(
        curve_of(inputs), built=given(inputs, "built", "units_before"),
        lost=given(inputs, "lost", "learning_lost", "learning_lost_factor"),
    )  # fmt: skip
    return {
        "learning_achieved": after.learning_achieved,
        "learning_lost": after.learning_lost,
        "next_unit_cost": after.next_unit_cost,
        "restart_unit": after.restart_unit,
        "units_set_back": after.units_set_back,
    }


def refusals(inputs: Case) -> Case:
    """Whether the library refuses; any other error is not a refusal and is let through."""
    from armscost.errors import ArmscostError

    try:
        curve = curve_of(inputs)
        curve.total(*lot_of(inputs))
    except ArmscostError:
        return {"raises": True}
    return {"raises": False}


def breakeven(inputs: Case) -> Case:
    def option(case: Case) -> Any:
        return curve_of({"theory": theory_of(inputs), "slope": 1.0, **renamed(case)})

    def renamed(case: Case) -> Case:
        return {("T1" if k == "unit_cost" else k): v for k, v in case.items()}

    a, b = inputs["option_a"], inputs["option_b"]
    point = breakeven_quantity(
        option(a), option(b),
        nonrecurring_a=a.get("nonrecurring", 0), nonrecurring_b=b.get("nonrecurring", 0),
    )  # fmt: skip
    return {"first_unit_where_b_total_le_a": point.units, "units": point.units,
            "a_total": point.total_a, "b_total": point.total_b}  # fmt: skip


def affordable(inputs: Case) -> Case:
    curve, budget = curve_of(inputs), given(inputs, "budget")
    built = given(inputs, "units_already_built", "built", otherwise=0)
    answer: Case = {"units": curve.affordable(budget, built=built)}
    if curve.theory == "wright":
        answer["units_real"] = curve.affordable_real(budget, built=built)
    return answer


TOPICS: dict[str, Callable[[Case], Case]] = {
    "learning.slope_to_exponent": exponents,
    "learning.exponent_to_slope": slopes,
    "learning.unit": unit_cost,
    "learning.wright_unit": wright_unit_cost,
    "learning.wright_marginal": wright_unit_cost,
    "learning.s_curve": unit_cost,
    "learning.plateau": unit_cost,
    "learning.lot_cost_exact": lot_cost,
    "learning.lot_cost_approx": lot_cost_approx,
    "learning.wright_lot": lot_cost,
    "learning.lot_midpoint_exact": lot_midpoint,
    "learning.lot_midpoint_approx": lot_midpoint_approx,
    "learning.block_summary": block_summary,
    "learning.theory_delta": difference,
    "learning.slope_error": wrong_slope,
    "learning.slope_from_total": slope_from_total,
    "learning.slope_from_average": slope_from_total,
    "learning.aggregate": aggregate,
    "learning.cumulative_cost": cumulative,
    "learning.cumulative_average": cumulative,
    "learning.wright_avg": wright_average,
    "learning.first_unit_from_nth": first_from_nth,
    "learning.fit_unit": fit_units,
    "learning.fit_rate_model": fit_rate,
    "learning.lot_additivity": additivity,
    "learning.production_break": lost_by_break,
    "learning.errors": refusals,
    "production.breakeven_quantity": breakeven,
    "production.affordable_quantity": affordable,
}
