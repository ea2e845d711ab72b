"""Which options are worth a look: dominance, extended dominance and what the next step costs.

Knows no data: a plain table goes in, the same rows in the same order come back. Cells may be
numbers or quantities (pint); quantities are brought to one unit before they are compared.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from armscost.errors import (
    MixedPricesError,
    OutsideEvidenceError,
    UnknownNameError,
    chosen,
)

FloatArray = npt.NDArray[np.float64]
Senses = Sequence[str] | Mapping[Any, str]
SENSES = ("max", "min")

# Conversions and differences of floats leave noise of some 1e-16; points closer than this are
# one point, and slopes closer than this are one slope.
SAME = 1e-12


def frontier(options: Any, cost: str = "cost", effect: str = "effect") -> pd.DataFrame:
    """The cost-effectiveness frontier: which options are dominated, what each step more costs.

    An option is *dominated* if another costs no more and does no less, and is better in one of
    the two. It is *extended dominated* if a mix of two others beats it, so that incremental
    ratios would fall on the way up (Karlsson & Johannesson 1996). The others are *efficient*.
    Along the efficient options, by rising effect::

        incremental_ratio = (cost - cost of the one before) / (effect - effect of the one before)

    This, not the average ratio ``cost / effect``, is the price of the next step. Equal options
    tie: they get the same status and the same ratio. To measure the first step from doing
    nothing, add an option with cost 0 and effect 0.

    Args:
        options: A pandas DataFrame, or anything that makes one (a mapping of columns, a list of
            rows): one row an option, at least two.
        cost: Name of the cost column; numbers, or quantities of one currency and price year.
        effect: Name of the effect column; numbers or quantities, not negative.

    Returns:
        A DataFrame: the caller's columns, rows, index and order, and ``status`` (``efficient``,
        ``dominated``, ``extended_dominated``), ``incremental_ratio`` (cost per unit of effect;
        NaN for the cheapest efficient option and where not efficient), ``compared_with`` (index
        label of the efficient option before), ``average_ratio`` (NaN where the effect is 0)
        and, if the cells carry units, ``ratio_unit``.

    Raises:
        UnknownNameError: For a column that is not there.
        OutsideEvidenceError: For fewer than two options, one column for both, a missing or negative
            effect, a missing cost, or columns that would be overwritten.
        MixedPricesError: Where units do not convert into each other (USD against EUR).

    Example:
        >>> options = {"option": ["A", "B", "C"], "cost": [0, 100, 110], "effect": [0, 1, 3]}
        >>> frontier(options)[["option", "status", "incremental_ratio"]]
          option              status  incremental_ratio
        0      A           efficient                NaN
        1      B  extended_dominated                NaN
        2      C           efficient          36.666667
    """
    table = _table(options, "options").copy()
    for name in (cost, effect):
        if name not in list(table.columns):  # in a list, what has no hash is just another name
            raise UnknownNameError("column", name, [str(c) for c in table.columns])
    if len(table) < 2:
        raise OutsideEvidenceError(
            f"a frontier compares options, and there are {len(table)}; give at least two"
        )
    if cost == effect:
        raise OutsideEvidenceError(
            f"cost and effect are both {cost!r}; name the column of each: cost='price'"
        )
    _keep_free(table, ["status", "incremental_ratio", "compared_with", "average_ratio"])
    labels = list(table.index)
    costs, cost_unit = one_unit(table[cost], cost, labels)
    effects, effect_unit = one_unit(table[effect], effect, labels)
    for label, value in zip(labels, effects, strict=True):
        if value < 0:
            raise OutsideEvidenceError(
                f"{effect} of row {label!r} is {value:g}: an effect counts what is gained and is "
                "not negative; measure all effects from the worst option"
            )
    points, first_row, owner = np.unique(
        np.column_stack([costs, effects]), axis=0, return_index=True, return_inverse=True
    )
    owner = owner.reshape(-1)
    status, ratio, before = _walk(points)
    table["status"] = [status[p] for p in owner]
    table["incremental_ratio"] = [ratio[p] for p in owner]
    compared = [None if (b := before[p]) is None else labels[first_row[b]] for p in owner]
    table["compared_with"] = pd.Series(compared, index=table.index, dtype=object)
    table["average_ratio"] = [
        c / e if e > 0 else math.nan for c, e in zip(costs, effects, strict=True)
    ]
    if cost_unit is not None or effect_unit is not None:
        _keep_free(table, ["ratio_unit"])
        table["ratio_unit"] = _ratio_unit(cost_unit, effect_unit)
    return table


def pareto(points: Any, senses: Senses) -> pd.DataFrame:
    """The Pareto set under several criteria: which options no other beats.

    An option is dominated if another is no worse in every criterion and better in one. Equal
    options do not dominate each other.

    Args:
        points: Options by criteria: a DataFrame, or rows of numbers or quantities.
        senses: ``"min"`` or ``"max"`` a criterion: a list in column order, or a mapping by
            column name.

    Returns:
        A DataFrame: the caller's columns, rows, index and order, and ``status`` (``efficient``
        or ``dominated``) and ``dominated_by`` (index label of the first efficient option that
        dominates it, else None).

    Raises:
        UnknownNameError: For a sense that is neither ``min`` nor ``max``, or an unknown column.
        OutsideEvidenceError: For a missing value, no options, or senses of the wrong number.
        MixedPricesError: Where units do not convert into each other.

    Example:
        >>> pareto([[2.3, 40], [4.2, 40], [6.0, 50]], senses=["min", "max"])["status"].to_list()
        ['efficient', 'dominated', 'efficient']
    """
    read = read_criteria(points, "options")
    sign = np.array([1.0 if s == "max" else -1.0 for s in by_criterion(senses, read.criteria)])
    gains = read.values * sign
    beaten: list[npt.NDArray[np.bool_]] = []
    for row in gains:
        beaten.append((gains >= row).all(axis=1) & (gains > row).any(axis=1))
    efficient = np.array([not b.any() for b in beaten])
    by = [read.options[int(np.flatnonzero(b & efficient)[0])] if b.any() else None for b in beaten]
    table = read.table.copy()
    _keep_free(table, ["status", "dominated_by"])
    table["status"] = np.where(efficient, "efficient", "dominated")
    table["dominated_by"] = pd.Series(by, index=table.index, dtype=object)
    return table


@dataclass(frozen=True)
class Criteria:
    """A table of options by criteria, read and checked.

    Attributes:
        table: The table as it came.
        options: Its index labels.
        criteria: Its column labels.
        values: Plain numbers, shape (options, criteria).
        units: The unit of each column, None for plain numbers.
    """

    table: pd.DataFrame
    options: list[Hashable]
    criteria: list[Hashable]
    values: FloatArray
    units: list[Any]


def read_criteria(table: Any, what: str, *, distinct: bool = False) -> Criteria:
    """Read options by criteria from a DataFrame or rows, each column in one unit.

    Args:
        table: A DataFrame, rows of cells, or a 2-D array.
        what: What the table holds, for the error's words.
        distinct: Whether each row needs a name of its own.

    Returns:
        The :class:`Criteria`.

    Raises:
        OutsideEvidenceError: For an empty table, rows of unlike length, names that occur twice,
            or a cell that is no finite number; row and column are named.
        MixedPricesError: Where units of a column do not convert into each other.

    Example:
        >>> read_criteria([[1, 2], [3, 4]], "options").values.shape
        (2, 2)
    """
    if isinstance(table, Sequence) and len({_width(row) for row in table}) > 1:
        widths = [_width(row) for row in table]
        raise OutsideEvidenceError(
            f"{what}: the rows have {widths} cells; give all of them as many"
        )
    table = _table(table, what)
    if table.empty:
        raise OutsideEvidenceError(f"{what}: the table is empty; give at least one row and column")
    if not table.columns.is_unique:
        raise OutsideEvidenceError(f"{what}: two columns share a name; rename one")
    options = list(table.index)
    if distinct and not table.index.is_unique:
        twin = table.index[table.index.duplicated()][0]
        raise OutsideEvidenceError(f"{what}: two rows are named {twin!r}; give each its own name")
    read = [
        one_unit(table.iloc[:, j], f"column {name!r}", options)
        for j, name in enumerate(table.columns)
    ]
    values = np.column_stack([numbers for numbers, _ in read])
    return Criteria(table, options, list(table.columns), values, [unit for _, unit in read])


def by_criterion(senses: Senses, criteria: Sequence[Hashable]) -> list[str]:
    """The sense of each criterion, in column order.

    Args:
        senses: ``"min"`` or ``"max"`` each: a list in column order, or a mapping by name.
        criteria: The column names.

    Returns:
        One ``"min"`` or ``"max"`` a criterion.

    Raises:
        UnknownNameError: For another sense, or a name that is no criterion.
        OutsideEvidenceError: If there are more or fewer senses than criteria.

    Example:
        >>> by_criterion({"range": "max", "price": "min"}, ["price", "range"])
        ['min', 'max']
    """
    found = [str(s) for s in in_order(senses, criteria, "senses")]
    for sense in found:
        chosen("sense", sense, SENSES)
    return found


def in_order(given: Any, criteria: Sequence[Hashable], what: str) -> list[Any]:
    """One entry a criterion, in column order, from a list or a mapping by name.

    Args:
        given: A sequence as long as ``criteria``, or a mapping with each of them as a key.
        criteria: The column names.
        what: What is given, for the error's words (``"weights"``).

    Returns:
        The entries in the order of ``criteria``.

    Raises:
        UnknownNameError: For a key that is no criterion.
        OutsideEvidenceError: If an entry is missing or there are too many.

    Example:
        >>> in_order({"b": 2, "a": 1}, ["a", "b"], "weights")
        [1, 2]
    """
    if isinstance(given, (Mapping, pd.Series)):
        by_name: dict[Any, Any] = dict(given)
        for name in by_name:
            if name not in criteria:
                raise UnknownNameError("criterion", name, [str(c) for c in criteria])
        missing = [c for c in criteria if c not in by_name]
        if missing:
            raise OutsideEvidenceError(f"{what} lack {missing}; give one for each criterion")
        return [by_name[c] for c in criteria]
    if isinstance(given, str):
        raise OutsideEvidenceError(f"{what} is the text {given!r}; give a list, one a criterion")
    try:
        entries = list(given)
    except TypeError as err:
        raise OutsideEvidenceError(f"{what} is {given!r}; give a list, one a criterion") from err
    if len(entries) != len(criteria):
        raise OutsideEvidenceError(
            f"{len(entries)} {what} for {len(criteria)} criteria {list(criteria)}; "
            "give one for each"
        )
    return entries


def one_unit(cells: Iterable[Any], what: str, rows: Sequence[Hashable]) -> tuple[FloatArray, Any]:
    """Plain numbers out of numbers or quantities, all in the unit of the first.

    Args:
        cells: Numbers, or quantities (anything with ``magnitude``, ``units`` and ``to``).
        what: What the cells are, for the error's words.
        rows: The name of each cell's row.

    Returns:
        The numbers, and their unit (None if the cells carry none).

    Raises:
        OutsideEvidenceError: For a cell that is no finite number; its row is named.
        MixedPricesError: Where cells do not convert, or only some carry a unit.

    Example:
        >>> one_unit([1, 2.5], "cost", ["a", "b"])
        (array([1. , 2.5]), None)
    """
    cells = list(cells)
    for row, cell in zip(rows, cells, strict=True):
        finite(cell, f"{what} of row {row!r}")
    units = [cell.units if hasattr(cell, "units") else None for cell in cells]
    unit = next((u for u in units if u is not None), None)
    if unit is None:
        return np.array(cells, dtype=np.float64), None
    numbers = []
    for row, cell in zip(rows, cells, strict=True):
        if not hasattr(cell, "to"):
            raise MixedPricesError(
                f"{what} of row {row!r} is the bare number {cell}, and others are in {unit}; "
                "give it a unit too"
            )
        try:
            numbers.append(float(cell.to(unit).magnitude))
        except TypeError as err:  # pint's DimensionalityError is one
            raise MixedPricesError(
                f"{what} of row {row!r} is in {cell.units}, and others are in {unit}: {err}; "
                "bring all to one unit first (money: armscost.rebase)"
            ) from err
    return _snap(np.array(numbers)), unit


def finite(cell: Any, what: str) -> float:
    """The number in a cell, a quantity's magnitude, or an error that says what is wrong.

    Args:
        cell: A number or a quantity.
        what: What it is, for the error's words.

    Returns:
        The number, in the cell's own unit.

    Raises:
        OutsideEvidenceError: For text, a missing or an infinite value.

    Example:
        >>> finite(2, "cost of row 'caesar'")
        2.0
    """
    bare = getattr(cell, "magnitude", cell)
    if isinstance(bare, str):
        raise OutsideEvidenceError(
            f"{what} is the text {bare!r}; give a number, or make it an armscost.quantity"
        )
    try:
        number = float(bare)
    except (TypeError, ValueError, OverflowError) as err:
        said = "missing" if bare is None or bare is pd.NA else repr(bare)
        raise OutsideEvidenceError(f"{what} is {said}; give a number") from err
    if not math.isfinite(number):
        said = "missing (NaN)" if math.isnan(number) else "infinite"
        raise OutsideEvidenceError(f"{what} is {said}; give a number or leave the row out")
    return number


def _table(given: Any, what: str) -> pd.DataFrame:
    if isinstance(given, pd.DataFrame):
        return given
    try:
        return pd.DataFrame(given)
    except (ValueError, TypeError) as err:
        raise OutsideEvidenceError(f"{what}: not a table of rows and columns ({err})") from err


def _width(row: Any) -> int:
    return len(row) if hasattr(row, "__len__") else 1


def _snap(numbers: FloatArray) -> FloatArray:
    """Make values equal that only the noise of unit conversion keeps apart."""
    out = numbers.copy()
    order = np.argsort(out, kind="stable")
    for lower, upper in itertools.pairwise(order):
        if out[upper] - out[lower] <= SAME * abs(out[upper]):
            out[upper] = out[lower]
    return out


def _walk(points: FloatArray) -> tuple[list[str], list[float], list[int | None]]:
    """Status, incremental ratio and predecessor of distinct points, sorted by cost, effect."""
    status = ["dominated"] * len(points)
    kept: list[int] = []
    for p, (cost, effect) in enumerate(points):
        # of two at one cost the later does more, so it takes the earlier one's place
        if kept and points[kept[-1], 0] == cost:
            kept.pop()
        if not kept or effect > points[kept[-1], 1]:
            kept.append(p)

    def step(a: int, b: int) -> float:
        return float((points[b, 0] - points[a, 0]) / (points[b, 1] - points[a, 1]))

    hull: list[int] = []
    for p in kept:
        status[p] = "extended_dominated"
        while len(hull) > 1 and step(hull[-2], hull[-1]) > step(hull[-1], p) * (1 + SAME):
            hull.pop()
        hull.append(p)
    ratio: list[float] = [math.nan] * len(points)
    before: list[int | None] = [None] * len(points)
    for p in hull:
        status[p] = "efficient"
    for a, b in itertools.pairwise(hull):
        ratio[b], before[b] = step(a, b), a
    return status, ratio, before


def _keep_free(table: pd.DataFrame, names: list[str]) -> None:
    taken = [n for n in names if n in table.columns]
    if taken:
        raise OutsideEvidenceError(
            f"the table has a column {taken[0]!r} already, which the answer would overwrite; "
            "rename it"
        )


def _ratio_unit(cost: Any, effect: Any) -> str:
    if effect is None:
        return str(cost)
    return f"1 / {effect}" if cost is None else str(cost / effect)
