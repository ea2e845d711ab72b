"""Unit costs in their legal sense, from cost elements; a missing element is never zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from armscost.errors import MixedPricesError, OutsideEvidenceError, chosen, finite
from armscost.results import Result

# Each measure is the one before it and these elements more.
ELEMENTS: dict[str, tuple[str, ...]] = {
    "flyaway": ("recurring_production", "nonrecurring_production", "engineering_changes"),
    "weapon_system": ("support_equipment", "training_equipment", "technical_data", "services"),
    "procurement": ("initial_spares",),
    "programme": ("development", "military_construction"),
}
MEASURES = tuple(ELEMENTS)

# 10 U.S.C. 4371: growth, in percent, of the unit cost over the current and the original baseline.
_SIGNIFICANT = (15, 30)
_CRITICAL = (25, 50)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class UnitCostMeasures(Result):
    """The four unit costs; None where a measure is not computable.

    Attributes:
        flyaway: Flyaway (rollaway, sailaway) cost a unit procured.
        weapon_system: Weapon system cost a unit procured.
        procurement: Average procurement unit cost, APUC.
        programme: Programme acquisition unit cost, PAUC.
        missing: Measure to what it would need; empty for those that were computed.
    """

    flyaway: Any
    weapon_system: Any
    procurement: Any
    programme: Any
    missing: dict[str, list[str]]

    @property
    def apuc(self) -> Any:
        """Average procurement unit cost: ``procurement``."""
        return self.procurement

    @property
    def pauc(self) -> Any:
        """Programme acquisition unit cost: ``programme``."""
        return self.programme


def unit_cost_measures(
    costs: Mapping[str, Any],
    *,
    procured: float | None,
    end_items: float | None = None,
) -> UnitCostMeasures:
    """Flyaway, weapon system, procurement and programme cost a unit, from cost elements.

    Each measure is the one before it and more:

    - flyaway: ``recurring_production``, ``nonrecurring_production``, ``engineering_changes``;
    - weapon system: and ``support_equipment``, ``training_equipment``, ``technical_data``,
      ``services`` (contractor services, test, site activation);
    - procurement: and ``initial_spares``; over the units procured this is APUC;
    - programme: and ``development``, ``military_construction`` (only what the system needs);
      over all end items, those paid from development among them, this is PAUC.

    The terms follow 10 U.S.C. 4371 (APUC, PAUC) and the usage of United States budgets.

    Args:
        costs: Element to its total cost; floats or Quantities in one unit. A total that is
            published as such goes under the measure's name (``{"procurement": 1200.0}``) and
            stands for all elements below it. An element that truly costs nothing is written 0;
            one that is left out, or None, is missing.
        procured: Units bought with procurement money; None where it is not known.
        end_items: Fully configured units of the programme as a whole, those built in
            development among them; None where it is not known, and then there is no PAUC.

    Returns:
        A :class:`UnitCostMeasures`. Its table has a row a measure: ``measure``, ``total``,
        ``quantity``, ``unit_cost``, ``unit``, ``status`` (``"computed"`` or ``"not
        computable"``) and ``missing``, naming what a measure that is not computable lacks.

    Raises:
        UnknownNameError: For an element of another name.
        OutsideEvidenceError: For costs that are no mapping, a cost that is no number of zero or
            above, a quantity at or below zero, fewer end items than procured, or a total below,
            or unlike, what is given of its parts.
        MixedPricesError: For elements in units that do not convert into one another.

    Example:
        >>> measures = unit_cost_measures({"procurement": 1200.0}, procured=60)
        >>> measures.apuc, measures.pauc
        (20.0, None)
        >>> measures.missing["programme"]
        ['development', 'military_construction', 'end_items']
    """
    import pandas as pd

    values, unit = _bare(costs)
    _check_quantities(procured, end_items)
    unit_costs: dict[str, Any] = {}
    missing: dict[str, list[str]] = {}
    rows, assumptions = [], []
    total: float | None = 0.0
    least = 0.0
    lacking: list[str] = []
    for measure, elements in ELEMENTS.items():
        least += sum(values[element] for element in elements if element in values)
        total, lacking, line = _total(measure, elements, values, total, least, lacking)
        # What is known of the parts bounds the totals above, whatever is missing between.
        least = least if total is None else total
        assumptions.append(line)
        quantity, name = (
            (end_items, "end_items") if measure == "programme" else (procured, "procured")
        )
        missing[measure] = lacking + ([name] if quantity is None else [])
        cost = None
        if total is not None and quantity is not None:
            cost = total / quantity
        unit_costs[measure] = cost if cost is None or unit is None else cost * unit
        rows.append(
            {
                "measure": measure,
                "total": total,
                "quantity": quantity,
                "unit_cost": cost,
                "unit": "" if unit is None else str(unit),
                "status": "not computable" if cost is None else "computed",
                "missing": ", ".join(missing[measure]),
            }
        )
    table = pd.DataFrame(rows).astype(dict.fromkeys(("total", "quantity", "unit_cost"), "float64"))
    return UnitCostMeasures(
        title="Unit costs from cost elements",
        table=table,
        assumptions=[line for line in assumptions if line],
        missing=missing,
        flyaway=unit_costs["flyaway"],
        weapon_system=unit_costs["weapon_system"],
        procurement=unit_costs["procurement"],
        programme=unit_costs["programme"],
    )


def _bare(costs: Mapping[str, Any]) -> tuple[dict[str, float], Any]:
    """The costs that are given, as floats in one unit, and that unit."""
    known = [*MEASURES, *(e for elements in ELEMENTS.values() for e in elements)]
    if not hasattr(costs, "items"):
        raise OutsideEvidenceError(
            f"costs is {costs!r}; write elements and their costs, such as {{'procurement': 1200}}"
        )
    for name in costs:
        chosen("cost element", name, known, where=", ".join(known))
    given = {name: cost for name, cost in costs.items() if cost is not None}
    if not given:
        return {}, None
    unit = getattr(next(iter(given.values())), "units", None)
    values = {name: _in(unit, cost, name) for name, cost in given.items()}
    for name, value in values.items():
        if value < 0:
            raise OutsideEvidenceError(
                f"{name} is {value}; write a cost of zero or above, or leave it out if unknown"
            )
    return values, unit


def _in(unit: Any, cost: Any, name: str) -> float:
    finite(name, getattr(cost, "magnitude", cost))
    own = getattr(cost, "units", None)
    if (own is None) != (unit is None):
        raise MixedPricesError(f"{name} is {cost}: give every element a unit, or none")
    try:
        return float(cost if unit is None else cost.to(unit).magnitude)
    except (TypeError, ValueError) as error:  # another dimension, or another registry
        raise MixedPricesError(
            f"{name} is in {own}, the first element in {unit}; bring them to one unit first "
            "(armscost.rebase for money)"
        ) from error


def _check_quantities(procured: float | None, end_items: float | None) -> None:
    for name, quantity in (("procured", procured), ("end_items", end_items)):
        if quantity is not None and finite(name, quantity) <= 0:
            raise OutsideEvidenceError(f"{name} is {quantity}; write a number of units above zero")
    if procured is not None and end_items is not None and end_items < procured:
        raise OutsideEvidenceError(
            f"end_items is {end_items:g}, below the {procured:g} procured; end items are the "
            "units procured and those built in development"
        )


def _total(
    measure: str,
    elements: tuple[str, ...],
    values: dict[str, float],
    below: float | None,
    least: float,
    lacking: list[str],
) -> tuple[float | None, list[str], str]:
    """The total of a measure, what it lacks, and a printable line on where it comes from."""
    lacking = lacking + [e for e in elements if e not in values]
    summed = None if lacking or below is None else least
    if measure not in values:
        parts = f"{measure}: " + " + ".join(_parts(measure))
        return summed, lacking, parts if summed is not None else ""
    published = values[measure]
    if summed is not None and abs(published - summed) > 1e-9 * max(published, summed):
        raise OutsideEvidenceError(
            f"{measure} is given as {published:g}, its elements add up to {summed:g}; "
            "give the total or the elements"
        )
    if published < least * (1 - 1e-9):
        raise OutsideEvidenceError(
            f"{measure} is given as {published:g}, less than the {least:g} of its elements"
        )
    return published, [], f"{measure}: the total as given"


def _parts(measure: str) -> list[str]:
    before = MEASURES.index(measure)
    return [*MEASURES[max(before - 1, 0) : before], *ELEMENTS[measure]]


@dataclass(frozen=True)
class UnitCostBreach:
    """Growth of a unit cost over its baselines, against the Nunn-McCurdy thresholds.

    Attributes:
        growth_current: Growth over the current baseline estimate, as a share.
        growth_original: Growth over the original baseline estimate, as a share.
        significant: Whether the significant threshold is met.
        critical: Whether the critical threshold is met; it is then significant too.
    """

    growth_current: float
    growth_original: float
    significant: bool
    critical: bool


def nunn_mccurdy(estimate: Any, *, current_baseline: Any, original_baseline: Any) -> UnitCostBreach:
    """Whether a unit cost has grown past the thresholds of the Nunn-McCurdy Act.

    Significant: 15 % or more over the current baseline, or 30 % or more over the original one.
    Critical: 25 % or more, or 50 % or more. 10 U.S.C. 4371; it applies to PAUC and to APUC,
    each in constant prices of the baseline year.

    Args:
        estimate: The unit cost now; a float or a Quantity.
        current_baseline: The unit cost of the current baseline, in the same prices.
        original_baseline: The unit cost of the original baseline, in the same prices.

    Returns:
        A :class:`UnitCostBreach`. Growth that meets a threshold to one part in 10^12 counts as
        meeting it, so that 114.99999999999999 over 100 is 15 %.

    Raises:
        OutsideEvidenceError: For costs that are no numbers above zero.
        MixedPricesError: For costs in units that do not convert into one another.

    Example:
        >>> nunn_mccurdy(118.0, current_baseline=100.0, original_baseline=90.0).significant
        True
    """
    given = {
        "estimate": estimate,
        "current_baseline": current_baseline,
        "original_baseline": original_baseline,
    }
    unit = getattr(estimate, "units", None)
    costs = {name: _in(unit, cost, name) for name, cost in given.items()}
    for name, cost in costs.items():
        if cost <= 0:
            raise OutsideEvidenceError(f"{name} is {cost}; a unit cost is above zero")
    growth = [
        (costs["estimate"] - costs[baseline]) / costs[baseline]
        for baseline in ("current_baseline", "original_baseline")
    ]

    def meets(percents: tuple[int, int]) -> bool:
        return any(g >= p / 100 - 1e-12 for g, p in zip(growth, percents, strict=True))

    return UnitCostBreach(growth[0], growth[1], meets(_SIGNIFICANT), meets(_CRITICAL))
