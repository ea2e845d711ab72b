"""The lots a curve is fitted to: read, and refused where no curve may be fitted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from armscost.errors import MixedPricesError, NotComparableError, OutsideEvidenceError
from armscost.learning.inputs import Floats, Theory, whole_lots
from armscost.learning.sums import lot_sum


@dataclass(frozen=True, kw_only=True, eq=False)
class Sample:
    """Costs to fit, and the shape of the curve behind each of them.

    Attributes:
        theory: ``"crawford"`` or ``"wright"``.
        first: First units of the lots; the plot points themselves where ``points`` is true.
        last: Last units of the lots; the same as ``first`` for plot points.
        cost: Lot totals, or the cost at each plot point.
        rate: The annual quantities, or None where none are given.
        points: Whether these are plot points and not lots.
        notes: What was taken for granted in reading them.
    """

    theory: Theory
    first: Floats
    last: Floats
    cost: Floats
    rate: Floats | None
    points: bool
    notes: list[str]

    @property
    def quantity(self) -> Floats:
        """Units in each lot; 1 for a plot point."""
        return np.ones_like(self.first) if self.points else self.last - self.first + 1

    def shape(self, b: float, first: Floats | None = None, last: Floats | None = None) -> Floats:
        """What each lot costs in multiples of T1, for an exponent b."""
        first = self.first if first is None else first
        last = self.last if last is None else last
        if self.points:
            return np.asarray(first**b)
        return lot_sum(self.theory, first, last, np.asarray(b))

    def experience(self, b: float) -> Floats:
        """Where each lot stands on the experience axis: its midpoint, or the plot point."""
        if self.points:
            return self.first
        if self.theory == "crawford" and abs(b) > 1e-8:
            return np.asarray((self.shape(b) / self.quantity) ** (1 / b))
        return np.asarray(self.first + self.last + 2 * np.sqrt(self.first * self.last)) / 4

    def check_quantity(self) -> Floats:
        """The annual quantity, or the lot size where none is given, to hold experience against."""
        return self.quantity if self.rate is None else self.rate


def read_lots(lots: Any, *, theory: Theory, rate: bool, known_gaps: bool) -> Sample:
    """Lots from a table, checked.

    Raises:
        OutsideEvidenceError: For missing columns or values, costs that are not above 0, lots
            that overlap, and gaps that are not declared.
        MixedPricesError: For then-year money, and for more than one currency or price year.
    """
    table = _table(lots)
    _need(table, ["first_unit", "last_unit", "total_cost"])
    notes = _one_money(table)
    unit = [_numbers(table, name) for name in ("first_unit", "last_unit")]
    first, last = whole_lots(*unit)
    _consecutive(first, last, known_gaps)
    if first.min() > 1:
        notes.append(f"the first lot begins at unit {first.min():.0f}: earlier units are "
                     "experience, though their cost is not given")  # fmt: skip
    if known_gaps:
        notes.append("units in gaps between lots count as experience; their cost is not given")
    return Sample(
        theory=theory, first=first, last=last, cost=_positive(table, "total_cost"),
        rate=_rate(table, rate), points=False, notes=notes,
    )  # fmt: skip


def read_points(points: Any, *, theory: Theory, rate: bool) -> Sample:
    """Plot points from a table with columns ``unit`` and ``cost`` (, ``annual_quantity``)."""
    table = _table(points)
    _need(table, ["unit", "cost"])
    unit = _positive(table, "unit")
    return Sample(
        theory=theory, first=unit, last=unit, cost=_positive(table, "cost"),
        rate=_rate(table, rate), points=True, notes=_one_money(table),
    )  # fmt: skip


def _table(given: Any) -> pd.DataFrame:
    try:
        return pd.DataFrame(given)
    except (TypeError, ValueError):
        raise OutsideEvidenceError(
            f"{given!r} is no table; give a DataFrame, or names of columns and lists of one length"
        ) from None


def _need(table: pd.DataFrame, names: list[str]) -> None:
    missing = [name for name in names if name not in table.columns]
    if missing:
        have = ", ".join(map(str, table.columns)) or "none"
        raise OutsideEvidenceError(
            f"no column {', '.join(missing)}; the fit needs {', '.join(names)} (columns: {have})"
        )
    if table.empty:
        raise OutsideEvidenceError("there are no lots to fit")


def _numbers(table: pd.DataFrame, name: str) -> Floats:
    """A column as floats, refused where a value is missing or no number."""
    try:
        numbers = table[name].astype("float64").to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        raise OutsideEvidenceError(f"{name} holds values that are not numbers") from None
    if not np.isfinite(numbers).all():
        row = int(np.flatnonzero(~np.isfinite(numbers))[0]) + 1
        raise OutsideEvidenceError(
            f"{name} is missing or infinite in row {row}; a lot whose units or cost are unknown "
            "cannot be placed on a curve: leave it out, or find the figure"
        )
    return np.asarray(numbers)


def _positive(table: pd.DataFrame, name: str) -> Floats:
    numbers = _numbers(table, name)
    if (numbers <= 0).any():
        row = int(np.flatnonzero(numbers <= 0)[0]) + 1
        raise OutsideEvidenceError(f"{name} must be above 0, got {numbers[row - 1]:g} in row {row}")
    return numbers


def _rate(table: pd.DataFrame, rate: bool) -> Floats | None:
    if "annual_quantity" in table.columns:
        return _positive(table, "annual_quantity")
    if rate:
        raise OutsideEvidenceError(
            "rate=True needs a column annual_quantity: units of that year, of all buyers on the "
            "line"
        )
    return None


def _consecutive(first: Floats, last: Floats, known_gaps: bool) -> None:
    order = np.argsort(first, kind="stable")
    begins, before = first[order][1:], last[order][:-1]
    if (begins <= before).any():
        i = int(np.flatnonzero(begins <= before)[0])
        raise OutsideEvidenceError(
            f"two lots overlap: one ends at unit {before[i]:.0f}, the next begins at "
            f"{begins[i]:.0f}"
        )
    gaps = np.flatnonzero(begins > before + 1)
    if gaps.size and not known_gaps:
        i = int(gaps[0])
        raise OutsideEvidenceError(
            f"no lot holds units {before[i] + 1:.0f} to {begins[i] - 1:.0f}; add the lot, or say "
            "known_gaps=True where those units were built and only their cost is unknown"
        )


def _one_money(table: pd.DataFrame) -> list[str]:
    """Refuse money of several kinds; say what is known of the one kind there is."""
    said = []
    for name in ("currency", "price_year"):
        if name not in table.columns:
            continue
        values = table[name].drop_duplicates()
        if values.isna().any():
            raise NotComparableError(f"{name} is missing in some lots; a fit needs one {name}")
        if len(values) > 1:
            raise MixedPricesError(
                f"the lots have {len(values)} values of {name}: "
                f"{', '.join(map(str, values))}; a fit needs one: rebase the costs first"
            )
        said.append(f"{name.replace('_', ' ')} {values.iloc[0]}")
    if "price_basis" in table.columns:
        basis = set(table["price_basis"].astype("object").fillna("unstated"))
        if basis != {"constant_year"}:
            raise MixedPricesError(
                f"price_basis is {', '.join(sorted(map(str, basis)))}: inflation would look like "
                "lost learning; rebase total_cost to one price year, set price_basis to "
                "'constant_year' and price_year to that year"
            )
    if "price_year" not in table.columns:
        said.append("no price_year column: costs are taken to be in one constant price year")
    return ["; ".join(said)]
