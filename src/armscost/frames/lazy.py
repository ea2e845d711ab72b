"""Frames that are not in memory: expressions and equi-joins with small look-up tables.

The keys of each look-up are unique, so a join neither drops nor doubles a row.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import pyarrow as pa
from narwhals import Schema

from armscost.errors import ArmscostError, NoRateError, OutsideEvidenceError
from armscost.frames import relations
from armscost.frames.eager import complaint, listed, pair_named
from armscost.frames.question import A_DAY, Question
from armscost.prices.arrays import (
    CODES,
    FIXING_BASES,
    NO_AMOUNT,
    NO_INDEX,
    NO_RATE,
    OK,
    STATUSES,
    YEARS,
    FactorTable,
    factor_table,
    fixing_table,
)
from armscost.prices.economies import SAME_AREA

# Names of our own columns while we work; they are dropped again.
_AMOUNT, _LABEL, _WRITTEN = "__armscost_amount", "__armscost_label", "__armscost_written"
_CODE, _YEAR, _DAY, _AREA = (f"__armscost_{name}" for name in ("code", "year", "day", "area"))
_ROW = "__armscost_row"
_WORD, _FACTOR, _INDEX = "__armscost_word", "__armscost_factor", "__armscost_index"
_RATE, _BASIS, _FIXED = "__armscost_rate", "__armscost_basis", "__armscost_fixed"

# Keys for what the look-ups do not know.
_ELSE, _NO_DAY = "?", dt.date(1900, 1, 1)
_LEAP_YEARS = [str(year) for year in YEARS if calendar.isleap(year)]


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
    if frame.implementation.is_duckdb() and question.area is None and question.date is None:
        short = nw.from_native(relations.rebase(frame.to_native(), question))
        if question.missing == "raise":
            _raise_if_missing(short, question.currency, str(question.year))
        return short.to_native()
    schema = frame.collect_schema()
    numbered = _numbered(frame)
    keyed = numbered.with_columns(*_keys(schema, question))
    on = [_CODE, _YEAR, *([_AREA] if question.area else [])]
    keyed = _joined(keyed, _factors(question, schema), on)
    if question.date is not None:
        keyed = _joined(keyed, _fixings(question, schema), [_CODE, _DAY])
    word = _words(frame)
    status = _status(question, word).alias("rebase_status")
    answered = keyed.with_columns(status, *_answers(question))
    if question.explain:
        answered = answered.with_columns(*_explained(question, word))
    if question.missing == "raise":
        _raise_if_missing(answered, _LABEL, _WRITTEN)
    if frame.implementation.is_duckdb():
        answered = answered.sort(_ROW)
    return answered.select(*schema.names(), *question.new_columns).to_native()


def _numbered(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The same, its rows numbered where a join would lose their order."""
    if not frame.implementation.is_duckdb():
        return frame
    numbered: nw.LazyFrame[Any] = nw.from_native(
        frame.to_native().project(f"*, row_number() OVER () AS {_ROW}")
    )
    return numbered


# --------------------------------------------------------------------------------------
# Keys
# --------------------------------------------------------------------------------------


def _keys(schema: Schema, question: Question) -> list[nw.Expr]:
    """Keys of which each one is in the look-up: what is unknown there has a key of its own."""
    kind = schema[question.amount]
    if not kind.is_numeric():
        raise OutsideEvidenceError(
            f"the amounts in {question.amount!r} are {kind}; make them numbers first"
        )
    code = nw.col(question.currency).cast(nw.String).str.to_uppercase()
    keys = [
        nw.col(question.amount).cast(nw.Float64).alias(_AMOUNT),
        _one_of(code, CODES, nw.lit(_ELSE)).alias(_CODE),
        nw.col(question.currency).cast(nw.String).alias(_LABEL),
    ]
    if question.area is not None:
        area = nw.col(question.area).cast(nw.String)
        found = _one_of(area, [*question.book.areas, *SAME_AREA], nw.lit(_ELSE))
        keys.append(nw.when(area.is_null()).then(nw.lit("")).otherwise(found).alias(_AREA))
    if question.date is None:
        return [*keys, *_year_keys(nw.col(str(question.year)), _year_kind(schema, question))]
    day = nw.col(question.date)
    first, last = _days_covered(question)
    if _is_text(schema, question):
        day = day.cast(nw.String).str.strip_chars()
        texts = [str(number) for number in np.arange(first, last + np.timedelta64(1, "D"))]
        kept = _one_of(day, texts, nw.lit(_ELSE))
        # A text that is no day has no year either.
        leap = ~day.str.ends_with("-02-29") | day.str.slice(0, 4).is_in(_LEAP_YEARS)
        year = nw.when(day.str.contains(A_DAY) & leap).then(day.str.slice(0, 4))
        return [*keys, kept.alias(_DAY), *_year_keys(year, nw.String)]
    if getattr(schema[question.date], "time_zone", None) is not None:
        # The day is the one on the clock where it was written, not the one in London.
        day = day.dt.replace_time_zone(None)
    day = day.cast(nw.Date)
    inside = (day >= nw.lit(first.item())) & (day <= nw.lit(last.item()))
    kept = nw.when(inside).then(day).otherwise(nw.lit(_NO_DAY))
    return [*keys, kept.alias(_DAY), *_year_keys(day.dt.year().cast(nw.Int64), nw.Int64)]


def _year_keys(year: nw.Expr, kind: Any) -> list[nw.Expr]:
    if kind == nw.String:
        text = year.cast(nw.String).str.strip_chars()
        return [_one_of(text, [str(y) for y in YEARS], nw.lit(_ELSE)).alias(_YEAR),
                text.alias(_WRITTEN)]  # fmt: skip
    inside = (year >= YEARS[0]) & (year <= YEARS[-1])
    if not kind.is_integer():
        inside &= year == year.floor()
    kept = nw.when(inside).then(year.cast(nw.Int64)).otherwise(nw.lit(0, dtype=nw.Int64))
    return [kept.alias(_YEAR), year.cast(nw.String).alias(_WRITTEN)]


def _one_of(value: nw.Expr, known: Sequence[str], other: nw.Expr) -> nw.Expr:
    return nw.when(value.is_in(list(known))).then(value).otherwise(other)


def _days_covered(question: Question) -> tuple[Any, Any]:
    table = fixing_table(question.to_currency, book=question.book)
    first = np.datetime64(table.first)
    return first, first + np.timedelta64(table.rates.shape[1] - 2, "D")


def _year_kind(schema: Schema, question: Question) -> Any:
    """The type of the key of years: the column's own where it is a number."""
    if question.date is not None:
        return nw.String if _is_text(schema, question) else nw.Int64
    kind = schema[str(question.year)]
    if kind in (nw.Date, nw.Datetime):
        raise OutsideEvidenceError(f"{question.year!r} holds days; name it in date=, not in year=")
    return kind if kind.is_numeric() else nw.String


def _is_text(schema: Schema, question: Question) -> bool:
    kind = schema[str(question.date)]
    if kind.is_numeric():
        raise OutsideEvidenceError(f"{question.date!r} holds numbers; days are written 2024-05-31")
    return kind not in (nw.Date, nw.Datetime)


# --------------------------------------------------------------------------------------
# Look-up tables
# --------------------------------------------------------------------------------------


def _factors(question: Question, schema: Schema) -> pa.Table:
    """Factor and status by currency and year, and by area where rows have one."""
    as_text = _year_kind(schema, question) == nw.String
    key = ("lookup", question.to, question.method, question.area is None, question.date is None,
           as_text)  # fmt: skip
    areas = ["", *question.book.areas, *SAME_AREA, _ELSE] if question.area else [""]
    return question.book.remembered(
        key, lambda: pa.concat_tables(_part(question, area, as_text=as_text) for area in areas)
    )


def _part(question: Question, area: str, *, as_text: bool) -> pa.Table:
    method = question.method
    table = factor_table(
        question.to,
        order=method.order,
        index=method.index,
        rate=method.rate,
        area=method.area if area in ("", _ELSE) else area,
        to_area=method.to_area,
        book=question.book,
    )
    row, column = (place.ravel() for place in np.indices(table.factors.shape))
    codes, years = np.array([*CODES, _ELSE], object), np.array([*YEARS, 0])
    texts = np.array([*map(str, YEARS), _ELSE], object)
    part = {
        _CODE: pa.array(codes[row], pa.string()),
        _YEAR: pa.array(texts[column], pa.string()) if as_text else pa.array(years[column]),
        **_values(question, table, row, column, known=area != _ELSE),
    }
    if question.area is not None:
        part[_AREA] = pa.array([area] * len(row), pa.string())
    return pa.table(part)


def _values(
    question: Question, table: FactorTable, row: Any, column: Any, *, known: bool
) -> dict[str, pa.Array]:
    status = table.status[row, column]
    numbers = [table.factors, table.exchanges]
    if question.date is not None:
        # The day's rate decides, not the year's.
        without = np.isnan(table.deflators[row, column])
        status = np.where(status > NO_AMOUNT, status, np.where(without, NO_INDEX, OK))
        numbers[0] = table.deflators
    if not known:
        # Of an area of which nothing is known there is no index.
        status = np.where(status > NO_AMOUNT, status, NO_INDEX)
        numbers[0] = np.full_like(table.factors, np.nan)
    values = {
        _WORD: pa.array(np.array(STATUSES, object)[status], pa.string()),
        _FACTOR: pa.array(numbers[0][row, column], from_pandas=True),
        _INDEX: _texts(table.indices[row, column]),
    }
    if question.date is None:
        values[_RATE] = pa.array(numbers[1][row, column], from_pandas=True)
        values[_BASIS] = _texts(table.bases[row, column])
    return values


def _texts(values: Any) -> pa.Array:
    return pa.array([value or None for value in values], pa.string())


def _fixings(question: Question, schema: Schema) -> pa.Table:
    """The rate of each currency on each day, empty where it has none."""
    as_text = _is_text(schema, question)
    key = ("fixings lookup", question.to_currency, as_text)
    return question.book.remembered(key, lambda: _fixings_of(question, as_text=as_text))


def _fixings_of(question: Question, *, as_text: bool) -> pa.Table:
    table = fixing_table(question.to_currency, book=question.book)
    row, column = (place.ravel() for place in np.indices(table.rates.shape))
    days = np.datetime64(table.first) + column
    fixed = days - table.back[row, column]
    days[column == table.rates.shape[1] - 1] = np.datetime64(_NO_DAY)
    bases = np.array(FIXING_BASES, object)[table.bases[row, column]]
    if as_text:
        texts = np.datetime_as_string(days).astype(object)
        texts[column == table.rates.shape[1] - 1] = _ELSE
        day = pa.array(texts, pa.string())
    else:
        day = pa.array(days, pa.date32())
    return pa.table(
        {
            _CODE: pa.array(np.array([*CODES, _ELSE], object)[row], pa.string()),
            _DAY: day,
            _RATE: pa.array(table.rates[row, column], from_pandas=True),
            _BASIS: pa.array(bases, pa.string()),
            _FIXED: pa.array(fixed, pa.date32(), mask=bases == "identity"),
        }
    )


def _joined(frame: nw.LazyFrame[Any], lookup: pa.Table, on: list[str]) -> nw.LazyFrame[Any]:
    distinct = lookup.select(on).group_by(on).aggregate([]).num_rows
    if distinct != lookup.num_rows:
        raise ArmscostError(
            f"the rates have {lookup.num_rows - distinct} rows with a key that is there twice; "
            "a join would double rows of yours"
        )
    beside = _beside(frame, lookup)
    if _WORD in lookup.column_names:
        beside = beside.with_columns(_as_category(frame, nw.col(_WORD)))
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
        made = native.query("__armscost", "FROM lookup")
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


def _as_category(frame: nw.LazyFrame[Any], word: nw.Expr) -> nw.Expr:
    if frame.implementation.is_polars() or frame.implementation.is_duckdb():
        return word.cast(nw.Enum(list(STATUSES)))
    return word


def _words(frame: nw.LazyFrame[Any]) -> list[nw.Expr]:
    """Each status as a constant in the engine's own type."""
    return [_as_category(frame, nw.lit(status)) for status in STATUSES]


def _no_amount() -> nw.Expr:
    amount = nw.col(_AMOUNT)
    return amount.is_null() | amount.is_nan()


def _status(question: Question, word: list[nw.Expr]) -> nw.Expr:
    found: nw.Expr = nw.col(_WORD)
    if question.date is not None:
        without = (found == word[OK]) & nw.col(_RATE).is_null()
        found = nw.when(without).then(word[NO_RATE]).otherwise(found)
    return nw.when(_no_amount()).then(word[NO_AMOUNT]).otherwise(found)


def _answers(question: Question) -> list[nw.Expr]:
    factor = nw.col(_FACTOR) * nw.col(_RATE) if question.date else nw.col(_FACTOR)
    rebased = nw.when(~_no_amount()).then(nw.col(_AMOUNT) * factor)
    return [rebased.alias("amount_rebased")]


def _explained(question: Question, word: list[nw.Expr]) -> list[nw.Expr]:
    good = nw.col("rebase_status") == word[OK]
    factor = nw.col(_FACTOR) * nw.col(_RATE) if question.date else nw.col(_FACTOR)
    values = {
        "rebase_factor": factor,
        "rebase_rate": nw.col(_RATE),
        "rebase_rate_date": nw.col(_FIXED) if question.date else nw.lit(None, dtype=nw.Date),
        "rebase_rate_basis": nw.col(_BASIS),
        "rebase_index": nw.col(_INDEX),
    }
    return [nw.when(good).then(value).alias(name) for name, value in values.items()]


def _raise_if_missing(frame: nw.LazyFrame[Any], currency: str, year: str) -> None:
    status = nw.col("rebase_status").cast(nw.String)
    counted = (
        frame.select(status.alias(_WORD), nw.col(currency).alias(_CODE), nw.col(year).alias(_YEAR))
        .group_by(_WORD, _CODE, _YEAR)
        .agg(nw.len().alias(_AMOUNT))
        .collect()
    )
    rows = counted.rows()
    sums: Counter[str] = Counter()
    named: dict[str, list[str]] = {}
    for why, code, year, count in rows:
        if why == STATUSES[OK]:
            continue
        sums[why] += count
        pairs = named.setdefault(why, [])
        name = pair_named(STATUSES.index(why), code, year)
        if why != STATUSES[NO_AMOUNT] and name not in pairs:
            pairs.append(name)
    # Groups come in the order of the engine; they are told in the order of the reasons.
    kinds = [f"{sums[why]} {why}{listed(sorted(named[why]))}" for why in STATUSES if sums[why]]
    if kinds:
        raise NoRateError(complaint(sum(sums.values()), sum(row[3] for row in rows), kinds))
