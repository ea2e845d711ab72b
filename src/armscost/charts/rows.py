"""From a caller's table to checked rows, and from numbers to words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from armscost.errors import OutsideEvidenceError, UnknownNameError

if TYPE_CHECKING:
    import pandas as pd

Row: TypeAlias = dict[str, Any]
Range: TypeAlias = tuple[str, str, str]

RANGE: Range = ("low", "value", "high")
QUANTILES: Range = ("p10", "p50", "p90")

_SAID = {"co_production": "co-production"}
_MONEY = re.compile(r"([A-Z]{3})_(\d{4})")


def read_rows(
    chart: str,
    table: pd.DataFrame,
    *,
    texts: Sequence[str] = (),
    ranges: Sequence[Range] = (),
    needs: Sequence[str] = (),
    optional: Sequence[str] = (),
    dates: Sequence[str] = (),
    unique: Sequence[str] = (),
) -> list[Row]:
    """The rows of a table as dictionaries: every column asked for is there, None if empty.

    Args:
        chart: The function that asks, for messages.
        table: The caller's table; it is not changed.
        texts: Columns that must be there and filled.
        ranges: Low, value and high; the column of the value must be there, and its cells may be
            empty where the ends are given.
        needs: Columns of numbers that must be there and filled.
        optional: Columns taken as they are.
        dates: Columns of dates, given back as ISO text of a local time.
        unique: Columns that together tell a row from all others; two would be drawn on one place.

    Raises:
        OutsideEvidenceError: For what is no table, an empty one, or cells that cannot be drawn.
        UnknownNameError: For a missing column.
    """
    columns = getattr(table, "columns", None)
    if columns is None:
        raise OutsideEvidenceError(
            f"{chart} draws a pandas DataFrame, not {type(table).__name__}; write pd.DataFrame(...)"
        )
    for name in [*texts, *dates, *(value for _, value, _ in ranges), *needs]:
        if name not in columns:
            raise UnknownNameError(
                f"column for {chart}",
                name,
                map(str, columns),
                where=f"help(armscost.charts.{chart}) says which are needed",
            )
    if not len(table):
        raise OutsideEvidenceError(
            f"{chart} was given an empty table; there is nothing to draw (if figures were left "
            "out, the answer's .left_out says why)"
        )
    numbers = list(dict.fromkeys([*(name for three in ranges for name in three), *needs]))
    found = []
    for place, cells in enumerate(table.to_dict("records")):
        row: Row = {name: _filled(chart, place, name, cells[name]) for name in texts}
        row |= {name: _date(chart, place, name, cells[name]) for name in dates}
        row |= {name: _number(chart, place, name, cells.get(name)) for name in numbers}
        row |= {name: _plain(cells.get(name)) for name in optional}
        for name in needs:
            _filled(chart, place, name, row[name])
        for three in ranges:
            _check_range(chart, place, row, three)
        if numbers and not given(row, numbers):
            raise OutsideEvidenceError(
                f"{chart}: row {place} has no number in {', '.join(numbers)}; leave the row out"
            )
        found.append(row)
    keys = [tuple(row[name] for name in unique) for row in found]
    twice = next((key for key in keys if unique and keys.count(key) > 1), None)
    if twice is not None:
        raise OutsideEvidenceError(
            f"{chart}: {' and '.join(unique)} {', '.join(map(str, twice))} is there twice; "
            "the two would be drawn over each other"
        )
    return found


def given(row: Row, names: Iterable[str] = RANGE) -> list[float]:
    """The numbers of a row that are there."""
    return [row[name] for name in names if row[name] is not None]


def written(name: str, told: Any) -> str:
    """What the caller wrote to be read.

    Raises:
        OutsideEvidenceError: For what is no text.
    """
    if not isinstance(told, str):
        raise OutsideEvidenceError(f"{name}={told!r}; write what it shows, as text")
    return told


def _plain(cell: Any) -> Any:
    """A cell as JSON can hold it; None for what is missing."""
    import pandas as pd

    if not pd.api.types.is_scalar(cell) or isinstance(cell, pd.Period):
        return str(cell)
    if pd.isna(cell):
        return None
    if hasattr(cell, "item"):
        cell = cell.item()
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)  # a column of years with a gap in it is a column of floats
    if isinstance(cell, bool | int | float | str):
        return cell
    return str(cell).removesuffix(" 00:00:00")


def _filled(chart: str, place: int, name: str, cell: Any) -> Any:
    value = _plain(cell)
    if value is None or value == "":
        raise OutsideEvidenceError(f"{chart}: row {place} has no {name}; every row needs one")
    return value


def _number(chart: str, place: int, name: str, cell: Any) -> float | None:
    value = _plain(cell)
    if value is None:
        return None
    if isinstance(value, bool | str) or not math.isfinite(value):
        raise OutsideEvidenceError(f"{chart}: row {place}, {name}={cell!r}; write a finite number")
    return float(value)


def _date(chart: str, place: int, name: str, cell: Any) -> str:
    """A date as text without a zone, which browsers read as local time: no month slips."""
    import pandas as pd

    if isinstance(cell, pd.Period):
        cell = cell.to_timestamp()
    if not _plain(cell) or isinstance(cell, bool | int | float):
        # pandas would take 2024 for nanoseconds after 1970
        raise OutsideEvidenceError(
            f"{chart}: row {place}, {name}={cell!r}; write a date, or text such as '2024-06'"
        )
    try:
        return f"{pd.Timestamp(cell):%Y-%m-%dT%H:%M:%S}"
    except (ValueError, TypeError):
        raise OutsideEvidenceError(
            f"{chart}: row {place}, {name}={cell!r} is no date; write for example '2024-06'"
        ) from None


def _check_range(chart: str, place: int, row: Row, three: Range) -> None:
    """Low ≤ value ≤ high; a range open at one side ends at its value."""
    low, value, high = three
    if (row[low] is None) != (row[high] is None):
        if row[value] is None:
            raise OutsideEvidenceError(
                f"{chart}: row {place} has only one of {low} and {high}, and no {value}; "
                f"write the {value}, or both ends"
            )
        open_end = low if row[low] is None else high
        row[open_end] = row[value]
    ordered = given(row, three)
    if ordered != sorted(ordered):
        raise OutsideEvidenceError(
            f"{chart}: row {place} has {low}={row[low]}, {value}={row[value]}, {high}={row[high]}; "
            "they must rise in that order"
        )


# --- words --------------------------------------------------------------------------------------


def words(name: Any) -> str:
    """A name of a vocabulary as it is said: ``item_only`` is ``Item only``."""
    text = _SAID.get(str(name), str(name)).replace("_", " ")
    return text[:1].upper() + text[1:]


def unit_words(unit: str) -> str:
    """A unit as an axis says it.

    Example:
        >>> unit_words("EUR_2024"), unit_words("howitzers")
        ('EUR at 2024 prices', 'howitzers')
    """
    if not isinstance(unit, str) or not unit.strip():
        raise OutsideEvidenceError(f"unit={unit!r}; write what the numbers are in, as 'EUR_2024'")
    return _MONEY.sub(r"\1 at \2 prices", unit)


def short(value: float | None) -> str:
    """A number for a label, to three significant digits; the tooltip has it in full.

    Example:
        >>> short(2_345_000), short(-1.4e9), short(373), short(0)
        ('2.35m', '−1.4bn', '373', '0')
    """
    if value is None:
        return ""
    size = abs(value)
    for limit, suffix in ((1e9, "bn"), (1e6, "m"), (1e4, "k")):
        # 999,600 rounds to 1,000k, which is 1m
        if size >= limit * 0.9995:
            return _signed(value, _three(size / limit if limit != 1e4 else size / 1e3) + suffix)
    return _signed(value, _three(size))


def _three(size: float) -> str:
    if size >= 999.5:
        return f"{size:,.0f}"
    text = f"{size:#.3g}".rstrip(".")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _signed(value: float, text: str) -> str:
    return ("−" if value < 0 and text != "0" else "") + text


def span(low: float, high: float) -> str:
    """Two numbers as a range: ``430 to 504``."""
    ends = short(low), short(high)
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)
