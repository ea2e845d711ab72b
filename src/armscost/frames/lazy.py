"""Frames that are not in memory: expressions and equi-joins with small look-up tables.

The keys of each look-up are unique, so a join neither drops nor doubles a row.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import pyarrow as pa

from armscost.errors import ArmscostError, NoRateError, OutsideEvidenceError
from armscost.frames.eager import complaint, pair_named
from armscost.frames.question import Question
from armscost.prices.arrays import (
    CODES,
    FIXING_BASES,
    NO_AMOUNT,
    NO_INDEX,
    NO_RATE,
    STATUSES,
    UNKNOWN,
    UNKNOWN_CURRENCY,
    YEAR_OUT_OF_RANGE,
    YEARS,
    factor_table,
    fixing_table,
)

# Names of our own columns while we work; they are dropped again.
_CODE, _YEAR, _DAY, _AREA = (f"__armscost_{name}" for name in ("code", "year", "day", "area"))
_WHY, _DEFLATOR, _RATE = (f"__armscost_{name}" for name in ("why", "deflator", "rate"))
_BASIS, _INDEX, _FIXED = (f"__armscost_{name}" for name in ("basis", "index", "fixed"))
_AMOUNT = "__armscost_amount"


def rebase(frame: nw.LazyFrame[Any], question: Question) -> Any:
    """Rebase a lazy frame; nothing is run unless rows are to raise.

    Args:
        frame: A LazyFrame of polars, a DuckDB relation, a Spark DataFrame, ….
        question: What is asked.

    Returns:
        The native frame with the new columns.

    Raises:
        NoRateError: With ``missing="raise"``; the frame is run once to count.
        OutsideEvidenceError: For a column of a type that cannot be read.
    """
    names = frame.collect_schema().names()
    keyed = frame.with_columns(*_keys(frame, question))
    on = [_CODE, _YEAR, *([_AREA] if question.area else [])]
    keyed = _joined(keyed, _factors(question, _year_kind(frame, question)), on)
    if question.date is not None:
        keyed = _joined(keyed, _fixings(question, _day_kind(frame, question)), [_CODE, _DAY])
    answered = keyed.with_columns(_status(question).alias("rebase_status"))
    answered = answered.with_columns(*_answers(question))
    if question.missing == "raise":
        _raise_if_missing(answered)
    kept = answered.select(*names, *question.new_columns)
    return _as_categories(kept).to_native()


# --------------------------------------------------------------------------------------
# Keys
# --------------------------------------------------------------------------------------


def _keys(frame: nw.LazyFrame[Any], question: Question) -> list[nw.Expr]:
    schema = frame.collect_schema()
    amount = schema[question.amount]
    if not amount.is_numeric():
        raise OutsideEvidenceError(
            f"the amounts in {question.amount!r} are {amount}; make them numbers first"
        )
    keys = [
        nw.col(question.amount).cast(nw.Float64).alias(_AMOUNT),
        nw.col(question.currency).cast(nw.String).str.to_uppercase().alias(_CODE),
    ]
    if question.area is not None:
        area = nw.col(question.area).cast(nw.String)
        keys.append(nw.when(area.is_null()).then(nw.lit("")).otherwise(area).alias(_AREA))
    if question.date is None:
        return [*keys, _year_key(frame, question).alias(_YEAR)]
    day = nw.col(question.date)
    if _day_kind(frame, question) == "text":
        day = day.cast(nw.String).str.strip_chars()
        return [*keys, day.alias(_DAY), day.str.slice(0, 4).alias(_YEAR)]
    day = day.cast(nw.Date)
    return [*keys, day.alias(_DAY), day.dt.year().cast(nw.Int64).alias(_YEAR)]


def _year_key(frame: nw.LazyFrame[Any], question: Question) -> nw.Expr:
    year = nw.col(str(question.year))
    kind = _year_kind(frame, question)
    if kind == "text":
        return year.cast(nw.String).str.strip_chars()
    return year.cast(nw.Int64 if kind == "integer" else nw.Float64)


def _year_kind(frame: nw.LazyFrame[Any], question: Question) -> str:
    if question.date is not None:
        return "text" if _day_kind(frame, question) == "text" else "integer"
    kind = frame.collect_schema()[str(question.year)]
    if kind.is_integer():
        return "integer"
    if kind.is_numeric():
        return "number"
    if kind in (nw.Date, nw.Datetime):
        raise OutsideEvidenceError(f"{question.year!r} holds days; name it in date=, not in year=")
    return "text"


def _day_kind(frame: nw.LazyFrame[Any], question: Question) -> str:
    kind = frame.collect_schema()[str(question.date)]
    if kind in (nw.Date, nw.Datetime):
        return "day"
    if kind.is_numeric():
        raise OutsideEvidenceError(f"{question.date!r} holds numbers; days are written 2024-05-31")
    return "text"


# --------------------------------------------------------------------------------------
# Look-up tables
# --------------------------------------------------------------------------------------


def _factors(question: Question, year_kind: str) -> pa.Table:
    """Deflator, rate and reason by currency and year, and by area where rows have one."""
    parts = []
    areas: list[str | None] = [None]
    if question.area is not None:
        areas += question.book.areas
    for area in areas:
        table = factor_table(
            question.to,
            order=question.method.order,
            index=question.method.index,
            rate=question.method.rate,
            area=question.method.area if area is None else area,
            to_area=question.method.to_area,
            book=question.book,
        )
        cut = (slice(0, UNKNOWN), slice(0, len(YEARS)))
        years = np.tile(np.array(YEARS), UNKNOWN)
        part = {
            _CODE: pa.array(np.repeat(np.array(CODES, object), len(YEARS)), pa.string()),
            _YEAR: _year_array(years, year_kind),
            _WHY: pa.array(table.status[cut].ravel().astype(np.int64)),
            _DEFLATOR: pa.array(table.deflators[cut].ravel(), from_pandas=True),
            _INDEX: pa.array(_or_none(table.indices[cut]), pa.string()),
        }
        if question.date is None:
            part[_RATE] = pa.array(table.exchanges[cut].ravel(), from_pandas=True)
            part[_BASIS] = pa.array(_or_none(table.bases[cut]), pa.string())
        if question.area is not None:
            part[_AREA] = pa.array([area or ""] * len(years), pa.string())
        parts.append(pa.table(part))
    return pa.concat_tables(parts)


def _fixings(question: Question, day_kind: str) -> pa.Table:
    """The rate of each currency on each day it has one."""
    table = fixing_table(question.to_currency, book=question.book)
    rates = table.rates[:UNKNOWN, :-1]
    row, column = np.nonzero(~np.isnan(rates))
    days = np.datetime64(table.first) + column
    fixed = days - table.back[row, column]
    bases = np.array(FIXING_BASES, object)[table.bases[row, column]]
    own = bases == "identity"
    day = pa.array(days.astype("datetime64[D]"), pa.date32())
    return pa.table(
        {
            _CODE: pa.array(np.array(CODES, object)[row], pa.string()),
            _DAY: day if day_kind == "day" else pa.array(np.datetime_as_string(days)),
            _RATE: pa.array(rates[row, column]),
            _BASIS: pa.array(bases, pa.string()),
            _FIXED: pa.array(fixed.astype("datetime64[D]"), pa.date32(), mask=own),
        }
    )


def _year_array(years: np.ndarray[Any, Any], kind: str) -> pa.Array:
    if kind == "text":
        return pa.array(years.astype(str), pa.string())
    return pa.array(years.astype(np.int64 if kind == "integer" else np.float64))


def _or_none(values: np.ndarray[Any, Any]) -> list[Any]:
    return [value or None for value in values.ravel()]


def _joined(frame: nw.LazyFrame[Any], lookup: pa.Table, on: list[str]) -> nw.LazyFrame[Any]:
    distinct = lookup.select(on).group_by(on).aggregate([]).num_rows
    if distinct != lookup.num_rows:
        raise ArmscostError(
            f"the rates have {lookup.num_rows - distinct} rows with a key that is there twice; "
            "a join would double rows of yours"
        )
    beside = _beside(frame, lookup)
    if frame.implementation.is_polars():
        # narwhals does not ask polars to keep the order of rows; polars can.
        native = frame.to_native().join(
            beside.to_native(), on=on, how="left", maintain_order="left", validate="m:1"
        )
        kept: nw.LazyFrame[Any] = nw.from_native(native)
        return kept
    return frame.join(beside, on=on, how="left")


def _beside(frame: nw.LazyFrame[Any], lookup: pa.Table) -> nw.LazyFrame[Any]:
    """The look-up as a frame of the same engine and session."""
    native = frame.to_native()
    made: Any
    if frame.implementation.is_duckdb():
        # Run in the relation's own connection, whichever that is; DuckDB finds `lookup` here.
        made = native.query("__armscost", "SELECT * FROM lookup")
    elif frame.implementation.is_polars():
        import polars as pl

        made = pl.DataFrame(lookup).lazy()
    elif frame.implementation.is_pyspark() or frame.implementation.is_pyspark_connect():
        from pyspark.sql.functions import broadcast

        made = broadcast(native.sparkSession.createDataFrame(lookup))
    else:
        made = nw.from_arrow(lookup, backend="pyarrow").lazy(frame.implementation).to_native()
    found: nw.LazyFrame[Any] = nw.from_native(made)
    return found


# --------------------------------------------------------------------------------------
# Answers
# --------------------------------------------------------------------------------------


def _status(question: Question) -> nw.Expr:
    amount, why = nw.col(_AMOUNT), nw.col(_WHY)
    known = nw.col(_CODE).is_in(list(CODES)).fill_null(False)
    year_inside = ~why.is_null()
    if question.area is not None:
        # An area of which nothing is known has no row; its years are still years.
        year_inside = _inside()
    reason = nw.lit(NO_INDEX)
    if question.date is not None:
        deflated = ~nw.col(_DEFLATOR).is_null()
        reason = (
            nw.when(deflated & nw.col(_RATE).is_null())
            .then(nw.lit(NO_RATE))
            .otherwise(nw.when(deflated).then(nw.lit(0)).otherwise(nw.lit(NO_INDEX)))
        )
    else:
        reason = nw.when(why.is_null()).then(nw.lit(NO_INDEX)).otherwise(why)
    reason = nw.when(year_inside).then(reason).otherwise(nw.lit(YEAR_OUT_OF_RANGE))
    reason = nw.when(known).then(reason).otherwise(nw.lit(UNKNOWN_CURRENCY))
    missing = amount.is_null() | amount.is_nan()
    reason = nw.when(missing.fill_null(True)).then(nw.lit(NO_AMOUNT)).otherwise(reason)
    return _words(reason)


def _inside() -> nw.Expr:
    year = nw.col(_YEAR)
    return year.is_in(list(YEARS)).fill_null(False)


def _words(code: nw.Expr) -> nw.Expr:
    word: nw.Expr = nw.lit(STATUSES[0])
    for place in range(1, len(STATUSES)):
        word = nw.when(code == place).then(nw.lit(STATUSES[place])).otherwise(word)
    return word


def _answers(question: Question) -> list[nw.Expr]:
    good = nw.col("rebase_status") == STATUSES[0]
    factor = nw.col(_DEFLATOR) * nw.col(_RATE)
    answers: list[nw.Expr] = [nw.when(good).then(nw.col(_AMOUNT) * factor).alias("amount_rebased")]
    if question.explain:
        fixed = nw.col(_FIXED) if question.date else nw.lit(None, dtype=nw.Date)
        answers += [
            nw.when(good).then(factor).alias("rebase_factor"),
            nw.when(good).then(nw.col(_RATE)).alias("rebase_rate"),
            nw.when(good).then(fixed).alias("rebase_rate_date"),
            nw.when(good).then(nw.col(_BASIS)).alias("rebase_rate_basis"),
            nw.when(good).then(nw.col(_INDEX)).alias("rebase_index"),
        ]
    return answers


def _as_categories(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    if frame.implementation.is_polars() or frame.implementation.is_duckdb():
        return frame.with_columns(nw.col("rebase_status").cast(nw.Enum(list(STATUSES))))
    return frame


def _raise_if_missing(frame: nw.LazyFrame[Any]) -> None:
    counted = (
        frame.group_by("rebase_status", _CODE, _YEAR).agg(nw.len().alias("__armscost_n")).collect()
    )
    rows = counted.rows()
    bad = [row for row in rows if row[0] != STATUSES[0]]
    if not bad:
        return
    sums: Counter[str] = Counter()
    named: dict[str, list[str]] = {}
    for status, code, year, count in bad:
        sums[status] += count
        pairs = named.setdefault(status, [])
        name = pair_named(STATUSES.index(status), code, year)
        if status != STATUSES[NO_AMOUNT] and name not in pairs:
            pairs.append(name)
    kinds = [
        f"{count} {status}"
        + (f" ({', '.join(sorted(named[status])[:6])})" if named[status] else "")
        for status, count in sums.items()
    ]
    raise NoRateError(complaint(sum(sums.values()), sum(row[3] for row in rows), kinds))
