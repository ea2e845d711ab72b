"""Rebase a table of any engine and give the same kind of table back."""

from __future__ import annotations

from typing import Any, TypeVar

import narwhals.stable.v2 as nw
import numpy as np
from narwhals.exceptions import DuplicateError

from armscost.errors import OutsideEvidenceError
from armscost.frames import eager, lazy
from armscost.frames.question import ANSWER, ask
from armscost.prices.arrays import STATUSES
from armscost.prices.book import PriceBook

FrameT = TypeVar("FrameT")


def rebase_frame(
    frame: FrameT,
    to: str,
    *,
    amount: str = "amount",
    currency: str = "currency",
    year: str | None = "price_year",
    date: str | None = None,
    area: str | None = None,
    order: str = "deflate_then_exchange",
    index: str = "consumer",
    rate: str = "market",
    to_area: str | None = None,
    missing: str | None = None,
    explain: bool = False,
    book: PriceBook | None = None,
) -> FrameT:
    """Take every row of a table to one currency and price year, by a named method.

    Args:
        frame: A DataFrame of pandas or polars, a LazyFrame, an Arrow table, a DuckDB relation
            (of any connection) or a Spark DataFrame.
        to: The target, for example ``"EUR_2024"``.
        amount: Column of amounts, numbers.
        currency: Column of ISO codes; lower case is read as upper case.
        year: Column of price years, numbers or texts of four digits.
        date: Column of days in place of years, dates or texts such as 2024-05-31: a row is
            exchanged at that day's fixing, or the last one within 7 days before, and deflated
            by the day's year. With ``"deflate_then_exchange"`` the prices of the target year
            meet the rate of the old day in every row of another year, and the answer is off
            by how far exchange rate and prices moved apart in between;
            ``order="exchange_then_deflate"`` exchanges on the day and deflates after. A time
            with a zone is the day on its own clock (DuckDB and Spark keep no zone; there the
            session's counts).
        area: Column of areas whose index (and parity) counts row by row; or one area for all
            rows, where no column has that name.
        order: ``"deflate_then_exchange"`` or ``"exchange_then_deflate"``; see
            :func:`armscost.rebase`.
        index: ``"consumer"``, ``"gdp_deflator"``, ``"defence"`` or a named series.
        rate: ``"market"``, or ``"ppp"``, which is never the price of a purchase.
        to_area: With parities, the economy of the target.
        missing: ``"raise"`` (default for frames in memory): rows that cannot be rebased are an
            error that counts and names them. ``"keep"`` (default for lazy ones): they stay,
            with an empty ``amount_rebased`` and the reason in ``rebase_status``.
        explain: Add ``rebase_factor``, ``rebase_rate``, ``rebase_rate_date``,
            ``rebase_rate_basis`` and ``rebase_index``.
        book: Rates and indices of one's own.

    Returns:
        The same kind of frame: the same rows in the same order, where the engine has one,
        every column untouched, and beside them ``amount_rebased`` (float64) and
        ``rebase_status``: ok, no rate, no index, no amount, unknown currency, year out of range.
        Nothing is rounded.

    Raises:
        NoRateError: With ``missing="raise"``: how many rows, and which currencies and years.
        UnknownNameError: For an unknown column, target or option.
        OutsideEvidenceError: For a column that cannot be read or would be overwritten.

    Example:
        >>> import pandas as pd
        >>> notices = pd.DataFrame({"amount": [10.0, 5.0], "currency": ["EUR", "USD"],
        ...                         "price_year": [2020, 2024]})
        >>> rebase_frame(notices, "EUR_2024")[["amount_rebased", "rebase_status"]].round(3)
           amount_rebased rebase_status
        0          12.004            ok
        1           4.619            ok
    """
    try:
        native: Any = nw.from_native(frame)
    except DuplicateError as error:
        twice = ", ".join(str(error).split("\n- ")[1:])
        raise OutsideEvidenceError(f"columns with one name: {twice}; rename one") from None
    except TypeError:
        raise OutsideEvidenceError(
            f"{type(frame).__name__} is no table; give a DataFrame of pandas or polars, a "
            "LazyFrame, an Arrow table, a DuckDB relation or a Spark DataFrame"
        ) from None
    in_memory = isinstance(native, nw.DataFrame)
    question = ask(
        native.collect_schema().names(),
        to,
        amount=amount,
        currency=currency,
        year=year,
        date=date,
        area=area,
        order=order,
        index=index,
        rate=rate,
        to_area=to_area,
        missing=("raise" if in_memory else "keep") if missing is None else missing,
        explain=explain,
        book=book,
    )  # fmt: skip
    if not in_memory:
        answered: FrameT = lazy.rebase(native, question)
        return answered
    return _with_columns(native, eager.answer(native, question))  # type: ignore[no-any-return]


def _with_columns(frame: Any, found: eager.Answer) -> Any:
    """The frame with the new columns, in the engine's own types."""
    rebased, status = ANSWER
    native, explained = frame.to_native(), found.explained
    if frame.implementation.is_pandas():
        import pandas as pd

        kind = pd.CategoricalDtype(list(STATUSES))
        days = {name: v.astype("datetime64[s]") for name, v in explained.items() if _is_days(v)}
        columns = {
            rebased: found.rebased,
            status: pd.Categorical.from_codes(found.status, dtype=kind, validate=False),
            **explained,
            **days,
        }
        answered = native.copy(deep=False)
        for name, values in columns.items():
            # The arrays are ours alone, so pandas need not copy them.
            answered[name] = pd.Series(values, index=native.index, copy=False)
        return answered
    import pyarrow as pa

    arrow = {
        rebased: pa.array(found.rebased, from_pandas=True),
        status: pa.DictionaryArray.from_arrays(found.status, list(STATUSES)),
        **{name: _arrow(values) for name, values in explained.items()},
    }
    if frame.implementation.is_polars():
        import polars as pl

        added = [pl.Series(name, values) for name, values in arrow.items()]
        added[1] = added[1].cast(pl.Enum(list(STATUSES)))
        return native.with_columns(added)
    if frame.implementation.is_pyarrow():
        for name, values in arrow.items():
            native = native.append_column(name, values)
        return native
    series = [
        nw.new_series(name, values.to_pylist(), backend=frame.implementation).alias(name)
        for name, values in arrow.items()
    ]
    return frame.with_columns(series).to_native()


def _is_days(values: Any) -> bool:
    return bool(values.dtype.kind == "M")


def _arrow(values: Any) -> Any:
    import pyarrow as pa

    if _is_days(values):
        return pa.array(values.astype("datetime64[D]"), pa.date32())
    if values.dtype == object:
        return pa.array(values, pa.string())
    return pa.array(np.asarray(values), from_pandas=True)
