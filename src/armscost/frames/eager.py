"""Frames in memory: codes and years in, one gather from a small table, no loop over rows."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from armscost.errors import NoRateError, OutsideEvidenceError, UnknownNameError, nearest_names
from armscost.frames.question import A_DAY, Question
from armscost.prices.arrays import (
    CODES,
    FIXING_BASES,
    NO_AMOUNT,
    NO_INDEX,
    NO_RATE,
    OK,
    OUT_OF_RANGE,
    STATUSES,
    UNKNOWN,
    UNKNOWN_CURRENCY,
    YEAR_OUT_OF_RANGE,
    FactorTable,
    FixingTable,
    factor_table,
    fixing_table,
)
from armscost.units import FIRST_YEAR, LAST_YEAR

Floats = NDArray[np.float64]
Places = NDArray[np.integer[Any]]

_WIDTH = OUT_OF_RANGE + 1
_MOST_NAMED = 6
_BLOCK = 1 << 16


@dataclass(frozen=True)
class Rows:
    """The rows of a frame as places in the factor table.

    Attributes:
        amounts: As floats, NaN where there is none.
        labels: The distinct currencies (and areas) as the caller wrote them.
        groups: For each row its place in ``labels``; the last place is a missing one.
        years: For each row ``origin`` and its column in the factor table.
        origin: What ``years`` are counted from, so that years in range need no copy.
        days: For each row its column in the fixing table; None for a frame with years.
    """

    amounts: Floats
    labels: list[tuple[Any, Any]]
    groups: Places
    years: Places
    origin: int
    days: Places | None

    def cells(self, rows: slice | NDArray[np.intp] = slice(None)) -> NDArray[np.intp]:
        """The place of each row in a grid of one line a label."""
        cells = np.multiply(self.groups[rows], _WIDTH, dtype=np.intp)
        cells += self.years[rows]
        cells -= self.origin
        return cells


@dataclass(frozen=True)
class Answer:
    """One value a row for each new column."""

    rebased: Floats
    status: NDArray[np.int8]
    explained: dict[str, Any]


def answer(frame: nw.DataFrame[Any], question: Question) -> Answer:
    """Rebase the rows of a frame.

    Args:
        frame: Any frame in memory.
        question: What is asked.

    Returns:
        The :class:`Answer`, whose ``explained`` is empty where no explanation is asked for.

    Raises:
        NoRateError: With ``missing="raise"``, where rows cannot be rebased: how many, and why.
        OutsideEvidenceError: For a column of amounts, years or days that cannot be read.
    """
    fixings = fixing_table(question.to_currency, book=question.book) if question.date else None
    rows = _read(frame, question, fixings)
    by_area = {area: _table_of(area, question) for area in {area for _, area in rows.labels}}
    tables = [by_area[area] for _, area in rows.labels]
    factors = _factors(rows, tables, fixings, times=None) if question.explain else None
    rebased = _factors(rows, tables, fixings, times=rows.amounts)
    status = _status(rebased, rows, tables)
    if question.missing == "raise" and status.any():
        raise NoRateError(_complaint(status, rows))
    explained = {} if factors is None else _explained(factors, status, rows, tables, fixings)
    return Answer(rebased, status, explained)


def _factors(
    rows: Rows,
    tables: list[FactorTable | None],
    fixings: FixingTable | None,
    times: Floats | None,
) -> Floats:
    """The factor of each row, times its amount where amounts are given.

    Block by block, so that what is in between stays in the cache.
    """
    grid = _grid(rows, tables, "factors" if fixings is None else "deflators")
    count = len(rows.groups)
    found = np.empty(count)
    for start in range(0, count, _BLOCK):
        block = slice(start, start + _BLOCK)
        part = found[block]
        # Every place is in the grid by construction; "clip" only spares a buffer.
        np.take(grid, rows.cells(block), out=part, mode="clip")
        if fixings is not None:
            part *= _of_fixings(fixings.rates, rows, block)
        if times is not None:
            part *= times[block]
    return found


def _table_of(area: Any, question: Question) -> FactorTable | None:
    method = question.method
    try:
        return factor_table(
            question.to,
            order=method.order,
            index=method.index,
            rate=method.rate,
            area=method.area if area is None else str(area),
            to_area=method.to_area,
            book=question.book,
        )
    except UnknownNameError:
        return None  # an area of which nothing is known: no index


def _place(label: Any) -> int:
    name = label.upper() if isinstance(label, str) else None
    return _PLACES.get(name, UNKNOWN)


_PLACES: dict[Any, int] = {code: place for place, code in enumerate(CODES)}


def _grid(rows: Rows, tables: list[FactorTable | None], name: str, empty: Any = np.nan) -> Any:
    """One line of the factor table for each label: small enough to stay in the cache."""
    blank = [empty] * _WIDTH
    lines = [
        blank if table is None else getattr(table, name)[_place(label)]
        for (label, _), table in zip(rows.labels, tables, strict=True)
    ]
    return np.array(lines).ravel()


def _reasons(rows: Rows, tables: list[FactorTable | None]) -> NDArray[np.int8]:
    """The status of each label and year; of an unknown area there is no index."""
    grid = _grid(rows, tables, "status", NO_INDEX).astype(np.int8).reshape(-1, _WIDTH)
    for place, (label, _) in enumerate(rows.labels):
        grid[place, OUT_OF_RANGE] = YEAR_OUT_OF_RANGE
        if _place(label) == UNKNOWN:
            grid[place] = UNKNOWN_CURRENCY
    reasons: NDArray[np.int8] = grid.ravel()
    return reasons


def _of_fixings(values: Any, rows: Rows, block: slice = slice(None)) -> Any:
    assert rows.days is not None
    lines = np.array([_place(label) * values.shape[1] for label, _ in rows.labels])
    cells = np.take(lines, rows.groups[block])
    cells += rows.days[block]
    return np.take(values, cells)


def _status(rebased: Floats, rows: Rows, tables: list[FactorTable | None]) -> NDArray[np.int8]:
    status = np.zeros(len(rebased), np.int8)
    # Factors are finite and above 0: NaN is left where an amount or a factor is missing.
    bad = np.flatnonzero(np.isnan(rebased))
    if not len(bad):
        return status
    cells = rows.cells(bad)
    why = np.take(_reasons(rows, tables), cells)
    if rows.days is not None:
        # The table's status speaks of the year's rate; these rows want the day's.
        undeflated = np.isnan(np.take(_grid(rows, tables, "deflators"), cells))
        mine = why < NO_AMOUNT
        why[mine] = np.where(undeflated[mine], NO_INDEX, NO_RATE)
    why[np.isnan(rows.amounts[bad])] = NO_AMOUNT
    status[bad] = why
    return status


# --------------------------------------------------------------------------------------
# Reading columns
# --------------------------------------------------------------------------------------


def _read(frame: nw.DataFrame[Any], question: Question, fixings: FixingTable | None) -> Rows:
    amounts = _amounts(frame[question.amount])
    groups, names = _encode(frame[question.currency])
    labels: list[tuple[Any, Any]] = [(name, None) for name in names]
    if question.area is not None:
        areas, area_names = _encode(frame[question.area])
        labels = [(name, area) for name in names for area in area_names]
        groups = groups.astype(np.int64) * len(area_names) + areas
    if question.year is not None:
        return Rows(amounts, labels, groups, *_years(frame[question.year]), None)
    assert question.date is not None
    assert fixings is not None
    days = _days(frame[question.date])
    return Rows(amounts, labels, groups, _years_of_days(days), 0, _day_places(days, fixings))


def _encode(series: nw.Series[Any]) -> tuple[Places, list[Any]]:
    """The place of each value among the distinct ones, the last of which stands for none."""
    import pandas as pd

    if series.implementation.is_pandas_like():
        native = series.to_native()
        if isinstance(native.dtype, pd.CategoricalDtype):
            codes, names = native.cat.codes.to_numpy(), native.cat.categories.tolist()
        else:
            codes, uniques = pd.factorize(native)
            names = uniques.tolist()
    else:
        import pyarrow as pa

        array = series.to_arrow()
        array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
        if isinstance(array, pa.ChunkedArray):
            array = pa.concat_arrays(array.chunks)
        if not pa.types.is_dictionary(array.type):
            array = array.dictionary_encode()
        codes = array.indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
        names = array.dictionary.to_pylist()
    if len(codes) and codes.min() < 0:
        codes = np.where(codes < 0, len(names), codes)
    return codes, [*names, None]


def _amounts(series: nw.Series[Any]) -> Floats:
    if series.dtype.is_numeric():
        native = series.to_native()
        if isinstance(getattr(native, "dtype", None), np.dtype):
            return np.asarray(native, dtype=float)
        return np.asarray(series.cast(nw.Float64).to_numpy(), dtype=float)
    if series.null_count() == len(series):
        return np.full(len(series), np.nan)
    if series.dtype == nw.Object:  # decimals and mixed numbers of pandas
        values = series.to_list()
        if not any(isinstance(value, (str, bool)) for value in values):
            try:
                return np.array([np.nan if v is None else float(v) for v in values])
            except (TypeError, ValueError):
                pass
    raise OutsideEvidenceError(
        f"the amounts in {series.name!r} are {series.dtype}; make them numbers first"
    )


def _years(series: nw.Series[Any]) -> tuple[Places, int]:
    """The column of each year, and what it is counted from."""
    if series.dtype.is_integer() or series.dtype.is_numeric():
        values = np.asarray(series.to_numpy())
        if values.dtype.kind not in "iu":
            values = values.astype(float)
    elif series.dtype in (nw.Date, nw.Datetime):
        raise OutsideEvidenceError(f"{series.name!r} holds days; name it in date=, not in year=")
    else:
        codes, names = _encode(series)
        known = np.array([_year_of_text(name) for name in names])
        return known[codes], 0
    values = values.astype(np.int64) if values.dtype.kind == "u" else values
    whole = values.dtype.kind == "i" and len(values) > 0
    if whole and values.min() >= FIRST_YEAR and values.max() <= LAST_YEAR:
        return values, FIRST_YEAR
    with np.errstate(invalid="ignore"):
        inside = (values >= FIRST_YEAR) & (values <= LAST_YEAR) & (values == np.floor(values))
    places = np.where(inside, np.where(inside, values, 0) - FIRST_YEAR, OUT_OF_RANGE)
    return places.astype(np.intp), 0


def _year_of_text(text: Any) -> int:
    if isinstance(text, str):
        text = text.strip()
        year = int(text) if re.fullmatch("[0-9]{4}", text) else 0
    else:
        year = int(text) if isinstance(text, (int, float)) and text == text else 0
        year = year if year == text else 0
    return year - FIRST_YEAR if FIRST_YEAR <= year <= LAST_YEAR else OUT_OF_RANGE


def _days(series: nw.Series[Any]) -> NDArray[np.datetime64]:
    """Days, NaT for what is none."""
    if series.dtype in (nw.Date, nw.Datetime):
        if series.dtype == nw.Datetime and series.dtype.time_zone is not None:  # type: ignore[attr-defined]
            import pyarrow.compute as pc

            # The day on its own clock, by Arrow: pandas below 3 drops a zone as if it were UTC.
            values = np.asarray(pc.local_timestamp(series.to_arrow()))
        else:
            values = np.asarray(series.to_numpy())
        if values.dtype.kind == "M":
            return values.astype("datetime64[D]")
    if series.dtype.is_numeric():
        raise OutsideEvidenceError(f"{series.name!r} holds numbers; days are written 2024-05-31")
    codes, names = _encode(series)
    known = np.array([_day_of(name) for name in names], dtype="datetime64[D]")
    return known[codes]


def _day_of(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return np.datetime64(value.date())
    if isinstance(value, dt.date):
        return np.datetime64(value)
    text = value.strip() if isinstance(value, str) else ""
    try:
        return np.datetime64(dt.date.fromisoformat(text if re.fullmatch(A_DAY, text) else ""))
    except ValueError:
        return np.datetime64("NaT", "D")


def _years_of_days(days: NDArray[np.datetime64]) -> Places:
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970
    inside = ~np.isnat(days) & (years >= FIRST_YEAR) & (years <= LAST_YEAR)
    return np.where(inside, years - FIRST_YEAR, OUT_OF_RANGE)


def _day_places(days: NDArray[np.datetime64], fixings: FixingTable) -> Places:
    last = fixings.rates.shape[1] - 1
    places = (days - np.datetime64(fixings.first)).astype(np.int64)
    return np.where(~np.isnat(days) & (places >= 0) & (places < last), places, last)


# --------------------------------------------------------------------------------------
# Explaining and complaining
# --------------------------------------------------------------------------------------


def _explained(
    factors: Floats,
    status: NDArray[np.int8],
    rows: Rows,
    tables: list[FactorTable | None],
    fixings: FixingTable | None,
) -> dict[str, Any]:
    """The columns of ``EXPLAINED``; empty where a row has none."""
    cells, good = rows.cells(), status == OK
    index = np.take(_grid(rows, tables, "indices", ""), cells)
    if rows.days is None or fixings is None:
        rate = np.take(_grid(rows, tables, "exchanges"), cells)
        basis = np.take(_grid(rows, tables, "bases", ""), cells)
        day = np.full(len(cells), np.datetime64("NaT", "D"), "datetime64[D]")
    else:
        rate = _of_fixings(fixings.rates, rows)
        basis = np.array(FIXING_BASES, object)[_of_fixings(fixings.bases, rows)]
        day = np.datetime64(fixings.first) + (rows.days - _of_fixings(fixings.back, rows))
        day[(basis == "identity") | ~good] = np.datetime64("NaT", "D")
    return {
        "rebase_factor": np.where(good, factors, np.nan),
        "rebase_rate": np.where(good, rate, np.nan),
        "rebase_rate_date": day.astype("datetime64[D]"),
        "rebase_rate_basis": _words(basis, good),
        "rebase_index": _words(index, good),
    }


def _words(texts: NDArray[np.object_], good: NDArray[np.bool_]) -> NDArray[np.object_]:
    words = np.full(len(texts), None, object)
    there = good & (texts != "")
    words[there] = texts[there]
    return words


def _complaint(status: NDArray[np.int8], rows: Rows) -> str:
    """How many rows cannot be rebased, and why, by currency and year."""
    bad = np.flatnonzero(status)
    kinds = []
    for code in np.unique(status[bad]):
        mine = bad[status[bad] == code]
        kinds.append(f"{len(mine)} {STATUSES[code]}" + _named(int(code), mine, rows))
    return complaint(len(bad), len(status), kinds)


def complaint(bad: int, total: int, kinds: list[str]) -> str:
    """The one text that tells of rows that cannot be rebased."""
    return (
        f"{bad} of {total} rows cannot be rebased: {'; '.join(kinds)}. Mend them, or pass "
        "missing='keep' to keep them with their rebase_status"
    )


def _named(code: int, mine: NDArray[np.intp], rows: Rows) -> str:
    if code == NO_AMOUNT:
        return ""
    groups, years = rows.groups[mine], rows.years[mine] - rows.origin
    pairs: list[str] = []
    for group, year in dict.fromkeys(zip(groups.tolist(), years.tolist(), strict=True)):
        label, area = rows.labels[group]
        pairs.append(pair_named(code, label, FIRST_YEAR + year, area))
    return listed(list(dict.fromkeys(pairs)))


def listed(names: list[str]) -> str:
    """The first few names in brackets, and how many more there are."""
    more = f", and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f" ({', '.join(names[:_MOST_NAMED])}{more})" if names else ""


def pair_named(code: int, label: Any, year: Any, area: Any = None) -> str:
    """A currency and year as a complaint names them."""
    if code == UNKNOWN_CURRENCY:
        if label is None:
            return "no currency"
        near = nearest_names(str(label), CODES, 1)
        return f"{label!r}" + (f", did you mean {near[0]!r}?" if near else "")
    if code == YEAR_OUT_OF_RANGE:
        return f"{label}, price years run from {FIRST_YEAR} to {LAST_YEAR}"
    return f"{label} {year}" + (f" in {area}" if area is not None else "")
